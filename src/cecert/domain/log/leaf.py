"""Leaves of the log: one for each certificate that is entered, superseded or revoked.

A leaf names nobody. Its subject is a digest of the token's payload, which holds the
certificate's id: only who has the token can compute it, and the kind inside keeps strangers
from telling that an issue and a revocation are about one certificate. Its event is a digest
of what the ledger says of the act, with a salt that the ledger keeps: who changes actor or
reason later contradicts the log (docs/spec/log.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from hashlib import sha256

from cecert.domain.cose.cbor import Value, decode, encode
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["NOTHING", "SALT_SIZE", "Leaf", "LeafKind", "LoggedEvent", "kind_and_instant"]

VERSION = 1

NOTHING = bytes(32)
"""Stands where a leaf says nothing of subject, file or event."""

SALT_SIZE = 16
"""Bytes of the salt of an event."""

_SUBJECT = b"cecert-leaf-1"


class LeafKind(IntEnum):
    """What a leaf tells of."""

    START = 0
    ISSUED = 1
    SUPERSEDED = 2
    REVOKED = 3
    TICK = 16
    """It is about no certificate, and has a shape of its own: `Tick`."""

    def subject(self, payload: bytes) -> bytes:
        """Return what a leaf of this kind calls the certificate whose token has *payload*.

        Not the whole token: a second signature of the same key (r, n - s) verifies as well.

        >>> LeafKind.ISSUED.subject(b"payload").hex()[:16]
        '96b677553d3bc8e2'
        """
        return sha256(_SUBJECT + bytes([self]) + payload).digest()


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """What the ledger says of an act, as a leaf commits to it.

    Attributes:
        certificate_id: Whose.
        kind: As `Event.kind`.
        at: Microseconds since 1970, UTC.
        actor, reason: As the ledger keeps them.
    """

    certificate_id: CertificateId
    kind: str
    at: int
    actor: str
    reason: str

    def digest(self, salt: bytes) -> bytes:
        """Return what a leaf says of it, hidden by the *salt* that the ledger keeps.

        Raises:
            ValueError: If the salt is not as long as it must be.
        """
        if len(salt) != SALT_SIZE:
            raise ValueError(f"a salt of {len(salt)} bytes, {SALT_SIZE} are needed")
        row: list[Value] = [self.certificate_id.text, self.kind, self.at, self.actor, self.reason]
        return sha256(salt + encode(row)).digest()


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf, whose bytes are hashed into the tree (RFC 9162 2.1.1).

    Attributes:
        kind: What it tells of.
        instant: Seconds since 1970, UTC; never below that of the leaf before.
        subject: `LeafKind.subject`.
        file: SHA-256 of the sealed document of an issue. Elsewhere nothing: it would link
            what the subject keeps apart.
        event: `LoggedEvent.digest`.
    """

    kind: LeafKind
    instant: int
    subject: bytes = NOTHING
    file: bytes = NOTHING
    event: bytes = NOTHING

    def __post_init__(self) -> None:
        if {len(self.subject), len(self.file), len(self.event)} != {len(NOTHING)}:
            raise ValueError("a leaf holds digests of 32 bytes")
        if self.file != NOTHING and self.kind is not LeafKind.ISSUED:
            raise ValueError(f"a leaf of kind {self.kind.name} names no file")

    @property
    def encoded(self) -> bytes:
        """Its bytes: strict CBOR of `[1, kind, instant, subject, file, event]`."""
        digests = [self.subject, self.file, self.event]
        return encode([VERSION, int(self.kind), self.instant, *digests])

    @classmethod
    def of(cls, data: bytes) -> Leaf | None:
        """Read a leaf; None for a tick, which is about no certificate.

        Raises:
            ValueError: If it is neither.
        """
        if _has_usual_layout(data):
            kind, instant = LeafKind(data[2]), int.from_bytes(data[4:8])
            return cls(kind, instant, data[10:42], data[44:76], data[78:])
        kind, instant = kind_and_instant(data)
        if kind is LeafKind.TICK:
            return None
        _, _, _, subject, file, event = decode(data)
        return cls(kind, instant, subject, file, event)


def _has_usual_layout(data: bytes) -> bool:
    """Say whether a leaf about a certificate has its three digests where nearly all have them.

    Reading it so takes a tenth of the time: of a million leaves `publish` reads each.
    """
    return (
        len(data) == _USUAL_SIZE
        and data.startswith(_USUAL_HEAD)
        and data[2] < _TICK
        and data[3] == _FOUR_BYTES
        and data[4:6] != b"\0\0"
        and data[8:10] == data[42:44] == data[76:78] == _DIGEST_HEAD
    )


_USUAL_SIZE, _USUAL_HEAD, _TICK = 110, b"\x86\x01", 16
_FOUR_BYTES, _DIGEST_HEAD = 0x1A, b"\x58\x20"


def kind_and_instant(data: bytes) -> tuple[LeafKind, int]:
    """Return what a leaf of any kind tells of, and its second.

    Raises:
        ValueError: If these are not the bytes of a leaf.
    """
    match decode(data):
        case [1, 16, int(instant), int(), bytes(digest)] if len(digest) == len(NOTHING):
            return LeafKind.TICK, instant
        case [1, int(kind), int(instant), bytes(), bytes(), bytes()]:
            return LeafKind(kind), instant
    raise ValueError("not the array of a leaf")
