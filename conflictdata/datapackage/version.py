"""Version and day of a release. Nothing in a package comes from a clock."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

_VERSION = re.compile(r"(?:0|[1-9][0-9]*)(?:\.(?:0|[1-9][0-9]*)){2}\Z")


@dataclass(frozen=True)
class Release:
    """Version and day of a release.

    Attributes:
        version: `major.minor.patch` of the data (major: a field changed; minor: new rows; patch: corrections).
        released_on: Day of the release. No date in the data may be later.

    Raises:
        ValueError: If the version has another form.
    """

    version: str
    released_on: dt.date

    def __post_init__(self) -> None:
        if not _VERSION.match(self.version):
            raise ValueError(f"version {self.version!r} is not three numbers such as 1.2.0")
