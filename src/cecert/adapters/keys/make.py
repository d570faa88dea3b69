"""Making keys: each with the facts that everybody may know, and the secret still in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from cecert.adapters.keys.facts import KeyFacts, KeyPurpose, KeyStage, PublicKey, next_name
from cecert.adapters.keys.seal import (
    CA_LIFE,
    SIGNING_LIFE,
    make_ca_certificate,
    make_signing_certificate,
)
from cecert.adapters.keys.secrets import encrypted_pem

__all__ = ["NewKey", "Passphrases", "SealCa", "make_id_key", "make_keys"]

Secret: TypeAlias = ec.EllipticCurvePrivateKey | Ed25519PrivateKey

_OFFICE = frozenset({KeyPurpose.ROOT, KeyPurpose.SEAL_CA})
"""Purposes with the root passphrase: their files may be taken off the machine."""

_LIVES = {
    KeyPurpose.TOKEN: SIGNING_LIFE,
    KeyPurpose.STATUS: SIGNING_LIFE,
    KeyPurpose.SEAL: SIGNING_LIFE,
    KeyPurpose.SEAL_CA: CA_LIFE,
    KeyPurpose.BADGE: SIGNING_LIFE,
}


@dataclass(frozen=True, slots=True)
class Passphrases:
    """What an office's keys are encrypted with.

    Attributes:
        keys: Of the keys that daily work needs.
        root: Of the root and the seal CA, which only `keys ...` needs; often the same.
    """

    keys: str = field(repr=False)
    root: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealCa:
    """The office's seal CA, open."""

    key: ec.EllipticCurvePrivateKey = field(repr=False)
    certificate: x509.Certificate


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key that was just made and is not written yet."""

    facts: KeyFacts
    secret: Secret = field(repr=False)

    def files(self, passphrases: Passphrases) -> dict[str, bytes]:
        """Return its encrypted files, by name.

        The id key has two, because it is never replaced: from the second, `keys rotate`
        writes the first anew when the daily passphrase is lost or changed.
        """
        name, purpose = self.facts.name, self.facts.purpose
        daily = passphrases.root if purpose in _OFFICE else passphrases.keys
        files = {f"{name}.pem": encrypted_pem(self.secret, daily)}
        if purpose is KeyPurpose.ID:
            files[f"{name}.root.pem"] = encrypted_pem(self.secret, passphrases.root)
        return files


def make_keys(
    purposes: Iterable[KeyPurpose],
    listed: Sequence[KeyFacts],
    provider: str,
    now: datetime,
    seal_ca: SealCa | None = None,
) -> list[NewKey]:
    """Make one new key of each of several purposes.

    Args:
        purposes: In the order wanted; a seal CA before the seal it certifies.
        listed: The keys there are, whose names are taken.
        provider: The provider's name, for the certificates.
        now: Aware; the keys sign from this second on.
        seal_ca: Certifies the seal, where no new CA is among *purposes*.
    """
    start = now.astimezone(UTC).replace(microsecond=0)
    made = []
    for purpose in purposes:
        name = next_name(purpose, listed)
        if purpose is KeyPurpose.ID:
            made.append(make_id_key(name, start))
            continue
        if purpose in {KeyPurpose.BADGE, KeyPurpose.LOG}:
            secret = Ed25519PrivateKey.generate()
            made.append(NewKey(_facts(name, purpose, start, secret.public_key(), None), secret))
            continue
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = None
        if purpose is KeyPurpose.SEAL_CA:
            certificate = make_ca_certificate(key, provider, start)
            seal_ca = SealCa(key, certificate)
        elif purpose is KeyPurpose.SEAL:
            certificate = _signing_certificate(key, provider, start, seal_ca)
        made.append(NewKey(_facts(name, purpose, start, key.public_key(), certificate), key))
    return made


def make_id_key(name: str, start: datetime, secret: Ed25519PrivateKey | None = None) -> NewKey:
    """Make an id key, or list the one there is anew.

    An Ed25519 secret is 32 random bytes, so PKCS#8 can hold the id key.

    Args:
        name: The name it is listed under, and its files are named after.
        start: The second from which it is listed as active, UTC.
        secret: The one there is; None to make one.
    """
    secret = secret or Ed25519PrivateKey.generate()
    return NewKey(_facts(name, KeyPurpose.ID, start, None, None), secret)


def _signing_certificate(
    key: ec.EllipticCurvePrivateKey, provider: str, start: datetime, seal_ca: SealCa | None
) -> x509.Certificate:
    if seal_ca is None:
        raise ValueError("a seal needs a CA that certifies it")
    return make_signing_certificate(
        key.public_key(), provider, start, seal_ca.key, seal_ca.certificate
    )


def _facts(
    name: str,
    purpose: KeyPurpose,
    start: datetime,
    public_key: PublicKey | None,
    certificate: x509.Certificate | None,
) -> KeyFacts:
    return KeyFacts(
        name=name,
        purpose=purpose,
        state=KeyStage.ACTIVE,
        not_before=int(start.timestamp()),
        not_after=_end(start, purpose),
        public_key=public_key,
        certificate=certificate.public_bytes(Encoding.DER) if certificate else None,
    )


def _end(start: datetime, purpose: KeyPurpose) -> int | None:
    life: timedelta | None = _LIVES.get(purpose)
    return None if life is None else int((start + life).timestamp())
