"""Opening an office's keys, each for the work that needs it.

Issuing opens the token, id and seal key; publishing the status key; `keys ...` the
root and the seal CA, which need not be on the machine for anything else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization.pkcs12 import (
    PKCS12KeyAndCertificates,
    load_pkcs12,
)

from cecert.adapters.keys.digests import digest_signer_of
from cecert.adapters.keys.facts import KeyFacts, KeyPurpose, KeyStage, read_key_facts
from cecert.adapters.keys.make import NewKey, Passphrases, SealCa
from cecert.adapters.keys.seal import SealKey, is_issued_by
from cecert.adapters.keys.secrets import read_or_refuse, read_secret
from cecert.errors import KeyStoreError

__all__ = [
    "KeyStore",
    "copied_id_key",
    "open_badge_key",
    "open_id_key",
    "open_keys",
    "open_log_key",
    "open_pkcs12",
    "open_root",
    "open_seal",
    "open_seal_ca",
    "open_status_key",
    "open_token_keys",
    "require_daily_passphrase",
]

_PASSPHRASE = "CECERT_KEY_PASSPHRASE"
_ROOT_PASSPHRASE = "CECERT_ROOT_PASSPHRASE"

_LEAST_RSA_BITS = 2048


@dataclass(frozen=True, slots=True)
class KeyStore:
    """The keys that issuing needs, open.

    Attributes:
        token: Facts of the token key.
        token_key: Signs tokens.
        id_key: 32 secret bytes that certificate ids are derived with.
        seal: Seals PDFs.
    """

    token: KeyFacts
    token_key: ec.EllipticCurvePrivateKey = field(repr=False)
    id_key: bytes = field(repr=False)
    seal: SealKey


def open_keys(folder: Path, passphrase: str, seal: SealKey | None = None) -> KeyStore:
    """Open what issuing needs: the token key, the id key and the seal.

    Args:
        folder: Of the keys.
        passphrase: The one for daily work.
        seal: The institution's, where it stands in for the office's own.

    Raises:
        KeyStoreError: If a key is missing, unreadable, or the passphrase is wrong.
    """
    token, token_key, id_key = open_token_keys(folder, passphrase)
    return KeyStore(token, token_key, id_key, seal or open_seal(folder, passphrase))


def open_token_keys(
    folder: Path, passphrase: str
) -> tuple[KeyFacts, ec.EllipticCurvePrivateKey, bytes]:
    """Open the token key and the id key.

    Raises:
        KeyStoreError: If a key is missing, unreadable, or the passphrase is wrong.
    """
    facts = read_key_facts(folder)
    token = _newest(folder, facts, KeyPurpose.TOKEN)
    token_key = _curve_key(folder, token, passphrase, _PASSPHRASE)
    id_facts = _newest(folder, facts, KeyPurpose.ID)
    id_key = _id_secret(folder, id_facts, f"{id_facts.name}.pem", passphrase, _PASSPHRASE)
    return token, token_key, id_key.private_bytes_raw()


def require_daily_passphrase(folder: Path, passphrase: str) -> None:
    """Refuse a passphrase that is not the one of the keys for daily work.

    Raises:
        KeyStoreError: If it does not open the id key, which is always there.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.ID)
    _id_secret(folder, facts, f"{facts.name}.pem", passphrase, _PASSPHRASE)


def open_id_key(folder: Path, passphrases: Passphrases) -> Ed25519PrivateKey:
    """Open the id key, with the daily passphrase, else its copy with the root's.

    Raises:
        KeyStoreError: If neither opens.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.ID)
    try:
        return _id_secret(folder, facts, f"{facts.name}.pem", passphrases.keys, _PASSPHRASE)
    except KeyStoreError:
        return _copied(folder, facts, passphrases)


def copied_id_key(folder: Path, passphrases: Passphrases) -> NewKey:
    """Open the copy of the id key that has the root passphrase, to be written anew.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the root passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.ID)
    return NewKey(facts, _copied(folder, facts, passphrases))


def _copied(folder: Path, facts: KeyFacts, passphrases: Passphrases) -> Ed25519PrivateKey:
    name = f"{facts.name}.root.pem"
    return _id_secret(folder, facts, name, passphrases.root, _ROOT_PASSPHRASE)


def _id_secret(
    folder: Path, facts: KeyFacts, name: str, passphrase: str, variable: str
) -> Ed25519PrivateKey:
    secret = read_secret(folder / name, passphrase, variable)
    if not isinstance(secret, Ed25519PrivateKey):
        raise _not_that_key(folder, facts)
    return secret


def open_seal(folder: Path, passphrase: str) -> SealKey:
    """Open the office's own seal.

    Raises:
        KeyStoreError: If a key is missing, unreadable, or the passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.SEAL)
    key = _curve_key(folder, facts, passphrase, _PASSPHRASE)
    certificate = _certificate_of(folder, facts, key)
    return SealKey(
        digest_signer_of(key), certificate, _issuers_of(certificate, read_key_facts(folder))
    )


def _issuers_of(
    certificate: x509.Certificate, listed: Iterable[KeyFacts]
) -> tuple[x509.Certificate, ...]:
    """Return the certificate of the office's CA that issued *certificate*.

    It goes along with each seal, so that a reader can show it to whoever trusts it by hand.
    """
    authorities = (
        x509.load_der_x509_certificate(each.certificate)
        for each in listed
        if each.purpose is KeyPurpose.SEAL_CA and each.certificate is not None
    )
    return tuple(each for each in authorities if is_issued_by(certificate, each))


def open_status_key(folder: Path, passphrase: str) -> tuple[KeyFacts, ec.EllipticCurvePrivateKey]:
    """Open the key that signs status lists.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.STATUS)
    return facts, _curve_key(folder, facts, passphrase, _PASSPHRASE)


