"""Transcripts in the docs: run as they stand, and renewed with CONFLICTDATA_GOLDEN=write.

A page holds blocks of `sh`, each with a block of `text` under it: what all its lines print together. A comment
`<!-- write: PATH -->` before a block puts the block into that file.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:<!-- write: (?P<file>\S+) -->\n+)?^```(?P<kind>sh|yaml)\n(?P<body>.*?)^```$(?:\n+^```text\n(?P<said>.*?)^```$)?",
    re.M | re.S,
)


@dataclass(frozen=True)
class Step:
    """A step of a transcript: a file to write, or commands and what they print."""

    file: str
    body: str
    said: str | None
    start: int
    end: int


def read_steps(text: str) -> Iterator[Step]:
    """The steps of a page that do something."""
    for match in _BLOCK.finditer(text):
        if match["file"] or (match["kind"] == "sh" and match["said"] is not None):
            start, end = match.span("said") if match["said"] is not None else (-1, -1)
            yield Step(match["file"] or "", match["body"], match["said"], start, end)


def make_environment(**more: str) -> dict[str, str]:
    """An environment in which every machine prints the same."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "CONFLICTDATA_"))},
        "PATH": path, "NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb", "LC_ALL": "C.UTF-8", "NO_PROXY": "*", **more,
    }  # fmt: skip


def run_steps(text: str, folder: Path, env: Mapping[str, str], called: Mapping[str, str] | None = None) -> str:
    """Carry the steps out in a folder; the page as it should read.

    Args:
        text: the page.
        folder: where the commands run.
        env: their environment.
        called: what stands on the page for a text that differs from machine to machine.
    """
    new, last = [], 0
    for step in read_steps(text):
        if step.file:
            (folder / step.file).write_text(step.body, encoding="utf-8")
            continue
        done = subprocess.run(
            ["bash", "-c", step.body],
            cwd=folder, env=dict(env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
        )  # fmt: skip
        said = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
        for there, name in (called or {}).items():
            said = said.replace(there, name)
        new += [text[last : step.start], said]
        last = step.end
    return "".join([*new, text[last:]])
