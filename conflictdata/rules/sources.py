"""Rules of sources: id, address and dates of a page, and whether a record uses it."""

from __future__ import annotations

import datetime as dt
import re

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import LATER_RELEASE, Lazy, count_days, format_days, is_filled
from conflictdata.rules._urls import HAS_TRACKING, HOME_PAGE, HTTP, IS_SOCIAL, LOGIN, URN
from conflictdata.rules.base import VERDICT, Frames, Row, Rule
from conflictdata.schema.languages import load_code_corrections, load_languages


def _match_pattern(column: str, pattern: str) -> nw.Expr:
    return nw.col(column).str.contains(pattern)


def _replace_pattern(text: nw.Expr, pattern: str, by: str = "") -> nw.Expr:
    return text.str.replace_all(pattern, by)


def _check_by_release(frames: Frames, day: str = "published_on") -> Lazy:
    pages = frames["sources"].select("source_id", day).filter(is_filled(day)).join(frames["release"], how="cross")
    late = count_days("released_on", day)
    return pages.with_columns(late=format_days(late), verdict=late <= 0)


def _check_used(frames: Frames) -> Lazy:
    naming = [frames[table].select("source_id") for table in ("claims", "event_sources")]
    used = nw.concat(naming).unique().with_columns(used=nw.lit(True))
    pages = frames["sources"].select("source_id", "publisher_id").join(used, on="source_id", how="left")
    return pages.with_columns(is_filled("used").alias(VERDICT))


def _check_after_events(frames: Frames) -> Lazy:
    """Check that the latest event of a page starts by the day of the page."""
    claimed = frames["claim_events"].join(frames["claims"].select("claim_id", "source_id"), on="claim_id", how="inner")
    naming = [claims.select("source_id", "event_id") for claims in (claimed, frames["event_sources"])]
    named = nw.concat(naming).filter(is_filled("source_id") & is_filled("event_id")).unique()
    started = named.join(frames["events"].select("event_id", "date_start"), on="event_id", how="inner")
    last = started.group_by("source_id").agg(date_start=nw.col("date_start").max())
    event = (
        started.join(last, on=["source_id", "date_start"], how="inner")
        .group_by("source_id")
        .agg(nw.col("event_id").min())
    )
    pages = frames["sources"].select("source_id", "published_on").join(last, on="source_id", how="inner")
    late = count_days("published_on", "date_start")
    return pages.join(event, on="source_id", how="left").with_columns(late=format_days(late), verdict=late <= 0)


def _check_without_login(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "url", "archive_url").filter(is_filled("url"))
    in_url = _match_pattern("url", LOGIN)
    in_archive = _match_pattern("archive_url", LOGIN).fill_null(False)
    address = nw.when(in_url).then(nw.col("url")).otherwise(nw.col("archive_url"))
    return pages.with_columns(address=address, verdict=~in_url & ~in_archive)


def normalize_url(url: nw.Expr) -> nw.Expr:
    """Return the address without the parts that do not identify the page.

    These are the scheme, `www.`, capitals of the host, the fragment and a slash at the end.
    """
    bare = _replace_pattern(_replace_pattern(url, r"#.*$"), r"^(?i:https?)://(?i:www\.)?")
    # Hosts ignore capitals, paths do not. So split them, and convert only the host.
    host, rest = _replace_pattern(bare, r"[/?].*$").str.to_lowercase(), _replace_pattern(bare, r"^[^/?]*")
    return nw.concat_str([host, _replace_pattern(rest, r"/+$")])


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


def _check_document_once(frames: Frames) -> Lazy:
    pages = frames["sources"].filter(is_filled("sha256") & is_filled("source_id")).select("source_id", "sha256", "url")
    first = pages.group_by("sha256").agg(first=nw.col("source_id").min())
    return pages.join(first, on="sha256", how="left").with_columns(
        (nw.col("source_id") == nw.col("first")).alias(VERDICT)
    )


def _check_page_id(frames: Frames) -> Lazy:
    parts = [nw.col("publisher_id"), nw.col("published_on").cast(nw.String)]
    pages = frames["sources"].select(
        "source_id", "publisher_id", "published_on", expected=nw.concat_str(parts, separator="-")
    )
    whole = nw.col("source_id") == nw.col("expected")
    numbered = _replace_pattern(nw.col("source_id"), r"-[0-9]+$") == nw.col("expected")
    return pages.with_columns((whole | numbered).alias(VERDICT))


_PARTS_OF_ID = re.compile(r"(?P<publisher>.*)-(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})(?:-[0-9]+)?\Z")


