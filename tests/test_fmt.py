"""`conflictdata fmt`: one form per content, the same meaning, nothing lost."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
import subprocess
import unicodedata
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml
from depth import count_examples
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from privileges import obey_permissions
from seedbox import ACTORS, NAME, SOURCE, write_seedbox
from test_cli import run
from yaml_writer import QUANTITIES, YamlWriter, normalise, pages

from conflictdata.authoring import dates, reference_csv
from conflictdata.authoring.canonical import format_yaml
from conflictdata.authoring.files import resolve_seed_files
from conflictdata.authoring.fmt import format_file
from conflictdata.authoring.key_order import SHAPES, WIDTH
from conflictdata.schema.columns import list_column_kinds
from conflictdata.seeds import events, figures, ledgers, sources, window

ROOT = Path(__file__).parents[1]
PAGE = "seeds/sources/war/paper-2024-06-02.yaml"
CLAIM = "publisher: paper\n\nclaims:\n  1:\n"

few = settings(max_examples=count_examples(20, 100), suppress_health_check=[HealthCheck.too_slow])


def format_seed(text: str | bytes, file: str = PAGE) -> str:
    form = format_yaml(text if isinstance(text, bytes) else text.encode(), file)
    assert form.text is not None, form.findings
    return form.text


# The seeds of this repository.


def test_the_seeds_are_in_canonical_form() -> None:
    outcomes = [format_file(path) for path in resolve_seed_files([ROOT / "seeds"])]
    assert len(outcomes) == 278
    assert [o.file for o in outcomes if o.differs or o.findings] == [], (
        "run `conflictdata fmt` and commit what it writes"
    )


def test_the_seed_in_the_docs_is_in_canonical_form() -> None:
    text = "".join((ROOT / "docs" / name).read_text("utf-8") for name in ("seeds.md", "seeds-reference.md"))
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.S)
    pages_, events_ = [b for b in blocks if "publisher:" in b], [b for b in blocks if "initiator:" in b]
    assert pages_
    assert events_
    for block, file in [(b, PAGE) for b in pages_] + [(b, "seeds/events/war.yaml") for b in events_]:
        assert format_seed(block, file) == block


# Cases.

YAML_CASES: dict[str, tuple[str, str]] = {
    "keys of a page": (
        "note: n\nlanguage: en\npublished: 2024-06-02\naccess: title\nurl: urn:a:b\npublisher: p\n",
        "publisher: p\nurl: urn:a:b\npublished: 2024-06-02\nlanguage: en\naccess: title\nnote: n\n",
    ),
    "keys of a claim, outcomes last and as written": (
        CLAIM + "    missing: 2\n    location: x\n    killed: 8\n    claimant: a\n    as_of: 2024-06-02\n    note: n\n",
        CLAIM + "    claimant: a\n    as_of: 2024-06-02\n    location: x\n    note: n\n    missing: 2\n    killed: 8\n",
    ),
    "keys of a figure, its lists last and as written": (
        CLAIM + "    killed:\n      besides:\n        b: 1\n      by sex:\n        women: 3\n        men: 2\n      printed: x\n      who: y\n      n: 8\n",
        CLAIM + "    killed:\n      n: 8\n      who: y\n      printed: x\n      besides:\n        b: 1\n      by sex:\n        women: 3\n        men: 2\n",
    ),
    "figures are never sorted": (
        CLAIM + "    killed:\n      n: 6\n      including:\n        z: 1\n        a: 2\n        m: 3\n",
        CLAIM + "    killed:\n      n: 6\n      including:\n        z: 1\n        a: 2\n        m: 3\n",
    ),
    "an unknown key stays behind the one before it": (
        "zzz: 1\nurl: u\nurll: v\npublisher: p\npublishr: q\n",
        "zzz: 1\npublisher: p\npublishr: q\nurl: u\nurll: v\n",
    ),
    "a leaf on one line": (
        CLAIM + "    killed:\n      n: 8\n      who: civilians\n    ids:\n      ucdp: 5\n    perpetrator:\n    - a\n    - b\n",
        CLAIM + "    perpetrator: [a, b]\n    ids: {ucdp: 5}\n    killed: {n: 8, who: civilians}\n",
    ),
    "nested things in lines": (
        CLAIM + "    killed: {n: 8, including: {women: {n: 3, including: {girls: 1}}, men: 5}}\n    ids: {a: [1, 2], b: {match: partial, id: 3}}\n",
        CLAIM + "    ids:\n      a: [1, 2]\n      b: {id: 3, match: partial}\n    killed:\n      n: 8\n      including:\n        women:\n          n: 3\n"
        "          including:\n            girls: 1\n        men: 5\n",
    ),
    "a leaf that does not fit": (
        CLAIM + f"    killed: {{n: 8, label: {'a' * 80}, printed: {'b' * 40}}}\n",
        CLAIM + f"    killed:\n      n: 8\n      label: {'a' * 80}\n      printed: {'b' * 40}\n",
    ),
    "a file in brackets": ("{publisher: p, url: u, claims: {}}", "publisher: p\nurl: u\n\nclaims: {}\n"),
    "quotes only where needed": (
        'publisher: "p"\nlicence: \'CC: BY\'\nnote: "it\'s no. 1, [so] to say"\n',
        'publisher: p\nlicence: "CC: BY"\nnote: it\'s no. 1, [so] to say\n',
    ),
    "a text that is only a number keeps its quotes, a number has none": (
        CLAIM + "    killed: {n: '416', printed: '416'}\n    injured: {n: 3, label: 'no', printed: '1,420'}\n",
        CLAIM + '    killed: {n: 416, printed: "416"}\n    injured: {n: 3, label: "no", printed: "1,420"}\n',
    ),
    "a comma needs quotes between brackets alone": (
        CLAIM + '    note: "a, b"\n    killed: {n: 8, printed: "8, they said"}\n',
        CLAIM + '    note: a, b\n    killed: {n: 8, printed: "8, they said"}\n',
    ),
    "a folded text on one line": ("note: >\n  one\n  two\nlicence: |\n  x\n", "licence: x\nnote: one two\n"),
    "spaces": (
        "publisher:    p   \nnote: 'a   b '\nclaims:\n      1:\n         killed:   at  least 8\n",
        "publisher: p\nnote: a b\n\nclaims:\n  1:\n    killed: at least 8\n",
    ),
    "empty lines": ("\n\npublisher: p\n\n\nurl: u\nclaims:\n\n  1:\n\n    killed: 8\n\n\n", "publisher: p\nurl: u\n\nclaims:\n  1:\n    killed: 8\n"),
    "no last line end": ("publisher: p", "publisher: p\n"),
    "Windows line ends": ("publisher: p\r\nurl: u\r\n", "publisher: p\nurl: u\n"),
    "a byte-order mark": ("\ufeffpublisher: p\n", "publisher: p\n"),
    "tabs within a line": ("publisher:\tp\t\nnote: a\tb\n", "publisher: p\nnote: a b\n"),
    "tabs before all lines": ("publisher: p\nclaims:\n\t1:\n\t\tkilled: 8\n", "publisher: p\n\nclaims:\n  1:\n    killed: 8\n"),
    "a document's marks": ("---\npublisher: p\n...\n", "publisher: p\n"),
    "plain days": (
        CLAIM + "    during: 5 December 2024/Dec. 7, 2024\n    as_of: 2024/12/5\n    killed: 8\n",
        CLAIM + "    during: 2024-12-05/2024-12-07\n    as_of: 2024-12-05\n    killed: 8\n",
    ),
    "a day is a day under a key of days alone": (
        CLAIM + "    note: 5 December 2024\n    killed: {n: 8, label: 2024/12/5, printed: 5 December 2024}\n",
        CLAIM + '    note: 5 December 2024\n    killed: {n: 8, label: "2024/12/5", printed: 5 December 2024}\n',
    ),
    "no type is guessed": (
        "publisher: 012\nkind: 1_000\nurl: 12:30\nlanguage: NO\naccess: ~\nsha256: 1e5\n",
        "publisher: 012\nkind: 1_000\nurl: 12:30\nlanguage: NO\naccess: ~\nsha256: 1e5\n",
    ),
    "a value that is not there": ("publisher:\nurl: ''\nnote: ~\n", 'publisher:\nurl:\nnote: "~"\n'),
}  # fmt: skip


@pytest.mark.parametrize(("before", "after"), YAML_CASES.values(), ids=YAML_CASES)
def test_the_canonical_form_of_a_page(before: str, after: str) -> None:
    assert format_seed(before) == after
    assert format_seed(after) == after


def test_letters_are_composed() -> None:
    apart = unicodedata.normalize("NFD", "note: Métro\n")
    assert apart != "note: Métro\n"
    assert format_seed(apart) == "note: Métro\n"
    assert format_seed('note: "Me\\u0301tro"\n') == "note: Métro\n"


def test_events_are_sorted_by_id() -> None:
    before = (
        "2024-06-02-b:\n  said: {p-2024-06-03: a}\n  date: 2 June 2024\n  type: battle\n2024-06-01-a: {type: battle}\n"
    )
    after = "2024-06-01-a:\n  type: battle\n2024-06-02-b:\n  type: battle\n  date: 2024-06-02\n  said:\n    p-2024-06-03: a\n"
    assert format_seed(before, "seeds/events/war.yaml") == after


def test_waivers_and_the_release() -> None:
    waivers = "# Why.\n- record: a\n  rule: b # c\n  on: 2024/6/1\n# Next.\n-\n  {rule: d, record: e}\n"
    expected = "# Why.\n- rule: b  # c\n  record: a\n  on: 2024-06-01\n# Next.\n- rule: d\n  record: e\n"
    assert format_seed(waivers, "seeds/waivers.yaml") == expected
    assert (
        format_seed("date: 2024-7-1\nversion: '1.0.0'\n", "seeds/release.yaml") == "version: 1.0.0\ndate: 2024-07-01\n"
    )


def test_a_draft_outside_the_seeds_is_known_by_its_keys() -> None:
    assert format_seed("url: u\npublisher: p\n", "draft.yaml") == "publisher: p\nurl: u\n"


COMMENTED = """\
# About the file,
#   in two lines.

