"""Seals drawings: PAdES baseline B-B or B-T (ETSI EN 319 142-1), certifying, no changes allowed.

A drawing is a whole file with the signature's dictionary in it, its byte range right
and zeros where the signature goes. Sealing sets the date, hashes all but the zeros,
and puts a CMS there; the certificate is a single revision, and nothing is appended to it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA256

from cecert.adapters.pades.container import Container, Contents, asn1_of, contents_of
from cecert.domain.cose.low_s import CURVE_ORDERS
from cecert.errors import SealError
from cecert.ports import DigestSigner, Drawing, SealPlace, TimeStamper

if TYPE_CHECKING:
    from _hashlib import HASH

__all__ = [
    "PadesSealer",
    "level_of",
    "sealed_with",
    "sealers_of_before",
]


MOST_BEGINNINGS = 8
"""Beginnings whose hash is kept; the certificates of a course have one or two."""


class PadesSealer:
    """Seals in the provider's name with one key, which stays loaded; threads may share one.

    Of an ECDSA signature's two forms, s and n - s, the lower is issued, wherever the key is:
    nobody makes of a sealed file another that is as good. With a key in memory the same drawing
    sealed at the same second gives the same bytes; a hardware token's ECDSA and a time stamp
    differ each time, which is why `has_sealed` compares what was drawn.

    Attributes:
        room: Bytes a drawing must leave for the signature.
    """

    def __init__(
        self,
        signer: DigestSigner,
        signing_cert: x509.Certificate,
        chain: Sequence[x509.Certificate] = (),
        stamper: TimeStamper | None = None,
    ) -> None:
        """Make a sealer of a key and its certificate.

        Args:
            signer: Signs with the private key of *signing_cert*.
            signing_cert: The signing certificate (X.509).
            chain: Certificates above it, to go with the signature, the nearest first.
            stamper: Has each signature stamped (PAdES B-T); None for none.
        """
        self._stamper = stamper
        self._signer = signer
        self._cert = signing_cert
        self._first = signing_cert.not_valid_before_utc
        self._last = signing_cert.not_valid_after_utc
        certificates = [asn1_of(each) for each in (signing_cert, *chain)]
        self._cms = Container(certificates, self._in_order(certificates), signer.algorithm)
        stamp = bytes(stamper.room) if stamper else b""
        self.room = len(self._cms.packed(bytes(32), Contents(signer.longest, stamp)))
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
                drawing has no place for a seal, or too small a one; or if the key does not
                sign, or there is no time stamp and must be one.
        """
        self._require_in_force(at)
        blank = self._blank(drawing, at)
        signature = self._low_form(self._signer.sign(self._to_sign(blank)))
        stamp = self._stamper.stamp(signature) if self._stamper else b""
        return blank.filled(self._cms.packed(blank.digest, Contents(signature, stamp)))

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        """Say whether *document* is *drawing*, sealed at *at* with this key.

        All but the signature and the time stamp is compared byte by byte, and the signature
        must hold, in either of its forms.

        Args:
            document: A file of the archive, whoever wrote it.
            drawing: What it would be before it was sealed.
            at: The instant of sealing.
        """
        blank = self._blank(drawing, at)
        contents = contents_of(blank.found_in(document))
        if contents is None:
            return False
        if blank.filled(self._cms.packed(blank.digest, contents)) != document:
            return False
        return _signs(self._cert, contents.signature, self._to_sign(blank))

    def _low_form(self, signature: bytes) -> bytes:
        if self._order is None:
            return signature
        r, s = decode_dss_signature(signature)
        return encode_dss_signature(r, min(s, self._order - s))

    def _to_sign(self, blank: _Blank) -> bytes:
        return sha256(self._cms.attributes(blank.digest)).digest()

    def _blank(self, drawing: Drawing, at: datetime) -> _Blank:
        place = self._require_place(drawing)
        date = f"D:{at.astimezone(UTC):%Y%m%d%H%M%S}Z".encode()
        pdf, shared = drawing.pdf, min(drawing.shared, place.date)
        own = pdf[shared : place.date] + date + pdf[place.date + len(date) : place.hole]
        after = pdf[place.after :]
        beginning = pdf[:shared]
        digest = self._beginnings.hashed(beginning)
        digest.update(own)
        digest.update(after)
        return _Blank(beginning + own, after, place.after - place.hole - 2, digest.digest())

    def _require_in_force(self, at: datetime) -> None:
        if not self._first <= at <= self._last:
            raise SealError(
                f"the seal's signing certificate is in force from {self._first:%Y-%m-%d} to"
                f" {self._last:%Y-%m-%d}, not on {at:%Y-%m-%d}",
                hint="set this clock, if it is wrong; cecert keys rotate makes a new one",
            )

    def _require_place(self, drawing: Drawing) -> SealPlace:
        if drawing.seal is None:
            raise SealError("the drawing has no place for a seal: specimens are never sealed")
        room = (drawing.seal.after - drawing.seal.hole - 2) // 2
        if room < self.room:
            raise SealError(f"the drawing leaves {room} bytes for a seal of {self.room}")
        return drawing.seal


@dataclass(frozen=True, slots=True)
class _Blank:
    """A dated drawing without its signature.

    Attributes:
        before: All up to the `<` of the signature's digits.
        after: All behind their `>`.
        digits: Hexadecimal digits between the two.
        digest: SHA-256 of what is sealed.
    """

    before: bytes
    after: bytes
    digits: int
    digest: bytes

    def filled(self, container: bytes) -> bytes:
        """Return the file with a container in its place."""
        hole = container.hex().encode().ljust(self.digits, b"0")
        return b"".join([self.before, b"<", hole, b">", self.after])

    def found_in(self, document: bytes) -> bytes:
        """Return the bytes that stand where the container goes; b"" if no digits do."""
        start = len(self.before) + 1
        try:
            return bytes.fromhex(document[start : start + self.digits].decode("ascii"))
        except ValueError:
            return b""


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


def level_of(document: bytes) -> str:
    """Return the level of a sealed file that we made: `B-T` with a time stamp, else `B-B`."""
    found = _BYTE_RANGE.search(document)
    hole = document[int(found[1]) : int(found[2])] if found else b""
    try:
        contents = contents_of(bytes.fromhex(hole.strip(b"<>").decode("ascii")))
    except ValueError:
        contents = None
    return "B-T" if contents and contents.stamp else "B-B"


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


def _signs(signing_cert: x509.Certificate, signature: bytes, digest: bytes) -> bool:
    """Say whether a certificate's key made *signature* over *digest*."""
    key, hashed = signing_cert.public_key(), Prehashed(SHA256())
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), hashed)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, digest, ec.ECDSA(hashed))
        else:
            return False
    except InvalidSignature:
        return False
    return True


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
