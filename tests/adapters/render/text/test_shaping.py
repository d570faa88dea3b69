"""Any name: shaped, in order, and readable back from the page."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest
from certificate_samples import ROOT, certificate
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cecert.adapters.render import CertificateRenderer
from cecert.adapters.render.layout.page import inks
from cecert.adapters.render.text.bidi import levels, visual_order
from cecert.adapters.render.text.faces import FaceShelf
from cecert.adapters.render.text.shaping import MissingGlyphError, Shaped, shape
from cecert.errors import ConfigurationError, DrawingError

NAMES = {
    "Latin": "Þórdís Żółkiewska-Ştefănescu",
    "Vietnamese": "Nguyễn Thị Ánh Tuyết",
    "Greek": "Ελένη Παπαδοπούλου",
    "Cyrillic": "Екатерина Щербакова",
    "Hebrew": "דניאל כהן",
    "Hebrew with points": "שָׁלוֹם כֹּהֵן",
    "Arabic": "فاطمة الزهراء بنت محمد",
    "Devanagari": "श्रीमती लक्ष्मी क्षत्रिय",
    "Thai": "สมชาย ใจดี",
    "two scripts": "Dan דניאל",
    "marks above marks": "F\u0300\u0302a M\u0323\u0300",
}

# DIN 91379:2022, table A.1: letters that exist only as base and combining mark.
COMPOSED = [
    "C\u0306", "F\u0300", "H\u032d", "K\u0302", "L\u0302", "M\u0300", "N\u0302", "P\u0300",
    "R\u0306", "S\u0300", "T\u0300", "k\u0304", "h\u032d", "m\u0302",
]  # fmt: skip


@pytest.fixture(scope="module")
def chain() -> tuple:  # type: ignore[type-arg]  # of faces
    shelf = FaceShelf(ROOT / "fonts")
    fallbacks = [
        "EBGaramond-SemiBold", "NotoSerifHebrew-Regular", "NotoNaskhArabic-Regular",
        "NotoSerifDevanagari-Regular", "NotoSerifThai-Regular",
    ]  # fmt: skip
    return shelf.chain("Cormorant-SemiBold", fallbacks)


def said(shaped: Shaped) -> str:
    return "".join(glyph.text for run in shaped.runs for glyph in run.glyphs)


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES)
def test_a_name_is_read_back_from_the_page_as_it_was_written(
    renderer: CertificateRenderer, name: str
) -> None:
    pdf = renderer.draw(certificate(name)).pdf
    lines = PdfReader(BytesIO(pdf)).pages[0].extract_text().splitlines()
    # pypdf sees a space beside a raised mark; what is compared leaves white out.
    found = ["".join(unicodedata.normalize("NFC", line).split()) for line in lines]
    assert "".join(unicodedata.normalize("NFC", name).split()) in found


@pytest.mark.parametrize("letter", COMPOSED)
def test_letters_of_din_91379_have_glyphs_and_keep_their_marks(
    chain: tuple, letter: str  # type: ignore[type-arg]  # of faces
) -> None:  # fmt: skip
    assert unicodedata.normalize("NFC", said(shape(letter, chain))) == letter


def test_every_latin_letter_of_din_91379_has_a_glyph(chain: tuple) -> None:  # type: ignore[type-arg]  # of faces
    ranges = [(0xC0, 0x180), (0x1CD, 0x1DD), (0x1E6, 0x1F6), (0x1F8, 0x234), (0x1E00, 0x1EFA)]
    letters = [chr(point) for first, last in ranges for point in range(first, last)]
    lacking = [
        each
        for each in letters
        if unicodedata.category(each)[0] == "L" and all(face.lacks(each) for face in chain)
    ]
    assert lacking == []


def test_a_word_with_a_letter_the_face_lacks_changes_its_face_as_a_whole(chain: tuple) -> None:  # type: ignore[type-arg]  # of faces
    shaped = shape("Ana Ελένη", chain)
    assert [said(Shaped("", (run,), 0, 0, 0)) for run in shaped.runs] == ["Ana ", "Ελένη"]
    assert [run.face.name for run in shaped.runs] == ["Cormorant-SemiBold", "EBGaramond-SemiBold"]


def test_small_capitals_are_read_back_as_the_letters_they_stand_for(chain: tuple) -> None:  # type: ignore[type-arg]  # of faces
    assert said(shape("Smith CollegE", chain, ("smcp", "c2sc"), 0.08)) == "Smith CollegE"


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(codec="latin-1", categories=["L", "P", "Zs"]), min_size=1))
def test_what_was_shaped_says_what_was_written(chain: tuple, text: str) -> None:  # type: ignore[type-arg]  # of faces
    normal = unicodedata.normalize("NFC", text)
    assert unicodedata.normalize("NFC", said(shape(text, chain))) == normal


def test_every_field_with_a_missing_glyph_is_named_with_its_person(
    renderer: CertificateRenderer,
) -> None:
    drawn = certificate("王小明", "ᚠᚢᚦ")
    found = [(each.place, each.problem) for each in renderer.faults(drawn)]
    assert found == [
        (
            "王小明: recipient name",
            "holds U+738B CJK UNIFIED IDEOGRAPH-738B, which no font here has",
        ),
        (
            "王小明: course title",
            "holds U+16A0 RUNIC LETTER FEHU FEOH FE F, which no font here has",
        ),
    ]
    with pytest.raises(DrawingError) as refused:
        renderer.draw(drawn)
    assert len(refused.value.faults) == 2


def test_one_missing_letter_inside_a_word_is_named(chain: tuple) -> None:  # type: ignore[type-arg]  # of faces
    with pytest.raises(MissingGlyphError) as missing:
        shape("Ana-王", chain)
    assert missing.value.character == "王"


# UAX #9: examples of implicit ordering; levels of "he said THE VALUES ARE 123, 456, OK" style.
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ana", [0, 0, 0]),
        ("אב 12", [1, 1, 1, 2, 2]),
        ("Ana אב", [0, 0, 0, 0, 1, 1]),
        ("אב Ana", [1, 1, 0, 0, 0, 0]),
        ("אב (12)", [1, 1, 1, 1, 2, 2, 1]),
        ("א, ב c", [1, 1, 1, 1, 0, 0]),
        ("\u062712%", [1, 2, 2, 1]),
        ("א12%3", [1, 2, 2, 2, 2]),
        ("a (א) b", [0, 0, 0, 1, 0, 0, 0]),
        ("a 12 א", [0, 0, 0, 0, 0, 1]),
        ("a אב (ג) c", [0, 0, 1, 1, 1, 1, 1, 1, 0, 0]),
        ("א1,2+3", [1, 2, 2, 2, 2, 2]),
        ("\u06271,2-3", [1, 2, 2, 2, 1, 2]),
        ("(א]", [1, 1, 1]),
        ("א[(ב])", [1, 1, 1, 1, 1, 1]),
    ],
)
def test_levels_follow_the_bidirectional_algorithm(text: str, expected: list[int]) -> None:
    assert levels(text) == expected


def test_runs_stand_in_visual_order() -> None:
    assert visual_order([0, 1, 2, 1, 0]) == [0, 3, 2, 1, 4]
    assert visual_order([]) == []


def test_a_hebrew_name_in_an_english_line_reads_from_right_to_left(
    renderer: CertificateRenderer,
) -> None:
    (page,) = renderer.pages(certificate("Dan דניאל"), specimen=False)
    (ink,) = [each for each in inks(page) if each.what == "recipient name"]
    assert said(ink.shaped) == "Dan " + "דניאל"[::-1]


NO_OUTLINES = "is no font with outlines: it has neither glyf and loca nor CFF"


def test_fonts_that_may_not_or_cannot_be_embedded_are_refused(tmp_path: Path) -> None:
    path = ROOT / "fonts" / "NotoSerifThai-Regular.otf"
    restricted, outlines, huge = (tmp_path / f"{name}.otf" for name in ("no", "bare", "huge"))
    with TTFont(path) as font:
        font["OS/2"].fsType = 2
        font.save(restricted)
    outlines.write_bytes(path.read_bytes().replace(b"CFF ", b"nope", 1))
    huge.write_bytes(bytes(40_000_001))
    with pytest.raises(ConfigurationError) as refused:
        FaceShelf(ROOT / "fonts", [restricted, outlines, huge])
    assert [each.problem for each in refused.value.faults] == [
        "does not allow embedding (its fsType says restricted)",
        NO_OUTLINES,
        "has 40,000,001 bytes, at most 40,000,000 are read",
    ]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no font"),
        (b"no font at all", "is no font"),
        (b"ttcf" + bytes(40), "is a collection of fonts; take one font out of it"),
        (b"\x00\x01\x00\x00" + bytes(60), NO_OUTLINES),
    ],
)
def test_a_file_that_is_no_usable_font_is_refused_with_its_name(
    tmp_path: Path, content: bytes, problem: str
) -> None:
    bad = tmp_path / "bad.ttf"
    bad.write_bytes(content)
    with pytest.raises(ConfigurationError) as refused:
        FaceShelf(ROOT / "fonts", [bad, tmp_path / "missing.ttf"])
    assert [each.problem for each in refused.value.faults] == [
        problem,
        "cannot be read: No such file or directory",
    ]


def test_a_further_font_of_the_provider_is_tried_last(tmp_path: Path) -> None:
    own = tmp_path / "own.otf"
    own.write_bytes((ROOT / "fonts" / "NotoSerifThai-Regular.otf").read_bytes())
    chain = FaceShelf(ROOT / "fonts", [own]).chain("EBGaramond-Regular", [])
    assert [run.face.name for run in shape("Ana ใจดี", chain).runs] == ["EBGaramond-Regular", "own"]


def test_a_word_of_two_scripts_is_cut_where_its_script_changes(chain: tuple) -> None:  # type: ignore[type-arg]  # of faces
    shaped = shape("Dan-דניאל", chain)
    faces = [run.face.name for run in shaped.runs]
    assert faces == ["Cormorant-SemiBold", "NotoSerifHebrew-Regular"]


def test_glyphs_without_a_character_of_their_own_share_out_those_of_their_cluster(
    chain: tuple,  # type: ignore[type-arg]  # of faces
) -> None:
    for word in ("क्षत्रिय", "श्री", "ৎ"[:0] + "कौ", "शृं"):
        said_ = said(shape(word, chain)).replace("\N{ZERO WIDTH SPACE}", "")
        assert unicodedata.normalize("NFC", said_) == word