# And more.
url: u   # the address
# above the publisher
publisher: 'p'
note: >  # folded
  some text
# sha256: an offer

# above the claims
claims: # all of them
      # first of the first
  1:
    # above the killed
    killed: {n: 8, # eight
      printed: "a"} # behind the brace
    claimant: a
    conflicts_with: [a.1, # first
       b.2]   # closing
    injured:
      n: 2
      including:
        women: {n: 1}   # hers
        # end of the list
      # end of injured
    # end of one
  # before two
  2: # two
    killed: 007 # Bond
# end
  # of all
"""
UNCOMMENTED = """\
# About the file,
#   in two lines.

# And more.
# above the publisher
publisher: p
url: u  # the address
note: some text  # folded
# sha256: an offer

# above the claims
claims:  # all of them
  # first of the first
  1:
    claimant: a
    conflicts_with:  # closing
      - a.1  # first
      - b.2
    # above the killed
    killed:  # behind the brace
      n: 8  # eight
      printed: a
    injured:
      n: 2
      including:
        women: {n: 1}  # hers
        # end of the list
      # end of injured
    # end of one
  # before two
  2:  # two
    killed: 007  # Bond
# end
# of all
"""


def test_comments_stay_with_what_they_are_about() -> None:
    assert format_seed(COMMENTED) == UNCOMMENTED
    assert format_seed(UNCOMMENTED) == UNCOMMENTED


# Properties.


def find_digits(text: str) -> list[str]:
    return sorted(re.findall("[0-9]+", text))


@few
@given(pages(), st.randoms(use_true_random=False))
def test_any_writing_says_the_same_in_canonical_form(tree: Any, chance: Random) -> None:
    writer = YamlWriter(chance, comments=True)
    text = format_seed(writer.write_page(tree))
    assert yaml.load(text, Loader=yaml.BaseLoader) == normalise(tree)  # PyYAML's own parser, not libyaml
    assert sorted(re.findall("# c[0-9]+: .*", text)) == sorted(writer.comments)
    assert format_seed(text) == text


@few
@given(pages(), st.randoms(use_true_random=False))
def test_only_the_content_decides_the_form(tree: Any, chance: Random) -> None:
    first, second = (format_seed(YamlWriter(chance, comments=False).write_page(tree)) for _ in range(2))
    assert first == second


@few
@given(pages(), st.randoms(use_true_random=False))
def test_no_number_is_touched(tree: Any, chance: Random) -> None:
    page = {
        **tree,
        "claims": {n: {k: v for k, v in c.items() if "since" not in str(k)} for n, c in tree["claims"].items()},
    }
    raw = YamlWriter(chance, comments=False).write_page(page).decode()
    plain = re.sub(r"(published|accessed|until|during|as_of)['\"]?\s*:[^,}\n\r]*(?:, ?[0-9]{4})?", "", raw)
    written = re.sub(r"(published|accessed|until|during|as_of): [^,}\n]*", "", format_seed(raw))
    assert find_digits(written) == find_digits(plain)


@few
@given(
    st.text("abé0:#'\"\\[]{},&*!|>%@`?- \t\n\r\u00a0\u200d\u202e\x07😀", max_size=30),
    st.sampled_from(["note", "url", "x"]),
)
@example("- a", "note")
@example("---", "url")
@example("a: b", "x")
def test_any_text_comes_through(text: str, key: str) -> None:
    quoted = "".join(f"\\U{ord(c):08X}" for c in text)
    written = format_seed(f'publisher: p\n{key}: "{quoted}"\n')
    expected = " ".join(re.split("[ \t\r\n]+", text)).strip(" ")
    assert yaml.load(written, Loader=yaml.BaseLoader)[key] == unicodedata.normalize("NFC", expected)
    assert "\u202e" not in written
    assert "\x07" not in written


@few
@given(
    st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | st.text("a:-#[]{}\"'\n \t,&*!", max_size=40).map(str.encode)
)
def test_no_bytes_end_in_anything_but_a_form_or_a_finding(data: bytes) -> None:
    form = format_yaml(data, PAGE)
    assert (form.text is None) == bool([f for f in form.findings if f.severity == "error"])
    if form.text is not None:
        assert format_seed(form.text) == form.text


@pytest.mark.parametrize("quantity", QUANTITIES)
def test_a_quantity_does_not_change(quantity: str) -> None:
    text = format_seed(CLAIM + f'    killed: "{quantity}"\n')
    assert yaml.load(text, Loader=yaml.BaseLoader)["claims"]["1"]["killed"] == quantity
    assert text.endswith(f"killed: {quantity}\n")


def test_a_line_is_as_wide_as_it_may_be() -> None:
    for long in (30, 40):
        text = CLAIM + f"    killed: {{n: 8, label: {'a' * 40}, printed: {'b' * long}}}\n"
        assert max(map(len, text.splitlines())) < WIDTH
        assert format_seed(text) == text


# Days.

DAYS = {
    "2024-12-05": "2024-12-05", "2024-12-5": "2024-12-05", "2024/12/5": "2024-12-05", "2024.12.05": "2024-12-05",
    "5 December 2024": "2024-12-05", "05 dec 2024": "2024-12-05", "December 5, 2024": "2024-12-05", "Sept. 5 2024": "2024-09-05",
    "25/12/2024": "2024-12-25", "12/25/2024": "2024-12-25", "05/05/2024": "2024-05-05",
    "2024-12-1/2024-12-3": "2024-12-01/2024-12-03", "2024/12/1/2024/12/3": "2024-12-01/2024-12-03", "1 May 2024 / 3 May 2024": "2024-05-01/2024-05-03",
}  # fmt: skip
NO_DAYS = (
    "05/12/2024", "5.12.2024", "2024-12", "2024", "May 2024", "5/12/24", "2024-02-30", "2024-12/05", "5-7 December 2024", "yesterday", "TODO", "20241205",
    "2024-12-05T10:00", "2024-12-01/7", "05/12/2024/06/12/2024", "٥ December 2024", "0025-01-01",
)  # fmt: skip


@pytest.mark.parametrize("text", DAYS)
def test_a_day_with_one_reading_is_written_in_one_way(text: str) -> None:
    assert dates.normalize_day(text) == DAYS[text]
    assert not dates.find_ambiguous(text)


@pytest.mark.parametrize("text", NO_DAYS)
def test_anything_else_stays(text: str) -> None:
    assert dates.normalize_day(text) == text


def test_a_day_with_two_readings_is_reported() -> None:
    form = format_yaml((CLAIM + "    since: 05/12/2024\n    killed: 8\n").encode(), PAGE)
    (finding,) = form.findings
    assert finding.severity == "warning"
    assert finding.message == "05/12/2024 may be 2024-05-12 or 2024-12-05: it was not changed"
    assert str(finding.place) == f"{PAGE}:5:12"
    assert form.text is not None
    assert "since: 05/12/2024" in form.text


# Tables.

SHEETS: dict[str, tuple[str, str, str]] = {
    "rows by key": ("conflicts", "conflict_id,name\nb,B\na,A\n", "conflict_id,name\na,A\nb,B\n"),
    "columns of the model": ("conflicts", "name,conflict_id\nB,b\n", "conflict_id,name\nb,B\n"),
    "few quotes": ("conflicts", 'conflict_id,name\n"a","A, ""so"""\n', 'conflict_id,name\na,"A, ""so"""\n'),
    "line ends, mark, empty lines, spaces": ("conflicts", "\ufeffconflict_id,name\r\n\r\na, A  B \r\n", "conflict_id,name\na,A B\n"),
    "days": ("conflicts", "conflict_id,date_start\na,5 May 2024\n", "conflict_id,date_start\na,2024-05-05\n"),
    "no number is touched": ("locations", "location_id,latitude,precision\na,35.10,04\n", "location_id,latitude,precision\na,35.10,04\n"),
    "aliases by all of their key": (
        "aliases", "entity_kind,entity_id,alias,language\nlocation,a,x,\nactor,b,y,\nactor,b,x,en\n",
        "entity_kind,entity_id,alias,language\nactor,b,x,en\nactor,b,y,\nlocation,a,x,\n",
    ),
    "retired ids": ("retired", "id,replaced_by,on,reason\nb,,2024/5/6,x\na,b,,y\n", "id,replaced_by,on,reason\na,b,,y\nb,,2024-05-06,x\n"),
}  # fmt: skip


