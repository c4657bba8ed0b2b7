"""Read a folder of seeds (YAML and CSV) into records of text with their positions.

Only the form of the files is checked here. `conflictdata.validation` checks types, vocabularies and sums.
Submodules are loaded on first use: a command that only prints a path must not wait for the YAML reader.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictdata._utils.paths import display_path
from conflictdata.seeds.files import REFERENCE, is_seeds

if TYPE_CHECKING:
    from conflictdata.seeds.reading import Progress, Work, read_reference, read_seeds

__all__ = ["REFERENCE", "Progress", "Work", "display_path", "is_seeds", "read_reference", "read_seeds"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from conflictdata.seeds import reading

    return getattr(reading, name)
