"""The site of the true records: every record has its page, every address of earlier versions stays, pages keep the budgets."""

from __future__ import annotations

import csv
import html
import json
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import polars as pl
import pytest
from sitebox import build_true, load_true, make_bundle, read_page

from conflictdata import compare, load, loading
from conflictdata.findings import UsageError
from conflictdata.site import SiteOptions, build_site
from conflictdata.site.layout import FOLDERS, locate_claim, locate_figure, locate_page
from conflictdata.site.pages.sources import MOST_CLAIMS, MOST_FIGURES
from conflictdata.site.permalinks import read_withdrawn
from conflictdata.site.records import SiteTables
from conflictdata.site.sentences import describe_claim
from conflictdata.site.serve import open_server
from conflictdata.site.wording import format_day

PERMALINKS = Path(__file__).parent / "data" / "permalinks.txt"
KB = 1_000
records = SiteTables(load_true())


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_true(tmp_path_factory.mktemp("site") / "out")


@pytest.fixture(scope="module")
def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def has_address(site: Path, address: str) -> bool:
    path, _, anchor = address.partition("#")
    file = site / path
    return file.is_file() and (not anchor or unquote(anchor) in read_page(file).ids)


# ---- addresses ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("table", FOLDERS)
def test_every_record_has_a_page(site: Path, table: str) -> None:
    ids = records.index_rows(table)
    assert ids
    assert [id_ for id_ in ids if not (site / locate_page(table, id_)).is_file()] == []


@pytest.mark.slow
def test_every_claim_and_figure_has_an_anchor(site: Path) -> None:
    addresses = [locate_claim(c["claim_id"], c["source_id"]) for c in records.list_rows("claims")]
    addresses += [locate_figure(f["figure_id"], f["source_id"]) for f in records.list_rows("casualties")]
    assert [a for a in addresses if not has_address(site, a)] == []


def test_every_address_of_released_versions_stays(site: Path) -> None:
    addresses = PERMALINKS.read_text(encoding="utf-8").splitlines()
    assert len(addresses) > 2_000
    assert [a for a in addresses if not has_address(site, a)] == []


def test_every_withdrawn_id_of_the_seeds_is_in_the_ledger() -> None:
    with (Path(__file__).parents[1] / "seeds" / "retired.csv").open(encoding="utf-8", newline="") as file:
        retired = {row["id"] for row in csv.DictReader(file)}
    kept = {row.id for row in read_withdrawn()}
    present = {id_ for table in FOLDERS for id_ in records.index_rows(table)}
    # A record that no released version had needs no address.
    released = PERMALINKS.read_text(encoding="utf-8")
    assert {id_ for id_ in retired - kept - present if f"{id_}\n" in released} == set()


def test_old_series_lead_to_their_tolls(site: Path) -> None:
    rows = records.list_rows("tolls_1_1")
    for row in rows:
        links = read_page(site / locate_page("tolls", row["series_id"])).links
        assert f"../{locate_page('tolls', row['toll_id'])}" in links


def test_every_link_resolves(site: Path, pages: list[Path]) -> None:
    broken = []
    for page in pages:
        for link in read_page(page).links:
            parts = urlsplit(link)
            if parts.scheme or not (parts.path or parts.fragment):
                continue
            target = page if not parts.path else (page.parent / unquote(parts.path)).resolve()
            is_there = target.is_file()
            if is_there and parts.fragment and target.suffix == ".html":
                is_there = unquote(parts.fragment) in read_page(target).ids
            if not is_there:
                broken.append(f"{page.relative_to(site)}: {link}")
    assert broken == []


def test_no_id_twice_in_a_page(pages: list[Path]) -> None:
    for page in pages:
        ids = read_page(page).ids
        assert len(ids) == len(set(ids)), page


# ---- safe and light ----------------------------------------------------------------------------------------------


