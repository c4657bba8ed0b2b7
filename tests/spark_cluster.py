"""A Spark cluster on loopback, with quiet sessions.

The script of the repository starts it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[1] / "scripts" / "spark-cluster.sh"


def find_obstacle() -> str:
    """Return why Spark cannot run on this machine, or "" if it can."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: pip install pyspark"
    home = os.environ.get("JAVA_HOME")
    if not (Path(home) / "bin" / "java").is_file() if home else shutil.which("java") is None:
        return "Java is not installed"
    return "" if shutil.which("bash") else "bash is not installed"


def _run_script(folder: Path, *words: str) -> str:
    env = {**os.environ, "CONFLICTDATA_SPARK_DIR": str(folder), "PYTHON": sys.executable}
    done = subprocess.run([str(SCRIPT), *words], env=env, capture_output=True, text=True, timeout=300, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return done.stdout.strip()


@contextmanager
def start_cluster(folder: Path, workers: int = 2, cores: int = 1, memory: str = "1g") -> Iterator[str]:
    """Start a cluster and yield the address of its master.

    The workers run in their own processes, whose ids are in the folder.
    """
    try:
        yield _run_script(folder, "start", str(workers), str(cores), memory)
    finally:
        _run_script(folder, "stop")


def read_pid(folder: Path, name: str) -> int:
    """Return the process id of `master` or `worker-1`."""
    return int((folder / f"{name}.pid").read_text())
