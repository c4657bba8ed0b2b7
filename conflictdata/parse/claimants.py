"""Attributions of a sentence, and the choice of the claimant for each number."""

from __future__ import annotations

import re

from conflictdata.parse.lexicon.calendar import MONTHS, WEEKDAYS
from conflictdata.parse.lexicon.function_words import DETERMINERS, PREPOSITIONS
from conflictdata.parse.lexicon.outcomes import AUXILIARY, NOUNS, PAST
from conflictdata.parse.lexicon.people import SPEAKERS
from conflictdata.parse.lexicon.quantities import UNITS
from conflictdata.parse.lexicon.speech import (
    ASIDES,
    BETWEEN_NAME_AND_VERB,
    BODIES,
    CITING,
    CONTINUOUS,
    GIVEN_BEFORE,
    HEADS,
    INVERTED,
    ISSUING,
    NO_CLAIMANT_BEFORE,
    NO_SUBJECT_AFTER,
    PUBLISHED,
    PUBLISHING,
    PURE_REPORTING_VERBS,
    RECORDED,
    RECORDS,
    REPORTING_VERBS,
    REPORTING_VERBS_WITH,
    SHOWING,
    STATED,
)
from conflictdata.parse.names import Attribution, find_name_start, make_attribution, read_name_after
from conflictdata.parse.tokens import Sentence

MAX_WORDS_AFTER_WITH = 9
OPENING = 8  # tokens of a name before the preposition in it
HEADLINE = 4  # least words before the colon that ends a headline, and most tokens from the colon on
_MONITORS = frozenset(
    "official monitor watchdog ngo charity army ministry minister governor mayor report reports state media police".split()
)
ASIDE = 18  # tokens of "Hassan, a community leader, said"
_CUES = (
    REPORTING_VERBS
    | CITING
    | RECORDS
    | CONTINUOUS
    | frozenset(REPORTING_VERBS_WITH)
    | frozenset(("according", "compiled", "collected", "per", "given", "learned", "learnt"))
)
PARTICIPLES = RECORDED | {"identified", "named"}
ISSUED = 9  # tokens from "issued" to "documenting"
_PAPERS = frozenset(("report", "statement", "reports", "update", "bulletin"))
_CHANNELS = frozenset("telegram facebook twitter whatsapp".split())
_NOBODY = re.compile(r"n['’]t\b|^(?:say|says|said|did|does)$", re.I)
_OWN_REPORTS = [
    [owner, paper] for owner in ("its", "his", "her", "their") for paper in ("report", "statement", "figures", "data")
]
_CLOSING = frozenset((",", '"', "”", "“"))
_TIMES_OF_DAY = frozenset("morning afternoon evening night".split())
_ATTACKING = frozenset(
    "attacked raided stormed ambushed opened fired shelled struck bombed entered surrounded burned burnt torched looted killed".split()
)
_ONE = frozenset(("a", "an", "one", "two", "three", "several", "some"))
_CLAUSES = frozenset(("that", "as", "and", "while", "which", ",", ";", "but", "when", "where", "after"))


def find_attributions(s: Sentence) -> list[Attribution]:
    """Return the attributions of a sentence, in order."""
    hits = (_find_attribution_at(s, k, s.low[k]) for k in s.find_positions(_CUES))
    found = [hit for hit in hits if hit is not None and not _NOBODY.search(hit.text)]
    if not found and ":" in s.low and (who := _find_end_of_headline(s) or _find_start_of_headline(s)) is not None:
        return [who]
    if len(found) > 1:
        found = [a for a in found if s.low[a.first : a.last] not in _OWN_REPORTS] or found
    return found


def _find_end_of_headline(s: Sentence) -> Attribution | None:
    """Return the speaker whom a headline names last, behind a colon: `Fighting kills 145: military`."""
    colon = max(k for k, w in enumerate(s.low) if w == ":")
    if (
        not HEADLINE <= colon < len(s) - 1
        or len(s) - colon > HEADLINE
        or not all(w.isalpha() for w in s.low[colon + 1 :])
    ):
        return None
    last = s.low[-1]
    speaks = (
        last in SPEAKERS
        or last in BODIES
        or last in HEADS
        or last in _MONITORS
        or (s.raw[-1].isupper() and len(last) > 1)
    )
    return make_attribution(s, colon + 1, len(s), colon, "after") if speaks else None


