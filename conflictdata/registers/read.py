"""Read the tables of the registers: from the installed release, or from a folder of seeds."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from conflictdata.findings import UsageError
from conflictdata.registers.entries import COLUMNS
from conflictdata.seeds.files import list_seed_files

DATA = Path(__file__).parents[1] / "data" / "csv"
_LARGEST = 64 * 2**20  # bytes of a file

# What may name an actor or a place in the text of a page: keys, the values of some of them, and items of lists.
_PAGE = re.compile(
    r"^(?P<head>publisher|copied_from|url): *(?P<text>\S.*)"
    r"|(?:^ +|[{,] *)(?P<key>[a-z0-9_]+):(?: *(?P<value>\[[a-z0-9_, ]+|[a-z0-9_]+))?"
    r"|^ *- +(?P<item>[a-z0-9_]+) *$",
    re.MULTILINE,
)
_NAMING_KEYS = frozenset(("claimant", "via", "perpetrator", "actor", "location"))

Rows = list[dict[str, str]]


def read_release() -> dict[str, Rows]:
    """Return the tables of the registers in the installed release.

    Raises:
        UsageError: If no release is installed.
    """
    if not (DATA / "actors.csv").is_file():
        hint = f"in a source tree, build the data with `conflictdata publish --out {DATA.parent}`"
        raise UsageError(f"no data is installed ({DATA / 'actors.csv'} is missing); {hint}, or name seeds with --seeds")
    return _read_tables(DATA)


def read_seeds_folder(folder: Path) -> dict[str, Rows]:
    """Return the tables of the registers in a folder of seeds.

    Pages are searched for ids, not parsed: what a page says is not needed to find a name.

    Raises:
        UsageError: If it is not a folder of seeds, or a table or an event file cannot be read.
    """
    reference = folder / "reference"
    if not (reference / "actors.csv").is_file():
        raise UsageError(f"{folder} is not a folder of seeds: it has no reference/actors.csv")
    tables = _read_tables(reference)
    tables |= {"events": [], "event_actors": [], "uses": [], "sources": []}
    for seed in list_seed_files(folder):
        text = _read_text(Path(seed.path))
        if seed.is_page:
            _scan_page(text, seed.conflict, tables)
        else:
            for id_, event in _parse_events(text, seed.shown):
                _add_event(id_, event, seed.conflict, tables)
    return tables


def _read_tables(folder: Path) -> dict[str, Rows]:
    files = {table: folder / f"{table}.csv" for table in COLUMNS}
    if files["conflict_actors"].is_file():
        del files["figures"]  # the largest table, read for the actors of each conflict
    return {table: read_csv(file) for table, file in files.items() if file.is_file()}


def read_csv(file: Path) -> Rows:
    """Return the rows of a table, with the columns that the registers read.

    Raises:
        UsageError: If the file cannot be read, is not UTF-8 or CSV, or lacks its first column.
    """
    csv.field_size_limit(max(csv.field_size_limit(), _LARGEST))
    columns = COLUMNS[file.stem]
    try:
        lines = csv.reader(io.StringIO(_read_text(file), newline=""), strict=True)
        header = {name: at for at, name in enumerate(next(lines, []))}
        places = [(name, header.get(name, -1)) for name in columns]
        found = [{name: row[at] if -1 < at < len(row) else "" for name, at in places} for row in lines if row]
    except csv.Error as fault:
        raise UsageError(f"{file} is not CSV: {fault}; see `conflictdata validate`") from None
    if columns[0] not in header:
        raise UsageError(f"{file} has no column {columns[0]}; see `conflictdata validate`")
    return found


def _read_text(file: Path) -> str:
    """Return the text of a regular file, without a byte-order mark."""
    try:
        if not file.is_file():
            raise UsageError(f"{file} is not a file")
        with file.open("rb") as stream:
            data = stream.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            raise UsageError(f"{file} is larger than {_LARGEST:,} bytes")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{file} is not UTF-8; see `conflictdata validate`") from None


def _scan_page(text: str, conflict: str, tables: dict[str, Rows]) -> None:
    """Add the publisher and the address of a page, and the ids in its text."""
    head: dict[str, str] = {}
    ids: set[str] = set()
    for found in _PAGE.finditer(text):
        if found["head"]:
            head.setdefault(found["head"], found["text"].strip("\"' "))
        elif found["key"] in _NAMING_KEYS:
            ids.update((found["value"] or "").strip("[").replace(",", " ").split())
        else:
            ids.add(found["key"] or found["item"])
    publisher = head.get("publisher", "")
    ids |= {publisher, head.get("copied_from", "")}
    tables["sources"].append({"source_id": "", "publisher_id": publisher, "url": head.get("url", "")})
    tables["uses"] += [{"conflict_id": conflict, "record_id": id_} for id_ in ids]


def _parse_events(text: str, file: str) -> Iterator[tuple[str, dict[str, Any]]]:
    import yaml

    try:
        events = yaml.load(text, Loader=getattr(yaml, "CBaseLoader", yaml.BaseLoader))  # makes texts alone
    except (yaml.YAMLError, RecursionError):
        raise UsageError(f"{file} cannot be read; see `conflictdata validate`") from None
    for id_, event in events.items() if isinstance(events, dict) else ():
        if isinstance(id_, str) and isinstance(event, dict):
            yield id_, event


def _add_event(id_: str, event: dict[str, Any], conflict: str, tables: dict[str, Rows]) -> None:
    """Add an event of a folder of seeds as the tables have it."""

    def read(key: str) -> str:
        value = event.get(key)
        return value if isinstance(value, str) else ""

    first, _, last = read("date").partition("/")
    tables["events"].append(
        {
            "event_id": id_, "conflict_id": conflict, "event_type": read("type"), "date_start": first,
            "date_end": last or first, "location_id": read("location"), "summary": read("summary"),
        }
    )  # fmt: skip
    for role in ("initiator", "target", "party"):
        value = event.get(role)
        actors = value if isinstance(value, list) else [value]
        rows = [{"event_id": id_, "actor_id": actor, "role": role} for actor in actors if isinstance(actor, str)]
        tables["event_actors"] += rows
