"""Rules of figures: what each says of numbers and trees, the place of a slip, and one finding for one fault."""

import datetime as dt
import itertools
from importlib import import_module

import polars as pl
import pytest
from casefiles import CASES, frame, load, together
from depth import one_in

from conflictdata.rules import _typos
from conflictdata.rules.base import VERDICT
from conflictdata.schema.number_words import SCALES, VALUE_OF
from conflictdata.schema.quantities import FILLS
from conflictdata.schema.tables import MODELS
from conflictdata.schema.vocabularies import QUALIFIER
from conflictdata.validation.evaluate import RuleContext, evaluate_rule, evaluate_rules, format_record_key

RELEASED_ON = dt.date(2026, 11, 23)
MODULES = ("bounds", "groups", "quotes", "subsets", "sums", "tree")
RULES = {r.id: r for name in MODULES for r in import_module(f"conflictdata.rules.figures_{name}").RULES}
ENGINES = ("polars", "pandas")
CLAIM = "paper-2024-06-02.1"
ROOT = f"{CLAIM}.killed"


def exact(n):
    return {"qualifier": "exact", "low": n, "best": n, "high": n}


def said(qualifier, **bounds):
    return {"qualifier": qualifier, "low": None, "best": None, "high": None, **bounds}


def child(name, number, relation="subset", **cells):
    return {"figure_id": f"{ROOT}.{name}", "parent_id": ROOT, "relation": relation, **number, **cells}


def part(name, number, **cells):
    return child(name, number, "part", axis="party", label=name, **cells)


def tables_of(*rows, **others):
    return {table: frame(table, list(rows) if table == "figures" else others.get(table, [])) for table in MODELS}


def judged(rule_id, tables, engine="polars"):
    return evaluate_rule(RULES[rule_id], tables, RELEASED_ON, engine)


def verdict(rule_id, *rows, **others):
    """The one verdict that a rule gives."""
    (found,) = judged(rule_id, tables_of(*rows, **others))[VERDICT]
    return found


def failed(rule_id, tables, engine="polars"):
    """The rows that failed, explained, in the order of their keys."""
    frames = RuleContext(tables, RELEASED_ON, engine)
    (answer,) = evaluate_rules([RULES[rule_id]], frames)
    rows = answer.failed.sort("figure_id").to_dicts()
    return RULES[rule_id].explain(rows, frames) if RULES[rule_id].explain else rows


def findings(tables):
    """How many records each rule of figures fails."""
    answers = evaluate_rules(RULES.values(), RuleContext(tables, RELEASED_ON))
    return {answer.rule.id: answer.tally.invalid for answer in answers if answer.tally.invalid}


def outcome(rule_id, tables, engine):
    return sorted((row["figure_id"], str(row[VERDICT])) for row in judged(rule_id, tables, engine).to_dicts())


def broken_by(tables):
    """The rules that fail, by the rule whose case they fail in."""
    found = {}
    for answer in evaluate_rules(RULES.values(), RuleContext(tables, RELEASED_ON)):
        for row in answer.failed.to_dicts():
            found.setdefault(format_record_key(answer.rule, row).partition(":")[0], set()).add(answer.rule.id)
    return found


def test_bad_cases_break_no_other_rule_of_figures():
    assert broken_by(together(RULES, "bad")) == {rule_id: {rule_id} for rule_id in RULES}


def test_good_cases_break_no_rule_of_figures():
    assert broken_by(together(RULES, "good")) == {}


@pytest.mark.parametrize("rule_id", RULES)
def test_order_of_rows_does_not_matter(rule_id):
    tables = load(CASES / rule_id / "bad.yaml")
    turned = {table: rows.reverse() for table, rows in tables.items()}
    assert outcome(rule_id, tables, "polars") == outcome(rule_id, turned, "polars")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule_id", one_in(4, RULES))
def test_rule_judges_tables_without_rows(rule_id, engine):
    assert judged(rule_id, tables_of(), engine).height == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("rule_id", one_in(4, RULES))
