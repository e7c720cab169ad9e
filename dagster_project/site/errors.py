"""The one exception of this room."""


class SiteError(Exception):
    """A page that cannot be published as written.

    Says which page, which line of it and which query, so that whoever reads the message can mend it
    without a debugger.
    """

    def __init__(
        self, message: str, *, page: str | None = None, line: int | None = None, query: str | None = None
    ) -> None:
        self.message = message
        self.page = page
        self.line = line
        self.query = query
        place = "" if page is None else f"{page}:{line}: " if line is not None else f"{page}: "
        shown = "" if query is None else f"\n\n{query.strip()}\n"
        super().__init__(f"{place}{message}{shown}")
