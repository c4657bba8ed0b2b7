"""Change functions of a running process, so that a mutant needs no new one.

A change inside a function that nobody has called yet is a change of its code alone. Any other change (a table of a module, a rule
that is built while its module is imported) needs a process that imports the changed text.
"""

from __future__ import annotations

import gc
import inspect
import sys
from collections import defaultdict
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType
from typing import Any

Key = tuple[str, str, int]  # file, qualified name and first line of a function


def make_key(code: CodeType) -> Key:
    """Return what names a function in the unchanged text."""
    return code.co_filename, code.co_qualname, code.co_firstlineno


def _list_inner(code: CodeType) -> list[CodeType]:
    return [constant for constant in code.co_consts if isinstance(constant, CodeType)]


def _describe(code: CodeType) -> tuple[Any, ...]:
    """Return what a function does, without its lines and without the functions in it."""
    constants = [repr(constant) for constant in code.co_consts if not isinstance(constant, CodeType)]
    names = code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars
    return code.co_code, constants, names, code.co_flags, code.co_argcount, code.co_exceptiontable


def find_changed(before: CodeType, after: CodeType) -> list[tuple[CodeType, CodeType]] | None:
    """Return the functions that a change reaches, old and new, from outside in; None if it reaches a module or a class.

    Args:
        before: Code of the module.
        after: Code of the changed module.
    """
    inner, changed = (_list_inner(before), _list_inner(after)), _describe(before) != _describe(after)
    if changed and (not before.co_flags & inspect.CO_OPTIMIZED or before.co_freevars != after.co_freevars):
        return None
    if len(inner[0]) != len(inner[1]):
        return [(before, after)] if before.co_flags & inspect.CO_OPTIMIZED else None
    pairs: list[tuple[CodeType, CodeType]] = []
    for one, other in zip(*inner, strict=True):
        found = find_changed(one, other)
        if found is None:
            return None
        pairs += found
    is_function = before.co_flags & inspect.CO_OPTIMIZED
    return [(before, after), *pairs] if is_function and (changed or pairs) else pairs


class Calls:
    """Notes the functions of a folder that are called while it is active."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.called: set[Key] = set()

    def _note(self, frame: FrameType, event: str, _: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(self.folder):
            self.called.add(make_key(frame.f_code))

    def __enter__(self) -> Calls:
        sys.setprofile(self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sys.setprofile(None)


class Functions:
    """The functions of a folder that exist in this process."""

    def __init__(self, folder: str) -> None:
        self._found: dict[Key, list[FunctionType]] = defaultdict(list)
        for function in _list_functions():
            if function.__code__.co_filename.startswith(folder):
                self._found[make_key(function.__code__)].append(function)

    def replace(self, pairs: list[tuple[CodeType, CodeType]]) -> None:
        """Give functions their changed code."""
        for before, after in pairs:
            for function in self._found[make_key(before)]:
                function.__code__ = after


def _list_functions() -> Iterator[FunctionType]:
    for thing in gc.get_objects():
        if type(thing) is FunctionType:
            yield thing
