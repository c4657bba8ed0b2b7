"""Names of claimants.

A name is the noun phrase before a reporting verb, or after `according to`.
"""

from __future__ import annotations

from dataclasses import dataclass

from conflictdata.parse.lexicon.calendar import WEEKDAYS
from conflictdata.parse.lexicon.function_words import DETERMINERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, MODALS, PAST
from conflictdata.parse.lexicon.people import PLURAL, SPEAKERS
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.lexicon.speech import (
    INSIDE_NAME,
    MEDIA,
    NAME_BARRIERS,
    NO_CLAIMANT,
    NOT_CLAIMANT_NOUNS,
    OFFICES,
    OUT_OF_NAME,
    PRONOUNS,
    PUBLISHED,
    PUBLISHING,
    REPORTING_VERBS,
    WRAPPINGS,
)
from conflictdata.parse.tokens import Sentence

LONGEST = 22  # tokens of a claimant's name
MAX_WORDS_TO_PUBLICATION = 6  # words before "estimates from"
MAX_LOWERCASE_WORDS = 6  # lower-case words inside a name without a determiner
_BEFORE = frozenset(
    (
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
        "yet",
        "still",
        "earlier",
        "however",
        "but",
        ".",
        "/",
        "also",
        "later",
        "overnight",
        "today",
        "yesterday",
        "wounded",
        "injured",
        "dead",
    )
)
_BEHIND = frozenset(("'s", "-", "(", ",", "'", '"', "“", "”", "and", "also", "on", "in", "never"))
_ORDINALS = frozenset(("th", "st", "nd", "rd"))
_HEDGES = (["more", "than"], ["at", "least"], ["up", "to"], ["as", "many"], ["fewer", "than"], ["less", "than"])
_SEEING = frozenset("witness witnesses eyewitness eyewitnesses survivor survivors resident residents".split())
_TIMES = frozenset((*WEEKDAYS, ".", "(", "on", "late", "today", "yesterday"))


@dataclass(frozen=True, slots=True, eq=False)
class Attribution:
    """A claimant named in a sentence.

    Attributes:
        first: First token of the name.
        last: Token after the name.
        at: Token of the verb.
        text: The name as printed.
        side: Position of the name: `before` (X said ...), `after` (..., X said), `according` or `cited`.
        is_media: Whether it is a news medium, which repeats claims of others.
        is_pronoun: Whether the name is a pronoun.
    """

    first: int
    last: int
    at: int
    text: str
    side: str
    is_media: bool
    is_pronoun: bool


def make_attribution(s: Sentence, first: int, last: int, at: int, side: str) -> Attribution | None:
    """Build an attribution from tokens, trimmed at both ends.

    Args:
        s: The sentence.
        first: First token.
        last: Token after the last.
        at: Token of the verb.
        side: Position of the name, see `Attribution`.

    Returns:
        The attribution. None if the tokens are not a name.
    """
    while last > first and s.low[last - 1] in _BEHIND:
        last -= 1
    while first < last and s.low[first] in _BEFORE:
        first += 1
    last = next((k for k in range(first + 1, last) if _is_other_report(s, k, last)), last)
    if last <= first or last - first > LONGEST:
        return None
    words = s.low[first:last]
    alone = len(words) == 1 and (
        words[0][0].isdigit() or words[0] in NO_CLAIMANT or words[0] in PUBLISHED or words[0] in UNITS
    )
    nobody = (
        alone
        or words in (["who"], ["which"])
        or words[0] in ("no", "including", "where", "when")
        or words in (["already"], ["published"])
        or words[:2] in _HEDGES
        or not MODALS.isdisjoint(words)
        or words[-1][0].isdigit()
        or (words[-1] in (*NOT_CLAIMANT_NOUNS, "or", "and") and _SEEING.isdisjoint(words[:-2]))
        or words[0] in PREPOSITIONS
        or _is_headed_by_event(words)
        or all(w.endswith("ly") or w in DETERMINERS for w in words)
    )
    if nobody or all(not w[0].isalpha() for w in words):
        return None
    media = not MEDIA.isdisjoint(words) and OFFICES.isdisjoint(words)
    return Attribution(
        first, last, at, s.extract_phrase(first, last), side, media, len(words) == 1 and words[0] in PRONOUNS
    )


