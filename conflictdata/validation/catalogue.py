"""Everything that a report can name: each id with its reason and its way out, from the places that hold them."""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache

from conflictdata.findings import Finding, Severity

# Parts of a hint that are filled in, or left empty, for one finding; in general there is nothing to say there.
_OPTIONAL_FIELDS = {"guess", "suggestion", "nearest"}

# The ids of `conflictdata.package.verify`, which is next to this package and not below it.
_RELEASE_RULES = {
    "release.files-match-descriptor": "A file that is not the one described was changed, or lost, after the package was built; its readers cannot tell.",
    "release.csv-equals-parquet": "Two forms of one table that differ give two answers to one question.",
    "release.docs-match-vocabularies": "A schema that says another thing than the rules lets wrong data pass elsewhere, and refuses right data.",
}  # fmt: skip
_REBUILD_HINT = "Build the package again with `conflictdata publish`; its files are not edited by hand."


@dataclass(frozen=True)
class RuleInfo:
    """What can be said of an id without a finding.

    Attributes:
        id: the id, `table.kebab-name`.
        why: what goes wrong in the world when it is broken.
        hint: what to do; what depends on the finding is in angle brackets.
        severity: `error` or `warning`.
        waivable: whether a waiver may let a finding stand.
    """

    id: str
    why: str = ""
    hint: str = ""
    severity: Severity = "error"
    waivable: bool = False


def format_general_hint(template: str) -> str:
    """A hint as it reads without a finding: `{actor_id}` becomes `<actor_id>`."""
    parts = []
    for text, name, _, _ in string.Formatter().parse(template):
        parts.append(text)
        if name and name not in _OPTIONAL_FIELDS:
            parts.append(f"<{name}>")
    return "".join(parts)


@cache
def load_catalogue() -> dict[str, RuleInfo]:
    """Every id that can be reported, sorted."""
    from conflictdata.datasets import list_profiles
    from conflictdata.rules import load_rules
    from conflictdata.rules.file_rules import PROBLEMS
    from conflictdata.validation import second_reader
    from conflictdata.validation.cells import CELL_RULES
    from conflictdata.validation.waivers import WAIVER_RULES

    entries = [RuleInfo(p.id, p.why, p.hint) for p in PROBLEMS.values()]
    entries += [RuleInfo(c.id, c.why, format_general_hint(c.hint)) for c in CELL_RULES.values()]
    entries += [
        RuleInfo(r.id, r.why, format_general_hint(r.hint), r.severity, r.waivable) for r in load_rules().values()
    ]
    of_others = [r for profile in list_profiles() for r in profile.rules]
    entries += [RuleInfo(r.id, r.why, format_general_hint(r.hint), r.severity) for r in of_others]
    entries += [RuleInfo(id_, why, "Fix the waiver, or remove it.") for id_, why in WAIVER_RULES.items()]
    entries += [RuleInfo(id_, why, _REBUILD_HINT) for id_, why in _RELEASE_RULES.items()]
    entries.append(RuleInfo(second_reader.RULE, second_reader.WHY, second_reader.HINT))
    return {entry.id: entry for entry in sorted(entries, key=lambda e: e.id)}


def find_rule_info(finding: Finding) -> RuleInfo:
    """The entry of a finding; one without words where its id is not listed."""
    return load_catalogue().get(finding.rule) or RuleInfo(finding.rule, severity=finding.severity)
