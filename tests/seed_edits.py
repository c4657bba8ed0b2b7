"""A small seeds folder and realistic edits of it, for tests of selected files.

Its files have many references to each other.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from hypothesis import strategies as st
from seedbox import ACTORS, EVENTS, LOCATIONS, SOURCE, write_seedbox

Edit = Callable[[Path], None]

PAGE = "sources/war/{}.yaml"
DAYS = ("2024-06-02", "2024-06-03", "2024-06-05")


def format_page(publisher: str, day: str, toll: int = 60, more: str = "") -> str:
    """Return a page of a publisher and day.

    It has one point of a running toll with its parts, and a claim about an event.
    """
    text = SOURCE.replace("publisher: paper", f"publisher: {publisher}")
    text = text.replace("example.org/1", f"example.org/{publisher}/{day}").replace(
        "published: 2024-06-02", f"published: {day}"
    )
    text = text.replace("as_of: 2024-06-02\n    location: syria", f"as_of: {day}\n    location: syria{more}")
    return text.replace("at least 60", f"at least {toll}").replace("rebels: 20", f"rebels: {toll - 40}")


def write_pages(folder: Path) -> Path:
    """Write pages of two publishers over three days.

    The last page corrects the first, and two contradict each other.
    """
    correction = "\n    supersedes: paper-2024-06-02.1\n    reason: Recounted."
    link = "\n    conflicts_with: paper-2024-06-03.1"
    content: dict[str, str | bytes] = {
        PAGE.format("paper-2024-06-02"): format_page("paper", DAYS[0]),
        PAGE.format("paper-2024-06-03"): format_page("paper", DAYS[1], 64),
        PAGE.format("paper-2024-06-05"): format_page("paper", DAYS[2], 66, correction),
        PAGE.format("agency-2024-06-03"): format_page("agency", DAYS[1], 62, link),
        PAGE.format("agency-2024-06-05"): format_page("agency", DAYS[2], 70),
        "waivers.yaml": "- rule: figures.round-number-exact\n  record: paper-2024-06-02.1.killed\n  reason: It is so.\n  by: maintainers\n  on: 2024-06-20\n",
    }
    return write_seedbox(folder, content)


def list_files(folder: Path) -> list[str]:
    """Return the relative path of every file in a seeds folder, in order."""
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file() or p.is_symlink())


def _replace(name: str, old: str, new: str) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / name
        if path.is_file():
            path.write_bytes(path.read_bytes().replace(old.encode(), new.encode()))

    return edit


def _write(name: str, text: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")

    return edit


def _remove(name: str) -> Edit:
    return lambda folder: (folder / name).unlink(missing_ok=True)


def _rename(name: str, other: str) -> Edit:
    def edit(folder: Path) -> None:
        if (folder / name).exists():
            (folder / other).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).replace(folder / other)

    return edit


def _link(name: str, other: str) -> Edit:
    def edit(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(folder / other)

    return edit


_PAGES = [PAGE.format(f"{p}-{d}") for p in ("paper", "agency") for d in DAYS]

# In each page: texts and their replacements.
_SLIPS = (
    ("rebels: 2", "rebels: 3"), ("at least 6", "at least 5"), ("at least 6", "at least 9"), ("officers: 2", "officers: 20"),
    ("rebels: ", "rebles: "), ("government:", "guard:"), ("killed: {n: 8, who: civilians}", "killed: {n: 8, who: soldiers}"),
    ("claimant: observatory", "claimant: observatori"), ("location: syria", "location: syriaa"), ("event: 2024-06-01-raid", "event: 2024-06-01-rade"),
    ("since: 2024-05-01", "since: 2024-05-32"), ("since: 2024-05-01", "since: 2023-05-01"), ("published: 2024-06", "published: 2024-07"),
    ("https://", "http://"), ("url: https://example.org/", "url: https://example.org/x?utm_source=a&"), ("  2:\n", "  1:\n"), ("about 20", "around 20"),
    ("officers: 2", "garders: {n: 2, label: Guards}"), ("supersedes: paper-2024-06-02.1", "supersedes: paper-2024-06-20.1"), ("conflicts_with: paper", "conflicts_with: peper"), ("    via: agency\n", "\tvia: agency\n"),
    ("publisher: paper", "publisher: agency"), ("{n: 30, including: {children: 7}}", "{n: 30, including: {children: 70}}"), ("claims:\n", "claims: &a\n"),
)  # fmt: skip

_ONE_OFF = (
    # Names added, removed, or with a new meaning.
    _write("reference/actors.csv", ACTORS.replace("rebels,The", "rebles,Others,armed_group,SYR,,,,,,\nrebels,The")),
    _write("reference/actors.csv", ACTORS.replace("rebels,The rebels,armed_group", "rebels,The rebels,state")),
    _write("reference/actors.csv", ACTORS.replace("guard,The guard,armed_forces,SYR,government,,,,,,\n", "")),
    _write("reference/actors.csv", ACTORS.replace("An observatory", '"An" observatory')),
    _write("reference/actors.csv", ACTORS.replace("government,The", "gardens,Gardens,armed_group,SYR,,,,,,\ngovernment,The")),
    _write("reference/actors.csv", ACTORS.replace("government,The", "garderns,Others,armed_group,SYR,,,,,,\ngovernment,The")),
    _write("reference/actors.csv", ACTORS),
    _remove("reference/actors.csv"),
    _write("reference/locations.csv", LOCATIONS.replace("village,A village", "rebels,A place")),
    _write("reference/locations.csv", LOCATIONS.replace("town,A town,settlement,SYR,Hama,syria", "town,A town,settlement,SYR,Hama,")),
    _write("reference/locations.csv", LOCATIONS),
    _write("events/war.yaml", EVENTS.replace("2024-06-01\n", "2024-06-04\n")),
    _write("events/war.yaml", EVENTS.replace("2024-06-01-raid", "2024-06-01-rade")),
    _write("events/war.yaml", EVENTS.replace("said: {paper-2024-06-02", "said: {paper-2024-06-12")),
    _write("events/war.yaml", EVENTS),
    _remove("events/war.yaml"),
    # Files added and removed.
    _write(PAGE.format("agency-2024-06-07"), format_page("agency", "2024-06-07", 72)),
    _write(PAGE.format("agency-2024-06-07"), format_page("agency", "2024-06-07", 50)),
    _write("sources/other/paper-2024-06-03.yaml", format_page("paper", DAYS[1])),
    _write(PAGE.format("paper-2024-06-02-2"), format_page("paper", DAYS[0])),
    _write(PAGE.format("agency-2024-06-03"), "a: \0"),
    _write(PAGE.format("agency-2024-06-03"), ""),
    _rename(PAGE.format("paper-2024-06-03"), PAGE.format("paper-2024-06-04")),
    _rename(PAGE.format("agency-2024-06-05"), "sources/other/agency-2024-06-05.yaml"),
    _link(PAGE.format("paper-2024-06-09"), PAGE.format("paper-2024-06-03")),
    _write("retired.csv", "id,replaced_by,on,reason\npaper-2024-06-03.2,,2024-06-10,Coded twice.\n"),
    _remove("waivers.yaml"),
)  # fmt: skip

edits = st.one_of(
    st.builds(lambda name, slip: _replace(name, *slip), st.sampled_from(_PAGES), st.sampled_from(_SLIPS)),
    st.builds(lambda name, slip: _replace(name, *reversed(slip)), st.sampled_from(_PAGES), st.sampled_from(_SLIPS)),
    st.builds(_remove, st.sampled_from(_PAGES)),
    st.sampled_from(_ONE_OFF),
)
