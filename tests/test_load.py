"""The public functions: loading the installed package, describing, wrong names."""

import datetime as dt
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import sample

import conflictdata as cd
from conflictdata import loading
from conflictdata.datapackage.build import publish
from conflictdata.datapackage.verify import verify_package
from conflictdata.datapackage.version import Release
from conflictdata.schema.columns import list_column_kinds, list_pandera_columns, make_polars_schema
from conflictdata.schema.sums import HOW_NOT_TO_ADD_UP
from conflictdata.schema.tables import TABLES

ROOT = Path(__file__).parent.parent
DTYPES = {"date": "datetime64[s]", "count": "Int64", "number": "Float64"}


@pytest.fixture(scope="module")
def sample_data(tmp_path_factory):
    return publish(
        sample.make_tables(), tmp_path_factory.mktemp("installed") / "data", Release("1.0.0", dt.date(2024, 7, 1))
    )


@pytest.fixture
def installed(sample_data, monkeypatch):
    """Install the sample as the data, and work in another folder."""
    monkeypatch.setattr(loading, "DATA", sample_data)
    monkeypatch.chdir(sample_data.parent)
    loading.read_package.cache_clear()
    loading._read_schema.cache_clear()
    yield
    loading.read_package.cache_clear()
    loading._read_schema.cache_clear()


