"""Keys that are elsewhere: in a hardware token, with a cloud's key service, in another process.

Whoever holds such a key is asked for one thing, the signature of a SHA-256 digest. What else
is to be known of it follows from its public half.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from hashlib import sha256

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
    load_pem_public_key,
)

from cecert.adapters.keys.digests import longest_ecdsa
from cecert.adapters.keys.signatures import cose_key
from cecert.argument_types import typed
from cecert.domain.cose.cose import CoseKey
from cecert.errors import KeyStoreError

__all__ = ["KeyElsewhere", "TokensElsewhere"]

_HALF = 32


class KeyElsewhere(ABC):
    """A key that signs SHA-256 digests; `sign` is all that is to be written.

    Attributes:
        public_key: SubjectPublicKeyInfo, DER or PEM, as it was given.
        algorithm: The signature's name in CMS, by the kind of key.
        longest: A value as long as the longest signature.
    """

    @typed
    def __init__(self, public_key: bytes) -> None:
        """Take the public half of the key.

        Raises:
            KeyStoreError: If it cannot be read, or is neither ECDSA nor RSA.
        """
        key = _public(public_key)
        self.public_key = public_key
        if isinstance(key, rsa.RSAPublicKey):
            self.algorithm, self.longest = "sha256_rsa", bytes(key.key_size // 8)
        else:
            self.algorithm, self.longest = "sha256_ecdsa", longest_ecdsa(key.key_size)

    @typed
    def is_of(self, certificate: x509.Certificate) -> bool:
        """Say whether a certificate is of this key."""
        form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
        own = _public(self.public_key).public_bytes(*form)
        return certificate.public_key().public_bytes(*form) == own

    @abstractmethod
    def sign(self, digest: bytes) -> bytes:
        """Return the signature of a digest of 32 bytes: of ECDSA the DER of r and s.

        Raises:
            SealError: If the key cannot be reached, or refuses.
        """


class TokensElsewhere:
    """Signs tokens with a key that is elsewhere, on P-256.

    Whether the same token gets the same signature each time is not asked.

    Attributes:
        public_key: The public half, as COSE has it.
    """

    @typed
    def __init__(self, key: KeyElsewhere) -> None:
        """Take the key.

        Raises:
            KeyStoreError: If it is not on P-256.
        """
        public = _public(key.public_key)
        if not isinstance(public, ec.EllipticCurvePublicKey):
            raise KeyStoreError("tokens are signed on P-256, and this key is RSA")
        try:
            self.public_key: CoseKey = cose_key(public)
        except ValueError as error:
            raise KeyStoreError(str(error)) from error
        self._key = key

    def sign(self, message: bytes) -> bytes:
        """Return the 64 bytes r and s that sign *message*."""
        r, s = decode_dss_signature(self._key.sign(sha256(message).digest()))
        return r.to_bytes(_HALF) + s.to_bytes(_HALF)


def _public(key: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    try:
        found = (load_pem_public_key if key.startswith(b"-----") else load_der_public_key)(key)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise KeyStoreError(f"the public key cannot be read: {error}") from error
    if not isinstance(found, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise KeyStoreError("a seal's key is ECDSA or RSA, and this one is neither")
    return found
