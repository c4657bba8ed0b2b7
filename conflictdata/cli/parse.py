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

from conflictdata._utils.regular_files import open_regular, read_at_most
from conflictdata.cli._shared import CLEAN, FINDINGS, LARGEST, print_line, print_note, read_utf8
from conflictdata.cli._streams import is_reader_gone, open_stdin
from conflictdata.findings import UsageError

_REFUSED = "only English is parsed"  # the end of the message about a text in another language

_FIRST_YEAR, _LAST_YEAR = 1000, 9000  # of publication


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
    url: Annotated[str, typer.Option(help="Address of the page. Default: the address in an HTML page.")] = "",
    conflict: Annotated[
        str,
        typer.Option(
            help="The conflict that the text is about: its id or name. Names then mean its parties and places."
        ),
    ] = "",
    every: Annotated[
        bool, typer.Option("--all-doubts", help="List dates, ages and the like among the doubts too.")
    ] = False,
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
    publisher, conflict = find_publisher(publisher), find_conflict(conflict)
    if jsonl:
        raise typer.Exit(_parse_lines(file, publisher, conflict, every))
    about = {"publisher": publisher, "language": language, "url": url, "conflict": conflict}
    _print(_parse_file(file, parse_day(published), about), form, every)


def _parse_file(file: Path, published: date | None, about: dict[str, str]) -> Any:
    """Return the draft of one text. If the text is not one that is parsed, exit with a note."""
    from conflictdata.parse.engine import parse_document
    from conflictdata.parse.read import read_bytes

    data = _read_input(file)
    try:
        document = read_bytes(data, name="" if str(file) == "-" else file.name, published=published, **about)
    except UsageError as fault:
        if not str(fault).endswith(_REFUSED):
            raise
        print_note(f"refused: {fault}")
        raise typer.Exit(FINDINGS) from None
    return parse_document(document)


def find_publisher(text: str) -> str:
    """Return the id of a publisher by its id, name, alias or host; the text itself if it is a new one."""
    from conflictdata.registers.find import read_finder

    return (read_finder().find_id(text, "actor") or text) if text else ""


def find_conflict(text: str) -> str:
    """Return the id of a conflict by its id or name; "" for none.

    Raises:
        UsageError: If the conflict does not exist. The message suggests the nearest.
    """
    from conflictdata.registers.find import read_finder, resolve_conflict

    return resolve_conflict(read_finder(), text) if text else ""


def parse_day(text: str) -> date | None:
    """Parse the day of an option; None if empty.

    Raises:
        UsageError: If it is not a day in the form 2024-12-05.
    """
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is not a day such as 2024-12-05") from None
    if not _is_countable(day):
        raise UsageError(
            f"{text!r} is not a day of publication: its year is not between {_FIRST_YEAR} and {_LAST_YEAR}"
        )
    return day


def _is_countable(day: date) -> bool:
    """Return whether weeks and months can be counted from a day, back and forth."""
    return _FIRST_YEAR <= day.year <= _LAST_YEAR


def _read_input(file: Path) -> bytes:
    if str(file) == "-":
        return open_stdin().read()
    data = read_at_most(file, LARGEST)
    if len(data) > LARGEST:
        raise UsageError(f"{file} is larger than {LARGEST:,} bytes; with --jsonl, give one document per line")
    return data


def _print(reading: Any, form: ParseFormat, every: bool) -> None:
    if form is ParseFormat.yaml:
        from conflictdata.parse.seed import render_seed

        typer.echo(render_seed(reading, minor=every), nl=False)
    elif form is ParseFormat.json:
        from conflictdata.parse.jsonl import build_record

        typer.echo(json.dumps(build_record(reading, minor=every), ensure_ascii=False))
    else:
        from conflictdata.parse.display import print_result

        print_result(reading, Console(highlight=False), minor=every)


def _check(draft: Path, text: Path | None) -> int:
    from conflictdata.parse.read import read_bytes
    from conflictdata.parse.verify import check_draft

    if text is None:
        raise UsageError("--check needs the draft and its text: conflictdata parse --check DRAFT.yaml TEXT")
    count, faults = check_draft(read_utf8(draft), read_bytes(_read_input(text), name=text.name))
    for fault in faults:
        print_line(f"{draft}: {fault}")
    if not faults:
        print_line(f"{draft}: {count} numbers are at their offsets in the text")
    return FINDINGS if faults else CLEAN


def _parse_lines(file: Path, publisher: str, conflict: str, every: bool) -> int:
    """Parse many documents, one per line. A line that cannot be read gives a line with its error, and the others go on.

    Each is printed before the next is read, so memory use does not grow.
    """
    stream = open_stdin() if str(file) == "-" else open_regular(file)
    with stream:
        size = 0 if str(file) == "-" else file.stat().st_size
        for number, line in enumerate(_track_lines(stream, size), 1):
            if is_reader_gone():
                break
            if not line.strip():
                continue
            try:
                typer.echo(parse_line(line, publisher, conflict=conflict, minor=every))
            except UsageError as fault:
                typer.echo(json.dumps({"line": number, "id": _read_id(line), "error": str(fault)}, ensure_ascii=False))
    return CLEAN


def _read_id(line: bytes) -> str:
    """Return the id of a document in a line; "" if the line cannot be read."""
    try:
        return str(json.loads(line).get("id") or "")
    except (ValueError, AttributeError, RecursionError):
        return ""


def parse_line(line: bytes, publisher: str = "", *, conflict: str = "", minor: bool = False) -> str:
    """Parse one line of `--jsonl`: a document in, its claims and doubts out, both as JSON.

    Args:
        line: The line.
        publisher: Actor id of the publisher.
        conflict: Id of the conflict that the text is about.
        minor: Whether dates, ages and the like are listed among the doubts.

    Raises:
        UsageError: If the line is not a JSON object with a text, or is in another language than English.
    """
    from conflictdata.parse.engine import parse_document
    from conflictdata.parse.jsonl import build_record
    from conflictdata.parse.model import Document
    from conflictdata.parse.read import require_english

    try:
        document = json.loads(line)
        text, name = document["text"], str(document.get("id") or "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UsageError("a line is not a JSON object with a text") from None
    if not isinstance(text, str):
        raise UsageError(f"{name}: the text is not a string")
    if str(document.get("language") or "en").lower()[:2] != "en":
        raise UsageError(f"{name}: the language is {document['language']!r}; only English is parsed")
    require_english(text, name, str(document.get("language") or ""))
    day = _parse_day_leniently(document.get("published"))
    reading = parse_document(Document(text, day, publisher, name, conflict=conflict))
    return json.dumps(build_record(reading, minor=minor), ensure_ascii=False)


def _parse_day_leniently(value: Any) -> date | None:
    """Return a day of the input; None if it is not a whole day, such as `2024-12`."""
    try:
        day = date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None
    return day if day is not None and _is_countable(day) else None


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
