"""The views.

Figures inherit from the figures above them, from their claim and from the registers.
"""

import datetime as dt
import itertools

import pytest
from casefiles import make_frame

from conflictdata.schema.tables import MODELS
from conflictdata.schema.views import INHERITED, STATUS_OF_KIND, name_resolved_column
from conflictdata.schema.vocabularies import ACTOR_KIND, PERSON_STATUS
from conflictdata.validation.evaluate import RuleContext

CLAIM = "paper-2024-06-02.1"
ROOT = f"{CLAIM}.killed"
ENGINES = ("polars", "pandas")


def build_view(name, tables, engine="polars"):
    full = {table: make_frame(table, tables.get(table, [])) for table in MODELS}
    return RuleContext(full, dt.date(2026, 11, 23), engine)[name].collect().to_polars()


def build_figures(tables, engine="polars"):
    return {row["figure_id"]: row for row in build_view("figures_resolved", tables, engine).iter_rows(named=True)}


def make_child(path, parent, **cells):
    return {
        "figure_id": f"{ROOT}.{path}",
        "parent_id": f"{ROOT}{parent and '.' + parent}",
        "relation": "subset",
        **cells,
    }


def make_chain(levels):
    paths = [".".join("a" * n) for n in range(levels + 1)]
    return [{}, *(make_child(path, above) for above, path in itertools.pairwise(paths))]


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_an_empty_cell_is_filled_from_the_nearest_figure_above(engine):
    tree = [
        {"age": "adult", "cause": "shelling", "location_id": "north"},
        make_child("men", "", sex="male", location_id="town"),
        make_child("men.officers", "men", role="officer"),
    ]

    officers = build_figures({"figures": tree}, engine)[f"{ROOT}.men.officers"]

    expected = {"age": "adult", "cause": "shelling", "location_id": "town", "sex": "male", "role": "officer"}
    assert {column: officers[name_resolved_column(column)] for column in expected} == expected
    assert officers["sex"] is None  # its column does not change
    assert officers["resolved_actor_id"] is None


@pytest.mark.parametrize("engine", ENGINES)
def test_what_no_figure_says_comes_from_the_claim(engine):
    claims = [{"location_id": "north", "period_start": "2024-05-01", "period_end": "2024-06-01"}]
    tree = [{}, make_child("later", "", period_start="2024-05-20")]

    later = build_figures({"figures": tree, "claims": claims}, engine)[f"{ROOT}.later"]

    assert later["resolved_location_id"] == "north"
    assert later["resolved_period_start"] == dt.date(2024, 5, 20)
    assert later["resolved_period_end"] == dt.date(2024, 6, 1)


@pytest.mark.parametrize(
    ("perpetrators", "wanted"),
    [((), None), (("army",), "army"), (("army", "rebels"), None)],
    ids=["none", "one", "two"],
)
def test_a_claim_hands_down_its_perpetrator_only_where_it_names_one(perpetrators, wanted):
    tables = {"figures": [{}], "claims": [{}], "claim_perpetrators": [{"actor_id": actor} for actor in perpetrators]}

    assert build_figures(tables)[ROOT]["resolved_perpetrator_id"] == wanted


@pytest.mark.parametrize("kind", ACTOR_KIND.values)
def test_person_status_follows_from_the_kind_of_actor(kind):
    tables = {"figures": [{"actor_id": "them"}], "actors": [{"actor_id": "them", "kind": kind}]}

    row = build_figures(tables)[ROOT]

    assert row["resolved_person_status"] == STATUS_OF_KIND.get(kind)
    assert row["person_status"] is None


def test_a_status_that_is_given_beats_the_kind_of_actor():
    tables = {
        "figures": [{"actor_id": "army", "person_status": "civilian"}],
        "actors": [{"actor_id": "army", "kind": "armed_forces"}],
    }

    assert build_figures(tables)[ROOT]["resolved_person_status"] == "civilian"


def test_the_own_actor_says_more_of_the_status_than_the_figure_above():
    tables = {
        "figures": [{"person_status": "combatant"}, make_child("rebels", "", actor_id="rebels")],
        "actors": [{"actor_id": "rebels", "kind": "armed_group"}],
    }

    assert build_figures(tables)[f"{ROOT}.rebels"]["resolved_person_status"] == "fighter"


