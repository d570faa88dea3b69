"""Leaves of the log: added in the transaction of what they tell of, and read in their order."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from cecert.adapters.database.engine import reading, writing
from cecert.adapters.database.inserting import insert_rows
from cecert.adapters.database.tables import log_leaves
from cecert.domain.log.index import Tick
from cecert.domain.log.leaf import NOTHING, SALT_SIZE, Leaf, LeafKind, LoggedEvent, kind_and_instant
from cecert.domain.values.certificate_id import CertificateId
from cecert.errors import LedgerError

__all__ = ["DatabaseLog", "LoggedAct", "add_leaves"]

CHUNK = 2000
"""Leaves read at once; between chunks nothing is locked."""


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
    insert_rows(connection, {log_leaves: rows})


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


class DatabaseLog:
    """The log in a ledger's database; `cecert.ports.Log` says what each method promises.

    It keeps nothing but the engine and whose log it is: threads may share one.
    """

    def __init__(self, engine: Engine, provider: str) -> None:
        self._engine = engine
        self._provider = provider

    def size(self) -> int:
        """Return how many leaves there are."""
        with reading(self._engine) as connection:
            return _size(connection, self._provider)

    def leaf(self, position: int) -> bytes | None:
        """Return the leaf at a place, counted from 0."""
        own = log_leaves.c
        which = own.provider_id == self._provider, own.position == position
        with reading(self._engine) as connection:
            return connection.scalars(select(own.leaf).where(*which)).one_or_none()

    def leaves(self, start: int = 0) -> Iterator[bytes]:
        """Yield the leaves from a place on."""
        own = log_leaves.c
        query = select(own.leaf).where(own.provider_id == self._provider).order_by(own.position)
        while True:
            with reading(self._engine) as connection:
                found = connection.scalars(query.where(own.position >= start).limit(CHUNK)).all()
            yield from found
            start += len(found)
            if len(found) < CHUNK:
                return

    def add_tick(self, position: int, tick: Tick) -> bool:
        """Add a tick as the leaf at *position*, if none is there."""
        with writing(self._engine, alone=True) as connection:
            if _size(connection, self._provider) != position:
                return False
            row = _row(self._provider, position, tick.instant, tick.encoded)
            connection.execute(log_leaves.insert(), [row])
        return True

    def adopt(self, position: int, leaves: Sequence[bytes]) -> None:
        """Take back leaves that were published and that this log has forgotten."""
        rows = []
        for number, leaf in enumerate(leaves, position):
            _, instant = kind_and_instant(leaf)
            rows.append(_row(self._provider, number, instant, leaf))
        with writing(self._engine, alone=True) as connection:
            if _size(connection, self._provider) != position:
                raise LedgerError(
                    "the ledger was written while its log was taken back; nothing was changed",
                    hint="stop other commands on this ledger, and do it again",
                )
            for start in range(0, len(rows), CHUNK):
                connection.execute(log_leaves.insert(), rows[start : start + CHUNK])


def _size(connection: Connection, provider: str) -> int:
    own = log_leaves.c
    newest = select(func.max(own.position)).where(own.provider_id == provider)
    last: int | None = connection.scalars(newest).one()
    return 0 if last is None else last + 1
