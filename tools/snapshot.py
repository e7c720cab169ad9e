"""Record or compare hashes of everything that a run makes: `python -m tools.snapshot --compare FILE`.

Four states are hashed: the sample; the two rounds of `make sample-2018`; the odd round, in which every check finds
something, as its run stops; and the odd round with every finding decided, as it is published. Each has the raw
tables, the marts and the findings of the build, and, where it was published, both databases and the open data.

Only the `selfeval` command of a checkout is used, with that checkout's returns and seeds. The two rounds are those
that `make sample-2018` made there last: make them again after a change of the generator or of the seeds.
"""

import csv
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from tools import odd_round
from tools.table_hashes import Entry, drop_columns, hash_database, hash_files, read_release_words

RETURNS, SEEDS = Path("warehouse", "returns"), Path("dbt", "seeds")
INTERNAL = ("intermediate/", "staging/", "reference/")
"""Schemas of the build that no user relies on: their differences are counted, and make no comparison fail."""

Entries = dict[str, Entry]


class SnapshotError(Exception):
    """A run did not end as it should, or something is missing."""


@dataclass(frozen=True)
class Home:
    """A folder with returns and seeds, and the `selfeval` command that runs on it."""

    root: Path
    selfeval: Path

    @property
    def checkout(self) -> Path:
        """The repository in whose `.venv` the command is installed."""
        return self.selfeval.parents[2]

    def copy_inputs(self, source: Path) -> None:
        """Copy returns and seeds from a repository or from another home."""
        for folder in (RETURNS, SEEDS):
            if not (source / folder).is_dir():
                raise SnapshotError(f"{source} has no folder {folder}.")
            # The text of a README may change; its size would be in the raw table of files.
            shutil.copytree(source / folder, self.root / folder, ignore=shutil.ignore_patterns("README.md"))

    def run(self, *, is_published: bool) -> None:
        """Run the whole job. Raises `SnapshotError` unless a release is published or not, as expected."""
        done = self._run_command("run", "--json")
        if (done.returncode == 0) is not is_published:
            outcome = "nothing" if is_published else "a release"
            raise SnapshotError(f"{self.root.name}: {outcome} was published.\n{done.stdout}{done.stderr}")

    def list_findings(self) -> list[dict[str, Any]]:
        """List all findings of the last run."""
        listed = self._run_command("decide", "--all", "--json")
        if listed.returncode:
            raise SnapshotError(f"{self.root.name}: the findings were not listed.\n{listed.stderr}")
        found: list[dict[str, Any]] = json.loads(listed.stdout)
        return found

    def _run_command(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(self.selfeval), "--home", str(self.root), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.root, check=False)

    def hash_build(self) -> Entries:
        """Hash all tables of the build and the list of findings."""
        entries = {}
        for name, entry in hash_database(self.root / "warehouse" / "build" / "build.duckdb").items():
            # Published tables are copies of marts, and internal ones change: their columns are not needed.
            entries[f"build/{name}"] = drop_columns(entry) if name.startswith(INTERNAL) else entry
        lines = sorted(
            f"{one['finding_id']} {one['severity']} {one['status']}" for one in self.list_findings()
        )
        digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
        return entries | {"build/findings": {"rows": len(lines), "hash": digest}}

    def hash_release(self) -> Entries:
        """Hash both published databases and every file of the open data."""
        published = (self.root / "warehouse" / "published").resolve()
        analysts, data = published / "self_evaluation.duckdb", published / "data"
        tables = {
            f"published/{audience}/{name.removeprefix('main/')}": drop_columns(entry)
            for audience, path in (("analysts", analysts), ("public", data / "self_evaluation_public.duckdb"))
            for name, entry in hash_database(path).items()
        }
        files = hash_files(data, read_release_words(analysts))
        return tables | {f"published/data/{name}": entry for name, entry in files.items()}


def snapshot_sample(home: Home, _: Path) -> Iterator[tuple[str, Entries]]:
    """Run the sample round."""
    home.copy_inputs(home.checkout)
    home.run(is_published=True)
    yield "sample", home.hash_build() | home.hash_release()


def snapshot_demo(home: Home, demo: Path) -> Iterator[tuple[str, Entries]]:
    """Run the returns and seeds of an existing home with the two invented rounds."""
    home.copy_inputs(demo)
    home.run(is_published=True)
    yield "demo", home.hash_build() | home.hash_release()


def snapshot_odd_round(home: Home, _: Path) -> Iterator[tuple[str, Entries]]:
    """Run the odd round until it stops, then decide every finding and publish it."""
    home.copy_inputs(home.checkout)
    seeds = home.root / SEEDS
    register = odd_round.read_register(seeds)
    odd_round.plant_returns(home.root / RETURNS / odd_round.ROUND)
    odd_round.plant_seeds(seeds)
    without_faults = {path: path.read_bytes() for path in seeds.iterdir()}
    odd_round.plant_faults(seeds, register)
    home.run(is_published=False)
    findings = home.list_findings()
    _require_every_check(seeds, findings)
    yield "odd-stopped", home.hash_build()
    for path, content in without_faults.items():
        path.write_bytes(content)
    odd_round.decide_findings(seeds, findings)
    home.run(is_published=True)
    yield "odd-decided", home.hash_build() | home.hash_release()


_OF_CHANGES = {"final_round_changed", "large_change", "missing_return", "unrecorded_reopening"}
"""Checks of what changed since a release or another round. A home with its first round has none of their findings."""


