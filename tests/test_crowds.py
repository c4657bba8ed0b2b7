"""Many processes on one cache, and a registry that changes while they fetch: nothing is lost, and nothing is mixed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from registries import OLD, Server, make_registry, serve

from conflictdata.loading import DATA
from conflictdata.registry import index
from conflictdata.registry.index import File, write

pytestmark = pytest.mark.slow
FAULTS = ("missing", "broken", "truncated", "short", "tampered", "hung_up", "to_file", "zipped", "elsewhere")
LOAD = f"import conflictdata as cd; print(cd.load('claims', version='{OLD}', engine='arrow').num_rows)"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name, value in {"HOME": str(tmp_path / "home"), "TIMEOUT": "60"}.items():
        monkeypatch.setenv(f"CONFLICTDATA_{name}", value)
    monkeypatch.setenv("NO_PROXY", "*")
    return tmp_path / "home"


@pytest.fixture
def server(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serve(make_registry(tmp_path / "registry")) as served:
        monkeypatch.setenv("CONFLICTDATA_REGISTRY", served.url)
        yield served


def run_together(commands: Sequence[Sequence[str | Path]]) -> list[subprocess.CompletedProcess[str]]:
    """Run commands at the same time."""
    going = [
        subprocess.Popen([sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for command in commands
    ]
    ended = [(process, *process.communicate(timeout=500)) for process in going]
    return [subprocess.CompletedProcess(p.args, p.returncode, out, errors) for p, out, errors in ended]


def list_cached(home: Path) -> dict[str, str]:
    """Return the SHA-256 of each cached file of the version."""
    folder = home / "releases" / OLD
    files = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files.items()}


def read_hashes(file: Path) -> dict[str, str]:
    """Return the SHA-256 of each file of the version, as an index has it."""
    return {path: known.sha256 for path, known in index.read(file.read_bytes(), file.name)[OLD].files.items()}


def test_20_processes_load_validate_fetch_and_export_on_one_cache(server: Server, home: Path, tmp_path: Path) -> None:
    server.pause = 0.005
    database = tmp_path / "out.sqlite"
    export = [
        "-m",
        "conflictdata",
        "export",
        "sqlite",
        "--to",
        database,
        "--force",
        "--version",
        OLD,
        "--tables",
        "claims",
    ]
    done = run_together(
        [
            *[["-c", LOAD]] * 6,
            *[["-m", "conflictdata", "fetch", OLD, "--everything"]] * 5,
            *[["-m", "conflictdata", "validate", DATA / "csv" / "conflicts.csv", "--concise"]] * 4,
            *[export] * 5,
        ]
    )
    assert [(p.returncode, p.stderr) for p in done if p.returncode] == []
    assert len({p.stdout for p in done[:6]}) == 1
    assert list_cached(home) == read_hashes(server.folder / "index.json")
    assert max(server.asked.values()) == 1  # one download per file
    with sqlite3.connect(database) as connection:
        assert f"{connection.execute('SELECT count(*) FROM claims').fetchone()[0]}\n" == done[0].stdout
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    connection.close()
    assert [p.name for p in tmp_path.iterdir() if "out.sqlite" in p.name] == ["out.sqlite"]


@contextmanager
def spoil(server: Server) -> Iterator[None]:
    """Let a tenth of the files be answered wrongly, another tenth each twentieth of a second."""
    chance, stopped = random.Random(5), threading.Event()
    paths = [f"{OLD}/{path}" for path in read_hashes(server.folder / "index.json")]

    def change() -> None:
        while not stopped.wait(0.05):
            chosen = chance.sample(paths, len(paths) // 10)
            server.faults = {path: chance.choice(FAULTS) for path in chosen}

    thread = threading.Thread(target=change)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()
        server.faults = {}


def test_a_registry_that_fails_now_and_then_leaves_whole_files_only(server: Server, home: Path) -> None:
    expected = read_hashes(server.folder / "index.json")
    fetch = ["-m", "conflictdata", "fetch", OLD, "--everything"]
    with spoil(server):
        done = run_together([fetch] * 12)
    for process in done:
        assert process.returncode in {0, 2}
        assert len(process.stderr.splitlines()) == (process.returncode == 2), process.stderr
        assert "unforeseen" not in process.stderr
    cached = list_cached(home)
    assert cached.items() <= expected.items()
    assert all(len(cached) == len(expected) for p in done if p.returncode == 0)
    (last,) = run_together([fetch])
    assert last.returncode == 0, last.stderr
    assert list_cached(home) == expected


def change_version(server: Server) -> None:
    """Replace the files and the index by others of the same version, one by one as an upload does."""
    file = server.folder / "index.json"
    entry = index.read(file.read_bytes(), "index.json")[OLD]
    changed = {}
    for path in entry.files:
        content = (server.folder / OLD / path).read_bytes() + b"\n"
        changed[path] = File(len(content), hashlib.sha256(content).hexdigest())
        new = server.folder / f"{path.replace('/', '-')}.new"
        new.write_bytes(content)
        os.replace(new, server.folder / OLD / path)
    new = server.folder / "index.new"
    new.write_text(write([index.Entry(OLD, entry.released, changed)]), encoding="utf-8")
    os.replace(new, file)


def test_a_version_that_is_changed_in_the_middle_is_never_mixed(server: Server, home: Path) -> None:
    first = read_hashes(server.folder / "index.json")
    server.pause = 0.02
    timer = threading.Timer(1.5, change_version, [server])
    timer.start()
    done = run_together([["-m", "conflictdata", "fetch", OLD, "--everything"]] * 6)
    timer.join()
    second = read_hashes(server.folder / "index.json")
    assert first.keys() == second.keys()
    remembered = read_hashes(home / "releases" / "index.json")
    assert remembered in (first, second)
    assert list_cached(home).items() <= remembered.items()
    for process in done:
        assert process.returncode in {0, 2}
        assert process.returncode == 0 or "SHA-256" in process.stderr or "bytes" in process.stderr, process.stderr
    (again,) = run_together([["-m", "conflictdata", "versions"]])
    if remembered == first:
        assert again.returncode == 2
        assert "has changed version" in again.stderr
    else:
        assert again.returncode == 0
        assert json.loads((server.folder / "index.json").read_text(encoding="utf-8"))
