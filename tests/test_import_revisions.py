"""A newer file over an older import: revisions, deletions, unchanged records."""

import csv
import datetime as dt
import io
import json
import tempfile
from pathlib import Path

import polars as pl
import pytest
from depth import count_examples
from hypothesis import given, settings
from hypothesis import strategies as st
from import_results import (
    FEEDS,
    find_row,
    find_rows,
    make_ged_row,
    read_files,
    read_table,
    read_tree,
    run_import,
    write_csv,
)

import conflictdata as cd
from conflictdata import datasets
from conflictdata.datasets import get_dataset
from conflictdata.findings import UsageError
from conflictdata.importer import match as revising
from conflictdata.importer.draft import build_draft
from conflictdata.importer.merge import merge_tables
from conflictdata.importer.read import open_files, read_rows
from conflictdata.importer.run import import_files
from conflictdata.schema.columns import list_tables as names
from conflictdata.schema.columns import make_empty_frame
from conflictdata.validation.pipeline import validate_imported

OLD, NEW = dt.date(2021, 6, 1), dt.date(2022, 6, 1)
FIRST = (
    make_ged_row(1, deaths_a=1), make_ged_row(2, deaths_a=2, date_start="2020-03-02", date_end="2020-03-02"),
    make_ged_row(3, deaths_a=3, date_start="2020-03-03", date_end="2020-03-03"),
)  # fmt: skip
SECOND = (
    FIRST[0] | {"source_office": "Some Paper; Other Paper"},
    make_ged_row(2, deaths_a=2, deaths_civilians=3, high=9, date_start="2020-03-02", date_end="2020-03-02"),
    make_ged_row(4, deaths_b=4, date_start="2020-03-04", date_end="2020-03-04"),
)  # fmt: skip
FILE = "ged.csv, as of 2022-06-01"


def read_lines(out, name):
    """Return the lines of a CSV by their first cell."""
    text = (out / "csv" / f"{name}.csv").read_text(encoding="utf-8")
    return {line.split(",")[0]: line for line in text.splitlines()[1:]}


