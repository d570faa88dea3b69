"""Auditing: that what the ledger promised is in the archive, whole, and says what is recorded.

Nothing is repaired and nothing is changed. Each finding says what it means and what a
person can do. It may run while certificates are issued.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from itertools import islice
from threading import Thread

from cecert.argument_types import typed
from cecert.domain.certificate.certificate import CertificateState, StatusSlot
from cecert.domain.cose.cose import CheckSignature, CoseKey
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId, id_in_name
from cecert.ports import (
    Archive,
    Clock,
    Entry,
    Event,
    Ledger,
    Log,
    PdfReader,
    SealReader,
    Site,
    Workers,
)
from cecert.workflows.audit.finding import AuditFinding, AuditKind
from cecert.workflows.audit.history import history_faults, level_fault
from cecert.workflows.audit.items import AuditItem, ItemDesk, ItemFindings, item_of
from cecert.workflows.audit.published import SiteFault, site_faults
from cecert.workflows.audit.published_log import site_log_faults
from cecert.workflows.issue.desk import Progress, Unprogressed
from cecert.workflows.log import KnownCheckpoint, LogKeys, log_faults

__all__ = [
    "AuditDesk",
    "AuditFinding",
    "AuditKind",
    "AuditReport",
    "audit",
    "audit_shared",
    "item_desk",
]

STEP = 100
"""Certificates that are looked at together, and between two reports of progress."""

ItemWorkers = Workers[Sequence[AuditItem], Sequence[ItemFindings]]
"""Who looks at certificates by themselves."""


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. Threads may share it.

    Attributes:
        certificates: How many were looked at.
        findings: All that is wrong, certificate by certificate.
        levels: How many files have a whole seal of each level: `B-B`, `B-T` with a time stamp.
    """

    certificates: int
    findings: tuple[AuditFinding, ...]
    levels: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """What auditing needs of the office. Threads may share one whose ports they may share.

    Attributes:
        trust: The signed trust file in force.
        check_signature: Does the cryptography.
        ledger, archive, pdf_reader, seal_reader, clock: The ports.
        reattested: The list of genuine tokens of each withdrawn key, by kid.
        site: What was published last; None where that is not known.
        key_faults: In which ways the keys folder is older than the ledger, or not its own.
        log: The leaves of the log.
        published: What was published of it, wherever it is still to be had.
        on_site: What this machine published of it last; None where it published nothing.
        log_keys: By which its checkpoints are known.
    """

    ledger: Ledger
    archive: Archive
    trust: TrustFile
    check_signature: CheckSignature
    pdf_reader: PdfReader
    seal_reader: SealReader
    clock: Clock
    reattested: Mapping[bytes, bytes]
    site: Site | None = None
    key_faults: Sequence[str] = ()
    log: Log | None = None
    published: Sequence[KnownCheckpoint] = ()
    on_site: KnownCheckpoint | None = None
    log_keys: Sequence[CoseKey] = ()


def item_desk(desk: AuditDesk) -> ItemDesk:
    """Return what looking at certificates by themselves needs, as of now."""
    return ItemDesk(
        desk.trust,
        desk.check_signature,
        desk.archive,
        desk.pdf_reader,
        desk.seal_reader,
        desk.reattested,
        int(desk.clock.now().timestamp()),
    )


@typed
def audit(desk: AuditDesk, course_id: str = "", progress: Progress | None = None) -> AuditReport:
    """Compare ledger, archive and trust file with one another.

    Args:
        desk: The office's.
        course_id: Only this course, "" for all; then orphans are looked for too.
        progress: Told after every hundred certificates.

    Raises:
        LedgerError: If the ledger or the archive as a whole cannot be read.
    """
    of_the_whole = _whole_of(desk, course_id)
    return _audit(desk, course_id, progress, item_desk(desk), of_the_whole)


