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
_LANGUAGES = ("", "en")  # of the aliases that an English text may use
_NO_PARTY = frozenset(("civilian", "children", "journalists", "aid_workers", "health_workers"))
_WORD = re.compile(r"[^\W_]+")
# Next to a name they make it somebody else.
_OTHERS = frozenset(
    "former ex rival anti pro opposed near backed linked affiliated aligned allied unlike against".split()
)
# Before a name with a capital letter they do not lengthen it.
_AROUND = frozenset("the a an of for at from by in and to with spokesman spokesperson spokeswoman director head chief minister president general official officials mr ms dr "
                    "britain uk based london us gen col lt maj".split())  # fmt: skip
_INSIDE = frozenset(("in", "from", "near", "outside"))  # a name after them is where somebody lives
_SPEAKING = frozenset(
    "ministry ministries office offices mission spokesman spokesperson spokeswoman authorities government health police army military "
    "officials official figures data estimates statement report reports department".split()
)
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
        return [ids for _, _, ids in self.locate(words)]

    def locate(self, words: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
        """Return the first word, the word after the last, and the ids of each name, in order."""
        matches, done = [], 0
        for i in [i for i, word in enumerate(words) if word in self.names]:
            for name, ids in self.names[words[i]] if i >= done else ():
                if tuple(words[i : i + len(name)]) == name:
                    done = i + len(name)
                    matches.append((i, done, ids))
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


def read_table(table: str) -> list[dict[str, str]]:
    """Return the rows of a table of the package."""
    with (DATA / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def _read_actors() -> list[dict[str, str]]:
    return read_table("actors")


def _collect_names(kind: str, entities: list[dict[str, str]], key: str) -> list[tuple[str, str]]:
    known = {row[key] for row in entities}
    pairs = [(row["name"], row[key]) for row in entities]
    pairs += [(re.sub(r"\s*\([^()]*\)", "", row["name"]), row[key]) for row in entities if "(" in row["name"]]
    pairs += [(inner, row[key]) for row in entities for inner in re.findall(r"\(([A-Z]{3,})\)", row["name"])]
    return pairs + [
        (row["alias"], row["entity_id"])
        for row in read_table("aliases")
        if row["entity_kind"] == kind and row["entity_id"] in known and row["language"] in _LANGUAGES
    ]


@cache
def _read_common_names() -> dict[str, dict[str, str]]:
    """Return the common nouns of each conflict, with the party that they mean there."""
    names: dict[str, dict[str, str]] = {}
    for row in read_table("common_names"):
        names.setdefault(row["conflict_id"], {})[row["name"]] = row["actor_id"]
    return names


def _list_common_names(conflicts: frozenset[str]) -> list[tuple[str, str]]:
    """Return the common nouns that mean one party in all conflicts that have them.

    Those that hold the name of a nation mean the same party in every war.
    """
    pairs = [
        (name, actor)
        for conflict, names in _read_common_names().items()
        for name, actor in names.items()
        if conflict in conflicts or not DEMONYMS.keys().isdisjoint(_WORD.findall(name.lower()))
    ]
    return sorted(set(pairs))


@cache
def build_claimant_index() -> NameIndex:
    """Return the index of all actors, for claimants."""
    return _build_index(_collect_names("actor", _read_actors(), "actor_id"))


@lru_cache(maxsize=64)
def build_party_index(conflicts: frozenset[str] = frozenset()) -> NameIndex:
    """Return the index of the actors whose people a figure may count.

    Args:
        conflicts: Ids of the conflicts whose common nouns count too.
    """
    names = _collect_names("actor", [r for r in _read_actors() if r["kind"] in PARTIES], "actor_id")
    return _build_index([*names, *_list_common_names(conflicts)])


@cache
def build_place_index() -> NameIndex:
    """Return the index of all locations.

    They are found with and without "governorate", "city" and the like.
    """
    rows = read_table("locations")
    pairs = _collect_names("location", rows, "location_id")
    for row in rows:
        words = row["name"].split()
        if len(words) > 1 and words[-1].lower() in _KINDS_OF_PLACE:
            pairs.append((" ".join(words[:-1]), row["location_id"]))
    return _build_index(pairs)


_WHOLE_UN = "un_estimate"  # the United Nations without a word on the office
_UN_OFFICES = frozenset(
    "mission office agency assistance peacekeeping peacekeepers multidimensional integrated support human refugee children high".split()
)


@lru_cache(maxsize=4096)
def find_claimant_id(name: str) -> str:
    """Return the actor id of a claimant's name, or "" if it is unknown.

    A match inside a longer proper name (`Somali National Army`), or next to a word that makes it somebody else
    (`a former Hezbollah fighter`), does not count.
    """
    words = _WORD.findall(name)
    low = [w.lower() for w in words]
    if not low or not _OTHERS.isdisjoint(low):
        return ""
    for first, last, ids in build_claimant_index().locate(low):
        longer = (
            first > 0 and words[first - 1][0].isupper() and low[first - 1] not in _AROUND and not words[first].isupper()
        )
        if ids == (_WHOLE_UN,) and last < len(low) and low[last] in _UN_OFFICES:
            continue  # "the United Nations Mission in Mali"
        if low[first] == "the" and last < len(low) and (words[last - 1].islower() or words[last][0].isupper()):
            continue  # "the national police" are not The National, nor is "The Nation Guard" The Nation
        if first > 1 and low[first - 1] in _INSIDE and not _SPEAKING.intersection(low[:first]):
            continue  # "another citizen living in Israel"
        if len(ids) == 1 and not longer:
            return ids[0]
        if longer and last == len(low):
            return ""
    return ""


@lru_cache(maxsize=4096)
def find_party_id(words: str, category: str, day: date | None = None, conflicts: frozenset[str] | None = None) -> str:
    """Return the id of the party whose people a noun phrase counts, or "".

    Args:
        words: The noun phrase: `371 HTS fighters`, `220 Syrian soldiers`.
        category: Category of its group, such as "soldiers".
        day: Day on which a state's army must be active. None: any day.
        conflicts: Ids of the conflicts that the text may be about. None: unknown.
    """
    if not words or category in _NO_PARTY:
        return ""
    index = build_party_index(conflicts or frozenset())
    single = [ids[0] for ids in index.find(words) if len(ids) == 1]
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


@cache
def _read_countries_of_places() -> dict[str, str]:
    return {row["location_id"]: row["country"] for row in read_table("locations")}


def get_country(location_id: str) -> str:
    """Return the code of the country of a location; "" if it lies in several."""
    return _read_countries_of_places().get(location_id, "")


@cache
def _read_containers() -> dict[str, frozenset[str]]:
    """Return the places that contain each place, directly."""
    containers: dict[str, set[str]] = {}
    for row in read_table("locations"):
        containers.setdefault(row["location_id"], set()).update(filter(None, (row["parent_id"],)))
    for row in read_table("location_members"):
        containers.setdefault(row["member_id"], set()).add(row["area_id"])
    return {place: frozenset(areas) for place, areas in containers.items()}


def _list_containers(place: str) -> set[str]:
    """Return a place and all places that contain it."""
    found, waiting = set[str](), [place]
    while waiting:
        here = waiting.pop()
        if here not in found:
            found.add(here)
            waiting += _read_containers().get(here, ())
    return found


def are_places_related(a: str, b: str) -> bool:
    """Return whether one place contains the other, or an area contains part of both."""
    return a in _list_containers(b) or b in _list_containers(a)


def locate_places(words: list[str]) -> list[tuple[int, int, tuple[str, ...]]]:
    """Return the places that words name: the first word, the word after the last, and the ids, several if it is ambiguous.

    Args:
        words: Words in lower case.
    """
    index = build_place_index()
    return [] if index.names.keys().isdisjoint(words) else index.locate(words)
