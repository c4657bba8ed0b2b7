"""Made-up reports: clean, hostile, and longer than any format shows."""

from __future__ import annotations

from conflictdata.findings import Finding, Place, Report, Tally
from conflictdata.reporters import sarif
from conflictdata.rules.texts import RuleText
from conflictdata.validation import catalogue

SUM = "figures.parts-cover-parent"
ROUND = "figures.round-number-exact"
PAGE = "seeds/sources/war/paper-2024-06-02.yaml"

# Text that breaks each kind of reader.
HOSTILE = {
    "HTML": "<script>alert(1)</script><img src=x onerror=alert(1)> &lt;b&gt; \" onmouseover='x'",
    "XML": "]]> <![CDATA[ x ]]> <!-- -- --> <?xml?> &nbsp; \ufffe \x00 \x08",
    "Markdown": "| a | b | `code` ``x`` [link](javascript:alert(1)) ![image](//x) **bold** _it_ ~~no~~ \\| # one",
    "mentions": "@someone, @some-org/team, someone@example.org, #12, GH-12, $x^2$",
    "line breaks": "one\ntwo\r\nthree\rfour\u2028five\x85six\n\n::error::seven\n## eight\n| nine |",
    "workflow command": "100% %0A::error file=a::b %25 ##[error]c ::set-output name=d::e",
    "terminal": "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J [bold]not bold[/] :smile:",
    "direction": "at least \u202e727\u202c dead, \u2066111\u2069 \u200b\ufeff civilians",
    "braces": "{0} {{1}} {x} [text](1) %s %(a)s ${HOME} {{ 7 * 7 }} {% raw %}",
    "other scripts": "٣٧ قتيلا على الأقل، من بينهم ۵ کودک، می‌گویند; 三十七人死亡; не менее 37 погибших",
    "half a pair": "\udc80 from a file name that is not UTF-8",
    "very long": "long " * 2_000,
}


def make_clean_report() -> Report:
    """Return a report without findings; one rule evaluated no record."""
    return Report(
        evaluated={SUM: Tally(120, 0, 4), "sources.used": Tally(3), "events.merged-into-live": Tally(0, 0, 0)},
        counts={"sources": 3, "claims": 7, "figures": 31, "actors": 12},
        files=8,
    )


def make_hostile_report() -> Report:
    """Return a report with hostile text in every field.

    Some of its findings have no place.
    """
    findings = [
        Finding(
            SUM,
            "error",
            "by party: 111 + 317 + 220 + 25 = 673, but the total is at least 727 (54 short)",
            "Compare each number with the page. If its words leave people out, the list is `including`, not `by party`.",
            "figures",
            "paper-2024-06-02.1.killed",
            ("low", "best", "high"),
            "727",
            Place(PAGE, 25, 14),
        ),
        Finding(
            ROUND, "warning", "2000 is a round number and yet exact", "Look at the page again.", "figures",
            "paper-2024-06-02.2.injured", ("best",), "2000", Place(PAGE, 31, 12),
        ),
        Finding("file.empty", "error", "the file is empty", "Write the page into it.", place=Place("seeds/b: c, d.yaml")),
        Finding("release.csv-equals-parquet", "error", "12 rows where the Parquet file has 11", table="claims"),
        Finding("csv.width", "error", "3 cells where the header has 4", place=Place("seeds/reference/actors.csv", 7)),
        Finding("file.tab", "error", "a tab", "Use spaces.", place=Place("")),
    ]  # fmt: skip
    findings += [
        Finding(
            f"cells.{'hidden-character' if n % 2 else 'length'}", "error" if n % 2 else "warning", text, f"hint: {text}", "claims", f"{name} {text}"[:90],
            ("note", text[:40]), text, Place(f"seeds/sources/{name}/{text[:60]}.yaml", n, n and 3),
        )
        for n, (name, text) in enumerate(HOSTILE.items())
    ]  # fmt: skip
    waived = [
        Finding(
            SUM, "error", "by severity: 5 + 3 + 4 = 12, but the total is 11 (1 over)", "Compare.", "figures",
            "other-2024-06-03.1.injured", ("low",), "11", Place("seeds/sources/war/other-2024-06-03.yaml", 30, 10),
        ),
        Finding(SUM, "error", HOSTILE["HTML"], HOSTILE["HTML"], "figures", HOSTILE["XML"], ("low",)),
    ]  # fmt: skip
    report = Report(
        findings,
        waived,
        {SUM: Tally(1_120, 3, 4), ROUND: Tally(40, 1, 0), "sources.used": Tally(3), "events.merged-into-live": Tally(0, 0, 2)},
        {"sources": 3, "claims": 7, "figures": 1_131},
        9,
    )  # fmt: skip
    report.sort()
    return report


def make_long_report(
    errors: int = 45, warnings: int = 15, *, text: str = "a number", hint: str = "Look at it."
) -> Report:
    """Return many warnings, then errors, over several files."""
    found = [
        Finding(
            ROUND if n < warnings else SUM, "warning" if n < warnings else "error", f"{text} {n}", hint, "figures",
            f"page.{n}.killed", ("best",), str(n), Place(f"seeds/sources/war/page-{n % 7}.yaml", n + 1, 5),
        )
        for n in range(errors + warnings)
    ]  # fmt: skip
    return Report(found, [], {SUM: Tally(100, errors, 0), ROUND: Tally(9, warnings, 0)}, {"figures": 100 + errors}, 7)


FEW = {
    e.id: e
    for e in (
        RuleText(
            id=SUM, why="A complete list leaves nobody out. Its sum is the total.", hint="Compare <b>each</b> number."
        ),
        RuleText(
            id=ROUND, why="Round numbers are mostly about.", hint="Look again.", severity="warning", waivable=True
        ),
    )
}


def few_rules(monkeypatch):
    """Replace the catalogue by a small one.

    So a rule's new wording does not change golden files.
    """
    monkeypatch.setattr(catalogue, "load_catalogue", lambda: FEW)
    monkeypatch.setattr(sarif, "load_catalogue", lambda: FEW)


REPORTS = {"clean": make_clean_report(), "hostile": make_hostile_report(), "many": make_long_report()}
