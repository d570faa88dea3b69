"""Claims: who draws which certificate, where several runs work on one list.

A claim is no promise: nothing but a run that is about to draw looks at one. It ends with
its lease, by the database's clock, so that what a killed run had claimed is taken over; and
entering looks at it again. A run that is alone writes none. Whether it is, two locks say,
which the system frees when their holder ends: `alone` belongs to who works without claims,
`company` to all who claim. Who comes second has `company` at once and waits for `alone`:
whoever had it sees between two groups that somebody came, and claims from then on.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, or_, select, text

from cecert.adapters.database.column_types import database_clock
from cecert.adapters.database.engine import faults_told, insert_into, path_of, reading, writing
from cecert.adapters.database.entering import admit
from cecert.adapters.database.lookup import chunks
from cecert.adapters.database.tables import STANDING, claims, credit_lines
from cecert.adapters.storage.posix import can_lock, lock_alone, lock_shared
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult, Taken, Work

__all__ = ["DatabaseShare", "admit_claimed", "sharing"]

LEASE = 60.0
"""Seconds a claim holds: a group that is drawn and stored takes a few."""

AT_ONCE = 20
"""Certificates claimed at once: few, so that the end of a list is shared too."""

LOOKED_AT = 200
"""Certificates of a list that are looked at before those after them."""

INTERVAL = 0.05
"""Seconds between two looks at what others are at."""


class Company(Protocol):
    """Says whether others work on the same list."""

    def begin(self) -> bool:
        """Begin; say whether this run works alone."""
        ...

    def has_come(self) -> bool:
        """Say whether somebody has come to who works alone."""
        ...

    def join(self) -> None:
        """Work with others from now on, once nobody works alone; at most as long as a lease."""
        ...


class DatabaseShare:
    """What one run makes of a course; `cecert.ports.Share` says what each method promises."""

    def __init__(self, engine: Engine, provider: str, course_id: str, company: Company) -> None:
        self._engine = engine
        self._provider, self._course = provider, course_id
        self._company = company
        self.owner = ""
        if not company.begin():
            self._claim_from_now_on()

    def take(self, wanted: Sequence[Work], most: int) -> Taken:
        """Take some of what is wanted; wait where others are at all of it."""
        if not self.owner and self._company.has_come():
            self._claim_from_now_on()
        if not self.owner:
            return Taken(tuple(range(min(most, len(wanted)))))
        while wanted:
            for start in range(0, len(wanted), LOOKED_AT):
                own, done = self._claimed(wanted[start : start + LOOKED_AT], min(most, AT_ONCE))
                if own or done:
                    return Taken(*(tuple(start + each for each in them) for them in (own, done)))
            time.sleep(INTERVAL)
        return Taken(())

    def _claim_from_now_on(self) -> None:
        self.owner = f"{socket.gethostname()}:{os.getpid()}-{secrets.token_hex(8)}"
        self._company.join()

    def _claimed(self, wanted: Sequence[Work], most: int) -> tuple[list[int], list[int]]:
        """Return the positions of what is claimed now, and of what others have entered."""
        own: list[int] = []
        with reading(self._engine) as connection:
            others = self._others(connection)
            done = set(self._done(connection, wanted))
        free = [
            number
            for number, each in enumerate(wanted)
            if number not in done and others.isdisjoint(_keys(each))
        ]
        if chosen := free[:most]:
            with writing(self._engine) as connection:
                own = self._insert(connection, wanted, chosen)
                entered = set(self._done(connection, [wanted[each] for each in own]))
                done |= {own[each] for each in entered}
                own = [each for each in own if each not in done]
        return own, sorted(done)

    def _insert(
        self, connection: Connection, wanted: Sequence[Work], chosen: Sequence[int]
    ) -> list[int]:
        """Claim what is *chosen*; return what was not claimed by another a moment ago."""
        table, now = claims.c, database_clock()
        keys = ("provider_id", "course_id", "participant", "credential", "owner")
        # In one order, so that of two runs one waits for the other, and never both.
        rows = sorted(
            (self._provider, self._course, *key, self.owner)
            for number in chosen
            for key in _keys(wanted[number])
        )
        insert = insert_into(connection, claims).values(
            [{**dict(zip(keys, row, strict=True)), "lease": now + LEASE} for row in rows]
        )
        statement = insert.on_conflict_do_update(
            index_elements=claims.primary_key.columns,
            set_={"owner": insert.excluded.owner, "lease": insert.excluded.lease},
            where=or_(table.lease <= now, table.owner == self.owner),
        )
        got = connection.execute(statement.returning(table.participant, table.credential))
        claimed = {tuple(row) for row in got}
        return [each for each in chosen if claimed.issuperset(_keys(wanted[each]))]

    def _others(self, connection: Connection) -> set[tuple[str, str]]:
        """Return what others claim, and have not left."""
        table = claims.c
        which = table.provider_id == self._provider, table.course_id == self._course
        query = select(table.participant, table.credential).where(*which)
        live = table.owner != self.owner, table.lease > database_clock()
        return {(row.participant, row.credential) for row in connection.execute(query.where(*live))}

    def _done(self, connection: Connection, wanted: Sequence[Work]) -> Iterator[int]:
        """Yield the positions of what standing certificates hold of *wanted*."""
        own, held = credit_lines.c, set[tuple[str, str]]()
        query = select(own.participant, own.credential).where(
            own.provider_id == self._provider, own.course_id == self._course, STANDING
        )
        for some in chunks([each.participant for each in wanted]):
            rows = connection.execute(query.where(own.participant.in_(some)))
            held |= {(row.participant, row.credential) for row in rows}
        for number, each in enumerate(wanted):
            if not held.isdisjoint(_keys(each)):
                yield number

    def close(self) -> None:
        """Give back what was claimed and not made."""
        if self.owner:
            with writing(self._engine) as connection:
                table = claims.c
                own = table.provider_id == self._provider, table.course_id == self._course
                connection.execute(delete(claims).where(*own, table.owner == self.owner))


def _keys(work: Work) -> list[tuple[str, str]]:
    return [(work.participant, each) for each in work.credentials]


def admit_claimed(
    connection: Connection, provider: str, entries: Sequence[Entry], at: datetime, owner: str
) -> list[EntryResult]:
    """Enter what was drawn under claims, as `admit` does, unless others claim it since.

    Args:
        connection: In a transaction that is alone.
        provider: Whose certificates they are.
        entries: A group.
        at: When they were issued.
        owner: Whose claims; they end.
    """
    table, lost = claims.c, set[tuple[str, str]]()
    own = table.provider_id == provider
    query = select(table.course_id, table.participant).where(own, table.owner != owner)
    for which in _of(entries):
        rows = connection.execute(query.where(which, table.lease > database_clock()))
        lost |= {(row.course_id, row.participant) for row in rows}
        connection.execute(delete(claims).where(own, table.owner == owner, which))
    free = [each for each in entries if _whose(each) not in lost]
    results = iter(admit(connection, provider, free, at))
    return [EntryResult.CLAIMED if _whose(e) in lost else next(results) for e in entries]


def _whose(entry: Entry) -> tuple[str, str]:
    return entry.certificate.course.id, entry.certificate.recipient.participant


def _of(entries: Sequence[Entry]) -> Iterator[ColumnElement[bool]]:
    whose = set(map(_whose, entries))
    for course in {each for each, _ in whose}:
        people = sorted(participant for each, participant in whose if each == course)
        yield and_(claims.c.course_id == course, claims.c.participant.in_(people))


@contextmanager
def sharing(engine: Engine, provider: str, course_id: str) -> Iterator[DatabaseShare]:
    """Give this run's share of the work on a course, until it has done it.

    Args:
        engine: Of the ledger.
        provider: Whose ledger it is.
        course_id: The course.
    """
    name = f"cecert issue {provider} {course_id}"
    meeting: AbstractContextManager[Company]
    if engine.dialect.name == "sqlite":
        meeting = _beside(path_of(engine))
    else:
        meeting = _on_server(engine, name)
    with meeting as company:
        share = DatabaseShare(engine, provider, course_id, company)
        try:
            yield share
        finally:
            share.close()


@contextmanager
def _beside(path: Path) -> Iterator[Company]:
    """Give the company of an SQLite ledger: locks on two files beside it, for all its courses."""
    company = _FileCompany(path)
    try:
        yield company
    finally:
        company.close()


class _FileCompany:
    """Who is at work, by locks on files; where files have none, everybody claims."""

    def __init__(self, path: Path) -> None:
        self._paths = {each: path.with_name(f".{path.name}.{each}") for each in _LOCKS}
        self._held: dict[str, int] = {}

    def begin(self) -> bool:
        if not (can_lock() and self._take(_ALONE)):
            return False
        if self.has_come():
            self._leave(_ALONE)
            return False
        return True

    def has_come(self) -> bool:
        if not self._take(_COMPANY):
            return True
        self._leave(_COMPANY)
        return False

    def join(self) -> None:
        if not can_lock():
            return
        was_alone = _ALONE in self._held
        self._held[_COMPANY] = handle = self._opened(_COMPANY)
        lock_shared(handle)
        if was_alone or _soon(lambda: self._take(_ALONE)):
            self._leave(_ALONE)

    def _take(self, name: str) -> bool:
        handle = self._opened(name)
        if lock_alone(handle):
            self._held[name] = handle
            return True
        os.close(handle)
        return False

    def _opened(self, name: str) -> int:
        path = self._paths[name]
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerError(
                f"{path} cannot be opened: {error.strerror}",
                hint="its folder must be writable for the user who runs cecert",
            ) from error

    def _leave(self, name: str) -> None:
        os.close(self._held.pop(name))

    def close(self) -> None:
        for each in tuple(self._held):
            self._leave(each)


@contextmanager
def _on_server(engine: Engine, name: str) -> Iterator[Company]:
    """Give the company of a ledger on PostgreSQL: locks of a connection, for one course."""
    with faults_told(), engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT")
        company = _ServerCompany(connection, name)
        try:
            yield company
        finally:
            company.close()


class _ServerCompany:
    """Who is at work, on whatever machine, by advisory locks."""

    def __init__(self, connection: Connection, name: str) -> None:
        self._connection, self._is_alone = connection, False
        self._numbers = {
            each: int.from_bytes(sha256(f"{name} {each}".encode()).digest()[:8], signed=True)
            for each in _LOCKS
        }

    def begin(self) -> bool:
        if not self._call("pg_try_advisory_lock", _ALONE):
            return False
        self._is_alone = not self.has_come()
        if not self._is_alone:
            self._call("pg_advisory_unlock", _ALONE)
        return self._is_alone

    def has_come(self) -> bool:
        if not self._call("pg_try_advisory_lock", _COMPANY):
            return True
        self._call("pg_advisory_unlock", _COMPANY)
        return False

    def join(self) -> None:
        self._call("pg_advisory_lock_shared", _COMPANY)
        if self._is_alone or _soon(lambda: bool(self._call("pg_try_advisory_lock", _ALONE))):
            self._call("pg_advisory_unlock", _ALONE)
        self._is_alone = False

    def _call(self, function: str, name: str) -> object:
        number = {"number": self._numbers[name]}
        return self._connection.scalar(text(f"SELECT {function}(:number)"), number)

    def close(self) -> None:
        """Leave; a connection that goes back to the pool would keep its locks."""
        self._connection.execute(text("SELECT pg_advisory_unlock_all()"))


_ALONE, _COMPANY = _LOCKS = ("alone", "company")


def _soon(take: Callable[[], bool]) -> bool:
    """Try *take* until it says True, or a lease is over: who is alone may have been stopped."""
    end = time.monotonic() + LEASE
    while not take():
        if time.monotonic() > end:
            return False
        time.sleep(INTERVAL)
    return True
