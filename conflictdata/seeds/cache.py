"""What reading the files of a folder of seeds gave, kept between runs: a file that is as it was is not read again.

- A file is as it was where the system says so (size, times, inode). Times that are not clearly older than the reading say
  nothing: then its bytes are hashed.
- What a page says depends on the names in the reference tables, too. Where these have changed, the pages in which a changed
  name occurs, or one that differs from it by a letter, are read again.
- Only what was read without a finding is remembered.
"""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from conflictdata._utils.suggest import EditDistanceIndex
from conflictdata.readers.records import FILE, LazyRecords, RecordDraft, build_record_frame
from conflictdata.readers.yaml import Block, Items, Node
from conflictdata.schema.columns import list_tables
from conflictdata.seeds import cache_store
from conflictdata.seeds.cache_store import Mark, Stored
from conflictdata.seeds.figures import Register
from conflictdata.seeds.files import REFERENCE, SeedFile

FEWEST = 500  # files from which on remembering is worth a file on the disk
RENEWED = 50  # files that may be read or hashed again in each run before the memory is renewed


@dataclass(frozen=True)
class Known:
    """What was checked before and found nothing of.

    Attributes:
        quiet: files, as findings print them.
        silent: rules, by id.
    """

    quiet: frozenset[str] = frozenset()
    silent: frozenset[str] = frozenset()


@dataclass(repr=False)
class Memory:
    """The memory of one folder of seeds, for one run.

    `recall` says what must be read, `learn` takes what was read, `complete` gives the draft the rest; after the check,
    `renew` writes the memory where that `is_due`.

    Attributes:
        path: where it lies; None where nothing is to be remembered.
        fewest: how many files a folder must have to be remembered.
        renewed: how many files may be read again in each run before it is written anew.
    """

    path: Path | None
    fewest: int = field(default_factory=lambda: FEWEST)
    renewed: int = RENEWED
    _seeds: Sequence[SeedFile] = ()
    _names: dict[str, Any] = field(default_factory=dict)
    _stored: Stored | None = None
    _kept: dict[str, Mark] = field(default_factory=dict)  # files that are not read again
    _learnt: dict[str, tuple[Mark, list[str]]] = field(default_factory=dict)  # files that were read: mark and words
    _hashed: int = 0
    _frames: dict[str, pl.DataFrame] = field(default_factory=dict)

    @property
    def works(self) -> bool:
        """Whether anything is remembered of this folder."""
        return self.path is not None and len(self._seeds) >= self.fewest

    def recall(self, seeds: Sequence[SeedFile], register: Register) -> list[SeedFile]:
        """The files that must be read: those that are not known, or not as they were."""
        self._seeds, self._names = seeds, _names(register)
        self._stored = cache_store.load(self.path) if self.path and self.works else None
        if self._stored is not None:
            for seed in self._unconcerned(self._stored):
                if mark := self._seen(seed, self._stored.files[seed.name]):
                    self._kept[seed.name] = mark
        return [seed for seed in seeds if seed.name not in self._kept]

    def _unconcerned(self, stored: Stored) -> Iterator[SeedFile]:
        """The files that are stored, without the pages whose words mean something else now."""
        whole, changed = _changes(stored.names, self._names)
        concerned = set(stored.files) if whole else set()
        if changed and not whole:
            told = _told_by(stored.words, changed)
            concerned = {n for n, words in zip(stored.files, stored.words.to_list(), strict=True) if told & set(words)}
        for seed in self._seeds:
            if seed.name in stored.files and not (seed.is_page and seed.name in concerned):
                yield seed

    def _seen(self, seed: SeedFile, mark: Mark) -> Mark | None:
        """The mark of a file that is as it was; None where it is not."""
        try:
            checked, status = time.time_ns(), os.stat(seed.path)
            if mark.fits(status):
                return mark
            if status.st_size != mark.size:
                return None
            found = Mark.of(status, checked, Path(seed.path).read_bytes())
        except OSError:
            return None
        self._hashed += 1
        return found if found.sha256 == mark.sha256 else None

    def learn(self, seed: SeedFile, mark: Mark, root: Node) -> None:
        """A file was read without a finding."""
        if self.works and not seed.is_link:
            self._learnt[seed.name] = mark, sorted(set(_words(root)))

    def complete(self, draft: RecordDraft) -> None:
        """Put what is remembered among the records that were read, in order of the files."""
        if not self.works:
            return
        self._frames = self._joined(draft)
        shown = [seed.shown for seed in self._seeds]
        for table, frame in self._frames.items():
            draft.records[table] = LazyRecords(table, frame, shown)

    def known(self, context: str) -> Known:
        """What earlier checks in this context found nothing of."""
        if self._stored is None or self._stored.context != context:
            return Known()
        quiet = (s.shown for s in self._seeds if s.name in self._kept and s.name in self._stored.quiet)
        return Known(frozenset(quiet), self._stored.silent)

    def is_due(self, context: str) -> bool:
        """Whether the memory is to be renewed: much of it is out of date, or what is quiet in this context is not known."""
        if not self.works or self._stored is None or self._stored.context != context:
            return self.works
        gone = len(self._stored.files) - len(self._kept)
        return max(gone, len(self._learnt), self._hashed) > self.renewed

    def renew(self, context: str, loud: Collection[str], silent: Collection[str]) -> None:
        """Write the memory anew, after everything that is not known has been checked.

        Args:
            context: by what the files were checked, and beside what.
            loud: the files, as findings print them, of which something was found.
            silent: the rules that looked at none of these files, and found nothing.
        """
        if self.path is None or not self.works:
            return
        marks = self._kept | {name: mark for name, (mark, _) in self._learnt.items()}
        known = [seed for seed in self._seeds if seed.name in marks]
        number = {seed.name: n for n, seed in enumerate(known)}
        there = [number.get(seed.name) for seed in self._seeds]
        records = {table: _renumbered(frame, there) for table, frame in self._frames.items()}
        quiet = frozenset(seed.name for seed in known if seed.shown not in loud)
        files = {seed.name: marks[seed.name] for seed in known}
        words = self._all_words(files)
        cache_store.save(self.path, Stored(files, words, records, self._names, quiet, frozenset(silent), context))

    def _all_words(self, files: Iterable[str]) -> pl.Series:
        before = dict(zip(self._stored.files, self._stored.words.to_list(), strict=True)) if self._stored else {}
        words = before | {name: words for name, (_, words) in self._learnt.items()}
        return pl.Series([words[name] for name in files], dtype=pl.List(pl.String))

    def _joined(self, draft: RecordDraft) -> dict[str, pl.DataFrame]:
        """The records of each table, as columns: those that were read, and those that were not read again."""
        by_shown = {seed.shown: n for n, seed in enumerate(self._seeds)}
        found = {table: build_record_frame(table, draft.records[table], by_shown) for table in _of_files()}
        if self._stored is not None:
            number = {seed.name: n for n, seed in enumerate(self._seeds)}
            there = [number[name] if name in self._kept else None for name in self._stored.files]
            kept = self._stored.records
            found = {t: pl.concat([_renumbered(kept[t], there), frame]) for t, frame in found.items()}
        return {t: f if f[FILE].is_sorted() else f.sort(FILE, maintain_order=True) for t, f in found.items()}


