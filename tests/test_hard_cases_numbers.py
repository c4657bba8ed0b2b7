"""Hard cases of words, units and windows.

Trees are written as in test_hard_cases_trees; bounds are low, best, high.
"""

from __future__ import annotations

import pytest
from realdata import concerns, find_claim, find_claims, is_opposed, load_claims, read_note, read_toll

WORDS_ALONE = (None, None, None)


@pytest.mark.slow
@concerns("oth-050", "oth-051", "syr-038", "syr-046", "syr-047")
def test_qualifier_drift() -> None:
    """Every relay keeps its word: up to 100, at least 100 and hundreds of one attack are three claims."""
    assert read_toll("oth-050") == {"killed": "up to 100"}
    result = [(c.claimant_id, c.toll["killed"]) for c in find_claims("oth-051")]
    assert result == [("madani_rc", "up to 100"), ("madani_rc", "hundreds"), ("local_activists", "at least 100")]
    assert find_claim("oth-051", 2).supersedes == find_claim("oth-051", 1).claim_id
    assert is_opposed("oth-050", "oth-051")
    assert is_opposed("oth-051", "oth-050")
    assert "at least 100" in read_note("oth-050")
    # 704: some in the text, at least in the title. 910: exact by dpa, at least by a page that names no agency.
    assert read_toll("syr-038")["killed"] == "about 704"
    assert "at least 704" in read_note("syr-038")
    assert (read_toll("syr-046")["killed"], find_claim("syr-046").relayed_via) == ("910", "dpa")
    assert (read_toll("syr-047")["killed"], find_claim("syr-047").relayed_via) == ("at least 910", None)
    tolls = {find_claim(old).figures["killed"]["toll_id"] for old in ("syr-046", "syr-047")}
    assert tolls == {"sohr.syria_2024_offensive.2024-11-27"}


@concerns("oth-082", "oth-050", "oth-072")
def test_upper_bound_only() -> None:
    """ "Up to 600" has no lower bound and no best number."""
    assert read_toll("oth-082") == {"killed": "up to 600"}
    assert find_claim("oth-082").get_bounds("killed") == (None, None, 600)
    assert find_claim("oth-050").get_bounds("killed") == (None, None, 100)
    assert read_toll("oth-072", 2)["killed.residents_pazigyi"] == "by other up to 100"
    assert find_claim("oth-072", 2).get_bounds("killed.residents_pazigyi") == (None, None, 100)


@concerns("oth-052", "syr-056", "syr-089")
def test_open_bound_precise() -> None:
    """ "More than 104" keeps the precise number as a bound, and the word that excludes it."""
    for old, outcome, n in (
        ("oth-052", "killed", 104),
        ("syr-056", "killed", 528592),
        ("syr-089", "displaced", 280000),
    ):
        assert read_toll(old)[outcome] == f"more than {n}"
        assert find_claim(old).get_bounds(outcome) == (n, None, None)
    assert find_claim("syr-089").get_printed("displaced") == "displaced 280,000+ people"
    assert (
        read_toll("syr-056").items()
        >= {
            "killed.civilians": "including more than 181939",
            "killed.civilians.women": "including at least 15207",
        }.items()
    )


@concerns("oth-013")
def test_range_with_preference() -> None:
    """A range stays a range; "at the low end" stays words, and nobody takes the middle."""
    assert read_toll("oth-013") == {"killed": "100 to 300"}
    assert find_claim("oth-013").get_bounds("killed") == (100, None, 300)
    assert find_claim("oth-013").get_printed("killed") == "low end of the 100-to-300"
    assert "no midpoint" in read_note("oth-013")


@concerns("syr-069", "syr-033", "syr-046", "syr-100", "oth-059", "oth-080")
def test_non_numeric() -> None:
    """Words without a number are qualifiers without bounds.

    A group named without a number is `unstated`.
    """
    words = {
        "syr-069": {"killed": "dozens", "injured": "unstated"},
        "syr-033": {"injured": "dozens"},
        "syr-046": {"killed.civilians.children": "including several"},
        "syr-100": {"killed.combatants": "including most"},
        "oth-059": {"killed.elderly": "including many", "killed.children": "including many"},
        "oth-080": {
            "killed.civilians": "including unstated",
            "killed.burkina_army": "including unstated",
            "killed.vdp": "including unstated",
            "missing": "several",
        },
    }
    for old, lines in words.items():
        assert read_toll(old).items() >= lines.items()
        assert {find_claim(old).get_bounds(path) for path in lines} == {WORDS_ALONE}
    assert read_toll("syr-033")["killed"] == "more than 11"
    assert read_toll("oth-080")["killed"] == "100 to 200"


