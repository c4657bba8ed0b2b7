"""The transcripts in the docs match the output of the commands."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from registries import serve
from transcripts import make_environment, read_steps, run_steps

from conflictdata.release.verify import rebuild, verify

ROOT = Path(__file__).parents[1]
PAGE = "sources/syria_2024_offensive/la_jornada-2024-12-08.yaml"


def _check(page: Path, folder: Path, env: dict[str, str], called: dict[str, str] | None = None) -> None:
    text = page.read_text(encoding="utf-8")
    now = run_steps(text, folder, env, called)
    if os.environ.get("CONFLICTDATA_GOLDEN") == "write":
        page.write_text(now, encoding="utf-8")
    else:
        assert now == text


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with the seeds except one page; the work is on a branch."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    (folder / "seeds" / PAGE).unlink()
    env = {**make_environment(), "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}
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


@pytest.mark.slow
def test_a_contribution(repository: Path, tmp_path: Path) -> None:
    page = ROOT / "docs" / "contribution.md"
    assert len(list(read_steps(page.read_text(encoding="utf-8")))) == 7
    _check(page, repository, make_environment(CONFLICTDATA_HOME=str(tmp_path / "home")))


def test_the_page_of_the_example_ends_as_in_the_seeds(repository: Path) -> None:
    """What the transcript types is what the page says."""
    text = (ROOT / "docs" / "contribution.md").read_text(encoding="utf-8")
    (written,) = (step.body for step in read_steps(text) if step.file)
    corrected = written.replace("published: 2024/12/08", "published: 2024-12-08").replace("308", "380").replace('"', "")
    in_seeds = (ROOT / "seeds" / PAGE).read_text(encoding="utf-8")
    added = ("accessed:", "read_sha256:", "read_chars:", "coverage:", "    ids: {first_coding")  # by later readings
    assert corrected == "".join(line for line in in_seeds.splitlines(keepends=True) if not line.startswith(added))


HOW_TO = ["feeds.md", "importing.md", "parsing.md", "seeds.md", "refusals.md", "ci.md", "waivers.md"]


@pytest.mark.slow
@pytest.mark.parametrize("name", HOW_TO)
def test_the_commands_of_a_how_to_page_print_what_it_shows(name: str, tmp_path: Path) -> None:
    """In a copy of the parts of the repository that the commands read."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "tests/data/feeds", folder / "tests/data/feeds")
    page = ROOT / "docs" / name
    assert list(read_steps(page.read_text(encoding="utf-8")))
    _check(page, folder, make_environment(CONFLICTDATA_HOME=str(tmp_path / "home")))


@pytest.mark.hand
@pytest.mark.slow
def test_two_releases(tmp_path: Path) -> None:
    """Released, served, installed elsewhere, loaded, compared, cited, verified, tampered with."""
    folder = tmp_path / "repository"
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    shutil.copytree(ROOT / "releases", folder / "releases")
    shutil.copy(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
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
        env = make_environment(
            CONFLICTDATA_HOME=str(tmp_path / "home"), SITE=server.url, PIP_DISABLE_PIP_VERSION_CHECK="1"
        )
        called = {
            server.url: "http://127.0.0.1:8000/",
            str(tmp_path / "home"): "~/.cache/conflictdata",
            f"{folder}/": "",
        }
        _check(ROOT / "docs" / "releases.md", folder, env, called)


@pytest.mark.hand  # .ci/run makes all versions
@pytest.mark.slow
def test_the_registry_of_all_versions_is_made_by_one_command(tmp_path: Path) -> None:
    """From the tree alone, also in a clone.

    A second run leaves existing files.
    """
    folder = tmp_path / "clone"
    for part in ("seeds", "releases"):
        shutil.copytree(ROOT / part, folder / part)
    shutil.copy(ROOT / "CHANGELOG.md", folder / "CHANGELOG.md")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    command, env = [str(folder / "releases" / "make"), str(tmp_path / "site")], make_environment()
    subprocess.run(command, cwd=tmp_path, env=env, check=True)
    index = json.loads((tmp_path / "site" / "index.json").read_text(encoding="utf-8"))
    assert [entry["version"] for entry in index["versions"]] == ["1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0", "2.2.0"]
    assert verify(str(tmp_path / "site")).ok
    assert rebuild(tmp_path / "site" / "2.2.0", folder / "seeds", folder / "CHANGELOG.md").ok
    again = subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, text=True)
    assert again.stdout == "".join(
        f"there already: {tmp_path}/site/{v}\n" for v in ("1.0.0", "1.1.0", "1.2.0", "2.0.0", "2.1.0", "2.2.0")
    )


def test_the_newest_version_of_the_seeds_is_reached_by_patches_from_the_first() -> None:
    steps = sorted(p.stem.split("-to-") for p in (ROOT / "releases").glob("*.patch"))
    assert steps[0][0] == "1.0.0"
    assert all(before[1] == after[0] for before, after in itertools.pairwise(steps))
    assert f"version: {steps[-1][1]}\n" in (ROOT / "seeds" / "release.yaml").read_text(encoding="utf-8")
