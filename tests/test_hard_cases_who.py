"""Hard cases of who: claimant, victims, perpetrator, page and place.

Trees are written as in test_hard_cases_trees.
"""

from __future__ import annotations

import pytest
import test_hard_cases_numbers
import test_hard_cases_trees
from realdata import (
    Claim,
    concerns,
    find_claim,
    find_claims,
    index_rows,
    is_opposed,
    list_rows,
    load_claims,
    map_new_ids,
    read_note,
    read_toll,
)

from conflictdata.schema.tables import MODELS


def _list_perpetrators(old: str) -> tuple[set[str], str]:
    found = find_claim(old)
    return found.perpetrators, found.perpetrator_certainty


def _find_event_claims(old: str) -> list[Claim]:
    """Return all claims about the event of a claim."""
    (event,) = find_claim(old).events
    ids = [row["claim_id"] for row in list_rows("claim_events") if row["event_id"] == event]
    return [
        c for group in map_new_ids() if not group.startswith("ev-") for c in find_claims(group) if c.claim_id in ids
    ]


@concerns("syr-004", "syr-050", "syr-051", "oth-060", "oth-062")
def test_population_scope() -> None:
    """The total states who is counted.

    Everything else about coverage is in `method` or in the note.
    """
    assert find_claim("syr-004").figures["killed"]["person_status"] == "combatant"
    assert find_claim("syr-050").figures["killed"]["person_status"] == "civilian"
    assert find_claim("syr-051").figures["killed"]["person_status"] == "civilian"
    assert "Air strikes and shelling" in read_note("syr-051")
    assert find_claim("syr-051").perpetrators == {"syrian_government", "russia", "allied_militia"}
    assert "one hospital" in find_claim("oth-060").method
    assert find_claim("oth-062").figures["killed_or_injured"]["person_status"] is None


@concerns("syr-055", "syr-058")
def test_same_ngo_two_totals() -> None:
    """One organisation, one year, one country, two totals: both are kept, with the likely reason."""
    assert read_toll("syr-055").items() >= {"killed": "6777", "killed.civilians": "by party 3598"}.items()
    assert read_toll("syr-058").items() >= {"killed": "2704", "killed.civilians": "including 878"}.items()
    assert [find_claim(old).claimant_id for old in ("syr-055", "syr-058")] == ["sohr", "sohr"]
    assert [find_claim(old).location_id for old in ("syr-055", "syr-058")] == ["syria", "syria"]
    assert is_opposed("syr-055", "syr-058")
    assert is_opposed("syr-058", "syr-055")
    assert "areas held by the former government" in read_note("syr-058")


@concerns("syr-053", "syr-159", "syr-054", "syr-055")
def test_ngo_vs_ngo_factor() -> None:
    """Two monitors far apart: no mean, but a conflict, and their methods in the register."""
    assert (read_toll("syr-053")["killed"], read_toll("syr-159")["killed.civilians"]) == ("503", "by party 1894")
    assert (read_toll("syr-054")["killed"], read_toll("syr-055")["killed.civilians"]) == ("1264", "by party 3598")
    assert is_opposed("syr-053", "syr-159")
    assert is_opposed("syr-159", "syr-053")
    assert is_opposed("syr-054", "syr-055")
    assert "follow different rules" in read_note("syr-055")
    actors = index_rows("actors", "actor_id")
    assert "civilians only" in actors["snhr"]["note"]
    assert "everybody killed" in actors["sohr"]["note"]


@concerns("syr-060", "syr-102", "syr-108")
def test_side_flip() -> None:
    """A mistranslated army is coded as printed, on the wrong side.

    The note and the conflict name the real side.
    """
    assert read_toll("syr-060")["killed.syrian_government"] == "by party 21"
    assert find_claim("syr-060").figures["killed.syrian_government"]["label"] == "Syrian army"
    assert "misread" in read_note("syr-060")
    assert read_toll("syr-102")["killed.combatants.syria_opposition"] == "by party 135"
    assert 114 + 21 == 135
    assert is_opposed("syr-060", "syr-102")
    assert is_opposed("syr-102", "syr-060")
    assert read_toll("syr-108")["killed.syrian_government"] == "including 51"
    assert read_toll("syr-032")["killed.sna"] == "by party 51"
    assert is_opposed("syr-108", "syr-032")
    assert "to the other side" in read_note("syr-108")


