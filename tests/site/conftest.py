"""Fixtures of the site's tests: one small release, and the site built of it, once per worker."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from site_sample import make_release

from dagster_project.site.build import SiteReport, build_site


@dataclass(frozen=True)
class BuiltSite:
    """The finished site's folder and what its build reported."""

    folder: Path
    report: SiteReport


@pytest.fixture(scope="session")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release folder with real Parquet and CSV files."""
    return make_release(tmp_path_factory.mktemp("release"))


@pytest.fixture(scope="session")
def site(release: Path, tmp_path_factory: pytest.TempPathFactory) -> BuiltSite:
    """The repository's own pages, built for the sample release."""
    folder = tmp_path_factory.mktemp("site")
    return BuiltSite(folder, build_site(release=release, output=folder))
