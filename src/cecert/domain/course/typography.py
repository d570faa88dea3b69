"""Typography: what a typewriter's quotes and dashes should be in a printed title."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cecert.domain.course.course import Course
from cecert.domain.values.findings import Finding, Severity

__all__ = ["typographic", "typographic_findings"]

_BETWEEN_FIGURES = re.compile(r"(?<=\d)-(?=\d)")
_LONG = re.compile(r" ?--+ ?")
_SPACED = re.compile(r" - ")
_OPENS = re.compile(r"""(?:^|(?<=[\s(\[{\u2013\u2014\u2018\u201c]))["']""")
_ABBREVIATED = re.compile(r"(?<!\w)'(?=\d\ds?\b)")


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
    texts = {"course.title": course.title, "course.presented_by": course.presented_by}
    for place, text in texts.items():
        if (better := typographic(text)) != text:
            message = f"has a typewriter's quotes or dashes; would {better!r} be right?"
            yield Finding(Severity.WARNING, f"{file}: {place}", message)
