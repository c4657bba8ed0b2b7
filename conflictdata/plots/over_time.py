"""A toll over time: one strong mark per day, a step line, and small multiples for groups."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from conflictdata.analysis.columns import make_frame
from conflictdata.analysis.points import make_query
from conflictdata.analysis.records import Data, Records, read_records
from conflictdata.analysis.refused import Refused
from conflictdata.analysis.timeline import list_timeline
from conflictdata.analysis.words import find_record
from conflictdata.findings import UsageError
from conflictdata.plots.look import Spec, choose_mark, draw_caption, draw_key, draw_points, draw_text, finish, wrap
from conflictdata.plots.picture import (
    Picture,
    check_width,
    choose_palette,
    describe_origin,
    name_collection,
    write_options,
)

_MOST_PARTS = 4
_DAYS_WITH_TICKS = 14
_HEADING = -30  # pixels, above the highest label of an axis
_ROOM = 8  # pixels per day; with less, marks would run into each other
_SHOWN = ("group", "as_of", "wording", "low", "high", "last_of_day", "pages", "claims")


def timeline(
    toll: str,
    *,
    parts: Sequence[str] = (),
    group: str | None = None,
    outcome: str = "killed",
    unit: str = "persons",
    regroup: bool = True,
    scheme: str = "light",
    width: int = 860,
    caption: str = "",
    data: Data | Records = None,
    collection: str | None = None,
) -> Picture:
    """Draw a running toll over time.

    There is one strong mark per day, its last number; other numbers of the day are faint. The line is a step: a number
    holds until the next one is said. Nothing is interpolated, and no slope is drawn, because a slope reads as deaths per day.

    Args:
        toll: Id or name of a toll.
        parts: Groups to draw below, at most four, each as a small picture on one common scale.
        group: The people of the large picture, as in `cd.timeline`. Default: everybody whom the toll counts.
        outcome: Outcome, such as `killed`.
        unit: Unit, such as `persons`.
        regroup: Add up printed parts where a page prints no number for an actor; such sums have a mark of their own.
        scheme: `light` or `dark`.
        width: Width in pixels.
        caption: Words below the picture on where the data come from. Default: version, licence and how to cite.
        data: A version, or DataFrames by table name. Default: the installed data.
        collection: A name from `cd.collections()`. Default: the curated records.

    Returns:
        A `Picture`. It shows itself in a notebook; `save` writes SVG, PNG or HTML; `table` has the rows.

    Raises:
        Refused: If no figure of the toll counts a group, or the toll has no number to draw (`no-number`).
        UsageError: If a name, the scheme or the width is unknown, or the extra `plot` is not installed.

    Examples:
        >>> import conflictdata as cd
        >>> cd.plots.timeline("sohr.syria_2024_offensive.2024-11-27").save("toll.svg")  # doctest: +SKIP
    """
    palette, width = choose_palette(scheme), check_width(width)
    groups = [group, *_check_parts(parts)]
    records = read_records(data, collection)
    id_ = find_record(records, "toll", toll)
    found = [_list_rows(records, id_, name, outcome, unit, regroup=regroup) for name in groups]
    spec = _draw(records, id_, list(zip(groups, found, strict=True)), outcome, palette, width, caption)
    return Picture(spec, make_frame("timeline", [row for rows in found for row in rows], records.origin), _SHOWN)


def _check_parts(parts: Sequence[str]) -> Sequence[str]:
    """Return the groups of the small pictures.

    Raises:
        UsageError: If they are not a list, or too many.
    """
    if isinstance(parts, str) or len(parts) > _MOST_PARTS:
        raise UsageError(f"parts is a list of at most {_MOST_PARTS} groups: parts=['civilians', 'children']")
    return parts


def _list_rows(records: Records, toll: str, group: str | None, outcome: str, unit: str, *, regroup: bool) -> list[Spec]:
    query = make_query(records, group, outcome, unit, "stated", regroup=regroup)
    rows = list_timeline(records, [toll], query, one=True)
    if not any(row["n"] is not None for row in rows):
        raise Refused(["no-number"], f"{toll} has no number to draw for {outcome}.", choices=["another outcome"])
    return rows


def _draw(
    records: Records,
    toll: str,
    panels: list[tuple[str | None, list[Spec]]],
    outcome: str,
    palette: dict[str, str],
    width: int,
    words: str,
) -> Spec:
    """Return the specification: key, large picture, small ones, caption."""
    (group, rows), *small = panels
    days = [row["as_of"] for _, panel in panels for row in panel if row["n"] is not None]
    span = (min(days), max(days))
    record = records.tolls[toll]
    claimant, place = records.name_actor(record["claimant_id"]), records.name_place(record["location_id"])
    crowd = group or (record["population"] if record["population"] != "everybody" else None)
    people = name_group(records, crowd) if crowd else ""
    if outcome == "losses_unspecified":
        what = f"unspecified losses of {people}" if people else "unspecified losses"
    else:
        what = f"{people} {outcome.replace('_', ' ')}".strip()
    title = f"{claimant}: {what} in {place} since {write_long_day(record['date_start'])}"
    options = [f"--toll {toll}", *write_options(outcome, rows[0]["unit"], group)]
    inner = width - 40
    most, height = (4, 360) if width > 500 else (1, 240)
    drawn = [_draw_panel(rows, span, palette, inner, height, labels=most)]
    marks = _collect_marks(rows, inner, most)
    blocks: list[Spec] = [draw_key(marks, palette, inner, note="line: the last number of each day"), *drawn]
    if small:
        blocks += _draw_small(records, small, span, palette, width)
    blocks.append(draw_caption(_write_caption(records, options, panels, inner, words), palette))
    last = [row for row in rows if row["last_of_day"]][-1]
    description = f"{title}. The last number, as of {write_long_day(last['as_of'])}, is {last['wording']}."
    description = f"{description}{name_collection(records)} {words}".strip()
    return finish(blocks, palette, wrap(title, int(width * 0.6)), description)


def _draw_small(
    records: Records,
    panels: list[tuple[str | None, list[Spec]]],
    span: tuple[dt.date, dt.date],
    palette: dict[str, str],
    width: int,
) -> list[Spec]:
    """Return the key of the small pictures, and these on one scale: in a row, or one below the other."""
    inner = width - 40
    across = len(panels) if width > 500 else 1
    top = max(row["n"] for _, rows in panels for row in rows if row["n"] is not None)
    each = (inner - 40 * (across - 1)) // across
    cells = [
        _head_panel(_draw_panel(rows, span, palette, each, 180, labels=1, top=top), name_group(records, name), palette)
        for name, rows in panels
    ]
    marks = set().union(*(_collect_marks(rows, each, 1) for _, rows in panels))
    key = draw_key(marks, palette, inner, note="one scale for all")
    return [
        key,
        {"hconcat": cells, "spacing": 40, "bounds": "flush"} if across > 1 else {"vconcat": cells, "spacing": 18},
    ]


def _head_panel(panel: Spec, name: str, palette: dict[str, str]) -> Spec:
    """Return a small picture with its heading at a fixed height: a title would rise with the highest label."""
    place = {"x": {"value": 0}, "y": {"value": _HEADING}}
    heading = draw_text([{"text": _capitalise(name)}], place, fontSize=15, fontWeight="bold", color=palette["ink"])
    return {**panel, "layer": [*panel["layer"], heading]}


def _collect_marks(rows: Sequence[Spec], width: int, labels: int) -> set[str]:
    """Return the marks that a picture of these rows has."""
    values = _list_values(rows)
    strong = [value for value in values if value["strong"]]
    return {value["mark"] for value in (choose_labels(strong, labels) if _is_dense(strong, width) else values)}


def _list_values(rows: Sequence[Spec]) -> list[Spec]:
    values = [
        {"day": row["as_of"].isoformat(), "n": row["n"], "text": row["wording"], "strong": row["last_of_day"],
         "mark": choose_mark(row["qualifiers"], derived=row["derived"])}
        for row in rows if row["n"] is not None
    ]  # fmt: skip
    return [value for value in values if value["mark"]]


def _is_dense(strong: Sequence[Spec], width: int) -> bool:
    """Return whether the marks of the days would run into each other."""
    return len(strong) * _ROOM > width


def _draw_panel(
    rows: Sequence[Spec],
    span: tuple[dt.date, dt.date],
    palette: dict[str, str],
    width: int,
    height: int,
    *,
    labels: int,
    top: int | None = None,
) -> Spec:
    """Return one picture over time."""
    values = _list_values(rows)
    strong = [value for value in values if value["strong"]]
    highest = max(top or 0, *(value["n"] for value in values), 1)
    position = {"x": _make_days(span, width), "y": _make_scale(highest, height)}
    named = choose_labels(strong, labels)
    if _is_dense(strong, width):
        values = named
    layers: list[Spec] = [{
        "data": {"values": strong},
        "mark": {"type": "line", "interpolate": "step-after", "stroke": palette["edge"], "strokeWidth": 1.5},
        "encoding": position,
    }]  # fmt: skip
    for faint in (True, False):
        for mark in sorted({value["mark"] for value in values}):
            chosen = [value for value in values if value["mark"] == mark and value["strong"] != faint]
            if chosen:
                layers.append(draw_points(mark, chosen, position, palette, faint=faint))
    end = [named[0]] if named and width > 500 else []
    below = [value for value in named if value not in end]
    halo = {"fontSize": 14, "fontWeight": 600, "color": palette["ink"]}
    if end:
        layers.append(draw_text(end, position, dx=14, dy=12, **halo))
    if below and end:
        layers.append(draw_text(below, position, dx=9, dy=17, **halo))
    elif below:
        high = 36 if any(value["mark"] == "above" for value in strong[-3:]) else 17  # clear of the arrows beside it
        layers.append(draw_text(below, position, dx=8, dy=-high, align="right", **halo))
    return {"width": width, "height": height, "layer": layers}


def _make_days(span: tuple[dt.date, dt.date], width: int) -> Spec:
    """Return the axis of days: a tick per day if there are few, else as many as fit."""
    first, last = span
    days = (last - first).days
    room = 48 if width > 300 else 42
    right = 108 if width > 500 else 20
    free = max(1, width - room - right)
    one = max(days, 1) / free  # days per pixel
    hour = dt.timedelta(days=1)
    start, end = (dt.datetime.combine(day, dt.time()) for day in span)
    domain = [(start - hour * room * one).isoformat(), (end + hour * right * one).isoformat()]
    axis: Spec = {
        "format": "%-d %b",
        "grid": False,
        "title": None,
        "labelFlush": False,
        "labelOverlap": "greedy",
        "tickSize": 6,
        "labelPadding": 6,
    }
    if days <= _DAYS_WITH_TICKS:
        axis["values"] = [(first + dt.timedelta(days=i)).isoformat() for i in range(days + 1)]
    else:
        axis |= {"tickCount": max(2, width // 130), "format": "%b %Y" if days > 150 else "%-d %b"}
    return {
        "field": "day",
        "type": "temporal",
        "timeUnit": "utcyearmonthdate",
        "scale": {"type": "utc", "domain": domain, "nice": False},
        "axis": axis,
    }


def _make_scale(highest: int, height: int) -> Spec:
    """Return the axis of numbers, from 0, with its labels above their lines."""
    axis = {
        "title": None, "domain": False, "ticks": False, "tickCount": 5 if height > 200 else 4, "labelAlign": "left",
        "labelPadding": 0, "labelBaseline": "bottom", "labelOffset": -3, "format": ",d", "zindex": 0,
        "labelExpr": "datum.value === 0 ? '' : datum.label", "gridWidth": 1, "tickMinStep": 1,
    }  # fmt: skip
    return {
        "field": "n",
        "type": "quantitative",
        "scale": {"domain": [0, highest * (1.12 if height > 200 else 1.35)], "nice": False},
        "axis": axis,
    }


def choose_labels(strong: Sequence[Spec], most: int) -> list[Spec]:
    """Return the points that get a label: the last, and some others far enough from each other."""
    if not strong:
        return []
    chosen = [strong[-1]]
    step = max(2, len(strong) // max(most, 1))
    for index in range(len(strong) - 1 - step, -1, -step):
        if len(chosen) < most:
            chosen.append(strong[index])
    return chosen


def name_group(records: Records, group: str | None) -> str:
    """Return the name of a group: of an actor its short name, else its words."""
    names = [
        records.name_actor(word) if word in records.actors else word.replace("_", " ")
        for word in (group or "everybody").split("+")
    ]
    return ", ".join(names)


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def write_long_day(day: dt.date | None) -> str:
    """Return a day as 5 December 2024."""
    return f"{day.day} {day:%B %Y}" if day else ""


def _count_words(rows: Sequence[Spec]) -> str:
    words = Counter(str(row["qualifiers"]).replace("|", " or ").replace("_", " ") for row in rows)
    return ", ".join(f"{word}: {number:,}" for word, number in words.most_common())


def _write_caption(
    records: Records, options: Sequence[str], panels: list[tuple[str | None, list[Spec]]], width: int, words: str
) -> list[str]:
    claims = {claim for _, rows in panels for row in rows for claim in str(row["claims"]).split("|")}
    pages = len({row.source_id for row in records.rows if row.claim_id in claims})
    silent = sum(row["n"] is None for row in panels[0][1])
    notes = "Strong marks: the last number of each day. Faint marks: other numbers of the day. Arrows have one length: they say open above, not how far."
    days = [row for row in panels[0][1] if row["last_of_day"]]
    if _is_dense(days, width):
        notes = f"The line has {len(days):,} numbers ({_count_words(days)}). Only those in words have a mark."
    if silent:
        notes += f" Not drawn: {silent} statement{'' if silent == 1 else 's'} without a number."
    if any(row["derived"] for _, rows in panels for row in rows):
        notes += " A sum of printed parts is ours."
    return [
        *wrap(notes, width),
        *(
            line
            for text in ([words] if words else describe_origin([f"timeline {' '.join(options)}"], pages, records))
            for line in wrap(text, width)
        ),
    ]
