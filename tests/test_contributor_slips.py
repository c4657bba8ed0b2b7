"""Four slips of contributors: a running toll as a day, the wrong side, a share as a count, days outside the claim's."""

from __future__ import annotations

from typing import Any

import pytest
from casefiles import make_frame
from rule_results import collect_results

from conflictdata.rules import load_rules
from conflictdata.schema.tables import MODELS

PAGE = "paper-2024-06-02"
Rows = list[dict[str, Any]]


def judge(rule_id: str, **rows: Rows) -> list[tuple[str, bool | None]]:
    """Return the failed records of a rule, on rows by table."""
    tables = {table: make_frame(table, rows.get(table, [])) for table in MODELS}
    verdicts, _ = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id]
    return [(record, verdict) for record, verdict in verdicts if verdict is False]


def read_messages(rule_id: str, **rows: Rows) -> list[str]:
    """Return message and hint of each finding of a rule, as one text."""
    tables = {table: make_frame(table, rows.get(table, [])) for table in MODELS}
    _, failures = collect_results(tables, "polars", [load_rules()[rule_id]])[rule_id]
    return [f"{message} {hint}" for _, message, hint in failures]


# --- a running toll, coded as a day or an event

RUNNING = [
    "80 people since 27 November", "at least 80 so far", "has killed 80 people in total", "80 since the war began", "80 dead to date",
    "seit Mittwoch 80 Tote", "80 morts depuis mercredi", "80 muertos desde el miércoles", "80 погибших с начала войны",
    "80 قتيلا منذ الأربعاء", "80 mortos até agora", "80 killed since then",
]  # fmt: skip
OF_A_DAY = [
    "80 people were killed", "deadliest since 2016: 80 dead", "killed 80 in total", "a total of 80 dead", "death toll has risen to 80",
    "80 soldiers of the dated unit", "80 muertos", "80 dead since",
]  # fmt: skip


def make_claims(phrases: list[str], **claim: Any) -> dict[str, Rows]:
    """Return one claim per phrase, with a total that has it."""
    ids = [f"{PAGE}.{number}" for number in range(1, len(phrases) + 1)]
    figures = [
        {"figure_id": f"{id_}.killed", "claim_id": id_, "printed": phrase}
        for id_, phrase in zip(ids, phrases, strict=True)
    ]
    events = [{"claim_id": id_} for id_ in ids] if claim.get("scope") == "event" else []
    return {
        "claims": [{"claim_id": id_, **claim} for id_ in ids],
        "figures": figures,
        "claim_events": events,
        "events": [{}],
    }


@pytest.mark.parametrize("scope", ["period", "event"])
def test_the_words_of_a_running_toll_are_no_words_of_a_day(scope: str) -> None:
    days = {} if scope == "period" else {"period_start": None, "period_end": None}
    texts = read_messages("claims.words-fit-window", **make_claims(RUNNING, scope=scope, **days))
    assert [phrase for phrase in RUNNING if not any(repr(phrase) in text for text in texts)] == []
    assert all("`since:`" in text and ("`during:`" if scope == "period" else "`event:`") in text for text in texts)


def test_words_of_a_day_pass() -> None:
    assert read_messages("claims.words-fit-window", **make_claims(OF_A_DAY)) == []


@pytest.mark.parametrize(("last", "found"), [("2024-06-03", True), ("2024-06-04", False)])
def test_a_window_of_more_than_three_days_may_be_a_count_of_its_own(last: str, found: bool) -> None:
    claims = [{"period_end": last, "as_of": last}]
    assert bool(judge("claims.words-fit-window", claims=claims, figures=[{"printed": "8 so far"}])) is found


TOLL = {
    "toll_id": "observatory.war.2024-05-01",
    "date_start": "2024-05-01",
    "population": "everybody",
    "location_id": "land",
}


