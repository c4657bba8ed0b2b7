"""Explanations of the rules for other datasets.

Each bad example is checked here, to get the message that the explanation shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from conflictdata.datasets import list_profiles
from conflictdata.devtools.dataset_examples import DatasetRuleExample, load_examples
from conflictdata.rules.base import Rule
from conflictdata.rules.explanations import ExampleFinding, ExamplePart, Explanation
from conflictdata.validation.catalogue import format_general_hint


def explain_dataset_rules() -> Iterator[Explanation]:
    """Yield an explanation of each rule of each profile."""
    examples = load_examples()
    for profile in list_profiles():
        for rule in profile.rules:
            yield _explain_rule(rule, examples[rule.id], profile.name)


def _explain_rule(rule: Rule, example: DatasetRuleExample, profile: str) -> Explanation:
    message = _evaluate_example(rule, example.bad, profile) if example.bad else None
    return Explanation(
        id=rule.id,
        title=example.title,
        severity=rule.severity,
        waivable=False,
        why=rule.why,
        reads={rule.table: rule.fields} if rule.fields else {},
        needs=rule.requires_tables,
        bad=_make_parts(example.bad),
        good=_make_parts(example.good),
        finding=message,
        fix=message.hint if message else format_general_hint(rule.hint),
        unseen=example.unseen,
    )


def _make_parts(files: Mapping[str, str]) -> tuple[ExamplePart, ...]:
    return tuple(
        ExamplePart(name, f"in a file of its own, {name}", Path(name).suffix[1:], text) for name, text in files.items()
    )


def _evaluate_example(rule: Rule, files: Mapping[str, str], profile: str) -> ExampleFinding:
    from conflictdata.validation.table_files import validate_files

    with TemporaryDirectory() as folder:
        paths = [Path(folder) / name for name in files]
        for path in paths:
            path.write_text(files[path.name], encoding="utf-8", newline="\n")
        (report,) = validate_files(paths, profile)
    (reported,) = (finding for finding in report.findings if finding.rule == rule.id)
    name, line = (Path(reported.place.file).name, reported.place.line) if reported.place else ("", 0)
    return ExampleFinding(name, line, reported.rule, reported.message, reported.hint, reported.table, reported.record)
