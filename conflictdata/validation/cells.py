"""Judging cells: text of a table against its model, and the typed frame that comes out.

The constraints are read off the pandera columns; nothing is repeated here. Each cell gives at
most one finding, the first that applies: form of the text, then type, vocabulary or pattern, range.
A cell that cannot be read is null in the typed frame, and the rules that need it answer unknown.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

import polars as pl

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import Finding, Place, Tally
from conflictdata.rules.cell_rules import CELL_RULES, MIXED
from conflictdata.rules.texts import RuleText
from conflictdata.schema.cell_forms import FORMULA, HIDDEN, ISO_DAY, MIXED_SCRIPTS, OUTER_SPACE, REAL, WHOLE
from conflictdata.schema.columns import Constraint, load_constraints
from conflictdata.schema.countries import guess_country
from conflictdata.schema.fields import COUNTRY, LANGUAGE, SHA256
from conflictdata.schema.languages import suggest_language
from conflictdata.schema.pattern_hints import describe_form

_DEGREES = re.compile(r"([0-9]{1,3}) ?[°º] ?(?:([0-9]{1,2}) ?['′])?\Z")
_DECIMAL_COMMA = re.compile(r"-?(?:0|[1-9][0-9]*),(?:[0-9]{1,2}|[0-9]{4,})")  # 1,096 may be a thousand


def cast_column(c: Constraint) -> pl.Expr:
    """Return the column in its type; null where the text cannot be read."""
    text = pl.col(c.column)
    match c.kind:
        case "date":
            return pl.when(text.str.contains(ISO_DAY)).then(text).str.to_date("%Y-%m-%d", strict=False)
        case "count":
            return pl.when(text.str.contains(WHOLE)).then(text).cast(pl.Int64, strict=False)
        case "number":
            return pl.when(text.str.contains(REAL)).then(text).cast(pl.Float64, strict=False)
    return text


def _iterate_checks(c: Constraint) -> Iterator[tuple[str, pl.Expr]]:
    """The ways in which a cell of the column can be wrong, as expressions over its text, first things first."""
    text, value = pl.col(c.column), cast_column(c)
    filled = text.is_not_null()
    if c.required:
        yield "cells.required", ~filled
    if c.kind == "prose":
        return
    yield "cells.hidden-character", filled & text.str.contains(HIDDEN)
    yield "cells.outer-space", filled & text.str.contains(OUTER_SPACE)
    if c.kind == "text":
        yield "cells.formula", filled & text.str.contains(FORMULA)
        yield MIXED, filled & text.str.contains(MIXED_SCRIPTS)
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


def judge_column(c: Constraint) -> pl.Expr:
    """Return the rule that each cell of a column breaks first; null if it breaks none."""
    verdict = pl.lit(None, dtype=pl.String)
    for rule, broken in reversed(list(_iterate_checks(c))):
        verdict = pl.when(broken).then(pl.lit(rule)).otherwise(verdict)
    return verdict


def list_checked_columns(table: str) -> dict[str, tuple[str, ...]]:
    """Return the columns of a table that each cell rule judges, by the rule's id."""
    return map_rules_to_columns(load_constraints(table))


def map_rules_to_columns(limits: tuple[Constraint, ...]) -> dict[str, tuple[str, ...]]:
    """Return the columns that each cell rule judges, of columns that are given."""
    found: dict[str, tuple[str, ...]] = {}
    for c in limits:
        for rule, _ in _iterate_checks(c):
            found[rule] = (*found.get(rule, ()), c.column)
    return found


@dataclass(frozen=True)
class CellFault:
    """A cell that is wrong: its row in the frame, column, rule, and the texts of the finding."""

    row: int
    column: str
    rule: str
    value: str
    message: str
    hint: str

    def make_finding(self, table: str, record: str, place: Place | None = None) -> Finding:
        """Make the finding of the cell.

        Args:
            table: Name of the table.
            record: Key of the record.
            place: Position of the cell, if known.
        """
        columns = (self.column,)
        return Finding(self.rule, "error", self.message, self.hint, table, record, columns, self.value, place)


def _normalize_digits(value: str) -> str:
    """The text with the digits of other scripts as 0-9, and with a hyphen for a minus."""
    return "".join(str(int(ch)) if ch.isdecimal() else "-" if ch == "\u2212" else ch for ch in value)


