"""Columns of UCDP's yearly datasets: battle-related deaths, one-sided violence, non-state conflict.

Source: their codebooks, and the releases 14 to 25.1.
"""

from __future__ import annotations

from typing import Any

from conflictdata.datasets.models import fields as c
from conflictdata.schema.cell_forms import NUMBER_KEY

# Release 17.1 leaves a place in a list empty for a year or a dyad without such a state.
_NUMBERS = r"(?:, ?)*[0-9]+(?:(?:, ?)+[0-9]+)*"
_TYPES = r"[1-4](?:, ?[1-4])*"
_DYADS = rf"{NUMBER_KEY}(?:, ?{NUMBER_KEY})*"
_REGIONS = r"[1-5](?:, ?[1-5])*"


def _define_year() -> dict[str, Any]:
    return {
        "year": c.count("Year that the row counts.", "1999", low=1900, high=2200, required=True),
        "region": c.code(_REGIONS, "Regions of the world: Europe 1, Middle East 2, Asia 3, Africa 4, Americas 5.", "3"),
        "version": c.prose("Version of the dataset.", "24.1"),
    }


def _define_fatalities() -> dict[str, Any]:
    return {
        f"{word}_fatality_estimate": c.count(f"Killed, {word} estimate.", "30", required=word == "best")
        for word in ("best", "low", "high")
    }


def _define_battle(sides_b: str) -> dict[str, Any]:
    return {
        "conflict_id": c.code(NUMBER_KEY, "Key of the conflict.", "330", required=True),
        "location_inc": c.prose("Countries whose government is disputed, or whose territory.", "Indonesia"),
        "side_a": c.prose("Name of side A, a government.", "Government of Indonesia"),
        "side_a_id": c.code(_NUMBERS, "Key of side A.", "152"),
        "side_a_2nd": c.prose("States that fight on side A.", ""),
        "side_b": c.prose("Name of side B.", "Fretilin"),
        "side_b_id": c.code(sides_b, "Key of side B; several where a year has several.", "410"),
        "side_b_2nd": c.prose("States that fight on side B.", ""),
        "incompatibility": c.choice(("1", "2", "3"), "About territory 1, government 2, both 3."),
        "territory_name": c.prose("Name of the territory.", "East Timor"),
        "bd_best": c.count("Killed in battle, best estimate.", "30", required=True),
        "bd_low": c.count("Killed in battle, low estimate.", "30"),
        "bd_high": c.count("Killed in battle, high estimate.", "45"),
        "type_of_conflict": c.code(_TYPES, "Extrasystemic 1, interstate 2, intrastate 3, internationalised 4.", "3"),
        "battle_location": c.prose("Countries in which people were killed.", "Indonesia"),
        **{f"gwno_{end}": c.code(_NUMBERS, "Gleditsch-Ward numbers.", "850") for end in ("a", "a_2nd", "b", "b_2nd", "loc", "battle")},
    } | _define_year()  # fmt: skip


BattleDeaths = c.make_model(
    "ucdp_brd",
    ("dyad_id", "year"),
    {
        "dyad_id": c.code(
            _DYADS,
            "Key of the dyad; those of a conflict in the table by conflict of release 17.1.",
            "730",
            required=True,
        )
    }
    | _define_battle(_NUMBERS),
    "One row per pair of sides and year in which their fighting killed at least 25 people.",
)

BattleDeathsByConflict = c.make_model(
    "ucdp_brd_conflict",
    ("conflict_id", "year"),
    {"dyad_ids": c.prose("Keys of the dyads.", "730")} | _define_battle(_NUMBERS),
    "One row per conflict and year in which its fighting killed at least 25 people.",
)

OneSided = c.make_model(
    "ucdp_onesided",
    ("actor_id", "year"),
    {
        "actor_id": c.code(NUMBER_KEY, "Key of the actor.", "152", required=True),
        "conflict_id": c.code(NUMBER_KEY, "Key of the conflict.", "533"),
        "dyad_id": c.code(NUMBER_KEY, "Key of the actor and civilians as a dyad.", "1000"),
        "coalition_components": c.prose("Actors that make up the actor.", ""),
        "actor_name": c.prose("Name of the actor.", "Government of Indonesia"),
        "actor_name_fulltext": c.prose("Name in full.", "Government of Indonesia"),
        "actor_name_mothertongue": c.prose("Name in the actor's language.", "Pemerintah Indonesia"),
        "is_government_actor": c.choice(("0", "1"), "Whether the actor is a government."),
        "location": c.prose("Countries in which people were killed.", "Indonesia"),
        "gwno_location": c.code(_NUMBERS, "Gleditsch-Ward numbers of these.", "850"),
        "gwnoa": c.code(_NUMBERS, "Gleditsch-Ward number of the actor, if it is a government.", "850"),
    } | _define_fatalities() | _define_year(),
    "One row per actor and year in which it killed at least 25 civilians.",
)  # fmt: skip


def _define_side(side: str) -> dict[str, Any]:
    return {
        f"side_{side}_name": c.prose("Name of the group.", "Fulani"),
        f"side_{side}_name_fulltext": c.prose("Name in full.", "Fulani"),
        f"side_{side}_name_mothertongue": c.prose("Name in the group's language.", "Fulani"),
        f"side_{side}_id": c.code(NUMBER_KEY, "Key of the group.", "607"),
        f"side_{side}_components": c.prose("Groups that make up the group.", ""),
        f"side_{side}_2nd": c.prose("Groups and states that fight on this side.", ""),
        f"gwno_{side}_2nd": c.code(_NUMBERS, "Gleditsch-Ward numbers of these states.", "475"),
    }


_PRECISION = ("0", "1", "2", "3", "4", "5")

NonState = c.make_model(
    "ucdp_nonstate",
    ("dyad_id", "year"),
    {
        "dyad_id": c.code(NUMBER_KEY, "Key of the dyad.", "10098", required=True),
        "conflict_id": c.code(NUMBER_KEY, "Key of the conflict.", "9488"),
        "org": c.choice(("1", "2", "3"), "Formally organised groups 1, informally organised supporters 2, identity groups 3."),
        **_define_side("a"), **_define_side("b"),
        "start_date": c.day("First death of the conflict.", "1998-01-18"),
        "start_prec": c.choice(_PRECISION, "How exactly it is known."),
        "start_date2": c.day("Day on which the year's 25th person was killed.", "2021-06-05"),
        "start_prec2": c.choice(_PRECISION, "How exactly it is known."),
        "ep_end": c.choice(("0", "1"), "Whether the conflict was not active in the next year."),
        "ep_end_date": c.day("Last day of fighting in the year, if it ended.", "2021-06-09"),
        "ep_end_prec": c.choice(_PRECISION, "How exactly it is known."),
        "location": c.prose("Countries in which people were killed.", "Nigeria"),
        "gwno_location": c.code(_NUMBERS, "Gleditsch-Ward numbers of these.", "475"),
    } | _define_fatalities() | _define_year(),
    "One row per pair of groups and year in which their fighting killed at least 25 people.",
)  # fmt: skip

MODELS = (BattleDeaths, BattleDeathsByConflict, OneSided, NonState)
