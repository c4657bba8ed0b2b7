"""Statements, gaps, scales, paths and words of the site."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conflictdata import loading
from conflictdata.analysis.bounds import Bounds
from conflictdata.analysis.compare import find_target, list_rivals
from conflictdata.analysis.points import make_query
from conflictdata.analysis.records import COLUMNS, Records
from conflictdata.analysis.timeline import list_timeline
from conflictdata.site.layout import make_slug
from conflictdata.site.lines import choose_main, key_population, select_comparable
from conflictdata.site.marks import choose_scale, draw_statement
from conflictdata.site.pictures import embed_svg
from conflictdata.site.records import SiteTables
from conflictdata.site.rendering import keep_web_address
from conflictdata.site.statements import PrintedStatement, find_gap, find_last, group_statements
from conflictdata.site.wording import add_article, describe_quantity, format_span, is_plural

ENDS = {
    "exact": lambda n: (n, n, n),
    "at_least": lambda n: (n, None, None),
    "more_than": lambda n: (n, None, None),
    "about": lambda n: (None, n, None),
    "up_to": lambda n: (None, None, n),
    "nearly": lambda n: (None, None, n),
}


def make_row(qualifier: str, number: int, claimant: str = "a", page: str = "p", day: int = 1) -> dict[str, Any]:
    low, best, high = ENDS[qualifier](number)
    return {
        "qualifier": qualifier, "low": low, "best": best, "high": high, "share": None, "claimant_id": claimant, "source_id": page,
        "as_of": dt.date(2024, 12, day), "claim_id": f"{page}.1",
    }  # fmt: skip


def read(members: list[dict[str, Any]], actors: tuple[dict[str, Any], ...] = ()) -> Records:
    """Return rows in the form of the answers."""
    tables: dict[str, list[dict[str, Any]]] = {table: [] for table in COLUMNS}
    tables["casualties"] = [dict.fromkeys(COLUMNS["casualties"]) | row for row in members]
    return Records(tables | {"actors": list(actors)})


def group(members: list[dict[str, Any]]) -> list[PrintedStatement]:
    for i, row in enumerate(members):
        row["figure_id"] = f"{row['claim_id']}.{i}"
    return group_statements(read(members), members)


def choose_last(members: list[dict[str, Any]]) -> str:
    statements = group(members)
    last = find_last(read(members), statements)
    assert last is not None
    return str(last.quantity)


rows = st.builds(
    make_row, st.sampled_from(sorted(ENDS)), st.integers(0, 60), st.sampled_from("abc"), st.sampled_from("pqrs")
)


@given(st.lists(rows, max_size=8))
def test_a_gap_is_a_distance_that_no_pair_can_close(members: list[dict[str, Any]]) -> None:
    """Against every completion of two claims: the gap is the largest distance that no choice of true numbers makes smaller."""
    statements = group(members)
    gap = find_gap(statements)
    worst = 0
    for one in statements:
        for other in statements:
            if one.claimant_id != other.claimant_id and one.size is not None and other.size is not None:
                possible = [abs(x - y) for x in complete(one.bounds) for y in complete(other.bounds)]
                worst = max(worst, min(possible))
    assert (gap.size if gap else 0) == worst


def complete(bounds: Bounds) -> range:
    return range(bounds.low or 0, (bounds.high if bounds.high is not None else 130) + 1)


@given(st.lists(rows, max_size=10))
def test_statements_hold_every_page_once(members: list[dict[str, Any]]) -> None:
    statements = group(members)
    assert sum(len(s.rows) for s in statements) == len(members)
    keys = [(s.claimant_id, s.as_of, s.size) for s in statements if s.size is not None]
    assert len(keys) == len(set(keys))
    assert [s.size for s in statements] == sorted(s.size for s in statements if s.size is not None)


def test_a_statement_shows_the_form_that_leaves_most_open() -> None:
    (statement,) = group(
        [make_row("exact", 704, page="p"), make_row("about", 704, page="q"), make_row("at_least", 704, page="r")]
    )
    assert str(statement.quantity) == "at least 704"
    assert statement.bounds == Bounds(704, None, 704)
    assert statement.other_forms == [(1, "704"), (1, "about 704")]


def test_the_last_number_is_that_of_the_answers() -> None:
    """A rounded number is the last only if it is larger than the others of its day."""
    first = make_row("exact", 727, day=4)
    assert choose_last([first, make_row("more_than", 720, day=5), make_row("at_least", 715, day=5)]) == "more than 720"
    assert choose_last([first, make_row("about", 700, day=5), make_row("at_least", 735, day=5)]) == "at least 735"


def test_a_rounding_joins_the_number_that_it_rounds() -> None:
    (statement,) = group([make_row("more_than", 700, page="p"), make_row("exact", 727, page="q")])
    assert str(statement.quantity) == "727"
    assert statement.bounds == Bounds(727, 727, 727)
    assert statement.other_forms == [(1, "more than 700")]


def test_a_part_of_an_open_total_is_open() -> None:
    total, part = make_row("at_least", 10, "a"), make_row("exact", 3, "a")
    total["figure_id"], part["figure_id"] = "p.1.killed", "p.1.killed.children"
    part |= {"parent_id": "p.1.killed", "relation": "part", "outcome": "killed", "unit": "persons"}
    other = make_row("exact", 7, "b", "q") | {"figure_id": "q.1.killed"}
    total |= {"outcome": "killed", "unit": "persons"}
    assert find_gap(group_statements(read([total, part, other]), [part, other])) is None


def test_claimants_that_may_be_several_are_kept_by_page() -> None:
    members = [
        make_row("exact", 6, "x", page) | {"figure_id": f"{page}.1.killed", "claim_id": f"{page}.1"} for page in "pq"
    ]
    actor = {"actor_id": "x", "kind": "unnamed"}
    assert len(group_statements(read(members, (actor,)), members)) == 2
    assert len(group_statements(read(members), members)) == 1


def test_the_last_numbers_of_tolls_are_those_of_timeline() -> None:
    """A page and an answer never differ."""
    records = SiteTables(loading.bundle())
    compared = 0
    for toll in records.list_rows("tolls")[::4]:
        current = [row for row in records.totals_by_toll.get(toll["toll_id"], ()) if row["current"] == "yes"]
        for outcome, unit in {(row["outcome"], row["unit"]) for row in current}:
            rows = [row for row in current if (row["outcome"], row["unit"]) == (outcome, unit)]
            last = find_last(records.counts, group_statements(records.counts, rows))
            query = make_query(records.counts, None, outcome, unit, "stated", regroup=False)
            answers = [r for r in list_timeline(records.counts, [toll["toll_id"]], query, one=True) if r["last_of_day"]]
            assert (str(last.quantity).removeprefix("from ") if last else None) == (
                answers[-1]["wording"] if answers else None
            )
            compared += 1
    assert compared > 15


def test_gaps_of_events_are_those_of_compare() -> None:
    """Of the totals that count the same people: compare also sets a part of them against all of them."""
    records = SiteTables(loading.bundle())
    query = make_query(records.counts, None, "killed", "persons", "stated")
    gaps = 0
    for event in records.list_rows("events"):
        chosen = choose_main(records, select_comparable(records, event["event_id"]))
        rows = [row for row in chosen if row["outcome"] == "killed"]
        gap = find_gap(group_statements(records.counts, rows))
        target = find_target(records.counts, event["event_id"], None, None, None)
        largest = max((row["gap_max"] or 0 for row in list_rivals(records.counts, target, query)), default=0)
        assert (gap.size if gap else 0) <= largest, event["event_id"]
        gaps += gap is not None
    assert gaps > 5


def test_people_with_a_label_are_not_everybody() -> None:
    row = {"outcome": "killed", "unit": "persons", "population": "everybody", "population_detail": None}
    assert key_population(row | {"label": None}) != key_population(row | {"label": "members of one family"})


def test_a_share_is_in_percent() -> None:
    row = make_row("exact", 0) | {"low": None, "best": None, "high": None, "share": 62.5, "qualifier": "about"}
    assert str(describe_quantity(row)) == "about 62.5 %"


def test_claims_that_may_agree_leave_no_gap() -> None:
    assert find_gap(group([make_row("at_least", 40, "a"), make_row("exact", 59, "b")])) is None
    gap = find_gap(group([make_row("exact", 6, "a"), make_row("at_least", 12, "b")]))
    assert str(gap) == "at least 6"


@given(st.integers(0, 10**12))
def test_a_scale_holds_its_largest_number(largest: int) -> None:
    scale = choose_scale(largest)
    assert scale.end >= largest
    assert 4 <= scale.steps <= 6
    assert re.fullmatch(r"[125]0*", str(scale.step))
    assert scale.end <= max(4, 2 * largest)


@given(rows, st.integers(60, 1000))
def test_a_picture_lies_in_its_scale(row: dict[str, Any], largest: int) -> None:
    (statement,) = group([row])
    drawing = draw_statement(statement, choose_scale(largest))
    assert all(0 <= float(n) <= 100 for n in re.findall(r"([0-9.]+)%", drawing))
    assert ("lead-l" in drawing) == (row["qualifier"] not in ("up_to", "nearly"))


@given(st.text(min_size=1, max_size=60), st.text(min_size=1, max_size=60))
def test_an_id_makes_one_safe_part_of_a_path(one: str, other: str) -> None:
    try:
        slugs = make_slug(one), make_slug(other)
    except UnicodeEncodeError:  # half a sign: no table holds one
        return
    for slug in slugs:
        assert re.fullmatch(r"[A-Za-z0-9_.~-]{1,200}", slug)
        assert not slug.startswith(".")
    if len(one) < 15 and len(other) < 15:
        assert (slugs[0] == slugs[1]) == (one == other)


@pytest.mark.parametrize("id_", ["../../etc/passwd", "..", ".", "index", "a/b", "con.", "é"])
def test_an_id_never_leaves_its_folder(id_: str) -> None:
    slug = make_slug(id_)
    assert "/" not in slug
    assert slug not in ("", ".", "..", "index")


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://example.org/a?b=c", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ('https://x"onclick=', False),
        ("urn:x", False),
        (None, False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str | None, kept: bool) -> None:
    assert bool(keep_web_address(address)) is kept


@pytest.mark.parametrize(
    "part",
    [
        "<script>",
        "<style>",
        '<g style="x">',
        '<a onclick="x">',
        '<image href="x"/>',
        "<foreignObject>",
        '<a href="javascript:x">',
    ],
)
def test_a_drawing_with_foreign_parts_is_refused(part: str) -> None:
    with pytest.raises(ValueError, match="the drawing holds"):
        embed_svg(f"<svg>{part}</svg>")


def test_a_drawing_keeps_its_words() -> None:
    toll = "gaza_moh.gaza_2023.2023-10-07"
    drawn = str(embed_svg(f'<svg aria-label="{toll}" width="1.23456"><text x="0.98765">--toll {toll}</text></svg>'))
    assert drawn == f'<svg aria-label="{toll}" width="1.23"><text x="0.99">--toll {toll}</text></svg>'


def test_a_drawing_takes_the_colours_of_the_page() -> None:
    assert (
        embed_svg('<?xml version="1.0"?><svg><path fill="#1A1D21" stroke="#fdfdfc"/></svg>')
        == '<svg><path fill="var(--ink)" stroke="var(--paper)"/></svg>'
    )


@pytest.mark.parametrize(
    ("name", "kind", "words"),
    [
        ("Syrian Observatory for Human Rights", "monitor", "the Syrian Observatory for Human Rights"),
        ("UN Human Rights Office (OHCHR)", "united_nations", "the UN Human Rights Office"),
        ("Amnesty International", "monitor", "Amnesty International"),
        ("Unnamed local elected official", "unnamed", "an unnamed local elected official"),
        ("Unnamed local sources", "unnamed", "unnamed local sources"),
        ("Syrian military source quoted by SANA", "unnamed", "a Syrian military source quoted by SANA"),
        ("The National", "news_media", "The National"),
        ("Syrian Arab News Agency (SANA)", "party_media", "the Syrian Arab News Agency"),
        ("Hamas and allied Palestinian factions", "armed_group", "Hamas and allied Palestinian factions"),
        ("Bedouin and tribal fighters", "militia", "the Bedouin and tribal fighters"),
        ("Armed forces of Burkina Faso", "armed_forces", "the armed forces of Burkina Faso"),
        ("Armed Forces of Ukraine", "armed_forces", "the Armed Forces of Ukraine"),
        ("Government of the DRC", "government_body", "the government of the DRC"),
        ("Gaza Government Media Office", "government_body", "the Gaza Government Media Office"),
        ("Islamic Revolutionary Guard Corps", "armed_forces", "the Islamic Revolutionary Guard Corps"),
        ("Unidentified perpetrator", "unspecified", "an unidentified perpetrator"),
        ("Officials of Western states", "unnamed", "officials of Western states"),
    ],
)  # fmt: skip
def test_a_name_takes_the_article_that_a_sentence_needs(name: str, kind: str, words: str) -> None:
    assert add_article(name, kind) == words


@pytest.mark.parametrize(
    ("name", "plural"),
    [
        ("Syrian Democratic Forces", True),
        ("Israeli authorities", True),
        ("United Nations (office not named)", False),
        ("Médecins Sans Frontières", False),
    ],
)
def test_a_verb_follows_its_name(name: str, plural: bool) -> None:
    assert is_plural(name) is plural


def test_days_in_words() -> None:
    first, last = dt.date(2024, 11, 27), dt.date(2024, 12, 5)
    assert format_span(first, last) == "27 November to 5 December 2024"
    assert format_span(dt.date(2024, 12, 1), last, short=True) == "1 to 5 Dec 2024"
    assert format_span(dt.date(2023, 10, 7), last) == "7 October 2023 to 5 December 2024"
    assert format_span(last, last) == "5 December 2024"


@pytest.mark.parametrize(
    ("qualifier", "words"),
    [
        ("at_least", "at least 1,000"),
        ("exact", "1,000"),
        ("about", "about 1,000"),
        ("nearly", "nearly 1,000"),
        ("up_to", "up to 1,000"),
        ("more_than", "more than 1,000"),
    ],
)
def test_a_number_in_words(qualifier: str, words: str) -> None:
    assert str(describe_quantity(make_row(qualifier, 1000))) == words
    empty = make_row("exact", 1) | {"low": None, "best": None, "high": None}
    assert str(describe_quantity(empty | {"qualifier": "dozens"})) == "dozens"
    assert str(describe_quantity(empty | {"qualifier": "unstated"})) == "number not stated"
