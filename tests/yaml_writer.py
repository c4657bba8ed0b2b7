"""Random pages, and a writer that writes a page in any form that YAML allows."""

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
    """Draw a figure: a quantity, or a block with words and lists."""
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
    """Draw a claim: words, then outcomes."""
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
    """Draw a page with its claims."""
    words = {"publisher": draw(_ids), "url": "https://example.org/a?b=c#d", "published": draw(_days), "language": "no"}
    words |= draw(st.fixed_dictionaries({}, optional={"note": _texts, "accessed": _days}))
    numbers = draw(st.integers(0, 3))
    return {**words, "claims": {str(n): draw(claims()) for n in range(1, numbers + 1)}}


class YamlWriter:
    """Writes a page in a random YAML form.

    Attributes:
        comments: The comments written so far.
    """

    def __init__(self, chance: Random, *, comments: bool) -> None:
        self.chance = chance
        self.with_comments = comments
        self.comments: list[str] = []

    def write_page(self, tree: Tree) -> bytes:
        """Return the page with random line ends, byte-order mark and last lines."""
        lines = self._write_block(tree, 0)
        text = "\n".join([*self._write_lines_above(0), *lines, *self._write_lines_above(0)]) + self._choose(
            "", "\n", "\n\n \n"
        )
        if self._choose(False, True):
            text = text.replace("\n", self._choose("\r\n", "\r"))
        return (self._choose("", "\ufeff") + text).encode()

    def _choose(self, *choices: Any) -> Any:
        return self.chance.choice(choices)

    def _make_comment(self) -> str:
        self.comments.append(f"# c{len(self.comments)}: {self._choose('a', '[b', 'c: d', '- e', 'f # g')}")
        return self.comments[-1]

    def _write_lines_above(self, indent: int) -> list[str]:
        lines = [""] * self._choose(0, 0, 0, 1, 2)
        if self.with_comments and self._choose(False, False, True):
            lines.append(" " * self._choose(indent, indent, 0, indent + 3) + self._make_comment())
        return lines

    def _write_comment_beside(self) -> str:
        return (
            f" {self._make_comment()}"
            if self.with_comments and self._choose(False, False, True)
            else self._choose("", "", "  ")
        )

    def _write_block(self, block: Mapping[str, Tree], indent: int) -> list[str]:
        lines: list[str] = []
        for key, value in self._shuffle(block):
            lines += self._write_lines_above(indent)
            head = f"{' ' * indent}{self._write_scalar(key, '')}:"
            if isinstance(value, Mapping | list) and value and self._choose(True, False, True):
                lines.append(head + self._write_comment_beside())
                deeper = indent + self._choose(1, 2, 4)
                inner = (
                    self._write_block(value, deeper)
                    if isinstance(value, Mapping)
                    else self._write_items(value, key, deeper)
                )
                lines += [*inner, *self._write_lines_above(deeper)]
            else:
                lines.append(
                    f"{head} {self._choose('', '  ')}{self._write_flow(value, key, indent)}{self._write_comment_beside()}"
                )
        return lines

    def _write_items(self, items: list[Tree], key: str, indent: int) -> list[str]:
        lines: list[str] = []
        for item in items:
            lines += [
                *self._write_lines_above(indent),
                f"{' ' * indent}- {self._write_flow(item, key, indent)}{self._write_comment_beside()}",
            ]
        return lines

    def _shuffle(self, block: Mapping[str, Tree]) -> list[tuple[str, Tree]]:
        """Return the words of a block in random order.

        Keys with a fixed order keep their place.
        """
        fixed = {"killed", "injured (cases)", "missing", "including", "besides", "by party", "by sex"}
        free = (
            []
            if "claims" not in block and "claimant" not in block and "n" not in block
            else [k for k in block if k not in fixed]
        )
        order = iter(self.chance.sample(free, len(free)))
        return [(name, block[name]) for key in block for name in [next(order) if key in free else key]]

    def _write_flow(self, value: Tree, key: str, indent: int) -> str:
        if isinstance(value, Mapping):
            inner = [f"{self._write_scalar(k, '')}: {self._write_flow(v, k, indent)}" for k, v in self._shuffle(value)]
            return "{" + self._join(inner, indent) + "}"
        if isinstance(value, list):
            return "[" + self._join([self._write_flow(item, key, indent) for item in value], indent) + "]"
        return self._write_scalar(value, key)

    def _join(self, parts: list[str], indent: int) -> str:
        margin = "\n" + " " * (indent + 1)
        text = ""
        for number, part in enumerate(parts, 1):
            after = self._write_comment_beside().rstrip() if number < len(parts) and self._choose(False, True) else ""
            gap = f"{after}{margin}" if after or self._choose(False, False, True) else " "
            text += part + (f",{gap}" if number < len(parts) else "")
        return text

    def _write_scalar(self, value: Any, key: str) -> str:
        text = self._write_day(value) if isinstance(value, dt.date) else value
        ways = ["'" + text.replace("'", "''") + "'", json.dumps(text, ensure_ascii=False)]
        return self._choose(*ways, *([text] * 3 if _PLAIN.match(text) else []))

    def _write_day(self, day: dt.date) -> str:
        iso, month = day.isoformat(), _MONTHS[day.month - 1]
        plain = [f"{day.year}/{day.month}/{day.day}", f"{day.year}-{day.month}-{day.day}", iso.replace("-", ".")]
        return self._choose(iso, *plain, f"{day.day} {month} {day.year}", f"{month} {day.day}, {day.year}", f" {iso} ")


def normalise(tree: Tree, key: str = "") -> Tree:
    """Return the content of a page without the differences that formatting may make.

    Days in ISO form, single spaces, composed letters.
    """
    if isinstance(tree, Mapping):
        return {name: normalise(value, name) for name, value in tree.items()}
    if isinstance(tree, list):
        return [normalise(item, key) for item in tree]
    if isinstance(tree, dt.date):
        return tree.isoformat()
    text = re.sub(" +", " ", tree).strip(" ")
    return unicodedata.normalize("NFC", text) if key in ("label", "printed", "note") else text
