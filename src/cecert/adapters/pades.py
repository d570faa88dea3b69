"""Seals drawings: PAdES baseline B-B (ETSI EN 319 142-1), certifying, no changes allowed.

A drawing is a whole file with the signature's dictionary in it, its byte range right
and zeros where the signature goes. Sealing sets the date, hashes all but the zeros,
and puts a CMS there. Its parts are fixed but for the digest and the signature, so they
are encoded once; the certificate is a single revision, and nothing is appended to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Protocol

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from cecert.domain.cose.der import tagged
from cecert.domain.cose.low_s import CURVE_ORDERS
from cecert.errors import SealError
from cecert.ports import Drawing, SealPlace

if TYPE_CHECKING:
    from _hashlib import HASH

__all__ = [
    "DigestSigner",
    "EcSigner",
    "PadesSealer",
    "RsaSigner",
    "sealed_with",
    "sealers_of_before",
    "signer_of",
]


class DigestSigner(Protocol):
    """Signs SHA-256 digests with one key, wherever that key is."""

    @property
    def algorithm(self) -> str:
        """The signature's name in CMS: `sha256_ecdsa` or `sha256_rsa`."""
        ...

    @property
    def longest(self) -> bytes:
        """Return a value as long as the longest signature."""
        ...

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of a digest, in the form CMS has it."""
        ...


class EcSigner:
    """Signs with ECDSA on a key in memory, deterministically (RFC 6979)."""

    algorithm = "sha256_ecdsa"

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key
        greatest = (1 << key.key_size) - 1
        self.longest = encode_dss_signature(greatest, greatest)
        self._scheme = ec.ECDSA(Prehashed(SHA256()), deterministic_signing=True)

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of *digest*."""
        return self._key.sign(digest, self._scheme)


