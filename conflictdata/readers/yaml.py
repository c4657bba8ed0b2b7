"""Parse YAML into a tree of text with positions. No types, anchors or tags. Duplicate keys are reported.

The tree is built from the parser's events, not by `yaml.compose`: events show the position of anchors and tags, and need
no recursion, however deep a file is nested.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, NamedTuple, NoReturn

import yaml

from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding

MAX_DEPTH = 24  # a figure lies at most 8 deep, each level a block and its list


_LIBYAML_TOO_DEEP = "exceeded maximum nesting depth"  # newer libyaml gives up by itself, at 1,000


# Hints for a second claim or event with the same key.
_NUMBERED = (
    (re.compile(r"[0-9]+\Z"), "Give the second claim the next free number; a number that was used is not used again."),
    (
        re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}-"),
        "Give the second event an id of its own, or delete it if it is the same.",
    ),
)


_LOADER: type = getattr(yaml, "CBaseLoader", yaml.BaseLoader)  # the C parser, if PyYAML was built with it


@dataclass(slots=True)
class Scalar:
    """Scalar: its text, and where it starts."""

    text: str
    line: int
    column: int


@dataclass(slots=True)
class Block:
    """Mapping: its pairs in written order."""

    line: int
    column: int
    pairs: list[tuple[Scalar, Node]] = field(default_factory=list)

    def get(self, key: str) -> Node | None:
        """Return the value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


@dataclass(slots=True)
class Items:
    """Sequence of nodes."""

    line: int
    column: int
    items: list[Node] = field(default_factory=list)


Node = Scalar | Block | Items


_REPEATED = Scalar("", 0, 0)  # in place of a duplicate key, whose value is dropped


