"""Text of others as our cells may hold it, and ids that follow from it. All over whole columns."""

from __future__ import annotations

import hashlib

import polars as pl

from conflictdata.schema.columns import HIDDEN

_BLANK = rf"(?:\s|{HIDDEN})+"
_FORMULA = r"^[=+\-@\s]+"
_SLUG_LENGTH = 40  # characters of a name that an id shows


def clean_text(text: pl.Expr, limit: int = 280) -> pl.Expr:
    """Text on one line, without hidden characters, outer space and a leading formula sign; cut where it is too long."""
    plain = text.str.replace_all(_BLANK, " ").str.replace(_FORMULA, "").str.strip_chars()
    cut = pl.when(plain.str.len_chars() > limit).then(plain.str.slice(0, limit - 1).str.strip_chars_end() + "…")
    shown = cut.otherwise(plain)
    return pl.when(shown != "").then(shown)


def make_slug(text: pl.Expr) -> pl.Expr:
    """A name in the letters of ids, shortened; it need not be the name's alone."""
    plain = text.fill_null("").str.to_lowercase().str.replace_all("[^a-z0-9]+", "_").str.strip_chars("_")
    short = plain.str.slice(0, _SLUG_LENGTH).str.strip_chars("_")
    return pl.when(short != "").then(short).otherwise(pl.lit("unnamed"))


def hash_texts(texts: pl.Series) -> pl.Series:
    """Ten hexadecimal digits for each text, the same in every run; each text is worked out once."""
    different = texts.unique()
    hashes = [hashlib.blake2s(text.encode(), digest_size=5).hexdigest() for text in different]
    return texts.replace_strict(different, pl.Series(hashes, dtype=pl.String), return_dtype=pl.String)


def add_ids(frame: pl.DataFrame, id_column: str, prefix: str, name: str, by: tuple[str, ...]) -> pl.DataFrame:
    """The frame with an id for each different set of values: prefix, name, and digits that follow from the values."""
    texts = frame.select(pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in by], separator="|").alias("t"))
    parts = [pl.lit(prefix), make_slug(pl.col(name)), hash_texts(texts["t"])]
    return frame.with_columns(pl.concat_str(parts, separator="_").alias(id_column))


def join_texts(parts: dict[str, str]) -> pl.Expr:
    """The texts of some columns in one sentence, each after its words; columns that are empty are left out."""
    phrases = [pl.concat_str([pl.lit(words + " "), clean_text(pl.col(column), 900)]) for column, words in parts.items()]
    text = pl.concat_str([s.fill_null("") for s in phrases], separator="; ").str.replace_all(r"(?:; )+$|^(?:; )+", "")
    return pl.when(text != "").then(text.str.replace_all(r"(?:; ){2,}", "; ") + ".")