def make_toll(day: dict[str, Any], n: int, **points: int) -> dict[str, Rows]:
    """Return a claim of one day, and the points of a toll by day: `May_30=704`."""
    months = {"May": "05", "June": "06"}
    claims: Rows = [{"location_id": "land", **day}]
    figures: Rows = [{"low": n, "best": n, "high": n}]
    for number, (name, count) in enumerate(points.items(), 2):
        month, _, number_of_day = name.partition("_")
        at = f"2024-{months[month]}-{int(number_of_day):02}"
        window = {"scope": "cumulative", "period_start": "2024-05-01", "period_end": at, "as_of": at}
        claims.append({"claim_id": f"{PAGE}.{number}", "location_id": "land", **window})
        ids = {"figure_id": f"{PAGE}.{number}.killed", "claim_id": f"{PAGE}.{number}"}
        figures.append({**ids, "low": count, "best": count, "high": count})
    places: Rows = [{"toll_id": TOLL["toll_id"], "location_id": "land"}]
    return {"claims": claims, "figures": figures, "tolls": [TOLL], "toll_places": places}


@pytest.mark.parametrize(
    ("n", "points", "found"),
    [
        (727, {"May_30": 704, "June_2": 826}, True),  # more than the rise
        (123, {"May_30": 704, "June_2": 826}, True),
        (122, {"May_30": 704, "June_2": 826}, False),  # the rise itself
        (727, {"May_30": 704}, True),  # as many as in all the days before
        (704, {"May_30": 704}, True),
        (703, {"May_30": 704}, False),
        (727, {"June_1": 727}, True),  # the toll of that day
        (727, {"June_2": 727}, True),  # and of the next one
        (727, {"June_3": 727}, False),
        (726, {"June_1": 727}, False),
        (19, {"June_1": 19}, False),  # equal by chance
    ],
)  # fmt: skip
def test_a_day_has_no_more_people_than_its_toll_rose(n: int, points: dict[str, int], found: bool) -> None:
    assert bool(judge("claims.day-fits-toll", **make_toll({}, n, **points))) is found


@pytest.mark.parametrize(
    "changes",
    [
        {"location_id": "town"}, {"claimant_id": "ministry"}, {"conflict_id": "war_of_2024"}, {"status": "retracted"},
        {"period_start": "2024-05-01"}, {"scope": "stock"},
    ],
)  # fmt: skip
def test_a_day_of_another_place_claimant_or_war_is_not_compared_with_a_toll(changes: dict[str, Any]) -> None:
    assert judge("claims.day-fits-toll", **make_toll(changes, 727, May_30=704, June_2=826)) == []


@pytest.mark.parametrize(("points", "found"), [({}, True), ({"June_1": 80}, False)])
def test_a_toll_without_a_claim_has_lost_it(points: dict[str, int], found: bool) -> None:
    assert bool(judge("claims.toll-keeps-point", **make_toll({}, 727, **points))) is found


@pytest.mark.parametrize(
    ("outcome", "n", "found"),
    [
        ("killed", 3000, False), ("killed", 3001, True), ("injured", 8000, False), ("injured", 8001, True), ("displaced", 400000, False),
        ("losses_unspecified", 8001, True),
    ],
)  # fmt: skip
def test_a_day_has_at_most_as_many_people_as_any_few_days_had(outcome: str, n: int, found: bool) -> None:
    figures = [{"outcome": outcome, "low": n, "best": n, "high": n}]
    assert bool(judge("claims.days-are-possible", claims=[{}], figures=figures)) is found


@pytest.mark.parametrize(("other", "found"), [(20, True), (21, False), (None, False)])
def test_one_claim_about_an_event_has_not_ten_times_the_people_of_the_others(other: int | None, found: bool) -> None:
    ids = {"claim_id": f"{PAGE}.2"}
    claims: Rows = [{"scope": "event"}, {"scope": "event", **ids}]
    figures: Rows = [
        {"low": 209, "best": 209, "high": 209},
        {"figure_id": f"{PAGE}.2.killed", **ids, "low": other, "best": other, "high": other},
    ]
    rows: dict[str, Rows] = {"events": [{}], "claims": claims, "claim_events": [{}, ids], "figures": figures}
    rows["figures"][0] |= {"low": 200, "best": 200, "high": 200}
    assert bool(judge("claims.days-are-possible", **rows)) is found


# --- the wrong side