def _find_start_of_headline(s: Sentence) -> Attribution | None:
    """Return the speaker whom a headline names first, before a colon: `Lorran officials: 39 rebels killed`."""
    colon = s.low.index(":")
    plain = all(w.isalpha() and w not in PREPOSITIONS for w in s.low[:colon])
    if not 1 <= colon <= HEADLINE or not plain or s.low.count(":") > 1:
        return None
    last = s.low[colon - 1]
    speaks = last in SPEAKERS or last in HEADS or (colon > 1 and last in BODIES)
    return make_attribution(s, 0, colon, colon, "before") if speaks else None


def _find_attribution_at(s: Sentence, k: int, word: str) -> Attribution | None:
    following = s.at(k + 1)
    if word == "according":
        return read_name_after(s, k + 2, k, "according") if following == "to" else None
    if word == "per":
        return read_name_after(s, k + 1, k, "according") if s.at(k - 1) == "as" else None
    if following == "by" and (word in RECORDED or (word in STATED and s.at(k - 1) == "as")):
        return read_name_after(s, k + 2, k, "according")
    if word == "given":
        of_toll = following == "by" and not GIVEN_BEFORE.isdisjoint(s.low[max(0, k - MAX_WORDS_AFTER_WITH) : k])
        return read_name_after(s, k + 2, k, "according") if of_toll else None
    if word in ("learned", "learnt"):
        return _find_source_of_news(s, k)
    if word in CITING:
        return read_name_after(s, k + 2, k, "before") if following == "by" else read_name_after(s, k + 1, k, "cited")
    if word in RECORDS and (word not in REPORTING_VERBS or s.at(k - 1) == "'s"):
        return _find_record_owner(s, k)
    if word in CONTINUOUS and "with" in s.low[max(0, k - MAX_WORDS_AFTER_WITH) : k]:
        begin = max(i for i in range(max(0, k - MAX_WORDS_AFTER_WITH), k) if s.low[i] == "with") + 1
        plain = not any(w in AUXILIARY or w[0].isdigit() or w == "," for w in s.low[begin:k])
        return make_attribution(s, begin, k, k, "before") if plain else None  # "with the agency confirming 450 deaths"
    issued = (
        next((k for k in range(k - 1, max(0, k - ISSUED), -1) if s.low[k] in ISSUING), 0) if word in CONTINUOUS else 0
    )
    if issued and not _PAPERS.isdisjoint(s.low[issued:k]):
        return _find_subject(s, issued)  # "The network issued a report on Saturday documenting 40 deaths"
    if word in CONTINUOUS:
        return _find_subject(s, k - 1) if s.at(k - 1) in ("is", "are", "was", "were") and following == "that" else None
    if word == "found" and following in (";", ".", ""):
        hit = _find_subject(s, k)
        return hit if hit is not None and s.at(hit.first - 1) == "," else None  # "57 dead, the network found."
    if word in REPORTING_VERBS_WITH:
        return None if REPORTING_VERBS_WITH[word].isdisjoint(s.low[k + 1 : k + 6]) else _find_subject(s, k)
    return _find_speaker_after_listener(s, k) or _find_claimant_of_verb(s, k, word) if word in REPORTING_VERBS else None


def _find_record_owner(s: Sentence, k: int) -> Attribution | None:
    """Return the owner of a record as claimant.

    `the ministry's latest update brings the toll to 40`, `figures from the ministry show`.
    """
    if SHOWING.isdisjoint(s.low[k + 1 : k + 9]):
        return None
    if s.at(k + 1) in ("from", "by"):
        return read_name_after(s, k + 2, k, "before")
    after = k + 1 + (s.at(k + 1) in PUBLISHING)
    after += (s.at(after) == "on") + (s.at(after + (s.at(after) == "on")) in WEEKDAYS)
    if after > k + 1 and s.at(after) == "by" and not SHOWING.isdisjoint(s.low[after:]):
        shows = next(i for i in range(after, len(s)) if s.low[i] in SHOWING)
        return make_attribution(s, after + 1, shows, k, "before")
    owned = next((i for i in range(k - 1, max(0, k - 4), -1) if s.low[i] == "'s"), 0)
    return make_attribution(s, find_name_start(s, owned), owned, k, "before") if owned else None


