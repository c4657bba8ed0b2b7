"""Rules of single figures: bounds, and the words around the number."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules.base import Example, Frames, Row, rule
from conflictdata.schema.quantities import COUNTS, FILLS, is_consistent, is_filled, is_in_order, is_not_negative


def _has_count() -> nw.Expr:
    return is_filled("low") | is_filled("best") | is_filled("high")


def _is_consistent(*, estimated: bool = False) -> nw.Expr:
    return nw.when(is_not_negative() & is_in_order()).then(is_consistent(estimated=estimated))


MOST_PEOPLE = 100_000_000


_QUALIFIER_FORMS = {
    "exact": "low, best and high with one number", "range": "low and a larger high",
    **{word: f"{columns[0]} alone" for word, columns in FILLS.items() if len(columns) == 1},
    **{word: "nothing: it is a word without a number" for word, columns in FILLS.items() if not columns},
}  # fmt: skip


def _explain_qualifier(rows: list[Row], frames: Frames) -> list[Row]:  # noqa: ARG001 - the row is enough
    """Add `numbers`, the filled columns, and `way`, the columns that should be filled."""
    return [row | {"numbers": _format_filled(row), "way": _describe_form(row)} for row in rows]


def _format_filled(row: Row) -> str:
    counts = [f"{column} {row[column]}" for column in COUNTS if row[column] is not None]
    share = [] if row["share"] is None else [f"a share of {row['share']:g}%"]
    if share and not counts and row["parent_id"] is None:
        return f"{share[0]} of nothing: there is no figure above it"
    return ", ".join(counts + share) or "no number"


def _describe_form(row: Row) -> str:
    if row["share"] is None:
        return f"`{row['qualifier']}` fills {_QUALIFIER_FORMS[row['qualifier']]}"
    return "Write the number of people, or put the share under the figure that it is a share of; a share fills no count"


@rule(
    "figures.count-not-negative",
    "error",
    ("low", "best", "high"),
    message="a count is below zero: low {low}, best {best}, high {high}",
    hint="Write the number of people. Empty is not zero; a stated zero is 0.",
    why=(
        "People are counted in whole numbers from zero up. A negative number is a difference, a code for 'missing' "
        "or a slip, and it would quietly lower every sum that it enters."
    ),
    example=Example(
        "A count is not below zero",
        bad={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,at_least,-8,,
                """,
        },
        good={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,at_least,8,,
                """,
        },
        reported_as="cells.range",
    ),
)
def _check_count_not_negative() -> nw.Expr:
    return nw.when(_has_count()).then(is_not_negative())


@rule(
    "figures.count-is-possible",
    "error",
    ("low", "best", "high"),
    message="a count is above 100,000,000: low {low}, best {best}, high {high}",
    hint="Compare the number with the page: separators of thousands, and words such as lakh or million.",
    why=(
        "No claim of any war counts so many people. The number was multiplied twice, or holds a telephone number, a sum of money "
        "or two numbers without the space between them."
    ),
    affects="number",
    example=Example(
        "No figure counts more than 100,000,000",
        bad={
            "claim": "injured: 170679001",
        },
        good={
            "claim": "injured: 170679",
        },
    ),
)
def _is_possible() -> nw.Expr:
    """Return whether no count is larger than that of any war."""
    return nw.max_horizontal("low", "best", "high") <= MOST_PEOPLE


@rule(
    "figures.bounds-in-order",
    "error",
    ("low", "best", "high"),
    message="low {low}, best {best}, high {high} do not rise",
    hint="Write the smaller bound first; leave a bound empty that the page does not give.",
    why=(
        "The lower bound cannot lie above the number or the upper bound. Where it does, two cells were swapped or one "
        "was mistyped, and no interval is left to compare with anything."
    ),
    imported_severity="warning",  # up to 1.3 % of the rows of UCDP GED
    example=Example(
        "The bounds of a number rise",
        bad={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,range,8,,5
                """,
        },
        good={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,range,5,,8
                """,
        },
    ),
)
def _is_ordered() -> nw.Expr:
    """Return whether the counts are in order.

    Null without counts, and for a negative count, which another rule reports.
    """
    return nw.when(_has_count() & is_not_negative()).then(is_in_order())


@rule(
    "figures.qualifier-fits-bounds",
    "error",
    ("qualifier", "low", "best", "high", "share"),
    message="`{qualifier}` does not go with {numbers}",
    hint="{way}.",
    why=(
        "Bounds hold only what was said. 'At least 8' with an upper bound of 8 says 'exactly 8'; 'about 600' with a lower "
        "bound says something that nobody said. Whoever sums or compares figures trusts the bounds to be the page's own."
    ),
    imported_check=_is_consistent(estimated=True),
    explain=_explain_qualifier,
    example=Example(
        "The words around a number and its bounds agree",
        bad={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,at_least,8,,8
                """,
        },
        good={
            "figures.csv": """
                figure_id,qualifier,low,best,high
                paper-2024-06-02.1.killed,at_least,8,,
                """,
        },
    ),
)
def _check_qualifier_fits_bounds() -> nw.Expr:
    return _is_consistent()


@rule(
    "figures.round-number-exact",
    "warning",
    ("best", "qualifier"),
    message="{best} is a round number and yet exact",
    hint="Look at the page again: is there an 'about', 'some', 'more than' or 'nearly' before it? If not, leave it as it is.",
    why=(
        "A count of 1,000 or more that ends in nothing but zeros after its first two digits is hardly ever a count; it is an "
        "estimate, and the word that says so is easily lost on the way from page to page. The figure is published as "
        "it is printed; the warning tells the reader to take it as rounded."
    ),
    found="exact {best}",
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier"),
    affects="number",
    example=Example(
        "A round number of thousands is seldom exact",
        bad={
            "claim": "displaced: 48000",
        },
        good={
            "claim": "displaced: about 48000",
        },
    ),
)
def _is_not_round() -> nw.Expr:
    """Return whether an exact number is not suspiciously round.

    Suspicious numbers are 1,000 or more, with at most two digits other than 0. Null if the figure is not exact.
    """
    best = nw.col("best")
    round_ = nw.lit(False)
    # Divide and multiply, because the remainder (%) fails in pandas with Arrow types.
    for unit, least in (
        (100, 1_000),
        (1_000, 10_000),
        (10_000, 100_000),
        (100_000, 1_000_000),
        (1_000_000, 10_000_000),
    ):
        round_ = nw.when(best >= least).then((best // unit) * unit == best).otherwise(round_)
    return nw.when((nw.col("qualifier") == "exact") & is_filled("best")).then(~round_)
