"""One table in many forms.

The findings are the same for all columns, orders, quotes, line ends and encodings.
"""

from __future__ import annotations

import csv

import pytest
from depth import count_examples
from feed_files import Form, format_table, list_facts, read_rows, validate_together
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

ROWS = read_rows("ged.csv")
ALL = tuple(ROWS[0])
_LATER = {
    "relid",
    "code_status",
    "conflict_dset_id",
    "dyad_dset_id",
    "side_a_dset_id",
    "side_b_dset_id",
    "where_description",
    "gwnoa",
}
SUBSETS = {
    "49": ALL,
    "41": tuple(c for c in ALL if c not in _LATER),
    "45": tuple(c for c in ALL if not c.endswith("_dset_id")),
    "14": ("id", "year", "type_of_violence", "side_a", "side_b", "latitude", "longitude", "country", "date_start", "date_end", "low", "best", "high", "deaths_civilians"),
    "10": ("id", "date_start", "date_end", "best", "deaths_a", "deaths_b", "deaths_civilians", "deaths_unknown", "country", "country_id"),
}  # fmt: skip

# Each fault of the made-up file: the row's id, the fault, and its place.
FAULTS = {
    ("ucdp_ged.low-best-high", "1003", "low"),
    ("ucdp_ged.parts-sum-to-best", "1005", "best"),
    ("ucdp_ged.wkt-fits-columns", "1006", "geom_wkt"),
    ("ucdp_ged.year-of-dates", "1007", "year"),
    ("ucdp_ged.encoding-sound", "1008", "source_article"),
    ("ucdp_ged.grid-cell-fits", "1009", "priogrid_gid"),
    ("ucdp_ged.precision-fits-span", "1010", "date_prec"),
    ("ucdp_ged.country-name-fits", "1011", "country"),
    ("ucdp_ged.sources-counted", "1012", "number_of_sources"),
    ("ucdp_ged.one-sided-against-civilians", "1013", "type_of_violence"),
    ("ucdp_ged.dates-in-order", "1014", "date_start"),
    ("ucdp_ged.id-unique", "1014", "id"),
    ("ucdp_ged.no-look-alike", "1018", "id"),
    ("cells.whole", "1019", "best"),
    ("cells.date", "1020", "date_start"),
    ("cells.term", "1021", "type_of_violence"),
}

forms = st.builds(
    Form,
    columns=st.sampled_from(list(SUBSETS.values())).flatmap(st.permutations),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]),
    separator=st.sampled_from([",", ";", "\t"]),
    ends=st.sampled_from([("\n",), ("\r\n",), ("\n", "\r\n"), ("\r\n", "\n", "\n")]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    tags=st.booleans(),
    capitals=st.booleans(),
    blank_lines=st.booleans(),
    last_end=st.booleans(),
)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """Return the findings per set of columns, for the plain form."""
    folder = tmp_path_factory.mktemp("plain")
    found = {}
    for name, columns in SUBSETS.items():
        path = folder / f"{name}.csv"
        path.write_bytes(format_table(ROWS, Form(columns))[0])
        found[frozenset(columns)] = list_facts(validate_together(path).findings)
    return found


@pytest.mark.slow
def test_each_fault_of_the_file_is_found_once_and_nothing_else(plain):
    whole = plain[frozenset(ALL)]

    assert {(rule, record, column) for rule, record, column, _ in whole} == FAULTS
    assert len(whole) == len(FAULTS)


def list_row_findings(report):
    """Return the findings of rows: not that a main rule lacks its column."""
    return [finding for finding in report.findings if finding.rule != "feed.missing-column"]


@pytest.mark.parametrize("name", SUBSETS)
def test_fewer_columns_leave_out_findings_and_add_none(plain, name):
    seen = {(rule, record) for rule, record, *_ in plain[frozenset(SUBSETS[name])]}

    # Without their sources, two different rows may look alike.
    assert {pair for pair in seen if pair[0] not in ("ucdp_ged.no-look-alike", "feed.missing-column")} <= {
        (rule, record) for rule, record, _ in FAULTS
    }


