"""Parts of a seal in a PDF, as tests take it apart and put it together again."""

from __future__ import annotations

import re

from asn1crypto import cms

__all__ = ["der", "hole_of", "seal_of"]


def seal_of(pdf: bytes) -> cms.ContentInfo:
    """Return the CMS of a seal."""
    start, end = hole_of(pdf)
    return cms.ContentInfo.load(bytes.fromhex(pdf[start + 1 : end - 1].decode()))


def hole_of(pdf: bytes) -> tuple[int, int]:
    """Return where the digits of a seal begin and end, with the brackets around them."""
    found = re.search(rb"/ByteRange\s*\[\s*0 (\d+) (\d+) ", pdf)
    assert found
    return int(found[1]), int(found[2])


def der(tag: int, content: bytes) -> bytes:
    """Return a DER value (X.690, 8.1)."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content
