"""One connection to a submission service: opened in known steps, asked one question at a time.

aiosmtplib raises the same errors before and after the final dot, hides a refusal
behind a lost RSET, and after a cancelled wait reads each answer as the next one's. So
every answer becomes a `Reply`, and a connection that was left in the middle of a
question is cut, never reused.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Protocol, cast

import aiosmtplib

from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.domain.mail.replies import BROKEN, Action, Reply, Stage, action_for
from cecert.errors import DeliveryError, ServiceUnavailableError

__all__ = ["Credentials", "Patience", "SmtpConnection", "TokenSource", "open_connection"]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait, in seconds, at each stage (RFC 5321 4.5.3.2).

    Attributes:
        connect: For the connection, its TLS handshake, greeting and login, each.
        command: For an answer to MAIL and RCPT.
        data: For the 354 after DATA.
        body: For the body to be taken.
        dot: For the answer to the final dot: giving up early makes duplicates.
        idle: How long an unused connection is still believed to be good.
        quit: For QUIT and RSET, whose answers change nothing.
    """

    connect: float = 30
    command: float = 300
    data: float = 120
    body: float = 180
    dot: float = 600
    idle: float = 5
    quit: float = 5


class TokenSource(Protocol):
    """Gets OAuth 2 access tokens for XOAUTH2."""

    async def token(self, *, renew: bool) -> str:
        """Return a token; with *renew*, one that is newer than the one that was refused.

        Raises:
            DeliveryError: If none can be had.
        """
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """How to log in; never shown.

    Attributes:
        password: For PLAIN, LOGIN or CRAM-MD5; "" where tokens are used.
        tokens: For XOAUTH2, None where there is a password.
    """

    password: str = ""
    tokens: TokenSource | None = None

    def __repr__(self) -> str:
        return "Credentials(...)"


class SmtpConnection:
    """An open, secured, logged-in connection."""

    def __init__(self, smtp: aiosmtplib.SMTP, patience: Patience) -> None:
        self._smtp = smtp
        self._stream = _stream_of(smtp)
        self._patience = patience
        self.mails = 0
        self.used_at = asyncio.get_running_loop().time()

    @property
    def reused(self) -> bool:
        """Whether this connection carried a mail before."""
        return self.mails > 0

    @property
    def usable(self) -> bool:
        """Whether it is open and was used a moment ago."""
        idle = asyncio.get_running_loop().time() - self.used_at
        return self._smtp.is_connected and idle <= self._patience.idle

    def supports(self, extension: str) -> bool:
        """Whether the service offers an extension."""
        return self._smtp.supports_extension(extension)

    async def ask(self, *words: bytes, wait: float) -> Reply:
        """Send one command and return its answer; a cut or late one is `BROKEN`."""
        return await _reply(self._smtp.execute_command(*words, timeout=wait))

    async def write_body(self, wire: bytes) -> Reply | None:
        """Write the message without its final dot; None once the service's side has it all."""
        protocol = self._smtp.protocol
        try:
            if protocol is None:
                return Reply(BROKEN, "connection lost before the message")
            protocol.write(wire)
            async with asyncio.timeout(self._patience.body):
                await self._stream.drain()
        except TimeoutError:
            return Reply(BROKEN, "the service stopped reading the message")
        except aiosmtplib.SMTPServerDisconnected as cut:
            return Reply(BROKEN, str(cut))
        except OSError:
            return _LOST
        # Who waits is let go too where the connection ends without an error.
        return None if self._smtp.is_connected else _LOST

    async def dot(self) -> Reply:
        """Send the final dot and return the answer to it."""
        protocol = self._smtp.protocol
        if protocol is None:
            return Reply(BROKEN, "connection lost at the final dot")
        try:
            protocol.write(b".\r\n")
        except aiosmtplib.SMTPServerDisconnected as cut:
            return Reply(BROKEN, str(cut))
        return await _reply(protocol.read_response(timeout=self._patience.dot))

    async def reset(self) -> bool:
        """Clear a refused transaction; False if the connection is no good any more."""
        answer = await self.ask(b"RSET", wait=self._patience.quit)
        return action_for(Stage.CONNECT, answer, reused=True) is Action.GO_ON

    def touch(self) -> None:
        """Remember that it was just used for a mail."""
        self.mails += 1
        self.used_at = asyncio.get_running_loop().time()

    async def quit(self) -> None:
        """Close it politely; no answer to QUIT matters."""
        if self._smtp.is_connected:
            await self.ask(b"QUIT", wait=self._patience.quit)
        # Not TLS's own farewell, for which the service may let us wait: all was said.
        self.cut()
        await asyncio.sleep(0)  # in the next turn the socket is closed

    def cut(self) -> None:
        """Close it at once, in the middle of whatever it was doing."""
        if self._smtp.transport is not None:
            cast("asyncio.WriteTransport", self._smtp.transport).abort()
        self._smtp.close()


_LOST = Reply(BROKEN, "connection lost in the message")


def _stream_of(smtp: aiosmtplib.SMTP) -> asyncio.StreamWriter:
    """Return what waits for an empty write buffer, and no sooner."""
    transport = cast("asyncio.WriteTransport", smtp.transport)
    # asyncio's TLS pauses a writer at the upper limit, not above it: at 0 an empty one too,
    # which nothing lets go.
    high = 0 if transport.get_extra_info("ssl_object") is None else 1
    transport.set_write_buffer_limits(high, low=0)
    # Its protocol is made for it, so nothing of asyncio's own insides is touched.
    protocol = cast("asyncio.StreamReaderProtocol", smtp.protocol)
    return asyncio.StreamWriter(transport, protocol, None, asyncio.get_running_loop())


