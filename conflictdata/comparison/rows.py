"""Rows of one table, old against new: joined by key in polars, so that only rows that differ are ever looked at one by one."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.comparison.model import Kind
from conflictdata.comparison.renames import IDS, Renames
from conflictdata.schema.derived import derive_series_id

MARK = "~"  # starts the columns that are ours; no column of a table does
COPY, FOLLOWS = "~copy", "~follows"
DERIVED: dict[str, dict[str, tuple[str, ...]]] = {  # derived columns, and those that they are made of
    "claims": {"series_id": ("claimant_id", "conflict_id", "location_id", "period_start", "scope")}
}
# Columns that hold keys of several tables, which no foreign key says.
_MIXED_KEYS = {"aliases": ("entity_id",), "flags": ("record_id",), "crosswalk": ("entity_id",)}

References = Mapping[str, str]  # column: table whose key it holds


def name_old_column(column: str) -> str:
    """The name of a column's old value."""
    return f"{MARK}old~{column}"


@dataclass(frozen=True)
class TableRows:
    """The rows of one table that differ.

    Attributes:
        table: its name.
        key: its key columns.
        columns: the columns that both sides have.
        removed: rows of the old side whose key is gone.
        matched: rows of the new side that differ from the old row of their key; the old values under `name_old_column(column)`.
            Of a row whose key was replaced the key differs too. `~follows` is true where renamed keys explain all of it.
        added: rows of the new side whose key is new.
        targets: its foreign keys.
        renamed: ids that were replaced, by table.
    """

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    removed: pl.DataFrame
    matched: pl.DataFrame
    added: pl.DataFrame
    targets: References
    renamed: Renames

    def is_replaced(self) -> pl.Expr:
        """Whether a matched row has another key than before."""
        return pl.any_horizontal(*(pl.col(c).ne_missing(pl.col(name_old_column(c))) for c in self.key))

    def count_changes(self) -> dict[Kind, int]:
        """Rows that differ by kind, those left out that only follow a renamed key."""
        independent = self.matched.filter(~pl.col(FOLLOWS)).select(self.is_replaced().alias("replaced"))["replaced"]
        return {
            "removed": self.removed.height,
            "replaced": int(independent.sum()),
            "corrected": independent.len() - int(independent.sum()),
            "added": self.added.height,
        }

    @property
    def following(self) -> int:
        """Rows that differ only because a record that they refer to has a new key."""
        return int(self.matched[FOLLOWS].sum())

    def __bool__(self) -> bool:
        return bool(self.removed.height or self.matched.height or self.added.height)

    def replace_frames(self, removed: pl.DataFrame, matched: pl.DataFrame, added: pl.DataFrame) -> TableRows:
        """The same with other frames."""
        return replace(self, removed=removed, matched=matched, added=added)


def compare_rows(
    table: str, old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str], targets: References, renamed: Renames,
    named: Collection[str] = (),
) -> TableRows:  # fmt: skip
    """What differs between two versions of a table.

    Args:
        table: its name.
        old: its rows before.
        new: its rows now.
        key: the columns that tell its rows apart.
        targets: its foreign keys.
        renamed: ids that were replaced, by table.
        named: the old ids that `retired.csv` itself names; the others follow from them.
    """
    columns = tuple(c for c in new.columns if c in old.columns)
    old, new = _align_types(old, new, columns)
    doubled = any(frame.select(key).is_duplicated().any() for frame in (old, new))
    old, new = (_number_copies(frame, key, columns, doubled) for frame in (old, new))
    on = [*key, COPY]
    removed = old.join(new, on=on, how="anti", nulls_equal=True)
    added = new.join(old, on=on, how="anti", nulls_equal=True)
    pairs = _join_changed(old, new, on, columns)
    if renamed:
        again, removed, added = _join_renamed(table, removed, added, key, columns, targets, renamed)
        pairs = pl.concat([pairs, again], how="diagonal")
    rows = TableRows(table, tuple(key), columns, removed, pairs, added, dict(targets), renamed)
    return rows.replace_frames(removed, pairs.with_columns(_is_consequence(rows, named).alias(FOLLOWS)), added)


