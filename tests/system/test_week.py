"""A week of fieldwork with everything that goes wrong in one: each release says what it changes, none is unasked."""

import html
import os
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from dagster_project.audit.findings import load_findings
from dagster_project.cli.main import app
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from dagster_project.release import catalog
from dagster_project.release.automation import LOAD_AND_PUBLISH
from dagster_project.release.revisions import compare_releases
from tests.conftest import ACCEPTED, ROUND, Workplace
from tests.system.live import Dagster, live_dagster, wait_until

INBOX = REPOSITORY / "warehouse" / "returns" / ROUND
ANGUS = "Angus CSE return Oct 2016.xlsx"
FIRST_DAY = (
    ANGUS,
    "CPC return Dumfries and Galloway.docx",
    "CPC return Fife.docx",
    "CSE self-evaluation - East Dunbartonshire.xlsx",
    "CSE self-evaluation - South Ayrshire.docx",
    "CSE template East & Midlothian v2.docx",
)
DAMAGED = "Inverclyde CPC self-evaluation.xlsx"
BLANK = "CPC return Orkney Islands.xlsx"
SECOND_DAY = "Na h-Eileanan Siar completed template.xlsx"
AFTER_THE_ROLLBACK = "North Lanarkshire_CPC_self_evaluation_final.xlsx"
MAX_FILE_BYTES = 400_000
"""Less than a build needs: writing fails in the middle of it, as on a full disk."""

pytestmark = [
    pytest.mark.skipif(not os.environ.get("LONG_TESTS"), reason="a dozen whole runs: `make test-long`"),
    pytest.mark.timeout(3600),
]


def call(*arguments: str) -> str:
    answer = CliRunner().invoke(app, arguments)
    assert answer.exit_code == 0, answer.output
    return answer.output


def run_in_a_process(home: Home, *, is_disk_full: bool = False) -> subprocess.CompletedProcess[str]:
    """Run `selfeval run` as a person does."""

    def limit() -> None:
        if is_disk_full:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (MAX_FILE_BYTES, MAX_FILE_BYTES))

    return subprocess.run(
        [sys.executable, "-m", "dagster_project.cli", "run"],
        cwd=REPOSITORY,
        env=os.environ | {VARIABLE: str(home.root)},
        capture_output=True,
        text=True,
        preexec_fn=limit,
        check=False,
    )


def decide_open_findings(workplace: Workplace, *, undecided: str = "") -> None:
    """Record a decision for each open finding, except for those of one kind."""
    with duckdb.connect(str(workplace.home.build_database), read_only=True) as connection:
        query = "select check_name, decisions from reference.quality_checks"
        allowed = dict(connection.execute(query).fetchall())
        findings = [one.finding_id for one in load_findings(connection) if one.status == "open"]
    for finding_id in findings:
        kind = finding_id.split(":")[0]
        if kind != undecided:
            decision = allowed[kind].split("|")[0]
            workplace.decide(finding_id, decision, "green" if decision == "estimate" else "")


def run_and_decide(workplace: Workplace) -> None:
    """Run until there is a release: once, or again when the findings of the first run are decided."""
    if not workplace.run().release_id:
        decide_open_findings(workplace)
        report = workplace.run()
        assert report.release_id, report


def deliver(workplace: Workplace, *names: str) -> None:
    """Let returns arrive."""
    for name in names:
        shutil.copy(INBOX / name, workplace.returns / name)


def wait_for_publication(dagster: Dagster, known: int) -> str:
    """Wait until the job that publishes has run again, after a known number of times. Returns how it ended."""

    def find() -> str | None:
        runs = list_publications(dagster)
        return runs[0] if len(runs) > known else None

    return dagster.wait_for(wait_until(find)).status


def list_publications(dagster: Dagster) -> list[str]:
    """The runs of the job that publishes, the newest first."""
    return [one.run_id for one in dagster.runs() if one.job == LOAD_AND_PUBLISH]


@dataclass
class Ledger:
    """The releases so far, the oldest first, and the one that readers see."""

    workplace: Workplace
    releases: list[str] = field(default_factory=list)
    seen: str = ""

    def require_unchanged(self) -> None:
        """Require that no release was added, and that readers see the same as before."""
        assert self.list_all() == self.releases
        assert self.workplace.published() == self.seen

    def require_release(self, *changes: tuple[str, str]) -> None:
        """Require that readers see one new release, which says which returns differ from what they saw before."""
        *earlier, newest = self.list_all()
        assert earlier == self.releases
        assert self.workplace.published() == newest
        home = self.workplace.home
        # The first release has nothing to be compared with.
        assert catalog.read_manifest(home.releases / newest)["revision"].get("before", "") == self.seen
        if self.seen:
            revision = compare_releases(home.releases / self.seen, home.releases / newest)
            assert set(changes) <= {(one.committee_id, one.change) for one in revision.returns}
            assert revision.tables
        self.releases, self.seen = [*earlier, newest], newest

    def list_all(self) -> list[str]:
        return [one.release_id for one in reversed(catalog.list_releases(self.workplace.home))]


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """A new home with an open round, and nothing published."""
    home = Home(tmp_path / "home")
    monkeypatch.setenv(VARIABLE, str(home.root))
    call("init", str(home.root))
    call("round", "new", ROUND, "--from", "2016-08-01", "--to", "2017-01-31")
    return Ledger(Workplace(home))


