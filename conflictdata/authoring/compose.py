"""Write seed files from plain data, in the canonical form of `conflictdata fmt`.

The only writer of new seed files and new claims: `new`, `parse` and `form` give it their data and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from conflictdata.authoring.comments import Comments, locate_node, name_pair
from conflictdata.authoring.emit import render
from conflictdata.readers.yaml import Block, Items, Node, Scalar

TODO = "TODO"  # a value that a person must decide

_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]+"
)


@dataclass(frozen=True)
class Commented:
    """A value with comments, written without `#`. A text with several lines becomes several comments.

    Attributes:
        value: The value.
        beside: Comment on the line of its key.
        above: Comments above the key. An empty text becomes an empty line.
        below: Comments at the end of its block.
    """

    value: Value
    beside: str = ""
    above: Sequence[str] = ()
    below: Sequence[str] = ()


Value = str | int | Commented | Sequence["Value"] | Mapping[str, "Value"] | Mapping[int, "Value"]


def compose(
    data: Mapping[str, Value],
    *,
    head: Sequence[str] = (),
    end: Sequence[str] = (),
    shape: str = "page",
) -> str:
    """Compose the text of a seed file. Each value is written letter for letter.

    Args:
        data: Its keys and values, such as `{"publisher": "efe", "claims": {1: {"killed": {"n": "at least 8"}}}}`. Known
            keys are sorted; outcomes, figures and lists keep their order.
        head: Comments at the top of the file. An empty text becomes an empty line.
        end: Comments at the end of the file.
        shape: The kind of file (`conflictdata.authoring.key_order`).
    """
    builder = _TreeBuilder()
    root = builder.build_node(data)
    builder.comments.head = _make_comment_lines(head)
    if end:
        builder.comments.after[locate_node(root)] = _make_comment_lines(end)
    return render(root, shape, builder.comments)


def convert_to_data(node: Node) -> Any:
    """Convert a tree to plain data: the reverse of `compose`, without comments."""
    if isinstance(node, Scalar):
        return node.text
    if isinstance(node, Items):
        return [convert_to_data(item) for item in node.items]
    return {key.text: convert_to_data(value) for key, value in node.pairs}


class _TreeBuilder:
    """Builds nodes, each on its own line, and collects their comments."""

    def __init__(self) -> None:
        self.comments = Comments()
        self.line = 0

    def build_node(self, value: Value) -> Node:
        """Build the node of a value, with everything in it."""
        self.line += 1
        if isinstance(value, Commented):
            return self.build_node(value.value)
        if isinstance(value, str | int):
            return Scalar(str(value), self.line, 0)
        if isinstance(value, Mapping):
            block = Block(self.line, 0)
            block.pairs += [self.build_pair(str(key), inner) for key, inner in value.items()]
            return block
        return Items(self.line, 0, [self.build_node(item) for item in value])

    def build_pair(self, key: str, value: Value) -> tuple[Scalar, Node]:
        """Build a key and its value, and add the comments of the value."""
        self.line += 1
        name = Scalar(key, self.line, 0)
        node = self.build_node(value)
        if isinstance(value, Commented):
            if value.above:
                self.comments.before[name_pair(name)] = _make_comment_lines(value.above)
            if value.beside:
                self.comments.beside[name_pair(name)] = _make_comment_lines([value.beside.replace("\n", " ")])[0]
            if value.below:
                self.comments.after[locate_node(node)] = _make_comment_lines(value.below)
        return name, node


def _make_comment_lines(texts: Iterable[str]) -> list[str]:
    """Convert texts to comment lines. An empty text becomes an empty line."""
    lines = [_INVISIBLE.sub(" ", line).rstrip() for text in texts for line in text.split("\n")]
    return [f"# {line}" if line else "" for line in lines]
