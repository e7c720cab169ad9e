"""Creation of a home: the product's reference data without the invented sample, or with it as a demonstration."""

import csv
import io
import shutil
import subprocess
from pathlib import Path

from dagster_project.home.files import PRIVATE_FOLDER, prepare_home, write_atomically
from dagster_project.paths import REPOSITORY, Home

OF_SAMPLE = (
    "rounds",
    "invitations",
    "decisions",
    "comment_codes",
    "claims",
    "committee_successions",
    "round_reopenings",
    "round_purges",
    "round_retention",
    "disclosure_acceptances",
)
"""Seeds whose rows are about the sample round. A new home begins without rows in them."""

VERSIONED = ("committees", "local_authorities")
"""Seeds whose rows are valid from a round on. Without the sample they are valid from the first round on."""

IGNORED = """# Reference data and decisions only. Returns, builds and releases contain what is confidential.
/*
!/.gitignore
!/dbt
/dbt/*
!/dbt/seeds
"""


class HomeError(Exception):
    """The home cannot be created. The message says what to do instead."""


def is_home(home: Home) -> bool:
    """Return whether the folder is a home: it has a registry of rounds."""
    return (home.seeds / "rounds.csv").is_file()


def create_home(home: Home, *, with_sample: bool = False, with_git: bool = False) -> None:
    """Create a home in a new or an empty folder. With `with_git`, its seeds are a Git repository of their own.

    Raises `HomeError` if the folder is not empty, is inside the repository, or Git cannot be used.
    """
    if home.root == REPOSITORY or REPOSITORY in home.root.parents:
        raise HomeError(
            f"{home.root} is inside the program's own folder. Choose a folder outside of {REPOSITORY}."
        )
    if is_home(home):
        raise HomeError(f"{home.root} is a home already.")
    if home.root.exists() and (not home.root.is_dir() or any(home.root.iterdir())):
        raise HomeError(f"{home.root} is not an empty folder. Choose a new one.")
    git = shutil.which("git")
    if with_git and not git:
        raise HomeError("Git is not installed. Install it, or leave out --git.")
    home.seeds.mkdir(parents=True)
    # The registry comes last: until then the folder is not a home.
    for seed in sorted((REPOSITORY / "dbt" / "seeds").glob("[!.]*"), key=lambda path: path.stem == "rounds"):
        content = seed.read_bytes() if with_sample else _remove_sample(seed)
        write_atomically(home.seeds / seed.name, content)
    if with_sample:
        shutil.copytree(REPOSITORY / "warehouse" / "returns", home.returns, copy_function=shutil.copyfile)
        for folder in (home.returns, *(path for path in home.returns.rglob("*") if path.is_dir())):
            folder.chmod(PRIVATE_FOLDER)
    prepare_home(home)
    if with_git and git:
        _create_repository(home.root, git)


def _remove_sample(seed: Path) -> bytes:
    if seed.stem not in (*OF_SAMPLE, *VERSIONED):
        return seed.read_bytes()
    with seed.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        columns = reader.fieldnames or []
        rows = [row | {"from_round": ""} for row in reader] if seed.stem in VERSIONED else []
    output = io.StringIO(newline="")
    writer = csv.DictWriter(output, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return output.getvalue().encode()


def _create_repository(root: Path, git: str) -> None:
    (root / ".gitignore").write_text(IGNORED, encoding="utf-8")
    for arguments in (
        ["init", "--quiet"],
        ["add", "."],
        ["commit", "--quiet", "-m", "Reference data of a new home"],
    ):
        done = subprocess.run([git, *arguments], cwd=root, capture_output=True, text=True)  # noqa: S603
        if done.returncode:
            raise HomeError(
                f"The home was created, but `git {arguments[0]}` failed: {done.stderr.strip()}\n"
                f"Fix this, then type it again in {root}."
            )
