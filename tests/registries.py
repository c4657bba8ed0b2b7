"""A registry for tests, and a loopback web server that serves it, well or badly."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from conflictdata.loading import DATA
from conflictdata.registry.index import Entry, File, order, write

OLD = "0.9.0"  # not the installed version


def make_registry(folder: Path, *versions: str) -> Path:
    """Make a registry whose versions are the installed data under other numbers."""
    entries = [_add_version(folder, version) for version in versions or (OLD,)]
    (folder / "index.json").write_text(write(entries), encoding="utf-8")
    return folder


def _add_version(folder: Path, version: str) -> Entry:
    there = folder / version
    shutil.copytree(DATA, there)
    package = json.loads((there / "datapackage.json").read_text(encoding="utf-8"))
    (there / "datapackage.json").write_text(json.dumps({**package, "version": version}), encoding="utf-8")
    files = {p.relative_to(there).as_posix(): _describe_file(p) for p in sorted(there.rglob("*")) if p.is_file()}
    return Entry(version, "2024-01-01", files)


def _describe_file(path: Path) -> File:
    content = path.read_bytes()
    return File(len(content), hashlib.sha256(content).hexdigest())


def find_newest(folder: Path) -> str:
    """Return the latest version of a registry."""
    return max((p.name for p in folder.iterdir() if p.is_dir()), key=order)


@dataclass
class Server:
    """A web server of a folder.

    `faults` gives the wrong answer per path; `asked` counts requests.
    """

    folder: Path
    url: str = ""
    faults: dict[str, str] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    pause: float = 0


@contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Serve a folder on loopback."""
    server = Server(folder)

    class Handler(_Handler):
        site = server

    web = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web.daemon_threads = True
    server.url = f"http://127.0.0.1:{web.server_address[1]}/"
    threading.Thread(target=web.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield server
    finally:
        web.shutdown()
        web.server_close()


class _Handler(BaseHTTPRequestHandler):
    site: Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        path = self.path.lstrip("/")
        self.site.asked[path] += 1
        time.sleep(self.site.pause)
        fault = self.site.faults.get(path)
        try:
            if fault is None:
                self._plain(path)
            else:
                getattr(self, f"_{fault}")(path)
        except (BrokenPipeError, ConnectionResetError):
            pass

    def _content(self, path: str) -> bytes:
        return (self.site.folder / path).read_bytes()

    def _head(self, status: int, **headers: object) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), str(value))
        self.end_headers()

    def _plain(self, path: str) -> None:
        file = self.site.folder / path
        if not file.is_file():
            self._missing(path)
            return
        content = file.read_bytes()
        self._head(200, Content_Length=len(content))
        self.wfile.write(content)

    def _missing(self, _: str) -> None:
        self._head(404, Content_Length=0)

    def _broken(self, _: str) -> None:
        self._head(500, Content_Length=0)

    def _truncated(self, path: str) -> None:
        content = self._content(path)
        self._head(200, Content_Length=len(content))
        self.wfile.write(content[: len(content) // 2])

    def _short(self, path: str) -> None:
        content = self._content(path)[:-10]
        self._head(200, Content_Length=len(content))
        self.wfile.write(content)

    def _tampered(self, path: str) -> None:
        content = bytearray(self._content(path))
        content[len(content) // 2] ^= 1
        self._head(200, Content_Length=len(content))
        self.wfile.write(content)

    def _silent(self, _: str) -> None:
        time.sleep(3)

    def _stalled(self, path: str) -> None:
        content = self._content(path)
        self._head(200, Content_Length=len(content))
        self.wfile.write(content[:100])
        self.wfile.flush()
        time.sleep(3)

    def _dripping(self, path: str) -> None:
        content = self._content(path)
        self._head(200, Content_Length=len(content))
        for i in range(len(content)):
            self.wfile.write(content[i : i + 1])
            self.wfile.flush()
            time.sleep(0.05)

    def _endless(self, _: str) -> None:
        self._head(200)
        while True:
            self.wfile.write(b"x" * 65536)

    def _zipped(self, path: str) -> None:
        content = gzip.compress(self._content(path))
        self._head(200, Content_Length=len(content), Content_Encoding="gzip")
        self.wfile.write(content)

    def _hung_up(self, _: str) -> None:
        self.connection.close()

    def _to_file(self, _: str) -> None:
        self._head(302, Location="file:///etc/hostname", Content_Length=0)

    def _to_ftp(self, _: str) -> None:
        self._head(302, Location="ftp://127.0.0.1/x", Content_Length=0)

    def _to_nowhere(self, _: str) -> None:
        self._head(302, Location="http://[", Content_Length=0)

    def _round_and_round(self, path: str) -> None:
        self._head(302, Location=f"/{path}", Content_Length=0)

    def _elsewhere(self, path: str) -> None:
        del self.site.faults[path]
        self._head(302, Location=f"/{path}", Content_Length=0)
