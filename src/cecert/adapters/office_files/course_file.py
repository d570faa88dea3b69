"""`course.toml`: one course offering, and whether the office may claim its credit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from cecert.adapters.office_files.course_shape import CourseShape, CreditShape, SessionShape
from cecert.adapters.office_files.office_file import OfficeFile
from cecert.adapters.office_files.shapes import read_shape, read_toml
from cecert.adapters.office_files.statement_writer import write_statement
from cecert.adapters.office_files.values import (
    nearest,
)
from cecert.domain.course.authorisation import Authorised, authorise
from cecert.domain.course.course import (
    MOST_CREDITS,
    AttendanceRule,
    AttestationText,
    CertificatePolicy,
    CoSponsor,
    Course,
    Instructor,
    NamePolicy,
)
from cecert.domain.course.credit_line import (
    Category,
    CreditLine,
    CreditPeriod,
    CreditTotal,
    Requirements,
)
from cecert.domain.course.credit_periods import authorise_periods
from cecert.domain.course.credit_request import Authority, CreditOffer, Offering
from cecert.domain.course.formats import CourseFormat
from cecert.domain.course.license_rule import LicenseRule
from cecert.domain.course.regime import Regime
from cecert.domain.course.session import Break, Session
from cecert.domain.course.session_credit import authorise_totals
from cecert.domain.values.emphasis import Emphasised, emphasised
from cecert.domain.values.findings import Finding, Severity
from cecert.domain.values.states import state_code
from cecert.errors import ConfigurationError, Fault

__all__ = ["CourseReading", "course_of", "read_course"]

LONGEST_SESSION = timedelta(hours=24)
"""A session is one meeting; a longer one is a slip of a date."""


@dataclass(frozen=True, slots=True)
class CourseReading:
    """What was read of a course's file.

    Attributes:
        course: None if a finding is an error.
        findings: Everything that is wrong or unchecked.
    """

    course: Course | None
    findings: tuple[Finding, ...]

    @property
    def errors(self) -> tuple[Finding, ...]:
        """What keeps the course from loading."""
        return tuple(each for each in self.findings if each.severity is Severity.ERROR)


def read_course(path: Path, office: OfficeFile, regimes: Mapping[str, Regime]) -> CourseReading:
    """Read a course's file, and resolve its credit from the office's approvals.

    Nothing is raised for what the file says: an unreadable file is a finding too.

    Args:
        path: The course's file.
        office: Whose approvals, provider and signatories its credit rests on.
        regimes: The regimes there are, by id.
    """
    try:
        document = read_toml(path)
    except ConfigurationError as error:
        return _unread(error.faults)
    return course_of(document, path.name, office, regimes)


def course_of(
    document: object, file: str, office: OfficeFile, regimes: Mapping[str, Regime]
) -> CourseReading:
    """Return the course that a document tells of, with all that is wrong or unchecked about it.

    Args:
        document: As a course's file says it, parsed.
        file: What it is called, for the findings' places.
        office: Whose approvals, provider and signatories its credit rests on.
        regimes: The regimes there are, by id.
    """
    shape, faults = read_shape(CourseShape, document, file)
    if shape is None:
        return _unread(faults)
    reading = _Reading(shape, file, office, regimes)
    course = reading.course()
    return CourseReading(course, tuple(reading.findings))


def _unread(faults: Iterable[Fault]) -> CourseReading:
    return CourseReading(None, tuple(_error(each.place, str(each)) for each in faults))


def _error(place: str, message: str) -> Finding:
    return Finding(Severity.ERROR, place, message.removeprefix(f"{place}: "))


class _Reading:
    """One file being turned into values; it gathers the findings."""

    def __init__(
        self, shape: CourseShape, file: str, office: OfficeFile, regimes: Mapping[str, Regime]
    ) -> None:
        self._shape = shape
        self._file = file
        self._zone = ZoneInfo(shape.course.timezone)
        self._regimes = regimes
        self._authority = Authority(
            office.provider,
            office.signatories,
            office.approvals,
            regimes,
            write_statement,
            office.program,
        )
        self._licenses: list[tuple[str, LicenseRule]] = []
        self._periods: list[CreditPeriod] = []
        self._totals: list[CreditTotal] = []
        self._seen: set[Finding] = set()
        self.findings: list[Finding] = []

    def course(self) -> Course | None:
        """Return the course, or None if there is an error among the findings."""
        sessions = tuple(self._sessions())
        rule = self._attendance_rule()
        none = not sessions and self._shape.course.format is not CourseFormat.SELF_STUDY
        if not self._shape.sessions and none:
            self._refuse("session", "there is none; a course has at least one session")
        if none or len(sessions) < len(self._shape.sessions):
            return None
        offering = self._offering(sessions, rule)
        lines = tuple(self._lines(offering))
        self._refuse_many_credits()
        self._refuse_partial()
        if any(each.severity is Severity.ERROR for each in self.findings):
            return None
        return self._course(offering, lines)

    def _find(self, finding: Finding) -> None:
        if finding not in self._seen:
            self._seen.add(finding)
            self.findings.append(finding)

    def _refuse(self, place: str, message: str) -> None:
        self._find(_error(f"{self._file}: {place}", message))

    def _sessions(self) -> Iterator[Session]:
        for place, shape in enumerate(self._shape.sessions, 1):
            try:
                yield self._session(shape, self._set(f"session[{place}].title", shape.title or ""))
            except ValueError as error:
                self._refuse(f"session[{place}]", str(error))

    def _set(self, place: str, typed: str) -> Emphasised:
        """Return a title without its marks, and find what looks like one and is none."""
        title = emphasised(typed)
        if title.loose:
            message = (
                f"{typed!r} has an asterisk that sets nothing in italics and is printed; a pair "
                r"stands close around words (*so*), and \* says that one is meant"
            )
            self._find(Finding(Severity.WARNING, f"{self._file}: {place}", message))
        return title

    def _session(self, shape: SessionShape, title: Emphasised) -> Session:
        if shape.id.casefold() == "all":
            raise ValueError("no session is called all, which means every one in a list")
        session = Session(
            shape.id,
            _at(shape.start, self._zone),
            _at(shape.end, self._zone),
            tuple(Break(_at(b.start, self._zone), _at(b.end, self._zone)) for b in shape.breaks),
            title.plain,
            shape.hours,
            title.italics,
        )
        if session.end - session.start > LONGEST_SESSION:
            raise ValueError(f"session {shape.id} lasts more than a day: {shape.start} {shape.end}")
        return session

    def _attendance_rule(self) -> AttendanceRule | None:
        shape = self._shape.requirements.attendance
        return AttendanceRule(**shape.model_dump(exclude={"unique_name"})) if shape else None

    def _unique_name(self) -> NamePolicy:
        shape = self._shape.requirements.attendance
        return shape.unique_name if shape else NamePolicy.POSSIBLE

    def _offering(self, sessions: tuple[Session, ...], rule: AttendanceRule | None) -> Offering:
        shape = self._shape
        return Offering(
            presented_by=shape.course.presented_by,
            format=shape.course.format,
            sessions=sessions,
            location=shape.course.location,
            instructors=tuple(Instructor(e.name, e.credentials) for e in shape.instructors),
            co_sponsors=tuple(CoSponsor(each.name, each.role) for each in shape.co_sponsors),
            attendance_rule=rule,
            study_minutes=shape.course.study_minutes or 0,
            file=self._file,
        )

    def _lines(self, offering: Offering) -> Iterator[CreditLine]:
        for place, shape in enumerate(self._shape.credits, 1):
            if shape.credential not in self._regimes:
                close = nearest(shape.credential, self._regimes)
                self._refuse(
                    f"credit[{place}].credential",
                    f"no regime file knows {shape.credential}{close}",
                )
                continue
            try:
                authorised = self._authorised(self._offer(shape), offering)
            except ValueError as error:
                self._refuse(f"credit[{place}]", str(error))
                continue
            for finding in authorised.findings:
                self._find(finding)
            if authorised.licenses:
                self._licenses.append((shape.credential, authorised.licenses))
            if authorised.line:
                yield authorised.line

    def _authorised(self, offer: CreditOffer, offering: Offering) -> Authorised:
        if offering.format is CourseFormat.CONFERENCE and all(it.hours for it in offering.sessions):
            totals = authorise_totals(offer, offering, self._authority)
            self._totals += totals.totals
            return replace(totals.whole, findings=totals.findings)
        if not offering.format.dated_by_person:
            return authorise(offer, offering, self._authority)
        found = authorise_periods(offer, offering, self._authority)
        self._periods += found.periods
        return replace(found.latest, findings=found.findings)

    def _offer(self, shape: CreditShape) -> CreditOffer:
        return CreditOffer(
            credential=shape.credential,
            hours=shape.hours,
            requirements=self._requirements(shape),
            categories=tuple(Category(each.code, each.hours) for each in shape.categories),
            awarded_by=shape.awarded_by,
            states=_states(shape),
        )

    def _requirements(self, credit: CreditShape | None = None) -> Requirements:
        asked = self._shape.requirements.model_dump(
            include={"visible", "evaluation", "attestation", "fee", "post_test", "roles"}
        )
        if credit:
            asked |= credit.requirements.model_dump(exclude_none=True)
        return Requirements(**asked | {"roles": frozenset(asked["roles"])})

    def _attestation(self) -> AttestationText | None:
        shape = self._shape.attestation
        return None if shape is None else AttestationText(shape.version, shape.text)

    def _refuse_many_credits(self) -> None:
        many = len(self._shape.credits)
        combined = self._shape.requirements.certificates is CertificatePolicy.COMBINED
        if combined and many > MOST_CREDITS:
            self._refuse(
                "credit",
                f"{many} credits on a combined certificate, {MOST_CREDITS} fit its code; "
                "write certificates = per-credential",
            )

    def _refuse_partial(self) -> None:
        conference = self._shape.course.format is CourseFormat.CONFERENCE
        if conference and not self._shape.requirements.partial:
            message = 'is missing: a conference has partial = "per-session"'
            self._refuse("requirements.partial", message)
        if not conference and self._shape.requirements.partial:
            message = "is for conferences alone: all sessions are attended in full, or nothing is"
            self._refuse("requirements.partial", message)

    def _course(self, offering: Offering, lines: tuple[CreditLine, ...]) -> Course | None:
        table, asked = self._shape.course, self._shape.requirements
        title = self._set("course.title", table.title)
        try:
            return Course(
                id=table.id,
                title=title.plain,
                title_italics=title.italics,
                presented_by=offering.presented_by,
                format=offering.format,
                timezone=table.timezone,
                instructors=offering.instructors,
                sessions=offering.sessions,
                credit_lines=lines,
                requirements=self._requirements(),
                location=table.location,
                level=table.level,
                audience=table.audience,
                objectives=tuple(table.objectives),
                co_sponsors=offering.co_sponsors,
                attendance_rule=offering.attendance_rule,
                unique_name=self._unique_name(),
                attestation=self._attestation(),
                delivery_days=asked.delivery_days,
                certificate_policy=asked.certificates,
                license_rules=tuple(self._licenses),
                study_minutes=offering.study_minutes,
                credit_periods=tuple(self._periods),
                credit_totals=tuple(self._totals),
                remind_until=table.remind_until,
            )
        except ValueError as error:
            self._find(_error(self._file, str(error)))
            return None


def _states(shape: CreditShape) -> tuple[str, ...]:
    """Return the states a credit names, by their letters or in full.

    Raises:
        ValueError: If one is no state, stands there twice, or both keys are given.
    """
    if shape.state and shape.states:
        raise ValueError("has state and states: write one of them")
    given = [shape.state] if shape.state else shape.states
    if unknown := [each for each in given if not state_code(each)]:
        raise ValueError(f"{', '.join(unknown)} is no state, such as CT")
    states = tuple(state_code(each) for each in given)
    if len(set(states)) != len(states):
        raise ValueError("names a state twice")
    return states


def _at(local: datetime, zone: ZoneInfo) -> datetime:
    at = local.replace(tzinfo=zone)
    if at.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != local:
        raise ValueError(f"{local} is on no clock in {zone}: it is skipped in spring")
    if at.utcoffset() != at.replace(fold=1).utcoffset():
        raise ValueError(f"{local} is twice on the clock in {zone}: it is repeated in autumn")
    return at
