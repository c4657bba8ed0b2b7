"""Models of the tables, one pandera model per table.

These classes are the only source of columns, types, keys and constraints. `schemas/*.json`, the Arrow schemas,
the data dictionary and the cell checks are generated from them. The docstring of a table is its published
description.
"""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa
from pandera.typing import Series

from conflictdata.schema import fields as f
from conflictdata.schema import vocabularies
from conflictdata.schema.pandera_types import CellwiseSchema, Count, Day, Number, Text

NOTE = "What a user of the record should know and no column holds, in the coder's words."


class TableModel(pa.DataFrameModel):
    """Base class of all tables. A table has only the columns of its model."""

    class Config:
        name: str = ""
        metadata: Any = None
        strict = True
        ordered = False
        add_missing_columns = False
        unique_column_names = True
        coerce = True

    @classmethod
    def build_schema_(cls, **kwargs: Any) -> CellwiseSchema:
        """Return the schema of the table as one that reports single cells."""
        plain = super().build_schema_(**kwargs)
        return CellwiseSchema(plain.columns, checks=plain.checks, parsers=plain.parsers, index=plain.index, **kwargs)


class Actors(TableModel):
    """Parties, claimants, agencies and publishers, in one register.

    One row an actor: anybody who fights, is counted, says so, or prints it.
    """

    actor_id: Series[Text] = f.key(f.ID, "Key of the actor.", "sohr")
    name: Series[Text] = f.text("Name in English.", "Syrian Observatory for Human Rights", required=True)
    short_name: Series[Text] = f.text("Short name for pages and pictures; empty: the name serves.", "SOHR", limit=24)
    kind: Series[Text] = f.term(vocabularies.ACTOR_KIND, "What kind of actor this is.", "monitor", required=True)
    country: Series[Text] = f.code(
        f.COUNTRY, "Country that the actor belongs to or sits in, ISO 3166-1 alpha-3.", "GBR"
    )
    parent_id: Series[Text] = f.reference(
        "actors", f.ID, "The wider group in which the actor is counted.", "hts_and_allies"
    )
    active_from: Series[Day] = f.day("First day of existence.", "2017-01-28")
    active_to: Series[Day] = f.day("Last day of existence.", "2025-01-29")
    wikidata: Series[Text] = f.code(f.WIKIDATA, "Item in Wikidata.", "Q2365949")
    ucdp_id: Series[Text] = f.code(r"[1-9][0-9]*", "Actor id in UCDP's actor dataset.", "118")
    note: Series[Text] = f.text(NOTE, "Umbrella used in tolls; not one organisation.", limit=f.NOTE_LIMIT)

    class Config:
        name = "actors"
        metadata = {"key": ("actor_id",)}


class Aliases(TableModel):
    """Other names of actors and places, in any language."""

    entity_kind: Series[Text] = f.term(
        vocabularies.ENTITY_KIND, "Whether the alias names an actor or a location.", "actor", required=True
    )
    entity_id: Series[Text] = f.key(f.ID, "Key of the actor or location.", "hts")
    alias: Series[Text] = f.text("The other name, as it is printed.", "Levant Liberation Committee", required=True)
    language: Series[Text] = f.code(
        f.LANGUAGE, "Language of the alias, ISO 639; empty where it is used across languages.", "en"
    )

    class Config:
        name = "aliases"
        metadata = {"key": ("entity_kind", "entity_id", "alias")}


class Locations(TableModel):
    """Places, from a country down to a bridge. All coordinates are approximate; `precision` says how far."""

    location_id: Series[Text] = f.key(f.ID, "Key of the place.", "hama_city")
    name: Series[Text] = f.text("Name in English.", "Hama city", required=True)
    kind: Series[Text] = f.term(vocabularies.LOCATION_KIND, "What kind of place this is.", "settlement", required=True)
    country: Series[Text] = f.code(f.COUNTRY, "Country, ISO 3166-1 alpha-3; empty for an area across borders.", "SYR")
    admin1: Series[Text] = f.text("First-order division (governorate, province, state).", "Hama")
    parent_id: Series[Text] = f.reference("locations", f.ID, "The wider place that holds this one.", "hama")
    latitude: Series[Number] = f.number("Latitude of a representative point, WGS 84.", "35.13", -90, 90, "degrees")
    longitude: Series[Number] = f.number("Longitude of a representative point, WGS 84.", "36.75", -180, 180, "degrees")
    precision: Series[Text] = f.term(
        vocabularies.LOCATION_PRECISION,
        "How exactly the coordinates hit the place (UCDP where_prec).",
        "2",
        required=True,
    )
    note: Series[Text] = f.text(NOTE, "Borders are not defined by the claimants.", limit=f.NOTE_LIMIT)

    class Config:
        name = "locations"
        metadata = {"key": ("location_id",)}


