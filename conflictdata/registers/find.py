"""Find records by name, in the installed release or in a folder of seeds."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from conflictdata.findings import UsageError
from conflictdata.registers.finder import Finder
from conflictdata.registers.match import KINDS, NameMatch
from conflictdata.registers.read import read_release, read_seeds_folder


def find(
    text: str,
    kind: str | None = None,
    conflict: str | None = None,
    *,
    seeds: str | os.PathLike[str] | None = None,
) -> list[NameMatch]:
    """Find actors, places, events, conflicts and tolls by name.

    Args:
        text: An id, a name, an alias in any language, a host or an address, or a part of one. Spelling counts little:
            case, accents, hyphens, apostrophes and articles may differ, and a word may have one or two wrong letters.
        kind: `actor`, `place`, `event`, `conflict` or `toll`. Default: all.
        conflict: Id or name of a conflict, to search its records alone. Default: all.
        seeds: A folder of seeds to search. Default: the installed release.

    Returns:
        The records, best first: the same id, name, alias or host; the same in another spelling; a name that begins
        with the text; one that has all its words; one that the text contains; a near miss. Empty if there is none.
        Each has `kind`, `id`, `name`, `matched` (how the text names it), `text` (the name that it matches),
        `conflicts`, `category`, `country`, `parent`, `precision` and `day`. `pandas.DataFrame(found)` has them as
        columns.

    Raises:
        UsageError: If the text cannot be a name, there is no such kind or conflict, or the seeds cannot be read.

    Examples:
        >>> import conflictdata as cd
        >>> cd.find("Syrian Observatory for Human Rights")[0].id
        'sohr'
    """
    finder = read_finder(seeds)
    return finder.find(text, kind=check_kind(kind), conflict=resolve_conflict(finder, conflict))


def read_finder(seeds: str | os.PathLike[str] | None = None) -> Finder:
    """Return the finder of a folder of seeds; default: that of the installed release.

    Raises:
        UsageError: If the tables cannot be read.
    """
    return _read_release_finder() if seeds is None else Finder.from_tables(read_seeds_folder(Path(seeds)))


@cache
def _read_release_finder() -> Finder:
    return Finder.from_tables(read_release())


def check_kind(kind: str | None) -> str:
    """Return a kind; "" for none.

    Raises:
        UsageError: If the kind does not exist.
    """
    if kind is not None and kind not in KINDS:
        raise UsageError(f"there is no kind {str(kind)[:40]!r}; there are {', '.join(KINDS)}")
    return kind or ""


def resolve_conflict(finder: Finder, conflict: str | None) -> str:
    """Return the id of a conflict by its id or name; "" for none.

    Raises:
        UsageError: If the conflict does not exist. The message suggests the nearest.
    """
    if conflict is None:
        return ""
    if id_ := finder.find_id(conflict, "conflict"):
        return id_
    nearest = finder.find_nearest(conflict, kind="conflict") or [
        e.record for e in finder.entries if e.record.kind == "conflict"
    ]
    raise UsageError(
        f"there is no conflict {str(conflict)[:40]!r}; there are {', '.join(match.id for match in nearest)}"
    )
