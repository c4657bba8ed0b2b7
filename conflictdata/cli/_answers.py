"""Answers of `conflictdata ask` as tables for people, with their notes."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from conflictdata.analysis.compare import REASONS
from conflictdata.analysis.records import Records
from conflictdata.cli._answer_forms import Answer, Row

if TYPE_CHECKING:
    from conflictdata.analysis.compare import CompareTarget
    from conflictdata.analysis.points import PointQuery
    from conflictdata.analysis.rollup import SumCell

_READING = {
    "stated": "Bounds: what the words leave possible, if the claimant is right (reading `stated`).",
    "counted": "Bounds: what the claimant had on its list (reading `counted`).",
}


def name_origin(answer: Answer, records: Records) -> Answer:
    """Return an answer that names its collection: in each row, in its title, and with the caution below it."""
    rows = [{**row, **records.origin} for row in answer.rows]
    if not records.collection:
        return replace(answer, rows=rows)
    title = f"{answer.title} [collection {records.collection}]"
    counted = Counter((row.outcome, row.unit) for row in records.rows)
    listed = ", ".join(f"{outcome} ({unit}: {_count(n, 'number')})" for (outcome, unit), n in counted.most_common())
    offer = [] if answer.rows else [f"The collection has: {listed}."]
    notes = [*answer.notes, *offer, f"Collection {records.collection}: {records.title}.", records.caution]
    return replace(answer, rows=rows, title=title, notes=notes, collection=records.collection)


def write_bounds(low: int | None, high: int | None) -> str:
    """Return bounds in words."""
    if low is None and high is None:
        return "no bound"
    if low is None:
        return f"up to {high:,}"
    if high is None:
        return f"{low:,} or more"
    return f"{low:,}" if low == high else f"{low:,} to {high:,}"


def write_day(day: dt.date | None) -> str:
    """Return a day as 5 Dec 2024."""
    return f"{day.day} {day:%b %Y}" if day else ""


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _count_pages(records: Records, rows: Iterable[Row]) -> int:
    claims = {claim for row in rows for claim in str(row["claims"] or "").split("|")}
    return len({row.source_id for row in records.rows if row.claim_id in claims})


def describe_timeline(records: Records, rows: Sequence[Row], tolls: Sequence[str], query: PointQuery) -> Answer:
    """Return the answer to `timeline`."""
    several = len(tolls) > 1
    cells = [
        [
            *([row["toll"]] if several else []), write_day(row["as_of"]), row["wording"],
            write_bounds(row["low"], row["high"]), str(row["pages"]), _remark(row),
        ]
        for row in rows
    ]  # fmt: skip
    shown = records.tolls[tolls[0]]["name"] if len(tolls) == 1 else _count(len(tolls), "toll")
    crowd = f", {query.group.text}" if query.group.text else ""
    left = [
        row for row in records.rows
        if row.toll_id in tolls and row.current != "yes" and (row.outcome, row.unit) == (query.outcome, query.unit)
    ]  # fmt: skip
    notes = [
        f"{_count(len(rows), 'statement')} on {_count(_count_pages(records, rows), 'page')}. * last number of its day.",
        _READING[query.reading],
    ]
    if left:
        notes.append(
            f"Left out: {_count(len(left), 'number')} that the claimant corrected (`conflictdata ask revisions`)."
        )
    if any(row["derived"] for row in rows):
        notes.append("+ our sum of printed parts.")
    if not rows:
        notes = [_offer_tolls(records, tolls)]
    heads = [*(["toll"] if several else []), "as of", "number", "bounds", "pages", ""]
    return Answer("timeline", rows, f"{shown}{crowd}: {query.outcome}", heads, cells, notes)


def _remark(row: Row) -> str:
    parts = [
        "*" if row["last_of_day"] else "", "+" if row["derived"] else "", "falls" if row["falls"] else "",
        f"rounded: {row['rounds'].replace('|', ', ')}" if row["rounds"] else "",
        f"may mean {row['fits'].replace('|', ' or ')}" if row["fits"] else "",
    ]  # fmt: skip
    return " ".join(part for part in parts if part)


def _offer_tolls(records: Records, tolls: Sequence[str]) -> str:
    counted = Counter((row.outcome, row.unit) for row in records.rows if row.toll_id in tolls)
    listed = ", ".join(f"{outcome} ({unit}: {_count(n, 'number')})" for (outcome, unit), n in counted.most_common())
    return f"No number matches. There is: {listed}." if listed else "No number matches: these tolls have no numbers."


def describe_window(records: Records, row: Row) -> Answer:
    """Return the answer to `window`."""
    cells = [
        ["between the two statements", write_bounds(row["low"], row["high"])],
        ["over exactly these days", write_bounds(row["days_low"], row["days_high"])],
    ]
    start = (
        f"{row['from_n']:,} as of {write_day(row['from_as_of'])}" if row["from_as_of"] else "0, where the toll begins"
    )
    notes = [
        f"From {start} to {row['to_n']:,} as of {write_day(row['to_as_of'])}; {_count(row['pages'], 'page')}.",
        "Recorded in these days: an increase can include late reports of earlier deaths.",
        _READING[row["reading"]],
    ]
    if row["best"] is not None:
        notes.insert(1, f"The plain difference of the two numbers is {row['best']:,}.")
    if row["gap_days"]:
        notes.append(f"The statements miss the ends of the window by {_count(row['gap_days'], 'day')}.")
    crowd = f", {row['group']}" if row["group"] else ""
    name = records.tolls[row["toll"]]["name"]
    title = f"{name}{crowd}: {row['outcome']}, {write_day(row['since'])} to {write_day(row['until'])}"
    return Answer("window", [row], title, ["growth", "bounds"], cells, notes)


def describe_compare(
    records: Records, rows: Sequence[Row], target: CompareTarget, *, everything: bool, outcome: str
) -> Answer:
    """Return the answer to `compare`."""
    ranked = [row for row in rows if row["comparable"] in ("same", "narrower_group")]
    left = [row for row in rows if row not in ranked]
    cells = [
        [
            records.name_actor(row["claimant"]), write_day(row["as_of"]), row["wording"], write_bounds(row["low"], row["high"]),
            _write_gap(row), str(row["pages"]), _describe_crowd(row, ranked=row in ranked),
        ]
        for row in (rows if everything else ranked)
    ]  # fmt: skip
    notes = [
        f"{_count(len({row['claimant'] for row in ranked}), 'claimant')} on {_count(_count_pages(records, ranked), 'page')}."
    ]
    if widest := max(ranked, key=lambda row: (row["gap_max"], row["n"] or 0), default=None):
        least = "at least " if widest["gap_open"] else ""
        notes.append(
            f"Largest gap: {least}{widest['gap_max']:,}." if widest["gap_max"] else "The numbers may agree: no gap."
        )
    if len({row["as_of"] for row in ranked}) > 1:
        notes.append("The claimants counted up to different days.")
    for reason, number in Counter(row["comparable"] for row in left).most_common():
        notes.append(f"Not ranked: {_count(number, 'number')} ({REASONS[reason]}).")
    if left and not everything:
        notes.append("--all prints them, too.")
    if rows:
        notes.append(_READING[rows[0]["reading"]])
    else:
        notes = [_offer_outcomes(records, target)]
    about = records.events[target.event]["summary"] if target.event else records.name_place(target.place)
    days = " to ".join(dict.fromkeys(write_day(day) for day in target.window))
    heads = ["claimant", "as of", "number", "bounds", "gap", "pages", ""]
    return Answer("compare", rows, f"{about} {days}: {outcome}", heads, cells, notes)


def _write_gap(row: Row) -> str:
    return "" if not row["gap_max"] else f"at least {row['gap_max']:,}" if row["gap_open"] else f"{row['gap_max']:,}"


def _describe_crowd(row: Row, *, ranked: bool) -> str:
    crowd = row["population"] if row["population"] not in (None, "everybody") else ""
    return str(crowd) if ranked else "; ".join(part for part in (REASONS[row["comparable"]], crowd) if part)


def _offer_outcomes(records: Records, target: CompareTarget) -> str:
    rows = [row for row in records.rows if row.parent_id is None and target.event and target.event in row.events]
    listed = ", ".join(
        f"{word} ({_count(n, 'claim')})" for word, n in Counter(row.outcome for row in rows).most_common()
    )
    return f"No number matches. There is: {listed}." if listed else "No number matches: no claim covers just this."


def describe_as_of(
    records: Records, standings: Mapping[str, str], conditions: Mapping[str, str], day: dt.date
) -> Answer:
    """Return the answer to `as-of`: the totals that were known."""
    from conflictdata.analysis.statements import get_number
    from conflictdata.analysis.words import write_number

    found = [
        row for row in records.rows
        if row.parent_id is None and row.claim_id in standings and all(getattr(row, key) == value for key, value in conditions.items())
    ]  # fmt: skip
    found.sort(key=lambda row: (row.conflict_id, row.as_of, row.claimant_id, row.figure_id))
    rows = [
        {
            "figure_id": row.figure_id, "claim_id": row.claim_id, "conflict": row.conflict_id, "claimant": row.claimant_id,
            "as_of": row.as_of, "wording": write_number(row.qualifier, get_number(row), row.high, row.share), "low": row.low,
            "best": row.best, "high": row.high, "population": row.population, "place": row.location_id,
            "published_on": row.published_on, "standing": standings[row.claim_id],
        }
        for row in found
    ]  # fmt: skip
    cells = [
        [
            str(row["conflict"]), records.name_actor(str(row["claimant"])), write_day(row["as_of"]), str(row["wording"]),  # type: ignore[arg-type]
            records.name_place(str(row["place"])), "" if row["standing"] == "current" else str(row["standing"]).replace("_", " "),
        ]
        for row in rows
    ]  # fmt: skip
    notes = [f"{_count(len(rows), 'total')} on pages of that day or before. They overlap: do not add them up."]
    if not rows:
        days = [row.published_on for row in records.rows if row.published_on]
        notes = [f"No number matches. The pages are from {write_day(min(days))} to {write_day(max(days))}."]
        if records.collection:
            notes.append(
                "The makers published later what they collected: --known cut_off asks by the day of the count."
            )
    title = f"Known on {write_day(day)}: {conditions['outcome']}"
    return Answer("as_of", rows, title, ["conflict", "claimant", "as of", "number", "place", ""], cells, notes)


def describe_rollup(rows: Sequence[Row], cells: Sequence[SumCell], by: Sequence[str]) -> Answer:
    """Return the answer to `rollup`."""
    shown = [
        [
            *(str(row[name] or "(none)") for name in by),
            write_bounds(row["low"], row["high"]),
            str(row["n_items"]),
            row["how"],
            str(row["pages"]),
        ]
        for row in rows
    ]
    left = Counter(reason for cell in cells for _, reason in cell.left)
    notes = [f"Left out: {_count(number, 'figure')} ({reason})." for reason, number in left.most_common()]
    notes += (
        [_READING[rows[0]["reading"]]] if rows else ["No number matches: leave out a --where, or name another --group."]
    )
    if any(row["how"] == "union" for row in rows):
        notes.append("union: at least the largest number, at most their sum; nobody knows how far they overlap.")
    return Answer(
        "rollup",
        rows,
        "Sums of numbers that count different people",
        [*by, "bounds", "statements", "how", "pages"],
        shown,
        notes,
        by,
    )


def describe_explain(rows: Sequence[Row], by: Sequence[str]) -> Answer:
    """Return the answer to `rollup --explain`."""
    shown = [
        [
            *(str(row[name] or "(none)") for name in by),
            row["figure_id"],
            row["wording"],
            "used" if row["used"] else "",
            row["why"] or "",
        ]
        for row in rows
    ]
    used = sum(bool(row["used"]) for row in rows)
    notes = [f"{_count(used, 'figure')} used, {len(rows) - used:,} not. The codes are explained in docs/refusals.md."]
    return Answer("explain", rows, "What a sum would use", [*by, "figure", "number", "", "why not"], shown, notes, by)


def describe_revisions(rows: Sequence[Row], record: str) -> Answer:
    """Return the answer to `revisions`."""
    cells = [
        [
            str(row["step"]), write_day(row["as_of"]), row["wording"], "" if row["change"] is None else f"{row['change']:+,}",
            row["kind"].replace("_", " "), str(row["pages"]), row["reason"] or "",
        ]
        for row in rows
    ]  # fmt: skip
    notes = [
        "The next point of a running toll is not a correction."
        if any(row["kind"] == "next_point" for row in rows)
        else ""
    ]
    if not rows:
        notes = ["No number matches: the record has no number for this outcome and unit."]
    return Answer(
        "revisions",
        rows,
        f"Revisions of {record}",
        ["step", "as of", "number", "change", "kind", "pages", "reason"],
        cells,
        notes,
    )
