"""The files of a table: found by path, folder or pattern, unpacked where they are packed, and their columns read."""

from __future__ import annotations

import glob
import re
import shutil
import tempfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from conflictdata._utils.paths import display_path
from conflictdata.findings import UsageError
from conflictdata.readers.seed_csv import make_reader

if TYPE_CHECKING:
    from conflictdata.validation.plan import Plan

SUFFIXES = (".csv", ".parquet")
PACKED_SUFFIXES = (".gz", ".zst")
_BLOCK = 1 << 22


@dataclass(frozen=True)
class Part:
    """One file of a table.

    Attributes:
        number: its place among the files.
        path: the file that is read, unpacked.
        name: the file that the user gave, as findings write it.
        columns: the columns of the file, in order, under the names of the plan.
        given: the names that the file has for them.
        types: the polars type of each column of a Parquet file; empty for a CSV.
        constants: what the names of its folders say: `year=2024` gives every row the year 2024.
        skipped: lines before the first row.
        is_text: the columns of the plan whose type in the file is not their own, so that a cell may be unreadable.
        typed: the columns of whole numbers of a CSV that its reader reads as such, which must be weighed afterwards (`engines.weighing`).
        has_raw: whether the file is a copy in canonical form, which has the texts as they were beside it (`base.raw`).
        table: the table, if every line of a CSV must be a record of it (`seeds.lines.Grammar`).
    """

    number: int
    path: Path
    name: str
    columns: tuple[str, ...]
    original_names: tuple[str, ...]
    types: dict[str, Any] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    skipped: int = 1
    is_text: frozenset[str] = frozenset()
    typed: frozenset[str] = frozenset()
    has_raw: bool = False
    table: str = ""

    @property
    def is_csv(self) -> bool:
        """True for a CSV, false for a Parquet file."""
        return not self.types

    @property
    def all_columns(self) -> tuple[str, ...]:
        """The columns of the file, and those that the names of its folders give."""
        return (*self.columns, *(c for c in self.constants if c not in self.columns))


def resolve_files(paths: Sequence[str | Path]) -> list[tuple[Path, Path]]:
    """The files that are meant, in order, each with the folder that it was found from.

    Args:
        paths: files, folders (every CSV and Parquet file below them), or patterns such as `ged/*.csv.gz`.

    Raises:
        UsageError: nothing is there, or a file has another form.
    """
    files: list[tuple[Path, Path]] = []
    for target in paths:
        if "://" in str(target) or re.match(r"(s3a?|hdfs|gs|abfss?|https?):/", str(target)):
            raise UsageError(f"{target} is an address; mount the store that it is in, or name a copy (docs/large.md)")
        path = Path(target)
        if path.is_dir():
            matches = sorted(
                p for p in path.rglob("*") if p.is_file() and detect_format(p) and not p.name.startswith((".", "_"))
            )
            files += [(p, path) for p in matches]
        elif path.is_file():
            matches = [path]
            files.append((path, path.parent))
        else:
            root, pattern = split_pattern(path)
            matches = sorted(root / p for p in glob.glob(pattern, root_dir=root, recursive=True))
            files += [(p, root) for p in matches if p.is_file()]
        if not matches:
            raise UsageError(f"{target} does not exist, or holds no CSV or Parquet file")
    for path, _ in files:
        if not detect_format(path):
            raise UsageError(f"{display_path(path)} is neither CSV nor Parquet (nor packed as .gz or .zst)")
    return files


def split_pattern(path: Path) -> tuple[Path, str]:
    """Split a path that does not exist into the longest folder that does, which is never a pattern, and the rest."""
    root = next((folder for folder in path.parents if folder.is_dir()), Path(path.anchor))
    return root, str(path.relative_to(root))


def detect_format(path: Path) -> str:
    """`.csv` or `.parquet`, by the name; empty for another file."""
    name = path.with_suffix("") if path.suffix in PACKED_SUFFIXES else path
    return name.suffix if name.suffix in SUFFIXES else ""


def is_folder_of_parts(path: Path) -> bool:
    """Whether a folder holds files of one table: Parquet or CSV files under folders named `column=value`."""
    return path.is_dir() and any("=" in p.name and p.is_dir() for p in path.iterdir())


def _parse_constants(path: Path, root: Path) -> dict[str, str]:
    """The columns that the names of the folders give."""
    try:
        folders = path.relative_to(root).parts[:-1]
    except ValueError:
        folders = path.parts[:-1]
    pairs = (name.partition("=") for name in folders if "=" in name)
    return {name: value for name, _, value in pairs if value != "__HIVE_DEFAULT_PARTITION__"}


