"""Collections in a folder of seeds: parsed records of other makers, each with its recipe, its licence and its hashes.

`collections/<name>/` contains `recipe.yaml`, which people write; `LICENSE.txt`, the makers' own text; and, written by
`conflictdata.devtools.collect`, `records.json` and one packed CSV file per table that has rows.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conflictdata._utils.paths import display_path
from conflictdata.findings import Finding, Place
from conflictdata.readers.records import Cell
from conflictdata.readers.text import decode_text, read_bytes
from conflictdata.readers.yaml import Block, Items, Node, parse_yaml
from conflictdata.rules.file_rules import make_file_finding
from conflictdata.schema.columns import list_tables
from conflictdata.seeds.files import COLLECTIONS, LICENCE_TEXT, MANIFEST, PACKED_CSV, RECIPE
from conflictdata.seeds.walker import Walker

FORM = 1  # version of the form of records.json
HASHES = "release.files-match-descriptor"

_NAME = re.compile(r"[a-z][a-z0-9_]{1,39}\Z")
_SPDX = re.compile(r"[A-Za-z0-9][A-Za-z0-9.+-]*\Z")
_NEEDS = ("profile", "title", "summary", "caution", "licence", "notice", "origin")
_LICENCE_NEEDS = ("name", "title", "path")
_WARNING_NEEDS = ("rule", "count", "reason", "by", "on")
_REMAKE = "Put the file back as it was committed, or make the records again: python -m conflictdata.devtools.collect."


@dataclass(frozen=True)
class ExplainedWarning:
    """Warnings of one rule that the makers' table causes, with the reason why they are published.

    Attributes:
        rule: Id of the rule.
        count: Number of findings that the reason covers.
        reason: The reason, in one sentence.
        note: More about it.
        by: Who compared the records with the makers' table.
        on: Day of the comparison.
        place: Where the recipe says so.
    """

    rule: str
    count: int
    reason: str
    note: str
    by: str
    on: str
    place: Place


@dataclass(frozen=True)
class Recipe:
    """What people say about a collection.

    Attributes:
        profile: Dataset in `conflictdata.datasets` whose importer makes the records.
        title: Title of the data package.
        summary: Description, in a few sentences.
        caution: What readers must know before they use a number. It is repeated wherever the collection is shown.
        licence: `name` (SPDX), `title` and `path` of the makers' licence.
        notice: What the licence asks of users.
        origin: Address of the makers' files.
        explained: The warnings that are published with a reason.
    """

    profile: str
    title: str
    summary: str
    caution: str
    licence: Mapping[str, str]
    notice: str
    origin: str
    explained: tuple[ExplainedWarning, ...] = ()


@dataclass(frozen=True)
class RecordFile:
    """A packed CSV file of a collection: its table, its rows, and the SHA-256 of its bytes."""

    table: str
    file: str
    rows: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """Contents of `records.json`.

    Attributes:
        imports: The makers' files, in the order of their import: `table`, `file`, `sha256`, `published_on`, `rows`, `left_out`.
        columns: The makers' columns: `table`, `column`, `filled` (cells with a value), `sum` and `carried`.
        tables: The packed files.
    """

    imports: tuple[Mapping[str, Any], ...]
    columns: tuple[Mapping[str, Any], ...]
    tables: tuple[RecordFile, ...]


@dataclass
class CollectionDraft:
    """A collection as it is in the seeds. Only its form has been checked.

    Attributes:
        folder: Its folder. The name of the folder is the name of the collection.
        recipe: The recipe. None if it cannot be read.
        manifest: The contents of `records.json`. None if it cannot be read.
        licence_text: The makers' licence.
        findings: What is wrong with the form of the files.
    """

    folder: Path
    recipe: Recipe | None = None
    manifest: Manifest | None = None
    licence_text: str = ""
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the name of the collection."""
        return self.folder.name

    def get_file(self, table: str) -> Path:
        """Return the packed file of a table. It may be missing."""
        return self.folder / f"{table}{PACKED_CSV}"


def list_collection_folders(seeds: Path) -> list[Path]:
    """Return the folders of the collections in a folder of seeds, sorted by name."""
    parent = seeds / COLLECTIONS
    folders = sorted(parent.iterdir()) if parent.is_dir() else []
    return [folder for folder in folders if folder.is_dir() and not folder.name.startswith(".")]


