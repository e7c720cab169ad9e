"""Conventions of the models, for all of them, as dbt's manifest and their files show them."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from dagster_project.paths import REPOSITORY
from dagster_project.transform.project import load_manifest
from tests.conftest import Workplace

DBT = REPOSITORY / "dbt"
MODELS = DBT / "models"
PATHS = sorted(MODELS.rglob("*.sql"))
MAX_LINES = 100
"""Maximum number of lines of a model: two screens."""

PREFIXES = {
    "staging": ("stg_",),
    "intermediate": ("int_",),
    "marts": ("dim_", "fct_", "mart_", "rating_detail"),
}
DOMAINS = {
    "intermediate": {
        "returns",
        "ratings",
        "duplicates",
        "findings",
        "decisions",
        "ranking",
        "metrics",
        "change",
        "disclosure",
    },
    "marts": {"core", "ranking", "quality", "change", "public"},
}
CTE = re.compile(r"^ *(?:\w+|\{\{ \w+ \}\}) as \($", re.MULTILINE)
IMPORT = re.compile(r"\s*select \* from \{\{ (?:ref|source)\([^)]+\) \}\}\s*\),?\s*")
ASIDE = re.compile(r"\{#.*?#\}|\{%.*?%\}|^ *--.*?$", re.MULTILINE | re.DOTALL)
"""What is not SQL: comments, and tags of Jinja."""

BUSINESS = re.compile(r"\bcase\b|\bjoin\b|\bgroup by\b|\bover\s*\(|\bwhere\b|\bgreen\b|\bamber\b|\bred\b")

WITHOUT_KEY_TEST = {
    "stg_problems": "A file may have the same problem twice.",
    "int_problems": "A file may have the same problem twice.",
    "int_cover_problems": "A file may have the same problem twice.",
    "int_rating_readings": "A view of one row per row of stg_answers, which is tested.",
    "int_missing_answers": "A part of int_answers, which is tested.",
    "int_ratings_resolved": "A view of one row per row of int_answers, which is tested.",
    "int_ratings": "The view behind fct_rating, which is tested.",
    "int_compared_ratings": "A part of fct_rating by moment.",
    "int_rating_changes": "The rows of fct_rating_change, which is tested.",
    "int_comment_passages": "One row per commented row of int_answers, which is tested.",
    "int_repeated_passages": "A passage may occur twice in a comment.",
    "int_weighted_passages": "Distinct by its query, and the largest table.",
    "int_register": "A finding may be decided twice, which is a finding of its own.",
    "int_decisions": "A finding may be decided twice, which is a finding of its own.",
    "int_local_authority_rounds": "An authority may have two committees, which is a finding of its own.",
}
"""Models without a test of their key, each with the reason."""

PARTS = {"int_finding_": "int_findings", "int_metrics_": "int_metrics"}
"""Prefixes of models whose key is tested in the union of them."""

HOMONYMS = {
    "change": "Of a committee, or of a question.",
    "comment_share": "Of two comments, or of two returns.",
    "comments": "Of a question, or of a return.",
    "decisions": "A list in the seed, readable text in the mart.",
    "definition": "Of a rule, a topic or a metric.",
    "expected": "A value in the seed, with its comparison in the mart.",
    "explanation": "Of a problem, or of a check.",
    "is_counted": "A return, or a rating.",
    "note": "On a rule, or on a claim.",
    "position": "Of a round, of a rule, or of a field of the cover.",
    "returns": "For a question, with a topic, or with a passage.",
    "severity": "Of a problem, or of a check.",
    "title": "Of a round, a problem, a rule or a check.",
    "topics": "A list in the model, text in the seed.",
    "value": "Of a metric, or of a word.",
    "word": "For a rating, or of the report.",
}
"""Columns whose name has more than one meaning."""


def nodes(*kinds: str) -> dict[str, Mapping[str, Any]]:
    """The project's own models and seeds by name."""
    return {
        node["name"]: node
        for node in load_manifest()["nodes"].values()
        if node["resource_type"] in (kinds or ("model",))
    }


def layer(node: Mapping[str, Any]) -> str:
    """The folder below `models/`."""
    return str(node["fqn"][1])


def parents(node: Mapping[str, Any]) -> Iterator[str]:
    """Names of the models that a model reads."""
    for one in node["depends_on"]["nodes"]:
        if one.startswith("model."):
            yield one.rpartition(".")[2]


