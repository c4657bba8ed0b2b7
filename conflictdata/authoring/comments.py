"""Attach the comments of a YAML text to the pairs, items and blocks of its tree.

PyYAML drops comments. This module finds them in the gaps between its tokens, so that a `#` inside a value does not
count.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from conflictdata.readers.yaml import Block, Items, Node, Scalar

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COMMENT = re.compile(r"#[^\n]*")

Position = tuple[int, int]  # line and column, from 1
NodeName = tuple[int, int, str]  # line, column and kind: an item and its first pair may start together


def locate_node(node: Node) -> Position:
    """Return where a node starts."""
    return node.line, node.column


def name_pair(key: Scalar) -> NodeName:
    """Return the name of a pair."""
    return key.line, key.column, "pair"


def name_item(item: Node) -> NodeName:
    """Return the name of a list item."""
    return item.line, item.column, "item"


class Comment(NamedTuple):
    """One comment.

    Attributes:
        text: Its text, with the `#`.
        position: Where it starts.
        alone: Whether nothing else is on its line.
    """

    text: str
    position: Position
    alone: bool


@dataclass
class Comments:
    """Comments by the pair, item or block that they belong to.

    Attributes:
        head: Lines before everything else. Empty lines of the author are kept as one empty line.
        before: Lines above a pair or item. An empty line after a comment is kept as one empty line.
        beside: The comment on the line of a pair or item.
        after: Lines at the end of a block or list.
    """

    head: list[str] = field(default_factory=list)
    before: dict[NodeName, list[str]] = field(default_factory=dict)
    beside: dict[NodeName, str] = field(default_factory=dict)
    after: dict[Position, list[str]] = field(default_factory=dict)

    def list_all(self) -> list[str]:
        """Return every comment, sorted."""
        lines = [line for group in (*self.before.values(), *self.after.values()) for line in group]
        return sorted(line for line in (*self.head, *lines, *self.beside.values()) if line)


class _Slot(NamedTuple):
    """A pair or an item that comments can belong to.

    Attributes:
        start: Where it starts.
        name: Its name.
        containers: Where the blocks and lists around it start, the innermost first.
        owner: The pair or item whose value contains it. None at the root.
    """

    start: Position
    name: NodeName
    containers: tuple[Position, ...]
    owner: _Slot | None


def read_comments(text: str, root: Node) -> Comments:
    """Read the comments of a text, given its tree."""
    comments = Comments()
    if "#" not in text:
        return comments
    listed, flows, dashes = _scan_tokens(text)
    if listed:
        slots = sorted(_iterate_slots(root, dashes), key=lambda slot: slot.start)
        _CommentPlacer(text, comments, slots, flows).place(listed)
    return comments


def _scan_tokens(text: str) -> tuple[list[Comment], dict[Position, Position], list[Position]]:
    """Scan the tokens of a text.

    Returns:
        The comments; the end of each collection in brackets, by its start; and the positions of list dashes.
    """
    comments: list[Comment] = []
    flows: dict[Position, Position] = {}
    dashes: list[Position] = []
    open_: list[Position] = []
    at, line = 0, 1  # start of the gap
    for token in yaml.scan(text, Loader=_LOADER):
        start, end = token.start_mark, token.end_mark
        comments += _find_comments(text, at, max(at, start.index), line)
        position = (start.line + 1, start.column + 1)
        if isinstance(token, yaml.BlockEntryToken):
            dashes.append(position)
        elif isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
            open_.append(position)
        elif isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            flows[open_.pop()] = position
        elif isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = text[start.index : end.index].split("\n", 1)[0]
            comments += _find_comments(text, start.index, start.index + len(header), start.line + 1)
        if end.index >= at:
            at, line = end.index, end.line + 1
    return [*comments, *_find_comments(text, at, len(text), line)], flows, dashes


def _find_comments(text: str, start: int, end: int, line: int) -> Iterator[Comment]:
    for match in _COMMENT.finditer(text, start, end):
        newline = text.rfind("\n", 0, match.start())
        position = (line + text.count("\n", start, match.start()), match.start() - newline)
        yield Comment(match[0].rstrip(), position, not text[newline + 1 : match.start()].strip())


def _iterate_slots(root: Node, dashes: list[Position]) -> Iterator[_Slot]:
    """Yield every pair and item of the tree."""
    pending: list[tuple[Node, _Slot | None]] = [(root, None)]
    while pending:
        node, owner = pending.pop()
        position = locate_node(node)
        containers = (position, *(owner.containers if owner else ()))
        inner: list[tuple[Node, _Slot]] = []
        if isinstance(node, Block):
            inner = [(value, _Slot(locate_node(key), name_pair(key), containers, owner)) for key, value in node.pairs]
        elif isinstance(node, Items):
            starts = [_find_dash(dashes, position, locate_node(item)) for item in node.items]
            inner = [
                (item, _Slot(start, name_item(item), containers, owner))
                for start, item in zip(starts, node.items, strict=True)
            ]
        yield from (slot for _, slot in inner)
        pending += inner


def _find_dash(dashes: list[Position], start: Position, item: Position) -> Position:
    """Return the position of an item's dash, or of the item itself in brackets."""
    place = bisect.bisect_right(dashes, item) - 1
    return dashes[place] if place >= 0 and dashes[place] >= start else item


