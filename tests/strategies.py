"""Hypothesis strategies for whole sets of tables, valid or damaged.

A set consists of independent worlds. Every key and address of a world has its token (`w0`, `w1`, ...), so that one check
covers many worlds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import polars as pl
from casefiles import derive_columns
from depth import count_examples
from hypothesis import HealthCheck, Phase, assume, settings
from hypothesis import strategies as st
from people import PEOPLE, Claim, Draw, People, draw_figures

from conflictdata.rules import load_rules
from conflictdata.schema.columns import list_column_kinds, list_key_columns, load_constraints, make_polars_schema
from conflictdata.schema.tables import MODELS

Tables = dict[str, pl.DataFrame]
Rows = dict[str, list[dict[str, Any]]]

RELEASED = dt.date(2024, 7, 1)
TOKEN = "w0"
_DAY = dt.timedelta(days=1)
_MAY, _JUNE = dt.date(2024, 5, 1), dt.date(2024, 6, 1)  # months of the events and of the pages
_SPANS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}

_ACTORS = {
    "agency": {"kind": "news_agency"}, "paper": {"kind": "news_media"}, "observatory": {"kind": "monitor", "country": "GBR"},
    "branch": {"kind": "monitor", "country": "TUR", "parent_id": "w0_observatory"}, "state": {"kind": "state", "country": "SYR"},
    "army": {"kind": "armed_forces", "country": "SYR", "parent_id": "w0_state"}, "rebels": {"kind": "armed_group"},
    "faction": {"kind": "militia", "parent_id": "w0_rebels"}, "wire": {"kind": "news_agency"},
}  # fmt: skip
_LOCATIONS = {
    "country": {"kind": "country", "precision": "6"},
    "province": {"kind": "admin1", "parent_id": "w0_country", "precision": "4"},
    "town": {"kind": "settlement", "parent_id": "w0_province", "precision": "2"},
    "site": {"kind": "site", "parent_id": "w0_town", "precision": "1"},
    "village": {"kind": "settlement", "parent_id": "w0_province", "precision": "1"},
    "area": {"kind": "area", "parent_id": "w0_country", "precision": "5"},
}
_SYRIA = {"latitude": (32.5, 37.0), "longitude": (35.8, 42.0)}


def list_claim_events(claims: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rows of `claim_events` for claims that are written with an `event_id`."""
    return [{"claim_id": c["claim_id"], "event_id": c["event_id"]} for c in claims if c.get("event_id")]


def make_frames(rows: Rows) -> Tables:
    """Return rows by table as typed frames.

    Missing cells are empty; the derived columns of figures are filled. The `event_id` of a claim becomes a row of `claim_events`.
    """
    rows = {**rows, "claim_events": [*rows.get("claim_events", []), *list_claim_events(rows.get("claims", []))]}
    tables = {}
    for table in MODELS:
        schema = make_polars_schema(table)
        data = {name: [row.get(name) for row in rows.get(table, [])] for name in schema}
        tables[table] = pl.DataFrame(data, schema=schema)
    return derive_columns(tables)


def join_worlds(sets: Sequence[Tables]) -> Tables:
    """Join several sets.

    The token of the first stays `w0`, the second becomes `w1`, and so on.
    """
    return {table: pl.concat([rename_tokens(one[table], n) for n, one in enumerate(sets)]) for table in MODELS}


def rename_tokens(frame: pl.DataFrame, number: int) -> pl.DataFrame:
    """Replace the token in all texts of a frame.

    A hash starts with the number of its world, and its points lie 10 metres north of those of the world before.
    """
    texts = pl.col(pl.String).str.replace_all(TOKEN, f"w{number}", literal=True)
    hashes = [pl.col("sha256").str.replace("^0000", f"{number:04x}")] if "sha256" in frame.columns else []
    north = pl.col("latitude")
    points = (
        [pl.when(north != 0).then((north + number / 10_000).round(6)).otherwise(north)]
        if "latitude" in frame.columns
        else []
    )
    return frame.with_columns(texts).with_columns(hashes).with_columns(points)


