"""Signatures of tokens, trust files and status lists, by the `cryptography` library."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from cecert.domain.cose.cose import Algorithm, CoseKey, CryptoUnavailableError

__all__ = ["Ed25519Signer", "P256Signer", "check_signature", "cose_key"]

_HALF = 32


def check_signature(key: CoseKey, signature: bytes, message: bytes) -> bool:
    """Say whether *key* made *signature* over *message*.

    Args:
        key: The public key, of either algorithm.
        signature: 64 bytes (P-256: r and s); of any other length it is wrong.
        message: What was signed, not a digest of it.

    Raises:
        CryptoUnavailableError: If this build of the library lacks the algorithm.
    """
    try:
        if key.algorithm is Algorithm.ED25519:
            ed25519.Ed25519PublicKey.from_public_bytes(key.x).verify(signature, message)
        else:
            _p256(key).verify(_der(signature), message, ec.ECDSA(SHA256()))
    except (InvalidSignature, ValueError):
        return False
    except UnsupportedAlgorithm as error:
        raise CryptoUnavailableError(str(error)) from error
    return True


@lru_cache(maxsize=64)  # a batch of tokens has one key
def _p256(key: CoseKey) -> ec.EllipticCurvePublicKey:
    # The library refuses points off the curve.
    numbers = ec.EllipticCurvePublicNumbers(
        int.from_bytes(key.x), int.from_bytes(key.y), ec.SECP256R1()
    )
    return numbers.public_key()


def _der(signature: bytes) -> bytes:
    return encode_dss_signature(
        int.from_bytes(signature[:_HALF]), int.from_bytes(signature[_HALF:])
    )


class P256Signer:
    """Signs with P-256 as RFC 6979 says: the same message, the same signature."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self._public = cose_key(key.public_key())
        self._scheme = ec.ECDSA(SHA256(), deterministic_signing=True)

    @property
    def public_key(self) -> CoseKey:
        """The public half, as COSE has it."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return r and s, 32 bytes each."""
        r, s = decode_dss_signature(self._key.sign(message, self._scheme))
        return r.to_bytes(_HALF) + s.to_bytes(_HALF)


class Ed25519Signer:
    """Signs with Ed25519 (RFC 8032)."""

    def __init__(self, key: ed25519.Ed25519PrivateKey) -> None:
        self._key = key
        self._public = cose_key(key.public_key())

    @property
    def public_key(self) -> CoseKey:
        """The public half, as COSE has it."""
        return self._public

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature."""
        return self._key.sign(message)


def cose_key(key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey) -> CoseKey:
    """Return a public key as COSE has it.

    Raises:
        ValueError: If it is on another curve than P-256.
    """
    if isinstance(key, ed25519.Ed25519PublicKey):
        return CoseKey(Algorithm.ED25519, key.public_bytes_raw())
    if key.curve.name != ec.SECP256R1.name:
        raise ValueError(f"a key on {key.curve.name}, tokens are signed on P-256")
    numbers = key.public_numbers()
    return CoseKey(Algorithm.ESP256, numbers.x.to_bytes(_HALF), numbers.y.to_bytes(_HALF))
