"""The data package: its contents and its reproducibility.

`verify` finds every change.
"""

import datetime as dt
import hashlib
import json
import os
import subprocess
import sys

import duckdb
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sample
from packages import build_files

from conflictdata.datapackage import descriptor as described
from conflictdata.datapackage.build import publish, write_root_descriptor
from conflictdata.datapackage.tables import encode_csv, write_table
from conflictdata.datapackage.verify import verify_package
from conflictdata.datapackage.version import Release
from conflictdata.findings import UsageError
from conflictdata.release.verify import verify
from conflictdata.schema import vocabularies
from conflictdata.schema.columns import list_key_columns, make_polars_schema
from conflictdata.schema.tables import TABLES

RELEASE = Release("1.2.0", dt.date(2024, 7, 2))
TYPES = {"String": pa.string(), "Date": pa.date32(), "Int64": pa.int64(), "Float64": pa.float64()}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return build_files(sample.make_tables(), RELEASE, tmp_path_factory.mktemp("package") / "built")


@pytest.fixture
def package(files, tmp_path):
    """Return a package on disk that a test may change."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture
def offline(tmp_path_factory):
    """Return the environment of a Python without a network."""
    folder = tmp_path_factory.mktemp("offline")
    block = "import socket\ndef refuse(*_, **__):\n    raise OSError('no network in tests')\n"
    names = ("socket.socket.connect", "socket.socket.connect_ex", "socket.getaddrinfo", "socket.create_connection")
    (folder / "sitecustomize.py").write_text(block + "\n".join(f"{name} = refuse" for name in names), encoding="utf-8")
    return {**os.environ, "PYTHONPATH": str(folder)}


def run_frictionless(folder, env):
    command = [sys.executable, "-m", "frictionless", "validate", "datapackage.json", "--json"]
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)


# Contents ----------------------------------------------------------------------------------------------------


def test_the_same_tables_give_the_same_bytes_in_whatever_order_their_rows_come(files, tmp_path):
    shuffled = {name: frame.sample(fraction=1, shuffle=True, seed=7) for name, frame in sample.make_tables().items()}

    again = build_files(shuffled, RELEASE, tmp_path / "again")

    assert [name for name in files if files[name] != again[name]] == []


@pytest.mark.slow
def test_a_long_table_is_written_in_batches_as_it_would_be_in_one(monkeypatch, tmp_path):
    """Lazy tables sorted by key, in batches that split everything except claims.

    The cells and the text are the same.
    """
    whole = build_files(sample.make_tables(), RELEASE, tmp_path / "whole")
    monkeypatch.setattr("conflictdata.datapackage.tables.BATCH", 3)
    monkeypatch.setattr("conflictdata.datapackage.casualties.BATCH", 3)
    lazy = {name: frame.sort(*list_key_columns(name)).lazy() for name, frame in sample.make_tables().items()}

    pieces = build_files(lazy, RELEASE, tmp_path / "pieces")

    assert {n: c for n, c in pieces.items() if n.startswith("csv/")} == {
        n: c for n, c in whole.items() if n.startswith("csv/")
    }
    for table in TABLES:
        one, other = (pl.read_parquet(tmp_path / way / "parquet" / f"{table}.parquet") for way in ("whole", "pieces"))
        assert one.equals(other, null_equal=True)
    assert pq.ParquetFile(tmp_path / "pieces/parquet/figures.parquet").num_row_groups > 2


def test_a_package_holds_every_table_twice_and_its_schema(files):
    expected = {
        f"{kind}/{t}.{end}"
        for t in TABLES
        for kind, end in (("csv", "csv"), ("parquet", "parquet"), ("schemas", "json"))
    }

    assert set(files) == expected | {"datapackage.json", "README.md"}


@pytest.mark.parametrize("table", TABLES)
def test_csv_is_plain(table, files):
    text = files[f"csv/{table}.csv"].decode("utf-8")
    lines = text.split("\n")

    assert lines[0] == ",".join(make_polars_schema(table))
    assert lines[-1] == ""
    assert "\r" not in text
    assert "NaN" not in text
    assert "null" not in text.lower()


def test_csv_quotes_what_must_be_quoted_and_writes_numbers_without_exponents():
    frame = pl.DataFrame(
        {
            "t": ['a "b"', "c, d", "ä", None],
            "n": [0.00001, 62.0, -0.0, 1e20],
            "i": [1, None, 0, 10**17],
            "d": [dt.date(1900, 1, 1), None, None, None],
        }
    )

    assert encode_csv(frame).decode() == (
        't,n,i,d\n"a ""b""",0.00001,1,1900-01-01\n"c, d",62,,\nä,0,0,\n,100000000000000000000,100000000000000000,\n'
    )