def test_every_kind_and_status_of_the_table_is_a_word_of_its_vocabulary():
    assert set(STATUS_OF_KIND) <= set(ACTOR_KIND.values)
    assert set(STATUS_OF_KIND.values()) <= set(PERSON_STATUS.values)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_path_depth_and_root_of_a_tree_of_eight_levels(engine):
    row = build_figures({"figures": make_chain(8)}, engine)[f"{ROOT}{'.a' * 8}"]

    assert row["path"] == "killed" + " > a" * 8
    assert row["depth"] == 8
    assert isinstance(row["depth"], int)
    assert row["root_id"] == ROOT


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_value_reaches_down_eight_levels(engine):
    tree = make_chain(8)
    tree[0] = {"cause": "torture"}

    assert build_figures({"figures": tree}, engine)[f"{ROOT}{'.a' * 8}"]["resolved_cause"] == "torture"


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_chain_of_a_thousand_a_cycle_and_an_orphan_do_no_harm(engine):
    cycle = [make_child("b", "c", sex="male"), make_child("c", "b", age="adult")]
    orphan = make_child("d", "gone", sex="female")

    found = build_figures(
        {"figures": [*make_chain(1000), *cycle, orphan], "claims": [{"location_id": "north"}]}, engine
    )

    assert len(found) == 1004
    assert found[f"{ROOT}{'.a' * 9}"]["depth"] == 9
    for path in ("b", "c", "d", "a." * 999 + "a"):
        row = found[f"{ROOT}.{path}"]
        assert (row["depth"], row["path"], row["root_id"]) == (None, None, None)
        assert row["resolved_location_id"] == "north"
    assert found[f"{ROOT}.b"]["resolved_age"] == "adult"
    assert found[f"{ROOT}.d"]["resolved_sex"] == "female"
    assert found[f"{ROOT}.d"]["linked_parent_id"] is None


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_a_doubled_key_multiplies_nothing_and_hands_nothing_down(engine):
    rows = [{"sex": "male"}] * 50 + [make_child("a", "")] * 50

    found = build_view("figures_resolved", {"figures": rows}, engine)

    assert found.height == 100
    assert found["copies"].unique().to_list() == [50]
    assert found["root_id"].null_count() == 100


def test_a_parent_in_another_claim_hands_nothing_down():
    other = {"figure_id": "paper-2024-06-02.2.killed", "claim_id": "paper-2024-06-02.2", "sex": "male"}
    mine = make_child("a", "") | {"parent_id": other["figure_id"]}

    assert build_figures({"figures": [other, mine]})[f"{ROOT}.a"]["resolved_sex"] is None


def test_nested_figures_have_their_parents_columns_beside_their_own():
    tree = [{"sex": "male", "low": 8}, make_child("a", "", low=3, best=3, high=3), make_child("orphan", "gone")]

    found = build_view("figures_nested", {"figures": tree})

    (row,) = found.iter_rows(named=True)
    assert row["figure_id"] == f"{ROOT}.a"
    assert (row["low"], row["parent_low"], row["parent_resolved_sex"]) == (3, 8, "male")
    assert {f"parent_{name_resolved_column(column)}" for column in INHERITED} <= set(found.columns)


@pytest.mark.parametrize("engine", ENGINES)
def test_ancestors_are_the_record_itself_and_all_that_hold_it(engine):
    places = [
        {"location_id": "street", "parent_id": "town"},
        {"location_id": "town", "parent_id": "land"},
        {"location_id": "land"},
        {"location_id": "round", "parent_id": "about"},
        {"location_id": "about", "parent_id": "round"},
    ]

    pairs = set(build_view("location_ancestors", {"locations": places}, engine).iter_rows())

    assert {above for place, above in pairs if place == "street"} == {"street", "town", "land"}
    assert {above for place, above in pairs if place == "round"} == {"round", "about"}
    assert len(pairs) == 3 + 2 + 1 + 2 + 2


def test_the_views_of_empty_tables_are_empty():
    for name in ("figures_resolved", "figures_nested", "actor_ancestors", "location_ancestors"):
        assert build_view(name, {}).height == 0
