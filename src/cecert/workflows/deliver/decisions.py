"""What a person, or evidence, decides about mails.

A mail that failed, bounced or is uncertain is never sent again by itself; each of these moves
it, once, and its event says who decided and why. Only a trial of the mail account sends: one
mail with a specimen, of which nothing is recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from cecert.domain.certificate.certificate import Certificate
from cecert.domain.mail import letter as letters
from cecert.domain.mail.bounces import (
    Bounce,
    BounceClass,
    BounceKind,
    bounce_class,
    certificates_named,
    letters_named,
    row_of,
)
from cecert.domain.mail.message import TEST, MailState, OutboxRow, Receipt
from cecert.domain.mail.plan import DeliveryPlan, Pace, plan_delivery
from cecert.domain.mail.promises import queue_row, resend_row, retry_row
from cecert.domain.people.person import email_problems
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import InputError, LedgerError, no_certificate
from cecert.ports import Entry
from cecert.workflows.deliver.mail_room import MailRoom, nothing_to_record
from cecert.workflows.deliver.reconcile import is_reissued

__all__ = [
    "LETTER_HINT",
    "REISSUED_HINT",
    "BounceReport",
    "pace_of",
    "plan",
    "quarantine",
    "record_bounces",
    "resend",
    "resolve",
    "retry_failed",
    "send_trial",
]

REISSUED_HINT = (
    "the service took another mail of that name before the ledger was restored: cecert mail "
    "resolve ID --delivered lets it be, then cecert resend ID sends the file recorded now"
)
"""What a person can do about a mail that `is_reissued`."""

LETTER_HINT = (
    "of a letter that came back: ask for the right address, put it into the list, and run the "
    "command again"
)
"""What a person can do about a letter whose address does not work."""

_UNCERTAIN = frozenset({MailState.UNCERTAIN})
_QUEUED = frozenset({MailState.QUEUED})
_FAILED = frozenset({MailState.FAILED})
_RETRIED = frozenset({MailState.FAILED, MailState.BOUNCED})
_GONE = frozenset({MailState.SENT, MailState.UNCERTAIN})


def plan(room: MailRoom, course_id: str = "") -> DeliveryPlan:
    """Plan the delivery of what is queued, at the account's pace."""
    return plan_delivery(room.outbox.in_turn(course_id), pace_of(room), room.clock.now())


def pace_of(room: MailRoom) -> Pace:
    """Return how fast the account may send, less what it sent in the last 24 hours."""
    account = room.account
    if account.daily_limit is None:
        return Pace(account.rate_per_minute)
    sent = room.outbox.sent_since(room.clock.now() - timedelta(days=1))
    return Pace(account.rate_per_minute, account.daily_limit, sent)


def resolve(room: MailRoom, name: str, *, delivered: bool, reason: str) -> OutboxRow:
    """Decide an uncertain mail: it arrived, or it is to be sent again, byte for byte.

    Args:
        room: The office's.
        name: The mail's key, or its certificate's id.
        delivered: True if it arrived; False to send it again.
        reason: What was found, for the record.

    Raises:
        InputError: If there is no uncertain mail of that name, or more than one, or it
            would be sent again where another mail of its name was taken, or its certificate
            stands no more.
    """
    row = _one(room, name, MailState.UNCERTAIN)
    if not delivered and (why := _ended(room, row)):
        raise InputError(
            f"{row.about} is not sent again: {why}",
            hint=f"cecert mail resolve {row.about} --delivered lets it be",
        )
    if is_reissued(row) and not delivered:
        # Under the Message-ID of what was taken, mail services drop it unseen
        # (docs/spec/delivery.md 1).
        raise InputError(f"{row.key} is not sent under its name: {row.reply}", hint=REISSUED_HINT)
    target = MailState.SENT if delivered else MailState.QUEUED
    kind = "sent" if delivered else "queued"
    if not room.outbox.move(row.key, _UNCERTAIN, target, room.event(kind, row, reason)):
        raise InputError(f"{row.key} was settled meanwhile; nothing was changed")
    return row


def retry_failed(room: MailRoom, names: Sequence[str] = (), course_id: str = "") -> int:
    """Queue failed mails again, and those that came back through the sender's own fault.

    Nothing of a failed one was accepted, so the same bytes go. One that came back goes as a
    new message with the same words, once for each time it came back. One whose certificate
    stands no more is owed to nobody, and stays.

    Args:
        room: The office's.
        names: Keys or certificate ids, () for every such mail of the course.
        course_id: "" for all courses.

    Returns:
        How many were queued.

    Raises:
        InputError: If a name has no such mail, or its certificate stands no more.
    """
    rows: Iterable[OutboxRow] = room.outbox.walk_mails(course_id, _RETRIED)
    if names:
        rows = [_to_retry(room, name) for name in names]
    return sum(_retried(room, row) for row in rows)


