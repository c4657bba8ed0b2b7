"""The same rules, written by hand for this table as SQL for DuckDB: counts alone, no places, no messages."""

import common
import duckdb

path = common.file()
kinds = (
    dict.fromkeys(common.TEXTS, "VARCHAR") | dict.fromkeys(common.DAYS, "DATE") | dict.fromkeys(common.REALS, "DOUBLE")
)
types = {name: kinds.get(name, "BIGINT") for name in common.COLUMNS}
source = f"read_csv('{path}', columns = {types}, header = true)" if common.is_csv(path) else f"read_parquet('{path}')"
days = "date_end - date_start"
spans = " OR ".join(f"(date_prec = {p} AND {days} BETWEEN {a} AND {b})" for p, (a, b) in common.SPANS.items())
tests = {
    "parts-make-best": [f"{' + '.join(common.DEATHS)} = best"],
    "low-not-above-best": ["low <= best"],
    "best-not-above-high": ["best <= high"],
    "dates-in-order": ["date_start <= date_end"],
    "span-fits-precision": [f"date_end < date_start OR {spans}"],
    "year-of-dates": ["year(date_end) = year"],
    "grid-of-point": ["floor((latitude + 90) * 2) * 720 + floor((longitude + 180) * 2) + 1 = priogrid_gid"],
    "sides-differ": ["side_a <> side_b"],
    "point-not-zero": ["NOT (latitude = 0 AND longitude = 0)"],
    "civilians-are-hit": ["NOT (type_of_violence = 3 AND deaths_a > 1000)"],
    "country-id-resolves": [f"country_id IN ({', '.join(map(str, common.COUNTRIES))})"],
    "range": [
        *(f"{name} >= {low}" for name, (low, _) in common.RANGES.items() if low is not None),
        *(f"{name} <= {high}" for name, (_, high) in common.RANGES.items() if high is not None),
        *(f"{name} >= DATE '{common.FIRST_DAY}'" for name in common.DAYS),
        *(f"{name} IS NOT NULL" for name in common.COLUMNS),
        *(f"length({name}) BETWEEN 1 AND {common.LONGEST}" for name in common.TEXTS),
    ],
    "formula": [f"NOT regexp_matches({name}, '{common.FORMULA}')" for name in common.TEXTS],
    "untidy": [rf"NOT regexp_matches({name}, '[\x00-\x1f\x7f]|^\s|\s$')" for name in common.TEXTS],
}
counts = [" + ".join(f"count(*) FILTER (NOT ({test}))" for test in each) for each in tests.values()]
counts.append("count(*) - count(DISTINCT id)")
row = duckdb.sql(f"SELECT {', '.join(counts)} FROM {source}").fetchall()[0]
common.answer(dict(zip([*tests, "key-unique"], row, strict=True)), "places and messages are not made")
