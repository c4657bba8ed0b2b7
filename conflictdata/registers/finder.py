"""Rank the records of the registers by how well a text names them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from conflictdata.findings import UsageError
from conflictdata.registers.entries import Name, RegisterEntry, Tables, build_entries
from conflictdata.registers.folding import check_text, fold_name, read_host
from conflictdata.registers.match import KINDS, RANKS, NameMatch
from conflictdata.registers.similarity import count_edits, measure_similarity

_SHORTEST_NEAR, _SHORTEST_TWO = 4, 8  # letters of a word that may have one wrong letter, and two
_NEAREST, _NEAREST_LONG, _LONG = 66, 75, 7  # similarity, 0 to 100, of the nearest names; of words of so many letters
_NO_PUBLISHER = frozenset(
    "armed_forces security_forces armed_group militia coalition community unnamed unspecified".split()
)
_LITTLE_WORDS = frozenset("a an and at by de for in la le of on to".split())
_COMMON_LABELS = frozenset("www amp com net org gov edu news english arabic mobile".split())


@dataclass(frozen=True)
class _Query:
    """A text to look up.

    Attributes:
        text: The text.
        host: Its host, if it is an address or a host.
        folded: The text without case, accents and the like.
    """

    text: str
    host: str
    folded: str

    @cached_property
    def words(self) -> list[str]:
        """Return the folded words, without those that say nothing, unless there are no others."""
        words = self.folded.split()
        return [word for word in words if word not in _LITTLE_WORDS] or words

    @cached_property
    def joined(self) -> str:
        """Return the folded text without blanks."""
        return self.folded.replace(" ", "")


@dataclass(frozen=True)
class _FoldedName:
    """A name of an entry, with and without what does not matter."""

    entry: RegisterEntry
    name: Name
    folded: str
    joined: str
    about: str  # the folded name and the folded words about the record, with a blank before each

    @cached_property
    def with_articles(self) -> str:
        """Return the name as it is folded with its articles."""
        return fold_name(self.name.text, articles=True)

    def match(self, how: str, distance: int = 0) -> _Match:
        """Return the match of the entry by this name."""
        return _Match(RANKS[how], distance, replace(self.entry.record, matched=how, text=self.name.text))


@dataclass(frozen=True)
class _Match:
    rank: int
    distance: int  # letters by which it differs, or by which it is longer
    record: NameMatch

    def sort_key(self) -> tuple[int, int, int, str]:
        """Return the key that sorts the best match first."""
        return self.rank, self.distance, KINDS.index(self.record.kind), self.record.id


class Finder:
    """Finds the records that a text may mean.

    Args:
        entries: The records with their names.
    """

    def __init__(self, entries: Iterable[RegisterEntry]) -> None:
        self.entries = list(entries)
        self._by_id = {(entry.record.kind, entry.record.id): entry for entry in self.entries}

    @classmethod
    def from_tables(cls, tables: Tables) -> Finder:
        """Make a finder of the rows of tables. Missing tables and columns count as empty."""
        return cls(build_entries(tables))

    def has(self, kind: str, id_: str) -> bool:
        """Return whether a record exists."""
        return (kind, id_) in self._by_id

    def find(self, text: str, *, kind: str = "", conflict: str = "") -> list[NameMatch]:
        """Return the records that a text may mean, best first.

        Args:
            text: An id, name, alias, host or address, or a part of one.
            kind: Only records of this kind. "": of all.
            conflict: Only records of the conflict with this id. "": of all.

        Raises:
            UsageError: If the text cannot be a name (`folding.check_text`).
        """
        return self._rank_matches(text, kind, conflict, near=True)

    def _rank_matches(self, text: str, kind: str, conflict: str, *, near: bool) -> list[NameMatch]:
        """Return the matches, best first; those with a wrong letter only if `near`."""
        query = _read_query(check_text(text))
        names = [n for n in self._names if _is_selected(n, kind, conflict)]
        for collect in (_match_names, _match_host_label, *([_match_near] if near else [])):
            if best := _keep_best(collect(query, names)):
                records = [match.record for match in sorted(best, key=_Match.sort_key)]
                certain = records[0].is_certain
                return [record for record in records if not (certain and record.matched == "part")]
        return []

    def find_certain(self, text: str, kind: str) -> list[NameMatch]:
        """Return the records with this id, name, alias or host, in whatever spelling; none if it cannot be a name."""
        return [match for match in self._try_find(text, kind, near=False) if match.is_certain]

    def find_id(self, text: str, kind: str) -> str:
        """Return the id of the only record that has this id, name, alias or host; "" if none or several have it.

        Another spelling counts if no record has the exact one.
        """
        if self.has(kind, text):
            return text
        certain = self.find_certain(text, kind)
        exact = [match for match in certain if match.matched != "spelling"] or certain
        return exact[0].id if len(exact) == 1 else ""

    def guess_id(self, text: str, kind: str) -> str:
        """Return the id of the record that a text means (`find_id`), or of the only one that it may mean; else ""."""
        found = self._try_find(text, kind)
        only = found[0].id if len(found) == 1 and found[0].matched != "part" else ""
        return self.find_id(text, kind) or only

    def find_nearest(self, text: str, *, kind: str = "", most: int = 3) -> list[NameMatch]:
        """Return the records that a text names, else those whose names are most similar.

        Args:
            text: The text. One that cannot be a name has no matches.
            kind: Only records of this kind. "": of all.
            most: Maximum number of records.
        """
        return (self._try_find(text, kind) or self._find_similar(text, kind))[:most]

    def _try_find(self, text: str, kind: str, *, near: bool = True) -> list[NameMatch]:
        try:
            return self._rank_matches(text, kind, "", near=near)
        except UsageError:
            return []

    def _find_similar(self, text: str, kind: str) -> list[NameMatch]:
        """Return the records with a name similar to the text, the most similar first."""
        query = _read_query(text)
        least = _NEAREST_LONG if len(query.joined) >= _LONG else _NEAREST
        matches = []
        for name in (n for n in self._names if _is_selected(n, kind, "")):
            score = measure_similarity(query.folded, name.folded, least)
            if score >= least:
                letters = count_edits(query.joined, fold_name(name.entry.record.id).replace(" ", ""))
                matches.append(name.match("near", round(100 - score) * 1000 + letters))
        return [match.record for match in sorted(_keep_best(matches), key=_Match.sort_key)]

    @cached_property
    def _names(self) -> list[_FoldedName]:
        names = []
        for entry in self.entries:
            words = fold_name(entry.words)
            for name in entry.names:
                folded = name.text if name.how == "host" else fold_name(name.text)
                names.append(_FoldedName(entry, name, folded, folded.replace(" ", ""), f" {folded} {words} "))
        return names


def _read_query(text: str) -> _Query:
    return _Query(text, read_host(text), fold_name(text))


def _is_selected(name: _FoldedName, kind: str, conflict: str) -> bool:
    record = name.entry.record
    return (not kind or record.kind == kind) and (
        not conflict or (conflict in record.conflicts and name.name.conflict in ("", conflict))
    )


def _keep_best(matches: Iterable[_Match]) -> Collection[_Match]:
    """Keep the best match of each record."""
    best: dict[tuple[str, str], _Match] = {}
    for match in matches:
        key = (match.record.kind, match.record.id)
        if key not in best or match.sort_key() < best[key].sort_key():
            best[key] = match
    return best.values()


def _match_names(query: _Query, names: Iterable[_FoldedName]) -> Iterator[_Match]:
    """Yield the matches of whole names and words. One name matches in one way."""
    padded = f" {query.folded} "
    raw_words = set(re.findall(r"\w+", query.text))
    for name in names:
        if name.name.text == query.text or (name.name.how == "host" and name.folded == query.host):
            yield name.match(name.name.how)
        elif name.name.how == "host":
            if query.host and _is_related_host(query.host, name.folded):
                yield name.match("beginning", abs(len(query.host) - len(name.folded)))
        elif name.joined == query.joined:
            yield name.match("spelling", int(name.name.text.casefold() != query.text.casefold()))
        elif len(query.joined) > 1 and name.joined.startswith(query.joined):
            yield name.match("beginning", len(name.joined) - len(query.joined))
        elif _has_words(name, query):
            yield name.match("words", abs(len(name.joined) - len(query.joined)))
        elif f" {name.folded} " in padded and _is_telling(name, raw_words):
            yield name.match("part", len(query.joined) - len(name.joined))


def _is_related_host(one: str, other: str) -> bool:
    """Return whether one host is under the other: `english.example.org`, `example.org`."""
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _has_words(name: _FoldedName, query: _Query) -> bool:
    """Return whether each word of the query is a word, or begins a word, of a name or of the words about its record."""
    return all((f" {word}" if len(word) > 2 else f" {word} ") in name.about for word in query.words)


def _is_telling(name: _FoldedName, raw_words: Collection[str]) -> bool:
    """Return whether a name inside a longer text is not an ordinary word there, as `who` may be."""
    return " " in name.folded or (name.name.how != "id" and name.name.text in raw_words)


def _match_host_label(query: _Query, names: Iterable[_FoldedName]) -> Iterator[_Match]:
    """Yield the matches of the words of an unknown host: `bbc.co.uk` is the host of `bbc`, if that may publish."""
    labels = [label for label in query.host.split(".")[:-1] if len(label) > 2 and label not in _COMMON_LABELS]
    publishers = [n for n in names if n.entry.record.kind == "actor" and n.entry.record.category not in _NO_PUBLISHER]
    for label in labels:
        for match in _match_names(_Query(label, "", fold_name(label)), publishers):
            how = "host" if match.record.is_certain else "part" if match.record.matched == "beginning" else ""
            if how:
                yield replace(match, record=replace(match.record, matched=how))


def _match_near(query: _Query, names: Iterable[_FoldedName]) -> Iterator[_Match]:
    """Yield the matches of names that differ by one or two letters, as a whole or word by word."""
    if len(query.joined) < _SHORTEST_NEAR:
        return
    long = [n for n in names if n.name.how != "host" and len(n.joined) >= _SHORTEST_NEAR]
    plain = _LetterCounter(query, (n.folded for n in long))
    # The wrong letter may be in an article.
    unchanged = replace(query, folded=fold_name(query.text, articles=True))
    whole = _LetterCounter(unchanged, (n.with_articles for n in long))
    for name in long:
        distance = plain.count_in_name(name.folded)
        if distance > 2:
            distance = whole.count_in_name(name.with_articles)
        if distance <= 2:
            yield name.match("near", distance)


class _LetterCounter:
    """Counts the letters by which names differ from a query: 0, 1, 2, or 3 for more than a typing error.

    Args:
        query: The query.
        names: The folded names. Each of their words is compared once.
    """

    def __init__(self, query: _Query, names: Iterable[str]) -> None:
        self._query = query
        words = {word for name in names for word in name.split()}
        self._near = [
            {other: count for other in words if (count := _count_letters(word, other)) <= 2} for word in query.words
        ]

    def count_in_name(self, folded: str) -> int:
        """Count the letters by which a name differs as a whole, else each word of the query from the nearest of its words."""
        if self._query.folded.count(" ") == folded.count(" "):
            distance = _count_letters(self._query.joined, folded.replace(" ", ""))
            if distance <= 2:
                return distance
        words, total = folded.split(), 0
        for near in self._near:
            nearest = min((near[word] for word in words if word in near), default=3)
            if nearest > 2:
                return 3
            total += nearest
        return total


def _count_letters(one: str, other: str) -> int:
    """Return the number of letters by which two texts differ; 3 for more than a typing error in texts of their length."""
    if one == other:
        return 0
    shortest = min(len(one), len(other))
    allowed = 2 if shortest >= _SHORTEST_TWO else 1 if shortest >= _SHORTEST_NEAR else 0
    if abs(len(one) - len(other)) > allowed or not allowed:
        return 3
    distance = count_edits(one, other)
    return distance if distance <= allowed else 3