@concerns("syr-136", "syr-159")
def test_label_changes_side() -> None:
    """After 8 December 2024 "security forces" are the other side: another actor, with dates."""
    assert find_claim("syr-136").figures["killed"]["actor_id"] == "syr_interim_security"
    assert find_claim("syr-136").perpetrators == {"former_regime_remnants"}
    actors = index_rows("actors", "actor_id")
    assert str(actors["syrian_government"]["active_to"]) == "2024-12-08"
    assert str(actors["syr_interim_security"]["active_from"]) == "2024-12-08"
    # The page that spans the change names no party for people who are not civilians, so none is coded.
    others = find_claim("syr-159").figures["killed.non_civilians"]
    assert (read_toll("syr-159")["killed.non_civilians"], others["actor_id"]) == ("by party 460", None)


@concerns("syr-062", "syr-101", "syr-130", "syr-071")
def test_propaganda_labels() -> None:
    """A party is one actor, whatever a page calls it.

    The page's word is the label or in the note.
    """
    assert find_claim("syr-062").perpetrators == {"syrian_government"}
    relayed = find_claim("syr-101").figures["killed.by_sdf"]
    assert (relayed["perpetrator_id"], relayed["label"]) == ("sdf", "by the PYD (as printed)")
    # The party's relay leaves two of SNHR's perpetrators out: 140 of 149, so no complete list.
    given = [q for p, q in read_toll("syr-101").items() if p.startswith("killed.by_") and p.count(".") == 1]
    assert given == ["including 105", "including 27", "including 8"]
    assert find_claim("syr-101").list_axes() == set()
    assert "140 of 149" in read_note("syr-101")
    assert find_claim("syr-130").perpetrators == {"sdf"}
    assert "TRT writes YPG" in read_note("syr-130")
    militants = find_claim("syr-071").figures["killed"]
    assert (militants["actor_id"], militants["label"]) == ("syria_opposition", "militants")


@concerns("syr-061", "syr-062", "syr-052", "syr-118", "syr-120", "oth-110", "oth-013", "oth-014", "oth-025", "oth-026")
def test_perpetrator_dispute() -> None:
    """Opposite, open and denied attributions: perpetrators and a certainty per claim."""
    assert _list_perpetrators("syr-061") == ({"hts_and_allies"}, "stated")
    assert _list_perpetrators("syr-062") == ({"syrian_government"}, "stated")
    assert is_opposed("syr-061", "syr-062")
    assert find_claim("syr-061").events == find_claim("syr-062").events
    assert _list_perpetrators("syr-052") == ({"syrian_government", "hts_and_allies"}, "undetermined")
    assert _list_perpetrators("syr-118") == ({"russia"}, "stated")
    assert _list_perpetrators("syr-120") == ({"syrian_government"}, "stated")
    assert find_claim("syr-118").claim_id.removesuffix(".1") in read_note("syr-120")
    assert _list_perpetrators("oth-110") == ({"hezbollah"}, "denied")
    # One page, two claimants: the ministry names Israel, the page has others name another party; US intelligence thinks
    # that it was probably not Israel, and names nobody.
    assert _list_perpetrators("oth-014") == ({"israel"}, "stated")
    assert _list_perpetrators("oth-013") == (set(), None)
    assert "Israel probably did not do it" in read_note("oth-013", 1)
    assert is_opposed("oth-013", "oth-014")
    # One toll, two relays: the minister's words name Israel on one page, for the killed alone. On the other he names
    # nobody; Hezbollah does.
    assert _list_perpetrators("oth-026") == (set(), None)
    accused = find_claim("oth-026").figures
    assert (accused["killed"]["perpetrator_id"], accused["injured"]["perpetrator_id"]) == ("israel", None)
    assert _list_perpetrators("oth-025") == (set(), None)
    assert "Hezbollah" in read_note("oth-025")


