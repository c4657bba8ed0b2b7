"""Find the actors and places of the package in a text, by their names and aliases."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from conflictdata.parse.lexicon.demonyms import DEMONYMS

DATA = Path(__file__).parents[1] / "data" / "csv"
PARTIES = frozenset("state armed_forces security_forces armed_group militia coalition community".split())
_NO_PARTY = frozenset(("civilian", "children", "journalists", "aid_workers", "health_workers"))
_WORD = re.compile(r"[^\W_]+")
_KINDS_OF_PLACE = frozenset("governorate province city oblast state strip region town village district".split())


@dataclass(frozen=True)
class NameIndex:
    """Names by their first word. The longest matching name wins.

    Attributes:
        names: Per first word, pairs of a name (as words) and its ids, the longest name first.
    """

    names: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]]

    def find(self, text: str) -> list[tuple[str, ...]]:
        """Return the ids of each name in a text, in order; several if it is ambiguous."""
        return self.find_words(_WORD.findall(text.lower()))

    def find_words(self, words: list[str]) -> list[tuple[str, ...]]:
        """Return the same as `find` for a list of lower-case words."""
        matches, done = [], 0
        for i in [i for i, word in enumerate(words) if word in self.names]:
            for name, ids in self.names[words[i]] if i >= done else ():
                if tuple(words[i : i + len(name)]) == name:
                    matches.append(ids)
                    done = i + len(name)
                    break
        return matches


def _build_index(pairs: list[tuple[str, str]]) -> NameIndex:
    by_name: dict[tuple[str, ...], list[str]] = {}
    for name, id_ in pairs:
        words = tuple(_WORD.findall(name.lower()))
        if words and (len(words) > 1 or len(words[0]) > 2) and id_ not in by_name.setdefault(words, []):
            by_name[words].append(id_)
    names: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
    for words in sorted((w for w, ids in by_name.items() if ids), key=lambda w: (-len(w), w)):
        names.setdefault(words[0], []).append((words, tuple(by_name[words])))
    return NameIndex(names)


def _read_table(table: str) -> list[dict[str, str]]:
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _read_actors() -> list[dict[str, str]]:
    return _read_table("actors")


def _collect_names(kind: str, entities: list[dict[str, str]], key: str) -> list[tuple[str, str]]:
    known = {row[key] for row in entities}
    pairs = [(row["name"], row[key]) for row in entities]
    pairs += [(re.sub(r"\s*\([^()]*\)", "", row["name"]), row[key]) for row in entities if "(" in row["name"]]
    pairs += [(inner, row[key]) for row in entities for inner in re.findall(r"\(([A-Z]{3,})\)", row["name"])]
    return pairs + [
        (row["alias"], row["entity_id"])
        for row in _read_table("aliases")
        if row["entity_kind"] == kind and row["entity_id"] in known
    ]


def _list_common_names() -> list[tuple[str, str]]:
    """Return the common nouns that hold the name of a nation, with their party: they mean the same one in every war."""
    rows = _read_table("common_names")
    return [
        (r["name"], r["actor_id"]) for r in rows if not DEMONYMS.keys().isdisjoint(_WORD.findall(r["name"].lower()))
    ]


@cache
def build_claimant_index() -> NameIndex:
    """Return the index of all actors, for claimants."""
    return _build_index(_collect_names("actor", _read_actors(), "actor_id"))


@cache
def build_party_index() -> NameIndex:
    """Return the index of the actors whose people a figure may count."""
    names = _collect_names("actor", [r for r in _read_actors() if r["kind"] in PARTIES], "actor_id")
    return _build_index([*names, *_list_common_names()])


@cache
def build_place_index() -> NameIndex:
    """Return the index of all locations.

    They are found with and without "governorate", "city" and the like.
    """
    rows = _read_table("locations")
    pairs = _collect_names("location", rows, "location_id")
    for row in rows:
        words = row["name"].split()
        if len(words) > 1 and words[-1].lower() in _KINDS_OF_PLACE:
            pairs.append((" ".join(words[:-1]), row["location_id"]))
    return _build_index(pairs)


@lru_cache(maxsize=4096)
def find_claimant_id(name: str) -> str:
    """Return the actor id of a claimant's name, or "" if it is unknown.

    The longest matching name decides.
    """
    matches = build_claimant_index().find(name) if name else []
    single = [ids[0] for ids in matches if len(ids) == 1]
    return single[0] if single else ""


@lru_cache(maxsize=4096)
def find_party_id(words: str, category: str, day: date | None = None) -> str:
    """Return the id of the party whose people a noun phrase counts, or "".

    Args:
        words: The noun phrase: `371 HTS fighters`, `220 Syrian soldiers`.
        category: Category of its group, such as "soldiers".
        day: Day on which a state's army must be active. None: any day.
    """
    if not words or category in _NO_PARTY:
        return ""
    single = [ids[0] for ids in build_party_index().find(words) if len(ids) == 1]
    return single[0] if single else _find_army(words, category, day)


def _find_army(words: str, category: str, day: date | None) -> str:
    """Return the army that a state's adjective means, or "".

    The actors must have exactly one army of that state on that day.
    """
    countries = {DEMONYMS[w] for w in words.lower().split() if w in DEMONYMS}
    if category not in ("soldiers", "officers") or len(countries) != 1:
        return ""
    armies = [
        r for r in _read_actors() if r["kind"] == "armed_forces" and r["country"] in countries and _is_active(r, day)
    ]
    ids = {r["actor_id"] for r in armies}
    tops = [r["actor_id"] for r in armies if r["parent_id"] not in ids]
    return tops[0] if len(tops) == 1 else ""


def _is_active(row: dict[str, str], day: date | None) -> bool:
    if day is None:
        return True
    return (not row["active_from"] or row["active_from"] <= day.isoformat()) and (
        not row["active_to"] or day.isoformat() <= row["active_to"]
    )


def find_place_ids(words: list[str]) -> tuple[str, ...]:
    """Return the ids of the first location that the words name.

    Args:
        words: Words in lower case.

    Returns:
        The ids: several if the name is ambiguous, none if no name is found.
    """
    index = build_place_index()
    matches = [] if index.names.keys().isdisjoint(words) else index.find_words([w for w in words if w.isalnum()])
    return matches[0] if matches else ()
