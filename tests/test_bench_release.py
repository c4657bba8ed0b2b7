"""The release that bench/release.py measures is complete.

Made-up tables, written by the release code, match its hashes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from conflictdata.datapackage.verify import verify_package

BENCH = Path(__file__).parents[1] / "bench"
CODE = """
import sys
from pathlib import Path
sys.path.insert(0, {bench!r})
import release
from conflictdata.release.release import put
folder = Path({folder!r})
release.make_tables(folder / "made", 2000)
(folder / "to").mkdir()
put(release.make_draft(folder / "made"), folder / "to", {{}})
"""


@pytest.mark.slow
def test_the_made_up_release_is_whole(tmp_path: Path) -> None:
    code = CODE.format(bench=str(BENCH), folder=str(tmp_path))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "to" / "1.0.0"
    assert verify_package(folder) == []
    assert (folder / "csv" / "casualties.csv").read_text(encoding="utf-8").count("\n") == 2001
    sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=folder, check=False)
    assert sums.returncode == 0
