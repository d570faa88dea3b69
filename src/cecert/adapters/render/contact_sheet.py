"""Looking before issuing: pages as pictures, and the hardest names on one sheet."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2
from pypdf import PdfReader, PdfWriter, Transformation

__all__ = ["contact_sheet", "page_pictures"]

COLUMNS, ROWS = 2, 3
"""Certificates across and down one contact sheet, upright Letter."""

WIDTH, HEIGHT, MARGIN = 612.0, 792.0, 18.0

FINER = 3
"""Times a page is drawn larger than its picture, either way."""


def contact_sheet(documents: Sequence[bytes]) -> bytes:
    """Return a PDF with the first pages of *documents*, six on a sheet."""
    writer = PdfWriter()
    step = (WIDTH - 2 * MARGIN) / COLUMNS, (HEIGHT - 2 * MARGIN) / ROWS
    for index, document in enumerate(documents):
        place = index % (COLUMNS * ROWS)
        if not place:
            sheet = writer.add_blank_page(WIDTH, HEIGHT)
        page = PdfReader(BytesIO(document)).pages[0]
        across, down = place % COLUMNS, place // COLUMNS
        scale = min(step[0] * 0.96 / float(page.mediabox.width),
                    step[1] * 0.96 / float(page.mediabox.height))  # fmt: skip
        width, height = (float(each) * scale for each in page.mediabox[2:])
        x = MARGIN + across * step[0] + (step[0] - width) / 2
        y = HEIGHT - MARGIN - (down + 1) * step[1] + (step[1] - height) / 2
        page.pop("/Annots", None)
        sheet.merge_transformed_page(page, Transformation().scale(scale).translate(x, y))
    for sheet in writer.pages:
        sheet.compress_content_streams()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def page_pictures(pdf: bytes, dpi: int = 110) -> list[bytes]:
    """Return every page of *pdf* as a PNG.

    Pages are drawn larger and reduced: pdfium draws no line thinner than a dot, and the
    ornament is of lines that are.
    """
    pictures = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            out = BytesIO()
            drawn = page.render(scale=FINER * dpi / 72).to_pil()
            drawn.reduce(FINER).save(out, "PNG")
            pictures.append(out.getvalue())
    return pictures
