"""Names in Greek and Cyrillic are as dark on paper as the Latin of the same style."""

from __future__ import annotations

from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from certificate_samples import ROOT
from fontTools.pens.areaPen import AreaPen
from fontTools.ttLib import TTFont

from cecert.adapters.render.text.faces import Face, FaceShelf
from cecert.adapters.render.text.layout_file import load_layout

LAYOUTS = [
    *sorted((ROOT / "templates" / "layouts").glob("*.toml")),
    ROOT / "templates" / "transcripts" / "transcript.toml",
]
LATIN = "Konstantinos Papadopoulos Eleni Nikolaou Alexandra Ivanova Olga Petrova"
NAMES = ("Κωνσταντίνος Παπαδόπουλος Ελένη Νικολάου", "Александра Иванова Ольга Петрова Жданов")
AS_DARK = 0.075
"""As far as one shipped face is from itself: EB Garamond SemiBold in Greek."""


@cache
def _ink(face: Face, text: str) -> float:
    """Return the part of a line's length by the size of its type that is black."""
    font = TTFont(BytesIO(face.data))
    drawn, letters, pen = font.getGlyphSet(), font.getBestCmap(), AreaPen()
    width = 0
    for each in text.replace(" ", ""):
        drawn[letters[ord(each)]].draw(pen)
        width += drawn[letters[ord(each)]].width
    return abs(float(pen.value)) / width / float(font["head"].unitsPerEm)


@pytest.mark.parametrize("path", LAYOUTS, ids=[path.stem for path in LAYOUTS])
def test_an_alphabet_that_is_set_beside_latin_is_as_dark(path: Path) -> None:
    for name, style in load_layout(path, FaceShelf(ROOT / "fonts")).styles.items():
        latin = _ink(style.chain[0], LATIN)
        for text in NAMES:
            face = next(each for each in style.chain if not each.lacks(text.replace(" ", "")))
            assert _ink(face, text) == pytest.approx(latin, rel=AS_DARK), (name, face.name, text)
