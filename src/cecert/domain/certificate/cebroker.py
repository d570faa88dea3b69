"""Rows of CE Broker's Excel roster: what its register is told of a certificate.

One row a licence, and no header. A course is told as completed in full; of a conference,
where each person has the credit of the sessions attended, hours and subject areas are told.
Nothing is cut, padded or guessed: what cannot be told as the register wants it refuses the
whole file, and every person is named. Source: docs/spec/exports.md 1.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Certificate
from cecert.domain.course.course import ATTENDANCE
from cecert.domain.course.credit_line import CreditLine
from cecert.domain.course.formats import CourseFormat
from cecert.domain.people.person import License
from cecert.domain.values.spreadsheets import guarded
from cecert.domain.values.wording import either, hours_figure, joined
from cecert.errors import Fault

__all__ = [
    "REPORT_DAYS",
    "CeBrokerAccount",
    "CeBrokerCourse",
    "CeBrokerProfession",
    "CeBrokerRow",
    "Telling",
    "ToldLicense",
    "cebroker_faults",
    "telling_of",
]

REPORT_DAYS = 30
"""Days after the credit date within which Florida wants it reported (docs/spec/exports.md 1)."""


@dataclass(frozen=True, slots=True)
class CeBrokerCourse:
    """A course as CE Broker knows it.

    Attributes:
        id: Ours.
        number: Its tracking number there, without `20-`; "" where it goes by *own*.
        own: The provider's own id of it there; "" where it goes by its number.
    """

    id: str
    number: str = ""
    own: str = ""


@dataclass(frozen=True, slots=True)
class CeBrokerProfession:
    """Which licences of a state are told by which credit, and under which profession.

    Attributes:
        credential: The credential type.
        state: Two letters.
        code: The profession's, of CE Broker's own list.
        titles: Of the licences, of whatever case; () for every licence of the state.
    """

    credential: str
    state: str
    code: str
    titles: tuple[str, ...] = ()

    @typed
    def takes(self, held: License) -> bool:
        """Say whether a licence is of it."""
        titles = {each.casefold() for each in self.titles}
        return held.jurisdiction == self.state and (not titles or held.title.casefold() in titles)


@dataclass(frozen=True, slots=True)
class CeBrokerAccount:
    """What an office says of its account with CE Broker.

    Attributes:
        provider: Its tracking number, without `50-`.
        courses: By our id: only these are told.
        professions: The first that takes a licence counts.
        subject_areas: CE Broker's code of each category of credit.
        report_days: Days after the credit date within which it is told.
    """

    provider: str
    courses: Mapping[str, CeBrokerCourse] = field(default_factory=dict)
    professions: tuple[CeBrokerProfession, ...] = ()
    subject_areas: Mapping[str, str] = field(default_factory=dict)
    report_days: int = REPORT_DAYS

    @property
    def states(self) -> frozenset[str]:
        """Two letters of each state whose licences are told."""
        return frozenset(each.state for each in self.professions)

    @property
    def credentials(self) -> frozenset[str]:
        """The credential types that are told."""
        return frozenset(each.credential for each in self.professions)


@dataclass(frozen=True, slots=True)
class CeBrokerRow:
    """One row of the roster, columns A to J.

    Attributes:
        provider: The provider's tracking number.
        course: The course's tracking number, or "".
        own_course: The provider's own id of the course, or "".
        license_number: Whole, as the state has it.
        completed_on: The credit date.
        state: Two letters.
        profession: CE Broker's code.
        subject_area: CE Broker's code, of partial credit; else "".
        hours: Of partial credit; else None.
    """

    provider: str
    course: str
    own_course: str
    license_number: str
    completed_on: date
    state: str
    profession: str
    subject_area: str = ""
    hours: Decimal | None = None

    @property
    def texts(self) -> Sequence[str]:
        """What stands in it as text."""
        return (
            self.provider, self.course, self.own_course, self.license_number, self.state,
            self.profession, self.subject_area,
        )  # fmt: skip

    @property
    def phrase(self) -> str:
        """In words, for whoever puts it right by hand: `FL SW12345, profession 12, 2020-10-29`."""
        parts = (
            f"{self.state} {self.license_number}",
            f"profession {self.profession}",
            self.completed_on.isoformat(),
            f"{hours_figure(self.hours)} of {self.subject_area}" if self.hours else "",
        )
        return ", ".join(filter(None, parts))


@dataclass(frozen=True, slots=True)
class ToldLicense:
    """What CE Broker is told of one licence by one certificate.

    Attributes:
        license: The licence.
        credential: The credit that counts there.
        rows: At least one.
    """

    license: License
    credential: str
    rows: tuple[CeBrokerRow, ...]


@dataclass(frozen=True, slots=True)
class Telling:
    """What CE Broker is told by one certificate.

    Attributes:
        told: Each licence that it is told of.
        faults: What keeps it from being told; with any, nobody is.
        passed_over: Licences that are not told, as the account has nothing for them: `NY`
            where it names no such state, `FL LMFT` where another of the state is told.
    """

    told: tuple[ToldLicense, ...] = ()
    faults: tuple[Fault, ...] = ()
    passed_over: tuple[str, ...] = ()


def telling_of(certificate: Certificate, account: CeBrokerAccount) -> Telling:
    """Return what a certificate of a course of the account tells of each licence."""
    lines = {each.credential: each for each in certificate.credit_lines}
    if not account.credentials & lines.keys():
        return Telling()
    place = f"{certificate.recipient.name} ({certificate.id})"
    if not certificate.recipient.licenses:
        problem = "has no licence, and CE Broker knows people by nothing else"
        return Telling(faults=(Fault(place, "", problem),))
    told: list[ToldLicense] = []
    faults: list[Fault] = []
    unfit: list[License] = []
    passed_over: list[str] = []
    for held in certificate.recipient.licenses:
        if held.jurisdiction not in account.states:
            passed_over.append(held.jurisdiction)
        elif (found := _profession(held, lines, account)) is None:
            unfit.append(held)
        else:
            rows, wrong = _rows(certificate, held, lines[found.credential], found, account)
            faults += [Fault(place, str(held), each) for each in wrong]
            told.append(ToldLicense(held, found.credential, rows))
    for held in unfit:
        # Who is told by another licence of the state has this one for another profession.
        if held.jurisdiction in {each.license.jurisdiction for each in told}:
            passed_over.append(f"{held.jurisdiction} {held.title}")
        else:
            wanted = either(sorted(account.credentials & lines.keys()))
            problem = f"has no profession there for {wanted}"
            remedy = "[[export.cebroker.profession]] names one"
            faults.append(Fault(place, str(held), problem, remedy))
    return Telling(tuple(told), tuple(faults), tuple(passed_over))


def _profession(
    held: License, lines: Mapping[str, CreditLine], account: CeBrokerAccount
) -> CeBrokerProfession | None:
    fits = (e for e in account.professions if e.credential in lines and e.takes(held))
    return next(fits, None)


def _rows(
    certificate: Certificate,
    held: License,
    line: CreditLine,
    profession: CeBrokerProfession,
    account: CeBrokerAccount,
) -> tuple[tuple[CeBrokerRow, ...], tuple[str, ...]]:
    """Return the rows of a licence, and what is wrong with them."""
    course = account.courses[certificate.course.id]
    faults: list[str] = []

    def row(area: str = "", hours: Decimal | None = None) -> CeBrokerRow:
        return CeBrokerRow(
            provider=account.provider,
            course=course.number,
            own_course=course.own,
            license_number=held.number,
            completed_on=certificate.credit_date,
            state=held.jurisdiction,
            profession=profession.code,
            subject_area=area,
            hours=hours,
        )

    if certificate.course.format is not CourseFormat.CONFERENCE:
        rows = [row()]
    else:
        rows = []
        for code, hours in _parts(line):
            if not (area := account.subject_areas.get(code, "")):
                what = f"of category {code}" if code else "without a category"
                faults.append(
                    f"has {hours_figure(hours)} hours {what}, and CE Broker takes hours of part "
                    "of a course by subject area"
                )
            else:
                rows.append(row(area, hours))
    for each in rows:
        faults += [f"{text!r} would be a formula" for text in each.texts if guarded(text) != text]
    return tuple(rows), tuple(dict.fromkeys(faults))


def _parts(line: CreditLine) -> Iterator[tuple[str, Decimal]]:
    """Yield the hours of each category; those that have none under ""."""
    for each in line.categories:
        yield each.code, each.hours
    rest = line.hours - sum((each.hours for each in line.categories), Decimal())
    if rest:
        yield "", rest


def cebroker_faults(account: CeBrokerAccount, credentials: Sequence[str]) -> Iterator[str]:
    """Yield what keeps an account from being used, whatever certificates there are.

    Args:
        account: The account.
        credentials: The credential types that there are.
    """
    unknown = sorted(account.credentials - set(credentials))
    if unknown:
        yield f"no regime file knows {joined(unknown)}"
    if ATTENDANCE in account.credentials:
        yield "attendance is no credit"
    if not account.professions:
        yield "names no [[export.cebroker.profession]]"
    if not account.courses:
        yield "names no [[export.cebroker.course]]"
