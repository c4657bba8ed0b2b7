"""Rules of the places of UCDP GED: points, grid cells and countries."""

from __future__ import annotations

import narwhals.stable.v1 as nw

from conflictdata.datasets._country_boxes import list_numbers
from conflictdata.datasets.rules._countries import make_country_name_rule, make_country_number_rule
from conflictdata.datasets.rules._names import make_one_value_rule
from conflictdata.datasets.rules._points import make_coordinates_rule, make_point_rule
from conflictdata.rules.base import Example, Frames, Row, rule

_col = nw.col

_REAL = r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)"
_GAP = r"[ \t\n\f\r]"  # listed, because \s matches more characters in some engines
_POINT = rf"^{_GAP}*POINT{_GAP}*\({_GAP}*{_REAL}{_GAP}+{_REAL}{_GAP}*\){_GAP}*\z"

_COORDINATES_REAL = make_coordinates_rule(
    "ucdp_ged",
    hint="Both are given or neither is; 0, 0 lies in the sea and means that nothing is known.",
    why="A point of which half is missing, or the point where both are zero, lands events in the Gulf of Guinea.",
    example=Example(
        "The coordinates are a place",
        bad={
            "ged.csv": """
                id,latitude,longitude,best
                141,0,0,1
                """,
        },
        good={
            "ged.csv": """
                id,latitude,longitude,best
                141,10.25,20.75,1
                """,
        },
    ),
)


def _compute_grid_cell() -> nw.Expr:
    return ((_col("latitude") + 90) * 2).floor() * 720 + ((_col("longitude") + 180) * 2).floor() + 1


def _explain_grid_cell(rows: list[Row], _: Frames) -> list[Row]:
    for row in rows:
        row["cell"] = int((row["latitude"] + 90) * 2 // 1 * 720 + (row["longitude"] + 180) * 2 // 1 + 1)
    return rows


@rule(
    "ucdp_ged.grid-cell-fits",
    "error",
    ("priogrid_gid", "latitude", "longitude"),
    message="{latitude}, {longitude} lies in PRIO-GRID cell {cell}, not in {priogrid_gid}",
    hint="Check the coordinates for an exchanged pair or a lost sign.",
    why=(
        "The cell follows from the coordinates, exactly, in every release. Where it does not, one of them was "
        "changed, and maps by cell and by point tell two stories."
    ),
    explain=_explain_grid_cell,
    example=Example(
        "The grid cell is that of the coordinates",
        bad={
            "ged.csv": """
                id,latitude,longitude,priogrid_gid
                141,10.25,20.75,1
                """,
        },
        good={
            "ged.csv": """
                id,latitude,longitude,priogrid_gid
                141,10.25,20.75,144402
                """,
        },
    ),
)
def _check_grid_cell() -> nw.Expr:
    return _compute_grid_cell() == _col("priogrid_gid")


_COUNTRY_NAME_FITS = make_country_name_rule(
    "ucdp_ged",
    "country_id",
    example=Example(
        "A country number has one name",
        bad={
            "ged.csv": """
                id,country,country_id
                141,Sampleland,999
                142,Sampleland,999
                143,Sample-land,999
                """,
        },
        good={
            "ged.csv": """
                id,country,country_id
                141,Sampleland,999
                142,Sampleland,999
                143,Sampleland,999
                """,
        },
    ),
)
_COUNTRY_ID_FITS = make_country_number_rule(
    "ucdp_ged.country-id-fits",
    "country_id",
    "Gleditsch-Ward numbers",
    example=Example(
        "A country has one number",
        bad={
            "ged.csv": """
                id,country,country_id
                141,Sampleland,999
                142,Sampleland,999
                143,Sampleland,998
                """,
        },
        good={
            "ged.csv": """
                id,country,country_id
                141,Sampleland,999
                142,Sampleland,999
                143,Sampleland,999
                """,
        },
    ),
)
_COUNTRY_REGION_FITS = make_one_value_rule(
    "ucdp_ged.country-region-fits",
    "country_id",
    "region",
    "country",
    example=Example(
        "A country is in one region",
        bad={
            "ged.csv": """
                id,country_id,region,best
                1,850,Asia,3
                2,850,Asia,1
                3,850,Africa,2
                """,
        },
        good={
            "ged.csv": """
                id,country_id,region,best
                1,850,Asia,3
                2,850,Asia,1
                3,850,Asia,2
                """,
        },
    ),
)
_POINT_IN_COUNTRY = make_point_rule("ucdp_ged", "country_id", list_numbers())


def _parse_point(part: int) -> nw.Expr:
    sound = nw.when(_col("geom_wkt").str.contains(_POINT)).then(_col("geom_wkt"))
    plain = sound.str.replace_all(rf"{_GAP}{_GAP}+|[\t\n\f\r]", " ").str.strip_chars(" POINT()")
    return plain.str.split(" ").list.get(part).cast(nw.Float64)


def _is_near(text: nw.Expr, column: str) -> nw.Expr:
    return (text - _col(column)).abs() < 1e-6


@rule(
    "ucdp_ged.wkt-fits-columns",
    "warning",
    ("geom_wkt", "latitude", "longitude"),
    message="geom_wkt is {geom_wkt!r}, but the columns say longitude {longitude}, latitude {latitude}",
    hint="Use the columns latitude and longitude; priogrid_gid follows them.",
    why=(
        "Software for maps reads one or the other. A sign lost in one puts the event on the other side of the equator."
    ),
    cacheable=True,
    example=Example(
        "The point as text is that of the columns",
        bad={
            "ged.csv": """
                id,latitude,longitude,geom_wkt
                141,-3.705,128.17,POINT (128.17 3.705)
                """,
        },
        good={
            "ged.csv": """
                id,latitude,longitude,geom_wkt
                141,-3.705,128.17,POINT (128.17 -3.705)
                """,
        },
    ),
)
def _check_wkt() -> nw.Expr:
    fits = _is_near(_parse_point(0), "longitude") & _is_near(_parse_point(1), "latitude")
    return nw.when(_col("geom_wkt").is_null()).then(None).otherwise(fits.fill_null(False))
