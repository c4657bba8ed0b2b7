"""Index of a seeds folder: existing actors, conflicts, pages and withdrawn ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from conflictdata._utils.paths import display_path
from conflictdata.authoring.urls import get_host, normalize_page_url
from conflictdata.findings import UsageError
from conflictdata.readers.records import Record, RecordDraft
from conflictdata.readers.seed_csv import make_reader
from conflictdata.readers.text import LIMIT, decode_text, read_bytes
from conflictdata.readers.yaml import Block, Scalar, parse_yaml
from conflictdata.seeds import Progress, Work, is_seeds, read_reference
from conflictdata.seeds.files import SeedFile, list_seed_files


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
        actors: Rows of the actors table, by id.
        conflicts: Rows of the conflicts table, by id.
        aliases: Other names of actors, by id.
        retired: Withdrawn ids.
        pages: The pages, by id.
        columns: Columns of the actors table, in the order of its file.
    """

    folder: Path
    actors: dict[str, Record]
    conflicts: dict[str, Record]
    aliases: dict[str, list[str]] = field(default_factory=dict)
    retired: frozenset[str] = frozenset()
    pages: dict[str, IndexedPage] = field(default_factory=dict)
    columns: tuple[str, ...] = ()

    def list_names(self, actors: Iterable[str] = ()) -> dict[str, list[str]]:
        """Return the id, the name and the aliases of actors, by id.

        Args:
            actors: Ids of the actors. Default: all.
        """
        ids = list(actors) or list(self.actors)
        return {id_: [id_, self.actors[id_].text("name"), *self.aliases.get(id_, [])] for id_ in ids}

    def format_actor(self, actor: str) -> str:
        """Format an actor: `sohr (Syrian Observatory for Human Rights)`."""
        record = self.actors.get(actor)
        return f"{actor} ({record.text('name')})" if record else actor

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
    """Read the index of a seeds folder.

    Skips pages that cannot be read: `validate` reports them.

    Args:
        folder: The seeds folder.
        progress: Wraps the list of pages, for example to show a progress bar.

    Raises:
        UsageError: If it is not a seeds folder, or its tables of actors and conflicts cannot be read.
    """
    if not folder.is_dir() or not is_seeds(folder):
        raise UsageError(f"{folder} is no folder of seeds (one with reference/ and sources/); name one with --seeds")
    draft = RecordDraft()
    read_reference(folder, draft)
    records = {table: {r.id: r for r in draft.records[table]} for table in ("actors", "conflicts")}
    for table, rows in records.items():
        if not rows:
            raise UsageError(
                f"{display_path(folder)}/reference/{table}.csv cannot be read; see `conflictdata validate {folder}`"
            )
    index = SeedIndex(
        folder, records["actors"], records["conflicts"], columns=_read_header(folder / "reference/actors.csv")
    )
    for alias in draft.records["aliases"]:
        if alias.text("entity_kind") == "actor":
            index.aliases.setdefault(alias.text("entity_id"), []).append(alias.text("alias"))
    index.retired = _read_retired(folder / "retired.csv")
    index.pages = {
        page.id: page
        for page in map(
            _read_page, progress(Work([s for s in list_seed_files(folder) if s.is_page], "Reading seeds", "files"))
        )
    }
    return index


def _read_page(seed: SeedFile) -> IndexedPage:
    """Read the top of a page's file, without parsing its claims."""
    data, _ = read_bytes(Path(seed.path), seed.shown, limit=LIMIT)
    text, _ = decode_text(data, seed.shown) if data is not None else (None, [])
    root = parse_yaml((text or "").partition("\nclaims:")[0], seed.shown)[0]
    fields = (
        {key.text: value.text for key, value in root.pairs if isinstance(value, Scalar)}
        if isinstance(root, Block)
        else {}
    )
    publisher = fields.get("publisher", "")
    return IndexedPage(
        seed.stem, seed.conflict, Path(seed.path), publisher, fields.get("url", ""), fields.get("language", "")
    )


def _read_claimants(path: Path) -> list[str]:
    data, _ = read_bytes(path, path.name)
    text, _ = decode_text(data, path.name) if data is not None else (None, [])
    root, _ = parse_yaml(text or "", path.name)
    claims = root.get("claims") if isinstance(root, Block) else None
    blocks = [value for _, value in claims.pairs] if isinstance(claims, Block) else []
    nodes = [block.get("claimant") for block in blocks if isinstance(block, Block)]
    return [node.text for node in nodes if isinstance(node, Scalar)]


def _read_header(path: Path) -> tuple[str, ...]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return tuple(next(make_reader(file), []))


def _read_retired(path: Path) -> frozenset[str]:
    if not path.is_file():
        return frozenset()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return frozenset(row[0].strip() for row in make_reader(file) if row)
