"""Certificate ids: 80 bits, printed so that a person can type them.

An id is derived with a secret key from what it stands for, so that issuing twice
finds the first and nobody without the key can guess one. Crockford's base32 has no
I, L, O or U; what people type for them is understood.
"""

from __future__ import annotations

import hmac
import json
from base64 import b32decode, b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256

from cecert.argument_types import typed
from cecert.errors import WrongValueError

__all__ = ["CertificateId", "derive_certificate_id", "id_in_name"]

SIZE = 10
"""Bytes of an id."""

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_CROCKFORD = bytes.maketrans(_LETTERS.encode(), _ALPHABET.encode())
"""From the digits of RFC 4648 base32, which groups bits alike."""

_RFC_4648 = str.maketrans(_ALPHABET, _LETTERS)
_DIGITS = frozenset(_ALPHABET)

_TYPED = str.maketrans("OIL", "011", " -\u2010\u2011\u2012\u2013\u00a0\t")
_CHARACTERS = 16


@dataclass(frozen=True, slots=True, order=True)
class CertificateId:
    """The id of a certificate: ten bytes, printed as 16 characters. Threads may share it.

    >>> str(CertificateId(bytes.fromhex("1cca0dd1d29bffbae470")))
    '3K50-VMEJ-KFZV-NS3G'
    >>> CertificateId.parse("3k5o vmej kfzv ns3g") == CertificateId.parse("3K50-VMEJ-KFZV-NS3G")
    True

    Attributes:
        value: Its ten bytes.
        text: As it is printed.
    """

    value: bytes
    text: str = field(init=False, compare=False, repr=False)

    @typed
    def __post_init__(self) -> None:
        if len(self.value) != SIZE:
            raise WrongValueError(f"an id has {SIZE} bytes, not {len(self.value)}")
        digits = b32encode(self.value).translate(_CROCKFORD).decode()
        text = f"{digits[:4]}-{digits[4:8]}-{digits[8:12]}-{digits[12:]}"
        object.__setattr__(self, "text", text)

    def __str__(self) -> str:
        return self.text

    @classmethod
    @typed
    def parse(cls, text: str) -> CertificateId:
        """Read an id as printed or typed: lower case, spaces, no dashes, O for 0, I or L for 1.

        Raises:
            WrongValueError: If it is not 16 characters of the alphabet.
        """
        return _parsed(text)


@lru_cache(maxsize=1024)  # a certificate's stands in its record, its mails and its events
def _parsed(text: str) -> CertificateId:
    typed = text.upper().translate(_TYPED)
    if len(typed) != _CHARACTERS:
        raise WrongValueError(f"it has {len(typed)} characters, an id has {_CHARACTERS}")
    if not _DIGITS.issuperset(typed):
        unknown = "".join(dict.fromkeys(each for each in typed if each not in _DIGITS))
        raise WrongValueError(f"no id holds {unknown!r}")
    return CertificateId(b32decode(typed.translate(_RFC_4648)))


def id_in_name(name: str) -> str:
    """Return the id, as printed, with which the name of a document in the archive begins.

    >>> id_in_name("3K/3K50-VMEJ-KFZV-NS3G-0123456789abcdef.pdf")
    '3K50-VMEJ-KFZV-NS3G'
    """
    return name.rpartition("/")[2][: _CHARACTERS + 3]


def derive_certificate_id(
    id_key: bytes,
    *,
    provider_id: str,
    course_id: str,
    participant_id: str,
    credential_types: Iterable[str],
    revision: int,
) -> CertificateId:
    """Derive the id of a certificate: HMAC-SHA-256 (RFC 2104), its first 80 bits.

    The parts go in as a JSON list, because joined strings collide: a/b + c, a + b/c.

    Args:
        id_key: The office's secret, of at least 32 bytes.
        provider_id: The provider's.
        course_id: The course's.
        participant_id: The participant's identity in the course.
        credential_types: What the certificate credits, in any order.
        revision: 0 for the first; each correction has the next.

    Raises:
        WrongValueError: If the key has fewer than 32 bytes.
    """
    if len(id_key) < sha256().digest_size:
        raise WrongValueError(f"the id key has {len(id_key)} bytes, 32 are the least")
    parts = [
        "cecert-id-1", provider_id, course_id, participant_id, sorted(credential_types), revision,
    ]  # fmt: skip
    message = json.dumps(parts, ensure_ascii=True, separators=(",", ":")).encode()
    return CertificateId(hmac.digest(id_key, message, "sha256")[:SIZE])
