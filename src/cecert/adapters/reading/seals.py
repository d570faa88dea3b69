"""What the seal of a PDF proves, by pyHanko: that not one byte changed since it was made.

Whether the seal counts is another question, which the trust file answers; so no
certificate is trusted here, and its expiry is not looked at.
"""

from __future__ import annotations

import logging
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import EmbeddedPdfSignature, validate_pdf_signature
from pyhanko.sign.validation.status import SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cecert.adapters.reading.limits import ReadingLimits

__all__ = ["finding_of"]

SEALED = b"/ByteRange"
MISSING, BROKEN, INTACT = "missing", "broken", "intact"


def finding_of(pdf: bytes, limits: ReadingLimits) -> dict[str, Any]:
    """Return state, detail, signing_cert_sha256 and signer of the seal of *pdf*."""
    del limits  # time and memory are the process's; a signature has no other size
    logging.disable()  # that nobody is trusted here is no news
    try:
        signatures = PdfFileReader(BytesIO(pdf), strict=False).embedded_signatures
    except Exception as error:  # noqa: BLE001  # pyHanko raises anything at all over damage
        if SEALED in pdf:
            return _finding(BROKEN, f"it is damaged ({type(error).__name__})")
        return _finding(MISSING, "no seal can be read in it")
    if not signatures:
        return _finding(MISSING, "the PDF has no seal")
    signature = signatures[0]
    fault = _fault(signature, pdf) if len(signatures) == 1 else "more than one signature is in it"
    if fault:
        return _finding(BROKEN, fault, signature)
    return _finding(INTACT, "not a byte was changed since it was sealed", signature)


def _finding(
    state: str, detail: str, signature: EmbeddedPdfSignature | None = None
) -> dict[str, Any]:
    finding = {"state": state, "detail": detail, "signing_cert_sha256": None, "signer": ""}
    if signature is not None:
        certificate = signature.signer_cert
        finding["signing_cert_sha256"] = sha256(certificate.dump()).hexdigest()
        finding["signer"] = certificate.subject.human_friendly
    return finding


def _fault(signature: EmbeddedPdfSignature, pdf: bytes) -> str:
    """Say what is wrong with the signature; "" if nothing."""
    status = validate_pdf_signature(
        signature, ValidationContext(trust_roots=[], allow_fetching=False)
    )
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return "something was added after it was sealed"
    if not (status.intact and status.valid):
        return "something in it was changed after it was sealed"
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return "its seal does not forbid changes"
    if not _is_written_one_way(signature, pdf):
        return "its signature was changed in a place that no signature covers"
    return ""


def _is_written_one_way(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Say whether the signature container is the only one that says the same.

    The container lies outside what it signs, and much in it could be altered with no
    effect: upper case in its hexadecimal digits, what follows the end, the version,
    certificates that nobody needs.
    """
    _, first_length, second_start, _ = (int(each) for each in signature.byte_range)
    written = pdf[first_length:second_start]
    container = bytes(signature.pkcs7_content)
    if written not in (
        b"<%s>" % container.hex().encode(),
        b"<%s>" % container.hex().upper().encode(),
    ):
        return False
    content = cms.ContentInfo.load(container)
    encoded = content.dump(force=True)
    if container[: len(encoded)] != encoded or container[len(encoded) :].strip(b"\0"):
        return False
    return _says_nothing_unsigned(content["content"])


def _says_nothing_unsigned(signed: cms.SignedData) -> bool:
    signer = signed["signer_infos"][0]
    named = _named_certificates(signer)
    found = [sha256(each.chosen.dump()).digest() for each in signed["certificates"]]
    return (
        signed["version"].native == "v1"
        and signer["version"].native == "v1"
        and [each.dump() for each in signed["digest_algorithms"]]
        == [signer["digest_algorithm"].dump()]
        and not signed["crls"]
        and found == named
    )


def _named_certificates(signer: cms.SignerInfo) -> list[bytes]:
    """Return the digests by which the signed attributes name certificates (RFC 5035 3)."""
    return [
        each["cert_hash"].native
        for attribute in signer["signed_attrs"]
        if attribute["type"].native == "signing_certificate_v2"
        for each in attribute["values"][0]["certs"]
    ]
