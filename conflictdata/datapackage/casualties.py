"""The derived table `casualties`: one row per figure, with inherited values.

Names, dates and places are joined from the other tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datapackage.tables import BATCH, iterate_batches
from conflictdata.schema.columns import list_key_columns, make_polars_schema
from conflictdata.schema.views import INHERITED, make_views

Tables = Mapping[str, pl.LazyFrame]

PIECE = 1 << 16  # figures per join: a join copies each of its columns several times

_RECORDS = ("figure_id", "claim_id")  # a figure has the flags of these records


def _resolve_figures(tables: Tables) -> pl.DataFrame:
    """Fill the empty fields of the figures with inherited values."""
    lazy = {name: nw.from_native(frame) for name, frame in tables.items()}
    figures = make_views(lazy)["figures_resolved"].collect().to_polars()
    filled = {name.removeprefix("resolved_"): pl.col(name) for name in figures.columns if name.startswith("resolved_")}
    return figures.with_columns(**filled)


def _select_claims(tables: Tables) -> pl.LazyFrame:
    """Select the claim columns of `casualties`, with the correcting claim."""
    claims = tables["claims"]
    successors = tables["successors"] if "successors" in tables else _find_successors(claims)
    replaced = tables["replaced"] if "replaced" in tables else find_replaced(tables)
    selected = claims.select(
        "claim_id", "source_id", "claimant_id", "relayed_via", "conflict_id", "scope", "basis", "as_of",
        "perpetrator_certainty", "status",
    )  # fmt: skip
    for joined in (successors, replaced, _join_perpetrators(tables), _join_events(tables)):
        selected = selected.join(joined, on="claim_id", how="left")
    holds = (pl.col("status") == "active") & pl.col("superseded_by").is_null() & pl.col("is_replaced").is_null()
    return selected.with_columns(current=pl.when(holds).then(pl.lit("yes")).otherwise(pl.lit("no")))


_STATEMENT = ("claimant_id", "conflict_id", "scope", "period_start", "period_end", "as_of", "location_id")
_NUMBER = ("qualifier", "low", "best", "high", "share")


def _select_statements(tables: Tables, claims: pl.LazyFrame) -> pl.LazyFrame:
    """Return each claim with its statement as one text: who, of what, when, where, and all its totals."""
    events = tables["claim_events"].group_by("claim_id").agg(events=pl.col("event_id").sort().str.join(" "))
    totals = tables["figures"].filter(pl.col("parent_id").is_null())
    own = [c for c in make_polars_schema("figures") if c in ("outcome", "unit", "label", *INHERITED, *_NUMBER)]
    roots = (
        totals.select("claim_id", root=_join_cells(own)).group_by("claim_id").agg(pl.col("root").sort().str.join(";"))
    )
    joined = claims.join(events, on="claim_id", how="left").join(roots, on="claim_id", how="left")
    return joined.select("claim_id", statement=_join_cells((*_STATEMENT, "events", "root")))


def _join_cells(columns: Iterable[str]) -> pl.Expr:
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in columns], separator="|")


def find_replaced(tables: Tables) -> pl.LazyFrame:
    """Return the claims with the statement of a corrected claim: they equal it, or one repeats the other.

    Returns:
        `claim_id` and `is_replaced`, which is true. Empty if no claim is corrected.
    """
    claims = tables["claims"]
    corrected = claims.select(claim_id="supersedes").drop_nulls().unique()
    # Only claims with the claimant and the as-of day of a corrected one can be its statement.
    alike = claims.join(claims.join(corrected, on="claim_id", how="semi"), on=["claimant_id", "as_of"], how="semi")
    statements = _select_statements(tables, alike)
    same = statements.join(statements.join(corrected, on="claim_id", how="semi"), on="statement", how="semi").select(
        "claim_id"
    )
    repeats = tables["claim_links"].filter(pl.col("kind") == "repeats")
    tied = [
        repeats.select(claim_id=one, other=two) for one, two in (("claim_id", "other_id"), ("other_id", "claim_id"))
    ]
    old = pl.concat([corrected, same])
    carried = pl.concat(tied).join(old, left_on="other", right_on="claim_id", how="semi").select("claim_id")
    return pl.concat([old, carried]).unique().with_columns(is_replaced=pl.lit(value=True))


_TOPMOST = ("person_status", "role", "sex", "age", "actor_id")


def _list_topmost() -> pl.Expr:
    """Return the names of the columns in which a row is the first of its claim, outcome and unit with its value.

    The first is the one with the least depth, then by id. The rows must be in that order.
    """
    of = ("claim_id", "outcome", "unit")
    named = (
        pl.when(pl.col(c).is_not_null() & (pl.int_range(pl.len()).over(*of, c) == 0)).then(pl.lit(c)) for c in _TOPMOST
    )
    return pl.concat_str(*named, separator="|", ignore_nulls=True).replace("", None)


def _find_successors(claims: pl.LazyFrame) -> pl.LazyFrame:
    """Return the correcting claim of each corrected claim."""
    corrected = claims.filter(pl.col("supersedes").is_not_null()).group_by(claim_id=pl.col("supersedes"))
    return corrected.agg(superseded_by=pl.col("claim_id").min())


def _join_perpetrators(tables: Tables) -> pl.LazyFrame:
    named = tables["claim_perpetrators"].group_by("claim_id")
    return named.agg(claim_perpetrators=pl.col("actor_id").sort().str.join(" "))


def _join_events(tables: Tables) -> pl.LazyFrame:
    """Return the events of each claim: their ids, joined by a space, and their first and last day."""
    days = tables["events"].select("event_id", "date_start", "date_end")
    named = tables["claim_events"].join(days, on="event_id", how="left").group_by("claim_id")
    return named.agg(
        event_ids=pl.col("event_id").sort().str.join(" "),
        event_start=pl.col("date_start").min(),
        event_end=pl.col("date_end").max(),
    )


def _select_names(tables: Tables, table: str, role: str) -> pl.LazyFrame:
    """Select ids and names of a register as the columns of a role.

    For example, `actors` for the role `claimant` gives `claimant_id` and `claimant`.
    """
    return tables[table].select(pl.col(*list_key_columns(table)).alias(f"{role}_id"), pl.col("name").alias(role))


def _collect_flags(tables: Tables, figures: pl.LazyFrame) -> pl.LazyFrame:
    """Collect, per figure, the waived rules that it or its claim breaks."""
    flags = tables["flags"].select(record="record_id", rule="rule_id")
    parts = [flags.join(figures.select("figure_id", record=key), on="record") for key in _RECORDS]
    return pl.concat(parts).group_by("figure_id").agg(flags=pl.col("rule").unique().sort().str.join(" "))


def _fill_windows(joined: pl.LazyFrame) -> pl.LazyFrame:
    """Give claims about events without dates the dates of the events."""
    bare = (pl.col("scope") == "event") & pl.col("period_start").is_null() & pl.col("period_end").is_null()
    return joined.with_columns(
        period_start=pl.when(bare).then("event_start").otherwise("period_start"),
        period_end=pl.when(bare).then("event_end").otherwise("period_end"),
    )


def build_casualties(tables: Mapping[str, pl.DataFrame | pl.LazyFrame]) -> pl.DataFrame:
    """Derive the table `casualties` from all others.

    Args:
        tables: All tables by name, typed, with valid keys and references.

    Returns:
        One row per figure, sorted by `figure_id`, with the columns of the model `Casualties`.
    """
    return _join_in_memory({name: frame.lazy() for name, frame in tables.items()})


def iterate_casualties(tables: Tables) -> Iterator[pl.DataFrame]:
    """Derive the table `casualties` in batches, for tables larger than memory.

    Args:
        tables: All tables by name, typed. `figures` and `claims` are sorted by their keys.

    Yields:
        Batches of `BATCH` rows, sorted by `figure_id`. The last one may be shorter.
    """
    rest = pl.DataFrame(schema=make_polars_schema("casualties"))
    found = {"successors": _find_successors(tables["claims"]), "replaced": find_replaced(tables)}
    corrections = {name: frame.collect(engine="streaming").lazy() for name, frame in found.items()}
    for figures in _iterate_whole_claims(tables["figures"]):
        rest = pl.concat([rest, _join_in_memory({**_select_needed_rows(figures, tables), **corrections})])
        while rest.height >= BATCH:
            yield rest.head(BATCH)
            rest = rest.slice(BATCH)
    yield rest


def _iterate_whole_claims(figures: pl.LazyFrame) -> Iterator[pl.DataFrame]:
    """Yield figures in batches that do not split a claim.

    The figures must be sorted by id, so that those of a claim are adjacent.
    """
    held = figures.head(0).collect()
    pieces = (piece for batch in iterate_batches(figures) for piece in batch.iter_slices(PIECE))
    for piece in pieces:
        held = pl.concat([held, piece])
        last = held["claim_id"][-1] if held.height else None
        whole = held.filter(pl.col("claim_id") != last)
        if whole.height:
            yield whole
            held = held.filter(pl.col("claim_id") == last)
    yield held


def _select_needed_rows(figures: pl.DataFrame, tables: Tables) -> dict[str, pl.LazyFrame]:
    """Restrict the tables to the rows that these figures need."""
    claims = _select_range(tables["claims"], "claim_id", figures)
    sources = _select_range(tables["sources"], "source_id", claims)
    return {
        **tables,
        "figures": figures.lazy(),
        "claims": claims.lazy(),
        "sources": sources.lazy(),
        **{t: _select_range(tables[t], "claim_id", figures).lazy() for t in ("claim_perpetrators", "claim_events")},
    }


def _select_range(frame: pl.LazyFrame, column: str, other: pl.DataFrame) -> pl.DataFrame:
    """Select the rows between the smallest and the largest key of another frame.

    In a sorted file, the reader skips all other rows.
    """
    first, last = other[column].min(), other[column].max()
    return frame.filter(pl.col(column).is_between(pl.lit(first), pl.lit(last))).collect(engine="streaming")


def _join_in_memory(tables: Tables) -> pl.DataFrame:
    # The tables of a batch fit into memory. The default of polars 2.1, the streaming engine, takes four times as long.
    with pl.Config(engine_affinity="in-memory"):
        return _join_tables(tables)


def _join_tables(tables: Tables) -> pl.DataFrame:
    figures = _resolve_figures(tables).lazy()
    sources = tables["sources"].select("source_id", "publisher_id", "published_on", "url")
    places = tables["locations"].select("location_id", "country", "latitude", "longitude", location="name")
    joined = (
        figures.join(_select_claims(tables), on="claim_id", how="left")
        .join(sources, on="source_id", how="left")
        .join(places, on="location_id", how="left")
        .join(_select_names(tables, "conflicts", "conflict"), on="conflict_id", how="left")
        .join(_select_names(tables, "actors", "actor"), on="actor_id", how="left")
        .join(_select_names(tables, "actors", "claimant"), on="claimant_id", how="left")
        .join(_select_names(tables, "actors", "publisher"), on="publisher_id", how="left")
        .join(_collect_flags(tables, figures), on="figure_id", how="left")
    )
    whole = _fill_windows(joined).with_columns(perpetrators=pl.coalesce("perpetrator_id", "claim_perpetrators"))
    whole = whole.sort("depth", "figure_id").with_columns(topmost=_list_topmost())
    schema = make_polars_schema("casualties")
    typed = whole.select(pl.col(name).cast(dtype) for name, dtype in schema.items())
    return typed.sort("figure_id").collect()
