"""YAML as a tree of text with places. No types, no anchors, no tags; every duplicate key is seen.

Built from the parser's events and not by `yaml.compose`: events show anchors and tags
where they stand, and cost no recursion, however deep a hostile file is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import yaml

from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import problem

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


_PAIR = re.compile(r"\s*(?:- )?[^\s#][^:]*:\s+(?P<value>\S.*)\Z")


_OPENS_BLOCK = re.compile(r"[|>{\[]")


_SHOWN = 40  # characters of a line that a message shows


class _Told(NamedTuple):
    line: int
    column: int
    message: str
    hint: str


def syntax_problem(fault: yaml.YAMLError, text: str, file: str) -> Finding:
    """The finding for a text that could not be read as YAML.

    Args:
        fault: what the parser raised.
        text: the text.
        file: its name, for the finding.
    """
    what = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    context = getattr(fault, "context", None) or ""
    at, since = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    mark = at or since
    if mark is None:
        return problem("yaml.syntax", f"not YAML: {what}", Place(file))
    lines = text.split("\n")
    told = _open_quote(lines, mark.line) or _known(what, mark, since, lines)
    if told is None:
        message = f"not YAML: {what}" + (f" ({context})" if context else "")
        told = _Told(mark.line, mark.column, message, "")
    return problem("yaml.syntax", told.message, Place(file, told.line + 1, told.column + 1), hint=told.hint)


def _open_quote(lines: list[str], until: int) -> _Told | None:
    """The first line that opens a quote and does not close it."""
    for number, line in enumerate(lines[: until + 1]):
        if line.replace('\\"', "").count('"') % 2:
            hint = 'Close it with ". A " inside the text is written \\".'
            return _Told(number, line.index('"'), "the quote that opens here is not closed on its line", hint)
    return None


def _known(what: str, mark: Any, since: Any, lines: list[str]) -> _Told | None:
    if "mapping values are not allowed" in what:
        return _second_colon(mark, lines)
    if since is not None and ("',' or '}'" in what or "',' or ']'" in what):
        sign, close = ("{", "}") if "}" in what else ("[", "]")
        hint = f"Close it with {close}, and put a comma between two entries."
        return _Told(since.line, since.column, f"the {sign} that opens here is not closed, or a comma is missing", hint)
    if since is not None and "could not find expected ':'" in what:
        word = lines[since.line][since.column :].strip()[:_SHOWN]
        return _Told(since.line, since.column, f"{word!r} is no `key: value`", "Put `: ` with a space after the key.")
    if "cannot start any token" in what:
        sign = lines[mark.line][mark.column : mark.column + 1]
        return _Told(mark.line, mark.column, f"a text cannot start with {sign!r}", "Put the text in quotes.")
    if "did not find expected key" in what or "expected '-' indicator" in what or "expected <block end>" in what:
        return _indent(mark.line, lines)
    return None


def _second_colon(mark: Any, lines: list[str]) -> _Told:
    """A colon where none may stand: a missing comma, an indent that is off, or a text with a colon."""
    line, before = lines[mark.line], lines[mark.line][: mark.column]
    if before.count("{") > before.count("}"):
        word = before.rsplit(" ", 1)[-1]
        hint = f"Write `, {word}:`; a text with `: ` in it stands in quotes."
        return _Told(mark.line, mark.column - len(word), f"a comma is missing before `{word}:`", hint)
    above = _above(mark.line, lines)
    if above is not None and _spaces(line) > _spaces(lines[above]) and _has_value(lines[above]):
        return _indent(mark.line, lines)
    key, _, value = line.strip().partition(":")
    message = "the text holds `: `, which starts a new value in YAML"
    return _Told(mark.line, mark.column, message, f'Put the text in quotes: {key}: "{value.strip()[:_SHOWN]}...".')


def _has_value(line: str) -> bool:
    found = _PAIR.match(line)
    return bool(found and not _OPENS_BLOCK.match(found["value"]))


def _above(number: int, lines: list[str]) -> int | None:
    return next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)


def _spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _indent(number: int, lines: list[str]) -> _Told:
    """Of a line and the one above it, the one that is indented by an odd number of spaces; else the line itself."""
    above = _above(number, lines)
    odd = above is not None and _spaces(lines[above]) % 2 == 1 and _spaces(lines[number]) % 2 == 0
    wrong, other = (above, number) if odd and above is not None else (number, above)
    spaces = _spaces(lines[wrong])
    message = f"{spaces} space(s) before `{lines[wrong].strip()[:_SHOWN]}`, which fit no block"
    if other is not None:
        message += f"; line {other + 1} has {_spaces(lines[other])}"
    hint = "Keys of one block start at one column; a block inside another starts two spaces further in."
    return _Told(wrong, spaces, message, hint)
