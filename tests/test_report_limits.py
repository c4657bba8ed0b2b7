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
from import_results import FEEDS, make_ged_row
from seedbox import ACTORS, write_seedbox

from conflictdata import validate
from conflictdata.findings import Finding, Place, Report, Tally, UsageError
from conflictdata.readers.day_forms import ISO, OTHER, TIME, TWO_WAYS, OddCells
from conflictdata.readers.records import Cell, RecordDraft, ReleaseNote
from conflictdata.seeds.collections import ExplainedWarning
from conflictdata.validation import published_flags, second_reader
from conflictdata.validation.api import merge_reports
from conflictdata.validation.collections import _check_entry, _complete
from conflictdata.validation.day_columns import judge_days
from conflictdata.validation.misread_frames import explain_misread
from conflictdata.validation.not_evaluated import (
    describe_missing_columns,
    describe_missing_tables,
    describe_own_columns,
    find_core_gaps,
)
from conflictdata.validation.pipeline import read_seeds_target
from conflictdata.validation.second_reader import SecondOpinion, select_unreported
from conflictdata.validation.suppression import Suppressor
from conflictdata.validation.table_files import is_table_folder
from conflictdata.validation.waivers import WaiverTexts, apply_waivers


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


def read_feed(name: str) -> pl.DataFrame:
    """Read a made-up file of another dataset as text."""
    return pl.read_csv(FEEDS / name, infer_schema=False)


def test_frames_of_other_datasets_are_checked_by_dataset() -> None:
    ged, acled = read_feed("ged.csv"), read_feed("acled.csv")
    alone = [validate(ged), validate(acled)]
    assert [report.counts for report in alone] == [{"ucdp_ged": ged.height}, {"acled": acled.height}]
    for profile in (None, "auto"):
        both = validate(ged, acled, profile=profile)
        assert both.counts == {"ucdp_ged": ged.height, "acled": acled.height}
        assert len(both.findings) == sum(len(report.findings) for report in alone)
        assert [note.split(",")[0] for note in both.notes if "rows of" in note] == [
            "ucdp_ged: ucdp-ged",
            "acled: acled",
        ]
    # A second frame of one table is checked by itself: its ids are no repetition.
    twice = validate(ged, ged)
    assert twice.counts == {"ucdp_ged": 2 * ged.height}
    assert len(twice.findings) == 2 * len(alone[0].findings)
    with pytest.raises(UsageError, match="is not a table of acled"):
        validate(ged, profile="acled")


def test_a_frame_with_a_name_may_lack_columns() -> None:
    actors = pl.read_csv(ACTORS.encode(), infer_schema=False).select("actor_id", "name", "kind")
    for report in (validate(actors, table="actors"), validate({"actors": actors})):
        assert report.counts == {"actors": actors.height}
    with pytest.raises(UsageError, match="the DataFrame is not a known table"):
        validate(actors)
    with pytest.raises(UsageError, match="there is no table 'actor'"):
        validate({"actor": pl.read_csv(ACTORS.encode(), infer_schema=False)})


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (["entity_kind", "entity_id", "x", "y"], "the columns of the DataFrame are those of no table that is known"),
        (["entity_kind", "entity_id", "alias", "x", "y"], "the DataFrame is not a known table. Nearest is aliases, but the frame lacks 'language' and has 'x', 'y' too"),
        (["x"], "the columns of the DataFrame are those of no table that is known"),
    ],
)  # fmt: skip
def test_the_nearest_table_of_ours_has_more_than_half_of_the_columns(columns: list[str], words: str) -> None:
    with pytest.raises(UsageError) as fault:
        validate(pl.DataFrame({name: ["a"] for name in columns}))
    assert str(fault.value).startswith(words)


def test_a_column_in_the_index_is_named_with_its_frame() -> None:
    indexed = read_feed("ged.csv").to_pandas().set_index("id")
    with pytest.raises(UsageError, match=r"^the DataFrame: id is the index"):
        validate(indexed, profile="ucdp-ged")
    with pytest.raises(UsageError, match=r"^events of 2020: id is the index"):
        validate({"events of 2020": indexed}, profile="ucdp-ged")


RECORDS = [{"id": "1", "best": "2"}, {"id": "2", "best": "3"}]


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"data": RECORDS, "count": [2, 2]}, "x is a page of an API: its column 'data' holds the records"),
        ({"count": [2, 2], "data": RECORDS}, "x is a page of an API: its column 'data' holds the records"),
        ({"data": [RECORDS, RECORDS]}, "x is a page of an API"),  # lists of records
        ({"data": [RECORDS, None]}, "x is a page of an API"),
        ({"data": [["a", "b"], ["c"]]}, ""),  # lists of texts
        ({"data": [RECORDS, ["a"]]}, ""),
        ({"data": [[], []]}, ""),
        ({"data": [{"a": "1"}, {"a": "2"}]}, ""),  # records of one field
        ({"data": [None, None]}, ""),
        ({"first": ["a", "b"], "second": ["c", "d"]}, ""),
        ({"id;best;low": ["1;2;3"]}, "x has one column, 'id;best;low': the cells of its file are separated by ';'"),
        ({"id,best,low": ["1,2,3"]}, "x has one column, 'id,best,low': the cells of its file are separated by ','"),
        ({"id;best": ["1;2"]}, ""),  # one sign separates nothing for sure
        ({"Deaths, by day": ["1"]}, "x has one column, 'Deaths, by day', and a table has several"),
        ({"sep=;": ["1;2"]}, "x has the line 'sep=;' for a header"),
        ({"deaths": ["1"]}, ""),
    ],
)
def test_a_frame_that_was_misread_is_recognised(columns: dict[str, Any], words: str) -> None:
    frame = pd.DataFrame({name: pd.Series(cells, dtype=object) for name, cells in columns.items()})
    found = explain_misread(frame, "x")
    assert found.startswith(words)
    assert bool(found) == bool(words)