def _to_retry(room: MailRoom, name: str) -> OutboxRow:
    row = _one(room, name, MailState.FAILED, MailState.BOUNCED)
    if why := _ended(room, row):
        raise InputError(f"{row.about} is not sent again: {why}", hint="cecert show tells more")
    found = bounce_class(row.reply)
    if row.state is MailState.BOUNCED and found is not BounceClass.SENDER:
        hint = f"{found.advice} {' or '.join(found.commands)}".format(id=row.about)
        if row.certificate_id is None:
            hint = LETTER_HINT
        raise InputError(f"{row.key} came back: {row.reply}. {found.told}", hint=hint)
    return row


def _retried(room: MailRoom, row: OutboxRow) -> bool:
    """Queue a mail once more; False if somebody has seen to it, or it is none to retry."""
    if _ended(room, row):
        return False
    if row.state is MailState.FAILED:
        event = room.event("queued", row, "tried again")
        return room.outbox.move(row.key, _FAILED, MailState.QUEUED, event)
    if bounce_class(row.reply) is not BounceClass.SENDER:
        return False
    mails = _like(room, row)
    if any(each.queued_at > row.queued_at for each in mails):
        return False
    again = _once_more(room, row, len(mails))
    return room.outbox.queue(again, room.event("resent", again, f"came back: {row.reply}"))


def _like(room: MailRoom, row: OutboxRow) -> Sequence[OutboxRow]:
    """Return the mails of the same certificate and state of it, or to the same person."""
    if row.certificate_id is None:
        of_course = room.outbox.rows(row.course_id)
        return [each for each in of_course if letters.are_to_one(each, row)]
    mails = room.outbox.of_certificate(row.certificate_id)
    return [each for each in mails if each.sent_while is row.sent_while]


def _once_more(room: MailRoom, row: OutboxRow, before: int) -> OutboxRow:
    entry, now = room.entry_of(row), room.clock.now()
    if entry is None:
        return letters.again(row, before + 1, now)
    return retry_row(entry.certificate, row, before, now)


def _ended(room: MailRoom, row: OutboxRow) -> str:
    """Return why a mail is owed to nobody any more, "" if it is."""
    entry = room.entry_of(row)
    if entry is None or entry.state is row.sent_while:
        return ""
    return f"its certificate is {entry.state.value}"


def quarantine(room: MailRoom, since: datetime, course_id: str = "") -> int:
    """Hold every queued mail of a ledger that was restored from a backup made at *since*.

    After *since* the old ledger may have sent any of them, and what was issued and sent
    after it is forgotten and would be queued anew. `deliver` settles those that the
    send log knows; the others are `uncertain` until somebody decides.

    Args:
        room: The office's.
        since: When the backup was made, aware.
        course_id: "" for all courses.

    Returns:
        How many are held now.

    Raises:
        InputError: If *since* has not come yet.
    """
    if since > room.clock.now():
        raise InputError(f"no backup can be from {since.isoformat()}: that has not come yet")
    reason = f"held: the ledger was restored as of {since.isoformat()}, it may have been sent since"
    return sum(
        room.outbox.move(
            row.key, _QUEUED, MailState.UNCERTAIN, room.event("uncertain", row, reason)
        )
        for row in room.outbox.walk_mails(course_id, _QUEUED)
    )


def resend(room: MailRoom, certificate_id: CertificateId, to: str = "") -> OutboxRow:
    """Queue another mail with the same file, to the same address or to another.

    Of a certificate that was revoked, and whose holder was told, it tells so again.

    Args:
        room: The office's.
        certificate_id: The certificate; it must stand, or its holder have been told.
        to: The other address, "" for the one of the first mail.

    Raises:
        InputError: If the address cannot work, or a mail of it is still under way.
        LedgerError: If there is no such certificate, or nothing of it is to be sent.
    """
    if to and (problems := email_problems(to)):
        raise InputError(f"{to!r} {problems[0]}")
    entry = room.ledger.entry(certificate_id)
    if entry is None:
        raise no_certificate(certificate_id)
    own = room.outbox.of_certificate(certificate_id)
    mails = [each for each in own if each.sent_while is entry.state]
    if not mails:
        raise LedgerError(f"certificate {certificate_id} is {entry.state.value}; it is not sent")
    _refuse_under_way(mails)
    first = min(mails, key=lambda row: row.queued_at)
    row = resend_row(entry.certificate, first, len(mails), room.clock.now(), to)
    reason = f"to {to}" if to else "to the same address"
    if not room.outbox.queue(row, room.event("resent", row, reason)):
        raise InputError(f"{row.key} was queued by somebody else meanwhile")
    return row