def audit_shared(
    desk: AuditDesk, course_id: str, progress: Progress | None, workers: ItemWorkers
) -> AuditReport:
    """Compare them, with others who look at the certificates by themselves.

    The ledger's rows are held against one another meanwhile, in a thread that ends with it.

    Args:
        desk: The office's.
        course_id: Only this course, "" for all.
        progress: Told after every hundred certificates.
        workers: Who looks at the certificates.

    Raises:
        LedgerError: If the ledger or the archive as a whole cannot be read.
        WorkerLostError: If the workers ended over the same certificates, one after another.
    """
    of_the_whole = _Meanwhile(_whole_of(desk, course_id)).result
    return _audit(desk, course_id, progress, workers, of_the_whole)


def _audit(
    desk: AuditDesk,
    course_id: str,
    progress: Progress | None,
    workers: ItemWorkers,
    of_the_whole: Callable[[], Sequence[AuditFinding]],
) -> AuditReport:
    progress = progress or Unprogressed()
    total = desk.ledger.count(course_id)
    lying = [] if course_id else desk.archive.names()
    run = _Run(desk)
    findings: list[AuditFinding] = []
    for group, items in _looked_at(desk, course_id, workers):
        findings += run.group(group, items)
        progress.advance(run.looked_at, max(total, run.looked_at))
    findings += run.supersessions()
    findings += run.orphans(lying)
    findings += of_the_whole()
    levels = {level: count for level, count in sorted(run.levels.items()) if level}
    return AuditReport(run.looked_at, tuple(findings), levels)


class _Meanwhile:
    """Work that is done in a thread, while another waits for workers."""

    def __init__(self, work: Callable[[], Sequence[AuditFinding]]) -> None:
        self._done: Future[Sequence[AuditFinding]] = Future()
        # A daemon: whoever interrupts an audit does not wait for the rest of the ledger.
        Thread(target=self._do, args=(work,), daemon=True).start()

    def _do(self, work: Callable[[], Sequence[AuditFinding]]) -> None:
        try:
            self._done.set_result(work())
        except BaseException as error:  # noqa: BLE001  # it is raised where the result is asked for
            self._done.set_exception(error)

    def result(self) -> Sequence[AuditFinding]:
        """Return what the work found, or raise what it raised."""
        return self._done.result()


def _whole_of(desk: AuditDesk, course_id: str) -> Callable[[], Sequence[AuditFinding]]:
    return lambda: [] if course_id else list(_of_the_whole(desk))


def _looked_at(
    desk: AuditDesk, course_id: str, workers: ItemWorkers
) -> Iterator[tuple[Sequence[Entry], Sequence[ItemFindings]]]:
    """Yield the entries of a course, some at a time, with what each shows by itself."""
    ahead: deque[Sequence[Entry]] = deque()

    def groups() -> Iterator[Sequence[AuditItem]]:
        entries = iter(desk.ledger.walk(course_id))
        while group := list(islice(entries, STEP)):
            ahead.append(group)
            yield list(map(item_of, group))

    for found in workers.answers(groups()):
        yield ahead.popleft(), found


def _of_the_whole(desk: AuditDesk) -> Iterator[AuditFinding]:
    """Look at what is no single certificate's: the ledger's rows, and what is published."""
    for name, why in desk.archive.foreign():
        yield AuditFinding(AuditKind.FOREIGN, None, name, why)
    for fault in desk.key_faults:
        yield AuditFinding(AuditKind.KEYS, None, "keys", fault)
    for each in desk.ledger.irregularities():
        yield AuditFinding(AuditKind.LEDGER, each.certificate_id, each.place, each.sentence)
    if desk.log is not None:
        for place, fault in log_faults(desk.log, desk.published):
            yield AuditFinding(AuditKind.LOG, None, place, fault)
    if desk.site is not None:
        for found in site_faults(desk.site, desk.ledger, desk.trust, desk.check_signature):
            yield AuditFinding(AuditKind.SITE, found.certificate_id, found.place, found.sentence)
    for found in _of_the_published_log(desk):
        yield AuditFinding(AuditKind.SITE, None, found.place, found.sentence)


def _of_the_published_log(desk: AuditDesk) -> Iterator[SiteFault]:
    if desk.site is None or desk.log is None or desk.on_site is None:
        return
    newest = desk.on_site.checkpoint
    keys = LogKeys(newest.origin, tuple(desk.log_keys), desk.check_signature)
    yield from site_log_faults(desk.site, desk.log, keys, newest.size)


