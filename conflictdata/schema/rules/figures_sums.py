"""Rules of complete lists: parts against their total, and the joint number against its two halves."""

from __future__ import annotations

from collections.abc import Callable

import narwhals.stable.v1 as nw

from conflictdata.schema.quantities import filled
from conflictdata.schema.rules._figures import (
    NOBODY,
    Lazy,
    as_one,
    between,
    bounded,
    children,
    either,
    group,
    keys,
    said,
    total,
    usable,
    verdict,
    written_sum,
)  # fmt: skip
from conflictdata.schema.rules.base import VERDICT, Frames, Row, Rule

_NUMBER = ("qualifier", "low", "best", "high", "share", "stands")
_RECORD = ("figure_id", "claim_id", "axis", "qualifier", "low", "best", "high", "share")


def _lists(frames: Frames) -> Lazy:
    """One row a complete list: its total's columns, and `sum_low`, `sum_high`, `open`, `numberless`, `inexact`, `unsure`.

    `open` counts parts without an upper bound, `numberless` those with neither bound, `inexact` those that are not
    exact, `unsure` those whose number cannot be used.
    """
    parts = frames["figures_nested"].filter((nw.col("relation") == "part") & filled("axis"))
    exact = (nw.col("qualifier") == "exact") & filled("best")
    parts = parts.select(
        "axis",
        figure_id=nw.col("linked_parent_id"),
        sum_low=nw.when(usable()).then(nw.col("low")).fill_null(0),
        sum_high=nw.when(usable()).then(nw.col("high")).fill_null(0),
        open=as_one(nw.col("high").is_null()),
        numberless=as_one(~bounded()),
        inexact=as_one(~exact),
        unsure=as_one(~usable()),
    )
    sums = [nw.col(c).sum() for c in ("sum_low", "sum_high", "open", "numberless", "inexact", "unsure")]
    listed = parts.group_by("figure_id", "axis").agg(*sums)
    return (
        frames["figures_resolved"].select("figure_id", "claim_id", *_NUMBER).join(listed, on="figure_id", how="inner")
    )


def _misses() -> nw.Expr:
    """The interval of the sum and that of the total have nothing in common."""
    too_many = nw.col("sum_low") > nw.col("high")
    too_few = (nw.col("open") == 0) & (nw.col("sum_high") < nw.col("low"))
    return either(too_many, too_few)


def _covers(frames: Frames) -> Lazy:
    known = (nw.col("numberless") == 0) & bounded()
    sure = (nw.col("unsure") == 0) & nw.col("stands")
    judged = verdict(sure & known & ~_misses(), sure & _misses())
    return _lists(frames).with_columns(judged.alias(VERDICT)).select(*_RECORD, VERDICT)


def _as_printed(frames: Frames) -> Lazy:
    """Asked of lists of exact parts whose total prints one number, and which rule 4 lets stand."""
    printed = nw.coalesce("best", "low", "high")
    one_number = (nw.col("qualifier") != "range") & filled("qualifier")
    lists = _lists(frames).filter((nw.col("inexact") == 0) & (nw.col("unsure") == 0) & nw.col("stands"))
    fits = nw.when(one_number & ~_misses()).then(nw.col("sum_low") == printed)
    return lists.with_columns(fits.alias(VERDICT)).select(*_RECORD, VERDICT)


def _one_slip(number: int, other: int) -> bool:
    """Whether two numbers of equal length differ by one digit, or by two neighbouring digits changing places."""
    a, b = str(number), str(other)
    if number == other or other < 0 or len(a) != len(b):
        return False
    differ = [i for i in range(len(a)) if a[i] != b[i]]
    if len(differ) == 1:
        return True
    return len(differ) == 2 and differ[1] == differ[0] + 1 and sorted(a) == sorted(b)


def _culprit(parts: list[Row], missing: int) -> str | None:
    """The one exact part in which a single slip of the pen would explain what is missing, if there is just one."""
    slips = [p for p in parts if p["best"] is not None and _one_slip(p["best"], p["best"] + missing)]
    return str(slips[0]["figure_id"]) if len(slips) == 1 else None


def _missing(row: Row, low: int, high: int | None) -> int:
    """What the sum lacks to reach its total; negative where it has too many."""
    if row["high"] is not None and low > row["high"]:
        return int(row["high"]) - low
    return int(row["low"]) - (high or 0)


