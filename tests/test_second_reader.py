"""frictionless as second reader of a package: what only it finds, and what it is not given to read."""

import csv
import datetime as dt
import json
import random
import subprocess
import sys
from pathlib import Path

import commands
import pytest
import sample
from packages import build_files
from seedbox import write_seedbox

from conflictdata.datapackage import descriptor
from conflictdata.datapackage.version import Release
from conflictdata.findings import Finding, Place, UsageError
from conflictdata.release import publish as publishing
from conflictdata.release.verify import verify
from conflictdata.validation import second_reader
from conflictdata.validation.api import validate
from conflictdata.validation.second_reader import RULE, read_package, select_unreported

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    release = Release("1.2.0", dt.date(2024, 7, 2))
    return build_files(sample.make_tables(), release, tmp_path_factory.mktemp("package") / "built")


PEOPLE = "id,name,place\na,Ann,x\nb,Bob,y\nc,Cat,\n"
PLACES = "id,name\nx,Here\ny,There\n"


def make_table(name, text, foreign_keys):
    fields = [{"name": column, "type": "string"} for column in text.split("\n")[0].split(",")]
    schema = {"fields": fields, "primaryKey": ["id"], "foreignKeys": foreign_keys}
    return {"name": name, "path": f"{name}.csv", "format": "csv", "schema": f"{name}.json"}, schema


@pytest.fixture
def small(tmp_path):
    """Return a package of two tables that are not ours."""
    key = {"fields": ["place"], "reference": {"resource": "places", "fields": ["id"]}}
    resources = []
    for name, text, keys in (("people", PEOPLE, [key]), ("places", PLACES, [])):
        resource, schema = make_table(name, text, keys)
        (tmp_path / resource["path"]).write_text(text, encoding="utf-8")
        (tmp_path / resource["schema"]).write_text(json.dumps(schema), encoding="utf-8")
        resources.append(resource)
    (tmp_path / "datapackage.json").write_text(json.dumps({"name": "small", "resources": resources}), encoding="utf-8")
    return tmp_path


