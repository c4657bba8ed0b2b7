"""Index of a seeds folder: existing actors, places, conflicts, pages and withdrawn ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.authoring.urls import get_host, normalize_page_url
from conflictdata.findings import UsageError
from conflictdata.readers.records import Record, RecordDraft
from conflictdata.readers.seed_csv import read_rows
from conflictdata.readers.text import TABLE_LIMIT, read_text
from conflictdata.readers.yaml import Block, Scalar, parse_yaml
from conflictdata.registers.entries import COLUMNS, Tables
from conflictdata.registers.finder import Finder
from conflictdata.registers.match import KIND_OF_TABLE
from conflictdata.seeds import REFERENCE, Progress, Work, is_seeds, read_reference
from conflictdata.seeds.files import SeedFile, list_seed_files
from conflictdata.seeds.ledgers import read_retired


@dataclass(frozen=True)
class IndexedPage:
    """An existing page: the fields at the top of its file."""

    id: str
    conflict: str
    path: Path
    publisher: str
    url: str
    language: str


@dataclass
class SeedIndex:
    """Index of a seeds folder.

    Attributes:
        folder: The folder.
        tables: Its actors, locations and conflicts: the records by id, by table.
        names: The rows of its reference tables, for the finder.
        progress: Wraps the list of pages when they are read, for example to show a progress bar.
    """

    folder: Path
    tables: Mapping[str, Mapping[str, Record]]
    names: Tables
    progress: Progress = iter

    @property
    def actors(self) -> Mapping[str, Record]:
        """Return the actors, by id."""
        return self.tables["actors"]

    @property
    def conflicts(self) -> Mapping[str, Record]:
        """Return the conflicts, by id."""
        return self.tables["conflicts"]

    @cached_property
    def finder(self) -> Finder:
        """Return the finder of actors, places and conflicts, by their names and the hosts of their pages."""
        pages = [{"source_id": p.id, "publisher_id": p.publisher, "url": p.url} for p in self.pages.values()]
        return Finder.from_tables({**self.names, "sources": pages})

    def find_id(self, text: str, table: str) -> str:
        """Return the id of the only record of a table that has this id, name, alias or host; "" if there is none."""
        return text if text in self.tables[table] else self.finder.find_id(text, KIND_OF_TABLE[table])

    def find_nearest(self, text: str, table: str) -> list[str]:
        """Return the ids of at most three records that a text may mean, else of those with similar names."""
        return [match.id for match in self.finder.find_nearest(text, kind=KIND_OF_TABLE[table])]

    def format_actor(self, actor: str) -> str:
        """Format an actor: `sohr (Syrian Observatory for Human Rights)`."""
        record = self.actors.get(actor)
        return f"{actor} ({record.text('name')})" if record else actor

    @cached_property
    def pages(self) -> dict[str, IndexedPage]:
        """Return the pages, by id. Skips those that cannot be read: `validate` reports them."""
        files = [seed for seed in list_seed_files(self.folder) if seed.is_page]
        return {page.id: page for page in map(_read_page, self.progress(Work(files, "Reading seeds", "files")))}

    @cached_property
    def retired(self) -> frozenset[str]:
        """Return the withdrawn ids."""
        return frozenset(read_retired(self.folder / "retired.csv"))

    @cached_property
    def columns(self) -> list[str]:
        """Return the columns of the actors table, in the order of its file."""
        text, _ = read_text(self.folder / "reference/actors.csv", "actors.csv", limit=TABLE_LIMIT)
        return [cell.text for cell in next(read_rows(text or ""), [])]

    @cached_property
    def by_address(self) -> dict[str, IndexedPage]:
        """Return the pages, by normalized address."""
        return {normalize_page_url(page.url): page for page in reversed(self.pages.values()) if page.url}

    @cached_property
    def publishers(self) -> Mapping[str, Counter[str]]:
        """Return the number of pages by host, then by publisher."""
        counts: dict[str, Counter[str]] = {}
        for page in self.pages.values():
            if (host := get_host(page.url)) and page.publisher in self.actors:
                counts.setdefault(host, Counter())[page.publisher] += 1
        return counts

    def rank_languages(self, publisher: str) -> list[str]:
        """Return the languages of a publisher's pages, most frequent first."""
        counts = Counter(page.language for page in self.pages.values() if page.publisher == publisher and page.language)
        return [language for language, _ in counts.most_common()]

    def rank_claimants(self, publisher: str) -> list[str]:
        """Return the claimants on a publisher's pages, most frequent first."""
        counts: Counter[str] = Counter()
        for page in self.pages.values():
            if page.publisher == publisher:
                counts.update(_read_claimants(page.path))
        return [actor for actor, _ in counts.most_common() if actor in self.actors]


def read_index(folder: Path, *, progress: Progress = iter) -> SeedIndex:
    """Read the index of a seeds folder. Its pages are read when they are first used.

    Args:
        folder: The seeds folder.
        progress: Wraps the list of pages, for example to show a progress bar.

    Raises:
        UsageError: If it is not a seeds folder, or its tables of actors and conflicts cannot be read.
    """
    if not folder.is_dir() or not is_seeds(folder):
        raise UsageError(
            f"{folder} is not a seeds folder (one with reference/ and sources/); give the seeds folder with --seeds"
        )
    draft = RecordDraft()
    read_reference(folder, draft)
    tables = {table: {r.id: r for r in draft.records[table]} for table in ("actors", "locations", "conflicts")}
    for table in ("actors", "conflicts"):
        if not tables[table]:
            path = f"{display_path(folder)}/reference/{table}.csv"
            raise UsageError(f"{path} cannot be read; to see why, run `conflictdata validate {folder}`")
    names = {
        table: [{column: record.text(column) for column in COLUMNS[table]} for record in draft.records[table]]
        for table in REFERENCE
        if table in COLUMNS
    }
    return SeedIndex(folder, tables, names, progress)


def _read_page(seed: SeedFile) -> IndexedPage:
    """Read the top of a page's file, without parsing its claims."""
    text, _ = read_text(Path(seed.path), seed.shown)
    root, _ = parse_yaml((text or "").partition("\nclaims:")[0], seed.shown)
    pairs = root.pairs if isinstance(root, Block) else []
    fields = {key.text: value.text for key, value in pairs if isinstance(value, Scalar)}
    publisher, url, language = (fields.get(key, "") for key in ("publisher", "url", "language"))
    return IndexedPage(seed.stem, seed.conflict, Path(seed.path), publisher, url, language)


def _read_claimants(path: Path) -> list[str]:
    text, _ = read_text(path, path.name)
    root, _ = parse_yaml(text or "", path.name)
    claims = root.get("claims") if isinstance(root, Block) else None
    blocks = [value for _, value in claims.pairs] if isinstance(claims, Block) else []
    nodes = [block.get("claimant") for block in blocks if isinstance(block, Block)]
    return [node.text for node in nodes if isinstance(node, Scalar)]
