"""UCDP Georeferenced Event Dataset: one row per event with at least one death."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datapackage.about import CC_BY
from conflictdata.datasets import _event_records
from conflictdata.datasets._country_boxes import list_numbers, make_point_rule
from conflictdata.datasets._helpers import (
    ROW,
    SPOT,
    count_days,
    list_present,
    make_not_in_future_rule,
    make_one_value_rule,
    mark_duplicates,
    mark_most_common,
    mark_most_common_grouped,
)
from conflictdata.datasets._places import add_places, find_country_by_number
from conflictdata.datasets._text import clean_text, join_texts, make_slug
from conflictdata.datasets.converter import Dataset, DraftTables, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.rules.base import TIMES, VERDICT, Frames, Row, Rule

TABLE = "ucdp_ged"


_PARTS = ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")


_BOUNDS = ("low", "best", "high")


_SOURCES = ("source_article", "source_office", "source_headline", "source_original")


_TEXTS = (
    "conflict_name", "dyad_name", "side_a", "side_b", *_SOURCES, "where_coordinates", "where_description", "adm_1",
    "adm_2", "country", "region",
)  # fmt: skip


# Two rows that share these values may be the same event. Columns that a file lacks are left out.
_DUPLICATE_COLUMNS = (
    "date_start", "date_end", "side_a", "side_b", "latitude", "longitude", "where_coordinates", "source_article",
    *_PARTS, *_BOUNDS,
)  # fmt: skip


# UTF-8 read as Windows-1252, replacement characters, and control characters of Latin-1 (except \u0085). Classes have at
# most ten characters, because the engines' regular expressions search such prefixes ten times as fast.
MOJIBAKE = (
    "Ã[\u0080-\u00bf]|Â[\u0080-\u00bf]|â€|â\u0080|\ufffd"
    "|[\u0080-\u0084\u0086-\u0089]|[\u008a-\u0093]|[\u0094-\u009d]|[\u009e\u009f]"
)


_REAL = r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"


_GAP = r"[ \t\n\f\r]"  # listed, because \s matches more characters in some engines


_POINT = rf"^{_GAP}*POINT{_GAP}*\({_GAP}*{_REAL}{_GAP}+{_REAL}{_GAP}*\){_GAP}*\z"


# Smallest and largest number of days per date_prec.
SPANS = {"1": (1, 1), "2": (2, 6), "3": (7, 7), "4": (8, 31), "5": (32, 366)}


BUSY = 50  # events in a month, after which a few events of the next month are errors, not its beginning


_col = nw.col


def _explain_order(rows: list[Row], _: Frames) -> list[Row]:
    """Add which of the two comparisons fails."""
    for row in rows:
        pairs = (("low", "best"), ("best", "high"))
        row["event"] = f"event {row['id']}: " if row.get("id") else ""
        row["broken"] = " and ".join(f"{a} {row[a]:,} is above {b} {row[b]:,}" for a, b in pairs if row[a] > row[b])
    return rows


def _explain_sum(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        total = sum(row[part] for part in _PARTS)
        short = row["best"] - total
        row |= {"total": total, "off": f"{abs(short)} {'short' if short > 0 else 'too many'}"}
    return rows


def _measure_span() -> nw.Expr:
    return count_days(_col("date_start"), _col("date_end")) + 1


def _check_precision() -> nw.Expr:
    fits = (
        (_col("date_prec") == word) & (_measure_span() >= least) & (_measure_span() <= most)
        for word, (least, most) in SPANS.items()
    )
    return nw.any_horizontal(*fits, ignore_nulls=False)


def _explain_span(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        days = (row["date_end"] - row["date_start"]).days + 1
        least, most = SPANS[row["date_prec"]]
        row |= {"days": days, "wanted": str(least) if least == most else f"{least} to {most}"}
    return rows


def _compute_grid_cell() -> nw.Expr:
    return ((_col("latitude") + 90) * 2).floor() * 720 + ((_col("longitude") + 180) * 2).floor() + 1


def _explain_grid_cell(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["cell"] = int((row["latitude"] + 90) * 2 // 1 * 720 + (row["longitude"] + 180) * 2 // 1 + 1)
    return rows


def _count_source_dates() -> nw.Expr:
    text = _col("source_date")
    return text.str.len_chars() - text.str.replace_all(";", "", literal=True).str.len_chars() + 1


def _explain_source_count(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["listed"] = row["source_date"].count(";") + 1
    return rows


def _parse_point(part: int) -> nw.Expr:
    sound = nw.when(_col("geom_wkt").str.contains(_POINT)).then(_col("geom_wkt"))
    plain = sound.str.replace_all(rf"{_GAP}{_GAP}+|[\t\n\f\r]", " ").str.strip_chars(" POINT()")
    return plain.str.split(" ").list.get(part).cast(nw.Float64)


def _is_near(text: nw.Expr, column: str) -> nw.Expr:
    return (text - _col(column)).abs() < 1e-6


def _check_id_unique(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_duplicates(frames[TABLE].filter(~_col("id").is_null()), ["id"])


def _check_country_name(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_most_common(frames[TABLE], "country", "country_id")


def _group_country_names(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_most_common_grouped(frames[TABLE], "country", "country_id")


def _check_country_id(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_most_common(frames[TABLE], "country_id", "country")


def _group_country_ids(frames: Frames) -> nw.LazyFrame[Any]:
    return mark_most_common_grouped(frames[TABLE], "country_id", "country")


def _check_encoding() -> nw.Expr:
    return ~nw.any_horizontal(*(_col(name).str.contains(MOJIBAKE) for name in _TEXTS), ignore_nulls=True)


def _explain_encoding(rows: list[Row], _: Frames) -> list[Row]:
    import re

    for row in rows:
        hits = {name: hit for name in _TEXTS if (hit := re.search(MOJIBAKE, row.get(name) or ""))}
        name, hit = next(iter(hits.items()))
        around = row[name][max(0, hit.start() - 12) : hit.end() + 8]
        row |= {SPOT: name, "around": repr(" ".join(around.split())), "columns": ", ".join(hits)}
    return rows


def _check_near_duplicates(frames: Frames) -> nw.LazyFrame[Any]:
    frame = frames[TABLE]
    shared = list_present(frame, _DUPLICATE_COLUMNS)
    judged = mark_duplicates(frame, shared)
    ids = frame.select(_col(ROW).alias("first"), _col("id").alias("first_id"))
    # Another rule reports rows with the same id.
    return judged.join(ids, on="first", how="left").with_columns(
        (_col(VERDICT) | (_col("id") == _col("first_id"))).alias(VERDICT)
    )


def _add_month(frames: Frames) -> nw.LazyFrame[Any]:
    month = (_col("date_end").dt.year() * 12 + _col("date_end").dt.month() - 1).alias("month")
    return frames[TABLE].filter(~_col("date_end").is_null()).with_columns(month)


def _check_release_end(frames: Frames) -> nw.LazyFrame[Any]:
    dated = _add_month(frames)
    ends = _check_months(dated).select("month", "in_last", "in_busy", VERDICT)
    return dated.join(ends, on="month")


def _group_release_months(frames: Frames) -> nw.LazyFrame[Any]:
    return _check_months(_add_month(frames))


def _check_months(dated: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """Check that the last month is not a few stray events after the release's end.

    Returns one row per month, with its number of events as `TIMES`.
    """
    months = dated.group_by("month").agg(_col(ROW).count().alias(TIMES)).with_columns(nw.lit(1).alias("one"))
    last = months.group_by("one").agg(_col("month").max().alias("last"))
    both = months.join(last, on="one").with_columns(
        nw.when(_col("month") == _col("last")).then(_col(TIMES)).alias("in_last"),
        nw.when(_col("month") == _col("last") - 1).then(_col(TIMES)).alias("in_busy"),
    )
    ends = both.group_by("one").agg(_col("last").max(), _col("in_last").max(), _col("in_busy").max())
    straggles = (_col("in_busy") >= BUSY) & (_col("in_last") * BUSY <= _col("in_busy"))
    return months.join(ends, on="one").with_columns((~(straggles & (_col("month") == _col("last")))).alias(VERDICT))


def _explain_release_end(rows: list[Row], _: Frames) -> list[Row]:
    import datetime as dt

    for row in rows:
        row["release_end"] = row["date_end"].replace(day=1) - dt.timedelta(days=1)
    return rows


_SIDES_ALIKE = _col("side_a") == _col("side_b")


# Rows in which another rule reports that a side was written over.
_OTHER_SIDE: Mapping[tuple[str, ...], nw.Expr] = {
    ("side_a", "side_b"): _SIDES_ALIKE,
    ("type_of_violence", "side_b"): (_col("type_of_violence") == "3") != (_col("side_b") == "Civilians"),
}  # fmt: skip


_TYPES = {"1": "state-based", "2": "non-state", "3": "one-sided"}


def _explain_type(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["type_name"] = _TYPES[row["type_of_violence"]]
    return rows


def _is_state(column: str) -> nw.Expr:
    return _col(column).str.starts_with("Government of")


RULES = (
    Rule(
        id="ucdp_ged.low-best-high", number=2, table=TABLE, severity="warning", fields=_BOUNDS,
        check=(_col("low") <= _col("best")) & (_col("best") <= _col("high")), explain=_explain_order,
        message="{event}low {low}, best {best}, high {high}: {broken}",
        hint="Do not use the three as an interval here; compare with the event at ucdp.uu.se and report it there.",
        why="UCDP publishes some rows whose bounds do not hold the best estimate. An interval built on them is empty or upside down, and sums of low and high are wrong with them.",
    ),
    Rule(
        id="ucdp_ged.parts-sum-to-best", number=4, table=TABLE, severity="error", fields=("best", *_PARTS),
        check=_col("deaths_a") + _col("deaths_b") + _col("deaths_civilians") + _col("deaths_unknown") == _col("best"), explain=_explain_sum,
        message="{deaths_a} + {deaths_b} + {deaths_civilians} + {deaths_unknown} = {total}, but best is {best} ({off})",
        hint="One of the five numbers was changed after the release; take the row from the release again.",
        why="best is by definition the sum of the four parts, in every release. Where it is not, the row is not UCDP's.",
    ),
    Rule(
        id="ucdp_ged.dates-in-order", number=29, table=TABLE, severity="error", fields=("date_start", "date_end"),
        check=_col("date_start") <= _col("date_end"), message="date_start {date_start} is after date_end {date_end}",
        hint="Check whether day and month were exchanged when the file was converted.",
        why="An event ends on the day it starts or later. Programs that read days in the order of another country break this first.",
    ),
    Rule(
        id="ucdp_ged.year-of-dates", number=29, table=TABLE, severity="error", fields=("year", "date_start", "date_end"),
        check=(_col("date_start").dt.year() == _col("year")) & (_col("date_end").dt.year() == _col("year")),
        message="year is {year}, but the event lasted from {date_start} to {date_end}",
        hint="UCDP splits events at the turn of the year; take the row from the release again.",
        why="Yearly sums are made by this column. An event counted in a year in which it did not happen shifts them.",
    ),
    Rule(
        id="ucdp_ged.precision-fits-span", number=30, table=TABLE, severity="warning", fields=("date_prec", "date_start", "date_end"),
        check=nw.when(~_col("date_prec").is_null() & (_measure_span() > 0)).then(_check_precision()), explain=_explain_span,
        message="date_prec {date_prec} means {wanted} day(s), but {date_start} to {date_end} is {days}",
        hint="Trust the dates; date_prec says no more than how long the span is.",
        why="date_prec is how users leave out events whose day is not known. A wrong one lets a guess pass as a day.",
    ),
    Rule(
        id="ucdp_ged.id-unique", number=46, table=TABLE, severity="error", fields=("id",), check=_check_id_unique,
        message="{times} rows have the id {id}", hint="Remove the copy, or check whether two releases were joined.",
        why="Each event has one id and is one row. A row that occurs twice is counted twice.",
    ),
    Rule(
        id="ucdp_ged.coordinates-real", number=36, table=TABLE, severity="error", fields=("latitude", "longitude"),
        check=(_col("latitude").is_null() == _col("longitude").is_null()) & ~((_col("latitude") == 0) & (_col("longitude") == 0)).fill_null(False),
        message="latitude {latitude} and longitude {longitude} are not a place", hint="Both are given or neither is; 0, 0 lies in the sea and means that nothing is known.",
        why="A point of which half is missing, or the point where both are zero, lands events in the Gulf of Guinea.",
    ),
    Rule(
        id="ucdp_ged.grid-cell-fits", number=36, table=TABLE, severity="error", fields=("priogrid_gid", "latitude", "longitude"),
        check=_compute_grid_cell() == _col("priogrid_gid"), explain=_explain_grid_cell,
        message="{latitude}, {longitude} lies in PRIO-GRID cell {cell}, not in {priogrid_gid}",
        hint="Check the coordinates for an exchanged pair or a lost sign.",
        why="The cell follows from the coordinates, exactly, in every release. Where it does not, one of them was changed, and maps by cell and by point tell two stories.",
    ),
    Rule(
        id="ucdp_ged.country-name-fits", number=37, table=TABLE, severity="error", fields=("country", "country_id"), check=_check_country_name, group_check=_group_country_names,
        message="country_id {country_id} is {usual!r} in {others} row(s), and {country!r} here", hint="Write the country as the other rows do.",
        why="One country under two names is two countries to every program that groups by name.",
    ),
    Rule(
        id="ucdp_ged.country-id-fits", number=37, table=TABLE, severity="error", fields=("country_id", "country"), check=_check_country_id, group_check=_group_country_ids,
        message="{country!r} is country_id {usual} in {others} row(s), and {country_id} here", hint="Use the number that the other rows have.",
        why="A country with two Gleditsch-Ward numbers is joined to two countries in other datasets.",
    ),
    make_one_value_rule(TABLE, "conflict-name-fits", "conflict_new_id", "conflict_name", "conflict"),
    make_one_value_rule(TABLE, "dyad-name-fits", "dyad_new_id", "dyad_name", "dyad"),
    make_one_value_rule(TABLE, "dyad-conflict-fits", "dyad_new_id", "conflict_new_id", "dyad"),
    make_one_value_rule(TABLE, "dyad-side-a-fits", "dyad_new_id", "side_a_new_id", "dyad"),
    make_one_value_rule(TABLE, "dyad-side-b-fits", "dyad_new_id", "side_b_new_id", "dyad"),
    make_one_value_rule(TABLE, "side-a-name-fits", "side_a_new_id", "side_a", "side", unless=_OTHER_SIDE),
    make_one_value_rule(TABLE, "side-b-name-fits", "side_b_new_id", "side_b", "side", unless=_OTHER_SIDE),
    make_one_value_rule(TABLE, "country-region-fits", "country_id", "region", "country"),
    Rule(
        id="ucdp_ged.sides-differ", number=0, table=TABLE, severity="error", fields=("side_b", "side_a"), check=~_SIDES_ALIKE,
        message="side_a and side_b are both {side_b!r}", hint="Take the row from the release again; one of the two was copied over the other.",
        why="Nobody fights against itself. A side copied over the other gives its deaths to the wrong party.",
    ),
    make_not_in_future_rule(TABLE, "date_end"),
    make_point_rule(TABLE, "country_id", list_numbers()),
    Rule(
        id="ucdp_ged.sources-counted", number=0, table=TABLE, severity="error", fields=("number_of_sources", "source_date"),
        check=(_col("number_of_sources") <= 0) | (_count_source_dates() == _col("number_of_sources")), explain=_explain_source_count,
        message="number_of_sources is {number_of_sources}, but source_date lists {listed}", hint="Check whether the cell was cut off, or split at its semicolons. -1 is right where nobody counted.",
        why="The sources of an event are listed in one cell. Where their number does not fit, a part of the list was lost on the way.",
    ),
    Rule(
        id="ucdp_ged.one-sided-against-civilians", number=0, table=TABLE, severity="error", fields=("type_of_violence", "side_b"), explain=_explain_type,
        check=(_col("type_of_violence") == "3") == (_col("side_b") == "Civilians"),
        message="type_of_violence {type_of_violence} ({type_name}), but side_b is {side_b!r}", hint="One-sided violence (3) has side_b Civilians, and nothing else has.",
        why="The type follows from the actors. A row of another type among the one-sided ones turns fighters into civilians.",
    ),
    Rule(
        id="ucdp_ged.type-fits-sides", number=0, table=TABLE, severity="warning", fields=("type_of_violence", "side_a", "side_b"), explain=_explain_type,
        check=(_col("type_of_violence") == "3") | ((_col("type_of_violence") == "1") == (_is_state("side_a") | _is_state("side_b"))),
        message="type_of_violence {type_of_violence} ({type_name}), between {side_a!r} and {side_b!r}", hint="State-based (1) has a government as a side; non-state (2) has none.",
        why="The type follows from the actors, and state-based violence is what most studies keep.",
    ),
    Rule(
        id="ucdp_ged.wkt-fits-columns", number=36, table=TABLE, severity="warning", fields=("geom_wkt", "latitude", "longitude"), cacheable=True,
        check=nw.when(_col("geom_wkt").is_null()).then(None).otherwise((_is_near(_parse_point(0), "longitude") & _is_near(_parse_point(1), "latitude")).fill_null(False)),
        message="geom_wkt is {geom_wkt!r}, but the columns say longitude {longitude}, latitude {latitude}", hint="Use the columns latitude and longitude; priogrid_gid follows them.",
        why="Software for maps reads one or the other. A sign lost in one puts the event on the other side of the equator.",
    ),
    Rule(
        id="ucdp_ged.encoding-sound", number=0, table=TABLE, severity="warning", fields=(), optional=_TEXTS, check=_check_encoding(), explain=_explain_encoding,
        message="text with broken encoding in {columns}: {around}", hint="Read the release in the encoding that it is in; where the release itself has it, leave it as it is and do not match names by this text.",
        why="Text that was read in one encoding and written in another holds other letters than its source. Names in it match nothing.",
    ),
    Rule(
        id="ucdp_ged.no-look-alike", number=35, table=TABLE, severity="warning", fields=("id", "date_start", "side_a", "latitude", "best"), key_columns=_DUPLICATE_COLUMNS, check=_check_near_duplicates,
        message="event {id} is like event {first_id}: same days, sides, place, source and deaths ({best} each)", hint="Count the two as one only after reading the source: some sources do report two events in the same words.",
        why="An event that was coded twice counts its dead twice.",
    ),
    Rule(
        id="ucdp_ged.within-release", number=21, table=TABLE, severity="warning", fields=("date_end",), check=_check_release_end, group_check=_group_release_months, explain=_explain_release_end,
        message="date_end {date_end} lies after the release's end, {release_end}: {in_last} row(s) in that month, {in_busy} in the month before", hint="Leave the row out of sums by month and year.",
        why="A release covers whole months. What lies beyond is a straggler, and a month that holds it alone looks like peace.",
    ),
)  # fmt: skip


# Names of releases before 5.0, and of the API's candidates.
_OLD_NAMES = {
    "best_est": "best", "low_est": "low", "high_est": "high", "conflict_id": "conflict_new_id", "dyad_id": "dyad_new_id",
    "side_a_id": "side_a_new_id", "side_b_id": "side_b_new_id", "sources": "number_of_sources",
}  # fmt: skip


PROFILE = Profile(
    name="ucdp-ged",
    title="UCDP Georeferenced Event Dataset",
    licence="CC BY 4.0",
    citation="Sundberg, Ralph, and Erik Melander. 2013. Introducing the UCDP Georeferenced Event Dataset. Journal of Peace Research 50 (4). And the article that the release names (Davies et al.).",
    url="https://ucdp.uu.se/downloads/",
    # CSV files have the day, from 18.1 on with midnight; the API has `2020-01-05T00:00:00`.
    tables=(
        ProfileTable(
            TABLE,
            RULES,
            core=("ucdp_ged.low-best-high", "ucdp_ged.parts-sum-to-best"),
            aliases=_OLD_NAMES,
        ),
    ),
    note="Column sets differ from release to release; number_of_sources is -1 in older rows; fields may hold line breaks; relid's prefix is not the country.",
)


UCDP = {
    "actor_id": "ucdp", "name": "Uppsala Conflict Data Program", "kind": "monitor", "country": "SWE",
    "note": "Codes events of organised violence from news and reports of others.",
}  # fmt: skip


_SPAN = {"1": "day", "2": "approximate", "3": "approximate", "4": "month", "5": "approximate"}  # by date_prec


_ONE_SIDED = pl.col("type_of_violence") == "3"


_PLACE = ("where_coordinates", "adm_1", "country_id", "country", "latitude", "longitude", "where_prec")


def convert(rows: pl.DataFrame, page: SourceFile, beside: Mapping[str, pl.DataFrame]) -> DraftTables:  # noqa: ARG001 - one signature
    """Convert typed rows of GED to draft tables."""
    known = _add_actors(_add_conflict_ids(rows)).with_columns(pl.col("where_prec").fill_null("5"))
    known = add_places(known, "ucdp", name="where_coordinates", precision="where_prec", by=_PLACE)
    known = known.with_columns(
        key=pl.col("id"), country_code=find_country_by_number(known), event_id=_make_event_id(),
        date_prec=pl.col("date_prec").fill_null(_derive_precision()),
    )  # fmt: skip
    return {
        "conflicts": _build_conflicts(known), "actors": _build_actors(known), "locations": _event_records.build_locations(known, admin1="adm_1"),
        "events": _build_events(known), "event_actors": _build_event_actors(known), "claims": _build_claims(known, page),
        "claim_perpetrators": known.filter(_ONE_SIDED & pl.col("actor_a").is_not_null()).select("key", actor_id="actor_a"),
        "figures": _build_figures(known),
    }  # fmt: skip


def _make_event_id() -> pl.Expr:
    return pl.concat_str([pl.col("date_start").cast(pl.String), pl.lit("-ucdp-"), pl.col("id")])


def _derive_precision() -> pl.Expr:
    """Compute the code from the days, as in every release."""
    days = (pl.col("date_end") - pl.col("date_start")).dt.total_days() + 1
    code = pl.when(days <= 1).then(pl.lit("1")).when(days <= 6).then(pl.lit("2")).when(days == 7).then(pl.lit("3"))
    return code.when(days <= 31).then(pl.lit("4")).otherwise(pl.lit("5"))


def _make_id(number: str, name: str) -> pl.Expr:
    """Make an id from UCDP's number, or from the name if the file has no number."""
    return pl.when(pl.col(name).is_not_null()).then(
        pl.concat_str([pl.lit("ucdp_"), pl.coalesce(pl.col(number), make_slug(pl.col(name)))])
    )


