"""The site in Firefox, driven by Mozilla's own client: pages without a foreign request, the filter page, its address."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from sitebox import build_true

from conflictdata.site.serve import open_server

marionette = pytest.importorskip("marionette_driver.marionette", reason="pip install marionette_driver")
FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
if FIREFOX is None:
    pytest.skip("apt-get install firefox-esr", allow_module_level=True)

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::ResourceWarning")]
TOLL = "sohr.syria_2024_offensive.2024-11-27"
PAGES = [
    "index.html",
    "conflicts/syria_2024_offensive.html",
    f"tolls/{TOLL}.html",
    "events/2024-12-01-idlib-strikes.html",
    "sources/telesur_english-2024-12-05.html",
    "claimants/sohr.html",
    "places/idlib.html",
    "collections/gaza_daily.html",
    "explore.html",
]


def find_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with open_server(build_true(tmp_path_factory.mktemp("firefox") / "site"), 0) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def firefox() -> Iterator[Any]:
    driver = marionette.Marionette(
        bin=FIREFOX,
        host="127.0.0.1",
        port=find_port(),
        headless=True,
        prefs={"network.dns.disablePrefetch": True, "browser.startup.page": 0, "app.update.enabled": False},
    )
    driver.start_session()
    yield driver
    driver.quit()


def wait_for(firefox: Any, script: str) -> Any:
    """Return what a script returns, as soon as it is true."""
    for _ in range(150):
        if value := firefox.execute_script(script):
            return value
        time.sleep(0.1)
    raise AssertionError(f"{script} is still not true")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_whole_and_asks_nobody_else(firefox: Any, address: str, path: str) -> None:
    firefox.navigate(address + path)
    assert firefox.execute_script("return document.querySelector('h1').textContent.trim().length") > 0
    loaded = firefox.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in loaded if not name.startswith(address)] == []
    width = firefox.execute_script("return [document.documentElement.scrollWidth, window.innerWidth]")
    assert width[0] <= width[1] + 1
    fonts = firefox.execute_script("return [...document.fonts].filter(font => font.status === 'error').length")
    assert fonts == 0


@pytest.mark.parametrize("anchor", ["c5", "the_news_wave-2023-11-11.8.killed.civilians"])
def test_an_address_inside_a_folded_claim_opens_it(firefox: Any, address: str, anchor: str) -> None:
    firefox.navigate("about:blank")
    firefox.navigate(f"{address}sources/the_news_wave-2023-11-11.html#{anchor}")
    assert firefox.execute_script("return document.querySelector(':target').closest('details').open")
    assert firefox.execute_script("return document.querySelectorAll('details[open]').length") == 1


def test_the_filter_page_filters_and_keeps_its_address(firefox: Any, address: str) -> None:
    firefox.navigate(f"{address}explore.html?claimant=sohr&q=deia")
    found = "const text = document.getElementById('status').textContent; return text.includes('number') ? text : ''"
    status = wait_for(firefox, found)
    rows = firefox.execute_script("return document.querySelectorAll('#rows tbody tr').length")
    assert rows > 0
    firefox.refresh()
    assert wait_for(firefox, found) == status
    firefox.execute_script(
        "const field = document.getElementById('outcome'); field.value = 'killed';"
        "field.dispatchEvent(new Event('input', {bubbles: true}))"
    )
    wait_for(firefox, "return location.search.includes('outcome=killed')")


def test_text_in_an_address_is_never_markup(firefox: Any, address: str) -> None:
    firefox.navigate(f"{address}explore.html?q=%3Cimg%20src%3Dx%20onerror%3D%22document.title%3D%27run%27%22%3E")
    wait_for(firefox, "return document.getElementById('status').textContent.includes('No claim fits')")
    assert firefox.execute_script("return document.title") != "run"
    assert firefox.execute_script("return document.querySelectorAll('main img').length") == 0
