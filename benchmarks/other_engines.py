"""The same certificate drawn by other engines: the same words at the same places.

Each gets what our page holds: every line of text with its place and size, the shipped
typefaces, the signature picture and the logo, the QR code as qrcode's picture. None of
them writes a token's attachment, and only `Plain` and `Fpdf` sign. It runs nothing by itself:
`drawing.py` measures them.
"""

from __future__ import annotations

import base64
import html
import json
import tempfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

import fontTools.ttLib
import fpdf
import qrcode
import typst
import weasyprint
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from weasyprint.text.fonts import FontConfiguration

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import Box, Element, Page, Picture, Symbol, inks
from cecert.domain.certificate.certificate import Certificate

__all__ = ["Fpdf", "Plain", "Typst", "WeasyPrint", "truetype_faces"]

FACES = ("EBGaramond-Regular", "EBGaramond-SemiBold", "Cormorant-SemiBold")
FACE = "EBGaramond-Regular"


def truetype_faces(fonts: Path, folder: Path) -> Path:
    """Write the faces of *fonts* that the copies use to *folder*, with TrueType outlines.

    reportlab embeds no others. What is not there (font and hinting programs) none has.
    """
    folder.mkdir(exist_ok=True)
    for face in FACES:
        (found,) = fonts.glob(f"{face}.[ot]tf")
        font = fontTools.ttLib.TTFont(found)
        if "CFF " in font:
            _give_truetype_outlines(font)
        font.save(folder / f"{face}.ttf")
    return folder


def _give_truetype_outlines(font: Any) -> None:
    glyphs, drawn = {}, font.getGlyphSet()
    for name in font.getGlyphOrder():
        pen = TTGlyphPen(None)
        drawn[name].draw(Cu2QuPen(pen, 1.0, reverse_direction=True))
        glyphs[name] = pen.glyph()
    del font["CFF "]
    builder = FontBuilder(font=font)
    builder.isTTF = True
    font.sfntVersion = "\0\1\0\0"
    font["maxp"].tableVersion = 0x00010000
    for field in ("maxZones", *_NO_PROGRAMS):
        setattr(font["maxp"], field, 1 if field == "maxZones" else 0)
    builder.setupGlyf(glyphs)
    builder.setupPost()


_NO_PROGRAMS = (
    "maxTwilightPoints", "maxStorage", "maxFunctionDefs", "maxInstructionDefs",
    "maxStackElements", "maxSizeOfInstructions", "maxComponentElements", "maxComponentDepth",
    "maxPoints", "maxContours", "maxCompositePoints", "maxCompositeContours",
)  # fmt: skip


def _code(drawn: Certificate) -> bytes:
    """Return the QR code as qrcode draws it by default, a PNG."""
    code = qrcode.make(drawn.token_url, error_correction=qrcode.ERROR_CORRECT_Q)
    content = BytesIO()
    code.save(content)
    return content.getvalue()


class _Copied:
    """A certificate's page, to be copied by another engine."""

    def __init__(self, renderer: CertificateRenderer, pictures: Mapping[str, bytes]) -> None:
        self._renderer = renderer
        self._pictures = pictures

    def page(self, drawn: Certificate) -> Page:
        """Return the first page."""
        return self._renderer.pages(drawn, specimen=False)[0]

    def images(self, page: Page, drawn: Certificate) -> Iterator[tuple[Box, bytes]]:
        """Yield the page's pictures, its QR code among them."""
        for item in _items(page.body):
            if isinstance(item, Picture):
                yield item.box, self._pictures[item.key]
            if isinstance(item, Symbol):
                yield item.box, _code(drawn)


def _items(elements: Any) -> Iterator[Any]:
    for each in elements:
        if isinstance(each, Element):
            yield from _items(each.kids)
        else:
            yield each


class _Sealed(_Copied):
    """A copy that pyHanko seals, with nothing kept: the key is read for each certificate."""

    def __init__(
        self,
        renderer: CertificateRenderer,
        pictures: Mapping[str, bytes],
        fonts: Path,
        identity: Path,
    ) -> None:
        super().__init__(renderer, pictures)
        self._fonts = fonts
        self._identity = identity

    def seal(self, written: bytes) -> bytes:
        """Seal a file with the key that a PKCS#12 file holds."""
        load: Any = signers.SimpleSigner.load_pkcs12
        signer = load(str(self._identity), passphrase=b"benchmark")
        writer = IncrementalPdfFileWriter(BytesIO(written))
        meta = signers.PdfSignatureMetadata(field_name="Seal", certify=True)
        return bytes(signers.sign_pdf(writer, meta, signer=signer).getvalue())


