"""The seal of a file in our own writer's form, checked without reading the file.

What a seal signs is every byte but its own, so a file whose seal is made with a key of the
provider is the provider's to the byte: nothing in it need be understood to say that. Only
one form is known here, that of our writer, and only certificates that the trust file lists;
of everything else nothing is said, and pyHanko says it (`seals`). No byte of the file is
read by any parser before a listed certificate was found in it.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from cecert.domain.cose.cbor import MalformedError
from cecert.domain.cose.der import members, tagged, value_at, whole
from cecert.domain.cose.low_s import CURVE_ORDERS
from cecert.ports import SealFinding, SealReader, SealState

__all__ = ["OwnSealReader", "own_seal"]

INTACT_WORDS = "not a byte was changed since it was sealed"

_RANGE = b"/ByteRange"
_PLACE = re.compile(
    rb"/Reference\[<</TransformMethod/DocMDP/TransformParams<</P 1/V/1\.2>>>>\]"
    rb"/M\(D:[0-9]{14}Z\)/ByteRange\[0 ([0-9]{1,9}) ([0-9]{1,9}) ([0-9]{1,9}) {0,40}\]/Contents<"
)
_ROOM = 120
"""Bytes of the form that stand before the byte range, and after it, and more."""

LARGEST_CONTAINER = 1 << 16
"""Bytes; a chain of certificates has not half as much."""

MOST_CERTIFICATES = 8

_SEQUENCE, _SET, _OCTETS, _FIRST = 0x30, 0x31, 0x04, 0xA0
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_ECDSA_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
_DATA = bytes.fromhex("06092a864886f70d010701")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904")
_SIGNING_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_VERSION_1 = bytes.fromhex("020101")
_P256_KEY = bytes.fromhex("3059301306072a8648ce3d020106082a8648ce3d030107034200")
"""Object identifiers and the values made of them alone, as RFC 5652 and 5480 write them."""


class OwnSealReader:
    """Checks seals that a trust file lists by itself, and has another check all others.

    Attributes:
        listed: SHA-256 of the signing certificates whose seals are checked here.
        others: Checks every other seal.
    """

    def __init__(self, listed: Collection[bytes], others: SealReader) -> None:
        """Take what is known.

        Args:
            listed: SHA-256 of the signing certificates whose seals are checked here.
            others: Checks every seal.
        """
        self.listed = frozenset(listed)
        self.others = others

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        return self.of_our_form(pdf) or self.others.inspect(pdf)

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        """Return what the seal proves if it is whole, listed and in our writer's form."""
        return own_seal(pdf, self.listed)


