"""Match the claims of newer files with those of an older import.

A changed claim becomes a revision, a missing one is marked as retracted, the others do not change. Records are matched
by their key in the dataset, which the crosswalk keeps. The comparison ignores what every release changes: the page, the
as-of day and the remarks on sources.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from conflictdata.datasets.converter import DraftTables, SourceFile
from conflictdata.importer.draft import complete_table
from conflictdata.rules._helpers import GROUP
from conflictdata.schema.columns import make_polars_schema

_CLAIM_CONTENT = (
    "claimant_id", "conflict_id", "event_id", "location_id", "scope", "basis", "period_start", "period_end",
    "period_precision", "method", "perpetrator_certainty",
)  # fmt: skip
_FIGURE_CONTENT = ("path", "relation", "axis", "outcome", "unit", *GROUP, "qualifier", "low", "best", "high", "share")
_RECORD = ["scheme", "key"]


@dataclass(frozen=True)
class FileCoverage:
    """What the files of an import tell about older records.

    Attributes:
        pages: The files.
        rejected_keys: Keys of unreadable rows. The current state of these records is unknown.
        is_whole: Whether records that are missing from the files were removed.
    """

    pages: Sequence[SourceFile]
    rejected_keys: pl.Series
    is_whole: bool


@dataclass(frozen=True)
class MatchedClaims:
    """The claims of a draft, matched with those of older imports.

    Attributes:
        draft: The claims, with `old_id`, the latest claim on the same record, and `state`: new, same, revised or moved.
            A moved claim is not a revision of the old one, because its event, claimant or window differs.
        gone: Ids of the active claims whose record was removed.
        removed: The removed records, as `scheme` and `key`.
        active: Per scheme, the number of records with an active claim in the existing package.
    """

    draft: pl.DataFrame
    gone: pl.Series
    removed: pl.DataFrame
    active: dict[str, int]

    def count(self, *states: str) -> int:
        """Count the claims of the draft that have one of these states."""
        return self.draft.filter(pl.col("state").is_in(states)).height


def _join_columns(columns: Sequence[str]) -> pl.Expr:
    return pl.concat_str([pl.col(c).cast(pl.String).fill_null("") for c in columns], separator="|")


def _build_contents(
    claims: pl.DataFrame, figures: pl.DataFrame, perpetrators: pl.DataFrame, by: list[str]
) -> pl.DataFrame:
    """Join the contents of each claim to one text: columns `by` and `content`."""
    content = _add_missing_columns(claims, "claims", _CLAIM_CONTENT).select(*by, said=_join_columns(_CLAIM_CONTENT))
    counted = _add_missing_columns(figures, "figures", _FIGURE_CONTENT).select(
        *by, "path", figure=_join_columns(_FIGURE_CONTENT)
    )
    trees = counted.sort("path").group_by(by, maintain_order=True).agg(tree=pl.col("figure").str.join("\n"))
    named = (
        perpetrators.sort("actor_id").group_by(by, maintain_order=True).agg(by_whom=pl.col("actor_id").str.join(" "))
    )
    both = content.join(trees, on=by, how="left").join(named, on=by, how="left")
    return both.select(*by, content=_join_columns(("said", "tree", "by_whom")))


def _add_missing_columns(frame: pl.DataFrame, table: str, names: Sequence[str]) -> pl.DataFrame:
    """Add missing columns of a table, empty."""
    types = make_polars_schema(table)
    lacking = [c for c in names if c not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=types.get(c, pl.String)).alias(c) for c in lacking)


def _join_events(old: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Add the event of each claim. A claim of an import has at most one."""
    return old["claims"].join(old["claim_events"], on="claim_id", how="left")


def _find_latest(old: Mapping[str, pl.DataFrame], schemes: Sequence[str]) -> pl.DataFrame:
    """Return the latest claim on each record of these schemes.

    The columns are `scheme`, `key`, `old_id`, and the claim's columns as `old_<column>`.
    """
    crosswalk = old["crosswalk"].filter(pl.col("scheme").is_in(schemes))
    named = crosswalk.select("scheme", claim_id="entity_id", key="external_id").join(_join_events(old), on="claim_id")
    # A claim corrected by a claim on another record is still the latest one on its own record.
    corrected = named.select(*_RECORD, claim_id="supersedes").drop_nulls()
    last = named.join(corrected, on=[*_RECORD, "claim_id"], how="anti")
    # An active claim is preferred to a retracted one.
    last = last.sort(pl.col("status") == "active", "as_of", "claim_id").unique(
        _RECORD, keep="last", maintain_order=True
    )
    return last.select(
        *_RECORD, old_id="claim_id", old_status="status", old_event="event_id", old_claimant="claimant_id",
        old_start="period_start", old_end="period_end", old_scope="scope",
        is_free=~pl.col("claim_id").is_in(old["claims"]["supersedes"].drop_nulls().implode()),
    )  # fmt: skip


