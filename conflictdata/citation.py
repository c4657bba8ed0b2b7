"""Cite a version of the data, and the pages of single claims."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal

from conflictdata import loading
from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.datapackage.metadata.references import STYLES, CitedPage, CitedVersion
from conflictdata.findings import UsageError

Style = Literal["bibtex", "apa", "cff"]


def cite(style: Style = "apa", *, version: str | None = None, subset: Any = None, collection: str | None = None) -> str:
    """Cite the data.

    Args:
        style: `apa`, `bibtex` or `cff` (a CITATION.cff).
        version: Version to cite. Default: the installed one.
        subset: Claims that were used: their ids, or a DataFrame with a column `claim_id`, or `claims` as in the
            answers of `timeline` and the like. Their pages are cited too, one entry per page, with the claimants.
        collection: A name from `collections()`: cite its makers instead, and claims of it.

    Returns:
        The citation as text. The dataset is the first entry.

    Raises:
        UsageError: If the style, the version, the collection or a claim does not exist. The message suggests the nearest name.

    Examples:
        >>> import conflictdata as cd
        >>> print(cd.cite("apa"))  # doctest: +SKIP
    """
    write = STYLES.get(loading.require_known("style", style, STYLES))
    package = loading.read_package(version, collection)
    what = CitedVersion(
        package["title"],
        package["version"],
        dt.date.fromisoformat(package["created"][:10]),
        package["licenses"][0]["name"],
        **({} if collection is None else {"author": package["contributors"][0]["title"], "collection": collection}),
    )
    pages = [] if subset is None else _collect_pages(_select_claim_ids(subset), version, collection)
    return write(what, pages).rstrip("\n")  # type: ignore[misc]


def _select_claim_ids(subset: Any) -> list[str]:
    if isinstance(subset, str):
        subset = [subset]
    columns = getattr(subset, "columns", None)
    if columns is not None:
        names = list(getattr(subset, "column_names", columns))  # the `columns` of an Arrow table are its data
        if "claims" in names:
            cells = subset["claims"]
            texts = cells.to_pylist() if hasattr(cells, "to_pylist") else list(cells)
            return list(dict.fromkeys(claim for text in texts if isinstance(text, str) for claim in text.split("|")))
        if "claim_id" not in names:
            raise UsageError(f"the subset has no column claim_id; it has {', '.join(map(str, names))}")
        subset = subset["claim_id"]
    ids = subset.to_pylist() if hasattr(subset, "to_pylist") else list(subset)
    return list(dict.fromkeys(str(claim) for claim in ids))


def _collect_pages(claim_ids: Iterable[str], version: str | None, collection: str | None) -> list[CitedPage]:
    def read(table: str, columns: list[str]) -> list[dict[str, Any]]:
        rows = loading.load(table, engine="arrow", columns=columns, version=version, collection=collection)
        return rows.to_pylist()  # type: ignore[no-any-return]

    claims = {c["claim_id"]: c for c in read("claims", ["claim_id", "source_id", "claimant_id"])}
    names = {a["actor_id"]: a["name"] for a in read("actors", ["actor_id", "name"])}
    by_source: dict[str, list[dict[str, Any]]] = {}
    for claim in claim_ids:
        if claim not in claims:
            raise UsageError(_describe_unknown_claims(claim, claims, collection))
        by_source.setdefault(claims[claim]["source_id"], []).append(claims[claim])
    columns = ["source_id", "publisher_id", "kind", "published_on", "url", "accessed_on"]
    sources = {s["source_id"]: s for s in read("sources", columns)}
    return [_describe_page(sources[source], cited, names) for source, cited in sorted(by_source.items())]


def _describe_page(source: dict[str, Any], claims: list[dict[str, Any]], names: dict[str, str]) -> CitedPage:
    claimants = dict.fromkeys(names[claim["claimant_id"]] for claim in claims)
    return CitedPage(
        source["source_id"],
        names[source["publisher_id"]],
        source["kind"],
        source["published_on"],
        source["url"],
        source["accessed_on"],
        tuple(claimants),
        tuple(claim["claim_id"] for claim in claims),
    )


def _describe_unknown_claims(claim: str, claims: Iterable[str], collection: str | None) -> str:
    hint = ask_whether(*find_close(claim, claims, least=0.8)) or "A claim id is <source_id>.<number>."
    where = "this version" if collection is None else f"the collection {collection}, whose ids are keys within it"
    return f"there is no claim {claim!r} in {where}. {hint}"
