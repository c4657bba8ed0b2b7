"""The wheel: the same bytes from two builds, and a hash that pip insists on."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LOCK = ROOT / "requirements" / "release.lock"
BUILT_FROM = ("pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA", "conflictdata", "seeds/collections")


def build_wheel(folder: Path) -> Path:
    """Build the wheel in a copy of the sources, whose files are as old as the copy."""
    for name in BUILT_FROM:
        source, target = ROOT / name, folder / "copy" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, copy_function=shutil.copyfile, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copyfile(source, target)
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "dist")]
    subprocess.run(command, cwd=folder / "copy", check=True, capture_output=True, timeout=300)
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def install_with_hash(wheel: Path, sha256: str, into: Path) -> subprocess.CompletedProcess[str]:
    """Install a wheel with `pip --require-hashes`, from its folder alone."""
    version = wheel.name.split("-")[1]
    wanted = into.parent / f"{into.name}.txt"
    wanted.write_text(f"conflictdata=={version} --hash=sha256:{sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "install", "--require-hashes", "--no-deps", "--no-index", "--quiet"]
    command += ["--find-links", str(wheel.parent), "--target", str(into), "-r", str(wanted)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)


@pytest.mark.slow
def test_two_builds_give_the_same_bytes_and_pip_takes_their_hash_alone(tmp_path: Path) -> None:
    pytest.importorskip("hatchling")
    one, other = (build_wheel(tmp_path / name) for name in ("one", "other"))
    sha256 = hashlib.sha256(one.read_bytes()).hexdigest()
    assert hashlib.sha256(other.read_bytes()).hexdigest() == sha256
    assert one.name == other.name
    (one.parent / "SHA256SUMS").write_text(f"{sha256}  {one.name}\n", encoding="utf-8")
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=one.parent, check=True, capture_output=True)
    taken = install_with_hash(one, sha256, tmp_path / "taken")
    assert taken.returncode == 0, taken.stderr
    assert (tmp_path / "taken" / "conflictdata" / "__init__.py").is_file()
    refused = install_with_hash(one, "0" * 64, tmp_path / "refused")
    assert refused.returncode
    assert "DO NOT MATCH" in refused.stderr
    assert not (tmp_path / "refused" / "conflictdata").exists()


def test_every_library_of_the_lock_has_one_version_and_its_hashes() -> None:
    text = LOCK.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(lines) > 20
    for line in lines:
        assert re.match(
            r"[a-z0-9._-]+(?:\[[a-z,]+\])?==[0-9][^ ]*(?: *;[^-]*)?(?: +--hash=sha256:[0-9a-f]{64})+\Z", line, re.I
        ), line[:80]
