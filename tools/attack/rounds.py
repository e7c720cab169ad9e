"""Attack generated rounds with and without suppression: `python -m tools.attack.rounds --rounds 200`."""

import os
import tempfile
from pathlib import Path
from typing import Annotated

import typer

from dagster_project.paths import VARIABLE, Home


def main(
    rounds: Annotated[int, typer.Option(help="Number of rounds.", min=1)] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the first round.")] = 1,
) -> None:
    """List how many sets of ratings follow from each release.

    Exits with 1 if any follows with suppression, or none without: rounds that suppress nothing prove nothing.
    """
    with tempfile.TemporaryDirectory(prefix="attack-") as folder:
        # The definitions of the project read the current home when they are imported.
        os.environ[VARIABLE] = str(Path(folder) / "compile")
        from dagster_project.release.attack.gate import find_derived
        from dagster_project.release.candidate import get_candidate_folder
        from tools.attack.whole import write_whole
        from tools.rounds.generate import invent_survey
        from tools.rounds.trial import compile_nodes, try_round

        typer.echo("Compiling the models ...", err=True)
        compile_nodes()
        with_suppression = without_suppression = published = 0
        for number in range(seed, seed + rounds):
            home = Home(Path(folder) / str(number))
            outcome = try_round(invent_survey(number), home.root)
            if not outcome.published:
                reasons = "; ".join(outcome.faults or outcome.stopped_by)
                typer.echo(f"{number:5} not published: {reasons}", err=True)
                continue
            candidate = get_candidate_folder(home)
            whole = write_whole(candidate, home.root / "whole")
            found = len(find_derived(home, candidate / "data" / "parquet"))
            without = len(find_derived(home, whole / "parquet"))
            published += 1
            with_suppression += found
            without_suppression += without
            print(f"{number:5} {found:4} sets of ratings follow; without suppression {without:4}", flush=True)
    print(
        f"{published} of {rounds} rounds were published: {with_suppression} sets of ratings follow, "
        f"without suppression {without_suppression}"
    )
    if not without_suppression:
        typer.echo("These rounds prove nothing: no ratings follow without suppression. Try more.", err=True)
    raise typer.Exit(with_suppression > 0 or not without_suppression)


if __name__ == "__main__":
    typer.run(main)
