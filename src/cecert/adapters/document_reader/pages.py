"""What is seen on the pages of a PDF, drawn by PDFium: QR codes, and whether it is a scan."""

from __future__ import annotations

from typing import Any

import pypdfium2
from pypdfium2 import raw

from cecert.adapters.document_reader.pictures import codes_on
from cecert.adapters.document_reader.process import (
    PAGES_AT_ONCE,
    TOKEN_BYTES,
    TOKEN_FILE,
    TRANSCRIPT_FILE,
    ReadingLimits,
    UnreadableError,
)

__all__ = ["look_at_pages", "read_issued"]

RESOLUTIONS = (200, 300)
"""Dots an inch. The first reads every code we print; the second helps poor scans."""

COARSEST = 150
"""Dots an inch at which every code we print is read in a drawing of the page itself."""

POINTS = 72
DEEPEST = 15
"""Forms within forms; PDFium draws no deeper ones."""


def look_at_pages(pdf: bytes, limits: ReadingLimits, first: int = 0) -> dict[str, Any]:
    """Return what is seen on the pages of *pdf*, each drawn at print resolution.

    Args:
        pdf: Its bytes.
        limits: Of pages, of the pixels of each, and of characters.
        first: The page to begin with, counted from 0.

    Returns:
        `pages`, at most `PAGES_AT_ONCE`, each as a `SeenPage`; and whether there are `more`.

    Raises:
        UnreadableError: If there are too many pages.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        count = len(document)
        if count > limits.pages:
            raise UnreadableError(f"it has {count} pages, {limits.pages} are read at most")
        last = min(first + PAGES_AT_ONCE, count)
        pages = [_seen(document, number, limits) for number in range(first, last)]
    return {"pages": pages, "more": last < count}


def _seen(document: pypdfium2.PdfDocument, number: int, limits: ReadingLimits) -> dict[str, Any]:
    try:
        page = document[number]
        is_picture = _is_picture(page)
        return {
            "codes": _codes_of(page, limits),
            "is_picture": is_picture,
            "lines": [] if is_picture else _lines(page, limits),
            "fault": "",
        }
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001  # a damaged page says nothing of the others
        fault = f"it is damaged ({type(error).__name__})"
        return {"codes": [], "is_picture": False, "lines": [], "fault": fault}


def _codes_of(page: pypdfium2.PdfPage, limits: ReadingLimits) -> list[str]:
    width, height = page.get_size()
    most = (limits.pixels / max(width * height, 1)) ** 0.5
    first, *finer = dict.fromkeys(min(dots / POINTS, most) for dots in RESOLUTIONS)
    codes = _codes_at(page, first)
    if codes or not finer or not _has_picture(page):
        return codes
    return _codes_at(page, finer[0])


def _codes_at(page: pypdfium2.PdfPage, scale: float) -> list[str]:
    return codes_on(page.render(scale=scale, grayscale=True).to_pil())


def read_issued(pdf: bytes, limits: ReadingLimits) -> dict[str, Any] | None:
    """Return what a certificate of ours says and shows, as it was issued.

    Args:
        pdf: Its bytes, which are the provider's by their seal.
        limits: Of pages, pixels and characters.

    Returns:
        What `content.content_of` and `look_at_pages` return; None of a transcript, which has
        more on it.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        if len(document) > PAGES_AT_ONCE:
            return None
        attached = [document.get_attachment(each) for each in range(document.count_attachments())]
        texts = {each.get_name(): bytes(each.get_data()) for each in attached}
        if TRANSCRIPT_FILE in texts or len(texts) < len(attached):
            return None
        token = texts.get(TOKEN_FILE, b"")[:TOKEN_BYTES].decode("ascii", "replace")
        pages = [_shown(page, limits) for page in document]
        return {
            "pages": pages,
            "more": False,
            "page_lines": [each["lines"] for each in pages],
            "token_texts": [token] if token else [],
            "transcript_texts": [],
            "signatures": raw.FPDF_GetSignatureCount(document),
            "producer": "",
        }


def _shown(page: pypdfium2.PdfPage, limits: ReadingLimits) -> dict[str, Any]:
    codes = _codes_at(page, COARSEST / POINTS)
    return {"codes": codes, "is_picture": False, "lines": _lines(page, limits), "fault": ""}


def _has_picture(page: pypdfium2.PdfPage) -> bool:
    return any(page.get_objects([raw.FPDF_PAGEOBJ_IMAGE], max_depth=DEEPEST))


def _is_picture(page: pypdfium2.PdfPage) -> bool:
    """Say whether a page is a picture and nothing else.

    What is painted by no stroke and no fill is not there for the eye, nor are the invisible
    letters that a scanner's program lays over a scan to make it searchable.
    """
    if raw.FPDFPage_GetAnnotCount(page):
        return False
    seen = (
        each
        for each in page.get_objects(max_depth=DEEPEST)
        if each.type != raw.FPDF_PAGEOBJ_FORM and not _is_unseen(each)
    )
    pictures = 0
    for each in seen:
        if each.type != raw.FPDF_PAGEOBJ_IMAGE:
            return False
        pictures += 1
    return pictures > 0


def _is_unseen(found: pypdfium2.PdfObject) -> bool:
    if found.type == raw.FPDF_PAGEOBJ_TEXT:
        return bool(raw.FPDFTextObj_GetTextRenderMode(found) == raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    if found.type == raw.FPDF_PAGEOBJ_PATH:
        fill, stroke = raw.c_int(), raw.FPDF_BOOL()
        raw.FPDFPath_GetDrawMode(found, fill, stroke)
        return not fill.value and not stroke.value
    return False


def _lines(page: pypdfium2.PdfPage, limits: ReadingLimits) -> list[str]:
    most = limits.characters // PAGES_AT_ONCE  # so that the answer has its length
    text = page.get_textpage().get_text_range()[:most]
    return [line.strip() for line in text.splitlines() if line.strip()]
