"""What everybody may know of the office's keys: `keys.toml`, readable and only appended to.

The secrets stand in encrypted files beside it, one a key, named after the key.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from cecert.errors import KeyStoreError

__all__ = ["INDEX", "KeyFacts", "KeyPurpose", "KeyState", "index_text", "read_key_facts"]

INDEX = "keys.toml"

_HEAD = """\
# The public facts of this office's keys. The secrets stand encrypted in the .pem files.
# cecert writes this file; a key is added at the end and never removed.
format = 1
"""


class KeyPurpose(Enum):
    """What a key is for."""

    ROOT = "root"
    """Signs the trust file; its thumbprint is what verifiers pin."""
    TOKEN = "token"
    """Signs tokens."""
    STATUS = "status"
    """Signs status lists."""
    ID = "id"
    """Derives certificate ids; secret, and never replaced."""
    SEAL_CA = "seal-ca"
    """Issues the seal's signing certificates."""
    SEAL = "seal"
    """Seals PDFs."""


class KeyState(Enum):
    """Whether a key still signs, and whether what it signed still counts."""

    ACTIVE = "active"
    RETIRED = "retired"
    COMPROMISED = "compromised"


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The public facts of one key.

    Attributes:
        name: Its name in the folder, as `token-1`; the secret is in `token-1.pem`.
        purpose: What it is for.
        state: Whether it still signs.
        not_before: First second at which it signs, seconds UTC.
        not_after: Last second at which it signs; None for the root and id key, whose
            use does not end.
        public_key: None for the id key, which has no public half.
        certificate: The X.509 certificate of a seal or seal CA key, DER; else None.
    """

    name: str
    purpose: KeyPurpose
    state: KeyState
    not_before: int
    not_after: int | None
    public_key: ec.EllipticCurvePublicKey | None
    certificate: bytes | None = None

    @property
    def certificate_sha256(self) -> bytes | None:
        """SHA-256 of the certificate, as the trust file lists it (QR-TOKEN W6, label 8)."""
        return sha256(self.certificate).digest() if self.certificate else None

    def signs_at(self, second: int) -> bool:
        """Say whether the key is active and *second* (UTC) is inside its window."""
        in_time = self.not_before <= second and (self.not_after is None or second <= self.not_after)
        return in_time and self.state is KeyState.ACTIVE


def index_text(facts: Iterable[KeyFacts]) -> str:
    """Return `keys.toml` for *facts*."""
    return _HEAD + "".join(map(_block, facts))


def _block(facts: KeyFacts) -> str:
    lines = [
        "",
        "[[key]]",
        f'name = "{facts.name}"',
        f'purpose = "{facts.purpose.value}"',
        f'state = "{facts.state.value}"',
        f"from = {_stamp(facts.not_before)}",
    ]
    if facts.not_after is not None:
        lines.append(f"until = {_stamp(facts.not_after)}")
    if facts.public_key is not None:
        pem = facts.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        lines.append(f'public = """\n{pem.decode()}"""')
    if facts.certificate is not None:
        certificate = x509.load_der_x509_certificate(facts.certificate)
        lines.append(f'certificate = """\n{certificate.public_bytes(Encoding.PEM).decode()}"""')
    return "\n".join([*lines, ""])


def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_key_facts(folder: Path) -> tuple[KeyFacts, ...]:
    """Read the public facts of all keys in *folder*, oldest first; no passphrase is needed.

    Raises:
        KeyStoreError: If the folder or its index is missing, unreadable or damaged.
    """
    path = folder / INDEX
    try:
        document = tomllib.loads(path.read_text("utf-8"))
        return tuple(_facts(each) for each in document["key"])
    except (FileNotFoundError, NotADirectoryError) as fault:
        raise KeyStoreError(
            f"there are no keys in {folder}",
            hint="make them with cecert keys init, or restore the folder from the backup",
        ) from fault
    except OSError as fault:
        raise KeyStoreError(
            f"{path} cannot be read: {fault.strerror}",
            hint="the keys folder and its files must be readable by the user who runs cecert",
        ) from fault
    except (tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, AttributeError) as fault:
        raise KeyStoreError(
            f"{path} is damaged: {fault}", hint="restore it from the backup"
        ) from fault


def _facts(entry: dict[str, Any]) -> KeyFacts:
    until = entry.get("until")
    public = entry.get("public")
    public_key = load_pem_public_key(public.encode()) if public else None
    if not isinstance(public_key, ec.EllipticCurvePublicKey | None):
        raise TypeError(f"the public key of {entry['name']} is not on an elliptic curve")
    certificate = entry.get("certificate")
    return KeyFacts(
        name=entry["name"],
        purpose=KeyPurpose(entry["purpose"]),
        state=KeyState(entry["state"]),
        not_before=int(entry["from"].timestamp()),
        not_after=int(until.timestamp()) if until else None,
        public_key=public_key,
        certificate=_der(certificate) if certificate else None,
    )


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)
