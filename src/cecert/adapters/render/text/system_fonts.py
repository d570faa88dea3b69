"""Fonts of this computer: where a script's font lies, and the one font out of a collection."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from cecert.adapters.render.text.faces import LARGEST_FONT, Face, font_problem
from cecert.adapters.render.text.scripts import ScriptFont

__all__ = ["FoundFont", "find_font"]

KINDS = frozenset({".ttf", ".otf", ".ttc", ".otc"})
LARGEST_COLLECTION = 200_000_000
"""Bytes; the largest pan-CJK collections of all weights stay below it."""

MOST_FILES = 20_000
"""Fonts that are looked through; nobody has more."""

_OTHER_CUTS = ("bold", "italic", "oblique", "black", "light", "thin", "condensed", "mono")


@dataclass(frozen=True, slots=True)
class FoundFont:
    """A font that has a script.

    Attributes:
        source: The file it is of.
        name: What it is called in an office: the file's name; of a collection, its own.
        data: The font.
    """

    source: Path
    name: str
    data: bytes


def find_font(script: ScriptFont, folders: Iterable[Path]) -> FoundFont | None:
    """Return the font of *folders* that goes best with ours; None if none has the script.

    Fonts that are known by name are tried first, then every other one that has the
    script's letters, upright regular ones before others.
    """
    paths = sorted(_font_files(folders))
    known = {name: place for place, name in enumerate(script.files)}
    named = sorted((each for each in paths if each.name in known), key=lambda p: known[p.name])
    others = sorted((each for each in paths if each.name not in known), key=_strangeness)
    for path in (*named, *others):
        if found := _of_file(path, script):
            return found
    return None


def _font_files(folders: Iterable[Path]) -> Iterator[Path]:
    count = 0
    for folder in folders:
        for path in folder.rglob("*"):
            if path.suffix.casefold() in KINDS and path.is_file():
                count += 1
                if count > MOST_FILES:
                    return
                yield path


def _strangeness(path: Path) -> tuple[bool, bool, bool, str]:
    """Say how far from an upright regular serif a font is, by its name."""
    name = path.stem.casefold()
    return (
        any(each in name for each in _OTHER_CUTS),
        "serif" not in name,
        "regular" not in name,
        path.name,
    )


def _of_file(path: Path, script: ScriptFont) -> FoundFont | None:
    try:
        if path.suffix.casefold() in {".ttc", ".otc"}:
            return _of_collection(path, script)
        if path.stat().st_size > LARGEST_FONT or not _has(path, script):
            return None
        data = path.read_bytes()
    except (OSError, TTLibError, AssertionError, ValueError, KeyError, IndexError):
        return None
    return FoundFont(path, path.name, data) if _is_usable(data, script) else None


def _has(path: Path, script: ScriptFont) -> bool:
    """Say whether a font maps the script's letters, before all of it is read."""
    with TTFont(path, lazy=True) as font:
        points = font.getBestCmap() or {}
    return all(ord(each) in points for each in script.sample)


def _of_collection(path: Path, script: ScriptFont) -> FoundFont | None:
    if path.stat().st_size > LARGEST_COLLECTION:
        return None
    with path.open("rb") as file, TTCollection(file, lazy=True) as fonts:
        for font in _by_fitness(fonts.fonts, script):
            points = font.getBestCmap() or {}
            if not all(ord(each) in points for each in script.sample):
                continue
            out = BytesIO()
            font.save(out, reorderTables=None)
            if _is_usable(out.getvalue(), script):
                suffix = ".otf" if "CFF " in font or "CFF2" in font else ".ttf"
                name = str(font["name"].getDebugName(6) or path.stem)
                plain = "".join(each for each in name if each.isalnum() or each == "-")
                return FoundFont(path, f"{plain or path.stem}{suffix}", out.getvalue())
    return None


def _by_fitness(fonts: Sequence[TTFont], script: ScriptFont) -> list[TTFont]:
    """Return the fonts of a collection, the one of the script's own region first."""
    return sorted(fonts, key=lambda font: script.within not in str(font["name"].getDebugName(4)))


def _is_usable(data: bytes, script: ScriptFont) -> bool:
    return not font_problem(data) and not Face(data, script.name).lacks(script.sample)
