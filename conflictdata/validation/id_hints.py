"""Naming in the light of the other tables: the keys that were typed in seeds, and the records that a text may mean."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cached_property

import polars as pl

from conflictdata._utils.suggest import ask_whether
from conflictdata.readers.tables import LocatedTable
from conflictdata.schema.columns import Constraint, list_key_columns
from conflictdata.seeds import REFERENCE
from conflictdata.seeds.typed_fields import find_typed_key, find_word_column
from conflictdata.validation.cells import Naming, list_key_forms

_NAMED = ("actors", "locations")  # tables whose records have a name, and aliases
_OUTER_MARKS = " \t.,;:!?\"'“”„‘’«»()[]"


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
        known = {record for target in targets for record in self._list_keys(target)}
        forms = [
            form for form in list_key_forms(value) if form in known and form != value
        ]  # a key that is itself broken does not help
        named = self._find_by_name(targets, text)
        if named and not set(forms) - set(named) and len(named) == 1:
            return f"The id of {text} is {named[0]!r}."
        likely = list(dict.fromkeys([*forms, *named])) or self._find_by_name(targets, value.strip(_OUTER_MARKS))
        if len(likely) > 1:
            return f"{text} may be {' or '.join(map(repr, likely))}: write the one that the page means."
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

    def _find_by_name(self, targets: tuple[str, ...], name: str) -> list[str]:
        return [record for target in targets for record in self._records[target].get(name.casefold(), ())]

    def _list_keys(self, target: str) -> list[str]:
        if target not in self._sheets:
            return []
        return self._sheets[target].frame[list_key_columns(target)[0]].drop_nulls().to_list()

    @cached_property
    def _records(self) -> defaultdict[str, dict[str, list[str]]]:
        """By table and by name or alias in small letters, the records that are called so."""
        found: defaultdict[str, dict[str, list[str]]] = defaultdict(dict)
        for target in _NAMED:
            if target not in self._sheets:
                continue
            rows = list(self._sheets[target].frame.select(list_key_columns(target)[0], "name").iter_rows())
            if "aliases" in self._sheets:
                matching = pl.col("entity_kind") == target.removesuffix("s")
                rows += self._sheets["aliases"].frame.filter(matching).select("entity_id", "alias").iter_rows()
            for record, name in rows:
                if record and name and record not in found[target].setdefault(name.casefold(), []):
                    found[target][name.casefold()].append(record)
        return found
