"""Tree of numbers under an outcome, read into rows of `figures`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from conflictdata._utils.suggest import EditDistanceIndex, find_close
from conflictdata.readers.records import Cell, Record
from conflictdata.readers.yaml import Block, Node, Scalar
from conflictdata.schema.views import STATUS_OF_KIND
from conflictdata.schema.vocabularies import AXIS, CAUSE, OUTCOME, UNIT
from conflictdata.seeds import quantity
from conflictdata.seeds.group_words import GROUPS
from conflictdata.seeds.walker import Walker
from conflictdata.seeds.window import read_figure_window

_OUTCOME = re.compile(r"(?P<outcome>[a-z_]+)(?: \((?P<unit>[a-z]+)\))?\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9_]*\Z")
_SLUG = re.compile(r"[^a-z0-9_]")
# Hints for an unknown name in a list by places, perpetrators or causes.
_NEW_NAME_HINTS = {
    "location": "A new place goes into seeds/reference/locations.csv.",
    "perpetrator": "A new actor goes into seeds/reference/actors.csv.",
    "cause": f"The causes are {', '.join(CAUSE.values)}.",
}
_SPLIT_DIGITS = re.compile(r"[0-9]{2,3}\Z")
PLAIN_ATTRIBUTES = {  # attribute: the one column that it fills
    "actor": "actor_id", "label": "label", "role": "role", "sex": "sex", "age": "age", "cause": "cause",
    "location": "location_id", "perpetrator": "perpetrator_id", "printed": "printed", "population": "population",
    "toll": "toll_id",
}  # fmt: skip
_OTHER_KEYS = {"n", "who", "since", "until", "during", "including", "besides"}
_DESCRIBING_KEYS = {*PLAIN_ATTRIBUTES, "who", "during", "since", "until"} - {"printed"}
LISTS = {
    **{f"by {axis}": ("part", axis) for axis in AXIS.values},
    "including": ("subset", ""),
    "besides": ("additional", ""),
}
KEYS = {*PLAIN_ATTRIBUTES, *_OTHER_KEYS, *LISTS}


@lru_cache
def is_outcome(key: str) -> bool:
    """Return whether a key is an outcome, such as `killed` or `injured (cases)`."""
    hit = _OUTCOME.match(key)
    return bool(hit and hit["outcome"] in OUTCOME and (hit["unit"] or "persons") in UNIT)


@dataclass(frozen=True)
class Register:
    """Names that seeds may use.

    Attributes:
        actors: Kind of each actor, by actor id.
        locations: The location ids.
        complete: False if a reference table could not be read. Then no name is reported as unknown.
    """

    actors: dict[str, str]
    locations: frozenset[str]
    complete: bool = True

    @cached_property
    def group_index(self) -> EditDistanceIndex:
        """Return the index of group words and actor ids, to detect misspelt names."""
        return EditDistanceIndex((*GROUPS, *self.actors))

    @cached_property
    def place_index(self) -> EditDistanceIndex:
        """Return the index of location ids, to detect misspelt names."""
        return EditDistanceIndex(self.locations)


@dataclass(frozen=True)
class _FigurePosition:
    """Position of a figure in the tree of its claim."""

    parent: str
    relation: str
    axis: str
    outcome: str
    unit: str
    list_key: Scalar | None = None  # the key of the list that contains the figure


class FigureReader:
    """Reader of the outcomes of one claim. The rows are in `records`."""

    def __init__(self, walker: Walker, register: Register, claim_id: str) -> None:
        self.walker = walker
        self.register = register
        self.claim_id = claim_id
        self.records: list[Record] = []

    def read_root(self, key: Scalar, node: Node) -> None:
        """Read an outcome of the claim and all figures below it."""
        hit = _OUTCOME.match(key.text)
        assert hit is not None
        outcome, unit = hit["outcome"], hit["unit"] or "persons"
        name = outcome if unit == "persons" else f"{outcome}_{unit}"
        position = _FigurePosition("", "total", "", outcome, unit)
        self._read_figure(f"{self.claim_id}.{name}", key, node, position, {})

    def _read_figure(
        self, id_: str, key: Scalar, node: Node, position: _FigurePosition, named: dict[str, Cell]
    ) -> None:
        fixed = {
            "figure_id": id_, "claim_id": self.claim_id, "parent_id": position.parent, "relation": position.relation,
            "axis": position.axis, "outcome": position.outcome, "unit": position.unit,
        }  # fmt: skip
        cells = {name: Cell(text, key.line, key.column) for name, text in fixed.items() if text} | named
        if position.list_key:
            at = position.list_key
            written = [column for column in ("relation", "axis") if column in cells]
            cells |= {column: Cell(cells[column].text, at.line, at.column) for column in written}
        lists: list[tuple[Scalar, Node]] = []
        if isinstance(node, Scalar):
            if cell := self.walker.read_cell(node, key.text):
                self._read_quantity(cell, cells)
        else:
            lists = self._read_attributes(key, node, cells)
        self._derive_status(cells)
        self.records.append(Record("figures", cells, self.walker.file, key.line, key.column))
        seen: dict[str, Scalar] = {}
        for word, children in lists:
            self._read_list(id_, word, children, position, seen)

    def _read_attributes(self, key: Scalar, node: Node, cells: dict[str, Cell]) -> list[tuple[Scalar, Node]]:
        """Fill the cells of a figure written as a block, and return its lists."""
        block = self.walker.read_block(node, f"the figure {key.text!r}")
        if block is None:
            return []
        pairs = list(self.walker.iterate_pairs(self._repair_split_number(block), KEYS, f"the figure {key.text!r}"))
        nodes = {word: value for word, _, value in pairs}
        cells.update(self.walker.fill_cells(nodes, PLAIN_ATTRIBUTES))
        cells.update(read_figure_window(self.walker, nodes))
        if "who" in nodes:
            self._read_group_word(nodes["who"], cells)
        quantity_cell = (
            self.walker.read_cell(nodes["n"], "n") if "n" in nodes else Cell("unstated", key.line, key.column)
        )
        if quantity_cell:
            self._read_quantity(quantity_cell, cells)
        return [(name, value) for word, name, value in pairs if word in LISTS]

    def _repair_split_number(self, block: Block) -> Block:
        """Return the block without the digits that commas cut off a number.

        YAML reads `{n: 2,933}` as `n: 2` and a key `933`, and `{n: 1,70,679}` as `n: 1` and two keys.
        """
        kept: list[tuple[Scalar, Node]] = []
        cut: dict[int, list[str]] = {}
        for key, value in block.pairs:
            is_digits = _SPLIT_DIGITS.match(key.text) and isinstance(value, Scalar) and not value.text
            if is_digits and kept and isinstance(kept[-1][1], Scalar) and kept[-1][1].text[-1:].isdecimal():
                cut.setdefault(len(kept) - 1, []).append(key.text)
            else:
                kept.append((key, value))
        for number, digits in cut.items():
            before = kept[number][1]
            assert isinstance(before, Scalar)
            written, hint = ",".join([before.text, *digits]), f"Write {''.join([before.text, *digits])}."
            message = f"{written!r} is not a quantity: a number has no separators"
            self.walker.report("seed.quantity", message, before, value=written, hint=hint)
        return Block(block.line, block.column, kept) if cut else block

    def _read_group_word(self, node: Node, cells: dict[str, Cell]) -> None:
        cell = self.walker.read_cell(node, "who")
        if cell is None:
            return
        if cell.text not in GROUPS:
            hint = self.walker.suggest(cell.text, GROUPS) or f"Use one of: {', '.join(GROUPS)}."
            self.walker.report("seed.name", f"{cell.text!r} is not a group word", node, value=cell.text, hint=hint)
            return
        for column, value in GROUPS[cell.text].items():
            cells.setdefault(column, Cell(value, cell.line, cell.column))

    def _read_quantity(self, cell: Cell, cells: dict[str, Cell]) -> None:
        try:
            read = quantity.parse_quantity(cell.text)
        except quantity.NotAQuantity as fault:
            at = Scalar(cell.text, cell.line, cell.column)
            self.walker.report("seed.quantity", str(fault), at, value=cell.text, hint=fault.hint)
            read = quantity.Quantity("unstated")  # rules that need the number return unknown
        for column in ("qualifier", "low", "best", "high", "share"):
            if text := getattr(read, column):
                cells[column] = Cell(text, cell.line, cell.column)

    def _derive_status(self, cells: dict[str, Cell]) -> None:
        actor = cells.get("actor_id")
        if actor and "person_status" not in cells:
            status = STATUS_OF_KIND.get(self.register.actors.get(actor.text, ""), "")
            if status:
                cells["person_status"] = Cell(status, actor.line, actor.column)

    def _read_list(
        self, parent: str, word: Scalar, node: Node, position: _FigurePosition, seen: dict[str, Scalar]
    ) -> None:
        block = self.walker.read_block(node, f"`{word.text}`")
        if block is None:
            return
        relation, axis = LISTS[word.text]
        below = _FigurePosition(parent, relation, axis, position.outcome, position.unit, word)
        for key, value in block.pairs:
            if key.text in seen:
                message = (
                    f"the name {key.text!r} appears twice under one figure; it is first on line {seen[key.text].line}"
                )
                self.walker.report("seed.duplicate-name", message, key, value=key.text)
                continue
            seen[key.text] = key
            named = self._resolve_name(key, value, axis)
            self._read_figure(f"{parent}.{_SLUG.sub('_', key.text.lower()) or '_'}", key, value, below, named)

    def _resolve_name(self, key: Scalar, node: Node, axis: str) -> dict[str, Cell]:
        """Return the columns that the name of a figure fills.

        An unknown name is kept as `label`, so that sums remain complete.
        """
        name = key.text
        at = Cell(name, key.line, key.column)
        attributes = {word.text for word, _ in node.pairs} if isinstance(node, Block) else set()
        if axis == "location" and name in self.register.locations:
            return {} if "location" in attributes else {"location_id": at}
        if axis == "perpetrator" and name in self.register.actors:
            return {} if "perpetrator" in attributes else {"perpetrator_id": at}
        if axis == "cause" and name in CAUSE:
            return {"cause": at}
        if name in GROUPS:
            return {
                column: at._replace(text=value) for column, value in GROUPS[name].items() if column not in attributes
            }
        if name in self.register.actors and axis not in ("location", "perpetrator", "cause"):
            return {} if "actor" in attributes else {"actor_id": at}
        if not _NAME.match(name):
            message = f"{name!r} is not a name"
            self.walker.report("seed.name", message, key, value=name, hint="Use small letters, digits and _.")
            return {"label": at}
        if not attributes & _DESCRIBING_KEYS:
            if self.register.complete:
                self._report_unknown_name(key, axis)
            return {"label": at}
        self._report_near_name(key, node, axis)
        return {}

    def _report_near_name(self, key: Scalar, node: Node, axis: str) -> None:
        """Report a new name that is one edit away from a known one.

        No finding if an attribute of the figure gives the known name.
        """
        index = self.register.place_index if axis == "location" else self.register.group_index
        values = (
            {value.text for _, value in node.pairs if isinstance(value, Scalar)} if isinstance(node, Block) else set()
        )
        closest = next(iter(find_close(key.text, index.find_neighbours(key.text), least=0)), "")
        if closest and closest not in values:
            message = f"{key.text!r} is {closest!r} but for one letter"
            hint = f"Write {closest}. If another group is meant, give it a name that nobody takes for that one."
            self.walker.report("seed.name", message, key, value=key.text, hint=hint)

    def _report_unknown_name(self, key: Scalar, axis: str) -> None:
        known: dict[str, set[str]] = {
            "location": set(self.register.locations), "perpetrator": set(self.register.actors), "cause": set(CAUSE.values),
        }  # fmt: skip
        kind = {"location": "a location", "perpetrator": "an actor", "cause": "a cause"}.get(
            axis, "a group word or an actor"
        )
        words = known.get(axis, {*GROUPS, *self.register.actors})
        other = _NEW_NAME_HINTS.get(
            axis, f"A group that no word covers says who it is: `{key.text}: {{n: ..., label: ...}}`."
        )
        hint = f"{self.walker.suggest(key.text, words)} {other}".strip()
        message = f"{key.text!r} is not {kind}"
        others = {"location": known["location"], "actor": known["perpetrator"], "cause": known["cause"]}
        for attribute in (name for name, terms in others.items() if key.text in terms):
            # The name is known, but belongs into a list of another kind.
            message += f", but {'an' if attribute == 'actor' else 'a'} {attribute}"
            hint = f"Write `{key.text}: {{n: ..., {attribute}: {key.text}}}`, or put it into the list where it belongs."
        self.walker.report("seed.name", message, key, value=key.text, hint=hint)