@pytest.fixture
def package(files, tmp_path):
    """Return a package on disk that a test may change."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    return tmp_path


def edit_json(path, change):
    content = json.loads(path.read_bytes())
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def edit_resource(package, name, **items):
    edit_json(
        package / "datapackage.json", lambda d: next(r for r in d["resources"] if r["name"] == name).update(items)
    )


def replace(package, table, old, new):
    """Change a CSV, with its size and hash in the descriptor."""
    path = next(package.rglob(f"{table}.csv"))
    content = path.read_bytes()
    assert old in content
    path.write_bytes(content.replace(old, new, 1))
    edit_resource(package, table, **descriptor.measure_file(path))


def read(package):
    limit = csv.field_size_limit()
    opinion = read_package(package, str(package))
    assert csv.field_size_limit() == limit, "frictionless changes it for the whole process"
    return opinion


def find_own(report):
    return [f for f in report.findings if f.rule == RULE]


# What only frictionless finds -------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_good_package_has_no_finding_and_one_note(package):
    report = validate(package, second_reader=True)

    assert find_own(report) == []
    assert [n for n in report.notes if "second reader" in n] == report.notes
    assert report.notes[0].endswith(": 22 resources read; not read: 22 Parquet files")


@pytest.mark.slow
def test_an_error_that_only_frictionless_finds_is_a_finding(package):
    edit_json(package / "datapackage.json", lambda d: d.update(created="yesterday"))

    assert find_own(validate(package)) == []
    (found,) = find_own(validate(package, second_reader=True))

    assert found.severity == "error"
    assert found.place == Place(f"{package}/datapackage.json")
    assert 'property "created" is not valid "datetime"' in found.message
    assert found.hint


def test_a_finding_in_a_table_has_its_line_column_and_value(package):
    """The derived table has no rules of ours; its two files are equal here."""
    edit_json(
        package / "schemas/casualties.json",
        lambda s: next(f for f in s["fields"] if f["name"] == "outcome")["constraints"].update(enum=["killed"]),
    )
    text = (package / "csv/casualties.csv").read_text(encoding="utf-8").splitlines()
    line, outcome = next((n, o) for n, o in enumerate((r["outcome"] for r in csv.DictReader(text)), 2) if o != "killed")

    found = find_own(validate(package, second_reader=True))[0]

    assert found.place == Place(f"{package}/csv/casualties.csv", line)
    assert (found.table, found.fields, found.value) == ("casualties", ("outcome",), outcome)
    assert "enum" in found.message


@pytest.mark.slow
def test_the_line_is_that_of_the_file_where_a_cell_has_line_breaks(package):
    replace(package, "actors", b",Rebels,", b',"Reb\n\nels",')
    replace(package, "actors", b"\nwire,", b"\nWIRE,")
    lines = (package / "csv/actors.csv").read_text(encoding="utf-8").split("\n")

    places = {e.place.line for e in read(package).errors if e.value == "WIRE"}

    assert places == {1 + next(n for n, line in enumerate(lines) if line.startswith("WIRE,"))}


KNOWN = {
    "a value of another type": ("figures", b"700,700,700", b"700,x,700"),
    "an unknown word": ("claims", b",event,", b",incident,"),
    "a dangling key": ("claims", b".1,paper-2024-06-02,observatory", b".1,paper-2024-06-02,nobody"),
    "a key twice": ("actors", b"\nrebels,", b"\npaper,"),
    "a ragged row": ("actors", b"\nrebels,", b"\nrebels,,,"),
    "a renamed column": ("actors", b"actor_id,name", b"actor_id,nome"),
    "bytes that are not UTF-8": ("actors", b"Rebels", b"R\xe9bels"),
    "an open quote": ("actors", b",Rebels,", b',"Rebels,'),
}


@pytest.mark.slow
@pytest.mark.sample(3)
@pytest.mark.parametrize("name", KNOWN)
def test_what_our_reader_finds_is_not_repeated(name, package):
    replace(package, *KNOWN[name])

    report = validate(package, second_reader=True)

    assert read(package).errors, "frictionless finds it too"
    assert report.errors
    assert find_own(report) == []


@pytest.mark.parametrize(
    ("ours", "shown"),
    [
        ((), True),
        ([("csv/a.csv", 3, ("low",))], True),
        ([("csv/a.csv", 3, ("high", "best"))], False),
        ([("csv/a.csv", 3, ())], False),
        ([("csv/a.csv", 4, ("best",))], True),
        ([("csv/b.csv", 3, ("best",))], True),
    ],
)
def test_an_error_is_known_by_file_line_and_column(ours, shown):
    known = [Finding("x.y", "error", "", fields=fields, place=Place(file, line)) for file, line, fields in ours]
    error = Finding(RULE, "error", "", fields=("best",), place=Place("csv/a.csv", 3))

    assert list(select_unreported([error], known)) == [error] * shown


# Damaged and hostile packages ---------------------------------------------------------------------------------------


def link_outside(small):
    outside = small.parent / f"{small.name}-outside.csv"
    (small / "places.csv").rename(outside)
    (small / "places.csv").symlink_to(outside)


DAMAGE = {
    "resource missing": (lambda p: (p / "places.csv").unlink(), "places (missing)", ""),
    "folder in its place": (lambda p: edit_resource(p, "places", path="csv"), "places (not a plain CSV file)", ""),
    "web address": (
        lambda p: edit_resource(p, "places", path="http://127.0.0.1:9/places.csv"),
        "places (a web address, which is not fetched)",
        "",
    ),
    "file address": (
        lambda p: edit_resource(p, "places", path="file:///etc/x.csv"),
        "places (a web address, which is not fetched)",
        "",
    ),
    "link out of the folder": (link_outside, "places (outside the package)", ""),
    "several paths": (
        lambda p: edit_resource(p, "places", extrapaths=["../x.csv"]),
        "places (not a plain CSV file)",
        "",
    ),
    "packed": (lambda p: edit_resource(p, "places", compression="gz"), "places (not a plain CSV file)", ""),
    "schema out of the folder": (
        lambda p: edit_resource(p, "places", schema="../secret.json"),
        "places (no schema)",
        "the schema of places is '../secret.json': outside the package",
    ),
    "schema on the web": (
        lambda p: edit_resource(p, "places", schema="http://127.0.0.1:9/x"),
        "places (no schema)",
        "the schema of places is 'http://127.0.0.1:9/x': a web address, which is not fetched",
    ),
    "schema is not JSON": (
        lambda p: (p / "places.json").write_bytes(b"\xff{"),
        "places (no schema)",
        "the schema of places is not a JSON object",
    ),
    "schema is a list": (
        lambda p: (p / "places.json").write_bytes(b"[" * 100_000),
        "places (no schema)",
        "the schema of places is not a JSON object",
    ),
    "dialect out of the folder": (
        lambda p: edit_resource(p, "places", dialect="/etc/passwd"),
        "places (no dialect)",
        "the dialect of places is '/etc/passwd': outside the package",
    ),
    "profile on the web": (
        lambda p: edit_json(p / "datapackage.json", lambda d: d.update(profile="http://127.0.0.1:9/x")),
        "",
        "the profile 'http://127.0.0.1:9/x' is not a standard one and is not fetched",
    ),
    "wrong dialect": (
        lambda p: edit_resource(p, "places", dialect={"delimiter": ";"}),
        "",
        'There is a missing label in the header\'s field "name"',
    ),
    "unknown encoding": (lambda p: edit_resource(p, "places", encoding="rot13"), "", "'rot-13' is not a text encoding"),
    "foreign key to nothing": (
        lambda p: edit_json(
            p / "places.json",
            lambda s: s["foreignKeys"].append({"fields": ["name"], "reference": {"resource": "x", "fields": ["k"]}}),
        ),
        "",
        'resource "x" does not exist',
    ),
    "foreign keys of another form": (
        lambda p: edit_json(p / "places.json", lambda s: s.update(foreignKeys=[7, {"reference": []}])),
        "(frictionless stopped)",
        "frictionless stops: AttributeError",
    ),
    "field of an unknown type": (
        lambda p: edit_json(p / "places.json", lambda s: s["fields"][0].update(type="colour")),
        "",
        "colour",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_package_is_described_and_nothing_outside_is_read(name, small, monkeypatch):
    damage, skipped, message = DAMAGE[name]
    damage(small)
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("a connection"))

    opinion = read(small)

    assert skipped in opinion.format_note()
    assert (message in " ".join(e.message for e in opinion.errors)) if message else opinion.errors == []
    assert opinion.errors or skipped


def test_a_key_to_a_table_that_was_not_read_is_not_called_dangling(small):
    (small / "places.csv").unlink()

    assert [e.message for e in read(small).errors if "lookup" in e.message] == []


@pytest.mark.parametrize("content", [None, b"", b"{", b"\xff\xfe", b"[]", b'{"resources": [{"name": "a"}]}'])
def test_what_is_not_a_descriptor_is_refused(content, small):
    path = small / "datapackage.json"
    path.unlink() if content is None else path.write_bytes(content)

    with pytest.raises(UsageError):
        read(small)
    done = commands.run("validate", str(small), "--second-reader")

    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "Traceback" not in done.stderr


def test_large_resources_are_skipped_in_the_one_note(small, monkeypatch):
    monkeypatch.setattr(second_reader, "MAX_ROWS", 2)
    monkeypatch.setattr(second_reader, "MAX_BYTES", 40)
    edit_resource(small, "places", alternates=[{"path": "places.parquet"}])
    (small / "people.csv").write_bytes(b"id,name,place\na,b,\nc,d,\ne,f,\n")

    note = read(small).format_note()

    assert note.endswith(": 1 resource read; not read: people (more than 2 rows), 1 Parquet file")


def test_a_table_of_exactly_the_most_rows_is_read(small, monkeypatch):
    rows = (small / "places.csv").read_bytes().count(b"\n") - 1
    monkeypatch.setattr(second_reader, "MAX_ROWS", rows)
    assert "places" in read(small).read

    monkeypatch.setattr(second_reader, "MAX_ROWS", rows - 1)
    assert read(small).skipped["places"] == f"more than {rows - 1} rows"


def test_a_field_of_a_gigabyte_is_not_read(small):
    with (small / "places.csv").open("r+b") as file:
        file.truncate(1 << 30)  # a hole in the file, which takes no space

    assert read(small).skipped == {"places": "more than 256 MB"}


def test_a_field_of_two_megabytes_is_not_read(small):
    replace(small, "places", b"Here", b"x" * 2_000_000)

    assert read(small).skipped == {"places": "a line of more than 1,000,000 characters"}


def test_many_quotes_on_a_line_take_no_time(small):
    """frictionless's guess of the dialect takes minutes for this cell."""
    replace(small, "places", b",Here\n", b',"x' + b', "", ""' * 10_000 + b'"\n')

    assert "places" in read(small).read


