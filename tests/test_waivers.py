"""A waiver covers the values that somebody compared with the page, and no others."""

from __future__ import annotations

import datetime as dt
import re
import string
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from casefiles import CASED, CASES, load_case
from commands import run
from rule_results import evaluate_rule
from seedbox import NAME, SOURCE, write_seedbox
from strategies import RELEASED

from conflictdata.authoring.canonical import format_yaml
from conflictdata.findings import Report
from conflictdata.release.release import release
from conflictdata.release.verify import rebuild
from conflictdata.reporters import render
from conflictdata.reporters import text as text_report
from conflictdata.rules import load_rules
from conflictdata.rules._compared_values import LONGEST, make_found, write_days, write_quantity, write_sum
from conflictdata.rules.base import VERDICT, Row, Rule
from conflictdata.schema.columns import list_column_kinds, list_key_columns, load_constraints
from conflictdata.schema.fields import ID
from conflictdata.seeds.scalars import write_found
from conflictdata.validation.api import validate
from conflictdata.validation.cells import check_cells
from conflictdata.validation.evaluate import Engine, RuleContext, Tables, format_message, format_record_key
from conflictdata.validation.pipeline import read_seeds_target, validate_target

DAY = dt.date(2024, 7, 1)
# A rule without cases has its example, whose waiver tests/test_explain.py tries.
WAIVABLE = {id_: load_rules()[id_] for id_ in CASED if load_rules()[id_].may_be_waived}
each_waivable = pytest.mark.parametrize("rule", WAIVABLE.values(), ids=WAIVABLE)


# ---- the values of each rule --------------------------------------------------------------------------


@cache
def load_bad_case(rule_id: str) -> Tables:
    return load_case(CASES / rule_id / "bad.yaml")


def list_failed(rule: Rule, tables: Tables, engine: Engine = "polars") -> list[Row]:
    """Return the failed rows of a rule, explained as in a check."""
    frames = RuleContext(tables, RELEASED, engine)
    rows = evaluate_rule(rule, frames)
    bad = list(rows.filter(~pl.col(VERDICT).cast(pl.Boolean)).iter_rows(named=True))
    explained = rule.explain(bad, frames) if rule.explain and bad else bad
    return [row for row in explained if not row.get("follows")]


def map_records(rule: Rule, rows: list[Row], text_of: Callable[[Rule, Row], str]) -> dict[str, list[str]]:
    """Return the results of a function on a rule's rows, by record."""
    texts: dict[str, list[str]] = {}
    for row in rows:
        texts.setdefault(format_record_key(rule, row), []).append(text_of(rule, row))
    return {record: sorted(listed) for record, listed in texts.items()}


def map_waiver_values(rule: Rule, tables: Tables, engine: Engine = "polars") -> dict[str, list[str]]:
    """Return the text of a rule's waiver, by record."""
    return map_records(rule, list_failed(rule, tables, engine), make_found)


def format_compared_message(rule: Rule, row: Row) -> str:
    """Return the message without the parts that are not compared.

    The source of a toll's earlier point, and the name of a place.
    """
    return re.sub(r" \(\S+, as of \S+\)|^A town\S* ", "", format_message(rule, row)[0])


def test_the_rules_that_may_be_waived_say_what_they_found_and_no_others() -> None:
    assert all(bool(rule.found) == rule.may_be_waived for rule in load_rules().values())


@each_waivable
def test_a_bad_case_says_what_was_found(rule: Rule) -> None:
    texts = [text for listed in map_waiver_values(rule, load_bad_case(rule.id)).values() for text in listed]

    assert texts
    for text in texts:
        assert 0 < len(text) <= LONGEST
        assert not re.search(r"None|nothing|nan|datetime|[{}\[\]<>]", text)
        # It is a text of the tables, and is read back as pasted.
        assert check_cells("flags", _make_flag(text))[1] == []
        assert yaml.safe_load(write_found(text)) == {"found": text}


def _make_flag(text: str) -> pl.DataFrame:
    row = {"record_id": "a", "rule_id": "b.c", "reason": text, "note": None, "by": "maintainers", "on": "2024-06-20"}
    return pl.DataFrame([row], schema=dict.fromkeys(list_column_kinds("flags"), pl.String))


@pytest.mark.sample(8)
@each_waivable
def test_pandas_finds_the_same(rule: Rule) -> None:
    assert map_waiver_values(rule, load_bad_case(rule.id), "pandas") == map_waiver_values(rule, load_bad_case(rule.id))


