"""Auditing: that what the ledger promised is in the archive, whole, and says what is recorded.

Nothing is repaired and nothing is changed. Each finding says what it means and what a
person can do. It may run while certificates are issued.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate, CertificateState, StatusSlot
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.outcome import STATUS_OUTCOMES, Outcome
from cecert.domain.token.verify import verify_token
from cecert.domain.trust.trust_file import TrustFile
from cecert.domain.values.certificate_id import CertificateId, id_in_name
from cecert.errors import LedgerError, TokenError
from cecert.ports import Archive, Clock, Entry, Ledger, Log, PdfReader, SealReader, SealState, Site
from cecert.workflows.audit.history import history_faults
from cecert.workflows.audit.published import site_faults
from cecert.workflows.issue.desk import Progress, Unprogressed
from cecert.workflows.log import ADOPT, KnownCheckpoint, log_faults

__all__ = ["AuditDesk", "AuditFinding", "AuditKind", "AuditReport", "audit"]

STEP = 100
"""Certificates between two reports of progress."""


class AuditKind(Enum):
    """What kind of thing is wrong. Threads may share it."""

    FILE = "file"
    """It is missing, cannot be read, or is not the one that was sealed."""
    SEAL = "seal"
    TOKEN = "token"
    """The token does not verify, or says something else than the record."""
    KEY = "key"
    """Its token key was withdrawn, and nothing vouches for it."""
    KEYS = "keys"
    """The keys folder is older than the ledger: what has ended is in use again."""
    EVENT = "event"
    """Its events say otherwise than its record."""
    LEDGER = "ledger"
    """Rows of the ledger contradict one another, or its log."""
    LOG = "log"
    """The log is another than was published, or shorter."""
    SITE = "site"
    """The published site says otherwise than the ledger."""
    MAIL = "mail"
    """The mail that was promised carries another file."""
    SLOT = "slot"
    """Two certificates have one place in the status lists."""
    SUPERSESSION = "supersession"
    """A certificate and its correction do not know of each other."""
    ORPHAN = "orphan"
    """A file that no certificate names."""
    FOREIGN = "owner"
    """A file that is another user's than the archive."""


_REMEDIES = {
    AuditKind.FILE: "restore the file from the backup of the archive, under this very name",
    AuditKind.SEAL: "restore the file from the backup; if the trust file lacks the seal, "
    "cecert keys sign",
    AuditKind.TOKEN: "keep ledger and trust file as they are, and compare them with their backups",
    AuditKind.KEY: "if it is genuine, cecert keys compromise for the same key vouches for it; else "
    "cecert revoke",
    AuditKind.KEYS: "put the newest copy of the keys folder back; where there is none, cecert keys "
    "compromise (or retire) ends the use of such a key again",
    AuditKind.EVENT: "the ledger was edited by hand: compare it with its backup",
    AuditKind.LEDGER: "the ledger was edited by hand: compare it with its backup",
    AuditKind.LOG: "the ledger was edited by hand, or is an older copy: restore the newest; where "
    f"there is none, {ADOPT}",
    AuditKind.SITE: "cecert publish; if it refuses, compare the ledger with its backup",
    AuditKind.MAIL: "compare the ledger with its backup before the next cecert deliver",
    AuditKind.SLOT: "the ledger was edited by hand: compare it with its backup",
    AuditKind.SUPERSESSION: "the ledger was edited by hand: compare it with its backup",
    AuditKind.FOREIGN: "who else runs cecert here? give the file to the archive's owner, who alone "
    "may read it, after a look at who put it there",
    AuditKind.ORPHAN: "after a restore issue or correct it again, which takes it over; else a run "
    "that was killed left it, or somebody put it there: move it away after a look",
}


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """One thing that is wrong. Threads may share it.

    Attributes:
        kind: What kind of thing.
        certificate_id: Whose, None for a file that is nobody's.
        place: The file, or what else it is about.
        sentence: What is wrong, without a full stop.
    """

    kind: AuditKind
    certificate_id: CertificateId | None
    place: str
    sentence: str

    @property
    def remedy(self) -> str:
        """What a person can do about it."""
        return _REMEDIES[self.kind]


@dataclass(frozen=True, slots=True)
class AuditReport:
    """What an audit found. Threads may share it.

    Attributes:
        certificates: How many were looked at.
        findings: All that is wrong, certificate by certificate.
    """

    certificates: int
    findings: tuple[AuditFinding, ...]


