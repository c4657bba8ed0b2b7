"""Breakdowns of a number, and totals at the end of a paragraph.

A breakdown is a list in brackets, after a colon or a comma, or with the same sum.
"""

from __future__ import annotations

from collections.abc import Sequence

from conflictdata.parse.lexicon.outcomes import AUXILIARY, CAPTIVES, PAST
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, PERSON
from conflictdata.parse.predicates import JOINT
from conflictdata.parse.tokens import Sentence

GENERIC = frozenset("people persons civilians victims members dead deaths bodies individuals".split())
LARGE = 50  # a total of which two parts are enough
LEAST_LISTED = 3  # numbers of one sentence that may add up to a total before it
MAX_TOKENS_TO_WHOLE = 40  # tokens from a part back to its whole
MAX_TOKENS_TO_BRACKET = 60  # tokens of a bracket
_OPENING_BRACKETS = ("(", "[")
_MARKS = frozenset((":", ",", "-", ";"))
_BETWEEN = frozenset((",", "and", "-", "(", ":", ";"))
_PLACES = frozenset(("in", "at", "near", "on", "from", "towards", "to", "across", "within"))


def has_compatible_outcome(whole: Mention, part: Mention) -> bool:
    """Return whether the outcome of a whole allows this part."""
    return bool(whole.outcome) and (not part.outcome or whole.outcome in (part.outcome, "killed_or_injured"))


def can_contain_number(whole: Mention, part: Mention) -> bool:
    """Return whether the number of a whole is large enough for a part."""
    top = whole.number.top or whole.number.value
    return top > part.number.value or part.number.kind == "vague" or whole.number.kind == "vague"


def apply_breakdown_rules(s: Sentence, mentions: list[Mention]) -> None:
    """Link the parts of each breakdown in one sentence, in place."""
    for i, whole in enumerate(mentions):
        if not whole.outcome or whole.exclusion:
            continue
        end = _find_end(s, whole)
        mark = s.at(end)
        if mark in _OPENING_BRACKETS:
            link_bracketed_parts(s, mentions, i, end)
        if mark in ("-", ":", ","):
            _link_adjacent_list(s, mentions, i, end)
    if len(mentions) > 2:
        _link_parts_by_sum(s, mentions)
        _link_outcomes_by_sum(mentions)


def _link_outcomes_by_sum(mentions: list[Mention]) -> None:
    """Link the killed and the injured that add up to a joint total before them: `960 casualties, with 310 deaths and 650 injured`."""
    for i, whole in enumerate(mentions):
        if whole.outcome != "killed_or_injured" or whole.exclusion:
            continue
        killed, injured = (
            next(
                (
                    m
                    for m in mentions[i + 1 :]
                    if m.outcome == outcome and not m.exclusion and m.parent in (None, whole)
                ),
                None,
            )
            for outcome in ("killed", "injured")
        )
        if killed and injured and killed.number.value + injured.number.value == whole.number.value:
            killed.parent = injured.parent = whole


def _find_end(s: Sentence, whole: Mention) -> int:
    """Return the token after a number and its verb, where a bracket or a list may begin.

    `40 people (...)`, `at least 40 were killed (21 men, ...)`.
    """
    v = whole.predicate
    after = (
        v is not None
        and whole.last <= v.first
        and v.first - whole.last <= 2
        and s.at(whole.last) not in _OPENING_BRACKETS
    )
    end = v.last if after and v is not None else whole.last
    return end + (s.at(end) in ("so", "others"))


def _link_adjacent_list(s: Sentence, mentions: list[Mention], i: int, end: int) -> None:
    """Link a list right after a number, if it adds up to it: `seven people - three women and four men`."""
    whole, listed = mentions[i], list[Mention]()
    for m in mentions[i + 1 :]:
        start = listed[-1].last if listed else end
        between = s.low[start : m.first]
        if m.exclusion or m.opener or m.parent is not None or len(between) > 2 or not _BETWEEN.issuperset(between):
            break
        if m.first < end or (m.noun.outcome and m.noun.outcome != whole.outcome):
            break
        listed.append(m)
    generic = s.at(whole.noun.last - 1) in GENERIC or end > whole.last
    if len(listed) < 2 or (s.at(end) == "," and not generic and not _is_closed_list(s, listed)):
        return
    if sum(m.number.value for m in listed) == whole.number.value:
        for m in listed:
            m.parent, m.outcome, m.rule = whole, whole.outcome, "breakdown"