class LocationMembers(TableModel):
    """The members of an area. A place has one parent, but may lie in several areas."""

    area_id: Series[Text] = f.reference("locations", f.ID, "The area.", "aleppo_idlib", required=True)
    member_id: Series[Text] = f.reference("locations", f.ID, "A place in it.", "idlib", required=True)
    whole: Series[Text] = f.term(vocabularies.WHOLE, "Whether all of the place lies in the area.", "yes", required=True)

    class Config:
        name = "location_members"
        metadata = {"key": ("area_id", "member_id")}


class Conflicts(TableModel):
    """Conflicts to which claims and events belong."""

    conflict_id: Series[Text] = f.key(f.ID, "Key of the conflict.", "syria_2024_offensive")
    name: Series[Text] = f.text("Name in English.", "Offensive in north-west Syria, 2024", required=True)
    date_start: Series[Day] = f.day("First day.", "2024-11-27", required=True)
    date_end: Series[Day] = f.day("Last day; empty while it goes on.", "2024-12-08")
    countries: Series[Text] = f.text("Countries in which it is fought, ISO 3166-1 alpha-3, separated by spaces.", "SYR")
    ucdp_id: Series[Text] = f.code(r"[1-9][0-9]*", "Conflict id in UCDP's dataset.", "13604")
    wikidata: Series[Text] = f.code(f.WIKIDATA, "Item in Wikidata.", "Q131290015")

    class Config:
        name = "conflicts"
        metadata = {"key": ("conflict_id",)}


class ConflictActors(TableModel):
    """Who belongs to a conflict: the parties, and those who speak of it."""

    conflict_id: Series[Text] = f.reference("conflicts", f.ID, "The conflict.", "syria_2024_offensive", required=True)
    actor_id: Series[Text] = f.reference("actors", f.ID, "The actor.", "sohr", required=True)

    class Config:
        name = "conflict_actors"
        metadata = {"key": ("conflict_id", "actor_id")}


class CommonNames(TableModel):
    """Common nouns that name one party in one conflict, and perhaps another in the next: rebels, junta, National Army."""

    conflict_id: Series[Text] = f.reference("conflicts", f.ID, "The conflict.", "syria_2024_offensive", required=True)
    name: Series[Text] = f.text("The noun, as it is printed.", "rebels", required=True)
    actor_id: Series[Text] = f.reference("actors", f.ID, "The party meant there.", "syria_opposition", required=True)

    class Config:
        name = "common_names"
        metadata = {"key": ("conflict_id", "name")}