def own_seal(pdf: bytes, listed: Collection[bytes]) -> SealFinding | None:
    """Return what a whole seal in our own form proves; None of any other.

    Args:
        pdf: The file.
        listed: SHA-256 of the signing certificates that may have made it.
    """
    try:
        sealed = _sealed(pdf)
        if sealed is None or sealed.certificates[0].digest not in listed:
            return None
        return _finding(sealed)
    except (MalformedError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class _Certificate:
    """A certificate (X.509) that goes along with a signature."""

    encoded: bytes

    @property
    def digest(self) -> bytes:
        return sha256(self.encoded).digest()


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A file whose signature container is written in the one way.

    Attributes:
        certificates: The signing certificate first.
        attributes: What is signed.
        signature: The signature, DER.
    """

    certificates: tuple[_Certificate, ...]
    attributes: bytes
    signature: bytes


def _sealed(pdf: bytes) -> _Sealed | None:
    """Take a file apart, and put its container together again; None if that is another."""
    at = pdf.rfind(_RANGE)
    place = _PLACE.search(pdf, max(at - _ROOM, 0), at + _ROOM) if at >= 0 else None
    if place is None or not place.start() < at < place.end() or pdf.find(_RANGE) != at:
        return None
    hole, after, length = (int(each) for each in place.groups())
    digits = pdf[hole + 1 : after - 1]
    if (
        hole != place.end() - 1
        or pdf[after - 1 : after] != b">"
        or after + length != len(pdf)
        or len(digits) > 2 * LARGEST_CONTAINER
    ):
        return None
    container = bytes.fromhex(digits.decode("ascii"))
    if container.hex().encode() != digits:  # upper case, or spaces
        return None
    size = value_at(container, 0)[2]
    if container[size:].strip(b"\0"):
        return None
    encoded, signature = _parts(container[:size])
    certificates = tuple(map(_Certificate, encoded))
    digest = sha256(pdf[:hole])
    digest.update(memoryview(pdf)[after:])
    attributes = _attributes(digest.digest(), [each.digest for each in certificates])
    written = _container(encoded, attributes, signature)
    return _Sealed(certificates, attributes, signature) if written == container[:size] else None


def _parts(container: bytes) -> tuple[list[bytes], bytes]:
    """Return the certificates and the signature of a container; it is compared afterwards."""
    _, signed = _exactly(2, whole(container, _SEQUENCE))
    *_, certificates, signers = _exactly(5, whole(whole(signed, _FIRST), _SEQUENCE))
    found = [each for _, each in members(whole(certificates, _FIRST))]
    if not 1 <= len(found) <= MOST_CERTIFICATES:
        raise MalformedError(f"{len(found)} certificates")
    *_, signature = _exactly(6, whole(whole(signers, _SET), _SEQUENCE))
    return found, whole(signature, _OCTETS)


def _exactly(count: int, content: bytes) -> list[bytes]:
    found = [each for _, each in members(content)]
    if len(found) != count:
        raise MalformedError(f"{len(found)} values where {count} are")
    return found


def _attributes(digest: bytes, certificates: list[bytes]) -> bytes:
    """Return what our sealer signs over a document's digest, naming the certificates."""
    named = b"".join(tagged(_SEQUENCE, tagged(_OCTETS, each)) for each in certificates)
    values = (
        (_CONTENT_TYPE, _DATA),
        (_MESSAGE_DIGEST, tagged(_OCTETS, digest)),
        (_SIGNING_CERTIFICATE, tagged(_SEQUENCE, tagged(_SEQUENCE, named))),
    )
    each = [tagged(_SEQUENCE, kind + tagged(_SET, value)) for kind, value in values]
    return tagged(_SET, b"".join(sorted(each)))


def _container(certificates: list[bytes], attributes: bytes, signature: bytes) -> bytes:
    """Return the container that our sealer writes."""
    _, serial, _, issuer, *_ = _fields(certificates[0])
    signer = b"".join([
        _VERSION_1,
        tagged(_SEQUENCE, issuer + serial),
        _SHA256,
        bytes([_FIRST]) + attributes[1:],
        _ECDSA_SHA256,
        tagged(_OCTETS, signature),
    ])  # fmt: skip
    data = b"".join([
        _VERSION_1,
        tagged(_SET, _SHA256),
        tagged(_SEQUENCE, _DATA),
        tagged(_FIRST, b"".join(certificates)),
        tagged(_SET, tagged(_SEQUENCE, signer)),
    ])  # fmt: skip
    return tagged(_SEQUENCE, _SIGNED_DATA + tagged(_FIRST, tagged(_SEQUENCE, data)))


def _fields(certificate: bytes) -> list[bytes]:
    """Return version, serial number, algorithm, issuer, times, subject, key and what follows."""
    signed = next(each for _, each in members(whole(certificate, _SEQUENCE)))
    found = [each for _, each in members(whole(signed, _SEQUENCE))]
    if len(found) < 7 or found[0][0] != _FIRST:  # noqa: PLR2004  # one of version 1 has no version
        raise MalformedError("a certificate of another version")
    return found


def _finding(sealed: _Sealed) -> SealFinding | None:
    """Check the signature of a container, whose certificate is listed."""
    certificate = sealed.certificates[0]
    r, s = decode_dss_signature(sealed.signature)
    if encode_dss_signature(r, s) != sealed.signature:
        return None
    key = _key(certificate.encoded)
    if key is None:
        return None
    try:
        key.verify(sealed.signature, sealed.attributes, ec.ECDSA(SHA256()))
    except InvalidSignature:
        return None
    return SealFinding(
        SealState.INTACT,
        INTACT_WORDS,
        certificate.digest,
        _name(certificate.encoded),
        low_s=s <= CURVE_ORDERS["secp256r1"] // 2,
    )


@lru_cache(maxsize=16)  # a folder's files have one seal
def _key(certificate: bytes) -> ec.EllipticCurvePublicKey | None:
    """Return the P-256 key of a certificate; None of any other."""
    written = _fields(certificate)[6]
    if not written.startswith(_P256_KEY):
        return None
    point = written[len(_P256_KEY) :]
    return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)


_NAME_PARTS = {
    bytes.fromhex("0603550403"): "Common Name",
    bytes.fromhex("060355040a"): "Organization",
}
_UTF8 = 0x0C


def _short_name(subject: bytes) -> str | None:
    """Return a subject of no more than a name and an organisation; None of any other."""
    parts: dict[str, str] = {}
    for _, part in members(whole(subject, _SEQUENCE)):
        kind, written = _exactly(2, whole(whole(part, _SET), _SEQUENCE))
        label = _NAME_PARTS.get(kind)
        if label is None or label in parts or written[0] != _UTF8:
            return None
        parts[label] = whole(written, _UTF8).decode()
    if any("," in each for each in parts.values()):
        return None
    return ", ".join(reversed([f"{label}: {text}" for label, text in parts.items()]))


@lru_cache(maxsize=16)
def _name(certificate: bytes) -> str:
    """Return the subject of a certificate as pyHanko says it, without control characters."""
    name = _short_name(_fields(certificate)[5])
    if name is None:
        from asn1crypto import x509

        name = x509.Certificate.load(certificate).subject.human_friendly
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)
