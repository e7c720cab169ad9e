"""Conventions of the models that no linter knows."""

from dagster_project.paths import REPOSITORY
from dagster_project.transform import project
from tests.conftest import Workplace

MODELS = REPOSITORY / "dbt" / "models"


def test_every_model_stands_beside_its_twin() -> None:
    lonely = [path.name for path in MODELS.rglob("*.sql") if not path.with_suffix(".yml").exists()]
    assert lonely == []


def test_every_model_states_its_grain() -> None:
    for path in MODELS.rglob("*.yml"):
        if path.stem != "_sources":
            assert "One row per" in path.read_text(), path


def test_every_mart_is_under_contract_described_and_has_an_audience(sample_home: Workplace) -> None:
    marts = [node for node in project.manifest()["nodes"].values() if node["fqn"][1:2] == ["marts"]]
    models = [node for node in marts if node["resource_type"] == "model"]
    assert len(models) >= 13
    for node in models:
        assert node["config"]["contract"]["enforced"], node["name"]
        assert node["config"]["meta"]["audience"] in {"public", "analyst", "restricted"}, node["name"]
        assert all(column["description"] for column in node["columns"].values()), node["name"]
