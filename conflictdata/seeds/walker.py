"""Walk through blocks of YAML, and report everything that breaks the grammar."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from conflictdata._utils.suggest import ask_whether, find_closest
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell, is_todo
from conflictdata.readers.yaml import Block, Items, Node, Scalar
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import load_constraints

GUESSES = 500  # maximum of spelling suggestions per file: each compares one word with every known word


class Walker:
    """Reader of values from the nodes of one file. Collects findings."""

    def __init__(self, file: str, findings: list[Finding]) -> None:
        self.file = file
        self.findings = findings
        self._misspelt: set[str] = set()  # suggested keys for the unknown keys of the last block
        self._guesses = GUESSES

    def place(self, node: Node) -> Place:
        """Return the position where a node starts."""
        return Place(self.file, node.line, node.column)

    def report(self, id_: str, message: str, node: Node, *, value: str = "", hint: str = "") -> None:
        """Add a finding at a node."""
        self.findings.append(make_file_finding(id_, message, self.place(node), value=value, hint=hint))

    def guess(self, word: str, words: Collection[str]) -> str:
        """Return the known word that an unknown one probably means.

        Returns "" if no word is close, and after `GUESSES` calls: each call is expensive.
        """
        if not self._guesses:
            return ""
        self._guesses -= 1
        return find_closest(word, words)

    def suggest(self, word: str, words: Collection[str]) -> str:
        """Return a question that suggests the closest known word, or ""."""
        return ask_whether(self.guess(word, words))

    def read_block(self, node: Node | None, what: str) -> Block | None:
        """Return the node as a block. Report it and return None if it is not one."""
        if isinstance(node, Block):
            return node
        if node is not None:
            self.report("seed.shape", f"{what} must be a block of `key: value` lines", node)
        return None

    def read_cell(self, node: Node, what: str) -> Cell | None:
        """Return the node as one value. Report it and return None if it is not one."""
        if not isinstance(node, Scalar):
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

    def read_cells(self, node: Node, what: str) -> list[Cell]:
        """Return the node as a list of values. A single value gives a list of one."""
        members = node.items if isinstance(node, Items) else [node]
        if not members:
            self.report("seed.empty-value", f"{what} is an empty list", node)
        return [cell for member in members if (cell := self.read_cell(member, what))]

    def find_cell(self, nodes: Mapping[str, Node], word: str) -> Cell | None:
        """Return the value of a key as `read_cell` does, or None if the block lacks the key."""
        return self.read_cell(nodes[word], word) if word in nodes else None

    def find_cells(self, nodes: Mapping[str, Node], word: str) -> list[Cell]:
        """Return the values of a key as `read_cells` does, or none if the block lacks the key."""
        return self.read_cells(nodes[word], word) if word in nodes else []

    def fill_cells(self, nodes: Mapping[str, Node], columns: Mapping[str, str], **defaults: str) -> dict[str, Cell]:
        """Return the cells of a record: the defaults, and the values of its keys.

        Args:
            nodes: The values, by key.
            columns: The column that each key fills.
            defaults: Text by column.
        """
        cells = {column: Cell(text) for column, text in defaults.items()}
        return cells | {column: cell for word, column in columns.items() if (cell := self.find_cell(nodes, word))}

    def read_nodes(self, block: Block, known: Collection[str], what: str) -> dict[str, Node]:
        """Return the values of the known keys of a block, by key. Report the other keys."""
        return {word: value for word, _, value in self.iterate_pairs(block, known, what)}

    def iterate_pairs(self, block: Block, known: Collection[str], what: str) -> Iterator[tuple[str, Scalar, Node]]:
        """Yield word, key and value of the known keys of a block. Report the other keys."""
        self._misspelt = set()
        for key, value in block.pairs:
            if key.text in known:
                yield key.text, key, value
            else:
                word = self.guess(key.text, known)
                self._misspelt.add(word)
                hint = ask_whether(word) or f"It may have: {', '.join(sorted(known))}."
                self.report("seed.unknown-key", f"{what} has no key {key.text!r}", key, value=key.text, hint=hint)

    def require(
        self, cells: Collection[str], needed: Collection[str], node: Node, what: str, table: str = "", **columns: str
    ) -> None:
        """Report each missing key, unless the last block had a misspelling of it.

        Args:
            cells: The keys present.
            needed: The required keys.
            node: The block, for the position of the finding.
            what: Name of the block in the message.
            table: Table of the record, to add the meaning of the key to the hint.
            columns: The column that a key fills, by key, if the names differ.
        """
        missing = [name for name in needed if name not in cells and name not in self._misspelt]
        meanings = {c.column: f"`: {c.description}" for c in load_constraints(table)} if table and missing else {}
        for name in missing:
            hint = f"Add `{name}: ...{meanings.get(columns.get(name, name), '`.')}"
            self.report("seed.missing-key", f"{what} has no {name!r}", node, hint=hint)
