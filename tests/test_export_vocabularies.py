"""Our events in the words of ACLED and PLOVER.

A third-party reader and our own profile read them back.
"""

import json
from collections import Counter
from pathlib import Path

import duckdb
import polars as pl
import pytest
import sample

import conflictdata as cd
from conflictdata.datasets._acled_terms import SUB_EVENTS
from conflictdata.datasets.acled import EVENT_TYPES
from conflictdata.export import acled, export, plover
from conflictdata.export.acled import SAYS_NO_ATTACKER, SAYS_NO_DIRECTION, SAYS_NOBODY
from conflictdata.export.bundle import Bundle
from conflictdata.loading import bundle
from conflictdata.schema import vocabularies

NAMES = Path(__file__).parents[2] / "shared" / "data" / "acled" / "COLUMNS.txt"


@pytest.fixture(scope="module")
def data():
    return bundle()


@pytest.fixture(scope="module")
def events():
    return cd.load("events", engine="polars").filter(pl.col("status") == "active")


@pytest.fixture(scope="module")
def as_acled(data, tmp_path_factory):
    file = tmp_path_factory.mktemp("acled") / "acled.csv"
    return file, export("acled", file, data)


@pytest.fixture(scope="module")
def as_plover(data, tmp_path_factory):
    file = tmp_path_factory.mktemp("plover") / "plover.jsonl"
    return file, export("plover", file, data)


# UCDP GED


def test_our_own_check_takes_it_for_ged_and_finds_no_error(data, tmp_path):
    file = tmp_path / "ged.csv"
    remarks = export("ged", file, data)

    report = cd.validate(file, profile="ucdp-ged")

    assert report.findings == []
    rows = pl.read_csv(file, infer_schema=False)
    without = rows["side_a"].null_count()
    assert without
    assert f"{without} of {rows.height} events have no known initiator: their side_a is empty" in remarks


# ACLED


@pytest.mark.skipif(not NAMES.is_file(), reason="the list of ACLED's columns is not here")
def test_the_columns_are_acleds():
    header = next(line for line in NAMES.read_text(encoding="utf-8").splitlines() if line.startswith("event_id_cnty"))
    assert header.split(",") == acled.COLUMNS


def test_each_event_of_acleds_kinds_is_one_row(as_acled, events):
    file, remarks = as_acled
    rows = duckdb.sql(f"SELECT event_type, count(*) FROM '{file}' GROUP BY ALL").fetchall()
    expected = Counter(
        acled.TYPES[kind][0] for kind in events["event_type"] if kind not in ("displacement", "humanitarian")
    )
    assert dict(rows) == expected
    left = events.filter(pl.col("event_type").is_in(["displacement", "humanitarian"])).height
    assert remarks[-1].startswith(f"{left} events")


def test_our_own_check_takes_it_for_acled_and_finds_no_error(as_acled):
    report = cd.validate(as_acled[0], profile="acled")
    assert report.errors == []
    assert "acled" in report.notes[0]


def test_events_without_an_initiator_are_counted_by_what_the_pages_name(as_acled, events):
    file, remarks = as_acled
    roles = cd.load("event_actors", engine="polars").group_by("event_id").agg(pl.col("role").unique())
    cast = dict(roles.iter_rows())
    chosen = events.filter(~pl.col("event_type").is_in(acled.OMITTED))
    known = Counter(_choose_sentence(set(cast.get(event, ()))) for event in chosen["event_id"])
    rows = pl.read_csv(file, infer_schema=False)

    for sentence in (SAYS_NOBODY, SAYS_NO_ATTACKER, SAYS_NO_DIRECTION):
        marked = rows.filter(pl.col("notes").str.ends_with(sentence))
        unnamed = marked["actor1"].str.starts_with("Unidentified Armed Group (")
        assert marked.height == known[sentence]
        assert unnamed.all() if sentence != SAYS_NO_DIRECTION else not unnamed.any()
        counted = [remark for remark in remarks if remark.startswith(f"{marked.height} of {rows.height} events name")]
        assert bool(counted) == bool(marked.height)
    assert sum(known.values()) > known[""]
    assert rows["actor1"].null_count() == 0


@pytest.mark.parametrize(
    ("cast", "actor1", "actor2", "sentence"),
    [
        ({}, "Unidentified Armed Group (", None, SAYS_NOBODY),
        ({"rebels": "target"}, "Unidentified Armed Group (", "Rebels", SAYS_NO_ATTACKER),
        ({"rebels": "party"}, "Rebels", None, SAYS_NO_DIRECTION),
        ({"army": "party", "rebels": "target"}, "Army", "Rebels", SAYS_NO_DIRECTION),
        ({"army": "initiator", "rebels": "target"}, "Army", "Rebels", ""),
    ],
)
def test_an_event_says_what_is_not_known_of_its_actors(cast, actor1, actor2, sentence, tmp_path):
    tables = sample.make_tables()
    event = "2024-06-01-raid"
    roles = pl.DataFrame(
        {"event_id": [event] * len(cast), "actor_id": list(cast), "role": list(cast.values())},
        schema=dict.fromkeys(("event_id", "actor_id", "role"), pl.String),
    )
    names = pl.col("actor_id").replace({"army": "Army", "rebels": "Rebels"})
    frames = {**tables, "event_actors": roles, "actors": tables["actors"].with_columns(name=names)}

    remarks = acled.write(Bundle({}, {}, lambda name: _get_table(frames, name)), tmp_path / "a.csv", [])

    (row,) = pl.read_csv(tmp_path / "a.csv", infer_schema=False).rows(named=True)
    assert row["actor1"].startswith(actor1)
    assert row["actor2"] == actor2
    assert row["notes"].endswith(sentence)
    assert sum(remark.startswith("1 of 1 events name") for remark in remarks) == bool(sentence)


