"""Run tests on mutants in processes that have imported everything.

A process that has collected the nearest tests forks for each mutant, changes the functions and runs the tests in their order. If a
mutant changes what is built while modules are imported, a process that has imported nothing of ours forks instead.
"""

from __future__ import annotations

import faulthandler
import importlib
import importlib.abc
import importlib.util
import inspect
import json
import os
import resource
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import pytest
from mutants import Mutant
from nearest import UNKNOWN_SECONDS, Covered, choose_tests
from patching import Calls, Functions, find_changed, make_key

MEMORY = 16 << 30  # of addresses
TIMES = 10  # as many seconds as a test needs without a mutant: then it has noticed the mutant
LEAST = 10  # seconds of processor time that each test may need
WALL = 600  # seconds by the clock for a mutant


@dataclass
class Outcome:
    """What the tests have said of a mutant.

    Attributes:
        tests: The tests that were run.
        noticed: Whether the last of them has failed, or needed far more time than without the mutant.
        complete: Whether no test was left out because the seconds were used up.
        broken: Whether no test could be run: modules or tests cannot be imported.
    """

    tests: list[str]
    noticed: bool = False
    complete: bool = True
    broken: bool = False


class _Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from a changed text."""

    def __init__(self, module: str, path: Path, source: bytes) -> None:
        self.module, self.path, self.source = module, path, source

    def find_spec(self, fullname, path, target=None):  # noqa: ARG002
        if fullname != self.module:
            return None
        package = [str(self.path.parent)] if self.path.name == "__init__.py" else None
        spec = importlib.util.spec_from_file_location(
            fullname, self.path, loader=self, submodule_search_locations=package
        )
        spec.has_location = True
        return spec

    def create_module(self, spec):  # noqa: ARG002
        return None

    def exec_module(self, module) -> None:
        exec(compile(self.source, str(self.path), "exec"), module.__dict__)


def preload() -> None:
    """Import what all tests need, so that each mutant's process has it. Nothing of ours: it may be the mutant."""
    for name in ("pytest", "pandas", "polars", "narwhals.stable.v1", "pandera.pandas", "pyarrow.parquet", "hypothesis"):
        importlib.import_module(name)
    for name in ("duckdb", "yaml", "typer", "typer.testing", "rich.console", "rich.table", "requests", "jinja2"):
        importlib.import_module(name)
    assert not [name for name in sys.modules if name.split(".")[0] == "conflictdata"]


class _Loop:
    """A plugin of pytest that runs chosen tests in their order until one fails, and writes down each before it runs.

    Attributes:
        tests: The tests to run, and the seconds that each needs without a mutant.
        seconds: Seconds of processor time after which no further test begins.
        progress: The file to write to.
    """

    def __init__(self, tests: Mapping[str, float], seconds: float, progress: Path) -> None:
        self.tests, self.seconds = tests, seconds
        self.progress = progress
        self.failed = False

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.failed = True
            self.progress.with_suffix(".failed").write_text(report.longreprtext, encoding="utf-8")

    def pytest_runtestloop(self, session) -> bool:
        self.seconds += time.process_time()  # of the imports and of collecting
        self.run({item.nodeid: item for item in session.items})
        return True

    def run(self, items: Mapping[str, pytest.Item]) -> None:
        with self.progress.open("w", encoding="utf-8") as file:
            chosen = [items[test] for test in self.tests if test in items]
            for item, following in zip(chosen, [*chosen[1:], None], strict=True):
                if time.process_time() > self.seconds:
                    print("left", file=file, flush=True)
                    return
                print(f"run {item.nodeid}", file=file, flush=True)
                most = int(time.process_time() + max(LEAST, TIMES * self.tests[item.nodeid])) + 1
                resource.setrlimit(resource.RLIMIT_CPU, (most, resource.RLIM_INFINITY))
                item.ihook.pytest_runtest_protocol(item=item, nextitem=following)
                if self.failed:
                    print("failed", file=file, flush=True)
                    return
            print("done", file=file, flush=True)


