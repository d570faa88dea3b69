"""Seals PDFs: PAdES baseline B-B (ETSI EN 319 142-1), certifying, visible, no changes allowed.

The drawing has the signature field, tagged and with its picture; pyHanko fills it and
places the byte range. The CMS is put together here,
because pyHanko's signer loads the key again for each signature (0.04 s with RSA),
makes each CMS twice to learn its size, and needs an event loop of its own, which an
asynchronous program that calls `issue` already has.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO

from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError, as_signing_certificate_v2
from pyhanko.sign.signers.cms_embedder import (
    PdfCMSEmbedder,
    SigIOSetup,
    SigMDPSetup,
    SigObjSetup,
)
from pyhanko.sign.signers.constants import ESIC_EXTENSION_1
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from cecert.errors import SealError
from cecert.ports import Drawing

__all__ = ["PadesSealer"]

FIELD = "Seal"
_DIGEST = "sha256"


class PadesSealer:
    """Seals in the provider's name with one key, which stays loaded.

    The same drawing sealed at the same second gives the same bytes: ECDSA is
    deterministic (RFC 6979), RSA is PKCS #1 v1.5.
    """

    def __init__(
        self,
        key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
        signing_cert: x509.Certificate,
        chain: Sequence[x509.Certificate],
        provider: str,
    ) -> None:
        """Take what seals.

        Args:
            key: The private key of *signing_cert*.
            signing_cert: The signing certificate (X.509).
            chain: Certificates between it and its root, to go with the signature.
            provider: Whose seal it is, as printed.
        """
        self._key = key
        self._signing_cert = signing_cert
        self._provider = provider
        self._certificates = [_asn1(each) for each in (signing_cert, *chain)]
        # A CMS of ours varies in size by the signature alone, so the room is exact.
        self._room = len(self._packed(bytes(sha256().digest_size), self._longest_signature()))

    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        """Return *drawing* sealed at *at*.

        Raises:
            SealError: If the signing certificate is not in force at *at*, or the
                drawing is no PDF that can be sealed.
        """
        self._require_in_force(at)
        try:
            return self._sealed(drawing, at.astimezone(UTC))
        except (PdfError, SigningError) as fault:
            raise SealError(f"the drawing cannot be sealed: {fault}") from fault

    def _require_in_force(self, at: datetime) -> None:
        first = self._signing_cert.not_valid_before_utc
        last = self._signing_cert.not_valid_after_utc
        if not first <= at <= last:
            raise SealError(
                f"the seal's signing certificate is in force from {first:%Y-%m-%d} to"
                f" {last:%Y-%m-%d}, not on {at:%Y-%m-%d}",
                hint="cecert keys rotate makes a new one",
            )

    def _sealed(self, drawing: Drawing, at: datetime) -> bytes:
        writer = _SealWriter(BytesIO(drawing.pdf))
        writer.ensure_output_version((1, 7))  # type: ignore[no-untyped-call]  # pyHanko has no hints here
        writer.register_extension(ESIC_EXTENSION_1)
        steps = PdfCMSEmbedder().write_cms(FIELD, writer, existing_fields_only=True)
        next(steps)
        steps.send(SigObjSetup(self._placeholder(at), SigMDPSetup(
            _DIGEST, certify=True, docmdp_perms=MDPPerm.NO_CHANGES
        )))  # fmt: skip
        prepared, output = steps.send(SigIOSetup(_DIGEST))
        steps.send(self._signed(prepared.document_digest))
        return bytes(output.getvalue())

    def _placeholder(self, at: datetime) -> SignatureObject:
        return SignatureObject(
            timestamp=at,
            subfilter=SigSeedSubFilter.PADES,
            name=self._provider,
            bytes_reserved=2 * self._room,
        )

    def _signed(self, digest: bytes) -> bytes:
        return self._packed(digest, self._signature(self._attributes(digest).dump()))

    def _signature(self, content: bytes) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return self._key.sign(content, padding.PKCS1v15(), SHA256())
        return self._key.sign(content, ec.ECDSA(SHA256(), deterministic_signing=True))

    def _longest_signature(self) -> bytes:
        if isinstance(self._key, rsa.RSAPrivateKey):
            return bytes(self._key.key_size // 8)
        greatest = (1 << self._key.key_size) - 1
        return encode_dss_signature(greatest, greatest)

    def _attributes(self, digest: bytes) -> cms.CMSAttributes:
        """Return the signed attributes: PAdES forbids a signing time here, /M holds it."""
        listed = as_signing_certificate_v2(self._certificates[0])
        # The chain is named too, so that not a byte of it can change (RFC 5035, 3).
        for each in self._certificates[1:]:
            listed["certs"].append(as_signing_certificate_v2(each)["certs"][0])
        values = {
            "content_type": "data",
            "message_digest": digest,
            "signing_certificate_v2": listed,
        }
        return cms.CMSAttributes(
            [cms.CMSAttribute({"type": kind, "values": (each,)}) for kind, each in values.items()]
        )

    def _packed(self, digest: bytes, signature: bytes) -> bytes:
        """Return the CMS SignedData (RFC 5652) over *digest* with *signature*."""
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": self._signer_id(),
                "digest_algorithm": {"algorithm": _DIGEST},
                "signature_algorithm": {"algorithm": self._signature_algorithm()},
                "signed_attrs": self._attributes(digest),
                "signature": signature,
            }
        )
        content = cms.SignedData(
            {
                "version": "v1",
                "digest_algorithms": [{"algorithm": _DIGEST}],
                "encap_content_info": {"content_type": "data"},
                "certificates": self._certificates,
                "signer_infos": [signer],
            }
        )
        return bytes(cms.ContentInfo({"content_type": "signed_data", "content": content}).dump())

    def _signer_id(self) -> cms.SignerIdentifier:
        own = self._certificates[0]
        return cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": own.issuer, "serial_number": own.serial_number},
        )

    def _signature_algorithm(self) -> str:
        kind = "rsa" if isinstance(self._key, rsa.RSAPrivateKey) else "ecdsa"
        return f"{_DIGEST}_{kind}"


class _SealWriter(IncrementalPdfFileWriter):
    """Adds the seal and nothing else to a document.

    pyHanko's own writer puts its name and the present time into the document's
    metadata, which breaks PDF/A's extension block, and chance into its identifier.
    """

    def _update_meta(self) -> None:
        """Leave the drawing's metadata as it is."""

    @classmethod
    def _handle_id(cls, prev: PdfFileReader) -> generic.ArrayObject:
        prev.stream.seek(0)
        digest = generic.ByteStringObject(sha256(prev.stream.read()).digest()[:16])
        first = prev.trailer["/ID"][0] if "/ID" in prev.trailer else digest
        return generic.ArrayObject([first, digest])


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
