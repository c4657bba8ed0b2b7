"""More than a hundred mistakes in the seeds: each is found once, at its line.

The messages are in `tests/messages/mistakes/<kind>.<name>.txt`. `CONFLICTDATA_GOLDEN=write pytest -m '' tests/test_mistakes.py`
rewrites them. Read them as the person who made the mistake: they must say what is wrong, where, and what to do.
"""

import datetime as dt
import os
import shutil
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from mistakes import KINDS, MISTAKES, SEEDS

from conflictdata.validation.pipeline import read_seeds_target, validate_target

MESSAGES = Path(__file__).parent / "messages" / "mistakes"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"
RELEASED = dt.date(2026, 11, 30)


@pytest.fixture(scope="module")
def box(tmp_path_factory):
    """Return a copy of the seeds to make mistakes in."""
    folder = tmp_path_factory.mktemp("mistakes")
    shutil.copytree(SEEDS, folder / "seeds")
    return folder


@pytest.fixture(scope="module")
def untouched(box):
    """Return the findings for the unchanged seeds."""
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(box)
        return check_copy()


def check_copy():
    """Return the report on the copy in the working folder."""
    return validate_target(read_seeds_target(Path("seeds")), released_on=RELEASED).report


def summarise(findings):
    """Return findings without their lines, which an edit above them changes."""
    return Counter(
        (f.rule, f.severity, f.table, f.record, f.message, f.place.file if f.place else "") for f in findings
    )


def find_first_change(before, after):
    """Return the number of the first line that differs."""
    one, other = before.split("\n"), after.split("\n")
    changed = (n for n, (a, b) in enumerate(zip(one, other, strict=False), 1) if a != b)
    return next(changed, min(len(one), len(other)))


def find_line(text, part):
    """Return the number of the line with a text that occurs once."""
    assert text.count(part) == 1, f"{part!r} stands {text.count(part)} times"
    return text.count("\n", 0, text.index(part)) + 1


@contextmanager
def make_mistake(mistake, box):
    """Make a mistake in the copy, and undo it at the end.

    Yields the mistake, and the expected file and line.
    """
    seeds = box / "seeds"
    path, gone = seeds / mistake.file, mistake.instead_of and seeds / mistake.instead_of
    before = path.read_bytes() if path.exists() else None
    was = gone.read_bytes() if gone else None
    old = before.decode() if before else ""
    new = mistake.edit(old)
    if gone:
        gone.unlink()
    path.write_bytes(new.encode())
    try:
        where = mistake.found_in or mistake.file
        text = new if where == mistake.file else (seeds / where).read_bytes().decode()
        line = find_line(text, mistake.at) if mistake.at else find_first_change(old, new)
        yield mistake, f"seeds/{where}", line if mistake.line is None else mistake.line
    finally:
        path.write_bytes(before) if before is not None else path.unlink()
        if gone:
            gone.write_bytes(was)


def format_finding(finding):
    """Return a finding as in the text report."""
    record = f"    {finding.table} {finding.record}\n" if finding.record else ""
    return f"{finding.place}: {finding.severity}[{finding.rule}] {finding.message}\n{record}    hint: {finding.hint}\n"


def plan_rounds():
    """Return the mistakes in rounds.

    The first mistakes of each kind are made together, one per file. Then each mistake is made alone (slow).
    """
    firsts = {mistake.kind: mistake for mistake in reversed(MISTAKES)}
    found = []
    for mistake in sorted(firsts.values(), key=MISTAKES.index):
        touched = list_files(mistake)
        free = (r for r in found if not any(list_files(other) & touched for other in r))
        (next(free, None) or found.append([]) or found[-1]).append(mistake)
    yield from (pytest.param(one, id=f"round {n}") for n, one in enumerate(found, 1))
    yield from (pytest.param([mistake], id=mistake.id, marks=pytest.mark.slow) for mistake in MISTAKES)


def list_files(mistake):
    """Return the files that a mistake is made in, or found in."""
    return {mistake.file, mistake.instead_of, mistake.found_in} - {"", None}


@pytest.mark.slow
@pytest.mark.parametrize("mistakes", list(plan_rounds()))
def test_a_mistake_is_found_at_its_line_once_and_alone(mistakes, box, untouched, monkeypatch):
    monkeypatch.chdir(box)
    with ExitStack() as all_made:
        places = [all_made.enter_context(make_mistake(mistake, box)) for mistake in mistakes]
        found = check_copy()

    new = summarise(found.findings) - summarise(untouched.findings)
    assert sorted((place, rule) for rule, *_, place in new.elements()) == sorted((f, m.rule) for m, f, _ in places)
    assert summarise(untouched.findings) - summarise(found.findings) == Counter()
    assert summarise(found.waived) <= summarise(untouched.waived)
    for mistake, file, line in places:
        (finding,) = (
            f for f in found.findings if summarise([f]) <= new and (f.place.file, f.rule) == (file, mistake.rule)
        )
        assert finding.place.line == line
        # The line is held above: the files of the seeds grow.
        message = format_finding(finding).replace(f"{file}:{line}:", f"{file}:LINE:", 1)
        golden = MESSAGES / f"{mistake.id}.txt"
        if WRITE:
            golden.parent.mkdir(exist_ok=True)
            golden.write_text(message, encoding="utf-8")
        assert golden.read_text(encoding="utf-8") == message
        assert finding.hint


def test_the_seeds_are_clean_by_themselves(untouched):
    assert untouched.errors == []


def test_there_are_a_hundred_mistakes_of_thirty_kinds():
    assert len(MISTAKES) >= 100
    assert len(KINDS) >= 30
    assert list(dict.fromkeys(mistake.kind for mistake in MISTAKES)) == list(KINDS)
    assert len({mistake.id for mistake in MISTAKES}) == len(MISTAKES)


def test_the_mistakes_are_spread_over_the_data():
    files = {mistake.file for mistake in MISTAKES}
    conflicts = {file.split("/")[1] for file in files if file.startswith("sources/")}

    assert len(files) >= 80
    assert len(conflicts) >= 12


def test_every_message_belongs_to_a_mistake():
    assert {path.stem for path in MESSAGES.glob("*.txt")} == {mistake.id for mistake in MISTAKES}
