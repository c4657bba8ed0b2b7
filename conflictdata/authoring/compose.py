"""Plain data as a seed file in canonical form, with comments where a person is to look."""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from conflictdata.authoring.comments import Comments, locate_node, name_pair
from conflictdata.authoring.emit import render
from conflictdata.findings import UsageError
from conflictdata.readers.text import allow_long_cells
from conflictdata.readers.yaml import Block, Items, Node, Scalar, parse_yaml
from conflictdata.seeds.scalars import written

Value = str | int | Sequence["Value"] | Mapping[str, "Value"] | Mapping[int, "Value"]


KeyPath = tuple[str, ...]  # the keys that lead to a pair: `("claims", "1", "killed", "n")`


_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+"
)


@dataclass
class Notes:
    """Comments, without their `#`; several lines in one text become several comments.

    Attributes:
        head: at the top of the file, set off by an empty line.
        above: above a pair.
        beside: behind a pair, on its line.
        below: at the end of the block that is the value of a pair; under `()`, at the end of the file.
    """

    head: Sequence[str] = ()
    above: Mapping[KeyPath, Sequence[str]] = field(default_factory=dict)
    beside: Mapping[KeyPath, str] = field(default_factory=dict)
    below: Mapping[KeyPath, Sequence[str]] = field(default_factory=dict)


def compose(data: Mapping[str, Value], notes: Notes | None = None, *, shape: str = "page") -> str:
    """The text of a seed file.

    Args:
        data: its keys and values, such as `{"publisher": "efe", "claims": {1: {"killed": {"n": "at least 8"}}}}`. Keys
            are put in their order; outcomes, figures and lists stay in that of the data.
        notes: comments. One at a path that the data do not have is an error.
        shape: what kind of file it is (`conflictdata.authoring.key_order`).

    Raises:
        KeyError: a note is at a path that is not in the data.
    """
    builder = _SeedBuilder(notes or Notes())
    root = builder.build_node(data, ())
    builder.finish(root)
    return render(root, shape, builder.comments)


class _SeedBuilder:
    """Makes nodes, each on a line of its own, and hangs the notes on them."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.comments = Comments()
        self.line = 0
        self.unplaced = {*notes.above, *notes.beside, *(path for path in notes.below if path)}

    def build_node(self, value: Value, path: KeyPath) -> Node:
        """The node of a value, and of everything in it."""
        self.line += 1
        if isinstance(value, str | int):
            return Scalar(str(value), self.line, 0)
        if isinstance(value, Mapping):
            block = Block(self.line, 0)
            for key, inner in value.items():
                self.line += 1
                name = Scalar(str(key), self.line, 0)
                block.pairs.append((name, self.build_node(inner, (*path, name.text))))
                self.attach_notes(name, block.pairs[-1][1], (*path, name.text))
            return block
        return Items(self.line, 0, [self.build_node(item, path) for item in value])

    def attach_notes(self, key: Scalar, value: Node, path: KeyPath) -> None:
        """The notes of a pair."""
        self.unplaced.discard(path)
        if path in self.notes.above:
            self.comments.before[name_pair(key)] = _make_comment_lines(self.notes.above[path])
        if path in self.notes.beside:
            self.comments.beside[name_pair(key)] = " ".join(
                _make_comment_lines([self.notes.beside[path].replace("\n", " ")])
            )
        if path in self.notes.below:
            self.comments.after[locate_node(value)] = _make_comment_lines(self.notes.below[path])

    def finish(self, root: Node) -> None:
        """The notes of the whole file."""
        if self.unplaced:
            raise KeyError(f"a note at {' > '.join(min(self.unplaced))}, which the data do not have")
        self.comments.head = [*_make_comment_lines(self.notes.head), ""] if self.notes.head else []
        if () in self.notes.below:
            self.comments.after[locate_node(root)] = _make_comment_lines(self.notes.below[()])


def _make_comment_lines(texts: Iterable[str]) -> list[str]:
    """Comments of these texts; an empty text stays an empty line."""
    lines = [_HIDDEN.sub(" ", line).replace("\t", " ").rstrip() for text in texts for line in text.split("\n")]
    return [f"# {line}" if line else "" for line in lines]


TODO = "TODO"


WRONG_DAY = "a day is written as 2024-12-05"


@dataclass
class SeedLine:
    """One key of a seed: a value or a block, with what a person has to decide."""

    key: str
    value: str = ""
    todo: str = ""
    below: list[SeedLine] = field(default_factory=list)


def format_flow_scalar(text: str) -> str:
    """A text as a YAML scalar on one line, in braces or not, that reads back as itself."""
    return written(text, in_flow=True)


def clean_comment(text: str) -> str:
    """A text as it can stand in a comment."""
    return "".join(c if c.isprintable() else " " for c in text)


def render_form_seed(comments: Iterable[str], lines: list[SeedLine]) -> str:
    """The seed file, read back before it is given out.

    Raises:
        UsageError: a value holds a character that no seed can hold.
    """
    head = "".join(f"# {clean_comment(c)}".rstrip() + "\n" for c in comments)
    text = head + "\n".join(_render_lines(lines, "")) + "\n"
    tree, troubles = parse_yaml(text, "draft")
    if troubles or tree is None or not _is_same(tree, lines):
        raise UsageError("an answer holds a character that a seed file cannot hold; look for signs that cannot be seen")
    return text


def _render_lines(lines: Iterable[SeedLine], indent: str) -> Iterator[str]:
    for line in lines:
        comment = f"  # {TODO}: {clean_comment(line.todo)}" if line.todo else ""
        yield f"{indent}{line.key}:{'' if line.below else ' ' + format_flow_scalar(line.value)}{comment}"
        yield from _render_lines(line.below, indent + "  ")


def _is_same(node: Node, lines: list[SeedLine]) -> bool:
    if not isinstance(node, Block) or len(node.pairs) != len(lines):
        return False
    return all(
        key.text == line.key
        and (_is_same(value, line.below) if line.below else isinstance(value, Scalar) and value.text == line.value)
        for (key, value), line in zip(node.pairs, lines, strict=True)
    )


def is_day(text: str) -> bool:
    """True for a day of the calendar as a seed writes it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def make_day_line(key: str, text: str, missing: str = WRONG_DAY) -> SeedLine:
    """A day as the form has it."""
    if not text:
        return SeedLine(key, TODO, missing)
    return SeedLine(key, text, "" if is_day(text) else WRONG_DAY)


