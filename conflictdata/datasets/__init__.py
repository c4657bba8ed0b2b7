"""Other people's datasets: one file each says what a table of theirs must be, and `validate` judges it.

A profile is data: titles and licence, tables with their columns (pandera models in `datasets.models`) and rules. Reading a
file in whatever form it comes is `conflictdata.readers`; judging it is `conflictdata.validation`.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from conflictdata.datasets.converter import Dataset
from conflictdata.datasets.profile import Profile, ProfileTable
from conflictdata.findings import UsageError

__all__ = [
    "NAMES",
    "Dataset",
    "Profile",
    "ProfileTable",
    "describe_unknown_profile",
    "detect_profile",
    "get_dataset",
    "get_profile",
    "list_profiles",
]

# By name, the module that holds each: `PROFILE`. Loaded when it is asked for.
_MODULES = {
    "ucdp-ged": "ucdp_ged",
    "acled": "acled",
    "palestine": "palestine",
    "ukraine": "ukraine",
    "radford": "radford",
}
NAMES = tuple(_MODULES)


@cache
def get_profile(name: str) -> Profile:
    """A profile by its name.

    Raises:
        UsageError: there is none of that name.
    """
    if name not in _MODULES:
        raise UsageError(describe_unknown_profile(name))
    loaded: Profile = import_module(f"{__name__}.{_MODULES[name]}").PROFILE
    return loaded


@cache
def get_dataset(profile: str) -> Dataset:
    """How files of a profile become our tables."""
    loaded: Dataset = import_module(f"{__name__}.{_MODULES[profile]}").DATASET
    return loaded


def describe_unknown_profile(name: str) -> str:
    """That there is no such profile, and which there are."""
    import difflib

    close = difflib.get_close_matches(name.replace("_", "-"), NAMES, n=1)
    guess = f"Did you mean {close[0]}? " if close else ""
    return f"there is no profile {name!r}. {guess}Profiles: {', '.join(NAMES)}, or auto"


def list_profiles() -> tuple[Profile, ...]:
    """All profiles."""
    return tuple(get_profile(name) for name in NAMES)


def detect_profile(
    columns: Iterable[str], among: Iterable[Profile] | None = None
) -> tuple[Profile, ProfileTable] | None:
    """The profile and the table that a file with these columns is; None where it is none of them."""
    names = list(columns)
    pairs = [(p, table) for p in (list_profiles() if among is None else among) for table in p.tables]
    fitting = [pair for pair in pairs if pair[1].is_match(names)]
    return max(fitting, key=lambda pair: pair[1].measure_fit(names), default=None)