class _Run:
    """One audit: it remembers what only a look at several certificates shows."""

    def __init__(self, desk: AuditDesk) -> None:
        self._desk = desk
        self._slots: dict[StatusSlot, CertificateId] = {}
        self._documents: set[str] = set()
        self._superseded: set[CertificateId] = set()
        self._superseders: dict[CertificateId, CertificateId] = {}
        self.looked_at = 0
        self.levels = Counter[str]()

    def group(
        self, entries: Sequence[Entry], items: Sequence[ItemFindings]
    ) -> Iterator[AuditFinding]:
        """Look at some certificates, whose items were looked at."""
        events = self._desk.ledger.events_of([each.certificate.id for each in entries])
        for entry, found in zip(entries, items, strict=True):
            yield from self._entry(entry, found, events.get(entry.certificate.id, ()))

    def _entry(
        self, entry: Entry, items: ItemFindings, events: Sequence[Event]
    ) -> Iterator[AuditFinding]:
        certificate = entry.certificate
        self.looked_at += 1
        self.levels[items.level] += 1
        self._documents.add(entry.document)
        if entry.state is CertificateState.SUPERSEDED:
            self._superseded.add(certificate.id)
        if certificate.supersedes is not None:
            self._superseders[certificate.supersedes] = certificate.id
        other = self._slots.setdefault(certificate.slot, certificate.id)
        if other != certificate.id:
            slot = f"{certificate.slot.list_id}/{certificate.slot.index}"
            yield _finding(AuditKind.SLOT, entry, slot, f"it is also that of {other}")
        if entry.mail.sha256 != entry.sha256:
            why = f"it promises the file with SHA-256 {entry.mail.sha256}"
            yield _finding(AuditKind.MAIL, entry, entry.mail.key, why)
        yield from items.token
        for why in self._of_history(entry, events):
            yield _finding(AuditKind.EVENT, entry, "events", why)
        yield from items.file
        if why := level_fault(events, items.level):
            yield _finding(AuditKind.SEAL, entry, entry.document, why)

    def _of_history(self, entry: Entry, events: Sequence[Event]) -> Sequence[str]:
        ledger, own = self._desk.ledger, entry.certificate.id
        if faults := tuple(history_faults(entry, events)):
            # One that was corrected or revoked while the audit ran was seen standing.
            now = ledger.entry(own) or entry
            faults = tuple(history_faults(now, ledger.events(own)))
        return faults

    def supersessions(self) -> Iterator[AuditFinding]:
        """Compare corrected certificates with their corrections."""
        for each in sorted(self._superseded - self._superseders.keys()):
            why = "it is superseded, and no certificate supersedes it"
            yield AuditFinding(AuditKind.SUPERSESSION, each, str(each), why)
        for old, new in sorted(self._superseders.items()):
            if old not in self._superseded and not self._is_superseded(old):
                why = f"{new} supersedes it, and it still stands, is revoked or is not there"
                yield AuditFinding(AuditKind.SUPERSESSION, old, str(old), why)

    def _is_superseded(self, certificate_id: CertificateId) -> bool:
        # One that was corrected while the audit ran was seen standing.
        entry = self._desk.ledger.entry(certificate_id)
        return entry is not None and entry.state is CertificateState.SUPERSEDED

    def orphans(self, lying: Iterable[str]) -> Iterator[AuditFinding]:
        """Name the files that no certificate has."""
        for name in lying:
            if name not in self._documents and not self._entered_meanwhile(name):
                yield AuditFinding(AuditKind.ORPHAN, None, name, "no certificate names it")

    def _entered_meanwhile(self, name: str) -> bool:
        try:
            entry = self._desk.ledger.entry(CertificateId.parse(id_in_name(name)))
        except ValueError:
            return False
        return entry is not None and entry.document == name


def _finding(kind: AuditKind, entry: Entry, place: str, sentence: str) -> AuditFinding:
    return AuditFinding(kind, entry.certificate.id, place, sentence)