def _build_old_contents(old: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    path = pl.col("figure_id").str.slice(pl.col("claim_id").str.len_chars() + 1)
    figures = old["figures"].with_columns(path=path)
    return _build_contents(_join_events(old), figures, old["claim_perpetrators"], ["claim_id"])


def _is_revision() -> pl.Expr:
    """Return whether a claim may supersede its old one.

    No other claim supersedes the old one, and event, claimant and window are the same.
    """
    same = pl.all_horizontal(
        "is_free", pl.col("event_id").eq_missing(pl.col("old_event")), pl.col("claimant_id") == pl.col("old_claimant"),
        pl.col("scope") == pl.col("old_scope"),
    )  # fmt: skip
    touch = (pl.col("period_start") <= pl.col("old_end")) & (pl.col("old_start") <= pl.col("period_end"))
    running = pl.col("period_start") == pl.col("old_start")
    window = pl.when(pl.col("scope") == "cumulative").then(running).otherwise(touch)
    return same & (window.fill_null(value=False) | (pl.col("scope") == "event"))


def match_claims(draft: DraftTables, old: Mapping[str, pl.DataFrame], coverage: FileCoverage) -> MatchedClaims:
    """Match the claims of a draft with those of older imports.

    Args:
        draft: The combined draft of the files.
        old: Tables of the existing package. Empty tables if there is none.
        coverage: What the files tell about older records.
    """
    schemes = sorted({page.table for page in coverage.pages})
    claims = _add_missing_columns(draft["claims"], "claims", _CLAIM_CONTENT)
    new = _build_contents(claims, draft["figures"], draft["claim_perpetrators"], _RECORD)
    last = _find_latest(old, schemes).join(
        _build_old_contents(old).rename({"claim_id": "old_id", "content": "old_content"}), on="old_id", how="left"
    )
    both = claims.join(new, on=_RECORD, how="left").join(last, on=_RECORD, how="left", maintain_order="left")
    unchanged = (pl.col("old_status") == "active") & (pl.col("content") == pl.col("old_content"))
    state = (
        pl.when(pl.col("old_id").is_null()).then(pl.lit("new")).when(unchanged).then(pl.lit("same"))
        .when(_is_revision()).then(pl.lit("revised")).otherwise(pl.lit("moved"))
    )  # fmt: skip
    active = last.filter(pl.col("old_status") == "active")
    gone = _find_removed(active, claims, coverage)
    counted = dict(active.group_by("scheme").len().iter_rows())
    return MatchedClaims(both.with_columns(state=state), gone["old_id"], gone.select(_RECORD), counted)


def _find_removed(active: pl.DataFrame, claims: pl.DataFrame, coverage: FileCoverage) -> pl.DataFrame:
    """Return the records with an active claim that are missing from the files."""
    if not coverage.is_whole:
        return active.clear()
    absent = active.join(claims, on=_RECORD, how="anti")
    row = pl.col("key").str.replace(":.*$", "")
    return absent.filter(~row.is_in(coverage.rejected_keys.implode()))


def make_revision_reasons(changed: pl.DataFrame, pages: Sequence[SourceFile]) -> pl.Expr:
    """Return the reason why each claim supersedes its old one.

    Args:
        changed: The claims. The column `page` is the number of their file.
        pages: The files.
    """
    words = {n: f"Revised by the source in {_format_page(page)}." for n, page in enumerate(pages)}
    return (
        pl.col("page").replace_strict(words, default=None, return_dtype=pl.String) if changed.height else pl.lit(None)
    )


def _format_page(page: SourceFile) -> str:
    return f"{page.file[:120]}, as of {page.published_on}"


def mark_retracted(
    old: pl.DataFrame, match: MatchedClaims, added: pl.DataFrame, pages: Sequence[SourceFile]
) -> pl.DataFrame:
    """Return the old claims, with those of removed or moved records retracted.

    Args:
        old: Claims of the existing package.
        match: The matched claims of the draft.
        added: The added claims, with `claim_id`, `old_id` and `state`.
        pages: The files.
    """
    moved = added.filter(pl.col("state") == "moved").select(
        claim_id="old_id", why=pl.lit("The source says it otherwise now: see ") + pl.col("claim_id") + "."
    )  # fmt: skip
    names = ", ".join(dict.fromkeys(_format_page(page) for page in pages))[:200]
    removed = pl.DataFrame(
        {"claim_id": match.gone, "why": [f"No longer in {names}."] * len(match.gone)},
        schema={"claim_id": pl.String, "why": pl.String},
    )
    marked = old.join(pl.concat([moved, removed]), on="claim_id", how="left", maintain_order="left")
    struck = pl.col("why").is_not_null() & (pl.col("status") == "active")
    return complete_table("claims", marked.with_columns(
        status=pl.when(struck).then(pl.lit("retracted")).otherwise("status"),
        revision_reason=pl.when(struck).then("why").otherwise("revision_reason"),
    ))  # fmt: skip
