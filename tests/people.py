"""True figures: people are drawn first, and each figure counts some of them.

So every list closes, every subset fits into its whole, and no two groups exclude each other, whatever Hypothesis draws.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Cells = dict[str, Any]
Row = dict[str, Any]

DEEPEST = 3  # maximum level of figures
ROUND = (
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
)  # an exact multiple of one, at least 10 times as large, gives a warning

# The parents of each actor and place, including itself, and the status that an actor implies.
WITHIN = {
    "w0_army": ("w0_army", "w0_state"),
    "w0_rebels": ("w0_rebels",),
    "w0_faction": ("w0_faction", "w0_rebels"),
    "w0_country": ("w0_country",),
    "w0_province": ("w0_province", "w0_country"),
    "w0_town": ("w0_town", "w0_province", "w0_country"),
    "w0_site": ("w0_site", "w0_town", "w0_province", "w0_country"),
    "w0_village": ("w0_village", "w0_province", "w0_country"),
    "w0_area": ("w0_area",),
}
STATUS = {"w0_state": "armed_forces", "w0_army": "armed_forces", "w0_rebels": "fighter", "w0_faction": "fighter"}
# The words that a wider word includes.
NARROWER = {"adult": ("adult", "elderly"), "combatant": ("combatant", "armed_forces", "fighter")}


@dataclass(frozen=True)
class People:
    """A number of people who are equal in every attribute of figures."""

    count: int
    actor_id: str | None
    location_id: str
    sex: str
    age: str
    role: str | None
    cause: str
    perpetrator_id: str
    label: str
    half: int  # of the claim's window


@dataclass(frozen=True)
class Claim:
    """The attributes of a claim that its figures need."""

    claim_id: str
    location_id: str
    perpetrator_id: str | None = None  # if it names exactly one
    window: tuple[dt.date, dt.date] | None = None

    @property
    def halves(self) -> tuple[tuple[dt.date, dt.date], ...]:
        """Return the two halves of the window, or nothing if it has only one day."""
        if self.window is None or self.window[0] >= self.window[1]:
            return ()
        first, last = self.window
        middle = first + (last - first) // 2
        return (first, middle), (middle + dt.timedelta(days=1), last)


PEOPLE = st.builds(
    People,
    count=st.integers(0, 40) | st.integers(0, 2500),
    actor_id=st.sampled_from([None, "w0_army", "w0_rebels", "w0_faction"]),
    location_id=st.sampled_from(["w0_town", "w0_site", "w0_village"]),
    sex=st.sampled_from(["male", "female"]),
    age=st.sampled_from(["child", "adult", "elderly"]),
    role=st.sampled_from([None, "officer", "health_worker"]),
    cause=st.sampled_from(["airstrike", "shelling"]),
    perpetrator_id=st.sampled_from(["w0_army", "w0_rebels", "w0_faction"]),
    label=st.sampled_from(["Identified", "Not identified"]),
    half=st.integers(0, 1),
)

# Complete lists: axis, then the columns of each part. `half` is a half of the claim's window.
LISTS: dict[str, dict[str, Cells]] = {
    "party": {
        "civilians": {"person_status": "civilian"}, "army": {"actor_id": "w0_army"}, "rebels": {"actor_id": "w0_rebels"},
    },
    "sex": {"males": {"sex": "male"}, "females": {"sex": "female"}},
    "age": {"minors": {"age": "child"}, "grown_ups": {"age": "adult"}},
    "age_sex": {
        "men": {"age": "adult", "sex": "male"}, "women": {"age": "adult", "sex": "female"},
        "boys": {"age": "child", "sex": "male"}, "girls": {"age": "child", "sex": "female"},
    },
    "location": {"town": {"location_id": "w0_town"}, "village": {"location_id": "w0_village"}},
    "cause": {"bombed": {"cause": "airstrike"}, "shelled": {"cause": "shelling"}},
    "perpetrator": {"by_army": {"perpetrator_id": "w0_army"}, "by_rebels": {"perpetrator_id": "w0_rebels"}},
    "identification": {"identified": {"label": "Identified"}, "unidentified": {"label": "Not identified"}},
    "time": {"before": {"half": 0}, "after": {"half": 1}},
}  # fmt: skip
SUBSETS: dict[str, Cells] = {
    "children": {"age": "child"}, "women_and_girls": {"sex": "female"}, "old_men": {"age": "elderly", "sex": "male"},
    "elderly": {"age": "elderly"}, "fighters": {"person_status": "fighter"}, "combatants": {"person_status": "combatant"},
    "soldiers": {"person_status": "armed_forces"}, "noncombatants": {"person_status": "civilian"},
    "faction": {"actor_id": "w0_faction"}, "rebel_people": {"actor_id": "w0_rebels"}, "army_people": {"actor_id": "w0_army"},
    "medics": {"role": "health_worker"}, "in_hospital": {"location_id": "w0_site"}, "in_town": {"location_id": "w0_town"},
    "in_village": {"location_id": "w0_village"}, "hit_by_army": {"perpetrator_id": "w0_army"}, "officers": {"role": "officer"},
    "hit_by_faction": {"perpetrator_id": "w0_faction"}, "from_the_air": {"cause": "airstrike"},
    "named": {"label": "Identified"}, "late": {"half": 1},
}  # fmt: skip


def _get_status(person: People) -> str:
    return STATUS[person.actor_id] if person.actor_id else "civilian"


def _contains(wide: Any, narrow: Any) -> bool:
    """Return whether a word, actor or place includes another, or is the same."""
    return narrow == wide or narrow in NARROWER.get(wide, ()) or wide in WITHIN.get(narrow, ())


def _is_among(person: People, cells: Cells) -> bool:
    own = {**vars(person), "person_status": _get_status(person)}
    return all(_contains(value, own[column]) for column, value in cells.items())


def _add_status(cells: Cells) -> Cells:
    """Add the status that an actor implies."""
    status = {"person_status": STATUS[cells["actor_id"]]} if "actor_id" in cells else {}
    return {**status, **cells}


def _narrows(cells: Cells, above: Cells, claim: Claim) -> bool:
    """Return whether a figure may be below one described by `above`.

    It must fit into it and be narrower.
    """
    if "half" in cells and ("half" in above or not claim.halves):
        return False
    shared = {column: value for column, value in _add_status(cells).items() if column in above}
    fits = all(_contains(above[column], value) for column, value in shared.items())
    return fits and any(above.get(column) != value for column, value in cells.items())


def _make_columns(cells: Cells, claim: Claim) -> Cells:
    """Return the columns of a figure, with a half of the window as days."""
    columns = {name: value for name, value in cells.items() if name != "half"}
    if "half" in cells:
        columns["period_start"], columns["period_end"] = claim.halves[cells["half"]]
    return columns


def _is_round(number: int) -> bool:
    return any(number % unit == 0 and unit * 10 <= number < unit * 100 for unit in ROUND)


def draw_number(draw: Draw, count: int, *, slack: int) -> Cells:
    """Draw the columns of a true number. Bounds are off by up to `slack`."""
    words = ["more_than", "range", "dozens", "unstated"] + ["at_least", "about", "nearly", "up_to"] * (count > slack)
    words += ["exact"] * (6 * (not _is_round(count)))
    word = draw(st.sampled_from(words))
    off = draw(st.integers(0, slack)) if slack else 0
    low, high = max(count - off, 0), count + off
    shapes: dict[str, tuple[int | None, int | None, int | None]] = {
        "exact": (count, count, count), "at_least": (low, None, None), "more_than": (low, None, None),
        "about": (None, high, None), "nearly": (None, None, high), "up_to": (None, None, high),
        "range": (low, None, high + 1),
    }  # fmt: skip
    bounds = dict(zip(("low", "best", "high"), shapes.get(word, (None, None, None)), strict=True))
    printed = " to ".join(str(n) for n in dict.fromkeys(bounds.values()) if n is not None) or word
    return {"qualifier": word, **bounds, "printed": draw(st.sampled_from([None, f"{printed} people"]))}


def _draw_share(draw: Draw) -> Cells:
    words = ["exact", "at_least", "more_than", "about", "nearly", "up_to"]
    return {"qualifier": draw(st.sampled_from(words)), "share": draw(st.sampled_from([0.5, 12.5, 62.0, 100.0]))}


@dataclass(frozen=True)
class Node:
    """A planned figure: its path, its people, and the attributes in its path."""

    path: str
    people: tuple[People, ...]
    above: Mapping[str, Any]
    level: int = 1

    def select(self, name: str, cells: Cells) -> Node:
        """Return the figure of some of its people."""
        people = tuple(p for p in self.people if _is_among(p, cells))
        return Node(f"{self.path}.{name}", people, {**self.above, **_add_status(cells)}, self.level + 1)

    @property
    def count(self) -> int:
        """Return the number of its people."""
        return sum(p.count for p in self.people)


def _draw_lists(draw: Draw, node: Node, claim: Claim) -> list[tuple[str, str, Cells]]:
    """Draw complete lists as parts: axis, name and columns."""
    fitting = [a for a, parts in LISTS.items() if all(_narrows(c, node.above, claim) for c in parts.values())]
    # A list that leaves out people who are neither civilians nor of these two is not complete.
    chosen = draw(st.lists(st.sampled_from(fitting), unique=True, max_size=2)) if fitting else []
    return [(axis, name, cells) for axis in chosen for name, cells in LISTS[axis].items()]


def _draw_tree(draw: Draw, node: Node, claim: Claim, row: Row, kind: Row) -> list[Row]:
    """Draw a figure and all figures below it."""
    if node.level >= DEEPEST or draw(st.integers(0, 2)) == node.level:
        # A total prints its number as it is: it may be a point of a running toll.
        return [{**row, **kind, **draw_number(draw, node.count, slack=0 if node.level == 1 else 3)}]
    rows = [{**row, **kind, **draw_number(draw, node.count, slack=0)}]
    children: list[tuple[str, str | None, str, Cells]] = [("part", *part) for part in _draw_lists(draw, node, claim)]
    fitting = [name for name, cells in SUBSETS.items() if _narrows(cells, node.above, claim)]
    subsets = draw(st.lists(st.sampled_from(fitting), unique=True, max_size=4)) if fitting else []
    children += [("subset", None, name, SUBSETS[name]) for name in subsets]
    for relation, axis, name, cells in children:
        below = node.select(name, cells)
        child = {"figure_id": below.path, "claim_id": claim.claim_id, "parent_id": node.path, "relation": relation}
        child |= {"axis": axis, **_make_columns(cells, claim)}
        if relation == "subset" and draw(st.integers(0, 9)) == 0:
            rows.append({**child, **kind, **_draw_share(draw)})
        else:
            rows += _draw_tree(draw, below, claim, child, kind)
    if draw(st.integers(0, 4)) == 0:
        rows.append(_draw_outsiders(draw, node, claim) | kind)
    return rows


def _draw_outsiders(draw: Draw, node: Node, claim: Claim) -> Row:
    place = {"figure_id": f"{node.path}.others", "claim_id": claim.claim_id, "parent_id": node.path}
    return place | {"relation": "additional", "label": "Others"} | draw_number(draw, draw(st.integers(0, 30)), slack=3)


def draw_figures(draw: Draw, claim: Claim, people: tuple[People, ...]) -> list[Row]:
    """Draw the figures of a claim: up to three totals with their trees."""
    above: Cells = {"location_id": claim.location_id}
    if claim.perpetrator_id:
        above["perpetrator_id"] = claim.perpetrator_id
    hurt = tuple(replace(p, count=p.count // 2) for p in people)
    both = tuple(replace(p, count=p.count + p.count // 2) for p in people)
    outcomes = {"killed": people, "injured": hurt, "killed_or_injured": both}
    rows = []
    for outcome in draw(st.lists(st.sampled_from(list(outcomes)), unique=True, min_size=1, max_size=3)):
        root = Node(f"{claim.claim_id}.{outcome}", outcomes[outcome], above)
        row = {"figure_id": root.path, "claim_id": claim.claim_id, "relation": "total"}
        rows += _draw_tree(draw, root, claim, row, {"outcome": outcome, "unit": "persons"})
    if draw(st.integers(0, 4)) == 0:
        total = {"figure_id": f"{claim.claim_id}.families", "claim_id": claim.claim_id, "relation": "total"}
        count = sum(p.count for p in people)
        rows.append(total | {"outcome": "displaced", "unit": "families"} | draw_number(draw, count, slack=0))
    return rows
