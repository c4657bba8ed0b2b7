"""A seed as plain lines: what drafts from forms are made of, written so that any text reads back as itself."""

from __future__ import annotations

import csv
import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.seeds.nodes import Block, Node, Text, parse
from conflictdata.seeds.scalars import written
from conflictdata.seeds.text import allow_long_cells

TODO = "TODO"
WRONG_DAY = "a day is written as 2024-12-05"


@dataclass
class Line:
    """One key of a seed: a value or a block, with what a person has to decide."""

    key: str
    value: str = ""
    todo: str = ""
    below: list[Line] = field(default_factory=list)


def scalar(text: str) -> str:
    """A text as a YAML scalar on one line, in braces or not, that reads back as itself."""
    return written(text, in_flow=True)


def one_line(text: str) -> str:
    """A text as it can stand in a comment."""
    return "".join(c if c.isprintable() else " " for c in text)


def render(comments: Iterable[str], lines: list[Line]) -> str:
    """The seed file, read back before it is given out.

    Raises:
        UsageError: a value holds a character that no seed can hold.
    """
    head = "".join(f"# {one_line(c)}".rstrip() + "\n" for c in comments)
    text = head + "\n".join(_rows_of(lines, "")) + "\n"
    tree, troubles = parse(text, "draft")
    if troubles or tree is None or not _same(tree, lines):
        raise UsageError("an answer holds a character that a seed file cannot hold; look for signs that cannot be seen")
    return text


def _rows_of(lines: Iterable[Line], indent: str) -> Iterator[str]:
    for line in lines:
        comment = f"  # {TODO}: {one_line(line.todo)}" if line.todo else ""
        yield f"{indent}{line.key}:{'' if line.below else ' ' + scalar(line.value)}{comment}"
        yield from _rows_of(line.below, indent + "  ")


def _same(node: Node, lines: list[Line]) -> bool:
    if not isinstance(node, Block) or len(node.pairs) != len(lines):
        return False
    return all(
        key.text == line.key
        and (_same(value, line.below) if line.below else isinstance(value, Text) and value.text == line.value)
        for (key, value), line in zip(node.pairs, lines, strict=True)
    )


def is_day(text: str) -> bool:
    """True for a day of the calendar as a seed writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def day(key: str, text: str, missing: str = WRONG_DAY) -> Line:
    """A day as the form has it."""
    if not text:
        return Line(key, TODO, missing)
    return Line(key, text, "" if is_day(text) else WRONG_DAY)


@dataclass(frozen=True)
class Names:
    """The ids of one register, and the names by which they go."""

    ids: frozenset[str]
    names: dict[str, str]  # name, lower case: id; names that mean several are left out
    table: str

    def find(self, text: str) -> str:
        """The id that a text is, or whose name it is; empty where it is neither."""
        return text if text in self.ids else self.names.get(text.casefold(), "")

    def nearest(self, text: str) -> str:
        """The id that comes nearest, or nothing."""
        close = difflib.get_close_matches(text.casefold(), [*self.ids, *self.names], n=1, cutoff=0.6)
        return self.names.get(close[0], close[0]) if close else ""

    def line(self, key: str, text: str) -> Line:
        """A reference to a record: a name that is known gives its id, any other stands as it is, to be decided."""
        if found := self.find(text):
            return Line(key, found)
        near = self.nearest(text)
        return Line(key, text, f"no id of reference/{self.table}.csv" + (f"; perhaps {near}" if near else ""))


@dataclass(frozen=True)
class Registers:
    """What a form may refer to."""

    actors: Names
    locations: Names
    conflicts: frozenset[str]


def registers(seeds: Path) -> Registers:
    """The registers of a folder of seeds.

    Raises:
        UsageError: the folder has no readable registers.
    """
    aliases = _rows(seeds, "aliases")
    return Registers(
        _names(_rows(seeds, "actors"), "actor", "actors", aliases),
        _names(_rows(seeds, "locations"), "location", "locations", aliases),
        frozenset(row["conflict_id"] for row in _rows(seeds, "conflicts")),
    )


def _rows(seeds: Path, table: str) -> list[dict[str, str]]:
    path = seeds / "reference" / f"{table}.csv"
    allow_long_cells()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read; --seeds names the folder of seeds") from None


def _names(rows: list[dict[str, str]], kind: str, table: str, aliases: list[dict[str, str]]) -> Names:
    ids = frozenset(row[f"{kind}_id"] for row in rows)
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row["name"].casefold(), set()).add(row[f"{kind}_id"])
    for row in aliases:
        if row["entity_kind"] == kind and row["entity_id"] in ids:
            known.setdefault(row["alias"].casefold(), set()).add(row["entity_id"])
    return Names(ids, {name: next(iter(found)) for name, found in known.items() if len(found) == 1}, table)
