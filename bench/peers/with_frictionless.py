"""frictionless: a schema, a foreign key to a second resource, and formulas over a row. CSV alone: it reads Parquet a dozen
times slower. A formula of the span of days is written out, since it knows no attributes of days but year and month.
"""

import common
from frictionless import Checklist, Package, Resource, Schema, system
from frictionless.checks import row_constraint

KINDS = (
    dict.fromkeys(common.TEXTS, "string") | dict.fromkeys(common.DAYS, "date") | dict.fromkeys(common.REALS, "number")
)


def field(name: str) -> dict[str, object]:
    """A column."""
    said: dict[str, object] = {"required": True}
    if name in common.TEXTS:
        said |= {"minLength": 1, "maxLength": common.LONGEST, "pattern": r"[^=+\-@\s].*"}
    elif name in common.DAYS:
        said["minimum"] = common.FIRST_DAY
    else:
        low, high = common.RANGES[name]
        said |= {key: value for key, value in (("minimum", low), ("maximum", high)) if value is not None}
    return {"name": name, "type": KINDS.get(name, "integer"), "constraints": said}


SPANS = " or ".join(
    f"(date_prec == {p} and {a} <= (date_end - date_start).days <= {b})" for p, (a, b) in common.SPANS.items()
)
FORMULAS = {
    "parts-make-best": f"{' + '.join(common.DEATHS)} == best",
    "low-not-above-best": "low <= best",
    "best-not-above-high": "best <= high",
    "dates-in-order": "date_start <= date_end",
    "span-fits-precision": f"date_end < date_start or {SPANS}",
    "year-of-dates": "date_end.year == year",
    "grid-of-point": "int((latitude + 90) * 2) * 720 + int((longitude + 180) * 2) + 1 == priogrid_gid",
    "sides-differ": "side_a != side_b",
    "point-not-zero": "not (latitude == 0 and longitude == 0)",
    "civilians-are-hit": "not (type_of_violence == 3 and deaths_a > 1000)",
}
system.trusted = True
table = Resource(
    name="table",
    path=common.file(),
    schema=Schema.from_descriptor(
        {
            "fields": [field(name) for name in common.COLUMNS],
            "primaryKey": ["id"],
            "foreignKeys": [{"fields": ["country_id"], "reference": {"resource": "known", "fields": ["country_id"]}}],
        }
    ),
)
known = Resource(name="known", data=[["country_id"], *([n] for n in common.COUNTRIES)])
checks = [row_constraint(formula=formula) for formula in FORMULAS.values()]
report = Package(resources=[table, known]).validate(Checklist(checks=checks), limit_errors=100_000)

found = dict.fromkeys(common.RULES, 0)
own = {"primary-key": "key-unique", "foreign-key": "country-id-resolves"}
rules = {formula: rule for rule, formula in FORMULAS.items()}
for kind, note in report.tasks[0].flatten(["type", "note"]):
    rule = next((rule for formula, rule in rules.items() if formula in note), None)
    found[rule or own.get(kind) or ("formula" if "pattern" in note else "range")] += 1
common.answer(found, "characters that cannot be seen; files of Parquet in useful time")
