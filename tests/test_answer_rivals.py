"""Rival claims side by side, what was known on a day, revisions, and the columns of the results."""

from __future__ import annotations

import datetime as dt
import inspect
from typing import Any

import pandas as pd
import pytest
from answerworld import claim, day, figure, make_tables, read_1_1_0

import conflictdata as cd
from conflictdata.analysis import as_of, columns, compare, revisions, rollup, timeline, window
from conflictdata.analysis.records import read_records

STRIKE = {"scope": "event", "toll_id": None, "event_ids": "2024-01-01-strike", "location_id": "town"}
IDLIB = "2024-12-01-idlib-strikes"


def list_rivals(frame: pd.DataFrame) -> list[tuple[str, str]]:
    ranked = frame[frame.comparable.isin(["same", "narrower_group"])]
    return list(zip(ranked.claimant, ranked.wording, strict=True))


def test_golden_strikes_side_by_side() -> None:
    data = read_1_1_0()
    idlib = cd.compare(IDLIB, data=data)
    assert list_rivals(idlib) == [("sohr", "8"), ("white_helmets", "9"), ("ohchr", "22")]
    assert idlib.pages.tolist() == [2, 1, 1]
    assert (idlib.gap_max.max(), idlib.gap_open.any()) == (14, False)
    hospital = cd.compare("2024-12-01-aleppo-hospital-strike", data=data)
    assert list_rivals(hospital) == [
        ("snhr", "6"), ("local_sources", "9"), ("local_sources", "at least 12"), ("sohr", "at least 12"), ("white_helmets", "12"), ("white_helmets", "12"),
    ]  # fmt: skip


# Worked out on paper: SOHR's 8 and OHCHR's 22 count civilians, the White Helmets' 9 everybody. 22 civilians are at least 22 people,
# so 9 is 13 away; 8 and 22 are 14 apart; 8 civilians among 9 people leave no gap, nor do "at least 7".
def test_the_new_records_side_by_side() -> None:
    rivals = cd.compare(IDLIB)
    assert list_rivals(rivals) == [
        ("military_sources", "at least 7"),
        ("sohr", "8"),
        ("white_helmets", "9"),
        ("ohchr", "22"),
    ]
    assert rivals.gap_max.tolist() == [0, 14, 13, 14]
    assert rivals["with"].fillna("").tolist() == ["", "ohchr", "ohchr", "sohr"]
    al_ahli = cd.compare("2023-10-17-al-ahli-hospital-blast")
    assert al_ahli.gap_max.max() == 471 - 300
    assert al_ahli.gap_open[al_ahli.gap_max == 171].all()


def test_the_place_of_a_claim_about_an_event_is_that_of_the_event() -> None:
    rivals = cd.compare(IDLIB)
    assert (
        rivals.set_index("claimant").loc["sohr", "claims"].count("|") == 1
    )  # one of the two pages has the governorate as place
    place = cd.compare(place="idlib_city", since="2024-12-01", until="2024-12-01")
    assert set(rivals.claimant) <= set(place[place.comparable != "wider"].claimant)


def test_nobody_contradicts_itself_by_a_child_or_by_several_towns() -> None:
    hroza = cd.compare("2023-10-05-hroza-missile-strike").set_index("wording")
    assert hroza.loc["1", "comparable"] == "part_of"
    towns = cd.compare("2024-12-02-idlib-strikes").set_index("wording")
    assert towns.loc["17", "comparable"] == "wider"
    assert pd.isna(towns.loc["17", "gap_max"])


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("40", "at least 59", (19, True)), ("at least 40", "59", (0, None)), ("about 40", "59", (0, None)), ("5 to 8", "12", (4, False)),
        ("up to 8", "12", (4, False)), ("9", "9", (0, None)), ("more than 12", "9", (3, True)),
    ],
)  # fmt: skip
def test_a_gap_is_what_the_words_leave(one: str, other: str, expected: tuple[int, bool | None]) -> None:
    data = make_tables(claim(1, one, **STRIKE), claim(2, other, **STRIKE, claimant_id="rival"))
    rows = cd.compare("2024-01-01-strike", data=data)
    assert rows.gap_max.tolist() == [expected[0]] * 2
    assert expected[1] is None or rows.gap_open.tolist() == [expected[1]] * 2


