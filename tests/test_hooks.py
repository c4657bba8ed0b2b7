"""The hooks for pre-commit, run by pre-commit itself in a scratch repository."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from seedbox import NAME, SOURCE, write_seedbox
from test_action import OTHER, OTHER_SOURCE, SUM_BROKEN

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
PATH = f"{BIN}:{os.environ['PATH']}"
PRE_COMMIT = shutil.which("pre-commit", path=PATH)
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
NAMES = {"GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@localhost"}
NAMES |= {"GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@localhost"}

pytestmark = pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed here")


def run(folder: Path, *args: str | Path) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, **NAMES, "PATH": PATH, "PRE_COMMIT_HOME": str(folder.parent / "home")}
    env |= {"GIT_CONFIG_GLOBAL": os.devnull, "NO_COLOR": "1"}
    return subprocess.run([*map(str, args)], cwd=folder, env=env, capture_output=True, text=True, check=False)


def stage(folder: Path, files: dict[str, str]) -> None:
    for name, content in files.items():
        path = folder / "seeds" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)
    assert run(folder, "git", "add", "--all").returncode == 0


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository with committed seeds and our hooks.

    One page is broken. The hooks run from this environment.
    """
    folder = tmp_path / "repository"
    write_seedbox(folder / "seeds", {NAME: SOURCE.replace(*SUM_BROKEN)})
    hooks = [{**hook, "language": "system"} for hook in HOOKS]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    for args in (("init", "--quiet"), ("add", "--all"), ("commit", "--quiet", "--message", "x")):
        assert run(folder, "git", *args).returncode == 0
    return folder


def run_hook(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    assert PRE_COMMIT
    return run(folder, PRE_COMMIT, "run", name)


def test_the_files_for_pre_commit_are_valid() -> None:
    assert PRE_COMMIT
    assert run(ROOT, PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml").returncode == 0
    assert run(ROOT, PRE_COMMIT, "validate-config", ".pre-commit-config.yaml").returncode == 0


@pytest.mark.slow
def test_a_clean_page_may_be_committed_beside_a_broken_one(repository: Path) -> None:
    stage(repository, {OTHER: OTHER_SOURCE})
    done = run_hook(repository, "conflictdata-validate")
    assert done.returncode == 0, done.stdout
    assert "Passed" in done.stdout


@pytest.mark.slow
def test_a_broken_page_stops_the_commit(repository: Path) -> None:
    stage(repository, {OTHER: OTHER_SOURCE.replace(*SUM_BROKEN)})
    done = run_hook(repository, "conflictdata-validate")
    assert done.returncode == 1
    assert f"seeds/{OTHER}:15:10: error[figures.parts-cover-parent]" in done.stdout
    assert NAME not in done.stdout


@pytest.mark.slow
def test_all_seeds_are_checked_where_one_changes(repository: Path) -> None:
    stage(repository, {OTHER: OTHER_SOURCE})
    done = run_hook(repository, "conflictdata-validate-all")
    assert done.returncode == 1
    assert f"seeds/{NAME}:15:10" in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", ["sources/war/paper-2024-06-03.yml", "sources/war/paper.YAML", "notes.txt"])
@pytest.mark.parametrize("check", ["conflictdata-validate", "conflictdata-validate-all"])
def test_a_file_that_is_not_read_stops_the_commit(check: str, name: str, repository: Path) -> None:
    stage(repository, {name: OTHER_SOURCE})
    done = run_hook(repository, check)
    assert done.returncode == 1
    assert f"seeds/{name}" in done.stdout
    assert "is not read: " in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("check", ["conflictdata-validate", "conflictdata-validate-all"])
def test_what_editors_leave_in_the_seeds_starts_no_check(check: str, repository: Path) -> None:
    stage(repository, {".DS_Store": "x", "sources/war/a.yaml~": "x", "sources/.cache/a.yaml": "x", "a.orig": "x"})
    assert "no files to check" in run_hook(repository, check).stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", [h["id"] for h in HOOKS])
def test_other_files_start_no_hook(name: str, repository: Path) -> None:
    (repository / "README.md").write_text("x\n")
    (repository / "other.yaml").write_text("a: b\n")
    stage(repository, {})
    done = run_hook(repository, name)
    assert done.returncode == 0
    assert "no files to check" in done.stdout


@pytest.mark.slow
def test_a_page_is_formatted_and_the_commit_stops_once(repository: Path) -> None:
    stage(repository, {OTHER: OTHER_SOURCE.replace("rebels: 20", "rebels:   '20'")})
    first = run_hook(repository, "conflictdata-fmt")
    assert first.returncode == 1
    assert "files were modified by this hook" in first.stdout
    assert "rebels: 20\n" in (repository / "seeds" / OTHER).read_text()
    stage(repository, {})
    assert run_hook(repository, "conflictdata-fmt").returncode == 0


@pytest.mark.slow
def test_pre_commit_builds_the_hooks_from_a_repository(repository: Path, tmp_path: Path) -> None:
    source = tmp_path / "source"
    shutil.copytree(ROOT / "conflictdata", source / "conflictdata")
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-DATA", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, source)
    for args in (("init", "--quiet"), ("add", "--all", "--force"), ("commit", "--quiet", "--message", "x")):
        assert run(source, "git", *args).returncode == 0
    stage(repository, {OTHER: OTHER_SOURCE.replace(*SUM_BROKEN)})
    assert PRE_COMMIT
    head = run(source, "git", "rev-parse", "HEAD").stdout.strip()
    done = run(repository, PRE_COMMIT, "try-repo", source, "conflictdata-validate", "--ref", head)
    assert done.returncode == 1
    assert f"seeds/{OTHER}:15:10: error[figures.parts-cover-parent]" in done.stdout, done.stdout + done.stderr
