"""The formats of a report: golden files, and text that must not break a format.

`CONFLICTDATA_GOLDEN=write pytest tests/test_reports.py` rewrites `tests/messages/reports`. Look at them as their readers do.
"""

import dataclasses
import io
import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import sample_reports
from hypothesis import given
from hypothesis import strategies as st
from report_readers import read_commands, read_html, read_markdown, read_sarif
from rich.console import Console
from sample_reports import REPORTS

from conflictdata.datapackage import verify
from conflictdata.datasets import list_profiles
from conflictdata.findings import Finding, Place, Report, UsageError
from conflictdata.reporters import FORMS, common, html, render, text
from conflictdata.rules import load_rules
from conflictdata.rules.cell_rules import CELL_RULES
from conflictdata.rules.file_rules import PROBLEMS
from conflictdata.rules.waiver_rules import WAIVER_RULES
from conflictdata.validation import catalogue
from conflictdata.validation.second_reader import RULE as SECOND_READER

GOLDEN = Path(__file__).parent / "messages" / "reports"
WRITE = os.environ.get("CONFLICTDATA_GOLDEN") == "write"

each_form = pytest.mark.parametrize("form", FORMS)
each_report = pytest.mark.parametrize("name", REPORTS)


@pytest.fixture(autouse=True)
def few_rules(request, monkeypatch):
    if "all_rules" not in request.fixturenames:
        sample_reports.few_rules(monkeypatch)


@pytest.fixture
def all_rules():
    """Use the real catalogue."""


# --- goldens


@each_form
@each_report
def test_a_form_is_as_it_was(name, form):
    golden = GOLDEN / f"{name}.{form}"
    made = re.sub(
        r'"version": "\d+\.\d+\.\d+[^"]*"(?=,\n {10}"rules")', '"version": "0.0.0"', render(REPORTS[name], form)
    )
    if WRITE:
        GOLDEN.mkdir(exist_ok=True, parents=True)
        golden.write_bytes(made.encode())

    assert made.encode() == golden.read_bytes()


@each_report
def test_concise_text_is_as_it_was(name):
    golden = GOLDEN / f"{name}.concise"
    made = text.render_plain(REPORTS[name], concise=True)
    if WRITE:
        golden.write_bytes(made.encode())

    assert made.encode() == golden.read_bytes()


def test_every_golden_belongs_to_a_form():
    assert {p.name for p in GOLDEN.iterdir()} == {f"{n}.{f}" for n in REPORTS for f in (*FORMS, "concise")}


# --- any text in any field

ANY = st.one_of(
    st.text(st.characters(exclude_categories=()), max_size=40),
    st.sampled_from(sorted(sample_reports.HOSTILE.values())),
    st.lists(st.sampled_from(["\n", "\r", "::", "%", "|", "`", "@a", "<b>", "&lt;", "]]>", "](", "\\", "\x1b[1m"]))
    .map("".join),
)  # fmt: skip
PLACES = st.none() | st.builds(Place, ANY, st.integers(0, 9), st.integers(0, 9))
FINDINGS = st.builds(
    Finding, ANY, st.sampled_from(["error", "warning"]), ANY, ANY, ANY, ANY, st.lists(ANY, max_size=2).map(tuple), ANY, PLACES
)  # fmt: skip
SEVERAL = st.builds(Report, st.lists(FINDINGS, max_size=5), st.lists(FINDINGS, max_size=2))


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_utf_8_that_shows_what_it_hides(report):
    for form in FORMS:
        made = render(report, form)
        assert made.encode().decode() == made
        assert made == "" or made.endswith("\n")
        if form != "json":  # for programs, which need the exact text
            assert common.HIDDEN.findall(made.replace("\n", "")) == []


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_json_that_holds_it(report):
    assert [f["message"] for f in json.loads(render(report, "json"))["findings"]] == [
        f.message for f in report.findings
    ]


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_one_workflow_command_a_line(report):
    commands = read_commands(render(report, "github"))
    assert [c["command"] for c in commands] == [f.severity for f in (*report.errors, *report.warnings)]
    for command, finding in zip(commands, [*report.errors, *report.warnings], strict=True):
        assert command["title"] == common.escape_hidden(finding.rule)
        message = command["message"].split("\n")
        assert len(message) == 1 + bool(finding.hint)
        assert common.escape_hidden(finding.message)[:1_500] in message[0]


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_xml_that_parses(report):
    root = ET.fromstring(render(report, "junit").encode())
    result = "".join(root.itertext())
    for finding in (*report.findings, *report.waived):
        assert common.escape_hidden(finding.message) in result


@given(SEVERAL)
def test_any_text_gives_valid_sarif(report):
    run = read_sarif(render(report, "sarif"))
    assert len(run["results"]) == len(report.findings) + len(report.waived)


