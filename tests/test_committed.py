"""Generated files in the repository match the seeds.

The seed article behaves as the README shows.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from conflictdata.devtools.generate import publish_repository
from conflictdata.findings import Report
from conflictdata.release.publish import publish_seeds
from conflictdata.validation.pipeline import read_seeds_target, validate_target

ROOT = Path(__file__).parents[1]
ARTICLE = "sources/syria_2024_offensive/telesur_english-2024-12-05.yaml"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a copy of the files that publishing needs, regenerated."""
    root = tmp_path_factory.mktemp("repository")
    (root / "conflictdata").mkdir()
    (root / "pyproject.toml").touch()
    report, folder = publish_repository(ROOT / "seeds", root)
    assert report.ok
    assert folder == root / "conflictdata" / "data"
    return root


def drop_parquet(descriptor: Path) -> dict[str, Any]:
    """Return a descriptor without the parts that vary with the Parquet writer."""
    content: dict[str, Any] = json.loads(descriptor.read_text(encoding="utf-8"))
    for resource in content["resources"]:
        for alternate in resource["alternates"]:
            del alternate["bytes"], alternate["hash"]
    return content


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["conflictdata/data/csv", "conflictdata/data/schemas", "schemas"])
def test_the_committed_texts_are_those_of_the_seeds(folder: str, fresh: Path) -> None:
    def texts(root: Path) -> dict[str, str]:
        return {p.name: p.read_text(encoding="utf-8") for p in sorted((root / folder).iterdir())}

    assert texts(ROOT) == texts(fresh), "run `conflictdata publish --repository` and commit what it writes"


@pytest.mark.slow
@pytest.mark.parametrize("file", ["datapackage.json", "conflictdata/data/datapackage.json"])
def test_the_committed_descriptors_are_those_of_the_seeds(file: str, fresh: Path) -> None:
    assert drop_parquet(ROOT / file) == drop_parquet(fresh / file)


def test_the_committed_parquet_holds_the_tables_of_the_seeds(fresh: Path) -> None:
    files = sorted((fresh / "conflictdata/data/parquet").glob("*.parquet"))
    assert len(files) == 22
    for file in files:
        assert_frame_equal(pl.read_parquet(ROOT / "conflictdata/data/parquet" / file.name), pl.read_parquet(file))


def test_another_folder_is_not_taken_for_the_repository(tmp_path: Path) -> None:
    with pytest.raises(Exception, match="is not the repository"):
        publish_repository(ROOT / "seeds", tmp_path)


@pytest.mark.slow
def test_nothing_is_written_if_there_is_an_error(tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    (seeds / ARTICLE).write_text((seeds / ARTICLE).read_text(encoding="utf-8").replace("371", "317"), encoding="utf-8")
    report, folder = publish_seeds(seeds, tmp_path / "package")
    assert not report.ok
    assert folder is None
    assert not (tmp_path / "package").exists()


def replace_fighters(number: str, folder: Path) -> Report:
    seeds = folder / "seeds"
    shutil.copytree(ROOT / "seeds", seeds)
    text = (seeds / ARTICLE).read_text(encoding="utf-8")
    assert text.count("371") == 1
    (seeds / ARTICLE).write_text(text.replace("371", number), encoding="utf-8")
    return validate_target(read_seeds_target(seeds, only=frozenset([(seeds / ARTICLE).as_posix()]))).report


@pytest.mark.slow
def test_the_article_with_317_has_one_error_at_that_line(tmp_path: Path) -> None:
    report = replace_fighters("317", tmp_path)
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("figures.parts-cover-parent", "error")
    assert "111 + 317 + 220 + 25 = 673, but the total is at least 727" in finding.message
    lines = (tmp_path / "seeds" / ARTICLE).read_text(encoding="utf-8").splitlines()
    assert finding.place is not None
    assert "317" in lines[finding.place.line - 1]


@pytest.mark.slow
def test_the_article_with_372_has_one_warning(tmp_path: Path) -> None:
    report = replace_fighters("372", tmp_path)
    (finding,) = report.findings
    assert (finding.rule, finding.severity) == ("figures.parts-sum-as-printed", "warning")
    assert "111 + 372 + 220 + 25 = 728" in finding.message
    assert report.ok
