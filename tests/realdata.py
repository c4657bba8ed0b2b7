"""The seeds of this repository, for tests of single claims.

They are read once for all tests. Tests name a claim by its id in the first coding of the pages (`syr-001`). The
crosswalk maps it to one claim or, if the old one had several claimants, to several.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.seeds.quantity import format_quantity
from conflictdata.validation.pipeline import read_seeds_target, validate_target

SEEDS = Path(__file__).parents[1] / "seeds"
SCHEME = "first_coding"
# Claims of the first coding that are now a part of another claim.
MERGED = {"syr-084": "bianet-2025-08-07.2"}

_WORDS = {"total": "", "subset": "including ", "additional": "besides "}
_read: set[str] = set()


@functools.cache
def load_tables() -> dict[str, pl.DataFrame]:
    """Load all tables of the seeds, typed."""
    return validate_target(read_seeds_target(SEEDS)).tables


@functools.cache
def list_rows(table: str) -> list[dict[str, Any]]:
    return list(load_tables()[table].iter_rows(named=True))


@functools.cache
def index_rows(table: str, column: str) -> dict[str, dict[str, Any]]:
    return {row[column]: row for row in list_rows(table)}


@functools.cache
def map_old_ids() -> dict[str, str]:
    """Return the id in the first coding per claim or event."""
    return {row["entity_id"]: row["external_id"] for row in list_rows("crosswalk") if row["scheme"] == SCHEME}


@functools.cache
def map_new_ids() -> dict[str, list[str]]:
    """Return the claims or the event per old id."""
    found = {old: [new] for old, new in MERGED.items()}
    for new, old in map_old_ids().items():
        found.setdefault(old, []).append(new)
    return {old: sorted(new) for old, new in found.items()}


def print_quantity(figure: Mapping[str, Any]) -> str:
    """Return the quantity of a figure as in a seed: `at least 727`."""
    return format_quantity(*(figure[c] for c in ("qualifier", "low", "best", "high", "share")))


@dataclass(frozen=True)
class Claim:
    """A claim with all its records. Its columns are attributes (`claim.as_of`)."""

    row: dict[str, Any]
    figures: dict[str, dict[str, Any]]  # by path: "killed.civilians.children"
    perpetrators: set[str]
    conflicts_with: set[str]  # claim ids
    part_of: set[str]
    events: set[str]
    page: dict[str, Any]

    def __getattr__(self, column: str) -> Any:
        return self.row[column]

    @property
    def window(self) -> str:
        return f"{self.period_start}/{self.period_end}"

    @property
    def toll(self) -> dict[str, str]:
        """Return the tree in the words of the seeds, by path.

        `{"killed": "149", "killed.russia": "by perpetrator 8"}`.
        """
        return {path: _format_line(figure) for path, figure in self.figures.items()}

    def get_bounds(self, path: str) -> tuple[int | None, int | None, int | None]:
        """Return low, best and high of a figure."""
        figure = self.figures[path]
        return figure["low"], figure["best"], figure["high"]

    def get_printed(self, path: str) -> str:
        phrase: str = self.figures[path]["printed"] or ""
        return phrase

    def add_up(self, path: str, axis: str) -> int:
        """Return the sum of one complete list.

        Adds the numbers as printed, without their qualifiers.
        """
        prefix = f"{path}."
        listed = [f for p, f in self.figures.items() if p.startswith(prefix) and "." not in p[len(prefix) :]]
        numbers = [
            next(n for n in (f["best"], f["low"], f["high"]) if n is not None) for f in listed if f["axis"] == axis
        ]
        assert numbers, f"{self.claim_id}: nothing by {axis} under {path}"
        return sum(numbers)

    def list_axes(self) -> set[str]:
        """Return the axes of the complete lists in the claim."""
        return {figure["axis"] for figure in self.figures.values() if figure["axis"]}


def _format_line(figure: Mapping[str, Any]) -> str:
    word = f"by {figure['axis']} " if figure["relation"] == "part" else _WORDS[figure["relation"]]
    return word + print_quantity(figure)


def _group_values(table: str, key: str, value: str, kind: str = "") -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in list_rows(table):
        if not kind or row["kind"] == kind:
            found.setdefault(row[key], set()).add(row[value])
    return found


@functools.cache
def load_claims() -> dict[str, Claim]:
    figures: dict[str, dict[str, dict[str, Any]]] = {}
    for figure in list_rows("figures"):
        claim_id = figure["claim_id"]
        figures.setdefault(claim_id, {})[figure["figure_id"][len(claim_id) + 1 :]] = figure
    by = _group_values("claim_perpetrators", "claim_id", "actor_id")
    against = _group_values("claim_links", "claim_id", "other_id", "conflicts_with")
    inside = _group_values("claim_links", "claim_id", "other_id", "part_of")
    about = _group_values("claim_events", "claim_id", "event_id")
    pages = index_rows("sources", "source_id")
    return {
        (c := row["claim_id"]): Claim(
            row,
            figures.get(c, {}),
            by.get(c, set()),
            against.get(c, set()),
            inside.get(c, set()),
            about.get(c, set()),
            pages[row["source_id"]],
        )
        for row in list_rows("claims")
    }


def find_claims(old: str) -> list[Claim]:
    """Return the claims of an old id, in the order of their numbers on the page."""
    _read.add(old)
    return [load_claims()[new] for new in map_new_ids()[old]]


def find_claim(old: str, number: int | None = None) -> Claim:
    """Return the one claim of an old id, or the one with this number on its page."""
    found = [c for c in find_claims(old) if number is None or c.claim_id.endswith(f".{number}")]
    assert len(found) == 1, f"{old} leads to {[c.claim_id for c in found]}"
    return found[0]


def read_toll(old: str, number: int | None = None) -> dict[str, str]:
    """Return the tree of that claim; see `Claim.toll`."""
    return find_claim(old, number).toll


def read_note(old: str, number: int | None = None) -> str:
    """Return the coder's notes on the claim and on its page."""
    found = find_claim(old, number)
    return " ".join(text for text in (found.note, found.page["note"]) if text)


def is_opposed(first: str, second: str) -> bool:
    """Return whether a claim of one old id names one of the other in `conflicts_with`."""
    return any(c.conflicts_with & {other.claim_id for other in find_claims(second)} for c in find_claims(first))


def list_flags(old: str) -> set[str]:
    """Return the rules whose findings on the claim's figures are waived as printed."""
    ids = {f["figure_id"] for c in find_claims(old) for f in c.figures.values()}
    return {row["rule_id"] for row in list_rows("flags") if row["record_id"] in ids}


def concerns(*old: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Name the claims of a hard case.

    The test fails unless it reads each of them.
    """

    def decorate(test: Callable[[], None]) -> Callable[[], None]:
        @functools.wraps(test)
        def run() -> None:
            _read.clear()
            test()
            assert not set(old) - _read, f"not looked at: {sorted(set(old) - _read)}"

        run.concerns = old  # type: ignore[attr-defined]
        return run

    return decorate
