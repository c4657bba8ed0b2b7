"""Doubts about the days of a page: days of another clause, several days in a sentence, pages that many days have made.

A day is sure if it is the only one of its sentence, and no clause lies between it and the number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from itertools import groupby

from conflictdata.parse.lexicon.calendar import MONTHS
from conflictdata.parse.lexicon.clauses import CLAUSE_AFTER, CLAUSE_BEFORE, SAYING_BEFORE
from conflictdata.parse.model import Document, DraftFigure, Window

OTHER_DAY = "the day may be that of another event in the sentence"
DAY_FOUND = "the day on which bodies were found or buried, or of the harm?"
DAY_SAID = "the day of the statement, or of the harm?"
DAY_OF_TOLL = "the day of the toll, or of the harm?"
SEVERAL = "the sentence names several days: which one is this number's?"
OF_SEVERAL_PARTS = "the page has entries of several days: counted from which day?"
OF_OTHER_DAY = "the page names another day of publication: counted from which day?"
BEFORE_TOTAL = "the period may be that of the total after it"
ENTRIES = 3  # lines that open with a date, or with a time of day
_STAMPS_WITHIN = 2_000  # characters at the head of a page that may name its day
_DAYS_APART = 3  # between the day of a page and the one that its text names

_MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_UNIT = r"(?:hours?|days?|weeks?|weekends?|months?|years?|decades?|fortnight|quarter)"
_TIME = re.compile(
    rf"\b(?:{_WEEKDAY}|\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH} \d{{1,2}}|(?:in|of|since|last|early|late|mid|and|,) {_MONTH}|[Yy]esterday|[Tt]oday|[Tt]onight|[Oo]vernight"
    rf"|(?:[Ll]ast|[Pp]ast|[Tt]his|[Pp]revious|[Ff]ollowing) (?:\w+ )?{_UNIT}|\w+ {_UNIT} (?:ago|earlier|later|before|after)|(?:19|20)\d\d)\b"
)
_GLUE = re.compile(
    r"[\s,.()]*(?:(?:of|the|in|on|at|and|to|late|early|morning|afternoon|evening|night|st|nd|rd|th|–|-|between|from|until)[\s,.()]*)*"
)
_OWNED = re.compile(
    r"['’]s (?!(?:\w+[ -]){0,2}(?:attacks?|bomb\w*|raids?|strikes?|clash\w*|blasts?|explosions?|violence|massacre|ambush|fighting|shelling|shootings?|killings?|airstrikes?|toll|assault|battle|incident|crash|siege|offensive)\b)"
)
_RELATIVE_CLAUSE = re.compile(r"\b(?:who|which|whose|that)\b[^,;]*$")
_PERFECT = re.compile(r"^ (?:have|has) ")
_BODIES = frozenset("body bodies corpse corpses remains cadavers".split())
_RAISING = re.compile(r"\b(?:bring|raise|push|tak)\w*\b")
_HEADING = re.compile(
    rf"^[ \t•*·-]*(?:(?:{_WEEKDAY},? )?(?:\d{{1,2}} {_MONTH}|{_MONTH} \d{{1,2}})(?:,? \d{{4}})?|\d{{4}}-\d\d-\d\d|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}|(?:19|20)\d\d)[ \t]*(?:[:–—-]|$)",
    re.M,
)
_CLOCK = re.compile(
    r"^[ \t•*·-]*(?:\d{1,2}[:.]\d\d|\d{4})(?: ?(?:[ap]\.?m\.?|GMT|BST|UTC|EST|EDT|CET|local))?\b(?=[ \t]*[A-Z\"“:–—-])",
    re.M,
)
_STAMP = re.compile(rf"(?:\d{{1,2}} {_MONTH},? \d{{4}}|{_MONTH} \d{{1,2}},? \d{{4}})")
_RELATIVE = re.compile(rf"\b(?:{_WEEKDAY}|yesterday|today|tonight|overnight|last|past|this|previous|ago)\b", re.I)


def doubt_days(document: Document, drafts: list[DraftFigure]) -> None:
    """Note each day that may not be that of the harm."""
    if not any(d.window.start is not None and d.window.words for d in drafts):
        return
    several_parts = _has_several_parts(document.text)
    other_day = _names_other_day(document)
    for _, group in groupby(drafts, key=lambda d: d.sentence):
        together = list(group)
        text = document.text[slice(*together[0].sentence)]
        times = _find_times(text)
        for d in together:
            if d.window.start is None or not d.window.words:
                continue
            reason = _find_doubt(text, d, together, times)
            if not reason and _RELATIVE.search(d.window.words):
                reason = OF_SEVERAL_PARTS if several_parts else OF_OTHER_DAY if other_day else ""
            if reason and reason not in d.notes:
                d.notes.append(reason)


def _find_doubt(text: str, d: DraftFigure, together: Sequence[DraftFigure], times: list[tuple[int, int]]) -> str:
    """Return the doubt about the day of one figure, or ""."""
    if d.window.kind == "cumulative":
        later = any(x.rule == "toll" and x.start > d.end for x in together)
        return BEFORE_TOTAL if d.rule != "toll" and later and _RAISING.search(text) else ""
    begin = d.sentence[0]
    at, number = text.find(d.window.words), d.start - begin
    if at < 0:
        return ""
    lead = text[:at].rstrip() + " "
    if lead.lower().endswith("born "):
        d.window = Window()  # "two children, born in 2006"
        return ""
    if re.search(r"\d or $", lead) or re.search(r"\d or \d", d.window.words):
        return SEVERAL  # "on 24 or 25 August"
    if SAYING_BEFORE.search(lead.lower()):
        return DAY_SAID
    after = text[at + len(d.window.words) :]
    if _OWNED.match(after):
        return OTHER_DAY
    if at < number:
        if _RELATIVE_CLAUSE.search(lead) and "," in text[at:number]:
            return OTHER_DAY
        clause = CLAUSE_BEFORE.search(after[: max(0, number - at - len(d.window.words))].lower())
    else:
        rest = text[number + len(d.printed) : at].lower()
        fled = d.outcome == "displaced" and _PERFECT.match(rest)  # "have fled" has no day of its own
        clause = fled or CLAUSE_AFTER.search(rest)
    if clause:
        return OTHER_DAY
    if not _BODIES.isdisjoint(d.noun.lower().split()):
        return DAY_FOUND
    if d.rule == "toll" or any(x.rule == "toll" and x.start < d.start for x in together):
        return DAY_OF_TOLL
    days = {(x.window.start, x.window.end) for x in together}
    return SEVERAL if len(times) > 1 and len(days) == 1 else ""


def _find_times(text: str) -> list[tuple[int, int]]:
    """Return the places of the times that a sentence names; those that only a comma or `and` parts are one if they are one date."""
    out: list[tuple[int, int]] = []
    for hit in _TIME.finditer(text):
        if SAYING_BEFORE.search(text[: hit.start()].lower()):
            continue
        if out and _GLUE.fullmatch(text[out[-1][1] : hit.start()]) and not _are_two_days(text, out[-1], hit):
            out[-1] = out[-1][0], hit.end()
        else:
            out.append(hit.span())
    return out


def _are_two_days(text: str, before: tuple[int, int], hit: re.Match[str]) -> bool:
    """Return whether two times next to each other are two weekdays."""
    return text[before[0] : before[1]].endswith("day") and hit.group().endswith("day")


def _has_several_parts(text: str) -> bool:
    """Return whether a page is a chronicle or a live blog: lines that open with a date or a time of day."""
    return len(_HEADING.findall(text)) >= ENTRIES or len(_CLOCK.findall(text)) >= ENTRIES


def _names_other_day(document: Document) -> bool:
    """Return whether the head of a page names a full date, and none near the day of publication."""
    if document.published is None:
        return False
    days = [_read_stamp(hit.group()) for hit in _STAMP.finditer(document.text, 0, _STAMPS_WITHIN)]
    near = [abs((day - document.published).days) <= _DAYS_APART for day in days if day is not None]
    return bool(near) and not any(near) and _has_stamp(document.text)


def _has_stamp(text: str) -> bool:
    """Return whether the head of a page has a line or a word that names its day: `Updated 3 May 2011`."""
    head = text[:_STAMPS_WITHIN]
    return bool(
        re.search(
            rf"(?:updated|published|posted|last modified|modified)\W{{1,3}}(?:\w+,? ){{0,2}}{_STAMP.pattern}",
            head,
            re.I,
        )
    ) or bool(re.search(rf"^\W*(?:{_WEEKDAY},? )?{_STAMP.pattern}\W*$", head, re.M))


def _read_stamp(text: str) -> date | None:
    words = text.replace(",", " ").replace(".", " ").split()
    month = next((MONTHS[w.lower()[:3]] for w in words if w.lower()[:3] in MONTHS), 0)
    numbers = [int(w) for w in words if w.isdigit()]
    try:
        return date(max(numbers), month, min(numbers))
    except ValueError:
        return None
