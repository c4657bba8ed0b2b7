"""The limits of the validator: what is counted, what is far from sorted, and what a broken file makes unreliable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from feed_files import HERE as FEEDS
from feed_files import list_facts, scan, validate_together
from import_results import make_ged_row, write_csv
from seedbox import ACTORS, write_seedbox

import conflictdata as cd
from conflictdata.datasets import get_profile
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.readers.records import Cell, Record, RecordDraft
from conflictdata.rules import load_rules
from conflictdata.validation import id_hints, table_files, table_sets
from conflictdata.validation.joined_files import JoinedFile
from conflictdata.validation.pipeline import (
    MIN_REPEATED,
    _merge_places,
    _merge_repeated,
    _RecordCheck,
    _select_records,
    read_seeds_target,
)
from conflictdata.validation.plan import make_dataset_plan, make_plan
from conflictdata.validation.scan import EMBEDDED, ScanOptions, duplicate_keys, own_tables, run, sink, strict_integers
from conflictdata.validation.scan.api import parse_size, validate_table
from conflictdata.validation.scan.base import PART, ROW, ReadError
from conflictdata.validation.scan.duplicate_keys import CODE, RowCodes
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.polars import PolarsEngine
from conflictdata.validation.scan.run import check_table
from conflictdata.validation.scan.verdicts import list_rows
from conflictdata.validation.suppression import Suppressor
from conflictdata.validation.table_files import TableFile, is_large, validate_files
from conflictdata.validation.whole_columns import CellCount

DAY = dt.date(2026, 6, 1)
PAGE = "paper-2024-06-02"
FILE = f"seeds/sources/war/{PAGE}.yaml"


@pytest.mark.parametrize(
    "codes",
    [
        [3, 1, 2, 5, 4],  # far from sorted, all different
        [3, 1, 2, 3, 1, 9],  # far from sorted
        [1, 2, 3, 4],
        [1, 2, 2, 3],  # next to each other
        [*range(200), 7, 200, 201],  # one of 200 is not larger than all before it
        [*range(200), 300, 250, 301, 302],  # one is smaller, and alone
        [*range(200), 199],
        [0, *range(200)],
        [5],
        [5, 5],
    ],
)
def test_codes_that_are_not_alone_are_found_in_any_order(codes: list[int]) -> None:
    series = pl.Series(codes, dtype=pl.UInt64)
    found = duplicate_keys._find_duplicates(series, pl.arange(len(codes), dtype=pl.UInt64, eager=True))
    alike = [row for row, code in enumerate(codes) if codes.count(code) > 1]
    assert found[ROW].to_list() == alike
    assert found[CODE].to_list() == [codes[row] for row in alike]


def count_verdicts(report: Report) -> dict[str, tuple[int, int, int]]:
    """Return per rule how many checks passed, failed and could not be decided."""
    return {rule: (t.valid, t.invalid, t.unknown) for rule, t in report.evaluated.items() if t.valid + t.invalid}


@pytest.mark.parametrize(
    ("file", "profile"), [("ged.csv", "ucdp-ged"), ("acled.csv", "acled"), ("radford.csv", "radford")]
)
def test_a_scan_counts_as_a_check_in_memory_does(file: str, profile: str) -> None:
    in_memory = count_verdicts(validate_together(FEEDS / file, profile=profile))
    assert any(invalid for _, invalid, _ in in_memory.values())
    scanned = count_verdicts(scan(FEEDS / file, profile=profile))
    assert {rule: scanned[rule] for rule in scanned if rule in in_memory} == {
        rule: in_memory[rule] for rule in in_memory if rule in scanned
    }


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_follows_from_an_unreadable_cell_is_unknown_in_a_scan(engine: str, tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text("id,best,high,low\n1,5,5,5\n2,x,3,4\n3,5,4,5\n4,5,4,5\n", encoding="utf-8")
    report = scan(file, profile="ucdp-ged", engine=engine)
    assert count_verdicts(report)["ucdp_ged.low-best-high"] == (1, 2, 1)


def make_draft() -> RecordDraft:
    """Return a page with claims at the lines 10 and 20, and an event."""
    draft = RecordDraft()
    for table, key, file, line in (
        ("sources", PAGE, FILE, 1),
        ("claims", f"{PAGE}.1", FILE, 10),
        ("claims", f"{PAGE}.2", FILE, 20),
        ("events", "2024-06-01-raid", "seeds/events/war.yaml", 1),
    ):
        (column,) = {"sources": ["source_id"], "claims": ["claim_id"], "events": ["event_id"]}[table]
        draft.add(Record(table, {column: Cell(key, line)}, file, line))
    return draft


def suppress(rule: str, file: str, line: int = 0, *, severity: str = "error") -> Suppressor:
    """Return what one finding of an earlier stage makes unreliable."""
    finding = Finding(rule, severity, "a message", place=Place(file, line))  # type: ignore[arg-type]
    return Suppressor(make_draft(), [finding])


@pytest.mark.parametrize(
    ("line", "claims", "sources"),
    [
        (9, set(), {PAGE}),  # above the first claim: the page
        (10, {f"{PAGE}.1"}, set()),  # its first line
        (19, {f"{PAGE}.1"}, set()),
        (20, {f"{PAGE}.2"}, set()),
        (99, {f"{PAGE}.2"}, set()),
    ],
)
def test_a_fault_belongs_to_the_claim_at_or_above_its_line(line: int, claims: set[str], sources: set[str]) -> None:
    found = suppress("seed.quantity", FILE, line)
    assert (found.claims, found.sources, found.incomplete_tables) == (claims, sources, {PAGE})


@pytest.mark.parametrize(
    ("file", "tables"),
    [
        ("seeds/sources/war/wire-2024-06-03.yml", {"wire-2024-06-03"}),
        ("seeds/sources/war/wire-2024-06-03.YAML", {"wire-2024-06-03"}),
        ("seeds/sources/war/wire-2024-06-03.txt", set()),  # not a page
        (f"seeds/sources/war/{PAGE}.yml", set()),  # the page is read from another file
        ("seeds/events/other.yml", {"events"}),
        ("seeds/events/war/raid.yaml", {"events"}),  # one folder too deep
        ("seeds/events/war/raids/raid.yaml", {"raid"}),
        ("events/sources/war/wire.yml", {"wire"}),  # a folder of that name far above
        ("events.yml", {"events"}),
    ],
)
def test_a_file_that_is_not_read_makes_its_page_or_the_events_incomplete(file: str, tables: set[str]) -> None:
    found = suppress("file.not-read", file)
    assert (found.incomplete_tables, found.sources, found.claims) == (tables, set(), set())


@pytest.mark.parametrize(
    ("rule", "file", "tables"),
    [
        ("file.tab", FILE, set()),  # its records are read all the same
        ("file.tab", "seeds/sources/war/wire.yaml", {"wire"}),  # no record: it has other faults
        ("file.tab", "seeds/reference/actors.csv", set()),
        ("file.tab", "seeds/events/war.yaml", set()),
        ("yaml.syntax", "seeds/events/war.yaml", {"events"}),
        ("yaml.syntax", "seeds/reference/actors.csv", {"actors"}),
        ("yaml.syntax", FILE, {PAGE}),
    ],
)
def test_a_harmless_fault_makes_a_file_unreliable_only_if_it_gave_no_record(
    rule: str, file: str, tables: set[str]
) -> None:
    assert suppress(rule, file).incomplete_tables == tables


def test_a_warning_and_a_finding_without_a_place_make_nothing_unreliable() -> None:
    assert not suppress("yaml.syntax", FILE, severity="warning").incomplete_tables
    assert not Suppressor(make_draft(), [Finding("yaml.syntax", "error", "a message")]).incomplete_tables


def test_records_of_a_broken_claim_page_or_file_are_unreliable() -> None:
    claim = suppress("seed.quantity", FILE, 20)
    assert claim.is_unreliable(f"{PAGE}.2")
    assert claim.is_unreliable(f"{PAGE}.2.killed.women")
    assert claim.is_unreliable(f"{PAGE}.1")  # its file lacks records
    assert not claim.is_unreliable("wire-2024-06-03.1.killed")
    claim.incomplete_tables.clear()
    assert not claim.is_unreliable(f"{PAGE}.1.killed")
    assert not claim.is_unreliable(f"{PAGE}.21")
    tree = Suppressor(None, [])
    tree.trees.add(f"{PAGE}.1")
    assert tree.is_unreliable(f"{PAGE}.1.killed")
    assert not tree.is_unreliable(f"{PAGE}.2.killed")


def test_a_warning_hides_no_error_and_an_error_hides_a_warning() -> None:
    for severity, hidden in (("error", True), ("warning", False)):
        found = Suppressor(None, [])
        found._note_cells(severity, "figures", f"{PAGE}.1.killed", ("best",))
        row = {"claim_id": f"{PAGE}.1"}
        assert found.is_suppressed(load_rules()["figures.count-is-possible"], f"{PAGE}.1.killed", row) is hidden
        assert found.is_suppressed(load_rules()["figures.round-number-exact"], f"{PAGE}.1.killed", row)
        assert not found.is_suppressed(load_rules()["figures.round-number-exact"], f"{PAGE}.1.injured", row)


def test_a_number_that_is_reported_once_is_not_reported_through_another() -> None:
    rule = load_rules()["figures.parts-cover-parent"]
    assert rule.affects == "number"
    found = Suppressor(None, [])
    found.bad_numbers.add(f"{PAGE}.1.killed.rebels")
    assert found._is_consequence(rule, {"at": f"{PAGE}.1.killed.rebels|{PAGE}.1.killed.army"})
    assert found._is_consequence(rule, {"likely_error": f"{PAGE}.1.killed.rebels"})
    assert not found._is_consequence(rule, {"at": f"{PAGE}.1.killed.army", "likely_error": ""})
    assert found._is_consequence(rule, {"follows": True})
    found.misnumbered[f"{PAGE}.1"].append(12)
    assert found._is_consequence(rule, {"missing": 12, "claim_id": f"{PAGE}.1"})
    assert not found._is_consequence(rule, {"missing": 13, "claim_id": f"{PAGE}.1"})
    assert not found._is_consequence(rule, {"missing": 12, "claim_id": f"{PAGE}.2"})
    assert not found._is_consequence(rule, {"missing": None, "claim_id": f"{PAGE}.1"})


def test_a_failure_of_a_claim_page_or_tree_that_is_unreliable_is_suppressed() -> None:
    rule, tree_rule = load_rules()["figures.round-number-exact"], load_rules()["claims.window-in-order"]
    record, row = f"{PAGE}.1.killed", {"claim_id": f"{PAGE}.1"}
    assert not Suppressor(None, []).is_suppressed(rule, record, row)
    of_claim, of_page, of_tree = (Suppressor(None, []) for _ in range(3))
    of_claim.claims.add(f"{PAGE}.1")
    of_page.sources.add(PAGE)
    of_tree.trees.add(f"{PAGE}.1")
    assert [s.is_suppressed(rule, record, row) for s in (of_claim, of_page, of_tree)] == [True, True, True]
    # A wrong tree says nothing of the claim itself, and a page nothing of records that name another one.
    assert not of_tree.is_suppressed(tree_rule, f"{PAGE}.1", row)
    assert not of_page.is_suppressed(tree_rule, f"{PAGE}.1", {**row, "source_id": "wire-2024-06-03"})
    assert not of_page.is_suppressed(rule, "wire-2024-06-03.1.killed", {"claim_id": "wire-2024-06-03.1"})


def test_rows_for_messages_have_no_year_0_and_no_zero_below_zero() -> None:
    days = pl.Series(["0000-12-31", "0001-01-01", None]).str.to_date("%Y-%m-%d")
    rows = list_rows(pl.DataFrame({"day": days, "degrees": [-0.0, -1.5, None], "count": [0, 1, None]}))
    assert [(row["day"], str(row["degrees"]), row["count"]) for row in rows] == [
        (None, "0.0", 0),
        (dt.date(1, 1, 1), "-1.5", 1),
        (None, "None", None),
    ]


def find_codes(*batches: tuple[int, list[int] | None]) -> list[tuple[int, int, int]]:
    """Return part, row and code of the rows that are not alone, of batches of parts; None: the part is forgotten."""
    codes = RowCodes("codes", None, None)
    for number, listed in batches:
        part: Any = SimpleNamespace(number=number)
        if listed is None:
            codes.forget(part)
        else:
            codes.add(part, pl.Series(listed, dtype=pl.UInt64))
    return sorted(codes.find_duplicate_codes().select(PART, ROW, CODE).rows())


def test_rows_of_several_files_and_batches_have_their_numbers() -> None:
    found = find_codes((3, [1, 2]), (3, [3, 1]), (5, [4, 2]), (5, [4]))
    assert found == [(3, 0, 1), (3, 1, 2), (3, 3, 1), (5, 0, 4), (5, 1, 2), (5, 2, 4)]


def test_what_a_file_gave_is_gone_if_it_is_read_again() -> None:
    for before in ([8, 9], [2, 9, 9], [9, 9, 2], [2], []):
        assert find_codes((3, [1, 2]), (5, before), (5, None), (5, [1, 7])) == [(3, 0, 1), (5, 0, 1)]
        assert find_codes((3, [1, 2]), (5, before), (5, None), (5, [7, 1])) == [(3, 0, 1), (5, 1, 1)]
    twice = find_codes((3, [1, 2]), (5, [2]), (5, None), (5, [2]), (5, None), (5, [1]))
    assert twice == [(3, 0, 1), (5, 0, 1)]
    # A file of which nothing was read is not the last one, and the one before it remains.
    assert find_codes((3, [1, 1]), (5, None), (5, [7])) == [(3, 0, 1), (3, 1, 1)]


@pytest.mark.parametrize(
    ("file", "line", "rule", "follows"),
    [
        ("a.csv", 8, "ucdp_ged.id-unique", True),
        ("a.csv", 7, "ucdp_ged.id-unique", False),  # the line itself
        ("a.csv", 6, "ucdp_ged.id-unique", False),
        ("b.csv", 8, "ucdp_ged.id-unique", False),
        ("a.csv", 8, "cells.date", False),
    ],
)
def test_rows_repeated_below_a_repeated_header_follow_from_it(file: str, line: int, rule: str, follows: bool) -> None:
    joined = JoinedFile(Finding("csv.header", "error", "the line repeats the header", place=Place("a.csv", 7)))
    finding = Finding(rule, "error", "a message", place=Place(file, line))
    assert joined.take([finding]) == ([] if follows else [finding])


def refer(number: int, *, rule: str = "claims.source-id-resolves", value: str = "x", line: int = 0) -> list[Finding]:
    """Return references to a missing record, at the lines from 1 or at one line."""
    return [
        Finding(rule, "error", "no such page", value=value, place=Place("a.yaml", line or n))
        for n in range(1, number + 1)
    ]


def test_many_references_to_one_missing_record_are_one_finding() -> None:
    others = [*refer(1, value="y"), *refer(1, rule="cells.date"), Finding("claims.source-id-resolves", "error", "z")]
    few = refer(MIN_REPEATED - 1)
    assert _merge_repeated([*few, *others]) == [*few, *others]
    merged = _merge_repeated([*reversed(refer(MIN_REPEATED)), *others])
    assert merged[:-1] == others
    assert (merged[-1].place, merged[-1].message) == (
        Place("a.yaml", 1),
        f"no such page; it is named in {MIN_REPEATED} places",
    )
    # A folder names the conflict of all its claims: two places are enough, twice the same one is not.
    conflict = "claims.conflict-id-resolves"
    assert len(_merge_repeated(refer(2, rule=conflict))) == 1
    assert len(_merge_repeated(refer(2, rule=conflict, line=4))) == 2


@pytest.mark.parametrize(
    ("column", "line", "file", "rule", "reported"),
    [
        (10, 4, "a.csv", "file.tab", True),  # the cell begins at 10 and has 3 characters, and its quotes
        (14, 4, "a.csv", "file.tab", True),
        (15, 4, "a.csv", "file.tab", False),
        (9, 4, "a.csv", "file.tab", False),
        (10, 5, "a.csv", "file.tab", False),
        (10, 4, "b.csv", "file.tab", False),
        (10, 4, "a.csv", "file.line-ending", False),
    ],
)
def test_a_character_is_reported_once(column: int, line: int, file: str, rule: str, reported: bool) -> None:
    findings = [Finding(rule, "error", "a message", place=Place(file, line, column)), Finding("file.tab", "error", "m")]
    check: Any = SimpleNamespace(_target=SimpleNamespace(findings=findings))
    assert _RecordCheck._is_character_reported(check, Place("a.csv", 4, 10), "abc") is reported


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (None, "x.csv is none of our tables, and the columns of x.csv are those of no dataset that is known"),
        ("auto", "the columns of x.csv are those of no dataset that is known"),
        ("acled", "x.csv is not a table of acled."),
    ],
)
def test_a_table_of_nobody_is_refused_with_what_was_tried(profile: str | None, words: str, tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text("colour,smell,taste\nred,rose,sour\n", encoding="utf-8")
    with pytest.raises(UsageError) as fault:
        cd.validate(tmp_path / "x.csv", profile=profile)
    message = str(fault.value).replace(f"{tmp_path.as_posix()}/", "")
    assert message.startswith(words)


def test_codes_that_do_not_fit_into_memory_are_found_in_files(tmp_path: Path) -> None:
    one, other = list(range(0, 3000, 2)), list(range(0, 3000, 3))
    codes = RowCodes("codes", duplicate_keys.MEMORY_SHARE * duplicate_keys.BYTES_PER_CODE * 100, tmp_path)
    for number, listed in ((0, one), (1, other[:500]), (1, other[500:])):
        part: Any = SimpleNamespace(number=number)
        codes.add(part, pl.Series(listed, dtype=pl.UInt64))
    found = sorted(codes.find_duplicate_codes().select(CODE, PART, ROW).rows())
    assert found == sorted(
        (code, part, listed.index(code)) for code in range(0, 3000, 6) for part, listed in ((0, one), (1, other))
    )
    assert len(list(tmp_path.iterdir())) == 64


@pytest.mark.parametrize(
    "numbers", [[5], [0, 9, 10, 99, 100], [-1, -9, -10, 7], [1 - 10**18, 10**18 - 1], [None, 3], [None]]
)
def test_the_digits_and_signs_of_counts_are_those_of_their_texts(numbers: list[int | None]) -> None:
    series = pl.Series(numbers, dtype=pl.Int64)
    assert strict_integers._digits(series) == sum(len(str(number)) for number in numbers if number is not None)


@pytest.mark.parametrize("number", [10**18, -(10**18)])
def test_counts_of_more_than_18_digits_are_read_another_way(number: int) -> None:
    with pytest.raises(ReadError, match="more than 18 digits"):
        strict_integers._digits(pl.Series([1, number], dtype=pl.Int64))


def test_a_column_that_core_rules_lack_is_looked_for_among_the_unknown_ones(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text("id,bestt,low,high,year\n1,5,5,5,2020\n", encoding="utf-8")
    for report in (validate_together(file, profile="ucdp-ged"), scan(file, profile="ucdp-ged")):
        (finding,) = (f for f in report.findings if f.rule == "feed.missing-column")
        assert finding.hint.startswith("Rename bestt (for best), if")


@pytest.mark.parametrize(
    ("matched", "id_", "name", "text", "is_name"),
    [
        ("name", "sana", "SANA", "sana", True),
        ("near", "sana", "SANA", "x", True),
        ("id", "sana", "sana", "sana", False),
        ("spelling", "sana", "sana", "Sana", False),  # another form of the id
        ("spelling", "sana", "Sana", "SANA", True),  # the name in other letters
        ("spelling", "sana", "Sána", "SANA", False),
    ],
)
def test_a_text_is_a_name_and_not_only_another_form_of_the_id(
    matched: str, id_: str, name: str, text: str, is_name: bool
) -> None:
    match: Any = SimpleNamespace(matched=matched, id=id_, text=name)
    assert id_hints._is_name(match, text) is is_name


@pytest.mark.parametrize(("rows", "files"), [(100, 0), (101, 64)])
def test_codes_go_to_files_when_they_need_more_than_their_share_of_the_memory(
    rows: int, files: int, tmp_path: Path
) -> None:
    codes = RowCodes("codes", duplicate_keys.MEMORY_SHARE * duplicate_keys.BYTES_PER_CODE * 100, tmp_path)
    part: Any = SimpleNamespace(number=0)
    codes.add(part, pl.Series(range(rows), dtype=pl.UInt64))
    assert len(list(tmp_path.iterdir())) == files


@pytest.mark.parametrize(
    ("memory", "rows"),
    [
        (None, 100_000),
        (256_000_000, 5_000),  # less than the process needs by itself
        (490_000_000, 5_000),
        (490_016_000, 5_002),  # 450 MB for the process, and 8,000 bytes per row
        (850_000_000, 50_000),
        (1_250_000_000, 100_000),
        (9_000_000_000, 100_000),
    ],
)
def test_a_chunk_has_as_many_rows_as_fit_into_the_memory(memory: int | None, rows: int) -> None:
    assert own_tables.choose_rows(memory) == rows


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("256MB", 256_000_000),
        ("0.256 g", 256_000_000),
        ("256000000", 256_000_000),
        (" 300000kB ", 300_000_000),
        ("2GiB", 2_000_000_000),
        ("1t", 10**12),
    ],
)
def test_a_size_of_memory_is_a_number_and_a_unit(text: str, size: int) -> None:
    assert parse_size(text) == size


@pytest.mark.parametrize("text", ["255.9MB", "255999999", "0", "much", "-2GB", "2GB or more", ""])
def test_a_size_in_which_nothing_can_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="--memory"):
        parse_size(text)


@pytest.mark.parametrize(
    ("name", "own", "size"),
    [  # docs/large.md
        ("a.csv", "claims", 64_000_000),
        ("a.parquet", "claims", 32_000_000),
        ("a.csv", "", 32_000_000),
        ("a.parquet", "", 4_000_000),
    ],
)
def test_a_table_is_scanned_from_the_size_on_that_the_page_states(
    name: str, own: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = {"a": size, "b": size // 2}
    monkeypatch.setattr(table_files, "estimate_size", lambda path: sizes[path.stem])
    one, half = (TableFile(Path(name.replace("a.", f"{stem}.")), Path(), 0, own) for stem in "ab")
    assert is_large([one], None)
    assert is_large([half, half], None)
    assert not is_large([half], None)
    sizes["a"] -= 1
    assert not is_large([one], None)
    # With little memory, a twentieth of it; more memory changes nothing.
    assert [is_large([one], memory) for memory in (20 * (size - 1), 20 * size, 10**12)] == [True, False, False]
    assert not is_large([TableFile(Path("a.json"), Path(), 0, own)], 1)


def test_a_line_of_the_sources_that_is_not_a_record_puts_its_page_in_doubt() -> None:
    for table, cells, claims, sources in (
        ("sources", [PAGE, "paper"], set(), {PAGE}),
        ("claims", [f"{PAGE}.1", "", "paper"], {f"{PAGE}.1"}, set()),
        ("figures", [f"{PAGE}.1.killed", "x"], {f"{PAGE}.1"}, set()),
        ("actors", ["rebels", "The rebels"], set(), set()),
    ):
        found = Suppressor(None, [])
        found.add_malformed_line(table, cells)
        assert (found.claims, found.sources) == (claims, sources)
        assert found.all_keys == found.keys[table] == {cells[0]}
        assert found.intended_keys == set(cells) - {""}


def write_ged(path: Path, *changes: dict[str, Any]) -> Path:
    """Write a file of GED, one row per change; each of another place."""
    rows = [
        make_ged_row(n, **{"deaths_a": n, "adm_1": f"Province {n}", **cells})
        for n, cells in enumerate(changes, start=1)
    ]
    return write_csv(path, rows)


def assert_scan_agrees(path: Path, profile: str, engines: tuple[str, ...] = ("polars", "duckdb")) -> Report:
    """Assert that scans on some engines find what a check in memory finds, and count the same."""
    whole = cd.validate(path, profile=profile)
    known = {rule: (t.valid, t.invalid, t.unknown) for rule, t in whole.evaluated.items()}
    for engine in engines:
        found = scan(path, profile=profile, engine=engine)
        assert list_facts(found.findings) == list_facts(whole.findings)
        assert [f.place for f in found.findings] == [f.place for f in whole.findings]
        tallies = {rule: (t.valid, t.invalid, t.unknown) for rule, t in found.evaluated.items()}
        assert {rule: tallies[rule] for rule in tallies if rule in known} == {
            rule: known[rule] for rule in tallies if rule in known
        }
    return whole


def test_cells_of_a_parquet_file_in_other_forms_are_read_in_a_scan_too(tmp_path: Path) -> None:
    rows = pl.DataFrame([make_ged_row(n, deaths_a=n, adm_1=f"Province {n}") for n in range(1, 5)])
    odd = rows.with_columns(best=pl.Series([" 1", "+2", "x", "4"]), adm_1=pl.Series(["North", " South ", "NA", None]))
    odd.write_parquet(tmp_path / "ged.parquet")
    report = assert_scan_agrees(tmp_path / "ged.parquet", "ucdp-ged")
    assert {f.rule for f in report.errors} == {"cells.whole"}


def test_a_day_of_a_parquet_file_may_be_a_time_at_midnight(tmp_path: Path) -> None:
    rows = pl.DataFrame(
        [
            make_ged_row(n, deaths_a=n, adm_1=f"Province {n}", date_start=day, date_end="2020-03-02")
            for n, day in enumerate(("2020-03-01", "2020-03-05", "2020-03-02"), start=1)
        ]
    )
    stamps = pl.col("date_start", "date_end").str.to_date().cast(pl.Datetime)
    rows.with_columns(stamps).write_parquet(tmp_path / "ged.parquet")
    report = assert_scan_agrees(tmp_path / "ged.parquet", "ucdp-ged")
    assert [(f.rule, f.record) for f in report.errors] == [("ucdp_ged.dates-in-order", "2")]


def test_a_column_from_the_name_of_a_folder_has_the_place_of_its_row(tmp_path: Path) -> None:
    (tmp_path / "year=2021").mkdir()
    write_ged(tmp_path / "year=2021/ged.csv", {}, {"date_start": "2021-03-01", "date_end": "2021-03-01"}, {})
    report = assert_scan_agrees(tmp_path, "ucdp-ged")
    found = [(f.record, f.place.line, f.place.column) for f in report.findings if f.place]
    assert found == [("1", 2, 1), ("3", 4, 1)]
    assert {f.rule for f in report.findings} == {"ucdp_ged.year-of-dates"}


def test_a_column_of_the_file_outranks_the_name_of_its_folder(tmp_path: Path) -> None:
    """Also where the file is copied, because it has a row that is not a record."""
    (tmp_path / "year=2021").mkdir()
    rows = [make_ged_row(n, deaths_a=n, adm_1=f"Province {n}") | {"year": "2020"} for n in (1, 2, 3)]
    total = dict.fromkeys(rows[0]) | {"id": "Total", "best": "6"}
    pl.DataFrame([*rows, total]).write_parquet(tmp_path / "year=2021/ged.parquet")
    report = assert_scan_agrees(tmp_path, "ucdp-ged")
    assert [(f.rule, f.place and f.place.row) for f in report.findings] == [("csv.width", 3)]


def write_acled(path: Path, *rows: dict[str, str]) -> Path:
    """Write a file of ACLED."""
    whole = [
        {"event_id_cnty": f"NOW{n}", "event_date": f"2022-12-{n:02}", "year": "2022", "event_type": "Riots",
         "sub_event_type": "Mob violence", "fatalities": "0", **row}
        for n, row in enumerate(rows, start=1)
    ]  # fmt: skip
    return write_csv(path, whole)


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("2022-12-07\u200b", "cells.hidden-character"),  # looks like a day, and is not in a form of days
        ("", "cells.required"),
        ("1822-12-07", "cells.range"),
    ],
)
def test_another_fault_in_a_column_of_odd_days_is_reported_too(cell: str, rule: str, tmp_path: Path) -> None:
    odd = [{"event_date": day} for day in ("10 Dec 22", "11 Dec 22", cell)]
    report = assert_scan_agrees(write_acled(tmp_path / "acled.csv", *[{}] * 6, *odd), "acled", ("polars",))
    assert {"feed.day-column", rule} <= {f.rule for f in report.errors}
    assert report.evaluated[rule].invalid == 1
    assert report.evaluated["cells.date"].invalid == 0


@pytest.mark.parametrize("column", ["fatalities", "sub_event_type", "event_date", "event_id_cnty", "year"])
def test_a_rule_says_nothing_of_rows_if_no_cell_of_its_column_is_read(column: str, tmp_path: Path) -> None:
    """Not even that a row passes, which one of its other columns may show."""
    rows = [{column: f"?{n % 3}"} for n in range(5)] + [{column: "\u200b?"}]
    rows[2] |= {"iso": "x", "geo_precision": "1"}
    report = assert_scan_agrees(
        write_acled(tmp_path / "acled.csv", *({"iso": "4", "geo_precision": "9"} | row for row in rows)), "acled"
    )
    about = [f for f in report.errors if f.fields[:1] == (column,)]
    assert len(about) == 1
    assert {f.record for f in report.errors if f.rule == "cells.pattern" and "iso" in f.fields} <= {"NOW3", "?2"}
    rule = report.evaluated.get("acled.peaceful-without-deaths")
    if column in ("fatalities", "sub_event_type"):
        assert rule is not None
        assert (rule.valid, rule.invalid, rule.unknown) == (0, 0, 6)


@pytest.mark.parametrize("lines", ["", "\n\n", ",,,\n"])
def test_a_table_without_rows_is_empty_whatever_its_columns_lack(lines: str, tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_text(f"id,best,low,high\n{lines}", encoding="utf-8")
    report = assert_scan_agrees(file, "ucdp-ged")
    assert {f.rule for f in report.findings} == {"feed.missing-column", "file.empty"}


@pytest.mark.parametrize(
    ("broken", "filled", "rule"),
    [
        (["1,096", "2,000", "12,345"], 100, "cells.whole"),  # one form
        (["1'096", "2 000", "12.345"], 100, "cells.whole"),  # signs between thousands
        (["1,096", "2,000"], 100, ""),  # two are slips
        (["1,096", "2,000", "x"], 100, ""),
        (["5 %", "6.5%", "7%"], 100, "cells.whole"),
        (["5 %", "6.5%", "1,096"], 100, ""),  # two forms
        (["unknown", "unknown", "unknown"], 100, "cells.whole"),
        (["n/a", "n/a", "-99"], 100, ""),
        (["a", "b", "c"], 100, ""),
        (["a", "b", "c"], 6, ""),  # half of the cells
        (["a", "b", "c"], 5, "cells.whole"),
        (["a", "b"], 2, ""),
    ],
)
@pytest.mark.parametrize("size", [1, 2, 100])
def test_a_column_is_not_read_if_most_cells_or_cells_of_one_form_break_a_rule(
    broken: list[str], filled: int, rule: str, size: int
) -> None:
    count, cells = CellCount(), [None, *["7"] * min(3, filled - len(broken)), *broken]
    cells += ["7"] * (filled + 1 - len(cells))
    for start in range(0, len(cells), size):
        block = pl.Series(cells[start : start + size], dtype=pl.String)
        judged = block.is_in(broken)
        count.add(block, pl.select(pl.when(judged).then(pl.lit("cells.whole"))).to_series())
    assert count.find_common_rule() == rule
    assert count.first["cells.whole"] == (cells.index(broken[0]), broken[0])
    assert count.describe("cells.whole") == f"{len(broken)} of {filled} cells"


@pytest.mark.parametrize("road", ["memory", "scan"])
@pytest.mark.parametrize(("released_on", "found"), [("2020-02-29", 1), ("2020-03-01", 0), (None, 0)])
def test_events_happen_up_to_the_day_that_is_given(
    road: str, released_on: str | None, found: int, tmp_path: Path
) -> None:
    day = dt.date.fromisoformat(released_on) if released_on else None
    path = write_ged(tmp_path / "ged.csv", {})
    if road == "memory":
        (report,) = validate_files([path], "ucdp-ged", released_on=day)
    else:
        files = table_files.find_table_files([path])
        table_files.identify_files(files, "ucdp-ged")
        report = validate_table(files, ScanOptions(), released_on=day)
    rules = [f.rule for f in report.errors]
    assert rules == ["ucdp_ged.day-not-in-future"] * found
    assert report.evaluated["ucdp_ged.day-not-in-future"].unknown == 0


def test_an_event_of_the_future_is_an_error_if_no_day_is_given(tmp_path: Path) -> None:
    days = [dt.date.today() + dt.timedelta(days=n) for n in (-1, 400)]
    path = write_ged(tmp_path / "ged.csv", *({"date_start": day, "date_end": day} for day in days))
    report = assert_scan_agrees(path, "ucdp-ged", ("polars",))
    assert [f.record for f in report.errors if f.rule == "ucdp_ged.day-not-in-future"] == ["2"]


def figure(number: int, location: str | None, *, parent: str | None = "p", relation: str = "part") -> dict[str, Any]:
    """Return a row of the figures of a claim."""
    row = {"figure_id": f"{PAGE}.1.killed.f{number}", "claim_id": f"{PAGE}.1", "parent_id": parent}
    return row | {"location_id": location, "relation": relation}


@pytest.mark.parametrize(
    ("others", "merged"),
    [
        ([], True),  # both parts with a place lie outside that of the claim
        ([figure(3, None)], True),  # a part without a place
        ([figure(3, "syria", parent=None)], True),  # the total
        ([figure(3, "town", relation="additional")], True),
        ([figure(3, "town")], False),  # a part that lies inside
    ],
)
def test_places_of_all_parts_outside_the_claim_are_one_finding_on_the_claim(
    others: list[dict[str, Any]], merged: bool
) -> None:
    rows = [figure(1, "village"), figure(2, "syria"), *others]
    findings = [
        Finding("figures.child-within-place", "error", "a message", record=str(row["figure_id"])) for row in rows[:2]
    ]
    claims = pl.DataFrame({"location_id": ["town"]})
    checked: Any = {
        "claims": SimpleNamespace(
            values=claims,
            find_row=lambda record: 0 if record == f"{PAGE}.1" else None,
            place=lambda row, columns: Place("a.yaml", row + 1),
        ),
        "figures": SimpleNamespace(values=pl.DataFrame(rows, schema_overrides={"location_id": pl.String})),
    }
    found = _merge_places(findings, checked)
    assert [f.record for f in found] == ([f"{PAGE}.1"] if merged else [f.record for f in findings])
    assert _merge_places(findings[:1], checked) == findings[:1]


def test_records_are_selected_if_files_are_named_and_none_of_them_has_waivers(tmp_path: Path) -> None:
    waiver = f"record: {PAGE}.1.killed, rule: figures.round-number-exact, reason: It is so., by: paper, on: 2024-07-01"
    seeds = write_seedbox(tmp_path / "seeds", {"waivers.yaml": f"- {{{waiver}}}\n"})
    target = read_seeds_target(seeds)
    names = {Path(name).name: name for name in target.draft.files} if target.draft else {}
    assert _select_records(target) is None
    for chosen, counts in (
        (["conflicts.csv"], {"conflicts": 1}),
        ([f"{PAGE}.yaml"], {"sources": 1, "claims": 2}),
        ([f"{PAGE}.yaml", "waivers.yaml"], None),
    ):
        target.only = frozenset(names[name] for name in chosen)
        selection = _select_records(target)
        assert (selection is None) == (counts is None)
        if selection and counts:
            assert {table: selection.counts[table] for table in counts} == counts
    target.draft = None
    assert _select_records(target) is None


WORDS = "is large and is checked by itself; check each table in a run with its own file"


def write_two_tables(folder: Path) -> tuple[Path, Path]:
    """Write a table of each of two datasets."""
    return write_ged(folder / "ged.csv", {}), write_acled(folder / "acled.csv", {"fatalities": "x"})


def test_several_tables_of_which_one_is_large_have_no_file_of_findings_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ged, acled = write_two_tables(tmp_path)
    (tmp_path / "note.csv").write_text("colour,smell,taste\nred,rose,sour\n", encoding="utf-8")
    seeds, out = write_seedbox(tmp_path / "seeds"), tmp_path / "findings.parquet"
    monkeypatch.setattr(table_sets, "is_large", lambda files, memory: files[0].path.name == "acled.csv")
    for paths in ([ged, acled], [acled, ged], [acled, tmp_path / "note.csv"], [acled, seeds]):
        with pytest.raises(UsageError) as fault:
            cd.validate(*paths, findings=out)
        name = str(fault.value).removeprefix("--findings: ").removesuffix(f" {WORDS}")
        assert Path(name).name == "acled.csv"
        assert not out.exists()


def test_a_large_table_alone_and_small_tables_together_have_a_file_of_findings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ged, acled = write_two_tables(tmp_path)
    seeds, out = write_seedbox(tmp_path / "seeds"), tmp_path / "findings.parquet"
    (tmp_path / "note.csv").write_text("colour,smell,taste\nred,rose,sour\n", encoding="utf-8")
    for paths in ([ged, acled], [acled, tmp_path / "note.csv"], [acled, seeds]):
        report = cd.validate(*paths, findings=out)
        assert pl.read_parquet(out)["rule"].to_list() == [f.rule for f in report.findings]
        assert "cells.whole" in {f.rule for f in report.findings}
        out.unlink()
    monkeypatch.setattr(table_sets, "is_large", lambda files, memory: files[0].path.name == "acled.csv")
    cd.validate(acled, findings=out)
    assert pl.read_parquet(out)["rule"].to_list() == ["cells.whole"]
    assert cd.validate(ged, acled).counts == {"ucdp_ged": 1, "acled": 1}


def assert_chunks_agree(path: Path, whole: Report) -> None:
    """Assert that a table of ours in chunks gives the report that it gives in memory."""
    for engine in EMBEDDED:
        found = check_table([path], make_plan(path.stem), engine=engine)
        assert [f.as_dict() for f in found.findings] == [f.as_dict() for f in whole.findings]
        assert found.evaluated == whole.evaluated
        assert found.counts == whole.counts
        assert found.notes == [note for note in whole.notes if "read with" in note]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_line_that_is_not_a_record_is_the_same_in_chunks_with_any_separator(separator: str, tmp_path: Path) -> None:
    lines = ACTORS.replace("guard,The guard", "guard,The guard,a cell too many").splitlines(keepends=True)
    # The guard is not a record, but it is the parent that is meant: of the patrol, not of the unit.
    lines += ["patrol,A patrol,armed_forces,SYR,guard,,,,,\n", "unit,A unit,armed_forces,SYR,nobody,,,,,\n"]
    path = tmp_path / "actors.csv"
    path.write_text("".join(lines).replace(",", separator), encoding="utf-8")
    whole = cd.validate(path)
    unresolved = [f.record for f in whole.errors if f.rule == "actors.parent-id-resolves"]
    assert unresolved == ["unit"]
    assert "csv.width" in {f.rule for f in whole.errors}
    assert_chunks_agree(path, whole)


def test_a_finding_of_a_scan_has_the_column_of_its_cell(tmp_path: Path) -> None:
    """Also where cells before it are empty or have letters of several bytes."""
    places = ("", "Província", "Nord", "É")
    path = write_ged(
        tmp_path / "ged.csv",
        *({"adm_1": place, "where_coordinates": "", "low": 9} for place in places),
        {"adm_1": "", "date_start": "2020-03-02"},
    )
    report = assert_scan_agrees(path, "ucdp-ged")
    lines = path.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    seen = set()
    for finding in report.findings:
        assert finding.place
        at = names.index(finding.fields[0])
        assert finding.place.column == len(",".join(lines[finding.place.line - 1].split(",")[:at])) + 2
        seen.add(finding.fields[0])
    assert {"date_start"} < seen


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    "odd",
    [
        "",
        "Total,6,6,6,2020\n",  # as many cells as the header has
        "Total,6\n",
        "id,best,low,high,year\n",  # the header again
        "4,1,1\n",
        "4,1,1,1,2020,9\n",
        '4,"1",1,1,2020\n',
        "4,1,1\0,1,2020\n",
        ",,,,\n",
    ],
)
def test_a_line_of_any_kind_is_the_same_in_a_scan(separator: str, odd: str, tmp_path: Path) -> None:
    rows = "".join(f"{n},{n},{n},{n},2020\n" for n in range(1, 4))
    more = "" if odd.startswith("Total") else "5,x,5,5,2020\n"
    text = f"id,best,low,high,year\n{rows}{odd}{more}".replace(",", separator)
    (tmp_path / "ged.csv").write_bytes(text.encode())
    report = assert_scan_agrees(tmp_path / "ged.csv", "ucdp-ged")
    broken = {f.rule for f in report.findings} - {"feed.missing-column", "cells.whole"}
    assert bool(broken) == (bool(odd) and '"' not in odd and not odd.startswith(",,"))


@pytest.mark.parametrize("odd", ["", "9,1,1\n", '"9",1,1,1,2020\n', "Total,6,6,6,2020\n"])
@pytest.mark.parametrize("cell", ["x", "7"])
def test_findings_that_do_not_all_wait_for_their_places_are_the_same(
    odd: str, cell: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of a file of which it is not known yet whether each line is a record have to wait."""
    rows = [f"{n},{n},{cell if n % 2 else n},{n},2020\n" for n in range(1, 15)]
    file = tmp_path / "ged.csv"
    file.write_text("".join(["id,best,low,high,year\n", *rows[:5], odd, *rows[5:]]), encoding="utf-8")
    expected = [f.as_dict() for f in scan(file, profile="ucdp-ged").findings]
    assert len(expected) >= (7 if cell == "x" else 3)
    monkeypatch.setattr(run, "LOCATE_BATCH", 2)
    for most in (1, 7):
        monkeypatch.setattr(run, "MAX_PENDING", most)
        for engine in ("polars", "duckdb"):
            assert [f.as_dict() for f in scan(file, profile="ucdp-ged", engine=engine).findings] == expected


