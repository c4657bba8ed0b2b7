"""Merge the tables of an existing package with a draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from conflictdata.datasets.converter import Dataset, DraftTables, SourceFile
from conflictdata.datasets.profile import Profile
from conflictdata.importer import match as revising
from conflictdata.importer.draft import REGISTERS, complete_table, make_table, select_used
from conflictdata.importer.match import FileCoverage, MatchedClaims
from conflictdata.importer.tolls import add_tolls
from conflictdata.schema.columns import list_key_columns, list_tables, make_empty_frame

Tables = dict[str, pl.DataFrame]


def merge_tables(
    draft: DraftTables, old: Tables, coverage: FileCoverage, match: MatchedClaims, dataset: Dataset, profile: Profile
) -> Tables:
    """Return all tables, with old and new rows.

    Args:
        draft: The combined draft of the files.
        old: Tables of the existing package. Empty tables if there is none.
        coverage: What the files tell about older records.
        match: The draft's claims, matched with the old ones.
        dataset: Conversion of the dataset.
        profile: Profile of the dataset, for licence and citation.
    """
    new = match.draft.filter(pl.col("state") != "same")
    pages = _assign_source_ids(coverage.pages, sorted(new["page"].unique()), old["sources"], dataset)
    added = _apply_corrections(_build_claims(new, pages, coverage.pages), match)
    kept = revising.mark_retracted(old["claims"], match, added, coverage.pages)
    combined = {
        **{table: old[table] for table in list_tables()},
        **_merge_events(draft, old, coverage),
        "sources": pl.concat([old["sources"], _build_sources(pages, coverage.pages, dataset, profile)]),
        "claims": pl.concat([kept, complete_table("claims", added)]),
        "figures": pl.concat([old["figures"], _build_figures(draft["figures"], added)]),
        "claim_events": pl.concat([old["claim_events"], _build_claim_events(added)]),
        "claim_perpetrators": pl.concat([old["claim_perpetrators"], _build_perpetrators(draft, added)]),
    }
    combined["crosswalk"] = _extend_crosswalk(old["crosswalk"], draft, added)
    combined |= _merge_registers(draft, old, combined, dataset)
    return combined | add_tolls(combined)  # named by the registers


def _assign_source_ids(
    pages: Sequence[SourceFile], numbers: Sequence[int], old: pl.DataFrame, dataset: Dataset
) -> dict[int, str]:
    """Return an id per page with added claims: publisher and day.

    A second page of the same day gets -2.
    """
    taken = set(old["source_id"])
    ids: dict[int, str] = {}
    for number in numbers:
        whole = f"{dataset.publisher['actor_id']}-{pages[number].published_on}"
        names = [whole, *(f"{whole}-{n}" for n in range(2, len(taken) + 3))]
        ids[number] = next(name for name in names if name not in taken)
        taken.add(ids[number])
    return ids


def _build_sources(
    ids: Mapping[int, str], pages: Sequence[SourceFile], dataset: Dataset, profile: Profile
) -> pl.DataFrame:
    return make_table("sources", (
        {
            "source_id": id_, "publisher_id": dataset.publisher["actor_id"], "kind": "report", "language": "en",
            # All releases of a dataset have the same address. The query identifies the release.
            "url": f"{profile.url}?sha256={pages[number].sha256[:16]}",
            "published_on": pages[number].published_on,
            "published_basis": "page" if pages[number].is_release_date else "inferred", "access": "full_text",
            "sha256": pages[number].sha256, "licence": profile.licence[:280],
            "note": f"Read from {pages[number].file[:200]}. {profile.citation}",
        }
        for number, id_ in ids.items()
    ))  # fmt: skip


def _build_claims(new: pl.DataFrame, ids: Mapping[int, str], pages: Sequence[SourceFile]) -> pl.DataFrame:
    """Return the added claims, with their ids."""
    source = pl.col("page").replace_strict(ids, default=None, return_dtype=pl.String) if ids else pl.lit("")
    revised = pl.col("state") == "revised"
    named = new.with_columns(source_id=source, status=pl.lit("active"))
    return named.with_columns(
        claim_id=pl.concat_str([pl.col("source_id"), pl.col("number").cast(pl.String)], separator="."),
        supersedes=pl.when(revised).then("old_id"),
        revision_reason=pl.when(revised).then(revising.make_revision_reasons(new, pages)),
    )


def _apply_corrections(added: pl.DataFrame, match: MatchedClaims) -> pl.DataFrame:
    """Make added claims supersede those of other records, if the source corrects them.

    Claims that already supersede a claim do not change.
    """
    if "corrects" not in added.columns:
        return added
    added_keys = added.select("scheme", corrects="key", current="claim_id")
    same = match.draft.filter(pl.col("state") == "same").select("scheme", corrects="key", current="old_id")
    both = added.join(pl.concat([added_keys, same]), on=["scheme", "corrects"], how="left", maintain_order="left")
    free = pl.col("supersedes").is_null() & pl.col("current").is_not_null()
    return both.with_columns(
        supersedes=pl.when(free).then("current").otherwise("supersedes"),
        revision_reason=pl.when(free).then("why").otherwise("revision_reason"),
    )


def _join_claim_ids(frame: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Select the draft's rows that belong to added claims, and add the claim ids."""
    return frame.join(added.select("scheme", "key", "claim_id"), on=["scheme", "key"])


