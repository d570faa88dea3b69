"""The one form of an ECDSA signature that is issued: of s and n - s, the lower.

Both sign the same message with the same key, and anybody turns one into the other
(SEC 1, 4.1.3): two different links, files and digests would be one certificate. What is
issued has the lower form; what was issued before keeps the bytes it has.
"""

from __future__ import annotations

from cecert.domain.cose.cose import Algorithm, CoseKey, TokenSigner

__all__ = ["CURVE_ORDERS", "LowSSigner", "is_low", "other_form"]

CURVE_ORDERS = {
    "secp256r1": 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    "secp384r1": int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "C7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973",
        16,
    ),
    "secp521r1": int(
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA"
        "51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        16,
    ),
}
"""n of the curves P-256, P-384 and P-521 (FIPS 186-4, D.1.2), by name."""

_ORDER = CURVE_ORDERS["secp256r1"]
_HALF = 32


def is_low(signature: bytes) -> bool:
    """Say whether a P-256 signature, r and s of 32 bytes each, has the form that is issued."""
    return int.from_bytes(signature[_HALF:]) <= _ORDER // 2


def other_form(signature: bytes) -> bytes:
    """Return the signature with n - s for s; twice is the same again."""
    s = int.from_bytes(signature[_HALF:])
    return signature[:_HALF] + (_ORDER - s).to_bytes(_HALF)


class LowSSigner:
    """Signs as another signer, in the form that is issued; Ed25519 has one form.

    Attributes:
        public_key: The public half of the key that signs.
    """

    def __init__(self, signer: TokenSigner) -> None:
        self._signer = signer
        self.public_key: CoseKey = signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes r and s that sign *message*."""
        signature = self._signer.sign(message)
        ecdsa = self.public_key.algorithm is Algorithm.ESP256
        return other_form(signature) if ecdsa and not is_low(signature) else signature