def _find_claimant_of_verb(s: Sentence, k: int, word: str) -> Attribution | None:
    """Return the claimant of the reporting verb at `k`, or None."""
    before, following = s.at(k - 1), s.at(k + 1)
    if word == "report" and s.at(k - 2) in ("a", "an", "the") and (later := _find_later_verb(s, k)):
        return make_attribution(s, k - 2, k + 1, later, "before")  # "An UNMISS report covering May documented"
    if (word == "states" and s.raw[k][0] == "S") or (
        before.endswith("ly") and word in PARTICIPLES and following != "that"
    ):
        return None  # "the United States", "widely reported"
    if word in PUBLISHED and ("according" in s.low[max(0, k - 5) : k] or following in ("from", "by")):
        return None
    if word in ("claimed", "claims", "claim") and (
        following == "by" or {"lives", "life", "responsibility", "credit"}.intersection(s.low[k + 1 : k + 9])
    ):
        return None
    if word in ("named", "identified") and before in (",", "people", "others", "men", "persons"):
        return None
    if word == "admitted" and following == "to" and "hospital" in s.low[k : k + 6]:
        return None
    if word == "put" and following not in ("the", "its", "their", "it"):
        return None
    if (before == "-" and s.is_glued(k)) or _is_belief(s, k) or (word in PARTICIPLES and _is_participle(s, k)):
        return None
    if before in NO_SUBJECT_AFTER and word not in ("says", "told"):
        return None
    if _is_inverted(s, k, word):
        back = following in ("that", "it", "he", "on") or (before == "" and word != "said")
        return (None if back else read_name_after(s, k + 1, k, "after")) or _find_subject(s, k)
    hit = _find_subject(s, k)
    if hit is None and word in ("said", "says") and following and before != "and":
        return read_name_after(s, k + 1, k, "after")
    closes = hit is not None and s.at(hit.first - 1) in (",", '"', "”")  # ", the agency estimates."
    return None if word not in PURE_REPORTING_VERBS and following in (".", ",", "of") and not closes else hit


def _find_later_verb(s: Sentence, k: int) -> int:
    """Return the reporting verb that follows a noun phrase with "report" at `k`, or 0."""
    ahead = range(k + 1, min(k + 9, len(s)))
    return next((j for j in ahead if s.low[j] in REPORTING_VERBS and s.low[j] not in ("report", "reports")), 0)


def _is_participle(s: Sentence, k: int) -> bool:
    """Return whether the verb is a participle without a speaker.

    `45 deaths documented in March`.
    """
    following = s.at(k + 1)
    if following in NO_CLAIMANT_BEFORE:
        return True
    return (
        following == "in"
        and s.at(k + 2) not in ("a", "its", "his", "their", "an")
        and (s.raw[k - 1][:1].islower() or s.at(k - 1) in NOUNS)
    )


def _find_source_of_news(s: Sentence, k: int) -> Attribution | None:
    """Return from whom something was learned: `we learned on Sunday from the Red Cross`; or who did, at the end of a sentence."""
    source = next((i for i in range(k + 1, min(k + 5, len(s))) if s.low[i] == "from"), 0)
    if source:
        return read_name_after(s, source + 1, k, "according")
    return _find_subject(s, k) if s.at(k + 1) in (".", "") else None


def _is_belief(s: Sentence, k: int) -> bool:
    """Return whether the verb says what people are thought to be: `men alleged to be raiders`."""
    return s.low[k + 1 : k + 3] == ["to", "be"] and s.low[k] in ("alleged", "believed", "reported", "said")


def _find_speaker_after_listener(s: Sentence, k: int) -> Attribution | None:
    """Return who says it, if the listener comes first: the agency hears it from a military official."""
    if s.low[k] != "told" or s.at(k - 1) not in _CLOSING:
        return None
    i = k + 1 + (s.at(k + 1) == "the")
    listener = i
    while i < len(s) and s.raw[i][0].isupper():
        i += 1
    return read_name_after(s, i, k, "after") if i > listener and s.at(i) in ("a", "an") else None


