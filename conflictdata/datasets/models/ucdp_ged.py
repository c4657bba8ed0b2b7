"""Columns of the UCDP Georeferenced Event Dataset, of all releases since 5.0.

Source: UCDP GED Codebook.
"""

from __future__ import annotations

from conflictdata.datasets.models import fields as c
from conflictdata.schema.cell_forms import NUMBER_KEY

UcdpGed = c.make_model(
    "ucdp_ged",
    ("id",),
    {
        "id": c.code(NUMBER_KEY, "Key of the event.", "141599", required=True),
        "relid": c.prose("Key of earlier releases; its prefix is not the country.", "IDN-1999-1-158-2"),
        "year": c.count("Year of the event.", "1999", low=1900, high=2200),
        "active_year": c.prose("Whether the dyad reached 25 deaths in that year.", "1"),
        "code_status": c.prose("Whether coding is finished.", "Clear"),
        "type_of_violence": c.choice(("1", "2", "3"), "State-based 1, non-state 2, one-sided 3.", required=True),
        "conflict_dset_id": c.prose("Key of the conflict in older datasets.", "330"),
        "conflict_new_id": c.code(NUMBER_KEY, "Key of the conflict.", "330"),
        "conflict_name": c.prose("Name of the conflict.", "Indonesia: East Timor"),
        "dyad_dset_id": c.prose("Key of the dyad in older datasets.", "730"),
        "dyad_new_id": c.code(NUMBER_KEY, "Key of the dyad.", "730"),
        "dyad_name": c.prose("Name of the dyad.", "Government of Indonesia - Fretilin"),
        "side_a_dset_id": c.prose("Key of side A in older datasets.", "152"),
        "side_a_new_id": c.code(NUMBER_KEY, "Key of side A.", "152"),
        "side_a": c.prose("Name of side A.", "Government of Indonesia"),
        "side_b_dset_id": c.prose("Key of side B in older datasets.", "410"),
        "side_b_new_id": c.code(NUMBER_KEY, "Key of side B.", "410"),
        "side_b": c.prose("Name of side B; `Civilians` in one-sided violence.", "Fretilin"),
        "number_of_sources": c.count("How many sources; -1 where it was not counted.", "1", low=-1),
        "source_article": c.prose("The sources, each with office, day and headline.", '"Reuters,1999-05-10,..."'),
        "source_office": c.prose("Publishers of the sources, separated by semicolons.", "Reuters"),
        "source_date": c.prose("Days of the sources, separated by semicolons.", "1999-05-10"),
        "source_headline": c.prose("Headlines of the sources.", "Clash near Dili"),
        "source_original": c.prose("Who informed the sources.", "army statement"),
        "where_prec": c.choice(("1", "2", "3", "4", "5", "6", "7"), "How exactly the place is known."),
        "where_coordinates": c.prose("Name of the place that the coordinates hit.", "Dili town"),
        "where_description": c.prose("The place in the words of the source.", "near Dili"),
        "adm_1": c.prose("First-order division.", "Dili district"),
        "adm_2": c.prose("Second-order division.", "Cristo Rei subdistrict"),
        "latitude": c.number("Latitude, WGS 84, degrees.", "-8.56", -90, 90),
        "longitude": c.number("Longitude, WGS 84, degrees.", "125.57", -180, 180),
        "geom_wkt": c.prose("The point as well-known text.", "POINT (125.57 -8.56)"),
        "priogrid_gid": c.count("Cell of PRIO-GRID.", "117252"),
        "country": c.prose("Name of the country.", "East Timor"),
        "country_id": c.code(NUMBER_KEY, "Gleditsch-Ward number of the country.", "860"),
        "region": c.prose("Region of the world.", "Asia"),
        "event_clarity": c.choice(("1", "2"), "Clear 1, aggregated 2."),
        "date_prec": c.choice(("1", "2", "3", "4", "5"), "How exactly the day is known."),
        "date_start": c.day("First day on which it may have happened.", "1999-05-10", required=True),
        "date_end": c.day("Last day on which it may have happened.", "1999-05-10", required=True),
        "deaths_a": c.count("Killed of side A, best estimate.", "2"),
        "deaths_b": c.count("Killed of side B, best estimate.", "0"),
        "deaths_civilians": c.count("Killed civilians, best estimate.", "1"),
        "deaths_unknown": c.count("Killed of unknown status, best estimate.", "0"),
        "low": c.count("Lowest reliable estimate.", "3"),
        "best": c.count("Most reliable estimate.", "3", required=True),
        "high": c.count("Highest reliable estimate.", "4"),
        "gwnoa": c.prose("Gleditsch-Ward number of side A, where it is a state.", "850"),
        "gwnob": c.prose("Gleditsch-Ward number of side B, where it is a state.", "850"),
        "gwnolocation": c.prose("Gleditsch-Ward numbers of the states at issue.", "850"),
    },
    "One row an event: an incident of organised violence with at least one death.",
)  # fmt: skip

MODELS = (UcdpGed,)
