"""Extension of griffe: the API reference shows the columns of results that a decorator adds to a docstring.

griffe reads the text of a module and does not see what decorators do (`analysis.columns.document_columns`).
"""

from __future__ import annotations

import inspect
from typing import Any

import griffe

from conflictdata.analysis.columns import document_columns


class ResultColumns(griffe.Extension):
    """Gives functions with the decorator `document_columns` the docstring that `help()` shows."""

    def on_function(self, *, func: griffe.Function, **_: Any) -> None:
        """Replace the docstring of a decorated function."""
        names = [decorator.callable_path for decorator in func.decorators]
        if func.docstring and any(name.endswith(document_columns.__name__) for name in names):
            func.docstring.value = inspect.getdoc(griffe.dynamic_import(func.path)) or ""
