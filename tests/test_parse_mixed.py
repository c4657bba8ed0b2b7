"""Texts about war and something else, days and places of other clauses, quotations, headlines that run into the text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conflictdata.parse import parse_text
from conflictdata.parse.chronology import (
    BEFORE_TOTAL,
    DAY_OF_TOLL,
    DAY_SAID,
    OF_OTHER_DAY,
    OF_SEVERAL_PARTS,
    OTHER_DAY,
    SEVERAL,
)
from conflictdata.parse.engine import RUN_ON
from conflictdata.parse.mixtures import MIXED, NO_ACT, ONE_PERSON, TRIAL, TRIED
from conflictdata.parse.model import DraftFigure
from conflictdata.parse.review import EACH, PLACE_ELSEWHERE, PLACE_LEFT, PLACE_NEAR, PLACE_OF_OTHER, WHO_SAYS
from conflictdata.parse.seed import render_seed

DAY = date(2024, 12, 5)  # a Thursday
QUAKE = "The earthquake flattened the town. Aftershocks went on all night. A tremor of magnitude six followed. "


def _find(text: str, value: int) -> DraftFigure:
    return next(d for d in parse_text(text, published=DAY).drafts if d.value == value)


def _list_values(text: str) -> list[int]:
    return [d.value for d in parse_text(text, published=DAY).drafts]


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("A quake hit the island. The mission says 16 peacekeepers are dead.", 16, MIXED.format("a natural disaster")),
        ("The army said eight of its soldiers were dead and ten missing.", 8, NO_ACT),
        ("The court met. The judge spoke. A militia leader lives there. The raid killed 34 people.", 34, TRIED),
    ],
)
def test_a_number_without_an_act_of_violence_is_doubted(text: str, value: int, reason: str) -> None:
    assert reason in _find(text, value).notes


@settings(max_examples=20, deadline=None)
@given(st.integers(min_value=100, max_value=900), st.sampled_from(["people are confirmed dead", "staff are missing"]))
def test_most_of_a_text_decides_if_nothing_near_is_war(n: int, words: str) -> None:
    assert _list_values(f"{QUAKE}Troops brought water. The mission said {n} {words}.") == []
    assert n in _list_values(f"{QUAKE}In another region, rebels attacked a village and killed {n} people.")


def test_one_person_in_a_long_text_without_violence_is_no_claim() -> None:
    result = parse_text(
        "The band played. The hall was full. Tickets were dear. The guests came. A woman was found dead."
    )
    assert result.drafts == []
    assert ONE_PERSON in [n.reason for n in result.notes]


def test_a_trial_leaves_only_what_armed_parties_did() -> None:
    trial = (
        "The court heard the jury. The judge denied bail. The prosecutor spoke of the homicide. The verdict is due. "
    )
    result = parse_text(f"A militia once ruled the town. {trial}Detectives found two women dead at home.")
    assert result.drafts == []
    assert TRIAL in [n.reason for n in result.notes]
    assert _list_values(trial + "Insurgents bombed the court and killed 12 people.") == [12]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("In its report published on Tuesday, the mission said shelling killed 40 civilians.", DAY_SAID),
        ("On Tuesday, the mission said that rebels had killed 40 civilians in the hills.", OTHER_DAY),
        ("Forty civilians were killed by shelling in the town, where protests began last month.", OTHER_DAY),
        ("Rebels killed 40 civilians at Monday's funeral of a commander.", OTHER_DAY),
        ("Rebels killed 40 civilians ahead of the vote on 1 December.", OTHER_DAY),
        ("This week, soldiers accused rebels of killing 40 civilians in raids Monday.", OTHER_DAY),
        ("In February, officials put the death toll of the siege at 40.", DAY_OF_TOLL),
        ("Rebels killed 40 civilians on 24 or 25 November.", SEVERAL),
        ("Forty rebels died in fighting Monday and Tuesday.", SEVERAL),
    ],
)
def test_a_day_of_another_clause_is_doubted(text: str, reason: str) -> None:
    notes = _find(text, 40).notes
    assert reason in notes or {OTHER_DAY, SEVERAL, DAY_OF_TOLL, DAY_SAID}.intersection(notes), notes


@pytest.mark.parametrize(
    "text",
    [
        "Rebels killed 40 civilians on Tuesday.",
        "On Tuesday, 40 civilians were killed by shelling.",
        "Forty civilians were killed in Monday's attack on the market.",
        "Shelling killed 40 civilians on 3 December 2024, the army said.",
    ],
)
def test_a_day_right_at_the_verb_is_sure(text: str) -> None:
    draft = _find(text, 40)
    assert draft.window.start is not None
    assert not {OTHER_DAY, SEVERAL, DAY_OF_TOLL, DAY_SAID}.intersection(draft.notes)


def test_the_day_of_a_total_is_not_that_of_the_number_before() -> None:
    text = "A mine killed two soldiers, bringing the number of deaths since May 2023 to 95."
    assert BEFORE_TOTAL in _find(text, 2).notes


def test_days_of_a_chronicle_and_of_an_old_page_are_doubted() -> None:
    lines = "10:15 The army shelled a village.\n11:20 Rebels killed 12 soldiers on Tuesday.\n12:40 Talks began.\n"
    assert OF_SEVERAL_PARTS in _find(lines, 12).notes
    assert OF_OTHER_DAY in _find("Updated 3 May 2011\n\nRebels killed 12 soldiers on Tuesday.", 12).notes
    assert OF_OTHER_DAY not in _find("Updated 5 December 2024\n\nRebels killed 12 soldiers on Tuesday.", 12).notes


def test_the_month_in_which_a_war_began_opens_a_running_total() -> None:
    draft = _find("Some 7,000 people have been killed since the uprising began in March.", 7000)
    assert (draft.window.kind, draft.window.start) == ("cumulative", date(2024, 3, 1))
    earlier = _find("Some 7,000 people have been killed since the uprising began in March last year.", 7000)
    assert earlier.window.start == date(2023, 3, 1)


def test_last_monday_on_a_monday_is_a_week_ago() -> None:
    draft = parse_text("Last Monday, rebels killed nine soldiers.", published=date(2024, 12, 2)).drafts[0]
    assert draft.window.start == date(2024, 11, 25)


@pytest.mark.parametrize(
    ("text", "value", "reason"),
    [
        ("Rockets fired from Lebanon killed three villagers.", 3, PLACE_LEFT),
        ("Police killed 17 marchers and two were shot dead in Yemen.", 17, PLACE_OF_OTHER),
        (
            "The revolt led to a war in Syria and a violent crackdown elsewhere has killed 2,000 people.",
            2000,
            PLACE_ELSEWHERE,
        ),
        ("A bomb killed nine people near Damascus.", 9, PLACE_NEAR),
        ("Shelling killed one each in Homs and Aleppo.", 1, EACH),
    ],
)
def test_a_place_of_something_else_is_doubted(text: str, value: int, reason: str) -> None:
    assert reason in _find(text, value).notes


def test_the_name_of_another_country_is_no_place_of_the_tables() -> None:
    assert _find("Raiders killed 30 herders in South Sudan.", 30).location == ""
    assert _find("Raiders killed 30 herders in Sudan.", 30).location == "sudan"


@pytest.mark.parametrize(
    "text",
    [
        "Clashes spread in the north BEIRUT (Reuters) - Soldiers killed 12 rebels on Sunday, the army said.",
        "Shells hit the old town Six civilians were killed in the east Some people fled on Monday.",
    ],
)
def test_headlines_that_run_into_the_text_are_doubted(text: str) -> None:
    drafts = parse_text(text, published=DAY).drafts
    assert drafts
    assert all(RUN_ON in d.notes for d in drafts)


def test_a_full_stop_without_a_space_ends_a_sentence() -> None:
    drafts = parse_text("Raids killed 40 people in the camp.US officials met on Wednesday.", published=DAY).drafts
    assert [(d.value, d.window.start) for d in drafts] == [(40, None)]


def test_the_speaker_of_a_quotation_is_the_claimant_of_all_its_sentences() -> None:
    drafts = parse_text("“Two attackers died. Six soldiers were wounded in the raid,” the governor said.").drafts
    assert {d.claimant for d in drafts} == {"the governor"}
    other = parse_text(
        "“We mourn.” Two attackers died in the raid. “Six soldiers were wounded,” the governor said."
    ).drafts
    assert [d.claimant for d in other] == ["", "the governor"]


def test_a_number_beside_a_word_of_saying_asks_for_its_claimant() -> None:
    assert WHO_SAYS in _find("Reports of shelling came in; 12 soldiers were killed.", 12).entries
    assert WHO_SAYS not in _find("The shelling killed 12 soldiers.", 12).entries


def test_sides_in_brackets_and_parts_of_a_joint_total() -> None:
    sides = parse_text(
        "Armed groups killed 39 people (the northern group killed 30, the southern group killed nine)."
    ).drafts
    assert [(d.value, d.parent) for d in sides] == [(39, None), (30, 0), (9, 0)]
    joint = parse_text(
        "The monitor recorded 4,710 casualties of mines in the war, with 1,661 killed and 3,015 injured."
    ).drafts
    assert [(d.value, d.parent) for d in joint] == [(4710, None), (1661, 0), (3015, 0)]


@pytest.mark.parametrize(
    "text",
    [
        "The war had an impact on the lives of 1,984 readers.",
        "Four armoured cars, of which one was blown up, were lost in the attack by rebels.",
        "Most of the dead in the shelling were between 25 and 45.",
        "1204 The army said that rebels were killed.",
    ],
)
def test_numbers_that_count_nobody_killed(text: str) -> None:
    assert _list_values(text) == []


def test_numbers_of_other_sentences_make_no_common_claim() -> None:
    text = "Rebels killed nine soldiers. A bridge was closed. Another blast wounded four villagers."
    assert render_seed(parse_text(text, published=DAY)).count("claimant:") == len(_list_values(text))


def test_members_of_an_army_of_rebels_are_fighters() -> None:
    assert _find("Troops killed two members of the New People's Army.", 2).group.category == "fighters"
    assert _find("Rebels killed two members of the army.", 2).group.category == "soldiers"
