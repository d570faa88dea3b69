"""Ports to evidence: completion lists and the files they are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.evidence.export import AttendanceFile, DateOrder, EvaluationFile
from cecert.errors import Fault

__all__ = ["CompletionList", "EvidenceReader", "FetchedList", "FetchedMeeting", "SourceFile"]


@dataclass(frozen=True, slots=True)
class CompletionList:
    """A completion list as it was read.

    Attributes:
        records: Of the good rows, in the file's order.
        faults: Every bad cell of the file; a row with one is in no record.
        notes: What a person should see, though it stops nothing.
        evidence: `collected` where `collect` vouches for the list, else `by hand`.
    """

    records: tuple[CompletionRecord, ...]
    faults: tuple[Fault, ...] = ()
    notes: tuple[str, ...] = ()
    evidence: str = "by hand"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that evidence comes in.

    Attributes:
        name: Without folders.
        content: Its bytes.
        path: Where it lies, as it was given.
    """

    name: str
    content: bytes
    path: str = ""


@dataclass(frozen=True, slots=True)
class FetchedList:
    """A list as a platform answered it, page by page.

    Attributes:
        what: `registrants`, `participants` or `occurrences`.
        pages: The answers, byte for byte.
        rows: How many people, or occurrences, stand on all pages.
        occurrence: The platform's id of the occurrence, "" where it is of the whole meeting.
        began: When the occurrence began, None likewise.
    """

    what: str
    pages: tuple[bytes, ...]
    rows: int
    occurrence: str = ""
    began: datetime | None = None


@dataclass(frozen=True, slots=True)
class FetchedMeeting:
    """What a platform answered of one meeting.

    Attributes:
        number: The meeting's.
        source: Which interface answered: `https://api.zoom.us/v2`.
        lists: Registrants where there are any, occurrences, participants of each occurrence.
        left_out: When occurrences began that are on no day of the course.
    """

    number: str
    source: str
    lists: tuple[FetchedList, ...]
    left_out: tuple[datetime, ...] = ()


class EvidenceReader(Protocol):
    """Reads what platforms and offices export; a file is known by its content, not its name."""

    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        """Read an attendance report.

        Args:
            file: The export.
            order: Of day, month and year, as the operator stated it; None to learn it.

        Raises:
            InputError: If it is none, or its dates cannot be read in this order.
        """
        ...

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        """Read an evaluation's or a test's responses.

        Raises:
            InputError: As `attendance`.
        """
        ...
