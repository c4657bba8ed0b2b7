"""Files of other people's datasets as text with places: CSV in any form, JSON, Parquet."""

from __future__ import annotations

from pathlib import Path

from conflictdata.readers.sheet import SourceTable

__all__ = ["SUFFIXES", "SourceTable", "read_columns", "read_file"]

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".parquet")


def read_file(path: Path) -> SourceTable:
    """A file as a sheet. What could not be read is in its findings; then its frame may be empty.

    Args:
        path: a CSV, JSON or Parquet file.
    """
    if path.suffix == ".parquet":
        from conflictdata.readers.parquet import read_parquet

        return read_parquet(path)
    from conflictdata.readers.text import TextFile

    text = TextFile(path)
    if text.fault is not None:
        return SourceTable(text.file, findings=[text.fault])
    if text.start.lstrip()[:1] in ("[", "{"):
        from conflictdata.readers.json import read_json

        return read_json(text)
    from conflictdata.readers.csv import read_csv

    return read_csv(text)


def read_columns(path: Path) -> list[str]:
    """The columns of a file; none where it cannot be read. Of a CSV and a Parquet file only the head is read."""
    if path.suffix == ".parquet":
        from conflictdata.readers.parquet import read_parquet_columns

        return read_parquet_columns(path)
    from conflictdata.readers.text import TextFile

    text = TextFile(path)
    if text.fault is not None:
        return []
    if text.start.lstrip()[:1] in ("[", "{"):
        return read_file(path).columns
    from conflictdata.readers.csv import read_header

    return read_header(text)
