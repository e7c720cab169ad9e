"""Entry point of the `selfeval` command, also as `python -m dagster_project.cli`."""

import multiprocessing
import os
import sys
from pathlib import Path


def main() -> None:
    """Run the command."""
    # The current folder can contain files that other people sent: child processes import no module from it.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    # Worker processes import the entry point again, and need nothing of the command.
    from dagster_project.cli.interrupts import INTERRUPTED, hold_interrupts

    try:
        with hold_interrupts():
            from dagster_project.cli.main import app
        app()
    except KeyboardInterrupt:
        # Before the command has begun.
        print("Stopped. Nothing was published.", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except SystemExit as exit_:
        if exit_.code == INTERRUPTED:
            # The interpreter would wait until they have imported what they need.
            for worker in multiprocessing.active_children():
                worker.terminate()
            # dbt's objects of DuckDB still exist, and DuckDB lists them as the interpreter ends.
            sys.stderr.flush()
            with Path(os.devnull).open("wb") as nothing:
                os.dup2(nothing.fileno(), sys.stderr.fileno())
        raise


if __name__ == "__main__":
    main()
