"""Uncertain mails are looked for in the Sent folder: found is sent, not found stays uncertain."""

from __future__ import annotations

import json
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme
from fault_server import FaultServer, served
from imap_server import ImapServer, imap_server
from token_service import key_file, serving

from cecert.office import Office

Cecert = Callable[..., tuple[int, str, str]]
MAILBOX = "ce@example.edu"
PASSWORD = "correct horse"


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def smtp(authority: trustme.CA) -> Iterator[FaultServer]:
    """A service that takes the first mail and cuts the line; it knows a password and a token."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("localhost").configure_cert(context)
    server = FaultServer(
        faults={"dot": ["take+cut"]}, tls=context, password=PASSWORD, tokens=frozenset({"token 1"})
    )
    with served(server) as running:
        yield running


@pytest.fixture
def imap(authority: trustme.CA) -> Iterator[ImapServer]:
    with imap_server(authority) as running:
        running.password = PASSWORD
        running.tokens = frozenset({"token 1", "token 2", "token 3", "token 4"})
        yield running


@pytest.fixture
def uncertain(
    authority: trustme.CA,
    smtp: FaultServer,
    imap: ImapServer,
    issued_office: Path,
    cecert: Cecert,
    monkeypatch: pytest.MonkeyPatch,
) -> str:
    """An office with one uncertain mail, which arrived; the certificate's id."""
    authority.cert_pem.write_to_path(issued_office / "authority.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(issued_office / "authority.pem"))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(issued_office / "authority.pem"))
    monkeypatch.setenv("CECERT_SMTP_PASSWORD", PASSWORD)
    configure(issued_office, smtp, imap)
    status, out, _ = cecert("deliver", "--json", "--accept-late")
    report = json.loads(out)
    assert (status, report["counts"]["uncertain"], report["counts"]["sent"]) == (1, 1, 4)
    (found,) = [each for each in report["mails"] if each["state"] == "uncertain"]
    return str(found["certificate"])


def configure(folder: Path, smtp: FaultServer, imap: ImapServer, more: str = "") -> None:
    path = folder / "cecert.toml"
    text = path.read_text("utf-8").replace(
        'host = "localhost"\nport = 2525\n',
        f'host = "localhost"\nport = {smtp.port}\nsecurity = "starttls"\nuser = "{MAILBOX}"\n'
        f'evidence = "imaps://localhost:{imap.port}"\n{more}',
    )
    path.write_text(text, "utf-8")


def states(cecert: Cecert) -> list[str]:
    mails = json.loads(cecert("status", "--json")[1])["mails"]
    return sorted(each["state"] for each in mails)


def reply(cecert: Cecert, certificate: str) -> str:
    mails = json.loads(cecert("status", "--json")[1])["mails"]
    return str(next(each["reply"] for each in mails if each["certificate"] == certificate))


def file_copies(smtp: FaultServer, imap: ImapServer) -> None:
    imap.sent += [each.content for each in smtp.taken]


def test_deliver_settles_what_lies_in_the_sent_folder(
    smtp: FaultServer, imap: ImapServer, uncertain: str, cecert: Cecert
) -> None:
    file_copies(smtp, imap)
    assert cecert("deliver")[0] == 0
    assert states(cecert) == ["sent"] * 5
    assert reply(cecert, uncertain) == "by the Sent folder: it holds the mail"
    assert len(smtp.taken) == 5
    asked = imap.logins
    cecert("deliver")
    assert imap.logins == asked  # nothing is uncertain: nobody is asked


def test_what_does_not_lie_there_stays_uncertain_and_is_not_sent_again(
    smtp: FaultServer, imap: ImapServer, uncertain: str, cecert: Cecert
) -> None:
    file_copies(smtp, imap)
    imap.sent = [each for each in imap.sent if uncertain.encode() not in each]
    assert cecert("deliver")[0] == 0
    assert states(cecert) == ["sent"] * 4 + ["uncertain"]
    assert (imap.logins, len(smtp.taken)) == (1, 5)


def test_a_folder_that_cannot_be_searched_lets_the_others_go(
    smtp: FaultServer, imap: ImapServer, uncertain: str, cecert: Cecert
) -> None:
    imap.faults["SEARCH"] = "NO not now"
    sent = next(
        each["certificate"]
        for each in json.loads(cecert("status", "--json")[1])["mails"]
        if each["certificate"] != uncertain
    )
    assert cecert("resend", sent)[0] == 0
    status, _, told = cecert("deliver", "--accept-late")
    assert (status, len(smtp.taken)) == (0, 6)
    assert "warning: uncertain mails were not looked for: localhost:" in told


@pytest.mark.parametrize("typed", [str, str.lower, "{}:issue".format])
def test_a_mail_that_lies_in_the_sent_folder_is_not_sent_again_by_a_person(
    smtp: FaultServer,
    imap: ImapServer,
    uncertain: str,
    cecert: Cecert,
    typed: Callable[[str], str],
) -> None:
    file_copies(smtp, imap)
    status, _, told = cecert("mail", "resolve", typed(uncertain), "--resend")
    assert status == 1
    assert "lies in the Sent folder: it counts as sent, and is not sent again" in told
    assert states(cecert) == ["sent"] * 5


@pytest.mark.parametrize("fault", ["", "NO not now"])
def test_a_person_decides_what_the_sent_folder_cannot_say(
    imap: ImapServer, uncertain: str, cecert: Cecert, fault: str
) -> None:
    imap.faults = {"SEARCH": fault}
    status, _, told = cecert("mail", "resolve", uncertain, "--resend")
    assert status == 0
    assert ("warning: the Sent folder was not searched" in told) == bool(fault)
    assert states(cecert) == ["queued"] + ["sent"] * 4


@pytest.mark.usefixtures("uncertain")
def test_a_person_who_says_delivered_is_believed(
    imap: ImapServer, uncertain: str, cecert: Cecert
) -> None:
    assert cecert("mail", "resolve", uncertain, "--delivered")[0] == 0
    assert imap.logins == 0


def test_a_restored_ledger_is_compared_with_the_sent_folder(
    smtp: FaultServer,
    imap: ImapServer,
    uncertain: str,
    issued_office: Path,
    cecert: Cecert,
) -> None:
    file_copies(smtp, imap)
    (issued_office / "sent.jsonl").unlink()  # that disk is gone too
    assert cecert("mail", "resolve", uncertain, "--delivered")[0] == 0
    assert cecert("resend", uncertain)[0] == 0
    status, _, told = cecert("mail", "quarantine", "--since", "2020-11-05T14:00-05:00")
    assert status == 0
    assert "1 mails are held; 0 of them are in the send log and count as sent" in told
    assert "of the others lie" not in told  # the resend was never sent
    imap.sent.append(b"Message-ID: " + message_id(f"{uncertain}:resend-1") + b"\r\n\r\n")
    status, _, told = cecert("mail", "quarantine", "--since", "2020-11-05T14:00-05:00")
    assert "1 of the others lie in the Sent folder and count as sent too" in told


def message_id(key: str) -> bytes:
    with Office.open("cecert.toml") as office:
        row = office.outbox.row(key)
        assert row is not None
        return row.message_id.encode("ascii")


def test_tokens_open_the_mailbox_too(
    authority: trustme.CA,
    smtp: FaultServer,
    imap: ImapServer,
    issued_office: Path,
    uncertain: str,
    cecert: Cecert,
) -> None:
    file_copies(smtp, imap)
    imap.password = "none"
    with serving(authority) as tokens:
        key_file(issued_office, tokens)
        path = issued_office / "cecert.toml"
        more = 'auth = "google"\nservice_account_file = "key.json"\nevidence'
        path.write_text(path.read_text("utf-8").replace("\nevidence", f"\n{more}"), "utf-8")
        assert cecert("deliver")[0] == 0
    assert reply(cecert, uncertain) == "by the Sent folder: it holds the mail"


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ('user = "me"\nevidence = "imap"', "is not an address such as imaps://imap.example.edu/"),
        ('user = "me"\nevidence = "imap://h/Sent"', "is not an address such as imaps://"),
        ('user = "me"\nevidence = "imaps:///Sent"', "is not an address such as imaps://"),
        ('user = "me"\nevidence = "imaps://me@h/Sent"', "is not a plain address"),
        ('user = "me"\nevidence = "imaps://h:x/Sent"', "mail.evidence: 'imaps://h:x/Sent' "),
        ('user = "me"\nevidence = "imaps://h/Gesendet%C3%A4"', "letters outside ASCII"),
        ('evidence = "imaps://h/Sent"', "needs user, whose mailbox is searched"),
    ],
)
def test_evidence_that_cannot_be_had_is_refused(
    issued_office: Path, cecert: Cecert, keys: str, told: str
) -> None:
    path = issued_office / "cecert.toml"
    text = path.read_text("utf-8")
    path.write_text(text.replace('host = "localhost"', f'host = "mail.test"\n{keys}'), "utf-8")
    status, _, words = cecert("lint")
    assert status == 2
    assert told in words
