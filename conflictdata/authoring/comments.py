"""The comments of a YAML text, and what each belongs to: a pair or item above or beside it, a block at its end.

PyYAML drops comments. They are found in the gaps between its tokens, so that a `#` inside a value is never one.
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from conflictdata.readers.yaml import Block, Items, Node, Text

_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_COMMENT = re.compile(r"#[^\n]*")

Spot = tuple[int, int]  # line and column, from 1
Name = tuple[int, int, str]  # of a pair or an item, which may start where its first pair does


def spot_of(node: Node) -> Spot:
    """Where a node starts."""
    return node.line, node.column


def of_pair(key: Text) -> Name:
    """The name of a pair."""
    return key.line, key.column, "pair"


def of_item(item: Node) -> Name:
    """The name of an item of a list."""
    return item.line, item.column, "item"


class Comment(NamedTuple):
    """One comment: its text with the `#`, where it starts, and whether it has its line to itself."""

    text: str
    spot: Spot
    alone: bool


@dataclass
class Comments:
    """Comments by what they belong to, which is named by where it starts.

    Attributes:
        head: the lines before everything else; an empty one where the author left lines empty.
        before: lines above a pair or item; an empty one where the author left lines empty behind a comment.
        beside: the comment on the line of a pair or item.
        after: lines at the end of a block or list.
    """

    head: list[str] = field(default_factory=list)
    before: dict[Name, list[str]] = field(default_factory=dict)
    beside: dict[Name, str] = field(default_factory=dict)
    after: dict[Spot, list[str]] = field(default_factory=dict)

    def all(self) -> list[str]:
        """Every comment, sorted."""
        lines = [line for group in (*self.before.values(), *self.after.values()) for line in group]
        return sorted(line for line in (*self.head, *lines, *self.beside.values()) if line)


class _Slot(NamedTuple):
    """A pair or an item: where it starts, its name, and the block or list that it stands in."""

    start: Spot
    name: Name
    home: _Home


@dataclass(eq=False)
class _Home:
    """A block or list, with the pair or item that it is the value of."""

    spot: Spot
    owner: _Slot | None


def read(text: str, root: Node) -> Comments:
    """The comments of a text whose tree is `root`."""
    found = Comments()
    if "#" not in text:
        return found
    listed, flows, dashes = _scan(text)
    if listed:
        _Placing(text, found, sorted(_slots(root, dashes), key=lambda slot: slot.start), flows).place(listed)
    return found


def _scan(text: str) -> tuple[list[Comment], dict[Spot, Spot], list[Spot]]:
    """The comments, the ends of collections in brackets by their starts, and the dashes of lists."""
    comments: list[Comment] = []
    flows: dict[Spot, Spot] = {}
    dashes: list[Spot] = []
    open_: list[Spot] = []
    at, line = 0, 1  # where the gap starts
    for token in yaml.scan(text, Loader=_LOADER):
        start, end = token.start_mark, token.end_mark
        comments += _gap(text, at, max(at, start.index), line)
        spot = (start.line + 1, start.column + 1)
        if isinstance(token, yaml.BlockEntryToken):
            dashes.append(spot)
        elif isinstance(token, yaml.FlowMappingStartToken | yaml.FlowSequenceStartToken):
            open_.append(spot)
        elif isinstance(token, yaml.FlowMappingEndToken | yaml.FlowSequenceEndToken):
            flows[open_.pop()] = spot
        elif isinstance(token, yaml.ScalarToken) and token.style in ("|", ">"):
            header = text[start.index : end.index].split("\n", 1)[0]
            comments += _gap(text, start.index, start.index + len(header), start.line + 1)
        if end.index >= at:
            at, line = end.index, end.line + 1
    return [*comments, *_gap(text, at, len(text), line)], flows, dashes


def _gap(text: str, start: int, end: int, line: int) -> Iterator[Comment]:
    for hit in _COMMENT.finditer(text, start, end):
        newline = text.rfind("\n", 0, hit.start())
        spot = (line + text.count("\n", start, hit.start()), hit.start() - newline)
        yield Comment(hit[0].rstrip(), spot, not text[newline + 1 : hit.start()].strip())


def _slots(root: Node, dashes: list[Spot]) -> Iterator[_Slot]:
    """Every pair and item of the tree."""
    pending: list[tuple[Node, _Slot | None]] = [(root, None)]
    while pending:
        node, owner = pending.pop()
        home = _Home(spot_of(node), owner)
        if isinstance(node, Block):
            inner = [(value, _Slot(spot_of(key), of_pair(key), home)) for key, value in node.pairs]
        elif isinstance(node, Items):
            inner = [(i, _Slot(_dash(dashes, home.spot, spot_of(i)), of_item(i), home)) for i in node.items]
        else:
            continue
        yield from (slot for _, slot in inner)
        pending += inner


def _dash(dashes: list[Spot], home: Spot, item: Spot) -> Spot:
    """Where an item starts: its dash; the item itself where the list is in brackets."""
    place = bisect.bisect_right(dashes, item) - 1
    return dashes[place] if place >= 0 and dashes[place] >= home else item


class _Placing:
    """Finds what each comment belongs to."""

    def __init__(self, text: str, found: Comments, slots: list[_Slot], flows: dict[Spot, Spot]) -> None:
        self.lines = text.split("\n")
        self.found = found
        self.slots = slots
        self.starts = [slot.start for slot in slots]
        self.flows = flows

    def place(self, comments: list[Comment]) -> None:
        gap, limit = -1, 0
        for comment in comments:
            number = bisect.bisect_right(self.starts, comment.spot)
            if number != gap:
                gap, limit = number, comment.spot[1]
            if not comment.alone and number:
                self._beside(comment, number)
                continue
            # Comments in one gap only ever move outwards: what follows an outer one stays behind it.
            limit = min(limit, comment.spot[1])
            if number == 0:
                self.found.head += self._above(comment)
            else:
                self._alone(comment, number, limit)

    def _above(self, comment: Comment) -> list[str]:
        """A comment on lines of its own, with an empty one where the line behind it is empty."""
        line = comment.spot[0]
        return [comment.text, ""] if line < len(self.lines) and not self.lines[line].strip() else [comment.text]

    def _enclosing(self, slot: _Slot, spot: Spot) -> _Slot:
        """The slot, or the one around it whose brackets are closed before the spot."""
        while slot.home.owner is not None and self.flows.get(slot.home.spot, spot) < spot:
            slot = slot.home.owner
        return slot

    def _beside(self, comment: Comment, number: int) -> None:
        slot = self._enclosing(self.slots[number - 1], comment.spot)
        if slot.name in self.found.beside:
            self.found.before.setdefault(slot.name, []).append(self.found.beside[slot.name])
        self.found.beside[slot.name] = comment.text

    def _alone(self, comment: Comment, number: int, column: int) -> None:
        last = self._enclosing(self.slots[number - 1], comment.spot)
        following = self.slots[number] if number < len(self.slots) else None
        ended = self._ended(last, following, comment.spot, column)
        if ended is not None:
            self.found.after.setdefault(ended.spot, []).append(comment.text)
            return
        slot = following or last
        self.found.before.setdefault(slot.name, []).extend(self._above(comment))

    def _ended(self, last: _Slot, following: _Slot | None, spot: Spot, column: int) -> _Home | None:
        """The block at whose end the comment stands; None where it stands above the following pair."""
        homes = list(_homes(last))
        still = set(map(id, _homes(following))) if following else set()
        for home in homes:
            if self.flows.get(home.spot, (0, 0)) > spot:  # inside brackets
                return None if id(home) in still else home
        if following and column <= following.start[1]:
            return None
        fit = next((home for home in homes if home.spot[1] <= column), homes[-1])
        return None if id(fit) in still else fit


def _homes(slot: _Slot | None) -> Iterator[_Home]:
    """The blocks and lists around a slot, from the inside."""
    while slot is not None:
        yield slot.home
        slot = slot.home.owner
