"""`conflictdata new`: the scaffold of a page or claim, up to a clean record.

`CONFLICTDATA_GOLDEN=write pytest tests/test_new.py` rewrites `tests/messages/new`. Read it as a newcomer.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from seedbox import ACTORS, NAME, SOURCE, write_seedbox
from test_cli import run

from conflictdata._utils import atomic_write
from conflictdata.authoring import index, urls
from conflictdata.authoring.canonical import format_yaml
from conflictdata.authoring.compose import Commented, compose
from conflictdata.authoring.new import NewFile, NewPageRequest, prepare_file
from conflictdata.findings import UsageError
from conflictdata.rules._urls import HAS_TRACKING
from conflictdata.seeds import sources
from conflictdata.validation.api import validate

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
GOLDEN = Path(__file__).parent / "messages" / "new"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"
URL = "https://example.org/2024/06/09/news"


def make_page(seeds: Path, target: str, **options: str) -> NewFile:
    return prepare_file(NewPageRequest(target, **options), index.read_index(seeds))


def get_refusal(seeds: Path, target: str, **options: str) -> str:
    with pytest.raises(UsageError) as fault:
        make_page(seeds, target, **options)
    return str(fault.value)


@pytest.fixture(scope="module")
def held() -> index.SeedIndex:
    """Return the index of this repository's seeds."""
    return index.read_index(SEEDS)


# A new page.


@pytest.mark.parametrize(
    ("name", "target", "options"),
    [
        ("address", f"{URL}?utm_source=a&id=3&fbclid=b", {}),
        ("id", "rebels-2024-06-09", {"language": "fr", "claimant": "observatory"}),
    ],
)
def test_a_scaffold_reads_as_it_should(
    name: str, target: str, options: dict[str, str], tmp_path: Path, monkeypatch: Any
) -> None:
    monkeypatch.chdir(tmp_path)
    page = make_page(write_seedbox(Path("seeds")), target, **options)
    text = f"{page.path.as_posix()}\n" + "".join(f"{line}\n" for line in page.remarks) + f"\n{page.text}"
    golden = GOLDEN / f"{name}.txt"
    if WRITE:
        golden.parent.mkdir(parents=True, exist_ok=True)
        golden.write_text(text, encoding="utf-8")
    assert text == golden.read_text(encoding="utf-8")


def test_a_scaffold_is_in_canonical_form_and_explains_every_key(tmp_path: Path) -> None:
    page = make_page(write_seedbox(tmp_path), "paper-2024-06-09")
    assert format_yaml(page.text.encode(), page.path.as_posix()).text == page.text
    for key in {*sources.PAGE, *sources.CLAIM} - {"conflict", "status", "supersedes", "reason"}:
        assert re.search(rf"^ *(?:# )?{key}:.*# \S", page.text, re.M), key


def test_every_offer_can_be_taken(tmp_path: Path) -> None:
    text = make_page(write_seedbox(tmp_path), "paper-2024-06-09").text
    head, _, body = text.partition("\n\n")
    taken = re.sub(r"^( *)# (?=[a-z ]*[a-z0-9_]+:)", r"\1", body, flags=re.M)
    page = yaml.load(taken, Loader=yaml.BaseLoader)
    assert head.startswith("# Replace every TODO")
    assert set(page) == {*sources.PAGE, "claims"}
    assert page["claims"]["1"]["killed"]["by party"]["fighters"] == {"n": "220", "printed": "220 fighters"}


@pytest.mark.slow
def test_a_scaffold_is_never_clean_and_says_what_to_fill_in(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path)
    page = make_page(folder, "paper-2024-06-09")
    atomic_write.create_file(page.path, page.text.encode())
    findings = validate(page.path).findings
    assert {f.rule for f in findings} == {"seed.todo"}
    lines = [n for n, line in enumerate(page.text.splitlines(), 1) if re.match(r" *[a-z_]+: TODO", line)]
    assert [f.place.line for f in findings if f.place] == lines
    assert len(lines) == 9
    assert all("still to be filled in" in f.message and f.hint.startswith("Fill in") for f in findings)


