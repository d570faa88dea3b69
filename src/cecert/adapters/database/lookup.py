"""What the ledger holds of the people of a batch, found by index and by nothing else.

What is read depends on who is asked for, and not on what the ledger holds of others. No
snapshot is read to find somebody: people are found by columns and by their marks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, collate, or_, select

from cecert.adapters.database.rows import (
    held_line_of,
    line_is_of_certificate,
    select_entries,
    select_held,
)
from cecert.adapters.database.tables import certificates, credit_lines, identities
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import HeldLine

__all__ = ["chunks", "entry_rows_of", "held_lines_near", "revoked_lines_of"]

AT_ONCE = 200
"""Values asked for in one statement: databases limit how many, and how deep an OR may go."""

T = TypeVar("T")


def held_lines_near(
    connection: Connection, provider: str, course_id: str, people: Collection[PersonSigns]
) -> Sequence[HeldLine]:
    """Return the standing credit lines of everybody who may be one of *people*.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        course_id: The course the lines are of.
        people: By identity, address and marks; any of them that agrees is enough.

    Returns:
        The lines, in order of issue.
    """
    participants = {each.identity for each in people} | {each.address for each in people}
    participants |= set(_marked(connection, provider, course_id, people))
    query = select_held().add_columns(certificates.c.number)
    own = credit_lines.c
    rows: list[Row[Any]] = []
    for some in chunks(participants):
        which = own.provider_id == provider, own.course_id == course_id, own.participant.in_(some)
        rows += connection.execute(query.where(*which))
    return [held_line_of(row) for row in sorted(rows, key=_numbered)]


def _numbered(row: Row[Any]) -> int:
    return int(row.number)


def _marked(
    connection: Connection, provider: str, course_id: str, people: Collection[PersonSigns]
) -> Iterator[str]:
    """Yield who holds a mark of *people*, or any mark of an address that is an identity."""
    held = identities.c
    query = select(held.participant).where(held.holders > 0)
    for marks in chunks({mark for each in people for mark in each.marks}):
        which = held.provider_id == provider, held.course_id == course_id, held.mark.in_(marks)
        yield from connection.scalars(query.where(*which))
    addresses = {each.address_mark for each in people if each.identity == each.address}
    for openings in chunks(addresses):
        # Provider and course stand in each part, so that each part is found by the index.
        its = held.provider_id == provider, held.course_id == course_id
        parts = [and_(*its, *_begins(connection, opening)) for opening in openings]
        yield from connection.scalars(query.where(or_(*parts)))


def _begins(connection: Connection, opening: str) -> Iterator[ColumnElement[bool]]:
    """Say of a mark that it begins so: a stretch of an index that is in the order of bytes."""
    bytewise = "BINARY" if connection.dialect.name == "sqlite" else "C"
    mark = collate(identities.c.mark, bytewise)
    yield mark >= opening
    yield mark < opening[:-1] + chr(ord(opening[-1]) + 1)


def revoked_lines_of(
    connection: Connection, provider: str, course_id: str, participants: Collection[str]
) -> Mapping[tuple[str, str], CertificateId]:
    """Return which certificate took each credit with it when it was revoked.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        course_id: The course the credits are of.
        participants: The identities asked about.

    Returns:
        By identity and credential type; of several revoked, the newest.
    """
    own, line = certificates.c, credit_lines.c
    query = (
        select(own.number, own.participant, line.credential, own.id)
        .join_from(certificates, credit_lines, line_is_of_certificate())
        .where(own.state == CertificateState.REVOKED)
    )
    rows: list[Row[Any]] = []
    for some in chunks(participants):
        rows += connection.execute(query.where(*_of_course(provider, course_id, some)))
    return {(row.participant, row.credential): row.id for row in sorted(rows, key=_numbered)}


def entry_rows_of(
    connection: Connection, provider: str, course_id: str, participants: Collection[str]
) -> Sequence[Row[Any]]:
    """Return the rows of the entries of some people in a course, in order of issue.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        course_id: The course.
        participants: The identities asked about.
    """
    # Without an order: the index of a course's order would have all of the course read.
    query: Select[Any] = select_entries().order_by(None)
    rows: list[Row[Any]] = []
    for some in chunks(participants):
        rows += connection.execute(query.where(*_of_course(provider, course_id, some)))
    return sorted(rows, key=lambda row: int(row.entry_number))


def _of_course(
    provider: str, course_id: str, participants: Collection[str]
) -> tuple[ColumnElement[bool], ...]:
    own = certificates.c
    which = own.provider_id == provider, own.course_id == course_id
    return *which, own.participant.in_(participants)


def chunks(values: Collection[T]) -> Iterator[list[T]]:
    """Yield *values*, each once, so many at a time as one statement asks for."""
    rest = iter(dict.fromkeys(values))
    while some := list(islice(rest, AT_ONCE)):
        yield some