def test_no_claimant_accuses_two_parties_that_accuse_each_other() -> None:
    """`disputed` is for a party that one claimant names and another does not. Two parties are two claims."""
    disputed = [c for c in load_claims().values() if c.perpetrator_certainty == "disputed"]
    assert [c.claim_id for c in disputed if len(c.perpetrators) > 1] == []


def test_an_execution_has_a_perpetrator() -> None:
    """Somebody executes people.

    The figure, a figure above it or the claim names who, or `unidentified`.
    """
    nobody = []
    for found in load_claims().values():
        by_id = {figure["figure_id"]: figure for figure in found.figures.values()}
        for path, figure in found.figures.items():
            above = figure
            while not above["perpetrator_id"] and above["parent_id"]:
                above = by_id[above["parent_id"]]
            if figure["cause"] == "execution" and not above["perpetrator_id"] and not found.perpetrators:
                nobody.append((found.claim_id, path))
    assert nobody == []


def test_a_place_is_not_called_like_a_party() -> None:
    """A place must not share its name with another actor.

    Otherwise every text that names the party would lead to the place.
    """

    def names(table: str, kind: str, key: str) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for row in list_rows(table):
            for name in (row[key].replace("_", " "), row["name"]):
                found.setdefault(name.casefold(), set()).add(row[key])
        for row in list_rows("aliases"):
            if row["entity_kind"] == kind:
                found.setdefault(row["alias"].casefold(), set()).add(row["entity_id"])
        return found

    parties, places = names("actors", "actor", "actor_id"), names("locations", "location", "location_id")
    # A state and its country may share a name; then they share an id.
    assert {name for name in parties.keys() & places.keys() if parties[name] != places[name]} == set()


@concerns("syr-043", "oth-005")
def test_mixed_perpetrators() -> None:
    """One toll with several perpetrators.

    `multiple` on the claim, the known ones on their figures.
    """
    assert _list_perpetrators("syr-043") == ({"multiple"}, "undetermined")
    assert find_claim("syr-043").add_up("killed", "location") == 20 + 4 + 1 + 3 == 28
    assert read_toll("syr-043")["killed.manbij_fighter"] == "besides 1"
    assert read_toll("syr-043")["killed.children"] == "including 8"
    assert {p: f["perpetrator_id"] for p, f in find_claim("syr-043").figures.items() if f["perpetrator_id"]} == {
        "killed.homs_north": "syrian_government",
        "killed.euphrates_shield": "turkey_sna",
        "killed.manbij_fighter": "turkey",
    }
    assert find_claim("syr-043").figures["killed.homs_north"]["cause"] == "shelling"
    assert _list_perpetrators("oth-005") == ({"multiple"}, "undetermined")
    did = {path: f["perpetrator_id"] for path, f in find_claim("oth-005").figures.items() if f["perpetrator_id"]}
    assert did == {
        "killed.druze_civilians.executed": "syr_interim_security",
        "killed.bedouin.executed": "druze_fighters",
        "killed.killed_by_israel": "israel",
    }


@concerns("syr-010", "oth-053", "oth-063", "oth-004", "oth-129")
def test_several_claimants_one_sentence() -> None:
    """One claim has one claimant, so the sentence is split.

    A part of another claimant's total is `part_of` it.
    """
    split = {
        "syr-010": [("sohr", "more than 240"), ("syrian_state_media", "more than 240")],
        "oth-004": [("sohr", "unstated"), ("syr_interim_gov", "at least 231")],
    }
    for old, result in split.items():
        assert [(c.claimant_id, c.toll["killed"]) for c in find_claims(old)] == result
    assert [(c.claimant_id, c.toll) for c in find_claims("oth-063")] == [
        ("houthi_media", {"killed": "at least 80"}),
        ("msf", {"injured": "about 200"}),
    ]
    assert read_toll("oth-053") == {"killed": "at least 35", "injured": "more than 20"}
    assert find_claim("oth-053").figures["killed"]["age"] == "child"
    assert find_claim("oth-053").part_of == {find_claim("oth-052").claim_id}
    # Here the claimant is one, and the areas of the two groups differ.
    areas = {path: f["location_id"] for path, f in find_claim("oth-129").figures.items()}
    assert read_toll("oth-129") == {
        "killed": "unstated",
        "killed.civilians": "including 45",
        "killed.israel": "including at least 73",
    }
    assert areas["killed.civilians"] == "north_israel_golan"
    assert areas["killed.israel"] == "north_israel_golan_south_lebanon"


