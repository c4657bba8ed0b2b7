"""Releases: written once, refused for good reasons, reproducible.

Changes after the release are detected.
"""

from __future__ import annotations

import contextlib
import json
import random
import re
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import commands
import duckdb
import pytest
from depth import count_examples
from registries import serve
from seedbox import ACTORS, NAME, SOURCE, write_seedbox

from conflictdata.findings import Finding, Report, UsageError
from conflictdata.registry.archive import extract
from conflictdata.registry.index import read
from conflictdata.release import verify as verifying
from conflictdata.release.release import Outcome, release
from conflictdata.release.verify import rebuild, verify
from conflictdata.validation.api import validate

FILES = "release.files-match-descriptor"
LOG = "# Changelog\n\n## 1.1.0\n\n### Data\n\n- More.\n\n## 1.0.0 (2024-07-01)\n\n### Data\n\n- The first.\n\n### Code\n\n- All.\n"
OTHER = SOURCE.replace("example.org/1", "example.org/2").replace("2024-06-02\nlanguage", "2024-06-03\nlanguage")
OTHER = (
    OTHER.replace("as_of: 2024-06-02", "as_of: 2024-06-03")
    .replace("at least 60", "at least 70")
    .replace("rebels: 20", "rebels: 30")
)


def write_note(version: str) -> dict[str, str]:
    return {"release.yaml": f"version: {version}\ndate: 2024-07-01\n"}


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    return write_seedbox(tmp_path / "seeds", write_note("1.0.0"))


