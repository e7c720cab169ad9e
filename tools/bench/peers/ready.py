"""Who else makes the marts here, and what it costs: each in a process of its own, on a copy of the same raw data.

polars and pandas read Parquet files and write Parquet files; SQLMesh works in a database, as the script written by
hand does, in a format that its own DuckDB can read.
"""

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools.bench.measure import ROOT, Cost, measure, python

HERE = Path(__file__).parent
SQLMESH = ROOT / ".venv" / "sqlmesh" / "bin" / "python"
TABLES = {
    "raw": ("return_file", "answer"),
    "reference": (
        "committees", "rounds", "questions", "rating_words", "invitations", "local_authorities", "rating_phrases",
    ),
}  # fmt: skip
EXPORT = """
import json, sys
import duckdb
source, folder, tables = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
with duckdb.connect() as connection:
    connection.execute(f"attach '{source}' as source (read_only)")
    connection.execute(f"attach '{folder}/raw.duckdb' as copy (storage_version 'v1.0.0')")
    for schema, names in tables.items():
        connection.execute(f"create schema copy.{schema}")
        for name in names:
            connection.execute(f"copy source.{schema}.{name} to '{folder}/{name}.parquet' (format parquet)")
            connection.execute(f"create table copy.{schema}.{name} as from source.{schema}.{name}")
"""
# What outgrows the machine ends with an error, not the machine's other programs with it.
FRAMES = """
import resource, runpy, sys
most = int(sys.argv[1]) * 2**20
resource.setrlimit(resource.RLIMIT_DATA, (most, most))
sys.argv = sys.argv[2:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""
VERSIONS = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
# Of the memory that is free, so much may be wanted.
SHARE = 0.8


@dataclass(frozen=True)
class Peer:
    """Somebody who makes the marts of the tables in a folder, and what it has at its disposal."""

    name: str
    version: str
    folder: Path

    @property
    def made(self) -> Path:
        """Where the marts are afterwards."""
        return self.folder / self.name / "marts.duckdb" if self.name == "sqlmesh" else self.folder / self.name

    def run(self) -> Cost:
        """Make the marts anew. Raises `CommandFailed`."""
        home = self.folder / self.name
        shutil.rmtree(home, ignore_errors=True)
        script = HERE / f"{self.name}_marts.py"
        most = int(SHARE * available_mb())
        if self.name != "sqlmesh":
            home.mkdir()
            return measure(python(FRAMES, str(most), script, self.folder, home))[0]
        quiet = {"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true"}
        measure([SQLMESH, script, "split", HERE.parent / "floor.sql", home, str(most)], quiet)
        shutil.copy(self.folder / "raw.duckdb", self.made)
        return measure([SQLMESH, script, "run", home], quiet)[0]


def available_mb() -> float:
    """Memory that programs could take now."""
    told = Path("/proc/meminfo").read_text(encoding="ascii")
    return int(told.split("MemAvailable:")[1].split()[0]) / 1024


def ready(
    raw: Path, folder: Path, ratings: int, before: Mapping[str, float], rows_before: int
) -> tuple[list[Peer], dict[str, str]]:
    """Those that can be measured with so many ratings, their data put into the folder; and why the others cannot.

    `before` is the most memory, in megabytes, that each took with so many rows: with more it takes more.
    """
    folder.mkdir()
    measure(python(EXPORT, raw, folder, json.dumps(TABLES)))
    peers, left_out = [], {}
    free = available_mb()
    for name, interpreter, packages in (
        ("polars", Path(sys.executable), ["polars"]),
        ("pandas", Path(sys.executable), ["pandas"]),
        ("sqlmesh", SQLMESH, ["sqlmesh", "duckdb"]),
    ):
        wanted = before.get(name, 0) * ratings / max(rows_before, 1)
        if not interpreter.exists():
            left_out[name] = "not installed: `make sqlmesh` installs it"
        elif wanted > SHARE * free:
            left_out[name] = (
                f"it would take some {wanted / 1024:.0f} GB of memory, and {free / 1024:.0f} are free"
            )
        else:
            version, *engine = measure([interpreter, "-c", VERSIONS, *packages])[1].split()
            told = f"{version} on duckdb {engine[0]}" if engine else version
            peers.append(Peer(name, told, folder))
    return peers, left_out
