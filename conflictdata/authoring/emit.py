"""Render a YAML tree in canonical layout.

Sorts the keys, writes one pair per line, and puts a leaf on one line if it fits. Comments stay with their nodes.
"""

from __future__ import annotations

from collections.abc import Iterable

from conflictdata.authoring.comments import Comments, NodeName, locate_node, name_item, name_pair
from conflictdata.authoring.key_order import INDENT, SHAPES, WIDTH, get_inner_shape
from conflictdata.readers.yaml import Block, Items, Node, Scalar
from conflictdata.seeds.figures import is_outcome
from conflictdata.seeds.scalars import format_scalar


def render(root: Node, shape: str, comments: Comments) -> str:
    """Render the text of a file.

    Args:
        root: Its tree.
        shape: Shape of its outermost block or list (`conflictdata.authoring.key_order`).
        comments: Its comments.
    """
    return "\n".join([*comments.head, *_Writer(comments).write_nested(root, shape, None, 0), ""])


def order_pairs(block: Block, shape: str) -> list[tuple[Scalar, Node]]:
    """Sort the pairs of a block in canonical order.

    A pair with an unknown key stays after the pair that it follows.
    """
    if SHAPES[shape].by_key:
        return sorted(block.pairs, key=lambda pair: pair[0].text)
    rank = {key: number for number, key in enumerate(SHAPES[shape].order)}
    if not rank:
        return block.pairs
    place, placed = -1, []
    for key, node in block.pairs:
        # Outcomes and lists come last, in the order of the file.
        nested_last = len(rank) if SHAPES[shape].other in ("figure", "list") and _is_figure(key.text, node) else place
        place = rank.get(key.text, nested_last)
        placed.append((place, key, node))
    return [(key, node) for _, key, node in sorted(placed, key=lambda entry: entry[0])]


class _Writer:
    """Writes nodes as lines. `shape` and `key` give the block and key of a node."""

    def __init__(self, comments: Comments) -> None:
        self.comments = comments

    def write_nested(self, node: Node, shape: str, key: str | None, indent: int) -> list[str]:
        """Write a block or list below its key."""
        if isinstance(node, Block) and node.pairs:
            return self.write_block(node, get_inner_shape(shape, key), indent)
        if isinstance(node, Items) and node.items:
            lines = [line for item in node.items for line in self.write_item(item, shape, key, indent)]
            return lines + _pad_lines(self.comments.after.get(locate_node(node), ()), indent)
        return _pad_lines([self.write_flow(node, shape, key)], indent)

    def write_block(self, block: Block, shape: str, indent: int) -> list[str]:
        """Write the pairs of a block, and the comments at its end."""
        lines: list[str] = []
        for key, node in order_pairs(block, shape):
            above = self.comments.before.get(name_pair(key), [])
            lines += (
                _set_apart(above, indent) if lines and key.text in SHAPES[shape].apart else _pad_lines(above, indent)
            )
            lines += self.write_pair(key, node, shape, indent)
        return lines + _pad_lines(self.comments.after.get(locate_node(block), ()), indent)

    def write_pair(self, key: Scalar, node: Node, shape: str, indent: int) -> list[str]:
        """Write a pair on one line, or its key with the value below it."""
        head = f"{' ' * indent}{format_scalar(key.text)}:"
        line = self.write_line(head, node, shape, key.text)
        rest = [] if line else self.write_nested(node, shape, key.text, indent + INDENT)
        return [self.add_comment(line or head, name_pair(key)), *rest]

    def write_item(self, item: Node, shape: str, key: str | None, indent: int) -> list[str]:
        """Write a list item on one line, or with its first line after the dash."""
        above = _pad_lines(self.comments.before.get(name_item(item), ()), indent)
        if line := self.write_line(f"{' ' * indent}-", item, shape, key):
            return [*above, self.add_comment(line, name_item(item))]
        lines = self.write_nested(item, shape, key, indent + INDENT)
        first = next(n for n, line in enumerate(lines) if not line.lstrip().startswith("#"))
        above += _pad_lines([*self.comments.beside.get(name_item(item), "").splitlines(), *lines[:first]], indent)
        return [*above, f"{' ' * indent}- {lines[first].lstrip()}", *lines[first + 1 :]]

    def add_comment(self, line: str, name: NodeName) -> str:
        """Append the comment that belongs on the line."""
        comment = self.comments.beside.get(name)
        return f"{line}  {comment}" if comment else line

    def write_line(self, head: str, node: Node, shape: str, key: str | None) -> str:
        """Write a key or dash and its value on one line.

        Returns "" if the value is nested or does not fit.
        """
        if isinstance(node, Scalar):
            bare = not node.text and head.endswith(":")
            return head if bare else f"{head} {format_scalar(node.text, free=key in SHAPES[shape].texts)}"
        if not self.is_leaf(node, shape, key):
            return ""
        line = f"{head} {self.write_flow(node, shape, key)}"
        return line if len(line) <= WIDTH else ""

    def is_leaf(self, node: Block | Items, shape: str, key: str | None) -> bool:
        """Return whether a block or list may be on one line.

        It may if its shape allows it, nothing is nested in it, and no comment is inside it.
        """
        values = [value for _, value in node.pairs] if isinstance(node, Block) else node.items
        if not values:
            return True
        if isinstance(node, Block) and not SHAPES[get_inner_shape(shape, key)].one_line:
            return False
        named = [name_pair(k) for k, _ in node.pairs] if isinstance(node, Block) else [name_item(i) for i in values]
        before, beside = self.comments.before, self.comments.beside
        marked = locate_node(node) in self.comments.after or any(name in before or name in beside for name in named)
        return not marked and all(isinstance(value, Scalar) for value in values)

    def write_flow(self, node: Node, shape: str, key: str | None) -> str:
        """Write a value in brackets."""
        if isinstance(node, Scalar):
            return format_scalar(node.text, in_flow=True, free=key in SHAPES[shape].texts)
        if isinstance(node, Items):
            return f"[{', '.join(self.write_flow(item, shape, key) for item in node.items)}]"
        inner = get_inner_shape(shape, key)
        pairs = [
            f"{format_scalar(k.text, in_flow=True)}: {self.write_flow(v, inner, k.text)}"
            for k, v in order_pairs(node, inner)
        ]
        return f"{{{', '.join(pairs)}}}"


def _is_figure(key: str, node: Node) -> bool:
    return isinstance(node, Block) or is_outcome(key) or key.partition(" ")[0] in ("by", "including", "besides")


def _set_apart(comments: list[str], indent: int) -> list[str]:
    """Insert an empty line before a pair and its comments.

    It goes after comments that the author separated from the pair, else before all of them.
    """
    gap = max((n for n, line in enumerate(comments, 1) if not line), default=0)
    return [*_pad_lines(comments[:gap], indent), "", *_pad_lines(comments[gap:], indent)]


def _pad_lines(lines: Iterable[str], indent: int) -> list[str]:
    return [" " * indent + line.lstrip() for line in lines if line]
