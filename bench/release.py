"""The cost of a release of millions of figures, compared with a bare polars write.

    python bench/release.py                                  1, 2.5 and 5 million figures; writes bench/release.md
    python bench/release.py --figures 1000000 --runs 1       one size, once; prints, and does not change the page

Both write the same tables in the same run, as whole processes in turn. Times on one machine mean little. Ratios of two
processes that run in turn on it mean more.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "bench" / "release.md"
SIZES = (1_000_000, 2_500_000, 5_000_000)
PIECE = 250_000  # made-up figures per piece
CLAIMS_OF_SOURCE, FIGURES_OF_CLAIM = 5, 4

# The code of each process; `made` and `to` are folders. `ours` runs the part of `conflictdata release` after the check.
OURS = """
sys.path.insert(0, {bench!r})
from release import make_draft
from conflictdata.release.release import put
put(make_draft(made), to, {{}})
"""
BARE = """
import polars as pl
for file in sorted(made.glob("*.parquet")):
    pl.scan_parquet(file).sink_csv(to / f"{{file.stem}}.csv")
    pl.scan_parquet(file).sink_parquet(to / file.name)
"""
# The same in memory, as most people would write it.
EAGER = """
import polars as pl
for file in sorted(made.glob("*.parquet")):
    table = pl.read_parquet(file)
    table.write_csv(to / f"{{file.stem}}.csv")
    table.write_parquet(to / file.name)
"""
WAYS = {"ours": OURS, "bare": BARE, "bare, in memory": EAGER}
HEAD = "import sys\nfrom pathlib import Path\nmade, to = Path({made!r}), Path({to!r})\n"

INSIDE = """Inside our time: the start of Python and all imports; reading the tables; a look whether each is in the order of its key; working out the
table `casualties` (every figure with what it has from the figures above it, its claim, page, place and parties); CSV in its one form and
Parquet in typed columns with their descriptions; schemas, README with the dictionary, `datapackage.json`, the metadata of finders, rules,
changelog, diff; SHA-256 of every file, `SHA256SUMS`; the zip of all of it; `fsync` of every file; the renaming into place; `index.json`.
Outside: reading seeds, the rules, the comparison with the version before, and verifying.

