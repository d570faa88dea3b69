"""Private keys at rest: PKCS#8 encrypted with PBKDF2 and AES-256-CBC (RFC 5958, RFC 8018).

The cryptography library writes PKCS#8 with 2,048 rounds, which a graphics card tries
by the million; it reads any number, so the envelope is made here.
"""

from __future__ import annotations

from base64 import encodebytes

from asn1crypto import algos, keys
from cryptography.hazmat.primitives import hashes, padding, serialization
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.pbkdf2 import PBKDF2HMAC

__all__ = ["NOISE", "decrypt_key", "encrypt_key"]

ROUNDS = 600_000
"""OWASP's least for PBKDF2-HMAC-SHA256."""

NOISE = 32
"""Random bytes an encryption takes: 16 of salt and 16 of vector."""

_LABEL = b"ENCRYPTED PRIVATE KEY"


def encrypt_key(key: PrivateKeyTypes, passphrase: str, noise: bytes) -> bytes:
    """Return *key* as an encrypted PKCS#8 PEM; *noise* is 32 random bytes."""
    salt, vector = noise[: NOISE // 2], noise[NOISE // 2 : NOISE]
    kdf = PBKDF2HMAC(hashes.SHA256(), length=32, salt=salt, iterations=ROUNDS)
    secret = kdf.derive(passphrase.encode())
    plain = key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    padder = padding.PKCS7(algorithms.AES256.block_size).padder()
    encryptor = Cipher(algorithms.AES256(secret), modes.CBC(vector)).encryptor()
    padded = padder.update(plain) + padder.finalize()
    der = _envelope(salt, vector, encryptor.update(padded) + encryptor.finalize())
    return b"-----BEGIN %b-----\n%b-----END %b-----\n" % (_LABEL, encodebytes(der), _LABEL)


def _envelope(salt: bytes, vector: bytes, sealed: bytes) -> bytes:
    kdf = {
        "salt": algos.Pbkdf2Salt(name="specified", value=salt),
        "iteration_count": ROUNDS,
        "prf": {"algorithm": "sha256"},
    }
    scheme = {
        "key_derivation_func": {"algorithm": "pbkdf2", "parameters": kdf},
        "encryption_scheme": {"algorithm": "aes256_cbc", "parameters": vector},
    }
    algorithm = algos.EncryptionAlgorithm({"algorithm": "pbes2", "parameters": scheme})
    info = keys.EncryptedPrivateKeyInfo(
        {"encryption_algorithm": algorithm, "encrypted_data": sealed}
    )
    return bytes(info.dump())


def decrypt_key(pem: bytes, passphrase: str) -> PrivateKeyTypes:
    """Return the key in *pem*.

    Raises:
        ValueError, TypeError: If the passphrase is wrong or the file is damaged.
    """
    return serialization.load_pem_private_key(pem, passphrase.encode())
