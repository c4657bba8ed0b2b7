"""The tree: which number is a part of which, and the outcome of a part that has none of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from conflictdata.parse.breakdown import REACH, breakdown, in_total, larger, same
from conflictdata.parse.lexicon.outcomes import CAPTIVES
from conflictdata.parse.mentions import Mention
from conflictdata.parse.nouns import NONE
from conflictdata.parse.tokens import Sentence

_CAPTURED = ("abducted", "captured")
_PARTED = frozenset(("them", "those", "number"))
_OPENING = frozenset((("of", "those"), ("of", "them"), ("of", "these"), ("among", "them"), ("among", "those")))
_HIT = frozenset("dead killed victims wounded injured".split())
_STILL = frozenset("still remain remaining remained".split())
_SAID_DEAD = frozenset("are is were presumed be confirmed".split())


def parts(s: Sentence, mentions: list[Mention], earlier: Sequence[Mention]) -> None:
    """Gives each part of the sentence its whole. `earlier` are the linked mentions of the sentences before."""
    breakdown(s, mentions)
    for i, m in enumerate(mentions):
        if m.refused:
            _pass_on(s, m, mentions[i + 1 : i + 2])
            continue
        _one_of(s, mentions, i)
        if m.how == "predicate":
            m.parent, m.outcome = mentions[i - 1].parent, m.outcome or mentions[i - 1].outcome
        _continues(s, mentions, i)
        if m.parent is not None and m.outcome and not m.opened:
            continue
        if m.opened or m.noun.partitive in _PARTED:
            _inside(s, mentions, i, earlier)
        elif m.implied and m.parent is None:
            own = [x for x in mentions[:i] if x.how not in ("fronted", "list", "rest", "of")]
            m.parent = _latest(chain(earlier, own), m, same)
        if m.outcome and m.parent is None:
            _among(s, mentions, i, earlier)
            _captive(s, mentions, i, earlier)
    in_total(s, mentions, earlier)


def _continues(s: Sentence, mentions: list[Mention], i: int) -> None:
    """`4,710 casualties; 1,661 of them were killed and 3,015 injured`: the second is inside the same joint total."""
    m, before = mentions[i], mentions[i - 1] if i else None
    if before is None or before.noun.partitive != "them" or before.parent is None or m.noun.kind != NONE or m.opened:
        return
    joint = before.parent.outcome == "killed_or_injured" and s.at(m.first - 1) == "and"
    if joint and m.outcome and m.parent is None and m.first - before.last < 4:
        m.parent = before.parent


def _pass_on(s: Sentence, m: Mention, following: list[Mention]) -> None:
    """`of whom 24 are alive and 35 are dead`: the second is a part as well."""
    for after in following:
        between = s.low[m.last : after.first]
        if m.opened and not after.opened and between[-1:] == ["and"] and "," not in between:
            after.opened = m.opened


def _captive(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """Those still held, dead or missing are some of those taken."""
    m = mentions[i]
    if m.outcome == "abducted" and _still_held(s, m):
        taken = (x for x in chain(earlier, mentions[:i]) if x.verb is not None or x.parent is not None)
        m.parent = _latest(taken, m, same)
    of_hostages = m.outcome == "killed" and m.noun.partitive == "rest" and s.at(m.noun.last - 1) in CAPTIVES
    if of_hostages or (m.outcome == "missing" and m.noun.kind == NONE):
        m.parent = _latest((x for x in chain(earlier, mentions[:i]) if x.outcome in _CAPTURED), m, _any)


def _still_held(s: Sentence, m: Mention) -> bool:
    """`the 97 hostages still being held`, `the remaining 12`."""
    rest = m.number.more and m.number.definite
    return rest or not _STILL.isdisjoint(s.low[max(0, m.first - 3) : m.last + 5])


def _one_of(s: Sentence, mentions: list[Mention], i: int) -> None:
    """`A child and two women were among nine people killed`, `5 children among 13 killed`."""
    m = mentions[i]
    k = m.last + (s.at(m.last) in ("was", "were", "is", "are"))
    if m.outcome or s.at(k) != "among":
        return
    whole = next((x for x in mentions[i + 1 :] if x.outcome and not x.refused and x.first - m.last <= 4), None)
    if whole is None:
        return
    while True:
        m.outcome, m.parent, m.how = whole.outcome, whole, "among"
        i -= 1
        between = s.low[mentions[i].last : m.first] if i >= 0 else []
        if between not in (["and"], [","], [",", "and"]) or not mentions[i].free:
            return
        m = mentions[i]


def _any(whole: Mention, _: Mention) -> bool:
    return bool(whole.outcome)


def _latest(candidates: Iterable[Mention], m: Mention, fits: Callable[[Mention, Mention], bool]) -> Mention | None:
    """The latest fitting whole that is no part itself; a part where there is no other."""
    best = None
    for c in candidates:
        if c.outcome and not c.refused and c is not m and fits(c, m) and larger(c, m):
            top = c.parent is None and not c.opened
            if top or best is None or best.parent is not None or best.opened:
                best = c
    return best


def _inside(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """The whole of a part that its words open: `including five`, `two of them`, `37 of the 45`."""
    m = mentions[i]
    if m.noun.partitive == "number":
        whole = next((x for x in mentions[i + 1 :] if x.first <= m.noun.last + 3), None)
        if whole is not None and whole.outcome and not whole.refused:
            m.parent, m.outcome = whole, m.outcome or whole.outcome
        return
    if m.parent is None:
        if m.noun.partitive == "them" and not m.opened and m.free and _of_others(mentions, i):
            return
        m.parent = _whole_of(m, [x for x in mentions[:i] if x.outcome and not x.refused], earlier)
    if m.parent is None:
        return
    if (m.noun.partitive == "them" and s.at(m.last) in ("fatal", "fatally", "dead")) or _said_dead(s, m):
        m.outcome = "killed"
    if not m.outcome:
        m.outcome, m.verb, m.how = m.parent.outcome, m.parent.verb, "part"


def _of_others(mentions: list[Mention], i: int) -> bool:
    """Whether "of them" means people of whom nothing is reported."""
    before = mentions[i - 1] if i else None
    return before is not None and not before.outcome and before.number.kind != "article"


def _whole_of(m: Mention, before: list[Mention], earlier: Sequence[Mention]) -> Mention | None:
    if m.noun.partitive == "those" and m.noun.outcome == "killed_or_injured":
        whole = _latest(chain(earlier, before), m, _any)
        m.outcome = m.outcome or (whole.outcome if whole else "killed_or_injured")
        return whole
    if m.noun.partitive == "those":
        return _latest(before, m, same) or _latest(earlier, m, same)
    whole = _nearest(m, before)
    if whole is None and (m.noun.partitive == "them" or m.opened == "among"):
        return _latest(earlier, m, same)
    return whole


def _said_dead(s: Sentence, m: Mention) -> bool:
    """`including 41 the army says are dead`."""
    after = s.low[m.last : m.last + 9]
    if "dead" not in after:
        return False
    k = after.index("dead")
    return after[k - 1] in _SAID_DEAD and "," not in after[:k]


def _nearest(m: Mention, candidates: list[Mention]) -> Mention | None:
    """The whole that stands nearest before; a list of parts shares one whole."""
    for x in reversed(candidates):
        if m.first - x.last > REACH:
            return None
        if m.opened == "list" and x.opened:
            return x.parent
        if not larger(x, m):
            beside = x.opened and m.noun.partitive != "them" and m.opened != "among" and x.parent is not None
            if beside:
                return x.parent
            continue
        return x.parent if x.opened and x.parent is not None and m.first - x.last > 2 else x
    return None


def _among(s: Sentence, mentions: list[Mention], i: int, earlier: Sequence[Mention]) -> None:
    """`three children were among the dead`, `of those, two died`, `among the dead were five women`."""
    m = mentions[i]
    after = s.low[m.last : m.last + 3]
    if "among" in after and s.at(m.last + after.index("among") + 1) in ("the", "those", "them", "its"):
        m.parent = _latest(earlier, m, same)
    lead = s.low[max(0, m.first - 8) : m.first]
    if m.parent is None and tuple(lead[:2]) in _OPENING:
        m.parent = _latest(earlier, m, _any)
    if m.parent is None and "among" in lead and not _HIT.isdisjoint(lead):
        m.parent = _latest(mentions[:i], m, same) or _latest(earlier, m, same)
