"""`revoke` where the office tells holders, and what `status` and `mail retry` say of the ended."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from fault_server import FaultServer, served

Run = Callable[..., tuple[int, str, str]]
MARGARET = "m.adeyemi@example.org"
REVOKE = ("revoke", MARGARET, "--reason-class", "issued-in-error", "--reason", "row 17 was another")


@pytest.fixture
def office(issued_office: Path) -> Path:
    """The office, which tells holders."""
    file = issued_office / "cecert.toml"
    text = file.read_text("utf-8")
    file.write_text(text.replace("[mail]\n", "[mail]\ntell_revoked = true\n", 1), "utf-8")
    return issued_office


def send(cecert: Run, monkeypatch: pytest.MonkeyPatch, **faults: list[str]) -> list[str]:
    with served(FaultServer(faults=faults)) as server:
        monkeypatch.setenv("CECERT_SMTP_HOST", "127.0.0.1")
        monkeypatch.setenv("CECERT_SMTP_PORT", str(server.port))
        cecert("deliver", "--accept-late")
        return [each.content.decode("utf-8", "replace") for each in server.taken]


def mail_of(cecert: Run, kind: str) -> dict[str, object]:
    mails = json.loads(cecert("status", "--json")[1])["mails"]
    found: dict[str, object]
    (found,) = [each for each in mails if each["kind"] == kind and each["email"] == MARGARET]
    return found


@pytest.mark.usefixtures("office")
def test_the_holder_is_told_and_status_shows_it(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(send(cecert, monkeypatch)) == 5
    status, _, err = cecert(*REVOKE)
    assert status == 0
    assert "the holder is told by mail, with the reason as it is written here" in err
    assert f"the mail that tells {MARGARET} is queued; deliver sends it" in err
    assert mail_of(cecert, "revoked")["state"] == "queued"
    assert "queued; tells of the revocation" in cecert("status")[1]
    (mail,) = send(cecert, monkeypatch)
    assert "Subject: Your CE certificate was revoked: Mentalization Based Treatment" in mail
    assert "Row 17 was another." in mail
    assert send(cecert, monkeypatch) == []
    told = mail_of(cecert, "revoked")
    assert (told["state"], told["certificate_state"]) == ("sent", "revoked")
    assert cecert("audit")[0] == 0


@pytest.mark.usefixtures("office")
def test_whose_certificate_never_went_out_is_told_nothing(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, _, err = cecert(*REVOKE)
    assert status == 0
    assert "note: no mail of it went out, so nobody is told" in err
    assert len(send(cecert, monkeypatch)) == 4


@pytest.mark.usefixtures("office")
def test_a_reason_that_no_mail_can_say_is_refused(cecert: Run) -> None:
    status, _, err = cecert(*REVOKE[:-1], "x" * 501)
    assert status == 2
    assert "the holder would read the reason; nothing was revoked" in err
    assert "standing" in cecert("find", MARGARET)[1]


@pytest.mark.usefixtures("issued_office")
def test_where_the_office_does_not_say_so_nobody_is_told(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cecert, monkeypatch)
    _, _, err = cecert(*REVOKE)
    assert "told" not in err.replace("publish tells", "")
    assert send(cecert, monkeypatch) == []


@pytest.mark.usefixtures("issued_office")
def test_a_failed_mail_of_a_revoked_certificate_is_neither_overdue_nor_retried(
    cecert: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    send(cecert, monkeypatch, rcpt=["550 5.1.1 no such user"])
    failed = [
        each
        for each in json.loads(cecert("status", "--json")[1])["mails"]
        if each["state"] == "failed"
    ]
    (mail,) = failed
    assert (mail["overdue"], mail["needs_somebody"]) == (True, True)
    assert cecert("status", "--overdue")[0] == 1
    number = mail["certificate"]
    cecert("revoke", number, "--reason-class", "wrong-person", "--reason", "not hers")
    assert cecert("status", "--overdue")[0] == 0
    assert "0 need somebody" in cecert("status")[2]
    assert (
        cecert("mail", "retry", "--failed")[2] == "cecert: 0 mails are queued; deliver sends them\n"
    )
    status, _, err = cecert("mail", "retry", number)
    assert status == 2
    assert f"{number} is not sent again: its certificate is revoked" in err
    assert send(cecert, monkeypatch) == []


@pytest.mark.usefixtures("office")
def test_a_holder_who_is_not_told_yet_is_due(cecert: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    send(cecert, monkeypatch)
    cecert(*REVOKE)
    due = json.loads(cecert("due", "--json")[1])["due"]
    (mail,) = [each for each in due if each["kind"] == "mail"]
    told = "mbt-2020-10: 1 holder is not known to have been told of a revocation"
    assert (mail["what"], mail["overdue"]) == (told, False)
    send(cecert, monkeypatch)
    due = json.loads(cecert("due", "--json")[1])["due"]
    assert not [each for each in due if each["kind"] == "mail"]
