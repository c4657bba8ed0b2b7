"""Asking all rules of one subject: in which order, of which frames, about which records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

import polars as pl

from conflictdata.check.engine import Answer, Engine, Frames, Tables, ask, askable, record_of
from conflictdata.check.wanted import BESIDE_PAGES, Wanted, is_within_page
from conflictdata.schema.physical import empty
from conflictdata.schema.physical import tables as names
from conflictdata.schema.rules import imported_rules, rules
from conflictdata.schema.rules.base import Rule
from conflictdata.seeds import Progress, Work

Batch = tuple[Frames, list[Rule]]


class Asking:
    """The rules that can be asked of some tables.

    Args:
        tables: the tables, typed.
        wanted: the records that are asked about; None: all.
        engine: what the rules run on.
        released_on: the day up to which things may have happened.
        progress: wraps the batches of rules, to show a bar.
        imported: whether the records are somebody else's.

    Attributes:
        loud: by table, the records of which a rule within a page has found something.
        silent: the rules that saw no page and found nothing.
    """

    def __init__(
        self,
        tables: Tables,
        wanted: Wanted | None,
        engine: Engine,
        released_on: dt.date,
        progress: Progress = iter,
        imported: bool = False,
    ) -> None:
        self._tables = tables
        self._rules = imported_rules() if imported else rules()
        self._progress = progress
        self.loud: dict[str, set[str]] = {}
        self.silent: set[str] = set(wanted.silent) if wanted else set()
        self._keys = wanted.keys(tables) if wanted else None
        self._records: dict[str, set[str]] = {}
        self._whole = Frames(_all(tables), released_on, engine)
        self._near = Frames(wanted.near(_all(tables)), released_on, engine) if wanted else self._whole

    def answers(self) -> Iterator[tuple[Frames, Answer]]:
        """What each rule says, and the frames that it was asked of."""
        for frames, batch in self._progress(Work(self._batches(), "Asking rules", "rules")):
            frames.used.clear()
            for answer in ask(batch, frames, self._keys):
                self._note(answer, frames.used)
                yield frames, answer

    def _note(self, answer: Answer, used: Collection[str]) -> None:
        """What need not be asked another time."""
        rule, failed = answer.rule, answer.failed
        if is_within_page(rule):
            found = {record_of(rule, row) for row in failed.iter_rows(named=True)}
            self.loud.setdefault(rule.table, set()).update(found)
        elif failed.is_empty() and BESIDE_PAGES.issuperset(used):
            self.silent.add(rule.id)

    def is_about(self, table: str, record: str) -> bool:
        """True where a record is one of those that are asked about."""
        if self._keys is None:
            return True
        if table not in self._records:
            self._records[table] = {"|".join(map(str, row)) for row in self._keys[table].iter_rows()}
        return record in self._records[table]

    def _batches(self) -> list[Batch]:
        """One batch for each frame rule, and one for the row rules of each frame, which share a pass."""
        asked = askable(self._rules.values(), self._tables)
        return list(self._grouped(rule for rule in asked if rule.id not in self.silent or self._has(rule.table)))

    def _has(self, table: str) -> bool:
        """True where records of a table are asked about."""
        return self._keys is None or not self._keys[table].is_empty()

    def _grouped(self, asked: Iterable[Rule]) -> Iterator[Batch]:
        passes: dict[tuple[bool, str], list[Rule]] = {}
        for rule in asked:
            if rule.is_row_rule:
                passes.setdefault((is_within_page(rule), rule.over or rule.table), []).append(rule)
            else:
                yield self._frames(is_within_page(rule)), [rule]
        for (within_page, _), group in passes.items():
            yield self._frames(within_page), group

    def _frames(self, within_page: bool) -> Frames:
        return self._near if within_page else self._whole


def _all(tables: Tables) -> dict[str, pl.DataFrame]:
    """The tables, and an empty one for each that is not there."""
    return {table: tables[table] if table in tables else empty(table) for table in names()}