ACTORS: Rows = [
    {"actor_id": "army", "name": "Syrian armed forces", "kind": "armed_forces", "country": "SYR"},
    {"actor_id": "mod", "name": "The ministry of defence", "kind": "government_body", "country": "SYR"},
    {"actor_id": "sdf", "name": "Syrian Democratic Forces", "short_name": "SDF", "kind": "coalition", "country": "SYR"},
    {"actor_id": "sna", "name": "Syrian National Army", "short_name": "SNA", "kind": "coalition", "country": "SYR"},
    {"actor_id": "turkey", "name": "Turkish armed forces", "kind": "armed_forces", "country": "TUR"},
    {"actor_id": "observatory"},
]
PRESENT: Rows = [{"actor_id": actor} for actor in ("army", "sdf", "sna", "turkey")]


def judge_side(claimant: str, actor: str, phrase: str | None, *accused: str, **figure: Any) -> list[str]:
    """Return the findings for a claim about people of an actor."""
    return read_messages(
        "figures.side-fits-words",
        actors=ACTORS,
        conflict_actors=PRESENT,
        claims=[{"claimant_id": claimant}],
        claim_perpetrators=[{"actor_id": one} for one in accused],
        figures=[{"actor_id": actor, "printed": phrase, **figure}],
    )


@pytest.mark.parametrize(
    ("claimant", "actor", "phrase", "accused", "meant"),
    [
        ("sdf", "sna", "lost three fighters", (), "sdf"),
        ("sdf", "sna", "three of its fighters", (), "sdf"),
        ("sdf", "turkey", "three of our fighters", (), "sdf"),
        ("sdf", "turkey", "three fighters were martyred", (), "sdf"),
        ("sdf", "sna", None, ("turkey",), "sdf"),  # whom it accuses is its enemy
        ("sdf", "army", "three SDF fighters", (), "sdf"),
        ("mod", "sna", "dozens of soldiers", (), "army"),
        ("mod", "sdf", "the loss of dozens of soldiers", (), "army"),
        ("mod", "sna", "some of its soldiers were killed", (), "army"),
        ("mod", "sna", "استشهاد 8 جنود", (), "army"),
        ("observatory", "army", "eight Turkish soldiers", (), "turkey"),
        ("mod", "army", "eight terrorists", (), ""),  # an enemy, coded as the claimant's own
        ("mod", "army", "8 militants eliminated", (), ""),
        ("sdf", "sdf", None, ("sdf", "turkey"), ""),
    ],
)  # fmt: skip
def test_the_wrong_side_is_found(
    claimant: str, actor: str, phrase: str | None, accused: tuple[str, ...], meant: str
) -> None:
    (text,) = judge_side(claimant, actor, phrase, *accused)
    assert (f"Write `actor: {meant}`" if meant else "Name the other side") in text
    assert "waiver" in text


@pytest.mark.parametrize(
    ("claimant", "actor", "phrase", "accused"),
    [
        ("sdf", "sdf", "lost three fighters", ()),
        ("sdf", "sna", "killed eight SNA fighters", ("sdf",)),
        ("sdf", "sna", "Turkish-backed fighters were killed", ()),
        ("mod", "army", "dozens of soldiers", ("sna",)),
        ("mod", "sna", "eight terrorists", ("army",)),
        ("mod", "sna", "heavy losses on the fighters", ("army", "turkey")),
        ("mod", "turkey", "eight Turkish soldiers", ("army",)),
        ("observatory", "sna", "eight of its fighters", ()),
        ("observatory", "army", "eight terrorists", ()),
        ("mod", "sna", "the enemy lost eight of its fighters", ()),
        ("sdf", "turkey", None, ("sdf",)),
    ],
)  # fmt: skip
def test_the_right_side_passes(claimant: str, actor: str, phrase: str | None, accused: tuple[str, ...]) -> None:
    assert judge_side(claimant, actor, phrase, *accused) == []


