"""Old versions: fetched, checked and cached, from good and bad servers."""

from __future__ import annotations

import hashlib
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from registries import OLD, Server, make_registry, serve

import conflictdata as cd
from conflictdata import loading
from conflictdata.findings import UsageError
from conflictdata.registry import index
from conflictdata.registry.index import read

CLAIMS = f"{OLD}/parquet/claims.parquet"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_registry(tmp_path_factory.mktemp("registry"), OLD, "0.10.0")


@pytest.fixture
def server(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with serve(folder) as served:
        monkeypatch.setenv("CONFLICTDATA_REGISTRY", served.url)
        yield served


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CONFLICTDATA_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("CONFLICTDATA_TIMEOUT", "1")
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.delenv("CONFLICTDATA_REGISTRY", raising=False)
    loading.read_package.cache_clear()
    loading._read_schema.cache_clear()
    return tmp_path / "home"


def _read_files(home: Path) -> list[str]:
    there = home / "releases" / OLD
    return sorted(p.relative_to(there).as_posix() for p in there.rglob("*") if p.is_file())


# --- Good servers and folders


def test_an_old_version_loads_and_asks_only_once(server: Server) -> None:
    table = cd.load("claims", version=OLD)
    assert table.equals(cd.load("claims"))
    assert cd.load("claims", version=OLD, engine="polars").height == len(table)
    assert cd.tables(version=OLD) == cd.tables()
    assert str(cd.describe("claims", version=OLD)) == str(cd.describe("claims"))
    assert cd.path("claims", version=OLD).read_bytes() == cd.path("claims").read_bytes()
    assert server.asked[CLAIMS] == 1
    assert server.asked["index.json"] == 1


def test_versions_are_in_order_and_the_installed_one_needs_no_registry(server: Server) -> None:
    installed = loading.read_package()["version"]
    assert cd.versions() == [OLD, "0.10.0", installed]
    cd.load("claims", version=installed)
    assert CLAIMS not in server.asked


def test_a_folder_is_a_registry_too(folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for address in (str(folder), folder.as_uri()):
        monkeypatch.setenv("CONFLICTDATA_REGISTRY", address)
        assert cd.load("actors", version=OLD).equals(cd.load("actors"))


def test_a_redirect_within_http_is_followed(server: Server) -> None:
    server.faults[CLAIMS] = "elsewhere"
    assert len(cd.load("claims", version=OLD)) == len(cd.load("claims"))


def test_what_is_cached_loads_offline(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    cd.load("claims", version=OLD)
    monkeypatch.setenv("CONFLICTDATA_OFFLINE", "1")
    monkeypatch.delenv("CONFLICTDATA_REGISTRY")
    server.asked.clear()
    assert len(cd.load("claims", version=OLD)) == len(cd.load("claims"))
    assert not server.asked
    with pytest.raises(
        UsageError, match=r"events.parquet of version 0\.9\.0 is not in the cache .* CONFLICTDATA_OFFLINE"
    ):
        cd.load("events", version=OLD)


def test_without_a_registry_the_message_says_how_to_set_one(home: Path) -> None:
    with pytest.raises(UsageError, match=r"version 0\.9\.0 is not in the cache .* export CONFLICTDATA_REGISTRY="):
        cd.load("claims", version=OLD)


@pytest.mark.parametrize("version", ["1.2", "v1.0.0", "../../etc", "1.0.0/..", "", "1.0.0\n", "01.0.0"])
def test_what_is_no_version_is_refused(version: str, server: Server) -> None:
    with pytest.raises(UsageError, match=r"is not a version"):
        cd.load("claims", version=version)


def test_an_unknown_version_or_table_is_reported_with_the_known_ones(server: Server) -> None:
    with pytest.raises(UsageError, match=r"there is no version '9\.0\.0' in .*; it has 0\.9\.0, 0\.10\.0"):
        cd.load("claims", version="9.0.0")
    with pytest.raises(UsageError, match="Did you mean 'claims'"):
        cd.load("claim", version=OLD)


# --- Bad servers

FAULTS = {
    "missing": r"404 Not Found; is CONFLICTDATA_REGISTRY right",
    "broken": r"500 Internal Server Error",
    "truncated": r"the connection broke off in the middle|ends after [0-9,]+ of [0-9,]+ bytes",
    "short": r"ends after [0-9,]+ of [0-9,]+ bytes; it was not kept",
    "tampered": r"is not what the index says: its SHA-256 is [0-9a-f]{64}, and should be [0-9a-f]{64}.* `conflictdata fetch 0\.9\.0 --again` fetches it again",
    "silent": r"no answer within 1 seconds \(CONFLICTDATA_TIMEOUT\)",
    "stalled": r"nothing came for 1 seconds|ends after|comes too slowly",
    "dripping": r"comes too slowly: [0-9,]+ bytes in [0-9]+ seconds",
    "endless": r"sends more than the [0-9,]+ bytes that the index says",
    "zipped": r"comes encoded as gzip, which was not asked for",
    "hung_up": r"the connection was broken off|the connection was reset",
    "to_file": r"redirects from http to 'file:///etc/hostname', and that is not followed",
    "to_ftp": r"redirects from http to 'ftp://127\.0\.0\.1/x'",
    "to_nowhere": r"redirects to something that is not an address",
    "round_and_round": r"redirects more than 5 times",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_server_that_misbehaves_leaves_the_cache_whole(server: Server, home: Path, fault: str) -> None:
    cd.load("actors", version=OLD)
    before = _read_files(home)
    server.faults[CLAIMS] = fault
    with pytest.raises(UsageError, match=FAULTS[fault]) as caught:
        cd.load("claims", version=OLD)
    assert "Traceback" not in str(caught.value)
    assert _read_files(home) == before
    server.faults.clear()
    assert len(cd.load("claims", version=OLD)) == len(cd.load("claims"))


@pytest.mark.parametrize("fault", ["missing", "truncated", "silent", "zipped", "to_file"])
def test_an_unavailable_index_is_reported(server: Server, home: Path, fault: str) -> None:
    server.faults["index.json"] = fault
    with pytest.raises(UsageError, match=r"index\.json"):
        cd.load("claims", version=OLD)


def test_no_server_at_all(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICTDATA_REGISTRY", "http://127.0.0.1:9/")
    with pytest.raises(UsageError, match="cannot be fetched: the connection was refused"):
        cd.load("claims", version=OLD)
    monkeypatch.setenv("CONFLICTDATA_REGISTRY", "http://[")
    with pytest.raises(UsageError, match="'http://\\[' is not an address"):
        cd.load("claims", version=OLD)
    monkeypatch.setenv("CONFLICTDATA_REGISTRY", "ftp://127.0.0.1/")
    with pytest.raises(UsageError, match="neither a web address"):
        cd.load("claims", version=OLD)


BAD_INDEXES = {
    "no JSON": b"<html>",
    "a list": b"[]",
    "another form": b'{"index_version": 2}',
    "outside": b'{"index_version": 1, "versions": [{"version": "0.9.0", "released": "x", "files": [{"path": "0.9.0/../x", "bytes": 1, "sha256": "%s"}]}]}'
    % (b"0" * 64),
    "absolute": b'{"index_version": 1, "versions": [{"version": "0.9.0", "released": "x", "files": [{"path": "/etc/passwd", "bytes": 1, "sha256": "%s"}]}]}'
    % (b"0" * 64),
    "no hash": b'{"index_version": 1, "versions": [{"version": "0.9.0", "released": "x", "files": [{"path": "0.9.0/a", "bytes": 1, "sha256": "0"}]}]}',
    "deep": b"[" * 100_000,
}


@pytest.mark.parametrize("name", BAD_INDEXES)
def test_an_index_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError, match="has the form 2" if name == "another form" else "is not an index of versions"):
        read(BAD_INDEXES[name], "index.json")


# --- A changed cache, and a changed registry


@pytest.mark.slow
def test_a_tampered_cache_is_reported_with_both_hashes_and_the_way_out(server: Server, home: Path) -> None:
    file = cd.path("claims", version=OLD)
    expected = hashlib.sha256(file.read_bytes()).hexdigest()
    file.write_bytes(file.read_bytes() + b"x")
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    with pytest.raises(UsageError) as caught:
        cd.load("claims", version=OLD)
    for word in (str(file), expected, found, f"conflictdata fetch {OLD} --again"):
        assert word in str(caught.value)
    assert run("fetch", OLD, "--again").returncode == 0
    assert len(cd.load("claims", version=OLD)) == len(cd.load("claims"))


def test_a_registry_that_changes_a_version_is_not_believed(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = make_registry(tmp_path / "registry")
    monkeypatch.setenv("CONFLICTDATA_REGISTRY", str(folder))
    cd.load("claims", version=OLD)
    document = json.loads((folder / "index.json").read_text(encoding="utf-8"))
    document["versions"][0]["files"][0]["sha256"] = "0" * 64
    (folder / "index.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(
        UsageError, match=r"has changed version 0\.9\.0, which never changes: .* was [0-9a-f]{64} and is 0{64}"
    ):
        cd.versions()
    assert len(cd.load("claims", version=OLD)) == len(cd.load("claims"))


def test_an_unwritable_cache_is_reported(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o555)
        monkeypatch.setenv("CONFLICTDATA_HOME", folder)
        result = _run_as_nobody(lambda: cd.load("claims", version=OLD))
    assert re.search(r"cannot be written: permission denied.*CONFLICTDATA_HOME names another folder", result)


def _run_as_nobody(ask: Callable[[], object]) -> str:
    """Return the result of a child process without superuser rights.

    It loads its libraries before it drops the rights.
    """
    import pooch  # noqa: F401
    import requests  # noqa: F401

    loading.read_package()
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            ask()
            os.write(writing, b"nothing")
        except BaseException as fault:
            os.write(writing, str(fault).encode())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, encoding="utf-8") as result:
        return result.read()


def test_a_cache_can_be_shared_by_users(server: Server, home: Path) -> None:
    """The user who fetched a file does not lock others out."""
    assert {cd.path(table, version=OLD).stat().st_mode & 0o777 for table in ("claims", "actors")} == {0o644}


def test_a_file_in_the_place_of_the_cache_is_reported(server: Server, home: Path) -> None:
    home.write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot be written"):
        cd.load("claims", version=OLD)


def test_a_broken_index_in_the_cache_is_reported_with_a_fix(server: Server, home: Path) -> None:
    cd.load("claims", version=OLD)
    (home / "releases" / "index.json").write_text("{", encoding="utf-8")
    loading.read_package.cache_clear()
    with pytest.raises(UsageError, match=r"releases/index\.json is not an index .* may be removed"):
        cd.load("claims", version=OLD)


def test_a_whole_cache_needs_no_right_to_write(server: Server, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is locked, updated or touched if every file is cached."""
    cd.load("claims", version=OLD)
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*")}
    loading.read_package.cache_clear()
    loading._read_schema.cache_clear()
    cd.load("claims", version=OLD)
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*")} == before


# --- The commands and their errors


def run(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "conflictdata", *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # type: ignore[call-overload, no-any-return]


@pytest.mark.slow
def test_fetch_brings_what_loading_needs_or_everything(server: Server, home: Path) -> None:
    done = run("fetch", OLD)
    assert done.returncode == 0, done.stderr
    assert str(home / "releases" / OLD) in done.stdout
    assert done.stderr == ""
    assert not any(name.startswith("csv/") for name in _read_files(home))
    assert run("fetch", OLD, "--everything").returncode == 0
    assert "csv/claims.csv" in _read_files(home)
    listed = run("versions").stdout
    assert "0.9.0" in listed
    assert "cached" in listed
    assert "registry" in listed


@pytest.mark.slow
def test_a_full_disk_leaves_whole_files_or_none(server: Server, home: Path) -> None:
    """The system refuses to write files larger than 20 kB.

    Larger files do not arrive, smaller ones are complete.
    """

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    import signal

    done = run("fetch", OLD, preexec_fn=lambda: (signal.signal(signal.SIGXFSZ, signal.SIG_IGN), full()))
    assert done.returncode == 2
    assert "cannot be written: file too large" in done.stderr
    assert "Traceback" not in done.stderr
    _check_whole(home, server)
    assert run("fetch", OLD).returncode == 0


def _check_whole(home: Path, server: Server) -> None:
    """Check that every file of the cache is, byte for byte, that of the registry."""
    entry = index.read((server.folder / "index.json").read_bytes(), "index.json")[OLD]
    there = home / "releases" / OLD
    for path in entry.files:
        if (there / path).exists():
            assert hashlib.sha256((there / path).read_bytes()).hexdigest() == entry.files[path].sha256, path


@pytest.mark.slow
def test_kill_9_at_50_moments_leaves_whole_files(server: Server, home: Path) -> None:
    chance = random.Random(9)
    server.pause = 0.01
    command = [sys.executable, "-m", "conflictdata", "fetch", OLD, "--everything"]
    for _ in range(50):
        going = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0.2, 1.6))
        going.kill()
        going.communicate()
        _check_whole(home, server)
        if len(_read_files(home)) > 40:
            cached = [p for p in (home / "releases" / OLD).rglob("*") if p.is_file()]
            for file in chance.sample(cached, 30):
                file.unlink()
    assert run("fetch", OLD, "--everything").returncode == 0
    entry = index.read((server.folder / "index.json").read_bytes(), "index.json")[OLD]
    assert _read_files(home) == sorted(entry.files)  # and no leftovers


@pytest.mark.slow
def test_20_processes_at_once_each_get_the_table_with_one_download_a_file(server: Server, home: Path) -> None:
    script = f"import conflictdata as cd; print(cd.load('claims', version='{OLD}', engine='arrow').num_rows)"
    going = [
        subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(20)
    ]
    result = [process.communicate() for process in going]
    assert {out for out, _ in result} == {f"{len(cd.load('claims'))}\n"}
    assert {err for _, err in result} == {""}
    assert set(server.asked.values()) == {1}
    assert CLAIMS in server.asked