@contextmanager
def open_workspace() -> Iterator[Path]:
    """A folder for what does not fit into memory, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="conflictdata-") as folder:
        yield Path(folder)


def prepare_part(number: int, path: Path, root: Path, plan: Plan, work: Path) -> Part:
    """One file, unpacked and with its columns.

    Raises:
        UsageError: the file is empty or cannot be read as what its name says.
    """
    ready = _unpack(path, work) if path.suffix in PACKED_SUFFIXES else path
    constants = _parse_constants(path, root)
    types, skipped = _read_parquet_types(ready, path), 0
    columns = tuple(types)
    if detect_format(path) == ".csv":
        columns, skipped = read_csv_header(ready, path, tags=plan.partial)
    named = plan.rename_columns(columns)
    types = dict(zip(named, types.values(), strict=True)) if types else {}
    table = "" if plan.partial else plan.table
    made = Part(number, ready, display_path(path), named, columns, types, constants, skipped, table=table)
    return replace(made, is_text=select_text_columns(made, plan))


def _unpack(path: Path, work: Path) -> Path:
    target = work / f"{len(list(work.iterdir()))}-{path.stem}"
    with _open_packed(path) as packed, target.open("wb") as plain:
        shutil.copyfileobj(packed, plain, _BLOCK)
    return target


@contextmanager
def _open_packed(path: Path) -> Iterator[IO[bytes]]:
    """Open what a packed file holds.

    Raises:
        UsageError: If the file cannot be opened, is damaged or ends too early; also while it is read.
    """
    try:
        with _packed(path) as stream:
            yield stream
    except (OSError, EOFError, zlib.error) as fault:
        reason = (str(fault).splitlines() or ["it is damaged"])[0]
        raise UsageError(
            f"{display_path(path)} cannot be unpacked: {reason}; check that the download is complete"
        ) from fault


def _packed(path: Path) -> IO[bytes]:
    if path.suffix == ".gz":
        import gzip

        return gzip.open(path, "rb")  # type: ignore[return-value]
    import pyarrow as pa

    stream: IO[bytes] = pa.CompressedInputStream(str(path), "zstd")
    return stream


def _read_parquet_types(ready: Path, path: Path) -> dict[str, Any]:
    """The columns of a Parquet file, with their types; none of a CSV."""
    import polars as pl

    if detect_format(path) == ".csv":
        return {}
    try:
        # `read_parquet_schema` takes a bracket in a name for a pattern.
        return dict(pl.scan_parquet(ready, glob=False, hive_partitioning=False).collect_schema())
    except (OSError, pl.exceptions.PolarsError) as fault:
        raise UsageError(f"{display_path(path)} is not a Parquet file: {str(fault).splitlines()[0]}") from fault


def read_csv_header(ready: Path, path: Path | None = None, *, tags: bool = True) -> tuple[tuple[str, ...], int]:
    """Read the names of the header, and count the lines before the first row: the header, and a row of HXL tags.

    Args:
        ready: the file, which may be packed.
        path: the file as messages call it, where that is another one.
        tags: whether a row of tags may follow the header.

    Raises:
        UsageError: If the file is empty or is not text, or if a column is twice in its header.
    """
    import io

    path = path or ready
    with _open_packed(ready) if ready.suffix in PACKED_SUFFIXES else ready.open("rb") as file:
        head = file.read(1 << 20)
    if not head.strip():
        raise UsageError(f"{display_path(path)} is empty")
    if b"\0" in head:
        raise UsageError(f"{display_path(path)} holds bytes that no CSV has")
    text = head.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace")
    rows = make_reader(io.StringIO(text, newline=""))
    header = next(rows)
    if twice := sorted({name for name in header if header.count(name) > 1}):
        raise UsageError(f"{display_path(path)}: the column {twice[0]!r} stands twice in the header")
    skipped = rows.line_num
    words = next(rows, []) if tags else []
    if any(word.startswith("#") for word in words) and all(word.startswith("#") or not word for word in words):
        skipped = rows.line_num
    return tuple(header), skipped


def select_text_columns(made: Part, plan: Plan) -> frozenset[str]:
    """The columns of the plan whose type in the file is not their own."""
    import polars as pl

    text = set()
    for c in plan.columns:
        dtype = made.types.get(c.column, pl.String())
        fits = {"count": dtype.is_integer(), "number": dtype.is_integer(), "date": dtype == pl.Date}
        if c.column in made.all_columns and not fits.get(c.kind):
            text.add(c.column)
    return frozenset(text)
