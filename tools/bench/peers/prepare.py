"""Other tools that make the same marts, each in a process of its own on a copy of the same raw data.

polars and pandas read and write Parquet files; SQLMesh works in a database, in a format that its own DuckDB can read.
"""

import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dagster_project.paths import REPOSITORY
from tools.bench import stages
from tools.bench.measure import Cost, measure_command, run_step

HERE = Path(__file__).parent
SQLMESH = REPOSITORY / ".venv" / "sqlmesh" / "bin" / "python"
QUIET = {"SQLMESH__DISABLE_ANONYMIZED_ANALYTICS": "true"}
VERSIONS = "import sys; from importlib.metadata import version; print(*map(version, sys.argv[1:]))"
MAX_MEMORY_SHARE = 0.8
"""Maximum share of the free memory that a peer may use."""


@dataclass(frozen=True)
class Peer:
    """A tool that makes the marts from the tables in a folder."""

    name: str
    version: str
    folder: Path

    @property
    def marts(self) -> Path:
        """The database or folder of the finished marts."""
        return self.folder / self.name / "marts.duckdb" if self.name == "sqlmesh" else self.folder / self.name

    def run(self) -> Cost:
        """Make the marts again. Raises `CommandFailed`."""
        output = self.folder / self.name
        shutil.rmtree(output, ignore_errors=True)
        script = HERE / f"{self.name}_marts.py"
        limit_mb = int(MAX_MEMORY_SHARE * read_available_mb())
        if self.name != "sqlmesh":
            output.mkdir()
            return run_step(stages.run_peer_script, limit_mb, script, self.folder, output)
        measure_command([SQLMESH, script, "split", HERE.parent / "floor.sql", output, str(limit_mb)], QUIET)
        shutil.copy(self.folder / "raw.duckdb", self.marts)
        return measure_command([SQLMESH, script, "run", output], QUIET)[0]


def read_available_mb() -> float:
    """Read how much memory programs can allocate now, in megabytes."""
    content = Path("/proc/meminfo").read_text(encoding="ascii")
    return int(content.split("MemAvailable:")[1].split()[0]) / 1024


def prepare_peers(
    raw: Path, folder: Path, ratings: int, peaks: Mapping[str, float], smaller_ratings: int
) -> tuple[list[Peer], dict[str, str]]:
    """Export data to the folder; return the peers that can be measured, and the reasons to leave others out.

    `peaks` has the peak megabytes of each with `smaller_ratings`, from which its need is estimated.
    """
    folder.mkdir()
    # In a process of its own: memory that this one ever used counts for every command that it measures.
    run_step(stages.export_tables, raw, folder)
    peers, left_out = [], {}
    free_mb = read_available_mb()
    for name, interpreter, packages in (
        ("polars", Path(sys.executable), ["polars"]),
        ("pandas", Path(sys.executable), ["pandas"]),
        ("sqlmesh", SQLMESH, ["sqlmesh", "duckdb"]),
    ):
        needed_mb = peaks.get(name, 0) * ratings / max(smaller_ratings, 1)
        if not interpreter.exists():
            left_out[name] = "not installed: `make sqlmesh` installs it"
        elif needed_mb > MAX_MEMORY_SHARE * free_mb:
            left_out[name] = (
                f"it would need about {needed_mb / 1024:.0f} GB of memory, and {free_mb / 1024:.0f} are free"
            )
        else:
            version, *engine = measure_command([interpreter, "-c", VERSIONS, *packages])[1].split()
            peers.append(Peer(name, f"{version} on duckdb {engine[0]}" if engine else version, folder))
    return peers, left_out
