"""Print how often each construction of the parser is wrong, and whether a doubt says so.

A construction is the linking rule of a claim. Read labelled passages, in the form of `tests/parse/` or as JSON lines.

    python bench/parse_doubts.py --score ../gold/score.py SET.txt DEV.jsonl       one table over all sets, one line per set
    python bench/parse_doubts.py --score ../gold/score.py --errors SET.txt        also each error

A claim is wrong if its status or bounds are, wrong in part if its category, whole or claimant is. It is silent if it has no doubt.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import ModuleType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from parse.cases import read_file  # noqa: E402

from conflictdata.parse import parse_text  # noqa: E402
from conflictdata.parse.jsonl import build_record, has_status  # noqa: E402

Row = tuple[str, date | None, list[dict[str, Any]]]
COLUMNS = ("claims", "wrong", "silent", "partly", "silent partly", "right", "right doubted")


def load_scorer(path: Path) -> ModuleType:
    """Return the module that scores claims."""
    spec = importlib.util.spec_from_file_location("score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def read_rows(path: Path) -> Iterator[Row]:
    """Yield each passage of a set: its text, day of publication and labelled claims."""
    if path.suffix != ".jsonl":
        yield from ((case.text, None, [dict(c) for c in case.claims]) for case in read_file(path))
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        try:
            day = date.fromisoformat(row.get("published") or "")
        except ValueError:
            day = None
        yield row["text"], day, row["claims"]


class Reading:
    """Scores of one set, and the counts of each construction."""

    def __init__(self, score: ModuleType, *, show: bool) -> None:
        self.score, self.show = score, show
        self.scores: list[Any] = []
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.total: Counter[str] = Counter()
        self.reasons: Counter[tuple[str, bool]] = Counter()

    def read(self, row: Row) -> None:
        """Read one passage and count its claims."""
        text, day, labels = row
        result = parse_text(text, published=day)
        record = build_record(result)
        claims, lines = record["claims"], list[str]()
        scored, pairs, again = self.score.evaluate({"claims": labels}, claims)
        self.scores.append(scored)
        label_of = {p: g for g, p in pairs}
        for p, (claim, draft) in enumerate(zip(claims, filter(has_status, result.drafts), strict=True)):
            if p in again:
                continue
            faults = ["core"] if p not in label_of else self._compare(labels, claims, label_of, p)
            self._count(draft.rule or "-", faults, claim)
            if faults:
                said = claim["doubts"] or "SILENT"
                lines.append(f"  {'/'.join(faults):10} {draft.rule}: {self._show(claim)} {said}")
                if p in label_of:
                    lines.append(f"  {'':10} label: {self._show(labels[label_of[p]])}")
        missed = [g for i, g in enumerate(labels) if i not in label_of.values()]
        noted = [n for n in record["doubts"] if n["kind"] in ("claim", "number")]
        for g in missed:
            self.total["missed"] += 1
            self.total["silently missed"] += not noted
            lines.append(f"  missed     {self._show(g)} {'' if noted else 'SILENT'}")
        if not labels:
            self.total["empty texts"] += 1
            self.total["left empty"] += not claims
            self.total["all doubted"] += bool(claims) and all(c["doubts"] for c in claims)
        if lines and self.show:
            print(f"# {text}", *lines, "", sep="\n")

    def _compare(self, labels: Any, claims: Any, label_of: dict[int, int], p: int) -> list[str]:
        g, c = labels[label_of[p]], claims[p]
        whole = c["of_which"]
        faults = []
        if self.score.cat(g) != self.score.cat(c):
            faults.append("category")
        same = (g["of_which"] is None and whole is None) or (
            g["of_which"] is not None and whole is not None and label_of.get(whole) == g["of_which"]
        )
        if not same:
            faults.append("of_which")
        if not self.score.claimant_ok(g["claimant"], c["claimant"]):
            faults.append("claimant")
        return faults

    def _show(self, c: dict[str, Any]) -> str:
        return f"{c['status']} {c['low']}-{c['high']} {c['category']} <{c['of_which']} @ {c['claimant']}"

    def _count(self, rule: str, faults: list[str], claim: dict[str, Any]) -> None:
        doubted = bool(claim["doubts"])
        wrong = "core" in faults
        for count in (self.counts[rule], self.total):
            count["claims"] += 1
            count["wrong"] += wrong
            count["silent"] += wrong and not doubted
            count["partly"] += bool(faults) and not wrong
            count["silent partly"] += bool(faults) and not wrong and not doubted
            count["right"] += not wrong
            count["right doubted"] += not wrong and doubted
        for reason in set(claim["doubts"]):
            self.reasons[reason, wrong] += 1

    def summarise(self, name: str) -> str:
        """Return the scores of the set as a row of a table."""
        results, _ = self.score.summarise(self.scores)
        t = self.total
        levels = " | ".join(f"{results[k][2]:.3f}" for k in ("core", "+category", "+of_which", "+claimant"))
        empty = f"{t['left empty']} of {t['empty texts']}, {t['all doubted']} doubted"
        silent = f"{t['silent']} of {t['claims']}"
        doubted = f"{t['right doubted']} of {t['right']}"
        return f"| {name} | {len(self.scores)} | {levels} | {empty} | {silent} | {t['silent partly']} | {doubted} | {t['silently missed']} of {t['missed']} |"


def main() -> None:
    """Print the tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("sets", nargs="+", type=Path)
    options.add_argument("--score", type=Path, required=True, help="the module that scores claims")
    options.add_argument("--errors", action="store_true", help="print each error")
    chosen = options.parse_args()
    score = load_scorer(chosen.score)
    print(
        "| set | passages | core | +category | +of_which | +claimant | without a claim left empty | wrong and silent | wrong in part and silent | right with a doubt | missed in silence |"
    )
    print("|---" * 11 + "|")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    reasons: Counter[tuple[str, bool]] = Counter()
    for path in chosen.sets:
        reading = Reading(score, show=chosen.errors)
        for row in read_rows(path):
            reading.read(row)
        print(reading.summarise(path.stem))
        reasons.update(reading.reasons)
        for rule, count in reading.counts.items():
            counts[rule].update(count)
    print("", "| construction | " + " | ".join(COLUMNS) + " |", "|---" * 8 + "|", sep="\n")
    for rule, count in sorted(counts.items(), key=lambda x: -x[1]["claims"]):
        print(f"| {rule} | " + " | ".join(str(count[c]) for c in COLUMNS) + " |")
    print("", "| doubt | right claims | wrong claims |", "|---|---|---|", sep="\n")
    for reason in sorted({r for r, _ in reasons}):
        print(f"| {reason} | {reasons[reason, False]} | {reasons[reason, True]} |")


if __name__ == "__main__":
    main()
