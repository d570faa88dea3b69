"""Filling: a plate and one person's words make a document, in a fraction of a millisecond.

A document begins with the plate's bytes. Its own objects follow: words, code, metadata and
the place of the signature; one table of all of them ends it.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import groupby
from operator import attrgetter

from cecert.adapters.render.layout.page import Element, Ink, Page
from cecert.adapters.render.pdf.content import ARTIFACT, own_places, own_stretch
from cecert.adapters.render.pdf.fonts import add_font
from cecert.adapters.render.pdf.metadata import info_date, xmp
from cecert.adapters.render.pdf.objects import OwnObjects, Raw, Ref, quickly_deflated, serialised
from cecert.adapters.render.pdf.pieces import Piece, joined, lasting, own
from cecert.adapters.render.pdf.plate import SharedBeginning
from cecert.adapters.render.pdf.text_fonts import DocumentFonts, SharedLines
from cecert.adapters.render.qr import symbol
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
        token: The attachment's content, and what the code says, if `code` says nothing else.
        seal_room: Bytes its signature may have at most.
        conformant: Whether it may say so of itself; nothing on a letterhead may.
        code: What the code says, where that is not what is attached.
    """

    title: str
    author: str
    at: datetime
    token: str
    seal_room: int
    conformant: bool = True
    code: str = ""


class Filler:
    """Fills one plate; it keeps the operators of what all documents have.

    Attributes:
        plate: What it fills.
        own: Page and place in its body of each stretch that is a document's own.
        lines: Lines that all documents have.
    """

    def __init__(self, plate: SharedBeginning, first: Sequence[Page]) -> None:
        self.plate = plate
        self._first = first  # so that the numbers of its shared pieces stay theirs
        self.own = [
            (index, place) for index, page in enumerate(first) for place in own_places(page)
        ]
        self.lines = SharedLines(plate.fonts)
        self._pieces: dict[Hashable, tuple[Piece, object]] = {}

    def fill(self, pages: Sequence[Page], about: About) -> Drawing:
        """Return the document of *pages*, which must be of the plate's kind."""
        return _FilledDocument(self, about).document(pages)

    def piece(
        self, elements: Sequence[Element], mark: int, before: Sequence[Piece], say: Say
    ) -> Piece:
        """Return a piece of content that many documents have, deflated once.

        Args:
            elements: What it draws.
            mark: Of the first element.
            before: What comes before it in its stream; it may point back into that.
            say: Writes the elements.
        """
        key = (tuple(map(id, elements)), mark, *map(_identity, before))
        known = self._pieces.get(key)
        if known is None:
            if len(self._pieces) >= MOST_PIECES:
                self._pieces.clear()
            # What the key numbers is kept with it, so that its numbers stay its own.
            named = (elements, [each for each in before if each.kept])
            known = self._pieces[key] = (lasting(say(elements, mark), before), named)
        return known[0]


