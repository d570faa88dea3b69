"""QR codes on the first page of a PDF, drawn by PDFium."""

from __future__ import annotations

import pypdfium2

from cecert.adapters.reading.limits import ReadingLimits
from cecert.adapters.reading.pictures import codes_on

__all__ = ["codes_of_page"]

RESOLUTIONS = (200, 300)
"""Dots an inch. The first reads every code we print; the second helps poor scans."""

POINTS = 72


def codes_of_page(pdf: bytes, limits: ReadingLimits) -> list[str]:
    """Return the texts of all QR codes on the first page of *pdf*."""
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0]
        width, height = page.get_size()
        most = (limits.pixels / max(width * height, 1)) ** 0.5
        scales = dict.fromkeys(min(dots / POINTS, most) for dots in RESOLUTIONS)
        for scale in scales:
            image = page.render(scale=scale, grayscale=True).to_pil()
            if codes := codes_on(image):
                return codes
    return []
