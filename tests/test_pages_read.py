"""The texts that were read: their hashes are in the data, the count of their statements is not.

`tests/data/pages_read.csv` has, per page of the last reading, how many statements about casualties its text shows, and how many of
them are coded.
"""

from __future__ import annotations

import csv
from pathlib import Path

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
MAX_SELECTED = 15
FOUND_AGAIN = 234


def read_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_table(table: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "reference" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_sources() -> list[dict[str, str]]:
    with (ROOT / "conflictdata" / "data" / "csv" / "sources.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_a_text_that_was_read_has_its_hash_its_length_its_day_and_its_coverage() -> None:
    for row in read_sources():
        filled = {bool(row[column]) for column in ("read_sha256", "read_chars", "coverage")}
        assert len(filled) == 1, row["source_id"]
        assert row["accessed_on"] or not row["read_sha256"], row["source_id"]
    assert sum(bool(row["read_sha256"]) for row in read_sources()) >= FOUND_AGAIN


def test_few_pages_are_coded_in_part_and_each_says_what_is_left_out() -> None:
    selected = [row for row in read_sources() if row["coverage"] == "selected"]

    assert len(selected) <= MAX_SELECTED
    assert all("left out" in row["note"] or "not coded" in row["note"] for row in selected)


def test_nearly_every_statement_of_the_texts_is_coded() -> None:
    rows = read_rows("pages_read.csv")
    coverage = {row["source_id"]: row["coverage"] for row in read_sources()}
    statements, coded = (sum(int(row[column]) for row in rows) for column in ("statements", "coded"))

    assert {row["source_id"] for row in rows} <= set(coverage)
    assert all(int(row["coded"]) <= int(row["statements"]) for row in rows)
    assert coded >= 0.99 * statements
    left_out = {row["source_id"] for row in rows if row["coded"] != row["statements"]}
    assert left_out >= {page for page, extent in coverage.items() if extent == "selected"}


def test_no_common_noun_is_an_alias_as_well() -> None:
    nouns = {row["name"].casefold() for row in read_table("common_names")}
    aliases = {row["alias"].casefold() for row in read_table("aliases") if row["entity_kind"] == "actor"}

    assert {"rebels", "junta", "national army"} <= nouns
    assert not nouns & aliases
