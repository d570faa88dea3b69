"""Format 2: whose everything is, under what people are found, and the leaves of the log."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from ledger_entries import AT, correction_of, event, people, person, signs
from make_ledger import facts
from sqlalchemy import Connection, inspect, select, text

from cecert.adapters.database import Database, create_ledger, open_database
from cecert.adapters.database.engine import writing
from cecert.adapters.database.protection import protection_faults
from cecert.adapters.database.rows import signed_token
from cecert.adapters.database.tables import events, folded_forms, identities, log_leaves, metadata
from cecert.domain.cose.cbor import decode
from cecert.domain.log.leaf import NOTHING, LeafKind, LoggedEvent
from cecert.domain.mail.message import MailState
from cecert.errors import LedgerError
from cecert.ports import Entry, EntryResult

OURS, THEIRS = "example-ssw", "example-prepare"
FORMAT_1 = Path(__file__).parent / "ledgers" / "format-1.db"


@pytest.fixture
def format_1_path(tmp_path: Path) -> Path:
    """A ledger of format 1, of the cecert that wrote it."""
    return Path(shutil.copy(FORMAT_1, tmp_path / "old.db"))


@pytest.fixture
def another_url(tmp_path: Path) -> str:
    """Where another ledger can be made."""
    return f"sqlite:///{tmp_path / 'another.db'}"


def theirs(entry: Entry) -> Entry:
    """Return the same entry of another provider, with a message id of its own."""
    provider = replace(entry.certificate.provider, id=THEIRS)
    mail = replace(entry.mail, message_id=f"<theirs-{entry.mail.message_id[1:]}")
    return replace(entry, certificate=replace(entry.certificate, provider=provider), mail=mail)


def test_a_ledger_of_format_1_is_equal_to_one_filled_anew(
    format_1_url: str, tmp_path: Path
) -> None:
    newest = f"sqlite:///{shutil.copy(FORMAT_1.with_name('format-2.db'), tmp_path / '2.db')}"
    with open_database(format_1_url, OURS) as old, open_database(newest, OURS) as new:
        assert facts(old) == facts(new)
        for table in metadata.sorted_tables:
            if table.name not in {"log_leaf", "ledger"}:
                assert rows(old, table.name) == rows(new, table.name), table.name


def rows(database: Database, table: str) -> list[dict[str, Any]]:
    with database._engine.connect() as connection:
        found = connection.execute(text(f'SELECT * FROM "{table}"')).mappings().all()
    kept = [{key: value for key, value in row.items() if key != "lease"} for row in found]
    return sorted((row for row in kept if row.get("holders") != 0), key=repr)


def test_a_migrated_ledger_has_the_guards_and_indexes_of_a_new_one(
    format_1_url: str, another_url: str
) -> None:
    create_ledger(another_url)
    with open_database(format_1_url, OURS) as old, open_database(another_url, OURS) as new:
        assert schema(old) == schema(new)
        with old._engine.connect() as connection:
            assert list(protection_faults(connection)) == []


def schema(database: Database) -> dict[str, object]:
    found = inspect(database._engine)
    return {
        table: (
            sorted(str(each["name"]) for each in found.get_columns(table)),
            sorted(str(each["name"]) for each in found.get_indexes(table)),
            sorted(str(each["name"]) for each in found.get_unique_constraints(table)),
        )
        for table in found.get_table_names()
    }


def test_what_is_entered_after_the_migration_is_numbered_on(format_1_url: str) -> None:
    with open_database(format_1_url, OURS) as database:
        before = database.ledger.count()
        assert list(database.ledger.enter(people(3, first=50), AT)) == [EntryResult.ENTERED] * 3
        ids = [each.certificate.id for each in database.ledger.walk()]
        assert ids[before:] == [each.certificate.id for each in people(3, first=50)]


def test_the_migration_logs_every_certificate_that_was_held(format_1_url: str) -> None:
    with open_database(format_1_url, OURS) as database:
        entries = database.ledger.entries()
        found = leaves(database)
        ended = [each for each in entries if each.state.value != "standing"]
        assert [each[1] for each in found].count(LeafKind.ISSUED) == len(entries)
        assert len(found) == 1 + len(entries) + len(ended)
        for entry in entries:
            assert_logged(database, entry, LeafKind.ISSUED, "issued")
        for entry in ended:
            assert_logged(database, entry, LeafKind[entry.state.name], entry.state.value)


def leaves(database: Database) -> list[list[Any]]:
    """Return what the leaves say, and that they have no gap and go up in time."""
    with database._engine.connect() as connection:
        query = select(log_leaves).where(log_leaves.c.provider_id == OURS)
        found = connection.execute(query.order_by(log_leaves.c.position)).all()
    assert [row.position for row in found] == list(range(len(found)))
    said = [decode(row.leaf) for row in found]
    assert [each[2] for each in said] == [row.instant for row in found]
    assert [each[2] for each in said] == sorted(each[2] for each in said)
    if said:
        assert said[0][:2] == [1, LeafKind.START]
        assert said[0][3:] == [NOTHING] * 3
    return said


def assert_logged(database: Database, entry: Entry, kind: LeafKind, event_kind: str) -> None:
    """Find the leaf of an act by the token and the salt alone, and compare all that it says."""
    own = entry.certificate
    payload = signed_token(own.id, own.token_url).payload
    with database._engine.connect() as connection:
        query = select(log_leaves.c.leaf, log_leaves.c.salt, events).join_from(
            log_leaves, events, events.c.number == log_leaves.c.event_number
        )
        which = log_leaves.c.certificate_id == own.id, events.c.kind == event_kind
        (row,) = connection.execute(query.where(*which)).all()
    at = round(row.at.timestamp() * 1_000_000)
    told = LoggedEvent(own.id, row.kind, at, row.actor, row.reason)
    file = bytes.fromhex(entry.sha256) if kind is LeafKind.ISSUED else NOTHING
    assert decode(row.leaf)[1] == kind
    assert decode(row.leaf)[3:] == [kind.subject(payload), file, told.digest(row.salt)]


def test_what_is_issued_corrected_and_revoked_is_logged_in_its_own_transaction(
    database: Database,
) -> None:
    one, two = people(2)
    database.ledger.enter([one, two], AT)
    right = correction_of(two, "Person Right")
    database.ledger.supersede(two.certificate.id, right, event("superseded", two, "a typo"))
    database.ledger.revoke(one.certificate.id, event("revoked", one, "wrong-person: not there"))
    kinds = [each[1] for each in leaves(database)]
    issued, superseded, revoked = LeafKind.ISSUED, LeafKind.SUPERSEDED, LeafKind.REVOKED
    assert kinds == [LeafKind.START, issued, issued, superseded, issued, revoked]
    assert_logged(database, one, issued, "issued")
    assert_logged(database, one, revoked, "revoked")


@pytest.mark.parametrize("act", ["enter", "revoke", "supersede"])
def test_what_was_refused_leaves_no_leaf(database: Database, act: str) -> None:
    one = person(1)
    database.ledger.enter([one], AT)
    database.ledger.revoke(one.certificate.id, event("revoked", one))
    before = leaves(database)
    if act == "enter":
        assert database.ledger.enter([one], AT) == [EntryResult.HELD]
    elif act == "revoke":
        database.ledger.revoke(one.certificate.id, event("revoked", one))
    else:
        right = correction_of(one, "Person Right")
        database.ledger.supersede(one.certificate.id, right, event("superseded", one))
    assert leaves(database) == before


def test_a_clock_that_went_back_makes_no_leaf_earlier_than_the_last(database: Database) -> None:
    one, two = people(2)
    database.ledger.enter([one], AT)
    database.ledger.enter([two], AT - timedelta(days=3))
    assert [each[2] for each in leaves(database)] == [int(AT.timestamp())] * 3


def test_an_actor_rewritten_behind_the_triggers_contradicts_the_log(database: Database) -> None:
    entry = person(1)
    database.ledger.enter([entry], AT)
    with database._engine.begin() as connection:
        connection.execute(text(drop_trigger(connection, "event_is_frozen", "event")))
        connection.execute(text("UPDATE event SET actor = 'somebody.else'"))
    with pytest.raises(AssertionError):
        assert_logged(database, entry, LeafKind.ISSUED, "issued")


def drop_trigger(connection: Connection, name: str, table: str) -> str:
    on = f" ON {table}" if connection.dialect.name == "postgresql" else ""
    return f"DROP TRIGGER {name}{on}"


def test_two_providers_in_one_database_see_nothing_of_each_other(url: str) -> None:
    with open_database(url, OURS) as ours, open_database(url, THEIRS) as their:
        mine = person(1)
        same = theirs(mine)
        assert ours.ledger.enter([mine], AT) == [EntryResult.ENTERED]
        assert their.ledger.enter([same], AT) == [EntryResult.ENTERED]
        assert counted(ours) == counted(their) == (1, 1, 1, 2)
        course, who = mine.certificate.course.id, mine.certificate.recipient.participant
        for ledger, entry in ((ours.ledger, mine), (their.ledger, same)):
            assert [each.certificate_id for each in ledger.held_lines(course, [signs(entry)])] == [
                entry.certificate.id
            ]
            assert ledger.entries_of(course, [who])[0].certificate.provider.id == (
                entry.certificate.provider.id
            )
        their.ledger.revoke(mine.certificate.id, event("revoked", same))
        assert [each.state.value for each in ours.ledger.entries()] == ["standing"]
        assert [each.state.value for each in their.ledger.entries()] == ["revoked"]
        assert ours.ledger.revoked_lines(course, [who]) == {}
        assert their.ledger.revoked_lines(course, [who]) != {}
        assert their.outbox.claim("sender", AT) is None
        assert [row.state for row in ours.outbox.rows()] == [MailState.QUEUED]
        assert ours.outbox.claim("sender", AT) is not None
        assert [each.kind for each in ours.ledger.events(mine.certificate.id)] == [
            "issued",
            "queued",
        ]


def counted(database: Database) -> tuple[int, int, int, int]:
    ledger = database.ledger
    events_ = ledger.events(ledger.entries()[0].certificate.id)
    return ledger.count(), len(database.outbox.rows()), len(ledger.statuses(1)), len(events_)


def test_a_mixed_ledger_of_format_1_is_parted_by_its_snapshots(format_1_path: Path) -> None:
    with closing(sqlite3.connect(format_1_path)) as connection, connection:
        connection.execute("DROP TRIGGER certificate_is_frozen")
        whose = f'snapshot = replace(snapshot, \'"id":"{OURS}"\', \'"id":"{THEIRS}"\')'
        connection.execute(f"UPDATE certificate SET {whose} WHERE number = 1")
    url = f"sqlite:///{format_1_path}"
    with open_database(url, OURS) as ours, open_database(url, THEIRS) as their:
        (mixed,) = their.ledger.entries()
        assert mixed.certificate.provider.id == THEIRS
        assert len(their.outbox.rows()) == 1
        assert their.ledger.events(mixed.certificate.id)[0].kind == "issued"
        assert their.ledger.events(None) == []
        assert ours.ledger.count() == 6
        assert len(leaves(ours)) == 1 + 6 + 2


def test_events_of_the_ledger_as_a_whole_become_those_of_who_opens_it(format_1_url: str) -> None:
    with open_database(format_1_url, THEIRS) as database:
        assert [each.kind for each in database.ledger.events(None)] == ["exported"]
        assert database.ledger.count() == 0
    with open_database(format_1_url, OURS) as database:
        assert database.ledger.count() == 7


def test_people_are_found_by_folded_forms(database: Database) -> None:
    database.ledger.enter(people(2), AT)
    with database._engine.connect() as connection:
        found = connection.execute(
            select(folded_forms.c.kind, folded_forms.c.form).where(
                folded_forms.c.certificate_id == person(1).certificate.id
            )
        ).all()
    assert {tuple(row) for row in found} >= {
        ("name", "person b"),
        ("name", "b"),
        ("email", "person1@example.org"),
    }


def test_the_marks_of_a_migrated_ledger_still_keep_others_out(format_1_url: str) -> None:
    with open_database(format_1_url, OURS) as database:
        held = next(each for each in database.ledger.walk() if each.state.value == "standing")
        own = held.certificate
        other = replace(
            person(40),
            email=held.email,
            certificate=replace(
                person(40).certificate, recipient=replace(own.recipient, participant="R-40")
            ),
        )
        assert database.ledger.enter([other], AT) == [EntryResult.OTHER_IDENTITY]
        assert marks_held(database) > 0


def marks_held(database: Database) -> int:
    with database._engine.connect() as connection:
        return len(connection.execute(select(identities)).all())


def test_a_certificate_whose_token_cannot_be_read_stops_the_migration(format_1_path: Path) -> None:
    with closing(sqlite3.connect(format_1_path)) as connection, connection:
        connection.execute("DROP TRIGGER certificate_is_frozen")
        connection.execute("UPDATE certificate SET snapshot = replace(snapshot, '#1', '#1x')")
    with pytest.raises(LedgerError, match="has no token"):
        open_database(f"sqlite:///{format_1_path}", OURS)
    with closing(sqlite3.connect(format_1_path)) as connection:
        assert connection.execute("SELECT format FROM ledger").fetchone() == (1,)
        assert connection.execute("SELECT count(*) FROM certificate").fetchone() == (7,)


def test_a_new_ledger_has_no_leaf_before_its_first_certificate(url: str) -> None:
    with open_database(url, OURS) as database:
        assert leaves(database) == []
        with writing(database._engine) as connection:
            assert connection.execute(select(log_leaves)).all() == []


def test_leaves_number_themselves_for_each_provider(url: str) -> None:
    with open_database(url, OURS) as ours, open_database(url, THEIRS) as their:
        ours.ledger.enter(people(3), AT)
        their.ledger.enter([theirs(person(1))], AT)
        with ours._engine.connect() as connection:
            query = select(log_leaves.c.position).where(log_leaves.c.provider_id == THEIRS)
            assert sorted(connection.scalars(query)) == [0, 1]
        assert len(leaves(ours)) == 4