def _format_day(year: str, month: str, day: str) -> str:
    """The parts as a day, or nothing."""
    try:
        return dt.date(int(f"20{year}" if len(year) == 2 else year), int(month), int(day)).isoformat()
    except ValueError:
        return ""


# A day with a time after it.
_DAY_AND_TIME = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{1,2}:[0-9]{2}.*")


# A day in English words: the number and the month, or the month and the number, then the year.
_DAY_IN_WORDS = re.compile(
    r"(?:[a-z]+, )?(?:(?P<day>[0-9]{1,2})(?:st|nd|rd|th)? (?P<month>[a-z]{3,9})|(?P<first>[a-z]{3,9})\.? (?P<then>[0-9]{1,2})(?:st|nd|rd|th)?)"
    r"\.?,? (?P<year>[0-9]{4})",
    re.IGNORECASE,
)
_MONTHS = {name.lower(): n for names in (calendar.month_name, calendar.month_abbr) for n, name in enumerate(names) if n}
_MONTHS["sept"] = 9


def _read_day_in_words(value: str) -> str:
    """Return the day that English words name; "" if they name none."""
    hit = _DAY_IN_WORDS.fullmatch(value.strip())
    month = _MONTHS.get((hit["month"] or hit["first"]).lower()) if hit else None
    return _format_day(hit["year"], str(month), hit["day"] or hit["then"]) if hit and month else ""


def _suggest_date(value: str) -> str:
    if day := _read_day_in_words(value):
        return f" ({day}?)"
    if (hit := _DAY_AND_TIME.fullmatch(value.strip())) and _format_day(*hit[1].split("-")):
        return f", without a time ({hit[1]}?)"
    parts = re.split(r"[-/. ]", _normalize_digits(value).strip())
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() and len(part) <= 4 for part in parts):
        return ""
    first, second, third = parts
    orders = [(first, second, third)] if len(first) == 4 else [(third, second, first), (third, first, second)]
    days = list(dict.fromkeys(filter(None, (_format_day(*order) for order in orders))))
    if days:
        return f" ({' or '.join(days)}?)" if value not in days else ""
    if len(first) == 4 and 1 <= int(second) <= 12 and int(first):
        return f" (that month has {calendar.monthrange(int(first), int(second))[1]} days)"
    return ""


def _suggest_number(value: str) -> str:
    plain = _normalize_digits(value)
    if hit := _DEGREES.match(plain.strip()):
        return f" ({int(hit[1]) + int(hit[2] or 0) / 60:g}?)"
    if _DECIMAL_COMMA.fullmatch(plain.strip()):
        return f" ({plain.strip().replace(',', '.')}?)"
    digits = "".join(ch for ch in plain if ch not in ",_ '’")
    if digits.isascii() and digits.isdigit() and len(digits) < 19:
        return f" ({int(digits)}?)"
    return f" ({plain}?)" if plain != value and re.fullmatch(r"-?[0-9]+\.[0-9]+", plain) else ""


ColumnReport: TypeAlias = Callable[[Constraint, pl.Series, pl.Series], bool]


class Naming:
    """How a message names a column, and which record a text means. Of a table by itself, neither is known.

    `id_hints.TableNaming` knows more: what was typed in a seed, and the records of the other tables.
    """

    def find_typed_name(self, c: Constraint, frame: pl.DataFrame, at: int) -> str:  # noqa: ARG002 - for those that know more
        """Return the name of a column as the person who filled this row of the frame typed it."""
        return c.column

    def suggest_record(self, c: Constraint, value: str) -> str:  # noqa: ARG002
        """Return a sentence that gives the key of the record that a text names; "" if it names none."""
        return ""

    def lookup(self, c: Constraint) -> str:
        """Return a sentence that says where the keys are that a column may hold; "" for a code."""
        return f"Look it up in the table {c.references}." if c.references else ""


def _suggest_code(c: Constraint, value: str) -> str:
    """A sentence that gives the code, or the key of a record of the table itself, that is meant by a text of another form."""
    if c.pattern == LANGUAGE:
        return suggest_language(value)
    if c.pattern == COUNTRY:
        found = guess_country(value)
    else:
        # The key of another record is not made up: only who knows the records can say which one is meant.
        found = "" if c.references else next((t for t in list_key_forms(value) if re.fullmatch(c.pattern, t)), "")
    return ask_whether(found or "")


