"""What the ledger holds of the people of a batch, found by index and by nothing else.

What is read depends on who is asked for, and not on what the ledger holds of others. No
snapshot is read to find somebody: people are found by columns and by their marks.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Row,
    Select,
    Text,
    TextClause,
    and_,
    bindparam,
    collate,
    func,
    select,
    text,
)

from cecert.adapters.database.column_types import stored_words
from cecert.adapters.database.rows import (
    held_line_of,
    in_order,
    select_entries,
    select_held,
)
from cecert.adapters.database.tables import certificates, credit_lines, folded_forms, identities
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.people.folded_forms import FormKind, license_forms
from cecert.domain.people.name_matching import bare_name
from cecert.domain.people.person import PersonSigns
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import HeldLine

__all__ = [
    "after",
    "between",
    "chunks",
    "entry_rows_everywhere",
    "entry_rows_of",
    "held_alike",
    "held_lines_near",
    "held_signs",
    "revoked_lines_of",
]

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
    alike = held_alike(connection, provider, course_id, people)
    participants |= {row.participant for row in alike}
    query = select_held().add_columns(certificates.c.number)
    own = credit_lines.c
    rows: list[Row[Any]] = []
    for some in chunks(participants):
        which = own.provider_id == provider, own.course_id == course_id, own.participant.in_(some)
        rows += connection.execute(query.where(*which))
    asked = {each.identity: each.name for each in people}
    renamed = {row.participant for row in rows if asked.get(row.participant, row.name) != row.name}
    former = _former_names(connection, provider, course_id, renamed)
    lines = [held_line_of(row) for row in sorted(rows, key=_numbered)]
    return [
        replace(line, former_names=former[line.participant]) if line.participant in former else line
        for line in lines
    ]


def _former_names(
    connection: Connection, provider: str, course_id: str, participants: Collection[str]
) -> Mapping[str, frozenset[str]]:
    """Return the names on corrected certificates of some people in a course."""
    own, found = certificates.c, defaultdict[str, set[str]](set)
    query = select(own.participant, own.name).where(own.state == CertificateState.SUPERSEDED)
    for some in chunks(participants):
        for row in connection.execute(query.where(*_of_course(provider, course_id, some))):
            found[row.participant].add(row.name)
    return {participant: frozenset(names) for participant, names in found.items()}


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
        its = {held.provider_id: provider, held.course_id: course_id}
        spans = [(opening, after(opening)) for opening in openings]
        within, values = _in_spans(connection, its, held.mark, spans)
        yield from connection.scalars(query.where(within), values)


Spans = Sequence[tuple[str, str]]
"""Stretches of an index, each from its first value to what comes after its last."""


def _in_spans(
    connection: Connection,
    its: Mapping[Column[Any], str],
    column: ColumnElement[str],
    spans: Spans,
) -> tuple[TextClause, Mapping[str, str]]:
    """Return the condition that *column* lies in one of *spans*, as `between`, and *its* columns.

    The values go along with the statement.
    """
    values = {f"its_{number}": each for number, each in enumerate(its.values())}
    for number, (first, end) in enumerate(spans):
        values[f"first_{number}"] = stored_words(first)
        values[f"end_{number}"] = stored_words(end)
    names = tuple(map(str, its))
    return _span_text(names, f"{column} {_bytewise(connection)}", len(spans)), values


@lru_cache(maxsize=64)  # to put hundreds of spans together takes longer than to find them
def _span_text(its: Sequence[str], column: str, spans: int) -> TextClause:
    # What is the same stands in each part, so that each part is found by the index.
    same = " AND ".join(f"{each} = :its_{number}" for number, each in enumerate(its))
    part = f"({same} AND {column} >= :first_{{0}} AND {column} < :end_{{0}})"
    condition = text(f"({' OR '.join(map(part.format, range(spans)))})")
    ends = (f"{each}_{number}" for number in range(spans) for each in ("first", "end"))
    names = [*(f"its_{number}" for number in range(len(its))), *ends]
    return condition.bindparams(*[bindparam(name, type_=Text()) for name in names])


def _bytewise(connection: Connection) -> str:
    return "COLLATE BINARY" if connection.dialect.name == "sqlite" else 'COLLATE "C"'


def between(
    connection: Connection, column: ColumnElement[str], first: str, end: str
) -> Iterator[ColumnElement[bool]]:
    """Yield conditions that a column lies so: a stretch of an index in the order of bytes.

    Args:
        connection: Whose database says how that order is named.
        column: Of text.
        first: The least it may be.
        end: The first after it that it may not be.
    """
    bytewise = "BINARY" if connection.dialect.name == "sqlite" else "C"
    yield collate(column, bytewise) >= first
    yield collate(column, bytewise) < end


def after(opening: str) -> str:
    """Return what comes after all that begins with *opening*."""
    return opening[:-1] + chr(ord(opening[-1]) + 1)


def held_alike(
    connection: Connection, provider: str, course_id: str, people: Collection[PersonSigns]
) -> Iterator[Row[Any]]:
    """Yield the standing certificates of a course on the address, a licence or the name of people.

    Each is found by its folded forms: the name with or without what follows it.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        course_id: The course the certificates are of.
        people: By name, address and licences.

    Returns:
        Rows for `held_signs`; one certificate may come several times.
    """
    own, form = certificates.c, folded_forms.c
    of_certificate = own.provider_id == form.provider_id, own.id == form.certificate_id
    query: Select[Any] = (
        select(own.participant, own.name, own.email, own.marks)
        .join_from(folded_forms, certificates, and_(*of_certificate))
        # Not by the index of the course's certificates: that would have all of them read.
        .where(in_order(own.course_id) == course_id, own.state == CertificateState.STANDING)
    )
    for which, values in _of_forms(connection, provider, people):
        yield from connection.execute(query.where(*which), values)


def _of_forms(
    connection: Connection, provider: str, people: Collection[PersonSigns]
) -> Iterator[tuple[Sequence[ColumnElement[bool] | TextClause], Mapping[str, str]]]:
    """Yield conditions of the folded forms that tell of *people*, and values, a few at a time."""
    form = folded_forms.c
    kept = form.provider_id == provider
    licenses = {found for each in people for word in each.licenses for found in license_forms(word)}
    for some in chunks({each.address for each in people}):
        yield (kept, form.kind == FormKind.EMAIL.value, form.form.in_(some)), {}
    for some in chunks(licenses):
        yield (kept, form.kind == FormKind.LICENSE.value, form.form.in_(some)), {}
    for some in chunks({bare_name(each.name) for each in people}):
        # From the name itself on, over what begins with it and a space.
        spans = [(each, f"{each}!") for each in some]
        its = {form.provider_id: provider}
        which, values = _in_spans(connection, its, form.form, spans)
        yield (form.kind == FormKind.NAME.value, which), values


def held_signs(row: Row[Any]) -> PersonSigns:
    """Return by what the holder in a row of `held_alike` is found."""
    return PersonSigns.held(row.participant, row.name, row.email, frozenset(json.loads(row.marks)))


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
    revoked = select(own.number, own.participant, own.id)
    revoked = revoked.where(own.state == CertificateState.REVOKED)
    rows: list[Row[Any]] = []
    for some in chunks(participants):
        rows += connection.execute(revoked.where(*_of_course(provider, course_id, some)))
    # Not in one query: SQLite would begin with all credit lines of the provider.
    lines = select(line.certificate_id, line.credential).where(line.provider_id == provider)
    credited = defaultdict[CertificateId, list[str]](list)
    for some_ids in chunks([row.id for row in rows]):
        for found in connection.execute(lines.where(line.certificate_id.in_(some_ids))):
            credited[found.certificate_id].append(found.credential)
    return {
        (row.participant, credential): row.id
        for row in sorted(rows, key=_numbered)
        for credential in credited[row.id]
    }


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


def entry_rows_everywhere(
    connection: Connection, provider: str, participant: str
) -> Sequence[Row[Any]]:
    """Return the rows of all entries of one person, in order of issue.

    Args:
        connection: In a transaction that reads.
        provider: Whose ledger it is.
        participant: The identity asked about.
    """
    own = certificates.c
    next_course = select(func.min(own.course_id)).where(own.provider_id == provider)
    rows: list[Row[Any]] = []
    # One course after the other: the index of people begins with the course.
    course: str | None = connection.scalars(next_course).one()
    while course is not None:
        rows += entry_rows_of(connection, provider, course, [participant])
        course = connection.scalars(next_course.where(own.course_id > course)).one()
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