@concerns("syr-015", "syr-006", "syr-099", "oth-016")
def test_claimant_missing() -> None:
    """A number without a named claimant is `unspecified`, even if it fits a known series."""
    for old, killed in (
        ("syr-015", "at least 277"),
        ("syr-006", "more than 130"),
        ("syr-099", "826"),
        ("oth-016", "118"),
    ):
        assert (find_claim(old).claimant_id, read_toll(old)["killed"]) == ("unspecified", killed)
    assert find_claim("syr-015").relayed_via == "bbc"
    assert "SOHR" in read_note("syr-006")
    assert "SOHR is named elsewhere" in read_note("syr-099")
    assert find_claim("oth-016").page["copied_from"] == "al_jazeera"


@concerns("syr-026", "syr-012", "syr-030", "syr-068")
def test_relay_chain() -> None:
    """Claimant, agency, original and publisher each have a column.

    A longer chain is in the note.
    """
    caption = find_claim("syr-026")
    assert (caption.claimant_id, caption.relayed_via, caption.page["kind"]) == ("sohr", "epa", "caption")
    assert str(caption.as_of) == "2024-12-02"
    assert str(caption.page["published_on"]) == "2024-12-06"
    assert find_claim("syr-012").relayed_via == "digital_journal"
    translated = find_claim("syr-030").page
    assert (translated["kind"], translated["copied_from"], translated["language"]) == ("copy", "efe", "en")
    assert find_claim("syr-068").page["kind"] == "copy"
    assert "mirror" in read_note("syr-068")


@concerns("syr-107", "syr-157", "oth-102", "oth-051")
def test_self_contradicting_page() -> None:
    """The text is coded; the headline's other number is in the note.

    Two statements are two claims.
    """
    assert read_toll("syr-107") == {"killed": "at least 27", "killed.children": "including 8"}
    assert "contradicts itself" in read_note("syr-107")
    assert read_toll("syr-157")["killed.women"] == "including 3"
    assert "its title has six women" in read_note("syr-157")
    assert read_toll("syr-158")["killed.women"] == "including 6"
    assert read_toll("oth-102")["killed"] == "974"
    assert find_claim("oth-102").add_up("killed", "party") == 387 + 268 + 319 == 974
    assert "967" in read_note("oth-102")
    assert [c.toll for c in find_claims("oth-051")] == [
        {"killed": "up to 100"},
        {"killed": "hundreds"},
        {"killed": "at least 100"},
    ]


@concerns("syr-107", "syr-105", "syr-106")
def test_age_read_as_count() -> None:
    """Eight years that became eight children.

    They are coded as printed on every page, and every page notes the doubt.
    """
    for old in ("syr-107", "syr-105", "syr-106"):
        assert read_toll(old)["killed.children"] == "including 8"
    # One page names the office, one says the UN and no more.
    assert [find_claim(old).claimant_id for old in ("syr-107", "syr-105", "syr-106")] == [
        "un_ocha",
        "un_estimate",
        "un_ocha",
    ]
    for old in ("syr-105", "syr-106", "syr-023"):
        assert is_opposed("syr-107", old)
        assert is_opposed(old, "syr-107")
        assert find_claim("syr-107").claim_id in read_note(old)
    assert "an age read as a count" in read_note("syr-107")


@concerns("syr-045", "syr-046", "syr-057")
def test_headline_inflation() -> None:
    """The body is coded; the headline's exaggeration is a remark."""
    assert read_toll("syr-045")["killed"] == "at least 910"
    assert "almost a thousand" in read_note("syr-045")
    assert read_toll("syr-046")["killed"] == "910"
    assert "almost 1000" in read_note("syr-046")
    assert find_claim("syr-045").add_up("killed", "party") == find_claim("syr-046").add_up("killed", "party") == 910
    part = find_claim("syr-057").figures["killed"]
    assert (read_toll("syr-057")["killed"], part["person_status"]) == ("more than 181939", "civilian")
    assert "toll of the whole conflict" in read_note("syr-057")


