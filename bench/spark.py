"""Spark with one worker and with two, of one core each, on a standalone cluster on loopback; polars beside it.

    python bench/spark.py                      30 million rows
    python bench/spark.py --rows 10000000 --runs 3
    python bench/spark.py --page               measure nothing; write the page anew from bench/spark.json

The table is that of `bench/bigdata.py parts`, in files of a million rows, with 100 known faults; every run must find these and
nothing else. A session is started once for each cluster, told apart, and warmed up by one whole check, which is told too:
the first minute of Java is slower. A table of a tenth of the rows is checked as well, so that what a check takes once and what it
takes for each row can be told apart. What is measured goes into bench/spark.json, and the page into bench/spark.md.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import bigdata

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent / "tests"))

import bigtable  # noqa: E402 - it lies in tests/
import spark_cluster  # noqa: E402

from conflictdata.findings import Report  # noqa: E402
from conflictdata.validation.scan.run import check_table  # noqa: E402

BLOCK = 1_000_000  # rows of a file
SIZES = (10**9, 10**10)
WORKERS = (2, 4, 8, 16, 64, 256)  # of one core each, for which the page says where they pass polars


def known(folder: Path) -> list[tuple[str, str]]:
    """The faults of the table."""
    return sorted(map(tuple, bigdata.made(folder)["faults"]))


def checked(report: Report, folder: Path) -> None:
    """See that a report has the known faults and nothing else."""
    found = sorted((f.rule, f.record) for f in report.findings)
    if found != known(folder):
        raise SystemExit(f"{len(found)} findings are not the {len(known(folder))} known faults")


def runs(folder: Path, number: int, **how: Any) -> tuple[list[float], Report]:
    """Check a table so many times: the seconds of each."""
    seconds = []
    for _ in range(number):
        began = time.perf_counter()
        report = check_table([folder], bigtable.PLAN, **how)
        seconds.append(round(time.perf_counter() - began, 2))
        checked(report, folder)
        print(f"  {seconds[-1]:8.2f} s", flush=True)
    return seconds, report


def both(folders: Sequence[Path], number: int, **how: Any) -> dict[str, Any]:
    """The seconds of the whole table and of the tenth, a run to warm up apart, and the findings of the whole one."""
    first, _ = runs(folders[0], 1, **how)
    whole, report = runs(folders[0], number, **how)
    tenth, _ = runs(folders[1], number, **how)
    findings = [finding.as_dict() for finding in report.findings]
    return {"warm-up": first[0], "seconds": whole, "tenth": tenth, "findings": findings}


def measured(folders: Sequence[Path], workers: int, number: int, memory: str) -> dict[str, Any]:
    """The same on a cluster of so many workers."""
    from conflictdata.validation.scan.spark.engine import SparkEngine

    with tempfile.TemporaryDirectory() as there, spark_cluster.start_cluster(Path(there), workers, 1, memory) as url:
        began = time.perf_counter()
        engine = SparkEngine(master=url)
        start = round(time.perf_counter() - began, 2)
        print(f"Spark, {workers} worker(s): started in {start} s", flush=True)
        try:
            return {"workers": workers, "start": start, **both(folders, number, engine=engine)}
        finally:
            engine.close()


def made(data: Path, rows: int) -> Path:
    """The folder with a table of so many rows."""
    folder = data.resolve() / f"spark-{rows}"
    if not bigdata.is_made(folder):
        print(f"making {rows:,} rows ...", flush=True)
        bigdata.make_parts(folder, rows, BLOCK)
    return folder


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """All of it."""
    import polars
    import pyspark

    folders = [made(asked.data, rows) for rows in (asked.rows, asked.rows // 10)]
    clusters = [measured(folders, workers, asked.runs, asked.memory) for workers in (1, 2)]
    print("polars", flush=True)
    alone = both(folders, asked.runs)
    findings = alone.pop("findings")
    if any(cluster.pop("findings") != findings for cluster in clusters):
        raise SystemExit("the findings differ from those of polars")
    files = list(folders[0].glob("*.parquet"))
    return {
        "rows": asked.rows, "files": len(files), "memory": asked.memory, "bytes": sum(file.stat().st_size for file in files),
        "clusters": clusters, "polars": alone, "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), "pyspark": pyspark.__version__, "polars": polars.__version__},
    }  # fmt: skip


class Line:
    """The seconds that a check takes, as a line through two lengths of a table."""

    def __init__(self, rows: int, runs: dict[str, Any]) -> None:
        self.work: float = statistics.median(runs["seconds"])
        tenth: float = statistics.median(runs["tenth"])
        if self.work <= tenth:
            raise SystemExit("a tenth of the rows takes as long as all of them: measure more rows")
        self.row: float = (self.work - tenth) / (rows - rows // 10)
        self.once = max(self.work - self.row * rows, 0.0)


class Rates:
    """What follows from what was measured."""

    def __init__(self, data: dict[str, Any]) -> None:
        rows, clusters = data["rows"], data["clusters"]
        self.one, self.two = Line(rows, clusters[0]), Line(rows, clusters[1])
        self.polars = Line(rows, data["polars"])  # on all cores of this machine
        # What each of two workers reaches of one alone, by what a further row takes; more than all of it is chance.
        self.share: float = min(self.one.row / self.two.row / 2, 1.0)
        # The session, what the first run takes longer than those after it, and what every run takes once.
        self.once: float = clusters[1]["start"] + max(clusters[1]["warm-up"] - self.two.work, 0) + self.two.once

    def row(self, workers: int) -> float:
        """The seconds that so many workers of one core, more than one, take for a row."""
        return self.one.row / self.share / workers

    def passing(self, workers: int) -> float | None:
        """The rows from which on Spark, its start included, is done before polars; None where that is never."""
        saved = self.polars.row - self.row(workers)
        return max(self.once - self.polars.once, 0.0) / saved if saved > 0 else None


def page(data: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    rates = Rates(data)
    return "\n".join([*measured_part(data, rates), *passing_part(data, rates), *larger_part(data, rates)])


def measured_part(data: dict[str, Any], rates: Rates) -> list[str]:
    """The runs as they were."""
    rows, cores = data["rows"], data["cores"]
    clusters = zip(data["clusters"], (rates.one, rates.two), strict=True)
    return [
        "# Spark", "", "Made by `python bench/spark.py`; never edit it by hand.", "",
        f"{rows:,} rows of 21 columns in {data['files']} Parquet file(s) ({data['bytes'] / 1e6:,.0f} MB), 12 rules, a key and a "
        f"foreign key. A standalone cluster on one machine of {cores} cores, workers of one core and {data['memory']} each; "
        f"medians of {len(data['polars']['seconds'])} run(s) after one to warm up. Every run gave the 100 known faults and nothing else, "
        "and the findings of polars word for word. A tenth of the rows was checked too: *once* is what of a run does not grow with "
        "the rows, by a line through both.", "",
        "| | session start (s) | first run (s) | work (s) | of this once (s) | a further row, by second and core |", "|---|---|---|---|---|---|",
        *(
            f"| Spark, {c['workers']} worker{'s' * (c['workers'] > 1)} | {c['start']:.1f} | {c['warm-up']:.1f} | "
            f"{line.work:.1f} | {line.once:.1f} | {1 / line.row / c['workers']:,.0f} |"
            for c, line in clusters
        ),
        f"| polars, {cores} cores | - | {data['polars']['warm-up']:.1f} | {rates.polars.work:.1f} | {rates.polars.once:.1f} | "
        f"{1 / rates.polars.row / cores:,.0f} |", "",
        f"Two workers do the work **{rates.one.work / rates.two.work:.2f}** times as fast as one. Per core polars takes in "
        f"{rates.one.row / rates.polars.row / cores:.1f} times the rows of one worker.", "",
    ]  # fmt: skip


def passing_part(data: dict[str, Any], rates: Rates) -> list[str]:
    """From how many rows on a cluster is faster than polars on one machine."""
    fewest = int(rates.row(1) / rates.polars.row) + 1
    return [
        "## Where Spark passes polars", "",
        f"polars on the {data['cores']} cores of this machine takes in {1 / rates.polars.row:,.0f} rows a second, one worker of Spark "
        f"{1 / rates.one.row:,.0f}, each of two workers {rates.share:.2f} of that. Spark takes {rates.once:.1f} s once: the session, what "
        "the first run takes longer, and what every run takes whatever its rows.", "",
        f"    rows = ({rates.once:.1f} - {rates.polars.once:.1f}) / (1 / {1 / rates.polars.row:,.0f} - 1 / ({1 / rates.one.row:,.0f} x "
        f"workers x {rates.share:.2f}))", "",
        "| workers of one core | rows from which on Spark is done first |", "|---|---|",
        *(f"| {n} | {'never' if (rows := rates.passing(n)) is None else f'{rows:,.0f}'} |" for n in WORKERS), "",
        f"With fewer than {fewest} such workers polars on this machine is faster, whatever the length of the table. Measured are one worker "
        "and two; taken for granted is that what grows, grows with the rows, that storage delivers what the cores read, and that each of many "
        f"workers reaches the share that each of two reached here, where both, the driver and the master share {data['cores']} cores.", "",
    ]  # fmt: skip


def larger_part(data: dict[str, Any], rates: Rates) -> list[str]:
    """Times for tables that were not measured."""
    return [
        "## Larger tables", "",
        f"`hours = rows / ({1 / rates.one.row:,.0f} x cores x {rates.share:.2f}) / 3600`, where {1 / rates.one.row:,.0f} is the rate of one core, "
        f"and {rates.share:.2f} what two workers reach of twice that. docs/spark.md says what this takes for granted.", "",
        "| rows | polars, this machine | 16 cores | 64 cores | 256 cores |", "|---|---|---|---|---|",
        *(
            f"| {n:,} | {time_of(n * rates.polars.row)} | "
            + " | ".join(time_of(n * rates.row(cores)) for cores in (16, 64, 256)) + " |"
            for n in SIZES
        ), "",
        f"Python {data['versions']['python']}, pyspark {data['versions']['pyspark']}, polars {data['versions']['polars']}.", "",
    ]  # fmt: skip


def time_of(seconds: float) -> str:
    """A time in words."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def main() -> None:
    """Measure, and write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=30_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="2g", help="of each worker")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where data is kept between calls")
    parser.add_argument("--out", type=Path, default=BENCH, help="where spark.json and spark.md go")
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page anew")
    asked = parser.parse_args()
    kept = asked.out / "spark.json"
    if not asked.page:
        kept.write_text(json.dumps(measure(asked), indent=1) + "\n", encoding="utf-8")
    text = page(json.loads(kept.read_text(encoding="utf-8")))
    (asked.out / "spark.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
