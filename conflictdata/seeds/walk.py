"""Walking a block of YAML key by key, with a finding for whatever is not as the grammar has it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator

from conflictdata.findings import Finding, Place
from conflictdata.schema.constraints import constraints
from conflictdata.seeds.nodes import Block, Items, Node, Text
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Cell

_TODO = re.compile(r"\s*TODO\b")


# Words that people write for a key of another name.
_MEANT = {
    "dead": "killed", "deaths": "killed", "died": "killed", "fatalities": "killed", "martyrs": "killed", "wounded": "injured",
    "hurt": "injured", "casualties": "killed_or_injured", "kidnapped": "abducted", "hostages": "abducted", "arrested": "detained",
    "prisoners": "captured", "refugees": "displaced", "idps": "displaced", "source": "claimant", "agency": "via", "place": "location",
    "quote": "printed", "date": "published", "of which": "including", "of whom": "including", "total": "n", "number": "n",
}  # fmt: skip


def meant(word: str, words: Collection[str]) -> str:
    """The known word that is meant by an unknown one; empty where there is no telling."""
    plain = word.strip().lower()
    if (other := _MEANT.get(plain)) and other in words:
        return other
    close = difflib.get_close_matches(plain, list(words), n=1, cutoff=0.7)
    return close[0] if close else ""


def nearest(word: str, words: Collection[str]) -> str:
    """A question that suggests the known word that is meant, or nothing."""
    found = meant(word, words)
    return f"Did you mean {found!r}?" if found else ""


def one_letter(word: str, other: str) -> bool:
    """True where two words differ by one letter: another one, one more or less, or two neighbours exchanged."""
    if word == other or min(len(word), len(other)) < 5:
        return False
    head = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    one, two = word[head:], other[head:]
    exchanged = len(one) > 1 and len(two) > 1 and one[:2] == two[1::-1] and one[2:] == two[2:]
    return exchanged or one[1:] == two[1:] or one[1:] == two or one == two[1:]


def is_todo(text: str) -> bool:
    """True for a value that a scaffold leaves to a person: `TODO`, whatever follows it."""
    return _TODO.match(text) is not None


class Walker:
    """Reads values out of nodes of one file and collects findings."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self._meant: set[str] = set()  # keys of the last block that were written otherwise

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
        if is_todo(node.text):
            self.report("seed.todo", f"{what} is still to be filled in", node, value=node.text)
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
        self._meant = set()
        for key, value in block.pairs:
            if key.text in known:
                yield key.text, key, value
            else:
                self._meant.add(meant(key.text, known))
                hint = nearest(key.text, known) or f"It may have: {', '.join(sorted(known))}."
                self.report("seed.unknown-key", f"{what} has no key {key.text!r}", key, value=key.text, hint=hint)

    def require(
        self, cells: Collection[str], needed: Collection[str], node: Node, what: str, table: str = "", **columns: str
    ) -> None:
        """A finding for each needed key that was not given, nor written otherwise in the block read last.

        Args:
            cells: the keys that were given.
            needed: those that must be.
            node: the block.
            what: the block in words.
            table: the table that it is a record of, to say what the key means.
            columns: by key, the column that it fills, where it is of another name.
        """
        meanings = {c.column: f"`: {c.description}" for c in constraints(table)} if table else {}
        for name in needed:
            if name not in cells and name not in self._meant:
                hint = f"Add `{name}: ...{meanings.get(columns.get(name, name), '`.')}"
                self.report("seed.missing-key", f"{what} has no {name!r}", node, hint=hint)
