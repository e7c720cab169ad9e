"""A closed round stays as it was published until a person opens it again, and each run says what differs."""

import json
from collections.abc import Callable

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.cli.job import run_job
from dagster_project.cli.main import app
from dagster_project.definitions import defs
from dagster_project.release.catalog import ReleaseError
from dagster_project.release.database import DATABASE
from dagster_project.release.publish import switch_release
from dagster_project.release.stages import STAGES
from dagster_project.transform.project import load_manifest
from tests.conftest import ACCEPTED, ROUND, Workplace

ANGUS = "Angus CSE return Oct 2016.xlsx"


def call(*arguments: str) -> str:
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.stdout


@pytest.mark.timeout(600)
def test_a_closed_round_stops_until_it_is_reopened_and_the_revision_is_explained(
    workplace: Workplace, edit: Callable[..., None]
) -> None:
    first = workplace.published()
    acceptances = workplace.home.seeds / "disclosure_acceptances.csv"
    acceptances.write_text(acceptances.read_text(encoding="utf-8").replace(ACCEPTED, ""), encoding="utf-8")
    edit(workplace.returns / ANGUS, ratings={17: "amber"})
    report = workplace.run(force=False)
    assert (report.release_id, workplace.published()) == (None, first)
    assert report.files["parsed"] == 1
    [finding] = report.open_findings
    assert "The round is closed, and the return differs from the published one." in finding["what"]
    assert "selfeval round reopen" in finding["how_to_mend"]
    # Also a run that stopped says what differs, and stores it.
    assert report.revision
    assert [(one.committee_id, one.change) for one in report.revision.returns] == [("angus", "changed")]
    stored = json.loads(max(workplace.home.runs.glob("*.json")).read_bytes())
    assert stored["revision"] == report.revision.to_dict()

    call("round", "reopen", ROUND, "--reason", "Angus corrected its return.", "--role", "Data lead")
    report = workplace.run(force=False)
    assert workplace.published() == first
    assert "can work out ratings of angus" in " ".join(report.errors)
    # The difference of the two releases is what Angus changed.
    with acceptances.open("a", encoding="utf-8") as seed:
        seed.write(ACCEPTED)
    stages: list[str] = []
    report = run_job(workplace.home, stages.append)
    assert report.release_id == workplace.published() != first, (
        report.errors,
        report.checks_failed,
        report.open_findings,
    )
    assert report.revision
    # Question 17 has as many green as question 5 now, and is below question 15.
    assert {one.question_no for one in report.revision.ranks} == {5, 15, 17}
    assert ("mart_question_ranking", ROUND) in {(one.table, one.round_id) for one in report.revision.tables}

    # Everything that follows from the return is made again.
    assert (stages[0], set(stages[1:])) == ("start", set(STAGES.values()))
    models = [node["name"] for node in load_manifest()["nodes"].values() if node["resource_type"] == "model"]
    assert report.models == len(models)
    assert report.checks_passed == len(defs.resolve_asset_graph().asset_check_keys)
    assert report.pages >= 20
    green = "select green from mart_question_ranking where question_no = 17"
    assert workplace.ask(green) == [(9,)]

    # The command and the page repeat it; the page names no committee.
    printed = json.loads(call("diff", "--json"))
    assert {
        key: printed[key] for key in ("before", "returns", "ranks", "tables")
    } == report.revision.to_dict()
    assert "1 return changed: angus" in call("diff", first, report.release_id[:-2])
    page = (workplace.home.published / "site" / "release-notes.html").read_text(encoding="utf-8")
    assert "Angus corrected its return" in page
    assert "1 changed" in page

    # Going back is one step, and who has the other release open keeps it.
    with duckdb.connect(str(workplace.home.published / DATABASE), read_only=True) as reader:
        switch_release(workplace.home, first)
        assert workplace.published() == first != report.release_id
        assert reader.execute(green).fetchone() == (9,)
    assert workplace.ask(green) == [(10,)]
    with pytest.raises(ReleaseError, match="no complete release 'never'"):
        switch_release(workplace.home, "never")