def described() -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Each model, seed and source, with its name and the file that describes it, as written there."""
    for path in [*MODELS.rglob("*.yml"), DBT / "seeds" / "_seeds.yml"]:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        tables = [table for source in content.get("sources", []) for table in source["tables"]]
        for one in [*content.get("models", []), *content.get("seeds", []), *tables]:
            yield path.name, one["name"], one


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_model_imports_first_and_selects_final_last(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.endswith("\n)\n\nselect * from final\n")
    opening, *expressions = CTE.split(ASIDE.sub("", text))
    assert opening.strip() == "with"
    are_imports = [bool(IMPORT.fullmatch(one)) for one in expressions]
    assert are_imports[0]
    assert are_imports == sorted(are_imports, reverse=True), "an import comes after another expression"
    for is_import, expression in zip(are_imports, expressions, strict=True):
        assert is_import or not re.search(r"\b(?:ref|source)\(", expression), (
            "a model is read without an import"
        )
    assert CTE.findall(text)[-1] == "final as ("


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_model_is_short(path: Path) -> None:
    """Blank lines, which the layout of models prescribes, are not counted."""
    lines = path.read_text(encoding="utf-8").splitlines()
    assert sum(bool(line.strip()) for line in lines) <= MAX_LINES


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_folder_and_prefix_give_the_role_of_a_model(path: Path) -> None:
    folder, *domain = path.relative_to(MODELS).parts[:-1]
    assert path.stem.startswith(PREFIXES[folder])
    assert set(domain) <= DOMAINS.get(folder, set())
    assert len(domain) == (folder in DOMAINS)
    assert path.with_suffix(".yml").exists(), "the model has no file that describes it"


def test_the_files_and_the_manifest_have_the_same_models() -> None:
    assert sorted(nodes()) == sorted(path.stem for path in PATHS)


def test_no_model_reads_one_of_a_later_layer() -> None:
    order = list(PREFIXES)
    models = nodes()
    wrong = [
        (name, parent)
        for name, node in models.items()
        for parent in parents(node)
        if order.index(layer(models[parent])) > order.index(layer(node))
    ]
    assert wrong == []


def test_only_staging_reads_raw_tables_and_each_of_them_one() -> None:
    for name, node in nodes().items():
        sources = [one for one in node["depends_on"]["nodes"] if one.startswith("source.")]
        assert len(sources) == (layer(node) == "staging"), name


@pytest.mark.parametrize("path", sorted((MODELS / "staging").glob("*.sql")), ids=lambda path: path.stem)
def test_staging_renames_and_casts_only(path: Path) -> None:
    assert not BUSINESS.search(ASIDE.sub("", path.read_text(encoding="utf-8")))


def test_the_first_sentence_of_a_description_is_the_grain() -> None:
    assert [name for _, name, one in described() if not one["description"].startswith("One row per ")] == []


def test_every_column_is_described(sample_home: Workplace) -> None:
    tables = [*nodes("model", "seed").values(), *load_manifest()["sources"].values()]
    described_columns = {
        (node["schema"], node["name"], column["name"])
        for node in tables
        for column in node["columns"].values()
        if column["description"].strip()
    }
    with duckdb.connect(str(sample_home.home.build_database), read_only=True) as connection:
        built = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    assert set(built) == described_columns


def test_every_data_test_says_what_it_protects_and_who_fixes_it() -> None:
    assert [name for name, node in nodes("test").items() if not node["description"].strip()] == []


def test_a_column_name_has_one_definition() -> None:
    meanings: dict[str, set[str]] = defaultdict(set)
    for _, _, one in described():
        for column in one.get("columns", []):
            meanings[column["name"]].add(" ".join(column["description"].split()))
    several = {name for name, found in meanings.items() if len(found) > 1}
    assert several == set(HOMONYMS)


def test_a_description_is_written_once() -> None:
    places: dict[str, set[str]] = defaultdict(set)
    for _, name, one in described():
        for column in one.get("columns", []):
            text = " ".join(column["description"].split())
            if not text.startswith("{{ doc("):
                places[text].add(f"{name}.{column['name']}")
    assert [found for found in places.values() if len(found) > 1] == [], "a doc() block is missing"
    docs = "".join(path.read_text(encoding="utf-8") for path in (MODELS / "docs").glob("*.md"))
    blocks = re.findall(r"\{% docs (\w+) %\}", docs)
    files = [*MODELS.rglob("*.yml"), DBT / "seeds" / "_seeds.yml"]
    used = set(re.findall(r"doc\('(\w+)'\)", "".join(path.read_text(encoding="utf-8") for path in files)))
    assert sorted(blocks) == sorted(used)


def test_every_mart_is_under_contract_and_has_an_audience() -> None:
    marts = {name: node for name, node in nodes().items() if layer(node) == "marts"}
    assert marts
    for name, node in marts.items():
        assert node["config"]["contract"]["enforced"], name
        assert node["config"]["meta"]["audience"] in {"public", "analyst", "restricted"}, name
        assert all(column["data_type"] for column in node["columns"].values()), name


def test_every_model_has_a_test_of_its_key() -> None:
    tested = {
        node["attached_node"].rpartition(".")[2]
        for node in load_manifest()["nodes"].values()
        if node["resource_type"] == "test"
        and node.get("attached_node")
        and node["test_metadata"]["name"] in {"unique", "primary_key", "unique_combination"}
    }
    untested = {
        name
        for name in nodes()
        if name not in tested
        and not any(name.startswith(prefix) and whole in tested for prefix, whole in PARTS.items())
    }
    assert untested == set(WITHOUT_KEY_TEST)
