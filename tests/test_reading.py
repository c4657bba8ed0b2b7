"""Faults of form: each is found at its place, once, and all in one run."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seedbox import ACTORS, NAME, SOURCE, write_seedbox

from conflictdata.readers.records import RecordDraft
from conflictdata.readers.yaml import parse_yaml
from conflictdata.seeds import read_seeds


def list_found(draft: RecordDraft) -> list[tuple[str, int, int]]:
    return [(f.rule, f.place.line, f.place.column) for f in draft.findings if f.place]


def test_the_box_is_clean(tmp_path: Path) -> None:
    draft = read_seeds(write_seedbox(tmp_path))
    assert draft.findings == []
    assert {t: len(r) for t, r in draft.records.items() if r} == {
        "conflicts": 1, "actors": 7, "locations": 3, "aliases": 1, "sources": 1, "events": 1, "event_actors": 2,
        "event_sources": 1, "claims": 2, "claim_events": 1, "claim_perpetrators": 1, "figures": 8,
    }  # fmt: skip


def test_a_figure_knows_its_line_and_column(tmp_path: Path) -> None:
    draft = read_seeds(write_seedbox(tmp_path))
    officers = next(r for r in draft.records["figures"] if r.id.endswith("officers"))
    assert officers.cells["low"] == ("2", 23, 23)
    assert (officers.line, officers.column) == (23, 13)


BROKEN: dict[str, tuple[str | bytes, list[tuple[str, int, int]]]] = {
    "empty": (b"", [("file.empty", 0, 0)]),
    "blank": (b" \n\n", [("file.empty", 0, 0)]),
    "comment only": (b"# nothing\n", [("file.empty", 0, 0)]),
    "binary": (b"\x00\x01\x02PK\xff", [("file.binary", 0, 0)]),
    "latin-1": (SOURCE.replace("60 people", "60 âmes").encode("latin-1"), [("file.encoding", 16, 28)]),
    "byte-order mark": (b"\xef\xbb\xbf" + SOURCE.encode(), [("file.byte-order-mark", 1, 1)]),
    "Windows lines": (SOURCE.replace("\n", "\r\n").encode(), [("file.line-ending", 1, 0)]),
    "tab": (SOURCE.replace("    via: agency", "    via:\tagency"), [("file.tab", 10, 9)]),
    "tab as indent": (SOURCE.replace("    via: agency", "\tvia: agency"), [("file.tab", 10, 1)]),
    "override": (SOURCE.replace("at least 60 people", "at \u202eleast 60"), [("file.bidi", 16, 19)]),
    "control": (SOURCE.replace("at least 60 people", "at \x07least 60"), [("file.control-character", 16, 19)]),
    "two tabs": (
        SOURCE.replace(": agency", ":\tagency").replace(": syria", ":\tsyria"),
        [("file.tab", 10, 9), ("file.tab", 13, 14)],
    ),
    "duplicate key": (
        SOURCE.replace("    via: agency\n", "    via: agency\n    via: paper\n"),
        [("yaml.duplicate-key", 11, 5)],
    ),
    "duplicate figure": (
        SOURCE.replace("        rebels: 20\n", "        rebels: 20\n        rebels: 21\n"),
        [("yaml.duplicate-key", 20, 9)],
    ),
    "same name in two lists": (
        SOURCE.replace("      by party:", "      including: {rebels: 3}\n      by party:"),
        [("seed.duplicate-name", 20, 9)],
    ),
    "anchor": (SOURCE.replace("via: agency", "via: &a agency"), [("yaml.anchor", 10, 10)]),
    "alias bomb": ("a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n", [("yaml.anchor", 1, 4)]),
    "tag": (SOURCE.replace("via: agency", "via: !!str agency"), [("yaml.tag", 10, 10)]),
    "two documents": (SOURCE + "---\na: b\n", [("yaml.documents", 33, 1)]),
    "900 deep": ("a: " + "[" * 900 + "]" * 900 + "\n", [("yaml.depth", 1, 27)]),
    "1,000 deep in block": ("".join(" " * n + "a:\n" for n in range(1000)), [("yaml.depth", 25, 25)]),
    "no YAML": (SOURCE.replace("    via: agency", "    via: [agency"), [("yaml.syntax", 10, 10)]),
    "list for page": ("- a\n- b\n", [("seed.shape", 1, 1)]),
    "unknown key": (SOURCE.replace("    via:", "    vai:"), [("seed.unknown-key", 10, 5)]),
    "unknown page key": (SOURCE.replace("access:", "acess:"), [("seed.unknown-key", 5, 1)]),
    "missing claimant": (SOURCE.replace("    claimant: observatory\n    via", "    via"), [("seed.missing-key", 8, 3)]),
    "empty value": (SOURCE.replace("via: agency", "via:"), [("seed.empty-value", 10, 9)]),
    "claim without figures": (SOURCE[: SOURCE.index("    killed: {n: 8")], [("seed.no-figures", 24, 3)]),
    "claim number": (SOURCE.replace("  2:\n", "  two:\n"), [("seed.claim-number", 24, 3)]),
    "two windows": (SOURCE.replace("    since:", "    standing: 2024-06-02\n    since:"), [("seed.window", 11, 15)]),
    "no window": (SOURCE.replace("    since: 2024-05-01\n", ""), [("seed.window", 8, 3)]),
    "count 1e5": (SOURCE.replace("rebels: 20", "rebels: 1e5"), [("seed.quantity", 19, 17)]),
    "count -1": (SOURCE.replace("rebels: 20", "rebels: -1"), [("seed.quantity", 19, 17)]),
    "count 3.5": (SOURCE.replace("rebels: 20", "rebels: 3.5"), [("seed.quantity", 19, 17)]),
    "count NaN": (SOURCE.replace("rebels: 20", "rebels: NaN"), [("seed.quantity", 19, 17)]),
    "count 10^30": (SOURCE.replace("rebels: 20", "rebels: 1" + "0" * 30), [("seed.quantity", 19, 17)]),
    "name mistyped": (SOURCE.replace("rebels: 20", "rebles: 20"), [("seed.name", 19, 9)]),
    "who mistyped": (SOURCE.replace("who: civilians", "who: civilian"), [("seed.name", 31, 25)]),
    "unit mistyped": (SOURCE.replace("injured:", "injured (heads):"), [("seed.outcome", 32, 5)]),
    "outcome mistyped": (SOURCE.replace("    injured:", "    injurd:"), [("seed.unknown-key", 32, 5)]),
    "block for a word": (SOURCE.replace("via: agency", "via: {a: b}"), [("seed.shape", 10, 10)]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_fault_is_found_at_its_place_and_alone(name: str, tmp_path: Path) -> None:
    content, expected = BROKEN[name]
    assert list_found(read_seeds(write_seedbox(tmp_path, {NAME: content}))) == expected


def test_all_faults_of_a_file_at_once(tmp_path: Path) -> None:
    text = (
        SOURCE.replace("via: agency", "via:\tagency")
        .replace("rebels: 20", "rebels: 2O")
        .replace("about 20", "around 20")
    )
    rules = [rule for rule, _, _ in list_found(read_seeds(write_seedbox(tmp_path, {NAME: text})))]
    assert rules == ["file.tab", "seed.quantity", "seed.quantity"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    with (folder / NAME).open("wb") as handle:
        handle.truncate(100_000_000)
    assert list_found(read_seeds(folder)) == [("file.size", 0, 0)]


def test_the_file_must_be_named_as_a_source_is(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    (folder / NAME).rename(folder / "sources/war/Paper.yaml")
    assert list_found(read_seeds(folder)) == [("seed.file-name", 1, 0)]


def test_one_source_id_in_two_conflicts(tmp_path: Path) -> None:
    other = "sources/other/paper-2024-06-02.yaml"
    draft = read_seeds(write_seedbox(tmp_path, {other: SOURCE}))
    assert list_found(draft) == [("seed.duplicate-source", 0, 0)]
    assert "sources/other/paper-2024-06-02.yaml" in draft.findings[0].message


@pytest.mark.parametrize("table", ["actors", "locations", "aliases", "conflicts"])
def test_a_missing_reference_table_is_one_finding(table: str, tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    (folder / f"reference/{table}.csv").unlink()
    assert list_found(read_seeds(folder)) == [("seed.missing-table", 0, 0)]


TABLES: dict[str, tuple[str | bytes, list[tuple[str, int, int]]]] = {
    "byte-order mark": (b"\xef\xbb\xbf" + ACTORS.encode(), [("file.byte-order-mark", 1, 1)]),
    "Windows lines": (ACTORS.replace("\n", "\r\n"), [("file.line-ending", 1, 0)]),
    "too few cells": (
        ACTORS.replace("agency,A news agency,news_agency,,,,,,,", "agency,A news agency,news_agency"),
        [("csv.width", 2, 0)],
    ),
    "stray quote": (ACTORS.replace("A news agency", '"A news" agency'), [("csv.syntax", 2, 0)]),
    "unknown column": (ACTORS.replace(",note\n", ",notes\n", 1), [("seed.unknown-key", 1, 77)]),
    "column twice": (ACTORS.replace(",ucdp_id,", ",wikidata,", 1), [("csv.header", 1, 69)]),
}


@pytest.mark.parametrize("name", TABLES)
def test_each_fault_of_a_table_is_found_at_its_place(name: str, tmp_path: Path) -> None:
    content, expected = TABLES[name]
    draft = read_seeds(write_seedbox(tmp_path, {"reference/actors.csv": content}))
    assert [f for f in list_found(draft) if not f[0].startswith("seed.name")] == expected


def test_cells_after_quotes_and_line_breaks_keep_their_places(tmp_path: Path) -> None:
    text = 'location_id,name\ntown,"A ""big"" town, by\nthe river",x\nvillage,b\n'
    from conflictdata.readers.seed_csv import read_rows

    cells = list(read_rows(text))
    assert [(c.line, c.column) for c in cells[1]] == [(2, 1), (2, 6), (3, 12)]
    assert [(c.line, c.column) for c in cells[2]] == [(4, 1), (4, 9)]


@pytest.mark.slow
@given(data=st.binary(max_size=400))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_bytes_are_read_or_refused(data: bytes, tmp_path: Path) -> None:
    draft = read_seeds(write_seedbox(tmp_path, {NAME: data}))
    assert draft.findings


@given(
    st.recursive(
        st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    )
)
@settings(max_examples=200, deadline=None)
def test_any_tree_of_texts_is_parsed_without_a_fault_of_ours(tree: object) -> None:
    import json

    root, findings = parse_yaml(json.dumps(tree), "x.yaml")
    assert root is not None or findings