def test_rule_without_an_answer_is_unknown_and_fails_nothing(rule_id, engine):
    empty = dict.fromkeys(("qualifier", "low", "best", "high", "relation", "outcome", "unit"))
    tables = tables_of(empty, {**empty, "figure_id": f"{ROOT}.a", "parent_id": ROOT, "label": "a"})
    (answer,) = evaluate_rules([RULES[rule_id]], RuleContext(tables, RELEASED_ON, engine))
    assert answer.tally.invalid == 0


# Rule 3

SHAPES = [
    ("exact", exact(8), True),
    ("at_least", said("at_least", low=8), True),
    ("at_least with a best", said("at_least", low=8, best=8), False),
    ("more_than 0", said("more_than", low=0), True),
    ("at_least 0", said("at_least", low=0), False),
    ("about", said("about", best=600), True),
    ("about with bounds", said("about", low=550, best=600, high=650), False),
    ("nearly", said("nearly", high=100), True),
    ("nearly as a lower bound", said("nearly", low=100), False),
    ("up_to", said("up_to", high=600), True),
    ("range", said("range", low=5, high=8), True),
    ("range with a middle", said("range", low=5, best=6, high=8), False),
    ("range of one", said("range", low=8, high=8), False),
    ("falling range is rule 2's", said("range", low=8, high=5), None),
    ("dozens", said("dozens"), True),
    ("dozens with a number", said("dozens", low=24), False),
    ("unstated", said("unstated"), True),
    ("exact without a number", said("exact"), False),
    ("no qualifier", said(None, low=8), None),
    ("below zero is rule 1's", exact(-8), None),
]


@pytest.mark.parametrize(("cells", "wanted"), [s[1:] for s in SHAPES], ids=[s[0] for s in SHAPES])
def test_qualifier_says_what_is_filled(cells, wanted):
    assert verdict("figures.qualifier-fits-bounds", cells) is wanted


def test_every_qualifier_has_its_shape():
    assert tuple(FILLS) == QUALIFIER.values


# Rule 4: total, parts, verdict

SUMS = [
    ("fits", exact(10), [exact(4), exact(6)], True),
    ("short", exact(10), [exact(4), exact(5)], False),
    ("over", exact(10), [exact(4), exact(7)], False),
    ("at least is met", said("at_least", low=10), [exact(4), exact(7)], True),
    ("at least is missed", said("at_least", low=10), [exact(4), exact(5)], False),
    ("more than allows its number", said("more_than", low=122), [exact(49), exact(73)], True),
    ("more than in a part allows its number", exact(122), [said("more_than", low=49), exact(73)], True),
    ("open part may fill up", exact(10), [said("at_least", low=4), exact(3)], True),
    ("open parts are too many", exact(10), [said("at_least", low=4), exact(7)], False),
    ("upper bounds do not reach", exact(10), [said("up_to", high=4), exact(5)], False),
    ("ranges meet", said("range", low=10, high=12), [said("range", low=5, high=6), exact(5)], True),
    ("ranges miss", said("range", low=13, high=15), [said("range", low=5, high=6), exact(5)], False),
    ("an unstated part", exact(10), [exact(4), said("unstated")], None),
    ("an unstated part beside too many", exact(10), [exact(11), said("unstated")], False),
    ("about has no bounds", exact(10), [exact(4), said("about", best=6)], None),
    ("about as total", said("about", best=10), [exact(4), exact(60)], None),
    ("a share", exact(10), [exact(4), said("exact", share=60)], None),
    ("a broken part", exact(10), [exact(4), said("exact", low=9, best=9, high=8)], None),
    ("zero is a number", exact(10), [exact(10), exact(0)], True),
]


@pytest.mark.parametrize(("whole", "parts", "wanted"), [s[1:] for s in SUMS], ids=[s[0] for s in SUMS])
def test_sum_of_a_list_against_its_total(whole, parts, wanted):
    assert verdict("figures.parts-cover-parent", whole, *(part(f"p{n}", p) for n, p in enumerate(parts))) is wanted


def test_each_axis_is_a_list_of_its_own():
    rows = [exact(10), part("a", exact(10)), child("b", exact(9), "part", axis="sex", sex="female")]
    found = judged("figures.parts-cover-parent", tables_of(*rows))
    assert dict(zip(found["axis"], found[VERDICT], strict=True)) == {"party": True, "sex": False}


