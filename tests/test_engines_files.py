"""Large tables in all their forms.

Folders, patterns, compressed files, other types, memory, caps, a file of all findings, and profiles.
"""

from __future__ import annotations

import gzip
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import bigtable
import duckdb
import polars as pl
import pyarrow as pa
import pytest
from feed_files import HERE, REAL, needs_real, scan

from conflictdata import validate
from conflictdata.findings import Report, UsageError
from conflictdata.schema.columns import Constraint
from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan import api, duplicate_keys, run, sink
from conflictdata.validation.scan.base import ROW
from conflictdata.validation.scan.run import check_table
from conflictdata.validation.table_files import validate_files

EMBEDDED = ("polars", "duckdb", "pandas")


@pytest.fixture(scope="module")
def faulty() -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    return bigtable.add_faults(bigtable.make_rows(2_000))


def list_found(report: Report) -> list[tuple[str, str | None]]:
    return sorted((f.rule, f.record) for f in report.findings)


# --- where the files are


def _pack(path: Path, data: bytes) -> None:
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(data))
    else:
        with pa.CompressedOutputStream(str(path), "zstd") as out:
            out.write(data)


@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("packed", [".gz", ".zst"])
def test_a_packed_csv_is_read(
    packed: str, engine: str, tmp_path: Path, faulty: tuple[pl.DataFrame, list[tuple[str, str]]]
) -> None:
    path = tmp_path / f"made_up.csv{packed}"
    _pack(path, faulty[0].write_csv(float_scientific=False).encode())

    report = check_table([path], bigtable.PLAN, engine=engine)

    assert list_found(report) == faulty[1]
    assert {f.place.file for f in report.findings if f.place} == {str(path)}
    assert all(f.place and f.place.line and f.place.line > 1 for f in report.findings)


