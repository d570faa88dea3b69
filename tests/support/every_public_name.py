# ruff: noqa: I001
"""Implements every port and names every public name, with public imports alone: mypy reads it.

Nothing here does anything: that it is accepted says that whoever stands outside can write it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from typing import Literal, TypeVar
from datetime import date, datetime

from cecert import (
    AmbiguousDateError, Approval, ApprovalStatus, AttendanceRule, AttestationText, AuditDesk,
    AuditFinding, AuditKind, AuditReport, Award, AwardResult, Became, Break, BreakDraft,
    Category, CecertError, Certificate, CertificateId, CertificatePage, CertificatePolicy,
    CertificateState, ChangePage, Check, CheckKind, Checked, Claims, CoSponsor,
    CompletionRecord, ConfigurationError, ContradictionError, Corrected, Correction, Course,
    CourseDraft, CourseFormat, CourseSnapshot, Credit, CreditDraft, CreditLine, CreditPeriod,
    CreditTotal, Delivered, DeliveryError, DeliveryReport, Denial, Difference, Document,
    DrawingError, Entry, Event, Exclusion, Fault, Figure, FileAnswer, FileVerdict, Finding,
    FormerMaker, FullError, HeldLicense, Increment, InputError, Instructor, Irregularity,
    IssueError, IssueReport, IssuingDesk, KeyState, KeyStoreError, KeyUse, KeysetInvalidError,
    LedgerError, License, LicenseRule, Likeness, ListedCode, LockedError, MailAccount,
    MailKind, MailRoom, MailSecurity, MailState, Minimum, NamePolicy, NotCoveredError,
    NotFoundError, NotOverError, NotStandingError, NumberPolicy, Office, OpenFile, Other,
    OutboxRow, Outcome, Paper, Period, Progress, Provider, Published, PublishingDesk,
    Recipient, Regime, Renewal, Requirements, RuleSource, Scope, SealCert, SealError,
    ServiceUnavailableError, Session, SessionDraft, SessionFinding, SessionTimes, Severity,
    Shortfall, ShortfallKind, ShownFile, Signatory, StatementTemplate, StatusSlot,
    TimeStatement, TokenError, TokenProvider, Total, Transcript, TranscriptList,
    TranscriptRow, TrustFile, TrustedKey, Unattended, UnfitPictureError, Verification,
    Verifier, Warning_, WrongValueError, __version__, audit, correct, decide, deliver,
    from_dict, issue, issue_each, issue_one, publish, revoke, to_dict, transcript, verify,
    verify_many,
)  # fmt: skip
from cecert.ports import (
    Algorithm, Archive, AttendanceFile, Blame, Change, Checkpoint, Clock, CompletionList,
    CoseKey, DateOrder, Digest, DigestLine, DigestSigner, Drawing, EntryResult, EvaluationFile,
    EvaluationResponse, EvidenceReader, FetchedList, FetchedMeeting, FileFacts, HardwareKey,
    HeldLine, HookAnswer, HookJournal, HookPlace, HookReceiver, IndexEntry, LaidOut, Ledger,
    LedgerPages, Log, LogAnswer, LogEnd, LogSite, LogSource, LoggedBefore, Mail, MailConnection,
    MailFolder, MailSender, MailWriter, Note, NumberedEntry, Occurrence, OfferedLists,
    OrderKnownBy, Outbox, PdfContent, PdfReader, PersonSearch, PersonSigns, Presence,
    PrintedLine, Randomness, ReattestedSource, Receipt, Recorded, RecordedStatus, Renderer,
    Report, ReportedConnection, Requirement, RowKind, Said, SealFinding, SealPlace, SealReader,
    SealState, Sealer, SeenPage, SendLog, SentFolder, Share, Site, SiteMaker, SourceFile,
    Status, StatusAnswer, StatusList, StatusSource, Taken, TakenMail, Tick, TimeStamper,
    TokenSigner, TrustedLog, Wanted, Work, WorkerLostError, Workers, nothing,
)  # fmt: skip
from cecert.office import (
    BadgeKey, BadgeSite, CeBrokerAccount, CeBrokerCourse, CeBrokerProfession, CourseReading,
    HookAddress, HookDesk, KeyElsewhere, KeyFacts, KeyPurpose, KeyStage, Keys,
    KnownCheckpoint, LayoutDraft, LocalMailServer, LogAhead, LogDesk, LogFiles, Looks,
    MailAuth, MailLogin, MailService, OfficeFile, ReceivedMail, SentPlace, TokensElsewhere,
    Window, Withdrawal, ZoomApp, audit_desk, create_ledger, create_office, demo_files,
    in_its_office, is_made_here, local_mail_server, note_checkpoint, note_made_root,
    note_published,
    office_trust_file, open_verifier,
    pinned_if_known, publishing_desk, remember_root, retire_keys, sign_trust,
    site_audit_desk, site_desk, verifiers_at_once, withdraw_keys,
)  # fmt: skip
from cecert.testing import (
    Alone, FakeSigner, FixedClock, MemoryArchive, MemoryLedger, MemoryMailSender,
    MemoryOffice, MemoryPages, MemorySendLog, PlainMailWriter, PlainPage, PlainPdfReader,
    PlainRenderer, SeededRandomness, StampSealReader, StampSealer, checker_of, sample_course,
    sample_provider, sample_record, sample_signatory,
)  # fmt: skip


T = TypeVar("T")


class OwnArchive:
    def put(self, documents: Sequence[tuple[CertificateId, bytes]]) -> Sequence[str]:
        raise NotImplementedError

    def get(self, name: str) -> bytes:
        raise NotImplementedError

    def discard(self, name: str) -> None:
        raise NotImplementedError

    def names_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[str]:
        raise NotImplementedError

    def names(self) -> Sequence[str]:
        raise NotImplementedError

    def foreign(self) -> Iterator[tuple[str, str]]:
        raise NotImplementedError


class OwnClock:
    def now(self) -> datetime:
        raise NotImplementedError


class OwnDigestSigner:
    @property
    def algorithm(self) -> str:
        raise NotImplementedError

    @property
    def longest(self) -> bytes:
        raise NotImplementedError

    def sign(self, digest: bytes) -> bytes:
        raise NotImplementedError


class OwnDocument:
    def open(self, mode: Literal["rb"], /) -> AbstractContextManager[OpenFile]:
        raise NotImplementedError


class OwnEvidenceReader:
    def attendance(self, file: SourceFile, order: DateOrder | None) -> AttendanceFile:
        raise NotImplementedError

    def evaluation(self, file: SourceFile, order: DateOrder | None) -> EvaluationFile:
        raise NotImplementedError


class OwnHeldLicense:
    @property
    def jurisdiction(self) -> str:
        raise NotImplementedError

    @property
    def title(self) -> str:
        raise NotImplementedError


class OwnHookJournal:
    def place(self) -> HookPlace | None:
        raise NotImplementedError

    def note(self, place: HookPlace, at: datetime) -> None:
        raise NotImplementedError

    def alone(self) -> AbstractContextManager[bool]:
        raise NotImplementedError


class OwnHookReceiver:
    def post(self, headers: Mapping[str, str], body: bytes) -> HookAnswer:
        raise NotImplementedError

    def close(self) -> None:
        raise NotImplementedError


class OwnLaidOut:
    def draw(self, certificate: Certificate) -> Drawing:
        raise NotImplementedError


class OwnLedger:
    def held_lines(self, course_id: str, people: Collection[PersonSigns]) -> Sequence[HeldLine]:
        raise NotImplementedError

    def revoked_lines(
        self, course_id: str, participants: Collection[str]
    ) -> Mapping[tuple[str, str], CertificateId]:
        raise NotImplementedError

    def entries_of(self, course_id: str, participants: Collection[str]) -> Sequence[Entry]:
        raise NotImplementedError

    def free_slots(self, randomness: Randomness, count: int) -> Sequence[StatusSlot]:
        raise NotImplementedError

    def sharing(self, course_id: str) -> AbstractContextManager[Share]:
        raise NotImplementedError

    def enter(
        self,
        entries: Sequence[Entry],
        at: datetime,
        require: Requirement = nothing,
        owner: str = "",
    ) -> Sequence[EntryResult]:
        raise NotImplementedError

    def entry(self, certificate_id: CertificateId) -> Entry | None:
        raise NotImplementedError

    def find(self, search: PersonSearch, limit: int) -> Sequence[Entry]:
        raise NotImplementedError

    def states(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, CertificateState]:
        raise NotImplementedError

    def entries(self, course_id: str = "") -> Sequence[Entry]:
        raise NotImplementedError

    def walk(self, course_id: str = "") -> Iterator[Entry]:
        raise NotImplementedError

    def walk_days(self, first: date, last: date) -> Iterator[Entry]:
        raise NotImplementedError

    def reports(self, register: str, course_id: str = "") -> Sequence[Report]:
        raise NotImplementedError

    def reports_of(
        self, register: str, certificate_ids: Collection[CertificateId]
    ) -> Sequence[Report]:
        raise NotImplementedError

    def reporting(self) -> AbstractContextManager[Note]:
        raise NotImplementedError

    def names(self, certificate_ids: Collection[CertificateId]) -> Mapping[CertificateId, str]:
        raise NotImplementedError

    def count(self, course_id: str = "") -> int:
        raise NotImplementedError

    def revoke(
        self, certificate_id: CertificateId, event: Event, notice: OutboxRow | None = None
    ) -> CertificateState:
        raise NotImplementedError

    def supersede(
        self, old: CertificateId, entry: Entry, event: Event, require: Requirement = nothing
    ) -> EntryResult:
        raise NotImplementedError

    def add_event(self, event: Event) -> None:
        raise NotImplementedError

    def alone(self) -> AbstractContextManager[Callable[[Event], None]]:
        raise NotImplementedError

    def status_lists(self) -> Sequence[int]:
        raise NotImplementedError

    def in_slots(self, list_id: int, slots: Collection[int]) -> Mapping[int, CertificateId]:
        raise NotImplementedError

    def newest_event(self) -> int:
        raise NotImplementedError

    def statuses(self, list_id: int) -> Mapping[int, CertificateState]:
        raise NotImplementedError

    def newest_instant(self) -> datetime | None:
        raise NotImplementedError

    def irregularities(self) -> Iterator[Irregularity]:
        raise NotImplementedError

    def newest_issue(self, kid: str) -> datetime | None:
        raise NotImplementedError

    def last_event(self, kind: str) -> Event | None:
        raise NotImplementedError

    def events(
        self, certificate_id: CertificateId | None, kinds: Collection[str] = ()
    ) -> Sequence[Event]:
        raise NotImplementedError

    def events_of(
        self, certificate_ids: Collection[CertificateId]
    ) -> Mapping[CertificateId, Sequence[Event]]:
        raise NotImplementedError

    def everything_of(self, participant: str) -> Sequence[Entry]:
        raise NotImplementedError


class OwnLedgerPages:
    def change(self, number: int) -> Change | None:
        raise NotImplementedError

    def newest_change(self) -> Change | None:
        raise NotImplementedError

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        raise NotImplementedError

    def entry_at(self, number: int) -> NumberedEntry | None:
        raise NotImplementedError

    def entries(self, after: int, limit: int, wanted: Wanted) -> Sequence[NumberedEntry]:
        raise NotImplementedError


class OwnLog:
    def size(self) -> int:
        raise NotImplementedError

    def leaf(self, position: int) -> bytes | None:
        raise NotImplementedError

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        raise NotImplementedError

    def add_tick(self, position: int, tick: Tick) -> bool:
        raise NotImplementedError

    def adopt(self, position: int, leaves: Sequence[bytes]) -> None:
        raise NotImplementedError


class OwnLogSite:
    def read(self, name: str) -> bytes | None:
        raise NotImplementedError

    def has(self, name: str) -> bool:
        raise NotImplementedError

    def add(self, files: Mapping[str, bytes]) -> None:
        raise NotImplementedError


class OwnLogSource:
    def files(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        raise NotImplementedError

    def kept_head(self) -> bytes | None:
        raise NotImplementedError

    def keep_head(self, data: bytes) -> None:
        raise NotImplementedError

    def evidence(self) -> Sequence[bytes]:
        raise NotImplementedError

    def keep_evidence(self, data: bytes) -> None:
        raise NotImplementedError


class OwnMailConnection:
    async def open(self) -> None:
        raise NotImplementedError

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        raise NotImplementedError


class OwnMailFolder:
    def check(self, names: frozenset[str]) -> None:
        raise NotImplementedError

    def put(self, name: str, content: bytes) -> str:
        raise NotImplementedError


class OwnMailSender:
    def lane(self) -> AbstractAsyncContextManager[MailConnection]:
        raise NotImplementedError


class OwnMailWriter:
    def check(self, entry: Entry | None, row: OutboxRow) -> None:
        raise NotImplementedError

    def write(self, entry: Entry | None, row: OutboxRow, document: bytes) -> Mail:
        raise NotImplementedError

    def write_digest(self, digest: Digest) -> Mail:
        raise NotImplementedError


class OwnOpenFile:
    def read(self, size: int, /) -> bytes:
        raise NotImplementedError


class OwnOutbox:
    def rows(self, course_id: str = "") -> Sequence[OutboxRow]:
        raise NotImplementedError

    def mails_of(self, certificate_ids: Collection[CertificateId]) -> Sequence[OutboxRow]:
        raise NotImplementedError

    def walk_mails(
        self, course_id: str = "", states: Collection[MailState] = (MailState.SENT,)
    ) -> Iterator[OutboxRow]:
        raise NotImplementedError

    def in_turn(self, course_id: str = "", until: datetime | None = None) -> Iterator[OutboxRow]:
        raise NotImplementedError

    def row(self, key: str) -> OutboxRow | None:
        raise NotImplementedError

    def of_certificate(self, certificate_id: CertificateId) -> Sequence[OutboxRow]:
        raise NotImplementedError

    def named(self, message_ids: Collection[str]) -> Sequence[OutboxRow]:
        raise NotImplementedError

    def sent_since(self, instant: datetime) -> int:
        raise NotImplementedError

    def queue(self, row: OutboxRow, event: Event) -> bool:
        raise NotImplementedError

    def counts(self, course_id: str = "") -> Mapping[MailState, int]:
        raise NotImplementedError

    def claim(self, owner: str, now: datetime, course_id: str = "") -> OutboxRow | None:
        raise NotImplementedError

    def mark_committing(self, key: str, owner: str) -> bool:
        raise NotImplementedError

    def settle(self, row: OutboxRow, owner: str, receipt: Receipt, event: Event) -> bool:
        raise NotImplementedError

    def together(self, acts: Sequence[Callable[[Outbox], T]]) -> Sequence[T]:
        raise NotImplementedError

    def reap(self, dead: str = "") -> int:
        raise NotImplementedError

    def move(
        self, key: str, sources: Collection[MailState], target: MailState, event: Event
    ) -> bool:
        raise NotImplementedError

    def reserve(self, account: str, interval: float) -> float:
        raise NotImplementedError

    def slow_down(self, account: str) -> None:
        raise NotImplementedError


class OwnPdfReader:
    def read(self, pdf: bytes) -> PdfContent | str:
        raise NotImplementedError

    def drawn_pages(self, pdf: bytes) -> Sequence[SeenPage]:
        raise NotImplementedError

    def as_issued(self, pdf: bytes) -> tuple[PdfContent, Sequence[SeenPage]] | None:
        raise NotImplementedError

    def pages_of_picture(self, picture: bytes) -> Sequence[SeenPage] | str:
        raise NotImplementedError


class OwnPresence:
    def hold(self, if_alone: Callable[[], None]) -> AbstractContextManager[None]:
        raise NotImplementedError


class OwnProgress:
    def advance(self, done: int, total: int) -> None:
        raise NotImplementedError


class OwnRandomness:
    def below(self, bound: int) -> int:
        raise NotImplementedError


class OwnReattestedSource:
    def reattested(self, bases: Sequence[str], name: str) -> Sequence[bytes]:
        raise NotImplementedError


class OwnRenderer:
    def faults(self, certificate: Certificate) -> Sequence[Fault]:
        raise NotImplementedError

    def lay_out(self, certificate: Certificate) -> LaidOut | tuple[Fault, ...]:
        raise NotImplementedError

    def draw(self, certificate: Certificate) -> Drawing:
        raise NotImplementedError

    def draw_specimen(self, certificate: Certificate) -> Drawing:
        raise NotImplementedError


class OwnSealReader:
    def inspect(self, pdf: bytes) -> SealFinding:
        raise NotImplementedError

    def of_our_form(self, pdf: bytes) -> SealFinding | None:
        raise NotImplementedError


class OwnSealer:
    def seal(self, drawing: Drawing, at: datetime) -> bytes:
        raise NotImplementedError

    def has_sealed(self, document: bytes, drawing: Drawing, at: datetime) -> bool:
        raise NotImplementedError


class OwnSendLog:
    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        raise NotImplementedError

    def accepted(self) -> Iterable[TakenMail]:
        raise NotImplementedError


class OwnSentFolder:
    async def holds(self, message_ids: Collection[str]) -> Collection[str]:
        raise NotImplementedError


class OwnShare:
    @property
    def owner(self) -> str:
        raise NotImplementedError

    def take(self, wanted: Sequence[Work], most: int) -> Taken:
        raise NotImplementedError


class OwnShownFile:
    def read_bytes(self) -> bytes:
        raise NotImplementedError


class OwnSite:
    def read(self, name: str) -> bytes | None:
        raise NotImplementedError

    def put(self, files: Mapping[str, bytes], look: Callable[[str], None] = print) -> Sequence[str]:
        raise NotImplementedError


class OwnSiteMaker:
    def page(self, trust: TrustFile, trust_file: bytes, lists: Mapping[int, bytes]) -> bytes:
        raise NotImplementedError

    def bundle(self, files: Mapping[str, bytes]) -> bytes:
        raise NotImplementedError


class OwnStatusSource:
    def lists(self, bases: Sequence[str], list_id: int) -> OfferedLists:
        raise NotImplementedError

    def keep(self, list_id: int, data: bytes) -> None:
        raise NotImplementedError


class OwnTimeStamper:
    @property
    def room(self) -> int:
        raise NotImplementedError

    def stamp(self, value: bytes) -> bytes:
        raise NotImplementedError


class OwnTokenSigner:
    @property
    def public_key(self) -> CoseKey:
        raise NotImplementedError

    def sign(self, message: bytes) -> bytes:
        raise NotImplementedError


class OwnWorkers:
    def answers(self, groups: Iterable[str]) -> Iterator[str]:
        raise NotImplementedError


def every_port() -> tuple[
    Archive,
    Clock,
    DigestSigner,
    Document,
    EvidenceReader,
    HeldLicense,
    HookJournal,
    HookReceiver,
    LaidOut,
    Ledger,
    LedgerPages,
    Log,
    LogSite,
    LogSource,
    MailConnection,
    MailFolder,
    MailSender,
    MailWriter,
    OpenFile,
    Outbox,
    PdfReader,
    Presence,
    Progress,
    Randomness,
    ReattestedSource,
    Renderer,
    SealReader,
    Sealer,
    SendLog,
    SentFolder,
    Share,
    ShownFile,
    Site,
    SiteMaker,
    StatusSource,
    TimeStamper,
    TokenSigner,
    Workers[str, str],
]:
    return (
        OwnArchive(),
        OwnClock(),
        OwnDigestSigner(),
        OwnDocument(),
        OwnEvidenceReader(),
        OwnHeldLicense(),
        OwnHookJournal(),
        OwnHookReceiver(),
        OwnLaidOut(),
        OwnLedger(),
        OwnLedgerPages(),
        OwnLog(),
        OwnLogSite(),
        OwnLogSource(),
        OwnMailConnection(),
        OwnMailFolder(),
        OwnMailSender(),
        OwnMailWriter(),
        OwnOpenFile(),
        OwnOutbox(),
        OwnPdfReader(),
        OwnPresence(),
        OwnProgress(),
        OwnRandomness(),
        OwnReattestedSource(),
        OwnRenderer(),
        OwnSealReader(),
        OwnSealer(),
        OwnSendLog(),
        OwnSentFolder(),
        OwnShare(),
        OwnShownFile(),
        OwnSite(),
        OwnSiteMaker(),
        OwnStatusSource(),
        OwnTimeStamper(),
        OwnTokenSigner(),
        OwnWorkers(),
    )


EVERY_NAME = (
    Algorithm, Alone, AmbiguousDateError, Approval, ApprovalStatus, Archive, AttendanceFile,
    AttendanceRule, AttestationText, AuditDesk, AuditFinding, AuditKind, AuditReport, Award,
    AwardResult, BadgeKey, BadgeSite, Became, Blame, Break, BreakDraft, Category,
    CeBrokerAccount, CeBrokerCourse, CeBrokerProfession, CecertError, Certificate,
    CertificateId, CertificatePage, CertificatePolicy, CertificateState, Change, ChangePage,
    Check, CheckKind, Checked, Checkpoint, Claims, Clock, CoSponsor, CompletionList,
    CompletionRecord, ConfigurationError, ContradictionError, Corrected, Correction, CoseKey,
    Course, CourseDraft, CourseFormat, CourseReading, CourseSnapshot, Credit, CreditDraft,
    CreditLine, CreditPeriod, CreditTotal, DateOrder, Delivered, DeliveryError, DeliveryReport,
    Denial, Difference, Digest, DigestLine, DigestSigner, Document, Drawing, DrawingError,
    Entry, EntryResult, EvaluationFile, EvaluationResponse, Event, EvidenceReader, Exclusion,
    FakeSigner, Fault, FetchedList, FetchedMeeting, Figure, FileAnswer, FileFacts, FileVerdict,
    Finding, FixedClock, FormerMaker, FullError, HardwareKey, HeldLicense, HeldLine,
    HookAddress, HookAnswer, HookDesk, HookJournal, HookPlace, HookReceiver, Increment,
    IndexEntry, InputError, Instructor, Irregularity, IssueError, IssueReport, IssuingDesk,
    KeyElsewhere, KeyFacts, KeyPurpose, KeyStage, KeyState, KeyStoreError, KeyUse, Keys,
    KeysetInvalidError, KnownCheckpoint, LaidOut, LayoutDraft, Ledger, LedgerError, LedgerPages,
    License, LicenseRule, Likeness, ListedCode, LocalMailServer, LockedError, Log, LogAhead,
    LogAnswer, LogDesk, LogEnd, LogFiles, LogSite, LogSource, LoggedBefore, Looks, Mail,
    MailAccount, MailAuth,
    MailConnection, MailFolder, MailKind, MailLogin, MailRoom, MailSecurity, MailSender,
    MailService, MailState, MailWriter, MemoryArchive, MemoryLedger, MemoryMailSender,
    MemoryOffice, MemoryPages, MemorySendLog, Minimum, NamePolicy, NotCoveredError,
    NotFoundError, NotOverError, NotStandingError, Note, NumberPolicy, NumberedEntry,
    Occurrence, OfferedLists, Office, OfficeFile, OpenFile, OrderKnownBy, Other, Outbox,
    OutboxRow, Outcome, Paper, PdfContent, PdfReader, Period, PersonSearch, PersonSigns,
    PlainMailWriter, PlainPage, PlainPdfReader, PlainRenderer, Presence, PrintedLine, Progress,
    Provider, Published, PublishingDesk, Randomness, ReattestedSource, Receipt, ReceivedMail,
    Recipient, Recorded, RecordedStatus, Regime, Renderer, Renewal, Report, ReportedConnection,
    Requirement, Requirements, RowKind, RuleSource, Said, Scope, SealCert, SealError,
    SealFinding, SealPlace, SealReader, SealState, Sealer, SeededRandomness, SeenPage, SendLog,
    SentFolder, SentPlace, ServiceUnavailableError, Session, SessionDraft, SessionFinding,
    SessionTimes, Severity, Share, Shortfall, ShortfallKind, ShownFile, Signatory, Site,
    SiteMaker, SourceFile, StampSealReader, StampSealer, StatementTemplate, Status,
    StatusAnswer, StatusList, StatusSlot, StatusSource, Taken, TakenMail, Tick, TimeStamper,
    TimeStatement, TokenError, TokenProvider, TokenSigner, TokensElsewhere, Total, Transcript,
    TranscriptList, TranscriptRow, TrustFile, TrustedKey, TrustedLog, Unattended,
    UnfitPictureError, Verification, Verifier, Wanted, Warning_, Window, Withdrawal, Work,
    WorkerLostError, Workers, WrongValueError, ZoomApp, __version__, audit, audit_desk,
    checker_of, correct, create_ledger, create_office, decide, deliver, demo_files, from_dict,
    in_its_office,
    is_made_here, issue, issue_each, issue_one, local_mail_server, note_checkpoint,
    note_made_root,
    note_published, nothing, office_trust_file, open_verifier, pinned_if_known, publish,
    publishing_desk, remember_root, retire_keys, revoke, sample_course, sample_provider,
    sample_record, sample_signatory, sign_trust, site_audit_desk, site_desk, to_dict, transcript,
    verifiers_at_once, verify, verify_many, withdraw_keys,
)  # fmt: skip
