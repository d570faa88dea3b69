"""From format 1 to 2: whose everything is, under what people are looked up, and the log.

Format 1 had no provider in its keys, so that two providers in one database got each
other's certificates. The tables are renamed, made anew, and filled from the old ones, which
are then dropped; whose a certificate is, its snapshot says. The log begins with a leaf for
all that was entered until now.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, TableClause, column, select, table, text

from cecert.adapters.database.guards import set_guards
from cecert.adapters.database.log import LoggedAct, add_leaves
from cecert.adapters.database.rows import form_rows, signed_token
from cecert.adapters.database.snapshots import certificate_of
from cecert.adapters.database.tables import (
    certificates,
    credit_lines,
    events,
    folded_forms,
    identities,
    metadata,
    outbox,
)
from cecert.domain.certificate.certificate import Certificate, CertificateState
from cecert.domain.log.leaf import LeafKind, LoggedEvent

__all__ = ["put_aside", "to_format_2"]

_REBUILT = (credit_lines, outbox, events, identities, certificates)
"""The old tables in the order in which they can be dropped: what others point to comes last."""

_CHUNK = 200

_OLD = "format_1"

_ENDS = {
    CertificateState.SUPERSEDED: LeafKind.SUPERSEDED,
    CertificateState.REVOKED: LeafKind.REVOKED,
}


def to_format_2(connection: Connection, provider: str) -> None:
    """Change a ledger of format 1, for *provider* where nothing else says whose a row is.

    Raises:
        LedgerError: If a certificate cannot be read; the transaction is to be given up.
    """
    for each in _REBUILT:
        put_aside(connection, each.name)
    metadata.create_all(connection)
    for rows in _chunks(connection):
        _fill_certificates(connection, rows)
    _fill_others(connection, provider)
    _fill_log(connection, int(datetime.now(UTC).timestamp()))
    _count_on(connection)
    for each in _REBUILT:
        connection.execute(text(f'DROP TABLE "{each.name}_{_OLD}"'))
    set_guards(connection)


def put_aside(connection: Connection, name: str, old: str = _OLD) -> None:
    """Rename a table; its indexes and triggers leave their names to the new one's.

    Args:
        connection: In a transaction that is alone.
        name: The table's.
        old: What is added to its name.
    """
    connection.execute(text(f'ALTER TABLE "{name}" RENAME TO "{name}_{old}"'))
    of_table = {"name": f"{name}_{old}"}
    if connection.dialect.name == "sqlite":
        for kind, its_name in connection.execute(_SQLITE_PARTS, of_table).all():
            connection.execute(text(f'DROP {kind} "{its_name}"'))
        return
    for its_name in connection.scalars(_POSTGRESQL_INDEXES, of_table).all():
        connection.execute(text(f'ALTER INDEX "{its_name}" RENAME TO "{its_name}_{old}"'))


_SQLITE_PARTS = text(
    "SELECT type, name FROM sqlite_master"
    " WHERE tbl_name = :name AND type IN ('index', 'trigger') AND sql IS NOT NULL"
)
_POSTGRESQL_INDEXES = text(
    "SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND tablename = :name"
)


def _bare(of: Table, name: str = "") -> TableClause:
    """Return a table whose values are neither read nor checked: they are copied as they lie."""
    return table(name or of.name, *(column(each.name) for each in of.columns))


def _chunks(connection: Connection) -> Iterator[Sequence[Row[Any]]]:
    old = text(
        f"SELECT * FROM certificate_{_OLD} WHERE number > :last ORDER BY number LIMIT {_CHUNK}"  # noqa: S608  # our own names
    )
    last = 0
    while rows := connection.execute(old, {"last": last}).all():
        yield rows
        last = rows[-1].number


def _fill_certificates(connection: Connection, rows: Sequence[Row[Any]]) -> None:
    read = [certificate_of(row.snapshot) for row in rows]
    filled = [
        row._asdict() | _new_columns(certificate)
        for row, certificate in zip(rows, read, strict=True)
    ]
    connection.execute(_bare(certificates).insert(), filled)
    forms = [
        form
        for row, certificate in zip(rows, read, strict=True)
        for form in form_rows(certificate, row.email)
    ]
    connection.execute(folded_forms.insert(), forms)


def _new_columns(certificate: Certificate) -> dict[str, Any]:
    token = signed_token(certificate.id, certificate.token_url)
    return {
        "provider_id": certificate.provider.id,
        "issued_at": int(certificate.issued_at.timestamp()) * 1_000_000,
        "credit_date": certificate.credit_date.isoformat(),
        "key_id": token.kid.hex(),
    }


def _fill_others(connection: Connection, provider: str) -> None:
    for each in (credit_lines, outbox):
        _copy(connection, each, {"provider_id": "certificate.provider_id"}, "JOIN")
    whose = "coalesce(certificate.provider_id, :provider)"
    _copy(connection, events, {"provider_id": whose, "key": "''"}, "LEFT JOIN", provider)
    held = Counter(_marks(connection))
    keys = ("provider_id", "course_id", "mark", "participant", "holders")
    rows = [dict(zip(keys, (*each, count), strict=True)) for each, count in held.items()]
    if rows:
        connection.execute(identities.insert(), rows)


def _copy(
    connection: Connection, of: Table, new: Mapping[str, str], join: str, provider: str = ""
) -> None:
    names = [each.name for each in of.columns]
    values = ", ".join(new.get(name, f'old."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    order = "old.certificate_id" if of is credit_lines else "old.number"
    statement = (
        f'INSERT INTO "{of.name}" ({listed}) SELECT {values} FROM "{of.name}_{_OLD}" old'  # noqa: S608  # our own names
        f" {join} certificate ON certificate.id = old.certificate_id ORDER BY {order}"
    )
    connection.execute(text(statement), {"provider": provider} if ":provider" in statement else {})


def _marks(connection: Connection) -> Iterator[tuple[str, str, str, str]]:
    """Yield each mark that a standing certificate holds: whose, of what course, which, and who."""
    own = certificates.c
    query = select(own.provider_id, own.course_id, own.marks, own.participant)
    for row in connection.execute(query.where(own.state == CertificateState.STANDING)):
        for mark in json.loads(row.marks):
            yield row.provider_id, row.course_id, mark, row.participant


@dataclass(frozen=True, slots=True)
class _Told:
    """An event as the old table has it."""

    number: int
    at: int
    actor: str
    reason: str


def _fill_log(connection: Connection, now: int) -> None:
    """Begin every provider's log, in the order in which certificates were entered."""
    own, last = certificates.c, 0
    query: Select[Any] = select(
        own.number, own.provider_id, own.id, own.state, own.sha256, own.snapshot
    )
    query = query.order_by(own.number).limit(_CHUNK)
    while rows := connection.execute(query.where(own.number > last)).all():
        told = dict(_told(connection, rows))
        for provider in dict.fromkeys(row.provider_id for row in rows):
            its = [row for row in rows if row.provider_id == provider]
            add_leaves(connection, provider, [act for row in its for act in _acts(row, told)], now)
        last = rows[-1].number


