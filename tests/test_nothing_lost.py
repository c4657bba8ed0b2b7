"""The seeds keep the 266 claims of the first coding, or give a reason.

`data/first_coding.csv` has one row per claim of the first coding, and one column per attribute.
`data/first_coding_changes.csv` has what the seeds leave out or replace, each with a reason. A cell lists its items with `; `.
A figure is written as outcome and quantity, a part with the quantity it belongs to: `killed 23 of 220`. The words for
outcomes, scopes and certainties of the first coding are those of the vocabularies here.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
from realdata import (
    SEEDS,
    Claim,
    find_claims,
    index_rows,
    list_rows,
    load_claims,
    map_new_ids,
    map_old_ids,
    print_quantity,
)

DATA = Path(__file__).parent / "data"
Row = dict[str, str]


def _read_table(name: str) -> list[Row]:
    with (DATA / name).open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


FIRST = {row["claim"]: row for row in _read_table("first_coding.csv")}
CHANGES = _read_table("first_coding_changes.csv")
REGISTER = _read_table("first_register.csv")
EQUAL = "Equal to its total"


def _split_items(cell: str) -> Counter[str]:
    return Counter(cell.split("; ")) if cell else Counter()


def _compute_expected(old: str, column: str) -> Counter[str]:
    """Return the values of the first coding with the listed changes."""
    found = _split_items(FIRST[old][column])
    for change in CHANGES:
        if (change["claim"], change["column"]) == (old, column):
            found = found - _split_items(change["out"]) + _split_items(change["into"])
    return found


# The values of the seeds, in the words of the table.


def _list_figures(claim: Claim) -> list[str]:
    """Return all figures, except totals without a number that only group their parts."""
    by_id = {figure["figure_id"]: figure for figure in claim.figures.values()}
    parents = {figure["parent_id"] for figure in by_id.values()}
    lines = []
    for key, figure in by_id.items():
        line = f"{figure['outcome']} {print_quantity(figure)}"
        if figure["parent_id"]:
            lines.append(f"{line} of {print_quantity(by_id[figure['parent_id']])}")
        elif figure["qualifier"] != "unstated" or key not in parents:
            lines.append(line)
    return lines


def _describe_population(found: Iterable[Claim]) -> list[str]:
    totals = [f for c in found for f in c.figures.values() if not f["parent_id"] and f["outcome"] != "other"]
    status = {figure["person_status"] for figure in totals}
    if status <= {"combatant", "fighter", "armed_forces"}:
        return ["combatants"]
    return ["civilians"] if status == {"civilian"} else []


def _is_imprecise(claim: Claim) -> bool:
    return {claim.period_precision, claim.as_of_precision} != {"day"}


def _find_old_ids(ids: Iterable[str | None], but: str = "") -> list[str]:
    """Return the old ids of new ones, without records that the first coding did not have."""
    return [map_old_ids()[new] for new in ids if new in map_old_ids() and map_old_ids()[new] != but]


def _collect_columns(column: str) -> Callable[[str, list[Claim]], list[str]]:
    return lambda _, found: [str(c.row[column]) for c in found if c.row[column] is not None]


def _collect_page_values(column: str) -> Callable[[str, list[Claim]], list[str]]:
    return lambda _, found: [str(c.page[column]) for c in found]


def _parse_host(url: str) -> str:
    return url.split("/")[2] if url.startswith("http") else url


def _find_origins(old: str, found: list[Claim]) -> list[str]:
    """Return the origins of a page in a relay, in `copied_from` or in the page's note."""
    known = {c.relayed_via for c in found} | {c.page["copied_from"] for c in found}
    notes = " ".join(c.page["note"] or "" for c in found).casefold()
    return [origin for origin in _split_items(FIRST[old]["origin"]) if origin in known or origin in notes]