@pytest.mark.slow
@given(FINDINGS, st.booleans())
def test_any_text_gives_html_of_the_same_tags(finding, waived):
    def as_report(one):
        return Report([], [one]) if waived else Report([one])

    harmless = {
        name: "x" if getattr(finding, name) else "" for name in ("rule", "message", "hint", "table", "record", "value")
    }
    place = finding.place and dataclasses.replace(finding.place, file="x" if finding.place.file else "")
    plain = dataclasses.replace(finding, fields=(), place=place, **harmless)

    page = read_html(render(as_report(finding), "html"))

    assert page.tags == read_html(render(as_report(plain), "html")).tags
    assert common.shorten_text(common.escape_hidden(finding.message), html.LONGEST) in page.text


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_markdown_of_plain_cells(report):
    page = read_markdown(render(report, "markdown"))
    assert set(page.names) <= {
        "h2",
        "h3",
        "p",
        "br",
        "strong",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "sub",
        "span",
    }
    rows = page.names["tr"] - page.names["table"]
    assert rows == len(report.findings)
    assert page.names["td"] == 3 * rows
    calls = [node for node in page.nodes if re.search(r"@\w|#\w|\$.+\$", node)]
    assert calls == []


@pytest.mark.slow
@given(SEVERAL)
def test_any_text_gives_one_concise_line_a_finding(report):
    assert len(text.render_plain(report, concise=True).splitlines()) == len(report.findings) + 1


# --- text


def render_coloured(report, **options):
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, color_system="standard", highlight=False, width=80)
    text.render(report, console, **options)
    return screen.getvalue()


@pytest.mark.parametrize("concise", [False, True], ids=["full", "concise"])
def test_a_terminal_gets_no_commands_but_our_colours(concise):
    shown = render_coloured(REPORTS["hostile"], concise=concise)
    assert "\x1b[1;31m" in shown
    left = re.sub(r"\x1b\[[0-9;]*m", "", shown).replace("\n", "")
    assert common.HIDDEN.findall(left) == []
    assert "[bold]not bold[/] :smile:" in left


def test_a_concise_line_is_read_as_a_compilers():
    line = text.render_plain(Report(REPORTS["hostile"].errors[-2:-1]), concise=True).splitlines()[0]
    gcc = re.fullmatch(r"(?P<file>[^:]+):(?P<line>\d+):(?P<column>\d+): (?P<kind>error|warning): (?P<message>.+)", line)
    assert gcc.groupdict() == {
        "file": sample_reports.PAGE,
        "line": "25",
        "column": "14",
        "kind": "error",
        "message": "by party: 111 + 317 + 220 + 25 = 673, but the total is at least 727 (54 short) [figures.parts-cover-parent]",
    }


def test_text_shows_fifty_in_full_errors_first_then_a_line_each_and_says_how_many_more(monkeypatch):
    monkeypatch.setattr(text, "LINES", 6)
    shown = re.sub(r"\x1b\[[0-9;]*m", "", render_coloured(REPORTS["many"]))
    heads = re.findall(r"^seeds\S+: (error|warning)(\[|: )", shown, re.M)
    assert Counter(heads) == {("error", "["): 45, ("warning", "["): 5, ("warning", ": "): 6}
    assert heads[:45] == [("error", "[")] * 45
    assert "... and 4 more (--concise and --format json list all)" in shown


def test_a_line_names_the_record_where_the_file_has_no_lines():
    finding = Finding(
        "war.rule", "warning", "low 4 is above best 3", "Look.", "war", "71686", ("low",), "4", Place("war.parquet")
    )
    assert text.render_plain(Report([finding]), concise=True).splitlines()[0] == (
        "war.parquet: war 71686: warning: low 4 is above best 3 [war.rule]"
    )


def test_quiet_leaves_warnings_out_and_counts_them():
    shown = render_coloured(REPORTS["many"], errors_only=True, concise=True)
    assert "warning:" not in shown
    assert "45 errors, 15 warnings" in shown


# --- the catalogue


@pytest.mark.usefixtures("all_rules")
def test_the_catalogue_holds_every_id_that_can_be_reported():
    release = {verify.FILES, verify.EQUAL, verify.DOCS}
    of_others = {rule.id for profile in list_profiles() for rule in profile.rules}
    assert set(catalogue.load_catalogue()) == {
        *load_rules(),
        *CELL_RULES,
        *PROBLEMS,
        *WAIVER_RULES,
        *release,
        *of_others,
        SECOND_READER,
    }


@pytest.mark.usefixtures("all_rules")
def test_every_entry_has_a_reason_and_a_way_out():
    for entry in catalogue.load_catalogue().values():
        assert entry.why.endswith("."), entry
        assert entry.hint, entry
        assert "{" not in entry.hint.replace("{<source id>: <claimant>}", ""), entry


def test_an_unknown_form_is_named():
    with pytest.raises(UsageError, match="there is no form 'pdf' of a report; there are: text, json"):
        render(REPORTS["clean"], "pdf")


def test_a_form_loads_only_what_it_needs():
    code = (
        "import sys; from conflictdata.findings import Report; from conflictdata.reporters import render;"
        "[render(Report(), form) for form in ('json', 'github', 'junit', 'markdown')];"
        "print(*sorted({'rich', 'jinja2', 'polars', 'pandas', 'narwhals'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