class Plain(_Sealed):
    """What anybody would write first: reportlab and pyHanko, fonts parsed for each certificate."""

    def draw(self, drawn: Certificate, page: Page) -> bytes:
        """Draw *page* and seal it; *page* was laid out beforehand."""
        out = BytesIO()
        canvas = Canvas(out, pagesize=(page.width, page.height))
        for face in FACES:
            pdfmetrics.registerFont(TTFont(face, str(self._fonts / f"{face}.ttf")))
        for ink in inks(page):
            canvas.setFont(FACE, ink.size)
            canvas.drawString(ink.x, ink.y, ink.shaped.text)
        for box, content in self.images(page, drawn):
            picture = ImageReader(BytesIO(content))
            width, height = box.right - box.left, box.top - box.bottom
            canvas.drawImage(picture, box.left, box.bottom, width, height, mask="auto")
        canvas.save()
        return self.seal(out.getvalue())


class Fpdf(_Sealed):
    """fpdf2 and pyHanko, fonts parsed for each certificate."""

    def draw(self, drawn: Certificate, page: Page) -> bytes:
        """Draw *page* and seal it; *page* was laid out beforehand."""
        paper: Any = fpdf.FPDF(unit="pt", format=(page.width, page.height))
        paper.add_page()
        for face in FACES:
            paper.add_font(face, fname=str(self._fonts / f"{face}.ttf"))
        for ink in inks(page):
            paper.set_font(FACE, size=ink.size)
            paper.text(ink.x, page.height - ink.y, ink.shaped.text)
        for box, content in self.images(page, drawn):
            size = (box.right - box.left, box.top - box.bottom)
            paper.image(BytesIO(content), box.left, page.height - box.top, *size)
        return self.seal(bytes(paper.output()))


_TYPST = """
#let page-data = json(bytes(sys.inputs.page))
#set page(width: page-data.width * 1pt, height: page-data.height * 1pt, margin: 0pt)
#set text(font: "EB Garamond", top-edge: "baseline", bottom-edge: "baseline")
#set document(title: page-data.title)
#for each in page-data.texts {
  place(top + left, dx: each.x * 1pt, dy: each.y * 1pt,
    text(size: each.size * 1pt, each.words))
}
#for each in page-data.images {
  place(top + left, dx: each.x * 1pt, dy: each.y * 1pt,
    image(bytes(each.content), width: each.width * 1pt, height: each.height * 1pt))
}
"""


class Typst(_Copied):
    """typst with its Compiler kept, unsigned."""

    def __init__(
        self, renderer: CertificateRenderer, pictures: Mapping[str, bytes], fonts: Path
    ) -> None:
        super().__init__(renderer, pictures)
        source = Path(tempfile.mkdtemp()) / "certificate.typ"
        source.write_text(_TYPST)
        self._compiler = typst.Compiler(
            str(source), font_paths=[str(fonts)], ignore_system_fonts=True
        )

    def draw(self, drawn: Certificate, page: Page) -> bytes:
        """Draw *page*, which was laid out beforehand."""
        data = {
            "width": page.width,
            "height": page.height,
            "title": drawn.course.title,
            "texts": [
                {"x": e.x, "y": page.height - e.y, "size": e.size, "words": e.shaped.text}
                for e in inks(page)
            ],
            "images": [
                {
                    "x": box.left,
                    "y": page.height - box.top,
                    "width": box.right - box.left,
                    "height": box.top - box.bottom,
                    "content": list(content),
                }
                for box, content in self.images(page, drawn)
            ],
        }
        drawn_page: Any = self._compiler.compile(sys_inputs={"page": json.dumps(data)})
        return bytes(drawn_page)


class WeasyPrint(_Copied):
    """WeasyPrint with its template, style sheet and FontConfiguration kept, unsigned."""

    def __init__(
        self, renderer: CertificateRenderer, pictures: Mapping[str, bytes], fonts: Path, page: Page
    ) -> None:
        super().__init__(renderer, pictures)
        self._fonts = FontConfiguration()
        style = (
            f"@page {{ size: {page.width}pt {page.height}pt; margin: 0 }}"
            f"@font-face {{ font-family: E; src: url({(fonts / f'{FACE}.ttf').as_uri()}) }}"
            "body { margin: 0; font-family: E }"
            "p, img { position: absolute; margin: 0; white-space: pre; line-height: 1 }"
        )
        self._style = weasyprint.CSS(string=style, font_config=self._fonts)

    def draw(self, drawn: Certificate, page: Page) -> bytes:
        """Draw *page*, which was laid out beforehand."""
        texts = (
            f'<p style="left:{e.x}pt;top:{page.height - e.y - e.size}pt;font-size:{e.size}pt">'
            f"{html.escape(e.shaped.text)}</p>"
            for e in inks(page)
        )
        images = (
            f'<img style="left:{box.left}pt;top:{page.height - box.top}pt;'
            f'width:{box.right - box.left}pt;height:{box.top - box.bottom}pt" alt=""'
            f' src="data:image/png;base64,{base64.b64encode(content).decode()}">'
            for box, content in self.images(page, drawn)
        )
        title = html.escape(drawn.course.title)
        body = f"<html lang=en><title>{title}</title><body>{''.join(texts)}{''.join(images)}"
        document = weasyprint.HTML(string=body)
        written = document.write_pdf(stylesheets=[self._style], font_config=self._fonts)
        return bytes(written)
