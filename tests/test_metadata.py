"""Metadata for search services, read back by the tools that they use."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import polars as pl
import pytest
import yaml

import conflictdata as cd
from conflictdata.datapackage import metadata
from conflictdata.datapackage.metadata.dataset import read_metadata
from conflictdata.datapackage.metadata.huggingface import choose_size_category
from conflictdata.datapackage.metadata.schemaorg import render
from conflictdata.loading import DATA, read_package


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    return metadata.render_files(DATA)


def test_the_same_package_gives_the_same_texts(texts: dict[str, str]) -> None:
    assert metadata.render_files(DATA) == texts
    assert list(texts) == ["croissant.json", "dataset.jsonld", "HF_README.md", "CITATION.cff", ".zenodo.json"]


def test_a_package_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(cd.UsageError, match=r"datapackage\.json cannot be read"):
        metadata.render_files(tmp_path)
    (tmp_path / "datapackage.json").write_text('{"resources": [{"name": "a", "path": "a.csv"}]}', encoding="utf-8")
    with pytest.raises(cd.UsageError, match="cannot be described"):
        metadata.render_files(tmp_path)


def _convert_to_mlcroissant(value: object) -> object:
    return value.encode() if isinstance(value, str) else value


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_mlcroissant_loads_every_table_as_it_is(texts: dict[str, str], tmp_path: Path) -> None:
    mlc = pytest.importorskip("mlcroissant")
    (tmp_path / "parquet").symlink_to(DATA / "parquet")
    (tmp_path / "csv").symlink_to(DATA / "csv")
    (tmp_path / "croissant.json").write_text(texts["croissant.json"], encoding="utf-8")
    dataset = mlc.Dataset(tmp_path / "croissant.json")
    assert not dataset.metadata.issues.errors
    assert [r.id for r in dataset.metadata.record_sets] == cd.tables()
    for table in cd.tables():
        expected = cd.load(table, engine="polars")
        rows = list(dataset.records(table))
        assert len(rows) == expected.height
        for seen, row in zip(rows[:40], expected.head(40).iter_rows(named=True), strict=True):
            for column, value in row.items():
                found = seen[f"{table}/{column}"]
                found = found.date() if isinstance(value, dt.date) else found
                assert found == _convert_to_mlcroissant(value), (table, column)


def test_schema_org_covers_what_the_data_cover(texts: dict[str, str]) -> None:
    found = json.loads(texts["dataset.jsonld"])
    assert 50 <= len(found["description"]) <= 5000
    claims = cd.load("claims", engine="polars").filter(pl.col("scope") != "projection")
    first, last = claims["period_start"].min(), claims["period_end"].max()
    assert found["temporalCoverage"] == f"{first}/{last}"
    countries = {c["identifier"] for c in found["spatialCoverage"]}
    assert countries == set(cd.load("casualties")["country"].dropna())
    files = {d["contentUrl"]: d["sha256"] for d in found["distribution"]}
    assert set(files) == {f"{e}/{t}.{e}" for t in cd.tables() for e in ("csv", "parquet")}
    with_base = json.loads(render(read_metadata(DATA), base="https://example.org/1.0.0/"))
    assert with_base["distribution"][0]["contentUrl"] == "https://example.org/1.0.0/csv/casualties.csv"


def test_schema_org_is_json_ld_with_known_terms(texts: dict[str, str]) -> None:
    """An independent processor expands it with schema.org's vocabulary.

    No term is lost.
    """
    jsonld = pytest.importorskip("pyld.jsonld")
    document = json.loads(texts["dataset.jsonld"])
    (expanded,) = jsonld.expand({**document, "@context": {"@vocab": "https://schema.org/"}})
    assert expanded["@type"] == ["https://schema.org/Dataset"]
    kept = {key.removeprefix("https://schema.org/") for key in expanded if not key.startswith("@")}
    assert kept == {key for key in document if not key.startswith("@")}


def _read_front_matter(card: str) -> dict[str, object]:
    found: dict[str, object] = yaml.safe_load(card.split("---\n")[1])
    return found


def test_the_dataset_card_has_a_configuration_for_each_table(texts: dict[str, str]) -> None:
    front = _read_front_matter(texts["HF_README.md"])
    configs = front["configs"]
    assert isinstance(configs, list)
    assert [c["config_name"] for c in configs] == cd.tables()
    assert [c["config_name"] for c in configs if c.get("default")] == ["casualties"]
    assert all((DATA / c["data_files"]).is_file() for c in configs)
    assert front["license"] == "cc-by-4.0"
    assert front["size_categories"] == ["1K<n<10K"]
    assert "no" in front["language"]  # type: ignore[operator] # Norwegian, not false


def test_the_dataset_card_names_files_that_a_release_has(texts: dict[str, str]) -> None:
    page = texts["HF_README.md"]
    assert "rules that were asked with their counts in `rules.json`" in page
    assert "how to cite it in `CITATION.cff`" in page


def test_the_hub_reads_the_card(texts: dict[str, str]) -> None:
    hub = pytest.importorskip("huggingface_hub")
    data = hub.DatasetCard(texts["HF_README.md"]).data
    assert data.pretty_name == read_package()["title"]
    assert data.configs[0]["config_name"] == "casualties"


@pytest.mark.parametrize(("rows", "word"), [(999, "n<1K"), (1000, "1K<n<10K"), (5 * 10**8, "100M<n<1B")])
def test_the_hubs_size_words(rows: int, word: str) -> None:
    assert choose_size_category(rows) == word


def test_citation_and_deposit_say_the_same(texts: dict[str, str]) -> None:
    cff, zenodo = yaml.safe_load(texts["CITATION.cff"]), json.loads(texts[".zenodo.json"])
    assert (cff["title"], cff["version"], cff["date-released"]) == (
        zenodo["title"],
        zenodo["version"],
        zenodo["publication_date"],
    )
    assert cff["authors"] == zenodo["creators"]
    assert cff["license"].lower() == zenodo["license"]
