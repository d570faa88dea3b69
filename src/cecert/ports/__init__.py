"""Ports: what cecert asks of the world, in the words of the domain.

Each Protocol is as small as its users allow. `cecert.adapters` holds what stands
behind them in earnest, `cecert.testing` the fakes, for our tests and for users'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
    from cecert.domain.certificate.misprints import PrintedLine
    from cecert.domain.cose.cose import Algorithm, CoseKey, TokenSigner
    from cecert.domain.evidence.answers import Said
    from cecert.domain.evidence.export import (
        AttendanceFile,
        DateOrder,
        EvaluationFile,
        EvaluationResponse,
        FileFacts,
        Occurrence,
        OrderKnownBy,
        ReportedConnection,
        RowKind,
    )
    from cecert.domain.log.answer import LogAnswer
    from cecert.domain.log.checkpoint import Checkpoint
    from cecert.domain.log.index import IndexEntry, Tick
    from cecert.domain.log.trusted_log import LogEnd, LoggedBefore, TrustedLog
    from cecert.domain.mail.digest import Digest, DigestLine
    from cecert.domain.mail.message import Blame, Mail, Receipt
    from cecert.domain.people.person import PersonSigns
    from cecert.domain.people.search import PersonSearch
    from cecert.domain.token.shown_record import Recorded
    from cecert.domain.trust.status_list import RecordedStatus, Status, StatusAnswer, StatusList
    from cecert.ports.archive import Archive
    from cecert.ports.documents import (
        Drawing,
        LaidOut,
        PdfContent,
        PdfReader,
        Renderer,
        Sealer,
        SealFinding,
        SealPlace,
        SealReader,
        SealState,
        SeenPage,
    )
    from cecert.ports.exports import (
        CompletionList,
        EvidenceReader,
        FetchedList,
        FetchedMeeting,
        SourceFile,
    )
    from cecert.ports.hooks import HookAnswer, HookJournal, HookPlace, HookReceiver
    from cecert.ports.ledger import (
        Entry,
        EntryResult,
        Event,
        HeldLine,
        Irregularity,
        Ledger,
        Note,
        Report,
        Requirement,
        nothing,
    )
    from cecert.ports.log import Log
    from cecert.ports.mail import (
        MailConnection,
        MailFolder,
        MailSender,
        MailWriter,
        Outbox,
        Presence,
        SendLog,
        SentFolder,
        TakenMail,
    )
    from cecert.ports.pages import Change, LedgerPages, NumberedEntry, Wanted
    from cecert.ports.sharing import Share, Taken, Work
    from cecert.ports.signing import DigestSigner, HardwareKey, TimeStamper
    from cecert.ports.site import (
        LogSite,
        LogSource,
        OfferedLists,
        ReattestedSource,
        Site,
        SiteMaker,
        StatusSource,
    )
    from cecert.ports.system import Clock, Randomness
    from cecert.ports.workers import WorkerLostError, Workers
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "archive": ("Archive",),
            "documents": (
                "Drawing", "LaidOut", "PdfContent", "PdfReader", "Renderer",
                "SealFinding", "SealPlace", "SealReader", "SealState", "Sealer",
                "SeenPage",
            ),
            "exports": (
                "CompletionList", "EvidenceReader", "FetchedList",
                "FetchedMeeting", "SourceFile",
            ),
            "hooks": ("HookAnswer", "HookJournal", "HookPlace", "HookReceiver"),
            "ledger": (
                "Entry", "EntryResult", "Event", "HeldLine", "Irregularity",
                "Ledger", "Note", "Report", "Requirement", "nothing",
            ),
            "log": ("Log",),
            "mail": (
                "MailConnection", "MailFolder", "MailSender", "MailWriter",
                "Outbox", "Presence", "SendLog", "SentFolder", "TakenMail",
            ),
            "pages": ("Change", "LedgerPages", "NumberedEntry", "Wanted"),
            "sharing": ("Share", "Taken", "Work"),
            "signing": ("DigestSigner", "HardwareKey", "TimeStamper"),
            "site": (
                "LogSite", "LogSource", "OfferedLists", "ReattestedSource", "Site",
                "SiteMaker", "StatusSource",
            ),
            "system": ("Clock", "Randomness"),
            "workers": ("WorkerLostError", "Workers"),
            ".domain.certificate.misprints": ("PrintedLine",),
            ".domain.cose.cose": ("Algorithm", "CoseKey", "TokenSigner"),
            ".domain.evidence.answers": ("Said",),
            ".domain.evidence.export": (
                "AttendanceFile", "DateOrder", "EvaluationFile",
                "EvaluationResponse", "FileFacts", "Occurrence", "OrderKnownBy",
                "ReportedConnection", "RowKind",
            ),
            ".domain.log.answer": ("LogAnswer",),
            ".domain.log.checkpoint": ("Checkpoint",),
            ".domain.log.index": ("IndexEntry", "Tick"),
            ".domain.log.trusted_log": ("LogEnd", "LoggedBefore", "TrustedLog"),
            ".domain.mail.digest": ("Digest", "DigestLine"),
            ".domain.mail.message": ("Blame", "Mail", "Receipt"),
            ".domain.people.person": ("PersonSigns",),
            ".domain.people.search": ("PersonSearch",),
            ".domain.token.shown_record": ("Recorded",),
            ".domain.trust.status_list": ("RecordedStatus", "Status", "StatusAnswer", "StatusList"),
        },
    )  # fmt: skip

__all__ = [
    "Algorithm", "Archive", "AttendanceFile", "Blame", "Change", "Checkpoint", "Clock",
    "CompletionList", "CoseKey", "DateOrder", "Digest", "DigestLine", "DigestSigner", "Drawing",
    "Entry", "EntryResult", "EvaluationFile", "EvaluationResponse", "Event", "EvidenceReader",
    "FetchedList", "FetchedMeeting", "FileFacts", "HardwareKey", "HeldLine", "HookAnswer",
    "HookJournal", "HookPlace", "HookReceiver", "IndexEntry", "Irregularity", "LaidOut",
    "Ledger", "LedgerPages", "Log", "LogAnswer", "LogEnd", "LogSite", "LogSource", "LoggedBefore",
    "Mail", "MailConnection", "MailFolder", "MailSender", "MailWriter", "Note", "NumberedEntry",
    "Occurrence", "OfferedLists", "OrderKnownBy", "Outbox", "PdfContent", "PdfReader",
    "PersonSearch", "PersonSigns", "Presence", "PrintedLine", "Randomness", "ReattestedSource",
    "Receipt", "Recorded", "RecordedStatus", "Renderer", "Report", "ReportedConnection",
    "Requirement", "RowKind", "Said", "SealFinding", "SealPlace", "SealReader", "SealState",
    "Sealer", "SeenPage", "SendLog", "SentFolder", "Share", "Site", "SiteMaker", "SourceFile",
    "Status", "StatusAnswer", "StatusList", "StatusSource", "Taken", "TakenMail", "Tick",
    "TimeStamper", "TokenSigner", "TrustedLog", "Wanted", "Work", "WorkerLostError", "Workers",
    "nothing",
]  # fmt: skip
