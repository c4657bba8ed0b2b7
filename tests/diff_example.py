"""Helpers for tests of `diff`.

A worked example as seeds and as packages, an independent `apply_changes`, and scratch repositories.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import commands
import polars as pl
from seedbox import ACTORS, NAME, SOURCE, write_seedbox

from conflictdata.release.publish import publish_seeds
from conflictdata.schema.columns import list_key_columns

Rows = list[dict[str, Any]]

LATER = "sources/war/paper-2024-06-09.yaml"
RETIRED = """\
id,replaced_by,on,reason
guard,national_guard,2024-07-01,The old id is the name of another body.
paper-2024-06-02.1.killed.government.officers,paper-2024-06-02.1.killed.officers,2024-07-01,The page does not say whose officers.
paper-2024-06-02.2.injured,,2024-07-01,The page does not say how many.
"""
# A correction, a retraction, a withdrawal, a moved parent and a renamed id. The page below is the addition.
CORRECTED = (
    SOURCE.replace("n: at least 60", "n: 60")
    .replace("civilians: {n: 30, including: {children: 7}}", "civilians: {n: 30, including: {children: 9}}")
    .replace("n: 10\n          including:\n            officers: 2\n", "n: 10\n      including:\n        officers: 2\n")
    .replace("    injured: about 20\n", "")
    .replace(
        "    perpetrator: rebels\n",
        "    perpetrator: rebels\n    status: retracted\n    reason: The observatory took it back.\n",
    )
)
ADDED = SOURCE[: SOURCE.index("  2:\n")].replace("2024-06-02", "2024-06-09").replace("example.org/1", "example.org/2")
ADDED = ADDED.replace("60", "75").replace("rebels: 20", "rebels: 35")
RENAMED = ACTORS.replace("guard,The guard", "national_guard,The guard")


def _sort_actors() -> str:
    head, *rows = RENAMED.splitlines(keepends=True)
    return head + "".join(sorted(rows))


def write_before(folder: Path) -> Path:
    """Write the seeds of the old version: those of the seedbox."""
    return write_seedbox(folder)


def write_after(folder: Path) -> Path:
    """Write the seeds of the new version, with one change of each kind."""
    files = {NAME: CORRECTED, LATER: ADDED, "retired.csv": RETIRED, "reference/actors.csv": _sort_actors()}
    return write_seedbox(folder, files)


def build_packages(folder: Path) -> tuple[Path, Path]:
    """Build both versions as packages.

    In the old one, the vocabulary `cause` has one term more and `age` one less.
    """
    for name, make in (("before", write_before), ("after", write_after)):
        report, package = publish_seeds(make(folder / "seeds" / name), folder / name)
        assert report.ok, report.errors
        assert package is not None
    for file in sorted((folder / "before/schemas").glob("*.json")):
        rewrite(file, _change_vocabulary)
    return folder / "before", folder / "after"


def _change_vocabulary(schema: dict[str, Any]) -> None:
    for field in schema["fields"]:
        if field.get("vocabulary") == "cause":
            field["constraints"]["enum"].append("lightning")
        if field.get("vocabulary") == "age":
            field["constraints"]["enum"].remove("elderly")


def rewrite(file: Path, change: Any) -> None:
    """Change a JSON file in place."""
    content = json.loads(file.read_text(encoding="utf-8"))
    change(content)
    file.write_text(json.dumps(content), encoding="utf-8")


def run(*arguments: str | Path, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
    """Run the command line with additional environment variables."""
    return commands.run(*arguments, cwd=cwd, env={**commands.PLAIN, **more})


def run_git(folder: Path, *arguments: str) -> str:
    """Run Git in a scratch repository, without the settings of this machine."""
    who = {f"GIT_{role}_{what}": "tests@example.org" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", **who}
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=True).stdout.strip()


def commit_all(folder: Path, message: str) -> str:
    """Commit everything in a folder and return the commit id."""
    run_git(folder, "add", "--all", "--force")
    run_git(folder, "commit", "--quiet", "--allow-empty", "-m", message)
    return run_git(folder, "rev-parse", "HEAD")


def make_repository(folder: Path) -> Path:
    """Make a repository with both versions.

    The old seeds are on `main`, the new ones on `change`, which is checked out.
    """
    folder.mkdir()
    run_git(folder, "init", "--quiet", "--initial-branch=main")
    write_before(folder / "seeds")
    commit_all(folder, "before")
    run_git(folder, "checkout", "--quiet", "-b", "change")
    shutil.rmtree(folder / "seeds")
    write_after(folder / "seeds")
    commit_all(folder, "after")
    return folder


def list_rows(frame: pl.DataFrame) -> Rows:
    """Return the rows of a table with the values of JSON."""
    days = [pl.col(c).cast(pl.String) for c, t in frame.schema.items() if t == pl.Date]
    return frame.with_columns(days).to_dicts()


def _make_sort_key(row: dict[str, Any]) -> list[tuple[bool, Any]]:
    """Return a key that sorts empty cells first, as `diff` does for equal keys."""
    return [(value is not None, value) for value in row.values()]


def apply_changes(old: dict[str, pl.DataFrame], document: dict[str, Any]) -> dict[str, Counter[str]]:
    """Apply a comparison to the old tables, and return their rows as multisets.

    Reads only the JSON document.
    """
    result = {}
    for table, frame in old.items():
        rows = sorted(list_rows(frame), key=_make_sort_key)
        columns = list(frame.columns)
        gone, come = set(), []
        for change in (c for c in document["changes"] if c["table"] == table):
            if change["kind"] == "added":
                come.append(dict.fromkeys(columns) | change["row"])
                continue
            cells = {cell["column"]: cell for cell in change["cells"]}
            expected = {c: cells[c]["old"] if c in cells else change["key"][c] for c in list_key_columns(table)}
            same = [n for n, row in enumerate(rows) if all(row[c] == v for c, v in expected.items())]
            number = same[change["copy"] - 1]
            assert number not in gone, "one row changed twice"
            gone.add(number)
            if change["kind"] == "removed":
                assert {c: v for c, v in rows[number].items() if v is not None} == change["row"]
            else:
                assert all(rows[number][c] == cell["old"] for c, cell in cells.items())
                come.append(rows[number] | {c: cell["new"] for c, cell in cells.items()})
        kept = [row for n, row in enumerate(rows) if n not in gone]
        result[table] = count_rows(kept + come)
    return result


def count_rows(rows: Rows) -> Counter[str]:
    """Return rows as a multiset."""
    return Counter(json.dumps(row, sort_keys=True) for row in rows)
