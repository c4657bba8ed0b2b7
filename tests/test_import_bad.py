"""Import errors: each has a message and exit code 2, and changes nothing."""

import datetime as dt
import json
from pathlib import Path

import commands
import pytest
from import_results import FEEDS, find_rows, make_ged_row, read_files, run_import, write_csv
from privileges import obey_permissions

from conflictdata.findings import UsageError
from conflictdata.importer.run import import_files

TWO = (make_ged_row(1, deaths_a=1), make_ged_row(2, deaths_b=2, date_start="2020-03-02", date_end="2020-03-02"))


def run(*args, cwd=None):
    return commands.run("import", *args, cwd=cwd)


@pytest.fixture
def ged(tmp_path):
    return write_csv(tmp_path / "ged.csv", TWO)


@pytest.mark.slow
def test_the_command_says_what_it_did(ged, tmp_path):
    first = run("ucdp-ged", ged, "--out", tmp_path / "out", "--released", "2021-06-01")
    assert first.returncode == 0, first.stderr
    assert "2 claims are new, in " in first.stdout
    assert first.stdout.endswith(f"imported: {tmp_path / 'out'}\n")
    again = run("auto", ged, "--out", tmp_path / "out")
    assert (again.returncode, again.stdout) == (0, "")
    assert again.stderr == f"note: {ged} is in {tmp_path / 'out'} already\n"
    newer = write_csv(tmp_path / "newer.csv", (TWO[0] | {"best": "4", "deaths_a": "4", "high": "4", "low": "4"},))
    third = run("ucdp-ged", newer, "--out", tmp_path / "out", "--released", "2022-06-01", "--accept-removals")
    assert "1 revised, 1 retracted, in" in third.stdout


@pytest.mark.slow
def test_rows_that_are_left_out_are_reported_with_their_lines(tmp_path):
    bad = [
        TWO[0],
        TWO[1] | {"best": "x"},
        make_ged_row(3, deaths_a=1) | {"best": "7"},
        TWO[0],
        make_ged_row(4, latitude="95"),
    ]
    file = write_csv(tmp_path / "ged.csv", bad)
    done = run("ucdp-ged", file, "--out", tmp_path / "out")
    assert done.returncode == 1  # some rows are left out
    for line, result in (
        (3, "'x' in best is not a whole number"),
        (4, "= 1, but best is 7"),
        (5, "repeats an earlier one"),
        (6, "out of range"),
    ):
        assert any(f"ged.csv:{line}:" in text and result in text for text in done.stdout.splitlines()), (
            line,
            done.stdout,
        )
    assert (
        "4 rows left out: 1 cells.whole, 1 ucdp_ged.parts-sum-to-best, 1 cells.range, 1 ucdp_ged.id-unique"
        in done.stdout
    )
    assert len(find_rows(tmp_path / "out", "claims")) == 1
    package = json.loads((tmp_path / "out" / "datapackage.json").read_text(encoding="utf-8"))
    assert package["imported"]["files"][0]["left_out"] == 4


def list_broken_imports(folder):
    """Return the arguments and the words of the message, by name."""
    (folder / "ours.csv").write_text("figure_id,claim_id,low\na,b,1\n", encoding="utf-8")
    (folder / "cut.csv").write_bytes((folder / "ged.csv").read_bytes().rstrip() + b'\n3,"half')
    (folder / "empty.csv").write_text("", encoding="utf-8")
    (folder / "binary.csv").write_bytes(b"id,\x00\x01\x02\x03 \x05 \x06")
    (folder / "full").mkdir()
    (folder / "full" / "notes.txt").write_text("mine", encoding="utf-8")
    (folder / "equipment.json").write_text(
        '[{"date": "2022-02-25", "day": 2, "tank": 3, "APC": 4, "aircraft": 1}]', encoding="utf-8"
    )
    write_csv(
        folder / "poor.csv", [{c: TWO[0][c] for c in ("id", "date_start", "date_end", "side_a", "side_b", "low")}]
    )
    write_csv(folder / "unread.csv", [TWO[0] | {"best": "x"}])
    out = folder / "out"
    return {
        "no such file": (("ucdp-ged", folder / "no.csv", "--out", out), "does not exist"),
        "a folder": (("ucdp-ged", folder / "full", "--out", out), "is not a file"),
        "no such profile": (("ucdp", folder / "ged.csv", "--out", out), "Did you mean 'ucdp-ged'?"),
        "another dataset": (("acled", folder / "ged.csv", "--out", out), "is not a table of acled"),
        "none at all": (("auto", folder / "ours.csv", "--out", out), "is not a table of any dataset that is known"),
        "cut off": (("ucdp-ged", folder / "cut.csv", "--out", out), "a quoted cell does not end"),
        "empty": (("ucdp-ged", folder / "empty.csv", "--out", out), "the file is empty"),
        "binary": (("ucdp-ged", folder / "binary.csv", "--out", out), "binary"),
        "without a column": (("ucdp-ged", folder / "poor.csv", "--out", out), "cannot be imported without its column(s) type_of_violence, best"),
        "no row that can be read": (("ucdp-ged", folder / "unread.csv", "--out", out), "holds no row that can be read: 'x' in best"),
        "twice": (("ucdp-ged", folder / "ged.csv", folder / "ged.csv", "--out", out), "is given twice"),
        "two datasets": (("auto", folder / "ged.csv", FEEDS / "radford.csv", "--out", out), "of several datasets (radford, ucdp-ged)"),
        "no people": (("ukraine", folder / "equipment.json", "--out", out), "counts equipment, not people"),
        "corrections alone": (("ukraine", FEEDS / "ukraine_correction.json", "--out", out), "give it together with ukraine_personnel"),
        "released too early": (("ucdp-ged", folder / "ged.csv", "--out", out, "--released", "2019-01-01"), "which is after --released"),
        "out is full": (("ucdp-ged", folder / "ged.csv", "--out", folder / "full"), "is not empty and is not a data package"),
        "out is a file": (("ucdp-ged", folder / "ged.csv", "--out", folder / "ged.csv"), "is a file, not a folder"),
    }  # fmt: skip