def _of_files() -> list[str]:
    """The tables whose records stand in the files that are remembered."""
    return [table for table in list_tables() if table not in (*REFERENCE, "flags")]


def _renumbered(frame: pl.DataFrame, numbers: list[int | None]) -> pl.DataFrame:
    """The records with other numbers of their files; those of a file that has none are left out."""
    new = pl.Series(numbers, dtype=pl.UInt32).gather(frame[FILE])
    return frame.with_columns(new.alias(FILE)).drop_nulls(FILE)


def _names(register: Register) -> dict[str, Any]:
    """What pages may use, as plain data."""
    return {"actors": register.actors, "locations": sorted(register.locations), "complete": register.complete}


def _changes(before: dict[str, Any], now: dict[str, Any]) -> tuple[bool, frozenset[str]]:
    """Whether everything may be read otherwise, and the names that came, went, or mean something else."""
    if before == now:
        return False, frozenset()
    actors = {name for name, _ in before["actors"].items() ^ now["actors"].items()}
    places = set(before["locations"]) ^ set(now["locations"])
    return before["complete"] != now["complete"], frozenset(actors | places)


def _told_by(words: pl.Series, names: frozenset[str]) -> frozenset[str]:
    """Of the words of all files, those that these names may matter to: they are one of them, or are one but for a letter."""
    longest, like = max(map(len, names)) + 1, EditDistanceIndex(names)
    short = words.explode().unique().drop_nulls()
    short = short.filter(short.str.len_chars() <= longest)
    return frozenset(word for word in short if word in names or like.find_neighbours(word))


def _words(root: Node) -> Iterator[str]:
    """Every text in a file: no other name can matter to it."""
    pending = [root]
    while pending:
        node = pending.pop()
        if isinstance(node, Block):
            for key, value in node.pairs:
                yield key.text
                pending.append(value)
        elif isinstance(node, Items):
            pending += node.items
        else:
            yield node.text
