"""Two ledgers of the last reading of all pages: the texts that were read, and the common nouns that name a party in one conflict.

`tests/data/pages_read.csv` has one row per source: whether its page was found again, the length and the SHA-256 of the text that was
read (normal form C, runs of white space to one blank), how much of it is coded, and its title. `tests/data/common_names.csv` has the
nouns that are not aliases, because they name another party in another war. The model of version 2.0.0 will hold both.
"""

from __future__ import annotations

import csv
import re
from pathlib import Path

from conflictdata.schema.fields import SHA256

ROOT = Path(__file__).parents[1]
DATA = Path(__file__).parent / "data"
MAX_SELECTED = 15


def read_rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_table(table: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "reference" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_each_source_has_one_row() -> None:
    sources = sorted(path.stem for path in (ROOT / "seeds" / "sources").rglob("*.yaml"))

    assert [row["source_id"] for row in read_rows("pages_read.csv")] == sources


def test_a_page_that_was_found_has_the_hash_of_its_text_and_its_coverage() -> None:
    for row in read_rows("pages_read.csv"):
        if row["found"] == "yes":
            assert re.fullmatch(SHA256, row["read_sha256"]), row["source_id"]
            assert int(row["read_chars"]) > 0
            assert row["coverage"] in ("complete", "selected")
        else:
            assert (row["read_sha256"], row["coverage"]) == ("", "")


def test_few_pages_are_coded_in_part_and_each_gives_a_reason() -> None:
    selected = [row for row in read_rows("pages_read.csv") if row["coverage"] == "selected"]

    assert len(selected) <= MAX_SELECTED
    assert all(row["why"] for row in selected)


def test_a_common_noun_names_a_known_party_of_a_known_conflict() -> None:
    actors = {row["actor_id"] for row in read_table("actors")}
    conflicts = {row["conflict_id"] for row in read_table("conflicts")}

    for row in read_rows("common_names.csv"):
        assert row["actor_id"] in actors, row
        assert row["conflict_id"] in conflicts, row
