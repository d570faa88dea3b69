"""Names as they are compared: what a display name and a registered name have in common.

A form made here is never printed. The certificate's name comes from the registration;
what stands in a platform's report is only held against it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

__all__ = [
    "bare_name",
    "comparison_forms",
    "differently_spaced",
    "displayed_forms",
    "folded_name",
    "follows_a_name",
    "is_generic",
    "is_nobodys",
    "is_title",
    "name_forms",
    "name_parts",
    "name_spellings",
    "name_words",
    "typed_words",
]

_MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\u200b\ufeff]")
_BRACKETS = re.compile(r"[(\uff08\[]([^()\uff08\uff09\[\]]*)[)\uff09\]]")
_COPY = re.compile(r"\d{1,2}")
_PRONOUNS = re.compile(
    r"(she|her|hers|he|him|his|they|them|theirs|ze|hir|any)([/, ]+(she|her|hers|he|him|his|they|"
    r"them|theirs|ze|hir|any|all))*( pronouns)?"
)
_TITLES = frozenset({"dr", "prof", "mr", "mrs", "ms", "mx", "miss", "rev", "sir"})
_CREDENTIALS = frozenset(
    {"phd", "psyd", "edd", "md", "dsw", "lcsw", "lcswr", "lmsw", "licsw", "lcsw-r", "msw", "bsw",
     "lsw", "lmhc", "lpc", "lpcc", "lmft", "mft", "mft-s", "acsw", "bcd", "rn", "np", "pmhnp", "ma",
     "ms", "mba", "med", "mph", "jd"}
)  # fmt: skip
_SURNAMES = frozenset({"ma", "med"})
_DEVICES = re.compile(
    r"\b(iphone|ipad|ipod|galaxy|android|pixel|oneplus|huawei|xiaomi|redmi|samsung|motorola|"
    r"macbook|imac|mac mini|laptop|desktop|computer|tablet|phone|mobile|chromebook|windows|"
    r"surface|pc|tv|room|rooms|webinar|telephone|call-in|caller|dial-in)\b"
)
_GENERIC = frozenset(
    {"zoom user", "zoom", "user", "guest", "anonymous", "anonymous user", "participant",
     "attendee", "host", "co-host", "cohost", "panelist", "admin", "administrator", "unknown",
     "unknown user", "teams user", "meet user", "me", "moderator", "tech support", "support"}
)  # fmt: skip
_MASKED = re.compile(r"[\d*xX•+().\s-]+")
_POSSESSIVE = re.compile(r"'s\b")
_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "å": "aa", "ł": "l", "đ": "d", "ð": "d", "þ": "th",
     "\u0131": "i"}
)  # fmt: skip
_LEFT_OUT = str.maketrans({"å": "a"})
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(
    "[\u1100-\u11ff\u3005-\u3007\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U000323af]+"
)
"""Hangul, kana and Chinese characters: their names are written with spaces, or with none."""
_MOST_UNSPACED = 20
"""Characters of such a name that are looked for; a longer one is found as it was written."""
_UMLAUTS = re.compile(r"([aou])e|(?<=a)a")
LEAST_TOKENS = 2
_POINTS = range(10, 37)
"""Combining classes of Hebrew and Arabic vowels, which people leave out."""
_ACCENTS = 200
"""The first combining class of accents, cedillas and the like."""


@lru_cache(maxsize=8_192)
def name_forms(name: str) -> tuple[str, ...]:
    """Return the forms of a display name that a registered name may equal, best first.

    The bracket of `New (Name at join)` is a second name; `Last, First` is tried both
    ways; `(2)` and pronouns in brackets are no part of a name.

    >>> name_forms("Dr. Ana  Ruiz, LICSW (she/her)")
    ('ana ruiz',)
    >>> name_forms("Ruiz, Ana (Ana's iPad)")
    ('ruiz ana', 'ana ruiz', "ana's ipad")
    """
    inside = _split_brackets(_plain(name))[1]
    forms = [form for part in inside for form in comparison_forms(part)]
    return tuple(dict.fromkeys((*displayed_forms(name), *forms)))


@lru_cache(maxsize=8_192)
def displayed_forms(name: str) -> tuple[str, ...]:
    """Return the forms of what stands outside the brackets: the name shown at the end.

    >>> displayed_forms("X (Ana Ruiz)")
    ('x',)
    """
    return comparison_forms(_split_brackets(_plain(name))[0])


def name_parts(name: str) -> tuple[str, ...]:
    """Return the names in a display name: the one outside the brackets, then those in them.

    >>> name_parts("Ana Ruiz (Ben Okafor)")
    ('ana ruiz', 'ben okafor')
    """
    outside, inside = _split_brackets(_plain(name))
    parts = (" ".join(each.split()) for each in (outside, *inside))
    return tuple(dict.fromkeys(each for each in parts if each))


@lru_cache(maxsize=8_192)
def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name as they are held against another's, whatever parts them.

    Titles, marks on letters and the ways to write an umlaut make no difference here, so
    equal words only suggest: they decide nothing.

    >>> name_words("Müller-Lüdenscheidt, Susan's | iPad"), name_words("Dr. Sue Mueller")
    (('muller', 'ludenscheidt', 'susan', 'ipad'), ('su', 'muller'))
    """
    text = _decomposed(_POSSESSIVE.sub("", _plain(name)))
    bare = "".join(each for each in text if not unicodedata.combining(each))
    return _titleless(_WORD.findall(_UMLAUTS.sub(r"\1", bare)))


