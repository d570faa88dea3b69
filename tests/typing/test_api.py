"""Uses every public name as a user would; mypy checks the types, pytest that it runs."""

from __future__ import annotations

import asyncio
import inspect
from datetime import UTC, date, datetime
from decimal import Decimal

import cecert
from cecert import (
    AttendanceRule,
    Award,
    Break,
    Category,
    CecertError,
    Certificate,
    CertificateId,
    CertificatePolicy,
    CertificateState,
    Checked,
    Claims,
    CompletionRecord,
    CoSponsor,
    Course,
    CourseFormat,
    CreditLine,
    DeliveryReport,
    Denial,
    Entry,
    Fault,
    Instructor,
    IssueReport,
    IssuingDesk,
    License,
    MailRoom,
    MailState,
    Office,
    OutboxRow,
    Outcome,
    Paper,
    Provider,
    Recipient,
    Requirements,
    Session,
    Shortfall,
    ShortfallKind,
    Signatory,
    Verifier,
    decide,
    deliver,
    issue,
    revoke,
    verify,
)
from cecert.testing import MemoryOffice


def a_course() -> Course:
    start = datetime(2020, 10, 22, 17, 0, tzinfo=UTC)
    pause = Break(start.replace(hour=18), start.replace(hour=18, minute=15))
    asked = Requirements(evaluation=True, post_test=Decimal(80))
    line = CreditLine(
        credential="attendance", code=4, hours=Decimal("3.00"), unit="hours", profession="",
        jurisdiction="", label="Attendance", requirements=asked, retention_years=7,
        categories=(Category("clinical", Decimal(2)),),
    )  # fmt: skip
    return Course(
        id="short", title="A short course", presented_by="A school",
        format=CourseFormat.LIVE_IN_PERSON, timezone="UTC",
        instructors=(Instructor("Joan Lesser", "Ph.D."),),
        sessions=(Session("one", start, start.replace(hour=20), (pause,)),),
        credit_lines=(line,), requirements=asked, co_sponsors=(CoSponsor("B", "venue"),),
        attendance_rule=AttendanceRule(600, 300, 300, 900, 60, 300),
        certificate_policy=CertificatePolicy.COMBINED,
    )  # fmt: skip


def a_record() -> CompletionRecord:
    return CompletionRecord(
        name="Ana Ruiz", email="ana@example.org", attended=frozenset({"one"}),
        licenses=(License("NY", "LMSW", "012345"),), evaluation=date(2020, 10, 23),
        post_test=Decimal("92.5"),
    )  # fmt: skip


def explained(decision: Award | Denial) -> str:
    match decision:
        case Award():
            return f"{decision.credential}: {decision.line.hours}"
        case Denial():
            shortfall: Shortfall = decision.shortfalls[0]
            kind: ShortfallKind = shortfall.kind
            return f"{kind.value}: {shortfall.sentence}"


def test_the_five_verbs_work_together_as_typed() -> None:
    course, record = a_course(), a_record()
    office = MemoryOffice([course])
    decisions: tuple[Award | Denial, ...] = decide(record, course)
    assert explained(decisions[0]) == "attendance: 3.00"
    desk: IssuingDesk = office.desk()
    report: IssueReport = issue([d for d in decisions if isinstance(d, Award)], desk)
    entry: Entry = report.issued[0]
    certificate: Certificate = entry.certificate
    recipient: Recipient = certificate.recipient
    provider: Provider = certificate.provider
    signatory: Signatory = certificate.signatories[0]
    assert (recipient.name, provider.id, signatory.title, certificate.paper) == (
        "Ana Ruiz", "example-ssw", "Manager of Professional Education", Paper.LETTER,
    )  # fmt: skip
    room: MailRoom = office.mail_room()
    delivered: DeliveryReport = asyncio.run(deliver(room))
    row: OutboxRow = office.ledger.rows()[0]
    assert row.state is MailState.SENT
    assert delivered.document()
    verifier: Verifier = office.verifier()
    checked: Checked = verify(office.archive.get(entry.document), verifier)
    claims: Claims | None = checked.verification.claims
    assert claims is not None
    assert (checked.outcome, claims.recipient) == (Outcome.VALID_STATUS_UNKNOWN, "Ana Ruiz")
    before: CertificateState = revoke(
        CertificateId.parse(str(certificate.id)), office.ledger, office.clock,
        actor="Mary", reason_class="issued-in-error", reason="the wrong list",
    )  # fmt: skip
    assert before is CertificateState.STANDING


def test_a_shortfall_is_explained() -> None:
    course = a_course()
    record = CompletionRecord(name="Ana Ruiz", email="ana@example.org")
    assert explained(decide(record, course)[0]).startswith("attendance: We have no full attendance")


def test_errors_are_one_tree_and_faults_have_their_place() -> None:
    fault = Fault("row 3, column email", "x", "is not an e-mail address")
    error: CecertError = cecert.errors.InputError("the list is bad", (fault,))
    assert str(error).splitlines()[1] == "  row 3, column email: 'x' is not an e-mail address"


def test_deliver_is_a_coroutine_function_and_the_other_verbs_are_plain() -> None:
    assert inspect.iscoroutinefunction(deliver)
    assert not any(map(inspect.iscoroutinefunction, (decide, issue, revoke, verify)))


def test_an_office_is_opened_by_its_file() -> None:
    assert callable(Office.open)


def test_every_public_name_is_there_and_unknown_ones_are_not() -> None:
    assert all(hasattr(cecert, name) for name in cecert.__all__)
    assert not hasattr(cecert, "Manager")
