"""Course formats: how a course is held, in a board's words.

"Online" is no answer to it: live and interactive is one, self-study another.
"""

from __future__ import annotations

from enum import Enum

__all__ = ["DELIVERIES", "HELD", "REFUSED_FORMATS", "CourseFormat", "delivery_phrase"]


class CourseFormat(Enum):
    """A format boards accept, by the name `course.toml` uses. Threads may share it."""

    LIVE_INTERACTIVE_WEBINAR = "live-interactive-webinar"
    LIVE_IN_PERSON = "live-in-person"
    LIVE_TELECONFERENCE = "live-teleconference"
    SELF_STUDY = "self-study"
    HYBRID = "hybrid"
    CONFERENCE = "conference"

    @property
    def phrase(self) -> str:
        """The one phrase that is printed for the format."""
        return _PHRASES[self]

    @property
    def delivery(self) -> int:
        """The format's number in the token (docs/spec/token.md W2, body 7)."""
        return _DELIVERIES.get(self, 2)

    @property
    def dated_by_person(self) -> bool:
        """Whether each person has a day of completion, which is the credit date."""
        return (
            self is CourseFormat.SELF_STUDY or self is CourseFormat.HYBRID
        )  # no hash: asked often


def delivery_phrase(delivery: int) -> str:
    """Write how a course was held as far as a token tells: what its formats are called.

    >>> delivery_phrase(2)
    'Live interactive webinar or teleconference'
    """
    return DELIVERIES[delivery]


DELIVERIES = {
    1: "Live in-person course or conference",
    2: "Live interactive webinar or teleconference",
    3: "Self-study",
    4: "Hybrid, live and self-study",
}
"""How a course was held, by its number in the token."""

HELD = (1, 2)
"""Deliveries that take place on the session dates: in person, live online."""

_DELIVERIES = {
    CourseFormat.LIVE_IN_PERSON: 1,
    CourseFormat.CONFERENCE: 1,
    CourseFormat.SELF_STUDY: 3,
    CourseFormat.HYBRID: 4,
}

_PHRASES = {
    CourseFormat.LIVE_INTERACTIVE_WEBINAR: "Live interactive webinar",
    CourseFormat.LIVE_IN_PERSON: "Live in-person course",
    CourseFormat.LIVE_TELECONFERENCE: "Live interactive teleconference",
    CourseFormat.SELF_STUDY: "Self-study",
    CourseFormat.HYBRID: "Hybrid, live and self-study",
    CourseFormat.CONFERENCE: "Live in-person conference",
}

REFUSED_FORMATS = {
    "self-study-recorded": "is self-study, which certificates call so",
    "self-study-reading": "is self-study, which certificates call so",
    "online": "does not say whether people could talk to the instructor while it was held",
}
"""What people write and no certificate may say, with the reason."""
