"""Scripts: what a writing system is called, and which font that can be had has its letters.

The shipped faces have Latin, Greek, Cyrillic, Arabic, Hebrew, Devanagari and Thai. For all
others a provider adds a font; which one, is said in the error and known to `cecert fonts add`.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from cecert.domain.values.text import code_point

__all__ = ["SCRIPT_FONTS", "ScriptFont", "font_advice", "letters_of", "script_in"]

NOTO = "fonts-noto-core"


@dataclass(frozen=True, slots=True)
class ScriptFont:
    """A script, and fonts that have it.

    Attributes:
        name: As people call it: `Khmer`.
        files: Names of font files, the one that goes best with ours first.
        package: Of Debian, that holds one of them.
        sample: Letters that a font of this script has.
        within: What the name of one font says, where a file is a collection.
    """

    name: str
    files: tuple[str, ...]
    package: str
    sample: str
    within: str = ""

    @property
    def word(self) -> str:
        """What `cecert fonts add` takes: `khmer`."""
        return self.name.casefold().replace(" ", "-")


def _noto(name: str, sample: str, *kinds: str) -> ScriptFont:
    plain = name.replace(" ", "")
    files = tuple(f"Noto{kind}{plain}-Regular.ttf" for kind in kinds or ("Serif", "Sans"))
    return ScriptFont(name, files, NOTO, sample)


CHINESE = ScriptFont(
    "Chinese",
    ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "DroidSansFallbackFull.ttf"),
    "fonts-noto-cjk", "王小明陳", "SC",
)  # fmt: skip
JAPANESE = ScriptFont(
    "Japanese",
    ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "ipam.ttf", "ipag.ttf"),
    "fonts-noto-cjk", "山田はカ", "JP",
)  # fmt: skip
KOREAN = ScriptFont(
    "Korean",
    ("NotoSerifCJK-Regular.ttc", "NotoSansCJK-Regular.ttc", "NanumMyeongjo.ttf"),
    "fonts-noto-cjk", "김민수", "KR",
)  # fmt: skip

SCRIPT_FONTS = {
    "ARMENIAN": _noto("Armenian", "Աա"),
    "BENGALI": _noto("Bengali", "অক"),
    "CANADIAN": ScriptFont(
        "Canadian Aboriginal", ("NotoSansCanadianAboriginal-Regular.ttf",), NOTO, "ᐁᐊ"
    ),
    "CHEROKEE": _noto("Cherokee", "ᎠᏓ", "Sans"),
    "CJK": CHINESE,
    "BOPOMOFO": CHINESE,
    "COPTIC": _noto("Coptic", "ⲀⲂ", "Sans"),
    "ETHIOPIC": _noto("Ethiopic", "አበ"),
    "GEORGIAN": _noto("Georgian", "გი"),
    "GUJARATI": _noto("Gujarati", "અક"),
    "GURMUKHI": _noto("Gurmukhi", "ਗਸ"),
    "HANGUL": KOREAN,
    "HIRAGANA": JAPANESE,
    "IDEOGRAPHIC": CHINESE,
    "JAVANESE": _noto("Javanese", "ꦄꦏ", "Sans"),
    "KANNADA": _noto("Kannada", "ಅಕ"),
    "KATAKANA": JAPANESE,
    "KHMER": _noto("Khmer", "កស"),
    "LAO": _noto("Lao", "ກຂ"),
    "MALAYALAM": _noto("Malayalam", "അക"),
    "MONGOLIAN": _noto("Mongolian", "ᠠᠨ", "Sans"),
    "MYANMAR": _noto("Myanmar", "အက"),
    "NKO": ScriptFont("NKo", ("NotoSansNKo-Regular.ttf",), NOTO, "ߊߓ"),
    "OL": ScriptFont("Ol Chiki", ("NotoSansOlChiki-Regular.ttf",), NOTO, "ᱚᱟ"),
    "ORIYA": _noto("Oriya", "ଅକ", "Sans"),
    "SINHALA": _noto("Sinhala", "අක"),
    "SYRIAC": _noto("Syriac", "ܐܒ", "Sans"),
    "TAMIL": _noto("Tamil", "அம"),
    "TELUGU": _noto("Telugu", "అక"),
    "THAANA": _noto("Thaana", "ހށ", "Sans"),
    "TIBETAN": _noto("Tibetan", "ཀཁ", "Serif"),
    "TIFINAGH": _noto("Tifinagh", "ⴰⴱ", "Sans"),
    "VAI": _noto("Vai", "ꔀꔁ", "Sans"),
    "YI": _noto("Yi", "ꀀꀁ", "Sans"),
}
"""By the first word of the Unicode names of their letters."""


def script_in(text: str, character: str) -> ScriptFont | None:
    """Return the script of a *character* of *text* that has a font to be had, or None.

    An ideograph is Japanese beside kana, Korean beside Hangul, else Chinese.
    """
    found = _script(character)
    if found is CHINESE:
        beside = {each.name for one in text if (each := _script(one))}
        return next((each for each in (JAPANESE, KOREAN) if each.name in beside), found)
    return found


def _script(character: str) -> ScriptFont | None:
    return SCRIPT_FONTS.get(unicodedata.name(character[:1], "?").replace("-", " ").split()[0])


FORM_ADVICE = (
    "name a font that has this form under fonts in [certificate], for ideographs HanaMinA.ttf"
    " (Debian: fonts-hanazono); or write the name without the selector, if its usual form is meant"
)


def font_advice(text: str, character: str) -> str:
    """Say where a font comes from that has a *character* of *text*, with its selector if any."""
    if len(character) > 1:
        return FORM_ADVICE
    script = script_in(text, character)
    if script is None:
        return "name a font that has it under fonts in [certificate]"
    return (
        f"cecert fonts add {script.word} takes {script.files[0]} from this computer,"
        f" in Debian from {script.package}"
    )


def letters_of(text: str, character: str) -> str:
    """Name what a *character* of *text* is of: `Khmer letters`, or the character itself."""
    base, *forms = map(code_point, character)
    if forms:
        return f"{base} in the form of {' and '.join(forms)}"
    script = script_in(text, character)
    return f"{script.name} letters" if script else base
