"""Export one table to Stata, by default `casualties`.

Terms have value labels; dates are daily dates.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import polars as pl

from conflictdata.export.bundle import Bundle

LABEL = 80  # most characters of a label
NAME = 32  # most characters of a name
LONG = 2045  # most bytes of a string; Stata stores longer ones as strL


def write(bundle: Bundle, file: Path, tables: list[str]) -> list[str]:
    """Write a table for Stata 14 and later (version 118, UTF-8)."""
    table = tables[0] if tables else "casualties"
    frame = bundle[table]
    names = {f["name"]: f["name"][:NAME] for f in bundle.list_fields(table)}
    native = pd.DataFrame({names[c]: _convert_column(frame[c], bundle, table) for c in frame.columns})
    labels = {names[f["name"]]: _shorten(str(f["description"])) for f in bundle.list_fields(table)}
    native.to_stata(
        file,
        write_index=False,
        version=118,
        data_label=_shorten(f"conflictdata {bundle.version}: {bundle.schemas[table]['title']}"),
        variable_labels=labels,
        convert_dates={names[c]: "td" for c, dtype in frame.schema.items() if dtype == pl.Date},
        convert_strl=[names[c] for c in frame.columns if _is_long(frame[c])],
        time_stamp=dt.datetime.fromisoformat(bundle.day),
    )
    return ["Stata knows no missing text: an empty text is a missing one; a missing number is ."]


def _convert_column(series: pl.Series, bundle: Bundle, table: str) -> pd.Series:
    if series.dtype == pl.Date:
        return pd.Series(series.cast(pl.Datetime("ms")).to_pandas())
    if series.dtype.is_numeric():
        return pd.Series(series.cast(pl.Float64).to_pandas())  # exact up to 2**53; the integers of Stata end at 2**31
    terms = next(f for f in bundle.list_fields(table) if f["name"] == series.name).get("constraints", {}).get("enum")
    if terms:
        return pd.Series(pd.Categorical(series.to_list(), categories=list(terms)))
    return pd.Series(series.fill_null("").to_list(), dtype=object)


def _shorten(text: str) -> str:
    return text if len(text) <= LABEL else text[: LABEL - 1] + "…"


def _is_long(series: pl.Series) -> bool:
    return series.dtype == pl.String and bool((series.str.len_bytes() > LONG).any())
