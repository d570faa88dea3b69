"""Time stamps that are the same in every run, in a seal and as an archive adds them to a file."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import cms, core, tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from papers import private_key
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import TimeStamper

__all__ = ["SteadyWriter", "archived", "stamp_of"]

KEY = private_key("an authority of time stamps")
AT = datetime(2020, 12, 1, 12, tzinfo=UTC)


def certificate() -> asn1_x509.Certificate:
    """Return the authority's certificate, which is for time stamps alone."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Stamps of the vectors")])
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 3161)
    builder = builder.not_valid_before(datetime(2020, 1, 1, tzinfo=UTC))
    builder = builder.not_valid_after(datetime(2040, 1, 1, tzinfo=UTC))
    uses = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING])
    made = builder.add_extension(uses, critical=True).sign(KEY, SHA256(), ecdsa_deterministic=True)
    return asn1_x509.Certificate.load(made.public_bytes(Encoding.DER))


def stamp_of(digest: bytes) -> cms.ContentInfo:
    """Return a time stamp of what has a SHA-256 digest."""
    kind = {"algorithm": "sha256"}
    own = certificate()
    info = tsp.TSTInfo({
        "version": "v1", "policy": "1.2.3.4", "serial_number": 7, "gen_time": AT,
        "message_imprint": {"hash_algorithm": kind, "hashed_message": digest},
    })  # fmt: skip
    named = tsp.SigningCertificateV2(
        {"certs": [tsp.ESSCertIDv2({"cert_hash": sha256(own.dump()).digest()})]}
    )
    signed = cms.CMSAttributes([
        cms.CMSAttribute({"type": kind, "values": [value]})
        for kind, value in (
            ("content_type", "tst_info"),
            ("message_digest", sha256(info.dump()).digest()),
            ("signing_certificate_v2", named),
        )
    ])  # fmt: skip
    signature = KEY.sign(signed.dump(), ec.ECDSA(SHA256(), deterministic_signing=True))
    whose = {"issuer": own.issuer, "serial_number": own.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", whose),
        "digest_algorithm": kind,
        "signed_attrs": signed,
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signature,
    }
    content = {
        "version": "v3",
        "digest_algorithms": [kind],
        "encap_content_info": {
            "content_type": "tst_info",
            "content": core.ParsableOctetString(info.dump()),
        },
        "certificates": [own],
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


class _Authority(TimeStamper):
    """Stamps what it is asked for, or another digest."""

    def __init__(self, digest: bytes | None) -> None:
        super().__init__(include_nonce=False)  # type: ignore[no-untyped-call]
        self._digest = digest

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        asked = req["message_imprint"]["hashed_message"].native
        stamp = stamp_of(self._digest or asked)
        return tsp.TimeStampResp({"status": {"status": "granted"}, "time_stamp_token": stamp})


class SteadyWriter(IncrementalPdfFileWriter):
    """Writes the same update of a file in every run."""

    def __init__(self, pdf: bytes) -> None:
        """Begin an update of *pdf*."""
        super().__init__(BytesIO(pdf))
        first = ByteStringObject(sha256(pdf).digest()[:16])
        self._document_id = ArrayObject([self._document_id[0], first])

    def _update_meta(self) -> None:
        """Write no date of today."""

    def written(self) -> bytes:
        """Return the file with its update."""
        out = BytesIO()
        self.write(out)  # type: ignore[no-untyped-call]
        return out.getvalue()


def archived(pdf: bytes, digest: bytes | None = None) -> bytes:
    """Return a file to which an archive added a time stamp of all of it.

    Args:
        pdf: The file.
        digest: What was stamped in its place, None for nothing.
    """
    out = BytesIO()
    stamper: Any = PdfTimeStamper(_Authority(digest), field_name=f"Archive {len(pdf)}")
    stamper.timestamp_pdf(SteadyWriter(pdf), "sha256", bytes_reserved=4096, output=out)
    return out.getvalue()
