"""The limits of what a report says: sums of several reports, one and more rules or columns, and files too large to read twice."""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import is_dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import polars as pl
import pytest
from seedbox import ACTORS, write_seedbox

from conflictdata import validate
from conflictdata.findings import Finding, Place, Report, Tally, UsageError
from conflictdata.readers.day_forms import ISO, OTHER, TIME, TWO_WAYS, OddCells
from conflictdata.readers.records import Cell, RecordDraft, ReleaseNote
from conflictdata.validation import published_flags, second_reader
from conflictdata.validation.api import merge_reports
from conflictdata.validation.day_columns import judge_days
from conflictdata.validation.not_evaluated import (
    describe_missing_columns,
    describe_missing_tables,
    describe_own_columns,
    find_core_gaps,
)
from conflictdata.validation.pipeline import read_seeds_target
from conflictdata.validation.second_reader import select_unreported
from conflictdata.validation.table_files import is_table_folder
from conflictdata.validation.waivers import WaiverTexts


def make_report(number: int, **unlisted: int) -> Report:
    report = Report([Finding("file.tab", "error", str(number))], files=number, counts={"claims": number})
    report.evaluated = {"claims.key-unique": Tally(10 * number, number, 100 * number)}
    report.unlisted, report.not_evaluated = dict(unlisted), ["2 rules need the table claims", f"file {number}"]
    report.notes = [f"note {number}"]
    return report


def test_reports_of_several_tables_are_added_up() -> None:
    merged = merge_reports([make_report(1, warning=5), make_report(2, warning=7, error=1)])
    assert (merged.files, merged.counts, merged.unlisted) == (3, {"claims": 3}, {"warning": 12, "error": 1})
    assert merged.evaluated == {"claims.key-unique": Tally(30, 3, 300)}
    assert merged.not_evaluated == ["2 rules need the table claims", "file 1", "file 2"]
    assert (len(merged.findings), merged.notes) == (2, ["note 1", "note 2"])


def make_rule(*fields: str, requires: tuple[str, ...] = ()) -> Any:
    return SimpleNamespace(id=f"war.{'-'.join(fields)}", table="war", fields=fields, requires_tables=requires)


@pytest.mark.parametrize(
    ("rules", "line"),
    [
        ([("a", "b")], []),
        ([("a", "c")], ["1 rule needs the column c"]),
        ([("a", "c"), ("c",)], ["2 rules need the column c"]),
        ([("d", "c"), ("a",)], ["1 rule needs the columns d and c"]),
        ([("d",), ("c",), ("b",)], ["2 rules need one or more of the columns d and c"]),
        ([("d", "c", "e"), ("c",)], ["2 rules need one or more of the columns d, c and e"]),
    ],
)
def test_rules_that_lack_a_column_are_counted(rules: list[tuple[str, ...]], line: list[str]) -> None:
    assert describe_missing_columns([make_rule(*fields) for fields in rules], ["a", "b"]) == line


def test_rules_that_lack_a_table_are_those_of_the_tables_that_are_there() -> None:
    rules = [make_rule("a", requires=("peace",)), make_rule("b", requires=("war",)), make_rule("c")]
    assert describe_missing_tables(rules, ["war"]) == ["1 rule needs the table peace"]
    assert describe_missing_tables(rules, ["peace"]) == []
    assert describe_missing_tables(rules, ["war", "peace"]) == []


@pytest.mark.parametrize(
    ("core", "names", "words", "hint"),
    [
        ((), ["a"], "", ""),
        (("war.a",), ["a"], "", ""),
        (("war.b-c",), ["a", "b"], "no column c, so war.b-c was not evaluated", "Give the file with the columns that its makers publish."),
        (("war.b-c", "war.death_count"), ["a", "b"], "no columns c and death_count, so war.b-c and war.death_count were not evaluated",
         "Rename death_counts (for death_count), if that is what they hold."),
    ],
)  # fmt: skip
def test_a_file_that_lacks_the_columns_of_core_rules_gets_a_warning(
    core: tuple[str, ...], names: list[str], words: str, hint: str
) -> None:
    rules = [make_rule("a"), make_rule("b", "c"), make_rule("death_count")]
    found = find_core_gaps(rules, core, ["death_counts", "z"], names, "war.csv")
    assert [f.message.endswith(words) for f in found] == [True] * bool(words)
    assert [f.hint for f in found] == [hint] * bool(words)


