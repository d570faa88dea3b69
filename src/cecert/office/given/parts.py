"""What a program gives an office that has no files: keys, looks, a mail service, a trust file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cryptography import x509

from cecert.adapters.keys import SealKey
from cecert.adapters.keys.elsewhere import KeyElsewhere
from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Paper
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.course.regime import Regime
from cecert.domain.mail.account import MailAccount
from cecert.errors import KeyStoreError, WrongValueError
from cecert.ports import (
    Archive,
    DigestSigner,
    Ledger,
    Log,
    MailSender,
    Outbox,
    Presence,
    SendLog,
    SentFolder,
)

if TYPE_CHECKING:
    from cecert.adapters.render.text.layout_draft import LayoutDraft

__all__ = ["Keys", "Looks", "MailService", "Parts", "seal_key"]


LEAST_SECRET = 32
"""Bytes of the secret that certificate ids are derived with."""


@dataclass(frozen=True, slots=True)
class Keys:
    """What an office signs with, wherever its keys are.

    Attributes:
        seal: Signs the digests of seals; a `KeyElsewhere` is one.
        token: Signs tokens; `TokensElsewhere` makes one of a `KeyElsewhere`.
        ids: 32 secret bytes that certificate ids are derived with; never changed.
        certificate: The X.509 certificate of the seal's key, DER.
        chain: Certificates above it, DER, the nearest first, without the root.
    """

    seal: DigestSigner = field(repr=False)
    token: TokenSigner = field(repr=False)
    ids: bytes = field(repr=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()

    @typed
    def __post_init__(self) -> None:
        if len(self.ids) < LEAST_SECRET:
            raise WrongValueError(
                f"the secret of ids has {len(self.ids)} bytes, {LEAST_SECRET} are the least"
            )


@dataclass(frozen=True, slots=True)
class Looks:
    """How the certificates of an office look.

    Attributes:
        layout: `classic`, `modern`, or the name of a layout that the office was given.
        paper: Sheet.
        accent: Colour of rules and headings, `#1D3557`; "" for the layout's own.
        logo: Picture (PNG or JPEG), None for none.
        signatures: Pictures of signatures, by the `image` of a `Signatory`.
        letterhead: PDF that certificates are drawn on, None for the layout's own page.
        places: The rectangles to fill in it, as a file of places says them; None where its form
            fields do.
        program: What of the provider offers the courses, as its statements call it, or "".
    """

    layout: str = "classic"
    paper: Paper = Paper.LETTER
    accent: str = ""
    logo: bytes | None = field(default=None, repr=False)
    signatures: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    letterhead: bytes | None = field(default=None, repr=False)
    places: Mapping[str, Any] | None = None
    program: str = ""


@dataclass(frozen=True, slots=True)
class MailService:
    """What takes the mails of an office that has no files.

    Attributes:
        account: Whose rate is shared, and whom mails are from.
        sender: Takes them.
        send_log: Says what was taken, apart from the ledger; None where a restored backup of
            the ledger may send mails again that were taken after it.
        presence: Tells whether other senders of this office run here; None where a sender that
            died is waited for, 30 minutes.
        sent_folder: Where uncertain mails are looked for, None for nowhere.
        station: What the names of all runs on this machine begin with; "" for the process's.
    """

    account: MailAccount
    sender: MailSender
    send_log: SendLog | None = None
    presence: Presence | None = None
    sent_folder: SentFolder | None = None
    station: str = ""


@dataclass(frozen=True, slots=True)
class Parts:
    """What stands in for an office's files.

    Attributes:
        ledger, archive: Where certificates are entered and kept; a ledger by its URL too.
        outbox: The mails that were promised; a ledger by its URL has its own.
        log: The log's leaves, None where there are none to read.
        keys: What it signs with, None where it issues nothing.
        trust: Returns the signed trust file in force.
        mail: What takes its mails, None where it sends none.
        regimes: Its own, besides those that cecert ships.
        looks: How its certificates look.
        layouts: Layouts of its own, besides those that cecert ships.
    """

    ledger: str | Ledger
    archive: Archive
    outbox: Outbox | None
    log: Log | None
    keys: Keys | None
    trust: Callable[[], bytes]
    mail: MailService | None
    regimes: tuple[Regime, ...]
    looks: Looks
    layouts: tuple[LayoutDraft, ...] = ()


def seal_key(keys: Keys) -> SealKey:
    """Return the key that seals.

    Raises:
        KeyStoreError: If a certificate cannot be read, or is of another key.
    """
    try:
        own, *chain = (x509.load_der_x509_certificate(e) for e in (keys.certificate, *keys.chain))
    except ValueError as error:
        raise KeyStoreError(f"the certificate of the seal cannot be read: {error}") from error
    seal = keys.seal
    if isinstance(seal, KeyElsewhere) and not seal.is_of(own):
        raise KeyStoreError("the certificate of the seal is not of the key that seals")
    return SealKey(seal, own, tuple(chain))
