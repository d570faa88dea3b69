"""Accounts of `[mail]`: tokens of Microsoft and Google, and a Maildir in a mail service's stead."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from pathlib import Path

import pytest
import trustme
from fault_server import FaultServer, served
from running import server_tls
from token_service import TokenService, key_file, serving

Cecert = Callable[..., tuple[int, str, str]]
MAILBOX = "ce@example.edu"
HOST = 'host = "localhost"\nport = 2525'


@dataclass
class Accounts:
    """An office whose `[mail]` a test writes, and the authority that its services' TLS rests on.

    Attributes:
        folder: The office's.
        authority: Trusted by cecert and by the token libraries.
    """

    folder: Path
    authority: trustme.CA = field(default_factory=trustme.CA)

    def write(self, mail: str) -> None:
        path = self.folder / "cecert.toml"
        text = path.read_text("utf-8")
        assert text.count(HOST) == 1
        path.write_text(text.replace(HOST, mail), "utf-8")

    def smtp(self, *tokens: str) -> FaultServer:
        """Return a service that takes these tokens, inside TLS."""
        return FaultServer(tls=server_tls(self.authority), tokens=frozenset(tokens))

    def microsoft(self, server: FaultServer) -> None:
        self.write(
            f'host = "localhost"\nport = {server.port}\nsecurity = "starttls"\nauth = "microsoft"\n'
            f'user = "{MAILBOX}"\ntenant = "tenant"\nclient_id = "us"'
        )

    def google(self, server: FaultServer) -> None:
        self.write(
            f'host = "localhost"\nport = {server.port}\nsecurity = "starttls"\nauth = "google"\n'
            f'user = "{MAILBOX}"\nservice_account_file = "key.json"'
        )


@pytest.fixture
def accounts(issued_office: Path, monkeypatch: pytest.MonkeyPatch) -> Accounts:
    made = Accounts(issued_office)
    bundle = issued_office / "authorities.pem"
    made.authority.cert_pem.write_to_path(bundle)
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    return made


@pytest.fixture
def tokens(accounts: Accounts, monkeypatch: pytest.MonkeyPatch) -> Iterator[TokenService]:
    """A token service that stands where Microsoft's does."""
    with serving(accounts.authority) as service:
        monkeypatch.setattr("cecert.adapters.mail.tokens.MICROSOFT", service.base)
        yield service