def fork(run: Callable[[], None], progress: Path) -> Outcome:
    """Run something that writes its progress in a process of its own."""
    progress.unlink(missing_ok=True)
    pid = os.fork()
    if not pid:
        try:
            os.setsid()
            out = os.open(progress.with_suffix(".log"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(out, 1)
            os.dup2(out, 2)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            faulthandler.enable(2)
            run()
        except BaseException:  # pytest ends here, and nobody else would write it down
            progress.with_suffix(".fault").write_text(traceback.format_exc(), encoding="utf-8")
        finally:
            os._exit(0)
    limit = time.monotonic() + WALL
    while not os.waitpid(pid, os.WNOHANG)[0]:
        if time.monotonic() > limit:
            os.killpg(pid, signal.SIGKILL)
        time.sleep(0.01)
    lines = progress.read_text(encoding="utf-8").splitlines() if progress.exists() else []
    tests = [line.removeprefix("run ") for line in lines if line.startswith("run ")]
    last = lines[-1] if lines else ""
    return Outcome(tests, last == "failed" or last.startswith("run "), last != "left", not lines)


def _make_arguments(root: Path, scratch: Path) -> list[str]:
    # The libraries that are imported already include plugins of pytest.
    quiet = ["-q", "-n", "0", "-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
    return [*quiet, "--basetemp", str(scratch / "base"), "--rootdir", str(root), "-c", str(root / "pyproject.toml")]


class FreshTests:
    """Runs tests in processes that import a changed module. Serves a process that has imported it unchanged."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self.root, self.scratch = root, scratch

    def run(self, mutant: Mutant, tests: dict[str, float], seconds: float) -> Outcome:
        """Return what the tests say of a mutant."""
        path, progress = self.root / mutant.file, self.scratch / "fresh"
        module = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        changed = _Changed(module, path, mutant.change(path.read_bytes()))
        functions = dict.fromkeys(str(self.root / test.partition("[")[0]) for test in tests)

        def run_pytest() -> None:
            sys.meta_path.insert(0, changed)
            plugin = _Loop(tests, seconds, progress)
            pytest.main([*_make_arguments(self.root, self.scratch), *functions], [plugin])

        return fork(run_pytest, progress)

    def serve(self, connection: Connection) -> None:
        """Answer until the other process ends."""
        while True:
            try:
                connection.send(self.run(*connection.recv()))
            except EOFError:
                return


class WarmTests:
    """A plugin of pytest that judges mutants in place of running the tests that were collected.

    Attributes:
        fresh: Leads to the process of `FreshTests`.
        changes: How many mutants were changed in place.
    """

    fresh: Connection

    def __init__(self, root: Path, scratch: Path, covered: Covered) -> None:
        self.root, self.scratch, self.covered = root, scratch, covered
        self.items: dict[str, pytest.Item] = {}
        self.texts: dict[str, str] = {}
        self.wrong: set[str] = set()  # tests that fail without a mutant, too
        self.judge_all: Callable[[WarmTests], None] = lambda _: None
        self.calls = Calls(str(root / "conflictdata"))

    def start(self, names: Iterable[str], judge_all: Callable[[WarmTests], None]) -> None:
        """Collect files of tests and call `judge_all`."""
        self.judge_all = judge_all
        files = [str(self.root / "tests" / name) for name in names]
        with self.calls:
            pytest.main([*_make_arguments(self.root, self.scratch), *files], [self])

    def pytest_runtestloop(self, session) -> bool:
        """Judge the mutants, once all tests are collected."""
        sys.setprofile(None)
        self.items = {item.nodeid: item for item in session.items}
        self.texts = {name: _read_text(item) for name, item in self.items.items()}
        self.functions = Functions(str(self.root / "conflictdata"))
        self.judge_all(self)
        return True

    def take_place(self, scratch: Path, fresh: Connection) -> None:
        """Work in a folder of its own, next to other processes that have collected the same tests."""
        self.scratch, self.fresh = scratch, fresh
        factory = next(iter(self.items.values())).config._tmp_path_factory  # type: ignore[attr-defined]
        factory._given_basetemp = scratch / "base"

    def _find_changed(self, mutant: Mutant) -> Any:
        path = self.root / mutant.file
        before = path.read_bytes()
        pairs = find_changed(*(compile(text, str(path), "exec") for text in (before, mutant.change(before))))
        return None if pairs is None or any(make_key(old) in self.calls.called for old, _ in pairs) else pairs

    def _run_here(self, pairs: Any, tests: dict[str, float], seconds: float) -> Outcome:
        progress = self.scratch / "warm"

        def run() -> None:
            self.functions.replace(pairs)
            plugin = _Loop(tests, seconds, progress)
            next(iter(self.items.values())).config.pluginmanager.register(plugin)
            plugin.run(self.items)

        return fork(run, progress)

    def judge(self, mutant: Mutant, seconds: float, *, fresh: bool = False) -> tuple[str, Outcome]:
        """Return the test that notices a mutant, `survives` or `undecided`, and what was run.

        Args:
            mutant: The mutant.
            seconds: Seconds of processor time after which no further test begins.
            fresh: Whether to import the changed module even if its functions can be changed in place.
        """
        pairs = self._find_changed(mutant)
        names = choose_tests(self.root, mutant, self.covered, self.texts, at_import=pairs is None)

        def run(tests: dict[str, float]) -> Outcome:
            if pairs is not None and not fresh:
                return self._run_here(pairs, tests, seconds)
            self.fresh.send((mutant, tests, seconds))
            outcome: Outcome = self.fresh.recv()
            return outcome

        while True:
            tests, is_all = self._limit(names, seconds)
            outcome = run(tests)
            if outcome.broken and tests:
                self.fresh.send((replace(mutant, after=mutant.before), tests, 0))
                if self.fresh.recv().broken:
                    raise RuntimeError(f"pytest cannot begin: see {self.scratch}")
                return "it cannot be imported", outcome
            if not outcome.noticed:
                return "survives" if outcome.complete and is_all else "undecided", outcome
            # The last test alone must fail with the mutant and pass without it; else all that ran must pass without it.
            last = {outcome.tests[-1]: tests[outcome.tests[-1]]}
            before = {name: tests[name] for name in outcome.tests}
            unchanged = self._run_here([], last if len(before) == 1 or run(last).noticed else before, 600)
            if not unchanged.noticed:
                return outcome.tests[-1], outcome
            self.wrong.add(unchanged.tests[-1])

    def _limit(self, names: list[str], seconds: float) -> tuple[dict[str, float], bool]:
        """Return the first tests with the seconds of each, twice as many as fit into some seconds; and whether these are all."""
        left, tests = 2 * seconds, {}
        for name in names:
            if left < 0:
                return tests, False
            if name not in self.wrong:
                tests[name] = self.covered.seconds.get(name, UNKNOWN_SECONDS)
                left -= tests[name]
        return tests, True


def _read_text(item: pytest.Item) -> str:
    try:
        return inspect.getsource(item.function)  # type: ignore[attr-defined]
    except (AttributeError, OSError, TypeError):
        return ""


def write_result(file: Path, mutant: Mutant, result: str, outcome: Outcome, seconds: float) -> None:
    """Add a line to the results."""
    entry = {"id": mutant.id, "kind": mutant.kind, "outcome": result, "tests": len(outcome.tests)}
    with file.open("a", encoding="utf-8") as results:
        results.write(json.dumps(entry | {"seconds": round(seconds, 1)}) + "\n")