def _is_closed_list(s: Sentence, listed: list[Mention]) -> bool:
    """Return whether a comma and a verb follow a list.

    `four colleagues, two nurses and two guards, were killed`.
    """
    k = listed[-1].last
    return s.at(k) in (",", "-") and (s.at(k + 1) in AUXILIARY or s.at(k + 1) in PAST)


def link_bracketed_parts(s: Sentence, mentions: list[Mention], i: int, opening: int) -> None:
    """Link the numbers in brackets after a number, in place.

    `150 casualties (40 killed and 110 injured)`, `40 were killed (21 men and 19 women)`, `70 casualties (28 killed including 9 children)`.

    Args:
        s: The sentence.
        mentions: Its mentions.
        i: Index of the whole.
        opening: Token of the opening bracket.
    """
    whole, top = mentions[i], list[Mention]()
    inside = _list_bracketed(s, mentions[i + 1 :], opening)
    for m in inside:
        if m.opener and (top or m.parent is not None):
            before = top[-1] if top else whole
            if m.parent is None and can_contain_number(before, m):
                m.parent, m.outcome = before, m.outcome if m.noun.outcome else before.outcome
                m.rule = m.rule or "part"
            continue
        if not can_contain_number(whole, m):
            return
        if not m.outcome or has_compatible_outcome(whole, m):
            top.append(m)
    if any(m.outcome and not has_compatible_outcome(whole, m) for m in inside):
        return
    for m in top:
        m.rule = "part" if m.opener or len(top) == 1 else "breakdown"
        m.parent, m.outcome = whole, m.outcome or whole.outcome
    _check_bracketed_sum(whole, top)


def _list_bracketed(s: Sentence, following: list[Mention], opening: int) -> list[Mention]:
    """Return the mentions in the brackets that open at a token."""
    limit = min(opening + MAX_TOKENS_TO_BRACKET, len(s))
    close = next((k for k in range(opening, limit) if s.low[k] in (")", "]")), 0)
    out = []
    for m in following:
        if m.first > close:
            break
        if m.first > opening and not m.exclusion and m.number.before >= opening:
            out.append(m)
    return out


def _check_bracketed_sum(whole: Mention, parts: list[Mention]) -> None:
    """Turn a list into subsets if it does not add up to the number."""
    total = sum(m.number.value for m in parts)
    if total != whole.number.value:
        for m in parts:
            m.rule = "part"


def _link_parts_by_sum(s: Sentence, mentions: list[Mention]) -> None:
    """Link a list to the number before it that equals its sum.

    `17 were killed: 10 in the north, four in the south and three in the city`; `17 died, 12 in Rafah and five in Jenin`.
    """
    for i, first in enumerate(mentions[1:], 1):
        mark = s.at(first.first - 1)
        if mark not in _MARKS or first.parent is not None:
            continue
        listed = _collect_listed(s, mentions[i:], colon=mark == ":" or (mark == "-" and _opens_states(mentions[i:])))
        whole = (
            _find_whole_by_sum(s, mentions[:i], listed, first.first - 1 if mark != ":" else 0)
            if len(listed) > 1
            else None
        )
        if whole is None or _is_split_by_outcome(s, whole, listed):
            continue
        for m in listed:
            m.outcome = m.outcome if m.outcome and whole.outcome == "killed_or_injured" else whole.outcome
            m.predicate, m.parent, m.rule, m.exclusion = whole.predicate, whole, "breakdown", ""


def _opens_states(listed: list[Mention]) -> bool:
    """Return whether numbers of different outcomes follow: `570 casualties - 190 dead, 350 wounded ...`."""
    return len({m.outcome for m in listed if m.outcome and m.noun.kind in (NONE, PERSON)}) > 2


