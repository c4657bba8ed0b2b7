"""The tables of a package, from what is there already and what the files add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import narwhals.stable.v1 as nw
import polars as pl

from conflictdata.datasets.converter import Dataset, Draft, Page
from conflictdata.datasets.profile import Profile
from conflictdata.importer import match as revising
from conflictdata.importer.draft import REGISTERS, complete, listed, used
from conflictdata.importer.match import Matched, Seen
from conflictdata.schema.columns import key, tables
from conflictdata.schema.derived import series_id

Tables = dict[str, pl.DataFrame]


def merged(draft: Draft, old: Tables, seen: Seen, match: Matched, dataset: Dataset, profile: Profile) -> Tables:
    """All tables, old and new.

    Args:
        draft: what the files say.
        old: the tables of the package that is there; empty ones where none is.
        seen: what the files tell of older records.
        match: how the draft's claims stand to the old ones.
        dataset: how the dataset becomes ours.
        profile: its licence and citation.
    """
    new = match.draft.filter(pl.col("state") != "same")
    pages = _source_ids(seen.pages, sorted(new["page"].unique()), old["sources"], dataset)
    added = _correcting(_claims(new, pages, seen.pages), match)
    kept = revising.superseded(old["claims"], match, added, seen.pages)
    found = {
        **{table: old[table] for table in tables()},
        **_events(draft, old, seen),
        "sources": pl.concat([old["sources"], _sources(pages, seen.pages, dataset, profile)]),
        "claims": _derived(pl.concat([kept, complete("claims", added)])),
        "figures": pl.concat([old["figures"], _figures(draft["figures"], added)]),
        "claim_perpetrators": pl.concat([old["claim_perpetrators"], _perpetrators(draft, added)]),
    }
    found["crosswalk"] = _crosswalk(old["crosswalk"], draft, added)
    return {**found, **_registers(draft, old, found, dataset)}


def _source_ids(pages: Sequence[Page], wanted: Sequence[int], old: pl.DataFrame, dataset: Dataset) -> dict[int, str]:
    """An id for each page on which a claim is added: publisher and day; -2 for a second page of one day."""
    taken = set(old["source_id"])
    found: dict[int, str] = {}
    for number in wanted:
        whole = f"{dataset.publisher['actor_id']}-{pages[number].published_on}"
        names = [whole, *(f"{whole}-{n}" for n in range(2, len(taken) + 3))]
        found[number] = next(name for name in names if name not in taken)
        taken.add(found[number])
    return found


def _sources(ids: Mapping[int, str], pages: Sequence[Page], dataset: Dataset, profile: Profile) -> pl.DataFrame:
    return listed("sources", (
        {
            "source_id": id_, "publisher_id": dataset.publisher["actor_id"], "kind": "report", "language": "en",
            # The address of a dataset holds one release after the other; the query tells which of them was read.
            "url": f"{profile.url}?sha256={pages[number].sha256[:16]}",
            "published_on": pages[number].published_on,
            "published_basis": "page" if pages[number].is_said else "inferred", "access": "full_text",
            "sha256": pages[number].sha256, "licence": profile.licence[:280],
            "note": f"Read from {pages[number].file[:200]}. {profile.citation}",
        }
        for number, id_ in ids.items()
    ))  # fmt: skip


def _claims(new: pl.DataFrame, ids: Mapping[int, str], pages: Sequence[Page]) -> pl.DataFrame:
    """The claims that are added, with their ids."""
    source = pl.col("page").replace_strict(ids, default=None, return_dtype=pl.String) if ids else pl.lit("")
    revised = pl.col("state") == "revised"
    named = new.with_columns(source_id=source, status=pl.lit("active"))
    return named.with_columns(
        claim_id=pl.concat_str([pl.col("source_id"), pl.col("number").cast(pl.String)], separator="."),
        supersedes=pl.when(revised).then("old_id"),
        revision_reason=pl.when(revised).then(revising.reasons(new, pages)),
    )


def _correcting(added: pl.DataFrame, match: Matched) -> pl.DataFrame:
    """The added claims; of those that are no revisions, some take the place of another record's claim, as the source says."""
    if "corrects" not in added.columns:
        return added
    own = added.select("scheme", corrects="key", current="claim_id")
    same = match.draft.filter(pl.col("state") == "same").select("scheme", corrects="key", current="old_id")
    both = added.join(pl.concat([own, same]), on=["scheme", "corrects"], how="left", maintain_order="left")
    free = pl.col("supersedes").is_null() & pl.col("current").is_not_null()
    return both.with_columns(
        supersedes=pl.when(free).then("current").otherwise("supersedes"),
        revision_reason=pl.when(free).then("why").otherwise("revision_reason"),
    )


