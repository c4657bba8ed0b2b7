"""How similar two names are: by letters that a typing error changes, and by their words."""

from __future__ import annotations

MOST_EDITS = 2


def count_edits(one: str, other: str) -> int:
    """Return the number of typing errors between two texts: letters replaced, added or missing, or neighbours exchanged.

    The distance is optimal string alignment. More than `MOST_EDITS` is returned as one more than that.
    """
    far = MOST_EDITS + 1
    if one == other:
        return 0
    if abs(len(one) - len(other)) > MOST_EDITS or _count_foreign_letters(one, other) > MOST_EDITS:
        return far
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i] + [far] * len(other)
        for j in range(max(1, i - MOST_EDITS), min(len(other), i + MOST_EDITS) + 1):
            cost = letter != other[j - 1]
            row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + cost)
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == other[j - 1]:
                row[j] = min(row[j], before[j - 2] + 1)
        if min(row) > MOST_EDITS:
            return far
        before, last = last, row
    return min(last[-1], far)


def _count_foreign_letters(one: str, other: str) -> int:
    """Return how many different letters one text has that the other lacks: no fewer edits lead from one to the other."""
    first, second = set(one), set(other)
    return max(len(first - second), len(second - first))


def measure_similarity(one: str, other: str, least: float) -> float:
    """Return the similarity of two names, 0 to 100: word by word in any order, or letter by letter without the spaces.

    Args:
        one: A name.
        other: The other name.
        least: A similarity below it may be returned as 0.
    """
    joined = _compare_letters(one.replace(" ", ""), other.replace(" ", ""), least)
    words, others = set(one.split()), set(other.split())
    if not (common := " ".join(sorted(words & others))):
        return max(joined, _compare_letters(" ".join(sorted(words)), " ".join(sorted(others)), least))
    # Each name as the common words and its other words after them. A name within the other is equal to it.
    rest, rests = (" ".join([common, *sorted(some)]) for some in (words - others, others - words))
    pairs = ((common, rest), (common, rests), (rest, rests))
    return max(joined, *(_compare_letters(left, right, least) for left, right in pairs))


def _compare_letters(one: str, other: str, least: float) -> float:
    import difflib

    letters = difflib.SequenceMatcher(None, one, other, autojunk=False)
    # The two upper bounds are quick.
    if 100 * letters.real_quick_ratio() < least or 100 * letters.quick_ratio() < least:
        return 0
    return 100 * letters.ratio()
