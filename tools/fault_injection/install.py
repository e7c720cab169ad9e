"""Kill `make install` at random moments in a clone: `python -m tools.fault_injection.install --kills 5`.

After each kill, `make install` must give a working command.
"""

import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.paths import REPOSITORY
from tools.fault_injection.trial_home import kill_group


def start_install(clone: Path) -> "subprocess.Popen[str]":
    """Start an installation in a session of its own."""
    # The calling make passes settings to its children, which must not reach the clone's make.
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    return subprocess.Popen(
        ["make", "install"],
        cwd=clone,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def main(
    kills: Annotated[int, typer.Option(help="Number of kills.")] = 5,
    seed: Annotated[int, typer.Option(help="Seed of the random moments.")] = 1,
) -> None:
    """Print one line per installation to the error stream, and the counts as JSON."""
    random_source = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        clone = Path(folder) / "a clone"
        subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(clone)], check=True)
        longest, killed = 0.0, 0
        for number in range(kills + 1):
            # The first installation is not killed: it gives the longest time.
            if number:
                (clone / ".venv" / ".installed").unlink()
                process = start_install(clone)
                time.sleep(random_source.uniform(0, longest))
                killed += kill_group(process)
            started = time.monotonic()
            process = start_install(clone)
            output, _ = process.communicate()
            assert process.returncode == 0, output
            command = [str(clone / ".venv" / "bin" / "selfeval"), "--help"]
            subprocess.run(command, check=True, capture_output=True)
            longest = max(longest, time.monotonic() - started)
            print(f"{number}: installed in {longest:.0f} s at most", file=sys.stderr, flush=True)
    print(json.dumps({"installations_killed": killed, "recovered": killed}))


if __name__ == "__main__":
    typer.run(main)
