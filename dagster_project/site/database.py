"""The public tables of a release as an in-memory database for the pages.

The tables are loaded first. Then access to files, extensions and settings is disabled, so that a page can
read the public tables of one release and nothing else.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import duckdb

from dagster_project.release.catalog import ReleaseError, read_manifest
from dagster_project.site.errors import SiteError
from dagster_project.site.queries import Session

DOWNLOADS = "downloads"
"""The folder of the open data in the site."""

_SITE_TABLES = frozenset(
    {
        "download",
        "download_file",
        "name_in_path",
        "release_history",
        "release_rank",
        "release_return",
        "release_table",
        "sql_file",
    }
)
_TABLE_NAME = re.compile(r"^[a-z][a-z0-9_]*$")
_MANIFEST_KEYS = {"release_id", "made_at", "rounds", "latest_round", "is_illustrative", "tables"}


SHOWN_ROUNDS = {
    "latest": "round_id = $round_id",
    "compared": "round_id = $round_id"
    " or round_id = (select previous_round_id from dim_round where round_id = $round_id)",
    "report": "round_id in (select round_id from mart_claim_check)",
    "all": "true",
}
"""Conditions on `dim_round` for the rounds that a page shows, by the value of `rounds` in its front matter.

`$round_id` is the page's own round: the latest, unless the row of its template has another.
"""

# Invented returns of a round that a published report describes match its totals.
_ILLUSTRATIVE_NOTES = {
    True: "In {title}, individual ratings, and most consortium figures, are invented to match the published totals.",
    False: "In {title}, all ratings are invented.",
}


class Database:
    """The public tables of `release`, and what the manifests in the folder `releases` say of earlier ones."""

    def __init__(self, release: Path, releases: Path | None = None) -> None:
        self.manifest = _read_release_json(release)
        self.tables = frozenset(table["name"] for table in self.manifest["tables"])
        # Queries of pages are too small to gain from threads.
        self.connection = duckdb.connect(":memory:", config={"threads": 1})
        for name in sorted(self.tables):
            self._load_table(release, name)
        self._name_pages()
        self._create_download_tables(release)
        self._create_release_tables(release, releases)
        self.connection.execute("set enable_external_access = false")
        self.connection.execute("set lock_configuration = true")
        self._illustrative_notes: dict[tuple[str, str], list[str]] = {}

    @contextmanager
    def session(self, page: str, parameters: Mapping[str, Any] | None = None) -> Iterator[Session]:
        """Open a connection for one page; its named results are dropped at the end."""
        cursor = self.connection.cursor()
        bound = {"round_id": self.manifest["latest_round"], **(parameters or {})}
        try:
            yield Session(cursor, self.tables | _SITE_TABLES, page, bound)
        finally:
            cursor.close()

    def describe_latest_round(self) -> dict[str, Any]:
        """Return the row of the latest round in `dim_round`, and its `year`, for the sentences of pages."""
        cursor = self.connection.execute(
            "select *, year(fieldwork_start)::text as year from dim_round where round_id = ?",
            [self.manifest["latest_round"]],
        )
        rows = cursor.fetchall()
        if len(rows) != 1:
            raise SiteError(f"dim_round needs exactly one row for round {self.manifest['latest_round']}")
        return dict(zip([str(column[0]) for column in cursor.description], rows[0], strict=True))

    def list_illustrative_notes(self, rounds: str, round_id: str | None = None) -> list[str]:
        """Return a sentence for each of `rounds`, a key of `SHOWN_ROUNDS`, whose returns are invented.

        `round_id` is the page's own round, by default the latest.
        """
        shown, round_id = SHOWN_ROUNDS[rounds], round_id or self.manifest["latest_round"]
        if (rounds, round_id) not in self._illustrative_notes:
            found = self.connection.execute(
                "select title, round_id in (select round_id from mart_claim_check) from dim_round"
                f" where is_illustrative and ({shown}) order by fieldwork_start, round_id",
                {"round_id": round_id} if "$round_id" in shown else {},
            ).fetchall()
            notes = [_ILLUSTRATIVE_NOTES[is_in_report].format(title=title) for title, is_in_report in found]
            self._illustrative_notes[rounds, round_id] = notes
        return self._illustrative_notes[rounds, round_id]

    def has_rows(self, table: str, rounds: str = "all") -> bool:
        """Return whether the release has this table, with a row of `rounds`, a key of `SHOWN_ROUNDS`.

        What compares two rounds has its rows at the later one.
        """
        if table not in self.tables:
            return False
        is_of_latest = rounds in ("latest", "compared")
        return bool(
            self.connection.execute(
                f'select 1 from "{table}" {"where round_id = $latest" if is_of_latest else ""} limit 1',
                {"latest": self.manifest["latest_round"]} if is_of_latest else {},
            ).fetchall()
        )

    def create_file_table(self, name: str, files: Sequence[tuple[str, int]]) -> None:
        """Create a table of files of the site that pages can query: path in the site, size in bytes."""
        self.connection.execute(f'create table "{name}" (file text, bytes bigint)')
        self._insert_rows(name, files)

    def close(self) -> None:
        """Close the connection and free its memory."""
        self.connection.close()

    def _load_table(self, release: Path, name: str) -> None:
        if not _TABLE_NAME.match(name):
            raise SiteError(f"release.json has an invalid table name {name!r}")
        source = release / "data" / "parquet" / f"{name}.parquet"
        try:
            self.connection.execute(f'create table "{name}" as select * from read_parquet(?)', [str(source)])
        except duckdb.Error as error:
            raise SiteError(f"table {name} of the release cannot be read: {error}") from error

    def _name_pages(self) -> None:
        """Create the macro `page_name`: the part of a page's path for a consortium or a round.

        It has letters, digits and single hyphens. A name without any of them, and names that have the same ones, get a
        part of their hash as well. `index` is the page of the folder.
        """
        self.connection.execute(
            """
            create table name_in_path as
            with names as (
                select consortium_name as name from dim_consortium
                union
                select round_id from dim_round
            ),
            parts as (
                select name, trim(regexp_replace(lower(strip_accents(name)), '[^a-z0-9]+', '-', 'g'), '-') as part
                from names
            )
            select
                -- No column of a page has this name: the macro would compare it with itself.
                name as name_in_data,
                if(
                    part in ('', 'index') or count(*) over (partition by part) > 1,
                    ltrim(part || '-' || left(md5(name), 6), '-'),
                    part
                ) as part
            from parts;
            create macro page_name(words) as (select part from name_in_path where name_in_data = words)
            """
        )

    def _create_download_tables(self, release: Path) -> None:
        """Create `download` (one row per public table) and `download_file` (one row per file)."""
        data = release / "data"
        files = sorted(path for path in data.rglob("*") if path.is_file())
        self.create_file_table(
            "download_file",
            [(f"{DOWNLOADS}/{path.relative_to(data).as_posix()}", path.stat().st_size) for path in files],
        )
        self.connection.execute(
            "create table download (table_name text, description text, row_count bigint,"
            " csv_file text, csv_bytes bigint, parquet_file text, parquet_bytes bigint)"
        )
        rows: list[list[Any]] = []
        for table in sorted(self.manifest["tables"], key=lambda entry: str(entry["name"])):
            row = [table["name"], table["description"], table["rows"]]
            for suffix in ("csv", "parquet"):
                path = data / suffix / f"{table['name']}.{suffix}"
                if not path.is_file():
                    raise SiteError(f"the release has no file {path.relative_to(release)}")
                row += [f"{DOWNLOADS}/{suffix}/{path.name}", path.stat().st_size]
            rows.append(row)
        self._insert_rows("download", rows)

    def _create_release_tables(self, release: Path, releases: Path | None) -> None:
        """Create `release_history` (one row per release) and `release_table` (one per release and table).

        `release_return` and `release_rank` are what differs from the release that readers saw before: the number of
        returns per round and kind of change, and each rank that moved.
        Two tables with the same `sha256` have the same content. `number` orders releases even if a clock was
        set back. The release in the making has no manifest yet. A damaged release is left out; the command
        `selfeval releases` reports it.
        """
        self.connection.execute(
            "create table release_history (release_id text, number bigint, made_at timestamp, rounds text)"
        )
        self.connection.execute(
            "create table release_table (release_id text, table_name text, row_count bigint, sha256 text)"
        )
        self.connection.execute(
            "create table release_return (release_id text, round_id text, change text, returns bigint)"
        )
        self.connection.execute(
            "create table release_rank (release_id text, round_id text, question_no bigint, rank_before bigint,"
            " rank_now bigint)"
        )
        manifests = {str(self.manifest["release_id"]): {**self.manifest, "files": _hash_csv_files(release)}}
        for path in releases.glob("[!.]*/") if releases else ():
            with suppress(ReleaseError):
                manifests.setdefault(path.name, read_manifest(path))
        for name, manifest in sorted(manifests.items()):
            self.connection.execute(
                "insert into release_history values (?, ?, (?::timestamptz at time zone 'UTC'), ?)",
                [name, manifest.get("number", 0), manifest["made_at"], ", ".join(manifest["rounds"])],
            )
            hashes = {file["path"]: file["sha256"] for file in manifest["files"]}
            rows = [
                [name, table["name"], table["rows"], hashes.get(f"data/csv/{table['name']}.csv")]
                for table in manifest["tables"]
            ]
            self._insert_rows("release_table", rows)
            revision = manifest.get("revision", {})
            for table, key in (("release_return", "returns"), ("release_rank", "ranks")):
                self._insert_rows(table, [[name, *row.values()] for row in revision.get(key, ())])

    def _insert_rows(self, table: str, rows: Sequence[Sequence[Any]]) -> None:
        if rows:
            # One statement: `executemany` would run a query for each row.
            columns = [list(column) for column in zip(*rows, strict=True)]
            values = ", ".join(["unnest(?)"] * len(columns))
            self.connection.execute(f'insert into "{table}" select {values}', columns)


def _read_release_json(release: Path) -> dict[str, Any]:
    path = release / "release.json"
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise SiteError(f"release.json cannot be read: {error}") from error
    if missing := sorted(_MANIFEST_KEYS - set(manifest)):
        raise SiteError(f"release.json lacks {', '.join(missing)}")
    return dict(manifest)


def _hash_csv_files(release: Path) -> list[dict[str, str]]:
    return [
        {
            "path": path.relative_to(release).as_posix(),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        }
        for path in sorted(release.glob("data/csv/*.csv"))
    ]
