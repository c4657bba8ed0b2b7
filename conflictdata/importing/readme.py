"""What the README of an import says: what it was made from, what each column became, what is left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from conflictdata.feeds.profile import Profile
from conflictdata.importing.dataset import Dataset, Table

SUMMARY = (
    "{title}, converted by conflictdata: who says that how many people were killed, injured or lost, over which window and "
    "where. What the makers report is a claim; what they or others worked out from it is not carried. Nothing is repaired or "
    "filled in: what contradicts itself stands as it was published."
)

_TEMPLATE = """## What it was made from

{title}. {licence}. {note}

| file | table | rows | rows left out | as of | SHA-256 |
|---|---|---:|---:|---|---|
{files}

## What became of the columns

{tables}
## Revisions

A newer file over this folder adds to it: where a number has changed, a claim that `supersedes` the old one, with its reason;
where a record is gone, the old claim stays as `retracted`. Claims that a later one supersedes have `superseded_by` in
`casualties`; leave these, and the retracted ones, out of sums.

"""


def sections(profile: Profile, dataset: Dataset, imports: Sequence[dict[str, Any]]) -> str:
    """The sections before the licence, as Markdown."""
    names = list(dict.fromkeys(done["table"] for done in imports))
    files = "\n".join(
        f"| {_cell(d['file'])} | `{d['table']}` | {d['rows']:,} | {d['left_out']:,} | {d['published_on']} | `{d['sha256'][:16]}…` |"
        for d in imports
    )
    tables = "\n".join(_columns(name, dataset.tables[name]) for name in names if name in dataset.tables)
    return _TEMPLATE.format(title=profile.title, licence=profile.licence, note=profile.note, files=files, tables=tables)


def _columns(name: str, table: Table) -> str:
    rows = "\n".join(f"| {_cell(columns)} | {what} |" for columns, what in table.becomes)
    left = "\n".join(f"- {columns}: {why}." for columns, why in table.left_out)
    return f"`{name}`:\n\n| columns | become |\n|---|---|\n{rows}\n\nNot carried:\n\n{left}\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", r"\|")
