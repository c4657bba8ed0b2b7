"""The line of a finding, with a caret under the value."""

from __future__ import annotations

import re
from pathlib import Path

from rich.cells import cell_len

from conflictdata.findings import Finding
from conflictdata.reporters.common import escape_hidden

LARGEST = 2_000_000  # bytes of a file that is read for its lines
_BEFORE = 40  # characters before the value in a line that is cut
_LONGEST = 40  # carets
_WORD = re.compile(r"[^\s,:#{}\[\]](?:[^,:#{}\[\]]*[^\s,:#{}\[\]])?")
_MARGIN = len("    12345 | ")


class Excerpts:
    """Lines of the files that findings name. Each file is read once."""

    def __init__(self, width: int) -> None:
        """Start without files.

        Args:
            width: Columns that a line may take, with its number.
        """
        self._width = max(width - _MARGIN, _BEFORE)
        self._files: dict[str, list[str]] = {}

    def render(self, finding: Finding) -> list[str]:
        """Return the line of a finding and the caret line below it. Empty if the line is not known or cannot be read."""
        place = finding.place
        if place is None or not place.line or place.row >= 0:
            return []
        lines = self._read_lines(place.file)
        if place.line > len(lines) or not lines[place.line - 1].strip():
            return []
        text = lines[place.line - 1]
        start = min(max(place.column - 1, 0), len(text))
        shown = [f"    {place.line:>5} | {self._cut(text, start)}"]
        if place.column:
            shown.append(
                f"          | {' ' * self._measure(text, start)}{'^' * _count_marked(text, start, finding.value)}"
            )
        return shown

    def _read_lines(self, file: str) -> list[str]:
        if file not in self._files:
            self._files[file] = _read_text(Path(file)).split("\n")
        return self._files[file]

    def _first(self, start: int) -> int:
        """Return the first character to show of a line that may be too long."""
        return 0 if start < self._width - _BEFORE else start - _BEFORE

    def _cut(self, text: str, start: int) -> str:
        first = self._first(start)
        shown = ("… " if first else "") + escape_hidden(text[first:].rstrip("\r"))
        return shown if len(shown) <= self._width else f"{shown[: self._width - 2]} …"

    def _measure(self, text: str, start: int) -> int:
        """Return the columns before the value, as a terminal shows them."""
        first = self._first(start)
        return cell_len(("… " if first else "") + escape_hidden(text[first:start]))


def _count_marked(text: str, start: int, value: str) -> int:
    """Return the number of carets: the width of the value if it is at that place, else of the words there."""
    word = _WORD.match(text, start)
    marked = value if value and text.startswith(value, start) else word[0] if word else ""
    return min(max(cell_len(escape_hidden(marked)), 1), _LONGEST)


def _read_text(path: Path) -> str:
    """Return the text of a small regular file. Empty for any other, packed files among them."""
    try:
        if not path.is_file() or path.stat().st_size > LARGEST:
            return ""
        return path.read_bytes().decode("utf-8")
    except (OSError, ValueError):
        return ""
