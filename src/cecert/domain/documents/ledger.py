"""Documents of what reads and changes the ledger: `find`, `show`, `correct`, `changes`, exports."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NotRequired, TypedDict

__all__ = [
    "AuditDocument",
    "AuditFindingDocument",
    "ChangeDocument",
    "ChangesDocument",
    "CorrectDocument",
    "CorrectListDocument",
    "CreditDocument",
    "DueDocument",
    "EntryDocument",
    "EventDocument",
    "ExportLedgerDocument",
    "ExportRosterDocument",
    "FindDocument",
    "FoundDocument",
    "HooksDocument",
    "LineDocument",
    "LineMailDocument",
    "LinkDocument",
    "NumberedCreditDocument",
    "ObligationDocument",
    "PlannedCorrectionDocument",
    "PlannedLicensesDocument",
    "PlannedNameDocument",
    "ShowDocument",
]


class CreditDocument(TypedDict):
    """A credit that a certificate carries."""

    credential: str
    hours: str
    unit: str


class FoundDocument(TypedDict):
    """A certificate that `find` found."""

    id: str
    name: str
    email: str
    licenses: list[str]
    course: str
    title: str
    dates: list[str]
    credit_date: str
    issued_at: str
    credits: list[CreditDocument]
    state: str


class FindDocument(TypedDict):
    """The document of `find`."""

    found: list[FoundDocument]
    more: bool


class NumberedCreditDocument(CreditDocument):
    """A credit, and the approval that it rests on."""

    number: str
    statement: str


class EventDocument(TypedDict):
    """Something that happened to a certificate."""

    kind: str
    at: str
    actor: str
    reason: str


class EntryDocument(TypedDict):
    """A certificate as the ledger has it, with what happened to it."""

    id: str
    state: str
    participant: str
    name: str
    licenses: list[str]
    email: str
    course: str
    title: str
    dates: list[str]
    credit_date: str
    requirements_met_on: str
    issued_at: str
    credits: list[NumberedCreditDocument]
    file: str
    sha256: str
    token_url: str
    retain_until: str
    supersedes: str | None
    evidence: str
    evidence_record: dict[str, object] | None
    events: list[EventDocument]


class ShowDocument(EntryDocument):
    """The document of `show`."""

    superseded_by: str | None


class LinkDocument(TypedDict):
    """The document of `show --linkedin`."""

    id: str
    linkedin: str


class LineMailDocument(TypedDict):
    """A mail of a certificate."""

    key: str
    email: str
    state: str
    message_id: str
    queued_at: str
    reply: str


class LineDocument(EntryDocument):
    """A line of `export ledger`: a certificate and its mails."""

    mails: list[LineMailDocument]


class ExportLedgerDocument(TypedDict):
    """The document of `export ledger`."""

    certificates: list[LineDocument]


class ExportRosterDocument(TypedDict):
    """The document of `export roster`; the keys of a row are the columns of the roster."""

    course: str
    profile: NotRequired[str]
    roster: list[dict[str, str]]


class CorrectDocument(TypedDict):
    """The document of `correct`."""

    id: str
    supersedes: str
    file: str
    sha256: str
    others: list[str]


PlannedNameDocument = TypedDict("PlannedNameDocument", {"is": str, "will_be": str})
"""The name on a certificate, and on the one that corrects it."""


class PlannedLicensesDocument(TypedDict):
    """The licences on a certificate, and on the one that corrects it."""

    are: list[str]
    will_be: list[str]


class PlannedCorrectionDocument(TypedDict):
    """A certificate that is to be corrected."""

    id: str
    name: PlannedNameDocument
    licenses: PlannedLicensesDocument
    email: str
    reason: str


class CorrectListDocument(TypedDict):
    """The document of `correct --from`."""

    planned: list[PlannedCorrectionDocument]
    already: list[str]
    corrected: list[str]


class ObligationDocument(TypedDict):
    """Something that is due."""

    day: str
    kind: str
    what: str
    remedy: str
    overdue: bool


class DueDocument(TypedDict):
    """The document of `due`."""

    due: list[ObligationDocument]
    overdue: int


class ChangeDocument(TypedDict):
    """A change, as `changes` prints it and a hook is told it."""

    id: str
    kind: str
    at: str
    certificate: str | None
    course: str
    participant: str
    actor: str
    reason: str
    key: str


class ChangesDocument(TypedDict):
    """The document of `changes`."""

    changes: Iterable[ChangeDocument]
    cursor: str


class HooksDocument(TypedDict):
    """The document of `hooks run`."""

    posted: int
    cursor: str
    attempts: int
    due: str | None
    why: str
    waiting: str


class AuditFindingDocument(TypedDict):
    """Something that an audit found."""

    kind: str
    certificate: str | None
    place: str
    message: str
    remedy: str


class AuditDocument(TypedDict):
    """The document of `audit`."""

    certificates: int
    levels: dict[str, int]
    findings: list[AuditFindingDocument]
