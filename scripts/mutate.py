"""Do the tests notice a change of the code that judges?

Draws mutants by a seed, runs the nearest tests on each, and prints those that no test notices:

    git worktree add ../mutated HEAD   # tests read the files of their own tree: run on one that nobody edits
    nice python scripts/mutate.py --root ../mutated --results mutants.jsonl --seed 1 --count 300

No file is changed: each mutant is run in a process of its own, which compiles the changed text in place of the file.
`--results` keeps what was run, so that a run can be stopped and continued. scripts/MUTANTS.md has the survivors and why.
"""

from __future__ import annotations

import argparse
import importlib.abc
import importlib.util
import json
import os
import random
import re
import resource
import signal
import sys
import time
from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatch
from pathlib import Path

from mutants import Mutant, find_mutants, is_another_program

CODE = (
    "conflictdata/rules/*.py",
    "conflictdata/datasets/*.py",
    "conflictdata/datasets/models/*.py",
    "conflictdata/datasets/rules/*.py",
    "conflictdata/seeds/quantity.py",
    "conflictdata/validation/*.py",
    "conflictdata/validation/scan/*.py",  # not scan/spark: its tests start a cluster
    "conflictdata/analysis/bounds.py",
)
LEFT_OUT = ("conflictdata/datasets/_country_boxes.py",)  # a table of degrees
SECONDS = 150  # of processor time for the tests of one stage; a mutant that needs more is noticed
WALL = 8  # times as many seconds by the clock, on a busy machine

# The nearest tests of a file, in stages: the next stage runs for what the one before did not notice. RULES means
# the cases of the rules in the file, EXAMPLES their examples, FAULTS the records that break them, all by the ids of the rules.
_RULES = (
    ("RULES",),
    ("EXAMPLES",),
    ("test_registry.py", "test_rule_limits.py", "test_record_rules.py", "test_figure_rules.py"),
    ("FAULTS",),
)
_BY_RULE = {"RULES": "test_cases.py", "EXAMPLES": "test_explain.py", "FAULTS": "test_mutations.py"}
_FEEDS = (
    ("test_feeds_rules.py", "test_feeds_days.py", "test_feeds_more.py", "test_feed_limits.py"),
    ("test_feeds_accuracy.py", "test_import_ged.py", "test_import_daily.py"),
    ("test_feeds_bad_files.py", "test_import_refusals.py", "test_import_revisions.py", "test_import_bad.py"),
    (
        "test_collections.py",
        "test_engines_files.py",
        "test_feeds_variants.py",
        "test_metadata.py",
        "test_tableschema.py",
    ),
)
_SCANS = (
    ("test_scans.py", "test_own_tables.py", "test_lines.py", "test_engines_keys.py"),
    ("test_engines_files.py", "test_feeds_bad_files.py", "test_engines_repeats.py"),
    ("test_engines_agree.py", "test_feeds_rules.py", "test_reports.py", "test_feeds_accuracy.py", "test_streams.py"),
)
NEAREST: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("conflictdata/rules/*", _RULES),
    ("conflictdata/datasets/*", _FEEDS),
    ("*/seeds/quantity.py", (("test_quantity.py",), ("test_hard_cases_numbers.py", "test_form.py"))),
    ("*/analysis/bounds.py", (("test_bounds.py",), ("test_answer_sums.py", "test_answer_statements.py"))),
    ("*/validation/waivers.py", (("test_waivers.py",), ("test_explain.py", "test_validate.py"))),
    ("*/validation/second_*", (("test_second_reader.py",), ("test_package.py", "test_validate.py"))),
    ("*/validation/selection.py", (("test_selection.py",), ("test_unread.py", "test_validate.py"))),
    ("*/validation/scan/*", _SCANS),
    (
        "*/validation/*",
        (
            ("test_validate.py", "test_reading.py", "test_suggest.py", "test_selection.py"),
            ("test_waivers.py", "test_cases.py", "test_unread.py", "test_nothing_lost.py"),
            ("test_feeds_bad_files.py", "test_feeds_days.py", "test_scans.py", "test_own_tables.py", "test_collections.py"),
            ("test_import_ged.py", "test_import_refusals.py", "test_package.py", "test_reports.py", "test_second_reader.py"),
            ("test_mutations.py", "test_explain.py", "test_dtypes.py", "test_mistakes.py", "test_committed.py"),
        ),
    ),
)  # fmt: skip


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