@concerns("oth-062", "oth-064", "oth-039", "syr-070", "syr-077", "oth-132")
def test_combined_killed_wounded() -> None:
    """A joint number of killed and injured is a separate outcome, never copied into the killed."""
    assert read_toll("oth-062") == {"killed_or_injured": "more than 100"}
    assert "headline has killed alone" in read_note("oth-062")
    assert read_toll("oth-064").items() >= {"killed": "74", "injured": "171", "killed_or_injured": "245"}.items()
    assert read_toll("oth-039") == {"killed_or_injured": "45680"}
    assert read_toll("syr-070") == {"killed_or_injured": "dozens"}
    assert read_toll("syr-077") == {
        "killed_or_injured": "hundreds",
        "killed_or_injured.foreign_mercenaries": "including many",
    }
    assert "eliminated and wounded" in read_note("syr-077")
    assert read_toll("oth-132") == {"losses_unspecified": "772280"}


@concerns("oth-132", "oth-085", "oth-035", "syr-077")
def test_losses_undefined() -> None:
    """Losses and people "put out of action" are not coded as killed.

    A note names a word with two meanings.
    """
    assert read_toll("oth-132") == {"losses_unspecified": "772280"}
    assert read_toll("oth-085") == {"losses_unspecified": "203"}
    assert "not necessarily killed" in read_note("oth-085")
    assert read_toll("oth-035").items() >= {"killed": "4481", "injured": "5565", "killed_or_injured": "10046"}.items()
    assert find_claim("oth-035").get_printed("killed_or_injured") == "10.046 vittime civili"
    assert "vittime" in read_note("oth-035")
    assert "killed" not in read_toll("syr-077")


@concerns("oth-037", "oth-103", "oth-114", "oth-115", "oth-095")
def test_unit_not_person() -> None:
    """Cases, admissions and bodies are units; the key says so and the figure id with it."""
    assert read_toll("oth-037").items() >= {"killed": "43000", "injured_cases": "370000"}.items()
    assert find_claim("oth-037").figures["injured_cases"]["unit"] == "cases"
    assert find_claim("oth-103", 1).figures["injured_admissions"]["unit"] == "admissions"
    assert (
        read_toll("oth-103", 2).items()
        >= {"killed": "28", "injured": "unstated", "injured.anxiety": "including 401"}.items()
    )
    assert "bodies received at hospitals" in find_claim("oth-114").method
    assert read_toll("oth-115") == {
        "killed_bodies": "37",
        "killed_bodies.last_24_hours": "including 32",
        "killed_bodies.earlier": "including 5",
        "injured": "136",
        "injured.under_rubble": "besides many",
    }
    # The 32 are the headline's and the 5 the text's: that they make the 37 does not make them a list.
    assert find_claim("oth-115").list_axes() == set()
    # The page prints the dead, and the bodies in two places; their sum is nobody's number.
    assert read_toll("oth-095") == {
        "killed": "nearly 3000",
        "killed_bodies": "unstated",
        "killed_bodies.bodies_collected": "including 2000",
        "killed_bodies.bodies_morgues": "including 900",
    }
    assert find_claim("oth-095").get_printed("killed") == "nearly 3,000 individuals"


def test_a_computed_sum_is_no_total() -> None:
    """An `about` that equals the sum of its complete list needs a phrase of the page with that number."""
    computed = []
    for found in load_claims().values():
        for path, figure in found.figures.items():
            listed: dict[str, list[int | None]] = {}
            for part in found.figures.values():
                if part["parent_id"] == figure["figure_id"] and part["relation"] == "part":
                    listed.setdefault(part["axis"], []).append(part["best"])
            sums = [sum(n for n in parts if n) for parts in listed.values() if None not in parts]
            if figure["qualifier"] == "about" and figure["best"] in sums and not figure["printed"]:
                computed.append((found.claim_id, path))
    assert computed == []