@pytest.mark.parametrize(("table", "before", "after"), SHEETS.values(), ids=SHEETS)
def test_the_canonical_form_of_a_table(table: str, before: str, after: str) -> None:
    assert reference_csv.format_table(before.encode(), "x.csv", table).text == after
    assert reference_csv.format_table(after.encode(), "x.csv", table).text == after


@few
@given(
    st.lists(st.lists(st.text('ab,"é \n;=1', max_size=6), min_size=3, max_size=3), max_size=6),
    st.randoms(use_true_random=False),
)
def test_a_table_keeps_its_rows(rows: list[list[str]], chance: Random) -> None:
    names = ["conflict_id", "name", "wikidata"]
    quote = chance.choice([csv.QUOTE_ALL, csv.QUOTE_MINIMAL])
    text = io.StringIO()
    csv.writer(text, quoting=quote, lineterminator=chance.choice(["\n", "\r\n"])).writerows([names, *rows])
    form = reference_csv.format_table(text.getvalue().encode(), "x.csv", "conflicts")
    assert form.text is not None
    kept = [[" ".join(re.split("[ \n]+", cell)).strip(" ") for cell in row] for row in rows]
    assert sorted(list(csv.reader(io.StringIO(form.text)))[1:]) == sorted(kept)
    assert reference_csv.format_table(form.text.encode(), "x.csv", "conflicts").text == form.text


