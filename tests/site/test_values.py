"""How values are formatted, and that text from data is inert everywhere."""

import csv
import html
import io
import re
from datetime import UTC, date, datetime
from typing import Any

import markdown  # type: ignore[import-untyped]
import pytest

from dagster_project.paths import REPOSITORY
from dagster_project.site.figures import write_csv
from dagster_project.site.formats import escape, format_heading, format_value
from dagster_project.site.queries import Result

HOSTILE = (
    "<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "![x](https://example.org/a.png)",
    "{{ release.release_id }} {% raw %}",
    "`code` and ``` fence",
    "a | b | c",
    "# heading",
    "- item",
    '" onload="x',
    "&lt;b&gt;",
    "**bold** _it_ ~~x~~",
    "line\n\n```sql table\nselect 1\n```",
    "\ue0000\ue000",
    "{: .class onclick=x }",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_prints_as_typed_and_does_nothing(text: str) -> None:
    page = markdown.markdown(f"before {escape(text)}\n\n{escape(text)}", extensions=["attr_list", "tables"])
    assert {part.split(">")[0].split(" ")[0] for part in page.split("<")[1:]} == {"p", "/p"}
    typed = " ".join(text.split())
    assert html.unescape(page) == f"<p>before {typed}</p>\n<p>{typed}</p>"


@pytest.mark.parametrize(
    ("column", "value", "written"),
    [
        ("green", 1234, "1,234"),
        ("green_share", 0.48, "48%"),
        ("green_share", 3 / 24, "13%"),
        ("green_share", 29 / 200, "15%"),
        ("fieldwork_end", date(2017, 6, 5), "5 June 2017"),
        ("made_at", datetime(2017, 6, 5, 9, 3, tzinfo=UTC), "5 June 2017, 09:03 UTC"),
        ("is_joint", True, "Yes"),
        ("rank_sum", 12.0, "12"),
        ("mean", 2.345, "2.3"),
        ("polarisation", 0.2304, "0.23"),
        ("verdict", "not checkable", "Not checkable"),
        ("sub_questions", ["a", "b"], "a; b"),
        ("confidence_group", "high", "High"),
        ("return_status", "not_returned", "No return"),
        ("csv_bytes", 1_234, "1 kB"),
        ("short_reference", "Workplan", "Workplan"),
    ],
)
def test_values_are_written_by_column(column: str, value: Any, written: str) -> None:
    assert format_value(column, value) == written


@pytest.mark.parametrize(
    ("column", "written"),
    [
        ("red_then", "Red, 2016"),
        ("now_red_share", "Red share, 2018"),
        ("confidence_group_now", "Confidence, 2018"),
        ("moved_up", "Rated higher"),
    ],
)
def test_headings_name_the_round(column: str, written: str) -> None:
    assert format_heading(column, {"then": "2016", "now": "2018"}) == written


@pytest.mark.parametrize(
    ("column", "row", "written"),
    [
        ("confidence_rank", {"is_joint": True}, "=8 (joint)"),
        ("confidence_rank", {"is_joint": False}, "8"),
        ("scotland_rank", {"is_joint": True}, "8"),
        ("scotland_rank", {"is_joint": False, "scotland_rank_is_joint": True}, "=8 (joint)"),
        ("rank_then", {"rank_then_is_joint": True, "rank_now_is_joint": False}, "=8 (joint)"),
    ],
)
def test_shared_rank_is_marked_joint(column: str, row: dict[str, Any], written: str) -> None:
    assert format_value(column, 8, row) == written


def test_every_note_of_the_ranking_has_plain_wording() -> None:
    (model,) = (REPOSITORY / "dbt" / "models").rglob("int_ranking_comments.sql")
    phrases = re.findall(r"'([A-Z][^']*\.)'", model.read_text(encoding="utf-8"))
    assert len(phrases) == 8
    for phrase in phrases:
        assert not re.search("number|responses?|;", format_value("comment", phrase)), phrase
    assert format_value("comment", "11 blank responses.") == "11 blank ratings."


def test_the_csv_of_a_figure_runs_nothing() -> None:
    texts = ("=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "a=1", "1-2")
    text = write_csv(Result(("text", "number"), tuple((one, -1) for one in texts)))
    rows = list(csv.reader(io.StringIO(text)))[1:]
    assert [row[0] for row in rows] == ["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "'\n=1", "a=1", "1-2"]
    assert {row[1] for row in rows} == {"-1"}
