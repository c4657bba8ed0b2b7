"""Choose one number per event from many claims, for formats with one number."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from conflictdata.export._events import select_totals
from conflictdata.export.bundle import Bundle

CHOICE = (
    "Claims that are part of another are left out, and so are those that count one group alone (civilians, children, one side's people) where "
    "another claim counts everybody. Of the totals of people {outcome} that are left, one speaks for the event: the one with the latest as-of day, then with a number "
    "of its own before a bound, then of the latest page, then the last by claim id. Its number is {column}: the printed number, else its lower, else "
    "its upper bound."
)

GROUP = ("person_status", "actor_id", "role", "sex", "age")  # a total with one of these counts only a group

Row = Mapping[str, Any]


def group_claims_by_event(bundle: Bundle, outcome: str = "killed") -> dict[str, list[dict[str, Any]]]:
    """Group the totals that have a number by event.

    Claims that are part of another are left out. If an event has totals of everybody, totals of a group are left out
    too.
    """
    parts = bundle["claim_links"].filter(pl.col("kind") == "part_of").select("claim_id")
    whole = select_totals(bundle).filter(pl.col("outcome") == outcome).join(parts, on="claim_id", how="anti")
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in whole.iter_rows(named=True):
        if list_numbers(row):
            groups.setdefault(row["event_id"], []).append(row)
    return {event: _prefer_everybody(claims) for event, claims in groups.items()}


def _prefer_everybody(claims: list[dict[str, Any]]) -> list[dict[str, Any]]:
    everybody = [claim for claim in claims if not any(claim[c] for c in GROUP)]
    return everybody or claims


def choose_claim(claims: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the claim whose number represents the event."""
    return max(claims, key=lambda c: (c["as_of"], c["best"] is not None, c["published_on"], c["claim_id"]))


def get_number(claim: Row) -> int:
    """Return the printed number of a claim, else its lower, else its upper bound."""
    return next(int(claim[c]) for c in ("best", "low", "high") if claim[c] is not None)


def list_numbers(claim: Row) -> list[int]:
    """Return all numbers of a claim."""
    return [claim[c] for c in ("low", "best", "high") if claim[c] is not None]


def choose_numbers(bundle: Bundle, outcome: str = "killed") -> dict[str, int]:
    """Return the number that represents each event.

    Events without a number are missing.
    """
    return {event: get_number(choose_claim(claims)) for event, claims in group_claims_by_event(bundle, outcome).items()}
