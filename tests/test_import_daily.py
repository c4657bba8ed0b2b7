"""Daily tables and single claims of other datasets.

Expectations by hand, on the made-up files.
"""

import datetime as dt
import json

import pytest
from import_results import FEEDS, find_row, find_rows, read_table, read_tree, run_import

import conflictdata as cd

DAY = dt.date


@pytest.fixture(scope="module")
def gaza(tmp_path_factory):
    out = tmp_path_factory.mktemp("gaza") / "out"
    run_import("palestine", out, FEEDS / "palestine_gaza.json")
    return out


@pytest.fixture(scope="module")
def ukraine(tmp_path_factory):
    out = tmp_path_factory.mktemp("ukraine") / "out"
    run_import("ukraine", out, FEEDS / "ukraine_personnel.json", FEEDS / "ukraine_correction.json")
    return out


@pytest.fixture(scope="module")
def radford(tmp_path_factory):
    out = tmp_path_factory.mktemp("radford") / "out"
    done = run_import("radford", out, FEEDS / "radford.csv")
    assert done.left_out["they count equipment, not people"] == 1
    return out


@pytest.fixture(scope="module")
def acled(tmp_path_factory):
    out = tmp_path_factory.mktemp("acled") / "out"
    run_import("acled", out, FEEDS / "acled.csv")
    return out


def read_claims(out):
    """Return claimant, scope, basis, window and tree per key of the dataset."""
    found = {}
    for cross in find_rows(out, "crosswalk"):
        claim = find_row(out, "claims", claim_id=cross["entity_id"])
        window = (claim["period_start"], claim["period_end"])
        found[cross["external_id"]] = (
            claim["claimant_id"],
            claim["scope"],
            claim["basis"],
            window,
            read_tree(out, claim["claim_id"]),
        )
    return found


def make_exact(number):
    return ("exact", number, number, number)


@pytest.mark.slow
def test_gaza_is_running_tolls_and_tolls_of_days(gaza):
    first = DAY(2023, 10, 7)
    assert read_claims(gaza) == {
        "2023-10-07:so_far": ("gaza_moh", "cumulative", "occurred", (first, first), {"killed": make_exact(10), "killed.journalists": make_exact(1)}),
        "2023-10-07:of_the_day": ("gaza_moh", "period", "recorded", (first, first), {"killed": make_exact(10)}),
        "2023-10-09:so_far": (
            "gaza_gmo", "cumulative", "occurred", (first, DAY(2023, 10, 9)),
            {"killed": make_exact(15), "killed.children": make_exact(6), "killed.women": make_exact(4), "injured": make_exact(20)},
        ),
        "2023-10-09:of_the_day": (
            "gaza_gmo", "period", "recorded", (DAY(2023, 10, 8), DAY(2023, 10, 9)), {"killed": make_exact(5), "injured": make_exact(20)},
        ),
        "2023-10-11:so_far": ("gaza_moh", "cumulative", "occurred", (first, DAY(2023, 10, 11)), {"killed": make_exact(23)}),
        "2023-10-11:of_hunger_so_far": (
            "gaza_moh", "cumulative", "occurred", (first, DAY(2023, 10, 11)), {"killed": make_exact(3), "killed.children": make_exact(1)},
        ),
        "2023-10-11:of_the_day": (
            "gaza_moh", "period", "recorded", (DAY(2023, 10, 11), DAY(2023, 10, 11)), {"killed": make_exact(8), "killed.recovered": make_exact(8)},
        ),
        "2023-10-12:so_far": (
            "unspecified", "cumulative", "occurred", (first, DAY(2023, 10, 12)),
            {"killed": ("unstated", None, None, None), "killed.journalists": make_exact(2)},
        ),
    }  # fmt: skip


def test_what_the_makers_filled_in_is_no_claim(gaza):
    assert not [k for k in read_claims(gaza) if k.startswith("2023-10-10")]
    readme = (gaza / "README.md").read_text(encoding="utf-8")
    assert "- ext_ columns: the makers filled them in" in readme
    assert "- massacres_cum: they count attacks, not people." in readme


