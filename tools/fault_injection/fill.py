"""Fill the disk at every stage of a real run: `python -m tools.fault_injection.fill`. Needs root, to mount a disk.

After each, the command must have ended with a clear word and readers must see what they saw. At the end there is room
again, and a plain run publishes.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from dagster_project.cli.progress import STAGES
from tools.fault_injection.place import AS_SENT, Place, told

MEGABYTES = 400
"""A disk that holds a home with its build and a few releases."""


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A disk in memory, mounted at a folder as long as it lasts. Raises where mounting is not allowed."""
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


def fill(disk: Path) -> Path:
    """Take all the room there is. Returns the file that has it."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while True:
                    file.write(b"x" * size)
            except OSError:
                continue
    return filler


def full_from(place: Place, disk: Path, stage: str) -> str:
    """Run, with something to publish, on a disk that is full from a stage on.

    Returns what the command said; raises where it said it badly.
    """
    before = place.published()
    process = place.start()
    reached = told(process, stage)
    filler = fill(disk)
    out, err = process.communicate()
    filler.unlink()
    said = out + err
    assert reached, said
    assert process.returncode == 1, said
    assert "Traceback" not in said, said
    assert "The disk is full. Make room on it" in said or "see that the disk has room" in said, said
    assert "Nothing was published" in said, said
    place.must_be_whole({before})
    return said


def main() -> int:
    """Print what was said at each stage to the error stream, and the counts as JSON."""
    with (
        tempfile.TemporaryDirectory(prefix="fault-injection-") as folder,
        small_disk(Path(folder) / "disk", MEGABYTES) as disk,
    ):
        place = Place.make(disk / "a home with spaces and ümlauts")
        # Where the machine speaks and keeps time otherwise, the same returns give the same data.
        place.elsewhere = {
            "LC_ALL": "C",
            "TZ": "Pacific/Kiritimati",
            "PYTHONUTF8": "0",
            "PYTHONCOERCECLOCALE": "0",
        }
        place.run()
        elsewhere = place.open_data()
        place.elsewhere = {}
        place.change()
        for stage in ("start", *STAGES.values()):
            said = full_from(place, disk, stage)
            print(f"disk full at '{stage}':\n{said}", file=sys.stderr, flush=True)
        place.run()
        place.must_be_recovered()
        place.change()
        assert place.greens == AS_SENT
        place.run()
        assert place.open_data() == elsewhere
    print(json.dumps({"disk_full_at": len(STAGES) + 1, "recovered": True}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
