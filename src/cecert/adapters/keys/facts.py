"""What everybody may know of the office's keys: `keys.toml`, readable and only appended to.

The secrets stand in encrypted files beside it, one a key, named after the key.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_public_key,
)

from cecert.adapters.tables.toml import TomlError, parse_toml, read_toml_text
from cecert.domain.values.wording import other_format
from cecert.errors import KeyStoreError

__all__ = [
    "INDEX",
    "KeyFacts",
    "KeyPurpose",
    "KeyStage",
    "index_text",
    "next_name",
    "read_key_facts",
]

EnumT = TypeVar("EnumT", bound=Enum)

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | Ed25519PublicKey

INDEX = "keys.toml"
FORMATS = (1, 2, 3)
"""The second is written where the end of a key's use is noted, the third where there is a key
for badges or of the log: cecerts of before know no such."""

_KEYS = frozenset(
    {"name", "purpose", "state", "from", "until", "public", "certificate", "reattested", "retired"}
)
_NAME = re.compile(r"[a-z][a-z-]*-[1-9][0-9]*")
_DIGEST = re.compile(r"[0-9a-f]{64}")

_HEAD = """\
# The public facts of this office's keys. The secrets stand encrypted in the .pem files.
# cecert writes this file; a key is added at the end and never removed.
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
    INSTITUTION_SEAL = "institution-seal"
    """Seals PDFs; its secret is in the institution's own PKCS#12 file."""
    BADGE = "badge"
    """Signs Open Badges and the lists of their status; Ed25519, because their readers know no
    other."""
    LOG = "log"
    """Signs the checkpoints of the log; Ed25519, as C2SP's tlog-checkpoint asks."""


_ED25519 = frozenset({KeyPurpose.BADGE, KeyPurpose.LOG})
"""Purposes whose readers know no other signature."""


