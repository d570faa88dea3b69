"""Documents of `deliver`, `status` and the commands of `mail`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypedDict

__all__ = [
    "BounceDocument",
    "BouncesDocument",
    "DeliverDocument",
    "DeliveredDocument",
    "DeniedPersonDocument",
    "DraftsDocument",
    "ImpossibleDocument",
    "MailDocument",
    "PlanDocument",
    "PlannedCourseDocument",
    "RemindDocument",
    "RemindedDocument",
    "SharedDocument",
    "StatusDocument",
    "TellDeniedDocument",
]


class DeliveredDocument(TypedDict):
    """What became of a mail in a run of `deliver`."""

    key: str
    certificate: str | None
    state: str
    reply: str
    due: str | None


class DeliverDocument(TypedDict):
    """The document of `deliver`."""

    counts: dict[str, int]
    halted: str
    mails: Iterable[DeliveredDocument]


class DraftsDocument(TypedDict):
    """The document of `deliver --dry-run`."""

    messages: list[str]


class MailDocument(TypedDict):
    """A mail, and how things stand with it."""

    key: str
    kind: str
    certificate: str | None
    course: str
    name: str
    email: str
    state: str
    certificate_state: str | None
    attempts: int
    due: str
    deadline: str
    overdue: bool
    needs_somebody: bool
    reply: str


class StatusDocument(TypedDict):
    """The document of `status`."""

    mails: Iterable[MailDocument]
    counts: dict[str, int]
    warnings: list[str]


class PlannedCourseDocument(TypedDict):
    """Mails of a course that wait."""

    course: str
    mails: int
    deadline: str
    ends: str
    late: int
    overdue: int


class SharedDocument(TypedDict):
    """An address to which several mails go."""

    email: str
    mails: int


class ImpossibleDocument(TypedDict):
    """An address that cannot work."""

    key: str
    email: str
    problem: str


class PlanDocument(TypedDict):
    """The document of `mail plan`."""

    total: int
    days: int
    ends: str | None
    late: int
    overdue: int
    courses: list[PlannedCourseDocument]
    shared: list[SharedDocument]
    impossible: list[ImpossibleDocument]


BounceDocument = TypedDict("BounceDocument", {"key": str, "reply": str, "class": str})
"""A mail that came back, and by whose fault."""


class BouncesDocument(TypedDict):
    """The document of `mail bounces`."""

    bounced: list[BounceDocument]
    evidence: list[BounceDocument]
    known: int
    unknown: list[str]
    no_bounces: list[str]


class _LetterDocument(TypedDict):
    """Somebody without a certificate, and the letter to them."""

    participant: str
    name: str
    email: str
    sentences: list[str]
    mail: str | None
    queued: bool
    why_not: str


class RemindedDocument(_LetterDocument):
    """Somebody who can still do something."""

    missing: list[str]


class RemindDocument(TypedDict):
    """The document of `mail remind`."""

    course: str
    until: str | None
    people: list[RemindedDocument]
    taken_back: list[str]
    messages: list[str]


class DeniedPersonDocument(_LetterDocument):
    """Somebody whom nothing can help."""

    mark: str


class TellDeniedDocument(TypedDict):
    """The document of `mail tell-denied`."""

    course: str
    people: list[DeniedPersonDocument]
    messages: list[str]