# What it does not change.

REFUSED: dict[str, tuple[str, bytes, str, str]] = {
    "no YAML": (NAME, b"a: [1\nb: 2\n", "yaml.syntax", ":1:4"),
    "a key twice": (NAME, b"url: a\nurl: b\n", "yaml.duplicate-key", ":2:1"),
    "an anchor": (NAME, b"url: &a b\n", "yaml.anchor", ":1:6"),
    "a tag": (NAME, b"url: !!str b\n", "yaml.tag", ":1:6"),
    "two documents": (NAME, b"url: b\n---\nurl: c\n", "yaml.documents", ":2:1"),
    "bytes that are not UTF-8": (NAME, b"url: \xff\n", "file.encoding", ":1:6"),
    "binary": (NAME, bytes(range(256)), "file.binary", ""),
    "empty": (NAME, b"", "file.empty", ""),
    "comments alone": (NAME, b"# a\n", "file.empty", ""),
    "a direction override": (NAME, "url: a\u202eb\n".encode(), "file.bidi", ":1:7"),
    "a zero-width space": (NAME, "url: a\u200bb\n".encode(), "file.control-character", ":1:7"),
    "a tab among spaces": (NAME, b"claims:\n  1:\n    via: a\n\t\tkilled: 8\n", "file.tab", ":4:1"),
    "a list": (NAME, b"- a\n", "seed.shape", ":1:1"),
    "a word": (NAME, b"a\n", "seed.shape", ":1:1"),
    "a comma in a number": (NAME, b"claims:\n  1:\n    killed: {n: 2,933}\n", "seed.empty-value", ":3:19"),
    "a comma in a text": (NAME, b"claims:\n  1:\n    killed: {n: 2, printed: two, they say}\n", "seed.empty-value", ":3:34"),
    "a table with another column": ("reference/actors.csv", b"actor_id,nam\na,b\n", "seed.unknown-key", ":1:10"),
    "a column twice": ("reference/actors.csv", b"actor_id,actor_id\na,b\n", "yaml.duplicate-key", ":1:10"),
    "a row that is too wide": ("reference/actors.csv", b"actor_id,name\na,b,c\n", "csv.width", ":2"),
    "a stray quote": ("reference/actors.csv", b'actor_id,name\na,"b"c\n', "csv.syntax", ":2"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_a_file_that_cannot_be_read_is_left_with_one_finding_at_its_place(case: str, tmp_path: Path) -> None:
    name, data, rule, place = REFUSED[case]
    path = write_seedbox(tmp_path, {name: data}) / name
    found = format_file(path)
    assert found.new is None
    assert [(f.rule, str(f.place)) for f in found.findings] == [(rule, f"{path}{place}")]
    assert found.findings[0].hint
    found.write()
    assert path.read_bytes() == data


def test_the_other_files_are_formatted_all_the_same(tmp_path: Path) -> None:
    other = "sources/war/paper-2024-06-09.yaml"
    folder = write_seedbox(tmp_path / "seeds", {NAME: b"a: [1\nb: 2\n", other: "url: u\npublisher: p\n"})
    done = run("fmt", "seeds", cwd=tmp_path)
    assert done.returncode == 2
    assert f"seeds/{NAME}:1:4: error[yaml.syntax] " in done.stderr
    assert "hint: " in done.stderr
    assert "1 not changed" in done.stderr
    assert (folder / NAME).read_bytes() == b"a: [1\nb: 2\n"
    assert (folder / other).read_text() == "publisher: p\nurl: u\n"


def test_a_form_that_would_say_something_else_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from conflictdata.authoring import canonical as module

    def broken(*args: object) -> str:
        return "publisher: q\nurl: u\n"

    monkeypatch.setattr(module, "render", broken)
    form = format_yaml(b"url: u\npublisher: p\n", PAGE)
    assert form.text is None
    assert "would say something else: the file was not changed" in form.findings[0].message


def test_a_form_that_would_lose_a_comment_is_never_given_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from conflictdata.authoring import canonical as module

    monkeypatch.setattr(module, "render", lambda *args: "publisher: p\n")
    form = format_yaml(b"publisher:   p # c\n", PAGE)
    assert form.text is None
    assert "would lose a comment" in form.findings[0].message


# The command.

UGLY = SOURCE.replace(
    "publisher: paper\nurl: https://example.org/1\n", "url: 'https://example.org/1'\npublisher: paper\n"
)


def test_check_writes_nothing_lists_the_files_and_exits_1(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    done = run("fmt", "--check", cwd=tmp_path)
    assert done.returncode == 1
    assert f"would be formatted: seeds/{NAME}\n" in done.stdout
    assert before == {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_diff_shows_a_patch_that_applies(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY.removesuffix("\n")})
    done = run("fmt", "--diff", f"seeds/{NAME}", cwd=tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith(f"--- seeds/{NAME}\n+++ seeds/{NAME}\n@@ ")
    assert (folder / NAME).read_text() == UGLY.removesuffix("\n")
    (tmp_path / "a.patch").write_text(done.stdout)
    if shutil.which("patch"):
        subprocess.run(["patch", "-p0", "-i", "a.patch"], cwd=tmp_path, check=True, capture_output=True)
        assert (folder / NAME).read_text() == format_seed(UGLY)
    assert run("fmt", "--diff", "--check", cwd=tmp_path).returncode == 1


@pytest.mark.slow
def test_formatting_changes_no_finding_and_no_table(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    assert run("fmt", cwd=tmp_path).returncode == 0
    assert run("validate", "seeds", cwd=tmp_path).returncode == 0
    assert (folder / NAME).read_text() == format_seed(UGLY)
    again = run("fmt", "--check", cwd=tmp_path)
    assert again.returncode == 0
    assert again.stdout == ""
    assert again.stderr == "7 files: 7 already in canonical form\n"


def test_the_mode_stays_and_nothing_is_left_beside_the_file(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    (folder / NAME).chmod(0o640)
    beside = sorted((folder / NAME).parent.iterdir())
    assert run("fmt", cwd=tmp_path).returncode == 0
    assert (folder / NAME).stat().st_mode & 0o777 == 0o640
    assert sorted((folder / NAME).parent.iterdir()) == beside


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    link = tmp_path / "page.yaml"
    link.symlink_to(folder / NAME)
    assert run("fmt", link).returncode == 0
    assert link.is_symlink()
    assert (folder / NAME).read_text() == format_seed(UGLY)


def test_a_link_that_leads_out_of_the_seeds_is_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside.yaml"
    outside.write_text(UGLY)
    folder = write_seedbox(tmp_path / "seeds")
    (folder / "sources/war/paper-2024-06-08.yaml").symlink_to(outside)
    run("fmt", folder)
    assert outside.read_text() == UGLY


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    (folder / NAME).parent.chmod(0o555)
    with obey_permissions():
        done = run("fmt", folder)
    (folder / NAME).parent.chmod(0o755)
    assert done.returncode == 2
    assert "cannot be written" in done.stderr


def test_a_write_that_fails_leaves_the_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from conflictdata._utils import atomic_write
    from conflictdata.findings import UsageError

    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY})
    beside = sorted((folder / NAME).parent.iterdir())

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UsageError, match="no space left on device; what was there is unchanged"):
        atomic_write.replace_file(folder / NAME, b"x")
    assert (folder / NAME).read_text() == UGLY
    assert sorted((folder / NAME).parent.iterdir()) == beside


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("nowhere", "nowhere does not exist"),
        ("note.txt", "note.txt is not a seed file"),
        ("empty", "empty is not a seeds folder"),
    ],
)
def test_what_is_no_seed_exits_2(path: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("a: b\n")
    (tmp_path / "empty").mkdir()
    done = run("fmt", path, cwd=tmp_path)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_folder_in_the_seeds_means_its_files(tmp_path: Path) -> None:
    folder = write_seedbox(tmp_path / "seeds", {NAME: UGLY, "reference/actors.csv": ACTORS.replace("\n", "\r\n")})
    assert sorted(p.name for p in resolve_seed_files([folder / "sources"])) == ["paper-2024-06-02.yaml"]
    assert len(resolve_seed_files([folder, folder / NAME])) == 7
    assert run("fmt", "seeds/sources", cwd=tmp_path).stdout == f"formatted: seeds/{NAME}\n"
    assert b"\r" in (folder / "reference/actors.csv").read_bytes()


def test_help_has_an_example() -> None:
    assert "Example: conflictdata fmt" in run("fmt", "--help").stdout


# The layout, against the reader and the models.


def test_the_layout_knows_every_key_of_the_grammar() -> None:
    claim = {*sources.CLAIM, *window.KEYS, *sources.LINKS, *sources.LISTS, "ids"}
    assert set(SHAPES["page"].order) == {*sources.PAGE, "claims"}
    assert set(SHAPES["claim"].order) == claim
    assert set(SHAPES["figure"].order) == figures.KEYS - set(figures.LISTS)
    assert set(SHAPES["event"].order) == {*events.EVENT, *events.ROLES, *events.STANCES, "date", "ids"}
    assert set(SHAPES["waiver"].order) == {*ledgers.WAIVER, ledgers.FOUND}
    assert set(SHAPES["release"].order) == set(ledgers.RELEASE)


@pytest.mark.parametrize(
    ("shape", "table", "columns"),
    [
        ("page", "sources", sources.PAGE),
        ("claim", "claims", sources.CLAIM),
        ("event", "events", events.EVENT),
        ("waiver", "flags", ledgers.WAIVER),
        ("figure", "figures", figures.PLAIN_ATTRIBUTES),
    ],
)
def test_days_and_texts_are_those_of_the_models(shape: str, table: str, columns: dict[str, str]) -> None:
    of_kind = {
        kind: {key for key, column in columns.items() if list_column_kinds(table)[column] == kind}
        for kind in ("date", "text")
    }
    spans = {*window.KEYS, "date"}  # these become two columns
    assert SHAPES[shape].dates - spans == of_kind["date"] - spans
    assert SHAPES[shape].texts == of_kind["text"] - {"by", "record", "rule"} | (
        {"found"} if shape == "waiver" else set()
    )  # handles and ids
