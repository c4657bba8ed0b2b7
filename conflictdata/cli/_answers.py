"""Answers of `conflictdata ask`: as tables with their notes, or as CSV, JSON and Markdown."""

from __future__ import annotations

import datetime as dt
import io
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata.analysis.columns import COLUMNS
from conflictdata.analysis.records import Records
from conflictdata.registers.folding import escape_hidden

if TYPE_CHECKING:
    from conflictdata.analysis.compare import CompareTarget
    from conflictdata.analysis.points import PointQuery
    from conflictdata.analysis.refused import Refused
    from conflictdata.analysis.rollup import SumCell

FORMATS = ("table", "csv", "json", "markdown")
Row = Mapping[str, Any]
_READING = {
    "stated": "Bounds: what the words leave possible, if the claimant is right (reading `stated`).",
    "counted": "Bounds: what the claimant had on its list (reading `counted`).",
}
_REASONS = {
    "wider": "count more than this", "narrower": "count only a part of this", "part_of": "are a part of another claim",
    "singled_out": "single out some of the dead", "replaced": "were corrected or retracted",
}  # fmt: skip


@dataclass
class Answer:
    """An answer.

    Attributes:
        operation: Name of the operation, for the columns of CSV, JSON and Markdown.
        rows: Its rows.
        title: One line above the table.
        heads: Columns of the table: their headings.
        cells: The rows of the table as text.
        notes: Lines below the table.
        first: Columns before those of the operation.
        numeric: Headings of columns that are aligned at the right.
    """

    operation: str
    rows: Sequence[Row]
    title: str
    heads: Sequence[str]
    cells: Sequence[Sequence[str]]
    notes: Sequence[str] = ()
    first: Sequence[str] = ()
    numeric: frozenset[str] = field(default=frozenset(("number", "pages", "gap", "change", "bounds", "step")))

    @property
    def claims(self) -> list[str]:
        """Return the ids of the claims behind it."""
        ids = [claim for row in self.rows for claim in str(row.get("claims") or row.get("claim_id") or "").split("|")]
        return [claim for claim in dict.fromkeys(ids) if claim]


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
    there = ", ".join(f"{outcome} ({unit}: {_count(n, 'number')})" for (outcome, unit), n in counted.most_common())
    return f"Nothing fits. There is: {there}." if there else "Nothing fits: these tolls have no numbers."


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
        "Recorded in these days: an increase holds late reports of earlier deaths.",
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
        notes.append(
            f"Not ranked: {_count(number, 'number')} that {_REASONS[reason]}{'' if everything else ' (--all)'}."
        )
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
    return str(crowd) if ranked else "; ".join(part for part in (_REASONS[row["comparable"]], crowd) if part)


def _offer_outcomes(records: Records, target: CompareTarget) -> str:
    rows = [row for row in records.rows if row.parent_id is None and target.event and target.event in row.events]
    there = ", ".join(
        f"{word} ({_count(n, 'claim')})" for word, n in Counter(row.outcome for row in rows).most_common()
    )
    return f"Nothing fits. There is: {there}." if there else "Nothing fits: no claim covers just this."