def seed_article(fighters):
    numbers = {"civilians": 111, "hts": fighters, "syrian_government": 220, "allied_militia": 25}
    return tables_of(said("at_least", low=727), *(part(name, exact(n)) for name, n in numbers.items()))


@pytest.mark.parametrize("engine", ENGINES)
def test_terms_stand_in_their_written_order_and_the_swapped_digits_are_found(engine):
    (row,) = failed("figures.parts-cover-parent", seed_article(317), engine)
    assert row["addition"] == "111 + 317 + 220 + 25 = 673"
    assert row["culprit"] == f"{ROOT}.hts"
    assert row["at"].split("|") == [f"{ROOT}.{n}" for n in ("civilians", "hts", "syrian_government", "allied_militia")]


def test_one_slip_gives_one_finding_and_a_sum_above_at_least_only_a_warning():
    assert findings(seed_article(371)) == {}
    assert findings(seed_article(317)) == {"figures.parts-cover-parent": 1}
    assert findings(seed_article(372)) == {"figures.parts-sum-as-printed": 1}


def test_no_part_is_blamed_where_several_could_be():
    (row,) = failed("figures.parts-cover-parent", tables_of(exact(52), part("a", exact(24)), part("b", exact(25))))
    assert row["culprit"] is None
    assert row["clue"] == "It comes out with 27 for `a` or 28 for `b`. "
    assert row["gap"] == "3 short"


def test_a_list_that_no_slip_explains_is_blamed_on_its_key():
    (row,) = failed("figures.parts-cover-parent", tables_of(exact(52), part("a", exact(24)), part("b", exact(9))))
    assert (row["culprit"], row["spot"]) == (f"{ROOT}.a", "axis")
    assert "`including:` in place of `by party:`" in row["clue"]


@pytest.mark.parametrize(
    ("phrases", "culprit"),
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
def test_printed_phrases_tell_who_is_to_blame(phrases, culprit):
    whole = {**exact(59), "printed": phrases.get("killed")}
    parts = [part(name, {**exact(n), "printed": phrases.get(name)}) for name, n in {"a": 24, "b": 25}.items()]
    (row,) = failed("figures.parts-cover-parent", tables_of(whole, *parts))
    named = row["culprit"] and not row["spot"] and row["culprit"].rpartition(".")[2]
    assert (named or None) == culprit


def test_a_part_that_hangs_under_its_sibling_is_found():
    stray = child("c", exact(13), label="c") | {"figure_id": f"{ROOT}.a.c", "parent_id": f"{ROOT}.a"}
    (row,) = failed(
        "figures.parts-cover-parent", tables_of(exact(52), part("a", exact(24)), part("b", exact(15)), stray)
    )
    assert row["culprit"] == f"{ROOT}.a.c"


def test_a_part_that_is_counted_twice_is_found():
    rows = [part("a", exact(24)), part("b", exact(28)), part("c", exact(13))]
    (row,) = failed("figures.parts-cover-parent", tables_of(exact(52), *rows))
    assert row["culprit"] == f"{ROOT}.c"


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
        (exact(10), True),
        (said("at_least", low=9), False),
        (said("about", best=11), False),
        (said("range", low=9, high=11), None),
        (said("unstated"), None),
    ],
    ids=["exact", "at_least", "about", "range", "unstated"],
)
def test_exact_list_against_the_printed_number(whole, wanted):
    assert verdict("figures.parts-sum-as-printed", whole, part("a", exact(4)), part("b", exact(6))) is wanted


def test_a_sum_that_breaks_rule_4_is_not_reported_twice():
    assert findings(tables_of(exact(11), part("a", exact(4)), part("b", exact(6)))) == {"figures.parts-cover-parent": 1}


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
    rows = [child(name, exact(5), **cells) for name, cells in groups.items()]
    found = judged("figures.exclusive-groups-fit", tables_of(exact(whole), *rows))[VERDICT].to_list()
    assert found == ([] if wanted is None else [wanted])


