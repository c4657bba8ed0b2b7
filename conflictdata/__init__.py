"""Casualty claims in armed conflicts: sourced, bounded, nested, revisable, and checked.

```python
import conflictdata as cd

cd.load("casualties")      # pandas, from the installed package, offline
cd.load("claims", version="1.0.0")
cd.load("casualties", collection="gaza_daily")
cd.tables(), cd.versions(), cd.collections()
cd.describe("figures")
cd.path("claims", format="csv")
cd.find("Syrian Observatory")
cd.cite("apa")
cd.validate("seeds/")
cd.diff("old/package", "new/package")
cd.schemas.Figures.validate(df)
```

Importing this package loads nothing: each name is fetched when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself would cost more than all the rest of this import
if TYPE_CHECKING:
    from conflictdata import schemas
    from conflictdata.citation import cite
    from conflictdata.comparison import diff
    from conflictdata.comparison.result import Diff
    from conflictdata.findings import ConflictDataError, Finding, Report, UsageError, ValidationError
    from conflictdata.loading import collections, describe, load, path, tables, versions
    from conflictdata.registers import NameMatch, find
    from conflictdata.validation.api import validate

__version__ = "2.0.0"

__all__ = [
    "ConflictDataError",
    "Diff",
    "Finding",
    "NameMatch",
    "Report",
    "UsageError",
    "ValidationError",
    "__version__",
    "cite",
    "collections",
    "describe",
    "diff",
    "find",
    "load",
    "path",
    "schemas",
    "tables",
    "validate",
    "versions",
]

_MODULES = {
    "comparison": ("diff",),
    "comparison.result": ("Diff",),
    "citation": ("cite",),
    "loading": ("collections", "describe", "load", "path", "tables", "versions"),
    "registers": ("NameMatch", "find"),
    "validation.api": ("validate",),
    "findings": ("ConflictDataError", "Finding", "Report", "UsageError", "ValidationError"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    if name == "schemas":
        return import_module("conflictdata.schemas")
    found = getattr(import_module(f"conflictdata.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
