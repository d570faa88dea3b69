"""`status`, `show` and `revoke`: what stands in the ledger, what became of it, and its end."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cecert.cli._options import Actor, AsJson, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer, answer_json, say, table
from cecert.cli.find import Confirmed, Whose, confirm
from cecert.domain.certificate.certificate import REVOCATION_REASONS, CertificateState
from cecert.domain.certificate.phrases import (
    credit_words,
    format_phrase,
    issue_day,
    session_phrases,
)
from cecert.domain.mail.bounces import BounceClass, bounce_class
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.mail.plan import is_overdue, needs_somebody, uncertain_for_long
from cecert.domain.values.wording import day_phrase, hours_figure

if TYPE_CHECKING:
    from cecert.office import Office
    from cecert.ports import Entry, Event

__all__ = ["decided_lines", "entry_document", "revoke", "show", "status"]

CHUNK = 200
"""Mails whose recipients' names are read at once."""

_COLUMNS = ("course", "certificate", "name", "state", "tries", "due by", "mail server's words")
_HINTS = {
    MailState.UNCERTAIN: "uncertain mails have nearly always arrived: ask, or look in Sent Items, "
    "then cecert mail resolve ID --delivered | --resend",
    MailState.FAILED: "after a failed mail: cecert mail retry ID, or cecert resend ID --to ADDRESS",
}


