"""Quantities as seeds write them, such as `at least 727` or `100 to 200`.

Other forms are `dozens` and `more than 62%`. Bounds hold only what the words say: `about 600` has no
bounds, and `up to 600` has no lower bound.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from conflictdata.readers.text import describe_character
from conflictdata.schema.number_words import VALUE_OF, parse_number_words
from conflictdata.schema.vocabularies import QUALIFIER

_NUMBER = r"(?:0|[1-9][0-9]*)"
_SHARE = re.compile(rf"(?:(?P<words>[a-z]+(?: [a-z]+)?) )?(?P<share>{_NUMBER}(?:\.[0-9]+)?)%\Z")
_ONE = re.compile(rf"(?:(?P<words>[a-z]+(?: [a-z]+)?) )?(?P<n>{_NUMBER})\Z")
_RANGE = re.compile(rf"(?P<low>{_NUMBER}) to (?P<high>{_NUMBER})\Z")

LARGEST_NUMBER = 10_000_000_000  # more than all people alive; a larger number is a typing error

# The words before a number: the qualifier, and the columns that the number fills.
WORDS = {
    "": ("exact", ("low", "best", "high")),
    "at least": ("at_least", ("low",)),
    "more than": ("more_than", ("low",)),
    "about": ("about", ("best",)),
    "nearly": ("nearly", ("high",)),
    "up to": ("up_to", ("high",)),
}
# Words without a number, as a seed writes them, with their qualifiers.
_ORDERS = ("thousands", "tens of thousands", "hundreds of thousands", "millions")
BARE_WORDS = {
    word: word.replace(" ", "_") for word in ("several", "dozens", "hundreds", *_ORDERS, "many", "most", "unstated")
}
_WRITTEN = {qualifier: word for word, qualifier in BARE_WORDS.items()}


@dataclass(frozen=True)
class Quantity:
    """Quantity as columns of `figures`, all as text."""

    qualifier: str
    low: str = ""
    best: str = ""
    high: str = ""
    share: str = ""


class NotAQuantity(ValueError):
    """Text that is not a quantity. The message gives the reason.

    Attributes:
        hint: The probable meaning, or the allowed forms. May be empty.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def parse_quantity(text: str) -> Quantity:
    """Return the columns for a quantity written as text.

    Raises:
        NotAQuantity: If the text has none of the forms in docs/seeds-reference.md.
    """
    if text in BARE_WORDS:
        return Quantity(BARE_WORDS[text])
    if (hit := _SHARE.match(text)) and (hit["words"] or "") in WORDS:
        if float(hit["share"]) > 100:
            raise NotAQuantity(f"{text} is more than the whole")
        return Quantity(WORDS[hit["words"] or ""][0], share=hit["share"])
    if hit := _RANGE.match(text):
        if int(hit["low"]) >= int(hit["high"]):
            raise NotAQuantity(f"the range {text} does not rise", "Write the smaller number first.")
        return Quantity("range", low=_check_size(hit["low"]), high=_check_size(hit["high"]))
    if (hit := _ONE.match(text)) and (hit["words"] or "") in WORDS:
        qualifier, columns = WORDS[hit["words"] or ""]
        return Quantity(qualifier, **dict.fromkeys(columns, _check_size(hit["n"])))
    raise _make_error(text)


def _check_size(digits: str) -> str:
    if len(digits) > 11 or int(digits) > LARGEST_NUMBER:
        raise NotAQuantity(f"{digits} is more people than have lived on earth at a time", "Check the number of zeros.")
    return digits


