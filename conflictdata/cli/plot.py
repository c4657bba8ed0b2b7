"""The command `conflictdata plot`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from conflictdata.analysis.refused import Refused
from conflictdata.cli._parser import CommandParser
from conflictdata.cli._shared import FINDINGS
from conflictdata.findings import UsageError
from conflictdata.registers.folding import escape_hidden

_DESCRIPTION = """\
Draw a toll over time, or rival claims side by side, without a network.

The ending of --out says how: .svg, .png or .html (the picture with its table).
It needs Altair and vl-convert: pip install altair vl-convert-python."""
_EXAMPLE = """\
Example: conflictdata plot timeline --toll sohr.syria_2024_offensive.2024-11-27 --parts civilians --out toll.svg
         conflictdata plot compare --event 2024-12-01-idlib-strikes --scheme dark --out strikes.png
         conflictdata plot timeline --collection gaza_daily --toll gaza_moh.gaza_2023.2023-10-07 --out gaza.svg"""


def run(arguments: Sequence[str]) -> None:
    """Run `conflictdata plot` with its arguments, and print the path of the picture.

    Raises:
        SystemExit: If the question is refused (code 1), or help was asked for.
        UsageError: If an argument is invalid, or the extra `plot` is not installed.
    """
    chosen = make_parser().parse_command(arguments, "picture", ("toll", "event", "place"))
    try:
        print(_draw(chosen).save(chosen.out))
    except Refused as refusal:
        from conflictdata.cli._answer_forms import show_refusal

        show_refusal(refusal, "table", chosen.collection)
        raise SystemExit(FINDINGS) from None
    except UsageError as fault:
        raise UsageError(escape_hidden(str(fault))) from None


def make_parser() -> CommandParser:
    """Return the parser of the command."""
    plain = argparse.RawDescriptionHelpFormatter
    parser = CommandParser(
        "conflictdata plot", description=_DESCRIPTION, epilog=_EXAMPLE, allow_abbrev=False, formatter_class=plain
    )
    pictures = parser.add_subparsers(dest="picture", required=True, metavar="PICTURE", parser_class=CommandParser)
    toll = pictures.add_parser("timeline", help="A toll over time", description="A toll over time.", allow_abbrev=False)
    toll.add_argument("--toll", required=True, help="a toll")
    toll.add_argument("--parts", default="", help="at most four groups to draw below, separated by commas")
    rivals = pictures.add_parser(
        "compare", help="Rival claims side by side", description="Rival claims side by side.", allow_abbrev=False
    )
    rivals.add_argument("--event", action="append", help="an event; may be repeated, on one scale")
    rivals.add_argument("--place", help="instead: a place, with --since and --until")
    rivals.add_argument("--since", help="first day at the place")
    rivals.add_argument("--until", help="last day at the place")
    for one in (toll, rivals):
        one.add_argument("--group", help="the people: civilians, children, an actor, or several joined by +")
        one.add_argument("--outcome", default="killed", help="killed (default), injured, ...")
        one.add_argument("--unit", default="persons", help="persons (default), bodies, ...")
        one.add_argument("--scheme", choices=("light", "dark"), default="light", help="colours (default: light)")
        one.add_argument("--width", type=int, default=860, help="width in pixels (default: 860)")
        one.add_argument("--version", help="a version of the data; default: the installed one")
        one.add_argument("--collection", help="a collection, such as gaza_daily; default: the curated records")
        one.add_argument("--out", required=True, metavar="FILE", help="the file: .svg, .png or .html")
    return parser


def _draw(chosen: argparse.Namespace) -> Any:
    from conflictdata import plots

    common: dict[str, Any] = {
        "group": chosen.group, "outcome": chosen.outcome, "unit": chosen.unit, "scheme": chosen.scheme,
        "width": chosen.width, "data": chosen.version, "collection": chosen.collection,
    }  # fmt: skip
    if chosen.picture == "timeline":
        parts = [name.strip() for name in chosen.parts.split(",") if name.strip()]
        return plots.timeline(chosen.toll, parts=parts, **common)
    return plots.compare(chosen.event, place=chosen.place, since=chosen.since, until=chosen.until, **common)