def _is_inverted(s: Sentence, k: int, word: str) -> bool:
    before = s.at(k - 1)
    if word in ("reports", "reported") and len(s) - k <= 6 and s.raw[k + 1 : k + 2] and s.raw[k + 1][0].isupper():
        return True  # "... on Friday reports Dawn."
    if before == "," and s.raw[k + 1 : k + 2] and s.raw[k + 1][0].islower() and _opens_with_aside(s, k):
        return False
    if s.at(k + 1) in UNITS or s.at(k + 1)[:1].isdigit():
        return False  # "Umar, who lives in the village, said five of his family died"
    ahead = s.low[k + 2 : k + OPENING]
    if not _ATTACKING.isdisjoint(ahead[: ahead.index(",")] if "," in ahead else ahead):
        return False  # "Ojok, an official in the district, said the raiders attacked"
    if word not in INVERTED or before not in (",", '"', "”", "“", "'", "’", ""):
        return False
    return before != "," or (word != "told" and not _has_claim_after(s, k))


def _opens_with_aside(s: Sentence, k: int) -> bool:
    """Return whether the sentence opens with a name and its aside, which the verb follows: `Hassan, the spokesman, said shells fell`."""
    hit = _find_name_with_aside(s, k - 1, k)
    plain = hit is not None and PAST.keys().isdisjoint(s.low[hit.first : hit.last])
    return plain and hit is not None and hit.first <= 1 and s.at(k + 1) not in DETERMINERS


def _has_claim_after(s: Sentence, k: int) -> bool:
    """Return whether the claim follows the verb, so that the name is before it."""
    rest = s.low[k + 2 : k + 16]
    return s.at(k + 1) in ("that", "it", "at", "more", "there") or any(w in AUXILIARY or w in PAST for w in rest)


def _find_subject(s: Sentence, k: int) -> Attribution | None:
    """Return the noun phrase before a reporting verb."""
    last = k
    while s.at(last - 1) in BETWEEN_NAME_AND_VERB and last > 1:
        last -= 1
    last = _skip_date(s, last)
    if s.at(last - 1) == "," and last > 2:
        return _find_name_with_aside(s, last - 1, k)
    first = _extend_to_opening(s, find_name_start(s, last))
    if s.at(first - 2) in ("that", "who", "which") and s.at(first - 4) in DETERMINERS and first < last:
        return make_attribution(s, first - 4, last, k, "after")  # ", the church that runs the schools said"
    if s.at(first) in ("its", "his", "her", "their") and s.at(first - 1) == "in" and first > 1:
        owner = find_name_start(s, first - 1)  # "The network, in its report, said"
        if owner < first - 1:
            return make_attribution(s, owner, first - 1, k, "before")
    if first == last:
        return _find_subject_of_earlier_verb(s, last, k) if s.at(last - 1) == "and" else None
    opens = first <= 2 or (
        (s.at(first - 1) in _CLAUSES or s.at(first - 1) in REPORTING_VERBS) and _has_words_after(s, k)
    )
    return make_attribution(s, first, last, k, "before" if opens else "after")


def _extend_to_opening(s: Sentence, first: int) -> int:
    """Return 0 if a name before its preposition opens the sentence: `Officials on the border with Nigeria say`."""
    if s.at(first - 1) not in PREPOSITIONS or not 1 < first <= OPENING or s.low[0] in PREPOSITIONS:
        return first
    words = s.low[:first]
    plain = (
        all(w.isalpha() or w == "'s" for w in words) and AUXILIARY.isdisjoint(words) and PAST.keys().isdisjoint(words)
    )
    verbs = any(w in REPORTING_VERBS or w.endswith(("ed", "ing")) for w in words)
    speaker = s.low[0] in SPEAKERS or (s.low[0] in _ONE and s.at(1) in SPEAKERS)
    return 0 if plain and not verbs and speaker else first


def _skip_date(s: Sentence, last: int) -> int:
    """Return the token before a date that ends before `last`: `a statement on 24 May claimed`."""
    if s.at(last - 1) in WEEKDAYS and s.at(last - 2) == "on" and last > 3:
        return last - 2
    if s.at(last - 1) in _TIMES_OF_DAY and s.at(last - 2) in WEEKDAYS and s.at(last - 3) == "on" and last > 4:
        return last - 3  # "another report reaching the capital on Monday morning said"
    day = any(s.at(k)[:1].isdigit() for k in (last - 2, last - 1))
    month = any(s.at(k) in MONTHS for k in (last - 2, last - 1))
    return last - 3 if day and month and s.at(last - 3) == "on" and last > 4 else last


