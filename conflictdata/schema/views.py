"""Views: the tables as rules and readers need them, with what is empty filled in from above.

- `figures_resolved`: every figure with what it has from the figures above it and from its claim.
- `figures_nested`: every figure that has a parent, with its parent's columns beside its own.
- `actor_ancestors`, `location_ancestors`: every record with each record that holds it, itself included.

A tree is at most 8 deep. Parents are found by doubling (parent, grandparent, fourth, eighth ancestor), so that
the cost is a fixed number of joins, and a cycle or a missing parent ends nothing but its own branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import narwhals.stable.v1 as nw

from conflictdata.schema.quantities import is_usable

Frame = nw.LazyFrame[Any]
Tables = Mapping[str, Frame]

# Descriptive columns: an empty one means the parent's, and at the root the claim's.
INHERITED = (
    "actor_id", "person_status", "role", "sex", "age", "location_id", "perpetrator_id", "cause", "period_start", "period_end",
)  # fmt: skip
FROM_CLAIM = ("location_id", "period_start", "period_end", "perpetrator_id")

# Person status that follows from the kind of actor whose people they were.
STATUS_OF_KIND: dict[str, str] = {
    "state": "armed_forces",
    "armed_forces": "armed_forces",
    "security_forces": "armed_forces",
    "armed_group": "fighter",
    "militia": "fighter",
    "coalition": "fighter",
}

DEEPEST = 8  # levels below the root
_ROUNDS = 4  # 2 ** 4 = 16 levels are followed, so that a tree which is somewhat too deep is still measured
_STEP = " > "  # between the names of a path


def name_resolved_column(column: str) -> str:
    """The name of a column with its inherited value filled in."""
    return f"resolved_{column}"


def _compute(frame: Frame) -> Frame:
    """The frame, worked out now.

    polars 2.1 does not see that both sides of a self join are the same plan: four joins, each of the last with itself,
    would compute the first frame sixteen times.
    """
    return frame.collect().lazy()


def _derive_status(kind: nw.Expr) -> nw.Expr:
    armed = [k for k, status in STATUS_OF_KIND.items() if status == "armed_forces"]
    fighters = [k for k, status in STATUS_OF_KIND.items() if status == "fighter"]
    return nw.when(kind.is_in(armed)).then(nw.lit("armed_forces")).otherwise(
        nw.when(kind.is_in(fighters)).then(nw.lit("fighter"))
    )  # fmt: skip


def _drop_duplicate_keys(frame: Frame, key: str) -> Frame:
    """The records whose key is theirs alone; a doubled key would multiply rows in every join."""
    return frame.filter(~nw.col(key).is_null()).unique(subset=[key], keep="none")


def _link_parents(tables: Tables) -> Frame:
    """Figures with `linked_parent_id` (the parent, where it is a figure of the same claim), `own_status`, `copies`, `stands`."""
    figures = tables["figures"]
    parents = _drop_duplicate_keys(figures, "figure_id").select(
        linked_parent_id=nw.col("figure_id"), _parent=nw.col("figure_id"), _claim=nw.col("claim_id")
    )
    kinds = _drop_duplicate_keys(tables["actors"], "actor_id").select(_actor=nw.col("actor_id"), _kind=nw.col("kind"))
    joined = figures.join(parents, left_on=["parent_id", "claim_id"], right_on=["_parent", "_claim"], how="left")
    joined = joined.join(kinds, left_on="actor_id", right_on="_actor", how="left")
    return joined.with_columns(
        own_status=nw.coalesce("person_status", _derive_status(nw.col("_kind"))),
        copies=nw.len().over("figure_id"),
        stands=is_usable(),
    ).drop("_kind")


def _start_lookup(figures: Frame) -> Frame:
    """One row a figure: what is known from itself alone, before looking up."""
    values = {name_resolved_column(c): nw.col("own_status" if c == "person_status" else c) for c in INHERITED}
    return _drop_duplicate_keys(figures, "figure_id").select(
        "figure_id",
        up=nw.col("linked_parent_id"),
        root_id=nw.when(nw.col("parent_id").is_null()).then(nw.col("figure_id")),
        path=nw.col("figure_id").str.replace_all(r"^.*\.", ""),
        **values,
    )


def _look_up(seen: Frame) -> Frame:
    """Look twice as far up as before."""
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
    """Whether any figure has one above those that were looked at; where none has, looking further changes nothing."""
    return len(seen.filter(~nw.col("up").is_null()).select("up").head(1).collect()) > 0


def _count_steps(path: nw.Expr) -> nw.Expr:
    """How many steps a path has. Counted off the text: a literal 0 is a numpy integer in pandas, and a null makes it float."""
    return (path.str.len_chars() - path.str.replace_all(_STEP, "", literal=True).str.len_chars()) // len(_STEP)


def _select_claim_values(tables: Tables) -> Frame:
    """What a claim hands down: place, window, and its perpetrator where it names just one."""
    sole = (
        tables["claim_perpetrators"]
        .group_by("claim_id")
        .agg(nw.len().alias("_named"), nw.col("actor_id").min().alias("claim_perpetrator_id"))
        .filter(nw.col("_named") == 1)
        .select("claim_id", "claim_perpetrator_id")
    )
    values = {f"claim_{c}": nw.col(c) for c in FROM_CLAIM if c != "perpetrator_id"}
    claims = _drop_duplicate_keys(tables["claims"], "claim_id").select("claim_id", **values)
    return claims.join(sole, on="claim_id", how="left")


def _resolve_figures(tables: Tables) -> Frame:
    """Every figure with its own columns under their names, and with:

    - `resolved_<column>`: its own value, else the nearest above it, else its claim's (place, window, sole perpetrator);
      `resolved_person_status` follows from the actor's kind where no status is given;
    - `root_id`, `depth` (0 at the root), `path` (`killed > soldiers > officers`): null where a parent is missing, in a cycle,
      and where a key is doubled;
    - `unended_id`: the sixteenth figure above it, where there is one: too deep, or a cycle;
    - `linked_parent_id`: the parent, where it is one figure of the same claim;
    - `own_status`: its own person status, else what its own actor's kind says;
    - `copies`: how many figures have this key; `stands`: whether its numbers keep rules 1 to 3.
    """
    figures = _compute(_link_parents(tables))
    seen = _compute(_start_lookup(figures))
    for _ in range(_ROUNDS):
        found = _look_up(seen).collect()
        seen = found.lazy()
        if found["up"].is_null().all():  # most trees are a level or two deep: further up there is nothing
            break
        if not _has_further(seen):  # most trees are three levels high: two rounds are enough for them
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


_PARENT_COLUMNS = ("relation", "outcome", "unit", "qualifier", "low", "best", "high", "share", "stands")


def _join_parents(tables: Tables) -> Frame:
    """Every figure that has a parent in its claim: its columns as in `figures_resolved`, the parent's as `parent_<column>`."""
    figures = tables["figures_resolved"]
    parent = {f"parent_{c}": nw.col(c) for c in (*_PARENT_COLUMNS, *map(name_resolved_column, INHERITED))}
    parents = _drop_duplicate_keys(figures, "figure_id").select(_parent=nw.col("figure_id"), **parent)
    return figures.join(parents, left_on="linked_parent_id", right_on="_parent", how="inner")


def _list_ancestors(frame: Frame, key: str) -> Frame:
    """Pairs (`key`, `ancestor_id`): a record and each that holds it, itself included, up to 8 levels."""
    links = _drop_duplicate_keys(frame, key).select(_key=nw.col(key), _up=nw.col("parent_id"))
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
    "figures_resolved": _resolve_figures,
    "figures_nested": _join_parents,
    "actor_ancestors": lambda tables: _list_ancestors(tables["actors"], "actor_id"),
    "location_ancestors": lambda tables: _list_ancestors(tables["locations"], "location_id"),
}


class _Views(Mapping[str, Frame]):
    """Views by name, each worked out when it is first asked for, from the tables and from other views."""

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
    """The tables, and behind them the views."""

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
    """The views of a set of tables, by name.

    Args:
        tables: all tables by name; an empty one is allowed, and then gives nothing to what is below it. A view that
            has been computed already may lie among them and is then used.

    Returns:
        Each view as a lazy frame, worked out when it is first asked for and then kept.
    """
    return _Views(tables)
