"""Each kind of chart: its marks for given rows."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bs4 import BeautifulSoup

from dagster_project.paths import REPOSITORY
from dagster_project.site import charts, colours
from dagster_project.site.charts import ChartError, marks
from dagster_project.site.charts.svg import render_svg
from dagster_project.site.database import Database
from dagster_project.site.pages import write_tree
from dagster_project.site.queries import Result
from tests.site.site_sample import make_release

FLOW = [("red", "amber", 6), ("red", "red", 2), ("amber", "green", 8), ("green", "amber", 1)]


SVG = "{http://www.w3.org/2000/svg}"


def _drawn(rows: list[dict[str, Any]], **options: str) -> ET.Element:
    result = Result(tuple(rows[0]), tuple(tuple(row.values()) for row in rows))
    return ET.fromstring(render_svg(charts.draw(result, options), "A name", "finding"))  # noqa: S314 - our own


def _words(drawing: ET.Element) -> list[str]:
    return ["".join(text.itertext()) for text in drawing.iter(f"{SVG}text")]


def _fills(drawing: ET.Element) -> list[str]:
    return [node.attrib["fill"] for node in drawing.iter() if node.get("fill", "none") != "none"]


@pytest.mark.parametrize("kind", ["compare", "coverage", "flow", "heat", "polarity", "rank-range", "ratings"])
def test_chart_reports_missing_columns(kind: str) -> None:
    with pytest.raises(ChartError, match="needs column"):
        _drawn([{"short_reference": "a"}], type=kind, columns="consortium_name")


def test_narrow_segment_has_letter_count_and_outline() -> None:
    row = {"short_reference": "a", "red": 1, "amber": 2, "green": 32}
    drawing = _drawn([row], type="ratings")
    assert {"R1", "A 2", "G 32"} <= set(_words(drawing))
    segments = [node for node in drawing.iter() if node.get("fill") in {s.fill for s in colours.RATINGS[:3]}]
    assert len(segments) == 3 and all(node.get("stroke") == colours.INK for node in segments)


def test_groups_have_brackets_and_missing_ratings_a_segment() -> None:
    row = {"short_reference": "a", "red": 1, "amber": 2, "green": 3, "unrated": 4}
    groups = [
        {**row, "question_no": no, "confidence_group": g} for no, g in ((1, "high"), (2, "high"), (3, "low"))
    ]
    words = _words(_drawn(groups, type="ratings"))
    assert [word for word in words if "confidence" in word] == ["Highconfidence", "Lowconfidence"]
    assert words.count("N 4") == 3


def test_small_base_is_a_square_with_a_dashed_line() -> None:
    row = {"short_reference": "a", "red_share": 0.1, "green_share": 0.5, "scotland_red_share": 0.3,
           "scotland_green_share": 0.2}  # fmt: skip
    plain = _drawn([{**row, "is_small_base": False}], type="compare", here="West")
    small = _drawn([{**row, "is_small_base": True}], type="compare", here="East")
    assert not [node for node in plain.iter() if "stroke-dasharray" in node.attrib]
    assert len([node for node in small.iter() if "stroke-dasharray" in node.attrib]) == 2
    result = Result(("short_reference", *list(row)[1:], "is_small_base"), (("a", 0.1, 0.5, 0.3, 0.2, True),))
    assert charts.draw(result, {"type": "compare", "here": "East"}).legend[0].words == "East (small base)"


def test_grid_has_a_rank_in_every_cell_and_marks_a_small_base() -> None:
    rows = [
        {"short_reference": q, "consortium_name": c, "confidence_rank": r, "is_joint": j, "is_small_base": c == "East"}
        for q, c, r, j in (
            ("a", "West", 1, False), ("a", "East", 2, True), ("b", "West", 2, False), ("b", "East", 2, True)
        )
    ]  # fmt: skip
    drawing = _drawn(rows, type="heat", columns="consortium_name")
    assert sorted(_words(drawing)) == sorted(["a", "b", "West", "East", "small base", "1", "=2", "2", "=2"])


def test_narrow_segment_with_a_long_word_shows_its_count() -> None:
    row = {"short_reference": "a", "returned": 24, "rejected": 0, "not_returned": 1}
    assert {"Returned 24", "1"} <= set(_words(_drawn([row], type="coverage")))


def test_label_of_a_point_covers_no_other_point() -> None:
    places = {4: (0.08, 0.54), 8: (0.1, 0.54), 13: (0.12, 0.54), 5: (0.1, 0.5)}
    rows = [
        {"question_no": no, "red_share": red, "green_share": green} for no, (red, green) in places.items()
    ]
    drawing = _drawn(rows, type="polarity")
    points = [(float(dot.attrib["cx"]), float(dot.attrib["cy"])) for dot in drawing.iter(f"{SVG}circle")]
    labels = [text for text in drawing.iter(f"{SVG}text") if (text.text or "").startswith("Q")]
    assert len(points) == len(labels) == 4
    for label in labels:
        width, x, y = 18, float(label.attrib["x"]), float(label.attrib["y"])
        left = {"start": x, "middle": x - width / 2, "end": x - width}[label.get("text-anchor", "start")]
        assert not [at for at in points if left < at[0] < left + width and y - 9 < at[1] < y]


def test_drawing_contains_all_its_texts() -> None:
    row = {"short_reference": "A long name of a question", "question_no": 1, "confidence_rank": 18, "is_joint": True,
           "red": 1, "amber": 2, "green": 3, "confidence_group": "medium"}  # fmt: skip
    drawing = _drawn([row, {**row, "question_no": 2}], type="ratings")
    left, top, width, height = map(float, drawing.attrib["viewBox"].split())
    for text in drawing.iter(f"{SVG}text"):
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        longest = max((part.text or "" for part in text.iter()), key=len)
        start = x - len(longest) * 9 if text.get("text-anchor") == "end" else x
        assert left <= start and start + len(longest) * 6 <= left + width
        assert top < y < top + height


def test_bands_of_a_flow_are_as_wide_as_their_numbers() -> None:
    rows = [{"rating_then": a, "rating_now": b, "ratings": n} for a, b, n in FLOW]
    words = _words(_drawn(rows, type="flow", then="Self&#45;evaluation 2016", now="2018"))
    assert {"Self-evaluation 2016", "2018", "Red 8", "Amber 8", "Amber 7", "Green 8", "Red 2"} <= set(words)
    with pytest.raises(ChartError, match="blue"):
        _drawn([{"rating_then": "red", "rating_now": "blue", "ratings": 1}], type="flow")
    with pytest.raises(ChartError, match="0"):
        _drawn([{"rating_then": "red", "rating_now": "red", "ratings": 0}], type="flow")


@pytest.mark.parametrize(
    ("high", "labels"), [(4, ["0", "1", "2", "3", "4"]), (25, ["0", "5", "10", "15", "20", "25"])]
)
def test_ticks_of_counts_are_whole_numbers(high: float, labels: list[str]) -> None:
    assert [label for _, label in marks.ticks(0, high)] == labels


def test_drawing_takes_text_colours_from_the_style_sheet() -> None:
    row = {"short_reference": "a", "red": 1, "amber": 2, "green": 3}
    drawing = _drawn([row], type="ratings")
    fixed = {s.fill for s in colours.RATINGS} | {s.ink for s in colours.RATINGS}
    assert all(fill.startswith("var(") or fill in fixed for fill in _fills(drawing))
    light, dark = colours.stylesheet().split("@media not print")
    named = {line.split(":")[0].strip() for line in dark.splitlines() if "--chart-" in line}
    assert len(named) == 6 and all(name in light for name in named)


def test_page_on_change_needs_two_rounds(tmp_path: Path) -> None:
    release = make_release(tmp_path / "release")
    docs = tmp_path / "docs"
    (docs / "questions").mkdir(parents=True)
    shutil.copyfile(REPOSITORY / "docs" / "change.md", docs / "change.md")
    for name in ("index", "method", "questions/q01"):
        (docs / f"{name}.md").write_text(
            "---\ntitle: T\ndescription: D\n---\n{% if has_page('change.md') %}Two rounds{% endif %}"
        )
    trees = []
    for name in ("one", "two"):
        database = Database(release)
        trees.append(write_tree(docs, tmp_path / name, database, []))
        database.close()
        _second_round(release)
    assert [tree.left_out for tree in trees] == [("change.md",), ()]
    assert "Two rounds" not in (tmp_path / "one" / "index.md").read_text()
    assert "Two rounds" in (tmp_path / "two" / "index.md").read_text()
    page = BeautifulSoup((tmp_path / "two" / "change.md").read_text(), "lxml")
    says = page.select_one(".says")
    assert says is not None and says.get_text() == "14 ratings rose, one fell and two stayed the same"


def _second_round(release: Path) -> None:
    """Add an earlier round to the sample, and changes since then."""
    folder = release / "data" / "parquet"
    connection = duckdb.connect()
    for name in ("mart_question_change", "mart_round_change", "mart_rating_flow"):
        connection.execute(f"create table {name} as select * from '{folder}/{name}.parquet'")
    if connection.execute("select count(*) from mart_round_change").fetchone() != (0,):
        return
    connection.execute(f"create table dim_round as select * from '{folder}/dim_round.parquet'")
    connection.execute(
        "insert into dim_round select * replace ('2014' as round_id, 'Before' as title) from dim_round"
    )
    connection.execute("create table flow (rating_then text, rating_now text, committees int)")
    connection.executemany("insert into flow values (?, ?, ?)", FLOW)
    connection.execute("""
        insert into mart_question_change by name select '2016' as round_id, '2014' as previous_round_id,
            'training' as question_key, 1 as question_no, 'Training' as short_reference, 'same' as change,
            true as is_comparable;
        insert into mart_rating_flow select '2016' as round_id, '2014' as previous_round_id, * from flow;
        insert into mart_round_change by name select '2016' as round_id, '2014' as previous_round_id,
            1 as question_no, 1 as previous_question_no, 'Training' as short_reference,
            2 as rank_then, 1 as rank_now, 8 as red_then,
            2 as red_now, 8 as amber_then, 7 as amber_now, 1 as green_then, 8 as green_now,
            'low' as confidence_group_then, 'high' as confidence_group_now, 14 as moved_up, 2 as stayed,
            null::int as moved_down, 1 as compared_rank_now, false as is_reworded, true as is_withheld;
    """)
    about = json.loads((release / "release.json").read_text(encoding="utf-8"))
    for name in ("dim_round", "mart_question_change", "mart_rating_flow", "mart_round_change"):
        connection.execute(f"copy {name} to '{folder}/{name}.parquet' (format parquet)")
        connection.execute(f"copy {name} to '{release}/data/csv/{name}.csv' (header)")
        if name != "dim_round":
            next(table for table in about["tables"] if table["name"] == name)["rows"] = 1
    (release / "release.json").write_text(json.dumps(about), encoding="utf-8")