# Common other spellings of a quantity, with ours. Applied in order, to text with plain spaces and digits.
_FORMS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), form)
    for pattern, form in (
        (r"(?<=[0-9])[,_'’ .](?=[0-9]{3}(?![0-9]))", ""),
        (
            r"(?<=[0-9]),(?=[0-9]{2}(?:,[0-9]{2})*[0-9]{3}(?![0-9]))",
            "",
        ),  # 1,70,679, as in South Asia; the last comma is gone
        (r"(?<=[0-9])_(?=[0-9])", ""),
        (r"^((?:at least|more than|about|nearly|up to) )?\+(?=[0-9])", r"\1"),
        (r"(?<=[0-9])(?:#.*|[.,;:])$", ""),
        (r"^([0-9]+) ?\+$", r"more than \1"),
        (r"^(?:≥|>=|no fewer than|no less than|not fewer than|not less than|min(?:imum)?\.?(?: of)?) ?", "at least "),
        (r"^(?:>|over|above|in excess of|upwards of|exceeding) ?", "more than "),
        (r"^(?:≤|<=|as many as|at most|no more than|not more than|max(?:imum)?\.?(?: of)?) ?", "up to "),
        (
            r"^(?:~|≈|ca?\.|circa|around|some|roughly|approximately|approx\.?|an estimated|estimated at) ?(?=[0-9])",
            "about ",
        ),
        (r"^(?:almost|close to|just under) ?", "nearly "),
        (r"^(at least|more than|about|nearly|up to)(?=[0-9])", r"\1 "),
        (r"^(?:between|from) ([0-9]+) (?:and|to) ([0-9]+)$", r"\1 to \2"),
        (r"^([0-9]+) ?[-–—] ?([0-9]+)$", r"\1 to \2"),
        (r"(?<=[0-9]) ?(?:percent|per cent|pct\.?|%)$", "%"),
        (r" (?:people|persons|dead|deaths|killed|injured|civilians|soldiers|fighters)$", ""),
    )
)

# Letters that look like digits.
_LOOKS_LIKE = str.maketrans({"l": "1", "I": "1", "|": "1", "O": "0", "o": "0"})

_WORDS = r"(?:[a-z]+ ){0,2}"

_REASONS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r" |.* \Z"), "it starts or ends with a space"),
    (re.compile(r"-\s*[0-9]"), "a count is never negative"),
    (re.compile(r"0[0-9]+\Z"), "a number has no leading zero"),
    (re.compile(r".*  "), "it holds two spaces in a row"),
    (re.compile(r"(?:[a-z ]+ )?[0-9]{1,3}(?:[,_'’ .][0-9]{3})+\Z"), "a number has no separators"),
    (re.compile(rf"{_WORDS}[0-9]{{1,3}}(?:,[0-9]{{2}})+,[0-9]{{3}}\Z"), "a number has no separators"),
    (re.compile(rf"{_WORDS}[0-9]+(?:_[0-9]+)+\Z"), "a number has no separators"),
    (re.compile(rf"{_WORDS}\+[0-9]+\Z"), "a number has no sign"),
    (re.compile(rf"{_WORDS}0[xob][0-9a-f]+\Z", re.IGNORECASE), "a number is written in the digits 0 to 9, base 10"),
    (re.compile(r"[0-9]+(?::[0-9]{2})+\Z"), "this is a time of day"),
    (re.compile(rf"{_WORDS}[IVXLCDM]{{2,}}\Z"), "a number is written in the digits 0 to 9"),
    (re.compile(rf"{_WORDS}(?=[0-9lIOo|]*[0-9])[0-9lIOo|]*[lIOo|]+[0-9lIOo|]*\Z"), "it has a letter that looks like a digit"),
    (re.compile(r"[0-9]+(?:\.[0-9]+)?[eE]\+?[0-9]+\Z"), "the number is written out"),
    (re.compile(r"(?:[a-z ]+ )?0?\.[0-9]+\Z"), "a share is written in percent"),
    (re.compile(r"[0-9]+\.[0-9]+\Z"), "a count is whole"),
    (re.compile(r"[^#]*[0-9]#"), "a comment has a space before its #"),
    (re.compile(r".*[0-9][.,;:]\Z"), "it ends with a mark"),
    (re.compile(r"[0-9]+\+\Z"), "the plus is written in words"),
    (re.compile(r"[0-9]+ ?[-–—] ?[0-9]+\Z"), "a range is written with 'to'"),
    (re.compile(r"(?:n/?a|nan|null|none|~|unknown|\?|[-+]?\.?inf(?:inity)?)\Z", re.IGNORECASE), "this is not a number"),
    (re.compile(r"(?:at least|more than|about|nearly|up to)\Z"), "the number is missing"),
)  # fmt: skip
_FRACTION = re.compile(r"(?P<words>(?:[a-z]+ )*)0?\.(?P<digits>[0-9]{1,4})\Z")


