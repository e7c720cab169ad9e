"""Kill `make install` at random moments in a clone: `python -m tools.fault_injection.install --kills 5`.

After each, a plain `make install` must give a command that works.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from dagster_project.paths import REPOSITORY
from tools.fault_injection.place import kill


def install(clone: Path) -> "subprocess.Popen[str]":
    """Start an install in a session of its own."""
    # The make that started this hands its own settings on; the clone's make must not see them.
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


def main() -> int:
    """Print one line per kill to the error stream, and the counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        clone = Path(folder) / "a clone"
        subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(clone)], check=True)
        longest, survived = 0.0, 0
        for number in range(options.kills + 1):
            # The first is not cut off: it tells how long one takes.
            if number:
                (clone / ".venv" / ".installed").unlink()
                process = install(clone)
                time.sleep(chance.uniform(0, longest))
                survived += kill(process)
            started = time.monotonic()
            process = install(clone)
            said, _ = process.communicate()
            assert process.returncode == 0, said
            subprocess.run(
                [str(clone / ".venv" / "bin" / "selfeval"), "--help"], check=True, capture_output=True
            )
            longest = max(longest, time.monotonic() - started)
            print(f"{number}: installed after {longest:.0f} s at most", file=sys.stderr, flush=True)
    print(json.dumps({"installs_cut_off": survived, "healed": survived}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
