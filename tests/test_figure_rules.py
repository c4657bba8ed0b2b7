"""Rules of figures.

Their messages for numbers and trees, the place of a slip, and one finding per fault.
"""

import datetime as dt
import itertools
from importlib import import_module

import polars as pl
import pytest
from casefiles import CASES, load_case, load_cases, make_frame
from rule_results import evaluate_rule

from conflictdata.rules import _typos, find_rules
from conflictdata.rules.base import VERDICT
from conflictdata.schema.number_words import SCALES, VALUE_OF
from conflictdata.schema.quantities import FILLS
from conflictdata.schema.tables import MODELS
from conflictdata.schema.vocabularies import QUALIFIER
from conflictdata.validation.evaluate import RuleContext, evaluate_rules, format_record_key

RELEASED_ON = dt.date(2026, 11, 23)
MODULES = ("bounds", "exclusive", "groups", "joint", "parents", "quotes", "subsets", "sums", "tree", "wording")
RULES = {r.id: r for name in MODULES for r in find_rules(import_module(f"conflictdata.rules.figures_{name}"))}
ENGINES = ("polars", "pandas")
CLAIM = "paper-2024-06-02.1"
ROOT = f"{CLAIM}.killed"


def make_exact(n):
    return {"qualifier": "exact", "low": n, "best": n, "high": n}


def make_quantity(qualifier, **bounds):
    return {"qualifier": qualifier, "low": None, "best": None, "high": None, **bounds}


def make_child(name, number, relation="subset", **cells):
    return {"figure_id": f"{ROOT}.{name}", "parent_id": ROOT, "relation": relation, **number, **cells}


def make_part(name, number, **cells):
    return make_child(name, number, "part", axis="party", label=name, **cells)


def make_tables(*rows, **others):
    return {table: make_frame(table, list(rows) if table == "figures" else others.get(table, [])) for table in MODELS}


def evaluate(rule_id, tables, engine="polars"):
    return evaluate_rule(RULES[rule_id], RuleContext(tables, RELEASED_ON, engine))


def get_verdict(rule_id, *rows, **others):
    """Return the only verdict of a rule."""
    (found,) = evaluate(rule_id, make_tables(*rows, **others))[VERDICT]
    return found


def list_failed(rule_id, tables, engine="polars"):
    """Return the failed rows, explained, sorted by key."""
    frames = RuleContext(tables, RELEASED_ON, engine)
    (answer,) = evaluate_rules([RULES[rule_id]], frames)
    rows = answer.failed.sort("figure_id").to_dicts()
    return RULES[rule_id].explain(rows, frames) if RULES[rule_id].explain else rows


def count_findings(tables):
    """Return the number of failed records per rule of figures."""
    answers = evaluate_rules(RULES.values(), RuleContext(tables, RELEASED_ON))
    return {answer.rule.id: answer.tally.invalid for answer in answers if answer.tally.invalid}


def count_outcomes(rule_id, tables, engine):
    return sorted((row["figure_id"], str(row[VERDICT])) for row in evaluate(rule_id, tables, engine).to_dicts())


def map_broken_rules(tables):
    """Return the failed rules per rule whose case it is."""
    found = {}
    for answer in evaluate_rules(RULES.values(), RuleContext(tables, RELEASED_ON)):
        for row in answer.failed.to_dicts():
            found.setdefault(format_record_key(answer.rule, row).partition(":")[0], set()).add(answer.rule.id)
    return found


def test_bad_cases_break_no_other_rule_of_figures():
    assert map_broken_rules(load_cases(RULES, "bad")) == {rule_id: {rule_id} for rule_id in RULES}


@pytest.mark.slow
def test_good_cases_break_no_rule_of_figures():
    assert map_broken_rules(load_cases(RULES, "good")) == {}


@pytest.mark.sample(5)
@pytest.mark.parametrize("rule_id", RULES)
def test_order_of_rows_does_not_matter(rule_id):
    tables = load_case(CASES / rule_id / "bad.yaml")
    turned = {table: rows.reverse() for table, rows in tables.items()}
    assert count_outcomes(rule_id, tables, "polars") == count_outcomes(rule_id, turned, "polars")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.sample(6)
@pytest.mark.parametrize("rule_id", RULES)
def test_rule_judges_tables_without_rows(rule_id, engine):
    assert evaluate(rule_id, make_tables(), engine).height == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.sample(6)