def status(
    course: CourseId = "",
    overdue: Annotated[
        bool, typer.Option("--overdue", help="Only mails past their date; exit 1 if there are any.")
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Say what became of every certificate's mail, and which keys need a look.

    Exit 1 if a mail is uncertain for 3 days, or with --overdue if any is past its date.
    """
    with open_office(config) as office:
        now = office.clock.now()
        warnings = office.key_warnings()
        tally = _Tally(now)
        shown = _shown(office, course_id_of(office, course), tally, overdue=overdue)
        if as_json:
            documents = (_row_document(row, holder, now) for row, holder in shown)
            # The tally is complete when the last mail has been written.
            answer_json({"mails": documents, "counts": tally.counts, "warnings": list(warnings)})
        else:
            table(_COLUMNS, (_row(row, holder, now) for row, holder in shown))
            for state, hint in _HINTS.items():
                if state in tally.shown:
                    say(f"hint: {hint}")
            for found in BounceClass:
                if found in tally.bounced:
                    commands = " or ".join(found.commands).format(id="ID")
                    say(f"hint: bounced ({found.value}): {found.told} {found.advice} {commands}")
    for warning in warnings:
        say(f"warning: {warning}")
    counts = ", ".join(f"{count} {word}" for word, count in tally.counts.items())
    say(f"{tally.mails} mails: {counts or 'none'}; {tally.waiting} need somebody")
    if tally.undecided or (overdue and tally.shown):
        raise typer.Exit(1)


class _Tally:
    """Counts mails as they go by.

    Attributes:
        now: When they are looked at.
        counts: By the word people see.
        waiting: Those that need somebody.
        undecided: Those uncertain for too long.
        shown: States of those that are shown.
        bounced: Whose fault it is that some of those came back.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.counts: dict[str, int] = {}
        self.waiting = 0
        self.undecided = 0
        self.shown: set[MailState] = set()
        self.bounced: set[BounceClass] = set()

    def add(self, row: OutboxRow) -> None:
        self.counts[row.state_word] = self.counts.get(row.state_word, 0) + 1
        self.waiting += needs_somebody(row, self.now)
        self.undecided += uncertain_for_long(row, self.now)

    @property
    def mails(self) -> int:
        return sum(self.counts.values())


def _shown(
    office: Office, course: str, tally: _Tally, *, overdue: bool
) -> Iterator[tuple[OutboxRow, _Holder]]:
    """Count every mail in *tally*; yield those to be shown, each with whose it is."""
    mails = office.outbox.walk_mails(course)
    while rows := list(islice(mails, CHUNK)):
        ids = {row.certificate_id for row in rows}
        names, states = office.ledger.names(ids), office.ledger.states(ids)
        for row in rows:
            tally.add(row)
            if not overdue or is_overdue(row, tally.now):
                tally.shown.add(row.state)
                if row.state is MailState.BOUNCED:
                    tally.bounced.add(bounce_class(row.reply))
                yield row, _Holder(names[row.certificate_id], states[row.certificate_id])


class _Holder(NamedTuple):
    """Whose a mail is, and what became of the certificate it brings."""

    name: str
    state: CertificateState

    @property
    def ended(self) -> str:
        """What is said of a certificate that stands no more, "" of one that does."""
        return _ENDED.get(self.state, "")


_ENDED = {CertificateState.REVOKED: "revoked", CertificateState.SUPERSEDED: "replaced"}


def _row(row: OutboxRow, holder: _Holder, now: datetime) -> tuple[str, ...]:
    due = f"{row.deadline:%Y-%m-%d}" + (" OVERDUE" if is_overdue(row, now) else "")
    state = row.state_word
    if state == "deferred":
        state = f"deferred until {row.due:%Y-%m-%d %H:%M} UTC"
    if holder.ended:
        state = f"{state}; {holder.ended}"
    return (
        row.course_id, str(row.certificate_id), holder.name, state, str(row.attempts), due,
        row.reply,
    )  # fmt: skip


def _row_document(row: OutboxRow, holder: _Holder, now: datetime) -> dict[str, object]:
    return {
        "key": row.key,
        "certificate": str(row.certificate_id),
        "course": row.course_id,
        "name": holder.name,
        "email": row.recipient,
        "state": row.state_word,
        "certificate_state": holder.state.value,
        "attempts": row.attempts,
        "due": row.due.isoformat(),
        "deadline": row.deadline.isoformat(),
        "overdue": is_overdue(row, now),
        "needs_somebody": needs_somebody(row, now),
        "reply": row.reply,
    }


def show(whose: Whose, config: Config = None, as_json: AsJson = False) -> None:
    """Show one certificate as the ledger has it, and everything that happened to it."""
    from cecert.workflows.correct import successor_of
    from cecert.workflows.find import found_one

    with open_office(config) as office:
        entry = found_one(whose, office.ledger)
        events = office.ledger.events(entry.certificate.id)
        successor = successor_of(entry, office.ledger)
    if as_json:
        by = None if successor is None else str(successor)
        answer_json({**entry_document(entry, events), "superseded_by": by})
        return
    facts = _facts(entry)
    if successor is not None:
        facts.append(("replaced by", str(successor)))
    facts += [("override", each) for each in decided_lines(entry.evidence)]
    for label, value in facts:
        answer(f"{label + ':':<14} {value}")
    for event in events:
        reason = f": {event.reason}" if event.reason else ""
        answer(f"  {event.at:%Y-%m-%d %H:%M:%S} UTC  {event.kind} by {event.actor}{reason}")


def _facts(entry: Entry) -> list[tuple[str, str]]:
    certificate = entry.certificate
    facts = [
        ("certificate", str(certificate.id)),
        ("state", entry.state.value),
        ("name", certificate.recipient.name),
        ("e-mail", entry.email),
        ("course", f"{certificate.course.title} ({certificate.course.id})"),
        *(("sessions", each) for each in session_phrases(certificate.course)),
        ("format", format_phrase(certificate.course)),
        ("credit date", day_phrase(certificate.credit_date)),
        ("issued", f"{issue_day(certificate)} ({certificate.issued_at:%Y-%m-%d %H:%M:%S} UTC)"),
        ("file", entry.document),
        ("sha256", entry.sha256),
        ("keep until", certificate.retain_until.isoformat()),
        ("evidence", certificate.evidence),
    ]
    facts += [("licence", each.printed) for each in certificate.recipient.licenses]
    facts += [
        ("credit", credit_words(each, certificate.provider.name))
        for each in certificate.credit_lines
    ]
    if certificate.supersedes:
        facts.append(("replaces", str(certificate.supersedes)))
    return facts


def decided_lines(evidence: str) -> tuple[str, ...]:
    """Return who decided what about a session, when and why, of a record as it was stored.

    Args:
        evidence: What `collect` found of one person, JSON; "" where nothing was kept.
    """
    record: Any = json.loads(evidence) if evidence else {}
    sessions = record.get("sessions", ()) if isinstance(record, Mapping) else ()
    return tuple(line for each in sessions for line in _lines(each))


def _lines(session: Mapping[str, Any]) -> Iterator[str]:
    name = session.get("session", "")
    if "decisions" in session:
        yield from (f"{name}: {_told(each)}" for each in session["decisions"])
        return
    # Evidence of before decisions were kept with their dates has their words alone.
    words = (*session.get("overrides", ()), *session.get("notes", ()))
    yield from (f"{name}: {each}" for each in dict.fromkeys(words) if _is_override(each))


def _is_override(words: str) -> bool:
    return words.startswith("override by ")


def _told(decision: Mapping[str, Any]) -> str:
    kind = str(decision.get("kind", "override")).replace("_", " ")
    at = datetime.fromisoformat(decision["at"]).astimezone(UTC)
    reference = f" ({decision['reference']})" if decision.get("reference") else ""
    return f"{kind} by {decision['by']}, {at:%Y-%m-%d %H:%M} UTC: {decision['why']}{reference}"


def entry_document(entry: Entry, events: Sequence[Event]) -> dict[str, object]:
    """Return a certificate as JSON has it, with what happened to it."""
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
        "evidence_record": json.loads(entry.evidence) if entry.evidence else None,
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
    whose: Whose,
    reason_class: Annotated[
        str,
        typer.Option(
            "--reason-class", metavar="CLASS", help=f"One of {', '.join(REVOCATION_REASONS)}."
        ),
    ],
    reason: Annotated[str, typer.Option("--reason", help="Why, in a sentence, for the record.")],
    yes: Confirmed = False,
    config: Config = None,
    by: Actor = None,
) -> None:
    """Revoke a certificate for good; a mail of it still queued is cancelled.

    It shows whom and what, and asks on a terminal.
    """
    from cecert.workflows.correct import refuse_reason
    from cecert.workflows.correct import revoke as revoke_certificate
    from cecert.workflows.find import found_one

    with open_office(config, by) as office:
        refuse_reason(reason_class, reason)
        entry = found_one(whose, office.ledger)
        certificate_id = entry.certificate.id
        confirm(entry, "Revoke it, for good", yes=yes)
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
