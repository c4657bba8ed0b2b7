"""The tree of a claim: its totals, their parts, and the sentences that close it."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.site.records import Row, SiteTables, group_rows
from conflictdata.site.sentences import name_group
from conflictdata.site.wording import AXES, NOUNS, OUTCOMES, PrintedNumber, describe_quantity

_WORDS = {"subset": "including:", "additional": "besides these:"}


@dataclass(frozen=True)
class Branch:
    """Figures under one figure that belong together.

    Attributes:
        words: How they relate: `in full, by party:`.
        complete: Whether the list leaves nobody out.
        nodes: The figures.
    """

    words: str
    complete: bool
    nodes: tuple[FigureNode, ...]


@dataclass(frozen=True)
class FigureNode:
    """A figure in a tree.

    Attributes:
        row: Its row of `casualties`.
        quantity: Its number in words.
        group: Its group in words.
        branches: The figures under it.
        flags: Flags of this figure.
    """

    row: Row
    quantity: PrintedNumber
    group: str
    branches: tuple[Branch, ...]
    flags: tuple[Row, ...]

    @property
    def anchor(self) -> str:
        """Its anchor in the page."""
        return str(self.row["figure_id"])


def build_trees(records: SiteTables, claim_id: str) -> list[FigureNode]:
    """Return the totals of a claim, each with its tree."""
    figures = records.figures_by_claim.get(claim_id, [])
    children = group_rows(figures, "parent_id")
    return [_build_node(records, row, None, children) for row in figures if row["parent_id"] is None]


def _build_node(records: SiteTables, row: Row, parent: Row | None, children: dict[str, list[Row]]) -> FigureNode:
    grouped = group_rows(children.get(row["figure_id"], ()), lambda child: (child["relation"], child["axis"] or ""))
    branches = []
    for (relation, axis), members in sorted(grouped.items(), key=lambda item: (item[0][0] != "part", item[0])):
        complete = relation == "part"
        words = (
            f"in full{f', {AXES[axis]}' if axis in AXES else ''}:" if complete else _WORDS.get(relation, f"{relation}:")
        )
        branches.append(Branch(words, complete, tuple(_build_node(records, m, row, children) for m in members)))
    group = name_group(records, row, parent) if parent is not None else _name_root(records, row)
    flags = tuple(records.flags_by_record.get(row["figure_id"], ()))
    return FigureNode(row, describe_quantity(row), group, tuple(branches), flags)


def _name_root(records: SiteTables, row: Row) -> str:
    """Return a total in words: `killed`, `civilians killed`, `bodies: killed`."""
    outcome = OUTCOMES.get(row["outcome"], row["outcome"])
    group = name_group(records, row)
    unit = "" if row["unit"] == "persons" else f"{NOUNS.get(row['unit'], ('', row['unit']))[1]}, "
    if group == outcome:
        return f"{unit}{outcome}"
    return f"{unit}{group}" if row["outcome"] == "other" else f"{unit}{group}, {outcome}"


def close_tree(node: FigureNode) -> list[str]:
    """Return sentences on the sums of a tree: each complete list added up, and what is not added."""
    sentences = [_add_up(node, branch) for branch in node.branches if branch.complete]
    if _holds_subset(node):
        sentences.append("A number under “including” is part of the number above it. It is not added again.")
    return [sentence for sentence in sentences if sentence]


def _add_up(node: FigureNode, branch: Branch) -> str:
    exact = [child.row["best"] for child in branch.nodes if child.row["qualifier"] == "exact"]
    if len(exact) < len(branch.nodes):
        return f"Not every number of the list {branch.words.rstrip(':')} is exact, so the list has no exact sum."
    total = sum(exact)
    terms = f"{' + '.join(f'{n:,}' for n in exact)} = {total:,}." if len(exact) > 1 else ""
    if node.quantity.size is None:
        return f"{terms} The page prints no number for the whole.".strip()
    if total == node.quantity.size:
        return f"{terms} The parts add up to the printed total.".strip()
    return f"{terms} The page prints {node.quantity}.".strip()


def _holds_subset(node: FigureNode) -> bool:
    return any(not b.complete and b.words.startswith("incl") for b in node.branches) or any(
        _holds_subset(child) for branch in node.branches for child in branch.nodes
    )


def choose_width(nodes: list[FigureNode]) -> str:
    """Return the class of a tree by its longest number below the totals, so that all numbers end in one column."""

    def measure(node: FigureNode) -> int:
        children = [child for branch in node.branches for child in branch.nodes]
        return max((max(len(str(child.quantity)), measure(child)) for child in children), default=0)

    longest = max(map(measure, nodes), default=0)
    return next((name for most, name in ((3, ""), (5, "w5"), (7, "w7"), (13, "w13")) if longest <= most), "w18")


def list_marks(nodes: list[FigureNode]) -> list[str]:
    """Return the names of all marks in trees, in the order of the key."""
    marks = set()

    def visit(node: FigureNode) -> None:
        marks.add(node.quantity.mark)
        for branch in node.branches:
            for child in branch.nodes:
                visit(child)

    for node in nodes:
        visit(node)
    return [mark for mark in ("exact", "up", "down", "about", "range", "words") if mark in marks]
