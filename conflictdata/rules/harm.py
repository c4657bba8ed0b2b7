"""Rules of harm: a count of one singles nobody out."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, rule
from conflictdata.schema.quantities import is_filled

_NARROW_PLACES = ("settlement", "site")
_SEXES = ("male", "female")


def _select_single_days(frames: Frames) -> Lazy:
    """Return `claim_id` and `event_day`, the day of a claim's only event, if the event is of one day."""
    events = frames["events"].filter(nw.col("date_start") == nw.col("date_end"))
    days = events.select("event_id", event_day="date_start")
    claims = frames["claims_resolved"].filter(nw.col("event_count") == 1).select("claim_id", "event_id")
    return claims.join(days, on="event_id", how="inner").select("claim_id", "event_day")


@rule(
    "figures.one-person-hidden",
    "warning",
    ("best", "sex", "age", "label"),
    message="one person is given with sex ({sex}), age ({age}), place ({place}) and day ({day})",
    hint="Code less: leave out the sex or the age, and what the label and the phrase say of them (docs/harm.md).",
    why=(
        "A count of one in a town on one day, with sex and age, singles a person out without a name: whoever lives there knows "
        "who it was. No sum needs all four."
    ),
    requires_tables=("claims", "events", "claim_events", "locations"),
    found="{sex}, {age}, {place}, {day}",
    example=Example(
        "A count of one singles nobody out",
        bad={
            "claim": """
                during: 2024-06-02
                location: town
                killed: {n: 1, who: boys}
                """,
        },
        good={
            "claim": """
                during: 2024-06-02
                location: town
                killed: {n: 1, who: children}
                """,
        },
    ),
)
def _check_singled_out(frames: Frames) -> Lazy:
    """Check that no count of one in a town has sex, age and a day, inherited values included."""
    start, end = nw.col("resolved_period_start"), nw.col("resolved_period_end")
    is_one = (nw.col("low") == 1) & (nw.col("high") == 1) & (nw.col("copies") == 1)
    ones = frames["figures_resolved"].filter(is_one).select(
        "figure_id", "claim_id", sex="resolved_sex", age="resolved_age", place="resolved_location_id",
        own_day=nw.when(start == end).then(start), has_window=~start.is_null(),
    )  # fmt: skip
    places = frames["locations"].filter(nw.col("kind").is_in(list(_NARROW_PLACES))).select(narrow="location_id")
    placed = ones.join(places, left_on="place", right_on="narrow", how="semi")
    dated = placed.join(_select_single_days(frames), on="claim_id", how="left")
    day = nw.when(nw.col("has_window")).then(nw.col("own_day")).otherwise(nw.col("event_day"))
    is_known = nw.col("sex").is_in(list(_SEXES)) & (nw.col("age") != "unknown") & is_filled("day")
    return dated.with_columns(day=day).with_columns((~is_known.fill_null(False)).alias(VERDICT))