def typed_words(text: str) -> tuple[str, ...]:
    """Return the words of what was typed to find a name, folded as `name_words` folds them.

    A title is no word of it, unless there is nothing else.

    >>> typed_words("Dr. Müll"), typed_words("O'Bri")
    (('mull',), ('obri',))
    """
    words = name_words(text)
    return tuple(each for each in words if each not in _TITLES) or words


def differently_spaced(text: str) -> tuple[str, ...]:
    """Return a typed name without spaces, and with one anywhere, folded as `name_words` folds.

    Only of what is Hangul, kana or Chinese characters throughout; of all else, nothing.

    >>> differently_spaced("李小龍")
    ('李小龍', '李 小龍', '李小 龍')
    >>> differently_spaced("李 小龍") == differently_spaced("李小龍")
    True
    >>> differently_spaced("Ana Ruiz")
    ()
    """
    whole = "".join(_WORD.findall(_plain(text)))
    if len(whole) > _MOST_UNSPACED or not _UNSPACED.fullmatch(whole):
        return ()
    # Parted before it is folded, so that no syllable of Hangul is parted into its letters.
    parted = (f"{whole[:at]} {whole[at:]}" for at in range(1, len(whole)))
    return tuple(map(folded_name, (whole, *parted)))


@lru_cache(maxsize=8_192)
def name_spellings(name: str) -> frozenset[str]:
    """Return how a name is spelt without marks, case, titles and what follows it.

    Two names with a spelling in common are one name. That is one spelling, but where an
    umlaut or a ring can be left out or written as two letters.

    >>> sorted(name_spellings("Dr. Jörg O\u2019Brien-Ruíz, LCSW"))
    ['joerg obrien ruiz', 'jorg obrien ruiz']
    """
    straight = next(iter(comparison_forms(name)), _plain(name))
    spelt = (_unmarked(straight.translate(each)) for each in (_LEFT_OUT, _TWO_LETTERS))
    return frozenset(" ".join(_titleless(each.split())) for each in spelt)


def _decomposed(plain: str) -> str:
    return unicodedata.normalize("NFD", plain.translate(_LETTERS)).replace("'", "")


def _unmarked(plain: str) -> str:
    """Return letters, digits and spaces of a name, without accents, points and vowels that may go.

    The signs that Indian, Thai and Japanese words cannot do without stay.
    """
    shown = (each for each in _decomposed(plain) if not _may_be_left_out(each))
    return "".join(each if unicodedata.category(each)[0] in "LNM" else " " for each in shown)


def _may_be_left_out(mark: str) -> bool:
    place = unicodedata.combining(mark)
    return place in _POINTS or place >= _ACCENTS


