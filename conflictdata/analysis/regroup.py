"""What the printed parts of a claim add to a number, or give in its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from conflictdata.analysis.bounds import Bounds, ContradictionError, Node, add, close_tree
from conflictdata.analysis.groups import PeopleTerm, is_narrowed
from conflictdata.analysis.records import CountRow, Records
from conflictdata.analysis.statements import PageNumber, find_opener, get_number, read_bounds, read_number


def sum_parts(records: Records, root: CountRow, group: PeopleTerm, reading: str) -> PageNumber | None:
    """Return the sum of the parts of a page that make up an actor's people.

    From a complete list, the sum has the bounds of its parts. From examples ("including"), it is only a lower bound,
    and only if no actor among them belongs to another.

    Args:
        records: The records.
        root: The total of the page.
        group: The group; it must be an actor alone.
        reading: `stated` or `counted`.

    Returns:
        The sum; None if the page has no such parts.
    """
    if set(group.attributes) != {"actor_id"}:
        return None
    siblings: dict[tuple[str, str | None], list[CountRow]] = defaultdict(list)
    for row in records.children.get(root.figure_id, []):
        if row.relation in ("part", "subset") and (row.outcome, row.unit) == (root.outcome, root.unit):
            siblings[row.relation, row.axis].append(row)
    for (relation, axis), rows in sorted(siblings.items(), key=lambda item: item[0][0]):
        parts = [row for row in rows if _is_of(records, row, group) and not is_narrowed(row, root)]
        if not parts or not _are_apart(records, parts):
            continue
        if relation == "part" and (axis != "party" or not all(_is_decided(records, row, group) for row in rows)):
            continue
        numbers = [read_number(records, row, reading) for row in parts]
        total = add(number.bounds for number in numbers)
        known = [number.n for number in numbers if number.n is not None]
        if not known:
            continue
        bounds = total if relation == "part" else Bounds(low=total.low)
        qualifier = "exact" if relation == "part" and len(known) == len(numbers) else "at_least"
        opened_by = next((number.opened_by for number in numbers if number.opened_by), None)
        return PageNumber(root, sum(known), bounds, qualifier, opened_by, parts)
    return None


def narrow_number(records: Records, number: PageNumber) -> PageNumber:
    """Narrow what a number leaves, as stated, to what all numbers of its claim leave together.

    "At least 514" with parts that add up to 516 leaves at least 516.
    """
    closed = records.closed.get(number.row.figure_id)
    if closed is None:
        records.closed |= _close_claim(records, records.find_root(number.row))
        closed = records.closed[number.row.figure_id]
    return replace(number, bounds=closed._replace(best=number.bounds.best))


def _close_claim(records: Records, root: CountRow) -> dict[str, Bounds]:
    """Return what the numbers of a tree leave together; what each leaves alone, if they contradict each other."""
    nodes: dict[str, Node] = {}
    _collect_nodes(records, root, None, nodes)
    try:
        return close_tree(nodes)
    except ContradictionError:
        return {key: node.bounds for key, node in nodes.items()}


def _collect_nodes(records: Records, row: CountRow, parent: CountRow | None, nodes: dict[str, Node]) -> None:
    """Add a figure and those below it to the nodes of a tree.

    People beside the total, and numbers of another outcome or unit that are no part of it, begin a tree of their own.
    """
    if row.figure_id in nodes:
        return
    if parent is not None and (row.unit != parent.unit or not _is_inside(row, parent)):
        parent = None
    opened = find_opener(records, row) is not None
    bounds = read_bounds(row.qualifier, get_number(row), row.high, "stated", opened=opened)
    axis = (row.axis or "part") if row.relation == "part" else None
    nodes[row.figure_id] = Node(bounds, parent.figure_id, axis) if parent else Node(bounds)
    for child in records.children.get(row.figure_id, []):
        _collect_nodes(records, child, row, nodes)


def _is_inside(row: CountRow, parent: CountRow) -> bool:
    """Return whether a figure counts some of the people of the one above it."""
    return row.relation == "part" or (row.relation == "subset" and row.outcome == parent.outcome)


def _is_of(records: Records, row: CountRow, group: PeopleTerm) -> bool:
    """Return whether a figure counts people of the actor or of an actor under it."""
    bare = row.role is None and row.sex is None and row.age is None and row.person_status != "civilian"
    return bare and group.actor in records.list_chain("actors", row.actor_id)


def _is_decided(records: Records, row: CountRow, group: PeopleTerm) -> bool:
    """Return whether it is known that a part is of the actor as a whole, or not at all."""
    if row.person_status == "civilian" or _is_of(records, row, group):
        return True
    return row.actor_id is not None and row.actor_id not in records.list_chain("actors", group.actor)


def _are_apart(records: Records, parts: Sequence[CountRow]) -> bool:
    """Return whether no actor of the parts belongs to another of them."""
    actors = [row.actor_id for row in parts]
    chains = [records.list_chain("actors", actor)[1:] for actor in actors]
    return len(set(actors)) == len(actors) and not any(actor in chain for actor in actors for chain in chains)
