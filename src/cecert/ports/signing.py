"""The port to whatever holds the key that seals: memory, a hardware token, a service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["DigestSigner", "HardwareKey"]


class DigestSigner(Protocol):
    """Signs SHA-256 digests with one key, wherever that key is.

    Whether the same digest gets the same signature again is not asked: what was sealed before
    is recognised by its drawing, and by a signature that holds.
    """

    @property
    def algorithm(self) -> str:
        """The signature's name in CMS: `sha256_ecdsa` or `sha256_rsa`."""
        ...

    @property
    def longest(self) -> bytes:
        """Return a value as long as the longest signature."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of a digest, in the form CMS has it.

        ECDSA: the DER of r and s; RSA: PKCS #1 v1.5.

        Raises:
            SealError: If the key cannot be reached, or refuses.
        """
        ...


@dataclass(frozen=True, slots=True)
class HardwareKey:
    """Where a key is that never leaves its hardware (PKCS #11), by the names it has there.

    Attributes:
        module: Library of the hardware's maker, absolute.
        token: Label of the token.
        key: Label of the private key.
        cert: Label of its certificate.
    """

    module: str
    token: str
    key: str
    cert: str
