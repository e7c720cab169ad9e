"""The error that stops a build of the site."""


class SiteError(Exception):
    """A page that cannot be published as written.

    The message names page, line and query, so that the author can fix the page without a debugger.
    """

    def __init__(
        self, message: str, *, page: str | None = None, line: int | None = None, query: str | None = None
    ) -> None:
        self.message = message
        self.page = page
        self.line = line
        self.query = query
        place = "" if page is None else f"{page}:{line}: " if line is not None else f"{page}: "
        source = "" if query is None else f"\n\n{query.strip()}\n"
        super().__init__(f"{place}{message}{source}")