The bare process starts Python, imports polars, and writes the same tables, `casualties` ready made among them: each by `scan_parquet` and
`sink_csv`, then by `scan_parquet` and `sink_parquet`. It hashes, packs and syncs nothing. *In memory* stands for `read_parquet`, `write_csv` and
`write_parquet`.
"""


@dataclass(frozen=True)
class Run:
    """A process: wall seconds, CPU seconds of all threads, peak memory in MB."""

    seconds: float
    cpu: float
    memory: float


@dataclass(frozen=True)
class Row:
    """The results for one size.

    Attributes:
        figures: Number of figures.
        size: Size of the release in MB.
        ours: Medians of the release.
        bare: Medians of the bare write.
        eager: Medians of the bare write in memory.
        ratio: Median of the ratios of wall time, run by run.
        cpu_ratio: Median of the ratios of CPU time, run by run.
    """

    figures: int
    size: float
    ours: Run
    bare: Run
    eager: Run
    ratio: float
    cpu_ratio: float


def run_once(way: str, made: Path, to: Path) -> Run:
    """Run one process that writes into a new folder."""
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    code = (HEAD + WAYS[way]).format(made=str(made), to=str(to), bench=str(ROOT / "bench"))
    start = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", code], cwd=tempfile.gettempdir()) as process:
        # wait4 instead of getrusage of all children, which only knows the largest of them.
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{way} failed with {process.returncode}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(figures: int, runs: int, folder: Path) -> Row:
    """Measure pairs of runs in turn, on made-up tables."""
    made, to = folder / "made", folder / "to"
    # In a separate process: memory of a parent counts as memory of its children until they start their own program.
    code = f"import sys; sys.path.insert(0, {str(ROOT / 'bench')!r}); import release; release.make_tables(release.Path({str(made)!r}), {figures})"
    subprocess.run([sys.executable, "-c", code], check=True)
    timed = {way: [] for way in WAYS}
    size = 0.0
    for _ in range(runs):
        for way in WAYS:
            timed[way].append(run_once(way, made, to))
            if way == "ours":
                size = sum(p.stat().st_size for p in to.rglob("*") if p.is_file()) / 1e6
    shutil.rmtree(made)
    shutil.rmtree(to)
    ours, bare, eager = (timed[way] for way in WAYS)
    ratio = statistics.median(a.seconds / b.seconds for a, b in zip(ours, bare, strict=True))
    cpu = statistics.median(a.cpu / b.cpu for a, b in zip(ours, bare, strict=True))
    return Row(figures, size, _take_medians(ours), _take_medians(bare), _take_medians(eager), ratio, cpu)


def _take_medians(runs: list[Run]) -> Run:
    """Return the medians of the times, and the peak memory of all runs."""
    times = (statistics.median(getattr(run, name) for run in runs) for name in ("seconds", "cpu"))
    return Run(*times, max(run.memory for run in runs))


def format_table(rows: list[Row]) -> str:
    """Return the rows as Markdown."""
    lines = [
        "| figures | release (MB) | ours (s) | bare (s) | ratio | ours (CPU s) | bare (CPU s) | ratio | ours (MB of memory) | bare (MB) | bare, in memory (s) | (MB) |",
        "|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    return "\n".join([*lines, *map(_format_line, rows)]) + "\n"


def _format_line(r: Row) -> str:
    cells = (
        f"{r.figures:,}", f"{r.size:,.0f}", f"{r.ours.seconds:.1f}", f"{r.bare.seconds:.1f}", f"**{r.ratio:.2f}**",
        f"{r.ours.cpu:.1f}", f"{r.bare.cpu:.1f}", f"{r.cpu_ratio:.2f}", f"**{r.ours.memory:,.0f}**", f"{r.bare.memory:,.0f}",
        f"{r.eager.seconds:.1f}", f"{r.eager.memory:,.0f}",
    )  # fmt: skip
    return f"| {' | '.join(cells)} |"


def render_page(rows: list[Row], runs: int) -> str:
    """Return the text of bench/release.md."""
    machine = f"Python {platform.python_version()}, polars {pl.__version__}, {os.cpu_count()} cores"
    load = f"the machine's load was {os.getloadavg()[0]:.1f} at the end"
    return (
        "# Writing a release\n\nWritten by `python bench/release.py`. Whole processes, run in turn; medians of "
        f"{runs} runs, memory at its most in any of them; {machine}; {load}.\n\n{format_table(rows)}\n{INSIDE}"
    )


def main() -> None:
    """Measure, and write the page if no sizes are given."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--figures", type=int, nargs="*", default=[], help="sizes to measure, instead of the page's")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args()
    rows = []
    for figures in options.figures or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows.append(measure(figures, options.runs, Path(folder)))
        print(format_table(rows[-1:]), flush=True)
    if not options.figures:
        PAGE.write_text(render_page(rows, options.runs), encoding="utf-8")


# --- Made-up tables


def make_tables(folder: Path, figures: int) -> None:
    """Write the tables of a release, one Parquet file each, sorted by key.

    `casualties` is one of them. The registers are the project's. Sources, claims and figures are made up, with columns, text
    lengths and empty cells like the real ones.
    """
    from conflictdata import loading
    from conflictdata.datapackage.casualties import iterate_casualties
    from conflictdata.schema.columns import make_polars_schema
    from conflictdata.schema.tables import MODELS

    folder.mkdir(parents=True)
    for table in ("actors", "aliases", "locations", "conflicts"):
        loading.load(table, engine="polars").write_parquet(folder / f"{table}.parquet")
    made = ("sources", "claims", "figures", "claim_perpetrators")
    with _Pieces(folder, made) as out:
        for first in range(0, figures, PIECE):
            for table, frame in _make_piece(first, min(PIECE, figures - first)).items():
                out.write(table, frame)
    for table in MODELS:
        if not (folder / f"{table}.parquet").is_file():
            pl.DataFrame(schema=make_polars_schema(table)).write_parquet(folder / f"{table}.parquet")
    with _Pieces(folder, ("casualties",)) as out:
        for frame in iterate_casualties(scan_tables(folder)):
            out.write("casualties", frame)


