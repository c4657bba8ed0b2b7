"""Rules of the days of a claim: its window and its as-of day."""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._compared_values import write_days
from conflictdata.rules._helpers import Lazy, count_days, format_days, format_span, overlap
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

_BOTH_DAYS = is_filled("period_start") & is_filled("period_end")
_NO_DAYS = nw.col("period_start").is_null() & nw.col("period_end").is_null()


def _is_scope(scope: str) -> nw.Expr:
    return nw.col("scope") == scope


def _select_unprojected(frames: Frames) -> Lazy:
    return frames["claims"].filter(~_is_scope("projection"))


def _write_conflict_days(row: Row) -> str:
    window, days = write_days(row["period_start"], row["period_end"]), write_days(row["date_start"], row["date_end"])
    return f"{window}, {row['conflict_id']} {days}"


def _write_windows(row: Row) -> str:
    window, event = write_days(row["period_start"], row["period_end"]), write_days(row["date_start"], row["date_end"])
    return f"{window}, {row['event_id']} on {event}"


def _explain_order(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue` and `spot`: the day that is wrong by one typing error."""
    pages = frames["sources"].select("source_id", "published_on").collect().to_arrow().to_pylist()
    published = {page["source_id"]: page["published_on"] for page in pages}
    return [row | _guess_order(row, published.get(row["source_id"])) for row in rows]


def _guess_order(row: Row, page: dt.date | None) -> Row:
    start, end = row["period_start"], row["period_end"]
    day = dt.timedelta(days=1)
    if start - end <= 31 * day:  # two days close to each other were probably exchanged
        is_until = row["scope"] == "cumulative" and row["as_of"] is not None and start <= row["as_of"] != end
        return {"clue": "", "spot": "period_end" if is_until else None}
    tries = {"period_start": _typos.find_day_slip(start, end - 366 * day, end)}
    if page is not None:  # an end near the day of the page is more likely
        tries = {"period_end": _typos.find_day_slip(end, max(start, page - 31 * day), page + day), **tries}
    for spot, match in tries.items():
        if match:
            return {"clue": f"{match[0]} for {row[spot]} would fit ({match[1]}). ", "spot": spot}
    return {"clue": "", "spot": None}


_WINDOW_FILLED = (
    nw.when(_is_scope("event")).then(_BOTH_DAYS | _NO_DAYS).when(is_filled("scope")).then(_BOTH_DAYS)
)  # fmt: skip


@rule(
    "claims.event-scope-names-event",
    "error",
    ("scope",),
    message="the scope is event, and the claim names no event",
    hint="Name the event (`event:`), or give the window as a period (`during:`).",
    why="A toll of an event without the event cannot be held against other tolls of the same event, nor placed in time.",
    view="claims_resolved",
    requires_tables=("claim_events",),
    example=Example(
        "A claim about an event names the event",
        bad={
            "claims.csv": """
                claim_id,scope,period_start,period_end
                paper-2024-06-02.1,event,2024-06-01,2024-06-01
                """,
        },
        good={
            "claims.csv": """
                claim_id,scope,period_start,period_end
                paper-2024-06-02.1,event,2024-06-01,2024-06-01
                """,
            "claim_events.csv": """
                claim_id,event_id
                paper-2024-06-02.1,2024-06-01-raid
                """,
        },
    ),
)
def _check_event_scope_names_event() -> nw.Expr:
    return ~_is_scope("event") | is_filled("event_id")


@rule(
    "claims.window-meets-event",
    "warning",
    ("period_start", "period_end"),
    message="the claim covers {window}, and {event_id} was on {event_days}: {gap} apart",
    hint="Correct the window, the event's dates, or the event that the claim names.",
    why=(
        "A claim about an event counts people hit in it, so its window and the event's days must touch. Where they do "
        "not, one of the two dates is wrong, or the claim is about another event."
    ),
    requires_tables=("events", "claim_events"),
    waivable=True,
    found=_write_windows,
    after=("claims.window-in-order", "events.id-is-day"),
    invalidates=("period_start", "period_end"),
    depends_on=(("events", "event_id", ("date_start", "date_end")),),
    example=Example(
        "The window of a claim about an event meets the event's days",
        bad={
            "claim": """
                event: 2024-06-01-raid
                during: 2024-05-10
                location: town
                injured: 20
                """,
        },
        good={
            "claim": """
                event: 2024-06-01-raid
                during: 2024-06-01
                location: town
                injured: 20
                """,
        },
    ),
)
def _check_window_meets_event(frames: Frames) -> Lazy:
    """Check that the window meets the first event of the claim that lies apart from it, else the first event."""
    claims = frames["claims"].filter(_BOTH_DAYS).select("claim_id", "period_start", "period_end")
    events = frames["events"].select("event_id", "date_start", "date_end")
    named = frames["claim_events"].join(claims, on="claim_id", how="inner").join(events, on="event_id", how="left")
    meets = overlap("period_start", "period_end", "date_start", "date_end")
    apart = named.filter(~meets).group_by("claim_id").agg(_apart=nw.col("event_id").min())
    first = named.group_by("claim_id").agg(_first=nw.col("event_id").min()).join(apart, on="claim_id", how="left")
    chosen = first.select("claim_id", event_id=nw.coalesce("_apart", "_first"))
    both = named.join(chosen, on=["claim_id", "event_id"], how="inner")
    before = count_days("period_end", "date_start")
    gap = nw.when(before > 0).then(before).otherwise(count_days("date_end", "period_start"))
    return both.select(
        "claim_id",
        "event_id",
        "period_start",
        "period_end",
        "date_start",
        "date_end",
        window=format_span("period_start", "period_end"),
        event_days=format_span("date_start", "date_end"),
        gap=format_days(gap),
        verdict=overlap("period_start", "period_end", "date_start", "date_end"),
    )


@rule(
    "claims.window-in-conflict",
    "warning",
    ("period_start", "period_end", "conflict_id"),
    message="the claim covers {window}, and {conflict_id} {conflict_days}",
    hint="Name the longer war (`conflict:`), correct the window, or the days of the conflict in seeds/reference/conflicts.csv.",
    why=(
        "Whoever asks how many a conflict has killed takes the claims of that conflict. One that counts from years before it "
        "answers another question, with a far larger number."
    ),
    requires_tables=("conflicts",),
    waivable=True,
    found=_write_conflict_days,
    after=("claims.as-of-before-page",),
    example=Example(
        "A claim counts within its conflict",
        bad={
            "claim": """
                since: 1998-03-01
                killed: more than 528500
                """,
        },
        good={
            "claim": """
                conflict: war_of_1998
                during: 1998-03-01/1998-12-08
                killed: more than 528500
                """,
        },
    ),
)
def _check_window_in_conflict(frames: Frames) -> Lazy:
    sound = nw.col("date_end").is_null() | (nw.col("date_start") <= nw.col("date_end"))
    days = frames["conflicts"].filter(sound).select("conflict_id", "date_start", "date_end")
    claims = frames["claims"].filter(
        _BOTH_DAYS & (nw.col("period_start") <= nw.col("period_end")) & ~_is_scope("projection")
    )
    both = claims.join(days, on="conflict_id", how="inner")
    since = nw.concat_str([nw.lit("began on "), nw.col("date_start").cast(nw.String)])
    span = nw.concat_str([nw.lit("lasted from "), format_span("date_start", "date_end")])
    ended = nw.col("date_end").is_null() | (nw.col("period_end") <= nw.col("date_end"))
    return both.select(
        "claim_id", "conflict_id", "period_start", "period_end", "date_start", "date_end",
        window=format_span("period_start", "period_end"),
        conflict_days=nw.coalesce(span, since), verdict=(nw.col("period_start") >= nw.col("date_start")) & ended,
    )  # fmt: skip


@rule(
    "claims.window-filled",
    "error",
    ("period_start", "period_end", "scope"),
    message="the scope is {scope}, and the window lacks a day: first {period_start}, last {period_end}",
    hint="Give both days: `since:` with `as_of:`, `during:`, `standing:` or `projected:`. Only scope event may do without.",
    why=(
        "A number of people is only comparable with another over a known window. Half a window invites the reader to "
        "guess the other half."
    ),
    after=("*.key-unique", "*-resolves"),
    invalidates=("period_start", "period_end", "as_of"),
    example=Example(
        "A window has the days that its scope needs",
        bad={
            "claims.csv": """
                claim_id,scope,period_start,period_end
                paper-2024-06-02.1,cumulative,,2024-06-01
                """,
        },
        good={
            "claims.csv": """
                claim_id,scope,period_start,period_end
                paper-2024-06-02.1,period,2024-05-27,2024-06-01
                """,
        },
    ),
)
def _check_window_filled() -> nw.Expr:
    return _WINDOW_FILLED


@rule(
    "claims.window-in-order",
    "error",
    ("period_start", "period_end"),
    message="the window starts on {period_start}, after its end on {period_end}",
    hint="{clue}Exchange the two days, or correct the wrong one; `since:` needs an `as_of:` (or `until:`) on or after it.",
    why="A window that ends before it starts holds no day; every selection by date loses the claim.",
    explain=_explain_order,
    after=("claims.window-filled",),
    invalidates=("period_start", "period_end", "as_of"),
    example=Example(
        "A window starts before it ends",
        bad={
            "claim": """
                during: 2024-06-01/2024-05-27
                killed: 8
                """,
        },
        good={
            "claim": """
                during: 2024-05-27/2024-06-01
                killed: 8
                """,
        },
    ),
)
def _check_window_in_order() -> nw.Expr:
    return nw.col("period_start") <= nw.col("period_end")


@rule(
    "claims.stock-is-one-day",
    "error",
    ("period_start", "period_end", "scope"),
    message="the scope is stock, a level on one day, and the window runs from {period_start} to {period_end}",
    hint="Use `standing:` with the one day, or `during:` for people newly counted within a period.",
    why=(
        "A stock (people displaced now) and a flow (people displaced in a month) are different numbers. A stock over "
        "several days would be read as a flow."
    ),
    example=Example(
        "A level is of one day",
        bad={
            "claim": """
                standing: 2024-05-01/2024-06-01
                displaced: about 48000
                """,
        },
        good={
            "claim": """
                standing: 2024-06-01
                displaced: about 48000
                """,
        },
    ),
)
def _check_stock_is_one_day() -> nw.Expr:
    return ~_is_scope("stock") | (nw.col("period_start") == nw.col("period_end"))


@rule(
    "claims.as-of-after-window",
    "error",
    ("as_of", "period_end", "scope"),
    message="as_of {as_of} lies {early} before the window's last day, {period_end}",
    hint="Correct as_of or the window; a number for days to come is a projection (`projected:`).",
    why="Nobody counts the dead of a day that has not come. Either the window or the cut-off is wrong, or it is a forecast.",
    waivable=True,
    found="as of {as_of}, window to {period_end}",
    example=Example(
        "The window of a toll is over on its as-of day",
        bad={
            "claim": """
                during: 2024-05-27/2024-06-06
                as_of: 2024-06-01
                killed: 8
                """,
        },
        good={
            "claim": """
                during: 2024-05-27/2024-06-01
                as_of: 2024-06-01
                killed: 8
                """,
        },
    ),
)
def _check_as_of_after_end(frames: Frames) -> Lazy:
    ended = _select_unprojected(frames).filter(is_filled("period_end"))
    early = format_days(count_days("as_of", "period_end"))
    verdict = nw.col("as_of") >= nw.col("period_end")
    return ended.select("claim_id", "as_of", "period_end", early.alias("early"), verdict.alias(VERDICT))


@rule(
    "claims.as-of-before-page",
    "error",
    ("as_of", "scope"),
    message="as_of {as_of} lies {late} after the page's day, {published_on} (one day is allowed)",
    hint="Correct as_of or the page's `published:`; as_of is the claimant's cut-off, not the day of reading.",
    why=(
        "A page cannot print a toll that was made up after it. One day is allowed for time zones. A later cut-off means "
        "that the page was changed after its date, or that a date is wrong: both put the number at a wrong point of time."
    ),
    requires_tables=("sources",),
    waivable=True,
    found="as of {as_of}, page of {published_on}",
    after=("claims.start-fits-series",),
    invalidates=("as_of", "period_end"),
    depends_on=(("sources", "source_id", ("published_on",)),),
    example=Example(
        "The as-of day is not later than the page",
        bad={
            "claim": """
                since: 2024-05-01
                as_of: 2024-06-20
                killed: 8
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                as_of: 2024-06-02
                killed: 8
                """,
        },
    ),
)
def _check_as_of_before_page(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "published_on")
    claims = (
        _select_unprojected(frames).select("claim_id", "source_id", "as_of").join(pages, on="source_id", how="left")
    )
    late = count_days("published_on", "as_of")
    return claims.with_columns(format_days(late).alias("late"), (late <= 1).alias(VERDICT))
