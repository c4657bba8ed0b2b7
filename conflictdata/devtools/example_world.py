"""The small made-up war in which the examples of the rules are tried.

An example maps places to texts (see `conflictdata.rules.texts.Example`). A fragment is inserted at its place, all other
files stay the same, and the whole is validated as by `conflictdata validate`. The example of another dataset is its files alone.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from conflictdata.datapackage.build import publish
from conflictdata.datapackage.verify import verify_package
from conflictdata.datapackage.version import Release
from conflictdata.findings import Finding, Report
from conflictdata.readers import open_table
from conflictdata.schema.columns import list_tables, make_text_schema
from conflictdata.validation.pipeline import ValidationTarget, read_seeds_target, validate_target
from conflictdata.validation.second_reader import add_second_opinion
from conflictdata.validation.table_files import make_table_target, validate_files

RELEASED = dt.date(2024, 7, 1)
DATASETS_RELEASED = dt.date(2026, 1, 1)  # last day on which an event of another dataset may have happened
DEFAULTS_FILE = Path(__file__).with_name("example_defaults.yaml")
PAGE = "sources/war/paper-2024-06-02.yaml"

_ACTORS = """\
actor_id,name,kind,country,parent_id,active_from,active_to,wikidata,ucdp_id,note
agency,A news agency,news_agency,,,,,,,
army,The army,armed_forces,SYR,,,,,,
clan,A clan,militia,SYR,,,,,,
guard,The guard,armed_forces,SYR,army,,,,,
ministry,Ministry of Health,health_authority,SYR,,,,,,
observatory,An observatory,monitor,GBR,,,,,,
paper,A newspaper,news_media,,,,,,,
rebels,The rebels,armed_group,SYR,,,,,,
unspecified,Nobody in particular,unspecified,,,,,,,
"""
_LOCATIONS = """\
location_id,name,kind,country,admin1,parent_id,latitude,longitude,precision,note
hama,Hama,admin1,SYR,Hama,syria,35.13,36.75,4,
syria,Syria,country,SYR,,,35.0,38.5,6,
town,A town,settlement,SYR,Hama,hama,35.13,36.75,2,
village,A village,settlement,SYR,Hama,hama,35.37,36.69,2,
"""
_CONFLICTS = """\
conflict_id,name,date_start,date_end,countries,ucdp_id,wikidata
war,A war,2023-01-01,,SYR,,
war_of_1998,An earlier war,1998-01-01,1998-12-08,SYR,,
"""
_EVENTS = """\
2024-06-01-raid:
  type: attack_on_civilians
  date: 2024-06-01
  location: town
  initiator: rebels
  summary: A raid on a town.
  said: {paper-2024-06-01: observatory}
"""
_EARLIER = """\
publisher: paper
url: https://example.org/news/1
published: 2024-06-01
language: en
access: full_text
claims:
  1:
    claimant: observatory
    event: 2024-06-01-raid
    as_of: 2024-06-01
    location: town
    killed: 8
