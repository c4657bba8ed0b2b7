"""Spark with one worker and with two, of one core each, on a standalone cluster on loopback; polars beside it.

    python bench/spark.py                      30 million rows
    python bench/spark.py --rows 10000000 --runs 3
    python bench/spark.py --page               measure nothing; write the page anew from bench/spark.json

The table is that of `bench/bigdata.py parts`, in files of a million rows, with 100 known faults; every run must find these and
nothing else. A session is started once for each cluster, told apart, and warmed up by one whole check, which is told too:
the first minute of Java is slower. What is measured goes into bench/spark.json, and the page into bench/spark.md.
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
from pathlib import Path
from typing import Any

import bigdata

BENCH = Path(__file__).resolve().parent
sys.path.insert(0, str(BENCH.parent / "tests"))

import bigtable  # noqa: E402 - it lies in tests/
import sparking  # noqa: E402

from conflictdata.engines import check_table  # noqa: E402
from conflictdata.findings import Report  # noqa: E402

BLOCK = 1_000_000  # rows of a file
SIZES = (10**9, 10**10)


def known(folder: Path) -> list[tuple[str, str]]:
    """The faults of the table."""
    return sorted(map(tuple, bigdata.made(folder)["faults"]))


def checked(report: Report, folder: Path) -> None:
    """See that a report has the known faults and nothing else."""
    found = sorted((f.rule, f.record) for f in report.findings)
    if found != known(folder):
        raise SystemExit(f"{len(found)} findings are not the {len(known(folder))} known faults")


def runs(folder: Path, number: int, **how: Any) -> tuple[list[float], Report]:
    """Check the table so many times: the seconds of each, the first of them the warm-up."""
    seconds = []
    for _ in range(number + 1):
        began = time.perf_counter()
        report = check_table([folder], bigtable.PLAN, **how)
        seconds.append(round(time.perf_counter() - began, 2))
        checked(report, folder)
        print(f"  {seconds[-1]:8.2f} s", flush=True)
    return seconds, report


def measured(folder: Path, workers: int, number: int, memory: str) -> dict[str, Any]:
    """The same on a cluster of so many workers."""
    from conflictdata.engines.spark import SparkEngine

    with tempfile.TemporaryDirectory() as there, sparking.cluster(Path(there), workers, 1, memory) as url:
        began = time.perf_counter()
        engine = SparkEngine(master=url)
        start = round(time.perf_counter() - began, 2)
        print(f"Spark, {workers} worker(s): started in {start} s", flush=True)
        try:
            seconds, report = runs(folder, number, engine=engine)
        finally:
            engine.close()
    findings = [finding.as_dict() for finding in report.findings]
    return {"workers": workers, "start": start, "warm-up": seconds[0], "seconds": seconds[1:], "findings": findings}


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """All of it."""
    import polars
    import pyspark

    folder = asked.data.resolve() / f"spark-{asked.rows}"
    if not bigdata.is_made(folder):
        print(f"making {asked.rows:,} rows ...", flush=True)
        bigdata.make_parts(folder, asked.rows, BLOCK)
    clusters = [measured(folder, workers, asked.runs, asked.memory) for workers in (1, 2)]
    print("polars", flush=True)
    alone, report = runs(folder, asked.runs)
    if any(c.pop("findings") != [finding.as_dict() for finding in report.findings] for c in clusters):
        raise SystemExit("the findings differ from those of polars")
    return {
        "rows": asked.rows, "files": len(list(folder.glob("*.parquet"))), "memory": asked.memory,
        "bytes": sum(file.stat().st_size for file in folder.glob("*.parquet")),
        "clusters": clusters, "polars": alone[1:], "cores": os.cpu_count(),
        "versions": {"python": platform.python_version(), "pyspark": pyspark.__version__, "polars": polars.__version__},
    }  # fmt: skip


def page(data: dict[str, Any]) -> str:
    """What was measured, as Markdown."""
    one, two = (statistics.median(c["seconds"]) for c in data["clusters"])
    alone, rows = statistics.median(data["polars"]), data["rows"]
    rate = rows / one
    lines = [
        "# Spark", "", "Made by `python bench/spark.py`; never edit it by hand.", "",
        f"{rows:,} rows of 21 columns in {data['files']} Parquet files ({data['bytes'] / 1e6:,.0f} MB), 12 rules, a key and a "
        f"foreign key. A standalone cluster on one machine of {data['cores']} cores, workers of one core and {data['memory']} each; "
        f"medians of {len(data['polars'])} runs after one to warm up. Every run gave the 100 known faults and nothing else, and "
        "the findings of polars word for word.", "",
        "| | session start (s) | first run (s) | work (s) | rows a second and core |", "|---|---|---|---|---|",
        *(
            f"| Spark, {c['workers']} worker{'s' if c['workers'] > 1 else ''} | {c['start']:.1f} | {c['warm-up']:.1f} | "
            f"{(t := statistics.median(c['seconds'])):.1f} | {rows / t / c['workers']:,.0f} |"
            for c in data["clusters"]
        ),
        f"| polars, {data['cores']} cores | - | - | {alone:.1f} | {rows / alone / data['cores']:,.0f} |", "",
        f"Two workers are **{one / two:.2f}** times as fast as one. Per core polars is {rows / alone / data['cores'] / rate:.1f} times as "
        f"fast as Spark: a cluster of fewer than {crossover(data)} cores is slower than this machine with polars, whatever the "
        "length of the table.", "",
        "## Larger tables", "",
        f"`hours = rows / ({rate:,.0f} x cores x {one / two / 2:.2f}) / 3600`, where {rate:,.0f} is the rate of one core, and "
        f"{one / two / 2:.2f} what two workers reach of twice that. docs/spark.md says what this takes for granted.", "",
        "| rows | polars, this machine | 16 cores | 64 cores | 256 cores |", "|---|---|---|---|---|",
        *(
            f"| {n:,} | {time_of(n / rows * alone)} | "
            + " | ".join(time_of(n / (rate * cores * one / two / 2)) for cores in (16, 64, 256)) + " |"
            for n in SIZES
        ), "",
        f"Python {data['versions']['python']}, pyspark {data['versions']['pyspark']}, polars {data['versions']['polars']}.", "",
    ]  # fmt: skip
    return "\n".join(lines)


def crossover(data: dict[str, Any]) -> int:
    """The cores from which on a cluster is faster than this machine with polars."""
    one, two = (statistics.median(c["seconds"]) for c in data["clusters"])
    return int(one / statistics.median(data["polars"]) / (one / two / 2)) + 1


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
