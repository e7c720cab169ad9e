"""Check for discouraged phrases, which codespell cannot do: `python -m tools.wording FILE ...`.

codespell checks single words with `dictionary.txt`; this reads `phrases.txt`. It prints each hit and exits with 1 if
there is any.
"""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.paths import REPOSITORY

PHRASES = Path(__file__).with_name("phrases.txt")


def load_phrases() -> list[tuple[re.Pattern[str], str]]:
    """Load the expressions and their replacements."""
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" -> ") for line in lines if line and not line.startswith("#")]
    return [(re.compile(pattern, re.IGNORECASE), replacement) for pattern, replacement in pairs]


def list_files() -> list[Path]:
    """List the committed files, without those that codespell skips."""
    settings = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["codespell"]
    skipped = [pattern.strip().removeprefix("./") for pattern in settings["skip"].split(",")]
    names = subprocess.run(
        ["git", "ls-files"], cwd=REPOSITORY, check=True, capture_output=True, text=True
    ).stdout.splitlines()
    return [
        REPOSITORY / name
        for name in names
        if not any(fnmatch(name, pattern) or fnmatch(Path(name).name, pattern) for pattern in skipped)
    ]


def find_phrases(path: Path) -> Iterator[str]:
    """Find each hit in a text file, as `line: phrase ==> replacement`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError:
        return
    for number, line in enumerate(lines, start=1):
        for pattern, replacement in load_phrases():
            if found := pattern.search(line):
                yield f"{number}: {found[0]} ==> {replacement}"


def main(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Files to check instead of all.", exists=True)
    ] = None,
) -> None:
    """Print all discouraged phrases. Exits with 1 if there is any."""
    paths = [path.resolve() for path in files] if files else list_files()
    hits = [f"{path.relative_to(REPOSITORY)}:{hit}" for path in paths for hit in find_phrases(path)]
    print(*hits, sep="\n", end="\n" if hits else "")
    raise typer.Exit(bool(hits))


if __name__ == "__main__":
    typer.run(main)
