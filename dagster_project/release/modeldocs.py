"""Pages on all models: descriptions, columns, tests, SQL and lineage, from dbt's manifest.

The page of `dbt docs generate` is not used: it needs JavaScript, is empty for screen readers, needs a content security
policy that allows evaluated code, and its framework is no longer maintained.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from dagster_project.release.marts import Notice

FOLDER = "dbt-docs"
LAYERS = ("marts", "intermediate", "staging", "seeds")

_CODE = re.compile("`([^`]+)`")
_AUDIENCES = {"public": "anyone", "analyst": "analysts", "restricted": "nobody outside the build"}


@dataclass(frozen=True)
class ColumnDoc:
    """A column: its type (empty in a seed that declares none), its description, its tests as sentences."""

    name: str
    data_type: str
    description: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class ModelDoc:
    """A model or a seed. `built_from` and `used_by` are (layer, name) of models; `raw` are names of raw tables."""

    name: str
    layer: str
    audience: str
    description: str
    columns: tuple[ColumnDoc, ...]
    tests: tuple[str, ...]
    built_from: tuple[tuple[str, str], ...]
    raw: tuple[str, ...]
    used_by: tuple[tuple[str, str], ...]
    sql: str


def describe_models(manifest: Mapping[str, Any]) -> tuple[ModelDoc, ...]:
    """Describe all models and seeds of dbt's manifest, by layer and name."""
    nodes = [node for node in manifest["nodes"].values() if node["resource_type"] in ("model", "seed")]
    docs = [_describe_model(manifest, node) for node in nodes]
    return tuple(sorted(docs, key=lambda one: (LAYERS.index(one.layer), one.name)))


def _describe_model(manifest: Mapping[str, Any], node: Mapping[str, Any]) -> ModelDoc:
    unique_id = node["unique_id"]
    parents, children = manifest["parent_map"][unique_id], manifest["child_map"][unique_id]
    tests = [manifest["nodes"][child] for child in children if child.startswith("test.")]
    own = [test for test in tests if test.get("attached_node") == unique_id]
    singular = [test for test in tests if not test.get("attached_node")]
    return ModelDoc(
        name=node["name"],
        layer=_name_layer(node),
        audience=_AUDIENCES.get(node["config"]["meta"].get("audience", ""), ""),
        description=_join_lines(node["description"]),
        columns=tuple(_describe_column(column, own) for column in node["columns"].values()),
        tests=(
            *(_describe_test(test) for test in own if not test["column_name"]),
            *(_describe_named_test(test) for test in singular),
        ),
        built_from=_find_places(manifest, parents),
        raw=tuple(sorted(one.rpartition(".")[2] for one in parents if one.startswith("source."))),
        used_by=_find_places(manifest, children),
        sql=node["raw_code"].strip() if node["resource_type"] == "model" else "",
    )


def _find_places(manifest: Mapping[str, Any], ids: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Find the layer and the name of each model and seed among the ids."""
    nodes = [manifest["nodes"][one] for one in ids if one.startswith(("model.", "seed."))]
    return tuple(sorted((_name_layer(node), node["name"]) for node in nodes))


def write_model_docs(folder: Path, docs: Sequence[ModelDoc], notice: Notice) -> None:
    """Write `dbt-docs/index.html` and a page per layer into a release."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
    )
    environment.filters["mark_code"] = _mark_code
    template = environment.get_template("modeldocs.html")
    (folder / FOLDER).mkdir(parents=True)
    layers = {layer: [one for one in docs if one.layer == layer] for layer in LAYERS}
    for layer in ("index", *LAYERS):
        page = template.render(layer=layer, layers=layers, notice=notice)
        (folder / FOLDER / f"{layer}.html").write_text(page, encoding="utf-8")


def _name_layer(node: Mapping[str, Any]) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def _describe_column(column: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> ColumnDoc:
    constraints = ["never null" for one in column.get("constraints", []) if one["type"] == "not_null"]
    tested = [_describe_test(test) for test in tests if test["column_name"] == column["name"]]
    return ColumnDoc(
        column["name"],
        column["data_type"] or "",
        _join_lines(column["description"]),
        tuple(dict.fromkeys([*constraints, *tested])),
    )


def _describe_test(test: Mapping[str, Any]) -> str:
    about = test.get("test_metadata") or {"name": test["name"], "kwargs": {}}
    name, given = about["name"], about["kwargs"]
    match name:
        case "not_null":
            return "never null"
        case "accepted_values":
            return "one of " + ", ".join(map(str, given["values"]))
        case "relationships":
            return f"exists in {given['to'].removeprefix('ref(').strip(chr(39) + ')')}, {given['field']}"
        case "unique_combination":
            return "one row per " + ", ".join(given["columns"])
        case _:
            return _describe_named_test(test) if name == test["name"] else str(name).replace("_", " ")


def _describe_named_test(test: Mapping[str, Any]) -> str:
    return _join_lines(test.get("description") or test["name"].replace("_", " "))


def _mark_code(text: str) -> Markup:
    """Escape a text, and mark what is between backticks as code."""
    return Markup(_CODE.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _join_lines(text: str) -> str:
    return " ".join(text.split())
