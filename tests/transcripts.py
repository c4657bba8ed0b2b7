"""Run the transcripts in the docs; CONFLICTDATA_GOLDEN=write rewrites them.

A page has blocks of `sh`, each followed by a block of `text` with the output of all its lines. A comment
`<!-- write: PATH -->` before a block writes the block to that file.
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
    """A step of a transcript: a file to write, or commands and their output."""

    file: str
    body: str
    said: str | None
    start: int
    end: int


def read_steps(text: str) -> Iterator[Step]:
    """Yield the executable steps of a page."""
    for match in _BLOCK.finditer(text):
        if match["file"] or (match["kind"] == "sh" and match["said"] is not None):
            start, end = match.span("said") if match["said"] is not None else (-1, -1)
            yield Step(match["file"] or "", match["body"], match["said"], start, end)


def make_environment(**more: str) -> dict[str, str]:
    """Return an environment that gives the same output on every machine."""
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("GIT_", "CONFLICTDATA_"))},
        "PATH": path, "NO_COLOR": "1", "COLUMNS": "140", "TERM": "dumb", "LC_ALL": "C.UTF-8", "NO_PROXY": "*", **more,
    }  # fmt: skip


def run_steps(text: str, folder: Path, env: Mapping[str, str], called: Mapping[str, str] | None = None) -> str:
    """Run the steps in a folder, and return the page with the real output.

    Args:
        text: The page.
        folder: Working directory of the commands.
        env: Their environment.
        called: Per text that differs between machines, the text on the page.
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
        output = "".join(f"{line.rstrip()}\n" for line in done.stdout.splitlines())
        for there, name in (called or {}).items():
            output = output.replace(there, name)
        new += [text[last : step.start], output]
        last = step.end
    return "".join([*new, text[last:]])
