"""Rules that suspect typing errors in claims.

They look for a wrong year, for month and day exchanged, and for claimant and outlet exchanged. None of these
is wrong by itself. The suspicion comes from other values of the record.
"""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._helpers import Lazy, count_days
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.vocabularies import ACTOR_KIND

FAR_DAYS = 60  # a day is suspicious if it is more days before its page
NEAR_DAYS = 31  # the corrected day is at most so many days before the page
MIN_COMMON_TOLLS = 3  # a first day is common if at least so many tolls have it

# Kinds of actors that report the words of others, and those that never count people themselves.
OUTLETS = ("news_agency", "broadcaster", "news_media")
CARRIERS = ("news_agency", "broadcaster")
MEDIA = (*OUTLETS, "party_media", "united_nations", "unspecified")

_BEFORE_MONTH = {1: 0, 2: 31, 3: 59, 4: 90, 5: 120, 6: 151, 7: 181, 8: 212, 9: 243, 10: 273, 11: 304, 12: 334}


def _compute_day_of_year(month: nw.Expr, day: nw.Expr) -> nw.Expr:
    """Return the number of a day in its year, 1 too low after February of a leap year."""
    return month.replace_strict(_BEFORE_MONTH, default=None, return_dtype=nw.Int64) + day


def _describe_days() -> dict[str, nw.Expr]:
    """Return the days from each tested day to its page, its month and its day, as columns for `_is_slip`."""
    return {
        f"_{what}_{column}": value
        for column in _TESTED_COLUMNS
        for what, value in (
            ("gap", count_days(column, "published_on")),
            ("month", nw.col(column).dt.month().cast(nw.Int64)),
            ("day", nw.col(column).dt.day().cast(nw.Int64)),
        )
    }


def _is_far(column: str) -> nw.Expr:
    return nw.col(f"_gap_{column}") > FAR_DAYS


def _is_slip(column: str) -> nw.Expr:
    """Return whether a day is far before its page, but near it after one correction.

    The correction is that of the year, or month and day exchanged. Null for an empty day.
    """
    gap, month, day = (nw.col(f"_{what}_{column}") for what in ("gap", "month", "day"))
    exchanged = gap + _compute_day_of_year(month, day) - _compute_day_of_year(day, month)
    year = (gap >= 364) & (gap <= 366 + NEAR_DAYS)
    if column == "period_start":  # a review of the year rightly starts a year before its page
        year = year & _is_far("period_end")
    return _is_far(column) & (year | ((day <= 12) & (exchanged >= -1) & (exchanged <= NEAR_DAYS)).fill_null(False))


# Columns to check. The start of a running toll may be long before its page.
_TESTED_COLUMNS = ("period_start", "period_end", "as_of")


def _write_slipped(row: Row) -> str:
    far = [f"{column} {row[column]}" for column in row["slipped"].split("|")]
    return ", ".join([*far, f"page of {row['published_on']}"])