def _find_subject_of_earlier_verb(s: Sentence, last: int, k: int) -> Attribution | None:
    """Return the subject shared with an earlier verb.

    `Nairobi denied the claim and said ...`.
    """
    end = last - 1 - (s.at(last - 2) == ",")
    begin = next((i + 1 for i in range(end - 1, -1, -1) if s.low[i] in (";", ":", ",", "but")), 0)
    for i in range(begin + 1, last - 1):
        word = s.low[i]
        if (word in PREPOSITIONS and not s.raw[i + 1][0].isupper()) or word[0].isdigit():
            return None
        if (word.endswith("ed") or word in REPORTING_VERBS or word in AUXILIARY) and s.raw[i][0].islower():
            return make_attribution(s, begin, i, k, "before")
    return None


def _has_words_after(s: Sentence, k: int) -> bool:
    """Return whether enough words for a claim follow the verb."""
    return len(s) - k > 5 and s.at(k + 1) not in (".", ",", "in", "on")


def _find_name_with_aside(s: Sentence, comma: int, at: int) -> Attribution | None:
    """Return a name with its aside: `Hassan, a community leader, said`."""
    opening = next((i for i in range(comma - 1, max(-1, comma - ASIDE), -1) if s.low[i] == ","), None)
    if opening is None:
        return None
    first = find_name_start(s, opening)
    if first == opening:
        return None
    if ASIDES.issuperset(s.low[opening + 1 : comma]):
        comma = opening
    return make_attribution(s, first, comma, at, "before" if first <= 2 else "after")


def find_attribution_of_earlier(s: Sentence) -> Attribution | None:
    """Return who gave the figures of the sentence before: `This was reported by the governor`, `The governor reported this`."""
    if s.at(0) in ("this", "it", "that") and s.at(1) in ("was", "is", "has") and "by" in s.low[3:6]:
        k = s.low.index("by", 3)
        end = next((j for j in s.find_positions(_CHANNELS) if s.at(j - 1) in ("in", "on")), 0)
        if s.at(k - 1) not in STATED:
            return None
        return make_attribution(s, k + 1, end - 1, k, "according") if end else read_name_after(s, k + 1, k, "according")
    k = next((k for k in s.find_positions(STATED) if s.at(k + 1) == "this"), 0)
    return _find_subject(s, k) if k else None


def find_covering_attribution(s: Sentence, attributions: list[Attribution], place: int) -> Attribution | None:
    """Return the attribution that applies to a number.

    The innermost source of its clause comes first, then that of the sentence.

    Args:
        s: The sentence.
        attributions: Its attributions, in order.
        place: Token of the number.
    """
    if len(attributions) == 1 and place < attributions[0].first and s.at(attributions[0].first - 1) == ";":
        return None  # "Rebels killed nine; the army puts its dead at four"
    if len(attributions) > 1:
        begin, end = _find_clause(s, place)
        inside = [a for a in attributions if begin <= a.at < end]
        if inside and len(inside) < len(attributions):
            return _find_innermost(inside, place)
    return _find_innermost(attributions, place)


def _find_clause(s: Sentence, place: int) -> tuple[int, int]:
    """Return the main clause around a token, cut at `;`, `, while` and `, but`."""
    cuts = [k for k, w in enumerate(s.low) if w == ";" or (w in ("while", "but", "whereas") and s.at(k - 1) == ",")]
    begin = max((k for k in cuts if k < place), default=0)
    return begin, min((k for k in cuts if k > place), default=len(s))


def _find_innermost(attributions: list[Attribution], place: int) -> Attribution | None:
    """Return the innermost source; a medium only if there is no other source."""
    cited = next((a for a in attributions if a.side == "cited"), None)
    if cited is not None and not (cited.is_media and any(a.side == "according" for a in attributions)):
        return cited
    sources = [a for a in attributions if not a.is_media] or attributions
    if len(sources) <= 1:
        return sources[0] if sources else None
    ahead = [a for a in sources if a.side == "before" and a.at < place]
    behind = [a for a in sources if a.side != "before" and a.at > place]
    if ahead:
        return ahead[-1]
    return behind[0] if behind else sources[0]
