"""Rules that Spark does not evaluate, and the error that names them: what was not evaluated is not clean."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from conflictdata.findings import Finding, Place
from conflictdata.rules.file_rules import PROBLEMS

RULE = "report.incomplete"


def list_skipped_rules(table: str, evaluated: Collection[str]) -> tuple[str, ...]:
    """List the rules that one of our tables allows alone, and that are not among `evaluated`.

    Args:
        table: the table.
        evaluated: the ids of the rules that Spark evaluates.
    """
    from conflictdata.rules import load_rules
    from conflictdata.validation.evaluate import select_applicable_rules

    of_table = [rule for rule in load_rules().values() if rule.table == table]
    return tuple(rule.id for rule in select_applicable_rules(of_table, [table]) if rule.id not in evaluated)


def make_incomplete_finding(table: str, skipped: Sequence[str], place: Place | None) -> Finding:
    """Make the error that names the rules which were not evaluated.

    Args:
        table: the table.
        skipped: the ids of the rules.
        place: the file; None if there are several.
    """
    rules = "1 rule" if len(skipped) == 1 else f"{len(skipped)} rules"
    verb = "was" if len(skipped) == 1 else "were"
    message = f"{rules} of {table} {verb} not evaluated, because Spark cannot compare records: {', '.join(skipped)}"
    return Finding(RULE, "error", message, PROBLEMS[RULE].hint, table, place=place)
