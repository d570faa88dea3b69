"""Leaves of the log, added in the transaction of what they tell of."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select

from cecert.adapters.database.tables import log_leaves
from cecert.domain.log.leaf import NOTHING, SALT_SIZE, Leaf, LeafKind, LoggedEvent
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["LoggedAct", "add_leaves"]


@dataclass(frozen=True, slots=True)
class LoggedAct:
    """An act that becomes a leaf.

    Attributes:
        kind: What was done.
        certificate_id: To what.
        payload: Of the certificate's token.
        event: What the ledger says of it; None where it says nothing.
        event_number: The event's row, None without one.
        sha256: Of the document of an issue, hexadecimal; "" else.
    """

    kind: LeafKind
    certificate_id: CertificateId
    payload: bytes
    event: LoggedEvent | None
    event_number: int | None
    sha256: str = ""

    def leaf(self, instant: int, salt: bytes) -> Leaf:
        """Return its leaf at *instant* (seconds), its event hidden by *salt*."""
        return Leaf(
            self.kind,
            instant,
            self.kind.subject(self.payload),
            bytes.fromhex(self.sha256) if self.sha256 else NOTHING,
            NOTHING if self.event is None else self.event.digest(salt),
        )


def add_leaves(connection: Connection, provider: str, acts: Sequence[LoggedAct], now: int) -> None:
    """Add a leaf for each of *acts* to a provider's log, which begins with a start leaf.

    Args:
        connection: In a transaction that is alone: positions have no gap.
        provider: Whose log.
        acts: In their order.
        now: Seconds since 1970, UTC; where the last leaf is later, its instant is taken.
    """
    if not acts:
        return
    own = log_leaves.c
    newest = select(log_leaves).where(own.provider_id == provider)
    newest_first = newest.order_by(own.position.desc()).limit(1)
    query = select(
        *(
            newest_first.with_only_columns(each).scalar_subquery()
            for each in (own.position, own.instant)
        )
    )
    last, latest = connection.execute(query).one()
    instant = now if latest is None else max(now, latest)
    rows: list[dict[str, Any]] = []
    if last is None:
        start = Leaf(LeafKind.START, instant).encoded
        rows.append(_row(provider, 0, instant, start))
    for position, act in enumerate(acts, 1 if last is None else last + 1):
        salt = secrets.token_bytes(SALT_SIZE)
        row = _row(provider, position, instant, act.leaf(instant, salt).encoded)
        row |= {"salt": salt, "event_number": act.event_number}
        rows.append(row | {"certificate_id": act.certificate_id})
    connection.execute(log_leaves.insert(), rows)


def _row(provider: str, position: int, instant: int, leaf: bytes) -> dict[str, Any]:
    return {
        "provider_id": provider,
        "position": position,
        "instant": instant,
        "leaf": leaf,
        "salt": None,
        "certificate_id": None,
        "event_number": None,
    }
