"""One slip gives one finding, and a warning never hides an error."""

from __future__ import annotations

from pathlib import Path

import pytest
from seedbox import CONFLICTS, EVENTS, NAME, SOURCE, write_seedbox

from conflictdata.rules import load_rules
from conflictdata.validation.api import validate
from conflictdata.validation.suppression import Suppressor

RULES = load_rules()


def list_errors(folder: Path, files: dict[str, str | bytes]) -> list[tuple[str, str, str]]:
    """Return rule, message and hint of each error in the made-up seeds with other files."""
    report = validate(write_seedbox(folder / "seeds", files))
    return [(f.rule, f.message, f.hint) for f in report.errors]


def test_an_emptied_register_is_one_finding(tmp_path: Path) -> None:
    ((rule, message, hint),) = list_errors(
        tmp_path, {"reference/conflicts.csv": CONFLICTS[: CONFLICTS.index("\n") + 1]}
    )
    assert (rule, message) == ("seed.missing-table", "conflicts has no rows")
    assert "git checkout" in hint


def test_seeds_without_pages_and_events_may_have_empty_registers(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {"reference/conflicts.csv": CONFLICTS[: CONFLICTS.index("\n") + 1]})
    for name in (NAME, "events/war.yaml"):
        (folder / name).unlink()
    assert "seed.missing-table" not in {f.rule for f in validate(folder).findings}


def test_many_references_to_a_page_that_was_renamed_are_one_finding(tmp_path: Path) -> None:
    blocks = [EVENTS.replace("2024-06-01-raid", f"2024-06-01-raid-{n}") for n in range(5)]
    page = SOURCE.replace("2024-06-01-raid", "2024-06-01-raid-0").replace("2024-06-02\n", "2024-06-03\n", 1)
    folder = write_seedbox(tmp_path / "seeds", {"events/war.yaml": "".join(blocks), NAME: SOURCE})
    (folder / NAME).rename(folder / NAME.replace("2024-06-02", "2024-06-03"))
    (folder / NAME.replace("2024-06-02", "2024-06-03")).write_text(page, encoding="utf-8")
    found = [f for f in validate(folder).errors if f.rule == "event_sources.source-id-resolves"]
    assert len(found) == 1
    assert "it is named in 5 places" in found[0].message
    assert found[0].place is not None
    assert found[0].place.file.endswith("events/war.yaml")


def test_the_events_of_a_file_that_is_named_after_no_conflict_are_one_finding(tmp_path: Path) -> None:
    second = EVENTS.replace("2024-06-01-raid", "2024-06-02-raid").replace("date: 2024-06-01", "date: 2024-06-02")
    folder = write_seedbox(tmp_path / "seeds", {"events/war.yaml": EVENTS + second})
    (folder / "events/war.yaml").rename(folder / "events/wra.yaml")
    found = [f for f in validate(folder).errors if f.rule == "events.conflict-id-resolves"]
    assert len(found) == 1
    assert found[0].message.endswith("; it is named in 2 places")


def test_two_slips_in_a_register_are_two_findings(tmp_path: Path) -> None:
    rows = "conflict_id,noun,actor_id\nwra,fighters,rebels\nwra,soldiers,rebels\n"
    errors = list_errors(tmp_path, {"reference/common_names.csv": rows})
    assert [rule for rule, *_ in errors if rule == "common_names.conflict-id-resolves"] == [
        "common_names.conflict-id-resolves"
    ] * 2


@pytest.mark.parametrize(("ending", "message"), [(",,", "2 columns have no name"), (",", "a column has no name")])
def test_columns_without_a_name_are_one_finding(ending: str, message: str, tmp_path: Path) -> None:
    table = CONFLICTS.replace("\n", f"{ending}\n")
    ((rule, found, hint),) = list_errors(tmp_path, {"reference/conflicts.csv": table})
    assert (rule, found) == ("csv.header", message)
    assert hint == "Delete the commas at the end of the header and of every row."


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_another_separator_is_one_finding(mark: str, tmp_path: Path) -> None:
    errors = list_errors(tmp_path, {"reference/conflicts.csv": CONFLICTS.replace(",", mark)})
    assert [rule for rule, *_ in errors if rule != "file.tab"] == ["csv.separator"]


def test_an_accent_apart_from_its_letter_is_one_finding(tmp_path: Path) -> None:
    page = SOURCE.replace("claimant: observatory", "claimant: observato\u0301ry", 1)
    assert [rule for rule, *_ in list_errors(tmp_path, {NAME: page})] == ["file.normal-form"]


def test_a_warning_hides_warnings_only() -> None:
    suppressor = Suppressor(None, [])
    row = {"claim_id": "paper-2024-06-02.1", "location_id": "town", "conflict_id": "war"}
    warning = RULES["claims.place-in-conflict"]
    assert warning.severity == "warning"
    suppressor._note_failure(warning, row)
    assert suppressor.is_suppressed(RULES["figures.has-toll"], "paper-2024-06-02.1.killed", row)
    error = RULES["claims.location-id-resolves"]
    assert error.severity == "error"
    assert not suppressor.is_suppressed(error, "paper-2024-06-02.1", row)


def test_an_error_hides_both() -> None:
    suppressor = Suppressor(None, [])
    row = {"claim_id": "paper-2024-06-02.1", "event_id": "2024-06-01-raid", "location_id": "town"}
    suppressor._note_failure(RULES["claim_events.place-fits"], row)
    assert suppressor.is_suppressed(RULES["figures.child-within-place"], "paper-2024-06-02.1.killed.x", row)
    assert suppressor.is_suppressed(RULES["figures.has-toll"], "paper-2024-06-02.1.killed", row)


@pytest.mark.parametrize(("places", "expected"), [("village: 4, syria: 6", 1), ("village: 4, town: 6", 0)])
def test_a_wrong_place_of_a_claim_is_one_finding_at_the_claim(places: str, expected: int, tmp_path: Path) -> None:
    page = (
        f"{SOURCE}  3:\n    claimant: observatory\n    during: 2024-06-01\n    as_of: 2024-06-01\n    location: town\n"
    )
    page += f"    killed: {{n: 10, by location: {{{places}}}}}\n"
    report = validate(write_seedbox(tmp_path / "seeds", {NAME: page}))
    found = [f for f in report.errors if f.rule == "figures.child-within-place"]
    assert len(found) == 1
    assert (found[0].table == "claims") == bool(expected)
    if expected:
        assert found[0].place is not None
        assert page.splitlines()[found[0].place.line - 1] == "    location: town"
        assert "all 2 figures of paper-2024-06-02.3" in found[0].message
