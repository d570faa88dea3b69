"""What is due: read from an office's courses, ledger, reports, approvals, keys and site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

from cecert.adapters.keys.signatures import check_signature
from cecert.adapters.site import SiteFolder
from cecert.domain.certificate.cebroker import CeBrokerAccount, cebroker_faults
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.course.course import Course
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.message import MailKind, MailState, OutboxRow
from cecert.domain.mail.plan import needs_somebody
from cecert.domain.trust.status_list import BadStatusListError, open_status_list
from cecert.domain.values.certificate_id import CertificateId
from cecert.domain.values.deadline import Deadline, DeadlineKind
from cecert.domain.values.wording import counted
from cecert.errors import CecertError, KeyStoreError
from cecert.office.courses import COMPLETIONS_FILE, known_courses, nameless_courses
from cecert.office.holders.key_warnings import key_ends
from cecert.office.holders.published_note import published_folder
from cecert.office.office import Office
from cecert.office.papers.days import office_day, office_today
from cecert.office.papers.report import unknown_reports, waiting_reports
from cecert.ports import Entry
from cecert.workflows.issue.plan import participants_of, plan_certificates, signs_of
from cecert.workflows.report.plan import WorkItem, plan_report

__all__ = ["deadlines"]

_HISTORY_DAYS = 365

_CHUNK = 200
"""Certificates whose mails are read at once."""

_REPORT = "cecert export cebroker -o FILE.xls"

_UNSETTLED = tuple(each for each in MailState if each not in {MailState.SENT, MailState.CANCELLED})


def deadlines(office: Office) -> list[Deadline]:
    """Return everything that is due, whenever, the earliest first.

    What cannot be read is due too, today: nobody knows what is owed there.

    Raises:
        LedgerError: If the ledger cannot be read.
    """
    found = [
        *_of_courses(office), *_of_mails(office), *_of_reports(office), *_of_approvals(office),
        *_of_keys(office), *_of_site(office),
    ]  # fmt: skip
    kinds = list(DeadlineKind)
    return sorted(found, key=lambda each: (each.day, kinds.index(each.kind), each.what))


def _of_courses(office: Office) -> Iterator[Deadline]:
    """Yield who has earned a certificate that is not issued, and what cannot be read."""
    folder, today = office.file.folder, office_today(office)
    for path in filter(_listed, nameless_courses(folder)):
        name = path.relative_to(folder)
        what, remedy = f"{name} cannot be read, or states no id", f"cecert lint {name} tells why"
        yield Deadline(today, DeadlineKind.UNREADABLE, what, remedy)
    for identifier, paths in known_courses(folder).items():
        listed = tuple(filter(_listed, paths))
        if not listed and len(paths) == 1:
            yield from _of_unlisted_course(office, paths[0])
        if listed and len(paths) > 1:
            told = " and ".join(str(each.relative_to(folder)) for each in paths)
            what = f"{identifier} is the id of several courses: {told}"
            remedy = "give each its own id, or take one away"
            yield Deadline(today, DeadlineKind.UNREADABLE, what, remedy)
            continue
        for path in listed:
            try:
                yield from _of_course(office, path, path.with_name(COMPLETIONS_FILE))
            except CecertError as error:
                what = f"{identifier}: {_first(error)}"
                remedy = f"cecert decide {identifier} tells all of it"
                yield Deadline(today, DeadlineKind.UNREADABLE, what, remedy)


def _of_unlisted_course(office: Office, path: Path) -> Iterator[Deadline]:
    """Yield that a course is over of which there is no completion list, and no certificate.

    Another list than the one beside it may have been issued; one of a year ago is history.
    """
    try:
        course = office.course(path)
    except CecertError:
        return
    now = office.clock.now()
    oldest = office_day(office, now) - timedelta(days=_HISTORY_DAYS)
    if course.is_open or now < course.closing or course.due_on < oldest:
        return
    if not office.ledger.count(course.id):
        what = f"{course.id}: it is over, and there is no completion list"
        remedy = f"cecert collect {course.id}, then cecert issue {course.id}"
        yield Deadline(course.due_on, DeadlineKind.CERTIFICATES, what, remedy, course.id)


def _listed(course: Path) -> bool:
    """Say whether a completion list lies beside a course's file."""
    return course.with_name(COMPLETIONS_FILE).is_file()


