"""Replacing a package: all of it or nothing, whatever stops the run."""

import contextlib
import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
import sample
from packages import ONE, TWO, list_siblings, make_environment, read_version
from privileges import obey_permissions

from conflictdata._utils import atomic_write
from conflictdata.datapackage.build import publish
from conflictdata.findings import UsageError


@pytest.fixture
def out(tmp_path):
    """Return a package of version 1.0.0."""
    return publish(sample.make_tables(), tmp_path / "data", ONE)


@pytest.fixture
def two_renames(monkeypatch):
    """A system that cannot exchange two folders."""
    monkeypatch.setattr(atomic_write, "_swap_folders", lambda one, other: False)


@pytest.mark.slow
def test_publish_makes_the_folder_and_those_above_it(tmp_path):
    folder = publish(sample.make_tables(), tmp_path / "a" / "b" / "data", ONE)

    assert folder == tmp_path / "a" / "b" / "data"
    assert read_version(folder) == "1.0.0"
    assert list_siblings(folder) == []


def test_an_empty_folder_is_taken(tmp_path):
    assert read_version(publish(sample.make_tables(), tmp_path, ONE)) == "1.0.0"


def test_publish_replaces_a_package(out):
    publish(sample.make_tables(), out, TWO)

    assert read_version(out) == "2.0.0"
    assert list_siblings(out) == []


@pytest.mark.slow
@pytest.mark.usefixtures("two_renames")
def test_publish_replaces_a_package_with_two_renames(out):
    publish(sample.make_tables(), out, TWO)

    assert read_version(out) == "2.0.0"
    assert list_siblings(out) == []


@pytest.mark.slow
def test_a_link_to_a_package_stays_a_link(out, tmp_path):
    link = tmp_path / "link"
    link.symlink_to(out)

    publish(sample.make_tables(), link, TWO)

    assert link.is_symlink()
    assert read_version(out) == "2.0.0"


@pytest.mark.slow
def test_a_relative_path_is_taken_from_the_working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    publish(sample.make_tables(), Path("data"), ONE)

    assert read_version(tmp_path / "data") == "1.0.0"


@pytest.mark.slow
def test_the_files_are_readable_for_others(out):
    assert (out / "csv").stat().st_mode & 0o055 == 0o055
    assert (out / "README.md").stat().st_mode & 0o044 == 0o044


# Refusals --------------------------------------------------------------------------------------------------


def add_strange_file(folder):
    (folder / "notes.txt").write_text("mine", encoding="utf-8")


def add_strange_table(folder):
    (folder / "csv" / "draft.xlsx").write_bytes(b"mine")


def remove_descriptor(folder):
    (folder / "datapackage.json").unlink()


def change_name(folder):
    (folder / "datapackage.json").write_text('{"name": "other"}', encoding="utf-8")


def break_descriptor(folder):
    (folder / "datapackage.json").write_text("{", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "match"),
    [
        (add_strange_file, r"holds notes\.txt, which is not part of the package"),
        (add_strange_table, r"holds csv/draft\.xlsx, which is not part"),
        (remove_descriptor, r"is not empty and is not a data package \(no datapackage\.json\)"),
        (change_name, r"is a data package of another name"),
        (break_descriptor, r"is a data package of another name"),
    ],
)
def test_a_folder_that_is_no_package_of_ours_is_left_alone(change, match, out):
    change(out)
    before = {p: p.read_bytes() for p in out.rglob("*") if p.is_file()}

    with pytest.raises(UsageError, match=match):
        publish(sample.make_tables(), out, TWO)

    assert {p: p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
    assert list_siblings(out) == []


def test_a_file_is_not_replaced(tmp_path):
    (tmp_path / "data").write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match="data is a file, not a folder"):
        publish(sample.make_tables(), tmp_path / "data", ONE)

    assert (tmp_path / "data").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["file/data", "file/deeper/data"])
def test_a_place_that_cannot_be_written_is_named_with_the_reason(place, tmp_path):
    (tmp_path / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(UsageError, match=r"data cannot be written: (not a directory|file exists)"):
        publish(sample.make_tables(), tmp_path / place, ONE)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="no /proc here")
def test_a_file_system_that_takes_no_folders_is_named_with_the_reason():
    with pytest.raises(UsageError, match="/proc/data cannot be written: "):
        publish(sample.make_tables(), Path("/proc/data"), ONE)


