"""Rows that are inserted at once hold what SQLAlchemy would have stored of each."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Enum,
    Integer,
    MetaData,
    Table,
    Text,
    create_engine,
    event,
    text,
)

from cecert.adapters.database.column_types import CivilTime, IdText, Instant, Words
from cecert.adapters.database.inserting import insert_rows
from cecert.domain.certificate.certificate import CertificateState
from cecert.domain.values.certificate_id import CertificateId

AT = datetime(2026, 11, 30, 12, 0, 0, 17, tzinfo=UTC)
ROW = {
    "words": "a\0b \ud800", "id": CertificateId.parse("3K50-VMEJ-KFZV-NS3G"), "at": AT,
    "civil": AT, "standing": True, "state": CertificateState.REVOKED, "plain": "é",
}  # fmt: skip
NOTHING = dict.fromkeys(ROW)


@pytest.mark.parametrize("rows", [[ROW], [ROW, NOTHING, ROW]], ids=["one", "several"])
def test_rows_hold_what_would_be_stored_one_by_one(rows: list[dict[str, object]]) -> None:
    told: list[str] = []
    found = []
    for directly in (True, False):
        table = Table(
            "kept", MetaData(), Column("number", Integer, primary_key=True),
            Column("words", Words), Column("id", IdText), Column("at", Instant),
            Column("civil", CivilTime), Column("standing", Boolean),
            Column("state", Enum(CertificateState)), Column("plain", Text),
        )  # fmt: skip
        engine = create_engine("sqlite://")
        table.metadata.create_all(engine)
        with engine.begin() as connection:
            event.listen(engine, "before_cursor_execute", lambda *words: told.append(words[2]))
            if directly:
                insert_rows(connection, {table: rows})
            else:
                for row in rows:
                    connection.execute(table.insert(), row)
            found.append(connection.execute(text("SELECT * FROM kept")).all())
        engine.dispose()
    assert found[0] == found[1]
    assert len(found[0]) == len(rows)
    assert sum(each.startswith("INSERT") for each in told) == 1 + len(rows), "at once, or each"
