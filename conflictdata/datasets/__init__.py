"""Third-party datasets: one module per dataset, with profile and conversion.

A profile is data: titles and licence, tables with their columns (pandera models in `datasets.models`) and rules.
`conflictdata.readers` reads the files, `conflictdata.validation` evaluates the rules.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from importlib import import_module

from conflictdata._utils.suggest import ask_whether, find_close
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

# Module per profile name. Loaded on first use.
_MODULES = {
    "ucdp-ged": "ucdp_ged",
    "ucdp-brd": "ucdp_brd",
    "ucdp-onesided": "ucdp_onesided",
    "ucdp-nonstate": "ucdp_nonstate",
    "acled": "acled",
    "acled-counts": "acled_counts",
    "palestine": "palestine",
    "ukraine": "ukraine",
    "radford": "radford",
    "gtd": "gtd",
}
NAMES = tuple(_MODULES)


@cache
def get_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        UsageError: If there is no profile of that name.
    """
    if name not in _MODULES:
        raise UsageError(describe_unknown_profile(name))
    loaded: Profile = import_module(f"{__name__}.{_MODULES[name]}").PROFILE
    return loaded


@cache
def get_dataset(profile: str) -> Dataset:
    """Return how files of a profile are converted to our tables.

    Raises:
        UsageError: If the profile does not exist, or it has no conversion.
    """
    get_profile(profile)
    loaded: Dataset | None = getattr(import_module(f"{__name__}.{_MODULES[profile]}"), "DATASET", None)
    if loaded is None:
        raise UsageError(
            f"{profile} has no conversion to claims: its files can be validated, not imported. {get_profile(profile).note}".strip()
        )
    return loaded


def describe_unknown_profile(name: str) -> str:
    """Return a message that a profile is unknown, with the known names."""
    guess = ask_whether(*find_close(name.replace("_", "-"), NAMES, least=0.6))
    return f"there is no profile {name!r}. {guess} Profiles: {', '.join(NAMES)}, or auto".replace("  ", " ")


def list_profiles() -> tuple[Profile, ...]:
    """Return all profiles."""
    return tuple(get_profile(name) for name in NAMES)


def detect_profile(
    columns: Iterable[str], among: Iterable[Profile] | None = None, file: str = ""
) -> tuple[Profile, ProfileTable] | None:
    """Return the profile and table that fit a file best; None if none fits.

    Args:
        columns: Columns of the file.
        among: Profiles to choose from. Default: all. A single one is the one that the user named.
        file: Name of the file, which tells tables with the same columns apart.
    """
    names = list(columns)
    profiles = list_profiles() if among is None else tuple(among)
    pairs = [(p, table) for p in profiles for table in p.tables]
    fitting = [pair for pair in pairs if pair[1].is_match(names, file, is_named=len(profiles) == 1)]
    return max(fitting, key=lambda pair: (bool(pair[1].file_word), pair[1].measure_fit(names)), default=None)
