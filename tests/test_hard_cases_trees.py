"""Hard cases of the tree: complete lists, sums, parts of parts.

Every test is one way in which real pages break a simple table of totals and parts. A tree uses the words of the seeds: a
plain quantity is the total, `by party 54` a part of a complete list, `including 23` some of them, `besides 15` people
outside.
"""

from __future__ import annotations

from realdata import concerns, find_claim, find_claims, is_opposed, list_flags, read_note, read_toll


@concerns("syr-050", "syr-083", "syr-143", "oth-072", "oth-034", "oth-026", "oth-019")
def test_overlapping_axes() -> None:
    """Each complete list has one axis, and no sum mixes two lists.

    Everything that cuts across a list is a subset.
    """
    assert read_toll("syr-050") == {
        "killed": "149",
        "killed.syrian_government": "by perpetrator 105",
        "killed.syrian_government.children": "including 33",
        "killed.syrian_government.women": "including 13",
        "killed.syrian_government.children_and_women": "including 44%",
        "killed.sdf": "by perpetrator 27",
        "killed.russia": "by perpetrator 8",
        "killed.russia.children": "including 2",
        "killed.russia.women": "including 2",
        "killed.hts_and_allies": "by perpetrator 5",
        "killed.hts_and_allies.women": "including 1",
        "killed.unidentified": "by perpetrator 4",
        "killed.children": "including 35",
        "killed.women": "including 16",
    }
    assert find_claim("syr-050").add_up("killed", "perpetrator") == 149
    # Three divisions at once, none of them complete: no list.
    assert find_claim("syr-083").list_axes() == set()
    assert find_claim("syr-083").figures["killed.torture"]["cause"] == "torture"
    assert find_claim("syr-083").figures["killed.by_sdf"]["perpetrator_id"] == "sdf"
    # Civilian, male, adult and student are four columns of one figure.
    four = find_claim("syr-143").figures["killed"]
    assert read_toll("syr-143") == {"killed": "4", "displaced": "many"}
    assert [four[c] for c in ("person_status", "role", "sex", "age")] == ["civilian", "student", "male", "adult"]
    # Complete by sex, a selection by age.
    assert find_claim("oth-072", 1).add_up("killed", "sex") == 121 + 47 + 3 == 171
    assert (
        read_toll("oth-072", 1).items()
        >= {"killed.under_10": "including 25", "killed.under_16": "including 12"}.items()
    )
    # Two complete lists of the same dead: each makes the total.
    assert (
        find_claim("oth-034").add_up("killed", "age_sex") == find_claim("oth-034").add_up("killed", "location") == 4031
    )
    assert (
        find_claim("oth-034").add_up("injured", "age_sex")
        == find_claim("oth-034").add_up("injured", "location")
        == 4735
    )
    # Complete by place; how badly they were hurt cuts across.
    assert find_claim("oth-026").add_up("injured", "location") == 750 + 150 + 1850 == 2750
    assert read_toll("oth-026")["injured.serious"] == "including 300"
    # Nationalities overlap everything else; the parts of other claimants are claims of their own.
    assert read_toll("oth-019", 7) == {
        "killed": "unstated",
        "killed.us_citizens": "including at least 31",
        "killed.french_citizens": "including 39",
    }
    assert read_toll("oth-019", 8) == {"killed": "unstated", "killed.civilians": "including about 70%"}
    assert [c.toll["killed"] for c in find_claims("oth-019")] == [
        "about 1200",
        "at least 846",
        "at least 278",
        "at least 44",
        "unstated",
        "unstated",
    ]


@concerns("syr-016", "syr-097", "syr-014", "oth-021")
def test_subset_including() -> None:
    """ "Including 28 civilians" is a subset: the rest has no name and is not filled in."""
    assert read_toll("syr-016") == {"killed": "277", "killed.civilians": "including 28"}
    assert read_toll("syr-097") == {"killed": "727", "killed.civilians": "including 111"}
    assert read_toll("syr-014") == {"killed": "255", "killed.civilians": "including 24"}
    assert read_toll("oth-021") == {
        "killed": "558",
        "killed.children": "including 50",
        "killed.women": "including 94",
        "killed.rescuers": "including 4",
        "killed.unarmed": "including most",
        "injured": "1835",
        "injured.rescuers": "including 16",
    }


