"""`retired.csv`: ids that were withdrawn, why, and what stands for them now."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.seeds.text import TABLE_LIMIT, allow_long_cells, read_text


@dataclass(frozen=True, slots=True)
class Retired:
    """One withdrawn id: the id that replaces it (or empty), and the reason."""

    replaced_by: str
    reason: str


Ledger = Mapping[str, Retired]


def read_retired(path: Path) -> dict[str, Retired]:
    """The withdrawn ids of a `retired.csv`; empty where there is no such file.

    Raises:
        UsageError: it is no CSV with the columns `id`, `replaced_by` and `reason`.
    """
    if not path.exists():
        return {}
    text, _ = read_text(path, str(path), limit=TABLE_LIMIT)
    if text is None:
        raise UsageError(f"{path} cannot be read as text")
    allow_long_cells()
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := {"id", "replaced_by", "reason"} - set(reader.fieldnames or ()):
        raise UsageError(f"{path} lacks the column(s) {', '.join(sorted(missing))}")
    return {row["id"]: Retired(row["replaced_by"] or "", row["reason"] or "") for row in reader if row["id"]}
