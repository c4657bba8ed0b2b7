"""Ways in: files of other people's datasets become a data package of claims that passes our rules.

A dataset is one module with `DATASET = Dataset(...)`: who publishes it, and for each of its tables a function from typed
rows to drafts of our tables. Reading, numbering, revisions and writing are common to all.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module

from conflictdata.importing.dataset import Dataset
from conflictdata.importing.running import Imported, import_files

__all__ = ["Dataset", "Imported", "dataset", "import_files"]

# By profile, the module that holds its `DATASET`.
_MODULES = {
    "ucdp-ged": "ucdp_ged", "acled": "acled", "palestine": "palestine", "ukraine": "ukraine", "radford": "radford",
}  # fmt: skip


@cache
def dataset(profile: str) -> Dataset:
    """How files of a profile become our tables."""
    found: Dataset = import_module(f"{__name__}.{_MODULES[profile]}").DATASET
    return found
