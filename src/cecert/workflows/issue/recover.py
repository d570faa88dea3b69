"""Taking over: what was made before and is forgotten is entered as it was made.

A ledger restored from a backup has forgotten what was issued since; the archive has not.
Drawn again with the slot, the instant and the signature of the token in its file, a certificate
is that very file, byte for byte, but for the seal's signature, which must hold (ADR 43): what
its holder has is then what is recorded, and a revocation reaches it. Whatever differs by a
byte of what was drawn is another certificate and is left alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cecert.domain.certificate.certificate import Certificate, StatusSlot
from cecert.domain.cose.cose import CoseKey, Signed, open_envelope
from cecert.domain.cose.digits import bytes_of_digits
from cecert.domain.token.claims import Claims, claims_of_payload
from cecert.domain.values.certificate_id import CertificateId, id_in_name
from cecert.errors import LedgerError, TokenError
from cecert.ports import Archive, Entry
from cecert.workflows.issue.compose import Draft, drawn
from cecert.workflows.issue.desk import FormerMaker, IssuingDesk

__all__ = ["KeptFiles"]


class KeptFiles:
    """The files that the archive holds already of certificates about to be made."""

    def __init__(self, desk: IssuingDesk, wanted: Collection[CertificateId]) -> None:
        """Look into the archive once, for the certificates *wanted*; few or none lie there."""
        self._desk = desk
        self._names: defaultdict[str, list[str]] = defaultdict(list)
        for name in _names_in(desk.archive, wanted):
            self._names[id_in_name(name)].append(name)
        self._taken: set[str] = set()
        self._makers: Sequence[FormerMaker] | None = None

    def again(self, draft: Draft) -> tuple[Certificate, bytes] | None:
        """Return the certificate of *draft* as it was made before, with its file.

        Of several the newest; None if there is none. A second time there is none: its
        slot was taken by another.
        """
        newest: tuple[Certificate, bytes] | None = None
        for name in self._names.pop(draft.certificate.id.text, ()):
            found = self._made_again(name, draft)
            if found and (newest is None or newest[0].issued_at < found[0].issued_at):
                newest = found
                self._taken.add(name)
        return newest

    def _made_again(self, name: str, draft: Draft) -> tuple[Certificate, bytes] | None:
        desk = self._desk
        try:
            document = desk.archive.get(name)
        except LedgerError:
            return None  # it is damaged, as an audit says
        read = self._token_in(document)
        if read is None:
            return None
        signed, claims = read
        then = replace(
            desk,
            clock=_Then(datetime.fromtimestamp(claims.issued_at, UTC)),
            token_signer=_AsInFile(signed.signature, desk),
        )
        slot = StatusSlot(*claims.status)
        found = _same(document, draft, slot, then)
        for former in () if found else self._former():
            page = former.renderer.lay_out(draft.certificate)
            if found is None and not isinstance(page, tuple):
                laid = replace(draft, page=page)
                found = _same(document, laid, slot, replace(then, sealer=former.sealer))
        return found

    def _former(self) -> Sequence[FormerMaker]:
        if self._makers is None:
            self._makers = self._desk.former()
        return self._makers

    def _token_in(self, document: bytes) -> tuple[Signed, Claims] | None:
        """Return the token in a document; nothing of it is known to be true yet."""
        content = self._desk.pdf_reader.read(document)
        text = "" if isinstance(content, str) else content.token_text or ""
        digits = text.removeprefix(self._desk.verify_prefix)[1:]  # whatever its version
        try:
            signed = open_envelope(bytes_of_digits(digits))
            return signed, claims_of_payload(signed.payload)
        except (ValueError, TypeError, LookupError, OverflowError, TokenError):
            return None

    def discard(self, entry: Entry) -> None:
        """Remove the file of an entry that was refused, if this run made it and nobody has it."""
        if entry.document in self._taken:
            return
        # Another run may have found it in the archive, and taken it over.
        held = self._desk.ledger.entry(entry.certificate.id)
        if held is None or held.document != entry.document:
            self._desk.archive.discard(entry.document)

    def took(self, entry: Entry) -> bool:
        """Say whether the file of an entry was made before."""
        return entry.document in self._taken


def _same(
    document: bytes, draft: Draft, slot: StatusSlot, desk: IssuingDesk
) -> tuple[Certificate, bytes] | None:
    """Return the certificate of *draft* if *document* is its drawing, sealed."""
    certificate, drawing = drawn(draft, slot, desk)
    same = desk.sealer.has_sealed(document, drawing, certificate.issued_at)
    return (certificate, document) if same else None


def _names_in(archive: Archive, wanted: Collection[CertificateId]) -> Iterable[str]:
    try:
        return archive.names_of(wanted)
    except LedgerError:
        return ()  # it is not there yet, or storing the first file says what is wrong


@dataclass(frozen=True, slots=True)
class _Then:
    """A clock that stands at the instant when a certificate was issued."""

    at: datetime

    def now(self) -> datetime:
        return self.at


class _AsInFile:
    """Signs a token as the file has it, if that signature is ours; anew if not.

    A key in hardware signs differently each time, and before signatures had one form half of
    them had the other.
    """

    def __init__(self, signature: bytes, desk: IssuingDesk) -> None:
        self._signature = signature
        self._desk = desk
        self.public_key: CoseKey = desk.token_signer.public_key

    def sign(self, message: bytes) -> bytes:
        """Return the signature over *message*."""
        ours = self._desk.check_signature(self.public_key, self._signature, message)
        return self._signature if ours else self._desk.token_signer.sign(message)
