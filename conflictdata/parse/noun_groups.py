"""The group of people that a noun and its modifiers name."""

from __future__ import annotations

from conflictdata.parse.lexicon.outcomes import NOUNS
from conflictdata.parse.lexicon.people import (
    ADJECTIVES,
    AGENCIES,
    AID,
    BOY,
    CHILD,
    CIVILIAN,
    FIGHTER,
    GIRL,
    MAN,
    MEMBERS,
    MODIFIED,
    OFFICER,
    OTHER,
    PLURAL,
    POLICE,
    SINGULAR,
    SOLDIER,
    STAFF,
    TOTAL,
    WOMAN,
    PeopleGroup,
)
from conflictdata.parse.lexicon.quantities import TENS, UNITS, VAGUE_FIRST
from conflictdata.parse.tokens import Sentence

OWNERS = frozenset("the its their his her our my".split())
_ARMY = frozenset("army military soldiers soldier troops navy intelligence".split())
_REBEL_ARMIES = frozenset("people liberation resistance republican independence salvation arakan lord free red".split())
_REBEL_FORCES = frozenset("revolutionary people liberation popular resistance rebel".split())
_FORCES = frozenset("security army military forces police".split())
_ARMED_GROUPS = frozenset("groups group rebels rebel militia militias".split())
_ALIKE = {(MAN, BOY): MAN, (BOY, MAN): MAN, (WOMAN, GIRL): WOMAN, (GIRL, WOMAN): WOMAN}


def is_number_word(word: str) -> bool:
    """Return whether a word is or opens a number."""
    return (
        word[:1].isdigit()
        or word in UNITS
        or word in TENS
        or word in VAGUE_FIRST
        or word in ("a", "an", "another", "the")
    )


def find_noun_group(s: Sentence, i: int, head: int, single: bool) -> PeopleGroup:
    """Return the group of a head and its modifiers."""
    word = s.low[head]
    before = s.low[max(i, head - 4) : head]
    if before[-2:] == ["non", "-"]:
        return CIVILIAN if PLURAL.get(word) in (FIGHTER, SOLDIER) else TOTAL  # "non-combatants", "non-locals"
    if word in STAFF and _is_of_agency(s, head, before):
        return AID
    for modifier in reversed(before):
        modified = MODIFIED.get((modifier, word)) or (
            MODIFIED.get((modifier, "*")) if word not in ("soldiers", "fighters", "militants") else None
        )
        if modified:
            return modified
    if word in NOUNS:
        whose = find_owner(s, head + 1)
        if "security" in before:
            return SOLDIER  # "45 security force deaths"
        named = PLURAL.get(before[-1]) or SINGULAR.get(before[-1]) if before else None  # "20 girls deaths"
        return next((ADJECTIVES[m] for m in before if m in ADJECTIVES), whose or named or TOTAL)
    if (
        word in ("citizens", "citizen")
        and not any(s.raw[k][0].isupper() for k in range(i, head))
        and s.at(head + 1) != "of"
    ):
        return CIVILIAN
    if word in ("members", "member", "employees", "staff", "personnel"):
        return _find_group_of_members(s, head, word)
    group = (
        (SINGULAR if single else PLURAL).get(word)
        or PLURAL.get(word)
        or SINGULAR.get(word)
        or ADJECTIVES.get(word)
        or TOTAL
    )
    if group is OFFICER and word.startswith("officer") and "police" in s.low and not _ARMY.intersection(s.low):
        return POLICE
    if group is TOTAL and is_under_age(s, i, head):
        return CHILD
    if group is OTHER and before and before[-1] in AGENCIES:
        return AID
    if group is MAN and s.at(i - 2) == "and" and s.at(i - 3) in ("officers", "officer"):
        return SOLDIER  # "4 officers and 60 men"
    return _resolve_mixed_group(s, head, group)


def find_owner(s: Sentence, i: int) -> PeopleGroup | None:
    """Return the group of the people named after "of", "for" or "among": `15 bodies of slain soldiers`, `50 deaths for troops`."""
    while s.at(i) in ("confirmed", "reported", "recorded"):
        i += 1
    if s.at(i) not in ("of", "for", "among"):
        return None
    for k in range(i + 1, min(i + 6, len(s))):
        word = s.low[k]
        if word in PLURAL and word not in NOUNS:
            listed = s.at(k + 1) == "," and not PLURAL.keys().isdisjoint(s.low[k + 2 : k + 6])
            return None if listed else PLURAL[word]  # "220 injuries among civilians, soldiers and outlaws"
        if word == "forces":
            return SOLDIER
        if not (word.isalpha() or word == "-") or word in ("in", "on", "and", "who", "during"):
            break
    return None


