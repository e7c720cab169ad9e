"""Each kind of chart: its rows, its marks, and both renderings."""

import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import pytest
from bs4 import BeautifulSoup, Tag

from dagster_project.paths import REPOSITORY
from dagster_project.site import charts, colours
from dagster_project.site.charts import Chart, ChartError
from dagster_project.site.charts.model import Bar, Dot, Line, Panel, Row
from dagster_project.site.charts.scale import Scale, list_count_ticks, list_rank_ticks
from dagster_project.site.database import Database
from dagster_project.site.pages import write_tree
from dagster_project.site.queries import Result
from tests.site.earlier_round import add_earlier_round
from tests.site.site_sample import make_release

SVG = "{http://www.w3.org/2000/svg}"
RATED = {"public_label": "a", "red": 1, "amber": 2, "green": 3}


def _draw(rows: list[dict[str, Any]], **options: str) -> Chart:
    result = Result(tuple(rows[0]), tuple(tuple(row.values()) for row in rows))
    return charts.draw_chart(result, options)


def _bars(row: Row) -> list[tuple[float, float, str, str]]:
    return [(round(b.start, 3), round(b.end, 3), b.look, b.text) for b in row.marks[0] if isinstance(b, Bar)]


def _html(chart: Chart) -> Tag:
    plot = BeautifulSoup(charts.render_plot(chart, lambda path: path, "finding"), "lxml").select_one(".plot")
    assert plot is not None
    return plot


def _picture(chart: Chart) -> ET.Element:
    return ET.fromstring(charts.render_picture(chart, "A <title>", "A measure", "A source"))  # noqa: S314 - our own


@pytest.mark.parametrize("kind", ["compare", "coverage", "heat", "rank-range", "ratings", "then-and-now"])
def test_chart_reports_missing_columns(kind: str) -> None:
    with pytest.raises(ChartError, match="needs column"):
        _draw([{"public_label": "a"}], type=kind, columns="consortium_name")


def test_bars_are_stacked_on_a_common_scale() -> None:
    chart = _draw([RATED, {**RATED, "red": 0, "green": 8}], type="ratings")
    assert _bars(chart.rows[0]) == [
        (0, 0.1, "segment-red", "1"), (0.1, 0.3, "segment-amber", "2"), (0.3, 0.6, "segment-green", "3")
    ]  # fmt: skip
    assert _bars(chart.rows[1]) == [(0, 0.2, "segment-amber", "2"), (0.2, 1, "segment-green", "8")]
    assert [row.values for row in chart.rows] == ["1 red, 2 amber, 3 green", "0 red, 2 amber, 8 green"]
    assert [entry.look for entry in chart.legend] == ["segment-red", "segment-amber", "segment-green"]


def test_shares_fill_the_panel_and_missing_ratings_have_a_segment() -> None:
    chart = _draw([{**RATED, "unrated": 2}, {**RATED, "unrated": 0}], type="ratings", scale="share")
    assert [_bars(row)[-1][1] for row in chart.rows] == [1, 1]
    assert _bars(chart.rows[0])[-1][2:] == ("segment-unrated", "2")
    assert chart.rows[0].values.endswith("2 no rating")


def test_a_suppressed_row_has_words_and_no_marks() -> None:
    suppressed = {**RATED, "public_label": "East", "red": None, "amber": None, "green": None}
    chart = _draw([RATED, suppressed], type="ratings", empty="suppressed &#40;see notes&#41;")
    assert chart.rows[1].values == "suppressed (see notes)" and not any(chart.rows[1].marks)
    marks = _html(chart).select(".marks")[1]
    assert marks.get_text() == "suppressed (see notes)"
    assert "suppressed (see notes)" in "".join(_picture(chart).itertext())


def test_rows_of_a_group_are_under_its_name() -> None:
    groups = [
        {**RATED, "question_no": no, "confidence_group": g} for no, g in ((1, "high"), (2, "low"), (3, "low"))
    ]
    plot = _html(_draw(groups, type="ratings"))
    assert [name.get_text() for name in plot.select(".group")] == ["High confidence", "Low confidence"]
    assert [len(rows.select("li")) for rows in plot.select("ul")] == [1, 2]


