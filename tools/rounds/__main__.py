"""Run generated rounds and list what stops them: `python -m tools.rounds --rounds 300`."""

import json
import os
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dagster_project.paths import VARIABLE
from tools.rounds.generate import invent_survey

if TYPE_CHECKING:
    from tools.rounds.trial import Outcome

SITE_EVERY = 25
"""One round in this number gets its whole site built."""


def main(
    rounds: Annotated[int, typer.Option(help="Number of rounds.", min=1)] = 300,
    seed: Annotated[int, typer.Option(help="Seed of the first round.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print one line of JSON per round.")] = False,
) -> None:
    """Try rounds one after the other; exit 1 when a legitimate one cannot be published."""
    with tempfile.TemporaryDirectory(prefix="rounds-") as folder:
        # The definitions of the project read the current home when they are imported.
        os.environ[VARIABLE] = str(Path(folder) / "compile")
        from tools.rounds.trial import compile_nodes, try_round

        typer.echo("Compiling the models ...", err=True)
        compile_nodes()
        outcomes: dict[int, tuple[Outcome, float]] = {}
        for number in range(seed, seed + rounds):
            started = time.monotonic()
            survey = invent_survey(number)
            with tempfile.TemporaryDirectory(dir=folder) as home:
                outcome = try_round(survey, Path(home), with_site=number % SITE_EVERY == 0)
            outcomes[number] = (outcome, time.monotonic() - started)
            state = "published" if outcome.published else "stopped" if not outcome.faults else "FAULT"
            returns = sum(len(one.returns) for one in survey.rounds)
            line = {
                "seed": number, "state": state, "seconds": round(outcomes[number][1], 1), "returns": returns,
                "questions": [one.questions for one in survey.rounds], "traits": survey.traits,
                "stopped_by": outcome.stopped_by, "faults": outcome.faults,
            }  # fmt: skip
            print(
                json.dumps(line)
                if as_json
                else f"{number:5} {state:9} {returns:3} returns  {'; '.join(outcome.faults or outcome.stopped_by)}",
                flush=True,
            )
    _print_summary(outcomes, to_stderr=as_json)
    raise typer.Exit(any(outcome.faults for outcome, _ in outcomes.values()))


def _print_summary(outcomes: dict[int, tuple["Outcome", float]], *, to_stderr: bool) -> None:
    states = Counter(
        "published" if one.published else "fault" if one.faults else "stopped" for one, _ in outcomes.values()
    )
    reasons = Counter(reason for one, _ in outcomes.values() for reason in (*one.faults, *one.stopped_by))
    slowest = max(outcomes, key=lambda number: outcomes[number][1])
    lines = [
        f"{len(outcomes)} rounds: {', '.join(f'{count} {state}' for state, count in sorted(states.items()))}",
        f"Slowest: seed {slowest}, {outcomes[slowest][1]:.1f} s",
    ]
    if reasons:
        [(reason, count)] = reasons.most_common(1)
        lines.append(f"Most common reason ({count} times): {reason}")
        lines.append(f"Longest reason: {max(reasons, key=len)}")
    typer.echo("\n".join(lines), err=to_stderr)


if __name__ == "__main__":
    typer.run(main)
