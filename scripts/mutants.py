"""Mutants of the code that judges: one operator, comparison, constant or column changed, never a text.

`scripts/mutate.py` draws from them and runs the nearest tests on each.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COMPARED: dict[type[ast.cmpop], tuple[str, str]] = {
    ast.Lt: ("<", "<="), ast.LtE: ("<=", "<"), ast.Gt: (">", ">="), ast.GtE: (">=", ">"),
    ast.Eq: ("==", "!="), ast.NotEq: ("!=", "=="), ast.In: ("in", "not in"), ast.NotIn: ("not in", "in"),
    ast.Is: ("is", "is not"), ast.IsNot: ("is not", "is"),
}  # fmt: skip
COMPUTED: dict[type[ast.operator], tuple[str, str]] = {
    ast.Add: ("+", "-"), ast.Sub: ("-", "+"), ast.Mult: ("*", "+"), ast.Div: ("/", "*"), ast.FloorDiv: ("//", "*"),
    ast.Mod: ("%", "+"), ast.Pow: ("**", "*"), ast.BitAnd: ("&", "|"), ast.BitOr: ("|", "&"),
}  # fmt: skip
# Keywords whose values are texts or only describe a rule.
DESCRIPTIVE = {
    "id",
    "number",
    "message",
    "hint",
    "why",
    "title",
    "found",
    "note",
    "description",
    "example",
    "severity",
    "table",
}


@dataclass(frozen=True)
class Mutant:
    """One change in one file.

    Attributes:
        file: Path in the repository.
        line: Line of the change, from 1.
        start: First byte of the changed text in the file.
        before: Text that is replaced.
        after: Text that replaces it.
        kind: `comparison`, `operator`, `operand`, `constant` or `column`.
    """

    file: str
    line: int
    start: int
    before: str
    after: str
    kind: str

    @property
    def id(self) -> str:
        """Return a name that is unique in one state of the repository."""
        return f"{self.file}:{self.line}@{self.start} {' '.join(self.before.split())} -> {' '.join(self.after.split())}"

    def change(self, source: bytes) -> bytes:
        """Return the source of the file with the change.

        Raises:
            ValueError: If the file has another text at the place.
        """
        old = self.before.encode()
        if source[self.start : self.start + len(old)] != old:
            raise ValueError(f"{self.file} has changed at {self.line}")
        return source[: self.start] + self.after.encode() + source[self.start + len(old) :]


@cache
def load_columns(root: Path) -> frozenset[str]:
    """Return the names of all columns: of our tables, and of the datasets of others."""
    ours = [json.loads(path.read_bytes()) for path in (root / "schemas").glob("*.json")]
    names = {field["name"] for schema in ours for field in schema.get("fields", ())}
    others = json.loads((root / "conflictdata/datasets/compiled.json").read_bytes())["tables"]
    return frozenset(names | {column["column"] for table in others.values() for column in table["columns"]})


class _Finder:
    """Finds the mutants of one file."""

    def __init__(self, root: Path, file: str) -> None:
        self.file, self.source = file, (root / file).read_bytes()
        self.tree = ast.parse(self.source)
        self.starts = [0]
        for line in self.source.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        columns = load_columns(root)
        texts = {n.value for n in ast.walk(self.tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
        self.columns = sorted(texts & columns)

    def find_all(self) -> Iterator[Mutant]:
        yield from self._visit(self.tree)

    def _visit(self, node: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.JoinedStr):  # a text; and Python 3.11 does not know the places inside
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):  # a docstring
            return
        yield from self._mutate(node)
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "type_comment"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.keyword) and child.arg in DESCRIPTIVE:
                    continue
                if isinstance(child, ast.AST):
                    yield from self._visit(child)

    def _mutate(self, node: ast.AST) -> Iterator[Mutant]:
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
                yield from self._exchange(left, right, COMPARED[type(operator)], "comparison")
        elif isinstance(node, ast.BinOp) and type(node.op) in COMPUTED and not _is_text(node):
            yield from self._exchange(node.left, node.right, COMPUTED[type(node.op)], "operator")
            if isinstance(node.op, ast.BitAnd | ast.BitOr):
                yield from self._keep_one(node, [node.left, node.right])
        elif isinstance(node, ast.BoolOp):
            words = ("and", "or") if isinstance(node.op, ast.And) else ("or", "and")
            yield from self._exchange(node.values[0], node.values[1], words, "operator")
            for dropped in node.values:
                yield from self._join(node, [value for value in node.values if value is not dropped], words[0])
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.Invert | ast.USub):
            yield self._make(*self._find_span(node), f"({self._get_text(node.operand)})", "operator")
        elif isinstance(node, ast.Constant):
            yield from self._change_constant(node)

    def _change_constant(self, node: ast.Constant) -> Iterator[Mutant]:
        value, span = node.value, self._find_span(node)
        if isinstance(value, bool):
            yield self._make(*span, str(not value), "constant")
        elif isinstance(value, int):
            yield self._make(*span, str(value + 1), "constant")
            if value > 0:
                yield self._make(*span, str(value - 1), "constant")
        elif isinstance(value, float):
            yield self._make(*span, repr(value * 2 if value else 1.0), "constant")
        elif isinstance(value, str) and value in self.columns and len(self.columns) > 1:
            other = self.columns[(self.columns.index(value) + 1) % len(self.columns)]
            if self.source[span[0] : span[1]] == f'"{value}"'.encode():
                yield self._make(*span, f'"{other}"', "column")

    def _exchange(self, left: ast.expr, right: ast.expr, words: tuple[str, str], kind: str) -> Iterator[Mutant]:
        start, end = self._find_span(left)[1], self._find_span(right)[0]
        pattern = r"\s+".join(re.escape(word) for word in words[0].split())
        between = re.sub(rb"#.*", lambda hit: b" " * len(hit[0]), self.source[start:end])
        if hit := re.search(pattern.encode(), between):
            yield self._make(start + hit.start(), start + hit.end(), words[1], kind)

    def _keep_one(self, node: ast.expr, sides: list[ast.expr]) -> Iterator[Mutant]:
        for side in sides:
            yield self._make(*self._find_span(node), f"({self._get_text(side)})", "operand")

    def _join(self, node: ast.expr, sides: list[ast.expr], word: str) -> Iterator[Mutant]:
        text = f" {word} ".join(f"({self._get_text(side)})" for side in sides)
        yield self._make(*self._find_span(node), f"({text})", "operand")

    def _find_span(self, node: ast.expr) -> tuple[int, int]:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return (
            self.starts[node.lineno - 1] + node.col_offset,
            self.starts[node.end_lineno - 1] + node.end_col_offset,
        )

    def _get_text(self, node: ast.expr) -> str:
        start, end = self._find_span(node)
        return self.source[start:end].decode()

    def _make(self, start: int, end: int, after: str, kind: str) -> Mutant:
        line = self.source.count(b"\n", 0, start) + 1
        return Mutant(self.file, line, start, self.source[start:end].decode(), after, kind)


def _is_text(node: ast.expr) -> bool:
    """Return whether an expression builds a text, as far as its form shows it."""
    if isinstance(node, ast.BinOp):
        return _is_text(node.left) or _is_text(node.right)
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def find_mutants(root: Path, file: str) -> list[Mutant]:
    """Return the mutants of a file, in the order of their places."""
    return sorted(set(_Finder(root, file).find_all()), key=lambda m: (m.start, m.before, m.after))


def is_another_program(root: Path, mutant: Mutant) -> bool:
    """Return whether Python can compile a mutant, and to something else than the file."""
    source = (root / mutant.file).read_bytes()
    try:
        return ast.dump(ast.parse(mutant.change(source))) != ast.dump(ast.parse(source))
    except SyntaxError:
        return False