def test_returns_arrive_and_the_power_fails(ledger: Ledger, tmp_path: Path) -> None:
    workplace, home, log = ledger.workplace, ledger.workplace.home, tmp_path / "dagster.log"
    with live_dagster(home, log) as dagster:
        dagster.wait_for_look("No returned file has changed.")
        # Monday: the first returns are published as they are.
        deliver(workplace, *FIRST_DAY)
        assert wait_for_publication(dagster, 0) == "SUCCESS"
        ledger.require_release()
        # Tuesday: a file is damaged and a rating is blank. Nothing is published, and the sender gets feedback.
        deliver(workplace, BLANK)
        (workplace.returns / DAMAGED).write_bytes((INBOX / DAMAGED).read_bytes()[:2000])
        assert wait_for_publication(dagster, 1) == "FAILURE"
        ledger.require_unchanged()
        assert list((home.feedback / ROUND).glob("*.xlsx"))
    # The blank is decided, and the file is sent again while Dagster is stopped. It is published when Dagster is back.
    decide_open_findings(workplace, undecided="rejected_file")
    deliver(workplace, DAMAGED)
    with live_dagster(home, log) as dagster:
        assert wait_for_publication(dagster, 2) == "SUCCESS"
        ledger.require_release(("orkney-islands", "added"), ("inverclyde", "added"))
        # Wednesday: the power fails during a publication.
        deliver(workplace, SECOND_DAY)
        [run, *_] = wait_until(lambda: list_publications(dagster)[:-3] or None)
        wait_until(lambda: "audit_raw" in dagster.events(run).text or None)
        os.killpg(dagster.group, signal.SIGKILL)
    ledger.require_unchanged()
    assert workplace.run(force=False).release_id
    ledger.require_release(("outer-hebrides", "added"))


def test_the_disk_is_full(ledger: Ledger) -> None:
    workplace, home = ledger.workplace, ledger.workplace.home
    deliver(workplace, *FIRST_DAY)
    assert workplace.run().release_id
    ledger.require_release()
    deliver(workplace, SECOND_DAY)
    stopped = run_in_a_process(home, is_disk_full=True)
    output = stopped.stdout + stopped.stderr
    assert stopped.returncode == 1, output
    assert "Traceback" not in output, output
    assert "Files may not grow as large as this one here." in output, output
    ledger.require_unchanged()
    finished = run_in_a_process(home)
    assert finished.returncode == 0, finished.stdout + finished.stderr
    ledger.require_release(("outer-hebrides", "added"))


def test_readers_are_sent_back_and_a_closed_round_is_reopened(
    ledger: Ledger, tmp_path: Path, edit: Callable[..., None]
) -> None:
    workplace, home, log = ledger.workplace, ledger.workplace.home, tmp_path / "dagster.log"
    deliver(workplace, *FIRST_DAY)
    assert workplace.run().release_id
    ledger.require_release()
    deliver(workplace, SECOND_DAY)
    assert workplace.run().release_id
    ledger.require_release(("outer-hebrides", "added"))

    # Readers are sent back. Neither opening the interface nor a return replaces what they see.
    call("rollback", ledger.releases[0])
    ledger.seen = ledger.releases[0]
    with live_dagster(home, log) as dagster:
        wait_until(lambda: dagster.ticks() or None)
        deliver(workplace, AFTER_THE_ROLLBACK)
        dagster.wait_for_look(f"Nothing is published: readers were sent back to release {ledger.seen}.")
    ledger.require_unchanged()

    # The last returns arrive, their findings are decided, a person publishes, and the round is closed.
    deliver(workplace, *(path.name for path in INBOX.iterdir() if path.suffix in (".xlsx", ".docx")))
    assert workplace.run().release_id is None
    ledger.require_unchanged()
    decide_open_findings(workplace)
    assert workplace.run().release_id
    ledger.require_release(("glasgow-city", "added"), ("north-lanarkshire", "added"))
    call("round", "close", ROUND, "--on", "2017-01-31")
    assert workplace.run().release_id
    ledger.require_release()

    # A late return changes nothing that is final until a person opens the round again.
    late = workplace.returns / "Highland.xlsx"
    shutil.copy(workplace.returns / ANGUS, late)
    edit(late, committee="Highland", ratings={1: "Red", 2: "Red", 5: "Amber", 9: "Red", 12: "Green"})
    report = workplace.run()
    assert [one["finding_id"].split(":")[0] for one in report.open_findings].count("final_round_changed") == 1
    ledger.require_unchanged()
    call("round", "reopen", ROUND, "--reason", "A return was late.", "--role", "Data lead")
    # The difference of two final releases is what the late committee answered.
    with (home.seeds / "disclosure_acceptances.csv").open("a", encoding="utf-8") as seed:
        seed.write(ACCEPTED)
    run_and_decide(workplace)
    ledger.require_release(("highland", "added"))
    notes = (home.published / "site" / "release-notes.html").read_text(encoding="utf-8")
    assert "A return was late." in html.unescape(notes)
    assert "highland" in call("diff")