@pytest.mark.parametrize(
    ("day", "linked", "n", "found"),
    [("2024-06-01", False, 80, True), ("2024-06-04", False, 80, True), ("2024-06-05", False, 80, False), ("2024-06-01", True, 80, False), ("2024-06-01", False, 19, False)],
)  # fmt: skip
def test_one_number_of_a_claimant_is_that_of_one_side(day: str, linked: bool, n: int, found: bool) -> None:
    count = {"low": n, "best": n, "high": n}
    texts = read_messages(
        "figures.side-fits-words",
        actors=ACTORS,
        conflict_actors=PRESENT,
        claims=[{}, {"claim_id": f"{PAGE}.2", "as_of": day}],
        claim_links=[{}] if linked else [],
        figures=[
            {"actor_id": "army", **count},
            {"figure_id": f"{PAGE}.2.killed", "claim_id": f"{PAGE}.2", "actor_id": "sna", **count},
        ],
    )
    assert len(texts) == found
    assert all(f"{PAGE}.1 has the same number" in text for text in texts)


# --- a share, coded as a count


SHARES = [
    "62% of the dead", "62 % were women", "62 percent of them", "62 per cent", "sixty-two percent", "el 62 por ciento", "62 Prozent",
    "62 pour cent", "yüzde 62", "٦٢٪", "62 في المئة", "62 процента", "%62'si", "62.0 percent", "61.5 percent", "6.2%",
]  # fmt: skip
COUNTS = [
    "62 women", "62 people, 40% women", "62 women (62%)", "40 percent of the 62", "62nd percentile", "162%", "62 persons", "62,000 people",
]  # fmt: skip


def make_parts(phrases: list[str]) -> Rows:
    """Return a total, and one part per phrase, of 62 people each."""
    total, count = f"{PAGE}.1.killed", {"low": 62, "best": 62, "high": 62}
    ids = [{"figure_id": f"{total}.part_{n}", "parent_id": total} for n in range(len(phrases))]
    return [{"low": 5087, "best": 5087, "high": 5087}] + [
        {**one, **count, "relation": "subset", "printed": phrase} for one, phrase in zip(ids, phrases, strict=True)
    ]


def test_a_printed_share_is_no_count() -> None:
    texts = read_messages("figures.printed-is-count", figures=make_parts(SHARES))
    assert [phrase for phrase in SHARES if not any(repr(phrase) in text for text in texts)] == []
    assert all("write `62%`" in text for text in texts)


def test_a_printed_count_is_no_share() -> None:
    assert read_messages("figures.printed-is-count", figures=make_parts(COUNTS)) == []


def make_part(whole: int, qualifier: str, n: int, **columns: Any) -> Rows:
    """Return a total and a part of it."""
    filled = {
        "exact": ("low", "best", "high"),
        "at_least": ("low",),
        "more_than": ("low",),
        "about": ("best",),
        "nearly": ("high",),
    }[qualifier]
    counts = {column: n if column in filled else None for column in ("low", "best", "high")}
    total = f"{PAGE}.1.killed"
    part = {
        "figure_id": f"{total}.women",
        "parent_id": total,
        "relation": "subset",
        "qualifier": qualifier,
        **counts,
        **columns,
    }
    return [{"low": whole, "best": whole, "high": whole}, part]


@pytest.mark.parametrize(
    ("whole", "qualifier", "n", "found"),
    [
        (5087, "more_than", 62, True),
        (880000, "about", 6, True),
        (2750, "nearly", 90, True),
        (600, "about", 20, True),
        (599, "about", 20, False),  # more than one in thirty
        (499, "about", 2, False),  # few people
        (5087, "exact", 62, False),
        (5087, "at_least", 62, False),
        (50870, "about", 101, False),
    ],
)
def test_a_rounded_small_part_without_a_phrase_may_be_a_share(whole: int, qualifier: str, n: int, found: bool) -> None:
    rows = make_part(whole, qualifier, n)
    assert bool(judge("figures.part-is-count", sources=[{}], claims=[{}], figures=rows)) is found
    printed = make_part(whole, qualifier, n, printed=f"{n} women")
    assert judge("figures.part-is-count", sources=[{}], claims=[{}], figures=printed) == []


