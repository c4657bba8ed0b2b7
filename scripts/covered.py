"""Which tests run a line of the code that judges?

Writes one map per file of tests, so that a run can be stopped and continued: for each file and line the numbers of the tests that run it,
and the seconds of each test. `scripts/mutate.py --covered` reads the folder. Needs `coverage`. Several may run side by side:

    nice python scripts/covered.py --root ../mutated --out ../covered
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
import time
from collections import defaultdict
from pathlib import Path

import coverage
import pytest
from nearest import CODE, list_nearest_tests
from warm_tests import preload


class _Contexts:
    """A plugin of pytest that gives coverage the number of the running test, and keeps each test's seconds."""

    def __init__(self, measured: coverage.Coverage) -> None:
        self.measured = measured
        self.seconds: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item, nextitem):  # noqa: ARG002
        self.measured.switch_context(str(len(self.seconds)))
        start = time.process_time()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = round(time.process_time() - start, 3)
            self.measured.switch_context("")


def _measure(root: Path, test: Path, out: Path) -> None:
    """Run one file of tests and write its map. Lines that run while modules are imported have no test."""
    measured = coverage.Coverage(data_file=None, include=[str(root / pattern) for pattern in CODE], config_file=False)
    plugin = _Contexts(measured)
    quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    base = ["--basetemp", str(out.with_suffix(".base")), "--rootdir", str(root), "-c", str(root / "pyproject.toml")]
    measured.start()
    for path in sorted(path for pattern in CODE for path in root.glob(pattern)):
        # Lines that run on import belong to no test, even if a test is the first to import them.
        importlib.import_module(
            path.relative_to(root).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        )
    pytest.main(["-q", "-n", "0", *quiet, *base, str(test)], [plugin])
    measured.stop()
    data = measured.get_data()
    lines: dict[str, dict[int, list[int]]] = defaultdict(dict)
    for name in data.measured_files():
        file = Path(name).relative_to(root).as_posix()
        for line, tests in data.contexts_by_lineno(name).items():
            lines[file][line] = sorted(int(number) for number in tests if number)
    part = out.with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps({"seconds": plugin.seconds, "lines": lines}), encoding="utf-8")
    part.rename(out)


def main() -> int:
    """Run the files of tests that have no map yet, each in a process of its own."""
    options = argparse.ArgumentParser(description="Write which tests run which lines.")
    options.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    options.add_argument("--out", type=Path, default=Path("covered"))
    options.add_argument("--only", nargs="*", help="Files of tests to run, again if need be, such as test_cases.py.")
    given = options.parse_args()
    root, folder = given.root.resolve(), given.out.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.environ |= {"CI": "1", "PYTHONPATH": str(root), "POLARS_MAX_THREADS": "1"}
    preload()
    os.chdir(root)
    sys.path[:0] = [str(root), str(root / "tests")]
    for name in given.only or list_nearest_tests(root):
        out, begun = folder / f"{name}.json", folder / f"{name}.begun"
        if not given.only and (out.exists() or begun.exists()):
            continue
        begun.touch()
        start = time.monotonic()
        pid = os.fork()
        if not pid:
            try:
                _measure(root, root / "tests" / name, out)
            finally:
                sys.stdout.flush()
                os._exit(0)
        os.waitpid(pid, 0)
        begun.unlink()
        print(f"{name}: {time.monotonic() - start:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
