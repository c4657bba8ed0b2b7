"""Views of the tables, with inherited values filled in.

- `figures_resolved`: every figure with the values it inherits from the figures above it and from its claim.
- `figures_nested`: every figure that has a parent, with the parent's columns.
- `claims_resolved`: every claim with the events that it is about.
- `toll_fits`: every total of a running claim with the tolls that it fits.
- `actor_ancestors`, `location_ancestors`: every record with each of its ancestors, itself included.

A tree has at most 8 levels below the root. Ancestors are looked up by doubling (1, 2, 4, 8 levels up). So the
number of joins is fixed, and a cycle or a missing parent affects only its own branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.schema.derived import fit_tolls
from conflictdata.schema.quantities import is_usable

Frame = nw.LazyFrame[Any]
Tables = Mapping[str, Frame]

# Descriptive columns. An empty cell inherits from the parent, and at the root from the claim.
INHERITED = (
    "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause", "period_start", "period_end",
)  # fmt: skip
FROM_CLAIM = ("location_id", "period_start", "period_end", "perpetrator_id")

# Person status implied by the kind of the people's actor.
STATUS_OF_KIND: dict[str, str] = {
    "state": "armed_forces",
    "armed_forces": "armed_forces",
    "security_forces": "armed_forces",
    "armed_group": "fighter",
    "militia": "fighter",
    "coalition": "fighter",
}

DEEPEST = 8  # levels below the root
_ROUNDS = 4  # up to 2 ** 4 = 16 levels, to measure the depth of trees that are slightly too deep
_STEP = " > "  # separator in a path


def name_resolved_column(column: str) -> str:
    """Return the name of a column that includes inherited values."""
    return f"resolved_{column}"


def _compute(frame: Frame) -> Frame:
    """Compute the frame now, and return it as a lazy frame.

    polars 2.1 does not notice that both sides of a self join have the same plan. Four self joins in a row would
    compute the first frame sixteen times.
    """
    return frame.collect().lazy()


def _derive_status(kind: nw.Expr) -> nw.Expr:
    armed = [k for k, status in STATUS_OF_KIND.items() if status == "armed_forces"]
    fighters = [k for k, status in STATUS_OF_KIND.items() if status == "fighter"]
    return nw.when(kind.is_in(armed)).then(nw.lit("armed_forces")).otherwise(
        nw.when(kind.is_in(fighters)).then(nw.lit("fighter"))
    )  # fmt: skip


def drop_duplicate_keys(frame: Frame, key: str) -> Frame:
    """Return the records with a unique key: others would multiply rows in joins."""
    return frame.filter(~nw.col(key).is_null()).unique(subset=[key], keep="none")


def _link_parents(tables: Tables) -> Frame:
    """Add `linked_parent_id`, `own_status`, `copies` and `usable` to the figures.

    The columns are described in `_resolve_figures`.
    """
    figures = tables["figures"]
    parents = drop_duplicate_keys(figures, "figure_id").select(
        linked_parent_id=nw.col("figure_id"), _parent=nw.col("figure_id"), _claim=nw.col("claim_id")
    )
    kinds = drop_duplicate_keys(tables["actors"], "actor_id").select(_actor=nw.col("actor_id"), _kind=nw.col("kind"))
    joined = figures.join(parents, left_on=["parent_id", "claim_id"], right_on=["_parent", "_claim"], how="left")
    joined = joined.join(kinds, left_on="actor_id", right_on="_actor", how="left")
    return joined.with_columns(
        own_status=nw.coalesce("person_status", _derive_status(nw.col("_kind"))),
        copies=nw.len().over("figure_id"),
        usable=is_usable(),
    ).drop("_kind")


def _start_lookup(figures: Frame) -> Frame:
    """Return one row per figure, with the values known before looking up ancestors."""
    values = {name_resolved_column(c): nw.col("own_status" if c == "person_status" else c) for c in INHERITED}
    return drop_duplicate_keys(figures, "figure_id").select(
        "figure_id",
        up=nw.col("linked_parent_id"),
        root_id=nw.when(nw.col("parent_id").is_null()).then(nw.col("figure_id")),
        path=nw.col("figure_id").str.replace_all(r"^.*\.", ""),
        **values,
    )


def _look_up(seen: Frame) -> Frame:
    """Double the number of levels looked up."""
    filled = ["root_id", *(name_resolved_column(c) for c in INHERITED)]
    above = seen.select(nw.all().name.prefix("above_"))
    joined = seen.join(above, left_on="up", right_on="above_figure_id", how="left")
    longer = nw.concat_str(nw.col("above_path"), nw.lit(_STEP), nw.col("path"))
    return joined.select(
        "figure_id",
        up=nw.col("above_up"),
        path=nw.coalesce(longer, nw.col("path")),
        **{c: nw.coalesce(c, f"above_{c}") for c in filled},
    )


def _has_further(seen: Frame) -> bool:
    """Return whether any figure has ancestors beyond the levels looked up."""
    return len(seen.filter(~nw.col("up").is_null()).select("up").head(1).collect()) > 0


def _count_steps(path: nw.Expr) -> nw.Expr:
    """Return the number of steps in a path.

    The steps are counted in the text: a literal 0 is a numpy integer in pandas, and nulls would make it float.
    """
    return (path.str.len_chars() - path.str.replace_all(_STEP, "", literal=True).str.len_chars()) // len(_STEP)


def _select_claim_values(tables: Tables) -> Frame:
    """Return the values a figure inherits from its claim: place, window, perpetrator.

    The perpetrator is inherited only if the claim has exactly one.
    """
    sole = (
        tables["claim_perpetrators"]
        .group_by("claim_id")
        .agg(nw.len().alias("_named"), nw.col("actor_id").min().alias("claim_perpetrator_id"))
        .filter(nw.col("_named") == 1)
        .select("claim_id", "claim_perpetrator_id")
    )
    values = {f"claim_{c}": nw.col(c) for c in FROM_CLAIM if c != "perpetrator_id"}
    claims = drop_duplicate_keys(tables["claims"], "claim_id").select("claim_id", **values)
    return claims.join(sole, on="claim_id", how="left")


def _resolve_figures(tables: Tables) -> Frame:
    """Return every figure with its own columns, and with inherited and computed ones.

    - `resolved_<column>`: the figure's own value, else that of the nearest figure above it, else its claim's (place,
      window, sole perpetrator). If no status is given, `resolved_person_status` follows from the kind of actor.
    - `root_id`, `depth` (0 at the root), `path` (`killed > soldiers > officers`): null if a parent is missing, in a
      cycle, or if the key is duplicated.
    - `unended_id`: the ancestor sixteen levels up, if any: the tree is too deep, or has a cycle.
    - `linked_parent_id`: the parent, if it is a single figure of the same claim.
    - `own_status`: the figure's own person status, else the one implied by the kind of its own actor.
    - `copies`: number of figures with this key.
    - `usable`: whether the numbers are usable (`quantities.is_usable`).
    """
    figures = _compute(_link_parents(tables))
    seen = _compute(_start_lookup(figures))
    for _ in range(_ROUNDS):
        computed = _look_up(seen).collect()
        seen = computed.lazy()
        if computed["up"].is_null().all():  # no figure has further ancestors
            break
        if not _has_further(seen):  # most trees have three levels, so two rounds are enough
            break
    rooted = ~nw.col("root_id").is_null()
    known = seen.rename({"up": "unended_id"}).with_columns(
        depth=nw.when(rooted).then(_count_steps(nw.col("path"))), path=nw.when(rooted).then(nw.col("path"))
    )
    joined = figures.join(known, on="figure_id", how="left").join(
        _select_claim_values(tables), on="claim_id", how="left"
    )
    from_claim = {name_resolved_column(c): nw.coalesce(name_resolved_column(c), f"claim_{c}") for c in FROM_CLAIM}
    return joined.with_columns(**from_claim).drop(*(f"claim_{c}" for c in FROM_CLAIM))


_PARENT_COLUMNS = ("relation", "outcome", "unit", "qualifier", "low", "best", "high", "share", "usable")


def _join_parents(tables: Tables) -> Frame:
    """Return every figure with a parent in its claim, and the parent's columns.

    The columns are those of `figures_resolved`, and those of the parent as `parent_<column>`.
    """
    figures = tables["figures_resolved"]
    parent = {f"parent_{c}": nw.col(c) for c in (*_PARENT_COLUMNS, *map(name_resolved_column, INHERITED))}
    parents = drop_duplicate_keys(figures, "figure_id").select(_parent=nw.col("figure_id"), **parent)
    return figures.join(parents, left_on="linked_parent_id", right_on="_parent", how="inner")


def _join_events(tables: Tables) -> Frame:
    """Return every claim with `event_id` and `last_event_id`, its first and last event by id, and `event_count`.

    Two sets of events count as the same if all three agree. Three and more events of a claim hardly occur.
    """
    named = tables["claim_events"].filter(~nw.col("claim_id").is_null() & ~nw.col("event_id").is_null())
    event = nw.col("event_id")
    counted = named.group_by("claim_id").agg(
        event.min(), event.max().alias("last_event_id"), nw.len().alias("event_count")
    )
    return tables["claims"].join(counted, on="claim_id", how="left")


def _list_ancestors(frame: Frame, key: str) -> Frame:
    """Return pairs (`key`, `ancestor_id`) of records and ancestors, up to 8 levels.

    Every record is also paired with itself.
    """
    links = drop_duplicate_keys(frame, key).select(_key=nw.col(key), _up=nw.col("parent_id"))
    level = links.select(nw.col("_key").alias(key), nw.col("_key").alias("ancestor_id"))
    levels = [level]
    for _ in range(DEEPEST):
        level = (
            level.join(links, left_on="ancestor_id", right_on="_key", how="inner")
            .filter(~nw.col("_up").is_null())
            .select(key, nw.col("_up").alias("ancestor_id"))
        )
        levels.append(level)
    return nw.concat(levels).unique(subset=[key, "ancestor_id"])


VIEWS: dict[str, Callable[[Tables], Frame]] = {
    "claims_resolved": _join_events,
    "toll_fits": fit_tolls,
    "figures_resolved": _resolve_figures,
    "figures_nested": _join_parents,
    "actor_ancestors": lambda tables: _list_ancestors(tables["actors"], "actor_id"),
    "location_ancestors": lambda tables: _list_ancestors(tables["locations"], "location_id"),
}


class _Views(Mapping[str, Frame]):
    """Views by name. A view is computed on first access, from tables and other views."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._made: dict[str, Frame] = {}

    def __getitem__(self, name: str) -> Frame:
        if name not in self._made:
            self._made[name] = _compute(VIEWS[name](_TablesAndViews(self._tables, self)))
        return self._made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(VIEWS)

    def __len__(self) -> int:
        return len(VIEWS)


class _TablesAndViews(Mapping[str, Frame]):
    """Tables and views by name. A table hides a view of the same name."""

    def __init__(self, tables: Tables, views: Tables) -> None:
        self._tables = tables
        self._views = views

    def __getitem__(self, name: str) -> Frame:
        return self._tables[name] if name in self._tables else self._views[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self._tables, **self._views})

    def __len__(self) -> int:
        return len({*self._tables, *self._views})


def make_views(tables: Tables) -> Mapping[str, Frame]:
    """Return the views of a set of tables, by name.

    Args:
        tables: All tables by name. Tables may be empty. A view that is already among them is used as it is.

    Returns:
        Each view as a lazy frame. It is computed on first access and then kept.
    """
    return _Views(tables)
