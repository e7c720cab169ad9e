"""Worker processes: a file that ends its worker, or takes too long, is rejected alone."""

import json
import multiprocessing
import os
import random
import shutil
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from dagster_project.intake.security.limits import WorkerLimits
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import Template, load_template
from dagster_project.paths import REPOSITORY
from tests.intake.corpus.base import SEEDS, base, with_part
from tests.intake.corpus.hostile import billions_of_shared_texts

GOOD = sorted((REPOSITORY / "warehouse" / "returns" / "2016").glob("*.xlsx"))[:4]


@pytest.fixture(scope="module")
def template() -> Template:
    return load_template(SEEDS, "cse-2016")


def slow_document(paragraphs: int) -> bytes:
    """A document of small size that takes 0.3 ms of CPU time for each paragraph: tables within tables."""
    draw = random.Random(1)
    start, end = b"<w:tbl><w:tr><w:tc>" * 60, b"</w:tc></w:tr></w:tbl>" * 60
    texts = b"".join(
        b"<w:p><w:r><w:t>%d</w:t></w:r></w:p>" % draw.randrange(10**9) for _ in range(paragraphs)
    )
    return with_part(
        base(".docx"),
        "word/document.xml",
        lambda part: part.replace(b"<w:body>", b"<w:body>" + start + texts + end, 1),
    )


def read(
    paths: list[Path], template: Template, limits: WorkerLimits, processes: int = 1
) -> list[dict[str, Any]]:
    files = [(path.name, path) for path in paths]
    with ReaderPool(template, len(files), processes, limits) as pool:
        lines = [json.loads(line) for line in pool.read(files)]
    assert [line["name"] for line in lines] == [path.name for path in paths]
    return lines


@pytest.mark.parametrize("processes", [1, 2])
def test_a_file_that_aborts_its_worker_is_rejected_alone(
    processes: int, template: Template, tmp_path: Path
) -> None:
    aborts = tmp_path / "aborts.xlsx"
    aborts.write_bytes(billions_of_shared_texts())
    lines = read([*GOOD[:2], aborts, *GOOD[2:]], template, WorkerLimits(), processes)
    assert [line["status"] for line in lines] == ["read", "read", "rejected", "read", "read"]
    assert [problem["code"] for problem in lines[2]["problems"]] == ["reader_stopped"]
    assert lines[2]["size_bytes"] == aborts.stat().st_size
    assert len(lines[2]["sha256"]) == 64


@pytest.mark.parametrize(
    "limits", [WorkerLimits(cpu_seconds=0.5), WorkerLimits(wall_seconds=2)], ids=["cpu", "wall"]
)
def test_a_file_that_takes_too_long_is_rejected_alone(
    limits: WorkerLimits, template: Template, tmp_path: Path
) -> None:
    slow = tmp_path / "slow.docx"
    slow.write_bytes(slow_document(100_000))
    started = time.monotonic()
    lines = read([GOOD[0], slow, GOOD[1]], template, limits)
    assert [line["status"] for line in lines] == ["read", "rejected", "read"]
    assert "reader_stopped" in str(lines[1]["problems"])
    assert time.monotonic() - started < 20


def test_a_file_that_needs_too_much_memory_is_rejected_alone(template: Template, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active["A1"] = book.active["ZZ5000"] = "x"
    book.save(tmp_path / "wide.xlsx")
    paths = [GOOD[0], tmp_path / "wide.xlsx", GOOD[1]]
    enough, little = WorkerLimits(), WorkerLimits(memory_bytes=100_000_000)
    assert "no_questions" in str(read(paths, template, enough)[1]["problems"])
    lines = read(paths, template, little)
    assert [line["status"] for line in lines] == ["read", "rejected", "read"]
    assert "100,000,000 bytes" in str(lines[1]["problems"])


def test_each_file_has_the_whole_cpu_time(template: Template, tmp_path: Path) -> None:
    slow = tmp_path / "slow.docx"
    slow.write_bytes(slow_document(1_000))
    lines = read([slow] * 5, template, WorkerLimits(cpu_seconds=1))
    assert [line["status"] for line in lines] == ["read"] * 5


def test_a_worker_that_cannot_start_is_an_error_of_the_run(template: Template) -> None:
    with pytest.raises(BrokenProcessPool):
        read(GOOD[:1], template, WorkerLimits(memory_bytes=2**80))


def test_an_interrupted_reader_leaves_no_process(template: Template) -> None:
    with pytest.raises(KeyboardInterrupt), ReaderPool(template, 1) as pool:
        next(pool.read([(GOOD[0].name, GOOD[0])]))
        assert multiprocessing.active_children()
        raise KeyboardInterrupt
    assert multiprocessing.active_children() == []


def test_no_module_is_imported_from_a_folder_of_returned_files(tmp_path: Path) -> None:
    shutil.copy(GOOD[0], tmp_path / "return.xlsx")
    for name in ("multiprocessing", "pickle", "orjson"):
        (tmp_path / f"{name}.py").write_text("open('imported', 'w')")
    command = [str(Path(sys.executable).parent / "selfeval"), "check", "return.xlsx"]
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONSAFEPATH"}
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, timeout=60)
    assert not (tmp_path / "imported").exists()
