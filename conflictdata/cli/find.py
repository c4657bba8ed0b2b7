"""The command `conflictdata find`. It imports neither Typer nor Rich, which would take longer than the search."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, TextIO

from conflictdata.cli._parser import CommandParser
from conflictdata.cli._shared import FINDINGS
from conflictdata.findings import UsageError
from conflictdata.registers.find import read_finder, resolve_conflict
from conflictdata.registers.folding import check_text, escape_hidden
from conflictdata.registers.match import KINDS

if TYPE_CHECKING:
    from conflictdata.registers import NameMatch

_SHOWN_CONFLICTS = 3
_DESCRIPTION = """\
Find the id of an actor, a place, an event, a conflict or a toll by its name.

Case, accents, hyphens, apostrophes and articles may differ, and a word may have
one or two wrong letters. The best match is first. Exit code 1: nothing found."""
_EXAMPLE = """\
Example: conflictdata find Syrian Observatory --kind actor
         conflictdata find https://www.bbc.com/news"""


def run(arguments: Sequence[str]) -> None:
    """Run `conflictdata find` with its arguments.

    Raises:
        SystemExit: If nothing is found (code 1), or help was asked for.
        UsageError: If an argument is invalid, or the seeds cannot be read.
    """
    try:
        _find(_make_parser().parse_intermixed_args(list(arguments)))
    except UsageError as fault:
        raise UsageError(escape_hidden(str(fault))) from None


def _make_parser() -> CommandParser:
    parser = CommandParser(
        "conflictdata find", description=_DESCRIPTION, epilog=_EXAMPLE, allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )  # fmt: skip
    parser.add_argument("text", nargs="+", help="a name in any language, an id, a host or an address")
    parser.add_argument("--kind", choices=KINDS, default="", help="only records of this kind")
    parser.add_argument("--conflict", help="only records of this conflict: its id or name")
    parser.add_argument("--seeds", metavar="FOLDER", help="a folder of seeds to search; default: the installed data")
    parser.add_argument("-n", "--most", type=int, default=10, help="maximum number of lines (default: 10)")
    parser.add_argument("--format", choices=("text", "json"), default="text", help="json prints all records")
    return parser


def _find(chosen: argparse.Namespace) -> None:
    name = check_text(" ".join(chosen.text))
    if chosen.most < 1:
        raise UsageError(f"--most is {chosen.most}; give a number above 0")
    finder = read_finder(chosen.seeds)
    found = finder.find(name, kind=chosen.kind, conflict=resolve_conflict(finder, chosen.conflict))
    if chosen.format == "json":
        import json

        _print([json.dumps([asdict(match) for match in found], indent=2)])  # ASCII alone
    else:
        _print(_format_lines(found[: chosen.most]))
        if more := len(found) - chosen.most if found[chosen.most :] else 0:
            _print([f"{more:,} more: choose with --kind or --conflict, or print more with -n"], to=sys.stderr)
    if not found:
        nearest = finder.find_nearest(name, kind=chosen.kind) or finder.find_nearest(name)
        _print([_explain_nothing(name, chosen, nearest)], to=sys.stderr)
        raise SystemExit(FINDINGS)


def _format_lines(found: Sequence[NameMatch]) -> Iterator[str]:
    """Yield one line per record: kind and id in columns, then its name and the rest."""
    kind_width = max((len(match.kind) for match in found), default=0)
    id_width = max((len(match.id) for match in found), default=0)
    for match in found:
        yield escape_hidden(f"{match.kind:{kind_width}}  {match.id:{id_width}}  {match.name} ({_describe(match)})")


def _describe(match: NameMatch) -> str:
    """Return how a text names a record, and what the record is."""
    how = match.matched if match.text in (match.id, match.name) else f"{match.matched} {match.text}"
    facts = [match.category, match.country, match.day, f"in {match.parent}" if match.parent else ""]
    if match.kind == "place" and match.precision:
        facts.append(f"precision {match.precision}")
    conflicts = [] if match.kind == "conflict" else list(match.conflicts)
    if len(conflicts) > _SHOWN_CONFLICTS + 1:
        conflicts[_SHOWN_CONFLICTS:] = [f"{len(conflicts) - _SHOWN_CONFLICTS} more conflicts"]
    return "; ".join(part for part in (how, ", ".join(filter(None, facts)), ", ".join(conflicts)) if part)


def _explain_nothing(name: str, chosen: argparse.Namespace, nearest: Sequence[NameMatch]) -> str:
    where = f" of {chosen.conflict}" if chosen.conflict else ""
    close = ", ".join(f"{match.id} ({match.name})" for match in nearest)
    hint = f"the nearest: {close}" if close else "no name is similar"
    return escape_hidden(f"nothing found: no {chosen.kind or 'record'}{where} is called {name!r}; {hint}")


def _print(lines: Iterable[str], to: TextIO | None = None) -> None:
    stream = to or sys.stdout
    if isinstance(stream, io.TextIOWrapper):  # a terminal may not know all letters
        stream.reconfigure(errors="backslashreplace")
    for line in lines:
        print(line, file=stream)
