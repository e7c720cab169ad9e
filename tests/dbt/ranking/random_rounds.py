"""Invented rounds of every shape, written as reference data and raw tables for dbt to build."""

import csv
import json
import random
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa

from dagster_project.home.files import prepare_home
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.tables import create_tables
from dagster_project.transform.project import run_dbt
from tools.recompute.round import Round

RATINGS = ("green", "amber", "red")


def invent(seed: int, count: int) -> list[Round]:
    """Rounds with ties, blanks, non-returns, empty consortia and questions nobody rated."""
    chance = random.Random(seed)
    return [_round(chance, f"r{number:03}") for number in range(count)]


def _round(chance: random.Random, round_id: str) -> Round:
    committees = [f"c{number:02}" for number in range(chance.randint(3, 80))]
    codes = chance.choice(["N", "NW", "NWE", "NWEX"])
    consortium = {name: chance.choice(codes) for name in committees}
    questions = chance.choice([1, 40, chance.randint(2, 39), chance.randint(2, 39)])
    few_words = chance.choice([RATINGS, RATINGS, RATINGS[:2], RATINGS[1:], (chance.choice(RATINGS),)])
    blank = chance.choice([0.0, 0.05, 0.5])
    silent = set(chance.sample(range(1, questions + 1), chance.choice([0, 0, min(2, questions - 1)])))
    returning = chance.sample(committees, chance.randint(1, len(committees)))
    return Round(
        round_id,
        questions,
        consortium,
        {
            name: {
                question: None if question in silent or chance.random() < blank else chance.choice(few_words)
                for question in range(1, questions + 1)
            }
            for name in returning
        },
        frozenset(number for number in range(1, questions + 1) if chance.random() < 0.8),
    )


def build(rounds: list[Round], home: Home, resamples: int) -> Path:
    """Let dbt build the rounds in a home of their own, which is the current one. Returns the database."""
    shutil.copytree(REPOSITORY / "dbt" / "seeds", home.seeds, dirs_exist_ok=True)
    prepare_home(home)
    with duckdb.connect(str(home.build_database)) as connection:
        create_tables(connection)
    write(rounds, home.seeds, home.build_database)
    variables = json.dumps({"bootstrap_resamples": resamples})
    result = run_dbt(["build", "--exclude-resource-type", "unit_test", "--vars", variables])
    failed = [(one.node.name, one.message) for one in result.result if one.status not in ("success", "pass")]
    assert failed == []
    return home.build_database


def write(rounds: list[Round], seeds: Path, database: Path) -> None:
    """Replace rounds, committees, invitations and questions in the seeds, and fill the raw tables."""

    def seed(name: str, header: str, rows: list[tuple[object, ...]]) -> None:
        with (seeds / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(header.split(","))
            writer.writerows(rows)

    seed(
        "rounds",
        "round_id,title,fieldwork_start,fieldwork_end,closed_on,question_set,is_illustrative",
        [
            (one.round_id, one.round_id, "2016-01-01", "2016-12-31", "2016-12-31", one.round_id, "true")
            for one in rounds
        ],
    )
    seed("consortia", "consortium_code,consortium_name", [(code, code) for code in "NWEX"])
    pairs = [(one, name) for one in rounds for name in one.consortium]
    seed(
        "committees",
        "committee_id,from_round,committee_name,consortium_code",
        [(name, one.round_id, f"Committee {_letters(name)}", one.consortium[name]) for one, name in pairs],
    )
    seed("invitations", "round_id,committee_id", [(one.round_id, name) for one, name in pairs])
    seed(
        "local_authorities",
        "local_authority_name,from_round,committee_id",
        sorted({(f"Area {_letters(name)}", "", name) for _, name in pairs}),
    )
    seed("committee_aliases", "alias,committee_id", [])
    seed("decisions", "finding_id,decision,estimated_rating,reason,decided_by_role,decided_on", [])
    seed("question_sections", "question_set,section_no,section_title", [(r.round_id, 1, "S") for r in rounds])
    seed("sub_questions", "question_set,question_no,sub_question_no,sub_question_text", [])
    seed(
        "questions",
        "question_set,question_no,question_key,previous_question_key,short_reference,public_label,section_no,subheading,"
        "question_text,is_comparable_with_previous,comparability_note",
        [
            (r.round_id, n, f"q{n}", "", f"Q{n}", "", 1, "", "?", str(n in r.comparable).lower(), "")
            for r in rounds
            for n in range(1, r.questions + 1)
        ],
    )
    returns = [(one, name, answers) for one in rounds for name, answers in one.answers.items()]
    with duckdb.connect(str(database)) as connection:
        connection.execute("delete from raw.return_file; delete from raw.answer; delete from raw.problem")
        _insert(
            connection,
            "return_file",
            [
                {
                    "round_id": one.round_id,
                    "source_file": f"{name}.xlsx",
                    "file_status": "read",
                    "file_format": "xlsx",
                    "size_bytes": 1,
                    "sha256": name,
                    "committee_typed": f"Committee {_letters(name)}",
                    "completed_on_typed": "2016-06-01",
                }
                for one, name, _ in returns
            ],
        )
        _insert(
            connection,
            "answer",
            [
                {
                    "round_id": one.round_id,
                    "source_file": f"{name}.xlsx",
                    "question_no_typed": str(question),
                    "sheet": "",
                    "cell": "",
                    "question_typed": "",
                    "rating_typed": rating or "",
                    # A comment of its own keeps short returns from being duplicates by accident.
                    "comment_typed": name,
                }
                for one, name, answers in returns
                for question, rating in answers.items()
            ],
        )


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    connection.register("batch", pa.Table.from_pylist(rows))
    connection.execute(f"insert into raw.{table} by name select * from batch")
    connection.unregister("batch")


def _letters(name: str) -> str:
    """Names differ in letters: names are compared without digits."""
    return "".join(chr(ord("a") + int(figure)) if figure.isdigit() else figure for figure in name)