def test_a_table_with_very_many_errors_is_not_called_read_to_the_end(small):
    path = small / "people.csv"
    path.write_bytes(path.read_bytes() + b"x,y,z,9\n" * 3_000)

    opinion = read(small)

    assert opinion.skipped == {"the rest of people": "after 1,000 errors"}
    assert len([e for e in opinion.errors if e.table == "people"]) == 1_000


@pytest.mark.slow
def test_random_damage_gives_no_traceback(small):
    dice = random.Random(7)
    paths = [p for p in small.rglob("*") if p.suffix in {".json", ".csv"} and p.name != "datapackage.json"]
    for _ in range(12):
        path = dice.choice(paths)
        content = bytearray(path.read_bytes())
        for _ in range(3):
            at = dice.randrange(len(content) + 1)
            content[at : at + dice.randrange(40)] = dice.randbytes(dice.randrange(5))
        path.write_bytes(content)
        opinion = read(small)
        assert not [e.message for e in opinion.errors if "frictionless stops" in e.message]


# The commands -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_validate_gives_a_second_opinion_if_it_is_wanted(package):
    edit_json(package / "datapackage.json", lambda d: d.update(created="yesterday"))

    done = commands.run("validate", str(package), "--second-reader", "--quiet")

    assert done.returncode == 1
    assert f"{package}/datapackage.json: error[{RULE}]" in done.stdout
    assert "22 Parquet files" in done.stdout
    assert RULE not in commands.run("validate", str(package)).stdout


