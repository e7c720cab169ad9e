"""Links from one page to other pages and files of the site."""

import posixpath
import re
from dataclasses import dataclass

_PAGE_LINK = re.compile(r"\[([^\[\]]+)\]\(([\w./-]+)\.md(#[\w-]+)?\)")


@dataclass(frozen=True)
class Links:
    """The paths in the tree that `page` may link to; pages end in `.md`.

    `left_out` are the sources of pages that this release does not have. A template, whose name begins with `_`, means
    all pages of its folder. `elsewhere` are the pages of the other site, in the folder `other_site` relative to this
    site's root.
    """

    targets: frozenset[str]
    page: str
    left_out: frozenset[str] = frozenset()
    elsewhere: frozenset[str] = frozenset()
    other_site: str = ""

    def find_relative_path(self, target: str) -> str:
        """Return the path of `target` relative to the page, as Markdown links to it."""
        return posixpath.relpath(target, posixpath.dirname(self.page) or ".")

    def find_href(self, target: str) -> str:
        """Return the address of `target` in the finished site, relative to the page."""
        published = target.removesuffix(".md") + ".html" if target.endswith(".md") else target
        return self.find_relative_path(published)

    def is_left_out(self, target: str) -> bool:
        """Return whether the release does not have the page, because its source is left out."""
        folder = posixpath.dirname(target)
        templates = (posixpath.split(name) for name in self.left_out)
        return target not in self.targets | self.elsewhere and (
            target in self.left_out
            or any(parent == folder and name.startswith("_") for parent, name in templates)
        )

    def resolve_links(self, text: str) -> str:
        """Return Markdown in which links to the other site are HTML, and links to pages that are left out are text.

        A builder accepts only links to its own pages.
        """
        folder = posixpath.dirname(self.page)

        def replace(link: re.Match[str]) -> str:
            words, path, anchor = link.groups("")
            target = posixpath.normpath(posixpath.join(folder, path))
            if f"{target}.md" in self.elsewhere:
                address = self.find_relative_path(posixpath.join(self.other_site, target))
                return f'<a href="{address}.html{anchor}">{words}</a>'
            return words if self.is_left_out(f"{target}.md") else link[0]

        return _PAGE_LINK.sub(replace, text)