@pytest.mark.parametrize(
    ("sub_groups", "names"),
    [
        ((1, 2), ["Medium confidence, sub-group 1", "Medium confidence, sub-group 2"]),
        ((1, 1), ["Medium confidence"]),
    ],
)
def test_sub_groups_are_named_if_there_are_several(sub_groups: tuple[int, int], names: list[str]) -> None:
    rows = [{**RATED, "confidence_group": "medium", "confidence_subgroup": number} for number in sub_groups]
    plot = _html(_draw(rows, type="ratings"))
    assert [name.get_text() for name in plot.select(".group")] == names


def test_rank_is_on_its_range_and_the_axis_has_all_ranks() -> None:
    row = {"public_label": "a", "confidence_rank": 2, "is_joint": True, "best_rank_left_out": 1,
           "worst_rank_left_out": 3}  # fmt: skip
    rows = [{**row, "public_label": str(number)} for number in range(19)]
    chart = _draw(rows, type="rank-range")
    bar, dot = chart.rows[0].marks[0]
    assert isinstance(bar, Bar) and isinstance(dot, Dot) and bar.start < dot.at < bar.end
    assert chart.rows[0].values == "rank =2 (joint); 1 to 3 with one return left out"
    assert [label for _, label in chart.panels[0].ticks] == ["1", "4", "7", "10", "13", "16", "19"]


@pytest.mark.parametrize(
    ("last", "labels"),
    [
        (1, ["1"]),
        (2, ["1", "2"]),
        (12, ["1", "3", "5", "7", "9", "12"]),
        (19, ["1", "4", "7", "10", "13", "16", "19"]),
    ],
)
def test_ticks_of_ranks_end_at_the_last(last: int, labels: list[str]) -> None:
    assert [label for _, label in list_rank_ticks(Scale(0.5, last + 0.5), last)] == labels


def test_small_base_is_a_square_with_a_dashed_line() -> None:
    row = {"public_label": "a", "red_share": 0.1, "green_share": 0.5, "scotland_red_share": 0.3,
           "scotland_green_share": 0.2}  # fmt: skip
    plain = _draw([{**row, "is_small_base": False}], type="compare", here="West")
    small = _draw([{**row, "is_small_base": True}], type="compare", here="East")
    for chart, dashed, look in ((plain, False, "here"), (small, True, "small")):
        for line, whole, here in chart.rows[0].marks:
            assert isinstance(line, Line) and line.is_dashed == dashed
            assert isinstance(whole, Dot) and whole.look == "whole"
            assert isinstance(here, Dot) and here.look == look
    assert small.legend[0].words == "East (small base)"
    assert plain.rows[0].values == "red: West 10%, Scotland 30%; green: West 50%, Scotland 20%"


def test_then_and_now_without_a_value_says_so() -> None:
    row = {"public_label": "a", "then_red_share": None, "now_red_share": 0.1, "then_green_share": 0.2,
           "now_green_share": 0.5}  # fmt: skip
    chart = _draw([row], type="then-and-now", then="2016", now="2018", empty="suppressed")
    assert chart.rows[0].values == "red: 2018 10%, 2016 suppressed; green: 2018 50%, 2016 20%"
    assert [len(marks) for marks in chart.rows[0].marks] == [1, 3]


def test_grid_has_a_rank_in_every_cell_and_marks_a_small_base() -> None:
    rows = [
        {"public_label": q, "consortium_name": c, "confidence_rank": r, "is_joint": j, "is_small_base": c == "East"}
        for q, c, r, j in (
            ("a", "West", 1, False), ("a", "East", 2, True), ("b", "West", 2, False), ("b", "East", None, None)
        )
    ]  # fmt: skip
    chart = _draw(rows, type="heat", columns="consortium_name", empty="suppressed")
    assert [panel.heading for panel in chart.panels] == ["West", "East (small base)"]
    assert [[_.text for bars in row.marks for _ in bars if isinstance(_, Bar)] for row in chart.rows] == [
        ["1", "=2"],
        ["2", "\N{EN DASH}"],
    ]
    assert [row.values for row in chart.rows] == ["West 1, East =2", "West 2, East suppressed"]
    assert [(entry.words, entry.letter) for entry in chart.legend][-1] == ("suppressed", "\N{EN DASH}")
    complete = _draw(rows[:2], type="heat", columns="consortium_name", empty="suppressed")
    assert [entry.words for entry in complete.legend] == ["rank 1", "rank 2"]


@pytest.mark.parametrize(
    ("high", "labels"), [(4, ["0", "1", "2", "3", "4"]), (25, ["0", "5", "10", "15", "20", "25"])]
)
def test_ticks_of_counts_are_whole_numbers(high: float, labels: list[str]) -> None:
    assert [label for _, label in list_count_ticks(Scale(0, high))] == labels


