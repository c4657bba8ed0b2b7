"""Clean third-party text for our cells, and derive ids from it. Works on columns."""

from __future__ import annotations

import hashlib

import polars as pl

from conflictdata.schema.cell_forms import HIDDEN

_BLANK = rf"(?:\s|{HIDDEN})+"
_FORMULA = r"^[=+\-@\s]+"
_SLUG_LENGTH = 40  # characters of a name that an id shows


def clean_text(text: pl.Expr, limit: int = 280) -> pl.Expr:
    """Return text on one line, without hidden characters and outer spaces.

    A leading formula sign is removed, and text over the limit is cut.
    """
    plain = text.str.replace_all(_BLANK, " ").str.replace(_FORMULA, "").str.strip_chars()
    cut = pl.when(plain.str.len_chars() > limit).then(plain.str.slice(0, limit - 1).str.strip_chars_end() + "…")
    shown = cut.otherwise(plain)
    return pl.when(shown != "").then(shown)


def make_slug(text: pl.Expr) -> pl.Expr:
    """Return a name in the letters of ids, shortened. It may not be unique."""
    plain = text.fill_null("").str.to_lowercase().str.replace_all("[^a-z0-9]+", "_").str.strip_chars("_")
    short = plain.str.slice(0, _SLUG_LENGTH).str.strip_chars("_")
    return pl.when(short != "").then(short).otherwise(pl.lit("unnamed"))


def hash_texts(texts: pl.Series) -> pl.Series:
    """Return ten hexadecimal digits per text, the same in every run."""
    different = texts.unique()
    hashes = [hashlib.blake2s(text.encode(), digest_size=5).hexdigest() for text in different]
    return texts.replace_strict(different, pl.Series(hashes, dtype=pl.String), return_dtype=pl.String)


def add_ids(frame: pl.DataFrame, id_column: str, prefix: str, name: str, by: tuple[str, ...]) -> pl.DataFrame:
    """Add an id per distinct set of values: prefix, name, and a hash of the values."""
    texts = frame.select(pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in by], separator="|").alias("t"))
    parts = [pl.lit(prefix), make_slug(pl.col(name)), hash_texts(texts["t"])]
    return frame.with_columns(pl.concat_str(parts, separator="_").alias(id_column))


def join_texts(parts: dict[str, str]) -> pl.Expr:
    """Join the texts of columns to one sentence, each after its words.

    Empty columns are left out.
    """
    phrases = [pl.concat_str([pl.lit(words + " "), clean_text(pl.col(column), 900)]) for column, words in parts.items()]
    text = pl.concat_str([s.fill_null("") for s in phrases], separator="; ").str.replace_all(r"(?:; )+$|^(?:; )+", "")
    return pl.when(text != "").then(text.str.replace_all(r"(?:; ){2,}", "; ") + ".")
