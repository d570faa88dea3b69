"""Signatures in the form that is not issued any more: n - s for s."""

from __future__ import annotations

from datetime import datetime

from asn1crypto.cms import ContentInfo
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from seal_parts import der, hole_of, seal_of

from cecert.domain.cose.cose import CoseKey, TokenSigner
from cecert.domain.cose.low_s import CURVE_ORDERS, other_form
from cecert.ports import Drawing, Sealer

__all__ = ["OtherFormSealer", "OtherFormSigner", "in_other_form"]


def in_other_form(pdf: bytes) -> bytes:
    """Return a file that is sealed on P-256 with the other form of its seal's signature."""
    container = seal_of(pdf)
    signed = container["content"]
    signer = signed["signer_infos"][0]
    r, s = decode_dss_signature(signer["signature"].native)
    changed = encode_dss_signature(r, CURVE_ORDERS["secp256r1"] - s)
    names = ("version", "sid", "digest_algorithm", "signed_attrs", "signature_algorithm")
    signers = der(0x31, der(0x30, b"".join(signer[e].dump() for e in names) + der(4, changed)))
    parts = ("version", "digest_algorithms", "encap_content_info", "certificates")
    head = b"".join(signed[each].dump() for each in parts)
    whole = der(0x30, container["content_type"].dump() + der(0xA0, der(0x30, head + signers)))
    ContentInfo.load(whole, strict=True)
    start, end = hole_of(pdf)
    digits = whole.hex().encode().ljust(end - start - 2, b"0")
    return b"".join([pdf[:start], b"<", digits, b">", pdf[end:]])


class OtherFormSealer:
    """Seals as another sealer, in the other form."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        return in_other_form(self._sealer.seal(drawing, at))

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        return self._sealer.has_sealed(document, drawing, at)


class OtherFormSigner:
    """Signs P-256 as another signer, in the other form."""

    def __init__(self, signer: TokenSigner) -> None:
        self._signer = signer
        self.public_key: CoseKey = signer.public_key

    def sign(self, message: bytes) -> bytes:
        return other_form(self._signer.sign(message))