def test_pages_load_nothing_foreign_and_nothing_inline(site: Path, pages: list[Path]) -> None:
    for page in pages:
        text, reader = page.read_text(encoding="utf-8"), read_page(page)
        assert reader.inline == [], page
        assert all("//" not in part for part in reader.loads), page
        policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
        assert policy, page
        assert "default-src 'none'" in policy[1]
        assert "unsafe" not in policy[1]
        assert ("script-src" in policy[1]) == (page.name == "explore.html")
    assert "http" not in re.sub(
        r"http://www\.w3\.org/\S+", "", (site / "static" / "style.css").read_text(encoding="utf-8")
    )


def test_only_the_filter_page_has_a_script(pages: list[Path]) -> None:
    with_script = {page.name for page in pages if any(part.endswith(".js") for part in read_page(page).loads)}
    assert with_script == {"explore.html"}


def test_budgets(site: Path, pages: list[Path]) -> None:
    import gzip

    assert max(page.stat().st_size for page in pages) <= 60 * KB
    style = (site / "static" / "style.css").read_bytes()
    assert len(style) <= 14 * KB
    assert len(gzip.compress(style)) <= 4.5 * KB
    script = (site / "static" / "explore.js").read_bytes()
    assert len(script) <= 150 * KB
    assert len(gzip.compress(script)) <= 48 * KB
    assert sum(file.stat().st_size for file in (site / "static" / "fonts").glob("*.woff2")) <= 80 * KB
    assert (site / "data" / "explore.parquet").stat().st_size <= 1000 * KB


def test_every_page_is_one_document(pages: list[Path]) -> None:
    for page in pages:
        tags = read_page(page).tags
        assert tags.count("h1") == tags.count("main") == tags.count("title") == 1, page
        assert "{{" not in page.read_text(encoding="utf-8"), page


def test_licences_of_fonts_and_libraries_are_there(site: Path) -> None:
    assert len(list((site / "static" / "fonts").glob("OFL-*.txt"))) == 2
    licences = (site / "static" / "explore-licences.txt").read_text(encoding="utf-8")
    assert "hyparquet" in licences
    assert "minisearch" in licences
    assert licences.count("Permission is hereby granted") == 2


# ---- what pages say ----------------------------------------------------------------------------------------------


def read_text(page: Path) -> str:
    text = re.sub(r"<[^>]+>", " ", page.read_text(encoding="utf-8").partition("<main")[2])
    return re.sub(r"\s+", " ", text)


def test_the_front_page_counts_what_it_holds(site: Path) -> None:
    text = read_text(site / "index.html")
    claims, figures = records.list_rows("claims"), records.list_rows("casualties")
    pages_read = {claim["source_id"] for claim in claims}  # not all rows of `sources` carry a claim
    assert f"{len(claims):,} claims with {len(figures):,} figures, from {len(pages_read):,} pages" in text
    assert (
        "The Syrian Observatory for Human Rights, relayed by Agencia EFE, says that at least 727 people were killed"
        in text
    )


def test_the_page_of_an_event_has_the_gap_and_why_numbers_differ(site: Path) -> None:
    text = read_text(site / "events" / "2024-12-01-idlib-strikes.html")
    assert "8 and 22. The gap is 14." in text
    assert "do not count up to the same day" in text
    assert "OHCHR: up to 3 December 2024" in text
    assert "That does not mean zero." in text


def test_a_part_of_the_people_makes_a_gap_as_in_compare(site: Path) -> None:
    event = "2024-07-27-majdal-shams-strike"
    largest = compare(event=event)["gap_max"].max()
    text = (site / locate_page("events", event)).read_text(encoding="utf-8")
    assert re.search(rf"lower bound of a count of all\. Read so, .* are {largest} apart\.", text)


def test_a_claim_of_several_events_is_not_compared(site: Path) -> None:
    shared = {c: e for c, e in records.events_by_claim.items() if len(e) > 1}
    assert shared
    for events in shared.values():
        for event in events:
            assert f"It covers {len(events)} events together." in read_text(site / locate_page("events", event))


def test_the_page_of_a_toll_goes_to_its_last_number(site: Path) -> None:
    text = read_text(site / "tolls" / "sohr.syria_2024_offensive.2024-11-27.html")
    assert "at least 910 killed" in text
    for words in ("at least 727", "about 600", "at least 704"):
        assert words in re.sub(r"\s+", " ", text)


