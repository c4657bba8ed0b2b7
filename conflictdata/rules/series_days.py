"""The rule of running tolls within one day: a newer page is not below the older ones."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.rules._helpers import Lazy, select_with_suffix
from conflictdata.rules._series import TOLL_REGISTERS, select_points
from conflictdata.rules.base import Example, Frames, rule
from conflictdata.schema.quantities import is_filled


@rule(
    "figures.day-of-toll-does-not-fall",
    "warning",
    ("low", "best", "high"),
    message="{outcome} in {toll_id} is {n} on a page of {published_on}, and {before} on an older one ({earlier}), both as of {as_of}: {fall} fewer",
    hint="Check both pages. If the newer one repeats an older bulletin, put the two in order (`as_of_order:` 1, 2); if it has a day of its own, correct `as_of:`.",
    why=(
        "A page repeats yesterday's bulletin often enough. Without the order, the last number of the day is the lower one, and "
        "the toll seems to fall, or to stop."
    ),
    requires_tables=("claims", "sources"),
    waivable=True,
    found="{n} on {published_on}, after {before} as of {as_of}",
    after=("figures.printed-holds-number", "figures.printed-holds-qualifier", "claims.supersedes-window"),
    affects="number",
    depends_on=(
        ("claims", "claim_id", ("period_start", "period_end", "as_of")),
        ("claims", "earlier", ("period_start", "period_end", "as_of", "supersedes")),
    ),
    example=Example(
        "A newer page does not give a lower number of one toll and day",
        bad={
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: https://example.org/news/3
                published: 2024-06-03
                language: en
                access: full_text
                claims:
                  1:
                    claimant: observatory
                    since: 2024-05-01
                    as_of: 2024-06-02
                    location: syria
                    killed: 287
                """,
            "claim": """
                since: 2024-05-01
                as_of: 2024-06-02
                location: syria
                killed: 327
                """,
        },
        good={
            "sources/war/paper-2024-06-03.yaml": """
                publisher: paper
                url: https://example.org/news/3
                published: 2024-06-03
                language: en
                access: full_text
                claims:
                  1:
                    claimant: observatory
                    since: 2024-05-01
                    as_of: 2024-06-02
                    as_of_order: 1
                    location: syria
                    killed: 287
                """,
            "claim": """
                since: 2024-05-01
                as_of: 2024-06-02
                as_of_order: 2
                location: syria
                killed: 327
                """,
        },
        both=TOLL_REGISTERS,
    ),
)
def _check_day(frames: Frames) -> Lazy:
    """Compare points of one toll and day: one on a newer page is not below the highest number of the pages before it.

    Two points whose order within the day is known (`as_of_order`) are not compared.
    """
    pages = frames["sources"].select("source_id", "published_on").unique()
    claims = frames["claims"].select("claim_id", "source_id", "as_of_order").join(pages, on="source_id", how="inner")
    points = select_points(frames).join(claims, on="claim_id", how="inner")
    shown = (
        "figure_id",
        "claim_id",
        "toll_id",
        "outcome",
        "as_of",
        "n",
        "published_on",
        "as_of_order",
        "supersedes",
        "toll",
    )
    points = points.select(*shown)
    other = select_with_suffix(points, ("toll", "as_of", "claim_id", "n", "published_on", "as_of_order"), "_other")
    pairs = points.join(other, left_on=["toll", "as_of"], right_on=["toll_other", "as_of_other"], how="inner")
    ordered = is_filled("as_of_order") & is_filled("as_of_order_other")
    older = pairs.filter((nw.col("published_on_other") < nw.col("published_on")) & ~ordered)
    highest = older.group_by("figure_id").agg(before=nw.col("n_other").max())
    named = older.join(highest, on="figure_id", how="inner").filter(nw.col("n_other") == nw.col("before"))
    named = named.group_by("figure_id", "before").agg(earlier=nw.col("claim_id_other").min())
    judged = points.join(named, on="figure_id", how="inner")
    verdict = is_filled("supersedes") | (nw.col("n") >= nw.col("before"))
    return judged.with_columns(fall=nw.col("before") - nw.col("n"), verdict=verdict)
