"""The cache between runs, and checks of selected files.

The findings always equal those of a complete check.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import functools
import os
import pty
import re
import resource
import select
import shutil
import signal
import subprocess
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import narwhals.stable.v1 as nw
import polars as pl
import pytest
from depth import count_examples
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from mistakes import MISTAKES, Mistake
from realdata import load_tables as real_tables
from seed_edits import Edit, edits, format_page, list_files, write_pages
from seedbox import ACTORS, NAME, write_seedbox

from conflictdata.findings import Finding, Report
from conflictdata.readers.records import RecordDraft
from conflictdata.release.publish import publish_seeds
from conflictdata.rules import load_rules
from conflictdata.rules.base import VERDICT, Rule
from conflictdata.schema import columns
from conflictdata.schema.columns import list_tables
from conflictdata.seeds import Memory, cache, cache_store, read_seeds
from conflictdata.seeds.figures import Register
from conflictdata.validation.evaluate import RuleContext, format_record_key
from conflictdata.validation.incremental import BESIDE_PAGES, OF_PAGES, is_within_page
from conflictdata.validation.pipeline import read_seeds_target, validate_target

SEEDS = Path(__file__).parents[1] / "seeds"
DAY = dt.date(2026, 6, 1)

some = settings(
    max_examples=count_examples(4, 20),
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
many = settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))


def check_everything(folder: Path) -> Report:
    """Read all files and evaluate all rules."""
    return validate_target(read_seeds_target(folder), released_on=DAY).report


def check_incrementally(folder: Path, at: Path, only: Iterable[str] | None = None, renewed: int = 2) -> Report:
    """Do the same with a cache, for some files or all."""
    selected = None if only is None else frozenset((folder / name).as_posix() for name in only)
    return validate_target(
        read_seeds_target(folder, only=selected, memory=Memory(at, 0, renewed)), released_on=DAY
    ).report


def select_findings(found: list[Finding], folder: Path, names: Iterable[str]) -> list[Finding]:
    """Return the findings in some files."""
    files = {(folder / name).as_posix() for name in names}
    return [f for f in found if f.place and f.place.file in files]


def check_same_draft(one: RecordDraft, other: RecordDraft) -> None:
    """Check that two drafts have the same records, places and findings."""
    for table in list_tables():
        assert one.build_frame(table).equals(other.build_frame(table), null_equal=True), table
        assert list(one.keys(table)) == list(other.keys(table)), table
        step = 1 + len(one.records[table]) // 50
        for left, right in zip(one.records[table][::step], other.records[table][::step], strict=True):
            assert (left.id, left.place()) == (right.id, right.place())
            assert all(left.place([c]) == right.place([c]) for c in left.cells)
    assert sorted(map(Finding.sort_key, one.findings)) == sorted(map(Finding.sort_key, other.findings))
    assert (one.files, one.release) == (other.files, other.release)


def read_cached(folder: Path, at: Path, renewed: int = 0, context: str = "") -> RecordDraft:
    """Read a folder with a cache, and update the cache."""
    remembered = Memory(at, 0, renewed)
    draft = read_seeds(folder, memory=remembered)
    if remembered.is_due(context):
        remembered.renew(context, (), ())
    return draft


def test_the_real_seeds_are_remembered_as_they_were_read(tmp_path: Path) -> None:
    first, second = read_cached(SEEDS, tmp_path / "m"), Memory(tmp_path / "m", 0)
    draft = read_seeds(SEEDS, memory=second)

    assert len(second._kept) == len([*SEEDS.glob("events/*.yaml"), *SEEDS.glob("sources/*/*.yaml")])
    check_same_draft(read_seeds(SEEDS), first)
    check_same_draft(read_seeds(SEEDS), draft)


def check_reading(steps: list[Edit], folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    seeds, at = write_pages(folder / "seeds"), folder / "m"
    read_cached(seeds, at)
    for step in steps:
        step(seeds)
        check_same_draft(read_seeds(seeds), read_cached(seeds, at, renewed=len(steps) % 3))


@some
@given(st.lists(edits, min_size=1, max_size=6))
def test_reading_agrees_after_any_edits(tmp_path: Path, steps: list[Edit]) -> None:
    check_reading(steps, tmp_path / "x")


@pytest.mark.slow
@many
@given(st.lists(edits, min_size=1, max_size=12))
def test_reading_agrees_after_many_edits(tmp_path: Path, steps: list[Edit]) -> None:
    check_reading(steps, tmp_path / "x")


def check_checking(folder: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    seeds, memory_at = write_pages(folder / "seeds"), folder / "m"
    check_incrementally(seeds, memory_at)
    for step in steps:
        step(seeds)
    whole = check_everything(seeds)
    for names in (choose(list_files(seeds)), list_files(seeds)[:1], None):
        found = check_incrementally(seeds, memory_at, names)
        expected = list_files(seeds) if names is None else names
        assert found.findings == (whole.findings if names is None else select_findings(whole.findings, seeds, expected))
        assert found.waived == (whole.waived if names is None else select_findings(whole.waived, seeds, expected))
    assert found.evaluated == whole.evaluated
    assert found.counts == whole.counts


chosen = st.sets(st.integers(0, 40), min_size=1, max_size=3).map(
    lambda numbers: lambda names: sorted({names[n % len(names)] for n in numbers})
)


@settings(some, max_examples=count_examples(1, 4))
@given(st.lists(edits, min_size=1, max_size=5), chosen)
def test_checking_agrees_after_any_edits(
    tmp_path: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]
) -> None:
    check_checking(tmp_path / "x", steps, choose)


@pytest.mark.slow
@settings(many, max_examples=60)
@given(st.lists(edits, min_size=1, max_size=8), chosen)
def test_checking_agrees_after_many_edits(
    tmp_path: Path, steps: list[Edit], choose: Callable[[list[str]], list[str]]
) -> None:
    check_checking(tmp_path / "x", steps, choose)


def plan_rounds() -> list[list[Mistake]]:
    """Return the mistakes in rounds, one per file.

    Files that all others depend on have their own rounds.
    """
    found: list[list[Mistake]] = []
    for mistake in MISTAKES:
        touched = {mistake.file, mistake.instead_of}
        free = (r for r in found if not any({m.file, m.instead_of} & touched - {""} for m in r))
        (next(free, None) or found.append([]) or found[-1]).append(mistake)
    return found


def break_copy(folder: Path, mistakes: Iterable[Mistake]) -> Path:
    """Return a copy of the real seeds with mistakes in it."""
    for mistake in mistakes:
        source, target = folder / (mistake.instead_of or mistake.file), folder / mistake.file
        before = source.read_bytes().decode() if source.exists() else ""
        target.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(LookupError):  # its place is missing: test_mistakes.py reports it
            target.write_bytes(mistake.edit(before).encode())
        if mistake.instead_of:
            source.unlink()
    return folder


def check_mistakes(folder: Path, mistakes: list[Mistake], alone: int) -> None:
    seeds = folder / "seeds"
    shutil.copytree(SEEDS, seeds)
    check_incrementally(seeds, folder / "m", renewed=50)
    break_copy(seeds, mistakes)
    whole = check_everything(seeds)
    names = [mistake.file for mistake in mistakes]
    quiet = [name for name in list_files(seeds) if not select_findings(whole.findings + whole.waived, seeds, [name])]
    assert len(select_findings(whole.findings, seeds, names)) >= len(names) * 2 // 3
    for selected in (names, *([name] for name in (*names[:alone], *quiet[:: len(quiet) // max(1, alone // 4) + 1]))):
        found = check_incrementally(seeds, folder / "m", selected, renewed=50)
        assert found.findings == select_findings(whole.findings, seeds, selected)
        assert found.waived == select_findings(whole.waived, seeds, selected)


def test_a_file_with_a_mistake_gives_what_the_whole_folder_gives_for_it(tmp_path: Path) -> None:
    check_mistakes(tmp_path, plan_rounds()[0], alone=1)


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(plan_rounds())))
def test_each_file_with_a_mistake_gives_what_the_whole_folder_gives_for_it(number: int, tmp_path: Path) -> None:
    check_mistakes(tmp_path, plan_rounds()[number], alone=100)


def evaluate(rule: Rule, frames: RuleContext) -> dict[str, bool | None]:
    if isinstance(rule.check, nw.Expr):
        judged = frames[rule.view or rule.table].with_columns(rule.check.alias(VERDICT)).collect().to_polars()
    else:
        judged = rule.check(frames).collect().to_polars()
    return {format_record_key(rule, row): row[VERDICT] for row in judged.iter_rows(named=True)}


@functools.cache
def build_damaged() -> dict[str, pl.DataFrame]:
    """Return the tables of the real seeds with the mistakes that leave them readable."""
    found = dict(real_tables())
    number = pl.int_range(pl.len()) % 7
    found["figures"] = found["figures"].with_columns(
        low=pl.when(number == 0).then(pl.col("low") * 3).otherwise("low"),
        actor_id=pl.when(number == 1).then(pl.lit("hts")).otherwise("actor_id"),
        outcome=pl.when(number == 2).then(pl.lit("injured")).otherwise("outcome"),
    )
    found["claims"] = found["claims"].with_columns(
        as_of=pl.when(number == 0).then(pl.col("as_of") + pl.duration(days=40)).otherwise("as_of")
    )
    return found


def select_pages(found: dict[str, pl.DataFrame], keep: set[str]) -> dict[str, pl.DataFrame]:
    page = {t: pl.col("source_id" if t in ("sources", "claims") else "claim_id") for t in OF_PAGES}
    return {
        t: frame.filter(page[t].str.replace(r"\.[0-9]+$", "").is_in(keep)) if t in OF_PAGES else frame
        for t, frame in found.items()
    }


@pytest.mark.parametrize("given", [real_tables, build_damaged], ids=["real", "damaged"])
def test_a_rule_within_a_page_needs_no_other_page(given: Callable[[], dict[str, pl.DataFrame]]) -> None:
    evaluated = [rule for rule in load_rules().values() if is_within_page(rule)]
    sources = given()["sources"]["source_id"].sort().to_list()
    whole, halves = (
        RuleContext(given(), DAY),
        [RuleContext(select_pages(given(), set(sources[n::2])), DAY) for n in (0, 1)],
    )

    assert len(evaluated) > 50
    for rule in evaluated:
        whole.used.clear()
        evaluate(rule, whole)
        assert whole.used <= {*OF_PAGES, *BESIDE_PAGES, "figures_resolved", "figures_nested"}, rule.id
        one, other = (evaluate(rule, half) for half in halves)
        assert not one.keys() & other.keys()
        assert one | other == evaluate(rule, whole), rule.id


def test_what_a_page_may_use_is_all_that_is_compared() -> None:
    assert {f.name for f in fields(Register)} == {"actors", "locations", "complete"}, "renew seeds.memory._names"


# A cache that is damaged.


def rezip(path: Path, change: Callable[[str, bytes], bytes], method: int = zipfile.ZIP_STORED) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, change(name, data))


def drop_column(name: str, data: bytes) -> bytes:
    if name != "figures.parquet":
        return data
    pl.read_parquet(data).drop("best").write_parquet(path := Path(os.environ["TMPDIR_OF_TEST"]) / "f")
    return path.read_bytes()


def name_no_file(name: str, data: bytes) -> bytes:
    if name != "figures.parquet":
        return data
    frame = pl.read_parquet(data).with_columns(pl.lit(9_999, pl.UInt32).alias("@file"))
    frame.write_parquet(path := Path(os.environ["TMPDIR_OF_TEST"]) / "f")
    return path.read_bytes()


BAD: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "another file": lambda path: path.write_text("no zip"),
    "cut off": lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2]),
    "a byte turned": lambda path: path.write_bytes(turn_byte(path.read_bytes())),
    "of another reader": lambda path: rezip(path, lambda n, d: d.replace(cache_store.reader().encode(), b"0" * 64)),
    "not a memory": lambda path: rezip(path, lambda n, d: b"{}" if n == "about.json" else d),
    "compressed": lambda path: rezip(path, lambda n, d: d, zipfile.ZIP_DEFLATED),
    "no Parquet": lambda path: rezip(path, lambda n, d: b"x" if n == "claims.parquet" else d),
    "without a column": lambda path: rezip(path, drop_column),
    "records of no file": lambda path: rezip(path, name_no_file),
    "a folder": lambda path: (path.unlink(), path.mkdir()),
}


def turn_byte(data: bytes) -> bytes:
    """Return the data with one byte in the middle changed."""
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


@pytest.mark.parametrize("fault", BAD)
def test_a_memory_that_cannot_be_read_counts_as_none(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR_OF_TEST", str(tmp_path))
    seeds, memory_at = write_pages(tmp_path / "seeds"), tmp_path / "m.zip"
    read_cached(seeds, memory_at)
    assert cache_store.load(memory_at) is not None

    BAD[fault](memory_at)

    assert cache_store.load(memory_at) is None
    check_same_draft(read_cached(seeds, memory_at), read_seeds(seeds))
    assert (cache_store.load(memory_at) is None) == (fault == "a folder"), "it is written anew"


def test_an_edit_that_leaves_size_and_time_is_seen(tmp_path: Path) -> None:
    seeds, memory_at = write_pages(tmp_path / "seeds"), tmp_path / "m"
    path = seeds / NAME
    os.utime(path, (0, 0))
    read_cached(seeds, memory_at)

    path.write_text(path.read_text(encoding="utf-8").replace("officers: 2", "officers: 3"), encoding="utf-8")
    os.utime(path, (0, 0))

    (record,) = (
        r
        for r in read_cached(seeds, memory_at).records["figures"]
        if r.id == "paper-2024-06-02.1.killed.government.officers"
    )
    assert record.text("low") == "3"


def test_a_file_as_old_as_the_reading_is_hashed_and_one_that_is_older_is_not(tmp_path: Path) -> None:
    data, path = b"text", tmp_path / "f"
    path.write_bytes(data)
    status = path.stat()
    changed = max(status.st_mtime_ns, status.st_ctime_ns)

    assert not cache_store.Mark.of(status, changed + cache_store.DOUBTFUL, data).fits(status)
    assert cache_store.Mark.of(status, changed + cache_store.DOUBTFUL + 1, data).fits(status)


def test_files_with_findings_are_read_each_time(tmp_path: Path) -> None:
    seeds = write_seedbox(
        tmp_path / "seeds", {NAME: format_page("paper", "2024-06-02").replace("rebels: 20", "rebels: 2O")}
    )
    read_cached(seeds, tmp_path / "m")

    remembered = cache_store.load(tmp_path / "m")

    assert remembered is not None
    assert list(remembered.files) == ["events/war.yaml"]


def test_a_page_is_read_again_where_a_name_in_it_has_come(tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    read_cached(seeds, tmp_path / "m")
    (seeds / "reference/actors.csv").write_text(ACTORS.replace("guard,", "civilian_guard,"), encoding="utf-8")
    reading = Memory(tmp_path / "m", 0)
    read_seeds(seeds, memory=reading)
    assert len(reading._kept) == 6, "no page names the guard"

    (seeds / "reference/actors.csv").write_text(ACTORS.replace("armed_group", "militia"), encoding="utf-8")
    reading = Memory(tmp_path / "m", 0)
    read_seeds(seeds, memory=reading)
    assert set(reading._kept) == {"events/war.yaml"}, "every page names the rebels"


def test_few_files_are_not_remembered(tmp_path: Path) -> None:
    validate_target(read_seeds_target(write_pages(tmp_path / "seeds"), memory=Memory(tmp_path / "m")))

    assert not (tmp_path / "m").exists()


def test_old_memories_make_way_and_so_does_what_a_killed_run_left(tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    for number in range(cache_store.MOST + 3):
        read_cached(seeds, tmp_path / "home" / f"{number:02}.zip")
        os.utime(tmp_path / "home" / f"{number:02}.zip", (number, number))
    for name, since in ((".x.zip.1", 0), (".x.zip.2", time.time())):
        (tmp_path / "home" / name).write_bytes(b"half")
        os.utime(tmp_path / "home" / name, (since, since))
    (tmp_path / "home" / "other.txt").touch()

    read_cached(seeds, tmp_path / "home" / "new.zip")

    left = sorted(p.name for p in (tmp_path / "home").iterdir())
    assert left == [".x.zip.2", *(f"{n:02}.zip" for n in range(4, cache_store.MOST + 3)), "new.zip", "other.txt"]


def test_publishing_reads_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICTDATA_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(cache, "FEWEST", 0)

    publish_seeds(SEEDS, tmp_path / "package")

    assert not (tmp_path / "home").exists()


# Killed runs, concurrent runs, full disks.

RENEWING = """
import sys
from pathlib import Path
from conflictdata.seeds import Memory, read_seeds

