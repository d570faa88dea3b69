"""Make the ledger that every later cecert must read.

Run with the cecert of a release, `python tests/support/make_ledger.py
tests/adapters/database/ledgers` makes `format-1.db`, the ledger as that release writes it,
and `format-1.json`, what stands in it. Keep both. A ledger that was released is
never made anew; one that was not is, when what a certificate says has changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

from ledger_entries import AT, correction_of, entry_for, event, person

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database.open import FORMAT
from cecert.domain.mail.message import MailState, Receipt
from cecert.domain.mail.promises import resend_row
from cecert.domain.people.person import License
from cecert.ports import Entry, Event
from cecert.testing import sample_record

NAMES = ("Þórdís Żółkiewska-Ştefănescu, Ph.D.", "李 小龍", "Nguyễn Thị Minh Khai", "مريم الصالح")
LATER = AT + timedelta(hours=1)
ANSWERS = (
    Receipt(MailState.SENT, "250 2.0.0 taken"),
    Receipt(MailState.FAILED, "550 5.1.1 no such mailbox"),
    Receipt(MailState.QUEUED, "451 4.7.1 try later", retry_after=300),
    Receipt(MailState.UNCERTAIN, "the connection was cut at the final dot"),
)


def main(folder: Path) -> None:
    """Write both files into *folder*."""
    path = folder / f"format-{FORMAT}.db"
    create_ledger(f"sqlite:///{path}")
    with open_database(f"sqlite:///{path}", "example-ssw") as database:
        fill(database)
        content = json.dumps(facts(database), ensure_ascii=False, indent=1)
    path.with_suffix(".json").write_text(f"{content}\n", encoding="utf-8")


def fill(database: Database) -> None:
    """Enter certificates of several people, and let something of each kind happen."""
    licences = (License("NY", "LMSW", "012345"), License("MA", "LICSW", "1234"))
    credentials = ("ny-social-work", "ma-social-work", "apa-psychology")
    entries = [
        entry_for(
            sample_record(
                name=name,
                email=f"licensee{number}@example.org",
                credentials=credentials[: number + 1],
                licenses=licences[:number],
            ),
            slot=100_000 + number,
        )
        for number, name in enumerate(NAMES)
    ]
    database.ledger.enter(entries, AT)
    mail(database, entries)
    end(database)
    database.ledger.add_event(Event("exported", LATER, None, "Maria", "roster of mbt-2020-10"))


def mail(database: Database, entries: Sequence[Entry]) -> None:
    """Let the first mails end in one state each, and queue one again."""
    for entry, receipt in zip(entries, ANSWERS, strict=True):
        row = database.outbox.claim("sender", AT)
        assert row is not None
        kind = receipt.state.value
        said = event(kind, entry, receipt.reply, LATER)
        database.outbox.settle(row, "sender", receipt, said)
    again = resend_row(entries[1].certificate, entries[1].mail, 1, LATER, "licensee@example.net")
    database.outbox.queue(again, event("resent", entries[1], "a new address", LATER))


def end(database: Database) -> None:
    """Revoke one certificate, and correct another."""
    revoked, wrong = person(1), person(2)
    database.ledger.enter([revoked, wrong], AT)
    database.ledger.revoke(
        revoked.certificate.id, event("revoked", revoked, "wrong-person: another Ana", LATER)
    )
    right = correction_of(wrong, "Person Ç")
    said = event("superseded", wrong, "a cedilla was lost", LATER)
    database.ledger.supersede(wrong.certificate.id, right, said)


def facts(database: Database) -> list[dict[str, object]]:
    """Return what stands in the ledger, certificate by certificate."""
    return [_facts(database, entry) for entry in database.ledger.walk()]


def _facts(database: Database, entry: Entry) -> dict[str, object]:
    own = entry.certificate
    return {
        "id": str(own.id),
        "name": own.recipient.name,
        "licenses": [str(each) for each in own.recipient.licenses],
        "email": entry.email,
        "state": entry.state.value,
        "lines": [f"{each.credential}: {each.hours} {each.unit}" for each in own.credit_lines],
        "statements": [each.statement for each in own.credit_lines],
        "sessions": [
            f"{each.start.isoformat()}/{each.end.isoformat()}" for each in own.course.sessions
        ],
        "issued_at": own.issued_at.isoformat(),
        "retain_until": own.retain_until.isoformat(),
        "token": own.token_url,
        "slot": [own.slot.list_id, own.slot.index],
        "supersedes": str(own.supersedes) if own.supersedes else None,
        "document": entry.document,
        "sha256": entry.sha256,
        "evidence": entry.evidence,
        "mails": [
            [row.key, row.recipient, row.message_id, row.state.value, row.attempts, row.reply,
             row.due.isoformat(), row.deadline.isoformat()]
            for row in database.outbox.rows()
            if row.certificate_id == own.id
        ],
        "events": [
            [each.kind, each.at.isoformat(), each.actor, each.reason]
            for each in database.ledger.events(own.id)
        ],
    }  # fmt: skip


if __name__ == "__main__":
    main(Path(sys.argv[1]))
