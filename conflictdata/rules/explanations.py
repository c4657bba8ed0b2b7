"""The entries as they are stored, and finding one by what somebody typed."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conflictdata.findings import Severity, UsageError

FILE = Path(__file__).with_name("rules.json")


# The first part of an id, in the order in which files become findings; the tables follow in the order of the models.
GROUPS = {
    "file": "The file itself",
    "yaml": "YAML",
    "csv": "CSV",
    "json": "JSON",
    "seed": "The grammar of seeds",
    "cells": "Cells of every table",
    "conflicts": "Conflicts",
    "actors": "Actors",
    "locations": "Locations",
    "aliases": "Aliases",
    "sources": "Sources",
    "events": "Events",
    "event_actors": "Event actors",
    "event_sources": "Event sources",
    "claims": "Claims",
    "claim_perpetrators": "Claim perpetrators",
    "claim_links": "Claim links",
    "figures": "Figures",
    "flags": "Flags (waivers)",
    "crosswalk": "Crosswalk",
    "release": "A built package",
    "feed": "Files of other datasets",
    "report": "The report itself",
}


# Tables of other people's datasets.
DATASET_TABLES = {
    "ucdp_ged": "UCDP GED (--profile ucdp-ged)",
    "acled": "ACLED (--profile acled)",
    "palestine_gaza": "Gaza, Tech for Palestine (--profile palestine)",
    "palestine_west_bank": "West Bank, Tech for Palestine (--profile palestine)",
    "palestine_lebanon": "Lebanon, Tech for Palestine (--profile palestine)",
    "palestine_infrastructure": "Buildings in Gaza, Tech for Palestine (--profile palestine)",
    "ukraine_personnel": "Russian personnel losses (--profile ukraine)",
    "ukraine_equipment": "Russian equipment losses (--profile ukraine)",
    "ukraine_correction": "Corrections of Russian losses (--profile ukraine)",
    "radford": "Radford et al. 2023 (--profile radford)",
}


GROUPS |= DATASET_TABLES


@dataclass(frozen=True)
class ExamplePart:
    """A piece of an example.

    Attributes:
        place: what it is a piece of: `claim`, `page`, `actors`, or a file.
        where: the same in words.
        language: `yaml`, `csv` or `text`.
        text: the piece. Characters that cannot be seen stand as `<U+202E>`, bytes that are no text as `<byte E9>`,
            repetitions as `<a x 100>`, a folder in place of a file as `<a folder>`.
    """

    place: str
    where: str
    language: str
    text: str


@dataclass(frozen=True)
class ExampleFinding:
    """What checking says of a bad example.

    Attributes:
        place: the piece of the example that it points at.
        line: the line in that piece; 0 where it points at none.
        rule: the id that it has; another one than the entry's where that one speaks first.
        message: what is wrong.
        hint: the way out.
        table: table of the record.
        record: key of the record; empty for a file.
        found: what a waiver says that covers it; empty where none may.
    """

    place: str
    line: int
    rule: str
    message: str
    hint: str
    table: str = ""
    record: str = ""
    found: str = ""

    def as_dict(self) -> dict[str, Any]:
        """What was said, as it is stored; `found` is left out where it is empty."""
        return {key: value for key, value in asdict(self).items() if value or key != "found"}


@dataclass(frozen=True)
class Explanation:
    """One id, explained.

    Attributes:
        id: `table.kebab-name`.
        title: what holds of the data when it is not broken, in one line.
        severity: `error` or `warning`.
        waivable: whether a waiver may let a finding stand.
        why: what goes wrong in the world when it is broken.
        reads: columns that it judges, by table.
        needs: other tables that it looks into.
        bad: an example that breaks it; none where `unseen` says why.
        good: the example mended.
        told: what checking says of the bad one.
        fix: the way out.
        unseen: why there is no example.
        imported: `error`, `warning` or `not asked`: what it is for records made from somebody else's dataset, where that is
            something else.
    """

    id: str
    title: str
    severity: Severity
    waivable: bool
    why: str
    reads: Mapping[str, tuple[str, ...]]
    needs: tuple[str, ...]
    bad: tuple[ExamplePart, ...]
    good: tuple[ExamplePart, ...]
    told: ExampleFinding | None
    fix: str
    unseen: str = ""
    imported: str = ""

    @property
    def group(self) -> str:
        """The first part of the id."""
        return self.id.partition(".")[0]

    def as_dict(self) -> dict[str, Any]:
        """The entry as in `rules.json`."""
        return asdict(self) | {"told": self.told.as_dict() if self.told else None}


def parse_explanation(stored: Mapping[str, Any]) -> Explanation:
    """An entry from what `as_dict` gave."""
    parts = dict(stored)
    parts["reads"] = {table: tuple(columns) for table, columns in stored["reads"].items()}
    parts["needs"] = tuple(stored["needs"])
    parts["bad"] = tuple(ExamplePart(**piece) for piece in stored["bad"])
    parts["good"] = tuple(ExamplePart(**piece) for piece in stored["good"])
    parts["told"] = ExampleFinding(**stored["told"]) if stored["told"] else None
    return Explanation(**parts)


@cache
def load_explanations() -> dict[str, Explanation]:
    """Every entry by id, in the order of `GROUPS` and then of the ids."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return {item["id"]: parse_explanation(item) for item in stored["rules"]}


def group_explanations(listed: Iterable[Explanation]) -> Iterator[tuple[str, list[Explanation]]]:
    """The groups that there are, each with its entries."""
    by_group: dict[str, list[Explanation]] = {}
    for item in listed:
        by_group.setdefault(item.group, []).append(item)
    yield from sorted(by_group.items(), key=lambda pair: rank(pair[0]))


def rank(group: str) -> tuple[int, str]:
    """Where a group stands; one that is not known comes last."""
    order = list(GROUPS)
    return (order.index(group) if group in order else len(order), group)


def find_explanation(name: str) -> Explanation | list[Explanation]:
    """The entry with an id, or the entries of a table.

    Raises:
        UsageError: there is neither; the message suggests the nearest.
    """
    known = load_explanations()
    query = name.strip().strip("[]").lower()
    if query in known:
        return known[query]
    of_group = [item for item in known.values() if item.group == query]
    if of_group:
        return of_group
    raise UsageError(f"there is no rule and no table {name!r}. {_suggest_names(query, known)}")


def _suggest_names(query: str, known: Iterable[str]) -> str:
    names = {name: name for id_ in known for name in (id_, id_.partition(".")[0])}
    names |= {id_.partition(".")[2]: id_ for id_ in known if _is_unique_ending(id_, known)}
    close = difflib.get_close_matches(query, list(names), n=3, cutoff=0.6)
    found = list(dict.fromkeys(names[word] for word in close))
    if found:
        return f"Did you mean {' or '.join(found)}?"
    return "`conflictdata explain` lists them all."


def _is_unique_ending(id_: str, known: Iterable[str]) -> bool:
    """Whether the part after the table is this id's alone: `parts-cover-parent`."""
    ending = id_.partition(".")[2]
    return sum(other.partition(".")[2] == ending for other in known) == 1


__all__ = ["ExampleFinding", "ExamplePart", "Explanation", "find_explanation", "load_explanations"]
