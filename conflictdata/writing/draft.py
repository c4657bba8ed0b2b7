"""Plain data as a seed file in canonical form, with comments where a person is to look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from conflictdata.seeds.nodes import Block, Items, Node, Text
from conflictdata.writing.comments import Comments, of_pair, spot_of
from conflictdata.writing.lines import render

Value = str | int | Sequence["Value"] | Mapping[str, "Value"] | Mapping[int, "Value"]
Path = tuple[str, ...]  # the keys that lead to a pair: `("claims", "1", "killed", "n")`

_UNSEEN = re.compile(
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
    above: Mapping[Path, Sequence[str]] = field(default_factory=dict)
    beside: Mapping[Path, str] = field(default_factory=dict)
    below: Mapping[Path, Sequence[str]] = field(default_factory=dict)


def compose(data: Mapping[str, Value], notes: Notes | None = None, *, shape: str = "page") -> str:
    """The text of a seed file.

    Args:
        data: its keys and values, such as `{"publisher": "efe", "claims": {1: {"killed": {"n": "at least 8"}}}}`. Keys
            are put in their order; outcomes, figures and lists stay in that of the data.
        notes: comments. One at a path that the data do not have is an error.
        shape: what kind of file it is (`conflictdata.writing.layout`).

    Raises:
        KeyError: a note is at a path that is not in the data.
    """
    builder = _Builder(notes or Notes())
    root = builder.node(data, ())
    builder.finish(root)
    return render(root, shape, builder.comments)


class _Builder:
    """Makes nodes, each on a line of its own, and hangs the notes on them."""

    def __init__(self, notes: Notes) -> None:
        self.notes = notes
        self.comments = Comments()
        self.line = 0
        self.left = {*notes.above, *notes.beside, *(path for path in notes.below if path)}

    def node(self, value: Value, path: Path) -> Node:
        """The node of a value, and of everything in it."""
        self.line += 1
        if isinstance(value, str | int):
            return Text(str(value), self.line, 0)
        if isinstance(value, Mapping):
            block = Block(self.line, 0)
            for key, inner in value.items():
                self.line += 1
                name = Text(str(key), self.line, 0)
                block.pairs.append((name, self.node(inner, (*path, name.text))))
                self.hang(name, block.pairs[-1][1], (*path, name.text))
            return block
        return Items(self.line, 0, [self.node(item, path) for item in value])

    def hang(self, key: Text, value: Node, path: Path) -> None:
        """The notes of a pair."""
        self.left.discard(path)
        if path in self.notes.above:
            self.comments.before[of_pair(key)] = _lines(self.notes.above[path])
        if path in self.notes.beside:
            self.comments.beside[of_pair(key)] = " ".join(_lines([self.notes.beside[path].replace("\n", " ")]))
        if path in self.notes.below:
            self.comments.after[spot_of(value)] = _lines(self.notes.below[path])

    def finish(self, root: Node) -> None:
        """The notes of the whole file."""
        if self.left:
            raise KeyError(f"a note at {' > '.join(min(self.left))}, which the data do not have")
        self.comments.head = [*_lines(self.notes.head), ""] if self.notes.head else []
        if () in self.notes.below:
            self.comments.after[spot_of(root)] = _lines(self.notes.below[()])


def _lines(texts: Iterable[str]) -> list[str]:
    """Comments of these texts; an empty text stays an empty line."""
    lines = [_UNSEEN.sub(" ", line).replace("\t", " ").rstrip() for text in texts for line in text.split("\n")]
    return [f"# {line}" if line else "" for line in lines]
