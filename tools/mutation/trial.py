"""A handful of fixed mutants, judged as all are: `python -m tools.mutation.trial HOME FOLDER` writes verdicts."""

import json
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

from dagster_project.paths import REPOSITORY, Home
from tools.mutation import children, python, sql
from tools.mutation.judging import SqlCourt, told
from tools.mutation.mutant import Mutant, changed
from tools.mutation.places import Places, use
from tools.mutation.project import compile_project
from tools.mutation.recorded import Recording
from tools.mutation.release import ReleaseCourt, modules

RANKING = REPOSITORY / "dbt" / "models" / "intermediate" / "ranking" / "int_ranking.sql"
REFUSALS = ("tests/release/test_gate.py::test_every_refusal_is_told_at_once",)
GATE = REPOSITORY / "dagster_project" / "audit" / "gate.py"


def judged(home: Home, folder: Path) -> dict[str, dict[str, str]]:
    """The verdicts by what is changed. The home has been run."""
    use(home)
    ranking = sql.mutants_of(RANKING)
    source = RANKING.read_text(encoding="utf-8")
    # Of the comparisons of a line the last one, in the partition, changes nothing.
    last = source.index("> 0 order by green")
    picked = {
        "ranks are subtracted": _at(ranking, source.index("+ red_rank")),
        "ties are dense": _at(ranking, source.rindex("rank() over")),
        "unranked questions come last anyway": _at(ranking, last),
    }
    plus = source.index("+ red_rank")
    broken = Mutant(
        "dbt/models/intermediate/ranking/int_ranking.sql",
        27,
        20,
        "",
        ((plus, plus + 1),),
        ("+ no_such_column +",),
    )
    # The sample stands for the invented rounds as well: here the machinery is tested, not the models.
    project = compile_project(home, {RANKING.stem: [*ranking, broken]}, RANKING.stem)
    models = SqlCourt(project, Places(folder, home, home, []), Recording())
    works: dict[str, Callable[[Path], object]] = {
        name: partial(_of_model, models, ranking[number], number) for name, number in picked.items()
    }
    works["no column"] = partial(_of_model, models, broken, len(ranking))

    code = GATE.read_text(encoding="utf-8")
    gates = python.mutants_of(GATE)
    release = ReleaseCourt(home)
    sources = {
        "no check has to report": changed(code, gates[_at(gates, code.index("is None"))]),
        "a list of a list": code.replace(
            "list(_reasons(home, tokens))", "list(list(_reasons(home, tokens)))"
        ),
    }
    for name, one in sources.items():
        works[name] = partial(_of_module, release, "dagster_project.audit.gate", one)
    for path in modules():
        name = path.relative_to(REPOSITORY).as_posix().removesuffix(".py").replace("/", ".")
        works[f"no {name}"] = partial(_of_module, release, name, path.read_text() + "\nraise RuntimeError\n")
    answers = children.each(list(works.values()), folder / "at-work")
    return {list(works)[number]: ended.answer or {"error": ended.error} for number, ended in answers}


def _at(mutants: list[Mutant], place: int) -> int:
    return next(number for number, one in enumerate(mutants) if one.spans[0][0] == place)


def _of_model(court: SqlCourt, mutant: Mutant, number: int, scratch: Path) -> dict[str, str]:
    return told(lambda: court.judge(mutant, number, scratch))


def _of_module(court: ReleaseCourt, name: str, source: str, _: Path) -> dict[str, str]:
    return told(lambda: court.judge_source(name, source, REFUSALS))


if __name__ == "__main__":
    home, into = (Path(one).resolve() for one in sys.argv[1:])
    (into / "verdicts.json").write_text(json.dumps(judged(Home(home), into)))
