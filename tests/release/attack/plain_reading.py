"""Counts of consortia in every public file of a release, as a reader finds them: without code of the warehouse."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeAlias

import duckdb
import openpyxl
from lxml import html
from pyarrow import parquet

COLOURS = ("green", "amber", "red")
TABLE = "mart_consortium_ranking"

Counts: TypeAlias = dict[tuple[str, int], tuple[str, ...]]
"""Green, amber and red as text by consortium and number of the question, of one round; a suppressed count is empty."""

MARKERS = {"csv": ("",), "html": ("suppressed",), "xlsx": ("[z]",)}
"""What is shown for a suppressed count. In the data files the column `suppressed_because` explains the empty cell."""


def read_everywhere(release: Path, round_id: str, title: str) -> Iterator[tuple[str, Counts]]:
    """Yield the counts of each kind of file. `title` is that of the round."""
    data, site = release / "data", release / "site"
    yield "csv", read_csv((data / "csv" / f"{TABLE}.csv").read_text(encoding="utf-8"), round_id)
    with zipfile.ZipFile(data / "self_evaluation_csv.zip") as archive:
        [name] = [name for name in archive.namelist() if name.endswith(f"{TABLE}.csv")]
        yield "zip", read_csv(archive.read(name).decode(), round_id)
    yield "parquet", _collect(parquet.read_table(data / "parquet" / f"{TABLE}.parquet").to_pylist(), round_id)
    yield "database", read_database(data / "self_evaluation_public.duckdb", round_id)
    yield "spreadsheet", read_spreadsheet(data / "self_evaluation.xlsx", title)
    yield "pages of consortia", dict(read_consortium_pages(site))
    yield "pages of questions", dict(read_question_pages(site))


def read_sql_page(release: Path, work: Path, round_id: str) -> Counts:
    """Read the database of the page with SQL, which is unpacked into `work`."""
    packed = (release / "site" / "assets" / "sql" / "database.bin").read_bytes()
    path = work / "page.duckdb"
    path.write_bytes(gzip.decompress(packed))
    return read_database(path, round_id)


def read_csv(text: str, round_id: str) -> Counts:
    """Read the CSV file."""
    return _collect(csv.DictReader(io.StringIO(text)), round_id)


def read_database(path: Path, round_id: str) -> Counts:
    """Read a database of the public tables."""
    with duckdb.connect(str(path), read_only=True) as connection:
        cursor = connection.execute(f"from {TABLE}")
        names = [column[0] for column in cursor.description or ()]
        return _collect((dict(zip(names, row, strict=True)) for row in cursor.fetchall()), round_id)


def read_spreadsheet(path: Path, title: str) -> Counts:
    """Read the sheet of consortia."""
    rows = list(openpyxl.load_workbook(path, read_only=True)["Consortia"].iter_rows(values_only=True))
    start = next(place for place, row in enumerate(rows) if row[0] == "Round")
    names = [str(name).split("\n")[0] for name in rows[start]]
    found = [dict(zip(names, row, strict=False)) for row in rows[start + 1 :] if row[0] == title]
    return {
        (str(row["Consortium"]), int(str(row["Question number"]))): _clear(
            (row[colour.capitalize()] for colour in COLOURS), MARKERS["xlsx"]
        )
        for row in found
    }


def read_consortium_pages(site: Path) -> Iterator[tuple[tuple[str, int], tuple[str, ...]]]:
    """Read the tables of ratings by question on the pages of the consortia."""
    for path in sorted((site / "consortia").glob("*.html")):
        page = html.parse(str(path)).getroot()
        name = page.findtext(".//h1").split(" consortium")[0].strip()
        for row in _read_tables(page, ("No.", "Red", "Amber", "Green", "No rating")):
            yield (name, int(row["No."])), _clear((row[one.capitalize()] for one in COLOURS), MARKERS["html"])


def read_question_pages(site: Path) -> Iterator[tuple[tuple[str, int], tuple[str, ...]]]:
    """Read the tables of ratings by consortium on the pages of the questions."""
    for path in sorted((site / "questions").glob("q*.html")):
        for row in _read_tables(html.parse(str(path)).getroot(), ("Consortium", "Red", "Amber", "Green")):
            if row["Consortium"] != "Scotland":
                key = row["Consortium"], int(path.stem[1:])
                yield key, _clear((row[one.capitalize()] for one in COLOURS), MARKERS["html"])


def read_consortium_texts(site: Path, consortium: str) -> str:
    """Read all texts of a consortium's page and figures: attributes, charts, scripts, files, the search index."""
    slug = consortium.lower().replace(" ", "-")
    page = html.parse(str(site / "consortia" / f"{slug}.html")).getroot()
    [main] = page.xpath("//main")
    texts = [main.text_content(), *(text for node in main.iter() for text in node.attrib.values())]
    texts += [str(text) for text in page.xpath("//head//text() | //head//@content | //script/text()")]
    figures = sorted((site / "downloads" / "figures" / "consortia").glob(f"{slug}-*"))
    texts += [path.read_text(encoding="utf-8") for path in figures]
    found = json.loads((site / "search" / "search_index.json").read_text(encoding="utf-8"))["docs"]
    texts += [one["title"] + one["text"] for one in found if f"consortia/{slug}" in one["location"]]
    return " ".join(" ".join(texts).split())


def _read_tables(page: Any, headings: tuple[str, ...]) -> Iterator[dict[str, str]]:
    for table in page.iter("table"):
        rows = [[" ".join(cell.text_content().split()) for cell in row] for row in table.iter("tr")]
        if rows and set(headings) <= set(rows[0]):
            yield from (dict(zip(rows[0], row, strict=True)) for row in rows[1:])


def _collect(rows: Iterable[Mapping[str, Any]], round_id: str) -> Counts:
    return {
        (row["consortium_name"], int(row["question_no"])): tuple(
            "" if row[colour] is None else str(row[colour]) for colour in COLOURS
        )
        for row in rows
        if row["round_id"] == round_id
    }


def _clear(cells: Iterable[object], markers: tuple[str, ...]) -> tuple[str, ...]:
    """Replace markers by nothing. An empty cell is not explained: it stays what no count is."""
    return tuple("" if str(cell) in markers else str(cell) or "unexplained" for cell in cells)
