"""Spark on this machine.

It gives the report of polars for any table, works in a user's own session, and explains why it cannot start.
"""

from __future__ import annotations

import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import bigtable
import pytest
import spark_cluster
from hypothesis import HealthCheck, given, settings
from test_engines_agree import SMALL, summarise, tables

import conflictdata as cd
from conflictdata.findings import UsageError
from conflictdata.validation.scan.run import check_table
from conflictdata.validation.scan.spark import session

needs_spark = pytest.mark.skipif(
    bool(spark_cluster.find_obstacle()), reason=spark_cluster.find_obstacle() or "Spark runs here"
)
GED = Path("tests/data/feeds/ged.csv")
slow = pytest.mark.slow

# pyspark leaves the socket to its Java process, and the pipe to it, to the garbage collector.
pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning")


@pytest.fixture(scope="module")
def local() -> Iterator[Any]:
    """Return Spark on this machine."""
    from conflictdata.validation.scan.spark.engine import SparkEngine

    made = SparkEngine(master="local[2]")
    yield made
    made.close()


@slow
@needs_spark
def test_every_table_gives_one_report(local: Any) -> None:
    @given(tables())
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def agrees(data: bytes) -> None:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "small.csv"
            file.write_bytes(data)
            assert summarise(check_table([file], SMALL, engine=local)) == summarise(check_table([file], SMALL))

    agrees()


@slow
@needs_spark
def test_a_session_of_the_users_own_stays_as_it_is(local: Any, tmp_path: Path) -> None:
    from conflictdata.validation.scan.spark.engine import SparkEngine

    mine = local.session.newSession()
    mine.conf.set("spark.sql.ansi.enabled", "true")
    mine.conf.set("spark.sql.session.timeZone", "Asia/Damascus")
    bigtable.make_rows(100).write_parquet(tmp_path / "made_up.parquet")

    engine = SparkEngine(session=mine)
    report = check_table([tmp_path / "made_up.parquet"], bigtable.PLAN, engine=engine)
    engine.close()

    assert report.ok
    assert mine.conf.get("spark.sql.ansi.enabled") == "true"
    assert mine.conf.get("spark.sql.session.timeZone") == "Asia/Damascus"
    assert mine.sql("select 1").collect()[0][0] == 1


@slow
@needs_spark
def test_a_missing_file_is_reported_in_a_line(local: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "made_up.parquet"
    bigtable.make_rows(100).write_parquet(file)
    ready = local._files.prepare
    monkeypatch.setattr(local._files, "prepare", lambda part: (file.unlink(missing_ok=True), ready(part))[1])

    with pytest.raises(UsageError, match=r"made_up\.parquet cannot be read: .*does not exist"):
        check_table([file], bigtable.PLAN, engine=local)


@slow
@needs_spark
def test_the_command_prints_the_report_and_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "ged.csv"
    file.write_bytes(GED.read_bytes())
    command = [sys.executable, "-m", "conflictdata", "validate", str(file), "--profile", "ucdp-ged", "--concise"]

    done = [
        subprocess.run([*command, *more], capture_output=True, text=True, check=False, timeout=300)
        for more in (["--memory", "1GB"], ["--engine", "spark", "--spark-master", "local[2]", "--memory", "1GB"])
    ]

    polars, spark = ([line for line in d.stdout.splitlines() if "judged in" not in line] for d in done)
    assert spark == polars
    assert done[1].returncode == done[0].returncode == 1
    assert done[1].stderr == done[0].stderr


def test_a_master_that_does_not_answer_is_reported_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(
        UsageError, match=rf"--spark-master spark://127\.0\.0\.1:{port}: no answer \(Connection refused\)"
    ):
        session._require_reachable(f"spark://127.0.0.1:{port}")


@pytest.mark.parametrize("master", ["spark://host", "spark://:7077", "spark://host:port"])
def test_a_master_is_a_host_and_a_port(master: str) -> None:
    with pytest.raises(UsageError, match="is written as spark://HOST:PORT"):
        session._require_reachable(master)


def test_another_master_has_no_address_to_be_reached(monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[object] = []
    monkeypatch.setattr(session.socket, "create_connection", lambda *where, **_: called.append(where))

    for master in ("local[*]", "yarn", "k8s://https://host:6443"):
        session._require_reachable(master)

    assert called == []


@pytest.mark.parametrize(("home", "said_"), [("nowhere", "JAVA_HOME is .*nowhere, and no Java"), ("", "no `java`")])
def test_without_java_the_message_says_how_to_fix_it(
    home: str, said_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / home) if home else "")

    with pytest.raises(UsageError, match=f"needs Java 17 or newer, and {said_}"):
        session._require_java()


def test_without_pyspark_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    bigtable.make_rows(10).write_parquet(tmp_path / "made_up.parquet")
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)

    with pytest.raises(UsageError, match=r"pip install pyspark"):
        check_table([tmp_path / "made_up.parquet"], bigtable.PLAN, engine="spark")


def test_a_master_is_for_spark_alone(tmp_path: Path) -> None:
    bigtable.make_rows(10).write_parquet(tmp_path / "made_up.parquet")

    with pytest.raises(UsageError, match="--spark-master is for --engine spark"):
        cd.validate(tmp_path / "made_up.parquet", profile="auto", engine="duckdb", spark_master="local[1]")
    with pytest.raises(UsageError, match="--spark-master is for --engine spark"):
        check_table([tmp_path / "made_up.parquet"], bigtable.PLAN, spark_master="local[1]")


def test_too_little_memory_is_refused() -> None:
    pytest.importorskip("pyspark")

    with pytest.raises(UsageError, match="no less than 512 MiB"):
        session.start_session("local[1]", 300_000_000)


def test_narwhals_still_lacks_what_we_give_it() -> None:
    """If the process fails, narwhals has `total_minutes` on Spark: `scan/spark/engine.py` need not add it."""
    pytest.importorskip("pyspark")
    code = (
        "from narwhals._spark_like.expr_dt import SparkLikeExprDateTimeNamespace as T\n"
        "from narwhals._utils import not_implemented\n"
        "assert isinstance(vars(T)['total_minutes'], not_implemented)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