def _draw_some(draw: Draw, values: Iterable[Any], least: int = 0, most: int | None = None) -> list[Any]:
    pool = list(values)
    return draw(st.lists(st.sampled_from(pool), unique=True, min_size=least, max_size=most)) if pool else []


def _draw_one(draw: Draw, *values: Any) -> Any:
    return draw(st.sampled_from(values))


def _draw_day(draw: Draw, start: dt.date, first: int, last: int) -> dt.date:
    return start + draw(st.integers(first, last)) * _DAY


def _add_registers(draw: Draw, rows: Rows) -> None:
    founded, ended = _draw_one(draw, None, dt.date(2011, 4, 1)), _draw_one(draw, None, dt.date(2025, 1, 29))
    for name, cells in _ACTORS.items():
        row = {
            "actor_id": f"w0_{name}",
            "name": f"{name.capitalize()} of w0",
            "active_from": founded,
            "active_to": ended,
        }
        rows["actors"].append(row | cells)
    for name, cells in _LOCATIONS.items():
        row = {"location_id": f"w0_{name}", "name": name.capitalize(), "country": "SYR"}
        if draw(st.booleans()):
            row |= {axis: draw(st.floats(low, high).map(lambda x: round(x, 3))) for axis, (low, high) in _SYRIA.items()}
        rows["locations"].append(row | cells)
    countries, end = _draw_one(draw, None, "SYR", "SYR LBN"), _draw_one(draw, None, dt.date(2024, 12, 8))
    war = {"conflict_id": "w0_war", "name": "A war", "date_start": dt.date(2024, 1, 1), "date_end": end}
    rows["conflicts"].append(war | {"countries": countries})
    for kind, of in (("actor", _ACTORS), ("location", _LOCATIONS)):
        for name in _draw_some(draw, of, most=2):
            alias = {
                "entity_kind": kind,
                "entity_id": f"w0_{name}",
                "alias": f"The {name} of w0",
                "language": _draw_one(draw, None, "en"),
            }
            rows["aliases"].append(alias)


def _add_sources(draw: Draw, rows: Rows) -> None:
    """Add two to four pages, in order of their days."""
    days = sorted(draw(st.lists(st.integers(2, 28), min_size=2, max_size=4)))
    for n, day in enumerate(days):
        publisher = _draw_one(draw, "w0_paper", "w0_agency")
        on = _JUNE + (day - 1) * _DAY
        same = sum(s["publisher_id"] == publisher and s["published_on"] == on for s in rows["sources"])
        post = _draw_one(draw, False, False, True)
        page = {
            "source_id": f"{publisher}-{on}" + (f"-{same + 1}" if same else ""), "publisher_id": publisher,
            "kind": "post" if post else _draw_one(draw, "article", "report", "copy"), "published_on": on, "published_basis": "page",
            "url": f"https://{'x.com' if post else 'www.example.org'}/w0/{n}?id={n}", "language": "en", "access": "full_text",
            "archive_url": f"https://archive.example.org/w0/{n}" if post else None,
            "copied_from": _draw_one(draw, None, "w0_wire"), "accessed_on": _draw_one(draw, None, RELEASED, on),
        }  # fmt: skip
        rows["sources"].append(page)


