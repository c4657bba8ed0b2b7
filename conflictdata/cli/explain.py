"""The command `conflictdata explain`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated

import typer

from conflictdata.cli._shared import open_console


class Form(str, Enum):
    """Formats of an explanation."""

    text = "text"
    markdown = "markdown"
    json = "json"


def explain(
    rule: Annotated[
        str | None, typer.Argument(help="The id that a report prints, or a table; all rules where it is left out.")
    ] = None,
    form: Annotated[Form, typer.Option("--format", help="How to print it.")] = Form.text,
) -> None:
    """Explain a rule: why it is there, a bad and a good example, what it says, how to mend it.

    Example: [bold]conflictdata explain figures.parts-cover-parent[/bold]
    """
    from conflictdata.rules import explanations

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
