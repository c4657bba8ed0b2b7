"""Serve a built site on this machine."""

from __future__ import annotations

import functools
import http.server
from http import HTTPStatus
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.site.builder import MARKER

HOST = "127.0.0.1"  # loopback only: the server is for looking at a site before it is published


class SiteHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files, and the site's own page for wrong addresses."""

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Send the page 404.html for a wrong address, and the usual answer for other errors."""
        page = Path(self.directory) / "404.html"
        if code != HTTPStatus.NOT_FOUND or not page.is_file():
            super().send_error(code, message, explain)
            return
        # Its links are relative to the top folder.
        base = b'<base href="/"><title>'
        content = page.read_bytes().replace(b"base-uri 'none'", b"base-uri 'self'").replace(b"<title>", base, 1)
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name in the base class
        """Print nothing per request."""


def open_server(folder: Path, port: int) -> http.server.ThreadingHTTPServer:
    """Return a server of a built site on this machine. Call its `serve_forever`.

    Args:
        folder: A folder that `build_site` wrote.
        port: Port to listen on. 0: a free one.

    Raises:
        UsageError: If the folder is not a site, or the port is in use.
    """
    if not (folder / MARKER).is_file():
        raise UsageError(f"{folder} is not a site. Build it first: conflictdata site build --out {folder}")
    handler = functools.partial(SiteHandler, directory=str(folder))
    try:
        return http.server.ThreadingHTTPServer((HOST, port), handler)
    except OSError as fault:
        raise UsageError(f"port {port} cannot be used: {fault.strerror}. Choose another with --port") from fault
    except OverflowError as fault:
        raise UsageError(f"--port is {port}, not a port. Write a number from 0 to 65535") from fault
