"""Kill real runs and check what is left: `python -m tools.fault_injection.kill --kills 100 --seed 1`.

Runs are killed at random moments, at the start of each stage, and at each step of publishing that is visible on disk.
After each kill, readers must see one whole release, and the next run must succeed and leave nothing behind.
"""

import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from tools.fault_injection.trial_home import (
    RUN_STAGES,
    TrialHome,
    kill_group,
    wait_for_condition,
    wait_for_stage,
)

Kill = Callable[[TrialHome], bool]
"""Starts a run and kills it. False where the run had ended before."""


def build_random_kill(longest: float, random_source: random.Random) -> Kill:
    """Kill at a random moment of a run that takes about `longest` seconds."""
    seconds = random_source.uniform(0, longest)

    def kill(trial: TrialHome) -> bool:
        process = trial.start_run()
        time.sleep(seconds)
        return kill_group(process)

    return kill


def build_stage_kill(stage: str) -> Kill:
    """Kill at the start of a stage."""

    def kill(trial: TrialHome) -> bool:
        process = trial.start_run()
        try:
            is_reached = wait_for_stage(process, stage)
        finally:
            was_running = kill_group(process)
        return is_reached and was_running

    return kill


def is_manifest_written(trial: TrialHome, _: str) -> bool:
    """Return whether the candidate is complete."""
    return (trial.home.build / "candidate" / "manifest.json").exists()


def is_release_renamed(trial: TrialHome, before: str) -> bool:
    """Return whether the candidate has become a release."""
    return find_newest(trial) > before


def is_link_made(trial: TrialHome, _: str) -> bool:
    """Return whether the new link exists next to the old one."""
    return any(trial.home.published.parent.glob(".published.*"))


def is_switched(trial: TrialHome, before: str) -> bool:
    """Return whether readers see the new release."""
    return trial.find_published() != before


def is_deleting(trial: TrialHome, _: str) -> bool:
    """Return whether an old release is being deleted."""
    return any(trial.home.releases.glob(".retired-*"))


STEPS = (is_manifest_written, is_release_renamed, is_link_made, is_switched, is_deleting)


def build_step_kill(step: Callable[[TrialHome, str], bool]) -> Kill:
    """Kill as soon as a step of publishing is visible, or just after it: some take microseconds."""

    def kill(trial: TrialHome) -> bool:
        before = trial.find_published()
        process = trial.start_run()
        try:
            is_reached = wait_for_stage(process, "publish") and wait_for_condition(
                process, lambda: step(trial, before)
            )
        finally:
            was_running = kill_group(process)
        return is_reached and was_running

    return kill


def list_kills(number: int, longest: float, seed: int) -> Iterator[tuple[str, Kill]]:
    """List all kills with the kind of each."""
    random_source = random.Random(seed)
    yield from (("random", build_random_kill(longest, random_source)) for _ in range(number))
    yield from ((f"stage: {stage}", build_stage_kill(stage)) for stage in RUN_STAGES)
    yield from ((f"step: {step.__name__}", build_step_kill(step)) for step in STEPS)


def kill_and_recover(trial: TrialHome, kill: Kill) -> str:
    """Kill one run and run again. Returns what readers saw after the kill; fails where anything is damaged."""
    before, newest = trial.find_published(), find_newest(trial)
    trial.change_return()
    was_running = kill(trial)
    published = trial.find_published()
    trial.check_releases({before, find_newest(trial)})
    if published != before:
        seen = "the new release"
    elif find_newest(trial) > newest:
        seen = "the old release, with the new one complete"
    else:
        seen = "the old release"
    trial.run()
    trial.check_recovery()
    return seen if was_running else "ended before the kill"


def find_newest(trial: TrialHome) -> str:
    """Find the id of the newest release; empty where there is none."""
    return max((path.name for path in trial.home.releases.glob("2*")), default="")


def main(
    kills: Annotated[int, typer.Option(help="Number of kills at random moments.")] = 100,
    seed: Annotated[int, typer.Option(help="Seed of the random moments.")] = 1,
    only: Annotated[str, typer.Option(help="Only kinds that begin with this text.")] = "",
) -> None:
    """Print one line per kill to the error stream, and the counts as JSON. Stops at the first failure."""
    if not any(kind.startswith(only) for kind, _ in list_kills(kills, 0, seed)):
        raise typer.BadParameter(f"No kind of kill begins with '{only}'.")
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        trial = TrialHome.create(Path(folder))
        print("Measuring the time of a run ...", file=sys.stderr, flush=True)
        trial.run()
        trial.change_return()
        started = time.monotonic()
        trial.run()
        longest = time.monotonic() - started
        kinds: Counter[str] = Counter()
        outcomes: Counter[str] = Counter()
        for kind, kill in list_kills(kills, longest, seed):
            if kind.startswith(only):
                outcome = kill_and_recover(trial, kill)
                kinds[kind] += 1
                outcomes[outcome] += 1
                print(f"{sum(kinds.values())} {kind}: {outcome}; recovered", file=sys.stderr, flush=True)
    print(json.dumps({"kills": dict(kinds), "readers_saw": dict(outcomes), "recovered": sum(kinds.values())}))


if __name__ == "__main__":
    typer.run(main)
