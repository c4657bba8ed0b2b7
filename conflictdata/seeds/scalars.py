"""YAML scalars on one line, quoted only if necessary."""

from __future__ import annotations

import re

# Invisible characters, and those that YAML forbids, are written as escapes.
_ESCAPED = re.compile("[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]")
_SHORT = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}

_STARTS = re.compile(r"[\[\]{},#&*!|>'\"%@`?:]|-(?![0-9A-Za-z])|\.\.\.")
_INSIDE = re.compile(r": |:\Z| #")
_BRACKETS = re.compile(r"[\[\]{},?]")
# Free text that a typed YAML reader would read as a number, a date, a boolean or null.
_TYPED = re.compile(
    r"(?:[-+]?\.?[0-9][0-9_,.:/+-]*(?:e[-+]?[0-9]+)?|0[xo][0-9a-f]+|true|false|null|yes|no|on|off|~|[-+]?\.(?:inf|nan))\Z",
    re.IGNORECASE,
)


def format_scalar(text: str, *, in_flow: bool = False, free: bool = False) -> str:
    """Return a text as a YAML scalar on one line.

    Args:
        text: The text.
        in_flow: Whether the scalar is between `{}` or `[]`.
        free: Whether it is free text, which is quoted if it looks like a number.
    """
    plain = text and text == text.strip(" ") and not _STARTS.match(text) and not _INSIDE.search(text)
    plain = plain and not _ESCAPED.search(text) and not (in_flow and _BRACKETS.search(text))
    return text if plain and not (free and _TYPED.match(text)) else _quote_text(text)


def _quote_text(text: str) -> str:
    inner = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_ESCAPED.sub(_escape, inner)}"'


def _escape(hit: re.Match[str]) -> str:
    code = ord(hit[0])
    return _SHORT.get(hit[0]) or (f"\\x{code:02X}" if code < 0x100 else f"\\u{code:04X}")


def write_found(text: str) -> str:
    """Return the `found` line to paste into a waiver (see `Finding.found`)."""
    return f"found: {format_scalar(text, free=True)}"
