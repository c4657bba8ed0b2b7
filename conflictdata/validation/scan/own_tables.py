"""Checking one of our own tables, of any size, by all rules that need no other table.

The table is split into chunks whose records no rule compares with those of another chunk (`chunks`). Each chunk goes through the
pipeline that checks a small table in memory. So the findings are the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

import polars as pl

from conflictdata.findings import Finding, Place, Report, Tally, UsageError
from conflictdata.readers.csv import report_layout
from conflictdata.readers.csv_lines import CsvLayout
from conflictdata.readers.normalize import convert_to_text
from conflictdata.readers.sheet import SourceTable
from conflictdata.rules import load_rules
from conflictdata.rules.integrity import guess_keys
from conflictdata.schema.columns import list_column_kinds, list_key_columns, list_references, make_text_schema
from conflictdata.validation.evaluate import FrameEngine
from conflictdata.validation.not_evaluated import describe_missing_tables
from conflictdata.validation.pipeline import ValidationTarget, validate_target
from conflictdata.validation.plan import Plan
from conflictdata.validation.scan import csv_structure
from conflictdata.validation.scan.base import ReadError, ScanEngine
from conflictdata.validation.scan.chunks import LINKS, ROW, ChunkMap, RowLinks, hash_links, list_link_columns
from conflictdata.validation.scan.csv_locations import CellLocator
from conflictdata.validation.scan.files import Part
from conflictdata.validation.scan.sink import FindingSink

ROWS_PER_CHUNK = 100_000
_MIN_ROWS = 5_000
_MAX_FINDINGS = 150_000  # findings that are held at once, as far as the rows before tell
_BASE_MEMORY, _BYTES_PER_ROW = (
    450_000_000,
    8_000,
)  # of the process while it reads a CSV, and of a row while its chunk is checked
_MAX_GUESSED = 100_000  # rows of a table in which the record that a wrong name means is looked for in all chunks


@dataclass
class ScannedFile:
    """One file of the table.

    Attributes:
        read: The file without the lines that are not records.
        locator: Finds lines and columns.
        malformed: Cells of the lines that are not records.
        start: Number of its first row in the table.
    """

    read: Part
    locator: CellLocator
    malformed: list[list[str]]
    start: int = 0


class ChunkTable:
    """The text of a chunk. Its places are numbers of rows and columns, until the findings are located.

    Args:
        rows: The chunk, with `ROW`.
        columns: Columns that the files have.
    """

    def __init__(self, rows: pl.DataFrame, columns: Collection[str]) -> None:
        self.frame = rows.drop(ROW)
        self._numbers = rows[ROW]
        self._columns = columns

    def place(self, row: int, fields: tuple[str, ...] = ()) -> Place:
        """Return the row, and the column of the first filled one of these fields, else of the first; 0 for none."""
        known = [name for name in fields if name in self._columns]
        name = next((name for name in known if self.frame[name][row]), next(iter(known), ""))
        return Place("", self._numbers[row], self.frame.columns.index(name) + 1 if name else 0)


@dataclass
class OwnTableRun:
    """One check of one of our own tables.

    Attributes:
        plan: What the table must be.
        engine: Reads the files. Rules are evaluated on pandas for that engine, else on polars.
        work: Folder for what does not fit into memory.
        sink: Takes the findings.
        watch: Called with the rows and files that are done.
        rows_per_chunk: Number of rows of a chunk, as far as links allow.
        cover: Moves findings that a flag covers to the waived ones, given the report of a chunk and its tables.
        waived: Findings that a flag covers.
    """

    plan: Plan
    engine: ScanEngine
    work: Path
    sink: FindingSink
    watch: Callable[[int, int], None]
    rows_per_chunk: int
    cover: Callable[[Report, Mapping[str, pl.DataFrame]], None]
    waived: list[Finding] = field(default_factory=list)
    files: list[ScannedFile] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    rows: int = 0
    _findings_per_row: float = 6.0  # of the rows checked last; at first a guess

    def check(self, parts: Sequence[Part]) -> Report:
        """Check the files of the table and return the report.

        Raises:
            UsageError: If a file cannot be read.
        """
        for part in parts:
            self._open_file(part)
        if self.files:
            chunks, columns = self._map_chunks(), list(list_column_kinds(self.plan.table))
            malformed = self._assign_malformed(chunks)
            blocks = chain(
                [pl.DataFrame(schema=make_text_schema(self.plan.table))], self._iterate_texts(self.files, columns)
            )
            for number, rows in enumerate(chunks.write(blocks, self.work)):
                self._check_chunk(rows, malformed[number])
        return self._build_report(len(parts))

    def _open_file(self, original: Part) -> None:
        """Find the records of a file, and report the lines that are not records."""
        source = SourceTable(original.name, findings=list(original.findings), remarks=list(original.remarks))
        layout = csv_structure.make_plain_layout(original)
        if original.is_csv and (original.separator != "," or not csv_structure.has_record_per_line(original)):
            layout = csv_structure.read_layout(original)
        report_layout(source, layout, self.plan.table)
        self.sink.add(source.findings)
        self.remarks += source.format_remarks()
        if not set(original.all_columns) & set(list_column_kinds(self.plan.table)):
            return
        is_copied = layout.spans or original.separator != ","
        read = csv_structure.write_clean_copy(original, layout, self.work) if is_copied else original
        self.files.append(ScannedFile(read, CellLocator(original, layout), _read_malformed(original, layout)))

    def _iterate_texts(self, files: Iterable[ScannedFile], columns: Sequence[str]) -> Iterator[pl.DataFrame]:
        """Yield some columns of files as text, a block of rows at a time."""
        for file in files:
            part = file.read
            try:
                for block in self.engine.iterate_blocks(part, [c for c in columns if c in part.columns]):
                    yield _write_texts(block, part, self.plan.table).select(columns)
            except ReadError as fault:
                raise UsageError(f"{part.name} cannot be read: {fault}") from fault

    def _map_chunks(self) -> ChunkMap:
        """Read the links of all rows, and assign each row to a chunk."""
        table, links = self.plan.table, RowLinks(self.plan.table)
        columns = list_link_columns(table) or list_key_columns(table)
        for file in self.files:
            file.start = links.rows
            for block in self._iterate_texts([file], columns):
                links.add(block)
        if self.rows_per_chunk < links.rows <= _MAX_GUESSED:
            self._pair_guesses(links)
        return links.split(self.rows_per_chunk)

    def _pair_guesses(self, links: RowLinks) -> None:
        """Connect records that name no record with the one that they probably mean: a hint suggests it."""
        table = self.plan.table
        key, names = list_key_columns(table)[0], [c for c, of in list_references(table).items() if of == table]
        if not names or table not in LINKS or LINKS[table][0].columns != (key,):
            return
        rows = pl.concat(self._iterate_texts(self.files, [key, *names]))
        keys = rows[key].drop_nulls().unique().sort()
        for name in names:
            wrong = rows.filter(pl.col(name).is_not_null() & ~pl.col(name).is_in(keys.implode()))
            close = guess_keys(set(wrong.select(name, key).iter_rows()), keys.to_list(), table)
            pairs = [(own, meant) for (_, own), meant in close.items() if own and meant]
            links.pair(*(pl.DataFrame({key: [pair[side] for pair in pairs]}, {key: pl.String}) for side in (0, 1)))

    def _assign_malformed(self, chunks: ChunkMap) -> defaultdict[int, list[list[str]]]:
        """Return the lines that are not records by the chunk of the record that each seems to be."""
        lines = [line for file in self.files for line in file.malformed]
        found: defaultdict[int, list[list[str]]] = defaultdict(list)
        links = LINKS.get(self.plan.table, ())[:1]
        names = pl.DataFrame({c: [line[0] for line in lines] for link in links for c in link.columns})
        at = chunks.find_chunks(hash_links(names, links).to_series()) if links and lines else [0] * len(lines)
        for line, number in zip(lines, at, strict=True):
            if number is not None:
                found[number].append(line)
        return found

    def _check_chunk(self, rows: pl.DataFrame, malformed: list[list[str]]) -> None:
        """Check the records of a chunk. If the rows so far have many findings, or none is known, check it in pieces."""
        most = int(_MAX_FINDINGS / max(self._findings_per_row, 0.001))
        if rows.height <= most:
            self._check_rows(rows, malformed)
            return
        links = RowLinks(self.plan.table)
        links.add(rows)
        pieces = links.split(most)
        for number in range(pieces.count):
            self._check_rows(rows.filter(pl.Series(pieces.of_rows == number)), malformed)

    def _check_rows(self, rows: pl.DataFrame, malformed: list[list[str]]) -> None:
        """Check some records as a small table, and take the findings."""
        table = self.plan.table
        columns = {c for file in self.files for c in file.read.all_columns}
        target = ValidationTarget({table: ChunkTable(rows, columns)}, malformed_lines={table: malformed})
        target.missing_columns[table] = frozenset(list_column_kinds(table)) - columns
        engine: FrameEngine = "pandas" if self.engine.name == "pandas" else "polars"
        released_on = self.plan.frames["release"]["released_on"][0]
        result = validate_target(target, engine=engine, released_on=released_on)
        report = result.report
        self.cover(report, result.tables)
        self._findings_per_row = len(report.findings) / max(1, rows.height)
        self.sink.add(self._locate(report.findings))
        self.waived += self._locate(report.waived)
        for rule, tally in report.evaluated.items():
            self.tallies.setdefault(rule, Tally()).add(tally)
        self.rows += rows.height
        self.watch(self.rows, len(self.files))

    def _locate(self, findings: Sequence[Finding]) -> Iterator[Finding]:
        """Return findings with their places in the files."""
        columns = ["", *list_column_kinds(self.plan.table)]
        cells: defaultdict[int, set[tuple[int, str]]] = defaultdict(set)
        positions = []
        for finding in findings:
            place = finding.place or Place("")
            number = max(n for n, file in enumerate(self.files) if file.start <= place.line)
            positions.append((number, (place.line - self.files[number].start, columns[place.column])))
            cells[number].add(positions[-1][1])
        located = {number: self.files[number].locator.locate_cells(some) for number, some in cells.items()}
        for finding, (number, cell) in zip(findings, positions, strict=True):
            yield replace(finding, place=located[number][cell])

    def _build_report(self, files: int) -> Report:
        report = Report(list(self.sink.listed), self.waived, files=files, counts={self.plan.table: self.rows})
        report.evaluated = self.tallies
        report.unlisted = dict(self.sink.unlisted)
        report.not_evaluated = describe_missing_tables(load_rules().values(), [self.plan.table])
        report.notes = self.remarks
        report.sort()
        return report


def choose_rows(memory: int | None) -> int:
    """Return the number of rows of a chunk that fit into a number of bytes."""
    if memory is None:
        return ROWS_PER_CHUNK
    return min(ROWS_PER_CHUNK, max(_MIN_ROWS, (memory - _BASE_MEMORY) // _BYTES_PER_ROW))


def _write_texts(block: pl.DataFrame, part: Part, table: str) -> pl.DataFrame:
    """Return the columns of a table as text. Columns that a file lacks are empty."""
    constants = [pl.lit(value).alias(name) for name, value in part.constants.items() if name not in part.columns]
    full = block.with_columns(constants)
    absent = [pl.lit(None, pl.String).alias(name) for name in list_column_kinds(table) if name not in full.columns]
    return convert_to_text(full.with_columns(absent), table)


def _read_malformed(part: Part, layout: CsvLayout) -> list[list[str]]:
    """Return the cells of the lines of a CSV that are not records, split at commas."""
    lines = []
    with part.path.open("rb") as file:
        for start, end in layout.spans:
            file.seek(start)
            if text := file.read(end - start).decode("utf-8", "replace").rstrip("\r\n"):
                lines.append([cell.strip('"') for cell in text.split(part.separator)])
    return lines
