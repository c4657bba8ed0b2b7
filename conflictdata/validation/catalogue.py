"""Every id that a report can contain, with its texts."""

from __future__ import annotations

import string
from dataclasses import replace
from functools import cache

from conflictdata.findings import Finding
from conflictdata.rules.texts import RuleText

# Parts of a hint that are filled in, or left empty, for one finding. In general they are empty.
_OPTIONAL_FIELDS = {"guess", "suggestion", "nearest"}


def format_general_hint(template: str) -> str:
    """Return a hint as it reads without a finding: `{actor_id}` becomes `<actor_id>`."""
    parts = []
    for text, name, _, _ in string.Formatter().parse(template):
        parts.append(text)
        if name and name not in _OPTIONAL_FIELDS:
            parts.append(f"<{name}>")
    return "".join(parts)


@cache
def load_own_texts() -> dict[str, RuleText]:
    """Return the texts of every rule but those of other datasets, by id."""
    from conflictdata.rules import load_rules, package_rules
    from conflictdata.rules.cell_rules import CELL_RULES
    from conflictdata.rules.file_rules import PROBLEMS
    from conflictdata.rules.waiver_rules import WAIVER_RULES

    packages = {text.id: text for text in package_rules.TEXTS}
    return {**PROBLEMS, **CELL_RULES, **load_rules(), **WAIVER_RULES, **packages}


@cache
def load_catalogue() -> dict[str, RuleText]:
    """Return the texts of every rule, sorted by id. Values of a finding in their hints are in angle brackets."""
    from conflictdata.datasets.rules import load_dataset_rules
    from conflictdata.rules.file_rules import PROBLEMS

    texts = {**load_own_texts(), **load_dataset_rules()}
    general = {
        id_: text if id_ in PROBLEMS else replace(text, hint=format_general_hint(text.hint))
        for id_, text in texts.items()
    }
    return dict(sorted(general.items()))


def find_rule_text(finding: Finding) -> RuleText:
    """Return the texts of a finding's rule, empty if the id is unknown."""
    unknown = RuleText(id=finding.rule, severity=finding.severity, hint="", why="")
    return load_catalogue().get(finding.rule, unknown)