@pytest.mark.parametrize("damage", ["truncated", "other"])
def test_a_packed_file_that_is_damaged_is_refused(damage: str, tmp_path: Path) -> None:
    path = tmp_path / "made_up.csv.gz"
    whole = gzip.compress(bigtable.make_rows(500).write_csv().encode())
    path.write_bytes(whole[: len(whole) // 2] if damage == "truncated" else b"no gzip at all")

    with pytest.raises(UsageError, match=r"made_up\.csv\.gz cannot be unpacked"):
        check_table([path], bigtable.PLAN)


@pytest.mark.parametrize("engine", EMBEDDED)
def test_folders_give_a_column_and_keys_are_unique_over_all_files(engine: str, tmp_path: Path) -> None:
    frame = bigtable.make_rows(900).filter(pl.col("year") % 8 == 0)  # a few files
    years = frame["year"].unique().sort()
    for year in years:
        folder = tmp_path / f"year={year}"
        folder.mkdir()
        frame.filter(pl.col("year") == year).drop("year").write_parquet(folder / "part-0.parquet")
    first = frame.filter(pl.col("year") == years[0]).head(1)
    again = first.drop("year").with_columns(pl.lit(9_999).alias("high"))
    again.write_parquet(tmp_path / f"year={years[-1]}" / "part-1.parquet")

    report = check_table([tmp_path], bigtable.PLAN, engine=engine)

    twice = [f for f in report.findings if f.rule == "made_up.key-unique"]
    assert report.counts == {"made_up": frame.height + 1}
    assert [f.record for f in twice] == [str(first["id"][0])]
    assert f"year={years[0]}" in twice[0].message
    # The folder gives the year; the rule reports rows with days of another year.
    wrong = int(first["year"][0] != years[-1])
    assert len([f for f in report.findings if f.rule == "made_up.year-of-dates"]) == wrong


def test_a_pattern_and_a_list_of_files_are_one_table(
    tmp_path: Path, faulty: tuple[pl.DataFrame, list[tuple[str, str]]]
) -> None:
    frame, expected = faulty
    for number, block in enumerate(frame.iter_slices(700)):
        block.write_parquet(tmp_path / f"part-{number}.parquet")

    by_pattern = check_table([str(tmp_path / "part-*.parquet")], bigtable.PLAN)
    by_name = check_table([tmp_path / f"part-{n}.parquet" for n in range(3)], bigtable.PLAN)

    assert list_found(by_pattern) == list_found(by_name) == expected


@pytest.mark.parametrize("engine", EMBEDDED)
def test_columns_of_other_types_keep_their_meaning(engine: str, tmp_path: Path) -> None:
    """Integers as floats or text, and days as timestamps, are valid.

    A fraction of a person is not.
    """
    frame = bigtable.make_rows(50).with_columns(
        pl.col("best", "high").cast(pl.Float64), pl.col("low").cast(pl.String), pl.col("date_start").cast(pl.Datetime)
    )
    path = tmp_path / "made_up.parquet"
    frame.write_parquet(path)
    half = frame.with_columns(
        pl.when(pl.col("id") == 100_007).then(pl.col("best") + 0.5).otherwise("best").alias("best")
    )
    half.write_parquet(tmp_path / "half.parquet")

    assert check_table([path], bigtable.PLAN, engine=engine).findings == []
    (finding,) = check_table([tmp_path / "half.parquet"], bigtable.PLAN, engine=engine).findings
    assert (finding.rule, finding.record, finding.fields) == ("cells.whole", "100007", ("best",))


@pytest.mark.parametrize("address", ["s3a://bucket/ged.parquet", "https://example.org/ged.csv", "hdfs://name/ged/"])
@pytest.mark.parametrize("as_path", [False, True])
def test_an_address_is_refused_with_the_way_out(address: str, as_path: bool) -> None:
    with pytest.raises(UsageError, match="is an address; mount the store that it is in, or name a copy"):
        check_table([Path(address) if as_path else address], bigtable.PLAN)


# --- malformed lines

MALFORMED = {
    "too few": ("7,1999", "csv.width", "the row has 2 cells, and the header 3"),
    "too many": ("7,1999,x,y", "csv.width", "the row has 4 cells, and the header 3"),
    "an empty one too many": ("7,1999,x,", "csv.width", "the row has 4 cells, and the header 3"),
    "open quote": ('7,"1999,x', "csv.syntax", "a quoted cell does not end"),
    "stray quote": ('7,"19"99,x', "csv.syntax", "a quotation mark is inside a cell"),
    "no number": ("7,nineteen,x", "cells.whole", "'nineteen' in year is not a whole number"),
    "no utf-8": ("7,1999,éé\udcff", "file.encoding", "byte 0xff is not UTF-8"),
}
SMALL = Plan(
    "small",
    tuple(
        Constraint(name, kind, required, unique=False, description=f"{name}.", example="1")
        for name, kind, required in (("id", "count", True), ("year", "count", False), ("word", "prose", False))
    ),
    ("id",),
)


@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize(("line", "rule", "message"), MALFORMED.values(), ids=list(MALFORMED))
def test_a_malformed_line_is_a_finding_with_its_line_and_column_and_never_empty_cells(
    line: str, rule: str, message: str, engine: str, tmp_path: Path
) -> None:
    lines = [
        "id,year,word",
        *(f"{n},2000,fine" for n in range(100, 200)),
        line,
        *(f"{n},2000,fine" for n in range(300, 400)),
    ]
    path = tmp_path / "small.csv"
    path.write_bytes("\n".join(lines).encode("utf-8", "surrogateescape"))

    report = check_table([path], SMALL, engine=engine)

    (finding,) = report.findings
    assert (finding.rule, finding.place and finding.place.line) == (rule, 102)
    assert finding.place
    assert finding.place.column >= 1
    assert message in finding.message
    assert report.counts == {"small": 201 if rule.startswith("cells") else 200}


# --- memory


@pytest.mark.parametrize("key", ["id", "side_a"])
def test_keys_spilled_to_files_give_the_same_findings(
    key: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Integers and words.

    A file that is read again (after a malformed line) is not counted twice.
    """
    frame = bigtable.make_rows(5_000).with_columns((pl.lit("n") + pl.col("id").cast(pl.String)).alias("side_a"))
    columns = [pl.when(pl.int_range(pl.len()) % 977 == 5).then(pl.col(key).shift(3)).otherwise(key).alias(key)]
    path = tmp_path / "made_up.csv"
    lines = frame.with_columns(columns).write_csv(float_scientific=False).splitlines()
    lines.insert(4_000, "1,2,3")
    path.write_text("\n".join(lines), encoding="utf-8")
    plan = Plan(bigtable.TABLE, bigtable.COLUMNS, (key,))
    monkeypatch.setattr("conflictdata.validation.scan.polars._ROWS", 512)

    plenty = check_table([path], plan)
    spilled: list[int] = []
    spill = duplicate_keys.RowCodes._spill
    monkeypatch.setattr(duplicate_keys.RowCodes, "_spill", lambda self: (spilled.append(1), spill(self))[1])
    little = check_table([path], plan, engine=_make_engine_with_room(600, tmp_path))

    assert spilled
    assert Counter(f.rule for f in plenty.findings) == {"made_up.key-unique": 6, "csv.width": 1}
    assert little.findings == plenty.findings
    assert little.evaluated == plenty.evaluated


def _make_engine_with_room(rows: int, work: Path) -> Any:
    from conflictdata.validation.scan.polars import PolarsEngine

    return PolarsEngine(memory=rows * duplicate_keys.BYTES_PER_CODE * duplicate_keys.MEMORY_SHARE, work=work)


def test_two_files_of_one_key_are_distinguished(tmp_path: Path) -> None:
    for name in ("a", "b"):
        bigtable.make_rows(30).write_csv(tmp_path / f"{name}.csv", float_scientific=False)

    report = check_table([tmp_path / "a.csv", tmp_path / "b.csv"], bigtable.PLAN)

    assert len(report.findings) == 30
    assert {(f.place.file, f.place.line) for f in report.findings if f.place} == {
        (str(tmp_path / "b.csv"), line) for line in range(2, 32)
    }
    assert f"the first is line 2 of {tmp_path / 'a.csv'}" in report.findings[0].message


@pytest.mark.parametrize(
    ("text", "expected"), [("2GB", 2 * 10**9), ("800 MB", 800 * 10**6), ("1.5g", 15 * 10**8), ("2GiB", 2 * 10**9)]
)
def test_a_size_is_read(text: str, expected: int) -> None:
    assert api.parse_size(text) == expected


def test_python_takes_a_size_in_words_too(tmp_path: Path) -> None:
    bigtable.make_rows(30).write_csv(tmp_path / "conflicts.csv", float_scientific=False)

    assert validate(tmp_path / "conflicts.csv", memory="2GB") == validate(tmp_path / "conflicts.csv", memory=2 * 10**9)
    with pytest.raises(UsageError, match="a size such as 2GB"):
        validate(tmp_path / "conflicts.csv", memory="much")


@pytest.mark.parametrize("text", ["", "2", "much", "-2GB", "1 XB", "100MB"])
def test_a_size_that_is_none_or_too_small_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--memory"):
        api.parse_size(text)


# --- many findings


@pytest.mark.parametrize("engine", EMBEDDED)
def test_findings_are_capped_in_the_report_and_counted_and_all_written(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sink, "MAX_KEPT", 20)
    monkeypatch.setattr(run, "LOCATE_BATCH", 50)
    frame = bigtable.make_rows(3_000).with_columns(pl.col("country_id") + 1_000, low=pl.col("high") + 1)
    path, out = tmp_path / "made_up.parquet", tmp_path / "out" / "findings.parquet"
    frame.write_parquet(path)

    report = check_table([path], bigtable.PLAN, engine=engine, findings=out)

    assert len(report.errors) == len(report.warnings) == 20
    assert report.unlisted == {"error": 2_980, "warning": 2_980}
    by_rule = duckdb.sql(f"SELECT rule, count(*), count(DISTINCT record) FROM '{out}' GROUP BY rule ORDER BY rule")
    assert by_rule.fetchall() == [
        ("made_up.country-id-resolves", 3_000, 3_000),
        ("made_up.low-not-above-best", 3_000, 3_000),
    ]


def test_a_file_of_findings_is_whole_or_not_there(tmp_path: Path) -> None:
    path, out = tmp_path / "made_up.parquet", tmp_path / "findings.parquet"
    bigtable.make_rows(500).write_parquet(path)
    broken = tmp_path / "broken.parquet"
    broken.write_bytes(path.read_bytes()[:200] + path.read_bytes()[400:])

    with pytest.raises(UsageError, match=r"broken\.parquet"):
        check_table([path, broken], bigtable.PLAN, findings=out)
    with pytest.raises(UsageError, match="is a folder"):
        check_table([path], bigtable.PLAN, findings=tmp_path)

    assert {p.name for p in tmp_path.iterdir()} == {"made_up.parquet", "broken.parquet"}


def test_names_too_many_for_a_list_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "made_up.parquet"
    bigtable.make_rows(300).with_columns(
        country_id=pl.when(pl.col("id") == 100_100).then(77_777).otherwise("country_id")
    ).write_parquet(path)
    monkeypatch.setattr("conflictdata.validation.scan.base.MAX_LISTED", 10)

    for engine in EMBEDDED:
        (finding,) = check_table([path], bigtable.PLAN, engine=engine).findings
        assert (finding.rule, finding.record) == ("made_up.country-id-resolves", "100100"), engine


def test_a_column_may_name_records_of_its_own_table(tmp_path: Path) -> None:
    path = tmp_path / "small.parquet"
    pl.DataFrame({"id": [1, 2, 3], "year": [None, 1, 9], "word": ["a", "b", "c"]}).write_parquet(path)
    plan = Plan("small", SMALL.columns, ("id",), references=(Reference("year", "record"),))

    for engine in EMBEDDED:
        (finding,) = check_table([path], plan, engine=engine).findings
        assert (finding.rule, finding.record, finding.value) == ("small.year-resolves", "3", "9"), engine


# --- profiles


def list_facts(report: Report) -> Counter[tuple[Any, ...]]:
    return Counter((f.rule, f.record, f.fields, f.message, f.place) for f in report.findings)


@pytest.mark.slow
@pytest.mark.parametrize("engine", EMBEDDED)
@pytest.mark.parametrize("name", ["ged.csv", "acled.csv", "radford.csv"])
def test_a_scan_finds_what_reading_into_memory_finds(name: str, engine: str) -> None:
    (read,) = validate_files([HERE / name])

    scanned = scan(HERE / name, engine=engine)

    assert list_facts(scanned) == list_facts(read)
    assert scanned.evaluated == read.evaluated


@pytest.mark.slow
@needs_real
@pytest.mark.parametrize("name", ["myanmar", "sample1000"])
def test_a_scan_of_a_real_file_finds_what_reading_it_finds(name: str) -> None:
    path = REAL / "ucdp_ged" / f"ged_{name}.csv"

    assert list_facts(scan(path)) == list_facts(validate_files([path])[0])


@pytest.mark.slow
@pytest.mark.parametrize("engine", EMBEDDED)
def test_duplicate_rows_are_found_over_all_files(engine: str, tmp_path: Path) -> None:
    """Also if a cell that they share is empty, and never by a hash alone."""
    frame = pl.read_csv(HERE / "ged.csv", infer_schema=False).head(5)
    other = frame.head(1).with_columns(pl.lit("77001").alias("id"))
    empty = frame.slice(1, 1).with_columns(pl.lit(None, pl.String).alias("source_article"))
    blocks = [
        pl.concat([frame, empty.with_columns(id=pl.lit("77002"))]),
        pl.concat([other, empty.with_columns(id=pl.lit("77003"))]),
    ]
    for number, block in enumerate(blocks):
        block.write_parquet(tmp_path / f"ged-{number}.parquet")

    report = scan(str(tmp_path / "*.parquet"), engine=engine)

    alike = [
        (f.record, f.place.file, f.message[:32])
        for f in report.findings
        if f.rule == "ucdp_ged.no-look-alike" and f.place
    ]
    assert alike == [
        ("77001", str(tmp_path / "ged-1.parquet"), f"event 77001 is like event {frame['id'][0]}: "[:32]),
        ("77003", str(tmp_path / "ged-1.parquet"), "event 77003 is like event 77002:"),
    ]
    tally = report.evaluated["ucdp_ged.no-look-alike"]
    assert (tally.valid, tally.invalid, tally.unknown) == (6, 2, 0)


def test_two_datasets_given_together_are_each_checked(tmp_path: Path) -> None:
    report = validate(HERE / "ged.csv", HERE / "acled.csv", engine="duckdb")

    assert {"ucdp_ged", "acled"} <= set(report.counts)


def test_the_scan_has_no_columns_of_ours_in_its_way(tmp_path: Path) -> None:
    """A file may have a column with the name of one that the engines add."""
    path = tmp_path / "made_up.parquet"
    bigtable.make_rows(3).with_columns(pl.lit(1).alias(ROW)).write_parquet(path)

    (finding,) = check_table([path], bigtable.PLAN).findings

    assert finding.rule == "seed.unknown-key"


# --- integers that the reader reads


@pytest.mark.sample(3)
@pytest.mark.parametrize("cell", ["012", "+5", " 5", "5 ", "-0", "1e3", "1_000", "٣", "9" * 19, "5.0"])
@pytest.mark.parametrize("balance", ["none", "a cell is missing", "a line is empty", "the last line does not end"])
def test_a_number_in_another_form_is_found_whatever_the_file_weighs(cell: str, balance: str, tmp_path: Path) -> None:
    """Also if another line is shorter by as many bytes as the number is longer."""
    rows = [f"{n},2000,fine" for n in range(100, 160)]
    rows[7] = f"107,{cell},fine"
    if balance == "a cell is missing":
        rows[30] = "130,2000"
    if balance == "a line is empty":
        rows[30] = ""
    path = tmp_path / "small.csv"
    path.write_text(
        "\n".join(["id,year,word", *rows]) + ("" if balance == "the last line does not end" else "\n"), encoding="utf-8"
    )

    quick, plain = check_table([path], SMALL), check_table([path], SMALL, engine="duckdb")

    assert quick.findings == plain.findings
    assert quick.evaluated == plain.evaluated
    assert [(f.place.line, f.fields) for f in quick.findings if f.place and f.fields] == [(9, ("year",))]


@pytest.mark.parametrize("last", [True, False])
def test_a_file_in_its_one_form_is_read_once(last: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = ["id,year,word", "1,0,fine", "2,-1999,", "30,,é", "400,123456789012345678,x"]
    path = tmp_path / "small.csv"
    path.write_bytes(("\n".join(rows) + "\n" * last).encode())
    monkeypatch.setattr(run._TableRun, "_check_records", lambda *_: pytest.fail("it was read twice"))

    assert check_table([path], SMALL).findings == []


def test_a_scan_loads_neither_pandas_nor_numpy_nor_libraries_on_top_of_them(tmp_path: Path) -> None:
    """Their imports would take as long as a million rows."""
    path = tmp_path / "small.csv"
    path.write_text("id,date_start,date_end,best,type_of_violence\n1,2024-01-01,2024-01-01,x,1\n", encoding="utf-8")
    code = (
        "import sys; from conflictdata.datasets import get_profile; from conflictdata.validation.plan import make_dataset_plan; "
        "import datetime as dt; from conflictdata.validation.scan.run import check_table; "
        "plan = make_dataset_plan(get_profile('ucdp-ged').tables[0], dt.date.today()); "
        f"report = check_table([{str(path)!r}], plan); "
        "print(len(report.findings), *(m for m in ('pandas', 'pandera', 'numpy', 'pyarrow') if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["2"]  # and that a main rule lacks its columns
