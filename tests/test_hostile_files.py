"""Files that are no files: devices, FIFOs, links out of the repository, sizes that lie, small members of a zip."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from seedbox import NAME, SOURCE, write_seedbox

import conflictdata.loading as cd_loading
from conflictdata._utils import regular_files, work_folder
from conflictdata._utils.atomic_write import create_file, replace_file, replace_folder
from conflictdata._utils.regular_files import NotRegularError, find_repository, leads_out, open_regular, read_at_most
from conflictdata.cli.parse import parse_day, parse_line
from conflictdata.comparison.sides import is_schema
from conflictdata.datapackage.descriptor import is_field
from conflictdata.export import _write_whole, export
from conflictdata.findings import UsageError
from conflictdata.readers.text import LIMIT, read_bytes
from conflictdata.registry.archive import extract
from conflictdata.registry.index import read
from conflictdata.seeds import read_seeds

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has no FIFOs")

PLACES = (
    NAME,
    "events/war.yaml",
    "reference/actors.csv",
    "reference/tolls.csv",
    "waivers.yaml",
    "retired.csv",
    "release.yaml",
)


def make_device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def make_link_out(path: Path) -> None:
    outside = path.parents[4] / "secret"
    outside.write_text("password: hunter2\n")
    path.symlink_to(outside)


KINDS: dict[str, Callable[[Path], None]] = {"device": make_device, "FIFO": os.mkfifo, "link out": make_link_out}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", PLACES)
def test_what_is_no_file_of_the_repository_is_found_and_never_read(kind: str, name: str, tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "a" / "b" / "c" / "seeds")
    (tmp_path / "a" / "b" / "c" / ".git").mkdir()
    (seeds / name).parent.mkdir(exist_ok=True)
    (seeds / name).unlink(missing_ok=True)
    KINDS[kind](seeds / name)
    findings = [f for f in read_seeds(seeds).findings if f.place and f.place.file.endswith(name)]
    assert [(f.rule, f.severity) for f in findings] == [("file.unreadable", "error")]
    assert "hunter2" not in str(findings)


def test_a_folder_of_a_conflict_may_be_a_link_inside_the_repository_and_not_out_of_it(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "repository" / "seeds")
    (tmp_path / "repository" / ".git").mkdir()
    pages = seeds / "sources/war"
    inside, outside = tmp_path / "repository" / "pages", tmp_path / "pages"
    pages.rename(inside)
    pages.symlink_to(inside)
    assert read_seeds(seeds).findings == []
    inside.rename(outside)
    pages.unlink()
    pages.symlink_to(outside)
    found = read_seeds(seeds).findings
    assert {f.rule for f in found} == {"file.unreadable"}
    assert "leads out of the repository" in found[0].message


def test_a_size_that_lies_is_not_trusted(tmp_path: Path) -> None:
    file = tmp_path / "page.yaml"
    file.write_bytes(b"x" * 100)
    assert read_at_most(file, 100) == b"x" * 100
    assert len(read_at_most(file, 99)) == 100  # one byte more than the limit says that the file is longer
    assert os.stat("/proc/cpuinfo").st_size == 0
    assert read_at_most("/proc/cpuinfo", 10_000_000)
    data, findings = read_bytes(Path("/proc/cpuinfo"), "cpuinfo", limit=10)
    assert data is None
    assert [f.rule for f in findings] == ["file.size"]


@pytest.mark.parametrize("kind", ["device", "FIFO"])
def test_nothing_but_a_regular_file_is_opened(kind: str, tmp_path: Path) -> None:
    KINDS[kind](tmp_path / "x")
    with pytest.raises(NotRegularError):
        open_regular(tmp_path / "x")
    with pytest.raises(NotRegularError):
        open_regular(tmp_path)


def test_the_repository_is_the_folder_with_git_else_the_one_above(tmp_path: Path) -> None:
    folder = tmp_path / "x" / "seeds"
    folder.mkdir(parents=True)
    (folder / "sources").symlink_to(tmp_path)
    outside = not any((above / ".git").exists() for above in folder.parents)
    if outside:
        assert find_repository(folder) == tmp_path / "x"
    (tmp_path / ".git").write_text("gitdir: elsewhere\n")  # a worktree has a file
    assert find_repository(folder) == tmp_path
    assert leads_out(folder / "sources" / "y", tmp_path / "x")
    assert not leads_out(folder / "y", tmp_path / "x")


@pytest.mark.parametrize(("members", "size", "refused"), [(40, 1 << 19, True), (1, 1 << 20, False), (40, 1_000, False)])
def test_small_members_count_towards_the_ratio(members: int, size: int, refused: bool, tmp_path: Path) -> None:
    file, into = tmp_path / "a.zip", tmp_path / "into"
    into.mkdir()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(members):
            packed.writestr(f"{number}.csv", b"0" * size)
    if not refused:
        assert len(extract(file, into)) == members
        return
    with pytest.raises(UsageError, match="small members unpack from"):
        extract(file, into)
    assert list(into.iterdir()) == []


def test_a_killed_export_is_cleared_by_the_next_one(tmp_path: Path) -> None:
    file = tmp_path / "x.sqlite"
    old = tmp_path / ".x.sqlite.new-1"
    old.mkdir()
    (old / "x.sqlite-journal").write_bytes(b"x")
    for ending in ("new-2.sqlite", "new-2.sqlite-journal"):  # as versions before 2.2.0 left them
        (tmp_path / f".x.sqlite.{ending}").write_bytes(b"x")
    other = tmp_path / ".y.sqlite.new-1"
    other.mkdir()
    assert _write_whole(file, lambda fresh: [str(fresh.write_bytes(b"whole"))]) == ["5"]
    assert sorted(path.name for path in tmp_path.iterdir()) == [other.name, file.name]
    assert file.read_bytes() == b"whole"


WAIT = """
import os, sys
from conflictdata.cli import _run_guarded, _stop_on_signals
from conflictdata._utils.work_folder import open_work_folder
def work():
    with open_work_folder() as folder:
        (folder / "copy").write_text("x")
        print(folder, flush=True)
        sys.stdin.read()