def test_columns_that_a_dataset_does_not_have_are_named_up_to_eight() -> None:
    table: Any = SimpleNamespace(name="war", map_columns=lambda names: {"a": "a"})
    assert describe_own_columns(table, ["a", "", "column 3", "Unnamed: 4"], "war.csv") == []
    assert describe_own_columns(table, ["a", "x"], "war.csv") == [
        "war.csv: not checked: 1 column that is not of war: x"
    ]
    some = [f"x{n}" for n in range(8)]
    (line,) = describe_own_columns(table, some, "war.csv")
    assert line == f"war.csv: not checked: 8 columns that are not of war: {', '.join(some)}"
    (line,) = describe_own_columns(table, [*some, "y"], "war.csv")
    assert line.endswith("x7 and 1 more")


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (pl.DataFrame({"record_id": ["a"], "other": ["b"]}), "flags is not a table of flags"),
        (pl.DataFrame({"record_id": ["a"], "rule_id": [None]}), "flags is not a table of flags"),
        (pd.DataFrame([["a", "b", "c"]], columns=["record_id", "rule_id", "rule_id"]), "flags"),
        ("nothing.csv", "flags: 'nothing.csv' is neither a file nor a DataFrame"),
        (7, "flags: 7 is neither a file nor a DataFrame"),
    ],
)
def test_what_is_not_a_table_of_flags_is_refused_under_its_name(flags: Any, words: str) -> None:
    with pytest.raises(UsageError) as fault:
        published_flags._read_given(flags)
    assert str(fault.value).startswith(words)
    assert "record_id" not in str(fault.value).split()[0]


def test_flags_may_be_a_frame_a_file_or_none_at_all(tmp_path: Path) -> None:
    frame = pl.DataFrame({"record_id": ["a", "b"], "rule_id": ["claims.key-unique", None]})
    frame.write_csv(tmp_path / "flags.csv")
    given: list[Any] = [frame, frame.to_pandas(), tmp_path / "flags.csv", str(tmp_path / "flags.csv")]
    assert [set(published_flags._read_given(flags)) for flags in given] == [{("a", "claims.key-unique")}] * 4
    assert not published_flags._read_given(frame.clear())


def test_a_reference_table_with_a_fault_is_read_and_a_missing_one_is_not(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {"reference/actors.csv": ACTORS.replace("\n", "\r\n", 1)})
    (seeds / "reference/aliases.csv").unlink()
    target = read_seeds_target(seeds)
    assert {Path(f.place.file).name for f in target.findings if f.place} == {"actors.csv", "aliases.csv"}
    assert "actors" in target.sheets
    assert "aliases" not in target.sheets


@pytest.mark.parametrize(
    ("names", "is_table"),
    [
        (["a.csv", "b.csv"], True),
        (["a.csv", "README.md", "notes.txt", ".hidden", "_SUCCESS"], True),  # texts and hidden files are passed over
        (["a.csv", "picture.png"], False),
        (["day=1/a.csv", "day=2/a.csv"], True),
        (["day=1/a.csv", "other/a.csv"], False),
        (["README.md"], False),
        ([], False),
    ],
)
def test_a_folder_of_parts_is_a_table(names: list[str], is_table: bool, tmp_path: Path) -> None:
    folder = tmp_path / "table"
    folder.mkdir()
    for name in names:
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("a\n1\n", encoding="utf-8")
    assert is_table_folder(folder) is is_table


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("abc\n" * 4, ""),  # a header and three rows
        ("abc\n" * 5, "more than 3 rows"),
        ("abcdefghij\n", ""),
        ("abcdefghijk\n", "a line of more than 10 characters"),
        ("a\nabcdefghijk", "a line of more than 10 characters"),
        ("a\nabcdefghij", ""),
    ],
)
def test_a_second_reader_reads_no_file_that_is_too_large(
    text: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_reader, "MAX_ROWS", 3)
    monkeypatch.setattr(second_reader, "MAX_LINE", 10)
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert second_reader._find_excess(tmp_path / "a.csv") == reason


def test_a_line_over_two_blocks_is_one_line(tmp_path: Path) -> None:
    most = second_reader.MAX_LINE
    for length, reason in ((most, ""), (most + 1, "a line of more than 1,000,000 characters")):
        # The line begins in the first block of a mebibyte and ends in the second.
        (tmp_path / "a.csv").write_bytes(b"x" * 600_000 + b"\n" + b"y" * length + b"\n")
        assert second_reader._find_excess(tmp_path / "a.csv") == reason


