"""A new home with one new round publishes that round alone, and does not call it invented anywhere."""

import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dagster_project.cli.main import app
from dagster_project.paths import REPOSITORY, VARIABLE, Home
from tests.conftest import ROUND, Workplace

FILES = ("Angus CSE return Oct 2016.xlsx", "CPC return Fife.docx", "Inverclyde CPC self-evaluation.xlsx")


def test_a_new_home_publishes_its_first_round_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workplace = Workplace(Home(tmp_path / "home"))
    monkeypatch.setenv(VARIABLE, str(workplace.home.root))
    for arguments in (
        ["init", str(workplace.home.root)],
        ["round", "new", "first", "--from", "2016-08-01", "--to", "2017-01-31"],
    ):
        answer = CliRunner().invoke(app, arguments)
        assert answer.exit_code == 0, answer.output
    for name in FILES:
        shutil.copy(REPOSITORY / "warehouse" / "returns" / ROUND / name, workplace.home.returns / "first")
    report = workplace.run()
    assert report.release_id, report
    assert workplace.ask("select round_id, is_illustrative from dim_round") == [("first", False)]
    assert workplace.ask("select distinct returns from mart_question_ranking") == [(3,)]
    # The round is open: its ratings are not public.
    home_page = (workplace.home.published / "site" / "index.html").read_text(encoding="utf-8")
    assert "invented" not in home_page
    assert "3 of the 29 committees invited have" in " ".join(home_page.split())
    assert not (workplace.home.published / "site" / "rankings.html").exists()
    confidentiality = (workplace.home.published / "site" / "confidentiality.html").read_text(encoding="utf-8")
    assert "No count of this round is published" in confidentiality
    assert "No count of a consortium is suppressed" not in confidentiality
    # Pages about the report of 2017 need its round; a consortium without a return has no page.
    site = workplace.home.published / "site"
    assert not (site / "report.html").exists()
    assert not (site / "consortia" / "east.html").exists()
