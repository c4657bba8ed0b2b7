"""A comparison as text: sign, name, old and new value.

Coloured on a terminal; the signs carry the same information.
"""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console
from rich.text import Text

from conflictdata.comparison.forms import page
from conflictdata.comparison.model import SchemaChange, TollChange
from conflictdata.comparison.result import Diff
from conflictdata.reporters.common import escape_hidden

STYLES = {"-": "red", "~": "yellow", "+": "green"}


def render_chunks(diff: Diff, *, cap: int | None = None, whole: str = "") -> Iterator[str]:
    """Render the comparison as plain text, line by line."""
    for line in render_lines(diff, cap=cap, whole=whole):
        yield f"{line.plain}\n"


def show(diff: Diff, console: Console, *, cap: int | None, whole: str = "") -> None:
    """Print the comparison on a console."""
    for line in render_lines(diff, cap=cap, whole=whole):
        console.print(line, soft_wrap=True)


def render_lines(diff: Diff, *, cap: int | None, whole: str = "") -> Iterator[Text]:
    """Render the comparison as styled lines.

    Args:
        diff: The comparison.
        cap: Number of changed rows to show. None: all.
        whole: Name of a file with all rows, for the line that counts the omitted ones.
    """
    yield _make_text(f"old  {page.format_snapshot(diff.old)}", "dim")
    yield _make_text(f"new  {page.format_snapshot(diff.new)}", "dim")
    for note in page.iterate_notes(diff):
        yield Text.assemble(("! ", "bold yellow"), escape_hidden(note))
    yield Text()
    yield _make_text(page.format_summary(diff), "bold")
    if diff:
        yield _make_text(page.format_version(diff), "bold")
        yield from (_make_text(f"  {r.level}: {r.what}") for r in diff.reasons)
    yield from _render_sections(diff, cap, whole)
    yield from _render_tolls(diff, cap)
    yield from _render_schema(diff)
    yield from _render_collections(diff)


def _render_collections(diff: Diff) -> Iterator[Text]:
    if diff.collections:
        yield from _render_heading(f"Collections ({len(diff.collections):,})")
        yield from (_make_text(f"  {line}") for line in page.iterate_collections(diff))
        yield _make_text(f"  {page.COLLECTIONS_HINT}", "dim")


def _make_text(text: str, style: str = "") -> Text:
    return Text(escape_hidden(text), style=style)


def _render_sections(diff: Diff, cap: int | None, whole: str) -> Iterator[Text]:
    for section in page.build_sections(diff, cap):
        yield from _render_heading(f"{section.title} ({section.total:,})")
        for group in section.shown:
            about = f"  {escape_hidden(group.about)}" if group.about else ""
            yield Text.assemble((escape_hidden(group.subject), "bold"), (about, "dim"))
            yield from map(_render_line, group.iterate_lines())
        if section.rest:
            where = f", all in {whole}" if whole else "; `--report json=FILE` writes all"
            yield _make_text(f"... and {section.rest:,} more{where}", "dim")


def _render_heading(title: str) -> Iterator[Text]:
    yield Text()
    yield _make_text(title, "bold underline")


def _render_line(line: page.ChangeLine) -> Text:
    values = {"-": line.old, "+": line.new}.get(line.sign, f"{line.old} -> {line.new}")
    colon = ": " if values else ""
    return Text.assemble(
        (f"  {line.sign} {escape_hidden(line.name)}{colon}{escape_hidden(values)}", STYLES[line.sign]),
        (f"  because: {escape_hidden(line.why)}" if line.why else "", ""),
    )


def _render_tolls(diff: Diff, cap: int | None) -> Iterator[Text]:
    if not diff.tolls:
        return
    yield from _render_heading(f"Running tolls ({len(diff.tolls):,})")
    shown = diff.tolls if cap is None else diff.tolls[: page.TOLLS]
    for toll in shown:
        yield from _render_toll(toll)
    if len(diff.tolls) > len(shown):
        yield _make_text(f"... and {len(diff.tolls) - len(shown):,} more", "dim")


def _render_toll(toll: TollChange) -> Iterator[Text]:
    yield Text.assemble((escape_hidden(toll.toll_id), "bold"), f"  {escape_hidden(toll.what)}")
    bounds = page.format_bounds(toll)
    moved = (
        f"{page.format_point(toll.old)} -> {page.format_point(toll.new)}"
        if toll.old != toll.new
        else f"stays {page.format_point(toll.new)}"
    )
    yield _make_text(f"  last: {moved}{f'  [{bounds}]' if bounds else ''}")
    for point in toll.points[: page.POINTS]:
        sign = page.SIGNS[point.kind]
        values = {"-": str(point.old), "+": str(point.new)}.get(sign, f"{point.old} -> {point.new}")
        yield _make_text(f"  {sign} {point.as_of}: {values}", STYLES[sign])
    if len(toll.points) > page.POINTS:
        yield _make_text(f"  ... and {len(toll.points) - page.POINTS:,} more days", "dim")


def _render_schema(diff: Diff) -> Iterator[Text]:
    if diff.schema:
        yield from _render_heading(f"Schema ({len(diff.schema):,})")
        yield from map(_render_schema_line, diff.schema)


def _render_schema_line(change: SchemaChange) -> Text:
    return _make_text(f"  {change.level}: {format_schema_change(change)}")


def format_schema_change(change: SchemaChange) -> str:
    """Format a change of the schema in one line."""
    name = f"{change.vocabulary} ({', '.join(change.where)})" if change.vocabulary else ", ".join(change.where)
    values = (
        f"{change.old or page.EMPTY} -> {change.new or page.EMPTY}"
        if change.old and change.new
        else change.old or change.new
    )
    return f"{change.what}: {name}" + (f": {values}" if values else "")
