"""Files in a folder of seeds that are not read, with the name each should have."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import find_close
from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.fields import SOURCE_ID
from conflictdata.seeds.files import (
    COLLECTIONS,
    LEDGERS,
    LICENCE_TEXT,
    MANIFEST,
    PACKED_CSV,
    RECIPE,
    REFERENCE,
    is_read,
)

_COPY_ENDINGS = ("~", ".orig", ".rej")  # endings of the copies that editors and merges leave
_PAGE = "sources/<conflict>/<publisher>-<published>.yaml"
_EVENTS = "events/<conflict>.yaml"
_TABLES = ", ".join(f"{table}.csv" for table in REFERENCE)
_FOLDERS = ("sources", "events", "reference")
_ID = re.compile(SOURCE_ID + r"\Z")


def find_unread(folder: Path) -> Iterator[Finding]:
    """Yield a finding for each file in a folder of seeds that is not read.

    Skips files and folders whose names begin with a dot, and the copies that editors and merges leave.

    Args:
        folder: A folder with `reference/`, `events/` and `sources/`.
    """
    start = display_path(folder)
    waiting = [PurePosixPath()]
    while waiting:
        inside = waiting.pop()
        try:
            with os.scandir(folder / inside) as entries:
                listed = sorted(entries, key=lambda entry: entry.name)
        except OSError as fault:
            message = f"the folder cannot be read: {fault.strerror}"
            yield make_file_finding("file.unreadable", message, Place(_join(start, str(inside))))
            continue
        for entry in listed:
            if is_read((*inside.parts, entry.name)) or entry.name.startswith(".") or entry.name.endswith(_COPY_ENDINGS):
                continue
            name = inside / entry.name
            # Pages are read even if the folder of their conflict is a link.
            if entry.is_dir(follow_symlinks=inside.parts == ("sources",)):
                waiting.append(name)
            elif entry.is_dir():
                hint = "Put a folder in its place."
                yield make_file_finding(
                    "file.not-read", "the folder is not read: it is a link", Place(_join(start, str(name))), hint=hint
                )
            elif entry.is_file() and not _is_same(folder, name):
                reason, hint = explain_unread(folder, name)
                message = f"the file is not read: {reason}"
                yield make_file_finding("file.not-read", message, Place(_join(start, str(name))), hint=hint)


def _is_same(folder: Path, name: PurePosixPath) -> bool:
    """Return whether the file is read under its right name: some systems ignore case."""
    meant = _find_intended(name.parts)
    try:
        return meant.lower() == str(name).lower() and os.path.samefile(folder / meant, folder / name)
    except OSError:
        return False


def explain_unread(folder: Path, name: PurePosixPath) -> tuple[str, str]:
    """Return the reason why a file is not read, and a hint.

    Args:
        folder: The folder of seeds.
        name: Path of the file in the folder of seeds.

    Returns:
        reason: Part of a sentence, such as "its name does not end in .yaml".
        hint: What to do, as one or two sentences.
    """
    start = display_path(folder)
    meant = _find_intended(name.parts)
    reason = _explain_reason(name.parts, meant)
    if not meant:
        return reason, _suggest_fix(name.parts, start)
    if name.parts[0] == "events" and len(name.parts) > 2:
        return reason, f"Put its events into {_join(start, meant)}: one file holds all events of a conflict."
    at = _join(start, meant)
    if (folder / meant).exists():
        return reason, f"{at} is there already: keep one of the two files."
    same = meant.rpartition("/")[0] == str(name).rpartition("/")[0]
    return reason, f"Rename it to {at.rpartition('/')[2]}." if same else f"Move it to {at}."


def _find_intended(parts: tuple[str, ...]) -> str:
    """Return the name that a file should have, or "" if unknown."""
    *folders, name = parts
    stem, _, ending = name.rpartition(".")
    is_yaml, is_csv = ending.lower() in ("yaml", "yml"), ending.lower() == "csv"
    if ledger := next((n for n in LEDGERS if n.partition(".")[0] == stem.lower() and (is_yaml or is_csv)), ""):
        return ledger
    top = _find_near(folders[0], _FOLDERS) if folders else ""
    if is_csv and (top == "reference" or len(folders) < 2) and (table := _find_near(stem, REFERENCE)):
        return f"reference/{table}.csv"
    if is_yaml and top == "events":
        return f"events/{stem}.yaml" if len(folders) == 1 else _EVENTS
    if is_yaml and (top == "sources" or (not folders and _ID.match(stem.lower()))):
        conflict = folders[1] if len(folders) > 1 else "<conflict>"
        return f"sources/{conflict}/{stem}.yaml"
    return ""


def _find_near(word: str, words: tuple[str, ...]) -> str:
    return next(iter(find_close(word.lower(), words, least=0.8)), "")


def _explain_reason(parts: tuple[str, ...], meant: str) -> str:
    *folders, name = parts
    if not meant:
        return f"there is no reference table {name!r}" if folders[:1] == ["reference"] else "seeds have no such file"
    *expected, called = meant.split("/")
    ending = "." + called.rpartition(".")[2]
    if not name.endswith(ending):
        return f"its name does not end in {ending}"
    if len(folders) != len(expected):
        return f"it lies too {'high' if len(folders) < len(expected) else 'deep'} in the folders"
    return f"its name is not {called}" if folders == expected else f"its folder is not {'/'.join(expected)}"


def _suggest_fix(parts: tuple[str, ...], start: str) -> str:
    page = _join(start, _PAGE)
    if parts[0] == "parsed":
        return f"A draft is not a record. Keep drafts outside the seeds; a finished one goes to {page}."
    if parts[0] == COLLECTIONS:
        names = f"{RECIPE}, {LICENCE_TEXT}, {MANIFEST} and <table>{PACKED_CSV}"
        return f"A collection is the folder {_join(start, f'{COLLECTIONS}/<name>')} with {names}."
    if parts[0] == "reference":
        return f"The reference tables are {_TABLES}. Keep other tables outside the seeds."
    return f"Remove it, or keep it outside the seeds. A page is {page}, a file of events {_join(start, _EVENTS)}."


def _join(start: str, name: str) -> str:
    return name if start == "." else f"{start}/{name}"
