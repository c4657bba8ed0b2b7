"""The benchmark of large tables.

Its data has the documented faults, and conflictdata finds exactly these.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest

BENCH = Path(__file__).parents[1] / "bench"
ROWS, BLOCK = 20_000, 3_000


@pytest.fixture(scope="module")
def bigdata() -> object:
    """Return the module that makes the data."""
    sys.path.insert(0, str(BENCH))
    try:
        import bigdata
    finally:
        sys.path.remove(str(BENCH))
    return bigdata


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, bigdata: object) -> Path:
    """Return a folder with the table in parts, and in one file per format."""
    folder = tmp_path_factory.mktemp("big")
    bigdata.make_parts(folder / f"parts-{ROWS}", ROWS, BLOCK)  # type: ignore[attr-defined]
    for form in ("csv", "parquet"):
        bigdata.make_table(folder / f"made_up.{form}", ROWS, BLOCK)  # type: ignore[attr-defined]
    return folder


def _read_faults(bigdata: object, path: Path) -> list[list[str]]:
    return bigdata.read_mark(path)["faults"]  # type: ignore[attr-defined,no-any-return]


def test_the_parts_make_the_documented_table(folder: Path, bigdata: object) -> None:
    parts = folder / f"parts-{ROWS}"
    rows = pl.read_parquet(parts / "*.parquet")
    faults = _read_faults(bigdata, parts)
    again = [fault for _, faults_ in bigdata.make_blocks(ROWS, BLOCK) for fault in faults_]  # type: ignore[attr-defined]

    assert len(list(parts.glob("*.parquet"))) == -(-ROWS // BLOCK)
    assert rows.height == ROWS
    assert rows["id"].n_unique() == ROWS - 10
    assert len(faults) == 100
    assert sorted(map(list, again)) == faults
    assert len({record for rule, record in faults if rule != "made_up.key-unique"}) == 90


def test_duplicate_keys_are_in_different_files(folder: Path) -> None:
    files = sorted((folder / f"parts-{ROWS}").glob("*.parquet"))
    ids = [set(pl.read_parquet(file)["id"]) for file in files]

    assert sum(len(a & b) for n, a in enumerate(ids) for b in ids[n + 1 :]) == 10


def test_the_files_hold_the_parts(folder: Path) -> None:
    parts = pl.read_parquet(folder / f"parts-{ROWS}" / "*.parquet")

    assert pl.read_parquet(folder / "made_up.parquet").equals(parts)
    assert pl.read_csv(folder / "made_up.csv", schema=parts.schema).equals(parts)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["made_up.csv", "made_up.parquet", f"parts-{ROWS}"])
def test_ours_finds_the_faults_and_nothing_else(name: str, folder: Path, bigdata: object) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH / "ours.py"), str(folder / name), "--json"],
        capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    output = json.loads(done.stdout.splitlines()[-1])

    assert sorted(output["faults"]) == _read_faults(bigdata, folder / name)
    assert output["rows"] == {"made_up": ROWS}


def test_a_run_tells_time_memory_and_disk(bigdata: object) -> None:
    sys.path.insert(0, str(BENCH))
    try:
        from measurement import run_once
    finally:
        sys.path.remove(str(BENCH))
    code = "import json, os, tempfile, time\nopen(os.path.join(tempfile.gettempdir(), 'x'), 'wb').write(bytes(8_000_000))\nx = bytearray(b'1' * 300_000_000)\ntime.sleep(0.4)\nprint(json.dumps({'findings': 3}))"

    run = run_once([sys.executable, "-c", code])

    assert run.answer == {"findings": 3}
    assert run.seconds > 0.4
    assert run.megabytes > 280
    assert run.disk >= 8_000_000
    with pytest.raises(SystemExit, match="ended with 3"):
        run_once([sys.executable, "-c", "raise SystemExit(3)"])
