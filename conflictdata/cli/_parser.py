"""The parser of the commands that import no Typer: its errors are ours, and name the next step."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any, NoReturn

from conflictdata.findings import UsageError


class CommandParser(argparse.ArgumentParser):
    """A parser of arguments whose errors are a `UsageError` that names the fitting help."""

    def error(self, message: str) -> NoReturn:
        """Raise the error of an argument.

        Raises:
            UsageError: Always.
        """
        raise UsageError(f"{message}; see {self.prog} --help")

    def parse_command(self, arguments: Sequence[str], kind: str, options: Sequence[str]) -> Any:
        """Parse the arguments of a command with sub-commands.

        Args:
            arguments: The arguments.
            kind: Attribute that holds the name of the sub-command.
            options: Options that take the id of a record, the likeliest first.

        Returns:
            The namespace.

        Raises:
            UsageError: If an argument is invalid, or one is left over.
        """
        chosen, rest = self.parse_known_args(list(arguments))
        if not rest:
            return chosen
        name = getattr(chosen, kind)
        taken = [option for option in options if hasattr(chosen, option)]
        is_id = not rest[0].startswith("-") and not any(getattr(chosen, option) for option in taken)
        hint = f"write --{taken[0]} {rest[0]}" if taken and is_id else "remove it"
        raise UsageError(f"{name} cannot use {' '.join(rest)!r}: {hint}; see {self.prog} {name} --help")
