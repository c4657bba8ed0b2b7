"""A made-up collection in a small folder of seeds, for tests to break."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

from seedbox import write_seedbox

from conflictdata.devtools.collect import collect

LICENCE = "Anyone may copy this table.\n"
RECIPE = """\
profile: palestine
title: A daily table
summary: Numbers of a made-up table.
caution: These numbers are made up.
licence:
  name: Unlicense
  title: The Unlicense
  path: https://unlicense.org/
notice: Name the makers.
origin: https://example.org/table
"""
ROWS = [
    {"report_date": "2023-10-07", "report_source": "mohtel", "report_period": 24, "killed_cum": 10, "injured_cum": 21, "press_killed_cum": 1},
    {"report_date": "2023-10-08", "report_source": "mohtel", "report_period": 24, "killed_cum": 15, "injured_cum": 33, "famine_cum": 2},
    {"report_date": "2023-10-09", "report_source": "gmotel", "report_period": 24, "killed_cum": 23, "injured_cum": 41, "ext_killed": 8},
]  # fmt: skip
NEWER = [*ROWS[:2], ROWS[2] | {"killed_cum": 24}, {**ROWS[2], "report_date": "2023-10-10", "killed_cum": 30}]
FOLDER = "collections/daily"


def write_collection(seeds: Path, rows: list[dict[str, Any]] | None = None, **files: str) -> Path:
    """Write a folder of seeds with a collection, and make its records from the rows. Return the folder of the collection."""
    contents = {f"{FOLDER}/recipe.yaml": RECIPE, f"{FOLDER}/LICENSE.txt": LICENCE, **files}
    write_seedbox(seeds, contents)
    add_rows(seeds / FOLDER, ROWS if rows is None else rows)
    return seeds / FOLDER


def add_rows(folder: Path, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Make or renew the records of a collection. Return the numbers of claims by what became of them."""
    table = folder.parents[2] / "table.json"
    table.write_text(json.dumps(rows), encoding="utf-8")
    return collect(folder, [table]).counts


def read_packed(folder: Path, table: str) -> str:
    """Return the text of a packed file."""
    return gzip.decompress((folder / f"{table}.csv.gz").read_bytes()).decode()


def replace_packed(folder: Path, table: str, old: str, new: str, *, renew: bool = True) -> None:
    """Change the text of a packed file. `renew`: change its hash in records.json too."""
    text = read_packed(folder, table)
    assert old in text
    packed = gzip.compress(text.replace(old, new).encode(), mtime=0)
    (folder / f"{table}.csv.gz").write_bytes(packed)
    if renew:
        manifest = json.loads((folder / "records.json").read_text(encoding="utf-8"))
        for item in manifest["tables"]:
            if item["table"] == table:
                item["sha256"] = hashlib.sha256(packed).hexdigest()
        (folder / "records.json").write_text(json.dumps(manifest), encoding="utf-8")
