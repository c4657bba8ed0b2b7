"""A run that is killed at any moment leaves a complete package."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import warnings

import pytest
import sample
from packages import ONE, TWO, list_siblings, make_environment, make_filler, read_version

from conflictdata._utils import atomic_write
from conflictdata.datapackage.build import publish


@pytest.fixture
def out(tmp_path):
    """Return a package of version 1.0.0."""
    return publish(sample.make_tables(), tmp_path / "data", ONE)


WRITER = """
import sys
from pathlib import Path
from conflictdata._utils import atomic_write as swap
import sample
from packages import ONE, TWO, build_files, make_filler

if sys.argv[2] == "two renames":
    swap._swap_folders = lambda one, other: False
files = [build_files(sample.make_tables(), release, Path(sys.argv[3]) / release.version) for release in (TWO, ONE)]
print("ready", flush=True)
while True:
    for content in files:
        swap.replace_folder(make_filler(content), Path(sys.argv[1]), lambda out: None)
"""


def kill_while_writing(out, way, after):
    """Start a process that replaces the package repeatedly, and kill it."""
    spare = tempfile.mkdtemp(dir=out.parent.parent)
    command = [sys.executable, "-c", WRITER, str(out), way, spare]
    with subprocess.Popen(command, env=make_environment(), stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"ready\n"
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL


def check_survivor(out, way):
    """Check that the package is complete after a kill.

    At once or, with two renames, after the next run has restored it.
    """
    if way == "two renames" and not out.exists():
        assert read_version(out.with_name(".data.old")) in ("1.0.0", "2.0.0")
        atomic_write._recover(out)
    assert read_version(out) in ("1.0.0", "2.0.0")


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("way", ["exchange", "two renames"])
@pytest.mark.parametrize("kills", [2, 12, pytest.param(50, marks=pytest.mark.hand)])
def test_a_killed_run_leaves_the_package_whole(way, kills, out):
    moments = random.Random(kills)
    for _ in range(kills):
        kill_while_writing(out, way, moments.uniform(0, 0.2))
        check_survivor(out, way)

    publish(sample.make_tables(), out, TWO)

    assert read_version(out) == "2.0.0"
    assert list_siblings(out) == []


OLD = {"datapackage.json": b"old", "csv/a.csv": b"old", "csv/b.csv": b"old"}
NEW = {"datapackage.json": b"new", "csv/a.csv": b"new", "parquet/a.parquet": b"new"}
STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.listdir", "os.scandir"}


def read_content(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def run_and_die(replace, step):
    """Replace a folder in a child process that is killed before its n-th disk step.

    Returns:
        Whether it reached that step.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about forking with threads of polars: the child uses none
        child = os.fork()
    if child == 0:
        left = iter(range(step))

        def count(event, _):
            if event in STEPS and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        replace()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
@pytest.mark.parametrize("way", ["exchange", "two renames"])
def test_a_run_killed_before_any_step_leaves_a_whole_folder(way, tmp_path, monkeypatch):
    if way == "two renames":
        monkeypatch.setattr(atomic_write, "_swap_folders", lambda one, other: False)
    found, step, killed = [], 0, True
    while killed:
        folder = tmp_path / str(step) / "data"
        atomic_write.replace_folder(make_filler(OLD), folder, lambda out: None)
        killed = run_and_die(
            lambda folder=folder: atomic_write.replace_folder(make_filler(NEW), folder, lambda out: None), step
        )
        whole = folder if folder.exists() else folder.with_name(".data.old")
        assert read_content(whole) in (OLD, NEW), f"step {step}"
        found.append((whole.name, read_content(whole) == NEW))

        atomic_write.replace_folder(make_filler(NEW), folder, lambda out: None)
        assert read_content(folder) == NEW
        assert list_siblings(folder) == [], f"step {step}"
        step += 1

    assert step > 20
    assert found[0] == ("data", False)
    assert found[-1] == ("data", True)
    assert ((".data.old", False) in found) == (way == "two renames"), "the gap between two renames was not met"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_run_killed_before_any_step_leaves_a_whole_file_and_the_next_clears_up(tmp_path):
    found, step, killed = [], 0, True
    while killed:
        file = tmp_path / str(step) / "index.json"
        file.parent.mkdir()
        atomic_write.replace_file(file, b"old")
        killed = run_and_die(lambda file=file: atomic_write.replace_file(file, b"new"), step)
        found.append((file.read_bytes(), len(list(file.parent.iterdir()))))

        atomic_write.replace_file(file, b"newer")
        assert [(p.name, p.read_bytes()) for p in file.parent.iterdir()] == [("index.json", b"newer")], f"step {step}"
        step += 1

    assert found[0] == (b"old", 1)
    assert (b"old", 2) in found, "no run was killed with a file beside the old one"
    assert found[-1] == (b"new", 1)


def test_a_file_that_another_run_is_still_writing_is_left_to_it(tmp_path):
    file = tmp_path / "index.json"
    theirs = file.with_name(".index.json.new-1")
    theirs.write_bytes(b"theirs")
    with atomic_write._lock_new_file(theirs):
        atomic_write.replace_file(file, b"ours")
        assert theirs.read_bytes() == b"theirs"
    atomic_write.replace_file(file, b"ours")
    assert [p.name for p in tmp_path.iterdir()] == ["index.json"]
