"""Rules of the sides of UCDP GED: the type of violence, and the names and ids of sides, dyads and conflicts."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals.stable.v1 as nw

from conflictdata.datasets.rules._names import make_one_value_rule
from conflictdata.rules.base import Example, Frames, Row, rule

_col = nw.col

_TYPES = {"1": "state-based", "2": "non-state", "3": "one-sided"}


@rule(
    "ucdp_ged.sides-differ",
    "error",
    ("side_b", "side_a"),
    message="side_a and side_b are both {side_b!r}",
    hint="Take the row from the release again; one of the two was copied over the other.",
    why="Nobody fights against itself. A side copied over the other gives its deaths to the wrong party.",
    example=Example(
        "The two sides are not the same",
        bad={
            "ged.csv": """
                id,side_a,side_b,best
                1,Made-up Front,Made-up Front,3
                """,
        },
        good={
            "ged.csv": """
                id,side_a,side_b,best
                1,Made-up Front,Made-up Union,3
                """,
        },
    ),
)
def _check_sides() -> nw.Expr:
    return _col("side_a") != _col("side_b")


def _explain_type(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["type_name"] = _TYPES[row["type_of_violence"]]
    return rows


@rule(
    "ucdp_ged.one-sided-against-civilians",
    "error",
    ("type_of_violence", "side_b"),
    message="type_of_violence {type_of_violence} ({type_name}), but side_b is {side_b!r}",
    hint="One-sided violence (3) has side_b Civilians, and nothing else has.",
    why=(
        "The type follows from the actors. A row of another type among the one-sided ones turns fighters into "
        "civilians."
    ),
    explain=_explain_type,
    example=Example(
        "One-sided violence, and it alone, is against civilians",
        bad={
            "ged.csv": """
                id,type_of_violence,side_a,side_b
                141,1,Government of Sampleland,Civilians
                """,
        },
        good={
            "ged.csv": """
                id,type_of_violence,side_a,side_b
                141,3,Government of Sampleland,Civilians
                """,
        },
    ),
)
def _check_civilians() -> nw.Expr:
    return (_col("type_of_violence") == "3") == (_col("side_b") == "Civilians")


def _is_state(column: str) -> nw.Expr:
    return _col(column).str.starts_with("Government of")


@rule(
    "ucdp_ged.type-fits-sides",
    "warning",
    ("type_of_violence", "side_a", "side_b"),
    message="type_of_violence {type_of_violence} ({type_name}), between {side_a!r} and {side_b!r}",
    hint="State-based (1) has a government as a side; non-state (2) has none.",
    why="The type follows from the actors, and state-based violence is what most studies keep.",
    explain=_explain_type,
    example=Example(
        "State-based violence, and it alone, has a government as a side",
        bad={
            "ged.csv": """
                id,type_of_violence,side_a,side_b
                141,2,Government of Sampleland,Made-up Front
                """,
        },
        good={
            "ged.csv": """
                id,type_of_violence,side_a,side_b
                141,1,Government of Sampleland,Made-up Front
                """,
        },
    ),
)
def _check_type() -> nw.Expr:
    is_state_based = _col("type_of_violence") == "1"
    return (_col("type_of_violence") == "3") | (is_state_based == (_is_state("side_a") | _is_state("side_b")))


_CONFLICT_NAME_FITS = make_one_value_rule(
    "ucdp_ged.conflict-name-fits",
    "conflict_new_id",
    "conflict_name",
    "conflict",
    example=Example(
        "A conflict has one name",
        bad={
            "ged.csv": """
                id,conflict_new_id,conflict_name,best
                1,330,Sampleland: North,3
                2,330,Sampleland: North,1
                3,330,Sampleland: South,2
                """,
        },
        good={
            "ged.csv": """
                id,conflict_new_id,conflict_name,best
                1,330,Sampleland: North,3
                2,330,Sampleland: North,1
                3,330,Sampleland: North,2
                """,
        },
    ),
)
_DYAD_NAME_FITS = make_one_value_rule(
    "ucdp_ged.dyad-name-fits",
    "dyad_new_id",
    "dyad_name",
    "dyad",
    example=Example(
        "A dyad has one name",
        bad={
            "ged.csv": """
                id,dyad_new_id,dyad_name,best
                1,730,Government of Sampleland - Front,3
                2,730,Government of Sampleland - Front,1
                3,730,Government of Sampleland - Union,2
                """,
        },
        good={
            "ged.csv": """
                id,dyad_new_id,dyad_name,best
                1,730,Government of Sampleland - Front,3
                2,730,Government of Sampleland - Front,1
                3,730,Government of Sampleland - Front,2
                """,
        },
    ),
)
_DYAD_CONFLICT_FITS = make_one_value_rule(
    "ucdp_ged.dyad-conflict-fits",
    "dyad_new_id",
    "conflict_new_id",
    "dyad",
    example=Example(
        "A dyad is of one conflict",
        bad={
            "ged.csv": """
                id,dyad_new_id,conflict_new_id,best
                1,730,330,3
                2,730,330,1
                3,730,331,2
                """,
        },
        good={
            "ged.csv": """
                id,dyad_new_id,conflict_new_id,best
                1,730,330,3
                2,730,330,1
                3,730,330,2
                """,
        },
    ),
)
_DYAD_SIDE_A_FITS = make_one_value_rule(
    "ucdp_ged.dyad-side-a-fits",
    "dyad_new_id",
    "side_a_new_id",
    "dyad",
    example=Example(
        "A dyad has one side A",
        bad={
            "ged.csv": """
                id,dyad_new_id,side_a_new_id,best
                1,730,152,3
                2,730,152,1
                3,730,153,2
                """,
        },
        good={
            "ged.csv": """
                id,dyad_new_id,side_a_new_id,best
                1,730,152,3
                2,730,152,1
                3,730,152,2
                """,
        },
    ),
)
_DYAD_SIDE_B_FITS = make_one_value_rule(
    "ucdp_ged.dyad-side-b-fits",
    "dyad_new_id",
    "side_b_new_id",
    "dyad",
    example=Example(
        "A dyad has one side B",
        bad={
            "ged.csv": """
                id,dyad_new_id,side_b_new_id,best
                1,730,410,3
                2,730,410,1
                3,730,411,2
                """,
        },
        good={
            "ged.csv": """
                id,dyad_new_id,side_b_new_id,best
                1,730,410,3
                2,730,410,1
                3,730,410,2
                """,
        },
    ),
)

# Rows in which another rule reports that a side was written over.
_OTHER_SIDE: Mapping[tuple[str, ...], nw.Expr] = {
    ("side_a", "side_b"): _col("side_a") == _col("side_b"),
    ("type_of_violence", "side_b"): (_col("type_of_violence") == "3") != (_col("side_b") == "Civilians"),
}
_SIDE_A_NAME_FITS = make_one_value_rule(
    "ucdp_ged.side-a-name-fits",
    "side_a_new_id",
    "side_a",
    "side",
    unless=_OTHER_SIDE,
    example=Example(
        "Side A has one name",
        bad={
            "ged.csv": """
                id,side_a_new_id,side_a,side_b,best
                1,410,Made-up Front,Other Front,3
                2,410,Made-up Front,Other Front,1
                3,410,Made-up Union,Other Front,2
                """,
        },
        good={
            "ged.csv": """
                id,side_a_new_id,side_a,side_b,best
                1,410,Made-up Front,Other Front,3
                2,410,Made-up Front,Other Front,1
                3,410,Made-up Front,Other Front,2
                """,
        },
    ),
)
_SIDE_B_NAME_FITS = make_one_value_rule(
    "ucdp_ged.side-b-name-fits",
    "side_b_new_id",
    "side_b",
    "side",
    unless=_OTHER_SIDE,
    example=Example(
        "Side B has one name",
        bad={
            "ged.csv": """
                id,side_b_new_id,side_b,side_a,best
                1,410,Made-up Front,Other Front,3
                2,410,Made-up Front,Other Front,1
                3,410,Made-up Union,Other Front,2
                """,
        },
        good={
            "ged.csv": """
                id,side_b_new_id,side_b,side_a,best
                1,410,Made-up Front,Other Front,3
                2,410,Made-up Front,Other Front,1
                3,410,Made-up Front,Other Front,2
                """,
        },
    ),
)
