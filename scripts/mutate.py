"""Do the tests notice a change of the code that judges?

Draws mutants by a seed, runs the nearest tests on each, and prints those that no test notices:

    git worktree add ../mutated HEAD   # tests read the files of their own tree: run on one that nobody edits
    nice python scripts/covered.py --root ../mutated --out ../covered   # which tests run which lines
    nice python scripts/mutate.py --root ../mutated --covered ../covered --results mutants.jsonl --seed 1 --count 300

No file is changed: each mutant is run in a process of its own (`scripts/warm_tests.py`). `--results` keeps what was run, so that a
run can be stopped and continued. scripts/MUTANTS.md has the survivors and why.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import sys
import time
import traceback
from collections import Counter
from fnmatch import fnmatch
from multiprocessing.connection import Connection
from pathlib import Path

from mutants import Mutant, find_mutants, is_another_program
from nearest import CODE, LEFT_OUT, Covered, list_nearest_tests
from warm_tests import FreshTests, WarmTests, preload, write_result

SECONDS = 25  # of processor time for the tests of a mutant, unless `--seconds` says another number


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


def _read_options() -> argparse.Namespace:
    options = argparse.ArgumentParser(description="Run the nearest tests on mutants of the code that judges.")
    options.add_argument("--root", type=Path, default=Path(__file__).parents[1], help="Tree to read.")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--count", type=int, default=300)
    options.add_argument("--only", default="*", help="Pattern of the mutants' names, such as '*/rules/claims*'.")
    options.add_argument("--jobs", type=int, default=1, help="How many mutants to run side by side.")
    options.add_argument("--seconds", type=float, default=SECONDS, help="Seconds for the tests of a mutant.")
    options.add_argument("--again", action="store_true", help="Run again what was not noticed before.")
    options.add_argument("--fresh", action="store_true", help="Import each changed module; change none in place.")
    options.add_argument("--covered", type=Path, help="Folder that scripts/covered.py has written.")
    options.add_argument("--results", type=Path, default=Path("mutants.jsonl"))
    options.add_argument(
        "--scratch", type=Path, default=Path(os.environ.get("TMPDIR", "/tmp")) / f"mutate-{os.getpid()}"
    )
    return options.parse_args()


def _load_results(file: Path) -> dict[str, str]:
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return {entry["id"]: entry["outcome"] for entry in map(json.loads, lines)}


def main() -> int:
    """Run the mutants that the results do not have yet. Return 1 if fewer than 95 % are noticed."""
    given = _read_options()
    root, scratch, results = given.root.resolve(), given.scratch.resolve(), given.results.resolve()
    os.environ |= {"CI": "1", "PYTHONPATH": str(root), "POLARS_MAX_THREADS": "1"}
    scratch.mkdir(parents=True, exist_ok=True)
    covered = Covered(given.covered)
    drawn = [m for m in draw(root, given.seed, given.count) if fnmatch(m.id, given.only)]
    known = _load_results(results)
    again = {None, "undecided", "survives"} if given.again else {None}
    left = [m for m in drawn if known.get(m.id) in again]
    preload()
    os.chdir(root)
    sys.path[:0] = [str(root), str(root / "tests")]
    servers = [_start_server(root, scratch / str(number)) for number in range(given.jobs)]
    pid = os.fork()
    if not pid:
        _judge_all(WarmTests(root, scratch, covered), left, given, results, servers)
    os.waitpid(pid, 0)
    known = _load_results(results)
    outcomes = Counter(known[m.id] for m in drawn if m.id in known)
    noticed = outcomes.total() - outcomes["survives"] - outcomes["undecided"]
    print(f"{outcomes.total()} mutants: {noticed} noticed ({noticed / (outcomes.total() or 1):.1%})")
    return int(noticed < 0.95 * outcomes.total())


def _start_server(root: Path, scratch: Path) -> Connection:
    """Start a process that runs fresh tests, and return the way to it."""
    ours, theirs = multiprocessing.Pipe()
    scratch.mkdir(exist_ok=True)
    if not os.fork():
        ours.close()
        FreshTests(root, scratch).serve(theirs)
        os._exit(0)
    theirs.close()
    return ours


def _judge_all(
    tests: WarmTests, left: list[Mutant], given: argparse.Namespace, results: Path, servers: list[Connection]
) -> None:
    """Judge mutants and write the results, in a process that ends here. It divides itself once the tests are collected."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")  # what pytest prints goes to a file
    log = os.open(tests.scratch / "collected.log", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(log, 1)

    def judge_part(tests: WarmTests, number: int) -> None:
        tests.take_place(tests.scratch / str(number), servers[number])
        for mutant in left[number :: given.jobs]:
            start = time.monotonic()
            result, outcome = tests.judge(mutant, given.seconds, fresh=given.fresh)
            took = time.monotonic() - start
            write_result(results, mutant, result, outcome, took)
            print(f"{took:5.1f} s {len(outcome.tests):4} {result[-60:]:60} {mutant.id[:160]}", file=out, flush=True)
        print(f"fail without a mutant, too: {sorted(tests.wrong)}", file=out, flush=True)

    def judge_each(tests: WarmTests) -> None:
        processes = []
        for number in range(given.jobs):
            if pid := os.fork():
                processes.append(pid)
                continue
            try:
                judge_part(tests, number)
            except BaseException:  # pytest must not go on in this process
                traceback.print_exc(file=out)
            finally:
                out.flush()
                os._exit(0)
        for pid in processes:
            os.waitpid(pid, 0)

    try:
        tests.start(list_nearest_tests(tests.root), judge_each)
    finally:
        os._exit(0)


if __name__ == "__main__":
    sys.exit(main())
