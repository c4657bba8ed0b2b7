"""Check the made-up table of tests/bigtable.py as the command line does.

    python bench/ours.py FILE --engine polars|duckdb|pandas [--memory 2GB] [--findings FILE.parquet] [--json]

Writes a text report. The last line is the one that all contestants print: the number of findings, in total and by rule.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))


def main() -> None:
    """Check the files, and print the report."""
    gc.set_threshold(50_000)  # as the command line does
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("paths", nargs="+")
    options.add_argument("--engine", default="auto")
    options.add_argument("--memory")
    options.add_argument("--findings", type=Path)
    options.add_argument("--json", action="store_true", help="name the record of each finding in the last line")
    chosen = options.parse_args()

    import bigtable
    from rich.console import Console

    from conflictdata.reporters import text
    from conflictdata.validation.scan.api import parse_size
    from conflictdata.validation.scan.run import check_table

    memory = parse_size(chosen.memory) if chosen.memory else None
    report = check_table(chosen.paths, bigtable.PLAN, engine=chosen.engine, memory=memory, findings=chosen.findings)
    text.render(report, Console(highlight=False))
    answer = {
        "findings": len(report.findings),
        "by_rule": Counter(f.rule for f in report.findings),
        "rows": report.counts,
    }
    if chosen.json:
        answer["faults"] = sorted((f.rule, f.record) for f in report.findings)
    print(json.dumps(answer))
    sys.stdout.flush()
    gc.freeze()


if __name__ == "__main__":
    main()
