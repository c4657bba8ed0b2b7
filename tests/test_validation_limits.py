"""The limits of the validator: what is counted, what is far from sorted, and what a broken file makes unreliable."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest
from feed_files import HERE as FEEDS
from feed_files import scan, validate_together

import conflictdata as cd
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.readers.records import Cell, Record, RecordDraft
from conflictdata.rules import load_rules
from conflictdata.validation import id_hints
from conflictdata.validation.joined_files import JoinedFile
from conflictdata.validation.pipeline import MIN_REPEATED, _merge_repeated, _RecordCheck
from conflictdata.validation.scan import duplicate_keys, strict_integers
from conflictdata.validation.scan.base import PART, ROW, ReadError
from conflictdata.validation.scan.duplicate_keys import CODE, RowCodes
from conflictdata.validation.scan.verdicts import list_rows
from conflictdata.validation.suppression import Suppressor

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


def find_codes(*batches: tuple[int, list[int]], forgotten: int | None = None) -> list[tuple[int, int, int]]:
    """Return part, row and code of the rows that are not alone, of batches of parts."""
    codes = RowCodes("codes", None, None)
    for number, listed in batches:
        part: Any = SimpleNamespace(number=number)
        if number == forgotten:
            codes.forget(part)
            forgotten = None
        codes.add(part, pl.Series(listed, dtype=pl.UInt64))
    return sorted(codes.find_duplicate_codes().select(PART, ROW, CODE).rows())


def test_rows_of_several_files_and_batches_have_their_numbers() -> None:
    found = find_codes((3, [1, 2]), (3, [3, 1]), (5, [4, 2]), (5, [4]))
    assert found == [(3, 0, 1), (3, 1, 2), (3, 3, 1), (5, 0, 4), (5, 1, 2), (5, 2, 4)]
    # The last file is read again: what it gave before is gone.
    assert find_codes((3, [1, 2]), (5, [2]), (5, [7, 1]), forgotten=5) == [(3, 0, 1), (3, 1, 2), (5, 0, 2), (5, 2, 1)]


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
