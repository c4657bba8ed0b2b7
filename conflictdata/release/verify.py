"""Verify released versions: a folder, a zip, an address or a whole registry.

Also rebuilds a version from its seeds.
"""

from __future__ import annotations

import contextlib
import filecmp
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from conflictdata._utils.work_folder import open_work_folder
from conflictdata.datapackage.descriptor import FILE, measure_file, read_descriptor
from conflictdata.datapackage.verify import FILES
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.registry import index
from conflictdata.registry.archive import extract
from conflictdata.registry.index import Entry, is_safe, order
from conflictdata.registry.remote import MAX_INDEX, Remote, stream_bytes
from conflictdata.release import environment
from conflictdata.release.artifacts import SUMS, zip_name
from conflictdata.release.release import Draft, read_index
from conflictdata.validation.api import validate

MAX_ZIP = 64 << 30
UNHASHED = "the schemas and README.md are not compared with what was published"
UNSIGNED = f"{FILE} has the hashes of the other files, and nothing has its own"
_LINE = re.compile(r"(?P<sha256>[0-9a-f]{64}) [ *](?P<path>.+)\Z")
_HINT = "Fetch it again from where it was published; what was released is never changed."


def verify(target: str) -> Report:
    """Check a version, or all versions of a registry, for consistency.

    Compares hashes, sizes, numbers of rows, and CSV with Parquet; checks keys and rules. The library frictionless
    gives a second opinion.

    Args:
        target: A folder, a zip, or a web address of one of them.

    Returns:
        The report. It only has findings of rules that were evaluated when the version was made.

    Raises:
        UsageError: If there is nothing to verify, it cannot be fetched, or a zip is hostile.
    """
    with _open_target(target) as folder:
        report = _open_registry(folder) if (folder / index.NAME).is_file() else _read_version(folder)
    # The temporary folder of a fetched or unpacked target is deleted, so findings name the target.
    report.findings = [_is_called(f, str(folder), target.rstrip("/")) for f in report.findings]
    return report


def _is_called(finding: Finding, folder: str, target: str) -> Finding:
    if finding.place is None or folder == target or not finding.place.file.startswith(folder):
        return finding
    return replace(finding, place=replace(finding.place, file=target + finding.place.file.removeprefix(folder)))


def _open_registry(folder: Path) -> Report:
    known = read_index(folder)
    if not known:
        raise UsageError(f"{folder / index.NAME} lists no version")
    whole = Report()
    for version, entry in known.items():
        report = _read_version(folder / version)
        report.add(_compare_with_index(folder / version, entry))
        _add(whole, report)
    return whole


def rebuild(folder: Path, seeds: Path, changelog: Path) -> Report:
    """Rebuild a released version from its seeds and compare every byte.

    Library versions can change the bytes without changing the data. If the current environment differs from the
    recorded one, the findings list the differences.

    Args:
        folder: Folder of the version, in its registry, next to the earlier versions.
        seeds: Seeds of that version.
        changelog: Changelog of that version.

    Returns:
        The report: one finding per file that is missing, extra or different.

    Raises:
        UsageError: If the folder is not in a registry, or the seeds belong to another version.
    """
    version = str(read_descriptor(folder / FILE).get("version"))
    before = [v for v in read_index(folder.parent) if order(v) < order(version)]
    previous = folder.parent / max(before, key=order) if before else None
    draft = Draft.read(version, seeds, changelog, previous)
    if draft.release.version != version:
        raise UsageError(f"{seeds} are the seeds of {draft.release.version}, and {folder} is {version}")
    with open_work_folder() as scratch:
        made_in = environment.read_recorded(folder)
        draft.write_as(scratch, made_in)
        report = Report(files=len(_list_files(folder)))
        report.add(_compare_files(folder, scratch, _describe_cause(made_in)))
    return report


def _describe_cause(made_in: str | None) -> str:
    """Describe the likely reason for different bytes."""
    others = environment.compare_environments(made_in)
    if others:
        return f"It was made in another environment: {'; '.join(others)}. {environment.LOCK} has the one of its commit."
    if made_in is None:
        return f"It does not say in which environment it was made; {environment.LOCK} has the one of its commit."
    return "The environment is the same: the seeds, the changelog, the code or the release is another."


def _compare_files(folder: Path, again: Path, cause: str) -> Iterator[Finding]:
    old, new = _list_files(folder), _list_files(again)
    for path in sorted(old.keys() | new.keys()):
        if path not in old or path not in new:
            yield _make_finding(folder / path, "the seeds give no such file" if path in old else "it is missing", cause)
        elif not filecmp.cmp(old[path], new[path], shallow=False):
            why = _describe_difference(path, old[path], new[path])
            yield _make_finding(folder / path, f"the seeds give other bytes{why}", cause)


def _describe_difference(path: str, old: Path, new: Path) -> str:
    if not path.endswith(".parquet"):
        return ""
    import pyarrow.parquet as pq

    wrote = [pq.ParquetFile(file).metadata.created_by for file in (old, new)]
    return f": it was written by {wrote[0]}, and here is {wrote[1]}" if wrote[0] != wrote[1] else ""


@contextlib.contextmanager
def _open_target(target: str) -> Iterator[Path]:
    """Yield the folder of a target, after fetching and unpacking it if necessary."""
    with open_work_folder() as scratch:
        path = Path(target)
        if target.startswith(("http://", "https://")):
            path = _fetch_target(target, scratch)
        if not path.exists():
            raise UsageError(f"{target} does not exist")
        if path.is_file() and path.suffix == ".zip":
            path = _unpack_zip(path, scratch / "unpacked")
        if not path.is_dir() or not ((path / FILE).is_file() or (path / index.NAME).is_file()):
            raise UsageError(f"{target} is not a released version (a folder with {FILE}), a zip of one, or a registry")
        yield path


