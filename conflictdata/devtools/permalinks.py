"""List the records of released versions that the newest one no longer has, for the site's permalinks.

    python -m conflictdata.devtools.permalinks REGISTRY

REGISTRY is a folder made by `releases/make`. The list replaces `conflictdata/site/permalinks.csv`, and all addresses
replace `tests/data/permalinks.txt`, by which a test holds them.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path

import polars as pl

from conflictdata._utils.atomic_write import replace_file
from conflictdata.seeds.ledgers import Retired, read_retired
from conflictdata.site.layout import FOLDERS, locate_claim, locate_figure, locate_page
from conflictdata.site.permalinks import LEDGER

ADDRESSES = Path("tests/data/permalinks.txt")

KEYS = {
    "conflicts": "conflict_id",
    "actors": "actor_id",
    "locations": "location_id",
    "sources": "source_id",
    "events": "event_id",
    "tolls": "toll_id",
    "claims": "claim_id",
    "figures": "figure_id",
}
COLUMNS = ("table", "id", "source_id", "replaced_by", "last_version", "reason")
_NO_TOLL = "These numbers name no one claimant, so they are points of no toll."


def list_versions(registry: Path) -> list[str]:
    """Return the versions of a registry, oldest first."""
    index = json.loads((registry / "index.json").read_text(encoding="utf-8"))
    return sorted((entry["version"] for entry in index["versions"]), key=lambda v: [int(n) for n in v.split(".")])


def read_ids(registry: Path, version: str) -> dict[str, dict[str, str]]:
    """Return the ids of a version by table, each with the page that it belongs to, if any.

    A series of version 1 counts as a toll. Its id was made of claimant, conflict, place and first day.
    """
    folder = registry / version / "parquet"
    claims = pl.read_parquet(folder / "claims.parquet", glob=False)
    sources = dict(claims.select("claim_id", "source_id").iter_rows())
    ids: dict[str, dict[str, str]] = {}
    for table, key in KEYS.items():
        path = folder / f"{table}.parquet"
        rows = pl.read_parquet(path, glob=False).to_dicts() if path.exists() else []
        ids[table] = {row[key]: sources.get(row.get("claim_id", ""), "") for row in rows}
    if int(version.partition(".")[0]) < 2:
        series = claims.filter(pl.col("scope") == "cumulative").select(
            pl.concat_str(
                "claimant_id", "conflict_id", "location_id", pl.col("period_start").cast(pl.String), separator="."
            )
        )
        ids["tolls"] |= dict.fromkeys(series.to_series().to_list(), "")
    return ids


def collect_withdrawn(registry: Path, retired: Path) -> list[dict[str, str]]:
    """Return the records that the newest version of a registry no longer has, sorted by table and id."""
    *earlier, newest = list_versions(registry)
    present = read_ids(registry, newest)
    led = pl.read_parquet(registry / newest / "parquet" / "tolls_1_1.parquet", glob=False)["series_id"].to_list()
    present["tolls"] |= dict.fromkeys(led, "")
    reasons = read_retired(retired)
    gone: dict[tuple[str, str], dict[str, str]] = {}
    for version in earlier:
        for table, ids in read_ids(registry, version).items():
            for id_, source in ids.items():
                if id_ not in present[table]:
                    row = _find_reason(reasons, id_)
                    replaced = reasons[id_].replaced_by if id_ in reasons else ""
                    reason = row.reason if row else _NO_TOLL if table == "tolls" else ""
                    values = (table, id_, source, replaced, version, reason)
                    gone[table, id_] = dict(zip(COLUMNS, values, strict=True))
    return [gone[key] for key in sorted(gone)]


def _find_reason(reasons: dict[str, Retired], id_: str) -> Retired | None:
    """Return the row of retired.csv for a record, or for the record that it was a part of."""
    while id_ not in reasons:
        id_, dot, _ = id_.rpartition(".")
        if not dot:
            return None
    return reasons[id_]


def list_addresses(registry: Path) -> list[str]:
    """Return the addresses of all records of all versions of a registry, sorted."""
    addresses: set[str] = set()
    for version in list_versions(registry):
        ids = read_ids(registry, version)
        addresses |= {locate_page(table, id_) for table in FOLDERS for id_ in ids[table]}
        addresses |= {locate_claim(id_, source) for id_, source in ids["claims"].items()}
        addresses |= {locate_figure(id_, source) for id_, source in ids["figures"].items()}
    return sorted(addresses)


def format_ledger(rows: list[dict[str, str]]) -> str:
    """Return the ledger as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    found = collect_withdrawn(Path(sys.argv[1]), Path("seeds/retired.csv"))
    replace_file(LEDGER, format_ledger(found).encode())
    addresses = list_addresses(Path(sys.argv[1]))
    replace_file(ADDRESSES, "".join(f"{address}\n" for address in addresses).encode())
    print(f"{len(found)} withdrawn records, {len(addresses)} addresses")
