"""dbt's own unit tests, which prove the models on invented rows, run on the built sample."""

from dagster_project.transform.project import invoke
from tests.conftest import Workplace


def test_every_unit_test_passes(workplace: Workplace) -> None:
    result = invoke(["test", "--select", "test_type:unit"])
    outcomes = {
        one.node.name: (one.status, one.message)
        for one in result.result
        if one.node.resource_type == "unit_test"
    }
    assert len(outcomes) >= 10
    assert {name: outcome for name, outcome in outcomes.items() if outcome[0] != "pass"} == {}