@pytest.mark.slow
def test_a_todo_in_a_reference_table_is_found(tmp_path: Path) -> None:
    row = "gazette,TODO,news_media,TODO,,,,,,\n"
    folder = write_seedbox(
        tmp_path, {"reference/actors.csv": ACTORS.replace("government,The", row + "government,The", 1)}
    )
    findings = validate(folder).findings
    assert [(f.rule, f.place.line, f.place.column) for f in findings if f.place] == [
        ("seed.todo", 3, 9),
        ("seed.todo", 3, 25),
    ]


def test_from_new_to_a_clean_record(tmp_path: Path) -> None:
    write_seedbox(tmp_path / "seeds")
    done = run("new", f"{URL}?utm_source=x", "--publisher", "paper", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    path = tmp_path / done.stdout.strip()
    assert path == tmp_path / "seeds/sources/war/paper-2024-06-09.yaml"
    assert "removed from the address: utm_source" in done.stderr
    assert "replace each TODO" in done.stderr
    filled = {
        "published": "9 June 2024", "language": "en", "access": "full_text", "claimant": "observatory", "since": "2024-05-01",
        "as_of": "2024/6/8", "location": "syria", "n": "at least 70", "printed": "'at least 70 people'",
    }  # fmt: skip
    text = path.read_text()
    for key, value in filled.items():
        text = text.replace(f"{key}: TODO", f"{key}: {value}", 1)
    path.write_text(text)
    assert run("fmt", path, cwd=tmp_path).stdout == f"formatted: {path.relative_to(tmp_path)}\n"
    assert "published: 2024-06-09  # Day" in path.read_text()
    report = validate(tmp_path / "seeds")
    assert report.findings == []
    assert report.counts["sources"] == 2


# Ids.


def test_the_second_page_of_a_day_gets_the_next_number(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {"retired.csv": "id,replaced_by,on,reason\npaper-2024-06-02-2,,2024-06-03,x\n"})
    page = make_page(folder, "https://example.org/2", publisher="paper", published="2024-06-02")
    assert page.path.name == "paper-2024-06-02-3.yaml"
    assert not page.exists


def test_an_id_names_publisher_and_day(tmp_path: Path) -> None:
    page = make_page(write_seedbox(tmp_path), "paper-2024-06-09-2")
    assert page.path == tmp_path / "sources/war/paper-2024-06-09-2.yaml"
    assert "\npublisher: paper  #" in page.text
    assert "\npublished: 2024-06-09  #" in page.text
    assert "\nurl: TODO  #" in page.text


@pytest.mark.slow
def test_one_more_claim_leaves_the_rest_of_the_file_as_it_is(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {"retired.csv": f"id,replaced_by,on,reason\n{Path(NAME).stem}.3,,2024-06-03,x\n"})
    page = make_page(folder, "paper-2024-06-02", claimant="observatory")
    assert page.exists
    assert page.path == folder / NAME
    assert page.text.startswith(SOURCE)
    added = yaml.load(page.text, Loader=yaml.BaseLoader)["claims"]
    assert list(added) == ["1", "2", "4"]  # 3 was withdrawn
    assert added["4"]["claimant"] == "observatory"
    atomic_write.replace_file(page.path, page.text.encode())
    assert {f.rule for f in validate(folder).findings} == {"seed.todo"}


ENDINGS: dict[str, Callable[[str], str]] = {
    "no last line end": lambda text: text.removesuffix("\n"),
    "no claims": lambda text: text[: text.index("\nclaims:")],
    "no claim yet": lambda text: text[: text.index("claims:")] + "claims: {}\n",
    "an empty key": lambda text: text[: text.index("claims:")] + "claims:\n",
    "another margin": lambda text: (
        text.replace("\n  ", "\n    ").replace("\n    1:", "\n   1:").replace("\n    2:", "\n   2:")
    ),
    "a comment at the end": lambda text: text + "# the end\n",
}


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_claim_is_put_at_the_end_of_any_page(ending: str, tmp_path: Path) -> None:
    before = ENDINGS[ending](SOURCE)
    page = make_page(write_seedbox(tmp_path, {NAME: before}), "paper-2024-06-02")
    old, new = (yaml.load(text, Loader=yaml.BaseLoader) for text in (before, page.text))
    number, claim = new["claims"].popitem()
    assert claim["killed"] == {"n": "TODO", "printed": "TODO"}
    assert {**old, "claims": old.get("claims") or {}} == new
    assert number == str(len(new["claims"]) + 1)


@pytest.mark.parametrize(
    ("before", "way_out"),
    [
        (SOURCE.replace("claims:\n", "claims: {1: {killed: 8}}\nnote: |\n", 1), "run `conflictdata fmt"),
        (f"claims:\n  1:\n    killed: 8\n{SOURCE[: SOURCE.index('claims:')]}", "run `conflictdata fmt"),
        (SOURCE + "  2:\n    killed: 8\n", "to see them, run `conflictdata validate"),
        ("a: [1\n", "to see them, run `conflictdata validate"),
    ],
    ids=["brackets", "claims first", "a claim twice", "no YAML"],
)
def test_a_page_that_cannot_grow_is_refused_with_the_way_out(before: str, way_out: str, tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path, {NAME: before})
    assert way_out in get_refusal(folder, "paper-2024-06-02")


# Values found from an address.


@pytest.mark.parametrize(
    ("given", "kept", "removed"),
    [
        ("https://a.org/x?utm_source=1&UTM_Medium=2", "https://a.org/x", ["utm_source", "UTM_Medium"]),
        ("https://a.org/x?id=1&fbclid=2#top", "https://a.org/x?id=1#top", ["fbclid"]),
        ("https://a.org/x?gclid", "https://a.org/x", ["gclid"]),
        ("https://a.org/x?a=&b=utm_source", "https://a.org/x?a=&b=utm_source", []),
        ("https://a.org/x?", "https://a.org/x?", []),
        ("urn:document:a.txt", "urn:document:a.txt", []),
    ],
)
def test_tracking_parameters_are_removed_and_reported(given: str, kept: str, removed: list[str]) -> None:
    assert urls.clean_url(given) == (kept, removed)
    assert not re.search(HAS_TRACKING, kept)


PAIRS = (
    ("http://www.a.org/x/", "https://A.org/x"),
    ("https://a.org/x#top", "https://a.org/x"),
    ("https://a.org/x?id=1", "https://a.org/x?id=2"),
    ("https://a.org/X", "https://a.org/x"),
    ("https://a.org", "https://www.a.org/"),
    ("https://a.org?x=/", "https://a.org?x="),
    ("https://b.a.org/x", "https://a.org/x"),
    ("urn:document:a", "urn:document:a/"),
)


@pytest.mark.slow
@pytest.mark.sample(3)
@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_addresses_are_one_page_where_the_rule_says_so(one: str, other: str, tmp_path: Path) -> None:
    second = SOURCE.replace("https://example.org/1", other).replace("published: 2024-06-02", "published: 2024-06-03")
    first = SOURCE.replace("https://example.org/1", one)
    findings = validate(write_seedbox(tmp_path, {NAME: first, "sources/war/paper-2024-06-03.yaml": second})).findings
    same = "sources.url-once" in {f.rule for f in findings}
    assert (urls.normalize_page_url(one) == urls.normalize_page_url(other)) == same


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.org/2024/12/05/x", "2024-12-05"),
        ("https://a.org/2024/12/5/x", "2024-12-05"),
        ("https://a.org/news/x-2024-12-05.html", "2024-12-05"),
        ("https://a.org/20241205/x", "2024-12-05"),
        ("https://a.org/2024/12/05/x-2024-12-05", "2024-12-05"),
        ("https://a.org/2024/12/05/x-2024-12-04", ""),
        ("https://a.org/2024/12/6966476", ""),
        ("https://a.org/2024/13/05/x", ""),
        ("https://a.org/2024/12/x", ""),
        ("https://a.org/x?d=2024/12/05", ""),
        ("https://a.org/203348", ""),
    ],
)
def test_a_day_in_an_address(url: str, day: str) -> None:
    assert urls.find_day(url) == day


