"""A zip that is the same each time: names in order, one date, one mode."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)  # the first that a zip can say
MODE = 0o100644 << 16
UNIX = 3
LEVEL = 1  # text shrinks to a tenth already; more takes several times as long

# Public since Python 3.13; a ZipFile's own level is not used for a member that is opened by its ZipInfo.
_LEVEL_OF_MEMBER = "compress_level" if hasattr(zipfile.ZipInfo(), "compress_level") else "_compresslevel"


def write(folder: Path, file: Path, top: str) -> None:
    """Pack a folder.

    Args:
        folder: what to pack; the zip itself is left out, where it lies in it.
        file: the zip.
        top: the one folder in the zip.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p != file)
    with zipfile.ZipFile(file, "w", allowZip64=True) as packed:
        for path in paths:
            info = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", DATE)
            info.external_attr, info.create_system = MODE, UNIX
            # Parquet is packed already.
            info.compress_type = zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
            setattr(info, _LEVEL_OF_MEMBER, LEVEL)
            info.file_size = path.stat().st_size
            with path.open("rb") as source, packed.open(info, "w") as out:
                shutil.copyfileobj(source, out, 1 << 20)
