"""What the ledger derives from certificates, to be found by, held against their records.

Credit lines keep a credit from being given twice, marks one person from being taken for
two, and folded forms are what people are looked up under: who changes one of those rows
changes an answer, and no certificate.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, select, union

from cecert.adapters.database.column_types import stored_words
from cecert.adapters.database.rows import form_rows
from cecert.adapters.database.tables import certificates, credit_lines, folded_forms, identities
from cecert.domain.certificate.certificate import Certificate, CertificateState
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Irregularity

__all__ = ["Recorded", "derived_faults", "mark_faults"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """A certificate with what its row says beside its record.

    Attributes:
        certificate: As its snapshot has it.
        email: Where it was mailed.
        evidence: The completion record that it rests on, as JSON; "" for none.
    """

    certificate: Certificate
    email: str
    evidence: str


def derived_faults(
    connection: Connection, provider: str, recorded: Mapping[CertificateId, Recorded]
) -> Iterator[Irregularity]:
    """Yield what credit lines, folded forms and evidence say otherwise than the records.

    Args:
        connection: In a transaction that reads.
        provider: Whose certificates they are.
        recorded: Some of them, so many that a statement can name them.
    """
    lines = _rows_of(connection, credit_lines, provider, recorded)
    forms = _rows_of(connection, folded_forms, provider, recorded)
    for certificate_id, each in recorded.items():
        for credential, why in _of_lines(each.certificate, lines[certificate_id]):
            yield Irregularity(certificate_id, f"credit {credential}", why)
        for why in _of_forms(each, forms[certificate_id]):
            yield Irregularity(certificate_id, "table folded_form", why)
        for why in _of_evidence(each):
            yield Irregularity(certificate_id, "evidence", why)


def _rows_of(
    connection: Connection, table: Table, provider: str, ids: Collection[CertificateId]
) -> Mapping[CertificateId, Sequence[Row[Any]]]:
    own = table.c
    query = select(table).where(own.provider_id == provider, own.certificate_id.in_(list(ids)))
    found = defaultdict[CertificateId, list[Row[Any]]](list)
    for row in connection.execute(query):
        found[row.certificate_id].append(row)
    return found


def _of_lines(certificate: Certificate, rows: Sequence[Row[Any]]) -> Iterator[tuple[str, str]]:
    found = {row.credential: row for row in rows}
    carried = {each.credential for each in certificate.credit_lines}
    for credential in sorted(carried - found.keys()):
        yield credential, "the certificate carries it, and the table credit_line does not"
    for credential, row in sorted(found.items()):
        if credential not in carried:
            yield credential, "the table credit_line has it, and the certificate does not carry it"
        if row.participant != stored_words(certificate.recipient.participant):
            own = certificate.recipient.participant
            yield credential, f"it is held to be that of {row.participant}; it is that of {own}"
        if row.course_id != certificate.course.id:
            own = certificate.course.id
            yield credential, f"it is held to be of course {row.course_id}; it is of {own}"


def _of_forms(recorded: Recorded, rows: Sequence[Row[Any]]) -> Iterator[str]:
    derived = {
        (each["kind"], stored_words(each["form"]))
        for each in form_rows(recorded.certificate, recorded.email)
    }
    found = {(row.kind, row.form) for row in rows}
    for kind, form in sorted(derived - found):
        yield f"it is not found under the {kind} {form}, as its record would have it"
    for kind, form in sorted(found - derived):
        yield f"it is found under the {kind} {form}, which is not its own"


def _of_evidence(recorded: Recorded) -> Iterator[str]:
    own = recorded.certificate.recipient.participant
    try:
        said = json.loads(recorded.evidence or "{}")
    except (ValueError, RecursionError) as error:
        yield f"it cannot be read: {error}"
        return
    if isinstance(said, dict) and (whose := said.get("participant", own)) != own:
        yield f"it is that of {whose}; the certificate is that of {own}"


@dataclass(slots=True)
class _Holding:
    """Which certificates of a course have a mark.

    Attributes:
        first: One of them.
        people: The participants of all of them.
        standing: The participants of those that stand, and of how many.
    """

    first: CertificateId
    people: set[str] = field(default_factory=set)
    standing: Counter[str] = field(default_factory=Counter)


def mark_faults(connection: Connection, provider: str) -> Iterator[Irregularity]:
    """Yield the marks of people that say otherwise than the certificates; course by course.

    Args:
        connection: In a transaction that reads.
        provider: Whose certificates they are.
    """
    for course_id in _courses(connection, provider):
        held = dict[str, _Holding]()
        for row in _certificates(connection, provider, course_id):
            marks = _marks(row.marks)
            if marks is None:
                yield Irregularity(row.id, "marks", "they cannot be read")
            for mark in marks or ():
                _add(held.setdefault(mark, _Holding(row.id)), row)
        yield from _of_identities(connection, provider, course_id, held)


def _courses(connection: Connection, provider: str) -> Sequence[str]:
    each = (select(of.c.course_id).where(of.c.provider_id == provider) for of in _OF_COURSES)
    return sorted(connection.scalars(union(*each)))


_OF_COURSES = (certificates, identities)


def _certificates(connection: Connection, provider: str, course_id: str) -> Sequence[Row[Any]]:
    own = certificates.c
    query: Select[Any] = select(own.id, own.marks, own.participant, own.state)
    query = query.where(own.provider_id == provider, own.course_id == course_id)
    return connection.execute(query.order_by(own.number)).all()


def _marks(text: str) -> Sequence[str] | None:
    """Return the marks of a certificate's row; None where they are not as they are written."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    strings = isinstance(found, list) and all(isinstance(each, str) for each in found)
    return [stored_words(each) for each in found] if strings else None


def _add(holding: _Holding, row: Row[Any]) -> None:
    holding.people.add(row.participant)
    if row.state is CertificateState.STANDING:
        holding.standing[row.participant] += 1


def _of_identities(
    connection: Connection, provider: str, course_id: str, held: dict[str, _Holding]
) -> Iterator[Irregularity]:
    own = identities.c
    query = select(own.mark, own.participant, own.holders)
    query = query.where(own.provider_id == provider, own.course_id == course_id)
    for row in connection.execute(query.order_by(own.mark)):
        place, holding = f"mark {row.mark}", held.pop(row.mark, None)
        if holding is None:
            yield Irregularity(None, place, f"no certificate of {course_id} has it")
            continue
        if row.participant not in (holding.standing or holding.people):
            told = " and ".join(sorted(holding.standing or holding.people))
            why = f"it is held to tell of {row.participant}; its certificates are those of {told}"
            yield Irregularity(holding.first, place, why)
        if row.holders != holding.standing.total():
            why = (
                f"{row.holders} standing certificates are said to have it;"
                f" {holding.standing.total()} do"
            )
            yield Irregularity(holding.first, place, why)
    # A ledger of format 1 kept no marks of certificates that did not stand any more.
    for mark, holding in held.items():
        if holding.standing:
            why = "a standing certificate has it, and the table identity does not"
            yield Irregularity(holding.first, f"mark {mark}", why)
