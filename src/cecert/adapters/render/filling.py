"""Filling: a plate and one person's words make a document, in a fraction of a millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cecert.adapters.render.content import ARTIFACT, SYMBOL, marked, segments
from cecert.adapters.render.faces import Face
from cecert.adapters.render.font_objects import add_font
from cecert.adapters.render.metadata import info_date, xmp
from cecert.adapters.render.objects import (
    Name,
    Raw,
    Ref,
    Stream,
    Value,
    in_body,
    quickly_deflated,
    serialised,
    written,
)
from cecert.adapters.render.page import Element, Ink, Page, Symbol
from cecert.adapters.render.plate import Plate
from cecert.adapters.render.shaping import GlyphRun, Shaped
from cecert.adapters.render.text_fonts import FontUse, TextLine, text_line
from cecert.ports import Drawing, SealPlace

__all__ = ["About", "Filler"]

WORTH = 300
"""Bytes from which it pays to compress what is one document's own."""


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself.

    Attributes:
        title, author: For people; the author is whose seal it gets.
        at: When it was made, UTC.
        token: The attachment's content.
        seal_room: Bytes its signature may have at most.
        conformant: Whether it may say so of itself; nothing on a letterhead may.
    """

    title: str
    author: str
    at: datetime
    token: str
    seal_room: int
    conformant: bool = True


class Filler:
    """Fills one plate; it keeps the operators of lines that all documents have."""

    def __init__(self, plate: Plate, first: Sequence[Page]) -> None:
        self.plate = plate
        self._first = first  # so that the numbers of its shared pieces stay theirs
        self._lines: dict[tuple[int, float, str], tuple[Shaped, TextLine]] = {}

    def fill(self, pages: Sequence[Page], about: About) -> Drawing:
        """Return the document of *pages*, which must be of the plate's kind."""
        return _Filling(self, about).document(pages)

    def line(self, ink: Ink) -> str:
        """Return the operators of a line that all documents have, wherever it stands."""
        key = (id(ink.shaped), ink.size, ink.colour)
        known = self._lines.get(key)
        if known is None:
            fonts = [self.plate.fonts[run.face] for run in ink.shaped.runs]
            # The shaped text is kept with its line, so that its number stays its own.
            known = self._lines[key] = (ink.shaped, text_line(ink, fonts))
        return known[1].at(ink.x, ink.y)


