"""Parts of a seal in a PDF, as tests take it apart and put it together again."""

from __future__ import annotations

import re
from collections.abc import Sequence

from asn1crypto import cms, core

__all__ = ["der", "hole_of", "seal_of", "signature_of", "with_unsigned_attributes"]


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


def signature_of(pdf: bytes) -> bytes:
    """Return the value of the signature in a seal, which a time stamp is of."""
    return bytes(seal_of(pdf)["content"]["signer_infos"][0]["signature"].native)


def with_unsigned_attributes(pdf: bytes, attributes: Sequence[core.Asn1Value]) -> bytes:
    """Return *pdf* with unsigned attributes in its seal, written as sealing would write them."""
    container = seal_of(pdf)
    signed = container["content"]
    signer = signed["signer_infos"][0]
    encoded = b"".join(each.dump() for each in attributes)
    own = der(0xA1, encoded)
    before = b"".join(
        signer[name].dump()
        for name in (
            "version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm",
            "signature",
        )
    )  # fmt: skip
    signers = der(0x31, der(0x30, before + own))
    head = b"".join(
        signed[name].dump()
        for name in ("version", "digest_algorithms", "encap_content_info", "certificates")
    )
    packed = der(0xA0, der(0x30, head + signers))
    whole = der(0x30, container["content_type"].dump() + packed)
    start, end = hole_of(pdf)
    room = end - start - 2
    digits = whole.hex().encode()
    assert len(digits) <= room, "the drawing leaves no room for it"
    return b"".join([pdf[:start], b"<", digits.ljust(room, b"0"), b">", pdf[end:]])