@pytest.mark.parametrize("rule_id", RULES)
def test_rule_without_an_answer_is_unknown_and_fails_nothing(rule_id, engine):
    empty = dict.fromkeys(("qualifier", "low", "best", "high", "relation", "outcome", "unit"))
    tables = make_tables(empty, {**empty, "figure_id": f"{ROOT}.a", "parent_id": ROOT, "label": "a"})
    (answer,) = evaluate_rules([RULES[rule_id]], RuleContext(tables, RELEASED_ON, engine))
    assert answer.tally.invalid == 0


# Rule 3

SHAPES = [
    ("exact", make_exact(8), True),
    ("at_least", make_quantity("at_least", low=8), True),
    ("at_least with a best", make_quantity("at_least", low=8, best=8), False),
    ("more_than 0", make_quantity("more_than", low=0), True),
    ("at_least 0", make_quantity("at_least", low=0), False),
    ("about", make_quantity("about", best=600), True),
    ("about with bounds", make_quantity("about", low=550, best=600, high=650), False),
    ("nearly", make_quantity("nearly", high=100), True),
    ("nearly as a lower bound", make_quantity("nearly", low=100), False),
    ("up_to", make_quantity("up_to", high=600), True),
    ("range", make_quantity("range", low=5, high=8), True),
    ("range with a middle", make_quantity("range", low=5, best=6, high=8), False),
    ("range of one", make_quantity("range", low=8, high=8), False),
    ("falling range is rule 2's", make_quantity("range", low=8, high=5), None),
    ("dozens", make_quantity("dozens"), True),
    ("dozens with a number", make_quantity("dozens", low=24), False),
    ("unstated", make_quantity("unstated"), True),
    ("exact without a number", make_quantity("exact"), False),
    ("no qualifier", make_quantity(None, low=8), None),
    ("below zero is rule 1's", make_exact(-8), None),
]


