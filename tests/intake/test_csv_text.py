"""Letters of CSV files: comments as people type them, in the encodings of spreadsheet programs."""

import itertools
import random
import time
from pathlib import Path

import pytest

from dagster_project.intake.formats.csv_text import decode_text
from dagster_project.intake.reading import read_return
from dagster_project.intake.security.limits import WorkerLimits
from dagster_project.intake.template import load_template
from tests.intake.corpus import csv_files
from tests.intake.corpus.base import SEEDS

FREQUENT = (
    "We don\u2019t have a protocol yet",
    "the children\u2019s rights officer\u2019s role; partners\u2019 views",
    "\u201cKeeping safe\u201d leaflet, \u2018draft\u2019",
    "training \u2013 see the plan\u2026",
    "\u2022 training \u2022 policy",
    "a budget of \u00a35,000 (\u00a3300 a day)",
    "a caf\u00e9, na\u00efve questions and a r\u00e9sum\u00e9",
    "D\u00f2chas, G\u00e0idhlig agus Comhairle; \u00a35",
    "2019\u20132021: \u00bd day of training at 20\u00b0C, caf\u00e9",
    "agreed\u00a0with partners \u2013 \u00a31\u00a0million",
)
"""One of these is enough to know the encoding."""

RARE = (
    "Zo\u00eb leads", "Si\u00e2n chairs", "Se\u00e1n", "R\u00f3is\u00edn", "\u00c9lodie", "\u00d2ran", "\u00c0 bheil",
    "S\u00c0BHAILTE", "fa\u00e7ade", "Se\u00f1or", "M\u00fcller", "\u00fcber", "Malm\u00f6", "\u00c9COLE",
    "\u00d9rras", "Sgr\u00ecobhadh", "\u00e0rd-sgoil", "m\u00eal\u00e9e", "don\u00b4t",
)  # fmt: skip
"""Too little to know it: wrong letters must be flagged."""

ENCODINGS = ("cp1252", "mac_roman", "cp850")


def encode(text: str, encoding: str) -> bytes | None:
    """The text of a file with this comment; None where the encoding lacks one of its letters or it is UTF-8 too."""
    try:
        content = f"4,Question,Green,{text}\r\n".encode(encoding)
    except UnicodeEncodeError:
        return None
    try:
        content.decode()
    except UnicodeDecodeError:
        return content
    return None


@pytest.mark.parametrize(("comment", "encoding"), [*itertools.product(FREQUENT, ENCODINGS)])
def test_letters_of_frequent_words_are_certain(comment: str, encoding: str) -> None:
    if content := encode(comment, encoding):
        decoded = decode_text(content)
        assert (decoded.text.strip()[17:], decoded.find_doubt(comment)) == (comment, "")


@pytest.mark.parametrize(("comment", "encoding"), [*itertools.product(RARE, ENCODINGS)])
def test_letters_of_one_rare_word_are_right_or_in_doubt(comment: str, encoding: str) -> None:
    if content := encode(comment, encoding):
        decoded = decode_text(content)
        read = decoded.text.strip()[17:]
        assert read == comment or decoded.find_doubt(read)


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_letters_of_several_words_are_right_or_in_doubt(encoding: str) -> None:
    chosen = random.Random(encoding)
    certain = 0
    for _ in range(400):
        comment = "; ".join([*chosen.sample(FREQUENT, 2), *chosen.sample(RARE, 2)])
        if content := encode(comment, encoding):
            decoded = decode_text(content)
            read = decoded.text.strip()[17:]
            doubt = decoded.find_doubt(read)
            assert read == comment or doubt
            certain += not doubt
    assert certain > 5


def test_a_large_file_of_odd_letters_is_read_within_the_time_of_a_worker(tmp_path: Path) -> None:
    path = tmp_path / "odd.csv"
    path.write_bytes(csv_files.write(csv_files.long("@")).encode().replace(b"@", b"\xe9" * 7_000_000))
    template = load_template(SEEDS, "cse-2016")
    start = time.process_time()
    problems = {problem.code for problem in read_return(path, template).problems}
    assert problems == {"text_too_long"}
    assert time.process_time() - start < WorkerLimits().cpu_seconds


def test_the_line_of_an_open_quotation_mark_is_named(tmp_path: Path) -> None:
    path = tmp_path / "open.csv"
    path.write_text("sep=,\n\n" + csv_files.unquoted(csv_files.long, '"We do'), encoding="utf-8", newline="")
    (problem,) = read_return(path, load_template(SEEDS, "cse-2016")).problems
    # Two lines above the table, the heading, three questions.
    assert problem.code == "unbalanced_quote" and "line 7 " in problem.message
    assert problem.kind.remedy.startswith("Close the quotation mark in the line named")


def test_a_problem_of_a_record_names_it(tmp_path: Path) -> None:
    path = tmp_path / "comma.csv"
    path.write_text("Title\n" + csv_files.unquoted(csv_files.long, "We do, so"), encoding="utf-8", newline="")
    (problem,) = read_return(path, load_template(SEEDS, "cse-2016")).problems
    assert (problem.code, problem.sheet, problem.cell) == ("surplus_fields", "rows", "record 6, column 8")


@pytest.mark.parametrize("comment", FREQUENT)
def test_letters_that_another_program_garbled_are_in_doubt(comment: str) -> None:
    garbled = comment.encode().decode("cp1252", errors="ignore")
    decoded = decode_text(f"4,Question,Green,{garbled}\r\n".encode())
    assert decoded.find_doubt(garbled) and not decoded.find_doubt(comment)