def open_badge_key(folder: Path, passphrase: str) -> tuple[KeyFacts, Ed25519PrivateKey]:
    """Open the key that signs badges.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.BADGE)
    return facts, _ed25519_key(folder, facts, passphrase)


def open_log_key(folder: Path, passphrase: str) -> Ed25519PrivateKey | None:
    """Open the key that signs the log; None where the office has none yet.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
    """
    listed = [e for e in read_key_facts(folder) if e.purpose is KeyPurpose.LOG]
    active = [each for each in listed if each.state is KeyStage.ACTIVE]
    return _ed25519_key(folder, active[-1], passphrase) if active else None


def _ed25519_key(folder: Path, facts: KeyFacts, passphrase: str) -> Ed25519PrivateKey:
    key = read_secret(folder / f"{facts.name}.pem", passphrase, _PASSPHRASE)
    if not isinstance(key, Ed25519PrivateKey) or key.public_key() != facts.public_key:
        raise _not_that_key(folder, facts)
    return key


def open_root(folder: Path, root_passphrase: str) -> tuple[KeyFacts, ec.EllipticCurvePrivateKey]:
    """Open the key that signs the trust file.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.ROOT)
    return facts, _curve_key(folder, facts, root_passphrase, _ROOT_PASSPHRASE)


def open_seal_ca(folder: Path, root_passphrase: str) -> SealCa:
    """Open the office's seal CA.

    Raises:
        KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
    """
    facts = _newest(folder, read_key_facts(folder), KeyPurpose.SEAL_CA)
    key = _curve_key(folder, facts, root_passphrase, _ROOT_PASSPHRASE)
    return SealCa(key, _certificate_of(folder, facts, key))


def _certificate_of(
    folder: Path, facts: KeyFacts, key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    # `read_key_facts` refuses a seal or CA without a certificate.
    assert facts.certificate is not None  # noqa: S101
    certificate = x509.load_der_x509_certificate(facts.certificate)
    if certificate.public_key() != key.public_key():
        raise _not_that_key(folder, facts)
    return certificate


def _newest(folder: Path, facts: tuple[KeyFacts, ...], purpose: KeyPurpose) -> KeyFacts:
    for each in reversed(facts):
        if each.purpose is purpose and each.state is KeyStage.ACTIVE:
            return each
    command = "cecert keys badge" if purpose is KeyPurpose.BADGE else "cecert keys rotate"
    raise KeyStoreError(f"{folder} has no active {purpose.value} key", hint=f"{command} makes one")


def _curve_key(
    folder: Path, facts: KeyFacts, passphrase: str, variable: str
) -> ec.EllipticCurvePrivateKey:
    key = read_secret(folder / f"{facts.name}.pem", passphrase, variable)
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != facts.public_key:
        raise _not_that_key(folder, facts)
    return key


def _not_that_key(folder: Path, facts: KeyFacts) -> KeyStoreError:
    return KeyStoreError(
        f"{folder / facts.name}.pem holds another key than keys.toml says",
        hint="files of two key folders were mixed: restore the folder from the backup",
    )


def open_pkcs12(path: Path, passphrase: str | None, variable: str = _PASSPHRASE) -> SealKey:
    """Open an institution's seal: a PKCS#12 file (RFC 7292) with key and certificates.

    Args:
        path: The file.
        passphrase: None where it has none.
        variable: The environment variable that sets it, for the hint.

    Raises:
        KeyStoreError: If it is missing, unreadable, damaged, the passphrase is wrong,
            or it holds no ECDSA or RSA key with a certificate for signing.
    """
    bundle = _pkcs12(path, passphrase, variable)
    if bundle.key is None or bundle.cert is None:
        raise _unfit(path, "it holds no key with a certificate")
    key, signing_cert = bundle.key, bundle.cert.certificate
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
        raise _unfit(path, "its key is neither ECDSA nor RSA")
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size < _LEAST_RSA_BITS:
        raise _unfit(path, f"its RSA key has {key.key_size} bits, {_LEAST_RSA_BITS} are the least")
    if not _may_sign(signing_cert):
        raise _unfit(path, "its certificate is not for digital signatures (X.509 key usage)")
    others = (each.certificate for each in bundle.additional_certs)
    chain = tuple(each for each in others if not _is_root(each))
    return SealKey(digest_signer_of(key), signing_cert, chain)


def _pkcs12(path: Path, passphrase: str | None, variable: str) -> PKCS12KeyAndCertificates:
    content = read_or_refuse(
        f"the seal {path}",
        path,
        missing="check seal in [keys] of cecert.toml",
        unreadable="run cecert as the user who owns it",
    )
    try:
        return load_pkcs12(content, passphrase.encode() if passphrase is not None else None)
    except ValueError as fault:
        raise KeyStoreError(
            f"the seal {path} does not open: its passphrase is wrong, or it is no PKCS#12 file",
            hint=f"check {variable}",
        ) from fault


def _unfit(path: Path, why: str) -> KeyStoreError:
    return KeyStoreError(
        f"the seal {path} cannot seal: {why}",
        hint="ask the institution for a certificate for document signing",
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    try:
        use = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return use.digital_signature or use.content_commitment


def _is_root(certificate: x509.Certificate) -> bool:
    return certificate.subject == certificate.issuer