print("ready", flush=True)
while True:
    memory = Memory(Path(sys.argv[2]), 0, -1)
    read_seeds(Path(sys.argv[1]), memory=memory)
    memory.renew("", (), ())
"""


@pytest.mark.skipif(os.name == "nt", reason="no SIGKILL")
@pytest.mark.parametrize("kills", [4, pytest.param(50, marks=pytest.mark.slow)])
def test_a_run_that_is_killed_leaves_a_whole_memory_or_none(kills: int, tmp_path: Path) -> None:
    seeds, memory_at = write_pages(tmp_path / "seeds"), tmp_path / "home" / "m.zip"
    plain, rest = read_seeds(seeds), iter(range(kills))
    for number in rest:
        with subprocess.Popen(
            [sys.executable, "-c", RENEWING, str(seeds), str(memory_at)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(0.03 + 0.3 * number / kills)
            process.send_signal(signal.SIGKILL)
        assert not memory_at.exists() or cache_store.load(memory_at) is not None
        check_same_draft(plain, read_seeds(seeds, memory=Memory(memory_at, 0)))


STEPS = {"open", "os.mkdir", "os.rename", "os.remove", "os.listdir", "os.scandir"}


def save_until(step: int, path: Path, stored: cache_store.Stored) -> bool:
    """Save in a child process that is killed just before its n-th disk step.

    Returns:
        Whether it reached that step.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # about forking with threads of polars
        child = os.fork()
    if child == 0:
        left = iter(range(step))

        def count(event: str, _: object) -> None:
            if event in STEPS and next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(count)
        cache_store.save(path, stored)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork")
