"""What an answer says: yes, no, nothing, or what only a person can tell.

Somebody's licence hangs on a statement that they made themselves, so a yes is known by
its form and nothing else is one. What is not known to be a yes may be a no in words we
have never seen; it is asked about, and counts for nothing until somebody has answered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from enum import Enum
from functools import lru_cache

__all__ = ["Said", "is_statement", "is_tick", "may_attest", "plain_word", "said_by", "says"]


class Said(Enum):
    """What an answer says."""

    YES = "yes"
    NO = "no"
    BLANK = "blank"
    UNCLEAR = "unclear"
    """Neither a plain yes nor a no: a question for a person."""


MOST_CHARACTERS = 2_000
"""Of an answer that are looked at; no plain yes is longer, and a statement seldom is."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_YES = _words(
    "yes y true ja oui sí si sì sim tak はい 是 예 네 да evet wahr vrai verdadero "
    "verdadeiro vero waar prawda 真 có ya כן checked"
)
_NO = _words(
    "no n false nein non não nao nee nie いいえ 否 不 不是 아니요 아니오 нет hay\u0131r hayir "
    "falsch faux falso onwaar fałsz 偽 假 không tidak לא unchecked nope never nej nei ei nem"
)
_MARKS_OF_YES = _words("1 x ✓ ✔ ☑ ✅ 🗸 🗹 on ticked selected")
_MARKS_OF_NO = _words("0 ☐ ⬜ off unticked unselected")
_BLANK = _words("na n/a null none - -- --- \u2013 \u2014")
_REFUSALS = _words(
    "disagree decline declined refuse refused deny denied rifiuto recuso rechazo weiger ablehnen "
    "abgelehnt refusé niego"
)
_PHRASES = tuple(
    sorted(
        """i attest|i certify|i confirm|i agree|i affirm|i declare|i accept|i acknowledge|i do
        |i did|i have|i hereby attest|i hereby certify|i hereby confirm|i do attest|i do certify
        |i do confirm|i do agree|agree|agreed|i agreed|attested|i attested|confirmed|certified
        |ich bestätige|ich bestätige dies|ich bestätige das|hiermit bestätige ich|bestätigt
        |ich versichere|ich erkläre|ich stimme zu|stimme zu|einverstanden|ich bin einverstanden
        |j'atteste|je certifie|je confirme|je déclare|j'accepte|je suis d'accord|d'accord
        |sí confirmo|confirmo|certifico|doy fe|atestiguo|declaro|acepto|estoy de acuerdo|de acuerdo
        |atesto|concordo|aceito|eu atesto|eu confirmo|eu concordo|eu declaro|eu certifico
        |attesto|confermo|dichiaro|accetto|sono d'accordo|d'accordo
        |ik bevestig|ik verklaar|ik ga akkoord|akkoord|ik bevestig dit|ik certificeer
        |同意します|同意する|証明します|確認しました|確認します|誓約します|承諾します|宣誓します"""
        .replace("\n", "").split("|"),
        key=lambda each: -len(each),
    )
)  # fmt: skip
_PHRASES = tuple(" ".join(each.split()) for each in _PHRASES)
_NEUTRAL = _words(
    "i me my that have attended attend attest attendance was present both all the entire whole in "
    "full fully completely session sessions course seminar webinar workshop training program "
    "programme class event throughout for its entirety of above statement is true correct accurate "
    "and to this hereby each every day days duration at"
)
"""Words that add nothing to "I attest that ..." and take nothing from it."""

