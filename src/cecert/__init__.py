"""cecert issues continuing-education certificates that can be defended.

Five verbs: `decide` who has earned what, `issue` certificates for the awards, `deliver`
them by mail (a coroutine function), `revoke` one that should not stand, `verify` what
somebody shows. Each takes what it needs as an argument: the desk, the mail room and the
verifier of an `Office`, or of `cecert.testing.MemoryOffice`.
"""

from cecert.import_path import begin

begin()  # before anything else is imported: `python -m` would look in the working folder

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.domain.certificate.certificate import (
        Certificate,
        CertificateState,
        Paper,
        Recipient,
    )
    from cecert.domain.course.course import (
        AttendanceRule,
        Break,
        CertificatePolicy,
        CoSponsor,
        Course,
        Instructor,
        Session,
    )
    from cecert.domain.course.credit_line import Category, CreditLine, Requirements
    from cecert.domain.course.formats import CourseFormat
    from cecert.domain.course.provider import Provider, Signatory
    from cecert.domain.decision.completion_record import CompletionRecord
    from cecert.domain.decision.decide import Award, Denial, Shortfall, ShortfallKind, decide
    from cecert.domain.mail.message import MailState, OutboxRow
    from cecert.domain.people.person import License
    from cecert.domain.token.claims import Claims
    from cecert.domain.token.verify import Outcome
    from cecert.domain.values.certificate_id import CertificateId
    from cecert.errors import CecertError, Fault
    from cecert.office import Office
    from cecert.ports import Entry
    from cecert.version import __version__
    from cecert.workflows.deliver.deliver import DeliveryReport, MailRoom, deliver
    from cecert.workflows.issue.desk import IssuingDesk
    from cecert.workflows.issue.issue import IssueReport, issue
    from cecert.workflows.revoke import revoke
    from cecert.workflows.verify.verify import Checked, Verifier, verify
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "domain.certificate.certificate": (
                "Certificate",
                "CertificateState",
                "Paper",
                "Recipient",
            ),
            "domain.course.course": (
                "AttendanceRule",
                "Break",
                "CertificatePolicy",
                "CoSponsor",
                "Course",
                "Instructor",
                "Session",
            ),
            "domain.course.credit_line": (
                "Category",
                "CreditLine",
                "Requirements",
            ),
            "domain.course.formats": ("CourseFormat",),
            "domain.course.provider": (
                "Provider",
                "Signatory",
            ),
            "domain.decision.completion_record": ("CompletionRecord",),
            "domain.decision.decide": (
                "Award",
                "Denial",
                "Shortfall",
                "ShortfallKind",
                "decide",
            ),
            "domain.mail.message": (
                "MailState",
                "OutboxRow",
            ),
            "domain.people.person": ("License",),
            "domain.token.claims": ("Claims",),
            "domain.token.verify": ("Outcome",),
            "domain.values.certificate_id": ("CertificateId",),
            "errors": (
                "CecertError",
                "Fault",
            ),
            "office": ("Office",),
            "ports": ("Entry",),
            "version": ("__version__",),
            "workflows.revoke": ("revoke",),
            "workflows.deliver.deliver": (
                "DeliveryReport",
                "MailRoom",
                "deliver",
            ),
            "workflows.issue.desk": ("IssuingDesk",),
            "workflows.issue.issue": (
                "IssueReport",
                "issue",
            ),
            "workflows.verify.verify": (
                "Checked",
                "Verifier",
                "verify",
            ),
        },
    )

__all__ = [
    "AttendanceRule",
    "Award",
    "Break",
    "Category",
    "CecertError",
    "Certificate",
    "CertificateId",
    "CertificatePolicy",
    "CertificateState",
    "Checked",
    "Claims",
    "CoSponsor",
    "CompletionRecord",
    "Course",
    "CourseFormat",
    "CreditLine",
    "DeliveryReport",
    "Denial",
    "Entry",
    "Fault",
    "Instructor",
    "IssueReport",
    "IssuingDesk",
    "License",
    "MailRoom",
    "MailState",
    "Office",
    "OutboxRow",
    "Outcome",
    "Paper",
    "Provider",
    "Recipient",
    "Requirements",
    "Session",
    "Shortfall",
    "ShortfallKind",
    "Signatory",
    "Verifier",
    "__version__",
    "decide",
    "deliver",
    "issue",
    "revoke",
    "verify",
]
