"""Runs the commands of how-to pages, line by line: `python -m tests.rounds.follow PAGE#SECTION ...`.

bash runs the commands. Only `selfeval` runs in this process, with the arguments as bash expands them, so that
imports and the parsed models are loaded once.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

import typer

from dagster_project.cli.main import app
from dagster_project.paths import REPOSITORY

_BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def blocks(place: str) -> list[str]:
    """Return the commands of a page, of one section (`page#Section`), or of the text above the sections (`page#`)."""
    page, hash_, section = place.partition("#")
    text = (REPOSITORY / "docs" / "how-to" / f"{page}.md").read_text(encoding="utf-8")
    above, *sections = re.split(r"^## ", text, flags=re.MULTILINE)
    if hash_:
        text = next(part for part in sections if part.startswith(f"{section}\n")) if section else above
    found = _BLOCK.findall(text)
    assert found, f"{place} has no command"
    return found


def bash(script: str) -> None:
    """Run a script and keep the environment that it sets. Raises if a command fails."""
    run = subprocess.run(
        ["bash", "-euc", f"exec 3>&1 1>&2\nset -a\n{script}\nenv -0 >&3"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
    )
    for pair in run.stdout.split(b"\0")[:-1]:
        name, _, value = pair.decode().partition("=")
        os.environ[name] = value


def selfeval(line: str) -> int:
    """Run the command in this process and return its exit code."""
    expanded = subprocess.run(
        ["bash", "-euc", f"selfeval() {{ printf '%s\\0' \"$@\"; }}; {line}"],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
    ).stdout
    arguments = [part.decode() for part in expanded.split(b"\0")[:-1]]
    print("$ selfeval", *arguments, file=sys.stderr, flush=True)
    try:
        app(arguments)
    except (SystemExit, typer.Exit) as exit_:
        code = exit_.code if isinstance(exit_, SystemExit) else exit_.exit_code
        return int(code or 0)
    return 0


def follow(block: str) -> None:
    """Run a block. A `selfeval` command with the comment "exits 1" must exit with 1, any other with 0."""
    pending: list[str] = []
    for line in block.splitlines():
        if line.startswith("selfeval "):
            bash("\n".join(pending))
            pending = []
            code = selfeval(line)
            assert code == ("# exits 1" in line), f"{line}: exit code {code}"
        else:
            pending.append(line)
    bash("\n".join(pending))


if __name__ == "__main__":
    os.chdir(REPOSITORY)
    for place in sys.argv[1:]:
        for block in blocks(place):
            follow(block)
    assert Path(os.environ["SELFEVAL_HOME"]).is_dir()
