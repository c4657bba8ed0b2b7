"""Compare the old and the new rows of one table, joined by key in polars.

Only rows that differ leave the joins, so a large table costs no Python loop.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from conflictdata.comparison.model import Kind
from conflictdata.comparison.renames import IDS, Renames

MARK = "~"  # prefix of the columns added here; no column of a table has it
COPY, FOLLOWS = "~copy", "~follows"
DERIVED: dict[str, dict[str, tuple[str, ...]]] = {  # derived columns, and the columns they are computed from
    "claims": {"series_id": ("claimant_id", "conflict_id", "location_id", "period_start", "scope")},  # in version 1
    "figures": {
        "population": ("role", "sex", "age", "actor_id", "person_status"),
        "population_detail": ("role", "sex", "age", "actor_id"),
    },
}
# Columns that refer to several tables, which a foreign key cannot express.
_MIXED_KEYS = {"aliases": ("entity_id",), "flags": ("record_id",), "crosswalk": ("entity_id",)}

References = Mapping[str, str]  # column: table whose key it holds


def name_old_column(column: str) -> str:
    """Return the name of the column with the old values of a column."""
    return f"{MARK}old~{column}"


@dataclass(frozen=True)
class TableRows:
    """The rows of one table that differ.

    Attributes:
        table: Its name.
        key: Its key columns.
        columns: The columns that both sides have.
        removed: Old rows whose key is gone.
        matched: New rows that differ from the old row with their key. The old values are in `name_old_column(column)`.
            If the key was replaced, it differs too. `~follows` is true if replaced ids explain every difference.
        added: New rows whose key is new.
        targets: Its foreign keys: the table that each column refers to.
        renamed: Replaced ids, by table: old id to new id.
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
        """Return an expression that is true for matched rows with a new key."""
        return pl.any_horizontal(*(pl.col(c).ne_missing(pl.col(name_old_column(c))) for c in self.key))

    def count_changes(self) -> dict[Kind, int]:
        """Count the rows that differ, by kind, without those that only follow a new id."""
        independent = self.matched.filter(~pl.col(FOLLOWS)).select(self.is_replaced().alias("replaced"))["replaced"]
        return {
            "removed": self.removed.height,
            "replaced": int(independent.sum()),
            "corrected": independent.len() - int(independent.sum()),
            "added": self.added.height,
        }

    @property
    def following(self) -> int:
        """Number of rows that changed only because an id they refer to was replaced."""
        return int(self.matched[FOLLOWS].sum())

    def __bool__(self) -> bool:
        return bool(self.removed.height or self.matched.height or self.added.height)

    def replace_frames(self, removed: pl.DataFrame, matched: pl.DataFrame, added: pl.DataFrame) -> TableRows:
        """Return a copy with other frames."""
        return replace(self, removed=removed, matched=matched, added=added)


def compare_rows(
    table: str, old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str], targets: References, renamed: Renames,
    named: Collection[str] = (),
) -> TableRows:  # fmt: skip
    """Compare two versions of a table.

    Args:
        table: Its name.
        old: The old rows.
        new: The new rows.
        key: Its key columns.
        targets: Its foreign keys: the table that each column refers to.
        renamed: Replaced ids, by table: old id to new id.
        named: The old ids listed in `retired.csv`. All other replacements were derived from them.
    """
    columns = tuple(c for c in new.columns if c in old.columns)
    old, new = _align_types(old, new, columns)
    has_copies = any(frame.select(key).is_duplicated().any() for frame in (old, new))
    old, new = (_number_copies(frame, key, columns, has_copies) for frame in (old, new))
    on = [*key, COPY]
    removed = old.join(new, on=on, how="anti", nulls_equal=True)
    added = new.join(old, on=on, how="anti", nulls_equal=True)
    pairs = _join_changed(old, new, on, columns)
    if renamed:
        renamed_pairs, removed, added = _join_renamed(table, removed, added, key, columns, targets, renamed)
        pairs = pl.concat([pairs, renamed_pairs], how="diagonal")
    rows = TableRows(table, tuple(key), columns, removed, pairs, added, dict(targets), renamed)
    return rows.replace_frames(removed, pairs.with_columns(_is_consequence(rows, named).alias(FOLLOWS)), added)


