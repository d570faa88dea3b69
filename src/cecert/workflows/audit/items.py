"""What is looked at of a certificate by itself: its token, and the file in the archive.

No ledger is asked, so that any process can look which has the archive and the trust file.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.certificate.token_claims import certified_claims
from cecert.domain.cose.cose import CheckSignature
from cecert.domain.token.outcome import STATUS_OUTCOMES, Outcome
from cecert.domain.token.verify import verify_token
from cecert.domain.trust.trust_file import TrustFile
from cecert.errors import LedgerError, TokenError
from cecert.ports import Archive, Entry, PdfReader, SealFinding, SealReader, SealState
from cecert.workflows.audit.finding import AuditFinding, AuditKind

__all__ = ["AuditItem", "ItemDesk", "ItemFindings", "item_of"]


@dataclass(frozen=True, slots=True)
class AuditItem:
    """A certificate and its file, as they are recorded.

    Attributes:
        certificate: The record.
        document: The file's name in the archive.
        sha256: Of the file, hexadecimal.
    """

    certificate: Certificate
    document: str
    sha256: str


def item_of(entry: Entry) -> AuditItem:
    """Return what is looked at of an entry."""
    return AuditItem(entry.certificate, entry.document, entry.sha256)


@dataclass(frozen=True, slots=True)
class ItemFindings:
    """What is wrong with a certificate by itself.

    Attributes:
        token: With its token.
        file: With its file.
        level: What the file's seal has: `B-B`, `B-T` with a time stamp; "" where none is whole.
    """

    token: tuple[AuditFinding, ...]
    file: tuple[AuditFinding, ...]
    level: str = ""


@dataclass(frozen=True, slots=True)
class ItemDesk:
    """What looking at certificates by themselves needs.

    Attributes:
        trust: The signed trust file in force.
        check_signature: Does the cryptography.
        archive, pdf_reader, seal_reader: The ports.
        reattested: The list of genuine tokens of each withdrawn key, by kid.
        now: Seconds UTC.
    """

    trust: TrustFile
    check_signature: CheckSignature
    archive: Archive
    pdf_reader: PdfReader
    seal_reader: SealReader
    reattested: Mapping[bytes, bytes]
    now: int

    def answers(self, groups: Iterable[Sequence[AuditItem]]) -> Iterator[Sequence[ItemFindings]]:
        """Look here, without workers."""
        return map(self.look, groups)

    def look(self, items: Sequence[AuditItem]) -> Sequence[ItemFindings]:
        """Return what is wrong with each of a group."""
        return [self._look(each) for each in items]

    def _look(self, item: AuditItem) -> ItemFindings:
        token = tuple(self._of_token(item))
        try:
            document = self.archive.get(item.document)
        except LedgerError as error:
            gone = _finding(AuditKind.FILE, item, item.document, str(error))
            return ItemFindings(token, (gone,))
        seal = self.seal_reader.inspect(document)
        level = "B-T" if seal.time_stamp else "B-B"
        whole = seal.state is SealState.INTACT
        return ItemFindings(
            token, tuple(self._of_file(item, document, seal)), level if whole else ""
        )

    def _of_token(self, item: AuditItem) -> Iterator[AuditFinding]:
        found = verify_token(
            item.certificate.token_url,
            self.trust,
            self.check_signature,
            self.now,
            reattested=lambda key: self.reattested.get(key.kid, b""),
        )
        if found.outcome not in STATUS_OUTCOMES:
            withdrawn = found.outcome is Outcome.KEY_REVOKED
            why = f"it does not verify: {found.outcome.value} {found.detail}".rstrip()
            yield _finding(AuditKind.KEY if withdrawn else AuditKind.TOKEN, item, "token", why)
        try:
            recorded = certified_claims(item.certificate)
        except TokenError as error:
            why = f"no token can say what is recorded: {error}"
            yield _finding(AuditKind.TOKEN, item, "token", why)
            return
        if found.claims is not None and found.claims != recorded:
            why = "it says something else than the record"
            yield _finding(AuditKind.TOKEN, item, "token", why)

    def _of_file(
        self, item: AuditItem, document: bytes, seal: SealFinding
    ) -> Iterator[AuditFinding]:
        place = item.document
        if (digest := sha256(document).hexdigest()) != item.sha256:
            why = f"its SHA-256 is {digest}, entered was {item.sha256}"
            yield _finding(AuditKind.FILE, item, place, why)
        for why in self._of_seal(seal, item.certificate):
            yield _finding(AuditKind.SEAL, item, place, why)
        if not self._carries(document, item.certificate.token_url):
            why = "it does not carry the token that is recorded"
            yield _finding(AuditKind.TOKEN, item, place, why)

    def _of_seal(self, seal: SealFinding, certificate: Certificate) -> Iterator[str]:
        if seal.state is not SealState.INTACT:
            yield f"its seal is {seal.state.value}: {seal.detail}"
            return
        second = int(certificate.issued_at.timestamp())
        listed = [e for e in self.trust.seals if e.sha256 == seal.signing_cert_sha256]
        if not listed:
            yield f"it is sealed by {seal.signer}, which the trust file does not list"
        # A seal that was withdrawn since was good when it was made: nothing to repair here.
        elif not any(each.not_before <= second <= each.not_after for each in listed):
            yield "it was sealed outside the time of its signing certificate"

    def _carries(self, document: bytes, token_url: str) -> bool:
        # The attachment is stored as it is, so that nothing need be inflated to find it.
        if token_url.encode() in document:
            return True
        content = self.pdf_reader.read(document)
        return not isinstance(content, str) and content.token_text == token_url


def _finding(kind: AuditKind, item: AuditItem, place: str, sentence: str) -> AuditFinding:
    return AuditFinding(kind, item.certificate.id, place, sentence)
