"""The issuing desk: everything the office hands to the workflows, whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from cecert.domain.certificate.certificate import Certificate, Paper
from cecert.domain.cose.cose import CheckSignature, TokenSigner
from cecert.domain.course.provider import Provider, Signatory
from cecert.domain.trust.trust_file import TrustFile
from cecert.ports import (
    Archive,
    Clock,
    Drawing,
    Ledger,
    PdfReader,
    Randomness,
    Renderer,
    Requirement,
    Sealer,
    Workers,
    nothing,
)

__all__ = ["FormerMaker", "IssuingDesk", "Progress", "Unprogressed", "no_former"]


class Progress(Protocol):
    """Is told how far a long work is. One thread at a time calls it."""

    def advance(self, done: int, total: int) -> None:
        """*done* of *total* certificates are entered."""
        ...


class Unprogressed:
    """A progress that nobody watches."""

    def advance(self, done: int, total: int) -> None:
        """Tell nobody how far the work is."""


@dataclass(frozen=True, slots=True)
class FormerMaker:
    """How a release of before made the files of certificates with the same keys.

    Threads may share one whose ports they may share.

    Attributes:
        renderer: Leaves the room that its seals took.
        sealer: Seals as it did.
    """

    renderer: Renderer
    sealer: Sealer


def no_former() -> Sequence[FormerMaker]:
    """Return none: every file was made as it would be made today."""
    return ()


def nothing_to_ask() -> None:
    """Ask nobody: sealing needs a key and nothing else."""


def no_level(document: bytes) -> str:
    """Say nothing of how *document* is sealed."""
    del document
    return ""


@dataclass(frozen=True, slots=True)
class IssuingDesk:
    """Everything issuing needs of the office. Threads may share one whose ports they may share.

    Attributes:
        provider: Who issues.
        signatories: Who signs, as printed.
        layout: Layout and version, as `classic/1`.
        paper: Sheet.
        verify_prefix: What precedes the token's digits: `https://verify.example.edu/#`.
        verify_host: Printed beside the QR code.
        mail_host: Host part of Message-IDs.
        id_key: Secret of certificate ids; never rotated.
        token_signer: Signs tokens.
        check_signature: Tells a token of ours in a file that was made before.
        trust: The signed trust file in force; it must cover every credit issued.
        renderer, sealer, archive, ledger, pdf_reader, clock, randomness: The ports.
        actor: Who issues, for the events.
        former: How releases of before drew and sealed: asked when a file lies in the archive
            that is not as it would be made today.
        probe: Raises SealError if what seals needs something that cannot be had now; asked
            before the first certificate.
        level: Says what a sealed document has beyond a signature, for the event of its issue;
            "" where the office asks for nothing more.
        at_once: How many documents are sealed at once: several where each waits for somebody.
        drawers: Draw groups of signed certificates in other processes, a few ahead; None where
            they are drawn here.
        require_keys: Raises IssueError if keys or approvals that certificates rest on have
            gone; asked inside the transaction that enters them.
    """

    provider: Provider
    signatories: tuple[Signatory, ...]
    layout: str
    paper: Paper
    verify_prefix: str
    verify_host: str
    mail_host: str
    id_key: bytes = field(repr=False)
    token_signer: TokenSigner
    check_signature: CheckSignature
    trust: TrustFile
    renderer: Renderer
    sealer: Sealer
    archive: Archive
    ledger: Ledger
    pdf_reader: PdfReader
    clock: Clock
    randomness: Randomness
    actor: str
    probe: Callable[[], None] = nothing_to_ask
    level: Callable[[bytes], str] = no_level
    at_once: int = 1
    former: Callable[[], Sequence[FormerMaker]] = no_former
    require_keys: Requirement = nothing
    drawers: Workers[Sequence[Certificate], Sequence[Drawing]] | None = None
