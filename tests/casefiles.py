"""Read the cases of rules: `tests/cases/<rule id>/good.yaml` and `bad.yaml`.

A case lists rows by table, with only the cells that matter. The other cells come from `conflictdata/devtools/example_defaults.yaml`. A
table not named in a case is empty. The `event_id` of a claim is a row of `claim_events`. `null` means an empty cell.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import polars as pl
import yaml

from conflictdata.devtools.example_world import load_defaults
from conflictdata.schema.columns import load_constraints, make_polars_schema
from conflictdata.schema.derived import fill_figures
from conflictdata.schema.tables import MODELS

CASES = Path(__file__).parent / "cases"
CASED = sorted(folder.name for folder in CASES.iterdir() if folder.is_dir())  # rules with cases besides their example


def _convert_cell(value: Any, dtype: Any) -> Any:
    if value is None:
        return None
    if dtype == pl.Date:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    return float(value) if dtype == pl.Float64 else int(value) if dtype == pl.Int64 else str(value)


def make_frame(table: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Return rows of one table as a typed frame, with missing cells from the defaults."""
    schema = make_polars_schema(table)
    full = [{**load_defaults()[table], **row} for row in rows]
    unknown = {name for row in full for name in row} - set(schema)
    assert not unknown, f"{table} has no column {sorted(unknown)}"
    data = {name: [_convert_cell(row.get(name), dtype) for row in full] for name, dtype in schema.items()}
    return pl.DataFrame(data, schema=schema)


def derive_columns(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Fill the derived columns of the figures. Cells that are filled already stay."""
    typed = {name: pl.col(name).alias(f"_{name}") for name in ("population", "population_detail")}
    derived = fill_figures({**tables, "figures": tables["figures"].with_columns(*typed.values())})
    kept = derived.with_columns(pl.coalesce(f"_{name}", name).alias(name) for name in typed)
    return {**tables, "figures": kept.select(tables["figures"].columns)}


def load_case(path: Path) -> dict[str, pl.DataFrame]:
    """Load all tables of a case, by name."""
    rows = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    about = [(row, row.pop("event_id")) for row in rows.get("claims") or [] if "event_id" in row]
    claim_id = load_defaults()["claims"]["claim_id"]
    listed = [{"claim_id": row.get("claim_id", claim_id), "event_id": event} for row, event in about]
    rows["claim_events"] = [*(rows.get("claim_events") or []), *listed]
    return {table: make_frame(table, rows.get(table) or []) for table in MODELS}


def load_cases(rule_ids: Iterable[str], case: str) -> dict[str, pl.DataFrame]:
    """Load one case of several rules into one set of tables.

    Each id gets the rule as prefix, so that each rule needs only one evaluation.
    """
    cases = {rule_id: load_case(CASES / rule_id / f"{case}.yaml") for rule_id in rule_ids}
    ids = {table: [c.column for c in load_constraints(table) if c.kind == "id"] for table in MODELS}
    return {
        table: pl.concat(
            tables[table].with_columns(
                pl.concat_str(pl.lit(f"{rule_id}:"), column).alias(column) for column in ids[table]
            )
            for rule_id, tables in cases.items()
        )
        for table in MODELS
    }