"""
WAR = {
    "reference/actors.csv": _ACTORS,
    "reference/locations.csv": _LOCATIONS,
    "reference/aliases.csv": "entity_kind,entity_id,alias,language\nactor,rebels,The opposition,en\n",
    "reference/conflicts.csv": _CONFLICTS,
    "events/war.yaml": _EVENTS,
    "sources/war/paper-2024-06-01.yaml": _EARLIER,
}
_HEAD = {
    "publisher": "paper",
    "url": "https://example.org/news/2",
    "published": "2024-06-02",
    "language": "en",
    "access": "full_text",
}
_CLAIM = {"claimant": "observatory", "since": "2024-05-01", "as_of": "2024-06-02", "location": "syria", "killed": "8"}
_WINDOWS = {"since", "during", "standing", "projected", "event"}
_OUTCOME = re.compile(
    r"killed|injured|missing|captured|detained|abducted|displaced|returned|losses|killed_or_injured|other"
)
_TREE = {table: f"reference/{table}.csv" for table in ("actors", "locations", "aliases", "conflicts")}

_REPEATED = re.compile(r"<(?!U\+|byte)([^<>]+) x (\d+)>")
_MARK = re.compile(r"<(?:U\+([0-9A-F]{4})|byte ([0-9A-F]{2}))>")


@cache
def load_defaults() -> dict[str, dict[str, Any]]:
    """Return the cells that a row of each table has where an example leaves them out."""
    import yaml

    loaded: dict[str, dict[str, Any]] = yaml.safe_load(DEFAULTS_FILE.read_text(encoding="utf-8"))
    return loaded


def decode_marks(text: str) -> bytes:
    """Replace the marks in an example's text: `<U+202E>`, `<byte E9>`, `<a x 100>`."""
    text = _REPEATED.sub(lambda hit: hit[1] * int(hit[2]), text)
    parts, end = [], 0
    for hit in _MARK.finditer(text):
        parts += [text[end : hit.start()].encode(), chr(int(hit[1], 16)).encode() if hit[1] else bytes.fromhex(hit[2])]
        end = hit.end()
    return b"".join([*parts, text[end:].encode()])


def _find_keys(text: str) -> set[str]:
    """Return the keys at the left margin of a fragment, even if its YAML is broken."""
    return set(re.findall(r"^([a-z_]+)(?: \([a-z]+\))?:", re.sub(r"<U\+FEFF>", "", text), re.M))


def _select_rest(defaults: Mapping[str, str], text: str) -> dict[str, str]:
    written = _find_keys(text)
    drop = set(written)
    if written & _WINDOWS:
        drop |= _WINDOWS
    if any(_OUTCOME.match(key) for key in written):
        drop.add("killed")
    return {key: value for key, value in defaults.items() if key not in drop}


def _format_lines(values: Mapping[str, str], margin: str = "") -> str:
    return "".join(f"{margin}{key}: {value}\n" for key, value in values.items())


def _indent(text: str, margin: str) -> str:
    return "".join(margin + line if line.strip() else line for line in text.splitlines(keepends=True))


def place_fragment(place: str, text: str) -> tuple[str, str, int, int]:
    """Insert a fragment into its file.

    Returns:
        The file, its whole text, and the number of lines and columns before the fragment.
    """
    if place == "claim":
        head = _format_lines(_HEAD) + "claims:\n  1:\n"
        body = _indent(text, "    ") + _format_lines(_select_rest(_CLAIM, text), "    ")
        return PAGE, head + body, head.count("\n"), 4
    if place == "claims":
        head = _format_lines(_HEAD) + "claims:\n"
        return PAGE, head + _indent(text, "  "), head.count("\n"), 2
    if place == "page":
        claims = "" if "claims" in _find_keys(text) else f"claims:\n  1:\n{_format_lines(_CLAIM, '    ')}"
        return PAGE, text + _format_lines(_select_rest(_HEAD, text)) + claims, 0, 0
    if place == "events":
        later = text > _EVENTS
        return "events/war.yaml", _EVENTS + text if later else text + _EVENTS, _EVENTS.count("\n") if later else 0, 0
    if place in _TREE:
        return _TREE[place], *_insert_rows(WAR[_TREE[place]], text), 0
    return place, text, 0, 0


def _insert_rows(table: str, text: str) -> tuple[str, int]:
    """Insert an example's rows into a table in key order.

    Returns:
        The table and the number of rows before the example's.
    """
    header, _, rows = text.partition("\n")
    present = table.partition("\n")[2].splitlines(keepends=True)
    before = [row for row in present if row.split(",") < rows.split("\n")[0].split(",")]
    return "".join([header + "\n", *before, rows, *present[len(before) :]]), len(before)


def _read_seeds(example: Mapping[str, str], folder: Path) -> ValidationTarget:
    files: dict[str, str] = dict(WAR)
    _, files[PAGE], _, _ = place_fragment("page", "")
    for place, text in example.items():
        if place.endswith("/"):
            listed = set(text.split())
            files = {n: t for n, t in files.items() if not n.startswith(place) or n.removeprefix(place) in listed}
            continue
        name, files[name], _, _ = place_fragment(place, text)
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if text == "<a folder>\n":
            (folder / name).mkdir()
        else:
            (folder / name).write_bytes(decode_marks(text))
    return read_seeds_target(folder)