@dataclass(frozen=True)
class RegisterNames:
    """The ids of one register, and the names by which they go."""

    ids: frozenset[str]
    names: dict[str, str]  # name, lower case: id; names that mean several are left out
    table: str

    def find(self, text: str) -> str:
        """The id that a text is, or whose name it is; empty where it is neither."""
        return text if text in self.ids else self.names.get(text.casefold(), "")

    def find_nearest(self, text: str) -> str:
        """The id that comes nearest, or nothing."""
        close = difflib.get_close_matches(text.casefold(), [*self.ids, *self.names], n=1, cutoff=0.6)
        return self.names.get(close[0], close[0]) if close else ""

    def make_line(self, key: str, text: str) -> SeedLine:
        """A reference to a record: a name that is known gives its id, any other stands as it is, to be decided."""
        if id_ := self.find(text):
            return SeedLine(key, id_)
        near = self.find_nearest(text)
        return SeedLine(key, text, f"no id of reference/{self.table}.csv" + (f"; perhaps {near}" if near else ""))


@dataclass(frozen=True)
class Registers:
    """What a form may refer to."""

    actors: RegisterNames
    locations: RegisterNames
    conflicts: frozenset[str]


def read_registers(seeds: Path) -> Registers:
    """The registers of a folder of seeds.

    Raises:
        UsageError: the folder has no readable registers.
    """
    aliases = _read_rows(seeds, "aliases")
    return Registers(
        _index_names(_read_rows(seeds, "actors"), "actor", "actors", aliases),
        _index_names(_read_rows(seeds, "locations"), "location", "locations", aliases),
        frozenset(row["conflict_id"] for row in _read_rows(seeds, "conflicts")),
    )


def _read_rows(seeds: Path, table: str) -> list[dict[str, str]]:
    path = seeds / "reference" / f"{table}.csv"
    allow_long_cells()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return [{k: v or "" for k, v in row.items() if k} for row in csv.DictReader(file)]
    except (OSError, UnicodeDecodeError, csv.Error):
        raise UsageError(f"{path} cannot be read; --seeds names the folder of seeds") from None


def _index_names(rows: list[dict[str, str]], kind: str, table: str, aliases: list[dict[str, str]]) -> RegisterNames:
    ids = frozenset(row[f"{kind}_id"] for row in rows)
    known: dict[str, set[str]] = {}
    for row in rows:
        known.setdefault(row["name"].casefold(), set()).add(row[f"{kind}_id"])
    for row in aliases:
        if row["entity_kind"] == kind and row["entity_id"] in ids:
            known.setdefault(row["alias"].casefold(), set()).add(row["entity_id"])
    return RegisterNames(
        ids, {name: next(iter(members)) for name, members in known.items() if len(members) == 1}, table
    )
