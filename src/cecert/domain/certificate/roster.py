"""Rosters: who was credited with a course, in the columns that a board or sponsor asks for.

What a roster tells is data, a profile: which credits and licences it takes, and its columns.
Every row has one licence at most. A profile's row is a licence, with the hours of the course,
or a credit of a licence, with the hours of that credit; neither adds hours up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from zoneinfo import ZoneInfo

from cecert.domain.certificate.certificate import Certificate, CertificateState
from cecert.domain.certificate.phrases import category_split, format_phrase, hours_of_course
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.regime import RuleSource
from cecert.domain.people.name_split import split_name
from cecert.domain.people.person import License
from cecert.domain.values.states import state_name
from cecert.domain.values.wording import HOURS, hours_figure
from cecert.errors import WrongValueError

__all__ = [
    "SEVERAL",
    "Fact",
    "Roster",
    "RosterColumn",
    "RosterProfile",
    "RosterRow",
    "RosterSource",
    "RowKind",
    "draw_roster",
]


class RowKind(Enum):
    """What a row of a roster is."""

    LICENSE = "license"
    """A person's licence: the course's hours, whatever credits count them."""
    CREDIT = "credit"
    """A credit of a licence: the same instruction stands in several rows."""


class Fact(Enum):
    """What a column tells, by the name that profiles use."""

    LAST_NAME = "last_name"
    FIRST_NAME = "first_name"
    NAME = "name"
    EMAIL = "email"
    LICENSE_STATE = "license_state"
    LICENSE_TITLE = "license_title"
    LICENSE_NUMBER = "license_number"
    COURSE = "course"
    TITLE = "title"
    CREDIT_DATE = "credit_date"
    DATES = "dates"
    FORMAT = "format"
    LEVEL = "level"
    INSTRUCTORS = "instructors"
    PRESENTED_BY = "presented_by"
    CO_SPONSORS = "co_sponsors"
    PROVIDER = "provider"
    HOURS = "hours"
    UNIT = "unit"
    CREDENTIAL = "credential"
    CATEGORIES = "categories"
    AWARDED_BY = "awarded_by"
    APPROVER = "approver"
    PROVIDER_NUMBER = "provider_number"
    CERTIFICATE = "certificate"
    ISSUED_ON = "issued_on"
    STATE = "state"
    REPORTED_AT = "reported_at"

    @property
    def is_of_one_credit(self) -> bool:
        """Whether it is a credit's own, which a row of several credits cannot tell."""
        return self in _OF_ONE_CREDIT


_OF_ONE_CREDIT = frozenset(
    {Fact.CREDENTIAL, Fact.CATEGORIES, Fact.AWARDED_BY, Fact.APPROVER, Fact.PROVIDER_NUMBER}
)


@dataclass(frozen=True, slots=True)
class RosterColumn:
    """One column of a roster.

    Attributes:
        header: What stands above it.
        fact: What it tells.
        evidence: How it is known that it is asked for.
    """

    header: str
    fact: Fact
    evidence: RuleSource


@dataclass(frozen=True, slots=True)
class RosterProfile:
    """A roster as a board or sponsor wants it.

    Attributes:
        id: What `--profile` names.
        label: Whom it is for, in a line.
        row: What a row is.
        columns: In order.
        evidence: How it is known what they ask for; a column may be known otherwise.
        source: Where that can be read.
        credentials: The credential types whose credits it takes; () for all but attendance.
        states: Two letters of each state whose licences it takes; () for all.
        titles: The licence titles it takes, of whatever case; () for all.
        license_needed: Whether a row must have a licence.
        certificates: The states that a certificate in it may have.
        last_verified: When somebody last held it against the source.
        verified_by: Who did.
    """

    id: str
    label: str
    row: RowKind
    columns: tuple[RosterColumn, ...]
    evidence: RuleSource
    source: str
    credentials: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    license_needed: bool = False
    certificates: tuple[CertificateState, ...] = (CertificateState.STANDING,)
    last_verified: date | None = None
    verified_by: str = ""

    def __post_init__(self) -> None:
        if not self.columns:
            raise WrongValueError("has no [[column]]")
        headers = [each.header.casefold() for each in self.columns]
        if twice := sorted({each for each in headers if headers.count(each) > 1}):
            raise WrongValueError(f"has two columns {twice[0]!r}")
        told = [each.fact.value for each in self.columns if each.fact.is_of_one_credit]
        if told and self.row is RowKind.LICENSE and len(self.credentials) != 1:
            raise WrongValueError(
                f"tells {told[0]} of each licence: row = 'credit', or name one credential"
            )

    def takes_line(self, line: CreditLine) -> bool:
        """Say whether a credit is one of it."""
        if self.credentials:
            return line.credential in self.credentials
        return line.credential != ATTENDANCE

    def takes_license(self, held: License) -> bool:
        """Say whether a licence is one of it."""
        titles = {each.casefold() for each in self.titles}
        state = not self.states or held.jurisdiction in self.states
        return state and (not titles or held.title.casefold() in titles)