def _build_figures(draft: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Return figures with their ids. The parent is the path without its last name."""
    whole = pl.concat_str(["claim_id", "path"], separator=".")
    above = pl.when(pl.col("path").str.contains(".", literal=True)).then(whole.str.replace(r"\.[^.]*$", ""))
    return complete_table("figures", _join_claim_ids(draft, added).with_columns(figure_id=whole, parent_id=above))


def _build_claim_events(added: pl.DataFrame) -> pl.DataFrame:
    named = added.select("claim_id", "event_id") if "event_id" in added.columns else make_empty_frame("claim_events")
    return complete_table("claim_events", named.drop_nulls())


def _build_perpetrators(draft: DraftTables, added: pl.DataFrame) -> pl.DataFrame:
    return complete_table("claim_perpetrators", _join_claim_ids(draft["claim_perpetrators"], added))


def _extend_crosswalk(old: pl.DataFrame, draft: DraftTables, added: pl.DataFrame) -> pl.DataFrame:
    claims = added.select("scheme", entity_id="claim_id", external_id="key")
    events = draft["events"].select("scheme", entity_id="event_id", external_id="key") if "events" in draft else None
    parts = [
        complete_table("crosswalk", f.with_columns(match=pl.lit("exact"))) for f in (claims, events) if f is not None
    ]
    return pl.concat([old, *parts]).unique(list_key_columns("crosswalk"), keep="first", maintain_order=True)


def _merge_events(draft: DraftTables, old: Tables, coverage: FileCoverage) -> Tables:
    """Return the events as in the files.

    An event with new days is a new event, and the old one is merged into it.
    """
    if "events" not in draft:
        return {}
    now = draft["events"]
    elsewhere = old["events"].join(now.select("event_id"), on="event_id", how="anti")
    kept = _mark_replaced_events(elsewhere, old["crosswalk"], now, coverage)
    others = old["event_actors"].join(now.select("event_id"), on="event_id", how="anti")
    cast = complete_table("event_actors", draft["event_actors"])
    return {
        "events": pl.concat([kept, complete_table("events", now.with_columns(status=pl.lit("active")))]),
        "event_actors": pl.concat([others, cast]),
    }


def _mark_replaced_events(
    events: pl.DataFrame, crosswalk: pl.DataFrame, now: pl.DataFrame, coverage: FileCoverage
) -> pl.DataFrame:
    """Mark events whose ids are missing from the files.

    An event is merged if the files have its record under another id, else withdrawn.
    """
    schemes = [page.table for page in coverage.pages]
    named = crosswalk.filter(pl.col("scheme").is_in(schemes)).select("scheme", key="external_id", event_id="entity_id")
    current = now.select("scheme", "key", into="event_id")
    matched = named.join(current, on=["scheme", "key"], how="left")
    judged = events.join(matched, on="event_id", how="left", maintain_order="left")
    is_unknown = pl.col("key").is_in(coverage.rejected_keys.implode()).fill_null(value=True)
    gone = pl.col("into").is_null() & ~is_unknown & pl.lit(coverage.is_whole)
    return complete_table("events", judged.with_columns(
        status=pl.when(pl.col("into").is_not_null()).then(pl.lit("merged")).when(gone).then(pl.lit("withdrawn")).otherwise("status"),
        merged_into=pl.when(pl.col("into").is_not_null()).then("into").when(~gone).then("merged_into"),
    ))  # fmt: skip


def _merge_registers(draft: DraftTables, old: Tables, combined: Tables, dataset: Dataset) -> Tables:
    """Return actors, places and conflicts: existing rows first, then new ones.

    A conflict starts with its first event.
    """
    fixed = select_used(combined, dataset)
    whole = {}
    for register in REGISTERS:
        (id_column,) = list_key_columns(register)
        parts = [old[register], fixed[register]]
        parts += [complete_table(register, draft[register])] if register in draft else []
        rows = pl.concat(parts)
        whole[register] = rows.unique(id_column, keep="first", maintain_order=True)
        if register == "conflicts":
            first = rows.group_by(id_column).agg(first=pl.col("date_start").min())
            joined = whole[register].join(first, on=id_column).with_columns(date_start="first")
            whole[register] = complete_table(register, joined)
    return whole