class RsaSigner:
    """Signs with RSA, PKCS #1 v1.5, on a key in memory."""

    algorithm = "sha256_rsa"

    def __init__(self, key: rsa.RSAPrivateKey) -> None:
        self._key = key
        self.longest = bytes(key.key_size // 8)

    def sign(self, digest: bytes) -> bytes:
        """Return the signature of *digest*."""
        return self._key.sign(digest, padding.PKCS1v15(), Prehashed(SHA256()))


def signer_of(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey) -> DigestSigner:
    """Return the signer for a key in memory."""
    return RsaSigner(key) if isinstance(key, rsa.RSAPrivateKey) else EcSigner(key)


MOST_BEGINNINGS = 8
"""Beginnings whose hash is kept; the certificates of a course have one or two."""


class PadesSealer:
    """Seals in the provider's name with one key, which stays loaded; threads may share one.

    The same drawing sealed at the same second gives the same bytes. Of an ECDSA signature's
    two forms, s and n - s, the lower is issued, wherever the key is: nobody makes of a sealed
    file another that is as good.

    Attributes:
        room: Bytes a drawing must leave for the signature.
    """

    def __init__(
        self,
        signer: DigestSigner,
        signing_cert: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
    ) -> None:
        """Make a sealer of a key and its certificate.

        Args:
            signer: Signs with the private key of *signing_cert*.
            signing_cert: The signing certificate (X.509).
            chain: Certificates above it, to go with the signature, the nearest first.
        """
        self._signer = signer
        self._first = signing_cert.not_valid_before_utc
        self._last = signing_cert.not_valid_after_utc
        certificates = [_asn1(each) for each in (signing_cert, *chain)]
        self._cms = _Cms(certificates, self._in_order(certificates), signer.algorithm)
        self.room = len(self._cms.packed(bytes(32), signer.longest))
        self._beginnings = _Beginnings()
        self._order = _order(signing_cert)

    @staticmethod
    def _in_order(certificates: Sequence[asn1_x509.Certificate]) -> Sequence[bytes]:
        """Return the certificates as they stand in the container: in the order they are named in.

        DER would sort them; CMS does not ask for it of them, and verifiers of before take
        this order alone.
        """
        return [each.dump() for each in certificates]

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        """Return *drawing* sealed at *at*.

        Raises:
            SealError: If the signing certificate is not in force at *at*, or the
                drawing has no place for a seal, or too small a one.
        """
        return self._sealed(drawing, at, self._low_form)

    def seal_in_other_form(self, drawing: Drawing, at: datetime) -> bytes:
        """Return what `seal` may have given before signatures had one form.

        Raises:
            SealError: As `seal` does.
        """
        return self._sealed(drawing, at, self._high_form)

    def _low_form(self, signature: bytes) -> bytes:
        if self._order is None:
            return signature
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, min(s, self._order - s))

    def _high_form(self, signature: bytes) -> bytes:
        if self._order is None:
            return signature
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, max(s, self._order - s))

    def _sealed(self, drawing: Drawing, at: datetime, form: Callable[[bytes], bytes]) -> bytes:
        self._require_in_force(at)
        place = self._require_place(drawing)
        date = f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z".encode()
        pdf, shared = drawing.pdf, min(drawing.shared, place.date)
        own = pdf[shared : place.date] + date + pdf[place.date + len(date) : place.hole]
        after = pdf[place.after :]
        beginning = pdf[:shared]
        digest = self._beginnings.hashed(beginning)
        digest.update(own)
        digest.update(after)
        whole = digest.digest()
        to_sign = sha256(self._cms.attributes(whole)).digest()
        signed = self._cms.packed(whole, form(self._signer.sign(to_sign))).hex().encode()
        hole = signed.ljust(place.after - place.hole - 2, b"0")
        return b"".join([beginning, own, b"<", hole, b">", after])

    def _require_in_force(self, at: datetime) -> None:
        if not self._first <= at <= self._last:
            raise SealError(
                f"the seal's signing certificate is in force from {self._first:%Y-%m-%d} to"
                f" {self._last:%Y-%m-%d}, not on {at:%Y-%m-%d}",
                hint="cecert keys rotate makes a new one",
            )

    def _require_place(self, drawing: Drawing) -> SealPlace:
        if drawing.seal is None:
            raise SealError("the drawing has no place for a seal: specimens are never sealed")
        room = (drawing.seal.after - drawing.seal.hole - 2) // 2
        if room < self.room:
            raise SealError(f"the drawing leaves {room} bytes for a seal of {self.room}")
        return drawing.seal


class _SortingSealer(PadesSealer):
    """Seals as it was done before, with the certificates of a chain in the order of DER."""

    @staticmethod
    def _in_order(certificates: Sequence[asn1_x509.Certificate]) -> Sequence[bytes]:
        return sorted(each.dump() for each in certificates)


def sealers_of_before(
    signer: DigestSigner, signing_cert: x509.Certificate, chain: Sequence[x509.Certificate]
) -> tuple[PadesSealer, ...]:
    """Return sealers that seal as releases of before did with the same key.

    The office's own seal had no chain, an institution's was sorted.

    Args:
        signer: Signs with the private key of *signing_cert*.
        signing_cert: The signing certificate.
        chain: Certificates above it, as they go along today.
    """
    alone = PadesSealer(signer, signing_cert)
    return (alone, _SortingSealer(signer, signing_cert, chain)) if chain else ()


def sealed_with(document: bytes) -> bytes | None:
    """Return the SHA-256 of the signing certificate of a file of the archive.

    None where no seal can be read in it. Whether the seal is whole is not looked at.
    """
    found = _BYTE_RANGE.search(document)
    try:
        hole = slice(int(found[1]), int(found[2])) if found else slice(0)
        content = cms.ContentInfo.load(bytes.fromhex(document[hole].strip(b"<>").decode()))
        signed = content["content"]
        signer = signed["signer_infos"][0]["sid"].chosen
        whose = signer["issuer"], signer["serial_number"].native
        held = [each.chosen for each in signed["certificates"]]
        (own,) = (each for each in held if (each.issuer, each.serial_number) == whose)
        return sha256(own.dump()).digest()
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


