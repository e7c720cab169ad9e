"""Entry point of the `selfeval` command, also as `python -m dagster_project.cli`."""

import os


def main() -> None:
    """Run the command."""
    # The current folder can hold files that other people sent: child processes import no module from it.
    os.environ.setdefault("PYTHONSAFEPATH", "1")
    # Worker processes import the entry point again, and need nothing of the command.
    from dagster_project.cli.main import app

    app()


if __name__ == "__main__":
    main()
