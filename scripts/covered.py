"""Which tests run a line of the code that judges?

Writes, for each file and line, the tests that run it, the quickest first, up to 60 seconds together. `scripts/mutate.py --covered`
reads it and runs these first. Needs `coverage`. Parts may run side by side:

    nice python scripts/covered.py --root ../mutated --part 1/2 --out covered-1.json
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from pathlib import Path

import coverage
import pytest

FOLDERS = ("rules", "datasets", "validation", "seeds", "analysis")
SECONDS = 60  # of processor time, with coverage measured beside it


class _Contexts:
    """A plugin of pytest that gives coverage the name of the running test, and keeps each test's seconds."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):  # noqa: ARG002
        self.measured.switch_context(item.nodeid)
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = round(time.process_time() - start, 3)
            self.measured.switch_context("")


def _select_quickest(seconds: dict[str, float]) -> list[str]:
    """Return the quickest tests that run in `SECONDS` together."""
    left, selected = SECONDS, []
    for test in sorted(seconds, key=lambda name: seconds[name]):
        left -= seconds[test]
        if left < 0:
            break
        selected.append(test)
    return selected


def main() -> int:
    """Run the default tests once and write the map."""
    options = argparse.ArgumentParser(description="Write which tests run which lines.")
    options.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    options.add_argument("--part", default="1/1", help="Of the files of tests, part N of M.")
    options.add_argument("--out", type=Path, default=Path("covered.json"))
    given = options.parse_args()
    root, (part, parts) = given.root.resolve(), map(int, given.part.split("/"))
    files = [str(path) for path in sorted((root / "tests").glob("test_*.py"))][part - 1 :: parts]
    sys.path[:0] = [str(root), str(root / "tests")]
    source = [str(root / "conflictdata" / folder) for folder in FOLDERS]
    measured = coverage.Coverage(data_file=None, source=source, config_file=False)
    plugin = _Contexts(measured)
    measured.start()
    pytest.main(["-q", "-n", "0", "-p", "no:cacheprovider", "-c", str(root / "pyproject.toml"), *files], [plugin])
    measured.stop()
    data = measured.get_data()
    lines: dict[str, dict[int, list[str]]] = defaultdict(dict)
    for name in data.measured_files():
        file = Path(name).relative_to(root).as_posix()
        for line, tests in data.contexts_by_lineno(name).items():
            lines[file][line] = _select_quickest({t: plugin.seconds[t] for t in tests if t in plugin.seconds})
    given.out.write_text(json.dumps({"seconds": plugin.seconds, "lines": lines}), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
