"""What registers of credits were told, in the table `reported`.

Its column `register` holds the register and the licence, with a space between: one credit
may be told for several licences of one person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, Select, and_, select

from cecert.adapters.database.engine import reading, writing
from cecert.adapters.database.events import add_events
from cecert.adapters.database.tables import certificates, reported
from cecert.domain.values.certificate_id import CertificateId
from cecert.ports import Event, Note, Report

__all__ = ["reporting_alone", "reports_of", "reports_of_courses"]


def reports_of_courses(
    engine: Engine, provider: str, register: str, course_id: str = ""
) -> Sequence[Report]:
    """Return what a register was told, in the order it was noted.

    Args:
        engine: Of the ledger.
        provider: Whose ledger it is.
        register: Which register.
        course_id: Of this course alone, "" for all.
    """
    query = _told(provider, register)
    if course_id:
        its, own = certificates.c, reported.c
        same = and_(its.provider_id == own.provider_id, its.id == own.certificate_id)
        query = query.join(certificates, same).where(its.course_id == course_id)
    return _read(engine, register, query)


def reports_of(
    engine: Engine, provider: str, register: str, certificate_ids: Collection[CertificateId]
) -> Sequence[Report]:
    """Return what a register was told of certificates, in the order it was noted.

    Args:
        engine: Of the ledger.
        provider: Whose ledger it is.
        register: Which register.
        certificate_ids: Which certificates.
    """
    its = reported.c.certificate_id.in_(list(certificate_ids))
    return _read(engine, register, _told(provider, register).where(its))


def _told(provider: str, register: str) -> Select[Any]:
    own = reported.c
    return select(reported).where(
        own.provider_id == provider, own.register.startswith(f"{register} ", autoescape=True)
    )


def _read(engine: Engine, register: str, query: Select[Any]) -> Sequence[Report]:
    with reading(engine) as connection:
        return [
            Report(
                register=register,
                license=row.register.partition(" ")[2],
                certificate_id=row.certificate_id,
                credential=row.credential,
                at=row.at,
                actor=row.actor,
                file=row.file,
            )
            for row in connection.execute(query.order_by(reported.c.number))
        ]


@contextmanager
def reporting_alone(engine: Engine, provider: str) -> Iterator[Note]:
    """Keep everybody from reporting and from changing certificates; the value notes reports.

    Args:
        engine: Of the ledger.
        provider: Whose ledger it is.
    """
    with writing(engine, alone=True) as connection:

        def note(reports: Sequence[Report], told: Sequence[Event]) -> None:
            _note(connection, provider, reports, told)

        yield note


def _note(
    connection: Connection, provider: str, reports: Sequence[Report], told: Sequence[Event]
) -> None:
    if reports:
        connection.execute(
            reported.insert(),
            [
                {
                    "provider_id": provider,
                    "register": f"{each.register} {each.license}",
                    "certificate_id": each.certificate_id,
                    "credential": each.credential,
                    "at": each.at,
                    "actor": each.actor,
                    "file": each.file,
                }
                for each in reports
            ],
        )
    add_events(connection, provider, told)