class _InvalidYaml(Exception):
    """The file is not readable beyond this point; the finding gives the reason."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding


class _NodeBuilder:
    """Builder of the tree from the parser's events, with an explicit stack."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.root: Node | None = None
        self.stack: list[Block | Items] = []
        self.keys: list[Scalar | None] = []  # per open block, the key that waits for its value
        self.lines: list[dict[str, int]] = []  # per open block, its keys with their lines
        self.documents = 0

    def add_event(self, event: Any) -> None:
        """Add one event. The most frequent kinds come first: a file has hundreds."""
        kind = type(event)
        if kind is yaml.ScalarEvent:
            if event.anchor or event.tag:
                self._refuse(event)
            mark = event.start_mark
            self.add(Scalar(event.value, mark.line + 1, mark.column + 1))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            self.stack.pop()
            self.keys.pop()
            self.lines.pop()
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            if event.anchor or event.tag:
                self._refuse(event)
            mark = event.start_mark
            self.open((Block if kind is yaml.MappingStartEvent else Items)(mark.line + 1, mark.column + 1))
        elif kind is yaml.AliasEvent:
            self._refuse(event)
        elif kind is yaml.DocumentStartEvent:
            self.documents += 1
            if self.documents > 1:
                self._refuse(event)

    def _refuse(self, event: Any) -> NoReturn:
        """Raise `_InvalidYaml` for an event with something that seeds do not have."""
        place = Place(self.file, event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            finding = make_file_finding("yaml.documents", "a second document starts here", place)
        elif event.anchor:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            finding = make_file_finding("yaml.anchor", f"{sign}{event.anchor} is not allowed in a seed", place)
        else:
            finding = make_file_finding("yaml.tag", f"the tag {event.tag} is not allowed in a seed", place)
        raise _InvalidYaml(finding)

    def open(self, node: Block | Items) -> None:
        if len(self.stack) >= MAX_DEPTH:
            raise _InvalidYaml(_make_depth_finding(Place(self.file, node.line, node.column)))
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
        elif isinstance(node, Scalar):
            self.add_key(node)
        else:
            raise _InvalidYaml(
                make_file_finding("seed.shape", "a key must be a word", Place(self.file, node.line, node.column))
            )

    def add_key(self, key: Scalar) -> None:
        lines = self.lines[-1]
        if key.text in lines:
            message = f"the key {key.text!r} appears twice; it is first on line {lines[key.text]}"
            place = Place(self.file, key.line, key.column)
            hint = next((way for form, way in _NUMBERED if form.match(key.text)), "")
            self.findings.append(make_file_finding("yaml.duplicate-key", message, place, value=key.text, hint=hint))
            self.keys[-1] = _REPEATED
        else:
            lines[key.text] = key.line
            self.keys[-1] = key


def _make_depth_finding(place: Place) -> Finding:
    return make_file_finding("yaml.depth", f"nested more than {MAX_DEPTH} deep", place)


def _convert_fault(fault: yaml.YAMLError, text: str, file: str) -> Finding:
    mark = getattr(fault, "problem_mark", None)
    if getattr(fault, "problem", None) == _LIBYAML_TOO_DEEP:
        return _make_depth_finding(Place(file, mark.line + 1, mark.column + 1) if mark else Place(file))
    return make_syntax_finding(fault, text, file)


def parse_yaml(text: str, file: str) -> tuple[Node | None, list[Finding]]:
    """Return the tree of a YAML text, or None if it is not readable to its end, and the findings."""
    builder = _NodeBuilder(file)
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            builder.add_event(event)
    except _InvalidYaml as refused:
        return None, [*builder.findings, refused.finding]
    except yaml.YAMLError as fault:
        return None, [*builder.findings, _convert_fault(fault, text, file)]
    return builder.root, builder.findings


_PAIR = re.compile(r"\s*(?:- )?[^\s#][^:]*:\s+(?P<value>\S.*)\Z")


_OPENS_BLOCK = re.compile(r"[|>{\[]")


_MAX_SHOWN = 40  # characters of a line that a message shows


class _SyntaxProblem(NamedTuple):
    line: int
    column: int
    message: str
    hint: str


def make_syntax_finding(fault: yaml.YAMLError, text: str, file: str) -> Finding:
    """Return the finding for a text that is not YAML.

    Args:
        fault: The exception of the parser.
        text: The text.
        file: Name of the file in findings.
    """
    what = getattr(fault, "problem", None) or str(fault).splitlines()[0]
    context = getattr(fault, "context", None) or ""
    at, since = getattr(fault, "problem_mark", None), getattr(fault, "context_mark", None)
    mark = at or since
    if mark is None:
        return make_file_finding("yaml.syntax", f"not YAML: {what}", Place(file))
    lines = _BREAK.split(text)
    if mark.line >= len(lines):  # YAML reads one more line break at the end
        end = _SyntaxProblem(len(lines) - 1, len(lines[-1]), f"not YAML: the file ends too early ({context})", "")
        return _place_problem(end, file)
    described = _find_open_quote(lines, mark.line) or _explain_fault(what, mark, since, lines)
    if described is None:
        message = f"not YAML: {what}" + (f" ({context})" if context else "")
        described = _SyntaxProblem(mark.line, mark.column, message, "")
    return _place_problem(described, file)


# Line breaks as YAML counts them.
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")


def _place_problem(problem: _SyntaxProblem, file: str) -> Finding:
    place = Place(file, problem.line + 1, problem.column + 1)
    return make_file_finding("yaml.syntax", problem.message, place, hint=problem.hint)


def _find_open_quote(lines: list[str], until: int) -> _SyntaxProblem | None:
    """Return the first line that opens a quote without closing it."""
    for number, line in enumerate(lines[: until + 1]):
        if line.replace('\\"', "").count('"') % 2:
            hint = 'Close it with ". A " inside the text is written \\".'
            return _SyntaxProblem(number, line.index('"'), "the quote that opens here is not closed on its line", hint)
    return None


def _explain_fault(what: str, mark: Any, since: Any, lines: list[str]) -> _SyntaxProblem | None:
    if "mapping values are not allowed" in what:
        return _explain_colon(mark, lines)
    if since is not None and ("',' or '}'" in what or "',' or ']'" in what):
        sign, close = ("{", "}") if "}" in what else ("[", "]")
        hint = f"Close it with {close}, and put a comma between two entries."
        return _SyntaxProblem(
            since.line, since.column, f"the {sign} that opens here is not closed, or a comma is missing", hint
        )
    if since is not None and "could not find expected ':'" in what:
        word = lines[since.line][since.column :].strip()[:_MAX_SHOWN]
        return _SyntaxProblem(
            since.line, since.column, f"{word!r} is not `key: value`", "Put `: ` with a space after the key."
        )
    if "cannot start any token" in what:
        sign = lines[mark.line][mark.column : mark.column + 1]
        return _SyntaxProblem(mark.line, mark.column, f"a text cannot start with {sign!r}", "Put the text in quotes.")
    if "did not find expected key" in what or "expected '-' indicator" in what or "expected <block end>" in what:
        return _explain_indent(mark.line, lines)
    return None


def _explain_colon(mark: Any, lines: list[str]) -> _SyntaxProblem:
    """Explain an unexpected colon: a missing comma, a wrong indent, or a text with a colon."""
    line, before = lines[mark.line], lines[mark.line][: mark.column]
    if before.count("{") > before.count("}"):
        word = before.rsplit(" ", 1)[-1]
        hint = f"Write `, {word}:`; put a text with `: ` in it into quotes."
        return _SyntaxProblem(mark.line, mark.column - len(word), f"a comma is missing before `{word}:`", hint)
    above = _find_line_above(mark.line, lines)
    if above is not None and _count_spaces(line) > _count_spaces(lines[above]) and _has_value(lines[above]):
        return _explain_indent(mark.line, lines)
    key, _, value = line.strip().partition(":")
    message = "the text holds `: `, which starts a new value in YAML"
    return _SyntaxProblem(
        mark.line, mark.column, message, f'Put the text in quotes: {key}: "{value.strip()[:_MAX_SHOWN]}...".'
    )


def _has_value(line: str) -> bool:
    found = _PAIR.match(line)
    return bool(found and not _OPENS_BLOCK.match(found["value"]))


def _find_line_above(number: int, lines: list[str]) -> int | None:
    return next((n for n in range(number - 1, -1, -1) if lines[n].strip()), None)


def _count_spaces(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _explain_indent(number: int, lines: list[str]) -> _SyntaxProblem:
    """Report the line, or the one above it if only that has an odd number of spaces."""
    above = _find_line_above(number, lines)
    odd = above is not None and _count_spaces(lines[above]) % 2 == 1 and _count_spaces(lines[number]) % 2 == 0
    wrong, other = (above, number) if odd and above is not None else (number, above)
    spaces = _count_spaces(lines[wrong])
    message = f"{spaces} space(s) before `{lines[wrong].strip()[:_MAX_SHOWN]}`, which fit no block"
    if other is not None:
        message += f"; line {other + 1} has {_count_spaces(lines[other])}"
    hint = "Keys of one block start at one column; a block inside another starts two spaces further in."
    return _SyntaxProblem(wrong, spaces, message, hint)
