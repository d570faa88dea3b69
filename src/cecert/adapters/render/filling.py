"""Filling: a plate and one person's words make a document, in a fraction of a millisecond."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from cecert.adapters.render.content import ARTIFACT, SYMBOL, marked, own_stretches
from cecert.adapters.render.font_objects import add_font
from cecert.adapters.render.metadata import info_date, xmp
from cecert.adapters.render.objects import (
    NEVER,
    ROW,
    Ref,
    Stream,
    Value,
    deflated_digits,
    in_body,
    in_pack,
    object_stream,
    quickly_deflated,
    serialised,
    written,
)
from cecert.adapters.render.page import Element, Ink, Page
from cecert.adapters.render.pieces import Piece, joined, lasting, own, stored
from cecert.adapters.render.plate import Plate
from cecert.adapters.render.shaping import GlyphRun, Shaped
from cecert.adapters.render.symbol import symbol
from cecert.adapters.render.text_fonts import FontUse, TextLine, text_line
from cecert.ports import Drawing, SealPlace

__all__ = ["About", "Filler"]

MOST_PIECES = 256
"""Pieces of content that are kept; most names are as high as another."""

Say = Callable[[Sequence[Element], int], bytes]
"""Returns the operators of elements, the first of which has a mark."""


@dataclass(frozen=True, slots=True)
class About:
    """What a document says of itself.

    Attributes:
        title, author: For people; the author is whose seal it gets.
        at: When it was made, UTC.
        token: The attachment's content, and what the code says.
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
        self._pieces: dict[Hashable, tuple[Sequence[Element], Piece]] = {}

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

    def piece(
        self, elements: Sequence[Element], mark: int, before: Sequence[Piece], say: Say
    ) -> Piece:
        """Return a piece of content that many documents have, after others of their content."""
        key = (tuple(map(id, elements)), mark, *map(_identity, before))
        known = self._pieces.get(key)
        if known is None:
            if len(self._pieces) >= MOST_PIECES:
                self._pieces.clear()
            # The elements are kept with it, so that their numbers stay their own.
            known = self._pieces[key] = (elements, lasting(say(elements, mark), before))
        return known[1]


class _Filling:
    def __init__(self, filler: Filler, about: About) -> None:
        self.filler, self.plate, self.about = filler, filler.plate, about
        self.date = info_date(about.at).encode()
        self.out: list[bytes] = [self.plate.beginning]
        self.length = len(self.plate.beginning)
        self.own_rows = bytearray(NEVER + bytes(ROW * self.plate.own))
        self.last_rows = bytearray()
        self.pack: dict[int, bytes] = {}
        begun = {face: font.use for face, font in self.plate.begun.items()}
        self.fonts = {face: FontUse(face, use.key, use) for face, use in begun.items()}

    def document(self, pages: Sequence[Page]) -> Drawing:
        slots, about = self.plate.slots, self.about
        stretches = [each for page in pages for each in own_stretches(page)]
        for elements, ref, mark in zip(stretches, slots.contents, self.plate.marks, strict=True):
            self._content(ref, elements, mark)
        self._names(stretches)
        self._resources()
        said = (serialised(about.title), serialised(about.author), self.date)
        self.pack[slots.info] = _INFO % said
        described = xmp(about.title, about.author, about.at, conformant=about.conformant)
        self._stream(slots.metadata, _XMP, described)
        token = about.token.encode("ascii")
        self._stream(slots.token, _TOKEN % (len(token), self.date), deflated_digits(token))
        self._packed()
        return self._sealable(slots.signature) if slots.signature else self._plain()

    # The person's own

    def _content(self, ref: Ref, elements: Sequence[Element], mark: int) -> None:
        pieces: list[Piece] = []
        for personal, group in groupby(elements, key=attrgetter("personal")):
            stretch = tuple(group)
            if personal:
                pieces.append(own(self._operators(stretch, mark)))
            else:
                pieces.append(self.filler.piece(stretch, mark, pieces, self._operators))
            mark += sum(element.role != ARTIFACT for element in stretch)
        self._stream(ref, _FLATE, joined(pieces))

    def _operators(self, elements: Sequence[Element], mark: int) -> bytes:
        parts: list[str] = []
        for element in elements:
            items = [kid for kid in element.kids if not isinstance(kid, Element)]
            shown = None if element.role == ARTIFACT else mark
            parts += marked(element, shown, items, self._text)
            mark += element.role != ARTIFACT
        return "\n".join([*parts, ""]).encode("ascii")

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

    def _names(self, stretches: Sequence[Sequence[Element]]) -> None:
        """Write the elements whose words are the person's."""
        texts = [
            element.actual_text
            for elements in stretches
            for element in elements
            if element.personal and element.actual_text
        ]
        for (ref, entries), text in zip(self.plate.slots.names, texts, strict=True):
            self.pack[ref] = entries + b"/ActualText" + serialised(text) + b">>"

    def _resources(self) -> None:
        fonts, drawings = self.plate.resources
        for index, (face, use) in enumerate(self.fonts.items()):
            if begun := self.plate.begun.get(face):
                ref = begun.finish(use, self, quickly_deflated)
            else:
                tag, common = f"CECEO{chr(ord('A') + index)}", self.plate.characters
                ref = add_font(use, tag, common, self, quickly_deflated)
            fonts += b"/%b %d 0 R" % (use.key.encode(), ref)
        drawings += b"/%b %d 0 R" % (SYMBOL.encode(), self.plate.slots.symbol)
        modules, bits = symbol(self.about.token)
        # Not compressed: a code is noise.
        self._stream(self.plate.slots.symbol, _SYMBOL % (modules, modules), bits)
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
        return Drawing(pdf, SealPlace(date_at, hole_at, after), len(self.plate.beginning))

    def _end(self) -> bytes:
        """Return the cross-reference stream, in which it stands itself."""
        number, start = self._next(), self.length
        self._place(number, in_body(start))
        rows = joined(
            [stored(bytes(self.own_rows)), self.plate.rows, stored(bytes(self.last_rows))]
        )
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

    def add(self, value: Value) -> Ref:
        """Add an object and return its reference."""
        ref = self._next()
        self.set(ref, value)
        return ref

    def set(self, ref: Ref, value: Value) -> None:
        """Set an object whose number the plate or the document has reserved."""
        if isinstance(value, Stream):
            self._put(ref, written(ref, value))
        else:
            self.pack[ref] = serialised(value)

    def _next(self) -> Ref:
        self.last_rows += bytes(ROW)
        return Ref(self.plate.count + len(self.last_rows) // ROW)

    def _stream(self, ref: Ref, entries: bytes, data: bytes) -> None:
        """Write a stream whose entries are written already."""
        self._put(ref, _STREAM % (ref, entries, len(data), data))

    def _put(self, ref: Ref, data: bytes) -> None:
        self._place(ref, in_body(self.length))
        self.out.append(data)
        self.length += len(data)

    def _place(self, number: int, row: bytes) -> None:
        after = number - self.plate.count - 1
        rows, at = (self.own_rows, number) if after < 0 else (self.last_rows, after)
        rows[ROW * at : ROW * at + ROW] = row


_STREAM = b"%d 0 obj\n<<%b/Length %d>>\nstream\n%b\r\nendstream\nendobj\n"
_FLATE = b"/Filter/FlateDecode"
_XMP = b"/Type/Metadata/Subtype/XML"
_TOKEN = (
    b"/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size %d/ModDate(%b)>>/Filter/FlateDecode"
)
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


def _identity(piece: Piece) -> int:
    """Return what tells a piece from others for those after it: itself, or its length."""
    return -id(piece) if piece.kept else len(piece.text)
