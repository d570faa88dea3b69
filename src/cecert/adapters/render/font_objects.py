"""A font's five objects, whether documents share it or one has it for a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from cecert.adapters.render.faces import Face
from cecert.adapters.render.objects import Name, Raw, Ref, Stream, Value, deflated, serialised
from cecert.adapters.render.text_fonts import FontUse

__all__ = ["add_font"]

_SYMBOLIC = 4
_PACKED = {"Filter": Name("FlateDecode")}
_PROGRAM = {"Subtype": Name("CIDFontType0C"), **_PACKED}
_WIDEST = [-1000, -1000, 3000, 2000]


def add_font(
    use: FontUse,
    tag: str,
    add: Callable[[Value], Ref],
    pack: Callable[[bytes], bytes] = deflated,
) -> Ref:
    """Write the objects of a font and return the one that resources name.

    Args:
        use: The glyphs used.
        tag: Six capitals that mark the font as a subset.
        add: Takes an object, gives its reference.
        pack: Compresses.
    """
    described, descending, font = _openings(use.face, tag)
    file = add(Stream(_PROGRAM, pack(use.program(f"{tag}+{use.face.name}"))))
    descriptor = add(Raw(b"%b/FontFile3 %d 0 R>>" % (described, file)))
    widths = use.widths().encode()
    descendant = add(Raw(b"%b/FontDescriptor %d 0 R/W%b>>" % (descending, descriptor, widths)))
    unicode = add(Stream(_PACKED, pack(use.to_unicode())))
    return add(Raw(b"%b/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>" % (font, descendant, unicode)))


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
