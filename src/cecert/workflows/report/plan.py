"""Reporting to a register of credits: what it was not told yet, and what a person puts right.

What a register took it keeps: it is told of a licence and a course once. Whatever becomes of
a certificate afterwards goes to a list for a person, and so does what stands in its place,
until that person says that it is settled.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from cecert.domain.certificate.cebroker import (
    CeBrokerAccount,
    CeBrokerRow,
    ToldLicense,
    telling_of,
)
from cecert.errors import Fault
from cecert.ports import Entry, Event, Ledger, Report
from cecert.workflows.report.course import (
    Act,
    LicenseKey,
    ReportedCourse,
    license_key,
    report_of,
)

__all__ = ["NewReport", "ReportPlan", "WorkItem", "noted", "plan_report", "work_of"]


@dataclass(frozen=True, slots=True)
class NewReport:
    """What a register is to be told of one licence."""

    entry: Entry
    told: ToldLicense


@dataclass(frozen=True, slots=True)
class WorkItem:
    """A certificate that was reported and does not stand any more.

    Attributes:
        entry: The certificate.
        ended: The event that ended it.
        reports: What was told of it, by whom and in which file.
        told: The rows of then.
        standing: What stands in its place, of the same person in the same course.
        now: The rows that would be told of that.
    """

    entry: Entry
    ended: Event | None
    reports: tuple[Report, ...]
    told: tuple[str, ...]
    standing: tuple[Entry, ...]
    now: tuple[str, ...]

    @property
    def remedy(self) -> str:
        """What a person is to do at the register."""
        if not self.now:
            return "take it back there"
        if set(self.now) == set(self.told):
            return "leave it there, what it was told is still so"
        return "change it there to what is so now"


@dataclass(frozen=True, slots=True)
class ReportPlan:
    """What a run would tell the register.

    Attributes:
        new: What it was not told yet, in order of issue, course by course.
        work: What a person puts right there.
        faults: What cannot be told as the register wants it; with any, nothing is told.
        passed_over: How many licences of a kind the account has nothing for: `NY`, `FL LMFT`.
        unfit: Of what the faults are, in order of issue.
    """

    new: tuple[NewReport, ...]
    work: tuple[WorkItem, ...]
    faults: tuple[Fault, ...]
    passed_over: Mapping[str, int]
    unfit: tuple[Entry, ...] = ()

    @property
    def rows(self) -> tuple[CeBrokerRow, ...]:
        """The rows of the file."""
        return tuple(row for each in self.new for row in each.told.rows)


@dataclass(slots=True)
class _Planning:
    """A plan that is being made."""

    account: CeBrokerAccount
    ledger: Ledger
    new: list[NewReport] = field(default_factory=list)
    work: list[WorkItem] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    passed_over: Counter[str] = field(default_factory=Counter)
    unfit: list[Entry] = field(default_factory=list)

    def add(self, course: ReportedCourse) -> None:
        """Plan what is to be told of a course."""
        held_back: set[str] = set()
        told = course.told_now()
        for entry in course.open():
            item = self.item(entry, course)
            self.work.append(item)
            held_back.add(entry.certificate.recipient.participant)
            told |= {license_key(each.license) for each in item.reports}
        for entry in course.standing():
            if entry.certificate.recipient.participant not in held_back:
                self._add_entry(entry, told)

    def _add_entry(self, entry: Entry, told: set[LicenseKey]) -> None:
        found = telling_of(entry.certificate, self.account)
        self.faults += found.faults
        self.unfit += [entry] if found.faults else []
        self.passed_over.update(found.passed_over)
        for each in found.told:
            if (key := license_key(str(each.license))) not in told:
                told.add(key)
                self.new.append(NewReport(entry, each))

    def item(self, entry: Entry, course: ReportedCourse) -> WorkItem:
        """Return what a person puts right of a certificate that was reported."""
        reports = course.reports[entry.certificate.id]
        known = {each.license for each in reports}
        then = telling_of(entry.certificate, self.account).told
        standing = course.in_place_of(entry)
        ends = self.ledger.events(entry.certificate.id, [entry.state.value])
        return WorkItem(
            entry=entry,
            ended=ends[-1] if ends else None,
            reports=reports,
            told=tuple(_phrases(each for each in then if str(each.license) in known))
            or tuple(sorted(known)),
            standing=standing,
            now=tuple(
                _phrases(
                    each
                    for one in standing
                    for each in telling_of(one.certificate, self.account).told
                )
            ),
        )


def _phrases(told: Iterable[ToldLicense]) -> Iterator[str]:
    return (row.phrase for each in told for row in each.rows)


def plan_report(account: CeBrokerAccount, course_ids: Iterable[str], ledger: Ledger) -> ReportPlan:
    """Return what CE Broker was not told yet of some courses, and what it was told wrong.

    Args:
        account: The office's; each course is one of it.
        course_ids: The courses.
        ledger: Is read.
    """
    planning = _Planning(account, ledger)
    for each in course_ids:
        planning.add(ReportedCourse.of(each, ledger))
    return ReportPlan(
        tuple(planning.new),
        tuple(planning.work),
        tuple(planning.faults),
        planning.passed_over,
        tuple(planning.unfit),
    )


def work_of(entry: Entry, account: CeBrokerAccount, ledger: Ledger) -> WorkItem:
    """Return what a person puts right of one certificate that CE Broker was told of.

    Args:
        entry: The certificate, as it is now.
        account: The office's; the course is one of it.
        ledger: Is read.
    """
    course = ReportedCourse.of(entry.certificate.course.id, ledger)
    return _Planning(account, ledger).item(entry, course)


def noted(plan: ReportPlan, act: Act, file: str) -> tuple[list[Report], Event]:
    """Return what the ledger notes of a plan that is carried out, and the event of the run.

    Args:
        plan: The plan.
        act: Who reports, and when.
        file: The name of the file that tells it.
    """
    reports = [report_of(each.entry, each.told, act, file) for each in plan.new]
    reason = f"CE Broker's roster {file}, {len(plan.rows)} rows"
    return reports, Event("exported", act.at, None, act.actor, reason)
