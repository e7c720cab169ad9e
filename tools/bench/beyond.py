"""A hundred million ratings for real, as JSON: what it takes to make them, and to build the models on them.

It takes half an hour and 20 GB of disk, so `make bench` runs it only when asked (`PARTS=beyond`). The models are built
with each memory that is given in turn. One that does not suffice is told with what was refused in it.
"""

import json
import re
import shutil
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tools.bench.measure import CommandFailed, measure, python
from tools.bench.transform import OURS, PARSE

HERE = Path(__file__).parent
REFUSED = re.compile(r"Runtime Error in model (\w+).*?Out of Memory Error: ([^\\\n]*)", re.DOTALL)


def built(environment: dict[str, str]) -> dict[str, Any]:
    """What building all models costs, or what was refused."""
    try:
        return asdict(measure(python(OURS), environment)[0])
    except CommandFailed as error:
        refused = REFUSED.search(str(error))
        if not refused:
            raise
        return {"refused_in": refused[1], "because": refused[2].strip()}


def main(
    ratings: Annotated[int, typer.Option(help="So many, about.")] = 100_000_000,
    memory: Annotated[str, typer.Option(help="What DuckDB may have, parted by spaces.")] = "780MB 6GB",
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        home, raw = Path(folder) / "home", Path(folder) / "raw.duckdb"
        typer.echo(f"beyond: {ratings:,} ratings", err=True)
        made, _ = measure([sys.executable, HERE / "rounds.py", home, str(ratings)])
        build = home / "warehouse" / "build" / "build.duckdb"
        shutil.move(build, raw)
        environment = {"SELFEVAL_HOME": str(home)}
        measure(python(PARSE), environment)
        runs = []
        for most in memory.split():
            typer.echo(f"  with {most}", err=True)
            shutil.copy(raw, build)
            runs.append({"memory": most, **built(environment | {"SELFEVAL_MEMORY": most})})
        figures = {
            "ratings": ratings,
            "generated": asdict(made),
            "raw_mb": round(raw.stat().st_size / 1e6),
            "runs": runs,
        }
    typer.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
