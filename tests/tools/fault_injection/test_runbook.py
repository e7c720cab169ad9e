"""The runbook quotes messages of the code, and lists every fault of the machine that has a remedy."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from dagster_project.cli.faults import REMEDIES
from dagster_project.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "how-to" / "runbook.md"
ROWS = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
QUOTED = sorted({quoted for row in ROWS for quoted in re.findall(r"`([^`]+)`", row)} - {"selfeval releases"})

MARKUP = re.compile(r"\[/?[a-z ]+\]")
"""Markup of colours for the console."""


@cache
def texts() -> tuple[str, ...]:
    """Every string in the code, without the values in it."""
    found = []
    for path in sorted(Path(REPOSITORY, "dagster_project").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                found.append(MARKUP.sub("", node.value))
    return tuple(found)


@pytest.mark.parametrize("quoted", QUOTED)
def test_each_quoted_message_is_in_the_code(quoted: str) -> None:
    assert any(quoted in text for text in texts())


def test_every_fault_with_a_remedy_is_in_the_runbook() -> None:
    assert len(QUOTED) > 20
    assert [text for text in REMEDIES.values() if not any(quoted in text for quoted in QUOTED)] == []
