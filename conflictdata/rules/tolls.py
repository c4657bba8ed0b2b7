"""Rules of tolls: what their ids say, where they count, and which totals are their points."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy
from conflictdata.rules._series import TOLL_REGISTERS
from conflictdata.rules.base import VERDICT, Example, Frames, Row, rule
from conflictdata.schema.derived import SINGLED_OUT, derive_populations
from conflictdata.schema.quantities import is_filled

NOBODY = ("unspecified", "local_sources")  # no one claimant, so their numbers are not one count

_WHY_FITS = (
    "Whoever follows a toll takes its points for one count: the same claimant, from the same day on, of the same people. A point "
    "of another count makes it rise or fall for no reason."
)


def _select_fits(frames: Frames) -> Lazy:
    """Return the totals of running claims with what they fit.

    Returns:
        `figure_id`, `claim_id`, `claimant_id`, `counted`, `toll_id`, `fits` (the number of tolls), `soles` (those with no other place)
        and `first`. Totals whose claimant or place is unknown, or that nobody in particular gives, are left out.
    """
    fits = frames["toll_fits"].filter(is_filled("toll_id"))
    counted = fits.group_by("figure_id").agg(fits=nw.len(), first=nw.col("toll_id").min(), last=nw.col("toll_id").max())
    soles = fits.filter(nw.col("place_count") == 1).group_by("figure_id").agg(soles=nw.len())
    known = frames["actors"].select(claimant_id="actor_id").unique().filter(~nw.col("claimant_id").is_in(list(NOBODY)))
    claims = frames["claims"].select("claim_id", "source_id", "claimant_id", "location_id", "period_start")
    claims = claims.join(known, on="claimant_id", how="inner")
    claims = claims.join(frames["locations"].select("location_id").unique(), on="location_id", how="inner")
    totals = frames["toll_fits"].select("figure_id", "counted").unique().join(counted, on="figure_id", how="left")
    totals = totals.join(soles, on="figure_id", how="left")
    figures = frames["figures"].select("figure_id", "claim_id", "toll_id")
    return totals.join(figures, on="figure_id", how="inner").join(claims, on="claim_id", how="inner")


def _explain_several(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `named`, all tolls that a total fits."""
    fits = frames["toll_fits"].filter(nw.col("figure_id").is_in([row["figure_id"] for row in rows]))
    pairs = fits.select("figure_id", "toll_id").collect().to_arrow().to_pylist()
    named = {
        row["figure_id"]: sorted(p["toll_id"] for p in pairs if p["figure_id"] == row["figure_id"]) for row in rows
    }
    return [
        row
        | {"named": " and ".join(named[row["figure_id"]]), "first": next(iter(named[row["figure_id"]]), row["first"])}
        for row in rows
    ]


def _explain_missing(rows: list[Row], frames: Frames) -> list[Row]:
    """Add `clue`, the tolls of the claimant that differ in their first day alone."""
    columns = ("toll_id", "claimant_id", "date_start", "population")
    tolls = frames["tolls"].select(*columns).join(
        frames["toll_places"].select("toll_id", "location_id").unique(), on="toll_id", how="inner"
    )  # fmt: skip
    known = tolls.collect().to_polars().sort("date_start").to_dicts()
    explained = []
    for row in rows:
        same = [
            toll for toll in known
            if toll["claimant_id"] == row["claimant_id"] and toll["location_id"] == row["location_id"]
            and toll["population"] == row["counted"]
        ]  # fmt: skip
        starts = " or ".join(dict.fromkeys(f"`since: {toll['date_start']}`" for toll in same))
        clue = (
            f"A toll of {row['claimant_id']} there has {starts}: write that if the page counts from there. "
            if same
            else ""
        )
        explained.append(row | {"clue": clue})
    return explained


@rule(
    "tolls.id-is-toll",
    "error",
    ("toll_id", "claimant_id", "conflict_id", "date_start", "population"),
    message="the id is {toll_id}, and claimant, conflict, first day and population make it {expected}",
    hint="Correct the one that is wrong. A toll beside a wider one of the claimant ends in its place: {expected}.{location_id}.",
    why="The id is read as what it is made of. One that says otherwise gives the count of one claimant, or one start, as another's.",
    example=Example(
        "The id of a toll is what it is made of",
        bad={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
                observatory.war.2024-05-02,observatory,war,2024-05-02,civilians,syria,Everybody killed in Syria
                """,
            "reference/toll_places.csv": """
                toll_id,location_id
                observatory.war.2024-05-01,syria
                observatory.war.2024-05-02,syria
                """,
        },
        good={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
                observatory.war.2024-05-02.civilians,observatory,war,2024-05-02,civilians,syria,Everybody killed in Syria
                """,
            "reference/toll_places.csv": """
                toll_id,location_id
                observatory.war.2024-05-01,syria
                observatory.war.2024-05-02.civilians,syria
                """,
        },
    ),
)
def _check_id(frames: Frames) -> Lazy:
    day = nw.col("date_start").cast(nw.String)
    start = nw.concat_str([nw.col("claimant_id"), nw.col("conflict_id"), day], separator=".")
    whole = nw.when(nw.col("population") == "everybody").then(start).otherwise(
        nw.concat_str([start, nw.col("population")], separator=".")
    )  # fmt: skip
    tolls = frames["tolls"].with_columns(
        expected=whole, _place=nw.concat_str([whole, nw.col("location_id")], separator=".")
    )
    verdict = (nw.col("toll_id") == nw.col("expected")) | (nw.col("toll_id") == nw.col("_place"))
    return tolls.select("toll_id", "expected", "location_id", verdict=verdict)


