"""The site in a real browser: Debian's chromium, driven by Playwright; axe looks for what keeps people out.

Run it with `pytest -m slow tests/test_site_browser.py`. It skips without `playwright`, `axe-playwright-python` or chromium.
All traffic is on loopback.
"""

from __future__ import annotations

import csv
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from sitebox import build_true, copy_bundle

from conflictdata.site import SiteOptions, build_site
from conflictdata.site.layout import locate_page, make_slug
from conflictdata.site.records import SiteTables
from conflictdata.site.serve import open_server

pytestmark = pytest.mark.slow
playwright = pytest.importorskip("playwright.sync_api", reason="pip install playwright")
axe_folder = pytest.importorskip("axe_playwright_python", reason="pip install axe-playwright-python")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
if CHROMIUM is None:
    pytest.skip("apt-get install chromium", allow_module_level=True)
AXE = next(Path(axe_folder.__file__).parent.rglob("axe.min.js"))
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOLL = "sohr.syria_2024_offensive.2024-11-27"
LONG = "the_news_wave-2023-11-11"  # a source with many claims: each is folded
KINDS = [
    "index.html",
    "about.html",
    "404.html",
    "explore.html",
    "conflicts/index.html",
    "conflicts/syria_2024_offensive.html",
    "conflicts/syria_2024_offensive/claims.html",
    f"tolls/{TOLL}.html",
    "tolls/sohr.syria_2024_offensive.syria_nw.2024-11-27.html",
    "events/2024-12-01-idlib-strikes.html",
    "events/2024-11-29-aleppo-university-shelling.html",
    "sources/telesur_english-2024-12-05.html",
    "sources/the_syrian_observer-2025-08-08.html",
    "sources/bianet-2025-08-07.html",
    f"sources/{LONG}.html",
    "sources/index.html",
    "claimants/index.html",
    "claimants/sohr.html",
    "places/index.html",
    "places/idlib_city.html",
    "collections/index.html",
    "collections/gaza_daily.html",
    "collections/ukraine_daily.html",
    "dictionary/index.html",
    "dictionary/casualties.html",
    "versions/index.html",
    "data/index.html",
]
VIEWS = {"light": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light"), "phone-dark": (390, "dark")}


class Watched:
    """A page of the browser, with what it requests and prints."""

    def __init__(self, page: Any) -> None:
        self.page = page
        self.requests: list[str] = []
        self.messages: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("console", lambda message: self.messages.append(message.text))
        page.on("pageerror", lambda error: self.messages.append(str(error)))
        page.on("dialog", lambda dialog: (self.messages.append(f"dialog {dialog.message}"), dialog.dismiss()))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with (
        playwright.sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as chromium,
    ):
        yield chromium


def serve(folder: Path) -> Iterator[str]:
    with open_server(folder, 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_true(tmp_path_factory.mktemp("browser") / "site")


@pytest.fixture(scope="module")
def true(folder: Path) -> Iterator[str]:
    yield from serve(folder)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> tuple[SiteTables, Path]:
    """20,000 figures, a fifth of them with hostile text."""
    bundle, folder = copy_bundle(13), tmp_path_factory.mktemp("crowd") / "site"
    build_site(bundle, folder, SiteOptions(pictures=False))
    return SiteTables(bundle), folder


@pytest.fixture(scope="module")
def large(crowd: tuple[SiteTables, Path]) -> Iterator[str]:
    yield from serve(crowd[1])


def open_page(browser: Any, address: str, view: str = "light", **options: Any) -> Watched:
    width, scheme = VIEWS[view]
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme, **options)
    watched = Watched(context.new_page())
    watched.page.goto(address)
    if "explore.html" in address and options.get("java_script_enabled", True):
        watched.page.locator("#status:not(:has-text('Reading'))").wait_for()
    return watched


def list_faults(browser: Any, address: str, view: str) -> list[str]:
    """Return what axe finds on a page."""
    watched = open_page(browser, address, view, bypass_csp=True)
    watched.page.add_script_tag(path=str(AXE))
    found = watched.page.evaluate("tags => axe.run({runOnly: tags})", TAGS)
    watched.page.context.close()
    return [f"{fault['id']}: {node['html'][:160]}" for fault in found["violations"] for node in fault["nodes"][:3]]


# ---- every kind of page ------------------------------------------------------------------------------------------


# Axe takes seconds per page: every kind light and on a dark phone, the main ones in all views.
MAIN = {
    "index.html",
    "explore.html",
    f"tolls/{TOLL}.html",
    "events/2024-12-01-idlib-strikes.html",
    "sources/telesur_english-2024-12-05.html",
}
LOOKED_AT = [(path, view) for path in KINDS for view in VIEWS if view in ("light", "phone-dark") or path in MAIN]


@pytest.mark.parametrize(("path", "view"), LOOKED_AT)
def test_axe_finds_nothing(browser: Any, true: str, path: str, view: str) -> None:
    assert list_faults(browser, true + path, view) == []


@pytest.mark.parametrize("path", KINDS)
def test_a_page_is_quiet_light_and_fits(browser: Any, true: str, path: str) -> None:
    for view in VIEWS:
        watched = open_page(browser, true + path, view)
        assert [url for url in watched.requests if not url.startswith((true, "data:", "blob:"))] == []
        assert len(watched.requests) <= (9 if "explore" in path else 7), watched.requests
        assert watched.messages == []
        page = watched.page
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
        page.context.close()


@pytest.mark.parametrize("path", KINDS)
def test_a_page_is_whole_without_javascript(browser: Any, true: str, path: str) -> None:
    page = open_page(browser, true + path, java_script_enabled=False).page
    assert page.locator("h1").count() == 1
    assert page.locator("main a, footer a").count() > 2
    assert page.locator("nav a").first.is_visible()
    assert "undefined" not in page.locator("main").inner_text()
    page.context.close()


@pytest.mark.parametrize(
    "path", ["index.html", "explore.html?q=aleppo", f"tolls/{TOLL}.html", "sources/telesur_english-2024-12-05.html"]
)
def test_a_page_works_as_a_file(browser: Any, folder: Path, path: str) -> None:
    watched = open_page(browser, f"file://{folder}/{path}")
    assert watched.messages == []
    assert watched.page.evaluate("getComputedStyle(document.body).margin") == "0px"  # the stylesheet is there
    if "explore" in path:
        assert watched.page.locator("#rows tbody tr").count() > 5
        assert "number" in watched.page.locator("#status").inner_text()
    watched.page.context.close()


def test_the_keyboard_reaches_everything(browser: Any, true: str) -> None:
    page = open_page(browser, true + f"tolls/{TOLL}.html").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#main"
    seen = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.tagName"))
        assert (
            page.evaluate(
                "document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle"
            )
            != "none"
        )
    assert {"A", "SUMMARY"} <= seen
    page.context.close()


def test_forced_colours_keep_the_marks(browser: Any, true: str) -> None:
    page = open_page(browser, true + "events/2024-12-01-idlib-strikes.html", forced_colors="active").page
    fill = page.evaluate("getComputedStyle(document.querySelector('.iv .f')).fill")
    assert fill not in ("none", "rgba(0, 0, 0, 0)", page.evaluate("getComputedStyle(document.body).backgroundColor"))
    page.context.close()


def test_print_opens_what_is_folded(browser: Any, true: str, tmp_path: Path) -> None:
    page = open_page(browser, true + f"tolls/{TOLL}.html").page
    hidden = page.locator("details a").first
    assert not hidden.is_visible()
    page.emulate_media(media="print")
    assert hidden.is_visible()
    assert not page.locator("header nav").is_visible()
    page.pdf(path=tmp_path / "toll.pdf")
    assert (tmp_path / "toll.pdf").stat().st_size > 20_000
    page.context.close()


def test_an_address_of_a_figure_marks_its_row(browser: Any, true: str) -> None:
    page = open_page(
        browser, true + "sources/telesur_english-2024-12-05.html#telesur_english-2024-12-05.1.killed.civilians"
    ).page
    assert page.locator(":target > .row").inner_text().startswith("111")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("anchor", ["c5", f"{LONG}.8.killed.civilians"])
def test_an_address_inside_a_folded_claim_opens_it(browser: Any, true: str, anchor: str, script: bool) -> None:
    page = open_page(browser, f"{true}sources/{LONG}.html#{anchor}", java_script_enabled=script).page
    assert page.locator("details[open]").count() == 1
    assert page.locator("details[open] :target").is_visible()
    top = page.locator("details[open] summary").bounding_box()["y"]
    assert (top >= 0) == (anchor == "c5")  # the sentence of a linked claim is in view
    page.locator(".toc a").first.click()
    assert page.locator("details[open]").count() == 2
    page.context.close()


def test_folded_claims_are_open_in_print(browser: Any, true: str) -> None:
    page = open_page(browser, f"{true}sources/{LONG}.html").page
    rows = page.locator("details .row")
    assert rows.count() > 10
    assert not rows.first.is_visible()
    page.emulate_media(media="print")
    assert all(rows.nth(number).is_visible() for number in range(rows.count()))
    page.context.close()


# ---- the filter page ---------------------------------------------------------------------------------------------


def read_filtered(page: Any, target: Path) -> list[dict[str, str]]:
    with page.expect_download() as download:
        page.locator("#csv").click()
    download.value.save_as(target)
    with target.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_filters_live_in_the_address(browser: Any, true: str) -> None:
    page = open_page(browser, true + "explore.html").page
    page.select_option("#claimant", "sohr")
    page.select_option("#outcome", "killed")
    page.fill("#from", "2024-12-03")
    page.fill("#to", "2024-12-08")
    page.fill("#q", "deia")
    page.wait_for_url("**q=deia**")
    before = page.locator("#rows tbody").inner_text(), page.locator("#status").inner_text()
    assert "more than 900" in before[0]
    page.reload()
    page.locator("#rows tbody tr").first.wait_for()
    page.locator("#status:has-text('number')").wait_for()
    assert (page.locator("#rows tbody").inner_text(), page.locator("#status").inner_text()) == before
    assert page.input_value("#claimant") == "sohr"
    page.go_back()
    page.context.close()


def test_the_download_is_the_filtered_table(browser: Any, true: str, tmp_path: Path) -> None:
    from conflictdata import loading

    page = open_page(browser, true + "explore.html?claimant=sohr&totals=all&from=2024-12-01&to=2024-12-05").page
    rows = read_filtered(page, tmp_path / "selection.csv")
    frame = loading.load("casualties", engine="polars")
    with loading.path("casualties", "csv").open(encoding="utf-8", newline="") as file:
        published = {row["figure_id"]: row for row in csv.DictReader(file)}
    expected = {
        r["figure_id"]
        for r in frame.to_dicts()
        if r["claimant_id"] == "sohr" and "2024-12-01" <= str(r["as_of"]) <= "2024-12-05"
    }
    assert len(expected) > 100
    assert {row["figure_id"] for row in rows} == expected
    assert list(rows[0]) == frame.columns
    for row in rows:  # every cell as published; numbers may differ in form
        for name, value in row.items():
            other = published[row["figure_id"]][name]
            assert value == other or float(value) == float(other), name
    assert f"{len(rows):,} numbers" in page.locator("#status").inner_text()
    page.context.close()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("idlib sohr", "Syrian Observatory"),
        ("white helmets", "White Helmets"),
        ("telesur", "teleSUR"),
        ("الإنسان", "Syrian Observatory"),
    ],
)
def test_search_knows_other_names(browser: Any, true: str, query: str, words: str) -> None:
    page = open_page(browser, true + f"explore.html?q={quote(query)}").page
    assert words in page.locator("#rows tbody tr").first.inner_text()
    page.context.close()


