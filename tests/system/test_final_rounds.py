"""A closed round stays as it was published until a person opens it again, and each run says what differs."""

import json
import shutil

from typer.testing import CliRunner

from dagster_project.cli.main import app
from tests.conftest import ACCEPTED, ROUND, Workplace

ANGUS = "Angus CSE return Oct 2016.xlsx"


def call(*arguments: str) -> str:
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


def test_a_closed_round_stops_until_it_is_reopened_and_the_revision_is_explained(
    workplace: Workplace,
) -> None:
    first = workplace.published()
    acceptances = workplace.home.seeds / "disclosure_acceptances.csv"
    acceptances.write_text(acceptances.read_text(encoding="utf-8").replace(ACCEPTED, ""), encoding="utf-8")
    angus = workplace.returns / ANGUS
    shutil.move(angus, workplace.home.root / ANGUS)
    report = workplace.run()
    assert (report.release_id, workplace.published()) == (None, first)
    [finding] = report.open_findings
    assert "The round is closed, and its published return" in finding["what"]
    assert "selfeval round reopen" in finding["how_to_mend"]
    # Also a run that stopped says what differs, and stores it.
    assert report.revision
    assert [(one.committee_id, one.change) for one in report.revision.returns] == [("angus", "gone")]
    stored = json.loads(max(workplace.home.runs.glob("*.json")).read_bytes())
    assert stored["revision"] == report.revision.as_json()

    call("round", "reopen", ROUND, "--reason", "Angus withdrew its return.", "--role", "Data lead")
    # In an open round the same return is missing until a person decides.
    workplace.decide(finding["finding_id"].replace("final_round_changed", "missing_return"), "accept")
    report = workplace.run()
    assert workplace.published() == first
    assert "can work out ratings of angus" in " ".join(report.errors)
    # The difference of the two releases is what Angus answered, and shows counts that were suppressed.
    with acceptances.open("a", encoding="utf-8") as seed:
        seed.write(ACCEPTED)
    report = workplace.run()
    assert report.release_id == workplace.published() != first, (
        report.errors,
        report.checks_failed,
        report.open_findings,
    )
    assert report.revision
    assert {one.question_no for one in report.revision.ranks} == {3, 5, 12, 13, 16, 18}
    assert ("mart_question_ranking", ROUND) in {(one.table, one.round_id) for one in report.revision.tables}

    # The command and the page repeat it; the page names no committee.
    printed = json.loads(call("diff", "--json"))
    assert {
        key: printed[key] for key in ("before", "returns", "ranks", "tables")
    } == report.revision.as_json()
    assert "1 return gone: angus" in call("diff", first, report.release_id[:-2])
    page = (workplace.home.published / "site" / "release-notes.html").read_text(encoding="utf-8")
    assert "Angus withdrew its return" in page
    assert "1 gone" in page
    assert "question 3 of round 2016 from 14 to 13" in page
