"""The lists that type checkers and commands know, and how results show themselves."""

import argparse
import inspect
import subprocess
import sys
import typing

import pytest

import conflictdata as cd
from conflictdata import citation, datasets, loading
from conflictdata.analysis.as_of import KNOWN
from conflictdata.analysis.rollup import ON_OVERLAP
from conflictdata.cli import ask, plot
from conflictdata.cli import export as export_command
from conflictdata.cli._shared import Format as ReportForm
from conflictdata.cli.cite import Style as CitationStyle
from conflictdata.cli.cite import cite as cite_command
from conflictdata.cli.diff import DiffFormat
from conflictdata.cli.import_ import import_
from conflictdata.cli.validate import EngineName
from conflictdata.cli.validate import validate as validate_command
from conflictdata.comparison.forms import FORMS as DIFF_FORMS
from conflictdata.datapackage.metadata.references import STYLES
from conflictdata.export import FORMATS
from conflictdata.findings import Finding, Place, Report
from conflictdata.plots.look import PALETTES
from conflictdata.reporters import FORMS
from conflictdata.validation.evaluate import Engine, FrameEngine
from conflictdata.validation.scan import ENGINES


@pytest.mark.parametrize(
    ("listed", "known"),
    [
        (typing.get_args(loading.Format), ["parquet", "csv", *FORMATS]),
        (typing.get_args(loading.TableName), cd.tables()),
        (typing.get_args(citation.Style), STYLES),
        ([style.value for style in CitationStyle], STYLES),
        ([form.value for form in ReportForm], FORMS),
        ([form.value for form in DiffFormat], DIFF_FORMS),
        (list(export_command.FORMATS), FORMATS),
        ([engine.value for engine in EngineName], typing.get_args(Engine)),
    ],
    ids=[
        "formats",
        "tables",
        "styles",
        "styles of the command",
        "forms",
        "forms of diff",
        "formats of the command",
        "engines",
    ],
)
def test_a_list_is_the_registered_one(listed, known):
    assert sorted(listed) == sorted(known)


