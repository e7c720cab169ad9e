"""`selfeval check` as an officer or a data engineer runs it first: on files, without a build."""

import json
import os
import shutil
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import docx

from dagster_project.paths import REPOSITORY

SAMPLE = REPOSITORY / "warehouse" / "returns" / "2016"
COMMAND = [sys.executable, "-m", "dagster_project.cli", "check"]


def check(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *map(str, arguments)], capture_output=True, text=True, timeout=60, cwd=REPOSITORY
    )


def test_a_good_file_is_read_without_waiting_for_what_a_run_needs() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *COMMAND[1:], str(SAMPLE / "CPC return Fife.docx")],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=REPOSITORY,
    )
    assert done.returncode == 0 and "read" in done.stdout and "Fife" in done.stdout
    # The error stream lists imports only; each of the heavy ones takes seconds.
    lines = done.stderr.splitlines()
    assert all(line.startswith("import time:") for line in lines)
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}
    assert "duckdb" in imported
    assert imported.isdisjoint(
        {"dagster", "dagster_dbt", "dbt", "great_expectations", "mkdocs", "pandas", "scipy"}
    )


def test_json_says_whose_return_it_is_and_what_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "broken.docx").write_bytes(b"PK")
    shutil.copy(SAMPLE / "CSE self-evaluation - Moray.docx", tmp_path / "2.docx")
    shutil.copy(SAMPLE / "CPC return Fife.docx", tmp_path / "Angus.docx")
    done = check("--json", tmp_path / "broken.docx", tmp_path / "2.docx", tmp_path / "Angus.docx")
    assert done.returncode == 1
    broken, moray, contradicted = json.loads(done.stdout)
    assert broken["outcome"] == "rejected" and broken["problems"][0]["code"] == "unreadable_file"
    assert (moray["outcome"], moray["committee"], moray["ratings"]) == ("read", "Moray", 17)
    assert [problem["code"] for problem in moray["problems"]] == ["no_rating", "no_rating"]
    typed = docx.Document(str(tmp_path / "2.docx")).tables[0].cell(1, 1).text
    assert moray["received_on"] == datetime.strptime(typed, "%d %B %Y").date().isoformat()
    assert len(moray["sha256"]) == 64
    assert contradicted["outcome"] == "rejected"
    assert contradicted["problems"][0]["code"] == "contradictory_committee"


def test_a_rejected_file_gets_a_remedy(tmp_path: Path) -> None:
    (tmp_path / "[bold]scan.pdf").write_bytes(b"%PDF")
    done = check(tmp_path / "[bold]scan.pdf")
    assert done.returncode == 1
    assert "[bold]scan.pdf" in done.stdout and ".xlsx" in done.stdout


def test_a_round_or_a_file_that_does_not_exist_is_a_usage_error() -> None:
    assert check("--round", "1999", SAMPLE / "CPC return Fife.docx").returncode == 2
    assert check("missing.xlsx").returncode == 2


def test_one_bad_path_does_not_stop_the_others(tmp_path: Path) -> None:
    good = SAMPLE / "CPC return Fife.docx"
    names = ("two\nlines.txt", "\x1b[31mred\u202e.txt", os.fsdecode(b"\xff.t\xfe"))
    for name in names:
        (tmp_path / name).write_text("x")
    (tmp_path / "link.docx").symlink_to("gone")
    os.mkfifo(tmp_path / "pipe.csv")
    done = check(
        tmp_path / "missing.xlsx", *(tmp_path / name for name in (*names, "link.docx", "pipe.csv")), good
    )
    assert done.returncode == 2
    assert "missing.xlsx" in done.stderr
    assert "Fife" in done.stdout
    for shown in (r"two\nlines.txt", r"\x1b[31mred\u202e.txt", r"\xff.t\xfe", "link.docx", "pipe.csv"):
        assert shown in done.stdout
    assert "\x1b" not in done.stdout
    done = check("--json", tmp_path / "missing.xlsx", tmp_path, good)
    assert done.returncode == 2
    outcomes = [one["outcome"] for one in json.loads(done.stdout)]
    assert outcomes == ["rejected"] * 5 + ["read"]


def test_a_folder_means_its_files_and_problems_come_in_order(tmp_path: Path) -> None:
    (tmp_path / "drafts").mkdir()
    (tmp_path / "~$lock.xlsx").write_bytes(b"x")
    (tmp_path / "three.csv").write_text(
        "committee,question,rating,comment\nDumfries,1,Green,\nDumfries,2,Red,\n"
    )
    (tmp_path / "words.xlsx").write_bytes(b"Dear all")
    done = check("--json", tmp_path)
    assert done.returncode == 1
    found = {Path(one["file"]).name: one for one in json.loads(done.stdout)}
    assert {name: one["outcome"] for name, one in found.items()} == {
        "drafts": "ignored", "three.csv": "rejected", "words.xlsx": "rejected", "~$lock.xlsx": "ignored"
    }  # fmt: skip
    problems = found["three.csv"]["problems"]
    assert problems[0]["message"].startswith(
        "'Dumfries' is no known committee. Nearest: Dumfries and Galloway,"
    )
    missing = [one["message"] for one in problems if one["code"] == "missing_question"]
    assert missing == [f"Question {number} is not in the file." for number in range(3, 20)]
    assert "zip" not in found["words.xlsx"]["problems"][0]["message"]
