"""The command `conflictdata cite`."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import Annotated

import typer

from conflictdata.cli._shared import read_utf8
from conflictdata.findings import UsageError


class Style(str, Enum):
    """Styles of a citation."""

    bibtex = "bibtex"
    apa = "apa"
    cff = "cff"


def cite(
    style: Annotated[Style, typer.Option(help="How to write it.")] = Style.apa,
    version: Annotated[str, typer.Option(help="Version to cite. Default: the installed one.")] = "",
    claims: Annotated[
        str, typer.Option(help="Ids of claims that were used, separated by commas: their pages are cited too.")
    ] = "",
    conflict: Annotated[str, typer.Option(help="Cite the pages of all claims of a conflict.")] = "",
    file: Annotated[Path | None, typer.Option(help="A file with claim ids, one per line.")] = None,
    collection: Annotated[
        str, typer.Option(metavar="NAME", help="Cite a collection, such as gaza_daily, and claims of it.")
    ] = "",
) -> None:
    """Print a citation of the data, and of the pages behind the claims that you used.

    Example: [bold]conflictdata cite --style bibtex --claims telesur_english-2024-12-05.1[/bold]
    """
    from conflictdata import citation

    subset = _select_claims(claims, conflict, file, version or None, collection or None)
    typer.echo(citation.cite(style.value, version=version or None, subset=subset, collection=collection or None))


def _select_claims(
    claims: str, conflict: str, file: Path | None, version: str | None, collection: str | None
) -> list[str] | None:
    """Return the ids of all claims that the options select; None without options."""
    chosen = [c.strip() for c in claims.split(",") if c.strip()]
    if file is not None:
        chosen += read_utf8(file).split()
    if conflict:
        chosen += _list_claims_of_conflict(conflict, version, collection)
    return chosen or ([] if file is not None else None)


def _list_claims_of_conflict(conflict: str, version: str | None, collection: str | None) -> list[str]:
    from conflictdata import loading

    columns = ["claim_id", "conflict_id"]
    rows = loading.load("claims", engine="arrow", columns=columns, version=version, collection=collection).to_pylist()
    claim_ids = [row["claim_id"] for row in rows if row["conflict_id"] == conflict]
    if not claim_ids:
        known = ", ".join(sorted({row["conflict_id"] for row in rows}))
        raise UsageError(f"there is no claim of a conflict {conflict!r}; there are {known}")
    return claim_ids
