"""What an export reads: the tables of one version with their schemas."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import polars as pl


@dataclass(frozen=True)
class Bundle:
    """The tables of one version.

    Attributes:
        package: the descriptor, `datapackage.json`.
        schemas: the Table Schema of each table, by name, in order.
        read: reads a table as a polars DataFrame.
    """

    package: Mapping[str, Any]
    schemas: Mapping[str, Mapping[str, Any]]
    read: Callable[[str], pl.DataFrame]
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    def __getitem__(self, table: str) -> pl.DataFrame:
        if table not in self._frames:
            self._frames[table] = self.read(table)
        return self._frames[table]

    @property
    def tables(self) -> list[str]:
        """The names of the tables, in order."""
        return list(self.schemas)

    @property
    def version(self) -> str:
        """`major.minor.patch`."""
        return str(self.package["version"])

    @property
    def day(self) -> str:
        """The day of the release, ISO; exports take no time from a clock."""
        return str(self.package["created"])[:10]

    def require_known(self, table: str) -> str:
        """The table's name, where there is such a table.

        Raises:
            UsageError: there is none; the message names the nearest.
        """
        if table in self.schemas:
            return table
        close = difflib.get_close_matches(table.lower(), self.tables, n=1, cutoff=0.65)
        hint = f"did you mean {close[0]!r}?" if close else f"there are {', '.join(self.tables)}"
        raise UsageError(f"there is no table {table!r}; {hint}")

    def list_fields(self, table: str) -> list[Mapping[str, Any]]:
        """The fields of a table, in order."""
        return list(self.schemas[table]["fields"])

    def get_key(self, table: str) -> list[str]:
        """The columns of a table's key."""
        key = self.schemas[table]["primaryKey"]
        return [key] if isinstance(key, str) else list(key)

    def list_references(self, table: str) -> list[tuple[str, str, str]]:
        """A table's foreign keys: column, table referred to, its column."""
        foreign_keys = []
        for foreign in self.schemas[table].get("foreignKeys", []):
            target = foreign["reference"].get("resource") or table
            foreign_keys.append((foreign["fields"][0], target, foreign["reference"]["fields"][0]))
        return foreign_keys

    def build_dictionary(self) -> list[dict[str, str]]:
        """One row a column: table, column, type, required, unit, description, terms, example."""
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
