"""Examples for the rules of other datasets, from `dataset_examples/*.yaml`.

An example is a small file that breaks a rule, and the corrected file. All are written by hand.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from conflictdata.datasets import list_profiles

FOLDER = Path(__file__).parent / "dataset_examples"

# Rules that exist for several tables, by the end of their id: the rule whose example serves all of them.
SHOWN_FOR = {
    ".day-unique": "palestine_gaza.day-unique",
    ".days-in-order": "palestine_gaza.days-in-order",
    ".day-fits-date": "ukraine_personnel.day-fits-date",
    ".toll-does-not-fall": "palestine_gaza.toll-does-not-fall",
    ".toll-does-not-restart": "palestine_gaza.toll-does-not-restart",
    ".period-whole-days": "palestine_gaza.period-whole-days",
    "-is-difference": "palestine_gaza.killed-is-difference",
    "-as-reported": "palestine_gaza.ext-killed-cum-as-reported",
    ".day-not-in-future": "palestine_gaza.day-not-in-future",
    ".no-day-missing": "palestine_gaza.no-day-missing",
    ".toll-fits-neighbours": "palestine_gaza.toll-fits-neighbours",
    ".point-in-country": "ucdp_ged.point-in-country",
    ".vehicles-counted-once": "ukraine_equipment.vehicles-counted-once",
    ".row-unique": "ucdp_brd.row-unique",
    ".low-best-high": "ucdp_brd.low-best-high",
    ".at-least-25": "ucdp_brd.at-least-25",
    ".deaths-need-events": "hapi_conflict_events.deaths-need-events",
    "gtd.region-name-fits": "gtd.country-name-fits",
    "-within-nkill": "gtd.nkillter-within-nkill",
    "-within-nwound": "gtd.nkillter-within-nkill",
    "": "palestine_gaza.killed-children-cum-within-killed-cum",
}


@dataclass(frozen=True)
class DatasetRuleExample:
    """An example for a rule.

    Attributes:
        title: What holds if the rule is not broken.
        bad: Files that break the rule: text by file name.
        good: Files that do not break it, likewise.
        unseen: Why there is no example.
    """

    title: str
    bad: Mapping[str, str] = field(default_factory=dict)
    good: Mapping[str, str] = field(default_factory=dict)
    unseen: str = ""


def load_examples() -> dict[str, DatasetRuleExample]:
    """Return an example for each rule of each profile, by rule id."""
    import yaml

    examples: dict[str, DatasetRuleExample] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
        examples |= {id_: DatasetRuleExample(**parts) for id_, parts in loaded.items()}
    rules = [rule.id for profile in list_profiles() for rule in profile.rules]
    return {id_: examples.get(id_) or _make_reference(id_, examples) for id_ in rules}


def _make_reference(id_: str, examples: Mapping[str, DatasetRuleExample]) -> DatasetRuleExample:
    other = next(shown for ending, shown in SHOWN_FOR.items() if id_.endswith(ending))
    return DatasetRuleExample(
        examples[other].title, unseen=f"As {other}, of another table or column: see its examples."
    )
