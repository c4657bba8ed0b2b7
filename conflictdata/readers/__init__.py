"""Files that hold a table, read as text with places: CSV in any form, JSON, Parquet; seeds as YAML and CSV."""

from __future__ import annotations

from conflictdata.readers.packing import FORMATS, PACKED_SUFFIXES, detect_format
from conflictdata.readers.sheet import LocatedTable, SourceTable
from conflictdata.readers.source import open_table, read_columns

__all__ = ["FORMATS", "PACKED_SUFFIXES", "LocatedTable", "SourceTable", "detect_format", "open_table", "read_columns"]
