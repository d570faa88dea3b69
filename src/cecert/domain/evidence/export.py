"""What an export says, before anything is made of it: who was connected, who answered.

A reader turns a platform's file into these values and decides nothing. A stamp without
a zone stays a local time here; `instants` says which instants it may mean, because which zone it
means is known to the file, the operator or the course, never to the machine
(docs/spec/attendance.md 1).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum

from cecert.domain.evidence.answers import Said
from cecert.domain.values.quick_making import quickly_made

__all__ = [
    "AttendanceFile",
    "DateOrder",
    "EvaluationFile",
    "EvaluationResponse",
    "EvidenceFile",
    "FileFacts",
    "MappedFile",
    "MappedRow",
    "Occurrence",
    "OrderKnownBy",
    "RegistrantRow",
    "RegistrationFile",
    "ReportedConnection",
    "RowKind",
]


class DateOrder(Enum):
    """The order of day, month and year in a file's dates, by its name in `--date-order`."""

    MDY = "MDY"
    DMY = "DMY"
    YMD = "YMD"


class OrderKnownBy(Enum):
    """What the order of a file's dates is known by."""

    NOTHING = "no date in the file needs an order"
    STATED = "stated by the operator"
    NAMED_MONTH = "months are named"
    YEAR_FIRST = "the year stands first"
    A_VALUE_OVER_12 = "a value over 12"
    DOTS = "dots stand between the figures"
    THE_PLAN = "only so they fall on planned days"
    THE_SAME = "both orders mean the same days"


class RowKind(Enum):
    """What a row of an attendance report is evidence of."""

    PRESENCE = "presence"
    """Somebody was connected from join to leave."""
    WAITING_ROOM = "waiting room"
    """Somebody waited; that is no presence."""
    NO_SHOW = "no show"
    """Somebody registered and did not come."""
    ENVELOPE = "envelope"
    """First join and last leave alone: gaps cannot be seen, an upper bound."""
    TOTAL = "total"
    """A length without times: it proves no presence."""
    SNAPSHOT = "snapshot"
    """A name was seen at instants: it proves no presence."""


@quickly_made
@dataclass(frozen=True, slots=True)
class ReportedConnection:
    """One row of an attendance report, as read.

    Attributes:
        name: The display name, blanks collapsed and guards removed.
        email: The address, "" where the cell holds none.
        platform_id: What the platform calls this person on every visit, "" if unknown.
        join: Local time of the file's zone (naive) or aware; None where no row says when.
        leave: Likewise; None where no row says when.
        line: Line of the file its row begins on, from 1; of a workbook, its row.
        kind: What it is evidence of.
        resolution: Seconds to which the stamps are exact: 1, or 60.
        reported_seconds: The platform's own duration, as it rounds it; None without one.
        role: `host`, `panelist`, `attendee`, ... as the report has it, or "".
        dated: Whether the stamps have a date; without one they are on 1 January 1.
        breakout: It was spent in a breakout room, as the report says.
        approval: A registration's state, where the report has it.
        seen: Snapshots the name was seen in, by place from 0.
        summary: It stands only in the report's summary of people.
        account: The account's address (Teams' UPN), "" if not told; no key in `inspect`.
        registrant_id: What the platform calls the registration, where it tells both.
        further_emails: Other addresses of the row, as a webinar's registration; no keys either.
        possible_emails: Addresses of several people, of whom it is one.
        further_names: Other names of the row, likewise.
        licenses: Licences of the row, as written.
        session: The session that the row says it is of, as written; "" where it does not.
    """

    name: str
    email: str = ""
    platform_id: str = ""
    join: datetime | None = None
    leave: datetime | None = None
    line: int = 0
    kind: RowKind = RowKind.PRESENCE
    resolution: int = 1
    reported_seconds: int | None = None
    role: str = ""
    dated: bool = True
    breakout: bool = False
    approval: str = ""
    seen: tuple[int, ...] = ()
    account: str = ""
    summary: bool = False
    registrant_id: str = ""
    further_emails: tuple[str, ...] = ()
    possible_emails: tuple[str, ...] = ()
    further_names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()
    session: str = ""

    @property
    def shows_gaps(self) -> bool:
        """Whether somebody's absence in between would show.

        It does in rows of connections. First join and last leave in a report that has such
        rows too are an upper bound; alone, as in Google Meet, they prove nothing.
        """
        return self.kind is not RowKind.ENVELOPE or self.summary

    @property
    def key(self) -> str:
        """Who this is by the file alone: `id:`, `mailto:` or `name:`, the strongest it has."""
        if self.platform_id:
            return f"id:{self.platform_id}"
        if self.email:
            return f"mailto:{self.email.casefold()}"
        return f"name:{' '.join(self.name.split()).casefold()}"


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One start of a meeting, as a file tells it.

    Attributes:
        meeting_id: The platform's number, without blanks and dashes; "" if not told.
        start, end: As the stamps of `ReportedConnection`; None if not told.
        participants: What the platform counted, None if not told.
        reported_minutes: Its own length in minutes, None if not told.
        topic: Its title, "" if not told.
        line: The line on which it stands, from 1; of a workbook, its row.
    """

    meeting_id: str = ""
    start: datetime | None = None
    end: datetime | None = None
    participants: int | None = None
    reported_minutes: int | None = None
    topic: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is true of a file whatever it holds.

    Attributes:
        name: Its name, without folders.
        sha256: Of its bytes, hexadecimal.
        size: Bytes.
        format: Which reader knew it: `zoom_participants`.
        encoding: `utf-8`, `utf-16-le+bom`, `cp1252`, ...; `xlsx` for a workbook.
        newline: `LF`, `CRLF` or `CR`; "" for a workbook.
        zone: The zone the file itself states: an IANA name, or `offset in each stamp`;
            None where it does not say.
        date_order: How its dates are read, None where none needs it.
        order_known_by: How that is known.
        columns_used, columns_unused: Headers as written.
        notes: What a person should see, though it stops nothing.
    """

    name: str
    sha256: str
    size: int
    format: str
    encoding: str
    newline: str = ""
    zone: str | None = None
    date_order: DateOrder | None = None
    order_known_by: OrderKnownBy = OrderKnownBy.NOTHING
    columns_used: tuple[str, ...] = ()
    columns_unused: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AttendanceFile:
    """An attendance report, as its file has it.

    Attributes:
        facts: About the file.
        connections: Every row, waiting rooms and no-shows included, in the file's order.
        occurrences: The meetings it tells of; for a report of connections at most one
            a block of its own, none where there is no meeting block.
        refusal: Why no decision can rest on it, "" for one that can be used.
        advice: What to export instead, "" where there is no refusal.
        experimental: No real export of this format was seen.
    """

    facts: FileFacts
    connections: tuple[ReportedConnection, ...]
    occurrences: tuple[Occurrence, ...] = ()
    refusal: str = ""
    advice: str = ""
    experimental: bool = False


