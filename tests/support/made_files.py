"""Files as people make them of certificates: letters, scans, and several put into one."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pypdfium2
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

__all__ = ["letter", "merged", "saved", "scanned", "scans", "searchable"]


def scanned(pdf: bytes, dots: int = 200) -> Image.Image:
    """Return the first page as a scanner sees it."""
    with pypdfium2.PdfDocument(pdf) as document:
        image: Image.Image = document[0].render(scale=dots / 72, grayscale=True).to_pil()
        return image


def saved(image: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    """Return a picture as a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def scans(*pdfs: bytes) -> bytes:
    """Return a PDF that a scanner made of the first pages of others: pictures, no text."""
    first, *rest = (scanned(each) for each in pdfs)
    return saved(first, "PDF", save_all=True, append_images=rest)


def searchable(pdf: bytes, read: Sequence[str]) -> bytes:
    """Return a scan over which a program has laid what it read, in letters nobody sees."""
    out = BytesIO()
    image = scanned(pdf)
    canvas = Canvas(out, pagesize=(792, 612))
    canvas.drawImage(ImageReader(image), 0, 0, 792, 612)
    text = canvas.beginText(40, 500)
    text.setTextRenderMode(3)
    for line in read:
        text.textLine(line)
    canvas.drawText(text)
    canvas.save()
    return out.getvalue()


def letter(*lines: str) -> bytes:
    """Return a page of text by somebody, with no code on it."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(612, 792), invariant=1)
    for number, line in enumerate(lines or ("Dear board, please find my certificate enclosed.",)):
        canvas.drawString(50, 700 - 20 * number, line)
    canvas.save()
    return out.getvalue()


def merged(*pdfs: bytes) -> bytes:
    """Return the pages of several files as one file, in their order."""
    writer = PdfWriter()
    for each in pdfs:
        writer.append(PdfReader(BytesIO(each)))
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
