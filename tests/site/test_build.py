"""The repository's own pages, built from the sample release: complete, linked, and equal to the data."""

import csv
import json
import posixpath
import re
import shutil
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import duckdb
import pytest
import yaml
from bs4 import BeautifulSoup
from bs4.element import Tag

from dagster_project.paths import REPOSITORY
from dagster_project.site import colours, formats
from dagster_project.site.build import build_site
from dagster_project.site.database import Database
from dagster_project.site.errors import SiteError
from dagster_project.site.sources import STANDALONE, write_sources
from tests.site.site_sample import COUNTS, BuiltSite, make_release

LOADING = re.compile(
    r"""(?:url\(|@import|\b(?:src|srcset|data|action|poster)\s*=)\s*["']?\s*(?:https?:)?//"""
)


def _pages(site: BuiltSite) -> dict[str, BeautifulSoup]:
    return {
        path.relative_to(site.folder).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "lxml")
        for path in sorted(site.folder.rglob("*.html"))
        # These pages do not have the theme.
        if path.parent.name not in STANDALONE
    }


@pytest.fixture(scope="module")
def pages(site: BuiltSite) -> dict[str, BeautifulSoup]:
    """Every finished page by its path."""
    return _pages(site)


def test_every_page_is_built(site: BuiltSite, pages: dict[str, BeautifulSoup]) -> None:
    sources = [p for p in (REPOSITORY / "docs").rglob("*.md") if not p.name.startswith("_")]
    in_manual = {p for p in pages if p.startswith("manual/")}
    assert {"manual/engineers.html", "manual/checks.html", "manual/adr/index.html"} < in_manual
    assert not {p.removeprefix("manual/") for p in in_manual} & set(pages) - {"404.html"}
    sources.remove(REPOSITORY / "docs" / "change.md")  # needs a second round
    assert "change.html" not in pages
    assert len([p for p in pages if re.match(r"questions/q\d\d\.html", p)]) == 19
    assert {p for p in pages if p.startswith("consortia/")} == {
        "consortia/index.html", "consortia/north.html", "consortia/west.html", "consortia/east.html"
    }  # fmt: skip
    # And the findings, and the pages for missing addresses.
    assert len(pages) == len(sources) + 19 + 3 + 1 + 2
    assert site.report.pages == len(pages) - 2
    assert site.report.charts == sum(len(page.select("figure.chart")) for page in pages.values())


def test_pages_of_both_sites_link_to_each_other(pages: dict[str, BeautifulSoup]) -> None:
    for page, address in [
        ("method.html", "manual/rules.html"),
        ("quality.html", "manual/checks.html"),
        ("manual/claims.html", "../rankings.html"),
    ]:
        assert pages[page].select_one(f'article a[href="{address}"]'), page


def test_search_has_the_texts_of_readers_pages_and_keywords_of_pages(site: BuiltSite) -> None:
    index = json.loads((site.folder / "search" / "search_index.json").read_text(encoding="utf-8"))
    entries = {entry["location"]: entry for entry in index["docs"]}
    assert "practice guidance" in entries["questions/q04.html"]["text"].lower()
    assert entries["method.html#blank-ratings"]["text"]
    assert all(entries[f"{page}.html"]["tags"] for page in ("coverage", "data", "method", "quality"))
    assert not [location for location, entry in entries.items() if "#" in location and "tags" in entry]
    assert not any(location.startswith(("manual/", "how-to/")) for location in entries)
    of_manual = json.loads((site.folder / "manual/search/search_index.json").read_text(encoding="utf-8"))
    assert "how-to/roll-back.html" in {entry["location"] for entry in of_manual["docs"]}


def test_build_reports_its_time_by_step(site: BuiltSite) -> None:
    assert set(site.report.seconds) == {"read", "render", "build"}
    assert all(seconds > 0 for seconds in site.report.seconds.values())
    assert json.dumps(asdict(site.report))  # the run's metadata


