"""A small, valid, made-up set of tables.

It has a war, two papers, an observatory and four claims.
"""

import polars as pl
from casefiles import derive_columns, make_frame

from conflictdata.schema.tables import MODELS

ROWS = {
    "conflicts": [{"date_end": "2024-12-31", "countries": "SYR", "name": "A war, “the long one”"}],
    "actors": [
        {"actor_id": "observatory", "name": "The Observatory", "kind": "monitor", "country": "GBR"},
        {"actor_id": "ministry", "name": "Ministry of Health", "kind": "health_authority"},
        {"actor_id": "paper", "name": "The Paper", "kind": "news_media"},
        {"actor_id": "other_paper", "name": "L’Autre Journal", "kind": "news_media", "active_from": "1998-01-01"},
        {"actor_id": "wire", "name": "Wire", "kind": "news_agency"},
        {"actor_id": "army", "name": "The Army", "kind": "armed_forces"},
        {"actor_id": "rebels", "name": "Rebels", "kind": "armed_group"},
    ],
    "aliases": [{"alias": "المرصد", "language": "ar"}, {"alias": 'The "Obs", London'}],
    "locations": [
        {"location_id": "land", "name": "A land", "kind": "country", "precision": "6", "latitude": 35.0, "longitude": 38.0},
        {"location_id": "town", "name": "Ein Dorf, Ölberg", "parent_id": "land", "latitude": 0.00001, "longitude": -0.5},
        {"location_id": "border", "name": "The border", "kind": "area", "country": None, "latitude": None, "longitude": None},
    ],
    "conflict_actors": [{}],
    "location_members": [{"area_id": "land", "member_id": "border", "whole": "part"}],
    "common_names": [{}],
    "sources": [
        {"source_id": "paper-2024-06-02"},
        {"source_id": "other_paper-2024-06-05", "publisher_id": "other_paper", "published_on": "2024-06-05", "language": "fr", "url": "https://example.org/2?a=1,2"},
    ],
    "events": [{"event_id": "2024-06-01-raid", "summary": 'A "raid", on a town.'}],
    "event_actors": [{}],
    "event_sources": [{}],
    "claims": [
        {"claim_id": "paper-2024-06-02.1", "scope": "event", "period_start": None, "period_end": None, "perpetrator_certainty": "alleged"},
        {"claim_id": "paper-2024-06-02.2", "scope": "cumulative", "location_id": "land", "period_start": "2024-01-01", "period_end": "2024-06-02", "as_of": "2024-06-02", "relayed_via": "wire"},
        {"claim_id": "other_paper-2024-06-05.1", "source_id": "other_paper-2024-06-05", "claimant_id": "ministry", "supersedes": "paper-2024-06-02.1", "revision_reason": "Recounted.", "as_of": "2024-06-04"},
        {"claim_id": "other_paper-2024-06-05.10", "source_id": "other_paper-2024-06-05", "scope": "stock", "period_start": None, "period_end": "2024-06-04", "as_of": "2024-06-04", "location_id": "border"},
    ],
    "tolls": [{}],
    "toll_places": [{}],
    "tolls_1_1": [{}],
    "claim_events": [{}],
    "claim_perpetrators": [
        {"claim_id": "paper-2024-06-02.1", "actor_id": "rebels"},
        {"claim_id": "paper-2024-06-02.1", "actor_id": "army"},
        {"claim_id": "paper-2024-06-02.2", "actor_id": "army"},
    ],
    "claim_links": [{"other_id": "other_paper-2024-06-05.1"}],
    "figures": [
        {"figure_id": "paper-2024-06-02.1.killed", "qualifier": "at_least", "low": 8, "best": None, "high": None, "printed": "at least eight", "cause": "airstrike"},
        {"figure_id": "paper-2024-06-02.2.killed", "claim_id": "paper-2024-06-02.2", "low": 1000, "best": 1000, "high": 1000},
        {"figure_id": "paper-2024-06-02.2.killed.army", "claim_id": "paper-2024-06-02.2", "parent_id": "paper-2024-06-02.2.killed", "relation": "part", "axis": "party", "actor_id": "army", "low": 700, "best": 700, "high": 700},
        {"figure_id": "paper-2024-06-02.2.killed.army.officers", "claim_id": "paper-2024-06-02.2", "parent_id": "paper-2024-06-02.2.killed.army", "relation": "subset", "role": "officer", "qualifier": "about", "low": None, "best": None, "high": None, "share": 62.5, "location_id": "town", "perpetrator_id": "rebels"},
        {"figure_id": "paper-2024-06-02.2.killed.civilians", "claim_id": "paper-2024-06-02.2", "parent_id": "paper-2024-06-02.2.killed", "relation": "part", "axis": "party", "person_status": "civilian", "low": 301, "best": 301, "high": 301},
        {"figure_id": "other_paper-2024-06-05.1.killed", "claim_id": "other_paper-2024-06-05.1", "low": 0, "best": 0, "high": 0},
        {"figure_id": "other_paper-2024-06-05.10.displaced", "claim_id": "other_paper-2024-06-05.10", "outcome": "displaced", "unit": "families", "qualifier": "thousands", "low": None, "best": None, "high": None, "label": "families, “some”"},
    ],
    "flags": [
        {"record_id": "paper-2024-06-02.2.killed", "rule_id": "figures.parts-cover-parent"},
        {"record_id": "paper-2024-06-02.2", "rule_id": "claims.as-of-before-end"},
    ],
    "crosswalk": [{}],
}  # fmt: skip


def make_tables() -> dict[str, pl.DataFrame]:
    """Return all tables, typed."""
    return derive_columns({table: make_frame(table, ROWS[table]) for table in MODELS})
