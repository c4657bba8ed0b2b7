"""Reports in the forms that people and machines read. Every form is a pure function of one `Report`."""

from __future__ import annotations

from conflictdata.findings import Report, UsageError

# Each form and the function that makes it; loaded when it is first asked for.
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
    """A report in one of the `FORMS`, as a text that ends in a line break, or is empty.

    Raises:
        UsageError: there is no such form.
    """
    import pkgutil

    if form not in FORMS:
        raise UsageError(f"there is no form {form!r} of a report; there are: {', '.join(FORMS)}")
    made: str = pkgutil.resolve_name(FORMS[form])(report)
    return made
