"""`conflictdata parse`: formats, the draft that a person completes, the proof of its offsets, HTML, many documents."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from conflictdata.cli.parse import parse, parse_line
from conflictdata.findings import UsageError
from conflictdata.parse import parse_document, parse_text
from conflictdata.parse.checking import check
from conflictdata.parse.reading import read_bytes
from conflictdata.parse.seedfile import render
from conflictdata.validation import validate

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


def draft() -> str:
    return render(
        parse_document(
            read_bytes(ARTICLE.read_bytes(), name="offensive.txt", published=DAY, publisher="telesur_english")
        )
    )


def seeds(folder: Path, text: str) -> Path:
    """A folder of seeds with the package's reference tables and one page."""
    shutil.copytree(ROOT / "seeds" / "reference", folder / "reference")
    page = folder / "sources" / "syria_2024_offensive" / "telesur_english-2024-12-05.yaml"
    page.parent.mkdir(parents=True)
    page.write_text(text, encoding="utf-8")
    return folder


def figures(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip().startswith(("n:", "by ", "including:"))]


def test_the_draft_of_the_article_is_a_seed_file_that_validates(tmp_path: Path) -> None:
    text = draft()
    assert figures(text) == [
        "n: at least 727",
        "by party:",
        "n: 111",
        "n: 371",
        "n: 220",
        "including:",
        "n: 23",
        "n: 25",
    ]
    report = validate(seeds(tmp_path / "seeds", text))
    assert [f for f in report.findings if f.severity == "error"] == []


def test_a_draft_with_todo_does_not_validate(tmp_path: Path) -> None:
    text = render(
        parse_text(
            "Five people were killed on Friday, the mayor of Nowhere said.", published=DAY, publisher="telesur_english"
        )
    )
    assert text.count("TODO") >= 3
    assert not validate(seeds(tmp_path / "seeds", text)).ok


def test_check_proves_the_offsets_and_sees_a_changed_text(tmp_path: Path) -> None:
    file = tmp_path / "draft.yaml"
    file.write_text(draft(), encoding="utf-8")
    code, said = run("--check", file, ARTICLE)
    assert code == 0, said
    assert "6 numbers" in said
    other = tmp_path / "other.txt"
    other.write_text(ARTICLE.read_text(encoding="utf-8").replace("371", "317"), encoding="utf-8")
    code, said = run("--check", file, other)
    assert code == 1
    assert "SHA-256" in said
    assert "hold '317', not '371'" in said


def test_a_draft_without_evidence_is_no_proof() -> None:
    count, faults = check("publisher: x\n", parse_text("x").document)
    assert count == 0
    assert len(faults) == 2


@pytest.mark.parametrize("form", ["text", "json", "yaml"])
def test_formats(form: str) -> None:
    code, said = run(ARTICLE, "--published", "2024-12-05", "--format", form)
    assert code == 0
    assert "727" in said
    if form == "json":
        assert len(said.splitlines()) == 1
        first = json.loads(said)["claims"][0]
        assert (first["status"], first["low"], first["high"], first["period"]["start"]) == (
            "killed",
            727,
            None,
            "2024-11-27",
        )


def test_doubts_come_first() -> None:
    _, said = run(ARTICLE, "--published", "2024-12-05")
    assert said.index("doubts") < said.index("Insurgents press")


def test_standard_input() -> None:
    code, said = run("-", "--format", "json", stdin="Twelve people were killed.")
    assert code == 0
    assert json.loads(said)["claims"][0]["low"] == 12


def test_many_documents_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "many.jsonl"
    lines = [
        {"id": f"d{i}", "text": f"The blast killed {i + 2} people.", "published": "2024-12" if i % 2 else "2024-12-05"}
        for i in range(50)
    ]
    file.write_text("\n".join(json.dumps(x) for x in lines), encoding="utf-8")
    code, said = run(file, "--jsonl")
    assert code == 0
    answers = [json.loads(line) for line in said.splitlines()]
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
    _, said = run("-", stdin="\x1b]0;x\x07 Twelve people were \x1b[31mkilled.")
    assert "\x1b" not in said
    assert "\x07" not in said


@pytest.mark.skipif(not SEED.is_dir(), reason="the article that started the project is not in this checkout")
def test_the_first_article() -> None:
    file = next(SEED.glob("*.txt"))
    text = render(
        parse_document(read_bytes(file.read_bytes(), name=file.name, published=DAY, publisher="telesur_english"))
    )
    assert figures(text) == [
        "n: at least 727",
        "by party:",
        "n: 111",
        "n: 371",
        "n: 220",
        "including:",
        "n: 23",
        "n: 25",
    ]
    assert "claimant: sohr" in text
    assert "since: 2024-11-27" in text
    assert text.count("killed:") == 1