def test_texts_from_data_are_escaped_in_both_renderings() -> None:
    hostile = '<script>alert(1)</script>"&'
    chart = Chart(
        [Row(hostile, hostile, [[Bar(0, 1, "span", hostile)]], consortium=hostile)],
        [Panel(hostile)],
        axis=hostile,
    )
    plot = _html(chart)
    assert not plot.select("script") and plot.select_one("li")["data-consortium"] == hostile  # type: ignore[index]
    assert plot.select_one(".label").get_text() == hostile  # type: ignore[union-attr]
    texts = ["".join(text.itertext()) for text in _picture(chart).iter(f"{SVG}text")]
    assert {"A <title>", hostile} <= set(texts)


def test_picture_contains_all_its_texts() -> None:
    row = {**RATED, "public_label": "A long name of a question " * 3, "question_no": 1, "confidence_rank": 18,
           "is_joint": True, "confidence_group": "medium"}  # fmt: skip
    chart = _draw([row, {**row, "question_no": 2}], type="ratings", axis="Number of returns")
    long = "A finding with many words " * 12
    picture = ET.fromstring(charts.render_picture(chart, long, long, long))  # noqa: S314 - our own
    width, height = float(picture.attrib["width"]), float(picture.attrib["height"])
    texts = list(picture.iter(f"{SVG}text"))
    assert len(texts) > 20
    for text in texts:
        x, y, size = (float(text.attrib[name]) for name in ("x", "y", "font-size"))
        length = len("".join(text.itertext())) * size * 0.5
        start = {"start": x, "middle": x - length / 2, "end": x - length}[text.get("text-anchor", "start")]
        assert start >= 0 and start + length <= width
        assert 0 < y < height


def test_colours_of_the_dark_scheme_replace_those_of_the_light_one() -> None:
    light, dark = colours.render_stylesheet().split("@media not print")
    named = {line.split(":")[0].strip() for line in dark.splitlines() if "--chart-" in line}
    assert len(named) == 6 and all(name in light for name in named)


def test_page_on_change_needs_two_rounds(tmp_path: Path) -> None:
    release = make_release(tmp_path / "release")
    docs = tmp_path / "docs"
    for folder in ("questions", "consortia"):
        (docs / folder).mkdir(parents=True)
    for name in ("change", "consortia/_consortium"):
        shutil.copyfile(REPOSITORY / "docs" / f"{name}.md", docs / f"{name}.md")
    for name in ("index", "method", *(f"questions/q{no:02d}" for no in range(1, 20))):
        (docs / f"{name}.md").write_text(
            "---\ntitle: T\ndescription: D\n---\n{% if has_page('change.md') %}Two rounds{% endif %}"
        )
    trees = []
    for name in ("one", "two"):
        database = Database(release)
        trees.append(write_tree(docs, tmp_path / name, database, []))
        database.close()
        add_earlier_round(release)
    assert [tree.left_out for tree in trees] == [("change.md",), ()]
    assert "Two rounds" not in (tmp_path / "one" / "index.md").read_text()
    assert "Two rounds" in (tmp_path / "two" / "index.md").read_text()
    page = BeautifulSoup((tmp_path / "two" / "change.md").read_text(), "lxml")
    says = page.select_one("#figure-2-finding")
    assert says is not None and says.get_text() == "14 ratings rose, one fell and two stayed the same"
    rows = page.select("figure.chart li .values")
    assert [row.get_text() for row in rows] == [
        "red: 2016 12%, 2014 47%; green: 2016 47%, 2014 6%",
        "2 red, 6 amber, 0 green",
        "0 red, 0 amber, 8 green",
        "0 red, 1 amber, 0 green",
    ]
    assert page.select(".says")[0].get_text() == "Ratings rose most on training strategy"
    texts = [(tmp_path / name / "consortia" / "west.md").read_text() for name in ("one", "two")]
    assert "Then and now" not in texts[0]
    (*_, figure) = BeautifulSoup(texts[1], "lxml").select("figure.chart")
    assert [row.get_text() for row in figure.select("li .values")] == [
        "red: 2016 30%, 2014 20%; green: 2016 30%, 2014 40%"
    ]
    (says,) = figure.select(".says")
    assert says.get_text() == "Ratings fell most on training strategy (of the questions shown)"
    assert "figures of 1 question are suppressed" in texts[1]
