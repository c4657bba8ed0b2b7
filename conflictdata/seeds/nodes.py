"""YAML as a tree of text with places. No types, no anchors, no tags; every duplicate key is seen.

Built from the parser's events and not by `yaml.compose`: events show anchors and tags
where they stand, and cost no recursion, however deep a hostile file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from conflictdata.findings import Finding, Place
from conflictdata.seeds.problems import problem
from conflictdata.seeds.syntax import syntax_problem

MAX_DEPTH = 24  # a figure lies at most 8 deep, each level a block and its list

_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"  # newer libyaml gives up by itself, at 1,000

# What to do with a second claim or event of one key; of other keys one is kept.
_NUMBERED = (
    (re.compile(r"[0-9]+\Z"), "Give the second claim the next free number; a number that was used is not used again."),
    (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-"),
        "Give the second event an id of its own, or delete it if it is the same.",
    ),
)

_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser where PyYAML was built with it


@dataclass(slots=True)
class Text:
    """A scalar: its text, and where it starts."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class Block:
    """A mapping: its pairs in order of writing."""

    line: int
    column: int
    pairs: list[tuple[Text, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


@dataclass(slots=True)
class Items:
    """A sequence."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


Node = Text | Block | Items


_REPEATED = Text("", 0, 0)  # in place of a key that its block has already: its value is not kept


class _Refused(Exception):
    """The file breaks off here; the finding says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


class _Builder:
    """Events to nodes, with an explicit stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.stack: list[Block | Items] = []
        self.keys: list[Text | None] = []  # the key that waits for its value, for each open block
        self.lines: list[dict[str, int]] = []  # for each open block, its keys with their lines
        self.documents = 0

    def place(self, mark: Any) -> Place:
        return Place(self.file, mark.line + 1, mark.column + 1)

    def feed(self, event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            name = event.anchor
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise _Refused(
                problem("yaml.anchor", f"{sign}{name} is not allowed in a seed", self.place(event.start_mark))
            )
        if getattr(event, "tag", None) and not isinstance(event, yaml.DocumentStartEvent):
            raise _Refused(
                problem("yaml.tag", f"the tag {event.tag} is not allowed in a seed", self.place(event.start_mark))
            )
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Refused(problem("yaml.documents", "a second document starts here", self.place(event.start_mark)))
            return
        at = self.place(event.start_mark)
        if isinstance(event, yaml.ScalarEvent):
            self.add(Text(event.value, at.line, at.column))
        elif isinstance(event, yaml.MappingStartEvent):
            self.open(Block(at.line, at.column))
        elif isinstance(event, yaml.SequenceStartEvent):
            self.open(Items(at.line, at.column))
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            self.stack.pop()
            self.keys.pop()
            self.lines.pop()

    def open(self, node: Block | Items) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _Refused(_too_deep(Place(self.file, node.line, node.column)))
        self.add(node)
        self.stack.append(node)
        self.keys.append(None)
        self.lines.append({})

    def add(self, node: Node) -> None:
        if not self.stack:
            self.root = node
            return
        top = self.stack[-1]
        if isinstance(top, Items):
            top.items.append(node)
            return
        key = self.keys[-1]
        if key is not None:
            if key is not _REPEATED:
                top.pairs.append((key, node))
            self.keys[-1] = None
        elif isinstance(node, Text):
            self.take_key(node)
        else:
            raise _Refused(problem("seed.shape", "a key must be a word", Place(self.file, node.line, node.column)))

    def take_key(self, key: Text) -> None:
        lines = self.lines[-1]
        if key.text in lines:
            message = f"the key {key.text!r} stands twice; it is first on line {lines[key.text]}"
            place = Place(self.file, key.line, key.column)
            hint = next((way for form, way in _NUMBERED if form.match(key.text)), "")
            self.findings.append(problem("yaml.duplicate-key", message, place, value=key.text, hint=hint))
            self.keys[-1] = _REPEATED
        else:
            lines[key.text] = key.line
            self.keys[-1] = key


def _too_deep(place: Place) -> Finding:
    return problem("yaml.depth", f"nested more than {MAX_DEPTH} deep", place)


def _syntax(fault: yaml.YAMLError, text: str, file: str) -> Finding:
    mark = getattr(fault, "problem_mark", None)
    if getattr(fault, "problem", None) == _LIBYAML_TOO_DEEP:
        return _too_deep(Place(file, mark.line + 1, mark.column + 1) if mark else Place(file))
    return syntax_problem(fault, text, file)


def parse(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """The tree of a YAML text, and what is wrong with it; None where it cannot be read to its end."""
    builder = _Builder(file)
    try:
        for event in _events(text):
            builder.feed(event)
    except _Refused as refused:
        return None, [*builder.findings, refused.finding]
    except yaml.YAMLError as fault:
        return None, [*builder.findings, _syntax(fault, text, file)]
    return builder.root, builder.findings


def _events(text: str) -> Iterator[yaml.Event]:
    return iter(yaml.parse(text, Loader=_LOADER))
