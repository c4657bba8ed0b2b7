"""What becomes of each column of another dataset: whole drafts of made-up rows, compared with texts that people have read.

The texts are in `tests/data/conversions`. `CONFLICTDATA_GOLDEN=write pytest tests/test_conversions.py` rewrites them. In the rows, every
count of people is another number, so that a text shows which column became which figure. Read each change with the dataset's page.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from import_results import FEEDS, make_ged_row

from conflictdata.datasets import NAMES, Profile, ProfileTable, get_dataset, get_profile
from conflictdata.importer.draft import build_draft
from conflictdata.importer.read import open_files, read_rows

GOLDEN = Path(__file__).parent / "data" / "conversions"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"
IMPORTED = [name for name in NAMES if name not in ("gtd", "acled-counts")]

BRD = """conflict_id,dyad_id,location_inc,side_a,side_a_id,side_b,side_b_id,incompatibility,territory_name,year,bd_best,bd_low,bd_high,type_of_conflict,battle_location
330,730,Syria,Government of Syria,118,Made-up Front,410,1,North,1999,30,30,30,3,Syria
331,731,"Syria, Iraq",Made-up Front,410,Made-up Union,411,1,North,1999,41,40,45,3,"Syria, Iraq"
330,730,Syria,Government of Syria,118,Made-up Front,410,1,North,1998,50,,,3,
0332,732,Syria,Government of Syria,118,Made-up Front,410,1,North,2000,70,69,70,3,Russia (Soviet Union)
"""
ONE_SIDED = """actor_id,year,actor_name,best_fatality_estimate,low_fatality_estimate,high_fatality_estimate,is_government_actor,location
118,1999,Government of Syria,40,35,60,1,Syria
410,2000,Made-up Front,55,55,55,0,"Syria, Iraq"
412,2001,Made-up Guard,56,56,57,1,DR Congo (Zaire)
413,2001,Government of Nowhere,58,58,58,0,Yemen (North Yemen)
"""
NON_STATE = """conflict_id,dyad_id,org,side_a_name,side_a_id,side_b_name,side_b_id,start_date,year,best_fatality_estimate,low_fatality_estimate,high_fatality_estimate,location
9488,10098,3,Herders,607,Farmers,701,1998-01-18,2021,41,41,81,Sudan
9488,10099,3,Herders,607,Fishers,702,1998-01-18,2020,43,43,43,"Sudan, Chad"
"""
_GED: list[dict[str, Any]] = [
    {"deaths_a": 11, "deaths_b": 12, "deaths_civilians": 13, "deaths_unknown": 14, "low": 41, "high": 62},
    {"type_of_violence": 2, "deaths_a": 3, "date_prec": 2, "date_end": "2020-03-03", "where_prec": 2, "source_original": ""},
    {"type_of_violence": 3, "deaths_civilians": 5, "date_prec": 3, "date_end": "2020-03-07", "where_prec": 3, "side_b": "Civilians", "side_b_new_id": 9999},
    {"deaths_b": 7, "date_prec": 4, "date_end": "2020-03-31", "where_prec": 4, "country": "Yemen (North Yemen)", "country_id": 678},
    {"deaths_unknown": 8, "date_prec": 5, "date_end": "2020-12-31", "where_prec": 5, "number_of_sources": 2, "source_office": "Some Paper;Some Wire"},
    {"deaths_unknown": 2, "low": 1, "high": 3, "where_prec": 6, "where_coordinates": "Syria", "adm_1": "", "event_clarity": 2},
    {"where_prec": 7, "where_coordinates": "Mediterranean Sea", "adm_1": "", "conflict_new_id": 78, "source_article": "Some Paper, 2020-03-02"},
]  # fmt: skip


def _format_csv(rows: list[dict[str, str]]) -> str:
    out = io.StringIO()
    names = dict.fromkeys(name for row in rows for name in row)
    writer = csv.DictWriter(out, list(names), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _format_days(table: str, sources: dict[str, list[str]], first: dt.date) -> str:
    """Return rows of a table of days: one row per source with all counts, all different, and one row per count alone."""
    feed = next(t for name in NAMES for t in get_profile(name).tables if t.name == table)
    counts = [c.column for c in feed.columns if c.kind == "count" and c.column != "report_period"]
    ((column, named),) = sources.items()
    rows: list[dict[str, Any]] = [
        {column: source, **{name: 1000 * (number + 1) + n for n, name in enumerate(counts)}}
        for number, source in enumerate(named)
    ]
    rows += [{column: named[0], name: 500 + n} for n, name in enumerate(counts)]
    for row in rows[: len(named)]:
        if "killed_recovered" in row:  # the number of a day is the sum of its parts
            row["killed"] = sum(row[f"killed_{part}"] for part in ("recovered", "succumbed", "committee", "truce_new"))
    hours = [24, 48, 0, None, 23, 72]
    for number, row in enumerate(rows):
        row["report_date"] = str(first + dt.timedelta(days=number))
        if "report_period" in {c.column for c in feed.columns}:
            row["report_period"] = hours[number % len(hours)]
    return json.dumps(rows)


def _format_acled() -> str:
    """Return the made-up rows, and copies of the first one with other precisions, countries and sides."""
    rows = list(csv.DictReader(io.StringIO((FEEDS / "acled.csv").read_text(encoding="utf-8"))))
    changes = [
        {"time_precision": "2", "geo_precision": "3", "actor2": "", "inter2": "", "country": "Syria", "sub_event_type": ""},
        {"time_precision": "3", "geo_precision": "2", "actor2": "Made-up Front", "inter2": "Rebel group", "iso": "760"},
        {"time_precision": "", "geo_precision": "", "location": "Othertown", "source": "", "fatalities": "7", "inter1": "9"},
    ]  # fmt: skip
    rows += [{**rows[0], "event_id_cnty": f"NOW{n}", **change} for n, change in enumerate(changes, 91)]
    return _format_csv(rows)


FIRST = dt.date(2023, 10, 9)
FILES: dict[str, dict[str, str]] = {
    "ucdp-ged": {"ged.csv": _format_csv([make_ged_row(n, **cells) for n, cells in enumerate(_GED, 1)])},
    "ucdp-brd": {"brd.csv": BRD},
    "ucdp-onesided": {"onesided.csv": ONE_SIDED},
    "ucdp-nonstate": {"nonstate.csv": NON_STATE},
    "acled": {"acled.csv": _format_acled()},
    "palestine": {
        "gaza.json": _format_days("palestine_gaza", {"report_source": ["mohtel", "gmotel", "un", "unocha", "missing"]}, FIRST),
        "west_bank.json": _format_days("palestine_west_bank", {"flash_source": ["un", "fill"]}, FIRST),
        "lebanon.json": _format_days("palestine_lebanon", {"report_source": ["moph", "mohtel", "moph_lb", "un", "ocha", "who", "fill"]}, FIRST),
    },
    "ukraine": {name: (FEEDS / name).read_text(encoding="utf-8") for name in ("ukraine_personnel.json", "ukraine_correction.json")},
    "radford": {"radford.csv": (FEEDS / "radford.csv").read_text(encoding="utf-8")},
}  # fmt: skip


def _list_filled(row: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in row.items() if value is not None and value != "")


def _list_draft(profile: str, folder: Path) -> Iterator[str]:
    """Return one line per row of the draft tables of made-up files."""
    for name, text in FILES[profile].items():
        (folder / name).write_text(text, encoding="utf-8")
    dataset = get_dataset(profile)
    _, opened = open_files([folder / name for name in FILES[profile]], profile)
    files = [read_rows(file, dataset, None) for file in opened]
    for file in files:
        yield f"{file.page.table}: {file.frame.height} rows, published {file.page.published_on}, left out {dict(sorted(file.left_out.items()))}"
    for table, frame in build_draft(files, dataset)[0].items():
        for row in frame.select(pl.all().cast(pl.String)).sort(pl.all()).iter_rows(named=True):
            yield f"{table}: {_list_filled(row)}"


def _list_dataset(profile: str) -> Iterator[str]:
    """Return what a dataset brings besides its rows: actors, places, wars, and the columns that it needs or leaves out."""
    dataset = get_dataset(profile)
    yield f"publisher: {_list_filled(dict(dataset.publisher))}"
    yield f"beside: {dataset.beside}, not people: {dict(dataset.not_people)}"
    for kind, rows in (("actor", dataset.actors), ("place", dataset.locations), ("war", dataset.conflicts)):
        yield from (f"{kind}: {_list_filled(dict(row))}" for row in rows)
    for name, table in dataset.tables.items():
        columns = {"key": table.key, "needs": table.needs, "days": table.days, "aside": table.aside}
        yield f"{name}: {_list_filled(columns)}, duplicates {table.duplicate_rule}"
        yield from (f"{name} becomes: {column}" for column, _ in table.becomes)
        yield from (f"{name} leaves out: {column}" for column, _ in table.omitted)


def _list_profile(profile: Profile) -> Iterator[str]:
    for table in profile.tables:
        yield from (f"{table.name} {line}" for line in _list_table(table))


def _list_table(table: ProfileTable) -> Iterator[str]:
    """Return how a file is recognised and read."""
    yield f"needs {table.needs}, absent {table.absent}, file word {table.file_word!r}"
    yield f"missing {table.missing}, numbers {table.number_forms}, days {[form.shown for form in table.day_forms]}"
    yield f"core {table.core}"
    yield from (f"reads {alias!r} as {column!r}" for alias, column in sorted(table.aliases.items()))


def _compare(name: str, lines: list[str]) -> None:
    golden = GOLDEN / f"{name}.txt"
    if WRITE:
        golden.write_text("\n".join(lines) + "\n", encoding="utf-8")
    assert golden.read_text(encoding="utf-8").splitlines() == lines


@pytest.mark.parametrize("profile", IMPORTED)
def test_rows_become_the_drafts_that_people_have_read(profile: str, tmp_path: Path) -> None:
    _compare(f"{profile}-rows", list(_list_draft(profile, tmp_path)))


@pytest.mark.parametrize("profile", IMPORTED)
def test_a_dataset_brings_its_actors_places_and_wars(profile: str) -> None:
    _compare(f"{profile}-dataset", list(_list_dataset(profile)))


@pytest.mark.parametrize("profile", NAMES)
def test_a_profile_recognises_and_reads_its_tables(profile: str) -> None:
    _compare(f"{profile}-profile", list(_list_profile(get_profile(profile))))