# Columns of a message with a value as read, and no words with alternatives.
AS_READ = {
    *(
        "above",
        "counted",
        "other",
        "metres",
        "number",
        "dimension",
        "parent_country",
        "parent_admin1",
        "first",
        "victims",
    ),
    *("count", "twin", "as_of_other", "day", "place", "written_number"),
}


@each_waivable
def test_what_was_found_does_not_depend_on_the_message(rule: Rule) -> None:
    columns = {column for table in load_bad_case(rule.id) for column in list_column_kinds(table)}
    words = {name for _, name, _, _ in string.Formatter().parse(rule.message + rule.hint) if name} - columns - AS_READ
    other = replace(rule, message="Said otherwise.", hint="Otherwise.")

    for row in list_failed(rule, load_bad_case(rule.id)):
        changed = {name: "in other words" for name in words if isinstance(row.get(name), str)}
        assert make_found(other, row | changed) == make_found(rule, row)


def _list_others(table: str, column: str, value: Any) -> list[Any]:
    """Return other valid values of a cell."""
    constraint = next(c for c in load_constraints(table) if c.column == column)
    if value is None:
        return []
    match constraint.kind:
        case "date":
            return [value + dt.timedelta(days=1)]
        case "count":
            return [value + 1, value * 10]
        case "number":
            return [value + 0.5]
        case "term":
            return [term for term in constraint.terms if term != value][:4]
        case "id":
            known = {cell for name, frame in CHANGED.items() for cell in _select_ids(name, frame, constraint.pattern)}
            return [*sorted(known - {value}), *(["XKX"] if constraint.pattern == "[A-Z]{3}" else [])]
    more = re.sub(r"[0-9]+", lambda number: str(int(number[0]) + 1), value)
    return [f"{value} again", *([more] if more != value else [])]


def _select_ids(table: str, frame: pl.DataFrame, pattern: str) -> list[str]:
    columns = [c.column for c in load_constraints(table) if c.pattern == pattern]
    return [cell for column in columns for cell in frame[column].drop_nulls().to_list()]


CHANGED: dict[str, pl.DataFrame] = {}  # tables of the case that a test changes

_COUNTS = ("low", "best", "high")


def _change(rule: Rule, tables: Tables, rows: list[Row]) -> Iterator[Tables]:
    """Return the case with one value changed that the rule reads.

    Or with all days a year later, or with another name of a record.
    """
    CHANGED.clear()
    CHANGED.update(tables)
    yield {table: frame.with_columns(pl.col(pl.Date).dt.offset_by("1y")) for table, frame in tables.items()}
    named = {row[c.column] for row in rows for c in load_constraints(rule.table) if c.pattern == ID and c.column in row}
    for name in sorted(filter(None, named)):
        text = pl.col(pl.String)
        renamed = pl.when(text == name).then(pl.lit(f"{name}_2")).otherwise(text).name.keep()
        yield {table: frame.with_columns(renamed) for table, frame in tables.items()}
    for table, frame in tables.items():
        days = (
            [name for name, kind in list_column_kinds(table).items() if kind == "date"]
            if table in rule.requires_tables
            else []
        )
        columns = {
            *days,
            *(rule.fields if table == rule.table else ()),
            *(("best", "low") if table == "figures" else ()),
        }
        for at, row in enumerate(frame.iter_rows(named=True)):
            for column in sorted(columns - set(list_key_columns(table))):
                for value in _list_others(table, column, row[column]):
                    cells = {column: value}
                    if column in _COUNTS and table == "figures":  # an exact number is in all three
                        cells = {c: row[c] + value - row[column] for c in _COUNTS if row[c] is not None}
                    yield {**tables, table: _replace_cells(frame, at, cells)}


def _replace_cells(frame: pl.DataFrame, at: int, cells: dict[str, Any]) -> pl.DataFrame:
    rows = frame.rows(named=True)
    rows[at] = {**rows[at], **cells}
    return pl.DataFrame(rows, schema=frame.schema)


# What is compared is in the key of the record or in the register of another table; or it is no value at all: that no
# record names a page, that nobody is named.
OF_NOTHING = {
    "sources.used", "figures.execution-has-perpetrator", "aliases.one-actor", "claim_perpetrators.own-people",
    "claim_perpetrators.actor-in-conflict", "event_actors.actor-in-conflict",
}  # fmt: skip


