"""Whom we talk to, and what we tell them (docs/spec/delivery.md 2 and 6, tests 13 and 14)."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
import trustme
from fault_server import FaultServer
from mail_office import account
from quiet_loop import played

from cecert.adapters.mail import Credentials, Patience, SmtpSender
from cecert.domain.mail.account import MailSecurity
from cecert.domain.mail.message import Mail, MailState
from cecert.errors import ConfigurationError, DeliveryError, ServiceUnavailableError

STARTTLS, TLS, NONE = MailSecurity.STARTTLS, MailSecurity.TLS, MailSecurity.NONE
PASSWORD = Credentials(password="correct horse")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_side(authority: trustme.CA, not_after: datetime | None = None) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1", not_after=not_after).configure_cert(context)
    return context


def client_side(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def run(scene: Coroutine[Any, Any, None]) -> None:
    played(scene)


async def connect(
    server: FaultServer,
    security: MailSecurity,
    authority: trustme.CA | None = None,
    credentials: Credentials | None = None,
    patience: Patience | None = None,
) -> None:
    user = "ce@example.edu" if credentials else ""
    sender = SmtpSender(
        account(server.port, security=security, user=user),
        credentials,
        patience=patience or server.patience(),
        tls=client_side(authority) if authority else None,
    )
    async with sender.lane() as lane:
        await lane.open()


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_a_password_travels_inside_tls(authority: trustme.CA, security: MailSecurity) -> None:
    async def scene() -> None:
        tls = server_side(authority)
        async with FaultServer(
            tls=tls, at_once=security is TLS, password="correct horse"
        ) as server:
            await connect(server, security, authority, PASSWORD)
            secret = base64.b64encode(b"\0ce@example.edu\0correct horse").decode()
            assert f"AUTH PLAIN {secret}" in server.commands
            if security is STARTTLS:
                assert server.commands.index("STARTTLS") < server.commands.index(
                    f"AUTH PLAIN {secret}"
                )

    run(scene())


@pytest.mark.parametrize("security", [STARTTLS, TLS])
@pytest.mark.parametrize("lines", [1, 4000])
def test_mails_go_out_inside_tls_without_waiting(
    authority: trustme.CA, security: MailSecurity, lines: int
) -> None:
    async def scene() -> None:
        content = b"x" * 76 + b"\r\n"
        tls, mail = server_side(authority), Mail("K", "ce@example.edu", "a@x.test", content * lines)
        async with FaultServer(tls=tls, at_once=security is TLS) as server:
            sender = SmtpSender(
                account(server.port, security=security),
                # Long for whoever has a slow machine, and short for who waits for nothing.
                patience=Patience(body=6),
                tls=client_side(authority),
            )
            async with sender.lane() as lane:
                receipts = [await lane.send(mail, _committed) for _ in range(3)]
            assert [each.state for each in receipts] == [MailState.SENT] * 3
            # Who waited in vain for an empty buffer took another connection.
            assert (len(server.taken), server.seen["greeting"]) == (3, 1)

    run(scene())


async def _committed() -> bool:
    return True


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"host": "mail.example.edu"}, "in clear to mail.example.edu"),
        ({"user": "ce"}, "a password in clear"),
        ({"sender": "CE office"}, "from 'CE office' holds a space"),
        ({"reply_to": "x@"}, "reply_to 'x@' has no mail host"),
    ],
)
def test_an_account_that_cannot_be_used_safely_is_refused(
    changes: dict[str, object], problem: str
) -> None:
    with pytest.raises(ConfigurationError, match=problem):
        SmtpSender(account(25, **changes), PASSWORD)


def test_a_user_without_a_password_is_refused_before_anything_is_connected() -> None:
    async def scene() -> None:
        # Looking at messages (--dry-run) needs no password, so the sender alone is fine.
        sender = SmtpSender(account(587, security=STARTTLS, user="ce"))
        with pytest.raises(ConfigurationError, match="mail user ce has no password"):
            async with sender.lane():
                pass

    run(scene())


def test_a_service_without_starttls_hears_nothing_of_us(authority: trustme.CA) -> None:
    async def scene() -> None:
        async with FaultServer(password="correct horse") as server:
            with pytest.raises(DeliveryError, match="does not offer STARTTLS, so nothing was sent"):
                await connect(server, STARTTLS, authority, PASSWORD)
            assert server.commands == ["EHLO example.edu"]

    run(scene())


def test_a_certificate_nobody_trusts_is_refused(authority: trustme.CA) -> None:
    async def scene() -> None:
        async with FaultServer(tls=server_side(authority)) as server:
            with pytest.raises(DeliveryError, match=r"cannot be trusted: .*self-signed|unable"):
                await connect(server, STARTTLS, trustme.CA())

    run(scene())


@pytest.mark.parametrize("security", [STARTTLS, TLS])
def test_an_expired_certificate_is_refused(authority: trustme.CA, security: MailSecurity) -> None:
    async def scene() -> None:
        old = server_side(authority, not_after=datetime(2020, 1, 1, tzinfo=UTC))
        async with FaultServer(tls=old, at_once=security is TLS) as server:
            with pytest.raises(DeliveryError, match="certificate has expired"):
                await connect(server, security, authority)

    run(scene())


def test_a_certificate_for_another_host_is_refused(authority: trustme.CA) -> None:
    async def scene() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        authority.issue_cert("mail.example.edu").configure_cert(context)
        async with FaultServer(tls=context) as server:
            with pytest.raises(DeliveryError, match=r"not valid for|doesn't match|mismatch"):
                await connect(server, STARTTLS, authority)

    run(scene())


def test_a_plain_port_does_not_pass_for_tls(authority: trustme.CA) -> None:
    async def scene() -> None:
        async with FaultServer() as server:
            with pytest.raises(DeliveryError, match="does not speak TLS as asked"):
                await connect(server, TLS, authority)

    run(scene())


def test_a_tls_port_that_is_taken_for_plain_is_reported(authority: trustme.CA) -> None:
    async def scene() -> None:
        async with FaultServer(tls=server_side(authority), at_once=True) as server:
            with pytest.raises(ServiceUnavailableError, match="cannot be reached"):
                # It waits for a greeting in the clear, and the server for a handshake.
                await connect(server, NONE, patience=Patience(connect=1))

    run(scene())


def test_starttls_that_is_refused_or_cut_sends_nothing(authority: trustme.CA) -> None:
    async def scene() -> None:
        for fault, kind in (
            ("454 4.7.0 not now", ServiceUnavailableError),
            ("554 5.7.0 no", DeliveryError),
            ("cut", ServiceUnavailableError),
            ("hang", ServiceUnavailableError),
        ):
            tls = server_side(authority)
            async with FaultServer(tls=tls, faults={"starttls": [fault]}) as server:
                with pytest.raises(kind):
                    await connect(server, STARTTLS, authority, PASSWORD)
                assert not any(each.startswith("AUTH") for each in server.commands)

    run(scene())


def test_a_wrong_password_is_tried_once(authority: trustme.CA) -> None:
    # A password tried three times, once a method, can lock the account.
    async def scene() -> None:
        async with FaultServer(tls=server_side(authority), password="right") as server:
            with pytest.raises(DeliveryError, match=r"535 5\.7\.8 authentication failed") as caught:
                await connect(server, STARTTLS, authority, Credentials("wrong"))
            assert "CECERT_SMTP_PASSWORD" in caught.value.hint
            assert "wrong" not in str(caught.value)
            assert server.seen["auth"] == 1

    run(scene())


def test_a_login_that_must_wait_is_no_wrong_password(authority: trustme.CA) -> None:
    async def scene() -> None:
        for fault in ("454 4.7.0 temporary failure", "cut", "hang", "garbage"):
            tls = server_side(authority)
            async with FaultServer(
                tls=tls, password="correct horse", faults={"auth": [fault]}
            ) as server:
                with pytest.raises(ServiceUnavailableError):
                    await connect(server, STARTTLS, authority, PASSWORD)

    run(scene())


def test_a_service_that_offers_no_login_is_named(authority: trustme.CA) -> None:
    async def scene() -> None:
        async with FaultServer(tls=server_side(authority)) as server:
            with pytest.raises(DeliveryError, match="does not let us log in with PLAIN"):
                await connect(server, STARTTLS, authority, PASSWORD)

    run(scene())


def test_a_host_that_does_not_exist_is_reported() -> None:
    async def scene() -> None:
        # RFC 6761 6.4: .invalid never resolves.
        gone = account(25, host="mail.invalid", security=STARTTLS)
        async with SmtpSender(gone, patience=Patience(connect=0.5)).lane() as lane:
            with pytest.raises(
                ServiceUnavailableError, match=r"mail\.invalid:25 cannot be reached"
            ):
                await lane.open()

    run(scene())


class Tokens:
    """A token service whose first token has expired."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)
        self.renewals: list[bool] = []

    async def token(self, *, renew: bool) -> str:
        self.renewals.append(renew)
        return self._tokens.pop(0)


def test_an_expired_token_is_renewed_once(authority: trustme.CA) -> None:
    async def scene() -> None:
        tokens = Tokens("expired", "fresh")
        async with FaultServer(tls=server_side(authority), tokens=frozenset({"fresh"})) as server:
            await connect(server, STARTTLS, authority, Credentials(tokens=tokens))
            assert tokens.renewals == [False, True]

    run(scene())


def test_a_token_refused_twice_stops_the_batch(authority: trustme.CA) -> None:
    async def scene() -> None:
        tokens = Tokens("expired", "expired too", "never asked for")
        async with FaultServer(tls=server_side(authority), tokens=frozenset({"fresh"})) as server:
            with pytest.raises(DeliveryError, match="refuses us: 535"):
                await connect(server, STARTTLS, authority, Credentials(tokens=tokens))
            assert server.seen["auth"] == 2

    run(scene())


def test_credentials_never_show() -> None:
    assert "correct horse" not in repr(PASSWORD)
