"""Texts, forms, questions, addresses and the environment: an answer or one sentence, and the exit code of the docs."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from commands import PLAIN, run
from fuzzing import count, damaged, fuzz, texts
from hypothesis import assume, given
from hypothesis import strategies as st
from seedbox import write_seedbox
from test_form import SOURCE_ANSWERS

from conflictdata.authoring.issue_form import read_form
from conflictdata.authoring.urls import find_day, get_host, list_publisher_words, normalize_page_url, try_clean_url
from conflictdata.cli.parse import parse_line
from conflictdata.findings import UsageError
from conflictdata.parse.engine import parse_text
from conflictdata.site.builder import MARKER
from conflictdata.site.layout import make_slug
from conflictdata.site.serve import open_server

pytestmark = pytest.mark.slow
NEWS = (
    "BEIRUT (AFP) - At least 727 people have been killed since 27 November, including 111 civilians, 371 fighters of HTS and "
    "220 soldiers, 23 of them officers, the Syrian Observatory for Human Rights said on Thursday. Some 40 were wounded.\n\n"
    "The ministry put the toll at between 1,204 and 1,300, up from 970 a day earlier; two dozen children were among them."
)
FORM = json.dumps(
    {
        **SOURCE_ANSWERS,
        "numbers": "| What happened | Who | Number | Words |\n|---|---|---|---|\n| killed | | 8 | 8 dead |",
    }
)


@fuzz(100)
@given(content=damaged(NEWS), published=st.one_of(st.none(), st.dates()))
def test_a_text_is_parsed_and_its_figures_are_inside_it(content: bytes, published: date | None) -> None:
    count("parse: text")
    text = content.decode("utf-8", "replace")
    try:
        result = parse_text(text, published=published)
    except UsageError as fault:
        assert str(fault)
        return
    for figure in result.drafts:
        assert 0 <= figure.start <= figure.end <= len(result.document.text)


@fuzz(50)
@given(content=damaged(json.dumps({"id": "a", "text": NEWS, "published": "2024-12-05"})))
def test_a_line_of_documents_gives_one_line(content: bytes) -> None:
    count("parse: line")
    try:
        answer = json.loads(parse_line(content))
    except UsageError as fault:  # the command writes it into the line
        assert str(fault)
    else:
        assert "claims" in answer


@fuzz(100)
@given(content=damaged(FORM))
def test_a_form_is_read_or_refused(content: bytes) -> None:
    count("form")
    try:
        assert read_form(content).form
    except UsageError as fault:
        assert str(fault)


@fuzz(25, heavy=True)
@given(content=damaged(FORM))
def test_a_form_gives_a_draft_or_one_line(content: bytes, tmp_path_factory) -> None:
    count("form: command")
    folder = tmp_path_factory.mktemp("form")
    (folder / "form.json").write_bytes(content)
    check_command("form", folder / "form.json", "--seeds", write_seedbox(folder / "seeds"), "--out", folder / "out")


def check_command(*words: str | Path, env: dict[str, str] | None = None) -> None:
    """Check that a command ends with a code of the docs, and that no fault is unforeseen."""
    done = run(*words, env={**PLAIN, **(env or {})})
    assert done.returncode in {0, 1, 2}, done.stderr
    assert "unforeseen" not in done.stderr, done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode != 2 or done.stderr


QUESTIONS = ("timeline", "window", "compare", "as-of", "rollup", "revisions")
OPTIONS = (
    "--toll",
    "--conflict",
    "--event",
    "--place",
    "--since",
    "--until",
    "--group",
    "--where",
    "--by",
    "--outcome",
    "--format",
)
WORDS = (
    "gaza_2023",
    "syria",
    "2024-12-01",
    "civilians",
    "killed",
    "claimant=sohr",
    "event",
    "json",
    "2024-12-01-idlib-strikes",
    "sohr.syria_2024_offensive.2024-11-27",
)
_word = st.one_of(st.sampled_from(WORDS), texts())


@fuzz(35, heavy=True)
@given(
    question=st.sampled_from(QUESTIONS),
    options=st.lists(st.tuples(st.sampled_from(OPTIONS), _word), max_size=4),
    more=st.lists(_word, max_size=2),
)
def test_a_question_is_answered_or_refused(question: str, options: list[tuple[str, str]], more: list[str]) -> None:
    count("ask")
    words = [question, *more, *(word for pair in options for word in pair)]
    assume(not any("\x00" in word for word in words))
    check_command("ask", *words)


@fuzz(100)
@given(
    address=st.one_of(
        texts(),
        texts().map(lambda text: f"https://example.org/{text}"),
        texts().map(lambda text: f"http://{text}/2024/12/05/a"),
    )
)
def test_an_address_is_cleaned_or_left(address: str) -> None:
    count("addresses: pages")
    for take in (try_clean_url, get_host, list_publisher_words, find_day, make_slug):
        take(address)
    try:
        normalize_page_url(address)
    except ValueError as fault:
        assert str(fault)


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("outside") / "site"
    (folder / "claims").mkdir(parents=True)
    (folder.parent / "secret.txt").write_text("SECRET", encoding="utf-8")
    for name in (MARKER, "index.html", "claims/a.html"):
        (folder / name).write_text("page", encoding="utf-8")
    (folder / "404.html").write_text("<title>No such page</title>", encoding="utf-8")
    server = open_server(folder, 0)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


@fuzz(50)
@given(path=st.one_of(damaged("/claims/a.html?x=1#c1", "/../secret.txt", "/%2e%2e/secret.txt", "//claims//a.html")))
def test_an_address_of_the_site_leads_to_a_page_of_it(path: bytes, port: int) -> None:
    count("addresses: site")
    asked = "/" + "".join(chr(byte) for byte in path if byte > 32 and byte != 127).lstrip("/")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.putrequest("GET", asked.encode("latin-1").decode("latin-1"), skip_accept_encoding=True)
        connection.endheaders()
        answer = connection.getresponse()
        body = answer.read()
    except (UnicodeEncodeError, http.client.InvalidURL):
        return
    finally:
        connection.close()
    assert answer.status in {200, 301, 400, 404, 414}
    assert b"SECRET" not in body


VARIABLES = (
    "COLUMNS",
    "LINES",
    "TERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "LANG",
    "LC_ALL",
    "TZ",
    "HOME",
    "XDG_CACHE_HOME",
    "CONFLICTDATA_HOME",
    "CONFLICTDATA_REGISTRY",
    "CONFLICTDATA_TIMEOUT",
    "CONFLICTDATA_OFFLINE",
    "CONFLICTDATA_DEBUG",
)
COMMANDS = (
    ("versions",),
    ("describe", "claims"),
    ("show", "conflicts"),
    ("find", "idlib"),
    ("explain", "seed.quantity"),
    ("cite",),
    ("list",),
)
_values = st.one_of(
    st.sampled_from(
        ("0", "-1", "1", "100000", "80", "dumb", "nan", "/nowhere", "http://127.0.0.1:9/", "file:///etc/passwd")
    ),
    texts(),
)


@fuzz(40, heavy=True)
@given(command=st.sampled_from(COMMANDS), env=st.dictionaries(st.sampled_from(VARIABLES), _values, max_size=4))
def test_the_environment_changes_no_exit_code_for_the_worse(
    command: tuple[str, ...], env: dict[str, str], tmp_path_factory
) -> None:
    count("environment")
    assume(all("\x00" not in value and value.isprintable() for value in env.values()))
    # Nothing but loopback is asked, and nothing outside the test is written.
    registry = env.get("CONFLICTDATA_REGISTRY", "")
    assume("://" not in registry or registry.startswith(("http://127.0.0.1:9/", "file:")))
    home = str(tmp_path_factory.getbasetemp() / "home")
    check_command(*command, env={"CONFLICTDATA_HOME": home, **env})
