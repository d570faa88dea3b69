"""One cell of one column: its value, or what is wrong with it.

Each reader raises ValueError whose text continues the cell's place: "row 17, column
email: 'ana@' has no mail host after the @".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches

from cecert.domain.course.course import Course
from cecert.domain.course.credential_choices import CredentialChoices, parts_of
from cecert.domain.course.session import at_once
from cecert.domain.decision.completion_record import KNOWN_ROLES
from cecert.domain.evidence.answers import plain_word
from cecert.domain.people.person import email_problems, name_problems
from cecert.domain.values.spreadsheets import changed_by_spreadsheet
from cecert.domain.values.text import text_problems

__all__ = [
    "read_attended",
    "read_credentials",
    "read_email",
    "read_name",
    "read_others",
    "read_participant_id",
    "read_per_cent",
    "read_role",
    "read_words",
    "read_yes_or_no",
    "tidied",
]

ID_CHARACTERS = 100
"""Characters of the longest participant id."""

_MOST_PER_CENT = 100


def tidied(text: str) -> str:
    """Return *text* composed (NFC), without outer spaces, inner ones single.

    A no-break space that a web page left between two names is a space.
    """
    spaced = text
    if not text.isascii():
        composed = unicodedata.normalize("NFC", text)
        spaced = "".join(" " if unicodedata.category(each) == "Zs" else each for each in composed)
    return " ".join(each for each in spaced.strip().split(" ") if each)


def _refused(problems: Iterable[str]) -> ValueError:
    return ValueError("; ".join(problems))


def read_name(cell: str) -> str:
    """Read a name as it will be printed, never re-cased."""
    name = tidied(cell)
    if problems := name_problems(name):
        raise _refused(problems)
    return name


def read_email(cell: str) -> str:
    """Read an address that can be mailed to."""
    if problems := email_problems(cell) if cell else ["is missing"]:
        raise _refused(problems)
    return cell


def read_participant_id(cell: str) -> str:
    """Read the registrar's id."""
    if problems := text_problems(cell):
        raise _refused(problems)
    if changed := changed_by_spreadsheet(cell):
        raise ValueError(f"{changed}; write it as the registrar has it")
    if len(cell) > ID_CHARACTERS:
        raise ValueError(f"has {len(cell)} characters, at most {ID_CHARACTERS}")
    return cell


def read_others(cell: str) -> tuple[str, ...]:
    """Read the ids and addresses of others whom somebody told apart from a row's person."""
    return tuple(dict.fromkeys(map(read_participant_id, _parts(cell))))


def read_words(cell: str) -> str:
    """Read a remark; its line breaks mean nothing."""
    words = " ".join(unicodedata.normalize("NFC", cell).split())
    if problems := text_problems(words):
        raise _refused(problems)
    return words


def read_credentials(cell: str, known: CredentialChoices) -> tuple[str, ...]:
    """Read credential types; one no regime knows is refused, one not offered is not."""
    asked = parts_of(cell, known.plainly)
    for each in asked:
        if not known.plainly(each):
            what = _named(each, cell, "a credential type no regime file knows")
            raise ValueError(f"{what}{_near(each, list(known.ids))}")
    found = tuple(map(known.plainly, asked))
    if len(set(found)) < len(found):
        raise ValueError("asks for one credential type twice")
    return found


def read_attended(cell: str, course: Course) -> frozenset[str]:
    """Read the sessions attended in full: ids, or `all`."""
    sessions = [each.id for each in course.sessions]
    if cell.casefold() == "all":
        _refuse_at_once(sessions, course)
        return frozenset(sessions)
    for each in _parts(cell):
        if each not in sessions:
            what = _named(each, cell, "no session of the course")
            ids = f"its sessions are {', '.join(sessions)}, or all"
            raise ValueError(f"{what}{_near(each, sessions)}; {ids}")
    _refuse_at_once(_parts(cell), course)
    return frozenset(_parts(cell))


def _refuse_at_once(ids: Collection[str], course: Course) -> None:
    if both := at_once([each for each in course.sessions if each.id in ids]):
        raise ValueError(f"names {both[0].id} and {both[1].id}, which were at the same time")


def _named(part: str, cell: str, what: str) -> str:
    return f"is {what}" if part == cell else f"names {part!r}, {what}"


def _parts(cell: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(";") if part.strip())


def _near(word: str, known: list[str]) -> str:
    found = get_close_matches(word.casefold(), known, n=1, cutoff=0.6)
    return f" (did you mean {found[0]}?)" if found else ""


def read_yes_or_no(cell: str) -> bool | None:
    """Read yes or no; an empty cell is neither."""
    said = plain_word(cell)
    if said is None and cell.strip():
        raise ValueError("is neither yes nor no")
    return said


def read_per_cent(cell: str) -> Decimal | None:
    """Read a score: `85`, `85.5`, `85,5`, `85 %`."""
    text = cell.removesuffix("%").strip().replace(",", ".")
    if not text:
        return None
    try:
        score = Decimal(text)
    except InvalidOperation:
        raise ValueError("is not a number of per cent") from None
    if "e" in text.casefold() and score.is_finite():
        raise ValueError(f"{changed_by_spreadsheet(text) or _NOT_PLAIN}; write it in full")
    if not text.isascii() or not score.is_finite() or not 0 <= score <= _MOST_PER_CENT:
        raise ValueError("is not a number of per cent from 0 to 100")
    return score


_NOT_PLAIN = "is in scientific notation"


def read_role(cell: str) -> str:
    """Read what somebody was in the course, in any case; "" is a participant."""
    role = cell.casefold()
    if role not in KNOWN_ROLES:
        known = ", ".join(sorted(each for each in KNOWN_ROLES if each))
        raise ValueError(f"is no role; it is empty or one of {known}")
    return role
