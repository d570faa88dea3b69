"""`status` and `show`: what stands in the ledger, and what became of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from cecert.cli._options import AsJson, Config, CourseId, course_id_of, open_office
from cecert.cli._output import answer, answer_json, say, table
from cecert.cli.find import Whose
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.certificate.phrases import (
    credit_words,
    format_phrase,
    issue_day,
    session_phrases,
)
from cecert.domain.certificate.profile_link import profile_link
from cecert.domain.mail.bounces import BounceClass, bounce_class
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import MailKind, MailState, OutboxRow
from cecert.domain.mail.plan import is_overdue, is_owed, needs_somebody, uncertain_for_long
from cecert.domain.values.wording import day_phrase, hours_figure
from cecert.errors import InputError

if TYPE_CHECKING:
    from cecert.domain.documents.ledger import (
        EntryDocument,
        LinkDocument,
        ShowDocument,
    )
    from cecert.domain.documents.mail import MailDocument, StatusDocument
    from cecert.office import Office
    from cecert.ports import Entry, Event

__all__ = ["UNCERTAIN_HINT", "decided_lines", "entry_document", "show", "status"]

CHUNK = 200
"""Mails whose recipients' names are read at once."""

_COLUMNS = ("course", "certificate", "name", "state", "tries", "due by", "mail server's words")
UNCERTAIN_HINT = (
    "uncertain mails have nearly always arrived: ask, or look in Sent Items, then cecert mail "
    "resolve ID --delivered | --resend"
)
"""What a person can do about a mail of which nobody knows whether it was taken."""

_HINTS = {
    MailState.UNCERTAIN: UNCERTAIN_HINT,
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
            documents = (_row_document(each, now) for each in shown)
            # The tally is complete when the last mail has been written.
            document: StatusDocument = {
                "mails": documents,
                "counts": tally.counts,
                "warnings": list(warnings),
            }
            answer_json(document)
        else:
            table(_COLUMNS, (_row(each, now) for each in shown))
            for state, hint in _HINTS.items():
                if state in tally.shown:
                    say(f"hint: {hint}")
            for found in BounceClass:
                if found in tally.bounced:
                    commands = " or ".join(found.commands).format(id="ID")
                    say(f"hint: bounced ({found.value}): {found.told} {found.advice} {commands}")
            if tally.letters_back:
                from cecert.workflows.deliver.decisions import LETTER_HINT

                say(f"hint: {LETTER_HINT}")
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
        letters_back: Whether a letter is among them.
    """

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.counts: dict[str, int] = {}
        self.waiting = 0
        self.undecided = 0
        self.shown: set[MailState] = set()
        self.bounced: set[BounceClass] = set()
        self.letters_back = False

    def add(self, mail: _Shown) -> None:
        row = mail.row
        self.counts[row.state_word] = self.counts.get(row.state_word, 0) + 1
        self.waiting += mail.needs_somebody(self.now)
        self.undecided += mail.is_owed and uncertain_for_long(row, self.now)

    @property
    def mails(self) -> int:
        return sum(self.counts.values())


def _shown(office: Office, course: str, tally: _Tally, *, overdue: bool) -> Iterator[_Shown]:
    """Count every mail in *tally*; yield those to be shown, each with whose it is."""
    mails = office.outbox.walk_mails(course)
    while rows := list(islice(mails, CHUNK)):
        ids = {row.certificate_id for row in rows if row.certificate_id}
        names, states = office.ledger.names(ids), office.ledger.states(ids)
        for row in rows:
            of = row.certificate_id
            mail = (
                _Shown(row, names[of], states[of]) if of else _Shown(row, letter_of(row).name, None)
            )
            tally.add(mail)
            if not overdue or mail.is_overdue(tally.now):
                tally.shown.add(row.state)
                if row.state is MailState.BOUNCED:
                    tally.bounced.add(bounce_class(row.reply))
                    tally.letters_back |= row.certificate_id is None
                yield mail


class _Shown(NamedTuple):
    """A mail, whose it is, and what became of the certificate it is about; None of a letter."""

    row: OutboxRow
    name: str
    state: CertificateState | None

    @property
    def is_owed(self) -> bool:
        """Whether anybody is still to get it."""
        return is_owed(self.row, self.state)

    def is_overdue(self, now: datetime) -> bool:
        """Say whether it should have arrived, and has not."""
        return self.is_owed and is_overdue(self.row, now)

    def needs_somebody(self, now: datetime) -> bool:
        """Say whether a person has something to do about it."""
        return self.is_owed and needs_somebody(self.row, now)

    @property
    def ended(self) -> str:
        """What is said of a certificate that stands no more, and of what else it is; or ""."""
        if self.row.kind is MailKind.CERTIFICATE:
            return _ENDED.get(self.state, "") if self.state else ""
        return _SAID[self.row.kind]


_ENDED = {CertificateState.REVOKED: "revoked", CertificateState.SUPERSEDED: "replaced"}
_SAID = {
    MailKind.REVOKED: "tells of the revocation",
    MailKind.REMIND: "reminder",
    MailKind.DENIED: "tells why there is none",
}


def _row(mail: _Shown, now: datetime) -> tuple[str, ...]:
    row = mail.row
    due = f"{row.deadline:%Y-%m-%d}" + (" OVERDUE" if mail.is_overdue(now) else "")
    state = row.state_word
    if state == "deferred":
        state = f"deferred until {row.due:%Y-%m-%d %H:%M} UTC"
    if mail.ended:
        state = f"{state}; {mail.ended}"
    return (row.course_id, row.about, mail.name, state, str(row.attempts), due, row.reply)


def _row_document(mail: _Shown, now: datetime) -> MailDocument:
    row = mail.row
    return {
        "key": row.key,
        "kind": row.kind.value,
        "certificate": None if row.certificate_id is None else row.about,
        "course": row.course_id,
        "name": mail.name,
        "email": row.recipient,
        "state": row.state_word,
        "certificate_state": None if mail.state is None else mail.state.value,
        "attempts": row.attempts,
        "due": row.due.isoformat(),
        "deadline": row.deadline.isoformat(),
        "overdue": mail.is_overdue(now),
        "needs_somebody": mail.needs_somebody(now),
        "reply": row.reply,
    }


def show(
    whose: Whose,
    linkedin: Annotated[
        bool,
        typer.Option("--linkedin", help="Print the link that adds it to a LinkedIn profile."),
    ] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Show one certificate as the ledger has it, and everything that happened to it."""
    from cecert.workflows.correct import successor_of
    from cecert.workflows.find import found_one

    with open_office(config) as office:
        entry = found_one(whose, office.ledger)
        events = office.ledger.events(entry.certificate.id)
        successor = successor_of(entry, office.ledger)
    if linkedin:
        _show_link(entry, as_json=as_json)
        return
    if as_json:
        document: ShowDocument = {
            **entry_document(entry, events),
            "superseded_by": None if successor is None else str(successor),
        }
        answer_json(document)
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


def _show_link(entry: Entry, *, as_json: bool) -> None:
    """Print the link of a certificate that stands, and say what it carries."""
    own = entry.certificate
    if entry.state is not CertificateState.STANDING:
        raise InputError(f"certificate {own.id} is {entry.state.value}: it belongs in no profile")
    link = profile_link(own)
    if as_json:
        document: LinkDocument = {"id": str(own.id), "linkedin": link}
        answer_json(document)
    else:
        answer(link)
    say("warning: whoever follows the link tells LinkedIn what is in it: the holder's name, course")
    say("warning: and hours; it is for the holder alone, who may rather not")


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


def entry_document(entry: Entry, events: Sequence[Event]) -> EntryDocument:
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
