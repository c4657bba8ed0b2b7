"""Zips made by hand to do harm: each is refused, and nothing is written."""

from __future__ import annotations

import stat
import struct
import zipfile
from pathlib import Path

import pytest

from conflictdata.findings import UsageError
from conflictdata.registry.archive import Limits, extract


def _write_zip(
    path: Path, members: list[tuple[str | zipfile.ZipInfo, bytes]], method: int = zipfile.ZIP_STORED
) -> Path:
    with zipfile.ZipFile(path, "w", method) as packed:
        for name, content in members:
            packed.writestr(name, content)
    return path


def _make_link(name: str, kind: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, (kind | 0o777) << 16
    return info


@pytest.fixture
def into(tmp_path: Path) -> Path:
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def test_a_good_zip_comes_out_as_it_went_in(tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(
        tmp_path / "a.zip", [("csv/a.csv", b"x" * 9), ("README.md", b"y"), ("empty.csv", b"")], zipfile.ZIP_DEFLATED
    )
    assert extract(zipped, into) == ["csv/a.csv", "README.md", "empty.csv"]
    assert (into / "csv/a.csv").read_bytes() == b"x" * 9


NAMES = [
    "../a", "a/../../b", "/etc/passwd", "C:\\a", "C:/a", "a\\..\\b", "\\\\host\\share", "a/./b", "a//b", ".", "..", "a\nb", "a\x00b", "a\u202eb",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
def test_a_name_outside_the_folder_is_refused_before_anything_is_written(name: str, tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("good.csv", b"x"), ("placeholder", b"x")])
    raw = zipped.read_bytes()
    # The library corrects some names while it writes, so the name is inserted by hand if it fits.
    if len(name.encode()) <= len("placeholder"):
        padded = name.encode()
        raw = _rename_member(raw, b"placeholder", padded)
        zipped.write_bytes(raw)
    else:
        zipped = _write_zip(tmp_path / "b.zip", [("good.csv", b"x"), (name, b"x")])
    with pytest.raises(UsageError, match=r"is not a path inside the folder"):
        extract(zipped, into)
    assert list(into.iterdir()) == []
    assert not (tmp_path / "a").exists()


def _rename_member(raw: bytes, old: bytes, new: bytes) -> bytes:
    """Rename the last member of a zip of stored members.

    The new name may have another length; both headers are changed.
    """
    local, first = raw.rindex(b"PK\x03\x04"), raw.index(b"PK\x01\x02")
    central, end = raw.rindex(b"PK\x01\x02"), raw.rindex(b"PK\x05\x06")
    length = struct.pack("<H", len(new))
    member = raw[local : local + 26] + length + raw[local + 28 : local + 30] + new + raw[local + 30 + len(old) : first]
    entry = raw[central : central + 28] + length + raw[central + 30 : central + 46] + new
    size, offset = struct.unpack("<II", raw[end + 12 : end + 20])
    shorter = len(old) - len(new)
    tail = raw[end : end + 12] + struct.pack("<II", size - shorter, offset - shorter) + raw[end + 20 :]
    return raw[:local] + member + raw[first:central] + entry + raw[central + 46 + len(old) : end] + tail


def test_the_hand_that_renames_members_is_steady(tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("good.csv", b"x"), ("placeholder", b"x")])
    zipped.write_bytes(_rename_member(zipped.read_bytes(), b"placeholder", b"other.csv"))
    assert extract(zipped, into) == ["good.csv", "other.csv"]


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFIFO], ids=["link", "device", "pipe"])
def test_links_and_devices_are_refused(kind: int, tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("good.csv", b"x"), (_make_link("bad", kind), b"/etc/passwd")])
    with pytest.raises(UsageError, match="'bad' is a link or a device"):
        extract(zipped, into)
    assert list(into.iterdir()) == []


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("other", ["a.csv", "A.CSV"])
def test_two_members_that_would_be_one_file_are_refused(other: str, tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("a.csv", b"x"), (other, b"y")])
    with pytest.raises(UsageError, match="would be one file"):
        extract(zipped, into)
    assert list(into.iterdir()) == []


def test_bombs_are_refused_before_anything_is_written(tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("zeros", b"\0" * (8 << 20))], zipfile.ZIP_DEFLATED)
    with pytest.raises(UsageError, match=r"'zeros' unpacks from [0-9,]+ to 8,388,608 bytes"):
        extract(zipped, into)
    many = _write_zip(tmp_path / "b.zip", [(f"f{i}", b"") for i in range(20)])
    with pytest.raises(UsageError, match="has 20 members, more than 10"):
        extract(many, into, Limits(members=10))
    large = _write_zip(tmp_path / "c.zip", [(f"f{i}", b"x" * 100) for i in range(20)])
    with pytest.raises(UsageError, match="unpacks to 2,000 bytes, more than 1,000"):
        extract(large, into, Limits(size=1_000))
    assert list(into.iterdir()) == []


def test_a_member_that_lies_about_its_size_is_refused(tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("zeros", b"\0" * (4 << 20))], zipfile.ZIP_DEFLATED)
    raw = bytearray(zipped.read_bytes())
    central = raw.rindex(b"PK\x01\x02")
    raw[central + 24 : central + 28] = struct.pack("<I", 10)  # size in the central directory
    zipped.write_bytes(bytes(raw))
    with pytest.raises(UsageError, match="is not a whole zip: Bad CRC"):
        extract(zipped, into)
    assert (into / "zeros").stat().st_size <= 10


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 10], ids=["empty", "text", "cut"])
def test_a_file_that_is_not_a_zip_is_reported(content: bytes, tmp_path: Path, into: Path) -> None:
    (tmp_path / "a.zip").write_bytes(content)
    with pytest.raises(UsageError, match="is not a whole zip"):
        extract(tmp_path / "a.zip", into)


def test_a_flipped_byte_or_an_encrypted_member_is_reported(tmp_path: Path, into: Path) -> None:
    zipped = _write_zip(tmp_path / "a.zip", [("a.csv", b"x" * 100)])
    raw = bytearray(zipped.read_bytes())
    raw[60] ^= 1
    zipped.write_bytes(bytes(raw))
    with pytest.raises(UsageError, match="is not a whole zip: Bad CRC"):
        extract(zipped, into)
    raw[60] ^= 1
    raw[raw.rindex(b"PK\x01\x02") + 8] |= 1
    zipped.write_bytes(bytes(raw))
    with pytest.raises(UsageError, match=r"'a\.csv' is encrypted"):
        extract(zipped, into)