def _add_conflict_ids(rows: pl.DataFrame) -> pl.DataFrame:
    name = pl.coalesce("conflict_name", "dyad_name", pl.lit("Conflict without a name"))
    return rows.with_columns(conflict_name=name).with_columns(conflict_id=_make_id("conflict_new_id", "conflict_name"))


def _add_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Add `actor_a` and `actor_b`, the ids of the sides.

    Civilians are not an actor: nobody fights under that name.
    """
    side_b = pl.when(~_ONE_SIDED).then("side_b")
    return rows.with_columns(side_b=side_b).with_columns(
        actor_a=_make_id("side_a_new_id", "side_a"), actor_b=_make_id("side_b_new_id", "side_b")
    )


def _build_conflicts(rows: pl.DataFrame) -> pl.DataFrame:
    codes = pl.col("country_code").drop_nulls().unique().sort().str.join(" ")
    conflicts = rows.sort("id").group_by("conflict_id", maintain_order=True).agg(
        pl.col("conflict_name").first(), pl.col("conflict_new_id").first(), pl.col("date_start").min(), countries=codes
    )  # fmt: skip
    return conflicts.select(
        "conflict_id", "date_start", name=clean_text(pl.col("conflict_name")),
        countries=pl.when(pl.col("countries") != "").then("countries"),
        ucdp_id=pl.col("conflict_new_id").str.strip_chars_start("0"),
    )  # fmt: skip


def _build_actors(rows: pl.DataFrame) -> pl.DataFrame:
    sides = pl.concat(
        [rows.select("id", actor_id=f"actor_{s}", name=f"side_{s}", number=f"side_{s}_new_id") for s in "ab"]
    ).drop_nulls("actor_id")
    first = sides.sort("id").unique("actor_id", keep="first", maintain_order=True)
    state = pl.col("name").str.starts_with("Government of")
    return first.select(
        "actor_id", name=clean_text(pl.col("name")), ucdp_id=pl.col("number").str.strip_chars_start("0"),
        kind=pl.when(state).then(pl.lit("state")).otherwise(pl.lit("armed_group")),
    )  # fmt: skip


def _build_events(rows: pl.DataFrame) -> pl.DataFrame:
    between = pl.concat_str([clean_text(pl.col("side_a"), 80), clean_text(pl.col("side_b"), 80)], separator=" and ")
    against = pl.concat_str([pl.lit("Violence of "), clean_text(pl.col("side_a"), 80), pl.lit(" against civilians")])
    what = pl.when(_ONE_SIDED).then(against).otherwise(pl.concat_str([pl.lit("Fighting between "), between]))
    at = pl.concat_str(
        [what.fill_null("Organised violence"), pl.lit(", "), pl.col("place").str.slice(0, 80), pl.lit(".")]
    )
    return rows.select(
        "key", "event_id", "conflict_id", "date_start", "date_end", "location_id", date_precision="date_prec",
        event_type=pl.when(_ONE_SIDED).then(pl.lit("attack_on_civilians")).otherwise(pl.lit("battle")), summary=at,
    )  # fmt: skip


def _build_event_actors(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the sides of each event.

    Side A of one-sided violence is the initiator. The others are parties, because UCDP does not say who began a fight.
    """
    role = pl.when(_ONE_SIDED).then(pl.lit("initiator")).otherwise(pl.lit("party"))
    return _event_records.build_event_actors(rows, "ab", role)


