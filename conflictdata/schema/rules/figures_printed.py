"""The rule of the printed phrase: it holds the number, in digits or in words."""

from __future__ import annotations

from functools import reduce

import narwhals.stable.v1 as nw

from conflictdata.schema.number_words import DIGITS, SCALES, VALUE_OF
from conflictdata.schema.quantities import filled
from conflictdata.schema.rules._figures import Lazy, either, in_words, verdict
from conflictdata.schema.rules.base import VERDICT, Frames, Rule

_BETWEEN_DIGITS = "[,.'’٬]"  # separators of thousands and decimals
_SPACE = r"\p{Z}"  # and not \s, which knows ASCII spaces only in Arrow's engine, as \b below knows ASCII letters only
_WHOLE_WORD = r"(?:^|[^\p{{L}}\p{{M}}])(?:{})(?:$|[^\p{{L}}\p{{M}}])"
_NO_WORD = r"[^\p{L}\p{M}\p{N}']+"
_BAD, _OPEN, _GOOD = 0, 1, 2  # how well a number is found; of the two numbers of a range the worse counts


def _plain(phrase: nw.Expr) -> nw.Expr:
    """Small letters, and the digits 0-9 alone."""
    return reduce(lambda text, n: text.str.replace_all(f"[{DIGITS[n]}]", str(n)), range(10), phrase.str.to_lowercase())


def _readings(plain: nw.Expr) -> nw.Expr:
    """The phrase read three ways, one after the other, as words with single spaces between.

    `1,383` may be one number or two, and so may `53 272` and the Turkish `2 bin 354`.
    """
    joined = plain.str.replace_all(_BETWEEN_DIGITS, "")
    thousands = joined.str.replace_all(f" (?:{SCALES[1000]}) ", " ").str.replace_all(_SPACE, "")
    ways = [plain.str.replace_all(_BETWEEN_DIGITS, " "), joined, thousands.str.replace_all("[^0-9]+", " "), plain]
    return nw.concat_str(ways, separator=" ").str.replace_all(_NO_WORD, " ").str.strip_chars(" ")


def _shares(asked: Lazy, columns: list[str]) -> Lazy:
    """Shares as whole numbers: 62 for 62 %, and 625 for 62.5 %, which reads so with its point taken out."""
    shares = asked.filter(filled("share")).select(*columns, _tenths=(nw.col("share") * 10).round().cast(nw.Int64))
    percent = nw.col("_tenths") // 10
    whole = percent * 10 == nw.col("_tenths")
    said = nw.when(whole).then(nw.concat_str([percent.cast(nw.String), nw.lit("%")])).otherwise(
        nw.concat_str([percent.cast(nw.String), nw.lit("."), (nw.col("_tenths") - percent * 10).cast(nw.String), nw.lit("%")])
    )  # fmt: skip
    number = nw.when(whole).then(percent).otherwise(nw.col("_tenths"))
    return shares.with_columns(number=number, number_as_said=said).select(*columns, "number")


def _numbers(frames: Frames) -> Lazy:
    """One row a number that the phrase of a figure should hold: two for a range."""
    asked = frames["figures"].filter(filled("printed") & filled("figure_id"))
    asked = asked.with_columns(number_as_said=in_words())
    columns = ["figure_id", "claim_id", "printed", "number_as_said"]
    range_ = nw.col("qualifier") == "range"
    single = asked.filter(~range_).select(*columns, number=nw.coalesce("best", "low", "high"))
    ends = [asked.filter(range_).select(*columns, number=nw.col(end)) for end in ("low", "high")]
    return nw.concat([single, *ends, _shares(asked, columns)]).filter(filled("number"))


def _is_number(word: nw.Expr, phrase: nw.Expr) -> nw.Expr:
    """The word is the number, or the number without its thousands where the phrase names them (`8.5 million`)."""
    number = nw.col("number")
    tests = [word == number.cast(nw.String)]
    for scale, forms in SCALES.items():
        named = phrase.str.contains(_WHOLE_WORD.format(forms))
        short = [(number // unit, unit) for unit in (scale, scale // 10)]
        tests += [named & (less * unit == number) & (word == less.cast(nw.String)) for less, unit in short]
    return either(*tests)


def _holds_number(frames: Frames) -> Lazy:
    plain = _numbers(frames).with_columns(_plain=_plain(nw.col("printed")))
    words = plain.with_columns(_word=_readings(nw.col("_plain")).str.split(" ")).explode("_word")
    value = nw.col("_word").replace_strict(VALUE_OF, default=None, return_dtype=nw.String)
    found = either(_is_number(nw.col("_word"), nw.col("_plain")), _is_number(value, nw.col("_plain")))
    other = nw.col("_word").str.contains("[0-9]") | (filled("_value") & (nw.col("_value") != "1"))
    rated = words.with_columns(_value=value, _found=found).with_columns(
        _good=nw.when(nw.col("_found")).then(nw.lit(1)).otherwise(nw.lit(0)),
        _other=nw.when(other).then(nw.lit(1)).otherwise(nw.lit(0)),
    )
    columns = ["figure_id", "claim_id", "printed", "number_as_said"]
    by_number = rated.group_by(*columns, "number").agg(nw.col("_good").max(), nw.col("_other").max())
    rate = nw.when(nw.col("_good") == 1).then(nw.lit(_GOOD)).otherwise(
        nw.when(nw.col("_other") == 1).then(nw.lit(_BAD)).otherwise(nw.lit(_OPEN))
    )  # fmt: skip
    judged = by_number.with_columns(_rate=rate).group_by(*columns).agg(nw.col("_rate").min())
    return judged.select(*columns, **{VERDICT: verdict(nw.col("_rate") == _GOOD, nw.col("_rate") == _BAD)})


RULES = (
    Rule(
        id="figures.printed-holds-number",
        number=15,
        table="figures",
        severity="warning",
        fields=("printed", "best", "low", "high"),
        check=_holds_number,
        message="the printed phrase {printed!r} does not hold the number {number_as_said}",
        hint="Copy the words that hold this number, or move the phrase to the figure whose number it holds.",
        why=(
            "The phrase is the evidence for the number: at most six words by which a reader finds it on the page. A phrase with "
            "another number in it proves something else, or one of the two was mistyped. Digits of other scripts, separators, "
            "and number words of the sources' languages are understood; a phrase in which no number is recognised "
            "is left undecided."
        ),
    ),
)  # fmt: skip
