"""The ports behind which documents are read."""

from __future__ import annotations

from collections.abc import Sequence

from cecert.adapters.document_reader.process import BROKEN, ReadingProcess, UnreadableError
from cecert.ports import PdfContent, SealFinding, SealState, SeenPage

__all__ = ["ISSUED", "LimitedPdfReader", "PadesSealReader"]

ISSUED = "issued"
"""The question about files that are ours to the byte."""


class LimitedPdfReader:
    """Reads PDFs and pictures by pypdf, PDFium, Pillow and zxing-cpp, within limits."""

    def __init__(self, process: ReadingProcess, issued: ReadingProcess | None = None) -> None:
        """Take who reads.

        Args:
            process: Reads what anybody may have made.
            issued: Reads files that are ours to the byte; without it the same does.
        """
        self._process = process
        self._issued = issued or process

    def read(self, pdf: bytes) -> PdfContent | str:
        """Return the content, or a sentence that says why it cannot be read."""
        try:
            return _content(self._process.ask("content", pdf))
        except UnreadableError as error:
            return str(error)

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        """Return what is seen on each page, drawn at print resolution."""
        seen: list[SeenPage] = []
        more = True
        while more:
            try:
                pages, more = self._next_pages("pages", pdf, len(seen))
            except UnreadableError as error:
                # The rest would take as long, and the file is not called valid for it.
                return [*seen, SeenPage(fault=str(error))]
            seen += pages
        return seen

    def as_issued(self, pdf: bytes) -> tuple[PdfContent, Sequence[SeenPage]] | None:
        """Return content and pages of a file that is ours to the byte; None where `read` must."""
        try:
            found = self._issued.ask(ISSUED, pdf)
            return None if found is None else (_content(found), _pages(found)[0])
        except UnreadableError:
            return None

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage] | str:
        """Return what is seen on each page of a picture, or why it cannot be read."""
        seen: list[SeenPage] = []
        more = True
        while more:
            try:
                pages, more = self._next_pages("picture", picture, len(seen))
            except UnreadableError as error:
                return str(error)
            seen += pages
        return seen

    def _next_pages(
        self, question: str, document: bytes, first: int
    ) -> tuple[Sequence[SeenPage], bool]:
        pages, more = _pages(self._process.ask(question, document, first))
        if more and (not pages or first + len(pages) > self._process.limits.pages):
            raise UnreadableError(BROKEN)  # no reader of ours goes on for ever
        return pages, more


class PadesSealReader:
    """Checks PAdES seals with pyHanko, trusting nobody: the trust file says whose seals count.

    Attributes:
        process: Which reads documents.
        tsa_roots: Certificates (PEM) of authorities of time stamps that are trusted.
    """

    def __init__(self, process: ReadingProcess, tsa_roots: str = "") -> None:
        """Take the process, and certificates (PEM) of authorities of time stamps; "" for none."""
        self.process = process
        self.tsa_roots = tsa_roots

    def inspect(self, pdf: bytes) -> SealFinding:
        """Say what the seal of *pdf* proves."""
        try:
            return _finding(self.process.ask("seal", pdf, self.tsa_roots or None))
        except UnreadableError as error:
            return SealFinding(SealState.BROKEN, f"the seal cannot be read: {error}")

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        """Say nothing: every seal is read."""
        del pdf
        return None


# What a reader says that a document took over may have any shape.


def _content(found: object) -> PdfContent:
    match found:
        case {
            "page_lines": list(pages),
            "token_texts": list(tokens),
            "transcript_texts": list(transcripts),
            "signatures": int(signatures),
            "producer": str(producer),
        }:
            lines = tuple(tuple(_texts(each)) for each in pages)
            return PdfContent(
                lines,
                tuple(_texts(tokens)),
                signatures,
                producer,
                tuple(_texts(transcripts)),
            )
    raise UnreadableError(BROKEN)


def _pages(found: object) -> tuple[Sequence[SeenPage], bool]:
    match found:
        case {"pages": list(pages), "more": bool(more)}:
            return [_page(each) for each in pages], more
    raise UnreadableError(BROKEN)


def _page(found: object) -> SeenPage:
    match found:
        case {
            "codes": list(codes),
            "is_picture": bool(is_picture),
            "lines": list(lines),
            "fault": str(fault),
        }:
            return SeenPage(tuple(_texts(codes)), is_picture, tuple(_texts(lines)), fault)
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
            "stamped_at": int() | None as stamped_at,
            "stamped_by": str(stamped_by),
            "stamp_fault": str(stamp_fault),
            "later_stamp": bool(later_stamp),
            "low_s": bool(low_s),
            "lower_case": bool(lower_case),
            "resaved": bool(resaved),
        }:
            return SealFinding(
                SealState(state),
                detail,
                _digest(digest),
                signer,
                time_stamp=time_stamp,
                stamped_at=stamped_at,
                stamped_by=stamped_by,
                stamp_fault=stamp_fault,
                later_stamp=later_stamp,
                low_s=low_s,
                lower_case=lower_case,
                resaved=resaved,
            )
    raise UnreadableError(BROKEN)


def _digest(found: str | None) -> bytes | None:
    try:
        return None if found is None else bytes.fromhex(found)
    except ValueError as error:
        raise UnreadableError(BROKEN) from error
