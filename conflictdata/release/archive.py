"""Write reproducible zips: names in order, one date, one mode."""

from __future__ import annotations

import os
import shutil
import zipfile
import zlib
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

DATE = (1980, 1, 1, 0, 0, 0)  # the earliest date that a zip can store
MODE = 0o100644 << 16
UNIX = 3
LEVEL = 1  # text shrinks to a tenth; higher levels take several times as long
BLOCK = 4 << 20  # bytes that are packed independently; changing it changes the bytes of the zip

# Public since Python 3.13; a ZipFile's own level is not used for a member that is opened by its ZipInfo.
_LEVEL_OF_MEMBER = "compress_level" if hasattr(zipfile.ZipInfo(), "compress_level") else "_compresslevel"


def write(folder: Path, file: Path, top: str) -> None:
    """Pack a folder.

    Args:
        folder: Folder to pack. The zip itself is left out if it is in it.
        file: The zip.
        top: Name of the only top folder in the zip.
    """
    paths = sorted(p for p in folder.rglob("*") if p.is_file() and p != file)
    with zipfile.ZipFile(file, "w", allowZip64=True) as packed, ThreadPoolExecutor(os.cpu_count()) as pool:
        for path in paths:
            info = zipfile.ZipInfo(f"{top}/{path.relative_to(folder).as_posix()}", DATE)
            info.external_attr, info.create_system = MODE, UNIX
            # Parquet files are already compressed.
            info.compress_type = zipfile.ZIP_STORED if path.suffix == ".parquet" else zipfile.ZIP_DEFLATED
            setattr(info, _LEVEL_OF_MEMBER, LEVEL)
            info.file_size = path.stat().st_size
            with path.open("rb") as source, packed.open(info, "w") as out:
                if info.compress_type == zipfile.ZIP_DEFLATED and info.file_size > BLOCK:
                    # zipfile has no public way to choose a member's compressor. Without this line, one thread would pack
                    # it, into a valid zip too.
                    out._compressor = _Threads(pool)  # type: ignore[attr-defined]
                shutil.copyfileobj(source, out, BLOCK)


class _Threads:
    """Deflate with several threads, like pigz.

    The stream consists of independent blocks.
    """

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self._pool = pool
        self._going: deque[Future[bytes]] = deque()
        self._most = 2 * (os.cpu_count() or 1)  # blocks in memory at a time

    def compress(self, block: bytes) -> bytes:
        """Start to pack a block. Return the packed bytes of an earlier block, if any."""
        self._going.append(self._pool.submit(_deflate_block, block))
        return self._going.popleft().result() if len(self._going) > self._most else b""

    def flush(self) -> bytes:
        """Return the remaining packed blocks and the end of the stream."""
        end = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
        return b"".join([*(block.result() for block in self._going), end])


def _deflate_block(block: bytes) -> bytes:
    """Deflate a block up to a byte boundary, without ending the stream."""
    packing = zlib.compressobj(LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packing.compress(block) + packing.flush(zlib.Z_FULL_FLUSH)