@pytest.mark.parametrize(
    ("line", "fields", "known"),
    [
        (5, ("best",), True),
        (5, ("low", "best"), True),
        (5, ("low",), False),  # another column of the line
        (5, (), True),  # the whole line
        (6, ("best",), False),
        (1, ("low",), True),  # the header, of a file with an error
        (0, (), True),
    ],
)
def test_an_error_is_known_if_its_line_has_one_in_the_same_column(
    line: int, fields: tuple[str, ...], known: bool
) -> None:
    ours = [Finding("cells.whole", "error", "ours", fields=("best",), place=Place("a.csv", 5))]
    theirs = Finding("package.second-reader", "error", "theirs", fields=fields, place=Place("a.csv", line))
    elsewhere = Finding("package.second-reader", "error", "theirs", fields=fields, place=Place("b.csv", line))
    assert list(select_unreported([theirs, elsewhere], ours)) == [*([] if known else [theirs]), elsewhere]


@pytest.mark.parametrize(
    ("found", "filled", "is_whole", "is_single"),
    [
        ([(OTHER, 1, 0)], 1, True, False),  # the only cell
        ([(OTHER, 1, 0)], 2, False, True),  # half of the cells: a slip
        ([(OTHER, 1, 0)], 3, False, True),
        ([(OTHER, 1, 1)], 3, True, False),
        ([(OTHER, 1, 1)], 4, False, False),
        ([(OTHER, 1, 0), (TIME, 1, 0)], 3, True, False),
        ([(TWO_WAYS, 1, 0)], 100, True, False),  # nothing decides which of two days is meant
    ],
)
def test_a_column_of_days_is_not_read_if_most_cells_are_odd(
    found: list[tuple[str, int, int]], filled: int, is_whole: bool, is_single: bool
) -> None:
    odd = [OddCells(kind, tuple(range(rows)), "28/12/2022", more) for kind, rows, more in found]
    judged = judge_days(
        "day", odd, filled, forms=(ISO,), table="war", record="1", locate=lambda row: Place("war.csv", row + 2)
    )
    assert (judged.is_whole, judged.is_single) == (is_whole, is_single)
    assert (f"of {filled:,} cells" in judged.finding.message) == (filled > 1)


def test_a_frame_is_checked_as_the_table_that_its_columns_are_of_or_that_is_named() -> None:
    actors = pl.read_csv(ACTORS.encode(), infer_schema=False).with_columns(short_name=pl.lit(None, pl.String))
    for report in (validate(actors), validate(actors.to_pandas()), validate(actors, table="actors")):
        assert report.counts == {"actors": actors.height}


# Records that are filled step by step. All others are frozen: they are shared, and nothing may change them.
CHANGEABLE = {
    "Batch", "CellCount", "ChunkMap", "CollectionDraft", "CountRow", "FileGroup", "JoinedFile", "MappedTable", "OwnTableRun",
    "PageNumber", "ScanOptions", "ScannedFile", "ScannedTable", "SecondOpinion", "Sides", "Statement", "SumCell", "SummandFacts", "TableFile", "ValidationResult",
    "ValidationTarget", "Verdicts", "_TableRun",
}  # fmt: skip


def test_records_that_are_shared_cannot_be_changed() -> None:
    found = set()
    for package in ("rules", "datasets", "validation", "analysis", "seeds"):
        root = importlib.import_module(f"conflictdata.{package}")
        for module in pkgutil.walk_packages(root.__path__, f"{root.__name__}."):
            if "spark" in module.name:  # a library that need not be installed
                continue
            for thing in vars(importlib.import_module(module.name)).values():
                if is_dataclass(thing) and isinstance(thing, type) and thing.__module__.startswith(root.__name__):
                    found |= set() if thing.__dataclass_params__.frozen else {thing.__name__}  # type: ignore[attr-defined]
    assert found == CHANGEABLE


@pytest.mark.parametrize(
    ("version", "is_released", "is_due"),
    [
        ("1.1.9", True, False),  # its waivers did not say yet what they cover
        ("1.2.0", True, True),
        ("1.10.0", True, True),
        ("2.0.0", True, True),
        ("0.9.9", True, False),
        ("1.1.9", False, True),  # the seeds of today
        ("1.1", True, True),  # not a version, which another rule reports
        ("1.1.x", True, True),
        (None, True, True),
    ],
)
def test_waivers_of_the_first_versions_need_not_say_what_they_cover(
    version: str | None, is_released: bool, is_due: bool
) -> None:
    draft = RecordDraft(release=ReleaseNote(Cell(version), Cell("2024-07-01")) if version else None)
    assert WaiverTexts.read(draft, is_released=is_released).is_due is is_due
