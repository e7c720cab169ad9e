"""What every reader loads to search: whole texts for those who read, headings for those who work here.

The theme's index goes to each first visit of each page, and pages for analysts and engineers are a third of it.
"""

import json
from collections.abc import Sequence
from fnmatch import fnmatch
from pathlib import Path


def shorten_index(site: Path, patterns: Sequence[str]) -> None:
    """Keep only titles and headings of the pages whose path in the finished site matches one of `patterns`."""
    path = site / "search" / "search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    for entry in index["docs"]:
        page = entry["location"].partition("#")[0]
        if any(fnmatch(page, pattern) for pattern in patterns):
            entry["text"] = ""
    path.write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