def test_no_address_of_the_seeds_names_another_day_than_its_page(held: index.SeedIndex) -> None:
    named = {page.id: day for page in held.pages.values() if (day := urls.find_day(page.url))}
    assert len(named) > 40
    assert {id_: day for id_, day in named.items() if day not in id_} == {}


def test_the_day_in_an_address_is_a_suggestion_alone(tmp_path: Path) -> None:
    page = make_page(write_seedbox(tmp_path), URL, publisher="paper")
    assert page.path.name == "paper-2024-06-09.yaml"
    assert re.search(r"^published: TODO  # .*The address has 2024-06-09", page.text, re.M)
    assert "Compare it with the page" in page.remarks[-1]


def test_the_host_tells_the_publisher_where_one_has_pages_there(held: index.SeedIndex) -> None:
    page = prepare_file(
        NewPageRequest("https://hurriyetdailynews.com/x", published="2024-12-20", conflict="gaza_2023"), held
    )
    assert re.search(r"^publisher: hurriyet_daily_news  #", page.text, re.M)
    assert page.remarks == [
        f"publisher: {held.format_actor('hurriyet_daily_news')}, who has other pages at hurriyetdailynews.com"
    ]


def test_a_host_of_several_publishers_decides_nothing(held: index.SeedIndex) -> None:
    with pytest.raises(UsageError, match="are of several publishers; give one with --publisher: bianet"):
        prepare_file(NewPageRequest("https://bianet.org/x", published="2024-12-20"), held)


