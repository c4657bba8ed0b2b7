"""An existing path is never a pattern.

Folders named with [ ] * ? are read and written like any other, and no other file is.
"""

from __future__ import annotations

import ast
import gzip
import os
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from commands import PLAIN, run
from depth import count_examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from import_results import make_ged_row, write_csv
from registries import OLD, make_registry
from seedbox import write_seedbox

import conflictdata as cd
from conflictdata import loading
from conflictdata.export import FORMATS
from conflictdata.findings import Report
from conflictdata.release.publish import publish_seeds
from conflictdata.release.verify import verify

PACKAGE = Path(cd.__file__).parent
FEEDS = Path(__file__).parent / "data" / "feeds"
ROWS = pl.read_csv(FEEDS / "radford.csv", infer_schema=False).height
ENGINES = ("polars", "pandas", "duckdb")

# The pieces of a name, and a text that each matches as a pattern.
PIECES = {
    "[1]": "1", "[ab]": "b", "[!x]": "y", "*": "cc", "?": "d", "**": "e", "[": "[", "]": "]", "{a,b}": "a", "x": "x", " ": " ", "'": "'", "%20": "%20",
}  # fmt: skip


@st.composite
def names(draw: st.DrawFn) -> tuple[str, str]:
    """Draw the name of a folder, and another name that it matches as a pattern."""
    pieces = draw(st.lists(st.sampled_from(list(PIECES)), min_size=1, max_size=4))
    pieces.insert(draw(st.integers(0, len(pieces))), draw(st.sampled_from(["[1]", "[ab]", "*", "?"])))
    name, other = "p" + "".join(pieces), "p" + "".join(PIECES[piece] for piece in pieces)
    return name, other if other != name else f"{other}0"


def parametrise_names(few: int) -> Any:
    """Draw a few folder names, because each one takes seconds."""

    def decorate(test: Any) -> Any:
        quiet = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
        return given(named=names())(
            settings(max_examples=count_examples(few, 5 * few), suppress_health_check=quiet)(test)
        )

    return decorate


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small package."""
    folder = tmp_path_factory.mktemp("package")
    report, out = publish_seeds(
        write_seedbox(folder / "seeds", {"release.yaml": "version: 1.0.0\ndate: 2024-07-01\n"}), folder / "out"
    )
    assert (report.ok, out) == (True, folder / "out")
    return folder / "out"


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


class Place:
    """A folder for files under a given name, and others under a matching name.

    The first name, as a pattern, matches the second.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._count = 0

    def holding(self, files: Path, named: tuple[str, str]) -> tuple[Path, Path]:
        """Return two folders with the same files.

        One has a harmless name, one the given name. Broken files are next to the second.
        """
        self._count += 1
        home = self.folder / str(self._count)
        plain, odd, other = home / "plain", home / named[0], home / named[1]
        for folder in (plain, odd, other):
            shutil.copytree(files, folder)
        for file in [p for p in other.rglob("*") if p.is_file()]:
            _spoil(file)
        return plain, odd


def _spoil(file: Path) -> None:
    if file.suffix == ".parquet":
        pl.DataFrame({"other": ["file"]}).write_parquet(file)
    elif file.suffix == ".gz":
        file.write_bytes(gzip.compress(b"other\nfile\n"))
    else:
        file.write_bytes(b"other\nfile\n")


def summarise(report: Report, folder: Path) -> list[tuple[Any, ...]]:
    """Return a report's findings, with places relative to the folder."""
    found = [(f.rule, f.message, str(f.place).replace(str(folder), "")) for f in report.findings]
    return [*found, report.counts, {rule: str(tally) for rule, tally in report.evaluated.items()}]


@pytest.mark.slow
@parametrise_names(4)
def test_a_package_is_verified_and_validated(named: tuple[str, str], package: Path, place: Place) -> None:
    plain, odd = place.holding(package, named)

    assert verify(str(odd)).ok
    assert summarise(cd.validate(odd), odd) == summarise(cd.validate(plain), plain)


@pytest.mark.slow
@parametrise_names(3)
@pytest.mark.parametrize("form", ["csv", "parquet", "gz", "pattern", "folder"])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_table_is_validated_on_each_engine(
    engine: str, form: str, named: tuple[str, str], package: Path, place: Place
) -> None:
    source = place.folder / "tables"
    if not source.is_dir():
        (source / "parts" / "entity_kind=actor").mkdir(parents=True)
        rows = pl.read_csv(package / "csv" / "aliases.csv", infer_schema=False)
        rows.write_csv(source / "aliases.csv")
        rows.write_parquet(source / "aliases.parquet")
        (source / "aliases.csv.gz").write_bytes(gzip.compress((source / "aliases.csv").read_bytes()))
        rows.drop("entity_kind").write_csv(source / "parts" / "entity_kind=actor" / "aliases.csv")
    plain, odd = place.holding(source, named)
    path = {
        "csv": "aliases.csv",
        "parquet": "aliases.parquet",
        "gz": "aliases.csv.gz",
        "pattern": "ali*.parquet",
        "folder": "parts",
    }[form]

    found = cd.validate(odd / path, engine=engine)

    assert found.counts == {"aliases": 1}
    assert found.ok
    assert summarise(found, odd) == summarise(cd.validate(plain / path, engine=engine), plain)


