"""The tree: which number is a part of which, and the parts' outcome and group where they have none of their own."""

from __future__ import annotations

from collections.abc import Callable

from conflictdata.parse.lexicon.outcomes import PAST
from conflictdata.parse.lexicon.people import TOTAL, Group
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE, OPEN, PERSON, phrase
from conflictdata.parse.tokens import Sentence

GENERIC = frozenset("people persons civilians victims members dead deaths bodies individuals".split())
REACH = 40  # tokens from a part back to its whole


def parts(s: Sentence, mentions: list[Mention], earlier: list[Mention]) -> None:
    """Gives each part of the sentence its whole. `earlier` are the linked mentions of the sentences before."""
    _breakdown(s, mentions)
    _in_brackets(s, mentions)
    _after_colon(s, mentions)
    for i, m in enumerate(mentions):
        if m.refused:
            continue
        _one_of(s, m, mentions[i + 1 :])
        if m.parent is not None and m.outcome and not m.opened:
            continue
        if m.opened or m.noun.partitive in ("them", "those", "number"):
            _inside(s, m, mentions[:i], mentions[i + 1 :], earlier)
        elif m.implied:
            own = [x for x in mentions[:i] if x.how not in ("fronted", "list", "rest", "of")]
            m.parent = m.parent or _latest([*earlier, *own], m, _same)
        _among(s, m, mentions[:i], earlier)
        if m.parent is None and m.outcome == "abducted" and _still_held(s, m):
            m.parent = _latest(
                [x for x in [*earlier, *mentions[:i]] if x.verb is not None or x.parent is not None], m, _same
            )
    _in_total(s, mentions)


def _one_of(s: Sentence, m: Mention, after: list[Mention]) -> None:
    """`A child was among nine people killed`."""
    words = s.low[m.last : m.last + 3]
    if m.outcome or words[:1] not in (["was"], ["were"], ["is"], ["are"]) or words[1:2] != ["among"]:
        return
    whole = next((x for x in after if x.outcome and not x.refused and x.first - m.last <= 4), None)
    if whole is not None:
        m.outcome, m.parent, m.how = whole.outcome, whole, "among"


def _breakdown(s: Sentence, mentions: list[Mention]) -> None:
    """`seven people (three women and four men)`: a list right behind a number that is its sum, or that stands in brackets."""
    for i, whole in enumerate(mentions):
        mark = s.at(whole.last)
        if not whole.outcome or whole.refused or mark not in ("(", "-", ":", ","):
            continue
        listed: list[Mention] = []
        for m in mentions[i + 1 :]:
            start = listed[-1].last if listed else whole.last
            if (
                m.refused
                or m.first - start > 2
                or m.parent is not None
                or m.opened
                or any(w not in (",", "and", "-", "(", ":", ";") for w in s.low[start : m.first])
            ):
                break
            listed.append(m)
        total = sum(m.number.value for m in listed)
        if mark == "," and s.at(whole.noun.last - 1) not in GENERIC:
            continue
        if len(listed) > 1 and (total == whole.number.value or (mark == "(" and total < whole.number.value)):
            for m in listed:
                m.parent, m.outcome, m.how = whole, whole.outcome, "breakdown"


def _in_brackets(s: Sentence, mentions: list[Mention]) -> None:
    """`150 casualties (40 killed and 110 injured)`: what stands in brackets behind a number is inside it."""
    for i, whole in enumerate(mentions):
        if not whole.outcome or whole.refused or s.at(whole.last) != "(":
            continue
        close = next((k for k in range(whole.last, min(whole.last + REACH, len(s))) if s.low[k] == ")"), 0)
        for m in mentions[i + 1 :]:
            if m.first > close or m.refused or m.parent is not None or not _larger(whole, m):
                break
            if not m.outcome or _same(whole, m):
                m.parent, m.outcome, m.how = whole, m.outcome or whole.outcome, "breakdown"