_stop_on_signals()
sys.exit(_run_guarded(work))
"""


def start_work(temporary: Path) -> tuple[subprocess.Popen[str], Path]:
    env = {**os.environ, "TMPDIR": str(temporary)}
    running = subprocess.Popen(
        [sys.executable, "-c", WAIT], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env
    )
    assert running.stdout
    return running, Path(running.stdout.readline().strip())


def test_temporary_folders_are_cleared_after_each_kind_of_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with_running, folder = start_work(tmp_path)
    with with_running as running:
        work_folder.clear_work_folders()
        assert (folder / "copy").exists()  # that of a live run
        running.terminate()
        assert running.wait() == 143
        assert not folder.exists()
    with_running, folder = start_work(tmp_path)
    with with_running as running:
        running.kill()
        running.wait()
        assert (folder / "copy").exists()
        foreign = tmp_path / "conflictdata-notes"
        foreign.mkdir()
        with work_folder.open_work_folder() as mine:
            assert not folder.exists()
            assert mine.is_dir()
        assert list(tmp_path.iterdir()) == [foreign]


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such names themselves")
@pytest.mark.parametrize("way", ["folder", "new file", "file", "export"])
def test_a_name_that_is_not_utf_8_is_refused_before_anything_is_written(way: str, tmp_path: Path) -> None:
    name = tmp_path / os.fsdecode(b"o\xff")
    writers: dict[str, Callable[[], object]] = {
        "folder": lambda: replace_folder(lambda _: None, name, lambda _: None),
        "new file": lambda: create_file(name, b"x"),
        "file": lambda: replace_file(name, b"x"),
        "export": lambda: export("jsonl", name, cd_loading.bundle(), tables=["conflicts"]),
    }
    with pytest.raises(UsageError, match=r"o\\udcff' is not a name in UTF-8"):
        writers[way]()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("limits", ["x", [], None, 1, {"enum": "x"}, {"enum": {"x": 1}}, {"enum": None}])
def test_a_schema_whose_constraints_have_another_form_is_no_schema(limits: object) -> None:
    assert not is_field({"name": "a", "type": "string", "constraints": limits})
    assert not is_schema({"fields": [{"name": "a", "constraints": limits}]})
    assert is_schema({"fields": [{"name": "a", "constraints": {"enum": ["x"]}}, {"name": "b"}]})


@pytest.mark.parametrize("version", ["9" * 5000 + ".0.0", "1.0." + "9" * 100])
def test_a_version_of_thousands_of_digits_is_refused_in_a_short_line(version: str) -> None:
    content = json.dumps({"index_version": 1, "versions": [{"version": version, "released": "x", "files": []}]})
    with pytest.raises(UsageError) as fault:
        read(content.encode(), "index.json")
    assert len(str(fault.value)) < 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_day_from_which_weeks_cannot_be_counted_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="is not a day of publication"):
        parse_day(day)
    assert parse_line(json.dumps({"text": "Ten people were killed on Tuesday.", "published": day}).encode())


@pytest.mark.slow
def test_a_page_of_thousands_of_claims_takes_its_share_of_memory(tmp_path: Path) -> None:
    claims = "".join(
        f"  {n}:\n    claimant: observatory\n    since: 2024-05-01\n    as_of: 2024-06-02\n    location: syria\n    killed: {n}\n"
        for n in range(1, 10_000)
    )
    head = SOURCE[: SOURCE.index("claims:")]
    seeds = write_seedbox(tmp_path / "seeds", {NAME: f"{head}claims:\n{claims}"})
    script = (
        # VmHWM: the peak of this program alone. `ru_maxrss` of a child begins with that of the test run.
        "import sys; from conflictdata import validate; report = validate(sys.argv[1]); "
        "print(sum(f.rule == 'figures.one-value-a-page' for f in report.findings), "
        "*[int(line.split()[1]) // 1024 for line in open('/proc/self/status') if line.startswith('VmHWM')])"
    )
    done = subprocess.run([sys.executable, "-c", script, str(seeds)], capture_output=True, text=True, check=True)
    found, megabytes = map(int, done.stdout.split())
    assert found >= 9_000
    assert megabytes < 1_000


def test_the_limit_of_a_page_is_the_one_that_is_read() -> None:
    assert LIMIT > regular_files._BLOCK  # else no test reads a page in more than one block
