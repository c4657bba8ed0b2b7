"""Walking a block of YAML key by key, with a finding for whatever is not as the grammar has it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from conflictdata.findings import Finding, Place
from conflictdata.seeds.nodes import Block, Items, Node, Text
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Cell


def nearest(word: str, words: Collection[str]) -> str:
    """A question that suggests the nearest known word, or nothing."""
    close = difflib.get_close_matches(word, list(words), n=1, cutoff=0.7)
    return f"Did you mean {close[0]!r}?" if close else ""


class Walker:
    """Reads values out of nodes of one file and collects findings."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings

    def place(self, node: Node) -> Place:
        """Where a node starts."""
        return Place(self.file, node.line, node.column)

    def report(self, id_: str, message: str, node: Node, *, value: str = "", hint: str = "") -> None:
        """Add a finding at a node."""
        self.findings.append(problem(id_, message, self.place(node), value=value, hint=hint))

    def block(self, node: Node | None, what: str) -> Block | None:
        """The node as a block, or a finding."""
        if isinstance(node, Block):
            return node
        if node is not None:
            self.report("seed.shape", f"{what} must be a block of `key: value` lines", node)
        return None

    def cell(self, node: Node, what: str) -> Cell | None:
        """The node as one value, or a finding."""
        if not isinstance(node, Text):
            self.report(
                "seed.shape", f"{what} holds one value, not a {'list' if isinstance(node, Items) else 'block'}", node
            )
            return None
        if not node.text.strip():
            self.report("seed.empty-value", f"{what} is empty", node)
            return None
        return Cell(node.text, node.line, node.column)

    def cells(self, node: Node, what: str) -> list[Cell]:
        """The node as one value or a list of values."""
        members = node.items if isinstance(node, Items) else [node]
        if not members:
            self.report("seed.empty-value", f"{what} is an empty list", node)
        return [cell for member in members if (cell := self.cell(member, what))]

    def pairs(self, block: Block, known: Collection[str], what: str) -> Iterator[tuple[str, Text, Node]]:
        """The pairs of a block whose key is known; a finding for each other key."""
        for key, value in block.pairs:
            if key.text in known:
                yield key.text, key, value
            else:
                hint = nearest(key.text, known) or f"{what} may have: {', '.join(sorted(known))}."
                self.report("seed.unknown-key", f"{what} has no key {key.text!r}", key, value=key.text, hint=hint)

    def require(self, cells: Collection[str], needed: Collection[str], node: Node, what: str) -> None:
        """A finding for each needed key that was not given."""
        for name in needed:
            if name not in cells:
                self.report("seed.missing-key", f"{what} has no {name!r}", node, hint=f"Add `{name}: ...`.")