@pytest.fixture
def log(tmp_path: Path) -> Path:
    file = tmp_path / "CHANGELOG.md"
    file.write_text(LOG, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a registry with version 1.0.0, made from the initial seeds and changelog."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "CHANGELOG.md").write_text(LOG, encoding="utf-8")
    seeds = write_seedbox(folder / "seeds", write_note("1.0.0"))
    outcome = release("1.0.0", folder / "registry", seeds=seeds, changelog=folder / "CHANGELOG.md")
    assert outcome.refusals == ()
    return folder / "registry"


@pytest.fixture
def registry(made: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may change."""
    return shutil.copytree(made, tmp_path / "registry")


def release_again(tmp_path: Path, version: str, files: dict[str, str], log: Path) -> Outcome:
    changed = write_seedbox(tmp_path / f"seeds-{version}", {**write_note(version), **files})
    return release(version, tmp_path / "registry", seeds=changed, changelog=log)


# --- Contents of a version


@pytest.mark.slow
def test_a_version_holds_its_papers_and_the_index_lists_them(registry: Path) -> None:
    folder = registry / "1.0.0"
    papers = {
        "datapackage.json", "README.md", "CHANGELOG.md", "diff.json", "DIFF.md", "rules.json", "CITATION.cff",
        ".zenodo.json", "croissant.json", "dataset.jsonld", "HF_README.md", "SHA256SUMS", "conflictdata-1.0.0.zip",
        "environment.json",
    }  # fmt: skip
    assert {p.name for p in folder.iterdir() if p.is_file()} == papers
    entry = read((registry / "index.json").read_bytes(), "index.json")["1.0.0"]
    assert set(entry.files) == {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert entry.released == "2024-07-01"
    assert "first version" in (folder / "DIFF.md").read_text(encoding="utf-8")


def test_sha256sum_and_unzip_agree(registry: Path, tmp_path: Path) -> None:
    folder = registry / "1.0.0"
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr
    with zipfile.ZipFile(folder / "conflictdata-1.0.0.zip") as packed:
        assert packed.testzip() is None
        names = packed.namelist()
        assert names == sorted(names)
        assert {m.date_time for m in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        packed.extractall(tmp_path / "out")
    inside = tmp_path / "out" / "conflictdata-1.0.0"
    for path in folder.rglob("*"):
        if path.is_file() and path.suffix != ".zip":
            assert (inside / path.relative_to(folder)).read_bytes() == path.read_bytes()


@pytest.mark.slow
def test_frictionless_finds_the_released_package_valid(registry: Path) -> None:
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json"]
    done = subprocess.run(command, cwd=registry / "1.0.0", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_rules_are_listed_with_their_counts(registry: Path) -> None:
    document = json.loads((registry / "1.0.0" / "rules.json").read_text(encoding="utf-8"))
    counts = {rule["id"]: (rule["valid"], rule["invalid"]) for rule in document["rules"]}
    assert counts["figures.parts-cover-parent"] == (1, 0)
    assert len(counts) > 100


@pytest.mark.slow
def test_the_next_version_says_what_changed(registry: Path, tmp_path: Path, log: Path) -> None:
    files = {
        NAME: SOURCE.replace("{n: 30, including", "{n: 31, including").replace("at least 60", "at least 61"),
        "sources/war/paper-2024-06-03.yaml": OTHER,
    }
    outcome = release_again(tmp_path, "1.1.0", files, log)
    assert outcome.refusals == ()
    assert outcome.changes is not None
    assert outcome.changes.bump == "minor"
    document = json.loads((registry / "1.1.0" / "diff.json").read_text(encoding="utf-8"))
    assert (document["old"]["version"], document["new"]["version"]) == ("1.0.0", "1.1.0")
    assert str(tmp_path) not in json.dumps(document)
    # The diff against a comparison of the two versions' tables in DuckDB.
    old, new = (f"'{registry}/{v}/parquet/figures.parquet'" for v in ("1.0.0", "1.1.0"))
    added = duckdb.sql(f"SELECT count(*) FROM {new} ANTI JOIN {old} USING (figure_id)").fetchall()[0][0]
    changed = duckdb.sql(f"SELECT count(*) FROM (FROM {new} EXCEPT FROM {old})").fetchall()[0][0] - added
    assert document["counts"]["figures"] == {"removed": 0, "replaced": 0, "corrected": changed, "added": added}
    assert list(read((registry / "index.json").read_bytes(), "index.json")) == ["1.0.0", "1.1.0"]
    assert verify(str(registry)).ok


# --- The gate

RENAMED = {
    "reference/actors.csv": ACTORS.replace("agency,A news agency,news_agency,,,,,,,\n", "")
    + "wire,A news agency,news_agency,,,,,,,\n",
    NAME: SOURCE.replace("via: agency", "via: wire"),
}
REFUSED = {
    "an error": ("1.1.0", {NAME: SOURCE.replace("rebels: 20", "rebels: 10")}, "the seeds have 1 error; `conflictdata validate` shows"),
    "a day after the release": (
        "1.1.0", {"release.yaml": "version: 1.1.0\ndate: 2024-05-31\n"},
        rf"{NAME}:3:12: the page is of 2024-06-02, 2 days after the release of 2024-05-31. If the day is right, set a later `date` in",
    ),
    "nothing new": ("1.1.0", {}, "nothing differs from 1.0.0"),
    "too small a step": ("1.0.1", {"sources/war/paper-2024-06-03.yaml": OTHER}, r"are minor \(rows added: .*\): the version must be at least 1.1.0"),
    "not newer": ("0.9.0", {"sources/war/paper-2024-06-03.yaml": OTHER}, "0.9.0 is not newer than 1.0.0"),
    "an id gone": ("1.1.0", RENAMED, r"gone without a row in retired.csv .*: agency"),
    "no entry": ("1.2.0", {"sources/war/paper-2024-06-03.yaml": OTHER}, "has no entry for 1.2.0: it needs one"),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", REFUSED)
def test_a_version_is_refused_for_a_reason_and_nothing_is_written(
    name: str, registry: Path, tmp_path: Path, log: Path
) -> None:
    version, files, reason = REFUSED[name]
    before = {p: p.stat().st_mtime_ns for p in registry.rglob("*")}
    outcome = release_again(tmp_path, version, files, log)
    assert any(re.search(reason, refusal) for refusal in outcome.refusals), outcome.refusals
    assert outcome.folder is None
    assert {p: p.stat().st_mtime_ns for p in registry.rglob("*")} == before


LOGS = {
    "two entries": (
        LOG.replace("## 1.0.0 (", "## 1.1.0\n\n### Data\n\n- Again.\n\n## 1.0.0 ("),
        "has 2 entries for 1.1.0",
    ),
    "code first": (LOG.replace("### Data\n\n- More.", "### Code\n\n- More."), "starts with `### Code`"),
    "no heading": (LOG.replace("### Data\n\n- More.", "- More."), "starts with no heading"),
    "nothing said": (LOG.replace("- More.\n\n", "### Code\n\n- More.\n\n"), "says nothing under `### Data`"),
    "a longer version": (LOG.replace("## 1.1.0", "## 1.1.01"), "has no entry for 1.1.0"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", LOGS)
def test_the_changelog_has_one_entry_with_data_first(name: str, registry: Path, tmp_path: Path, log: Path) -> None:
    text, reason = LOGS[name]
    log.write_text(text, encoding="utf-8")
    outcome = release_again(tmp_path, "1.1.0", {"sources/war/paper-2024-06-03.yaml": OTHER}, log)
    assert [reason in refusal for refusal in outcome.refusals] == [True], outcome.refusals


@pytest.mark.slow
def test_a_version_has_the_changelog_of_its_day(registry: Path, seeds: Path, log: Path) -> None:
    """A version does not include later entries.

    Its bytes are the same whenever it is built.
    """
    kept = (registry / "1.0.0" / "CHANGELOG.md").read_text(encoding="utf-8")
    assert kept == LOG.replace("## 1.1.0\n\n### Data\n\n- More.\n\n", "")
    log.write_text(LOG.replace("## 1.1.0", "## 2.0.0\n\n### Data\n\n- All new.\n\n## 1.1.0"), encoding="utf-8")
    assert rebuild(registry / "1.0.0", seeds, log).ok


def test_what_was_released_is_never_written_again(registry: Path, seeds: Path, log: Path) -> None:
    with pytest.raises(UsageError, match=r"version 1\.0\.0 is in .* already"):
        release("1.0.0", registry, seeds=seeds, changelog=log)


@pytest.mark.slow
def test_a_withdrawn_id_with_its_row_is_released(registry: Path, tmp_path: Path, log: Path) -> None:
    retired = {"retired.csv": "id,replaced_by,on,reason\nagency,wire,2024-07-01,It stood twice.\n"}
    outcome = release_again(tmp_path, "2.0.0", {**RENAMED, **retired}, log)
    assert [r for r in outcome.refusals if "entry" not in r] == []


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, seeds: Path, log: Path) -> None:
    (tmp_path / "registry" / "1.0.0").mkdir(parents=True)
    (tmp_path / "registry" / "1.0.0" / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is not empty and is not a version of this data"):
        release("1.0.0", tmp_path / "registry", seeds=seeds, changelog=log)
    assert (tmp_path / "registry" / "1.0.0" / "thesis.txt").read_text(encoding="utf-8") == "mine"


# --- Reproducibility


@pytest.mark.slow
def test_two_releases_of_one_state_are_the_same_bytes(registry: Path, tmp_path: Path, seeds: Path, log: Path) -> None:
    release("1.0.0", tmp_path / "other" / "place", seeds=seeds, changelog=log)
    for path in registry.rglob("*"):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "other" / "place" / path.relative_to(registry)).read_bytes(), path


@pytest.mark.slow
def test_rebuild_proves_it_and_names_what_differs(registry: Path, seeds: Path, log: Path) -> None:
    assert rebuild(registry / "1.0.0", seeds, log).ok
    page = seeds / NAME
    page.write_text(SOURCE.replace("officers: 2", "officers: 3"), encoding="utf-8")
    found = {Path(f.place.file).name for f in rebuild(registry / "1.0.0", seeds, log).findings if f.place}
    assert {"figures.csv", "figures.parquet", "casualties.csv", "datapackage.json", "SHA256SUMS"} <= found
    assert "claims.csv" not in found


# --- Verifying


def _flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


@pytest.mark.slow
@pytest.mark.sample(2)
@pytest.mark.parametrize(
    "name",
    ["csv/claims.csv", "DIFF.md", "SHA256SUMS", "parquet/figures.parquet", "conflictdata-1.0.0.zip", "rules.json"],
)
def test_one_flipped_bit_is_found_with_both_hashes(name: str, registry: Path) -> None:
    _flip(registry / "1.0.0" / name)
    if name.endswith((".zip", "SUMS")):
        try:
            report = verify(str(registry))
        except UsageError as fault:
            assert "is not a whole zip" in str(fault) or "is not a line of SHA256SUMS" in str(fault)  # noqa: PT017
            return
    else:
        report = verify(str(registry / "1.0.0"))
    findings = [f for f in report.errors if f.rule == FILES and f.place and f.place.file.endswith(name)]
    assert any("SHA-256 is" in f.message or "the hash is" in f.message for f in findings) or name == "SHA256SUMS"


@pytest.mark.slow
def test_a_file_too_many_or_too_few_is_found(registry: Path) -> None:
    (registry / "1.0.0" / "extra.txt").write_text("x", encoding="utf-8")
    (registry / "1.0.0" / "DIFF.md").unlink()
    findings = [f.message for f in verify(str(registry / "1.0.0")).errors]
    assert any("SHA256SUMS does not list it" in m for m in findings)
    assert any("SHA256SUMS lists it, and it cannot be read" in m for m in findings)


@pytest.mark.slow
def test_a_zip_and_an_address_are_verified_too(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    zipped = shutil.copy(registry / "1.0.0" / "conflictdata-1.0.0.zip", tmp_path / "a.zip")
    assert verify(str(zipped)).ok
    with serve(registry) as server:
        for address in (server.url, f"{server.url}1.0.0", f"{server.url}1.0.0/conflictdata-1.0.0.zip"):
            report = verify(address)
            assert report.ok
            assert report.counts["claims"] == 2
        server.faults["1.0.0/csv/claims.csv"] = "tampered"
        with pytest.raises(UsageError, match=r"is not what the index says: its SHA-256 is [0-9a-f]{64}, and should be"):
            verify(server.url)
        found = verify(f"{server.url}1.0.0").errors
        assert any(f.place and f.place.file == f"{server.url}1.0.0/csv/claims.csv" for f in found)


def _damage(content: bytes, luck: random.Random, headers: bool) -> bytes:
    """Change 1 to 3 bytes of a zip, anywhere or in its headers."""
    begins = [hit.start() for hit in re.finditer(b"PK\x03\x04", content)]
    lists = [*(b + n for b in begins for n in range(80)), *range(content.index(b"PK\x01\x02"), len(content))]
    places = lists if headers else range(len(content))
    damaged = bytearray(content)
    for at in luck.choices(places, k=luck.randint(1, 3)):
        damaged[at] ^= luck.randrange(1, 256)
    return bytes(damaged)


@pytest.mark.slow
@pytest.mark.parametrize("headers", [False, True], ids=["anywhere", "in its headers"])
def test_a_damaged_zip_is_one_line_and_never_a_traceback(headers: bool, made: Path, tmp_path: Path) -> None:
    sound, file = made / "1.0.0" / "conflictdata-1.0.0.zip", tmp_path / "a.zip"
    content, luck, codes = sound.read_bytes(), random.Random(6), set()
    with zipfile.ZipFile(sound) as packed:
        texts = {m.filename: packed.read(m) for m in packed.infolist()}
    for _ in range(count_examples(60, 600)):
        file.write_bytes(_damage(content, luck, headers))
        into = tmp_path / "into"
        into.mkdir()
        with contextlib.suppress(UsageError):
            extract(file, into)
            there = {p.relative_to(into).as_posix(): p.read_bytes() for p in into.rglob("*") if p.is_file()}
            shutil.rmtree(into)
            if there == texts:
                continue  # the damaged byte is not part of a file: a date, a mode
        shutil.rmtree(into, ignore_errors=True)

        done = commands.run("verify", file)

        codes.add(done.returncode)
        if done.returncode == 2:
            assert re.fullmatch(r"error: [^\n]+\n", done.stderr)
            assert done.stdout == ""
        else:
            assert (done.returncode, "clean" in done.stdout) == (1, False)
    assert 2 in codes


def test_a_hostile_zip_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as packed:
        packed.writestr("../../evil.txt", "x")
    with pytest.raises(UsageError, match="is not a path inside the folder"):
        verify(str(tmp_path / "a.zip"))
    assert not (tmp_path.parent / "evil.txt").exists()


@pytest.mark.parametrize("target", ["nothing", "http://127.0.0.1:9/x"])
def test_missing_targets_are_reported(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "*")
    with pytest.raises(UsageError, match=r"does not exist|the connection was refused"):
        verify(target)


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "asked"), [("claims.of-tomorrow", False), ("claims.as-of-before-page", True)])
def test_a_later_rule_is_not_evaluated_on_an_older_version(
    rule: str, asked: bool, registry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_a_finding(folder: Path, **_: object) -> Report:
        report = validate(folder)
        report.findings.append(Finding(rule, "error", "It says so."))
        return report

    monkeypatch.setattr(verifying, "validate", with_a_finding)
    assert verify(str(registry / "1.0.0")).ok is not asked


# --- kill -9


@pytest.mark.slow
@pytest.mark.parametrize("what", ["release", "publish"])
def test_kill_9_at_50_moments_leaves_the_old_state_or_the_new(
    what: str, tmp_path: Path, seeds: Path, log: Path
) -> None:
    chance = random.Random(what)
    registry, package = tmp_path / "registry", tmp_path / "package"
    commands = {
        "release": ["release", "1.0.0", "--to", str(registry), "--seeds", str(seeds), "--changelog", str(log)],
        "publish": ["publish", str(seeds), "--out", str(package)],
    }
    command = [sys.executable, "-m", "conflictdata", *commands[what]]
    for _ in range(50):
        going = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.6, 2.6))
        going.kill()
        going.wait()
        if (registry / "index.json").exists():
            assert verify(str(registry)).ok
            shutil.rmtree(registry)
        if package.exists():
            assert verify(str(package)).ok
            if chance.random() < 0.5:
                shutil.rmtree(package)
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert verify(str(registry if what == "release" else package)).ok
    left = {p.name for p in (registry if what == "release" else tmp_path).iterdir()}
    assert not any(".new-" in name or name.endswith(".old") for name in left)


SECOND = """
import sys
from pathlib import Path
from conflictdata.release.release import Draft, find_latest, put, read_index

site, seeds, log = map(Path, sys.argv[1:])
known = read_index(site)
draft = Draft.read("1.1.0", seeds, log, find_latest(known, site))
print("ready", flush=True)
put(draft, site, known)
print("done", flush=True)
"""


@pytest.mark.hand
@pytest.mark.slow
def test_kill_9_while_a_second_version_is_written_leaves_the_first_or_both(
    registry: Path, tmp_path: Path, log: Path
) -> None:
    """Twenty moments between the first byte of the version and its index entry."""
    chance = random.Random(11)
    files = {**write_note("1.1.0"), "sources/war/paper-2024-06-03.yaml": OTHER}
    changed = write_seedbox(tmp_path / "changed", files)
    command = [sys.executable, "-c", SECOND, str(registry), str(changed), str(log)]
    first = (registry / "index.json").read_bytes()
    seen, whole = set(), 0.3
    for kill in range(21):
        going = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert going.stdout is not None
        assert going.stdout.readline() == b"ready\n"
        started = time.monotonic()
        if kill == 0:  # the first run finishes, to measure its time
            assert going.wait() == 0
            whole = time.monotonic() - started
        else:
            time.sleep(chance.uniform(0, whole))
            going.kill()
        going.wait()
        going.stdout.close()
        listed = tuple(read((registry / "index.json").read_bytes(), "index.json"))
        assert listed in (("1.0.0",), ("1.0.0", "1.1.0"))
        assert verify(str(registry)).ok
        seen.add(listed)
        if len(listed) == 2:
            (registry / "index.json").write_bytes(first)
            shutil.rmtree(registry / "1.1.0")
    assert ("1.0.0",) in seen
    outcome = release("1.1.0", registry, seeds=changed, changelog=log)
    assert outcome.refusals == ()
    assert verify(str(registry)).ok
    assert sorted(p.name for p in registry.iterdir()) == [".lock", "1.0.0", "1.1.0", "index.json"]


# --- The commands


def run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return commands.run(*args)


@pytest.mark.slow
def test_the_commands_say_what_they_did(tmp_path: Path, seeds: Path, log: Path) -> None:
    there = tmp_path / "registry"
    done = run("release", "1.0.0", "--to", there, "--seeds", seeds, "--changelog", log)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith(f"the first version\nreleased: {there / '1.0.0'}\n")
    assert "clean: 0 errors" in run("verify", there).stdout
    rebuilt = run("verify", "--rebuild", there / "1.0.0", "--seeds", seeds, "--changelog", log)
    assert "byte for byte" in rebuilt.stdout
    refused = run("release", "1.0.1", "--to", there, "--seeds", seeds, "--changelog", log)
    assert refused.returncode == 1
    assert "refused: release.yaml of the seeds says version 1.0.0, not 1.0.1" in refused.stderr
    assert "nothing was written" in refused.stderr
    assert run("release", "1.0", "--to", there, "--seeds", seeds, "--changelog", log).returncode == 2
    _flip(there / "1.0.0" / "csv" / "claims.csv")
    touched = run("verify", there)
    assert touched.returncode == 1
    assert "SHA256SUMS says" in touched.stdout
