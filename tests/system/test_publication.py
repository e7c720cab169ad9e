"""The real job on the sample round: what is published, and what stops it."""

import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from dagster_project.audit.findings import load_findings
from dagster_project.cli import printing
from dagster_project.definitions import defs
from dagster_project.home.run_log import read_last_lines
from dagster_project.release import catalog
from tests.conftest import Workplace
from tests.system.canaries import CANARY, FILE_CANARY, full_document, full_workbook, holding

ANGUS = "Angus CSE return Oct 2016.xlsx"


def run_only(workplace: Workplace, *names: str) -> dg.ExecuteInProcessResult:
    """Run a selection of the graph by itself, as a person can from the interface."""
    keys = [dg.AssetKey(name.split("/")) for name in names]
    job = dg.define_asset_job("part", selection=dg.AssetSelection.assets(*keys))
    part = dg.Definitions(
        assets=defs.assets, asset_checks=defs.asset_checks, jobs=[job], resources=defs.resources
    )
    with dg.DagsterInstance.ephemeral() as instance:
        return part.resolve_job_def("part").execute_in_process(instance=instance, raise_on_error=False)


WHY = ("--reason", "a test decides so", "--role", "tester", "--date", "2017-02-01")


def selfeval(workplace: Workplace, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a person types it."""
    command = [
        sys.executable,
        "-m",
        "dagster_project.cli",
        "--home",
        str(workplace.home.root),
        *arguments,
    ]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)


def failure(result: dg.ExecuteInProcessResult) -> str:
    return "\n".join(
        str(event.step_failure_data.error) for event in result.all_events if event.is_step_failure
    )


several_runs = pytest.mark.skipif(
    not os.environ.get("LONG_TESTS"), reason="several whole runs: `make test-long`"
)


@several_runs
def test_unchanged_files_are_not_parsed_again(workplace: Workplace) -> None:
    report = workplace.run()
    assert (report.files["files"], report.files["parsed"]) == (26, 0)


@several_runs
def test_a_copy_under_another_name_stops_the_release_until_decided(
    workplace: Workplace, edit: Callable[..., None]
) -> None:
    workplace.reopen()
    before = workplace.published()
    shutil.copy(workplace.returns / ANGUS, workplace.returns / "Highland.xlsx")
    edit(workplace.returns / "Highland.xlsx", committee="Highland")

    report = workplace.run()
    assert report.release_id is None
    [finding] = report.open_findings
    assert "2016" in finding["what"]
    assert "Highland" in finding["what"]
    assert "Angus" in finding["what"]
    assert "count_once" in finding["how_to_mend"]
    assert workplace.published() == before
    assert catalog.verify_release(workplace.home, before) == ()

    # A run of the release alone is refused too.
    result = run_only(workplace, "release/candidate", "release/site", "release/published")
    assert not result.success
    assert "marts_data_quality failed" in failure(result)
    assert workplace.published() == before

    workplace.decide(finding["finding_id"], "count_once")
    assert workplace.run().release_id == workplace.published() != before
    [(returned, distinct)] = workplace.ask(
        "select returned, distinct_contents from mart_coverage where consortium_code = 'all'"
    )
    assert (returned, distinct) == (26, 24)
    assert workplace.ask("select distinct returns from mart_question_ranking") == [(25,)]


@several_runs
def test_one_more_cleared_rating_stops_the_release_until_decided(
    workplace: Workplace, edit: Callable[..., None]
) -> None:
    workplace.reopen()
    before = workplace.published()
    edit(workplace.returns / ANGUS, ratings={4: None})
    report = workplace.run()
    assert report.release_id is None
    [finding] = report.open_findings
    assert "Angus, question 4" in finding["what"]
    assert workplace.published() == before

    decided = selfeval(workplace, "decide", finding["finding_id"][:-2], "estimate", "--rating", "red", *WHY)
    assert decided.returncode == 0, decided.stderr
    assert "Now run `selfeval --home" in decided.stdout
    assert workplace.run().release_id
    status = (
        "select reported_rating, resolved_rating, rating_status from fct_rating where committee_id = 'angus'"
    )
    assert workplace.ask(f"{status} and question_no = 4") == [(None, "red", "estimated")]
    assert workplace.ask("select blank from mart_question_ranking where question_no = 4") == [(1,)]


@several_runs
def test_a_decision_does_not_outlive_what_it_decided(workplace: Workplace, edit: Callable[..., None]) -> None:
    workplace.reopen()
    edit(workplace.returns / ANGUS, ratings={4: None})
    [finding] = workplace.run().open_findings
    workplace.decide(finding["finding_id"], "leave_blank")
    assert workplace.run().release_id
    edit(workplace.returns / ANGUS, ratings={4: "N/A"})
    report = workplace.run()
    assert report.release_id is None
    assert [one["finding_id"] == finding["finding_id"] for one in report.open_findings] == [False]
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        stale = connection.execute(
            "select subject from marts.mart_data_quality where \"check\" = 'stale_decision'"
        ).fetchall()
    assert stale == [(finding["finding_id"],)]


def test_nothing_typed_is_public_and_a_broken_file_never_stops_the_others(
    workplace: Workplace, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    workplace.reopen()
    angus = workplace.returns / ANGUS
    full_workbook(angus, workplace.returns / f"{FILE_CANARY} one.xlsx", "Argyll and Bute", "a")
    full_workbook(angus, workplace.returns / f"{FILE_CANARY} two.xlsx", f"{CANARY} and sons", "b")
    fife = workplace.returns / "CPC return Fife.docx"
    full_document(fife, workplace.returns / f"{FILE_CANARY} three.docx", "Fife", "Renfrewshire")
    (workplace.returns / "Highland return.xlsx").write_bytes(b"PK\x03\x04 not a workbook")
    (workplace.returns / "notes.pdf").write_bytes(b"%PDF-1.4")
    (workplace.returns / "~$Angus CSE return.xlsx").write_bytes(b"lock")

    report = workplace.run()
    assert report.release_id is None
    counts = [report.files[name] for name in ("files", "read", "rejected", "ignored")]
    assert counts == [32, 28, 2, 2]
    findings = " ".join(finding["what"] for finding in report.open_findings)
    for name in ("Highland return.xlsx", "notes.pdf", "Argyll and Bute, question 4", "two.xlsx"):
        assert name in findings
    printing.print_report(report, workplace.home)

    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        # The canaries did get in: what follows looks for something that is there.
        [(typed,)] = connection.execute(
            "select count(*) from raw.answer where contains(comment_typed, ?)", [CANARY]
        ).fetchall()
        assert typed >= 3 * 19
        # Comments on parts of a question follow in lines of their own.
        [(of_parts,)] = connection.execute(
            "select count(*) from raw.answer where regexp_matches(comment_typed, ?, 's')",
            [f"{CANARY}.*\n{CANARY}"],
        ).fetchall()
        assert of_parts >= 2 * 6
        personal = connection.execute(
            "select detail from marts.mart_data_quality where \"check\" = 'personal_data'"
        ).fetchall()
        assert len(personal) >= 2 * 19
        assert all("e-mail address (1)" in detail for (detail,) in personal)
        open_findings = [one for one in load_findings(connection) if one.status == "open"]
    for finding in open_findings:
        decision = next(one for one in finding.decisions if one != "estimate")
        workplace.decide(finding.finding_id, decision)
    report = workplace.run()
    assert report.release_id, report.errors
    printing.print_report(report, workplace.home)
    printed = "".join(capfd.readouterr()) + report.as_json()
    assert CANARY not in printed.lower()

    assert holding(workplace.home.published.resolve(), CANARY) == []
    for logs in (
        workplace.home.runs,
        workplace.home.logs,
        workplace.home.dagster,
        workplace.home.audit,
        workplace.home.dbt_target,
    ):
        assert holding(logs, CANARY) == []
    published, stopped, *_ = read_last_lines(workplace.home)
    assert [published["result"], stopped["result"]] == ["published", "stopped"]
    assert stopped["findings"] == Counter(one.finding_id.split(":")[0] for one in open_findings)
    # What a sender called the file is for analysts.
    assert holding(workplace.home.logs, FILE_CANARY) == []
    assert holding(workplace.home.published.resolve(), FILE_CANARY) == ["self_evaluation.duckdb"]


def test_a_check_that_raises_counts_as_failed(workplace: Workplace) -> None:
    before = workplace.published()
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("drop table marts.mart_coverage")
    audit = next(checks for checks in defs.asset_checks or () if checks.node_def.name == "audit_marts")
    checks = dg.define_asset_job("checks", selection=dg.AssetSelection.checks(*audit.check_keys))
    part = dg.Definitions(
        assets=defs.assets, asset_checks=defs.asset_checks, jobs=[checks], resources=defs.resources
    )
    with dg.DagsterInstance.ephemeral() as instance:
        raised = part.resolve_job_def("checks").execute_in_process(instance=instance, raise_on_error=False)
    assert not raised.success
    result = run_only(workplace, "release/candidate")
    assert "marts_mart_coverage did not report" in failure(result)
    assert workplace.published() == before


def test_data_that_changed_after_the_audit_are_not_released(workplace: Workplace) -> None:
    with duckdb.connect(str(workplace.home.build_database)) as connection:
        connection.execute("update marts.mart_question_ranking set comment = 'forged' where question_no = 4")
    result = run_only(workplace, "release/candidate")
    assert "passed on other data" in failure(result)


def test_two_runs_never_write_at_once(workplace: Workplace) -> None:
    from filelock import FileLock

    from dagster_project.home.lock import RunInProgress

    with (
        FileLock(workplace.home.build / "run.lock"),
        pytest.raises(RunInProgress, match="Another run is at work"),
    ):
        workplace.run()


@several_runs
def test_a_round_that_nobody_answered_is_not_published_as_red(workplace: Workplace, tmp_path: Path) -> None:
    workplace.reopen()
    before = workplace.published()
    shutil.move(workplace.returns, tmp_path / "away")
    report = workplace.run()
    assert "nothing to rank" in " ".join(finding["what"] for finding in report.open_findings)
    assert workplace.published() == before
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        ranking = connection.execute(
            "select distinct returns, red, confidence_rank, confidence_group from marts.mart_question_ranking"
        ).fetchall()
    assert ranking == [(0, 0, None, None)]
