"""Who says so: the attributions of a sentence, and which of them holds for a number."""

from __future__ import annotations

from conflictdata.parse.lexicon.function_words import PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, PAST
from conflictdata.parse.lexicon.speech import (
    BETWEEN,
    CITING,
    INVERTED,
    NO_SPEECH_BEFORE,
    NOT_AFTER,
    RECORDED,
    RECORDS,
    SAY,
    SAY_ONLY,
    SAY_WITH,
    SHOWING,
)
from conflictdata.parse.names import Attribution, attribution, name_after, name_before
from conflictdata.parse.tokens import Sentence

ASIDE = 18  # tokens of "Hassan, a community leader, said"
_CUES = SAY | CITING | RECORDS | frozenset(SAY_WITH) | frozenset(("according", "compiled", "collected"))
_CLAUSES = frozenset(("that", "as", "and", "while", "which", ",", ";", "but", "when", "where", "after"))


def attributions(s: Sentence) -> list[Attribution]:
    """The attributions of a sentence, in order."""
    found = (_at(s, k, s.low[k]) for k in s.places(_CUES))
    return [hit for hit in found if hit is not None]


def _at(s: Sentence, k: int, word: str) -> Attribution | None:
    following = s.at(k + 1)
    if word == "according":
        return name_after(s, k + 2, k, "according") if following == "to" else None
    if word in RECORDED and following == "by":
        return name_after(s, k + 2, k, "according")
    if word in CITING:
        return name_after(s, k + 2, k, "before") if following == "by" else name_after(s, k + 1, k, "cited")
    if word in RECORDS and (word not in SAY or s.at(k - 1) == "'s"):
        return _owner(s, k)
    if word in SAY_WITH:
        return None if SAY_WITH[word].isdisjoint(s.low[k + 1 : k + 6]) else _subject(s, k)
    return _speaker(s, k, word) if word in SAY else None


def _owner(s: Sentence, k: int) -> Attribution | None:
    """`the ministry's latest update brings the toll to 40`, `figures from the ministry show`."""
    if SHOWING.isdisjoint(s.low[k + 1 : k + 9]):
        return None
    if s.at(k + 1) in ("from", "by"):
        return name_after(s, k + 2, k, "before")
    owned = next((i for i in range(k - 1, max(0, k - 4), -1) if s.low[i] == "'s"), 0)
    return attribution(s, name_before(s, owned), owned, k, "before") if owned else None


def _speaker(s: Sentence, k: int, word: str) -> Attribution | None:
    """Who says so by a verb of saying at `k`."""
    before, following = s.at(k - 1), s.at(k + 1)
    if word in ("claimed", "claims", "claim") and (
        following == "by" or {"lives", "life", "responsibility", "credit"}.intersection(s.low[k + 1 : k + 9])
    ):
        return None
    if word in ("named", "identified") and before in (",", "people", "others", "men", "persons"):
        return None
    if word == "put" and following not in ("the", "its", "their", "it"):
        return None
    if (before == "-" and s.glued(k)) or (word in RECORDED and _participle(s, k)):
        return None
    if before in NOT_AFTER and word not in ("says", "told"):
        return None
    if _is_inverted(s, k, word):
        back = following in ("that", "it", "he", "on") or (before == "" and word != "said")
        return (None if back else name_after(s, k + 1, k, "after")) or _subject(s, k)
    hit = _subject(s, k)
    if hit is None and word in ("said", "says") and following:
        return name_after(s, k + 1, k, "after")
    closes = hit is not None and s.at(hit.first - 1) in (",", '"', "”")  # ", the agency estimates."
    return None if word not in SAY_ONLY and following in (".", ",", "of") and not closes else hit


def _participle(s: Sentence, k: int) -> bool:
    """`45 deaths documented in March`: the verb has no speaker."""
    following = s.at(k + 1)
    if following in NO_SPEECH_BEFORE:
        return True
    return following == "in" and s.at(k + 2) not in ("a", "its", "his", "their", "an") and s.raw[k - 1][:1].islower()


