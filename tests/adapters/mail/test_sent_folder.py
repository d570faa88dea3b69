"""The Sent folder: what lies there was taken, and of the rest nobody can say.

Source: docs/spec/delivery.md 4.6.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterator
from pathlib import Path

import pytest
import trustme
from imap_server import ImapServer, imap_server

from cecert.adapters.mail import Credentials, ImapSentFolder
from cecert.adapters.mail.sent_folder import _Proof
from cecert.errors import DeliveryError

HERE, NOT_HERE = "<7q2m.1.issue@example.edu>", "<9vtr.1.issue@example.edu>"
COPY = f"Subject: x\r\nMessage-ID: {HERE}\r\n\r\nwords\r\n".encode()
PASSWORD = Credentials("correct horse")


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def server(
    authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[ImapServer]:
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "authority.pem"))
    with imap_server(authority) as running:
        running.sent.append(COPY)
        yield running


def looked_for(
    server: ImapServer, credentials: Credentials | None = PASSWORD, folder: str = ""
) -> Collection[str]:
    place = ImapSentFolder("localhost", server.port, folder, server.user, credentials)
    return asyncio.run(place.holds([HERE, NOT_HERE]))


@pytest.mark.parametrize("folder", ["", "Sent Items"])
def test_what_lies_in_the_folder_is_found(server: ImapServer, folder: str) -> None:
    assert list(looked_for(server, folder=folder)) == [HERE]
    told = {each.partition(" ")[0] for each in server.commands}
    assert told <= {"CAPABILITY", "AUTHENTICATE", "LIST", "EXAMINE", "SEARCH", "LOGOUT"}


def test_a_folder_whose_name_holds_quotes_is_found(server: ImapServer) -> None:
    server.name = r"a \"sent\" \\ folder"
    assert list(looked_for(server, folder=r'a "sent" \ folder')) == [HERE]


@pytest.mark.parametrize(
    "folders",
    [
        [r'(\HasNoChildren) "/" "INBOX"'],
        ['(\\Sent) "/" {10}\r\nSent Items'],  # a literal: nobody needs one for such a name
    ],
)
def test_a_mailbox_that_marks_no_folder_as_sent_says_so(
    server: ImapServer, folders: list[str]
) -> None:
    server.folders = folders
    with pytest.raises(DeliveryError, match="marks no folder as Sent") as caught:
        looked_for(server)
    assert "imaps://HOST/FOLDER" in caught.value.hint


def test_a_folder_that_is_not_there_says_so(server: ImapServer) -> None:
    with pytest.raises(DeliveryError, match=r"cannot be searched: NO .*no such folder"):
        looked_for(server, folder="Gone")


def test_a_wrong_password_is_tried_once_and_never_shown(server: ImapServer) -> None:
    with pytest.raises(DeliveryError, match="does not let us in: AUTHENTICATE failed") as caught:
        looked_for(server, Credentials("a wrong one"))
    assert server.logins == 1
    assert "a wrong one" not in repr(caught.value) + repr(caught.value.__cause__)


def test_a_missing_password_asks_nobody(server: ImapServer) -> None:
    with pytest.raises(DeliveryError, match="without its password"):
        looked_for(server, None)
    assert server.logins == 0


class Tokens:
    """A token service whose first token has expired."""

    def __init__(self, *tokens: str) -> None:
        self.left = list(tokens)

    async def token(self, *, renew: bool) -> str:
        del renew
        return self.left.pop(0)


def test_what_is_said_to_log_in_never_shows() -> None:
    assert "correct horse" not in repr(_Proof("PLAIN", "\0us\0correct horse"))


def test_an_expired_token_is_renewed_once(server: ImapServer) -> None:
    server.tokens = frozenset({"fresh"})
    assert list(looked_for(server, Credentials(tokens=Tokens("expired", "fresh")))) == [HERE]
    assert server.logins == 2


def test_a_token_refused_twice_is_no_longer_tried(server: ImapServer) -> None:
    tokens = Tokens("expired", "expired too", "never asked for")
    with pytest.raises(DeliveryError, match="does not let us in"):
        looked_for(server, Credentials(tokens=tokens))
    assert tokens.left == ["never asked for"]


@pytest.mark.parametrize(
    ("command", "fault"),
    [
        ("AUTHENTICATE", "cut"),
        ("LIST", "NO not now"),
        ("EXAMINE", "cut"),
        ("SEARCH", "NO not now"),
        ("SEARCH", "BAD what"),
        ("SEARCH", "cut"),
    ],
)
def test_whatever_goes_wrong_is_one_error_with_its_place(
    server: ImapServer, command: str, fault: str
) -> None:
    server.faults[command] = fault
    with pytest.raises(DeliveryError, match=f"localhost:{server.port} cannot be searched"):
        looked_for(server)


def test_a_service_that_is_not_there_is_named() -> None:
    place = ImapSentFolder("localhost", 1, "", "ce@example.edu", PASSWORD)
    with pytest.raises(DeliveryError, match="localhost:1 cannot be searched"):
        asyncio.run(place.holds([HERE]))


def test_a_certificate_nobody_trusts_hears_no_password(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(DeliveryError, match="shows a certificate that cannot be trusted"):
        looked_for(server)
    assert server.logins == 0