def test_a_run_killed_before_any_step_leaves_the_old_memory_or_the_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, seeds = tmp_path / "m.zip", write_pages(tmp_path / "seeds")
    read_cached(seeds, path, context="old")
    old, content = path.read_bytes(), cache_store.load(path)
    assert content is not None
    new = replace(content, context="new")
    made = cache_store._content(new)
    monkeypatch.setattr(cache_store, "_content", lambda _: made)  # threads of polars do not survive a fork
    found, step, killed = [], 0, True
    while killed:
        path.write_bytes(old)
        killed = save_until(step, path, new)
        after = cache_store.load(path)
        assert after is not None
        found.append(after.context)
        step += 1

    assert step > 4
    assert (found[0], found[-1]) == ("old", "new")


def test_two_runs_at_once_both_give_the_findings(tmp_path: Path) -> None:
    seeds, memory_at = write_pages(tmp_path / "seeds"), tmp_path / "home" / "m.zip"
    command = [sys.executable, "-c", RENEWING, str(seeds), str(memory_at)]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
    plain = read_seeds(seeds)
    for process in running:
        assert process.stdout is not None
        process.stdout.readline()
    try:
        for _ in range(20):
            check_same_draft(plain, read_seeds(seeds, memory=Memory(memory_at, 0)))
        assert [process.poll() for process in running] == [None, None]
    finally:
        for process in running:
            process.kill()
            process.communicate()
    assert cache_store.load(memory_at) is not None


