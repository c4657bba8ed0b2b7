"""Spark with one and with two workers of one core each, compared with polars.

    python bench/spark.py                      30 million rows
    python bench/spark.py --rows 10000000 --runs 3
    python bench/spark.py --page               measure nothing; write the page from bench/spark.json

The cluster is standalone, on loopback. The table is that of `bench/bigdata.py parts`, in files of a million rows, with 100
known faults; every run must find exactly these. Each cluster starts one session and warms up with one whole check. Both
times are reported separately, because the first minute of Java is slower. A table with a tenth of the rows is checked too.
This separates the fixed cost of a check from its cost per row. Measurements go into bench/spark.json, the page into
bench/spark.md.
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

BLOCK = 1_000_000  # rows per file
SIZES = (10**9, 10**10)
WORKERS = (2, 4, 8, 16, 64, 256)  # of one core each; the page says when they pass polars


def read_known_faults(folder: Path) -> list[tuple[str, str]]:
    """Return the faults of the table."""
    return sorted(map(tuple, bigdata.read_mark(folder)["faults"]))


def check_faults(report: Report, folder: Path) -> None:
    """Check that a report has exactly the known faults."""
    found = sorted((f.rule, f.record) for f in report.findings)
    if found != read_known_faults(folder):
        raise SystemExit(f"{len(found)} findings are not the {len(read_known_faults(folder))} known faults")


def time_runs(folder: Path, number: int, **how: Any) -> tuple[list[float], Report]:
    """Check a table several times.

    Returns:
        The seconds of each run, and the last report.
    """
    seconds = []
    for _ in range(number):
        began = time.perf_counter()
        report = check_table([folder], bigtable.PLAN, **how)
        seconds.append(round(time.perf_counter() - began, 2))
        check_faults(report, folder)
        print(f"  {seconds[-1]:8.2f} s", flush=True)
    return seconds, report


def time_both(folders: Sequence[Path], number: int, **how: Any) -> dict[str, Any]:
    """Time the whole table and the tenth.

    Returns:
        The seconds of the warm-up run, of both tables, and the findings of the whole one.
    """
    first, _ = time_runs(folders[0], 1, **how)
    whole, report = time_runs(folders[0], number, **how)
    tenth, _ = time_runs(folders[1], number, **how)
    findings = [finding.as_dict() for finding in report.findings]
    return {"warm-up": first[0], "seconds": whole, "tenth": tenth, "findings": findings}


def measure_cluster(folders: Sequence[Path], workers: int, number: int, memory: str) -> dict[str, Any]:
    """Measure the same on a cluster with this number of workers."""
    from conflictdata.validation.scan.spark.engine import SparkEngine

    with tempfile.TemporaryDirectory() as folder, spark_cluster.start_cluster(Path(folder), workers, 1, memory) as url:
        began = time.perf_counter()
        engine = SparkEngine(master=url)
        start = round(time.perf_counter() - began, 2)
        print(f"Spark, {workers} worker(s): started in {start} s", flush=True)
        try:
            return {"workers": workers, "start": start, **time_both(folders, number, engine=engine)}
        finally:
            engine.close()


def make_folder(data: Path, rows: int) -> Path:
    """Return the folder of a table with this many rows. Makes it if needed."""
    folder = data.resolve() / f"spark-{rows}"
    if not bigdata.is_made(folder):
        print(f"making {rows:,} rows ...", flush=True)
        bigdata.make_parts(folder, rows, BLOCK)
    return folder


def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Run all measurements."""
    import polars
    import pyspark

    folders = [make_folder(options.data, rows) for rows in (options.rows, options.rows // 10)]
    clusters = [measure_cluster(folders, workers, options.runs, options.memory) for workers in (1, 2)]
    print("polars", flush=True)
    alone = time_both(folders, options.runs)
    findings = alone.pop("findings")
    if any(cluster.pop("findings") != findings for cluster in clusters):
        raise SystemExit("the findings differ from those of polars")
    files = list(folders[0].glob("*.parquet"))
    return {
        "rows": options.rows, "files": len(files), "memory": options.memory, "bytes": sum(file.stat().st_size for file in files),
        "clusters": clusters, "polars": alone, "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), "pyspark": pyspark.__version__, "polars": polars.__version__},
    }  # fmt: skip


class Line:
    """The time of a check as a straight line through two table lengths."""

    def __init__(self, rows: int, runs: dict[str, Any]) -> None:
        self.work: float = statistics.median(runs["seconds"])
        tenth: float = statistics.median(runs["tenth"])
        if self.work <= tenth:
            raise SystemExit("a tenth of the rows takes as long as all of them: measure more rows")
        self.row: float = (self.work - tenth) / (rows - rows // 10)
        self.once = max(self.work - self.row * rows, 0.0)


class Rates:
    """Values computed from the measurements."""

    def __init__(self, data: dict[str, Any]) -> None:
        rows, clusters = data["rows"], data["clusters"]
        self.one, self.two = Line(rows, clusters[0]), Line(rows, clusters[1])
        self.polars = Line(rows, data["polars"])  # on all cores of this machine
        # Rate per row of each of two workers, as a share of one alone. More than 1 is chance.
        self.share: float = min(self.one.row / self.two.row / 2, 1.0)
        # The session, the extra time of the first run, and the fixed cost of every run.
        self.once: float = clusters[1]["start"] + max(clusters[1]["warm-up"] - self.two.work, 0) + self.two.once

    def compute_row_seconds(self, workers: int) -> float:
        """Return the seconds per row for several workers of one core."""
        return self.one.row / self.share / workers

    def find_passing_rows(self, workers: int) -> float | None:
        """Return the number of rows from which on Spark finishes before polars.

        Includes the start of Spark. None if it never does.
        """
        saved = self.polars.row - self.compute_row_seconds(workers)
        return max(self.once - self.polars.once, 0.0) / saved if saved > 0 else None


def render_page(data: dict[str, Any]) -> str:
    """Return the measurements as Markdown."""
    rates = Rates(data)
    return "\n".join([*render_measured(data, rates), *render_passing(data, rates), *render_larger(data, rates)])


def render_measured(data: dict[str, Any], rates: Rates) -> list[str]:
    """Return the part with the runs."""
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


def render_passing(data: dict[str, Any], rates: Rates) -> list[str]:
    """Return the part with the table length from which on a cluster is faster."""
    fewest = int(rates.compute_row_seconds(1) / rates.polars.row) + 1
    return [
        "## Where Spark passes polars", "",
        f"polars on the {data['cores']} cores of this machine takes in {1 / rates.polars.row:,.0f} rows a second, one worker of Spark "
        f"{1 / rates.one.row:,.0f}, each of two workers {rates.share:.2f} of that. Spark takes {rates.once:.1f} s once: the session, what "
        "the first run takes longer, and what every run takes whatever its rows.", "",
        f"    rows = ({rates.once:.1f} - {rates.polars.once:.1f}) / (1 / {1 / rates.polars.row:,.0f} - 1 / ({1 / rates.one.row:,.0f} x "
        f"workers x {rates.share:.2f}))", "",
        "| workers of one core | rows from which on Spark is done first |", "|---|---|",
        *(f"| {n} | {'never' if (rows := rates.find_passing_rows(n)) is None else f'{rows:,.0f}'} |" for n in WORKERS), "",
        f"With fewer than {fewest} such workers polars on this machine is faster, whatever the length of the table. Measured are one worker "
        "and two; taken for granted is that what grows, grows with the rows, that storage delivers what the cores read, and that each of many "
        f"workers reaches the share that each of two reached here, where both, the driver and the master share {data['cores']} cores.", "",
    ]  # fmt: skip


def render_larger(data: dict[str, Any], rates: Rates) -> list[str]:
    """Return the part with estimates for larger tables."""
    return [
        "## Larger tables", "",
        f"`hours = rows / ({1 / rates.one.row:,.0f} x cores x {rates.share:.2f}) / 3600`, where {1 / rates.one.row:,.0f} is the rate of one core, "
        f"and {rates.share:.2f} what two workers reach of twice that. docs/spark.md says what this takes for granted.", "",
        "| rows | polars, this machine | 16 cores | 64 cores | 256 cores |", "|---|---|---|---|---|",
        *(
            f"| {n:,} | {format_time(n * rates.polars.row)} | "
            + " | ".join(format_time(n * rates.compute_row_seconds(cores)) for cores in (16, 64, 256)) + " |"
            for n in SIZES
        ), "",
        f"Python {data['versions']['python']}, pyspark {data['versions']['pyspark']}, polars {data['versions']['polars']}.", "",
    ]  # fmt: skip


def format_time(seconds: float) -> str:
    """Return a time in words."""
    if seconds < 120:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"


def main() -> None:
    """Measure, and write the results."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=30_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--memory", default="2g", help="of each worker")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where data is kept between calls")
    parser.add_argument("--out", type=Path, default=BENCH, help="where spark.json and spark.md go")
    parser.add_argument("--page", action="store_true", help="measure nothing; write the page anew")
    options = parser.parse_args()
    kept = options.out / "spark.json"
    if not options.page:
        kept.write_text(json.dumps(measure(options), indent=1) + "\n", encoding="utf-8")
    text = render_page(json.loads(kept.read_text(encoding="utf-8")))
    (options.out / "spark.md").write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
