"""Which numbers of a cell may not be added, counted without a look at every pair.

Numbers alike in all but their days are one kind. What two kinds may share holds for all their pairs whose days meet, and
such pairs are counted on sorted days. Only numbers on one claim, or on linked claims, are compared pair by pair.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import heappush
from itertools import combinations, product
from math import comb
from typing import NamedTuple

from conflictdata.analysis.overlaps import SHARING, OverlapJudge, SummandFacts
from conflictdata.analysis.statements import Statement

# What the numbers of a sum have in common, and the code if they have not.
_COMMON: tuple[tuple[str, Callable[[SummandFacts], str]], ...] = (
    ("unit", lambda facts: facts.row.unit),
    ("outcome", lambda facts: facts.row.outcome),
    ("two-conflicts", lambda facts: facts.row.conflict_id),
    ("two-claimants", lambda facts: facts.claimant),
)
_EndHeap = list[tuple[int, int]]  # last day, negative, and number: the last to end is first
_ALWAYS = (0, 9_999_999)  # first and last day as numbers; a missing day may be any


class Clash(NamedTuple):
    """A reason why numbers may not be added.

    Attributes:
        code: Its code.
        where: The number, or two numbers, that are an example.
        times: How many numbers or pairs of numbers have this reason.
        items: All numbers that have it.
    """

    code: str
    where: tuple[int, ...]
    times: int
    items: tuple[int, ...]


def find_clashes(judge: OverlapJudge, items: Sequence[Statement]) -> list[Clash]:
    """Return why the numbers of a cell may not be added."""
    found = [Clash(code, (i,), 1, (i,)) for i, item in enumerate(items) for code in judge.list_own_codes(item)]
    facts = [judge.collect_facts(item) for item in items]
    groups = [list(range(len(items)))]
    for code, read in _COMMON:
        split: list[list[int]] = []
        for group in groups:
            parts: dict[str, list[int]] = {}
            for i in group:
                parts.setdefault(read(facts[i]), []).append(i)
            split += parts.values()
            if len(parts) > 1:
                first, second, *_ = parts.values()
                times = comb(len(group), 2) - sum(comb(len(part), 2) for part in parts.values())
                found.append(Clash(code, (first[0], second[0]), times, tuple(group)))
        groups = split
    for group in groups:
        if len(group) > 1:
            found += _AlikeNumbers(judge, facts, group).find_clashes()
    return found


def list_components(judge: OverlapJudge, items: Sequence[Statement]) -> list[list[int]]:
    """Return the sets of numbers of one claimant that hang together by what they may share, each sorted."""
    facts = [judge.collect_facts(item) for item in items]
    leader = list(range(len(items)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    for one, other in _AlikeNumbers(judge, facts, range(len(items))).iterate_links():
        leader[max(find(one), find(other))] = min(find(one), find(other))
    found: dict[int, list[int]] = {}
    for i in range(len(items)):
        found.setdefault(find(i), []).append(i)
    return list(found.values())


class _Kind:
    """Numbers that are alike in all but their days.

    Attributes:
        items: The numbers.
        starts: Their first days, sorted.
        ends: Their last days, sorted.
    """

    def __init__(self, items: list[int], days: Mapping[int, tuple[int, int]]) -> None:
        self.items = items
        self.starts = sorted(days[i][0] for i in items)
        self.ends = sorted(days[i][1] for i in items)

    def count_meeting(self, day: tuple[int, int]) -> int:
        """Return the number of its numbers whose days meet these."""
        return bisect_right(self.starts, day[1]) - bisect_left(self.ends, day[0])


class _AlikeNumbers:
    """Numbers of one claimant, conflict, outcome and unit.

    Args:
        judge: What tells which may be added.
        facts: What is compared of each number.
        group: The numbers.
    """

    def __init__(self, judge: OverlapJudge, facts: Sequence[SummandFacts], group: Sequence[int]) -> None:
        self._judge = judge
        self._facts = facts
        self._group = group
        self._days = {i: _read_days(facts[i]) for i in group}
        self._kind_of: dict[int, int] = {}
        self._members: list[list[int]] = []
        known: dict[tuple[object, ...], int] = {}
        for i in group:
            kind = known.setdefault(judge.read_kind(facts[i]), len(known))
            if kind == len(self._members):
                self._members.append([])
            self._members[kind].append(i)
            self._kind_of[i] = kind
        self._codes = self._judge_kinds()
        self._special = {pair: judge.find_code(facts[pair[0]], facts[pair[1]]) for pair in self._list_special()}
        self._special_of: dict[int, set[int]] = defaultdict(set)
        for one, other in self._special:
            self._special_of[one].add(other)
            self._special_of[other].add(one)

    def _judge_kinds(self) -> dict[tuple[int, int], str]:
        """Return the code of the pairs of each two kinds whose days meet."""
        codes = {}
        for a, b in product(range(len(self._members)), repeat=2):
            if a <= b:
                one, other = (self._facts[self._members[kind][0]] for kind in (a, b))
                codes[a, b] = codes[b, a] = self._judge.find_kind_code(one, other)
        return codes

    def _list_special(self) -> Iterator[tuple[int, int]]:
        """Yield the pairs that have a claim in common, or two linked claims."""
        by_claim: dict[str, list[int]] = defaultdict(list)
        for i in self._group:
            for claim in self._facts[i].figures:
                by_claim[claim].append(i)
        for items in by_claim.values():
            yield from combinations(items, 2)
        for one, other in self._judge.linked_claims:
            for i, j in product(by_claim.get(one, ()), by_claim.get(other, ())):
                if i != j:
                    yield min(i, j), max(i, j)

    def _read_code(self, i: int, j: int) -> str:
        """Return the code of a pair by kinds and days alone."""
        code = self._codes[self._kind_of[i], self._kind_of[j]]
        return code if code == "basis" or _meet(self._days[i], self._days[j]) else ""

    def find_clashes(self) -> list[Clash]:
        """Return one clash per code."""
        times, degrees = self._count_pairs()
        clashes = []
        for code in sorted(times):
            if not times[code]:
                continue
            items = tuple(i for i in self._group if degrees[code][i] > 0)
            first = items[0]
            second = next(j for j in items[1:] if self._judge_pair(first, j) == code)
            clashes.append(Clash(code, (first, second), times[code], items))
        return sorted(clashes, key=lambda clash: clash.where)

    def _judge_pair(self, i: int, j: int) -> str:
        pair = (min(i, j), max(i, j))
        return self._special[pair] if pair in self._special else self._read_code(i, j)

    def _count_pairs(self) -> tuple[Counter[str], dict[str, Counter[int]]]:
        """Return the number of pairs by code, and of each number's pairs by code."""
        twice: Counter[str] = Counter()
        degrees: dict[str, Counter[int]] = defaultdict(Counter)
        days = self._days
        kinds = [_Kind(items, days) for items in self._members]
        for (a, b), code in self._codes.items():
            if not code:
                continue
            for i in self._members[a]:
                day = _ALWAYS if code == "basis" else days[i]
                count = kinds[b].count_meeting(day) - (a == b)
                if count:
                    degrees[code][i] += count
                    twice[code] += count
        times = Counter({code: count // 2 for code, count in twice.items()})
        for (i, j), code in self._special.items():
            for word, change in ((self._read_code(i, j), -1), (code, 1)):
                if word:
                    times[word] += change
                    degrees[word][i] += change
                    degrees[word][j] += change
        return times, degrees

    def iterate_links(self) -> Iterator[tuple[int, int]]:
        """Yield enough of the pairs that may share people to tell what hangs together."""
        yield from (pair for pair, code in self._special.items() if code in SHARING)
        active: dict[int, list[_EndHeap]] = defaultdict(list)  # by kind: sets that hang together
        for i in sorted(self._group, key=lambda one: self._days[one]):
            kind = self._kind_of[i]
            for other in list(active):
                if self._codes[kind, other] in SHARING:
                    links, active[other] = self._link(i, active[other])
                    yield from ((i, j) for j in links)
            active[kind].append([(-self._days[i][1], i)])

    def _link(self, i: int, sets: list[_EndHeap]) -> tuple[list[int], list[_EndHeap]]:
        """Return a number of each set that another number meets, and the sets that go on, those that it meets as one."""
        start, special = self._days[i][0], self._special_of.get(i, ())
        links: list[int] = []
        kept: list[_EndHeap] = []
        joined: _EndHeap = []
        for heap in sets:
            if -heap[0][0] < start:
                continue  # all of it ended before, and later numbers begin later
            meeting = next((j for end, j in heap if -end >= start and j not in special), None)
            if meeting is None:
                kept.append(heap)
                continue
            links.append(meeting)
            smaller, joined = sorted((joined, heap), key=len)
            for entry in smaller:
                heappush(joined, entry)
        return links, [*kept, joined] if joined else kept


def _read_days(facts: SummandFacts) -> tuple[int, int]:
    first, last = facts.window
    return _ALWAYS if first is None or last is None else (first.toordinal(), last.toordinal())


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
