"""The command `conflictdata explain`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

import typer

from conflictdata._utils.suggest import ask_whether, find_close
from conflictdata.cli._shared import open_console, print_line
from conflictdata.findings import UsageError


class Form(str, Enum):
    """Formats of an explanation."""

    text = "text"
    markdown = "markdown"
    json = "json"


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(help="The id that a report prints, a table, or a word of the data. Default: all rules."),
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.text,
) -> None:
    """Explain a rule, with a bad and a good example. Or explain a word of the data.

    Example: [bold]conflictdata explain figures.parts-cover-parent[/bold]

    A word: [bold]conflictdata explain at_least[/bold]
    """
    from conflictdata.rules import explanations

    meanings = find_meanings(rule) if rule else []
    if meanings:
        _print_meanings(meanings, form)
        return
    found = explanations.find_explanation(rule) if rule else list(explanations.load_explanations().values())
    if form is Form.json:
        import json

        shown = [item.as_dict() for item in found] if isinstance(found, list) else found.as_dict()
        print(json.dumps(shown, ensure_ascii=False, indent=2))
    elif form is Form.markdown:
        from conflictdata.reporters import rule_markdown

        print(
            rule_markdown.render_index(found) if isinstance(found, list) else rule_markdown.render_page(found), end=""
        )
    else:
        from conflictdata.reporters import rule_text

        if isinstance(found, list):
            rule_text.render_list(found, open_console())
        else:
            rule_text.render(found, open_console())


def find_meanings(word: str) -> list[dict[str, Any]]:
    """Return what a word of the data means, by table and column; none for a rule, a table or an unknown word.

    A meaning that several columns share is returned once, with all of them.
    """
    from conflictdata import loading
    from conflictdata.rules.explanations import load_explanations

    plain = _fold(word)
    known = load_explanations()
    if word.strip().strip("[]").lower() in {*known, *(item.group for item in known.values())}:
        return []
    places: dict[str, list[str]] = {}
    words: set[str] = set()
    for table in loading.tables():
        for column in loading.describe(table).columns:
            words |= set(column.terms)
            if plain in column.terms:
                places.setdefault(column.terms[plain], []).append(f"{table}.{column.name}")
    if not places:
        _refuse_near_miss(word, words)
    return [{"word": plain, "columns": columns, "meaning": meaning} for meaning, columns in places.items()]


def _fold(word: str) -> str:
    return word.strip().lower().replace(" ", "_").replace("-", "_")


def _refuse_near_miss(name: str, words: set[str]) -> None:
    """Refuse a misspelled word, unless it looks like the id of a rule.

    Raises:
        UsageError: If a word of the data is near.
    """
    near = [] if "." in name else find_close(_fold(name), sorted(words), least=0.8)
    if near:
        raise UsageError(f"there is no rule, no table and no word {name!r}. {ask_whether(*near)}")


def _print_meanings(meanings: list[dict[str, Any]], form: Form) -> None:
    if form is Form.json:
        import json

        print(json.dumps(meanings, ensure_ascii=True, indent=2))
        return
    mark = "`" if form is Form.markdown else ""
    for found in meanings:
        columns = ", ".join(f"{mark}{column}{mark}" for column in found["columns"])
        print_line(f"{mark}{found['word']}{mark}: {found['meaning']}")
        print_line(f"{'' if mark else '    '}A word of {columns}.")