def _after_colon(s: Sentence, mentions: list[Mention]) -> None:
    """`17 were killed and five injured: 10 in the north, four in the south and three in the city`: the sum names the whole."""
    if ":" not in s.low:
        return
    colon = s.low.index(":")
    listed = [m for m in mentions if m.first > colon and m.noun.kind in (NONE, PERSON)]
    total = sum(m.number.value for m in listed)
    whole = next(
        (x for x in mentions if x.last <= colon and x.outcome and not x.refused and x.number.value == total), None
    )
    if whole is None or len(listed) < 2 or listed[0].first != colon + 1:
        return
    for m in listed:
        m.outcome, m.verb, m.parent, m.how, m.refused = whole.outcome, whole.verb, whole, "breakdown", ""


def _same(whole: Mention, part: Mention) -> bool:
    return bool(whole.outcome) and (not part.outcome or whole.outcome in (part.outcome, "killed_or_injured"))


def _larger(whole: Mention, part: Mention) -> bool:
    return (
        (whole.number.top or whole.number.value) > part.number.value
        or part.number.kind == "vague"
        or whole.number.kind == "vague"
    )


def _latest(candidates: list[Mention], m: Mention, fits: Callable[[Mention, Mention], bool]) -> Mention | None:
    """The latest fitting whole that is no part itself; a part where there is no other."""
    good = [c for c in candidates if c.outcome and fits(c, m) and _larger(c, m)]
    tops = [c for c in good if c.parent is None and not c.opened]
    best = tops or good
    return best[-1] if best else None


def _inside(s: Sentence, m: Mention, before: list[Mention], after: list[Mention], earlier: list[Mention]) -> None:
    partitive = m.noun.partitive
    if partitive == "number":
        whole = next((x for x in after if x.first <= m.noun.last + 3), None)
        if whole is not None and whole.outcome and not whole.refused:
            m.parent, m.outcome = whole, m.outcome or whole.outcome
        return
    if m.parent is None:
        candidates = [x for x in before if x.outcome and not x.refused and x is not m]
        if (
            partitive == "them"
            and not m.opened
            and before
            and m.free
            and not before[-1].outcome
            and before[-1].number.kind != "article"
        ):
            return
        if partitive == "those" and m.noun.outcome == "killed_or_injured":
            m.parent = _latest([*earlier, *candidates], m, _any)
            m.outcome = m.outcome or (m.parent.outcome if m.parent else "killed_or_injured")
        elif partitive == "those":
            m.parent = _latest(candidates, m, _same) or _latest(earlier, m, _same)
        else:
            m.parent = _nearest(m, candidates) or (
                _latest(earlier, m, _same) if partitive == "them" or m.opened == "among" else None
            )
    if m.parent is None:
        return
    if (partitive == "them" and s.at(m.last) in ("fatal", "fatally", "dead")) or _said_dead(s, m):
        m.outcome = "killed"
    if not m.outcome:
        m.outcome, m.verb, m.how = m.parent.outcome, m.parent.verb, "part"


def _said_dead(s: Sentence, m: Mention) -> bool:
    """`including 41 the army says are dead`."""
    after = s.low[m.last : m.last + 9]
    return (
        "dead" in after
        and after[after.index("dead") - 1] in ("are", "is", "were", "presumed", "be", "confirmed")
        and "," not in after[: after.index("dead")]
    )


def _nearest(m: Mention, candidates: list[Mention]) -> Mention | None:
    """The whole that stands nearest before; a list of parts shares one whole."""
    for x in reversed(candidates):
        if m.first - x.last > REACH:
            return None
        if m.opened == "list" and x.opened:
            return x.parent
        if (
            x.opened
            and m.noun.partitive != "them"
            and m.opened != "among"
            and x.parent is not None
            and not _larger(x, m)
        ):
            return x.parent
        if not _larger(x, m):
            continue
        if x.opened and x.parent is not None and m.first - x.last > 2:
            return x.parent
        return x
    return None


