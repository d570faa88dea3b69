"""Ports: what cecert asks of the world, in the words of the domain.

Each Protocol is as small as its users allow. `cecert.adapters` holds what stands
behind them in earnest, `cecert.testing` the fakes, for our tests and for users'.
"""

from cecert.ports.drawing import Drawing, Renderer, Sealer, SealPlace
from cecert.ports.evidence import CompletionList, EvidenceReader, SourceFile, SourceTable
from cecert.ports.keeping import Archive, Entry, EntryResult, Event, HeldLine, Ledger
from cecert.ports.mailing import (
    Lane,
    MailFolder,
    MailSender,
    MailWriter,
    Outbox,
    Presence,
    SendLog,
    SentFolder,
    TakenMail,
)
from cecert.ports.publishing import Site, SiteMaker
from cecert.ports.reading import (
    OfferedLists,
    PdfContent,
    PdfReader,
    ReattestedSource,
    SealFinding,
    SealReader,
    SealState,
    StatusSource,
)
from cecert.ports.world import Clock, Randomness

__all__ = [
    "Archive",
    "Clock",
    "CompletionList",
    "Drawing",
    "Entry",
    "EntryResult",
    "Event",
    "EvidenceReader",
    "HeldLine",
    "Lane",
    "Ledger",
    "MailFolder",
    "MailSender",
    "MailWriter",
    "OfferedLists",
    "Outbox",
    "PdfContent",
    "PdfReader",
    "Presence",
    "Randomness",
    "ReattestedSource",
    "Renderer",
    "SealFinding",
    "SealPlace",
    "SealReader",
    "SealState",
    "Sealer",
    "SendLog",
    "SentFolder",
    "Site",
    "SiteMaker",
    "SourceFile",
    "SourceTable",
    "StatusSource",
    "TakenMail",
]
