"""The command `conflictdata diff`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from conflictdata.cli._bar import show_progress
from conflictdata.cli._shared import CLEAN, FINDINGS, describe_unknown_form, open_console
from conflictdata.findings import UsageError

if TYPE_CHECKING:
    from conflictdata.comparison.result import Diff


class DiffFormat(str, Enum):
    """Formats of a comparison, those of `conflictdata.comparison.FORMS`."""

    text = "text"
    json = "json"
    markdown = "markdown"
    html = "html"


def diff(
    old: Annotated[
        Path | None, typer.Argument(help="The version before: a built package, or a folder of seeds.")
    ] = None,
    new: Annotated[Path | None, typer.Argument(help="The version now.")] = None,
    git: Annotated[
        str,
        typer.Option(
            metavar="REVISIONS",
            help="Compare revisions instead: main..HEAD or main...HEAD; main alone is compared with the folder.",
        ),
    ] = "",
    seeds: Annotated[Path, typer.Option(help="With --git: the folder of seeds.")] = Path("seeds"),
    retired: Annotated[
        Path | None, typer.Option(help="Withdrawn ids, if the new version is a package: retired.csv of its seeds.")
    ] = None,
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Compare this collection of both versions, row by row.")
    ] = "",
    form: Annotated[DiffFormat, typer.Option("--format", help="How to print the comparison.")] = DiffFormat.text,
    copies: Annotated[
        list[str] | None,
        typer.Option("--report", metavar="FORM=FILE", help="Write the comparison to a file too; may be repeated."),
    ] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 if anything differs.")] = False,
) -> None:
    """Compare two versions of the data: rows, running tolls, schema, and the version that the changes need.

    Example: [bold]conflictdata diff --git main..HEAD[/bold]

    For a comment: [bold]conflictdata diff site/1.0.0 build/package --format markdown --report json=diff.json[/bold]
    """
    files = parse_report_targets(copies or [])
    changes = _compare_sides(old, new, git, seeds, retired, collection or None)
    for path, name in files.items():
        _save(changes, path, name, _find_complete_report(files))
    _show(changes, form, _find_complete_report(files))
    raise typer.Exit(FINDINGS if exit_code and changes else CLEAN)


def _compare_sides(
    old: Path | None, new: Path | None, git: str, seeds: Path, retired: Path | None, collection: str | None
) -> Diff:
    from conflictdata import comparison

    if git:
        if old is not None or retired is not None:
            raise UsageError("--git compares revisions; it takes no folders and no --retired")
        return comparison.diff_revisions(git, seeds=seeds, collection=collection, progress=show_progress)
    if old is None or new is None:
        raise UsageError("give two versions: conflictdata diff OLD NEW, or conflictdata diff --git main..HEAD")
    if retired is not None and not retired.is_file():
        raise UsageError(f"{retired} does not exist")
    return comparison.diff(old, new, retired=retired, collection=collection, progress=show_progress)


def parse_report_targets(copies: Sequence[str]) -> dict[Path, str]:
    """Parse the values of `--report FORM=FILE`: each file with its format.

    Reads and writes nothing.

    Raises:
        UsageError: If a format is unknown, a file is named twice, or a path is not a file.
    """
    files: dict[Path, str] = {}
    known = [form.value for form in DiffFormat]
    for copy in copies:
        form, _, name = copy.partition("=")
        if not name:
            raise UsageError(f"--report takes FORM=FILE, such as html=diff.html, not {copy!r}")
        if form not in known:
            raise UsageError(describe_unknown_form(form, known))
        path = Path(name)
        if path.exists() and not path.is_file():
            raise UsageError(f"--report: {path} is not an ordinary file")
        if path.resolve() in {file.resolve() for file in files}:
            raise UsageError(f"--report {copy}: {path} is given twice")
        files[path] = form
    return files


def _find_complete_report(files: dict[Path, str]) -> str:
    """Return the name of the complete report, to which the others refer."""
    return next((path.name for path, form in files.items() if form == "json"), "")


def _save(changes: Diff, path: Path, form: str, whole: str) -> None:
    """Write a format to a file, completely or not at all. Text is not truncated."""
    from conflictdata._utils.atomic_write import write_new_file
    from conflictdata.comparison import render

    chunks = render(changes, form, cap=None) if form == "text" else render(changes, form, whole=whole)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            write_new_file(path) as fresh,
            fresh.open("w", encoding="utf-8", newline="\n", errors="backslashreplace") as file,
        ):
            file.writelines(chunks)
    except OSError as fault:
        raise UsageError(
            f"--report: {path} cannot be written: {fault.strerror}; what was there is unchanged"
        ) from fault


def _show(changes: Diff, form: DiffFormat, whole: str) -> None:
    from conflictdata.comparison import render

    if form is DiffFormat.text:
        from conflictdata.comparison.forms import CAP
        from conflictdata.comparison.forms.text import show

        show(changes, open_console(), cap=CAP, whole=whole)
    else:
        _print(render(changes, form.value, whole=whole))


def _print(chunks: Iterable[str]) -> None:
    """Print a format that programs read, always as UTF-8."""
    sys.stdout.flush()
    for chunk in chunks:
        sys.stdout.buffer.write(chunk.encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
