"""Collections from the seeds to the package: made, made again, and broken."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from collection_box import FOLDER, LICENCE, NEWER, RECIPE, ROWS, add_rows, read_packed, replace_packed, write_collection
from packages import read_contents
from seedbox import ACTORS

import conflictdata as cd
from conflictdata.datapackage.build import check_replaceable
from conflictdata.datapackage.verify import verify_package
from conflictdata.devtools.collect import collect
from conflictdata.release.publish import publish_seeds
from conflictdata.seeds.collections import read_collection
from conflictdata.seeds.unread_files import find_unread
from conflictdata.validation.api import validate

FILES = "release.files-match-descriptor"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return seeds with a collection."""
    seeds = tmp_path_factory.mktemp("made") / "seeds"
    write_collection(seeds)
    return seeds


@pytest.fixture
def seeds(made: Path, tmp_path: Path) -> Path:
    """Return a copy that a test may break."""
    return shutil.copytree(made, tmp_path / "seeds")


# --- Records


@pytest.mark.slow
def test_the_same_file_gives_the_same_records(made: Path, tmp_path: Path) -> None:
    again = write_collection(tmp_path / "seeds")
    assert read_contents(again) == read_contents(made / FOLDER)
    before = read_contents(again)
    assert add_rows(again, ROWS) == {}, "the file is in the records already"
    assert read_contents(again) == before


@pytest.mark.slow
def test_records_measure_the_columns_of_the_makers(made: Path) -> None:
    manifest = json.loads((made / FOLDER / "records.json").read_text(encoding="utf-8"))
    sums = {c["column"]: (c["filled"], c["sum"], c["carried"]) for c in manifest["columns"]}
    assert sums["killed_cum"] == (3, 48, True)
    assert sums["famine_cum"] == (1, 2, True)
    assert sums["ext_killed"] == (1, 8, False)
    assert [done["rows"] for done in manifest["imports"]] == [3]


@pytest.mark.slow
def test_registers_of_the_seeds_are_not_stored_twice(tmp_path: Path) -> None:
    register = ACTORS.replace(
        "government,The government", "gaza_moh,The ministry,health_authority,PSE,,,,,,\ngovernment,The government"
    )
    folder = write_collection(tmp_path / "seeds", **{"reference/actors.csv": register})
    assert "gaza_moh" not in read_packed(folder, "actors")
    assert "tech_for_palestine" in read_packed(folder, "actors")
    report, package = publish_seeds(tmp_path / "seeds", tmp_path / "out")
    assert report.ok, report
    actors = pl.read_parquet(tmp_path / "out/collections/daily/parquet/actors.parquet")
    assert dict(actors.select("actor_id", "name").iter_rows())["gaza_moh"] == "The ministry"
    assert package == tmp_path / "out"


@pytest.mark.slow
def test_a_newer_file_revises_the_records(seeds: Path) -> None:
    counts = add_rows(seeds / FOLDER, NEWER)
    assert (counts["new"], counts["revised"], counts["same"]) == (1, 1, 3)
    assert validate(seeds / FOLDER).ok
    assert "Revised by the source" in read_packed(seeds / FOLDER, "claims")


# --- Bad input


def _drop(name: str) -> Any:
    return lambda folder: (folder / name).unlink()


def _write(name: str, text: str) -> Any:
    return lambda folder: (folder / name).write_text(text, encoding="utf-8")


def _edit(table: str, old: str, new: str, *, renew: bool = True) -> Any:
    return lambda folder: replace_packed(folder, table, old, new, renew=renew)


BROKEN = {
    "changed records": (_edit("figures", "killed,persons", "injured,persons", renew=False), FILES, "where records.json says"),
    "lost records": (_drop("claims.csv.gz"), FILES, "records.json lists it, and it cannot be read"),
    "foreign records": (_write("events.csv.gz", "x"), FILES, "records.json does not list it"),
    "no text of the licence": (_drop("LICENSE.txt"), "seed.missing-table", "the text of the licence is missing"),
    "an empty licence": (_write("LICENSE.txt", "\n"), "file.empty", "the file is empty"),
    "no licence": (_write("recipe.yaml", RECIPE.replace("licence:", "license:")), "seed.unknown-key", "the recipe has no key 'license'"),
    "a licence without a name": (_write("recipe.yaml", RECIPE.replace("  name: Unlicense\n", "")), "seed.missing-key", "licence has no 'name'"),
    "a licence in words": (_write("recipe.yaml", RECIPE.replace("name: Unlicense", "name: free to use")), "seed.shape", "not the SPDX name"),
    "no recipe": (_drop("recipe.yaml"), "seed.missing-table", "the recipe of the collection is missing"),
    "no list of records": (_drop("records.json"), "seed.missing-table", "the list of the records is missing"),
    "a broken list of records": (_write("records.json", '{"records_version": 1}'), "json.shape", "'tables' is missing"),
    "a list from the future": (_write("records.json", '{"records_version": 9}'), "json.shape", "reads 1"),
    "a foreign claimant": (_edit("claims", ",gaza_gmo,", ",nobody_known,"), "claims.claimant-id-resolves", "nobody_known"),
    "a claim of a curated page": (_edit("crosswalk", "tech_for_palestine-2023-10-09.4129", "paper-2024-06-02.1"), "crosswalk.entity-id-resolves", "paper-2024-06-02.1"),
    "an actor of the register again": (_edit("actors", "tech_for_palestine,", "paper,A paper,,news_media,,,,,,,\ntech_for_palestine,"), "actors.key-unique", "paper"),
    "a file that is none": (_write("notes.md", "x"), "file.not-read", "seeds have no such file"),
    "an explained warning that is gone": (
        _write("recipe.yaml", f"{RECIPE}warnings:\n  - {{rule: figures.round-number-exact, count: 2, reason: So., by: us, on: 2026-11-30}}\n"),
        "flags.used", "no record breaks figures.round-number-exact",
    ),
    "a rule that does not exist": (
        _write("recipe.yaml", f"{RECIPE}warnings:\n  - {{rule: figures.round, count: 2, reason: So., by: us, on: 2026-11-30}}\n"),
        "flags.rule-exists", "there is no rule figures.round",
    ),
}  # fmt: skip