def _add_events(draw: Draw, rows: Rows) -> None:
    """Add up to three events of May, each with its own end, and their actors."""
    for n, day in enumerate(_draw_some(draw, range(31), most=3)):
        precision = _draw_one(draw, *_SPANS)
        shortest, longest = _SPANS[precision]
        end = _MAY + day * _DAY
        start = end - (draw(st.integers(shortest, longest)) - 1) * _DAY
        event = {
            "event_id": f"{start}-w0-event-{n}", "conflict_id": "w0_war", "date_start": start, "date_end": end,
            "event_type": _draw_one(draw, "battle", "airstrike"), "date_precision": precision, "summary": "What happened.",
            "location_id": f"w0_{_draw_one(draw, *_LOCATIONS)}", "status": "active" if n == 0 else _draw_one(draw, "active", "merged", "withdrawn"),
        }  # fmt: skip
        if event["status"] == "merged":
            event["merged_into"] = rows["events"][0]["event_id"]
        rows["events"].append(event)
        # Two events at one place without actors are possible duplicates, so each world has its own actors.
        # A group and its wider group are on one side.
        roles = {family: _draw_one(draw, "initiator", "target", "party") for family in ("state", "rebels")}
        for side in _draw_some(draw, ("army", "rebels", "faction", "state"), 1, 3):
            role = roles["state" if side in ("army", "state") else "rebels"]
            rows["event_actors"].append({"event_id": event["event_id"], "actor_id": f"w0_{side}", "role": role})


def _draw_window(
    draw: Draw, scope: str, index: int, event: dict[str, Any] | None
) -> tuple[dt.date | None, dt.date | None]:
    """Draw the first and last day.

    No two threads of a world start on the same day, so that none repeats another.
    """
    start = _MAY + index * _DAY
    if scope == "event":
        return (event["date_start"], event["date_end"]) if event and draw(st.booleans()) else (None, None)
    if scope == "projection":
        return RELEASED + (index + 1) * _DAY, RELEASED + 30 * _DAY
    return start, start if scope == "stock" else _draw_day(draw, start, 0, 20)


def _add_claim(rows: Rows, page: dict[str, Any], thread: dict[str, Any], lag: int) -> dict[str, Any]:
    """Add the claim of a thread on a page.

    In a running toll the window ends on the as-of day.
    """
    number = 1 + sum(c["source_id"] == page["source_id"] for c in rows["claims"])
    as_of = page["published_on"] - lag * _DAY
    claim = {**thread, "claim_id": f"{page['source_id']}.{number}", "source_id": page["source_id"], "as_of": as_of}
    if claim["scope"] == "cumulative":
        claim["period_end"] = as_of
    return claim


def _grow(draw: Draw, people: tuple[People, ...]) -> tuple[People, ...]:
    """Draw the people of the next point of a running toll.

    No group becomes smaller, and none more than doubles.
    """
    return tuple(replace(p, count=p.count + draw(st.integers(0, p.count))) for p in people)


def _add_figures(draw: Draw, rows: Rows, claim: dict[str, Any], people: tuple[People, ...], parties: list[str]) -> None:
    rows["claims"].append(claim)
    rows["claim_perpetrators"] += [{"claim_id": claim["claim_id"], "actor_id": actor} for actor in parties]
    window = (claim["period_start"], claim["period_end"]) if claim.get("period_start") else None
    sole = parties[0] if len(parties) == 1 else None
    rows["figures"] += draw_figures(draw, Claim(claim["claim_id"], claim["location_id"], sole, window), people)