class Sources(TableModel):
    """Pages and documents: one row per page that was read. Their text is not redistributed."""

    source_id: Series[Text] = f.key(f.SOURCE_ID, "Key of the page: publisher and day.", "telesur_english-2024-12-05")
    publisher_id: Series[Text] = f.reference("actors", f.ID, "Who published it.", "telesur_english", required=True)
    kind: Series[Text] = f.term(vocabularies.SOURCE_KIND, "What kind of document it is.", "article", required=True)
    title: Series[Text] = f.text("Title of the page, as it is printed.", "Clashes in the north-west: 727 dead")
    url: Series[Text] = f.url("Address, http(s) or urn.", "https://example.org/news/1", required=True)
    archive_url: Series[Text] = f.url(
        "Address of an archived copy.", "https://web.archive.org/web/2024/https://example.org/"
    )
    copied_from: Series[Text] = f.reference("actors", f.ID, "Whose text the page copies or translates.", "efe")
    published_on: Series[Day] = f.day("Day of publication.", "2024-12-05", required=True)
    published_basis: Series[Text] = f.term(
        vocabularies.PUBLISHED_BASIS, "Where the publication day comes from.", "page", required=True
    )
    accessed_on: Series[Day] = f.day("Day on which the coder read it.", "2025-09-01")
    language: Series[Text] = f.code(f.LANGUAGE, "Language of the text, ISO 639.", "en", required=True)
    access: Series[Text] = f.term(
        vocabularies.SOURCE_ACCESS, "How much of it the coder saw.", "full_text", required=True
    )
    sha256: Series[Text] = f.code(
        f.SHA256,
        "SHA-256 of the document as it was read, in hexadecimal.",
        "b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36",
    )
    read_sha256: Series[Text] = f.code(
        f.SHA256,
        "SHA-256 of the text that the coder read, in normal form C, each run of white space as one blank.",
        "7c1f5a9e6bb0a7a1f2c33c4c4aa5c0a0e5b1a1ce2d1f0d9f5f3a94c6e7d80b21",
    )
    read_chars: Series[Count] = f.whole_number("Characters of that text, white space likewise.", "1995")
    coverage: Series[Text] = f.term(
        vocabularies.COVERAGE,
        "How many of that text's statements about casualties are coded; empty where the text was not read again.",
        "complete",
    )
    licence: Series[Text] = f.text("Licence of the document, where it names one.", "CC-BY-4.0")
    note: Series[Text] = f.text(NOTE, "Machine translation of an agency text.", limit=f.NOTE_LIMIT)

    class Config:
        name = "sources"
        metadata = {"key": ("source_id",)}


class Events(TableModel):
    """Things that happened, at a place, on a day or over days."""

    event_id: Series[Text] = f.key(
        f.EVENT_ID, "Key of the event: first day and a few words.", "2024-11-29-aleppo-entered"
    )
    conflict_id: Series[Text] = f.reference("conflicts", f.ID, "The conflict.", "syria_2024_offensive", required=True)
    event_type: Series[Text] = f.term(vocabularies.EVENT_TYPE, "What happened.", "territory_capture", required=True)
    date_start: Series[Day] = f.day("First day, or earliest possible day.", "2024-11-29", required=True)
    date_end: Series[Day] = f.day("Last day, or latest possible day.", "2024-11-29", required=True)
    date_precision: Series[Text] = f.term(
        vocabularies.DATE_PRECISION, "How exactly the dates are known (UCDP date_prec).", "1", required=True
    )
    location_id: Series[Text] = f.reference("locations", f.ID, "Where.", "aleppo_city", required=True)
    summary: Series[Text] = f.text(
        "What happened, in the coder's words.", "The insurgents enter Aleppo.", required=True
    )
    status: Series[Text] = f.term(vocabularies.EVENT_STATUS, "Whether the record is valid.", "active", required=True)
    merged_into: Series[Text] = f.reference(
        "events", f.EVENT_ID, "The event that replaces a merged one.", "2024-11-29-aleppo-entered"
    )
    note: Series[Text] = f.text(NOTE, "The page gives no end date.", limit=f.NOTE_LIMIT)

    class Config:
        name = "events"
        metadata = {"key": ("event_id",)}


class EventActors(TableModel):
    """Who took part in an event, and how."""

    event_id: Series[Text] = f.reference("events", f.EVENT_ID, "The event.", "2024-11-29-aleppo-entered", required=True)
    actor_id: Series[Text] = f.reference("actors", f.ID, "The actor.", "hts_and_allies", required=True)
    role: Series[Text] = f.term(vocabularies.EVENT_ROLE, "What the actor did.", "initiator", required=True)

    class Config:
        name = "event_actors"
        metadata = {"key": ("event_id", "actor_id", "role")}


class EventSources(TableModel):
    """Who says, on which page, that an event happened or did not happen."""

    event_id: Series[Text] = f.reference("events", f.EVENT_ID, "The event.", "2024-11-29-aleppo-entered", required=True)
    source_id: Series[Text] = f.reference(
        "sources", f.SOURCE_ID, "The page.", "telesur_english-2024-12-05", required=True
    )
    claimant_id: Series[Text] = f.reference("actors", f.ID, "Who says so there.", "sohr", required=True)
    stance: Series[Text] = f.term(vocabularies.STANCE, "Asserts or denies.", "asserts", required=True)

    class Config:
        name = "event_sources"
        metadata = {"key": ("event_id", "source_id", "claimant_id")}


