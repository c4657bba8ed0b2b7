"""Damaged tables, files of others' datasets and zips: read, or refused in a sentence."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from feed_files import HERE
from fuzzing import count, count_lines, damage, damaged, fuzz
from hypothesis import given
from hypothesis import strategies as st
from seedbox import ACTORS, ALIASES, CONFLICTS, LOCATIONS

from conflictdata.findings import UsageError
from conflictdata.readers.seed_csv import read_table
from conflictdata.registry.archive import extract
from conflictdata.validation.api import validate

pytestmark = pytest.mark.slow
FIGURES = (
    "figure_id,claim_id,parent_id,relation,axis,outcome,unit,label,actor_id,person_status,role,sex,age,location_id,"
    "perpetrator_id,cause,period_start,period_end,printed,qualifier,low,best,high,share,population,population_detail,"
    "toll_id\npaper-2024-06-02.1.killed,paper-2024-06-02.1,,total,,killed,persons,,,civilian,,,,,,,,,,exact,8,8,8,,,,\n"
)
_DATASETS = {
    "ged.csv": "ucdp-ged", "acled.csv": "acled", "palestine_gaza.json": "palestine",
    "ukraine_personnel.json": "ukraine", "radford.csv": "radford",
}  # fmt: skip


@fuzz(350)
@given(
    content=damaged(ACTORS, ALIASES, CONFLICTS, LOCATIONS),
    table=st.sampled_from(["actors", "aliases", "conflicts", "locations"]),
)
def test_a_damaged_register_is_read_or_reported(content: bytes, table: str, tmp_path_factory) -> None:
    count("tables: register")
    file = tmp_path_factory.getbasetemp() / "table.csv"
    file.write_bytes(content)
    records, findings = read_table(file, "table.csv", table, ordered=True)
    lines = count_lines(content)
    assert records or findings or content.count(b"\n") <= 1 or not content.strip(b"\n")
    assert all(f.hint and f.place and 0 <= f.place.line <= lines for f in findings)


def check_file(content: bytes, name: str, folder: Path, profile: str | None = None) -> None:
    """Check that a file is judged, or refused in a line that names it."""
    file = folder / name
    file.write_bytes(content)
    try:
        report = validate(file, profile=profile)
    except UsageError as fault:
        assert str(fault)
    else:
        assert report.findings or report.evaluated or report.notes


@fuzz(60, heavy=True)
@given(
    content=damaged(CONFLICTS, FIGURES),
    name=st.sampled_from(["conflicts.csv", "figures.csv", "conflicts.json", "conflicts.csv.gz"]),
)
def test_a_damaged_table_is_judged_or_refused(content: bytes, name: str, tmp_path_factory) -> None:
    count("tables: file")
    check_file(content, name, tmp_path_factory.getbasetemp())


_PARQUET = io.BytesIO()
pl.DataFrame({"conflict_id": ["war"], "name": ["A war"], "date_start": ["2024-01-01"]}).write_parquet(_PARQUET)
_JSON = json.dumps([{"conflict_id": "war", "name": "A war", "date_start": "2024-01-01", "countries": "SYR"}])


@fuzz(40, heavy=True)
@given(
    content=damaged(_PARQUET.getvalue(), _JSON),
    name=st.sampled_from(["conflicts.parquet", "conflicts.json", "conflicts.ndjson"]),
)
def test_a_damaged_file_of_another_form_is_judged_or_refused(content: bytes, name: str, tmp_path_factory) -> None:
    count("tables: JSON and Parquet")
    check_file(content, name, tmp_path_factory.getbasetemp())


@fuzz(60, heavy=True)
@given(data=st.data(), name=st.sampled_from(sorted(_DATASETS)))
def test_a_damaged_dataset_is_judged_or_refused(data: st.DataObject, name: str, tmp_path_factory) -> None:
    count("datasets")
    content = data.draw(damaged((HERE / name).read_bytes()))
    check_file(content, name, tmp_path_factory.getbasetemp(), data.draw(st.sampled_from([_DATASETS[name], "auto"])))


def _make_zip() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for number in range(3):
            target.writestr(f"conflictdata-1.0.0/csv/table{number}.csv", CONFLICTS * (number + 1))
        target.writestr("conflictdata-1.0.0/datapackage.json", "{}")
    return packed.getvalue()


_ZIP = _make_zip()


@fuzz(150)
@given(data=st.data())
def test_a_damaged_zip_is_unpacked_inside_its_folder_or_refused(data: st.DataObject, tmp_path_factory) -> None:
    count("zips")
    flips = st.lists(st.tuples(st.just("flip"), st.floats(0, 1), st.floats(0, 1), st.just(b"")), min_size=1, max_size=4)
    content = data.draw(st.one_of(flips.map(lambda edits: damage(_ZIP, edits)), damaged(_ZIP)))
    folder = tmp_path_factory.mktemp("zip")
    (folder / "a.zip").write_bytes(content)
    (folder / "out").mkdir()
    try:
        extract(folder / "a.zip", folder / "out")
    except UsageError as fault:
        assert "a.zip" in str(fault)
    assert {path.name for path in folder.iterdir()} == {"a.zip", "out"}
