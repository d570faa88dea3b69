"""What a program gives an office that has no files: keys, looks, a mail service, a trust file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509

from cecert.adapters.keys import SealKey
from cecert.adapters.keys.elsewhere import KeyElsewhere
from cecert.adapters.keys.signatures import check_signature
from cecert.argument_types import typed
from cecert.domain.certificate.certificate import Paper
from cecert.domain.cose.cose import TokenSigner
from cecert.domain.course.regime import Regime
from cecert.domain.mail.message import MailAccount
from cecert.domain.trust.build import build_trust_file, credit_scopes
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file, sign_trust_file
from cecert.domain.trust.trust_file import KeyUse, SealCert, TrustedKey, TrustFile
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
    from cecert.office.office import Office

__all__ = ["Keys", "Looks", "MailService", "Parts", "Window", "seal_key", "sign_trust"]


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


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when keys sign, as verifiers are told.

    Attributes:
        first, last: Instants, aware; at most 400 days lie between them.
    """

    first: datetime
    last: datetime


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


LIFE = timedelta(days=400)
"""How long keys sign where nobody says: as long as those that cecert makes."""


@typed
def sign_trust(  # what a trust file says
    office: Office,
    root: TokenSigner,
    keys: Keys,
    *,
    window: Window | None = None,
    status: TokenSigner | None = None,
    previous: bytes = b"",
) -> bytes:
    """Return a trust file for an office's approvals, hosts and keys, signed.

    What *previous* lists and is not listed anew, stays listed with its window, so that what was
    issued with it goes on to verify.

    Args:
        office: Whose approvals, regimes and verify page it tells of.
        root: Signs it; verifiers pin its thumbprint.
        keys: What signs tokens and seals from now on.
        window: From when to when they sign, None for 400 days from now.
        status: What signs status lists, None where none are published.
        previous: The trust file before, as it was signed; b"" for none.

    Raises:
        KeyStoreError: If *previous* is damaged, or keys would sign for too long or never.
    """
    try:
        return sign_trust_file(_trust(office, root, keys, window, status, previous), root)
    except ValueError as error:
        raise KeyStoreError(f"no trust file can be made of this: {error}") from error


def _trust(  # as `sign_trust`
    office: Office,
    root: TokenSigner,
    keys: Keys,
    window: Window | None,
    status: TokenSigner | None,
    previous: bytes,
) -> TrustFile:
    now = office.clock.now()
    span = window or Window(now, now + LIFE)
    seconds = int(span.first.timestamp()), int(span.last.timestamp())
    before = _opened(previous) if previous else None
    scopes = credit_scopes(office.file.approvals, office.regimes)
    token = TrustedKey(keys.token.public_key, *seconds, KeyUse.TOKEN, tuple(sorted(scopes)))
    lists = [TrustedKey(each.public_key, *seconds, KeyUse.STATUS) for each in [status] if each]
    seal = SealCert(sha256(keys.certificate).digest(), *seconds)
    addresses = (office.file.verify_url, *office.file.mirrors)
    return build_trust_file(
        office.file.provider,
        scopes,
        hosts=tuple(dict.fromkeys(urlsplit(each).hostname or "" for each in addresses)),
        link_prefixes=tuple(f"{each}#" for each in addresses),
        status_bases=tuple(f"{each}status/" for each in addresses),
        keys=(*_kept_keys(before, [token, *lists]), token, *lists),
        seals=(*_kept_seals(before, seal), seal),
        root=root.public_key,
        now=now,
        previous=before,
        logs=() if before is None else before.logs,
    )


def _opened(data: bytes) -> TrustFile:
    try:
        return open_trust_file(data, check_signature)
    except KeysetInvalidError as error:
        raise KeyStoreError(f"the trust file cannot be used: {error}") from error


def _kept_keys(before: TrustFile | None, new: Sequence[TrustedKey]) -> Iterable[TrustedKey]:
    known = {each.kid for each in new}
    return () if before is None else [each for each in before.keys if each.kid not in known]


def _kept_seals(before: TrustFile | None, new: SealCert) -> Iterable[SealCert]:
    return () if before is None else [each for each in before.seals if each.sha256 != new.sha256]
