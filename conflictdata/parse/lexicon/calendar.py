"""Names of months and weekdays."""

from __future__ import annotations

_MONTHS = "january february march april may june july august september october november december".split()
MONTHS: dict[str, int] = {name: place + 1 for place, name in enumerate(_MONTHS)}
MONTHS |= {name[:3]: place + 1 for place, name in enumerate(_MONTHS)} | {"sept": 9}
WEEKDAYS: dict[str, int] = {
    name: place for place, name in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())
}
RELATIVE_DAYS: dict[str, int] = {"today": 0, "yesterday": 1, "overnight": 0, "tonight": 0}
UNIT_DAYS: dict[str, int] = {
    "hours": 1, "hour": 1, "day": 1, "days": 1, "week": 7, "weeks": 7, "month": 30, "months": 30, "year": 365, "years": 365,
    "weekend": 3, "decade": 3650, "fortnight": 14, "quarter": 90,
}  # fmt: skip
ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 0}
PARTS_OF_YEAR = {"half": 6, "quarter": 3, "trimester": 3, "semester": 6}  # their months
HALVES = frozenset("half quarter months weeks".split())
CONFLICTS = frozenset(
    "war conflict fighting siege uprising insurgency campaign offensive revolution intifada unrest".split()
)
ONGOING = frozenset("currently remain remains still".split())
# Words for one incident. A number in the same sentence belongs to it, unless the text says otherwise.
INCIDENTS = frozenset(
    """attack strike airstrike raid blast bombing explosion ambush shelling clash clashes massacre shooting assault crash bomb missile rocket
    gunmen gunman blasts strikes airstrikes attackers bomber incident collision crossfire bombs mine drone""".split()
)
CAMPAIGN_NOUNS = frozenset(
    "offensive war conflict fighting siege operation invasion attack uprising assault campaign escalation hostilities revolution".split()
)
LAUNCH_VERBS = frozenset("launched began begun started erupted broke opened launch unleashed".split())
HELD = frozenset(
    "held hostages hostage captivity captive displaced detained custody missing unaccounted detention".split()
)
SUPERLATIVES = frozenset("deadliest worst first biggest largest bloodiest highest heaviest deadlier most".split())