def list_key_forms(text: str) -> tuple[str, ...]:
    """Return the ways in which a text may be meant as a key: in small letters, with _ for spaces, in capitals."""
    plain = text.strip()
    return text.lower(), re.sub(r"[ -]+", "_", plain.lower()), plain.upper()


def _describe_fix(c: Constraint, value: str, naming: Naming) -> str:
    """What to write in place of a text of another form."""
    if found := naming.suggest_record(c, value) or _suggest_code(c, value):
        return found
    length = f"This has {len(value)}." if c.pattern == SHA256 else ""
    return " ".join(filter(None, (describe_form(c).rule, length, naming.lookup(c))))


def _suggest_value(c: Constraint, value: str) -> str:
    if c.kind == "date":
        return _suggest_date(value)
    return _suggest_number(value) if c.kind in ("count", "number") else ""


def make_fault(c: Constraint, rule: RuleText, frame: pl.DataFrame, at: int, naming: Naming) -> CellFault:
    """Make the fault of a cell: the text of a column in a row of a frame."""
    value = frame[c.column][at] or ""
    nearest = ask_whether(*find_close(value.lower(), c.terms, least=0.7))
    limits = f"at least {c.low}" if c.high is None else f"{c.low} to {c.high}"
    context = {
        "column": c.column, "value": value, "description": c.description, "example": c.example, "limit": c.longest,
        "length": len(value), "terms": ", ".join(c.terms), "range": limits, "suggestion": _suggest_value(c, value),
        "nearest": f"{nearest} ".lstrip(),
    }  # fmt: skip
    if rule.id == "cells.pattern":
        context |= {
            "typed": naming.find_typed_name(c, frame, at),
            "noun": describe_form(c).noun,
            "form": _describe_fix(c, value, naming),
        }
    return CellFault(at, c.column, rule.id, value, rule.message.format(**context), rule.hint.format(**context))


def check_cells(
    table: str, frame: pl.DataFrame, naming: Naming | None = None
) -> tuple[pl.DataFrame, list[CellFault], dict[str, Tally]]:
    """Judge every cell of a table of text.

    Args:
        table: name of the table.
        frame: its columns as text, missing cells null.
        naming: how messages name columns and records.

    Returns:
        The typed frame; the faults, at most one a cell; and for each cell rule how many cells passed and failed.
    """
    return check_columns(load_constraints(table), frame, naming)


def check_columns(
    limits: tuple[Constraint, ...],
    frame: pl.DataFrame,
    naming: Naming | None = None,
    *,
    report: ColumnReport | None = None,
) -> tuple[pl.DataFrame, list[CellFault], dict[str, Tally]]:
    """Check columns that are given: those of another dataset, or of a part of a table.

    Args:
        limits: The columns.
        frame: Their texts; missing cells null.
        naming: How messages name columns and records.
        report: Takes the rule that each cell of a column breaks, and returns whether one finding tells of all of them. The
            cells of such a column are null, and in no fault and no tally.
    """
    called = naming or Naming()
    verdicts = [judge_column(c).alias(f"@{c.column}") for c in limits]
    # Values and verdicts in one pass: both read the text as a day or a number.
    values = frame.lazy().select(*(cast_column(c).alias(c.column) for c in limits), *verdicts).collect()
    faults = []
    whole = []
    for c in limits:
        judged = values.drop_in_place(f"@{c.column}")
        if report is not None and judged.null_count() < len(judged) and report(c, frame[c.column], judged):
            whole.append(c)
            continue
        bad = judged.is_not_null().arg_true() if judged.null_count() < len(judged) else ()
        faults += [make_fault(c, CELL_RULES[judged[at]], frame, at, called) for at in bad]
    values = values.with_columns(pl.lit(None, dtype=values.schema[c.column]).alias(c.column) for c in whole)
    return values, faults, _count_tallies(tuple(c for c in limits if c not in whole), frame.height, faults)


def _count_tallies(limits: tuple[Constraint, ...], height: int, faults: list[CellFault]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = {}
    for c in limits:
        for rule, _ in _iterate_checks(c):
            tallies.setdefault(rule, Tally()).valid += height
    for fault in faults:
        tallies[fault.rule].valid -= 1
        tallies[fault.rule].invalid += 1
    return tallies
