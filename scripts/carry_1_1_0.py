"""Carry rows of version 1.1.0 into the columns of version 2, for the tests of the answers.

    git show ca87b690:conflictdata/data/csv/casualties.csv > casualties.csv
    python scripts/carry_1_1_0.py casualties.csv tests/data/answers_1_1_0.csv

Kept are the rows of the Syrian Observatory's toll of the offensive of 2024 (two series in 1.1.0, one toll in version 2) and
of two strikes of 1 December 2024. No value is changed; `toll_id`, `population`, `current` and `event_ids` are filled as
version 2 defines them.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from conflictdata.analysis.records import COLUMNS

SERIES = {
    f"sohr.syria_2024_offensive.{place}.2024-11-27": "sohr.syria_2024_offensive.2024-11-27"
    for place in ("syria_nw", "syria")
}
EVENTS = ("2024-12-01-idlib-strikes", "2024-12-01-aleppo-hospital-strike")
COMBATANTS = ("armed_forces", "fighter", "combatant")


def main() -> None:
    """Read the table of version 1.1.0 and write the rows that are kept."""
    source, target = map(Path, sys.argv[1:])
    with source.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["series_id"] in SERIES or row["event_id"] in EVENTS]
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS["casualties"], lineterminator="\n", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(carry(row) for row in rows)


def carry(row: dict[str, str]) -> dict[str, str]:
    """Return a row with the columns of version 2."""
    root = not row["parent_id"]
    population, detail = find_population(row) if root else ("", "")
    return {
        **row,
        "toll_id": SERIES.get(row["series_id"], "") if root and population == "everybody" else "",
        "current": "yes" if row["status"] == "active" and not row["superseded_by"] else "no",
        "event_ids": row["event_id"],
        "population": population,
        "population_detail": detail,
    }


def find_population(row: dict[str, str]) -> tuple[str, str]:
    """Return whom a total counts: the first that matches."""
    if row["role"]:
        return "role", row["role"]
    if row["sex"] or row["age"]:
        return "demographic", row["age"] or row["sex"]
    if row["actor_id"]:
        return "one_side", row["actor_id"]
    if row["person_status"] in COMBATANTS:
        return "combatants", ""
    return {"civilian": "civilians", "unknown": "unknown"}.get(row["person_status"], "everybody"), ""


if __name__ == "__main__":
    main()
