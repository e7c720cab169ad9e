"""A home after the audit and before the release."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from dagster_project.audit.suites import load_suites
from dagster_project.home import records
from dagster_project.paths import Home
from dagster_project.release import catalog, publish
from tests.conftest import Workplace

CHECKS = [records.DBT_BUILD, *(suite.name for suite in load_suites())]


@pytest.fixture
def home(sample_home: Workplace, tmp_path: Path) -> Home:
    """A home with a build, the records of its checks, and one earlier release."""
    made = Home(tmp_path / "home")
    there = sample_home.home
    shutil.copytree(there.audit, made.audit)
    shutil.copytree(there.seeds, made.seeds)
    shutil.copy(there.build_database, made.build_database)
    name = there.published.resolve().name
    shutil.copytree(there.releases / name / "data" / "csv", made.releases / "before" / "data")
    manifest = json.loads((there.releases / name / catalog.MANIFEST).read_text())
    about = {"release_id": "before", "number": 1, "files": []}
    (made.releases / "before" / catalog.MANIFEST).write_text(json.dumps(manifest | about))
    publish.switch_release(made, "before")
    return made


def rewrite(home: Home, check: str, **changes: Any) -> None:
    """Change fields of a check's record."""
    kept = records.read_record(home, check)
    assert kept
    records.write_record(home, records.Record(**(vars(kept) | changes)))
