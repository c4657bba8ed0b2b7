"""`open_table`: any file that holds a table, read into memory as text with places."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.findings import Finding, Place, UsageError
from conflictdata.readers.csv import read_csv, read_names
from conflictdata.readers.csv_header import HEAD_BYTES
from conflictdata.readers.packing import LARGEST_JSON, detect_format, is_packed, iterate_blocks, read_start
from conflictdata.readers.row_faults import drop_false_rows
from conflictdata.readers.sheet import SourceTable
from conflictdata.readers.text_form import TextForm, detect_form
from conflictdata.rules.file_rules import make_unreadable_finding

_PARQUET = b"PAR1"
_LARGEST = 2_000_000_000  # bytes of a table in memory


def open_table(
    path: Path, table: str = "", name: str = "", constants: Collection[str] = (), *, only_head: bool = False
) -> SourceTable:
    """Read a file that holds one table: CSV in any form, JSON, JSON lines or Parquet, packed or not.

    Here and nowhere else the form of a file is judged. In a table of ours another form than plain CSV (UTF-8, commas, line feeds, one
    header) is an error with its line, and is read all the same. In files of others it is a remark.

    Args:
        path: The file.
        table: Our table that it holds; empty for files of others.
        name: Name of the file in findings, if it is not that of the path.
        constants: Columns that the names of folders give.
        only_head: Whether the first rows of a CSV are enough.

    Returns:
        The table. What could not be read is in its findings; then its frame may be empty.
    """
    file = name or display_path(path)
    try:
        start = read_start(path, 1 << 12)
        if start.startswith(_PARQUET) or detect_format(path) == "parquet":
            return _open_parquet(path, table, file, constants)
        form = detect_form(iterate_blocks(path), file, is_own=bool(table))
        if isinstance(form, Finding):
            return SourceTable(file, findings=[form])
        data = _read_text(path, form, HEAD_BYTES if only_head else _LARGEST)
    except UsageError as fault:
        return SourceTable(file, findings=[make_unreadable_finding(fault, Place(file))])
    source = _read_data(data, path, file, table, constants)
    source.findings = [*form.findings, *source.findings]
    source.remarks = [*form.remarks, *source.remarks]
    return source


def _read_text(path: Path, form: TextForm, most: int) -> bytes:
    """Return the text of a file in UTF-8; of a long CSV of which the first rows are enough, these rows."""
    blocks, size = [], 0
    for block in form.convert(iterate_blocks(path)):
        blocks.append(block)
        size += len(block)
        if size > LARGEST_JSON and is_json(blocks[0], path):
            break  # the reader of JSON reports that it is too long
        if size > most < _LARGEST and not is_json(blocks[0], path):
            text = b"".join(blocks)
            return text[: text.rfind(b"\n") + 1] or text
        if size > _LARGEST:
            raise UsageError(f"{form.file} unpacks to more than {_LARGEST:,} bytes; give it unpacked, or as Parquet")
    return b"".join(blocks)


def _read_data(data: bytes, path: Path, file: str, table: str, constants: Collection[str]) -> SourceTable:
    if is_json(data, path):
        from conflictdata.readers.json import read_json

        source = read_json(data.decode("utf-8", "replace"), file)
        return source if table else drop_false_rows(source)
    return read_csv(data, file, table, constants)


def is_json(data: bytes, path: Path) -> bool:
    """Return whether a text is JSON: by its first sign, or by the name of its file."""
    return data[:HEAD_BYTES].lstrip()[:1] in (b"[", b"{") or detect_format(path) == "json"


def _open_parquet(path: Path, table: str, file: str, constants: Collection[str]) -> SourceTable:
    from conflictdata._utils.work_folder import open_work_folder
    from conflictdata.readers.parquet import read_parquet

    if not is_packed(path):
        return read_parquet(path, table, file, constants)
    with open_work_folder() as folder:
        plain = folder / "table.parquet"
        with plain.open("wb") as copy:
            for block in iterate_blocks(path):
                copy.write(block)
        return read_parquet(plain, table, file, constants)


def read_columns(path: Path) -> list[str]:
    """Return the columns of a file, for which only its head is read where that is enough; none if it cannot be read."""
    try:
        head = read_start(path, HEAD_BYTES)
        if head.startswith(_PARQUET) or detect_format(path) == "parquet":
            from conflictdata.readers.parquet import read_parquet_columns

            return read_parquet_columns(path) if not is_packed(path) else open_table(path).columns
        form = detect_form(_iterate_once(head), display_path(path), is_own=False)
        if isinstance(form, Finding):
            return []
        text = b"".join(form.convert(_iterate_once(head)))
        return open_table(path).columns if is_json(text, path) else read_names(text, display_path(path))
    except UsageError:
        return []


def _iterate_once(block: bytes) -> Iterator[bytes]:
    yield block
