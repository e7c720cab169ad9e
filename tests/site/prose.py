"""The sentences of a built page that this project wrote: without data, code, tables and quotations."""

import re

from bs4 import BeautifulSoup

# The wording of questions, the labels of a figure's rows and the text of a release are data.
_NOT_PROSE = (
    "pre, table, figure, blockquote, script, nav, .headerlink, .about-data, .numbers, .section, .as-asked"
)
_BLOCKS = "p, li, dd"


def list_sentences(page: str) -> list[str]:
    """Return the sentences of the article of a page as HTML. An item of a list that is not a sentence counts as one."""
    article = BeautifulSoup(page, "lxml").select_one("article")
    assert article is not None
    for element in article.select(_NOT_PROSE):
        element.decompose()
    for code in article.select("code"):
        code.replace_with("x")
    sentences: list[str] = []
    for block in article.select(_BLOCKS):
        for inner in block.select(_BLOCKS):
            inner.extract()
            sentences += _split(inner.get_text(" "))
        sentences += _split(block.get_text(" "))
    return sentences


def _split(text: str) -> list[str]:
    words = " ".join(text.split())
    words = re.sub(r" ([.,;:?!)])", r"\1", words)
    return [part.strip() for part in re.split(r"(?<=[.?!])\s+", words) if re.search(r"\w", part)]