@rule(
    "tolls.place-listed",
    "error",
    ("location_id",),
    message="the widest place of {toll_id} is {location_id}, which toll_places does not list",
    hint="Add {toll_id},{location_id} to seeds/reference/toll_places.csv, or correct the place.",
    why="Claims find their toll by the places that it lists. Without its widest one, those that give that place are in no toll.",
    requires_tables=("toll_places", "locations"),
    example=Example(
        "A toll lists its widest place",
        bad={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,hama,Everybody killed in Syria
                """,
        },
        good={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
                """,
        },
        both={
            "reference/toll_places.csv": """
                toll_id,location_id
                observatory.war.2024-05-01,syria
                """,
        },
    ),
)
def _check_place_listed(frames: Frames) -> Lazy:
    listed = frames["toll_places"].select("toll_id", "location_id", listed=nw.lit(value=True)).unique()
    known = frames["locations"].select("location_id").unique()  # another rule reports the others
    tolls = frames["tolls"].select("toll_id", "location_id").join(known, on="location_id", how="inner")
    judged = tolls.join(listed, on=["toll_id", "location_id"], how="left")
    return judged.with_columns(is_filled("listed").alias(VERDICT))


@rule(
    "tolls.claimant-is-somebody",
    "error",
    ("claimant_id",),
    message="{claimant_id} is not one claimant, and cannot have a toll",
    hint="Take the toll out; a claim without a claimant on its page is a point of none.",
    why="Numbers of which nobody says who gives them come from many counts. Chained, they show a rise that no one has counted.",
    example=Example(
        "A toll has a claimant",
        bad={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
                unspecified.war.2024-05-01,unspecified,war,2024-05-01,everybody,syria,Everybody killed in Syria
                """,
            "reference/toll_places.csv": """
                toll_id,location_id
                observatory.war.2024-05-01,syria
                unspecified.war.2024-05-01,syria
                """,
        },
        good=TOLL_REGISTERS,
    ),
)
def _check_claimant_is_somebody() -> nw.Expr:
    return ~nw.col("claimant_id").is_in(list(NOBODY))


@rule(
    "figures.has-toll",
    "warning",
    ("toll_id",),
    message="no toll of {claimant_id} fits this total: since {period_start}, {counted}, in {location_id}",
    hint="{clue}Add the toll to seeds/reference/tolls.csv; or the place to toll_places.csv, if the claimant counts the same there by another name.",
    why="A point of a running toll that is in no toll is missing from every picture of how the toll rose.",
    requires_tables=("claims", "tolls", "toll_places", "actors", "locations"),
    waivable=True,
    explain=_explain_missing,
    after=("figures.side-fits-words",),
    found="{claimant_id} since {period_start}, {counted}, in {location_id}",
    depends_on=(
        ("claims", "claim_id", ("claimant_id", "conflict_id", "location_id", "period_start", "scope")),
        ("sources", "source_id", ("publisher_id",)),
        ("figures", "figure_id", ("actor_id",)),
    ),
    example=Example(
        "A total of a running claim is a point of a toll",
        bad={
            "claim": """
                since: 2024-04-01
                killed: 8
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                killed: 8
                """,
        },
        both=TOLL_REGISTERS,
    ),
)
def _check_has_toll(frames: Frames) -> Lazy:
    """Check that a total fits some toll. Where there are no tolls at all, nothing is judged."""
    some = frames["tolls"].select(some="toll_id").head(1)
    totals = _select_fits(frames).join(some, how="cross")
    return totals.with_columns(is_filled("fits").alias(VERDICT))


@rule(
    "figures.one-toll",
    "error",
    ("toll_id",),
    message="this total fits {fits} tolls: {named}",
    hint="Name the one that the page means under the outcome: `toll: {first}` or another.",
    why=_WHY_FITS,
    requires_tables=("claims", "tolls", "toll_places", "actors", "locations"),
    explain=_explain_several,
    example=Example(
        "A total that fits several tolls says which it means",
        bad={
            "claim": """
                since: 2024-05-01
                location: hama
                killed: 8
                """,
        },
        good={
            "claim": """
                since: 2024-05-01
                location: hama
                killed: {n: 8, toll: observatory.war.2024-05-01}
                """,
        },
        both={
            "reference/tolls.csv": """
                toll_id,claimant_id,conflict_id,date_start,population,location_id,name
                observatory.war.2024-05-01,observatory,war,2024-05-01,everybody,syria,Everybody killed in Syria
                observatory.war.2024-05-01.hama,observatory,war,2024-05-01,everybody,hama,Everybody killed in Hama
                """,
            "reference/toll_places.csv": """
                toll_id,location_id
                observatory.war.2024-05-01,hama
                observatory.war.2024-05-01,syria
                observatory.war.2024-05-01.hama,hama
                observatory.war.2024-05-01.hama,town
                """,
        },
    ),
)
def _check_one_toll(frames: Frames) -> Lazy:
    # A join that leaves some totals without a number makes 2 to 2.0 in pandas.
    totals = _select_fits(frames).filter(is_filled("fits")).with_columns(nw.col("fits").cast(nw.Int64))
    clear = (nw.col("fits") == 1) | (nw.col("soles") == 1).fill_null(value=False)
    return totals.with_columns((clear | is_filled("toll_id")).alias(VERDICT))


@rule(
    "figures.toll-fits",
    "error",
    ("toll_id",),
    message="the total is put into {toll_id}, and does not fit it",
    hint="A toll has one claimant, one conflict, one first day and one population, and lists its places; only a total of a running claim is a point. Correct the claim, or take `toll:` out.",
    why=_WHY_FITS,
    requires_tables=("claims", "tolls", "toll_places"),
    example=Example(
        "A total fits the toll that it names",
        bad={
            "claim": """
                claimant: ministry
                since: 2024-05-01
                killed: {n: 8, toll: observatory.war.2024-05-01}
                """,
        },
        good={
            "claim": """
                claimant: observatory
                since: 2024-05-01
                killed: {n: 8, toll: observatory.war.2024-05-01}
                """,
        },
        both=TOLL_REGISTERS,
        also=("figures.has-toll",),
    ),
)
def _check_toll_fits(frames: Frames) -> Lazy:
    named = frames["figures"].filter(is_filled("toll_id")).select("figure_id", "claim_id", "toll_id")
    fits = frames["toll_fits"].select("figure_id", "toll_id", fits=nw.lit(value=True)).unique()
    known = frames["tolls"].select("toll_id").unique()  # another rule reports the others
    judged = named.join(known, on="toll_id", how="inner").join(fits, on=["figure_id", "toll_id"], how="left")
    return judged.with_columns(is_filled("fits").alias(VERDICT))


@rule(
    "figures.population-derived",
    "error",
    ("population", "population_detail"),
    message="the population is {written} ({written_detail}), and the figure itself makes it {expected} ({expected_detail})",
    hint=f"Leave it out. Only `population: {SINGLED_OUT}` is typed, on a total that names one victim or group out of another.",
    why="Whether a total counts everybody follows from its own columns. A typed word that says otherwise lets civilians pass for all the dead.",
    example=Example(
        "Whom a total counts follows from the figure",
        bad={
            "figures.csv": """
                figure_id,claim_id,outcome,qualifier,low,best,high,population
                paper-2024-06-02.1.killed,paper-2024-06-02.1,killed,exact,8,8,8,civilians
                """,
        },
        good={
            "figures.csv": """
                figure_id,claim_id,outcome,qualifier,low,best,high,population
                paper-2024-06-02.1.killed,paper-2024-06-02.1,killed,exact,8,8,8,singled_out
                """,
        },
    ),
)
def _check_population(frames: Frames) -> Lazy:
    figures = frames["figures"].select(
        "figure_id", "claim_id", "parent_id", "role", "sex", "age", "actor_id", "person_status", "population", "population_detail",
        written=nw.coalesce("population", nw.lit("empty")), written_detail=nw.coalesce("population_detail", nw.lit("empty")),
    )  # fmt: skip
    # Who leaves the population out has nothing wrong in it.
    typed = figures.filter(is_filled("population") | is_filled("population_detail"))
    derived = derive_populations(typed).with_columns(
        expected=nw.coalesce("population", nw.lit("empty")),
        expected_detail=nw.coalesce("population_detail", nw.lit("empty")),
    )
    same = (nw.col("written") == nw.col("expected")) & (nw.col("written_detail") == nw.col("expected_detail"))
    return derived.with_columns(same.alias(VERDICT))