def _among(s: Sentence, m: Mention, before: list[Mention], earlier: list[Mention]) -> None:
    """`a child was among nine killed`, `three children were among the dead`, `of those, two died`."""
    after = s.low[m.last : m.last + 4]
    if "among" in after[:3] and m.outcome:
        following = m.last + after.index("among") + 1
        if s.at(following) in ("the", "those", "them", "its"):
            m.parent = m.parent or _latest(earlier, m, _same)
    lead = s.low[max(0, m.first - 8) : m.first]
    if (
        m.outcome
        and m.parent is None
        and lead[:2] in (["of", "those"], ["of", "them"], ["of", "these"], ["among", "them"], ["among", "those"])
    ):
        m.parent = _latest(earlier, m, _any)
    if (
        m.outcome
        and m.parent is None
        and "among" in lead
        and ("dead" in lead or "killed" in lead or "victims" in lead or "wounded" in lead or "injured" in lead)
    ):
        m.parent = _latest(before, m, _same) or _latest(earlier, m, _same)


def _still_held(s: Sentence, m: Mention) -> bool:
    """`the 97 hostages still being held`: some of those taken."""
    around = s.low[max(0, m.first - 3) : m.last + 5]
    return bool(
        {"still", "remain", "remaining", "remained"}
        & {*around, *(("remaining",) if m.number.more and m.number.definite else ())}
    )


def _any(whole: Mention, _: Mention) -> bool:
    return bool(whole.outcome)


def _in_total(s: Sentence, mentions: list[Mention]) -> None:
    """`Two died in the strike ..., which killed 43 in total`: what stands before is inside the total."""
    for i, whole in enumerate(mentions):
        if not whole.outcome or "total" not in s.low[whole.last : whole.last + 3]:
            continue
        for m in mentions[:i]:
            if (
                m.outcome == whole.outcome
                and m.parent is None
                and m.number.value < whole.number.value
                and not m.refused
            ):
                m.parent = whole


def groups(s: Sentence, mentions: list[Mention]) -> dict[int, Group]:
    """The group of each linked mention, by its place in the list; from the noun, the predicate noun, or the noun it continues."""
    out: dict[int, Group] = {}
    latest: Group | None = None
    for i, m in enumerate(mentions):
        if not m.outcome or m.refused:
            continue
        group = m.noun.group
        if m.noun.partitive in ("them", "those", "number") or m.noun.kind == NONE:
            group = _predicate_noun(s, m) or group
        elif group is TOTAL and s.at(m.last) in ("were", "was", "are", "-", ","):
            pass
        if group is None or (m.noun.others and group is TOTAL and s.at(m.last - 1) in ("others", "more")):
            whole = m.parent
            group = (out.get(_index(mentions, whole)) if whole is not None else latest) or group or TOTAL
        elif m.noun.partitive == "them" and group is TOTAL and m.parent is not None:
            group = out.get(_index(mentions, m.parent)) or TOTAL
        out[i] = group
        if m.parent is None and not m.opened:
            latest = group
    return out


def _index(mentions: list[Mention], m: Mention) -> int:
    return next((i for i, x in enumerate(mentions) if x is m), -1)


def _predicate_noun(s: Sentence, m: Mention) -> Group | None:
    """`26 of them soldiers`, `four of the dead were children`, `37 of the 45 people killed were civilians`."""
    k = m.last
    if m.noun.partitive == "number" and m.parent is not None:
        k = m.parent.last
        while s.at(k) in PAST or s.at(k) in ("so", "far", "were", "was", "are"):
            k += 1
    elif m.noun.partitive not in ("them", "those") and s.at(k) not in ("were", "was", "are"):
        return None
    while s.at(k) in (
        "were",
        "was",
        "are",
        "being",
        "all",
        "the",
        "a",
        "an",
        "believed",
        "to",
        "be",
        "aged",
        "identified",
        "as",
        "said",
        "have",
        "been",
    ):
        k += 1
    noun = phrase(s, k, m.number.value == 1)
    if noun.kind in (PERSON, OPEN) and noun.group is not None and noun.words[1] > noun.words[0] and not noun.outcome:
        return noun.group
    return None
