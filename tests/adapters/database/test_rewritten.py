"""A ledger rewritten with a database shell, trigger by trigger and row by row: what is found."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from ledger_entries import AT, event, people
from letters import letter_event, reminder_row
from sqlalchemy import text
from sqlalchemy.event import listen, remove
from tests.adapters.database.test_check import OURS, lived, rewrite, said, take_off_guards

from cecert.adapters.database import Database
from cecert.adapters.database.check import irregularities_in
from cecert.domain.mail.message import MailState, Receipt
from cecert.domain.mail.promises import resend_row
from cecert.errors import LedgerError

__all__ = ["lived"]

LATER = AT + timedelta(hours=1)


@pytest.fixture
def acted(lived: Database) -> Database:
    """The lived ledger with mails sent, one resent, a letter in doubt, and a last revocation."""
    one, two, five = *people(2), people(1, 5)[0]
    for entry in (one, two):
        row = lived.outbox.claim("sender", AT)
        assert row is not None
        said_so = event("sent", entry, "250 taken", LATER)
        lived.outbox.settle(row, "sender", Receipt(MailState.SENT, "250 taken"), said_so)
    again = resend_row(two.certificate, two.mail, 1, LATER, "two@example.net")
    lived.outbox.queue(again, event("resent", two, "to two@example.net", LATER))
    letter = reminder_row()
    lived.outbox.queue(letter, letter_event("queued", letter))
    doubt = letter_event("uncertain", letter, "held", LATER)
    lived.outbox.move(letter.key, {MailState.QUEUED}, MailState.UNCERTAIN, doubt)
    lived.ledger.enter([five], LATER)
    lived.ledger.revoke(five.certificate.id, event("revoked", five, "wrong-person: no", LATER))
    return lived


@pytest.fixture
def acted_file(acted: Database) -> Database:
    """The same on SQLite alone."""
    return acted


LAST = "(SELECT max(number) FROM certificate)"
LAST_ID = f"(SELECT id FROM certificate WHERE number = {LAST})"
ONE = "(SELECT id FROM certificate WHERE number = 1)"
TWO = "(SELECT id FROM certificate WHERE number = 2)"

TAKEN_BACK = (
    "DELETE FROM log_leaf WHERE position = (SELECT max(position) FROM log_leaf)",
    "DELETE FROM event WHERE number = (SELECT max(number) FROM event)",
    f"UPDATE credit_line SET standing = (1 = 1) WHERE certificate_id = {LAST_ID}",
    f"UPDATE certificate SET state = 'standing' WHERE number = {LAST}",
)
DELETED = (
    f"DELETE FROM log_leaf WHERE certificate_id = {LAST_ID}",
    f"DELETE FROM event WHERE certificate_id = {LAST_ID}",
    f"DELETE FROM outbox WHERE certificate_id = {LAST_ID}",
    f"DELETE FROM credit_line WHERE certificate_id = {LAST_ID}",
    f"DELETE FROM folded_form WHERE certificate_id = {LAST_ID}",
    f"DELETE FROM certificate WHERE number = {LAST}",
)
NO_MARK = "DELETE FROM identity WHERE mark LIKE 'email:person5@%'"
HELD_AGAIN = "UPDATE identity SET holders = 1 WHERE mark LIKE 'email:person5@%'"
MAIL_AGAIN = f"UPDATE outbox SET state = 'queued' WHERE certificate_id = {LAST_ID}"


def test_a_ledger_with_mails_that_only_cecert_wrote_contradicts_nothing(acted: Database) -> None:
    assert said(acted) == []


def test_a_last_revocation_taken_back_leaves_its_number(acted_file: Database) -> None:
    rewrite(acted_file, *TAKEN_BACK, HELD_AGAIN, MAIL_AGAIN)
    why = "table event: its last row is number 19, and the number given last is 20"
    assert said(acted_file) == [why]


def test_a_last_certificate_deleted_with_all_its_rows_leaves_its_numbers(
    acted_file: Database,
) -> None:
    rewrite(acted_file, *DELETED, NO_MARK)
    assert said(acted_file) == [
        "table certificate: its last row is number 5, and the number given last is 6",
        "table event: its last row is number 17, and the number given last is 20",
        "table outbox: its last row is number 7, and the number given last is 8",
    ]


def test_a_forgotten_number_is_named(acted_file: Database) -> None:
    rewrite(acted_file, "DELETE FROM sqlite_sequence WHERE name = 'event'")
    why = "table event: its last row is number 20, and the number given last is 0"
    assert said(acted_file) == [why]


def test_a_revocation_taken_back_is_told_by_the_marks_and_by_the_mail(acted: Database) -> None:
    """On PostgreSQL numbers tell nothing: what else the revocation changed does."""
    rewrite(acted, *TAKEN_BACK)
    found = "\n".join(said(acted))
    assert "0 standing certificates are said to have it; 1 do" in found
    assert "it is cancelled, and no event says that it became so then" in found


def test_a_certificate_deleted_with_all_its_rows_leaves_its_marks(acted: Database) -> None:
    rewrite(acted, *DELETED)
    mark = "mark email:person5@example.org:Person F: no certificate of mbt-2020-10 has it"
    assert mark in said(acted)


def missed(database: Database, cases: Mapping[str, str]) -> Mapping[str, list[str]]:
    """Return what was found of those statements of which nothing was that holds the words."""
    unseen = {}
    with database._engine.connect() as connection:
        take_off_guards(connection)
        for statement, words in cases.items():
            rewriting = connection.begin_nested()
            connection.execute(text(statement))
            found = [
                f"{each.place}: {each.sentence}" for each in irregularities_in(connection, OURS)
            ]
            if not any(words in each for each in found):
                unseen[statement] = [each for each in found if "as cecert made" not in each]
            rewriting.rollback()
        connection.rollback()
    return unseen


THIEF = "'thief@example.org'"


def test_credit_lines_that_are_rewritten_are_named(acted: Database) -> None:
    one = f"WHERE certificate_id = {ONE}"
    cases = {
        f"DELETE FROM credit_line {one}": "the certificate carries it, and the table credit_line",
        "UPDATE credit_line SET credential = 'x'": "x: the table credit_line has it, and the",
        f"UPDATE credit_line SET participant = {THIEF} {one}": (
            "it is held to be that of thief@example.org; it is that of person1@example.org"
        ),
        "UPDATE credit_line SET course_id = 'x'": "held to be of course x; it is of mbt-2020-10",
    }
    assert missed(acted, cases) == {}


def test_certificates_that_are_rewritten_are_named(acted: Database) -> None:
    cases = {
        f"UPDATE certificate SET email = {THIEF}": "goes to person1@example.org; its certificate",
        "UPDATE certificate SET key_id = '00'": "otherwise than the record: key_id",
        "UPDATE certificate SET marks = '[]' WHERE number = 1": "no certificate of mbt-2020-10",
        "UPDATE certificate SET marks = '[\"x\"]' WHERE number = 1": "mark x: a standing",
        "UPDATE certificate SET marks = 'x' WHERE number = 1": "marks: they cannot be read",
        "UPDATE certificate SET evidence = 'x'": "evidence: it cannot be read",
        f"UPDATE certificate SET evidence = '{EVIDENCE}'": (
            "evidence: it is that of x; the certificate is that of person1@example.org"
        ),
    }
    assert missed(acted, cases) == {}


EVIDENCE = '{"participant": "x"}'.replace(":", "\\:")


def test_what_people_are_found_by_is_named_if_it_is_rewritten(acted: Database) -> None:
    one = f"WHERE certificate_id = {ONE}"
    cases = {
        f"DELETE FROM folded_form {one}": "it is not found under the name person b, as its record",
        "UPDATE folded_form SET form = 'x' WHERE kind = 'email'": "under the email x, which is not",
        "DELETE FROM identity": "a standing certificate has it, and the table identity does not",
        "UPDATE identity SET holders = 7": "7 standing certificates are said to have it; 1 do",
        f"UPDATE identity SET participant = {THIEF}": (
            "it is held to tell of thief@example.org; its certificates are those of person1@"
        ),
        "UPDATE identity SET mark = mark || 'x'": "no certificate of mbt-2020-10 has it",
    }
    assert missed(acted, cases) == {}


def test_mails_that_are_rewritten_are_named(acted: Database) -> None:
    one, again = f"WHERE certificate_id = {ONE}", "WHERE key LIKE '%resend-1'"
    cases = {
        f"DELETE FROM outbox {one}": "mails: none was queued when it was entered",
        f"UPDATE outbox SET recipient = {THIEF} {one}": (
            "it goes to thief@example.org; its certificate goes to person1@example.org, and no"
        ),
        f"UPDATE outbox SET recipient = {THIEF} {again}": (
            "-1: it goes to thief@example.org; its certificate goes to person2@example.org, and no"
        ),
        "UPDATE outbox SET course_id = 'x'": "it is of course x; its certificate is of mbt-2020-10",
        f"UPDATE outbox SET certificate_id = {TWO} {one}": "it is numbered for another certificate",
        f"UPDATE outbox SET sha256 = 'x' {again}": "it carries another file than its certificate's",
        "UPDATE outbox SET state = 'sent' WHERE state = 'queued'": (
            "it is sent, and no event says that it became so then"
        ),
        "UPDATE outbox SET state = 'queued' WHERE state = 'sent'": (
            "1 say that a mail of it was sent, and 0 of its mails were"
        ),
        f"DELETE FROM outbox {again}": "1 say that a mail was queued once more, and 0 of its mails",
    }
    assert missed(acted, cases) == {}


def test_events_of_mails_that_are_rewritten_are_named(acted: Database) -> None:
    queued = "none says that its mail was queued by Maria at the instant at which it was issued"
    cases = {
        "UPDATE event SET at = at - 1 WHERE kind = 'queued'": queued,
        "UPDATE event SET actor = 'x' WHERE kind = 'queued'": queued,
        "UPDATE event SET provider_id = 'x' WHERE kind = 'queued'": queued,
        f"UPDATE event SET certificate_id = {TWO} WHERE kind = 'queued'": queued,
        "DELETE FROM event WHERE kind = 'queued'": queued,
        "DELETE FROM event WHERE kind = 'sent'": "it is sent, and no event says that it became so",
        "UPDATE event SET kind = 'bounced' WHERE kind = 'sent'": "a mail of it was bounced, and 0",
        "DELETE FROM event WHERE kind = 'resent'": "0 say that a mail was queued once more, and 1",
        "UPDATE event SET certificate_id = 'x' WHERE kind = 'sent'": "2 of its rows are of x, a",
    }
    assert missed(acted, cases) == {}


def test_letters_and_their_events_that_are_rewritten_are_named(acted: Database) -> None:
    cases = {
        "DELETE FROM event WHERE kind = 'queued' AND key <> ''": "no event says that it was queued",
        "DELETE FROM event WHERE kind = 'uncertain'": "it is uncertain, and no event says that it",
        "UPDATE outbox SET state = 'sent' WHERE certificate_id IS NULL": "it is sent, and no event",
        "DELETE FROM outbox WHERE certificate_id IS NULL": "it is uncertain, and it is not there",
    }
    assert missed(acted, cases) == {}


def test_an_id_that_is_none_is_an_error_that_names_it(acted: Database) -> None:
    rewrite(acted, "UPDATE event SET certificate_id = 'x' WHERE kind = 'issued'")
    with pytest.raises(LedgerError, match="has 'x' where a certificate's id stands"):
        said(acted)


def test_what_is_entered_while_the_ledger_is_looked_at_is_no_contradiction(acted: Database) -> None:
    late = people(1, 9)

    def enter(_: object, __: object, statement: str, *___: object) -> None:
        if late and statement.startswith("SELECT identity.mark"):
            acted.ledger.enter([late.pop()], LATER)

    listen(acted._engine, "before_cursor_execute", enter)
    found = said(acted)
    remove(acted._engine, "before_cursor_execute", enter)
    assert (found, late) == ([], [])


def test_an_audit_asks_as_often_whatever_the_ledger_holds(acted: Database) -> None:
    few = statements(acted)
    acted.ledger.enter(people(40, 10), LATER)
    assert statements(acted) <= few


def statements(database: Database) -> int:
    """Return how many statements looking for contradictions takes."""
    told: list[str] = []

    def tell(_: object, __: object, statement: str, *___: object) -> None:
        told.append(statement)

    listen(database._engine, "before_cursor_execute", tell)
    assert said(database) == []
    remove(database._engine, "before_cursor_execute", tell)
    return len(told)
