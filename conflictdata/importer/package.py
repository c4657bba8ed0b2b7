"""Read the existing package of an import, and write the new one in its place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata.datapackage.about import About
from conflictdata.datapackage.version import Release
from conflictdata.datasets.converter import Dataset, SourceFile, TableConversion
from conflictdata.datasets.profile import Profile
from conflictdata.findings import UsageError
from conflictdata.importer.read import ImportedRows
from conflictdata.schema.columns import list_tables, make_empty_frame, make_polars_schema

ImportRecord = dict[str, Any]


@dataclass(frozen=True)
class ExistingPackage:
    """The package of an earlier import.

    Attributes:
        tables: Its tables. Empty tables if there is no import.
        imports: The imported files, in order: `table`, `file`, `sha256`, `published_on`, `rows`, `left_out`, and what
            packages of older versions lack: the number of rows left out by reason, `reasons`, and the number of notes in which
            `[name]` replaces a person's name, `hidden_names`.
    """

    tables: dict[str, pl.DataFrame] = field(
        default_factory=lambda: {table: make_empty_frame(table) for table in list_tables()}
    )
    imports: list[ImportRecord] = field(default_factory=list)

    @property
    def hashes(self) -> set[str]:
        """Return the hashes of the imported files."""
        return {done["sha256"] for done in self.imports}

    def require_newer(self, page: SourceFile, file: str, out: Path) -> None:
        """Refuse a file that is older than the existing import.

        It would replace newer numbers by older ones.

        Raises:
            UsageError: If the file is older.
        """
        last = max((done["published_on"] for done in self.imports if done["table"] == page.table), default="")
        if last > page.published_on.isoformat():
            raise UsageError(
                f"{file} is as of {page.published_on}, and {out} holds {page.table} as of {last}: import the older file first, "
                "or into another folder. (--released says the day of a release.)"
            )


def name_package(profile: str) -> str:
    """Return the package name for files of a profile."""
    return f"conflictdata-import-{profile}"


def read_existing(out: Path, profile: str) -> ExistingPackage:
    """Read the earlier import in a folder.

    Raises:
        UsageError: If the folder contains anything else, or its files were changed.
    """
    if out.exists() and not out.is_dir():
        raise UsageError(f"{out} is a file, not a folder")
    if not out.is_dir():
        return ExistingPackage()
    # These modules load pandera, which a first import needs only at its end.
    from conflictdata.datapackage.build import check_replaceable
    from conflictdata.datapackage.descriptor import FILE, read_descriptor

    check_replaceable(out, name_package(profile))
    if not (out / FILE).is_file():
        return ExistingPackage()
    package = read_descriptor(out / FILE)
    imported = package.get("imported")
    if not isinstance(imported, dict) or not isinstance(imported.get("files"), list):
        raise UsageError(f"{out / FILE} does not say what it was made from; choose another folder")
    _check_unchanged(out, package)
    return ExistingPackage({table: _read_table(out, table) for table in list_tables()}, imported["files"])


def _check_unchanged(out: Path, package: Mapping[str, Any]) -> None:
    """Check that the files are as they were written.

    Changes by hand would be lost, or be mistaken for the source's.
    """
    from conflictdata.datapackage.descriptor import measure_file

    for resource in package["resources"]:
        for item in (resource, *resource.get("alternates", [])):
            try:
                same = measure_file(out / item["path"])["hash"] == item.get("hash")
            except OSError:
                same = False
            if not same:
                raise UsageError(
                    f"{out / item['path']} is not as it was written; `conflictdata validate {out}` says more. "
                    "Import into another folder, or put the file back"
                )


def _read_table(out: Path, table: str) -> pl.DataFrame:
    from conflictdata.datapackage.descriptor import get_parquet_path

    frame = pl.read_parquet(out / get_parquet_path(table), glob=False)
    try:
        return frame.select(pl.col(name).cast(dtype) for name, dtype in make_polars_schema(table).items())
    except pl.exceptions.PolarsError:
        raise UsageError(f"{out} was written by another version of conflictdata; import into another folder") from None


def describe_file(file: ImportedRows, hidden_names: int) -> ImportRecord:
    """Describe an imported file for the descriptor of the package.

    Args:
        file: The file.
        hidden_names: Number of its notes in which `[name]` replaces a person's name.
    """
    page = file.page
    day = "" if page.published_on == dt.date.min else page.published_on.isoformat()
    return {
        "table": page.table, "file": page.file, "sha256": page.sha256, "published_on": day,
        "rows": file.frame.height, "left_out": file.rejected_count, "reasons": dict(file.left_out),
        "hidden_names": hidden_names,
    }  # fmt: skip


def make_release(imports: Sequence[ImportRecord]) -> Release:
    """Return the version, one minor step per import, and the day of the newest file."""
    last = max(done["published_on"] for done in imports)
    return Release(f"1.{len(imports) - 1}.0", dt.date.fromisoformat(last))


def write_package(
    out: Path,
    frames: Mapping[str, pl.DataFrame],
    version: Release,
    profile: Profile,
    dataset: Dataset,
    imports: Sequence[ImportRecord],
) -> None:
    """Write the package, completely or not at all.

    Raises:
        UsageError: If it cannot be written. The old package is kept.
    """
    from conflictdata.datapackage.build import publish

    publish(frames, out, version, make_about(profile, dataset, imports))


def make_about(profile: Profile, dataset: Dataset, imports: Sequence[ImportRecord]) -> About:
    """Return the metadata of the package."""
    return About(
        name=name_package(profile.name), title=f"{profile.title}, as claims", summary=SUMMARY.format(title=profile.title),
        licence=dataset.licence, licence_note=f"{dataset.terms}\n\n{profile.citation}",
        contributors=({"title": dataset.publisher["name"], "path": profile.url, "roles": ["creator", "publisher"]},),
        sources=({"title": profile.title, "path": profile.url},),
        keywords=("armed conflict", "casualties", "claims", profile.name),
        imported={"profile": profile.name, "licence": profile.licence, "citation": profile.citation, "files": list(imports)},
        sections=render_sections(profile, dataset, imports),
    )  # fmt: skip


SUMMARY = (
    "{title}, converted by conflictdata: who says that how many people were killed, injured or lost, over which window and "
    "where. What the makers report is a claim; what they or others worked out from it is not carried. Nothing is repaired or "
    "filled in: what contradicts itself is kept as it was published."
)


_TEMPLATE = """## What it was made from