@concerns("syr-123", "syr-007")
def test_including_but_exhaustive() -> None:
    """ "Among them" before a list that names every side and closes is a complete list."""
    lists = {"killed": "153", "killed.hts": "by party 80", "killed.sna": "by party 19"}
    for old in ("syr-123", "syr-007"):
        assert read_toll(old).items() >= {**lists, "killed.syrian_government": "by party 54"}.items()
        assert find_claim(old).add_up("killed", "party") == 153
    assert "بينهم" in find_claim("syr-123").get_printed("killed")
    assert "complete all the same" in read_note("syr-123")


@concerns("syr-001", "syr-041", "oth-006", "oth-001", "syr-161")
def test_nested_parts() -> None:
    """A part has parts, to any depth; the path shows whose part it is."""
    assert read_toll("syr-001") == {
        "killed": "at least 727",
        "killed.civilians": "by party 111",
        "killed.hts": "by party 371",
        "killed.syrian_government": "by party 220",
        "killed.syrian_government.officers": "including 23",
        "killed.allied_militia": "by party 25",
    }
    assert find_claim("syr-001").add_up("killed", "party") == 727
    assert read_toll("syr-041") == {
        "killed": "at least 19",
        "killed.one_family": "including 5",
        "killed.others_nearby": "including 2",
        "killed.talbiseh": "including 11",
        "killed.talbiseh.children": "including 3",
        "killed.maala": "including 1",
        "killed.children": "including 5",
    }
    druze = {"killed.druze": "by party 833", "killed.druze.druze_fighters": "by party 533"}
    civilians = {
        "killed.druze.druze_civilians": "by party 300",
        "killed.druze.druze_civilians.executed": "including 196",
    }
    assert read_toll("oth-006").items() >= {**druze, **civilians}.items()
    day = "killed.documented_that_day"
    assert (
        read_toll("oth-001").items()
        >= {
            day: "including 158",
            f"{day}.latakia": "by location 25",
            f"{day}.latakia.christians": "including 5",
        }.items()
    )
    assert find_claim("oth-001").add_up("killed", "location") == 1383
    assert find_claim("oth-001").add_up(day, "location") == 158
    assert (
        read_toll("syr-161").items()
        >= {
            "killed.civilians": "by party 7449",
            "killed.civilians.children": "including 396",
            "killed.non_civilians": "by party 2440",
            "killed.non_civilians.hts_and_allies": "including 1010",
        }.items()
    )
    # The page counts these among all the dead; another page has them among the civilians.
    among_all = {"shot_by_moa": 866, "unidentified_gunmen": 590, "unknown_circumstances": 1750, "landmines_uxo": 571}
    assert read_toll("syr-161").items() >= {f"killed.{who}": f"including {n}" for who, n in among_all.items()}.items()
    assert not any(path.endswith(tuple(among_all)) for path in read_toll("syr-161") if ".civilians." in path)
    assert find_claim("syr-161").add_up("killed", "party") == 9889


@concerns("syr-050", "syr-082", "oth-024")
def test_repeated_category() -> None:
    """The same group under several parents is several figures, with different paths."""
    children = {p: q for p, q in read_toll("syr-082").items() if p.endswith(".children")}
    assert children == {
        "killed.children": "including 96",
        "killed.by_syrian_regime.children": "including 65",
        "killed.by_russia.children": "including 2",
        "killed.by_sdf.children": "including 7",
        "killed.by_other_groups.children": "including 20",
        "killed.in_daraa.children": "including unstated",
    }
    assert len([p for p in read_toll("syr-050") if p.endswith(".children")]) == 3
    women = {p: q for p, q in read_toll("oth-024").items() if p.endswith(".women")}
    assert women == {
        "killed.women": "including 194",
        "killed.until_15_sep.women": "including 38",
        "killed.from_16_sep.women": "including 156",
    }


