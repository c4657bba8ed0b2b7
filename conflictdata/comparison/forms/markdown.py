"""A comparison as GitHub-flavoured Markdown, for a comment.

A summary, and one table each for removed, corrected and added rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from conflictdata.comparison.forms import page
from conflictdata.comparison.forms.text import format_schema_change
from conflictdata.comparison.model import TollChange
from conflictdata.comparison.result import Diff
from conflictdata.reporters.common import escape_hidden, format_count, shorten_text

LARGEST = 60_000  # characters; GitHub refuses a comment of more than 65,536
LONG, SHORT = 240, 120  # characters of a value, a reason; of a name
_LISTED = 20  # tolls, schema changes and reasons

# GitHub must not read a cell as markup, link, formula or mention. The <span> splits the text in which it looks for
# `@name` and `#1`.
_ESCAPES = str.maketrans(
    {c: f"&#{ord(c)};" for c in "&<>|\\"} | {c: f"\\{c}" for c in "`*_[]~!"} | {c: f"<span>{c}</span>" for c in "@#$"}
)
# GitHub turns these into links by itself: `https://`, `mailto:`, `www.`
_LINK = re.compile(r"(?i)(\b[a-z]+(?=:\S)|www)([:.])")


def render_chunks(diff: Diff, *, cap: int | None = 50, whole: str = "") -> Iterator[str]:
    """Render the comparison as Markdown, with fewer rows if it exceeds a comment."""
    text = ""
    for rows in (cap, 25, 10, 0):
        text = "\n\n".join(_render_blocks(diff, rows, whole)) + "\n"
        if len(text) <= LARGEST or cap is None:
            break
    yield text


def escape_markdown(text: str, longest: int = LONG) -> str:
    """Escape a text so that Markdown shows it literally."""
    return _LINK.sub(
        lambda hit: f"{hit[1]}&#{ord(hit[2])};", shorten_text(escape_hidden(text), longest).translate(_ESCAPES)
    )


def _render_blocks(diff: Diff, cap: int | None, whole: str) -> Iterator[str]:
    yield f"## {escape_markdown(page.format_summary(diff)) if diff else 'Nothing differs'}"
    yield f"{escape_markdown(page.format_snapshot(diff.old))} → {escape_markdown(page.format_snapshot(diff.new))}"
    if notes := list(page.iterate_notes(diff)):
        yield "\n".join(f"> **!** {escape_markdown(note, 2 * LONG)}\\" for note in notes).removesuffix("\\")
    if diff:
        reasons = _truncate_lines([f"- {r.level}: {escape_markdown(r.what)}" for r in diff.reasons])
        yield f"**{escape_markdown(page.format_version(diff))}**\n\n" + "\n".join(reasons)
    for section in page.build_sections(diff, cap):
        yield f"### {section.title} ({section.total:,})"
        if section.shown:
            yield _render_table(section)
        if section.rest:
            yield f"… and {section.rest:,} more, all in {escape_markdown(whole) or 'the file that `--report json=FILE` writes'}"
    if diff.tolls:
        yield f"### Running tolls ({len(diff.tolls):,})"
        yield _render_tolls(diff.tolls)
    if diff.schema:
        yield f"### Schema ({len(diff.schema):,})"
        yield "\n".join(
            _truncate_lines([f"- {c.level}: {escape_markdown(format_schema_change(c))}" for c in diff.schema])
        )
    if diff.collections:
        yield f"### Collections ({len(diff.collections):,})"
        yield "\n".join(_truncate_lines([f"- {escape_markdown(line)}" for line in page.iterate_collections(diff)]))


def _truncate_lines(lines: Sequence[str]) -> list[str]:
    rest = len(lines) - _LISTED
    return [*lines[:_LISTED], *([f"- … and {rest:,} more"] if rest > 0 else [])]


def _render_table(section: page.ChangeSection) -> str:
    head = {"Removed": ["Row", "Before"], "Added": ["Row", "Now"]}.get(section.title, ["Row", "Before", "Now"])
    rows = [f"| | {' | '.join(head)} | Why |", f"|---|{'---|' * len(head)}---|"]
    for group in section.shown:
        about = f"<br>{escape_markdown(group.about)}" if group.about else ""
        rows.append(f"| | **{escape_markdown(group.subject, SHORT)}**{about} |{' |' * len(head)}")
        rows += [_render_row(line, section.title) for line in group.iterate_lines()]
    return "\n".join(rows)


def _render_row(line: page.ChangeLine, title: str) -> str:
    values = {"Removed": [line.old], "Added": [line.new]}.get(title, [line.old, line.new])
    cells = [
        f"`{line.sign}`",
        escape_markdown(line.name, SHORT),
        *map(escape_markdown, values),
        escape_markdown(line.why),
    ]
    return f"| {' | '.join(cells)} |"


def _render_tolls(tolls: Sequence[TollChange]) -> str:
    rows = ["| Toll | Last before | Last now | Days that differ |", "|---|---|---|---|"]
    for toll in tolls[:_LISTED]:
        days = [f"`{page.SIGNS[p.kind]}` {p.as_of}" for p in toll.points[: page.POINTS]]
        more = [f"… and {len(toll.points) - page.POINTS:,} more"] if len(toll.points) > page.POINTS else []
        name = f"**{escape_markdown(toll.toll_id, SHORT)}**<br>{escape_markdown(toll.what, SHORT)}"
        last = [escape_markdown(page.format_point(point)) for point in (toll.old, toll.new)]
        rows.append(f"| {name} | {last[0]} | {last[1]} | {', '.join(days + more)} |")
    rest = len(tolls) - _LISTED
    return "\n".join(rows) + (f"\n\n… and {format_count(rest, 'more toll')}" if rest > 0 else "")
