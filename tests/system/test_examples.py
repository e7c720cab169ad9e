"""The example queries of the site, each run against the published database."""

import re
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY
from tests.conftest import Workplace

DOCS = REPOSITORY / "docs"
EXAMPLES = sorted((DOCS / "examples").glob("*.sql"))
# Tables with ratings by committee, which stay with the analysts.
ANALYSTS_ONLY = re.compile(r"\b(fct_rating|fct_return|mart_data_quality|mart_metric)\b")


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_an_example_returns_rows_from_the_published_database(sample_home: Workplace, path: Path) -> None:
    assert sample_home.ask(path.read_text(encoding="utf-8"))


def test_every_example_is_on_the_page_and_only_those_of_analysts_lack_a_result() -> None:
    page = (DOCS / "analysts.md").read_text(encoding="utf-8")
    shown = dict(re.findall(r'^```sql example file="([^"]+)"(.*)$', page, flags=re.MULTILINE))
    assert len(EXAMPLES) >= 15
    assert sorted(shown) == [path.relative_to(DOCS).as_posix() for path in EXAMPLES]
    for path in EXAMPLES:
        without_result = 'result="no"' in shown[path.relative_to(DOCS).as_posix()]
        assert without_result == bool(ANALYSTS_ONLY.search(path.read_text(encoding="utf-8"))), path


PYTHON = re.findall(r"^```python\n(.*?)^```", (DOCS / "analysts.md").read_text(encoding="utf-8"), re.M | re.S)


@pytest.mark.parametrize("number", range(len(PYTHON)))
def test_the_pages_python_runs_where_the_warehouse_is(
    sample_home: Workplace, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    assert len(PYTHON) >= 2
    monkeypatch.chdir(sample_home.home.root)
    names: dict[str, object] = {}
    exec(PYTHON[number], names)  # noqa: S102 - the page's own code
    found = [names[name] for name in ("ranking", "tables", "coverage") if name in names]
    assert found and all(len(rows) for rows in found)  # type: ignore[arg-type]