def test_the_page_of_a_source_adds_up_its_lists(site: Path) -> None:
    text = read_text(site / "sources" / "telesur_english-2024-12-05.html")
    assert "25 + 111 + 371 + 220 = 727. The parts add up to the printed total." in text
    flagged = read_text(site / "sources" / "ansarollah-2025-07-26.html")
    assert "The page contradicts itself." in flagged
    assert "The page prints 1,420." in flagged


def test_a_long_page_of_a_source_is_folded_below_a_list_of_its_claims(site: Path) -> None:
    """Each claim is in the list by number, words and anchor. Its anchors are inside the part that is folded."""
    claims, figures = load("claims"), load("figures", columns=["claim_id"])
    counted = figures.merge(claims[["claim_id", "source_id"]]).groupby("source_id").size()
    folded = 0
    for source, count in claims.source_id.value_counts().items():
        text = (site / "sources" / f"{source}.html").read_text(encoding="utf-8")
        numbers = claims[claims.source_id == source].claim_id.str.rpartition(".")[2].tolist()
        if count <= MOST_CLAIMS and (count == 1 or counted[source] <= MOST_FIGURES):
            assert "<details class=" not in text
            continue
        folded += 1
        listed = re.findall(r'<li value="(\d+)"><a href="#c(\d+)">([^<]+)</a>', text)
        assert [(number, anchor) for number, anchor, _ in listed] == [(number, number) for number in numbers]
        assert all(re.search(r"\w", words) for _, _, words in listed)
        parts = re.findall(
            r"<details class=\"fold\"><summary class=\"claim\">(.*?)</summary>(.*?)</details>", text, re.S
        )
        assert [re.findall(r'id="c(\d+)"', inside) for _, inside in parts] == [[number] for number in numbers]
        assert not any("id=" in summary for summary, _ in parts)
        assert sum(inside.count('class="row"') for _, inside in parts) == counted[source]
    assert folded > 3


def test_a_number_keeps_its_word(site: Path, pages: list[Path]) -> None:
    """No row shows a number without the word that its page prints before it."""
    words = {"at_least": "at least", "more_than": "more than", "about": "about", "nearly": "nearly", "up_to": "up to"}
    for row in records.list_rows("casualties"):
        number = next((v for v in (row["low"], row["best"], row["high"]) if v is not None), None)
        if row["qualifier"] not in words or number is None:
            continue
        page = (site / locate_page("sources", row["source_id"])).read_text(encoding="utf-8")
        start = page.index(f'id="{row["figure_id"]}"')
        assert f'<span class="num">{words[row["qualifier"]]} {number:,}</span>' in page[start : start + 400]


def test_every_claim_is_a_sentence() -> None:
    for claim in records.list_rows("claims"):
        sentence = describe_claim(records, claim)
        assert sentence[0].isupper() or sentence[0].isdigit()
        assert sentence.endswith(".")
        assert "  " not in sentence
        assert not re.search(r"\b(None|nan|a a|the the|in in)\b", sentence), sentence
        assert "_" not in sentence, sentence


def test_small_csv_files_hold_the_claims_of_their_page(site: Path) -> None:
    for table, id_, column in (
        ("sources", "telesur_english-2024-12-05", "source_id"),
        ("events", "2024-12-01-idlib-strikes", "event_ids"),
    ):
        file = site / locate_page(table, id_).replace(".html", ".csv")
        with file.open(encoding="utf-8", newline="") as text:
            found = {row["figure_id"] for row in csv.DictReader(text)}
        expected = {r["figure_id"] for r in records.list_rows("casualties") if id_ in str(r[column]).split()}
        assert found == expected


def test_the_data_are_those_of_the_package(site: Path) -> None:
    for name in records.bundle.tables:
        assert (site / "data" / "csv" / f"{name}.csv").read_bytes() == loading.path(name, "csv").read_bytes()
        assert (site / "data" / "parquet" / f"{name}.parquet").read_bytes() == loading.path(name).read_bytes()


