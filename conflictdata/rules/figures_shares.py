"""Rules that suspect a share where a count is coded: 62 for 62%."""

from __future__ import annotations

import re

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import Lazy, extract_last_name, format_figure, is_any
from conflictdata.rules._shares import MARKS, list_share_counts
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.quantities import is_filled

WHOLE = 100  # a share is at most so many per cent
SMALL = 30  # a suspicious part is less than one in so many of its whole
LARGE = 500  # in a smaller whole, small parts are usual

_NUMBER = ("best", "low", "high")


def _split_shares(texts: Lazy, *columns: str) -> Lazy:
    """Return the counts that may be coded for the shares in `_text`, one row each: the columns and `n`.

    The few texts with a share are read in Python.
    """
    few = texts.filter(is_filled("_text") & nw.col("_text").str.contains(MARKS))
    read = few.select("_text").unique().collect().to_polars()["_text"].to_list()
    known = {text: "|".join(map(str, sorted(list_share_counts(text)))) for text in read}
    # Never empty, since no engine replaces by an empty dictionary.
    counts = nw.col("_text").replace_strict({**known, "": ""}, default="", return_dtype=nw.String)
    rows = few.select(*columns, "_text", _counts=counts).filter(nw.col("_counts") != "")
    rows = rows.with_columns(_count=nw.col("_counts").str.split("|")).explode("_count")
    return rows.select(*columns, n=nw.col("_count").cast(nw.Int64), text="_text")


def _select_counts(frames: Frames) -> Lazy:
    """Return the figures that are coded as a count of one number, with it as `n`."""
    single = is_filled("figure_id") & nw.col("share").is_null() & (nw.col("qualifier") != "range")
    columns = ("figure_id", "claim_id", "parent_id", "relation", "printed", "qualifier", "low", "best", "high", "share")
    counts = frames["figures"].filter(single).select(*columns).with_columns(n=nw.coalesce(*_NUMBER))
    return counts.filter(nw.col("n") > 0)


