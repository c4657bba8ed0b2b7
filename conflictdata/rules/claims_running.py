"""Rules that suspect a running toll in a claim of one day or one event.

The words of a phrase may give it away, and so may the number: a day cannot have more people than the toll rose on it.
"""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._compared_values import write_days
from conflictdata.rules._figures import cast_to_int, is_any
from conflictdata.rules._helpers import LEAST_UNLIKELY, Lazy, count_days
from conflictdata.rules._series import TOLL_REGISTERS
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule, share
from conflictdata.rules.figures_bounds import MOST_PEOPLE
from conflictdata.schema.derived import SINGLED_OUT, derive_populations
from conflictdata.schema.quantities import is_filled
from conflictdata.schema.views import drop_duplicate_keys

FEW_DAYS = 3  # a window of so many days is that of a bulletin; a longer one may be a count of its own
TENFOLD = 10
# More people than any few days of the wars in the data had, by outcome.
MOST_IN_DAYS = {
    "killed": 3000, "injured": 8000, "killed_or_injured": 8000, "losses_unspecified": 8000, "detained": 8000, "captured": 8000, "abducted": 3000,
    "missing": 8000,
}  # fmt: skip

_START = r"(?:^|[^\p{L}])"
_END = r"(?:$|[^\p{L}])"
_DAY = r"(?:[0-9]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun|last|the|it|then|its|their|fighting|hostilities)"
# Words of a count that began earlier and goes on. `Since 2016` alone may say how rare it is (`deadliest since 2016`).
_RUNNING = (
    rf"{_START}(?:since {_DAY}|so far{_END}|to date{_END}|thus far{_END}|until now{_END}|up to now{_END}|till now{_END}|cumulative|"
    r"running total|running toll|from the start of|from the beginning of|since then|ever since|"
    r"(?:has|have|had) [^,;]*(?:in total|in all|altogether)(?:$|[^\p{L}])|"
    r"seit (?:dem|der|beginn|kriegsbeginn|[0-9]|mitte|anfang|ende|ausbruch|montag|dienstag|mittwoch|donnerstag|freitag)|bislang|bisher|"
    r"depuis (?:le|la|mercredi|jeudi|vendredi|samedi|dimanche|lundi|mardi|[0-9]|début)|jusqu['’](?:à présent|ici)|"
    r"desde (?:el|la|que|o|a|[0-9]|quarta|quinta|sexta|segunda|terça)|hasta (?:ahora|el momento|la fecha)|até (?:agora|o momento)|"
    r"(?:dal|dall['’]inizio|da mercoledì|dallo scorso) ?[0-9\p{L}]*|finora|fino ad ora|fino a oggi|sinds|tot nu toe|tot dusver|"
    r"с начала|с (?:[0-9]+ )(?:января|февраля|марта|апреля|мая|июня|июля|августа|сентября|октября|ноября|декабря)|до сих пор|"
    r"з початку|від початку|дотепер|από την έναρξη|μέχρι στιγμής|sejak|hingga kini|sejauh ini|bugüne kadar|şu ana kadar|şimdiye kadar|siden)"
    r"|(?:den|dan|ten|tan) (?:bu yana|beri)|منذ|حتى الآن|إلى الآن"
)
_RARE = rf"{_START}(?:deadliest|worst|bloodiest|first|highest|heaviest|largest|biggest)"


def _select_short(frames: Frames) -> Lazy:
    """Return the active claims of an event or of a few days.

    Returns:
        Besides the columns of a claim `start` and `end`, the days that it counts: its window, else those of its events.
    """
    events = drop_duplicate_keys(frames["events"], "event_id").select("event_id", "date_start", "date_end")
    named = frames["claim_events"].select("claim_id", "event_id").unique().join(events, on="event_id", how="inner")
    days = named.group_by("claim_id").agg(
        nw.col("date_start").min(), nw.col("date_end").max(), nw.col("event_id").min()
    )
    claims = drop_duplicate_keys(frames["claims"], "claim_id").join(days, on="claim_id", how="left")
    claims = claims.filter(nw.col("scope").is_in(["period", "event"]) & (nw.col("status") == "active"))
    claims = claims.with_columns(
        start=nw.coalesce("period_start", "date_start"), end=nw.coalesce("period_end", "date_end")
    ).filter(nw.col("start") <= nw.col("end"))
    return claims.with_columns(days=count_days("start", "end") + 1)


def _select_totals(frames: Frames) -> Lazy:
    """Return the totals of persons, with whom they count (`counted`) and one number (`n`)."""
    totals = derive_populations(frames["figures"]).filter(
        nw.col("parent_id").is_null() & (nw.col("unit") == "persons") & (nw.col("population") != SINGLED_OUT)
    )
    counted = nw.coalesce("population_detail", "population")
    return totals.select(
        "figure_id", "claim_id", "outcome", counted=counted, n=nw.coalesce("low", "best", "high"), printed="printed",
        _place="location_id",
    )  # fmt: skip