@dataclass(frozen=True, slots=True)
class RegistrantRow:
    """A row of a registration list that a platform or a registrar wrote.

    Attributes:
        name: Full name.
        email: Address, "" where the list has none.
        status: `approved`, `cancelled`, ... in small letters; "" if not told.
        fields: Every column with its cell, by the header as written.
        line: Where it stands.
    """

    name: str
    email: str
    status: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    line: int = 0


@dataclass(frozen=True, slots=True)
class RegistrationFile:
    """A registration list, as its file has it."""

    facts: FileFacts
    registrants: tuple[RegistrantRow, ...]


@quickly_made
@dataclass(frozen=True, slots=True)
class EvaluationResponse:
    """One response to an evaluation or test; what was answered is not kept.

    Attributes:
        response_id: The platform's id, "" where it has none.
        email: Who answered, "" where nothing says so.
        name: As given, "" if not.
        submitted: Local time (naive) or aware; None where the file does not say.
        finished: The platform's own flag, None where it has none.
        complete: Submitted by the platform's own mark, and every required question answered.
        unanswered: Required questions without an answer, by header; never an answer.
        points: Score as written, a number of points; None where there is none.
        out_of: Highest score, a number of points; None where the file does not say.
        attested: What is said to the attestation's question; None where the file has none.
        line: The line on which it stands, from 1; of a workbook, its row.
        further_emails, further_names, licenses: What else in the row says who answered; no
            keys in `inspect`.
    """

    response_id: str
    email: str
    name: str = ""
    submitted: datetime | None = None
    finished: bool | None = None
    complete: bool = True
    unanswered: tuple[str, ...] = ()
    points: Decimal | None = None
    out_of: Decimal | None = None
    attested: Said | None = None
    line: int = 0
    further_emails: tuple[str, ...] = ()
    further_names: tuple[str, ...] = ()
    licenses: tuple[str, ...] = ()

    @property
    def per_cent(self) -> Decimal | None:
        """The score in per cent, None where it has none or the highest is not known."""
        if self.points is None or not self.out_of:
            return None
        return self.points * 100 / self.out_of


@dataclass(frozen=True, slots=True)
class EvaluationFile:
    """An evaluation's or a test's responses, in the file's order.

    Attributes:
        facts: About the file.
        responses: All but previews and tests of the form's author.
        header_rows: Rows above the first response.
        required: Headers of the questions that completeness asks for.
        previews: Rows left out because they are previews or tests.
        attestation: Header of the question by which attendance is attested, "" without one.
        unnamed_attestation: Where there is none, header of a question that may be it.
    """

    facts: FileFacts
    responses: tuple[EvaluationResponse, ...]
    header_rows: int = 1
    required: tuple[str, ...] = ()
    previews: int = 0
    attestation: str = ""
    unnamed_attestation: str = ""


@dataclass(frozen=True, slots=True)
class MappedRow:
    """A row of any table, read through a mapping of columns to fields.

    Attributes:
        fields: Cells by field, without outer blanks.
        line: Where it stands.
    """

    fields: Mapping[str, str]
    line: int


@dataclass(frozen=True, slots=True)
class MappedFile:
    """Any table, read through a mapping."""

    facts: FileFacts
    rows: tuple[MappedRow, ...]


EvidenceFile = AttendanceFile | RegistrationFile | EvaluationFile | MappedFile
