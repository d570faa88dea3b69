"""Letterheads as a design tool makes them: a drawn page with form fields over it."""

from __future__ import annotations

from io import BytesIO

from certificate_samples import ROOT
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
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
    "credits": (60, 230, 672, 48),
    "statements": (60, 165, 672, 60),
    "note": (60, 150, 672, 12),
    "signatory_name": (300, 62, 192, 14),
    "signatory_title": (300, 48, 192, 12),
    "certificate_id": (470, 48, 120, 14),
    "issued": (470, 64, 120, 12),
    "qr": (610, 30, 120, 120),
}


def letterhead(
    fields: dict[str, tuple[int, int, int, int]] = FIELDS, *, embedded: bool = True
) -> bytes:
    """Return a letterhead with a coloured ground, a line of its own text, and *fields*."""
    face = "LetterheadFace" if embedded else "Helvetica"
    if embedded:
        pdfmetrics.registerFont(TTFont(face, ROOT / "fonts" / "EBGaramond-Italic.ttf"))
    out = BytesIO()
    canvas = Canvas(out, pagesize=(792, 612))
    canvas.setFillColorRGB(0.96, 0.94, 0.88)
    canvas.rect(18, 18, 756, 576, stroke=0, fill=1)
    canvas.setStrokeColorRGB(0.3, 0.2, 0.1)
    canvas.setLineWidth(3)
    canvas.rect(26, 26, 740, 560)
    canvas.setFillColorRGB(0.3, 0.2, 0.1)
    canvas.setFont(face, 11)
    canvas.drawCentredString(396, 562, "From the desk of a designer")
    for name, (x, y, width, height) in fields.items():
        canvas.acroForm.textfield(
            name=name, x=x, y=y, width=width, height=height, borderWidth=0, fontSize=8
        )
    canvas.save()
    return out.getvalue()
