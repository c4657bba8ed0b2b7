"""Rules of the web addresses of pages."""

from __future__ import annotations

import re

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules._urls import HAS_TRACKING, HOME_PAGE, HTTP, IS_SOCIAL, LOGIN, URN, replace_pattern
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled


def _match_pattern(column: str, pattern: str) -> nw.Expr:
    return nw.col(column).str.contains(pattern)


def normalize_url(url: nw.Expr) -> nw.Expr:
    """Return the address without the parts that do not identify the page.

    These are the scheme, `www.`, capitals of the host, the fragment and a slash at the end.
    """
    bare = replace_pattern(replace_pattern(url, r"#.*$"), r"^(?i:https?)://(?i:www\.)?")
    # Hosts ignore capitals, paths do not. So split them, and convert only the host.
    host, rest = replace_pattern(bare, r"[/?].*$").str.to_lowercase(), replace_pattern(bare, r"^[^/?]*")
    return nw.concat_str([host, replace_pattern(rest, r"/+$")])


def _explain_tracking(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clean`, the address without tracking parameters, and `found`, their names."""
    explained = []
    for row in rows:
        address, _, fragment = row["url"].partition("#")
        bare, _, query = address.partition("?")
        cut = [pair for pair in query.split("&") if re.search(HAS_TRACKING, f"?{pair}")]
        kept = "&".join(pair for pair in query.split("&") if pair not in cut)
        clean = bare + (f"?{kept}" if kept else "") + (f"#{fragment}" if fragment else "")
        explained.append(row | {"clean": clean, "found": ", ".join(pair.partition("=")[0] for pair in cut)})
    return explained


_WHY_ADDRESS = (
    "The address is the evidence. One that no browser opens, or that carries a password, cannot be followed or shown."
)


@rule(
    "sources.url-is-address",
    "error",
    ("url",),
    message="{url} is not an address",
    hint="Write http:// or https:// and the host; `urn:document:<file name>` where the address is lost.",
    why=_WHY_ADDRESS,
    example=Example(
        "The address is http(s) or a urn",
        bad={
            "page": "url: example.org/news/2",
        },
        good={
            "page": "url: https://example.org/news/2",
        },
    ),
)
def _check_url_is_address() -> nw.Expr:
    return _match_pattern("url", HTTP) | _match_pattern("url", URN)


@rule(
    "sources.url-is-page",
    "warning",
    ("url",),
    message="{url} is the home page of a site",
    hint="Give the address of the page that has the number.",
    why="A home page has other news tomorrow, and nobody can find the number on it.",
    found="{url}",
    example=Example(
        "The address is that of a page, not of a site",
        bad={
            "page": "url: https://example.org/",
        },
        good={
            "page": "url: https://example.org/news/2",
        },
    ),
)
def _check_url_is_page() -> nw.Expr:
    return ~_match_pattern("url", HOME_PAGE)


@rule(
    "sources.archive-url-is-address",
    "error",
    ("archive_url",),
    message="{archive_url} is not an address",
    hint="Write http:// or https:// and the host of the archived copy.",
    why=_WHY_ADDRESS,
    example=Example(
        "The address of the archived copy is an address",
        bad={
            "page": "archive_url: web.archive.org/web/2024/https://example.org/news/2",
        },
        good={
            "page": "archive_url: https://web.archive.org/web/2024/https://example.org/news/2",
        },
    ),
)
def _check_archive_url_is_address() -> nw.Expr:
    return nw.col("archive_url").is_null() | _match_pattern("archive_url", HTTP)


@rule(
    "sources.url-without-tracking",
    "error",
    ("url",),
    message="{url} tells how a reader came to the page ({found})",
    hint="Write `{clean}`.",
    why=(
        "Parameters such as utm_source, fbclid and gclid are not part of the page's address, make one page look like two, and "
        "tell on whoever shared the link."
    ),
    explain=_explain_tracking,
    example=Example(
        "An address holds no parameters that track readers",
        bad={
            "page": "url: https://example.org/news?id=2&utm_source=feed",
        },
        good={
            "page": "url: https://example.org/news?id=2",
        },
    ),
)
def _check_url_without_tracking() -> nw.Expr:
    return ~_match_pattern("url", HAS_TRACKING)


@rule(
    "sources.url-without-login",
    "error",
    ("url", "archive_url"),
    message="an address holds a user name before the host: {address}",
    hint="Cut everything between // and @, and change the password if it was one.",
    why=_WHY_ADDRESS,
    example=Example(
        "An address holds no user name and no password",
        bad={
            "page": "url: https://reader:secret@example.org/news/2",
        },
        good={
            "page": "url: https://example.org/news/2",
        },
    ),
)
def _check_without_login(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "url", "archive_url").filter(is_filled("url"))
    in_url = _match_pattern("url", LOGIN)
    in_archive = _match_pattern("archive_url", LOGIN).fill_null(False)
    address = nw.when(in_url).then(nw.col("url")).otherwise(nw.col("archive_url"))
    return pages.with_columns(address=address, verdict=~in_url & ~in_archive)


@rule(
    "sources.post-archived",
    "warning",
    ("archive_url", "url"),
    message="{url} is a post on social media, and archive_url is empty",
    hint="Save the post in a public archive and give that address under `archive_url:`.",
    why="Posts are edited and deleted, accounts suspended. Without a copy the evidence is gone with them.",
    waivable=True,
    found="{url}",
    example=Example(
        "A post on social media has an archived copy",
        bad={
            "page": """
                kind: post
                url: https://x.com/paper/status/1
                """,
        },
        good={
            "page": """
                kind: post
                url: https://x.com/paper/status/1
                archive_url: https://archive.org/details/paper-status-1
                """,
        },
    ),
)
def _check_post_archived() -> nw.Expr:
    return ~_match_pattern("url", IS_SOCIAL) | is_filled("archive_url")


@rule(
    "sources.url-once",
    "error",
    ("url",),
    message="the page {url} is {first} already, and is recorded here as {source_id} again",
    hint="Move the claims to {first} and delete this one.",
    why="One page under two ids doubles its claims, and the two copies drift apart as they are corrected.",
    example=Example(
        "A page is coded once",
        bad={
            "page": "url: https://example.org/news/2",
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: http://www.example.org/news/2/#top
                published: 2024-06-03
                language: en
                access: full_text
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
        good={
            "page": "url: https://example.org/news/2",
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: https://example.org/news/3
                published: 2024-06-03
                language: en
                access: full_text
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
    ),
)
def _check_url_once(frames: Frames) -> Lazy:
    pages = (
        frames["sources"]
        .filter(is_filled("url") & is_filled("source_id"))
        .select("source_id", "url", page=normalize_url(nw.col("url")))
    )
    first = pages.group_by("page").agg(first=nw.col("source_id").min())
    return pages.join(first, on="page", how="left").with_columns(
        (nw.col("source_id") == nw.col("first")).alias(VERDICT)
    )