def test_hunger_and_roles_are_columns(gaza):
    of_hunger = next(f for f in find_rows(gaza, "figures", cause="indirect"))
    assert of_hunger["figure_id"].endswith(".killed")
    assert (of_hunger["population"], of_hunger["toll_id"]) == ("singled_out", None)
    assert {(f["role"], f["best"]) for f in find_rows(gaza, "figures", role="journalist")} == {
        ("journalist", 1),
        ("journalist", 2),
    }
    assert {f["age"] for f in find_rows(gaza, "figures", best=6)} == {"child"}


def test_a_row_of_no_hours_has_its_day_for_a_window_that_is_not_known(gaza):
    claim = find_row(
        gaza, "claims", claim_id=find_row(gaza, "crosswalk", external_id="2023-10-11:of_the_day")["entity_id"]
    )
    assert claim["period_precision"] == "approximate"
    assert claim["note"].endswith("The row covers 0 hours: its day is taken for the window.")


def test_tolls_are_one_a_claimant_and_none_is_nobodys(gaza):
    tolls = {f"{who}.gaza_2023.2023-10-07" for who in ("gaza_moh", "gaza_gmo")}
    assert set(read_table(gaza, "figures")["toll_id"].drop_nulls()) == tolls
    assert set(read_table(gaza, "tolls")["toll_id"]) == tolls
    assert "Ministry of Health in Gaza: everybody in Gaza Strip since 2023-10-07" in set(
        read_table(gaza, "tolls")["name"]
    )


@pytest.mark.slow
def test_personnel_with_the_words_before_the_number(ukraine):
    window = {n: (DAY(2022, 2, 24), DAY(2022, 2, n)) for n in (25, 26, 27, 28)}
    start = ("ukraine_genstaff", "cumulative", "occurred")
    assert read_claims(ukraine) == {
        "2022-02-25:so_far": (
            *start,
            window[25],
            {"losses_unspecified": ("about", None, 100, None), "captured": make_exact(0)},
        ),
        "2022-02-26:so_far": (
            *start,
            window[26],
            {"losses_unspecified": ("more_than", 200, None, None), "captured": make_exact(7)},
        ),
        "2022-02-27:so_far": (*start, window[27], {"losses_unspecified": ("about", None, 321, None)}),
        "2022-02-28:so_far": (*start, window[28], {"losses_unspecified": make_exact(310)}),
    }
    assert {f["actor_id"] for f in find_rows(ukraine, "figures")} == {"russia"}


def test_a_correction_of_people_is_a_revision_and_one_of_tanks_is_none(ukraine):
    revised = [c for c in find_rows(ukraine, "claims") if c["supersedes"]]
    assert [(c["as_of"], c["revision_reason"]) for c in revised] == [
        (DAY(2022, 2, 28), "Corrected by the claimant: the toll of 2022-02-28 holds a change of earlier sums by -30.")
    ]
    assert find_row(ukraine, "claims", claim_id=revised[0]["supersedes"])["as_of"] == DAY(2022, 2, 27)


@pytest.mark.slow
def test_radford_is_claims_of_people_by_kinds_of_sources(radford):
    found = {(c[0], c[1], c[3], *c[4].items()) for c in read_claims(radford).values()}
    start = DAY(2022, 2, 24)
    assert found == {
        ("ukrainian_sources", "period", (start, start), ("killed", make_exact(12))),
        (
            "us_sources",
            "cumulative",
            (start, DAY(2022, 2, 26)),
            ("killed_or_injured", ("at_least", 100000, None, None)),
        ),
        ("russian_sources", "cumulative", (start, DAY(2022, 2, 26)), ("killed", ("up_to", None, None, 700))),
        ("unspecified", "period", (DAY(2022, 2, 27), DAY(2022, 2, 27)), ("injured", make_exact(30))),
    }
    who = {(f["outcome"], f["actor_id"], f["person_status"], f["label"]) for f in find_rows(radford, "figures")}
    assert who == {
        ("killed", None, "civilian", "of Ukraine"), ("killed_or_injured", "russia", "armed_forces", None),
        ("killed", "ukraine_forces", "armed_forces", None), ("injured", "russia", "armed_forces", None),
    }  # fmt: skip


