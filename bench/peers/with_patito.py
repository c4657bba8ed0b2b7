"""patito: models over polars. Rules of a row are constraints of a column; a failure gives a count, and no rows."""

import datetime as dt
import re
from typing import Any

import common
import patito as pt
import polars as pl
from patito.exceptions import DataFrameValidationError

RULES = common.polars_rules() | {"country-id-resolves": pl.col("country_id").is_in(common.COUNTRIES)}
# The columns that carry the rules: all constraints of a column are counted as one, so each has a column of its own.
FREE = [name for name in common.COLUMNS if name not in (*common.TEXTS, "id")]
HOMES = dict(zip(RULES, FREE, strict=False))


def field(name: str) -> tuple[type, Any]:
    """A column: its type and its field."""
    if name in common.TEXTS:
        tests = [~pl.col(name).str.contains(common.FORMULA), ~pl.col(name).str.contains(common.UNTIDY)]
        return str, pt.Field(min_length=1, max_length=common.LONGEST, constraints=tests)
    said: dict[str, Any] = {"constraints": [RULES[rule] for rule, home in HOMES.items() if home == name] or None}
    if name in common.DAYS:
        return dt.date, pt.Field(ge=dt.date.fromisoformat(common.FIRST_DAY), **said)
    low, high = common.RANGES[name]
    said |= {key: value for key, value in (("ge", low), ("le", high)) if value is not None}
    if name == "id":
        said["unique"] = True
    return (float if name in common.REALS else int), pt.Field(**said)


kinds, fields = zip(*(field(name) for name in common.COLUMNS), strict=True)
Table = type(
    "Table",
    (pt.Model,),
    {
        "__annotations__": dict(zip(common.COLUMNS, kinds, strict=True)),
        **dict(zip(common.COLUMNS, fields, strict=True)),
    },
)

found = dict.fromkeys(common.RULES, 0)
try:
    Table.validate(common.polars_scan(common.file()).collect(engine="streaming"))
except DataFrameValidationError as fault:
    rules = {home: rule for rule, home in HOMES.items()}
    for error in fault.errors():
        name, message = error["loc"][0], error["msg"]
        number = int((re.search(r"([0-9]+) row", message) or [0, 0])[1])
        if "custom constraint" in message:
            found[rules.get(name, "formula")] += number
        else:
            found["key-unique" if "uplicate" in message else "range"] += number
common.answer(found, "which rows fail; rules of one column apart")