async def _reply(answer: Awaitable[aiosmtplib.SMTPResponse]) -> Reply:
    try:
        code, text = await answer
    except aiosmtplib.SMTPResponseException as odd:
        return Reply(odd.code, odd.message)
    except (aiosmtplib.SMTPException, OSError) as broken:
        return Reply(BROKEN, str(broken))
    return Reply(code, text)


async def open_connection(
    account: MailAccount,
    credentials: Credentials | None,
    patience: Patience,
    tls: ssl.SSLContext | None,
) -> SmtpConnection:
    """Connect, secure and log in.

    Args:
        account: Where and as whom.
        credentials: None where the account has no user.
        patience: Time-outs.
        tls: Whom to trust; needed where the account's security asks for TLS.

    Raises:
        ServiceUnavailableError: If the service cannot be reached or asks to wait.
        DeliveryError: If it refuses us, or cannot be trusted.
    """
    smtp = aiosmtplib.SMTP(
        hostname=account.host,
        port=account.port,
        use_tls=account.security is MailSecurity.TLS,
        start_tls=False,
        # The machine's own name is nobody's business, and looking it up can hang.
        local_hostname=account.mail_host,
        timeout=patience.connect,
        tls_context=tls,
    )
    try:
        await _greet(smtp, account)
        if account.user and credentials is not None:
            await _log_in(smtp, account.user, credentials)
    except BaseException:
        # A wait that was cancelled leaves the answers shifted by one.
        if smtp.transport is not None:
            cast("asyncio.WriteTransport", smtp.transport).abort()
        smtp.close()
        raise
    return SmtpConnection(smtp, patience)


async def _greet(smtp: aiosmtplib.SMTP, account: MailAccount) -> None:
    where = f"{account.host}:{account.port}"
    try:
        await smtp.connect()
        await smtp.ehlo()
        if account.security is MailSecurity.STARTTLS:
            await _secure(smtp, where)
    except aiosmtplib.SMTPResponseException as refusal:
        _judge(Stage.CONNECT, Reply(refusal.code, refusal.message), where)
    except (aiosmtplib.SMTPException, OSError) as fault:
        _judge_fault(fault, where)


async def _secure(smtp: aiosmtplib.SMTP, where: str) -> None:
    if not smtp.supports_extension("starttls"):
        raise DeliveryError(
            f"{where} does not offer STARTTLS, so nothing was sent",
            hint='use security = "tls" with its port for TLS (often 465), or another service',
        )
    await smtp.starttls()
    await smtp.ehlo()


def _judge_fault(fault: Exception, where: str) -> None:
    """Tell a service that cannot be trusted from one that cannot be reached."""
    cause: BaseException | None = fault
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise DeliveryError(
                f"{where} shows a certificate that cannot be trusted: {cause.verify_message}",
                hint="nothing was sent; check [mail] host, and ask who runs the service",
            ) from fault
        if isinstance(cause, ssl.SSLError):
            raise DeliveryError(
                f"{where} does not speak TLS as asked: {cause.reason or cause}",
                hint="nothing was sent; check [mail] port and security",
            ) from fault
        cause = cause.__cause__
    raise ServiceUnavailableError(f"{where} cannot be reached: {fault}") from fault


async def _log_in(smtp: aiosmtplib.SMTP, user: str, credentials: Credentials) -> None:
    reply = await _reply(_authenticate(smtp, user, credentials, renew=False))
    if reply.code == _REFUSED and credentials.tokens is not None:
        # A token may have expired on its way; a password is never tried twice.
        reply = await _reply(_authenticate(smtp, user, credentials, renew=True))
    hint = _PASSWORD_HINT if credentials.tokens is None else _TOKEN_HINT
    _judge(Stage.AUTH, reply, "the mail service", hint)


_REFUSED = 535


async def _authenticate(
    smtp: aiosmtplib.SMTP, user: str, credentials: Credentials, *, renew: bool
) -> aiosmtplib.SMTPResponse:
    if credentials.tokens is not None:
        _require(smtp, "xoauth2")
        return await smtp.auth_xoauth2(user, await credentials.tokens.token(renew=renew))
    ways = {"plain": smtp.auth_plain, "login": smtp.auth_login, "cram-md5": smtp.auth_crammd5}
    for name, way in ways.items():
        if name in smtp.server_auth_methods:
            return await way(user, credentials.password)
    return _require(smtp, "plain")


def _require(smtp: aiosmtplib.SMTP, method: str) -> aiosmtplib.SMTPResponse:
    if method not in smtp.server_auth_methods:
        offered = ", ".join(smtp.server_auth_methods) or "none"
        raise DeliveryError(
            f"the mail service does not let us log in with {method.upper()}; it offers {offered}",
            hint="leave user out of [mail] if it asks for no login",
        )
    return aiosmtplib.SMTPResponse(0, "")


def _judge(stage: Stage, reply: Reply, where: str, hint: str = "") -> None:
    action = action_for(stage, reply, reused=False)
    if action is Action.STOP:
        raise DeliveryError(f"{where} refuses us: {reply}", hint=hint)
    if action is not Action.GO_ON:
        raise ServiceUnavailableError(f"{where} asks to wait: {reply}")


_PASSWORD_HINT = "check [mail] user and CECERT_SMTP_PASSWORD; nothing was sent"
_TOKEN_HINT = (
    "nothing was sent; check that [mail] user is a mailbox that may send with SMTP AUTH, and that "
    "the application or service account may send as it"
)