def test_what_is_not_ranked() -> None:
    victim = figure("killed", "1", age="child", population="singled_out")
    claims = [
        claim(1, "9", **STRIKE),
        claim(2, victim, **STRIKE),
        claim(3, "20", **{**STRIKE, "event_ids": "2024-01-01-strike 2024-01-02-strike"}),
        claim(4, "7", **STRIKE, current="no"),
        claim(5, "3", **STRIKE),
        claim(6, figure("killed", "2", person_status="civilian", population="civilians"), **STRIKE),
    ]
    links = [{"claim_id": "paper-2024-01-05.1", "other_id": "paper-2024-01-01.1", "kind": "part_of"}]
    rows = cd.compare("2024-01-01-strike", data=make_tables(*claims, claim_links=links))
    assert dict(zip(rows.wording, rows.comparable, strict=True)) == {
        "9": "same", "2": "narrower_group", "1": "singled_out", "20": "wider", "7": "replaced", "3": "part_of",
    }  # fmt: skip
    assert rows.comparable.tolist()[:2] == ["narrower_group", "same"]


def test_unnamed_sources_are_not_merged_into_one() -> None:
    claims = [claim(n, "9", **STRIKE, claimant_id="unspecified") for n in (1, 2)]
    assert len(cd.compare("2024-01-01-strike", data=make_tables(*claims))) == 2