def _align_types(old: pl.DataFrame, new: pl.DataFrame, columns: Sequence[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Give common columns the same type in both frames: text if the types differ."""
    retyped = [c for c in columns if old.schema[c] != new.schema[c]]
    return old.with_columns(pl.col(retyped).cast(pl.String)), new.with_columns(pl.col(retyped).cast(pl.String))


def _number_copies(frame: pl.DataFrame, key: Sequence[str], columns: Sequence[str], has_copies: bool) -> pl.DataFrame:
    """Number the rows that share a key. All get 1 if no key is repeated.

    Rows of a faulty table that repeats a key are sorted by all columns first, so that their order has no effect.
    """
    if not has_copies:
        return frame.with_columns(pl.lit(1, dtype=pl.Int64).alias(COPY))
    number = pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over(key)
    return frame.sort(columns, maintain_order=True).with_columns(number.alias(COPY))


def _join_changed(old: pl.DataFrame, new: pl.DataFrame, on: Sequence[str], columns: Sequence[str]) -> pl.DataFrame:
    """Join rows with the same key, and keep those that differ in another column."""
    others = [c for c in columns if c not in on]
    old_rows = old.lazy().select(*on, *(pl.col(c).alias(name_old_column(c)) for c in others))
    both = new.lazy().join(old_rows, on=on, how="inner", nulls_equal=True)
    differs = (
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(name_old_column(c))) for c in others)
        if others
        else pl.lit(value=False)
    )
    keys = [pl.col(c).alias(name_old_column(c)) for c in on if c != COPY]
    return both.filter(differs).with_columns(keys).collect(engine="streaming")


def _join_renamed(
    table: str, removed: pl.DataFrame, added: pl.DataFrame, key: Sequence[str], columns: Sequence[str],
    targets: References, renamed: Renames,
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:  # fmt: skip
    """Pair removed and added rows whose keys differ only by replaced ids.

    Returns:
        The pairs, and the removed and added rows that remain.
    """
    new_keys = [f"{MARK}now~{c}" for c in key]
    mapped = [
        _replace_ids(pl.col(c), get_id_mapping(table, c, targets, renamed)).alias(n)
        for c, n in zip(key, new_keys, strict=True)
    ]
    old = removed.with_columns(mapped).unique(subset=[*new_keys, COPY], keep="first", maintain_order=True)
    old_rows = old.select(*new_keys, COPY, *(pl.col(c).alias(name_old_column(c)) for c in columns))
    pairs = added.join(old_rows, left_on=[*key, COPY], right_on=[*new_keys, COPY], how="inner", nulls_equal=True)
    paired = pairs.select(*(pl.col(name_old_column(c)).alias(c) for c in key), COPY)
    on = [*key, COPY]
    removed = removed.join(paired, on=on, how="anti", nulls_equal=True)
    return pairs, removed, added.join(pairs.select(on), on=on, how="anti", nulls_equal=True)


def get_id_mapping(table: str, column: str, targets: References, renamed: Renames) -> dict[str, str]:
    """Return the replaced ids that a column may contain, as old id to new id.

    These are the ids of the table that the column refers to, or of its own table if the column is the key.
    """
    if column in _MIXED_KEYS.get(table, ()):
        return {old: new for pairs in renamed.values() for old, new in pairs.items()}
    target = table if IDS.get(table) == column else targets.get(column, "")
    return renamed.get(target, {})


def _replace_ids(column: pl.Expr, mapping: Mapping[str, str]) -> pl.Expr:
    return column.replace(list(mapping), list(mapping.values())) if mapping else column


def apply_new_ids(table: str, frame: pl.DataFrame, targets: References, renamed: Renames) -> pl.DataFrame:
    """Replace old ids by new ones in keys, references and derived columns."""
    mappings = {c: get_id_mapping(table, c, targets, renamed) for c in frame.columns}
    mapped = frame.with_columns(_replace_ids(pl.col(c), mapping) for c, mapping in mappings.items() if mapping)
    return mapped.with_columns(_rename_toll(renamed)) if "toll_id" in frame.columns else mapped


def _rename_toll(renamed: Renames) -> pl.Expr:
    """Return `toll_id` with new ids in place of the old ones that it is made of."""
    toll = pl.col("toll_id")
    for table in ("actors", "conflicts", "locations"):
        for old, new in renamed.get(table, {}).items():
            toll = toll.str.replace(rf"(^|\.){re.escape(old)}(\.|$)", f"${{1}}{new}${{2}}")
    return toll


def _is_consequence(rows: TableRows, named: Collection[str]) -> pl.Expr:
    """Return an expression that is true for rows in which only replaced ids differ.

    Columns derived from those ids may differ too.
    """
    if not rows.renamed:
        return pl.lit(value=False)
    derived = DERIVED.get(rows.table, {})
    explained = [_is_explained(rows, c) for c in rows.columns if not set(derived.get(c, ())) & set(rows.columns)]
    all_explained = pl.all_horizontal(*explained)
    id_column = IDS.get(rows.table)
    return (
        all_explained & ~pl.col(name_old_column(id_column)).is_in(list(named))
        if id_column in rows.key
        else all_explained
    )


def _is_explained(rows: TableRows, column: str) -> pl.Expr:
    old = pl.col(name_old_column(column))
    mapping = get_id_mapping(rows.table, column, rows.targets, rows.renamed)
    return _replace_ids(old, mapping).eq_missing(pl.col(column))


def is_reordered(old: pl.DataFrame, new: pl.DataFrame, key: Sequence[str]) -> bool:
    """Return whether the rows that both frames have are in a different order."""
    old_order = old.select(key).join(new.select(key), on=key, how="semi", nulls_equal=True, maintain_order="left")
    new_order = new.select(key).join(old.select(key), on=key, how="semi", nulls_equal=True, maintain_order="left")
    return not old_order.equals(new_order)