@pytest.mark.slow
def test_verify_gives_a_second_opinion(package):
    edit_json(package / "datapackage.json", lambda d: d.update(created="yesterday"))

    assert [f.rule for f in verify(str(package)).findings if f.rule == RULE] == [RULE]


@pytest.mark.slow
def test_publish_keeps_the_old_package_if_frictionless_finds_an_error(tmp_path, monkeypatch):
    out, seeds = tmp_path / "out", write_seedbox(tmp_path / "seeds")
    report, folder = publishing.publish_seeds(seeds, out)
    assert folder == out
    assert any("second reader" in note for note in report.notes)
    before = (out / "datapackage.json").stat().st_ino

    monkeypatch.setattr(
        second_reader, "_run_frictionless", lambda opinion, _: opinion.add("csv/claims.csv", "wrong", (3, 0))
    )
    report, folder = publishing.publish_seeds(seeds, out)

    assert folder is None
    assert [(f.rule, str(f.place)) for f in report.errors] == [(RULE, f"{out}/csv/claims.csv:3")]
    assert (out / "datapackage.json").stat().st_ino == before


def test_the_second_reader_is_for_packages():
    with pytest.raises(UsageError, match="--second-reader is for a data package"):
        validate(ROOT / "seeds", second_reader=True)


@pytest.mark.slow
@pytest.mark.parametrize("command", [["--help"], ["explain", RULE], ["list"], ["validate"]])
def test_no_other_command_imports_frictionless(command, package):
    code = (
        "import sys\nfrom conflictdata.cli import main\nsys.argv = ['conflictdata', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "print('loaded:', *(m for m in sys.modules if m.startswith('frictionless')))"
    )
    arguments = [*command, str(package)] if command == ["validate"] else command
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "loaded:"
