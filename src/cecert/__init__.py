"""cecert issues continuing-education certificates that can be defended.

Five verbs: `decide` who has earned what, `issue` certificates for the awards, `deliver`
them by mail (a coroutine function), `revoke` one that should not stand, `verify` what
somebody shows. Each takes what it needs as an argument: the desk, the mail room and the
verifier of an `Office`, or of `cecert.testing.MemoryOffice`.
"""

from cecert.import_path import begin

begin()  # before anything else is imported: `python -m` would look in the working folder

from typing import TYPE_CHECKING

from cecert.domain.certificates import (
    Certificate,
    CertificateState,
    Paper,
    Provider,
    Recipient,
    Signatory,
)
from cecert.domain.completions import CompletionRecord
from cecert.domain.courses import (
    AttendanceRule,
    Break,
    CertificatePolicy,
    CoSponsor,
    Course,
    Instructor,
    Session,
)
from cecert.domain.credit_lines import Category, CreditLine, Requirements
from cecert.domain.decisions import Award, Denial, Shortfall, ShortfallKind, decide
from cecert.domain.formats import CourseFormat
from cecert.domain.identifiers import CertificateId
from cecert.domain.messages import MailState, OutboxRow
from cecert.domain.people import License
from cecert.domain.tokens import Claims
from cecert.domain.verification import Outcome
from cecert.errors import CecertError, Fault
from cecert.late_loading import late_names
from cecert.ports import Entry
from cecert.workflows.desk import IssuingDesk
from cecert.workflows.issue import IssueReport, issue
from cecert.workflows.revoke import revoke
from cecert.workflows.verify import Checked, Verifier, verify

if TYPE_CHECKING:
    from cecert.office import Office
    from cecert.workflows.deliver import DeliveryReport, MailRoom, deliver
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {"office": ("Office",), "workflows.deliver": ("DeliveryReport", "MailRoom", "deliver")},
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
    "decide",
    "deliver",
    "issue",
    "revoke",
    "verify",
]
