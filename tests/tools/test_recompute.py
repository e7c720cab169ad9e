"""The program that recomputes the published figures without the warehouse."""

import re
import shutil
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

import tools.recompute
from tests.conftest import Workplace
from tools.recompute.__main__ import app

SOURCES = sorted(Path(tools.recompute.__file__).parent.glob("*.py"))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_it_uses_nothing_of_the_product(path: Path) -> None:
    assert not re.search(
        r"^\s*(?:from|import) (?:dagster|dbt)", path.read_text(encoding="utf-8"), re.MULTILINE
    )


def test_every_value_agrees(sample_home: Workplace) -> None:
    result = CliRunner().invoke(app, ["--home", str(sample_home.home.root)])
    assert result.exit_code == 0, result.output
    agreeing, values = re.search(
        r"^Together +([\d,]+) of +([\d,]+) values agree$", result.output, re.MULTILINE
    ).groups()  # type: ignore[union-attr]
    assert agreeing == values
    assert int(values.replace(",", "")) > 48_000
    left_out = result.output.partition("Not recomputed:\n")[2]
    assert "about_this_release: " in left_out
    # Every table is recomputed but the one about the release, and each column that is not has a reason.
    assert set(re.findall(r"^    (\w+):", left_out, re.MULTILINE)) == {"about_this_release"}
    assert "no reason is stated" not in left_out


PLANTED = {
    "mart_rank_robustness.rank_net": (
        "update mart_rank_robustness set rank_net = 99 where question_no = 4",
        "rank_net: ('2016', 4): recomputed 1, published 99",
    ),
    "mart_metric.value": (
        "update mart_metric set value = value + 0.01 where metric = 'mean_score' and question_no = 4 "
        "and consortium_code = 'all'",
        "value: ('2016', 'all', 4, None, 'mean_score')",
    ),
    "mart_claim_check.verdict": (
        "update mart_claim_check set verdict = 'disagrees' where claim_id = '1-01'",
        "verdict: ('2016', None, None, None, 'questions', '1-01'): recomputed agrees, published disagrees",
    ),
    "dim_local_authority_round.committee_id": (
        "update dim_local_authority_round set committee_id = 'fife' where local_authority_name = 'Moray'",
        "committee_id",
    ),
    "mart_consortium_ranking_public.green": (
        "update mart_consortium_ranking_public set green = green + 1 where consortium_code = 'N' and "
        "question_no = 3 and suppressed_because is null",
        "green: ('2016', 'N', 3)",
    ),
    "mart_suppression.suppressed_counts": (
        "update mart_suppression set suppressed_counts = 1",
        "suppressed_counts: ('2016',)",
    ),
    "a suppressed count that is published": (
        "update mart_consortium_ranking_public set suppressed_because = 'small_base' where consortium_code = 'N' and "
        "question_no = 3",
        "suppressed_because: ('2016', 'N', 3): all figures are published",
    ),
    "mart_data_quality": (
        "delete from mart_data_quality where committee_id = 'highland' and check_name = 'non_return'",
        "('non_return:2016:highland',): recomputed highland, published no row",
    ),
    "mart_data_quality_summary.subjects": (
        "update mart_data_quality_summary set subjects = 'question 8' where check_name = 'blank_rating'",
        "subjects: ('2016', 'blank_rating', 'decided', 'estimate', None)",
    ),
    "mart_group_stability": (
        "delete from mart_group_stability where question_no = 4",
        "('2016', 4): recomputed 4, published no row",
    ),
}


def test_each_changed_value_is_named(sample_home: Workplace, tmp_path: Path) -> None:
    for folder in ("warehouse/returns", "dbt/seeds"):
        shutil.copytree(sample_home.home.root / folder, tmp_path / folder)
    published = tmp_path / "warehouse" / "published"
    published.mkdir()
    shutil.copy(sample_home.home.published / "self_evaluation.duckdb", published)
    with duckdb.connect(str(published / "self_evaluation.duckdb")) as connection:
        for change, _ in PLANTED.values():
            connection.execute(change)
    result = CliRunner().invoke(app, ["--home", str(tmp_path)])
    assert result.exit_code == 1
    missing = [name for name, (_, message) in PLANTED.items() if message not in result.output]
    assert missing == [], result.output
