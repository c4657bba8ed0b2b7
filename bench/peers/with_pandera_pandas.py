"""pandera on pandas. It says every rule."""

import common
import pandas as pd
import pandera.pandas as pa


def text_checks() -> list[pa.Check]:
    """What the texts must be."""
    return [
        pa.Check(lambda s: s.str.len().between(1, common.LONGEST), name="range"),
        pa.Check(lambda s: ~s.str.contains(common.FORMULA), name="formula"),
        pa.Check(lambda s: ~s.str.contains(common.UNTIDY), name="untidy"),
    ]


def column(name: str) -> pa.Column:
    """What a column may hold."""
    if name in common.DAYS:
        return pa.Column("datetime64[s]", pa.Check.ge(pd.Timestamp(common.FIRST_DAY)))
    if name in common.TEXTS:
        return pa.Column(None, text_checks())
    low, high = common.RANGES[name]
    checks = [pa.Check.ge(low)] if low is not None else []
    checks += [pa.Check.le(high)] if high is not None else []
    checks += [pa.Check.isin(common.COUNTRIES)] if name == "country_id" else []
    return pa.Column("float64" if name in common.REALS else "int64", checks, unique=name == "id")


frame = common.pandas_frame(common.file())
rules = [pa.Check(holds, name=rule) for rule, holds in common.PANDAS_RULES.items()]
schema = pa.DataFrameSchema({name: column(name) for name in common.COLUMNS}, checks=rules)

found = dict.fromkeys(common.RULES, 0)
try:
    schema.validate(frame, lazy=True)
except pa.errors.SchemaErrors as fault:
    cases = fault.failure_cases
    # What fails in a check of the whole frame is listed once for each of its columns.
    cells = cases[cases.schema_context == "Column"]
    rows = cases[cases.schema_context != "Column"][["check", "index"]].drop_duplicates()
    for check in [*cells.check, *rows.check]:
        found[common.rule_of(check)] += 1
common.answer(found)
