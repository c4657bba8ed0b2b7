"""Judging cells: text of a table against its model, and the typed frame that comes out.

The constraints are read off the pandera columns; nothing is repeated here. Each cell gives at
most one finding, the first that applies: form of the text, then type, vocabulary or pattern, range.
A cell that cannot be read is null in the typed frame, and the rules that need it answer unknown.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from conflictdata.findings import Tally
from conflictdata.schema.constraints import Constraint, constraints
from conflictdata.schema.physical import kinds, polars_schema

ISO_DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}\z"
WHOLE = r"^(?:0|-?[1-9][0-9]{0,17})\z"
REAL = r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?\z"
HIDDEN = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069\n\r\t]"
OUTER_SPACE = r"^\s|\s\z"
FORMULA = r"^[=+\-@]"


@dataclass(frozen=True)
class CellRule:
    """One thing that a cell must be. `message` and `hint` are templates over value, column and the column's constraint."""

    id: str
    message: str
    hint: str
    why: str


CELL_RULES: dict[str, CellRule] = {
    r.id: r
    for r in (
        CellRule("cells.required", "{column} is empty", "Fill it in: {description}", "The record means nothing without it."),
        CellRule("cells.hidden-character", "{value!r} in {column} holds a character that cannot be seen", "Delete the character.", "It makes equal texts unequal, or shows a reader another text than the one stored."),
        CellRule("cells.outer-space", "{value!r} in {column} starts or ends with a space", "Remove the space.", "A key with a space matches no other."),
        CellRule("cells.formula", "{value!r} in {column} starts like a formula", "Begin the text with another character.", "A spreadsheet would run it."),
        CellRule("cells.length", "{column} has {length} characters, more than {limit}", "Shorten it.", "Long text belongs to the source, not to a table."),
        CellRule("cells.date", "{value!r} in {column} is not a day", "Write a day that exists as YYYY-MM-DD{suggestion}.", "Other forms are read as different days in different countries."),
        CellRule("cells.number", "{value!r} in {column} is not a number in canonical form", "Write it with the digits 0-9 alone{suggestion}.", "1e5, 1_000 and 012 are read as different numbers by different programs."),
        CellRule("cells.whole", "{value!r} in {column} is not a whole number", "Write the digits 0-9 alone: no sign, separator, point or exponent{suggestion}.", "People are counted in whole numbers; other forms are read as different numbers by different programs."),
        CellRule("cells.term", "{value!r} is not a {column}", "{nearest}Use one of: {terms}.", "The vocabulary is closed, so that one word has one meaning."),
        CellRule("cells.pattern", "{value!r} in {column} does not have the form of one", "It looks like {example!r}.", "A key of another form matches nothing."),
        CellRule("cells.range", "{value} in {column} is out of range ({range})", "Check the number.", "No true value lies there."),
    )
}  # fmt: skip


def typed(c: Constraint) -> pl.Expr:
    """The column in its type; null where the text cannot be read."""
    text = pl.col(c.column)
    match c.kind:
        case "date":
            return pl.when(text.str.contains(ISO_DAY)).then(text).str.to_date("%Y-%m-%d", strict=False)
        case "count":
            return pl.when(text.str.contains(WHOLE)).then(text).cast(pl.Int64, strict=False)
        case "number":
            return pl.when(text.str.contains(REAL)).then(text).cast(pl.Float64, strict=False)
    return text


def _broken(c: Constraint) -> Iterator[tuple[str, pl.Expr]]:
    """The ways in which a cell of the column can be wrong, as expressions over its text, first things first."""
    text, value = pl.col(c.column), typed(c)
    filled = text.is_not_null()
    if c.required:
        yield "cells.required", ~filled
    yield "cells.hidden-character", filled & text.str.contains(HIDDEN)
    yield "cells.outer-space", filled & text.str.contains(OUTER_SPACE)
    if c.kind == "text":
        yield "cells.formula", filled & text.str.contains(FORMULA)
    if c.longest:
        yield "cells.length", filled & (text.str.len_chars() > c.longest)
    if c.kind == "date":
        yield "cells.date", filled & value.is_null()
    if c.kind in ("count", "number"):
        yield "cells.whole" if c.kind == "count" else "cells.number", filled & value.is_null()
    if c.terms:
        yield "cells.term", filled & ~text.is_in(list(c.terms))
    if c.pattern:
        yield "cells.pattern", filled & ~text.str.contains(rf"^(?:{c.pattern})\z")
    if c.low is not None:
        low = pl.lit(c.low).str.to_date() if c.kind == "date" else pl.lit(c.low)
        outside = value < low if c.high is None else (value < low) | (value > c.high)
        yield "cells.range", outside.fill_null(value=False)