@pytest.mark.slow
@each_waivable
def test_another_value_is_another_finding(rule: Rule) -> None:
    tables = load_bad_case(rule.id)
    rows = list_failed(rule, tables)
    before, result = map_records(rule, rows, make_found), map_records(rule, rows, format_compared_message)
    different = 0
    for changed in _change(rule, tables, rows):
        rows = list_failed(rule, changed)
        now, saying = map_records(rule, rows, make_found), map_records(rule, rows, format_compared_message)
        for record in before.keys() & now.keys():
            different += now[record] != before[record]
            # The message shows the arithmetic; all other values in it are compared.
            assert saying[record] == result[record] or now[record] != before[record], saying[record]

    assert bool(different) == (rule.id not in OF_NOTHING)


def test_numbers_are_written_as_in_a_seed() -> None:
    number = {"low": None, "best": None, "high": None, "share": None}
    assert write_quantity({**number, "qualifier": "exact", "low": 8, "best": 8, "high": 8}) == "8"
    assert write_quantity({**number, "qualifier": "at_least", "low": 727}) == "at least 727"
    assert write_quantity({**number, "qualifier": "range", "low": 5, "high": 8}) == "5 to 8"
    assert write_quantity({**number, "qualifier": "nearly", "high": 100}) == "nearly 100"
    assert write_quantity({**number, "qualifier": "about", "share": 62.5}) == "about 62.5%"
    assert write_quantity({**number, "qualifier": "dozens"}) == "dozens"
    assert [write_sum(5, 8), write_sum(8, 8), write_sum(8, None)] == ["5 to 8", "8", "at least 8"]


def test_an_open_span_of_days_has_an_open_end() -> None:
    day, later = dt.date(2024, 6, 1), dt.date(2024, 6, 3)
    assert [write_days(day, later), write_days(day, day)] == ["2024-06-01/2024-06-03", "2024-06-01"]
    assert [write_days(day, None), write_days(None, day)] == ["2024-06-01/..", "../2024-06-01"]


def test_the_canonical_form_of_a_waiver_is_the_line_itself() -> None:
    text = make_found(
        load_rules()["figures.printed-holds-number"], {"coded": "8", "printed": "yes:  8\tof 'them' # now"}
    )
    line = f"- rule: a.b\n  record: c\n  {write_found(text)}\n"

    assert text == "8, printed yes: 8 of 'them' # now"
    assert format_yaml(line.encode(), "seeds/waivers.yaml").text == line


def test_a_long_text_is_cut_and_stays_its_own() -> None:
    rule = load_rules()["sources.post-archived"]
    one, other = ({"url": f"https://x.com/{'a' * 400}/{end}"} for end in "xy")

    assert len(make_found(rule, one)) == LONGEST
    assert make_found(rule, one) != make_found(rule, other)


# ---- the cover of a waiver ----------------------------------------------------------------------------------------

CONTRADICTION = SOURCE.replace("rebels: 20", "rebels: 10")
WAIVER = """\
- rule: figures.parts-cover-parent
  record: paper-2024-06-02.1.killed
  found: 50 for at least 60
  reason: The page contradicts itself.
  by: maintainers
  on: 2024-06-20
"""
SILENT = WAIVER.replace("  found: 50 for at least 60\n", "")


def check_folder(folder: Path, waivers: str, source: str = CONTRADICTION, **more: Any) -> Report:
    seeds = write_seedbox(folder, {NAME: source, "waivers.yaml": waivers})
    return validate_target(read_seeds_target(seeds, **more), released_on=DAY).report


def list_ids(listed: Report) -> list[str]:
    return sorted(finding.rule for finding in listed.findings)


