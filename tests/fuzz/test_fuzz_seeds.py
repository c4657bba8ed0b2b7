"""Damaged seeds: each is read, or reported at a place inside its file. Nothing breaks."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import choose, count, count_lines, damaged, fuzz, texts
from hypothesis import given
from seedbox import ALIASES, CONFLICTS, EVENTS, NAME, SOURCE, write_seedbox

from conflictdata.findings import Finding
from conflictdata.readers.records import RecordDraft
from conflictdata.seeds import read_reference
from conflictdata.seeds.events import EventReader
from conflictdata.seeds.ledgers import read_release, read_waivers
from conflictdata.seeds.quantity import NotAQuantity, parse_quantity
from conflictdata.seeds.reading import build_register, parse_tree
from conflictdata.seeds.sources import SourceReader
from conflictdata.validation.api import validate

pytestmark = pytest.mark.slow
SEEDS = Path(__file__).parents[2] / "seeds"
PAGES = choose(list((SEEDS / "sources").glob("*/*.yaml")), 60)
EVENT_FILES = choose(list((SEEDS / "events").glob("*.yaml")), 5)
WAIVERS = (SEEDS / "waivers.yaml").read_bytes()


@pytest.fixture(scope="module")
def register(tmp_path_factory: pytest.TempPathFactory):
    draft = RecordDraft()
    read_reference(write_seedbox(tmp_path_factory.mktemp("seeds")), draft)
    return build_register(draft)


def check_places(findings: list[Finding], content: bytes, file: str) -> None:
    """Check that each finding is inside the file and has a message and a hint."""
    lines = count_lines(content)
    for finding in findings:
        assert finding.message
        assert finding.hint
        assert finding.place is not None
        if finding.place.file == file:
            assert 0 <= finding.place.line <= lines


@fuzz(545)
@given(content=damaged(*PAGES, SOURCE))
def test_a_damaged_page_is_read_or_reported(content: bytes, register) -> None:
    count("seeds: page")
    draft = RecordDraft()
    tree = parse_tree(content, "page.yaml", draft.findings)
    SourceReader(draft, register).read(tree, "sources/war/paper-2024-06-02.yaml", "war")
    assert draft.findings or draft.records["sources"]
    check_places(draft.findings, content, "page.yaml")


@fuzz(150)
@given(content=damaged(*EVENT_FILES, EVENTS, WAIVERS, "version: 1.0.0\ndate: 2024-07-01\n"))
def test_a_damaged_file_of_events_or_ledger_is_read_or_reported(content: bytes) -> None:
    count("seeds: events and ledgers")
    for read in (
        lambda tree, draft: EventReader(draft).read(tree, "events/war.yaml", "war"),
        lambda tree, draft: read_waivers(tree, "waivers.yaml", draft),
        lambda tree, draft: read_release(tree, "release.yaml", draft),
    ):
        draft = RecordDraft()
        read(parse_tree(content, "file.yaml", draft.findings), draft)
        check_places(draft.findings, content, "file.yaml")


@fuzz(150)
@given(text=texts())
def test_a_quantity_is_read_or_refused(text: str) -> None:
    count("seeds: quantity")
    try:
        assert parse_quantity(text).qualifier
    except NotAQuantity as fault:
        assert "quantity" in str(fault) or "people" in str(fault) or "range" in str(fault) or "whole" in str(fault)


@fuzz(15, heavy=True)
@given(page=damaged(SOURCE), table=damaged(ALIASES, CONFLICTS), events=damaged(EVENTS))
def test_a_damaged_folder_is_checked_to_the_end(page: bytes, table: bytes, events: bytes, tmp_path_factory) -> None:
    count("seeds: folder")
    name = "aliases" if b"alias" in table else "conflicts"
    files = {NAME: page, f"reference/{name}.csv": table, "events/war.yaml": events}
    report = validate(write_seedbox(tmp_path_factory.mktemp("box") / "seeds", files))
    assert report.files