@pytest.mark.parametrize("table", TABLES)
def test_parquet_has_the_types_and_descriptions(table, package):
    schema = pq.read_schema(package / "parquet" / f"{table}.parquet")

    assert dict(zip(schema.names, schema.types, strict=True)) == {
        c: TYPES[str(t)] for c, t in make_polars_schema(table).items()
    }
    assert schema.metadata[b"description"]
    assert all(schema.field(name).metadata[b"description"] for name in schema.names)


def test_a_missing_cell_in_a_column_that_must_be_filled_is_not_written(tmp_path):
    frame = sample.make_tables()["actors"].with_columns(name=pl.lit(None, dtype=pl.String))

    with pytest.raises(pa.ArrowInvalid, match="name"):
        write_table("actors", [frame], tmp_path / "a.csv", tmp_path / "a.parquet")


@pytest.mark.parametrize("table", TABLES)
def test_duckdb_and_polars_read_one_table_from_both_files(table, package):
    csv, parquet = package / "csv" / f"{table}.csv", package / "parquet" / f"{table}.parquet"
    types = {"String": "VARCHAR", "Date": "DATE", "Int64": "BIGINT", "Float64": "DOUBLE"}
    columns = {c: types[str(t)] for c, t in make_polars_schema(table).items()}

    with duckdb.connect() as db:
        rows = db.execute(
            f"SELECT * FROM read_csv('{csv}', columns={columns}, header=true, auto_detect=false, delim=',', quote='\"', escape='\"')"
        ).fetchall()
        assert rows == db.execute(f"SELECT * FROM '{parquet}'").fetchall()
        found = {name: kind for name, kind, *_ in db.execute(f"DESCRIBE SELECT * FROM '{parquet}'").fetchall()}
    frame = pl.read_csv(csv, schema=make_polars_schema(table))

    assert found == columns
    assert frame.equals(pl.read_parquet(parquet))
    assert frame.rows() == rows
    assert frame.equals(frame.sort(*list_key_columns(table)))


# The descriptor ---------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_frictionless_passes_the_package_from_the_command_line_without_a_network(package, offline):
    done = run_frictionless(package, offline)
    report = json.loads(done.stdout)

    assert done.returncode == 0, done.stdout
    assert report["valid"]
    assert [task["name"] for task in report["tasks"]] == list(TABLES)
    assert {task["type"] for task in report["tasks"]} == {"table"}


def test_the_block_on_the_network_works(offline):
    code = "import socket; socket.create_connection(('127.0.0.1', 9))"

    done = subprocess.run(
        [sys.executable, "-c", code], env=offline, capture_output=True, text=True, timeout=60, check=False
    )

    assert "no network in tests" in done.stderr


SPOILT = {
    "reference": ("claims", ".1,paper-2024-06-02,observatory", ".1,paper-2024-06-02,nobody", "foreign-key"),
    "self reference": (
        "figures",
        "paper-2024-06-02.2.killed.army,subset",
        "paper-2024-06-02.2.killed.navy,subset",
        "foreign-key",
    ),
    "term": ("claims", ",event,", ",incident,", "constraint-error"),
    "date": ("conflicts", "2024-12-31", "2024-12-32", "type-error"),
    "key twice": ("actors", "\nrebels,", "\npaper,", "primary-key"),
    "hash": ("actors", "Rebels", "Rebel5", "hash-count"),
}


@pytest.mark.slow
@pytest.mark.sample(3)
@pytest.mark.parametrize("name", SPOILT)
def test_frictionless_sees_what_is_wrong(name, package, offline):
    table, old, new, error = SPOILT[name]
    path = package / "csv" / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8", newline="\n")

    done = run_frictionless(package, offline)

    assert done.returncode == 1
    assert error in {e["type"] for task in json.loads(done.stdout)["tasks"] for e in task["errors"]}


def test_the_descriptor_says_what_a_package_must_say(files):
    package = json.loads(files["datapackage.json"])

    assert package["version"] == "1.2.0"
    assert package["created"] == "2024-07-02T00:00:00Z"
    assert package["licenses"][0]["name"] == "CC-BY-4.0"
    assert package["id"].startswith("urn:uuid:")
    assert package["contributors"] == [{"title": "The conflictdata project", "roles": ["creator", "publisher"]}]
    for resource in package["resources"]:
        for item in (resource, *resource["alternates"]):
            assert item["bytes"] == len(files[item["path"]])
            assert item["hash"] == f"sha256:{hashlib.sha256(files[item['path']]).hexdigest()}"
        assert resource["rows"] == files[resource["path"]].count(b"\n") - 1


