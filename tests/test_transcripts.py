"""The transcripts in the docs are what the commands print."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from registries import serve
from transcripts import environment, run, steps

ROOT = Path(__file__).parents[1]
PAGE = "sources/syria_2024_offensive/la_jornada-2024-12-08.yaml"


def _check(page: Path, folder: Path, env: dict[str, str], called: dict[str, str] | None = None) -> None:
    text = page.read_text(encoding="utf-8")
    now = run(text, folder, env, called)
    if os.environ.get("CONFLICTDATA_GOLDEN") == "write":
        page.write_text(now, encoding="utf-8")
    else:
        assert now == text


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with the seeds, but for one page; the work is on a branch."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / PAGE).unlink()
    env = {**environment(), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
    for command in (
        "git init -q -b main .",
        "git config user.name Somebody",
        "git config user.email somebody@example.org",
        "git add .",
        "git commit -q -m seeds",
        "git switch -q -c la-jornada",
    ):
        subprocess.run(command.split(), cwd=folder, env=env, check=True)
    return folder


def test_a_contribution(repository: Path, tmp_path: Path) -> None:
    page = ROOT / "docs" / "contribution.md"
    assert len(list(steps(page.read_text(encoding="utf-8")))) == 7
    _check(page, repository, environment(CONFLICTDATA_HOME=str(tmp_path / "home")))


def test_the_page_of_the_example_ends_as_it_stands_in_the_seeds(repository: Path) -> None:
    """What the transcript types is what the page says."""
    text = (ROOT / "docs" / "contribution.md").read_text(encoding="utf-8")
    (written,) = (step.body for step in steps(text) if step.file)
    mended = written.replace("published: 2024/12/08", "published: 2024-12-08").replace("308", "380").replace('"', "")
    stands = (ROOT / "seeds" / PAGE).read_text(encoding="utf-8")
    assert mended == "".join(line for line in stands.splitlines(keepends=True) if "first_coding" not in line)


@pytest.mark.slow
def test_two_releases(tmp_path: Path) -> None:
    """Released, served, installed elsewhere, loaded, compared, cited, verified, tampered with."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copy(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    _first_seeds(folder)
    wheel = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(folder / "dist"),
        str(ROOT),
    ]
    subprocess.run(wheel, check=True)
    (folder / "site").mkdir()
    with serve(folder / "site") as server:
        env = environment(CONFLICTDATA_HOME=str(tmp_path / "home"), SITE=server.url, PIP_DISABLE_PIP_VERSION_CHECK="1")
        called = {server.url: "http://127.0.0.1:8000/", str(tmp_path / "home"): "~/.cache/conflictdata"}
        _check(ROOT / "docs" / "releases.md", folder, env, called)


def _first_seeds(folder: Path) -> None:
    """The seeds of 1.0.0: those of 1.1.0 with what it changed taken back."""
    old = folder / "seeds-1.0.0"
    shutil.copytree(ROOT / "seeds", old)
    patch = ROOT / "tests" / "data" / "seeds-1.0.0-to-1.1.0.patch"
    subprocess.run(["git", "apply", "-R", "-p2", str(patch)], cwd=old, check=True)