class _CommentPlacer:
    """Assigns each comment to a pair, item or block."""

    def __init__(self, text: str, comments: Comments, slots: list[_Slot], flows: dict[Position, Position]) -> None:
        self.lines = text.split("\n")
        self.comments = comments
        self.slots = slots
        self.starts = [slot.start for slot in slots]
        self.flows = flows

    def place(self, comments: list[Comment]) -> None:
        """Place all comments, in order."""
        gap, limit = -1, 0
        for comment in comments:
            number = bisect.bisect_right(self.starts, comment.position)
            if number != gap:
                gap, limit = number, comment.position[1]
            if number and not comment.alone:
                self._place_beside(comment, self.slots[number - 1])
                continue
            # Within one gap, comments only move outwards: one that follows an outer comment stays after it.
            limit = min(limit, comment.position[1])
            if number:
                self._place_alone(comment, number, limit)
            else:
                self.comments.head += self._make_lines(comment)

    def _make_lines(self, comment: Comment) -> list[str]:
        """Return a comment that has its own line, plus "" if the next line is empty."""
        line = comment.position[0]
        return [comment.text, ""] if line < len(self.lines) and not self.lines[line].strip() else [comment.text]

    def _leave_brackets(self, slot: _Slot, position: Position) -> _Slot:
        """Return the innermost slot around a slot whose brackets are still open at a position."""
        while slot.owner is not None and self.flows.get(slot.containers[0], position) < position:
            slot = slot.owner
        return slot

    def _place_beside(self, comment: Comment, slot: _Slot) -> None:
        name = self._leave_brackets(slot, comment.position).name
        if name in self.comments.beside:
            self.comments.before.setdefault(name, []).append(self.comments.beside[name])
        self.comments.beside[name] = comment.text

    def _place_alone(self, comment: Comment, number: int, column: int) -> None:
        last = self._leave_brackets(self.slots[number - 1], comment.position)
        following = self.slots[number] if number < len(self.slots) else None
        ended = self._find_ended(last.containers, following, comment.position, column)
        if ended is None or (following and ended in following.containers):
            name = (following or last).name
            self.comments.before.setdefault(name, []).extend(self._make_lines(comment))
        else:
            self.comments.after.setdefault(ended, []).append(comment.text)

    def _find_ended(
        self, containers: tuple[Position, ...], following: _Slot | None, position: Position, column: int
    ) -> Position | None:
        """Return the block or list that ends with a comment. None if the comment is above the following pair."""
        for container in containers:
            if self.flows.get(container, (0, 0)) > position:  # inside brackets
                return container
        if following and column <= following.start[1]:
            return None
        return next((container for container in containers if container[1] <= column), containers[-1])