def test_other_pages_of_a_publisher_suggest_language_and_claimants(tmp_path: Path) -> None:
    page = make_page(write_seedbox(tmp_path), "https://example.org/7", published="2024-06-09")
    assert re.search(r"^publisher: paper  # Who published it\. A newspaper\.$", page.text, re.M)
    assert re.search(r"^language: TODO  # .*Its other pages: en\.$", page.text, re.M)
    assert re.search(r"^    claimant: TODO  # .*On its other pages: observatory\.$", page.text, re.M)


# Refusals: the fault and its fix.

REFUSALS: dict[str, tuple[str, dict[str, str], str]] = {
    "coded already": (
        "http://www.EXAMPLE.org/1/?fbclid=a#top", {},
        "this page exists already as paper-2024-06-02 (seeds/sources/war/paper-2024-06-02.yaml); "
        "to add a claim to it, run: conflictdata new paper-2024-06-02",
    ),
    "no day": (
        "https://example.org/2", {},
        "the day of publication is unknown; give it with --published, such as --published 2024-12-05",
    ),
    "an ambiguous day": (URL, {"published": "05/06/2024"}, "05/06/2024 may be 2024-05-06 or 2024-06-05; write the day as YYYY-MM-DD"),
    "no calendar day": ("paper-2024-06-31", {}, "'2024-06-31' is not a day of the calendar; write it as YYYY-MM-DD, such as 2024-12-05"),
    "neither": ("paper", {}, "'paper' is neither an address (https://...) nor a page's id: <publisher>-<day>, such as telesur_english-2024-12-05"),
    "no scheme": ("example.org/2", {}, "'example.org/2' is not an address: it starts with http:// or https:// and a host; perhaps https://example.org/2"),
    "a login": ("https://me:secret@example.org/2", {}, "the address of example.org has a login; give it without the part before the @"),
    "a mistyped publisher": (
        URL, {"publisher": "papr"},
        "there is no actor 'papr'. Did you mean 'paper' (A newspaper)?\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  papr,TODO,news_media,TODO,,,,,,",
    ),
    "a mistyped claimant": (
        URL, {"claimant": "the observatry"},
        "there is no actor 'the observatry'. Did you mean 'observatory' (An observatory)?\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  the_observatry,TODO,news_media,TODO,,,,,,",
    ),
    "an unknown publisher": (
        "xyzzy-2024-06-09", {},
        "there is no actor 'xyzzy'\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  xyzzy,TODO,news_media,TODO,,,,,,",
    ),
    "an unknown host": (
        "https://news.new-agency.com/1", {},
        "no page at news.new-agency.com is coded yet; give the publisher with --publisher. Did you mean 'agency' (A news agency)?\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  new_agency,TODO,news_media,TODO,,,,,,",
    ),
    "a host under a known one": (
        "https://english.example.org/1", {"published": "2024-06-09"},
        "no page at english.example.org is coded yet; give the publisher with --publisher. Did you mean 'paper' (A newspaper)?\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  example,TODO,news_media,TODO,,,,,,",
    ),
    "an address without a host": (
        "urn:document:a.txt", {},
        "the address has no host; give the publisher with --publisher\n"
        "If it is a new actor, add it to seeds/reference/actors.csv, in order of the ids, with each TODO replaced:\n  publisher,TODO,news_media,TODO,,,,,,",
    ),
    "another publisher than the id": ("paper-2024-06-09", {"publisher": "agency"}, "--publisher agency contradicts the id paper-2024-06-09"),
    "another day than the id": ("paper-2024-06-09", {"published": "2024/6/8"}, "--published 2024-06-08 contradicts the id paper-2024-06-09"),
    "a mistyped conflict": ("paper-2024-06-09", {"conflict": "wars"}, "there is no conflict 'wars'. Did you mean 'war' (A war)?"),
    "an unknown conflict": ("paper-2024-06-09", {"conflict": "peace"}, "there is no conflict 'peace'. There are: war."),
    "another conflict than the page's": (
        "paper-2024-06-02", {"conflict": "peace"},
        "paper-2024-06-02 belongs to the conflict war (seeds/sources/war/paper-2024-06-02.yaml), not to peace",
    ),
    "a withdrawn id": ("paper-2024-06-05", {}, "the id paper-2024-06-05 was withdrawn (retired.csv), and ids are never reused; take the next number"),
    "a language by name": (URL, {"language": "French"}, "--language French is not an ISO 639 code. The code for French is 'fr'."),
    "a language with a region": (URL, {"language": "en-GB"}, "--language en-GB is not an ISO 639 code. Did you mean 'en'?"),
    "no language": (
        URL, {"language": "Martian"},
        "--language Martian is not an ISO 639 code. Write a code of small letters. The code for English is 'en'.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_request_that_cannot_be_met_names_the_way_out(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    folder = write_seedbox(Path("seeds"), {"retired.csv": "id,replaced_by,on,reason\npaper-2024-06-05,,2024-06-06,x\n"})
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    target, options, message = REFUSALS[case]
    assert get_refusal(folder, target, **options) == message
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_of_several_conflicts_those_of_the_day_come_first(held: index.SeedIndex) -> None:
    with pytest.raises(UsageError) as fault:
        prepare_file(NewPageRequest("snhr-2025-03-09"), held)
    lines = str(fault.value).splitlines()
    assert lines[0] == "give the conflict of the page (those of 2025-03-09 first):"
    going_on = [
        id_
        for id_, row in held.conflicts.items()
        if row.text("date_start") <= "2025-03-09" <= (row.text("date_end") or "9")
    ]
    assert [line.split()[1] for line in lines[1 : len(going_on) + 1]] == going_on
    assert len(lines) == len(held.conflicts) + 1


@pytest.mark.parametrize(
    ("word", "wanted"),
    [
        ("sahor", "sohr"), ("sohrr", "sohr"), ("telesur", "telesur_english"), ("al jazzera", "al_jazeera"), ("aljazeera", "al_jazeera"),
        ("Reuter", "reuters"), ("syrian observatory", "sohr"), ("telesurenglish", "telesur_english"), ("hurriyet", "hurriyet_daily_news"), ("xinua", "xinhua"),
    ],
)  # fmt: skip
def test_a_mistyped_actor_is_suggested(word: str, wanted: str, held: index.SeedIndex) -> None:
    assert wanted in held.find_nearest(word, "actors")


@pytest.mark.parametrize(
    ("publisher", "claimant", "conflict"),
    [("A newspaper", "An observatory", "A war"), ("www.example.org", "the OBSERVATORY", "a-war")],
)
def test_names_and_hosts_become_ids(publisher: str, claimant: str, conflict: str, tmp_path: Path) -> None:
    options = {"publisher": publisher, "claimant": claimant, "conflict": conflict, "published": "2024-06-09"}
    page = make_page(write_seedbox(tmp_path), "https://other.example.com/1", **options)
    assert page.path.as_posix().endswith("sources/war/paper-2024-06-09.yaml")
    read = yaml.load(page.text, Loader=yaml.BaseLoader)
    assert (read["publisher"], read["claims"]["1"]["claimant"]) == ("paper", "observatory")


@pytest.mark.parametrize("word", ["blah_blah", "the_daily_gazette", "new_paper_of_nowhere", "qqq"])
def test_a_name_that_is_like_none_suggests_nothing_far(word: str, held: index.SeedIndex) -> None:
    assert len(held.find_nearest(word, "actors")) <= 1


# The command.


def test_the_command_writes_the_file_once(tmp_path: Path) -> None:
    write_seedbox(tmp_path / "seeds")
    first = run("new", "paper-2024-06-09", cwd=tmp_path)
    assert first.returncode == 0
    assert first.stdout == "seeds/sources/war/paper-2024-06-09.yaml\n"
    again = run("new", "paper-2024-06-09", cwd=tmp_path)
    assert again.stderr.startswith("the page exists already; this is its claim 2\n")
    page = yaml.load((tmp_path / "seeds/sources/war/paper-2024-06-09.yaml").read_text(), Loader=yaml.BaseLoader)
    assert list(page["claims"]) == ["1", "2"]


def test_a_file_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("mine")
    with pytest.raises(UsageError, match="exists already; it was not changed"):
        atomic_write.create_file(path, b"other")
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]


def test_stdout_writes_nothing(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds")
    before = sorted(folder.rglob("*"))
    done = run("new", "paper-2024-06-09", "--stdout", cwd=tmp_path)
    assert done.returncode == 0
    assert yaml.safe_load(done.stdout)["publisher"] == "paper"
    assert sorted(folder.rglob("*")) == before


def test_an_unmet_request_exits_2(tmp_path: Path) -> None:
    write_seedbox(tmp_path / "seeds")
    done = run("new", URL, "--publisher", "papr", cwd=tmp_path)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("error: there is no actor 'papr'. Did you mean 'paper' (A newspaper)?\n")


@pytest.mark.parametrize("missing", ["seeds", "seeds/reference/actors.csv"])
def test_seeds_that_cannot_be_read_exit_2(missing: str, tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds")
    shutil.rmtree(folder) if missing == "seeds" else (tmp_path / missing).unlink()
    with pytest.raises(UsageError, match="not a seeds folder" if missing == "seeds" else "actors.csv cannot be read"):
        make_page(folder, "paper-2024-06-09")


def test_a_page_that_cannot_be_read_does_not_stop_a_new_one(tmp_path: Path) -> None:
    folder = write_seedbox(
        tmp_path,
        {"sources/war/agency-2024-06-02.yaml": b"\xff\xfe\x00", "sources/war/agency-2024-06-03.yaml": "a: [\n"},
    )
    assert make_page(folder, "agency-2024-06-04").path.name == "agency-2024-06-04.yaml"


def test_a_new_page_among_the_seeds_of_this_repository(tmp_path: Path) -> None:
    folder = tmp_path / "seeds"
    shutil.copytree(SEEDS, folder)
    page = make_page(
        folder,
        "https://www.newarab.com/x?utm_campaign=a",
        published="2024-12-09",
        conflict="syria_2024_offensive",
        publisher="the_new_arab",
    )
    assert page.path.name == "the_new_arab-2024-12-09-2.yaml"
    assert format_yaml(page.text.encode(), page.path.as_posix()).text == page.text
    assert "utm_campaign" not in page.text


# Plain data as a seed file.


def test_plain_data_become_a_page_in_canonical_form() -> None:
    figure = {
        "printed": "8, they say",
        "n": Commented("at least 8", beside="evidence\n3-4\u202e"),
        "including": {"women": 3},
    }
    claim = {"killed": Commented(figure, below=["more"]), "claimant": "c", "perpetrator": ["x", "y"]}
    data = {
        "url": "urn:a:b",
        "publisher": "p",
        "note": "a: b c",
        "claims": {1: Commented(claim, above=["look\nhere"])},
    }
    text = compose(data, head=["Doubts:", "  one", ""], end=["end"])
    assert text == (
        '# Doubts:\n#   one\n\npublisher: p\nurl: urn:a:b\nnote: "a: b c"\n\nclaims:\n  # look\n  # here\n  1:\n    claimant: c\n    perpetrator: [x, y]\n'
        "    killed:\n      n: at least 8  # evidence 3-4\n      printed: 8, they say\n      including:\n        women: 3\n      # more\n# end\n"
    )
    assert format_yaml(text.encode(), "seeds/sources/w/p-2024-01-01.yaml").text == text


def test_a_value_is_written_letter_for_letter() -> None:
    data = {
        "publisher": "a  b ",
        "published": "5 December 2024",
        "claims": {1: {"killed": {"printed": "Me\u0301tro\n"}}},
    }
    read = yaml.load(compose(data), Loader=yaml.BaseLoader)
    assert read == {**data, "claims": {"1": data["claims"][1]}}