@pytest.mark.parametrize("name", loading.collections())
def test_a_collection_has_a_page_and_its_files(site: Path, name: str) -> None:
    package = loading.read_package(None, name)
    text = html.unescape((site / "collections" / f"{name}.html").read_text(encoding="utf-8"))
    assert f"<h1><bdi>{package['title']}</bdi></h1>" in text
    assert package["caution"] in text.partition("<figure>")[0]
    drawings = re.findall(r'role="img" aria-label="([^"]*)"', text)
    assert len(drawings) == 2
    assert all(package["caution"] in drawing for drawing in drawings)
    source = loading.DATA / "collections" / name
    notice = (source / "LICENSE.txt").read_text(encoding="utf-8").split()
    assert " ".join(notice) in " ".join(re.sub(r"</?p>", " ", text).split())
    assert f"Data {package['licenses'][0]['name']}. <a" in text  # the foot of the page
    files = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    copied = site / "data" / "collections" / name
    assert [file for file in files if (copied / file).read_bytes() != (source / file).read_bytes()] == []


def test_losses_claimed_by_a_belligerent_are_called_so(site: Path) -> None:
    text = (site / "collections" / "ukraine_daily.html").read_text(encoding="utf-8")
    for element in ("<title>", "<h1>", '<div class="note">', "<figcaption>"):
        part = text.partition(element)[2].partition("</" + element[1:].split()[0].rstrip(">") + ">")[0]
        assert "as claimed by a belligerent" in part, element


def test_a_collection_has_its_first_last_and_monthly_numbers(site: Path) -> None:
    """Against the table: of each month the number of its last day."""
    frame = loading.load("casualties", engine="polars", collection="gaza_daily").filter(
        pl.col("parent_id").is_null(), pl.col("outcome") == "killed", pl.col("current") == "yes",
        pl.col("toll_id").str.starts_with("gaza_moh"),
    )  # fmt: skip
    text = (site / "collections" / "gaza_daily.html").read_text(encoding="utf-8")
    section = text[text.index("Ministry of Health in Gaza: Killed") :].partition("</section>")[0]
    months = (
        frame.sort("as_of", "best").group_by(pl.col("as_of").dt.truncate("1mo").alias("month")).last().sort("month")
    )
    expected = [
        (f"{row['month']:%B %Y}", format_day(row["as_of"], short=True), f"{row['best']:,}") for row in months.to_dicts()
    ]
    rows = re.findall(r'<tr><th scope="row">(.*?)</th><td class="day".*?>(.*?)</td><td class="n"><b>(.*?)</b>', section)
    assert rows == expected[::-1]
    assert f"The first number counts up to 7 October 2023: {frame.sort('as_of')['best'][0]:,}." in section


@pytest.mark.slow
def test_a_collection_without_its_licence_has_no_page(tmp_path: Path) -> None:
    true = load_true()
    empty = make_bundle({name: true[name].head(0) for name in true.tables})
    options = SiteOptions(pictures=False, collections={"gaza_daily": loading.bundle(None, "gaza_daily")})
    summary = build_site(empty, tmp_path / "out", options)
    assert any("gaza_daily" in note for note in summary.notes)
    assert not (tmp_path / "out" / "collections").exists()


def test_a_preview_shows_the_record_of_its_page(site: Path, pages: list[Path]) -> None:
    """The picture of one toll would mislead on the page of another record."""
    found = {}
    for page in pages:
        hit = re.search(r'property="og:image" content="([^"]*)"', page.read_text(encoding="utf-8"))
        if hit:
            found[page.relative_to(site).as_posix()] = hit[1].removeprefix("https://example.org/")
    drawn = {path for path in found if path.startswith(("tolls/", "collections/"))}
    assert {f"collections/{name}.html" for name in loading.collections()} < drawn
    assert {path: found[path] for path in drawn} == {path: path.replace(".html", ".png") for path in drawn}
    others = found.keys() - drawn
    assert "index.html" in others
    assert {(path.count("/"), found[path]) for path in others} == {(0, "preview.png")}
    assert all((site / image).read_bytes().startswith(b"\x89PNG") for image in found.values())


