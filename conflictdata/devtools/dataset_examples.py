"""The examples of the rules of profiles, written by hand in `examples/*.yaml`: small files that break a rule, and mended ones."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conflictdata.datasets import list_profiles

FOLDER = Path(__file__).parent / "dataset_examples"

# Rules that several tables have, by the end of their ids: the one that is shown for all.
SHOWN_FOR = {
    ".day-unique": "palestine_gaza.day-unique",
    ".days-in-order": "palestine_gaza.days-in-order",
    ".day-fits-date": "ukraine_personnel.day-fits-date",
    ".toll-does-not-fall": "palestine_gaza.toll-does-not-fall",
    ".toll-does-not-restart": "palestine_gaza.toll-does-not-restart",
    ".period-whole-days": "palestine_gaza.period-whole-days",
    "-is-difference": "palestine_gaza.killed-is-difference",
    "-as-reported": "palestine_gaza.ext-killed-cum-as-reported",
    "": "palestine_gaza.killed-children-cum-within-killed-cum",
}


@dataclass(frozen=True)
class DatasetRuleExample:
    """An example.

    Attributes:
        title: what holds when the rule is not broken.
        bad: breaks the rule: texts by the name of their file.
        good: breaks none.
        unseen: why there is none.
    """

    title: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    unseen: str = ""


def load_examples() -> dict[str, DatasetRuleExample]:
    """An example for each rule of each profile, by its id."""
    import yaml

    written: dict[str, DatasetRuleExample] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        written |= {id_: DatasetRuleExample(**parts) for id_, parts in loaded.items()}
    rules = [rule.id for profile in list_profiles() for rule in profile.rules]
    return {id_: written.get(id_) or _make_reference(id_, written) for id_ in rules}


def _make_reference(id_: str, written: Mapping[str, DatasetRuleExample]) -> DatasetRuleExample:
    other = next(shown for ending, shown in SHOWN_FOR.items() if id_.endswith(ending))
    return DatasetRuleExample(written[other].title, unseen=f"As {other}, of another table or column: see its examples.")