def test_the_readme_lists_tables_and_every_word(files):
    text = files["README.md"].decode()

    for table in TABLES:
        assert f"\n| [{table}](#{table}) |" in text
    for vocabulary in vocabularies.VOCABULARIES.values():
        for term in vocabulary.terms:
            assert f"`{term.term}`" in text


@pytest.mark.parametrize("version", ["1.0", "v1.0.0", "1.0.0-rc1", "01.0.0", "", "1.0.0\n"])
def test_a_release_has_a_version_of_three_numbers(version):
    with pytest.raises(ValueError, match="three numbers"):
        Release(version, dt.date(2024, 1, 1))


@pytest.mark.slow
def test_the_root_descriptor_describes_the_same_files(tmp_path, offline):
    out = publish(sample.make_tables(), tmp_path / "code" / "data", RELEASE)

    write_root_descriptor(tmp_path, out)

    assert verify_package(tmp_path) == []
    assert run_frictionless(tmp_path, offline).returncode == 0
    assert described.list_csv_files(tmp_path / "datapackage.json")["claims"] == out / "csv" / "claims.csv"


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b"[" * 100_000, "is not JSON"),
        (b"[]", "is not a data package"),
        (b'{"resources": [{"name": "claims"}]}', "is not a data package"),
        (b'{"resources": [{"name": "claims", "path": "../claims.csv"}]}', "is not a data package"),
        (b'{"resources": [{"name": "claims", "path": "/etc/passwd"}]}', "is not a data package"),
        (None, "cannot be read"),
    ],
)
def test_what_is_no_descriptor_is_refused(content, match, tmp_path):
    path = tmp_path / "datapackage.json"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(UsageError, match=match):
        described.list_csv_files(path)
    assert [f.rule for f in verify_package(tmp_path)] == ["release.files-match-descriptor"]


# Verify -----------------------------------------------------------------------------------------------------------


def edit_json(path, change):
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def replace(path, old, new):
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))


def reseal(folder, table):
    """Update the descriptor to match the CSV, so that only its content is wrong."""
    result = described.measure_file(folder / f"csv/{table}.csv")
    edit_json(
        folder / "datapackage.json", lambda d: next(r for r in d["resources"] if r["name"] == table).update(result)
    )


def change_value(folder):
    replace(folder / "csv/figures.csv", b"700,700,700", b"700,701,700")
    reseal(folder, "figures")


def change_row(folder):
    path = folder / "csv/actors.csv"
    path.write_bytes(path.read_bytes().replace(b"\nwire,", b"\nxwire,") + b"z,Z,monitor,,,,,,,\n")
    reseal(folder, "actors")


def spoil_number(folder):
    replace(folder / "csv/figures.csv", b"700,700,700", b"700,x,700")
    reseal(folder, "figures")


def change_column(folder):
    replace(folder / "csv/actors.csv", b"actor_id,name", b"actor_id,nome")
    reseal(folder, "actors")


def add_a_word(schema):
    next(f for f in schema["fields"] if f["name"] == "outcome")["constraints"]["enum"].append("dead")


def loosen_pattern(schema):
    field = next(f for f in schema["fields"] if "pattern" in f["constraints"])
    field["constraints"]["pattern"] = ".*"


