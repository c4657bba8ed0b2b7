"""Make the records of a collection from its makers' files, or add newer files to them.

    python -m conflictdata.devtools.collect seeds/collections/gaza_daily casualties_daily.json

The importer of the recipe's profile makes the records. Over older records, a changed number becomes a revision and a
missing one is retracted, as `conflictdata import` does. The same files over the same records give the same tables.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata._utils.atomic_write import replace_file
from conflictdata._utils.work_folder import open_work_folder
from conflictdata.datapackage.descriptor import FILE, get_parquet_path, read_descriptor
from conflictdata.datapackage.tables import encode_csv, order_rows
from conflictdata.datasets import get_dataset, get_profile
from conflictdata.datasets.converter import Dataset
from conflictdata.findings import UsageError
from conflictdata.importer import package
from conflictdata.importer.read import ImportedRows, open_files, read_rows
from conflictdata.importer.run import ImportResult, import_files
from conflictdata.schema.columns import list_key_columns, list_tables
from conflictdata.seeds.collections import FORM, CollectionDraft, Recipe, read_collection
from conflictdata.seeds.files import MANIFEST, PACKED_CSV
from conflictdata.validation.collections import REGISTERS, read_registers, validate_collection

_NOT_STORED = ("flags",)  # made from the recipe
_ABOUT = "Written by `python -m conflictdata.devtools.collect`; not edited by hand."


def collect(folder: Path, files: Sequence[Path], released: dt.date | None = None) -> ImportResult:
    """Make the records of a collection.

    Args:
        folder: Folder of the collection, with its recipe.
        files: The makers' files.
        released: Day of the makers' release. Default: the last day in a file.

    Returns:
        The result of the import. If it is not `written`, the records have not changed.

    Raises:
        UsageError: If the recipe or the older records are broken, or a file is not of the recipe's dataset.
    """
    draft = read_collection(folder)
    recipe = _require_recipe(draft)
    with open_work_folder() as scratch:
        out = scratch / "package"
        registers = read_registers(folder.resolve().parents[1])
        if draft.manifest is not None:
            _write_older(draft, recipe, registers, out)
        done = import_files(recipe.profile, files, out, released=released)
        if done.written:
            columns = list(_measure_columns(files, recipe.profile, released))
            _write_records(draft, out, registers, columns)
    return done


def _require_recipe(draft: CollectionDraft) -> Recipe:
    """Return the recipe of a collection. Records need not be there yet, but must not be broken."""
    missing = f"{MANIFEST}"
    faults = [
        f for f in draft.findings if not (f.rule == "seed.missing-table" and f.place and f.place.file.endswith(missing))
    ]
    if faults or draft.recipe is None:
        first = faults[0] if faults else draft.findings[0]
        raise UsageError(f"{first.place}: {first.message}. {first.hint}")
    return draft.recipe


def _write_older(draft: CollectionDraft, recipe: Recipe, registers: Mapping[str, pl.DataFrame], out: Path) -> None:
    """Write the older records as the package of an import, so that newer files are merged into it."""
    assert draft.manifest is not None
    checked = validate_collection(draft, registers)
    checked.report.raise_if_errors()
    imports = [dict(done) for done in draft.manifest.imports]
    tables = {**checked.tables, "flags": checked.tables["flags"].clear()}
    profile, dataset = get_profile(recipe.profile), get_dataset(recipe.profile)
    package.write_package(out, tables, package.make_release(imports), profile, dataset, imports)


def _measure_columns(files: Sequence[Path], profile: str, released: dt.date | None) -> Iterator[dict[str, Any]]:
    """Yield each column of the makers' files that counts something: its filled cells, their sum, and whether it is carried."""
    dataset = get_dataset(profile)
    _, opened = open_files([Path(file) for file in files], profile)
    for file in opened:
        if file.feed.name in dataset.not_people:
            continue
        rows = read_rows(file, dataset, released)
        for limit in file.feed.columns:
            values = rows.frame[limit.column]
            if limit.kind != "count" or not values.count():
                continue
            is_carried = limit.column in _list_carried(dataset, rows)
            yield {
                "table": file.feed.name, "column": limit.column, "filled": values.count(), "sum": values.sum(), "carried": is_carried,
            }  # fmt: skip


def _list_carried(dataset: Dataset, rows: ImportedRows) -> set[str]:
    """Return the columns of a table that become records. An auxiliary table is named in the table that it explains."""
    named = dataset.tables.get(rows.page.table)
    conversions = [named] if named else list(dataset.tables.values())
    return {column for table in conversions for columns, _ in table.becomes for column in columns.split(", ")}


def _write_records(
    draft: CollectionDraft, out: Path, registers: Mapping[str, pl.DataFrame], columns: Sequence[Mapping[str, Any]]
) -> None:
    """Write the tables of a package as the records of a collection. `records.json` is written last."""
    listed = []
    for table in list_tables():
        frame = pl.read_parquet(out / get_parquet_path(table), glob=False)
        if table in REGISTERS:
            (key,) = list_key_columns(table)
            frame = frame.join(registers[table].select(key), on=key, how="anti")
        file = draft.get_file(table)
        if table in _NOT_STORED or frame.is_empty():
            file.unlink(missing_ok=True)
            continue
        packed = gzip.compress(encode_csv(order_rows(table, frame).collect()), 9, mtime=0)
        replace_file(file, packed)
        listed.append(
            {
                "table": table,
                "file": f"{table}{PACKED_CSV}",
                "rows": frame.height,
                "sha256": hashlib.sha256(packed).hexdigest(),
            }
        )
    measured = {column["table"] for column in columns}
    kept = [] if draft.manifest is None else [dict(c) for c in draft.manifest.columns if c["table"] not in measured]
    imports = read_descriptor(out / FILE)["imported"]["files"]
    document = {
        "records_version": FORM,
        "about": _ABOUT,
        "imports": imports,
        "columns": [*kept, *columns],
        "tables": listed,
    }
    replace_file(draft.folder / MANIFEST, (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the program. Return its exit code: 0 if the records are up to date, 1 if an import was refused."""
    parser = argparse.ArgumentParser(prog="python -m conflictdata.devtools.collect", description=__doc__)
    parser.add_argument("folder", type=Path, help="folder of the collection, such as seeds/collections/gaza_daily")
    parser.add_argument("files", type=Path, nargs="+", help="the makers' files")
    parser.add_argument("--released", type=dt.date.fromisoformat, help="day of the makers' release")
    chosen = parser.parse_args(arguments)
    done = collect(chosen.folder, chosen.files, chosen.released)
    for finding in [*done.refused, *(done.report.errors if done.report else ())]:
        print(f"{finding.place}: {finding.rule}: {finding.message}")
    for note in done.notes:
        print(f"note: {note}")
    print(", ".join(f"{number:,} {state}" for state, number in done.counts.items()))
    return 0 if done.written or not (done.refused or (done.report and not done.report.ok)) else 1


if __name__ == "__main__":
    raise SystemExit(main())
