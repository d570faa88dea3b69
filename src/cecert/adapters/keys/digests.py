"""Signing digests for the seal, with keys in memory."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from cecert.ports import DigestSigner

__all__ = ["EcSigner", "RsaSigner", "digest_signer_of", "longest_ecdsa", "signs_digest"]


class EcSigner:
    """Signs with ECDSA on a key in memory, deterministically (RFC 6979)."""

    algorithm = "sha256_ecdsa"

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        self.longest = longest_ecdsa(key.key_size)
        self._scheme = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of *digest*."""
        return self._key.sign(digest, self._scheme)


class RsaSigner:
    """Signs with RSA, PKCS #1 v1.5, on a key in memory."""

    algorithm = "sha256_rsa"

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        self.longest = bytes(key.key_size // 8)

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of *digest*."""
        return self._key.sign(digest, padding.PKCS1v15(), Prehashed(SHA256()))


def digest_signer_of(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> DigestSigner:
    """Return the signer for a key in memory."""
    return RsaSigner(key) if isinstance(key, rsa.RSAPrivateKey) else EcSigner(key)


def longest_ecdsa(bits: int) -> bytes:
    """Return the DER of the longest signature of a curve of so many *bits*."""
    greatest = (1 << bits) - 1
    return encode_dss_signature(greatest, greatest)


def signs_digest(
    key: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, signature: bytes, digest: bytes
) -> bool:
    """Say whether a key made a signature over a digest.

    Args:
        key: The public half.
        signature: In the form CMS has it.
        digest: SHA-256, 32 bytes.
    """
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), Prehashed(SHA256()))
        else:
            key.verify(signature, digest, ec.ECDSA(Prehashed(SHA256())))
    except InvalidSignature:
        return False
    return True
