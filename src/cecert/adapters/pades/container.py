"""The container of a seal: CMS SignedData (RFC 5652) of one certificate.

It is encoded once but for digest, signature and time stamp, because all else in it is the
same for every file that a key seals.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from asn1crypto import cms, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from cecert.domain.cose.der import tagged

__all__ = ["Container", "Contents", "asn1_of", "contents_of"]


@dataclass(frozen=True, slots=True)
class Contents:
    """What of a container differs from file to file.

    Attributes:
        signature: In the form CMS has it.
        stamp: The time stamp of *signature* (RFC 3161), DER; b"" if there is none.
    """

    signature: bytes
    stamp: bytes = b""


def contents_of(container: bytes) -> Contents | None:
    """Return what stands in a container, which zeros may follow; None if it is none."""
    try:
        content = cms.ContentInfo.load(container)
        (signer,) = content["content"]["signer_infos"]
        stamp = b""
        for attribute in signer["unsigned_attrs"]:
            if attribute["type"].native == "signature_time_stamp_token":
                stamp = attribute["values"][0].dump()
        return Contents(signer["signature"].native, stamp)
    except (ValueError, TypeError, LookupError, AttributeError):
        return None


_DIGEST_PLACE = b"\xcc" * 32
_SET, _ATTRIBUTES = 0x31, 0xA0
_SEQUENCE, _OCTETS = 0x30, 0x04


class Container:
    """The container of one certificate, encoded but for digest, signature and time stamp.

    PAdES forbids a signing time among the attributes; the signature's dictionary has it.
    """

    def __init__(
        self,
        certificates: Sequence[asn1_x509.Certificate],
        written: Sequence[bytes],
        algorithm: str,
    ) -> None:
        fixed = _fixed(tuple(each.dump() for each in certificates), algorithm)
        self._before, self._after = fixed.before, fixed.after
        self._opening, self._algorithm = fixed.opening, fixed.algorithm
        self._head = fixed.head + tagged(_ATTRIBUTES, b"".join(written))

    def attributes(self, digest: bytes) -> bytes:
        """Return the attributes that are signed over the document's *digest*."""
        return self._before + digest + self._after

    def packed(self, digest: bytes, contents: Contents) -> bytes:
        """Return the container of a file with this *digest* and these *contents*."""
        attributes = bytes([_ATTRIBUTES]) + self.attributes(digest)[1:]
        signature = tagged(_OCTETS, contents.signature)
        signer = self._opening + attributes + self._algorithm + signature + _stamped(contents.stamp)
        data = self._head + tagged(_SET, tagged(_SEQUENCE, signer))
        return tagged(_SEQUENCE, _SIGNED_DATA + tagged(_ATTRIBUTES, tagged(_SEQUENCE, data)))


@dataclass(frozen=True, slots=True)
class _Fixed:
    """What is the same in the containers of a certificate, whoever makes them, in DER.

    Attributes:
        before: The signed attributes before the document's digest.
        after: The signed attributes after it.
        opening: The signer's information before the signed attributes.
        algorithm: Of the signature.
        head: The signed data before the certificates.
    """

    before: bytes
    after: bytes
    opening: bytes
    algorithm: bytes
    head: bytes


# A desk has sealers of today and of before, all of one certificate: each would encode it anew.
@lru_cache(maxsize=64)
def _fixed(certificates: tuple[bytes, ...], algorithm: str) -> _Fixed:
    loaded = [asn1_x509.Certificate.load(each) for each in certificates]
    before, _, after = _attributes(loaded).dump().partition(_DIGEST_PLACE)
    signer = {"issuer": loaded[0].issuer, "serial_number": loaded[0].serial_number}
    digest: bytes = cms.DigestAlgorithm({"algorithm": "sha256"}).dump()
    data = tagged(_SEQUENCE, cms.ContentType("data").dump())
    return _Fixed(
        before,
        after,
        b"\x02\x01\x01" + cms.IssuerAndSerialNumber(signer).dump() + digest,
        cms.SignedDigestAlgorithm({"algorithm": algorithm}).dump(),
        b"\x02\x01\x01" + tagged(_SET, digest) + data,
    )


_TIME_STAMP = cms.CMSAttributeType("signature_time_stamp_token").dump()
_UNSIGNED = 0xA1


def _stamped(stamp: bytes) -> bytes:
    """Return the unsigned attributes: none, or the one that holds *stamp*."""
    if not stamp:
        return b""
    return tagged(_UNSIGNED, tagged(_SEQUENCE, _TIME_STAMP + tagged(_SET, stamp)))


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


def asn1_of(certificate: x509.Certificate) -> asn1_x509.Certificate:
    """Return a certificate as asn1crypto has it."""
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
