"""The examples written by hand, as pieces to show.

`examples/<group>.yaml` holds, by id, a title and a bad and a good example. An example is a mapping of places to texts:

- `claim`: keys of a claim; `claims`: the claims of a page; `page`: keys of a page. What is left out is filled in when
  the example is tried, as `tests/exampleworld.py` has it.
- `events`: events of `seeds/events/<conflict>.yaml`; `actors`, `locations`, `aliases`, `conflicts`: rows of that table.
- `figures.csv` and the like: a table by itself; columns that are left out are filled in.
- a path such as `waivers.yaml`: a whole file of the seeds. A path that ends in `/`: the files of that folder.
- `package`: what was changed by hand in a built package.

`also` names rules that the bad example breaks too, `reported_as` the rule that speaks first, so that this one is silent,
`unseen` says why there is no example.
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
    """An example as it is written: texts by place, bad and good.

    Attributes:
        title: what holds when the rule is not broken.
        bad: breaks the rule; empty where no file is known that does.
        good: breaks none.
        also: other rules that the bad one breaks.
        reported_as: the rule that speaks first, where this one is silent.
        unseen: why there is no example.
    """

    title: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    also: tuple[str, ...] = ()
    reported_as: str = ""
    unseen: str = ""


def load_examples() -> dict[str, RuleExample]:
    """Every example by the id of its rule."""
    import yaml

    loaded: dict[str, RuleExample] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for id_, parts in yaml.safe_load(path.read_text(encoding="utf-8")).items():
            loaded[id_] = RuleExample(**{**parts, "also": tuple(parts.get("also", ()))})
    return loaded


def load_messages() -> dict[str, ExampleFinding]:
    """What checking says of each bad example, as the tests have written it down."""
    stored: dict[str, Any] = json.loads(MESSAGES_FILE.read_text(encoding="utf-8"))
    return {id_: ExampleFinding(**message) for id_, message in stored.items()}


def make_parts(example: Mapping[str, str]) -> tuple[ExamplePart, ...]:
    """An example as pieces to show."""
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
