"""Settling: a person has put right at a register what became of certificates it was told of."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from cecert.domain.certificate.cebroker import CeBrokerAccount, telling_of
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import Fault, InputError, no_certificate
from cecert.ports import Entry, Event, Ledger, Report
from cecert.workflows.report.course import SETTLED, Act, ReportedCourse, report_of, stands

__all__ = ["settle"]


def settle(
    ids: Collection[CertificateId], account: CeBrokerAccount, ledger: Ledger, act: Act
) -> int:
    """Note that CE Broker needs nothing more of some certificates, whatever was done there.

    What stands in the place of one that was reported counts as told by hand; one that was
    not reported is never told.

    Args:
        ids: The certificates.
        account: The office's.
        ledger: Is read, and takes the notes.
        act: Who says so, when, and why.

    Returns:
        How many were not settled before.

    Raises:
        InputError: If one stands and was reported, or never stood and was not: there is
            nothing to settle. All such are named, and nothing is noted.
        LedgerError: If there is no such certificate.
    """
    with ledger.reporting() as note:
        entries = [_entry(each, ledger) for each in dict.fromkeys(ids)]
        courses = {
            each: ReportedCourse.of(each, ledger)
            for each in {e.certificate.course.id for e in entries}
        }
        faults = [fault for e in entries for fault in _unfit(e, courses, account)]
        if faults:
            raise InputError("nothing was noted", tuple(faults))
        new = [e for e in entries if e.certificate.id not in _course(e, courses).settled]
        reports = [
            report
            for each in new
            for report in _settling(each, _course(each, courses), account, act)
        ]
        # Two that were ended may have one in their place.
        once = {(e.register, e.certificate_id, e.license): e for e in reports}
        said = [
            Event("settled", act.at, each.certificate.id, act.actor, f"CE Broker: {act.reason}")
            for each in new
        ]
        note(list(once.values()), said)
    return len(new)


def _entry(certificate_id: CertificateId, ledger: Ledger) -> Entry:
    if (found := ledger.entry(certificate_id)) is None:
        raise no_certificate(certificate_id)
    return found


def _course(entry: Entry, courses: Mapping[str, ReportedCourse]) -> ReportedCourse:
    return courses[entry.certificate.course.id]


def _unfit(
    entry: Entry, courses: Mapping[str, ReportedCourse], account: CeBrokerAccount
) -> Iterator[Fault]:
    own = entry.certificate
    told = own.id in _course(entry, courses).reports
    place = f"{own.recipient.name} ({own.id})"
    if own.course.id not in account.courses:
        yield Fault(place, own.course.id, "is no [[export.cebroker.course]]")
    elif told and stands(entry):
        yield Fault(place, "", "stands as it was reported: there is nothing to settle")
    elif not told and not stands(entry):
        yield Fault(place, "", "was never reported and does not stand: there is nothing to settle")


def _settling(
    entry: Entry, course: ReportedCourse, account: CeBrokerAccount, act: Act
) -> Iterator[Report]:
    yield Report(SETTLED, "", entry.certificate.id, "", act.at, act.actor, "")
    if stands(entry):
        return
    for one in course.in_place_of(entry):
        known = {each.license for each in course.reports.get(one.certificate.id, ())}
        for each in telling_of(one.certificate, account).told:
            if str(each.license) not in known:
                yield report_of(one, each, act)
