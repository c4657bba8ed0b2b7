"""Spark gives the report of polars, on a cluster of two workers.

At the end one of them is killed.
"""

from __future__ import annotations

import gzip
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bigtable
import polars as pl
import pytest
import spark_cluster
from test_engines_agree import summarise

from conflictdata.validation.plan import Plan, Reference
from conflictdata.validation.scan.run import check_table

needs_spark = pytest.mark.skipif(
    bool(spark_cluster.find_obstacle()), reason=spark_cluster.find_obstacle() or "Spark runs here"
)
GED = Path("tests/data/feeds/ged.csv")
REAL = sorted(Path("../shared/data/ucdp_ged").glob("*.csv"))
slow = pytest.mark.slow

# pyspark leaves the socket to its Java process, and the pipe to it, to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of the cluster."""
    return tmp_path_factory.mktemp("cluster")


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[Any]:
    """Return Spark on a standalone master with two workers."""
    from conflictdata.validation.scan.spark.engine import SparkEngine

    with spark_cluster.start_cluster(folder, workers=2) as url:
        made = SparkEngine(master=url)
        yield made
        made.close()


@pytest.fixture(scope="module")
def faulty(tmp_path_factory: pytest.TempPathFactory) -> tuple[pl.DataFrame, list[tuple[str, str]]]:
    """Return a table with a hundred known faults."""
    return bigtable.add_faults(bigtable.make_rows(3_000))


def _check_same(paths: list[Path], plan: Plan, engine: Any) -> dict[str, Any]:
    """Check that Spark and polars give the same report on files, and return it."""
    found = summarise(check_table(paths, plan, engine=engine))
    assert found == summarise(check_table(paths, plan))
    return found


@slow
@needs_spark
@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_the_known_faults_are_found_and_nothing_else(form: str, engine: Any, faulty: Any, tmp_path: Path) -> None:
    frame, expected = faulty
    file = tmp_path / f"made up % [1]é.{form}"
    frame.write_csv(file, float_scientific=False) if form == "csv" else frame.write_parquet(file)

    found = _check_same([file], bigtable.PLAN, engine)

    assert sorted((f["rule"], f["record"]) for f in found["findings"]) == expected