def test_a_folder_without_permission_is_named_with_the_reason(out):
    out.parent.chmod(0o555)
    try:
        with pytest.raises(UsageError, match="data cannot be written: permission denied"), obey_permissions():
            publish(sample.make_tables(), out, TWO)
    finally:
        out.parent.chmod(0o755)

    assert read_version(out) == "1.0.0"


# Interruptions -----------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("failing", ["_make_durable", "_flush_to_disk", "_swap_folders"])
def test_an_error_in_the_middle_leaves_the_old_package_and_nothing_beside_it(failing, out, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(atomic_write, failing, full)

    with pytest.raises(UsageError, match="no space left on device; what was there is unchanged"):
        publish(sample.make_tables(), out, TWO)

    assert read_version(out) == "1.0.0"
    assert list_siblings(out) == []


@pytest.mark.slow
def test_a_disk_that_is_full_leaves_the_old_package(tmp_path):
    """On a real file system of 3 MB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(disk)]
    with contextlib.suppress(FileNotFoundError):
        if subprocess.run(mount, capture_output=True, check=False).returncode == 0:
            try:
                _fill(disk)
            finally:
                subprocess.run(["umount", str(disk)], check=True)
            return
    pytest.skip("mounting a file system is not allowed here")


def _fill(disk):
    out = publish(sample.make_tables(), disk / "data", ONE)
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    (disk / "ballast").write_bytes(b"x" * (free - 65_536))

    with pytest.raises(UsageError, match="no space left on device"):
        publish(sample.make_tables(), out, TWO)

    assert read_version(out) == "1.0.0"
    assert list_siblings(out) == ["ballast"]


@pytest.mark.slow
def test_a_file_that_grows_too_large_leaves_the_old_package(out):
    """A file size limit fails a write like a full disk does.

    It needs no privilege.
    """
    code = (
        "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "import sample, datetime as dt\nfrom pathlib import Path\nfrom conflictdata.findings import UsageError\n"
        "from conflictdata.datapackage.build import publish\nfrom conflictdata.datapackage.version import Release\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY))\n"
        f"try:\n    publish(sample.make_tables(), Path({str(out)!r}), Release('2.0.0', dt.date(2024, 8, 1)))\n"
        "except UsageError as fault:\n    print(fault)\n"
    )
    pytest.importorskip("resource")

    done = subprocess.run(
        [sys.executable, "-c", code], env=make_environment(), capture_output=True, text=True, timeout=120, check=True
    )

    assert "cannot be written: file too large; what was there is unchanged" in done.stdout
    assert read_version(out) == "1.0.0"
    assert list_siblings(out) == []


@pytest.mark.slow
@pytest.mark.usefixtures("two_renames")
def test_a_run_that_died_between_two_renames_is_recovered(out):
    old = out.with_name(".data.old")
    out.rename(old)

    add_strange_file(old)

    with pytest.raises(UsageError, match="notes"):  # the old package is restored before anything is checked
        publish(sample.make_tables(), out, TWO)
    (out / "notes.txt").unlink()
    assert read_version(out) == "1.0.0"

    publish(sample.make_tables(), out, TWO)
    assert read_version(out) == "2.0.0"
    assert list_siblings(out) == []


@pytest.mark.slow
def test_what_killed_runs_left_is_swept_and_what_runs_is_not(out):
    dead, alive = out.with_name(".data.new-1"), out.with_name(".data.new-2")
    for folder in (dead, alive):
        folder.mkdir()
        (folder / "half").write_bytes(b"x")
    out.with_name(".data.old").mkdir()
    lock = atomic_write.lock_path(alive)

    publish(sample.make_tables(), out, TWO)

    assert list_siblings(out) == [".data.new-2"]
    os.close(lock)


@pytest.mark.skipif(sys.platform != "linux", reason="one step only on Linux")
def test_linux_exchanges_in_one_step(tmp_path):
    one, other = tmp_path / "one", tmp_path / "other"
    for folder in (one, other):
        folder.mkdir()
        (folder / folder.name).touch()

    assert atomic_write._swap_folders(one, other), "this file system cannot exchange two folders"
    assert [p.name for p in one.iterdir()] == ["other"]