# A claim that was split has the values of its claims together.
TOGETHER: dict[str, Callable[[str, list[Claim]], list[str]]] = {
    "claimant": _collect_columns("claimant_id"),
    "relay": _collect_columns("relayed_via"),
    "origin": _find_origins,
    "scope": _collect_columns("scope"),
    "start": _collect_columns("period_start"),
    "end": _collect_columns("period_end"),
    "as_of": _collect_columns("as_of"),
    "vague": lambda _, found: ["yes" for c in found if _is_imprecise(c)],
    "location": _collect_columns("location_id"),
    "event": lambda _, found: _find_old_ids(event for c in found for event in c.events),
    "perpetrators": lambda _, found: [actor for c in found for actor in c.perpetrators],
    "certainty": _collect_columns("perpetrator_certainty"),
    "conflicts_with": lambda old, found: _find_old_ids((other for c in found for other in c.conflicts_with), old),
    "supersedes": lambda old, found: _find_old_ids((c.supersedes for c in found), old),
    "publisher": _collect_page_values("publisher_id"),
    "published": _collect_page_values("published_on"),
    "published_basis": _collect_page_values("published_basis"),
    "language": _collect_page_values("language"),
    "access": _collect_page_values("access"),
    "host": lambda _, found: [_parse_host(c.page["url"]) for c in found],
}
# If the first coding has no value, the seeds may have more.
AT_LEAST: dict[str, Callable[[str, list[Claim]], list[str]]] = {
    "population": lambda _, found: _describe_population(found),
    "complete": lambda _, found: [axis for c in found for axis in c.list_axes()],
    "note": lambda _, found: ["yes" for c in found if c.note or c.page["note"]],
    "printed": lambda _, found: [f["printed"] for c in found for f in c.figures.values() if f["printed"]],
}


