"""Collections in the registry: released, compared, loaded, verified and rebuilt."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from collection_box import FOLDER, NEWER, ROWS, add_rows, write_collection
from commands import run

import conflictdata as cd
from conflictdata import loading
from conflictdata.comparison import diff
from conflictdata.registry import index
from conflictdata.release.release import release
from conflictdata.release.verify import rebuild, verify

pytestmark = pytest.mark.slow  # frictionless reads 44 tables per version

FILES = "release.files-match-descriptor"
LOG = "# Changelog\n\n" + "".join(f"## {v}\n\n### Data\n\n- More.\n\n" for v in ("1.2.0", "1.1.0", "1.0.0"))


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a registry: 1.0.0 without a collection, 1.1.0 with one, 1.2.0 with newer records."""
    folder = tmp_path_factory.mktemp("registry")
    (folder / "CHANGELOG.md").write_text(LOG, encoding="utf-8")
    seeds = folder / "seeds"
    write_collection(seeds)
    shutil.move(seeds / "collections", folder / "kept")
    for version, step in (("1.0.0", None), ("1.1.0", ROWS), ("1.2.0", NEWER)):
        (seeds / "release.yaml").write_text(f"version: {version}\ndate: 2024-07-01\n", encoding="utf-8")
        if step is ROWS:
            shutil.move(folder / "kept", seeds / "collections")
        if step is NEWER:
            add_rows(seeds / FOLDER, NEWER)
        outcome = release(version, folder / "site", seeds=seeds, changelog=folder / "CHANGELOG.md")
        assert outcome.refusals == ()
        assert outcome.changes is None or outcome.changes.bump == "minor"
    return folder / "site"


def test_a_collection_is_below_its_version_in_the_registry(registry: Path) -> None:
    entries = index.read((registry / "index.json").read_bytes(), "index.json")
    assert not [path for path in entries["1.0.0"].files if path.startswith("collections/")]
    papers = {
        "datapackage.json",
        "README.md",
        "LICENSE.txt",
        "rules.json",
        "croissant.json",
        "dataset.jsonld",
        "CITATION.cff",
    }
    assert {f"collections/daily/{name}" for name in papers} <= set(entries["1.1.0"].files)
    assert "collections/daily/diff.json" in entries["1.2.0"].files
    for version in ("1.1.0", "1.2.0"):
        package = json.loads((registry / version / "collections/daily/datapackage.json").read_text(encoding="utf-8"))
        assert package["version"] == version
    assert verify(str(registry)).ok
    assert verify(str(registry / "1.2.0" / "collections" / "daily")).ok


def test_metadata_name_the_makers_and_the_collection(registry: Path) -> None:
    whole = json.loads((registry / "1.1.0/croissant.json").read_text(encoding="utf-8"))
    assert [part["name"] for part in whole["hasPart"]] == ["daily"]
    assert (registry / "1.1.0" / whole["hasPart"][0]["url"]).is_file()
    own = json.loads((registry / "1.1.0/collections/daily/croissant.json").read_text(encoding="utf-8"))
    assert own["creator"]["name"] == "Tech for Palestine"
    assert own["license"] == "https://unlicense.org/"
    assert "These numbers are made up." in own["description"]
    assert "coded by hand" not in own["rai:dataCollection"]