def _first(error: CecertError) -> str:
    return str(error.faults[0]) if getattr(error, "faults", ()) else str(error)  # type: ignore[attr-defined]  # where there are some


def _of_course(office: Office, path: Path, listed: Path) -> Iterator[Deadline]:
    course = office.course(path)
    now = office.clock.now()
    if not course.is_open and now < course.closing:
        return
    found = office.completions(listed, course)
    if found.faults:
        yield Deadline(
            office_day(office, now) if course.is_open else course.due_on,
            DeadlineKind.UNREADABLE,
            f"{course.id}: {len(found.faults)} bad cells in {listed.name}",
            f"cecert decide {course.id} tells them",
            course.id,
        )
    decided = (each for record in found.records for each in decide(record, course))
    awards: dict[date, list[Award]] = {}
    for each in decided:
        if isinstance(each, Award):
            awards.setdefault(each.course.due_on, []).append(each)
    for day, earned in awards.items():
        if not (owed := _owed(office, course, earned)):
            continue
        people = "1 person has" if owed == 1 else f"{owed} people have"
        what = f"{course.id}: {people} earned a certificate that is not issued"
        subject = f"{course.id} {day}"
        yield Deadline(day, DeadlineKind.CERTIFICATES, what, f"cecert issue {course.id}", subject)


def _owed(office: Office, course: Course, awards: list[Award]) -> int:
    signs = {signs_of(each.record) for each in awards}
    held = office.ledger.held_lines(course.id, signs)
    gone = office.ledger.revoked_lines(course.id, {each.identity for each in signs})
    plan = plan_certificates(participants_of(awards), held, gone)
    return len({each.identity for each in plan.certificates} | set(plan.refused))


def _of_mails(office: Office) -> Iterator[Deadline]:
    """Yield, for each course and last day, how many certificates are not known to have arrived."""
    now, waiting, stuck = office.clock.now(), Counter[tuple[str, date]](), set[tuple[str, date]]()
    for row in _last_mails(office):
        key = row.course_id, office_day(office, row.deadline)
        waiting[key] += 1
        if needs_somebody(row, now):
            stuck.add(key)
    for (course, day), count in waiting.items():
        mails = "1 certificate is" if count == 1 else f"{count} certificates are"
        what = f"{course}: {mails} not known to have arrived"
        remedy = f"cecert status --course {course}" if (course, day) in stuck else "cecert deliver"
        yield Deadline(day, DeadlineKind.MAIL, what, remedy, f"{course} {day}")

    yield from _of_notices(office)


def _of_notices(office: Office) -> Iterator[Deadline]:
    """Yield how many holders are not known to have been told that a certificate was revoked."""
    waiting = Counter(
        (row.course_id, office_day(office, row.deadline))
        for row in office.outbox.walk_mails("", _UNSETTLED)
        if row.kind is MailKind.REVOKED
    )
    for (course, day), count in waiting.items():
        told = "1 holder is" if count == 1 else f"{count} holders are"
        what = f"{course}: {told} not known to have been told of a revocation"
        remedy = f"cecert status --course {course}"
        yield Deadline(day, DeadlineKind.MAIL, what, remedy, f"{course} {day} revoked")


def _last_mails(office: Office) -> Iterator[OutboxRow]:
    """Yield the last mail of each certificate that stands, where it may not have arrived."""
    mails = office.outbox.walk_mails("", _UNSETTLED)
    seen: set[CertificateId] = set()
    while rows := list(islice(mails, _CHUNK)):
        ids = {row.certificate_id for row in rows if row.certificate_id} - seen
        seen |= ids
        states = office.ledger.states(ids)
        standing = [each for each in ids if states[each] is CertificateState.STANDING]
        last = {row.certificate_id: row for row in office.outbox.mails_of(standing)}
        yield from (row for row in last.values() if row.state in _UNSETTLED)


