"""The one built script of the site: its lock names no registry, and a build from the lock gives the committed bytes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WEB, STATIC = ROOT / "web", ROOT / "conflictdata" / "site" / "static"
BUILT = ("explore.js", "explore-licences.txt")


def test_the_lock_has_hashes_and_no_addresses() -> None:
    text = (WEB / "package-lock.json").read_text(encoding="utf-8")
    assert "://" not in text
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert all(entry["integrity"].startswith("sha512-") for entry in packages.values())


def test_versions_are_pinned() -> None:
    wanted = json.loads((WEB / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    locked = json.loads((WEB / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted


def test_sources_set_text_only_as_text() -> None:
    for source in (WEB / "src").glob("*.js"):
        text = source.read_text(encoding="utf-8")
        assert not re.search(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.style\b", text
        ), source


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not installed")
def test_a_build_from_the_lock_gives_the_committed_bytes(tmp_path: Path) -> None:
    copy = tmp_path / "web"
    shutil.copytree(WEB, copy, ignore=shutil.ignore_patterns("node_modules"))
    (tmp_path / "out").mkdir()
    npm = shutil.which("npm") or "npm"
    installed = subprocess.run([npm, "ci", "--ignore-scripts"], cwd=copy, capture_output=True, text=True, check=False)
    assert installed.returncode == 0, installed.stderr
    subprocess.run(["node", "build.mjs", str(tmp_path / "out")], cwd=copy, check=True)
    for name in BUILT:
        assert (tmp_path / "out" / name).read_bytes() == (STATIC / name).read_bytes(), (
            f"run `npm ci && npm run build` in web/ and commit {name}"
        )