@concerns("oth-041", "oth-112", "oth-113")
def test_injured_to_killed() -> None:
    """Who dies in hospital moves to the killed of a later claim; people in shock are inside or outside the injured."""
    assert read_toll("oth-041", 1)["killed"] == "56"
    assert read_toll("oth-041", 2) == {"killed": "53"}
    assert "died in hospital" in str(find_claim("oth-041", 1).note)
    assert (read_toll("oth-040")["killed"], read_toll("oth-040")["injured"]) == ("51", "6")
    assert str(find_claim("oth-041", 1).as_of) > str(find_claim("oth-040").as_of)
    assert read_toll("oth-112", 1)["injured"] == "at least 19"
    assert find_claim("oth-112", 1).add_up("injured", "severity") == 6 + 3 + 10
    assert find_claim("oth-112", 1).figures["injured.light"]["label"] == "light, anxiety included"
    assert read_toll("oth-113").items() >= {"injured": "11", "injured.shock": "besides 6"}.items()


@concerns("syr-028", "syr-103", "oth-001", "oth-101", "oth-114")
def test_cumulative_vs_day() -> None:
    """The number of one day inside a running toll is a subset with its own window."""
    slices = {
        ("syr-028", "killed.civilians.same_day"): ("including 17", "2024-12-01", "2024-12-01"),
        ("syr-103", "killed.same_day"): ("including 57", "2024-11-30", "2024-11-30"),
        ("oth-001", "killed.documented_that_day"): ("including 158", "2025-03-12", "2025-03-12"),
        ("oth-101", "killed.last_24_hours"): ("including 107", "2025-06-23", "2025-06-24"),
        ("oth-114", "killed.last_24_hours"): ("including 153", "2025-05-16", "2025-05-17"),
        ("oth-114", "killed.since_18_march"): ("including 3131", "2025-03-18", "2025-05-17"),
    }
    for (old, path), (line, first, last) in slices.items():
        figure = find_claim(old).figures[path]
        assert read_toll(old)[path] == line
        assert (str(figure["period_start"]), str(figure["period_end"])) == (first, last)
        assert find_claim(old).scope == "cumulative"
    totals = [read_toll(old)["killed"] for old in ("syr-028", "syr-103", "oth-001", "oth-101", "oth-114")]
    assert totals == ["at least 412", "287", "1383", "606", "53272"]


@concerns("syr-075", "syr-043", "syr-155", "syr-112", "syr-089", "syr-126")
def test_ambiguous_period() -> None:
    """A vague window is coded as read, with an explanation.

    It is approximate if the coder chose it.
    """
    windows = {
        "syr-075": ("period", "2024-12-02/2024-12-04", "approximate"),  # "this week"
        "syr-043": ("period", "2024-12-06/2024-12-07", "approximate"),  # the last hours
        "syr-155": ("cumulative", "2024-11-30/2024-12-03", "day"),  # "since Saturday"
        "syr-112": ("period", "2024-11-26/2024-12-08", "day"),
        "syr-089": ("cumulative", "2024-11-29/2024-12-05", "day"),  # the start that the page gives
        "syr-126": ("period", "2024-12-03/2024-12-04", "approximate"),
    }
    for old, coded in windows.items():
        assert (find_claim(old).scope, find_claim(old).window, find_claim(old).period_precision) == coded
    assert "this week" in read_note("syr-075")
    assert "since Saturday" in read_note("syr-155")
    assert "a day before the offensive" in read_note("syr-112")
    assert "two days later than others" in read_note("syr-089")
    assert "does not say over which days" in read_note("syr-126")


@concerns("syr-016", "syr-103", "syr-017", "syr-018")
def test_several_updates_per_day() -> None:
    """Four points of one toll on one day: none corrects another, and the notes give the order."""
    points = [find_claim(old) for old in ("syr-016", "syr-103", "syr-017", "syr-018")]
    assert [c.toll["killed"] for c in points] == ["277", "287", "311", "327"]
    assert {str(c.as_of) for c in points} == {"2024-11-30"}
    assert {(c.claimant_id, c.scope, c.window) for c in points} == {("sohr", "cumulative", "2024-11-27/2024-11-30")}
    assert [c.supersedes for c in points] == [None] * 4
    assert points[0].claim_id in read_note("syr-103")
    assert points[2].claim_id in read_note("syr-103")
    assert points[2].claim_id in read_note("syr-018")


