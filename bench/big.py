"""Large tables: conflictdata compared with other validators and a bare scan.

    python bench/big.py --peers-venv DIR                           1 and 10 million rows, all contestants
    python bench/big.py --peers-venv DIR --large 10,100,300        longer and longer tables, in millions of rows
    python bench/big.py --peers-venv DIR --ged 2                   the local rows of UCDP GED, repeated to 2 million

All run as whole processes in turn. The table is made up, like UCDP GED: 21 columns, ten rules of a row, a key, a foreign
key, and 100 faults in known places (tests/bigtable.py). Each contestant is a script in bench/peers/. It reads the file, checks every rule that its library can
express, and prints its findings. The measurements go into bench/big.json, one part at a time. The page (bench/big.md) and
the figure (bench/big.svg, bench/big.png) are made from that file each time.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import bigdata
import bigpage
from measurement import Run, run_once

BENCH = Path(__file__).resolve().parent
BARE = "bare-polars"
BIG = 2_000_000  # with more rows, only the fast contestants run
COLD = 200  # millions of rows; from there on, no warm-up run: it would take minutes and change nothing
SHORT = 100_000  # rows for contestants that take minutes; their times are multiplied


@dataclass(frozen=True)
class Contestant:
    """A measured program.

    Attributes:
        name: Name in `--only`.
        title: Name on the page.
        script: File in bench/.
        where: Environment that it runs in.
        more: Further arguments.
        fast: Also measure it on more than `BIG` rows.
        formats: Formats of the files that it reads.
        short: Measure it on `SHORT` rows, because it takes minutes.
    """

    name: str
    title: str
    script: str
    where: str = "peers"
    more: tuple[str, ...] = ()
    fast: bool = False
    formats: tuple[str, ...] = ("csv", "parquet")
    short: bool = False


CONTESTANTS = (
    Contestant(BARE, "bare scan, polars", "peers/bare_polars.py", "ours", fast=True),
    Contestant("bare-duckdb", "bare scan, DuckDB", "peers/bare_duckdb.py", "ours", fast=True),
    Contestant("ours", "conflictdata, polars", "ours.py", "ours", ("--engine", "polars", "--json"), fast=True),
    Contestant("ours-duckdb", "conflictdata, DuckDB", "ours.py", "ours", ("--engine", "duckdb", "--json"), fast=True),
    Contestant("ours-pandas", "conflictdata, pandas", "ours.py", "ours", ("--engine", "pandas", "--json")),
    Contestant("hand-polars", "by hand, polars", "peers/hand_polars.py", "ours", fast=True),
    Contestant("hand-duckdb", "by hand, DuckDB SQL", "peers/hand_duckdb.py", "ours", fast=True),
    Contestant("dataframely", "dataframely", "peers/with_dataframely.py", fast=True),
    Contestant("patito", "patito", "peers/with_patito.py"),
    Contestant("pointblank", "pointblank, polars", "peers/with_pointblank.py"),
    Contestant("pandera-polars", "pandera, polars", "peers/with_pandera_polars.py"),
    Contestant("pandera-pandas", "pandera, pandas", "peers/with_pandera_pandas.py"),
    Contestant("pandera-ibis", "pandera, ibis (DuckDB)", "peers/with_pandera_ibis.py", "ibis"),
    Contestant("great-expectations", "great_expectations, pandas", "peers/with_great_expectations.py"),
    Contestant("pydantic", "pydantic, row by row", "peers/with_pydantic.py"),
    Contestant("frictionless", "frictionless", "peers/with_frictionless.py", formats=("csv",), short=True),
)
LARGE = (
    ("bare-polars", "bare scan, polars", "", ("peers/bare_polars.py",)),
    ("ours-polars", "conflictdata, polars", "", ("ours.py", "--engine", "polars", "--json")),
    ("ours-limited", "conflictdata, --memory 2GB", "2 GB", ("ours.py", "--memory", "2GB", "--json")),
)
GED = (
    ("bare", "bare scan, polars", ()),
    ("ours", "conflictdata validate", ()),
    ("ours-duckdb", "conflictdata validate --engine duckdb", ("--engine", "duckdb")),
    ("ours-limited", "conflictdata validate --memory 2GB", ("--memory", "2GB")),
)
SCAN = (
    "import sys, polars as pl; pl.scan_parquet(sys.argv[1]).select(pl.all().hash().sum()).collect(engine='streaming')"
)


@dataclass(frozen=True)
class Bench:
    """Options of one call of this script."""

    data: Path
    venvs: Path | None
    runs: int

    def get_python(self, where: str) -> str:
        """Return the Python of an environment."""
        if where == "ours" or self.venvs is None:
            return sys.executable
        return str(make_environment(self.venvs, where) / "bin" / "python")

    def make_data(self, what: str, rows: int, name: str) -> Path:
        """Return the path of a data file or folder. Makes it if it does not exist."""
        path = self.data / name
        if not bigdata.is_made(path):
            print(f"making {name} ...", flush=True)
            subprocess.run(
                [sys.executable, str(BENCH / "bigdata.py"), what, "--rows", str(rows), "--to", str(path)], check=True
            )
        return path


def make_environment(venvs: Path, name: str) -> Path:
    """Return the folder of an environment. Creates it if it does not exist.

    It is `DIR` for the peers, `DIR-ibis` for ibis.
    """
    folder = venvs.with_name(f"{venvs.name}-{name}") if name != "peers" else venvs
    if not (folder / "bin" / "python").exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        requirements = str(BENCH / f"requirements-{name}.txt")
        subprocess.run([str(folder / "bin" / "python"), "-m", "pip", "install", "-q", "-r", requirements], check=True)
    return folder


def list_versions(bench: Bench) -> dict[str, str]:
    """Return the installed versions of the relevant packages."""
    names = "polars duckdb pandas pyarrow narwhals dataframely patito pointblank pandera great_expectations pydantic frictionless"
    code = (
        "import importlib.metadata as m, json, sys\nfound = {}\n"
        "for name in sys.argv[1:]:\n    try: found[name] = m.version(name)\n    except m.PackageNotFoundError: pass\n"
        "print(json.dumps(found))"
    )
    packages = {"ours": names.split()[:5], "peers": names.split()[5:], "ibis": ["ibis-framework", "duckdb"]}
    found = {"python": platform.python_version()}
    for where, which in packages.items():
        if where == "ours" or bench.venvs:
            done = subprocess.run(
                [bench.get_python(where), "-c", code, *which], capture_output=True, text=True, check=True
            )
            suffix = " (with ibis)" if where == "ibis" else ""
            found |= {n + (suffix if n in found else ""): v for n, v in json.loads(done.stdout).items()}
    return found


Check = Callable[[str, Run], None]  # called for each run, with its name; exits if something is wrong


def run_in_turn(
    commands: dict[str, list[str]], runs: int, check: Check, *, good: Sequence[int] = (0,), warm: bool = True
) -> dict[str, list[Run]]:
    """Run all commands in turn, `runs` times, after a warm-up run of each.

    Args:
        commands: Commands by name.
        runs: Number of measured runs.
        check: Called for each run.
        good: Accepted exit codes.
        warm: Whether to do the warm-up runs.
    """
    found: dict[str, list[Run]] = {name: [] for name in commands}
    for number in range(0 if warm else 1, runs + 1):
        for name, command in commands.items():
            run = run_once(command, good=good)
            print(f"  {number or 'warm-up':7}  {name:20} {run.seconds:8.2f} s {run.megabytes:8.0f} MB", flush=True)
            check(name, run)
            if number:
                found[name].append(run)
    return found


def list_numbers(runs: Iterable[Run]) -> list[dict[str, Any]]:
    """Return runs as plain data."""
    return [{"seconds": round(run.seconds, 4), "megabytes": round(run.megabytes, 1), "disk": run.disk} for run in runs]


def check_faults(name: str, run: Run, path: Path) -> None:
    """Check the output of a run.

    Ours must find exactly the known faults; the others must print what they find.
    """
    known = sorted(map(tuple, bigdata.read_mark(path)["faults"]))
    if name.startswith("ours"):
        found = sorted(map(tuple, run.answer["faults"]))
        if found != known:
            raise SystemExit(f"{name} on {path.name}: {len(found)} findings are not the {len(known)} known faults")
    elif "by_rule" not in run.answer:
        raise SystemExit(f"{name} on {path.name} does not say what it found")


def read_answer(run: Run) -> dict[str, Any]:
    """Return the findings that a contestant printed."""
    return {
        "findings": run.answer["findings"],
        "by_rule": run.answer["by_rule"],
        "cannot": run.answer.get("cannot", ""),
    }


def measure_table(bench: Bench, rows: int, form: str, chosen: Sequence[Contestant]) -> dict[str, Any]:
    """Measure contestants on one file."""
    print(f"{rows:,} rows, {form}", flush=True)
    file = bench.make_data("table", rows, f"made_up-{rows}.{form}")
    short = min(rows, SHORT)
    files = {c.name: bench.make_data("table", short, f"made_up-{short}.{form}") if c.short else file for c in chosen}
    commands = {c.name: [bench.get_python(c.where), str(BENCH / c.script), str(files[c.name]), *c.more] for c in chosen}
    found = run_in_turn(commands, bench.runs, lambda name, run: check_faults(name, run, files[name]))
    return {
        "rows": rows,
        "format": form,
        "bytes": file.stat().st_size,
        "contestants": [
            {
                **{key: value for key, value in asdict(c).items() if key in ("name", "title")},
                "scaled": rows // short if c.short else 1,
                "runs": list_numbers(found[c.name]),
                **read_answer(found[c.name][0]),
            }
            for c in chosen
        ],
    }


def measure_large(bench: Bench, millions: int) -> dict[str, Any]:
    """Measure a long table in many Parquet files."""
    rows = millions * 1_000_000
    print(f"{rows:,} rows in many Parquet files", flush=True)
    folder = bench.make_data("parts", rows, f"parts-{rows}")
    commands = {
        name: [sys.executable, str(BENCH / script), str(folder), *more] for name, _, _, (script, *more) in LARGE
    }
    warm = millions < COLD
    found = run_in_turn(commands, bench.runs, lambda name, run: check_faults(name, run, folder), warm=warm)
    return {
        "rows": rows,
        "files": sum(1 for _ in folder.glob("*.parquet")),
        "bytes": sum(file.stat().st_size for file in folder.glob("*.parquet")),
        "contestants": [
            {
                "name": name,
                "title": title,
                "limit": limit,
                "runs": list_numbers(found[name]),
                **read_answer(found[name][0]),
            }
            for name, title, limit, _ in LARGE
        ],
    }


def measure_ged(bench: Bench, millions: float) -> dict[str, Any]:
    """Measure `conflictdata validate` on real rows of GED."""
    count = int(millions * 1_000_000)
    file = bench.make_data("ged", count, f"ged-{count}.parquet")
    rows = bigdata.read_mark(file)["rows"]
    print(f"{rows:,} rows of UCDP GED, Parquet", flush=True)
    ours = [sys.executable, "-m", "conflictdata", "validate", str(file), "--profile", "ucdp-ged"]
    commands = {
        name: [*ours, *more] if name != "bare" else [sys.executable, "-c", SCAN, str(file)] for name, _, more in GED
    }
    found = run_in_turn(commands, bench.runs, lambda *_: None, good=(0, 1))
    return {
        "rows": rows,
        "bytes": file.stat().st_size,
        "contestants": [{"name": name, "title": title, "runs": list_numbers(found[name])} for name, title, _ in GED],
    }


def parse_options() -> argparse.Namespace:
    """Parse the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--rows",
        default=None,
        help="lengths of the table, such as 1000000,10000000 (these, where neither --large nor --ged is given)",
    )
    parser.add_argument("--formats", default="csv,parquet")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help=f"names: {', '.join(c.name for c in CONTESTANTS)}")
    parser.add_argument("--large", default="", help="millions of rows, such as 10,100,300")
    parser.add_argument("--ged", type=float, default=0, help="millions of rows")
    parser.add_argument("--data", type=Path, default=Path("bench-data"), help="where data is kept between calls")
    parser.add_argument(
        "--peers-venv",
        type=Path,
        help="where the peers are or will be installed; without it only those run that need nothing more; ibis is beside it, as DIR-ibis",
    )
    parser.add_argument(
        "--out", type=Path, help="where big.json, big.md and the figure go; bench/, but nowhere with --only"
    )
    parser.add_argument("--page", action="store_true", help="measure nothing; make the page and the figure anew")
    return parser.parse_args()  # fmt: skip


