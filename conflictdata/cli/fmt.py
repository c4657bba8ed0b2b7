"""The command `conflictdata fmt`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import CLEAN, FINDINGS, UNUSABLE, print_note
from conflictdata.findings import Finding, UsageError

if TYPE_CHECKING:
    from conflictdata.authoring.fmt import FormattedFile


def fmt(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="Seed files, or folders with them. Default: seeds.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing: list the files that would change. Exit 1 if there are any.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing: show what would change.")] = False,
) -> None:
    """Format seed files: order of keys, spaces, quotes, line ends, dates. Never changes a number.

    Example: [bold]conflictdata fmt seeds/[/bold]

    In a workflow: [bold]conflictdata fmt --check --diff[/bold]
    """
    from conflictdata.authoring.files import resolve_seed_files
    from conflictdata.authoring.fmt import format_file
    from conflictdata.seeds import Work

    run = _Run(write=not (check or diff), diff=diff)
    for path in show_progress(Work(resolve_seed_files(paths or [Path("seeds")]), "Formatting", "files")):
        run.take(format_file(path))
    run.print_results()
    raise typer.Exit(UNUSABLE if run.left else FINDINGS if check and run.changed else CLEAN)


class _Run:
    """A run over many files: writes them, and collects output for after the bar."""

    def __init__(self, *, write: bool, diff: bool) -> None:
        self.write = write
        self.diff = diff
        self.files = self.changed = self.left = 0
        self.shown: list[str] = []
        self.findings: list[Finding] = []
        self.faults: list[str] = []

    def take(self, file: FormattedFile) -> None:
        """Write a file if it differs and writing is on; collect its results."""
        self.files += 1
        self.findings += file.findings
        if file.new is None:
            self.left += 1
        elif file.differs and self._written(file):
            self.changed += 1
            self.shown += file.diff() if self.diff else [f"{'' if self.write else 'would be '}formatted: {file.file}\n"]

    def _written(self, file: FormattedFile) -> bool:
        try:
            if self.write:
                file.write()
        except UsageError as fault:
            self.faults.append(f"error: {fault}")
            self.left += 1
            return False
        return True

    def print_results(self) -> None:
        """Print files and diffs to stdout; findings, faults and counts to stderr."""
        typer.echo("".join(self.shown), nl=False)
        errors = Console(stderr=True, highlight=False)
        if self.findings:
            from conflictdata.reporters.text import render_findings

            render_findings(self.findings, errors)
        for fault in self.faults:
            print_note(fault)
        same = self.files - self.changed - self.left
        counts = [f"{self.changed:,} {'formatted' if self.write else 'would be formatted'}"] if self.changed else []
        counts += [f"{same:,} already in canonical form"] if same or not self.files else []
        counts += [f"{self.left:,} not changed"] if self.left else []
        errors.print(f"{self.files:,} file{'' if self.files == 1 else 's'}: {', '.join(counts)}", soft_wrap=True)
