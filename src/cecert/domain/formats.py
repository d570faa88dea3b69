"""Formats: how a course is held. "Online" is no answer to a board; live and interactive is."""

from __future__ import annotations

from enum import Enum

__all__ = ["CourseFormat"]


class CourseFormat(Enum):
    """A format boards accept, by the name `course.toml` uses."""

    LIVE_INTERACTIVE_WEBINAR = "live-interactive-webinar"
    LIVE_IN_PERSON = "live-in-person"
    LIVE_TELECONFERENCE = "live-teleconference"

    @property
    def phrase(self) -> str:
        """The one phrase printed for it."""
        return _PHRASES[self]

    @property
    def delivery(self) -> int:
        """Its number in the token (QR-TOKEN W2, body 7)."""
        return 1 if self is CourseFormat.LIVE_IN_PERSON else 2


_PHRASES = {
    CourseFormat.LIVE_INTERACTIVE_WEBINAR: "Live interactive webinar",
    CourseFormat.LIVE_IN_PERSON: "Live in-person course",
    CourseFormat.LIVE_TELECONFERENCE: "Live interactive teleconference",
}

REFUSED_FORMATS = {
    "self-study": "is refused until the format has a completion date per person",
    "self-study-recorded": "is refused until the format has a completion date per person",
    "self-study-reading": "is refused until the format has a completion date per person",
    "online": "does not say whether people could talk to the instructor while it was held",
    "hybrid": "mixes live and self-study hours, which boards count apart",
}
"""What people write and no certificate may say, with the reason."""
