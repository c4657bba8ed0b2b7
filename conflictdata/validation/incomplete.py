"""Rules that are not evaluated: those that Spark cannot, which is an error, and those that need a table that is not there."""

from __future__ import annotations

from collections import Counter
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


def list_rules_of_other_tables(table: str) -> tuple[str, ...]:
    """List the rules of one of our tables that look into other tables, and that no check of it alone can ask."""
    from conflictdata.rules import load_rules

    return tuple(
        rule.id for rule in load_rules().values() if rule.table == table and set(rule.requires_tables) - {table}
    )


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


def describe_not_evaluated(tables: Collection[str]) -> list[str]:
    """Return one line per set of missing tables: how many rules of some of our tables need them.

    Args:
        tables: the tables that are checked together.
    """
    from conflictdata.rules import load_rules

    missing = Counter(
        tuple(sorted({*rule.requires_tables} - {*tables})) for rule in load_rules().values() if rule.table in tables
    )
    lines = []
    for names, number in missing.most_common():
        rules = "1 rule needs" if number == 1 else f"{number} rules need"
        if names:
            lines.append(f"{rules} the {'table' if len(names) == 1 else 'tables'} {', '.join(names)}")
    return lines
