"""Who says so: the attributions of a sentence, and which of them holds for a number."""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.calendar import WEEKDAYS
from conflictdata.parse.lexicon.function_words import DETERMINERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, PAST
from conflictdata.parse.lexicon.speech import (
    BETWEEN,
    CITING,
    INSIDE,
    MEDIA,
    NO_CLAIMANT,
    NOT_BEFORE,
    OUT_OF_NAME,
    PRONOUNS,
    SAY,
    SAY_ONLY,
    WRAPPINGS,
)
from conflictdata.parse.tokens import Sentence

LONGEST = 22  # tokens of a claimant's name


@dataclass(frozen=True, slots=True)
class Attribution:
    """Somebody who says so.

    Attributes:
        first, last: tokens of the name; `at`: the place of the verb.
        text: the name as printed.
        side: `before` (X said ...), `after` (..., X said), `according`.
        media: whether it is a medium, which hands on what others say.
        pronoun: whether a pronoun or a bare surname stands for the name.
    """

    first: int
    last: int
    at: int
    text: str
    side: str
    media: bool
    pronoun: bool


def attributions(s: Sentence) -> list[Attribution]:
    """The attributions of a sentence, in order."""
    found: list[Attribution] = []
    for k, word in enumerate(s.low):
        hit = None
        if word == "according" and s.at(k + 1) == "to":
            hit = _after(s, k + 2, k, "according")
        elif word in CITING:
            hit = _after(s, k + 1, k, "according") if s.at(k + 1) != "by" else _after(s, k + 2, k, "before")
        elif word in SAY:
            hit = _speaker(s, k)
        if hit is not None:
            found.append(hit)
    return found


def attribution(s: Sentence, first: int, last: int, at: int, side: str) -> Attribution | None:
    """The tokens as an attribution, trimmed; None where they name nobody."""
    while last > first and s.low[last - 1] in ("'s", "-", "(", ",", "'", '"', "“", "”", "and", "also", "on", "in"):
        last -= 1
    while first < last and s.low[first] in (
        ",",
        "-",
        "'",
        '"',
        "“",
        "”",
        ")",
        "and",
        "'s",
        "meanwhile",
        "earlier",
        "however",
        "but",
        ".",
        "/",
        "also",
    ):
        first += 1
    if last <= first or last - first > LONGEST:
        return None
    words = s.low[first:last]
    pronoun = len(words) == 1 and words[0] in PRONOUNS
    if (words[0] in NO_CLAIMANT and len(words) == 1) or all(not w[0].isalpha() for w in words):
        return None
    media = any(w in MEDIA for w in words) and not any(
        w in ("office", "ministry", "official", "officials", "state", "service") for w in words
    )
    return Attribution(first, last, at, s.phrase(first, last), side, media, pronoun)


def _after(s: Sentence, i: int, at: int, side: str) -> Attribution | None:
    """The name after "according to", or after an inverted verb."""
    for words in WRAPPINGS:
        if tuple(s.low[i : i + len(words)]) == words:
            i += len(words)
            break
    k, depth = i, 0
    while k < len(s) and k - i < LONGEST:
        word = s.low[k]
        depth += (word == "(") - (word == ")")
        if side == "after" and word == "," and s.at(k + 1) in ("a", "an", "the") and k - i < 6:
            k += 2  # "said Hassan, a community leader"
            continue
        if depth <= 0 and word != ")" and (_closes(s, k) or (k > i and _leaves(s, k))):
            break
        k += 1
    while k > i and (
        s.low[k - 1] in (".", "(", "on", "late") or s.low[k - 1] in WEEKDAYS or s.low[k - 1] in ("today", "yesterday")
    ):
        k -= 1
    return attribution(s, i, k, at, side)


def _closes(s: Sentence, k: int) -> bool:
    """Whether a mark ends the name; a hyphen inside a word and a point inside a name do not."""
    word = s.low[k]
    if word == "-":
        return not (s.glued(k) and s.glued(k + 1))
    if word == ".":
        return k + 1 >= len(s) or not s.glued(k)
    return word in (",", ";", ":", '"', "“", "”", "!", "?")


def _leaves(s: Sentence, k: int) -> bool:
    """Whether a word leads out of the name: a verb, a clause, a time."""
    word, following = s.low[k], s.at(k + 1)
    if word in ("on", "in"):
        return following in ("a", "an", "its", "his", "their") or following in WEEKDAYS or following[:1].isdigit()
    return word in AUXILIARY or word in SAY or word in PAST or word in OUT_OF_NAME