def _add_thread(draw: Draw, rows: Rows, index: int) -> None:
    """Add claims of one claimant about the same people.

    A running toll has several claims, and the last one may be corrected.
    """
    scopes = ["period", "cumulative", "cumulative", "stock", "projection"]
    free = [e for e in rows["events"] if e["event_id"] not in {c.get("event_id") for c in rows["claims"]}]
    scope = _draw_one(draw, *scopes, *(["event"] if free else []))
    event = free[0] if scope == "event" else None
    parties = _draw_some(draw, ("w0_army", "w0_rebels", "w0_state"), most=2)
    start, end = _draw_window(draw, scope, index, event)
    certainty = _draw_one(draw, "stated", "alleged") if parties else _draw_one(draw, None, "undetermined")
    thread = {
        "claimant_id": f"w0_{_draw_one(draw, 'observatory', 'branch', 'army')}", "relayed_via": _draw_one(draw, None, "w0_wire"),
        "conflict_id": "w0_war", "event_id": event["event_id"] if event else None,
        "location_id": event["location_id"] if event else f"w0_{_draw_one(draw, *_LOCATIONS)}",
        "scope": scope, "basis": _draw_one(draw, "occurred", "recorded"), "period_start": start, "period_end": end,
        "period_precision": "day", "as_of_precision": _draw_one(draw, "day", "day", "month"), "perpetrator_certainty": certainty,
        "status": "active",
    }  # fmt: skip
    people = tuple(draw(st.lists(PEOPLE, min_size=2, max_size=5)))
    # A page of one day may print the toll of the day after (time zones).
    lag, pages = _draw_one(draw, -1, 0, 1), rows["sources"]
    carried = [page for page in pages if _draw_one(draw, True, True, False)] or pages[:1]
    for page in carried if scope == "cumulative" else carried[:1]:
        _add_figures(draw, rows, _add_claim(rows, page, thread, lag), people, parties)
        people = _grow(draw, people)
    later = pages[pages.index(carried[-1] if scope == "cumulative" else carried[0]) + 1 :]
    if later and draw(st.booleans()):
        _correct(draw, rows, later[0], thread, lag, people, parties)


def _correct(
    draw: Draw,
    rows: Rows,
    page: dict[str, Any],
    thread: dict[str, Any],
    lag: int,
    people: tuple[People, ...],
    parties: list[str],
) -> None:
    """Correct the thread's last claim on a later page.

    The corrected claim may also be retracted.
    """
    old = rows["claims"][-1]
    if _draw_one(draw, False, True):
        old |= {"status": "retracted", "revision_reason": "Taken back."}
    claim = _add_claim(rows, page, thread, lag) | {"supersedes": old["claim_id"], "revision_reason": "Recounted."}
    _add_figures(draw, rows, claim, people, parties)


def _bind(draw: Draw, rows: Rows) -> None:
    """Add records between records: sources of events, links of claims, references.

    Removes pages that are not used.
    """
    claimed = {c["event_id"] for c in rows["claims"]}
    for event in rows["events"]:
        if event["event_id"] not in claimed or draw(st.booleans()):
            result = {
                "event_id": event["event_id"],
                "source_id": _draw_one(draw, *(s["source_id"] for s in rows["sources"])),
            }
            rows["event_sources"].append(
                result | {"claimant_id": "w0_observatory", "stance": _draw_one(draw, "asserts", "denies")}
            )
    ids = [c["claim_id"] for c in rows["claims"]]
    if len(ids) > 1 and draw(st.booleans()):
        one, other = _draw_some(draw, ids, 2, 2)
        rows["claim_links"].append(
            {"claim_id": one, "other_id": other, "kind": _draw_one(draw, "conflicts_with", "part_of")}
        )
    for entity in _draw_some(draw, [*ids, "w0_rebels", "w0_town"], most=2):
        rows["crosswalk"].append({"entity_id": entity, "scheme": "w0_scheme", "external_id": "1", "match": "exact"})
    used = {row["source_id"] for row in rows["claims"] + rows["event_sources"]}
    rows["sources"] = [page for page in rows["sources"] if page["source_id"] in used]


@st.composite
def world(draw: Draw) -> Tables:
    """Draw one world without errors or warnings."""
    rows: Rows = {table: [] for table in MODELS}
    _add_registers(draw, rows)
    _add_sources(draw, rows)
    _add_events(draw, rows)
    for index in range(_draw_one(draw, 2, 3, 1)):
        _add_thread(draw, rows, index)
    _bind(draw, rows)
    return make_frames(rows)


def valid_sets(most: int = 3) -> st.SearchStrategy[Tables]:
    """Return a strategy for sets of up to `most` valid worlds."""
    return st.lists(world(), min_size=1, max_size=most).map(join_worlds)


