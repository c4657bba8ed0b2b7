"""Datelines: where and when a report was written, not where and when people were harmed."""

from __future__ import annotations

import re

LONGEST = 90  # characters of a dateline
_CITY = r"[A-Z][A-Z.'’]{2,}(?:[ /-][A-Z.'’]{2,}){0,3}"
_REGION = r"(?:,? [A-Z][A-Za-z.]{2,14}(?: [A-Z][a-z]+)?)?"
_DATE = r"(?:,? (?:[A-Z][a-z]{2,8}\.? \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})(?:,? \d{4})?)?"
_AGENCY = r"(?: ?\([^()\n]{2,30}\))?"
_DASH = r" ?(?:--|[-–—]) ?"
_DATELINE = re.compile(
    rf"\s{{0,8}}(?:{_CITY}{_REGION}{_DATE}{_AGENCY}(?:{_DASH}|: (?!\d))"
    rf"|\([A-Z][A-Za-z.'’/ -]{{2,30}}(?:, [^()\n]{{2,30}})?\){_DASH}"
    rf"|[A-Z][A-Za-z.'’]{{2,20}}{_REGION}; \d{{1,2}} [A-Z][a-z]{{2,8}} \d{{4}}{_AGENCY}{_DASH}"
    rf"|[A-Z][A-Za-z.'’]{{2,20}}(?: [A-Z][a-z]{{2,14}})?{_REGION}{_DATE} \((?:AP|AFP|Reuters|UPI|ANI|PTI|IANS|Xinhua|AA|TASS|[A-Z]{{2,6}}|[A-Z][a-z]{{3,12}})\)(?:{_DASH}| )"
    rf"|[A-Z][A-Za-z.'’]{{2,20}}(?: [A-Z][a-z]{{2,14}})?{_REGION},? (?:[A-Z][a-z]{{2,8}}\.? \d{{1,2}}|\d{{1,2}} [A-Z][a-z]{{2,8}})(?:,? \d{{4}})?{_AGENCY} ?: )"
)
_STAMP = re.compile(r"\s{0,8}date \d{4}-\d\d-\d\d(?: News)?\s")  # before the text of a stored page
_INNER = re.compile(
    rf"(?:\((?:[A-Z][\w.]+/)?(?:CNN|AP|AFP|Reuters|REUTERS|UPI|ANI|PTI|IANS|Xinhua|DPA|dpa|TASS|BBC)\){_DASH})|\b(?:By the|From) [A-Z][^.]{{3,60}}(?:Staff|CNN) "
)
_RUN_ON = re.compile(
    r"[a-z\d] (?:The|A|An|Some|At|In|On|More|One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|It|They|He|She|There|Thousands|Dozens|Hundreds|Many|Unconfirmed) [a-z]"
)


def is_run_on(text: str, begin: int, stop: int) -> bool:
    """Return whether a sentence holds several without full stops, as lists and headlines of scraped pages do."""
    return _RUN_ON.search(text, begin, stop) is not None


def find_inner_dateline(text: str, begin: int, stop: int) -> int:
    """Return the offset after a dateline inside a sentence, behind headlines without full stops; `begin` if there is none."""
    ends = [hit.end() for hit in _INNER.finditer(text, begin, stop)]
    return ends[-1] if ends else begin


def find_dateline_end(text: str, begin: int, stop: int) -> int:
    """Return the offset after the dateline that opens a sentence; `begin` if there is none.

    `BEIRUT, March 7 (Agency) - `, `(Nairobi) - `, `KHARTOUM, Sudan: `.
    """
    if begin > 0 and text[begin - 1] != "\n" and text[begin] != "\n":
        return begin
    if begin == 0 and (stamp := _STAMP.match(text)) is not None:
        begin = stamp.end()
    hit = _DATELINE.match(text, begin, min(stop, begin + LONGEST))
    return hit.end() if hit else begin