@pytest.mark.parametrize(
    ("above", "empty", "words"),
    [
        (0, 0, "x has its header as its first row"),
        (2, 0, "x has its header as row 2"),
        (0, -1, "x has its header as its first row"),  # one empty cell fewer than names
        (0, 1, "x has numbers for names of columns"),  # not more names than empty cells: this is not taken for a header
    ],
)
def test_a_header_below_the_first_row_has_names_in_most_cells(above: int, empty: int, words: str) -> None:
    names = list(make_ged_row(1))
    wide = len(names) + (len(names) - 1 + (empty + 1) // 2 if empty else 0)
    rows = [["a title", *[None] * (wide - 1)] for _ in range(above)] + [[*names, *[None] * (wide - len(names))]]
    frame = pl.DataFrame(
        rows, schema=[f"column_{n}" for n in range(1, wide + 1)], orient="row", infer_schema_length=None
    )
    assert explain_misread(frame, "x").startswith(words)


def test_a_seed_file_outside_a_folder_of_seeds_and_options_for_tables_are_refused(tmp_path: Path) -> None:
    for suffix in (".yaml", ".yml"):
        page = tmp_path / f"page{suffix}"
        page.write_text("publisher: paper\n", encoding="utf-8")
        with pytest.raises(UsageError, match="lies in no folder of seeds"):
            validate(page)
    (tmp_path / "folder").mkdir()
    with pytest.raises(UsageError, match="is neither a folder of seeds"):
        validate(tmp_path / "folder")
    options: list[dict[str, Any]] = [{"engine": "duckdb"}, {"engine": "spark"}, {"memory": "2GB"}]
    for option in options:
        with pytest.raises(UsageError, match="are for tables"):
            validate(write_seedbox(tmp_path / "seeds"), **option)


PAGE = "paper-2024-06-02"


def explain_waiver(record: str, rule: str, *findings: Finding, incomplete: str = "") -> tuple[list[Finding], int]:
    """Return what is wrong with a waiver of tables with one figure, and how many findings it covers."""
    tables = {
        "figures": pl.DataFrame({"figure_id": [f"{PAGE}.1.killed"]}),
        "locations": pl.DataFrame({"location_id": ["town"]}),
        "claims": pl.DataFrame({"claim_id": [f"{PAGE}.1"]}),
    }
    rows = pl.DataFrame({"record_id": [record], "rule_id": [rule]})
    sheet: Any = SimpleNamespace(frame=rows, place=lambda row, columns: Place("waivers.yaml", row + 1))
    suppressor, report = Suppressor(None, []), Report(list(findings))
    suppressor.incomplete_tables |= {incomplete} - {""}
    apply_waivers(report, sheet, tables, suppressor)
    return [f for f in report.findings if f.rule.startswith("flags.")], len(report.waived)


@pytest.mark.parametrize(
    ("record", "rule", "incomplete", "found", "value"),
    [
        (f"{PAGE}.1.killed", "figures.round-number-exact", "", "flags.used", f"{PAGE}.1.killed"),
        (f"{PAGE}.1.killed", "figures.child-within-place", "", "flags.used", f"{PAGE}.1.killed"),
        (f"{PAGE}.1.killed", "figures.child-within-place", "events", "flags.used", f"{PAGE}.1.killed"),
        (f"{PAGE}.1.killed", "figures.child-within-place", "locations", "", ""),  # the rule needs that table
        (f"{PAGE}.1.killed", "figures.no-such-rule", "", "flags.rule-exists", "figures.no-such-rule"),
        (f"{PAGE}.1.injured", "figures.round-number-exact", "", "flags.record-exists", f"{PAGE}.1.injured"),
        (f"{PAGE}.1.killed", "figures.bounds-in-order", "", "flags.waivable", "figures.bounds-in-order"),
    ],
)
def test_a_waiver_that_covers_nothing_is_an_error_if_its_rule_could_be_evaluated(
    record: str, rule: str, incomplete: str, found: str, value: str
) -> None:
    faults, covered = explain_waiver(record, rule, incomplete=incomplete)
    assert covered == 0
    assert [(f.rule, f.value, f.record) for f in faults] == ([(found, value, f"{record}|{rule}")] if found else [])


def test_a_waiver_covers_the_findings_of_its_rule_on_its_record() -> None:
    record, rule = f"{PAGE}.1.killed", "figures.round-number-exact"
    findings = [Finding(rule, "warning", "a message", record=name) for name in (record, record, f"{record}.women")]
    assert explain_waiver(record, rule, *findings) == ([], 2)


@pytest.mark.parametrize(
    ("day", "is_day"),
    [("2024-07-01", True), ("soon", False), ("20240701", False), ("2024-02-30", False), ("1 July 2024", False)],
)
def test_a_collection_says_on_which_day_its_warnings_were_compared(day: str, is_day: bool) -> None:
    rule = "figures.round-number-exact"
    entry = ExplainedWarning(rule, 1, "The makers say so.", "", "maintainers", day, Place("recipe.yaml", 4))
    fault = _check_entry(entry, [Finding(rule, "warning", "a message")])
    assert (fault is None) == is_day
    if fault:
        assert (fault.rule, fault.message, fault.place) == ("cells.date", f"on is {day!r}, not a day", entry.place)


def test_a_register_that_lacks_columns_keeps_those_that_it_has() -> None:
    actors = pl.read_csv(ACTORS.encode(), infer_schema=False)
    whole = _complete("actors", actors)
    assert set(actors.columns) < set(whole.columns)
    assert whole.select(actors.columns).equals(actors)
    lacking = [name for name in whole.columns if name not in actors.columns]
    assert whole.select(pl.col(lacking).is_null().all()).row(0) == (True,) * len(lacking)
    with pytest.raises(pl.exceptions.ColumnNotFoundError):
        _complete("actors", actors.rename({"actor_id": "id"}))


def prepare_resource(folder: Path, **described: Any) -> tuple[dict[str, Any], SecondOpinion]:
    """Return a resource as frictionless gets it, and what is known before it reads."""
    (folder / "people.csv").write_text("id,name\na,Ann\n", encoding="utf-8")
    opinion = SecondOpinion(folder, "small")
    resource = {"name": "people", "path": "people.csv", **described}
    if "damaged" in resource:
        opinion.damaged = {(folder / resource.pop("damaged")).resolve()}
    prepared = second_reader._prepare_package(opinion, {"resources": [resource]})
    return next(iter(prepared["resources"]), {}), opinion


@pytest.mark.parametrize(
    "profile", [None, "tabular-data-resource", "data-resource", "https://example.org/p.json", "p.json"]
)
def test_a_profile_that_frictionless_would_have_to_fetch_is_left_out(profile: str | None, tmp_path: Path) -> None:
    described = {} if profile is None else {"profile": profile}
    resource, opinion = prepare_resource(tmp_path, **described)
    is_standard = profile is None or profile.endswith("-resource")
    assert resource.get("profile") == (profile if is_standard else None)
    assert [f.message for f in opinion.errors] == (
        [] if is_standard else [f"the profile {profile!r} is not a standard one and is not fetched"]
    )


@pytest.mark.parametrize(
    ("described", "reason"),
    [
        ({}, ""),
        ({"damaged": "other.csv"}, ""),
        ({"damaged": "people.csv"}, "damaged lines, see its errors"),
        ({"damaged": "people.csv", "format": "xlsx"}, "not a plain CSV file"),  # the first reason
        ({"path": "nobody.csv"}, "missing"),
        ({"path": "../people.csv"}, "outside the package"),
        ({"path": "https://example.org/people.csv"}, "a web address, which is not fetched"),
        ({"schema": "nowhere.json"}, "no schema"),
        ({"dialect": "nowhere.json"}, "no dialect"),
        ({"damaged": "people.csv", "schema": "nowhere.json"}, "damaged lines, see its errors"),
    ],
)
def test_a_second_reader_says_why_a_file_is_not_read(described: dict[str, Any], reason: str, tmp_path: Path) -> None:
    resource, opinion = prepare_resource(tmp_path, **described)
    assert opinion.skipped == ({"people": reason} if reason else {})
    assert bool(resource) == (not reason)
    assert bool(opinion.errors) == reason.startswith("no ")


@pytest.mark.parametrize(
    ("error", "line", "fields", "value"),
    [
        ({"row_number": 3, "field_name": "name", "cell": "Bo"}, 4, ("name",), "Bo"),
        ({"row_number": 3, "field_names": ["id", "name"], "field_cells": ["b", "Bo"]}, 4, ("id", "name"), "b"),
        ({"row_numbers": [1], "field_name": "name", "label": "nmae"}, 1, ("name",), "nmae"),  # of the header
        ({}, 0, (), ""),  # of the file
    ],
)
def test_an_error_of_the_second_reader_has_its_line_columns_and_text(
    error: dict[str, Any], line: int, fields: tuple[str, ...], value: str, tmp_path: Path
) -> None:
    (tmp_path / "people.csv").write_text('id,name\na,"Ann\nLee"\nb,Bo\n', encoding="utf-8")
    opinion = SecondOpinion(tmp_path, "small")
    second_reader._add_errors(opinion, "people", "people.csv", [SimpleNamespace(message="a message", **error)])
    (found,) = opinion.errors
    assert (found.place, found.fields, found.value) == (Place("small/people.csv", line), fields, value)
