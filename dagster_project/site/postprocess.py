"""What the build changes in the finished site: indentation, content security policies and the search index."""

import base64
import hashlib
import json
import re
from pathlib import Path

from dagster_project.site.errors import SiteError
from dagster_project.site.sql_page import PAGE

_SCRIPT = re.compile(r"<script(?P<attributes>[^>]*)>(?P<code>.*?)</script>", re.DOTALL)
_INDENTATION = re.compile(r"\n\s+")
_TAG = re.compile(r"<[^>]+>")
_HEADING = re.compile(
    r'(?P<start><h[1-4] id="[^"]*")>(?P<words>(?:(?!</h).)*?)<a class="headerlink" (?P<rest>href=)', re.DOTALL
)
_NOTICE = ('<aside class="md-banner">', '<aside class="md-banner" aria-label="About the data">')
_SECTION = re.compile(
    r'(?P<start><nav class="md-nav" data-md-level="1" )aria-labelledby="[^"]*"(?P<rest>[^>]*>\s*<label[^>]*>\s*'
    r"<span[^>]*></span>\s*(?P<words>[^<]*?)\s*</label>)"
)
_CHARSET = re.compile(r'<meta charset="?utf-8"?>')
_POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "img-src 'self' data:; style-src 'self' 'unsafe-inline'; worker-src 'self'; script-src 'self'"
)
# A worker from a blob inherits its page's policy; a worker that is loaded from an address would have none.
_SQL_PAGE_POLICY = _POLICY.replace("connect-src 'self'", "connect-src 'self' blob:").replace(
    "worker-src 'self'; script-src 'self'", "worker-src 'self' blob:; script-src 'self' 'wasm-unsafe-eval'"
)


def finish_pages(site: Path) -> None:
    """Make every page shorter, name its links and landmarks, and give it a content security policy."""
    for path in site.rglob("*.html"):
        text = name_links_and_landmarks(remove_indentation(path.read_text(encoding="utf-8")))
        # Last, because it hashes the inline scripts.
        path.write_text(add_security_policy(text, path.relative_to(site).as_posix()), encoding="utf-8")


def add_security_policy(text: str, page: str) -> str:
    """Add a content security policy to the page at the path `page`: nothing is loaded from another host.

    A static host sends no headers of ours, so the policy is a `<meta>` element. The theme's inline scripts
    differ between folders, so each page lists the hashes of its own. The page with SQL may also run
    WebAssembly, in a worker from a blob.
    """
    codes = [m["code"] for m in _SCRIPT.finditer(text) if "src=" not in m["attributes"]]
    hashes = sorted({base64.b64encode(hashlib.sha256(code.encode()).digest()).decode() for code in codes})
    content = (_SQL_PAGE_POLICY if page == PAGE else _POLICY) + "".join(
        f" 'sha256-{value}'" for value in hashes
    )
    meta = f'<meta http-equiv="Content-Security-Policy" content="{content}">'
    charset = _CHARSET.search(text)
    if charset is None:
        raise SiteError("the page has no <meta charset> to put its policy after", page=page)
    return text[: charset.end()] + meta + text[charset.end() :]


def remove_indentation(text: str) -> str:
    """Remove indentation and blank lines around the article of a page: a third of a page is the theme's.

    The article itself stays as it is, because it contains code.
    """
    before, start, rest = text.partition("<article")
    article, end, after = rest.rpartition("</article>")
    return _INDENTATION.sub("\n", before) + start + article + end + _INDENTATION.sub("\n", after)


def name_links_and_landmarks(text: str) -> str:
    """Name the links of headings, the menus of sections and the notice above a page: the theme does not."""
    return _HEADING.sub(_name_heading_link, _SECTION.sub(_name_section, text.replace(*_NOTICE)))


def _name_section(menu: re.Match[str]) -> str:
    return f'{menu["start"]}aria-label="{menu["words"]}"{menu["rest"]}'


def _name_heading_link(heading: re.Match[str]) -> str:
    words = " ".join(_TAG.sub("", heading["words"]).split()).replace('"', "&quot;")
    # Without a name of its own, a heading would have the name of its link as well.
    link = f'<a class="headerlink" aria-label="Link to {words}" {heading["rest"]}'
    return f'{heading["start"]} aria-label="{words}">{heading["words"]}{link}'


def keep_keywords_of_pages(site: Path) -> None:
    """Remove keywords from the sections in the search index: a page's keywords are about the page.

    Every first visit loads the index, so it should be small.
    """
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        if "#" in entry["location"]:
            entry.pop("tags", None)
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
