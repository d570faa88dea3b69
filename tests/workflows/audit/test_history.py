"""A certificate's events against its record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from ledger_entries import AT, event, person

from cecert.domain.certificate.certificate import CertificateState
from cecert.ports import Entry, Event
from cecert.workflows.audit.history import history_faults

ENTRY = person(1)
ISSUED, QUEUED = event("issued", ENTRY), event("queued", ENTRY)
REVOKED, SUPERSEDED = event("revoked", ENTRY, "wrong-person: no"), event("superseded", ENTRY)


def state(entry: Entry, state: CertificateState) -> Entry:
    return replace(entry, state=state)


@pytest.mark.parametrize(
    ("entry", "events"),
    [
        (ENTRY, [ISSUED, QUEUED]),
        (state(ENTRY, CertificateState.REVOKED), [ISSUED, QUEUED, REVOKED]),
        (state(ENTRY, CertificateState.SUPERSEDED), [ISSUED, QUEUED, SUPERSEDED]),
        (ENTRY, [replace(ISSUED, at=AT + timedelta(days=90))]),
        (ENTRY, [replace(ISSUED, at=ENTRY.certificate.issued_at - timedelta(seconds=299))]),
    ],
    ids=["standing", "revoked", "superseded", "taken over later", "two clocks"],
)
def test_what_agrees_is_no_fault(entry: Entry, events: list[Event]) -> None:
    assert list(history_faults(entry, events)) == []


@pytest.mark.parametrize(
    ("entry", "events", "words"),
    [
        (ENTRY, [QUEUED], "issued 0 times"),
        (ENTRY, [ISSUED, ISSUED], "issued 2 times"),
        (ENTRY, [replace(ISSUED, actor="somebody.else")], "somebody.else issued it"),
        (ENTRY, [replace(ISSUED, at=AT - timedelta(days=1))], "before it was issued"),
        (ENTRY, [ISSUED, REVOKED], "it is standing, and 1 events say that it was revoked"),
        (state(ENTRY, CertificateState.REVOKED), [ISSUED], "0 events say that it was revoked"),
        (state(ENTRY, CertificateState.SUPERSEDED), [ISSUED, REVOKED], "0 events say that it was"),
        (
            state(ENTRY, CertificateState.REVOKED),
            [ISSUED, REVOKED, REVOKED],
            "2 events say that it was revoked",
        ),
    ],
)
def test_what_differs_is_told(entry: Entry, events: list[Event], words: str) -> None:
    assert any(words in each for each in history_faults(entry, events))


def test_every_kind_of_fault_is_told_at_once() -> None:
    wrong = [replace(ISSUED, actor="x", at=AT - timedelta(days=9)), REVOKED]
    assert len(list(history_faults(ENTRY, wrong))) == 3
