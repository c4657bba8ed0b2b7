"""Made-up files to import, and the tables of the resulting package."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.importer.run import ImportResult, import_files

FEEDS = Path(__file__).parent / "data" / "feeds"

_GED = {
    "type_of_violence": "1", "conflict_new_id": "77", "conflict_name": "Sampleland: Government", "side_a_new_id": "11",
    "side_a": "Government of Sampleland", "side_b_new_id": "12", "side_b": "Made-up Front", "where_prec": "1",
    "where_coordinates": "Sometown", "adm_1": "North", "latitude": "35.5", "longitude": "36.5", "country": "Syria",
    "country_id": "652", "source_office": "Some Paper", "source_original": "army", "date_prec": "1",
    "date_start": "2020-03-01", "date_end": "2020-03-01", "deaths_a": "0", "deaths_b": "0", "deaths_civilians": "0",
    "deaths_unknown": "0", "low": "0", "best": "0", "high": "0",
}  # fmt: skip


def make_ged_row(number: int, **cells: Any) -> dict[str, str]:
    """Return a row of GED.

    By default, `best` is the sum of the deaths, and `low` and `high` equal `best`.
    """
    row = {"id": str(number), **_GED, **{name: str(value) for name, value in cells.items()}}
    if "best" not in cells:
        row["best"] = str(sum(int(row[c]) for c in ("deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown")))
    return row | {bound: row["best"] for bound in ("low", "high") if bound not in cells}


def write_csv(path: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write the rows as CSV."""
    listed = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(listed[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    path.write_text(out.getvalue(), encoding="utf-8")
    return path


def run_import(profile: str, out: Path, *files: Path, **options: Any) -> ImportResult:
    """Run an import that must succeed."""
    done = import_files(profile, files, out, **options)
    assert done.written, (done.notes, done.report and [f.message for f in done.report.errors])
    return done


def read_table(out: Path, name: str) -> pl.DataFrame:
    """Read a table of the package from its Parquet file."""
    return pl.read_parquet(out / "parquet" / f"{name}.parquet")


def find_rows(out: Path, name: str, **cells: Any) -> list[dict[str, Any]]:
    """Return the rows of a table that have these cells."""
    frame = read_table(out, name)
    for column, value in cells.items():
        frame = frame.filter(pl.col(column).eq_missing(pl.lit(value)))
    return frame.to_dicts()


def find_row(out: Path, name: str, **cells: Any) -> dict[str, Any]:
    """Return the only row that has these cells."""
    (found,) = find_rows(out, name, **cells)
    return found


def get_quantity(figure: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the quantity of a figure: qualifier, low, best, high."""
    return figure["qualifier"], figure["low"], figure["best"], figure["high"]


def read_tree(out: Path, claim_id: str) -> dict[str, tuple[Any, ...]]:
    """Return the quantity of each figure of a claim, by the end of its id."""
    return {f["figure_id"][len(claim_id) + 1 :]: get_quantity(f) for f in find_rows(out, "figures", claim_id=claim_id)}


def read_files(out: Path) -> dict[str, bytes]:
    """Return all files of a folder."""
    return {p.relative_to(out).as_posix(): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