def _refuse_under_way(mails: Sequence[OutboxRow]) -> None:
    under_way = {MailState.SENDING, MailState.COMMITTING, MailState.UNCERTAIN, MailState.QUEUED}
    for row in mails:
        if row.state in under_way:
            hint = "cecert deliver sends what is queued"
            if row.state is MailState.UNCERTAIN:
                hint = f"decide it first: cecert mail resolve {row.about}"
            raise InputError(f"a mail of {row.about} is {row.state_word}", hint=hint)


@dataclass(frozen=True, slots=True)
class BounceReport:
    """What became of the bounces that were read.

    Attributes:
        bounced: Mails that came back, newly marked, with the notification.
        evidence: Uncertain mails that a notification proves to have been taken.
        known: Notifications that changed nothing: delays, and bounces marked before.
        unknown: Notifications about none of our mails.
    """

    bounced: tuple[tuple[OutboxRow, Bounce], ...] = ()
    evidence: tuple[tuple[OutboxRow, Bounce], ...] = ()
    known: tuple[Bounce, ...] = ()
    unknown: tuple[Bounce, ...] = ()


def record_bounces(room: MailRoom, bounces: Iterable[Bounce]) -> BounceReport:
    """Mark the mails that came back; reading the same bounces again changes nothing."""
    bounced, evidence, known, unknown = [], [], [], []
    for bounce in bounces:
        row = row_of(bounce, _possible(room, bounce))
        if row is None:
            unknown.append(bounce)
        elif bounce.kind is BounceKind.FAILED and _move(room, row, _GONE, "bounced", bounce):
            bounced.append((row, bounce))
        elif bounce.kind is BounceKind.DELIVERED and _move(room, row, _UNCERTAIN, "sent", bounce):
            evidence.append((row, bounce))
        else:
            known.append(bounce)
    return BounceReport(tuple(bounced), tuple(evidence), tuple(known), tuple(unknown))


def _possible(room: MailRoom, bounce: Bounce) -> Iterator[OutboxRow]:
    for certificate_id in certificates_named(bounce):
        yield from room.outbox.of_certificate(certificate_id)
    named = [*letters_named(bounce, room.account.mail_host), bounce.message_id]
    if wanted := [each for each in named if each]:
        yield from room.outbox.named(wanted)


def _move(
    room: MailRoom, row: OutboxRow, sources: frozenset[MailState], kind: str, bounce: Bounce
) -> bool:
    event = room.event(kind, row, str(bounce))
    return room.outbox.move(row.key, sources, MailState(kind), event)


async def send_trial(room: MailRoom, specimen: Certificate, document: bytes, to: str) -> Receipt:
    """Send a `[TEST]` mail, whose Message-ID no real mail has.

    Args:
        room: The office's.
        specimen: From `specimen_certificate`.
        document: Its PDF, with SPECIMEN across it.
        to: Who gets it.

    Raises:
        InputError: If the address cannot work.
        DeliveryError: If the service refuses us or cannot be reached.
    """
    if problems := email_problems(to):
        raise InputError(f"{to!r} {problems[0]}")
    now = room.clock.now()
    digest = sha256(document).hexdigest()
    row = queue_row(specimen, to, digest, now, room.account.mail_host)
    stamp = f"{TEST}-{now:%Y%m%d%H%M%S%f}"
    row = replace(
        row,
        key=f"{specimen.id}:{stamp}",
        message_id=f"<{stamp}.{digest[:16]}@{room.account.mail_host}>",
    )
    entry = Entry(specimen, to, "specimen.pdf", digest, row, room.actor)
    mail = room.writer.write(entry, row, document)
    async with room.sender.lane() as lane:
        return await lane.send(mail, nothing_to_record)


def _one(room: MailRoom, name: str, *states: MailState) -> OutboxRow:
    """Return the one mail in one of *states* that *name* names: a key, or a certificate's id."""
    told = " or ".join(each.value for each in states)
    if (row := room.outbox.row(name)) is not None and row.certificate_id is None:
        if row.state in states:
            return row
        raise InputError(f"{name} has no {told} mail", hint="cecert status lists all mails")
    try:
        wanted = CertificateId.parse(name.partition(":")[0])
    except ValueError as error:
        raise InputError(f"{name!r} names no mail: {error}") from None
    mails = [
        row
        for row in room.outbox.of_certificate(wanted)
        if row.state in states and (":" not in name or row.purpose == name.partition(":")[2])
    ]
    if len(mails) == 1:
        return mails[0]
    if mails:
        keys = ", ".join(row.key for row in mails)
        raise InputError(f"{name} has {len(mails)} {told} mails: name one of {keys}")
    raise InputError(f"{name} has no {told} mail", hint="cecert status lists all mails")
