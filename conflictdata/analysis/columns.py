"""The columns of the results, described for people and programs, and results as DataFrames."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from inspect import cleandoc
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from conflictdata.findings import UsageError

if TYPE_CHECKING:
    import pandas as pd


Function = TypeVar("Function", bound=Callable[..., Any])


class ResultColumn(NamedTuple):
    """A column of a result.

    Attributes:
        name: Its name.
        type: `text`, `whole number`, `date` or `yes or no`.
        meaning: What it holds.
    """

    name: str
    type: str
    meaning: str


_T, _N, _D, _B = "text", "whole number", "date", "yes or no"
_DTYPES = {_T: "string", _N: "Int64", _D: "datetime64[s]", _B: "boolean"}


def _make(*columns: tuple[str, str, str]) -> tuple[ResultColumn, ...]:
    return tuple(ResultColumn(*column) for column in columns)


_TARGET = (
    ("toll", _T, "Id of the running toll."),
    ("claimant", _T, "Id of the claimant."),
    ("group", _T, "The people counted, in the words of the seeds. Empty: everybody whom the toll counts."),
    ("outcome", _T, "What happened to them."),
    ("unit", _T, "What is counted."),
    ("reading", _T, "`stated` (what the words leave possible) or `counted` (what the claimant had on its list)."),
)
_STATEMENT = (
    ("as_of", _D, "Day up to which the claimant counted."),
    ("wording", _T, "The number with the word that belongs to it: `at least 704`."),
    ("n", _N, "The number by itself, whatever its qualifier. Empty: none was given."),
    ("low", _N, "Lower bound in this reading. Empty: nothing was said."),
    ("high", _N, "Upper bound in this reading. Empty: open above."),
    ("best", _N, "The number itself, where the words give one. Never a bound."),
    ("qualifiers", _T, "Qualifiers on the pages, most frequent first, joined by `|`."),
    ("opened_by", _T, "Figure above this one that is open above, so that this one is, too."),
    ("rounds", _T, "Numbers on other pages of the day that are this one, rounded, joined by `|`."),
    ("fits", _T, "For a rounded number: the numbers of the day that it may mean, if there are several."),
    ("pages", _N, "Number of pages that carry it."),
    ("agencies", _T, "Agencies through which it came, joined by `|`."),
    ("claims", _T, "Ids of its claims, joined by `|`."),
)
_FOOT = (
    ("pages", _N, "Number of pages behind the answer."),
    ("claims", _T, "Ids of the claims behind it, joined by `|`."),
)

_ORIGIN = (
    ("collection", _T, "Name of the collection, within which all ids are keys. Empty: the curated records."),
    ("caution", _T, "What to know before using a number of the collection. Empty: the curated records."),
)

COLUMNS: dict[str, tuple[ResultColumn, ...]] = {
    "timeline": _make(
        *_TARGET, *_STATEMENT[:-3],
        ("last_of_day", _B, "Whether it is the last number of the day: by the order on the pages, else the largest that is not rounded."),
        ("order", _T, "How the last number of the day is known: `only` (there is one), `known` (the pages give the order), `assumed` (a toll does not fall). Empty: it is not the last."),
        ("falls", _B, "Whether it is smaller than an earlier last number, without a correction."),
        ("derived", _B, "Whether it is our sum of printed parts."),
        ("parts", _T, "Ids of the figures that were added up, joined by `|`."),
        *_STATEMENT[-3:],
        *_ORIGIN,
    ),
    "window": _make(
        *_TARGET,
        ("since", _D, "First day of the window."),
        ("until", _D, "Last day of the window; it is inside."),
        ("from_as_of", _D, "Day of the last statement from before the window. Empty: the toll begins with the window, at 0."),
        ("from_n", _N, "Its number."),
        ("to_as_of", _D, "Day of the last statement from within the window."),
        ("to_n", _N, "Its number."),
        ("low", _N, "Least growth between the two statements. Empty: no bound."),
        ("best", _N, "Difference of the two numbers, if both are plain numbers."),
        ("high", _N, "Largest growth between the two statements. Empty: no bound."),
        ("days_low", _N, "Least growth over exactly the days of the window. Empty: no bound."),
        ("days_high", _N, "Largest growth over exactly these days. Empty: no bound."),
        ("basis", _T, "Always `recorded`: growth of a toll holds late reports of earlier deaths."),
        ("gap_days", _N, "Days by which the two statements miss the ends of the window."),
        *_FOOT,
        *_ORIGIN,
    ),
    "compare": _make(
        ("claimant", _T, "Id of the claimant."),
        ("family", _T, "The widest body to which the claimant belongs."),
        ("group", _T, "The people asked for. Empty: all of the event."),
        ("population", _T, "Whom the number counts, as in `casualties`."),
        ("outcome", _T, "What happened to them."),
        ("unit", _T, "What is counted."),
        ("reading", _T, "`stated` or `counted`."),
        *_STATEMENT[:-3],
        ("comparable", _T, "`same`, or why the number is not ranked: `narrower_group` (ranked as a lower bound of the others), `wider`, `narrower`, `part_of`, `singled_out`, `replaced`."),
        ("later", _B, "Whether the claimant gave another number for a later day."),
        ("gap_max", _N, "Largest distance that the words leave to another claimant's number. Empty: not ranked."),
        ("gap_open", _B, "Whether the higher of the two is open above, so that the gap is at least this."),
        ("with", _T, "That claimant."),
        *_STATEMENT[-3:],
        *_ORIGIN,
    ),
    "revisions": _make(
        ("step", _N, "Number of the step."),
        ("claim_id", _T, "Id of the claim; of a statement on several pages, the first."),
        ("as_of", _D, "Day up to which the claimant counted."),
        ("wording", _T, "The number with the word that belongs to it."),
        ("n", _N, "The number by itself."),
        ("low", _N, "Lower bound of what is stated. Empty: nothing was said."),
        ("high", _N, "Upper bound of what is stated. Empty: open above."),
        ("change", _N, "Difference of `n` from the step before."),
        ("reason", _T, "Reason for a revision, as the page has it or the coder wrote it."),
        ("kind", _T, "`first`, `revision` (the claimant corrected itself), `next_point` (a toll went on) or `fall` (a toll went down without a correction)."),
        *_FOOT,
        *_ORIGIN,
    ),
    "rollup": _make(
        ("low", _N, "Lower bound of the sum. Empty: no bound."),
        ("best", _N, "The sum, if every number is a plain number."),
        ("high", _N, "Upper bound of the sum. Empty: open above."),
        ("n_items", _N, "Number of statements that were added up."),
        ("how", _T, "`sum` or `union` (nobody knows how far they overlap)."),
        ("reading", _T, "`stated` or `counted`."),
        *_FOOT,
        *_ORIGIN,
    ),
    "explain": _make(
        ("figure_id", _T, "Id of the figure."),
        ("claim_id", _T, "Id of its claim."),
        ("claimant", _T, "Id of the claimant."),
        ("as_of", _D, "Day up to which the claimant counted."),
        ("wording", _T, "The number with the word that belongs to it."),
        ("used", _B, "Whether it is in the answer."),
        ("why", _T, "Why not: codes of docs/refusals.md, `relay` (the same statement as another row), or the column that left it out."),
        *_ORIGIN,
    ),
}  # fmt: skip
# What `as_of` adds to the columns of `casualties`.
ADDED_AS_OF = _make(
    ("standing", _T, "What became of the claim: `current`, `superseded_later` or `retracted_later`."),
    ("published_basis", _T, "How the day of publication is known."),
    *_ORIGIN,
)
_KNOWN = {**COLUMNS, "as_of": ADDED_AS_OF}


def document_columns(operation: str) -> Callable[[Function], Function]:
    """Add the columns of a result to the docstring of the function that returns it, at the end of `Returns`.

    Args:
        operation: Name of the operation.
    """
    listed = "".join(f"    {name} ({type_}): {meaning}\n" for name, type_, meaning in _KNOWN[operation])

    def add_columns(function: Function) -> Function:
        # Python 3.13 and later remove the margin of a docstring.
        before, title, after = cleandoc(function.__doc__ or "").partition("\n\nRaises:")
        function.__doc__ = f"{before}\n{listed}{title[1:]}{after}"
        return function

    return add_columns


def describe_columns(operation: str) -> pd.DataFrame:
    """Describe the columns of a result.

    Args:
        operation: `timeline`, `window`, `compare`, `as_of`, `rollup`, `revisions`, or `explain` (of `rollup`).

    Returns:
        One row per column: `name`, `type`, `meaning`.

    Raises:
        UsageError: If the operation does not exist.
    """
    import pandas as pd

    if operation not in _KNOWN:
        raise UsageError(f"the operation {operation!r} is unknown; give one of {', '.join(_KNOWN)}")
    return pd.DataFrame(_KNOWN[operation], columns=list(ResultColumn._fields), dtype="string")


def make_frame(
    operation: str, rows: Iterable[Mapping[str, Any]], origin: Mapping[str, Any], first: Iterable[str] = ()
) -> pd.DataFrame:
    """Return the rows of a result as a DataFrame with the columns of the operation.

    Args:
        operation: Name of the operation.
        rows: The rows. A missing key is an empty cell.
        origin: Collection and caution, for every row.
        first: Columns before those of the operation, all text.
    """
    import pandas as pd

    listed = [{**row, **origin} for row in rows]
    columns = [*(ResultColumn(name, _T, "") for name in first), *COLUMNS[operation]]
    return pd.DataFrame(
        {c.name: pd.Series([row.get(c.name) for row in listed], dtype=_DTYPES[c.type]) for c in columns}
    )