_HINT = (
    "If the page counts on from an earlier day, write `since:` with that day in place of {key}. If it counts {what} alone, keep it, and add a "
    "waiver."
)
_WHY = (
    "A toll since the start of an offensive and the dead of one day of it differ tenfold, and a reader who adds up days cannot tell them apart. A "
    "running toll that is coded as a day, or as an event, is also missing from its own series."
)


def _explain(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `key`, `what`, `window` and `spot`."""
    explained = []
    for row in rows:
        is_event = row["scope"] == "event"
        key = "`during:`" if row["period_start"] else "`event:`"
        window = write_days(row["start"], row["end"])
        what = f"the event {row['event_id']}" if is_event else f"{window}"
        spot = "period_start" if row["period_start"] else "scope"
        explained.append(row | {"key": key, "what": what, "window": window, "spot": spot})
    return explained


_CLAIM = ("claim_id", "scope", "period_start", "period_end", "start", "end", "event_id")
_FIELDS = ("period_start", "period_end", "scope")
_DETAILS = {
    "requires_tables": ("figures", "events", "claim_events"),
    "waivable": True,
    "skip_for_imports": True,
    "explain": _explain,
}


@rule(
    "claims.words-fit-window",
    "warning",
    _FIELDS,
    message="the printed phrase {printed!r} is that of a running toll, and the claim counts {what} alone",
    hint=_HINT,
    why=_WHY,
    found="{scope}, printed {printed}",
    after=("claims.window-meets-event", "claims.days-near-page"),
    invalidates=("scope", "period_start", "period_end"),
    example=Example(
        "A toll that goes on is coded from its start",
        bad={
            "claim": """
                during: 2024-06-02
                killed: {n: 80, printed: 80 people since 1 May}
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                killed: {n: 80, printed: 80 people since 1 May}
                """,
        },
    ),
    **_DETAILS,
)
def _check_words(frames: Frames) -> Lazy:
    """Check that no total of a claim of a few days, or of an event, has words of a running toll in its phrase."""
    short = _select_short(frames).filter((nw.col("scope") == "event") | (nw.col("days") <= FEW_DAYS)).select(*_CLAIM)
    phrase = nw.col("printed").str.to_lowercase()
    running = phrase.str.contains(_RUNNING) & ~phrase.str.contains(_RARE)
    totals = _select_totals(frames).filter(is_filled("printed"))
    totals = totals.with_columns(_phrase=nw.when(running).then(nw.col("printed"))).select("claim_id", "_phrase")
    found = totals.group_by("claim_id").agg(printed=nw.col("_phrase").min())
    judged = short.join(found, on="claim_id", how="inner")
    return judged.with_columns((~is_filled("printed")).alias(VERDICT))


@share
def _select_points(frames: Frames) -> Lazy:
    """Return the points of tolls from which they do not fall: `toll_id`, `outcome`, `as_of_point`, `at` and `reached`, the number."""
    claims = frames["claims"].filter(is_filled("as_of") & (nw.col("status") == "active"))
    corrected = claims.filter(is_filled("supersedes")).select(claim_id="supersedes").unique()
    claims = claims.join(corrected, on="claim_id", how="anti").select("claim_id", as_of_point="as_of")
    fits = frames["toll_fits"].filter(is_filled("toll_id")).select("figure_id", "toll_id").unique()
    totals = _select_totals(frames).select("figure_id", "claim_id", "outcome", reached="n").filter(is_filled("reached"))
    points = totals.join(fits, on="figure_id", how="inner").join(claims, on="claim_id", how="inner")
    points = points.select("toll_id", "outcome", "reached", "as_of_point", at="claim_id")
    series, later = ("toll_id", "outcome"), {"later": "reached", "as_of_later": "as_of_point"}
    pairs = points.join(points.select(*series, **later), on=list(series), how="inner")
    # Another rule reports a toll that falls, often from a number with a wrong digit.
    falls = (nw.col("as_of_later") > nw.col("as_of_point")) & (nw.col("later") < nw.col("reached"))
    peaks = pairs.filter(falls).select(*series, "at").unique()
    return points.join(peaks, on=[*series, "at"], how="anti")


@share
def _match_tolls(frames: Frames) -> Lazy:
    """Return the totals of short claims that count the same people in the same place as a toll of their claimant that began before."""
    tolls = frames["tolls"].select("toll_id", "claimant_id", "conflict_id", began="date_start", counted="population")
    places = frames["toll_places"].select("toll_id", "location_id").unique()
    short = _select_short(frames).filter(is_filled("location_id") & is_filled("as_of"))
    short = short.select(*_CLAIM, "claimant_id", "conflict_id", "location_id", "as_of", "days")
    totals = _select_totals(frames).filter(is_filled("n") & nw.col("_place").is_null()).drop("printed", "_place")
    both = totals.join(short, on="claim_id", how="inner").join(
        tolls, on=["claimant_id", "conflict_id", "counted"], how="inner"
    )
    both = both.join(places, on=["toll_id", "location_id"], how="inner")
    return both.filter((nw.col("began") < nw.col("start")) & (nw.col("n") >= LEAST_UNLIKELY))


def _explain_toll(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `reason` and the columns of `_explain`."""
    explained = []
    for row in _explain(rows, frames):
        toll = f"{row['toll_id']} was {row['before']} before"
        if row["equal"]:
            reason = f"{row['toll_id']}, which began on {row['began']}, is {row['n']} too, as of {row['as_of']}"
        elif row["later"] is not None:
            reason = f"{toll} and {row['later']} after it, which leaves {row['later'] - row['before']}"
        else:
            reason = f"{toll}: more than in all the days until then"
        explained.append(row | {"reason": reason})
    return explained


@rule(
    "claims.day-fits-toll",
    "warning",
    _FIELDS,
    message="{n} ({outcome}) on {window} alone do not fit the running toll of {claimant_id}: {reason}",
    hint=_HINT,
    why=_WHY,
    found="{n} on {start}, {toll_id} from {before} to {later}",
    after=("claims.words-fit-window",),
    invalidates=("scope", "period_start", "period_end"),
    example=Example(
        "The people of a day fit between two points of the running toll",
        bad={
            "claims": """
                1: {claimant: observatory, since: 2024-05-01, as_of: 2024-05-30, location: syria, killed: 704}
                2: {claimant: observatory, during: 2024-05-31, as_of: 2024-05-31, location: syria, killed: 727}
                3: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-01, location: syria, killed: 826}
                """,
        },
        good={
            "claims": """
                1: {claimant: observatory, since: 2024-05-01, as_of: 2024-05-30, location: syria, killed: 704}
                2: {claimant: observatory, since: 2024-05-01, as_of: 2024-05-31, location: syria, killed: 727}
                3: {claimant: observatory, since: 2024-05-01, as_of: 2024-06-01, location: syria, killed: 826}
                """,
        },
        both=TOLL_REGISTERS,
    ),
    **{
        **_DETAILS,
        "explain": _explain_toll,
        "requires_tables": ("figures", "events", "claim_events", "tolls", "toll_places"),
    },
)
def _check_day_of_toll(frames: Frames) -> Lazy:
    """Check that the people of a few days are not more than the rise of the toll over them, and not the toll itself."""
    matched = _match_tolls(frames)
    pairs = matched.join(_select_points(frames), on=["toll_id", "outcome"], how="inner")
    pairs = pairs.filter(nw.col("at") != nw.col("claim_id"))
    n = nw.col("reached")
    near = (count_days("as_of_point", "as_of") <= 1) & (count_days("as_of_point", "as_of") >= -1)
    pairs = pairs.with_columns(
        _before=nw.when(nw.col("as_of_point") < nw.col("start")).then(n),
        _later=nw.when(nw.col("as_of_point") >= nw.col("end")).then(n),
        _equal=cast_to_int(near & (n == nw.col("n"))),
    )
    judged = pairs.group_by("figure_id", "toll_id").agg(
        before=nw.col("_before").max(), later=nw.col("_later").min(), equal=nw.col("_equal").max()
    )  # fmt: skip
    judged = matched.join(judged, on=["figure_id", "toll_id"], how="inner")
    more = (nw.col("before") > 0) & (nw.col("before") + nw.col("n") > nw.col("later"))
    all_before = (
        nw.col("later").is_null()
        & (nw.col("days") <= FEW_DAYS)
        & (nw.col("before") > 0)
        & (nw.col("n") >= nw.col("before"))
    )
    wrong = is_any(nw.col("equal") == 1, more, all_before)
    judged = judged.with_columns(_wrong=cast_to_int(wrong))
    return _keep_first(judged)


def _keep_first(judged: Lazy) -> Lazy:
    """Return one row per claim, with its verdict: the first of its doubtful totals (`_wrong` is 1), else of all."""
    worst = judged.group_by("claim_id").agg(_worst=nw.col("_wrong").max())
    kept = judged.join(worst, on="claim_id", how="inner").filter(nw.col("_wrong") == nw.col("_worst"))
    kept = kept.with_columns(_row=nw.concat_str([nw.col("figure_id"), nw.col("toll_id")], separator=" "))
    first = kept.group_by("claim_id").agg(_row=nw.col("_row").min())
    return kept.join(first, on=["claim_id", "_row"], how="inner").with_columns((nw.col("_wrong") == 0).alias(VERDICT))


@rule(
    "claims.toll-keeps-point",
    "warning",
    _FIELDS,
    message="no claim is left in {toll_id}, and this one counts the same people there ({n}, {outcome}) for {window} alone",
    hint=(
        "If the page counts from {began}, write `since: {began}` in place of {key}. If it counts {what} alone, keep it and take the toll out of "
        "seeds/reference/tolls.csv and toll_places.csv, or add a waiver."
    ),
    why=_WHY + " A toll enters the register with its first claim, so one without a claim has lost it.",
    found="{n} for {toll_id}",
    after=("claims.day-fits-toll",),
    invalidates=("scope", "period_start", "period_end"),
    example=Example(
        "The claim of a toll counts from its start",
        bad={
            "claim": """
                during: 2024-06-02
                location: syria
                killed: 80
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                location: syria
                killed: 80
                """,
        },
        both=TOLL_REGISTERS,
    ),
    **{**_DETAILS, "requires_tables": ("figures", "events", "claim_events", "tolls", "toll_places")},
)
def _check_last_point(frames: Frames) -> Lazy:
    """Suspect the short claim with the highest number that would be a point of a toll without points."""
    filled = frames["toll_fits"].filter(is_filled("toll_id")).select("toll_id").unique()
    named = frames["figures"].filter(is_filled("toll_id")).select("toll_id").unique()
    lost = _match_tolls(frames).join(filled, on="toll_id", how="anti").join(named, on="toll_id", how="anti")
    highest = lost.group_by("toll_id").agg(n=nw.col("n").max())
    chosen = (
        lost.join(highest, on=["toll_id", "n"], how="inner")
        .group_by("toll_id")
        .agg(figure_id=nw.col("figure_id").min())
    )
    rows = lost.join(chosen, on=["toll_id", "figure_id"], how="inner")
    first = rows.group_by("claim_id").agg(toll_id=nw.col("toll_id").min())
    return rows.join(first, on=["claim_id", "toll_id"], how="inner").with_columns(nw.lit(value=False).alias(VERDICT))


@rule(
    "claims.days-are-possible",
    "warning",
    _FIELDS,
    message="{n} ({outcome}) on {window} alone, {reason}",
    hint=_HINT,
    why=_WHY,
    found="{n} on {start}",
    after=("claims.toll-keeps-point",),
    example=Example(
        "A few days have no more people than any few days had",
        bad={
            "claim": """
                during: 2024-06-02
                killed: 61827
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                killed: 61827
                """,
        },
    ),
    **_DETAILS,
)
def _check_possible(frames: Frames) -> Lazy:
    """Check that a few days have no more people than any few days had, and an event not ten times those of its other claims."""
    short = _select_short(frames).filter(nw.col("days") <= 2 * FEW_DAYS).select(*_CLAIM)
    possible = nw.col("n") <= MOST_PEOPLE  # another rule reports more people than there can be
    totals = _select_totals(frames).filter(possible).select("figure_id", "claim_id", "outcome", "n", "counted")
    both = totals.join(short, on="claim_id", how="inner")
    most = nw.col("outcome").replace_strict(MOST_IN_DAYS, default=None, return_dtype=nw.Int64)
    others = both.filter(nw.col("scope") == "event").select("event_id", "outcome", other="claim_id", _n="n")
    pairs = both.filter(nw.col("scope") == "event").join(others, on=["event_id", "outcome"], how="inner")
    sisters = pairs.filter(nw.col("other") != nw.col("claim_id")).group_by("figure_id").agg(highest=nw.col("_n").max())
    both = both.join(sisters, on="figure_id", how="left").with_columns(_most=most)
    above = (nw.col("n") > nw.col("_most")).fill_null(value=False)
    tenfold = ((nw.col("n") >= TENFOLD * nw.col("highest")) & (nw.col("n") >= TENFOLD * LEAST_UNLIKELY)).fill_null(
        value=False
    )
    tenfold = tenfold & (nw.col("highest") > 0)
    reason = nw.when(above).then(nw.concat_str([nw.lit("more than "), nw.col("_most").cast(nw.String)])).otherwise(
        nw.concat_str([nw.lit("and at most "), nw.col("highest").cast(nw.String), nw.lit(" by every other claim about the event")])
    )  # fmt: skip
    judged = both.with_columns(reason=reason, _wrong=cast_to_int(is_any(above, tenfold)))
    return _keep_first(judged.with_columns(toll_id=nw.lit("")))