class Tolls(TableModel):
    """Running tolls: one claimant's count of the same people from the same day on, whatever label it gives the place."""

    toll_id: Series[Text] = f.key(
        f.TOLL_ID,
        "Key of the toll: claimant, conflict and first day; then whom it counts, where that is not everybody; then its place, where the claimant has a wider toll.",
        "sohr.syria_2024_offensive.2024-11-27",
    )
    claimant_id: Series[Text] = f.reference("actors", f.ID, "Who counts.", "sohr", required=True)
    conflict_id: Series[Text] = f.reference("conflicts", f.ID, "The conflict.", "syria_2024_offensive", required=True)
    date_start: Series[Day] = f.day("First day of the count.", "2024-11-27", required=True)
    population: Series[Text] = f.code(
        f.ID,
        "Whom it counts: a population of figures, or its detail (a role, a sex or age, an actor).",
        "everybody",
        required=True,
    )
    location_id: Series[Text] = f.reference(
        "locations", f.ID, "The widest place that it has named.", "syria", required=True
    )
    name: Series[Text] = f.text(
        "What it counts, in words.", "SOHR: everybody killed in Syria since 27 November 2024", required=True
    )
    note: Series[Text] = f.text(
        NOTE, "The label changed from the north-west to Syria on 5 December.", limit=f.NOTE_LIMIT
    )

    class Config:
        name = "tolls"
        metadata = {"key": ("toll_id",)}


class TollPlaces(TableModel):
    """The labels that a claimant used for the place of a toll: one count, by several names."""

    toll_id: Series[Text] = f.reference(
        "tolls", f.TOLL_ID, "The toll.", "sohr.syria_2024_offensive.2024-11-27", required=True
    )
    location_id: Series[Text] = f.reference("locations", f.ID, "A place that pages give it.", "syria_nw", required=True)

    class Config:
        name = "toll_places"
        metadata = {"key": ("toll_id", "location_id")}


class OldSeries(TableModel):
    """Where the series of version 1 are now: `series_id` was made of claimant, conflict, place and first day."""

    series_id: Series[Text] = f.key(
        f.SERIES_ID, "Series in version 1.", "sohr.syria_2024_offensive.syria_nw.2024-11-27"
    )
    toll_id: Series[Text] = f.reference(
        "tolls", f.TOLL_ID, "A toll that its points belong to.", "sohr.syria_2024_offensive.2024-11-27", required=True
    )

    class Config:
        name = "tolls_1_1"
        metadata = {"key": ("series_id", "toll_id")}