def _is_split_by_outcome(s: Sentence, whole: Mention, listed: list[Mention]) -> bool:
    """Return whether the parts have outcomes of their own, which the whole joins: `lost 40 men: 30 killed and 10 missing`.

    Then the whole is a joint total, or a number that no column expresses.
    """
    if len({m.outcome for m in listed}) > 2:
        for m in listed:
            if not m.outcome and not m.exclusion and s.at(m.noun.last - 1) in CAPTIVES:
                m.outcome, m.rule = "captured", "list"
    kinds = {m.outcome for m in listed}
    joint = whole.outcome == "killed_or_injured" and kinds <= {"killed", "injured", "killed_or_injured", ""}
    if "" in kinds or len(kinds) < 2 or joint:
        return False
    if kinds == {"killed", "injured"}:
        whole.outcome = "killed_or_injured"
        return False
    whole.outcome, whole.exclusion = "", JOINT
    return True


def _collect_listed(s: Sentence, mentions: list[Mention], *, colon: bool) -> list[Mention]:
    """Return the mentions of a list by place; after a colon, all mentions of people."""
    if colon:
        return [m for m in mentions if m.noun.kind in (NONE, PERSON)]
    out: list[Mention] = []
    for m in mentions:
        joined = not out or s.at(m.first - 1) in (",", "and", "rest", "remainder")
        by_place = m.noun.kind == NONE and s.at(m.number.last) in _PLACES
        if m.exclusion or not joined or not (by_place or (m.noun.kind == PERSON and not m.outcome)):
            break
        out.append(m)
    return out


def _find_whole_by_sum(s: Sentence, before: list[Mention], listed: list[Mention], mark: int) -> Mention | None:
    """Return the number that a list adds up to, or None.

    A number before a comma must not have a place: `two in Kyiv, one in Lviv` are two parts.
    """
    total = sum(m.number.value for m in listed)
    for x in before:
        by_kind = listed[0].noun.kind == PERSON
        if (
            x.outcome
            and not x.exclusion
            and x.number.value == total
            and (by_kind or _PLACES.isdisjoint(s.low[x.last : mark]))
        ):
            return x
    return None


def link_parts_of_total(s: Sentence, mentions: list[Mention], earlier: Sequence[Mention]) -> None:
    """Link numbers to a total that follows them.

    `Two died in the strike ..., which killed 43 in total`; `In all, 43 people perished`.
    """
    for i, whole in enumerate(mentions):
        if whole.outcome and "total" in s.low[whole.last : whole.last + 3]:
            for m in mentions[:i]:
                if m.outcome == whole.outcome and m.parent is None and can_contain_number(whole, m) and not m.exclusion:
                    m.parent = whole
    if s.low[:2] in (["in", "all"], ["in", "total"], ["altogether", ","], ["overall", ","]):
        _link_closing_total(next((m for m in mentions if m.outcome and not m.exclusion), None), earlier)


def _may_be_part(m: Mention, whole: Mention) -> bool:
    """Return whether a number may be a part of a total: `490 casualties are civilians` after a number of people killed."""
    joint = (
        m.outcome == "killed_or_injured" and whole.outcome in ("killed", "injured") and m.rule in ("noun", "ellipsis")
    )
    outside = m.number.is_more and not m.number.is_definite
    return (m.outcome == whole.outcome or joint) and not outside


def link_following_list(mentions: list[Mention], earlier: Sequence[Mention]) -> None:
    """Link the numbers of a sentence to a total of the sentence before, if they add up to it.

    `293 people died. In the north 192 people died, 80 in the south, 14 in the east and seven in the west.`
    """
    listed = [m for m in mentions if m.outcome and not m.exclusion and m.parent is None and not m.opener]
    whole = next((m for m in reversed(earlier) if m.parent is None and not m.opener), None)
    if whole is None or whole.exclusion or whole.number.kind == "vague":
        return
    if len(listed) < (LEAST_LISTED if whole.number.value < LARGE else 2):
        return
    if any(not _may_be_part(m, whole) for m in listed):
        return
    if sum(m.number.value for m in listed) == whole.number.value:
        for m in listed:
            m.parent, m.outcome, m.rule = whole, whole.outcome, "sum"


def _link_closing_total(whole: Mention | None, earlier: Sequence[Mention]) -> None:
    """Link the latest numbers to a closing total, if they add up to it."""
    total, inside = 0, list[Mention]()
    for m in reversed(earlier):
        if whole is None or m.outcome != whole.outcome or m.parent is not None or total >= whole.number.value:
            break
        inside.append(m)
        total += m.number.value
    if whole is not None and len(inside) > 1 and total == whole.number.value:
        for m in inside:
            m.parent = whole