def _explain(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `number` and `advice`."""
    explained = []
    for row in rows:
        number = format_figure(row)
        place = (
            f"write `{number}%`"
            if row["parent_id"]
            else f"a share has no total: put `{number}%` under the total of whom it is"
        )
        explained.append(row | {"number": number, "advice": place, "at": row["parent_id"] or ""})
    return explained


@rule(
    "figures.printed-is-count",
    "warning",
    ("best", "low", "high", "printed"),
    message="the printed phrase {printed!r} gives a share, and {number} is coded as a count",
    hint="If the page has {number} per cent, {advice}. If it also has {number} people, copy the phrase that has them.",
    why=(
        "A share is not a count: 62% of 5,000 people are 3,100, and coded as 62 they are lost. A sum over the parts would then be wrong "
        "without a sign of it."
    ),
    explain=_explain,
    found="{n}, printed {printed}",
    after=("figures.parts-counted-once",),
    affects="number",
    example=Example(
        "A share is not coded as a count",
        bad={
            "claim": """
                killed:
                  n: 5087
                  including:
                    women: {n: 62, printed: 62% of the dead}
                """,
        },
        good={
            "claim": """
                killed:
                  n: 5087
                  including:
                    women: {n: 62%, printed: 62% of the dead}
                """,
        },
    ),
)
def _check_phrase(frames: Frames) -> Lazy:
    counts = _select_counts(frames).filter(is_filled("printed"))
    shares = _split_shares(counts.with_columns(_text=nw.col("printed")).drop("n"), "figure_id").unique()
    shares = shares.select("figure_id", n="n").unique().with_columns(_share=nw.lit(value=True))
    judged = counts.join(shares, on=["figure_id", "n"], how="left")
    return judged.with_columns((~is_filled("_share")).alias(VERDICT)).drop("_share")


def _select_neighbouring_shares(frames: Frames) -> Lazy:
    """Return the shares in the other words of each claim: its phrases, its note, and title and note of its page.

    Returns:
        `claim_id`, `n` and `text`, the first of the texts.
    """
    figures = frames["figures"].select("claim_id", _text="printed")
    claims = frames["claims"].select("claim_id", _text="note")
    pages = (
        frames["claims"]
        .select("claim_id", "source_id")
        .join(frames["sources"].select("source_id", "title", "note"), on="source_id", how="inner")
    )
    texts = nw.concat([figures, claims, *(pages.select("claim_id", _text=column) for column in ("title", "note"))])
    shares = _split_shares(texts.filter(is_filled("claim_id")), "claim_id")
    return shares.group_by("claim_id", "n").agg(nw.col("text").min())


def _shorten(text: str, most: int = 60) -> str:
    """Return the words around the first share of a text."""
    start = text.rfind(" ", 0, max(0, re.search(MARKS, text).start() - most // 2)) + 1  # type: ignore[union-attr]
    return text[start : start + most].strip()


def _explain_part(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `number`, `advice`, `whole`, `reason` and `at`."""
    parents = frames["figures"].filter(nw.col("figure_id").is_in([row["parent_id"] for row in rows]))
    by_id = {row["figure_id"]: row for row in parents.collect().to_polars().to_dicts()}
    explained = []
    for row in _explain(rows, frames):
        whole = format_figure(by_id[row["parent_id"]]) if row["parent_id"] in by_id else "the total"
        seen = f"the record has it as a share in {_shorten(row['text'])!r}" if row["text"] else ""
        reason = seen or "counts of so few out of so many are seldom rounded"
        explained.append(row | {"whole": whole, "reason": reason})
    return explained


@rule(
    "figures.part-is-count",
    "warning",
    ("best", "low", "high"),
    message="`{name}` is {number} of {whole}, and may be a share: {reason}",
    hint="If the page has {number} per cent, {advice}. If it has {number} people, copy their words: `printed:`, at most six words.",
    why=(
        "A share is not a count: 62% of 5,000 people are 3,100, and coded as 62 they are lost. Pages give shares as rounded numbers up to 100, "
        "and exact or printed counts are seldom that small a part of so many."
    ),
    requires_tables=("claims", "sources"),
    explain=_explain_part,
    found="{n}, {name} of {parent_n}",
    after=("figures.printed-is-count",),
    affects="number",
    example=Example(
        "A rounded small part of a large number is a count, not a share",
        bad={
            "claim": """
                killed:
                  n: 5087
                  including:
                    women: more than 62
                """,
        },
        good={
            "claim": """
                killed:
                  n: 5087
                  including:
                    women: more than 62%
                """,
        },
    ),
)
def _check_part(frames: Frames) -> Lazy:
    """Suspect parts without a phrase: rounded ones far below their whole, and those whose number is a share elsewhere in the claim."""
    parts = _select_counts(frames).filter(
        nw.col("printed").is_null()
        & is_filled("parent_id")
        & (nw.col("n") <= WHOLE)
        & (nw.col("relation") != "additional")
    )
    wholes = frames["figures"].unique(subset=["figure_id"], keep="none")
    wholes = wholes.select(parent_id="figure_id", parent_n=nw.coalesce(*_NUMBER), _outer=nw.col("share"))
    judged = parts.join(wholes, on="parent_id", how="inner").filter(
        is_filled("parent_n") & (nw.col("parent_n") > nw.col("n"))
    )
    judged = judged.join(_select_neighbouring_shares(frames), on=["claim_id", "n"], how="left")
    rounded = ~nw.col("qualifier").is_in(["exact", "at_least"]) & (nw.col("n") > 1)
    small = (nw.col("parent_n") >= LARGE) & (nw.col("n") * SMALL <= nw.col("parent_n"))
    suspicious = is_any(rounded & small, is_filled("text"))
    return judged.with_columns((~suspicious).alias(VERDICT), name=extract_last_name("figure_id"))
