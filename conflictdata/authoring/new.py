"""Prepare the file of `conflictdata new`: a new page, or a new claim on a page."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import ask_whether
from conflictdata.authoring import append_claim, dates, scaffold, urls
from conflictdata.authoring.compose import TODO
from conflictdata.authoring.index import IndexedPage, SeedIndex
from conflictdata.authoring.scaffold import KnownFields
from conflictdata.findings import UsageError
from conflictdata.readers.records import Record
from conflictdata.schema.fields import DAY, ID, LANGUAGE
from conflictdata.schema.languages import suggest_language
from conflictdata.schema.pattern_hints import describe_pattern

_PAGE_ID = re.compile(rf"(?P<publisher>{ID})-(?P<day>{DAY})(?:-(?P<number>[0-9]+))?\Z")
_ADDRESS = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|[^\s/]+\.[^\s/]+(?:/|\Z)")


@dataclass(frozen=True)
class NewPageRequest:
    """The arguments of `conflictdata new`. Options that were not given are empty.

    Attributes:
        target: Address or id of the page.
        conflict: Id of the conflict.
        publisher: Id of the publisher.
        published: Day of publication.
        language: Language of the page.
        claimant: Id of the claimant.
    """

    target: str
    conflict: str = ""
    publisher: str = ""
    published: str = ""
    language: str = ""
    claimant: str = ""


@dataclass(frozen=True)
class NewFile:
    """A file to write.

    Attributes:
        path: Its path.
        text: Its whole text.
        exists: Whether the file exists already and gets another claim.
        remarks: What was changed or assumed, in sentences for the user.
    """

    path: Path
    text: str
    exists: bool = False
    remarks: list[str] = field(default_factory=list)


def prepare_file(request: NewPageRequest, index: SeedIndex) -> NewFile:
    """Prepare the file for a request. Nothing is written.

    Raises:
        UsageError: If an argument is missing, unknown or contradictory, or the page exists already. The message says
            how to fix it.
    """
    request = replace(
        request,
        claimant=request.claimant and _resolve_actor(request.claimant, index),
        publisher=request.publisher and _resolve_actor(request.publisher, index),
    )
    if request.language and not re.fullmatch(LANGUAGE, request.language):
        hint = suggest_language(request.language) or describe_pattern(LANGUAGE).rule
        raise UsageError(f"--language {request.language} is not an ISO 639 code. {hint}")
    if match := _PAGE_ID.match(request.target):
        return _prepare_from_id(request, match["publisher"], _parse_day(match["day"]), index)
    if _ADDRESS.match(request.target):
        return _prepare_from_address(request, index)
    raise UsageError(
        f"{request.target!r} is neither an address (https://...) nor a page's id: <publisher>-<day>, "
        "such as telesur_english-2024-12-05"
    )


def _prepare_from_id(request: NewPageRequest, publisher: str, day: str, index: SeedIndex) -> NewFile:
    page_id, published = request.target, _parse_day(request.published)
    if request.publisher not in ("", publisher):
        raise UsageError(f"--publisher {request.publisher} contradicts the id {page_id}")
    if published not in ("", day):
        raise UsageError(f"--published {published} contradicts the id {page_id}")
    if page_id in index.pages:
        return _prepare_claim(request, index.pages[page_id], index)
    if publisher not in index.actors:
        guess, *how = _explain_unknown_actor([publisher], index)
        raise UsageError(f"there is no actor {publisher!r}{guess}", *how)
    if page_id in index.retired:
        raise UsageError(
            f"the id {page_id} was withdrawn (retired.csv), and ids are never reused; take the next number"
        )
    known = {"publisher": publisher, "published": day, "url": TODO}
    return _prepare_page(request, page_id, day, known, index, [])


def _prepare_from_address(request: NewPageRequest, index: SeedIndex) -> NewFile:
    url, removed = urls.clean_url(request.target)
    if existing := index.by_address.get(urls.normalize_page_url(url)):
        raise UsageError(
            f"this page exists already as {existing.id} ({display_path(existing.path)}); "
            f"to add a claim to it, run: conflictdata new {existing.id}"
        )
    remarks = [f"removed from the address: {', '.join(removed)}"] if removed else []
    publisher = request.publisher or _find_publisher(url, index, remarks)
    published, url_day = _parse_day(request.published), urls.find_day(url)
    if not published and not url_day:
        raise UsageError("the day of publication is unknown; give it with --published, such as --published 2024-12-05")
    name = _find_free_id(f"{publisher}-{published or url_day}", index)
    known = {"publisher": publisher, "url": url, "published": published or TODO}
    if not published:
        remarks.append(f"the address has the day {url_day}; the file is named after it. Compare it with the page.")
    return _prepare_page(request, name, published or url_day, known, index, remarks)


def _prepare_page(
    request: NewPageRequest, name: str, day: str, known: dict[str, str], index: SeedIndex, remarks: list[str]
) -> NewFile:
    conflict = _choose_conflict(request.conflict, day, index)
    path = index.folder / "sources" / conflict / f"{name}.yaml"
    publisher = known["publisher"]
    notes = {"publisher": f"{index.actors[publisher].text('name')}."}
    if known["published"] == TODO:
        notes["published"] = f"The address has {day}: if the page has another, rename this file, too."
    if request.language:
        known["language"] = request.language
    elif languages := index.rank_languages(publisher):
        notes["language"] = f"Its other pages: {', '.join(languages)}."
    notes |= _suggest_claimants(request, publisher, index)
    return NewFile(
        path, scaffold.render_page(KnownFields(known, request.claimant, notes), display_path(path)), remarks=remarks
    )


def _prepare_claim(request: NewPageRequest, page: IndexedPage, index: SeedIndex) -> NewFile:
    if request.conflict and request.conflict != page.conflict:
        raise UsageError(
            f"{page.id} belongs to the conflict {page.conflict} ({display_path(page.path)}), not to {request.conflict}"
        )
    known = KnownFields(claimant=request.claimant, remarks=_suggest_claimants(request, page.publisher, index))
    number, text = append_claim.add_claim(page.path, page.id, index.retired, lambda n: scaffold.render_claim(known, n))
    return NewFile(page.path, text, True, [f"the page exists already; this is its claim {number}"])


def _suggest_claimants(request: NewPageRequest, publisher: str, index: SeedIndex) -> dict[str, str]:
    frequent = [] if request.claimant else index.rank_claimants(publisher)[:4]
    return {"claimant": f"On its other pages: {', '.join(frequent)}."} if frequent else {}


def _find_free_id(name: str, index: SeedIndex) -> str:
    """Return an id without a number, or with the lowest number never used."""
    candidates = (name if n == 1 else f"{name}-{n}" for n in count(1))
    return next(id_ for id_ in candidates if id_ not in index.pages and id_ not in index.retired)


def _parse_day(text: str) -> str:
    """Convert a day to YYYY-MM-DD. "" stays ""."""
    days = dates.list_possible_days(text.strip())
    if not text or len(days) == 1:
        return days[0].isoformat() if text else ""
    if days:
        raise UsageError(f"{text} may be {' or '.join(day.isoformat() for day in days)}; write the day as YYYY-MM-DD")
    raise UsageError(f"{text!r} is not a day of the calendar; write it as YYYY-MM-DD, such as 2024-12-05")


def _find_publisher(url: str, index: SeedIndex, remarks: list[str]) -> str:
    """Return the publisher whose pages are at the same host."""
    host = urls.get_host(url)
    counts = index.publishers.get(host) or Counter()
    if len(counts) == 1:
        (publisher,) = counts
        remarks.append(f"publisher: {index.format_actor(publisher)}, who has other pages at {host}")
        return publisher
    if counts:
        several = " or ".join(index.format_actor(actor) for actor in sorted(counts))
        raise UsageError(f"pages at {host} are of several publishers; give one with --publisher: {several}")
    where = f"no page at {host} is coded yet" if host else "the address has no host"
    words = urls.list_publisher_words(url) or ["publisher"]
    guess, *how = _explain_unknown_actor([*words, host], index)
    raise UsageError(f"{where}; give the publisher with --publisher{guess}", *how)


def _resolve_actor(text: str, index: SeedIndex) -> str:
    """Return the id of the actor that has this id, name, alias or host."""
    if id_ := index.find_id(text, "actors"):
        return id_
    guess, *how = _explain_unknown_actor([text], index)
    raise UsageError(f"there is no actor {text!r}{guess}", *how)


def _explain_unknown_actor(words: list[str], index: SeedIndex) -> list[str]:
    """Suggest the actors nearest to the last of the words that is near any, and explain how to add an actor.

    Returns:
        The end of the first line of a message, and its other lines.
    """
    nearest: list[str] = next((near for word in reversed(words) if (near := index.find_nearest(word, "actors"))), [])
    guess = ask_whether(*map(index.format_actor, nearest))
    id_ = words[0] if re.fullmatch(ID, words[0]) else re.sub(r"[^a-z0-9_]+", "_", words[0].lower()).strip("_") or TODO
    cells = {"actor_id": id_, "name": TODO, "kind": "news_media", "country": TODO}
    row = ",".join(cells.get(column, "") for column in index.columns)
    path = f"{display_path(index.folder)}/reference/actors.csv"
    how = f"If it is a new actor, add it to {path}, in order of the ids, with each TODO replaced:"
    return [f". {guess}" if guess else "", how, f"  {row}"]


def _choose_conflict(conflict: str, day: str, index: SeedIndex) -> str:
    """Return the given conflict, or the only one."""
    if id_ := index.find_id(conflict, "conflicts"):
        return id_
    names = {id_: record.text("name") for id_, record in index.conflicts.items()}
    if conflict:
        known = ", ".join(names)
        guess = ask_whether(*(f"{id_} ({names[id_]})" for id_ in index.find_nearest(conflict, "conflicts")))
        raise UsageError(f"there is no conflict {conflict!r}. {guess or f'There are: {known}.'}")
    if len(names) == 1:
        return next(iter(names))
    ongoing = [id_ for id_, row in index.conflicts.items() if _is_ongoing(row, day)]
    lines = [f"  --conflict {id_}  {names[id_]}" for id_ in dict.fromkeys([*ongoing, *names])]
    raise UsageError(f"give the conflict of the page (those of {day} first):", *lines)


def _is_ongoing(conflict: Record, day: str) -> bool:
    return conflict.text("date_start") <= day <= (conflict.text("date_end") or day)
