"""pandera on polars. It says every rule."""

import datetime as dt

import common
import pandera.polars as pa
import polars as pl


def check(rule: str, test: pl.Expr) -> pa.Check:
    """A check that an expression answers."""
    return pa.Check(lambda data: data.lazyframe.select(test), name=rule)


def column(name: str) -> pa.Column:
    """What a column may hold."""
    kind, this = common.polars_schema()[name], pl.col(name)
    if name in common.DAYS:
        return pa.Column(kind, pa.Check.ge(dt.date.fromisoformat(common.FIRST_DAY)))
    if name in common.TEXTS:
        tests = {
            "range": this.str.len_chars().is_between(1, common.LONGEST),
            "formula": ~this.str.contains(common.FORMULA),
            "untidy": ~this.str.contains(common.UNTIDY),
        }
        return pa.Column(kind, [check(rule, test) for rule, test in tests.items()])
    low, high = common.RANGES[name]
    checks = [pa.Check.ge(low)] if low is not None else []
    checks += [pa.Check.le(high)] if high is not None else []
    checks += [pa.Check.isin(common.COUNTRIES)] if name == "country_id" else []
    return pa.Column(kind, checks, unique=name == "id")


frame = common.polars_scan(common.file()).collect(engine="streaming")
rules = [check(rule, test) for rule, test in common.polars_rules().items()]
schema = pa.DataFrameSchema({name: column(name) for name in common.COLUMNS}, checks=rules)

found = dict.fromkeys(common.RULES, 0)
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as fault:
    for name, number in fault.failure_cases["check"].value_counts().iter_rows():
        found[common.rule_of(name)] += number
common.answer(found)