class _FilledDocument:
    def __init__(self, filler: Filler, about: About) -> None:
        self.filler, self.plate, self.about = filler, filler.plate, about
        begun = [font.use for font in self.plate.begun.values()]
        self.fonts = DocumentFonts(filler.lines, begun)
        self.own = OwnObjects(self.plate.compiled)

    def document(self, pages: Sequence[Page]) -> Drawing:
        slots = self.plate.slots
        stretches = [pages[at].body[place] for at, place in self.filler.own]
        spoken = [each.actual_text for part in stretches for each in part if each.personal]
        for elements, ref, mark in zip(stretches, slots.contents, self.plate.marks, strict=True):
            self._content(ref, elements, mark)
        # Then the elements whose words are the person's.
        for (ref, entries), text in zip(slots.names, filter(None, spoken), strict=True):
            self.own.set(ref, Raw(entries + b"/ActualText" + serialised(text) + b">>"))
        self._resources()
        date = self._described()
        self.own.pack()
        return self._sealable(slots.signature, date) if slots.signature else self._plain()

    # The person's own

    def _content(self, ref: Ref, elements: Sequence[Element], mark: int) -> None:
        pieces: list[Piece] = []
        for personal, group in groupby(elements, key=attrgetter("personal")):
            stretch, first = tuple(group), mark
            mark += sum([element.role != ARTIFACT for element in stretch])
            if personal:
                pieces.append(own(self._operators(stretch, first)))
            else:
                pieces.append(self.filler.piece(stretch, first, pieces, self._operators))
        self.own.stream(ref, _FLATE, joined(pieces))

    def _operators(self, elements: Sequence[Element], mark: int) -> bytes:
        inks = [kid for each in elements for kid in each.kids if isinstance(kid, Ink)]
        return own_stretch(elements, mark, self.fonts.drawn(inks))

    def _resources(self) -> None:
        fonts, drawings = self.plate.resources
        for index, (face, use) in enumerate(self.fonts.own.items()):
            if begun := self.plate.begun.get(face):
                ref = begun.finish(use, self.own, quickly_deflated)
            else:
                tag, common = f"CECEO{chr(ord('A') + index)}", self.plate.characters
                ref = add_font(use, tag, common, self.own, quickly_deflated)
            fonts += b"/%b %d 0 R" % (use.key.encode(), ref)
        named = Raw(b"<</Font<<%b>>/XObject %d 0 R>>" % (fonts, drawings))
        self.own.set(self.plate.slots.resources, named)

    def _described(self) -> bytes:
        """Write code and token, and what the document says of itself; return its date."""
        about, slots = self.about, self.plate.slots
        modules, bits = symbol(about.code or about.token)
        date = info_date(about.at).encode()
        described = xmp(about.title, about.author, about.at, conformant=about.conformant)
        # Not compressed: a code is noise.
        self.own.stream(slots.symbol, _SYMBOL % (modules, modules), bits)
        said = (serialised(about.title), serialised(about.author), date)
        self.own.set(slots.info, Raw(_INFO % said))
        self.own.stream(slots.metadata, _XMP, described)
        token = about.token.encode("ascii")
        # Not compressed, so that an audit finds it at a glance, and anybody with a text editor.
        self.own.stream(slots.token, _TOKEN % (len(token), date), token)
        return date

    # The signature and the end

    def _plain(self) -> Drawing:
        end = self.own.end(self.plate.slots.info, self._identity())
        return Drawing(b"".join([*self.own.parts, end]))

    def _sealable(self, ref: Ref, date: bytes) -> Drawing:
        """Write the signature's dictionary and the end; say where date and signature go."""
        identity = self._identity()
        self.own.place(ref)
        opening = _SIGNATURE % (ref, serialised(self.about.author))
        date_at = self.own.length + len(opening)
        hole_at = date_at + len(date) + len(_MIDDLE % b"") + _RANGE
        after = hole_at + 2 * self.about.seal_room + 2
        self.own.leave(after + len(_CLOSING) - self.own.length)
        end = self.own.end(self.plate.slots.info, identity)
        rest = self.own.length + len(end) - after
        ranges = b"0 %d %d %d" % (hole_at, after, rest)
        hole = b"<" + b"0" * (2 * self.about.seal_room) + b">"
        signature = [opening, date, _MIDDLE % ranges.ljust(_RANGE), hole, _CLOSING]
        pdf = b"".join([*self.own.parts, *signature, end])
        return Drawing(pdf, SealPlace(date_at, hole_at, after), len(self.plate.compiled.beginning))

    def _identity(self) -> bytes:
        return (
            sha256(self.about.token.encode() + self.about.title.encode()).hexdigest()[:32].encode()
        )


_FLATE = b"/Filter/FlateDecode"
_XMP = b"/Type/Metadata/Subtype/XML"
_TOKEN = b"/Type/EmbeddedFile/Subtype/text#2Fplain/Params<</Size %d/ModDate(%b)>>"
_SYMBOL = b"/Subtype/Image/ImageMask true/Width %d/Height %d/BitsPerComponent 1/Decode[1 0]"
_INFO = b"<</Title%b/Author%b/Producer(cecert)/CreationDate(%b)>>"
_RANGE = 28
"""Bytes for the four numbers of a byte range; files stay below 16 MB."""

_SIGNATURE = (
    b"%d 0 obj\n<</Type/Sig/Filter/Adobe.PPKLite/SubFilter/ETSI.CAdES.detached/Name%b"
    b"/Reference[<</TransformMethod/DocMDP/TransformParams<</P 1/V/1.2>>>>]/M("
)
_MIDDLE = b")/ByteRange[%b]/Contents"
_CLOSING = b">>\nendobj\n"


def _identity(piece: Piece) -> int:
    """Return what tells a piece from others for those after it: itself, or its length."""
    return -id(piece) if piece.kept else len(piece.text)