def compute_fingerprint(folder: Path) -> str:
    """Return the SHA-256 of all that the tables of a collection are made of: its files, and the registers."""
    files = [*(folder.parents[1] / "reference").glob("*.csv"), *folder.glob("*")]
    digest = hashlib.sha256()
    for file in sorted(path for path in files if path.is_file()):
        digest.update(f"{file.name}\0{hashlib.sha256(file.read_bytes()).hexdigest()}\0".encode())
    return digest.hexdigest()


def describe_collections(seeds: Path) -> list[str]:
    """Describe, for the report on a folder of seeds, how far its collections were checked. Empty if there are none."""
    names = [folder.name for folder in list_collection_folders(seeds)]
    if not names:
        return []
    start = display_path(seeds / COLLECTIONS)
    return [
        f"collections {', '.join(names)}: recipe, licence and hashes were checked. `conflictdata validate {start}/{names[0]}` "
        "evaluates the rules, and so do publish and release"
    ]


def is_collection(folder: Path) -> bool:
    """Return whether a folder is a collection of a folder of seeds."""
    return folder.parent.name == COLLECTIONS and ((folder / RECIPE).is_file() or (folder / MANIFEST).is_file())


def read_collection(folder: Path) -> CollectionDraft:
    """Read the recipe, the licence and `records.json` of a collection, and compare the hashes of its files.

    Args:
        folder: A folder in `seeds/collections/`.
    """
    draft = CollectionDraft(folder)
    if not _NAME.match(folder.name):
        message = f"{folder.name!r} is not the name of a collection"
        hint = "Use small letters, digits and _, at most 40."
        draft.findings.append(make_file_finding("seed.shape", message, Place(display_path(folder)), hint=hint))
    draft.recipe = _read_recipe(folder / RECIPE, draft.findings)
    draft.licence_text = _read_licence(folder / LICENCE_TEXT, draft.findings)
    draft.manifest = _read_manifest(folder / MANIFEST, draft.findings)
    if draft.manifest is not None:
        draft.findings += _compare_hashes(folder, draft.manifest)
    return draft


def _report_missing(path: Path, what: str, hint: str) -> Finding:
    message = f"{what} is missing: {display_path(path)}"
    return make_file_finding("seed.missing-table", message, Place(display_path(path)), hint=hint)


def _read_text(path: Path, what: str, hint: str, findings: list[Finding]) -> str | None:
    if not path.is_file():
        findings.append(_report_missing(path, what, hint))
        return None
    data, faults = read_bytes(path, display_path(path))
    findings += faults
    text, faults = decode_text(data, display_path(path)) if data is not None else (None, [])
    findings += faults
    return text


def _read_licence(path: Path, findings: list[Finding]) -> str:
    hint = "Copy the text of the makers' licence into it, with its copyright line."
    return _read_text(path, "the text of the licence", hint, findings) or ""


def _read_recipe(path: Path, findings: list[Finding]) -> Recipe | None:
    name = display_path(path)
    text = _read_text(path, "the recipe of the collection", "Write it as docs/collections.md says.", findings)
    root, faults = parse_yaml(text, name) if text else (None, [])
    findings += faults
    walker = Walker(name, findings)
    block = walker.read_block(root, "the recipe")
    if block is None:
        return None
    before = len(findings)
    nodes = walker.read_nodes(block, {*_NEEDS, "warnings"}, "the recipe")
    walker.require(nodes, _NEEDS, block, "the recipe")
    cells = walker.fill_cells(nodes, {key: key for key in _NEEDS if key != "licence"})
    licence = _read_licence_block(walker, nodes.get("licence"))
    explained = tuple(_read_warnings(walker, nodes.get("warnings")))
    if len(findings) > before:
        return None
    return Recipe(licence=licence, explained=explained, **{key: cell.text for key, cell in cells.items()})