def _explain_id(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue` and `spot`: which value differs from the id, and how."""
    claims = frames["claims"].filter(nw.col("source_id").is_in([row["source_id"] for row in rows]))
    claim_rows = claims.select("source_id", "claimant_id", "as_of").collect().to_arrow().to_pylist()
    explained = []
    for row in rows:
        mine = [claim for claim in claim_rows if claim["source_id"] == row["source_id"]]
        parts = _PARTS_OF_ID.match(row["source_id"])
        publisher, day = (parts["publisher"], parts["day"]) if parts else ("", "")
        clue, spot = "", "publisher_id"
        if publisher != row["publisher_id"]:
            clue = f"The file's name says {publisher}, and `publisher:` {row['publisher_id']}. "
            if publisher in {claim["claimant_id"] for claim in mine}:
                clue += f"A claim on the page has {publisher} as its claimant: the two may have changed places. "
        elif day != str(row["published_on"]):
            slip = _typos.describe_day_slip(row["published_on"], day)
            clue = f"The file's name says {day}, and `published:` {row['published_on']}{slip}. "
            spot = (
                "" if _is_better_fit(row["published_on"], day, [claim["as_of"] for claim in mine]) else "published_on"
            )
        explained.append(row | {"clue": clue, "spot": spot})
    return explained


def _is_better_fit(published: dt.date, day: str, as_of: list[dt.date | None]) -> bool:
    """Return whether the claims fit `published:` but not the day in the file name.

    Compares the latest as-of day of the page's claims.
    """
    days = [d for d in as_of if d]
    named = dt.date.fromisoformat(day) if _typos.describe_day_slip(published, day) else published
    return bool(days) and max(days) > named + dt.timedelta(days=1) and max(days) <= published + dt.timedelta(days=1)


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


def _make_language_rule(table: str) -> Rule:
    code = nw.col("language")
    long = code.str.len_chars() == 3  # a language without a two-letter code
    return Rule(
        id=f"{table}.language-is-code",
        number=37,
        table=table,
        severity="error",
        fields=("language",),
        check=nw.when(is_filled("language")).then(
            code.is_in(list(load_languages())) | (long & ~code.is_in(list(load_code_corrections())))
        ),
        message="{language} is not the code of a language",
        hint="{clue}Use ISO 639: two letters where the language has them (en, ar, uk), else three.",
        why=(
            "Readers select pages by language, and number words are looked up by it. A country's code, or three letters for a "
            "language that has two, makes a language of its own."
        ),
        explain=_explain_language,
    )


def _explain_language(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `clue`: the code probably meant."""
    meant = [(row, load_code_corrections().get(row["language"], "")) for row in rows]
    return [row | {"clue": f"{load_languages()[code]} is {code}. " if code else ""} for row, code in meant]


_WHY_ADDRESS = (
    "The address is the evidence. One that no browser opens, or that carries a password, cannot be followed or shown."
)

RULES: tuple[Rule, ...] = (
    Rule(
        id="sources.published-by-release",
        number=21,
        table="sources",
        severity="error",
        fields=("published_on",),
        check=_check_by_release,
        message="the page is of {published_on}, {late} after the release of {released_on}",
        hint=LATER_RELEASE,
        why="A page that is not out yet cannot have been read; every as-of selection would hide its claims.",
    ),
    Rule(
        id="sources.accessed-by-release",
        number=42,
        table="sources",
        severity="error",
        fields=("accessed_on",),
        check=lambda frames: _check_by_release(frames, "accessed_on"),
        message="the page was read on {accessed_on}, {late} after the release of {released_on}",
        hint=LATER_RELEASE,
        why="Nobody has read a page on a day that is still to come. The day is a typing error, and with it the hash of what was read has no date.",
    ),
    Rule(
        id="sources.copied-from-another",
        number=45,
        table="sources",
        severity="warning",
        fields=("copied_from", "publisher_id"),
        check=nw.col("copied_from").is_null() | (nw.col("copied_from") != nw.col("publisher_id")),
        message="the page of {publisher_id} is copied from {copied_from}, which is its publisher",
        hint="Name the publisher of the copied text, or leave `copied_from:` out.",
        why="A page that copies itself looks like a second carrier of one text, and the text that it was taken from has no name.",
        waivable=True,
        found="{copied_from}, page of {publisher_id}",
    ),
    Rule(
        id="sources.used",
        number=40,
        table="sources",
        severity="warning",
        fields=("source_id",),
        check=_check_used,
        message="no claim and no event rests on {source_id}",
        hint="Code what the page says, or delete its file.",
        why="An unused page is work begun and forgotten, or the trace of a claim that was moved and left its source behind.",
        requires_tables=("claims", "event_sources"),
        waivable=True,
        found="no claim, no event",
    ),
    Rule(
        id="sources.url-is-address",
        number=41,
        table="sources",
        severity="error",
        fields=("url",),
        check=_match_pattern("url", HTTP) | _match_pattern("url", URN),
        message="{url} is not an address",
        hint="Write http:// or https:// and the host; `urn:document:<file name>` where the address is lost.",
        why=_WHY_ADDRESS,
    ),
    Rule(
        id="sources.url-is-page",
        number=41,
        table="sources",
        severity="warning",
        fields=("url",),
        check=~_match_pattern("url", HOME_PAGE),
        message="{url} is the home page of a site",
        hint="Give the address of the page that has the number.",
        why="A home page has other news tomorrow, and nobody can find the number on it.",
        found="{url}",
    ),
    Rule(
        id="sources.archive-url-is-address",
        number=41,
        table="sources",
        severity="error",
        fields=("archive_url",),
        check=nw.col("archive_url").is_null() | _match_pattern("archive_url", HTTP),
        message="{archive_url} is not an address",
        hint="Write http:// or https:// and the host of the archived copy.",
        why=_WHY_ADDRESS,
    ),
    Rule(
        id="sources.url-without-tracking",
        number=41,
        table="sources",
        severity="error",
        fields=("url",),
        check=~_match_pattern("url", HAS_TRACKING),
        message="{url} tells how a reader came to the page ({found})",
        hint="Write `{clean}`.",
        why=(
            "Parameters such as utm_source, fbclid and gclid are not part of the page's address, make one page look like two, and "
            "tell on whoever shared the link."
        ),
        explain=_explain_tracking,
    ),
    Rule(
        id="sources.url-without-login",
        number=41,
        table="sources",
        severity="error",
        fields=("url", "archive_url"),
        check=_check_without_login,
        message="an address holds a user name before the host: {address}",
        hint="Cut everything between // and @, and change the password if it was one.",
        why=_WHY_ADDRESS,
    ),
    Rule(
        id="sources.published-before-access",
        number=42,
        table="sources",
        severity="error",
        fields=("accessed_on", "published_on"),
        check=nw.col("accessed_on").is_null() | (nw.col("published_on") <= nw.col("accessed_on")),
        message="the page was published on {published_on}, after it was read on {accessed_on}",
        hint="Correct `accessed:`, often its year; or `published:`, with the name of the file.",
        why="Nobody reads a page before it is out. A wrong day of publication moves its claims in every as-of selection.",
    ),
    Rule(
        id="sources.published-after-events",
        number=42,
        table="sources",
        severity="error",
        fields=("published_on",),
        check=_check_after_events,
        message="the page is of {published_on}, and {event_id}, which it reports, starts on {date_start}: {late} later",
        hint="Correct the page's `published:` or the event's date, or name another event.",
        why="A page cannot report what has not happened. One of the two dates is wrong, or the claim is about an earlier event.",
        requires_tables=("events", "claims", "claim_events", "event_sources"),
    ),
    Rule(
        id="sources.selection-has-note",
        number=44,
        table="sources",
        severity="error",
        fields=("coverage", "note"),
        check=(nw.col("coverage") != "selected") | is_filled("note"),
        message="the coverage is selected, and there is no note",
        hint="Say in `note:` which statements are left out, and why; or code them, with `coverage: complete`.",
        why="A reader counts on what a page says being there. What is left out without a reason looks like what the page does not say.",
    ),
    Rule(
        id="sources.post-archived",
        number=44,
        table="sources",
        severity="warning",
        fields=("archive_url", "url"),
        check=~_match_pattern("url", IS_SOCIAL) | is_filled("archive_url"),
        message="{url} is a post on social media, and archive_url is empty",
        hint="Save the post in a public archive and give that address under `archive_url:`.",
        why="Posts are edited and deleted, accounts suspended. Without a copy the evidence is gone with them.",
        waivable=True,
        found="{url}",
    ),
    Rule(
        id="sources.url-once",
        number=45,
        table="sources",
        severity="error",
        fields=("url",),
        check=_check_url_once,
        message="the page {url} is {first} already, and stands here as {source_id} again",
        hint="Move the claims to {first} and delete this one.",
        why="One page under two ids doubles its claims, and the two copies drift apart as they are corrected.",
    ),
    Rule(
        id="sources.id-is-page",
        number=46,
        table="sources",
        severity="error",
        fields=("source_id", "publisher_id", "published_on"),
        check=_check_page_id,
        message="the id is {source_id}, and publisher and day make it {expected}",
        hint="{clue}Correct the one that is wrong: rename the file, or change the line; a second page of one day ends in -2.",
        why="The id is read as publisher and day, by people and in file names. An id that says otherwise misleads them.",
        explain=_explain_id,
    ),
    Rule(
        id="sources.document-once",
        number=45,
        table="sources",
        severity="error",
        fields=("sha256", "url"),
        check=_check_document_once,
        message="the document is {first} already (same SHA-256), and stands here as {source_id} again",
        hint="Move the claims to {first} and delete this one; if the documents differ, correct the hash.",
        why=(
            "The hash is that of the document as it was read: two pages with one hash are one document under two addresses. "
            "It would be counted as two witnesses."
        ),
    ),
    _make_language_rule("sources"),
    _make_language_rule("aliases"),
)