def _speaker(s: Sentence, k: int) -> Attribution | None:
    word = s.low[k]
    before = s.at(k - 1)
    if word in ("claimed", "claims", "claim") and {"lives", "life"}.intersection(s.low[k + 1 : k + 9]):
        return None
    if word == "put" and s.at(k + 1) not in ("the", "its", "their", "it"):
        return None
    if s.at(k - 1) == "-" and s.glued(k):
        return None
    if before in (
        "be",
        "been",
        "being",
        "is",
        "are",
        "was",
        "were",
        "not",
        "to",
        "by",
        "the",
        "a",
        "of",
        "its",
        "their",
        "were",
        "no",
        "an",
        "'s",
    ) and word not in ("says", "told"):
        return None
    inverted = before in (",", '"', "”", "“", "'", "’", "") and word in (
        "said",
        "says",
        "reports",
        "reported",
        "announced",
        "confirmed",
        "added",
        "say",
        "stated",
        "claimed",
        "told",
    )
    if inverted and before == ",":
        inverted = word != "told" and not _claims_follow(s, k)
    if inverted:
        return (
            _after(s, k + 1, k, "after")
            if s.at(k + 1) not in ("that", "it", "he", "on") and not (before == "" and word != "said")
            else _subject(s, k)
        )
    hit = _subject(s, k)
    if hit is None and word in ("said", "says") and s.at(k + 1):
        return _after(s, k + 1, k, "after")
    if (
        hit is not None
        and word not in SAY_ONLY
        and word in ("records", "documents", "report", "estimate", "claim", "put", "puts", "claims", "states")
        and s.at(k + 1) in (".", ",", "of")
    ):
        return None
    return hit


def _claims_follow(s: Sentence, k: int) -> bool:
    """Whether what is said follows the verb, so that the name stands before it."""
    rest = s.low[k + 1 : k + 16]
    return s.at(k + 1) in ("that", "it", "at", "more", "there") or any(w in AUXILIARY or w in PAST for w in rest[1:])


def _subject(s: Sentence, k: int) -> Attribution | None:
    """The noun phrase before a verb of saying."""
    last = k
    while s.at(last - 1) in BETWEEN and last > 1:
        last -= 1
    if s.at(last - 1) == "," and last > 2:
        return _with_aside(s, last - 1, k)
    first = _walk_back(s, last)
    if first == last:
        return None
    side = (
        "before"
        if first <= 2
        or (
            s.at(first - 1) in ("that", "as", "and", "while", "which", ",", ";", "but", "when", "where", "after")
            and _room(s, k)
        )
        else "after"
    )
    return attribution(s, first, last, k, side)


def _room(s: Sentence, k: int) -> bool:
    """Whether words enough follow the verb to be what was said."""
    return len(s) - k > 5 and s.at(k + 1) not in (".", ",", "in", "on")


def _walk_back(s: Sentence, last: int) -> int:
    k = last
    bare = 0
    while k > 0 and last - k < LONGEST:
        word = s.low[k - 1]
        if word in PRONOUNS:
            return k - 1 if k == last else k
        if word in NOT_BEFORE and not (word == "and" and _proper(s, k - 2) and _proper(s, k)):
            break
        if word in DETERMINERS:
            k -= 1
            if s.at(k - 1) == "and" and k <= 10 and not any(w in AUXILIARY or w in PAST or w == "," for w in s.low[:k]):
                k -= 1
                continue
            if s.at(k - 1) == "and" and k > 1 and _nominal(s, k - 2) and s.at(k - 3) in (",", "", "that", "by"):
                return k - 2
            if s.at(k - 1) in ("of", "for", "from", "in", "at") and k - 1 > 0 and _nominal(s, k - 2):
                k -= 1
                continue
            break
        if (
            word in PREPOSITIONS
            or word in AUXILIARY
            or not (word[0].isalpha() or word in INSIDE or (word[0].isdigit() and s.at(k - 2) == "-"))
        ):
            if word in INSIDE and k < last and _nominal(s, k - 2) and word not in ("on", "to"):
                k -= 1
                continue
            break
        k -= 1
        if s.raw[k][0].islower() and word not in INSIDE:
            bare += 1
            if bare > 6:
                break
    if k > 0 and s.at(k - 1) not in (",", "-", '"', "”", "that", "as", "and") and s.low[k] not in DETERMINERS:
        k = max(k, _trim(s, k, last))
    return k


def _trim(s: Sentence, k: int, last: int) -> int:
    """Without a determiner or a comma the name begins at most one small word before its head (`state media`)."""
    i = last - 1
    while i > k and s.raw[i - 1][0].isupper():
        i -= 1
    if s.raw[i][0].islower() and i > k:
        i -= 1
        while i > k and s.raw[i - 1][0].isupper() and s.raw[i][0].isupper():
            i -= 1
    return i


def _proper(s: Sentence, i: int) -> bool:
    return 0 <= i < len(s) and s.raw[i][0].isupper()


def _nominal(s: Sentence, i: int) -> bool:
    return (
        i >= 0
        and s.low[i][0].isalpha()
        and s.low[i] not in AUXILIARY
        and s.low[i] not in PAST
        and s.low[i] not in PREPOSITIONS
    )


def _with_aside(s: Sentence, comma: int, at: int) -> Attribution | None:
    """`Hassan, a community leader, said`: the name and its aside."""
    opening = next((i for i in range(comma - 1, max(-1, comma - 18), -1) if s.low[i] == ","), None)
    if opening is None:
        return None
    first = _walk_back(s, opening)
    if first == opening:
        return None
    return attribution(s, first, comma, at, "before" if first <= 2 else "after")


def covering(found: list[Attribution], place: int) -> Attribution | None:
    """The attribution that holds for a number at a place: the innermost source, no medium where a source is named."""
    sources = [a for a in found if not a.media] or found
    if len(sources) <= 1:
        return sources[0] if sources else None
    ahead = [a for a in sources if a.side == "before" and a.at < place]
    behind = [a for a in sources if a.side != "before" and a.at > place]
    if ahead:
        return ahead[-1]
    return behind[0] if behind else sources[0]