def _is_inverted(s: Sentence, k: int, word: str) -> bool:
    before = s.at(k - 1)
    if word in ("reports", "reported") and len(s) - k <= 6 and s.raw[k + 1 : k + 2] and s.raw[k + 1][0].isupper():
        return True  # "... on Friday reports Dawn."
    if word not in INVERTED or before not in (",", '"', "”", "“", "'", "’", ""):
        return False
    return before != "," or (word != "told" and not _claims_follow(s, k))


def _claims_follow(s: Sentence, k: int) -> bool:
    """Whether what is said follows the verb, so that the name stands before it."""
    rest = s.low[k + 2 : k + 16]
    return s.at(k + 1) in ("that", "it", "at", "more", "there") or any(w in AUXILIARY or w in PAST for w in rest)


def _subject(s: Sentence, k: int) -> Attribution | None:
    """The noun phrase before a verb of saying."""
    last = k
    while s.at(last - 1) in BETWEEN and last > 1:
        last -= 1
    if s.at(last - 1) == "," and last > 2:
        return _with_aside(s, last - 1, k)
    first = name_before(s, last)
    if first == last:
        return _of_verb_before(s, last, k) if s.at(last - 1) == "and" else None
    opens = first <= 2 or ((s.at(first - 1) in _CLAUSES or s.at(first - 1) in SAY) and _room(s, k))
    return attribution(s, first, last, k, "before" if opens else "after")


def _of_verb_before(s: Sentence, last: int, k: int) -> Attribution | None:
    """`Nairobi denied the claim and said ...`: the subject of the verb before."""
    end = last - 1 - (s.at(last - 2) == ",")
    begin = next((i + 1 for i in range(end - 1, -1, -1) if s.low[i] in (";", ":", ",")), 0)
    for i in range(begin + 1, last - 1):
        word = s.low[i]
        if word in PREPOSITIONS or word[0].isdigit():
            return None
        if (word.endswith("ed") or word in SAY or word in AUXILIARY) and s.raw[i][0].islower():
            return attribution(s, begin, i, k, "before")
    return None


def _room(s: Sentence, k: int) -> bool:
    """Whether words enough follow the verb to be what was said."""
    return len(s) - k > 5 and s.at(k + 1) not in (".", ",", "in", "on")


def _with_aside(s: Sentence, comma: int, at: int) -> Attribution | None:
    """`Hassan, a community leader, said`: the name and its aside."""
    opening = next((i for i in range(comma - 1, max(-1, comma - ASIDE), -1) if s.low[i] == ","), None)
    if opening is None:
        return None
    first = name_before(s, opening)
    if first == opening:
        return None
    return attribution(s, first, comma, at, "before" if first <= 2 else "after")


def covering(s: Sentence, found: list[Attribution], place: int) -> Attribution | None:
    """The attribution that holds for a number at a place: the innermost source of its clause, else of the sentence."""
    if len(found) > 1:
        begin, end = _clause(s, place)
        inside = [a for a in found if begin <= a.at < end]
        if inside and len(inside) < len(found):
            return _innermost(inside, place)
    return _innermost(found, place)


def _clause(s: Sentence, place: int) -> tuple[int, int]:
    """The main clause around a place: what `;`, or `, while` and `, but` set apart."""
    cuts = [k for k, w in enumerate(s.low) if w == ";" or (w in ("while", "but", "whereas") and s.at(k - 1) == ",")]
    begin = max((k for k in cuts if k < place), default=0)
    return begin, min((k for k in cuts if k > place), default=len(s))


def _innermost(found: list[Attribution], place: int) -> Attribution | None:
    """The innermost source; no medium where a source is named."""
    cited = next((a for a in found if a.side == "cited"), None)
    if cited is not None:
        return cited
    sources = [a for a in found if not a.media] or found
    if len(sources) <= 1:
        return sources[0] if sources else None
    ahead = [a for a in sources if a.side == "before" and a.at < place]
    behind = [a for a in sources if a.side != "before" and a.at > place]
    if ahead:
        return ahead[-1]
    return behind[0] if behind else sources[0]
