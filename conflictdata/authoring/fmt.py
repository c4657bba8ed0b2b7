"""Format a seed file on disk, YAML or CSV."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from conflictdata._utils.atomic_write import replace_file
from conflictdata._utils.paths import display_path
from conflictdata.authoring import canonical, reference_csv
from conflictdata.authoring.canonical import FormattedText
from conflictdata.findings import Finding, Place
from conflictdata.readers.text import LIMIT, TABLE_LIMIT, read_bytes
from conflictdata.rules.file_rules import make_file_finding


@dataclass(frozen=True)
class FormattedFile:
    """A file and its canonical form.

    Attributes:
        path: Its path.
        file: Its name, as findings show it.
        old: Its bytes.
        new: The bytes of its canonical form. None if the file must not change.
        findings: Why it must not change, or what a person has to decide.
    """

    path: Path
    file: str
    old: bytes
    new: bytes | None
    findings: tuple[Finding, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the file is not in canonical form."""
        return self.new is not None and self.new != self.old

    def write(self) -> None:
        """Replace the file by its canonical form."""
        if self.differs and self.new is not None:
            replace_file(self.path.resolve(), self.new)

    def diff(self) -> Iterator[str]:
        """Yield the unified diff from the file to its canonical form, line by line."""
        old = self.old.decode("utf-8", "replace").splitlines(keepends=True)
        new = (self.new or b"").decode().splitlines(keepends=True)
        for line in difflib.unified_diff(old, new, self.file, self.file):
            yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def format_file(path: Path) -> FormattedFile:
    """Read a file and format it. Nothing is written."""
    file = display_path(path)
    is_sheet = path.suffix == ".csv"
    data, faults = read_bytes(path, file, limit=TABLE_LIMIT if is_sheet else LIMIT)
    if data is None:
        return FormattedFile(path, file, b"", None, tuple(faults))
    form = _format_table(path, data, file) if is_sheet else canonical.format_yaml(data, file)
    return FormattedFile(path, file, data, None if form.text is None else form.text.encode(), tuple(form.findings))


def _format_table(path: Path, data: bytes, file: str) -> FormattedText:
    table = reference_csv.detect_table(path)
    if not table:
        hint = f"The tables among the seeds are: {', '.join(f'{name}.csv' for name in reference_csv.TABLES)}."
        return FormattedText(
            None, [make_file_finding("seed.shape", f"{path.name} is not a table of the seeds", Place(file), hint=hint)]
        )
    return reference_csv.format_table(data, file, table)