@concerns("syr-031", "syr-030", "syr-082", "oth-006", "oth-008", "oth-003", "oth-103")
def test_parts_not_summing() -> None:
    """A list that falls short is kept as printed.

    It is flagged if it is complete, and a selection if words are missing.
    """
    assert find_claim("syr-031").add_up("killed", "party") == 92 + 267 + 154 == 513
    assert read_toll("syr-031")["killed"] == "514"
    assert "513, one short" in read_note("syr-031")
    assert find_claim("syr-030").list_axes() == set()
    assert (
        read_toll("syr-030").items()
        >= {
            "killed": "at least 417",
            "killed.civilians": "including 44",
            "killed.hts": "including 219",
            "killed.syrian_government": "including 137",
        }.items()
    )
    assert "400" in read_note("syr-030")
    assert find_claim("syr-082").list_axes() == set()
    assert "495, 8 short of 503" in read_note("syr-082")
    for old, total, parts in (("oth-006", 1311, 1306), ("oth-008", 1420, 1418)):
        assert find_claim(old).get_bounds("killed")[1] == total
        assert find_claim(old).add_up("killed", "party") == parts
        assert "figures.parts-cover-parent" in list_flags(old)
    assert (
        read_toll("oth-003").items()
        >= {
            "killed": "1018",
            "killed.civilians": "including more than 745",
            "killed.combatants": "including about 213",
        }.items()
    )
    assert "958, 60 below" in read_note("oth-003")
    assert read_toll("oth-103", 1)["injured_admissions"] == "3238"
    assert find_claim("oth-103", 1).add_up("injured_admissions", "severity") == 3235
    assert "figures.parts-cover-parent" in list_flags("oth-103")


@concerns("syr-150", "oth-113")
def test_parts_exceed_total() -> None:
    """Parts may exceed their total.

    Under a lower bound this is not a contradiction, under an exact number it is flagged.
    """
    assert read_toll("syr-150")["killed"] == "at least 514"
    assert find_claim("syr-150").add_up("killed", "party") == 268 + 156 + 92 == 516
    assert "516, two more" in read_note("syr-150")
    assert read_toll("oth-113")["injured"] == "11"
    assert find_claim("oth-113").add_up("injured", "severity") == 5 + 3 + 4 == 12
    assert "figures.parts-cover-parent" in list_flags("oth-113")


@concerns("syr-031", "syr-032", "syr-142", "syr-150")
def test_same_total_different_parts() -> None:
    """One toll of one day in four relays with four lists: four claims that name each other."""
    insurgents = {
        "syr-031": {"killed.syria_opposition": "by party at least 267"},
        "syr-032": {"killed.hts": "by party at least 217", "killed.sna": "by party 51"},
        "syr-142": {"killed.syria_opposition": "by party 268"},
        "syr-150": {"killed.syria_opposition": "by party at least 268"},
    }
    government = {"syr-031": 154, "syr-032": 154, "syr-142": 154, "syr-150": 156}
    for old, lines in insurgents.items():
        assert read_toll(old).items() >= lines.items()
        assert read_toll(old)["killed.syria_government_side"] == f"by party {government[old]}"
        assert (find_claim(old).claimant_id, str(find_claim(old).as_of)) == ("sohr", "2024-12-02")
    assert {find_claim(old).relayed_via for old in insurgents} == {"dpa", "apa", None}
    assert [find_claim(old).add_up("killed", "party") for old in insurgents] == [513, 514, 514, 516]
    assert all(is_opposed("syr-150", old) for old in ("syr-031", "syr-032", "syr-142"))


@concerns("syr-025", "syr-030", "oth-022", "syr-099")
def test_stale_parts_fresh_total() -> None:
    """A part from an older bulletin is kept as printed under the newer total, with a note."""
    assert read_toll("syr-025") == {"killed": "more than 300", "killed.civilians": "including at least 20"}
    assert read_toll("syr-030")["killed.civilians"] == "including 44"
    assert (
        read_toll("oth-022").items()
        >= {"killed": "569", "killed.children": "including 50", "killed.women": "including 94"}.items()
    )
    assert read_toll("oth-022")["killed.ambulance_staff"] == "including 4"
    assert read_toll("oth-022")["injured.ambulance_staff"] == "including 16"
    assert read_toll("syr-099") == {"killed": "826", "killed.civilians": "including 111"}
    assert "older than the total" in read_note("syr-025")
    assert "the civilian part old" in read_note("syr-030")
    assert "may be older than the total" in read_note("oth-022")
    assert "99 above that of the day before" in read_note("syr-099")


