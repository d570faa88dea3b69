"""What one person's rows are held against: when the course was over, and which tests pass.

Most courses end for all at once. Self-study does when somebody has studied, which the
post-test shows; of a conference each person's own last session counts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from cecert.domain.course.course import Course
from cecert.domain.evidence.attendance import AttendanceStatus
from cecert.domain.evidence.collection import Registrant
from cecert.domain.evidence.completion import POST_TEST, marks_asked, passed_on
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.overrides import Ruling

__all__ = ["CourseTerms", "Terms"]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one person's rows are held against.

    Attributes:
        course: As far as the person completed it.
        done: What shows that the person had studied, with the day; "" where nothing does.
        marks: The pass marks of the credits that the person asks for, the highest first.
    """

    course: Course
    done: str = ""
    marks: tuple[Decimal, ...] = ()


class CourseTerms:
    """The terms of everybody who is registered in one course.

    Attributes:
        for_all: Those of a course that is over for all at once and has no test; else None.
    """

    def __init__(
        self,
        course: Course,
        registrants: Sequence[Registrant],
        rulings: Callable[[str], Sequence[Ruling]],
    ) -> None:
        """Take the course, and what is ruled of attendance.

        Args:
            course: As it is planned for all.
            registrants: Whose credits have pass marks.
            rulings: Returns what stands for somebody, a ruling a session, by identity.
        """
        self._course = course
        self._rulings = rulings
        tests = any(each.requirements.post_test for each in course.credit_lines)
        self.for_all = Terms(course) if course.is_one_for_all and not tests else None
        asked = registrants if self.for_all is None else ()
        self._credentials = {each.identity: each.credentials for each in asked}

    def of(self, owner: str, found: Mapping[tuple[str, str], Done]) -> Terms:
        """Return the terms of one person.

        Args:
            owner: Identity.
            found: The rows that count so far, by identity and purpose: those of tests first.
        """
        credentials = self._credentials.get(owner, ())
        course, marks = self._course, marks_asked(self._course, credentials)
        if course.is_one_for_all:
            return Terms(course, marks=marks)
        if not course.format.dated_by_person:
            return Terms(course.attended_in(self._attended(owner)), marks=marks)
        if course.sessions:
            return Terms(course, marks=marks)  # a hybrid's are handed out when these are over
        day = passed_on(course, credentials, found.get((owner, POST_TEST)))
        if day is None:
            return Terms(course, marks=marks)
        return Terms(course.completed(day), f"the post-test was passed on {day}", marks)

    def _attended(self, owner: str) -> Collection[str]:
        """Return the sessions that somebody met; where none is sure, the first that may be."""
        by_status: dict[AttendanceStatus, list[str]] = {}
        for each in self._rulings(owner):
            by_status.setdefault(each.status, []).append(each.attendance.session.id)
        if met := by_status.get(AttendanceStatus.MET):
            return met
        return by_status.get(AttendanceStatus.REVIEW, [self._course.sessions[0].id])[:1]