def change_bytes(given_rows):
    """Return the same rows in a file with different bytes."""
    return [r | {"source_office": "Another Paper"} for r in given_rows]


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return an import, the same after a newer file, and the result of the second."""
    folder = tmp_path_factory.mktemp("revisions")
    file = folder / "ged.csv"
    for out in ("before", "after"):
        run_import("ucdp-ged", folder / out, write_csv(file, FIRST), released=OLD)
    done = run_import("ucdp-ged", folder / "after", write_csv(file, SECOND), released=NEW, accept_removals=True)
    return folder / "before", folder / "after", done


@pytest.mark.slow
def test_what_is_counted(folders):
    assert folders[2].counts == {"new": 1, "revised": 1, "moved": 0, "same": 1, "gone": 1}


@pytest.mark.slow
def test_a_number_that_changed_is_a_revision_and_the_old_claim_stays(folders):
    before, after, _ = folders
    claim = find_row(after, "claims", claim_id="ucdp-2022-06-01.2")
    assert claim["supersedes"] == "ucdp-2021-06-01.2"
    assert claim["revision_reason"] == f"Revised by the source in {FILE}."
    assert read_tree(after, "ucdp-2022-06-01.2")["killed"] == ("range", 5, 5, 9)
    assert read_lines(after, "claims")["ucdp-2021-06-01.2"] == read_lines(before, "claims")["ucdp-2021-06-01.2"]
    old = find_rows(after, "casualties", claim_id="ucdp-2021-06-01.2")
    assert {r["superseded_by"] for r in old} == {"ucdp-2022-06-01.2"}


@pytest.mark.slow
def test_what_did_not_change_is_byte_for_byte_the_same(folders):
    before, after, _ = folders
    assert read_lines(after, "claims")["ucdp-2021-06-01.1"] == read_lines(before, "claims")["ucdp-2021-06-01.1"]
    old, new = read_lines(before, "figures"), read_lines(after, "figures")
    assert {k: new[k] for k in old} == old
    assert "ucdp-2022-06-01.1" not in read_lines(after, "claims")  # another source, the same number


def test_what_is_gone_is_kept_and_marked(folders):
    _, after, _ = folders
    claim = find_row(after, "claims", claim_id="ucdp-2021-06-01.3")
    assert (claim["status"], claim["revision_reason"]) == ("retracted", f"No longer in {FILE}.")
    assert find_row(after, "events", event_id="2020-03-03-ucdp-3")["status"] == "withdrawn"


def test_the_result_is_clean_and_says_what_it_was_made_from(folders):
    _, after, _ = folders
    assert cd.validate(after).ok
    package = json.loads((after / "datapackage.json").read_text(encoding="utf-8"))
    assert package["version"] == "1.1.0"
    assert [(f["published_on"], f["rows"]) for f in package["imported"]["files"]] == [
        ("2021-06-01", 3),
        ("2022-06-01", 3),
    ]
    assert {s["source_id"] for s in find_rows(after, "sources")} == {"ucdp-2021-06-01", "ucdp-2022-06-01"}


@pytest.mark.slow
def test_the_same_file_again_changes_nothing(folders, tmp_path):
    file = write_csv(tmp_path / "ged.csv", FIRST)
    run_import("ucdp-ged", tmp_path / "out", file)
    before = read_files(tmp_path / "out")
    again = import_files("ucdp-ged", [file], tmp_path / "out")
    assert (again.written, again.report) == (False, None)
    assert "already" in again.notes[0]
    assert read_files(tmp_path / "out") == before
    shuffled = import_files("ucdp-ged", [write_csv(tmp_path / "other.csv", reversed(FIRST))], tmp_path / "out")
    assert (shuffled.written, shuffled.counts["same"]) == (False, 3)
    assert read_files(tmp_path / "out") == before


@pytest.mark.slow
def test_an_event_with_another_day_is_another_event(tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_csv(tmp_path / "a.csv", FIRST), released=OLD)
    later = FIRST[2] | {"date_start": "2020-03-05", "date_end": "2020-03-05"}
    done = run_import("ucdp-ged", out, write_csv(tmp_path / "b.csv", [*FIRST[:2], later]), released=NEW)
    assert done.counts["moved"] == 1
    event = find_row(out, "events", event_id="2020-03-03-ucdp-3")
    assert (event["status"], event["merged_into"]) == ("merged", "2020-03-05-ucdp-3")
    old = find_row(out, "claims", claim_id="ucdp-2021-06-01.3")
    assert (old["status"], old["revision_reason"]) == (
        "retracted",
        "The source says it otherwise now: see ucdp-2022-06-01.3.",
    )
    third = run_import(
        "ucdp-ged", out, write_csv(tmp_path / "c.csv", change_bytes(FIRST)), released=dt.date(2023, 1, 1)
    )
    assert third.counts == {"new": 0, "revised": 0, "moved": 1, "same": 2, "gone": 0}
    assert find_row(out, "events", event_id="2020-03-03-ucdp-3")["status"] == "active"
    assert find_row(out, "events", event_id="2020-03-05-ucdp-3")["merged_into"] == "2020-03-03-ucdp-3"
    assert cd.validate(out).ok


@pytest.mark.slow
def test_what_comes_back_takes_the_place_of_what_was_taken_back(tmp_path):
    out = tmp_path / "out"
    for number, part in enumerate((FIRST, FIRST[:2], change_bytes(FIRST)), 1):
        file, day = write_csv(tmp_path / f"{number}.csv", part), dt.date(2020 + number, 1, 1)
        run_import("ucdp-ged", out, file, released=day, accept_removals=True)
    chain = {
        c["claim_id"]: (c["status"], c["supersedes"]) for c in find_rows(out, "claims") if c["claim_id"].endswith(".3")
    }
    assert chain == {"ucdp-2021-01-01.3": ("retracted", None), "ucdp-2023-01-01.3": ("active", "ucdp-2021-01-01.3")}
    assert cd.validate(out).ok


@pytest.mark.slow
def test_rows_that_cannot_be_read_are_not_gone(tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_csv(tmp_path / "a.csv", FIRST), released=OLD)
    broken = [FIRST[0], FIRST[1], FIRST[2] | {"best": "3x"}]
    done = import_files("ucdp-ged", [write_csv(tmp_path / "b.csv", broken)], out, released=NEW)
    assert (done.counts["gone"], done.written, done.rejected_count) == (0, False, 1)
    keyless = [FIRST[0] | {"deaths_a": "2", "best": "2", "low": "2", "high": "2"}, FIRST[2] | {"id": "x"}]
    done = run_import("ucdp-ged", out, write_csv(tmp_path / "c.csv", keyless), released=NEW)
    assert (done.counts["gone"], done.counts["revised"]) == (0, 1)
    assert "nothing is taken for gone" in done.notes[0]


@pytest.mark.slow
def test_a_part_takes_nothing_for_gone(tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_csv(tmp_path / "a.csv", FIRST[:1]))
    other = write_csv(tmp_path / "b.csv", FIRST[1:])
    with pytest.raises(UsageError, match="hold none of the 1 records"):
        import_files("ucdp-ged", [other], out)
    done = run_import("ucdp-ged", out, other, part=True)
    assert (done.counts["new"], done.counts["gone"]) == (2, 0)
    assert set(read_table(out, "claims")["status"]) == {"active"}


@pytest.mark.slow
def test_an_older_file_is_refused(tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, write_csv(tmp_path / "a.csv", FIRST), released=NEW)
    before = read_files(out)
    with pytest.raises(UsageError, match=r"is as of 2021-06-01, and .* holds ucdp_ged as of 2022-06-01"):
        import_files("ucdp-ged", [write_csv(tmp_path / "b.csv", SECOND)], out, released=OLD)
    assert read_files(out) == before


@pytest.mark.slow
def test_a_running_toll_grows_and_is_revised(tmp_path):
    out, days = tmp_path / "out", json.loads((FEEDS / "ukraine_personnel.json").read_text(encoding="utf-8"))
    correction = FEEDS / "ukraine_correction.json"
    run_import("ukraine", out, FEEDS / "ukraine_personnel.json", correction)
    days[2]["personnel"] = 299  # of the day that the correction of the 28th replaces
    newer = tmp_path / "newer.json"
    newer.write_text(json.dumps([*days, {"date": "2022-03-01", "day": 6, "personnel": 400}]), encoding="utf-8")
    done = run_import("ukraine", out, newer)
    assert done.counts == {"new": 1, "revised": 0, "moved": 1, "same": 3, "gone": 0}
    again = import_files("ukraine", [newer, correction], out)
    assert not again.written
    assert cd.validate(out).ok


# Properties, on made-up frames

DEATHS = st.tuples(*(st.integers(0, 9) for _ in range(4)), st.integers(-1, 3), st.integers(-1, 3))
RECORDS = st.dictionaries(st.integers(1, 7), DEATHS, min_size=1, max_size=6)


def make_records(records):
    found = []
    for number, (a, b, civilians, unknown, below, above) in records.items():
        best = a + b + civilians + unknown
        day = f"2020-03-{number:02d}"
        found.append(make_ged_row(
            number, deaths_a=a, deaths_b=b, deaths_civilians=civilians, deaths_unknown=unknown, low=max(0, best - below),
            high=max(0, best + above), date_start=day, date_end=day,
        ))  # fmt: skip
    return found


def run_step(old, records, day):
    """Run one import without validating and writing.

    Returns:
        The tables, and the relation of the claims to the old ones.
    """
    profile, ways_in = datasets.get_profile("ucdp-ged"), get_dataset("ucdp-ged")
    given_ = [
        r | {"source_office": f"Paper of {day}"} for r in make_records(records)
    ]  # no two releases have the same bytes
    with tempfile.TemporaryDirectory() as folder:
        _, (given_file,) = open_files([write_csv(Path(folder) / "ged.csv", given_)], "ucdp-ged")
        file = read_rows(given_file, ways_in, day)
    draft, _ = build_draft([file], ways_in)
    seen = revising.FileCoverage([file.page], file.rejected_keys, file.is_whole)
    match = revising.match_claims(draft, old, seen)
    return merge_tables(draft, old, seen, match, ways_in, profile), match


def list_current(tables):
    """Return best, low and high of the current claim, by record."""
    claims = tables["claims"]
    stands = claims.filter(
        (pl.col("status") == "active") & ~pl.col("claim_id").is_in(claims["supersedes"].drop_nulls().implode())
    )
    totals = tables["figures"].filter(pl.col("relation") == "total").join(stands, on="claim_id")
    return {int(f["claim_id"].rpartition(".")[2]): (f["best"], f["low"], f["high"]) for f in totals.to_dicts()}


def compute_expected(records):
    return {int(r["id"]): (int(r["best"]), int(r["low"]), int(r["high"])) for r in make_records(records)}


NOTHING = {name: make_empty_frame(name) for name in names()}


@pytest.mark.slow
@settings(max_examples=count_examples(3, 30), deadline=None)
@given(RECORDS, RECORDS, RECORDS)
def test_current_claims_are_those_of_the_newest_file(first, second, third):
    tables = NOTHING
    for number, records in enumerate((first, second, third)):
        old = tables
        tables, _ = run_step(old, records, dt.date(2021 + number, 1, 1))
        assert list_current(tables) == compute_expected(records)
        assert set(old["claims"]["claim_id"]) <= set(tables["claims"]["claim_id"])
        kept = tables["figures"].join(old["figures"].select("figure_id"), on="figure_id", how="semi")
        assert kept.sort("figure_id").equals(old["figures"].sort("figure_id"))
    report = validate_imported(tables, dt.date(2023, 1, 1), iter, 3)
    assert [f.message for f in report.errors] == []


@pytest.mark.slow
@settings(max_examples=count_examples(3, 30), deadline=None)
@given(RECORDS)
def test_the_same_rows_twice_are_the_same(records):
    tables, _ = run_step(NOTHING, records, OLD)
    again, match = run_step(tables, records, NEW)
    assert match.count("same") == len(records)
    for name, frame in tables.items():
        assert again[name].equals(frame), name


@pytest.mark.slow
@settings(max_examples=count_examples(3, 30), deadline=None)
@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(records, random):
    keys = list(records)
    random.shuffle(keys)
    tables, _ = run_step(NOTHING, records, OLD)
    other, _ = run_step(NOTHING, {k: records[k] for k in keys}, OLD)
    for name in ("claims", "figures", "events", "event_actors"):
        by = tables[name].columns[:2]
        assert tables[name].sort(by).equals(other[name].sort(by)), name


def test_the_helper_writes_what_it_is_given(tmp_path):
    text = write_csv(tmp_path / "x.csv", FIRST).read_text(encoding="utf-8")
    assert [r["id"] for r in csv.DictReader(io.StringIO(text))] == ["1", "2", "3"]
