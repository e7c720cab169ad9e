"""The example queries of the site, each run against the published database."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY
from tests.conftest import Workplace

DOCS = REPOSITORY / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.sql"))
# Tables with ratings by committee, which stay with the analysts.
ANALYSTS_ONLY = re.compile(r"\b(fct_\w+|rating_detail|mart_data_quality|mart_metric)\b")


NEEDS_MORE = re.compile(
    r"\b(fct_rating_change|mart_(question|round|consortium)_change|mart_rating_flow|mart_round_reopening)\b"
)
"""Tables without rows in the sample, which has one round that was never opened again."""


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_returns_rows_from_the_published_database(sample_home: Workplace, path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    assert bool(sample_home.ask(query)) is not bool(NEEDS_MORE.search(query))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_uses_the_latest_round_unless_its_title_names_one(path: Path) -> None:
    title, query = path.read_text(encoding="utf-8").split("\n", 1)
    assert ("'2016'" in query) == ("2017 report" in title)


def test_each_published_mart_has_an_example(sample_home: Workplace) -> None:
    named = {word for path in EXAMPLES for word in re.findall(r"\w+", path.read_text(encoding="utf-8"))}
    marts = {
        str(name)
        for (name,) in sample_home.ask(
            "select table_name from duckdb_tables()"
            " where table_name not like 'dim%' and table_name not like '%\\_public' escape '\\'"
        )
    }
    assert marts - {"about_this_release"} <= named


def test_every_example_is_on_the_page_and_only_those_of_analysts_lack_a_result() -> None:
    page = (DOCS / "analysts.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'^```sql example file="([^"]+)"(.*)$', page, flags=re.MULTILINE))
    assert len(EXAMPLES) >= 15
    assert sorted(shown) == [path.relative_to(DOCS).as_posix() for path in EXAMPLES]
    for path in EXAMPLES:
        without_result = 'result="no"' in shown[path.relative_to(DOCS).as_posix()]
        assert without_result == bool(ANALYSTS_ONLY.search(path.read_text(encoding="utf-8"))), path


PAGE = (DOCS / "analysts.md").read_text(encoding="utf-8")


def snippets(language: str) -> list[str]:
    """The page's code in a language."""
    found = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.M | re.S)
    assert found
    return found


@pytest.mark.parametrize("number", range(len(snippets("python"))))
def test_the_pages_python_runs_where_the_warehouse_is(
    sample_home: Workplace, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.chdir(sample_home.home.root)
    names: dict[str, object] = {}
    exec(snippets("python")[number], names)  # noqa: S102 - the page's own code
    found = [names[name] for name in ("ranking", "tables", "coverage", "claims") if name in names]
    assert found and all(len(rows) for rows in found)  # type: ignore[arg-type]


def run(command: list[str], place: Path, **variables: str) -> str:
    done = subprocess.run(
        command, cwd=place, capture_output=True, text=True, check=False, env={**os.environ, **variables}
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.skipif(not shutil.which("Rscript"), reason="R is not installed (Debian's package `r-base-core`)")
@pytest.mark.parametrize("number", range(len(snippets("r"))))
def test_the_pages_r_runs_where_the_warehouse_is(sample_home: Workplace, number: int) -> None:
    code = snippets("r")[number]
    needed = re.findall(r"library\((\w+)\)|(\w+)::", code)
    for name in {one or other for one, other in needed}:
        has_package = f'quit(status = !requireNamespace("{name}", quietly = TRUE))'
        if subprocess.run(["Rscript", "-e", has_package], check=False, capture_output=True).returncode:
            pytest.skip(f"R has no package {name}")
    run(["Rscript", "-e", code], sample_home.home.root)


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="installs packages: `make test-long`")
def test_the_pages_shell_commands_run(sample_home: Workplace, tmp_path: Path) -> None:
    install = ["uv", "pip", "install", "--quiet", "--target", str(tmp_path), "duckdb-cli"]
    run([str(Path(sys.executable).with_name(install[0])), *install[1:]], tmp_path)
    shutil.copytree(DOCS / "examples", sample_home.home.root / "docs" / "examples", dirs_exist_ok=True)
    path = f"{tmp_path / 'bin'}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    commands = re.findall(r"^\$ (.+)$", "".join(snippets("console")), re.M)
    assert len(commands) >= 4
    for command in commands:
        assert run(
            ["sh", "-c", command],
            sample_home.home.root,
            PATH=path,
            PYTHONPATH=str(tmp_path),
            SELFEVAL_HOME=str(sample_home.home.root),
        )


@pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="installs packages: `make test-long`")
@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_the_pages_javascript_runs(sample_home: Workplace, tmp_path: Path) -> None:
    run(
        [
            "npm",
            "install",
            "--silent",
            "--no-audit",
            "--no-fund",
            "--prefix",
            str(tmp_path),
            "@duckdb/node-api",
        ],
        tmp_path,
    )
    (tmp_path / "warehouse").symlink_to(sample_home.home.root / "warehouse")
    (tmp_path / "page.mjs").write_text(snippets("js")[0])
    rows = json.loads(run(["node", "page.mjs"], tmp_path))
    assert [row["consortium_code"] for row in rows] == ["E", "N", "W", "all"]
