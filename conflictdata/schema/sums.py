"""How not to add up: for the dictionary, `describe`, the README of a package, and the first sheet of Excel."""

from __future__ import annotations

HOW_NOT_TO_ADD_UP = (
    "Do not add up rows: a total and its parts, the points of one toll (`toll_id`), two claimants and two pages count the same people again.",
    "Take the last point of one `toll_id`, or one claimant's totals of one `population`, with `current` = yes; of parts, those whose `topmost` has the column of your filter.",
    "`cd.rollup` and `conflictdata ask rollup` add up numbers that count different people for certain, and refuse all others with the reason.",
)
