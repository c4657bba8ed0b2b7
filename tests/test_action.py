"""The action for other repositories.

Its script runs on scratch repositories with real git, as a runner starts it.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from seedbox import ACTORS, EVENTS, NAME, SOURCE, write_seedbox

ROOT = Path(__file__).parents[1]
BIN = Path(sys.executable).parent
OTHER = "sources/war/paper-2024-06-03.yaml"
OTHER_SOURCE = SOURCE.replace("example.org/1", "example.org/2").replace(
    "published: 2024-06-02", "published: 2024-06-03"
)
SUM_BROKEN = ("rebels: 20", "rebels: 10")  # 30 + 10 + 10 is less than 60
ANNOTATED = "::error file=seeds/{},line=15,col=10,title=figures.parts-cover-parent::"
QUIET_GIT = {
    "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull, "GIT_AUTHOR_NAME": "x", "GIT_AUTHOR_EMAIL": "x@localhost",
    "GIT_COMMITTER_NAME": "x", "GIT_COMMITTER_EMAIL": "x@localhost",
}  # fmt: skip


def mark_all_but_first_slow(cases: Iterable[str]) -> list[Any]:
    """Mark all cases but the first as slow: each starts the program at least once."""
    first, *others = cases
    return [first, *(pytest.param(case, marks=pytest.mark.slow) for case in others)]


@dataclass
class Outcome:
    """Exit code and output files of a run of the script."""

    code: int
    output: str
    errors: str
    summary: str
    outputs: dict[str, str]


@dataclass
class Scratch:
    """A repository with seeds for the script to check."""

    root: Path
    runner: Path = field(init=False)

    def __post_init__(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        self.runner = self.root.parent / "runner"
        self.runner.mkdir(exist_ok=True)
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *args: str) -> str:
        done = subprocess.run(
            ["git", *args], cwd=self.root, env={**os.environ, **QUIET_GIT}, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def commit(self, files: dict[str, str | bytes] | None = None, folder: str = "seeds") -> str:
        """Write seed files, commit everything, and return the commit."""
        for name, content in (files or {}).items():
            path = self.root / folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "x")
        return self.git("rev-parse", "HEAD")

    def check(self, command: Path | None = BIN / "conflictdata", **inputs: str) -> Outcome:
        """Run the script with inputs such as `changed_only="true"`."""
        summary, outputs = self.runner / "summary.md", self.runner / "outputs"
        for path in (summary, outputs):
            path.write_text("")
        env = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "INPUT_"))}
        env |= {**QUIET_GIT, "RUNNER_TEMP": str(self.runner), "GITHUB_STEP_SUMMARY": str(summary)}
        env |= {"GITHUB_OUTPUT": str(outputs), "GITHUB_ACTION_PATH": str(ROOT), "CONFLICTDATA": str(command or "")}
        env |= {f"INPUT_{name.upper()}": value for name, value in inputs.items()}
        done = subprocess.run(
            ["bash", ROOT / "action" / "check.sh"], cwd=self.root, env=env, capture_output=True, text=True, check=False
        )
        given = dict(line.split("=", 1) for line in outputs.read_text().splitlines())
        return Outcome(done.returncode, done.stdout, done.stderr, summary.read_text(), given)


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    """Return a repository whose first commit has clean seeds."""
    made = Scratch(tmp_path / "repository")
    write_seedbox(made.root / "seeds")
    made.commit()
    return made


@pytest.mark.slow
def test_clean_seeds(scratch: Scratch) -> None:
    done = scratch.check()
    assert done.code == 0, done.output + done.errors
    assert (done.outputs["ok"], done.outputs["errors"], done.outputs["warnings"]) == ("true", "0", "0")
    assert json.loads((Path(done.outputs["report"]) / "report.json").read_text())["ok"] is True
    assert done.summary == (Path(done.outputs["report"]) / "report.md").read_text()
    assert "::error" not in done.output


@pytest.mark.slow
def test_an_error_is_annotated_summarized_and_counted(scratch: Scratch) -> None:
    scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    done = scratch.check()
    assert done.code == 1
    assert ANNOTATED.format(NAME) in done.output
    assert "30 + 10 + 10 = 50" in done.output
    assert "figures.parts-cover-parent" in done.summary
    assert NAME in done.summary
    assert (done.outputs["ok"], done.outputs["errors"]) == ("false", "1")


@pytest.mark.slow
@pytest.mark.parametrize("changed_only", ["true", "false"])
@pytest.mark.parametrize(
    "name", mark_all_but_first_slow(["sources/war/x.yml", "sources/war/2024/x.yaml", "sources/x.yaml", "x.txt"])
)
def test_a_file_that_is_not_read_fails(name: str, changed_only: str, scratch: Scratch) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.commit({name: OTHER_SOURCE})
    done = scratch.check(changed_only=changed_only, base=base)
    assert done.code == 1, done.output
    assert f"::error file=seeds/{name},title=file.not-read::" in done.output
    assert done.outputs["errors"] == "1"


@pytest.mark.slow
def test_only_what_changed_is_checked(scratch: Scratch) -> None:
    base = scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    scratch.commit({OTHER: OTHER_SOURCE})
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 0, done.output
    assert "everything is checked" not in done.output
    assert scratch.check(changed_only="false", base=base).code == 1


@pytest.mark.slow
def test_a_changed_page_is_checked_in_the_light_of_the_others(scratch: Scratch) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.commit({OTHER: OTHER_SOURCE.replace("example.org/2", "example.org/1")})
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 1
    assert f"::error file=seeds/{OTHER}," in done.output
    assert "sources.url-once" in done.output


@pytest.mark.slow
def test_what_the_base_did_meanwhile_is_no_change(scratch: Scratch) -> None:
    scratch.git("checkout", "--quiet", "-b", "change")
    scratch.commit({OTHER: OTHER_SOURCE})
    scratch.git("checkout", "--quiet", "main")
    base = scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    scratch.git("checkout", "--quiet", "change")
    assert scratch.check(changed_only="true", base=base).code == 0


def test_nothing_changed(scratch: Scratch) -> None:
    base = scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    (scratch.root / "README.md").write_text("x")
    scratch.commit()
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 0
    assert (done.outputs["ok"], done.outputs["errors"]) == ("true", "0")
    assert "Nothing to check" in done.summary


def _rename(scratch: Scratch) -> None:
    (scratch.root / "seeds" / OTHER).write_text(OTHER_SOURCE)
    scratch.commit()
    scratch.git("mv", f"seeds/{OTHER}", "seeds/sources/war/paper-2024-06-03-2.yaml")


def _delete(scratch: Scratch) -> None:
    scratch.git("rm", "--quiet", f"seeds/{OTHER}")


def _make_write(name: str, content: str) -> object:
    def write(scratch: Scratch) -> None:
        path = scratch.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content)

    return write


WIDE = {
    "rename": (_rename, "a file is gone"),
    "delete": (_delete, "a file is gone"),
    "register": (
        _make_write("seeds/reference/actors.csv", ACTORS.replace("A newspaper", "A daily")),
        "actors.csv changed",
    ),
    "event": (_make_write("seeds/events/war.yaml", EVENTS.replace("A raid on", "A raid in")), "war.yaml changed"),
    "retired": (_make_write("seeds/retired.csv", "id,replaced_by,on,reason\n"), "retired.csv changed"),
    "workflow": (_make_write(".github/workflows/check.yml", "on: push\n"), "what checks it changed"),
    "vocabulary": (_make_write("conflictdata/schema/vocabularies.py", "\n"), "what checks it changed"),
}


@pytest.mark.slow
@pytest.mark.parametrize("change", mark_all_but_first_slow(WIDE))
def test_a_change_on_which_pages_lean_checks_everything(change: str, scratch: Scratch) -> None:
    make, why = WIDE[change]
    base = scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN), OTHER: OTHER_SOURCE})
    make(scratch)
    scratch.commit()
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 1, done.output
    assert f"::notice title=conflictdata::./seeds: everything is checked: {why}" in done.output or why in done.output
    assert ANNOTATED.format(NAME) in done.output


@pytest.mark.slow
@pytest.mark.parametrize("base", mark_all_but_first_slow(["--output=pwned", "", "0" * 40, "HEAD^{tree}"]))
def test_without_a_base_everything_is_checked(base: str, scratch: Scratch) -> None:
    scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 1
    assert "everything is checked" in done.output
    assert sorted(p.name for p in scratch.root.iterdir()) == [".git", "seeds"]


@pytest.mark.slow
def test_a_shallow_clone_checks_everything(scratch: Scratch, tmp_path: Path) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.commit({NAME: SOURCE.replace(*SUM_BROKEN)})
    scratch.git("clone", "--quiet", "--depth=1", scratch.root.as_uri(), str(tmp_path / "shallow"))
    done = Scratch(tmp_path / "shallow").check(changed_only="true", base=base)
    assert done.code == 1
    assert "fetch-depth: 0" in done.output


@pytest.mark.slow
@pytest.mark.parametrize("folder", mark_all_but_first_slow(["-a war's $(touch pwned)", 'guerre à "l`été`"']))
def test_names_of_folders_are_only_names(folder: str, scratch: Scratch) -> None:
    base = scratch.git("rev-parse", "HEAD")
    name = f"sources/{folder}/paper-2024-06-03.yaml"
    scratch.commit({name: OTHER_SOURCE.replace(*SUM_BROKEN)})
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 1, done.output + done.errors
    assert f"::error file=seeds/{name},line=8,col=3,title=cells.pattern::" in done.output
    assert not list(scratch.root.rglob("pwned"))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a\n::warning::b.yaml", "-rf .yaml"], ids=repr)
def test_names_of_pages_are_only_names(name: str, scratch: Scratch) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.commit({f"sources/war/{name}": OTHER_SOURCE})
    done = scratch.check(changed_only="true", base=base)
    assert done.code == 1, done.output + done.errors
    commands = [line for line in done.output.splitlines() if line.startswith("::")]
    assert len(commands) == int(done.outputs["errors"])
    assert all("seed.file-name" in line for line in commands)


@pytest.mark.slow
@pytest.mark.parametrize("folder", mark_all_but_first_slow(["-the seeds", "deep/er/seeds"]))
def test_the_folder_of_seeds_may_lie_anywhere(folder: str, tmp_path: Path) -> None:
    scratch = Scratch(tmp_path / "repository")
    write_seedbox(scratch.root / folder)
    base = scratch.commit()
    scratch.commit({OTHER: OTHER_SOURCE.replace(*SUM_BROKEN)}, folder)
    done = scratch.check(changed_only="true", base=base, paths=folder)
    assert done.code == 1, done.output + done.errors
    assert f"file={folder}/{OTHER},line=15" in done.output
    assert "everything is checked" not in done.output


@pytest.mark.slow
def test_several_paths(scratch: Scratch) -> None:
    write_seedbox(scratch.root / "more", {NAME: SOURCE.replace(*SUM_BROKEN)})
    scratch.commit()
    done = scratch.check(paths="seeds\n\nmore/\n")
    assert done.code == 1
    assert f"file=more/{NAME}" in done.output


@pytest.mark.slow
def test_text_of_a_seed_is_no_workflow_command(scratch: Scratch) -> None:
    hostile = '"x\\n::stop-commands::y\\r\\n::add-mask::z %0A::error::"'
    scratch.commit({NAME: SOURCE.replace("claimant: observatory", f"claimant: {hostile}", 1)})
    done = scratch.check()
    assert done.code == 1
    starts = {line.split(" ")[0].split("::")[1] for line in done.output.splitlines() if line.startswith("::")}
    assert starts <= {"error", "warning", "notice"}
    assert len([line for line in done.output.splitlines() if line.startswith("::error")]) == int(done.outputs["errors"])


@pytest.mark.slow
def test_warnings_fail_on_request(scratch: Scratch) -> None:
    scratch.commit({NAME: SOURCE.replace("printed: at least 60 people", "printed: at least 61 people")})
    lenient, strict = scratch.check(), scratch.check(fail_on="warning")
    assert (lenient.code, lenient.outputs["ok"], lenient.outputs["warnings"]) == (0, "true", "1")
    assert (strict.code, strict.outputs["ok"]) == (1, "false")
    assert "::warning file=" in lenient.output


REFUSED = {
    "a path that is not there": ({"paths": "nowhere"}, "nowhere does not exist"),
    "a path that cannot be checked": ({"paths": "README.md"}, "exit code 2"),
    "changed-only": ({"changed_only": "yes"}, "changed-only is true or false, not 'yes'"),
    "fail-on": ({"fail_on": "never\n::add-mask::x"}, "fail-on is error or warning, not 'never%0A::add-mask::x'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_carried_out_exits_2(case: str, scratch: Scratch) -> None:
    inputs, message = REFUSED[case]
    (scratch.root / "README.md").write_text("hello")
    done = scratch.check(**inputs)
    assert done.code == 2
    assert f"::error title=conflictdata::{message}" in done.output.replace("./", "") or message in done.output
    assert done.outputs["ok"] == "false"
    assert done.outputs["errors"] == ""
    assert "did not finish" in done.summary


def _make_program(folder: Path, script: str) -> Path:
    """Put a script in the place of `conflictdata`, with a Python beside it."""
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    program = folder / "conflictdata"
    program.write_text(f"#!/usr/bin/env bash\n{script}\n")
    program.chmod(0o755)
    return program


def test_a_program_that_breaks_off_is_no_finding(scratch: Scratch, tmp_path: Path) -> None:
    done = scratch.check(_make_program(tmp_path / "bin", "echo Traceback >&2; exit 1"))
    assert done.code == 2
    assert "ended with exit code 1" in done.output


@pytest.mark.slow
def test_a_summary_that_github_would_drop_is_cut(scratch: Scratch, tmp_path: Path) -> None:
    report = 'json=${5#json=} md=${7#markdown=}; echo \'{"findings": []}\' >"$json"; yes "| a row é |" | head -n 120000 >"$md"'
    done = scratch.check(_make_program(tmp_path / "bin", report))
    assert done.code == 0, done.errors
    assert 800_000 < len(done.summary.encode()) < 1_000_000
    assert done.summary.rstrip().endswith("hold all of it.")
    assert set(done.summary.splitlines()[:-2]) == {"| a row é |", ""}


def render_review(scratch: Scratch, report: str, **env: str) -> dict[str, str]:
    """Run the script that writes the review; return its files and the job summary."""
    summary = scratch.runner / "summary.md"
    summary.write_text("")
    given = {**os.environ, **QUIET_GIT, "CONFLICTDATA": str(BIN / "conflictdata"), "REPORT": report}
    subprocess.run(
        ["bash", ROOT / "action" / "review.sh", "review"],
        cwd=scratch.root,
        env={**given, "GITHUB_STEP_SUMMARY": str(summary), **env},
        check=True,
    )
    files = {path.name: path.read_text() for path in (scratch.root / "review").iterdir()}
    return {**files, "summary": summary.read_text()}


@pytest.mark.slow
def test_a_reviewer_sees_the_report_and_the_change(scratch: Scratch) -> None:
    base = scratch.git("rev-parse", "HEAD")
    scratch.commit({NAME: SOURCE.replace("children: 7", "children: 9")})
    report = scratch.check().outputs["report"]
    shown = render_review(scratch, report, BASE=base, NUMBER="7")
    assert shown["number.txt"] == "7\n"
    assert shown["review.md"].startswith((Path(report) / "report.md").read_text())
    assert re.search("children.*7.*9", shown["summary"])
    assert shown["review.md"].endswith(shown["summary"])


@pytest.mark.slow
@pytest.mark.parametrize("base", mark_all_but_first_slow(["--output=pwned", "", "0" * 40]))
def test_without_a_base_there_is_only_the_report(base: str, scratch: Scratch) -> None:
    shown = render_review(scratch, scratch.check().outputs["report"], BASE=base)
    assert "The change cannot be shown" in shown["review.md"]
    assert shown["number.txt"] == "\n"
    assert not (scratch.root / "pwned").exists()


def test_inputs_and_outputs_of_the_action_are_those_of_the_script() -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    script = (ROOT / "action" / "check.sh").read_text()
    check = action["runs"]["steps"][-1]
    given = {name.replace("-", "_").upper() for name in action["inputs"]} - {"PYTHON_VERSION"}
    assert {name.removeprefix("INPUT_") for name in check["env"] if name.startswith("INPUT_")} == given
    assert all(f"INPUT_{name}" in script for name in given)
    assert set(action["outputs"]) == {"ok", "errors", "warnings", "report", "command"}
    assert all(f"output {name} " in script for name in action["outputs"])
    assert set(action["inputs"]) == {"paths", "changed-only", "base", "fail-on", "python-version"}
    assert all("default" in spec for spec in action["inputs"].values())


def test_the_docs_have_the_inputs_and_their_defaults() -> None:
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+?) \| .+ \|$", (ROOT / "docs" / "ci-reference.md").read_text(), re.M)
    assert [name for name, _ in rows] == list(inputs)
    assert [text.strip("`") for name, text in rows if inputs[name]["default"]] == [
        spec["default"] for spec in inputs.values() if spec["default"]
    ]


@pytest.mark.skipif(shutil.which("shellcheck", path=f"{BIN}:{os.environ['PATH']}") is None, reason="no shellcheck here")
def test_shellcheck_finds_nothing() -> None:
    program = shutil.which("shellcheck", path=f"{BIN}:{os.environ['PATH']}")
    assert program
    done = subprocess.run(
        [program, *sorted((ROOT / "action").glob("*.sh"))], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


@pytest.mark.slow
def test_the_script_installs_its_own_checkout(scratch: Scratch) -> None:
    done = scratch.check(None)
    assert done.code == 0, done.errors
    assert Path(done.outputs["command"]).is_relative_to(scratch.runner)