def _derived(claims: pl.DataFrame) -> pl.DataFrame:
    found: pl.DataFrame = nw.from_native(claims).with_columns(series_id()).to_native()
    return found


def _of(frame: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """The rows of a draft that belong to claims that are added, with their ids."""
    return frame.join(added.select("scheme", "key", "claim_id"), on=["scheme", "key"])


def _figures(draft: pl.DataFrame, added: pl.DataFrame) -> pl.DataFrame:
    """Figures with their ids; the parent's is the path without its last name."""
    whole = pl.concat_str(["claim_id", "path"], separator=".")
    above = pl.when(pl.col("path").str.contains(".", literal=True)).then(whole.str.replace(r"\.[^.]*$", ""))
    return complete("figures", _of(draft, added).with_columns(figure_id=whole, parent_id=above))


def _perpetrators(draft: Draft, added: pl.DataFrame) -> pl.DataFrame:
    return complete("claim_perpetrators", _of(draft["claim_perpetrators"], added))


def _crosswalk(old: pl.DataFrame, draft: Draft, added: pl.DataFrame) -> pl.DataFrame:
    claims = added.select("scheme", entity_id="claim_id", external_id="key")
    events = draft["events"].select("scheme", entity_id="event_id", external_id="key") if "events" in draft else None
    found = [complete("crosswalk", f.with_columns(match=pl.lit("exact"))) for f in (claims, events) if f is not None]
    return pl.concat([old, *found]).unique(key("crosswalk"), keep="first", maintain_order=True)


def _events(draft: Draft, old: Tables, seen: Seen) -> Tables:
    """Events as the files have them now. One that has other days is another event, into which the old one is merged."""
    if "events" not in draft:
        return {}
    now = draft["events"]
    elsewhere = old["events"].join(now.select("event_id"), on="event_id", how="anti")
    kept = _marked(elsewhere, old["crosswalk"], now, seen)
    others = old["event_actors"].join(now.select("event_id"), on="event_id", how="anti")
    cast = complete("event_actors", draft["event_actors"])
    return {
        "events": pl.concat([kept, complete("events", now.with_columns(status=pl.lit("active")))]),
        "event_actors": pl.concat([others, cast]),
    }


def _marked(events: pl.DataFrame, crosswalk: pl.DataFrame, now: pl.DataFrame, seen: Seen) -> pl.DataFrame:
    """Events that the files do not hold under these ids: merged where they hold the record under another, else withdrawn."""
    schemes = [page.table for page in seen.pages]
    named = crosswalk.filter(pl.col("scheme").is_in(schemes)).select("scheme", key="external_id", event_id="entity_id")
    current = now.select("scheme", "key", into="event_id")
    said = named.join(current, on=["scheme", "key"], how="left")
    judged = events.join(said, on="event_id", how="left", maintain_order="left")
    left = pl.col("key").is_in(seen.left.implode()).fill_null(value=True)
    gone = pl.col("into").is_null() & ~left & pl.lit(seen.is_whole)
    return complete("events", judged.with_columns(
        status=pl.when(pl.col("into").is_not_null()).then(pl.lit("merged")).when(gone).then(pl.lit("withdrawn")).otherwise("status"),
        merged_into=pl.when(pl.col("into").is_not_null()).then("into").when(~gone).then("merged_into"),
    ))  # fmt: skip


def _registers(draft: Draft, old: Tables, found: Tables, dataset: Dataset) -> Tables:
    """Actors, places and conflicts: what is there stays, what is new comes after it; a conflict starts with its first event."""
    fixed = used(found, dataset)
    whole = {}
    for register in REGISTERS:
        (own,) = key(register)
        parts = [old[register], fixed[register]]
        parts += [complete(register, draft[register])] if register in draft else []
        rows = pl.concat(parts)
        whole[register] = rows.unique(own, keep="first", maintain_order=True)
        if register == "conflicts":
            first = rows.group_by(own).agg(first=pl.col("date_start").min())
            joined = whole[register].join(first, on=own).with_columns(date_start="first")
            whole[register] = complete(register, joined)
    return whole