{title}. {licence}. {note}

| file | table | rows | rows left out | as of | SHA-256 |
|---|---|---:|---:|---|---|
{files}
{left_out}{hidden_names}
## What became of the columns

{tables}
## Revisions

A newer file over this folder adds to it: where a number has changed, a claim that `supersedes` the old one, with its reason;
where a record is gone, the old claim stays as `retracted`. Claims that a later one supersedes have `superseded_by` in
`casualties`; leave these, and the retracted ones, out of sums.

"""


def render_sections(profile: Profile, dataset: Dataset, imports: Sequence[dict[str, Any]]) -> str:
    """Return the README sections that come before the licence, as Markdown."""
    names = list(dict.fromkeys(done["table"] for done in imports))
    files = "\n".join(
        f"| {_escape_cell(d['file'])} | `{d['table']}` | {d['rows']:,} | {d['left_out']:,} | {d['published_on']} | `{d['sha256'][:16]}…` |"
        for d in imports
    )
    tables = "\n".join(_render_columns(name, dataset.tables[name]) for name in names if name in dataset.tables)
    return _TEMPLATE.format(
        title=profile.title, licence=profile.licence, note=profile.note, files=files, tables=tables,
        left_out=_render_left_out(imports), hidden_names=_render_hidden_names(imports),
    )  # fmt: skip


def _render_left_out(imports: Sequence[dict[str, Any]]) -> str:
    """Return a table of the rows that were left out, by file and reason; "" if there are none."""
    rows = [
        f"| {_escape_cell(done['file'])} | {_format_reason(reason)} | {number:,} |"
        for done in imports
        for reason, number in done.get("reasons", {}).items()
    ]
    if not rows:
        return ""
    listed = "\n".join(rows)
    return f"\nRows left out, by the rule that they break (`conflictdata explain RULE`) or the reason:\n\n| file | reason | rows |\n|---|---|---:|\n{listed}\n"


def format_hidden_names(number: int) -> str:
    """Return the sentence on notes in which a name was replaced; "" if there are none."""
    if not number:
        return ""
    return f"{number:,} note{' has' if number == 1 else 's have'} `[name]` in place of a person's name with an age"


def _render_hidden_names(imports: Sequence[dict[str, Any]]) -> str:
    sentence = format_hidden_names(sum(done.get("hidden_names", 0) for done in imports))
    return f"\n{sentence}: the package counts people and names none.\n" if sentence else ""


def _format_reason(reason: str) -> str:
    return f"`{reason}`" if "." in reason and " " not in reason else _escape_cell(reason)


def _render_columns(name: str, table: TableConversion) -> str:
    rows = "\n".join(f"| {_escape_cell(columns)} | {what} |" for columns, what in table.becomes)
    omitted = "\n".join(f"- {columns}: {why}." for columns, why in table.omitted)
    return f"`{name}`:\n\n| columns | become |\n|---|---|\n{rows}\n\nNot carried:\n\n{omitted}\n"


def _escape_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
