"""Explanations of the rules as stored in `rules.json`, and the search among them.

The file is generated from the rules and shipped, because an explanation shows the finding of a bad example: to make it,
the whole validator must run, with polars. The texts of cell rules and of other datasets would load polars too. Reading the file
takes a third of the time of importing the rules of the records alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import Severity, UsageError

FILE = Path(__file__).with_name("rules.json")


# First part of an id. Groups of file problems come first, in the order of reading; then the tables in model order. The tables of
# other datasets follow (`Explanation.dataset`).
GROUPS = {
    "file": "The file itself",
    "yaml": "YAML",
    "csv": "CSV",
    "json": "JSON",
    "seed": "The grammar of seeds",
    "cells": "Cells of every table",
    "conflicts": "Conflicts",
    "actors": "Actors",
    "conflict_actors": "Conflict actors",
    "locations": "Locations",
    "location_members": "Location members",
    "aliases": "Aliases",
    "common_names": "Common names",
    "sources": "Sources",
    "events": "Events",
    "event_actors": "Event actors",
    "event_sources": "Event sources",
    "tolls": "Tolls",
    "toll_places": "Toll places",
    "tolls_1_1": "Series of version 1",
    "claims": "Claims",
    "claim_events": "Claim events",
    "claim_perpetrators": "Claim perpetrators",
    "claim_links": "Claim links",
    "figures": "Figures",
    "flags": "Flags (waivers)",
    "crosswalk": "Crosswalk",
    "release": "A built package",
    "package": "A package, read by a second program",
    "feed": "Files of other datasets",
    "report": "The report itself",
}


@dataclass(frozen=True)
class ExamplePart:
    """Piece of an example.

    Attributes:
        place: Kind of piece: `claim`, `page`, `actors`, or a file.
        where: The same in words.
        language: `yaml`, `csv` or `text`.
        text: The piece. Invisible characters are written as `<U+202E>`, bytes that are not text as `<byte E9>`,
            repetitions as `<a x 100>`, and a folder in place of a file as `<a folder>`.
    """

    place: str
    where: str
    language: str
    text: str


@dataclass(frozen=True)
class ExampleFinding:
    """Finding for a bad example.

    Attributes:
        place: Piece of the example that the finding points at.
        line: Line in that piece; 0 if it points at none.
        rule: Id of the finding. May be another rule than the explained one, if that is reported first.
        message: The problem.
        hint: How to fix it.
        table: Table of the record.
        record: Key of the record; empty for a file.
        found: Text that a waiver must repeat to cover the finding; empty if it cannot be waived.
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
        """Return the finding as stored. An empty `found` is left out."""
        return {key: value for key, value in asdict(self).items() if value or key != "found"}


@dataclass(frozen=True)
class Explanation:
    """Explanation of one rule or file problem.

    Attributes:
        id: `table.kebab-name`.
        title: One line that describes valid data.
        severity: `error` or `warning`.
        waivable: Whether a waiver may cover a finding.
        why: Harm that a violation does.
        reads: Columns that the rule checks, by table.
        needs: Other tables that the rule reads.
        bad: An invalid example. Empty if `unseen` gives a reason.
        good: The corrected example.
        finding: The finding for the bad example.
        fix: How to fix the problem.
        unseen: Reason for having no example.
        imported: Severity for records of imported datasets, if it differs: `error`, `warning` or `not asked`.
        dataset: For a rule of another dataset, the title of its table, with the profile.
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
    finding: ExampleFinding | None
    fix: str
    unseen: str = ""
    imported: str = ""
    dataset: str = ""

    @property
    def group(self) -> str:
        """Return the first part of the id."""
        return self.id.partition(".")[0]

    @property
    def heading(self) -> str:
        """Return the heading of the group."""
        return self.dataset or GROUPS.get(self.group, self.group)

    def as_dict(self) -> dict[str, Any]:
        """Return the explanation as in `rules.json`. The key of the finding is `told`, as in the first versions."""
        stored = {"told" if key == "finding" else key: value for key, value in asdict(self).items()}
        if not self.dataset:
            del stored["dataset"]
        return stored | {"told": self.finding.as_dict() if self.finding else None}


def parse_explanation(stored: Mapping[str, Any]) -> Explanation:
    """Return an explanation from the form that `as_dict` returns."""
    parts = dict(stored)
    parts["reads"] = {table: tuple(columns) for table, columns in stored["reads"].items()}
    parts["needs"] = tuple(stored["needs"])
    parts["bad"] = tuple(ExamplePart(**piece) for piece in stored["bad"])
    parts["good"] = tuple(ExamplePart(**piece) for piece in stored["good"])
    shown = parts.pop("told")
    parts["finding"] = ExampleFinding(**shown) if shown else None
    return Explanation(**parts)


@cache
def load_explanations() -> dict[str, Explanation]:
    """Return every explanation by id, in the order of `GROUPS` and then of the ids."""
    stored = json.loads(FILE.read_text(encoding="utf-8"))
    return {item["id"]: parse_explanation(item) for item in stored["rules"]}


def group_explanations(listed: Iterable[Explanation]) -> Iterator[tuple[str, list[Explanation]]]:
    """Yield each group in order, with its explanations."""
    by_group: dict[str, list[Explanation]] = {}
    for item in listed:
        by_group.setdefault(item.group, []).append(item)
    yield from sorted(by_group.items(), key=lambda pair: rank(pair[0]))


def rank(group: str) -> tuple[int, str]:
    """Return a sort key for a group. The tables of other datasets come last, by name."""
    order = list(GROUPS)
    return (order.index(group) if group in order else len(order), group)


def find_explanation(name: str) -> Explanation | list[Explanation]:
    """Return the explanation with an id, or all explanations of a table.

    Raises:
        UsageError: If neither exists. The message suggests the nearest names.
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
    ids = dict.fromkeys(names[word] for word in find_close(query, names, least=0.6, most=3))
    return ask_whether(*ids) or "`conflictdata explain` lists them all."


def _is_unique_ending(id_: str, known: Iterable[str]) -> bool:
    """Return whether no other id has the same part after the table."""
    ending = id_.partition(".")[2]
    return sum(other.partition(".")[2] == ending for other in known) == 1


__all__ = ["ExampleFinding", "ExamplePart", "Explanation", "find_explanation", "load_explanations"]
