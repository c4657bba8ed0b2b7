"""Index of a seeds folder: existing actors, places, conflicts, pages and withdrawn ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata._utils.suggest import find_nearest_ids
from conflictdata.authoring.urls import get_host, normalize_page_url
from conflictdata.findings import UsageError
from conflictdata.readers.records import Record, RecordDraft
from conflictdata.readers.seed_csv import read_rows
from conflictdata.readers.text import read_text
from conflictdata.readers.yaml import Block, Scalar, parse_yaml
from conflictdata.seeds import Progress, Work, is_seeds, read_reference
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
class NamedRecords:
    """The records of a reference table, with their names.

    Attributes:
        table: Name of the table.
        records: The records, by id.
        names: Per id: the id, the name and the aliases.
    """

    table: str
    records: dict[str, Record]
    names: dict[str, list[str]] = field(default_factory=dict)

    def find_id(self, text: str) -> str:
        """Return the id that a text is, or the only one that it names. "" if there is none."""
        ids = {text} if text in self.records else self._ids_by_name.get(text.casefold(), set())
        return next(iter(ids)) if len(ids) == 1 else ""

    def find_nearest(self, text: str) -> str:
        """Return the id with the most similar name, or "" if none is similar."""
        return next(iter(find_nearest_ids(text, self.names, most=1)), "")

    @cached_property
    def _ids_by_name(self) -> dict[str, set[str]]:
        ids: dict[str, set[str]] = {}
        for id_, names in self.names.items():
            for name in names[1:]:
                ids.setdefault(name.casefold(), set()).add(id_)
        return ids


@dataclass
class SeedIndex:
    """Index of a seeds folder.

    Attributes:
        folder: The folder.
        tables: Its actors, locations and conflicts, by table.
        progress: Wraps the list of pages when they are read, for example to show a progress bar.
    """

    folder: Path
    tables: Mapping[str, NamedRecords]
    progress: Progress = iter

    @property
    def actors(self) -> dict[str, Record]:
        """The actors, by id."""
        return self.tables["actors"].records

    @property
    def conflicts(self) -> dict[str, Record]:
        """The conflicts, by id."""
        return self.tables["conflicts"].records

    def list_names(self) -> dict[str, list[str]]:
        """Return the id, the name and the aliases of each actor, by id."""
        return self.tables["actors"].names

    def format_actor(self, actor: str) -> str:
        """Format an actor: `sohr (Syrian Observatory for Human Rights)`."""
        record = self.actors.get(actor)
        return f"{actor} ({record.text('name')})" if record else actor

    @cached_property
    def pages(self) -> dict[str, IndexedPage]:
        """The pages, by id. Without those that cannot be read: `validate` reports them."""
        files = [seed for seed in list_seed_files(self.folder) if seed.is_page]
        return {page.id: page for page in map(_read_page, self.progress(Work(files, "Reading seeds", "files")))}

    @cached_property
    def retired(self) -> frozenset[str]:
        """The withdrawn ids."""
        return frozenset(read_retired(self.folder / "retired.csv"))

    @cached_property
    def columns(self) -> list[str]:
        """The columns of the actors table, in the order of its file."""
        text, _ = read_text(self.folder / "reference/actors.csv", "actors.csv")
        return [cell.text for cell in next(read_rows(text or ""), [])]

    @cached_property
    def by_address(self) -> dict[str, IndexedPage]:
        """The pages, by normalized address."""
        return {normalize_page_url(page.url): page for page in reversed(self.pages.values()) if page.url}

    @cached_property
    def publishers(self) -> Mapping[str, Counter[str]]:
        """Number of pages by host, then by publisher."""
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
    tables = {}
    for table in ("actors", "locations", "conflicts"):
        records = {record.id: record for record in draft.records[table]}
        names = {id_: [id_, record.text("name")] for id_, record in records.items()}
        for alias in draft.records["aliases"]:
            if alias.text("entity_kind") == table.removesuffix("s") and alias.text("entity_id") in names:
                names[alias.text("entity_id")].append(alias.text("alias"))
        if not records and table != "locations":
            path = f"{display_path(folder)}/reference/{table}.csv"
            raise UsageError(f"{path} cannot be read; to see why, run `conflictdata validate {folder}`")
        tables[table] = NamedRecords(table, records, names)
    return SeedIndex(folder, tables, progress)


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
