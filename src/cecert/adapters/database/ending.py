"""Ending the standing of a certificate: it was revoked, or another one corrects it."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import Connection, select, update

from cecert.adapters.database.rows import event_columns
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    identities,
    outbox,
)
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.mail.message import MailState
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError
from cecert.ports import Event

__all__ = ["release"]

_NOT_YET_TAKEN = (MailState.QUEUED, MailState.SENDING)


def release(
    connection: Connection, certificate_id: CertificateId, state: CertificateState, event: Event
) -> CertificateState:
    """End the standing of a certificate, with *event*; its credit lines and marks are free.

    Its mails that the service cannot have taken yet are cancelled: one that is being
    sent loses its sender, whose final dot then stays away.

    Args:
        connection: In a transaction that is alone.
        certificate_id: The certificate.
        state: SUPERSEDED or REVOKED.
        event: What is recorded.

    Returns:
        The state it had before; only STANDING was changed.

    Raises:
        LedgerError: If there is no such certificate.
    """
    own = certificates.c
    row = connection.execute(
        select(own.state, own.course_id, own.marks).where(own.id == certificate_id)
    ).one_or_none()
    if row is None:
        raise LedgerError(f"the ledger has no certificate {certificate_id}")
    if row.state is CertificateState.STANDING:
        connection.execute(update(certificates).where(own.id == certificate_id).values(state=state))
        _free_lines(connection, certificate_id)
        # The marks as they were taken: a later cecert may derive others.
        _free_marks(connection, row.course_id, json.loads(row.marks))
        _cancel_mails(connection, certificate_id, f"its certificate was {state.value}", event)
        connection.execute(events.insert(), event_columns(event))
    return CertificateState(row.state)


def _free_lines(connection: Connection, certificate_id: CertificateId) -> None:
    own = credit_lines.c.certificate_id == certificate_id
    connection.execute(update(credit_lines).where(own).values(standing=False))


def _free_marks(connection: Connection, course_id: str, marks: Sequence[str]) -> None:
    held = identities.c
    connection.execute(
        update(identities)
        .where(held.course_id == course_id, held.mark.in_(marks))
        .values(holders=held.holders - 1)
    )


def _cancel_mails(
    connection: Connection, certificate_id: CertificateId, why: str, event: Event
) -> None:
    connection.execute(
        update(outbox)
        .where(outbox.c.certificate_id == certificate_id, outbox.c.state.in_(_NOT_YET_TAKEN))
        .values(state=MailState.CANCELLED, reply=why, settled_at=event.at, owner=None, lease=None)
    )
