"""The command `conflictdata parse`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from conflictdata.cli._shared import CLEAN, FINDINGS
from conflictdata.findings import UsageError


class ParseFormat(str, Enum):
    """Formats of a draft."""

    text = "text"
    json = "json"
    yaml = "yaml"


def parse(
    file: Annotated[Path, typer.Argument(help="A text or HTML file, a draft with --check, or - for standard input.")],
    text: Annotated[Path | None, typer.Argument(help="With --check: the text that the draft was made from.")] = None,
    published: Annotated[
        str, typer.Option(help="Day of publication, such as 2024-12-05. Weekdays are counted from it.")
    ] = "",
    publisher: Annotated[str, typer.Option(help="The publisher: its id, name or host.")] = "",
    form: Annotated[ParseFormat, typer.Option("--format", help="How to print the draft.")] = ParseFormat.text,
    language: Annotated[
        str, typer.Option(help="Language of the text, if the page does not declare it. Only English is parsed.")
    ] = "",
    jsonl: Annotated[
        bool,
        typer.Option("--jsonl", help="Read one document per line: {id, text, published}. Print one line per document."),
    ] = False,
    check: Annotated[
        bool, typer.Option("--check", help="Check a draft: each number is at its offsets in the text.")
    ] = False,
) -> None:
    """Draft the casualty claims of an English text, for a person to review.

    Example: [bold]conflictdata parse article.txt --published 2024-12-05 --format yaml[/bold]
    """
    if check:
        raise typer.Exit(_check(file, text))
    publisher = find_publisher(publisher)
    if jsonl:
        _parse_lines(file, publisher)
        return
    from conflictdata.parse.engine import parse_document
    from conflictdata.parse.read import read_bytes

    document = read_bytes(
        _read_input(file),
        name="" if str(file) == "-" else file.name,
        published=parse_day(published),
        publisher=publisher,
        language=language,
    )
    _print(parse_document(document), form)


def find_publisher(text: str) -> str:
    """Return the id of a publisher by its id, name, alias or host; the text itself if it is a new one."""
    from conflictdata.registers.find import read_finder

    return (read_finder().find_id(text, "actor") or text) if text else ""


def parse_day(text: str) -> date | None:
    """Parse a day as given to an option; None if empty.

    Raises:
        UsageError: If it is not a day in the form 2024-12-05.
    """
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day such as 2024-12-05") from None


def _read_input(file: Path) -> bytes:
    return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()


def _print(reading: Any, form: ParseFormat) -> None:
    if form is ParseFormat.yaml:
        from conflictdata.parse.seed import render_seed

        typer.echo(render_seed(reading), nl=False)
    elif form is ParseFormat.json:
        from conflictdata.parse.jsonl import build_record

        typer.echo(json.dumps(build_record(reading), ensure_ascii=False))
    else:
        from conflictdata.parse.display import print_result

        print_result(reading, Console(highlight=False))


def _check(draft: Path, text: Path | None) -> int:
    from conflictdata.parse.read import read_bytes
    from conflictdata.parse.verify import check_draft

    if text is None:
        raise UsageError("--check needs the draft and its text: conflictdata parse --check DRAFT.yaml TEXT")
    count, faults = check_draft(draft.read_text(encoding="utf-8"), read_bytes(_read_input(text), name=text.name))
    for fault in faults:
        typer.echo(f"{draft}: {fault}")
    if not faults:
        typer.echo(f"{draft}: {count} numbers are at their offsets in the text")
    return FINDINGS if faults else CLEAN


def _parse_lines(file: Path, publisher: str) -> None:
    """Parse many documents, one per line.

    Each is printed before the next is read, so memory use does not grow.
    """
    stream = sys.stdin.buffer if str(file) == "-" else file.open("rb")
    with stream:
        size = 0 if str(file) == "-" else file.stat().st_size
        for line in _track_lines(stream, size):
            if line.strip():
                typer.echo(parse_line(line, publisher))


def parse_line(line: bytes, publisher: str = "") -> str:
    """Parse one line of `--jsonl`: a document in, its claims out, both as JSON.

    Raises:
        UsageError: If the line is not a JSON object with a text, or declares another language.
    """
    from conflictdata.parse.engine import parse_text
    from conflictdata.parse.jsonl import build_record

    try:
        document = json.loads(line)
        text, name = document["text"], str(document.get("id") or "")
    except (ValueError, KeyError, TypeError, AttributeError):
        raise UsageError("a line is not a JSON object with a text") from None
    if not isinstance(text, str):
        raise UsageError(f"{name}: the text is not a string")
    if str(document.get("language") or "en").lower()[:2] != "en":
        raise UsageError(f"{name}: the language is {document['language']!r}; only English is parsed")
    reading = parse_text(
        text, published=_parse_day_leniently(document.get("published")), publisher=publisher, name=name
    )
    return json.dumps(build_record(reading), ensure_ascii=False)


def _parse_day_leniently(value: Any) -> date | None:
    """Return a day of the input; None if it is not a whole day, such as `2024-12`."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _track_lines(stream: Iterable[bytes], size: int) -> Iterator[bytes]:
    """Iterate over the lines, with a bar on stderr if it is a terminal."""
    if not size or not sys.stderr.isatty():
        yield from stream
        return
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("Parsing", total=size)
        for line in stream:
            yield line
            progress.advance(task, len(line))