@pytest.mark.parametrize("most", [3, 7])
def test_a_file_of_findings_has_those_that_a_report_leaves_out(
    most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_ged(tmp_path / "ged.csv", *[{"deaths_a": 1, "adm_1": "North"}] * 8, {"low": "x"}, {"low": "y"})
    monkeypatch.setattr(sink, "MAX_KEPT", most)
    for engine in ("polars", "duckdb"):
        out = tmp_path / f"{engine}-{most}.parquet"
        report = check_table(
            [path], make_dataset_plan(get_profile("ucdp-ged").tables[0], DAY), engine=engine, findings=out
        )
        rules = pl.read_parquet(out)["rule"].to_list()
        assert (rules.count("ucdp_ged.no-look-alike"), rules.count("cells.whole")) == (7, 2)
        assert (len(report.warnings), report.unlisted.get("warning", 0)) == (min(most, 7), 7 - min(most, 7))
        assert report.evaluated["ucdp_ged.no-look-alike"].invalid == 7


def test_a_table_of_ours_in_any_form_is_the_same_in_chunks(tmp_path: Path) -> None:
    path, actors = tmp_path / "actors.csv", ACTORS.replace("monitor", "spy")
    path.write_text(actors.replace(",", ";"), encoding="utf-8")  # a record on each line
    whole = cd.validate(path)
    assert {"csv.separator", "cells.term"} <= {f.rule for f in whole.errors}
    assert_chunks_agree(path, whole)
    pl.read_csv(actors.encode(), infer_schema=False).write_parquet(tmp_path / "actors.parquet")
    assert_chunks_agree(tmp_path / "actors.parquet", cd.validate(tmp_path / "actors.parquet"))
    # On each line as many commas as separators, though they separate nothing.
    path = tmp_path / "aliases.csv"
    names = ("The army, the guard, the police, all", "A, B, C, D", "One; two; three, four, five, six")
    lines = [f"actor;rebels;{name};en\n" for name in names]
    path.write_text("".join(["entity_kind;entity_id;alias;language\n", *lines]), encoding="utf-8")
    whole = cd.validate(path)
    assert "csv.width" in {f.rule for f in whole.errors}
    assert_chunks_agree(path, whole)


@pytest.mark.parametrize("separator", [",", ";"])
def test_the_cells_of_lines_that_are_not_records_are_those_of_these_lines(separator: str, tmp_path: Path) -> None:
    lines = ["id,name\n", "a,Ann\n", "b,Bo,x\r\n", "c,Cid\n", "\n", '"d",Di,\n', "e\n", "f,Flo\n"]
    texts = [line.replace(",", separator).encode() for line in lines]
    (tmp_path / "people.csv").write_bytes(b"".join(texts))
    starts = [sum(map(len, texts[:n])) for n in range(len(texts) + 1)]
    part: Any = SimpleNamespace(path=tmp_path / "people.csv", separator=separator)
    layout: Any = SimpleNamespace(spans=[(starts[n], starts[n + 1]) for n in (2, 4, 5, 6)])
    assert own_tables._read_malformed(part, layout) == [["b", "Bo", "x"], ["d", "Di", ""], ["e"]]


def test_a_file_that_an_engine_cannot_read_is_refused_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "actors.parquet"
    pl.read_csv(ACTORS.encode(), infer_schema=False).write_parquet(path, compression="uncompressed")
    content = bytearray(path.read_bytes())
    content[4:300] = b"\xff" * 296  # the columns in the footer can be read, and the cells cannot
    path.write_bytes(content)
    for engine in EMBEDDED:
        with pytest.raises(UsageError, match=r"cannot be read: \S") as fault:
            check_table([path], make_plan("actors"), engine=engine)
        assert "\n" not in str(fault.value)


def test_the_reason_why_polars_cannot_read_a_file_is_the_first_line_of_its_message() -> None:
    class Broken(PolarsEngine):
        def scan(self, part: Part) -> pl.LazyFrame:
            raise pl.exceptions.ComputeError("a page is damaged\n\nThis error occurred in a plan")

    part: Any = SimpleNamespace(number=0)
    with pytest.raises(ReadError, match=r"^a page is damaged$"):
        list(Broken().iterate_blocks(part, ["actor_id"]))


@pytest.mark.parametrize(("empty", "rule"), [(2, ""), (3, ""), (4, "cells.required")])
def test_a_column_that_is_empty_in_most_rows_is_one_finding(empty: int, rule: str) -> None:
    count, cells = CellCount(), ["a"] * 3 + [None] * empty
    judged = [None if cell else "cells.required" for cell in cells]
    count.add(pl.Series(cells, dtype=pl.String), pl.Series(judged, dtype=pl.String))
    assert count.find_common_rule() == rule
    assert count.first["cells.required"] == (3, "")
    assert count.describe("cells.required") == f"{empty} of {3 + empty} rows"


def test_the_first_cell_that_breaks_each_rule_is_kept() -> None:
    count = CellCount()
    for _ in range(2):
        cells, rules = ["7", "x", "y", "z"], [None, "cells.outer-space", "cells.whole", "cells.outer-space"]
        count.add(pl.Series(cells, dtype=pl.String), pl.Series(rules, dtype=pl.String))
    assert count.first == {"cells.outer-space": (1, "x"), "cells.whole": (2, "y")}
    assert count.broken == {"cells.outer-space": 4, "cells.whole": 2}
