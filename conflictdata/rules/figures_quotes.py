"""Rules of the printed phrase: it is short, and contains the number.

The number may be in digits or words, and the words before it must agree with the qualifier.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import reduce

import narwhals.stable.v1 as nw

from conflictdata.rules import _typos
from conflictdata.rules._compared_values import write_quantity
from conflictdata.rules._figures import Lazy, decide_verdict, format_figure, format_figure_column, is_any
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule, share
from conflictdata.schema.number_words import BOUNDS, DIGITS, SCALES, VALUE_OF, parse_number_words
from conflictdata.schema.quantities import is_filled

MOST_WORDS = 6

_BETWEEN_DIGITS = "[,.'’٬]"  # separators of thousands and decimals
_SPACE = r"\p{Z}"  # not \s or \b, which are limited to ASCII in Arrow's engine
_WHOLE_WORD = r"(?:^|[^\p{{L}}\p{{M}}])(?:{})(?:$|[^\p{{L}}\p{{M}}])"
_BEFORE = r"^.*?(?:^|[^\p{{L}}\p{{M}}])(?:{}) "
_NO_WORD = r"[^\p{L}\p{M}\p{N}']+"
_NUMBER_WORD = _WHOLE_WORD.format("|".join(VALUE_OF))
_WRONG, _OPEN, _RIGHT = 0, 1, 2  # result for one number; for a range the worse of two


def _normalize_phrase(phrase: nw.Expr) -> nw.Expr:
    """Return the phrase in small letters, with all digits as 0-9."""
    return reduce(lambda text, n: text.str.replace_all(f"[{DIGITS[n]}]", str(n)), range(10), phrase.str.to_lowercase())


def _expand_phrase(plain: nw.Expr, spelt_out: nw.Expr) -> nw.Expr:
    """Return several readings of a phrase, one after the other, as single words.

    `1,383` may be one number or two. So may `53 272`, the Turkish `2 bin 354`, and `two dozen`.
    """
    joined = plain.str.replace_all(_BETWEEN_DIGITS, "")
    thousands = joined.str.replace_all(f" (?:{SCALES[1000]}) ", " ").str.replace_all(_SPACE, "")
    ways = [
        plain.str.replace_all(_BETWEEN_DIGITS, " "), joined, thousands.str.replace_all("[^0-9]+", " "), spelt_out, plain,
    ]  # fmt: skip
    return nw.concat_str(ways, separator=" ").str.replace_all(_NO_WORD, " ").str.strip_chars(" ")


def _convert_number_words(phrases: Lazy) -> nw.Expr:
    """Return the numbers that several words of `_plain` spell, as digits.

    The numbers are separated by spaces.
    """
    # Computed in Python: few phrases have a number in words, and expressions cannot parse it.
    wordy = phrases.select("_plain").filter(nw.col("_plain").str.contains(_NUMBER_WORD)).unique()
    parsed = {phrase: parse_number_words(phrase) for phrase in wordy.collect().to_polars()["_plain"].to_list()}
    known = {phrase: " ".join(map(str, numbers)) for phrase, numbers in parsed.items() if numbers}
    if not known:
        return nw.lit("")
    return nw.col("_plain").replace_strict(known, default="", return_dtype=nw.String)


def _select_shares(figures: Lazy, columns: list[str]) -> Lazy:
    """Return shares as whole numbers: 62 for 62 %, and 625 for 62.5 %.

    In a phrase without its points, 62.5 is 625 too.
    """
    shares = figures.filter(is_filled("share")).select(*columns, _tenths=(nw.col("share") * 10).round().cast(nw.Int64))
    percent = nw.col("_tenths") // 10
    whole = percent * 10 == nw.col("_tenths")
    text = nw.when(whole).then(nw.concat_str([percent.cast(nw.String), nw.lit("%")])).otherwise(
        nw.concat_str([percent.cast(nw.String), nw.lit("."), (nw.col("_tenths") - percent * 10).cast(nw.String), nw.lit("%")])
    )  # fmt: skip
    number = nw.when(whole).then(percent).otherwise(nw.col("_tenths"))
    return shares.with_columns(number=number, written_number=text).select(*columns, "number")


def _select_numbers(frames: Frames) -> Lazy:
    """Return one row per number that a phrase should contain, two for a range."""
    figures = frames["figures"].filter(is_filled("printed") & is_filled("figure_id"))
    figures = figures.with_columns(written_number=format_figure_column())
    columns = ["figure_id", "claim_id", "printed", "written_number"]
    range_ = nw.col("qualifier") == "range"
    single = figures.filter(~range_).select(*columns, number=nw.coalesce("best", "low", "high"))
    ends = [figures.filter(range_).select(*columns, number=nw.col(end)) for end in ("low", "high")]
    return nw.concat([single, *ends, _select_shares(figures, columns)]).filter(is_filled("number"))


def _find_short_forms() -> dict[str, nw.Expr]:
    """Return the number as text, and without its thousands, in new columns.

    The second only if the phrase names the scale: in `8.5 million`, 85 or 8.5 is such a word.
    """
    number = nw.col("number")
    forms = {"_digits": number.cast(nw.String)}
    for scale, words in SCALES.items():
        named = nw.col("_plain").str.contains(_WHOLE_WORD.format(words))
        for unit in (scale, scale // 10):
            short = number // unit
            forms[f"_{scale}_per_{unit}"] = nw.when(named & (short * unit == number)).then(short.cast(nw.String))
    return forms


@share
def _check_holds_number(frames: Frames) -> Lazy:
    plain = _select_numbers(frames).with_columns(_plain=_normalize_phrase(nw.col("printed")))
    forms = _find_short_forms()
    words = plain.with_columns(
        _word=_expand_phrase(nw.col("_plain"), _convert_number_words(plain)).str.split(" "), **forms
    ).explode("_word")
    value = nw.col("_word").replace_strict(VALUE_OF, default=None, return_dtype=nw.String)
    found = is_any(*(nw.col(word) == nw.col(form) for word in ("_word", "_value") for form in forms))
    other = nw.col("_word").str.contains("[0-9]") | (is_filled("_value") & (nw.col("_value") != "1"))
    rated = (
        words.with_columns(_value=value)
        .with_columns(_found=found)
        .with_columns(
            _good=nw.when(nw.col("_found")).then(nw.lit(1)).otherwise(nw.lit(0)),
            _other=nw.when(other).then(nw.lit(1)).otherwise(nw.lit(0)),
        )
    )
    columns = ["figure_id", "claim_id", "printed", "written_number"]
    by_number = rated.group_by(*columns, "number").agg(nw.col("_good").max(), nw.col("_other").max())
    rate = nw.when(nw.col("_good") == 1).then(nw.lit(_RIGHT)).otherwise(
        nw.when(nw.col("_other") == 1).then(nw.lit(_WRONG)).otherwise(nw.lit(_OPEN))
    )  # fmt: skip
    judged = by_number.with_columns(_rate=rate).group_by(*columns).agg(nw.col("_rate").min())
    return judged.select(*columns, **{VERDICT: decide_verdict(nw.col("_rate") == _RIGHT, nw.col("_rate") == _WRONG)})


def check_printed_numbers(frames: Frames, figure_ids: Iterable[str]) -> dict[str, bool | None]:
    """Return whether the printed phrase of each figure contains its number.

    Returns:
        One entry per figure with a phrase; None if the phrase has no recognisable number.
    """
    is_named = nw.col("figure_id").is_in(sorted(set(figure_ids)))
    if not hasattr(frames, "shared"):
        frames = {"figures": frames["figures"].filter(is_named)}
    verdicts = _check_holds_number(frames).filter(is_named).collect().to_polars()
    return dict(verdicts.select("figure_id", VERDICT).iter_rows())


_DIGITS = re.compile(r"[0-9]+(?:[,.'’ ][0-9]{3})*")
_ASCII = {ord(char): str(n) for n, chars in enumerate(DIGITS) for char in chars}


def extract_numbers(phrase: str) -> list[int]:
    """Return the numbers in a phrase, as digits or else as words, in written order."""
    plain = phrase.lower().translate(_ASCII)
    in_digits = [int(re.sub("[^0-9]", "", hit)) for hit in _DIGITS.findall(plain)]
    in_one_word = [int(VALUE_OF[word]) for word in re.findall(r"[^\W\d_]+", plain) if VALUE_OF.get(word, "1") != "1"]
    return in_digits or parse_number_words(plain) or in_one_word


def _explain_number(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, `spot` and `coded`.

    If the phrase has a number that differs by one typing error, the number is probably wrong and not the phrase.
    """
    coded = frames["figures"].filter(nw.col("figure_id").is_in([row["figure_id"] for row in rows]))
    by_id = {row["figure_id"]: row for row in coded.collect().to_polars().to_dicts()}
    explained = []
    for row in rows:
        figure = by_id[row["figure_id"]]
        n = next((figure[c] for c in ("best", "low", "high") if figure[c] is not None), None)
        slips = [
            (m, how)
            for m in extract_numbers(row["printed"])
            if n is not None and (how := _typos.describe_digit_slip(n, m))
        ]
        clue = f"{n} is {slips[0][0]} with {slips[0][1]}: correct the number if the phrase is right. " if slips else ""
        explained.append(
            row | {"clue": clue, "spot": "qualifier" if slips else "printed", "coded": write_quantity(figure)}
        )
    return explained