_ADDRESSES = (
    "https://www.example.org/w0/0?id=0", "http://EXAMPLE.org/w0/0/?id=0#top", "example.org/w0", "ftp://example.org/w0", "urn:w0:page",
    "https://me:secret@example.org/w0", "https://example.org/w0?utm_source=x", "https://t.me/w0/1", "https://example.org/w0 1",
)  # fmt: skip
_TEXTS = (
    "Others",
    "Identified",
    "8 people",
    "1,000 people",
    "SYR",
    "SYR LBN",
    "SYR,LBN",
    "QQQ",
    "w0_nobody",
    "2024-05-01-w0-nothing",
)
_COUNTS = (-1, 0, 1, 2, 8, 9, 20, 111, 727, 2500, 3000, 10**15)
_NUMBERS = (0.0, -35.1, 0.5, 35.1, 36.75, 62.0, 89.0)


def _draw_other_cell(draw: Draw, tables: Tables, table: str, column: str, old: Any) -> Any:
    """Draw another value of the column's type, whatever its effect on the record."""
    limits = {c.column: c for c in load_constraints(table)}[column]
    if not limits.required and draw(st.integers(0, 3)) == 0:
        return None
    if limits.references:
        known = tables[limits.references][list_key_columns(limits.references)[0]].drop_nulls().to_list()
        return _draw_one(draw, *["w0_nobody"] * 3, *known)
    kind = list_column_kinds(table)[column]
    if kind == "date":
        return (old or _JUNE) + _draw_one(draw, -400, -40, -7, -1, 1, 2, 10, 60) * _DAY
    if kind == "term":
        return _draw_one(draw, *limits.terms)
    if kind in ("count", "number"):
        return _draw_one(draw, *(_COUNTS if kind == "count" else _NUMBERS))
    return _draw_one(draw, *(_ADDRESSES if kind == "url" else (*_TEXTS, *tables[table][column].drop_nulls().to_list())))


# Cells that rules read, weighted by the number of rules.
_READ = [(rule.table, column) for rule in load_rules().values() for column in rule.fields]


def _damage(draw: Draw, tables: Tables) -> None:
    """Change one cell, or duplicate or remove one row."""
    table, column = _draw_one(draw, *_READ)
    frame = tables[table]
    if not frame.height:
        return
    row = draw(st.integers(0, frame.height - 1))
    what = _draw_one(draw, *["cell"] * 10, "double", "lose")
    if what == "cell":
        cells = frame[column].to_list()
        cells[row] = _draw_other_cell(draw, tables, table, column, cells[row])
        tables[table] = frame.with_columns(pl.Series(column, cells, dtype=frame.schema[column]))
    else:
        kept = [frame, frame[row]] if what == "double" else [frame[:row], frame[row + 1 :]]
        tables[table] = pl.concat(kept)


@st.composite
def damaged_sets(draw: Draw, most: int = 3, faults: int = 30) -> Tables:
    """Draw a valid set and change some cells, within the types of their columns."""
    tables = dict(draw(valid_sets(most)))
    for _ in range(draw(st.integers(faults // 4, faults))):
        _damage(draw, tables)
    return tables


def shuffle_rows(tables: Tables, seed: int) -> Tables:
    """Return the same rows in another order."""
    return {table: frame.sample(fraction=1, shuffle=True, seed=seed) for table, frame in tables.items()}


# A set is large for Hypothesis, and more than a hundred rules are evaluated: a few sets, of several worlds each, and no shrinking.
few = settings(
    max_examples=count_examples(1, 4),
    derandomize=True,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
many = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


@contextmanager
def skip_if_passed(tables: Tables, passed: set[int]) -> Iterator[None]:
    """Skip a set that has already passed.

    Hypothesis draws the same set repeatedly, and evaluation is slow.
    """
    digest = hash(str([frame.rows() for frame in tables.values()]))
    assume(digest not in passed)
    yield
    passed.add(digest)
