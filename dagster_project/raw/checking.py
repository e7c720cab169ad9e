"""Returns read and judged without loading them: what `selfeval check` shows.

The judgement is the models' own SQL, run on a database in memory over the same seeds. Nothing of dbt is
imported: that alone would take longer than the check.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any, cast

import duckdb
import yaml
from jinja2 import Environment, StrictUndefined

from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.landing import is_ignored, stored_name
from dagster_project.raw.spool import Spool
from dagster_project.raw.tables import create_tables
from dagster_project.seeds import Round

SEEDS = (
    "rounds",
    "committees",
    "committee_successions",
    "committee_aliases",
    "local_authorities",
    "invitations",
    "rating_words",
    "rating_colours",
    "problem_codes",
)
MODELS = (
    "stg_return_files",
    "stg_answers",
    "stg_problems",
    "int_round_order",
    "int_committee_rounds",
    "int_local_authority_rounds",
    "int_committee_names",
    "int_committee_matches",
    "int_returns",
    "int_typed_ratings",
    "int_rating_readings",
    "int_problems",
)
"""The models that judge one file by itself, each after those that it reads."""


@dataclass(frozen=True)
class FoundProblem:
    """One problem, with the place and the remedy that its sender needs."""

    sheet: str
    cell: str
    code: str
    severity: str
    message: str
    remedy: str


@dataclass(frozen=True)
class CheckedFile:
    """What would become of a file if it were the only one of its committee."""

    file: str
    outcome: str
    committee: str | None
    received_on: str | None
    template_version: str | None
    size_bytes: int
    sha256: str | None
    reader_version: str | None
    answers: int
    ratings: int
    problems: tuple[FoundProblem, ...]

    def as_json(self) -> dict[str, Any]:
        """For a program to read."""
        return asdict(self)


def check(home: Home, files: Sequence[Path], round_: Round) -> list[CheckedFile]:
    """Read files and judge them, in the order given. Never raises for what is in a file.

    Raises: `SeedError` or `duckdb.Error` where the seeds are not complete.
    """
    template = load_template(home.seeds, round_.question_set)
    returns = [path for path in files if not is_ignored(path)]
    with duckdb.connect() as connection:
        create_tables(connection)
        with (
            ReaderPool(template, len(returns)) as pool,
            Spool(connection, round_.round_id, "check") as spool,
        ):
            lines = pool.read((_key(number, path), path) for number, path in enumerate(returns))
            create_models(connection, home.seeds)
            for line in lines:
                spool.add(line)
        judged = _judged(connection)
    numbers = iter(range(len(returns)))
    return [_ignored(path) if is_ignored(path) else judged(next(numbers), path) for path in files]


def create_models(connection: duckdb.DuckDBPyConnection, seeds: Path) -> None:
    """Make the seeds tables and the judging models views of a database that holds the raw tables."""
    text = (REPOSITORY / "dbt" / "seeds" / "_seeds.yml").read_text(encoding="utf-8")
    # The parser in C: the one in Python takes longer than reading a return does.
    described = yaml.load(text, Loader=yaml.CSafeLoader)
    types = {seed["name"]: seed["config"]["column_types"] for seed in described["seeds"]}
    for seed in SEEDS:
        connection.execute(
            f"create table {seed} as select * from read_csv(?, header = true, columns = ?)",
            [str(seeds / f"{seed}.csv"), types[seed]],
        ).fetchall()
    environment = _environment()
    paths = {path.stem: path for path in (REPOSITORY / "dbt" / "models").rglob("*.sql")}
    for model in MODELS:
        sql = paths[model].read_text(encoding="utf-8")
        connection.execute(f"create view {model} as {environment.from_string(sql).render()}")


def _environment() -> Environment:
    """As much of dbt's language as the judging models use."""
    # SQL, not HTML: nothing is escaped.
    environment = Environment(undefined=StrictUndefined, autoescape=False, extensions=["jinja2.ext.do"])  # noqa: S701
    environment.globals["ref"] = lambda name: name
    environment.globals["source"] = lambda schema, table: f"{schema}.{table}"
    environment.globals["return"] = lambda value: value
    environment.globals["adapter"] = {"dispatch": partial(_dispatch, environment)}
    paths = sorted((REPOSITORY / "dbt" / "macros").rglob("*.sql"))
    # One text, because a macro may call one of another file. Only dbt knows materializations.
    texts = (path.read_text(encoding="utf-8") for path in paths)
    text = "\n".join(text for text in texts if "{% materialization" not in text)
    for name, value in vars(environment.from_string(text).make_module()).items():
        if not name.startswith("_"):
            environment.globals[name] = value
    return environment


def _dispatch(environment: Environment, name: str, *_: str) -> Callable[..., str]:
    """The macro of this engine, or the one for every engine."""
    macros = environment.globals
    found: Any = macros.get(f"duckdb__{name}") or macros[f"default__{name}"]
    return cast(Callable[..., str], found)


def _judged(connection: duckdb.DuckDBPyConnection) -> Callable[[int, Path], CheckedFile]:
    problems: dict[str, list[FoundProblem]] = {}
    for name, *values in connection.execute(
        """
        select source_file, sheet, cell, problem_code, problem_severity, message, remedy
        from int_problems
        order by array_position(['reject_return', 'reject_answer', 'inform'], problem_severity),
            sheet, length(cell), cell, problem_code, length(message), message
        """
    ).fetchall():
        problems.setdefault(name, []).append(FoundProblem(*values))
    files: Mapping[str, tuple[Any, ...]] = {
        row[0]: row
        for row in connection.execute(
            """
            select
                files.source_file, committee_name, files.received_on, template_version, files.size_bytes, files.sha256,
                reader_version, count(readings.question_no), count(readings.reported_rating)
            from stg_return_files as files
            left join int_returns as returns using (round_id, source_file)
            left join int_committee_rounds using (round_id, committee_id)
            left join int_rating_readings as readings using (round_id, source_file)
            group by all
            """
        ).fetchall()
    }

    def judge(number: int, path: Path) -> CheckedFile:
        _, committee, received_on, version, size, sha256, reader, answers, ratings = files[_key(number, path)]
        found = problems.get(_key(number, path), [])
        rejected = any(problem.severity == "reject_return" for problem in found)
        return CheckedFile(
            file=str(path),
            outcome="rejected" if rejected else "read",
            committee=committee,
            received_on=str(received_on) if received_on else None,
            template_version=version,
            size_bytes=size,
            sha256=sha256,
            reader_version=reader,
            answers=answers,
            ratings=ratings,
            problems=tuple(found),
        )

    return judge


def _key(number: int, path: Path) -> str:
    """Tells files of one name in two folders apart, and adds nothing that could name a committee."""
    return f"{number}/{stored_name(path)}"


def _ignored(path: Path) -> CheckedFile:
    size_bytes = path.stat().st_size
    return CheckedFile(str(path), "ignored", None, None, None, size_bytes, None, None, 0, 0, ())