def _told(
    connection: Connection, rows: Sequence[Row[Any]]
) -> Iterator[tuple[tuple[str, str], _Told]]:
    own = _bare(events).c
    query = select(own.certificate_id, own.kind, own.number, own.at, own.actor, own.reason)
    wanted = [str(row.id) for row in rows]
    query = query.where(own.certificate_id.in_(wanted), own.kind.in_(_KINDS))
    for certificate_id, kind, *said in connection.execute(query.order_by(own.number.desc())):
        yield (certificate_id, kind), _Told(*said)


_KINDS = ["issued", *(state.value for state in _ENDS)]


def _acts(row: Row[Any], told: Mapping[tuple[str, str], _Told]) -> Iterator[LoggedAct]:
    payload = signed_token(row.id, certificate_of(row.snapshot).token_url).payload
    acts = [(LeafKind.ISSUED, "issued", row.sha256)]
    if row.state in _ENDS:
        acts.append((_ENDS[row.state], row.state.value, ""))
    for kind, name, digest in acts:
        event, number = None, None
        # A ledger that was edited by hand may lack an event; the leaf then names none.
        if (said := told.get((str(row.id), name))) is not None:
            event = LoggedEvent(row.id, name, said.at, said.actor, said.reason)
            number = said.number
        yield LoggedAct(kind, row.id, payload, event, number, digest)


def _count_on(connection: Connection) -> None:
    """Have PostgreSQL number new rows after the copied ones; SQLite has seen them."""
    if connection.dialect.name == "sqlite":
        return
    for each in (certificates, events, outbox):
        connection.execute(
            text(
                f"SELECT setval(pg_get_serial_sequence('{each.name}', 'number'),"  # noqa: S608  # our own names
                f' (SELECT coalesce(max(number), 0) + 1 FROM "{each.name}"), false)'
            )
        )