def test_a_place_holds_what_is_inside_it(browser: Any, true: str) -> None:
    page = open_page(browser, true + "explore.html?place=idlib").page
    assert "Idlib city" in page.locator("#rows tbody").inner_text()
    page.context.close()


def test_one_toll_leads_to_its_page(browser: Any, true: str) -> None:
    page = open_page(browser, true + f"explore.html?toll={TOLL}").page
    page.locator("#advice a").click()
    assert "at least 910" in page.locator(".lead").inner_text()
    page.context.close()


def test_cite_and_link(browser: Any, true: str) -> None:
    page = open_page(browser, true + "explore.html?claimant=ohchr").page
    page.locator("#cite").click()
    assert page.input_value("#link") == page.url
    assert "version 2" in page.locator("#citetext").inner_text()
    assert page.locator("#cite").get_attribute("aria-expanded") == "true"
    page.context.close()


def test_a_collection_is_filtered_like_the_curated_records(browser: Any, true: str, tmp_path: Path) -> None:
    from conflictdata import loading

    frame = loading.load("casualties", engine="polars", collection="gaza_daily")
    watched = open_page(browser, true + "explore.html?collection=gaza_daily&totals=all")
    page = watched.page
    assert f"{frame.height:,} numbers" in page.locator("#status").inner_text()
    assert page.locator("#status a").first.get_attribute("href") == "collections/gaza_daily.html"
    page.select_option("#claimant", "gaza_gmo")
    page.select_option("#outcome", "injured")
    page.wait_for_url("**outcome=injured**")
    rows = read_filtered(page, tmp_path / "selection.csv")
    expected = {r["figure_id"] for r in frame.to_dicts() if (r["claimant_id"], r["outcome"]) == ("gaza_gmo", "injured")}
    assert {row["figure_id"] for row in rows} == expected
    assert expected
    hrefs = page.locator("#rows tbody a").evaluate_all("links => [...new Set(links.map(a => a.getAttribute('href')))]")
    assert hrefs == ["collections/gaza_daily.html"]
    page.select_option("#collection", "")
    page.locator("#status:not(:has-text('collection'))").wait_for()
    assert watched.messages == []
    page.context.close()


