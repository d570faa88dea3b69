"""The mail service an office hands its mails to: SMTP with a password or tokens, or a Maildir."""

from __future__ import annotations

import os
import socket
from secrets import token_hex
from typing import TYPE_CHECKING

from cecert.adapters.assets import asset_folder
from cecert.adapters.mail import (
    Credentials,
    FilePresence,
    GoogleTokens,
    ImapSentFolder,
    MaildirSender,
    MailLook,
    MicrosoftTokens,
    SendLogFile,
    SmtpSender,
    TemplateMailWriter,
    mail_logo,
)
from cecert.adapters.office_files import MailAuth, OfficeFile
from cecert.domain.mail.account import MailAccount
from cecert.office.holders.settings import Secrets
from cecert.office.log.log import kept_checkpoint
from cecert.ports import MailSender, SentFolder
from cecert.workflows.deliver.deliver import MailRoom

if TYPE_CHECKING:
    from cecert.office.holders.ledger import LedgerHolder

__all__ = ["mail_look", "mail_room", "mail_sender", "owner_at", "sent_folder"]

SMTP_PASSWORD = "CECERT_SMTP_PASSWORD"


def mail_room(office: LedgerHolder, secrets: Secrets) -> MailRoom:
    """Return what `deliver` needs of an office.

    Raises:
        ConfigurationError: If `cecert.toml` names no mail account, or one that cannot
            be used.
        LedgerError: If the ledger cannot be opened.
    """
    file, account = office.file, office.mail_account()
    station = f"{socket.gethostname()}:{file.folder.resolve()}/"
    look = mail_look(file)
    return MailRoom(
        ledger=office.written_ledger,
        outbox=office.outbox,
        archive=office.archive,
        writer=TemplateMailWriter(
            asset_folder("templates"), account, file.provider, file.mail_templates, look
        ),
        sender=mail_sender(file, account, secrets),
        sent_folder=sent_folder(file, account, secrets),
        send_log=SendLogFile(file.folder / "sent.jsonl"),
        presence=FilePresence(file.folder / ".delivering"),
        clock=office.clock,
        randomness=office.randomness,
        account=account,
        owner=owner_at(station),
        station=station,
        actor=office.actor,
        checkpoint=kept_checkpoint(office),
    )


def owner_at(station: str) -> str:
    """Return a name for a run of a station that no other run has."""
    return f"{station}{os.getpid()}-{token_hex(8)}"


def mail_sender(file: OfficeFile, account: MailAccount, secrets: Secrets) -> MailSender:
    """Return what takes the office's mails.

    Args:
        file: What `cecert.toml` says.
        account: Its account, as the environment changes it: a host there takes the
            Maildir's place.
        secrets: Where its secret is looked up.

    Raises:
        ConfigurationError: If the account cannot be used safely, tokens need a library
            that is not installed, or a file that holds a secret cannot be read.
    """
    if file.maildir is not None and not account.host:
        return MaildirSender(file.maildir)
    return SmtpSender(account, _credentials(file, account, secrets))


def mail_look(file: OfficeFile) -> MailLook:
    """Return how the office's mails look: with the logo and the accent of its certificates.

    Raises:
        ConfigurationError: If the logo cannot be used.
    """
    logo = None if file.logo is None else mail_logo(file.logo.read_bytes())
    return MailLook(logo, file.accent, file.linkedin)


def sent_folder(file: OfficeFile, account: MailAccount, secrets: Secrets) -> SentFolder | None:
    """Return where uncertain mails are looked for, None where the file names nothing.

    Args:
        file: What `cecert.toml` says; its `mail_evidence` names the place.
        account: Whose Sent folder it is.
        secrets: Has the password or the tokens' secret.

    Raises:
        ConfigurationError: As `mail_sender`.
    """
    place = file.mail_evidence
    if place is None or not account.user:
        return None
    credentials = _credentials(file, account, secrets)
    return ImapSentFolder(place.host, place.port, place.folder, account.user, credentials)


def _credentials(file: OfficeFile, account: MailAccount, secrets: Secrets) -> Credentials | None:
    """Return how to log in, None where the secret for it is missing or nobody logs in.

    Raises:
        ConfigurationError: As `mail_sender`.
    """
    login = file.mail_login
    if not account.user:
        return None
    if login.auth is MailAuth.GOOGLE and login.key_file is not None:
        secrets.look_at(login.key_file)
        return Credentials(tokens=GoogleTokens(login.key_file, account.user))
    secret = secrets.find(SMTP_PASSWORD, file.mail_password_file)
    if login.auth is MailAuth.MICROSOFT:
        tokens = MicrosoftTokens(login.tenant, login.client_id, secret or "")
        return Credentials(tokens=tokens) if secret else None
    return Credentials(secret) if secret else None