@concerns("syr-136", "syr-137", "oth-004")
def test_event_total_across_claimants() -> None:
    """Fourteen by one claimant, three by another: two claims on one event, no claim of seventeen."""
    assert (find_claim("syr-136").claimant_id, read_toll("syr-136")) == (
        "syr_interim_moi",
        {"killed": "14", "injured": "10"},
    )
    assert (find_claim("syr-137").claimant_id, read_toll("syr-137")) == ("sohr", {"killed": "3"})
    assert find_claim("syr-136").events == find_claim("syr-137").events
    about = _find_event_claims("syr-136")
    assert len(about) == 2
    assert "17" not in {q for c in about for q in c.toll.values()}
    assert not any("1864" in q for c in find_claims("oth-004") for q in c.toll.values())
    assert "would make 1,864" in read_note("oth-004", 1)


@concerns("oth-055", "oth-056")
def test_part_exceeds_whole_across_claimants() -> None:
    """A city above its country, by two claimants.

    That is a conflict and not an error, since they are not parts of each other.
    """
    assert (find_claim("oth-055").location_id, read_toll("oth-055")) == ("el_geneina", {"killed": "10000 to 15000"})
    assert (find_claim("oth-056").location_id, read_toll("oth-056")) == ("sudan", {"killed": "about 12000"})
    assert find_claim("oth-055").claimant_id != find_claim("oth-056").claimant_id
    assert is_opposed("oth-055", "oth-056")
    assert find_claim("oth-055").part_of == set()


@concerns("syr-074", "syr-075", "syr-071", "syr-096")
def test_enemy_loss_claims() -> None:
    """A party's claim about its enemy's dead: claimant on one side, victims on the other."""
    expected_claims = {
        "syr-074": ("syrian_state_tv", "about 1300", "syria_opposition"),
        "syr-075": ("syrian_state_tv", "more than 1600", "syria_opposition"),
        "syr-071": ("syr_army", "more than 400", "syria_opposition"),
    }
    for old, expected in expected_claims.items():
        found = find_claim(old)
        assert (found.claimant_id, found.toll["killed"], found.figures["killed"]["actor_id"]) == expected
        # One page names the army and the Syrian air force alone.
        assert found.perpetrators == {"syrian_government"} | ({"russia"} if old != "syr-075" else set())
    assert "five times" in read_note("syr-074")
    assert "some 268" in read_note("syr-071")
    assert is_opposed("syr-074", "syr-032")
    own = find_claim("syr-096", 1)
    assert (own.claimant_id, own.perpetrators, own.toll) == ("sdf", {"sdf"}, {"killed": "450"})
    assert own.figures["killed"]["actor_id"] == "sna"
    assert (find_claim("syr-096", 2).perpetrators, read_toll("syr-096", 2)) == (
        {"turkey"},
        {"other_strikes": "more than 180"},
    )


@concerns("syr-069", "syr-070")
def test_own_loss_claims() -> None:
    """A party's claim about its own dead: the victims are the claimant's, the number is a word."""
    assert read_toll("syr-069") == {"killed": "dozens", "injured": "unstated"}
    assert read_toll("syr-070") == {"killed_or_injured": "dozens"}
    for old in ("syr-069", "syr-070"):
        assert find_claim(old).claimant_id == "syr_army"
        assert {f["actor_id"] for f in find_claim(old).figures.values() if f["outcome"] != "injured"} == {
            "syrian_government"
        }
        assert find_claim(old).perpetrators == set()
    assert find_claim("syr-069").figures["injured"]["actor_id"] is None, "injuries to others, without a side"
    assert is_opposed("syr-069", "syr-070")


