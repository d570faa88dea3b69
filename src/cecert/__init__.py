"""cecert issues continuing-education certificates that can be defended.

The verbs: `decide` who has earned what, `issue` certificates for the awards, `deliver` them
by mail (a coroutine function), `correct` or `revoke` one that should not stand, `publish`
what verifiers ask, `verify` what somebody shows, `verify_many` of a pile; `audit` the ledger,
draw up a `transcript`. Each takes what it needs as an argument: the desk, the mail room and
the verifier of an `Office`, or of `cecert.testing.MemoryOffice`.

Public is what stands in `__all__` here, in `cecert.ports`, `cecert.office` and
`cecert.testing`; all else is internal (docs/reference/promises.md).
"""

from cecert.import_path import begin

begin()  # before anything else is imported: `python -m` would look in the working folder

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.domain.certificate.certificate import (
        Certificate,
        CertificateState,
        CourseSnapshot,
        Paper,
        Recipient,
        SessionTimes,
        StatusSlot,
    )
    from cecert.domain.certificate.correction import Correction
    from cecert.domain.certificate.printed_text import Difference
    from cecert.domain.certificate.transcript import Period, Total, Transcript, TranscriptRow
    from cecert.domain.course.approval import Approval, ApprovalStatus
    from cecert.domain.course.course import (
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
    from cecert.domain.course.draft import BreakDraft, CourseDraft, CreditDraft, SessionDraft
    from cecert.domain.course.formats import CourseFormat
    from cecert.domain.course.license_rule import Exclusion, HeldLicense, LicenseRule
    from cecert.domain.course.provider import Provider, Signatory
    from cecert.domain.course.regime import (
        Figure,
        Increment,
        Minimum,
        NumberPolicy,
        Regime,
        Renewal,
        RuleSource,
        StatementTemplate,
        TimeStatement,
        TokenProvider,
    )
    from cecert.domain.course.session import Break, Session
    from cecert.domain.decision.completion_record import (
        CompletionRecord,
        SessionFinding,
        Unattended,
    )
    from cecert.domain.decision.decide import Award, Denial, Shortfall, ShortfallKind, decide
    from cecert.domain.mail.account import MailAccount, MailSecurity
    from cecert.domain.mail.message import MailKind, MailState, OutboxRow
    from cecert.domain.people.likeness import Likeness
    from cecert.domain.people.other_identity import Other
    from cecert.domain.people.person import License
    from cecert.domain.token.checks import Check, CheckKind
    from cecert.domain.token.claims import Claims, Credit
    from cecert.domain.token.file_verdict import FileAnswer, FileVerdict
    from cecert.domain.token.outcome import Outcome, Warning_
    from cecert.domain.token.transcript_list import ListedCode, TranscriptList
    from cecert.domain.token.verify import Verification
    from cecert.domain.trust.codec import KeysetInvalidError
    from cecert.domain.trust.trust_file import (
        KeyState,
        KeyUse,
        Scope,
        SealCert,
        TrustedKey,
        TrustFile,
    )
    from cecert.domain.values.certificate_id import CertificateId
    from cecert.domain.values.findings import Finding, Severity
    from cecert.domain.values.plain import from_dict, to_dict
    from cecert.errors import (
        AmbiguousDateError,
        CecertError,
        ConfigurationError,
        ContradictionError,
        DeliveryError,
        DrawingError,
        Fault,
        FullError,
        InputError,
        IssueError,
        KeyStoreError,
        LedgerError,
        LockedError,
        NotCoveredError,
        NotFoundError,
        NotOverError,
        NotStandingError,
        SealError,
        ServiceUnavailableError,
        TokenError,
        UnfitPictureError,
        WrongValueError,
    )
    from cecert.office import Office
    from cecert.ports import Entry, Event, Irregularity
    from cecert.version import __version__
    from cecert.workflows.audit.audit import AuditDesk, AuditFinding, AuditKind, AuditReport, audit
    from cecert.workflows.certificates import CertificatePage
    from cecert.workflows.changes import ChangePage
    from cecert.workflows.correct import Corrected, correct
    from cecert.workflows.deliver.deliver import Delivered, DeliveryReport, MailRoom, deliver
    from cecert.workflows.issue.desk import FormerMaker, IssuingDesk, Progress
    from cecert.workflows.issue.each import issue_each, issue_one
    from cecert.workflows.issue.issue import IssueReport, issue
    from cecert.workflows.issue.results import AwardResult, Became
    from cecert.workflows.publish import Published, PublishingDesk, publish
    from cecert.workflows.revoke import revoke
    from cecert.workflows.transcript import transcript
    from cecert.workflows.verify.many import ShownFile, verify_many
    from cecert.workflows.verify.verify import Checked, Document, OpenFile, Verifier, verify
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "domain.certificate.certificate": (
                "Certificate", "CertificateState", "CourseSnapshot", "Paper",
                "Recipient", "SessionTimes", "StatusSlot",
            ),
            "domain.certificate.correction": ("Correction",),
            "domain.certificate.printed_text": ("Difference",),
            "domain.certificate.transcript": ("Period", "Total", "Transcript", "TranscriptRow"),
            "domain.course.approval": ("Approval", "ApprovalStatus"),
            "domain.course.course": (
                "AttendanceRule", "AttestationText", "CertificatePolicy", "CoSponsor", "Course",
                "Instructor", "NamePolicy",
            ),
            "domain.course.credit_line": (
                "Category", "CreditLine", "CreditPeriod", "CreditTotal",
                "Requirements",
            ),
            "domain.course.draft": ("BreakDraft", "CourseDraft", "CreditDraft", "SessionDraft"),
            "domain.course.formats": ("CourseFormat",),
            "domain.course.license_rule": ("Exclusion", "HeldLicense", "LicenseRule"),
            "domain.course.provider": ("Provider", "Signatory"),
            "domain.course.regime": (
                "Figure", "Increment", "Minimum", "NumberPolicy", "Regime",
                "Renewal", "RuleSource", "StatementTemplate", "TimeStatement",
                "TokenProvider",
            ),
            "domain.course.session": ("Break", "Session"),
            "domain.decision.completion_record": (
                "CompletionRecord", "SessionFinding", "Unattended",
            ),
            "domain.decision.decide": ("Award", "Denial", "Shortfall", "ShortfallKind", "decide"),
            "domain.mail.account": ("MailAccount", "MailSecurity"),
            "domain.mail.message": ("MailKind", "MailState", "OutboxRow"),
            "domain.people.likeness": ("Likeness",),
            "domain.people.other_identity": ("Other",),
            "domain.people.person": ("License",),
            "domain.token.checks": ("Check", "CheckKind"),
            "domain.token.claims": ("Claims", "Credit"),
            "domain.token.file_verdict": ("FileAnswer", "FileVerdict"),
            "domain.token.outcome": ("Outcome", "Warning_"),
            "domain.token.transcript_list": ("ListedCode", "TranscriptList"),
            "domain.token.verify": ("Verification",),
            "domain.trust.codec": ("KeysetInvalidError",),
            "domain.trust.trust_file": (
                "KeyState", "KeyUse", "Scope", "SealCert", "TrustFile",
                "TrustedKey",
            ),
            "domain.values.certificate_id": ("CertificateId",),
            "domain.values.findings": ("Finding", "Severity"),
            "domain.values.plain": ("from_dict", "to_dict"),
            "errors": (
                "AmbiguousDateError", "CecertError", "ConfigurationError",
                "ContradictionError", "DeliveryError", "DrawingError", "Fault",
                "FullError", "InputError", "IssueError", "KeyStoreError",
                "LedgerError", "LockedError", "NotCoveredError", "NotFoundError",
                "NotOverError", "NotStandingError", "SealError",
                "ServiceUnavailableError", "TokenError", "UnfitPictureError",
                "WrongValueError",
            ),
            "office": ("Office",),
            "ports": ("Entry", "Event", "Irregularity"),
            "version": ("__version__",),
            "workflows.audit.audit": (
                "AuditDesk", "AuditFinding", "AuditKind", "AuditReport", "audit",
            ),
            "workflows.certificates": ("CertificatePage",),
            "workflows.changes": ("ChangePage",),
            "workflows.correct": ("Corrected", "correct"),
            "workflows.deliver.deliver": ("Delivered", "DeliveryReport", "MailRoom", "deliver"),
            "workflows.issue.desk": ("FormerMaker", "IssuingDesk", "Progress"),
            "workflows.issue.each": ("issue_each", "issue_one"),
            "workflows.issue.issue": ("IssueReport", "issue"),
            "workflows.issue.results": ("AwardResult", "Became"),
            "workflows.publish": ("Published", "PublishingDesk", "publish"),
            "workflows.revoke": ("revoke",),
            "workflows.transcript": ("transcript",),
            "workflows.verify.many": ("ShownFile", "verify_many"),
            "workflows.verify.verify": ("Checked", "Document", "OpenFile", "Verifier", "verify"),
        },
    )  # fmt: skip

