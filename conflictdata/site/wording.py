"""Numbers, days, groups and names in words, as the pages print them."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conflictdata.site.records import Row

PREFIXES = {
    "at_least": "at least",
    "more_than": "more than",
    "about": "about",
    "nearly": "nearly",
    "up_to": "up to",
}
MARKS = {
    "exact": "exact",
    "at_least": "up",
    "more_than": "up",
    "about": "about",
    "nearly": "down",
    "up_to": "down",
    "range": "range",
}
NOUNS = {
    "persons": ("person", "people"),
    "bodies": ("body", "bodies"),
    "strikes": ("strike", "strikes"),
    "admissions": ("admission", "admissions"),
    "cases": ("case", "cases"),
    "families": ("family", "families"),
}
OUTCOMES = {
    "killed": "killed",
    "injured": "injured",
    "killed_or_injured": "killed or injured",
    "displaced": "displaced",
    "missing": "missing",
    "detained": "detained",
    "captured": "captured",
    "abducted": "abducted",
    "returned": "returned",
    "losses_unspecified": "losses, not specified",
    "other": "other outcomes",
}
STATUSES = {
    "civilian": ("civilian", "civilians"),
    "fighter": ("fighter", "fighters"),
    "armed_forces": ("member of armed forces", "members of armed forces"),
    "combatant": ("combatant", "combatants"),
    "unknown": ("person of unknown status", "people of unknown status"),
}
ROLES = {
    "aid_seeker": ("person seeking aid", "people seeking aid"),
    "aid_worker": ("aid worker", "aid workers"),
    "health_worker": ("health worker", "health workers"),
    "police": ("police officer", "police officers"),
}
CAUSES = {
    "airstrike": "in air strikes",
    "shelling": "by shelling",
    "execution": "by execution",
    "gunfire": "by gunfire",
    "torture": "by torture",
    "in_detention": "in detention",
    "explosive_remnants": "by explosive remnants",
    "indirect": "by indirect causes",
    "murder": "by murder",
    "direct": "by direct causes",
    "crossfire": "in crossfire",
    "unknown": "by an unknown cause",
}
AXES = {
    "party": "by party",
    "age_sex": "by age and sex",
    "location": "by place",
    "time": "by day",
    "severity": "by severity",
    "sex": "by sex",
    "age": "by age",
    "perpetrator": "by perpetrator",
    "cause": "by cause",
    "custody": "by custody",
}
POPULATIONS = {
    "everybody": "everybody",
    "civilians": "civilians",
    "combatants": "combatants",
    "unknown": "people of unknown status",
    "singled_out": "a person or group singled out of another total",
}
_WORDS_OF_NUMBERS = "no one two three four five six seven eight nine ten eleven twelve".split()


@dataclass(frozen=True)
class PrintedNumber:
    """A number in words.

    Attributes:
        prefix: Words before the number, such as `at least`; or all of it, such as `dozens`.
        number: The number, with commas. Empty if the page gives none.
        mark: Name of the mark that shows the qualifier.
        size: The number to sort by. None if there is none.
    """

    prefix: str
    number: str
    mark: str
    size: int | None

    def __str__(self) -> str:
        return f"{self.prefix} {self.number}".strip()


def describe_quantity(row: Row) -> PrintedNumber:
    """Return the number of a figure with its words."""
    qualifier, low, best, high = row["qualifier"], row["low"], row["best"], row["high"]
    if qualifier == "range" and low is not None and high is not None:
        return PrintedNumber("from", f"{low:,} to {high:,}", "range", high)
    sizes = [value for value in (low, best, high) if value is not None]
    if sizes:
        return PrintedNumber(PREFIXES.get(qualifier, ""), f"{sizes[0]:,}", MARKS.get(qualifier, "words"), sizes[0])
    if row.get("share") is not None:
        return PrintedNumber(PREFIXES.get(qualifier, ""), f"{row['share']:g} %", "words", None)
    return PrintedNumber(
        "number not stated" if qualifier == "unstated" else str(qualifier).replace("_", " "), "", "words", None
    )


def count_words(number: int, noun: str, plural: str = "") -> str:
    """Return a small count in words, as `three claims`; from 13 on in digits."""
    word = _WORDS_OF_NUMBERS[number] if number < len(_WORDS_OF_NUMBERS) else f"{number:,}"
    return f"{word} {noun if number == 1 else plural or noun + 's'}"


def count_digits(number: int, noun: str, plural: str = "") -> str:
    """Return a count in digits, as `1 claim` or `1,047 figures`."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def join_words(words: list[str], last: str = "and") -> str:
    """Join words as in a sentence: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}" if words else ""


def capitalize_first(text: str) -> str:
    """Return the text with a capital at its start."""
    return text[:1].upper() + text[1:]


# ---- days ---------------------------------------------------------------------------------------------------------


def format_day(day: dt.date | None, *, short: bool = False) -> str:
    """Return a day as `5 December 2024`, or short as `5 Dec 2024`."""
    if day is None:
        return ""
    names = calendar.month_abbr if short else calendar.month_name
    return f"{day.day} {names[day.month]} {day.year}"


def format_span(first: dt.date | None, last: dt.date | None, *, short: bool = False) -> str:
    """Return two days as `27 November to 5 December 2024`; equal ones as one day."""
    if first is None or last is None or first == last:
        return format_day(first or last, short=short)
    end = format_day(last, short=short)
    if first.year != last.year:
        return f"{format_day(first, short=short)} to {end}"
    start = format_day(first, short=short).rpartition(" ")[0]
    return f"{first.day} to {end}" if first.month == last.month else f"{start} to {end}"


def format_month(day: dt.date) -> str:
    """Return the month of a day, as `December 2024`."""
    return f"{calendar.month_name[day.month]} {day.year}"


def describe_window(row: Row, precision: str | None = "day") -> str:
    """Return the days that a figure covers, as the end of a sentence: `on 5 December 2024`."""
    first, last = row["period_start"], row["period_end"] or row["as_of"]
    if row["scope"] in ("stock", "projection") or first is None:
        return f"as of {format_day(row['as_of'] or last)}" if row["as_of"] or last else ""
    if first == last:
        return f"on {format_day(first)}"
    if precision == "month" and first.day == 1 and (last + dt.timedelta(1)).day == 1:
        same = (first.year, first.month) == (last.year, last.month)
        return f"in {format_month(first)}" if same else f"from {format_month(first)} to {format_month(last)}"
    return f"from {format_span(first, last)}"


# ---- groups -------------------------------------------------------------------------------------------------------


def name_demographic(sex: str | None, age: str | None) -> tuple[str, str] | None:
    """Return the noun of a sex and an age, singular and plural. None if both are empty."""
    nouns: dict[tuple[str | None, str | None], tuple[str, str]] = {
        ("female", "child"): ("girl", "girls"),
        ("male", "child"): ("boy", "boys"),
        ("female", None): ("woman or girl", "women and girls"),
        ("male", None): ("man or boy", "men and boys"),
        ("female", "adult"): ("woman", "women"),
        ("male", "adult"): ("man", "men"),
        ("female", "elderly"): ("elderly woman", "elderly women"),
        ("male", "elderly"): ("elderly man", "elderly men"),
    }
    plain = {
        "child": ("child", "children"),
        "adult": ("adult", "adults"),
        "elderly": ("elderly person", "elderly people"),
    }
    if sex in ("female", "male"):
        return nouns.get((sex, age))
    return plain.get(age or "") or (("person of unknown sex", "people of unknown sex") if sex else None)


def name_kind(kind: str) -> str:
    """Return a kind of actor in words."""
    return "United Nations" if kind == "united_nations" else kind.replace("_", " ")


def name_role(role: str) -> tuple[str, str]:
    """Return the noun of a role, singular and plural."""
    plain = role.replace("_", " ")
    return ROLES.get(role, (plain, f"{plain}s"))


def name_population(detail: str) -> str:
    """Return the plural of a role, an age or a sex that a toll counts. Empty if it is none of them."""
    words = {"women": "women", "child": "children", "men": "men", "elderly": "elderly people", "adult": "adults"}
    if detail in words:
        return words[detail]
    known = {
        "journalist",
        "aid_worker",
        "health_worker",
        "detainee",
        "student",
        "officer",
        "rescuer",
        "police",
        "patient",
        "aid_seeker",
    }
    return name_role(detail)[1] if detail in known else ""


def describe_people(row: Row, parent: Row | None = None) -> tuple[str, str] | None:
    """Return the noun of the people of a figure, singular and plural, as far as it differs from its parent's.

    Returns:
        None if status, role, sex and age say nothing new.
    """

    def pick(column: str) -> str | None:
        value: str | None = row[column]
        return None if parent is not None and parent[column] == value else value

    who = name_demographic(pick("sex"), row["age"] if pick("sex") else pick("age"))
    role, status = pick("role"), pick("person_status")
    if who and status == "civilian":
        return (f"civilian {who[0]}", f"civilian {who[1]}")
    if who:
        return who
    if role and role != "other":
        return name_role(role)
    return STATUSES.get(status) if status else None


# ---- names --------------------------------------------------------------------------------------------------------

_BRACKETS = re.compile(r"\s*\([^()]*\)$")
_DEFINITE = frozenset(
    "administration agency coalition assessment association authorities authority command commission committee community council "
    "army countryside crescent cross department fighters forces fund general government governorates group heights houthis military "
    "militias ministry mission movement nations network observatory office official officials opposition organisation organization "
    "panel police president president-elect programme prosecutor remnants republic spokesperson staff states strip union zone "
    "coast kingdom project coordination tribes factions side dormitories outskirts volunteers camp corps room center centre".split()
)
_PLURAL = frozenset(
    "activists authorities experts fighters forces houthis officials sources volunteers workers militias remnants tribes factions rebels".split()
)
_SMALL = frozenset(("unnamed", "local", "several", "villager", "official"))
# First words that belong to no name: they are small if the word behind them is small.
_COMMON = frozenset(
    "armed factions foreign government interior media officials pro-government security unidentified".split()
)
_MEDIA = frozenset(("news_media", "news_agency", "broadcaster", "party_media"))


def strip_brackets(name: str) -> str:
    """Return a name without the explanation in brackets at its end."""
    return _BRACKETS.sub("", name)


def _split_head(name: str) -> list[str]:
    """Return the words of a name up to its head noun, in small letters."""
    head = re.split(r" (?:of|in|for|with|who|quoted|close|on|to) |, ", name, maxsplit=1)[0]
    return head.casefold().split()


def is_plural(name: str) -> bool:
    """Return whether a name takes a verb in the plural."""
    words = _split_head(strip_brackets(name))
    return bool(words) and words[-1] in _PLURAL


def add_article(name: str, kind: str = "") -> str:
    """Return a name with the article that a sentence needs."""
    plain = strip_brackets(name)
    words = _split_head(plain)
    if not words or words[0] in ("the", "a", "an") or words[1:3] == ["and", "allied"]:
        return plain
    if words[0] in _COMMON and plain.partition(" ")[2][:1].islower():
        plain = plain[0].lower() + plain[1:]
    if words[0] == "officials":
        return plain
    if words[0] == "unidentified":
        return f"an {plain}"
    if kind == "unnamed" or words[0] in ("unnamed", "local", "several"):
        low = plain[0].lower() + plain[1:] if words[0] in _SMALL else plain
        if is_plural(plain) or words[0] == "several":
            return low
        return f"{'an' if low[0] in 'aeiouAEIOU' else 'a'} {low}"
    definite = _DEFINITE & set(words) if kind not in _MEDIA else {"agency"} & set(words)
    return f"the {plain}" if definite else plain


def place_phrase(place: Row | None) -> str:
    """Return a place as a sentence needs it: `in Syria`, `at Nasser Hospital`. Empty without a place."""
    if place is None:
        return ""
    name, kind = strip_brackets(place["name"]), place["kind"]
    preposition = "on" if "coast" in name.casefold().split() else "at" if kind == "site" else "in"
    definite = set(name.split(",", maxsplit=1)[0].casefold().split()) & {
        "strip", "republic", "countryside", "zone", "heights", "coast", "dormitories", "kingdom", "states", "area", "outskirts", "camp",
    }  # fmt: skip
    return f"{preposition} {'the ' if definite else ''}{name}"
