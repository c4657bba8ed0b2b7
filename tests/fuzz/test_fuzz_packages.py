"""Damaged packages, indexes and differences: findings or one sentence."""

from __future__ import annotations

from pathlib import Path

import pytest
import sample
from fuzzing import count, damaged, fuzz
from hypothesis import given
from hypothesis import strategies as st
from packages import ONE, build_files, make_filler

from conflictdata.comparison.compare import diff
from conflictdata.datapackage.descriptor import read_descriptor
from conflictdata.datapackage.verify import verify_package
from conflictdata.findings import UsageError
from conflictdata.registry import index

pytestmark = pytest.mark.slow
INDEX = (
    b'{"index_version": 1, "versions": [{"version": "1.0.0", "released": "2024-07-01", "descriptor": '
    b'"1.0.0/datapackage.json", "files": [{"path": "1.0.0/csv/claims.csv", "bytes": 3, "sha256": "'
    + b"a" * 64
    + b'"}]}]}'
)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return build_files(sample.make_tables(), ONE, tmp_path_factory.mktemp("package") / "built")


@pytest.fixture(scope="module")
def package(files, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("whole")
    make_filler(files)(folder)
    return folder


NAMES = ("datapackage.json", "schemas/figures.json", "README.md", "csv/claims.csv", "parquet/claims.parquet")


@fuzz(60, heavy=True)
@given(data=st.data(), name=st.sampled_from(NAMES))
def test_every_change_of_a_file_of_a_package_is_found(data: st.DataObject, name: str, files, package: Path) -> None:
    count("packages: verify")
    content = data.draw(damaged(files[name]))
    (package / name).write_bytes(content)
    try:
        found = verify_package(package)
    finally:
        (package / name).write_bytes(files[name])
    assert bool(found) == (content != files[name]) or name == "datapackage.json"
    assert all(f.message and f.hint for f in found)


@fuzz(30, heavy=True)
@given(data=st.data(), name=st.sampled_from(NAMES))
def test_a_damaged_package_is_compared_or_refused(data: st.DataObject, name: str, files, package: Path) -> None:
    count("packages: diff")
    other = package.parent / "damaged"
    make_filler({**files, name: data.draw(damaged(files[name]))})(other)
    try:
        diff(package, other)
    except UsageError as fault:
        assert str(fault)


@fuzz(150)
@given(data=st.data())
def test_a_damaged_descriptor_is_read_or_refused(data: st.DataObject, files, tmp_path_factory) -> None:
    count("packages: descriptor")
    file = tmp_path_factory.getbasetemp() / "datapackage.json"
    file.write_bytes(data.draw(damaged(files["datapackage.json"], b'{"resources": [{"name": "a", "path": "b"}]}')))
    try:
        assert isinstance(read_descriptor(file)["resources"], list)
    except UsageError as fault:
        assert "datapackage.json" in str(fault)


@fuzz(100)
@given(content=damaged(INDEX))
def test_a_damaged_index_is_read_or_refused(content: bytes) -> None:
    count("packages: index")
    try:
        known = index.read(content, "index.json")
    except UsageError as fault:
        assert "index.json" in str(fault)
    else:
        assert all(index.is_version(version) for version in known)
