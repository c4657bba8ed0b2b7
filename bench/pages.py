"""How long a browser needs for the front page and for the filter page with 20,000 figures.

    python bench/pages.py    writes bench/pages.md; needs Debian's chromium and `pip install -e '.[site,site-test]'`

Each load is cold: a new context, nothing in a cache. A bare page is loaded in turn, so that each time has a ratio.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))  # builds the sites

from sitebox import build_true, copy_bundle  # noqa: E402
from test_site_browser import CHROMIUM, serve  # noqa: E402

from conflictdata.site import SiteOptions, build_site  # noqa: E402

RUNS = 5
COPIES = 13  # of the records: 20,000 figures
BARE = "<!doctype html><title>bare</title><p id=bare>bare"


def time_load(browser: Any, address: str, wanted: str) -> float:
    """Return the seconds from the request until an element is there."""
    page = browser.new_context().new_page()
    start = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.locator(wanted).wait_for()
    took = time.perf_counter() - start
    page.context.close()
    return took


def measure(folder: Path) -> list[tuple[str, float, list[float], list[float]]]:
    """Return what was loaded, the most seconds for it, its seconds, and those of a bare page."""
    true = build_true(folder / "true")
    crowd = folder / "crowd"
    build_site(copy_bundle(COPIES), crowd, SiteOptions(pictures=False))
    for site in (true, crowd):
        (site / "bare.html").write_text(BARE, encoding="utf-8")
    with (
        contextmanager(serve)(true) as small,
        contextmanager(serve)(crowd) as large,
        sync_playwright() as driver,
        driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"]) as browser,
    ):
        lines = []
        for name, limit, site, address, wanted in (
            ("the front page", 0.5, small, "index.html", "#conflicts"),
            ("the filter page with 20,000 figures", 1.0, large, "explore.html", "#status:has-text('numbers')"),
        ):
            time_load(browser, site + "bare.html", "#bare")  # the browser's first page
            bare, ours = [], []
            for _ in range(RUNS):
                bare.append(time_load(browser, site + "bare.html", "#bare"))
                ours.append(time_load(browser, site + address, wanted))
            lines.append((name, limit, ours, bare))
    return lines


def main() -> int:
    """Write the page. Return 1 if a page needs more than its limit."""
    with tempfile.TemporaryDirectory() as folder:
        lines = measure(Path(folder))
    medians = [(name, limit, statistics.median(ours), statistics.median(bare)) for name, limit, ours, bare in lines]
    rows = [f"| {n} | {o:.2f} | {limit} | {b:.2f} | {o / b:.1f} |" for n, limit, o, b in medians]
    text = [
        "# Loading a page",
        "",
        "Written by `python bench/pages.py`. Seconds from the request until the content is shown; medians of "
        f"{RUNS} cold loads in chromium, in turn with a bare page; Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| what | seconds | at most | a bare page | ratio |",
        "|---|---|---|---|---|",
        *rows,
    ]
    (ROOT / "bench" / "pages.md").write_text("\n".join(text) + "\n", encoding="utf-8")
    print(*text, sep="\n")
    return int(any(ours > limit for _, limit, ours, _ in medians))


if __name__ == "__main__":
    sys.exit(main())
