"""Serve a finished site on this machine like a web host: compressed text, persistent connections."""

import gzip
import io
import re
from functools import lru_cache, partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO

_RELEASE_ID = re.compile(r"\d{8}T\d{6}Z-\w+")
_COMPRESSED = frozenset({".css", ".csv", ".html", ".js", ".json", ".svg", ".txt", ".xml"})


class Handler(SimpleHTTPRequestHandler):
    """Serves the files of one folder; compresses text for clients that accept gzip."""

    protocol_version = "HTTP/1.1"

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the header and return the body."""
        path = Path(self.translate_path(self.path))
        if path.is_dir() and self.path.partition("?")[0].endswith("/"):
            path /= "index.html"
        if (
            path.suffix not in _COMPRESSED
            or not path.is_file()
            or "gzip" not in self.headers.get("Accept-Encoding", "")
        ):
            return super().send_head()
        body = _compress(path, path.stat().st_mtime_ns)
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", self.guess_type(str(path)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Vary", "Accept-Encoding")
        self.end_headers()
        return io.BytesIO(body)

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the site's own page for a missing address."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        body = page.read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


class ReleaseHandler(Handler):
    """Serves the site of each release under the release's id, and redirects other addresses to the published one.

    An open page therefore loads styles, data and downloads from its own release, even after a new one is published.
    """

    def __init__(self, *args: Any, published: Path, **kwargs: Any) -> None:
        self._published = published
        super().__init__(*args, **kwargs)

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        """Send the header and return the body, or redirect to the published release."""
        release_id, slash, rest = self.path.lstrip("/").partition("/")
        current = self._published.resolve()
        folder = current.parent / release_id / "site"
        is_release = _RELEASE_ID.fullmatch(release_id) is not None
        if slash and is_release and folder.is_dir():
            self.directory = str(folder)
            self.path = f"/{rest}"
            return super().send_head()
        self.send_response(HTTPStatus.FOUND)
        self.send_header("Location", f"/{current.name}/{rest if is_release else self.path.lstrip('/')}")
        self.send_header("Cache-Control", "no-store")
        self.send_header("Content-Length", "0")
        self.end_headers()
        return None


class QuietHandler(Handler):
    """Serves without logging requests."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the parent's name
        """Log nothing."""


def create_server(folder: Path, port: int, handler: type[Handler] = Handler) -> ThreadingHTTPServer:
    """Return a server of `folder` on the loopback interface, not started; port 0 means any free port.

    Raises `OSError` if the port cannot be used.
    """
    return ThreadingHTTPServer(("127.0.0.1", port), partial(handler, directory=str(folder)))


def create_release_server(published: Path, port: int) -> ThreadingHTTPServer:
    """Return a server of the sites of all releases, not started; `published` links to the published release.

    Raises `OSError` if the port cannot be used.
    """
    return ThreadingHTTPServer(("127.0.0.1", port), partial(ReleaseHandler, published=published))


@lru_cache(maxsize=256)
def _compress(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), compresslevel=9, mtime=0)
