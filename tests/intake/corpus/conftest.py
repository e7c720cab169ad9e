"""The corpus: every file made once, landed and judged once, for all tests of a process."""

from pathlib import Path

import duckdb
import pytest

from dagster_project.intake.template import load_template
from dagster_project.raw.landing import Landed, land_round
from dagster_project.raw.models import create_models
from tests.intake.corpus import (
    book_extras,
    book_formats,
    book_layouts,
    book_ratings,
    book_texts,
    closing_words,
    covered,
    csv_files,
    document_texts,
    documents,
    exports,
    hostile,
    mixtures,
    others,
    senders,
    shown,
    styled,
    two_ways,
)
from tests.intake.corpus.base import CASES, SEEDS

MAKERS = (
    book_extras,
    book_formats,
    book_layouts,
    book_ratings,
    book_texts,
    closing_words,
    covered,
    csv_files,
    document_texts,
    documents,
    others,
    hostile,
    two_ways,
    shown,
    mixtures,
    senders,
    exports,
    styled,
    covered,
)
"""Imported, each has registered its files."""


FOLDERS = ("sub-folder", "sub-folder with a return")


def write_corpus(folder: Path) -> None:
    """Write every file of the corpus and two sub-folders into a new folder."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    for name, make in CASES.items():
        (folder / name).write_bytes(make())
    (folder / "sub-folder with a return" / "return.docx").write_bytes(b"return")


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A round's folder with every file of the corpus, and two sub-folders."""
    folder = tmp_path_factory.mktemp("corpus") / "2016"
    write_corpus(folder)
    return folder


@pytest.fixture(scope="session")
def landed(corpus: Path) -> tuple[duckdb.DuckDBPyConnection, Landed]:
    """The corpus in the raw tables, under the models that judge it."""
    connection = duckdb.connect()
    account = land_round(connection, corpus, "2016", load_template(SEEDS, "cse-2016"))
    create_models(connection, SEEDS)
    return connection, account