class _Failures:
    """A plugin of pytest that writes the first test that fails, or the file that cannot be collected."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_runtest_logreport(self, report) -> None:
        if report.failed:
            self.file.write_text(report.nodeid, encoding="utf-8")

    pytest_collectreport = pytest_runtest_logreport


def _preload() -> None:
    """Import what all tests need, so that each mutant's process has it. Nothing of ours: it may be the mutant."""
    for name in ("pytest", "pandas", "polars", "narwhals.stable.v1", "pandera.pandas", "pyarrow.parquet"):
        importlib.import_module(name)
    for name in ("duckdb", "yaml", "typer", "rich.console", "rich.table", "requests", "jinja2"):
        importlib.import_module(name)
    assert not [name for name in sys.modules if name.split(".")[0] == "conflictdata"]


def _run_tests(root: Path, arguments: list[str], changed: _Changed | None, log: Path) -> str:
    """Run tests in a process of their own. Return `passed`, `failed`, `none`, `broken` or `time`."""
    pid = os.fork()
    if not pid:
        os.setsid()
        out = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(out, 1)
        os.dup2(out, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
        os.chdir(root)
        sys.path[:0] = [str(root)]
        if changed:
            sys.meta_path.insert(0, changed)
        import pytest

        # The libraries that are imported already include plugins of pytest.
        quiet = ["-W", "ignore::pytest.PytestAssertRewriteWarning", "-p", "no:cacheprovider"]
        code = 70
        try:
            code = int(
                pytest.main([*arguments, "-x", "-q", "-n", "0", *quiet], [_Failures(log.with_suffix(".failed"))])
            )
        finally:
            sys.stdout.flush()
            os._exit(code)
    limit = time.monotonic() + SECONDS * WALL
    while not (status := os.waitpid(pid, os.WNOHANG))[0]:
        if time.monotonic() > limit:
            os.killpg(pid, signal.SIGKILL)
        time.sleep(0.05)
    if os.WIFSIGNALED(status[1]):
        return "time" if os.WTERMSIG(status[1]) in {signal.SIGXCPU, signal.SIGKILL} else "failed"
    code = os.waitstatus_to_exitcode(status[1])
    return {0: "passed", 1: "failed", 2: "failed", 5: "none"}.get(code, "broken")


Covered = Mapping[str, Mapping[str, list[str]]]  # tests by file and line (`scripts/covered.py`)


def _load_covered(files: list[Path]) -> Covered:
    lines: dict[str, dict[str, list[str]]] = {}
    for file in files:
        for name, found in json.loads(file.read_text(encoding="utf-8"))["lines"].items():
            for line, tests in found.items():
                lines.setdefault(name, {}).setdefault(line, []).extend(tests)
    return lines


def _list_covering(covered: Covered, mutant: Mutant) -> list[str]:
    """Return the tests that run the changed line, or the statement that it ends."""
    lines = covered.get(mutant.file, {})
    return next((lines[str(n)] for n in range(mutant.line, mutant.line - 6, -1) if lines.get(str(n))), [])


def _list_stages(root: Path, mutant: Mutant, covered: Covered) -> list[list[str]]:
    """Return the arguments of pytest for each stage of a mutant.

    The tests that run the changed line come first. Outside `rules/`, whose expressions are built once for all tests, no
    other test can notice the change.
    """
    covering = [[str(root / test) for test in tests]] if (tests := _list_covering(covered, mutant)) else []
    if covering and not mutant.file.startswith("conflictdata/rules/"):
        return covering
    stages = next(stages for pattern, stages in NEAREST if fnmatch(mutant.file, pattern))
    listed = []
    for stage in stages:
        if stage[0] in _BY_RULE:
            text = (root / mutant.file).read_text(encoding="utf-8")
            ids = re.findall(r'(?:\bid=|@\w*rule\(\s*)"([a-z_]+\.[a-z0-9-]+)"', text)
            which = f"({' or '.join(ids)}) and not pandas" if ids else "not pandas"
            listed.append([str(root / "tests" / _BY_RULE[stage[0]]), "-k", which])
        else:
            files = [root / "tests" / name for name in stage]
            listed.append([str(path) for path in files if path.exists()])
    listed[2:2] = covering
    return [stage for stage in listed if stage]


def judge(root: Path, mutant: Mutant, scratch: Path, stages: int, covered: Covered) -> str:
    """Return the test that notices a mutant, `survives`, or `undecided` if some stages are left out.

    Raises:
        RuntimeError: If the test fails without the mutant, too.
    """
    path = root / mutant.file
    module = mutant.file.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
    changed = _Changed(module, path, mutant.change(path.read_bytes()))
    base = ["--basetemp", str(scratch / "base"), "--rootdir", str(root), "-c", str(root / "pyproject.toml")]
    listed = _list_stages(root, mutant, covered)
    for stage in listed[:stages]:
        log = scratch / "log"
        failed = log.with_suffix(".failed")
        failed.unlink(missing_ok=True)
        outcome = _run_tests(root, [*base, *stage], changed, log)
        if outcome == "broken":
            raise RuntimeError(f"pytest cannot run {stage}: see {log}")
        if outcome == "time":
            return f"{Path(stage[0]).name}: needs more than {SECONDS} s"
        if outcome == "failed":
            test = failed.read_text(encoding="utf-8") if failed.exists() else stage[0]
            only = [*base, str(root / test), *([] if "::" in test else ["--collect-only"])]
            if _run_tests(root, only, None, scratch / "unchanged") != "passed":
                raise RuntimeError(f"it fails without a mutant, too: {test}")
            return test
    return "survives" if stages >= len(listed) else "undecided"


def draw(root: Path, seed: int, count: int) -> list[Mutant]:
    """Return mutants drawn by a seed, as many of each kind."""
    files = sorted({p.relative_to(root).as_posix() for pattern in CODE for p in root.glob(pattern)} - set(LEFT_OUT))
    kinds: dict[str, list[Mutant]] = {}
    for file in files:
        for mutant in find_mutants(root, file):
            kinds.setdefault(mutant.kind, []).append(mutant)
    chance = random.Random(seed)
    shuffled = {
        kind: (m for m in chance.sample(mutants, len(mutants)) if is_another_program(root, m))
        for kind, mutants in sorted(kinds.items())
    }
    order = sorted(shuffled) * (count // len(shuffled) + 1)
    return [mutant for kind in order[:count] if (mutant := next(shuffled[kind], None))]


def main() -> int:
    """Run the mutants that the results do not have yet. Return 1 if fewer than 95 % are noticed."""
    options = argparse.ArgumentParser(description="Run the nearest tests on mutants of the code that judges.")
    options.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="Tree to read.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--only", default="*", help="Pattern of the files, such as '*/rules/claims*'.")
    options.add_argument("--part", default="1/1", help="Of these mutants, part N of M.")
    options.add_argument("--stages", type=int, default=9, help="Run so many stages, to sort out what they notice.")
    options.add_argument("--again", action="store_true", help="Run the survivors in the results again.")
    options.add_argument(
        "--covered", type=Path, nargs="*", default=[], help="Files that scripts/covered.py has written."
    )
    options.add_argument("--results", type=Path, default=Path("mutants.jsonl"))
    options.add_argument(
        "--scratch", type=Path, default=Path(os.environ.get("TMPDIR", "/tmp")) / f"mutate-{os.getpid()}"
    )
    given = options.parse_args()
    root, (part, parts) = given.root.resolve(), map(int, given.part.split("/"))
    os.environ |= {"CI": "1", "PYTHONPATH": str(root), "POLARS_MAX_THREADS": "1"}
    lines = given.results.read_text(encoding="utf-8").splitlines() if given.results.exists() else []
    known = {entry["id"]: entry["outcome"] for entry in map(json.loads, lines)}
    covered = _load_covered(given.covered)
    given.scratch.mkdir(parents=True, exist_ok=True)
    _preload()
    drawn = [m for m in draw(root, given.seed, given.count) if fnmatch(m.file, given.only)]
    for mutant in drawn[part - 1 :: parts]:
        if known.get(mutant.id, "undecided") != ("survives" if given.again else "undecided"):
            continue
        known[mutant.id] = judge(root, mutant, given.scratch, given.stages, covered)
        with given.results.open("a", encoding="utf-8") as results:
            results.write(json.dumps({"id": mutant.id, "kind": mutant.kind, "outcome": known[mutant.id]}) + "\n")
        print(f"{known[mutant.id][:60]:60} {mutant.id[:160]}", flush=True)
    outcomes = Counter(known[m.id] == "survives" for m in drawn if known.get(m.id, "undecided") != "undecided")
    share = outcomes[False] / (outcomes.total() or 1)
    print(f"{outcomes.total()} mutants: {outcomes[False]} noticed ({share:.1%}), {outcomes[True]} survive")
    return int(share < 0.95)


if __name__ == "__main__":
    sys.exit(main())
