"""Ports to what a seal needs: a key, in memory, hardware or a service; and the time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

__all__ = ["STAMP_ROOM", "DigestSigner", "HardwareKey", "TimeStamper"]


STAMP_ROOM = 8192
"""Bytes a seal leaves for a time stamp; public authorities send 3,000 to 7,000."""


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


class TimeStamper(Protocol):
    """Has an authority say when a signature was there (RFC 3161)."""

    @property
    def room(self) -> int:
        """Bytes that a seal must leave for a stamp."""
        ...

    def stamp(self, value: bytes) -> bytes:
        """Return a time stamp of *value*, DER; b"" where there is none and need be none.

        Raises:
            SealError: If there must be one.
        """
        ...
