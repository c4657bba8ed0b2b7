"""Rules of claims: window, as-of day, perpetrators, and required figures."""

from __future__ import annotations

import datetime as dt

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._compared_values import write_days
from conflictdata.rules._helpers import Lazy, count_days, format_days, format_span, is_filled, overlap
from conflictdata.rules.base import VERDICT, Frames, Row, Rule

_BOTH_DAYS = is_filled("period_start") & is_filled("period_end")
_NO_DAYS = nw.col("period_start").is_null() & nw.col("period_end").is_null()


def _is_scope(scope: str) -> nw.Expr:
    return nw.col("scope") == scope


def _select_unprojected(frames: Frames) -> Lazy:
    return frames["claims"].filter(~_is_scope("projection"))


def _check_as_of_after_end(frames: Frames) -> Lazy:
    ended = _select_unprojected(frames).filter(is_filled("period_end"))
    early = format_days(count_days("as_of", "period_end"))
    verdict = nw.col("as_of") >= nw.col("period_end")
    return ended.select("claim_id", "as_of", "period_end", early.alias("early"), verdict.alias(VERDICT))


def _check_as_of_before_page(frames: Frames) -> Lazy:
    pages = frames["sources"].select("source_id", "published_on")
    claims = (
        _select_unprojected(frames).select("claim_id", "source_id", "as_of").join(pages, on="source_id", how="left")
    )
    late = count_days("published_on", "as_of")
    return claims.with_columns(format_days(late).alias("late"), (late <= 1).alias(VERDICT))


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


def _write_conflict_days(row: Row) -> str:
    window, days = write_days(row["period_start"], row["period_end"]), write_days(row["date_start"], row["date_end"])
    return f"{window}, {row['conflict_id']} {days}"


def _write_windows(row: Row) -> str:
    window, event = write_days(row["period_start"], row["period_end"]), write_days(row["date_start"], row["date_end"])
    return f"{window}, {row['event_id']} on {event}"


def _check_has_figures(frames: Frames) -> Lazy:
    counted = frames["figures"].filter(is_filled("claim_id")).group_by("claim_id").agg(figures=nw.len())
    claims = frames["claims"].select("claim_id").join(counted, on="claim_id", how="left")
    return claims.with_columns(is_filled("figures").alias(VERDICT))


def _count_named(rows: Lazy, column: str, name: str) -> Lazy:
    """Return the claims that have rows with this column filled, and how many."""
    # As text: pandas would turn 1 into 1.0 if a join leaves some claims without a number.
    counted = rows.filter(is_filled("claim_id") & is_filled(column)).group_by("claim_id").agg(rows=nw.len())
    return counted.select("claim_id", nw.col("rows").cast(nw.String).alias(name))


def _join_perpetrators(frames: Frames) -> Lazy:
    """Return claims with the numbers of perpetrators, and of figures with one."""
    named = _count_named(frames["claim_perpetrators"], "actor_id", "named")
    on_figures = _count_named(frames["figures"], "perpetrator_id", "on_figures")
    claims = frames["claims"].select("claim_id", "perpetrator_certainty")
    return claims.join(named, on="claim_id", how="left").join(on_figures, on="claim_id", how="left")


def _check_perpetrator_certainty(frames: Frames) -> Lazy:
    claims = _join_perpetrators(frames).filter(is_filled("named"))
    return claims.with_columns(is_filled("perpetrator_certainty").alias(VERDICT))


def _check_certainty_perpetrator(frames: Frames) -> Lazy:
    # Disputed and undetermined attributions need no perpetrator.
    firm = nw.col("perpetrator_certainty").is_in(["stated", "alleged", "denied"])
    claims = _join_perpetrators(frames).filter(firm)
    return claims.with_columns((is_filled("named") | is_filled("on_figures")).alias(VERDICT))


