"""`status`, `show` and `revoke`: what stands in the ledger."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Annotated

import typer

from cecert.cli.options import Actor, AsJson, Config, open_office
from cecert.cli.talk import answer, answer_json, say, table
from cecert.domain.certificates import CertificateState
from cecert.domain.identifiers import CertificateId
from cecert.domain.messages import MailState, OutboxRow
from cecert.domain.wording import dates_phrase, day_phrase, hours_figure
from cecert.errors import InputError, LedgerError
from cecert.ports import Entry, Event
from cecert.workflows.revoke import REASONS
from cecert.workflows.revoke import revoke as revoke_certificate

__all__ = ["revoke", "show", "status"]

UNCERTAIN_DAYS = 3
"""A mail uncertain for longer needs a person now (MAIL 4.6)."""

_UNSENT = (MailState.QUEUED, MailState.SENDING)


def status(
    course: Annotated[str, typer.Option(metavar="ID", help="Only this course.")] = "",
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only mails past their date; exit 1 if there are any.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of every certificate's mail, and which keys need a look."""
    with open_office(config) as office:
        now = office.clock.now()
        names = {entry.certificate.id: entry for entry in office.ledger.entries(course)}
        rows = [row for row in office.outbox.rows(course) if row.certificate_id in names]
        warnings = office.key_warnings()
    late = [row for row in rows if is_late(row, now)]
    shown = late if overdue else rows
    if as_json:
        documents = [_row_document(row, names[row.certificate_id], now) for row in shown]
        answer_json({"mails": documents, "counts": _counts(rows), "warnings": list(warnings)})
    else:
        table(
            ("certificate", "name", "state", "tries", "due by", "mail server's words"),
            [_row(row, names[row.certificate_id], now) for row in shown],
        )
        for warning in warnings:
            say(f"warning: {warning}")
        counts = ", ".join(f"{count} {word}" for word, count in _counts(rows).items())
        say(f"{len(rows)} mails: {counts or 'none'}; {len(late)} need somebody")
    if overdue and late:
        raise typer.Exit(1)


def is_late(row: OutboxRow, now: datetime) -> bool:
    """Say whether a mail is overdue, or has been uncertain for too long."""
    if row.state is MailState.UNCERTAIN:
        since = row.settled_at or row.queued_at
        return (now - since).days >= UNCERTAIN_DAYS or now > row.deadline
    arrived = {MailState.SENT, MailState.CANCELLED}
    return row.state not in arrived and now > row.deadline


def _counts(rows: list[OutboxRow]) -> dict[str, int]:
    return dict(Counter(row.state_word for row in rows))


def _row(row: OutboxRow, entry: Entry, now: datetime) -> tuple[str, ...]:
    due = f"{row.deadline:%Y-%m-%d}" + (" OVERDUE" if is_late(row, now) else "")
    name = entry.certificate.recipient.name
    return (str(row.certificate_id), name, row.state_word, str(row.attempts), due, row.reply)


def _row_document(row: OutboxRow, entry: Entry, now: datetime) -> dict[str, object]:
    return {
        "certificate": str(row.certificate_id),
        "course": row.course_id,
        "name": entry.certificate.recipient.name,
        "email": row.recipient,
        "state": row.state_word,
        "attempts": row.attempts,
        "due": row.due.isoformat(),
        "deadline": row.deadline.isoformat(),
        "overdue": is_late(row, now),
        "reply": row.reply,
    }


Identifier = Annotated[str, typer.Argument(metavar="ID", help="The certificate's id, as printed.")]


def show(identifier: Identifier, config: Config = None, as_json: AsJson = False) -> None:
    """Show one certificate as the ledger has it, and everything that happened to it."""
    certificate_id = parse_id(identifier)
    with open_office(config) as office:
        entry = office.ledger.entry(certificate_id)
        events = office.ledger.events(certificate_id)
    if entry is None:
        raise LedgerError(f"the ledger has no certificate {certificate_id}")
    if as_json:
        answer_json(_entry_document(entry, events))
        return
    for label, value in _facts(entry):
        answer(f"{label + ':':<14} {value}")
    for event in events:
        reason = f": {event.reason}" if event.reason else ""
        answer(f"  {event.at:%Y-%m-%d %H:%M:%S} UTC  {event.kind} by {event.actor}{reason}")


