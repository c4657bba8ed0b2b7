"""Reading what people write: a folder of YAML and CSV to records of text that know their place.

Nothing is judged here beyond the form of the files; types, vocabularies and sums are the
business of `conflictdata.validation`. Importing the package loads nothing: who only wants to print a path need not wait for YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from conflictdata._utils.paths import display_path
from conflictdata.seeds.files import REFERENCE, is_seeds

if TYPE_CHECKING:
    from conflictdata.seeds.cache import Memory
    from conflictdata.seeds.reading import Progress, Work, read_reference, read_seeds

__all__ = ["REFERENCE", "Memory", "Progress", "Work", "display_path", "is_seeds", "read_reference", "read_seeds"]


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from conflictdata.seeds import reading

    return getattr(reading, name)
