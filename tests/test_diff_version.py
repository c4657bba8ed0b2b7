"""The schemas of two packages, and the version that each difference needs.

The rules are those of the Data Package recipe.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from functools import cache
from typing import Any

import polars as pl
import pytest
import sample

from conflictdata.comparison import Retired, Snapshot, SnapshotInfo, diff
from conflictdata.comparison.result import Diff
from conflictdata.comparison.schema import LEVEL_OF
from conflictdata.datapackage.descriptor import NAME
from conflictdata.schema.tables import TABLES
from conflictdata.schema.tableschema import build_table_schema

Json = dict[str, Any]
Edit = Callable[[dict[str, Json], Json], None]


@cache
def _build_schemas() -> dict[str, Json]:
    return {table: build_table_schema(table) for table in TABLES}


def make_side(edit: Edit | None = None, tables: dict[str, pl.DataFrame] | None = None) -> Snapshot:
    """Return the sample with edited schemas."""
    schemas = copy.deepcopy(_build_schemas())
    package: Json = {"name": NAME, "title": "A title", "resources": [{"name": t, "format": "csv"} for t in TABLES]}
    if edit:
        edit(schemas, package)
    return Snapshot(SnapshotInfo("one", "package", "1.2.3"), tables or sample.make_tables(), schemas, package)


def compare_with(edit: Edit) -> Diff:
    return diff(make_side(), make_side(edit))


def find_field(schemas: dict[str, Json], table: str, name: str) -> Json:
    return next(f for f in schemas[table]["fields"] if f["name"] == name)


def drop_field(schemas: dict[str, Json], package: Json) -> None:
    schemas["figures"]["fields"].remove(find_field(schemas, "figures", "share"))


def add_field(schemas: dict[str, Json], package: Json) -> None:
    schemas["figures"]["fields"].append({"name": "wounds", "type": "string"})


def rename_field(schemas: dict[str, Json], package: Json) -> None:
    find_field(schemas, "figures", "share")["name"] = "percentage"


def reorder(schemas: dict[str, Json], package: Json) -> None:
    schemas["figures"]["fields"].reverse()


def add_term(schemas: dict[str, Json], package: Json) -> None:
    for table in ("figures", "casualties"):
        find_field(schemas, table, "cause")["constraints"]["enum"].append("lightning")


def drop_term(schemas: dict[str, Json], package: Json) -> None:
    for table in ("figures", "casualties"):
        find_field(schemas, table, "cause")["constraints"]["enum"].remove("airstrike")


def turn_terms(schemas: dict[str, Json], package: Json) -> None:
    find_field(schemas, "figures", "cause")["constraints"]["enum"].reverse()


def reword_term(schemas: dict[str, Json], package: Json) -> None:
    for table in ("figures", "casualties"):
        find_field(schemas, table, "cause")["categories"][0]["description"] = "In other words."


def edit_field(table: str, name: str, **cells: Any) -> Edit:
    def edit(schemas: dict[str, Json], package: Json) -> None:
        find_field(schemas, table, name).update(cells)

    return edit


def edit_constraints(table: str, name: str, **cells: Any) -> Edit:
    def edit(schemas: dict[str, Json], package: Json) -> None:
        found = {**find_field(schemas, table, name).get("constraints", {}), **cells}
        find_field(schemas, table, name)["constraints"] = {k: v for k, v in found.items() if v is not None}

    return edit


def edit_table(table: str, **cells: Any) -> Edit:
    return lambda schemas, package: schemas[table].update(cells)


def edit_package(**cells: Any) -> Edit:
    return lambda schemas, package: package.update(cells)


def drop_resource(schemas: dict[str, Json], package: Json) -> None:
    del schemas["casualties"]


def add_resource(schemas: dict[str, Json], package: Json) -> None:
    schemas["weather"] = {"fields": []}


def reformat(schemas: dict[str, Json], package: Json) -> None:
    package["resources"][0]["format"] = "tsv"


LESS = [{"fields": ["event_id"], "reference": {"resource": "events", "fields": ["event_id"]}}]
SCHEMA = {
    "field removed": (drop_field, "major", "field removed: figures.share"),
    "field added": (add_field, "major", "field added: figures.wounds"),
    "field renamed": (rename_field, "major", "field renamed: figures.share"),
    "fields reordered": (reorder, "major", "fields reordered: figures"),
    "retyped": (edit_field("figures", "share", type="string"), "major", "type changed: figures.share.type"),
    "reformatted": (edit_field("claims", "as_of", format="%d/%m/%Y"), "major", "format changed: claims.as_of"),
    "another unit": (edit_field("figures", "low", unit="families"), "major", "unit changed: figures.low.unit"),
    "required": (edit_constraints("figures", "cause", required=True), "major", "constraint tightened: figures.cause.required"),
    "not required": (edit_constraints("figures", "unit", required=None), "minor", "constraint loosened: figures.unit.required"),
    "unique": (edit_constraints("sources", "url", unique=True), "major", "constraint tightened: sources.url.unique"),
    "shorter": (edit_constraints("claims", "note", maxLength=10), "major", "constraint tightened: claims.note.maxLength"),
    "longer": (edit_constraints("claims", "note", maxLength=9000), "minor", "constraint loosened: claims.note.maxLength"),
    "higher": (edit_constraints("figures", "low", minimum=1), "major", "constraint tightened: figures.low.minimum"),
    "lower": (edit_constraints("figures", "low", minimum=-1), "minor", "constraint loosened: figures.low.minimum"),
    "no minimum": (edit_constraints("figures", "low", minimum=None), "minor", "constraint loosened: figures.low.minimum"),
    "pattern": (edit_constraints("claims", "claim_id", pattern="[a-z]+"), "major", "constraint tightened: claims.claim_id.pattern"),
    "no pattern": (edit_constraints("claims", "claim_id", pattern=None), "minor", "constraint loosened: claims.claim_id.pattern"),
    "closed": (edit_constraints("figures", "label", enum=["x"]), "major", "constraint tightened: figures.label.enum"),
    "opened": (edit_constraints("figures", "cause", enum=None), "minor", "constraint loosened: figures.cause.enum"),
    "term added": (add_term, "minor", "term added: lightning (vocabulary cause)"),
    "term removed": (drop_term, "major", "term removed: airstrike (vocabulary cause)"),
    "term reworded": (reword_term, "patch", "text changed: vocabulary cause"),
    "terms in another order": (turn_terms, "none", ""),
    "primary key": (edit_table("aliases", primaryKey=["entity_kind", "alias"]), "major", "primary key changed: aliases"),
    "foreign keys gone": (edit_table("claim_links", foreignKeys=[]), "minor", "foreign key removed: claim_links.claim_id"),
    "foreign key new": (edit_table("crosswalk", foreignKeys=LESS), "major", "foreign key added: crosswalk.event_id"),
    "missing values": (edit_table("figures", missingValues=["", "-"]), "major", "missing values changed: figures"),
    "description": (edit_field("figures", "low", description="Else."), "patch", "text changed: figures.low.description"),
    "title of a table": (edit_table("figures", title="Else"), "patch", "text changed: figures.title"),
    "resource removed": (drop_resource, "major", "resource removed: casualties"),
    "resource added": (add_resource, "minor", "resource added: weather"),
    "resource format": (reformat, "major", "resource format changed: casualties.format"),
    "package renamed": (edit_package(name="other"), "major", "package renamed: name"),
    "licence": (edit_package(licenses=[{"name": "ODbL-1.0"}]), "patch", "text changed: datapackage.licenses"),
    "another day and place": (edit_package(created="2030-01-01T00:00:00Z", id="urn:x", version="9.9.9"), "none", ""),
}  # fmt: skip


@pytest.mark.sample(3)
@pytest.mark.parametrize(("edit", "level", "what"), SCHEMA.values(), ids=SCHEMA)
def test_a_change_of_the_schema_asks_for_its_version(edit: Edit, level: str, what: str) -> None:
    found = compare_with(edit)
    assert found.bump == level
    assert (what in {reason.what for reason in found.reasons}) if what else not found
    assert all(change.what in LEVEL_OF and change.level == LEVEL_OF[change.what] for change in found.schema)


def test_a_vocabulary_is_reported_once_for_all_its_columns() -> None:
    (change,) = compare_with(add_term).schema
    assert (change.vocabulary, change.new) == ("cause", "lightning")
    assert sorted(change.where) == ["casualties.cause", "figures.cause"]


def test_a_pattern_that_only_changed_its_writing_still_counts_as_tightened() -> None:
    assert compare_with(edit_constraints("claims", "claim_id", pattern="(?:a|b)")).bump == "major"


def test_rows_under_a_renamed_column_are_the_same_rows() -> None:
    tables = sample.make_tables()
    new = {**tables, "figures": tables["figures"].rename({"share": "percentage"})}
    found = diff(make_side(), make_side(rename_field, new))
    assert (found.total(), found.bump) == (0, "major")


def drop_rows(table: str, column: str, value: str, tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    return {**tables, table: tables[table].filter(pl.col(column).ne_missing(value))}


def change_rows(level: str) -> dict[str, pl.DataFrame]:
    """Return the sample with a change of its rows."""
    tables = sample.make_tables()
    claims, aliases = tables["claims"], tables["aliases"]
    match level:
        case "corrected":
            return {**tables, "claims": claims.with_columns(note=pl.lit("Another note."))}
        case "retracted":
            return {**tables, "claims": claims.with_columns(status=pl.lit("retracted"))}
        case "added":
            return {**tables, "aliases": pl.concat([aliases, aliases.with_columns(alias=pl.lit("Else"))])}
        case "withdrawn, nothing refers to it":
            return drop_rows("aliases", "language", "ar", tables)
        case "withdrawn with all that refers to it":
            gone = [t for t, f in tables.items() if "claim_id" in f.columns]
            return tables | {t: drop_rows(t, "claim_id", "paper-2024-06-02.2", tables)[t] for t in gone}
        case "withdrawn under rows that are kept":
            # The claim now names another actor, and the first one is deleted.
            moved = {
                **tables,
                "claims": claims.with_columns(relayed_via=pl.col("relayed_via").replace("wire", "paper")),
            }
            return drop_rows("actors", "actor_id", "wire", moved)
        case "withdrawn under rows of its own table":
            moved = {**tables, "locations": tables["locations"].with_columns(parent_id=pl.lit(None, dtype=pl.String))}
            land = drop_rows("locations", "location_id", "land", moved)
            return {**land, "claims": claims.filter(pl.col("location_id") != "land"), "figures": tables["figures"]}
        case "in another order":
            return {table: frame.reverse() for table, frame in tables.items()}
    raise AssertionError(level)


ROWS = {
    "corrected": "patch",
    "retracted": "patch",
    "added": "minor",
    "withdrawn, nothing refers to it": "minor",
    "withdrawn with all that refers to it": "minor",
    "withdrawn under rows that are kept": "major",
    "withdrawn under rows of its own table": "minor",
    "in another order": "none",
}


@pytest.mark.parametrize("what", ROWS)
def test_a_change_of_rows_asks_for_its_version(what: str) -> None:
    assert diff(sample.make_tables(), change_rows(what)).bump == ROWS[what]


def test_the_reason_says_who_referred_to_what_is_gone() -> None:
    (major, *rest) = diff(sample.make_tables(), change_rows("withdrawn under rows that are kept")).reasons
    assert major.what == "1 row of claims, still there, referred by relayed_via to keys of actors that are gone"
    assert [reason.level for reason in rest] == ["minor", "patch"]


def test_a_key_renamed_under_rows_of_other_tables_is_major() -> None:
    tables = sample.make_tables()
    new = {
        **tables,
        "actors": tables["actors"].with_columns(pl.col("actor_id").replace("wire", "telegraph")),
        "claims": tables["claims"].with_columns(pl.col("relayed_via").replace("wire", "telegraph")),
    }
    assert diff(tables, new, retired={"wire": Retired("telegraph", "A new name.")}).bump == "major"


@pytest.mark.parametrize(
    ("what", "version"),
    [
        ("corrected", "1.2.4"),
        ("added", "1.3.0"),
        ("withdrawn under rows that are kept", "2.0.0"),
        ("in another order", "1.2.3"),
    ],
)
def test_the_next_version(what: str, version: str) -> None:
    found = diff(make_side(), make_side(tables=change_rows(what)))
    assert found.next_version() == version
    assert (
        found.next_version("0.0.9")
        == {"1.2.4": "0.0.10", "1.3.0": "0.1.0", "2.0.0": "1.0.0", "1.2.3": "0.0.9"}[version]
    )


def test_without_a_version_there_is_no_next_one() -> None:
    assert diff(sample.make_tables(), change_rows("added")).next_version() == ""
