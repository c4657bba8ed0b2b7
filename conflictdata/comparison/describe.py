"""What changed rows are about, in words: the claim of a figure with its claimant, window and place; the row in it; why.

Added as columns to the frames of changed rows, by joins, so that a million added rows cost no loop.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from conflictdata.comparison.renames import IDS
from conflictdata.comparison.rows import MARK, TableRows, before
from conflictdata.seeds.ledgers import Ledger

SUBJECT, ABOUT, LABEL, SAID, REASON, BY = (f"{MARK}{n}" for n in ("subject", "about", "label", "said", "reason", "by"))

Tables = Mapping[str, pl.DataFrame]

_CLAIM = r"^(.+-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9]+)?\.[0-9]+)(?:\.|$)"
# Of which record each table's rows speak: the column that holds its key.
_SUBJECTS = {
    **IDS, "figures": "claim_id", "claim_perpetrators": "claim_id", "claim_links": "claim_id", "aliases": "entity_id",
    "event_actors": "event_id", "event_sources": "event_id", "flags": "record_id", "crosswalk": "entity_id",
}  # fmt: skip
# How a row is called in its subject. `{column}` is filled in; a key of a register is shown by its name.
_LABELS = {
    "conflicts": "conflict", "actors": "actor", "locations": "location", "sources": "page", "events": "event", "claims": "claim",
    "aliases": "other name {alias}", "event_actors": "{role} {actor_id}", "event_sources": "said on {source_id} by {claimant_id}",
    "claim_perpetrators": "perpetrator {actor_id}", "claim_links": "{kind} {other_id}", "flags": "waiver of {rule_id}",
    "crosswalk": "{scheme} {external_id}",
}  # fmt: skip
# What a removed or added row says, beyond its label: columns in order. Figures and claims have sentences of their own.
_SAID = {
    "conflicts": ("date_start", "date_end", "countries"), "actors": ("kind", "country", "parent_id", "note"),
    "locations": ("kind", "country", "parent_id", "latitude", "longitude", "precision"), "aliases": ("language",),
    "sources": ("kind", "language", "url", "archive_url", "note"), "events": ("event_type", "status", "merged_into", "note"),
    "event_sources": ("stance",), "flags": ("reason", "note"), "crosswalk": ("match",),
    "claims": ("basis", "perpetrator_certainty", "method", "status", "supersedes", "note"),
}  # fmt: skip
_PLAIN = {"basis": "occurred", "status": "active", "kind": "article", "match": "exact", "stance": "asserts"}


def text(frame: pl.DataFrame, column: str) -> pl.Expr:
    """A column as text; empty where the frame has none of that name."""
    return pl.col(column).cast(pl.String) if column in frame.columns else pl.lit(None, dtype=pl.String)


def _joined(parts: Sequence[pl.Expr], separator: str) -> pl.Expr:
    """The parts that are filled; null where none is."""
    joined = pl.concat_str(parts, separator=separator, ignore_nulls=True)
    return pl.when(joined != "").then(joined)


def _names(frames: Tables) -> pl.DataFrame:
    """Keys of actors and of places with their names: (`kind`, `id`, `name`)."""
    found = []
    for table in ("actors", "locations"):
        frame = frames.get(table)
        if frame is not None:
            found.append(
                frame.select(
                    kind=pl.lit(table), id=text(frame, IDS[table]), name=pl.coalesce(text(frame, "name"), text(frame, IDS[table]))
                )
            )  # fmt: skip
    none = pl.DataFrame(schema={"kind": pl.String, "id": pl.String, "name": pl.String})
    return pl.concat([none, *found]).drop_nulls("id").unique(["kind", "id"], keep="first", maintain_order=True)


def _named(frame: pl.DataFrame, column: str, table: str, names: pl.DataFrame) -> pl.DataFrame:
    """With the name behind a key in the place of the key, where it is known."""
    known = names.filter(pl.col("kind") == table).select(
        pl.col("id").alias(column), pl.col("name").alias(f"{MARK}name")
    )
    joined = frame.join(known, on=column, how="left", maintain_order="left")
    return joined.with_columns(pl.coalesce(f"{MARK}name", column).alias(column)).drop(f"{MARK}name")


_WINDOWS = {  # as in the seeds' grammar; {0}, {1}: first and last day, {2}: as-of day, {3}: event
    "cumulative": "since {0}, as of {2}",
    "period": "during {0} to {1}",
    "stock": "standing on {1}",
    "projection": "projected {0} to {1}",
    "event": "event {3}",
}


def _window(frame: pl.DataFrame) -> pl.Expr:
    days = [text(frame, c).fill_null("?") for c in ("period_start", "period_end", "as_of", "event_id")]
    found = pl.lit(None, dtype=pl.String)
    for scope, form in _WINDOWS.items():
        found = pl.when(text(frame, "scope") == scope).then(pl.format(*_filled(form, days))).otherwise(found)
    one = found.str.replace(r"^during (\S+) to (\S+)$", "during $1/$2")
    return pl.when(text(frame, "period_start") == text(frame, "period_end")).then(
        one.str.replace(r"^(during|projected) (\S+)(?:/| to )\S+$", "$1 $2")
    ).otherwise(found)  # fmt: skip


def _filled(form: str, columns: Sequence[pl.Expr]) -> tuple[str, *tuple[pl.Expr, ...]]:
    """A form with numbered gaps as what `pl.format` takes."""
    numbers = [int(form[i + 1]) for i, c in enumerate(form) if c == "{"]
    plain = form
    for number in range(len(columns)):
        plain = plain.replace(f"{{{number}}}", "{}")
    return plain, *(columns[n] for n in numbers)


def claims_in_words(frames: Tables, wanted: pl.Series, names: pl.DataFrame) -> pl.DataFrame:
    """Of these claims, (`id`, `words`): claimant and relay, window, place, conflict."""
    claims = frames.get("claims")
    if claims is None or "claim_id" not in claims.columns:
        return _nothing()
    claims = claims.filter(pl.col("claim_id").is_in(wanted.implode())).unique(
        "claim_id", keep="first", maintain_order=True
    )
    parts = claims.select(
        id="claim_id", who=text(claims, "claimant_id"), via=text(claims, "relayed_via"), place=text(claims, "location_id"),
        conflict=text(claims, "conflict_id"), window=_window(claims),
    )  # fmt: skip
    for column, table in (("who", "actors"), ("via", "actors"), ("place", "locations")):
        parts = _named(parts, column, table, names)
    who = _joined([pl.col("who"), pl.lit("via ") + pl.col("via")], " ")
    conflict = pl.lit("(") + pl.col("conflict") + pl.lit(")")
    place = _joined([pl.col("place"), conflict], " ")
    return parts.select("id", words=_joined([who, pl.col("window"), place], ", "))


def _nothing() -> pl.DataFrame:
    return pl.DataFrame(schema={"id": pl.String, "words": pl.String})


def _others_in_words(frames: Tables) -> pl.DataFrame:
    """Pages, events and records of the registers in words; the registers are small beside figures."""
    forms = {
        "sources": ("publisher_id", "published_on"), "events": ("date_start", "event_type", "location_id", "summary"),
        "actors": ("name",), "locations": ("name",), "conflicts": ("name",),
    }  # fmt: skip
    found = [_nothing()]
    for table, columns in forms.items():
        frame = frames.get(table)
        if frame is not None:
            words = _joined([text(frame, c) for c in columns], ", ")
            found.append(frame.select(id=text(frame, IDS[table]), words=words))
    return pl.concat(found).drop_nulls("id").unique("id", keep="first", maintain_order=True)


def in_words(rows: TableRows, old: Tables, new: Tables, ledger: Ledger) -> TableRows:
    """The same rows with columns for subject, what it is, label, what a whole row says, reason and replacement.

    Removed rows are told in the words of the old side, the others in those of the new one.
    """
    if not rows:
        return rows
    removed = _reasons_of_removed(rows, _told(rows.table, rows.removed, old), ledger)
    matched = _reasons_of_matched(rows, _told(rows.table, rows.matched, new), ledger)
    added = _told(rows.table, rows.added, new)
    reason = {"claims": "revision_reason", "flags": "reason"}.get(rows.table, "")
    return rows.with_frames(removed, matched, added.with_columns(text(added, reason).alias(REASON)))


def _told(table: str, frame: pl.DataFrame, frames: Tables) -> pl.DataFrame:
    if not frame.height:
        empty = pl.lit(None, dtype=pl.String)
        return frame.with_columns(empty.alias(c) for c in (SUBJECT, ABOUT, LABEL, SAID))
    key = text(frame, _SUBJECTS[table])
    subject = pl.coalesce(key.str.extract(_CLAIM), key) if table in ("flags", "crosswalk") else key
    told = frame.with_columns(subject.alias(SUBJECT))
    names = _names(frames)
    claims = claims_in_words(frames, told[SUBJECT].unique(), names)
    words = pl.concat([claims, _others_in_words(frames)]).unique("id", keep="first", maintain_order=True)
    told = told.join(words.rename({"id": SUBJECT, "words": ABOUT}), on=SUBJECT, how="left", maintain_order="left")
    return told.with_columns(_label(table, told).alias(LABEL), _said(table, told).alias(SAID))


def _label(table: str, frame: pl.DataFrame) -> pl.Expr:
    if table == "figures":  # the path is the rest of the id after the claim's
        path = text(frame, "figure_id").str.strip_prefix(text(frame, "claim_id")).str.strip_prefix(pl.lit("."))
        return path.str.replace_all(".", " > ", literal=True)
    first, *rest = _LABELS[table].split("{")
    parts = [pl.lit(first)]
    for gap in rest:
        column, _, tail = gap.partition("}")
        parts += [text(frame, column).fill_null("?"), pl.lit(tail)]
    return pl.concat_str(parts)


def _said(table: str, frame: pl.DataFrame) -> pl.Expr:
    if table == "figures":
        axis = pl.lit("part by ") + text(frame, "axis")
        relation = text(frame, "relation")
        return pl.when(relation == "part").then(pl.coalesce(axis, relation)).when(relation != "total").then(relation)
    plain = {c: pl.when(text(frame, c) != _PLAIN.get(c, "")).then(text(frame, c)) for c in _SAID.get(table, ())}
    named = {"status", "supersedes", "method", "parent_id", "basis", "note", "merged_into", "precision"}
    parts = [pl.lit(f"{c.removesuffix('_id')}: ") + e if c in named else e for c, e in plain.items()]
    return _joined(parts, ", ") if parts else pl.lit(None, dtype=pl.String)


def _ledger_frame(ledger: Ledger) -> pl.DataFrame:
    data = [(i, entry.reason or None, entry.replaced_by or None) for i, entry in ledger.items()]
    return pl.DataFrame(data, schema={"id": pl.String, REASON: pl.String, BY: pl.String}, orient="row")


def _reasons_of_removed(rows: TableRows, frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    own = IDS.get(rows.table)
    if own is None or own not in frame.columns:
        none = pl.lit(None, dtype=pl.String)
        return frame.with_columns(none.alias(REASON), none.alias(BY))
    return frame.join(_ledger_frame(ledger), left_on=own, right_on="id", how="left", maintain_order="left")


def _reasons_of_matched(rows: TableRows, frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """A replaced record has the ledger's reason; a claim its own, or its new note; a figure its claim's, where that changed too."""
    own = IDS.get(rows.table)
    said = pl.lit(None, dtype=pl.String)
    if own in rows.key:
        known = _ledger_frame(ledger).select(pl.col("id").alias(before(own)), pl.col(REASON).alias(f"{MARK}ledger"))
        frame = frame.join(known, on=before(own), how="left", maintain_order="left")
        replaced = pl.col(own).ne_missing(pl.col(before(own)))
        said = pl.when(replaced).then(pl.col(f"{MARK}ledger"))
    for column in ("revision_reason", "reason", "note"):
        if column in rows.columns:
            fresh = pl.col(column).ne_missing(pl.col(before(column)))
            if column == "note":  # a note that was there before is shown as the cell it is
                fresh &= pl.col(before(column)).is_null()
            said = pl.coalesce(said, pl.when(fresh).then(pl.col(column).cast(pl.String)))
    return frame.with_columns(said.alias(REASON))


def reasons_of_figures(figures: TableRows, claims: TableRows) -> TableRows:
    """Corrected figures with the reason of their claim, where that was corrected too."""
    if REASON not in figures.matched.columns or REASON not in claims.matched.columns:
        return figures
    why = claims.matched.select(pl.col("claim_id"), pl.col(REASON).alias(f"{MARK}why")).drop_nulls()
    if "claim_id" not in figures.matched.columns or not why.height:
        return figures
    joined = figures.matched.join(why.unique("claim_id"), on="claim_id", how="left", maintain_order="left")
    matched = joined.with_columns(pl.coalesce(REASON, f"{MARK}why").alias(REASON)).drop(f"{MARK}why")
    return figures.with_frames(figures.removed, matched, figures.added)
