"""What `zipfile` raises of a file that somebody else made, and which ways of packing are read.

What is packed by bzip2 or LZMA is unpacked without a limit, however little of it is asked for,
and no program writes a workbook, a bundle or a backup so.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

__all__ = ["ZIP_DAMAGE", "refuse_other_packing"]

ZIP_DAMAGE = (BadZipFile, zlib.error, EOFError, RuntimeError, ValueError, OSError, LookupError)
"""Of a zip file, or a part of it, that is damaged, encrypted, or made to fool its reader."""


def refuse_other_packing(parts: Iterable[ZipInfo]) -> None:
    """Refuse parts that are packed in another way than everybody's.

    Raises:
        BadZipFile: If one is.
    """
    for each in parts:
        if each.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
            raise BadZipFile(f"{each.filename!r} is packed in a way that is not read")
