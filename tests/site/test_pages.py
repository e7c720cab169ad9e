"""Rendering pages: values in sentences, tables, templates, and everything that stops a build."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from dagster_project.site.database import Database
from dagster_project.site.errors import SiteError
from dagster_project.site.pages import write_tree

Write = Callable[..., Path]
ONE = '```sql query name="one"\nselect {} as x\n```\n'


def test_value_is_printed_in_a_sentence(write: Write) -> None:
    tree = write(a=ONE.format("1234") + "There are {{ one.x }}.{% if one.x > 5 %} Many.{% endif %}")
    assert "There are 1,234. Many." in (tree / "a.md").read_text()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (0, "no returns, no replies, none"),
        (1, "1 return, 1 reply, one"),
        (9, "9 returns, 9 replies, nine"),
        (1234, "1,234 returns, 1,234 replies, 1,234"),
    ],
)
def test_sentence_reads_well_for_zero_one_and_many(write: Write, number: int, sentence: str) -> None:
    text = (
        '{{ one.x | quantity("return") }}, {{ one.x | quantity("reply", "replies") }}, {{ one.x | in_words }}'
    )
    assert sentence in (write(a=ONE.format(number) + text) / "a.md").read_text()


@pytest.mark.parametrize(
    ("items", "words"), [("'a'", "a"), ("'a', 'b'", "a and b"), ("'a', '<b>', 'c'", "a, &#60;b&#62; and c")]
)
def test_list_is_written_with_and(write: Write, items: str, words: str) -> None:
    assert words in (write(a=ONE.format(f"[{items}]") + "{{ one.x | and_list }}") / "a.md").read_text()


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("'Ab c'", "on ab c."),
        ("'CSE x', 'Bc'", "on CSE x and bc."),
        ("'Aa', 'Bb', 'Cc', 'Dd'", "on 4 questions."),
    ],
)
def test_title_names_up_to_three_questions(write: Write, items: str, words: str) -> None:
    assert (
        words in (write(a=ONE.format(f"[{items}]") + "on {{ one.x | few_questions }}.") / "a.md").read_text()
    )


def test_later_fence_builds_on_a_named_one(write: Write) -> None:
    tree = write(a=ONE.format("20") + '```sql table caption="C"\nselect x + 1 as y from one\n```\n')
    assert ">21</th>" in (tree / "a.md").read_text()


def test_column_that_only_orders_is_not_shown(write: Write) -> None:
    sql = "select 1 as place, 'b' as x union all select 2, 'a' order by place"
    page = (write(a=f'```sql table caption="C"\n{sql}\n```\n') / "a.md").read_text()
    assert "Place" not in page
    assert page.index(">b<") < page.index(">a<")


def test_text_from_data_cannot_become_markup_or_template(write: Write) -> None:
    hostile = "'<script>1</script> {{ 7*7 }} [x](javascript:y)'"
    table = f'```sql table caption="C: {{{{ one.x }}}}"\nselect {hostile} as x\n```\n'
    text = (write(a=ONE.format(hostile) + table + "\n{{ one.x }} {{ one.x | upper }}") / "a.md").read_text()
    assert "<script" not in text
    assert "49" not in text.replace("&#49", "")
    assert "](javascript" not in text


@pytest.mark.parametrize(
    ("page", "line", "message"),
    [
        ("\n{{ nothing }}", 6, "undefined"),
        (ONE.format("1") + "\n{{ one.y }}", 9, "y"),
        (ONE.format("null") + "\n\n{{ one.x }}", 10, "no value"),
        (ONE.format("1") + "{{ one }}", 8, "not a row"),
        ('```sql query name="q"\nselect x from range(3) as t(x) order by x\n```\n{{ q.x }}', 8, "3 rows"),
        ("\n\n{{ broken", 7, "unexpected end|expected token"),
        ("{{ ''.__class__ }}", 5, "unsafe|undefined"),
        ('\n```sql table caption="C"\nselect wrong\n```', 6, "wrong"),
        ('\n```sql table caption="C"\nselect null as x\n```', 6, "null"),
        ('\n```sql table caption="C"\nselect 1 as x where false\n```', 6, "no rows"),
        ("\n```sql table\nselect 1 as x\n```", 6, "caption"),
        ('\n```sql table caption="{{ gone }}"\nselect 1 as x\n```', 6, "undefined"),
        ("\n```sql table caption=\"C\"\nselect 1 as x, 'no.md' as x_link\n```", 6, "no page"),
        ('\n```sql table caption="C" hide="y"\nselect 1 as x\n```', 6, "hide"),
        ('\n```sql table caption="C"\nselect x from range(2) as t(x)\n```', 6, "order"),
        ('\n```sql table caption="C" filter="y"\nselect 1 as x\n```', 6, "filter"),
        ("\n```sql value\nselect 'a' as label, 1 as value, 'x' as kind\n```", 6, "unknown kind"),
        ("{{ to('gone.md') }}", 5, "no page or file"),
        ("\n```sql value\nselect 1 as x\n```", 6, "label"),
        ('\n```sql chart type="pie" title="T" measures="M" source="S"\nselect 1 as x\n```', 6, "pie"),
        ('\n```sql chart type="ratings"\nselect 1 as x\n```', 6, "title"),
        (
            '\n```sql chart type="ratings" title="T" measures="M" source="S"\n'
            "select 1 as red, 'a' as public_label\n```",
            6,
            "amber, green",
        ),
        (
            '\n```sql chart type="rank-range" title="T" measures="M" source="S"\n'
            "select 1 as confidence_rank, 'a' as public_label\n```",
            6,
            "best_rank_left_out, worst_rank_left_out",
        ),
        ('\n```sql example file="examples/gone.sql"\n```', 6, "no examples/gone.sql"),
    ],
)
def test_page_that_cannot_be_published_stops_with_page_and_line(
    write: Write, page: str, line: int, message: str
) -> None:
    with pytest.raises(SiteError, match=message) as caught:
        write(a=page)
    assert (caught.value.page, caught.value.line) == ("a.md", line)


@pytest.mark.parametrize(
    ("sql", "options", "expected", "unexpected"),
    [
        ("-- All of them\nselect 41 + 1 as x\n", "", ">42</th>", "-- All"),
        ("-- All of them\nselect x from analysts_only\n", ' result="no"', "analysts_only", "<table"),
        ("-- All of them\nselect 1 as x where false\n", "", "This release has no such row", "<table"),
    ],
    ids=["with its result", "without one", "no rows"],
)
def test_example_comes_from_its_file(
    write: Write, tmp_path: Path, sql: str, options: str, expected: str, unexpected: str
) -> None:
    (tmp_path / "docs" / "examples").mkdir(parents=True)
    (tmp_path / "docs" / "examples" / "x.sql").write_text(sql, encoding="utf-8")
    text = (write(a=f'```sql example file="examples/x.sql"{options}\n```\n') / "a.md").read_text()
    assert '### All of them\n\n``` { .sql data-search-exclude="" }\nselect' in text
    assert expected in text and unexpected not in text


@pytest.mark.parametrize("sql", ["select 1 as x", "-- \nselect 1 as x", "-- Title only\n"])
def test_example_without_title_or_query_is_refused(write: Write, tmp_path: Path, sql: str) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "x.sql").write_text(sql, encoding="utf-8")
    with pytest.raises(SiteError, match="title, then a query"):
        write(a='```sql example file="x.sql"\n```\n')


@pytest.mark.parametrize(
    ("bootstrap", "lines"),
    [(", 1 as best_rank_resampled, 7 as worst_rank_resampled", 1), ("", 0)],
    ids=["with", "without"],
)
def test_rank_is_a_dot_on_its_range(write: Write, bootstrap: str, lines: int) -> None:
    chart = (
        '```sql chart type="rank-range" title="T" measures="M" source="S"\n'
        "select 4 as confidence_rank, true as is_joint, 3 as best_rank_left_out, 6 as worst_rank_left_out, "
        "'a' as public_label"
        f"{bootstrap}\n```\n"
    )
    page = BeautifulSoup((write(a=chart) / "a.md").read_text(), "lxml")
    assert len(page.select(".plot .span")) == len(page.select(".plot .dot")) == 1
    assert len(page.select(".plot .line")) == lines
    assert [page.select_one(f".plot {part}").get_text() for part in (".rank", ".label")] == ["=4", "a"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("difference", "kind", "words"),
    [
        ("0.12", "'share'", "12 percentage points above Scotland"),
        ("-0.01", "'share'", "1 percentage point below Scotland"),
        ("0.001", "'share'", "the same as Scotland"),
        ("null", "null", ">Scotland<"),
    ],
)
def test_big_number_is_compared(write: Write, difference: str, kind: str, words: str) -> None:
    select = (
        f"select 'L' as label, 0.5 as value, {kind} as kind, {difference} as difference, 'Scotland' as note"
    )
    assert words in (write(a=f"```sql value\n{select}\n```\n") / "a.md").read_text()


@pytest.mark.parametrize(
    ("value", "other", "words"),
    [
        (0.206, 0.202, "1 percentage point above"),
        (0.204, 0.196, "the same as"),
        (0.204, 0.216, "2 percentage points"),
        (0.145, 0.14, "1 percentage point above"),
    ],
)
def test_difference_of_shares_is_that_of_the_rounded_shares(
    write: Write, value: float, other: float, words: str
) -> None:
    select = f"select 'L' as label, {value} as value, 'share' as kind, {value} - {other} as difference, 'S' as note"
    assert words in (write(a=f"```sql value\n{select}\n```\n") / "a.md").read_text()


def test_page_without_title_is_refused(database: Database, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("text", encoding="utf-8")
    with pytest.raises(SiteError, match="title"):
        write_tree(tmp_path / "docs", tmp_path / "tree", database, [])


def _template(database: Database, folder: Path, query: str, title: str = "{{ page.n }}") -> Path:
    folder.joinpath("docs").mkdir()
    folder.joinpath("docs", "_t.md").write_text(
        f'---\ntitle: "{title}"\ndescription: D\npages: {query}\n---\n'
        '```sql query name="q"\nselect $n * 10 as x\n```\n{{ q.x }}\n',
        encoding="utf-8",
    )
    write_tree(folder / "docs", folder / "tree", database, [])
    return folder / "tree"


def test_template_makes_one_page_per_row_with_bound_parameters(database: Database, tmp_path: Path) -> None:
    query = "select 'p/' || n || '.md' as page_path, n from range(1, 4) as t(n) order by n"
    tree = _template(database, tmp_path, query)
    assert sorted(p.name for p in (tree / "p").iterdir()) == ["1.md", "2.md", "3.md"]
    assert "\n30\n" in (tree / "p" / "3.md").read_text()


@pytest.mark.parametrize("path", ["../x.md", "/x.md", "a/../../x.md", "x.html", "A.md"])
def test_template_cannot_write_elsewhere(database: Database, tmp_path: Path, path: str) -> None:
    with pytest.raises(SiteError, match="invalid path"):
        _template(database, tmp_path, f"select '{path}' as page_path, 1 as n")


def test_two_sources_of_one_page_are_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="more than one"):
        _template(database, tmp_path, "select 'x.md' as page_path, n from range(2) as t(n) order by n")


def test_hostile_title_is_inert_in_front_matter(database: Database, tmp_path: Path) -> None:
    tree = _template(database, tmp_path, "select 'x.md' as page_path, 1 as n, '<b>\"x' as t", "{{ page.t }}")
    text = (tree / "x.md").read_text()
    assert "<b>" not in text
    assert "title: '&lt;b&gt;&quot;x'" in text


def test_apostrophe_in_a_title_stays_one(write: Write, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "b.md").write_text(
        "---\ntitle: The report's\ndescription: D\n---\n", encoding="utf-8"
    )
    assert "title: The report's\n" in (write(a="Text.") / "b.md").read_text()
