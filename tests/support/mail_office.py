"""A mail room over the fakes of `cecert.testing`, and a real SMTP server on loopback."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from cecert.adapters.mail import SmtpSender, TemplateMailWriter
from cecert.adapters.tables.toml import read_toml
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.account import MailAccount, MailSecurity
from cecert.ports import Entry, MailSender
from cecert.testing import (
    Alone,
    MemoryOffice,
    MemorySendLog,
    SeededRandomness,
    sample_course,
    sample_provider,
    sample_record,
)
from cecert.workflows.deliver.deliver import MailRoom
from cecert.workflows.issue.issue import issue

TEMPLATES = Path(__file__).parents[2] / "templates"
SAY = read_toml(TEMPLATES / "mail" / "en.toml")
NAMES = (
    "Marguerite Adeyemi-Thornquist", "José García Núñez", "Þórdís Żółkiewska-Ştefănescu, Ph.D.",
    "O'Neill, Siobhán", "Nguyễn Thị Minh Khai", "李 小龍",
)  # fmt: skip


def account(port: int = 0, **changes: object) -> MailAccount:
    plain = MailAccount(
        host="127.0.0.1",
        port=port,
        security=MailSecurity.NONE,
        sender="ce@example.edu",
        sender_name="Example College School for Social Work",
        reply_to="office@example.edu",
    )
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names real fields


def awards(count: int, domain: str = "example.org", **changes: object) -> Sequence[Award]:
    """Return the awards of *count* people, `person1@example.org` and on."""
    found: list[Award] = []
    for number in range(1, count + 1):
        name = f"{NAMES[number % len(NAMES)]} {_roman(number)}"
        record = sample_record(name=name, email=f"person{number}@{domain}", **changes)
        found += [each for each in decide(record, sample_course()) if isinstance(each, Award)]
    return found


def issued(
    office: MemoryOffice, count: int, domain: str = "example.org", **changes: object
) -> Sequence[Entry]:
    """Issue certificates to *count* people."""
    return issue(awards(count, domain, **changes), office.desk()).issued


def _roman(number: int) -> str:
    return "".join("zyxwvutsrq"[int(digit)] for digit in str(number))


def mail_room(office: MemoryOffice, sender: MailSender | int, **changes: object) -> MailRoom:
    """Return a mail room; *sender* may be the port of a server on loopback."""
    port = sender if isinstance(sender, int) else 0
    room = MailRoom(
        ledger=office.ledger,
        outbox=office.ledger,
        archive=office.archive,
        writer=TemplateMailWriter(TEMPLATES, account(port), sample_provider()),
        sender=SmtpSender(account(port)) if isinstance(sender, int) else sender,
        send_log=MemorySendLog(),
        presence=Alone(),
        clock=office.clock,
        randomness=SeededRandomness(),
        account=account(port),
        owner="tests/1",
        station="tests/",
        actor="cecert.testing",
    )
    return replace(room, **changes)  # type: ignore[arg-type]  # the test names real fields
