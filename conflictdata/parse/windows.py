"""The time window of each number of a sentence.

Most sentences name one day, which is that of all their numbers. If a sentence names several (`20 in May and 45 in June`),
each number has the day of its own part of the sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

from conflictdata.parse import times
from conflictdata.parse.lexicon.calendar import MONTHS, RELATIVE_DAYS, WEEKDAYS
from conflictdata.parse.mentions import Mention
from conflictdata.parse.model import Window
from conflictdata.parse.tokens import Sentence

SEVERAL_DAYS = "the sentence names several days: which one is this number's?"
_DAY_WORDS = frozenset((*WEEKDAYS, *RELATIVE_DAYS, *MONTHS))
_RECENT = frozenset(("recent", "recently", "earlier", "previous"))
_BRINGING = frozenset(("brings", "bringing", "brought", "raising", "raises"))
_CUTS = frozenset((",", ";", "and", "while", "but", "to", "than", "then", "compared", "or"))


def find_windows(
    s: Sentence, body: int, linked: Sequence[Mention], published: date | None
) -> tuple[list[Window], list[bool]]:
    """Return the window of each number, and whether the choice is uncertain.

    Args:
        s: Sentence.
        body: Where its text begins, after a dateline.
        linked: The numbers that are claims, in order.
        published: Day of publication.
    """
    whole = times.find_window(s if body == s.begin else Sentence(s.text, body, s.stop), published)
    certain = [False] * len(linked)
    if len(linked) == 1 and whole.kind == "event" and times.count_days(s, published) > 1:
        return [whole], [True]
    if whole.start is not None and not _RECENT.isdisjoint(s.low):
        return [whole] * len(linked), [not _RECENT.isdisjoint(p.low) for p in _split_parts(s, body, linked)]
    if len(linked) > 1 and "adding" in s.low:  # "Seven died, it said, adding that 40 had been killed last month"
        cut = s.start[s.low.index("adding")]
        sides = [times.find_window(Sentence(s.text, a, b), published) for a, b in ((body, cut), (cut, s.stop))]
        return [sides[s.start[m.first] > cut] for m in linked], certain
    if len(linked) < 2 or sum(w in _DAY_WORDS or _is_year(w) for w in s.low) < 2:
        return [whole] * len(linked), certain
    own = [times.find_window(part, published) for part in _split_parts(s, body, linked)]
    if len({(w.start, w.end) for w in own if w.start is not None}) < 2:
        return [whole] * len(linked), certain
    own = [_keep_running_total(s, m, w, whole) for m, w in zip(linked, own, strict=True)]
    chosen = [w if w.start is not None else _borrow_window(i, own, linked) for i, w in enumerate(own)]
    return [w or whole for w in chosen], [w is None for w in chosen]


def _keep_running_total(s: Sentence, m: Mention, window: Window, whole: Window) -> Window:
    """Return the window of a running total as one: `bringing the number killed in 2026 to 63`."""
    running = window.kind == "interval" and whole.kind == "cumulative" and m.rule == "toll"
    return replace(window, kind="cumulative") if running and not _BRINGING.isdisjoint(s.low) else window


def _is_year(word: str) -> bool:
    return len(word) == 4 and word.isdigit() and word[:2] in ("18", "19", "20")


def _split_parts(s: Sentence, body: int, linked: Sequence[Mention]) -> list[Sentence]:
    """Return the part of the sentence around each number. A semicolon ends it."""
    begins = [body]
    for before, m in pairwise(linked):
        gap = range(m.first - 1, before.last - 1, -1)
        if m.rule == "toll" != before.rule:
            gap = gap[::-1]  # ", bringing the toll since May to 300"
        semicolon = next((k for k in gap if s.low[k] == ";"), None)
        cut = next((k for k in gap if s.low[k] in _CUTS), m.first) if semicolon is None else semicolon
        begins.append(s.start[cut])
    ends = [next((s.start[k] for k in range(m.last, len(s)) if s.low[k] == ";"), s.stop) for m in linked]
    stops = [*begins[1:], s.stop]
    return [Sentence(s.text, a, max(a, min(b, end))) for a, b, end in zip(begins, stops, ends, strict=True)]


def _borrow_window(i: int, own: Sequence[Window], linked: Sequence[Mention]) -> Window | None:
    """Return the window of the number that this one is part of, or that shares its verb; None if there is none."""
    m = linked[i]
    for k, other in enumerate(linked):
        if (
            other is not m
            and own[k].start is not None
            and (other is m.parent or (k > i and m.predicate is not None and other.predicate is m.predicate))
        ):
            return own[k]
    return None
