"""Reads the parser's own passages: a passage after `=`, its expected claims after `-`; `~` opens one that is known to be misread."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_CLAIM = re.compile(r"- (\S+) (\S+) (\S+)(?: <(\d+))?(?: @ (.+))?\Z")
_VAGUE = {"several": 3, "dozens": 24, "scores": 40, "hundreds": 200, "thousands": 2000, "tens_of_thousands": 20000}
_MARKS = {">=": "at_least", "<=": "up_to", ">": "more_than", "~": "about"}


@dataclass(frozen=True)
class Case:
    """A passage and what should be read from it."""

    file: str
    text: str
    claims: tuple[dict[str, Any], ...]
    missed: bool = False


def read_cases() -> list[Case]:
    """All passages of this folder."""
    return [case for path in sorted(Path(__file__).parent.glob("*.txt")) for case in read_file(path)]


def read_file(path: Path) -> Iterator[Case]:
    """Yield the passages of one file."""
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            assert lines[0].startswith(("= ", "~ ")), f"{path.name}: {lines[0]}"
            claims = tuple(_claim(line, path) for line in lines[1:])
            yield Case(path.stem, lines[0][2:], claims, lines[0].startswith("~"))


def _claim(line: str, path: Path) -> dict[str, Any]:
    hit = _CLAIM.match(line)
    assert hit, f"{path.name}: {line}"
    status, quantity, category, parent, claimant = hit.groups()
    low, high, qualifier = _quantity(quantity)
    return {
        "status": status, "low": low, "high": high, "qualifier": qualifier, "category": category,
        "of_which": None if parent is None else int(parent), "claimant": claimant,
    }  # fmt: skip


def _quantity(text: str) -> tuple[int | None, int | None, str]:
    if text in _VAGUE or text.endswith("+"):
        return _VAGUE[text] if text in _VAGUE else int(text[:-1]), None, "vague"
    if hit := re.fullmatch(r"(\d+)-(\d+)", text):
        return int(hit[1]), int(hit[2]), "range"
    mark = next((m for m in _MARKS if text.startswith(m)), "")
    value = int(text[len(mark) :])
    qualifier = _MARKS.get(mark, "exact")
    low = None if qualifier == "up_to" else value
    return low, value if qualifier in ("exact", "about", "up_to") else None, qualifier


def problems(case: Case, got: list[dict[str, Any]]) -> list[str]:
    """How the claims read differ from those expected; both in the order of the text."""
    want = list(case.claims)
    keys = ("status", "low", "high", "qualifier", "category", "of_which")
    shown = [{k: c[k] for k in keys} for c in got]
    out = []
    if len(want) != len(got):
        out.append(f"{len(got)} claims, not {len(want)}: {shown}")
        return out
    for i, (w, g) in enumerate(zip(want, got, strict=True)):
        out += [f"claim {i}: {k} is {g[k]!r}, not {w[k]!r}" for k in keys if w[k] != g[k]]
        if (g["claimant"] or "").lower() != (w["claimant"] or "").lower():
            out.append(f"claim {i}: claimant is {g['claimant']!r}, not {w['claimant']!r}")
    return out
