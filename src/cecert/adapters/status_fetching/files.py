"""Status lists in files: one list, or a bundle that holds several."""

from __future__ import annotations

import zlib
from io import BytesIO
from zipfile import BadZipFile, ZipFile

__all__ = ["LARGEST_LIST", "lists_in", "reattested_in"]

LARGEST_LIST = 64 << 10
"""Bytes; 32 768 bytes of slots that do not compress, and a signature, are fewer."""

LARGEST_REATTESTED = 8 << 20
"""Bytes; half a million certificates of one key."""

MOST_LISTS = 1000

_ZIP = b"PK\x03\x04"


def lists_in(data: bytes) -> tuple[bytes, ...]:
    """Return the lists in a file: itself, or the `.st` files of a bundle.

    What is too large to be a list, or damaged, is left out.
    """
    if not data.startswith(_ZIP):
        return (data[: LARGEST_LIST + 1],)
    return _members(data, ".st", LARGEST_LIST)


def reattested_in(data: bytes) -> tuple[bytes, ...]:
    """Return the re-attested lists in a file: itself, or the `.reattested` files of a bundle."""
    if not data.startswith(_ZIP):
        return (data,)
    return _members(data, ".reattested", LARGEST_REATTESTED)


def _members(data: bytes, ending: str, largest: int) -> tuple[bytes, ...]:
    try:
        with ZipFile(BytesIO(data)) as bundle:
            members = [each for each in bundle.infolist() if each.filename.endswith(ending)]
            return tuple(
                bundle.read(each) for each in members[:MOST_LISTS] if each.file_size <= largest
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
