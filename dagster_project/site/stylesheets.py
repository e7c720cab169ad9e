"""Remove from the style sheets of the finished site what no page uses: a first visit loads all of them."""

import re
from pathlib import Path

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_INDENTATION = re.compile(r"\n\s+")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_EMPTY_BLOCK = re.compile(r"@(?:media|supports)[^{};]*\{\s*\}")
_CLASS = re.compile(r"\.(-?[a-zA-Z_][\w-]*)")
_NEGATION = re.compile(r":not\([^()]*\)")
_PICTURE = re.compile(r"(--[\w-]+):url\(([\"']).*?\2\);?")
_CLASSES_OF_PAGE = re.compile(r"class=[\"']?([^\"'>]*)")
_WORD = re.compile(r"[\w-]+")


def shorten_stylesheets(site: Path) -> None:
    """Remove comments, indentation, and rules for classes that neither pages nor scripts of the site name."""
    pages = "".join(path.read_text(encoding="utf-8") for path in site.rglob("*.html"))
    scripts = "".join(path.read_text(encoding="utf-8") for path in site.glob("assets/**/*.js"))
    used = {name for names in set(_CLASSES_OF_PAGE.findall(pages)) for name in names.split()}
    used.update(_WORD.findall(scripts))
    for path in site.glob("assets/**/*.css"):
        text = _COMMENT.sub("", path.read_text(encoding="utf-8"))
        path.write_text(_remove_unused(_INDENTATION.sub("\n", text), used), encoding="utf-8")


def _remove_unused(text: str, used: set[str]) -> str:
    def shorten_rule(rule: re.Match[str]) -> str:
        kept = [selector for selector in _split_selectors(rule[1]) if _is_used(selector, used)]
        return f"{','.join(kept)}{{{rule[2]}}}" if kept else ""

    text = _RULE.sub(shorten_rule, text)
    variables = set(re.findall(r"var\((--[\w-]+)", text))
    text = _PICTURE.sub(lambda found: found[0] if found[1] in variables else "", text)
    return _EMPTY_BLOCK.sub("", text)


def _split_selectors(selectors: str) -> list[str]:
    # A comma inside parentheses separates arguments.
    return [selectors] if "(" in selectors else selectors.split(",")


def _is_used(selector: str, used: set[str]) -> bool:
    plain = _NEGATION.sub("", selector)
    # Alternatives and escaped names are not taken apart.
    return "(" in plain or "\\" in plain or used.issuperset(_CLASS.findall(plain))