def parse_id(text: str) -> CertificateId:
    """Read an id as people type it.

    Raises:
        InputError: If it cannot be one.
    """
    try:
        return CertificateId.parse(text)
    except ValueError as error:
        raise InputError(
            f"{text!r} is not a certificate id: {error}",
            hint="an id reads like 3K50-VMEJ-KFZV-NS3G",
        ) from None


def _facts(entry: Entry) -> list[tuple[str, str]]:
    certificate = entry.certificate
    facts = [
        ("certificate", str(certificate.id)),
        ("state", entry.state.value),
        ("name", certificate.recipient.name),
        ("e-mail", entry.email),
        ("course", f"{certificate.course.title} ({certificate.course.id})"),
        ("dates", dates_phrase(certificate.course.days)),
        ("credit date", day_phrase(certificate.credit_date)),
        ("issued", f"{certificate.issued_at:%Y-%m-%d %H:%M:%S} UTC"),
        ("file", entry.document),
        ("sha256", entry.sha256),
        ("keep until", certificate.retain_until.isoformat()),
        ("evidence", certificate.evidence),
    ]
    facts += [("licence", each.printed) for each in certificate.recipient.licenses]
    facts += [
        ("credit", f"{hours_figure(each.hours)} {each.unit}, {each.label}")
        for each in certificate.credit_lines
    ]
    if certificate.supersedes:
        facts.append(("supersedes", str(certificate.supersedes)))
    return facts


def _entry_document(entry: Entry, events: list[Event]) -> dict[str, object]:
    certificate = entry.certificate
    return {
        "id": str(certificate.id),
        "state": entry.state.value,
        "participant": certificate.recipient.participant,
        "name": certificate.recipient.name,
        "licenses": [str(each) for each in certificate.recipient.licenses],
        "email": entry.email,
        "course": certificate.course.id,
        "title": certificate.course.title,
        "dates": [each.isoformat() for each in certificate.course.days],
        "credit_date": certificate.credit_date.isoformat(),
        "requirements_met_on": certificate.requirements_met_on.isoformat(),
        "issued_at": certificate.issued_at.isoformat(),
        "credits": [
            {
                "credential": each.credential,
                "hours": hours_figure(each.hours),
                "unit": each.unit,
                "number": each.number,
                "statement": each.statement,
            }
            for each in certificate.credit_lines
        ],
        "file": entry.document,
        "sha256": entry.sha256,
        "token_url": certificate.token_url,
        "retain_until": certificate.retain_until.isoformat(),
        "supersedes": str(certificate.supersedes) if certificate.supersedes else None,
        "evidence": certificate.evidence,
        "events": [
            {
                "kind": each.kind,
                "at": each.at.isoformat(),
                "actor": each.actor,
                "reason": each.reason,
            }
            for each in events
        ],
    }


def revoke(
    identifier: Identifier,
    reason_class: Annotated[
        str, typer.Option("--reason-class", metavar="CLASS", help=f"One of {', '.join(REASONS)}.")
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence, for the record.")],
    config: Config = None,
    by: Actor = None,
) -> None:
    """Revoke a certificate for good; a mail of it still queued is cancelled."""
    certificate_id = parse_id(identifier)
    with open_office(config, by) as office:
        before = revoke_certificate(
            certificate_id,
            office.ledger,
            office.clock,
            actor=office.actor,
            reason_class=reason_class,
            reason=reason,
        )
    if before is CertificateState.STANDING:
        say(f"{certificate_id} is revoked")
    else:
        say(f"{certificate_id} was {before.value} before; nothing was changed")