@pytest.mark.parametrize(
    ("claim", "page", "found"),
    [
        ({"note": "The page has 62% women."}, {}, True),
        ({}, {"title": "Women are 62 percent of the dead"}, True),
        ({}, {"note": "Sixty-two percent are women."}, True),
        ({"note": "The page has 61% women."}, {}, False),
        ({"note": "The page has 62 women."}, {}, False),
    ],
)
def test_a_share_in_the_words_around_a_part_is_compared(
    claim: dict[str, Any], page: dict[str, Any], found: bool
) -> None:
    rows = make_part(5087, "exact", 62)
    assert bool(judge("figures.part-is-count", sources=[page], claims=[claim], figures=rows)) is found


# --- days outside those of the claim


@pytest.mark.parametrize(
    ("claim", "days", "found"),
    [
        ({}, ("2024-05-31", "2024-05-31"), True),
        ({}, ("2024-06-02", "2024-06-02"), True),
        ({}, ("2024-05-31", "2024-06-01"), True),  # begins before
        ({}, ("2024-06-01", "2024-06-02"), True),  # ends after
        ({}, ("2023-06-01", "2023-06-01"), True),  # another year
        ({}, ("2024-01-06", "2024-01-06"), True),  # month and day exchanged
        ({}, ("2024-05-31", None), True),
        ({}, (None, "2024-06-02"), True),
        ({}, ("2024-06-01", "2024-06-01"), False),
        ({}, (None, None), False),
        ({"period_start": "2024-05-01", "scope": "cumulative"}, ("2024-05-31", "2024-05-31"), False),
        ({"period_start": "2024-05-01", "scope": "cumulative"}, ("2024-05-01", "2024-06-01"), False),
        ({"period_start": "2024-05-01", "scope": "cumulative"}, ("2024-05-10", None), False),
    ],
)
def test_a_total_has_days_of_its_claim(claim: dict[str, Any], days: tuple[str | None, str | None], found: bool) -> None:
    figures = [{"period_start": days[0], "period_end": days[1]}]
    assert bool(judge("figures.window-within-claim", claims=[claim], figures=figures)) is found


@pytest.mark.parametrize(
    ("days", "as_of", "found"),
    [
        (("2024-06-01", "2024-06-01"), "2024-06-02", False),
        (("2024-05-31", "2024-06-01"), "2024-06-02", False),  # other days for one event
        (("2024-06-01", "2024-06-02"), "2024-06-02", False),
        (("2024-05-30", "2024-05-31"), "2024-06-02", True),
        (("2024-06-02", "2024-06-02"), "2024-06-02", True),
        (("2024-06-01", "2024-06-03"), "2024-06-02", True),  # after the day of the count
    ],
)
@pytest.mark.parametrize("is_part", [False, True])
def test_in_a_claim_without_a_window_the_days_meet_those_of_the_event(
    days: tuple[str, str], as_of: str, found: bool, is_part: bool
) -> None:
    window = {"period_start": days[0], "period_end": days[1]}
    total = f"{PAGE}.1.killed"
    part = {"figure_id": f"{total}.first", "parent_id": total, "relation": "subset", **window}
    judged = judge(
        "figures.window-within-claim",
        events=[{}],
        claims=[{"scope": "event", "period_start": None, "period_end": None, "as_of": as_of}],
        claim_events=[{}],
        figures=[{}, part] if is_part else [window],
    )
    assert bool(judged) is found


@pytest.mark.parametrize(
    ("days", "found"),
    [
        (("2024-05-20", "2024-05-27"), True),
        (("2024-05-20", "2024-06-01"), False),  # one lies within
        (("2024-05-20",), False),  # the finding is that of the figure
        ((), False),
        (("2024-06-02", "2024-06-03"), True),
        (("2024-05-20", "2024-06-03", "2024-05-01"), True),
    ],
)
def test_a_claim_of_which_all_figures_lie_outside_is_one_finding(days: tuple[str, ...], found: bool) -> None:
    total = f"{PAGE}.1.killed"
    figures: Rows = [{}]
    for number, day in enumerate(days):
        ids = {"figure_id": f"{total}.part_{number}", "parent_id": total, "relation": "subset"}
        figures.append({**ids, "period_start": day, "period_end": day})
    assert judge("claims.window-holds-figures", claims=[{}], figures=figures) == (
        [(f"{PAGE}.1", False)] if found else []
    )