def select_contestants(chosen: argparse.Namespace, rows: int, form: str) -> list[Contestant]:
    """Return the selected contestants; the bare scan is always among them."""
    only = set(chosen.only.split(",")) - {""}
    if unknown := only - {c.name for c in CONTESTANTS}:
        raise SystemExit(f"there is no {', '.join(sorted(unknown))}")
    return [
        c
        for c in CONTESTANTS
        if form in c.formats
        and (rows <= BIG or c.fast)
        and (chosen.peers_venv or c.where == "ours")
        and (not only or c.name in only or c.name == BARE)
    ]


def main() -> None:
    """Measure, and write the results."""
    chosen = parse_options()
    bench = Bench(chosen.data.resolve(), chosen.peers_venv and chosen.peers_venv.resolve(), chosen.runs)
    out = chosen.out or (None if chosen.only else BENCH)
    kept = out / "big.json" if out else None
    data: dict[str, Any] = json.loads(kept.read_text()) if kept and kept.exists() else {}
    lengths = chosen.rows or ("" if chosen.large or chosen.ged or chosen.page else "1000000,10000000")
    parts = [
        *(
            (f"{rows} {form}", lambda r=int(rows), f=form: measure_table(bench, r, f, select_contestants(chosen, r, f)))
            for rows in lengths.split(",") if rows for form in chosen.formats.split(",")
        ),
        *((f"large {n}", lambda n=int(n): measure_large(bench, n)) for n in chosen.large.split(",") if n),
        *([("ged", lambda: measure_ged(bench, chosen.ged))] if chosen.ged else []),
    ]  # fmt: skip
    for name, measure in parts:
        data[name] = measure()
        data[name] |= {"cores": os.cpu_count(), "count": chosen.runs, "versions": list_versions(bench)}
        if out and kept:
            out.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
    if out and data:
        (out / "big.md").write_text(bigpage.render_page(data), encoding="utf-8")
        if chosen.peers_venv:
            subprocess.run([bench.get_python("peers"), str(BENCH / "bigfigure.py"), str(out)], check=True)
    print(bigpage.render_page(data))


if __name__ == "__main__":
    main()
