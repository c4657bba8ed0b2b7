"""Take pictures of the main kinds of page of a built site: wide, dark and on a phone.

    python scripts/site_pictures.py build/site pictures/

It needs Debian's chromium and `pip install playwright`. All traffic is on loopback.
"""

from __future__ import annotations

import shutil
import sys
import threading
from pathlib import Path

from playwright.sync_api import sync_playwright

from conflictdata.site.serve import open_server

PAGES = {
    "front": "index.html",
    "toll": "tolls/sohr.syria_2024_offensive.2024-11-27.html",
    "source": "sources/telesur_english-2024-12-05.html",
    "event": "events/2024-12-01-idlib-strikes.html",
    "explore": "explore.html?claimant=sohr&from=2024-12-03&to=2024-12-08",
    "conflict": "conflicts/syria_2024_offensive.html",
    "claimant": "claimants/sohr.html",
    "place": "places/idlib_city.html",
}
VIEWS = {"wide": (1280, "light"), "dark": (1280, "dark"), "phone": (390, "light")}


def take_pictures(site: Path, out: Path) -> None:
    """Save one PNG per page and view."""
    out.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with open_server(site, 0) as server, sync_playwright() as driver:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"]) as browser:
            for view, (width, scheme) in VIEWS.items():
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                for name, path in PAGES.items():
                    page = context.new_page()
                    page.goto(f"http://127.0.0.1:{server.server_port}/{path}")
                    if name == "explore":
                        page.locator("#status:has-text('number')").wait_for()
                    page.screenshot(path=out / f"{name}-{view}.png", full_page=True)
                    page.close()
        server.shutdown()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: python scripts/site_pictures.py SITE FOLDER")
    take_pictures(Path(sys.argv[1]), Path(sys.argv[2]))
