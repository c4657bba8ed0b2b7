"""The documentation site: it builds without warnings, its links resolve, it asks no other host, and its search finds words.

Run it with `pytest -m slow tests/test_docs_site.py`. It needs the extra `docs`; the tests in a browser skip without
Playwright or chromium. All traffic is on loopback.
"""

from __future__ import annotations

import functools
import html
import importlib.util
import json
import re
import shutil
import threading
import urllib.parse
from collections.abc import Iterator
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

import conflictdata as cd
from conflictdata.analysis.columns import COLUMNS
from conflictdata.devtools import docs_site
from conflictdata.devtools.generate import render_dictionary_page
from conflictdata.findings import UsageError

ROOT = Path(__file__).parents[1]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
HAS_BROWSER = CHROMIUM is not None and all(
    importlib.util.find_spec(name) is not None for name in ("playwright", "axe_playwright_python")
)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
KINDS = ["index.html", "for-journalists.html", "rules/figures.parts-cover-parent.html", "api.html", "glossary.html"]
# Words and the page that a reader expects among the first results.
QUERIES = {"waiver": "waivers.html", "officers": "reading.html", "rollup": "refusals.html", "claimant": "glossary.html"}


class Page(HTMLParser):
    """Links, anchors and loaded addresses of a page."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.loaded: list[str] = []
        self.feed(file.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        self.anchors |= {found[name] for name in ("id", "name") if name in found}
        if tag == "a" and "href" in found:
            self.links.append(found["href"])
        self.loaded += [found["href"]] if tag == "link" and found.get("rel") != "canonical" and "href" in found else []
        self.loaded += [found[name] for name in ("src", "srcset", "data", "poster") if name in found]


@pytest.fixture(scope="module")
def site() -> Path:
    if importlib.util.find_spec("zensical") is None:
        pytest.skip("pip install -e '.[docs]'")
    return docs_site.build()  # fails on a warning


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[str, Page]:
    return {file.relative_to(site).as_posix(): Page(file) for file in sorted(site.rglob("*.html"))}


def find_broken(pages: dict[str, Page], site: Path) -> list[str]:
    """Return each internal link that leads to no file or no anchor."""
    broken = []
    for name, page in pages.items():
        for link in {*page.links, *page.loaded}:
            parts = urllib.parse.urlsplit(link)
            if parts.scheme or parts.netloc or link.startswith("//"):
                continue
            path = urllib.parse.unquote(parts.path)
            # The page of wrong addresses has links from the root.
            file = (
                site / path.lstrip("/")
                if path.startswith("/")
                else (site / name).parent / path
                if path
                else site / name
            )
            file = (file / "index.html" if file.is_dir() else file).resolve()
            target = (
                pages.get(file.relative_to(site.resolve()).as_posix()) if file.is_relative_to(site.resolve()) else None
            )
            anchor = urllib.parse.unquote(parts.fragment)
            if not file.is_file() or (anchor and target is not None and anchor not in target.anchors):
                broken.append(f"{name}: {link}")
    return sorted(broken)


@pytest.mark.slow
def test_every_internal_link_and_anchor_resolves(site: Path, pages: dict[str, Page]) -> None:
    assert len(pages) > 400
    assert sum(len(page.links) for page in pages.values()) > 10_000
    assert find_broken(pages, site) == []


@pytest.mark.slow
def test_a_broken_link_and_a_broken_anchor_are_found(site: Path, pages: dict[str, Page], tmp_path: Path) -> None:
    file = tmp_path / "x.html"
    file.write_text("<a href='index.html#nowhere'>a</a><a href='nowhere.html'>b</a><a href='index.html'>c</a>")
    assert find_broken({**pages, "x.html": Page(file)}, site) == ["x.html: index.html#nowhere", "x.html: nowhere.html"]


@pytest.mark.slow
def test_no_page_loads_anything_from_another_host(site: Path, pages: dict[str, Page]) -> None:
    foreign = re.compile(r"^(?:https?:)?//")
    assert [(name, address) for name, page in pages.items() for address in page.loaded if foreign.match(address)] == []
    styles = [file.read_text(encoding="utf-8") for file in site.rglob("*.css")]
    assert styles
    assert [
        found for text in styles for found in re.findall(r"(?:@import|url\()\s*[\"']?(?:https?:)?//[^)\"']+", text)
    ] == []
    assert not list(site.rglob("*iframe-worker*"))


@pytest.mark.slow
def test_search_has_the_pages_but_not_those_of_single_rules(site: Path) -> None:
    items = json.loads((site / "search.json").read_text(encoding="utf-8"))["items"]
    files = {item["location"].partition("#")[0] for item in items}
    assert {"rules/index.html", *QUERIES.values()} <= files
    assert {file for file in files if file.startswith("rules/")} == {"rules/index.html"}
    for word, page in QUERIES.items():
        assert any(word in f"{i['title']} {i['text']}".lower() for i in items if i["location"].startswith(page)), word


@pytest.mark.slow
def test_the_list_of_rules_leads_to_every_rule(site: Path, pages: dict[str, Page]) -> None:
    rules = {file.stem for file in (ROOT / "docs" / "rules").glob("*.md")} - {"index"}
    assert {f"{rule}.html" for rule in rules} <= {link.removeprefix("./") for link in pages["rules/index.html"].links}


@pytest.mark.slow
def test_the_api_page_documents_every_public_name(pages: dict[str, Page]) -> None:
    names = {f"conflictdata.{name}" for name in cd.__all__} - {"conflictdata.__version__"}
    documented = pages["api.html"].anchors
    assert names - documented == set()
    assert {"conflictdata.plots.timeline", "conflictdata.plots.compare"} <= documented
    assert [anchor for anchor in documented if "._" in anchor or anchor.endswith(".read_finder")] == []  # private ones


@pytest.mark.slow
@pytest.mark.parametrize("operation", [name for name in COLUMNS if name != "explain"])
def test_the_api_page_lists_the_columns_of_each_result(site: Path, operation: str) -> None:
    text = html.unescape(re.sub(r"<[^>]+>", "", (site / "api.html").read_text(encoding="utf-8")))
    for column in COLUMNS[operation]:
        assert column.meaning.replace("`", "").replace("*", "") in text.replace("*", ""), column.name


def test_the_dictionary_is_that_of_the_schema() -> None:
    page = (ROOT / "docs" / "dictionary.md").read_text(encoding="utf-8")
    assert page == render_dictionary_page(), "run `conflictdata publish --repository` and commit what it writes"


def test_the_glossary_has_twenty_words_in_order() -> None:
    words = re.findall(r"^## (.+)$", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.M)
    assert len(words) == 20
    assert words == sorted(words)


def test_links_out_of_the_docs_are_rewritten(tmp_path: Path) -> None:
    for name in ("docs/a.md", "docs/rules/r.md", "CONTRIBUTING.md", "bench/big.md", "bench/big.svg", "seeds/w.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x", encoding="utf-8")
    rewrite = functools.partial(docs_site.rewrite_links, root=tmp_path)
    assert rewrite("[add](../CONTRIBUTING.md#send)", "docs/a.md") == "[add](contributing.md#send)"
    assert rewrite("[a](docs/a.md)", "CONTRIBUTING.md") == "[a](a.md)"
    assert rewrite("[a](../a.md)", "docs/rules/r.md") == "[a](../a.md)"
    assert rewrite("[w](../seeds/w.yaml)", "docs/a.md") == "w (`seeds/w.yaml`)"
    assert rewrite("![p](big.svg)", "bench/big.md") == "![p](../bench/big.svg)"
    assert rewrite("```\n[x](nowhere.md)\n```", "docs/a.md") == "```\n[x](nowhere.md)\n```"
    with pytest.raises(UsageError, match="leads to no file"):
        rewrite("[x](nowhere.md)", "docs/a.md")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    web = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=str(site)))
    threading.Thread(target=web.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{web.server_address[1]}"
    web.shutdown()
    web.server_close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not HAS_BROWSER:
        pytest.skip("pip install -e '.[site-test]' and apt-get install chromium")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as tool:
        arguments = ["--no-sandbox", "--disable-background-networking"]
        opened = tool.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield opened
        opened.close()


@pytest.mark.slow
def test_search_in_a_browser_finds_words_and_asks_no_other_host(browser: Any, address: str) -> None:
    page = browser.new_page()
    requests: list[str] = []
    messages: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("pageerror", lambda error: messages.append(str(error)))
    for word, expected in QUERIES.items():
        page.goto(f"{address}/index.html")
        page.keyboard.press("/")
        page.locator("input:visible").first.fill(word)
        page.locator(f"a[role=option][href*='{expected}?h={word}']").first.wait_for(timeout=60_000)
    page.close()
    assert len(requests) > 10
    assert [url for url in requests if not url.startswith((address, "data:", "blob:"))] == []
    assert messages == []


@pytest.mark.slow
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing(browser: Any, address: str, name: str, scheme: str, width: int) -> None:
    import axe_playwright_python

    script = next(Path(axe_playwright_python.__file__).parent.rglob("axe.min.js")).read_text(encoding="utf-8")
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(f"{address}/{name}")
    page.evaluate(script)
    result = page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
    wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    page.close()
    assert [(fault["id"], [node["html"][:200] for node in fault["nodes"]]) for fault in result["violations"]] == []
    assert not wide
