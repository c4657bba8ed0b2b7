"""Rows of two versions: the reported changes are true and complete."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest
import sample
from depth import count_examples
from diff_example import apply_changes, count_rows, list_rows
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from strategies import damaged_sets, few, shuffle_rows, valid_sets

import conflictdata as cd
from conflictdata.comparison import Retired, diff
from conflictdata.schema.columns import list_key_columns, make_polars_schema

Tables = dict[str, pl.DataFrame]
Draw = Any

_OTHER = {
    pl.String: ["x", "war", "army", None],
    pl.Int64: [0, 7, None],
    pl.Float64: [0.5, None],
    pl.Date: [dt.date(2024, 6, 9), None],
}


some = settings(max_examples=count_examples(8, 100))


@st.composite
def edited(draw: Draw) -> Tables:
    """Draw an edited sample.

    Some cells (also of keys) are changed, rows are removed, duplicated and reordered.
    """
    tables = dict(sample.make_tables())
    for _ in range(draw(st.integers(0, 6))):
        table = draw(st.sampled_from([t for t in tables if tables[t].height]))
        frame = tables[table]
        row = draw(st.integers(0, frame.height - 1))
        what = draw(st.sampled_from(["cell", "cell", "lose", "double"]))
        if what == "cell":
            column = draw(st.sampled_from(frame.columns))
            cells = frame[column].to_list()
            cells[row] = draw(st.sampled_from(_OTHER[frame.schema[column].base_type()]))
            tables[table] = frame.with_columns(pl.Series(column, cells, dtype=frame.schema[column]))
        else:
            parts = [frame, frame[row]] if what == "double" else [frame[:row], frame[row + 1 :]]
            tables[table] = pl.concat(parts)
    return shuffle_rows(tables, draw(st.integers(0, 9)))


@pytest.mark.slow
@some
@given(edited())
def test_nothing_differs_from_itself_in_any_order(tables: Tables) -> None:
    found = diff(tables, shuffle_rows(tables, 1))
    assert not found
    assert (found.bump, found.reasons, list(found.changes()), found.tolls) == ("none", (), [], ())


@pytest.mark.slow
@some
@given(edited(), edited())
def test_the_changes_applied_to_the_old_rows_give_the_new_ones(old: Tables, new: Tables) -> None:
    document = diff(old, new).to_dict()
    assert apply_changes(old, document) == {table: count_rows(list_rows(frame)) for table, frame in new.items()}


@pytest.mark.slow
@some
@given(edited(), edited())
def test_the_other_way_round_added_and_removed_change_places(old: Tables, new: Tables) -> None:
    one, other = diff(old, new), diff(new, old)
    for kind, mirrored in (("added", "removed"), ("removed", "added"), ("corrected", "corrected")):
        assert _collect_content(one, kind) == _collect_content(other, mirrored, swap=True)


def _collect_content(found: cd.Diff, kind: Any, *, swap: bool = False) -> list[Any]:
    def cells(change: Any) -> set[Any]:
        return {(c.column, c.new, c.old) if swap else (c.column, c.old, c.new) for c in change.cells}

    # Changes are sorted by the record they are about. If the cell that names it has changed, this is another record.
    return sorted(((c.table, c.record, c.copy, cells(c)) for c in found.changes(kind)), key=lambda change: change[:3])


RENAMES = {
    "army": Retired("forces", "The name changed."),
    "paper-2024-06-02.2": Retired("paper-2024-06-02.3", "Numbers were given twice."),
    "paper-2024-06-02": Retired("other-2024-06-02", "Another paper."),
    "rebels": Retired("nobody", "The new id is not there."),
    "wire": Retired("", "Withdrawn."),
}


def rename_ids(tables: Tables, pairs: dict[str, str]) -> Tables:
    """Replace some ids everywhere, whole or as the start of a longer id."""
    found = {}
    for table, frame in tables.items():
        columns = [c for c, t in frame.schema.items() if t == pl.String and c not in ("name", "note", "summary")]
        exprs = []
        for column in columns:
            expr = pl.col(column)
            for old, new in pairs.items():
                expr = expr.str.replace(rf"(^|\.){old.replace('.', '[.]')}($|\.)", f"${{1}}{new}${{2}}")
            exprs.append(expr)
        found[table] = frame.with_columns(exprs)
    return found


@pytest.mark.slow
@some
@given(edited(), edited(), st.sets(st.sampled_from(sorted(RENAMES)), min_size=1))
def test_replaced_keys_apply_like_all_other_changes(old: Tables, new: Tables, names: set[str]) -> None:
    pairs = {name: RENAMES[name].replaced_by for name in sorted(names, reverse=True) if RENAMES[name].replaced_by}
    new = rename_ids(new, pairs)
    found = diff(old, new, retired={name: RENAMES[name] for name in names})
    assert apply_changes(old, found.to_dict()) == {table: count_rows(list_rows(frame)) for table, frame in new.items()}


@few
@given(valid_sets(2), st.data())
def test_whole_sets_apply_too(old: Tables, data: Any) -> None:
    new = data.draw(damaged_sets(2))
    assert apply_changes(old, diff(old, new).to_dict()) == {
        table: count_rows(list_rows(frame)) for table, frame in new.items()
    }
    assert not diff(old, old)


def test_a_renamed_actor_is_reported_once_and_references_follow() -> None:
    old = sample.make_tables()
    new = rename_ids(old, {"army": "forces"})
    found = diff(old, new, retired=RENAMES)
    (change,) = [c for c in found.changes() if not c.follows]
    assert (change.kind, change.was, change.record, change.reason) == (
        "replaced",
        "army",
        "forces",
        "The name changed.",
    )
    assert change.label == "actor"
    assert sum(rows.following for rows in found.rows.values()) == sum(c.follows for c in found.changes()) > 3
    assert "paper-2024-06-02.2.killed.forces.officers" in {c.record for c in found.changes() if c.follows}
    assert found.bump == "major"
    assert found.unretired == ()


def test_a_renamed_claim_takes_its_figures_and_its_toll_along() -> None:
    old = sample.make_tables()
    new = rename_ids(old, {"paper-2024-06-02.2": "paper-2024-06-02.3"})
    found = diff(old, new, retired={"paper-2024-06-02.2": RENAMES["paper-2024-06-02.2"]})
    assert [c.record for c in found.changes() if not c.follows] == ["paper-2024-06-02.3"]
    assert {c.table for c in found.changes() if c.follows} >= {"figures", "claim_perpetrators", "flags"}
    assert found.tolls == ()


@pytest.mark.slow
def test_a_toll_under_a_renamed_claimant_is_the_same_toll() -> None:
    old = sample.make_tables()
    new = rename_ids(old, {"observatory": "monitor"})
    assert diff(old, new, retired={"observatory": Retired("monitor", "")}).tolls == ()
    assert len(diff(old, new).tolls) == 2


def test_a_merged_record_is_removed_and_says_into_which() -> None:
    old = sample.make_tables()
    new = dict(old) | {"actors": old["actors"].filter(pl.col("actor_id") != "rebels")}
    found = diff(old, new, retired={"rebels": Retired("army", "The same people.")})
    (change,) = found.changes()
    assert (change.kind, change.replaced_by, change.reason) == ("removed", "army", "The same people.")


@pytest.mark.slow
def test_a_key_that_is_gone_without_a_row_in_the_ledger_is_named() -> None:
    old = sample.make_tables()
    new = dict(old)
    for table in ("claims", "claim_perpetrators", "figures"):
        new[table] = old[table].filter(pl.col("claim_id") != "paper-2024-06-02.2")
    assert diff(old, new).unretired is None, "no ledger is known"
    assert len(diff(old, new, retired={}).unretired or ()) == 5
    ledger = {"paper-2024-06-02.2": Retired("", "A misreading.")}
    assert diff(old, new, retired=ledger).unretired == (), "a claim's figures go with it"


def test_a_derived_column_is_not_reported_with_its_sources() -> None:
    old = sample.make_tables()
    of_women = pl.col("figure_id") == "paper-2024-06-02.2.killed"
    words = {"age": "adult", "sex": "female", "population": "demographic", "population_detail": "women"}
    figures = old["figures"].with_columns(
        pl.when(of_women).then(pl.lit(w)).otherwise(c).alias(c) for c, w in words.items()
    )
    (change,) = diff(old, {**old, "figures": figures}).changes()
    own = {c.column: c.own for c in change.cells}
    assert own == {"age": True, "sex": True, "population": False, "population_detail": False}


def test_figures_are_reported_with_claim_path_and_quantity() -> None:
    old = sample.make_tables()
    figures = old["figures"].with_columns(
        low=pl.when(pl.col("figure_id") == "paper-2024-06-02.2.killed.army").then(701).otherwise("low"),
        qualifier=pl.col("qualifier").replace("about", "nearly"),
    )
    changes = {c.record: c for c in diff(old, {**old, "figures": figures}).changes()}
    army = changes["paper-2024-06-02.2.killed.army"]
    assert (army.subject, army.label) == ("paper-2024-06-02.2", "killed > army")
    assert army.about == "The Observatory via Wire, since 2024-01-01, as of 2024-06-02, A land (war)"
    officers = changes["paper-2024-06-02.2.killed.army.officers"]
    assert (officers.old, officers.new) == ("about 62.5%", "nearly 62.5%")


@pytest.mark.parametrize("table", sorted(make_polars_schema("claims").keys() & {"claim_id"}))
def test_columns_in_another_order_do_not_matter(table: str) -> None:
    old = sample.make_tables()
    new = {name: frame.select(reversed(frame.columns)) for name, frame in old.items()}
    assert not diff(old, new)


def test_a_table_that_is_not_there_counts_as_empty() -> None:
    old = sample.make_tables()
    found = diff({}, old)
    assert found.counts["figures"] == {"removed": 0, "replaced": 0, "corrected": 0, "added": 7}
    assert found.total("added") == sum(frame.height for frame in old.values())


def test_to_frame_has_one_row_a_cell() -> None:
    old = sample.make_tables()
    new = {**old, "actors": old["actors"].with_columns(country=pl.col("country").replace("GBR", None))}
    frame = diff(old, new).to_frame()
    assert list(frame.columns) == [
        "kind", "table", "record", "was", "column", "old", "new", "subject", "about", "label", "reason", "replaced_by",
        "follows", "derived",
    ]  # fmt: skip
    assert frame[["record", "column", "old"]].to_numpy().tolist() == [["observatory", "country", "GBR"]]
    assert bool(frame.new.isna().all())


def test_changes_come_removed_first_and_by_their_subject() -> None:
    old, new = sample.make_tables(), rename_ids(sample.make_tables(), {"army": "forces"})
    kinds = [c.kind for c in diff(old, new).changes()]
    assert kinds == sorted(kinds, key=["removed", "corrected", "added"].index)
    subjects = [c.subject for c in diff({}, new).changes() if c.table in ("claims", "figures", "sources")]
    assert subjects == sorted(subjects)


def test_a_change_costs_no_rows_of_the_old_side() -> None:
    old = sample.make_tables()
    copy = {name: frame.clone() for name, frame in old.items()}
    diff(old, rename_ids(old, {"army": "forces"}))
    for name, frame in old.items():
        assert_frame_equal(frame, copy[name])
        assert list_key_columns(name)