def run_python(*code, env=None, cwd=None):
    """Run lines in a new process and return their output."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join(code)], capture_output=True, text=True, timeout=120, cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), **(env or {})}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


# Loading ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("table", TABLES)
def test_pandas_has_nullable_types(table):
    frame = cd.load(table)

    assert {c: str(t) for c, t in frame.dtypes.items()} == {
        c: DTYPES.get(k, "string") for c, k in list_column_kinds(table).items()
    }
    assert all(frame[c].dtype == pd.StringDtype() for c, k in list_column_kinds(table).items() if k not in DTYPES)
    assert isinstance(frame.index, pd.RangeIndex)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("table", TABLES)
def test_what_is_loaded_is_a_valid_table_as_it_is(table):
    frame = cd.load(table)

    pd.testing.assert_frame_equal(TABLES[table].validate(frame, lazy=True), frame)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("table", TABLES)
def test_the_engines_give_one_table(table):
    polars, arrow, pandas = cd.load(table, engine="polars"), cd.load(table, engine="arrow"), cd.load(table)

    assert isinstance(polars, pl.DataFrame)
    assert isinstance(arrow, pa.Table)
    assert dict(polars.schema) == make_polars_schema(table)
    assert polars.equals(pl.from_arrow(arrow))
    assert polars.equals(pl.from_pandas(pandas).cast(make_polars_schema(table)))


@pytest.mark.usefixtures("installed")
def test_missing_is_not_zero_and_not_nan():
    frame = cd.load("casualties").set_index("figure_id")

    assert frame.loc["other_paper-2024-06-05.1.killed", "best"] == 0
    assert frame.loc["paper-2024-06-02.1.killed", "best"] is pd.NA
    assert frame.loc["other_paper-2024-06-05.10.displaced", "period_start"] is pd.NaT
    assert frame.loc["other_paper-2024-06-05.10.displaced", "country"] is pd.NA


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("engine", ["pandas", "polars", "arrow"])
def test_columns_come_in_the_requested_order(engine):
    table = cd.load("claims", engine=engine, columns=["as_of", "claim_id", "note"])

    names = table.column_names if engine == "arrow" else list(table.columns)
    assert names == ["as_of", "claim_id", "note"]
    assert len(table) == 4


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("engine", ["pandas", "polars", "arrow"])
def test_no_columns_are_no_columns(engine):
    assert cd.load("claims", engine=engine, columns=[]).shape[1] == 0


@pytest.mark.usefixtures("installed")
def test_casualties_is_the_default():
    assert list(cd.load().columns) == list(list_pandera_columns("casualties"))


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: cd.load("casualites"), "there is no table 'casualites'. Did you mean 'casualties'?"),
        (lambda: cd.load("Figures"), "there is no table 'Figures'. Did you mean 'figures'?"),
        (lambda: cd.load("../csv/claims"), "there is no table '../csv/claims'. There are: casualties, "),
        (lambda: cd.load("xyz"), "there is no table 'xyz'. There are: casualties, conflicts, actors"),
        (lambda: cd.load(3), "there is no table 3. There are: casualties"),
        (lambda: cd.load("claims", engine="panda"), "there is no engine 'panda'. Did you mean 'pandas'?"),
        (lambda: cd.load("claims", engine="spark"), "there is no engine 'spark'. There are: pandas, polars, arrow"),
        (lambda: cd.load("claims", columns=["claim"]), "there is no column 'claim'. Did you mean 'claim_id'?"),
        (lambda: cd.load("claims", columns="as_of"), "columns is a list of names: columns=['as_of']"),
        (lambda: cd.load("claims", columns=["as_of", "as_of"]), "column 'as_of' is asked for twice"),
        (lambda: cd.path("claims", format="xlsx"), "there is no format 'xlsx'. There are: parquet, csv"),
        (lambda: cd.path("claim"), "there is no table 'claim'. Did you mean 'claims'?"),
        (lambda: cd.describe("figurs"), "there is no table 'figurs'. Did you mean 'figures'?"),
    ],
)
def test_a_wrong_name_suggests_the_nearest(call, message):
    with pytest.raises(cd.UsageError) as caught:
        call()

    assert str(caught.value).startswith(message)


def test_missing_data_is_reported_with_a_fix(monkeypatch, tmp_path):
    monkeypatch.setattr(loading, "DATA", tmp_path / "data")
    loading.read_package.cache_clear()

    for call in (cd.load, cd.tables, cd.describe):
        with pytest.raises(cd.UsageError, match=r"no data is installed .*conflictdata publish --out"):
            call()


@pytest.mark.usefixtures("installed")
def test_a_missing_file_is_reported(sample_data, monkeypatch, tmp_path):
    shutil.copytree(sample_data, tmp_path / "data")
    (tmp_path / "data/parquet/claims.parquet").unlink()
    monkeypatch.setattr(loading, "DATA", tmp_path / "data")

    with pytest.raises(cd.UsageError, match="the installation is not whole"):
        cd.load("claims")


@pytest.mark.usefixtures("installed")
def test_tables_and_paths():
    assert cd.tables() == list(TABLES)
    assert cd.path("claims").suffix == ".parquet"
    assert cd.path("claims", format="csv").read_text(encoding="utf-8").startswith("claim_id,")


# Describing -------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("table", TABLES)
def test_a_description_holds_every_column(table):
    about = cd.describe(table)

    assert [c.name for c in about.columns] == list(list_pandera_columns(table))
    assert about.rows == len(cd.load(table))
    assert all(c.description and c.example for c in about.columns)
    assert about.to_frame()["name"].tolist() == list(list_pandera_columns(table))
    assert max(map(len, str(about).splitlines())) <= 120


@pytest.mark.usefixtures("installed")
def test_a_description_reads_well(monkeypatch):
    monkeypatch.setenv("COLUMNS", "100")

    lines = str(cd.describe("claim_links")).splitlines()

    assert lines[0] == "claim_links: 1 rows, 3 columns, key claim_id, other_id, kind"
    assert "claim_id *              text          The claim. Key of claims." in lines
    assert "kind *                  term          How it bears on the other." in lines
    assert any(line.strip().startswith("part_of         This claim's people") for line in lines)
    assert repr(cd.describe("claim_links")) == "\n".join(lines)


@pytest.mark.usefixtures("installed")
def test_a_description_of_numbers_says_how_not_to_add_them_up() -> None:
    for table in ("casualties", "figures"):
        about = cd.describe(table)
        assert about.warnings == HOW_NOT_TO_ADD_UP
        text = " ".join(str(about).split())
        assert all(f"! {line}" in text for line in HOW_NOT_TO_ADD_UP)
        assert "<li>Do not add up rows" in about._repr_html_()
    assert cd.describe("actors").warnings == ()
    assert "!" not in str(cd.describe("claim_links"))


def test_a_column_says_its_unit_and_words():
    by_name = {c.name: c for c in cd.describe("figures").columns}

    assert (by_name["low"].type, by_name["low"].unit, by_name["low"].required) == ("whole number", "persons", False)
    assert by_name["claim_id"].references == "claims"
    assert by_name["parent_id"].references == "figures"
    assert by_name["sex"].terms["female"] == "Women or girls."


# Importing --------------------------------------------------------------------------------------------------------


def test_importing_loads_nothing_heavy():
    before = set(run_python("import sys; print(*sys.modules)").split())
    after = set(run_python("import sys, conflictdata; print(*sys.modules)").split())

    assert after - before == {"conflictdata", "__future__"}


@pytest.mark.parametrize(
    ("use", "absent"),
    [
        (
            "cd.tables(); cd.path('claims'); cd.describe('claims')",
            {"pandas", "polars", "pyarrow", "pandera", "narwhals"},
        ),
        ("cd.load('claims', engine='arrow')", {"pandas", "polars", "pandera"}),
        ("cd.load('claims', engine='polars')", {"pandas", "pyarrow", "pandera"}),
        ("cd.load('claims', columns=['as_of'])", {"polars", "pandera", "narwhals", "pyarrow.dataset"}),
    ],
)
def test_each_use_loads_what_it_needs(use, absent, sample_data):
    point = f"from conflictdata import loading; loading.DATA = loading.Path({str(sample_data)!r})"
    loaded = run_python("import sys, conflictdata as cd", point, use, "print(*sys.modules)").split()

    assert absent & set(loaded) == set()


def test_the_names_of_the_package():
    assert set(cd.__all__) <= set(dir(cd))
    assert all(getattr(cd, name) is not None for name in cd.__all__)
    assert cd.__version__.count(".") == 2
    with pytest.raises(AttributeError, match="no attribute 'lood'"):
        cd.lood  # noqa: B018


def test_functions_stay_functions_whatever_was_imported_before():
    code = "import conflictdata.loading, conflictdata.validation.api, conflictdata.schemas, conflictdata as cd"

    assert (
        run_python(
            code, "from conflictdata import load", "print(callable(cd.load), callable(cd.validate), load is cd.load)"
        )
        == "True True True"
    )


# Committed and installed files --------------------------------------------------------------------------


def test_the_committed_package_is_whole():
    assert verify_package(ROOT / "conflictdata" / "data") == []
    assert verify_package(ROOT) == []


@pytest.mark.slow
def test_a_wheel_brings_the_data(tmp_path):
    """The wheel includes the data.

    It is built, unpacked into a new environment and used from another folder, without a network.
    """
    pytest.importorskip("hatchling")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=300)
    (wheel,) = tmp_path.glob("*.whl")
    venv.create(tmp_path / "env", with_pip=True)
    pip = [
        str(tmp_path / "env" / "bin" / "python"),
        "-m",
        "pip",
        "install",
        "--no-deps",
        "--no-index",
        "--quiet",
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True, timeout=300)
    (site,) = (tmp_path / "env").glob("lib/*/site-packages")

    found = run_python(
        "import conflictdata as cd", "print(cd.__file__)", "print(len(cd.load()) == cd.describe().rows, cd.tables()[0])",
        env={"PYTHONPATH": str(site)}, cwd=tmp_path,
    )  # fmt: skip

    assert found.splitlines() == [str(site / "conflictdata" / "__init__.py"), "True casualties"]
