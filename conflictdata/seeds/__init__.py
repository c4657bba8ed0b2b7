"""Reading what people write: a folder of YAML and CSV to records of text that know their place.

Nothing is judged here beyond the form of the files; types, vocabularies and sums are the
business of `conflictdata.check`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from conflictdata.findings import Finding, Place
from conflictdata.seeds.events import EventReader
from conflictdata.seeds.figures import Register
from conflictdata.seeds.ledgers import check_retired, read_release, read_waivers
from conflictdata.seeds.nodes import Node, parse
from conflictdata.seeds.problems import problem
from conflictdata.seeds.records import Draft
from conflictdata.seeds.sources import SourceReader
from conflictdata.seeds.tables import read_table
from conflictdata.seeds.text import read_text

__all__ = ["REFERENCE", "is_seeds", "read_seeds"]

REFERENCE = ("actors", "aliases", "locations", "conflicts")

Progress = Callable[[Iterable[Path]], Iterable[Path]]


def is_seeds(folder: Path) -> bool:
    """True for a folder in the shape of `seeds/`."""
    return (folder / "reference").is_dir() or (folder / "sources").is_dir()


def shown(path: Path) -> str:
    """A path as findings print it: relative to the working folder where it lies inside."""
    try:
        return path.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return path.as_posix()


def read_tree(path: Path, findings: list[Finding]) -> Node | None:
    """A YAML file as nodes."""
    file = shown(path)
    text, faults = read_text(path, file)
    findings += faults
    if text is None:
        return None
    root, troubles = parse(text, file)
    # A tab or control character that is reported already would be reported again as a syntax error.
    seen = {(f.place.line if f.place else 0) for f in faults}
    findings += [f for f in troubles if f.rule != "yaml.syntax" or (f.place and f.place.line not in seen)]
    if root is None and not troubles:
        findings.append(problem("file.empty", "the file has no content", Place(file)))
    return root


def read_reference(folder: Path, draft: Draft) -> None:
    """The reference tables of a folder of seeds."""
    for table in REFERENCE:
        path = folder / "reference" / f"{table}.csv"
        if not path.exists():
            message = f"the reference table {shown(path)} is missing"
            draft.findings.append(problem("seed.missing-table", message, Place(shown(path))))
            continue
        records, findings = read_table(path, shown(path), table)
        draft.files.append(shown(path))
        draft.findings += findings
        draft.records[table] += records


def register_of(draft: Draft) -> Register:
    """The names that source files may use."""
    actors = {r.text("actor_id"): r.text("kind") for r in draft.records["actors"]}
    locations = frozenset(r.text("location_id") for r in draft.records["locations"])
    return Register(actors, locations, complete=bool(actors) and bool(locations))


def read_seeds(folder: Path, *, progress: Progress = iter) -> Draft:
    """Everything in a folder of seeds.

    Args:
        folder: a folder with `reference/`, `events/`, `sources/`.
        progress: wraps the paths of source files, to show a bar.
    """
    draft = Draft()
    read_reference(folder, draft)
    _read_events(folder, draft)
    _read_sources(folder, draft, progress)
    _read_ledgers(folder, draft)
    return draft


def _read_ledgers(folder: Path, draft: Draft) -> None:
    waivers, retired = folder / "waivers.yaml", folder / "retired.csv"
    if waivers.exists():
        draft.files.append(shown(waivers))
        read_waivers(read_tree(waivers, draft.findings), shown(waivers), draft)
    if retired.exists():
        draft.files.append(shown(retired))
        check_retired(retired, shown(retired), draft)
    release = folder / "release.yaml"
    if release.exists():
        draft.files.append(shown(release))
        draft.release = read_release(read_tree(release, draft.findings), shown(release), draft)


def _read_events(folder: Path, draft: Draft) -> None:
    reader = EventReader(draft)
    for path in sorted((folder / "events").glob("*.yaml")):
        draft.files.append(shown(path))
        reader.read(read_tree(path, draft.findings), shown(path), path.stem)


def _read_sources(folder: Path, draft: Draft, progress: Progress) -> None:
    reader = SourceReader(draft, register_of(draft))
    seen: dict[str, str] = {}
    for path in progress(sorted((folder / "sources").glob("*/*.yaml"))):
        file = shown(path)
        draft.files.append(file)
        if path.stem in seen:
            message = f"the source id {path.stem} is {seen[path.stem]}'s already"
            draft.findings.append(problem("seed.duplicate-source", message, Place(file), value=path.stem))
            continue
        seen[path.stem] = file
        reader.read(read_tree(path, draft.findings), file, path.parent.name)