@dataclass(frozen=True)
class Fault:
    """A cell that is wrong: its row in the frame, column, rule, and the texts of the finding."""

    row: int
    column: str
    rule: str
    value: str
    message: str
    hint: str


def _suggest_date(value: str) -> str:
    parts = value.replace("/", "-").replace(".", "-").split("-")
    if len(parts) == 3 and all(p.isascii() and p.isdigit() for p in parts) and len(parts[0]) == 4:
        guess = f"{parts[0]}-{int(parts[1]):02d}-{int(parts[2]):02d}"
        return f" ({guess}?)" if guess != value else ""
    return ""


def _suggest_number(value: str) -> str:
    digits = "".join(str(int(ch)) if ch.isdecimal() else ch for ch in value if ch not in ",_ '’")
    return f" ({int(digits)}?)" if digits.isascii() and digits.isdigit() and len(digits) < 19 else ""


def _fault(c: Constraint, rule: CellRule, row: int, value: str) -> Fault:
    close = difflib.get_close_matches(value.lower(), c.terms, n=1, cutoff=0.7)
    suggestion = _suggest_date(value) if c.kind == "date" else _suggest_number(value)
    limits = f"at least {c.low}" if c.high is None else f"{c.low} to {c.high}"
    context = {
        "column": c.column, "value": value, "description": c.description, "example": c.example, "limit": c.longest,
        "length": len(value), "terms": ", ".join(c.terms), "range": limits, "suggestion": suggestion,
        "nearest": f"Did you mean {close[0]!r}? " if close else "",
    }  # fmt: skip
    return Fault(row, c.column, rule.id, value, rule.message.format(**context), rule.hint.format(**context))


def check_cells(table: str, frame: pl.DataFrame) -> tuple[pl.DataFrame, list[Fault], dict[str, Tally]]:
    """Judge every cell of a table of text.

    Args:
        table: name of the table.
        frame: its columns as text, missing cells null.

    Returns:
        The typed frame; the faults, at most one a cell; and for each cell rule how many cells passed and failed.
    """
    limits = constraints(table)
    verdicts = []
    for c in limits:
        verdict = pl.lit(None, dtype=pl.String)
        for rule, broken in reversed(list(_broken(c))):
            verdict = pl.when(broken).then(pl.lit(rule)).otherwise(verdict)
        verdicts.append(verdict.alias(c.column))
    judged = frame.lazy().select(verdicts).collect()
    faults = []
    for c in limits:
        bad = judged[c.column].is_not_null().arg_true()
        faults += [
            _fault(c, CELL_RULES[judged[c.column][row]], row, frame[c.column][row] or "") for row in bad.to_list()
        ]
    schema = polars_schema(table)
    values = frame.lazy().select(typed(c).cast(schema[c.column]).alias(c.column) for c in limits).collect()
    return values, faults, _tallies(limits, frame.height, faults)


def _tallies(limits: tuple[Constraint, ...], height: int, faults: list[Fault]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for c in limits:
        for rule, _ in _broken(c):
            tallies.setdefault(rule, Tally()).valid += height
    for fault in faults:
        tallies[fault.rule].valid -= 1
        tallies[fault.rule].invalid += 1
    return tallies


def text_of(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """A typed frame as text in canonical form, so that Parquet and CSV go through the same judgement."""
    out = []
    for name, kind in kinds(table).items():
        column = pl.col(name)
        if frame.schema[name] == pl.String:
            out.append(column)
        elif kind == "date" and isinstance(frame.schema[name], pl.Date | pl.Datetime):
            out.append(column.dt.strftime("%Y-%m-%d"))
        elif frame.schema[name].is_float() and kind == "count":
            whole = column == column.round(0)
            out.append(
                pl.when(whole)
                .then(column.cast(pl.Int64, strict=False).cast(pl.String))
                .otherwise(column.cast(pl.String))
            )
        else:
            out.append(column.cast(pl.String))
    return frame.select(o.alias(n) for o, n in zip(out, kinds(table), strict=True))
