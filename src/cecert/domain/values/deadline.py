"""Deadlines: what has to be done by which day, and what happens to whom if it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum

__all__ = ["Deadline", "DeadlineKind"]


class DeadlineKind(Enum):
    """What ends, in the order in which deadlines of one day are shown."""

    CERTIFICATES = "certificates"
    """People have earned a certificate that is not issued."""
    MAIL = "mail"
    """A certificate is issued and not known to have arrived."""
    REPORT = "report"
    """A register of credits was not told of a certificate, or knows it wrongly by now."""
    APPROVAL = "approval"
    KEY = "key"
    PUBLISHED = "published"
    """What is published is good until then: trust file and status lists."""
    UNREADABLE = "unreadable"
    """A course or list that is there cannot be read, so that nobody knows what is owed."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """One thing that has to be done.

    Attributes:
        day: The last good day, on the provider's calendar.
        kind: What ends.
        what: What it is about, for people: `mbt-2020-10: 3 people have earned ...`.
        remedy: The command, or what a person does.
        subject: What it is about without figures that change from day to day, by which a
            calendar knows it again; "" where *what* has none.
    """

    day: date
    kind: DeadlineKind
    what: str
    remedy: str
    subject: str = ""

    def is_overdue(self, today: date) -> bool:
        """Say whether its day has passed."""
        return self.day < today
