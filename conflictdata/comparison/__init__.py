"""Comparing two versions of the data: what was removed, corrected and added, what it does to tolls, which version it needs.

```python
import conflictdata as cd

changes = cd.diff("old/package", "new/package")
changes.bump                # "major", "minor", "patch" or "none"
changes.reasons             # what forces it
changes.to_frame()          # one row a changed cell
list(changes.changes())     # one item a changed row, removed ones first
```

`diff_revisions("main..HEAD")` compares two revisions of a git repository, `render(changes, "markdown")` writes the outcome.
"""

from conflictdata.comparison.compare import diff, diff_revisions
from conflictdata.comparison.forms import FORMS, render
from conflictdata.comparison.model import (
    CellChange,
    Change,
    Point,
    PointChange,
    Reason,
    SchemaChange,
    SnapshotInfo,
    TollChange,
)
from conflictdata.comparison.result import Diff
from conflictdata.comparison.sides import Snapshot, read_snapshot
from conflictdata.seeds.ledgers import Retired, read_retired

__all__ = [
    "FORMS",
    "CellChange",
    "Change",
    "Diff",
    "Point",
    "PointChange",
    "Reason",
    "Retired",
    "SchemaChange",
    "Snapshot",
    "SnapshotInfo",
    "TollChange",
    "diff",
    "diff_revisions",
    "read_retired",
    "read_snapshot",
    "render",
]