def _get_number() -> nw.Expr:
    """Return the number, without the words before it."""
    return nw.coalesce("best", "low", "high").cast(nw.String)


def _has_qualifier_words(qualifier: str) -> nw.Expr:
    """Return whether words of this qualifier are right before the number in `_plain`."""
    before = _BEFORE.format(BOUNDS[qualifier])
    rest = nw.col("_plain").str.replace_all(before, "")
    digits = rest.str.replace_all(_BETWEEN_DIGITS, "").str.replace_all("[^0-9].*$", "")
    word = rest.str.replace_all(r"[^\p{L}\p{M}'].*$", "")
    value = word.replace_strict(VALUE_OF, default="", return_dtype=nw.String)
    same = (digits == nw.col("_number")) | (value == nw.col("_number"))
    return nw.col("_plain").str.contains(before) & same


def _explain_total(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `written_number`."""
    return [row | {"written_number": format_figure(row)} for row in rows]


def _explain_length(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `words`, the number of words."""
    return [row | {"words": len(row["printed"].split())} for row in rows]


@rule(
    "figures.printed-holds-number",
    "warning",
    ("printed", "best", "low", "high"),
    message="the printed phrase {printed!r} does not hold the number {written_number}",
    hint="{clue}Copy the words that hold this number, or move the phrase to the figure whose number it holds.",
    why=(
        "The phrase is the evidence for the number: at most six words by which a reader finds it on the page. A phrase with "
        "another number in it proves something else, or one of the two was mistyped. Digits of other scripts, separators, "
        "and number words of the sources' languages are understood; a phrase in which no number is recognised "
        "is left undecided."
    ),
    explain=_explain_number,
    found="{coded}, printed {printed}",
    after=("figures.parts-counted-once",),
    affects="number",
    example=Example(
        "The printed phrase holds the number",
        bad={
            "claim": "killed: {n: 27, printed: 72 people died}",
        },
        good={
            "claim": "killed: {n: 72, printed: 72 people died}",
        },
    ),
)
def _check_printed_holds_number(frames: Frames) -> Lazy:
    return _check_holds_number(frames)


@rule(
    "figures.printed-holds-qualifier",
    "warning",
    ("qualifier", "printed"),
    message="the printed phrase {printed!r} says `{words}`, and the number is coded as `{coded}`",
    hint="Write `{words} {number}` if the phrase is right; else copy the words as the page has them.",
    why=(
        "'At least 112' and '112' are two claims: the one allows a higher toll tomorrow, the other contradicts it. The words "
        "before a number are the first thing to get lost in copying. Only words right before the number are "
        "compared, in the languages of the sources; a phrase without any is left undecided."
    ),
    found="{qualifier} {number}, printed {printed}",
    after=("figures.parts-counted-once",),
    affects="number",
    example=Example(
        "The printed phrase and the quantity say the same of the number",
        bad={
            "claim": "killed: {n: 112, printed: at least 112 people died}",
        },
        good={
            "claim": "killed: {n: at least 112, printed: at least 112 people died}",
        },
    ),
)
def _check_holds_qualifier(frames: Frames) -> Lazy:
    """Compare the qualifier with the words right before the number.

    Phrases without such words are not checked, because the phrase may leave them out.
    """
    figures = frames["figures"].filter(is_filled("printed") & is_filled("qualifier"))
    figures = figures.with_columns(_plain=_normalize_phrase(nw.col("printed")), _number=_get_number()).filter(
        is_filled("_number")
    )
    figures = figures.filter(nw.col("qualifier").is_in(["exact", *BOUNDS])).with_columns(
        **{f"_{word}": _has_qualifier_words(word) for word in BOUNDS}
    )
    fits = is_any(*((nw.col("qualifier") == word) & nw.col(f"_{word}") for word in BOUNDS))
    words = nw.coalesce(*(nw.when(nw.col(f"_{word}")).then(nw.lit(word.replace("_", " "))) for word in BOUNDS))
    figures = figures.with_columns(words=words).filter(is_filled("words"))
    coded = nw.col("qualifier").str.replace_all("_", " ", literal=True)
    columns = ("figure_id", "claim_id", "qualifier", "printed", "words")
    return figures.select(*columns, coded=coded, number="_number", **{VERDICT: fits})


@rule(
    "figures.total-has-phrase",
    "warning",
    ("figure_id", "printed"),
    message="the total is {written_number}, and no printed phrase holds it",
    hint="Copy the words around the number from the page: `printed:`, at most six words.",
    why=(
        "The page has been read again (`read_sha256`), so the words were there to copy. Without them nobody can find the number "
        "on the page, and no rule can compare it. A count of one is not checked: its phrase may single a person out."
    ),
    requires_tables=("claims", "sources"),
    explain=_explain_total,
    found="{written_number}",
    example=Example(
        "A total of a page that was read again has its phrase",
        bad={
            "page": """
                read_sha256: b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36
                read_chars: 1200
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: 20}}
                """,
        },
        good={
            "page": """
                read_sha256: b3b428d404d6609fd7438d464245f18c4e0ea0f7054f91ad10c79c7a270b6f36
                read_chars: 1200
                claims: {1: {claimant: observatory, during: 2024-06-02, as_of: 2024-06-02, location: town, injured: {n: 20, printed: 20 people}}}
                """,
        },
    ),
)
def _check_total_quoted(frames: Frames) -> Lazy:
    """Check the totals of more than one person, in active claims on pages that were read again."""
    pages = frames["sources"].filter(is_filled("read_sha256")).select("source_id")
    active = frames["claims"].filter(nw.col("status") == "active").select("claim_id", "source_id")
    claims = active.join(pages, on="source_id", how="inner").select("claim_id")
    number = nw.coalesce("best", "low", "high")
    totals = frames["figures"].filter(nw.col("parent_id").is_null() & (number > 1))
    return totals.join(claims, on="claim_id", how="inner").with_columns(is_filled("printed").alias(VERDICT))


@rule(
    "figures.printed-is-short",
    "error",
    ("printed",),
    message=f"the printed phrase {{printed!r}} has {{words}} words, more than {MOST_WORDS}",
    hint=f"Cut it to the number and the words beside it, at most {MOST_WORDS}; write `...` for what is left out.",
    why=(
        "The phrase is there so that a reader finds the number on the page. A sentence of the source is its author's, and "
        "is not ours to publish; it may also name people who are not to be named."
    ),
    explain=_explain_length,
    example=Example(
        "The printed phrase has at most six words",
        bad={
            "claim": "killed: {n: 72, printed: the head of the hospital counted 72 dead}",
        },
        good={
            "claim": "killed: {n: 72, printed: 72 dead}",
        },
    ),
)
def _is_short() -> nw.Expr:
    word = "[^ ]+"
    return nw.col("printed").str.contains(f"^ *{word}(?: +{word}){{0,{MOST_WORDS - 1}}} *$")