@concerns("syr-068", "syr-124")
def test_count_of_victims_vs_identity() -> None:
    """One named person is a total of one with a role.

    No name, no table of persons, no name in an address.
    """
    officer, journalist = find_claim("syr-068").figures["killed"], find_claim("syr-124").figures["killed"]
    assert read_toll("syr-068") == read_toll("syr-124") == {"killed": "1"}
    assert (officer["role"], officer["actor_id"], officer["label"]) == ("officer", "irgc", "senior IRGC commander")
    assert journalist["role"] == "journalist"
    assert find_claim("syr-124").page["url"] == "https://news.snhr.org/2024/12/05/"
    assert "cut" in read_note("syr-124")
    assert not any("person" in table or "victim" in table for table in MODELS)


@concerns("oth-118", "oth-091", "syr-147")
def test_collapsed_place() -> None:
    """Several places in one number are a separate area.

    Dead who moved between places are in the note.
    """
    assert (find_claim("oth-118").location_id, read_toll("oth-118")["killed"]) == ("el_fasher_area", "more than 100")
    assert (find_claim("oth-091").location_id, read_toll("oth-091")) == ("kishishe_bambo", {"killed": "at least 171"})
    places = index_rows("locations", "location_id")
    assert [places[p]["kind"] for p in ("el_fasher_area", "kishishe_bambo")] == ["area", "area"]
    assert [places[p]["parent_id"] for p in ("zamzam_camp", "el_fasher")] == ["el_fasher_area"] * 2
    assert (
        read_toll("oth-120").items()
        >= {"killed.el_fasher": "by location 32", "killed.zamzam_camp": "by location 25"}.items()
    )
    assert (
        read_toll("syr-147").items()
        >= {
            "killed.ibn_sina_hospital": "by location 8",
            "killed.maarrat_misrin": "by location 7",
            "killed.maarat_al_numan": "by location 2",
        }.items()
    )
    assert "Harbanoush" in read_note("syr-147")
    assert is_opposed("syr-147", "syr-145")


@concerns("oth-112", "oth-110")
def test_disputed_territory() -> None:
    """A town that pages put in different countries is one place, with a note on its status."""
    assert {c.location_id for old in ("oth-112", "oth-110") for c in find_claims(old)} == {"majdal_shams"}
    place = index_rows("locations", "location_id")["majdal_shams"]
    assert place["country"] == "SYR"
    assert place["note"].startswith("Disputed")
    assert "The headline puts the town in Syria" in str(find_claim("oth-112", 1).note)


HARD_CASES = """
    age_read_as_count ambiguous_period claimant_missing collapsed_place combined_killed_wounded
    count_of_victims_vs_identity cumulative_vs_day denominator_change disputed_territory documentation_date
    enemy_loss_claims event_total_across_claimants headline_inflation including_but_exhaustive indirect_deaths
    injured_to_killed label_changes_side losses_undefined mixed_perpetrators mixed_qualifiers nested_event nested_parts
    ngo_vs_ngo_factor non_numeric number_format open_bound_precise other_states_of_persons outside_total
    overlapping_axes own_loss_claims part_exceeds_whole_across_claimants part_goes_down_total_up parts_exceed_total
    parts_not_summing percent_parts perpetrator_dispute population_scope propaganda_labels qualifier_drift
    range_with_preference relay_chain remainder_words repeated_category revision_down rounded_total_exact_parts
    same_ngo_two_totals same_total_different_parts self_contradicting_page several_claimants_one_sentence
    several_updates_per_day side_flip stale_parts_fresh_total stock_vs_flow subset_including unit_not_person
    upper_bound_only verified_minimum
""".split()


def test_every_hard_case_has_its_test() -> None:
    """57 cases, one test each. Every test names existing claims and how the model codes the case."""
    here = globals() | vars(test_hard_cases_trees) | vars(test_hard_cases_numbers)
    tests = {
        name.removeprefix("test_"): test for name, test in here.items() if callable(test) and hasattr(test, "concerns")
    }
    assert len(HARD_CASES) == 57
    assert sorted(tests) == sorted(HARD_CASES)
    for test in tests.values():
        assert test.__doc__
        assert all(old in map_new_ids() for old in test.concerns)


def test_a_case_must_look_at_its_claims() -> None:
    """A test that names a claim and never reads it fails."""

    @concerns("syr-001", "syr-002")
    def idle() -> None:
        find_claim("syr-001")

    with pytest.raises(AssertionError, match="syr-002"):
        idle()
