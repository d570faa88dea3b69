"""An office that has no files: all that it is was given as values.

A learning system with two hundred schools has their approvals, courses and keys elsewhere.
The same checks are made as of `cecert.toml`, and what needs a folder says that there is none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from cecert.adapters.assets import asset_folder
from cecert.domain.trust.codec import KeysetInvalidError, open_trust_file
from cecert.errors import ConfigurationError, KeyStoreError, LedgerError
from cecert.office.holders.courses import CourseReader

if TYPE_CHECKING:
    from datetime import datetime

    from cecert.adapters.keys import KeyFacts
    from cecert.adapters.office_files import OfficeFile
    from cecert.adapters.render import Letterhead
    from cecert.adapters.render.text.layout_draft import LayoutDraft
    from cecert.domain.course.provider import Signatory
    from cecert.domain.course.regime import Regime
    from cecert.domain.mail.account import MailAccount
    from cecert.domain.mail.message import OutboxRow
    from cecert.domain.trust.trust_file import TrustFile
    from cecert.office.given.parts import MailService, Parts
    from cecert.office.holders.keys import SigningKeys
    from cecert.ports import Archive, Ledger, LedgerPages, Log, Outbox, TakenMail
    from cecert.workflows.deliver.deliver import MailRoom
    from cecert.workflows.verify.verify import Verifier

__all__ = ["ValuesHolder"]


class ValuesHolder(CourseReader):
    """Whoever holds the values that were given in place of an office's files."""

    def __init__(
        self, file: OfficeFile, actor: str, parts: Parts, warn: Callable[[str], None] | None
    ) -> None:
        """Take what `Office.from_values` has checked.

        Internal.
        """
        super().__init__(file, actor, {}, None, warn)
        self._parts = parts

    @cached_property
    def regimes(self) -> Mapping[str, Regime]:
        """The regimes cecert ships and those that were given, by credential type."""
        from cecert.adapters.office_files import read_regimes

        shipped = read_regimes(asset_folder("templates") / "regimes", None)
        return {**shipped, **{each.id: each for each in self._parts.regimes}}

    @property
    def ledger(self) -> Ledger:
        """The ledger that was given, or that its URL names."""
        given = self._parts.ledger
        return super().ledger if isinstance(given, str) else given

    @property
    def written_ledger(self) -> Ledger:
        """The ledger of the office, for who will write it."""
        given = self._parts.ledger
        return super().written_ledger if isinstance(given, str) else given

    @property
    def outbox(self) -> Outbox:
        """The mails that were promised.

        Raises:
            LedgerError: If none was given.
        """
        if self._parts.outbox is not None:
            return self._parts.outbox
        if isinstance(self._parts.ledger, str):
            return super().outbox
        raise LedgerError("this office was given no outbox")

    @property
    def log(self) -> Log:
        """The leaves of the log.

        Raises:
            LedgerError: If none was given.
        """
        if self._parts.log is not None:
            return self._parts.log
        if isinstance(self._parts.ledger, str):
            return super().log
        raise LedgerError("this office was given no log")

    @property
    def pages(self) -> LedgerPages:
        """What of the ledger is read in pages.

        Raises:
            LedgerError: If the ledger is the program's own.
        """
        if isinstance(self._parts.ledger, str):
            return super().pages
        raise LedgerError("the ledger that this office was given is not read in pages")

    @property
    def ledger_url(self) -> str:
        """Where the ledger is; "" where it was given."""
        given = self._parts.ledger
        return given if isinstance(given, str) else ""

    @cached_property
    def archive(self) -> Archive:
        """The archive that was given."""
        return self._parts.archive

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Refuse: an office without files publishes and changes keys by its own means.

        Raises:
            ConfigurationError: Always.
        """
        raise _programs()
        yield

    def passphrase(self) -> str | None:
        """Refuse: the program opens its keys.

        Raises:
            ConfigurationError: Always.

        Internal.
        """
        raise _programs()

    def key_facts(self) -> tuple[KeyFacts, ...]:
        """Refuse: no folder has keys, and the trust file lists them.

        Raises:
            ConfigurationError: Always.
        """
        raise _programs()

    def key_warnings(self) -> tuple[str, ...]:
        """Return nothing: when keys end, the program has said, and the trust file tells."""
        return ()

    def trust_bytes(self) -> bytes:
        """Return the trust file in force as it was signed, unopened.

        Raises:
            KeyStoreError: If none was given.
        """
        data = self._parts.trust()
        if not data:
            raise KeyStoreError(
                "this office was given no trust file", hint="sign_trust makes one of its values"
            )
        return data

    def trust(self) -> TrustFile:
        """Return the signed trust file.

        Raises:
            KeyStoreError: If it is missing or damaged.
        """
        from cecert.adapters.keys.signatures import check_signature

        try:
            return open_trust_file(self.trust_bytes(), check_signature)
        except KeysetInvalidError as error:
            raise KeyStoreError(f"the trust file cannot be used: {error}") from error

    def signing_keys(self) -> SigningKeys:
        """Return the keys that issuing needs.

        Internal.
        """
        from cecert.office.given.parts import seal_key
        from cecert.office.holders.keys import SigningKeys

        if self._parts.keys is None:
            raise KeyStoreError("this office was given no keys")
        keys = self._parts.keys
        return SigningKeys(keys.token, keys.ids, seal_key(keys))

    def refuse_older(self) -> None:
        """Refuse nothing: no folder of keys can be older than the ledger.

        Internal.
        """

    def letterhead(self) -> Letterhead | None:
        """Return the page that certificates are drawn on.

        Raises:
            ConfigurationError: If it cannot be used; every reason is listed.

        Internal.
        """
        from cecert.adapters.render import read_letterhead

        looks = self._parts.looks
        if looks.letterhead is None:
            return None
        return read_letterhead(looks.letterhead, "letterhead", looks.places)

    def layouts(self) -> Sequence[LayoutDraft]:
        """Return the layouts that were given.

        Internal.
        """
        return self._parts.layouts

    def logo(self) -> bytes | None:
        """Return the picture of the logo.

        Internal.
        """
        return self._parts.looks.logo

    def printed_signatories(self) -> Sequence[Signatory]:
        """Return who signs, as they were given.

        Internal.
        """
        return self.file.signatories

    def signature_pictures(self) -> Mapping[str, bytes]:
        """Return the pictures of signatures, by name.

        Internal.
        """
        return self._parts.looks.signatures

    def mail_account(self) -> MailAccount:
        """Return the mail account.

        Raises:
            ConfigurationError: If no mail service was given.
        """
        return self._mail().account

    def mail_room(self) -> MailRoom:
        """Return what `deliver` needs.

        Raises:
            ConfigurationError: If no mail service was given.
            LedgerError: If the ledger cannot be opened.
        """
        import socket

        from cecert.adapters.mail import MailLook, TemplateMailWriter, mail_logo
        from cecert.office.mail.mail import owner_at
        from cecert.workflows.deliver.deliver import MailRoom

        mail, looks = self._mail(), self._parts.looks
        station = mail.station or f"{socket.gethostname()}:{self.file.provider.id}/"
        logo = None if looks.logo is None else mail_logo(looks.logo)
        look = MailLook(logo, looks.accent)
        return MailRoom(
            ledger=self.written_ledger,
            outbox=self.outbox,
            archive=self.archive,
            writer=TemplateMailWriter(
                asset_folder("templates"), mail.account, self.file.provider, None, look
            ),
            sender=mail.sender,
            sent_folder=mail.sent_folder,
            send_log=mail.send_log or _Unlogged(),
            presence=mail.presence or _AmongOthers(),
            clock=self.clock,
            randomness=self.randomness,
            account=mail.account,
            owner=owner_at(station),
            station=station,
            actor=self.actor,
        )

    def _mail(self) -> MailService:
        if self._parts.mail is None:
            raise ConfigurationError("this office was given no mail service")
        return self._parts.mail

    def verifier(self) -> Verifier:
        """Return what `verify` needs, trusting the office's own trust file; it asks no host."""
        from cecert.office.verify.verify import verifier_of

        return replace(verifier_of(self.trust(), root_pinned=True), clock=self.clock)


def _programs() -> ConfigurationError:
    return ConfigurationError(
        "this office has no files: its keys and site are the program's",
        hint="sign_trust, retire_keys and withdraw_keys say what becomes of keys; site_desk "
        "publishes, site_audit_desk audits (docs/how-to/embed.md)",
    )


class _Unlogged:
    """A list of mails that nobody keeps."""

    def note(self, row: OutboxRow, reply: str, at: datetime) -> None:
        """Note nothing of a mail that was taken."""

    def accepted(self) -> Iterable[TakenMail]:
        """Return no mail."""
        return ()


class _AmongOthers:
    """Never knows that it is alone: mails of a sender that died are freed by time."""

    @contextmanager
    def hold(self, if_alone: Callable[[], None]) -> Iterator[None]:
        """Be present until the context ends."""
        del if_alone
        yield
