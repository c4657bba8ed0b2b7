"""Examples for the rules, written by hand, split into parts to show.

`rule_examples/<group>.yaml` has, per rule id, a title, a bad example and a good example. An example maps places to
texts:

- `claim`: keys of a claim; `claims`: the claims of a page; `page`: keys of a page. The tests add the other keys
  (`tests/exampleworld.py`).
- `events`: events of `seeds/events/<conflict>.yaml`; `actors`, `locations`, `aliases`, `conflicts`: rows of that table.
- `figures.csv` and others: a table on its own. The tests add the other columns.
- a path such as `waivers.yaml`: a whole seed file. A path that ends in `/`: the files of that folder.
- `package`: changes made by hand to a built package.

`also` lists other rules that the bad example breaks. `reported_as` is the rule that reports the fault instead of this
one. `unseen` explains why there is no example.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conflictdata.rules.explanations import ExampleFinding, ExamplePart

FOLDER = Path(__file__).parent / "rule_examples"
MESSAGES_FILE = FOLDER / "told.json"

_PAGE = "seeds/sources/war/paper-2024-06-02.yaml"
_WHERE = {
    "claim": f"in a claim of {_PAGE}",
    "claims": f"under `claims` in {_PAGE}",
    "page": f"in {_PAGE}",
    "events": "in seeds/events/war.yaml",
    "actors": "in seeds/reference/actors.csv",
    "locations": "in seeds/reference/locations.csv",
    "aliases": "in seeds/reference/aliases.csv",
    "conflicts": "in seeds/reference/conflicts.csv",
    "package": "in build/package",
}
_TABLES = {"actors", "locations", "aliases", "conflicts"}


@dataclass(frozen=True)
class RuleExample:
    """An example as written: texts by place.

    Attributes:
        title: What holds if the rule is not broken.
        bad: Breaks the rule. Empty if no file is known that does.
        good: Does not break it.
        also: Other rules that the bad example breaks.
        reported_as: The rule that reports the fault instead of this one.
        unseen: Why there is no example.
    """

    title: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    reported_as: str = ""
    unseen: str = ""


def load_examples() -> dict[str, RuleExample]:
    """Return all examples, by rule id."""
    import yaml

    loaded: dict[str, RuleExample] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for id_, parts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            loaded[id_] = RuleExample(**{**parts, "also": tuple(parts.get("also", ()))})
    return loaded


def load_messages() -> dict[str, ExampleFinding]:
    """Return the finding of each bad example, as stored by the tests."""
    stored: dict[str, Any] = json.loads(MESSAGES_FILE.read_text(encoding="utf-8"))
    return {id_: ExampleFinding(**message) for id_, message in stored.items()}


def make_parts(example: Mapping[str, str]) -> tuple[ExamplePart, ...]:
    """Convert an example to the parts that an explanation shows."""
    return tuple(
        ExamplePart(place, _describe_place(place), _detect_language(place), text) for place, text in example.items()
    )


def _describe_place(place: str) -> str:
    if place in _WHERE:
        return _WHERE[place]
    if "/" not in place and not place.endswith(".yaml") and place != "retired.csv":
        return f"in a table by itself, {place} (the other columns are filled in)"
    return f"in seeds/{place}" if place.endswith("/") else f"seeds/{place}"


def _detect_language(place: str) -> str:
    if place in _TABLES or place.endswith(".csv"):
        return "csv"
    if place == "package" or place.endswith("/"):
        return "text"
    return "yaml"
