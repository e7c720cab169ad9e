"""Links from one page to other pages and files of the site."""

import posixpath
import re
from collections.abc import Container
from dataclasses import dataclass

_PAGE_LINK = re.compile(r"\[([^\[\]]+)\]\(([\w./-]+)\.md(#[\w-]+)?\)")


@dataclass(frozen=True)
class Links:
    """The paths in the tree that `page` may link to; pages end in `.md`.

    `left_out` are the sources of pages that this release does not have. A template, whose name begins with `_`, means
    all pages of its folder.
    """

    targets: frozenset[str]
    page: str
    left_out: frozenset[str] = frozenset()

    def relative_path(self, target: str) -> str:
        """Return the path of `target` relative to the page, as Markdown links to it."""
        return posixpath.relpath(target, posixpath.dirname(self.page) or ".")

    def href(self, target: str) -> str:
        """Return the address of `target` in the finished site, relative to the page."""
        published = target.removesuffix(".md") + ".html" if target.endswith(".md") else target
        return self.relative_path(published)

    def is_left_out(self, target: str) -> bool:
        """Whether the release does not have the page, because its source is left out."""
        folder = posixpath.dirname(target)
        templates = (posixpath.split(name) for name in self.left_out)
        return target not in self.targets and (
            target in self.left_out
            or any(parent == folder and name.startswith("_") for parent, name in templates)
        )

    def unlink_left_out(self, text: str) -> str:
        """Replace Markdown links to pages that are left out by their text."""
        folder = posixpath.dirname(self.page)

        def replace(link: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(folder, f"{link[2]}.md"))
            return link[1] if self.is_left_out(target) else link[0]

        return _PAGE_LINK.sub(replace, text)


def link_other_site(text: str, links: Links, pages: Container[str], root: str) -> str:
    """Return Markdown in which links to `pages` of the other site are HTML: a builder accepts only its own pages.

    `root` is the other site's folder relative to the root of the page's site.
    """

    def rewrite(link: re.Match[str]) -> str:
        words, path, anchor = link.groups("")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(links.page), path))
        if f"{target}.md" not in pages:
            return link[0]
        return f'<a href="{links.relative_path(posixpath.join(root, target))}.html{anchor}">{words}</a>'

    return _PAGE_LINK.sub(rewrite, text)
