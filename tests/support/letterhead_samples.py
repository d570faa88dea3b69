"""Letterheads as a design tool makes them: a drawn page with form fields over it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject
from reportlab.pdfgen.canvas import Canvas

FIELDS = {
    # name: left, bottom, width, height
    "provider_name": (196, 520, 400, 24),
    "heading": (146, 470, 500, 40),
    "recipient_name": (96, 400, 600, 60),
    "licenses": (146, 380, 500, 14),
    "clause": (146, 355, 500, 18),
    "course_title": (96, 320, 600, 32),
    "facts": (96, 302, 600, 14),
    "dates": (96, 284, 600, 16),
    "credits": (60, 222, 672, 61),
    "statements": (60, 162, 672, 60),
    "note": (60, 150, 672, 12),
    "signatory_name": (300, 62, 192, 14),
    "signatory_title": (300, 48, 192, 12),
    "certificate_id": (470, 48, 120, 14),
    "issued": (470, 64, 120, 12),
    "qr": (610, 30, 120, 120),
}


def letterhead(
    fields: Mapping[str, tuple[int, int, int, int]] = FIELDS,
    *,
    words: bool = False,
    press: bool = False,
    twice: str = "",
) -> bytes:
    """Return a letterhead with a coloured ground, and *fields* over it.

    Args:
        fields: Where the places are.
        words: Whether it has a line of its own, in a font that is not embedded.
        press: Whether one of its colours is for a press.
        twice: The field that stands there twice.
    """
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 612))
    canvas.setFillColorRGB(0.96, 0.94, 0.88)
    canvas.rect(18, 18, 756, 576, stroke=0, fill=1)
    if press:
        canvas.setStrokeColorCMYK(0.2, 0.4, 0.6, 0.1)
    canvas.rect(26, 26, 740, 560)
    canvas.setFillColorRGB(0.3, 0.2, 0.1)
    if words:
        canvas.setFont("Helvetica", 11)
        canvas.drawCentredString(396, 562, "From the desk of a designer")
    for name in (*fields, *([twice] if twice else [])):
        x, y, width, height = fields[name]
        canvas.acroForm.textfield(
            name=name, x=x, y=y, width=width, height=height, borderWidth=0, fontSize=8
        )
    canvas.save()
    return out.getvalue() if words else _without_fonts(out)


def _without_fonts(drawn: BytesIO) -> bytes:
    """Take out the font that reportlab names although nothing is set in it."""
    writer = PdfWriter(clone_from=PdfReader(drawn))
    page: Any = writer.pages[0]
    del page["/Resources"]["/Font"]
    content = DecodedStreamObject()
    data = page.get_contents().get_data()
    content.set_data(re.sub(rb"BT\s.*?\sET", b"", data, flags=re.DOTALL))
    page[NameObject("/Contents")] = content
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
