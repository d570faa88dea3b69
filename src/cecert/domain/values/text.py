"""Text that may stand on a certificate and in a token.

The rule of docs/spec/token.md W2: NFC, no space at either end, and none of the categories that
make text lie about itself: controls, format characters such as bidirectional
overrides, surrogates, private use, unassigned, line and paragraph separators. The
two joiners are let through between letters of a script whose spelling needs them.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from html.entities import html5
from itertools import groupby

__all__ = ["markup_problems", "mixed_script_words", "script_of", "text_problems", "without_white"]

FORBIDDEN_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_JOINERS = frozenset("\u200c\u200d")
_JOINING_SCRIPTS = frozenset(
    {
        "ARABIC", "SYRIAC", "MONGOLIAN", "NKO", "DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI",
        "ORIYA", "TAMIL", "TELUGU", "KANNADA", "MALAYALAM", "SINHALA", "MYANMAR", "KHMER",
    }
)  # fmt: skip
_ONE_SCRIPT = {"HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "CJK", "BOPOMOFO": "CJK"}


def text_problems(text: str) -> list[str]:
    """Say what of the text rule *text* breaks; [] if nothing.

    >>> text_problems("Ana Ruiz")
    []
    >>> text_problems(f" Ana{chr(0x202E)}")
    ['has a space at its end or beginning', 'holds U+202E RIGHT-TO-LEFT OVERRIDE']
    """
    if text.isascii() and text.isprintable() and text == text.strip():
        return []
    problems = []
    if unicodedata.normalize("NFC", text) != text:
        problems.append("is not in Unicode's composed form (NFC)")
    if text != text.strip():
        problems.append("has a space at its end or beginning")
    problems += [f"holds {code_point(each)}" for each in dict.fromkeys(_forbidden(text))]
    return problems


_ENTITY = re.compile(
    r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});"
    # Browsers read these without the semicolon; of other words it may be an ampersand.
    r"|&(?:#[0-9]{1,7}|nbsp|amp|quot|lt|gt)(?![A-Za-z0-9;])"
)
_COMMENT = re.compile(r"<!--[^<>]{0,200}-->")
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9]{0,9})(?:\s[^<>]*)?/?>")
_BREAKS = frozenset(
    {"blockquote", "br", "div", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "li", "ol", "p", "pre",
     "table", "tbody", "td", "th", "tr", "ul"}
)  # fmt: skip
_WITHIN = frozenset(
    {"a", "abbr", "b", "big", "code", "em", "font", "i", "img", "mark", "q", "s", "script", "small",
     "span", "strike", "strong", "style", "sub", "sup", "tt", "u", "wbr"}
)  # fmt: skip
"""Elements of HTML that editors of forms and pages write, with and without a break of line."""


def markup_problems(text: str) -> list[str]:
    r"""Say that *text* holds markup of a web page, and what it may have been; [] if not.

    A form that keeps what it shows writes `O&#039;Brien`, and so it would be printed. What
    was meant is a guess, so a person decides.

    >>> markup_problems("O&#039;Brien"), markup_problems("Marriage & Family <18")
    (['holds markup; is it "O\'Brien"?'], [])
    """
    plain = _without_markup(text)
    if plain is None:
        return []
    return [f"holds markup; is it {plain!r}?" if plain else "holds markup and nothing else"]


def _without_markup(text: str) -> str | None:
    """Return *text* with its entities read and its tags left out; None if it has neither."""
    if "&" not in text and "<" not in text:
        return None
    plain = text
    for _ in range(_LAYERS):
        # What two programs have escaped, one after the other, is read twice.
        read = _TAG.sub(_tag_as_text, _COMMENT.sub("", _ENTITY.sub(_entity_as_text, plain)))
        if read == plain:
            break
        plain = read
    return None if plain == text else " ".join(plain.split())


_LAYERS = 4


def _entity_as_text(found: re.Match[str]) -> str:
    entity = found[0]
    known = entity[1] == "#" or entity[1:] in html5
    return html.unescape(entity) if known else entity


def _tag_as_text(found: re.Match[str]) -> str:
    name = found[1].casefold()
    if name in _BREAKS:
        return " "
    return "" if name in _WITHIN else found[0]


def code_point(character: str) -> str:
    """Name a character for an error message: `U+0E01 THAI CHARACTER KO KAI`."""
    name = unicodedata.name(character, "a control character or unassigned")
    return f"U+{ord(character):04X} {name}"


def _forbidden(text: str) -> list[str]:
    return [
        character
        for position, character in enumerate(text)
        if unicodedata.category(character) in FORBIDDEN_CATEGORIES
        and not (character in _JOINERS and _joins(text, position))
    ]


def _joins(text: str, position: int) -> bool:
    earlier = (text[each] for each in range(position - 1, -1, -1))
    before = next((c for c in earlier if unicodedata.category(c) != "Mn"), "")
    after = text[position + 1 : position + 2]
    if not before or not after:
        return False
    scripts = {script_of(before), script_of(after)}
    return len(scripts) == 1 and bool(scripts & _JOINING_SCRIPTS)


@lru_cache(maxsize=4096)
def script_of(character: str) -> str:
    """Return the script of a letter, by the first word of its Unicode name; "" for others.

    Japanese and Korean write in several scripts; they count as one here.
    """
    if not unicodedata.category(character).startswith("L"):
        return ""
    word = unicodedata.name(character, "").split(" ")[0].split("-")[0]
    return _ONE_SCRIPT.get(word, word) if word not in {"MODIFIER", "FEMININE", "MASCULINE"} else ""


def mixed_script_words(text: str) -> list[str]:
    """Return the words of *text* whose letters come from two scripts.

    A Cyrillic A in a Latin word looks like another name; a whole word in another
    script does not.

    >>> len(mixed_script_words(f"{chr(0x410)}na Ruiz")), mixed_script_words("Ana Ruiz")
    (1, [])
    """
    if text.isascii():
        return []
    words = ("".join(run) for spaced, run in groupby(text, _separates) if not spaced)
    return [word for word in words if len({script_of(each) for each in word} - {""}) > 1]


def _separates(character: str) -> bool:
    return unicodedata.category(character)[0] in "ZP"


def without_white(text: str) -> str:
    """Return *text* in NFC without white, as a page that breaks it over lines has it.

    >>> without_white("Motivation,  Behavior")
    'Motivation,Behavior'
    """
    return "".join(unicodedata.normalize("NFC", text).split())