def _titleless(words: Sequence[str]) -> tuple[str, ...]:
    kept = [each for each in words if each not in _TITLES]
    return tuple(kept if len(kept) >= LEAST_TOKENS else words)


@lru_cache(maxsize=4096)
def comparison_forms(part: str) -> tuple[str, ...]:
    """Return a name without brackets as it is compared, and turned round at its comma."""
    first, *others = (_words(each) for each in _plain(part).split(","))
    others = [each for each in others if not all(map(_is_credential, each))]
    pieces = [" ".join(_without_titles(each)) for each in (first, *others) if each]
    straight = " ".join(pieces)
    if not straight:
        return ()
    if len(pieces) == LEAST_TOKENS:
        return straight, f"{pieces[1]} {pieces[0]}"
    return (straight,)


def _plain(name: str) -> str:
    if name.isascii():  # nothing to be made plain but capitals
        return " ".join(name.casefold().split()).removeprefix("'")
    text = unicodedata.normalize("NFKC", _MARKS.sub("", name)).casefold()
    text = unicodedata.normalize("NFC", text.replace("\u2019", "'").replace("\u2018", "'"))
    return " ".join(text.split()).removeprefix("'")


def _split_brackets(plain: str) -> tuple[str, list[str]]:
    inside = [each.strip() for each in _BRACKETS.findall(plain)]
    names = [each for each in inside if not _COPY.fullmatch(each) and not _PRONOUNS.fullmatch(each)]
    return _BRACKETS.sub(" ", plain), names


def _words(text: str) -> list[str]:
    words = (word.strip("\"'") for word in text.split())
    return [
        word
        for word in words
        if word.isalnum() or any(unicodedata.category(each)[0] in "LN" for each in word)
    ]


def _without_titles(words: list[str]) -> list[str]:
    # What would leave a single word is kept: "Dr. Ruiz" is no given name and surname.
    start, end = 0, len(words)
    while end - start > LEAST_TOKENS and is_title(words[start]):
        start += 1
    while end - start > LEAST_TOKENS and follows_a_name(words[end - 1]):
        end -= 1
    return words[start:end]


def follows_a_name(word: str) -> bool:
    """Say whether a casefolded word is a degree or licence behind a name: `lcsw`, `ph.d.`."""
    return _is_credential(word) and word not in _SURNAMES


def is_title(word: str) -> bool:
    """Say whether a casefolded word is a title before a name: `dr.`, `prof`."""
    return word.replace(".", "") in _TITLES


def _is_credential(word: str) -> bool:
    return word.replace(".", "") in _CREDENTIALS


def is_generic(form: str) -> bool:
    """Say whether a comparison form can be nobody's identity.

    Device words, platform words, telephone numbers and single tokens are none.

    >>> [is_generic(each) for each in ("ana ruiz", "dr. ruiz", "ana's iphone", "+1 413***55")]
    [False, True, True, True]
    """
    words = [each for each in form.split() if not is_title(each)]
    return len(words) < LEAST_TOKENS or is_nobodys(form)


def is_nobodys(form: str) -> bool:
    """Say whether a comparison form is a device's, a platform's word or a telephone number.

    >>> [is_nobodys(each) for each in ("ana", "ana's iphone", "guest")]
    [False, True, True]
    """
    return form in _GENERIC or bool(_DEVICES.search(form)) or bool(_MASKED.fullmatch(form))


def folded_name(name: str) -> str:
    """Return a name as it is looked up: its words without titles, marks and case.

    >>> folded_name("Dr. Þórdís O'Brien-Müller, Ph.D.")
    'thordis obrien muller ph d'
    """
    return " ".join(name_words(name))


@lru_cache(maxsize=8_192)
def bare_name(name: str) -> str:
    """Return a name as it is looked up, without what follows it; the longer forms begin so.

    >>> bare_name("Dr. Ana O\u2019Brien-Ruíz, LCSW")
    'ana obrien ruiz'
    """
    return folded_name(next(iter(comparison_forms(name)), name))
