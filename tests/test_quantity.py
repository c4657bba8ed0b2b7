"""Quantities: texts that are read, and texts that are refused with a hint."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdata.seeds.quantity import NotAQuantity, Quantity, format_quantity, parse_quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("727", Quantity("exact", "727", "727", "727")),
        ("0", Quantity("exact", "0", "0", "0")),
        ("at least 727", Quantity("at_least", low="727")),
        ("more than 300", Quantity("more_than", low="300")),
        ("about 600", Quantity("about", best="600")),
        ("nearly 100", Quantity("nearly", high="100")),
        ("up to 600", Quantity("up_to", high="600")),
        ("100 to 200", Quantity("range", low="100", high="200")),
        ("dozens", Quantity("dozens")),
        ("tens of thousands", Quantity("tens_of_thousands")),
        ("hundreds of thousands", Quantity("hundreds_of_thousands")),
        ("millions", Quantity("millions")),
        ("unstated", Quantity("unstated")),
        ("62%", Quantity("exact", share="62")),
        ("more than 62.5%", Quantity("more_than", share="62.5")),
    ],
)
def test_quantities_are_read(text: str, expected: Quantity) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("1,204", "Write 1204."),
        ("1 204", "Write 1204."),
        ("1.204", "Write 1204."),
        ("1_000", "Write 1000."),
        ("012", "Write 12."),
        ("1e5", "Write 100000."),
        ("1e10", "Write 10000000000."),  # the largest number
        ("1.1e10", ""),
        ("5-8", "Write 5 to 8."),
        ("30+", "Write more than 30."),
        ("NaN", "Write unstated."),
        ("１２", "Write 12."),
        ("٣٧١", "Write 371."),
        ("-1", ""),
        ("3.5", ""),
        ("8 to 5", "Write the smaller number first."),
        ("5 to 5", "Write the smaller number first."),
        ("1" + "0" * 30, "Check the number of zeros."),
        ("101%", ""),
        ("some", "Write N, N to M"),
        ("at least", "Write N, N to M"),
        ("At least 5", "Write at least 5."),
        ("727\n", "Write 727."),
        ("at least\u00a0910", "Write at least 910."),
        ("over 300", "Write more than 300."),
        ("~100", "Write about 100."),
        ("between 5 and 6", "Write 5 to 6."),
        ("nearly 60 percent", "Write nearly 60%."),
        ("more than 0.62", "Write more than 62%."),
        ("1,225 civilians", "Write 1225."),
        (">= 1,000", "Write at least 1000."),
        ("1e400", ""),
        ("at least  727", "Write at least 727."),
        ("1,70,679", "Write 170679."),
        ("at least 1,00,00,000", "Write at least 10000000."),
        ("3_71", "Write 371."),
        ("+371", "Write 371."),
        ("at least +3", "Write at least 3."),
        ("12:30", ""),
        ("0x173", ""),
        ("0o17", ""),
        ("CCCLXXI", ""),
        (".inf", ""),
        ("37¹", ""),
        ("Ⅻ", ""),
        ("37l", "Write 371."),
        ("at least 3O0", "Write at least 300."),
        ("oil", "Write N, N to M"),
        ("371.", "Write 371."),
        ("371#checked", "Write 371."),
        ("three hundred and seventy-one", "Write 371."),
        ("at least a dozen", "Write at least 12."),
        ("twelve soldiers", "Write 12."),
        ("five or six", "Write N, N to M"),
        ("12,34", "Write N, N to M"),
    ],
)
def test_other_forms_are_refused_with_a_way_out(text: str, hint: str) -> None:
    with pytest.raises(NotAQuantity) as caught:
        parse_quantity(text)
    assert caught.value.hint.startswith(hint)
    assert bool(caught.value.hint) == bool(hint)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("at least  727", "it holds two spaces in a row"),
        ("1,70,679", "a number has no separators"),
        ("1 204", "a number has no separators"),
        ("12:30", "this is a time of day"),
        ("0x173", "a number is written in the digits 0 to 9, base 10"),
        ("VII", "a number is written in the digits 0 to 9"),
        ("37O", "it has a letter that looks like a digit"),
        ("+3", "a number has no sign"),
        ("-3", "a count is never negative"),
        ("371#checked", "a comment has a space before its #"),
        ("371;", "it ends with a mark"),
        ("twelve", "a number is written in digits"),
        ("inf", "this is not a number"),
        ("37¹", "it holds U+00B9 SUPERSCRIPT ONE"),
    ],
)
def test_the_reason_is_that_of_the_form(text: str, reason: str) -> None:
    with pytest.raises(NotAQuantity) as caught:
        parse_quantity(text)
    assert str(caught.value) == f"{text!r} is not a quantity: {reason}"


@pytest.mark.parametrize("text", ["100%", "100.0%", "more than 100%", "0%"])
def test_a_share_goes_up_to_the_whole(text: str) -> None:
    assert parse_quantity(text).share == text.rsplit(maxsplit=1)[-1].removesuffix("%")


@pytest.mark.parametrize("text", ["100.1%", "101%", "1000%"])
def test_a_share_of_more_than_the_whole_is_refused(text: str) -> None:
    with pytest.raises(NotAQuantity, match="more than the whole"):
        parse_quantity(text)


def test_the_largest_number_is_that_of_the_people_of_the_world() -> None:
    assert parse_quantity("10000000000").best == "10000000000"
    for text in ("10000000001", "5 to 10000000001", "99999999999", "1" + "0" * 5000):
        with pytest.raises(NotAQuantity, match="more people than have lived"):
            parse_quantity(text)


@given(
    st.sampled_from(["", "at least ", "more than ", "about ", "nearly ", "up to "]),
    st.integers(0, 10_000_000_000),
)
def test_what_is_written_reads_back(words: str, number: int) -> None:
    text = f"{words}{number}"
    read = parse_quantity(text)
    bounds = [int(v) if v else None for v in (read.low, read.best, read.high)]
    assert format_quantity(read.qualifier, *bounds) == text


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        result = parse_quantity(text).qualifier
    except NotAQuantity as fault:
        result = str(fault)
    assert result
