"""`conflictdata parse`: formats, the draft to complete, the check of offsets.

Also HTML and many documents.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import commands
import pytest
import typer
from parse.cases import read_cases
from typer.testing import CliRunner

from conflictdata.authoring.canonical import format_yaml
from conflictdata.cli.parse import find_publisher, parse, parse_line
from conflictdata.findings import UsageError
from conflictdata.parse import parse_document, parse_text
from conflictdata.parse.read import read_bytes
from conflictdata.parse.seed import render_seed
from conflictdata.parse.verify import check_draft
from conflictdata.seeds import read_seeds
from conflictdata.validation.api import validate

ROOT = Path(__file__).parents[1]
ARTICLE = Path(__file__).parent / "parse" / "articles" / "offensive.txt"
SEED = ROOT.parent / "shared" / "seed"
DAY = date(2024, 12, 5)

app = typer.Typer(pretty_exceptions_enable=False)
app.command()(parse)


def run(*args: str | Path, stdin: str = "") -> tuple[int, str]:
    done = CliRunner().invoke(app, [str(a) for a in args], input=stdin)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def write_draft() -> str:
    return render_seed(
        parse_document(
            read_bytes(ARTICLE.read_bytes(), name="offensive.txt", published=DAY, publisher="telesur_english")
        )
    )


def write_seeds(folder: Path, text: str) -> Path:
    """Write a seeds folder with the package's reference tables and one page."""
    shutil.copytree(ROOT / "seeds" / "reference", folder / "reference")
    page = folder / "sources" / "syria_2024_offensive" / "telesur_english-2024-12-05.yaml"
    page.parent.mkdir(parents=True)
    page.write_text(text, encoding="utf-8")
    return folder


def list_figures(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith(("n:", "by ", "including:"))]


@pytest.mark.slow
def test_the_draft_of_the_article_is_a_seed_file_that_validates(tmp_path: Path) -> None:
    text = write_draft()
    assert list_figures(text) == [
        "n: at least 727",
        "by party:",
        "n: 111",
        "n: 371",
        "n: 220",
        "including:",
        "n: 23",
        "n: 25",
    ]
    report = validate(write_seeds(tmp_path / "seeds", text))
    assert [f for f in report.findings if f.severity == "error"] == []


@pytest.mark.slow
def test_drafts_are_in_canonical_form() -> None:
    passages = [parse_text(case.text, published=DAY) for case in list(read_cases())[::8]]
    drafts = [write_draft(), *map(render_seed, passages)]
    assert len(drafts) > 90
    for draft in drafts:
        assert format_yaml(draft.encode(), "draft.yaml").text == draft


