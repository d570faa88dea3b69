"""SMTP in stages: the commit mark stands between the last body byte and the final dot.

Before the mark a server that was cut off must drop the message (RFC 5321 4.1.1.4), so
the mail is free to be tried again; after it only a definite answer settles it.
"""

from __future__ import annotations

import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from cecert.adapters.mail.connection import Credentials, Patience, SmtpConnection, open_connection
from cecert.domain.mail.account import MailAccount, MailSecurity, account_problems
from cecert.domain.mail.message import Blame, Mail, MailState, Receipt
from cecert.domain.mail.replies import BROKEN, Action, Reply, Stage, action_for, blame_for
from cecert.errors import ConfigurationError, DeliveryError, Fault, ServiceUnavailableError

__all__ = ["SmtpSender"]

MOST_MAILS = 90
"""Mails on one connection; OpenSMTPD and SendGrid end one after 100."""


class SmtpSender:
    """Hands mails to a submission service."""

    def __init__(
        self,
        account: MailAccount,
        credentials: Credentials | None = None,
        *,
        patience: Patience | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Remember the account; nothing is connected yet.

        Args:
            account: Where and as whom.
            credentials: Needed if the account has a user.
            patience: Time-outs, None for those of RFC 5321.
            tls: Whom to trust, None for the system's authorities.

        Raises:
            ConfigurationError: If a password or mails would travel in clear.
        """
        if problems := account_problems(account):
            faults = tuple(Fault("[mail]", "", each) for each in problems)
            raise ConfigurationError("the mail account cannot be used", faults)
        self._account = account
        self._credentials = credentials
        self._patience = patience or Patience()
        if tls is None and account.security is not MailSecurity.NONE:
            # Once: reading the system's authorities takes as long as a hundred mails.
            tls = ssl.create_default_context()
        self._tls = tls

    @asynccontextmanager
    async def lane(self) -> AsyncIterator[SmtpLane]:
        """Return a lane; its connection is closed when the context is left.

        Raises:
            ConfigurationError: If the account has a user, and there is no password.
        """
        if self._account.user and self._credentials is None:
            raise ConfigurationError(
                f"mail user {self._account.user} has no password",
                hint="set CECERT_SMTP_PASSWORD, or name a file with password_file in [mail]",
            )
        lane = SmtpLane(self._connect, self._patience)
        try:
            yield lane
        except BaseException:
            lane.cut()
            raise
        await lane.close()

    async def _connect(self) -> SmtpConnection:
        return await open_connection(self._account, self._credentials, self._patience, self._tls)


class SmtpLane:
    """A connection that is opened when needed, reused, and replaced when it is worn."""

    def __init__(
        self, connect: Callable[[], Awaitable[SmtpConnection]], patience: Patience
    ) -> None:
        self._connect = connect
        self._patience = patience
        self._connection: SmtpConnection | None = None

    async def open(self) -> None:
        """Connect, unless a good connection is there."""
        await self._ready()

    async def _ready(self) -> SmtpConnection:
        connection = self._connection
        if connection is not None and connection.usable and connection.mails < MOST_MAILS:
            return connection
        await self.close()
        self._connection = await self._connect()
        return self._connection

    async def close(self) -> None:
        """End the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.quit()

    def cut(self) -> None:
        """Cut the connection, if there is one."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.cut()

    async def send(self, mail: Mail, commit: Callable[[], Awaitable[bool]]) -> Receipt:
        """Hand over one mail; a worn connection is replaced once, at once."""
        try:
            try:
                return await self._try(await self._ready(), mail, commit)
            except _WornError:
                self.cut()
                return await self._try(await self._ready(), mail, commit)
        except BaseException:
            self.cut()
            raise

    async def _try(
        self, connection: SmtpConnection, mail: Mail, commit: Callable[[], Awaitable[bool]]
    ) -> Receipt:
        """Run one transaction.

        Raises:
            _WornError: If only the connection is at fault; a fresh one never is.
        """
        stage, reply = await self._until_dot(connection, mail)
        if action_for(stage, reply, reused=connection.reused) is Action.GO_ON:
            if not await commit():
                self.cut()
                return Receipt(MailState.QUEUED, "another sender took it over", counts=False)
            stage, reply = Stage.DOT, await connection.dot()
        action = action_for(stage, reply, reused=connection.reused)
        await self._tidy(connection, stage, reply)
        return _receipt(stage, reply, action)

    async def _until_dot(self, connection: SmtpConnection, mail: Mail) -> tuple[Stage, Reply]:
        """Ask up to the final dot; return the answer that stopped it, or the 354."""
        for stage, words in _envelope(connection, mail):
            reply = await connection.ask(*words, wait=self._patience.command)
            if action_for(stage, reply, reused=connection.reused) is not Action.GO_ON:
                return stage, reply
        reply = await connection.ask(b"DATA", wait=self._patience.data)
        if action_for(Stage.DATA, reply, reused=connection.reused) is Action.GO_ON:
            reply = await connection.write_body(dot_stuffed(mail.content)) or reply
        return Stage.DATA, reply

    async def _tidy(self, connection: SmtpConnection, stage: Stage, reply: Reply) -> None:
        """Keep the connection if it is in step, else cut it; the verdict stands either way."""
        connection.touch()
        in_step = reply.code not in _CLOSING and reply.code != BROKEN
        if in_step and stage is not Stage.DOT:
            in_step = await connection.reset()
        if not in_step:
            self.cut()


_CLOSING = frozenset({421, 503})
"""The service closes the connection (421), or the answers are out of step (503)."""


def _envelope(connection: SmtpConnection, mail: Mail) -> list[tuple[Stage, list[bytes]]]:
    sender = [b"MAIL", b"FROM:<" + mail.envelope_from.encode("ascii") + b">"]
    recipient = [b"RCPT", b"TO:<" + mail.recipient.encode("ascii") + b">"]
    if connection.supports("size"):
        sender.append(b"SIZE=%d" % len(mail.content))
    if connection.supports("dsn"):
        # RFC 3461: a bounce names our mail, and does not carry the PDF round.
        sender += [b"RET=HDRS", b"ENVID=" + xtext(mail.key)]
        recipient += [b"NOTIFY=FAILURE,DELAY", b"ORCPT=rfc822;" + xtext(mail.recipient)]
    return [(Stage.MAIL, sender), (Stage.RCPT, recipient)]


def xtext(text: str) -> bytes:
    """Encode *text* as the xtext of RFC 3461 4.

    >>> xtext("a+b=c")
    b'a+2Bb+3Dc'
    """
    plain = range(0x21, 0x7F)
    encoded = (
        bytes([each]) if each in plain and each not in b"+=" else b"+%02X" % each
        for each in text.encode("ascii")
    )
    return b"".join(encoded)


def dot_stuffed(content: bytes) -> bytes:
    """Return *content* with a dot before each line that begins with one (RFC 5321 4.5.2)."""
    # Base64 has no dots: what comes behind the last one is nine tenths of a mail.
    end = content.rfind(b".") + 1
    stuffed = content[:end].replace(b"\n.", b"\n..") + content[end:]
    if stuffed.startswith(b"."):
        stuffed = b"." + stuffed
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


class _WornError(Exception):
    """The connection was used before, and is no good any more."""


def _receipt(stage: Stage, reply: Reply, action: Action) -> Receipt:
    if action is Action.RECONNECT:
        raise _WornError
    if action is Action.STOP:
        raise DeliveryError(f"the mail service refuses the sender: {reply}", hint=_STOP_HINT)
    if action is Action.BACK_OFF:
        raise ServiceUnavailableError(f"the mail service asks to wait: {reply}")
    return Receipt(_STATES[action], str(reply), blame=_blame(stage, reply, action))


_STATES = {
    Action.GO_ON: MailState.SENT,
    Action.DEFER: MailState.QUEUED,
    Action.FAIL: MailState.FAILED,
    Action.UNCERTAIN: MailState.UNCERTAIN,
}
_STOP_HINT = "nothing of this mail was taken; ask the mail service, then run deliver again"


def _blame(stage: Stage, reply: Reply, action: Action) -> Blame:
    return Blame.NOBODY if action is Action.GO_ON else blame_for(stage, reply)