@pytest.mark.slow
def test_every_claim_leads_to_claims() -> None:
    """266 claims of the first coding, 297 now: 21 were split, two are one. The others are new: what a page says besides."""
    assert sorted(FIRST) == sorted(old for old in map_new_ids() if not old.startswith("ev-"))
    assert {len(map_new_ids()[old]) for old in FIRST} == {1, 2, 3, 4, 6}
    split = [old for old in FIRST if len(map_new_ids()[old]) > 1]
    assert split == """
        syr-010 syr-035 syr-067 syr-096 syr-121 syr-128 oth-004 oth-011 oth-012 oth-019 oth-041 oth-042 oth-051
        oth-063 oth-072 oth-073 oth-081 oth-103 oth-112 oth-116 oth-123
    """.split()  # fmt: skip
    assert sum(len(map_new_ids()[old]) for old in FIRST) == 298
    assert len({new for old in FIRST for new in map_new_ids()[old]}) == 297
    assert (
        sorted(set(load_claims()) - set(map_old_ids()))
        == """
        a_news-2024-12-01.1
        aapp-2021-12-20.3
        aapp-2021-12-20.4
        aapp-2021-12-20.5
        aapp-2021-12-20.6
        aapp-2021-12-20.7
        aapp-2023-07-13.2
        aapp-2023-07-13.3
        aapp-2024-07-22.2
        aapp-2024-07-22.3
        aapp-2024-07-22.4
        abc_nyheter-2022-12-08.2
        airwars-2024-12-02.3
        al_bawaba-2024-11-30.2
        al_bawaba-2024-11-30.3
        al_bawaba-2024-11-30.4
        al_bawaba_arabic-2024-11-28.3
        al_jazeera-2025-04-12.2
        al_jazeera-2025-04-12.3
        al_jazeera-2025-04-12.4
        al_jazeera-2025-04-12.5
        al_monitor-2023-10-19.3
        al_monitor-2023-10-19.4
        allafrica-2024-08-26.2
        allafrica-2024-08-26.3
        allafrica-2024-08-26.4
        allafrica-2024-08-26.5
        allafrica-2024-08-26.6
        antiwar_com-2025-06-24.3
        arab_news-2025-01-01.2
        arab_news-2025-01-01.3
        arab_news-2025-01-01.4
        arab_news-2025-01-01.5
        bianet-2025-08-07.3
        big_news_network-2024-11-30.1
        bluewin-2024-12-06.1
        bluewin-2024-12-06.2
        bluewin-2024-12-06.3
        business_times-2024-12-09.2
        business_times-2024-12-09.3
        business_times-2024-12-09.4
        business_times-2024-12-09.5
        caliber_az-2024-11-28.2
        caliber_az-2024-11-28.3
        caliber_az-2024-11-28.4
        caliber_az-2024-11-28.5
        canale_uno-2024-11-29.2
        canale_uno-2024-11-29.3
        cumhuriyet-2024-12-11.1
        dawn-2023-04-15.2
        dawn-2023-04-15.3
        dawn-2023-04-15.4
        dawn-2023-04-15.5
        dawn-2023-04-15.6
        dawn-2023-04-15.7
        dawn-2023-04-15.8
        dayfr_euro-2025-01-02.2
        dayfr_euro-2025-01-02.3
        dayfr_euro-2025-01-02.4
        deutsche_welle-2024-06-06.2
        deutsche_welle-2024-06-06.3
        dna_india-2024-12-07.3
        dna_india-2024-12-07.4
        dogruhaber-2022-03-02.2
        dogruhaber-2022-03-02.3
        dt_next-2023-11-11.2
        dt_next-2023-11-11.3
        dt_next-2023-11-11.4
        dt_next-2023-11-11.5
        dt_next-2023-11-11.6
        dt_next-2023-11-11.7
        dt_next-2023-11-11.8
        el_quinto_elemento_tv-2024-11-28.2
        el_quinto_elemento_tv-2024-11-28.3
        el_quinto_elemento_tv-2024-11-28.4
        europa_press-2024-12-07.2
        eye_radio-2024-06-08.3
        eye_radio-2024-06-08.4
        eye_radio-2024-06-08.5
        eye_radio-2024-06-08.6
        eye_radio-2024-06-08.7
        fanpage-2022-06-17.2
        gaza_tribunal-2024-03-01.2
        gaza_tribunal-2024-03-01.3
        gaza_tribunal-2024-03-01.4
        gazeta_tema-2024-11-30.2
        gma_news-2023-11-11.2
        gma_news-2023-11-11.3
        go3_noticias-2024-12-07.3
        green_tea_graffiti-2021-06-06.2
        green_tea_graffiti-2021-06-06.3
        green_tea_graffiti-2021-06-06.4
        green_tea_graffiti-2021-06-06.5
        guangming_online-2024-11-29.2
        haaretz-2024-05-14.4
        haaretz-2024-05-14.5
        haberler35-2024-12-02.3
        hala_canada-2024-12-01.4
        hindu-2021-06-05.2
        hindu-2021-06-05.3
        hindu-2021-06-05.4
        ilkha-2025-02-07.2
        interfax_ukraine-2022-03-20.2
        interfax_ukraine-2022-03-20.3
        interfax_ukraine-2022-03-20.4
        interfax_ukraine-2022-03-26.2
        interfax_ukraine-2022-03-26.3
        iran_international-2024-11-28.2
        iran_international-2024-11-28.3
        iran_international-2024-11-28.4
        kachin_news_group-2023-04-20.3
        kachin_news_group-2023-04-20.4
        karar-2024-12-02.2
        keidenesia_tv-2024-11-29.2
        kohero_magazin-2024-12-04.4
        kurdistan24-2024-11-29.3
        kyiv_independent-2024-11-24.2
        kyiv_independent-2024-11-24.3
        kyiv_independent-2024-12-21.3
        kyiv_independent-2024-12-21.4
        kyiv_independent-2024-12-21.5
        kyiv_independent-2024-12-21.6
        l_eco_vicentino-2024-12-01.2
        l_eco_vicentino-2024-12-01.3
        l_orient_today-2025-07-22.2
        lbc-2024-06-06.4
        lbc_uk-2022-01-22.2
        levant24-2025-01-03.3
        liberation-2024-12-05.2
        lokmat_times-2024-11-28.2
        macdaniels_blog-2023-10-23.5
        macdaniels_blog-2023-10-23.6
        medafrica_times-2021-06-08.2
        medafrica_times-2021-06-08.3
        mehr_news-2025-05-17.2
        mehr_news-2025-06-02.2
        mehr_news-2025-06-02.3
        menafn-2024-09-29.2
        menafn-2024-09-29.3
        menafn-2024-09-29.4
        menafn-2024-09-29.5
        menafn-2024-11-30.2
        mia-2024-12-02.3
        myanmar_peace_monitor-2023-04-19.2
        myanmar_peace_monitor-2023-04-19.3
        nabamart-2025-11-05.5
        nabamart-2025-11-05.6
        news_az-2024-11-29.3
        news_az-2024-12-26.2
        news_az-2024-12-26.3
        news_in_ukraine-2024-02-03.2
        news_of_israel-2024-07-28.2
        news_of_israel-2024-07-28.3
        newshub_georgia-2024-11-28.2
        newshub_georgia-2024-11-28.3
        newshub_georgia-2024-11-28.4
        nexus_news-2025-01-25.2
        nexus_news-2025-01-25.3
        noticias_hoje-2025-01-01.2
        noticias_hoje-2025-01-01.3
        outlook_india-2024-07-27.2
        pledge_times-2024-12-01.2
        pledge_times-2025-03-08.2
        pledge_times-2025-03-08.3
        pledge_times-2025-03-08.4
        pledge_times-2025-03-08.5
        plf_pakistan-2025-08-15.2
        press_tv-2024-12-02.3
        press_tv-2024-12-02.4
        press_tv-2024-12-02.5
        press_tv-2024-12-09.2
        profilpelajar-2024-12-26.1
        profilpelajar-2024-12-26.2
        prothom_alo-2024-12-04.3
        prothom_alo-2024-12-04.4
        quebec_news_tribune-2022-01-21.2
        quebec_news_tribune-2022-01-21.3
        quebec_news_tribune-2022-01-21.4
        quebec_news_tribune-2022-01-21.5
        reliefweb-2024-12-20.2
        ric-2024-12-23.2
        rpp-2024-12-06.2
        rt_en_espa_ol-2024-12-04.2
        rudaw-2024-11-29.3
        rudaw-2024-11-29.4
        sbs_ukrainian-2023-03-07.2
        sbs_ukrainian-2023-03-07.3
        sbs_ukrainian-2023-03-07.4
        shafaq_news-2024-12-07.1
        shafaq_news-2025-03-12.2
        shia_waves-2025-08-08.2
        shia_waves-2025-08-08.3
        shia_waves-2025-08-08.4
        siasat-2024-07-28.3
        siasat-2025-06-24.4
        siasat-2025-06-24.5
        siasat-2025-06-24.6
        snhr-2024-12-01.2
        sudtirol_news-2024-12-02.2
        tasnim-2024-12-04.2
        tasnim-2024-12-04.3
        tass-2024-07-28.2
        tass-2024-09-24.2
        tass-2025-04-18.2
        tehran_times-2024-11-29.3
        telesur_english-2024-12-05.2
        teller_report-2023-05-12.2
        teller_report-2023-05-12.3
        teller_report-2024-03-10.2
        teller_report-2024-03-10.3
        the_coli_forum-2024-10-04.2
        the_daily_observer-2022-01-22.2
        the_daily_observer-2022-01-22.3
        the_daily_observer-2022-01-22.4
        the_daily_observer-2022-01-22.5
        the_latest_news-2023-05-12.2
        the_latest_news-2023-05-12.3
        the_morning_telegraph-2024-12-09.2
        the_morning_telegraph-2024-12-09.3
        the_morning_telegraph-2024-12-09.4
        the_morning_telegraph-2024-12-09.5
        the_morning_telegraph-2024-12-09.6
        the_morning_telegraph-2024-12-09.7
        the_nation_pakistan-2024-12-06.2
        the_national-2024-11-30.2
        the_national-2024-12-06.1
        the_new_arab-2024-12-09.2
        the_news_wave-2023-11-11.5
        the_news_wave-2023-11-11.6
        the_news_wave-2023-11-11.9
        the_standard-2025-06-24.2
        the_syrian_observer-2025-08-08.3
        times_of_israel-2022-01-22.3
        today_headline-2025-03-12.3
        tripfoumi-2024-08-28.3
        tripfoumi-2024-08-28.4
        trt_global-2024-06-07.2
        trt_global-2024-06-07.3
        trt_global-2024-06-07.4
        trt_global-2025-04-12.2
        trt_global-2025-04-12.3
        trt_global-2025-04-12.4
        trt_world-2024-11-29.2
        trt_world-2024-11-30.1
        trt_world-2025-02-28.2
        trt_world-2025-02-28.3
        truth_in_media-2024-11-29.3
        truth_in_media-2024-11-29.4
        tv5monde-2024-11-29.2
        tv5monde-2024-11-29.3
        tv5monde-2024-11-29.4
        ukrainska_pravda-2023-10-05.2
        ukrainska_pravda-2024-12-08-2.1
        ukrainska_pravda-2024-12-08.2
        ukrainska_pravda-2024-12-08.3
        un_geneva_newsroom_ohchr-2024-12-03.3
        urdupoint-2024-09-24.2
        urdupoint-2024-09-24.3
        urdupoint-2024-12-06.2
        urdupoint-2024-12-06.3
        urdupoint-2024-12-06.4
        us_muslims-2024-12-01.2
        voa-2023-02-07.5
        voa-2023-02-07.6
        webjosh-2024-12-01.3
        wikipedia-2024-12-09.1
        wikipedia-2024-12-09.2
        wikipedia-2024-12-09.3
        yahoo-2024-12-04.2
        yahoo-2024-12-04.3
        yahoo-2025-02-03.2
        yahoo-2025-02-03.3
        yahoo-2025-02-03.4
        ynetnews-2024-11-28.2
    """.split()
    )


