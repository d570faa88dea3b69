"""Status lists in files: one list, or a bundle that holds several."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

__all__ = ["LARGEST_LIST", "lists_in"]

LARGEST_LIST = 64 << 10
"""Bytes; 32 768 bytes of slots that do not compress, and a signature, are fewer."""

MOST_LISTS = 1000

_ZIP = b"PK\x03\x04"


def lists_in(data: bytes) -> tuple[bytes, ...]:
    """Return the lists in a file: itself, or the `.st` files of a bundle.

    What is too large to be a list, or damaged, is left out.
    """
    if not data.startswith(_ZIP):
        return (data[: LARGEST_LIST + 1],)
    try:
        with ZipFile(BytesIO(data)) as bundle:
            members = [each for each in bundle.infolist() if each.filename.endswith(".st")]
            return tuple(
                bundle.read(each) for each in members[:MOST_LISTS] if each.file_size <= LARGEST_LIST
            )
    except (
        BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
        EOFError,
        zlib.error,
    ):
        return (b"",)
