"""The files of a deployment fit the program, and the site is copied whole or not at all."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from dagster_project.home.fingerprints import SOURCES
from dagster_project.paths import REPOSITORY, Home
from tests.conftest import Workplace

DEPLOY = REPOSITORY / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
MAX_EXPOSURE = 1.0


def publish(home: Home, target: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [DEPLOY / "publish-site.sh", home.root, target], capture_output=True, text=True, timeout=60
    )


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def small_home(tmp_path: Path) -> Home:
    """A home with two releases, whose sites have two pages each."""
    home = Home(tmp_path / "home")
    for release in ("2026-1", "2026-2"):
        (home.releases / release / "site" / "questions").mkdir(parents=True)
        (home.releases / release / "site" / "index.html").write_text(release)
        (home.releases / release / "site" / "questions" / "q1.html").write_text(release)
    show(home, "2026-1")
    return home


def show(home: Home, release: str) -> None:
    home.published.unlink(missing_ok=True)
    home.published.symlink_to(Path("releases") / release)


def test_the_site_is_copied_and_switched_in_one_step(sample_home: Workplace, tmp_path: Path) -> None:
    done = publish(sample_home.home, str(tmp_path / "www"))
    assert done.returncode == 0, done.stderr
    site = sample_home.home.published / "site"
    assert files(tmp_path / "www" / "current") == files(site)
    # A web server is another user.
    assert all(path.stat().st_mode & 0o004 for path in (tmp_path / "www").rglob("*"))


def test_readers_keep_the_site_before_when_a_release_is_not_whole(small_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "www"
    assert publish(small_home, str(target)).returncode == 0
    show(small_home, "2026-2")
    (small_home.releases / "2026-2" / "site" / "index.html").unlink()
    refused = publish(small_home, str(target))
    assert (refused.returncode, "is not whole" in refused.stderr) == (1, True)
    assert (target / "current" / "index.html").read_text() == "2026-1"


def test_an_interrupted_copy_is_replaced_and_old_sites_are_deleted(small_home: Home, tmp_path: Path) -> None:
    target = tmp_path / "www"
    (target / ".new-2026-1" / "half").mkdir(parents=True)
    for old in ("2025-1", "2025-2", "2025-3"):
        (target / "sites" / old).mkdir(parents=True)
    for release in ("2026-1", "2026-2", "2026-1"):
        show(small_home, release)
        assert publish(small_home, str(target)).returncode == 0
        assert (target / "current" / "index.html").read_text() == release
    assert sorted(path.name for path in target.iterdir()) == ["current", "sites"]
    assert sorted(path.name for path in (target / "sites").iterdir()) == ["2025-3", "2026-1", "2026-2"]


def test_a_copy_that_lost_a_file_on_the_way_is_refused(small_home: Home, tmp_path: Path) -> None:
    """`tar` may write a valid archive although a file disappeared while it read."""
    target, programs = tmp_path / "www", tmp_path / "bin"
    programs.mkdir()
    (programs / "tar").write_text(f'#!/bin/sh\nexec {shutil.which("tar")} --exclude=q1.html "$@"\n')
    (programs / "tar").chmod(0o755)
    done = subprocess.run(
        [DEPLOY / "publish-site.sh", small_home.root, target],
        capture_output=True,
        text=True,
        env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
    )
    assert (done.returncode, "The copy is not whole" in done.stderr) == (1, True)
    assert not (target / "current").exists()


@pytest.mark.skipif(not shutil.which("rclone"), reason="rclone is not installed")
def test_an_object_store_gets_the_release_before_the_page_that_leads_to_it(
    small_home: Home, tmp_path: Path
) -> None:
    for release in ("2026-1", "2026-2"):
        show(small_home, release)
        done = publish(small_home, f"rclone::local:{tmp_path / 'bucket'}")
        assert done.returncode == 0, done.stderr
        [page] = re.findall(r'href="(.*?)"', (tmp_path / "bucket" / "index.html").read_text())
        assert (tmp_path / "bucket" / page).read_text() == release


@pytest.mark.parametrize("target", ["relative/folder", ""])
def test_a_target_that_cannot_be_meant_is_refused(small_home: Home, target: str) -> None:
    assert publish(small_home, target).returncode == 2


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_the_units_are_valid_and_confined(tmp_path: Path) -> None:
    program = tmp_path / "selfeval"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    # The units of an installation: the program exists.
    for unit in UNITS:
        text = unit.read_text(encoding="utf-8")
        (tmp_path / unit.name).write_text(re.sub(r"ExecStart=\S+", f"ExecStart={program}", text))
    paths = [str(tmp_path / unit.name) for unit in UNITS]
    verified = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths], capture_output=True, text=True
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    [service] = [path for path in paths if path.endswith(".service")]
    rated = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", f"--threshold={MAX_EXPOSURE * 10:.0f}", service],
        capture_output=True,
        text=True,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


def test_the_image_has_everything_that_a_release_depends_on() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    copied = {
        source
        for line in re.findall(r"^COPY (?!--from)(.*) \S+$", text, re.MULTILINE)
        for source in line.split()
    }
    assert copied >= set(SOURCES) | {"pyproject.toml", "deploy/requirements.lock"}
    assert all((REPOSITORY / source).exists() for source in copied)
    allowed = (REPOSITORY / ".containerignore").read_text(encoding="utf-8").splitlines()
    assert all(
        any(f"!{source}".startswith(line) for line in allowed if line.startswith("!")) for source in copied
    )
    # The last stage does not run as root.
    assert text.rindex("\nUSER selfeval") > text.rindex("\nFROM ")


def test_the_image_has_the_packages_that_are_tested() -> None:
    def pins(path: Path) -> set[str]:
        return set(re.findall(r"^[\w.\[\]-]+==[\w.+!-]+", path.read_text(encoding="utf-8"), re.MULTILINE))

    tested = pins(REPOSITORY / "requirements.lock") | pins(REPOSITORY / "requirements-postgres.lock")
    deployed = pins(DEPLOY / "requirements.lock")
    names = {one.partition("==")[0] for one in tested}
    assert {one for one in deployed if one.partition("==")[0] in names} <= tested
    assert {one.partition("==")[0] for one in deployed} >= {
        "dagster",
        "dbt-duckdb",
        "dagster-postgres",
        "hatchling",
    }


def test_compose_gives_dagster_what_its_settings_name() -> None:
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    settings = (DEPLOY / "dagster.yaml").read_text(encoding="utf-8")
    dagster = compose["services"]["dagster"]
    assert set(re.findall(r"env: (\w+)", settings)) <= set(dagster["environment"])
    assert dagster["environment"]["DAGSTER_PG_HOST"] in compose["services"]
    # Dagster's interface has no password.
    assert all(port.startswith("127.0.0.1:") for port in dagster["ports"])
    assert dagster["read_only"] and "ports" not in compose["services"]["database"]