def test_check_proves_the_offsets_and_sees_a_changed_text(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(write_draft(), encoding="utf-8")
    code, output = run("--check", file, ARTICLE)
    assert code == 0, output
    assert "6 numbers" in output
    other = tmp_path / "other.txt"
    other.write_text(ARTICLE.read_text(encoding="utf-8").replace("371", "317"), encoding="utf-8")
    code, output = run("--check", file, other)
    assert code == 1
    assert "SHA-256" in output
    assert "hold '317', not '371'" in output


def test_a_draft_without_evidence_is_no_proof() -> None:
    count, faults = check_draft("publisher: x\n", parse_text("x").document)
    assert count == 0
    assert len(faults) == 2


@pytest.mark.parametrize("form", ["text", "json", "yaml"])
def test_formats(form: str) -> None:
    code, output = run(ARTICLE, "--published", "2024-12-05", "--format", form)
    assert code == 0
    assert "727" in output
    if form == "json":
        assert len(output.splitlines()) == 1
        first = json.loads(output)["claims"][0]
        assert (first["status"], first["low"], first["high"], first["period"]["start"]) == (
            "killed",
            727,
            None,
            "2024-11-27",
        )


def test_doubts_come_first() -> None:
    _, output = run(ARTICLE, "--published", "2024-12-05")
    assert output.index("doubts") < output.index("Insurgents press")


def test_standard_input() -> None:
    code, output = run("-", "--format", "json", stdin="Twelve people were killed.")
    assert code == 0
    assert json.loads(output)["claims"][0]["low"] == 12


def test_many_documents_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [
        {"id": f"d{i}", "text": f"The blast killed {i + 2} people.", "published": "2024-12" if i % 2 else "2024-12-05"}
        for i in range(50)
    ]
    file.write_text("\n".join(json.dumps(x) for x in lines), encoding="utf-8")
    code, output = run(file, "--jsonl")
    assert code == 0
    answers = [json.loads(line) for line in output.splitlines()]
    assert [(a["id"], a["claims"][0]["low"]) for a in answers] == [(f"d{i}", i + 2) for i in range(50)]


@pytest.mark.parametrize("line", [b"[]", b"{}", b"x", b'{"text": 3}', b'{"id": "a", "text": "b", "language": "fr"}'])
def test_a_bad_line_is_refused(line: bytes) -> None:
    with pytest.raises(UsageError):
        parse_line(line)


def test_a_bad_day_is_refused() -> None:
    with pytest.raises(UsageError, match="is not a day"):
        run(ARTICLE, "--published", "2024-13-01")


def test_other_languages_are_refused() -> None:
    with pytest.raises(UsageError, match="only English"):
        read_bytes(b"<html lang='fr'><body><p>Douze morts.</p></body></html>", name="page.html")
    with pytest.raises(UsageError, match="only English"):
        read_bytes("Zwölf Tote.".encode(), language="de")


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UsageError, match="not UTF-8"):
        read_bytes(b"\xff\xfe\x00")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_html_is_read_through_trafilatura() -> None:
    pytest.importorskip("trafilatura")
    body = "".join(f"<p>{line}</p>" for line in ARTICLE.read_text(encoding="utf-8").splitlines())
    page = f"<!doctype html><html lang='en'><head><title>x</title></head><body><nav>Home 12 killed</nav><article>{body}</article></body></html>"
    reading = parse_document(read_bytes(page.encode(), name="page.html", published=DAY))
    assert [d.value for d in reading.drafts] == [727, 111, 371, 220, 23, 25]
    assert all(reading.document.text[d.start : d.end].isdigit() for d in reading.drafts)


def test_control_characters_do_not_reach_the_terminal() -> None:
    _, output = run("-", stdin="\x1b]0;x\x07 Twelve people were \x1b[31mkilled.")
    assert "\x1b" not in output
    assert "\x07" not in output


COLUMNS = (
    "outcome",
    "unit",
    "relation",
    "axis",
    "actor_id",
    "person_status",
    "role",
    "sex",
    "age",
    "qualifier",
    "low",
    "best",
    "high",
)
PAGE = "sources/syria_2024_offensive/telesur_english-2024-12-05.yaml"


def get_command(*args: str | Path) -> subprocess.CompletedProcess[str]:
    return commands.run(*args)


