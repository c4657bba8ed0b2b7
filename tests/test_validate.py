"""Stages, suppression and waivers: one fault gives one finding."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from seedbox import ACTORS, EVENTS, LOCATIONS, NAME, SOURCE, write_seedbox

from conflictdata.findings import Report, ValidationError
from conflictdata.release.publish import publish_seeds
from conflictdata.rules import load_rules as all_rules
from conflictdata.rules._helpers import BY_RELEASE
from conflictdata.validation.api import validate
from conflictdata.validation.evaluate import Engine
from conflictdata.validation.pipeline import read_seeds_target, validate_target

DAY = dt.date(2024, 7, 1)


def check_folder(folder: Path, engine: Engine = "polars") -> Report:
    return validate_target(read_seeds_target(folder), engine=engine, released_on=DAY).report


def list_rules(found: Report) -> list[str]:
    return [f.rule for f in found.findings]


CONTRADICTION = SOURCE.replace("rebels: 20", "rebels: 10")
WAIVER = """\
- rule: figures.parts-cover-parent
  record: paper-2024-06-02.1.killed
  found: 50 for at least 60
  reason: The page contradicts itself.
  note: 50 of 60.
  by: maintainers
  on: 2024-06-20
"""

# One fault each, with the only rule that reports it and its line. Consequences are not reported.
ONE_FAULT: dict[str, tuple[str, str, str, int]] = {
    "number not readable inside a list": (NAME, SOURCE.replace("rebels: 20", "rebels: 2O"), "seed.quantity", 19),
    "name of a part mistyped": (NAME, SOURCE.replace("rebels: 20", "rebles: 20"), "seed.name", 19),
    "start of the window not a day": (NAME, SOURCE.replace("since: 2024-05-01", "since: 2024-05-32"), "cells.date", 11),
    "day of publication not a day": (NAME, SOURCE.replace("published: 2024-06-02", "published: 2024-06-2"), "cells.date", 3),
    "claimant mistyped": (NAME, SOURCE.replace("claimant: observatory\n    via", "claimant: observatori\n    via"), "claims.claimant-id-resolves", 9),
    "key of an actor with a space": ("reference/actors.csv", ACTORS.replace("observatory,An", "observatory ,An"), "cells.outer-space", 5),
    "key of an actor with a capital": ("reference/actors.csv", ACTORS.replace("observatory,An", "Observatory,An"), "cells.pattern", 5),
    "kind of an actor with a capital": ("reference/actors.csv", ACTORS.replace(",monitor,", ",Monitor,"), "cells.term", 5),
    "formula in a cell": ("reference/actors.csv", ACTORS.replace("An observatory", "=1+1"), "cells.formula", 5),
    "latitude not a number": ("reference/locations.csv", LOCATIONS.replace("35.13", "35°8"), "cells.number", 3),
    "latitude out of range": ("reference/locations.csv", LOCATIONS.replace("35.13", "135.13"), "cells.range", 3),
    "type of an event mistyped": ("events/war.yaml", EVENTS.replace("attack_on_civilians", "attack"), "cells.term", 2),
    "day of publication another day": (NAME, SOURCE.replace("published: 2024-06-02", "published: 2024-06-03"), "sources.id-is-page", 3),
    "a key twice": (NAME, SOURCE.replace("        rebels: 20\n", "        rebels: 20\n        rebels: 2\n"), "yaml.duplicate-key", 20),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.sample(3)
@pytest.mark.parametrize("name", ONE_FAULT)
def test_one_fault_gives_one_finding(name: str, tmp_path: Path) -> None:
    file, text, rule, line = ONE_FAULT[name]
    found = check_folder(write_seedbox(tmp_path, {file: text}))
    assert [(f.rule, f.place.line) for f in found.findings if f.place] == [(rule, line)]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("1 May 2024", "2024-05-01"),
        ("May 1st, 2024", "2024-05-01"),
        ("Wed, 01 Sept. 2024", "2024-09-01"),
        ("Feb. 29 2024", "2024-02-29"),
        ("31 June 2024", ""),
        ("1 Mai 2024", ""),
        ("01.05.24", "2024-05-01 or 2024-01-05"),
    ],
)
def test_a_day_in_words_is_one_finding_that_gives_its_form(text: str, meant: str, tmp_path: Path) -> None:
    page = SOURCE.replace("since: 2024-05-01", f"during: '{text}'")

    found = [f for f in check_folder(write_seedbox(tmp_path, {NAME: page})).findings if f.rule == "cells.date"]

    assert [f.value for f in found] == [text]
    assert found[0].hint == f"Write a day that exists as YYYY-MM-DD{f' ({meant}?)' if meant else ''}."


def format_point(day: int, number: int, more: str = "") -> dict[str, str]:
    """Return a page with the next point of the running toll of the box."""
    text = SOURCE.partition("claims:")[0].replace("2024-06-02", f"2024-06-0{day}").replace("org/1", f"org/{day}")
    claim = f"""claims:
  1:
    claimant: observatory
    since: 2024-05-01
    as_of: 2024-06-0{day}
    location: syria
{more}    killed: at least {number}
"""
    return {f"sources/war/paper-2024-06-0{day}.yaml": text + claim}


TOLL = {
    "reference/tolls.csv": (
        "toll_id,claimant_id,conflict_id,date_start,population,location_id,name,note\n"
        "observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in the war,\n"
    ),
    "reference/toll_places.csv": "toll_id,location_id\nobservatory.war.2024-05-01,syria\n",
}

CORRECTS = "    supersedes: paper-2024-06-{}.1\n    reason: Recounted.\n"


@pytest.mark.parametrize(
    ("named", "found"), [("04", []), ("40", ["claims.supersedes-resolves"])], ids=["right", "mistyped"]
)
def test_a_mistyped_correction_lets_no_toll_fall(named: str, found: list[str], tmp_path: Path) -> None:
    files = TOLL | format_point(4, 80) | format_point(5, 70, CORRECTS.format(named)) | format_point(6, 75)
    assert list_rules(check_folder(write_seedbox(tmp_path, files))) == found


def test_a_falling_toll_is_reported_once_at_its_first_fall(tmp_path: Path) -> None:
    found = check_folder(
        write_seedbox(tmp_path, TOLL | format_point(4, 198) | format_point(5, 70) | format_point(6, 75))
    )
    (finding,) = found.findings
    assert str(finding.place).partition(":")[0].endswith("paper-2024-06-05.yaml")
    assert finding.hint.startswith("So does 1 later one. ")


@pytest.mark.slow
def test_a_peak_with_a_slip_is_reported_at_the_peak(tmp_path: Path) -> None:
    found = check_folder(
        write_seedbox(tmp_path, TOLL | format_point(4, 96) | format_point(5, 70) | format_point(6, 75))
    )
    (finding,) = found.findings
    assert str(finding.place).partition(":")[0].endswith("paper-2024-06-04.yaml")
    assert "69?" in finding.hint


def test_what_follows_from_a_fault_is_unknown_not_broken(tmp_path: Path) -> None:
    found = check_folder(write_seedbox(tmp_path, {NAME: SOURCE.replace("rebels: 20", "rebels: 2O")}))
    tally = found.evaluated["figures.parts-cover-parent"]
    assert (tally.valid, tally.invalid, tally.unknown) == (0, 0, 1)


@pytest.mark.slow
def test_polars_and_pandas_say_the_same(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {NAME: CONTRADICTION})
    assert check_folder(folder, "polars").findings == check_folder(folder, "pandas").findings


def test_a_waiver_moves_the_finding_aside(tmp_path: Path) -> None:
    found = check_folder(write_seedbox(tmp_path, {NAME: CONTRADICTION, "waivers.yaml": WAIVER}))
    assert found.ok
    assert found.findings == []
    assert [f.rule for f in found.waived] == ["figures.parts-cover-parent"]


BAD_WAIVERS = {
    "unused": (SOURCE, WAIVER, "flags.used"),
    "unknown rule": (CONTRADICTION, WAIVER.replace("parts-cover-parent", "parts-cover-parents"), "flags.rule-exists"),
    "unknown record": (CONTRADICTION, WAIVER.replace(".1.killed", ".9.killed"), "flags.record-exists"),
    "not waivable": (CONTRADICTION, WAIVER.replace("parts-cover-parent", "key-unique"), "flags.waivable"),
    "no reason": (CONTRADICTION, WAIVER.replace("  reason: The page contradicts itself.\n", ""), "seed.missing-key"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BAD_WAIVERS)
def test_a_waiver_that_is_not_in_order_is_an_error(name: str, tmp_path: Path) -> None:
    text, waivers, rule = BAD_WAIVERS[name]
    found = check_folder(write_seedbox(tmp_path, {NAME: text, "waivers.yaml": waivers}))
    assert not found.ok
    assert set(list_rules(found)) - {"figures.parts-cover-parent"} == {rule}


@pytest.mark.slow
def test_a_withdrawn_id_is_not_used_again(tmp_path: Path) -> None:
    retired = "id,replaced_by,on,reason\npaper-2024-06-02.2,,2024-06-10,Coded twice.\n"
    found = check_folder(write_seedbox(tmp_path, {"retired.csv": retired}))
    assert list_rules(found) == ["seed.retired-id"]
    assert found.findings[0].place is not None
    assert found.findings[0].place.line == 24


@pytest.mark.slow
def test_the_report_raises_if_there_are_errors(tmp_path: Path) -> None:
    found = check_folder(write_seedbox(tmp_path, {NAME: CONTRADICTION}))
    with pytest.raises(ValidationError, match=r"30 \+ 10 \+ 10 = 50"):
        found.raise_if_errors()
    frame = found.to_frame()
    assert list(frame["rule"]) == ["figures.parts-cover-parent"]
    assert frame["line"][0] == 15


@pytest.mark.slow
def test_a_page_may_not_lie_in_the_future(tmp_path: Path) -> None:
    late = validate_target(read_seeds_target(write_seedbox(tmp_path)), released_on=dt.date(2024, 6, 1)).report
    assert "sources.published-by-release" in list_rules(late)


@pytest.mark.slow
def test_a_day_after_the_release_may_be_right_and_the_release_be_old(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path, {"release.yaml": "version: 1.0.0\ndate: 2024-05-31\n"})
    assert validate(seeds).ok
    published, folder = publish_seeds(seeds, tmp_path.parent / "out")
    assert folder is None
    assert set(list_rules(published)) == {"events.over-by-release", "sources.published-by-release"} < BY_RELEASE
    for finding in published.findings:
        assert finding.hint.startswith("If the day is right, set a later `date` in seeds/release.yaml.")


def test_every_rule_that_asks_for_the_day_of_the_release_says_so() -> None:
    rules_with_day = {rule.id for rule in all_rules().values() if "{released_on}" in rule.message}
    assert rules_with_day == BY_RELEASE
