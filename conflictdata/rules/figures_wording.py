"""Rules that compare the words of a printed phrase with the people and the outcome of its figure."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._figures import Lazy
from conflictdata.rules.base import VERDICT, Example, Frames, rule, share
from conflictdata.schema import people_words
from conflictdata.schema.quantities import is_filled

_WORD_START = r"(?:^|[ (,0-9«„\"'])(?:{})"


_TWO_NUMBERS = r"[0-9][^0-9\p{L}]*\p{L}[^0-9]*[0-9]"


_WORDS = {
    "says_civilians": people_words.CIVILIANS, "says_soldiers": people_words.SOLDIERS, "says_killed": people_words.KILLED,
    "says_injured": people_words.INJURED,
}  # fmt: skip


_ARMED = ("armed_forces", "fighter", "combatant")


@share
def _read_words(frames: Frames) -> Lazy:
    """Return the figures with a phrase that is about one group of people, and which words it has.

    A phrase that goes on to other people, or has two numbers, is left out.
    """
    phrase = nw.col("printed").str.to_lowercase()
    goes_on = phrase.str.contains(f"{_WORD_START.format(people_words.INCLUDING)}|{_TWO_NUMBERS}")
    figures = frames["figures"].filter(is_filled("printed") & ~goes_on)
    words = {name: phrase.str.contains(_WORD_START.format(listed)) for name, listed in _WORDS.items()}
    return figures.select("figure_id", "claim_id", "printed", "person_status", "outcome", **words)


def _compare_words(phrases: Lazy, column: str, terms: dict[str, tuple[str, ...]]) -> Lazy:
    """Check that a phrase with words of one of two kinds has a figure with one of its terms.

    Phrases with words of both kinds or of neither, and figures with other terms, are not checked.

    Args:
        phrases: The phrases with their words.
        column: Column of the term.
        terms: Terms that fit, by the column of `phrases` that tells whether it has words of that kind.
    """
    one, other = terms
    fits = {kind: nw.col(column).is_in(list(fitting)) for kind, fitting in terms.items()}
    known = (nw.col(one) != nw.col(other)) & (fits[one] | fits[other])
    return phrases.filter(known).with_columns((nw.col(one) == fits[one]).alias(VERDICT))


@rule(
    "figures.printed-fits-status",
    "warning",
    ("printed", "person_status"),
    message="the printed phrase {printed!r} does not fit people coded as {person_status}",
    hint="Code whom the phrase counts, or copy the phrase that counts these people.",
    why=(
        "Whether the dead were civilians or fighters is the heart of many claims. A number under the wrong word moves people to "
        "the other side. Phrases that go on to other people (`including`), or have two numbers, are not compared."
    ),
    found="{person_status}, printed {printed}",
    example=Example(
        "The phrase has the people that are coded",
        bad={
            "claim": "killed: {n: 8, who: civilians, printed: eight soldiers}",
        },
        good={
            "claim": "killed: {n: 8, who: soldiers, printed: eight soldiers}",
        },
    ),
)
def _check_status(frames: Frames) -> Lazy:
    return _compare_words(
        _read_words(frames), "person_status", {"says_civilians": ("civilian",), "says_soldiers": _ARMED}
    )


@rule(
    "figures.printed-fits-outcome",
    "warning",
    ("printed", "outcome"),
    message="the printed phrase {printed!r} does not fit the outcome {outcome}",
    hint="Exchange the numbers if killed and injured have changed places, or copy the phrase that has this number.",
    why=(
        "Killed and injured often come in one sentence, and their numbers change places easily. Phrases with both words, "
        "with two numbers or with `including` are not compared."
    ),
    found="{outcome}, printed {printed}",
    example=Example(
        "The phrase has the outcome that is coded",
        bad={
            "claim": "injured: {n: 8, printed: eight people killed}",
        },
        good={
            "claim": "killed: {n: 8, printed: eight people killed}",
        },
    ),
)
def _check_outcome(frames: Frames) -> Lazy:
    return _compare_words(_read_words(frames), "outcome", {"says_killed": ("killed",), "says_injured": ("injured",)})
