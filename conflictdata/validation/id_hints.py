"""Naming in the light of the other tables: the keys that were typed in seeds, and the records that a text may mean."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import polars as pl

from conflictdata._utils.suggest import ask_whether
from conflictdata.readers.tables import LocatedTable
from conflictdata.registers.entries import COLUMNS
from conflictdata.registers.finder import Finder
from conflictdata.registers.match import KIND_OF_TABLE, NameMatch
from conflictdata.schema.columns import Constraint, list_key_columns
from conflictdata.seeds import REFERENCE
from conflictdata.seeds.typed_fields import find_typed_key, find_word_column
from conflictdata.validation.cells import Naming, list_key_forms

# Tables with more names of the records of a table.
_MORE_NAMES = {"actors": ("aliases", "common_names", "sources"), "locations": ("aliases",)}
_NAMED = ("actors", "locations")  # tables whose records have aliases


class TableFinder:
    """Finds records of the tables that are being checked, by name.

    Args:
        frames: The tables. They may lack columns.
    """

    def __init__(self, frames: Mapping[str, pl.DataFrame]) -> None:
        self._frames = frames
        self._finders: dict[str, Finder] = {}

    def find_certain(self, text: str, table: str) -> list[NameMatch]:
        """Return the records of a table with this id, name, alias or host, in whatever spelling."""
        return self._make_finder(table).find_certain(text, KIND_OF_TABLE[table]) if table in KIND_OF_TABLE else []

    def guess_id(self, text: str, table: str) -> str:
        """Return the id of the record of a table that a text means, or of the only one that it may mean; else ""."""
        return self._make_finder(table).guess_id(text, KIND_OF_TABLE[table]) if table in KIND_OF_TABLE else ""

    def _make_finder(self, table: str) -> Finder:
        if table not in self._finders:
            tables = (table, *_MORE_NAMES.get(table, ()))
            self._finders[table] = Finder.from_tables({name: self._read_rows(name) for name in tables})
        return self._finders[table]

    def _read_rows(self, table: str) -> list[dict[str, str]]:
        frame = self._frames.get(table)
        if frame is None or list_key_columns(table)[0] not in frame.columns:
            return []
        columns = [column for column in COLUMNS[table] if column in frame.columns]
        texts = frame.select(pl.col(column).cast(pl.String).fill_null("") for column in columns)
        empty = dict.fromkeys(COLUMNS[table], "")
        return [{**empty, **row} for row in texts.iter_rows(named=True)]


class TableNaming(Naming):
    """How messages about one table of several name columns and records.

    Args:
        table: The table.
        sheets: All tables as they were read.
        is_seed: True if a person typed the table as seeds.
    """

    def __init__(self, table: str, sheets: Mapping[str, LocatedTable], is_seed: bool) -> None:
        self._table = table
        self._sheets = sheets
        self._is_seed = is_seed

    def find_typed_name(self, c: Constraint, frame: pl.DataFrame, at: int) -> str:
        """Return the name of a column as the person who filled this row of the frame typed it."""
        if not self._is_seed:
            return c.column
        by = find_word_column(self._table, c.column)
        return find_typed_key(self._table, c.column, (frame[by][at] or "") if by else "")

    def suggest_record(self, c: Constraint, value: str) -> str:
        """Return a sentence that gives the key of the record that a text names; "" if it names none."""
        text, targets = value.strip(), self._list_targets(c)
        # A key that is itself broken does not help.
        matches = [m for t in targets for m in self._finder.find_certain(value, t) if m.id != value]
        likely = sorted({match.id for match in matches}) or self._list_forms(targets, value)
        if len(likely) > 1:
            return f"{text} may be {' or '.join(map(repr, likely))}: write the one that the page means."
        if matches and any(_is_name(match, text) for match in matches):
            return f"The id of {text} is {likely[0]!r}."
        guesses = [guess for t in targets if (guess := self._finder.guess_id(value, t)) and guess != value]
        likely = likely or guesses
        return ask_whether(*likely)

    def lookup(self, c: Constraint) -> str:
        """Return a sentence that says where the keys are that a column may hold; "" for a code."""
        places = [
            f"seeds/reference/{t}.csv" if self._is_seed and t in REFERENCE else f"the table {t}"
            for t in self._list_targets(c)
        ]
        # The key of a page, an event or a claim is made of the record itself: its form says how.
        return f"Look it up in {' or '.join(places)}." if set(self._list_targets(c)) & {*_NAMED, "conflicts"} else ""

    def _list_targets(self, c: Constraint) -> tuple[str, ...]:
        """The tables whose records a column names."""
        if (self._table, c.column) == ("aliases", "entity_id"):
            return _NAMED
        return (c.references,) if c.references else ()

    def _list_forms(self, targets: tuple[str, ...], value: str) -> list[str]:
        """Return the keys that the text is, but for its form: those of pages, claims and figures have no other name."""
        known = {key for target in targets if target in self._sheets for key in self._list_keys(target)}
        return [form for form in dict.fromkeys(list_key_forms(value)) if form in known and form != value]

    def _list_keys(self, target: str) -> list[str]:
        return self._sheets[target].frame[list_key_columns(target)[0]].drop_nulls().to_list()

    @cached_property
    def _finder(self) -> TableFinder:
        return TableFinder({table: sheet.frame for table, sheet in self._sheets.items()})


def _is_name(match: NameMatch, text: str) -> bool:
    """Return whether a text is a name of the record, and not only another form of its id."""
    return match.matched not in ("id", "spelling") or (
        match.text != match.id and match.text.casefold() == text.casefold()
    )