def _is_headed_by_event(words: list[str]) -> bool:
    """Return whether the head of a name is an event: `an incursion from the ADF`, `the bombing of the embassies`."""
    head = next((k for k, w in enumerate(words) if w in ("of", "from", "in", "on", "by")), 0)
    return head > 0 and words[head - 1] in NOT_CLAIMANT_NOUNS


def read_name_after(s: Sentence, i: int, at: int, side: str) -> Attribution | None:
    """Read the name at token `i`, after "according to" or an inverted verb."""
    i = _skip_publication(s, i)
    k, depth = i, 0
    while k < len(s) and k - i < LONGEST:
        word = s.low[k]
        depth += (word == "(") - (word == ")")
        if side == "after" and word == "," and s.at(k + 1) in ("a", "an", "the") and k - i < 6:
            k += 2  # "said Hassan, a community leader"
            continue
        noun = (
            side == "according"
            and k > i
            and word in PUBLISHED
            and (s.at(k - 1) in DETERMINERS or s.at(k + 1) in (",", "."))
        )
        obtained = word == "from" and side == "according" and s.at(i - 1) == "by"  # "information obtained by X from Y"
        received = side == "according" and word in PUBLISHING and s.at(k - 1) in PUBLISHED and k > i
        if obtained or (received and s.at(k + 1) not in ("by", "from")):
            break  # "according to reports received a soldier died"
        if depth <= 0 and word != ")" and not noun and (_is_name_end(s, k) or (k > i and _is_outside_name(s, k))):
            break
        k += 1
    while k > i and s.low[k - 1] in _TIMES:
        k -= 1
    return make_attribution(s, i, k, at, side)


def _is_other_report(s: Sentence, k: int, last: int) -> bool:
    """Return whether a clause that reports something else begins: `Nairobi, which had first admitted nine dead, gave`."""
    return (
        s.low[k] == ","
        and s.at(k + 1) in ("which", "who")
        and (not REPORTING_VERBS.isdisjoint(s.low[k:last]) or s.at(k + 2) == "had")
    )


def _skip_publication(s: Sentence, i: int) -> int:
    """Return the token after words for what a source published.

    `fresh estimates from`, `data released by`, `casualty figures recorded by`, `a report in`.
    """
    for words in WRAPPINGS.get(s.at(i), ()):
        if tuple(s.low[i : i + len(words)]) == words:
            return i + len(words)
    for k in range(i, min(i + MAX_WORDS_TO_PUBLICATION, len(s) - 2)):
        if s.low[k] in PUBLISHED:
            last = k + 1 + (s.at(k + 1) in PUBLISHING)
            return last + 1 if s.at(last) in ("from", "by") else i
        if not s.low[k].isalpha() or (s.raw[k][0].isupper() and k > i):
            break
    return i


def _is_name_end(s: Sentence, k: int) -> bool:
    """Return whether a punctuation mark ends the name.

    A hyphen inside a word and a full stop inside a name do not.
    """
    word = s.low[k]
    if word == "-":
        return not (s.is_glued(k) and s.is_glued(k + 1))
    if word == ".":
        return k + 1 >= len(s) or not s.is_glued(k)
    return word in (",", ";", ":", '"', "“", "”", "!", "?")


def _is_outside_name(s: Sentence, k: int) -> bool:
    """Return whether a word cannot belong to the name: a verb, a clause, a time."""
    word, following = s.low[k], s.at(k + 1)
    if word in ("on", "in"):
        return following in ("a", "an", "its", "his", "their") or following in WEEKDAYS or following[:1].isdigit()
    return word in AUXILIARY or word in REPORTING_VERBS or word in PAST or word in OUT_OF_NAME


