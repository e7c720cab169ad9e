"""Read without a pause while releases are published: `python -m tools.fault_injection.read --releases 50`.

Each reader is a process. One reading must come from one release, and an open database must not change.
"""

import itertools
import json
import multiprocessing
import os
import re
import shutil
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.paths import Home
from dagster_project.release import catalog, publish, retention
from dagster_project.release.database import ABOUT_TABLE, DATABASE

QUERY = f"""
select
    (select text from {ABOUT_TABLE} where subject = 'release'),
    (select comment from mart_question_ranking where question_no = 4)
"""
"""Both columns contain the release id, in tables that were written one after the other."""

RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}")
STARTUP_SECONDS = 60
Reader = Callable[[Path], Iterator[str]]
"""Yields the release ids that one reading of the published folder finds."""


@dataclass
class Reading:
    """Counts of one reader. `mixed` describes a reading of two releases, `failed` an error."""

    answers: int = 0
    releases: int = 0
    mixed: str = ""
    failed: str = ""


def read_database(published: Path) -> Iterator[str]:
    """Open the published database and query it."""
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        yield from query_release(connection)


def read_open_database(published: Path) -> Iterator[str]:
    """Keep a database open for many queries, while others are published and it is deleted."""
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        for _ in range(200):
            yield from query_release(connection)


def read_files(published: Path) -> Iterator[str]:
    """Resolve the link first, then read pages, manifest and database of that release."""
    release = published.resolve()
    yield release.name
    yield json.loads((release / catalog.MANIFEST).read_text())["release_id"]
    yield from find_ids((release / "site" / "index.html").read_text(encoding="utf-8"))
    yield from find_ids((release / "site" / "rankings.html").read_text(encoding="utf-8"))
    yield from read_database(release)


def read_page(published: Path) -> Iterator[str]:
    """Read one page through the link."""
    yield from find_ids((published / "site" / "index.html").read_text(encoding="utf-8"))


def read_link(published: Path) -> Iterator[str]:
    """Follow the link without a pause: it must never be missing."""
    manifest = published / catalog.MANIFEST
    for _ in range(2000):
        manifest.stat()
    yield published.resolve().name


READERS = (read_database, read_open_database, read_files, read_page, read_link)


def read_over_http(address: str) -> Reader:
    """Open a page of the served site, then another one relative to the first one's address."""

    def read_served_pages(_: Path) -> Iterator[str]:
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own server
            base, text = page.url, page.read().decode()
        yield base.rstrip("/").rpartition("/")[2]
        yield from find_ids(text)
        with urllib.request.urlopen(f"{base}rankings.html") as page:  # noqa: S310
            yield from find_ids(page.read().decode())

    return read_served_pages


def query_release(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    """Query the release ids in two tables of a database."""
    for row in connection.execute(QUERY).fetchall():
        yield from row


def find_ids(page: str) -> set[str]:
    """Find the release ids in a page."""
    return set(RELEASE_ID.findall(page))


def read_until(end: Event, published: Path, read: Reader) -> Reading:
    """Read again and again. Each reading must find one release id."""
    reading, seen = Reading(), set[str]()
    while not end.is_set():
        found: set[str] = set()
        try:
            for release_id in read(published):
                found.add(release_id)
                reading.answers += 1
        except Exception as error:
            reading.failed = f"{read.__name__}: {error}"
            break
        if len(found) != 1:
            reading.mixed = f"{read.__name__}: {sorted(found)}"
            break
        seen |= found
    reading.releases = len(seen)
    return reading


def run_reader(
    results: "multiprocessing.Queue[Reading]", started: "multiprocessing.Queue[int]", end: Event, published: Path,
    number: int, address: str | None,
) -> None:  # fmt: skip
    """Run a reader's process: report the start, read, report the result."""
    started.put(number)
    readers = (*READERS, read_over_http(address)) if address else READERS
    results.put(read_until(end, published, readers[number % len(readers)]))


def publish_while_reading(
    home: Home, releases: int, processes: int, address: str | None = None
) -> tuple[list[Reading], list[str]]:
    """Publish releases while processes read. Returns the readings and the ids of the releases."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Reading] = context.Queue()
    started: multiprocessing.Queue[int] = context.Queue()
    end = context.Event()
    copies = publish_copies(home)
    made = list(itertools.islice(copies, 2))
    readers = [
        context.Process(target=run_reader, args=(results, started, end, home.published, number, address))
        for number in range(processes)
    ]
    for reader in readers:
        reader.start()
    for _ in readers:
        started.get(timeout=STARTUP_SECONDS)
    made += itertools.islice(copies, releases)
    end.set()
    readings = [results.get(timeout=STARTUP_SECONDS) for _ in readers]
    for reader in readers:
        reader.join()
    return readings, made


def publish_copies(home: Home) -> Iterator[str]:
    """Publish renamed copies of the first release, and prune old ones as a run does. Yields their ids."""
    first = home.published.resolve().name
    original = home.build / "original"
    shutil.copytree(home.releases / first, original, copy_function=os.link)
    while True:
        number = catalog.find_next_number(home)
        release_id = f"20991231T{number:06}Z-{os.getpid():08x}"
        copy = home.build / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(original, copy, copy_function=os.link)
        rename_release(copy, first, release_id, number)
        copy.rename(home.releases / release_id)
        publish.switch_release(home, release_id)
        retention.prune_releases(home, 5)
        yield release_id


def rename_release(folder: Path, old: str, new: str, number: int) -> None:
    """Replace the id in the parts that readers read. Files are hard links, so each is replaced, not written to."""
    for path in (
        folder / catalog.MANIFEST,
        *(folder / "site" / page for page in ("index.html", "rankings.html")),
    ):
        text = path.read_text(encoding="utf-8").replace(old, new)
        path.unlink()
        path.write_text(text, encoding="utf-8")
    manifest = json.loads((folder / catalog.MANIFEST).read_text())
    (folder / catalog.MANIFEST).write_text(json.dumps(manifest | {"number": number}))
    database = folder / DATABASE
    content = database.read_bytes()
    database.unlink()
    database.write_bytes(content)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"update {ABOUT_TABLE} set text = ? where subject = 'release'", [new])
        connection.execute("update mart_question_ranking set comment = ? where question_no = 4", [new])


def main(
    releases: Annotated[int, typer.Option(help="Number of releases to publish.")] = 50,
    processes: Annotated[int, typer.Option(help="Number of readers.")] = 8,
) -> None:
    """Read from a copy of the published release. Print counts as JSON; exit with 1 where a reading failed."""
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        home = Home(Path(folder))
        home.build.mkdir(parents=True)
        original = Home.from_environment().published.resolve()
        shutil.copytree(original, home.releases / original.name)
        publish.switch_release(home, original.name)
        readings, made = publish_while_reading(home, releases, processes)
    faults = [reading.mixed or reading.failed for reading in readings if reading.mixed or reading.failed]
    counts = {
        "releases": len(made),
        "readers": len(readings),
        "answers": sum(reading.answers for reading in readings),
        "mixed": sum(bool(reading.mixed) for reading in readings),
        "failed": sum(bool(reading.failed) for reading in readings),
        "faults": faults,
    }
    typer.echo(json.dumps(counts, indent=2))
    raise typer.Exit(bool(faults))


if __name__ == "__main__":
    typer.run(main)
