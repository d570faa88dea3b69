"""A writer made of library calls: the same display list as a document by another path.

Nothing is shared with the engine but what it is given. Every object is pypdf's; faces
are embedded whole; each glyph is placed by itself, where its line's advances put it;
pictures and the code are written pixel by pixel. It is slow, and a page long.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from library_symbols import library_symbol
from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    PdfObject,
    TextStringObject,
)
from truetype_copies import truetype_copies

from cecert.adapters.render.layout.page import (
    Drawn,
    Element,
    Form,
    Ink,
    Item,
    Page,
    Picture,
    Symbol,
)
from cecert.adapters.render.layout.pictures import PrintPicture
from cecert.adapters.render.text.faces import Face

__all__ = ["SlowWriter"]


class SlowWriter:
    """Writes one document."""

    def __init__(self, pages: Sequence[Page], pictures: dict[str, PrintPicture]) -> None:
        self.writer = PdfWriter()
        self.pages, self.pictures = pages, pictures
        self.codes: dict[Face, dict[tuple[int, str], int]] = {}
        self.drawings: dict[str, IndirectObject] = {}
        self.parents: list[IndirectObject] = []
        self.token = ""

    def document(self, title: str, author: str, token: str) -> bytes:
        """Return it, without a seal."""
        self.token = token
        fonts, xobjects, tree = pdf({}), pdf({}), self.add({"S": "/Document"})
        kids, numbers = ArrayObject(), ArrayObject()
        for index, page in enumerate(self.pages):
            written = self.writer.add_blank_page(page.width, page.height)
            self.parents = []
            parts = [self.drawn(item) for item in page.behind]
            for element in page.body:
                ref, content = self.element(element, tree, written)
                kids.extend([ref] if ref else [])
                parts += content
            written[NameObject("/Contents")] = self.stream("\n".join(parts).encode())
            resources = {"Font": fonts, "XObject": xobjects}
            written[NameObject("/Resources")] = pdf(resources)
            written[NameObject("/StructParents")] = NumberObject(index)
            numbers += [NumberObject(index), ArrayObject(self.parents)]
        for index, (face, codes) in enumerate(self.codes.items()):
            fonts[NameObject(f"/T{index}")] = self.font(face, codes)
        for name, drawing in self.drawings.items():
            xobjects[NameObject(f"/{name}")] = drawing
        node: Any = tree.get_object()
        node[NameObject("/K")] = kids
        root = self.writer.root_object
        parents = self.add({"Nums": numbers})
        root[NameObject("/StructTreeRoot")] = self.add({"K": [tree], "ParentTree": parents})
        root[NameObject("/Lang")] = TextStringObject("en-US")
        self.writer.metadata = {"/Title": title, "/Author": author}
        self.writer.add_attachment("cecert-token.txt", token.encode())
        out = BytesIO()
        self.writer.write(out)
        return out.getvalue()

    # Structure

    def element(
        self,
        element: Element,
        parent: IndirectObject,
        page: Any,  # noqa: ANN401  # pypdf's page
    ) -> tuple[IndirectObject | None, list[str]]:
        items = [each for each in element.kids if not isinstance(each, Element)]
        if element.role == "Artifact":
            return None, ["/Artifact BMC", *map(self.drawn, items), "EMC"]
        ref = self.add({"S": f"/{element.role}", "P": parent, "Pg": page.indirect_reference})
        kids, parts = ArrayObject(), []
        if items:
            kids.append(NumberObject(len(self.parents)))
            mark = f"/{element.role} <</MCID {len(self.parents)}>> BDC"
            self.parents.append(ref)
            parts += [mark, *map(self.drawn, items), "EMC"]
        for each in element.kids:
            if isinstance(each, Element):
                kid, content = self.element(each, ref, page)
                kids.append(kid)
                parts += content
        node: Any = ref.get_object()
        node[NameObject("/K")] = kids
        texts = {"Alt": element.alt, "ActualText": element.actual_text}
        node.update({
            NameObject(f"/{key}"): TextStringObject(text) for key, text in texts.items() if text
        })  # fmt: skip
        if element.scope:
            node[NameObject("/A")] = pdf({"O": "/Table", "Scope": f"/{element.scope}"})
        return ref, parts

    # Content

    def drawn(self, item: Item) -> str:
        if isinstance(item, Ink):
            return "\n".join(self.glyphs(item))
        if isinstance(item, Drawn):
            for form in item.forms:
                self.drawings.setdefault(form.name, self.form(form))
            return f"q {item.operators.decode()} Q"
        name = "Code" if isinstance(item, Symbol) else f"P{item.key.encode().hex()}"
        if name not in self.drawings:
            image = self.code() if isinstance(item, Symbol) else self.picture(item)
            self.drawings[name] = image
        box = item.box
        size = f"{box.right - box.left:.4f} 0 0 {box.top - box.bottom:.4f}"
        return f"q {size} {box.left:.4f} {box.bottom:.4f} cm /{name} Do Q"

    def glyphs(self, ink: Ink) -> Iterator[str]:
        red, green, blue = (int(ink.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        x = ink.x
        for run in ink.shaped.runs:
            codes = self.codes.setdefault(run.face, {})
            font = list(self.codes).index(run.face)
            for glyph in run.glyphs:
                code = codes.setdefault((glyph.id, glyph.text), len(codes) + 1)
                at = f"{x + glyph.dx * ink.size:.4f} {ink.y + glyph.dy * ink.size:.4f}"
                yield (
                    f"BT {red:.4f} {green:.4f} {blue:.4f} rg /T{font} {ink.size} Tf"
                    f" 1 0 0 1 {at} Tm <{code:04X}> Tj ET"
                )
                x += glyph.advance * ink.size

    # Objects

    def add(self, entries: dict[str, Any]) -> IndirectObject:
        return self.writer._add_object(pdf(entries))

    def stream(self, data: bytes, **entries: Any) -> IndirectObject:  # noqa: ANN401  # PDF values
        stream = DecodedStreamObject()
        stream.set_data(data)
        stream.update(pdf(entries))
        return self.writer._add_object(stream)

    def font(self, face: Face, codes: dict[tuple[int, str], int]) -> IndirectObject:
        """Embed a whole face; code by code its glyphs, widths and characters."""
        descriptor = self.add({
            "Type": "/FontDescriptor", "FontName": f"/{face.name}", "Flags": 4,
            "FontBBox": [-1000, -1000, 3000, 2000], "ItalicAngle": 0, "Ascent": 900,
            "Descent": -300, "CapHeight": 700, "StemV": 80,
            "FontFile2": self.truetype(face),
        })  # fmt: skip
        glyphs = struct.pack(f">{len(codes) + 1}H", 0, *(glyph for glyph, _ in codes))
        widths = [1000 * face.hb_font.get_glyph_h_advance(glyph) / face.units for glyph, _ in codes]
        descendant = self.add({
            "Type": "/Font", "Subtype": "/CIDFontType2", "BaseFont": f"/{face.name}",
            "CIDSystemInfo": {"Registry": b"Adobe", "Ordering": b"Identity", "Supplement": 0},
            "FontDescriptor": descriptor, "W": [1, widths],
            "CIDToGIDMap": self.stream(glyphs),
        })  # fmt: skip
        lines = [
            f"1 beginbfchar <{code:04X}> <{text.encode('utf-16-be').hex()}> endbfchar"
            for (_, text), code in codes.items()
        ]
        head = "begincmap 1 begincodespacerange <0000> <FFFF> endcodespacerange"
        unicode = "\n".join([head, *lines, "endcmap"]).encode()
        return self.add({
            "Type": "/Font", "Subtype": "/Type0", "BaseFont": f"/{face.name}",
            "Encoding": "/Identity-H", "DescendantFonts": [descendant],
            "ToUnicode": self.stream(unicode),
        })  # fmt: skip

    def truetype(self, face: Face) -> IndirectObject:
        """Embed a face as TrueType, which it became if it was none."""
        data = truetype(face.data)
        return self.stream(data, Length1=len(data))

    def form(self, form: Form) -> IndirectObject:
        box = form.box
        sides = [box.left, box.bottom, box.right, box.top]
        return self.stream(form.operators, Type="/XObject", Subtype="/Form", BBox=sides)

    def code(self) -> IndirectObject:
        rows = library_symbol(self.token)
        light = bytes(255 * (not module) for row in rows for module in row)
        return self.image(light, len(rows), len(rows), "/DeviceGray", 8)

    def picture(self, item: Picture) -> IndirectObject:
        picture = self.pictures[item.key]
        space = "/DeviceGray" if picture.colours == 1 and not picture.palette else "/DeviceRGB"
        mode = "L" if space == "/DeviceGray" else "RGB"
        pixels = pixels_of(picture, picture.data, picture.colours, picture.palette).convert(mode)
        size = (picture.width, picture.height)
        more: dict[str, Any] = {}
        if picture.alpha:
            alpha = steps_of(picture, picture.alpha)
            more["SMask"] = self.image(alpha, *size, "/DeviceGray", 8)
        return self.image(pixels.tobytes(), *size, space, 8, **more)

    def image(
        self,
        data: bytes,
        width: int,
        height: int,
        space: str,
        bits: int,
        **more: Any,  # noqa: ANN401
    ) -> IndirectObject:
        return self.stream(
            data, Type="/XObject", Subtype="/Image", Width=width, Height=height,
            ColorSpace=space, BitsPerComponent=bits, **more,
        )  # fmt: skip


@cache
def truetype(data: bytes) -> bytes:
    """Return a font as TrueType."""
    if not data.startswith(b"OTTO"):
        return data
    with TemporaryDirectory() as name:
        source = Path(name) / "face.otf"
        source.write_bytes(data)
        return (truetype_copies([source], Path(name)) / "face.ttf").read_bytes()


def steps_of(picture: PrintPicture, data: bytes) -> bytes:
    """Unpack a few bits a pixel to eight."""
    bits, most = picture.alpha_bits, (1 << picture.alpha_bits) - 1
    packed, wide = zlib.decompress(data), -(-picture.width * bits // 8)
    rows = (packed[at : at + wide] for at in range(0, len(packed), wide))
    shifts = range(8 - bits, -1, -bits)
    steps = ([byte >> shift & most for byte in row for shift in shifts] for row in rows)
    return bytes(255 * step // most for row in steps for step in row[: picture.width])


def pixels_of(picture: PrintPicture, data: bytes, colours: int, palette: bytes) -> Image.Image:
    """Open compressed rows as what they are, the data of a PNG."""
    kind = 3 if palette else {1: 0, 3: 2}[colours]
    head = struct.pack(">IIBBBBB", picture.width, picture.height, 8, kind, 0, 0, 0)
    chunks = [(b"IHDR", head), *([(b"PLTE", palette)] if palette else [])]
    chunks += [(b"IDAT", data), (b"IEND", b"")]
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return Image.open(BytesIO(png))


def pdf(value: Any) -> Any:  # noqa: ANN401  # a value and its object
    """Return a Python value as pypdf's object; a text with a slash is a name."""
    if isinstance(value, PdfObject):
        return value
    if isinstance(value, dict):
        found = DictionaryObject()
        for key, each in value.items():
            found[NameObject(f"/{key}")] = pdf(each)
        return found
    if isinstance(value, list):
        return ArrayObject(map(pdf, value))
    for kind, made in _KINDS:
        if type(value) is kind:
            return made(value)
    raise TypeError(type(value).__name__)


_KINDS: tuple[tuple[type, Any], ...] = (
    (int, NumberObject),
    (float, FloatObject),
    (str, NameObject),
    (bytes, ByteStringObject),
)
