"""Read a folder of seeds: reference tables, event files, pages and ledgers."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from conflictdata._utils.paths import display_path
from conflictdata._utils.regular_files import find_repository
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import RecordDraft
from conflictdata.readers.seed_csv import read_table
from conflictdata.readers.text import decode_text, read_bytes
from conflictdata.readers.yaml import Node, parse_yaml
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.seeds.collections import list_collection_folders, read_collection
from conflictdata.seeds.events import EventReader
from conflictdata.seeds.figures import Register
from conflictdata.seeds.files import REFERENCE, REQUIRED, SeedFile, list_seed_files
from conflictdata.seeds.ledgers import check_retired, read_release, read_waivers
from conflictdata.seeds.sources import SourceReader
from conflictdata.seeds.unread_files import find_unread

Item = TypeVar("Item")

Progress = Callable[[Iterable[Any]], Iterable[Any]]  # passes the items on, and may show the progress


class Work(list[Item]):
    """List of items to process, with texts for a progress bar.

    Attributes:
        what: The activity, such as "Reading seeds".
        unit: The kind of items, such as "files".
    """

    def __init__(self, items: Iterable[Item], what: str, unit: str) -> None:
        super().__init__(items)
        self.what = what
        self.unit = unit


def read_tree(path: Path, findings: list[Finding], root: Path | None = None) -> Node | None:
    """Return the tree of a YAML file, or None if it is unreadable. Appends findings. A link may not lead out of `root`."""
    data, faults = read_bytes(path, display_path(path), root=root)
    findings += faults
    return parse_tree(data, display_path(path), findings) if data is not None else None


def parse_tree(data: bytes, file: str, findings: list[Finding]) -> Node | None:
    """Return the tree of YAML bytes, or None if unreadable. Appends findings."""
    text, faults = decode_text(data, file)
    findings += faults
    if text is None:
        return None
    root, troubles = parse_yaml(text, file)
    # Do not report a tab or control character a second time as a syntax error.
    seen = {(f.place.line if f.place else 0) for f in faults}
    # A tab that indents a line makes the next one fit no block.
    seen |= {f.place.line + 1 for f in faults if f.rule == "file.tab" and f.place}
    findings += [f for f in troubles if f.rule != "yaml.syntax" or (f.place and f.place.line not in seen)]
    if root is None and not troubles:
        findings.append(make_file_finding("file.empty", "the file has no content", Place(file)))
    return root


def read_reference(folder: Path, draft: RecordDraft) -> None:
    """Read the reference tables of a folder of seeds into a draft."""
    root = find_repository(folder)
    for table in REFERENCE:
        path = folder / "reference" / f"{table}.csv"
        if not path.exists() and table not in REQUIRED:
            continue
        if not path.exists():
            message = f"the reference table {display_path(path)} is missing"
            draft.findings.append(make_file_finding("seed.missing-table", message, Place(display_path(path))))
            continue
        records, findings = read_table(path, display_path(path), table, ordered=True, root=root)
        draft.files.append(display_path(path))
        draft.findings += findings
        for record in records:
            draft.add(record)


def _find_emptied_tables(folder: Path, draft: RecordDraft) -> Iterator[Finding]:
    """Report registers that have lost their rows: pages and events refer to them.

    One finding per table, and none per reference.
    """
    unreadable = {f.place.file for f in draft.findings if f.place and f.place.file.endswith(".csv")}
    for table in ("actors", "conflicts", "locations"):
        file = display_path(folder / "reference" / f"{table}.csv")
        if file in draft.files and file not in unreadable and not draft.records[table]:
            message, hint = f"{table} has no rows", "Restore the rows, such as with `git checkout`."
            yield make_file_finding("seed.missing-table", message, Place(file, 1), hint=hint)


def build_register(draft: RecordDraft) -> Register:
    """Return the names that seeds may use, from the reference tables of a draft."""
    actors = {r.text("actor_id"): r.text("kind") for r in draft.records["actors"]}
    locations = frozenset(r.text("location_id") for r in draft.records["locations"])
    whole = not any(f.rule == "csv.syntax" for f in draft.findings)  # else rows are missing
    return Register(actors, locations, complete=bool(actors) and bool(locations) and whole)


def read_seeds(folder: Path, *, progress: Progress = iter) -> RecordDraft:
    """Read all records of a folder of seeds.

    Args:
        folder: A folder with `reference/`, `events/` and `sources/`.
        progress: Wraps the files while they are read, to show a progress bar.

    Returns:
        The records and findings. Only the form of the files has been checked.
    """
    draft = RecordDraft()
    read_reference(folder, draft)
    register = build_register(draft)
    readers = EventReader(draft), SourceReader(draft, register)
    root = find_repository(folder)
    files = _drop_duplicate_pages(list_seed_files(folder), draft)
    if files:
        draft.findings += _find_emptied_tables(folder, draft)
    with _stop_garbage_collection():
        for seed in progress(Work(files, "Reading seeds", "files")):
            _read_file(seed, draft, readers, root)
    _read_ledgers(folder, draft)
    for place in list_collection_folders(folder):
        draft.findings += read_collection(place).findings
    draft.findings += find_unread(folder)
    return draft


@contextlib.contextmanager
def _stop_garbage_collection() -> Iterator[None]:
    """Disable the cyclic garbage collector, which takes a fifth of the reading time.

    Reading creates millions of small objects without reference cycles.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _drop_duplicate_pages(seeds: Iterable[SeedFile], draft: RecordDraft) -> list[SeedFile]:
    """Return the files without pages whose id is already used, which are reported."""
    seen: dict[str, str] = {}
    kept = []
    for seed in seeds:
        draft.files.append(seed.shown)
        if seed.is_page and seed.stem in seen:
            message = f"the source id {seed.stem} is {seen[seed.stem]}'s already"
            draft.findings.append(
                make_file_finding("seed.duplicate-source", message, Place(seed.shown), value=seed.stem)
            )
            continue
        if seed.is_page:
            seen[seed.stem] = seed.shown
        kept.append(seed)
    return kept


def _read_file(seed: SeedFile, draft: RecordDraft, readers: tuple[EventReader, SourceReader], root: Path) -> None:
    data, faults = read_bytes(Path(seed.path), seed.shown, root=root)
    draft.findings += faults
    tree = parse_tree(data, seed.shown, draft.findings) if data is not None else None
    events, pages = readers
    (pages if seed.is_page else events).read(tree, seed.shown, seed.conflict)


def _read_ledgers(folder: Path, draft: RecordDraft) -> None:
    root = find_repository(folder)
    waivers, retired = folder / "waivers.yaml", folder / "retired.csv"
    if waivers.exists():
        draft.files.append(display_path(waivers))
        read_waivers(read_tree(waivers, draft.findings, root), display_path(waivers), draft)
    if retired.exists():
        draft.files.append(display_path(retired))
        check_retired(retired, display_path(retired), draft, root)
    release = folder / "release.yaml"
    if release.exists():
        draft.files.append(display_path(release))
        draft.release = read_release(read_tree(release, draft.findings, root), display_path(release), draft)
