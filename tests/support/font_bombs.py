"""Fonts that nobody makes by accident: each a file that a provider might be handed."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from io import BytesIO
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

__all__ = ["FONTS"]

LETTERS = "Ωñ Ana Ruiz"


def _glyph() -> Any:  # noqa: ANN401  # fontTools has no types
    pen = TTGlyphPen(None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((500, 700))
    pen.closePath()
    return pen.glyph()


def _outline(width: int = 500) -> T2CharString:
    pen = T2CharStringPen(width, None)
    pen.moveTo((0, 0))
    pen.lineTo((500, 0))
    pen.lineTo((500, 700))
    pen.closePath()
    return pen.getCharString()


def _builder(names: list[str], *, truetype: bool) -> FontBuilder:
    builder = FontBuilder(1000, isTTF=truetype)
    builder.setupGlyphOrder([".notdef", *names])
    builder.setupCharacterMap({**dict.fromkeys(range(0x20, 0x17F), "a"), 0x3A9: "a", 0x4E00: "a"})
    return builder


def _finished(builder: FontBuilder, names: list[str]) -> bytes:
    builder.setupHorizontalMetrics(dict.fromkeys((".notdef", *names), (600, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": "Bomb", "styleName": "Regular"})
    builder.setupOS2(fsType=0)
    builder.setupPost()
    builder.font.recalcBBoxes = False  # it would draw every glyph
    out = BytesIO()
    builder.save(out)
    return out.getvalue()


@cache
def honest() -> bytes:
    """Return a TrueType font of one letter, which stands for all."""
    builder = _builder(["a"], truetype=True)
    builder.setupGlyf({".notdef": _glyph(), "a": _glyph()})
    return _finished(builder, ["a"])


def _composites(parts: Callable[[int], list[int]], count: int) -> bytes:
    """Return a font whose glyph `a` is made of others, and these of others.

    Args:
        parts: The numbers of the glyphs that a glyph is made of; () for an outline.
        count: How many glyphs there are besides `.notdef`.
    """
    names = ["a", *(f"g{number}" for number in range(1, count))]
    glyphs = [_composite(parts(number)) for number in range(count)]
    outline = _padded(_simple())
    data = [outline, *(each or outline for each in glyphs)]
    builder = _builder(names, truetype=True)
    builder.setupGlyf({each: _glyph() for each in (".notdef", *names)})
    return _replaced(_finished(builder, names), _glyf_and_loca(data))


def _simple() -> bytes:
    font = TTFont(BytesIO(honest()))
    compiled: bytes = font["glyf"]["a"].compile(font["glyf"])
    return compiled


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 4)


def _composite(parts: list[int]) -> bytes:
    if not parts:
        return b""
    out = struct.pack(">5h", -1, 0, 0, 500, 700)
    for place, each in enumerate(parts):
        more = 0x20 if place < len(parts) - 1 else 0
        out += struct.pack(">HHbb", 0x0002 | more, each + 1, 1, 1)
    return _padded(out)


def _glyf_and_loca(glyphs: list[bytes]) -> Mapping[str, bytes]:
    places = [0]
    for each in glyphs:
        places.append(places[-1] + len(each))
    return {"glyf": b"".join(glyphs), "loca": struct.pack(f">{len(places)}L", *places)}


def _tables(font: bytes) -> dict[str, bytes]:
    count = struct.unpack_from(">H", font, 4)[0]
    found = {}
    for number in range(count):
        tag, _, place, length = struct.unpack_from(">4s3L", font, 12 + 16 * number)
        found[tag.decode()] = font[place : place + length]
    return found


def _sfnt(tables: Mapping[str, bytes], flavour: bytes = b"\0\1\0\0") -> bytes:
    place = 12 + 16 * len(tables)
    head, body = flavour + struct.pack(">4H", len(tables), 16, 0, 0), b""
    for tag, data in sorted(tables.items()):
        head += struct.pack(">4s3L", tag.encode(), 0, place + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return head + body


def _replaced(font: bytes, tables: Mapping[str, bytes]) -> bytes:
    found = {**_tables(font), **tables}
    if "loca" in tables:  # in long offsets
        head = found["head"]
        found["head"] = head[:50] + struct.pack(">h", 1) + head[52:]
    return _sfnt(found, font[:4])


def _with_cmap(groups: list[tuple[int, int, int]]) -> bytes:
    """Return a font whose characters are mapped in groups: first, last, first glyph."""
    table = struct.pack(">HHLLL", 12, 0, 16 + 12 * len(groups), 0, len(groups))
    table += b"".join(struct.pack(">3L", *each) for each in groups)
    return _replaced(honest(), {"cmap": struct.pack(">HHHHL", 0, 1, 3, 10, 12) + table})


def _woff(tables: Mapping[str, bytes], claimed: Mapping[str, int]) -> bytes:
    head = b"wOFF" + b"\0\1\0\0" + struct.pack(">LHHLHHLLLLL", 0, len(tables), 0, 0, 1, 0, *[0] * 5)
    place, body, entries = 44 + 20 * len(tables), b"", b""
    for tag, data in sorted(tables.items()):
        packed = zlib.compress(data, 9)
        length = claimed.get(tag, len(data))
        entries += struct.pack(">4s4L", tag.encode(), place + len(body), len(packed), length, 0)
        body += packed + bytes(-len(packed) % 4)
    whole = head + entries + body
    return whole[:8] + struct.pack(">L", len(whole)) + whole[12:]


def _woff_bomb() -> bytes:
    """Return a WOFF whose table of embedding rights unpacks to 1 GB."""
    packer, block = zlib.compressobj(1), bytes(1 << 20)
    packed = b"".join([packer.compress(block) for _ in range(1024)]) + packer.flush()
    small = _woff(_tables(honest()), {})
    place = small.index(b"OS/2")
    entry = struct.pack(">4s4L", b"OS/2", len(small), len(packed), 1 << 30, 0)
    return small[:place] + entry + small[place + 20 :] + packed


def _cff(program: list[Any], subroutines: list[list[Any]], glyphs: int = 1) -> bytes:
    names = ["a", *(f"g{number}" for number in range(1, glyphs))]
    builder = _builder(names, truetype=False)
    charstrings = {each: _outline() for each in (".notdef", *names)}
    builder.setupCFF("Bomb", {"FullName": "Bomb"}, charstrings, {})
    font = builder.font
    top = font["CFF "].cff.topDictIndex[0]
    for each in subroutines:
        top.GlobalSubrs.append(T2CharString(program=each))
    top.CharStrings["a"] = T2CharString(
        program=program, private=top.Private, globalSubrs=top.GlobalSubrs
    )
    return _finished(builder, names)


def _calls(number: int, times: int = 1) -> list[Any]:
    return [number - 107, "callgsubr"] * times


def _cut(font: bytes, share: float) -> bytes:
    return font[: int(len(font) * share)]


def _many_tables() -> bytes:
    entries = b"".join(struct.pack(">4s3L", b"%04d" % (n % 9999), 0, 12, 16) for n in range(65535))
    return b"\0\1\0\0" + struct.pack(">4H", 65535, 16, 0, 0) + entries


def _many_features() -> bytes:
    """Return a font whose GSUB grows each glyph into many, again and again."""
    font = TTFont(BytesIO(honest()))
    from fontTools.feaLib.builder import addOpenTypeFeaturesFromString

    rules = "\n".join(f"lookup l{n} {{ sub a by a a a a a a a a; }} l{n};" for n in range(40))
    feature = "feature ccmp {" + " ".join(f"lookup l{n};" for n in range(40)) + "} ccmp;"
    addOpenTypeFeaturesFromString(font, rules + "\n" + feature)
    out = BytesIO()
    font.save(out)
    return out.getvalue()


FONTS: Mapping[str, Callable[[], bytes]] = {
    "a glyph made of itself": lambda: _composites(lambda _: [0], 1),
    "two glyphs made of one another": lambda: _composites(lambda n: [1 - n], 2),
    "glyphs within glyphs 500 deep": lambda: _composites(lambda n: [n + 1] if n < 499 else [], 500),
    "each of 24 glyphs made of the next 16 times": lambda: _composites(
        lambda n: [n + 1] * 16 if n < 23 else [], 24
    ),
    "a glyph of 60,000 parts": lambda: _composites(lambda n: [] if n else [1] * 60_000, 2),
    "places of glyphs that run backwards": lambda: _replaced(
        honest(), {"loca": struct.pack(">3L", 80, 8, 0)}
    ),
    "places of glyphs beyond the file": lambda: _replaced(
        honest(), {"loca": struct.pack(">3L", 0, 0xFFFFFFF0, 0xFFFFFFFF)}
    ),
    "65,535 tables": _many_tables,
    "tables that overlap": lambda: honest()[:12] + honest()[12:28] * 9 + honest(),
    "all of Unicode 50,000 times": lambda: _with_cmap([(0, 0x10FFFF, 0)] * 50_000),
    "characters beyond Unicode": lambda: _with_cmap([(0, 0xFFFFFFFF, 1)]),
    "a table of names of 39 MB": lambda: _replaced(honest(), {"name": bytes(39_000_000)}),
    "a table of names of 200 MB": lambda: _replaced(honest(), {"name": bytes(200_000_000)}),
    "a subroutine that calls itself": lambda: _cff(_calls(0), [_calls(0)]),
    "subroutines that call the next 100 times": lambda: _cff(
        _calls(0), [_calls(n + 1, 100) for n in range(9)] + [[1, 1, "rmoveto", "return"]]
    ),
    "a subroutine beyond the last": lambda: _cff([30000, "callgsubr"], [["return"]]),
    "an outline of a million points": lambda: _cff(
        [0, 0, "rmoveto", *([1, 1, -1, 1, "rlineto"] * 250_000), "endchar"], []
    ),
    "letters that grow 8 times in 40 rules": _many_features,
    "a collection of 10,000": lambda: b"ttcf" + struct.pack(">LL", 0x10000, 10_000) + bytes(40_000),
    "WOFF": lambda: _woff(_tables(honest()), {}),
    "WOFF that unpacks to 1 GB": _woff_bomb,
    "WOFF 2": lambda: b"wOF2\0\1\0\0" + bytes(60),
    "an old Macintosh font": lambda: struct.pack(">4L", 256, 300, 44, 50) + bytes(400),
    "units of 0 to the em": lambda: _with_units(0),
    "nothing": lambda: b"",
    "the first byte": lambda: b"\0",
    **{
        f"cut off at {share:.0%}": lambda share=share: _cut(honest(), share)  # type: ignore[misc]
        for share in (0.05, 0.3, 0.6, 0.95)
    },
}
"""What a provider may be handed as a font, by what is wrong with it."""


def _with_units(units: int) -> bytes:
    head = _tables(honest())["head"]
    return _replaced(honest(), {"head": head[:18] + struct.pack(">H", units) + head[20:]})
