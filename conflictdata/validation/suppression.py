"""Suppress findings that follow from an earlier one, so that one fault gives one finding.

If a rule fails on a cell with an earlier finding, its result is unknown: a sum with an unreadable number is not wrong.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter
from pathlib import PurePosixPath
from typing import Any, TypeVar

from conflictdata.findings import Finding
from conflictdata.readers.records import RecordDraft
from conflictdata.rules.base import Row, Rule
from conflictdata.schema.columns import list_references
from conflictdata.schema.fields import CLAIM_ID
from conflictdata.validation.evaluate import RuleContext, RuleResult, format_record_key

Context = TypeVar("Context")


# Rules of the tree itself. If it is broken, the other rules would fail for all figures of the claim.
TREE_RULES = (
    "figures.key-unique",
    "figures.parent-id-resolves",
    "figures.parent-in-claim",
    "figures.parent-not-in-cycle",
    "figures.depth-within-limit",
)


_DAYS = ("period_start", "period_end", "as_of")


# Columns of the record that are unreliable if a rule fails.
INVALIDATES: dict[str, tuple[str, ...]] = {
    "sources.id-is-page": ("published_on", "publisher_id"),
    "events.dates-in-order": ("date_start", "date_end"),
    "events.id-is-day": ("date_start", "date_end"),
    "claims.window-filled": _DAYS,
    "claims.window-in-order": _DAYS,
    "claims.window-meets-event": ("period_start", "period_end"),
    "claims.days-near-page": _DAYS,
    "claims.start-fits-series": ("period_start",),
    "claims.as-of-before-page": ("as_of",),
    "claims.supersedes-family": ("supersedes",),
    "claims.supersedes-no-circle": ("supersedes",),
    "claims.supersedes-older": ("supersedes",),
    "claims.supersedes-window": ("supersedes",),
    "claim_events.same-conflict": (),
    "claim_events.place-fits": (),
    "locations.point-in-country": ("country",),
    "events.place-in-conflict": ("location_id", "conflict_id"),
    "claims.place-in-conflict": ("location_id", "conflict_id"),
}


# Likewise columns of another record: the table, the column of the failed row with the record's key, the columns.
INVALIDATES_OTHER: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "claim_events.same-conflict": ("claims", "claim_id", ("conflict_id",)),
    "claim_events.place-fits": ("claims", "claim_id", ("location_id",)),
}


# Rules of a figure's position. A figure under a wrong parent is missing under the right one.
NUMBERED_RULES = (
    "figures.child-narrows-parent",
    "figures.child-within-party",
    "figures.child-within-perpetrator",
    "figures.child-within-place",
)


# Sums and bounds. Rules that name a culprit come first.
SUM_RULES = (
    "figures.parts-cover-parent",
    "figures.joint-outcome-covers-both",
    "figures.subset-within-parent",
    "figures.group-covers-list",
    "figures.exclusive-groups-fit",
    "figures.exclusive-parties-fit",
    "figures.exclusive-places-fit",
)


# Rules of a number by itself, and of a part that is one too many. Sums with it fail for the same reason.
SINGLE_NUMBER_RULES = ("figures.count-is-possible",)
DOUBLE_NUMBER_RULES = ("figures.parts-counted-once",)


PHRASE_RULES = ("figures.printed-holds-number", "figures.printed-holds-qualifier")


# Rules that a wrong number breaks.
NUMBER_RULES = frozenset(
    {
        *(*SINGLE_NUMBER_RULES, *DOUBLE_NUMBER_RULES, *SUM_RULES, *PHRASE_RULES),
        "figures.parts-sum-as-printed",
        "figures.subset-within-printed",
        "figures.round-number-exact",
        "figures.one-value-a-page",
        "figures.toll-does-not-fall",
        "figures.toll-does-not-jump",
        "figures.day-of-toll-does-not-fall",
    }
)


# Cells that a rule reads in other records: the table, the column of the checked row with the record's key, the columns.
DEPENDS_ON: dict[str, tuple[tuple[str, str, tuple[str, ...]], ...]] = {
    "claims.as-of-before-page": (("sources", "source_id", ("published_on",)),),
    "claims.days-near-page": (("sources", "source_id", ("published_on",)),),
    "claims.claimant-no-outlet": (("sources", "source_id", ("publisher_id",)),),
    "claims.window-meets-event": (("events", "event_id", ("date_start", "date_end")),),
    "claims.supersedes-older": (("claims", "supersedes", ("as_of",)),),
    "claims.supersedes-window": (("claims", "supersedes", ("period_start", "period_end")),),
    "claims.supersedes-family": (("claims", "supersedes", ("claimant_id",)),),
    "sources.published-after-events": (("events", "event_id", ("date_start",)),),
    "event_actors.actor-active": (("events", "event_id", ("date_start", "date_end")),),
    "figures.child-narrows-parent": (("claims", "claim_id", ("period_start", "period_end")),),
    "figures.has-toll": (
        ("claims", "claim_id", ("claimant_id", "conflict_id", "location_id", "period_start", "scope")),
        ("sources", "source_id", ("publisher_id",)),
    ),
    "figures.toll-does-not-fall": (("claims", "claim_id", _DAYS), ("claims", "earlier", (*_DAYS, "supersedes"))),
    "figures.toll-does-not-jump": (("claims", "claim_id", _DAYS), ("claims", "earlier", _DAYS)),
    "figures.day-of-toll-does-not-fall": (("claims", "claim_id", _DAYS), ("claims", "earlier", (*_DAYS, "supersedes"))),
    "claims.place-in-conflict": (("locations", "location_id", ("country",)),),
    "claim_events.place-fits": (("claims", "claim_id", ("conflict_id",)),),
    "claim_links.conflicts-meet": (("claims", "claim_id", ("conflict_id",)), ("claims", "other_id", ("conflict_id",))),
    "claim_perpetrators.actor-in-conflict": (("claims", "claim_id", ("conflict_id",)),),
    "event_actors.actor-in-conflict": (("events", "event_id", ("conflict_id",)),),
    "figures.actor-in-conflict": (("claims", "claim_id", ("conflict_id",)),),
    "figures.child-within-place": (("claims", "claim_id", ("location_id",)),),
    "events.place-in-conflict": (("locations", "location_id", ("country",)),),
    "claims.relay-is-another": (("sources", "source_id", ("publisher_id",)),),
}


# Rules that fail because nothing names a record, with the column of its key. Suppressed if a mistyped name meant it.
REVERSE_REFERENCES = {
    "events.has-source": "event_id",
    "sources.used": "source_id",
    "figures.toll-does-not-fall": "earlier",
}


def is_reference_rule(rule: str) -> bool:
    """Return whether the rule checks that the record named by a column exists."""
    return rule.endswith("-resolves")


def _assign_priorities() -> dict[str, int]:
    stages: Sequence[Iterable[str]] = (
        *((rule,) for rule in INVALIDATES),
        NUMBERED_RULES,
        SINGLE_NUMBER_RULES,
        *((rule,) for rule in SUM_RULES),
        DOUBLE_NUMBER_RULES,
        PHRASE_RULES,
    )
    return {rule: number for number, stage in enumerate(stages, 2) for rule in stage}


_PRIORITIES = _assign_priorities()


_LAST_PRIORITY = max(_PRIORITIES.values()) + 1


def get_priority(rule: str) -> int:
    """Return the priority of a rule. Smaller numbers come first."""
    if rule in TREE_RULES or rule == PAGE_RULE:
        return 0
    return 1 if is_reference_rule(rule) or rule.endswith(".key-unique") else _PRIORITIES.get(rule, _LAST_PRIORITY)


def sort_by_priority(results: Iterable[tuple[Context, RuleResult]]) -> list[tuple[Context, RuleResult]]:
    """Sort the results, each with its context, by the priority of their rules."""
    return sorted(results, key=lambda pair: get_priority(pair[1].rule.id))


TREE = frozenset(TREE_RULES)


# The rule of a page under another name than its own. Records that name it by its own do not find it.
PAGE_RULE = "sources.id-is-page"


CLAIM_OF_FIGURE = re.compile(CLAIM_ID)


# Faults of a file that leave its text readable, so that its records are reliable.
_HARMLESS = {
    "file.byte-order-mark",
    "file.line-ending",
    "file.tab",
    "file.control-character",
    "file.bidi",
    "file.normal-form",
    "csv.order",
    "seed.order",
    "seed.file-name",
}


def normalize_key(key: str) -> str:
    """Return a key without the slips that cell rules report, to recognise the target of a reference."""
    return "".join(key.split()).casefold()


class Suppressor:
    """Records and files with findings of an earlier stage."""

    def __init__(self, draft: RecordDraft | None, findings: list[Finding]) -> None:
        self.claims: set[str] = set()
        self.sources: set[str] = set()
        self.incomplete_tables: set[str] = set()  # pages, tables and `events` that may lack records
        self.trees: set[str] = set()
        self.cells: dict[tuple[str, str], set[str]] = defaultdict(set)
        self.doubtful_cells: dict[tuple[str, str], set[str]] = defaultdict(set)  # those of warnings, and of errors
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.all_keys: set[str] = set()  # those of all tables
        self.intended_keys: set[str] = set()  # keys that mistyped names meant
        self.bad_numbers: set[str] = set()  # figures whose number is reported
        self.misnumbered: dict[str, list[int]] = defaultdict(list)  # by claim: numbers of figures under a wrong parent
        if draft is not None:
            self._read_findings(draft, findings)

    def _read_findings(self, draft: RecordDraft, findings: list[Finding]) -> None:
        starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for claim, file, line in draft.keys("claims"):
            starts[file].append((line, claim))
        for claims in starts.values():
            claims.sort()
        page = {file: source for source, file, _ in draft.keys("sources")}
        sources = set(page.values())
        for finding in findings:
            place = finding.place
            if place is None or finding.severity != "error":
                continue
            path = PurePosixPath(place.file)
            name = page.get(place.file, path.stem)
            if finding.rule == "file.not-read":
                if name not in sources and path.suffix.lower() in (".yaml", ".yml"):
                    self.incomplete_tables.add("events" if "events" in path.parts[-3:-1] else name)
                continue
            # If a file with a harmless fault gave no record, it has other faults.
            if finding.rule in _HARMLESS and (place.file in page or path.parent.parent.name != "sources"):
                continue
            self.incomplete_tables.add("events" if path.parent.name == "events" else name)
            claims = starts.get(place.file, [])
            index = bisect_right(claims, place.line, key=itemgetter(0))
            if index:
                self.claims.add(claims[index - 1][1])
            else:
                self.sources.add(name)

    def is_unreliable(self, record: str) -> bool:
        """Return whether a part of the record's claim or page is unreadable."""
        claim = record[: hit.end()] if (hit := CLAIM_OF_FIGURE.match(record)) else ""
        return claim in self.claims or claim in self.trees or self._is_in_broken_file(claim or record)

    def add_cell(self, table: str, record: str, column: str, value: str, row: Mapping[str, Any]) -> None:
        """Note an unreadable cell."""
        self._note_cells("error", table, record, (column,))
        if row.get("claim_id"):
            self.claims.add(str(row["claim_id"]))
        self.keys[table].add(normalize_key(value))
        self.all_keys.add(normalize_key(value))

    def add_malformed_line(self, table: str, cells: Sequence[str]) -> None:
        """Note a line that is not a record. References to it, and records of its claim or page, are unreliable.

        Args:
            table: The table.
            cells: The line, split at its commas.
        """
        record = cells[0]
        self.keys[table].add(normalize_key(record))
        self.all_keys.add(normalize_key(record))
        self.intended_keys.update(cell for cell in cells if cell)
        if hit := CLAIM_OF_FIGURE.match(record):
            self.claims.add(hit[0])
        if table == "sources":
            self.sources.add(record)

    def filter_unsuppressed(self, rule: Rule, failed: Iterable[Row], frames: RuleContext) -> list[Row]:
        """Return the failures to report, explained, without those caused by an earlier finding.

        Also notes what the reported failures make unreliable. Call it once per rule, in the order of `sort_by_priority`.

        Args:
            rule: The rule.
            failed: The rows that failed it.
            frames: The frames it was evaluated on.
        """
        rows = list(failed)
        if rule.id in TREE_RULES:
            for row in rows:
                self._note_tree(row)
        remaining = [row for row in rows if not self.is_suppressed(rule, format_record_key(rule, row), row)]
        reported = []
        for row in rule.explain(remaining, frames) if rule.explain and remaining else remaining:
            if not self._is_consequence(rule, row):
                self._note_failure(rule, row)
                reported.append(row)
        return reported

    def _note_tree(self, row: Row) -> None:
        """Note a figure under a wrong parent: the trees of its claim and of its parent's claim are unreliable."""
        figure = str(row.get("figure_id") or "")
        by_id = figure[: hit.end()] if (hit := CLAIM_OF_FIGURE.match(figure)) else ""
        self.trees |= {str(c) for c in (row.get("claim_id"), row.get("parent_claim_id"), by_id) if c}

    def _note_failure(self, rule: Rule, row: Row) -> None:
        """Note what a reported failure makes unreliable."""
        record = format_record_key(rule, row)
        if is_reference_rule(rule.id):
            self._note_cells(rule.severity, rule.table, record, rule.fields[:1])
            self.intended_keys.add(str(row.get("meant") or ""))
        self._note_cells(rule.severity, rule.table, record, INVALIDATES.get(rule.id, ()))
        if rule.id in INVALIDATES_OTHER:
            table, column, columns = INVALIDATES_OTHER[rule.id]
            self._note_cells(rule.severity, table, str(row.get(column)), columns)
        if rule.id == PAGE_RULE:
            self.incomplete_tables.add(str(row.get("expected")))
        if rule.id in NUMBERED_RULES and row.get("number") is not None:
            self.misnumbered[str(row["claim_id"])].append(int(row["number"]))
        if rule.id in NUMBER_RULES:
            self.bad_numbers.add(str(row.get("culprit") or record) if not row.get("spot") else record)

    def _note_cells(self, severity: str, table: str, record: str, columns: Iterable[str]) -> None:
        """Note unreliable cells. A warning makes them unreliable for other warnings only: it never hides an error."""
        if severity == "error":
            self.cells[table, record].update(columns)
        self.doubtful_cells[table, record].update(columns)

    def _find_unreliable(self, rule: Rule, table: str, record: str) -> set[str]:
        """Return the columns of a record on which the rule cannot rely."""
        cells = self.cells if rule.severity == "error" else self.doubtful_cells
        return cells.get((table, record), set())

    def is_suppressed(self, rule: Rule, record: str, row: Mapping[str, Any]) -> bool:
        """Return whether a failure of the rule may follow from an earlier finding."""
        if self._find_unreliable(rule, rule.table, record) & set(rule.fields):
            return True
        claim = str(row.get("claim_id") or "")
        source = str(row.get("source_id") or "") or claim.rpartition(".")[0]
        if claim in self.claims or source in self.sources:
            return True
        if rule.table == "figures" and rule.id not in TREE_RULES and claim in self.trees:
            return True
        return self._is_dangling(rule, row) or self._is_dependent(rule, row) or self._has_bad_number(rule, record, row)

    def _is_dangling(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """Return whether the row refers to a record with an unreadable key, or in an unreadable file."""
        targets = list_references(rule.table)
        for column in rule.fields:
            # The target of an alias or a crosswalk may be in several tables, so look in all.
            target, value = targets.get(column, ""), str(row.get(column) or "")
            if not value or (not target and not is_reference_rule(rule.id)):
                continue
            known = self.keys[target] if target else self.all_keys
            if normalize_key(value) in known or target in self.incomplete_tables or self._is_in_broken_file(value):
                return True
        return False

    def _is_in_broken_file(self, value: str) -> bool:
        return value in self.incomplete_tables or value.rpartition(".")[0] in self.incomplete_tables

    def _is_dependent(self, rule: Rule, row: Mapping[str, Any]) -> bool:
        """Return whether the rule read a cell already reported, or misses the record that a mistyped name meant."""
        for table, column, read in DEPENDS_ON.get(rule.id, ()):
            if self._find_unreliable(rule, table, str(row.get(column))) & set(read):
                return True
        return str(row.get(REVERSE_REFERENCES.get(rule.id, ""))) in self.intended_keys

    def _has_bad_number(self, rule: Rule, record: str, row: Mapping[str, Any]) -> bool:
        """Return whether its number, or the earlier one it is compared with, is already reported."""
        if rule.id not in NUMBER_RULES:
            return False
        earlier = f"{row.get('earlier')}.{record.rpartition('.')[2]}"
        return record in self.bad_numbers or earlier in self.bad_numbers

    def _is_consequence(self, rule: Rule, row: Row) -> bool:
        """Return whether a reported number, or a figure under a wrong parent, causes the explained failure."""
        if row.get("follows"):
            return True
        if rule.id not in NUMBER_RULES:
            return False
        taking_part = {str(row.get("culprit") or ""), *str(row.get("at") or "").split("|")} - {""}
        if taking_part & self.bad_numbers:
            return True
        return row.get("missing") is not None and row["missing"] in self.misnumbered.get(str(row.get("claim_id")), ())
