"""A comparison as text: a sign, what, before and now; coloured on a terminal, where the sign still says it all."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from conflictdata.comparison.forms import page
from conflictdata.comparison.model import SchemaChange, TollChange
from conflictdata.comparison.result import Diff
from conflictdata.reporters.common import visible

STYLES = {"-": "red", "~": "yellow", "+": "green"}


def chunks(diff: Diff, *, cap: int | None = None, whole: str = "") -> Iterator[str]:
    """The comparison as plain text, line by line."""
    for line in lines(diff, cap=cap, whole=whole):
        yield f"{line.plain}\n"


def show(diff: Diff, console: Console, *, cap: int | None, whole: str = "") -> None:
    """Print the comparison on a console."""
    for line in lines(diff, cap=cap, whole=whole):
        console.print(line, soft_wrap=True)


def lines(diff: Diff, *, cap: int | None, whole: str = "") -> Iterator[Text]:
    """The comparison as styled lines.

    Args:
        diff: the comparison.
        cap: changed rows that are shown; None for all.
        whole: what to say of where the others are.
    """
    yield _text(f"old  {page.names(diff.old)}", "dim")
    yield _text(f"new  {page.names(diff.new)}", "dim")
    for note in page.notes(diff):
        yield Text.assemble(("! ", "bold yellow"), visible(note))
    yield Text()
    yield _text(page.summary(diff), "bold")
    if diff:
        yield _text(page.version(diff), "bold")
        yield from (_text(f"  {r.level}: {r.what}") for r in diff.reasons)
    yield from _sections(diff, cap, whole)
    yield from _tolls(diff, cap)
    yield from _schema(diff)


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _sections(diff: Diff, cap: int | None, whole: str) -> Iterator[Text]:
    for section in page.sections(diff, cap):
        yield from _heading(f"{section.title} ({section.total:,})")
        for group in section.shown:
            about = f"  {visible(group.about)}" if group.about else ""
            yield Text.assemble((visible(group.subject), "bold"), (about, "dim"))
            yield from map(_line, group.lines())
        if section.rest:
            where = f", all in {whole}" if whole else "; `--report json=FILE` writes all"
            yield _text(f"... and {section.rest:,} more{where}", "dim")


def _heading(title: str) -> Iterator[Text]:
    yield Text()
    yield _text(title, "bold underline")


def _line(line: page.Line) -> Text:
    said = {"-": line.old, "+": line.new}.get(line.sign, f"{line.old} -> {line.new}")
    colon = ": " if said else ""
    return Text.assemble(
        (f"  {line.sign} {visible(line.name)}{colon}{visible(said)}", STYLES[line.sign]),
        (f"  because: {visible(line.why)}" if line.why else "", ""),
    )


def _tolls(diff: Diff, cap: int | None) -> Iterator[Text]:
    if not diff.tolls:
        return
    yield from _heading(f"Running tolls ({len(diff.tolls):,})")
    shown = diff.tolls if cap is None else diff.tolls[: page.TOLLS]
    for toll in shown:
        yield from _toll(toll)
    if len(diff.tolls) > len(shown):
        yield _text(f"... and {len(diff.tolls) - len(shown):,} more", "dim")


def _toll(toll: TollChange) -> Iterator[Text]:
    yield Text.assemble((visible(toll.series_id), "bold"), f"  {visible(toll.what)}")
    bounds = page.bounds(toll)
    moved = (
        f"{page.toll_words(toll.old)} -> {page.toll_words(toll.new)}"
        if toll.old != toll.new
        else f"stays {page.toll_words(toll.new)}"
    )
    yield _text(f"  last: {moved}{f'  [{bounds}]' if bounds else ''}")
    for point in toll.points[: page.POINTS]:
        sign = page.SIGNS[point.kind]
        said = {"-": str(point.old), "+": str(point.new)}.get(sign, f"{point.old} -> {point.new}")
        yield _text(f"  {sign} {point.as_of}: {said}", STYLES[sign])
    if len(toll.points) > page.POINTS:
        yield _text(f"  ... and {len(toll.points) - page.POINTS:,} more days", "dim")


def _schema(diff: Diff) -> Iterator[Text]:
    if diff.schema:
        yield from _heading(f"Schema ({len(diff.schema):,})")
        yield from map(_schema_line, diff.schema)


def _schema_line(change: SchemaChange) -> Text:
    return _text(f"  {change.level}: {schema_words(change)}")


def schema_words(change: SchemaChange) -> str:
    """A change of the schema in one line."""
    name = f"{change.vocabulary} ({', '.join(change.where)})" if change.vocabulary else ", ".join(change.where)
    values = (
        f"{change.old or page.EMPTY} -> {change.new or page.EMPTY}"
        if change.old and change.new
        else change.old or change.new
    )
    return f"{change.what}: {name}" + (f": {values}" if values else "")
