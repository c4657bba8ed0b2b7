"""Doubts: a value found directly has none, a value found in another way has one that names the reason."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdata.parse import parse_text
from conflictdata.parse.certainty import (
    CAPTIVES_OR_NOT,
    COMPARED,
    CONDITIONAL,
    EXERCISE,
    HOMES,
    IN_LIST,
    INDIRECT,
    JOINT_TOTAL,
    OF_TOLL,
    ONE_PERSON,
    QUESTION,
    TWO_OUTCOMES,
    UNKNOWN_NOUN,
)
from conflictdata.parse.chronology import DAY_FOUND, DAY_SAID, OTHER_DAY
from conflictdata.parse.jsonl import build_record
from conflictdata.parse.review import OTHER_WHOLE, PERHAPS_PART, PLACE_ELSEWHERE
from conflictdata.parse.topics import NO_WAR, PERHAPS_CRIME

DIRECT = (
    "Shelling killed {n} civilians in the town.",
    "{n} civilians were killed in the shelling.",
    "{n} soldiers were wounded in the clashes, the army said.",
    "The air strike killed {n} people and injured 12.",
    "In the raid, {n} rebels and two soldiers were killed.",
)
INDIRECT_VALUES = (
    ("The shelling was heavy. Among the dead were 12 farmers.", INDIRECT),
    ("Rebels killed three soldiers from the base and four farmers of the town.", IN_LIST),
    ("The death toll in the war, which began with a raid on the posts of the two armies, was 14.", OF_TOLL),
    ("One soldier was critically hurt in the ambush before the rebels killed him.", TWO_OUTCOMES),
    ("The army suffered 60 casualties in the battle.", JOINT_TOTAL),
    ("Armed men attacked; 1,200 displaced people were counted after the fighting.", HOMES),
    ("The army captured two porters in the raid.", CAPTIVES_OR_NOT),
    ("The shelling displaced three times more than the 13,912 people who fled in the war last year.", COMPARED),
    ("If the shelling goes on, 40 civilians killed today will not be the last.", CONDITIONAL),
    ("In the drill, soldiers played 12 civilians killed by shelling.", EXERCISE),
    ("Did the shelling kill 12 civilians?", QUESTION),
    ("The shelling killed 12 snorkels.", UNKNOWN_NOUN),
    ("Six rebels, including a commander, were killed in the clash.", ONE_PERSON),
)
NO_CLAIM = (
    "A minibus and a truck collided near the pass. Soldiers helped; nine people died and 14 were hurt.",
    "The trial heard that the defendant had murdered two women. The jury convicted him.",
    "The city recorded 312 homicides last year, and 940 people were shot.",
    "Two pilots were killed when a military plane crashed during a training flight.",
    "A shooter opened fire at a school, killing two students and injuring five others, the sheriff said.",
    "Firefighters are fighting a blaze that has killed 12 people and burned 300 homes.",
    "The blast in the coal mine killed 14 miners.",
    "A heat wave killed 28 people in the past week.",
    "The temblor of magnitude 7.1 killed 40 people, and army helicopters flew in tents.",
    "The carmaker lost 900 employees at its plant, and its shares fell.",
)


def read(text: str) -> list[dict[str, Any]]:
    """The claims of a text."""
    return list(build_record(parse_text(text))["claims"])


@pytest.mark.parametrize("text", DIRECT)
@settings(max_examples=20)
@given(n=st.integers(13, 1800))
def test_a_direct_construction_has_no_doubt(text: str, n: int) -> None:
    claim = read(text.format(n=n))[0]
    assert (claim["low"], claim["doubts"]) == (n, [])


@pytest.mark.parametrize(("text", "reason"), INDIRECT_VALUES)
def test_a_value_found_in_another_way_has_a_doubt(text: str, reason: str) -> None:
    assert reason in {r for c in read(text) for r in c["doubts"]}


def test_parts_that_add_up_need_no_doubt() -> None:
    text = "The clashes killed 60 people, including 20 civilians. The rest were 25 rebels and {n} soldiers."
    assert all(not c["doubts"] for c in read(text.format(n=15))[2:])
    assert all(c["doubts"] for c in read(text.format(n=14))[2:])


@pytest.mark.parametrize("text", NO_CLAIM)
def test_a_text_about_something_else_leaves_no_claim(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (
            "The army said that four soldiers had died when their lorry overturned.",
            "the sentence also reports an accident",
        ),
        ("The court heard that the attack killed two guards.", PERHAPS_CRIME),
        ("Two people were killed in an attack near the border, police said.", NO_WAR),
    ],
)
def test_where_both_readings_are_possible_there_is_a_doubt(text: str, reason: str) -> None:
    claims = read(text)
    assert claims
    assert all(reason in c["doubts"] for c in claims)


def test_a_smaller_number_after_a_larger_one_may_be_its_part() -> None:
    first = "Shelling killed 60 civilians in the north. "
    assert read(first + "Rockets killed 12 civilians near the market.")[1]["doubts"] == [PERHAPS_PART]
    assert read(first + "Rockets killed 80 civilians near the market.")[1]["doubts"] == []
    assert read(first + "Rockets wounded 12 civilians near the market.")[1]["doubts"] == []


def test_the_figures_of_a_sentence_have_the_source_that_the_next_one_names() -> None:
    shelling = "Shelling of the town killed five civilians over the past day. "
    assert read(shelling + "This was reported by the head of the district in Telegram.")[0]["claimant"] == (
        "the head of the district"
    )
    assert read(shelling + "The governor reported this on Monday.")[0]["claimant"] == "The governor"
    assert read(shelling + "This was repeated in the evening.")[0]["claimant"] is None


def read_drafts(text: str) -> list[Any]:
    """The drafts of a text of 4 March 2024."""
    return list(parse_text(text, published=date(2024, 3, 4)).drafts)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("The blasts of Saturday came two weeks after 350 people were killed by a bomb.", OTHER_DAY),
        (
            "The bodies of 7 civilians killed by rebels were buried on Saturday; 7 bodies were found on Sunday.",
            DAY_FOUND,
        ),
        ("The UN said last month that shelling had killed 600 civilians.", DAY_SAID),
        ("Shelling killed 60 people. Rockets killed 40 people. A child was among the dead.", OTHER_WHOLE),
        ("Rebels killed nine soldiers, as a general said that the operation in Mali went on.", PLACE_ELSEWHERE),
    ],
)
def test_days_places_and_wholes_of_other_clauses_are_doubted(text: str, reason: str) -> None:
    assert reason in {n for d in read_drafts(text) for n in d.notes}


def test_a_year_of_birth_is_not_the_year_of_the_harm() -> None:
    drafts = read_drafts("The bomb injured 16 people, including two children, born in 2006.")
    assert {d.window.start for d in drafts} == {None}