def test_no_fence_or_template_is_left(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for code in page.select("pre, code, script, style"):
            code.extract()
        assert not re.search(r"```|\{\{|\{%|\ue000", page.get_text()), path


def test_every_internal_link_and_anchor_resolves(site: BuiltSite) -> None:
    pages = _pages(site)
    ids = {path: {tag["id"] for tag in page.select("[id]")} for path, page in pages.items()}
    broken = []
    for path, page in pages.items():
        for link in page.select("a[href]"):
            parts = urlsplit(str(link["href"]))
            if parts.scheme or parts.netloc:
                broken.append((path, link["href"]))
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path)))
            target = path if not parts.path else target
            target = "index.html" if target in {".", "/"} else target.removeprefix("/")
            if not (site.folder / target).is_file() or (parts.fragment and parts.fragment not in ids[target]):
                broken.append((path, link["href"]))
    assert broken == []


@pytest.mark.parametrize("name", ["404.html", "manual/404.html"])
def test_page_for_missing_addresses_leads_to_all_sections(pages: dict[str, BeautifulSoup], name: str) -> None:
    """It is shown at any depth, so a relative address would be wrong."""
    page = pages[name]
    assert page.h1 is not None and page.select_one("main") is not None
    assert not page.select("link:not([href='data:,']), script, img")
    home, *others = [str(link["href"]) for link in page.select("a")]
    assert home == "/" and len(others) > 5
    assert {other.removeprefix("/") for other in others} < set(pages)


def test_nothing_is_loaded_from_another_host(site: BuiltSite, pages: dict[str, BeautifulSoup]) -> None:
    for path in (p for suffix in ("html", "css") for p in site.folder.rglob(f"*.{suffix}")):
        assert not LOADING.search(path.read_text(encoding="utf-8")), path
    for name, page in pages.items():
        for tag in page.select("link[href], script[src], img[src], iframe, object, embed"):
            address = str(tag.get("href") or tag.get("src") or "")
            assert address and not urlsplit(address).netloc, (name, address)


def _figures(table: Tag) -> list[dict[str, str]]:
    heads = [th.get_text(strip=True) for th in table.select("thead th")]
    return [
        dict(zip(heads, [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])], strict=True))
        for row in table.select("tbody tr")
    ]


def test_each_figure_is_named_by_its_finding_and_has_values_in_words_and_a_table(
    pages: dict[str, BeautifulSoup],
) -> None:
    findings = []
    for path, page in pages.items():
        for figure in page.select("figure.chart"):
            (plot,) = figure.select(".plot[role=group]")
            finding = figure.select_one(f"#{plot['aria-labelledby']}")
            assert finding is not None and len(finding.get_text()) > 20, path
            findings.append((path, finding.get_text()))
            for row in plot.select("li"):
                values = row.select_one(".values")
                assert values is not None and re.search(r"\d", values.get_text()), path
                assert all(marks.get("aria-hidden") for marks in row.select(".marks")), path
            rows = figure.select("table tbody tr")
            assert len(rows) == len(plot.select("li")) > 1, path
            for label, row in zip(plot.select(".label"), rows, strict=True):
                name = re.sub(r"^Q\d+ | \(small base\)$", "", label.get_text())
                assert name in row.get_text(" "), (path, name)
            assert figure.select_one("table caption") and figure.select_one(".source"), path
            assert figure.select_one(f"a[href='#{figure['id']}']"), path
    assert len(findings) == len(set(findings)) > 20


def test_axis_of_ranks_has_the_first_and_the_last_rank(pages: dict[str, BeautifulSoup]) -> None:
    ticks = [tick.get_text() for tick in pages["robustness.html"].select("figure.chart .axis i")]
    assert ticks == ["1", "4", "7", "10", "13", "16", "19"]