def _read_tables(example: Mapping[str, str], folder: Path, needs: Iterable[str]) -> ValidationTarget:
    """Read the tables of an example, with left-out columns completed.

    Tables that a rule needs are empty if the example does not name them.
    """
    sources = {}
    for name, text in {**{f"{table}.csv": "" for table in needs}, **example}.items():
        path = folder / name
        path.write_text(_complete_table(path.stem, text), encoding="utf-8")
        sources[path.stem] = open_table(path, path.stem)
    return make_table_target(sources, len(example), is_alone=False)[0]


def _complete_table(table: str, text: str) -> str:
    rows = list(csv.DictReader(io.StringIO(text)))
    known = load_defaults()[table]
    default = {column: str(known.get(column) or "") for column in make_text_schema(table)}
    out = io.StringIO()
    writer = csv.DictWriter(out, list(default), lineterminator="\n")
    writer.writeheader()
    writer.writerows({**default, **row} for row in rows)
    return out.getvalue()


def _check_package(example: Mapping[str, str], folder: Path) -> list[Finding]:
    tables = validate_target(_read_seeds({}, folder / "seeds"), released_on=RELEASED).tables
    package = publish(tables, folder / "package", Release("1.0.0", RELEASED))
    edit = re.fullmatch(r"(\S+): (.+) becomes (.+)\n", example["package"])
    if edit:
        path, old, new = package / edit[1], edit[2], edit[3]
        before = path.read_text(encoding="utf-8")
        if old not in before:
            raise RuntimeError(f"{path.name} of the built package does not contain {old!r}")
        path.write_text(before.replace(old, new, 1), encoding="utf-8")
    report = Report(verify_package(package))
    add_second_opinion(report, package)
    return report.findings


def read_example(example: Mapping[str, str], folder: Path, needs: Iterable[str] = ()) -> ValidationTarget:
    """Read the war with an example in it, or the tables of an example.

    No rule is evaluated.

    Args:
        example: Texts by place.
        folder: An empty folder.
        needs: Additional tables that must exist.
    """
    first = next(iter(example))
    tables = "/" not in first and Path(first).stem in list_tables() and Path(first).suffix == ".csv"
    return _read_tables(example, folder, needs) if tables else _read_seeds(example, folder)


def validate_example(example: Mapping[str, str], folder: Path, needs: Iterable[str] = ()) -> list[Finding]:
    """Return the findings of `conflictdata validate` for an example.

    The arguments are those of `read_example`.
    """
    if "package" in example:
        return _check_package(example, folder)
    return validate_target(read_example(example, folder, needs), released_on=RELEASED).report.findings


def validate_dataset_example(example: Mapping[str, str], folder: Path, profile: str) -> list[Finding]:
    """Return the findings of `conflictdata validate --profile` for the files of an example.

    It does not report that a main rule lacks a column: an example has only the columns of its rule.

    Args:
        example: Texts by file name.
        folder: An empty folder.
        profile: Name of the dataset.
    """
    for name, text in example.items():
        (folder / name).write_bytes(decode_marks(text))
    (report,) = validate_files([folder / name for name in example], profile, released_on=DATASETS_RELEASED)
    return [finding for finding in report.findings if finding.rule != "feed.missing-column"]


def find_line(example: Mapping[str, str], finding: Finding) -> tuple[str, int]:
    """Return the place of an example and the line that a finding points to.

    The line is counted in the example's text. Line 0 means that it points to none of its lines.
    """
    file = Path(finding.place.file).as_posix() if finding.place else ""
    for place, text in example.items():
        name, _, before, _ = place_fragment(place, text)
        if file.endswith("/" + name) and finding.place is not None:
            line = finding.place.line - before
            return place, line if 1 <= line <= max(1, text.count("\n")) else 0
    return next(iter(example)), 0
