"""Ports: what cecert asks of the world, in the words of the domain.

Each Protocol is as small as its users allow. `cecert.adapters` holds what stands
behind them in earnest, `cecert.testing` the fakes, for our tests and for users'.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cecert.late_loading import late_names

if TYPE_CHECKING:
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
    from cecert.ports.pages import CHANGE_KINDS, Change, LedgerPages, NumberedEntry, Wanted
    from cecert.ports.site import (
        LogSource,
        OfferedLists,
        ReattestedSource,
        Site,
        SiteMaker,
        StatusSource,
    )
    from cecert.ports.system import Clock, Randomness
else:
    __getattr__, __dir__ = late_names(
        __name__,
        {
            "archive": ("Archive",),
            "documents": (
                "Drawing",
                "LaidOut",
                "PdfContent",
                "PdfReader",
                "Renderer",
                "Sealer",
                "SealFinding",
                "SealPlace",
                "SealReader",
                "SealState",
                "SeenPage",
            ),
            "exports": (
                "CompletionList",
                "EvidenceReader",
                "FetchedList",
                "FetchedMeeting",
                "SourceFile",
            ),
            "ledger": (
                "Entry",
                "EntryResult",
                "Event",
                "HeldLine",
                "Irregularity",
                "Ledger",
                "Note",
                "Report",
                "Requirement",
                "nothing",
            ),
            "log": ("Log",),
            "mail": (
                "MailConnection",
                "MailFolder",
                "MailSender",
                "MailWriter",
                "Outbox",
                "Presence",
                "SendLog",
                "SentFolder",
                "TakenMail",
            ),
            "pages": (
                "CHANGE_KINDS",
                "Change",
                "LedgerPages",
                "NumberedEntry",
                "Wanted",
            ),
            "site": (
                "LogSource",
                "OfferedLists",
                "ReattestedSource",
                "Site",
                "SiteMaker",
                "StatusSource",
            ),
            "system": (
                "Clock",
                "Randomness",
            ),
        },
    )

__all__ = [
    "CHANGE_KINDS",
    "Archive",
    "Change",
    "Clock",
    "CompletionList",
    "Drawing",
    "Entry",
    "EntryResult",
    "Event",
    "EvidenceReader",
    "FetchedList",
    "FetchedMeeting",
    "HeldLine",
    "Irregularity",
    "LaidOut",
    "Ledger",
    "LedgerPages",
    "Log",
    "LogSource",
    "MailConnection",
    "MailFolder",
    "MailSender",
    "MailWriter",
    "Note",
    "NumberedEntry",
    "OfferedLists",
    "Outbox",
    "PdfContent",
    "PdfReader",
    "Presence",
    "Randomness",
    "ReattestedSource",
    "Renderer",
    "Report",
    "Requirement",
    "SealFinding",
    "SealPlace",
    "SealReader",
    "SealState",
    "Sealer",
    "SeenPage",
    "SendLog",
    "SentFolder",
    "Site",
    "SiteMaker",
    "SourceFile",
    "StatusSource",
    "TakenMail",
    "Wanted",
    "nothing",
]
