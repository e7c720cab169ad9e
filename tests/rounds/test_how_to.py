"""From an empty home to a second published round, with the commands of the how-to pages."""

import html
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from openpyxl import load_workbook

from dagster_project.intake import labels
from dagster_project.intake.reading import read_return
from dagster_project.intake.template import load_template
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.seeds import load_questionnaire
from tests.conftest import Workplace
from tests.rounds.follow import blocks

pytestmark = pytest.mark.timeout(900)

ASKED = [*range(1, 11), *range(12, 21)]
NOT_COMPARED = {11, 12, 20}
SILENT = {"Argyll and Bute"}
BLANK = ("Fife", 4)
Ratings = dict[str, dict[int, str | None]]


def ratings_of(name: str) -> dict[int, str | None]:
    chance = random.Random(name)
    given: dict[int, str | None] = {number: chance.choice(("Green", "Amber", "Red")) for number in ASKED}
    return given | ({BLANK[1]: None} if name == BLANK[0] else {})


def fill(
    blank: Path, target: Path, name: str, given: dict[int, str | None], day: str = "3 September 2018"
) -> None:
    """Fill in a blank like a committee: the open cells of the cover, a rating and a comment on each question."""
    book = load_workbook(blank)
    for row in book[labels.COVER_SHEET].iter_rows():
        if row[0].value == labels.COMMITTEE:
            row[1].value = name
        elif row[0].value == labels.DATE_COMPLETED:
            row[1].value = day
        elif row[0].value == "Role of who completed this":
            row[1].value = "Lead officer"
        elif row[0].value == "Agencies consulted":
            row[1].value = "Police, health"
    for row in book[labels.QUESTIONNAIRE_SHEET].iter_rows(min_row=2):
        if isinstance(row[0].value, int):
            row[2].value = given[row[0].value]
            number = row[0].value
            comment = f"{name} says of {number} what nobody else would, as number {hash_of(name, number)}."
            row[3].value = comment
    target.parent.mkdir(exist_ok=True)
    book.save(target)


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:2000])


def overwrite(path: Path) -> None:
    book = load_workbook(path)
    sheet = book[labels.QUESTIONNAIRE_SHEET]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == 7:
            row[2].value = "Amber/Green"
    book.save(path)


def hash_of(name: str, number: int) -> int:
    return random.Random(f"{name} {number}").randrange(10**9)


def fill_the_inbox(home: Home, inbox: Path) -> Ratings:
    """Write thirty workbooks: one truncated, one with an invalid rating, one sent twice, one of no committee."""
    truth: Ratings = {}
    for blank in sorted((home.templates / "2018").iterdir()):
        name = blank.stem.removesuffix(" 2018")
        if name in SILENT:
            continue
        truth[name] = ratings_of(name)
        fill(blank, inbox / blank.name, name, truth[name])
    fill(blank, inbox / "Atlantis 2018.xlsx", "Atlantis", ratings_of("Atlantis"))
    # A second submission, under another name and with a later date, is the one that counts.
    again = ratings_of("Falkirk again")
    fill(
        inbox / "Highland 2018.xlsx",
        inbox / "again.xlsx",
        "The Highland Child Protection Committee",
        again,
        "1 October 2018",
    )
    truth["Highland"] = again
    (inbox / "corrected").mkdir()
    for name, spoil in (("Moray", truncate), ("Angus", overwrite)):
        path = inbox / f"{name} 2018.xlsx"
        (inbox / "corrected" / path.name).write_bytes(path.read_bytes())
        spoil(path)
    assert len(list(inbox.glob("*.xlsx"))) == 30
    return truth


Follow = Callable[..., None]


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, Path, Follow]:
    """A home with an opened round and changed questions, its inbox, and a function to follow other pages."""
    root = tmp_path_factory.mktemp("how-to")
    home, inbox = Home(root / "home"), root / "inbox"
    environment = {
        **os.environ,
        VARIABLE: str(home.root),
        "INBOX": str(inbox),
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }

    def follow(*places: str) -> None:
        command = [sys.executable, "-m", "tests.rounds.follow", *places]
        done = subprocess.run(
            command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]

    follow("run-a-round#", "run-a-round#Open the round", "change-a-question")
    return home, inbox, follow


@pytest.fixture(scope="module")
def followed(opened: tuple[Home, Path, Follow]) -> tuple[Workplace, Ratings]:
    """The home after all commands, and the answers of the committees."""
    if not os.environ.get("LONG_TESTS"):
        pytest.skip("three whole runs: `make test-long`")
    home, inbox, follow = opened
    truth = fill_the_inbox(home, inbox)
    follow(
        "run-a-round#",
        "run-a-round#Load the returns",
        "fix-a-return",
        "decide-a-finding",
        "run-a-round#Close the round",
        "roll-back",
    )
    truth[BLANK[0]][BLANK[1]] = "Amber"
    return Workplace(home), truth


def releases(workplace: Workplace) -> list[Path]:
    """The folders of the two releases, oldest first."""
    return sorted(workplace.home.releases.glob("*/"))


def ranks(counts: dict[int, Counter[str]]) -> dict[int, int]:
    green = {q: 1 + sum(o["Green"] > c["Green"] for o in counts.values()) for q, c in counts.items()}
    red = {q: 1 + sum(o["Red"] < c["Red"] for o in counts.values()) for q, c in counts.items()}
    total = {q: green[q] + red[q] for q in counts}
    return {q: 1 + sum(other < own for other in total.values()) for q, own in total.items()}