_NEGATIONS = (
    _NO
    | _REFUSALS
    | _words(
        "not cannot nor neither nothing nobody without unable don't didn't can't couldn't won't "
        "wasn't haven't isn't wouldn't dont didnt cant nicht kein keine keinen keines niemals ohne "
        "weder ne pas jamais aucun aucune rien sans nunca jamás tampoco ningún ninguna ninguno sin "
        "nem nenhum nenhuma sem mai nessun nessuna senza né niet geen nooit zonder не никогда değil"
    )
)
_NEGATED = re.compile(r"(?:.*n't|n'.*)")
_NEGATING_ENDINGS = re.compile("ない|ません|なかった|いいえ|不|没|沒|否|無|未|아니|않|못")
_VERBS = _words(
    "attest certify confirm agree affirm declare accept attended attend present bestätige "
    "versichere erkläre stimme atteste certifie confirme confirmo certifico declaro acepto atesto "
    "concordo attesto confermo dichiaro bevestig verklaar akkoord einverstanden"
)
_BEHIND_THE_VERB = _words("nicht niet")
_NEAR = 2
_INVISIBLE = re.compile("[\ufe0e\ufe0f]")
_QUOTES = str.maketrans({"\u2019": "'", "\u2018": "'", "\u00b4": "'", "`": "'"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_DOUBTFUL = re.compile(r"\.\s*\.|[^\w\s.,;:!'\"()\u2013\u2014\-、。「」]|_")
"""What no plain yes has in it: a question mark, dots that trail off, a footnote's star."""


def says(answer: str, *statements: str) -> Said:
    """Say what an answer to "do you attest?" says.

    Args:
        answer: The cell.
        *statements: What is attested to, word for word; whoever repeats it says yes.

    >>> [says(each).value for each in ("Yes, I attest.", "No, I missed part", " ", "Mostly")]
    ['yes', 'no', 'blank', 'unclear']
    >>> says("Yes, but I missed part"), says("I do not attest")
    (<Said.UNCLEAR: 'unclear'>, <Said.NO: 'no'>)
    """
    if len(answer) > MOST_CHARACTERS:
        return Said.UNCLEAR
    text = _folded(answer)
    if not text or text in _BLANK:
        return Said.BLANK
    if any(text == _folded(each) for each in statements):
        return Said.YES
    if text in _MARKS_OF_YES | _MARKS_OF_NO:
        return Said.YES if text in _MARKS_OF_YES else Said.NO
    return _said_in(text, statements)


def _said_in(text: str, statements: Sequence[str]) -> Said:
    words = _WORD.findall(text)
    if not words:
        return Said.UNCLEAR
    repeated = [said for each in statements if (said := " ".join(_WORD.findall(_folded(each))))]
    if not _DOUBTFUL.search(text) and _is_yes(words, repeated):
        return Said.YES
    return Said.NO if _is_no(words, text) else Said.UNCLEAR


def said_by(answers: Iterable[Said]) -> Said:
    """Return what several answers of one person to one question say together.

    >>> said_by([Said.YES, Said.BLANK]), said_by([Said.YES, Said.NO])
    (<Said.YES: 'yes'>, <Said.UNCLEAR: 'unclear'>)
    """
    found = set(answers) - {Said.BLANK}
    if not found:
        return Said.BLANK
    return found.pop() if len(found) == 1 else Said.UNCLEAR


def plain_word(cell: str) -> bool | None:
    """Return whether a cell is the one word yes or no, None for anything else.

    >>> plain_word(" YES "), plain_word("nein"), plain_word("yes, mostly")
    (True, False, None)
    """
    return _plain(cell) if len(cell) <= _LONGEST_WORD else _plain_of(cell[:MOST_CHARACTERS])


def _plain_of(cell: str) -> bool | None:
    text = _folded(cell)
    if text in _YES or text == "1":
        return True
    return False if text in _NO or text == "0" else None


# A column of them has two words, a hundred thousand times.
_plain = lru_cache(maxsize=256)(_plain_of)

_LONGEST_WORD = 20
"""Characters of a cell whose meaning is kept: what is longer is no word."""


def is_tick(cell: str) -> bool:
    """Say whether a cell is a mere mark, which means what stands above it."""
    return _folded(cell[:MOST_CHARACTERS]) in _MARKS_OF_YES | _TICKED


_TICKED = frozenset({"checked", "true"})


def is_statement(text: str) -> bool:
    """Say whether a header is a statement whose repetition is a yes: `I attest that ...`.

    >>> is_statement("I attest that I was there"), is_statement("Do you attest this?")
    (True, False)
    """
    folded = _folded(text[:MOST_CHARACTERS])
    words = _WORD.findall(folded)
    plain = not _DOUBTFUL.search(folded) and not _NEGATING_ENDINGS.search(folded)
    begins = f"{' '.join(words)} ".startswith(tuple(f"{each} " for each in _PHRASES))
    return plain and begins and not any(map(_negates, words))


def may_attest(question: str) -> bool:
    """Say whether a question may be the attestation, by its words; a person says whether it is.

    >>> may_attest("Do you attest that you were there?"), may_attest("Please confirm your e-mail")
    (True, False)
    """
    folded = _folded(question[:MOST_CHARACTERS])
    if _ATTESTING.search(folded):
        return True
    return bool(_CONFIRMING.search(folded) and _ATTENDING.search(folded))


_ATTESTING = re.compile(r"\b(?:attest|certify|affirm|declare|swear)\b|\battestation\b")
_CONFIRMING = re.compile(r"\b(?:confirm|agree|bestätig|versicher|confirm[eo]|atteste|dichiaro)")
_ATTENDING = re.compile(r"\b(?:attend|presen|anwesend|teilgenommen|asist|présen)")


def _folded(text: str) -> str:
    composed = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).translate(_QUOTES)
    shown = "".join(each for each in composed if unicodedata.category(each) != "Cf")
    return " ".join(shown.casefold().split())


def _is_yes(words: Sequence[str], statements: Sequence[str]) -> bool:
    """Say whether it is a yes, a known phrase, the statement, or these one after the other."""
    text = " ".join(words)
    if text in statements or text in _PHRASES:
        return True
    if words[0] in _YES:
        return len(words) == 1 or _is_tail(words[1:], statements)
    phrase = next((each for each in _PHRASES if text.startswith(f"{each} ")), "")
    return bool(phrase) and _is_tail(words[len(phrase.split()) :], statements)


def _is_tail(words: Sequence[str], statements: Sequence[str]) -> bool:
    """Say whether what follows a yes leaves it one."""
    text = " ".join(words)
    if text in statements or text.removeprefix("that ") in statements:
        return True
    phrase = next((each for each in _PHRASES if f"{text} ".startswith(f"{each} ")), "")
    rest = words[len(phrase.split()) :]
    said = " ".join(rest)
    return said.removeprefix("that ") in statements or all(each in _NEUTRAL for each in rest)


def _is_no(words: Sequence[str], text: str) -> bool:
    if words[0] in _NO | _REFUSALS:
        return True
    agreed = [place for place, each in enumerate(words) if each in _YES]
    if _NEGATING_ENDINGS.search(text):
        return not any(text.startswith(each) for each in _YES)
    denied = [place for place, each in enumerate(words) if _negates(each)]
    if not denied or (agreed and agreed[0] < denied[0]):
        return False
    stated = [place for place, each in enumerate(words) if each in _VERBS]
    if not stated or denied[0] < stated[0]:
        return True
    near = denied[0] - stated[0] <= _NEAR
    return near and words[denied[0]] in _BEHIND_THE_VERB


def _negates(word: str) -> bool:
    return word in _NEGATIONS or _NEGATED.fullmatch(word) is not None
