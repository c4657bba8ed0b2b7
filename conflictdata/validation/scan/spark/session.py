"""Starting and stopping Spark: a session of our own, quiet, with the settings that the verdicts rest on."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from conflictdata.findings import UsageError

if TYPE_CHECKING:
    from pyspark import SparkConf, SparkContext
    from pyspark.sql import SparkSession

LOCAL = "local[*]"
MIN_MEMORY = 512 * 2**20  # bytes; Spark keeps 300 MB for itself and refuses less than 450 MB
_CONNECT_TIMEOUT = 10  # seconds in which a master must answer
_WORKER_TIMEOUT = 60  # seconds in which it must have given a worker
_MISSING = "the engine spark is not installed: pip install pyspark"

# Settings of the session that the verdicts rest on. Those of a user's own session stay as they are: it gets a sister.
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "false",  # what cannot be read is null, as on the other engines, and ends no job
    "spark.sql.caseSensitive": "true",
    "spark.sql.adaptive.enabled": "true",
    "spark.sql.legacy.parquet.nanosAsLong": "true",  # else a file with such a column cannot be read at all
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.mergeSchema": "false",
    # Spark makes one method of all rules, and Java compiles none of more than 8,000 bytes, so that it stayed slow. With this
    # Spark makes smaller ones, which took two thirds of the time.
    "spark.sql.codegen.hugeMethodLimit": "8000",
}


@dataclass
class RunningSession:
    """A session, and how it is left.

    Attributes:
        session: the session, which has settings of its own.
        own: whether Spark was started for it, and is stopped with it.
    """

    session: SparkSession
    is_owner: bool = False
    _log: IO[bytes] | None = None
    _interrupt: Any = None

    def stop(self) -> None:
        """Stop Spark, if it was started here, and its Java process."""
        if not self.is_owner:
            return
        from pyspark import SparkContext

        gateway = SparkContext._gateway
        with suppress(Exception):  # it may be gone already, which is as well
            self.session.stop()
        _stop_java(gateway)
        if self._interrupt is not None:
            signal.signal(signal.SIGINT, self._interrupt)
        if self._log is not None:
            self._log.close()
        self.is_owner = False


def open_sister_session(session: SparkSession) -> RunningSession:
    """Open a session next to one that is running, with the settings that the verdicts rest on."""
    made = session.newSession()
    for name, value in _SETTINGS.items():
        made.conf.set(name, value)
    if not session.sparkContext.getConf().contains("spark.sql.shuffle.partitions"):
        made.conf.set("spark.sql.shuffle.partitions", str(max(8, 4 * session.sparkContext.defaultParallelism)))
    return RunningSession(made)


def start_session(master: str | None, memory: int | None) -> RunningSession:
    """Start a session on a master; next to the session that is running in this process, if there is one.

    Args:
        master: its address, such as `spark://host:7077` or `local[4]`; all cores of this machine where it is None.
        memory: bytes for each executor, or for this machine where the master is local.

    Raises:
        UsageError: Spark or Java is not installed, or the master does not answer, gives no worker, or is another one than
            that of the session that is running.
    """
    try:
        from pyspark.sql import SparkSession
    except ImportError as missing:
        raise UsageError(_MISSING) from missing
    if memory is not None and memory < MIN_MEMORY:
        raise UsageError(f"--memory with the engine spark: no less than {MIN_MEMORY // 2**20} MiB")
    running = SparkSession.getActiveSession()
    if running is not None:
        running_master = running.sparkContext.master
        if memory is not None or master not in (None, running_master):
            raise UsageError(
                f"Spark is running in this process already, on {running_master}; stop it, or give no master or memory"
            )
        return open_sister_session(running)
    _require_java()
    _require_reachable(master or LOCAL)
    return _launch(master or LOCAL, memory)


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    found = (Path(home) / "bin" / "java").is_file() if home else shutil.which("java")
    if not found:
        where = f"JAVA_HOME is {home}, and no Java is there" if home else "no `java` is on the path"
        raise UsageError(f"the engine spark needs Java 17 or newer, and {where}")


def _parse_addresses(master: str) -> list[tuple[str, int]]:
    """The hosts and ports of a standalone master, `spark://one:7077,two:7077`; none of another kind of master."""
    scheme, _, rest = master.partition("://")
    if scheme != "spark":
        return []
    pairs = [address.rpartition(":") for address in rest.split(",")]
    if not all(host and port.isdigit() for host, _, port in pairs):
        raise UsageError(f"--spark-master {master}: a master is written as spark://HOST:PORT")
    return [(host, int(port)) for host, _, port in pairs]


def _require_reachable(master: str) -> None:
    """See that a standalone master answers: Spark itself tries for a minute, and says little then.

    Raises:
        UsageError: none does.
    """
    addresses, faults = _parse_addresses(master), []
    for address in addresses:
        try:
            socket.create_connection(address, timeout=_CONNECT_TIMEOUT).close()
        except OSError as fault:
            faults.append(fault.strerror or str(fault))
        else:
            return
    if addresses:
        raise UsageError(f"--spark-master {master}: no answer ({faults[0]})")


def _make_conf(master: str, memory: int | None) -> SparkConf:
    from pyspark import SparkConf

    conf = SparkConf(loadDefaults=False).setMaster(master).setAppName("conflictdata")
    conf.set("spark.ui.enabled", "false").set("spark.ui.showConsoleProgress", "false")
    is_local = master.startswith("local")
    if is_local or all(host in ("127.0.0.1", "localhost") for host, _ in _parse_addresses(master) or [("", 0)]):
        conf.set("spark.driver.host", "127.0.0.1").set("spark.driver.bindAddress", "127.0.0.1")
    if memory is not None:
        conf.set("spark.driver.memory" if is_local else "spark.executor.memory", f"{memory // 2**20}m")
    return conf


def _launch(master: str, memory: int | None) -> RunningSession:
    from pyspark import SparkContext
    from pyspark.java_gateway import launch_gateway
    from pyspark.sql import SparkSession

    log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as Java runs, whose warnings go there
    before = signal.getsignal(signal.SIGINT)
    gateway = None
    try:
        conf = _make_conf(master, memory)
        gateway = launch_gateway(conf, {"stdout": log, "stderr": log})
        context = SparkContext(conf=conf, gateway=gateway)
        _wait_for_worker(context, master)
        started = open_sister_session(SparkSession(context))
    except BaseException as fault:
        with suppress(Exception):
            if SparkContext._active_spark_context is not None:
                SparkContext._active_spark_context.stop()
        _stop_java(gateway)
        signal.signal(signal.SIGINT, before)
        reason = _read_log(log)
        log.close()
        if isinstance(fault, UsageError) or not isinstance(fault, Exception):
            raise
        raise UsageError(f"Spark did not start on {master}: {reason or shorten_fault(fault)}") from fault
    started.is_owner, started._log, started._interrupt = True, log, before
    return started


def _wait_for_worker(context: SparkContext, master: str) -> None:
    """Wait until a standalone master has given an executor: a job without any would wait for ever."""
    if not _parse_addresses(master):
        return
    until = time.monotonic() + _WORKER_TIMEOUT
    while context._jsc.sc().getExecutorMemoryStatus().size() < 2:  # the driver is one
        if time.monotonic() > until:
            raise UsageError(
                f"--spark-master {master}: it answers, and gave no worker within {_WORKER_TIMEOUT} s; "
                "are workers running, with memory and cores to spare?"
            )
        time.sleep(0.2)


def _stop_java(gateway: Any) -> None:
    """End the Java process, so that the next session of this process may have other settings."""
    from pyspark import SparkContext

    if gateway is None:
        return
    with suppress(Exception):
        gateway.shutdown()
    process = gateway.proc
    with suppress(Exception):
        process.stdin.close()
        process.wait(timeout=20)
    SparkContext._gateway = SparkContext._jvm = None


def _read_log(log: IO[bytes]) -> str:
    """Why Java ended, in its own words."""
    log.seek(0)
    lines = [line.strip() for line in log.read().decode("utf-8", "replace").splitlines() if line.strip()]
    errors = [line for line in lines if "Exception" in line or line.lower().startswith(("error", "exception"))]
    return (errors or [""])[0][:300]


def shorten_fault(fault: BaseException) -> str:
    """Return what went wrong, in one line."""
    message = getattr(fault, "getMessage", None)
    java = getattr(fault, "java_exception", None)
    text = str(message() if message else java.toString() if java is not None else fault)
    line = next((line.strip() for line in text.splitlines() if line.strip()), type(fault).__name__)
    if "FILE_NOT_EXIST" in line or "FileNotFound" in text:
        line += " Every worker must be able to read the file under the same path."
    return line[:400]
