"""Filling: a plate and one person's words make a document, in a fraction of a millisecond."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from cecert.adapters.render.content import ARTIFACT, SYMBOL, marked, segments
from cecert.adapters.render.font_objects import add_font
from cecert.adapters.render.metadata import info_date, xmp
from cecert.adapters.render.objects import (
    ROW,
    Ref,
    Stream,
    Value,
    in_body,
    in_pack,
    object_stream,
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

MOST_ELEMENTS = 2048
"""Elements whose operators are kept."""


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
    """Fills one plate; it keeps the operators of what all documents have."""

    def __init__(self, plate: Plate, first: Sequence[Page]) -> None:
        self.plate = plate
        self._first = first  # so that the numbers of its shared pieces stay theirs
        self._lines: dict[tuple[int, float, str], tuple[Shaped, TextLine]] = {}
        self._elements: dict[tuple[int, int], tuple[Element, str]] = {}

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

    def known(self, element: Element, mark: int) -> str | None:
        """Return the operators of an element that were kept."""
        found = self._elements.get((id(element), mark))
        return found[1] if found else None

    def keep(self, element: Element, mark: int, operators: str) -> None:
        """Keep operators of an element that other documents may place just so."""
        if len(self._elements) >= MOST_ELEMENTS:
            self._elements.clear()
        # The element is kept too, so that its number stays its own.
        self._elements[id(element), mark] = (element, operators)


class _Filling:
    def __init__(self, filler: Filler, about: About) -> None:
        self.filler, self.plate, self.about = filler, filler.plate, about
        self.date = info_date(about.at).encode()
        self.out: list[bytes] = [self.plate.beginning]
        self.length = len(self.plate.beginning)
        self.table = bytearray(self.plate.table)
        self.pack: dict[int, bytes] = {}
        self.fonts = {face: FontUse(face, use.key, use) for face, use in self.plate.begun.items()}

    def document(self, pages: Sequence[Page]) -> Drawing:
        slots, about = self.plate.slots, self.about
        for page, refs, marks in zip(pages, slots.contents, self.plate.marks, strict=True):
            own = [segment for segment in segments(page) if segment.own]
            for segment, ref, mark in zip(own, refs, marks, strict=True):
                self._content(ref, segment.elements, mark)
        self._names(pages)
        self._resources(_symbol_of(pages))
        said = (serialised(about.title), serialised(about.author), self.date)
        self.pack[slots.info] = _INFO % said
        described = xmp(about.title, about.author, about.at, conformant=about.conformant)
        self._stream(slots.metadata, _XMP, described)
        token = about.token.encode("ascii")
        # Not compressed, so that the token can be found in the file with a text editor.
        self._stream(slots.token, _TOKEN % (len(token), self.date), token)
        self._packed()
        return self._sealable(slots.signature) if slots.signature else self._plain()

    # The person's own

    def _content(self, ref: Ref, elements: Sequence[Element], mark: int) -> None:
        parts: list[str] = []
        for element in elements:
            operators = self.filler.known(element, mark) or self._operators(element, mark)
            parts.append(operators)
            mark += element.role != ARTIFACT
        data = quickly_deflated("\n".join(parts).encode("ascii"))
        self._stream(ref, _FLATE, data)

    def _operators(self, element: Element, mark: int) -> str:
        items = [kid for kid in element.kids if not isinstance(kid, Element)]
        shown = None if element.role == ARTIFACT else mark
        operators = "\n".join(marked(element, shown, items, self._text))
        if not any(isinstance(each, Symbol) or _is_personal(each) for each in items):
            self.filler.keep(element, mark, operators)
        return operators

    def _text(self, ink: Ink) -> str:
        if not ink.personal:
            return self.filler.line(ink)
        fonts = [self._font(run) for run in ink.shaped.runs]
        return text_line(ink, fonts).at(ink.x, ink.y)

    def _font(self, run: GlyphRun) -> FontUse:
        own = self.fonts.get(run.face)
        if own is None:
            shared = self.plate.fonts.get(run.face)
            if shared and shared.holds(run):
                return shared
            own = self.fonts[run.face] = FontUse(run.face, f"N{len(self.fonts)}")
        own.add(run.glyphs)
        return own

    def _names(self, pages: Sequence[Page]) -> None:
        """Write the elements whose words are the person's."""
        texts = [
            element.actual_text
            for page in pages
            for element in page.body
            if element.own and element.actual_text and any(map(_is_personal, element.kids))
        ]
        for (ref, entries), text in zip(self.plate.slots.names, texts, strict=True):
            self.pack[ref] = entries + b"/ActualText" + serialised(text) + b">>"

    def _resources(self, symbol: Symbol) -> None:
        fonts, drawings = self.plate.resources
        for index, use in enumerate(self.fonts.values()):
            ref = add_font(use, f"CECEN{chr(ord('A') + index)}", self._add, quickly_deflated)
            fonts += b"/%b %d 0 R" % (use.key.encode(), ref)
        drawings += b"/%b %d 0 R" % (SYMBOL.encode(), self.plate.slots.symbol)
        # Not compressed: a code is noise.
        self._stream(
            self.plate.slots.symbol, _SYMBOL % (symbol.modules, symbol.modules), symbol.bits
        )
        self.pack[self.plate.slots.resources] = b"<</Font<<%b>>/XObject<<%b>>>>" % (fonts, drawings)

    # The signature and the end

    def _plain(self) -> Drawing:
        return Drawing(b"".join([*self.out, self._end()]))

    def _sealable(self, ref: Ref) -> Drawing:
        """Write the signature's dictionary and the end; say where date and signature go."""
        opening = _SIGNATURE % (ref, serialised(self.about.author))
        date_at = self.length + len(opening)
        hole_at = date_at + len(self.date) + len(_MIDDLE % b"") + _RANGE
        after = hole_at + 2 * self.about.seal_room + 2
        self._place(ref, in_body(self.length))
        self.length = after + len(_CLOSING)
        end = self._end()
        rest = self.length + len(end) - after
        ranges = b"0 %d %d %d" % (hole_at, after, rest)
        hole = b"<" + b"0" * (2 * self.about.seal_room) + b">"
        dictionary = [opening, self.date, _MIDDLE % ranges.ljust(_RANGE), hole, _CLOSING]
        pdf = b"".join([*self.out, *dictionary, end])
        return Drawing(pdf, SealPlace(date_at, hole_at, after))

    def _end(self) -> bytes:
        """Return the cross-reference stream, in which it stands itself."""
        number, start = len(self.table) // ROW, self.length
        rows = quickly_deflated(bytes(self.table) + in_body(start))
        about, slots = self.about, self.plate.slots
        own = sha256(about.token.encode() + about.title.encode()).hexdigest()[:32].encode()
        entries = (number, number + 1, self.plate.root, slots.info, own, own, len(rows), rows)
        return _END % (*entries, start)

    # Objects

    def _packed(self) -> None:
        """Write what is no stream, in one stream."""
        ref = self._next()
        for index, number in enumerate(self.pack):
            self._place(number, in_pack(ref, index))
        self._put(ref, written(ref, object_stream(self.pack, quickly_deflated)))

    def _add(self, value: Value) -> Ref:
        ref = self._next()
        if isinstance(value, Stream):
            self._put(ref, written(ref, value))
        else:
            self.pack[ref] = serialised(value)
        return ref

    def _next(self) -> Ref:
        self.table += bytes(ROW)
        return Ref(len(self.table) // ROW - 1)

    def _stream(self, ref: Ref, entries: bytes, data: bytes) -> None:
        """Write a stream whose entries are written already."""
        self._put(ref, _STREAM % (ref, entries, len(data), data))

    def _put(self, ref: Ref, data: bytes) -> None:
        self._place(ref, in_body(self.length))
        self.out.append(data)
        self.length += len(data)

    def _place(self, number: int, row: bytes) -> None:
        self.table[ROW * number : ROW * number + ROW] = row


_STREAM = b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
_FLATE = b"/Filter/FlateDecode"
_XMP = b"/Type/Metadata/Subtype/XML"
_TOKEN = b"/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size %d/ModDate(%b)>>"
_SYMBOL = (
    b"/Type/XObject/Subtype/Image/ImageMask true/Width %d/Height %d/BitsPerComponent 1/Decode[1 0]"
)
_INFO = b"<</Title%b/Author%b/Producer(cecert)/CreationDate(%b)>>"
_RANGE = 32
"""Bytes for the four numbers of a byte range; files stay below 16 MB."""

_SIGNATURE = (
    b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name%b"
    b"/Reference[<</Type/SigRef/TransformMethod/DocMDP"
    b"/TransformParams<</Type/TransformParams/P 1/V/1.2>>>>]/M("
)
_MIDDLE = b")/ByteRange[%b]/Contents"
_CLOSING = b">>\nendobj\n"
_END = (
    b"%d 0 obj\n<</Type/XRef/Size %d/W[1 3 2]/Root %d 0 R/Info %d 0 R/ID[<%b> <%b>]"
    b"/Filter/FlateDecode/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
    b"startxref\n%d\n%%%%EOF\n"
)


def _is_personal(item: object) -> bool:
    return isinstance(item, Ink) and item.personal


def _symbol_of(pages: Sequence[Page]) -> Symbol:
    """Return the code, which every document has."""
    kids = (kid for page in pages for element in page.body for kid in element.kids)
    return next(kid for kid in kids if isinstance(kid, Symbol))
