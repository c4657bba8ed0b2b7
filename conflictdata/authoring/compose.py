"""Compose seed files from plain data, with comments for the reviewer."""

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
from conflictdata.seeds.scalars import format_scalar

Value = str | int | Sequence["Value"] | Mapping[str, "Value"] | Mapping[int, "Value"]


KeyPath = tuple[str, ...]  # the keys on the way to a pair: `("claims", "1", "killed", "n")`


_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+"
)


@dataclass
class Notes:
    """Comments to add to a file, without `#`.

    A text with several lines becomes several comments.

    Attributes:
        head: At the top of the file, followed by an empty line.
        above: Above a pair.
        beside: On the line of a pair.
        below: At the end of the block under a pair. Under `()`: at the end of the file.
    """

    head: Sequence[str] = ()
    above: Mapping[KeyPath, Sequence[str]] = field(default_factory=dict)
    beside: Mapping[KeyPath, str] = field(default_factory=dict)
    below: Mapping[KeyPath, Sequence[str]] = field(default_factory=dict)


def compose(data: Mapping[str, Value], notes: Notes | None = None, *, shape: str = "page") -> str:
    """Compose the text of a seed file.

    Args:
        data: Its keys and values, such as `{"publisher": "efe", "claims": {1: {"killed": {"n": "at least 8"}}}}`. Known
            keys are sorted; outcomes, figures and lists keep their order.
        notes: Comments to add.
        shape: The kind of file (`conflictdata.authoring.key_order`).

    Raises:
        KeyError: If the path of a note is not in the data.
    """
    builder = _SeedBuilder(notes or Notes())
    root = builder.build_node(data, ())
    builder.finish(root)
    return render(root, shape, builder.comments)


class _SeedBuilder:
    """Builds nodes, each on its own line, and attaches the notes to them."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.comments = Comments()
        self.line = 0
        self.unplaced = {*notes.above, *notes.beside, *(path for path in notes.below if path)}

    def build_node(self, value: Value, path: KeyPath) -> Node:
        """Build the node of a value, with everything in it."""
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
        """Attach the notes of a pair."""
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
        """Attach the notes of the whole file."""
        if self.unplaced:
            raise KeyError(f"a note at {' > '.join(min(self.unplaced))}, which the data do not have")
        self.comments.head = [*_make_comment_lines(self.notes.head), ""] if self.notes.head else []
        if () in self.notes.below:
            self.comments.after[locate_node(root)] = _make_comment_lines(self.notes.below[()])


def _make_comment_lines(texts: Iterable[str]) -> list[str]:
    """Convert texts to comment lines. An empty text becomes an empty line."""
    lines = [_HIDDEN.sub(" ", line).replace("\t", " ").rstrip() for text in texts for line in text.split("\n")]
    return [f"# {line}" if line else "" for line in lines]


TODO = "TODO"


WRONG_DAY = "a day is written as 2024-12-05"


@dataclass
class SeedLine:
    """One key of a draft.

    Attributes:
        key: The key.
        value: Its value, if it is not a block.
        todo: What a person has to decide, for a comment.
        below: The lines of its block.
    """

    key: str
    value: str = ""
    todo: str = ""
    below: list[SeedLine] = field(default_factory=list)


def format_flow_scalar(text: str) -> str:
    """Format a text as a YAML scalar on one line, valid inside braces too."""
    return format_scalar(text, in_flow=True)


def clean_comment(text: str) -> str:
    """Replace characters that a comment cannot contain."""
    return "".join(c if c.isprintable() else " " for c in text)


def render_form_seed(comments: Iterable[str], lines: list[SeedLine]) -> str:
    """Render the draft of a form as a seed file, and parse it to check it.

    Args:
        comments: Comments for the top of the file.
        lines: Its keys.

    Raises:
        UsageError: If a value contains a character that a seed file cannot contain.
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
    """Return whether a text is a calendar day as seeds write it."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def make_day_line(key: str, text: str, missing: str = WRONG_DAY) -> SeedLine:
    """Make the line of a day, with a TODO if it is missing or not a day."""
    if not text:
        return SeedLine(key, TODO, missing)
    return SeedLine(key, text, "" if is_day(text) else WRONG_DAY)


@dataclass(frozen=True)
class RegisterNames:
    """The ids and names of one register.

    Attributes:
        ids: The ids.
        names: Id by name, in lower case. Ambiguous names are omitted.
        table: Name of the table.
    """

    ids: frozenset[str]
    names: dict[str, str]  # lower-case name: id
    table: str

    def find(self, text: str) -> str:
        """Return the id that a text is, or the id it names. "" if neither."""
        return text if text in self.ids else self.names.get(text.casefold(), "")

    def find_nearest(self, text: str) -> str:
        """Return the closest id, or "" if none is close."""
        close = difflib.get_close_matches(text.casefold(), [*self.ids, *self.names], n=1, cutoff=0.6)
        return self.names.get(close[0], close[0]) if close else ""

    def make_line(self, key: str, text: str) -> SeedLine:
        """Make the line of a reference to a record.

        A known name becomes its id. Any other text is kept, with a TODO.
        """
        if id_ := self.find(text):
            return SeedLine(key, id_)
        nearest = self.find_nearest(text)
        return SeedLine(key, text, f"no id of reference/{self.table}.csv" + (f"; perhaps {nearest}" if nearest else ""))


@dataclass(frozen=True)
class Registers:
    """The registers that a form may refer to."""

    actors: RegisterNames
    locations: RegisterNames
    conflicts: frozenset[str]


def read_registers(seeds: Path) -> Registers:
    """Read the registers of a seeds folder.

    Raises:
        UsageError: If the folder has no readable registers.
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
    ids_by_name: dict[str, set[str]] = {}
    for row in rows:
        ids_by_name.setdefault(row["name"].casefold(), set()).add(row[f"{kind}_id"])
    for row in aliases:
        if row["entity_kind"] == kind and row["entity_id"] in ids:
            ids_by_name.setdefault(row["alias"].casefold(), set()).add(row["entity_id"])
    return RegisterNames(
        ids, {name: next(iter(members)) for name, members in ids_by_name.items() if len(members) == 1}, table
    )