def describe_as_of(records: Records, standings: Mapping[str, str], wanted: Mapping[str, str], day: dt.date) -> Answer:
    """Return the answer to `as-of`: the totals that were known."""
    from conflictdata.analysis.statements import get_number
    from conflictdata.analysis.words import write_number

    found = [
        row for row in records.rows
        if row.parent_id is None and row.claim_id in standings and all(getattr(row, key) == value for key, value in wanted.items())
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
        notes = [f"Nothing fits. The pages are from {write_day(min(days))} to {write_day(max(days))}."]
    title = f"Known on {write_day(day)}: {wanted['outcome']}"
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
    notes += [_READING[rows[0]["reading"]]] if rows else ["Nothing fits: leave out a --where, or name another --group."]
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
        notes = ["Nothing fits: the record has no number for this outcome and unit."]
    return Answer(
        "revisions",
        rows,
        f"Revisions of {record}",
        ["step", "as of", "number", "change", "kind", "pages", "reason"],
        cells,
        notes,
    )


def show(answer: Answer, form: str) -> None:
    """Print an answer; notes of forms for programs go to stderr."""
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may not know all letters
        sys.stdout.reconfigure(errors="backslashreplace")
    notes = [note for note in answer.notes if note]
    if form == "table":
        print(escape_hidden(answer.title))
        if answer.rows:
            print("\n".join(_lay_out(answer)))
        for note in notes:
            print(escape_hidden(note))
        return
    columns = _list_columns(answer)
    table = [[row.get(column) for column in columns] for row in answer.rows]
    print(_WRITERS[form](columns, table))
    if form != "json" or not answer.rows:
        for note in notes:
            print(escape_hidden(note), file=sys.stderr)


def _list_columns(answer: Answer) -> list[str]:
    if answer.operation == "as_of":
        return list(answer.rows[0]) if answer.rows else ["figure_id"]
    return [*answer.first, *(column.name for column in COLUMNS[answer.operation])]


def _lay_out(answer: Answer) -> list[str]:
    texts = [list(answer.heads), *([escape_hidden(cell) for cell in row] for row in answer.cells)]
    last = len(answer.heads) - 1
    widths = [max(len(row[i]) for row in texts) for i in range(last + 1)]
    lines = []
    for row in texts:
        padded = [
            text.rjust(width) if head in answer.numeric else text.ljust(width)
            for text, width, head in zip(row, widths, answer.heads, strict=True)
        ]  # fmt: skip
        lines.append("  ".join(padded).rstrip())
    return lines


def _write_csv(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    import csv

    to = io.StringIO()
    writer = csv.writer(to, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_write_cell(cell) for cell in row] for row in table)
    return to.getvalue().rstrip("\n")


def _write_cell(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    return "" if cell is None else str(cell)


def _write_json(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    import json

    return json.dumps([dict(zip(columns, row, strict=True)) for row in table], indent=2, default=str)  # ASCII alone


def _write_markdown(columns: Sequence[str], table: Sequence[Sequence[Any]]) -> str:
    lines = [columns, ["---"] * len(columns), *([_write_cell(cell) for cell in row] for row in table)]
    return "\n".join(
        "| " + " | ".join(escape_hidden(cell).replace("|", "\\|") for cell in line) + " |" for line in lines
    )


_WRITERS = {"csv": _write_csv, "json": _write_json, "markdown": _write_markdown}


def show_refusal(refusal: Refused, form: str) -> None:
    """Print a refusal: to stderr as text, or to stdout as JSON."""
    if form == "json":
        import json

        content = {
            "refused": refusal.reasons,
            "message": refusal.message,
            "rows": refusal.rows,
            "choices": refusal.choices,
        }
        print(json.dumps(content, indent=2, default=str))
        return
    print(escape_hidden(f"refused: {refusal.message}"), file=sys.stderr)
    width = max((len(str(row["code"])) for row in refusal.rows if "code" in row), default=0)
    for row in refusal.rows:
        print(escape_hidden(f"  {row.get('code', ''):{width}}  {_describe_refused(row)}"), file=sys.stderr)
    if not refusal.rows:
        print(f"  {', '.join(refusal.reasons)}", file=sys.stderr)
    if refusal.choices:
        print(escape_hidden(f"instead: {'; '.join(refusal.choices)}"), file=sys.stderr)
    print("docs/refusals.md has a section for each code", file=sys.stderr)


def _describe_refused(row: Row) -> str:
    if "one" in row:
        pair = f"{row['one']} and {row['other']}" if row["other"] else row["one"]
        more = f"; {row['times']:,} times" if row["times"] > 1 else ""
        return f"{row['meaning']} {pair}{more}"
    return ", ".join(str(value) for key, value in row.items() if key != "code" and value is not None)
