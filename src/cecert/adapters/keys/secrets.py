"""Secrets at rest: PKCS#8 files encrypted with a passphrase (PBES2, RFC 8018; scrypt, RFC 7914).

cryptography's own `BestAvailableEncryption` writes PBKDF2 with 2,048 rounds, 0.3 ms a
guess. scrypt with N = 2^14, r = 8, p = 5 takes 0.11 s and 16 MiB a guess on the same
core, and is the strongest setting that a plain `openssl pkey` still opens. Whoever has the
passphrase pays it once a process for each file: what was opened is remembered in memory.
"""

from __future__ import annotations

import hmac
import os
from collections import OrderedDict
from pathlib import Path
from threading import Lock
from typing import ClassVar, NamedTuple

from asn1crypto import core, pem
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import CBC
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.padding import PKCS7
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from cecert.adapters.storage.posix import read_linked
from cecert.errors import KeyStoreError

__all__ = ["encrypted_pem", "forget_secrets", "read_or_refuse", "read_secret"]


class _Work(NamedTuple):
    """How much work a guess is: N (a power of two), r and p of RFC 7914, section 2."""

    cost: int
    block_size: int
    parallelization: int


_WORK = _Work(2**14, 8, 5)
_KEY_BYTES = 32
_SALT_BYTES = 16

_PBES2 = "1.2.840.113549.1.5.13"
_SCRYPT = "1.3.6.1.4.1.11591.4.11"
_AES256_CBC = "2.16.840.1.101.3.4.1.42"


class _ScryptParameters(core.Sequence):  # type: ignore[misc]  # asn1crypto is untyped
    _fields: ClassVar = [
        ("salt", core.OctetString),
        ("cost", core.Integer),
        ("block_size", core.Integer),
        ("parallelization", core.Integer),
        ("key_length", core.Integer),
    ]


class _Derivation(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("parameters", _ScryptParameters)]


class _Scheme(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("vector", core.OctetString)]


class _Pbes2Parameters(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("derivation", _Derivation), ("scheme", _Scheme)]


class _Encryption(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("algorithm", core.ObjectIdentifier), ("parameters", _Pbes2Parameters)]


class _EncryptedPrivateKey(core.Sequence):  # type: ignore[misc]
    _fields: ClassVar = [("encryption", _Encryption), ("data", core.OctetString)]


def encrypted_pem(key: PrivateKeyTypes, passphrase: str) -> bytes:
    """Return *key* as encrypted PKCS#8, PEM."""
    salt, vector = os.urandom(_SALT_BYTES), os.urandom(AES256.block_size // 8)
    n, r, p = _WORK
    secret = Scrypt(salt=salt, length=_KEY_BYTES, n=n, r=r, p=p).derive(passphrase.encode())
    padder = PKCS7(AES256.block_size).padder()
    plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(AES256(secret), CBC(vector)).encryptor()
    envelope = _EncryptedPrivateKey(
        {
            "encryption": _encryption(salt, vector),
            "data": encryptor.update(padded) + encryptor.finalize(),
        }
    )
    return bytes(pem.armor("ENCRYPTED PRIVATE KEY", envelope.dump()))


def _encryption(salt: bytes, vector: bytes) -> _Encryption:
    parameters = {"salt": salt, **_WORK._asdict(), "key_length": _KEY_BYTES}
    derivation = {"algorithm": _SCRYPT, "parameters": parameters}
    scheme = {"algorithm": _AES256_CBC, "vector": vector}
    return _Encryption(
        {"algorithm": _PBES2, "parameters": {"derivation": derivation, "scheme": scheme}}
    )


class _OpenedSecrets:
    """The secrets that this process opened last: the work of opening is done once.

    A secret is found again by the passphrase and the very bytes it was opened with, so that
    a file or a passphrase that has changed is opened anew, and a wrong passphrase finds
    nothing. Neither is kept: the mark of a secret is a digest of both under a key of this
    process alone. Threads may share it; two that ask first at once both do the work.
    """

    MOST = 1024
    """So many are kept, the files of 200 offices; whichever was not asked for longest goes."""

    def __init__(self) -> None:
        """Begin with no secret, and a key for the marks of those to come."""
        self._key = os.urandom(32)
        self._kept: OrderedDict[bytes, PrivateKeyTypes] = OrderedDict()
        self._turn = Lock()

    def open(self, content: bytes, passphrase: bytes) -> PrivateKeyTypes:
        """Return the secret in *content*, an encrypted PKCS#8 file, PEM.

        Raises:
            TypeError, ValueError: If the passphrase is empty, or does not open it.
        """
        lengths = len(passphrase).to_bytes(8, "big")
        mark = hmac.digest(self._key, lengths + passphrase + content, "sha256")
        with self._turn:
            if mark in self._kept:
                self._kept.move_to_end(mark)
                return self._kept[mark]
        secret = load_pem_private_key(content, passphrase)
        with self._turn:
            self._kept[mark] = secret
            if len(self._kept) > self.MOST:
                self._kept.popitem(last=False)
        return secret

    def forget(self) -> None:
        """Forget every secret that was opened."""
        with self._turn:
            self._kept.clear()


_OPENED = _OpenedSecrets()


def forget_secrets() -> None:
    """Forget what this process has opened: the next to ask for a secret does the work again."""
    _OPENED.forget()


def read_secret(path: Path, passphrase: str, variable: str) -> PrivateKeyTypes:
    """Read the encrypted private key in *path*, or recall it if nothing has changed.

    Args:
        path: A PKCS#8 file, PEM.
        passphrase: What it is encrypted with.
        variable: The environment variable that sets the passphrase, for the hint.

    Raises:
        KeyStoreError: If the file is missing, unreadable or damaged, or the passphrase
            is wrong.
    """
    content = read_or_refuse(
        f"the key file {path}",
        path,
        missing="restore it from where the keys are kept",
        unreadable="key files have mode 0600: run cecert as the user who owns them",
    )
    return _decrypted(path, content, passphrase, variable)


def read_or_refuse(what: str, path: Path, *, missing: str, unreadable: str) -> bytes:
    """Return a file's bytes.

    Args:
        what: The file, as the error names it.
        path: Where it is.
        missing: What helps when it is.
        unreadable: What helps when it cannot be read.

    Raises:
        KeyStoreError: If it is missing or cannot be read.
    """
    try:
        return read_linked(path)
    except FileNotFoundError as fault:
        raise KeyStoreError(f"{what} is missing", hint=missing) from fault
    except OSError as fault:
        raise KeyStoreError(f"{what} cannot be read: {fault.strerror}", hint=unreadable) from fault


def _decrypted(path: Path, content: bytes, passphrase: str, variable: str) -> PrivateKeyTypes:
    if b"-----BEGIN ENCRYPTED PRIVATE KEY-----" not in content:
        raise KeyStoreError(
            f"the key file {path} is damaged: it holds no encrypted private key",
            hint="restore it from the backup",
        )
    try:
        return _OPENED.open(content, passphrase.encode())
    except (TypeError, ValueError) as fault:  # a TypeError where the passphrase is empty
        # A damaged ciphertext cannot be told from a wrong passphrase: CBC has no check.
        raise KeyStoreError(
            f"the passphrase does not open {path}",
            hint=f"check {variable}; if it is right, the file is damaged: restore it",
        ) from fault
