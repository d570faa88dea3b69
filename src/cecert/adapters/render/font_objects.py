"""A font's five objects, whether documents share it or one has it for a name."""

from __future__ import annotations

from collections.abc import Callable

from cecert.adapters.render.objects import Name, Raw, Ref, Stream, Value, deflated
from cecert.adapters.render.text_fonts import FontUse

__all__ = ["add_font"]

_SYMBOLIC = 4
_WIDEST = [-1000, -1000, 3000, 2000]


def add_font(use: FontUse, tag: str, add: Callable[[Value], Ref], level: int = 9) -> Ref:
    """Write the objects of a font and return the one that resources name.

    Args:
        use: The glyphs used.
        tag: Six capitals that mark the font as a subset.
        add: Takes an object, gives its reference.
        level: How hard to compress.
    """

    def packed(data: bytes, **entries: Value) -> Ref:
        filtered = {**entries, "Filter": Name("FlateDecode")}
        return add(Stream(filtered, deflated(data, level)))

    face, name = use.face, Name(f"{tag}+{use.face.name}")
    program, mapping = use.program()
    ascender, descender = face.line_extents
    descriptor = add({
        "Type": Name("FontDescriptor"), "FontName": name, "Flags": _SYMBOLIC,
        "FontBBox": _WIDEST, "ItalicAngle": 0, "Ascent": round(ascender * 1000),
        "Descent": round(descender * 1000), "CapHeight": round(face.cap_height * 1000),
        "StemV": 80, "FontFile2": packed(program, Length1=len(program)),
    })  # fmt: skip
    descendant = add({
        "Type": Name("Font"), "Subtype": Name("CIDFontType2"), "BaseFont": name,
        "CIDSystemInfo": {"Registry": "Adobe", "Ordering": "Identity", "Supplement": 0},
        "FontDescriptor": descriptor, "W": Raw(use.widths().encode()),
        "CIDToGIDMap": packed(mapping),
    })  # fmt: skip
    return add({
        "Type": Name("Font"), "Subtype": Name("Type0"), "BaseFont": name,
        "Encoding": Name("Identity-H"), "DescendantFonts": [descendant],
        "ToUnicode": packed(use.to_unicode()),
    })  # fmt: skip