def _is_of_agency(s: Sentence, head: int, before: list[str]) -> bool:
    """Return whether the staff are those of an aid agency.

    `UN staff`, `three staff of Oxfam`, `the IRC ... four of our colleagues`.
    """
    if not AGENCIES.isdisjoint(before):
        return True
    if s.at(head + 1) in ("of", "from", "with", "for") and not AGENCIES.isdisjoint(s.low[head + 2 : head + 7]):
        return True
    is_possessive = (
        not before and s.at(head - 1) in OWNERS and s.at(head - 2) == "of"
    )  # "six of its staff", about an agency
    return (is_possessive or s.low[head].startswith("colleague")) and not AGENCIES.isdisjoint(s.low)


def _resolve_mixed_group(s: Sentence, head: int, group: PeopleGroup) -> PeopleGroup:
    """Return the group of two coordinated nouns.

    `police and soldiers` in one number are neither; `men and boys` are men.
    """
    if s.at(head + 1) == "," and s.at(head + 2) in PLURAL and s.at(head + 3) == "and" and s.at(head + 4) in PLURAL:
        kinds = {g.category for g in (group, PLURAL[s.at(head + 2)], PLURAL[s.at(head + 4)])} - {"total"}
        return group if len(kinds) < 2 else OTHER  # "30 civilians, soldiers and militiamen"
    k = next((k for k in range(head + 2, head + 5) if s.at(k) in PLURAL), head + 2)
    plain = all(s.at(j).isalpha() and not is_number_word(s.at(j)) for j in range(head + 2, k))
    if s.at(head + 1) not in ("and", "or") or s.at(k) not in PLURAL or not plain or s.at(k + 1) in ("from", "'s"):
        return group
    second = find_noun_group(s, head + 2, k, False) if k > head + 2 else PLURAL[s.at(k)]
    if s.at(k) in ("members", "member") and s.at(k + 1) == "of":
        return group  # "17 soldiers and members of a militia"
    if second.category in (group.category, "total"):
        return group
    return _ALIKE.get((group, second), OTHER)


def is_under_age(s: Sentence, first: int, last: int) -> bool:
    """Return whether an age between two tokens is a child's.

    `12-year-old`, `five-month-old`.
    """
    for k in range(first, last):
        if s.low[k] in ("year", "month", "week", "day") and s.at(k + 2) == "old":
            years = UNITS.get(s.at(k - 2), 0) or (int(s.at(k - 2)) if s.at(k - 2).isdecimal() else 99)
            return s.low[k] != "year" or years < 18
    return False


def _find_group_of_members(s: Sentence, head: int, word: str) -> PeopleGroup:
    """Return the group that the members belong to."""
    before = {s.at(head - 1), s.at(head - 2)}
    after = s.low[head + 1 : head + 9] if s.at(head + 1) in ("of", "from") else []
    if "and" in after and s.at(head + after.index("and") + 2)[:1].isdigit():
        after = after[: after.index("and")]  # "members of the security forces and 46 rebels"
    # A clan with a capital letter is the name of an armed group.
    after = [w for k, w in enumerate(after, head + 1) if w != "clan" or s.raw[k][0].islower()]
    if "and" in after and not _ARMED_GROUPS.isdisjoint(after) and not _FORCES.isdisjoint(after):
        return OTHER  # "members of the security forces and illegal armed groups"
    if "army" in after and not _REBEL_ARMIES.isdisjoint(after) and "chinese" not in after:
        return FIGHTER  # "members of the New People's Army"
    if "forces" in after and not _REBEL_FORCES.isdisjoint(after):
        return FIGHTER  # "members of the Revolutionary Armed Forces"
    for words, group in MEMBERS:
        if not words.isdisjoint(before) or not words.isdisjoint(after):
            return group
    return {"members": FIGHTER, "member": FIGHTER, "personnel": SOLDIER}.get(word, OTHER)
