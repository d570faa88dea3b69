"""The ports behind which documents are read."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.adapters.document_reader.process import BROKEN, ReadingProcess, UnreadableError
from cecert.ports import PdfContent, SealFinding, SealState

__all__ = ["LimitedPdfReader", "PadesSealReader"]


class LimitedPdfReader:
    """Reads PDFs and pictures by pypdf, PDFium, Pillow and zxing-cpp, within limits."""

    def __init__(self, process: ReadingProcess) -> None:
        self._process = process

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        try:
            return _content(self._process.ask("content", pdf))
        except UnreadableError as error:
            return str(error)

    def qr_texts(self, pdf: bytes) -> Sequence[str]:
        """Return the texts of all QR codes on the first page, drawn at print resolution."""
        try:
            return _texts(self._process.ask("page", pdf))
        except UnreadableError:
            # What keeps a page from being drawn, `read` and the seal say better.
            return []

    def qr_texts_of_picture(self, picture: bytes) -> Sequence[str] | str:
        """Return the texts of all QR codes in a picture, or why it cannot be read."""
        try:
            return _texts(self._process.ask("picture", picture))
        except UnreadableError as error:
            return str(error)


class PadesSealReader:
    """Checks PAdES seals with pyHanko, trusting nobody: the trust file says whose seals count."""

    def __init__(self, process: ReadingProcess) -> None:
        self._process = process

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        try:
            return _finding(self._process.ask("seal", pdf))
        except UnreadableError as error:
            return SealFinding(SealState.BROKEN, f"the seal cannot be read: {error}")


# What a reader says that a document took over may have any shape.


def _content(found: object) -> PdfContent:
    match found:
        case {
            "pages": int(pages),
            "lines": list(lines),
            "token_text": str() | None as token_text,
            "signatures": int(signatures),
        }:
            return PdfContent(pages, tuple(_texts(lines)), token_text, signatures)
    raise UnreadableError(BROKEN)


def _texts(found: object) -> list[str]:
    if isinstance(found, list) and all(isinstance(each, str) for each in found):
        return found
    raise UnreadableError(BROKEN)


def _finding(found: object) -> SealFinding:
    match found:
        case {
            "state": "missing" | "broken" | "intact" as state,
            "detail": str(detail),
            "signing_cert_sha256": str() | None as digest,
            "signer": str(signer),
            "time_stamp": bool(time_stamp),
            "low_s": bool(low_s),
            "lower_case": bool(lower_case),
        }:
            return SealFinding(
                SealState(state),
                detail,
                _digest(digest),
                signer,
                time_stamp=time_stamp,
                low_s=low_s,
                lower_case=lower_case,
            )
    raise UnreadableError(BROKEN)


def _digest(found: str | None) -> bytes | None:
    try:
        return None if found is None else bytes.fromhex(found)
    except ValueError as error:
        raise UnreadableError(BROKEN) from error
