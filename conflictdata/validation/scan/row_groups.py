"""How far ahead polars reads a Parquet file, which is what most of its memory goes into."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import polars as pl

_PREFETCH_SIZE = "POLARS_ROW_GROUP_PREFETCH_SIZE"


@contextmanager
def set_prefetch(groups: int) -> Iterator[None]:
    """So many row groups of a file are read ahead, unless the environment says how many.

    By itself polars reads as many as there are cores and more. Where all columns are judged, one is as fast, in half the memory;
    where some are looked at once more, two are read side by side.
    """
    previous = os.environ.get(_PREFETCH_SIZE)
    os.environ[_PREFETCH_SIZE] = previous or str(groups)
    try:
        yield
    finally:
        if previous is None:
            os.environ.pop(_PREFETCH_SIZE, None)


def collect_streaming(frame: pl.LazyFrame) -> pl.DataFrame:
    """Collect a frame that looks once more at some columns."""
    with set_prefetch(2):
        return frame.collect(engine="streaming")
