"""Makes the fonts in this folder from their upstream releases.

    python fonts/make_fonts.py SOURCES

SOURCES is a folder that holds, at any depth, the upstream TrueType files named in
`FACES` (static instances, as Google Fonts and Debian's fonts-noto-core carry them).
Each is cut down to the letters people's names are written in, keeps its kerning,
marks and the OpenType features that the layouts ask for, and loses its hints, which
no PDF reader needs. Source Sans reserves its name, so its subset is renamed. Outlines
become PostScript ones of fewer curves (`fit_outlines.py`, docs/adr/0019); what glyphs
share is written once, which changes no outline. The group `fonts` holds what it needs.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import cffsubr
from fit_outlines import Allowed, PiecesPen, fitted
from fontTools.fontBuilder import FontBuilder
from fontTools.misc.psCharStrings import T2CharString
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem

HERE = Path(__file__).parent
UNITS = 1000
FEATURES = (
    "kern", "mark", "mkmk", "ccmp", "locl", "liga", "clig", "calt", "rlig", "init", "medi", "fina",
    "isol", "smcp", "c2sc", "lnum", "pnum", "abvm", "blwm", "abvs", "blws", "akhn", "rphf", "rkrf",
    "pref", "blwf", "half", "pstf", "vatu", "cjct", "cfar", "nukt", "pres", "psts", "haln", "dist",
)  # fmt: skip
LATIN = "0020-007E 00A0-024F 0259 0292 02B9-02C8 02D8-02DD 0300-0338 0342-0345 1E00-1EFF"
SIGNS = "2010-2015 2018-201E 2020-2022 2026 2030 2032 2033 2039 203A 2044 20AC 2116 2122 2212"
GREEK_CYRILLIC = "0370-03FF 1F00-1FFF 0400-052F"
WESTERN = f"{LATIN} {SIGNS}"
ALPHABETS = f"{WESTERN} {GREEK_CYRILLIC}"
LIGHT = f"0020 0300-0338 0342-0345 {GREEK_CYRILLIC}"  # beside a light Latin that has its own signs
TEXT, DISPLAY = Allowed(curve=4, line=3, grid=4), Allowed(curve=1.5, line=1, grid=2)
"""By the largest size a face is usually printed in, 20 and 38 points: nothing moves by 0.08."""

FACES = {
    # file here: (upstream file, characters, new family name or "", what outlines may change by)
    "EBGaramond-Regular.otf": ("EBGaramond_400Regular.ttf", ALPHABETS, "", TEXT),
    "EBGaramond-Light.otf": ("EBGaramond_400Regular.ttf", LIGHT, "", DISPLAY),
    "EBGaramond-Italic.otf": ("EBGaramond_400Regular_Italic.ttf", WESTERN, "", TEXT),
    "EBGaramond-SemiBold.otf": ("EBGaramond_600SemiBold.ttf", ALPHABETS, "", TEXT),
    "Cormorant-SemiBold.otf": ("Cormorant_600SemiBold.ttf", WESTERN, "", DISPLAY),
    "CecertSans-Regular.otf": ("SourceSans3_400Regular.ttf", ALPHABETS, "Cecert Sans", TEXT),
    "CecertSans-SemiBold.otf": ("SourceSans3_600SemiBold.ttf", ALPHABETS, "Cecert Sans", TEXT),
    "Newsreader-Light.otf": ("Newsreader_300Light.ttf", WESTERN, "", DISPLAY),
    "Newsreader-Medium.otf": ("Newsreader_500Medium.ttf", WESTERN, "", DISPLAY),
    "NotoSerifHebrew-Regular.otf": (
        "NotoSerifHebrew-Regular.ttf",
        "0020-00A0 0590-05FF",
        "",
        DISPLAY,
    ),
    "NotoNaskhArabic-Regular.otf": (
        "NotoNaskhArabic-Regular.ttf",
        "0020-00A0 00AB 00BB 0600-06FF 0750-077F 200C-200D 25CC",
        "",
        DISPLAY,
    ),
    "NotoSerifDevanagari-Regular.otf": (
        "NotoSerifDevanagari-Regular.ttf",
        "0020-00A0 0900-097F 1CD0-1CFF 200C-200D 25CC",
        "",
        DISPLAY,
    ),
    "NotoSerifThai-Regular.otf": (
        "NotoSerifThai-Regular.ttf",
        "0020-00A0 0E00-0E5B 25CC",
        "",
        DISPLAY,
    ),
}

LIGHTER = {"EBGaramond-Light.otf": ("EBGaramond_600SemiBold.ttf", "Light", 300, 0.5)}
"""Faces that upstream does not draw: the heavier face, name and weight of the new one, and by
what part of the difference between the heavier one and the face of `FACES` it is lighter.

