"""The cost of a hundred million ratings: `python -m tools.bench.beyond`, as JSON.

It takes half an hour and 20 GB of disk, so `make bench` runs it only on request (`PARTS=beyond`). The models are built
with each memory limit in turn. A limit that is too low is reported with the model that was refused memory.
"""

import json
import re
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from tools.bench import stages
from tools.bench.measure import (
    CommandFailed,
    build_environment,
    build_step_command,
    measure_command,
    run_step,
)

REFUSED = re.compile(r"Runtime Error in model (\w+).*?Out of Memory Error: ([^\\\n]*)", re.DOTALL)


def build_models(home: Path, limit: str) -> dict[str, Any]:
    """Build all models; return the cost, or the model that was refused memory."""
    try:
        environment = build_environment(home) | {"SELFEVAL_MEMORY": limit}
        return asdict(measure_command(build_step_command(stages.build_models), environment)[0])
    except CommandFailed as error:
        refused = REFUSED.search(str(error))
        if not refused:
            raise
        return {"refused_in": refused[1], "because": refused[2].strip()}


def main(
    ratings: Annotated[int, typer.Option(help="Number of ratings.")] = 100_000_000,
    memory: Annotated[str, typer.Option(help="Memory limits for DuckDB, separated by spaces.")] = "780MB 6GB",
) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory(prefix="selfeval-bench-") as folder:
        home, raw = Path(folder) / "home", Path(folder) / "raw.duckdb"
        typer.echo(f"beyond: {ratings:,} ratings", err=True)
        generated = run_step(stages.generate_ratings, ratings, home=home)
        build = home / "warehouse" / "build" / "build.duckdb"
        shutil.move(build, raw)
        run_step(stages.parse_project, home=home)
        runs = []
        for limit in memory.split():
            typer.echo(f"  with {limit}", err=True)
            shutil.copy(raw, build)
            runs.append({"memory": limit, **build_models(home, limit)})
        figures = {
            "ratings": ratings,
            "generated": asdict(generated),
            "raw_mb": round(raw.stat().st_size / 1e6),
            "runs": runs,
        }
    typer.echo(json.dumps(figures, indent=2))


if __name__ == "__main__":
    typer.run(main)