__all__ = [
    "AmbiguousDateError", "Approval", "ApprovalStatus", "AttendanceRule", "AttestationText",
    "AuditDesk", "AuditFinding", "AuditKind", "AuditReport", "Award", "AwardResult", "Became",
    "Break", "BreakDraft", "Category", "CecertError", "Certificate", "CertificateId",
    "CertificatePage", "CertificatePolicy", "CertificateState", "ChangePage", "Check",
    "CheckKind", "Checked", "Claims", "CoSponsor", "CompletionRecord", "ConfigurationError",
    "ContradictionError", "Corrected", "Correction", "Course", "CourseDraft", "CourseFormat",
    "CourseSnapshot", "Credit", "CreditDraft", "CreditLine", "CreditPeriod", "CreditTotal",
    "Delivered", "DeliveryError", "DeliveryReport", "Denial", "Difference", "Document",
    "DrawingError", "Entry", "Event", "Exclusion", "Fault", "Figure", "FileAnswer",
    "FileVerdict", "Finding", "FormerMaker", "FullError", "HeldLicense", "Increment",
    "InputError", "Instructor", "Irregularity", "IssueError", "IssueReport", "IssuingDesk",
    "KeyState", "KeyStoreError", "KeyUse", "KeysetInvalidError", "LedgerError", "License",
    "LicenseRule", "Likeness", "ListedCode", "LockedError", "MailAccount", "MailKind",
    "MailRoom", "MailSecurity", "MailState", "Minimum", "NamePolicy", "NotCoveredError",
    "NotFoundError", "NotOverError", "NotStandingError", "NumberPolicy", "Office", "OpenFile",
    "Other", "OutboxRow", "Outcome", "Paper", "Period", "Progress", "Provider", "Published",
    "PublishingDesk", "Recipient", "Regime", "Renewal", "Requirements", "RuleSource", "Scope",
    "SealCert", "SealError", "ServiceUnavailableError", "Session", "SessionDraft",
    "SessionFinding", "SessionTimes", "Severity", "Shortfall", "ShortfallKind", "ShownFile",
    "Signatory", "StatementTemplate", "StatusSlot", "TimeStatement", "TokenError",
    "TokenProvider", "Total", "Transcript", "TranscriptList", "TranscriptRow", "TrustFile",
    "TrustedKey", "Unattended", "UnfitPictureError", "Verification", "Verifier", "Warning_",
    "WrongValueError", "__version__", "audit", "correct", "decide", "deliver", "from_dict",
    "issue", "issue_each", "issue_one", "publish", "revoke", "to_dict", "transcript",
    "verify", "verify_many",
]  # fmt: skip
