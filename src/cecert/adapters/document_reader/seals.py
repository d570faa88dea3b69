"""What the seal of a PDF proves, by pyHanko: that not one byte changed since it was made.

Whether the seal counts is another question, which the trust file answers; so no
certificate is trusted here, and its expiry is not looked at.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from hashlib import sha256
from io import BytesIO
from typing import Any

from asn1crypto import cms, tsp, x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    validate_pdf_signature,
    validate_pdf_timestamp,
)
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext

from cecert.adapters.document_reader.process import ReadingLimits
from cecert.adapters.time_stamps.token import judged_stamp, read_roots
from cecert.domain.cose.low_s import CURVE_ORDERS

__all__ = ["finding_of"]

SEALED = b"/ByteRange"
MISSING, BROKEN, INTACT = "missing", "broken", "intact"


def finding_of(pdf: bytes, limits: ReadingLimits, roots: str = "") -> dict[str, Any]:
    """Return what a `SealFinding` says of the seal of *pdf*, and its state as a word.

    Args:
        pdf: From anybody.
        limits: The process's.
        roots: Certificates (PEM) of authorities of time stamps that are trusted; "" checks none.
    """
    del limits  # time and memory are the process's; a signature has no other size
    logging.disable()  # that nobody is trusted here is no news
    try:
        return _found(pdf, roots)
    except MemoryError:  # which says nothing of a seal
        raise
    except Exception as error:  # noqa: BLE001  # pyHanko raises anything at all over damage
        if SEALED in pdf:
            return _finding(BROKEN, f"it is damaged ({type(error).__name__})")
        return _finding(MISSING, "no seal can be read in it")


def _found(pdf: bytes, roots: str) -> dict[str, Any]:
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    signatures = reader.embedded_signatures
    if not signatures:
        return _finding(MISSING, "the PDF has no seal")
    if (sealed := _before_later_stamps(reader, pdf)) is not None:
        return {**_found(sealed, roots), "later_stamp": True}
    signature = signatures[0]
    stamp = _time_stamp(signature.signer_info)
    _take_off_time_stamp(signature.signer_info)
    if why := _resaved(signatures, pdf):
        return {**_finding(BROKEN, why, signature), "resaved": True}
    if why := _fault(signature, pdf):
        return _finding(BROKEN, why, signature)
    finding = _finding(INTACT, "not a byte was changed since it was sealed", signature)
    _, start, end, _ = (int(each) for each in signature.byte_range)
    forms = {"low_s": _is_low(signature), "lower_case": pdf[start:end] == pdf[start:end].lower()}
    return {**finding, **_stamping(signature, stamp, roots), **forms}


def _stamping(
    signature: EmbeddedPdfSignature, stamp: cms.ContentInfo | None, roots: str
) -> dict[str, Any]:
    """Say what the time stamp of an intact seal proves, if those who make some are known."""
    if stamp is None or not roots:
        return {"time_stamp": stamp is not None}
    trusted = read_roots(roots.encode(), "")
    found = judged_stamp(stamp.dump(), signature.signer_info["signature"].native, trusted)
    if isinstance(found, str):
        return {"time_stamp": True, "stamp_fault": found}
    at = int(found.at.timestamp())
    return {"time_stamp": True, "stamped_at": at, "stamped_by": found.authority}


def _before_later_stamps(reader: PdfFileReader, pdf: bytes) -> bytes | None:
    """Return the file as it was sealed, if all that was added since are time stamps of it.

    An archive adds them, and what proves them, to keep a proof of the time. pyHanko compares
    the revisions: nothing that is shown may be another. None for any other file.
    """
    sealed, stamps = reader.embedded_regular_signatures, reader.embedded_timestamp_signatures
    if len(sealed) != 1 or not stamps:
        return None
    _, _, start, length = (int(each) for each in sealed[0].byte_range)
    status = _status(sealed[0])
    whole = status.intact and status.valid and status.docmdp_ok
    if not whole or status.modification_level != ModificationLevel.LTA_UPDATES:
        return None
    # The last revision may be what proves a stamp, which the stamp does not cover.
    ends = pdf.removesuffix(b"\n").removesuffix(b"\r").endswith(b"%%EOF")
    good = ends and all(map(_holds, stamps))
    return pdf[: start + length] if good else None


def _holds(stamp: EmbeddedPdfSignature) -> bool:
    """Say whether a later time stamp is one; what is wrong with it says nothing of the seal."""
    context = ValidationContext(trust_roots=[], allow_fetching=False)
    try:
        found = validate_pdf_timestamp(stamp, context)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001  # pyHanko raises anything at all over damage
        return False
    return bool(found.intact and found.valid)


def _is_low(signature: EmbeddedPdfSignature) -> bool:
    """Say whether of s and n - s the signature has the lower; one of RSA has one form."""
    key = signature.signer_cert.public_key
    if key.algorithm != "ec":
        return True
    order = CURVE_ORDERS.get(key.curve[1])
    _, s = decode_dss_signature(signature.signer_info["signature"].native)
    return order is None or s <= order // 2


def _finding(
    state: str, detail: str, signature: EmbeddedPdfSignature | None = None
) -> dict[str, Any]:
    finding: dict[str, Any] = {
        "state": state,
        "detail": detail,
        "signing_cert_sha256": None,
        "signer": "",
        "time_stamp": False,
        "stamped_at": None,
        "stamped_by": "",
        "stamp_fault": "",
        "later_stamp": False,
        "low_s": True,
        "lower_case": True,
        "resaved": False,
    }
    if signature is not None:
        certificate = signature.signer_cert
        finding["signing_cert_sha256"] = sha256(certificate.dump()).hexdigest()
        finding["signer"] = _plain(certificate.subject.human_friendly)
    return finding


def _plain(name: str) -> str:
    """Return a name that anybody may have put into a certificate, without control characters."""
    return "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in name)


def _resaved(signatures: Sequence[EmbeddedPdfSignature], pdf: bytes) -> str:
    """Say how the file was saved again since it was sealed, or by whom else signed.

    "" if it was not, or if what was sealed does not stand in it as it was.
    """
    # A seal covers places in a file. Where no signature stands in the place that it leaves
    # out, all of them were moved, which says nothing about what else was done.
    if all(_is_moved(each, pdf) for each in signatures):
        if len(signatures) > 1:
            return f"it was put together from {len(signatures)} sealed files"
        return "a program saved it anew after it was sealed, which moves what the seal covers"
    if len(signatures) > 1:
        return "more than one signature is in it"
    return _added(signatures[0], pdf)


def _added(signature: EmbeddedPdfSignature, pdf: bytes) -> str:
    """Say what was added to a file, or may be, whose sealed part stands as it was."""
    status = _status(signature)
    if not (status.intact and status.valid):
        return ""
    if status.coverage is not SignatureCoverageLevel.ENTIRE_FILE:
        return _addition(signature, pdf)
    if signature.docmdp_level is not MDPPerm.NO_CHANGES:
        return "its seal does not forbid changes"
    return ""


def _status(signature: EmbeddedPdfSignature) -> PdfSignatureStatus:
    return validate_pdf_signature(
        signature, ValidationContext(trust_roots=[], allow_fetching=False)
    )


def _is_moved(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    _, start, end, _ = (int(each) for each in signature.byte_range)
    return pdf[start : start + 1] != b"<" or pdf[end - 1 : end] != b">"


def _fault(signature: EmbeddedPdfSignature, pdf: bytes) -> str:
    """Say what is wrong with the one signature of a file that was not saved again."""
    status = _status(signature)
    if not (status.intact and status.valid):
        return "something in it was changed after it was sealed"
    if not _is_written_one_way(signature, pdf):
        return "its signature was changed in a place that no signature covers"
    return ""


def _addition(signature: EmbeddedPdfSignature, pdf: bytes) -> str:
    """Say what stands in the file beside what was sealed, which is whole."""
    _, _, start, length = (int(each) for each in signature.byte_range)
    added = pdf[start + length :]
    if not added:
        return "its seal does not cover all of it"
    what = "an update" if b"startxref" in added else "something" if added.split() else "white space"
    return f"{what} was added at its end after it was sealed, {_bytes(len(added))}"


def _bytes(count: int) -> str:
    return "1 byte" if count == 1 else f"{count:,} bytes"


def _is_written_one_way(signature: EmbeddedPdfSignature, pdf: bytes) -> bool:
    """Say whether the signature container is written in the one way sealing writes it.

    It lies outside what it signs, and much in it could be altered with no effect: the
    case of its hexadecimal digits, what follows its end, its version, certificates that
    nobody needs. So it is put together again from its parts and compared.
    """
    _, first_length, second_start, _ = (int(each) for each in signature.byte_range)
    written = pdf[first_length:second_start]
    container = bytes(signature.pkcs7_content)
    digits = container.hex()
    if written not in {f"<{digits}>".encode(), f"<{digits.upper()}>".encode()}:
        return False
    content = cms.ContentInfo.load(container)
    # What follows compares the bytes, so the time stamp must be there once more.
    encoded = _packed(content["content"], signature.signer_cert).dump()
    return (
        container[: len(encoded)] == encoded
        and not container[len(encoded) :].strip(b"\0")
        and _names_every_certificate(content["content"])
    )


def _packed(signed: cms.SignedData, signer_cert: x509.Certificate) -> cms.ContentInfo:
    """Put a container together from what is signed in *signed*, and what must be there."""
    found = signed["signer_infos"][0]
    digest = {"algorithm": found["digest_algorithm"]["algorithm"].native}
    issuer = {"issuer": signer_cert.issuer, "serial_number": signer_cert.serial_number}
    signer = {
        "version": "v1",
        "sid": cms.SignerIdentifier("issuer_and_serial_number", issuer),
        "digest_algorithm": digest,
        "signature_algorithm": {"algorithm": found["signature_algorithm"]["algorithm"].native},
        "signed_attrs": found["signed_attrs"],
        "signature": found["signature"],
    }
    stamp = _time_stamp(found)
    if stamp is not None:
        attribute = cms.CMSAttribute({"type": TIME_STAMP, "values": [stamp]})
        signer["unsigned_attrs"] = cms.CMSAttributes([attribute])
    content = {
        "version": "v1",
        "digest_algorithms": [digest],
        "encap_content_info": {"content_type": "data"},
        "certificates": signed["certificates"],
        "signer_infos": [signer],
    }
    return cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(content)})


TIME_STAMP = "signature_time_stamp_token"
"""OID 1.2.840.113549.1.9.16.2.14, the one unsigned attribute that a seal may have."""


def _take_off_time_stamp(signer: cms.SignerInfo) -> None:
    """Take a time stamp off, so that pyHanko judges the seal as without it.

    It lies outside what is sealed: neither its faults nor what pyHanko cannot read of it may
    decide anything about the seal.
    """
    if _time_stamp(signer) is not None:
        del signer["unsigned_attrs"]


def _time_stamp(signer: cms.SignerInfo) -> cms.ContentInfo | None:
    """Return the one unsigned attribute, if it is a signature time stamp with one value.

    Raises:
        ValueError: If its value is none (RFC 3161, 2.4.2).
    """
    attributes = signer["unsigned_attrs"]
    if len(attributes) != 1 or attributes[0]["type"].native != TIME_STAMP:
        return None
    values = attributes[0]["values"]
    if len(values) != 1:
        return None
    stamp = values[0]
    held = stamp["content"]["encap_content_info"] if _is_signed_data(stamp) else None
    if held is None or held["content_type"].native != "tst_info":
        return None
    return stamp if tsp.TSTInfo.load(bytes(held["content"]), strict=True).native else None


def _is_signed_data(stamp: cms.ContentInfo) -> bool:
    return bool(stamp["content_type"].native == "signed_data")


def _names_every_certificate(signed: cms.SignedData) -> bool:
    """Say whether the signed attributes name each certificate that is there (RFC 5035, 3).

    They stand in the order they are named in, or, as chains did before, in that of DER.
    """
    named = [
        each["cert_hash"].native
        for attribute in signed["signer_infos"][0]["signed_attrs"]
        if attribute["type"].native == "signing_certificate_v2"
        for each in attribute["values"][0]["certs"]
    ]
    held = [each.chosen.dump() for each in signed["certificates"]]
    there = [sha256(each).digest() for each in held]
    return there == named or (held == sorted(held) and sorted(there) == sorted(named))
