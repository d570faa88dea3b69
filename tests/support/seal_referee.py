"""pyHanko as the judge of a seal, for every test that seals."""

from __future__ import annotations

import asyncio
from io import BytesIO

from certificate_samples import ISSUED
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko.sign.validation.status import PdfSignatureStatus, SignatureCoverageLevel
from pyhanko_certvalidator import ValidationContext


def status(pdf: bytes) -> PdfSignatureStatus:
    """Return what pyHanko finds of the one signature, trusting its own certificate."""
    (signature,) = PdfFileReader(BytesIO(pdf)).embedded_signatures
    context = ValidationContext(trust_roots=[signature.signer_cert], moment=ISSUED)
    return asyncio.run(async_validate_pdf_signature(signature, context))


def holds(pdf: bytes) -> bool:
    """Say whether the seal is intact, valid, and covers the entire file."""
    try:
        found = status(pdf)
    except Exception:  # noqa: BLE001  # what pyHanko raises for a broken file is not one type
        return False
    entire = found.coverage == SignatureCoverageLevel.ENTIRE_FILE
    return bool(found.intact and found.valid and entire)