def test_figures_are_those_of_the_first_coding() -> None:
    """Every number with its qualifier, its outcome and the number that it is a part of."""
    now = {old: Counter(line for c in find_claims(old) for line in _list_figures(c)) for old in FIRST}
    assert {old: c for old, c in now.items() if c != _compute_expected(old, "figures")} == {}


def _find_numbers(lines: Counter[str]) -> list[int]:
    """Return the numbers of figures: both ends of a range, per cent for a share, none for words."""
    quantities = (line.split(" of ")[0] for line in lines.elements())
    return [int(n) for line in quantities for n in re.findall(r"[0-9]+", line)]


def test_sums_of_printed_numbers() -> None:
    """Count and sum of a claim's numbers, with the listed changes."""
    for old, first in FIRST.items():
        changes = [c for c in CHANGES if (c["claim"], c["column"]) == (old, "figures")]
        out = [n for c in changes for n in _find_numbers(_split_items(c["out"]))]
        into = [n for c in changes for n in _find_numbers(_split_items(c["into"]))]
        lines = Counter(line for c in find_claims(old) for line in _list_figures(c))
        assert len(_find_numbers(lines)) == int(first["numbers"]) - len(out) + len(into), old
        assert sum(_find_numbers(lines)) == int(first["sum"]) - sum(out) + sum(into), old


