"""The columns of files that their makers publish without a header.

UCDP published candidate releases of GED so. The order of the columns is that of the releases with a header.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PublishedHeader:
    """The header that a file of one kind lacks.

    Attributes:
        title: What the file is, in words.
        names: Names of the columns, in their order.
        cells: Pattern per column by which a row of such a file is known.
    """

    title: str
    names: tuple[str, ...]
    cells: dict[str, str]

    def is_row(self, cells: Sequence[str]) -> bool:
        """Return whether the cells are a row of such a file."""
        if len(cells) != len(self.names):
            return False
        row = dict(zip(self.names, (cell.strip() for cell in cells), strict=True))
        return all(re.fullmatch(pattern, row[name]) for name, pattern in self.cells.items())


_GED = """
    id relid year active_year code_status type_of_violence conflict_dset_id conflict_new_id conflict_name dyad_dset_id
    dyad_new_id dyad_name side_a_dset_id side_a_new_id side_a side_b_dset_id side_b_new_id side_b number_of_sources
    source_article source_office source_date source_headline source_original where_prec where_coordinates
    where_description adm_1 adm_2 latitude longitude geom_wkt priogrid_gid country country_id region event_clarity
    date_prec date_start date_end deaths_a deaths_b deaths_civilians deaths_unknown best high low gwnoa gwnob
""".split()
_NUMBER = r"[0-9]+(?:\.0+)?"
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}.*"

PUBLISHED_HEADERS = (
    PublishedHeader(
        "UCDP GED",
        tuple(_GED),
        {
            "id": _NUMBER, "year": r"(?:19|20)[0-9]{2}", "type_of_violence": "[123]", "date_start": _DAY, "date_end": _DAY,
            "best": _NUMBER, "high": _NUMBER, "low": _NUMBER,
        },
    ),
)  # fmt: skip


def find_published_header(cells: Sequence[str]) -> PublishedHeader | None:
    """Return the header that belongs above a row; None if the row is not known."""
    return next((header for header in PUBLISHED_HEADERS if header.is_row(cells)), None)