class Claims(TableModel):
    """Claims: this page says that this claimant says so, over this window, at this place. The numbers are in `figures`."""

    claim_id: Series[Text] = f.key(
        f.CLAIM_ID, "Key of the claim: source and number on the page.", "telesur_english-2024-12-05.1"
    )
    source_id: Series[Text] = f.reference(
        "sources", f.SOURCE_ID, "The page.", "telesur_english-2024-12-05", required=True
    )
    claimant_id: Series[Text] = f.reference("actors", f.ID, "Who asserts it.", "sohr", required=True)
    relayed_via: Series[Text] = f.reference("actors", f.ID, "Agency or medium through which the page has it.", "efe")
    conflict_id: Series[Text] = f.reference("conflicts", f.ID, "The conflict.", "syria_2024_offensive", required=True)
    location_id: Series[Text] = f.reference("locations", f.ID, "Where the people counted were.", "syria", required=True)
    scope: Series[Text] = f.term(vocabularies.SCOPE, "What window the figures cover.", "cumulative", required=True)
    basis: Series[Text] = f.term(vocabularies.BASIS, "What puts a person into the window.", "occurred", required=True)
    period_start: Series[Day] = f.day("First day of the window.", "2024-11-27")
    period_end: Series[Day] = f.day("Last day of the window.", "2024-12-05")
    period_precision: Series[Text] = f.term(
        vocabularies.DAY_PRECISION, "How exactly the window is known.", "day", required=True
    )
    as_of: Series[Day] = f.day(
        "Cut-off that the claimant states, else the day of the statement.", "2024-12-05", required=True
    )
    as_of_precision: Series[Text] = f.term(
        vocabularies.DAY_PRECISION, "How exactly that day is known.", "day", required=True
    )
    as_of_order: Series[Count] = f.whole_number(
        "Place among several numbers that the claimant gave of one toll on that day, 1 the first; empty where the pages do not order them.",
        "2",
    )
    method: Series[Text] = f.text("How the claimant counts, where it matters.", "Counts people identified by name.")
    perpetrator_certainty: Series[Text] = f.term(
        vocabularies.CERTAINTY, "How firmly the perpetrators are named; empty where none is.", "stated"
    )
    status: Series[Text] = f.term(
        vocabularies.CLAIM_STATUS, "Whether the claim is still made.", "active", required=True
    )
    supersedes: Series[Text] = f.reference(
        "claims", f.CLAIM_ID, "The claim that this one corrects.", "telesur_english-2024-12-04.1"
    )
    revision_reason: Series[Text] = f.text("Why it was corrected or retracted.", "Unidentified bodies were recounted.")
    note: Series[Text] = f.text(NOTE, "Other relays of this series split the group.", limit=f.NOTE_LIMIT)

    class Config:
        name = "claims"
        metadata = {"key": ("claim_id",)}


class ClaimEvents(TableModel):
    """Which events a claim is about: one row per event."""

    claim_id: Series[Text] = f.reference(
        "claims", f.CLAIM_ID, "The claim.", "telesur_english-2024-12-05.1", required=True
    )
    event_id: Series[Text] = f.reference(
        "events", f.EVENT_ID, "The event.", "2024-12-06-north-homs-strikes", required=True
    )

    class Config:
        name = "claim_events"
        metadata = {"key": ("claim_id", "event_id")}


class ClaimPerpetrators(TableModel):
    """Who is said to have done it: one row for each party that a claim names."""

    claim_id: Series[Text] = f.reference(
        "claims", f.CLAIM_ID, "The claim.", "telesur_english-2024-12-05.1", required=True
    )
    actor_id: Series[Text] = f.reference("actors", f.ID, "The party named.", "russia", required=True)

    class Config:
        name = "claim_perpetrators"
        metadata = {"key": ("claim_id", "actor_id")}


class ClaimLinks(TableModel):
    """Relations between claims, other than one replacing another."""

    claim_id: Series[Text] = f.reference("claims", f.CLAIM_ID, "The claim.", "mia-2024-12-02.1", required=True)
    other_id: Series[Text] = f.reference("claims", f.CLAIM_ID, "The other claim.", "voa-2024-12-02.1", required=True)
    kind: Series[Text] = f.term(vocabularies.LINK_KIND, "How it bears on the other.", "conflicts_with", required=True)

    class Config:
        name = "claim_links"
        metadata = {"key": ("claim_id", "other_id", "kind")}


