"""A past to measure with: a ledger that holds so many certificates, put in row by row.

Nothing is drawn or sealed. The rows of one certificate that was issued are written again
under other ids, names and addresses, with leaves of the log as long as real ones. It runs
nothing by itself.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from cecert.domain.log.leaf import Leaf, LeafKind
from cecert.domain.mail.message import FIRST
from cecert.domain.people.folded_forms import forms_of
from cecert.domain.trust.status_list import SLOTS
from cecert.domain.values.certificate_id import CertificateId

__all__ = ["fill", "fill_for_site"]

_AT_ONCE = 5000
_TABLES = ("certificate", "credit_line", "identity", "folded_form", "event", "outbox", "log_leaf")
_PER_LIST = SLOTS // 2 - 1
_SCATTER = 40_503
"""Odd: so many steps on from slot to slot, each is met once."""

Row = dict[str, Any]


def fill(ledger: Path, names: Iterator[str], count: int) -> None:
    """Have an SQLite ledger with one certificate hold *count* more, of *names*, all of its course.

    Their mails were sent. Every 100th is revoked.
    """
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        one = {table: _rows_of(connection, table) for table in _TABLES}
        connection.execute("PRAGMA synchronous = OFF")
        done = 0
        while some := list(islice(names, min(_AT_ONCE, count - done))):
            _insert(connection, [_copied(one, done + n, each) for n, each in enumerate(some, 1)])
            done += len(some)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def fill_for_site(ledger: Path, count: int) -> None:
    """Have an SQLite ledger with one certificate hold *count* more, as far as `publish` reads them.

    Their words and mails are missing, so that a million take minutes. Every 100th is revoked.
    """
    with closing(sqlite3.connect(ledger)) as connection:
        connection.row_factory = sqlite3.Row
        one = {table: _rows_of(connection, table)[-1] for table in ("certificate", "log_leaf")}
        connection.execute("PRAGMA synchronous = OFF")
        for first in range(1, count + 1, _AT_ONCE):
            numbers = range(first, min(first + _AT_ONCE, count + 1))
            certificates = [_bare(one["certificate"], number) for number in numbers]
            leaves = [_logged(one["log_leaf"], number, own) for number, own in
                      zip(numbers, certificates, strict=True)]  # fmt: skip
            with connection:
                _insert_rows(connection, "certificate", certificates)
                _insert_rows(connection, "log_leaf", leaves)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _bare(one: Row, number: int) -> Row:
    new_id, digest = CertificateId(number.to_bytes(10, "big")).text, secrets.token_hex(32)
    return {name: value for name, value in one.items() if name != "number"} | {
        "id": new_id,
        "participant": new_id,
        "snapshot": "",
        "sha256": digest,
        "document": f"{new_id[:2]}/{new_id}-{digest[:16]}.pdf",
        "list_id": 1 + (number - 1) // _PER_LIST,
        "slot": (one["slot"] + number * _SCATTER) % SLOTS,
        "state": "revoked" if number % 100 == 0 else "standing",
        "marks": "[]",
    }


def _logged(last: Row, number: int, own: Row) -> Row:
    leaf = Leaf(
        LeafKind.ISSUED,
        last["instant"],
        secrets.token_bytes(32),
        bytes.fromhex(own["sha256"]),
        secrets.token_bytes(32),
    )
    return last | {
        "certificate_id": own["id"],
        "position": last["position"] + number,
        "leaf": leaf.encoded,
        "event_number": None,
    }


def _insert_rows(connection: sqlite3.Connection, table: str, rows: Sequence[Row]) -> None:
    columns = list(rows[0])
    marks = ", ".join(f":{each}" for each in columns)
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", rows)


def _rows_of(connection: sqlite3.Connection, table: str) -> list[Row]:
    return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]


def _insert(connection: sqlite3.Connection, copies: Sequence[dict[str, list[Row]]]) -> None:
    with connection:
        for table in _TABLES:
            _insert_rows(connection, table, [row for each in copies for row in each[table]])


def _copied(one: dict[str, list[Row]], number: int, name: str) -> dict[str, list[Row]]:
    """Return the rows of one certificate as another person's, the *number*-th of them."""
    old = one["certificate"][0]
    new_id = CertificateId(number.to_bytes(10, "big"))
    email, digest = f"held{number}@example.net", secrets.token_hex(32)
    state = "revoked" if number % 100 == 0 else "standing"
    own = {
        "id": new_id.text,
        "certificate_id": new_id.text,
        "participant": email,
        "name": name,
        "email": email,
        "recipient": email,
        "sha256": digest,
        "document": f"{new_id.text[:2]}/{new_id.text}-{digest[:16]}.pdf",
        "list_id": 1 + (number - 1) // _PER_LIST,
        "slot": (old["slot"] + number * _SCATTER) % SLOTS,
        "key": f"{new_id.text}:{FIRST}",
        "message_id": f"<{secrets.token_hex(12)}@example.org>",
        "snapshot": _snapshot(old, new_id, name, email),
    }
    rows = {
        table: [
            {column: own.get(column, value) for column, value in row.items() if column != "number"}
            for row in one[table]
            if row.get("certificate_id", "") is not None
        ]
        for table in _TABLES
    }
    rows["certificate"][0] |= {"state": state, "marks": f'["mail:{email}"]'}
    for each in rows["credit_line"]:
        each["standing"] = int(state == "standing")
    for each in rows["event"]:
        each["key"] = ""
    rows["outbox"][0] |= {"state": "sent", "settled_at": one["event"][0]["at"]}
    rows["identity"] = [one["identity"][0] | {"mark": f"mail:{email}", "participant": email}]
    rows["folded_form"] = [
        one["folded_form"][0] | {"kind": kind.value, "form": form, "certificate_id": new_id.text}
        for kind, form in forms_of(name, email, ())
    ]
    leaf = Leaf(
        LeafKind.ISSUED,
        one["log_leaf"][-1]["instant"],
        secrets.token_bytes(32),
        bytes.fromhex(digest),
        secrets.token_bytes(32),
    )
    rows["log_leaf"] = [
        one["log_leaf"][-1]
        | {
            "certificate_id": new_id.text,
            "position": one["log_leaf"][-1]["position"] + number,
            "leaf": leaf.encoded,
            "event_number": None,
        }
    ]
    return rows


def _snapshot(old: Row, new_id: CertificateId, name: str, email: str) -> str:
    text: str = old["snapshot"]
    for before, after in (
        (old["id"], new_id.text),
        (old["participant"], email),
        (old["name"], name),
    ):
        text = text.replace(json.dumps(before), json.dumps(after))
    return text