@pytest.mark.parametrize(("cells", "wanted"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_qualifier_says_what_is_filled(cells, wanted):
    assert get_verdict("figures.qualifier-fits-bounds", cells) is wanted


def test_every_qualifier_has_its_shape():
    assert tuple(FILLS) == QUALIFIER.values


# Rule 4: total, parts, verdict

SUMS = [
    ("fits", make_exact(10), [make_exact(4), make_exact(6)], True),
    ("short", make_exact(10), [make_exact(4), make_exact(5)], False),
    ("over", make_exact(10), [make_exact(4), make_exact(7)], False),
    ("at least is met", make_quantity("at_least", low=10), [make_exact(4), make_exact(7)], True),
    ("at least is missed", make_quantity("at_least", low=10), [make_exact(4), make_exact(5)], False),
    ("more than allows its number", make_quantity("more_than", low=122), [make_exact(49), make_exact(73)], True),
    (
        "more than in a part allows its number",
        make_exact(122),
        [make_quantity("more_than", low=49), make_exact(73)],
        True,
    ),
    ("open part may fill up", make_exact(10), [make_quantity("at_least", low=4), make_exact(3)], True),
    ("open parts are too many", make_exact(10), [make_quantity("at_least", low=4), make_exact(7)], False),
    ("upper bounds do not reach", make_exact(10), [make_quantity("up_to", high=4), make_exact(5)], False),
    (
        "ranges meet",
        make_quantity("range", low=10, high=12),
        [make_quantity("range", low=5, high=6), make_exact(5)],
        True,
    ),
    (
        "ranges miss",
        make_quantity("range", low=13, high=15),
        [make_quantity("range", low=5, high=6), make_exact(5)],
        False,
    ),
    ("an unstated part", make_exact(10), [make_exact(4), make_quantity("unstated")], None),
    ("an unstated part beside too many", make_exact(10), [make_exact(11), make_quantity("unstated")], False),
    ("about has no bounds", make_exact(10), [make_exact(4), make_quantity("about", best=6)], None),
    ("about as total", make_quantity("about", best=10), [make_exact(4), make_exact(60)], None),
    ("a share", make_exact(10), [make_exact(4), make_quantity("exact", share=60)], None),
    ("a broken part", make_exact(10), [make_exact(4), make_quantity("exact", low=9, best=9, high=8)], None),
    ("zero is a number", make_exact(10), [make_exact(10), make_exact(0)], True),
]


@pytest.mark.parametrize(("whole", "parts", "wanted"), [s[1:] for s in SUMS], ids=[s[0] for s in SUMS])
def test_sum_of_a_list_against_its_total(whole, parts, wanted):
    assert (
        get_verdict("figures.parts-cover-parent", whole, *(make_part(f"p{n}", p) for n, p in enumerate(parts)))
        is wanted
    )


def test_each_axis_is_a_list_of_its_own():
    rows = [
        make_exact(10),
        make_part("a", make_exact(10)),
        make_child("b", make_exact(9), "part", axis="sex", sex="female"),
    ]
    found = evaluate("figures.parts-cover-parent", make_tables(*rows))
    assert dict(zip(found["axis"], found[VERDICT], strict=True)) == {"party": True, "sex": False}


def make_article(fighters):
    numbers = {"civilians": 111, "hts": fighters, "syrian_government": 220, "allied_militia": 25}
    return make_tables(
        make_quantity("at_least", low=727), *(make_part(name, make_exact(n)) for name, n in numbers.items())
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_terms_keep_their_written_order_and_swapped_digits_are_found(engine):
    (row,) = list_failed("figures.parts-cover-parent", make_article(317), engine)
    assert row["addition"] == "111 + 317 + 220 + 25 = 673"
    assert row["likely_error"] == f"{ROOT}.hts"
    assert row["at"].split("|") == [f"{ROOT}.{n}" for n in ("civilians", "hts", "syrian_government", "allied_militia")]


@pytest.mark.slow
def test_one_slip_gives_one_finding_and_a_sum_above_at_least_only_a_warning():
    assert count_findings(make_article(371)) == {}
    assert count_findings(make_article(317)) == {"figures.parts-cover-parent": 1}
    assert count_findings(make_article(372)) == {"figures.parts-sum-as-printed": 1}


def test_no_part_is_blamed_where_several_could_be():
    (row,) = list_failed(
        "figures.parts-cover-parent",
        make_tables(make_exact(52), make_part("a", make_exact(24)), make_part("b", make_exact(25))),
    )
    assert row["likely_error"] is None
    assert row["clue"] == "It comes out with 27 for `a` or 28 for `b`. "
    assert row["gap"] == "3 short"


def test_a_list_that_no_slip_explains_is_blamed_on_its_key():
    (row,) = list_failed(
        "figures.parts-cover-parent",
        make_tables(make_exact(52), make_part("a", make_exact(24)), make_part("b", make_exact(9))),
    )
    assert (row["likely_error"], row["spot"]) == (f"{ROOT}.a", "axis")
    assert "`including:` in place of `by party:`" in row["clue"]


@pytest.mark.parametrize(
    ("phrases", "likely_error"),
    [
        ({}, None),
        ({"a": "24 people", "killed": "59 people"}, "b"),
        ({"a": "27 people"}, "a"),
        ({"killed": "49 people"}, "killed"),
        ({"a": "24 people", "b": "25 people"}, "killed"),
    ],
    ids=[
        "no phrase",
        "the other one is printed",
        "printed otherwise",
        "the total is printed otherwise",
        "both are printed",
    ],
)
def test_printed_phrases_tell_who_is_to_blame(phrases, likely_error):
    whole = {**make_exact(59), "printed": phrases.get("killed")}
    parts = [make_part(name, {**make_exact(n), "printed": phrases.get(name)}) for name, n in {"a": 24, "b": 25}.items()]
    (row,) = list_failed("figures.parts-cover-parent", make_tables(whole, *parts))
    named = row["likely_error"] and not row["spot"] and row["likely_error"].rpartition(".")[2]
    assert (named or None) == likely_error


def test_a_part_that_hangs_under_its_sibling_is_found():
    stray = make_child("c", make_exact(13), label="c") | {"figure_id": f"{ROOT}.a.c", "parent_id": f"{ROOT}.a"}
    (row,) = list_failed(
        "figures.parts-cover-parent",
        make_tables(make_exact(52), make_part("a", make_exact(24)), make_part("b", make_exact(15)), stray),
    )
    assert row["likely_error"] == f"{ROOT}.a.c"


def test_a_part_that_is_counted_twice_is_found():
    rows = [make_part("a", make_exact(24)), make_part("b", make_exact(28)), make_part("c", make_exact(13))]
    (row,) = list_failed("figures.parts-cover-parent", make_tables(make_exact(52), *rows))
    assert row["likely_error"] == f"{ROOT}.c"


@pytest.mark.parametrize(
    ("coded", "meant", "wanted"),
    [
        (317, 371, _typos.EXCHANGED), (317, 713, ""), (317, 327, _typos.OTHER), (317, 328, ""), (31, 317, ""), (5, -5, ""),
        (7, 7, ""), (7, 8, ""), (70, 7, _typos.LONGER), (7, 70, _typos.SHORTER), (0, 10, ""),
    ],
)  # fmt: skip
def test_a_slip_is_one_digit_two_neighbours_exchanged_or_a_zero(coded, meant, wanted):
    assert _typos.describe_digit_slip(coded, meant) == wanted


@pytest.mark.parametrize("coded", [317, 20, 100])
def test_every_number_that_a_slip_makes_is_one(coded):
    made = _typos.list_possible_numbers(coded)
    assert made == [n for n in range(1, 10 * coded + 1) if _typos.describe_digit_slip(coded, n)]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        ("2023-12-05", ("2024-12-05", "another year")),
        ("2025-12-05", ("2024-12-05", "another year")),
        ("2024-05-12", ("2024-12-05", "month and day exchanged")),
        ("2024-04-13", None),
        ("2024-11-11", None),
    ],
)
def test_a_slip_of_a_day_is_the_year_or_month_and_day(day, wanted):
    first, last = dt.date(2024, 12, 1), dt.date(2024, 12, 6)
    found = _typos.find_day_slip(dt.date.fromisoformat(day), first, last)
    assert (found and (str(found[0]), found[1])) == wanted


# Rules 5 to 8, 13


@pytest.mark.parametrize(
    ("whole", "wanted"),
    [
        (make_exact(10), True),
        (make_quantity("at_least", low=9), False),
        (make_quantity("about", best=11), False),
        (make_quantity("range", low=9, high=11), None),
        (make_quantity("unstated"), None),
    ],
    ids=["exact", "at_least", "about", "range", "unstated"],
)
def test_exact_list_against_the_printed_number(whole, wanted):
    assert (
        get_verdict("figures.parts-sum-as-printed", whole, make_part("a", make_exact(4)), make_part("b", make_exact(6)))
        is wanted
    )


def test_a_sum_that_breaks_rule_4_is_not_reported_twice():
    assert count_findings(
        make_tables(make_exact(11), make_part("a", make_exact(4)), make_part("b", make_exact(6)))
    ) == {"figures.parts-cover-parent": 1}


GROUPS = [
    ("men and women", 9, {"men": {"sex": "male"}, "women": {"sex": "female"}}, False),
    ("men and women fit", 10, {"men": {"sex": "male"}, "women": {"sex": "female"}}, True),
    ("women and journalists overlap", 5, {"women": {"sex": "female"}, "press": {"role": "journalist"}}, None),
    ("old people are adults", 5, {"old": {"age": "elderly"}, "adults": {"age": "adult"}}, None),
    ("soldiers are combatants", 5, {"a": {"person_status": "armed_forces"}, "b": {"person_status": "combatant"}}, True),
    ("soldiers and fighters", 9, {"a": {"person_status": "armed_forces"}, "b": {"person_status": "fighter"}}, False),
    ("women and children", 9, {"a": {"sex": "female", "age": "adult"}, "b": {"age": "child"}}, False),
    ("females and children overlap", 5, {"a": {"sex": "female"}, "b": {"age": "child"}}, None),
]


@pytest.mark.parametrize(("whole", "groups", "wanted"), [g[1:] for g in GROUPS], ids=[g[0] for g in GROUPS])
def test_subsets_of_five_each_that_exclude_one_another(whole, groups, wanted):
    rows = [make_child(name, make_exact(5), **cells) for name, cells in groups.items()]
    found = evaluate("figures.exclusive-groups-fit", make_tables(make_exact(whole), *rows))[VERDICT].to_list()
    assert found == ([] if wanted is None else [wanted])


def test_men_women_boys_and_girls_are_counted_once_each():
    groups = {
        (sex, age): make_child(f"{sex}_{age}", make_exact(5), sex=sex, age=age)
        for sex in ("male", "female")
        for age in ("adult", "child")
    }
    assert get_verdict("figures.exclusive-groups-fit", make_exact(20), *groups.values()) is True
    assert get_verdict("figures.exclusive-groups-fit", make_exact(19), *groups.values()) is False


def test_a_subset_larger_than_its_whole_is_one_finding():
    rows = [
        make_exact(20),
        make_child("women", make_exact(23), sex="female"),
        make_child("men", make_exact(5), sex="male"),
    ]
    assert count_findings(make_tables(*rows)) == {"figures.subset-within-parent": 1}


def test_an_additional_figure_does_not_depend_on_its_neighbour():
    other = make_child("others", make_exact(900), "additional", person_status="fighter")
    assert count_findings(make_tables({**make_exact(8), "person_status": "civilian"}, other)) == {}


def test_joint_number_is_compared_with_what_counts_the_same_people():
    joint = {"figure_id": f"{CLAIM}.killed_or_injured", "outcome": "killed_or_injured"}
    civilians = {**make_exact(5), "person_status": "civilian"}
    assert get_verdict("figures.joint-outcome-covers-both", civilians, {**joint, **make_exact(9)}) is True
    assert get_verdict("figures.joint-outcome-covers-both", civilians, {**joint, **make_exact(4)}) is False
    assert (
        get_verdict(
            "figures.joint-outcome-covers-both", make_exact(5), {**joint, **make_exact(4), "person_status": "civilian"}
        )
        is None
    )


# Rule 9: one fault, one finding


def make_descendant(path, parent):
    return {
        "figure_id": f"{ROOT}.{path}",
        "parent_id": f"{ROOT}.{parent}",
        "relation": "subset",
        "label": path,
        **make_exact(1),
    }


@pytest.mark.parametrize("length", [1, 2, 3, 17, 200])
def test_a_circle_of_any_length_is_one_finding(length):
    circle = [make_descendant(f"c{n}", f"c{(n + 1) % length}") for n in range(length)]
    assert count_findings(make_tables(make_exact(8), *circle, make_descendant("hangs", "c0"))) == {
        "figures.parent-not-in-cycle": 1
    }


def test_a_tree_a_thousand_deep_is_one_finding():
    levels = [".".join("a" * n) for n in range(1, 1001)]
    tree = [
        make_child("a", make_exact(1), label="a"),
        *(make_descendant(low, high) for high, low in itertools.pairwise(levels)),
    ]
    assert count_findings(make_tables(make_exact(8), *tree)) == {"figures.depth-within-limit": 1}


def test_a_parent_in_another_claim_is_one_finding():
    other = {"figure_id": "paper-2024-06-02.2.killed", "claim_id": "paper-2024-06-02.2", **make_exact(3)}
    stray = make_child("women", make_exact(5), sex="female") | {"parent_id": other["figure_id"]}
    assert count_findings(make_tables(make_exact(8), other, stray)) == {"figures.parent-in-claim": 1}


@pytest.mark.parametrize(
    "rows",
    [
        [make_exact(8), make_exact(8)],
        [make_exact(8), make_part("a", make_exact(4)), make_part("b", make_exact(4)), make_part("b", make_exact(4))],
    ],
)
def test_a_doubled_key_and_a_missing_parent_are_left_to_the_rules_of_keys(rows):
    assert count_findings(make_tables(*rows, make_descendant("x", "gone"))) == {}


# Rule 10


@pytest.mark.parametrize(
    ("above", "own", "wanted"),
    [
        ({"sex": "male"}, {"sex": "female"}, False),
        ({"sex": "male"}, {"age": "child"}, None),
        ({"age": "adult"}, {"age": "elderly"}, True),
        ({"age": "elderly"}, {"age": "adult"}, False),
        ({"person_status": "combatant"}, {"person_status": "fighter"}, True),
        ({"person_status": "civilian"}, {"person_status": "unknown"}, False),
        ({"cause": "direct"}, {"cause": "airstrike"}, True),
        ({"cause": "airstrike"}, {"cause": "shelling"}, False),
        ({"cause": "execution"}, {"cause": "gunfire"}, True),
        ({"cause": "indirect"}, {"cause": "gunfire"}, False),
    ],
)
def test_own_words_against_the_words_above(above, own, wanted):
    assert (
        get_verdict("figures.child-narrows-parent", {**make_exact(8), **above}, make_child("a", make_exact(3), **own))
        is wanted
    )


def test_another_party_under_a_party_is_one_finding():
    actors = [{"actor_id": "army", "kind": "armed_forces"}, {"actor_id": "rebels", "kind": "armed_group"}]
    rows = [
        {**make_exact(8), "actor_id": "army"},
        make_child("rebels", make_exact(3), actor_id="rebels", person_status="fighter"),
    ]
    assert count_findings(make_tables(*rows, actors=actors)) == {"figures.child-within-party": 1}


# Rules 14 and 15


@pytest.mark.parametrize(
    ("number", "wanted"), [(0, True), (900, True), (1000, False), (1010, True), (1900, False), (12500, True), (43000, False), (10**9, False)]
)  # fmt: skip
def test_round_numbers(number, wanted):
    assert get_verdict("figures.round-number-exact", make_exact(number)) is wanted


PHRASES = [
    ("1,383 civilians", make_exact(1383), True),
    ("1.383 civili", make_exact(1383), True),
    ("1 383 civils", make_exact(1383), True),
    ("1\u00a0383 civils", make_exact(1383), True),
    ("٣٤ قتيل", make_exact(34), True),
    ("९८ जण", make_exact(98), True),
    ("27 civilians, including eight", make_exact(8), True),
    ("27 civilians", make_exact(28), False),
    ("127 civilians", make_exact(27), False),
    ("Sieben Menschen", make_exact(7), True),
    ("sieben Menschen", make_exact(8), False),
    ("a man was killed", make_exact(5), None),
    ("un mort", make_exact(5), None),
    ("2 bin 354 can kaybı", make_exact(2354), True),
    ("8.5 million people", make_exact(8_500_000), True),
    ("8.5 million people", make_exact(85_000), False),
    ("3万人", make_exact(30_000), True),
    ("35 mil personas", make_exact(35_000), True),
    ("between 800,000 and one million", make_quantity("range", low=800_000, high=1_000_000), True),
    ("100 to 300", make_quantity("range", low=100, high=200), False),
    ("two dozen soldiers", make_exact(24), True),
    ("two dozen soldiers", make_exact(22), False),
    ("half a million people", make_exact(500_000), True),
    ("two and a half million", make_exact(2_500_000), True),
    ("a hundred and five", make_exact(105), True),
    ("twenty-one dead", make_exact(21), True),
    ("twenty-one dead", make_exact(22), False),
    ("62%", make_quantity("exact", share=62), True),
    ("62,5 %", make_quantity("exact", share=62.5), True),
    ("61%", make_quantity("exact", share=62), False),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_printed_phrase_holds_the_number(engine):
    # All in one set of tables, which is evaluated once.
    named = {f"{phrase} {n}": (phrase, cells, expected) for n, (phrase, cells, expected) in enumerate(PHRASES)}
    figures = [make_child(f"p{n}", {**c, "printed": phrase}, label=f"p{n}") for n, (phrase, c, _) in enumerate(PHRASES)]
    found = evaluate("figures.printed-holds-number", make_tables(make_exact(1), *figures), engine)
    result = dict(zip(found["figure_id"], found[VERDICT].cast(pl.Boolean), strict=True))
    assert {name: result[f"{ROOT}.p{n}"] for n, name in enumerate(named)} == {name: p[2] for name, p in named.items()}


WORDS_BEFORE = [
    ("at least 8 people", make_quantity("at_least", low=8), True),
    ("at least 8 people", make_exact(8), False),
    ("8 people", make_exact(8), None),
    ("8 people, more than 5 of them women", make_exact(8), None),
    ("more than 5 of 8", make_quantity("more_than", low=5), True),
    ("no fewer than eight", make_quantity("at_least", low=8), True),
    ("no more than 8", make_quantity("up_to", high=8), True),
    ("no more than 8", make_quantity("more_than", low=8), True),
    ("over 1,204", make_quantity("more_than", low=1204), True),
    ("over 1,204", make_quantity("at_least", low=1204), False),
    ("mehr als 500 Menschen", make_quantity("about", best=500), False),
    ("не менее 27 мирных жителей", make_exact(27), False),
    ("some 300", make_quantity("about", best=300), True),
    ("some 300", make_quantity("range", low=300, high=400), None),
    ("at least dozens", make_quantity("dozens"), None),
]


@pytest.mark.sample(2)
@pytest.mark.parametrize(
    ("phrase", "cells", "wanted"), WORDS_BEFORE, ids=[f"{p[0]} {n}" for n, p in enumerate(WORDS_BEFORE)]
)
@pytest.mark.parametrize("engine", ENGINES)
def test_printed_phrase_holds_the_words_before_the_number(phrase, cells, wanted, engine):
    found = evaluate("figures.printed-holds-qualifier", make_tables({**cells, "printed": phrase}), engine)[VERDICT]
    assert found.cast(pl.Boolean).to_list() == ([] if wanted is None else [wanted])


def test_a_phrase_with_a_word_without_number_is_not_checked():
    assert (
        evaluate(
            "figures.printed-holds-number", make_tables({**make_quantity("dozens"), "printed": "dozens of soldiers"})
        ).height
        == 0
    )


def test_number_words_are_lower_case_and_mean_one_number():
    assert all(word == word.lower() and " " not in word for word in VALUE_OF)
    assert all(forms == forms.lower() for forms in SCALES.values())
