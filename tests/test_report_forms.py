"""The formats of a report, each read back by a third-party reader."""

import dataclasses
import itertools
import json
import re
from pathlib import Path
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree as ET

import junitparser
import pytest
import sample_reports
from report_readers import load_sarif_schema, read_commands, read_html, read_markdown, read_sarif
from sample_reports import REPORTS

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.reporters import common, html, markdown, render, sarif
from conflictdata.rules import load_rules
from conflictdata.validation import catalogue

each_report = pytest.mark.parametrize("name", REPORTS)


@pytest.fixture(autouse=True)
def few_rules(request, monkeypatch):
    if "all_rules" not in request.fixturenames:
        sample_reports.few_rules(monkeypatch)


@pytest.fixture
def all_rules():
    """Use the real catalogue."""


# --- github


def test_annotations_name_file_line_column_and_rule():
    first = next(c for c in read_commands(render(REPORTS["hostile"], "github")) if c["title"] == sample_reports.SUM)
    assert first == {
        "command": "error",
        "file": sample_reports.PAGE,
        "line": "25",
        "col": "14",
        "title": sample_reports.SUM,
        "message": (
            f"{sample_reports.PAGE}:25:14: by party: 111 + 317 + 220 + 25 = 673, but the total is at least 727 (54 short)\n"
            "hint: Compare each number with the page. If its words leave people out, the list is `including`, not `by party`."
        ),
    }


def test_a_file_name_with_separators_comes_through():
    commands = read_commands(render(REPORTS["hostile"], "github"))
    assert [set(c) for c in commands if c.get("file") == "seeds/b: c, d.yaml"] == [
        {"command", "file", "title", "message"}
    ]
    assert [set(c) for c in commands if c["title"] == "release.csv-equals-parquet"] == [{"command", "title", "message"}]


def test_what_github_would_drop_is_counted_and_placed_in_a_notice():
    commands = read_commands(render(REPORTS["many"], "github"))
    assert [c["command"] for c in commands] == ["error"] * 10 + ["warning"] * 10 + ["notice"]
    text = commands[-1]["message"]
    assert text.startswith("35 more errors and 5 more warnings not shown here: ")
    assert text.count(".yaml (") == 5
    assert "2 other files" in text
    assert "conflictdata validate --concise" in text


def test_a_clean_report_annotates_nothing():
    assert render(REPORTS["clean"], "github") == ""


# --- junit


def test_junit_has_a_suite_a_table_and_a_case_a_rule():
    suites = junitparser.JUnitXml.fromstring(render(REPORTS["hostile"], "junit").encode())
    cases = {case.name: case for suite in suites for case in suite}
    assert {suite.name for suite in suites} == {name.partition(".")[0] for name in cases}
    assert set(REPORTS["hostile"].evaluated) < set(cases)
    assert (suites.tests, suites.failures, suites.skipped) == (len(cases), 6, 1)
    assert {p.name: p.value for p in cases[sample_reports.SUM].iterchildren(junitparser.Properties).__next__()} == {
        "valid": "1120", "invalid": "3", "unknown": "4", "waived": "2",
    }  # fmt: skip


def test_junit_fails_a_rule_once_with_all_its_errors():
    suites = junitparser.JUnitXml.fromstring(render(REPORTS["many"], "junit").encode())
    cases = {case.name: case for suite in suites for case in suite}
    (failure,) = cases[sample_reports.SUM].result
    assert failure.message == "45 errors, the first: a number 15"
    assert len(re.findall(r"^seeds/sources/war/page-\d\.yaml:\d+:5: error: a number \d+$", failure.text, re.M)) == 45
    assert cases[sample_reports.ROUND].result == []
    assert cases[sample_reports.ROUND].system_out.count("warning: a number") == 15


def test_junit_counts_what_it_holds():
    for suite in ET.fromstring(render(REPORTS["hostile"], "junit").encode()):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))


# --- sarif


def test_the_schema_refuses_what_sarif_has_not():
    log = json.loads(render(REPORTS["hostile"], "sarif"))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not load_sarif_schema().is_valid(log)


@pytest.mark.usefixtures("all_rules")
def test_sarif_describes_every_rule():
    described = {r["id"]: r for r in read_sarif(render(REPORTS["clean"], "sarif"))["tool"]["driver"]["rules"]}
    assert set(described) == set(catalogue.load_catalogue())
    assert all(r["help"]["text"] and r["fullDescription"]["text"] for r in described.values())
    rule = described["figures.parts-cover-parent"]
    assert rule["fullDescription"]["text"] == load_rules()["figures.parts-cover-parent"].why
    assert rule["defaultConfiguration"] == {"level": "error"}