class KeyStage(Enum):
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
        not_after: Last second at which it may sign; None for the root, the id key and the
            key of the log, whose use does not end by itself.
        public_key: Ed25519 for the log, else P-256; None for the id key, which has no public
            half, and for an institution's seal, whose certificate has it.
        certificate: The X.509 certificate of a seal or seal CA key, DER; else None.
        reattested: SHA-256 of the list of tokens or sealed files that outlive its compromise.
        retired: Second at which it was retired; None where it was not, and for one that a
            cecert of before retired, which did not note it.
    """

    name: str
    purpose: KeyPurpose
    state: KeyStage
    not_before: int
    not_after: int | None
    public_key: PublicKey | None
    certificate: bytes | None = None
    reattested: bytes | None = None
    retired: int | None = None

    @property
    def number(self) -> int:
        """Which of its purpose it is, counted from 1: 2 of `token-2`."""
        return int(self.name.rpartition("-")[2])

    @property
    def certificate_sha256(self) -> bytes | None:
        """SHA-256 of the certificate, as the trust file lists it.

        Source: docs/spec/token.md W6, label 8.
        """
        return sha256(self.certificate).digest() if self.certificate else None


def next_name(purpose: KeyPurpose, facts: Iterable[KeyFacts]) -> str:
    """Return the name of the next key of *purpose* after those in *facts*; none comes twice."""
    numbers = (each.number for each in facts if each.purpose is purpose)
    return f"{purpose.value}-{max(numbers, default=0) + 1}"


def index_text(facts: Iterable[KeyFacts]) -> str:
    """Return `keys.toml` for *facts*."""
    listed = tuple(facts)
    return f"{_HEAD}format = {_format_for(listed)}\n" + "".join(map(_block, listed))


def _format_for(facts: Sequence[KeyFacts]) -> int:
    if any(each.purpose in _ED25519 for each in facts):
        return 3
    return FORMATS[any(each.retired is not None for each in facts)]


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
    if facts.retired is not None:
        lines.append(f"retired = {_stamp(facts.retired)}")
    if facts.public_key is not None:
        pem = facts.public_key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        lines.append(f'public = """\n{pem.decode()}"""')
    if facts.certificate is not None:
        certificate = x509.load_der_x509_certificate(facts.certificate)
        lines.append(f'certificate = """\n{certificate.public_bytes(Encoding.PEM).decode()}"""')
    if facts.reattested is not None:
        lines.append(f'reattested = "{facts.reattested.hex()}"')
    return "\n".join([*lines, ""])


def _stamp(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read_key_facts(folder: Path) -> tuple[KeyFacts, ...]:
    """Read the public facts of all keys in *folder*, oldest first; no passphrase is needed.

    Raises:
        KeyStoreError: If the folder or its index is missing, unreadable, damaged, or
            was written by a newer cecert.
    """
    path = folder / INDEX
    try:
        text = read_toml_text(path)
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
    except TomlError as fault:
        raise _damaged(path, f"it {fault}") from fault
    return _told(path, text)


# A command reads the file some twenty times, because another may have changed it; it seldom has.
@lru_cache(maxsize=8)
def _told(path: Path, text: str) -> tuple[KeyFacts, ...]:
    try:
        document = parse_toml(text)
    except TomlError as fault:
        raise _damaged(path, f"it {fault}") from fault
    if document.get("format") not in FORMATS:
        raise KeyStoreError(
            f"{path} {other_format(document.get('format'), FORMATS)}",
            hint="a newer cecert wrote it, or it is damaged",
        )
    return _listed(path, document)


def _damaged(path: Path, why: str) -> KeyStoreError:
    return KeyStoreError(f"{path} is damaged: {why}", hint="restore it from the backup")


def _listed(path: Path, document: dict[str, Any]) -> tuple[KeyFacts, ...]:
    found: list[KeyFacts] = []
    for position, entry in enumerate(_entries(path, document), 1):
        try:
            facts = _facts(entry)
        except KeyError as fault:
            raise _damaged(path, f"key {position} has no {fault.args[0]}") from fault
        except (ValueError, TypeError, AttributeError, UnsupportedAlgorithm) as fault:
            raise _damaged(path, f"key {position}: {fault}") from fault
        if facts.name in {each.name for each in found}:
            raise _damaged(path, f"two keys are named {facts.name}")
        found.append(facts)
    return tuple(found)


def _entries(path: Path, document: dict[str, Any]) -> list[dict[str, Any]]:
    if strange := document.keys() - {"format", "key"}:
        raise _damaged(path, f"it has {', '.join(sorted(strange))}")
    entries = document.get("key")
    if not isinstance(entries, list) or not all(isinstance(each, dict) for each in entries):
        raise _damaged(path, "it lists no keys")
    return entries


def _facts(entry: dict[str, Any]) -> KeyFacts:
    if strange := entry.keys() - _KEYS:
        raise ValueError(f"it has {', '.join(sorted(strange))}")
    until, public, certificate = (entry.get(key) for key in ("until", "public", "certificate"))
    reattested, retired = entry.get("reattested"), entry.get("retired")
    purpose = _one_of(KeyPurpose, entry["purpose"], "purpose")
    facts = KeyFacts(
        name=_name(entry["name"], purpose),
        purpose=purpose,
        state=_one_of(KeyStage, entry["state"], "state"),
        not_before=_second(entry["from"]),
        not_after=None if until is None else _second(until),
        public_key=None if public is None else _public_key(public, purpose),
        certificate=None if certificate is None else _der(certificate),
        reattested=None if reattested is None else _digest(reattested),
        retired=None if retired is None else _second(retired),
    )
    _require_whole(facts)
    return facts


def _one_of(kinds: type[EnumT], value: object, what: str) -> EnumT:
    try:
        return kinds(value)
    except ValueError:
        known = ", ".join(str(each.value) for each in kinds)
        raise ValueError(f"{value!r} is no {what} of a key: {known}") from None


def _name(name: str, purpose: KeyPurpose) -> str:
    # The name is part of a path.
    if not _NAME.fullmatch(name) or name.rpartition("-")[0] != purpose.value:
        raise ValueError(f"{name!r} is no name of a {purpose.value} key")
    return name


def _second(instant: datetime) -> int:
    if instant.utcoffset() is None:
        raise ValueError(f"{instant} has no offset")
    return int(instant.timestamp())


def _public_key(pem: str, purpose: KeyPurpose) -> PublicKey:
    key = load_pem_public_key(pem.encode())
    if purpose in _ED25519:
        if not isinstance(key, Ed25519PublicKey):
            raise ValueError("its public key is not Ed25519")  # wrong data, no wrong call
    elif not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        raise ValueError("its public key is not on P-256")
    return key


def _digest(text: str) -> bytes:
    if not _DIGEST.fullmatch(text):
        raise ValueError("reattested is not 64 hexadecimal digits")
    return bytes.fromhex(text)


def _der(pem: str) -> bytes:
    return x509.load_pem_x509_certificate(pem.encode()).public_bytes(Encoding.DER)


_SEALS = frozenset({KeyPurpose.SEAL_CA, KeyPurpose.SEAL, KeyPurpose.INSTITUTION_SEAL})
_TIMELESS = frozenset({KeyPurpose.ROOT, KeyPurpose.ID, KeyPurpose.LOG})
_WITHOUT_PUBLIC_KEY = frozenset({KeyPurpose.ID, KeyPurpose.INSTITUTION_SEAL})


def _require_whole(facts: KeyFacts) -> None:
    """Refuse a key without what its purpose needs.

    Raises:
        ValueError: If something is missing.
    """
    purpose = facts.purpose
    if facts.public_key is None and purpose not in _WITHOUT_PUBLIC_KEY:
        raise ValueError(f"{facts.name} has no public key")
    if facts.certificate is None and purpose in _SEALS:
        raise ValueError(f"{facts.name} has no certificate")
    if facts.not_after is None and purpose not in _TIMELESS:
        raise ValueError(f"{facts.name} has no until")
    if facts.not_after is not None and facts.not_after <= facts.not_before:
        raise ValueError(f"{facts.name} ends before it begins")
    if facts.retired is not None and facts.state is KeyStage.ACTIVE:
        raise ValueError(f"{facts.name} was retired and is active")
