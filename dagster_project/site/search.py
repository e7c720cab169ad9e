"""What every reader loads to search: titles and headings of all pages, and whole texts where words are looked for.

The theme's index goes to each first visit of each page: with all texts it is a sixth of what such a visit loads.
"""

import json
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path


def shorten_index(site: Path, whole: Sequence[str]) -> None:
    """Keep texts only of the pages whose path in the finished site matches one of the patterns `whole`."""
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        page = entry["location"].partition("#")[0]
        if not any(fnmatch(page, pattern) for pattern in whole):
            entry["text"] = ""
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
