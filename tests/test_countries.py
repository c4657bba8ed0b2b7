import pytest

from conflictdata.schema.countries import Box, guess_country, load_countries

# Centre of the country or its capital: latitude, longitude.
CAPITALS = {
    "AUS": (-35.3, 149.1), "BRA": (-15.8, -47.9), "COD": (-4.3, 15.3), "FJI": (-18.1, 178.4), "FRA": (48.9, 2.4),
    "GBR": (51.5, -0.1), "IRN": (35.7, 51.4), "ISR": (31.8, 35.2), "KIR": (1.3, 173.0), "LBN": (33.9, 35.5),
    "MMR": (19.8, 96.1), "NZL": (-41.3, 174.8), "PSE": (31.9, 35.2), "RUS": (55.8, 37.6), "SDN": (15.6, 32.5),
    "SYR": (33.5, 36.3), "UKR": (50.5, 30.5), "USA": (38.9, -77.0), "XKX": (42.7, 21.2), "YEM": (15.4, 44.2),
}  # fmt: skip
ACROSS_180 = {"FJI", "KIR", "NZL", "RUS", "UMI", "USA"}


def is_inside(box: Box, latitude: float, longitude: float) -> bool:
    right_of, left_of = longitude >= box.west, longitude <= box.east
    along = (right_of or left_of) if box.west > box.east else (right_of and left_of)
    return along and box.south <= latitude <= box.north


def test_codes_are_those_of_iso_3166_1_and_kosovo():
    assert len(load_countries()) == 249 + 1
    assert all(len(code) == 3 and code.isascii() and code.isupper() for code in load_countries())
    assert list(load_countries()) == sorted(load_countries())


def test_boxes_are_boxes():
    for country in load_countries().values():
        assert country.box is not None, country
        assert -90 <= country.box.south < country.box.north <= 90, country
        assert -180 <= country.box.west <= 180, country
        assert -180 <= country.box.east <= 180, country


def test_boxes_across_180_degrees_are_the_documented_ones():
    assert {code for code, c in load_countries().items() if c.box and c.box.west > c.box.east} == ACROSS_180


@pytest.mark.parametrize(("code", "point"), CAPITALS.items(), ids=list(CAPITALS))
def test_capital_lies_in_its_box(code, point):
    box = load_countries()[code].box
    assert box is not None
    assert is_inside(box, *point)


@pytest.mark.parametrize(
    ("code", "point"),
    [
        ("SYR", (33.27, 35.77)),
        ("ISR", (33.27, 35.77)),
        ("UKR", (44.95, 34.1)),
        ("RUS", (44.95, 34.1)),
        ("SRB", (42.7, 21.2)),
    ],
    ids=["golan-syr", "golan-isr", "crimea-ukr", "crimea-rus", "kosovo-srb"],
)
def test_disputed_land_is_in_the_box_of_either_side(code, point):
    box = load_countries()[code].box
    assert box is not None
    assert is_inside(box, *point)


def test_far_territory_with_its_own_code_is_not_in_the_mother_country():
    reunion = (-21.1, 55.5)
    france, own = load_countries()["FRA"].box, load_countries()["REU"].box
    assert france is not None
    assert own is not None
    assert is_inside(own, *reunion)
    assert not is_inside(france, *reunion)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Russia (Soviet Union)", "RUS"),
        ("DR Congo (Zaire)", "COD"),
        ("Yemen (North Yemen)", "YEM"),
        ("turkey", "TUR"),
        ("Ivory Coast", "CIV"),
        ("Palestine", "PSE"),
        ("UK", "GBR"),
        ("Saint Martin (French part)", "MAF"),  # its name in the list
        ("Atlantis (Greece)", ""),
        ("Kuwait, Iraq", ""),
        ("", ""),
    ],
)
def test_a_country_is_found_by_a_name_in_common_use(name: str, code: str) -> None:
    assert guess_country(name) == code