def test_all_parts_are_there() -> None:
    """735 parts in the first coding, each a line of its claim.

    90 of them equalled their total.
    """
    assert sum(int(row["parts"]) for row in FIRST.values()) == 735
    same = {old: sum(" of " in line for line in _split_items(row["figures"]).elements()) for old, row in FIRST.items()}
    assert {old: n for old, n in same.items() if n != int(FIRST[old]["parts"])} == {}
    taken = [_split_items(c["out"]).total() for c in CHANGES if c["reason"].startswith(EQUAL)]
    assert sum(taken) == 90


@pytest.mark.parametrize("column", TOGETHER)
def test_column_is_that_of_the_first_coding(column: str) -> None:
    read = TOGETHER[column]
    now = {old: set(read(old, find_claims(old))) for old in FIRST}
    assert {old: found for old, found in now.items() if found != set(_compute_expected(old, column))} == {}


@pytest.mark.parametrize("column", AT_LEAST)
def test_column_holds_at_least_the_first_coding(column: str) -> None:
    read = AT_LEAST[column]
    lost = {old: set(_compute_expected(old, column)) - set(read(old, find_claims(old))) for old in FIRST}
    assert {old: words for old, words in lost.items() if words} == {}


def test_every_change_has_a_reason() -> None:
    """A change removes an existing value, adds another and gives a reason. None is unnecessary."""
    assert {c["column"] for c in CHANGES} <= {"figures", *TOGETHER, *AT_LEAST}
    assert len({(c["claim"], c["column"], c["reason"]) for c in CHANGES}) == len(CHANGES)
    for change in CHANGES:
        before = _split_items(FIRST[change["claim"]][change["column"]])
        assert not _split_items(change["out"]) - before, change
        assert change["out"] != change["into"], change
        assert len(change["reason"]) > 10, change
        assert change["reason"].endswith("."), change


def test_part_equal_to_its_total_kept_its_group() -> None:
    """If a part that equalled its total was removed, the total remains and names the group."""
    taken = [c for c in CHANGES if c["reason"].startswith(EQUAL)]
    assert taken
    columns = ("person_status", "actor_id", "role", "sex", "age", "cause")
    for change in taken:
        totals = {p: f for c in find_claims(change["claim"]) for p, f in c.figures.items() if not f["parent_id"]}
        for line in _split_items(change["out"]):
            outcome, total = line.split(" ", 1)[0], line.split(" of ")[1]
            kept = [
                f
                for f in totals.values()
                if print_quantity(f) == total and f["outcome"] in (outcome, "losses_unspecified")
            ]
            assert kept, change
            # "people" is not a group: the page does not say who the four were.
            assert change["claim"] == "syr-021" or any(kept[0][c] for c in columns), change