def limit_file_size() -> None:
    """Limit the file size of this process, which acts like a full disk."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))


CHECKING = """
import sys
from conflictdata.seeds import cache as memory
memory.FEWEST = 0
from conflictdata.cli import main
main()
"""


def run(*args: str | Path, home: Path, **more: Callable[[], None]) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "NO_COLOR": "1", "CONFLICTDATA_HOME": str(home)}
    command = [sys.executable, "-c", CHECKING, *map(str, args)]
    return subprocess.run(command, capture_output=True, text=True, env=env, check=False, **more)  # type: ignore[call-overload, no-any-return]


@pytest.mark.parametrize("home", ["a file", "full"])
def test_where_nothing_can_be_remembered_the_check_is_the_same(home: str, tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    if home == "a file":
        (tmp_path / "home").touch()
    limit: dict[str, Callable[[], None]] = {"preexec_fn": limit_file_size} if home == "full" else {}

    done = run("validate", seeds, home=tmp_path / "home", **limit)
    plain = run("validate", seeds, "--no-cache", home=tmp_path / "other")

    assert (done.returncode, done.stdout, done.stderr) == (plain.returncode, plain.stdout, "")
    assert home == "a file" or list((tmp_path / "home" / "readings").iterdir()) == []
    assert not (tmp_path / "other").exists()


def test_the_command_remembers_under_its_home_and_says_the_same_again(tmp_path: Path) -> None:
    seeds, home = write_pages(tmp_path / "seeds"), tmp_path / "home"
    first, again = (run("validate", seeds, home=home) for _ in range(2))

    assert (first.returncode, first.stdout) == (again.returncode, again.stdout)
    assert [p.suffix for p in (home / "readings").iterdir()] == [".zip"]


# Imports and output of a run.


def test_what_is_compiled_of_the_models_is_what_they_say() -> None:
    assert columns.FILE.read_text(encoding="utf-8") == columns.render_compiled(), (
        "run `conflictdata publish --repository`"
    )


def test_models_that_were_edited_since_are_read_themselves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stale = columns.render_compiled().replace(columns.hash_sources(), "0" * 64).replace('"sohr"', '"x"')
    (tmp_path / "compiled.json").write_text(stale, encoding="utf-8")
    monkeypatch.setattr(columns, "FILE", tmp_path / "compiled.json")

    assert columns.load_compiled.__wrapped__() == columns.compile_models()


def test_a_check_loads_neither_pandas_nor_libraries_on_top_of_it(tmp_path: Path) -> None:
    seeds = write_pages(tmp_path / "seeds")
    (seeds / NAME).write_text(format_page("paper", "2024-06-02").replace("rebels: 20", "rebels: 10"), encoding="utf-8")
    heavy = "pandas pandera pyarrow frictionless numpy"
    code = (
        "import sys; from conflictdata.validation.api import validate; "
        f"report = validate({str(seeds / NAME)!r}, cache=False); "
        f"print(len(report.findings), *(m for m in {heavy.split()} if m in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["1"]


IMPATIENT = "import conflictdata.cli._bar as b; b.PATIENCE = 0; from conflictdata.cli import main; main()"


def run_on_terminal(*args: str | Path) -> Iterator[bytes]:
    """Return a command's output on a terminal."""
    main, other = pty.openpty()
    env = {**os.environ, "TERM": "xterm", "COLUMNS": "120", "LINES": "40"}
    command = [sys.executable, "-c", IMPATIENT, *map(str, args)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=other, env=env) as process:
        os.close(other)
        while select.select([main], [], [], 60)[0]:
            try:
                yield os.read(main, 65536)
            except OSError:  # the other end is closed
                break
        assert process.stdout is not None
        process.stdout.read()
    os.close(main)


def test_a_bar_shows_files_rules_and_rates_on_a_terminal_and_is_gone_at_the_end() -> None:
    written = b"".join(run_on_terminal("validate", "--no-cache", SEEDS)).decode()
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", written)

    assert re.search(r"Reading seeds .* [1-9][0-9]*/2[0-9]{2} files .*[0-9]/s", plain)
    assert re.search(r"Asking rules .* [1-9][0-9]*/[0-9]+ rules", plain)
    assert written.rstrip().endswith("\x1b[2K"), "the line of the bar is erased"


def test_no_bar_on_a_pipe() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPATIENT, "validate", "--no-cache", str(SEEDS)], capture_output=True, check=False
    )

    assert done.returncode == 0
    assert done.stderr == b""