@pytest.mark.parametrize("name", ["no_such", quote("../index"), quote("<b>")])
def test_an_unknown_collection_is_an_error_or_no_filter(browser: Any, true: str, name: str) -> None:
    watched = open_page(browser, true + "explore.html", java_script_enabled=True)
    page = watched.page
    page.goto(true + f"explore.html?collection={name}")
    if name == "no_such":
        page.locator("#problem:not([hidden])").wait_for()
        assert "there is no collection no_such" in page.locator("#problem").inner_text()
        assert page.locator("#rows tbody tr").count() == 0
        page.locator("#problem a").click()
    page.locator("#status:has-text('number')").wait_for()
    assert watched.messages == []
    page.context.close()


HOSTILE_ADDRESSES = [
    "?q=" + quote("<img src=x onerror=alert(1)>"),
    "?claimant=" + quote('"><script>alert(1)</script>'),
    "?toll=../../../etc/passwd",
    "?from=never&to=2024-99-99",
    "?q=" + "x" * 5000,
    "?conflict=no_such&place=no_such&event=no_such",
    "?totals=" + quote("javascript:alert(1)"),
    "?q=%FF%FE&q=2&&&=&unknown=1",
    "#" + quote("<svg onload=alert(1)>"),
]


@pytest.mark.parametrize("address", HOSTILE_ADDRESSES)
def test_a_hostile_address_runs_nothing(browser: Any, true: str, address: str) -> None:
    watched = open_page(browser, true + "explore.html" + address)
    assert watched.messages == []
    assert watched.page.locator("main script, main img, main iframe").count() == 0
    status = watched.page.locator("#status").inner_text()
    assert "number" in status or "No claim fits" in status
    if "No claim fits" in status:
        watched.page.locator("#status a:has-text('Clear all')").click()
        watched.page.locator("#status:has-text('numbers')").wait_for()
    watched.page.context.close()