def _choose_sentence(roles):
    if "initiator" in roles:
        return ""
    if "party" in roles:
        return SAYS_NO_DIRECTION
    return SAYS_NO_ATTACKER if "target" in roles else SAYS_NOBODY


def test_one_event_in_acleds_words(as_acled):
    hroza = duckdb.sql(f"SELECT * FROM '{as_acled[0]}' WHERE event_date = '2023-10-05' AND country = 'Ukraine'").to_df()
    (found,) = hroza.to_dict("records")
    assert (found["event_type"], found["sub_event_type"]) == (
        "Explosions/Remote violence",
        "Shelling/artillery/missile attack",
    )
    assert (found["fatalities"], found["time_precision"], found["year"]) == (56, 1, 2023)
    assert found["actor1"] == "Russian armed forces"
    assert found["inter1"] == "State forces"


def test_every_type_has_a_pair_that_acled_has_and_most_come_back():
    words = {t.term for t in vocabularies.EVENT_TYPE.terms}
    assert set(acled.TYPES) | set(acled.OMITTED) == words
    for ours, (kind, sub) in acled.TYPES.items():
        assert sub in SUB_EVENTS[kind], ours
    back = {ours for ours, (_, sub) in acled.TYPES.items() if EVENT_TYPES.get(sub, "political") == ours}
    # Two of our terms are one of ACLED's.
    assert set(acled.TYPES) - back == {"drone_strike", "execution", "deployment", "withdrawal", "release"}


def test_precisions_are_the_coarser_of_the_two():
    assert [acled._TIME[t.term] for t in vocabularies.DATE_PRECISION.terms] == ["1", "2", "2", "3", "3"]
    assert [acled._PLACE[t.term] for t in vocabularies.LOCATION_PRECISION.terms] == ["1", "2", "2", "3", "3", "3", "3"]


def test_ground_that_a_state_takes_is_regained(tmp_path):
    tables = sample.make_tables()
    tables["events"] = tables["events"].with_columns(event_type=pl.lit("territory_capture"))
    found = {}
    for actor in ("army", "rebels"):
        cast = pl.DataFrame({"event_id": ["2024-06-01-raid"], "actor_id": [actor], "role": ["initiator"]})
        frames = {**tables, "event_actors": cast}
        acled.write(Bundle({}, {}, lambda name, frames=frames: _get_table(frames, name)), tmp_path / "a.csv", [])
        (found[actor],) = pl.read_csv(tmp_path / "a.csv", infer_schema=False)["sub_event_type"]
    assert found == {"army": "Government regains territory", "rebels": "Non-state actor overtakes territory"}


def _get_table(frames, name):
    from conflictdata.datapackage.casualties import build_casualties

    return build_casualties(frames) if name == "casualties" else frames[name]


# PLOVER


def test_each_event_that_plover_knows_is_one_record(as_plover, events):
    file, remarks = as_plover
    records = duckdb.sql(f"SELECT event[1], mode[1], count(*) FROM read_json('{file}') GROUP BY ALL").fetchall()
    known = [plover.TYPES[kind] for kind in events["event_type"] if kind in plover.TYPES]
    assert {(kind, mode): n for kind, mode, n in records} == Counter(known)
    assert remarks[-1].startswith(f"{events.height - len(known)} events")


def test_one_event_in_plovers_words(as_plover):
    lines = [json.loads(line) for line in as_plover[0].read_text(encoding="utf-8").splitlines()]
    (hroza,) = [r for r in lines if r["id"] == "2023-10-05-hroza-missile-strike"]
    assert (hroza["date"], hroza["enddate"]) == ("2023-10-05", "2023-10-05")
    assert (hroza["event"], hroza["mode"], hroza["size"]["dead"]) == (["ASSAULT"], ["heavy-weapons"], 56)
    assert hroza["actor"] == [{"code": "RUS", "sector": "MIL", "entity_text": "Russian armed forces"}]
    assert hroza["event_loc"]["country_code"] == "UKR"
    assert all(set(c) == {"url"} for c in hroza["cite_info"])
    assert all(r["date"] <= r["enddate"] for r in lines)


# The names of fields in the PLOVER manual, by object.
PUBLISHED = {
    "": """id has_event date time enddate endtime actor recipient event event_loc event_text quad_code event_scale mode context
        link text text_info cite_info coder coded_date coded_time comment size""",
    "actor": "code sector entity_text identifier_id identifier_text religion ethnicity office gender age",
    "event_loc": """extracted_place resolved_place geonameid lat lon city district province country country_code feature_class
        feature_code resolution""",
    "size": "dead injured arrested",
    "cite_info": "corpus citation url title language publication license copyright coder codebook version",
}
PUBLISHED["recipient"] = PUBLISHED["actor"]


def test_each_field_of_plover_is_in_its_published_list(as_plover):
    records = [json.loads(line) for line in as_plover[0].read_text(encoding="utf-8").splitlines()]
    for record in records:
        assert set(record) <= set(PUBLISHED[""].split())
        assert {"id", "date", "event"} <= set(record)
        for name, listed in PUBLISHED.items():
            objects = record.get(name, []) if name else []
            for inner in [objects] if isinstance(objects, dict) else objects:
                assert set(inner) <= set(listed.split())


def test_plover_leaves_no_type_unnamed():
    assert set(plover.TYPES) | set(plover.OMITTED) == {t.term for t in vocabularies.EVENT_TYPE.terms}
    assert not set(plover.TYPES) & set(plover.OMITTED)