def _unpack_zip(archive: Path, into: Path) -> Path:
    into.mkdir()
    extract(archive, into)
    tops = list(into.iterdir())
    return tops[0] if len(tops) == 1 and tops[0].is_dir() else into


def _fetch_target(address: str, scratch: Path) -> Path:
    if address.endswith(".zip"):
        file = scratch / "fetched.zip"
        with file.open("wb") as out:
            for piece in stream_bytes(address, MAX_ZIP):
                out.write(piece)
        return file
    remote = Remote(address.rstrip("/") + "/")
    folder = scratch / "fetched"
    try:
        known = remote.index()
    except UsageError:
        return _fetch_version(remote.address, folder)
    for version, entry in known.items():
        for path in entry.files:
            remote.fetch_file(entry, path, folder / version, None)
    (folder / index.NAME).write_text(index.write(known.values()), encoding="utf-8")
    return folder


def _fetch_version(address: str, folder: Path) -> Path:
    """Fetch the files that a version's SHA256SUMS lists.

    Their hashes are checked later, like those of any folder.
    """
    listed = b"".join(stream_bytes(address + SUMS, MAX_INDEX)).decode("utf-8", "replace")
    for path in [*_parse_sums(listed, address + SUMS), SUMS]:
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        with to.open("wb") as out:
            for piece in stream_bytes(address + path, MAX_ZIP):
                out.write(piece)
    return folder


def _parse_sums(text: str, where: str) -> dict[str, str]:
    """Return the hashes by path.

    Raises:
        UsageError: If a line does not have the form of SHA256SUMS, or its path leaves the folder.
    """
    hashes = {}
    for number, line in enumerate(text.splitlines(), start=1):
        match = _LINE.match(line)
        if match is None or not is_safe(match["path"]):
            raise UsageError(f"{where}:{number}: {line[:80]!r} is not a line of SHA256SUMS")
        hashes[match["path"]] = match["sha256"]
    return hashes


def _read_version(folder: Path) -> Report:
    report = validate(folder, second_reader=True)
    report.findings = [f for f in report.findings if _was_evaluated(f, _evaluate_package(folder))]
    report.add(_compare_with_sums(folder))
    report.add(_compare_with_zip(folder))
    if not (folder / SUMS).is_file():
        unhashed = UNSIGNED if "files" in read_descriptor(folder / FILE) else UNHASHED
        report.notes.append(f"not verified: {unhashed}; the package has no {SUMS}, as releases have")
    report.sort()
    return report


def _evaluate_package(folder: Path) -> set[str] | None:
    try:
        return {rule["id"] for rule in json.loads((folder / "rules.json").read_bytes())["rules"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _was_evaluated(finding: Finding, evaluated: set[str] | None) -> bool:
    return evaluated is None or finding.rule in evaluated or finding.rule.startswith(("release.", "package."))


def _compare_with_sums(folder: Path) -> Iterator[Finding]:
    if not (folder / SUMS).is_file():
        return
    hashes = _parse_sums((folder / SUMS).read_text(encoding="utf-8", errors="replace"), str(folder / SUMS))
    yield from _compare_hashes(folder, hashes, SUMS)
    listed = {p for p in _list_files(folder) if p != SUMS and not p.endswith(".zip")}
    for path in sorted(listed - hashes.keys()):
        yield _make_finding(folder / path, f"{SUMS} does not list it")


def _compare_with_index(folder: Path, entry: Entry) -> Iterator[Finding]:
    yield from _compare_hashes(folder, {path: file.sha256 for path, file in entry.files.items()}, index.NAME)
    for path in sorted(_list_files(folder).keys() - entry.files.keys()):
        yield _make_finding(folder / path, f"{index.NAME} does not list it")


def _compare_hashes(folder: Path, hashes: Mapping[str, str], where: str) -> Iterator[Finding]:
    for path, sha256 in hashes.items():
        try:
            actual = measure_file(folder / path)["hash"].removeprefix("sha256:")
        except OSError as fault:
            yield _make_finding(folder / path, f"{where} lists it, and it cannot be read: {fault.strerror}")
            continue
        if actual != sha256:
            yield _make_finding(folder / path, f"its SHA-256 is {actual} where {where} says {sha256}")


def _compare_with_zip(folder: Path) -> Iterator[Finding]:
    """Check that the version's zip has the same files as its folder."""
    version = str(read_descriptor(folder / FILE).get("version"))
    archive = folder / zip_name(version)
    if not archive.is_file():
        return
    with open_work_folder() as scratch:
        packed, beside = _list_files(_unpack_zip(archive, scratch / "unpacked")), _list_files(folder)
        for path in sorted((packed.keys() | beside.keys()) - {archive.name}):
            if path not in packed or path not in beside:
                where = "not in the zip" if path in beside else "in the zip alone"
                yield _make_finding(folder / path, f"it is {where}")
            elif measure_file(packed[path]) != measure_file(beside[path]):
                yield _make_finding(folder / path, "the zip holds another file of this name")


def _list_files(folder: Path) -> dict[str, Path]:
    return {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}


def _make_finding(path: Path, message: str, hint: str = _HINT) -> Finding:
    return Finding(FILES, "error", message, hint, place=Place(str(path)))


def _add(whole: Report, part: Report) -> None:
    whole.findings += part.findings
    whole.notes += [note for note in part.notes if note not in whole.notes]
    whole.waived += part.waived
    whole.files += part.files
    whole.counts = {t: whole.counts.get(t, 0) + part.counts.get(t, 0) for t in {**whole.counts, **part.counts}}
    for rule, tally in part.evaluated.items():
        whole.add_tally(rule, tally)