def _explain_order(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue` and `spot`: the day that is wrong by one typing error."""
    pages = frames["sources"].select("source_id", "published_on").collect().to_arrow().to_pylist()
    published = {page["source_id"]: page["published_on"] for page in pages}
    return [row | _guess_order(row, published.get(row["source_id"])) for row in rows]


def _guess_order(row: Row, page: dt.date | None) -> Row:
    start, end = row["period_start"], row["period_end"]
    day = dt.timedelta(days=1)
    if start - end <= 31 * day:  # two days close to each other were probably exchanged
        return {"clue": "", "spot": None}
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

RULES: tuple[Rule, ...] = (
    Rule(
        id="claims.event-scope-names-event",
        number=17,
        table="claims",
        severity="error",
        fields=("scope",),
        view="claims_resolved",
        check=~_is_scope("event") | is_filled("event_id"),
        requires_tables=("claim_events",),
        message="the scope is event, and the claim names no event",
        hint="Name the event (`event:`), or give the window as a period (`during:`).",
        why="A toll of an event without the event cannot be held against other tolls of the same event, nor placed in time.",
    ),
    Rule(
        id="claims.window-meets-event",
        number=17,
        table="claims",
        severity="warning",
        fields=("period_start", "period_end"),
        check=_check_window_meets_event,
        message="the claim covers {window}, and {event_id} was on {event_days}: {gap} apart",
        hint="Correct the window, the event's dates, or the event that the claim names.",
        why=(
            "A claim about an event counts people hit in it, so its window and the event's days must touch. Where they do "
            "not, one of the two dates is wrong, or the claim is about another event."
        ),
        requires_tables=("events", "claim_events"),
        waivable=True,
        found=_write_windows,
    ),
    Rule(
        id="claims.window-in-conflict",
        number=18,
        table="claims",
        severity="warning",
        fields=("period_start", "period_end", "conflict_id"),
        check=_check_window_in_conflict,
        message="the claim covers {window}, and {conflict_id} {conflict_days}",
        hint="Name the longer war (`conflict:`), correct the window, or the days of the conflict in seeds/reference/conflicts.csv.",
        why=(
            "Whoever asks how many a conflict has killed takes the claims of that conflict. One that counts from years before it "
            "answers another question, with a far larger number."
        ),
        requires_tables=("conflicts",),
        waivable=True,
        found=_write_conflict_days,
    ),
    Rule(
        id="claims.window-filled",
        number=18,
        table="claims",
        severity="error",
        fields=("period_start", "period_end", "scope"),
        check=_WINDOW_FILLED,
        message="the scope is {scope}, and the window lacks a day: first {period_start}, last {period_end}",
        hint="Give both days: `since:` with `as_of:`, `during:`, `standing:` or `projected:`. Only scope event may do without.",
        why=(
            "A number of people is only comparable with another over a known window. Half a window invites the reader to "
            "guess the other half."
        ),
    ),
    Rule(
        id="claims.window-in-order",
        number=18,
        table="claims",
        severity="error",
        fields=("period_start", "period_end"),
        check=nw.col("period_start") <= nw.col("period_end"),
        message="the window starts on {period_start}, after its end on {period_end}",
        hint="{clue}Exchange the two days, or correct the wrong one; `since:` needs an `as_of:` (or `until:`) on or after it.",
        why="A window that ends before it starts holds no day; every selection by date loses the claim.",
        explain=_explain_order,
    ),
    Rule(
        id="claims.stock-is-one-day",
        number=18,
        table="claims",
        severity="error",
        fields=("period_start", "period_end", "scope"),
        check=~_is_scope("stock") | (nw.col("period_start") == nw.col("period_end")),
        message="the scope is stock, a level on one day, and the window runs from {period_start} to {period_end}",
        hint="Use `standing:` with the one day, or `during:` for people newly counted within a period.",
        why=(
            "A stock (people displaced now) and a flow (people displaced in a month) are different numbers. A stock over "
            "several days would be read as a flow."
        ),
    ),
    Rule(
        id="claims.as-of-after-window",
        number=19,
        table="claims",
        severity="error",
        fields=("as_of", "period_end", "scope"),
        check=_check_as_of_after_end,
        message="as_of {as_of} lies {early} before the window's last day, {period_end}",
        hint="Correct as_of or the window; a number for days to come is a projection (`projected:`).",
        why="Nobody counts the dead of a day that has not come. Either the window or the cut-off is wrong, or it is a forecast.",
        waivable=True,
        found="as of {as_of}, window to {period_end}",
    ),
    Rule(
        id="claims.as-of-before-page",
        number=20,
        table="claims",
        severity="error",
        fields=("as_of", "scope"),
        check=_check_as_of_before_page,
        message="as_of {as_of} lies {late} after the page's day, {published_on} (one day is allowed)",
        hint="Correct as_of or the page's `published:`; as_of is the claimant's cut-off, not the day of reading.",
        why=(
            "A page cannot print a toll that was made up after it. One day is allowed for time zones. A later cut-off means "
            "that the page was changed after its date, or that a date is wrong: both put the number at a wrong point of time."
        ),
        requires_tables=("sources",),
        waivable=True,
        found="as of {as_of}, page of {published_on}",
    ),
    Rule(
        id="claims.has-figures",
        number=46,
        table="claims",
        severity="error",
        fields=("claim_id",),
        check=_check_has_figures,
        message="the claim {claim_id} has no figure",
        hint="Add its numbers under an outcome (`killed:`); a statement without any number belongs to an event (`said:`).",
        why="A claim says how many people were hit. Without a figure it says nothing that the data could hold.",
        requires_tables=("figures",),
    ),
    Rule(
        id="claims.perpetrator-has-certainty",
        number=16,
        table="claims",
        severity="error",
        fields=("perpetrator_certainty",),
        check=_check_perpetrator_certainty,
        message="perpetrators named: {named}, and perpetrator_certainty is empty",
        hint="Say how firmly they are named: stated, alleged, disputed, denied or undetermined.",
        why="Who did it is always somebody's word. Without the degree of certainty an accusation reads as a fact.",
        requires_tables=("claim_perpetrators", "figures"),
    ),
    Rule(
        id="claims.certainty-has-perpetrator",
        number=16,
        table="claims",
        severity="warning",
        fields=("perpetrator_certainty",),
        check=_check_certainty_perpetrator,
        message="perpetrator_certainty is {perpetrator_certainty}, and no perpetrator is named",
        hint="Name the perpetrator, or leave the certainty empty.",
        why=(
            "A certainty without a party is a name that got lost on the way, or a word too much. A reader who selects the "
            "claims that accuse somebody finds this one, and nobody in it."
        ),
        requires_tables=("claim_perpetrators", "figures"),
        waivable=True,
        found="{perpetrator_certainty}, nobody named",
    ),
    Rule(
        id="claims.id-is-page",
        number=46,
        table="claims",
        severity="error",
        fields=("claim_id", "source_id"),
        check=nw.col("claim_id").str.replace_all(r"\.[0-9]+$", "") == nw.col("source_id"),
        message="the claim {claim_id} says that it stands on the page {source_id}",
        hint="A claim's id is <source id>.<number>: correct the one or the other.",
        why="The id carries the page, and people quote ids. An id that names another page sends them to the wrong source.",
    ),
    Rule(
        id="claim_links.two-claims",
        number=46,
        table="claim_links",
        severity="error",
        fields=("other_id", "claim_id"),
        check=nw.col("claim_id") != nw.col("other_id"),
        message="the claim {claim_id} is linked ({kind}) to itself",
        hint="Name the other claim, or delete the link.",
        why="A claim that contradicts or contains itself says nothing; the claim that was meant stays unlinked.",
    ),
)
