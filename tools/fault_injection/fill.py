"""Fill the disk at every stage of a real run: `python -m tools.fault_injection.fill`. Needs root, to mount a disk.

After each, the command must end with a clear message and readers must see the same release. With room on the disk,
a run publishes again.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from tools.fault_injection.trial_home import GREEN_RETURNS, RUN_STAGES, TrialHome, wait_for_stage

DISK_MB = 400
"""Size of a disk for a home with its build and a few releases."""

OTHER_LOCALE = {"LC_ALL": "C", "TZ": "Pacific/Kiritimati"}


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """Mount a disk in memory at a folder. Raises where mounting is not allowed."""
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)],
        check=True,
        capture_output=True,
    )
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill_disk(disk: Path) -> Path:
    """Fill the disk. Returns the file that fills it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def run_on_full_disk(trial: TrialHome, disk: Path, stage: str) -> str:
    """Run on a disk that is full from a stage on. Returns the output; fails where it is not clear."""
    before = trial.find_published()
    process = trial.start_run()
    is_reached = wait_for_stage(process, stage)
    filler = fill_disk(disk)
    out, err = process.communicate()
    filler.unlink()
    output = out + err
    assert is_reached, output
    assert process.returncode == 1, output
    assert "Traceback" not in output, output
    assert "The disk is full. Make room on it" in output or "see that the disk has room" in output, output
    assert "Nothing was published" in output, output
    trial.check_releases({before})
    return output


def main(
    only: Annotated[str, typer.Option(help="Only stages that begin with this text.")] = "",
) -> None:
    """Print the output of each stage to the error stream, and the counts as JSON."""
    stages = [stage for stage in RUN_STAGES if stage.startswith(only)]
    if not stages:
        raise typer.BadParameter(f"No stage begins with '{only}'. The stages are: {', '.join(RUN_STAGES)}.")
    with (
        tempfile.TemporaryDirectory(prefix="fault-injection-") as folder,
        small_disk(Path(folder) / "disk", DISK_MB) as disk,
    ):
        trial = TrialHome.create(disk / "a home with spaces and ümlauts")
        # The same returns give the same data in another language and time zone.
        trial.environment = OTHER_LOCALE
        trial.run()
        hashes = trial.hash_open_data()
        trial.environment = {}
        trial.change_return()
        for stage in stages:
            output = run_on_full_disk(trial, disk, stage)
            print(f"disk full at '{stage}':\n{output}", file=sys.stderr, flush=True)
        trial.run()
        trial.check_recovery()
        trial.change_return()
        assert trial.green == GREEN_RETURNS
        trial.run()
        assert trial.hash_open_data() == hashes
    print(json.dumps({"disk_full_at": len(stages), "recovered": True}))


if __name__ == "__main__":
    typer.run(main)