def test_a_result_says_where_and_what():
    run = read_sarif(render(REPORTS["hostile"], "sarif"))
    result = next(r for r in run["results"] if r["ruleId"] == sample_reports.SUM and "suppressions" not in r)
    assert result["level"] == "error"
    assert result["message"]["text"].startswith("by party: 111 + 317")
    (location,) = result["locations"]
    assert location["physicalLocation"] == {
        "artifactLocation": {"uri": sample_reports.PAGE, "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 25, "startColumn": 14},
    }


def test_waived_findings_are_suppressed_results():
    results = read_sarif(render(REPORTS["hostile"], "sarif"))["results"]
    suppressed = [r for r in results if "suppressions" in r]
    assert len(suppressed) == len(REPORTS["hostile"].waived)
    assert {(s["kind"], s["status"]) for r in suppressed for s in r["suppressions"]} == {("external", "accepted")}


def test_a_fingerprint_outlives_lines_and_numbers():
    finding = REPORTS["hostile"].errors[-2]
    moved = dataclasses.replace(
        finding, place=Place(sample_reports.PAGE, 99, 1), message="by party: 1 + 1 = 2", value="3"
    )
    other = dataclasses.replace(finding, record="another")
    marks = [
        read_sarif(render(Report([f]), "sarif"))["results"][0]["partialFingerprints"] for f in (finding, moved, other)
    ]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize(
    ("file", "uri"),
    [
        ("seeds/a.yaml", "seeds/a.yaml"),
        ("a: b?c#d %/é.yaml", "a%3A%20b%3Fc%23d%20%25/%C3%A9.yaml"),
        ("/tmp/a b.yaml", "file:///tmp/a%20b.yaml"),
        ("C:/a b.yaml", "file:///C:/a%20b.yaml"),
        ("\\\\server\\x", "%5C%5Cserver%5Cx"),
    ],
    ids=["plain", "reserved", "absolute", "drive", "backslashes"],
)
def test_addresses_are_uris(file, uri):
    made = sarif.make_artifact_location(file)
    assert made["uri"] == uri
    assert ("uriBaseId" in made) == (urlsplit(uri).scheme == "")
    assert unquote(urlsplit(uri).path).lstrip("/") == file.lstrip("/")


def test_data_makes_no_placeholder_and_no_link():
    (result,) = read_sarif(render(Report([Finding("x.y", "error", "{0} [text](1)", "{{}}")]), "sarif"))["results"]
    assert result["message"]["text"] == "{{0}} [text] (1)\nhint: {{{{}}}}"


# --- markdown and html


def test_markdown_says_the_verdict_first_and_groups_by_file():
    page = read_markdown(render(REPORTS["hostile"], "markdown"))
    assert page.nodes[0] == "conflictdata: 11 errors"
    assert (
        page.names["table"]
        == page.names["h3"]
        == len({f.place.file if f.place else "" for f in REPORTS["hostile"].findings})
    )
    assert "a finding without a place" not in page.text
    assert "Without a file" in page.text
    for name, hostile in sample_reports.HOSTILE.items():
        assert common.escape_hidden(hostile)[:300] in page.text, name


def test_markdown_shows_fifty_errors_first_and_says_how_many_more():
    source = render(REPORTS["many"], "markdown")
    page = read_markdown(source)
    assert page.names["tr"] - page.names["table"] == 50
    assert source.count("**error**") == 45
    assert "… and 10 more." in page.text


@pytest.mark.slow
@pytest.mark.parametrize("char", ["@", "&", "\U000e0001", "\U0001f600", "|"])
def test_markdown_stays_below_what_github_throws_away(char):
    worst = char * 5_000
    report = sample_reports.make_long_report(500, 500, text=worst, hint=worst)
    report.findings = [
        dataclasses.replace(f, rule=worst, table=worst, record=worst, place=Place(f"{n}{worst}", 10**9, 10**9))
        for n, f in enumerate(report.findings)
    ]
    assert len(render(report, "markdown").encode()) < 1024 * 1024
    assert markdown.CAP == 50


def test_html_shows_every_text_and_no_tag_of_the_data():
    page = read_html(render(REPORTS["hostile"], "html"))
    assert page.names["script"] == page.names["img"] == page.names["b"] == 0
    for name, hostile in sample_reports.HOSTILE.items():
        assert common.escape_hidden(hostile)[: html.LONGEST - 1] in page.text, name


@each_report
def test_html_needs_nothing_else(name):
    source = render(REPORTS[name], "html")
    page = read_html(source)
    anchors = {f"#{id_}" for id_ in page.ids}
    assert set(page.links) <= anchors
    assert len(anchors) == len(page.ids)
    assert not re.search(r"url\(|@import|<link|<script", source)


@each_report
def test_html_is_built_for_every_reader(name):
    source = render(REPORTS[name], "html")
    page = read_html(source)
    assert source.startswith('<!DOCTYPE html>\n<html lang="en">')
    assert page.names["h1"] == page.names["title"] == page.names["main"] == 1
    assert page.names["caption"] == page.names["table"]
    assert '<meta name="viewport" content="width=device-width, initial-scale=1">' in source
    levels = [int(tag[1]) for tag, _ in page.tags if re.fullmatch("h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))


def test_html_lists_each_rule_once_and_links_to_it():
    page = read_html(render(REPORTS["many"], "html"))
    assert page.links[:2] == ["#rule-figures.parts-cover-parent", "#rule-figures.round-number-exact"]


def compute_luminance(colour):
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ink", ["ink", "dim", "error", "warning", "clean", "link"])
@pytest.mark.parametrize("ground", ["page", "card"])
def test_html_colours_can_be_read(scheme, ink, ground):
    css = (Path(html.__file__).parent / "templates" / "report.css").read_text("utf-8")
    light, dark = (compute_luminance(re.findall(rf"--{name}: (#[0-9a-f]{{6}})", css)[scheme]) for name in (ink, ground))
    ratio = (max(light, dark) + 0.05) / (min(light, dark) + 0.05)
    assert ratio >= 4.5  # WCAG 2.2, 1.4.3


def test_a_rule_without_records_is_skipped():
    suites = junitparser.JUnitXml.fromstring(render(Report(evaluated={"a.b": Tally(0, 0, 3)}), "junit").encode())
    ((case,),) = suites
    assert case.is_skipped