@concerns("syr-009", "syr-032", "syr-044", "syr-065", "syr-098", "oth-130")
def test_rounded_total_exact_parts() -> None:
    """A rounded total keeps its qualifier and its open bound.

    The sum of its exact parts is never written into it.
    """
    made = {"syr-009": (200, 202), "syr-032": (500, 514), "syr-044": (900, 910), "syr-065": (240, 242)}
    for old, (printed, parts) in made.items():
        assert read_toll(old)["killed"] == f"more than {printed}"
        assert find_claim(old).get_bounds("killed") == (printed, None, None)
        assert find_claim(old).add_up("killed", "party") == parts
        assert str(parts) in read_note(old)
    assert read_toll("syr-098") == {"killed": "more than 720", "killed.civilians": "including 111"}
    # The reverse: rounded parts under an exact total.
    assert read_toll("oth-130") == {
        "killed": "79819",
        "killed.volunteers": "including 17000",
        "killed.prisoners": "including 14500",
        "killed.mobilised": "including 9700",
        "killed.officers": "including more than 4364",
        "killed.last_two_weeks": "including nearly 2700",
    }


@concerns("syr-031", "syr-037", "oth-084", "oth-090", "oth-072", "oth-031")
def test_mixed_qualifiers() -> None:
    """Every quantity has its own qualifier, also inside one list."""
    # On the page, "some" comes before five numbers, and not before the others.
    assert {path for path, quantity in read_toll("oth-031").items() if "about" in quantity} == {
        "killed.men",
        "killed.women",
        "killed.boys",
        "killed.donbas_republics",
        "injured.girls",
    }
    assert (
        read_toll("oth-031").items() >= {"killed.girls": "by age_sex 15", "killed.men": "by age_sex about 219"}.items()
    )
    assert (
        read_toll("oth-031").items()
        >= {"injured.donbas_government_held": "including 672", "injured.donbas_republics": "including 224"}.items()
    )
    assert read_toll("syr-031")["killed.syria_opposition"] == "by party at least 267"
    assert read_toll("syr-031")["killed"] == "514"
    assert read_toll("syr-037") == {
        "killed": "704",
        "killed.hts": "by party 302",
        "killed.sna": "by party 59",
        "killed.syria_government_side": "by party at least 233",
        "killed.syria_government_side.allied_militia": "besides unstated",
        "killed.civilians": "by party 110",
        "killed.civilians.children": "including unstated",
        "killed.civilians.by_insurgents": "including several",
        "killed.civilians.by_air": "including most",
        "other_strikes": "unstated",
        "other_strikes.russian": "including about 250",
        "other_strikes.syrian_jets": "including 318",
        "other_strikes.syrian_helicopters": "including 45",
    }
    assert read_toll("oth-084") == {
        "killed": "at least 500",
        "killed.women": "including about 20",
        "killed.children": "including 7",
    }
    assert read_toll("oth-090") == {
        "killed": "at least 131",
        "killed.men": "by age_sex 102",
        "killed.women": "by age_sex 17",
        "killed.children": "by age_sex 12",
    }
    assert read_toll("oth-072", 3)["killed"] == "at least 171"
    assert read_toll("oth-072", 1)["killed.male"] == "by sex 121"


@concerns("oth-067", "oth-012", "syr-090")
def test_percent_parts() -> None:
    """A share has its parent as base and no count. Nobody multiplies it out."""
    assert read_toll("oth-067") == {
        "killed": "377000",
        "killed.direct": "by cause more than 150000",
        "killed.indirect": "by cause nearly 60%",
        "killed.indirect.children": "including most",
    }
    assert find_claim("oth-067").get_bounds("killed.indirect") == (None, None, None)
    assert "a percentage of another base" in read_note("oth-067")
    assert read_toll("oth-012", 1)["killed.women_and_children"] == "including more than 62%"
    assert find_claim("oth-012", 1).figures["killed.women_and_children"]["share"] == 62
    assert read_toll("syr-090")["displaced.with_disability"] == "including about 6%"


