"""COSE_Sign1 in the one shape CEC1 has (docs/spec/token.md W1, RFC 9052 4.2).

Tokens, trust files and status lists share it; a different `external_aad` for each
keeps a signature made for one from being shown as another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from hashlib import sha256
from typing import Any, Protocol, TypeAlias

from cecert.argument_types import typed
from cecert.domain.cose.cbor import (
    MalformedError,
    TruncatedError,
    Value,
    after,
    byte_string,
    decode,
    encode,
)
from cecert.errors import WrongValueError

__all__ = [
    "Algorithm",
    "CheckSignature",
    "CoseKey",
    "CryptoUnavailableError",
    "Signed",
    "TokenSigner",
    "open_envelope",
    "seal_envelope",
    "signed_message",
]

TOKEN, KEYS, STATUS = b"cecert-token-1", b"cecert-keys-1", b"cecert-status-1"
"""External authenticated data: what a signature was made for, not on the wire."""

KID_SIZE, SIGNATURE_SIZE = 8, 64

_ALG, _KID = 1, 4
_TAG = b"\xd2"
_OPENING = _TAG + b"\x84"
_NO_UNPROTECTED = b"\xa0"


class Algorithm(IntEnum):
    """Signature algorithms a verifier accepts, by COSE number (RFC 9864)."""

    ESP256 = -9
    ED25519 = -19


class CryptoUnavailableError(Exception):
    """Signatures cannot be checked here at all; that says nothing about any of them."""


@dataclass(frozen=True, slots=True)
class CoseKey:
    """A public key as COSE has it (RFC 9052 7): kty, crv, x and, for P-256, y.

    Attributes:
        algorithm: What it verifies; kty and crv follow from it.
        x: 32 bytes: of P-256 the coordinate, of Ed25519 the key.
        y: 32 bytes of P-256, b"" of Ed25519.
    """

    algorithm: Algorithm
    x: bytes
    y: bytes = b""

    @typed
    def __post_init__(self) -> None:
        coordinates = (self.x, self.y) if self.algorithm is Algorithm.ESP256 else (self.x,)
        if any(len(each) != _COORDINATE for each in coordinates) or (
            self.algorithm is Algorithm.ED25519 and self.y
        ):
            raise WrongValueError("a key whose coordinates are not 32 bytes")

    @property
    def value(self) -> dict[int, Value]:
        """The key as a COSE_Key map, ready to be encoded."""
        if self.algorithm is Algorithm.ESP256:
            return {1: 2, -1: 1, -2: self.x, -3: self.y}
        return {1: 1, -1: 6, -2: self.x}

    @classmethod
    def of(cls, value: Mapping[int, Any]) -> CoseKey:
        """Read a COSE_Key map.

        Raises:
            WrongValueError: If it is not one of the two kinds.
        """
        match value:
            case {1: 2, -1: 1, -2: bytes(x), -3: bytes(y)} if len(value) == 4:  # noqa: PLR2004
                return cls(Algorithm.ESP256, x, y)
            case {1: 1, -1: 6, -2: bytes(x)} if len(value) == 3:  # noqa: PLR2004
                return cls(Algorithm.ED25519, x)
        raise WrongValueError("not a P-256 or Ed25519 key")

    @property
    def thumbprint(self) -> bytes:
        """The SHA-256 key thumbprint of RFC 9679, 32 bytes."""
        return _thumbprint(self)

    @property
    def kid(self) -> bytes:
        """The key id: the first 8 bytes of the thumbprint."""
        return self.thumbprint[:KID_SIZE]


_COORDINATE = 32


@lru_cache(maxsize=256)  # a token names its key by it, and a trust file has few
def _thumbprint(key: CoseKey) -> bytes:
    return sha256(encode(key.value)).digest()


CheckSignature: TypeAlias = Callable[[CoseKey, bytes, bytes], bool]
"""Says whether a key made a signature over a message; arguments: key, signature, message.

It may raise `CryptoUnavailableError`, and nothing else.
"""


class TokenSigner(Protocol):
    """Holds a private key and signs with it."""

    @property
    def public_key(self) -> CoseKey:
        """The public half of the key."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over *message*, the same each time."""
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A COSE_Sign1 taken apart; nothing in it is known to be true yet.

    Attributes:
        algorithm: As it names it, a COSE number.
        kid: The key's id, as it names it.
        protected: The protected header, encoded, as it is signed.
        payload: What is signed.
        signature: 64 bytes, if it is one.
    """

    algorithm: int
    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes


def signed_message(protected: bytes, purpose: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure that is signed (RFC 9052 4.4).

    Args:
        protected: The protected header, encoded.
        purpose: The `external_aad`, which keeps a signature made for one purpose from
            being shown for another.
        payload: What is signed.
    """
    return _structure(protected, purpose) + encode(payload)


@lru_cache(maxsize=64)  # a batch has one header
def _structure(protected: bytes, purpose: bytes) -> bytes:
    """Return all of a Sig_structure but its last member, the payload."""
    return encode(["Signature1", protected, purpose, b""])[: -len(encode(b""))]


def seal_envelope(payload: bytes, purpose: bytes, signer: TokenSigner) -> bytes:
    """Return *payload* as a signed COSE_Sign1.

    Args:
        payload: What is signed, encoded.
        purpose: The `external_aad` of token, trust file or status list.
        signer: Its key's id stands in the header.
    """
    protected = _protected(signer.public_key)
    signature = signer.sign(signed_message(protected, purpose, payload))
    return _TAG + encode([protected, {}, payload, signature])


@lru_cache(maxsize=64)  # a batch is signed with one key
def _protected(key: CoseKey) -> bytes:
    """Return the header of all that a key signs, encoded."""
    return encode({_ALG: int(key.algorithm), _KID: key.kid})


def open_envelope(data: bytes) -> Signed:
    """Take a COSE_Sign1 apart, by the one shape there is.

    Raises:
        TruncatedError: If it ends too early.
        MalformedError: If it has any other shape.
    """
    protected, position = byte_string(data, after(data, 0, _OPENING))
    payload, position = byte_string(data, after(data, position, _NO_UNPROTECTED))
    signature, position = byte_string(data, position)
    if position != len(data):
        raise MalformedError("bytes after the end")
    if len(signature) != SIGNATURE_SIZE:
        raise MalformedError(f"a signature of {len(signature)} bytes")
    algorithm, kid = _header(protected)
    return Signed(algorithm, kid, protected, payload, signature)


@lru_cache(maxsize=64)  # a batch has one header
def _header(protected: bytes) -> tuple[int, bytes]:
    """Return algorithm and kid of a protected header."""
    try:
        found = decode(protected)
    except TruncatedError as error:
        # The string that holds it was whole, so the header is wrong, not cut.
        raise MalformedError(str(error)) from error
    match found:
        case {1: int(algorithm), 4: bytes(kid)} as header if len(header) == 2:  # noqa: PLR2004
            if len(kid) == KID_SIZE:
                return algorithm, kid
    raise MalformedError("a protected header that is not {alg, kid}")
