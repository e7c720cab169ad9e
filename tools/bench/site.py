"""How much making the site costs beyond what its builder takes for pages written by hand, as JSON.

The site of one release is built in a process of its own; so is, with nothing but MkDocs and its theme, the
tree of plain pages that the generator has made of it. CPU seconds are those of the whole process and all
that it starts, imports included; megabytes its peak. What is compared runs in turn. With `--scale`, a
release of 200 questions and 10 rounds is built, too.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

BUILD = """
import sys
from pathlib import Path
from dagster_project.site.build import build_site
print(build_site(release=Path(sys.argv[1]), output=Path(sys.argv[2])).pages)
"""
SOURCES = """
import sys
from pathlib import Path
from dagster_project.site.build import write_sources
from dagster_project.site.queries import Database
write_sources(Path(sys.argv[1]), Path(sys.argv[2]), Database(Path(sys.argv[1])))
"""
BARE = """
import sys
from mkdocs.commands.build import build
from mkdocs.config import load_config
build(load_config(config_file=sys.argv[1], site_dir=sys.argv[2]))
"""


def measured(code: str, *arguments: Path) -> dict[str, float]:
    """Run Python code in a process of its own: wall and CPU seconds, peak megabytes."""
    watch = (
        "import resource, sys\n"
        + code
        + (
            "\nused, by_children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))"
            "\ncpu = sum(part.ru_utime + part.ru_stime for part in (used, by_children))"
            "\nprint(cpu, used.ru_maxrss / 1024, file=sys.stderr)"
        )
    )
    started = time.perf_counter()
    program = [sys.executable, "-c", watch, *map(str, arguments)]
    done = subprocess.run(program, cwd=ROOT, check=True, capture_output=True, text=True)
    cpu, megabytes = done.stderr.strip().splitlines()[-1].split()
    return {"wall": time.perf_counter() - started, "cpu": float(cpu), "megabytes": float(megabytes)}


def best(runs: list[dict[str, float]]) -> dict[str, float]:
    """The cheapest of several runs: other work on the machine only ever adds."""
    return min(runs, key=lambda run: run["cpu"])


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--release", type=Path, default=ROOT / "warehouse" / "published")
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--scale", action="store_true", help="also 200 questions, and 10 rounds of them")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        found = compare(options.release.resolve(), work, options.times)
        if options.scale:
            found["scale"] = scale(work)
    json.dump(found, sys.stdout, indent=2)
    print()


def compare(release: Path, work: Path, times: int) -> dict[str, object]:
    """The site, and its plain tree under MkDocs alone."""
    # In a process of its own, too: a child's peak starts from its parent's size.
    measured(SOURCES, release, work / "sources")
    config = work / "sources" / "mkdocs.yml"
    pages = len(list((work / "sources" / "docs").rglob("*.md")))
    # In turn, so that other work on the machine falls on all of them alike.
    turns = [
        (
            measured(BUILD, release, work / "site"),
            measured(BARE, config, work / "bare"),
        )
        for _ in range(times)
    ]
    whole, bare = (best(list(runs)) for runs in zip(*turns, strict=True))
    ratios = [round(turn[0]["cpu"] / turn[1]["cpu"], 3) for turn in turns]
    # Within a turn the machine is as fast for both: the cheapest of each may be minutes apart.
    return {"pages": pages, "site": whole, "bare": bare,
            "cpu_ratio": statistics.median(ratios), "cpu_ratios": ratios}  # fmt: skip


def scale(work: Path) -> list[dict[str, float]]:
    """Growing releases: questions, rounds, pages per run, and what a page costs."""
    from tests.site.site_sample import enlarge, make_release

    runs = []
    for questions, rounds in ((19, 1), (100, 1), (200, 1), (200, 10)):
        release = enlarge(make_release(work / f"{questions}-{rounds}"), questions, rounds)
        run = measured(BUILD, release, work / "large")
        runs.append({"questions": questions, "rounds": rounds, **run})
    return runs


if __name__ == "__main__":
    main()
