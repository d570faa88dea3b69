"""A signer for tests: keyed digests in the place of Ed25519 signatures.

They prove as much as a shared secret can inside one process, and need no private key.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from hashlib import sha256

from cecert.domain.cose.cose import Algorithm, CheckSignature, CoseKey

__all__ = ["FakeSigner", "checker_of"]


class FakeSigner:
    """Signs like a `TokenSigner`; `checker_of` checks what it signed."""

    def __init__(self, name: str) -> None:
        """Make the key of that name; the same name is the same key."""
        self._secret = sha256(b"cecert.testing secret " + name.encode()).digest()
        self._public = CoseKey(Algorithm.ED25519, sha256(self._secret).digest())

    @property
    def public_key(self) -> CoseKey:
        """The public half."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return 64 bytes that only this key gives for *message*."""
        return hmac.digest(self._secret, message, "sha512")


def checker_of(signers: Iterable[FakeSigner]) -> CheckSignature:
    """Return the check of signatures that knows these *signers* and no others."""
    known = {each.public_key: each for each in signers}

    def check(key: CoseKey, signature: bytes, message: bytes) -> bool:
        signer = known.get(key)
        return signer is not None and hmac.compare_digest(signer.sign(message), signature)

    return check
