"""The tree of numbers: the whole of each part, and outcomes that parts inherit."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, pairwise

from conflictdata.parse.breakdown import (
    MAX_TOKENS_TO_WHOLE,
    apply_breakdown_rules,
    can_contain_number,
    has_compatible_outcome,
    link_following_list,
    link_parts_of_total,
)
from conflictdata.parse.groups import find_bare_people
from conflictdata.parse.lexicon.outcomes import BACK, CAPTIVES, PAST
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, PERSON
from conflictdata.parse.predicates import JOINT
from conflictdata.parse.tokens import Sentence

MAX_TOKENS_OF_PREDICATE = 5
_BRACKETS = frozenset(("(", ")"))
_KILLED_AND_INJURED = 2  # parts of a joint total
_CAPTURED = ("abducted", "captured")
_PARTED = frozenset(("them", "those", "number"))
_OPENING = frozenset(
    (("of", "those"), ("of", "them"), ("of", "these"), ("among", "them"), ("among", "those"), ("of", "that"), ("of", "this"), ("of", "the"),
     ("among", "these"), ("from", "these"), ("included", "in"))
)  # fmt: skip
_NUMBERS = frozenset("total number figure toll casualties those these them victims dead".split())
_HIT = frozenset("dead killed victims wounded injured".split())
_BE = frozenset(("were", "are", "was", "is"))
_STILL = frozenset("still remain remaining remained".split())
_BEFORE_DEAD = frozenset("are is were presumed be confirmed".split())


def link_parts(s: Sentence, mentions: list[Mention], earlier: Sequence[Mention]) -> None:
    """Link each part of the sentence to its whole, in place.

    Args:
        s: The sentence.
        mentions: Its mentions.
        earlier: Linked mentions of the sentences before, oldest first.
    """
    apply_breakdown_rules(s, mentions)
    for i, m in enumerate(mentions):
        if m.exclusion:
            _copy_opener(s, m, mentions[i + 1 : i + 2])
            continue
        _link_to_later_whole(s, mentions, i)
        if m.rule == "predicate":
            m.parent, m.outcome = mentions[i - 1].parent, m.outcome or mentions[i - 1].outcome
        _link_continued_part(s, mentions, i)
        if m.parent is not None and m.outcome and not m.opener:
            continue
        if m.opener or (m.noun.partitive in _PARTED and not (m.rule == "of" and m.is_implied)):
            _link_opened_part(s, mentions, i, earlier)
        elif m.is_implied and m.parent is None:
            candidates = [
                x
                for x in mentions[:i]
                if x.rule not in ("fronted", "list", "rest", "of") and not (x.is_implied and m.predicate is None)
            ]
            fits = _is_of_anybody if m.rule == "sex" else has_compatible_outcome
            m.parent = _find_latest_whole(chain(earlier, candidates), m, fits)
        if m.outcome and m.parent is None:
            _link_among_phrase(s, mentions, i, earlier)
            _link_captives(s, mentions, i, earlier)
    _link_parts_of_joint(s, mentions)
    _link_clauses_in_brackets(s, mentions)
    for before, m in pairwise(mentions):
        _link_last_of_list(s, before, m)
        _check_wider_whole(s, before, m)
        if before.rule == "toll" and m.number.is_more and m.parent is None and _is_cause_of_rise(s, m):
            m.parent = before
        if m.parent is None and m.number.kind == "article" and s.low[before.last : m.first] == ["-"]:
            m.parent = before if before.outcome == m.outcome and before.number.value > 1 and m.outcome else None
    link_parts_of_total(s, mentions, earlier)
    link_following_list(mentions, earlier)


def _link_parts_of_joint(s: Sentence, mentions: list[Mention]) -> None:
    """Link the killed and the injured of a joint total: `4,710 casualties, with 1,661 killed and 3,015 injured`."""
    joint = next(
        (m for m in mentions if m.outcome == "killed_or_injured" and m.parent is None and m.noun.kind != NONE), None
    )
    if joint is None:
        return
    after = mentions[mentions.index(joint) + 1 :]
    parts = [m for m in after if m.outcome in ("killed", "injured") and m.parent is None and m.noun.kind == NONE]
    if len({m.outcome for m in parts}) != len(parts) or len(parts) != _KILLED_AND_INJURED:
        return
    opened = s.at(parts[0].first - 1) == "with" or s.low[parts[0].first - 2 : parts[0].first] in (
        ["of", "which"],
        ["of", "whom"],
    )
    if (
        opened
        and sum(m.number.value for m in parts) <= joint.number.value
        and ";" not in s.low[joint.last : parts[0].first]
    ):
        for m in parts:
            m.parent = joint


def _link_clauses_in_brackets(s: Sentence, mentions: list[Mention]) -> None:
    """Link what each side did, in brackets after a whole: `killed 39 people (one group killed 30, the other nine)`."""
    opening, inside = -1, [m for m in mentions if m.outcome and m.parent is None and not m.exclusion]
    for k in s.find_positions(_BRACKETS):
        if s.low[k] == "(":
            opening = k
            continue
        within = [m for m in inside if opening < m.first < k]
        whole = next((m for m in reversed(inside) if m.first < opening), None)
        if opening < 0 or whole is None or len(within) < _KILLED_AND_INJURED:
            continue
        alike = all(m.outcome == whole.outcome for m in within)
        if alike and sum(m.number.value for m in within) <= whole.number.value and s.at(k + 1) in (".", ";", ",", ""):
            for m in within:
                m.parent = whole


def _link_last_of_list(s: Sentence, before: Mention, m: Mention) -> None:
    """Link the last part of a list that has a verb of its own: `including four children and seven detainees who died`."""
    whole = before.parent
    if (
        whole is None
        or not (before.opener or before.rule == "part")
        or m.opener
        or m.parent is not None
        or not m.outcome
    ):
        return
    joined = s.low[before.last : m.first] in (["and"], [","], [",", "and"])
    own = s.at(m.last) in ("who", "which", "killed", "executed") or bool(m.noun.outcome)
    if joined and own and has_compatible_outcome(whole, m) and can_contain_number(whole, m):
        m.parent = whole


def _check_wider_whole(s: Sentence, part: Mention, m: Mention) -> None:
    """Refuse casualties that hold captives too: `90 casualties, of which 70 were killed or injured and 20 captured`."""
    whole = part.parent
    if whole is None or whole.noun.kind == NONE or whole.outcome != "killed_or_injured" or m.parent is not None:
        return
    joined = s.at(m.first - 1) == "and" and s.at(part.first - 1) in ("which", "whom", "them", ":")
    if joined and m.noun.kind == NONE and m.outcome in ("captured", "missing"):
        whole.outcome, whole.exclusion, part.parent = "", JOINT, None


def _link_continued_part(s: Sentence, mentions: list[Mention], i: int) -> None:
    """Link a second part of a joint total.

    `4,710 casualties; 1,661 of them were killed and 3,015 injured`.
    """
    m, before = mentions[i], mentions[i - 1] if i else None
    if before is None or before.noun.partitive != "them" or before.parent is None or m.noun.kind != NONE or m.opener:
        return
    joint = before.parent.outcome == "killed_or_injured" and s.at(m.first - 1) == "and"
    if joint and m.outcome and m.parent is None and m.first - before.last < 4:
        m.parent = before.parent


def _is_cause_of_rise(s: Sentence, m: Mention) -> bool:
    """Return whether a toll before has risen by a number: `the toll has climbed to 85 with the death of another soldier`."""
    near = s.low[max(0, m.first - 5) : m.first]
    return "with" in near and not {"death", "deaths", "killing"}.isdisjoint(near)


def _copy_opener(s: Sentence, m: Mention, following: list[Mention]) -> None:
    """Make the second of two a part as well: `of whom 24 are alive and 35 are dead`."""
    for after in following:
        between = s.low[m.last : after.first]
        if m.opener and not after.opener and between[-1:] == ["and"] and "," not in between:
            after.opener = m.opener


def _link_captives(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """Link people still held, dead or missing to the people taken captive."""
    m = mentions[i]
    if m.outcome == "abducted" and _is_still_held(s, m):
        taken = (x for x in chain(earlier, mentions[:i]) if x.predicate is not None or x.parent is not None)
        m.parent = _find_latest_whole(taken, m, has_compatible_outcome)
    of_hostages = m.outcome == "killed" and m.noun.partitive == "rest" and s.at(m.noun.last - 1) in CAPTIVES
    if of_hostages or (m.outcome == "missing" and (m.noun.kind == NONE or m.noun.partitive == "rest")):
        m.parent = _find_latest_whole(
            (x for x in chain(earlier, mentions[:i]) if x.outcome in _CAPTURED), m, _has_outcome
        )


def _is_still_held(s: Sentence, m: Mention) -> bool:
    """Return whether the people are still held.

    `the 97 hostages still being held`, `the remaining 12`.
    """
    rest = m.number.is_more and m.number.is_definite
    return rest or not _STILL.isdisjoint(s.low[max(0, m.first - 3) : m.last + 5])


def _link_to_later_whole(s: Sentence, mentions: list[Mention], i: int) -> None:
    """Link parts to a whole that follows "among".

    `A child and two women were among nine people killed`, `5 children among 13 killed`.
    """
    m = mentions[i]
    k = m.last + (s.at(m.last) in ("was", "were", "is", "are"))
    if m.outcome or s.at(k) != "among":
        return
    whole = next((x for x in mentions[i + 1 :] if x.outcome and not x.exclusion and x.first - m.last <= 4), None)
    if whole is None:
        return
    while True:
        m.outcome, m.parent, m.rule = whole.outcome, whole, "among"
        i -= 1
        between = s.low[mentions[i].last : m.first] if i >= 0 else []
        if between not in (["and"], [","], [",", "and"]) or not mentions[i].is_free:
            return
        m = mentions[i]


def _is_of_anybody(whole: Mention, part: Mention) -> bool:
    """Return whether a whole counts people of both sexes, so that those of unknown sex may be among them."""
    group = whole.group or whole.noun.group
    return has_compatible_outcome(whole, part) and (group is None or group.category in ("total", "civilian"))


def _has_outcome(whole: Mention, _: Mention) -> bool:
    return bool(whole.outcome)


def _find_latest_whole(
    candidates: Iterable[Mention], m: Mention, fits: Callable[[Mention, Mention], bool]
) -> Mention | None:
    """Return the latest whole that fits, or None.

    Prefers a candidate that is not itself a part.
    """
    best = None
    for c in candidates:
        if c.outcome and not c.exclusion and c is not m and fits(c, m) and can_contain_number(c, m):
            top = c.parent is None and not c.opener
            vague = c.number.kind == "vague" and best is not None and best.number.kind != "vague"
            if (top and not vague) or best is None or best.parent is not None or best.opener:
                best = c
    return best


def _link_opened_part(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """Link a part that its words open.

    `including five`, `two of them`, `37 of the 45`.
    """
    m = mentions[i]
    if m.noun.partitive == "number":
        whole = next((x for x in mentions[i + 1 :] if x.first <= m.noun.last + 3), None)
        if whole is not None and whole.outcome and not whole.exclusion:
            m.parent, m.outcome = whole, m.outcome or whole.outcome
            return
        if not m.opener:
            return
    if m.parent is None and m.noun.partitive == "them" and not m.opener and i:
        before = mentions[i - 1]
        near = m.first - before.last <= MAX_TOKENS_OF_PREDICATE and s.at(m.first - 1) in ("and", ",")
        if near and before.noun.partitive == "them" and before.parent is not None and not m.noun.outcome:
            m.parent = before.parent  # "270 were men and 180 were women"
    if m.parent is None:
        acts = (
            m.number.value == 1
            and s.at(m.last).endswith("ed")
            and s.at(m.last) not in PAST
            and s.at(m.last) not in BACK
        )
        if m.noun.partitive == "them" and not m.opener and m.is_free and (acts or _is_about_others(mentions, i)):
            return  # "one of them stepped on a mine"
        if m.noun.partitive == "them" and not m.opener and i and _is_of_uncounted(mentions[i - 1], m):
            return  # "49 women were raped, with seven of them killed"
        m.parent = _find_whole(s, m, [x for x in mentions[:i] if x.outcome and not x.exclusion], earlier)
    if m.parent is None:
        return
    if (m.noun.partitive == "them" and s.at(m.last) in ("fatal", "fatally", "dead")) or _is_reported_dead(s, m):
        m.outcome = "killed"
    if m.noun.partitive == "them" and s.at(m.last) in _BE and s.at(m.last + 1) in ("prisoners", "pows"):
        m.outcome, m.rule = "captured", "part"
        m.parent = m.parent if m.parent.outcome in _CAPTURED else None
        return
    if not m.outcome:
        m.outcome, m.predicate, m.rule = m.parent.outcome, m.parent.predicate, "part"


def _is_of_uncounted(before: Mention, m: Mention) -> bool:
    """Return whether "of them" means people right before who have no outcome."""
    people = before.noun.kind == PERSON and not before.outcome and before.number.kind != "article"
    return people and before.number.value > m.number.value


def _is_about_others(mentions: list[Mention], i: int) -> bool:
    """Return whether "of them" means people without a reported outcome."""
    before = mentions[i - 1] if i else None
    return before is not None and not before.outcome and before.number.kind != "article"


def _find_whole(s: Sentence, m: Mention, before: list[Mention], earlier: Sequence[Mention]) -> Mention | None:
    if m.noun.partitive == "those" and m.noun.outcome == "killed_or_injured":
        whole = _find_latest_whole(chain(earlier, before), m, _has_outcome)
        m.outcome = m.outcome or (whole.outcome if whole else "killed_or_injured")
        return whole
    if m.noun.partitive == "those" and m.noun.outcome == "injured" and m.outcome == "killed":
        return None  # "two of the injured died" are no part of the dead before
    if m.noun.partitive == "those":
        return _find_latest_whole(before, m, has_compatible_outcome) or _find_latest_whole(
            earlier, m, has_compatible_outcome
        )
    whole = _find_nearest_whole(m, before)
    if whole is None and (m.noun.partitive == "them" or m.opener == "among"):
        if m.noun.partitive == "them" and find_bare_people(s, m.first) is not None:
            return None  # "where soldiers slept, killing two of them"
        return _find_latest_whole(earlier, m, has_compatible_outcome)
    return whole


def _is_reported_dead(s: Sentence, m: Mention) -> bool:
    """Return whether a clause reports the people dead.

    `including 41 the army says are dead`.
    """
    after = s.low[m.last : m.last + 9]
    if "dead" not in after:
        return False
    k = after.index("dead")
    return after[k - 1] in _BEFORE_DEAD and "," not in after[:k]


def _find_nearest_whole(m: Mention, candidates: list[Mention]) -> Mention | None:
    """Return the nearest whole before a part; the parts of a list share one whole."""
    for x in reversed(candidates):
        if m.first - x.last > MAX_TOKENS_TO_WHOLE:
            return None
        if m.opener == "list" and x.opener:
            return x.parent
        if not can_contain_number(x, m):
            is_list_part = x.opener and m.noun.partitive != "them" and m.opener != "among" and x.parent is not None
            if is_list_part:
                return x.parent
            continue
        near = 3 if m.opener == "among" else 2  # ", of whom"
        return x.parent if x.opener and x.parent is not None and m.first - x.last > near else x
    return None


def _is_about_earlier(s: Sentence, m: Mention) -> bool:
    """Return whether the sentence opens with words for an earlier number.

    `Of that total, nineteen children ...`, `Of these 4,731 people were killed`, `Included in the toll were 40 deaths`.
    """
    if tuple(s.low[:2]) not in _OPENING or any(w in (";", "but") for w in s.low[: m.first]):
        return False
    named = s.low[1] in ("those", "these", "them") or not _NUMBERS.isdisjoint(s.low[2:5])
    return named and not (s.at(2)[:1].isdigit() and "," in s.low[3:5])  # "of these 40, 12 were ..."


def _copy_whole_to_list(s: Sentence, mentions: list[Mention], i: int) -> None:
    """Give the numbers listed before a part the same whole: `26 children and six women were among those killed`."""
    while mentions[i].parent is not None and i > 0:
        m, before = mentions[i], mentions[i - 1]
        if s.low[before.last : m.first] not in (["and"], [","], [",", "and"]) or before.parent or not before.outcome:
            return
        if before.outcome != m.outcome or m.parent is None or not can_contain_number(m.parent, before):
            return
        before.parent = m.parent
        i -= 1


def _link_among_phrase(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """Link a part to an earlier whole that "among" or "of those" refers to.

    `three children were among the dead`, `of those, two died`, `among the dead were five women`.
    """
    m = mentions[i]
    after = s.low[m.last : m.last + 3]
    if "among" in after and s.at(m.last + after.index("among") + 1) in ("the", "those", "them", "its"):
        m.parent = _find_latest_whole(earlier, m, has_compatible_outcome)
        _copy_whole_to_list(s, mentions, i)
    lead = s.low[max(0, m.first - 8) : m.first]
    if m.parent is None and _is_about_earlier(s, m):
        m.parent = _find_latest_whole(earlier, m, has_compatible_outcome)
    if m.parent is None and "among" in lead and not _HIT.isdisjoint(lead):
        m.parent = _find_latest_whole(mentions[:i], m, has_compatible_outcome) or _find_latest_whole(
            earlier, m, has_compatible_outcome
        )