def scan_tables(folder: Path) -> dict[str, pl.LazyFrame]:
    """Return the tables that are not derived, as lazy frames."""
    from conflictdata.schema.tables import MODELS

    return {table: pl.scan_parquet(folder / f"{table}.parquet") for table in MODELS}


class _Pieces:
    """Parquet files that are written piece by piece."""

    def __init__(self, folder: Path, tables: tuple[str, ...]) -> None:
        import pyarrow.parquet as pq

        from conflictdata.schema.tableschema import build_arrow_schema

        self.files = {t: pq.ParquetWriter(folder / f"{t}.parquet", build_arrow_schema(t)) for t in tables}

    def __enter__(self) -> _Pieces:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self.files.values():
            file.close()

    def write(self, table: str, frame: pl.DataFrame) -> None:
        from conflictdata.datapackage.tables import convert_to_arrow

        self.files[table].write_table(convert_to_arrow(table, frame))


def _make_piece(first: int, figures: int) -> dict[str, pl.DataFrame]:
    """Return made-up figures from a number on, with their claims and pages.

    Ids are sorted, as in a release.
    """
    chance = np.random.default_rng(first)
    claims = -(-figures // FIGURES_OF_CLAIM)
    numbers = np.arange(claims) + first // FIGURES_OF_CLAIM
    pages = _make_pages(np.unique(numbers // CLAIMS_OF_SOURCE), chance)
    claim_rows = _make_claims(numbers, chance)
    return {
        "sources": pages,
        "claims": claim_rows,
        "figures": _make_figures(claim_rows["claim_id"], figures, chance),
        "claim_perpetrators": claim_rows.filter(claim_rows["scope"] == "event").select(
            "claim_id", actor_id=pl.lit("syrian_government")
        ),
    }


def _convert_types(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return all columns of a table in their types. Missing columns are empty."""
    from conflictdata.schema.columns import make_polars_schema

    schema = make_polars_schema(table)
    empty = [pl.lit(None, dtype=t).alias(c) for c, t in schema.items() if c not in frame.columns]
    return frame.with_columns(empty).select(pl.col(c).cast(t) for c, t in schema.items())


def _pick(chance: np.random.Generator, words: list[str | None], n: int) -> pl.Series:
    return pl.Series(words, dtype=pl.String)[chance.integers(0, len(words), n)]


def _make_ids(numbers: np.ndarray[Any, Any], pattern: str) -> pl.Series:
    """Return ids in the order of their numbers, such as `paper-2024-06-02-0000012`."""
    return pl.DataFrame({"n": numbers}).select(pl.format(pattern, pl.col("n").cast(pl.String).str.zfill(7))).to_series()


def _pick_days(chance: np.random.Generator, n: int) -> np.ndarray[Any, Any]:
    return np.datetime64("2023-10-07", "D") + chance.integers(0, 700, n)


def _make_pages(numbers: np.ndarray[Any, Any], chance: np.random.Generator) -> pl.DataFrame:
    n = len(numbers)
    ids = _make_ids(numbers, "telesur_english-2024-12-05-{}")
    frame = pl.DataFrame(
        {
            "source_id": ids,
            "publisher_id": _pick(chance, ["telesur_english", "sohr", "snhr", "efe", "voa"], n),
            "url": _make_ids(numbers, "https://example.org/news/2024/12/05/the-toll-of-the-day-{}"),
            "published_on": _pick_days(chance, n),
            "accessed_on": _pick_days(chance, n),
            "language": _pick(chance, ["en", "ar", "es", "fr"], n),
            "note": _pick(chance, [None, None, None, "Machine translation of an agency text."], n),
        }
    )
    fixed = {"kind": "article", "published_basis": "printed", "access": "excerpt"}
    return _convert_types("sources", frame.with_columns(**{c: pl.lit(v) for c, v in fixed.items()}))


def _make_claims(numbers: np.ndarray[Any, Any], chance: np.random.Generator) -> pl.DataFrame:
    n = len(numbers)
    pages = _make_ids(numbers // CLAIMS_OF_SOURCE, "telesur_english-2024-12-05-{}")
    start = _pick_days(chance, n)
    frame = pl.DataFrame(
        {
            "claim_id": pl.Series([f"{p}.{k % CLAIMS_OF_SOURCE + 1}" for p, k in zip(pages, numbers, strict=True)]),
            "source_id": pages,
            "claimant_id": _pick(chance, ["sohr", "snhr", "efe"], n),
            "relayed_via": _pick(chance, [None, "efe", "voa"], n),
            "location_id": _pick(chance, ["syria", "hama", "aleppo", "syria_nw"], n),
            "scope": _pick(chance, ["event", "cumulative", "cumulative", "stock"], n),
            "period_start": start,
            "period_end": start + chance.integers(0, 30, n),
            "as_of": start + 30,
            "note": _pick(chance, [None, None, "Other relays of this series split the group in another way."], n),
        }
    )
    fixed = {"conflict_id": "syria_2024_offensive", "basis": "occurred", "as_of_precision": "day", "status": "active"}
    fixed |= {"period_precision": "day"}
    return _convert_types("claims", frame.with_columns(**{c: pl.lit(v) for c, v in fixed.items()}))


def _make_figures(claims: pl.Series, figures: int, chance: np.random.Generator) -> pl.DataFrame:
    """Return four figures per claim: a total, two parts, and a part of the second."""
    import numpy as np

    kinds = np.arange(figures) % FIGURES_OF_CLAIM
    names = pl.Series(["killed", "killed.civilians", "killed.soldiers", "killed.soldiers.officers"])[kinds]
    above = pl.Series([None, "killed", "killed", "killed.soldiers"])[kinds]
    low = chance.integers(1, 5000, figures)
    claim = claims.gather(np.arange(figures) // FIGURES_OF_CLAIM)
    frame = pl.DataFrame({"claim_id": claim, "name": names, "above": above, "low": low, "kind": kinds}).select(
        "claim_id", "low",
        figure_id=pl.format("{}.{}", "claim_id", "name"),
        parent_id=pl.format("{}.{}", "claim_id", "above"),
        relation=pl.Series(["total", "part", "part", "subset"])[kinds],
        axis=pl.Series([None, "party", "party", None], dtype=pl.String)[kinds],
        actor_id=pl.Series([None, None, "syrian_government", None])[kinds],
        person_status=pl.Series([None, "civilian", None, None])[kinds],
        role=pl.Series([None, None, None, "officer"])[kinds],
        cause=_pick(chance, [None, "airstrike", "shelling"], figures),
        printed=pl.format("at least {}", "low"),
        label=_pick(chance, [None, None, None, "pro-government militiamen"], figures),
        share=pl.when(pl.col("low") % 7 == 0).then(pl.col("low") / 100),
        best=pl.when(pl.col("low") % 3 == 0).then("low"),
        high=pl.when(pl.col("low") % 3 == 0).then("low"),
    )  # fmt: skip
    fixed = {"outcome": "killed", "unit": "persons", "qualifier": "at_least"}
    return _convert_types("figures", frame.with_columns(**{c: pl.lit(v) for c, v in fixed.items()}).sort("figure_id"))


def make_draft(made: Path) -> Any:
    """Return a release that is ready to write.

    It has made-up tables and a report without findings.
    """
    import datetime as dt

    from conflictdata.datapackage.version import Release
    from conflictdata.findings import Report
    from conflictdata.release.changelog import Changelog
    from conflictdata.release.release import Draft
    from conflictdata.validation.pipeline import ValidationResult

    log = Changelog(Path("CHANGELOG.md"), "# Changelog\n\n## 1.0.0\n\n### Data\n\n- Made up.\n")
    return Draft(
        "1.0.0", Release("1.0.0", dt.date(2024, 12, 31)), ValidationResult(Report(), scan_tables(made)), log, None
    )


if __name__ == "__main__":
    main()
