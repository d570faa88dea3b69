"""The ledger, read a page at a time: changes by their numbers, certificates in order of issue.

What is read depends on what is asked for, and not on what the ledger holds besides: each
query goes along an index of the provider's own.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, Row, Select, and_, func, select

from cecert.adapters.database.engine import reading
from cecert.adapters.database.events import settled_until
from cecert.adapters.database.lookup import chunks
from cecert.adapters.database.rows import entry_of, event_of, in_order, select_entries
from cecert.adapters.database.tables import certificates, events, folded_forms, log_leaves
from cecert.domain.log.leaf import LeafKind, kind_and_instant
from cecert.domain.people.folded_forms import FormKind
from cecert.domain.people.person import folded_email
from cecert.ports.pages import Change, NumberedEntry, Wanted

__all__ = ["DatabasePages"]


class DatabasePages:
    """Pages of a ledger in a database; `cecert.ports.LedgerPages` says what each method promises.

    It keeps nothing but the engine and whose ledger it is: threads may share one.
    """

    def __init__(self, engine: Engine, provider: str) -> None:
        self._engine = engine
        self._provider = provider

    def change(self, number: int) -> Change | None:
        """Return the change of that number, None where there is none."""
        with reading(self._engine) as connection:
            row = connection.execute(self._told().where(events.c.number == number)).one_or_none()
        return None if row is None else self._change(row)

    def newest_change(self) -> Change | None:
        """Return the newest change up to which none is missing."""
        with reading(self._engine) as connection:
            settled = events.c.number <= settled_until(connection)
            newest = self._told().where(settled).order_by(events.c.number.desc()).limit(1)
            row = connection.execute(newest).one_or_none()
        return None if row is None else self._change(row)

    def changes(self, after: int, limit: int) -> Sequence[Change]:
        """Return the first *limit* changes whose numbers are higher, in their order."""
        own = events.c
        with reading(self._engine) as connection:
            settled = own.number <= settled_until(connection)
            query = self._told().where(own.number > after, settled)
            rows = connection.execute(query.order_by(own.number).limit(limit)).all()
        return [self._change(row) for row in rows]

    def _told(self) -> Select[Any]:
        own, its = events.c, certificates.c
        same = and_(its.provider_id == own.provider_id, its.id == own.certificate_id)
        query = select(events, its.course_id, its.participant).outerjoin_from(
            events, certificates, same
        )
        return query.where(own.provider_id == self._provider)

    def _change(self, row: Row[Any]) -> Change:
        whose = row.course_id or "", row.participant or ""
        return Change.of(self._provider, row.number, event_of(row), *whose)

    def entry_at(self, number: int) -> NumberedEntry | None:
        """Return the entry of that number, None where there is none."""
        with reading(self._engine) as connection:
            found = self._entries(connection, [number])
        return found[0] if found else None

    def entries(self, after: int, limit: int, wanted: Wanted) -> Sequence[NumberedEntry]:
        """Return the first *limit* wanted entries whose numbers are higher, in their order.

        Args:
            after: The number of the last one that is known.
            limit: So many at most.
            wanted: Which.
        """
        with reading(self._engine) as connection:
            if wanted.participant or wanted.email:
                numbers = self._of_person(connection, after, limit, wanted)
            elif wanted.course_id:
                numbers = self._of_course(connection, after, limit, wanted.course_id)
            else:
                numbers = self._of_all(connection, after, limit)
            return self._entries(connection, numbers)

    def _entries(self, connection: Connection, numbers: Collection[int]) -> list[NumberedEntry]:
        own = certificates.c
        # Snapshots are long: the database does not sort them.
        query = select_entries().order_by(None).where(in_order(own.provider_id) == self._provider)
        found = [
            NumberedEntry(row.entry_number, entry_of(row))
            for some in chunks(numbers)
            for row in connection.execute(query.where(own.number.in_(some)))
        ]
        return sorted(found, key=lambda each: each.number)

    def _of_course(
        self, connection: Connection, after: int, limit: int, course_id: str
    ) -> Sequence[int]:
        own = certificates.c
        query = select(own.number).where(
            own.provider_id == self._provider, own.course_id == course_id, own.number > after
        )
        return connection.scalars(query.order_by(own.number).limit(limit)).all()

    def _of_person(
        self, connection: Connection, after: int, limit: int, wanted: Wanted
    ) -> Sequence[int]:
        """Return numbers of the certificates of a person, of whom there are never many."""
        found = [
            number
            for query in self._ways(connection, wanted)
            for number in connection.scalars(query)
            if number > after
        ]
        return sorted(found)[:limit]

    def _ways(self, connection: Connection, wanted: Wanted) -> Iterator[Select[Any]]:
        own, form = certificates.c, folded_forms.c
        query = select(own.number).where(own.provider_id == self._provider)
        if wanted.email:
            mailed = select(form.certificate_id).where(
                form.provider_id == self._provider,
                form.kind == FormKind.EMAIL.value,
                form.form == folded_email(wanted.email),
            )
            query = query.where(own.id.in_(mailed))
            if wanted.participant:
                query = query.where(in_order(own.participant) == wanted.participant)
            if wanted.course_id:
                query = query.where(in_order(own.course_id) == wanted.course_id)
            yield query
            return
        its = query.where(own.participant == wanted.participant)
        if wanted.course_id:
            yield its.where(own.course_id == wanted.course_id)
            return
        for course_id in self._courses(connection):
            yield its.where(own.course_id == course_id)

    def _courses(self, connection: Connection) -> Iterator[str]:
        # One after the other: the index of people begins with the course.
        own = certificates.c
        following = select(func.min(own.course_id)).where(own.provider_id == self._provider)
        course: str | None = connection.scalars(following).one()
        while course is not None:
            yield course
            course = connection.scalars(following.where(own.course_id > course)).one()

    def _of_all(self, connection: Connection, after: int, limit: int) -> Sequence[int]:
        """Return numbers of certificates along the log, which is the provider's own.

        The certificates of all providers have one index of numbers: who went along it would
        read everybody's.
        """
        own, leaf = certificates.c, log_leaves.c
        place = self._place_of(connection, after)
        its = and_(own.provider_id == leaf.provider_id, own.id == leaf.certificate_id)
        query = select(leaf.position, leaf.leaf, own.number).join_from(
            log_leaves, certificates, its
        )
        query = query.where(leaf.provider_id == self._provider).order_by(leaf.position).limit(limit)
        found: list[int] = []
        while len(found) < limit and (
            rows := connection.execute(query.where(leaf.position > place)).all()
        ):
            found += [row.number for row in rows if _tells_of_issue(row.leaf)]
            place = rows[-1].position
        return found[:limit]

    def _place_of(self, connection: Connection, number: int) -> int:
        """Return the place in the log where a certificate was entered, -1 for no certificate."""
        own, leaf = certificates.c, log_leaves.c
        certificate = select(own.id).where(own.number == number, own.provider_id == self._provider)
        query = select(func.min(leaf.position)).where(
            leaf.provider_id == self._provider,
            leaf.certificate_id == certificate.scalar_subquery(),
        )
        place: int | None = connection.scalars(query).one()
        return -1 if place is None else place


def _tells_of_issue(leaf: bytes) -> bool:
    return kind_and_instant(leaf)[0] is LeafKind.ISSUED