def get_choices(parser, word, option):
    """Return the choices of an option of a subcommand."""
    (subcommands,) = (a.choices for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    return next(action.choices for action in subcommands[word]._actions if option in action.option_strings)


@pytest.mark.parametrize(
    ("parser", "word", "option", "known"),
    [
        (ask.make_parser, "as-of", "--known", KNOWN),
        (ask.make_parser, "rollup", "--on-overlap", ON_OVERLAP),
        (plot.make_parser, "timeline", "--scheme", PALETTES),
        (plot.make_parser, "compare", "--scheme", PALETTES),
    ],
)
def test_choices_of_a_command_are_those_of_its_function(parser, word, option, known):
    assert sorted(get_choices(parser(), word, option)) == sorted(known)


def test_engines_of_dataframes_are_engines():
    assert set(typing.get_args(FrameEngine)) < set(typing.get_args(Engine)) == set(ENGINES)


def test_engines_of_load_are_those_of_its_overloads():
    hints = [inspect.signature(f).parameters["engine"].annotation for f in typing.get_overloads(cd.load)]
    assert [typing.get_args(eval(hint, {"Literal": typing.Literal})) for hint in hints] == [
        (e,) for e in loading._READERS
    ]


def has_conversion(name):
    try:
        datasets.get_dataset(name)
    except cd.UsageError:
        return False
    return True


@pytest.mark.parametrize("command", [import_, validate_command], ids=["import", "validate"])
def test_the_help_of_a_command_names_every_profile(command):
    annotation = typing.get_type_hints(command, include_extras=True)["profile"]
    text = typing.get_args(annotation)[-1].help
    names = [name for name in datasets.NAMES if command is validate_command or has_conversion(name)]
    assert [name for name in names if name not in text] == []


def test_one_default_of_cite():
    assert cd.cite() == cd.cite("apa")
    assert inspect.signature(cite_command).parameters["style"].default.value == "apa"


TYPED = """
import conflictdata as cd

reveal_type(cd.load("claims"))
reveal_type(cd.load("claims", engine="polars"))
reveal_type(cd.path("events", format="acled"))
reveal_type(cd.validate("seeds", memory=10**9))
reveal_type(cd.validate(cd.load("figures"), table="figures"))
reveal_type(cd.validate({"figures": cd.load("figures", engine="polars")}))
reveal_type(cd.diff(cd.load("claims"), cd.load("claims"), table="claims"))
cd.path("events", format="acledd")
cd.validate(cd.load("figures"), memory=3)
cd.load("claims", engine="duckdb")
"""


@pytest.mark.slow
def test_types_for_a_type_checker(tmp_path):
    (tmp_path / "use.py").write_text(TYPED)
    command = [sys.executable, "-m", "mypy", str(tmp_path / "use.py")]
    out = subprocess.run(command, check=False, capture_output=True, text=True).stdout
    lines = [line.partition(": ")[2] for line in out.splitlines()]

    assert [line.split('"')[1].rpartition(".")[2] for line in lines if line.startswith("note: Revealed")] == [
        "DataFrame", "DataFrame", "Path", "Report", "Report", "Report", "Diff",
    ]  # fmt: skip
    assert sum(line.startswith("error: ") for line in lines) == 3


def test_a_profile_without_conversion_is_a_clear_error(monkeypatch, tmp_path):
    from conflictdata.importer.run import import_files

    file = tmp_path / "gaza.csv"
    file.write_text("report_date,killed\n2024-01-01,3\n")
    module = (
        sys.modules[f"conflictdata.datasets.{datasets._MODULES['acled']}"] if datasets.get_profile("acled") else None
    )
    monkeypatch.delattr(module, "DATASET")
    datasets.get_dataset.cache_clear()
    with pytest.raises(cd.UsageError, match="acled has no conversion"):
        datasets.get_dataset("acled")
    with pytest.raises(cd.UsageError, match="there is no profile 'nobody'"):
        datasets.get_dataset("nobody")
    with pytest.raises(cd.UsageError, match="there is no profile 'nobody'"):
        import_files("nobody", [file], tmp_path / "out")


# ---- results on a screen -----------------------------------------------------------------------------------------


def make_report(number):
    evil = "<script>alert(1)</script>\u202e"
    return Report([
        Finding("figures.x", "warning" if n else "error", f"{evil}{'x' * 500}", table="figures", record=f"{n}", place=Place("a.csv", n + 1))
        for n in range(number)
    ])  # fmt: skip


@pytest.mark.parametrize("show", [str, repr])
def test_a_report_of_10_000_findings_fits_a_screen(show):
    lines = show(make_report(10_000)).splitlines()

    assert lines[0] == "Report: 1 error, 9,999 warnings, 0 waived"
    assert lines[1].startswith("  a.csv:1: error[figures.x]: <script>")
    assert lines[-1] == "... and 9,980 more; to_frame() has 10,000"
    assert len(lines) <= 25
    assert max(map(len, lines)) < 300
    assert "\u202e" not in "".join(lines)


def test_a_clean_report_is_one_line():
    assert str(Report()) == repr(Report()) == "Report: 0 errors, 0 warnings, 0 waived"
    assert Report()._repr_html_() == "<div><p><b>0 errors, 0 warnings, 0 waived</b></p></div>"


def test_results_show_themselves_in_a_notebook():
    page = make_report(10_000)._repr_html_()
    assert page.count("<tr>") == 21
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    old = cd.load("figures", engine="polars")
    changes = cd.diff(old, old.with_columns(label=old["label"].fill_null("<b>")))
    assert "&lt;b&gt;" in changes._repr_html_()
    assert len(str(changes).splitlines()) <= 25
    assert repr(changes) == str(changes)
    assert "<td>record_id</td>" in cd.describe("flags")._repr_html_()