@pytest.mark.slow
@parametrise_names(3)
@pytest.mark.parametrize("engine", ENGINES)
def test_other_peoples_files_are_validated_on_each_engine(engine: str, named: tuple[str, str], place: Place) -> None:
    source = place.folder / "feeds"
    if not source.is_dir():
        source.mkdir()
        shutil.copy(FEEDS / "radford.csv", source)
        pl.read_csv(FEEDS / "radford.csv", infer_schema=False).write_parquet(source / "radford.parquet")
    plain, odd = place.holding(source, named)

    for name in ("radford.csv", "radford.parquet"):
        found = cd.validate(odd / name, engine=engine)
        assert found.counts == {"radford": ROWS}
        assert summarise(found, odd) == summarise(cd.validate(plain / name, engine=engine), plain)


@pytest.mark.slow
@parametrise_names(4)
def test_two_packages_are_compared(named: tuple[str, str], package: Path, place: Place) -> None:
    plain, odd = place.holding(package, named)

    assert run("diff", plain, odd).stdout.endswith("nothing differs\n")
    for file in (odd / "parquet").iterdir():
        file.unlink()
    assert run("diff", plain, odd).stdout.endswith("nothing differs\n")  # from the CSV files


@pytest.mark.slow
@parametrise_names(3)
def test_files_are_imported_and_imported_again(named: tuple[str, str], place: Place) -> None:
    source = place.folder / "rows"
    if not source.is_dir():
        source.mkdir()
        write_csv(source / "ged.csv", [make_ged_row(1, deaths_a=1, deaths_b=2)])
    _, odd = place.holding(source, named)

    first = run("import", "ucdp-ged", odd / "ged.csv", "--out", odd / "out")
    again = run("import", "ucdp-ged", odd / "ged.csv", "--out", odd / "out")

    assert (first.returncode, again.returncode) == (0, 0), first.stderr + again.stderr
    assert verify(str(odd / "out")).ok


@pytest.mark.slow
@parametrise_names(3)
def test_tables_are_loaded_from_a_version_and_from_an_installation(
    named: tuple[str, str], place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry = place.folder / "registry"
    if not registry.is_dir():
        registry.mkdir()
        make_registry(registry)
    _, installed = place.holding(loading.DATA, named)
    shape = cd.load("figures", engine="arrow").shape
    with monkeypatch.context() as patch:
        patch.setenv("CONFLICTDATA_REGISTRY", str(registry))
        patch.setenv("CONFLICTDATA_HOME", str(installed / "home"))
        assert [cd.load("figures", version=OLD, engine=engine).shape for engine in ("pandas", "polars", "arrow")] == [
            shape
        ] * 3
        patch.setattr(loading, "DATA", installed)
        assert [cd.load("figures", engine=engine).shape for engine in ("pandas", "polars", "arrow")] == [shape] * 3
        shown = run("show", "figures", env={**PLAIN, "COLUMNS": "200"})
        assert shown.returncode == 0, shown.stderr
        assert shown.stdout


@pytest.mark.slow
@parametrise_names(2)
@pytest.mark.sample(2)
@pytest.mark.parametrize("form", FORMATS)
def test_tables_are_exported(form: str, named: tuple[str, str], place: Place) -> None:
    folder = place.folder / "exports" / named[0]
    shutil.rmtree(folder.parent, ignore_errors=True)
    ending = FORMATS[form].ending
    tables = ["--table", "figures"] if FORMATS[form].holds == "one table" else []
    file, neighbour = folder / f"{named[0]}.{ending}", folder / f".{named[1]}.{ending}.new-{os.getpid()}.{ending}"
    folder.mkdir(parents=True)
    neighbour.write_text("of somebody else", encoding="utf-8")

    done = run("export", form, *tables, "--to", file)

    assert done.returncode == 0, done.stderr
    assert sorted(folder.iterdir()) == sorted([file, neighbour])
    assert list(folder.parent.iterdir()) == [folder]


def test_a_pattern_of_a_folder_with_brackets_is_of_that_folder(tmp_path: Path) -> None:
    for folder, rows in (("h[1]", 2), ("h1", 3)):
        (tmp_path / folder).mkdir()
        pl.read_csv(FEEDS / "radford.csv", infer_schema=False).head(rows).write_csv(tmp_path / folder / "radford.csv")

    assert cd.validate(tmp_path / "h[1]" / "*.csv").counts == {"radford": 2}
    assert cd.validate(tmp_path / "h[12]" / "*.csv").counts == {
        "radford": 3
    }  # no folder has this name, so it is a pattern


@pytest.mark.slow
def test_polars_is_never_given_a_path_for_a_pattern() -> None:
    """Each call that reads a file by its path has `glob=False`.

    Readers without this option are not called.
    """
    found = []
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            of_polars = isinstance(node.func.value, ast.Name) and node.func.value.id == "pl"
            if not (of_polars and node.func.attr.startswith(("read_", "scan_"))):
                continue
            in_memory = isinstance(node.args[0], ast.Call) and "BytesIO" in ast.unparse(node.args[0].func)
            literal = any(k.arg == "glob" and ast.unparse(k.value) == "False" for k in node.keywords)
            found.append((f"{file.name}:{node.lineno}", in_memory or literal))
    assert len(found) > 8
    assert [at for at, right in found if not right] == []