@concerns("oth-017", "oth-014", "oth-040", "syr-092")
def test_revision_down() -> None:
    """A claimant that lowers its toll supersedes it with a reason.

    A stock that falls is not a correction.
    """
    assert (read_toll("oth-018")["killed"], read_toll("oth-017")["killed"]) == ("about 1400", "about 1200")
    assert find_claim("oth-017").supersedes == find_claim("oth-018").claim_id
    assert "attackers" in find_claim("oth-017").revision_reason
    # The higher number is on no page of these data, so it is in the note.
    assert read_toll("oth-014")["killed"] == "at least 471"
    assert "from 500" in read_note("oth-014")
    assert read_toll("oth-040")["killed"] == "51"
    assert "had said 55" in read_note("oth-040")
    assert (read_toll("syr-091")["displaced"], read_toll("syr-092")["displaced"]) == ("1100000", "882000")
    assert (find_claim("syr-092").scope, find_claim("syr-092").supersedes) == ("stock", None)


@concerns("oth-008", "oth-010", "oth-011", "oth-036")
def test_part_goes_down_total_up() -> None:
    """A group that shrinks under a growing total was re-sorted.

    That is not a correction, but a conflict with a note.
    """
    assert (read_toll("oth-006")["killed"], read_toll("oth-008")["killed"]) == ("1311", "1420")
    assert read_toll("oth-006")["killed.druze.druze_civilians"] == "by party 300"
    assert read_toll("oth-008")["killed.local_residents.civilians"] == "including 145"
    assert read_toll("oth-008")["killed.executed_by_government"] == "by party 250"
    assert find_claim("oth-008").supersedes is None
    assert is_opposed("oth-008", "oth-006")
    assert read_toll("oth-011", 2) == {
        "killed": "unstated",
        "killed.women": "including about 9500",
        "killed.children": "including 14500",
    }
    assert read_toll("oth-011", 3) == {"killed": "about 35000"}
    assert read_toll("oth-010")["killed.identified.women"] == "by age_sex 4959"
    assert read_toll("oth-010")["killed.identified.children"] == "by age_sex 7797"
    assert is_opposed("oth-010", "oth-011")
    assert read_toll("oth-034")["killed.children_sex_unknown"] == "by age_sex 69"
    assert read_toll("oth-036")["killed.children_sex_unknown"] == "by age_sex 31"
    assert "from 69" in read_note("oth-036")


@concerns("syr-053", "syr-157", "oth-006", "oth-123", "oth-116")
def test_documentation_date() -> None:
    """People documented in a window are `recorded`.

    A toll that is published late has a later as-of day.
    """
    for old, window in (("syr-053", "2024-12-01/2024-12-31"), ("syr-157", "2024-11-01/2024-11-30")):
        assert (find_claim(old).basis, find_claim(old).scope, find_claim(old).window) == ("recorded", "period", window)
    assert (find_claim("oth-006").window, str(find_claim("oth-006").as_of)) == ("2025-07-13/2025-07-20", "2025-07-22")
    late = find_claim("oth-123", 1).figures["killed.documented_today"]
    assert read_toll("oth-123", 1) == {"killed": "1348", "killed.documented_today": "including 2"}
    assert str(late["period_start"]) == str(late["period_end"]) == "2021-12-14"
    found = find_claim("oth-116", 3)
    assert (found.basis, found.toll) == ("recorded", {"killed_bodies": "513"})
    assert found.part_of == {find_claim("oth-116", 2).claim_id}
    assert read_toll("oth-116", 1) == {"killed": "241", "injured": "609"}
    assert read_toll("oth-116", 2) == {"killed": "68875", "injured": "170679"}


