"""Page addresses: remove tracking parameters, find publisher and day."""

from __future__ import annotations

import datetime as dt
import re
from urllib.parse import SplitResult, unquote_plus, urlsplit

from conflictdata.findings import UsageError
from conflictdata.rules._urls import HTTP, LOGIN, TRACKING, URN

_TRACKED = re.compile("|".join(name.replace("*", "[a-z0-9_]*") for name in TRACKING), re.IGNORECASE)
_SCHEME = re.compile(r"https?://(?:www\.)?", re.IGNORECASE)
_DAYS = (
    re.compile(r"(?<![0-9])(20[0-9]{2})(?P<sep>[-/_])([0-9]{1,2})(?P=sep)([0-9]{1,2})(?![0-9])"),
    re.compile(r"(?<![0-9])(20[0-9]{2})(?P<sep>)([0-9]{2})([0-9]{2})(?![0-9])"),
)
_COMMON = {"www", "m", "amp", "en", "english", "news"}  # labels of a host that do not name the publisher


def clean_url(url: str) -> tuple[str, list[str]]:
    """Remove the tracking parameters from an address.

    Returns:
        The address, and the names of the removed parameters.

    Raises:
        UsageError: If it is not an address, or contains a login.
    """
    if not re.match(HTTP, url) and not re.match(URN, url):
        hint = f"; perhaps https://{url}" if re.match(HTTP, f"https://{url}") else ""
        raise UsageError(f"{url!r} is not an address: it starts with http:// or https:// and a host{hint}")
    if re.match(LOGIN, url):
        raise UsageError(f"the address of {get_host(url)} has a login; give it without the part before the @")
    bare, mark, fragment = url.partition("#")
    path, _, query = bare.partition("?")
    parameters = [part for part in query.split("&") if part]
    removed = [part.partition("=")[0] for part in parameters if _TRACKED.fullmatch(part.partition("=")[0])]
    if not removed:
        return url, []
    kept = "&".join(part for part in parameters if not _TRACKED.fullmatch(part.partition("=")[0]))
    return path + (f"?{kept}" if kept else "") + mark + fragment, removed


def normalize_page_url(url: str) -> str:
    """Normalize an address, so that two addresses of one page are equal.

    Follows the rule `sources.url-once`.
    """
    bare = _SCHEME.sub("", try_clean_url(url).partition("#")[0], count=1)
    cut = next((n for n, char in enumerate(bare) if char in "/?"), len(bare))
    return bare[:cut].lower() + bare[cut:].rstrip("/")


def try_clean_url(url: str) -> str:
    """Remove tracking parameters; return other texts unchanged."""
    try:
        return clean_url(url)[0]
    except UsageError:
        return url


def _split_url(url: str) -> SplitResult:
    """Return the parts of an address. A text that cannot be one, such as `http://[`, has none."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def get_host(url: str) -> str:
    """Return the host in lower case without `www.`, or "" if there is none."""
    return (_split_url(url).hostname or "").removeprefix("www.")


def list_publisher_words(url: str) -> list[str]:
    """Return words of the host that may name the publisher.

    `english.example.co.uk` gives `example`.
    """
    labels = get_host(url).split(".")[:-1]
    return [label.replace("-", " ") for label in labels if len(label) > 3 and label not in _COMMON]


def find_day(url: str) -> str:
    """Return the day in the path, such as `/2024/12/05/`; "" if none or several."""
    days = set()
    path = unquote_plus(_split_url(url).path)
    for year, _, month, day in (groups for pattern in _DAYS for groups in pattern.findall(path)):
        try:
            days.add(dt.date(int(year), int(month), int(day)).isoformat())
        except ValueError:
            continue
    return days.pop() if len(days) == 1 else ""
