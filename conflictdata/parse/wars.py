"""The war that a text is about: names of parties and places mean something only within it."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from conflictdata.parse.gazetteer import build_place_index, get_country, read_table
from conflictdata.parse.lexicon.demonyms import COUNTRY_NAMES, DEMONYMS
from conflictdata.parse.model import Document
from conflictdata.schema.countries import load_countries

MOST_CHARACTERS = 20_000  # of a text that are searched for countries
AFTERMATH = timedelta(days=60)  # a war is still written about after its end
_WORD = re.compile(r"[^\W_]+")
_SIDE = 0.5  # a country named half as often as the first one is a second scene of the war


@dataclass(frozen=True)
class War:
    """The war that a text is about.

    Attributes:
        conflicts: Ids of the conflicts that it may be. None if the text names no country.
        countries: Codes of its countries. Empty if the text names none.
    """

    conflicts: frozenset[str] | None = None
    countries: frozenset[str] = frozenset()

    def has_country(self, code: str) -> bool:
        """Return whether a place in a country may belong to the war."""
        return not self.countries or not code or code in self.countries


@cache
def _read_conflicts() -> dict[str, dict[str, str]]:
    return {row["conflict_id"]: row for row in read_table("conflicts")}


@cache
def _index_countries() -> dict[tuple[str, ...], str]:
    """Return the codes of countries by their names and adjectives, as words."""
    names = {tuple(_WORD.findall(c.name.lower())): c.alpha3 for c in load_countries().values()}
    return {w: code for w, code in names.items() if w} | {(w,): code for w, code in (DEMONYMS | COUNTRY_NAMES).items()}


def find_war(document: Document) -> War:
    """Return the war that a document is about: the one that it declares, or else that of the countries it names most."""
    if document.conflict:
        row = _read_conflicts()[document.conflict]
        return War(frozenset((document.conflict,)), frozenset(row["countries"].split()))
    counts = _count_countries(document.text[:MOST_CHARACTERS])
    if not counts:
        return War()
    top = max(counts.values())
    countries = frozenset(code for code, n in counts.items() if n >= top * _SIDE)
    fitting = [
        row for row in _read_conflicts().values()
        if not countries.isdisjoint(row["countries"].split()) and _is_current(row, document.published)
    ]  # fmt: skip
    scenes = frozenset(code for row in fitting for code in row["countries"].split())
    return War(frozenset(row["conflict_id"] for row in fitting), countries | scenes)


def _count_countries(text: str) -> Counter[str]:
    """Count how often a text names each country, by its name, its adjective or one of its places."""
    words = _WORD.findall(text)
    low = [w.lower() for w in words]
    names, counts = _index_countries(), Counter[str]()
    starts = {name[0] for name in names}
    for i, word in enumerate(low):
        if word in starts and words[i][0].isupper():
            code = next((names[tuple(low[i : i + n])] for n in (4, 3, 2, 1) if tuple(low[i : i + n]) in names), "")
            counts[code] += bool(code)
    for ids in build_place_index().find_words(low):
        if len(codes := {get_country(id_) for id_ in ids}) == 1:
            counts[codes.pop()] += 1
    return Counter({code: n for code, n in counts.items() if code and n})


def _is_current(row: dict[str, str], published: date | None) -> bool:
    """Return whether a text of that day may be about a conflict."""
    if published is None:
        return True
    end = date.fromisoformat(row["date_end"]) + AFTERMATH if row["date_end"] else date.max
    return date.fromisoformat(row["date_start"]) <= published <= end
