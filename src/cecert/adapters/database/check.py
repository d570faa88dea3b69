"""What in a ledger contradicts itself: nobody who only uses cecert can bring that about.

Who opens the database with a shell can drop a trigger, change rows and set it again. Here
the rows are held against one another and against the leaves of the log, which commit to
what was said when it was said (docs/spec/log.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, func, or_, select, text

from cecert.adapters.database.column_types import microseconds
from cecert.adapters.database.derived import Recorded, derived_faults, mark_faults
from cecert.adapters.database.mail_history import mail_history_faults
from cecert.adapters.database.protection import protection_faults
from cecert.adapters.database.rows import line_is_of_certificate, signed_token
from cecert.adapters.database.snapshots import certificate_of
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    log_leaves,
    outbox,
)
from cecert.domain.certificate.certificate import Certificate, CertificateState
from cecert.domain.log.leaf import NOTHING, Leaf, LeafKind, LoggedEvent, kind_and_instant
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Irregularity

__all__ = ["irregularities_in"]

CHUNK = 200
"""Leaves read at once."""


def irregularities_in(connection: Connection, provider: str) -> Iterator[Irregularity]:
    """Yield what contradicts itself in the ledger of *provider*."""
    yield from protection_faults(connection)
    if connection.dialect.name == "sqlite":  # PostgreSQL numbers on after what was given up
        yield from _damage(connection)
        yield from _gaps(connection)
    yield from _credit_lines(connection, provider)
    yield from _leaves(connection, provider)
    yield from _unlogged(connection, provider)
    yield from mark_faults(connection, provider)
    yield from mail_history_faults(connection, provider)


def _damage(connection: Connection) -> Iterator[Irregularity]:
    for (found,) in connection.exec_driver_sql("PRAGMA integrity_check(10)"):
        if found != "ok":
            yield Irregularity(None, "file of the ledger", " ".join(str(found).split()))


_GIVEN = text("SELECT name, seq FROM sqlite_sequence")
"""The number that each table gave last, which outlives the row that got it."""


def _gaps(connection: Connection) -> Iterator[Irregularity]:
    given = {row.name: row.seq for row in connection.execute(_GIVEN)}
    for each in (certificates, events, outbox):
        number = each.c.number
        count, last = connection.execute(
            select(func.count(number), func.coalesce(func.max(number), 0))
        ).one()
        if count != last:
            why = f"it has {count} rows, and the last is number {last}"
            yield Irregularity(None, f"table {each.name}", why)
        if (told := given.get(each.name, 0)) != last:
            why = f"its last row is number {last}, and the number given last is {told}"
            yield Irregularity(None, f"table {each.name}", why)


def _credit_lines(connection: Connection, provider: str) -> Iterator[Irregularity]:
    own, line = certificates.c, credit_lines.c
    stands = own.state == CertificateState.STANDING
    differ = or_(and_(stands, ~line.standing), and_(~stands, line.standing))
    query = (
        select(own.id, own.state, line.credential)
        .join_from(certificates, credit_lines, line_is_of_certificate())
        .where(own.provider_id == provider, differ)
    )
    for row in connection.execute(query):
        why = f"it {'stands' if row.state is not CertificateState.STANDING else 'does not stand'}"
        yield Irregularity(row.id, f"credit {row.credential}", f"{why}; {_is(row.state)}")


def _is(state: CertificateState) -> str:
    return f"the certificate is {state.value}"


def _leaves(connection: Connection, provider: str) -> Iterator[Irregularity]:
    own, leaf = certificates.c, log_leaves.c
    query: Select[Any] = (
        select(
            leaf.position, leaf.instant, leaf.leaf, leaf.salt, leaf.certificate_id,
            leaf.event_number, own.snapshot, own.sha256, own.state, own.course_id,
            own.participant, own.name, own.list_id, own.slot, own.issued_at, own.credit_date,
            own.key_id, own.email, own.evidence,
            events.c.kind, events.c.at, events.c.actor, events.c.reason,
            events.c.certificate_id.label("event_of"),
        )
        .outerjoin_from(
            log_leaves,
            certificates,
            and_(own.provider_id == leaf.provider_id, own.id == leaf.certificate_id),
        )
        .outerjoin(events, events.c.number == leaf.event_number)
        .where(leaf.provider_id == provider)
        .order_by(leaf.position)
        .limit(CHUNK)
    )  # fmt: skip
    expected, latest = 0, 0
    adopted = _Adopted()
    while rows := connection.execute(query.where(leaf.position >= expected)).all():
        recorded = dict[CertificateId, Recorded]()
        for row in rows:
            if row.position != expected:
                why = f"leaves {expected} to {row.position - 1} of the log are missing"
                yield Irregularity(None, "log", why)
            if row.instant < latest:
                yield _of_leaf(row, "it is dated before the leaf above it")
            certificate = None if row.snapshot is None else certificate_of(row.snapshot)
            yield from (_of_leaf(row, why) for why in _wrong_with(row, certificate))
            adopted.see(row)
            if certificate is not None and _is_issue(row):
                recorded[row.certificate_id] = Recorded(certificate, row.email, row.evidence)
            expected, latest = row.position + 1, row.instant
        yield from derived_faults(connection, provider, recorded)
    yield from adopted.faults()


class _Adopted:
    """Leaves that were taken back from a site after a restore, and not done again since."""

    def __init__(self) -> None:
        self._waiting: dict[tuple[LeafKind, bytes, bytes], int] = {}

    def see(self, row: Row[Any]) -> None:
        """Take the next leaf."""
        if row.position == 0 or not (row.certificate_id is None or self._waiting):
            return
        try:
            leaf = Leaf.of(row.leaf)
        except ValueError:  # told already
            return
        if leaf is None or leaf.kind is LeafKind.START:
            return
        mark = leaf.kind, leaf.subject, leaf.file
        if row.certificate_id is None:
            self._waiting[mark] = row.position
        else:
            self._waiting.pop(mark, None)

    def faults(self) -> Iterator[Irregularity]:
        """Yield those that nothing repeats."""
        for (kind, _, _), position in self._waiting.items():
            why = (
                f"it was published that a certificate was {kind.name.casefold()}, and this ledger "
                "does not know which: do it again"
            )
            yield Irregularity(None, f"leaf {position} of the log", why)


def _of_leaf(row: Row[Any], why: str) -> Irregularity:
    return Irregularity(row.certificate_id, f"leaf {row.position} of the log", why)


def _kind_of(row: Row[Any]) -> LeafKind:
    """Return what a leaf tells of.

    Raises:
        ValueError: If it cannot be read.
    """
    kind, _ = kind_and_instant(row.leaf)
    return kind


def _is_issue(row: Row[Any]) -> bool:
    try:
        return _kind_of(row) is LeafKind.ISSUED
    except ValueError:
        return False


def _wrong_with(row: Row[Any], certificate: Certificate | None) -> Iterator[str]:
    """Yield what a leaf says otherwise than the rows that it is of."""
    try:
        kind = _kind_of(row)
    except ValueError as error:
        yield f"it cannot be read: {error}"
        return
    if kind is LeafKind.START:
        if row.position or row.leaf != Leaf(kind, row.instant).encoded:
            yield "it begins a log, and is not its first leaf"
        return
    if kind is LeafKind.TICK or row.certificate_id is None:
        if kind_and_instant(row.leaf)[1] != row.instant:
            yield "its instant is another than its bytes say"
        return
    yield from _wrong_of_certificate(kind, row, certificate)


def _wrong_of_certificate(
    kind: LeafKind, row: Row[Any], certificate: Certificate | None
) -> Iterator[str]:
    if certificate is None:
        yield f"it says that a certificate was {kind.name.casefold()}, and the ledger has none"
        return
    ended = {LeafKind.REVOKED: "revoked", LeafKind.SUPERSEDED: "superseded"}.get(kind)
    if ended is not None and row.state.value != ended:
        yield f"it says that the certificate was {ended}; {_is(row.state)}"
    if row.event_number is not None and row.kind is None:
        yield "the event that it is of is not there"
        return
    if kind is LeafKind.ISSUED and (differing := ", ".join(_differing(certificate, row))):
        yield f"columns of its certificate say otherwise than the record: {differing}"
    if row.leaf != _leaf_of(kind, certificate, row).encoded:
        yield "the ledger says another instant, actor, reason, token or file than it committed to"


def _differing(certificate: Certificate, row: Row[Any]) -> Iterator[str]:
    """Yield the columns that questions are answered from and the record does not bear out."""
    recorded = {
        "id": (certificate.id, row.certificate_id),
        "course_id": (certificate.course.id, row.course_id),
        "participant": (certificate.recipient.participant, row.participant),
        "name": (certificate.recipient.name, row.name),
        "list_id": (certificate.slot.list_id, row.list_id),
        "slot": (certificate.slot.index, row.slot),
        "issued_at": (certificate.issued_at, row.issued_at),
        "credit_date": (certificate.credit_date.isoformat(), row.credit_date),
        "key_id": (signed_token(certificate.id, certificate.token_url).kid.hex(), row.key_id),
    }
    return (name for name, (said, found) in recorded.items() if said != found)


def _leaf_of(kind: LeafKind, certificate: Certificate, row: Row[Any]) -> Leaf:
    """Return the leaf as the ledger's rows make it now."""
    payload = signed_token(certificate.id, certificate.token_url).payload
    event = NOTHING
    if row.kind is not None:
        whose: CertificateId = row.event_of or row.certificate_id
        told = LoggedEvent(whose, row.kind, microseconds(row.at), row.actor, row.reason)
        event = told.digest(row.salt)
    file = bytes.fromhex(row.sha256) if kind is LeafKind.ISSUED else NOTHING
    return Leaf(kind, row.instant, kind.subject(payload), file, event)


def _unlogged(connection: Connection, provider: str) -> Iterator[Irregularity]:
    """Yield what was entered, or ended, behind the log's back."""
    own, leaf = certificates.c, log_leaves.c
    its = and_(leaf.provider_id == own.provider_id, leaf.certificate_id == own.id)
    found = select(own.id, own.state, func.count(leaf.position).label("leaves"))
    found = found.outerjoin_from(certificates, log_leaves, its).where(own.provider_id == provider)
    for row in connection.execute(found.group_by(own.number, own.id, own.state)):
        expected = 1 if row.state is CertificateState.STANDING else 2
        if row.leaves < expected:
            why = f"it has {row.leaves} leaves of the {expected} of one that is {row.state.value}"
            yield Irregularity(row.id, "log", why)