def test_mails_go_out_with_microsoft_s_tokens(
    accounts: Accounts,
    tokens: TokenService,
    cecert: Cecert,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CECERT_SMTP_PASSWORD", "the application's secret")
    with served(accounts.smtp("token 1", "token 2")) as server:
        accounts.microsoft(server)
        assert cecert("mail", "test", "--to", "me@example.edu")[0] == 0
        assert cecert("mail", "plan", "--json", "--accept-late")[0] == 0
        status, _, told = cecert("deliver", "--json", "--accept-late")
        assert (status, len(server.taken)) == (0, 6), told
    assert tokens.given == 2  # one for each command that sends


def test_microsoft_s_secret_can_lie_in_a_file(
    accounts: Accounts, tokens: TokenService, cecert: Cecert
) -> None:
    (accounts.folder / "secret").write_text("the application's secret\n")
    with served(accounts.smtp("token 1")) as server:
        accounts.microsoft(server)
        text = (accounts.folder / "cecert.toml").read_text("utf-8")
        text = text.replace('client_id = "us"', 'client_id = "us"\npassword_file = "secret"')
        (accounts.folder / "cecert.toml").write_text(text, "utf-8")
        (accounts.folder / "secret").chmod(0o640)
        status, _, told = cecert("mail", "test", "--to", "me@example.edu")
        assert (status, told.count("secret holds a secret, and others")) == (0, 1)
    assert tokens.given == 1


@pytest.mark.usefixtures("tokens")
def test_an_account_without_its_secret_says_where_it_belongs(
    accounts: Accounts, cecert: Cecert
) -> None:
    with served(accounts.smtp("token 1")) as server:
        accounts.microsoft(server)
        status, _, told = cecert("mail", "test", "--to", "me@example.edu")
        assert (status, server.seen["greeting"]) == (2, 0)
    assert "set CECERT_SMTP_PASSWORD, or name a file with password_file" in told


@pytest.mark.parametrize(
    ("taken", "words", "mails"),
    [
        (1, ("deliver", "--accept-late"), 5),
        (2, ("mail", "test", "--to", "me@example.edu"), 1),  # as if the first had expired
    ],
)
def test_mails_go_out_with_google_s_token_or_with_the_one_it_is_renewed_by(
    accounts: Accounts,
    tokens: TokenService,
    cecert: Cecert,
    taken: int,
    words: tuple[str, ...],
    mails: int,
) -> None:
    key_file(accounts.folder, tokens).chmod(0o644)
    with served(accounts.smtp(f"token {taken}")) as server:
        accounts.google(server)
        status, _, told = cecert(*words)
        assert (status, len(server.taken)) == (0, mails), told
    assert told.count("key.json holds a secret, and others") == 1
    assert tokens.given == taken


@pytest.mark.parametrize(
    ("refuses", "logins", "words"),
    [
        (True, 0, ["stopped: Google gives no token"]),
        (
            False,  # but the mail service does, a renewed one too
            2,
            ["the mail service refuses us: 535", "is a mailbox that may send with SMTP AUTH"],
        ),
    ],
)
def test_whoever_is_refused_stops_the_batch_and_fails_nobody(
    accounts: Accounts,
    tokens: TokenService,
    cecert: Cecert,
    refuses: bool,
    logins: int,
    words: list[str],
) -> None:
    tokens.refuses = refuses
    key_file(accounts.folder, tokens)
    with served(accounts.smtp("none of theirs")) as server:
        accounts.google(server)
        status, _, told = cecert("deliver", "--accept-late")
        assert (status, server.seen["auth"], server.taken) == (1, logins, [])
    assert tokens.given == logins
    assert [each for each in words if each not in told] == []
    mails = json.loads(cecert("status", "--json")[1])["mails"]
    assert {each["state"] for each in mails} == {"queued"}


@pytest.mark.parametrize(("auth", "module"), [("microsoft", "msal"), ("google", "google.auth")])
def test_a_package_that_is_missing_is_named_with_its_extra(
    accounts: Accounts,
    tokens: TokenService,
    cecert: Cecert,
    monkeypatch: pytest.MonkeyPatch,
    auth: str,
    module: str,
) -> None:
    key_file(accounts.folder, tokens)
    monkeypatch.setenv("CECERT_SMTP_PASSWORD", "the application's secret")
    getattr(accounts, auth)(FaultServer(port=2525))
    monkeypatch.setitem(sys.modules, module, None)  # as if it were not installed
    status, _, told = cecert("deliver", "--accept-late")
    assert status == 2
    assert f"tokens need {module}, which is not installed" in told
    assert f"cecert: hint: pip install 'cecert[{auth}]'" in told


def test_a_maildir_takes_the_mails_in_a_service_s_stead(accounts: Accounts, cecert: Cecert) -> None:
    accounts.write('maildir = "outgoing"')
    assert cecert("mail", "test", "--to", "me@example.edu")[0] == 0
    assert cecert("mail", "plan", "--json", "--accept-late")[0] == 0
    status, out, _ = cecert("deliver", "--json", "--accept-late")
    assert status == 0
    report = json.loads(out)
    assert report["counts"]["sent"] == 5
    assert cecert("deliver")[0] == 0
    filed = [each.read_bytes() for each in (accounts.folder / "outgoing" / "new").iterdir()]
    subjects = [str(message_from_bytes(each)["Subject"]) for each in filed]
    assert len(filed) == 6
    assert sum(each.startswith("[TEST]") for each in subjects) == 1
    assert report["mails"][0]["reply"].startswith("filed as new/")


def test_a_host_in_the_environment_takes_a_maildir_s_place(
    accounts: Accounts, cecert: Cecert, monkeypatch: pytest.MonkeyPatch
) -> None:
    accounts.write('maildir = "outgoing"')
    with served(FaultServer()) as server:
        monkeypatch.setenv("CECERT_SMTP_PORT", str(server.port))
        status, _, told = cecert("deliver", "--accept-late")
        assert status == 2
        assert "CECERT_SMTP_PORT" in told
        assert "[mail] names a Maildir; set CECERT_SMTP_HOST too" in told
        monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
        assert cecert("deliver", "--accept-late")[0] == 0
        assert len(server.taken) == 5
    assert not (accounts.folder / "outgoing").exists()


@pytest.mark.parametrize(
    ("mail", "told"),
    [
        ("", ["mail.host: is missing: name a host, or a folder with maildir"]),
        ('maildir = "out"\nhost = "h"', ["mail.host: 'h' is a mail service's"]),
        (
            'maildir = "out"\nport = 25\nsecurity = "tls"\nuser = "me"\nbounce_to = "b@a.edu"',
            [
                "mail.port: '25' is a mail service's, and maildir names a folder",
                "mail.security: 'tls' is a mail service's",
                "mail.user: 'me' is a mail service's",
                "mail.bounce_to: 'b@a.edu' is a mail service's",
            ],
        ),
        (
            'host = "h"\nauth = "microsoft"',
            [
                'mail.user: is missing: auth = "microsoft" needs the mailbox that sends',
                "mail.tenant: is missing",
                "mail.client_id: is missing",
            ],
        ),
        (
            'host = "h"\nuser = "me"\nauth = "google"\npassword_file = "key.json"\ntenant = "t"',
            [
                "mail.service_account_file: is missing",
                "mail.password_file: 'key.json' does nothing with auth = \"google\"",
                "mail.tenant: 't' does nothing",
            ],
        ),
        (
            'host = "h"\nauth = "google"\nuser = "me"\nservice_account_file = "gone.json"',
            ["mail.service_account_file: 'gone.json' is no file"],
        ),
        ('host = "h"\ntenant = "t"', ["mail.tenant: 't' does nothing with auth = \"password\""]),
        ('host = "h"\nauth = "gogle"', ["mail.auth: 'gogle' is not one of", "did you mean google"]),
        ('host = "h"\nmail_dir = "x"', ["mail.mail_dir: is no known key; did you mean maildir?"]),
        ('host = "h"\nclient_secret = "x"', ["mail.client_secret: would put a secret"]),
    ],
)
def test_keys_that_do_not_go_together_are_refused_with_all_others(
    accounts: Accounts, cecert: Cecert, mail: str, told: list[str]
) -> None:
    (accounts.folder / "key.json").write_text("{}")
    accounts.write(mail)
    status, _, words = cecert("lint")
    assert status == 2
    for each in told:
        assert each in words
