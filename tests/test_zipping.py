"""The zip of a version.

Threads compress large members, and the bytes do not depend on their number.
"""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import zipfile
from pathlib import Path

import polars as pl
import pytest

from conflictdata.datapackage.tables import _is_ordered, iterate_batches
from conflictdata.release import archive


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    there = tmp_path / "in"
    (there / "csv").mkdir(parents=True)
    words = random.Random(1).choices(["killed", "at_least", "sohr", "2024-12-05", "727", "\n"], k=1_500_000)
    (there / "csv" / "large.csv").write_text(",".join(words), encoding="utf-8")
    (there / "csv" / "small.csv").write_text("a,b\n", encoding="utf-8")
    (there / "empty.md").write_bytes(b"")
    return there


def test_large_members_come_out_as_they_went_in(folder: Path, tmp_path: Path) -> None:
    assert (folder / "csv" / "large.csv").stat().st_size > 2 * archive.BLOCK
    archive.write(folder, tmp_path / "a.zip", "top")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert packed.testzip() is None
        assert packed.namelist() == ["top/csv/large.csv", "top/csv/small.csv", "top/empty.md"]
        for name in packed.namelist():
            assert packed.read(name) == (folder / name.removeprefix("top/")).read_bytes()
        large = packed.getinfo("top/csv/large.csv")
        assert large.compress_size < large.file_size / 2
    if shutil.which("unzip"):
        assert subprocess.run(["unzip", "-tq", tmp_path / "a.zip"], check=False, capture_output=True).returncode == 0


@pytest.mark.parametrize("cores", [1, 7])
def test_the_bytes_do_not_hang_on_the_number_of_threads(
    cores: int, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive.write(folder, tmp_path / "a.zip", "top")
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    archive.write(folder, tmp_path / "b.zip", "top")
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


KEYS = {
    "in order": ([("a", 1), ("a", 2), ("b", 1)], True),
    "empty": ([], True),
    "second falls": ([("a", 2), ("a", 1), ("b", 1)], False),
    "first falls": ([("b", 1), ("a", 2)], False),
    "missing": ([("a", None), ("a", 1)], False),
}


@pytest.mark.parametrize("name", KEYS)
def test_order_is_seen_over_all_columns_of_a_key(name: str) -> None:
    rows, expected = KEYS[name]
    frame = pl.DataFrame(rows, schema={"x": pl.String, "y": pl.Int64}, orient="row").lazy()
    assert _is_ordered(frame, ("x", "y")) is expected


@pytest.mark.parametrize(("rows", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_batches_have_one_size_and_lose_nothing(rows: int, sizes: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("conflictdata.datapackage.tables.BATCH", 3)
    frame = pl.DataFrame({"x": range(rows)}, schema={"x": pl.Int64})
    pieces = list(iterate_batches(frame.lazy()))
    assert [p.height for p in pieces] == sizes
    assert pl.concat(pieces).equals(frame)
