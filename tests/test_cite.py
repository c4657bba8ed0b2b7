"""Citations: the version, the pages behind claims, and third-party readers."""

from __future__ import annotations

import datetime as dt
import subprocess
from pathlib import Path

import commands
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import conflictdata as cd
from conflictdata.datapackage.metadata.references import CitedPage, CitedVersion, render_apa, render_bibtex, render_cff
from conflictdata.loading import read_package

pybtex = pytest.importorskip("pybtex.database")

TOLL = "telesur_english-2024-12-05.1"
OTHER = "telesur_english-2024-12-05.2"
VERSION = read_package()["version"]


def _get_version() -> CitedVersion:
    what = read_package()
    return CitedVersion(what["title"], VERSION, dt.date.fromisoformat(what["created"][:10]), "CC-BY-4.0")


def _make_page(publisher: str, url: str, claimants: tuple[str, ...] = ("A",)) -> CitedPage:
    return CitedPage(
        "p-2024-01-02", publisher, "article", dt.date(2024, 1, 2), url, None, claimants, ("p-2024-01-02.1",)
    )


def test_apa_names_the_version_first_and_each_page_once() -> None:
    lines = cd.cite("apa", subset=[TOLL, OTHER, "snhr-2025-01-02.1"]).splitlines()
    assert lines[0].startswith("The conflictdata project. (")
    assert f"(Version {VERSION}) [Data set]." in lines[0]
    assert [line.split(". (")[0] for line in lines[1:]] == ["Syrian Network for Human Rights", "teleSUR English"]
    assert f"{TOLL}, {OTHER}" in lines[2]
    assert "(2024, December 5)" in lines[2]


def test_bibtex_is_read_by_pybtex() -> None:
    found = pybtex.parse_string(cd.cite("bibtex", subset=[TOLL, "snhr-2025-01-02.1"]), "bibtex").entries
    assert list(found) == [f"conflictdata-{VERSION}", "snhr-2025-01-02", "telesur_english-2024-12-05"]
    assert found["snhr-2025-01-02"].fields["url"].startswith("https://snhr.org/blog/2025/01/02/1264")
    assert found["telesur_english-2024-12-05"].fields["month"] == "12"


def test_cff_has_what_the_format_requires() -> None:
    found = yaml.safe_load(cd.cite("cff", subset=[TOLL]))
    assert {"cff-version", "message", "title", "authors", "type", "version", "date-released", "references"} <= set(
        found
    )
    (page,) = found["references"]
    assert page["identifiers"][0]["value"].startswith("urn:document:")
    assert page["authors"] == [{"name": "teleSUR English"}]
    assert "references" not in yaml.safe_load(cd.cite("cff"))


def test_a_subset_may_be_ids_or_any_frame_with_claim_ids() -> None:
    ids = [TOLL, OTHER]
    expected = cd.cite("apa", subset=ids)
    for engine in ("pandas", "polars", "arrow"):
        toll = cd.load("casualties", engine=engine, columns=["claim_id", "path"])  # type: ignore[call-overload]
        frame = toll[toll.claim_id.isin(ids)] if engine == "pandas" else None
        if engine == "polars":
            import polars as pl

            frame = toll.filter(pl.col("claim_id").is_in(ids))
        if engine == "arrow":
            import pyarrow as pa
            import pyarrow.compute as pc

            frame = toll.filter(pc.is_in(toll.column("claim_id"), value_set=pa.array(ids)))
        assert cd.cite("apa", subset=frame) == expected
    assert cd.cite("apa", subset=TOLL) == cd.cite("apa", subset=[TOLL])


@pytest.mark.slow
def test_every_claim_can_be_cited_in_every_style() -> None:
    claims = cd.load("claims")
    pages = len(cd.load("sources").merge(claims, on="source_id").source_id.unique())
    assert len(cd.cite("apa", subset=claims).splitlines()) == 1 + pages
    assert len(pybtex.parse_string(cd.cite("bibtex", subset=claims), "bibtex").entries) == 1 + pages
    assert len(yaml.safe_load(cd.cite("cff", subset=claims))["references"]) == pages


def test_unknown_names_suggest_the_nearest() -> None:
    with pytest.raises(cd.UsageError, match=r"Did you mean 'telesur_english-2024-12-05\.2'"):
        cd.cite(subset=["telesur_english-2024-12-05.9"])
    with pytest.raises(cd.UsageError, match="Did you mean 'bibtex'"):
        cd.cite("bibtx")  # type: ignore[arg-type]
    with pytest.raises(cd.UsageError, match="no column claim_id; it has figure_id"):
        cd.cite(subset=cd.load("figures", columns=["figure_id"]))


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=40)


@pytest.mark.slow
@given(TEXT, TEXT)
def test_any_publisher_and_address_make_one_readable_entry(publisher: str, tail: str) -> None:
    page = _make_page(publisher, f"https://example.org/{tail}")
    entries = pybtex.parse_string(render_bibtex(_get_version(), [page]), "bibtex").entries
    assert list(entries) == [f"conflictdata-{VERSION}", "p-2024-01-02"]
    found = yaml.safe_load(render_cff(_get_version(), [page]))
    assert found["references"][0]["authors"] == [{"name": publisher}]
    assert found["references"][0]["url"] == f"https://example.org/{tail}"
    assert len(render_apa(_get_version(), [page]).split("\n")) == 3


def _run(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return commands.run("cite", *args)


def test_the_command_joins_claims_file_and_conflict(tmp_path: Path) -> None:
    listed = tmp_path / "ids.txt"
    listed.write_text(f"{TOLL}\n{OTHER}\n", encoding="utf-8")
    done = _run("--style", "apa", "--file", listed, "--claims", "snhr-2025-01-02.1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.rstrip("\n") == cd.cite("apa", subset=["snhr-2025-01-02.1", TOLL, OTHER])
    assert len(_run("--conflict", "golan_2024").stdout.splitlines()) > 3
    wrong = _run("--conflict", "golan")
    assert wrong.returncode == 2
    assert "golan_2024" in wrong.stderr
