"""A second invented round, made from the first: `python -m tools.sample.second HOME`.

It demonstrates a repeat of the survey; no report has its figures. Each rating of 2016 stays or moves one step. One
question is reworded and one is new, two committees have merged, one answers for the first time, and one no longer does.
"""

import csv
import datetime
import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import duckdb
import typer

from dagster_project.home.files import prepare_home
from dagster_project.intake.security.pool import ReaderPool
from dagster_project.intake.template import load_template
from dagster_project.intake.write.document import write_document
from dagster_project.intake.write.filled import FilledAnswer, FilledReturn
from dagster_project.intake.write.workbook import write_workbook
from dagster_project.paths import REPOSITORY, Home
from dagster_project.raw.models import create_models
from dagster_project.raw.spool import Spool
from dagster_project.raw.tables import create_tables
from dagster_project.rounds.blanks import recreate_blanks
from dagster_project.rounds.closing import close_round
from dagster_project.rounds.opening import open_round
from dagster_project.rounds.planning import plan_round
from dagster_project.seeds import load_questionnaire, read_seed
from tools.sample.bank import QuestionBank, Sentence, load_bank
from tools.sample.claims import Committee
from tools.sample.comments import Comments, assign_comments
from tools.sample.model import RATINGS
from tools.sample.solve import SampleRatings
from tools.sample.write import ESTIMATES

FIRST, SECOND = "2016", "2018"
WINDOW = (datetime.date(2018, 8, 1), datetime.date(2019, 1, 31))

MERGED = ("angus", "dundee")
MERGER = ("angus-and-dundee", "Angus and Dundee", "N")
SILENT = frozenset({"argyll-and-bute", "renfrewshire", "shetland", "west-dunbartonshire"})

REWORDED = 12
REWORDING = {
    "question_text": "Does your CPC receive statistics every quarter on children and young people who go missing "
    "from home or from care three times or more?",
    "is_comparable_with_previous": "false",
    "comparability_note": "Asks for statistics every quarter; in 2016 it asked whether any were collated.",
}
NEW = {
    "question_no": "20",
    "question_key": "online-safety",
    "short_reference": "Online safety",
    "public_label": "Safety online",
    "section_no": "1",
    "question_text": "Has your CPC agreed with its partners how children and young people are kept safe online?",
}
NEW_WEIGHTS = (6, 13, 7)
"""Weights of green, amber and red on the new question, and for the committee that answers for the first time."""

UP, DOWN = 0.26, 0.07
"""Chance that a rating moves one step."""

ROLES = ("Lead officer", "Child protection coordinator", "Committee chair", "Development officer")
AGENCIES = ("Police", "Health", "Social work", "Education", "Third sector", "Housing")
_DOCUMENTS = 5

Ratings = dict[tuple[str, int], str]


def make_rounds(home: Home, on_step: Callable[[str], object] = lambda _: None) -> int:
    """Write both rounds to a home. Returns the number of new returns. The same first round gives the same second."""
    prepare_home(home)
    if not (home.returns / FIRST).is_dir():
        shutil.copytree(REPOSITORY / "warehouse" / "returns" / FIRST, home.returns / FIRST)
    on_step("Reading the first round")
    before = read_first_ratings(home)
    on_step("Opening the second")
    _open_second(home)
    draw = random.Random(int(SECOND))  # invents, does not encrypt
    committees = _list_answering(home)
    ratings = _move_ratings(before, committees, draw)
    comments = assign_comments(
        committees, SampleRatings(ratings, frozenset()), _load_timeless_bank(), [], {}, int(SECOND)
    )
    on_step("Writing its returns")
    return _write_returns(home, committees, ratings, comments, draw)


def read_first_ratings(home: Home) -> Ratings:
    """Read the resolved ratings of the first round from its files and from the estimates of its blanks."""
    template = load_template(home.seeds, read_seed(home.seeds, "rounds")[0]["question_set"])
    files = sorted(path for path in (home.returns / FIRST).iterdir() if path.suffix in (".xlsx", ".docx"))
    with duckdb.connect() as connection:
        create_tables(connection)
        with ReaderPool(template, len(files)) as pool, Spool(connection, FIRST, "sample") as spool:
            create_models(connection, home.seeds)
            for line in pool.read((path.name, path) for path in files):
                spool.add(line)
        found = connection.execute(
            "select committee_id, question_no, reported_rating from int_rating_readings "
            "inner join int_returns using (round_id, source_file) where is_standing and reported_rating is not null"
        ).fetchall()
    ratings = {(committee, question): rating for committee, question, rating in found}
    with ESTIMATES.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            ratings.setdefault((row["committee_id"], int(row["question_no"])), row["rating"])
    return ratings


