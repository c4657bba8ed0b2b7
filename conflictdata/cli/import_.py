"""The command `conflictdata import`."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import CLEAN, FINDINGS, TEXT, open_console, parse_day, print_line, print_note, show

if TYPE_CHECKING:
    from conflictdata.findings import Finding
    from conflictdata.importer.run import ImportResult

_SHOWN = 20  # most findings that are printed
_SEE_FILE = "conflictdata validate FILE"

_Dataset = Annotated[
    str,
    typer.Argument(
        metavar="PROFILE",
        help="ucdp-ged, ucdp-brd, ucdp-onesided, ucdp-nonstate, acled, palestine, ukraine, radford; auto: by the columns.",
    ),
]
_Files = Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of that dataset: CSV, JSON, Parquet.")]
_Folder = Annotated[
    Path, typer.Option("--out", help="Folder of the package. A newer file over an older import revises it.")
]
_Released = Annotated[
    str | None,
    typer.Option("--released", metavar="DAY", help="Day of the release. Default: the last day in a file."),
]
_Part = Annotated[
    bool,
    typer.Option("--part", help="The files hold only part of the dataset: keep the records that they do not contain."),
]
_Removals = Annotated[
    bool, typer.Option("--accept-removals", help="Allow the files to lack more than 5 % of the active records.")
]


def import_(
    profile: _Dataset,
    files: _Files,
    to: _Folder,
    released: _Released = None,
    part: _Part = False,
    accept_removals: _Removals = False,
) -> None:
    """Convert another dataset, such as UCDP GED, to a data package of claims, and check it.

    Example: [bold]conflictdata import ucdp-ged GEDEvent_v25_1.csv --out build/ged[/bold]

    A later release over it: [bold]conflictdata import ucdp-ged GEDEvent_v26_1.csv --out build/ged[/bold]

    Nothing is written, with exit code 1, if a column has days in a form that its makers do not publish.

    The same holds if two rows of one key differ, or if a newer file lacks more than 5 % of the active records.
    """
    began = time.perf_counter()
    from conflictdata.importer.run import import_files

    done = import_files(
        profile,
        files,
        to,
        released=parse_day(released),
        part=part,
        accept_removals=accept_removals,
        progress=show_progress,
    )
    _print_outcome(done, time.perf_counter() - began)
    lost = done.refused or any(finding.severity == "error" for finding in done.rejected)
    broken = done.report is not None and not done.report.ok
    raise typer.Exit(FINDINGS if lost or broken else CLEAN)


def _print_outcome(done: ImportResult, seconds: float) -> None:
    _show_findings(done.rejected, _SEE_FILE)
    _show_findings(done.refused, _SEE_FILE)
    for note in done.notes:
        print_note(f"note: {note}")
    if done.refused:
        _print_left_out(done)
        print_note("not imported: nothing was written")
    if done.report is None:
        return
    if not done.report.ok:
        show(done.report, TEXT, errors_only=True)
        _print_left_out(done)
        print_note("not imported: there is an error, and nothing was written")
        return
    from conflictdata._utils.paths import display_path
    from conflictdata.importer.package import format_hidden_names
    from conflictdata.reporters.common import format_summary

    _show_findings(done.report.findings, f"conflictdata validate {display_path(done.out)}")
    for line in format_summary(done.report):
        print_line(line)
    print_line(
        ", ".join(f"{number:,} {words}" for words, number in _format_claim_counts(done) if number)
        + f", in {seconds:.1f} s"
    )
    _print_left_out(done)
    if sentence := format_hidden_names(done.hidden_names):
        print_line(sentence)
    print_line(f"imported: {done.out}")


def _format_claim_counts(done: ImportResult) -> list[tuple[str, int]]:
    words = {
        "new": "claims are new", "revised": "revised", "moved": "take the place of one that was retracted", "gone": "retracted",
        "same": "unchanged",
    }  # fmt: skip
    return [(words[state], done.counts[state]) for state in words]


def _show_findings(findings: list[Finding], command: str) -> None:
    """Print the first findings, and the command that prints them all."""
    from conflictdata.reporters import text

    console = open_console()
    text.render_findings(findings[:_SHOWN], console)
    if len(findings) > _SHOWN:
        console.print(f"... and {len(findings) - _SHOWN:,} more: {command}", soft_wrap=True)


def _print_left_out(done: ImportResult) -> None:
    """Print how many rows were left out, by reason."""
    if done.left_out:
        rows = sum(done.left_out.values())
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in done.left_out.items())
        print_line(f"{rows:,} row{'' if rows == 1 else 's'} left out: {reasons}")
