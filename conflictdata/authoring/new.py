"""Prepare the file of `conflictdata new`: a new page, or a new claim on a page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NamedTuple

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import ask_whether, find_nearest_ids
from conflictdata.authoring import append_claim, dates, scaffold, urls
from conflictdata.authoring.compose import TODO
from conflictdata.authoring.index import IndexedPage, SeedIndex
from conflictdata.authoring.scaffold import KnownFields
from conflictdata.findings import UsageError
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


class _PageName(NamedTuple):
    publisher: str
    day: str
    whole: str  # the id as the user gave it


def prepare_file(request: NewPageRequest, index: SeedIndex) -> NewFile:
    """Prepare the file for a request. Nothing is written.

    Raises:
        UsageError: If an argument is missing, unknown or contradictory, or the page exists already. The message says
            how to fix it.
    """
    if request.claimant:
        _require_actor(request.claimant, index)
    if request.language and not re.fullmatch(LANGUAGE, request.language):
        hint = suggest_language(request.language) or describe_pattern(LANGUAGE).rule
        raise UsageError(f"--language {request.language} is not an ISO 639 code. {hint}")
    if match := _PAGE_ID.match(request.target):
        return _prepare_from_id(request, _PageName(match["publisher"], _parse_day(match["day"]), request.target), index)
    if _ADDRESS.match(request.target):
        return _prepare_from_address(request, index)
    raise UsageError(
        f"{request.target!r} is neither an address (https://...) nor a page's id: <publisher>-<day>, "
        "such as telesur_english-2024-12-05"
    )


def _prepare_from_id(request: NewPageRequest, name: _PageName, index: SeedIndex) -> NewFile:
    for option, option_value, id_value in (
        ("publisher", request.publisher, name.publisher),
        ("published", _parse_day(request.published), name.day),
    ):
        if option_value and option_value != id_value:
            raise UsageError(f"--{option} {option_value} contradicts the id {name.whole}")
    if name.whole in index.pages:
        return _prepare_claim(request, index.pages[name.whole], index)
    _require_actor(name.publisher, index)
    if name.whole in index.retired:
        raise UsageError(
            f"the id {name.whole} was withdrawn (retired.csv), and ids are never reused; take the next number"
        )
    known = {"publisher": name.publisher, "published": name.day, "url": TODO}
    return _prepare_page(request, name.whole, name.day, known, index, [])


def _prepare_from_address(request: NewPageRequest, index: SeedIndex) -> NewFile:
    url, removed = urls.clean_url(request.target)
    if existing := index.by_address.get(urls.normalize_page_url(url)):
        raise UsageError(
            f"this page exists already as {existing.id} ({display_path(existing.path)}); "
            f"to add a claim to it, run: conflictdata new {existing.id}"
        )
    remarks = [f"removed from the address: {', '.join(removed)}"] if removed else []
    publisher = request.publisher or _find_publisher(url, index, remarks)
    _require_actor(publisher, index)
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
    candidates: Iterator[str] = (name if n == 1 else f"{name}-{n}" for n in count(1))
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
    counts: Mapping[str, int] = index.publishers.get(host, {})
    if len(counts) == 1:
        (publisher,) = counts
        remarks.append(f"publisher: {index.format_actor(publisher)}, who has other pages at {host}")
        return publisher
    if counts:
        several = " or ".join(index.format_actor(actor) for actor in sorted(counts))
        raise UsageError(f"pages at {host} are of several publishers; give one with --publisher: {several}")
    related = [actor for other, actors in index.publishers.items() if _is_related_host(host, other) for actor in actors]
    candidates = related or [
        actor for word in urls.list_publisher_words(url) for actor in find_nearest_ids(word, index.list_names())
    ]
    guess = ask_whether(*[index.format_actor(actor) for actor in dict.fromkeys(candidates)][:3])
    row = _explain_new_actor(
        re.sub(r"[^a-z0-9]+", "_", (urls.list_publisher_words(url) or ["publisher"])[0].lower()).strip("_"), index
    )
    where = f"no page at {host} is coded yet" if host else "the address has no host"
    raise UsageError(f"{where}; give the publisher with --publisher{f'. {guess}' if guess else ''}\n{row}")


def _is_related_host(one: str, other: str) -> bool:
    """Whether one host is under the other: `english.example.org`, `example.org`."""
    return one.endswith(f".{other}") or other.endswith(f".{one}")


def _require_actor(actor: str, index: SeedIndex) -> None:
    if actor not in index.actors:
        guess = ask_whether(*map(index.format_actor, find_nearest_ids(actor, index.list_names())))
        raise UsageError(
            f"there is no actor {actor!r}{f'. {guess}' if guess else ''}\n{_explain_new_actor(actor, index)}"
        )


def _explain_new_actor(actor: str, index: SeedIndex) -> str:
    """Explain how to add an actor."""
    id_ = actor if re.fullmatch(ID, actor) else re.sub(r"[^a-z0-9_]+", "_", actor.lower()).strip("_") or TODO
    cells = {"actor_id": id_, "name": TODO, "kind": "news_media", "country": TODO}
    row = ",".join(cells.get(column, "") for column in index.columns)
    path = f"{display_path(index.folder)}/reference/actors.csv"
    return f"If it is a new actor, add it to {path}, in order of the ids, with each TODO replaced:\n  {row}"


def _choose_conflict(conflict: str, day: str, index: SeedIndex) -> str:
    """Return the given conflict, or the only one."""
    if conflict in index.conflicts:
        return conflict
    names = {id_: [id_, row.text("name")] for id_, row in index.conflicts.items()}
    if conflict:
        nearest = find_nearest_ids(conflict, names)
        guess = ask_whether(*(f"{id_} ({names[id_][1]})" for id_ in nearest)) or f"There are: {', '.join(names)}."
        raise UsageError(f"there is no conflict {conflict!r}. {guess}")
    if len(names) == 1:
        return next(iter(names))
    ongoing = [
        id_ for id_, row in index.conflicts.items() if _is_covered(row.text("date_start"), row.text("date_end"), day)
    ]
    lines = [f"  --conflict {id_}  {names[id_][1]}" for id_ in [*ongoing, *(i for i in names if i not in ongoing)]]
    raise UsageError("\n".join([f"give the conflict of the page (those of {day} first):", *lines]))


def _is_covered(start: str, end: str, day: str) -> bool:
    return start <= day <= (end or day)