def test_men_women_boys_and_girls_are_counted_once_each():
    groups = {
        (sex, age): child(f"{sex}_{age}", exact(5), sex=sex, age=age)
        for sex in ("male", "female")
        for age in ("adult", "child")
    }
    assert verdict("figures.exclusive-groups-fit", exact(20), *groups.values()) is True
    assert verdict("figures.exclusive-groups-fit", exact(19), *groups.values()) is False


def test_a_subset_larger_than_its_whole_is_one_finding():
    rows = [exact(20), child("women", exact(23), sex="female"), child("men", exact(5), sex="male")]
    assert findings(tables_of(*rows)) == {"figures.subset-within-parent": 1}


def test_an_additional_figure_owes_nothing_to_the_one_it_stands_beside():
    other = child("others", exact(900), "additional", person_status="fighter")
    assert findings(tables_of({**exact(8), "person_status": "civilian"}, other)) == {}


def test_joint_number_is_compared_with_what_counts_the_same_people():
    joint = {"figure_id": f"{CLAIM}.killed_or_injured", "outcome": "killed_or_injured"}
    civilians = {**exact(5), "person_status": "civilian"}
    assert verdict("figures.joint-outcome-covers-both", civilians, {**joint, **exact(9)}) is True
    assert verdict("figures.joint-outcome-covers-both", civilians, {**joint, **exact(4)}) is False
    assert (
        verdict("figures.joint-outcome-covers-both", exact(5), {**joint, **exact(4), "person_status": "civilian"})
        is None
    )


# Rule 9: one fault, one finding


def below(path, parent):
    return {
        "figure_id": f"{ROOT}.{path}",
        "parent_id": f"{ROOT}.{parent}",
        "relation": "subset",
        "label": path,
        **exact(1),
    }


@pytest.mark.parametrize("length", [1, 2, 3, 17, 200])
def test_a_circle_of_any_length_is_one_finding(length):
    circle = [below(f"c{n}", f"c{(n + 1) % length}") for n in range(length)]
    assert findings(tables_of(exact(8), *circle, below("hangs", "c0"))) == {"figures.parent-not-in-cycle": 1}


def test_a_tree_a_thousand_deep_is_one_finding():
    levels = [".".join("a" * n) for n in range(1, 1001)]
    tree = [child("a", exact(1), label="a"), *(below(low, high) for high, low in itertools.pairwise(levels))]
    assert findings(tables_of(exact(8), *tree)) == {"figures.depth-within-limit": 1}


def test_a_parent_in_another_claim_is_one_finding():
    other = {"figure_id": "paper-2024-06-02.2.killed", "claim_id": "paper-2024-06-02.2", **exact(3)}
    stray = child("women", exact(5), sex="female") | {"parent_id": other["figure_id"]}
    assert findings(tables_of(exact(8), other, stray)) == {"figures.parent-in-claim": 1}


@pytest.mark.parametrize(
    "rows", [[exact(8), exact(8)], [exact(8), part("a", exact(4)), part("b", exact(4)), part("b", exact(4))]]
)
def test_a_doubled_key_and_a_missing_parent_are_left_to_the_rules_of_keys(rows):
    assert findings(tables_of(*rows, below("x", "gone"))) == {}


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
    assert verdict("figures.child-narrows-parent", {**exact(8), **above}, child("a", exact(3), **own)) is wanted


def test_another_party_under_a_party_is_one_finding():
    actors = [{"actor_id": "army", "kind": "armed_forces"}, {"actor_id": "rebels", "kind": "armed_group"}]
    rows = [{**exact(8), "actor_id": "army"}, child("rebels", exact(3), actor_id="rebels", person_status="fighter")]
    assert findings(tables_of(*rows, actors=actors)) == {"figures.child-within-party": 1}


# Rules 14 and 15


@pytest.mark.parametrize(
    ("number", "wanted"), [(0, True), (900, True), (1000, False), (1010, True), (1900, False), (12500, True), (43000, False), (10**9, False)]
)  # fmt: skip
def test_round_numbers(number, wanted):
    assert verdict("figures.round-number-exact", exact(number)) is wanted


