"""The input of an export: the tables of one version with their schemas."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Bundle:
    """The tables of one version.

    Attributes:
        package: The descriptor, `datapackage.json`.
        schemas: Table Schema per table name, in order.
        read: Function that reads a table as a polars DataFrame.
    """

    package: Mapping[str, Any]
    schemas: Mapping[str, Mapping[str, Any]]
    read: Callable[[str], pl.DataFrame]
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self._frames:
            # Before version 2 a claim had one event, in a column of its own.
            is_early = table == "claim_events" and "event_id" in self["claims"].columns
            claimed = self["claims"].select("claim_id", "event_id").drop_nulls() if is_early else None
            self._frames[table] = self.read(table) if claimed is None else claimed
        return self._frames[table]

    @property
    def tables(self) -> list[str]:
        """Return the names of the tables, in order."""
        return list(self.schemas)

    @property
    def version(self) -> str:
        """Return the version, `major.minor.patch`."""
        return str(self.package["version"])

    @property
    def day(self) -> str:
        """Return the day of the release, ISO. Exports never read the clock."""
        return str(self.package["created"])[:10]

    def require_known(self, table: str) -> str:
        """Return the table's name if the table exists.

        Raises:
            UsageError: If it does not. The message suggests the nearest name.
        """
        if table in self.schemas:
            return table
        close = find_close(table.lower(), self.tables, least=0.65)
        hint = ask_whether(*close) or f"There are: {', '.join(self.tables)}."
        raise UsageError(f"there is no table {table!r}. {hint}")

    def list_fields(self, table: str) -> list[Mapping[str, Any]]:
        """Return the fields of a table, in order."""
        return list(self.schemas[table]["fields"])

    def get_key(self, table: str) -> list[str]:
        """Return the key columns of a table."""
        key = self.schemas[table]["primaryKey"]
        return [key] if isinstance(key, str) else list(key)

    def list_references(self, table: str) -> list[tuple[str, str, str]]:
        """Return the foreign keys of a table: column, target table, target column."""
        foreign_keys = []
        for foreign in self.schemas[table].get("foreignKeys", []):
            target = foreign["reference"].get("resource") or table
            foreign_keys.append((foreign["fields"][0], target, foreign["reference"]["fields"][0]))
        return foreign_keys

    def build_dictionary(self) -> list[dict[str, str]]:
        """Return the data dictionary, one row per column.

        The keys are table, column, type, required, unit, description, terms and example.
        """
        return [_explain_column(table, item) for table in self.tables for item in self.list_fields(table)]


def _explain_column(table: str, item: Mapping[str, Any]) -> dict[str, str]:
    terms = [f"{c['value']}: {c.get('description') or c.get('label', '')}" for c in item.get("categories", ())]
    return {
        "table": table,
        "column": item["name"],
        "type": item["type"],
        "required": "yes" if item.get("constraints", {}).get("required") else "",
        "unit": str(item.get("unit", "")),
        "description": item["description"],
        "terms": "; ".join(terms),
        "example": str(item.get("example", "")),
    }