@pytest.mark.slow
def test_acled_is_events_with_one_number_and_no_direction(acled):
    found = {k: c[4] for k, c in find_event_claims(acled).items()}
    assert found == {
        "NOW1": {"killed": make_exact(3)},
        "NOW2": {"killed": make_exact(3)},
        "NOW3": {"killed": make_exact(0)},
    }
    assert {r["role"] for r in find_rows(acled, "event_actors")} == {"party"}
    assert find_row(acled, "events", event_id="2022-12-28-acled-now1")["event_type"] == "battle"
    place = find_row(acled, "locations")
    assert (place["name"], place["precision"]) == ("Sometown", "1")


def find_event_claims(out):
    crossed = [r for r in find_rows(out, "crosswalk") if "." in r["entity_id"]]
    return {r["external_id"]: ("", "", "", "", read_tree(out, r["entity_id"])) for r in crossed}


def test_acleds_terms_are_carried(acled):
    readme = (acled / "README.md").read_text(encoding="utf-8")
    assert "**Not to be passed on.**" in readme
    package = json.loads((acled / "datapackage.json").read_text(encoding="utf-8"))
    assert package["licenses"] == [
        {
            "name": "acled-terms",
            "title": "ACLED's terms of use: no redistribution",
            "path": "https://acleddata.com/eula",
        }
    ]
    assert "withdrew" not in "".join(p.read_text(encoding="utf-8") for p in (acled / "csv").glob("*.csv"))  # its notes


@pytest.mark.slow
@pytest.mark.parametrize("name", ["gaza", "ukraine", "radford", "acled"])
def test_all_of_them_are_clean(name, request):
    report = cd.validate(request.getfixturevalue(name))
    assert [f.message for f in report.errors] == []


def test_west_bank_and_lebanon(tmp_path):
    west = [{"report_date": "2024-01-02", "killed": 2, "killed_cum": 9, "flash_source": "un", "displaced_households_cum": 4,
             "displaced_persons_cum": 20, "verified": {"killed": 1, "killed_cum": 8, "killed_children_cum": 3}}]  # fmt: skip
    lebanon = [
        {
            "report_date": "2024-10-01",
            "report_source": "moph",
            "report_period": 24,
            "killed": 5,
            "killed_cum": 50,
            "injured_cum": 60,
        }
    ]
    for name, content in (("west_bank", west), ("lebanon", lebanon)):
        (tmp_path / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    out = tmp_path / "out"
    run_import("palestine", out, tmp_path / "west_bank.json", tmp_path / "lebanon.json")
    found = {k: (c[0], *c[4].items()) for k, c in read_claims(out).items()}
    assert found == {
        "2024-01-02:so_far": ("un_ocha", ("killed", make_exact(9))), "2024-01-02:of_the_day": ("un_ocha", ("killed", make_exact(2))),
        "2024-01-02:verified_so_far": ("un_ocha", ("killed", make_exact(8)), ("killed.children", make_exact(3))),
        "2024-01-02:verified_of_the_day": ("un_ocha", ("killed", make_exact(1))),
        "2024-01-02:displaced_so_far": ("un_ocha", ("displaced", make_exact(20)), ("displaced_families", make_exact(4))),
        "2024-10-01:so_far": ("lebanon_moph", ("injured", make_exact(60)), ("killed", make_exact(50))),
        "2024-10-01:of_the_day": ("lebanon_moph", ("killed", make_exact(5))),
    }  # fmt: skip