FORM = ("seed.", "file.empty", "json.", FILES)  # found without the rules


@pytest.mark.slow
@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_collection_has_an_error(what: str, seeds: Path) -> None:
    spoil, rule, words = BROKEN[what]
    spoil(seeds / FOLDER)
    if rule.startswith(FORM):
        findings = read_collection(seeds / FOLDER).findings
    else:
        findings = [*find_unread(seeds)] if rule == "file.not-read" else validate(seeds / FOLDER).errors
    errors = [f for f in findings if (f.rule, f.severity) == (rule, "error")]
    assert any(words in f.message for f in errors), findings
    assert all(f.hint and f.place for f in errors)


@pytest.mark.slow
@pytest.mark.parametrize("what", ["changed records", pytest.param("a foreign claimant", marks=pytest.mark.slow)])
def test_a_broken_collection_is_not_published(what: str, seeds: Path, tmp_path: Path) -> None:
    spoil, rule, _ = BROKEN[what]
    spoil(seeds / FOLDER)
    report, folder = publish_seeds(seeds, tmp_path / "out")
    assert rule in {f.rule for f in report.errors}
    assert folder is None
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_validate_reports_a_broken_hash_and_says_how_far_it_went(seeds: Path) -> None:
    report = validate(seeds)
    assert report.ok
    assert "collections daily: recipe, licence and hashes were checked" in report.notes[0]
    replace_packed(seeds / FOLDER, "claims", "gaza_gmo", "gaza_moh", renew=False)
    for target in (seeds / FOLDER, seeds / FOLDER / "recipe.yaml", seeds / FOLDER / "claims.csv.gz", seeds):
        assert [f.rule for f in validate(target).errors] == [FILES], target


@pytest.mark.slow
def test_collect_refuses_broken_records_and_foreign_files(seeds: Path, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text('[{"date": "2022-02-25", "day": 2, "personnel": 2800}]', encoding="utf-8")
    with pytest.raises(cd.UsageError, match="is not a table of palestine"):
        collect(seeds / FOLDER, [tmp_path / "other.json"])
    replace_packed(seeds / FOLDER, "claims", "gaza_gmo", "gaza_moh", renew=False)
    with pytest.raises(cd.UsageError, match="its SHA-256 is"):
        add_rows(seeds / FOLDER, NEWER)


@pytest.fixture(scope="module")
def built(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the package of the seeds."""
    out = tmp_path_factory.mktemp("built") / "package"
    assert publish_seeds(made, out)[0].ok
    return out


CHANGED = [
    ("collections/daily/csv/claims.csv", "gaza_gmo", "gaza_moh", "the hash is sha256:"),
    ("collections/daily/datapackage.json", "A daily table", "B daily table", "the hash is sha256:"),
    ("collections/daily/datapackage.json", '"version": "1.0.0"', '"version": "1.0.1"', "version is '1.0.1', and the package"),
    ("collections/daily/datapackage.json", '"name": "Unlicense"', '"name": ""', "has no licence with a name"),
    ("collections/daily/LICENSE.txt", LICENCE, "", "the text of the licence is missing"),
    ("datapackage.json", '"name": "daily"', '"name": "weekly"', "is not listed with the path"),
    ("datapackage.json", '"name": "daily"', '"name": "weekly"', "does not list this collection"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "old", "new", "words"), CHANGED)
def test_a_changed_package_has_errors(name: str, old: str, new: str, words: str, built: Path, tmp_path: Path) -> None:
    out = shutil.copytree(built, tmp_path / "out")
    assert [*verify_package(out), *verify_package(out / "collections/daily")] == []
    text = (out / name).read_text(encoding="utf-8")
    assert old in text
    (out / name).write_text(text.replace(old, new), encoding="utf-8")
    findings = [*verify_package(out), *verify_package(out / "collections/daily")]
    assert any(words in f.message and f.rule == FILES and f.severity == "error" for f in findings), findings


@pytest.mark.slow
def test_validate_reads_the_collections_of_a_package(built: Path, tmp_path: Path) -> None:
    out = shutil.copytree(built, tmp_path / "out")
    report = validate(out)
    assert report.findings == []
    assert report.counts["claims"] == 2 + 4
    file = out / "collections/daily/csv/claims.csv"
    file.write_text(file.read_text(encoding="utf-8").replace("gaza_gmo", "nobody_known"), encoding="utf-8")
    assert {"claims.claimant-id-resolves", FILES} <= {f.rule for f in validate(out).errors}


@pytest.mark.slow
def test_only_a_package_is_replaced(built: Path, tmp_path: Path) -> None:
    out = shutil.copytree(built, tmp_path / "out")
    check_replaceable(out, "conflictdata")
    for name in (
        "collections/daily/notes.md",
        "collections/notes.md",
        "collections/daily/collections/a/csv/b.csv",
        "LICENSE.txt",
    ):
        (out / name).parent.mkdir(parents=True, exist_ok=True)
        (out / name).touch()
        with pytest.raises(cd.UsageError, match="which is not part of the package"):
            check_replaceable(out, "conflictdata")
        (out / name).unlink()
