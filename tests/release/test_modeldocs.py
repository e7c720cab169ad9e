"""The pages on models: complete, linked, without scripts, and with all texts escaped."""

from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from dagster_project.paths import REPOSITORY
from dagster_project.release.marts import Notice
from dagster_project.release.modeldocs import FOLDER, LAYERS, describe_models, write_model_docs
from dagster_project.transform.project import load_manifest

NOTICE = Notice("Not verified.", "20261122T120000Z-sample", "2026-11-22T12:00:00Z", "sample")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The pages on the project's own models."""
    made = tmp_path_factory.mktemp("release")
    write_model_docs(made, describe_models(load_manifest()), NOTICE)
    return made / FOLDER


def _page(folder: Path, name: str) -> BeautifulSoup:
    return BeautifulSoup((folder / f"{name}.html").read_text(encoding="utf-8"), "lxml")


def test_every_model_and_each_of_its_columns_is_there(folder: Path) -> None:
    nodes = [n for n in load_manifest()["nodes"].values() if n["resource_type"] in ("model", "seed")]
    assert len(nodes) > 100
    pages = {layer: _page(folder, layer) for layer in LAYERS}
    assert sum(len(page.select("section")) for page in pages.values()) == len(nodes)
    for node in nodes:
        layer = "seeds" if node["resource_type"] == "seed" else node["fqn"][1]
        section = pages[layer].select_one(f"section:has(> #{node['name']})")
        assert section is not None, node["name"]
        shown = [cell.get_text() for cell in section.select("tbody th")]
        assert shown == list(node["columns"])
        assert (section.pre is not None) == (node["resource_type"] == "model")


def test_meaning_tests_and_lineage_of_a_mart(folder: Path) -> None:
    section = _page(folder, "marts").select_one("section:has(> #mart_question_ranking)")
    assert section is not None
    assert "one row per round_id, question_no" in section.get_text()
    links = {link.get_text(): link["href"] for link in section.select("dl a")}
    assert links["int_ranking"] == "intermediate.html#int_ranking"
    assert links["mart_rank_robustness"] == "#mart_rank_robustness"
    row = next(r for r in section.select("tbody tr") if r.th is not None and r.th.get_text() == "returns")
    assert [cell.get_text() for cell in row.select("td")][::2] == ["integer", "never null"]


def test_every_link_has_a_target_and_nothing_is_loaded(folder: Path) -> None:
    pages = {name: _page(folder, name) for name in ("index", *LAYERS)}
    anchors = {name: {one["id"] for one in page.select("[id]")} for name, page in pages.items()}
    for name, page in pages.items():
        assert not page.select("script, img, iframe, link:not([href='data:,'])")
        for link in page.select("a[href]"):
            file, _, anchor = str(link["href"]).partition("#")
            if file.startswith("../"):
                # A page of the manual, which is made from a file of the same name.
                page_of_manual = file.removeprefix("../manual/").removesuffix(".html")
                assert (REPOSITORY / "docs" / f"{page_of_manual}.md").is_file(), link["href"]
            else:
                target = file.removesuffix(".html") or name
                assert target in pages
                assert not anchor or anchor in anchors[target], link["href"]


def test_texts_of_a_model_are_escaped(tmp_path: Path) -> None:
    [model, *_] = describe_models(load_manifest())
    hostile = "<script>alert(1)</script> {{ 7 * 191 }}"
    named = f"`{hostile}` and `int_returns`"
    changed = {"description": named, "sql": hostile, "columns": ()}
    write_model_docs(tmp_path, [type(model)(**{**vars(model), **changed})], NOTICE)
    page = _page(tmp_path / FOLDER, model.layer)
    assert not page.select("script")
    assert [text.get_text() for text in page.select("section > p")] == [named.replace("`", "")]
    assert [code.get_text() for code in page.select("section code")] == [hostile, "int_returns", hostile]