def _of_reports(office: Office) -> Iterator[Deadline]:
    """Yield what CE Broker is owed by an office that has an account there."""
    if (account := office.file.cebroker) is None:
        return
    today = office_today(office)
    if any(cebroker_faults(account, tuple(office.regimes))):
        what = "the account with CE Broker in cecert.toml cannot be used"
        yield Deadline(today, DeadlineKind.UNREADABLE, what, "cecert lint tells why")
        return
    for name in unknown_reports(office):
        what = f"the ledger knows nothing of {name}, which was handed out: it is older"
        remedy = f"restore a newer backup; {_REPORT} tells more"
        yield Deadline(today, DeadlineKind.UNREADABLE, what, remedy)
    for at in waiting_reports(office):
        what = "a report to CE Broker was cut off before it was handed out"
        yield Deadline(
            office_day(office, at), DeadlineKind.REPORT, what, f"{_REPORT}, and upload it once"
        )
    for course_id in account.courses:
        yield from _of_reported_course(office, account, course_id)


def _of_reported_course(
    office: Office, account: CeBrokerAccount, course_id: str
) -> Iterator[Deadline]:
    plan = plan_report(account, (course_id,), office.ledger)
    days = timedelta(days=account.report_days)
    owed = {each.certificate.id: each for each in (*plan.unfit, *(e.entry for e in plan.new))}

    def told_by(entry: Entry) -> date:
        return entry.certificate.credit_date + days

    unfit = Counter(told_by(each) for each in plan.unfit)
    for day, count in Counter(map(told_by, owed.values())).items():
        what = f"{course_id}: CE Broker is not told of {counted(count, 'certificate')}"
        remedy = f"{_REPORT}, and upload it once"
        if unfit[day]:
            what += f", {unfit[day]} of which it cannot be told of as it is"
            remedy = f"{_REPORT} names what is lacking"
        yield Deadline(day, DeadlineKind.REPORT, what, remedy, f"{course_id} {day}")

    def right_by(item: WorkItem) -> date:
        ended = item.entry.certificate.issued_at if item.ended is None else item.ended.at
        return office_day(office, ended) + days

    for day, count in Counter(map(right_by, plan.work)).items():
        ended = counted(count, "certificate")
        what = f"{course_id}: CE Broker knows {ended} that ended since it was told"
        remedy = f"{_REPORT} lists what to put right there"
        yield Deadline(day, DeadlineKind.REPORT, what, remedy, f"{course_id} {day} ended")


def _of_approvals(office: Office) -> Iterator[Deadline]:
    """Yield when an approval ends that nothing continues; one that ended a year ago is history."""
    approvals = office.file.approvals
    oldest = office_today(office) - timedelta(days=_HISTORY_DAYS)
    for each in approvals:
        last = each.valid_to
        if (
            last is None
            or last < oldest
            or any(
                other.credential == each.credential
                and other.holder == each.holder
                and other.valid_from > each.valid_from
                and (other.valid_to is None or other.valid_to > last)
                for other in approvals
            )
        ):
            continue
        what = f"the approval for {each.credential} of {each.holder} ends"
        remedy = "renew it with the approver, and add its [[approval]] to cecert.toml"
        yield Deadline(last, DeadlineKind.APPROVAL, what, remedy)


def _of_keys(office: Office) -> Iterator[Deadline]:
    try:
        facts = office.key_facts()
    except KeyStoreError:
        return
    for each in key_ends(facts):
        what = f"the key {each.name} ends"
        yield Deadline(office_day(office, each.at), DeadlineKind.KEY, what, each.remedy)


def _of_site(office: Office) -> Iterator[Deadline]:
    """Yield until when what is published is good: verifiers call it old afterwards."""
    try:
        trust = office.trust()
    except KeyStoreError:
        return
    remedy = "cecert publish"
    fresh = datetime.fromtimestamp(trust.refresh_by, UTC)
    yield Deadline(
        office_day(office, fresh), DeadlineKind.PUBLISHED, "the trust file is good until then",
        f"cecert keys sign, then {remedy}",
    )  # fmt: skip
    if (folder := published_folder(office)) is None:
        return
    site = SiteFolder(folder)
    for list_id in office.ledger.status_lists():
        data = site.read(f"status/{list_id}.st")
        try:
            found = None if data is None else open_status_list(data, trust, check_signature)
        except BadStatusListError:
            found = None
        if found is None:
            today = office_today(office)
            what = f"status list {list_id} is not on the site, or cannot be read"
            yield Deadline(today, DeadlineKind.UNREADABLE, what, remedy)
            continue
        until = office_day(office, datetime.fromtimestamp(found.expires_at, UTC))
        what = f"status list {list_id} on the site is good until then"
        yield Deadline(until, DeadlineKind.PUBLISHED, what, remedy)