def read_tree(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the figures of the toll, by path."""
    figures = (r for r in read_seeds(folder).records["figures"] if r.text("claim_id") == f"{Path(PAGE).stem}.1")
    return {r.text("figure_id"): tuple(r.text(c) for c in COLUMNS) for r in figures}


@pytest.mark.slow
@pytest.mark.skipif(not SEED.is_dir(), reason="the article that started the project is not in this checkout")
def test_the_first_article_becomes_its_seed_file(tmp_path: Path) -> None:
    article = next(SEED.glob("*.txt"))
    drafted = get_command(
        "parse", article, "--format", "yaml", "--published", "2024-12-05", "--publisher", "telesur_english"
    )
    assert "TODO" not in drafted.stdout  # the page is accepted without further work
    folder = tmp_path / "seeds"
    shutil.copytree(ROOT / "seeds", folder)
    (folder / PAGE).write_text(drafted.stdout, encoding="utf-8")

    checked = get_command("validate", folder)

    assert checked.returncode == 0, checked.stdout
    assert "0 errors" in checked.stdout
    committed = read_tree(write_seeds(tmp_path / "committed", (ROOT / "seeds" / PAGE).read_text(encoding="utf-8")))
    assert read_tree(write_seeds(tmp_path / "drafted", drafted.stdout)) == committed
    toll = f"{Path(PAGE).stem}.1.killed"
    assert {path.removeprefix(toll): row[-4:] for path, row in committed.items()} == {
        "": ("at_least", "727", "", ""),
        ".civilians": ("exact", "111", "111", "111"),
        ".hts": ("exact", "371", "371", "371"),
        ".syrian_government": ("exact", "220", "220", "220"),
        ".syrian_government.officers": ("exact", "23", "23", "23"),
        ".allied_militia": ("exact", "25", "25", "25"),
    }


@pytest.mark.skipif(not SEED.is_dir(), reason="the article that started the project is not in this checkout")
def test_nothing_else_in_the_first_article_is_a_casualty() -> None:
    article = next(SEED.glob("*.txt"))
    reading = parse_document(read_bytes(article.read_bytes(), name=article.name, published=DAY))
    assert [(d.value, d.outcome, d.claimant_id) for d in reading.drafts] == [
        (727, "killed", ""),  # the first mention, without a claimant; the draft keeps the one with the tree
        *((n, "killed", "sohr") for n in (727, 111, 371, 220, 23, 25)),
    ]
    assert {(d.window.kind, d.window.start) for d in reading.drafts} == {("cumulative", date(2024, 11, 27))}


@pytest.mark.slow
def test_a_draft_with_a_todo_never_validates_clean_and_one_without_does(tmp_path: Path) -> None:
    folder = write_seeds(tmp_path / "seeds", write_draft())
    page = folder / PAGE
    texts = {}
    for n, case in enumerate(read_cases(), 2):
        text = render_seed(parse_text(case.text, published=DAY, publisher="telesur_english", name=f"passage{n}"))
        texts[f"{page.stem}-{n}.yaml"] = text
        page.with_name(f"{page.stem}-{n}.yaml").write_text(text, encoding="utf-8")
    found = [f for f in validate(folder).findings if f.severity == "error" and f.place is not None]
    todo = {name for name, text in texts.items() if re.search(r": TODO\b", text)}
    assert len(todo) > 400
    assert {Path(f.place.file).name for f in found if f.place is not None} == todo
    assert {f.rule for f in found} == {"seed.todo"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "published", "publisher", "open_"),
    [
        ("The blast killed 12 people.", DAY, "", "publisher: TODO"),
        ("The blast killed 12 people.", None, "telesur_english", "published: TODO"),
        ("The blast killed 12 people.", DAY, "telesur_english", "event: TODO"),
        ("Twelve people have been killed since the start of the war.", DAY, "telesur_english", "since: TODO"),
        ("The Society of Nowhere said 12 people were killed.", DAY, "telesur_english", "claimant: TODO"),
        ("The blast killed 12 people in the past weeks.", None, "telesur_english", "during: TODO"),
        ("Twelve people were killed somewhere.", DAY, "telesur_english", "location: TODO"),
    ],
    ids=lambda x: x if isinstance(x, str) and "TODO" in x else "",
)
def test_each_open_question_is_a_finding(
    text: str, published: date | None, publisher: str, open_: str, tmp_path: Path
) -> None:
    drafted = render_seed(parse_text(text, published=published, publisher=publisher, name="a"))
    lines = [n for n, line in enumerate(drafted.splitlines(), 1) if re.search(r": TODO\b", line)]
    assert open_ in drafted
    found = validate(write_seeds(tmp_path / "seeds", drafted)).findings
    assert {f.place.line for f in found if f.rule == "seed.todo" and f.place is not None} == set(lines)


@pytest.mark.parametrize(
    ("text", "publisher"),
    [("efe", "efe"), ("Agencia EFE", "efe"), ("www.bbc.com", "bbc"), ("a_new_paper", "a_new_paper"), ("", "")],
)
def test_the_publisher_is_found_by_its_name_or_host(text: str, publisher: str) -> None:
    assert find_publisher(text) == publisher


def test_a_claimant_that_the_text_names_in_another_way_is_suggested() -> None:
    drafted = render_seed(parse_text("The Lebanon Public Health Ministry said 12 people were killed.", published=DAY))
    assert 'claimant: TODO  # "The Lebanon Public Health Ministry"; perhaps lebanon_moph' in drafted
