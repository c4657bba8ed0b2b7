"""A registry: a web address or a folder. Only this module uses the network.

pooch writes files to a temporary name, checks the hash and renames them. The downloader is ours, because a server may
send too much, too slowly, or redirect to another place.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, quote, unquote, urljoin, urlsplit

from conflictdata.findings import UsageError
from conflictdata.registry import index
from conflictdata.registry.cache import report_write_failures
from conflictdata.registry.index import Entry

if TYPE_CHECKING:
    import requests

REDIRECTS = 5
CHUNK = 1 << 16
MIN_BYTES_PER_SECOND = 1000  # on average, once the timeout has passed
MAX_INDEX = 64 << 20

Watch = Callable[[str, int], None]


def is_offline() -> bool:
    """Return whether `CONFLICTDATA_OFFLINE` forbids the network."""
    return os.environ.get("CONFLICTDATA_OFFLINE", "") not in ("", "0")


def read_timeout() -> float:
    """Return the seconds to wait for an answer or for more of it.

    Reads `CONFLICTDATA_TIMEOUT`; the default is 30.

    Raises:
        UsageError: If it is not a number above zero.
    """
    value = os.environ.get("CONFLICTDATA_TIMEOUT", "30")
    try:
        seconds = float(value)
    except ValueError:
        seconds = 0
    if not 0 < seconds < float("inf"):
        raise UsageError(f"CONFLICTDATA_TIMEOUT is {value!r}, and should be a number of seconds")
    return seconds


@dataclass(frozen=True)
class Remote:
    """A registry.

    Attributes:
        address: A web address with a slash at its end, or a folder.
    """

    address: str

    @classmethod
    def from_environment(cls) -> Remote | None:
        """Return the registry in `CONFLICTDATA_REGISTRY`; None if it is not set.

        Raises:
            UsageError: If it is neither a web address nor a folder.
        """
        address = os.environ.get("CONFLICTDATA_REGISTRY", "").strip()
        if not address:
            return None
        parts = _split_address(address)
        if parts.scheme in ("http", "https"):
            return cls(address.rstrip("/") + "/")
        folder = Path(unquote(parts.path)) if parts.scheme == "file" else Path(address).expanduser()
        if not folder.is_dir():
            raise UsageError(f"CONFLICTDATA_REGISTRY is {address!r}: neither a web address (http, https) nor a folder")
        return cls(str(folder))

    @property
    def is_web(self) -> bool:
        """Return whether the registry is a web address."""
        return self.address.startswith(("http://", "https://"))

    def index(self) -> dict[str, Entry]:
        """Return the entries of the registry by version.

        Raises:
            UsageError: If it cannot be reached, or has no index.
        """
        if self.is_web:
            where = self.address + index.NAME
            return index.read(b"".join(stream_bytes(where, MAX_INDEX)), where)
        file = Path(self.address) / index.NAME
        try:
            return index.read(file.read_bytes(), str(file))
        except OSError as fault:
            raise UsageError(f"{file} cannot be read: {fault.strerror}; is CONFLICTDATA_REGISTRY right?") from None

    def fetch_file(self, entry: Entry, path: str, folder: Path, watch: Watch | None) -> None:
        """Put a file of a version into a folder, complete and checked, or not at all.

        Raises:
            UsageError: If it cannot be fetched, or its hash differs from the index.
        """
        import pooch

        pooch.get_logger().setLevel("ERROR")
        expected = entry.files[path]
        base = self.address if self.is_web else f"{self.address}/"
        source = pooch.create(folder, f"{base}{entry.version}/", registry={path: f"sha256:{expected.sha256}"})
        remove_leftovers(folder)
        with report_write_failures(folder):
            try:
                source.fetch(path, downloader=self._make_downloader(expected.size, path, watch))
            except UsageError:
                raise
            except ValueError as fault:  # pooch's error for a wrong hash
                raise UsageError(
                    _describe_wrong_hash(source.get_url(path), expected.sha256, entry.version, fault)
                ) from None

    def _make_downloader(self, size: int, path: str, watch: Watch | None) -> Callable[[str, str, Any], None]:
        def download(where: str, to: str, _: Any) -> None:
            # Only the owner can read pooch's files, but a cache may be shared.
            Path(to).chmod(0o644)
            if not self.is_web:
                _copy(Path(where), Path(to), size)
                return
            received = 0
            with Path(to).open("wb") as out:
                for piece in stream_bytes(quote(where, safe=":/?&=%~+"), size):
                    out.write(piece)
                    received += len(piece)
                    if watch is not None:
                        watch(path, len(piece))
            if received < size:
                raise UsageError(f"{where} ends after {received:,} of {size:,} bytes; it was not kept")

        return download


def remove_leftovers(folder: Path) -> None:
    """Remove temporary files of an interrupted fetch.

    Call it with the version's lock held, so that nobody else is writing.
    """
    for leftover in folder.rglob("tmp*"):
        if leftover.is_file() and "." not in leftover.name:
            leftover.unlink(missing_ok=True)


def _describe_wrong_hash(where: str, expected: str, version: str, fault: ValueError) -> str:
    """Return the message for a file whose hash differs from the index. `fault` is pooch's error, with the hash."""
    words = [word.strip("().,'\"`") for word in str(fault).split()]
    got = next(
        (w for w in words if len(w) == len(expected) and w != expected and set(w) <= set("0123456789abcdef")), "another"
    )
    return (
        f"{where} is not what the index says: its SHA-256 is {got}, and should be {expected}. It was not kept; the "
        f"registry may be incomplete or tampered with. `conflictdata fetch {version} --again` fetches it again"
    )


