"""A second opinion on a data package, by the library frictionless."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

from conflictdata._utils.paths import display_path
from conflictdata.datapackage.descriptor import FILE, is_inside, read_descriptor
from conflictdata.findings import Finding, Place, Report
from conflictdata.rules.package_rules import FRICTIONLESS, FRICTIONLESS_HINT

RULE = FRICTIONLESS
MAX_ROWS = 100_000
MAX_BYTES = 1 << 28
MAX_LINE = 1_000_000  # the longest cell that our own reader accepts
MAX_ERRORS = 1_000  # per resource

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_STANDARD_PROFILES = {"data-package", "tabular-data-package", "data-resource", "tabular-data-resource"}
# Where frictionless would look for the data in another place than `path`.
_SOURCES = {"data", "scheme", "compression", "innerpath", "extrapaths", "basepath"}
# The standard's own form of CSV. Without it, frictionless guesses.
_DIALECT = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "skipInitialSpace": False}


@dataclass
class SecondOpinion:
    """What frictionless finds in a package, and what it did not read.

    Attributes:
        folder: Folder of the package.
        label: Folder as findings name it.
        errors: One finding per error.
        skipped: Reason per resource that was not read.
        read: Names of the resources that were read.
        parquet: Number of Parquet files, which are not read.
        damaged: CSV files with lines that our reader could not read.
    """

    folder: Path
    label: str
    errors: list[Finding] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    read: list[str] = field(default_factory=list)
    parquet: int = 0
    damaged: set[Path] = field(default_factory=set)

    def add(self, file: str, message: str, place: tuple[int, int] = (0, 0), **cell: Any) -> None:
        """Add an error in a file of the package."""
        text = message if len(message) <= 500 else f"{message[:500]}…"
        self.errors.append(
            Finding(
                RULE,
                "error",
                text,
                FRICTIONLESS_HINT,
                place=Place(f"{self.label}/{file}" if file else self.label, *place),
                **cell,
            )
        )

    def format_note(self) -> str:
        """Describe in one line what was read, and what was not."""
        left_out = [f"{name} ({reason})" for name, reason in self.skipped.items()]
        if self.parquet:
            left_out.append(f"{self.parquet} Parquet file{'s' if self.parquet > 1 else ''}")
        unread = f"; not read: {', '.join(left_out)}" if left_out else ""
        read = "1 resource" if len(self.read) == 1 else f"{len(self.read)} resources"
        return f"second reader, frictionless {version('frictionless')}: {read} read{unread}"


def add_second_opinion(report: Report, folder: Path, label: str = "") -> None:
    """Validate a package with frictionless. Add its own findings and one note to a report.

    Args:
        report: Report of our reader about the package. An error that it has already is not repeated.
        folder: Folder of the package, with `datapackage.json`.
        label: Folder as findings name it; by default the folder itself.

    Raises:
        UsageError: If the descriptor cannot be read.
    """
    opinion = read_package(folder, label or display_path(folder), report.errors)
    report.add(select_unreported(opinion.errors, report.errors))
    report.notes.append(opinion.format_note())
    report.sort()


def select_unreported(errors: Iterable[Finding], known: Iterable[Finding]) -> Iterator[Finding]:
    """Yield the errors that our own reader does not report at the same place.

    An error at a line is known if that line has an error in the same column, or in the whole line. An error of a
    whole file or its header is known if the file has any error.
    """
    lines: dict[tuple[str, int], list[set[str]]] = {}
    files: set[str] = set()
    for finding in known:
        if finding.place is not None:
            file = str(Path(finding.place.file).resolve())
            files.add(file)
            lines.setdefault((file, finding.place.line), []).append(set(finding.fields))
    for error in errors:
        place = error.place or Place("")
        file, columns = str(Path(place.file).resolve()), set(error.fields)
        at_line = lines.get((file, place.line), [])
        if file in files if place.line <= 1 else any(not columns or not c or columns & c for c in at_line):
            continue
        yield error


def read_package(folder: Path, label: str, known: Iterable[Finding] = ()) -> SecondOpinion:
    """Validate descriptor, schemas and CSV files of a package with frictionless.

    frictionless reads only CSV files inside the folder: nothing is fetched, and no other path is followed.

    Args:
        folder: Folder of the package.
        label: Folder as findings name it.
        known: Errors of our reader. A file whose lines it could not read is not read again, because frictionless
            would take each key of the lost rows for missing.

    Raises:
        UsageError: If the descriptor cannot be read.
    """
    lost = (f.place for f in known if f.place and f.rule.startswith(("csv.", "file.")))
    opinion = SecondOpinion(folder, label, damaged={Path(place.file).resolve() for place in lost})
    package = _prepare_package(opinion, read_descriptor(folder / FILE))
    limit = csv.field_size_limit()  # frictionless changes it for the whole process
    try:
        _run_frictionless(opinion, package)
    except Exception as fault:
        opinion.add(FILE, f"frictionless stops: {type(fault).__name__}: {fault}")
        opinion.skipped |= {r["name"]: "frictionless stopped" for r in package["resources"]}
    finally:
        csv.field_size_limit(limit)
    return opinion


def _prepare_package(opinion: SecondOpinion, package: dict[str, Any]) -> dict[str, Any]:
    """Return the descriptor with the resources to read, and the schemas in place of their paths."""
    listed = {str(r["name"]) for r in package["resources"]}
    resources = [r for r in package["resources"] if _prepare_resource(opinion, r)]
    read = {r["name"] for r in resources}
    for resource in resources:
        schema = resource.get("schema")
        keys = schema.get("foreignKeys") if isinstance(schema, dict) else None
        if isinstance(keys, list):
            schema["foreignKeys"] = [key for key in keys if _find_target(key) not in listed - read]
    _drop_profile(opinion, package, FILE)
    return {**package, "resources": resources}


def _find_target(key: Any) -> str:
    reference = key.get("reference") if isinstance(key, dict) else None
    return str(reference.get("resource") or "") if isinstance(reference, dict) else ""


def _prepare_resource(opinion: SecondOpinion, resource: dict[str, Any]) -> bool:
    """Put the schema and dialect into a resource. Return False if frictionless is not to read it."""
    name, path = resource["name"], resource["path"]
    if path.endswith(".parquet"):
        opinion.parquet += 1
        return False
    alternates = resource.get("alternates")
    opinion.parquet += len(alternates) if isinstance(alternates, list) else 0
    reason = _find_obstacle(opinion.folder, resource)
    if not reason and (opinion.folder / path).resolve() in opinion.damaged:
        reason = "damaged lines, see its errors"
    for part in ("schema", "dialect"):
        if not reason and isinstance(resource.get(part), str):
            resource[part], reason = _load_part(opinion, resource, part)
    if reason:
        opinion.skipped[name] = reason
        return False
    _drop_profile(opinion, resource, FILE)
    if "dialect" not in resource:
        resource["dialect"] = dict(_DIALECT)
    resource.setdefault("encoding", "utf-8")
    return True


def _drop_profile(opinion: SecondOpinion, described: dict[str, Any], file: str) -> None:
    """Remove a profile that frictionless would have to open or fetch, and report it."""
    profile = described.get("profile")
    if profile is not None and profile not in _STANDARD_PROFILES:
        opinion.add(file, f"the profile {str(profile)!r} is not a standard one and is not fetched")
        del described["profile"]


def _find_obstacle(folder: Path, resource: Mapping[str, Any]) -> str:
    """Return why a resource is not read, or ""."""
    path = resource["path"]
    if resource.get("format", "csv") != "csv" or not path.endswith(".csv") or _SOURCES & resource.keys():
        return "not a plain CSV file"
    if reason := _refuse_path(folder, path):
        return reason
    try:
        return _find_excess(folder / path)
    except OSError as fault:
        return f"cannot be read: {fault.strerror}"


def _refuse_path(folder: Path, path: str) -> str:
    """Return why a path of the descriptor is not opened, or ""."""
    if _REMOTE.match(path):
        return "a web address, which is not fetched"
    if not is_inside(path) or not (folder / path).resolve().is_relative_to(folder.resolve()):
        return "outside the package"
    return "" if (folder / path).is_file() else "missing"


def _find_excess(path: Path) -> str:
    """Return why a CSV file is too large to read again, or ""."""
    rows = line = longest = 0
    if path.stat().st_size > MAX_BYTES:
        return f"more than {MAX_BYTES >> 20} MB"
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            first, *others = block.split(b"\n")
            rows += len(others)
            longest = max(longest, line + len(first), *map(len, others))
            line = len(others[-1]) if others else line + len(first)
    if rows > MAX_ROWS + 1:
        return f"more than {MAX_ROWS:,} rows"
    return f"a line of more than {MAX_LINE:,} characters" if longest > MAX_LINE else ""


def _load_part(opinion: SecondOpinion, resource: Mapping[str, Any], part: str) -> tuple[Any, str]:
    """Load the file of a schema or dialect. Return its content and "", or None and why it cannot be used."""
    path = resource[part]
    reason = _refuse_path(opinion.folder, path)
    if reason:
        opinion.add(FILE, f"the {part} of {resource['name']} is {path!r}: {reason}", table=resource["name"])
        return None, f"no {part}"
    try:
        content = json.loads((opinion.folder / path).read_bytes())
    except (OSError, ValueError, RecursionError) as fault:
        content = str(fault)
    if isinstance(content, dict):
        return content, ""
    opinion.add(path, f"the {part} of {resource['name']} is not a JSON object", table=resource["name"])
    return None, f"no {part}"


def _run_frictionless(opinion: SecondOpinion, package: dict[str, Any]) -> None:
    """Validate a prepared descriptor, then the CSV files of its resources."""
    from frictionless import FrictionlessException, Package, system

    from conflictdata.validation.second_parser import PlainCsvPlugin

    try:
        content = Package.from_descriptor(package, basepath=str(opinion.folder))
    except FrictionlessException as fault:
        for error in fault.reasons or [fault.error]:
            opinion.add(FILE, error.message)
        opinion.skipped |= {r["name"]: "the descriptor has errors" for r in package["resources"]}
        return
    system.register("conflictdata", PlainCsvPlugin())
    try:
        tasks = {r.name: r.validate(limit_errors=MAX_ERRORS).tasks[0] for r in content.resources}
    finally:
        system.deregister("conflictdata")
    unread = {name for name, task in tasks.items() if not all(hasattr(e, "row_number") for e in task.errors)}
    for resource in package["resources"]:
        # In a table that was not read, each key is missing.
        errors = [e for e in tasks[resource["name"]].errors if getattr(e, "reference_name", None) not in unread]
        _add_errors(opinion, resource["name"], resource["path"], errors)
    opinion.read += tasks
    cut = [name for name, task in tasks.items() if any("error limit" in warning for warning in task.warnings)]
    opinion.skipped |= {f"the rest of {name}": f"after {MAX_ERRORS:,} errors" for name in cut}


def _add_errors(opinion: SecondOpinion, name: str, path: str, errors: Iterable[Any]) -> None:
    """Add the errors of a CSV file, with the lines of its records."""
    locate = _make_locator(opinion.folder / path, {getattr(error, "row_number", 0) for error in errors})
    for error in errors:
        row = getattr(error, "row_number", 0)
        columns = tuple(getattr(error, "field_names", ()) or filter(None, [getattr(error, "field_name", "")]))
        values = getattr(error, "field_cells", None) or [getattr(error, "cell", None) or getattr(error, "label", None)]
        line = locate(row) if row else 1 if getattr(error, "row_numbers", None) else 0
        opinion.add(path, error.message, (line, 0), table=name, fields=columns, value=str(values[0] or "")[:100])


def _make_locator(path: Path, rows: set[int]) -> Callable[[int], int]:
    """Return a function from the number of a CSV record, from 1, to its first line."""
    lines: dict[int, int] = {}
    first = 1
    if rows - {0}:
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            reader = csv.reader(file)
            for number, _ in enumerate(reader, start=1):
                if number in rows:
                    lines[number] = first
                first = reader.line_num + 1
    return lambda row: lines.get(row, row)
