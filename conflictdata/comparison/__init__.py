"""Compare two versions of the data: rows, tolls, schema, version number.

```python
import conflictdata as cd

changes = cd.diff("old/package", "new/package")
changes.bump                # "major", "minor", "patch" or "none"
changes.reasons             # why that much
changes.to_frame()          # one row per changed cell
list(changes.changes())     # one item per changed row, removed rows first
```

`diff_revisions("main..HEAD")` compares two revisions of a git repository. `render(changes, "markdown")` writes the
result.
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