def _copy(source: Path, to: Path, size: int) -> None:
    try:
        bytes_on_disk = source.stat().st_size
    except OSError as fault:
        raise UsageError(f"{source} cannot be read: {fault.strerror}") from None
    if bytes_on_disk != size:
        raise UsageError(f"{source} has {bytes_on_disk:,} bytes where the index says {size:,}; it was not kept")
    shutil.copyfile(source, to)


def _split_address(address: str) -> SplitResult:
    """Return the parts of an address.

    Raises:
        UsageError: If it is not an address, such as `http://[`.
    """
    try:
        return urlsplit(address)
    except ValueError as fault:
        raise UsageError(f"{address!r} is not an address: {fault}") from None


def stream_bytes(where: str, limit: int) -> Iterator[bytes]:
    """Yield the bytes at a web address, at most `limit` of them.

    Raises:
        UsageError: If it cannot be reached, answers with an error, sends too much or too slowly, or redirects to
            another protocol.
    """
    started, received = time.monotonic(), 0
    with _request_once(where) as response:
        # `read1` returns the bytes received so far; `iter_content` would wait for a whole chunk.
        while piece := response.raw.read1(CHUNK, decode_content=False):
            received += len(piece)
            if received > limit:
                raise UsageError(f"{where} sends more than the {limit:,} bytes that the index says; it was not kept")
            waited = time.monotonic() - started
            if waited > read_timeout() and received < waited * MIN_BYTES_PER_SECOND:
                raise UsageError(
                    f"{where} comes too slowly: {received:,} bytes in {waited:.0f} seconds. CONFLICTDATA_TIMEOUT gives it more time"
                )
            yield piece


@contextmanager
def _request_once(where: str) -> Iterator[requests.Response]:
    import requests
    import urllib3

    try:
        with requests.Session() as session:
            response = _follow_redirects(session, where)
            with response:
                if response.status_code != requests.codes.ok:
                    raise UsageError(
                        f"{response.url} answers {response.status_code} {response.reason}; is CONFLICTDATA_REGISTRY right?"
                    )
                if response.headers.get("Content-Encoding", "identity") != "identity":
                    raise UsageError(
                        f"{response.url} comes encoded as {response.headers['Content-Encoding']}, which was not asked for"
                    )
                yield response
    except (requests.RequestException, urllib3.exceptions.HTTPError, UnicodeError) as fault:
        raise UsageError(
            f"{where} cannot be fetched: {_describe_failure(fault)}; what was in the cache is unchanged"
        ) from None


def _follow_redirects(session: requests.Session, where: str) -> requests.Response:
    """Follow redirects and return the answer.

    Redirects must stay within http and https, and must not go from https to http.
    """
    import requests

    address = where
    for _ in range(REDIRECTS + 1):
        try:
            response = session.get(
                address,
                stream=True,
                allow_redirects=False,
                timeout=read_timeout(),
                headers={"Accept-Encoding": "identity"},
            )
        except requests.RequestException:
            raise
        except ValueError as fault:  # requests reads the target of a redirect that it does not follow
            raise UsageError(f"{address} redirects to something that is not an address: {fault}") from None
        target = response.headers.get("Location")
        if not response.is_redirect or target is None:
            return response
        response.close()
        to = urljoin(address, target)
        before, after = _split_address(address).scheme, _split_address(to).scheme
        if after not in ("http", "https") or (before, after) == ("https", "http"):
            raise UsageError(f"{where} redirects from {before} to {to!r}, and that is not followed")
        address = to
    raise UsageError(f"{where} redirects more than {REDIRECTS} times")


def _describe_failure(fault: Exception) -> str:
    import requests

    if isinstance(fault, requests.Timeout):
        return f"no answer within {read_timeout():g} seconds (CONFLICTDATA_TIMEOUT)"
    text = str(fault)
    for sign, message in (
        ("IncompleteRead", "the connection broke off in the middle"),
        ("Read timed out", f"nothing came for {read_timeout():g} seconds (CONFLICTDATA_TIMEOUT)"),
        ("Connection refused", "the connection was refused"),
        ("Name or service not known", "there is no such host"),
        ("Failed to resolve", "there is no such host"),
        ("Connection reset", "the connection was reset"),
        ("Connection aborted", "the connection was broken off"),
    ):
        if sign in text:
            return message
    return text.splitlines()[0] if text else type(fault).__name__