def _open_second(home: Home) -> None:
    """Merge the committees, open the round by the command's own means, then change its questions."""
    names = ("committee_id", "committee_name", "consortium_code")
    _add_rows(home, "committees", [{**dict(zip(names, MERGER, strict=True)), "from_round": SECOND}])
    areas = {
        row["committee_id"]: row["local_authority_name"] for row in read_seed(home.seeds, "local_authorities")
    }
    _add_rows(
        home,
        "local_authorities",
        [
            {"local_authority_name": areas[old], "from_round": SECOND, "committee_id": MERGER[0]}
            for old in MERGED
        ],
    )
    _add_rows(
        home,
        "committee_successions",
        [
            {"round_id": SECOND, "from_committee_id": old, "to_committee_id": MERGER[0], "kind": "merged"}
            for old in MERGED
        ],
    )
    planned = plan_round(home, SECOND, None, *WINDOW, None)
    open_round(home, planned)
    close_round(home, SECOND, WINDOW[1])
    rows = read_seed(home.seeds, "questions")
    for row in rows:
        if (row["question_set"], row["question_no"]) == (planned.question_set, str(REWORDED)):
            row.update(REWORDING)
    _replace_rows(
        home,
        "questions",
        [*rows, {**dict.fromkeys(rows[0], ""), **NEW, "question_set": planned.question_set}],
    )
    rounds = read_seed(home.seeds, "rounds")
    rounds[-1]["is_illustrative"] = "true"
    _replace_rows(home, "rounds", rounds)
    recreate_blanks(home, SECOND)


def _add_rows(home: Home, seed: str, rows: list[dict[str, str]]) -> None:
    _replace_rows(home, seed, [*read_seed(home.seeds, seed), *rows])


def _replace_rows(home: Home, seed: str, rows: list[dict[str, str]]) -> None:
    path = home.seeds / f"{seed}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        columns = next(csv.reader(file))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _list_answering(home: Home) -> list[Committee]:
    invited = {
        row["committee_id"] for row in read_seed(home.seeds, "invitations") if row["round_id"] == SECOND
    }
    return [
        Committee(row["committee_id"], row["committee_name"], row["consortium_code"])
        for row in sorted(read_seed(home.seeds, "committees"), key=lambda row: row["committee_id"])
        if row["committee_id"] in invited - SILENT
    ]


def _move_ratings(before: Ratings, committees: list[Committee], draw: random.Random) -> Ratings:
    moved = {}
    for committee in committees:
        own = committee.committee_id
        for question in range(1, int(NEW["question_no"]) + 1):
            # The merged committee goes on from one of the two.
            was = before.get((MERGED[question % 2] if own == MERGER[0] else own, question))
            if was is None or question == int(NEW["question_no"]):
                moved[own, question] = draw.choices(RATINGS, NEW_WEIGHTS)[0]
                continue
            chance = draw.random()
            step = -1 if chance < UP else 1 if chance > 1 - DOWN else 0
            moved[own, question] = RATINGS[min(max(RATINGS.index(was) + step, 0), 2)]
    return moved


def _load_timeless_bank() -> dict[int, QuestionBank]:
    """Load the sentences of the first round but for those that name its months or what its report counts."""

    def select_timeless(rows: dict[str, list[Sentence]]) -> dict[str, list[Sentence]]:
        return {kind: [one for one in row if not one.topics] for kind, row in rows.items()}

    return {
        number: replace(
            bank,
            openings=select_timeless(bank.openings),
            further=select_timeless(bank.further),
            specials=[],
            blanks={},
        )
        for number, bank in load_bank().items()
    }


def _write_returns(
    home: Home, committees: list[Committee], ratings: Ratings, comments: Comments, draw: random.Random
) -> int:
    info = next(row for row in read_seed(home.seeds, "rounds") if row["round_id"] == SECOND)
    questionnaire = load_questionnaire(home.seeds, info["question_set"])
    for place, committee in enumerate(committees):
        own = committee.committee_id
        day = WINDOW[0] + datetime.timedelta(draw.randrange((WINDOW[1] - WINDOW[0]).days))
        filled = FilledReturn(
            committee.name,
            day,
            tuple(
                FilledAnswer(
                    question.number,
                    ratings[own, question.number].capitalize(),
                    comments.by_place.get((own, question.number), Sentence("")).text,
                )
                for question in questionnaire.questions
            ),
            {
                "completed_by_role": draw.choice(ROLES),
                "agencies_consulted": ", ".join(draw.sample(AGENCIES, draw.randint(2, len(AGENCIES)))),
            },
        )
        is_document = place % _DOCUMENTS == 0
        write = write_document if is_document else write_workbook
        name = f"{committee.name} {SECOND}{'.docx' if is_document else '.xlsx'}"
        write(questionnaire, info["title"], home.returns / SECOND / name, filled)
    return len(committees)


def main(
    folder: Annotated[Path, typer.Argument(help="Home to make, instead of the repository's own.")],
) -> None:
    """Give a folder both sample rounds. `selfeval --home FOLDER run` publishes them."""
    if (folder / "dbt" / "seeds").exists():
        typer.echo(f"{folder} holds a home already. Remove it first, or name another folder.", err=True)
        raise typer.Exit(1)
    returns = make_rounds(Home(folder.resolve()), typer.echo)
    typer.echo(f"{returns} returns of {SECOND} in {folder}. Now: selfeval --home {folder} run")


if __name__ == "__main__":
    typer.run(main)