class Figures(TableModel):
    """Figures: one row per number of a claim, as a tree of total, parts, subsets and additions.

    A cell that is empty in a descriptive column means the parent's, and at the root the claim's;
    `casualties` has these values filled in.
    """

    figure_id: Series[Text] = f.key(
        f.FIGURE_ID,
        "Key of the figure: its path in the claim.",
        "telesur_english-2024-12-05.1.killed.syrian_government.officers",
    )
    claim_id: Series[Text] = f.reference(
        "claims", f.CLAIM_ID, "The claim.", "telesur_english-2024-12-05.1", required=True
    )
    parent_id: Series[Text] = f.reference(
        "figures",
        f.FIGURE_ID,
        "The figure that this one divides; empty at the root.",
        "telesur_english-2024-12-05.1.killed.syrian_government",
    )
    relation: Series[Text] = f.term(vocabularies.RELATION, "How it relates to its parent.", "subset", required=True)
    axis: Series[Text] = f.term(vocabularies.AXIS, "By what the list divides the parent; parts only.", "party")
    outcome: Series[Text] = f.term(
        vocabularies.OUTCOME, "What happened to the people counted.", "killed", required=True
    )
    unit: Series[Text] = f.term(vocabularies.UNIT, "What is counted.", "persons", required=True)
    label: Series[Text] = f.text("What the group is called, where no column says it.", "pro-Iranian militiamen")
    actor_id: Series[Text] = f.reference("actors", f.ID, "Whose people they were.", "syrian_government")
    person_status: Series[Text] = f.term(
        vocabularies.PERSON_STATUS, "Whether they took part in the fighting.", "armed_forces"
    )
    role: Series[Text] = f.term(vocabularies.ROLE, "Their work or position.", "officer")
    sex: Series[Text] = f.term(vocabularies.SEX, "Their sex.", "female")
    age: Series[Text] = f.term(vocabularies.AGE, "Their age.", "child")
    location_id: Series[Text] = f.reference("locations", f.ID, "Where they were.", "hama_city")
    perpetrator_id: Series[Text] = f.reference("actors", f.ID, "Who is said to have done it.", "russia")
    cause: Series[Text] = f.term(vocabularies.CAUSE, "By what they were killed or hurt.", "airstrike")
    period_start: Series[Day] = f.day("First day of the figure's own window.", "2024-12-01")
    period_end: Series[Day] = f.day("Last day of the figure's own window.", "2024-12-05")
    printed: Series[Text] = f.text(
        "The printed phrase that holds the number: at most six words.", "23 of whom were officers"
    )
    qualifier: Series[Text] = f.term(
        vocabularies.QUALIFIER, "What the words around the number say of it.", "exact", required=True
    )
    low: Series[Count] = f.people("Lower bound, as said.", "23")
    best: Series[Count] = f.people("The number itself, if it is not a bound.", "23")
    high: Series[Count] = f.people("Upper bound, as said.", "23")
    share: Series[Number] = f.number(
        "Share of the parent, where the page prints one instead of a number.", "62", 0, 100, "percent"
    )
    population: Series[Text] = f.term(
        vocabularies.POPULATION,
        "Whom a total counts; empty for other figures (derived, unless it is singled_out).",
        "everybody",
    )
    population_detail: Series[Text] = f.code(
        f.ID, "The role, the sex or age, or the actor that a total is limited to; empty where it is not.", "women"
    )
    toll_id: Series[Text] = f.reference(
        "tolls",
        f.TOLL_ID,
        "Running toll that a total is a point of (derived where one toll fits).",
        "sohr.syria_2024_offensive.2024-11-27",
    )

    class Config:
        name = "figures"
        metadata = {"key": ("figure_id",), "derived": ("population", "population_detail", "toll_id")}


class Flags(TableModel):
    """Findings that were waived, with the reason, published for all to see."""

    record_id: Series[Text] = f.text("Key of the record.", "oth-006.1", required=True)
    rule_id: Series[Text] = f.text("The rule that it breaks.", "figures.parts-cover-parent", required=True)
    reason: Series[Text] = f.text("Why the finding is allowed.", "The page contradicts itself.", required=True)
    note: Series[Text] = f.text(NOTE, "The parts add up to five more than the total.", limit=f.NOTE_LIMIT)
    by: Series[Text] = f.text("Who decided (a role or a handle).", "maintainers", required=True)
    on: Series[Day] = f.day("When.", "2026-11-23", required=True)

    class Config:
        name = "flags"
        metadata = {"key": ("record_id", "rule_id")}


class Crosswalk(TableModel):
    """Keys of our records in other schemes, and the other way round."""

    entity_id: Series[Text] = f.text(
        "Key of our record, of whatever table.", "telesur_english-2024-12-05.1", required=True
    )
    scheme: Series[Text] = f.code(f.ID, "The other scheme.", "ucdp_ged", required=True)
    external_id: Series[Text] = f.text("Key there.", "141599", required=True)
    match: Series[Text] = f.term(vocabularies.MATCH, "How well the two match.", "exact", required=True)

    class Config:
        name = "crosswalk"
        metadata = {"key": ("entity_id", "scheme", "external_id")}


