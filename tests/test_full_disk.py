"""A disk that is really full: a small file system in memory.

Existing files stay whole, and the message gives the reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from packages import read_contents
from registries import OLD, make_registry
from seedbox import NAME, SOURCE, write_seedbox

from conflictdata.export import FORMATS
from conflictdata.release.release import release
from conflictdata.release.verify import verify

LOG = "# Changelog\n\n## 1.1.0\n\n### Data\n\n- More.\n\n## 1.0.0\n\n### Data\n\n- The first.\n"
FULL = "no space left on device"

pytestmark = pytest.mark.slow


class Disk:
    """A file system with a size that a test sets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def resize(self, size: int) -> None:
        subprocess.run(["mount", "-o", f"remount,size={size}", str(self.folder)], check=True)

    @property
    def used(self) -> int:
        there = os.statvfs(self.folder)
        return (there.f_blocks - there.f_bfree) * there.f_frsize


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("there is no mount here")
    if done.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {done.stderr.decode().strip()}")
    yield Disk(folder)
    subprocess.run(["umount", str(folder)], check=True)


def write_seeds(folder: Path, version: str, **files: str) -> Path:
    return write_seedbox(folder, {"release.yaml": f"version: {version}\ndate: 2024-07-01\n", **files})


def run(*args: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conflictdata", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, **environment})


def test_a_release_leaves_the_old_state_wherever_the_disk_ends(disk: Disk, tmp_path: Path) -> None:
    log = tmp_path / "CHANGELOG.md"
    log.write_text(LOG, encoding="utf-8")
    site = disk.folder / "site"
    release("1.0.0", site, seeds=write_seeds(tmp_path / "old", "1.0.0"), changelog=log)
    old, first = read_contents(site), disk.used
    new = write_seeds(
        tmp_path / "new",
        "1.1.0",
        **{NAME: SOURCE.replace("{n: 30, including", "{n: 31, including").replace("at least 60", "at least 61")},
    )
    args = ("release", "1.1.0", "--to", site, "--seeds", new, "--changelog", log)
    for more in (4 << 10, 64 << 10, 200 << 10, 350 << 10):
        disk.resize(first + more)
        done = run(*args)
        assert done.returncode == 2, (more, done.stdout)
        assert FULL in done.stderr
        assert "what was there is unchanged" in done.stderr
        assert "Traceback" not in done.stderr
        assert read_contents(site) == old
        assert not [p for p in site.iterdir() if ".new-" in p.name]
    assert verify(str(site)).ok
    disk.resize(64 << 20)
    assert run(*args).returncode == 0
    assert verify(str(site)).ok


def test_publish_leaves_the_old_package(disk: Disk, tmp_path: Path) -> None:
    out = disk.folder / "package"
    assert run("publish", write_seeds(tmp_path / "old", "1.0.0"), "--out", out).returncode == 0
    old = read_contents(out)
    disk.resize(disk.used + (100 << 10))
    done = run("publish", write_seeds(tmp_path / "new", "1.1.0"), "--out", out)
    assert (done.returncode, FULL in done.stderr) == (2, True)
    assert read_contents(out) == old
    assert [p.name for p in disk.folder.iterdir()] == ["package"]


def test_fetch_keeps_whole_files_and_goes_on_when_there_is_room(disk: Disk, tmp_path: Path) -> None:
    registry, home = make_registry(tmp_path / "registry"), disk.folder / "home"
    disk.resize(300 << 10)
    home_and_registry = {"CONFLICTDATA_HOME": str(home), "CONFLICTDATA_REGISTRY": str(registry)}
    done = run("fetch", OLD, "--everything", **home_and_registry)
    assert done.returncode == 2
    assert (
        f"cannot be written: {FULL}; what was in the cache is unchanged. CONFLICTDATA_HOME names another folder"
        in done.stderr
    )
    whole = read_contents(registry / OLD)
    came = read_contents(home / "releases" / OLD)
    assert came
    assert all(whole[name] == content for name, content in came.items())
    disk.resize(64 << 20)
    assert run("fetch", OLD, "--everything", **home_and_registry).returncode == 0
    assert read_contents(home / "releases" / OLD) == whole


@pytest.mark.parametrize("form", FORMATS)
def test_an_export_is_whole_or_not_there(form: str, disk: Disk) -> None:
    disk.resize(16 << 10)
    file = disk.folder / f"a.{FORMATS[form].ending}"
    done = run("export", form, "--to", file)
    assert done.returncode == 2, done.stdout
    assert done.stderr.startswith(f"error: {file} cannot be written: ")
    assert FULL in done.stderr or "disk is full" in done.stderr
    assert "Traceback" not in done.stderr
    assert list(disk.folder.iterdir()) == []