@dataclass(frozen=True, slots=True)
class RosterSource:
    """What the ledger has of one certificate.

    Attributes:
        certificate: The certificate.
        email: Where it was mailed.
        state: What became of it.
        reported: When CE Broker was last told of each licence, by its text.
    """

    certificate: Certificate
    email: str
    state: CertificateState
    reported: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """What one row is of.

    Attributes:
        sources: The certificates, all of one person.
        lines: The credits; never to be added up.
        license: The licence; None for a person without one.
    """

    sources: tuple[RosterSource, ...]
    lines: tuple[CreditLine, ...]
    license: License | None

    def told(self, fact: Fact) -> str:
        """Return what a column tells of it."""
        return _TOLD[fact](self)


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster that was drawn.

    Attributes:
        rows: In order of issue.
        unlicensed: Who has a credit of it and no licence at all, where one is needed.
        elsewhere: Who has licences, none of which it takes, where one is needed.
    """

    rows: tuple[RosterRow, ...]
    unlicensed: tuple[RosterSource, ...]
    elsewhere: tuple[RosterSource, ...]


def draw_roster(profile: RosterProfile, sources: Sequence[RosterSource]) -> Roster:
    """Return the roster of certificates of one course.

    Args:
        profile: What it tells.
        sources: The certificates, in order of issue.
    """
    people: defaultdict[str, list[RosterSource]] = defaultdict(list)
    for each in sources:
        lines = any(profile.takes_line(line) for line in each.certificate.credit_lines)
        if each.state in profile.certificates and lines:
            people[each.certificate.recipient.participant].append(each)
    rows: list[RosterRow] = []
    unlicensed: list[RosterSource] = []
    elsewhere: list[RosterSource] = []
    for theirs in people.values():
        found = [row for row in _rows(profile, theirs) if row.license or not profile.license_needed]
        rows += found
        if not found:
            held = any(each.certificate.recipient.licenses for each in theirs)
            (elsewhere if held else unlicensed).append(theirs[-1])
    return Roster(tuple(rows), tuple(unlicensed), tuple(elsewhere))


def _rows(profile: RosterProfile, theirs: Sequence[RosterSource]) -> Iterator[RosterRow]:
    if profile.row is RowKind.LICENSE:
        all_lines = tuple(line for each in theirs for line in _lines(profile, each))
        for held in _licenses(profile, theirs):
            yield RosterRow(tuple(theirs), all_lines, held)
        return
    for each in theirs:
        for line, one in _pairs(tuple(_lines(profile, each)), _licenses(profile, [each])):
            yield RosterRow((each,), (line,), one)


def _pairs(
    lines: Sequence[CreditLine], held: Sequence[License | None]
) -> Iterator[tuple[CreditLine, License | None]]:
    """Yield each credit with the licences of its state; with all where it is of no state.

    So it does where none is of its state, and a licence that is of none of them has a row of
    each: no credit and no licence is without a row.
    """
    own = {line.credential: [e for e in held if _is_of(line, e)] for line in lines}
    paired = {each for some in own.values() for each in some}
    for line in lines:
        others = [each for each in held if each not in paired]
        found = own[line.credential] or held
        yield from ((line, each) for each in dict.fromkeys([*found, *others]))


def _is_of(line: CreditLine, held: License | None) -> bool:
    return held is not None and state_name(held.jurisdiction) == line.jurisdiction


def _lines(profile: RosterProfile, source: RosterSource) -> Iterator[CreditLine]:
    return filter(profile.takes_line, source.certificate.credit_lines)


def _licenses(
    profile: RosterProfile, sources: Sequence[RosterSource]
) -> tuple[License | None, ...]:
    """Return the licences that are taken, each once; None alone where none is."""
    held = (each for source in sources for each in source.certificate.recipient.licenses)
    return tuple(dict.fromkeys(filter(profile.takes_license, held))) or (None,)


# The columns

_Told = Callable[[RosterRow], str]
SEVERAL = "; "
"""Between several values in a cell."""


def _listed(values: Sequence[str]) -> str:
    return SEVERAL.join(dict.fromkeys(filter(None, values)))


def _of_certificate(tell: Callable[[Certificate], str]) -> _Told:
    """Return a column of the person's newest certificate in the row."""
    return lambda row: tell(row.sources[-1].certificate)


