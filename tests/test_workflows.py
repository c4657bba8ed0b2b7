"""The workflows of this repository.

They are pinned, read-only for code of a pull request, and their comment trusts nothing.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
GITHUB = ROOT / ".github"
WORKFLOWS = sorted((GITHUB / "workflows").glob("*.yml"))
FILES = [*WORKFLOWS, ROOT / "action.yml"]
IDS = [str(path.relative_to(ROOT)) for path in FILES]
PATH = f"{Path(sys.executable).parent}:{os.environ['PATH']}"


def load(path: Path) -> dict[str, Any]:
    # BaseLoader: `on` is a word, not true.
    loaded: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return loaded


def list_jobs() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in WORKFLOWS:
        workflow = load(path)
        for name, job in workflow["jobs"].items():
            yield f"{path.stem}.{name}", workflow, job


def list_steps(path: Path) -> list[dict[str, Any]]:
    document = load(path)
    if "runs" in document:
        return list(document["runs"]["steps"])
    return [step for job in document["jobs"].values() for step in job["steps"]]


def list_write_permissions(permissions: object) -> set[str]:
    if isinstance(permissions, str):
        return {permissions} if permissions not in ("", "read-all") else set()
    return {name for name, level in dict(permissions or {}).items() if level not in ("read", "none")}


def test_there_are_workflows_to_look_at() -> None:
    assert {path.stem for path in WORKFLOWS} >= {"check", "comment"}
    assert len(list(list_jobs())) >= 3


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_every_action_is_pinned_by_its_commit_with_its_version(path: Path) -> None:
    for line in re.findall(r"^\s*-?\s*uses: (.+)$", path.read_text(), re.M):
        assert re.match(r"\./( |$)", line) or re.fullmatch(
            r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v[0-9]+\.[0-9]+\.[0-9]+", line
        ), line


def test_one_commit_for_each_action() -> None:
    pins: dict[str, set[str]] = {}
    for path in [*FILES, ROOT / "docs" / "ci.md"]:
        for name, pin in re.findall(r"uses: ([\w./-]+)@(.+)$", path.read_text(), re.M):
            pins.setdefault(name, set()).add(pin)
    assert pins
    assert {name: found for name, found in pins.items() if len(found) > 1} == {}


@pytest.mark.parametrize("path", FILES, ids=IDS)
def test_nothing_is_put_into_a_script(path: Path) -> None:
    for step in list_steps(path):
        assert "${{" not in step.get("run", ""), step
        assert "${{" not in step.get("shell", ""), step


@pytest.mark.parametrize("path", WORKFLOWS, ids=[path.stem for path in WORKFLOWS])
def test_a_workflow_may_only_read_unless_a_job_says_otherwise(path: Path) -> None:
    workflow = load(path)
    assert "permissions" in workflow
    assert list_write_permissions(workflow["permissions"]) == set()
    assert "pull_request_target" not in workflow["on"]
    assert "secrets." not in path.read_text()


def test_no_job_that_has_code_may_write() -> None:
    for name, workflow, job in list_jobs():
        has_code = any("uses" in step for step in job["steps"])
        if has_code:
            assert list_write_permissions(job.get("permissions", workflow["permissions"])) == set(), name


def test_credentials_are_not_kept_and_jobs_end() -> None:
    for name, _, job in list_jobs():
        assert int(job["timeout-minutes"]) <= 60, name
        for step in job["steps"]:
            if step.get("uses", "").startswith("actions/checkout@"):
                assert step["with"]["persist-credentials"] == "false", name


def test_what_runs_after_a_fork_takes_no_code_from_it() -> None:
    seen = 0
    for name, workflow, job in list_jobs():
        if "workflow_run" in workflow["on"]:
            seen += 1
            assert [step for step in job["steps"] if "uses" in step] == [], name
            script = "\n".join(step["run"] for step in job["steps"])
            assert not re.search(r"\b(eval|exec|subprocess|extractall|extract|git|pip)\b", script), name
    assert seen == 1


def _find_tool(name: str) -> str:
    found = shutil.which(name, path=PATH)
    if found is None:
        pytest.skip(f"{name} is not installed here")
    return found


SCHEMAS = {
    "vendor.github-workflows": WORKFLOWS,
    "vendor.github-actions": [ROOT / "action.yml"],
    "vendor.dependabot": [GITHUB / "dependabot.yml"],
    "vendor.github-issue-config": [GITHUB / "ISSUE_TEMPLATE" / "config.yml"],
    "vendor.github-issue-forms": [
        p for p in sorted((GITHUB / "ISSUE_TEMPLATE").glob("*.yml")) if p.stem != "config"
    ],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("schema", SCHEMAS)
def test_files_have_the_shape_that_github_reads(schema: str) -> None:
    command = [_find_tool("check-jsonschema"), "--builtin-schema", schema, *map(str, SCHEMAS[schema])]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_actionlint_finds_nothing() -> None:
    done = subprocess.run([_find_tool("actionlint"), *map(str, WORKFLOWS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_zizmor_finds_nothing() -> None:
    command = [_find_tool("zizmor"), "--offline", "--quiet", *map(str, FILES), str(GITHUB / "dependabot.yml")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


# The comment, against a server with the part of GitHub's API that it needs.

SHA = "a" * 40
MARK = "<!-- conflictdata: review -->"


class Hub:
    """State of the server, and the requests to it."""

    def __init__(self, members: dict[str, bytes] | None = None) -> None:
        given = {"number.txt": b"7\n", "review.md": b"## clean\n", **(members or {})}
        self.archive = self.packed(given)
        self.size = len(self.archive)
        self.artifacts = True
        self.pulls: dict[str, Any] = {"7": {"state": "open", "head": {"sha": SHA}}}
        self.comments: list[dict[str, Any]] = []
        self.written: list[tuple[str, str, dict[str, Any]]] = []
        self.tokens: dict[str, str | None] = {}

    @staticmethod
    def packed(members: dict[str, bytes]) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        return packed.getvalue()

    def answer(self, path: str, port: int) -> tuple[int, object]:
        route = path.partition("?")[0].removeprefix("/repos/o/r")
        if route == "/actions/runs/5/artifacts":
            return 200, {"artifacts": [{"id": 9, "size_in_bytes": self.size}] if self.artifacts else []}
        if route == "/actions/artifacts/9/zip":
            return 302, f"http://localhost:{port}/elsewhere"
        if route.startswith("/pulls/") and route.split("/")[2] in self.pulls:
            return 200, self.pulls[route.split("/")[2]]
        if route == "/issues/7/comments":
            page = int(re.search(r"&page=(\d+)", path)[1])  # type: ignore[index]
            return 200, self.comments[100 * (page - 1) : 100 * page]
        return 404, {}


@contextmanager
def serve(hub: Hub) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hub.tokens[self.path.partition("?")[0]] = self.headers["Authorization"]
            if self.path == "/elsewhere":
                self.reply(200, hub.archive)
                return
            code, result = hub.answer(self.path, self.server.server_address[1])
            if code == 302:
                self.send_response(302)
                self.send_header("Location", str(result))
                self.end_headers()
                return
            self.reply(code, json.dumps(result).encode())

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            hub.written.append((self.command, self.path, body))
            self.reply(200, b"{}")

        do_PATCH = do_POST  # noqa: N815

        def reply(self, code: int, body: bytes) -> None:
            self.send_response(code)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def run_comment(hub: Hub, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the step's script as the runner does: from a file, in an empty folder."""
    (step,) = list_steps(GITHUB / "workflows" / "comment.yml")
    script = folder / "step.py"
    script.write_text(step["run"], encoding="utf-8")
    with serve(hub) as api:
        env = {
            "PATH": os.environ["PATH"],
            "TOKEN": "secret",
            "API": api,
            "REPOSITORY": "o/r",
            "RUN": "5",
            "HEAD_SHA": SHA,
        }
        env |= {"no_proxy": "*", "PYTHONUTF8": "1"}
        return subprocess.run(
            [sys.executable, script], cwd=folder, env=env, capture_output=True, text=True, check=False
        )