def _require_every_check(seeds: Path, findings: list[dict[str, Any]]) -> None:
    with (seeds / "quality_checks.csv").open(encoding="utf-8", newline="") as file:
        checks = {row["check_name"] for row in csv.DictReader(file)}
    missing = checks - _OF_CHANGES - {finding["finding_id"].split(":")[0] for finding in findings}
    if missing:
        raise SnapshotError(f"The odd round has no finding of: {', '.join(sorted(missing))}.")


ROUNDS = {"sample": snapshot_sample, "demo": snapshot_demo, "odd": snapshot_odd_round}


def take_snapshot(rounds: list[str], selfeval: Path, demo: Path, folder: Path) -> Entries:
    """Run the named rounds in new homes below `folder` and hash what they make."""
    entries: Entries = {}
    for name in rounds:
        started = time.monotonic()
        home = Home(folder / name, selfeval)
        home.root.mkdir()
        print_progress(f"{name}: running")
        for state, found in ROUNDS[name](home, demo):
            entries |= {f"{state}/{key}": entry for key, entry in found.items()}
            print_progress(f"{state}: {len(found)} hashes after {time.monotonic() - started:.0f} s")
    return entries


def print_progress(line: str) -> None:
    """Print a line where it does not mix with the result."""
    typer.echo(line, err=True)


def list_differences(before: Entries, after: Entries) -> dict[str, str]:
    """List what was added, is gone or has changed, by the entry's key."""
    differences = {}
    for key in sorted(before.keys() | after.keys()):
        if key not in after:
            differences[key] = "gone"
        elif key not in before:
            differences[key] = "added"
        elif before[key]["hash"] != after[key]["hash"]:
            differences[key] = f"changed: {_describe_change(before[key], after[key])}"
    return differences


def _describe_change(old: Entry, new: Entry) -> str:
    unit = "rows" if "rows" in new else "bytes"
    size = f"{new[unit]} {unit}" if old[unit] == new[unit] else f"{old[unit]} -> {new[unit]} {unit}"
    before, after = old.get("columns", {}), new.get("columns", {})
    columns = sorted(
        column for column in before.keys() | after.keys() if before.get(column) != after.get(column)
    )
    return f"{size}; columns: {', '.join(columns)}" if columns else size


def is_internal(key: str) -> bool:
    """Return whether an entry is a table that no user relies on."""
    return key.split("/build/")[-1].startswith(INTERNAL)


def main(
    out: Annotated[Path | None, typer.Option(help="File to write the hashes to.", dir_okay=False)] = None,
    compare: Annotated[
        Path | None, typer.Option(help="File of an earlier snapshot; exit 1 on differences.", exists=True)
    ] = None,
    selfeval: Annotated[
        Path | None,
        typer.Option(
            help="Command to run, in the .venv of its checkout; the one next to this Python.", exists=True
        ),
    ] = None,
    demo: Annotated[
        Path | None, typer.Option(help="Home that `make sample-2018` made; that of the checkout.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Run only sample, demo or odd. Repeatable.")] = None,
    keep: Annotated[Path | None, typer.Option(help="New folder in which to keep the homes.")] = None,
    internal: Annotated[
        bool, typer.Option("--internal", help="List differences of internal tables as well.")
    ] = False,
) -> None:
    """Hash every table and open-data file that a run makes, then write or compare the hashes."""
    if not (out or compare):
        raise typer.BadParameter("Give --out, --compare or both.")
    rounds = only or list(ROUNDS)
    if unknown := set(rounds) - ROUNDS.keys():
        raise typer.BadParameter(f"Unknown: {', '.join(sorted(unknown))}. Known: {', '.join(ROUNDS)}.")
    selfeval = (selfeval or Path(sys.executable).with_name("selfeval")).absolute()
    demo = (demo or selfeval.parents[2] / "warehouse" / "demo").absolute()
    if "demo" in rounds and not demo.is_dir():
        message = f"{demo} does not exist. Run `make sample-2018`, or name a home with --demo."
        raise typer.BadParameter(message)
    recorded = json.loads(compare.read_text(encoding="utf-8")) if compare else {}
    try:
        if keep:
            keep.mkdir(parents=True)
            entries = take_snapshot(rounds, selfeval, demo, keep.absolute())
        else:
            with tempfile.TemporaryDirectory(prefix="snapshot-") as folder:
                entries = take_snapshot(rounds, selfeval, demo, Path(folder))
    except (SnapshotError, FileExistsError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(2) from None
    if out:
        write_entries(out, entries)
    if compare:
        states = {key.split("/")[0] for key in entries}
        before = {key: entry for key, entry in recorded.items() if key.split("/")[0] in states}
        raise typer.Exit(report_differences(before, entries, with_internal=internal))


def write_entries(path: Path, entries: Entries) -> None:
    """Write one line for each entry, sorted by key."""
    lines = (f"{json.dumps(key)}: {json.dumps(entry)}" for key, entry in sorted(entries.items()))
    path.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def report_differences(before: Entries, after: Entries, *, with_internal: bool) -> int:
    """Print the differences. Returns 1 if any is outside the internal tables, else 0."""
    differences = list_differences(before, after)
    internal = {key for key in differences if is_internal(key)}
    for key, difference in differences.items():
        if with_internal or key not in internal:
            typer.echo(f"{key}  {difference}")
    typer.echo(
        f"{len(before.keys() | after.keys())} tables and files: {len(differences) - len(internal)} differ, "
        f"{len(internal)} internal tables differ{'' if with_internal or not internal else ' (--internal)'}"
    )
    return int(len(differences) > len(internal))


if __name__ == "__main__":
    typer.run(main)