PHRASES = [
    ("1,383 civilians", exact(1383), True),
    ("1.383 civili", exact(1383), True),
    ("1 383 civils", exact(1383), True),
    ("1\u00a0383 civils", exact(1383), True),
    ("٣٤ قتيل", exact(34), True),
    ("९८ जण", exact(98), True),
    ("27 civilians, including eight", exact(8), True),
    ("27 civilians", exact(28), False),
    ("127 civilians", exact(27), False),
    ("Sieben Menschen", exact(7), True),
    ("sieben Menschen", exact(8), False),
    ("a man was killed", exact(5), None),
    ("un mort", exact(5), None),
    ("2 bin 354 can kaybı", exact(2354), True),
    ("8.5 million people", exact(8_500_000), True),
    ("8.5 million people", exact(85_000), False),
    ("3万人", exact(30_000), True),
    ("35 mil personas", exact(35_000), True),
    ("between 800,000 and one million", said("range", low=800_000, high=1_000_000), True),
    ("100 to 300", said("range", low=100, high=200), False),
    ("two dozen soldiers", exact(24), True),
    ("two dozen soldiers", exact(22), False),
    ("half a million people", exact(500_000), True),
    ("two and a half million", exact(2_500_000), True),
    ("a hundred and five", exact(105), True),
    ("twenty-one dead", exact(21), True),
    ("twenty-one dead", exact(22), False),
    ("62%", said("exact", share=62), True),
    ("62,5 %", said("exact", share=62.5), True),
    ("61%", said("exact", share=62), False),
]


@pytest.mark.parametrize("engine", ENGINES)
def test_printed_phrase_holds_the_number(engine):
    # All in one set of tables, which is asked once.
    named = {f"{phrase} {n}": (phrase, cells, wanted) for n, (phrase, cells, wanted) in enumerate(PHRASES)}
    figures = [child(f"p{n}", {**c, "printed": phrase}, label=f"p{n}") for n, (phrase, c, _) in enumerate(PHRASES)]
    found = judged("figures.printed-holds-number", tables_of(exact(1), *figures), engine)
    said = dict(zip(found["figure_id"], found[VERDICT].cast(pl.Boolean), strict=True))
    assert {name: said[f"{ROOT}.p{n}"] for n, name in enumerate(named)} == {name: p[2] for name, p in named.items()}


WORDS_BEFORE = [
    ("at least 8 people", said("at_least", low=8), True),
    ("at least 8 people", exact(8), False),
    ("8 people", exact(8), None),
    ("8 people, more than 5 of them women", exact(8), None),
    ("more than 5 of 8", said("more_than", low=5), True),
    ("no fewer than eight", said("at_least", low=8), True),
    ("no more than 8", said("up_to", high=8), True),
    ("no more than 8", said("more_than", low=8), True),
    ("over 1,204", said("more_than", low=1204), True),
    ("over 1,204", said("at_least", low=1204), False),
    ("mehr als 500 Menschen", said("about", best=500), False),
    ("не менее 27 мирных жителей", exact(27), False),
    ("some 300", said("about", best=300), True),
    ("some 300", said("range", low=300, high=400), None),
    ("at least dozens", said("dozens"), None),
]


@pytest.mark.parametrize(
    ("phrase", "cells", "wanted"), WORDS_BEFORE, ids=[f"{p[0]} {n}" for n, p in enumerate(WORDS_BEFORE)]
)
@pytest.mark.parametrize("engine", ENGINES)
def test_printed_phrase_holds_the_words_before_the_number(phrase, cells, wanted, engine):
    found = judged("figures.printed-holds-qualifier", tables_of({**cells, "printed": phrase}), engine)[VERDICT]
    assert found.cast(pl.Boolean).to_list() == ([] if wanted is None else [wanted])


def test_a_phrase_beside_a_word_without_number_is_not_judged():
    assert (
        judged("figures.printed-holds-number", tables_of({**said("dozens"), "printed": "dozens of soldiers"})).height
        == 0
    )


def test_number_words_are_small_letters_and_stand_for_one_number():
    assert all(word == word.lower() and " " not in word for word in VALUE_OF)
    assert all(forms == forms.lower() for forms in SCALES.values())
