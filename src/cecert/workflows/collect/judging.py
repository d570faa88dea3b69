"""One person after the other: everything that was found of somebody becomes a participant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from cecert.domain.course.course import Course
from cecert.domain.course.formats import CourseFormat
from cecert.domain.evidence.attendance import judge
from cecert.domain.evidence.collection import Participant, Registrant
from cecert.domain.evidence.completion import MATERIAL, SESSIONS, completion_of
from cecert.domain.evidence.done import Done
from cecert.domain.evidence.overrides import Ruling
from cecert.domain.evidence.parallel import told_parallel
from cecert.domain.evidence.rulings import Bench, Gathering
from cecert.domain.evidence.suggestions import Suggestion
from cecert.domain.values.intervals import Interval
from cecert.workflows.collect.assignment import Assigned
from cecert.workflows.collect.lists import Lists

__all__ = ["Judging", "Rulings"]


class Rulings:
    """What stands for people in every session, each made when it is asked for."""

    def __init__(self, course: Course, bench: Bench) -> None:
        """Take a course, and what judges its people."""
        self._in_parts = course.format is CourseFormat.CONFERENCE
        self._bench = bench
        self._last: tuple[str | None, tuple[Ruling, ...]] = None, ()

    def of(self, identity: str) -> tuple[Ruling, ...]:
        """Return somebody's rulings, one a session, in the course's order."""
        # Who is settled is asked for twice in turn.
        if self._last[0] != identity:
            found = self._bench.rulings(identity)
            if self._in_parts:
                found = tuple(
                    told_parallel(
                        {(identity, it.attendance.session.id): it for it in found}
                    ).values()
                )
            self._last = identity, found
        return self._last[1]


class Judging:
    """Judges the people of one course, by all that was found.

    Attributes:
        proposed: Connections of nobody's that somebody should look at, by identity; while they
            are not known, nobody is judged to whom they may matter.
    """

    def __init__(
        self,
        course: Course,
        rulings: Rulings,
        linked: Gathering,
        listed: Assigned,
        unreported: frozenset[str],
        *,
        with_material: bool,
    ) -> None:
        """Take what was found.

        Args:
            course: The course.
            rulings: What stands for people by the reports.
            linked: Their connections, as links and unlinks leave them.
            listed: Which rows of lists are theirs.
            unreported: Ids of sessions that no report is of.
            with_material: Whether a platform says who completed the material.
        """
        self._course, self._rulings, self._linked = course, rulings, linked
        self._listed, self._unreported = listed, unreported
        self._with_material = with_material
        self.proposed: Mapping[str, Sequence[Suggestion]] = {}

    def rulings(self, identity: str) -> tuple[Ruling, ...]:
        """Return what stands for somebody by the reports, without what only may be theirs."""
        return self._rulings.of(identity)

    def person(self, registrant: Registrant, rulings: Sequence[Ruling]) -> Participant:
        """Return somebody with all that was found.

        Args:
            registrant: Who.
            rulings: What stands by the reports, as `rulings` has it.
        """
        judged = self._judged(registrant, rulings)
        if self._course.format.dated_by_person:
            judged = self._completed(judged)
        return replace(judged, unreported=self._unreported) if self._unreported else judged

    def _judged(self, registrant: Registrant, rulings: Sequence[Ruling]) -> Participant:
        identity, listed = registrant.identity, self._listed
        evaluation, attestation, test, camera, fee, _ = (
            listed.found.get((identity, purpose), _NOTHING) for purpose in Lists.ALL
        )
        hints = tuple(self.proposed.get(identity, ()))
        held = listed.held.get(identity, ())
        asked = any(each.purpose == "fee_paid" for each in held)  # it is, or was, a question
        paid = registrant.fee_paid if fee is _NOTHING and not asked else fee.noted
        return Participant(
            registrant=registrant
            if paid is registrant.fee_paid
            else replace(registrant, fee_paid=paid),
            rulings=tuple([_hinted(each, hints) for each in rulings]),
            evaluation=evaluation.moment,
            attestation=attestation.moment,
            post_test=test.score,
            visible=camera.noted,
            attributions=self._linked.of(identity),
            suggestions=hints,
            held=tuple(each for each in held if _matters(each.purpose, self._course)),
        )

    def _completed(self, person: Participant) -> Participant:
        """Return somebody with what they have completed, by the rows that count."""
        course, identity = self._course, person.identity
        found = self._listed.found
        rows = {what: row for what in Lists.ALL if (row := found.get((identity, what)))}
        if course.sessions and len(person.attended) == len(course.sessions):
            rows[SESSIONS] = Done("", course.sessions[-1].day)
        credentials = person.registrant.credentials
        completion = completion_of(course, credentials, rows, with_material=self._with_material)
        return replace(person, completion=completion)


_NOTHING = Done("")


def _matters(purpose: str, course: Course) -> bool:
    """Say whether any credit of the course asks for it."""
    if purpose == MATERIAL:
        return course.format.dated_by_person
    asked = [course.requirements, *(line.requirements for line in course.credit_lines)]
    return any(getattr(each, purpose.removesuffix("_paid")) for each in asked)


def _hinted(ruling: Ruling, hints: Sequence[Suggestion]) -> Ruling:
    """Judge again with the connections that somebody should look at as possible ones."""
    attendance = ruling.attendance
    mine = [each for each in hints if each.session == attendance.session.id]
    if not mine:
        return ruling
    stays = [*attendance.stays, *(stay for each in mine for stay in each.stays)]
    window = Interval(attendance.required.start, attendance.required.end)
    judged = judge(stays, attendance.session, attendance.rule, window)
    return replace(ruling, attendance=judged)
