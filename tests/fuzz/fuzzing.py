"""Damaged inputs, and how many of them.

Some 2,000 in a run of `.ci/run`. `CONFLICTDATA_FUZZ=100000 pytest -m slow tests/fuzz` draws about so many, of other examples
each time. `CONFLICTDATA_FUZZ_LOG=FILE` adds the number of inputs per kind to a file.
"""

from __future__ import annotations

import atexit
import json
import os
import random
import re
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

ALL = 2_000
INPUTS = int(os.environ.get("CONFLICTDATA_FUZZ", ALL))
_COUNTED: Counter[str] = Counter()

# Pieces that have broken readers.
PIECES = (
    b"", b" ", b"  ", b"\t", b"\n", b"\r", b"\r\n", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\xc2\xa0", b"\xcc\x81", b"\xc2\x85", b"\xe2\x80\xa8", b'"', b"'", b",", b";", b":",
    b": ", b"- ", b"[", b"]", b"{", b"}", b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"---\n", b"...\n", b"? ", b"| \n", b"> \n", b"%YAML 1.1\n",
    b"0", b"-1", b"1e400", b"1" + b"0" * 400, b"NaN", b".inf", b"0x1F", b"12:30", b"1_000", b"1,204", b"\xd9\xa3", b"9999-12-31", b"0000-00-00", b"2024-02-30",
    b"null", b"true", b"NO", b"~", b"../", b"/etc/passwd", b"\\", b"%2e%2e%2f", b"<script>", b"=cmd()", b"@", b"#", b"killed:", b"claims:", b"including:",
    b"at least ", b"unstated", b"a" * 300, b"\xf0\x9f\x98\xa2", b"\xed\xa0\x80", b"<<<<<<< HEAD\n", b"{}", b"[]", b"0.5", b"$(id)", b"`", b"\x1b[31m",
)  # fmt: skip
_BREAK = re.compile(rb"\r\n|\n|\r|\xc2\x85|\xe2\x80[\xa8\xa9]|\x0b|\x0c")
_EDITS = ("insert", "replace", "delete", "repeat", "cut", "swap", "flip")


def damage(content: bytes, edits: list[tuple[str, float, float, bytes]]) -> bytes:
    """Return bytes after some edits: what, from where, how far (shares of the whole), with which piece."""
    for what, start, share, piece in edits:
        at = int(start * len(content))
        until = min(len(content), at + 1 + int(share * min(len(content), 200)))
        inside = content[at:until]
        if what == "flip":
            new = bytes(byte ^ 1 << int(share * 7) for byte in inside[:1]) + inside[1:]
        elif what == "swap":
            lines = content.split(b"\n")
            one, other = at % len(lines), int(share * (len(lines) - 1))
            lines[one], lines[other] = lines[other], lines[one]
            content = b"\n".join(lines)
            continue
        else:
            new = {"insert": piece + inside, "replace": piece, "delete": b"", "repeat": inside * 3, "cut": b""}[what]
        content = content[:at] + new + (b"" if what == "cut" else content[until:])
    return content


_EDIT = st.tuples(st.sampled_from(_EDITS), st.floats(0, 1), st.floats(0, 1), st.sampled_from(PIECES))


def damaged(*samples: bytes | str) -> st.SearchStrategy[bytes]:
    """Return a strategy of samples with one to five edits, and sometimes of bytes alone."""
    wholes = [one.encode() if isinstance(one, str) else one for one in samples]
    edited = st.builds(damage, st.sampled_from(wholes), st.lists(_EDIT, min_size=1, max_size=5))
    return st.one_of(edited, edited, edited, edited, edited, st.binary(max_size=200))


def texts() -> st.SearchStrategy[str]:
    """Return a strategy of short texts: pieces, and characters of all kinds."""
    piece = st.sampled_from([piece.decode("utf-8", "replace") for piece in PIECES])
    return st.one_of(piece, st.text(max_size=30), st.lists(piece, max_size=4).map("".join))


def fuzz(base: int, *, heavy: bool = False) -> settings:
    """Return the settings of a test with so many of the 2,000 inputs.

    Args:
        base: Number of inputs of a usual run.
        heavy: Whether an input takes more than some hundredths of a second. A long run has at most 5 times as many.
    """
    factor = INPUTS / ALL
    # The light tests have 1,995 inputs, the heavy ones 365; a long run makes up with them for the heavy ones.
    times = min(factor, 5) if heavy else max(1, (INPUTS - 365 * min(factor, 5)) / 1_995)
    return settings(
        max_examples=max(1, round(base * times)),
        deadline=None,
        derandomize=INPUTS == ALL,
        database=None,
        suppress_health_check=list(HealthCheck),
    )


def count_lines(content: bytes) -> int:
    """Return the number of lines of a text, by all marks that a reader may take for the end of one."""
    return len(_BREAK.split(content))


def count(kind: str) -> None:
    """Count one input."""
    _COUNTED[kind] += 1


@atexit.register
def _write_counts() -> None:
    if (file := os.environ.get("CONFLICTDATA_FUZZ_LOG")) and _COUNTED:
        with Path(file).open("a", encoding="utf-8") as log:
            log.write(json.dumps(_COUNTED) + "\n")


def choose(paths: list[Path], number: int) -> list[bytes]:
    """Return the contents of some files, the same ones each time."""
    return [path.read_bytes() for path in random.Random(18).sample(sorted(paths), min(number, len(paths)))]
