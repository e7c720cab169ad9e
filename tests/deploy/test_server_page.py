"""The commands of the page "Run it on a server", from nothing to a site that was published by a container.

`make test-long`, with Debian's podman. Where the base image is missing, one is made from Debian's packages.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from dagster_project.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "how-to" / "run-on-a-server.md"
BASE = "python:3.11-slim-bookworm"
# Limits that work in virtual machines without control groups, and a network that the machine has.
SETTINGS = """
[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
netns = "host"
[engine]
runtime = "{runtime}"
"""
VOLUMES = ("self-evaluation", "self-evaluation-backups", "self-evaluation-restored")

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="builds an image: `make test-long`"),
    pytest.mark.skipif(not shutil.which("podman"), reason="podman is not installed"),
    pytest.mark.timeout(1800),
]


def call(*command: str | Path, **environment: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | environment)
    assert done.returncode == 0, f"{command}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return done.stdout


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The environment in which the page is followed, with the base image and without volumes of an earlier time."""
    settings = tmp_path / "containers.conf"
    settings.write_text(SETTINGS.format(runtime=shutil.which("runc") or "crun"))
    environment = {
        "CONTAINERS_CONF": str(settings),
        "BUILDAH_ISOLATION": "chroot",
        "WEB_ROOT": str(tmp_path / "www"),
    }
    if subprocess.run(["podman", "image", "exists", BASE], env=os.environ | environment).returncode:
        make_base(tmp_path / "base", environment)
    existing = call("podman", "volume", "ls", "--format", "{{.Name}}", **environment).split()
    if taken := set(VOLUMES) & set(existing):
        pytest.skip(f"volumes exist: {taken}")
    yield environment
    call("podman", "volume", "rm", "--force", *VOLUMES, **environment)


def make_base(root: Path, environment: dict[str, str]) -> None:
    """Make an image with Python from the packages of Debian, from the mirror that this machine uses."""
    if not shutil.which("debootstrap"):
        pytest.skip("debootstrap is not installed")
    listed = call("apt-get", "indextargets", "--format", "$(REPO_URI)", "Codename: bookworm").split()
    packages = "--include=python3,python3-venv,ca-certificates"
    call("debootstrap", "--variant=minbase", packages, "bookworm", root, listed[0])
    # The machine may reach the package registry only by a certificate and settings of its own.
    for name in ("pip.conf", "ssl/certs/ca-certificates.crt"):
        if (source := Path("/etc", name)).exists():
            shutil.copy(source, root / "etc" / name)
    archive = root.with_suffix(".tar")
    call("tar", "-C", root, "-cf", archive, ".")
    path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
    call("podman", "import", "--change", path, archive, f"localhost/{BASE}", **environment)


def test_the_page_leads_to_a_published_site(environment: dict[str, str], tmp_path: Path) -> None:
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert len(blocks) == 7
    started = time.monotonic()
    script = "\n".join(["set -eux", *blocks])
    done = subprocess.run(
        ["bash", "-c", script], cwd=REPOSITORY, env=os.environ | environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    print(f"{time.monotonic() - started:.0f} seconds", file=sys.stderr)
    assert "Practice guidance" in (tmp_path / "www" / "current" / "rankings.html").read_text(encoding="utf-8")
    assert '"is_healthy": true' in done.stdout
    # The restored home has the release.
    assert re.search(r"whole +│", done.stdout)
    # Of the image itself, nothing can be written: what is listed are mounts.
    limits = re.findall(r'^LIMITS="(.*)"$', blocks[1], re.MULTILINE)[0].split()
    find = "find / -xdev -writable -not -type l 2>/dev/null || true"
    listed = call(
        "podman", "run", *limits, "--entrypoint", "sh", "self-evaluation", "-c", find, **environment
    )
    assert set(listed.split()) <= {"/tmp", "/var/tmp", "/srv/self-evaluation"}  # noqa: S108 - in the container