@pytest.mark.slow
def test_a_waiver_covers_the_values_that_it_says(tmp_path: Path) -> None:
    done = check_folder(tmp_path, WAIVER)
    assert (list_ids(done), [f.rule for f in done.waived]) == ([], ["figures.parts-cover-parent"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("number", "now"),
    [("n: at least 60", "50 for at least 600"), ("rebels: 10", "45 for at least 60"), ("n: 10", "49 for at least 60")],
    ids=["total", "part", "part in a block"],
)
def test_with_other_values_the_finding_is_back(number: str, now: str, tmp_path: Path) -> None:
    others = {"n: at least 60": "n: at least 600", "rebels: 10": "rebels: 5", "n: 10": "n: 9"}
    done = check_folder(tmp_path, WAIVER, CONTRADICTION.replace(number, others[number]))

    assert list_ids(done) == ["figures.parts-cover-parent", "flags.found-fits"]
    assert done.waived == []
    (waiver,) = (f for f in done.findings if f.rule == "flags.found-fits")
    assert waiver.message == f"found is {now!r} now, and the waiver says '50 for at least 60'"
    assert f"`found: {now}`" in waiver.hint
    assert str(waiver.place).endswith("waivers.yaml:3:10")
    assert not done.ok


@pytest.mark.slow
def test_a_warning_with_other_values_is_back_too(tmp_path: Path) -> None:
    waiver = WAIVER.replace("parts-cover-parent", "round-number-exact").replace("50 for at least 60", "exact 2000")
    source = SOURCE.replace("injured: about 20", "injured: 3000")
    done = check_folder(tmp_path, waiver.replace(".1.killed", ".2.injured"), source)

    assert list_ids(done) == ["figures.round-number-exact", "flags.found-fits"]
    assert [f.severity for f in done.warnings] == ["warning"]


@pytest.mark.slow
def test_a_waiver_that_does_not_say_what_it_covers_is_one_error_with_the_line(tmp_path: Path) -> None:
    done = check_folder(tmp_path, SILENT)
    (finding,) = done.findings

    assert (finding.rule, finding.severity) == ("flags.found-given", "error")
    assert str(finding.place).endswith("waivers.yaml:1:9")
    assert "`found: 50 for at least 60`" in finding.hint


@pytest.mark.slow
@pytest.mark.parametrize("empty", ["  found:\n", '  found: ""\n', "  found: TODO\n"])
def test_an_empty_text_covers_nothing(empty: str, tmp_path: Path) -> None:
    done = check_folder(tmp_path, SILENT.replace("  reason", f"{empty}  reason"))
    assert "flags.found-given" in list_ids(done)


@pytest.mark.slow
def test_the_printed_line_makes_it_clean(tmp_path: Path) -> None:
    printed = text_report.render_plain(
        check_folder(tmp_path, SILENT.replace("- rule", "# - rule").replace("\n  ", "\n#  "))
    )
    (line,) = re.findall(r"^    in a waiver: (found: .+)$", printed, re.M)

    assert check_folder(tmp_path, SILENT.replace("  reason", f"  {line}\n  reason")).findings == []


@pytest.mark.slow
@pytest.mark.parametrize("form", ["github", "junit", "sarif", "markdown", "html", "json"])
def test_every_form_of_a_report_has_the_line(form: str, tmp_path: Path) -> None:
    rendered = render(check_folder(tmp_path, "[]\n"), form)
    assert ("found: 50 for at least 60" if form != "json" else '"found": "50 for at least 60"') in rendered


@pytest.mark.slow
def test_a_line_with_signs_of_yaml_is_pasted_as_it_is(tmp_path: Path) -> None:
    source = SOURCE.replace("printed: at least 60 people", "printed: 'people: 61 #1'")
    rule = WAIVER.replace("figures.parts-cover-parent", "figures.printed-holds-number")
    silent = check_folder(tmp_path, rule.replace("  found: 50 for at least 60\n", ""), source)
    (line,) = re.findall(r"`(found: .+)`", silent.findings[0].hint)

    assert line == 'found: "at least 60, printed people: 61 #1"'
    assert check_folder(tmp_path, rule.replace("found: 50 for at least 60", line), source).findings == []


@pytest.mark.slow
def test_a_warning_needs_no_line_and_json_has_it_all_the_same(tmp_path: Path) -> None:
    source = SOURCE.replace("injured: about 20", "injured: 3000")
    done = check_folder(tmp_path, "[]\n", source)

    assert [f.as_dict()["found"] for f in done.findings] == ["exact 3000"]
    assert "in a waiver" not in text_report.render_plain(done)


@pytest.mark.slow
def test_two_lists_of_one_total_have_one_waiver(tmp_path: Path) -> None:
    lists = "      by party:\n        civilians: {n: 30, including: {children: 7}}\n"
    both = CONTRADICTION.replace(lists, f"      by sex: {{men: 40, women: 3}}\n{lists}")
    silent = check_folder(tmp_path, SILENT, both)
    assert "`found: 43 for at least 60; 50 for at least 60`" in silent.findings[0].hint

    waiver = WAIVER.replace("50 for at least 60", "43 for at least 60; 50 for at least 60")
    assert list_ids(check_folder(tmp_path, waiver, both)) == []
    one = check_folder(tmp_path, waiver, both.replace("men: 40, women: 3", "men: 57, women: 3"))
    assert list_ids(one) == ["figures.parts-cover-parent", "flags.found-fits"]
    other = check_folder(tmp_path, waiver, both.replace("women: 3", "women: 4"))
    assert list_ids(other) == ["figures.parts-cover-parent", "figures.parts-cover-parent", "flags.found-fits"]


@pytest.mark.slow
def test_another_order_of_the_lines_finds_the_same(tmp_path: Path) -> None:
    first = "        rebels: 10\n"
    last = CONTRADICTION.replace(first, "").replace("            officers: 2\n", f"            officers: 2\n{first}")
    assert last != CONTRADICTION
    assert list_ids(check_folder(tmp_path, WAIVER, last)) == []


def test_all_that_contradicts_the_figure_above_is_found(tmp_path: Path) -> None:
    tables = load_bad_case("figures.child-narrows-parent")
    frame = tables["figures"]
    both = frame.with_columns(
        sex=pl.when(pl.col("figure_id").str.ends_with("girls.old")).then(pl.lit("male")).otherwise(pl.col("sex"))
    )
    texts = map_waiver_values(load_rules()["figures.child-narrows-parent"], {**tables, "figures": both})
    assert texts["paper-2024-06-02.1.injured.girls.old"] == ["male under female; elderly under child"]


def test_a_deeper_fall_of_a_toll_is_another_finding() -> None:
    rule, tables = load_rules()["figures.toll-does-not-fall"], load_bad_case("figures.toll-does-not-fall")
    later = {
        "claims": tables["claims"].tail(1).with_columns(pl.lit("paper-2024-06-08.1").alias("claim_id"), pl.lit(dt.date(2024, 6, 7)).alias("as_of")),
        "figures": tables["figures"].tail(1).with_columns(pl.lit("paper-2024-06-08.1").alias("claim_id"), pl.lit("paper-2024-06-08.1.killed").alias("figure_id")),
    }  # fmt: skip

    def with_point(number: int) -> dict[str, list[str]]:
        point = {**later, "figures": later["figures"].with_columns(pl.lit(number, pl.Int64).alias(c) for c in _COUNTS)}
        return map_waiver_values(
            rule, {**tables, **{table: pl.concat([tables[table], point[table]]) for table in point}}
        )

    record = "paper-2024-06-06.1.killed"
    assert with_point(830)[record] == map_waiver_values(rule, tables)[record] == ["826 as of 2024-06-05, after 910"]
    assert with_point(83)[record] == ["826 as of 2024-06-05, 83 as of 2024-06-07, after 910"]


def test_a_peak_with_a_duplicate_key_is_still_explained() -> None:
    rule, tables = load_rules()["figures.toll-does-not-fall"], load_bad_case("figures.toll-does-not-fall")
    peak = pl.col("figure_id") == "paper-2024-06-04.1.killed"
    figures = tables["figures"].with_columns(pl.when(peak).then(8260).otherwise(pl.col(c)).alias(c) for c in _COUNTS)
    later = {"figure_id": "paper-2024-06-08.1.killed", "claim_id": "paper-2024-06-08.1"}
    day = {"claim_id": "paper-2024-06-08.1", "as_of": dt.date(2024, 6, 7)}
    figures = pl.concat([figures, figures.filter(peak), _replace_cells(figures.tail(1), 0, later)])

    rows = list_failed(
        rule,
        {
            **tables,
            "figures": figures,
            "claims": pl.concat([tables["claims"], _replace_cells(tables["claims"].tail(1), 0, day)]),
        },
    )
    assert {row["likely_error"] for row in rows} == {"paper-2024-06-04.1.killed"}


# ---- parts that a waiver may leave out ------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("version", ["1.0.0", "1.1.9", "1.2.0", "2.0.0"])
def test_a_check_always_asks_for_it(version: str, tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path, {NAME: CONTRADICTION, "waivers.yaml": SILENT, "release.yaml": f"version: {version}\ndate: 2024-07-01\n"})  # fmt: skip
    assert list_ids(validate(seeds, released_on=DAY)) == ["flags.found-given"]


@pytest.mark.slow
@pytest.mark.parametrize(("version", "rule"), [("1.1.9", []), ("1.2.0", ["flags.found-given"])])
def test_an_older_release_can_be_made_again(version: str, rule: list[str], tmp_path: Path) -> None:
    files = {NAME: CONTRADICTION, "waivers.yaml": SILENT, "release.yaml": f"version: {version}\ndate: 2024-07-01\n"}
    done = validate_target(read_seeds_target(write_seedbox(tmp_path, {**files}), released=True), released_on=DAY).report
    assert list_ids(done) == rule


@pytest.mark.slow
def test_the_release_command_makes_an_older_version_again_with_the_same_bytes(tmp_path: Path) -> None:
    log = "# Changelog\n\n## {0} (2024-07-01)\n\n### Data\n\n- The first.\n\n### Code\n\n- All.\n"
    folders = {}
    for name, version, waivers in [("old", "1.1.0", SILENT), ("new", "1.1.0", WAIVER), ("later", "1.2.0", SILENT)]:
        files = {
            NAME: CONTRADICTION,
            "waivers.yaml": waivers,
            "release.yaml": f"version: {version}\ndate: 2024-07-01\n",
        }
        seeds = write_seedbox(tmp_path / f"seeds-{name}", {**files})
        (tmp_path / f"{name}.md").write_text(log.format(version), encoding="utf-8")
        done = release(version, tmp_path / name, seeds=seeds, changelog=tmp_path / f"{name}.md")
        folders[name] = done.folder
        assert (list_ids(done.report), bool(done.folder)) == (
            (["flags.found-given"], False) if name == "later" else ([], True)
        )

    old, new = (folder / "SHA256SUMS" for name, folder in folders.items() if name != "later")
    assert old.read_bytes() == new.read_bytes()
    assert rebuild(old.parent, tmp_path / "seeds-old", tmp_path / "old.md").ok


def test_an_older_release_is_held_to_what_its_waivers_say(tmp_path: Path) -> None:
    done = check_folder(tmp_path, WAIVER, CONTRADICTION.replace("rebels: 10", "rebels: 5"), released=True)
    assert list_ids(done) == ["figures.parts-cover-parent", "flags.found-fits"]


@pytest.mark.slow
def test_a_published_flag_says_nothing_of_values(tmp_path: Path) -> None:
    seeds = write_seedbox(tmp_path / "seeds", {NAME: CONTRADICTION, "waivers.yaml": WAIVER})
    tables = validate_target(read_seeds_target(seeds), released_on=DAY).tables
    for table in ("figures", "flags"):
        tables[table].write_csv(tmp_path / f"{table}.csv")
    done = validate(tmp_path / "figures.csv", tmp_path / "flags.csv", released_on=DAY)

    assert "found" not in tables["flags"].columns
    assert [f.rule for f in done.waived] == ["figures.parts-cover-parent"]
    assert [f for f in done.findings if f.table in ("figures", "flags") and "found" in f.rule] == []
    assert [f.found for f in done.waived] == [""]


def test_the_texts_in_the_docs_are_what_the_rules_make() -> None:
    root = Path(__file__).parents[1]
    waivers = yaml.safe_load((root / "seeds/waivers.yaml").read_text(encoding="utf-8"))
    shown = re.findall(r"^\| `(\S+)` \| `([^`]+)`", (root / "docs/waivers.md").read_text(encoding="utf-8"), re.M)

    assert len(shown) >= 5
    for rule, text in shown:
        cases = {
            found_
            for listed in map_waiver_values(load_rules()[rule], load_bad_case(rule)).values()
            for found_ in listed
        }
        assert text in cases | {waiver["found"] for waiver in waivers if waiver["rule"] == rule}, (rule, cases)


# ---- the seeds of the repository ---------------------------------------------------------------------------------

SEEDS = Path(__file__).parents[1] / "seeds"


@pytest.mark.slow
def test_a_slip_in_a_waived_total_is_an_error(tmp_path: Path) -> None:
    import shutil

    shutil.copytree(SEEDS, tmp_path / "seeds")
    waived = len(validate(SEEDS).waived)
    (page,) = (tmp_path / "seeds").glob("sources/*/l_orient_today-2025-07-22.yaml")
    page.write_text(page.read_text(encoding="utf-8").replace("1311", "1411"), encoding="utf-8")
    done = run("validate", "--concise", "seeds", cwd=tmp_path)

    assert done.returncode == 1
    assert "= 1306, but the total is 1411 (105 short) [figures.parts-cover-parent]" in done.stdout
    assert "found is '1306 for 1411' now, and the waiver says '1306 for 1311' [flags.found-fits]" in done.stdout
    assert re.search(rf"^2 errors, \d+ warnings, {waived - 1} waived$", done.stdout, re.M)
