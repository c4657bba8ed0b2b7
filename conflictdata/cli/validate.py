"""The command `conflictdata validate`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._bar import make_rows_progress, show_progress
from conflictdata.cli._shared import (
    CLEAN,
    FINDINGS,
    LIST_OF_FORMS,
    TEXT,
    Format,
    describe_unknown_form,
    join_words,
    parse_day,
    print_note,
    show,
)
from conflictdata.findings import Report, UsageError
from conflictdata.validation.scan import ENGINES


class EngineName(str, Enum):
    """Engines that evaluate the rules."""

    _ignore_ = "engine"
    for engine in ENGINES:
        vars()[engine] = engine


_POLARS = EngineName("polars")


_Paths = Annotated[
    list[Path] | None, typer.Argument(help="Seeds folders, seed files, tables (CSV or Parquet) or a built package.")
]
_REPORT, _OTHERS, _LARGE = "Report", "Other datasets", "Large tables"
_Form = Annotated[Format, typer.Option("--format", metavar="FORM", help=LIST_OF_FORMS, rich_help_panel=_REPORT)]
_Copies = Annotated[
    list[str] | None,
    typer.Option(
        "--report", metavar="FORM=FILE", help="Also write the report to a file. Repeatable.", rich_help_panel=_REPORT
    ),
]
_Concise = Annotated[
    bool, typer.Option("--concise", help="One line per finding, without hints (text).", rich_help_panel=_REPORT)
]
_Engine = Annotated[
    EngineName,
    typer.Option(
        metavar="NAME",
        help=f"{join_words(ENGINES)}. duckdb and spark check tables, not seeds (docs/large.md).",
        rich_help_panel=_LARGE,
    ),
]
_Master = Annotated[
    str | None,
    typer.Option(
        metavar="URL", help="Spark cluster, such as spark://HOST:7077. Default: this machine.", rich_help_panel=_LARGE
    ),
]
_Memory = Annotated[
    str | None,
    typer.Option(
        metavar="SIZE", help="Check one table with at most this much memory, such as 2GB.", rich_help_panel=_LARGE
    ),
]
_Findings = Annotated[
    Path | None,
    typer.Option(metavar="FILE.parquet", help="Also write all findings to a Parquet file.", rich_help_panel=_REPORT),
]
_Cache = Annotated[bool | None, typer.Option("--cache/--no-cache", hidden=True)]  # deprecated, without effect
_Profile = Annotated[
    str | None,
    typer.Option(
        metavar="NAME",
        help="ucdp-ged, ucdp-brd, ucdp-onesided, ucdp-nonstate, acled, acled-counts, palestine, ukraine, radford or gtd; "
        "auto recognises the dataset by its columns.",
        rich_help_panel=_OTHERS,
    ),
]
_Released = Annotated[
    str | None,
    typer.Option(
        metavar="DAY", help="Last day on which something may have happened. Default: today.", rich_help_panel=_OTHERS
    ),
]
_SecondReader = Annotated[
    bool,
    typer.Option(
        "--second-reader", help="Read a data package with the library frictionless, too.", rich_help_panel=_REPORT
    ),
]
_ErrorsOnly = Annotated[
    bool, typer.Option("--quiet", "-q", help="Errors only, no warnings (text).", rich_help_panel=_REPORT)
]


def validate(
    paths: _Paths = None,
    form: _Form = TEXT,
    copies: _Copies = None,
    concise: _Concise = False,
    engine: _Engine = _POLARS,
    spark_master: _Master = None,
    memory: _Memory = None,
    findings: _Findings = None,
    cache: _Cache = None,
    profile: _Profile = None,
    released: _Released = None,
    second_reader: _SecondReader = False,
    errors_only: _ErrorsOnly = False,
) -> None:
    """Check records against all rules.

    Example: [bold]conflictdata validate seeds/[/bold]

    Another dataset: [bold]conflictdata validate GEDEvent.csv --profile ucdp-ged[/bold]

    A package, by a second reader too: [bold]conflictdata validate build/package --second-reader[/bold]

    A large table: [bold]conflictdata validate 'ged/*.parquet' --memory 2GB[/bold]

    On a cluster: [bold]conflictdata validate 'ged/*.parquet' --engine spark[/bold]

    In a workflow: [bold]conflictdata validate --format github --report html=report.html[/bold]
    """
    if concise and form is not TEXT:
        raise UsageError(f"--concise is for --format text, not for {form.value}")
    began = time.perf_counter()
    files = parse_report_targets(copies or [], paths or [])
    from conflictdata.validation import api

    if cache is not None:
        print_note(api.CACHE_NOTICE.format("--cache" if cache else "--no-cache"))
    with make_rows_progress() as watch:
        report = api.validate(
            *(paths or []), engine=engine.value, progress=show_progress, profile=profile,
            memory=memory, findings=findings, watch=watch, spark_master=spark_master,
            second_reader=second_reader, released_on=parse_day(released),
        )  # fmt: skip
    if report.notes:
        report.notes.append(f"Read and checked in {time.perf_counter() - began:.1f} s.")
    save(report, files)
    show(report, form, errors_only=errors_only, concise=concise)
    raise typer.Exit(CLEAN if report.ok else FINDINGS)


def parse_report_targets(copies: Sequence[str], inputs: Sequence[Path]) -> dict[Path, str]:
    """Parse the values of `--report FORM=FILE`: each file with its format.

    Reads and writes nothing.

    Raises:
        UsageError: If a format is unknown, or a path cannot be written.
    """
    read = {path.resolve() for path in inputs}
    files: dict[Path, str] = {}
    for copy in copies:
        form, _, name = copy.partition("=")
        if not name:
            raise UsageError(f"--report takes FORM=FILE, such as html=report.html, not {copy!r}")
        path = Path(name)
        _check_target(path)
        if path.resolve() in {*read, *(file.resolve() for file in files)}:
            raise UsageError(f"--report {copy}: {path} is given twice")
        files[path] = _check_format(form)
    return files


def _check_format(name: str) -> str:
    from conflictdata.reporters import FORMS

    if name not in FORMS:
        raise UsageError(describe_unknown_form(name, FORMS))
    return name


def _check_target(path: Path) -> None:
    if path.is_dir():
        raise UsageError(f"--report: {path} is a folder; name a file in it")
    if path.exists() and not path.is_file():
        raise UsageError(f"--report: {path} is not an ordinary file; --format prints a report")
    above = next(folder for folder in path.absolute().parents if folder.exists())
    if not above.is_dir():
        raise UsageError(f"--report: {path} cannot be written: {above} is a file, not a folder")


def save(report: Report, files: Mapping[Path, str]) -> None:
    """Write a report to files, each completely or not at all. Creates folders.

    Raises:
        UsageError: If a file cannot be written.
    """
    from conflictdata._utils.atomic_write import replace_file
    from conflictdata.reporters import render

    for path, form in files.items():
        content = render(report, form).encode()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise UsageError(f"--report: {path.parent} cannot be made: {fault.strerror}") from fault
        replace_file(path.resolve(), content)
