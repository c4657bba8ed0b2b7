"""Number words, vague words, and the hedges before or after a number."""

from __future__ import annotations

_SMALL = """
zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen
""".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()

UNITS: dict[str, int] = {word: value for value, word in enumerate(_SMALL) if value}
TENS: dict[str, int] = {word: 10 * (place + 2) for place, word in enumerate(_TENS)}
SCALES: dict[str, int] = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "mln": 1_000_000,
    "billion": 1_000_000_000,
    "lakh": 100_000,
    "lakhs": 100_000,
    "lac": 100_000,
    "lacs": 100_000,
    "crore": 10_000_000,
    "crores": 10_000_000,
}
LARGE_SCALES = frozenset(SCALES) - {"hundred", "mln"}
MULTIPLES: dict[str, int] = {"dozen": 12, "score": 20}

# A vague word has no bounds. The value is the minimum in the exchange format (docs/parsing-reference.md), never that of a figure.
VAGUE: dict[tuple[str, ...], tuple[str, int]] = {
    ("several",): ("several", 3),
    ("dozens",): ("dozens", 24),
    ("scores",): ("dozens", 40),
    ("hundreds",): ("hundreds", 200),
    ("thousands",): ("thousands", 2_000),
    ("millions",): ("millions", 2_000_000),
    ("tens", "of", "thousands"): ("tens_of_thousands", 20_000),
    ("tens", "of", "millions"): ("millions", 20_000_000),
    ("hundreds", "of", "thousands"): ("hundreds_of_thousands", 200_000),
    ("several", "dozen"): ("dozens", 24),
    ("several", "hundred"): ("hundreds", 200),
    ("several", "thousand"): ("thousands", 2_000),
    ("several", "hundred", "thousand"): ("hundreds_of_thousands", 200_000),
    ("several", "million"): ("millions", 2_000_000),
    ("few", "dozen"): ("dozens", 24),
    ("few", "hundred"): ("hundreds", 200),
    ("few", "thousand"): ("thousands", 2_000),
    ("dozens", "and", "dozens"): ("dozens", 24),
    ("hundreds", "and", "hundreds"): ("hundreds", 200),
    ("lakhs",): ("hundreds_of_thousands", 200_000),
}
VAGUE_QUALIFIERS = frozenset(qualifier for qualifier, _ in VAGUE.values())
VAGUE_FIRST = frozenset(key[0] for key in VAGUE)

# Words before a number, matched longest first; the value is the qualifier of docs/seeds-reference.md.
HEDGES: dict[tuple[str, ...], str] = {
    tuple(words.split()): qualifier
    for qualifier, lines in {
        "at_least": "at least|no fewer than|not fewer than|no less than|not less than|a minimum of|minimum of",
        "more_than": "more than|over|above|in excess of|upwards of|upward of|well over|exceeding|greater than|better than|well above",
        "about": "about|around|some|roughly|approximately|an estimated|estimated|approx|circa|an approximate|close on|something like|"
        "closer to|in the region of|in the order of|the estimated|reportedly some|as estimated",
        "nearly": "nearly|almost|close to|just under|virtually|just short of|approaching",
        "up to": "up to|as many as|as high as|a maximum of|maximum of|at most|not more than|no more than|fewer than|less than|under|as much as",
        "exact": "a total of|total of|exactly|precisely|altogether|a combined|a record|just|only|a reported|reportedly",
    }.items()
    for words in lines.split("|")
}
HEDGES = {words: qualifier.replace(" ", "_") for words, qualifier in HEDGES.items()}
HEDGE_LAST = frozenset(words[-1] for words in HEDGES)
LONGEST_HEDGE = max(map(len, HEDGES))
AFTER: dict[tuple[str, ...], str] = {
    ("or", "more"): "at_least",
    ("at", "least"): "at_least",
    ("or", "so"): "about",
    ("plus",): "at_least",
}

# Determiners between hedge and number: they show whether the people are inside or outside an earlier number.
MORE = frozenset("another additional further more extra other others".split())
DEFINITE = frozenset("the these those all both its their his her our my".split())
RATE_UNITS = frozenset("day week month year hour night minute daily weekly monthly".split())
