"""Makes the fonts in this folder from their upstream releases.

    python fonts/make_fonts.py SOURCES

SOURCES is a folder that holds, at any depth, the upstream TrueType files named in
`FACES` (static instances, as Google Fonts and Debian's fonts-noto-core carry them).
Each is cut down to the letters people's names are written in, keeps its kerning,
marks and the OpenType features that the layouts ask for, and loses its hints, which
no PDF reader needs. Source Sans reserves its name, so its subset is renamed.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

HERE = Path(__file__).parent
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
FACES = {
    # file here: (upstream file, characters, new family name or "")
    "EBGaramond-Regular.ttf": ("EBGaramond_400Regular.ttf", ALPHABETS, ""),
    "EBGaramond-Italic.ttf": ("EBGaramond_400Regular_Italic.ttf", WESTERN, ""),
    "EBGaramond-SemiBold.ttf": ("EBGaramond_600SemiBold.ttf", ALPHABETS, ""),
    "Cormorant-SemiBold.ttf": ("Cormorant_600SemiBold.ttf", WESTERN, ""),
    "CecertSans-Regular.ttf": ("SourceSans3_400Regular.ttf", ALPHABETS, "Cecert Sans"),
    "CecertSans-SemiBold.ttf": ("SourceSans3_600SemiBold.ttf", WESTERN, "Cecert Sans"),
    "Newsreader-Light.ttf": ("Newsreader_300Light.ttf", WESTERN, ""),
    "Newsreader-Medium.ttf": ("Newsreader_500Medium.ttf", WESTERN, ""),
    "NotoSerifHebrew-Regular.ttf": ("NotoSerifHebrew-Regular.ttf", "0020-00A0 0590-05FF", ""),
    "NotoNaskhArabic-Regular.ttf": (
        "NotoNaskhArabic-Regular.ttf",
        "0020-00A0 00AB 00BB 0600-06FF 0750-077F 200C-200D 25CC",
        "",
    ),
    "NotoSerifDevanagari-Regular.ttf": (
        "NotoSerifDevanagari-Regular.ttf",
        "0020-00A0 0900-097F 1CD0-1CFF 200C-200D 25CC",
        "",
    ),
    "NotoSerifThai-Regular.ttf": ("NotoSerifThai-Regular.ttf", "0020-00A0 0E00-0E5B 25CC", ""),
}


def main(sources: Path) -> None:
    """Write every face and say how large it came out."""
    total = 0
    for name, (upstream, characters, family) in FACES.items():
        font = TTFont(next(sources.rglob(upstream)))
        _subset(font, characters)
        if family:
            _rename(font, family)
        font.save(HERE / name)
        size = (HERE / name).stat().st_size
        total += size
        print(f"{size:>8,}  {name}")
    print(f"{total:>8,}  in all")


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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
