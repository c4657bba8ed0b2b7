"""What `conflictdata new` makes: a page that is not coded yet, or one more claim of a page that is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from conflictdata._utils.paths import shown
from conflictdata._utils.suggest import find_nearest_ids, question
from conflictdata.authoring import append_claim, dates, scaffold, urls
from conflictdata.authoring.index import Holdings, Page
from conflictdata.authoring.scaffold import TODO, Known
from conflictdata.findings import UsageError
from conflictdata.schema.fields import DAY, ID, LANGUAGE
from conflictdata.schema.languages import suggest_language
from conflictdata.schema.pattern_hints import form_of_pattern

_PAGE_ID = re.compile(rf"(?P<publisher>{ID})-(?P<day>{DAY})(?:-(?P<number>[0-9]+))?\Z")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[^\s/]+\.[^\s/]+(?:/|\Z)")


@dataclass(frozen=True)
class Asked:
    """What a person asks for: an address or a page's id, and what is said beside it (empty where nothing is)."""

    target: str
    conflict: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""
    claimant: str = ""


@dataclass(frozen=True)
class Entry:
    """What is to be written.

    Attributes:
        path: the file.
        text: its whole text.
        exists: whether the file is there already and gets one more claim.
        remarks: what was found out on the way, in sentences for a person.
    """

    path: Path
    text: str
    exists: bool = False
    remarks: list[str] = field(default_factory=list)


class _Name(NamedTuple):
    publisher: str
    day: str
    whole: str  # the id where it was given as such


def entry(asked: Asked, held: Holdings) -> Entry:
    """What is to be written for this request. Nothing is written yet.

    Raises:
        UsageError: something is missing, unknown or contradictory, or the page is coded already. The message says the way out.
    """
    if asked.claimant:
        _known_actor(asked.claimant, held)
    if asked.language and not re.fullmatch(LANGUAGE, asked.language):
        hint = suggest_language(asked.language) or form_of_pattern(LANGUAGE).rule
        raise UsageError(f"--language {asked.language} is not an ISO 639 code. {hint}")
    if hit := _PAGE_ID.match(asked.target):
        return _of_id(asked, _Name(hit["publisher"], _day(hit["day"]), asked.target), held)
    if _ADDRESS.match(asked.target):
        return _of_address(asked, held)
    raise UsageError(
        f"{asked.target!r} is neither an address (https://...) nor a page's id: <publisher>-<day>, "
        "such as telesur_english-2024-12-05"
    )


def _of_id(asked: Asked, name: _Name, held: Holdings) -> Entry:
    for option, given, said in (
        ("publisher", asked.publisher, name.publisher),
        ("published", _day(asked.published), name.day),
    ):
        if given and given != said:
            raise UsageError(f"--{option} {given} contradicts the id {name.whole}")
    if name.whole in held.pages:
        return _one_more_claim(asked, held.pages[name.whole], held)
    _known_actor(name.publisher, held)
    if name.whole in held.retired:
        raise UsageError(
            f"the id {name.whole} was withdrawn (retired.csv), and an id is not used again; take the next number"
        )
    known = {"publisher": name.publisher, "published": name.day, "url": TODO}
    return _new_page(asked, name.whole, name.day, known, held, [])


def _of_address(asked: Asked, held: Holdings) -> Entry:
    url, removed = urls.cleaned(asked.target)
    if coded := held.by_address.get(urls.same_page(url)):
        raise UsageError(
            f"this page is coded already as {coded.id} ({shown(coded.path)}); "
            f"for one more claim of it: conflictdata new {coded.id}"
        )
    remarks = [f"removed from the address: {', '.join(removed)}"] if removed else []
    publisher = asked.publisher or _publisher_of(url, held, remarks)
    _known_actor(publisher, held)
    said, seen = _day(asked.published), urls.day_in(url)
    if not said and not seen:
        raise UsageError("the day of publication is not known: say it with --published, such as --published 2024-12-05")
    name = _free(f"{publisher}-{said or seen}", held)
    known = {"publisher": publisher, "url": url, "published": said or TODO}
    if not said:
        remarks.append(f"the address names the day {seen}; the file is named after it, and the page decides")
    return _new_page(asked, name, said or seen, known, held, remarks)


def _new_page(asked: Asked, name: str, day: str, known: dict[str, str], held: Holdings, remarks: list[str]) -> Entry:
    conflict = _conflict(asked.conflict, day, held)
    path = held.folder / "sources" / conflict / f"{name}.yaml"
    publisher = known["publisher"]
    notes = {"publisher": f"{held.actors[publisher].text('name')}."}
    if known["published"] == TODO:
        notes["published"] = f"The address has {day}: if the page has another, rename this file, too."
    if asked.language:
        known["language"] = asked.language
    elif languages := held.languages(publisher):
        notes["language"] = f"Its other pages: {', '.join(languages)}."
    notes |= _often(asked, publisher, held)
    return Entry(path, scaffold.page(Known(known, asked.claimant, notes), shown(path)), remarks=remarks)