@pytest.mark.parametrize("content", [b"", b"PAR1 not a table PAR1", None])
def test_a_damaged_data_file_is_said(browser: Any, folder: Path, content: bytes | None, tmp_path: Path) -> None:
    copy = shutil.copytree(folder, tmp_path / "copy")
    data = copy / "data" / "explore.parquet"
    if content is None:
        data.unlink()
    else:
        data.write_bytes(content)
    for address in serve(copy):
        page = browser.new_context().new_page()
        page.goto(address + "explore.html")
        page.locator("#problem:not([hidden])").wait_for()
        assert "cannot be read" in page.locator("#problem").inner_text()
        assert page.locator("#rows tbody tr").count() > 10  # the rows that the page came with
        page.context.close()


# ---- 20,000 figures with hostile text ----------------------------------------------------------------------------


def test_hostile_text_is_text(browser: Any, crowd: tuple[SiteTables, Path], large: str) -> None:
    records, _ = crowd
    paths = [locate_page("sources", row["source_id"]) for row in records.list_rows("sources")[254::90]]
    paths += [
        locate_page(table, row[key])
        for table, key in (
            ("actors", "actor_id"),
            ("locations", "location_id"),
            ("events", "event_id"),
            ("tolls", "toll_id"),
            ("conflicts", "conflict_id"),
        )
        for row in records.list_rows(table)[::40]
    ]
    for path in [*paths, "index.html", "explore.html", "explore.html?totals=all&q=alert"]:
        watched = open_page(browser, large + path)
        assert watched.messages == [], path
        assert (
            watched.page.locator(
                "main script, main img, main iframe, [onerror], [onload], a[href^='javascript']"
            ).count()
            == 0
        ), path
        assert watched.page.locator("h1").count() == 1, path
        assert watched.page.evaluate("document.documentElement.scrollWidth") <= 1280, path
        watched.page.context.close()


