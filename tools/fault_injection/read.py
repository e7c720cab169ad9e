"""Readers that never stop asking while releases are published: `python -m tools.fault_injection.read --releases 50`.

Every reader is a process. What it takes of one answer must be of one release, and what it has open must stay as it was.
"""

import argparse
import itertools
import json
import multiprocessing
import os
import re
import shutil
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path

import duckdb

from dagster_project.paths import Home
from dagster_project.release import publish, shelf
from dagster_project.release.database import ABOUT_TABLE, DATABASE

ASK = f"""
select
    (select text from {ABOUT_TABLE} where subject = 'release'),
    (select comment from mart_question_ranking where question_no = 4)
"""
"""Both name the release, in tables that were written one after the other."""


@dataclass
class Read:
    """What one reader met. `torn` says what was of two releases, `failed` what could not be read at all."""

    answers: int = 0
    releases: int = 0
    torn: str = ""
    failed: str = ""


def of_database(published: Path) -> Iterator[str]:
    """Open the database that is published, and ask."""
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        yield from _one(connection)


def of_held_database(published: Path) -> Iterator[str]:
    """Keep a database open for many questions, whatever is published meanwhile, and deleted."""
    with duckdb.connect(str(published / DATABASE), read_only=True) as connection:
        for _ in range(200):
            yield from _one(connection)


def of_files(published: Path) -> Iterator[str]:
    """Hold one release by resolving the link first, then read page, manifest and database of it."""
    release = published.resolve()
    yield release.name
    yield json.loads((release / shelf.MANIFEST).read_text())["release_id"]
    yield from _named_in((release / "site" / "index.html").read_text(encoding="utf-8"))
    yield from _named_in((release / "site" / "rankings.html").read_text(encoding="utf-8"))
    yield from of_database(release)


def of_page(published: Path) -> Iterator[str]:
    """One page is one file: no link need be resolved for it."""
    yield from _named_in((published / "site" / "index.html").read_text(encoding="utf-8"))


def of_link(published: Path) -> Iterator[str]:
    """Look whether there is a release, without a pause: a moment with none would be met."""
    manifest = published / shelf.MANIFEST
    for _ in range(2000):
        manifest.stat()
    yield published.resolve().name


READERS = (of_database, of_held_database, of_files, of_page, of_link)


def over_http(address: str) -> Callable[[Path], Iterator[str]]:
    """Open a page of the served site, then another one as its links say, relative to where it was found."""

    def read(_: Path) -> Iterator[str]:
        with urllib.request.urlopen(address) as page:  # noqa: S310 - our own server
            base, text = page.url, page.read().decode()
        yield base.rstrip("/").rpartition("/")[2]
        yield from _named_in(text)
        with urllib.request.urlopen(f"{base}rankings.html") as page:  # noqa: S310
            yield from _named_in(page.read().decode())

    return read


def read_until(end: Event, published: Path, read: Callable[[Path], Iterator[str]]) -> Read:
    """Read again and again. Every reading must name one release alone."""
    met, seen = Read(), set[str]()
    while not end.is_set():
        named: set[str] = set()
        try:
            for release_id in read(published):
                named.add(release_id)
                met.answers += 1
        except Exception as error:
            met.failed = f"{read.__name__}: {error}"
            break
        if len(named) != 1:
            met.torn = f"{read.__name__}: {sorted(named)}"
            break
        seen |= named
    met.releases = len(seen)
    return met


def _read_into(
    results: "multiprocessing.Queue[Read]", ready: "multiprocessing.Queue[int]", end: Event, published: Path, who: int,
    address: str | None,
) -> None:  # fmt: skip
    ready.put(who)
    readers = (*READERS, over_http(address)) if address else READERS
    results.put(read_until(end, published, readers[who % len(readers)]))


def disturb(
    home: Home, releases: int, processes: int, address: str | None = None
) -> tuple[list[Read], list[str]]:
    """Let so many processes read while so many releases are published. Returns what each met, and the releases."""
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Read] = context.Queue()
    ready: multiprocessing.Queue[int] = context.Queue()
    end = context.Event()
    following = copies(home)
    made = list(itertools.islice(following, 2))
    readers = [
        context.Process(target=_read_into, args=(results, ready, end, home.published, who, address))
        for who in range(processes)
    ]
    for reader in readers:
        reader.start()
    for _ in readers:
        ready.get(timeout=60)
    made += itertools.islice(following, releases)
    end.set()
    met = [results.get(timeout=60) for _ in readers]
    for reader in readers:
        reader.join()
    return met, made


def copies(home: Home) -> Iterator[str]:
    """Publish one release after the other, each named in all its parts; the oldest are let go, as after a run."""
    first = home.published.resolve().name
    original = home.build / "original"
    shutil.copytree(home.releases / first, original, copy_function=os.link)
    while True:
        number = shelf.next_number(home)
        release_id = f"20991231T{number:06}Z-{os.getpid():08x}"
        making = home.build / "copy"
        shutil.rmtree(making, ignore_errors=True)
        shutil.copytree(original, making, copy_function=os.link)
        rename(making, first, release_id, number)
        making.rename(home.releases / release_id)
        publish.switch(home, release_id)
        shelf.let_go(home, 5)
        yield release_id


def rename(folder: Path, old: str, new: str, number: int) -> None:
    """Make a copied release another one, in the parts that readers look at. Its files are links: none is written to."""
    for path in (
        folder / shelf.MANIFEST,
        *(folder / "site" / page for page in ("index.html", "rankings.html")),
    ):
        text = path.read_text(encoding="utf-8").replace(old, new)
        path.unlink()
        path.write_text(text, encoding="utf-8")
    manifest = json.loads((folder / shelf.MANIFEST).read_text())
    (folder / shelf.MANIFEST).write_text(json.dumps(manifest | {"number": number}))
    database = folder / DATABASE
    content = database.read_bytes()
    database.unlink()
    database.write_bytes(content)
    with duckdb.connect(str(database)) as connection:
        connection.execute(f"update {ABOUT_TABLE} set text = ? where subject = 'release'", [new])
        connection.execute("update mart_question_ranking set comment = ? where question_no = 4", [new])


def _one(connection: duckdb.DuckDBPyConnection) -> Iterator[str]:
    for row in connection.execute(ASK).fetchall():
        yield from row


def _named_in(page: str) -> set[str]:
    return set(re.findall(r"\d{8}T\d{6}Z-[0-9a-f]{8}", page))


def main() -> int:
    """Read from a copy of the repository's published release. Prints counts as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=50)
    parser.add_argument("--processes", type=int, default=8)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        home = Home(Path(folder))
        home.build.mkdir(parents=True)
        original = Home.current().published.resolve()
        shutil.copytree(original, home.releases / original.name)
        publish.switch(home, original.name)
        met, made = disturb(home, options.releases, options.processes)
    faults = [one.torn or one.failed for one in met if one.torn or one.failed]
    counts = {
        "releases": len(made),
        "readers": len(met),
        "answers": sum(one.answers for one in met),
        "torn": sum(bool(one.torn) for one in met),
        "failed": sum(bool(one.failed) for one in met),
        "faults": faults,
    }
    print(json.dumps(counts, indent=2))
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
