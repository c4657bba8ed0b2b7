"""Describe changed rows in words: the claim of a figure, its label, the reason.

The words are added as columns by joins, without a Python loop over the rows: a diff may add a million of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from conflictdata.comparison.renames import IDS
from conflictdata.comparison.rows import MARK, TableRows, name_old_column
from conflictdata.seeds.ledgers import Ledger

SUBJECT, ABOUT, LABEL, CONTENT, REASON, REPLACED_BY = (
    f"{MARK}{n}" for n in ("subject", "about", "label", "said", "reason", "by")
)

Tables = Mapping[str, pl.DataFrame]

_CLAIM_ID_START = r"^(.+-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?\.[0-9]+)(?:\.|$)"
# Per table, the column with the key of the record that a row describes.
_SUBJECTS = {
    **IDS, "figures": "claim_id", "claim_events": "claim_id", "claim_perpetrators": "claim_id", "claim_links": "claim_id", "aliases": "entity_id",
    "event_actors": "event_id", "event_sources": "event_id", "flags": "record_id", "crosswalk": "entity_id",
    "conflict_actors": "conflict_id", "common_names": "conflict_id", "location_members": "area_id", "tolls": "toll_id",
    "toll_places": "toll_id", "tolls_1_1": "toll_id",
}  # fmt: skip
# Per table, the name of a row within its subject. `{column}` is replaced by the value of that column.
_LABELS = {
    "conflicts": "conflict", "actors": "actor", "locations": "location", "sources": "page", "events": "event", "claims": "claim",
    "aliases": "other name {alias}", "event_actors": "{role} {actor_id}", "event_sources": "said on {source_id} by {claimant_id}",
    "claim_perpetrators": "perpetrator {actor_id}", "claim_links": "{kind} {other_id}", "flags": "waiver of {rule_id}",
    "crosswalk": "{scheme} {external_id}", "claim_events": "event {event_id}", "conflict_actors": "actor {actor_id}",
    "common_names": "common name {name}", "location_members": "member {member_id}", "tolls": "toll", "toll_places": "place {location_id}",
    "tolls_1_1": "series {series_id}",
}  # fmt: skip
# Per table, the columns that describe a removed or added row after its label. Figures are described separately.
_CONTENT_COLUMNS = {
    "conflicts": ("date_start", "date_end", "countries"), "actors": ("kind", "country", "parent_id", "note"),
    "locations": ("kind", "country", "parent_id", "latitude", "longitude", "precision"), "aliases": ("language",),
    "sources": ("kind", "language", "url", "archive_url", "note"), "events": ("event_type", "status", "merged_into", "note"),
    "event_sources": ("stance",), "flags": ("reason", "note"), "crosswalk": ("match",), "common_names": ("actor_id",), "location_members": ("whole",), "tolls": ("population", "location_id", "note"),
    "claims": ("basis", "perpetrator_certainty", "method", "status", "supersedes", "note"),
}  # fmt: skip
_USUAL_VALUES = {"basis": "occurred", "status": "active", "kind": "article", "match": "exact", "stance": "asserts"}


def get_text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """Return a column as text, or nulls if the frame does not have it."""
    return pl.col(column).cast(pl.String) if column in frame.columns else pl.lit(None, dtype=pl.String)


def _join_parts(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """Join the parts that are not null. Null if all are."""
    joined = pl.concat_str(parts, separator=separator, ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _collect_names(frames: Tables) -> pl.DataFrame:
    """Return the names of actors and places, as columns `kind`, `id`, `name`."""
    parts = []
    for table in ("actors", "locations"):
        frame = frames.get(table)
        if frame is not None:
            parts.append(
                frame.select(
                    kind=pl.lit(table), id=get_text(frame, IDS[table]), name=pl.coalesce(get_text(frame, "name"), get_text(frame, IDS[table]))
                )
            )  # fmt: skip
    empty = pl.DataFrame(schema={"kind": pl.String, "id": pl.String, "name": pl.String})
    return pl.concat([empty, *parts]).drop_nulls("id").unique(["kind", "id"], keep="first", maintain_order=True)


def _replace_with_name(frame: pl.DataFrame, column: str, table: str, names: pl.DataFrame) -> pl.DataFrame:
    """Replace the keys in a column by names, if they are known."""
    known = names.filter(pl.col("kind") == table).select(
        pl.col("id").alias(column), pl.col("name").alias(f"{MARK}name")
    )
    joined = frame.join(known, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(f"{MARK}name", column).alias(column)).drop(f"{MARK}name")


_WINDOWS = {  # as in seed files; {0}, {1}: first and last day, {2}: as-of day, {3}: event
    "cumulative": "since {0}, as of {2}",
    "period": "during {0} to {1}",
    "stock": "standing on {1}",
    "projection": "projected {0} to {1}",
    "event": "event {3}",
}


def _describe_window(frame: pl.DataFrame) -> pl.Expr:
    days = [get_text(frame, c).fill_null("?") for c in ("period_start", "period_end", "as_of", "event_id")]
    window = pl.lit(None, dtype=pl.String)
    for scope, form in _WINDOWS.items():
        window = (
            pl.when(get_text(frame, "scope") == scope)
            .then(pl.format(*_make_format_arguments(form, days)))
            .otherwise(window)
        )
    shortened = window.str.replace(r"^during (\S+) to (\S+)$", "during $1/$2")
    return pl.when(get_text(frame, "period_start") == get_text(frame, "period_end")).then(
        shortened.str.replace(r"^(during|projected) (\S+)(?:/| to )\S+$", "$1 $2")
    ).otherwise(window)  # fmt: skip


def _make_format_arguments(form: str, columns: Sequence[pl.Expr]) -> tuple[str, *tuple[pl.Expr, ...]]:
    """Convert a form with numbered gaps to the arguments of `pl.format`."""
    numbers = [int(form[i + 1]) for i, c in enumerate(form) if c == "{"]
    plain = form
    for number in range(len(columns)):
        plain = plain.replace(f"{{{number}}}", "{}")
    return plain, *(columns[n] for n in numbers)


def describe_claims(frames: Tables, claim_ids: pl.Series, names: pl.DataFrame) -> pl.DataFrame:
    """Describe claims in words: claimant and relay, window, place, conflict.

    Args:
        frames: The tables by name.
        claim_ids: The claims to describe.
        names: Names of actors and places (`_collect_names`).

    Returns:
        One row per claim, with the columns `id` and `words`.
    """
    claims = frames.get("claims")
    if claims is None or "claim_id" not in claims.columns:
        return _make_empty_descriptions()
    claims = claims.filter(pl.col("claim_id").is_in(claim_ids.implode())).unique(
        "claim_id", keep="first", maintain_order=True
    )
    parts = claims.select(
        id="claim_id", who=get_text(claims, "claimant_id"), via=get_text(claims, "relayed_via"), place=get_text(claims, "location_id"),
        conflict=get_text(claims, "conflict_id"), window=_describe_window(claims),
    )  # fmt: skip
    for column, table in (("who", "actors"), ("via", "actors"), ("place", "locations")):
        parts = _replace_with_name(parts, column, table, names)
    who = _join_parts([pl.col("who"), pl.lit("via ") + pl.col("via")], " ")
    conflict = pl.lit("(") + pl.col("conflict") + pl.lit(")")
    place = _join_parts([pl.col("place"), conflict], " ")
    return parts.select("id", words=_join_parts([who, pl.col("window"), place], ", "))


def _make_empty_descriptions() -> pl.DataFrame:
    return pl.DataFrame(schema={"id": pl.String, "words": pl.String})


def _describe_other_records(frames: Tables) -> pl.DataFrame:
    """Describe pages, events and the records of the registers in words.

    Describes all of them: these tables are small compared with `figures`.
    """
    forms = {
        "sources": ("publisher_id", "published_on"), "events": ("date_start", "event_type", "location_id", "summary"),
        "actors": ("name",), "locations": ("name",), "conflicts": ("name",),
    }  # fmt: skip
    parts = [_make_empty_descriptions()]
    for table, columns in forms.items():
        frame = frames.get(table)
        if frame is not None:
            words = _join_parts([get_text(frame, c) for c in columns], ", ")
            parts.append(frame.select(id=get_text(frame, IDS[table]), words=words))
    return pl.concat(parts).drop_nulls("id").unique("id", keep="first", maintain_order=True)


def describe_rows(rows: TableRows, old: Tables, new: Tables, ledger: Ledger) -> TableRows:
    """Add columns for subject, label, content, reason and successor of each row.

    Removed rows are described from the old tables, all others from the new ones.

    Args:
        rows: The changed rows of one table.
        old: The old tables, by name.
        new: The new tables, by name.
        ledger: The withdrawn ids.
    """
    if not rows:
        return rows
    removed = _add_removal_reasons(rows, _add_descriptions(rows.table, rows.removed, old), ledger)
    matched = _add_revision_reasons(rows, _add_descriptions(rows.table, rows.matched, new), ledger)
    added = _add_descriptions(rows.table, rows.added, new)
    reason = {"claims": "revision_reason", "flags": "reason"}.get(rows.table, "")
    return rows.replace_frames(removed, matched, added.with_columns(get_text(added, reason).alias(REASON)))


def _add_descriptions(table: str, frame: pl.DataFrame, frames: Tables) -> pl.DataFrame:
    if not frame.height:
        empty = pl.lit(None, dtype=pl.String)
        return frame.with_columns(empty.alias(c) for c in (SUBJECT, ABOUT, LABEL, CONTENT))
    key = get_text(frame, _SUBJECTS[table])
    subject = pl.coalesce(key.str.extract(_CLAIM_ID_START), key) if table in ("flags", "crosswalk") else key
    described = frame.with_columns(subject.alias(SUBJECT))
    names = _collect_names(frames)
    claims = describe_claims(frames, described[SUBJECT].unique(), names)
    words = pl.concat([claims, _describe_other_records(frames)]).unique("id", keep="first", maintain_order=True)
    described = described.join(
        words.rename({"id": SUBJECT, "words": ABOUT}), on=SUBJECT, how="left", maintain_order="left"
    )
    return described.with_columns(
        _make_label(table, described).alias(LABEL), _describe_content(table, described).alias(CONTENT)
    )


def _make_label(table: str, frame: pl.DataFrame) -> pl.Expr:
    if table == "figures":  # the path: the figure id without the claim id
        path = get_text(frame, "figure_id").str.strip_prefix(get_text(frame, "claim_id")).str.strip_prefix(pl.lit("."))
        return path.str.replace_all(".", " > ", literal=True)
    first, *rest = _LABELS[table].split("{")
    parts = [pl.lit(first)]
    for gap in rest:
        column, _, tail = gap.partition("}")
        parts += [get_text(frame, column).fill_null("?"), pl.lit(tail)]
    return pl.concat_str(parts)


def _describe_content(table: str, frame: pl.DataFrame) -> pl.Expr:
    if table == "figures":
        axis = pl.lit("part by ") + get_text(frame, "axis")
        relation = get_text(frame, "relation")
        return pl.when(relation == "part").then(pl.coalesce(axis, relation)).when(relation != "total").then(relation)
    plain = {
        c: pl.when(get_text(frame, c) != _USUAL_VALUES.get(c, "")).then(get_text(frame, c))
        for c in _CONTENT_COLUMNS.get(table, ())
    }
    named = {"status", "supersedes", "method", "parent_id", "basis", "note", "merged_into", "precision"}
    parts = [pl.lit(f"{c.removesuffix('_id')}: ") + e if c in named else e for c, e in plain.items()]
    return _join_parts(parts, ", ") if parts else pl.lit(None, dtype=pl.String)


def _make_ledger_frame(ledger: Ledger) -> pl.DataFrame:
    data = [(i, entry.reason or None, entry.replaced_by or None) for i, entry in ledger.items()]
    return pl.DataFrame(data, schema={"id": pl.String, REASON: pl.String, REPLACED_BY: pl.String}, orient="row")


def _add_removal_reasons(rows: TableRows, frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    id_column = IDS.get(rows.table)
    if id_column is None or id_column not in frame.columns:
        empty = pl.lit(None, dtype=pl.String)
        return frame.with_columns(empty.alias(REASON), empty.alias(REPLACED_BY))
    return frame.join(_make_ledger_frame(ledger), left_on=id_column, right_on="id", how="left", maintain_order="left")


def _add_revision_reasons(rows: TableRows, frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Add the reason for each corrected or replaced row.

    A replaced record has the reason in the ledger. Other rows have their own new reason, or a note that was empty
    before.
    """
    id_column = IDS.get(rows.table)
    reason = pl.lit(None, dtype=pl.String)
    if id_column in rows.key:
        ledger_reasons = _make_ledger_frame(ledger).select(
            pl.col("id").alias(name_old_column(id_column)), pl.col(REASON).alias(f"{MARK}ledger")
        )
        frame = frame.join(ledger_reasons, on=name_old_column(id_column), how="left", maintain_order="left")
        replaced = pl.col(id_column).ne_missing(pl.col(name_old_column(id_column)))
        reason = pl.when(replaced).then(pl.col(f"{MARK}ledger"))
    for column in ("revision_reason", "reason", "note"):
        if column in rows.columns:
            is_new = pl.col(column).ne_missing(pl.col(name_old_column(column)))
            if column == "note":  # a note that existed before is listed as a changed cell
                is_new &= pl.col(name_old_column(column)).is_null()
            reason = pl.coalesce(reason, pl.when(is_new).then(pl.col(column).cast(pl.String)))
    return frame.with_columns(reason.alias(REASON))


def add_figure_reasons(figures: TableRows, claims: TableRows) -> TableRows:
    """Give corrected figures the reason of their claim, if it was corrected too."""
    if REASON not in figures.matched.columns or REASON not in claims.matched.columns:
        return figures
    reasons = claims.matched.select(pl.col("claim_id"), pl.col(REASON).alias(f"{MARK}why")).drop_nulls()
    if "claim_id" not in figures.matched.columns or not reasons.height:
        return figures
    joined = figures.matched.join(reasons.unique("claim_id"), on="claim_id", how="left", maintain_order="left")
    matched = joined.with_columns(pl.coalesce(REASON, f"{MARK}why").alias(REASON)).drop(f"{MARK}why")
    return figures.replace_frames(figures.removed, matched, figures.added)