def _explain_near(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `day`, `early`, `meant` and `slip`."""
    explained = []
    for row in rows:
        day, page = row[row["spot"]], row["published_on"]
        intended, slip = _typos.find_day_slip(
            day, page - dt.timedelta(days=NEAR_DAYS + 1), page + dt.timedelta(days=1)
        ) or ("", "")
        explained.append(row | {"day": day, "early": (page - day).days, "meant": intended, "slip": slip})
    return explained


def _explain_series(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `slip`."""
    return [row | {"slip": _typos.describe_day_slip(row["period_start"], str(row["other"]))} for row in rows]


def _write_outlet(row: Row) -> str:
    via = f", via {row['relayed_via']} ({row['via_kind']})" if row["relayed_via"] else ""
    return f"{row['claimant_id']} ({row['kind']}){via}, page of {row['publisher_id']}"


def _explain_outlet(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `kind_name`, `rest` and `clue`."""
    explained = []
    for row in rows:
        rest, clue = "", ""
        if row["via_kind"] and row["via_kind"] not in MEDIA:
            rest = f", and the claim came via {row['relayed_via']} ({ACTOR_KIND[row['via_kind']].label.lower()})"
            clue = "`claimant:` and `via:` may have changed places. "
        elif row["claimant_id"] == row["publisher_id"]:
            rest = ", and the publisher of the page"
        explained.append(row | {"kind_name": ACTOR_KIND[row["kind"]].label.lower(), "rest": rest, "clue": clue})
    return explained


@rule(
    "claims.days-near-page",
    "warning",
    ("period_start", "period_end", "as_of"),
    message="{day} lies {early} days before the page, which is of {published_on}; {meant} would not ({slip})",
    hint="Write {meant} if the page gives that day. If it gives {day}, leave it.",
    why=(
        "Pages tell of the last days and weeks. A day a year before, or one that would lie there if month and day changed places, "
        "is mostly a slip; where a page looks back a year, it is none. The start of a running toll is not asked."
    ),
    skip_for_imports=True,
    requires_tables=("sources",),
    waivable=True,
    explain=_explain_near,
    found=_write_slipped,
    after=("claims.window-meets-event", "sources.id-is-page"),
    invalidates=("period_start", "period_end", "as_of"),
    depends_on=(("sources", "source_id", ("published_on",)),),
    example=Example(
        "The days of a claim lie near the page's day",
        bad={
            "claim": """
                during: 2023-06-01
                as_of: 2024-06-01
                killed: 8
                """,
        },
        good={
            "claim": """
                during: 2024-06-01
                as_of: 2024-06-01
                killed: 8
                """,
        },
    ),
)
def _check_near_page(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "published_on")
    claims = frames["claims"].filter(nw.col("scope") != "projection").join(pages, on="source_id", how="inner")
    running = nw.col("scope") == "cumulative"
    tests = {c: _is_slip(c) for c in _TESTED_COLUMNS}
    for column in ("period_start", "period_end"):
        tests[column] = nw.when(~running).then(tests[column])
    judged = claims.with_columns(**_describe_days()).with_columns(
        **{f"_{c}": test.fill_null(False) for c, test in tests.items()}
    )
    slipped = [nw.when(nw.col(f"_{c}")).then(nw.lit(c)) for c in _TESTED_COLUMNS]
    judged = judged.with_columns(
        spot=nw.coalesce(*slipped), slipped=nw.concat_str(slipped, separator="|", ignore_nulls=True)
    )
    return judged.select(
        "claim_id",
        "source_id",
        "published_on",
        *_TESTED_COLUMNS,
        "spot",
        "slipped",
        **{VERDICT: nw.col("spot").is_null()},
    )


@rule(
    "claims.start-fits-series",
    "warning",
    ("period_start",),
    message="this toll of {claimant_id} for {location_id} runs from {period_start}, and {others} others from {other}{slip}",
    hint="Write `since: {other}`, if the page counts from there. If it gives that day, leave it.",
    why=(
        "The points of a running toll are found by claimant, place and first day. A toll that starts a year beside all the "
        "others, or on their day with month and day exchanged, is a point of theirs with a slip in it, and missing there."
    ),
    waivable=True,
    explain=_explain_series,
    found="{period_start} for {other}, {claimant_id} in {location_id}",
    after=("claims.days-near-page",),
    invalidates=("period_start",),
    example=Example(
        "The points of a running toll start on one day",
        bad={
            "claims": """
                1: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-29, location: syria, killed: 80}
                2: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-30, location: syria, killed: 82}
                3: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-31, location: syria, killed: 85}
                4: {claimant: observatory, since: 2024-04-05, as_of: 2024-06-01, location: syria, killed: 88}
                """,
        },
        good={
            "claims": """
                1: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-29, location: syria, killed: 80}
                2: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-30, location: syria, killed: 82}
                3: {claimant: observatory, since: 2024-05-04, as_of: 2024-05-31, location: syria, killed: 85}
                4: {claimant: observatory, since: 2024-05-04, as_of: 2024-06-01, location: syria, killed: 88}
                """,
        },
    ),
)
def _check_fits_series(frames: Frames) -> Lazy:
    """Compare the first day of a running toll with that of most tolls of its kind.

    Tolls are compared if they have the same claimant, conflict and place.
    """
    running = frames["claims"].filter((nw.col("scope") == "cumulative") & is_filled("period_start"))
    of = ["claimant_id", "conflict_id", "location_id"]
    starts = running.group_by(*of, "period_start").agg(tolls=nw.len())
    common = starts.filter(nw.col("tolls") >= MIN_COMMON_TOLLS).rename({"period_start": "other", "tolls": "others"})
    first = common.group_by(*of).agg(nw.col("others").max()).join(common, on=[*of, "others"], how="inner")
    first = first.group_by(*of, "others").agg(nw.col("other").min())
    judged = running.join(starts, on=[*of, "period_start"], how="inner").join(first, on=of, how="inner")
    start, other = nw.col("period_start").dt, nw.col("other").dt
    year = (start.month() == other.month()) & (start.day() == other.day()) & ((start.year() - other.year()).abs() == 1)
    exchanged = (start.year() == other.year()) & (start.month() == other.day()) & (start.day() == other.month())
    alone = (nw.col("tolls") == 1) & (nw.col("period_start") != nw.col("other"))
    judged = judged.with_columns((~(alone & (year | exchanged))).alias(VERDICT))
    return judged.select("claim_id", *of, "period_start", "other", "others", VERDICT)


@rule(
    "claims.claimant-no-outlet",
    "warning",
    ("claimant_id", "relayed_via"),
    message="the claimant is {claimant_id} ({kind_name}){rest}",
    hint=(
        "{clue}The claimant is who vouches for the number; agencies and outlets that carry it are `via:` or `publisher:`. Where the "
        "page names nobody, the claimant is `unspecified`; an outlet that counts by itself is a claimant."
    ),
    why=(
        "Who says it and who carries it are never merged: a number that a hundred papers carry is one claim of one monitor. "
        "Under the name of an agency it would pass for a second, independent count."
    ),
    requires_tables=("actors", "sources"),
    waivable=True,
    explain=_explain_outlet,
    found=_write_outlet,
    depends_on=(("sources", "source_id", ("publisher_id",)),),
    example=Example(
        "The claimant is who vouches for the number, not who carries it",
        bad={
            "claim": """
                claimant: agency
                killed: 8
                """,
        },
        good={
            "claim": """
                claimant: unspecified
                via: agency
                killed: 8
                """,
        },
    ),
)
def _check_claimant_outlet(frames: Frames) -> Lazy:
    kinds = frames["actors"].unique(subset=["actor_id"], keep="none").select("actor_id", "kind")
    pages = frames["sources"].select("source_id", "publisher_id").unique(subset=["source_id"], keep="none")
    claims = frames["claims"].select("claim_id", "source_id", "claimant_id", "relayed_via")
    claims = claims.join(kinds.rename({"actor_id": "claimant_id"}), on="claimant_id", how="left")
    claims = claims.join(kinds.rename({"actor_id": "relayed_via", "kind": "via_kind"}), on="relayed_via", how="left")
    claims = claims.join(pages, on="source_id", how="left")
    outlet = nw.col("kind").is_in(list(OUTLETS))
    exchanged = (~nw.col("via_kind").is_in(list(MEDIA)) & is_filled("via_kind")).fill_null(False)
    is_publisher = (nw.col("claimant_id") == nw.col("publisher_id")).fill_null(False)
    suspicious = nw.col("kind").is_in(list(CARRIERS)) | (outlet & (exchanged | is_publisher))
    return claims.with_columns(nw.when(is_filled("kind")).then(~suspicious).alias(VERDICT))
