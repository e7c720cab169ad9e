"""Links from one page to other pages and files of the site."""

import posixpath
from dataclasses import dataclass


@dataclass(frozen=True)
class Links:
    """The paths in the tree that `page` may link to; pages end in `.md`."""

    targets: frozenset[str]
    page: str

    def relative_path(self, target: str) -> str:
        """Return the path of `target` relative to the page, as Markdown links to it."""
        return posixpath.relpath(target, posixpath.dirname(self.page) or ".")

    def href(self, target: str) -> str:
        """Return the address of `target` in the finished site, relative to the page."""
        published = target.removesuffix(".md") + ".html" if target.endswith(".md") else target
        return self.relative_path(published)
