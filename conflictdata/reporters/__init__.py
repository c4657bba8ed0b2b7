"""Output formats of a report. Each format is a pure function of one `Report`."""

from __future__ import annotations

from conflictdata.findings import Report, UsageError

# Each form and the function that renders it. Imported on first use.
FORMS: dict[str, str] = {
    "text": "conflictdata.reporters.text:render_plain",
    "json": "conflictdata.reporters.json:render",
    "github": "conflictdata.reporters.github:render",
    "junit": "conflictdata.reporters.junit:render",
    "sarif": "conflictdata.reporters.sarif:render",
    "markdown": "conflictdata.reporters.markdown:render",
    "html": "conflictdata.reporters.html:render",
}


def render(report: Report, form: str) -> str:
    """Render a report in one of the `FORMS`.

    Returns:
        The text. It is empty or ends in a line break.

    Raises:
        UsageError: If the form does not exist.
    """
    import pkgutil

    if form not in FORMS:
        raise UsageError(f"there is no form {form!r} of a report; there are: {', '.join(FORMS)}")
    text: str = pkgutil.resolve_name(FORMS[form])(report)
    return text