FILES, EQUAL, DOCS = "release.files-match-descriptor", "release.csv-equals-parquet", "release.docs-match-vocabularies"
TOUCHED = {
    "csv gone": (lambda p: (p / "csv/claims.csv").unlink(), {FILES}, "cannot be read: No such file"),
    "parquet gone": (lambda p: (p / "parquet/claims.parquet").unlink(), {FILES}, "cannot be read: No such file"),
    "byte changed": (lambda p: replace(p / "csv/flags.csv", b"maintainers", b"maintainerz"), {FILES, EQUAL}, "the hash is"),
    "byte added": (lambda p: replace(p / "csv/flags.csv", b"maintainers", b"maintainers2"), {FILES, EQUAL}, "bytes where the descriptor says"),
    "parquet broken": (lambda p: (p / "parquet/claims.parquet").write_bytes(b"PAR1"), {FILES, EQUAL}, "cannot be compared"),
    "parquet swapped": (lambda p: (p / "parquet/claims.parquet").write_bytes((p / "parquet/actors.parquet").read_bytes()), {FILES, EQUAL}, "the Parquet file does not have the columns and types of claims"),
    "one value": (change_value, {EQUAL}, "best in row 5 is 701 where the Parquet file has 700"),
    "one row more": (change_row, {FILES, EQUAL}, "8 rows where the Parquet file has 7"),
    "unreadable cell": (spoil_number, {EQUAL}, "cannot be compared"),
    "column renamed": (change_column, {EQUAL}, "the CSV file does not have the columns and types of actors"),
    "row count": (lambda p: edit_json(p / "datapackage.json", lambda d: d["resources"][0].update(rows=8)), {FILES}, "7 rows where the descriptor says 8"),
    "table unlisted": (lambda p: edit_json(p / "datapackage.json", lambda d: d["resources"].pop()), {FILES}, "the table crosswalk is not listed"),
    "foreign table": (lambda p: edit_json(p / "datapackage.json", lambda d: d["resources"].append({"name": "x", "path": "x.csv"})), {FILES}, "x is none of the tables"),
    "no alternate": (lambda p: edit_json(p / "datapackage.json", lambda d: d["resources"][0].pop("alternates")), {FILES}, "no Parquet file is listed"),
    "schema edited": (lambda p: edit_json(p / "schemas/figures.json", add_a_word), {FILES, DOCS}, "does not explain `dead` (figures.outcome)"),
    "pattern loosened": (lambda p: edit_json(p / "schemas/figures.json", loosen_pattern), {FILES}, "the descriptor says"),
    "label of a word changed": (lambda p: replace(p / "schemas/claims.json", b"projection", b"projectjon"), {FILES, DOCS}, "the hash is"),
    "readme edited": (lambda p: replace(p / "README.md", b"# ", b"#  "), {FILES}, "the descriptor says"),
    "schema unlisted": (lambda p: edit_json(p / "datapackage.json", lambda d: d["files"].pop()), {FILES}, "datapackage.json does not list it"),
    "file outside": (lambda p: edit_json(p / "datapackage.json", lambda d: d["files"].append({"path": "../x"})), {FILES}, "'../x' in `files` is not a path inside the folder"),
    "schema gone": (lambda p: (p / "schemas/figures.json").unlink(), {FILES, DOCS}, "the schema of figures cannot be read"),
    "word missing in the dictionary": (lambda p: replace(p / "README.md", b"\n| `killed` |", b"\n| `dead` |"), {FILES, DOCS}, "does not explain `killed`"),
    "dictionary not named": (lambda p: edit_json(p / "datapackage.json", lambda d: d.pop("dictionary")), {FILES, DOCS}, "the data dictionary"),
}  # fmt: skip


def test_verify_finds_nothing_in_a_good_package(package):
    assert verify_package(package) == []


@pytest.mark.parametrize("name", TOUCHED)
def test_verify_sees_what_was_touched(name, package):
    touch, rules, message = TOUCHED[name]
    touch(package)

    found = verify_package(package)

    assert {f.rule for f in found} == rules
    assert any(message in f.message for f in found), [f.message for f in found]
    assert all(f.place and str(package) in f.place.file for f in found)


def test_a_package_of_an_older_version_has_no_list_of_files(package):
    edit_json(package / "datapackage.json", lambda d: d.pop("files"))

    assert verify_package(package) == []


@pytest.mark.slow
@pytest.mark.parametrize(("key", "note"), [("files", "nothing has its own"), ("", "the schemas and README.md are not")])
def test_verify_says_which_files_have_no_hash(key, note, package):
    if not key:
        edit_json(package / "datapackage.json", lambda d: d.pop("files"))

    (said,) = [n for n in verify(str(package)).notes if n.startswith("not verified")]

    assert note in said


def test_every_file_of_a_package_has_a_hash(files):
    package = json.loads(files["datapackage.json"])
    listed = [item for r in package["resources"] for item in (r, *r["alternates"])] + package["files"]

    assert sorted(item["path"] for item in listed) == sorted(files.keys() - {"datapackage.json"})
    assert {item["hash"] for item in listed} == {
        f"sha256:{hashlib.sha256(files[item['path']]).hexdigest()}" for item in listed
    }


def test_a_difference_is_shown_with_its_line(package):
    change_value(package)

    (found,) = verify_package(package)

    assert str(found.place) == f"{package / 'csv/figures.csv'}:6"
    assert (package / "csv/figures.csv").read_text(encoding="utf-8").splitlines()[5].endswith("700,701,700,,,,")
    assert found.fields == ("best",)


def test_the_readme_examples_name_columns_that_exist(files):
    text = files["README.md"].decode()

    assert 'columns=["claim_id", "as_of"]' in text
    assert {"claim_id", "as_of"} <= set(make_polars_schema("claims"))
    assert {"relation"} <= set(make_polars_schema("casualties"))
