"""`conflictdata validate`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import CLEAN, FINDINGS, Format, bar, show


class EngineName(str, Enum):
    """What the rules run on."""

    polars = "polars"
    pandas = "pandas"


def validate(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Seeds, seed files, tables (CSV, Parquet) or a built package.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="How to print the report.")] = Format.text,
    engine: Annotated[
        EngineName, typer.Option(help="What the rules run on; the findings are the same.")
    ] = EngineName.polars,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors only.")] = False,
) -> None:
    """Check records against all rules.

    Example: [bold]conflictdata validate seeds/[/bold]
    """
    from conflictdata import validation

    report = validation.validate(*(paths or []), engine=engine.value, progress=bar)
    show(report, form, quiet=quiet)
    raise typer.Exit(CLEAN if report.ok else FINDINGS)
