"""dataframely: a schema over polars. It says every rule; a cell of a CSV that has another type ends the check."""

import datetime as dt
from typing import Any

import common
import dataframely as dy
import polars as pl

TIDY = {
    "formula": lambda text: ~text.str.contains(common.FORMULA),
    "untidy": lambda text: ~text.str.contains(common.UNTIDY),
}


def column(name: str) -> dy.Column:
    """What a column may hold."""
    if name in common.TEXTS:
        return dy.String(min_length=1, max_length=common.LONGEST, check=TIDY)
    if name in common.DAYS:
        return dy.Date(min=dt.date.fromisoformat(common.FIRST_DAY))
    low, high = common.RANGES[name]
    if name in common.REALS:
        return dy.Float64(min=low, max=high)
    known = common.COUNTRIES if name == "country_id" else None
    return dy.Int64(min=low, max=high, is_in=known, primary_key=name == "id")


def rule(name: str) -> Any:
    """A rule of a row."""

    def holds(_: type) -> pl.Expr:
        return common.polars_rules()[name]

    holds.__name__ = name.replace("-", "_")
    return dy.rule()(holds)


members = {name: column(name) for name in common.COLUMNS} | {
    name.replace("-", "_"): rule(name) for name in common.polars_rules()
}
Table = type("Table", (dy.Schema,), members)
_, failure = Table.filter(common.polars_scan(common.file()).collect(engine="streaming"))

found = dict.fromkeys(common.RULES, 0)
for name, number in failure.counts().items():
    _, _, check = name.rpartition("|")
    own = {"primary_key": "key-unique", "is_in": "country-id-resolves", "check__formula": "formula"}
    said = own.get(check, check.replace("_", "-"))
    found[said if said in found else "range"] += number
common.answer(found)
