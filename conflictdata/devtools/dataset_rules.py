"""The entries of the rules for other people's datasets; their examples are tried while the entries are made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from conflictdata.datasets import profiles
from conflictdata.devtools.dataset_examples import Example, examples
from conflictdata.rules.base import Rule
from conflictdata.rules.explanations import Entry, Shown, Told
from conflictdata.validation.catalogue import general


def of_feeds() -> Iterator[Entry]:
    """An entry for each rule of each profile."""
    given = examples()
    for profile in profiles():
        for rule in profile.rules:
            yield _entry(rule, given[rule.id], profile.name)


def _entry(rule: Rule, example: Example, profile: str) -> Entry:
    told = _told(rule, example.bad, profile) if example.bad else None
    return Entry(
        id=rule.id,
        title=example.title,
        severity=rule.severity,
        waivable=False,
        why=rule.why,
        reads={rule.table: rule.fields} if rule.fields else {},
        needs=rule.needs,
        bad=_pieces(example.bad),
        good=_pieces(example.good),
        told=told,
        fix=told.hint if told else general(rule.hint),
        unseen=example.unseen,
    )


def _pieces(files: Mapping[str, str]) -> tuple[Shown, ...]:
    return tuple(
        Shown(name, f"in a file of its own, {name}", Path(name).suffix[1:], text) for name, text in files.items()
    )


def _told(rule: Rule, files: Mapping[str, str], profile: str) -> Told:
    from conflictdata.validation.dataset_api import reports

    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in files]
        for path in paths:
            path.write_text(files[path.name], encoding="utf-8", newline="\n")
        (report,) = reports(paths, profile)
    (found,) = (finding for finding in report.findings if finding.rule == rule.id)
    name, line = (Path(found.place.file).name, found.place.line) if found.place else ("", 0)
    return Told(name, line, found.rule, found.message, found.hint, found.table, found.record)