def test_a_group_of_a_strike_and_one_that_nobody_counts() -> None:
    children = cd.compare(IDLIB, group="children")
    assert list_rivals(children) == [("sohr", "2"), ("ohchr", "7")]
    with pytest.raises(cd.Refused, match="no-group"):
        cd.compare(IDLIB, group="elderly")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "name an event, or a place with since and until"),
        ({"event": IDLIB, "place": "idlib"}, "name an event, or a place"),
        ({"place": "idlib", "since": "2024-12-02"}, "name an event, or a place"),
        ({"event": "2024-12-01-idlib-strike"}, "Did you mean '2024-12-01-idlib-strikes'"),
        ({"place": "Idlb", "since": "2024-12-02", "until": "2024-12-02"}, "there is no place 'Idlb'"),
        ({"place": "idlib", "since": "yesterday", "until": "2024-12-02"}, "since is 'yesterday', not a day"),
        ({"place": "idlib", "since": "2024-12-03", "until": "2024-12-02"}, "impossible-window"),
        ({"event": IDLIB, "outcome": "wounded"}, "Did you mean 'injured'"),
    ],
)
def test_bad_input_is_a_clear_error(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        cd.compare(**arguments)


# ---- what was known --------------------------------------------------------------------------------------------------


def test_the_last_day_knows_what_holds_now() -> None:
    known, now = cd.as_of("2030-01-01"), cd.load(current=True)
    pd.testing.assert_frame_equal(known[list(now.columns)], now.reset_index(drop=True))
    assert set(known.standing) == {"current"}
    assert list(known.columns[-4:]) == ["standing", "published_basis", "collection", "caution"]


@pytest.mark.slow
@pytest.mark.parametrize("known", ["published", "cut_off"])
def test_days_replayed_one_by_one(known: str) -> None:
    """A claim comes once, and goes only when its correction comes."""
    records = read_records()
    rows = {row.claim_id: row for row in records.rows}
    dates = {claim: row.published_on if known == "published" else row.as_of for claim, row in rows.items()}
    before: set[str] = set()
    for date in sorted(set(dates.values()), key=str):
        assert date is not None
        standings = as_of.judge_claims(records, date, known)
        new = {claim for claim, when in dates.items() if when == date}
        gone = before - set(standings)
        assert set(standings) - before <= new
        assert all(rows[claim].current == "no" for claim in gone)
        assert not gone or {rows[claim].superseded_by for claim in gone} & new
        before = set(standings)
    assert before == {claim for claim, row in rows.items() if row.current == "yes"}


def test_a_number_that_was_taken_back_held_until_then() -> None:
    for date, standing in (("2023-11-01", "superseded_later"), ("2023-11-12", None)):
        then = cd.as_of(date)
        found = then[then.claim_id == "macdaniels_blog-2023-10-23.2"].standing.unique().tolist()
        assert found == ([standing] if standing else [])
    with pytest.raises(cd.UsageError, match="There are: published, cut_off"):
        cd.as_of("2023-11-01", known="guessed")


def test_the_same_statement_on_another_page_goes_with_it() -> None:
    claims = [
        claim(1, "9", **STRIKE, current="no", superseded_by="paper-2024-01-04.1"), claim(2, "9", **STRIKE, current="no"),
        claim(4, "7", **STRIKE, supersedes="paper-2024-01-01.1"),
    ]  # fmt: skip
    data = make_tables(*claims)
    assert cd.as_of(day(3), data=data).claim_id.tolist() == ["paper-2024-01-01.1", "paper-2024-01-02.1"]
    assert cd.as_of(dt.datetime(2024, 1, 4, 12), data=data).claim_id.tolist() == ["paper-2024-01-04.1"]


# ---- revisions -------------------------------------------------------------------------------------------------------


def test_a_correction_and_the_next_points_of_a_toll() -> None:
    sweida = cd.revisions("sohr.syria_sweida_2025.2025-07-13")
    assert sweida.wording.tolist() == ["more than 1,000", "more than 1,260", "1,311", "1,420"]
    assert sweida.kind.tolist() == ["first", "next_point", "revision", "next_point"]
    assert sweida.reason.notna().tolist() == [False, False, True, False]
    both = [cd.revisions(claim_id).n.tolist() for claim_id in ("macdaniels_blog-2023-10-23.2", "gma_news-2023-11-11.1")]
    assert both == [[1400, 1200], [1400, 1200]]


def test_a_claim_without_corrections_has_one_step_and_without_numbers_none() -> None:
    assert cd.revisions("telesur_english-2024-12-05.1").kind.tolist() == ["first"]
    assert cd.revisions("telesur_english-2024-12-05.1", outcome="missing").empty
    with pytest.raises(cd.UsageError, match=r"Did you mean 'telesur_english-2024-12-05\.\d'"):
        cd.revisions("telesur_english-2024-12-05.7")


def test_a_fall_is_no_revision() -> None:
    steps = cd.revisions("monitor.war.2024-01-01", data=make_tables(claim(1, "9"), claim(2, "7", as_of=day(2))))
    assert steps.kind.tolist() == ["first", "fall"]
    assert steps.change.tolist()[1] == -2


# ---- columns ---------------------------------------------------------------------------------------------------------

RESULTS = {
    "timeline": (timeline.timeline, lambda: cd.timeline(conflict="gaza_2023")),
    "window": (window.window, lambda: cd.window("sohr.syria_2024_offensive.2024-11-27", "2024-12-01", "2024-12-04")),
    "compare": (compare.compare, lambda: cd.compare(IDLIB)),
    "revisions": (revisions.revisions, lambda: cd.revisions("gma_news-2023-11-11.1")),
    "rollup": (rollup.rollup, lambda: cd.rollup(where={"claim": "telesur_english-2024-12-05.1", "relation": "total"})),
}


@pytest.mark.parametrize("operation", RESULTS)
def test_every_column_is_described(operation: str) -> None:
    function, ask = RESULTS[operation]
    described = columns.describe_columns(operation)
    frame = ask()
    assert frame.columns.tolist() == described.name.tolist()
    assert described.meaning.str.endswith(".").all()
    lines = [f"    {name} ({type_}): {meaning}" for name, type_, meaning in columns.COLUMNS[operation]]
    assert "\n".join(lines) in (inspect.getdoc(function) or "")


def test_an_explanation_has_its_columns() -> None:
    explained = cd.rollup("event", {"claimant": "sohr"}, explain=True)
    assert explained.columns.tolist() == ["event", *columns.describe_columns("explain").name]
    assert columns.describe_columns("as_of").name.tolist() == ["standing", "published_basis", "collection", "caution"]
    with pytest.raises(cd.UsageError, match=r"the operation .* is unknown; give one of"):
        columns.describe_columns("guess")


def test_an_answer_cites_its_pages() -> None:
    cited = cd.cite(subset=cd.compare(IDLIB))
    assert "Reformatorisch Dagblad" in cited
    assert cited.count("\n") == 4