def _build_claims(rows: pl.DataFrame, page: SourceFile) -> pl.DataFrame:
    is_attributed = _ONE_SIDED & pl.col("actor_a").is_not_null()
    note = join_texts({"source_office": "UCDP's sources:", "source_original": "their informants:"})
    return _event_records.build_claims(
        rows, page, "ucdp", days=("date_prec", _SPAN), number=pl.col("id").str.strip_chars_start("0"),
        perpetrator_certainty=pl.when(is_attributed).then(pl.lit("stated")), note=note,
    )  # fmt: skip


def _build_figures(rows: pl.DataFrame) -> pl.DataFrame:
    exact = (pl.col("low") == pl.col("best")) & (pl.col("high") == pl.col("best"))
    alone = pl.col("low").is_null() & pl.col("high").is_null()  # a file with only the best estimates
    total = rows.select(
        "key", "best", path=pl.lit("killed"), relation=pl.lit("total"),
        low=pl.when(alone).then("best").otherwise("low"), high=pl.when(alone).then("best").otherwise("high"),
        qualifier=pl.when(exact | alone).then(pl.lit("exact")).otherwise(pl.lit("range")),
    )  # fmt: skip
    same = pl.col("actor_a") == pl.col("actor_b")
    whose = {
        "side_a": ("deaths_a", pl.col("actor_a"), None), "side_b": ("deaths_b", pl.col("actor_b"), None),
        "civilians": ("deaths_civilians", pl.lit(None, pl.String), "civilian"),
        "unknown": ("deaths_unknown", pl.lit(None, pl.String), "unknown"),
    }  # fmt: skip
    parts = [
        rows.select(
            "key", pl.col(column).alias("low"), pl.col(column).alias("best"), pl.col(column).alias("high"),
            path=pl.lit(f"killed.{name}"), relation=pl.lit("part"), axis=pl.lit("party"), actor_id=actor,
            person_status=pl.lit(status, pl.String), qualifier=pl.lit("exact"),
            # A label for a side without a name, or with the name of the other.
            label=pl.when(same.fill_null(value=False) | actor.is_null()).then(pl.lit(name.replace("_", " ")))
            if name.startswith("side") else pl.lit(None, pl.String),
        )
        for name, (column, actor, status) in whose.items()
    ]  # fmt: skip
    listed = pl.concat(parts).drop_nulls("best")
    # In one-sided violence the second side is civilians, who have their own part.
    listed = listed.filter(
        ~((pl.col("path") == "killed.side_b") & pl.col("actor_id").is_null() & (pl.col("best") == 0))
    )
    kind = {"outcome": pl.lit("killed"), "unit": pl.lit("persons")}
    return pl.concat([total, listed], how="diagonal").with_columns(**kind)


