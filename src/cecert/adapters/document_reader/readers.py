"""The ports behind which documents are read."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.adapters.document_reader.process import ReadingProcess, UnreadableError
from cecert.ports import PdfContent, SealFinding, SealState

__all__ = ["LimitedPdfReader", "PadesSealReader"]


class LimitedPdfReader:
    """Reads PDFs and pictures by pypdf, PDFium, Pillow and zxing-cpp, within limits."""

    def __init__(self, process: ReadingProcess) -> None:
        self._process = process

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        try:
            found = self._process.ask("content", pdf)
        except UnreadableError as error:
            return str(error)
        return PdfContent(
            found["pages"], tuple(found["lines"]), found["token_text"], found["signatures"]
        )

    def qr_texts(self, pdf: bytes) -> Sequence[str]:
        """Return the texts of all QR codes on the first page, drawn at print resolution."""
        try:
            return [str(each) for each in self._process.ask("page", pdf)]
        except UnreadableError:
            # What keeps a page from being drawn, `read` and the seal say better.
            return []

    def qr_texts_of_picture(self, picture: bytes) -> Sequence[str] | str:
        """Return the texts of all QR codes in a picture, or why it cannot be read."""
        try:
            return [str(each) for each in self._process.ask("picture", picture)]
        except UnreadableError as error:
            return str(error)


class PadesSealReader:
    """Checks PAdES seals with pyHanko, trusting nobody: the trust file says whose seals count."""

    def __init__(self, process: ReadingProcess) -> None:
        self._process = process

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        try:
            found = self._process.ask("seal", pdf)
        except UnreadableError as error:
            return SealFinding(SealState.BROKEN, f"the seal cannot be read: {error}")
        digest = found["signing_cert_sha256"]
        return SealFinding(
            SealState(found["state"]),
            found["detail"],
            None if digest is None else bytes.fromhex(digest),
            found["signer"],
            time_stamp=found["time_stamp"],
            low_s=found["low_s"],
            lower_case=found["lower_case"],
        )
