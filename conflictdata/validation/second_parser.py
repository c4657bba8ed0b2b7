"""frictionless's reader of CSV files without its guess of the dialect. Imports frictionless.

frictionless 5.21 guesses the dialect of every CSV with `csv.Sniffer`, even if the descriptor gives it. On a line with
many quotes the guess takes minutes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import Any

from frictionless import Parser, Plugin, Resource
from frictionless.formats import CsvControl


class PlainCsvParser(Parser):
    """Reader of CSV files in the dialect of the descriptor."""

    requires_loader = True
    supported_types = ["string"]  # noqa: RUF012 - as in frictionless

    def read_cell_stream_create(self) -> Iterator[list[Any]]:
        """Yield the cells of each record. Blank lines at the end of the file are not records."""
        control = CsvControl.from_dialect(self.resource.dialect)
        blank = 0
        for cells in csv.reader(self.loader.text_stream, dialect=control.to_python()):
            if not cells:
                blank += 1
                continue
            yield from ([] for _ in range(blank))
            blank = 0
            yield cells


class PlainCsvPlugin(Plugin):
    """Plugin that gives CSV files to `PlainCsvParser`."""

    def create_parser(self, resource: Resource) -> Parser | None:
        """Return the reader of a CSV file; None for other formats."""
        return PlainCsvParser(resource) if resource.format == "csv" else None