def test_every_event_is_there() -> None:
    """48 events of the first coding, each with a record and a source."""
    old = {o for o in map_new_ids() if o.startswith("ev-")}
    assert old == {f"ev-{n:03d}" for n in range(1, 49)}
    known = index_rows("events", "event_id")
    result = {row["event_id"] for table in ("event_sources", "claim_events") for row in list_rows(table)}
    for one in old:
        (event,) = map_new_ids()[one]
        assert known[event]["conflict_id"] == "syria_2024_offensive"
        assert event in result


def test_every_party_organisation_and_place_has_its_record() -> None:
    assert Counter(row["register"] for row in REGISTER) == {"actor": 39, "organisation": 274, "location": 66}
    records = {"location": index_rows("locations", "location_id")}
    actors = index_rows("actors", "actor_id")
    assert [row for row in REGISTER if row["record"] not in records.get(row["register"], actors)] == []


def test_records_that_were_merged() -> None:
    """Two records of one thing are one; two publishers, a site, a camp and an area have another id."""
    first: dict[str, set[str]] = {}
    for row in REGISTER:
        kind = "place" if row["register"] == "location" else "actor"
        first.setdefault(f"{kind} {row['record']}", set()).add(f"{row['register']}:{row['first_coding']}")
    twice = sorted(record.removeprefix("actor ") for record, old in first.items() if len(old) > 1)
    assert set(twice) - {"place aleppo_idlib_hama"} == set("""
        aapp airwars al_jazeera hindu ilkha m23 mali_army ric sdf snhr sputnik tass un_ocha voa yahoo
    """.split())  # fmt: skip
    assert len(first["actor snhr"]) == 3
    renamed = {
        r["first_coding"]: r["record"] for r in REGISTER if r["first_coding"].removeprefix("pub_") != r["record"]
    }
    assert renamed == {
        "pub_rojava_information_center": "ric",
        "pub_snhr_news": "snhr",
        "pub_the_hindu": "hindu",
        "pub_yahoo_news_canada": "yahoo",
        "idlib_aleppo_hama": "aleppo_idlib_hama",
        "zamzam": "el_fasher_area",
    }


def _collect_texts() -> list[tuple[str, str]]:
    return [
        (p.name, p.read_text(encoding="utf-8")) for p in sorted(SEEDS.rglob("*")) if p.is_file() and p.suffix != ".gz"
    ]


def test_nothing_is_left_to_do() -> None:
    assert [name for name, text in _collect_texts() if re.search(r"\bTODO\b|\btodo_", text)] == []


def test_notes_speak_of_records_by_their_own_ids() -> None:
    """Old ids are only under `ids:`, and a page or claim named in a note exists."""
    old = re.compile(r"\b(?:syr|oth|ev)-[0-9]{3}\b")
    lines = [(name, line) for name, text in _collect_texts() for line in text.splitlines()]
    notes = [
        (name, line) for name, line in lines if line.strip().startswith(("note:", "reason:", "summary:", "method:"))
    ]
    assert len(notes) > 300
    assert [(name, line) for name, line in notes if old.search(line)] == []
    named = {
        ref
        for _, line in notes
        for ref in re.findall(r"\b[a-z0-9_]+-[0-9]{4}-[0-9]{2}-[0-9]{2}(?:-[0-9])?(?:\.[0-9])?(?![-\w])", line)
    }
    pages = {row["source_id"] for row in list_rows("sources")}
    assert len(named) > 50
    assert named - pages - set(load_claims()) == set()


def test_addresses_name_no_private_person() -> None:
    """Three addresses end after a number or a date that identifies the page.

    The page's note says so.
    """
    cut = {r["source_id"]: r["url"] for r in list_rows("sources") if "address is cut" in (r["note"] or "")}
    assert cut == {
        "almjhar-2024-12-04": "https://www.almjhar.com/ar-sy/NewsView/2212/277314/",
        "snhr-2024-12-05-2": "https://news.snhr.org/2024/12/05/",
        "un_geneva_newsroom_ohchr-2024-12-03": "https://www.unognewsroom.org/story/en/2446",
    }


def test_printed_phrases_are_short() -> None:
    """At most six words, so that no sentence of a page is kept."""
    long = [f["figure_id"] for f in list_rows("figures") if len((f["printed"] or "").split()) > 6]
    assert long == []
