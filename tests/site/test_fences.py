"""Reading a page: which fences are live, and what is refused."""

import pytest

from dagster_project.site.errors import SiteError
from dagster_project.site.fences import has_placeholder, parse_page


def test_live_fence_is_read_with_kind_options_sql_and_line() -> None:
    source = parse_page(
        '---\ntitle: T\n---\nText\n\n```sql table caption="All of it" empty="none"\nselect 1\n```\n', "a.md"
    )
    (fence,) = source.fences
    assert (fence.kind, fence.sql, fence.line) == ("table", "select 1", 6)
    assert fence.options == {"caption": "All of it", "empty": "none"}
    assert source.front_matter == {"title": "T"}
    assert has_placeholder(source.body)


def test_body_keeps_line_numbers_after_a_fence() -> None:
    text = 'one\n```sql query name="q"\nselect\n1\n```\nlast'
    assert parse_page(text, "a.md").body.split("\n").index("last") == text.split("\n").index("last")


@pytest.mark.parametrize("text", ["```sql\nselect 1\n```", "````markdown\n```sql table\nx\n```\n````"])
def test_code_to_be_read_stays(text: str) -> None:
    source = parse_page(text, "a.md")
    assert source.fences == ()
    assert source.body == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\n```sql tabel\nselect 1\n```", "unknown kind"),
        ("\n```sql table caption=x\nselect 1\n```", "key="),
        ('\n```sql table caption="a" caption="b"\nselect 1\n```', "twice"),
        ("\n```sql table\n\n```", "no query"),
        ("\n```sql query\nselect 1\n```", "needs a name"),
        ('\n```sql table file="a.sql"\n```', "only an empty example"),
        ('\n```sql example file="a.sql"\nselect 1\n```', "only an empty example"),
        ("\n  ```sql table\n  select 1\n  ```", "beginning of a line"),
        ("\n```sql table\nselect 1", "never closed"),
        ("---\ntitle: T\n", "never closed"),
        ("---\n- a\n---\n", "mapping"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_page_and_line(text: str, message: str) -> None:
    with pytest.raises(SiteError, match=message) as caught:
        parse_page(text, "page.md")
    assert caught.value.page == "page.md"
    assert caught.value.line in {1, 2}
