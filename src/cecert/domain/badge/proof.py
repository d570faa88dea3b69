"""Data Integrity proofs (`eddsa-rdfc-2022`), and how the keys that make them are called.

Source: W3C Data Integrity EdDSA Cryptosuites 1.0, 3.2; Controlled Identifiers 1.0 (Multikey,
multibase); the did:key and did:web methods.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlsplit

from cecert.domain.badge.statements import canonical_statements

__all__ = [
    "BadgeIssuer",
    "BadgeKey",
    "did_document",
    "did_key",
    "did_of_site",
    "instant",
    "multikey",
    "signed",
]

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = bytes([0xED, 0x01])
"""What stands before an Ed25519 public key in a Multikey."""


class BadgeIssuer(Enum):
    """In whose name a badge is signed."""

    WEB = "web"
    """The site's (`did:web`): readers fetch its keys, and what became of the badge."""
    KEY = "key"
    """The key's own (`did:key`): readers need nothing else, and learn of no revocation."""


@dataclass(frozen=True, slots=True)
class BadgeKey:
    """A key that signs credentials, open.

    Attributes:
        issuer: The DID in whose name it signs.
        method: What the key is called there: DID, `#`, name.
        sign: Returns the 64 bytes of Ed25519 over a message.
    """

    issuer: str
    method: str
    sign: Callable[[bytes], bytes]


def signed(document: Mapping[str, Any], key: BadgeKey, at: datetime) -> dict[str, Any]:
    """Return a credential with its proof.

    Args:
        document: The credential, `@context` first.
        key: Signs it.
        at: When, aware.

    Raises:
        ValueError: If it has a member that nothing would sign.
    """
    options = {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": instant(at),
        "verificationMethod": key.method,
        "proofPurpose": "assertionMethod",
    }
    digests = sha256(canonical_statements(options)).digest()
    digests += sha256(canonical_statements(document)).digest()
    return {**document, "proof": {**options, "proofValue": _multibase(key.sign(digests))}}


def instant(at: datetime) -> str:
    """Return an instant as credentials write it, in UTC: `2020-10-30T12:00:00Z`."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def multikey(public: bytes) -> str:
    """Return an Ed25519 public key as a Multikey: `z6Mk...`."""
    return _multibase(_ED25519 + public)


def did_key(public: bytes) -> tuple[str, str]:
    """Return the DID that a public key is by itself, and what the key is called in it."""
    name = multikey(public)
    return f"did:key:{name}", f"did:key:{name}#{name}"


def did_of_site(url: str) -> tuple[str, str]:
    """Return the DID of a site, and the name of the file in it that says what its keys are.

    >>> did_of_site("https://verify.example.edu/")
    ('did:web:verify.example.edu', '.well-known/did.json')
    >>> did_of_site("https://localhost:8443/ce/verify/")
    ('did:web:localhost%3A8443:ce:verify', 'did.json')
    """
    parts = urlsplit(url)
    folders = [each for each in parts.path.split("/") if each]
    host = quote(parts.netloc.casefold(), safe=".")
    did = ":".join(["did:web", host, *(quote(each, safe="") for each in folders)])
    return did, "did.json" if folders else ".well-known/did.json"


def did_document(did: str, keys: Sequence[tuple[str, bytes]]) -> dict[str, Any]:
    """Return the document of a DID: the keys that what it signed is held against.

    Args:
        did: The site's.
        keys: Name and public key of each; of those that have retired too, because what they
            signed goes on to verify.
    """
    methods = [
        {
            "id": f"{did}#{name}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": multikey(public),
        }
        for name, public in keys
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def _multibase(data: bytes) -> str:
    """Return bytes in base 58 with the `z` that says so.

    >>> _multibase(bytes([0, 0, 1])), _multibase(b"Hello World!")
    ('z112', 'z2NEpo7TZRRrLZSi2U')
    """
    number, digits = int.from_bytes(data), ""
    while number:
        number, digit = divmod(number, 58)
        digits = _ALPHABET[digit] + digits
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "z" + _ALPHABET[0] * zeros + digits