def test_metadata_for_machines(site: Path) -> None:
    block = re.search(
        r'<script type="application/ld\+json">(.*?)</script>', (site / "index.html").read_text(encoding="utf-8")
    )
    assert block
    document = json.loads(block[1])
    assert document["@type"] == "Dataset"
    assert all(d["contentUrl"].startswith("https://example.org/data/csv/") for d in document["distribution"])
    places = [e.text or "" for e in ET.parse(site / "sitemap.xml").iter() if e.tag.endswith("loc")]
    assert len(places) == len(set(places)) > 900
    assert all((site / place.removeprefix("https://example.org/")).is_file() for place in places)


@pytest.mark.slow
def test_two_builds_are_equal(site: Path, tmp_path: Path) -> None:
    again = build_true(tmp_path / "again")
    differing = [
        p.relative_to(site).as_posix()
        for p in site.rglob("*")
        if p.is_file() and p.suffix != ".xlsx" and p.read_bytes() != (again / p.relative_to(site)).read_bytes()
    ]
    assert differing == []


# ---- bad input ---------------------------------------------------------------------------------------------------


def run(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "conflictdata", "site", *words], capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_a_folder_that_is_not_ours_is_kept(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear", encoding="utf-8")
    done = run("build", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "is not empty" in done.stderr
    assert "Traceback" not in done.stderr
    assert [p.name for p in tmp_path.iterdir()] == ["letter.txt"]


def test_a_file_in_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="is a file, not a folder"):
        build_site(load_true(), tmp_path / "out")


@pytest.mark.parametrize("address", ["example.org", "https://example.org", "javascript:alert(1)/", 'https://x"y/'])
def test_an_address_that_is_none(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a web address"):
        build_site(load_true(), tmp_path / "out", SiteOptions(address=address))
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")
def test_a_full_disk_leaves_the_old_site(tmp_path: Path) -> None:
    """A limit on the size of files stands for a full disk: the site that was there stays as it was."""
    out = tmp_path / "site"
    out.mkdir()
    (out / "site.json").write_text('{"made_by": "conflictdata site build"}', encoding="utf-8")
    limit = "import resource, signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (90_000, 90_000)); "
    program = f"{limit}import sys; sys.argv = ['conflictdata', 'site', 'build', '--out', {str(out)!r}]; from conflictdata.cli import main; main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be written: file too large; what was there is unchanged" in " ".join(done.stderr.split())
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    assert [p.name for p in out.iterdir()] == ["site.json"]


def test_a_folder_of_versions_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is not a registry"):
        build_site(load_true(), tmp_path / "out", SiteOptions(registry=tmp_path, pictures=False))
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))


@pytest.mark.slow
def test_serve_refuses_what_is_no_site(tmp_path: Path) -> None:
    done = run("serve", str(tmp_path))
    assert done.returncode == 2
    assert "conflictdata site build" in done.stderr


@pytest.fixture
def served(site: Path) -> Iterator[int]:
    import threading

    with open_server(site, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def test_serve_is_on_loopback_and_has_the_page_for_wrong_addresses(served: int) -> None:
    import http.client

    connection = http.client.HTTPConnection("127.0.0.1", served, timeout=5)
    try:
        for path, status, words in (
            ("/", 200, "in which words"),
            ("/sources/no-such.html", 404, "does not exist"),
            ("/../../etc/passwd", 404, "does not exist"),
        ):
            connection.request("GET", path)
            answer = connection.getresponse()
            assert (answer.status, words in answer.read().decode()) == (status, True)
    finally:
        connection.close()


def test_a_port_that_is_none_or_in_use(site: Path, served: int) -> None:
    with pytest.raises(UsageError, match="cannot be used"):
        open_server(site, served)
    with pytest.raises(UsageError, match="not a port"):
        open_server(site, 70_000)
