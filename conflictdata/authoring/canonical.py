"""Format a YAML seed file in canonical form, without changing its meaning.

The result depends only on the contents and comments of the file, not on its layout. It is parsed again: if any value or
comment differs, the file does not change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from conflictdata.authoring import comments, dates
from conflictdata.authoring.compose import convert_to_data
from conflictdata.authoring.emit import render
from conflictdata.authoring.key_order import SHAPES, get_inner_shape
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell
from conflictdata.readers.text import decode_text
from conflictdata.readers.yaml import Block, Items, Node, Scalar, parse_yaml
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.fields import EVENT_ID

# Faults that formatting fixes.
FIXABLE_RULES = {"file.byte-order-mark", "file.line-ending", "file.tab", "file.normal-form"}
BY_HAND = "Bring it into the form of docs/seeds-reference.md by hand."
_NAMED = {"waivers": "waivers", "release": "release"}
_FOLDERS = {"events": "events", "sources": "page"}
_SPACES = re.compile(r"[ \t\r\n]+")
_MARGIN = re.compile(r"^[ \t]+(?=[^ \t#\r\n])", re.MULTILINE)


@dataclass
class FormattedText:
    """The result of formatting a file.

    Attributes:
        text: The canonical text. None if the file must not change.
        findings: Why it must not change, or what a person has to decide.
    """

    text: str | None
    findings: list[Finding] = field(default_factory=list)


def format_yaml(data: bytes, file: str, shape: str = "") -> FormattedText:
    """Format a seed file in canonical form.

    Args:
        data: Its bytes.
        file: Its name, for findings and to detect the kind of file.
        shape: Shape of its outermost block (`key_order.SHAPES`). Default: detected.

    Returns:
        The canonical text, or the findings that prevent it.
    """
    text, faults = decode_text(data, file)
    barriers = [f for f in faults if f.rule not in FIXABLE_RULES] + _find_mixed_margins(data, file, faults)
    if text is None or barriers:
        return FormattedText(None, barriers or faults)
    root, troubles = parse_yaml(text, file)
    if root is None or troubles:
        return FormattedText(
            None, troubles or [make_file_finding("file.empty", "the file has no content", Place(file))]
        )
    shape = shape or detect_shape(Path(file), root)
    if misfit := _find_misfit(root, shape, file) or _find_cut_value(root, text, file):
        return FormattedText(None, [misfit])
    file_comments = comments.read_comments(text, root)
    normalize_values(root, shape)
    written = render(root, shape, file_comments)
    fault = "" if written == text else _describe_change(root, file_comments, written, file)
    if fault:
        return FormattedText(
            None, [make_file_finding("seed.shape", f"{fault}: the file was not changed", Place(file), hint=BY_HAND)]
        )
    return FormattedText(written, _find_ambiguous_days(root, shape, file))


def _find_misfit(root: Node, shape: str, file: str) -> Finding | None:
    """Return a finding if a tree is not a seed file of that shape."""
    if not shape:
        hint = "Give it the path of docs/seeds-reference.md, such as seeds/sources/<conflict>/<publisher>-<published>.yaml."
        return make_file_finding("seed.shape", "the kind of seed file is unknown", Place(file), hint=hint)
    if isinstance(root, Scalar) or isinstance(root, Items) != SHAPES[shape].is_list:
        message = f"the file must be {'a list' if SHAPES[shape].is_list else 'a block of `key: value` lines'}"
        return make_file_finding("seed.shape", message, Place(file, root.line, root.column))
    return None


def _find_cut_value(root: Node, text: str, file: str) -> Finding | None:
    """Find a comma in brackets that may belong to a value.

    To YAML, `{n: 2,933}` is `n: 2` and a key `933`.
    """
    lines = text.split("\n")
    for block, _, _ in _iterate_nodes(root, ""):
        if not isinstance(block, Block) or lines[block.line - 1][block.column - 1 : block.column] != "{":
            continue
        for (_, before), (key, value) in zip(block.pairs, block.pairs[1:], strict=False):
            quoted = lines[value.line - 1][value.column - 1 : value.column] in ("'", '"')
            if isinstance(value, Scalar) and not value.text and not quoted:
                head = before.text if isinstance(before, Scalar) else "..."
                message = f"{key.text!r} has no value: the comma before it may belong to the value, {head},{key.text}"
                hint = "Write numbers without separators, and put quotes around a text with a comma."
                return make_file_finding("seed.empty-value", message, Place(file, key.line, key.column), hint=hint)
    return None


def detect_shape(path: Path, root: Node) -> str:
    """Detect the kind of a seed file by its path, else by its keys. "" if unknown."""
    if path.stem in _NAMED:
        return _NAMED[path.stem]
    for folder in (path.parent.name, path.parent.parent.name):
        if folder in _FOLDERS:
            return _FOLDERS[folder]
    if not isinstance(root, Block):
        return ""
    keys = {key.text for key, _ in root.pairs}
    if keys & {"publisher", "claims"}:
        return "page"
    return "events" if any(re.fullmatch(EVENT_ID, key) for key in keys) else ""


def _find_mixed_margins(data: bytes, file: str, faults: list[Finding]) -> list[Finding]:
    """Find a line indented with tabs in a file that also indents with spaces.

    The level of such a line is ambiguous.
    """
    if not any(f.rule == "file.tab" for f in faults):
        return []
    text = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    margins = list(_MARGIN.finditer(text))
    tabs = [margin for margin in margins if "\t" in margin[0]]
    if not tabs or all(set(margin[0]) == {"\t"} for margin in margins):
        return []
    line = text.count("\n", 0, tabs[0].start()) + 1
    message = "a tab indents this line, and spaces indent other lines"
    hint = "Indent it with spaces, to the level that you mean."
    return [
        make_file_finding("file.tab", message, Place(file, line, tabs[0][0].index("\t") + 1), value=r"'\t'", hint=hint)
    ]


def normalize_values(root: Node, shape: str) -> None:
    """Normalize all values of a tree, in place."""
    for node, kind, key in _iterate_nodes(root, shape):
        if isinstance(node, Scalar):
            node.text = clean_text(node.text, day=key in SHAPES[kind].dates, free=key in SHAPES[kind].texts)


def clean_text(text: str, *, day: bool = False, free: bool = False) -> str:
    """Normalize the spaces of a value, and trim it.

    Args:
        text: The value.
        day: The value is a day: write it as YYYY-MM-DD if it is unambiguous.
        free: The value is free text: convert it to Unicode's NFC.
    """
    text = _SPACES.sub(" ", text).strip(" ")
    if day:
        return dates.normalize_day(text)
    return unicodedata.normalize("NFC", text) if free else text


def _describe_change(root: Node, file_comments: comments.Comments, written: str, file: str) -> str:
    """Describe what the written text changes in the tree it was written from.

    Returns "" if nothing changes.
    """
    reparsed, troubles = parse_yaml(written, file)
    if reparsed is None or troubles:
        return "its canonical form could not be read again"
    if convert_to_data(reparsed) != convert_to_data(root):
        return "its canonical form would say something else"
    if comments.read_comments(written, reparsed).list_all() != file_comments.list_all():
        return "its canonical form would lose a comment"
    return ""


def _find_ambiguous_days(root: Node, shape: str, file: str) -> list[Finding]:
    nodes = [node for node, kind, key in _iterate_nodes(root, shape) if key in SHAPES[kind].dates]
    return [finding for node in nodes if isinstance(node, Scalar) for finding in find_ambiguous_day(node, file)]


def find_ambiguous_day(cell: Scalar | Cell, file: str) -> Iterator[Finding]:
    """Yield a warning if a day can be read in two ways; such days are not changed."""
    if day := dates.find_ambiguous(cell.text.strip()):
        alternatives = " or ".join(read.isoformat() for read in dates.list_possible_days(day))
        message = f"{day} may be {alternatives}: it was not changed"
        place = Place(file, cell.line, cell.column)
        yield Finding("cells.date", "warning", message, "Write the day as YYYY-MM-DD.", value=day, place=place)


def _iterate_nodes(root: Node, shape: str) -> Iterator[tuple[Node, str, str | None]]:
    """Yield every node, with the shape of its block and its key. Without a shape, all shapes are ""."""
    pending: list[tuple[Node, str, str | None]] = [(root, shape, None)]
    while pending:
        node, kind, key = pending.pop()
        yield node, kind, key
        if isinstance(node, Items):
            pending += [(item, kind, key) for item in node.items]
        elif isinstance(node, Block):
            inner = get_inner_shape(kind, key) if kind else ""
            pending += [(value, inner, name.text) for name, value in node.pairs]
