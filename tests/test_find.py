"""`conflictdata find` and `cd.find`: names turned into ids."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import PLAIN, run
from depth import DEEP, count_examples
from hypothesis import given, settings
from hypothesis import strategies as st
from seedbox import ACTORS, ALIASES, EVENTS, NAME, SOURCE, write_seedbox

import conflictdata as cd
from conflictdata.registers.find import read_finder
from conflictdata.registers.finder import Finder
from conflictdata.registers.folding import escape_hidden, fold_name, read_host
from conflictdata.registers.match import KINDS, RANKS, NameMatch

SEEDS = Path(__file__).parents[1] / "seeds"
RELEASE = read_finder()


def list_ids(text: str, **options: str) -> list[str]:
    """Return the ids found in the release."""
    return [match.id for match in cd.find(text, **options)]


def get_first(text: str, **options: str) -> NameMatch:
    """Return the best match in the release."""
    return cd.find(text, **options)[0]


# ---- names, best first ---------------------------------------------------------------------------------------------

NAMED = [
    ("sohr", "sohr", "id"),
    ("Syrian Observatory for Human Rights", "sohr", "name"),
    ("OSDH", "sohr", "alias"),
    ("المرصد السوري لحقوق الإنسان", "sohr", "alias"),
    ("the syrian observatory for human rights", "sohr", "spelling"),
    ("Syrian-Observatory for Human Rights", "sohr", "spelling"),
    ("SUDTIROL NEWS", "sudtirol_news", "spelling"),
    ("ekonomi pusulasi", "ekonomi_pusulasi", "spelling"),
    ("Rad al-Udwan", "hts_and_allies", "spelling"),
    ("Maarrat an-Numan", "maarat_al_numan", "spelling"),
    ("Ma`arrat an-Nu´man", "maarat_al_numan", "spelling"),
    ("السويداء", "sweida", "alias"),
    ("إدلِب", "idlib", "spelling"),
    ("Suwayda", "sweida", "alias"),
    ("Qaim", "al_qaim", "spelling"),
    ("Syrian Observatory", "sohr", "beginning"),
    ("observatory human rights", "sohr", "words"),
    ("Ministry for Health of Lebanon", "lebanon_moph", "words"),
    ("the White Helmets rescue group", "white_helmets", "part"),
    ("Syrian Observatry for Human Rights", "sohr", "near"),
    ("hezbolah", "hezbollah", "near"),
    ("te_national", "the_national", "near"),
    ("tehrantimes.com", "tehran_times", "host"),
    ("https://www.tehrantimes.com:443/news/1?page=2", "tehran_times", "host"),
    ("AMP.tehrantimes.com", "tehran_times", "host"),
    ("bbc.com", "bbc", "host"),
    ("news.bbc.co.uk", "bbc", "host"),
    ("News.az", "news_az", "name"),
    ("War in Yemen", "yemen", "name"),
    ("2024-11-29-aleppo-entered", "2024-11-29-aleppo-entered", "id"),
]


@pytest.mark.parametrize(("text", "id_", "matched"), NAMED, ids=[text for text, _, _ in NAMED])
def test_a_name_finds_its_record(text: str, id_: str, matched: str) -> None:
    match = get_first(text)
    assert (match.id, match.matched) == (id_, matched)


def test_a_match_says_what_the_record_is() -> None:
    (sohr,) = cd.find("Syrian Observatory for Human Rights")
    assert (sohr.kind, sohr.category, sohr.country) == ("actor", "monitor", "GBR")
    assert "syria_2024_offensive" in sohr.conflicts
    place = get_first("Hama city")
    assert (place.kind, place.category, place.country, place.parent, place.precision) == (
        "place", "settlement", "SYR", "hama", "2",
    )  # fmt: skip
    event = get_first("2024-11-27-idlib-aleppo-captures")
    assert (event.kind, event.category, event.parent) == ("event", "territory_capture", "aleppo_idlib")
    assert event.day == "2024-11-27/2024-12-04"
    assert event.conflicts == ("syria_2024_offensive",)
    conflict = get_first("yemen", kind="conflict")
    assert (conflict.name, conflict.country, conflict.day) == ("War in Yemen", "YEM", "2014-09-16")


def test_a_match_shows_its_filled_fields_only() -> None:
    shown = repr(NameMatch("actor", "who", "World Health Organization", "alias", "WHO"))
    assert shown == "NameMatch(kind='actor', id='who', name='World Health Organization', matched='alias', text='WHO')"
    with pytest.raises(AttributeError):
        get_first("sohr").id = "other"  # type: ignore[misc]


def test_an_event_is_found_by_words_of_its_place_and_its_actors() -> None:
    assert "2022-01-21-saada-prison-strike" in list_ids("saada prison", kind="event")
    assert "2024-11-27-idlib-camp-strike" in list_ids("russia camp idlib", kind="event")


def test_kind_and_conflict_narrow_the_search() -> None:
    assert {match.kind for match in cd.find("syria")} > {"place"}
    assert {match.kind for match in cd.find("syria", kind="place")} == {"place"}
    assert {match.conflicts for match in cd.find("strike", kind="event", conflict="yemen")} == {("yemen",)}
    assert list_ids("white helmets", conflict="War in Yemen") == []
    assert list_ids("Hama city", conflict="syria_civil_war", kind="place") == ["hama_city"]  # by its country


def test_a_host_of_two_publishers_names_both() -> None:
    assert list_ids("bianet.org") == ["bianet", "bianet_english"]
    assert RELEASE.find_id("bianet.org", "actor") == ""


def test_a_host_of_a_party_is_not_guessed() -> None:
    assert list_ids("russia.example", kind="actor") != ["russia"]
    assert RELEASE.find_id("russia.example", "actor") == ""


def test_an_ordinary_word_in_a_sentence_names_nobody() -> None:
    assert "who" not in list_ids("people who fled")
    assert list_ids("people, says WHO")[0] == "who"


def test_unknown_kinds_and_conflicts_are_refused() -> None:
    with pytest.raises(cd.UsageError, match="there is no kind 'city'; there are actor, place"):
        cd.find("Homs", kind="city")
    with pytest.raises(
        cd.UsageError, match="there is no conflict 'syria_2024_offensve'; there are syria_2024_offensive"
    ):
        cd.find("Homs", conflict="syria_2024_offensve")


# ---- every name ----------------------------------------------------------------------------------------------------


def test_every_name_finds_its_record_first_or_tied() -> None:
    missed = []
    for entry in RELEASE.entries[:: 1 if DEEP else 5]:
        for name in entry.names:
            if len(name.text) > 200 or set(name.text) & set("<>{}[]\\|^$*=;~"):
                continue  # a summary with a sign that no name has
            found = RELEASE.find(name.text, kind=entry.record.kind)
            best = {match.id for match in found if RANKS[match.matched] == RANKS[found[0].matched]}
            if entry.record.id not in best:
                missed.append((entry.record.kind, entry.record.id, name))
    assert missed == []


def test_seeds_and_release_have_the_same_names() -> None:
    ours, theirs = (
        {(e.record.kind, e.record.id): set(e.names) for e in f.entries} for f in (RELEASE, read_finder(SEEDS))
    )
    assert ours == theirs


# ---- tables of the next model --------------------------------------------------------------------------------------

TABLES = {
    "conflicts": [
        {"conflict_id": "war", "name": "A war", "date_start": "2024-01-01", "date_end": "", "countries": "SYR"},
        {"conflict_id": "feud", "name": "A feud", "date_start": "2024-01-01", "date_end": "", "countries": "YEM"},
    ],
    "actors": [
        {"actor_id": id_, "name": name, "short_name": short, "kind": "armed_group", "country": "", "parent_id": ""}
        for id_, name, short in (("front", "Popular Front", "PopFront"), ("tribes", "Tribal fighters", ""))
    ],
    "common_names": [
        {"conflict_id": "war", "name": "rebels", "actor_id": "front"},
        {"conflict_id": "feud", "name": "rebels", "actor_id": "tribes"},
    ],
    "conflict_actors": [{"conflict_id": "feud", "actor_id": "front"}],
    "tolls": [
        {
            "toll_id": "front.war.2024-01-01", "claimant_id": "front", "conflict_id": "war", "date_start": "2024-01-01",
            "date_end": "", "population": "civilians", "location_id": "town", "name": "Toll of the Popular Front",
        }
    ],
}  # fmt: skip
NEXT = Finder.from_tables(TABLES)


def test_short_names_common_names_and_tolls_are_found() -> None:
    assert [(m.id, m.matched) for m in NEXT.find("PopFront")] == [("front", "short name")]
    assert [(m.id, m.matched) for m in NEXT.find("rebels")] == [("front", "common name"), ("tribes", "common name")]
    assert [m.id for m in NEXT.find("rebels", conflict="feud")] == ["tribes"]
    assert NEXT.find("Popular Front", kind="actor")[0].conflicts == ("feud", "war")
    (toll,) = NEXT.find("front.war.2024-01-01")
    assert (toll.kind, toll.category, toll.day, toll.parent) == ("toll", "civilians", "2024-01-01", "town")
    assert NEXT.find("Toll of the Popular Front")[0].kind == "toll"


def test_a_short_name_and_an_alias_are_equally_good() -> None:
    army = {
        "actor_id": "army",
        "name": "The army",
        "short_name": "",
        "kind": "armed_forces",
        "country": "",
        "parent_id": "",
    }
    speaker = {**army, "actor_id": "speaker", "name": "Its speaker", "short_name": "ARM"}
    aliases = [{"entity_kind": "actor", "entity_id": "army", "alias": "ARM"}]
    finder = Finder.from_tables({"actors": [army, speaker], "aliases": aliases})
    assert [m.id for m in finder.find("ARM")] == ["army", "speaker"]
    assert finder.find_id("ARM", "actor") == ""


def test_the_nearest_are_those_with_similar_names() -> None:
    assert [m.id for m in NEXT.find_nearest("popular people's front")] == ["front", "front.war.2024-01-01"]
    assert NEXT.find_nearest("x\x00") == []


# ---- texts that are no names ---------------------------------------------------------------------------------------

HOSTILE = {
    "": "no letter and no digit",
    "   ": "no letter and no digit",
    "...": "no letter and no digit",
    "ʿ": "no letter and no digit",
    "x" * 10_000: "10,000 characters",
    "so\x1b[31mhr": r"U\+001B",
    "sohr\nhama": r"U\+000A",
    "sohr\thama": r"U\+0009",
    "(a+)+$": r"'\$'",
    "[a-z]*": r"'\['",
    "'; DROP TABLE actors; --": "';'",
    "\U0001f600 sohr": r"U\+1F600 \(grinning face\)",
    "sohr\u200f": r"U\+200F \(right-to-left mark\)",
    "sohr\u202e": r"U\+202E",
    "a\ud800": r"U\+D800",
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.items(), ids=[ascii(text)[:20] for text in HOSTILE])
def test_a_text_that_cannot_be_a_name_is_refused(text: str, message: str) -> None:
    with pytest.raises(cd.UsageError, match=message) as caught:
        cd.find(text)
    assert str(caught.value).isprintable()


def test_the_text_must_be_a_text() -> None:
    with pytest.raises(cd.UsageError, match="is a int, not a text"):
        cd.find(727)  # type: ignore[arg-type]


@settings(max_examples=count_examples(60, 500), deadline=None)
@given(st.text(max_size=250), st.sampled_from(["", *KINDS]))
def test_any_text_gives_matches_in_order_or_a_clear_error(text: str, kind: str) -> None:
    try:
        found = RELEASE.find(text, kind=kind)
    except cd.UsageError as fault:
        found, message = [], str(fault)
        if not message.isprintable():
            raise
    ranks = [RANKS[match.matched] for match in found if match.matched != "host"]
    assert ranks == sorted(ranks)
    assert len({(match.kind, match.id) for match in found}) == len(found)
    RELEASE.find_nearest(text, kind=kind)


@settings(max_examples=count_examples(40, 300), deadline=None)
@given(st.sampled_from([name.text for e in RELEASE.entries for name in e.names if len(name.text) > 9]), st.data())
def test_a_name_with_one_letter_missing_is_still_found(name: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(name) - 2))
    text = name[:at] + name[at + 1 :]
    if name[at].isalnum() and not set(text) & set("<>{}[]\\|^$*=;~") and len(text) <= 200 and not read_host(text):
        assert RELEASE.find(text)


@settings(max_examples=count_examples(60, 500), deadline=None)
@given(st.text())
def test_folding_and_escaping_settle(text: str) -> None:
    assert escape_hidden(text).isprintable()
    assert fold_name(text) == fold_name(text).strip()
    assert fold_name(text.upper()) == fold_name(text.upper().casefold())


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://www.bbc.com/news?x=1", "bbc.com"), ("bbc.com:8080", "bbc.com"), ("m.example.org", "example.org"),
        ("amp.dw.com/en", "dw.com"), ("user:word@example.org/x", "example.org"), ("5.180.24.3", "5.180.24.3"),
        ("BBC", ""), ("no host.at all", ""), ("urn:document:x.txt", ""),
    ],
)  # fmt: skip
def test_a_host_is_read_from_an_address(text: str, host: str) -> None:
    assert read_host(text) == host


# ---- a folder of seeds ---------------------------------------------------------------------------------------------


def test_seeds_are_searched_as_they_are(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {"reference/aliases.csv": ALIASES + "location,town,La ville,fr\n"})
    assert [(m.id, m.conflicts) for m in cd.find("The opposition", seeds=folder)] == [("rebels", ("war",))]
    assert [m.id for m in cd.find("la ville", seeds=str(folder))] == ["town"]
    assert [m.id for m in cd.find("example.org", seeds=folder)] == ["paper"]
    (raid,) = cd.find("A raid on a town.", seeds=folder)
    assert (raid.id, raid.day, raid.parent) == ("2024-06-01-raid", "2024-06-01", "town")
    assert cd.find("observatory", seeds=folder)[0].conflicts == ("war",)


BROKEN = {
    "reference/actors.csv": [(b"\xff\xfe", "is not UTF-8"), (b"", "has no column actor_id"), (b'actor_id,name\n"a', "is not CSV")],
    "events/war.yaml": [(b"a: [", "cannot be read"), (b"\xff", "is not UTF-8")],
}  # fmt: skip


@pytest.mark.parametrize(("name", "content", "message"), [(n, c, m) for n, rows in BROKEN.items() for c, m in rows])
def test_seeds_that_cannot_be_read_are_named(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    (folder / name).write_bytes(content)
    done = run("find", "rebels", "--seeds", folder)
    assert done.returncode == 2
    assert message in done.stderr
    assert Path(name).name in done.stderr


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device")
def test_a_device_is_not_read(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    (folder / "sources/war").joinpath("zero-2024-06-02.yaml").symlink_to("/dev/zero")
    assert "is not a file" in run("find", "rebels", "--seeds", folder).stderr


def test_odd_events_and_short_rows_are_no_failure(tmp_path: Path) -> None:
    events = EVENTS + "2024-06-02-odd: text\n2024-06-03-odd: {date: [1], initiator: {a: b}}\n"
    folder = write_seedbox(tmp_path, {"events/war.yaml": events, "reference/actors.csv": ACTORS + "zebra,Zebra\n\n"})
    assert [m.id for m in cd.find("Zebra", seeds=folder)] == ["zebra"]
    assert [m.id for m in cd.find("2024-06-03-odd", seeds=folder)] == ["2024-06-03-odd"]


def test_a_folder_without_registers_is_refused(tmp_path: Path) -> None:
    with pytest.raises(cd.UsageError, match="is not a folder of seeds"):
        cd.find("sohr", seeds=tmp_path)


# ---- the command ---------------------------------------------------------------------------------------------------


def test_the_command_prints_one_line_per_record() -> None:
    done = run("find", "Syrian", "Observatory", "--kind", "actor")
    assert done.returncode == 0
    assert done.stdout.startswith("actor  sohr ")
    assert "Syrian Observatory for Human Rights (beginning; monitor, GBR; " in done.stdout
    assert done.stderr == ""


def test_the_command_limits_its_lines_and_says_so() -> None:
    done = run("find", "syria", "-n", "3")
    assert len(done.stdout.splitlines()) == 3
    assert "more: choose with --kind or --conflict, or print more with -n" in done.stderr


def test_the_command_prints_json_for_programs() -> None:
    done = run("find", "هيئة تحرير الشام", "--format", "json")
    (record,) = json.loads(done.stdout)
    assert done.stdout.isascii()
    assert list(record) == [
        "kind", "id", "name", "matched", "text", "conflicts", "category", "country", "parent", "precision", "day",
    ]  # fmt: skip
    assert (record["id"], record["text"]) == ("hts", "هيئة تحرير الشام")


def test_nothing_found_names_the_nearest_and_exits_1() -> None:
    done = run("find", "Assistance Associates of Politcal Prisonner")
    assert done.returncode == 1
    assert done.stdout == ""
    assert "nothing found: no record is called" in done.stderr
    assert "aapp (Assistance Association for Political Prisoners)" in done.stderr
    done = run("find", "xyzzy", "--format", "json")
    assert (done.returncode, json.loads(done.stdout)) == (1, [])
    assert "no name is similar" in done.stderr


@pytest.mark.parametrize(
    "text", [t for t in HOSTILE if "\x00" not in t and "\ud800" not in t], ids=lambda t: ascii(t)[:20]
)
def test_the_command_refuses_hostile_texts(text: str) -> None:
    done = run("find", "--", text)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr
    assert done.stderr.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "text"), (("x", "--kind", "city"), "'city'"), (("x", "--most", "0"), "--most is 0"),
        (("x", "--most", "many"), "many"), (("x", "--nonsense\x1b[31m"), "\\x1b"), (("x", "--seeds", "no\x1bwhere"), "\\x1b"),
        (("x", "--conflict", "no\u202esuch"), "\\u202e"),
    ],
)  # fmt: skip
def test_the_command_refuses_wrong_options(arguments: tuple[str, ...], message: str) -> None:
    done = run("find", *arguments)
    assert done.returncode == 2
    assert message in done.stderr
    assert done.stderr.replace("\n", "").isprintable()


def test_a_hostile_register_cannot_speak_to_the_terminal(tmp_path: Path) -> None:
    actors = ACTORS.replace("A newspaper", "A \x1b[31mnewspaper\u202e")
    folder = write_seedbox(tmp_path, {"reference/actors.csv": actors})
    for options in ((), ("--format", "json")):
        done = run("find", "paper", "--kind", "actor", "--seeds", folder, *options)
        assert done.returncode == 0
        assert done.stdout.replace("\n", "").isprintable()


def test_help_has_an_example_and_the_command_is_listed() -> None:
    assert "Example: conflictdata find" in run("find", "--help").stdout
    assert " find " in run("--help").stdout


def test_the_program_imports_no_library_of_tables() -> None:
    heavy = "polars pandas pandera pyarrow narwhals numpy typer rich pydantic".split()
    code = "import sys; from conflictdata.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += f"print([m for m in {heavy} if m in sys.modules])"
    for arguments in (["find", "hezbolah"], ["find", "hama", "--seeds", str(SEEDS)]):
        command = [sys.executable, "-c", code.replace("main()", f"sys.argv[1:] = {arguments}; main()", 1)]
        done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **PLAIN}, check=True)
        assert done.stdout.splitlines()[-1] == "[]", done.stdout


def test_the_installed_program_finds(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "conflictdata", "find", "bbc.com"]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **PLAIN}, cwd=tmp_path, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[:2] == ["actor", "bbc"]


def test_a_withdrawn_page_leaves_no_host(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {NAME: SOURCE.replace("https://example.org/1", "urn:document:1")})
    assert cd.find("example.org", seeds=folder) == []


def test_the_registers_of_the_release_are_those_of_its_tables() -> None:
    with cd.path("actors", format="csv").open(encoding="utf-8", newline="") as file:
        actors = {row["actor_id"] for row in csv.DictReader(file)}
    assert {e.record.id for e in RELEASE.entries if e.record.kind == "actor"} == actors
