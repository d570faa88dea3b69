"""A font's objects, whether documents share it or one has it for a name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from cecert.adapters.render.pdf.objects import (
    Name,
    Objects,
    Raw,
    Ref,
    Stream,
    Value,
    deflated,
    serialised,
)
from cecert.adapters.render.pdf.text_fonts import FontUse
from cecert.adapters.render.text.faces import Face

__all__ = ["BegunFont", "add_font", "begun_font"]

_SYMBOLIC = 4
_PACKED = Raw(b"/Filter/FlateDecode")
_PROGRAM = Raw(b"/Subtype/CIDFontType0C/Filter/FlateDecode")
_WIDEST = [-1000, -1000, 3000, 2000]

Pack = Callable[[bytes], bytes]
"""Compresses."""


class Document(Protocol):
    """What takes objects: many documents' shared part, or one document."""

    def add(self, value: Value) -> Ref:
        """Add an object and return its reference."""
        ...

    def set(self, ref: Ref, value: Value) -> None:
        """Set an object whose number was reserved."""
        ...


def add_font(use: FontUse, tag: str, common: Ref, document: Document, pack: Pack = deflated) -> Ref:
    """Write the objects of a font and return the one that resources name.

    Args:
        use: The glyphs used.
        tag: Six capitals that mark the font as a subset.
        common: The map of common codes to characters.
        document: Takes the objects.
        pack: Compresses.
    """
    program = document.add(_program(use, tag, pack))
    descriptor = document.add(_descriptor(use, tag, program))
    descendant = document.add(_descendant(use, tag, descriptor))
    unicode = common if use.codes.are_common else document.add(_map(use, pack))
    return document.add(_font(use, tag, descendant, unicode))


@dataclass(frozen=True, slots=True)
class BegunFont:
    """A font whose objects documents share, but for its glyphs and their widths.

    Attributes:
        use: The codes that all documents have.
        tag: Six capitals that mark it as a subset.
        descriptor: Its descriptor.
        program, descendant: Numbers of what each document writes.
        font: What resources name.
    """

    use: FontUse
    tag: str
    descriptor: Ref
    program: Ref
    descendant: Ref
    font: Ref

    def finish(self, use: FontUse, document: Document, pack: Pack) -> Ref:
        """Write what a document has of it; return what its resources name.

        Args:
            use: The glyphs of the document: those begun with, and its own.
            document: Takes the objects.
            pack: Compresses the program.
        """
        descendant, common = _descendant(use, self.tag, self.descriptor), use.codes.are_common
        document.set(self.program, _program(use, self.tag, pack))
        document.set(self.descendant, descendant)
        if common:
            return self.font
        unicode = document.add(_map(use, pack))
        return document.add(_font(use, self.tag, self.descendant, unicode))


def begun_font(use: FontUse, tag: str, common: Ref, objects: Objects) -> BegunFont:
    """Write what documents share of a font.

    Args:
        use: The glyphs that all documents have.
        tag: Six capitals that mark the font as a subset.
        common: The map of common codes to characters.
        objects: Takes what is shared.
    """
    program, descendant = objects.slot(), objects.slot()
    descriptor = objects.add(_descriptor(use, tag, program))
    font = objects.add(_font(use, tag, descendant, common))
    return BegunFont(use, tag, descriptor, program, descendant, font)


def _program(use: FontUse, tag: str, pack: Pack) -> Stream:
    return Stream(_PROGRAM, pack(use.program(f"{tag}+{use.face.name}")))


def _map(use: FontUse, pack: Pack) -> Stream:
    return Stream(_PACKED, pack(use.codes.map()))


def _descriptor(use: FontUse, tag: str, program: Ref) -> Raw:
    return Raw(b"%b/FontFile3 %d 0 R>>" % (_openings(use.face, tag)[0], program))


def _descendant(use: FontUse, tag: str, descriptor: Ref) -> Raw:
    opening, widths = _openings(use.face, tag)[1], use.widths().encode()
    return Raw(b"%b/FontDescriptor %d 0 R/W%b>>" % (opening, descriptor, widths))


def _font(use: FontUse, tag: str, descendant: Ref, unicode: Ref) -> Raw:
    opening = _openings(use.face, tag)[2]
    return Raw(b"%b/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (opening, descendant, unicode))


@lru_cache(maxsize=256)
def _openings(face: Face, tag: str) -> tuple[bytes, bytes, bytes]:
    """Return the beginnings of a face's descriptor, descendant and font dictionary."""
    name = Name(f"{tag}+{face.name}")
    ascender, descender = face.line_extents
    descriptor = {
        "Type": Name("FontDescriptor"), "FontName": name, "Flags": _SYMBOLIC,
        "FontBBox": _WIDEST, "ItalicAngle": 0, "Ascent": round(ascender * 1000),
        "Descent": round(descender * 1000), "CapHeight": round(face.cap_height * 1000),
        "StemV": 80,
    }  # fmt: skip
    descendant = {
        "Type": Name("Font"), "Subtype": Name("CIDFontType0"), "BaseFont": name,
        "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
    }  # fmt: skip
    font = {
        "Type": Name("Font"), "Subtype": Name("Type0"), "BaseFont": name,
        "Encoding": Name("Identity-H"),
    }  # fmt: skip
    found = (serialised(each)[:-2] for each in (descriptor, descendant, font))
    return next(found), next(found), next(found)
