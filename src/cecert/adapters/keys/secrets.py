"""Secrets at rest: PKCS#8 files encrypted with a passphrase (PBES2, RFC 8018; scrypt, RFC 7914).

cryptography's own `BestAvailableEncryption` writes PBKDF2 with 2,048 rounds, 0.3 ms a
guess. scrypt with N = 2^14, r = 8, p = 5 takes 0.11 s and 16 MiB a guess on the same
core, and is the strongest setting that a plain `openssl pkey` still opens.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import ClassVar

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

from cecert.errors import KeyStoreError

__all__ = ["encrypted_pem", "read_or_refuse", "read_secret"]

_N, _R, _P = 2**14, 8, 5
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
    secret = Scrypt(salt=salt, length=_KEY_BYTES, n=_N, r=_R, p=_P).derive(passphrase.encode())
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
    parameters = {
        "salt": salt,
        "cost": _N,
        "block_size": _R,
        "parallelization": _P,
        "key_length": _KEY_BYTES,
    }
    derivation = {"algorithm": _SCRYPT, "parameters": parameters}
    scheme = {"algorithm": _AES256_CBC, "vector": vector}
    return _Encryption(
        {"algorithm": _PBES2, "parameters": {"derivation": derivation, "scheme": scheme}}
    )


def read_secret(path: Path, passphrase: str, variable: str) -> PrivateKeyTypes:
    """Read the encrypted private key in *path*.

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
        return path.read_bytes()
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
        return load_pem_private_key(content, passphrase.encode())
    except ValueError as fault:
        # A damaged ciphertext cannot be told from a wrong passphrase: CBC has no check.
        raise KeyStoreError(
            f"the passphrase does not open {path}",
            hint=f"check {variable}; if it is right, the file is damaged: restore it",
        ) from fault
