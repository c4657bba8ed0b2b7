"""Monthly counts of ACLED's events on HDX and in its API HAPI: recognised and checked; they hold no event and no claim."""

from __future__ import annotations

from conflictdata.datasets.profile import Profile, ProfileTable

PROFILE = Profile(
    name="acled-counts",
    title="Monthly counts of ACLED's events on HDX and HAPI",
    licence="ACLED's terms of use: not to be used to build a similar dataset",
    citation="ACLED, by way of the Humanitarian Data Exchange (HDX), https://data.humdata.org/organization/acled",
    url="https://hdx-hapi.readthedocs.io/",
    tables=(
        ProfileTable(
            "hapi_conflict_events", "ACLED's monthly counts on HAPI", needs=("location_code", "event_type", "events", "reference_period_start")
        ),
        ProfileTable("hdx_acled_counts", "ACLED's monthly counts on HDX", needs=("Country", "Month", "Year", "Events")),
    ),
    note="The files count events and deaths per division and month. They hold no event, no actor and no source, so that nothing in "
    "them is a claim: import an export of ACLED's events instead. A demonstration has no fatalities column, which is not zero.",
)  # fmt: skip
