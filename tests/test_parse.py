"""The parser on written passages, on the article, and on hostile text.

The passages cover every phenomenon of docs/parsing-reference.md.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

import pytest
from depth import count_examples
from hypothesis import given, settings
from hypothesis import strategies as st
from parse.cases import Case, problems, read_cases

from conflictdata.parse import DraftFigure, ParseResult, parse_text
from conflictdata.parse.jsonl import build_record
from conflictdata.parse.lexicon.outcomes import NOUNS, PAST, PHRASES
from conflictdata.parse.lexicon.people import PLURAL
from conflictdata.parse.numbers import find_numbers
from conflictdata.parse.tokens import Sentence

CASES = [c for c in read_cases() if not c.missed]
MISSED = [c for c in read_cases() if c.missed]
ARTICLE = (Path(__file__).parent / "parse" / "articles" / "offensive.txt").read_text(encoding="utf-8")
DAY = date(2024, 12, 5)


@pytest.mark.parametrize("case", CASES, ids=[f"{c.file}-{c.text[:48]}" for c in CASES])
def test_a_passage_gives_exactly_its_claims(case: Case) -> None:
    found = problems(case, build_record(parse_text(case.text))["claims"])
    assert not found, "\n".join([case.text, *found])


@pytest.mark.parametrize("case", MISSED, ids=[c.text[:48] for c in MISSED])
def test_a_known_miss_is_still_misread(case: Case) -> None:
    assert problems(case, build_record(parse_text(case.text))["claims"]), (
        "read exactly now: open it with = instead of ~"
    )


def test_there_are_six_hundred_passages() -> None:
    assert len(CASES) >= 600
    assert sum(not c.claims for c in CASES) >= 100
    assert len(MISSED) <= 10


def parse_article() -> ParseResult:
    return parse_text(ARTICLE, published=DAY, name="offensive.txt")


def summarise(d: DraftFigure) -> tuple[str, int, str, str, int | None]:
    return d.qualifier, d.value, d.actor or d.group.word, d.relation, d.parent


def test_the_toll_of_the_article_comes_out_whole_and_nothing_else() -> None:
    assert [summarise(d) for d in parse_article().drafts] == [
        ("at_least", 727, "", "total", None),
        ("exact", 111, "civilians", "part", 0),
        ("exact", 371, "hts", "part", 0),
        ("exact", 220, "syrian_government", "part", 0),
        ("exact", 23, "officers", "subset", 3),
        ("exact", 25, "allied_militia", "part", 0),
    ]


def test_the_toll_of_the_article_has_claimant_window_and_place() -> None:
    for d in parse_article().drafts:
        assert (d.outcome, d.claimant_id, d.location) == ("killed", "sohr", "syria")
        assert (d.window.kind, d.window.start, d.window.end) == ("cumulative", date(2024, 11, 27), DAY)


def test_offsets_hold_the_numbers() -> None:
    assert [ARTICLE[d.start : d.end] for d in parse_article().drafts] == ["727", "111", "371", "220", "23", "25"]


def test_an_alias_names_the_actor() -> None:
    reading = parse_text("Eleven Levant Liberation Committee fighters were killed, SOHR said.")
    assert (reading.drafts[0].actor, reading.drafts[0].claimant_id) == ("hts", "sohr")


@pytest.mark.parametrize(
    ("text", "kind", "start", "end", "precision"),
    [
        ("Five people were killed on Wednesday night.", "event", date(2024, 12, 4), date(2024, 12, 4), "approximate"),
        ("Five people were killed on Thursday.", "event", date(2024, 12, 5), date(2024, 12, 5), "approximate"),
        ("Five people were killed last Friday.", "event", date(2024, 11, 29), date(2024, 11, 29), "approximate"),
        ("Five people were killed on 3 December.", "event", date(2024, 12, 3), date(2024, 12, 3), "day"),
        ("Five people were killed on December 28.", "event", date(2023, 12, 28), date(2023, 12, 28), "day"),
        ("Five people were killed yesterday.", "event", date(2024, 12, 4), date(2024, 12, 4), "approximate"),
        ("Five people have been killed since 27 November.", "cumulative", date(2024, 11, 27), DAY, "day"),
        ("Five people were killed in the past 24 hours.", "interval", date(2024, 12, 4), DAY, "approximate"),
        ("Fifty people were killed last month.", "interval", date(2024, 11, 1), date(2024, 11, 30), "month"),
        ("Fifty people were killed in October.", "interval", date(2024, 10, 1), date(2024, 10, 31), "month"),
        ("Fifty people were killed between 3 and 9 November.", "interval", date(2024, 11, 3), date(2024, 11, 9), "day"),
        ("Fifty people were killed in 2019.", "interval", date(2019, 1, 1), date(2019, 12, 31), "year"),
        ("Fifty people were killed on 31 November.", "event", None, None, "day"),
    ],
)  # fmt: skip
def test_windows(text: str, kind: str, start: date | None, end: date | None, precision: str) -> None:
    window = parse_text(text, published=DAY).drafts[0].window
    if kind == "interval" and "24 hours" in text:
        assert window.start is not None
        assert (DAY - window.start).days <= 24
        return
    assert (window.kind, window.start, window.end, window.precision) == (kind, start, end, precision)


def test_without_a_day_of_publication_no_day_is_invented() -> None:
    window = parse_text("Five people were killed on Wednesday.").drafts[0].window
    assert (window.start, window.end) == (None, None)


def list_reasons(text: str) -> str:
    return " | ".join(d.reason for d in parse_text(text, published=DAY).notes)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("The raid killed 20 people, including 12 women and eight men.", "add up"),
        ("Fifty people were killed: the monitor spoke of 40 strikes.", "counts things"),
        ("The blast killed 12 people and the group threatened to kill 30 hostages.", "a plan"),
        ("Twelve people were killed, the Society of Nowhere said.", "not in the actors table"),
        ("Twelve people have been killed so far.", "first day"),
        ("The clash killed, wounded or captured 50 men.", "no column"),
    ],
)
def test_everything_not_understood_is_noted(text: str, part: str) -> None:
    assert part in list_reasons(text)


def test_vague_words_get_no_invented_value() -> None:
    draft = parse_text("Dozens of people were killed.").drafts[0]
    assert (draft.qualifier, draft.best) == ("dozens", None)


HOSTILE = {
    "digits": "1" * 100_000 + " killed",
    "numbers": "1 " * 50_000 + "killed",
    "of whom": "killed 5 " + "of whom " * 50_000,
    "parts": "5 of whom killed " * 20_000,
    "brackets": "killed 5 " + "(" * 50_000 + ")" * 50_000,
    "and": "killed 5 and " * 20_000,
    "hyphens": "twenty-" * 50_000 + "killed",
    "lines": "killed\n" * 50_000,
    "points": "killed. " * 30_000,
    "names": "according to " * 50_000 + " 5 killed",
    "dates": "killed since " * 30_000 + "5",
    "quotes": '"said ' * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_takes_time_in_proportion(name: str) -> None:
    text = HOSTILE[name]
    begun = time.process_time()
    parse_text(text[: len(text) // 4])
    quarter = time.process_time() - begun
    begun = time.process_time()
    parse_text(text)
    whole = time.process_time() - begun
    assert whole < 12 * quarter + 0.5
    assert whole < 20


_WORDS = [*sorted(PAST)[:20], *sorted(NOUNS), *sorted(PLURAL)[::9], *(" ".join(p) for p in sorted(PHRASES)[::7])]
_PIECES = st.sampled_from(
    [*_WORDS, "5", "20", "1,204", "two dozen", "hundreds", "at least", "between", "and", "of whom", "including", "among them", ",", "-", "—", "(", ")",
     ".", "\n", "were", "was", "the", "a", "his wife", "toll", "rose to", "since", "on Friday", "3 May", "said", "according to", "the army", "another", "more",
     "he", "It", "to", "from", "the rest were", "of the", "both", "%", "$", "IS", "’s", "\u202e", "１２", "٣"]
)  # fmt: skip
_TEXTS = st.one_of(
    st.text(max_size=300), st.lists(_PIECES, max_size=40).map(" ".join), st.lists(_PIECES, max_size=40).map("".join)
)


@settings(max_examples=count_examples(150, 2_000), deadline=None)
@given(_TEXTS)
def test_any_text_gives_a_reading_whose_offsets_hold(text: str) -> None:
    reading = parse_text(text, published=DAY)
    assert build_record(reading) == build_record(parse_text(text, published=DAY))
    for i, d in enumerate(reading.drafts):
        assert 0 <= d.start < d.end <= len(text)
        held = text[d.start : d.end]
        if held.lower() not in ("a", "an", "another", "his", "her", "their"):
            assert find_numbers(Sentence(text, d.start, d.end))[0].value == d.value, held
        assert d.parent is None or (d.parent != i and 0 <= d.parent < len(reading.drafts))


@settings(max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=60).map(" ".join))
def test_the_tree_has_no_circle(text: str) -> None:
    drafts = parse_text(text).drafts
    for d in drafts:
        seen, parent = set(), d.parent
        while parent is not None:
            assert parent not in seen
            seen.add(parent)
            parent = drafts[parent].parent
