"""Read the seeds of two git revisions into a temporary folder.

Uses git's plumbing commands: files are read as committed, object by object, and the attributes, filters and hooks of
the repository have no effect. Names typed by the user are passed to git only as revisions after `--end-of-options`; all
later calls use the object id that git returned.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from conflictdata._utils.work_folder import open_work_folder
from conflictdata.comparison.sides import Schemas, Snapshot, is_schema, make_empty_snapshot, read_seeds_snapshot
from conflictdata.findings import UsageError
from conflictdata.seeds import Progress

_HIDDEN = re.compile(r"[\x00-\x20\x7f]")
_SUFFIXES = {".yaml", ".csv", ".json", ".gz", ".txt"}
_ENVIRONMENT = {"LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1"}
SCHEMAS = "schemas"  # the folder next to the seeds


@dataclass(frozen=True)
class _Repository:
    """A git repository. Nearly all calls of git go through this class."""

    root: Path

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes | None:
        """Run git and return its output, or None if it fails."""
        result = _run_git(self.root, *arguments, stdin=stdin)
        return result.stdout if result.returncode == 0 else None

    def resolve_commit(self, name: str) -> str:
        """Return the id of a commit.

        Raises:
            UsageError: If the name is not valid, or no commit has it.
        """
        if not name or name.startswith("-") or _HIDDEN.search(name):
            raise UsageError(f"{name!r} is not the name of a revision")
        output = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        if output is None:
            hint = "look with `git log` and `git branch --all`; a shallow clone has only the newest commits"
            raise UsageError(f"there is no revision {name!r} in {self.root}; {hint}")
        return output.decode().strip()

    def find_tree(self, commit: str, path: str) -> str | None:
        """Return the id of a folder in a commit, or None if it does not exist."""
        output = self.run("rev-parse", "--verify", "--quiet", "--end-of-options", f"{commit}:{path}")
        tree = output.decode().strip() if output else ""
        return tree if tree and self.run("cat-file", "-t", tree) == b"tree\n" else None


def _run_git(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        return subprocess.run(
            command, input=stdin, capture_output=True, check=False, env={**os.environ, **_ENVIRONMENT}
        )
    except FileNotFoundError:
        raise UsageError("git is not installed; give two folders instead: conflictdata diff OLD NEW") from None


def _open_repository(folder: Path) -> _Repository:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder")
    result = _run_git(folder, "rev-parse", "--show-toplevel")
    if result.returncode != 0:
        message = (result.stderr.decode(errors="replace").strip().splitlines() or [""])[0].removeprefix("fatal: ")
        raise UsageError(f"{folder.resolve()} is not in a git repository ({message})")
    return _Repository(Path(os.fsdecode(result.stdout.removesuffix(b"\n"))))


@contextmanager
def open_revisions(
    revisions: str, folder: Path, seeds: Path, progress: Progress
) -> Iterator[tuple[Snapshot, Snapshot]]:
    """Read both sides of `A..B`, `A...B`, or `A` against the working tree.

    Args:
        revisions: The revisions.
        folder: A folder in the repository.
        seeds: The seeds folder, relative to `folder`.
        progress: Wraps the list of seed files.

    Yields:
        The old side and the new side. Their files are deleted on exit.

    Raises:
        UsageError: If git is not installed, the folder is not in a repository, a revision does not exist, or neither
            has seeds.
    """
    repository = _open_repository(folder)
    path = _locate_seeds(repository, folder / seeds)
    old, new = _resolve_ends(repository, revisions)
    with open_work_folder() as temporary:
        before = _check_out(repository, old[1], path, temporary / "old")
        now = _check_out(repository, new[1], path, temporary / "new") if new[1] else repository.root
        schema_folders = [folder / path.parent / SCHEMAS for folder in (before, now)]
        has_schemas = all(folder.is_dir() for folder in schema_folders)
        sides = [
            _read_snapshot(folder / path, name, _read_schemas(schemas) if has_schemas else None, progress)
            for folder, name, schemas in zip((before, now), (old[0], new[0]), schema_folders, strict=True)
        ]
        if all(side.info.missing for side in sides):
            raise UsageError(f"there is not a folder {path} in either; --seeds names another folder")
        yield sides[0], sides[1]


def _locate_seeds(repository: _Repository, seeds: Path) -> PurePosixPath:
    """Return the path of the seeds folder within the repository."""
    try:
        return PurePosixPath(seeds.resolve().relative_to(repository.root.resolve()).as_posix())
    except ValueError:
        raise UsageError(f"{seeds} lies outside the repository {repository.root}") from None


def _resolve_ends(repository: _Repository, revisions: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the name and the commit of both ends.

    The working tree has the commit "". An omitted end is HEAD, as in git.
    """
    if "..." in revisions:
        one, other = (name or "HEAD" for name in revisions.split("...", 1))
        base = repository.run("merge-base", "--end-of-options", *map(repository.resolve_commit, (one, other)))
        if base is None:
            raise UsageError(f"{one} and {other} have no common ancestor here; a shallow clone may lack it")
        return (f"{one} (where {other} left it)", base.decode().strip()), (other, repository.resolve_commit(other))
    if ".." in revisions:
        one, other = (name or "HEAD" for name in revisions.split("..", 1))
        return (one, repository.resolve_commit(one)), (other, repository.resolve_commit(other))
    return (revisions, repository.resolve_commit(revisions)), ("the working tree", "")


