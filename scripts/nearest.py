"""The tests nearest to a mutant, in the order in which they are tried.

First the tests that run the changed line (`scripts/covered.py`), those of the changed rule before all others. For what is
built while modules are imported, then the tests of the rule, and those that run anything of the module.
"""

from __future__ import annotations

import ast
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from fnmatch import fnmatch
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

from mutants import Mutant

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
FAR = (
    "test_parse",
    "test_site",
    "test_docs",
    "test_plot",
    "test_transcripts",
    "test_workflows",
)  # they run little of that
# They start threads of polars when they are imported: a process that forks from there waits for ever.
THREADED = ("test_full_disk.py", "test_paths.py", "test_schemas.py", "test_frames.py", "test_hard_cases_trees.py")
LEFT_OUT = ("conflictdata/datasets/_country_boxes.py",)  # a table of degrees

# The nearest tests of a file, in stages.
_RULES = (
    ("test_rule_details.py", "test_cases.py"),
    ("test_explain.py",),
    ("test_registry.py", "test_rule_limits.py", "test_record_rules.py", "test_figure_rules.py"),
    ("test_mutations.py",),
)
_FEEDS = (
    ("test_rule_details.py", "test_conversions.py"),
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
    ("test_validation_limits.py", "test_report_limits.py"),
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
            ("test_validation_limits.py", "test_report_limits.py"),
            ("test_validate.py", "test_reading.py", "test_suggest.py", "test_selection.py"),
            ("test_waivers.py", "test_cases.py", "test_unread.py", "test_nothing_lost.py"),
            ("test_feeds_bad_files.py", "test_feeds_days.py", "test_scans.py", "test_own_tables.py", "test_collections.py"),
            ("test_import_ged.py", "test_import_refusals.py", "test_package.py", "test_reports.py", "test_second_reader.py"),
            ("test_mutations.py", "test_explain.py", "test_dtypes.py", "test_mistakes.py", "test_committed.py"),
        ),
    ),
)  # fmt: skip


UNKNOWN_SECONDS = 0.2  # of a test that no map has


def list_nearest_tests(root: Path) -> list[str]:
    """Return the names of the files of tests: those in the first stages first, and last those that are in none."""
    depth = max(len(stages) for _, stages in NEAREST)
    staged = [stages[n] for n in range(depth) for _, stages in NEAREST if n < len(stages)]
    known = {path.name for path in (root / "tests").glob("test_*.py")}
    others = sorted(name for name in known if not name.startswith(FAR) and name not in THREADED)
    return [name for name in dict.fromkeys([*chain.from_iterable(staged), *others]) if name in known]


class Covered:
    """Which tests run a line, and how long each takes."""

    def __init__(self, folder: Path | None) -> None:
        self.seconds: dict[str, float] = {}
        self._lines: dict[str, dict[int, list[str]]] = defaultdict(lambda: defaultdict(list))
        self._counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))  # lines by test and file
        for path in sorted(folder.glob("test_*.json")) if folder else ():
            found = json.loads(path.read_bytes())
            names = list(found["seconds"])
            self.seconds |= found["seconds"]
            for file, lines in found["lines"].items():
                for line, numbers in lines.items():
                    self._lines[file][int(line)] += [names[number] for number in numbers]
                    for number in numbers:
                        self._counts[names[number]][file] += 1

    def list_of_line(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the changed line, or the statement that it ends."""
        lines = self._lines.get(mutant.file, {})
        return next((lines[n] for n in range(mutant.line, mutant.line - 6, -1) if lines.get(n)), [])

    def list_of_file(self, file: str) -> list[str]:
        """Return the tests that run anything of a file."""
        return list(dict.fromkeys(chain.from_iterable(self._lines.get(file, {}).values())))

    def measure_cost(self, test: str, file: str) -> float:
        """Return the seconds of a test, times how many lines it runs for each line of the file."""
        counts, seconds = self._counts.get(test, {}), self.seconds.get(test, UNKNOWN_SECONDS)
        return (seconds + 0.01) * (sum(counts.values()) + 1) / (counts.get(file, 0) + 1)


@cache
def _find_rules(path: Path) -> list[tuple[int, int, str]]:
    """Return the rules in a file: first line, last line, id."""
    found = []
    for node in ast.walk(ast.parse(path.read_bytes())):
        calls = node.decorator_list if isinstance(node, ast.FunctionDef) else [node]
        for call in calls:
            if not isinstance(call, ast.Call):
                continue
            texts = [*call.args[:1], *(k.value for k in call.keywords if k.arg == "id")]
            ids = [t.value for t in texts if isinstance(t, ast.Constant) and isinstance(t.value, str)]
            found += [(call.lineno, node.end_lineno or 0, i) for i in ids if re.fullmatch(r"[a-z_0-9]+\.[a-z0-9-]+", i)]
    return found


def find_rules(root: Path, mutant: Mutant) -> list[str]:
    """Return the ids of the rule that a mutant changes, or of all rules of its file."""
    rules = _find_rules(root / mutant.file)
    return list(dict.fromkeys([i for first, last, i in rules if first <= mutant.line <= last] or [r[2] for r in rules]))


def choose_tests(
    root: Path, mutant: Mutant, covered: Covered, tests: Mapping[str, str], *, at_import: bool
) -> list[str]:
    """Return the tests to try on a mutant, in order.

    Args:
        root: The tree.
        mutant: The mutant.
        covered: Which tests run which lines.
        tests: The text of the function of each test.
        at_import: Whether the change has an effect while modules are imported, so that more tests may notice it than run its line.
    """
    ids = find_rules(root, mutant) if "/rules/" in mutant.file else []
    of_rule = {test for test, text in tests.items() if any(i in test or f'"{i}"' in text for i in ids)}
    direct = covered.list_of_line(mutant)
    stages = next(stages for pattern, stages in NEAREST if fnmatch(mutant.file, pattern))
    chosen: list[Iterable[str]] = []
    line = (root / mutant.file).read_text(encoding="utf-8").splitlines()[mutant.line - 1]
    words = ("compiled", "models/") if "/models/" in mutant.file else ("cannot_be_changed", "@dataclass")
    if words[1] in mutant.file + line:
        chosen.append([test for test in tests if words[0] in test])
    if at_import:  # a test in which a module was imported runs its lines, and asks nothing of them
        stem = Path(mutant.file).stem.strip("_")
        chosen += [[test for test in of_rule if _get_file(test) in stage] for stage in stages]
        chosen += [of_rule, [test for test in tests if stem in test or stem.replace("_", "-") in test]]
    chosen += [[t for t in direct if t in of_rule], direct]
    if at_import or not direct:
        chosen.append(covered.list_of_file(mutant.file))
        if mutant.file.startswith("conflictdata/rules/"):
            chosen.append([test for test in tests if "test_cases.py::test_a_" in test and "_case_is_" in test])
        chosen += [[test for test in tests if _get_file(test) in stage] for stage in stages]
    costs = {test: covered.measure_cost(test, mutant.file) for part in chosen for test in part}
    ordered = chain.from_iterable(_mix(part, costs) for part in chosen)
    return [test for test in dict.fromkeys(ordered) if test in tests]


def _get_file(test: str) -> str:
    return Path(test.partition("::")[0]).name


def _mix(tests: Iterable[str], costs: Mapping[str, float]) -> list[str]:
    """Return the cheapest case of each test, then the second of each, and so on."""
    cases = defaultdict(list)
    for test in sorted(tests, key=lambda t: (costs[t], t)):
        cases[test.partition("[")[0]].append(test)
    return [test for turn in zip_longest(*cases.values()) for test in turn if test]