_BYTE_RANGE = re.compile(rb"/ByteRange ?\[ ?0 +(\d{1,12}) +(\d{1,12}) +\d{1,12} *\]")


def _order(signing_cert: x509.Certificate) -> int | None:
    """Return n of the key's curve; None where its signatures have one form."""
    key = signing_cert.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        return None
    return CURVE_ORDERS.get(key.curve.name)


class _Beginnings:
    """SHA-256 of the bytes that many files begin with, each taken once."""

    def __init__(self) -> None:
        self._known: deque[tuple[bytes, HASH]] = deque(maxlen=MOST_BEGINNINGS)
        self._lock = Lock()

    def hashed(self, beginning: bytes) -> HASH:
        """Return the state of the hash after *beginning*."""
        # A deque that grows while another thread goes through it raises RuntimeError.
        with self._lock:
            for known, digest in self._known:
                if known == beginning:
                    return digest.copy()
            digest = sha256(beginning)
            self._known.appendleft((beginning, digest))
            return digest.copy()


_DIGEST_PLACE = b"\xcc" * 32
_SET, _ATTRIBUTES = 0x31, 0xA0
_SEQUENCE, _OCTETS = 0x30, 0x04


class _Cms:
    """The CMS SignedData (RFC 5652) of one certificate, encoded but for digest and signature.

    PAdES forbids a signing time among the attributes; the signature's dictionary has it.
    """

    def __init__(
        self,
        certificates: Sequence[asn1_x509.Certificate],
        written: Sequence[bytes],
        algorithm: str,
    ) -> None:
        attributes: bytes = _attributes(certificates).dump()
        self._before, _, self._after = attributes.partition(_DIGEST_PLACE)
        own = certificates[0]
        signer = {"issuer": own.issuer, "serial_number": own.serial_number}
        self._opening = b"\x02\x01\x01" + b"".join([
            cms.IssuerAndSerialNumber(signer).dump(),
            cms.DigestAlgorithm({"algorithm": "sha256"}).dump(),
        ])  # fmt: skip
        self._algorithm = cms.SignedDigestAlgorithm({"algorithm": algorithm}).dump()
        self._head = b"\x02\x01\x01" + b"".join([
            tagged(_SET, cms.DigestAlgorithm({"algorithm": "sha256"}).dump()),
            tagged(_SEQUENCE, cms.ContentType("data").dump()),
            tagged(_ATTRIBUTES, b"".join(written)),
        ])  # fmt: skip

    def attributes(self, digest: bytes) -> bytes:
        """Return the attributes that are signed over the document's *digest*."""
        return self._before + digest + self._after

    def packed(self, digest: bytes, signature: bytes) -> bytes:
        """Return the whole."""
        attributes = bytes([_ATTRIBUTES]) + self.attributes(digest)[1:]
        signer = self._opening + attributes + self._algorithm + tagged(_OCTETS, signature)
        data = self._head + tagged(_SET, tagged(_SEQUENCE, signer))
        return tagged(_SEQUENCE, _SIGNED_DATA + tagged(_ATTRIBUTES, tagged(_SEQUENCE, data)))


_SIGNED_DATA = cms.ContentType("signed_data").dump()


def _attributes(certificates: Sequence[asn1_x509.Certificate]) -> cms.CMSAttributes:
    # The chain is named too, so that not a byte of it can change (RFC 5035, 3).
    listed = tsp.SigningCertificateV2({"certs": [_named(each) for each in certificates]})
    values = {
        "content_type": "data",
        "message_digest": _DIGEST_PLACE,
        "signing_certificate_v2": listed,
    }
    return cms.CMSAttributes(
        [cms.CMSAttribute({"type": kind, "values": (each,)}) for kind, each in values.items()]
    )


def _named(certificate: asn1_x509.Certificate) -> tsp.ESSCertIDv2:
    # Issuer and serial number are optional: the digest says which certificate it is.
    return tsp.ESSCertIDv2({
        "hash_algorithm": {"algorithm": "sha256"},
        "cert_hash": sha256(certificate.dump()).digest(),
    })  # fmt: skip


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