CONVERSION = TableConversion(
    convert=convert, key=("id",), needs=("type_of_violence", "best"), days=("date_start", "date_end"),
    duplicate_rule="ucdp_ged.id-unique",
    aside=(
        "relid", "code_status", "dyad_name", "region", "adm_2", "where_description", "source_article", "source_date",
        "source_headline",
    ),
    becomes=(
        ("id", "`crosswalk` (scheme `ucdp_ged`), the end of `event_id`, the number of the claim"),
        ("best, low, high", "the total: `exact` where the three are one number, else `range` with the best estimate in `best`"),
        ("deaths_a, deaths_b, deaths_civilians, deaths_unknown", "parts of the total by `party`"),
        ("type_of_violence", "`event_type`: 3 is `attack_on_civilians`, 1 and 2 are `battle`, whatever the weapon"),
        ("side_a, side_b and their ids", "`actors` (`ucdp_id`), `event_actors`: `party`; side A of one-sided violence `initiator`"),
        ("conflict_new_id, conflict_name", "`conflicts`"),
        ("date_start, date_end, date_prec", "`events`"),
        ("latitude, longitude, where_prec, where_coordinates, adm_1, country_id", "`locations`"),
        ("source_office, source_original", "`note` of the claim: UCDP names its informants, and vouches itself"),
    ),
    omitted=(
        ("source_article, source_headline", "texts of others, in which private persons are named"),
        ("source_date, number_of_sources", "they count articles, not people"),
        ("geom_wkt, priogrid_gid, year, active_year, region, dyad columns, gwno columns", "they follow from columns that are carried"),
        ("where_description, adm_2", "the point and the first-order division are carried"),
        ("event_clarity, code_status, relid, _dset_id columns", "how UCDP worked; the id leads back to them"),
    ),
)  # fmt: skip


DATASET = Dataset(
    profile="ucdp-ged", publisher=UCDP, licence=CC_BY, tables={"ucdp_ged": CONVERSION},
    terms="Name UCDP and cite the articles below; say that the data were converted.",
)  # fmt: skip
