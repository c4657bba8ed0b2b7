"""Reading a file takes work in proportion to its length.

However many keys, names, claims or faults it has.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from seedbox import ACTORS, NAME, SOURCE, write_seedbox

from conflictdata.readers import open_table
from conflictdata.seeds import read_seeds
from conflictdata.seeds.walker import GUESSES
from conflictdata.validation.pipeline import read_seeds_target, validate_target

HEAD = SOURCE[: SOURCE.index("claims:")]
FIGURE = "claims:\n  1:\n    claimant: observatory\n    since: 2024-05-01\n    as_of: 2024-06-02\n    location: syria\n    killed:\n"
CLAIM = "  {}:\n    claimant: observatory\n    during: 2024-06-01\n    as_of: 2024-06-02\n    location: town\n    killed: 8\n"


def count_steps(work: Callable[[], Any]) -> int:
    """Return how many lines of the package and of difflib run in a function.

    Each turn of a loop counts.
    """
    count = 0

    def trace(frame: FrameType, event: str, _: Any) -> Any:
        nonlocal count
        if event == "line":
            count += 1
        return trace if frame.f_globals.get("__name__", "").startswith(("conflictdata.", "difflib")) else None

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


PAGES: dict[str, Callable[[int], str]] = {
    "unknown keys": lambda n: "".join(f"k{i}: 1\n" for i in range(n)),
    "one key again and again": lambda n: HEAD + "note: a\n" * n,
    "unknown names of figures": lambda n: (
        HEAD + FIGURE + "      by other:\n" + "".join(f"        g{i}: 1\n" for i in range(n))
    ),
    "names of figures": lambda n: (
        HEAD + FIGURE + "      by other:\n" + "".join(f"        g{i}: {{n: 1, label: a}}\n" for i in range(n))
    ),
    "one name in many lists": lambda n: (
        HEAD + FIGURE + "".join(f"      by {axis}:\n" + "        g: 1\n" * (n // 2) for axis in ("party", "other"))
    ),
    "claims": lambda n: HEAD + "claims:\n" + "".join(CLAIM.format(i) for i in range(1, n // 4)),
    "claims with unknown keys": lambda n: (
        HEAD + "claims:\n" + "".join(CLAIM.format(i) + "    k: 1\n" for i in range(1, n // 4))
    ),
    "claims that lack a key": lambda n: (
        HEAD + "claims:\n" + "".join(CLAIM.replace("    location: town\n", "").format(i) for i in range(1, n // 4))
    ),
}
N = GUESSES * 2 + 400


@pytest.mark.slow
@pytest.mark.parametrize("kind", PAGES)
def test_twice_as_long_a_page_takes_twice_the_work(kind: str, tmp_path: Path) -> None:
    def cost(n: int) -> int:
        folder = write_seedbox(tmp_path / str(n), {NAME: PAGES[kind](n)})
        return count_steps(lambda: read_seeds(folder))

    none, once, twice = cost(0), cost(N), cost(2 * N)
    assert twice - none < 2.4 * (once - none)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["claims with unknown keys", "claims that lack a key"])
def test_so_does_checking_what_is_broken_on_it(kind: str, tmp_path: Path) -> None:
    def cost(n: int) -> int:
        subject = read_seeds_target(write_seedbox(tmp_path / str(n), {NAME: PAGES[kind](n)}))
        return count_steps(lambda: validate_target(subject))

    cost(1)  # computed once for all checks
    none, once, twice = cost(0), cost(N), cost(2 * N)
    assert twice - none < 2.4 * (once - none)


def test_the_known_word_is_looked_up_for_the_first_unknown_ones_alone(tmp_path: Path) -> None:
    text = "".join(f"published{i}: 1\n" for i in range(GUESSES + 1))
    hints = [f.hint for f in read_seeds(write_seedbox(tmp_path, {NAME: text})).findings if f.rule == "seed.unknown-key"]
    assert len(hints) == GUESSES + 1
    assert set(hints[:-1]) == {"Did you mean 'published'?"}
    assert hints[-1].startswith("It may have: ")


def test_a_duplicate_column_of_a_register_is_found_at_each_place(tmp_path: Path) -> None:
    header, _, rest = ACTORS.partition("\n")
    text = f"{header},note,note\n" + "".join(f"{line},,\n" for line in rest.splitlines())
    draft = read_seeds(write_seedbox(tmp_path, {"reference/actors.csv": text}))
    assert [(f.rule, f.place.column) for f in draft.findings if f.place] == [
        ("csv.header", len(header) + 2),
        ("csv.header", len(header) + 7),
    ]


@pytest.mark.parametrize(("name", "form"), [("a.csv", "{names}\n1\n"), ("a.json", "[{{{pairs}}}]")])
def test_a_duplicate_name_among_many_in_another_dataset_is_named(name: str, form: str, tmp_path: Path) -> None:
    names = [f"c{i}" for i in range(3000)] + ["c7"]
    text = form.format(names=",".join(names), pairs=",".join(f'"{n}": 1' for n in names))
    (tmp_path / name).write_text(text)
    finding = open_table(tmp_path / name).findings[0]
    assert "'c7'" in finding.message
    assert "twice" in finding.message


def test_a_key_is_not_lost_for_a_character_that_ends_it(tmp_path: Path) -> None:
    text = SOURCE.replace("    via: agency\n", '    "via\\0": agency\n')
    draft = read_seeds(write_seedbox(tmp_path, {NAME: text}))
    assert [(f.rule, f.value) for f in draft.findings] == [("seed.unknown-key", "via\0")]


def test_values_under_a_repeated_key_are_not_kept(tmp_path: Path) -> None:
    text = SOURCE.replace("    injured: about 20\n", "    killed: {n: 9, by party: {rebels: 1, rebels: 2}}\n")
    draft = read_seeds(write_seedbox(tmp_path, {NAME: text}))
    assert [(f.rule, f.value) for f in draft.findings] == [
        ("yaml.duplicate-key", "killed"),
        ("yaml.duplicate-key", "rebels"),
    ]
    roots = [r for r in draft.records["figures"] if r.id == "paper-2024-06-02.2.killed"]
    assert [r.text("low") for r in roots] == ["8"]
