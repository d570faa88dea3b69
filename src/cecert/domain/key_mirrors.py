"""The trust file's keys in the form other software reads: a JSON Web Key Set (RFC 7517)."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cecert.domain.cose import Algorithm, CoseKey
from cecert.domain.trust import KeyUse, TrustFile

__all__ = ["jwks_of"]


def jwks_of(trust: TrustFile) -> dict[str, object]:
    """Return the token keys of *trust*, retired ones too, as a JWKS.

    It is signed by nobody: who wants to rely on a key opens the trust file.
    """
    keys = [each for each in trust.keys if each.use is KeyUse.TOKEN]
    return {"keys": [{**_jwk(each.key), "kid": each.kid.hex(), "use": "sig"} for each in keys]}


def _jwk(key: CoseKey) -> dict[str, str]:
    if key.algorithm is Algorithm.ED25519:
        # RFC 8037, 2; RFC 9864 names the algorithm.
        return {"kty": "OKP", "crv": "Ed25519", "x": _text(key.x), "alg": "Ed25519"}
    return {"kty": "EC", "crv": "P-256", "x": _text(key.x), "y": _text(key.y), "alg": "ES256"}


def _text(coordinate: bytes) -> str:
    return urlsafe_b64encode(coordinate).rstrip(b"=").decode()
