"""Kill real runs and check what is left: `python -m tools.fault_injection.kill --kills 100 --seed 1`.

Random moments first, then the start of every stage, then every step of publishing that can be seen in the file
system. After each kill readers must see one whole release, and a plain run must succeed and leave nothing behind.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from dagster_project.cli.progress import STAGES
from tools.fault_injection.place import Place, kill, told, until

Moment = Callable[[Place], bool]
"""Starts a run and kills it. False where it had ended before."""


def at_random(latest: float, chance: random.Random) -> Moment:
    """Somewhere in a run that takes about so many seconds."""
    after = chance.uniform(0, latest)

    def strike(place: Place) -> bool:
        process = place.start()
        time.sleep(after)
        return kill(process)

    return strike


def at_stage(stage: str) -> Moment:
    """Just when a stage starts."""

    def strike(place: Place) -> bool:
        process = place.start()
        try:
            reached = told(process, stage)
        finally:
            lived = kill(process)
        return reached and lived

    return strike


def manifest_written(place: Place, _: str) -> bool:
    return (place.home.build / "candidate" / "manifest.json").exists()


def renamed_not_switched(place: Place, before: str) -> bool:
    return _newest(place) > before


def link_made(place: Place, _: str) -> bool:
    return any(place.home.published.parent.glob(".published.*"))


def switched(place: Place, before: str) -> bool:
    return place.published() != before


def being_deleted(place: Place, _: str) -> bool:
    return any(place.home.releases.glob(".retired-*"))


STEPS = (manifest_written, renamed_not_switched, link_made, switched, being_deleted)


def at_step(step: Callable[[Place, str], bool]) -> Moment:
    """As soon as a step of publishing is seen. Some last microseconds: then the kill comes after them."""

    def strike(place: Place) -> bool:
        before = place.published()
        process = place.start()
        try:
            reached = told(process, "publish") and until(process, lambda: step(place, before))
        finally:
            lived = kill(process)
        return reached and lived

    return strike


def moments(kills: int, latest: float, seed: int) -> Iterator[tuple[str, Moment]]:
    """All that are tried, with the kind of each."""
    chance = random.Random(seed)
    yield from (("random", at_random(latest, chance)) for _ in range(kills))
    yield from ((f"stage: {stage}", at_stage(stage)) for stage in ("start", *STAGES.values()))
    yield from ((f"step: {step.__name__}", at_step(step)) for step in STEPS)


def strike(place: Place, moment: Moment) -> str:
    """Kill one run and recover from it. Returns what readers saw after the kill; raises where anything is torn."""
    before, made = place.published(), _newest(place)
    place.change()
    lived = moment(place)
    seen = place.published()
    place.must_be_whole({before, _newest(place)})
    met = (
        "new"
        if seen != before
        else "old, with the new one whole beside it"
        if _newest(place) > made
        else "old"
    )
    place.run()
    place.must_be_recovered()
    return met if lived else "ended before the kill"


def _newest(place: Place) -> str:
    return max((path.name for path in place.home.releases.glob("2*")), default="")


def main() -> int:
    """Print one line per kill to the error stream, and the counts as JSON. Exit 1 at the first that is not survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100, help="at random moments")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="kinds of moments that begin so")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="fault-injection-") as folder:
        place = Place.make(Path(folder))
        place.run()
        place.change()
        started = time.monotonic()
        place.run()
        latest = time.monotonic() - started
        kinds: Counter[str] = Counter()
        seen: Counter[str] = Counter()
        for kind, moment in moments(options.kills, latest, options.seed):
            if kind.startswith(options.only):
                met = strike(place, moment)
                kinds[kind] += 1
                seen[met] += 1
                print(f"{sum(kinds.values())} {kind}: {met}; recovered", file=sys.stderr, flush=True)
    print(
        json.dumps(
            {"kills": dict(kinds), "readers_saw": dict(seen), "torn": 0, "recovered": sum(kinds.values())}
        )
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
