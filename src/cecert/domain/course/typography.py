"""Typography: quotes, dashes and italics of a printed title, as they should be and can be."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from cecert.domain.course.course import Course
from cecert.domain.values.emphasis import Stretch, marked
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.text import code_point

__all__ = ["typographic", "typographic_findings", "upright_findings"]

_BETWEEN_FIGURES = re.compile(r"(?<=\d)-(?=\d)")
_LONG = re.compile(r" ?--+ ?")
_SPACED = re.compile(r" - ")
_OPENS = re.compile(r"""(?:^|(?<=[\s(\[{\u2013\u2014\u2018\u201c\ue000]))["']""")
_ABBREVIATED = re.compile(r"(?<!\w)'(?=(?:\d\ds?|n)\b)")

_BEGINS, _ENDS = "\ue000", "\ue001"
"""Marks of italics while a text is looked at; nobody can type them into a title."""


def typographic(text: str) -> str:
    """Return *text* with the quotes and dashes that are printed; hyphens within words stay."""
    text = _LONG.sub("\u2014", text)
    text = _SPACED.sub(" \u2013 ", text)
    text = _BETWEEN_FIGURES.sub("\u2013", text)
    text = _ABBREVIATED.sub("\u2019", text)
    text = _OPENS.sub(lambda found: "\u201c" if found[0].endswith('"') else "\u2018", text)
    return text.replace('"', "\u201d").replace("'", "\u2019")


def typographic_findings(course: Course, file: str) -> Iterator[Finding]:
    """Propose how the texts of a course that are printed large would be set.

    Args:
        course: The course.
        file: Its file, for the findings' places.
    """
    titles = {
        place: marked(title, italics, _BEGINS, _ENDS)
        for place, (title, italics) in _titles(course).items()
    }
    for place, text in (titles | {"course.presented_by": course.presented_by}).items():
        if (better := typographic(text)) != text:
            better = better.replace(_BEGINS, "*").replace(_ENDS, "*")
            message = f"has a typewriter's quotes or dashes; would {better!r} be right?"
            yield Finding(Severity.WARNING, f"{file}: {place}", message)


def _titles(course: Course) -> dict[str, tuple[str, tuple[Stretch, ...]]]:
    """Return the titles of a course and its sessions, and what of them is in italics, by place."""
    sessions = {
        f"session[{number}].title": (each.title, each.title_italics)
        for number, each in enumerate(course.sessions, 1)
        if each.title
    }
    return {"course.title": (course.title, course.title_italics), **sessions}


def upright_findings(
    course: Course, file: str, upright_letter: Callable[[str], str]
) -> Iterator[Finding]:
    """Say which words of titles are printed upright though they are marked as italic.

    Args:
        course: The course.
        file: Its file, for the findings' places.
        upright_letter: Returns the first character of a word that the italics lack, or "".
    """
    for place, (title, italics) in _titles(course).items():
        words = [word for begin, end in italics for word in title[begin:end].split(" ")]
        for word in dict.fromkeys(words):
            if letter := upright_letter(word):
                message = (
                    f"{word!r} is printed upright: the italics have no {code_point(letter[0])}"
                )
                yield Finding(Severity.WARNING, f"{file}: {place}", message)
