"""The key store: a folder of encrypted private keys and an index of their public facts.

`root`, `token`, `status` and `id` keys, a small certification authority (`ca`) and
the `seal` key with its signing certificate. Root and CA have a passphrase of their
own and may be taken off the machine: issuing never opens them.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import tempfile
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import pkcs12

from cecert.adapters.storage.authority import make_authority, make_signing_cert
from cecert.adapters.storage.encryption import NOISE, decrypt_key, encrypt_key
from cecert.adapters.storage.writing import FOLDER_MODE, write_private
from cecert.errors import KeyStoreError

__all__ = ["KeyFact", "KeyStore", "SealMaterial", "create_keys", "load_pkcs12"]

INDEX = "keys.json"
FORMAT = 1
WINDOW = timedelta(days=400)
AUTHORITY_YEARS = 25

SealKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


@dataclass(frozen=True, slots=True)
class KeyFact:
    """What everybody may know of one key.

    Attributes:
        name: File name without ending.
        use: root, token, status, id, ca or seal.
        not_before, not_after: Window in which it signs, ISO dates with time, UTC.
        state: active, retired or compromised.
        public: SubjectPublicKeyInfo, hexadecimal; "" for the id key.
        cert: X.509 certificate in DER, hexadecimal; "" where there is none.
    """

    name: str
    use: str
    not_before: str
    not_after: str
    state: str = "active"
    public: str = ""
    cert: str = ""

    @property
    def window(self) -> tuple[int, int]:
        """The window in seconds, UTC."""
        first, last = datetime.fromisoformat(self.not_before), datetime.fromisoformat(self.not_after)
        return int(first.timestamp()), int(last.timestamp())

    @property
    def public_key(self) -> ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey:
        """The public key of a root, token or status key."""
        key = serialization.load_der_public_key(bytes.fromhex(self.public))
        if not isinstance(key, ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey):
            raise KeyStoreError(f"key {self.name} is of a kind that signs no tokens")
        return key

    @property
    def cert_sha256(self) -> bytes:
        """SHA-256 of its signing certificate."""
        return sha256(bytes.fromhex(self.cert)).digest()


@dataclass(frozen=True, slots=True)
class SealMaterial:
    """What seals documents: a private key, its signing certificate and the chain above."""

    key: SealKey
    signing_cert: x509.Certificate
    chain: tuple[x509.Certificate, ...]


class KeyStore:
    """The keys in one folder."""

    def __init__(self, folder: Path) -> None:
        """Open the index; no passphrase is needed.

        Raises:
            KeyStoreError: If there are no keys, or the index cannot be read.
        """
        self._folder = folder
        path = folder / INDEX
        try:
            document = json.loads(path.read_bytes())
            if document["format"] != FORMAT:
                raise KeyStoreError(f"{path} is of format {document['format']}, not {FORMAT}")
            self.facts = tuple(KeyFact(**each) for each in document["keys"])
        except FileNotFoundError:
            raise KeyStoreError(
                f"there are no keys in {folder}", hint="make them with cecert keys init"
            ) from None
        except OSError as error:
            raise KeyStoreError(f"{path} cannot be read: {error.strerror}") from error
        except (ValueError, TypeError, KeyError) as error:
            raise KeyStoreError(f"{path} is damaged: {error}") from error

    def facts_of(self, use: str) -> tuple[KeyFact, ...]:
        """Return the facts of every key of that use, oldest first."""
        return tuple(each for each in self.facts if each.use == use)

    def signing_key(
        self, use: str, passphrase: str
    ) -> ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey:
        """Return the active root, token or status key.

        Raises:
            KeyStoreError: If it is missing, unreadable, or the passphrase is wrong.
        """
        key = self._open(self._active(use), passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey):
            raise KeyStoreError(f"the {use} key is of a kind that signs no tokens")
        return key

    def id_key(self, passphrase: str) -> bytes:
        """Return the secret that certificate ids hang on: 32 bytes, never rotated."""
        key = self._open(self._active("id"), passphrase)
        if not isinstance(key, ed25519.Ed25519PrivateKey):
            raise KeyStoreError("the id key is not one of ours")
        return key.private_bytes_raw()

    def seal(self, passphrase: str) -> SealMaterial:
        """Return what seals documents."""
        fact = self._active("seal")
        key = self._open(fact, passphrase)
        if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey):
            raise KeyStoreError("the seal key is of a kind that seals no PDFs")
        authorities = tuple(_cert(each.cert) for each in self.facts_of("ca"))
        return SealMaterial(key, _cert(fact.cert), authorities)

    def _active(self, use: str) -> KeyFact:
        active = [each for each in self.facts_of(use) if each.state == "active"]
        if not active:
            raise KeyStoreError(f"the key store {self._folder} has no active {use} key")
        return active[-1]

    def _open(self, fact: KeyFact, passphrase: str) -> object:
        path = self._folder / f"{fact.name}.pem"
        try:
            return decrypt_key(path.read_bytes(), passphrase)
        except OSError as error:
            raise KeyStoreError(
                f"the {fact.use} key {path} cannot be read: {error.strerror}",
                hint="restore it from the backup, or correct its permissions",
            ) from error
        except (ValueError, TypeError):
            # The library's message is left out: it may quote what it read.
            raise KeyStoreError(
                f"the {fact.use} key {path} does not open with this passphrase",
                hint="check CECERT_KEY_PASSPHRASE",
            ) from None


def _cert(der: str) -> x509.Certificate:
    return x509.load_der_x509_certificate(bytes.fromhex(der))


def create_keys(
    folder: Path, provider: str, passphrase: str, root_passphrase: str, now: datetime
) -> KeyStore:
    """Make all keys of a new office; a crash leaves none rather than some.

    Args:
        folder: Must not exist or be empty.
        provider: Name in the certificates (X.509).
        passphrase: Of the working keys.
        root_passphrase: Of the root and CA keys.
        now: Start of every window, UTC.

    Raises:
        KeyStoreError: If the folder has keys, or cannot be written.
    """
    if folder.exists() and any(folder.iterdir()):
        raise KeyStoreError(
            f"{folder} is not empty; keys are never overwritten",
            hint="without them no certificate could be issued under the same ids again",
        )
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        building = Path(tempfile.mkdtemp(prefix=".keys-", dir=folder.parent))
    except OSError as error:
        raise KeyStoreError(f"{folder} cannot be made: {error.strerror}") from error
    try:
        _fill(building, provider, passphrase, root_passphrase, now.replace(microsecond=0))
        building.chmod(FOLDER_MODE)
        os.replace(building, folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return KeyStore(folder)


def _fill(
    folder: Path, provider: str, passphrase: str, root_passphrase: str, now: datetime
) -> None:
    last = now + WINDOW
    facts = []

    def keep(name: str, use: str, key: object, until: datetime, cert: bytes = b"") -> None:
        secret = root_passphrase if use in {"root", "ca"} else passphrase
        pem = encrypt_key(key, secret, secrets.token_bytes(NOISE))  # type: ignore[arg-type]
        write_private(folder / f"{name}.pem", pem)
        public = "" if use == "id" else _public(key)
        facts.append(
            KeyFact(name, use, now.isoformat(), until.isoformat(), "active", public, cert.hex())
        )

    century = now.replace(year=now.year + AUTHORITY_YEARS, day=min(now.day, 28))
    keep("root", "root", _new_key(), century)
    keep("token-1", "token", _new_key(), last)
    keep("status-1", "status", _new_key(), last)
    keep("id", "id", ed25519.Ed25519PrivateKey.generate(), century)
    authority_key, seal_key = _new_key(), _new_key()
    authority = make_authority(authority_key, provider, now, century)
    signing_cert = make_signing_cert(seal_key, provider, authority, authority_key, (now, last))
    keep("ca", "ca", authority_key, century, authority.public_bytes(serialization.Encoding.DER))
    keep("seal-1", "seal", seal_key, last, signing_cert.public_bytes(serialization.Encoding.DER))
    index = {"format": FORMAT, "provider": provider, "keys": [asdict(each) for each in facts]}
    write_private(folder / INDEX, json.dumps(index, indent=1).encode())


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _public(key: object) -> str:
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise TypeError("a key of a kind that is not made here")
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return public.hex()


def load_pkcs12(path: Path, passphrase: str) -> SealMaterial:
    """Return what an institution's PKCS#12 file seals with.

    Raises:
        KeyStoreError: If it is missing, unreadable, incomplete, or the passphrase is wrong.
    """
    try:
        key, cert, chain = pkcs12.load_key_and_certificates(path.read_bytes(), passphrase.encode())
    except OSError as error:
        raise KeyStoreError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError:
        raise KeyStoreError(
            f"{path} does not open with this passphrase, or is no PKCS#12 file"
        ) from None
    if not isinstance(key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) or cert is None:
        raise KeyStoreError(f"{path} holds no P-256 or RSA key with its certificate")
    return SealMaterial(key, cert, tuple(chain))
