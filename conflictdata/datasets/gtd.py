"""Global Terrorism Database of START: one row per attack. Its terms forbid to pass it on; files are validated, not imported."""

from __future__ import annotations

from conflictdata.datasets.profile import Profile, ProfileTable

PROFILE = Profile(
    name="gtd",
    title="Global Terrorism Database",
    licence="START's terms of use: not to be passed on",
    citation="START (National Consortium for the Study of Terrorism and Responses to Terrorism). Global Terrorism Database. https://www.start.umd.edu/gtd",
    url="https://www.start.umd.edu/gtd/",
    # The first half of 2021, a release of its own, was passed on without its year.
    tables=(
        ProfileTable("gtd", "Global Terrorism Database", needs=("eventid",), either=("iyear", "imonth", "attacktype1_txt")),
    ),
    note="START's terms forbid to pass its data on; the package checks your own copy on your machine, and makes no claims of it.",
)  # fmt: skip