def _explain_covers(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `terms`, `sum`, `total`, `gap`, `culprit` and `at`."""
    found = children(frames, (row["figure_id"] for row in rows))
    return [row | _told(row, _parts(row, found)) for row in rows]


def _parts(row: Row, found: dict[str, list[Row]]) -> list[Row]:
    return [c for c in found.get(row["figure_id"], []) if c["relation"] == "part" and c["axis"] == row["axis"]]


def _told(row: Row, parts: list[Row]) -> Row:
    low, high = total(parts)
    missing = _missing(row, low, high)
    gap = f"{missing} short" if missing > 0 else f"{-missing} over"
    words = {"terms": written_sum(parts), "sum": between(low, high), "total": said(row), "gap": gap}
    return words | {"culprit": _culprit(parts, missing), "at": keys(parts)}


def _explain_as_printed(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `terms`, `sum`, `total` and `at`."""
    found = children(frames, (row["figure_id"] for row in rows))
    lists = [(row, _parts(row, found)) for row in rows]
    return [
        row | {"terms": written_sum(parts), "sum": between(*total(parts)), "total": said(row), "at": keys(parts)}
        for row, parts in lists
    ]


def _roots(frames: Frames, outcome: str) -> Lazy:
    wanted = nw.col("parent_id").is_null() & (nw.col("outcome") == outcome) & (nw.col("copies") == 1)
    found = frames["figures_resolved"].filter(wanted).with_columns(group=group())
    columns = ("figure_id", "low", "best", "high", "qualifier", "stands", "group")
    return found.select("claim_id", "unit", *(nw.col(c).alias(f"{outcome}_{c}") for c in columns))


def _all_roots(test: Callable[[str], nw.Expr]) -> nw.Expr:
    """The test holds for all three outcomes."""
    return test("killed_or_injured") & test("killed") & test("injured")


def _joint(frames: Frames) -> Lazy:
    """Only roots that count the same people are compared, or a joint number that says nothing of who they are."""
    joint = _roots(frames, "killed_or_injured")
    where = ["claim_id", "unit"]
    both = joint.join(_roots(frames, "killed"), on=where, how="left").join(
        _roots(frames, "injured"), on=where, how="left"
    )
    both = both.filter(filled("killed_figure_id") | filled("injured_figure_id"))
    both = both.with_columns(_killed=nw.col("killed_low").fill_null(0), _injured=nw.col("injured_low").fill_null(0))
    both = both.with_columns(least=nw.col("_killed") + nw.col("_injured"))
    high, whole_group = nw.col("killed_or_injured_high"), nw.col("killed_or_injured_group")
    same = _all_roots(lambda outcome: (nw.col(f"{outcome}_group") == whole_group).fill_null(True))
    exact = _all_roots(lambda outcome: (nw.col(f"{outcome}_qualifier") == "exact").fill_null(False))
    sure = _all_roots(lambda outcome: nw.col(f"{outcome}_stands").fill_null(True))
    at_least = nw.when(same | (whole_group == NOBODY)).then(high >= nw.col("least"))
    fits = nw.when(exact & same).then(high == nw.col("least")).otherwise(at_least)
    return both.select(
        "claim_id", figure_id=nw.col("killed_or_injured_figure_id"), low=nw.col("killed_or_injured_low"), high=high,
        least=nw.col("least"), killed=nw.col("_killed"), injured=nw.col("_injured"), **{VERDICT: nw.when(sure).then(fits)},
    )  # fmt: skip


RULES = (
    Rule(
        id="figures.parts-cover-parent",
        number=4,
        table="figures",
        severity="error",
        fields=("low", "best", "high"),
        check=_covers,
        message="by {axis}: {terms} = {sum}, but the total is {total} ({gap})",
        hint=(
            "Compare each number with the page. If the page itself does not add up, keep it as printed and add a waiver; if its "
            "words leave people out, the list is `including`, not `by {axis}`."
        ),
        why=(
            "A complete list leaves nobody out, so its sum is the total said another way: where the two cannot both hold, a number "
            "was mistyped, a part was lost or counted twice, or the page contradicts itself, and a reader must know which. Both "
            "are compared as intervals: an open end is unbounded, and 'more than 122' allows 122. 'About 600', dozens, a share "
            "and a number that is not stated have no bounds: they count 0 from below and leave the sum open above, and "
            "unless the other parts alone are too many the answer is unknown. No tolerance is invented for 'about'."
        ),
        waivable=True,
        explain=_explain_covers,
    ),
    Rule(
        id="figures.parts-sum-as-printed",
        number=5,
        table="figures",
        severity="warning",
        fields=("low", "best", "high"),
        check=_as_printed,
        message="by {axis}: {terms} = {sum}, where {total} is printed",
        hint="Compare each number with the page. If they are as printed, it stands: the words of the total allow the sum.",
        why=(
            "'At least 727' allows parts that add up to 728, but the claimant who prints an exact list has mostly added it up. A sum "
            "that misses the printed number by a little is often a digit lost on the way; it is published and pointed out."
        ),
        explain=_explain_as_printed,
    ),
    Rule(
        id="figures.joint-outcome-covers-both",
        number=13,
        table="figures",
        severity="error",
        fields=("high", "low", "best"),
        check=_joint,
        message="killed {killed} + injured {injured} = {least}, but killed or injured is {high}",
        hint="Compare the three numbers with the page; the joint number holds both. If the page says so, add a waiver.",
        why=(
            "'Casualties' in the wide sense are the killed and the injured together. A joint number below their sum was taken "
            "for something else (often the killed alone), which is the commonest error in retelling tolls. Where the "
            "three are exact and count the same people, they are equal."
        ),
        waivable=True,
    ),
)  # fmt: skip
