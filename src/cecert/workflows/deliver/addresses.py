"""Addresses that are known not to work, so that nobody writes to them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.mail.bounces import BounceClass, bounce_class
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.domain.people.person import folded_email
from cecert.workflows.deliver.mail_room import MailRoom

__all__ = ["address_fault"]

_ANSWERED = frozenset({MailState.SENT, MailState.BOUNCED, MailState.FAILED})


def address_fault(record: CompletionRecord, mails: Iterable[OutboxRow], room: MailRoom) -> str:
    """Return why a person's address is not written to, "" if it is.

    It is not where the last mail to it came back, or was refused, because there is no such
    address.

    Args:
        record: The person's.
        mails: Of the course.
        room: The office's, which knows the person's mails of other courses.
    """
    address = folded_email(record.email)
    answered = [
        each
        for each in (*mails, *_elsewhere(record, room))
        if each.state in _ANSWERED and folded_email(each.recipient) == address
    ]
    last = max(answered, key=lambda each: each.settled_at or each.queued_at, default=None)
    if last is None or last.state is MailState.SENT:
        return ""
    if bounce_class(last.reply) is not BounceClass.ADDRESS:
        return ""
    return f"the last mail to {record.email} did not arrive: {last.reply}; ask for another address"


def _elsewhere(record: CompletionRecord, room: MailRoom) -> Iterator[OutboxRow]:
    entries = room.ledger.everything_of(record.identity)
    yield from room.outbox.mails_of([each.certificate.id for each in entries])
