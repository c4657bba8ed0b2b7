"""The changelog: one entry per version, with *Data* first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from conflictdata.findings import UsageError


@dataclass(frozen=True)
class Changelog:
    """A changelog.

    Attributes:
        file: Its path.
        text: Its complete text.
    """

    file: Path
    text: str

    @classmethod
    def read(cls, file: Path) -> Changelog:
        """Read a changelog.

        Raises:
            UsageError: If the file cannot be read.
        """
        try:
            return cls(file, file.read_text(encoding="utf-8"))
        except OSError as fault:
            raise UsageError(f"{file} cannot be read: {fault.strerror}") from None
        except UnicodeDecodeError:
            raise UsageError(f"{file} is not UTF-8 text") from None

    def find_entries(self, version: str) -> list[str]:
        """Return the texts under the headings of a version.

        A heading is `## 1.2.0`, with or without a date after it.
        """
        entries = []
        for match in _parse_heading(version).finditer(self.text):
            following = re.compile(r"^## ", re.M).search(self.text, match.end())
            entries.append(self.text[match.end() : following.start() if following else len(self.text)].strip("\n"))
        return entries

    def truncate_at(self, version: str) -> str:
        """Return the changelog without the entries above that of a version.

        This is the changelog at the time of its release.
        """
        first = re.search(r"^## ", self.text, re.M)
        entry = _parse_heading(version).search(self.text)
        return self.text if first is None or entry is None else self.text[: first.start()] + self.text[entry.start() :]

    def find_faults(self, version: str) -> list[str]:
        """Return what is wrong with the entry of a version.

        There must be one entry, whose first heading is *Data*, with some text under it.
        """
        entries = self.find_entries(version)
        if len(entries) != 1:
            count = "no entry" if not entries else f"{len(entries)} entries"
            return [f"{self.file} has {count} for {version}: it needs one, under the heading `## {version}`"]
        headings = re.findall(r"^### (.+?)[ \t]*$", entries[0], re.M)
        if not headings or headings[0] != "Data":
            first = f"`### {headings[0]}`" if headings else "no heading"
            return [
                f"{self.file}: the entry for {version} starts with {first}; `### Data` comes first: what changed in the record of the world"
            ]
        under = re.split(r"^### .*$", entries[0], flags=re.M)[1].strip()
        return (
            []
            if under
            else [
                f"{self.file}: the entry for {version} says nothing under `### Data`; say what changed, or that nothing did"
            ]
        )


def _parse_heading(version: str) -> re.Pattern[str]:
    return re.compile(rf"^## \[?{re.escape(version)}\]?(?=$|[ \t])[^\n]*\n", re.M)
