"""Every model of the warehouse: what a row and each column are, tests, SQL, and what it is made of and feeds.

The words are those of dbt's manifest. dbt's own page is not used: it shows nothing without JavaScript and to
no screen reader, needs a policy that lets text become code, and its framework is no longer maintained.
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

_HERE = Path(__file__).resolve().parent
_NAME = re.compile("`([^`]+)`")
_AUDIENCES = {"public": "anyone", "analyst": "analysts", "restricted": "nobody outside the build"}


@dataclass(frozen=True)
class ColumnDoc:
    """A column: its type as declared (empty in seeds without one), its meaning, its tests in words."""

    name: str
    data_type: str
    description: str
    tests: tuple[str, ...]


@dataclass(frozen=True)
class ModelDoc:
    """A model or a seed. `made_of` and `feeds` are (layer, name) of models; raw tables stand in `raw`."""

    name: str
    layer: str
    audience: str
    description: str
    columns: tuple[ColumnDoc, ...]
    tests: tuple[str, ...]
    made_of: tuple[tuple[str, str], ...]
    raw: tuple[str, ...]
    feeds: tuple[tuple[str, str], ...]
    sql: str


def documented(manifest: Mapping[str, Any]) -> tuple[ModelDoc, ...]:
    """All models and seeds by layer and name, from dbt's manifest."""
    nodes = {i: n for i, n in manifest["nodes"].items() if n["resource_type"] in ("model", "seed")}
    tests = [n for n in manifest["nodes"].values() if n["resource_type"] == "test"]
    places = {i: (_layer(n), n["name"]) for i, n in nodes.items()}
    docs = []
    for unique_id, node in nodes.items():
        parents = node.get("depends_on", {}).get("nodes", [])
        own = [test for test in tests if test.get("attached_node") == unique_id]
        alone = [t for t in tests if not t.get("attached_node") and unique_id in t["depends_on"]["nodes"]]
        docs.append(
            ModelDoc(
                *(node["name"], _layer(node)),
                _AUDIENCES.get(node["config"].get("meta", {}).get("audience", ""), ""),
                _one_line(node["description"]),
                tuple(_column(column, own) for column in node["columns"].values()),
                tuple(_in_words(t) for t in own if not t["column_name"]) + tuple(_named(t) for t in alone),
                tuple(sorted(places[one] for one in parents if one in places)),
                tuple(sorted(one.rpartition(".")[2] for one in parents if one.startswith("source."))),
                tuple(sorted(places[i] for i, n in nodes.items() if unique_id in _parents(n))),
                node["raw_code"].strip() if node["resource_type"] == "model" else "",
            )
        )
    return tuple(sorted(docs, key=lambda one: (LAYERS.index(one.layer), one.name)))


def write_model_docs(folder: Path, docs: Sequence[ModelDoc], notice: Notice) -> None:
    """Write `dbt-docs/index.html` and a page per layer into a release."""
    # SQL and descriptions are text here, never markup.
    environment = Environment(
        loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["coded"] = _coded
    template = environment.get_template("modeldocs.html")
    (folder / FOLDER).mkdir(parents=True)
    layers = {layer: [one for one in docs if one.layer == layer] for layer in LAYERS}
    for layer in ("index", *LAYERS):
        page = template.render(layer=layer, layers=layers, notice=notice)
        (folder / FOLDER / f"{layer}.html").write_text(page, encoding="utf-8")


def _layer(node: Mapping[str, Any]) -> str:
    return "seeds" if node["resource_type"] == "seed" else str(node["fqn"][1])


def _parents(node: Mapping[str, Any]) -> Sequence[str]:
    found: Sequence[str] = node.get("depends_on", {}).get("nodes", [])
    return found


def _column(column: Mapping[str, Any], tests: Sequence[Mapping[str, Any]]) -> ColumnDoc:
    constraints = ["never null" for one in column.get("constraints", []) if one["type"] == "not_null"]
    held = [_in_words(test) for test in tests if test["column_name"] == column["name"]]
    words = dict.fromkeys([*constraints, *held])
    return ColumnDoc(
        column["name"], column["data_type"] or "", _one_line(column["description"]), tuple(words)
    )


def _in_words(test: Mapping[str, Any]) -> str:
    about = test.get("test_metadata") or {"name": test["name"], "kwargs": {}}
    name, given = about["name"], about["kwargs"]
    match name:
        case "not_null":
            return "never null"
        case "accepted_values":
            return "one of " + ", ".join(map(str, given["values"]))
        case "relationships":
            return f"stands in {given['to'].removeprefix('ref(').strip(chr(39) + ')')}, {given['field']}"
        case "unique_combination":
            return "one row per " + ", ".join(given["columns"])
        case _:
            return _named(test) if name == test["name"] else str(name).replace("_", " ")


def _named(test: Mapping[str, Any]) -> str:
    return _one_line(test.get("description") or test["name"].replace("_", " "))


def _coded(text: str) -> Markup:
    """The text with names that stand between backticks marked as code, and nothing else marked."""
    return Markup(_NAME.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704 - escaped before


def _one_line(text: str) -> str:
    return " ".join(text.split())
