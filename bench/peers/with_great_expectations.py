"""great_expectations on pandas. A rule over several columns is an expectation of its own only where it compares two; the
others are true or false columns made with pandas beforehand, of which true is expected. Nothing is sent anywhere.
"""

import os
from typing import Any

os.environ["GX_ANALYTICS_ENABLED"] = "false"

import common
import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

PAIRS = {
    "low-not-above-best": ("best", "low"),
    "best-not-above-high": ("high", "best"),
    "dates-in-order": ("date_end", "date_start"),
}

expected: list[gxe.Expectation] = []


def expect(rule: str, kind: type[gxe.Expectation], **said: Any) -> None:
    """Add an expectation of a rule."""
    expected.append(kind(meta={"rule": rule}, **said))


for name in common.COLUMNS:
    expect("range", gxe.ExpectColumnValuesToNotBeNull, column=name)
for name, (low, high) in common.RANGES.items():
    if low is not None:
        expect("range", gxe.ExpectColumnValuesToBeBetween, column=name, min_value=low, max_value=high)
for name in common.DAYS:
    expect("range", gxe.ExpectColumnValuesToBeBetween, column=name, min_value=pd.Timestamp(common.FIRST_DAY))
for name in common.TEXTS:
    expect("range", gxe.ExpectColumnValueLengthsToBeBetween, column=name, min_value=1, max_value=common.LONGEST)
    expect("formula", gxe.ExpectColumnValuesToNotMatchRegex, column=name, regex=common.FORMULA)
    expect("untidy", gxe.ExpectColumnValuesToNotMatchRegex, column=name, regex=common.UNTIDY)
for rule, (above, below) in PAIRS.items():
    expect(rule, gxe.ExpectColumnPairValuesAToBeGreaterThanB, column_A=above, column_B=below, or_equal=True)
expect("key-unique", gxe.ExpectColumnValuesToBeUnique, column="id")
expect("country-id-resolves", gxe.ExpectColumnValuesToBeInSet, column="country_id", value_set=common.COUNTRIES)

frame = common.pandas_frame(common.file())
for rule, holds in common.PANDAS_RULES.items():
    if rule not in PAIRS:
        frame[rule] = holds(frame)
        expect(rule, gxe.ExpectColumnValuesToBeInSet, column=rule, value_set=[True])

context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = ProgressBarsConfig(globally=False)
asset = context.data_sources.add_pandas("files").add_dataframe_asset("table")
batch = asset.add_batch_definition_whole_dataframe("whole").get_batch({"dataframe": frame})
result = batch.validate(gx.ExpectationSuite(name="rules", expectations=expected))

found = dict.fromkeys(common.RULES, 0)
for said in result.results:
    found[said.expectation_config.meta["rule"]] += said.result.get("unexpected_count", 0)
common.answer(found, "seven of the rules, which pandas answers beforehand")
