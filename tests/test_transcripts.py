"""The transcripts in the docs are what the commands print."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from transcripts import environment, run, steps

ROOT = Path(__file__).parents[1]
PAGE = "sources/syria_2024_offensive/la_jornada-2024-12-08.yaml"


def _check(page: Path, folder: Path, env: dict[str, str]) -> None:
    text = page.read_text(encoding="utf-8")
    now = run(text, folder, env)
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
