"""All findings as one Parquet file, written while they are found."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from conflictdata.findings import Finding, UsageError

_BATCH_SIZE = 50_000  # findings of a row group


class FindingsFile:
    """A Parquet file with one row per finding and the keys of the JSON report as columns, complete or not written at all.

    Args:
        path: the file.

    Raises:
        UsageError: it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.is_dir():
            raise UsageError(f"--findings: {path} is a folder; name a file in it")
        self._temporary = path.with_name(f".{path.name}.{os.getpid()}")
        self._pending: list[dict[str, Any]] = []

    def __enter__(self) -> FindingsFile:
        import pyarrow as pa
        import pyarrow.parquet as pq

        whole = dict.fromkeys(("line", "column"), pa.int64())
        columns = {
            **dict.fromkeys(Finding("", "error", "").as_dict(), pa.string()),
            **whole,
            "fields": pa.list_(pa.string()),
        }
        self._schema = pa.schema(list(columns.items()))
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._writer = pq.ParquetWriter(self._temporary, self._schema, compression="zstd")
        except OSError as fault:
            raise UsageError(f"--findings: {self.path} cannot be written: {fault.strerror or fault}") from fault
        return self

    def write(self, findings: Sequence[Finding]) -> None:
        """Add findings."""
        self._pending += [finding.as_dict() for finding in findings]
        if len(self._pending) >= _BATCH_SIZE:
            self._flush()

    def _flush(self) -> None:
        import pyarrow as pa

        if self._pending:
            self._writer.write_table(pa.Table.from_pylist(self._pending, schema=self._schema))
            self._pending = []

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._flush()
        self._writer.close()
        if kind is None:
            self._temporary.replace(self.path)
        else:
            self._temporary.unlink(missing_ok=True)


def write_findings(path: Path, findings: Sequence[Finding]) -> None:
    """Write findings that are all known to a Parquet file.

    Raises:
        UsageError: it cannot be written.
    """
    with FindingsFile(path) as file:
        file.write(findings)