def test_the_difference_names_the_collection_and_compares_it_row_by_row(registry: Path) -> None:
    added, changed = diff(registry / "1.0.0", registry / "1.1.0"), diff(registry / "1.1.0", registry / "1.2.0")
    assert [reason.what for reason in added.reasons] == ["collection added: daily"]
    assert (added.bump, changed.bump) == ("minor", "minor")
    assert changed.total() == 0
    assert changed.collections["daily"].counts["claims"]["added"] == 2
    alone = diff(registry / "1.1.0", registry / "1.2.0", collection="daily")
    assert alone.counts == changed.collections["daily"].counts
    assert (
        json.loads((registry / "1.2.0/diff.json").read_text(encoding="utf-8"))["collections"]["daily"]["bump"]
        == "minor"
    )
    assert "daily: changed, rows:" in (registry / "1.2.0/DIFF.md").read_text(encoding="utf-8")
    assert diff(registry / "1.1.0", registry / "1.0.0").bump == "major", "a collection is gone"
    with pytest.raises(cd.UsageError, match=r"1\.0\.0 has no collection 'daily'\. It has none"):
        diff(registry / "1.0.0", registry / "1.1.0", collection="daily")
    shown = run("diff", str(registry / "1.1.0"), str(registry / "1.2.0"), "--collection", "daily")
    assert "needs a minor version: 1.1.0 to 1.2.0" in shown.stdout


def test_seeds_and_their_package_have_the_same_collection(registry: Path) -> None:
    seeds = registry.parent / "seeds"
    assert not diff(seeds, registry / "1.2.0").collections
    assert not diff(seeds, seeds)


def test_versions_without_collections_say_so(registry: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICTDATA_REGISTRY", str(registry))
    monkeypatch.setenv("CONFLICTDATA_HOME", str(tmp_path))
    monkeypatch.delenv("CONFLICTDATA_OFFLINE", raising=False)
    loading.read_package.cache_clear()
    assert cd.collections(version="1.0.0") == []
    with pytest.raises(cd.UsageError, match=r"no collection 'daily': version 1\.0\.0 has none"):
        cd.load(version="1.0.0", collection="daily")
    assert cd.collections(version="1.2.0") == ["daily"]
    claims = cd.load("claims", version="1.2.0", collection="daily")
    assert list(claims["supersedes"].dropna())
    fetched = run("fetch", "1.1.0", "--collection", "daily")
    assert fetched.returncode == 0, fetched.stderr
    monkeypatch.setenv("CONFLICTDATA_OFFLINE", "1")
    assert len(cd.load("claims", version="1.1.0", collection="daily")) == 4
    assert run("fetch", "1.0.0", "--collection", "daily").returncode == 2
    broken = tmp_path / "releases/1.1.0/collections/daily/parquet/claims.parquet"
    broken.write_bytes(broken.read_bytes() + b"x")
    with pytest.raises(cd.UsageError, match=r"claims\.parquet is not what was published"):
        cd.load("claims", version="1.1.0", collection="daily")
    loading.read_package.cache_clear()


def test_verify_finds_what_was_changed_and_rebuild_gives_the_same_bytes(registry: Path, tmp_path: Path) -> None:
    assert rebuild(registry / "1.2.0", registry.parent / "seeds", registry.parent / "CHANGELOG.md").findings == []
    copy = shutil.copytree(registry, tmp_path / "site")
    file = copy / "1.1.0/collections/daily/csv/figures.csv"
    file.write_text(file.read_text(encoding="utf-8").replace(",23,", ",32,"), encoding="utf-8")
    assert {FILES} <= {f.rule for f in verify(str(copy / "1.1.0")).errors}


def test_ids_of_a_collection_never_go(registry: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(registry, tmp_path / "site")
    (copy / "1.2.0").rename(tmp_path / "later")
    entries = index.read((copy / "index.json").read_bytes(), "index.json")
    (copy / "index.json").write_text(index.write([entries["1.0.0"], entries["1.1.0"]]), encoding="utf-8")
    seeds = tmp_path / "seeds"
    folder = write_collection(
        seeds,
        [*ROWS[:2], ROWS[2] | {"report_date": "2023-10-10"}],
        **{"release.yaml": "version: 1.2.0\ndate: 2024-07-01\n"},
    )
    outcome = release("1.2.0", copy, seeds=seeds, changelog=registry.parent / "CHANGELOG.md")
    assert any("gone from the collection daily, whose ids never go" in reason for reason in outcome.refusals), (
        outcome.refusals
    )
    assert folder.is_dir()
