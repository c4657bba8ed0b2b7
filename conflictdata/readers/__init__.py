"""Files of other people's datasets as text with places: CSV in any form, JSON, Parquet."""

from __future__ import annotations

from pathlib import Path

from conflictdata.readers.sheet import FeedSheet

__all__ = ["SUFFIXES", "FeedSheet", "columns_of", "read"]

SUFFIXES = (".csv", ".tsv", ".txt", ".json", ".parquet")


def read(path: Path) -> FeedSheet:
    """A file as a sheet. What could not be read is in its findings; then its frame may be empty.

    Args:
        path: a CSV, JSON or Parquet file.
    """
    if path.suffix == ".parquet":
        from conflictdata.readers.parquet import read_parquet

        return read_parquet(path)
    from conflictdata.readers.text import Text

    text = Text(path)
    if text.fault is not None:
        return FeedSheet(text.file, findings=[text.fault])
    if text.start.lstrip()[:1] in ("[", "{"):
        from conflictdata.readers.json import read_json

        return read_json(text)
    from conflictdata.readers.csv import read_csv

    return read_csv(text)


def columns_of(path: Path) -> list[str]:
    """The columns of a file; none where it cannot be read. Of a CSV and a Parquet file only the head is read."""
    if path.suffix == ".parquet":
        from conflictdata.readers.parquet import columns_of_parquet

        return columns_of_parquet(path)
    from conflictdata.readers.text import Text

    text = Text(path)
    if text.fault is not None:
        return []
    if text.start.lstrip()[:1] in ("[", "{"):
        return read(path).columns
    from conflictdata.readers.csv import header

    return header(text)