def _one_more_claim(asked: Asked, page: Page, held: Holdings) -> Entry:
    if asked.conflict and asked.conflict != page.conflict:
        raise UsageError(
            f"{page.id} lies in the conflict {page.conflict} ({shown(page.path)}), not in {asked.conflict}"
        )
    known = Known(claimant=asked.claimant, remarks=_often(asked, page.publisher, held))
    number, text = append_claim.with_claim(page.path, page.id, held.retired, lambda n: scaffold.claim(known, n))
    return Entry(page.path, text, True, [f"the page is coded already; this is its claim {number}"])


def _often(asked: Asked, publisher: str, held: Holdings) -> dict[str, str]:
    often = [] if asked.claimant else held.claimants(publisher)[:4]
    return {"claimant": f"On its other pages: {', '.join(often)}."} if often else {}


def _free(name: str, held: Holdings) -> str:
    """The id itself, or with the first number that no page has or had."""
    candidates: Iterator[str] = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(id_ for id_ in candidates if id_ not in held.pages and id_ not in held.retired)


def _day(text: str) -> str:
    """A day as YYYY-MM-DD; empty for empty."""
    read = dates.readings(text.strip())
    if not text or len(read) == 1:
        return read[0].isoformat() if text else ""
    if read:
        raise UsageError(f"{text} may be {' or '.join(day.isoformat() for day in read)}; write the day as YYYY-MM-DD")
    raise UsageError(f"{text!r} is not a day of the calendar; write it as YYYY-MM-DD, such as 2024-12-05")


def _publisher_of(url: str, held: Holdings, remarks: list[str]) -> str:
    """The publisher whose pages lie at the host of an address."""
    name = urls.host(url)
    found: Mapping[str, int] = held.publishers.get(name, {})
    if len(found) == 1:
        (publisher,) = found
        remarks.append(f"publisher: {held.named(publisher)}, who has other pages at {name}")
        return publisher
    if found:
        several = " or ".join(held.named(actor) for actor in sorted(found))
        raise UsageError(f"pages at {name} are of several publishers: say which with --publisher, {several}")
    kin = [actor for other, actors in held.publishers.items() if _akin(name, other) for actor in actors]
    near = kin or [actor for word in urls.names(url) for actor in find_nearest_ids(word, held.names())]
    guess = question([held.named(actor) for actor in dict.fromkeys(near)][:3])
    row = _row(re.sub(r"[^a-z0-9]+", "_", (urls.names(url) or ["publisher"])[0].lower()).strip("_"), held)
    where = f"no page at {name} is coded yet" if name else "the address has no host"
    raise UsageError(f"{where}, so say who published this one with --publisher{f'; {guess}' if guess else ''}\n{row}")


def _akin(one: str, other: str) -> bool:
    """True for two hosts of which one lies under the other: `english.example.org` and `example.org`."""
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _known_actor(actor: str, held: Holdings) -> None:
    if actor not in held.actors:
        guess = question([held.named(found) for found in find_nearest_ids(actor, held.names())])
        raise UsageError(f"there is no actor {actor!r}{f'; {guess}' if guess else ''}\n{_row(actor, held)}")


def _row(actor: str, held: Holdings) -> str:
    """How an actor is added."""
    id_ = actor if re.fullmatch(ID, actor) else re.sub(r"[^a-z0-9_]+", "_", actor.lower()).strip("_") or TODO
    cells = {"actor_id": id_, "name": TODO, "kind": "news_media", "country": TODO}
    row = ",".join(cells.get(column, "") for column in held.columns)
    path = f"{shown(held.folder)}/reference/actors.csv"
    return f"If it is a new actor, add it to {path}, in order of the ids, with each TODO replaced:\n  {row}"


def _conflict(conflict: str, day: str, held: Holdings) -> str:
    """The conflict that was given, or the only one there is."""
    if conflict in held.conflicts:
        return conflict
    called = {id_: [id_, row.text("name")] for id_, row in held.conflicts.items()}
    if conflict:
        near = find_nearest_ids(conflict, called)
        guess = question([f"{id_} ({called[id_][1]})" for id_ in near]) or f"There are: {', '.join(called)}."
        raise UsageError(f"there is no conflict {conflict!r}; {guess}")
    if len(called) == 1:
        return next(iter(called))
    going_on = [
        id_ for id_, row in held.conflicts.items() if _covers(row.text("date_start"), row.text("date_end"), day)
    ]
    lines = [f"  --conflict {id_}  {called[id_][1]}" for id_ in [*going_on, *(i for i in called if i not in going_on)]]
    raise UsageError("\n".join([f"say which conflict the page is about (those of {day} first):", *lines]))


def _covers(start: str, end: str, day: str) -> bool:
    return start <= day <= (end or day)