def _guess_quantity(text: str) -> str:
    """Return the quantity that a text in another form probably means, or ""."""
    plain = "".join(str(int(c)) if c.isdecimal() else " " if c.isspace() else c for c in text).strip().lower()
    if re.fullmatch(r"0[0-9]+", plain):
        return plain.lstrip("0") or "0"
    if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?e\+?[0-9]{1,2}", plain) and float(plain) <= LARGEST_NUMBER:
        return f"{float(plain):.0f}"
    if plain in {"n/a", "na", "nan", "null", "none", "~", "unknown", "?"}:
        return "unstated"
    if hit := _FRACTION.match(plain):
        return f"{hit['words']}{float('0.' + hit['digits']) * 100:g}%"
    plain = re.sub(r" +", " ", plain)
    for pattern, form in _FORMS:
        plain = pattern.sub(form, plain)
    guesses = (plain, _replace_look_alikes(text), _replace_number_words(plain))
    return next((guess for guess in guesses if _is_quantity(guess)), "")


def _replace_look_alikes(text: str) -> str:
    """Return the text with digits for the letters that look like them in its last word."""
    words, _, last = text.rpartition(" ")
    return f"{words} {last.translate(_LOOKS_LIKE)}".strip() if re.search("[0-9]", last) else ""


def _replace_number_words(plain: str) -> str:
    """Return the text with the digits of the one number that it spells in words, or ""."""
    words = next((w for w in sorted(WORDS, key=len, reverse=True) if w and plain.startswith(f"{w} ")), "")
    rest = plain.removeprefix(words).strip()
    spelt = [VALUE_OF[rest]] if rest in VALUE_OF else [str(number) for number in parse_number_words(rest)]
    return f"{words} {spelt[0]}".strip() if len(spelt) == 1 and _spells_only_number(rest) else ""


def _spells_only_number(text: str) -> bool:
    """Return whether every word of a text is part of a spelt number."""
    return all(word in VALUE_OF or word in {"a", "an", "and", "half"} for word in re.split(r"[ -]+", text))


def _is_quantity(text: str) -> bool:
    known = text in BARE_WORDS or any(form.match(text) for form in (_RANGE, _ONE, _SHARE))
    words = (_ONE.match(text) or _SHARE.match(text) or {"words": None})["words"]
    return known and (words or "") in WORDS


def _find_odd_character(text: str) -> str:
    """Return the first digit, sign for a number or space that is not an ASCII one, or ""."""
    return next((c for c in text if (c.isnumeric() or c.isspace()) and c not in "0123456789 "), "")


def _make_error(text: str) -> NotAQuantity:
    guess = _guess_quantity(text)
    reason = next((why for pattern, why in _REASONS if pattern.match(text)), "")
    if odd := _find_odd_character(text):
        reason = f"it holds {describe_character(odd)}"
    elif guess and not reason and not re.search("[0-9]", text):
        reason = "a number is written in digits"
    message = f"{text!r} is not a quantity" + (f": {reason}" if reason else "")
    if guess or (reason and "missing" not in reason):
        return NotAQuantity(message, f"Write {guess}." if guess else "")
    forms = ", ".join(f"{words} N" for words in WORDS if words)
    return NotAQuantity(message, f"Write N, N to M, {forms}, {', '.join(sorted(BARE_WORDS))}, or a share such as 62%.")


def format_quantity(
    qualifier: str, low: int | None, best: int | None, high: int | None, share: float | None = None
) -> str:
    """Return the quantity as a seed writes it, from columns of `figures`.

    A range of an imported dataset may also have a best estimate.
    """
    if qualifier in _WRITTEN:
        return _WRITTEN[qualifier]
    if qualifier == "range":
        return f"{low} to {high}" + ("" if best is None else f" (best estimate {best})")
    words = next(w for w, (q, _) in WORDS.items() if q == qualifier)
    number = f"{share:g}%" if share is not None else str(next(n for n in (best, low, high) if n is not None))
    return f"{words} {number}".strip()


assert {q for q, _ in WORDS.values()} | {*BARE_WORDS.values()} | {"range"} == set(QUALIFIER.values)