def test_questions_and_consortia_in_charts_link_to_their_pages(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for label in page.select("figure.chart .label"):
            name = label.get_text()
            if name != "Scotland":
                assert re.match(r"Q\d+ \w{2}", name) or name.split()[0] in {"North", "West", "East"}, path
                assert label.a is not None and str(label.a["href"]).endswith(".html"), (path, name)


def test_each_figure_has_a_picture_with_its_texts(site: BuiltSite, pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for figure in page.select("figure.chart"):
            link = figure.select_one("a[download][href$='.svg']")
            assert link is not None, path
            file = posixpath.normpath(posixpath.join(posixpath.dirname(path), str(link["href"])))
            picture = BeautifulSoup((site.folder / file).read_text(encoding="utf-8"), "xml")
            written = " ".join(text.get_text() for text in picture.select("text"))
            texts = [
                *(figure.select_one(part).get_text() for part in (".says", ".measures", ".source")),  # type: ignore[union-attr]
                *(label.get_text() for label in figure.select(".label")),
            ]
            assert all(words in written.replace("\n", " ") for words in texts), path
            assert not picture.select("style, script, a, image"), path
            assert "are invented" in written, path


def test_each_figure_has_its_data_as_csv(site: BuiltSite, pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for figure in page.select("figure.chart"):
            link = figure.select_one("a[download][href$='.csv']")
            assert link is not None, path
            file = site.folder / posixpath.normpath(
                posixpath.join(posixpath.dirname(path), str(link["href"]))
            )
            rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
            assert rows and not any(column.endswith("_link") for column in rows[0]), path
            size = re.search(r"CSV \((.+)\)", link.get_text())
            assert size and size[1] == formats.format_size(file.stat().st_size), path
    rows = list(csv.DictReader((site.folder / "downloads/figures/index-1.csv").read_text().splitlines()))
    counts = {int(r["question_no"]): tuple(int(r[c]) for c in ("green", "amber", "red")) for r in rows}
    assert counts == COUNTS


def test_chart_and_table_of_the_home_page_equal_the_data(pages: dict[str, BeautifulSoup]) -> None:
    figure = pages["index.html"].select_one("figure.chart")
    assert figure is not None
    rows = {int(row["No."]): row for row in _figures(figure.select_one("table"))}  # type: ignore[arg-type]
    assert {no: tuple(int(row[c]) for c in ("Green", "Amber", "Red")) for no, row in rows.items()} == COUNTS
    assert list(rows) == [4, 2, 1, 8, 11, 5, 7, 17, 19, 15, 9, 13, 6, 3, 10, 14, 16, 12, 18]
    assert rows[17]["Rank"] == rows[19]["Rank"] == "=8 (joint)"
    drawn = {
        int(str(row.select_one(".label").get_text()).split()[0][1:]): {  # type: ignore[union-attr]
            letter: int(count) for count, letter in (bar.stripped_strings for bar in row.select(".panel b"))
        }
        for row in figure.select(".plot li")
    }
    assert drawn == {
        no: {letter: count for letter, count in zip("GAR", counts, strict=True) if count}
        for no, counts in COUNTS.items()
    }
    groups = [group.get_text() for group in figure.select(".group")]
    assert groups == ["High confidence", "Medium confidence", "Low confidence"]


def test_each_question_page_equals_the_data(release: Path, pages: dict[str, BeautifulSoup]) -> None:
    source = str(release / "data" / "parquet" / "mart_consortium_ranking.parquet")
    counts = {
        (name, no): (green, amber, red)
        for name, no, green, amber, red in duckdb.connect()
        .execute(f"select consortium_name, question_no, green, amber, red from read_parquet('{source}')")
        .fetchall()
    }
    counts |= {("Scotland", no): figures for no, figures in COUNTS.items()}
    for no in COUNTS:
        table = pages[f"questions/q{no:02d}.html"].select_one("figure.chart table")
        assert table is not None
        for row in _figures(table):
            shown = tuple(int(row[c]) for c in ("Green", "Amber", "Red"))
            assert shown == counts[row["Consortium"], no]


def test_tables_have_captions_and_scopes(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        for table in page.select("table.data"):
            assert table.caption is not None, path
            assert all(th.get("scope") in {"col", "row"} for th in table.select("th")), path
            box = table.parent
            assert box is not None and box["tabindex"] == "0" and box["role"] == "region", path


def test_every_page_has_the_facts_about_its_figures(pages: dict[str, BeautifulSoup]) -> None:
    for path, page in pages.items():
        if path.endswith("404.html") or path.startswith("manual/"):
            continue
        facts = {
            str(pair.dt and pair.dt.get_text(strip=True)): " ".join(
                str(pair.dd and pair.dd.get_text(" ")).split()
            )
            for pair in page.select(".about-data dl > div")
        }
        assert facts == {
            "Round": "Self-evaluation 2016",
            "Data as at": "31 January 2017",
            "Published": "22 November 2026",
            "Status": "Illustrative, not verified",
            "Coverage": "25 of 29 committees, 28 of 32 local authorities",
            "Fieldwork": "1 August 2016 to 31 January 2017",
            "Method": "How figures are calculated , caveats",
            "Revisions": "Release 20261122T120000Z-sample",
            "Contact": "the team that sent you this site",
        }, path
        assert page.select_one('meta[name="description"]'), path
        assert len(page.select("h1")) == 1, path


def test_small_base_is_marked_on_pages_that_show_the_east(pages: dict[str, BeautifulSoup]) -> None:
    for path in ("consortia/east.html", "consortia/index.html", "method.html", "questions/q01.html"):
        assert "small base" in pages[path].get_text().lower(), path
    assert "small base" not in pages["consortia/north.html"].get_text().lower()


def test_a_real_round_is_never_called_invented(tmp_path: Path) -> None:
    """The sample release as if committees had answered, after an invented round."""
    release = make_release(tmp_path / "release")
    parquet = release / "data" / "parquet" / "dim_round.parquet"
    connection = duckdb.connect()
    connection.execute(f"""
        create table dim_round as
        select * replace (false as is_illustrative, '2014' as previous_round_id) from '{parquet}'
        union all by name
        select * replace ('2014' as round_id, 'Before' as title, date '2014-08-01' as fieldwork_start) from '{parquet}'
    """)
    connection.execute(f"copy dim_round to '{parquet}' (format parquet)")
    database = Database(release)
    write_sources(release, tmp_path / "work", database)
    database.close()
    pages = {
        page: (tmp_path / "work" / "docs" / f"{page}.md").read_text(encoding="utf-8")
        for page in ("index", "rankings", "robustness", "coverage", "method", "report", "quality", "data",
                     "consortia/east", "questions/q04")
    }  # fmt: skip
    notes = {
        page: yaml.safe_load(text.split("---\n")[1])["illustrative_notes"] for page, text in pages.items()
    }
    before = ["In Before, all ratings are invented."]
    assert {page for page in notes if notes[page] == before} == {
        "quality",
        "data",
        "questions/q04",
        "consortia/east",
    }
    assert {page for page in notes if notes[page]} == {"quality", "data", "questions/q04", "consortia/east"}
    saying_so = {
        page
        for page, text in pages.items()
        if re.search("invented|illustrative", text.split("---\n", 2)[2], re.IGNORECASE)
    }
    assert saying_so == {"data"}


def test_every_download_is_a_copy_of_its_file(site: BuiltSite, release: Path) -> None:
    data = release / "data"
    files = [path for path in data.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {
        ".csv",
        ".duckdb",
        ".json",
        ".parquet",
        ".txt",
        ".xlsx",
        ".zip",
    }
    for path in files:
        assert (site.folder / "downloads" / path.relative_to(data)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    "counts", [COUNTS, dict.fromkeys(COUNTS, (9, 8, 8))], ids=["as published", "all questions tie"]
)
def test_pages_do_not_depend_on_the_order_of_rows(
    tmp_path: Path, counts: dict[int, tuple[int, int, int]]
) -> None:
    trees = []
    for name in ("one", "two"):
        source = make_release(tmp_path / f"release-{name}", counts, reverse=name == "two")
        database = Database(source)
        write_sources(source, tmp_path / name, database)
        database.close()
        tree = tmp_path / name / "docs"
        trees.append({p.relative_to(tree): p.read_text() for p in sorted(tree.rglob("*.md"))})
    changed = [
        path for path, text in trees[0].items() if _without_sizes(trees[1][path]) != _without_sizes(text)
    ]
    assert changed == []


def _without_sizes(text: str) -> str:
    return re.sub(r"\d+ kB", "", text.replace("&#40;", "(").replace("&#41;", ")"))


def test_colours_of_neighbours_differ_by_luminance() -> None:
    def luminance(code: str) -> float:
        parts = [int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    def contrast(one: str, two: str) -> float:
        high, low = sorted((luminance(one), luminance(two)), reverse=True)
        return (high + 0.05) / (low + 0.05)

    shown = colours.RATINGS[:3]
    assert [s.column for s in shown] == ["red", "amber", "green"]
    assert all(contrast(a.fill, b.fill) >= 3 for a, b in pairwise(shown))
    assert all(contrast(s.fill, s.ink) >= 4.5 for s in (*colours.RATINGS, *colours.COVERAGE))


@pytest.mark.parametrize("text", ["[gone](gone.md)", "[gone](#gone)", "![gone](gone.png)"])
def test_warning_of_mkdocs_stops_the_build(release: Path, tmp_path: Path, text: str) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    head = "---\ntitle: T\ndescription: D\n---\n"
    for name in ("index", "method"):
        (docs / f"{name}.md").write_text(head + (text if name == "index" else ""), encoding="utf-8")
    settings = yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))
    settings["nav"] = ["index.md", "method.md"]
    config = tmp_path / "mkdocs.yml"
    config.write_text(yaml.safe_dump(settings), encoding="utf-8")
    with pytest.raises(SiteError, match="gone"):
        build_site(release=release, output=tmp_path / "site", docs=docs, config=config)


def test_failing_query_in_the_repositorys_pages_stops_the_build(release: Path, tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    shutil.copytree(REPOSITORY / "docs", docs)
    page = docs / "rankings.md"
    page.write_text(page.read_text().replace("    red_rank,\n", "    red_rank_gone,\n"), encoding="utf-8")
    with pytest.raises(SiteError, match="red_rank_gone") as caught:
        build_site(release=release, output=tmp_path / "site", docs=docs)
    assert caught.value.page == "rankings.md"
    assert not (tmp_path / "site").exists()


def test_an_authors_text_replaces_the_main_points_of_its_round(release: Path, tmp_path: Path) -> None:
    (tmp_path / "2016.md").write_text("- **Our** point, {{ not }} <b>run</b>", encoding="utf-8")
    database = Database(release)
    write_sources(release, tmp_path / "work", database, main_points=tmp_path)
    database.close()
    page = (tmp_path / "work" / "docs" / "index.md").read_text(encoding="utf-8")
    assert "- **Our** point, {{ not }} &lt;b>run&lt;/b>" in page
    assert "Confidence is highest**" not in page


@pytest.fixture(scope="module")
def changed_pages(release: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The first page and that of North, where two questions are tied and the figures of two are suppressed."""
    work = tmp_path_factory.mktemp("changed")
    database = Database(release)
    database.connection.execute(
        "update mart_question_ranking set amber = 19, green = 4 where question_no = 9"
    )
    database.connection.execute(
        "update mart_consortium_ranking set suppressed_because = 'single_ratings', confidence_rank = null"
        " where consortium_code = 'N' and question_no in (4, 6)"
    )
    write_sources(release, work, database)
    database.close()
    pages = {name: work / "docs" / f"{name}.md" for name in ("index", "consortia/north")}
    return {name: " ".join(path.read_text(encoding="utf-8").split()) for name, path in pages.items()}


def test_main_points_name_all_tied_questions(changed_pages: dict[str, str]) -> None:
    page = changed_pages["index"]
    tied = (
        "awareness in the community and learning from emerging practice: 19 of 25 committees rate each amber."
    )
    assert tied in page
    assert "lowest in statistics on missing children and consultation with young people</span>" in page


def test_ranks_of_a_consortium_are_compared_among_the_same_questions(changed_pages: dict[str, str]) -> None:
    page = changed_pages["consortia/north"]
    assert "Ranks here are among the other 17." in page
    # For Scotland the question has rank 11, and one question of a better rank is suppressed.
    assert "emerging practice ranks 8 here and 10 in Scotland, among the same questions" in page