def _check_out(repository: _Repository, commit: str, path: PurePosixPath, into: Path) -> Path:
    """Write the seeds of a commit, and the schemas next to them, to a folder."""
    into.mkdir()
    for folder in (path, path.parent / SCHEMAS):
        inner = "" if str(folder) == "." else folder.as_posix()
        if tree := repository.find_tree(commit, inner):
            _write_tree(repository, tree, into / folder)
    return into


def _write_tree(repository: _Repository, tree: str, into: Path) -> None:
    into.mkdir(parents=True, exist_ok=True)
    files = dict(_list_files(repository.run("ls-tree", "-r", "-z", tree) or b""))
    contents = (
        repository.run("cat-file", "--batch", stdin="".join(f"{blob}\n" for blob in files.values()).encode()) or b""
    )
    start = 0
    for name in files:
        end = contents.index(b"\n", start)
        size = int(contents[start:end].split()[2])
        path = into / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(contents[end + 1 : end + 1 + size])
        start = end + size + 2


def _list_files(listing: bytes) -> Iterator[tuple[str, str]]:
    """Yield name and object id of the regular files with a seed or schema suffix.

    Skips links and names that would lead out of the folder.
    """
    for entry in listing.split(b"\0"):
        header, _, raw = entry.partition(b"\t")
        name = os.fsdecode(raw)
        path = PurePosixPath(name)
        is_safe = not path.is_absolute() and not {"..", ".git"} & set(path.parts) and "\\" not in name
        if header.startswith(b"100") and is_safe and path.suffix in _SUFFIXES:
            yield name, header.split()[2].decode()


def _read_snapshot(seeds: Path, name: str, schemas: Schemas | None, progress: Progress) -> Snapshot:
    if not seeds.is_dir() or not any(seeds.iterdir()):
        return make_empty_snapshot(name, "revision", schemas)
    return read_seeds_snapshot(seeds, name=name, kind="revision", schemas=schemas, progress=progress)


def _read_schemas(folder: Path) -> Mapping[str, Mapping[str, Any]]:
    """Read the Table Schemas in a folder, by name.

    Skips files that are not Table Schemas: only the tests of the repository check this folder.
    """
    schemas = {}
    for path in sorted(folder.glob("*.json")):
        try:
            schema = json.loads(path.read_bytes())
        except (OSError, ValueError, RecursionError):
            continue
        if is_schema(schema):
            schemas[path.stem] = schema
    return schemas
