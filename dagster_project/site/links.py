"""Which pages and files the site has, and how one page links to another."""

import posixpath
from dataclasses import dataclass

from dagster_project.site.errors import SiteError


@dataclass(frozen=True)
class Links:
    """`targets` are paths in the tree, pages with `.md`; all of them exist in the finished site."""

    targets: frozenset[str]

    def href(self, page: str, target: str, *, line: int) -> str:
        """The address of `target` in the finished site, relative to `page`. Both are paths in the tree."""
        if target not in self.targets:
            raise SiteError(f"the query links to {target!r}, which is no page or file", page=page, line=line)
        published = target.removesuffix(".md") + ".html" if target.endswith(".md") else target
        return posixpath.relpath(published, posixpath.dirname(page) or ".")