@pytest.mark.parametrize("view", ["light", "phone-dark"])
def test_axe_finds_nothing_in_hostile_pages(
    browser: Any, crowd: tuple[SiteTables, Path], large: str, view: str
) -> None:
    records, _ = crowd
    paths = [
        locate_page("sources", records.list_rows("sources")[-5]["source_id"]),
        locate_page("events", records.list_rows("events")[-3]["event_id"]),
    ]
    paths += [
        locate_page("actors", records.list_rows("actors")[7]["actor_id"]),
        "explore.html?totals=all",
        "conflicts/syria_2024_offensive.html",
    ]
    for path in paths:
        assert list_faults(browser, large + path, view) == [], path


def test_names_from_right_to_left_keep_their_row(browser: Any, large: str) -> None:
    page = open_page(browser, large + "explore.html?claimant=snhr&totals=all").page
    first = page.locator("#rows tbody tr").first
    assert "شبكة" in first.inner_text(), first.inner_text()
    boxes = [first.locator("th, td").nth(i).bounding_box()["x"] for i in range(5)]
    assert boxes == sorted(boxes)
    page.context.close()


def test_budgets_of_a_large_site(crowd: tuple[SiteTables, Path]) -> None:
    records, folder = crowd
    assert len(records.list_rows("casualties")) > 20_000
    assert max(page.stat().st_size for page in folder.rglob("*.html")) <= 60_000
    assert (folder / "data" / "explore.parquet").stat().st_size <= 1_000_000


def test_the_large_download_is_the_filtered_table(
    browser: Any, crowd: tuple[SiteTables, Path], large: str, tmp_path: Path
) -> None:
    records, _ = crowd
    page = open_page(browser, large + "explore.html?outcome=injured&totals=all").page
    rows = read_filtered(page, tmp_path / "selection.csv")
    expected = {row["figure_id"] for row in records.list_rows("casualties") if row["outcome"] == "injured"}
    assert len(expected) > 2_000
    assert {row["figure_id"] for row in rows} == expected
    assert page.locator("#rows tbody tr").count() == 100
    page.locator("#more").click()
    assert page.locator("#rows tbody tr").count() == 200
    page.context.close()


def test_paths_of_the_script_are_those_of_the_builder(browser: Any, crowd: tuple[SiteTables, Path], large: str) -> None:
    """Every link in the table of the filter page leads to a page."""
    _, folder = crowd
    page = open_page(browser, large + "explore.html?totals=all").page
    links = page.eval_on_selector_all("#rows tbody a", "nodes => nodes.map(node => node.getAttribute('href'))")
    assert len(links) == 200
    assert [link for link in links if not (folder / link.partition("#")[0]).is_file()] == []
    assert make_slug("a b") == "~a~20b"
    page.context.close()
