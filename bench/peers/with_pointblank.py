"""pointblank on polars: a step a column and rule. A cell of a CSV that has another type ends the check."""

import datetime as dt

import common
import pointblank as pb

frame = common.polars_scan(common.file()).collect(engine="streaming")
steps: list[str] = []
check = pb.Validate(data=frame)
check = check.col_schema_match(pb.Schema(columns={n: str(t) for n, t in common.polars_schema().items()}))
steps.append("range")
for name, (low, high) in common.RANGES.items():
    if low is not None and high is not None:
        check, _ = check.col_vals_between(name, low, high), steps.append("range")
    elif low is not None:
        check, _ = check.col_vals_ge(name, low), steps.append("range")
for name in common.DAYS:
    check, _ = check.col_vals_ge(name, dt.date.fromisoformat(common.FIRST_DAY)), steps.append("range")
for name in common.COLUMNS:
    check, _ = check.col_vals_not_null(name), steps.append("range")
for name in common.TEXTS:
    check, _ = check.col_vals_regex(name, common.FORMULA, inverse=True), steps.append("formula")
    check, _ = check.col_vals_regex(name, common.UNTIDY, inverse=True), steps.append("untidy")
    check, _ = check.col_vals_str_len(name, 1, common.LONGEST), steps.append("range")
for rule, test in common.polars_rules().items():
    check, _ = check.col_vals_expr(test), steps.append(rule)
check, _ = check.rows_distinct("id"), steps.append("key-unique")
check, _ = check.col_vals_in_set("country_id", common.COUNTRIES), steps.append("country-id-resolves")
check = check.interrogate(collect_tbl_checked=False)

found = dict.fromkeys(common.RULES, 0)
for number, rule in enumerate(steps, 1):
    found[rule] += check.n_failed(i=number, scalar=True) or 0
common.answer(found)