@pytest.mark.parametrize(
    "case",
    ["no such file", "a folder", "no such profile", "another dataset", "none at all", "cut off", "empty", "binary", "without a column",
     "no row that can be read", "twice", "two datasets", "no people", "corrections alone", "released too early", "out is full",
     "out is a file"],
)  # fmt: skip
def test_bad_input_has_a_message_and_writes_nothing(case, ged, tmp_path):
    args, result = list_broken_imports(tmp_path)[case]
    before = read_files(tmp_path)
    options = {"released": dt.date(2019, 1, 1)} if "--released" in args else {}
    at = args.index("--out")
    with pytest.raises(UsageError) as raised:
        import_files(args[0], args[1:at], args[at + 1], **options)
    assert result in str(raised.value)
    assert read_files(tmp_path) == before


def test_the_command_ends_with_2_and_no_traceback(ged, tmp_path):
    for args, result in (
        (("acled", ged, "--out", tmp_path / "out"), "is not a table of acled"),
        (
            ("ucdp-ged", ged, "--out", tmp_path / "out", "--released", "June"),
            "--released June: write the day as 2025-06-30",
        ),
    ):
        done = run(*args)
        assert done.returncode == 2
        assert result in done.stderr
        assert "Traceback" not in done.stderr
        assert done.stdout == ""


@pytest.mark.slow
def test_a_package_of_another_dataset_or_of_ours_is_not_written_over(ged, tmp_path):
    out = tmp_path / "out"
    run_import("radford", out, FEEDS / "radford.csv")
    before = read_files(out)
    with pytest.raises(UsageError, match="is a data package of another name than conflictdata-import-ucdp-ged"):
        import_files("ucdp-ged", [ged], out)
    assert read_files(out) == before


@pytest.mark.slow
def test_a_package_that_was_changed_by_hand_is_not_built_upon(ged, tmp_path):
    out = tmp_path / "out"
    run_import("ucdp-ged", out, ged)
    claims = out / "csv" / "claims.csv"
    claims.write_text(claims.read_text(encoding="utf-8").replace("army", "navy"), encoding="utf-8")
    newer = write_csv(tmp_path / "newer.csv", TWO[:1])
    with pytest.raises(UsageError, match=r"claims\.csv is not as it was written"):
        import_files("ucdp-ged", [newer], out)


def test_a_folder_that_may_not_be_written(ged, tmp_path):
    (tmp_path / "locked").mkdir(mode=0o500)
    with pytest.raises(UsageError, match="cannot be written: permission denied"), obey_permissions():
        import_files("ucdp-ged", [ged], tmp_path / "locked" / "out")


@pytest.mark.slow
def test_a_folder_that_cannot_be(ged):
    with pytest.raises(UsageError, match="cannot be written"):
        import_files("ucdp-ged", [ged], Path("/proc/no/such"))


@pytest.mark.slow
def test_nothing_is_written_if_our_rules_find_an_error(tmp_path):
    days = [{"report_date": "2023-10-01", "report_source": "mohtel", "report_period": 24, "killed_cum": 3}]
    file = tmp_path / "gaza.json"
    file.write_text(json.dumps(days), encoding="utf-8")  # before the first day of the war
    done = run("palestine", file, "--out", tmp_path / "out")
    assert done.returncode == 1
    assert "not imported: there is an error, and nothing was written" in done.stderr
    assert "claims.window-in-order" in done.stdout
    assert not (tmp_path / "out").exists()
