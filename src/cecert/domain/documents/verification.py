"""The documents of `verify`."""

from __future__ import annotations

from typing import TypedDict

__all__ = [
    "AnswerDocument",
    "CertifiedCreditDocument",
    "CertifiedDocument",
    "DifferenceDocument",
    "FileDocument",
    "ResultDocument",
    "TranscriptDocument",
    "TrustDocument",
    "UncheckedDocument",
    "UncheckedResultDocument",
    "VerifyDocument",
]


class CertifiedCreditDocument(TypedDict):
    """A credit as it was certified."""

    code: int
    label: str
    number: str | None
    hours: str


class CertifiedDocument(TypedDict):
    """The facts that a token certifies."""

    id: str
    name: str
    title: str
    dates: list[str]
    hours: str
    credits: list[CertifiedCreditDocument]
    delivery: int | None
    instructor: str | None
    issued_at: str | None
    issued_by: str
    replaces: str | None
    specimen: bool


class DifferenceDocument(TypedDict):
    """A fact of which other words are printed than were certified."""

    fact: str
    certified: str
    printed: str


class _WordsDocument(TypedDict):
    """An outcome, and its words for people."""

    outcome: str
    exit_status: int
    headline: str
    sentence: str
    advice: str
    detail: str


class AnswerDocument(_WordsDocument):
    """What was found of one certificate."""

    checks: dict[str, str]
    details: dict[str, str]
    differences: list[DifferenceDocument]
    warnings: dict[str, str]
    status_as_of: str | None
    logged: bool | None
    certificate_id: str | None
    key: str | None
    certificate: CertifiedDocument | None
    page: int | None
    counted: bool | None


class TranscriptDocument(TypedDict):
    """What a transcript says of itself."""

    number: str
    drawn_up_at: str | None
    certificates: int
    counted: int


class FileDocument(TypedDict):
    """What became of a file since it was issued."""

    verdict: str
    sentence: str
    detail: str
    pages: int
    pages_without_code: list[int]
    transcript: TranscriptDocument | None


class ResultDocument(AnswerDocument):
    """What was found of one input."""

    what: str
    file: FileDocument | None
    answers: list[AnswerDocument]


class TrustDocument(TypedDict):
    """Whose trust file was used."""

    issuer: str
    name: str
    root: str
    root_pinned: bool


class VerifyDocument(TypedDict):
    """The document of `verify`."""

    outcome: str
    exit_status: int
    trust: TrustDocument
    results: list[ResultDocument]


class UncheckedResultDocument(_WordsDocument):
    """An input that could not be checked."""

    what: str


class UncheckedDocument(TypedDict):
    """The document of `verify` where the trust file cannot be used."""

    outcome: str
    exit_status: int
    trust: None
    results: list[UncheckedResultDocument]
