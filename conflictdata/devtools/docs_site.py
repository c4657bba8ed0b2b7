"""Build the documentation site from the Markdown of the repository.

    python -m conflictdata.devtools.docs_site            # writes build/docs-site
    python -m conflictdata.devtools.docs_site --serve    # builds it, and serves it on this machine

The pages are plain Markdown that also reads well on GitHub. This module copies them, changes the links that leave
`docs/`, keeps the pages of single rules out of the search index, and runs Zensical (extra `docs`).
"""

from __future__ import annotations

import argparse
import functools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from conflictdata.findings import UsageError

ROOT = Path(__file__).parents[2]
SOURCES = Path("build/docs-sources")  # zensical.toml names both
SITE = Path("build/docs-site")

# Pages outside docs/, and where they are in the site. README.md has the overview as its counterpart.
_OUTSIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CODE_OF_CONDUCT.md": "code-of-conduct.md",
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "bench/big.md": "measured/big.md",
    "bench/parse.md": "measured/parse.md",
    "bench/release.md": "measured/release.md",
    "bench/spark.md": "measured/spark.md",
}
_PICTURES = (".png", ".svg")
_NOT_SEARCHED = "---\nsearch:\n  exclude: true\n---\n\n"
_LINK = re.compile(r"(?P<text>!?\[(?:[^\[\]]|\[[^\]]*\])*\])\((?P<target>[^)\s]+)\)")
_ATTRIBUTE = re.compile(r'(?P<name>src|srcset)="(?P<target>[^"]+)"')
_FENCE = re.compile(r"(^ *```.*?^ *```$)", re.MULTILINE | re.DOTALL)


def locate_page(path: str) -> str | None:
    """Return where a file of the repository is in the sources of the site. None if the site does not have it."""
    if path in _OUTSIDE:
        return _OUTSIDE[path]
    return path.removeprefix("docs/") if path.startswith("docs/") else None


def rewrite_links(text: str, page: str, root: Path = ROOT) -> str:
    """Return the text of a page with links that are right in the site.

    A link to a file that the site does not have becomes the name of that file.

    Args:
        text: Markdown of the page.
        page: Path of the page in the repository.
        root: The repository.

    Raises:
        UsageError: If a link leads to a file that does not exist.
    """
    pieces = _FENCE.split(text)  # code is at the odd places
    pieces[::2] = [
        _ATTRIBUTE.sub(
            lambda hit: f'{hit["name"]}="{_find_target(hit["target"], page, root)}"',
            _LINK.sub(lambda hit: _rewrite_link(hit, page, root), piece),
        )
        for piece in pieces[::2]
    ]
    return "".join(pieces)


def _rewrite_link(hit: re.Match[str], page: str, root: Path) -> str:
    target = _find_target(hit["target"], page, root)
    if target is None:
        path = os.path.normpath(os.path.join(os.path.dirname(page), hit["target"].partition("#")[0]))
        return f"{hit['text'].strip('![]')} (`{path}`)"
    return f"{hit['text']}({target})"


def _find_target(target: str, page: str, root: Path) -> str | None:
    """Return the target of a link in the site. None if the site does not have it."""
    if target.startswith(("#", "http:", "https:", "mailto:", "data:")):
        return target
    name, mark, anchor = target.partition("#")
    path = os.path.normpath(os.path.join(os.path.dirname(page), name))
    if not (root / path).exists():
        raise UsageError(f"{page}: the link {target} leads to no file; the nearest folder is {os.path.dirname(path)}")
    located = locate_page(path) or (path if path.endswith(_PICTURES) else None)
    if located is None or (root / path).is_dir():
        return None
    folder = os.path.dirname(locate_page(page) or "")
    return os.path.relpath(located, folder or ".") + ("" if path == "README.md" else mark + anchor)


def _list_pages(root: Path) -> Iterator[str]:
    """Return the paths of all pages in the repository."""
    for file in sorted((root / "docs").rglob("*.md")):
        yield file.relative_to(root).as_posix()
    yield from (path for path in _OUTSIDE if path != "README.md" and (root / path).is_file())


def write_sources(folder: Path, root: Path = ROOT) -> int:
    """Write the sources of the site, in place of those that are in the folder.

    Args:
        folder: Folder to write, such as `build/docs-sources`.
        root: The repository.

    Returns:
        The number of pages.
    """
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(root / "docs", folder, ignore=shutil.ignore_patterns("*.md"))
    pages = list(_list_pages(root))
    for page in pages:
        text = rewrite_links((root / page).read_text(encoding="utf-8"), page, root)
        single = page.startswith("docs/rules/") and not page.endswith("/index.md")
        file = folder / str(locate_page(page))
        file.parent.mkdir(parents=True, exist_ok=True)
        if single:  # pages of single rules are in no menu, so each leads back to the list
            text = _NOT_SEARCHED + text.replace("\n# ", "\n[All rules](index.md)\n\n# ", 1)
        file.write_text(text, encoding="utf-8")
    for picture in (file for ending in _PICTURES for file in (root / "bench").glob(f"*{ending}")):
        (folder / "bench").mkdir(exist_ok=True)
        shutil.copy(picture, folder / "bench")
    static = root / "conflictdata" / "site" / "static"
    shutil.copytree(static / "fonts", folder / "stylesheets" / "fonts")
    shutil.copy(static / "favicon.svg", folder / "favicon.svg")
    return len(pages)


def build(root: Path = ROOT) -> Path:
    """Build the site, with warnings as errors.

    Returns:
        The folder of the site.

    Raises:
        UsageError: If Zensical is not installed, or if it reports a warning.
    """
    count = write_sources(root / SOURCES, root)
    if shutil.which("zensical", path=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])) is None:
        raise UsageError("zensical is not installed: pip install -e '.[docs]'")
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UsageError(f"zensical could not build {count} pages:\n{done.stdout}{done.stderr}")
    return root / SITE


def serve(folder: Path, port: int) -> None:
    """Serve a folder on this machine until Ctrl-C."""
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{server.server_address[1]}/  (Ctrl-C stops it)", flush=True)
        server.serve_forever()


def main() -> int:
    """Run the command line of this module."""
    parser = argparse.ArgumentParser(prog="python -m conflictdata.devtools.docs_site", description="Build the docs.")
    parser.add_argument("--serve", action="store_true", help="serve the site on this machine after the build")
    parser.add_argument("--port", type=int, default=8000, help="port of --serve; 0 takes a free one (default: 8000)")
    words = parser.parse_args()
    try:
        folder = build()
    except UsageError as fault:
        print(f"error: {fault}", file=sys.stderr)
        return 2
    print(folder.relative_to(ROOT))
    if words.serve:
        serve(folder, words.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