@pytest.mark.slow
@settings(
    max_examples=count_examples(20, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=forms)
def test_the_form_of_a_file_does_not_matter(plain, tmp_path, form):
    path = tmp_path / "any.csv"
    content, starts = format_table(ROWS, form)
    path.write_bytes(content)

    report = validate_together(path)

    assert list_facts(report.findings) == plain[frozenset(form.columns)]
    lines = {}
    for number, row in enumerate(ROWS):
        lines.setdefault(row["id"], set()).add(starts[number])
    breaks = max(len(str(value).split("\n")) - 1 for row in ROWS for value in row.values())
    for finding in list_row_findings(report):
        assert any(0 <= finding.place.line - start <= breaks for start in lines[finding.record])


@pytest.mark.slow
@settings(
    max_examples=count_examples(10, 60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(form=forms)
def test_a_finding_is_at_its_cell(tmp_path, form):
    path = tmp_path / "any.csv"
    content, _ = format_table(ROWS, form)
    path.write_bytes(content)
    text = content.decode(form.encoding).removeprefix("\ufeff").replace("\r\n", "\n").split("\n")

    for finding in list_row_findings(validate_together(path)):
        rest = text[finding.place.line - 1][finding.place.column - 1 :].lstrip('"').replace('""', '"').lstrip('"')
        assert rest.startswith(finding.value.strip('"')[:20])


@pytest.mark.slow
def test_columns_of_the_users_own_are_left_alone(tmp_path, plain):
    path = tmp_path / "ged.csv"
    rows = [{"": str(n), "my_note": "x", **row} for n, row in enumerate(ROWS)]
    path.write_bytes(format_table(rows, Form(("", "my_note", *ALL)))[0])

    assert list_facts(validate_together(path).findings) == plain[frozenset(ALL)]


def test_a_main_rule_without_its_column_is_named_with_the_column_that_may_be_meant(tmp_path):
    path = tmp_path / "ged.csv"
    rows = [{("deaths_civilian" if k == "deaths_civilians" else k): v for k, v in row.items()} for row in ROWS]
    path.write_bytes(format_table(rows, Form(tuple(rows[0])))[0])

    (finding,) = (f for f in validate_together(path).findings if f.rule == "feed.missing-column")

    assert finding.severity == "warning"
    assert "no column deaths_civilians" in finding.message
    assert "ucdp_ged.parts-sum-to-best was not evaluated" in finding.message
    assert "Rename deaths_civilian (for deaths_civilians)" in finding.hint


@pytest.mark.slow
def test_columns_that_a_merge_adds_are_the_users_own(tmp_path):
    path = tmp_path / "ged.csv"
    rows = [{**row, "country_x": "A", "adm1": "B", "gwno": "1"} for row in ROWS]
    path.write_bytes(format_table(rows, Form(tuple(rows[0])))[0])

    assert not [f for f in validate_together(path).findings if "country_x" in f.message or f.value in ("adm1", "gwno")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("column", "form"),
    [
        ("date_start", "{} 00:00:00.000"),
        ("date_end", "{}T00:00:00Z"),
        ("conflict_new_id", "{}.0"),
        ("best", "{}.0"),
        ("latitude", " {}"),
    ],
    ids=["time of day", "ISO with time", "float key", "float count", "outer space"],
)
def test_other_ways_of_writing_a_cell_are_read(tmp_path, plain, column, form):
    path = tmp_path / "ged.csv"
    sound = [row for row in ROWS if row["id"] in {"1001", "1002", "1004", "1016"}]
    path.write_bytes(format_table([{**row, column: form.format(row[column])} for row in sound], Form(ALL))[0])

    assert list_facts(validate_together(path).findings) == set()


@pytest.mark.slow
def test_parquet_gives_the_same_findings(tmp_path, plain):
    import polars as pl

    path = tmp_path / "ged.parquet"
    pl.DataFrame([{k: v or None for k, v in row.items()} for row in ROWS]).write_parquet(path)

    assert list_facts(validate_together(path).findings) == plain[frozenset(ALL)]


@pytest.mark.slow
def test_latin_1_is_read(tmp_path):
    path = tmp_path / "ged.csv"
    row = {**ROWS[0], "adm_1": "Córdoba"}
    path.write_bytes(format_table([row], Form(ALL, encoding="latin-1"))[0])

    from conflictdata.readers import open_table

    assert open_table(path).frame["adm_1"].to_list() == ["Córdoba"]
    assert validate_together(path).findings == []
