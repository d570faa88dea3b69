"""Making an office's keys, all at once and all or none."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from cecert.adapters.files.key_facts import (
    INDEX,
    KeyFacts,
    KeyPurpose,
    KeyState,
    index_text,
)
from cecert.adapters.files.key_secrets import encrypted_pem
from cecert.adapters.files.seal_keys import (
    CA_LIFE,
    SIGNING_LIFE,
    make_ca_certificate,
    make_signing_certificate,
)
from cecert.adapters.files.writing import make_folder, publish_folder, write_file
from cecert.errors import KeyStoreError

__all__ = ["NewKeys", "create_keys", "refuse_keys"]

_OFFICE = frozenset({KeyPurpose.ROOT, KeyPurpose.SEAL_CA})
"""Purposes with the root passphrase: their files may be taken off the machine."""


@dataclass(frozen=True, slots=True)
class NewKeys:
    """Keys that were just made.

    Attributes:
        facts: The public facts of each.
        root: The root key, to sign the trust file with.
    """

    facts: tuple[KeyFacts, ...]
    root: ec.EllipticCurvePrivateKey = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Made:
    """A key with its secret, before it is written."""

    facts: KeyFacts
    secret: ec.EllipticCurvePrivateKey | Ed25519PrivateKey = field(repr=False)


def create_keys(
    folder: Path, provider: str, passphrase: str, root_passphrase: str | None, now: datetime
) -> NewKeys:
    """Make root, token, status and id key, and the seal's CA, key and certificates.

    They are built in a folder beside *folder* that then gets its name, so a crash
    leaves no half of them.

    Args:
        folder: Missing or empty.
        provider: The provider's name, for the certificates.
        passphrase: For the keys that daily work needs.
        root_passphrase: For the root and CA key; None: the same.
        now: Aware; the keys sign from this second on.

    Raises:
        KeyStoreError: If the folder holds anything, or cannot be written.
    """
    refuse_keys(folder)
    made = _make_all(provider, now.astimezone(UTC).replace(microsecond=0))
    files = {
        f"{each.facts.name}.pem": encrypted_pem(
            each.secret,
            (root_passphrase or passphrase) if each.facts.purpose in _OFFICE else passphrase,
        )
        for each in made
    }
    facts = tuple(each.facts for each in made)
    files[INDEX] = index_text(facts).encode()
    _write_all(folder, files)
    root = made[0].secret
    assert isinstance(root, ec.EllipticCurvePrivateKey)  # noqa: S101: narrows for mypy
    return NewKeys(facts, root)


def refuse_keys(folder: Path) -> None:
    """Refuse a folder that holds anything.

    Raises:
        KeyStoreError: If it does, or cannot be looked into.
    """
    try:
        found = sorted(each.name for each in folder.iterdir())
    except FileNotFoundError:
        return
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
    if found:
        what = "already holds keys" if INDEX in found else f"is not empty: {found[0]}"
        raise KeyStoreError(
            f"{folder} {what}; no keys were made",
            hint="keys are never overwritten: name another folder with path in [keys]",
        )


def _unwritable(folder: Path, fault: OSError) -> KeyStoreError:
    return KeyStoreError(
        f"{folder} cannot be written: {fault.strerror}; no keys were made",
        hint="make room or give write permission, then run the same command again",
    )


def _make_all(provider: str, start: datetime) -> list[_Made]:
    root, token, status, seal_ca, seal = (ec.generate_private_key(ec.SECP256R1()) for _ in range(5))
    ca_certificate = make_ca_certificate(seal_ca, provider, start)
    signing_cert = make_signing_certificate(
        seal.public_key(), provider, start, seal_ca, ca_certificate
    )
    return [
        _made(KeyPurpose.ROOT, root, start),
        _made(KeyPurpose.TOKEN, token, start, SIGNING_LIFE),
        _made(KeyPurpose.STATUS, status, start, SIGNING_LIFE),
        # An Ed25519 secret is 32 random bytes, so PKCS#8 can hold the id key.
        _made(KeyPurpose.ID, Ed25519PrivateKey.generate(), start),
        _made(KeyPurpose.SEAL_CA, seal_ca, start, CA_LIFE, ca_certificate),
        _made(KeyPurpose.SEAL, seal, start, SIGNING_LIFE, signing_cert),
    ]


def _made(
    purpose: KeyPurpose,
    secret: ec.EllipticCurvePrivateKey | Ed25519PrivateKey,
    start: datetime,
    life: timedelta | None = None,
    certificate: x509.Certificate | None = None,
) -> _Made:
    public = secret.public_key()
    facts = KeyFacts(
        name=f"{purpose.value}-1",
        purpose=purpose,
        state=KeyState.ACTIVE,
        not_before=int(start.timestamp()),
        not_after=int((start + life).timestamp()) if life else None,
        public_key=public if isinstance(public, ec.EllipticCurvePublicKey) else None,
        certificate=certificate.public_bytes(Encoding.DER) if certificate else None,
    )
    return _Made(facts, secret)


def _write_all(folder: Path, files: Mapping[str, bytes]) -> None:
    try:
        make_folder(folder.parent)
        # mkdtemp makes it with mode 0700.
        temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=f".{folder.name}-"))
        try:
            for name, content in files.items():
                write_file(temporary / name, content)
            publish_folder(temporary, folder)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise
    except OSError as fault:
        raise _unwritable(folder, fault) from fault