@concerns("oth-010", "oth-122", "oth-102")
def test_denominator_change() -> None:
    """A list that covers only some of the dead is under a figure for these."""
    assert read_toll("oth-010") == {
        "killed": "34622",
        "killed.identified": "including 24686",
        "killed.identified.children": "by age_sex 7797",
        "killed.identified.women": "by age_sex 4959",
        "killed.identified.elderly": "by age_sex 1924",
        "killed.identified.men": "by age_sex 10006",
    }
    assert find_claim("oth-010").add_up("killed.identified", "age_sex") == 24686
    assert (
        read_toll("oth-122").items()
        >= {
            "killed": "3790",
            "killed.magway": "including 305",
            "killed.magway.female": "by sex 55",
            "killed.magway.male": "by sex 250",
            "killed.magway.shot": "including 112",
            "killed.magway.in_detention": "including 99",
        }.items()
    )
    unsorted = find_claim("oth-102").figures["killed.unknown_status"]
    assert read_toll("oth-102")["killed.unknown_status"] == "by party 319"
    assert (unsorted["person_status"], unsorted["label"]) == ("unknown", "not yet classified")


@concerns("syr-060")
def test_remainder_words() -> None:
    """ "The rest" is a part without a number. The result of a subtraction is only in the note."""
    rest = find_claim("syr-060").figures["killed.allied_militia"]
    assert read_toll("syr-060") == {
        "killed": "at least 218",
        "killed.syria_opposition": "by party 114",
        "killed.syrian_government": "by party 21",
        "killed.allied_militia": "by party unstated",
    }
    assert rest["printed"] == "the rest"
    assert (rest["low"], rest["best"], rest["high"]) == (None, None, None)
    assert "83 by subtraction" in read_note("syr-060")


@concerns("oth-121", "oth-005", "oth-020", "oth-012")
def test_outside_total() -> None:
    """People outside a total are never inside its tree.

    They are `besides` it, a part of a wider total, or a separate claim.
    """
    assert read_toll("oth-121")["killed.names_unknown"] == "besides about 2000"
    assert "expressly outside the total" in read_note("oth-121")
    # "Another 15" next to the 342 of the same forces: two parts of the whole.
    assert (
        read_toll("oth-005").items()
        >= {
            "killed": "more than 1000",
            "killed.syr_interim_security": "by party 342",
            "killed.killed_by_israel": "by party 15",
        }.items()
    )
    assert find_claim("oth-005").add_up("killed", "party") == 336 + 298 + 342 + 21 + 15
    assert find_claim("oth-005").figures["killed.killed_by_israel"]["actor_id"] == "syr_interim_security"
    attackers = find_claim("oth-020").figures["killed"]
    assert (read_toll("oth-020"), attackers["actor_id"]) == ({"killed": "about 1500"}, "hamas")
    assert "share nobody" in read_note("oth-020")
    assert read_toll("oth-012", 4) == {"missing": "more than 1000"}
    assert "not in the toll of claim 1" in read_note("oth-012", 4)
    assert read_toll("oth-012", 3) == {"killed": "35", "injured": "18"}


@concerns("syr-132")
def test_nested_event() -> None:
    """An event inside a toll on the same page: two claims, the smaller `part_of` the larger."""
    assert (
        read_toll("syr-132").items()
        >= {
            "killed": "55",
            "killed.sdf": "by party 32",
            "killed.syrian_government": "by party 3",
            "killed.civilians": "by party 20",
            "killed.civilians.children": "including 6",
            "injured": "more than 122",
            "other_strikes": "191",
        }.items()
    )
    assert find_claim("syr-132").add_up("injured", "party") == 49 + 73 == 122
    assert find_claim("syr-131").part_of == {find_claim("syr-132").claim_id}
    assert read_toll("syr-131") == {"killed": "11", "killed.children": "including 6"}
