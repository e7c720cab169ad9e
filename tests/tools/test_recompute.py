"""The program that recomputes the published figures without the warehouse."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import tools.recompute
from tests.conftest import Workplace
from tools.recompute.__main__ import app

SOURCES = sorted(Path(tools.recompute.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_uses_nothing_of_the_product(path: Path) -> None:
    assert not re.search(
        r"^\s*(?:from|import) (?:dagster|dbt)", path.read_text(encoding="utf-8"), re.MULTILINE
    )


def test_every_value_agrees(sample_home: Workplace) -> None:
    result = CliRunner().invoke(app, ["--home", str(sample_home.home.root)])
    assert result.exit_code == 0, result.output
    agreeing, values = re.search(
        r"^Together +([\d,]+) of +([\d,]+) values agree$", result.output, re.MULTILINE
    ).groups()  # type: ignore[union-attr]
    assert agreeing == values
    assert int(values.replace(",", "")) > 9000


def test_a_changed_value_is_named(sample_home: Workplace, tmp_path: Path) -> None:
    for folder in ("warehouse/returns", "dbt/seeds"):
        shutil.copytree(sample_home.home.root / folder, tmp_path / folder)
    published = tmp_path / "warehouse" / "published"
    published.mkdir()
    shutil.copy(sample_home.home.published / "self_evaluation.duckdb", published)
    with duckdb.connect(str(published / "self_evaluation.duckdb")) as connection:
        connection.execute("update mart_rank_robustness set rank_net = 99 where question_no = 4")
    result = CliRunner().invoke(app, ["--home", str(tmp_path)])
    assert result.exit_code == 1
    assert "rank_net: ('2016', 4): recomputed 1, published 99" in result.output
