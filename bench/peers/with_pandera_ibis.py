"""pandera on ibis, on DuckDB. It says every rule but that a key stands once: how often it stands is a column made beforehand."""

import datetime as dt

import common
import ibis
import pandera.ibis as pa


def days(t: ibis.Table) -> ibis.Value:
    return t.date_end.delta(t.date_start, unit="day")


def spans(t: ibis.Table) -> ibis.Value:
    fits = [(t.date_prec == p) & days(t).between(least, most) for p, (least, most) in common.SPANS.items()]
    return (days(t) < 0) | ibis.or_(*fits)


def grid(t: ibis.Table) -> ibis.Value:
    return ((t.latitude + 90) * 2).floor() * 720 + ((t.longitude + 180) * 2).floor() + 1 == t.priogrid_gid


RULES = {
    "parts-make-best": lambda t: t.deaths_a + t.deaths_b + t.deaths_civilians + t.deaths_unknown == t.best,
    "low-not-above-best": lambda t: t.low <= t.best,
    "best-not-above-high": lambda t: t.best <= t.high,
    "dates-in-order": lambda t: t.date_start <= t.date_end,
    "span-fits-precision": spans,
    "year-of-dates": lambda t: t.date_end.year() == t.year,
    "grid-of-point": grid,
    "sides-differ": lambda t: t.side_a != t.side_b,
    "point-not-zero": lambda t: ~((t.latitude == 0) & (t.longitude == 0)),
    "civilians-are-hit": lambda t: ~((t.type_of_violence == 3) & (t.deaths_a > 1000)),
    "key-unique": lambda t: t.times == 1,
}


def check(rule: str) -> pa.Check:
    """A check of a row."""
    return pa.Check(lambda data: RULES[rule](data.table), name=rule)


def column(name: str) -> pa.Column:
    """What a column may hold."""
    if name in common.DAYS:
        return pa.Column("date", pa.Check.ge(dt.date.fromisoformat(common.FIRST_DAY)))
    if name in common.TEXTS:
        tests = {
            "range": lambda data: data.table[data.key].length().between(1, common.LONGEST),
            "formula": lambda data: ~data.table[data.key].re_search(common.FORMULA),
            "untidy": lambda data: ~data.table[data.key].re_search(r"[\x00-\x1f\x7f]|^\s|\s$"),
        }
        return pa.Column(str, [pa.Check(test, name=rule) for rule, test in tests.items()])
    low, high = common.RANGES[name]
    checks = [pa.Check.ge(low)] if low is not None else []
    checks += [pa.Check.le(high)] if high is not None else []
    checks += [pa.Check.isin(common.COUNTRIES)] if name == "country_id" else []
    return pa.Column(float if name in common.REALS else int, checks)


path = common.file()
connection = ibis.duckdb.connect()
kinds = (
    dict.fromkeys(common.TEXTS, "VARCHAR") | dict.fromkeys(common.DAYS, "DATE") | dict.fromkeys(common.REALS, "DOUBLE")
)
types = {name: kinds.get(name, "BIGINT") for name in common.COLUMNS}
table = connection.read_csv(path, columns=types) if common.is_csv(path) else connection.read_parquet(path)
table = table.mutate(times=table.id.count().over(ibis.window(group_by=table.id)))
schema = pa.DataFrameSchema({name: column(name) for name in common.COLUMNS}, checks=[check(rule) for rule in RULES])

found = dict.fromkeys(common.RULES, 0)
try:
    schema.validate(table, lazy=True)
except pa.errors.SchemaErrors as fault:
    for name in fault.failure_cases["check"]:
        found[common.rule_of(name)] += 1
common.answer(found, "the key, which is a column made beforehand")
