"""COSE_Sign1 in the one shape CEC1 has (QR-TOKEN W1, RFC 9052 4.2).

Tokens, trust files and status lists share it; a different `external_aad` for each
keeps a signature made for one from being shown as another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256
from typing import Any, Protocol, TypeAlias

from cecert.domain.canonical import MalformedError, TruncatedError, Value, decode_prefix, encode

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
_OPENING = b"\xd2\x84"
_NO_UNPROTECTED = b"\xa0"


class Algorithm(IntEnum):
    """Signature algorithms a verifier accepts, by COSE number (RFC 9864)."""

    ESP256 = -9
    ED25519 = -19


class CryptoUnavailableError(Exception):
    """Signatures cannot be checked here at all; that says nothing about any of them."""


@dataclass(frozen=True, slots=True)
class CoseKey:
    """A public key as COSE has it (RFC 9052 7): kty, crv, x and, for P-256, y."""

    algorithm: Algorithm
    x: bytes
    y: bytes = b""

    def __post_init__(self) -> None:
        coordinates = (self.x, self.y) if self.algorithm is Algorithm.ESP256 else (self.x,)
        if any(len(each) != _COORDINATE for each in coordinates) or (
            self.algorithm is Algorithm.ED25519 and self.y
        ):
            raise ValueError("a key whose coordinates are not 32 bytes")

    @property
    def value(self) -> dict[int, Value]:
        """The COSE_Key map."""
        if self.algorithm is Algorithm.ESP256:
            return {1: 2, -1: 1, -2: self.x, -3: self.y}
        return {1: 1, -1: 6, -2: self.x}

    @classmethod
    def of(cls, value: Mapping[int, Any]) -> CoseKey:
        """Read a COSE_Key map.

        Raises:
            ValueError: If it is not one of the two kinds.
        """
        match value:
            case {1: 2, -1: 1, -2: bytes(x), -3: bytes(y)} if len(value) == 4:  # noqa: PLR2004
                return cls(Algorithm.ESP256, x, y)
            case {1: 1, -1: 6, -2: bytes(x)} if len(value) == 3:  # noqa: PLR2004
                return cls(Algorithm.ED25519, x)
        raise ValueError("not a P-256 or Ed25519 key")

    @property
    def thumbprint(self) -> bytes:
        """The SHA-256 key thumbprint of RFC 9679, 32 bytes."""
        return sha256(encode(self.value)).digest()

    @property
    def kid(self) -> bytes:
        """The key id: the first 8 bytes of the thumbprint."""
        return self.thumbprint[:KID_SIZE]


_COORDINATE = 32

CheckSignature: TypeAlias = Callable[[CoseKey, bytes, bytes], bool]
"""Says whether a key made a signature over a message; arguments: key, signature, message.

It may raise `CryptoUnavailableError`, and nothing else.
"""


class TokenSigner(Protocol):
    """Holds a private key and signs with it."""

    @property
    def public_key(self) -> CoseKey:
        """The public half."""
        ...

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature over *message*, the same each time."""
        ...


@dataclass(frozen=True, slots=True)
class Signed:
    """A COSE_Sign1 taken apart; nothing in it is known to be true yet."""

    algorithm: int
    kid: bytes
    protected: bytes
    payload: bytes
    signature: bytes


def signed_message(protected: bytes, purpose: bytes, payload: bytes) -> bytes:
    """Return the Sig_structure that is signed (RFC 9052 4.4)."""
    return encode(["Signature1", protected, purpose, payload])


def seal_envelope(payload: bytes, purpose: bytes, signer: TokenSigner) -> bytes:
    """Sign *payload* for *purpose* and return the COSE_Sign1."""
    key = signer.public_key
    protected = encode({_ALG: int(key.algorithm), _KID: key.kid})
    signature = signer.sign(signed_message(protected, purpose, payload))
    body = encode(protected) + _NO_UNPROTECTED + encode(payload) + encode(signature)
    return _OPENING + body


def open_envelope(data: bytes) -> Signed:
    """Take a COSE_Sign1 apart, by the one shape there is.

    Raises:
        TruncatedError: If it ends too early.
        MalformedError: If it has any other shape.
    """
    _expect(data, 0, _OPENING)
    protected, position = _bytes_at(data, len(_OPENING))
    _expect(data, position, _NO_UNPROTECTED)
    payload, position = _bytes_at(data, position + 1)
    signature, position = _bytes_at(data, position)
    if position != len(data):
        raise MalformedError("bytes after the end")
    if len(signature) != SIGNATURE_SIZE:
        raise MalformedError(f"a signature of {len(signature)} bytes")
    match _decoded(protected):
        case {1: int(algorithm), 4: bytes(kid)} as header if len(header) == 2:  # noqa: PLR2004
            if len(kid) == KID_SIZE:
                return Signed(algorithm, kid, protected, payload, signature)
    raise MalformedError("a protected header that is not {alg, kid}")


def _decoded(protected: bytes) -> Any:  # noqa: ANN401  # taken apart by pattern
    try:
        value, end = decode_prefix(protected, 0)
    except TruncatedError as error:
        # The string that holds it was whole, so the header is wrong, not cut.
        raise MalformedError(str(error)) from error
    if end != len(protected):
        raise MalformedError("bytes after the protected header")
    return value


def _expect(data: bytes, position: int, expected: bytes) -> None:
    found = data[position : position + len(expected)]
    if found != expected[: len(found)]:
        raise MalformedError("not a COSE_Sign1 of the one shape")
    if len(found) < len(expected):
        raise TruncatedError(f"ends at {len(data)}")


def _bytes_at(data: bytes, position: int) -> tuple[bytes, int]:
    value, end = decode_prefix(data, position)
    if not isinstance(value, bytes):
        raise MalformedError("something that is not a byte string")
    return value, end