def _align_types(old: pl.DataFrame, new: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Both with the same types in their common columns: text where a column was retyped."""
    retyped = [c for c in columns if old.schema[c] != new.schema[c]]
    return old.with_columns(pl.col(retyped).cast(pl.String)), new.with_columns(pl.col(retyped).cast(pl.String))


def _number_copies(frame: pl.DataFrame, key: Sequence[str], columns: Sequence[str], doubled: bool) -> pl.DataFrame:
    """With the number of each row among those of its key: 1, but where a faulty table has a key twice.

    Such rows count in the order of all their columns, so that their order in the table means nothing.
    """
    if not doubled:
        return frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(COPY))
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(key)
    return frame.sort(columns, maintain_order=True).with_columns(number.alias(COPY))


def _join_changed(old: pl.DataFrame, new: pl.DataFrame, on: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Rows of both with the same key that differ elsewhere."""
    rest = [c for c in columns if c not in on]
    old_rows = old.lazy().select(*on, *(pl.col(c).alias(name_old_column(c)) for c in rest))
    both = new.lazy().join(old_rows, on=on, how="inner", nulls_equal=True)
    differs = (
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(name_old_column(c))) for c in rest)
        if rest
        else pl.lit(value=False)
    )
    keys = [pl.col(c).alias(name_old_column(c)) for c in on if c != COPY]
    return both.filter(differs).with_columns(keys).collect(engine="streaming")


def _join_renamed(
    table: str, removed: pl.DataFrame, added: pl.DataFrame, key: Sequence[str], columns: Sequence[str],
    targets: References, renamed: Renames,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Rows whose key is another only because an id in it was replaced; and the removed and added rows that are left."""
    now = [f"{MARK}now~{c}" for c in key]
    mapped = [
        _replace_ids(pl.col(c), get_id_mapping(table, c, targets, renamed)).alias(n)
        for c, n in zip(key, now, strict=True)
    ]
    gone = removed.with_columns(mapped).unique(subset=[*now, COPY], keep="first", maintain_order=True)
    old_rows = gone.select(*now, COPY, *(pl.col(c).alias(name_old_column(c)) for c in columns))
    pairs = added.join(old_rows, left_on=[*key, COPY], right_on=[*now, COPY], how="inner", nulls_equal=True)
    taken = pairs.select(*(pl.col(name_old_column(c)).alias(c) for c in key), COPY)
    on = [*key, COPY]
    removed = removed.join(taken, on=on, how="anti", nulls_equal=True)
    return pairs, removed, added.join(pairs.select(on), on=on, how="anti", nulls_equal=True)


def get_id_mapping(table: str, column: str, targets: References, renamed: Renames) -> dict[str, str]:
    """The replaced ids that a column may hold: those of the table that it refers to, or of its own where it is the key."""
    if column in _MIXED_KEYS.get(table, ()):
        return {old: new for pairs in renamed.values() for old, new in pairs.items()}
    target = table if IDS.get(table) == column else targets.get(column, "")
    return renamed.get(target, {})


def _replace_ids(column: pl.Expr, mapping: Mapping[str, str]) -> pl.Expr:
    return column.replace(list(mapping), list(mapping.values())) if mapping else column


def apply_new_ids(table: str, frame: pl.DataFrame, targets: References, renamed: Renames) -> pl.DataFrame:
    """A table in which replaced ids are the new ones, in keys, references and what is derived from them."""
    mappings = {c: get_id_mapping(table, c, targets, renamed) for c in frame.columns}
    mapped = frame.with_columns(_replace_ids(pl.col(c), mapping) for c, mapping in mappings.items() if mapping)
    made = DERIVED.get(table, {}).get("series_id", ())
    if not any(mappings.get(c) for c in made) or not {"series_id", *made} <= set(frame.columns):
        return mapped
    derived: pl.DataFrame = nw.from_native(mapped).with_columns(derive_series_id()).to_native()
    return derived


def _is_consequence(rows: TableRows, named: Collection[str]) -> pl.Expr:
    """Whether nothing of a matched row differs but ids that were replaced, and what is derived from them."""
    if not rows.renamed:
        return pl.lit(value=False)
    derived = DERIVED.get(rows.table, {})
    clean = [_is_explained(rows, c) for c in rows.columns if not set(derived.get(c, ())) & set(rows.columns)]
    whole = pl.all_horizontal(*clean)
    id_column = IDS.get(rows.table)
    return whole & ~pl.col(name_old_column(id_column)).is_in(list(named)) if id_column in rows.key else whole


def _is_explained(rows: TableRows, column: str) -> pl.Expr:
    old = pl.col(name_old_column(column))
    mapping = get_id_mapping(rows.table, column, rows.targets, rows.renamed)
    return _replace_ids(old, mapping).eq_missing(pl.col(column))


def is_reordered(old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str]) -> bool:
    """Whether the rows that both have stand in another order."""
    old_order = old.select(key).join(new.select(key), on=key, how="semi", nulls_equal=True, maintain_order="left")
    new_order = new.select(key).join(old.select(key), on=key, how="semi", nulls_equal=True, maintain_order="left")
    return not old_order.equals(new_order)
