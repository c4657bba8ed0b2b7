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
cd.timeline("sohr.syria_2024_offensive.2024-11-27")
cd.window("sohr.syria_2024_offensive.2024-11-27", "2024-12-01", "2024-12-04")
cd.compare("2024-12-01-idlib-strikes")
cd.rollup("event", {"claimant": "sohr", "relation": "total"}), cd.as_of("2024-12-04"), cd.revisions("lbc-2024-06-06.2")
cd.timeline("gaza_moh.gaza_2023.2023-10-07", collection="gaza_daily")
cd.schemas.Figures.validate(df)
```

Importing this package loads nothing: each name is fetched when it is first used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` itself would cost more than all the rest of this import
if TYPE_CHECKING:
    from conflictdata import plots, schemas
    from conflictdata.analysis.as_of import as_of
    from conflictdata.analysis.compare import compare
    from conflictdata.analysis.refused import Refused
    from conflictdata.analysis.revisions import revisions
    from conflictdata.analysis.rollup import rollup
    from conflictdata.analysis.timeline import timeline
    from conflictdata.analysis.window import window
    from conflictdata.citation import cite
    from conflictdata.comparison import diff
    from conflictdata.comparison.result import Diff
    from conflictdata.findings import ConflictDataError, Finding, Report, UsageError, ValidationError
    from conflictdata.loading import collections, describe, load, path, tables, versions
    from conflictdata.registers import NameMatch, find
    from conflictdata.validation.api import validate

__version__ = "2.2.0"

__all__ = [
    "ConflictDataError",
    "Diff",
    "Finding",
    "NameMatch",
    "Refused",
    "Report",
    "UsageError",
    "ValidationError",
    "__version__",
    "as_of",
    "cite",
    "collections",
    "compare",
    "describe",
    "diff",
    "find",
    "load",
    "path",
    "plots",
    "revisions",
    "rollup",
    "schemas",
    "tables",
    "timeline",
    "validate",
    "versions",
    "window",
]

_MODULES = {
    "analysis.as_of": ("as_of",),
    "analysis.compare": ("compare",),
    "analysis.refused": ("Refused",),
    "analysis.revisions": ("revisions",),
    "analysis.rollup": ("rollup",),
    "analysis.timeline": ("timeline",),
    "analysis.window": ("window",),
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

    if name in ("plots", "schemas"):
        return import_module(f"conflictdata.{name}")
    found = getattr(import_module(f"conflictdata.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