@pytest.mark.slow
def test_the_report_becomes_a_comment(tmp_path: Path) -> None:
    hub = Hub({"review.md": "## 1 error: é\n".encode()})
    done = run_comment(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    ((method, path, body),) = hub.written
    assert (method, path) == ("POST", "/repos/o/r/issues/7/comments")
    assert body["body"].startswith(MARK)
    assert body["body"].endswith("\n\n## 1 error: é\n")
    assert [p.name for p in tmp_path.iterdir()] == ["step.py"]


@pytest.mark.slow
def test_the_token_does_not_follow_to_another_host(tmp_path: Path) -> None:
    hub = Hub()
    run_comment(hub, tmp_path)
    assert hub.tokens.pop("/elsewhere") is None
    assert set(hub.tokens.values()) == {"Bearer secret"}


@pytest.mark.slow
@pytest.mark.parametrize("before", [0, 99, 100, 250])
def test_its_own_comment_is_renewed(before: int, tmp_path: Path) -> None:
    hub = Hub()
    hub.comments = [{"id": n, "user": {"login": "somebody"}, "body": MARK} for n in range(before)]
    hub.comments.append({"id": 4242, "user": {"login": "github-actions[bot]"}, "body": f"{MARK}\nold"})
    run_comment(hub, tmp_path)
    assert [(method, path) for method, path, _ in hub.written] == [("PATCH", "/repos/o/r/issues/comments/4242")]


def _move_on(hub: Hub) -> None:
    hub.pulls["7"]["head"]["sha"] = "b" * 40


def _close(hub: Hub) -> None:
    hub.pulls["7"]["state"] = "closed"


def _do_nothing(hub: Hub) -> None:
    hub.artifacts = False


def _enlarge_report(hub: Hub) -> None:
    hub.size = 10**9


SILENT = {
    "no report": ({}, _do_nothing),
    "huge report": ({}, _enlarge_report),
    "a push, no number": ({"number.txt": b"\n"}, None),
    "the change moved on": ({}, _move_on),
    "the change is closed": ({}, _close),
    "a path for a number": ({"number.txt": b"7/../8"}, None),
    "no such change": ({"number.txt": b"9\n"}, None),
    "no archive": ({}, lambda hub: setattr(hub, "archive", b"<html>")),
    "no text": ({}, lambda hub: setattr(hub, "archive", Hub.packed({"number.txt": b"7"}))),
    "two numbers": ({"number.txt": b"7\n8\n"}, None),
    "digits of another script": ({"number.txt": "٧".encode()}, None),
    "a number far too long": ({"number.txt": b"7" * 100_000}, None),
}


@pytest.mark.slow
@pytest.mark.sample(2)
@pytest.mark.parametrize("case", SILENT)
def test_what_cannot_be_believed_is_not_commented(case: str, tmp_path: Path) -> None:
    members, change = SILENT[case]
    hub = Hub(members)
    if change:
        change(hub)
    done = run_comment(hub, tmp_path)
    assert hub.written == []
    assert done.returncode == 0, done.stderr
    assert "no comment: " in done.stdout


def test_another_change_is_not_commented(tmp_path: Path) -> None:
    hub = Hub({"number.txt": b"8\n"})
    hub.pulls["8"] = {"state": "open", "head": {"sha": "b" * 40}}
    run_comment(hub, tmp_path)
    assert hub.written == []


@pytest.mark.slow
def test_hostile_text_is_cut_and_calls_nobody(tmp_path: Path) -> None:
    text = "@everybody \u202e\x07 \x1b[31m <script> ${{ secrets }} $(id) `id` " + "x" * 5_000_000
    hub = Hub({"review.md": text.encode() + b"\xff\xfe"})
    done = run_comment(hub, tmp_path)
    assert done.returncode == 0, done.stderr
    body = hub.written[0][2]["body"]
    assert len(body) < 65_536
    assert "@everybody" not in body
    assert "${{ secrets }} $(id) `id` " in body
    assert not re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", body)
