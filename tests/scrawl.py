"""Pages as hypothesis draws them, and a writer that puts one page to paper in any way that YAML allows."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from random import Random
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]
Tree = Any  # dict, list or str

QUANTITIES = ("0", "8", "at least 727", "more than 62%", "100 to 200", "dozens", "unstated", "1O", "1,000", "012", "1_000", "-1", "1e5", "~", "NO", "１2")  # fmt: skip
_DAY_KEYS = ("published", "accessed", "since", "until", "during", "as_of")
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_ %/.-]*[A-Za-z0-9%])?\Z")
_MONTHS = ("January", "Feb", "March", "Apr.", "May", "june", "JULY", "Aug", "Sept", "October", "Nov.", "December")

_texts = st.text("ab e\u0301é7,:#'\"\\[]{}&*!|>%@`-?.😀ع ", min_size=1, max_size=24).filter(lambda t: t.strip(" "))
_days = st.dates(dt.date(2000, 1, 1), dt.date(2029, 12, 31))
_quantities = st.sampled_from(QUANTITIES)
_ids = st.sampled_from(("sohr", "efe", "syria", "hama_city", "a-2024-12-05.1"))


@st.composite
def figures(draw: Draw, depth: int = 3) -> Tree:
    """A figure: a quantity, or a block with words and lists."""
    if depth == 0 or draw(st.booleans()):
        return draw(_quantities)
    words: dict[str, Tree] = {"n": draw(_quantities)}
    words |= draw(
        st.fixed_dictionaries({}, optional={"who": _ids, "label": _texts, "during": _days, "printed": _texts})
    )
    for word in draw(
        st.lists(st.sampled_from(("by party", "including", "besides", "by sex")), unique=True, max_size=2)
    ):
        names = draw(st.lists(st.sampled_from(("x", "b", "civilians", "no", "9")), unique=True, min_size=1, max_size=3))
        words[word] = {name: draw(figures(depth=depth - 1)) for name in names}
    return words


@st.composite
def claims(draw: Draw) -> Tree:
    """A claim: words, then outcomes."""
    optional = {
        "via": _ids, "until": _days, "perpetrator": st.lists(_ids, max_size=3), "note": _texts,
        "ids": st.just({"ucdp_ged": "141599"}) | st.just({"x": {"id": "1", "match": "partial"}, "y": ["1", "2"]}),
    }  # fmt: skip
    words = {
        "claimant": draw(_ids),
        "since": draw(_days),
        "as_of": draw(_days),
        **draw(st.fixed_dictionaries({}, optional=optional)),
    }
    outcomes = draw(st.lists(st.sampled_from(("killed", "injured (cases)", "missing")), unique=True, min_size=1))
    return {**words, **{outcome: draw(figures()) for outcome in outcomes}}


@st.composite
def pages(draw: Draw) -> Tree:
    """A page with its claims."""
    words = {"publisher": draw(_ids), "url": "https://example.org/a?b=c#d", "published": draw(_days), "language": "no"}
    words |= draw(st.fixed_dictionaries({}, optional={"note": _texts, "accessed": _days}))
    numbers = draw(st.integers(0, 3))
    return {**words, "claims": {str(n): draw(claims()) for n in range(1, numbers + 1)}}


class Scrawl:
    """One way of writing a page.

    Attributes:
        comments: the comments that were written.
    """

    def __init__(self, chance: Random, *, comments: bool) -> None:
        self.chance = chance
        self.wanted = comments
        self.comments: list[str] = []

    def page(self, tree: Tree) -> bytes:
        """The page, with line ends, byte-order mark and last lines of any kind."""
        lines = self._block(tree, 0)
        text = "\n".join([*self._above(0), *lines, *self._above(0)]) + self._one_of("", "\n", "\n\n \n")
        if self._one_of(False, True):
            text = text.replace("\n", self._one_of("\r\n", "\r"))
        return (self._one_of("", "\ufeff") + text).encode()

    def _one_of(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def _comment(self) -> str:
        self.comments.append(f"# c{len(self.comments)}: {self._one_of('a', '[b', 'c: d', '- e', 'f # g')}")
        return self.comments[-1]

    def _above(self, indent: int) -> list[str]:
        lines = [""] * self._one_of(0, 0, 0, 1, 2)
        if self.wanted and self._one_of(False, False, True):
            lines.append(" " * self._one_of(indent, indent, 0, indent + 3) + self._comment())
        return lines

    def _beside(self) -> str:
        return f" {self._comment()}" if self.wanted and self._one_of(False, False, True) else self._one_of("", "", "  ")

    def _block(self, block: Mapping[str, Tree], indent: int) -> list[str]:
        lines: list[str] = []
        for key, value in self._shuffled(block):
            lines += self._above(indent)
            head = f"{' ' * indent}{self._scalar(key, '')}:"
            if isinstance(value, Mapping | list) and value and self._one_of(True, False, True):
                lines.append(head + self._beside())
                deeper = indent + self._one_of(1, 2, 4)
                inner = self._block(value, deeper) if isinstance(value, Mapping) else self._items(value, key, deeper)
                lines += [*inner, *self._above(deeper)]
            else:
                lines.append(f"{head} {self._one_of('', '  ')}{self._flow(value, key, indent)}{self._beside()}")
        return lines

    def _items(self, items: list[Tree], key: str, indent: int) -> list[str]:
        lines: list[str] = []
        for item in items:
            lines += [*self._above(indent), f"{' ' * indent}- {self._flow(item, key, indent)}{self._beside()}"]
        return lines

    def _shuffled(self, block: Mapping[str, Tree]) -> list[tuple[str, Tree]]:
        """The words of a block in any order; what must stay as written, as it was."""
        fixed = {"killed", "injured (cases)", "missing", "including", "besides", "by party", "by sex"}
        free = (
            []
            if "claims" not in block and "claimant" not in block and "n" not in block
            else [k for k in block if k not in fixed]
        )
        order = iter(self.chance.sample(free, len(free)))
        return [(name, block[name]) for key in block for name in [next(order) if key in free else key]]

    def _flow(self, value: Tree, key: str, indent: int) -> str:
        if isinstance(value, Mapping):
            inner = [f"{self._scalar(k, '')}: {self._flow(v, k, indent)}" for k, v in self._shuffled(value)]
            return "{" + self._joined(inner, indent) + "}"
        if isinstance(value, list):
            return "[" + self._joined([self._flow(item, key, indent) for item in value], indent) + "]"
        return self._scalar(value, key)

    def _joined(self, parts: list[str], indent: int) -> str:
        margin = "\n" + " " * (indent + 1)
        text = ""
        for number, part in enumerate(parts, 1):
            after = self._beside().rstrip() if number < len(parts) and self._one_of(False, True) else ""
            gap = f"{after}{margin}" if after or self._one_of(False, False, True) else " "
            text += part + (f",{gap}" if number < len(parts) else "")
        return text

    def _scalar(self, value: Any, key: str) -> str:
        text = self._day(value) if isinstance(value, dt.date) else value
        ways = ["'" + text.replace("'", "''") + "'", json.dumps(text, ensure_ascii=False)]
        return self._one_of(*ways, *([text] * 3 if _PLAIN.match(text) else []))

    def _day(self, day: dt.date) -> str:
        iso, month = day.isoformat(), _MONTHS[day.month - 1]
        plain = [f"{day.year}/{day.month}/{day.day}", f"{day.year}-{day.month}-{day.day}", iso.replace("-", ".")]
        return self._one_of(iso, *plain, f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", f" {iso} ")


def said(tree: Tree, key: str = "") -> Tree:
    """What a page says, with what formatting may change made equal: days in ISO form, single spaces, composed letters."""
    if isinstance(tree, Mapping):
        return {name: said(value, name) for name, value in tree.items()}
    if isinstance(tree, list):
        return [said(item, key) for item in tree]
    if isinstance(tree, dt.date):
        return tree.isoformat()
    text = re.sub(" +", " ", tree).strip(" ")
    return unicodedata.normalize("NFC", text) if key in ("label", "printed", "note") else text