class _Filling:
    def __init__(self, filler: Filler, about: About) -> None:
        self.filler, self.plate, self.about = filler, filler.plate, about
        self.out: list[bytes] = [self.plate.beginning]
        self.length = len(self.plate.beginning)
        self.rows: dict[int, bytes] = {}
        self.count = self.plate.count
        self.fonts: dict[Face, FontUse] = {}

    def document(self, pages: Sequence[Page]) -> Drawing:
        slots, about = self.plate.slots, self.about
        for page, refs, marks in zip(pages, slots.contents, self.plate.marks, strict=True):
            own = [segment for segment in segments(page) if segment.own]
            for segment, ref, mark in zip(own, refs, marks, strict=True):
                self._content(ref, segment.elements, mark)
        self._names(pages)
        self._resources(_symbol_of(pages))
        date = info_date(about.at).encode()
        said = (serialised(about.title), serialised(about.author), date, date)
        self._write(slots.info, Raw(_INFO % said))
        self._stream(
            slots.metadata,
            _XMP,
            xmp(about.title, about.author, about.at, conformant=about.conformant),
        )
        token = about.token.encode("ascii")
        # Not compressed, so that the token can be found in the file with a text editor.
        self._stream(slots.token, _TOKEN % (len(token), date), token)
        place = self._signature(slots.signature) if slots.signature else None
        return self._closed(place)

    # The person's own

    def _content(self, ref: Ref, elements: Sequence[Element], mark: int) -> None:
        parts: list[str] = []
        for element in elements:
            items = [kid for kid in element.kids if not isinstance(kid, Element)]
            if element.role == ARTIFACT:
                parts += marked(element, None, items, self._text)
            else:
                parts += marked(element, mark, items, self._text)
                mark += 1
        data = quickly_deflated("\n".join(parts).encode("ascii"))
        self._stream(ref, _FLATE, data)

    def _text(self, ink: Ink) -> str:
        if not ink.personal:
            return self.filler.line(ink)
        fonts = [self._font(run) for run in ink.shaped.runs]
        return text_line(ink, fonts).at(ink.x, ink.y)

    def _font(self, run: GlyphRun) -> FontUse:
        shared = self.plate.fonts.get(run.face)
        if shared and shared.holds(run):
            return shared
        if run.face not in self.fonts:
            self.fonts[run.face] = FontUse(run.face, f"N{len(self.fonts)}")
        self.fonts[run.face].add(run.glyphs)
        return self.fonts[run.face]

    def _names(self, pages: Sequence[Page]) -> None:
        """Write the elements whose words are the person's."""
        texts = [
            element.actual_text
            for page in pages
            for element in page.body
            if element.own and element.actual_text and _is_personal(element)
        ]
        for (ref, entries), text in zip(self.plate.slots.names, texts, strict=True):
            self._write(ref, Raw(entries + b"/ActualText" + serialised(text) + b">>"))

    def _resources(self, symbol: Symbol) -> None:
        fonts, drawings = self.plate.resources
        for index, use in enumerate(self.fonts.values()):
            ref = add_font(use, f"CECEN{chr(ord('A') + index)}", self._add, _worth)
            fonts += b"/%b %d 0 R" % (use.key.encode(), ref)
        drawings += b"/%b %d 0 R" % (SYMBOL.encode(), self.plate.slots.symbol)
        entries = _SYMBOL % (symbol.modules, symbol.modules)
        # Not compressed: a code is noise.
        self._stream(self.plate.slots.symbol, entries, symbol.bits)
        self._write(
            self.plate.slots.resources, Raw(b"<</Font<<%b>>/XObject<<%b>>>>" % (fonts, drawings))
        )

    # The signature and the end

    def _signature(self, ref: Ref) -> tuple[int, int]:
        """Write the signature's dictionary; return the places of its date and its contents."""
        opening = b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached" % ref
        opening += b"/Name" + serialised(self.about.author) + _REFERENCE + b"/M("
        date = info_date(self.about.at).encode()
        middle = b")/ByteRange[" + b" " * _RANGE + b"]/Contents"
        hole = b"<" + b"0" * (2 * self.about.seal_room) + b">"
        self.rows[ref] = in_body(self.length)
        self.out += [opening, date, middle, hole, b">>\nendobj\n"]
        date_at = self.length + len(opening)
        hole_at = date_at + len(date) + len(middle)
        self.length = hole_at + len(hole) + len(b">>\nendobj\n")
        return date_at, hole_at

    def _closed(self, places: tuple[int, int] | None) -> Drawing:
        start = self.length
        count = self.count + 2
        rows = self.plate.rows | self.rows | {count - 1: in_body(start)}
        table = b"\0\0\0\0\xff\xff" + b"".join(rows[number] for number in range(1, count))
        identifier = sha256(self.about.token.encode() + self.about.title.encode()).digest()[:16]
        entries = {
            "Type": Name("XRef"), "Size": count, "W": [1, 3, 2], "Root": self.plate.root,
            "Info": self.plate.slots.info, "ID": [identifier, identifier], "Filter": Name("FlateDecode"),
        }  # fmt: skip
        end = written(count - 1, Stream(entries, quickly_deflated(table))) + b"startxref\n%d\n%%%%EOF\n" % start
        self.out.append(end)
        total = start + len(end)
        if places is None:
            return Drawing(b"".join(self.out))
        date_at, hole_at = places
        after = hole_at + 2 * self.about.seal_room + 2
        ranges = b"0 %d %d %d" % (hole_at, after, total - after)
        pdf = b"".join(self.out)
        range_at = hole_at - len(b"]/Contents") - _RANGE
        pdf = pdf[:range_at] + ranges.ljust(_RANGE) + pdf[range_at + _RANGE :]
        return Drawing(pdf, SealPlace(date_at, hole_at, after))

    def _add(self, value: Value) -> Ref:
        self.count += 1
        self._write(Ref(self.count), value)
        return Ref(self.count)

    def _write(self, ref: Ref, value: Value) -> None:
        self._put(ref, written(ref, value))

    def _stream(self, ref: Ref, entries: bytes, data: bytes) -> None:
        """Write a stream whose entries are written already."""
        self._put(ref, _STREAM % (ref, entries, len(data), data))

    def _put(self, ref: Ref, data: bytes) -> None:
        self.rows[ref] = in_body(self.length)
        self.out.append(data)
        self.length += len(data)


_STREAM = b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
_FLATE = b"/Filter/FlateDecode"
_XMP = b"/Type/Metadata/Subtype/XML"
_TOKEN = b"/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size %d/ModDate(%b)>>"
_SYMBOL = (
    b"/Type/XObject/Subtype/Image/ImageMask true/Width %d/Height %d/BitsPerComponent 1"
    b"/Decode[1 0]"
)
_INFO = b"<</Title%b/Author%b/Creator(cecert)/Producer(cecert)/CreationDate(%b)/ModDate(%b)>>"
_RANGE = 32
"""Bytes for the four numbers of a byte range; files stay below 16 MB."""

_REFERENCE = (
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP"
    b"/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]"
)


def _worth(data: bytes) -> bytes | None:
    return quickly_deflated(data) if len(data) >= WORTH else None


def _is_personal(element: Element) -> bool:
    return any(isinstance(kid, Ink) and kid.personal for kid in element.kids)


def _symbol_of(pages: Sequence[Page]) -> Symbol:
    """Return the code, which every document has."""
    kids = (kid for page in pages for element in page.body for kid in element.kids)
    return next(kid for kid in kids if isinstance(kid, Symbol))