def _of_each(tell: Callable[[RosterSource], str]) -> _Told:
    return lambda row: _listed([tell(each) for each in row.sources])


def _of_line(tell: Callable[[CreditLine], str]) -> _Told:
    return lambda row: _listed([tell(each) for each in row.lines])


def _of_license(tell: Callable[[License], str]) -> _Told:
    return lambda row: tell(row.license) if row.license else ""


def _unit(row: RosterRow) -> str:
    units = {each.unit for each in row.lines}
    return units.pop() if len(units) == 1 else HOURS


def _day(instant: datetime, own: Certificate) -> str:
    """Return the day of an instant by the provider's calendar."""
    return instant.astimezone(ZoneInfo(own.provider.timezone)).date().isoformat()


def _reported_at(row: RosterRow) -> str:
    told = [each.reported.get(str(row.license)) for each in row.sources]
    known = list(filter(None, told))
    return _day(max(known), row.sources[-1].certificate) if known else ""


_TOLD: Mapping[Fact, _Told] = {
    Fact.LAST_NAME: _of_certificate(lambda own: split_name(own.recipient.name).last),
    Fact.FIRST_NAME: _of_certificate(lambda own: split_name(own.recipient.name).first),
    Fact.NAME: _of_certificate(lambda own: own.recipient.name),
    Fact.EMAIL: lambda row: row.sources[-1].email,
    Fact.LICENSE_STATE: _of_license(lambda held: held.jurisdiction),
    Fact.LICENSE_TITLE: _of_license(lambda held: held.title),
    Fact.LICENSE_NUMBER: _of_license(lambda held: held.number),
    Fact.COURSE: _of_certificate(lambda own: own.course.id),
    Fact.TITLE: _of_certificate(lambda own: own.course.title),
    Fact.CREDIT_DATE: _of_certificate(lambda own: own.credit_date.isoformat()),
    Fact.DATES: _of_certificate(
        lambda own: SEVERAL.join(each.isoformat() for each in own.course.days)
    ),
    Fact.FORMAT: _of_certificate(lambda own: format_phrase(own.course)),
    Fact.LEVEL: _of_certificate(lambda own: own.course.level),
    Fact.INSTRUCTORS: _of_certificate(lambda own: SEVERAL.join(own.course.instructors)),
    Fact.PRESENTED_BY: _of_certificate(lambda own: own.course.presented_by),
    Fact.CO_SPONSORS: _of_certificate(lambda own: SEVERAL.join(own.course.co_sponsors)),
    Fact.PROVIDER: _of_certificate(lambda own: own.provider.name),
    Fact.HOURS: lambda row: hours_figure(hours_of_course(row.lines)),
    Fact.UNIT: _unit,
    Fact.CREDENTIAL: _of_line(lambda line: line.credential),
    Fact.CATEGORIES: _of_line(category_split),
    Fact.AWARDED_BY: _of_line(lambda line: line.awarded_by),
    Fact.APPROVER: _of_line(lambda line: line.approver),
    Fact.PROVIDER_NUMBER: _of_line(lambda line: line.number),
    Fact.CERTIFICATE: _of_each(lambda each: str(each.certificate.id)),
    Fact.ISSUED_ON: _of_each(lambda each: _day(each.certificate.issued_at, each.certificate)),
    Fact.STATE: _of_each(lambda each: each.state.value),
    Fact.REPORTED_AT: _reported_at,
}