def find_name_start(s: Sentence, last: int) -> int:
    """Return the first token of the noun phrase that ends before `last`.

    Returns `last` itself if there is no noun phrase.
    """
    k, bare = last, 0
    while k > 0 and last - k < LONGEST:
        word = s.low[k - 1]
        if word in PRONOUNS and s.raw[k - 1] != "i":  # "Matiang'i"
            return k - 1 if k == last else k
        if word in DETERMINERS:
            k = _find_start_before_determiner(s, k - 1)
            if k < 0:
                k = -k
                continue
            break
        if _is_before_name(s, k - 1, last):
            break
        k -= 1
        if s.raw[k][0].islower() and word not in INSIDE_NAME:
            bare += 1
            if bare > MAX_LOWERCASE_WORDS:
                break
    if s.low[k : k + 1] and s.low[k] in UNITS and s.at(k + 1) == "of":
        return _trim_name(s, k, last)  # "killing three of his guards in Kunduz officials said"
    if k > 0 and s.at(k - 1) not in (",", "-", '"', "”", "that", "as", "and") and s.low[k] not in DETERMINERS:
        k = max(k, _trim_name(s, k, last))
    return k


def _find_start_before_determiner(s: Sentence, k: int) -> int:
    """Return the first token of the name that has a determiner at `k`.

    The result is negative if the name continues before that token.
    """
    before = s.at(k - 1)
    if before == "and":
        if k <= 10 and not any(w in AUXILIARY or w in PAST or w == "," for w in s.low[:k]):
            return -(k - 1)
        if k > 1 and _is_nominal(s, k - 2) and s.at(k - 3) in (",", "", "that", "by"):
            return k - 2
    if before in ("of", "for", "from", "in", "at") and k > 1 and _is_nominal(s, k - 2):
        return -(k - 1)
    return k


def _is_before_name(s: Sentence, i: int, last: int) -> bool:
    """Return whether the token at `i` is outside the name, before it."""
    word = s.low[i]
    if word == "'" and s.is_glued(i) and (s.is_glued(i + 1) or s.at(i - 1).endswith("s")):
        return False  # B'Tselem, the doctors' union
    if word == "on" and s.at(i + 1) == "both":
        return False  # sources on both sides
    if word == "and":
        return i + 1 == last or not ((_is_proper(s, i - 1) and _is_proper(s, i + 1)) or _is_first_of_two_sources(s, i))
    if word in NAME_BARRIERS:
        return True
    if (
        word in PREPOSITIONS
        and i > 0
        and s.raw[i][0].isupper()
        and s.raw[i + 1 : i + 2]
        and (s.raw[i + 1][0].isupper() or s.raw[i + 1] == "(")
    ):
        return False  # the Near East
    if word in PREPOSITIONS or word in AUXILIARY or not (word[0].isalpha() or word in INSIDE_NAME):
        if word[0].isdigit() and (s.at(i - 1) == "-" or (s.at(i + 1) in _ORDINALS and s.is_glued(i + 1))):
            return False
        if word in ("to", "without") and _is_proper(s, i - 1) and _is_proper(s, i + 1) and i + 1 < last:
            return False  # "the Committee to Protect Journalists", "Doctors without Borders"
        return not (word in INSIDE_NAME and i + 1 < last and _is_nominal(s, i - 1) and word not in ("on", "to"))
    return False


def _is_first_of_two_sources(s: Sentence, i: int) -> bool:
    """Return whether "and" at `i` joins two sources.

    `police and army officers said`, `witnesses and medics said`.
    """
    named = s.at(i - 1) in PLURAL or s.at(i - 1) in SPEAKERS or s.at(i - 1) in ("authorities", "media", "group")
    return named and (s.at(i - 2) in (",", "", "that") or s.at(i - 3) in (",", "") or s.at(i - 2) in DETERMINERS)


def _trim_name(s: Sentence, k: int, last: int) -> int:
    """Return the start of a name without a determiner or a comma.

    Such a name begins at most one lower-case word before its head (`state media`).
    """
    i = last - 1
    while i > k and (
        s.raw[i - 1][0].isupper() or s.low[i - 1] in ("'", "'s") or s.low[i] == "'" or s.at(i - 2) == "on"
    ):
        i -= 1
    if s.raw[i][0].islower() and i > k:
        i -= 1
        while i > k and s.raw[i - 1][0].isupper() and s.raw[i][0].isupper():
            i -= 1
    return i


def _is_proper(s: Sentence, i: int) -> bool:
    return 0 <= i < len(s) and s.raw[i][0].isupper()


def _is_nominal(s: Sentence, i: int) -> bool:
    word = s.low[i] if i >= 0 else ""
    return word[:1].isalpha() and word not in AUXILIARY and word not in PAST and word not in PREPOSITIONS
