"""Splitting a table of ours into chunks, so that no rule compares records of two chunks.

Each record has links: its page, the record that it corrects, its address. Records with a common link are in one chunk, directly or
through others. So every rule returns for a chunk what it returns for these records of the whole table.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.rules.sources_addresses import normalize_url
from conflictdata.schema.columns import list_key_columns

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, Any]

ROW = "row:"  # number of a row in the whole table, from 0
_MAX_CHUNKS = 400  # each is an open file while the table is split
_MAX_UNNAMED = 20_000  # rows without a key that are compared with one another


@dataclass(frozen=True)
class Link:
    """What connects a record with others: a text made of some columns. Empty: no connection."""

    text: nw.Expr
    columns: tuple[str, ...]


def _link_name(column: str) -> Link:
    """Link by a key, without the slips that others may name it with: capitals, spaces, hyphens."""
    return Link(nw.col(column).str.replace_all(r"[\s_-]+", "").str.to_lowercase(), (column,))


def _link_page(column: str) -> Link:
    """Link by the page of a claim or figure: its id up to the first point."""
    return Link(_link_name(column).text.str.replace_all(r"(?s)\..*$", ""), (column,))


def _link_all(*columns: str) -> Link:
    """Link by several columns, all of them filled."""
    return Link(nw.concat_str([nw.col(c) for c in columns], separator="|"), columns)


def _link_tolls() -> Link:
    """Link running tolls that `claims.start-fits-series` compares."""
    equal = _link_all("claimant_id", "conflict_id", "location_id")
    return Link(nw.when(nw.col("scope") == "cumulative").then(equal.text), ("scope", *equal.columns))


# Of a table that is not among these all records are one chunk: places and actors are trees.
LINKS: dict[str, tuple[Link, ...]] = {
    "figures": (_link_page("claim_id"), _link_page("figure_id"), _link_page("parent_id")),
    "claims": (_link_name("claim_id"), _link_name("supersedes"), _link_tolls()),
    "sources": (_link_name("source_id"), Link(normalize_url(nw.col("url")), ("url",)), Link(nw.col("sha256"), ("sha256",))),
    "events": (_link_name("event_id"), _link_name("merged_into")),
    "event_actors": (_link_name("event_id"),),
    "event_sources": (_link_name("event_id"),),
    "claim_perpetrators": (_link_name("claim_id"),),
    "claim_links": (_link_name("claim_id"),),
    "aliases": (_link_all(*list_key_columns("aliases")), Link(nw.col("alias").str.to_lowercase(), ("alias",))),
    **{table: (_link_all(*list_key_columns(table)),) for table in ("crosswalk", "flags")},
}  # fmt: skip


def list_link_columns(table: str) -> list[str]:
    """List the columns that the links of a table read."""
    return list(dict.fromkeys(name for link in LINKS.get(table, ()) for name in link.columns))


def hash_links(rows: pl.DataFrame, links: Iterable[Link]) -> pl.DataFrame:
    """Return one column per link with 64 bits for its text, null for no link."""
    texts = nw.from_native(rows).select(link.text.alias(str(n)) for n, link in enumerate(links)).to_native()
    return texts.select(pl.when(pl.all().is_not_null()).then(pl.all().hash(seed=7)))


class RowLinks:
    """The links of all rows of a table.

    Attributes:
        rows: Number of rows.
    """

    def __init__(self, table: str) -> None:
        self._links = LINKS.get(table, ())
        self._homes: list[pl.DataFrame] = []  # first links of the rows in order: `len`, `value`
        self._pairs: list[pl.DataFrame] = []  # first link and another one of the same row: `home`, `other`
        self._unnamed = 0  # rows without a first link
        self.rows = 0

    def add(self, block: pl.DataFrame) -> None:
        """Add the next rows of the table, as text."""
        self.rows += block.height
        if not self._links:
            return
        homes, *others = hash_links(block, self._links)
        homes = self._fill_homes(homes)
        self._homes.append(homes.rle().struct.unnest())
        for other in others:
            pairs = pl.DataFrame({"home": homes, "other": other}).filter(pl.col("home") != pl.col("other"))
            self._pairs.append(pairs.unique())

    def _fill_homes(self, homes: pl.Series) -> pl.Series:
        """Give a link to rows without a first one: so many of them have a common one."""
        if not homes.null_count():
            return homes
        before = homes.is_null().cum_sum() + self._unnamed
        self._unnamed += homes.null_count()
        return homes.fill_null(((before - 1) // _MAX_UNNAMED).cast(pl.UInt64))

    def pair(self, one: pl.DataFrame, other: pl.DataFrame) -> None:
        """Connect rows with others, side by side."""
        homes, others = (hash_links(rows, self._links[:1]).to_series() for rows in (one, other))
        self._pairs.append(pl.DataFrame({"home": homes, "other": others}))

    def split(self, rows_per_chunk: int) -> ChunkMap:
        """Assign the rows to chunks of about this size, in order of their first rows."""
        import numpy as np

        if not self._links or self.rows <= rows_per_chunk:
            return ChunkMap(np.zeros(self.rows, np.uint16), np.zeros(0, np.uint64), np.zeros(0, np.uint16), 1)
        runs = pl.concat(self._homes)
        lengths, homes = runs["len"].to_numpy(), runs["value"].to_numpy()
        pairs = pl.concat(self._pairs).unique() if self._pairs else pl.DataFrame(schema=dict.fromkeys("ab", pl.UInt64))
        one, other = (column.to_numpy() for column in pairs)
        names = np.unique(np.concatenate([homes, one, other]))
        groups = _connect(np.searchsorted(names, one), np.searchsorted(names, other), len(names))
        of_runs = groups[np.searchsorted(names, homes)]
        chunks = min(-(-self.rows // rows_per_chunk), _MAX_CHUNKS)
        chunk_of_group, count = _fill_chunks(of_runs, lengths, len(names), -(-self.rows // chunks))
        return ChunkMap(np.repeat(chunk_of_group[of_runs], lengths), names, chunk_of_group[groups], count)


def _connect(one: Array, other: Array, count: int) -> Array:
    """Return the smallest number that each of so many numbers is connected with."""
    import numpy as np

    least = np.arange(count)
    while True:
        a, b = least[one], least[other]
        if (a == b).all():
            return least
        np.minimum.at(least, np.maximum(a, b), np.minimum(a, b))
        while (least != (above := least[least])).any():
            least = above


def _fill_chunks(groups: Array, lengths: Array, count: int, rows_per_chunk: int) -> tuple[Array, int]:
    """Return the chunk of each group, and the number of chunks."""
    import numpy as np

    sizes = np.bincount(groups, weights=lengths, minlength=count).astype(np.int64)
    present, first = np.unique(groups, return_index=True)
    ordered = present[np.argsort(first)]
    before = np.cumsum(sizes[ordered]) - sizes[ordered]
    _, chunks = np.unique(before // rows_per_chunk, return_inverse=True)
    found = np.zeros(count, np.uint16)
    found[ordered] = chunks
    return found, int(chunks.max()) + 1


@dataclass
class ChunkMap:
    """The chunk of each row and of each link.

    Attributes:
        of_rows: Chunk of each row.
        names: Links, sorted.
        of_names: Chunk of each of these links.
        count: Number of chunks.
    """

    of_rows: Array
    names: Array
    of_names: Array
    count: int

    def find_chunks(self, links: pl.Series) -> list[int | None]:
        """Return the chunk of each link, None if no row has it."""
        if self.count == 1:
            return [0] * len(links)
        at = self.names.searchsorted(links.fill_null(0).to_numpy()).clip(max=len(self.names) - 1)
        known = self.names[at] == links.fill_null(0).to_numpy()
        return [int(self.of_names[n]) if k else None for n, k in zip(at, known, strict=True)]

    def write(self, blocks: Iterable[pl.DataFrame], work: Path) -> Iterator[pl.DataFrame]:
        """Yield the chunks of a table, each with `ROW`; write them to files first if there are several.

        Args:
            blocks: The rows of the table, in order.
            work: Folder for the files.
        """
        numbered = self._number(blocks)
        if self.count == 1:
            yield pl.concat(numbered).drop("chunk:")
            return
        files = [work / f"chunk-{n}.arrow" for n in range(self.count)]
        _write_files(numbered, files)
        for file in files:
            content = file.read_bytes()
            file.unlink()
            yield pl.read_ipc_stream(io.BytesIO(content))

    def _number(self, blocks: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """Add `ROW` and the chunk to each row."""
        start = 0
        for block in blocks:
            end = start + block.height
            rows = pl.arange(start, end, dtype=pl.Int64, eager=True).alias(ROW)
            yield block.with_columns(rows, pl.Series("chunk:", self.of_rows[start:end]))
            start = end


def _write_files(blocks: Iterable[pl.DataFrame], files: list[Path]) -> None:
    """Write rows to the files of their chunks."""
    import pyarrow as pa

    options = pa.ipc.IpcWriteOptions(compression="lz4")
    with ExitStack() as stack:
        writers: dict[int, Any] = {}
        for block in blocks:
            for (chunk,), rows in block.partition_by("chunk:", as_dict=True, include_key=False).items():
                table = rows.to_arrow(compat_level=pl.CompatLevel.oldest())
                if chunk not in writers:
                    writers[chunk] = stack.enter_context(pa.ipc.new_stream(files[chunk], table.schema, options=options))
                writers[chunk].write_table(table)