@dataclass(frozen=True, slots=True)
class AuditDesk:
    """What auditing needs of the office. Threads may share one whose ports they may share.

    Attributes:
        trust: The signed trust file in force.
        check_signature: Does the cryptography.
        ledger, archive, pdf_reader, seal_reader, clock: The ports.
        reattested: The list of genuine tokens of each withdrawn key, by kid.
        site: What was published last; None where that is not known.
        key_faults: In which ways the keys folder is older than the ledger.
        log: The leaves of the log.
        published: What was published of it, wherever it is still to be had.
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


def audit(desk: AuditDesk, course_id: str = "", progress: Progress | None = None) -> AuditReport:
    """Compare ledger, archive and trust file with one another.

    Args:
        desk: The office's.
        course_id: Only this course, "" for all; then orphans are looked for too.
        progress: Told after every hundred certificates.

    Raises:
        LedgerError: If the ledger or the archive as a whole cannot be read.
    """
    progress = progress or Unprogressed()
    total = desk.ledger.count(course_id)
    lying = [] if course_id else desk.archive.names()
    run = _Run(desk)
    findings: list[AuditFinding] = []
    for entry in desk.ledger.walk(course_id):
        findings += run.entry(entry)
        if run.looked_at % STEP == 0:
            progress.advance(run.looked_at, max(total, run.looked_at))
    if run.looked_at % STEP:
        progress.advance(run.looked_at, max(total, run.looked_at))
    findings += run.supersessions()
    findings += run.orphans(lying)
    if not course_id:
        findings += _of_the_whole(desk)
    return AuditReport(run.looked_at, tuple(findings))


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


class _Run:
    """One audit: it remembers what only a look at several certificates shows."""

    def __init__(self, desk: AuditDesk) -> None:
        self._desk = desk
        self._now = int(desk.clock.now().timestamp())
        self._slots: dict[StatusSlot, CertificateId] = {}
        self._documents: set[str] = set()
        self._superseded: set[CertificateId] = set()
        self._superseders: dict[CertificateId, CertificateId] = {}
        self.looked_at = 0

    def entry(self, entry: Entry) -> Iterator[AuditFinding]:
        """Look at one certificate by itself."""
        certificate = entry.certificate
        self.looked_at += 1
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
        for kind, why in self._of_token(certificate):
            yield _finding(kind, entry, "token", why)
        for why in self._of_history(entry):
            yield _finding(AuditKind.EVENT, entry, "events", why)
        yield from self._of_file(entry)

    def _of_history(self, entry: Entry) -> Sequence[str]:
        ledger, own = self._desk.ledger, entry.certificate.id
        if faults := tuple(history_faults(entry, ledger.events(own))):
            # One that was corrected or revoked while the audit ran was seen standing.
            now = ledger.entry(own) or entry
            faults = tuple(history_faults(now, ledger.events(own)))
        return faults

    def _of_token(self, certificate: Certificate) -> Iterator[tuple[AuditKind, str]]:
        desk = self._desk
        found = verify_token(
            certificate.token_url,
            desk.trust,
            desk.check_signature,
            self._now,
            reattested=lambda key: desk.reattested.get(key.kid, b""),
        )
        if found.outcome not in STATUS_OUTCOMES:
            withdrawn = found.outcome is Outcome.KEY_REVOKED
            why = f"it does not verify: {found.outcome.value} {found.detail}".rstrip()
            yield AuditKind.KEY if withdrawn else AuditKind.TOKEN, why
        try:
            recorded = certified_claims(certificate)
        except TokenError as error:
            yield AuditKind.TOKEN, f"no token can say what is recorded: {error}"
            return
        if found.claims is not None and found.claims != recorded:
            yield AuditKind.TOKEN, "it says something else than the record"

    def _of_file(self, entry: Entry) -> Iterator[AuditFinding]:
        try:
            document = self._desk.archive.get(entry.document)
        except LedgerError as error:
            yield _finding(AuditKind.FILE, entry, entry.document, str(error))
            return
        if (digest := sha256(document).hexdigest()) != entry.sha256:
            why = f"its SHA-256 is {digest}, entered was {entry.sha256}"
            yield _finding(AuditKind.FILE, entry, entry.document, why)
        for why in self._of_seal(document, entry.certificate):
            yield _finding(AuditKind.SEAL, entry, entry.document, why)
        if not self._carries(document, entry.certificate.token_url):
            why = "it does not carry the token that is recorded"
            yield _finding(AuditKind.TOKEN, entry, entry.document, why)

    def _of_seal(self, document: bytes, certificate: Certificate) -> Iterator[str]:
        seal = self._desk.seal_reader.inspect(document)
        if seal.state is not SealState.INTACT:
            yield f"its seal is {seal.state.value}: {seal.detail}"
            return
        second = int(certificate.issued_at.timestamp())
        listed = [e for e in self._desk.trust.seals if e.sha256 == seal.signing_cert_sha256]
        if not listed:
            yield f"it is sealed by {seal.signer}, which the trust file does not list"
        # A seal that was withdrawn since was good when it was made: nothing to repair here.
        elif not any(each.not_before <= second <= each.not_after for each in listed):
            yield "it was sealed outside the time of its signing certificate"

    def _carries(self, document: bytes, token_url: str) -> bool:
        # The attachment is stored as it is, so that nothing need be inflated to find it.
        if token_url.encode() in document:
            return True
        content = self._desk.pdf_reader.read(document)
        return not isinstance(content, str) and content.token_text == token_url

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
