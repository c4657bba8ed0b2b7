"""The environment of a release.

It is locked for rebuilding, recorded in each version, and named if bytes differ.
"""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
import typer
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from seedbox import write_seedbox

from conflictdata import __version__
from conflictdata.cli.verify import verify as command
from conflictdata.release import environment
from conflictdata.release.release import release
from conflictdata.release.verify import rebuild, verify

ROOT = Path(__file__).parents[1]
LOCK = (ROOT / "requirements" / "release.lock").read_text(encoding="utf-8")
PINS = dict(re.findall(r"^([a-z0-9-]+)==([^ ;]+) \\$", LOCK, re.M))
ASKED = [
    Requirement(line) for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
]
OLDEST = dict(
    re.findall(r"^([A-Za-z0-9-]+)(?:\[\w+\])?==(\S+)$", (ROOT / "requirements/oldest.txt").read_text("utf-8"), re.M)
)
LOG = "# Changelog\n\n## 1.0.0\n\n### Data\n\n- The first.\n"


# --- The bounds


@pytest.mark.parametrize("asked", ASKED, ids=[r.name for r in ASKED])
def test_the_lower_bound_is_the_version_that_is_tested(asked: Requirement) -> None:
    (bound,) = [s.version for s in asked.specifier if s.operator == ">="]
    oldest = OLDEST[asked.name]

    assert asked.specifier.contains(oldest)
    assert oldest.startswith(bound), f"{asked.name}: pyproject.toml has {bound}, requirements/oldest.txt {oldest}"


def test_an_upper_bound_has_a_comment_that_names_the_break() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.")[0].splitlines()

    assert [line for line in lines if re.search(r'"[\w\[\]-]+>=[^"]*<', line) and "#" not in line] == []


# --- The lock


@pytest.mark.parametrize("asked", ASKED, ids=[r.name for r in ASKED])
def test_the_lock_has_what_the_package_asks_for_in_its_range(asked: Requirement) -> None:
    pin = PINS[canonicalize_name(asked.name)]
    assert asked.specifier.contains(pin), f"renew requirements/release.lock: {asked} and {pin}"


def test_every_line_of_the_lock_is_one_version_with_its_hashes() -> None:
    code = "\n".join(line.split("#")[0].rstrip() for line in LOCK.splitlines())
    blocks = [block for block in re.split(r"\n(?=[a-z])", code) if block.strip()]
    assert len(blocks) == len(PINS) > 40
    for block in blocks:
        assert re.fullmatch(r"\s*[a-z0-9-]+==\S+( \\\n    --hash=sha256:[0-9a-f]{64})+\s*", block), block


def test_the_lock_names_no_place_to_fetch_from() -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index|--find-links|--trusted-host", LOCK.split("annotated-doc")[1])


def test_the_lock_says_how_it_is_made() -> None:
    head = LOCK.split("annotated-doc")[0]
    assert "pip-compile --generate-hashes" in head
    assert "pip install --require-hashes -r requirements/release.lock" in head


# --- The record in a version


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_seedbox(tmp_path / "seeds", {"release.yaml": "version: 1.0.0\ndate: 2024-07-01\n"})


@pytest.fixture
def log(tmp_path: Path) -> Path:
    (tmp_path / "CHANGELOG.md").write_text(LOG, encoding="utf-8")
    return tmp_path / "CHANGELOG.md"


@pytest.fixture
def version(tmp_path: Path, seeds: Path, log: Path) -> Path:
    folder = release("1.0.0", tmp_path / "site", seeds=seeds, changelog=log).folder
    assert folder is not None
    return folder


@pytest.mark.slow
def test_a_version_records_its_environment(version: Path) -> None:
    answer = json.loads((version / "environment.json").read_text(encoding="utf-8"))
    assert answer["conflictdata"] == __version__
    assert re.fullmatch(r"3\.[0-9]+", answer["python"])
    assert {canonicalize_name(r.name) for r in ASKED} <= set(answer)
    assert "environment.json" in (version / "SHA256SUMS").read_text(encoding="utf-8")
    assert environment.compare_environments(environment.read_recorded(version)) == []


def change_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Change the versions of the environment."""
    here = environment._read_versions()
    monkeypatch.setattr(environment, "_read_versions", lambda: {**here, "polars": "9.9.9", "zlib": "0.1"})


@pytest.mark.slow
def test_other_versions_with_the_same_bytes_are_reported_and_are_not_a_fault(
    version: Path, seeds: Path, log: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = environment._read_versions()
    change_environment(monkeypatch)
    assert rebuild(version, seeds, log).ok
    with pytest.raises(typer.Exit) as left:
        command(str(version), rebuild=True, seeds=seeds, changelog=log)
    assert left.value.exit_code == 0
    output = capsys.readouterr().out.splitlines()
    assert "byte for byte" in output[0]
    assert f"in another environment: polars was {here['polars']} and is 9.9.9 here" in output


@pytest.mark.slow
def test_other_bytes_come_with_the_versions_that_differ(
    version: Path, seeds: Path, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (version / "DIFF.md").write_text("x", encoding="utf-8")
    (same,) = rebuild(version, seeds, log).findings
    assert same.hint.startswith("The environment is the same: the seeds,")
    here = environment._read_versions()
    change_environment(monkeypatch)
    (finding,) = rebuild(version, seeds, log).findings
    assert finding.message == "the seeds give other bytes"
    assert f"polars was {here['polars']} and is 9.9.9 here" in finding.hint
    assert "requirements/release.lock" in finding.hint


@pytest.mark.slow
def test_a_version_from_before_it_was_recorded_is_rebuilt_all_the_same(
    version: Path, seeds: Path, log: Path, tmp_path: Path
) -> None:
    from conflictdata.release.release import Draft

    draft = Draft.read("1.0.0", seeds, log, None)
    (tmp_path / "early" / "1.0.0").mkdir(parents=True)
    draft.write_as(tmp_path / "early" / "1.0.0", None)
    assert not (tmp_path / "early" / "1.0.0" / "environment.json").exists()
    assert rebuild(tmp_path / "early" / "1.0.0", seeds, log).ok
    assert verify(str(tmp_path / "early" / "1.0.0")).ok


@pytest.mark.parametrize("text", ["{", "[]", '"x"', "null"])
def test_an_unreadable_record_is_reported(text: str) -> None:
    assert environment.compare_environments(text) == ["its environment.json cannot be read"]