@concerns("syr-127", "syr-086", "oth-121", "oth-116")
def test_other_states_of_persons() -> None:
    """Crossed a border, displaced twice, held, released, handed over: each is a separate state."""
    assert read_toll("syr-127") == {"injured": "unstated", "other": "about 2000"}
    assert find_claim("syr-127").figures["other"]["label"] == "soldiers who crossed into Iraq"
    assert read_toll("syr-086") == {
        "displaced": "at least 370000",
        "displaced.more_than_once": "including 100000",
    }
    assert (
        read_toll("oth-121").items()
        >= {
            "detained": "27089",
            "detained.still_held": "by custody 20780",
            "detained.still_held.serving_sentence": "including 9352",
            "detained.released": "by custody 6309",
        }.items()
    )
    assert find_claim("oth-121").add_up("detained", "custody") == 27089
    assert read_toll("oth-116", 4) == {"other_bodies": "285", "other_bodies.latest": "including 15"}
    assert find_claim("oth-116", 4).claimant_id == "nasser_hospital"


@concerns("syr-088", "syr-090", "syr-092")
def test_stock_vs_flow() -> None:
    """People who have fled since a day are cumulative; people displaced now are a stock.

    Returns are an outcome.
    """
    assert (find_claim("syr-088").scope, find_claim("syr-088").window) == ("cumulative", "2024-11-27/2024-12-06")
    assert read_toll("syr-088") == {"displaced": "280000"}
    assert (find_claim("syr-090").scope, find_claim("syr-090").window) == ("stock", "2024-12-15/2024-12-15")
    assert read_toll("syr-090") == {
        "displaced": "more than 880000",
        "displaced.collective_centres_ne": "including more than 40000",
        "displaced.with_disability": "including about 6%",
        "returned": "more than 220000",
    }
    assert read_toll("syr-092") == {
        "displaced": "882000",
        "displaced.displaced_more_than_once": "including at least 150000",
        "returned": "225000",
    }
    assert find_claim("syr-092").scope == "stock"


@concerns("syr-080", "oth-067", "oth-104")
def test_indirect_deaths() -> None:
    """Indirect deaths are a cause, a forecast is a scope, and the unborn are only in words."""
    assert read_toll("syr-080") == {"killed": "3", "killed.patients": "including 2"}
    assert find_claim("syr-080").figures["killed.patients"]["cause"] == "indirect"
    assert (find_claim("oth-067").scope, find_claim("oth-067").window) == ("projection", "2014-09-16/2021-12-31")
    assert [find_claim("oth-067").figures[f"killed.{c}"]["cause"] for c in ("direct", "indirect")] == [
        "direct",
        "indirect",
    ]
    assert str(find_claim("oth-067").page["published_on"]) == "2021-11-25"
    assert read_toll("oth-104")["killed.women.pregnant"] == "including 2"
    assert "does not say whether they are counted" in read_note("oth-104")


@concerns("oth-130", "oth-036", "oth-121")
def test_verified_minimum() -> None:
    """A count by name is printed as an exact number and coded so.

    `method` says that it is a minimum.
    """
    assert find_claim("oth-130").get_bounds("killed") == (79819, 79819, 79819)
    assert find_claim("oth-036").get_bounds("killed") == (8231, 8231, 8231)
    assert find_claim("oth-121").get_bounds("killed") == (5414, 5414, 5414)
    assert "known by name" in find_claim("oth-130").method
    assert "verified one by one" in find_claim("oth-036").method
    assert "name by name" in find_claim("oth-121").method


@concerns("oth-003", "syr-084", "syr-058")
def test_number_format() -> None:
    """A point between thousands, or a number partly in words.

    The seed has only digits; the phrase has the page's form.
    """
    assert (read_toll("oth-003")["killed"], find_claim("oth-003").get_printed("killed")) == (
        "1018",
        "1.018 in particular",
    )
    assert (
        read_toll("syr-084")["killed.december_2024"],
        find_claim("syr-084").get_printed("killed.december_2024"),
    ) == (
        "including 2354",
        "2 bin 354 can kaybı",
    )
    assert read_toll("syr-058").items() >= {"killed": "2704", "killed.civilians": "including 878"}.items()
    assert find_claim("syr-058").get_printed("killed.civilians") == "878 civiles han muerto"