@slow
@needs_spark
def test_lines_are_counted_over_the_splits_of_a_file(
    engine: Any, faulty: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conflictdata.validation.scan.spark.files import SparkFiles

    frame, expected = faulty
    for number, ending in enumerate(["\n", "\r\n"]):
        frame.write_csv(tmp_path / f"{number}.csv", float_scientific=False, line_terminator=ending)
    monkeypatch.setattr(engine, "_files", SparkFiles(engine.session, tmp_path, split=40_000))

    found = _check_same(sorted(tmp_path.glob("*.csv")), bigtable.PLAN, engine)

    lines = [f["line"] for f in found["findings"] if f["file"].endswith("0.csv")]
    assert len(lines) == len(expected)
    assert max(lines) > 2_900
    assert len(engine._files._before[tmp_path / "0.csv"]) > 8


@slow
@needs_spark
def test_folders_patterns_and_packed_files(engine: Any, faulty: Any, tmp_path: Path) -> None:
    frame, expected = faulty
    plan = Plan(bigtable.TABLE, bigtable.COLUMNS, ("id",), bigtable.RULES, bigtable.PLAN.references, partial=True)
    for number, piece in enumerate(frame.iter_slices(600)):
        there = tmp_path / f"year={2020 + number % 2}"
        there.mkdir(exist_ok=True)
        piece.drop("year").write_parquet(there / f"{number}.parquet")
    text = frame.write_csv(float_scientific=False).encode()
    (tmp_path / "packed").mkdir()
    (tmp_path / "packed" / "one.csv.gz").write_bytes(gzip.compress(text))
    (tmp_path / "packed" / "two.csv.zst").write_bytes(_compress(text))

    folders = _check_same([tmp_path / "year=2020", tmp_path / "year=2021"], plan, engine)
    whole = _check_same([*tmp_path.glob("year=*/*.parquet")], plan, engine)
    packed = _check_same([tmp_path / "packed" / "*.csv.*"], plan, engine)

    assert {f["file"] for f in folders["findings"]} > {str(tmp_path / "year=2020" / "0.parquet")}
    assert whole["counts"] == {bigtable.TABLE: 3_000}
    assert packed["counts"] == {bigtable.TABLE: 6_000}
    assert len(packed["findings"]) > 2 * len(expected)  # the keys of both are duplicated


def _compress(text: bytes) -> bytes:
    import pyarrow as pa

    return pa.compress(text, "zstd", asbytes=True)


@slow
@needs_spark
def test_what_the_folders_say_is_a_column(engine: Any, tmp_path: Path) -> None:
    for year in ("2024", "20x4"):
        (tmp_path / f"year={year}").mkdir()
        bigtable.make_rows(50, seed=3).drop("year").write_parquet(tmp_path / f"year={year}" / "part.parquet")

    found = _check_same([tmp_path], bigtable.PLAN, engine)

    assert sum(f["rule"] == "cells.whole" and f["value"] == "20x4" for f in found["findings"]) == 50


@slow
@needs_spark
def test_malformed_lines_are_reported(engine: Any, faulty: Any, tmp_path: Path) -> None:
    lines = faulty[0].write_csv(float_scientific=False).encode().splitlines(keepends=True)
    lines[100:100] = [b"\n", b"1,2,3\n", b"," * 40 + b"\n", lines[7].replace(b"Rebel", b"R\xe9bel")]
    lines[900] = lines[900].rstrip(b"\n") + b'"\n'
    (tmp_path / "made_up.csv").write_bytes(b"".join(lines))

    found = _check_same([tmp_path / "made_up.csv"], bigtable.PLAN, engine)

    assert {"csv.width", "csv.syntax", "file.encoding"} <= {f["rule"] for f in found["findings"]}


@slow
@needs_spark
def test_names_that_are_too_many_for_a_list(engine: Any, faulty: Any, tmp_path: Path) -> None:
    faulty[0].write_parquet(tmp_path / "made_up.parquet")
    known = tuple(range(2, 12_000, 3))
    plan = Plan(bigtable.TABLE, bigtable.COLUMNS, ("id",), (), (Reference("country_id", "country", known),))

    found = _check_same([tmp_path / "made_up.parquet"], plan, engine)

    assert len(found["findings"]) > 1_000


@slow
@needs_spark
def test_more_failures_than_come_into_memory_at_once(
    engine: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from conflictdata.validation.scan.spark import evaluate

    monkeypatch.setattr(evaluate, "_TOGETHER", 100)
    frame = bigtable.make_rows(2_000).with_columns(low=pl.when(pl.col("id") % 3 == 0).then(9_999).otherwise("low"))
    frame.write_parquet(tmp_path / "made_up.parquet")
    frame.write_csv(tmp_path / "made_up.csv", float_scientific=False)

    for file in tmp_path.iterdir():
        assert len(_check_same([file], bigtable.PLAN, engine)["findings"]) > 600


@slow
@needs_spark
@pytest.mark.parametrize("file", [GED, *REAL], ids=lambda file: file.name)
def test_a_profile_says_the_same(file: Path, engine: Any) -> None:
    import datetime as dt

    from conflictdata.datasets import get_profile
    from conflictdata.validation.plan import make_dataset_plan

    plan = make_dataset_plan(get_profile("ucdp-ged").tables[0], dt.date(2026, 1, 1))

    found = _check_same([file], plan, engine)

    assert found["findings"]


@slow
@needs_spark
def test_a_worker_is_killed_in_the_middle_and_the_answer_is_unchanged(
    engine: Any, folder: Path, tmp_path: Path
) -> None:
    """The last test on the cluster: it has one worker afterwards."""
    frame, expected = bigtable.add_faults(bigtable.make_rows(600_000))
    for number, piece in enumerate(frame.iter_slices(30_000)):
        piece.write_parquet(tmp_path / f"{number:02}.parquet")
    tracker = engine.session.sparkContext.statusTracker()
    executors = engine.session.sparkContext._jsc.sc().getExecutorMemoryStatus
    killed = []

    def kill() -> None:
        while not killed:
            stages = [tracker.getStageInfo(number) for number in tracker.getActiveStageIds()]
            if any(stage and stage.numTasks > 3 and 0 < stage.numCompletedTasks < stage.numTasks for stage in stages):
                os.kill(spark_cluster.read_pid(folder, "worker-1"), signal.SIGKILL)
                killed.append([(s.numCompletedTasks, s.numTasks) for s in stages if s])
            time.sleep(0.01)

    assert executors().size() == 3  # and the driver
    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    report = check_table([tmp_path], bigtable.PLAN, engine=engine)
    unharmed = summarise(check_table([tmp_path], bigtable.PLAN))

    assert killed, "no job was caught in the middle"
    assert summarise(report) == unharmed
    assert sorted((f.rule, f.record) for f in report.findings) == expected
    assert executors().size() == 2
