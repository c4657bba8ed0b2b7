"""The command `conflictdata ask`. It imports neither Typer nor pandas, which would take longer than the answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from typing import Any

from conflictdata.analysis.records import Records, read_records
from conflictdata.analysis.refused import Refused
from conflictdata.cli import _answer_forms, _answers
from conflictdata.cli._parser import CommandParser
from conflictdata.cli._shared import FINDINGS
from conflictdata.findings import UsageError
from conflictdata.registers.folding import escape_hidden

_DESCRIPTION = """\
Ask the claims: how a toll rose, who says what about an event, what may be added up.

Every number keeps its words: "at least 704" is not 704. A question that the claims
cannot answer is refused, with the reason and what to ask instead (exit code 1).
Names are looked up as `conflictdata find` does."""
_EXAMPLE = """\
Example: conflictdata ask timeline --toll sohr.syria_2024_offensive.2024-11-27
         conflictdata ask window --toll sohr.syria_2024_offensive.2024-11-27 --since 2024-12-01 --until 2024-12-04
         conflictdata ask compare --event 2024-12-01-idlib-strikes --cite
         conflictdata ask rollup --by event --where claimant=sohr --where relation=total
         conflictdata ask timeline --collection gaza_daily --toll gaza_moh.gaza_2023.2023-10-07"""


def run(arguments: Sequence[str]) -> None:
    """Run `conflictdata ask` with its arguments.

    Raises:
        SystemExit: If the question is refused, or nothing fits (code 1); or help was asked for.
        UsageError: If an argument is invalid.
    """
    chosen = make_parser().parse_command(arguments, "question", ("toll", "event", "place", "conflict"))
    try:
        records = read_records(chosen.version, chosen.collection)
        answer = _answers.name_origin(_QUESTIONS[chosen.question](records, chosen), records)
    except Refused as refusal:
        _answer_forms.show_refusal(refusal, chosen.format, chosen.collection)
        raise SystemExit(FINDINGS) from None
    except UsageError as fault:
        raise UsageError(escape_hidden(str(fault))) from None
    _answer_forms.show(answer, chosen.format)
    if chosen.cite and answer.claims:
        from conflictdata.citation import cite

        print(
            f"\n{cite('apa', version=chosen.version, subset=answer.claims, collection=chosen.collection)}",
            file=sys.stdout if chosen.format == "table" else sys.stderr,
        )
    if not answer.rows:
        raise SystemExit(FINDINGS)


def make_parser() -> CommandParser:
    """Return the parser of the command."""
    parser = _make_one("conflictdata ask", description=_DESCRIPTION, epilog=_EXAMPLE)
    questions = parser.add_subparsers(dest="question", required=True, metavar="QUESTION", parser_class=CommandParser)
    _add_timeline(questions)
    _add_window(questions)
    _add_compare(questions)
    _add_as_of(questions)
    _add_rollup(questions)
    _add_revisions(questions)
    return parser


def _make_one(program: str, **texts: str) -> CommandParser:
    return CommandParser(program, allow_abbrev=False, formatter_class=argparse.RawDescriptionHelpFormatter, **texts)  # type: ignore[arg-type]


def _add(
    questions: Any, name: str, about: str, *, people: bool = True, reading: bool = True
) -> argparse.ArgumentParser:
    """Add a question with the options that all have."""
    parser: argparse.ArgumentParser = questions.add_parser(
        name,
        help=about,
        description=f"{about}.",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if people:
        parser.add_argument("--group", help="the people: civilians, children, an actor, or several joined by +")
    parser.add_argument("--outcome", default="killed", help="killed (default), injured, missing, ...")
    if name != "as-of":
        parser.add_argument("--unit", default="persons", help="persons (default), bodies, families, ...")
    if reading:
        parser.add_argument(
            "--reading", default="stated",
            help="stated (default): what the words leave possible; counted: what the claimant had on its list",
        )  # fmt: skip
    parser.add_argument(
        "--format", choices=_answer_forms.FORMATS, default="table", help="how to print it (default: table)"
    )
    parser.add_argument("--cite", action="store_true", help="cite the data and the pages behind the answer")
    parser.add_argument("--version", help="a version of the data; default: the installed one")
    parser.add_argument("--collection", help="a collection, such as gaza_daily; default: the curated records")
    return parser


def _add_regroup(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--regroup",
        action="store_true",
        help="use printed parts: to narrow bounds, and as a sum where a page has no number for an actor",
    )


def _add_timeline(questions: Any) -> None:
    parser = _add(questions, "timeline", "How a toll rose, day by day")
    parser.add_argument("--toll", help="a toll")
    parser.add_argument("--conflict", help="instead: all tolls of a conflict")
    parser.add_argument("--claimant", help="with --conflict: only the tolls of this claimant")
    _add_regroup(parser)


def _add_window(questions: Any) -> None:
    parser = _add(questions, "window", "How much a toll grew over some days")
    parser.add_argument("--toll", required=True, help="a toll")
    parser.add_argument("--since", required=True, help="first day, such as 2024-12-01")
    parser.add_argument("--until", required=True, help="last day, included")
    _add_regroup(parser)
    parser.add_argument(
        "--basis", help="only numbers counted by day of death (occurred) or by day of recording (recorded)"
    )


def _add_compare(questions: Any) -> None:
    parser = _add(questions, "compare", "Who says what about an event, or about some days at a place")
    parser.add_argument("--event", help="an event")
    parser.add_argument("--place", help="instead: a place, with --since and --until")
    parser.add_argument("--since", help="first day at the place")
    parser.add_argument("--until", help="last day at the place")
    parser.add_argument("--all", action="store_true", help="also print the claims that cannot be compared")


def _add_as_of(questions: Any) -> None:
    parser = _add(questions, "as-of", "The totals that were known on a day", people=False, reading=False)
    parser.add_argument("day", help="the day, such as 2024-12-04")
    parser.add_argument(
        "--known",
        choices=("published", "cut_off"),
        default="published",
        help="published: by the day of the page; cut_off: by the day up to which was counted",
    )
    parser.add_argument("--conflict", help="only this conflict")
    parser.add_argument("--claimant", help="only this claimant")


def _add_rollup(questions: Any) -> None:
    parser = _add(questions, "rollup", "A safe sum: refused if people may be counted twice")
    parser.add_argument(
        "--by", default="", help="columns to group by, separated by commas: event, place, conflict, ..."
    )
    parser.add_argument(
        "--where",
        action="append",
        default=[],
        metavar="COLUMN=VALUE",
        help="only figures with this value; may be repeated",
    )
    parser.add_argument(
        "--on-overlap", choices=("refuse", "union"), default="refuse", help="union: bounds for numbers that may overlap"
    )
    parser.add_argument("--additional", action="store_true", help="also add figures outside the total of their page")
    parser.add_argument(
        "--replaced", action="store_true", help="keep corrected and retracted figures; the sum is then refused"
    )
    parser.add_argument("--explain", action="store_true", help="list each figure: whether it is used, or why not")


def _add_revisions(questions: Any) -> None:
    parser = _add(questions, "revisions", "How a claim was corrected, or a toll went on", reading=False)
    parser.add_argument("record", help="the id of a claim, or a toll")


def _make_query(records: Records, chosen: argparse.Namespace) -> Any:
    from conflictdata.analysis.points import make_query

    regroup = bool(getattr(chosen, "regroup", False))
    reading = getattr(chosen, "reading", "stated")
    basis = getattr(chosen, "basis", None)
    return make_query(records, chosen.group, chosen.outcome, chosen.unit, reading, regroup=regroup, basis=basis)


def _ask_timeline(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.timeline import list_timeline, select_tolls

    query = _make_query(records, chosen)
    tolls = select_tolls(records, chosen.toll, chosen.conflict, chosen.claimant)
    rows = list_timeline(records, tolls, query, one=chosen.toll is not None)
    return _answers.describe_timeline(records, rows, tolls, query)


def _ask_window(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.window import measure_window
    from conflictdata.analysis.words import find_record

    toll = find_record(records, "toll", chosen.toll)
    row = measure_window(records, toll, chosen.since, chosen.until, _make_query(records, chosen))
    return _answers.describe_window(records, row)


def _ask_compare(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.compare import find_target, list_rivals

    target = find_target(records, chosen.event, chosen.place, chosen.since, chosen.until)
    rows = list_rivals(records, target, _make_query(records, chosen))
    return _answers.describe_compare(records, rows, target, everything=chosen.all, outcome=chosen.outcome)


def _ask_as_of(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.as_of import judge_claims
    from conflictdata.analysis.words import check_term, find_record, read_day

    day = read_day("the day", chosen.day)
    standings = judge_claims(records, day, chosen.known)
    conditions = {"outcome": check_term("outcome", chosen.outcome)}
    if chosen.conflict:
        conditions["conflict_id"] = find_record(records, "conflict", chosen.conflict)
    if chosen.claimant:
        conditions["claimant_id"] = find_record(records, "actor", chosen.claimant)
    return _answers.describe_as_of(records, standings, conditions, day)


def _ask_rollup(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.rollup import explain_cells, list_cells, plan_rollup, sum_cells

    where: dict[str, Any] = {}
    for pair in chosen.where:
        column, sign, value = pair.partition("=")
        if not sign or not column.strip() or not value.strip():
            raise UsageError(f"--where is {pair!r}; write it as --where claimant=sohr")
        where.setdefault(column.strip(), []).append(value.strip())
    by = [name.strip() for name in chosen.by.split(",") if name.strip()]
    plan = plan_rollup(
        records, by, where, chosen.group, chosen.outcome, chosen.unit, chosen.reading, chosen.on_overlap,
        current=not chosen.replaced, additional=chosen.additional,
    )  # fmt: skip
    cells = list_cells(records, plan)
    if chosen.explain:
        return _answers.describe_explain(explain_cells(cells), plan.by)
    return _answers.describe_rollup(sum_cells(records, cells, plan), cells, plan.by)


def _ask_revisions(records: Records, chosen: argparse.Namespace) -> _answer_forms.Answer:
    from conflictdata.analysis.revisions import list_revisions

    return _answers.describe_revisions(
        list_revisions(records, chosen.record, _make_query(records, chosen)), chosen.record
    )


_QUESTIONS: dict[str, Callable[[Records, argparse.Namespace], _answer_forms.Answer]] = {
    "timeline": _ask_timeline,
    "window": _ask_window,
    "compare": _ask_compare,
    "as-of": _ask_as_of,
    "rollup": _ask_rollup,
    "revisions": _ask_revisions,
}