MODELS: dict[str, type[TableModel]] = {
    model.Config.name: model
    for model in (
        Conflicts, Actors, ConflictActors, Locations, LocationMembers, Aliases, CommonNames, Sources, Events, EventActors, EventSources,
        Tolls, TollPlaces, OldSeries, Claims, ClaimEvents, ClaimPerpetrators, ClaimLinks, Figures, Flags, Crosswalk,
    )
}  # fmt: skip


class Casualties(TableModel):
    """Start here: one row per figure, with names, dates and places joined and inherited values filled in.

    Derived from the other tables and never edited. A descriptive cell that the figure leaves empty holds what its
    parent figure says, and at the root what the claim says; a window that the claim leaves empty is that of its events.
    """

    figure_id: Series[Text] = f.reference(
        "figures", f.FIGURE_ID, "Key of the figure.", "telesur_english-2024-12-05.1.killed", required=True
    )
    conflict: Series[Text] = f.text("Name of the conflict.", "Offensive in north-west Syria, 2024", required=True)
    outcome: Series[Text] = f.term(
        vocabularies.OUTCOME, "What happened to the people counted.", "killed", required=True
    )
    unit: Series[Text] = f.term(vocabularies.UNIT, "What is counted.", "persons", required=True)
    path: Series[Text] = f.text(
        "Place of the figure in its claim: the names from the total down to it.",
        "killed > syrian_government > officers", required=True, limit=f.NOTE_LIMIT,
    )  # fmt: skip
    qualifier: Series[Text] = f.term(
        vocabularies.QUALIFIER, "What the words around the number say of it.", "exact", required=True
    )
    low: Series[Count] = f.people("Lower bound, as said.", "23")
    best: Series[Count] = f.people("The number itself, if it is not a bound.", "23")
    high: Series[Count] = f.people("Upper bound, as said.", "23")
    share: Series[Number] = f.number(
        "Share of the parent, where the page prints one instead of a number.", "62", 0, 100, "percent"
    )
    printed: Series[Text] = f.text(
        "The printed phrase that holds the number: at most six words.", "23 of whom were officers"
    )
    label: Series[Text] = f.text("What the group is called, where no column says it.", "pro-Iranian militiamen")
    actor: Series[Text] = f.text("Whose people they were: name of the party.", "Syrian government forces")
    person_status: Series[Text] = f.term(
        vocabularies.PERSON_STATUS, "Whether they took part in the fighting.", "armed_forces"
    )
    role: Series[Text] = f.term(vocabularies.ROLE, "Their work or position.", "officer")
    sex: Series[Text] = f.term(vocabularies.SEX, "Their sex.", "female")
    age: Series[Text] = f.term(vocabularies.AGE, "Their age.", "child")
    cause: Series[Text] = f.term(vocabularies.CAUSE, "By what they were killed or hurt.", "airstrike")
    location: Series[Text] = f.text("Where they were: name of the place.", "Syria", required=True)
    country: Series[Text] = f.code(
        f.COUNTRY, "Country of the place, ISO 3166-1 alpha-3; empty for an area across borders.", "SYR"
    )
    latitude: Series[Number] = f.number("Latitude of a representative point, WGS 84.", "35.13", -90, 90, "degrees")
    longitude: Series[Number] = f.number("Longitude of a representative point, WGS 84.", "36.75", -180, 180, "degrees")
    period_start: Series[Day] = f.day("First day of the window.", "2024-11-27")
    period_end: Series[Day] = f.day("Last day of the window.", "2024-12-05")
    as_of: Series[Day] = f.day(
        "Cut-off that the claimant states, else the day of the statement.", "2024-12-05", required=True
    )
    scope: Series[Text] = f.term(vocabularies.SCOPE, "What window the figures cover.", "cumulative", required=True)
    basis: Series[Text] = f.term(vocabularies.BASIS, "What puts a person into the window.", "occurred", required=True)
    claimant: Series[Text] = f.text("Who asserts it: name.", "Syrian Observatory for Human Rights", required=True)
    relayed_via: Series[Text] = f.reference("actors", f.ID, "Agency or medium through which the page has it.", "efe")
    publisher: Series[Text] = f.text("Who published the page: name.", "teleSUR English", required=True)
    published_on: Series[Day] = f.day("Day of publication.", "2024-12-05", required=True)
    url: Series[Text] = f.url("Address of the page, http(s) or urn.", "https://example.org/news/1", required=True)
    perpetrators: Series[Text] = f.text(
        "Who is said to have done it: keys of actors, separated by spaces; the figure's own, else the claim's.",
        "russia syrian_government", limit=f.NOTE_LIMIT,
    )  # fmt: skip
    perpetrator_certainty: Series[Text] = f.term(
        vocabularies.CERTAINTY, "How firmly the perpetrators are named; empty where none is.", "stated"
    )
    relation: Series[Text] = f.term(
        vocabularies.RELATION, "How the figure relates to its parent.", "subset", required=True
    )
    axis: Series[Text] = f.term(vocabularies.AXIS, "By what the list divides the parent; parts only.", "party")
    parent_id: Series[Text] = f.reference(
        "figures",
        f.FIGURE_ID,
        "The figure that this one divides; empty at the root.",
        "telesur_english-2024-12-05.1.killed",
    )
    depth: Series[Count] = f.whole_number("Steps down from the root, which is 0.", "2")
    status: Series[Text] = f.term(
        vocabularies.CLAIM_STATUS, "Whether the claim is still made.", "active", required=True
    )
    superseded_by: Series[Text] = f.reference(
        "claims",
        f.CLAIM_ID,
        "The claim that corrects this figure's claim; empty while none does.",
        "telesur_english-2024-12-06.1",
    )
    toll_id: Series[Text] = f.reference(
        "tolls",
        f.TOLL_ID,
        "Running toll that the total is a point of; empty where it is none.",
        "sohr.syria_2024_offensive.2024-11-27",
    )
    current: Series[Text] = f.term(
        vocabularies.CURRENT,
        "Whether the statement holds: neither taken back nor corrected, on this page or another.",
        "yes",
        required=True,
    )
    population: Series[Text] = f.term(
        vocabularies.POPULATION, "Whom a total counts; empty for other figures.", "everybody"
    )
    population_detail: Series[Text] = f.code(
        f.ID, "The role, the sex or age, or the actor that a total is limited to; empty where it is not.", "women"
    )
    topmost: Series[Text] = f.text(
        "Those of person_status, role, sex, age and actor_id of which no figure above or before this one, in the same claim, outcome and unit, has the same value; joined by a bar. A filter by one of them adds no part to its whole.",
        "person_status|actor_id",
    )
    flags: Series[Text] = f.text(
        "Rules that the figure or its claim breaks, with a waiver; separated by spaces. The reasons are in `flags`.",
        "figures.parts-cover-parent", limit=f.NOTE_LIMIT,
    )  # fmt: skip
    claim_id: Series[Text] = f.reference(
        "claims", f.CLAIM_ID, "Key of the claim.", "telesur_english-2024-12-05.1", required=True
    )
    source_id: Series[Text] = f.reference(
        "sources", f.SOURCE_ID, "Key of the page.", "telesur_english-2024-12-05", required=True
    )
    conflict_id: Series[Text] = f.reference(
        "conflicts", f.ID, "Key of the conflict.", "syria_2024_offensive", required=True
    )
    event_ids: Series[Text] = f.text(
        "Keys of the events that the claim is about, separated by spaces; empty where it is about none.",
        "2024-11-29-aleppo-entered", limit=f.NOTE_LIMIT,
    )  # fmt: skip
    location_id: Series[Text] = f.reference("locations", f.ID, "Key of the place.", "syria", required=True)
    actor_id: Series[Text] = f.reference(
        "actors", f.ID, "Key of the party whose people they were.", "syrian_government"
    )
    claimant_id: Series[Text] = f.reference("actors", f.ID, "Key of the claimant.", "sohr", required=True)
    publisher_id: Series[Text] = f.reference("actors", f.ID, "Key of the publisher.", "telesur_english", required=True)

    class Config:
        name = "casualties"
        metadata = {"key": ("figure_id",)}


DERIVED: dict[str, type[TableModel]] = {Casualties.Config.name: Casualties}
TABLES: dict[str, type[TableModel]] = {**DERIVED, **MODELS}