def test_every_page_has_commands() -> None:
    pages = {path.stem for path in (REPOSITORY / "docs" / "how-to").glob("*.md")}
    with_commands = {"run-a-round", "change-a-question", "fix-a-return", "decide-a-finding", "roll-back"}
    # "Grow beyond one machine" has tests of its own: tests/dbt/spark and tests/system/test_postgres.py. So does
    # "Run it on a server": tests/deploy.
    # The commands of the runbook depend on the failure, those of confidentiality on the machines of an organisation.
    without_tests = {"keep-returns-confidential", "runbook"}
    assert pages == with_commands | {"grow-beyond-one-machine", "run-on-a-server"} | without_tests
    assert all(blocks(page) for page in pages - without_tests)


def test_a_round_is_opened_and_its_questions_are_changed(
    opened: tuple[Home, Path, Follow],
) -> None:
    home, _, _ = opened
    questions = {one.number: one for one in load_questionnaire(home.seeds, "cse-2018").questions}
    assert sorted(questions) == ASKED
    assert questions[12].text.startswith("Does your CPC receive statistics every quarter")
    blanks = sorted((home.templates / "2018").iterdir())
    assert len(blanks) == 29
    read = read_return(blanks[0], load_template(home.seeds, "cse-2018"))
    assert sorted(answer.question_no for answer in read.answers) == ASKED
    assert read.problems == []


def test_ranks_of_each_round_are_right(followed: tuple[Workplace, Ratings]) -> None:
    workplace, truth = followed
    counts = {q: Counter(str(given[q]) for given in truth.values()) for q in ASKED}
    query = "select question_no, confidence_rank, green, amber, red from mart_question_ranking where round_id = '2018'"
    _, newest = releases(workplace)
    with duckdb.connect(str(newest / "self_evaluation.duckdb"), read_only=True) as connection:
        found = connection.execute(query).fetchall()
        first = connection.execute(
            "select question_no from mart_question_ranking where round_id = '2016' order by confidence_rank limit 3"
        ).fetchall()
    expected = ranks(counts)
    assert sorted(found) == [
        (q, expected[q], counts[q]["Green"], counts[q]["Amber"], counts[q]["Red"]) for q in ASKED
    ]
    assert first == [(4,), (2,), (1,)]


def test_change_is_shown_only_for_what_is_comparable(followed: tuple[Workplace, Ratings]) -> None:
    workplace, _ = followed
    _, newest = releases(workplace)
    with duckdb.connect(str(newest / "self_evaluation.duckdb"), read_only=True) as connection:
        compared = connection.execute(
            "select question_no, previous_question_no from mart_round_change"
        ).fetchall()
        changes = connection.execute(
            "select coalesce(question_no, previous_question_no), change, comparability_note "
            "from mart_question_change where not is_comparable order by 1"
        ).fetchall()
    assert sorted(compared) == [(q, q) for q in range(1, 20) if q not in NOT_COMPARED]
    assert changes == [
        (11, "dropped", "Asked in the round before and no longer."),
        (12, "reworded", "Asks for statistics every quarter."),
        (20, "added", "Asked for the first time."),
    ]
    page = html.unescape((newest / "site" / "change.html").read_text())
    assert all(note in page for _, _, note in changes)
    assert "Break in the series" in (newest / "site" / "questions" / "q12.html").read_text()
    assert "Break in the series" not in (newest / "site" / "questions" / "q04.html").read_text()


def test_ratings_of_a_round_are_public_when_it_is_closed(followed: tuple[Workplace, Ratings]) -> None:
    workplace, _ = followed
    first, second = releases(workplace)
    for release, is_open in ((first, True), (second, False)):
        # The page for missing addresses shows no figure.
        pages = [path for path in release.glob("site/**/*.html") if path.name != "404.html"]
        for path in [*pages, release / "data" / "README.txt"]:
            assert ("still accepts returns" in " ".join(path.read_text().split())) == is_open, path
        with duckdb.connect(
            str(release / "data" / "self_evaluation_public.duckdb"), read_only=True
        ) as public:
            tables = public.execute(
                "select distinct table_name from duckdb_columns() where column_name = 'round_id' order by all"
            ).fetchall()
            with_rows = {
                name
                for (name,) in tables
                if public.execute(f"select 1 from \"{name}\" where round_id = '2018' limit 1").fetchall()
            }
        assert ("mart_question_ranking" in with_rows) != is_open
        if is_open:
            assert with_rows <= {
                "dim_committee_round", "dim_local_authority_round", "dim_question", "dim_round", "mart_coverage",
                "mart_data_quality_summary", "mart_question_change", "mart_return_status", "mart_suppression",
            }  # fmt: skip


def test_readers_see_the_earlier_release_after_the_rollback(followed: tuple[Workplace, Ratings]) -> None:
    workplace, _ = followed
    first, _ = releases(workplace)
    assert workplace.published() == first.name


def test_the_status_page_shows_who_answered(followed: tuple[Workplace, Ratings]) -> None:
    workplace, truth = followed
    page = (workplace.home.feedback / "2018" / "round.html").read_text()
    assert f"{len(truth)} of 29 answered" in page
    assert "Lead officer" in page and "Police, health" in page
    _, newest = releases(workplace)
    # Further cover fields are not public.
    files = [path for path in newest.rglob("*") if path.is_file()]
    assert [path for path in files if b"Police, health" in path.read_bytes()] == []