Half of it has the ink of Newsreader Light, within 4 %, in names in Greek and in Cyrillic.
"""


def main(sources: Path) -> None:
    """Write every face and say how large it came out."""
    total = 0
    for name, (upstream, characters, family, allowed) in FACES.items():
        font = TTFont(next(sources.rglob(upstream)))
        if name in LIGHTER:
            heavier, weight, number, part = LIGHTER[name]
            _lighten(font, TTFont(next(sources.rglob(heavier))), part)
            _call(font, weight, number)
        _subset(font, characters)
        if family:
            _rename(font, family)
        refined(font, allowed)
        font.save(HERE / name)
        size = (HERE / name).stat().st_size
        total += size
        print(f"{size:>8,}  {name}")
    print(f"{total:>8,}  in all")


def _lighten(font: TTFont, heavier: TTFont, part: float) -> None:
    """Move every point away from where the heavier face has it: the line through both, drawn on."""

    def beyond(here: float, there: float) -> int:
        return round(here + part * (here - there))

    shapes, widths = font["glyf"], font["hmtx"]
    for name in font.getGlyphOrder():
        here, there = shapes[name], heavier["glyf"][name]
        if here.isComposite():
            for one, other in zip(here.components, there.components, strict=True):
                one.x, one.y = beyond(one.x, other.x), beyond(one.y, other.y)
        elif here.numberOfContours > 0:
            pairs = zip(here.coordinates, there.coordinates, strict=True)
            for place, (one, other) in enumerate(list(pairs)):
                here.coordinates[place] = tuple(map(beyond, one, other))
        widths[name] = max(0, beyond(widths[name][0], heavier["hmtx"][name][0])), widths[name][1]
    for name in font.getGlyphOrder():  # parts of composites come after what is made of them, too
        shapes[name].recalcBounds(shapes)
        widths[name] = widths[name][0], getattr(shapes[name], "xMin", 0)


def _call(font: TTFont, weight: str, number: int) -> None:
    family = font["name"].getDebugName(1)
    shown = {1: f"{family} {weight}", 2: "Regular", 4: f"{family} {weight}", 16: family, 17: weight}
    shown |= {3: f"cecert;{family} {weight}", 6: f"{family.replace(' ', '')}-{weight}"}
    for place, text in shown.items():
        font["name"].setName(text, place, platformID=3, platEncID=1, langID=0x409)
    font["OS/2"].usWeightClass = number


def _subset(font: TTFont, characters: str) -> None:
    options = Options()
    options.layout_features = list(FEATURES)
    options.hinting = False
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.drop_tables += ["DSIG", "STAT", "MVAR", "gasp", "FFTM"]
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_code_points(characters))
    font.recalcTimestamp = False
    subsetter.subset(font)


def _code_points(ranges: str) -> list[int]:
    points: list[int] = []
    for each in ranges.split():
        first, _, last = each.partition("-")
        points += range(int(first, 16), int(last or first, 16) + 1)
    return points


def _rename(font: TTFont, family: str) -> None:
    weight = font["name"].getDebugName(6).rpartition("-")[2]
    shown = {1: family, 2: "Regular", 4: f"{family} {weight}", 16: family, 17: weight}
    shown |= {3: f"cecert;{family} {weight}", 6: f"{family.replace(' ', '')}-{weight}"}
    for record in list(font["name"].names):
        if record.nameID in shown:
            record.string = shown[record.nameID]
        elif record.nameID == 7 or record.nameID > 17:  # noqa: PLR2004  # trademark; axis names
            font["name"].names.remove(record)


def refined(font: TTFont, allowed: Allowed) -> None:
    """Turn the outlines of a TrueType font into PostScript ones that differ by no more."""
    if font["head"].unitsPerEm != UNITS:
        scale_upem(font, UNITS)
    drawn = font.getGlyphSet()
    charstrings = {name: _charstring(drawn, name, allowed) for name in font.getGlyphOrder()}
    names = {number: font["name"].getDebugName(number) for number in (1, 4, 6)}
    for tag in ("glyf", "loca"):
        del font[tag]
    info = {"FullName": names[4], "FamilyName": names[1]}
    builder = FontBuilder(font=font)
    builder.setupCFF(names[6], info, charstrings, {})
    font["post"].formatType = 3.0  # CFF has the names
    font["maxp"].tableVersion = 0x00005000
    font.sfntVersion = "OTTO"
    cffsubr.subroutinize(font, keep_glyph_names=False)


def _charstring(drawn: Any, name: str, allowed: Allowed) -> T2CharString:  # noqa: ANN401  # a private class
    pieces, pen = PiecesPen(drawn), T2CharStringPen(drawn[name].width, None)
    drawn[name].draw(pieces)
    for contour in filter(None, pieces.contours):
        first, *rest = fitted(contour, allowed)
        pen.moveTo(_pair(first[0]))
        for piece in (first, *rest):
            draw = pen.lineTo if len(piece) == len(("from", "to")) else pen.curveTo
            draw(*map(_pair, piece[1:]))
        pen.closePath()
    return pen.getCharString()


def _pair(point: complex) -> tuple[float, float]:
    return point.real, point.imag


if __name__ == "__main__":
    main(Path(sys.argv[1]))
