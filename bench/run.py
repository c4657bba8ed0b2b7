"""Speed of each command, as a ratio to its bare counterpart.

    python bench/run.py            measures and writes bench/README.md
    python bench/run.py --runs 9   with more runs

Both run in turn, as whole processes; the page has medians. Times on one machine mean
little. Ratios of two commands that run in turn on it mean more.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SEEDS = ROOT / "seeds"
PARQUET = "from conflictdata import path; print(path('casualties'))"


# The measurements of the other scripts in this folder.
OTHERS = """
Measured by scripts of their own:

| page | what | by |
|---|---|---|
| [big tables](big.md) | other validators, DuckDB and a bare scan on the same rules, to 300 million rows; real UCDP GED | `python bench/big.py` |
| [Spark](spark.md) | one worker and two, and from where on a cluster pays | `python bench/spark.py` |
| [releases](release.md) | a release of five million figures beside a bare write | `python bench/release.py` |
| [the parser](parse.md) | its figures and its speed | `python bench/parse.py` |
| [loading a page](pages.md) | the front page and the filter page in a browser | `python bench/pages.py` |

![Big tables: time as a multiple of the bare scan](big.svg)"""


@dataclass(frozen=True)
class Pair:
    """One of our commands and its bare counterpart."""

    name: str
    ours: list[str]
    bare: list[str]
    meant: str


def run_once(command: list[str]) -> float:
    """Return the wall seconds of a whole process."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, cwd=tempfile.gettempdir(), check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed:\n{done.stderr.decode()}")
    return seconds


def measure(pair: Pair, runs: int) -> tuple[float, float, float]:
    """Return the medians of both, and the median of the ratios.

    Each has a warm-up run first.
    """
    run_once(pair.ours), run_once(pair.bare)
    timed = [(run_once(pair.ours), run_once(pair.bare)) for _ in range(runs)]
    ours, bare = zip(*timed, strict=True)
    return statistics.median(ours), statistics.median(bare), statistics.median(a / b for a, b in timed)


def make_python_command(code: str) -> list[str]:
    """Return a Python command that runs this code."""
    return [sys.executable, "-c", code]


def repeat_pages(folder: Path, times: int) -> Path:
    """Copy the seeds, with every page repeated under another id and address."""
    target = folder / f"seeds_{times}"
    shutil.copytree(SEEDS, target)
    pages = sorted((SEEDS / "sources").glob("*/*.yaml"))
    for page in pages:
        lines = page.read_text(encoding="utf-8").splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if line.startswith("url: "))
        for n in range(1, times):
            copy = [*lines[:at], lines[at].rstrip("\n").replace("url: ", f"url: urn:copy:{n}:"), "\n", *lines[at + 1 :]]
            text = "".join(
                line for line in copy if not line.startswith(("    ids: ", "    supersedes: ", "    reason: "))
            )
            name = f"{_number_page(page.stem, n)}.yaml"
            (target / "sources" / page.parent.name / name).write_text(text, encoding="utf-8")
    return target


def _number_page(source_id: str, n: int) -> str:
    """Return the n-th further page of the same publisher and day."""
    page, number = re.fullmatch(r"(.*-[0-9]{4}-[0-9]{2}-[0-9]{2})(?:-([0-9]+))?", source_id).groups()  # type: ignore[union-attr]
    return f"{page}-{int(number or 0) * 1000 + n + 10}"


def make_parsing_code(folder: Path) -> str:
    """Return code that parses every YAML file of a folder.

    It also imports the libraries of a check.
    """
    return (
        "import polars, yaml, pathlib; L = yaml.CBaseLoader\n"
        f"for p in pathlib.Path({str(folder)!r}).rglob('*.yaml'): list(yaml.parse(p.read_text(encoding='utf-8'), Loader=L))"
    )


FIND_LIMIT = 0.3  # CPU seconds of a whole `conflictdata find`
FIND_ARGUMENTS = (
    ("an alias", ["OSDH"]),
    ("a word of many records", ["syria", "-n", "50"]),
    ("a misspelt name", ["hezbolah"]),
    ("no name", ["xyzzy"]),
    ("a host, in the seeds", ["bbc.com", "--seeds", str(SEEDS)]),
)


