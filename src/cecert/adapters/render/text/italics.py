"""Italics on their way to paper: marks in a text, word by word, so that lines may break between.

No text of a certificate can hold these characters (`domain/values/text`). They are gone from
what is shaped, and so from what is read back, listened to and compared.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from cecert.domain.certificate.certificate import CourseSnapshot
from cecert.domain.values.emphasis import Stretch

__all__ = ["italic_sessions", "italic_title", "unmarked"]

BEGINS, ENDS = "\ue000", "\ue001"


def italic_title(course: CourseSnapshot) -> str:
    """Return the title of *course* with marks at its words in italics."""
    return _marked(course.title, course.title_italics)


def italic_sessions(course: CourseSnapshot) -> CourseSnapshot:
    """Return *course* with marks at words in italics of its sessions' titles."""
    if not any(each.title_italics for each in course.sessions):
        return course
    sessions = [replace(e, title=_marked(e.title, e.title_italics)) for e in course.sessions]
    return replace(course, sessions=tuple(sessions))


def _marked(text: str, italics: Sequence[Stretch]) -> str:
    parts, done = list[str](), 0
    for begin, end in italics:
        words = text[begin:end].split(" ")
        marked = " ".join(f"{BEGINS}{word}{ENDS}" if word else word for word in words)
        parts += [text[done:begin], marked]
        done = end
    return "".join([*parts, text[done:]])


def unmarked(text: str) -> tuple[str, tuple[Stretch, ...]]:
    """Return a text without its marks, and the stretches that they stood round."""
    if BEGINS not in text:
        return text, ()
    plain, italics, begun = list[str](), list[Stretch](), 0
    for each in text:
        if each == BEGINS:
            begun = len(plain)
        elif each == ENDS:
            italics.append((begun, len(plain)))
        else:
            plain.append(each)
    return "".join(plain), tuple(italics)