def _read_licence_block(walker: Walker, node: Node | None) -> dict[str, str]:
    block = walker.read_block(node, "licence")
    if block is None:
        return {}
    nodes = walker.read_nodes(block, _LICENCE_NEEDS, "licence")
    walker.require(nodes, _LICENCE_NEEDS, block, "licence")
    cells = walker.fill_cells(nodes, dict(zip(_LICENCE_NEEDS, _LICENCE_NEEDS, strict=True)))
    if "name" in cells and not _SPDX.match(cells["name"].text):
        message = f"{cells['name'].text!r} is not the SPDX name of a licence"
        walker.report("seed.shape", message, nodes["name"], hint="Write the identifier of spdx.org, such as MIT.")
    return {key: cell.text for key, cell in cells.items()}


def _read_warnings(walker: Walker, node: Node | None) -> Iterator[ExplainedWarning]:
    if node is not None and not isinstance(node, Items):
        walker.report("seed.shape", "warnings is a list: each entry starts with `- rule: ...`", node)
        return
    for item in node.items if node is not None else ():
        block = walker.read_block(item, "an entry of warnings")
        cells = _read_warning(walker, block) if block is not None else None
        if cells is None:
            continue
        values = {key: cell.text for key, cell in cells.items() if key != "count"}
        place = Place(walker.file, cells["rule"].line, cells["rule"].column)
        yield ExplainedWarning(count=int(cells["count"].text), place=place, note=values.pop("note", ""), **values)


def _read_warning(walker: Walker, block: Block) -> dict[str, Cell] | None:
    """Return the cells of an explained warning. None if one is missing or wrong."""
    nodes = walker.read_nodes(block, {*_WARNING_NEEDS, "note"}, "an entry of warnings")
    walker.require(nodes, _WARNING_NEEDS, block, "an entry of warnings")
    cells = walker.fill_cells(nodes, {key: key for key in (*_WARNING_NEEDS, "note")})
    if "count" in cells and not re.fullmatch(r"[1-9][0-9]{0,8}", cells["count"].text):
        walker.report("seed.shape", f"count is {cells['count'].text!r}, not a whole number above 0", nodes["count"])
        return None
    return cells if set(_WARNING_NEEDS) <= set(cells) else None


def _read_manifest(path: Path, findings: list[Finding]) -> Manifest | None:
    hint = "Make it with `python -m conflictdata.devtools.collect`."
    text = _read_text(path, "the list of the records", hint, findings)
    if text is None:
        return None
    try:
        return _parse_manifest(json.loads(text))
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        reason = f"{fault} is missing" if isinstance(fault, KeyError) else str(fault) or type(fault).__name__
        message = f"it is not a list of records: {reason}"
        findings.append(make_file_finding("json.shape", message, Place(display_path(path)), hint=_REMAKE))
        return None


def _parse_manifest(document: Mapping[str, Any]) -> Manifest:
    if document["records_version"] != FORM:
        raise ValueError(f"its form is {document['records_version']!r}; this version of conflictdata reads {FORM}")
    files = [RecordFile(t["table"], t["file"], t["rows"], t["sha256"]) for t in document["tables"]]
    for listed in files:
        if listed.table not in list_tables() or listed.file != f"{listed.table}{PACKED_CSV}":
            raise ValueError(f"{listed.file!r} is not the packed file of a table")
    imports, columns = document["imports"], document["columns"]
    if not imports or not all(isinstance(done["sha256"], str) and done["file"] for done in imports):
        raise ValueError("it does not say which files the records were made from")
    return Manifest(tuple(imports), tuple(columns), tuple(files))


def _compare_hashes(folder: Path, manifest: Manifest) -> Iterator[Finding]:
    listed = {item.file: item for item in manifest.tables}
    for name, item in listed.items():
        place = Place(display_path(folder / name))
        try:
            actual = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError as fault:
            message = f"{MANIFEST} lists it, and it cannot be read: {fault.strerror}"
            yield Finding(HASHES, "error", message, _REMAKE, item.table, place=place)
            continue
        if actual != item.sha256:
            message = f"its SHA-256 is {actual} where {MANIFEST} says {item.sha256}"
            yield Finding(HASHES, "error", message, _REMAKE, item.table, value=actual, place=place)
    for path in sorted(folder.glob(f"*{PACKED_CSV}")):
        if path.name not in listed:
            yield Finding(HASHES, "error", f"{MANIFEST} does not list it", _REMAKE, place=Place(display_path(path)))