def measure_cpu(command: list[str]) -> float:
    """Return the CPU seconds of a whole process, user and system."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    run_once(command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def list_find_lines(runs: int) -> list[str]:
    """Return the table of the CPU seconds of `conflictdata find`."""
    lines = [
        "",
        f"`conflictdata find`, CPU seconds of the whole process (at most {FIND_LIMIT}):",
        "",
        "| what | seconds | bare Python |",
        "|---|---|---|",
    ]
    bare = statistics.median(measure_cpu(make_python_command("pass")) for _ in range(runs + 1))
    for what, arguments in FIND_ARGUMENTS:
        command = [sys.executable, "-m", "conflictdata", "find", *arguments]
        run_once(command)  # the first run compiles the modules
        seconds = statistics.median(measure_cpu(command) for _ in range(runs))
        lines.append(f"| {what} | {seconds:.2f} | {bare:.2f} |")
        if seconds > FIND_LIMIT:
            raise SystemExit(f"conflictdata find, {what}: {seconds:.2f} s of CPU, more than {FIND_LIMIT}")
    return lines


def list_pairs(parquet: str) -> list[Pair]:
    """Return the measured pairs."""
    return [
        Pair(
            "`import conflictdata`",
            make_python_command("import conflictdata"),
            make_python_command("pass"),
            "bare Python",
        ),
        Pair(
            '`load("casualties")`',
            make_python_command("import conflictdata as cd; cd.load('casualties')"),
            make_python_command(f"import pandas as pd; pd.read_parquet({parquet!r})"),
            "`pandas.read_parquet` of the same file",
        ),
        Pair(
            "`conflictdata validate seeds`",
            [sys.executable, "-m", "conflictdata", "validate", str(SEEDS)],
            make_python_command(make_parsing_code(SEEDS)),
            "importing polars and PyYAML and parsing the same files",
        ),
    ]


def make_validate_command(*paths: Path) -> list[str]:
    """Return a command that validates these paths."""
    return [sys.executable, "-m", "conflictdata", "validate", "--quiet", *map(str, paths)]


def measure_growth(runs: int) -> list[tuple[int, int, float]]:
    """Measure `validate` on repeated seeds.

    Returns:
        Repeats, pages and median seconds.
    """
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        for times in (1, 10, 20, 40, 80):
            target = repeat_pages(Path(folder), times)
            pages = sum(1 for _ in (target / "sources").glob("*/*.yaml"))
            command = make_validate_command(target)
            rows.append((times, pages, statistics.median(run_once(command) for _ in range(max(1, min(3, runs))))))
            shutil.rmtree(target)
    return rows


def main() -> None:
    """Measure, and write the page."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=7)
    options.add_argument("--out", type=Path, default=ROOT / "bench" / "README.md")
    chosen = options.parse_args()
    parquet = subprocess.run(
        make_python_command(PARQUET), capture_output=True, text=True, check=True, cwd=tempfile.gettempdir()
    ).stdout.strip()
    lines = [
        "# Speed",
        "",
        "Written by `python bench/run.py`. Whole processes, run in turn; medians of "
        f"{chosen.runs} pairs; Python {platform.python_version()}, {os.cpu_count()} cores.",
        "",
        "| what | ours (s) | bare (s) | ratio | difference (ms) | bare is |",
        "|---|---|---|---|---|---|",
    ]
    for pair in list_pairs(parquet):
        ours, bare, ratio = measure(pair, chosen.runs)
        lines.append(
            f"| {pair.name} | {ours:.3f} | {bare:.3f} | {ratio:.2f} | {(ours - bare) * 1000:.0f} | {pair.meant} |"
        )
        print(lines[-1], flush=True)
    lines += list_find_lines(chosen.runs)
    lines += [
        "",
        "`conflictdata validate` on the seeds with every page repeated:",
        "",
        "| repeats | pages | seconds | ms a page |",
        "|---|---|---|---|",
    ]
    for times, pages, seconds in measure_growth(chosen.runs):
        lines.append(f"| {times} | {pages:,} | {seconds:.2f} | {seconds / pages * 1000:.2f} |")
        print(lines[-1], flush=True)
    chosen.out.write_text("\n".join([*lines, OTHERS]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
