"""Telling people why they get no certificate: nothing goes before somebody has looked at it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from mail_office import mail_room

from cecert.domain.decision.completion_record import CompletionRecord, SessionFinding, Unattended
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.errors import InputError
from cecert.ports import Event
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.deliver.deliver import deliver
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.issue.issue import issue
from cecert.workflows.tell_denied import DeniedPerson, plan_denied, tell_denied

AWAY = "You were away for 25 minutes on October 29, 2020."


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def room(office: MemoryOffice) -> MailRoom:
    return mail_room(office, office.sender, actor="Maria")


def absent(said: str = AWAY, **changes: Any) -> CompletionRecord:  # noqa: ANN401  # fields of the record
    """Return the record of somebody of whom `collect` found that they missed some of day 2."""
    found = SessionFinding("day-2", Unattended.NOT_MET, (said,))
    return sample_record(**{"attended": frozenset({"day-1"}), "findings": (found,), **changes})


def denied(room: MailRoom, *records: CompletionRecord) -> tuple[DeniedPerson, ...]:
    return plan_denied(records, sample_course(), room, "example-ssw")


def tell(room: MailRoom, *records: CompletionRecord) -> tuple[OutboxRow, ...]:
    found = denied(room, *records)
    return tell_denied(found, [each.mark for each in found], room)


def test_the_sentence_of_the_report_is_shown_and_nothing_is_queued(room: MailRoom) -> None:
    (found,) = denied(room, absent())
    assert found.sentences == (AWAY,)
    assert len(found.mark) == 8
    assert room.outbox.rows() == []


def test_the_letter_notes_who_looked_and_its_event_what_at(room: MailRoom) -> None:
    (row,) = tell(room, absent())
    letter = letter_of(row)
    assert (letter.looked_by, letter.sentences) == ("Maria", (AWAY,))
    (event,) = room.ledger.events(None)
    assert (event.kind, event.actor, event.key) == ("queued", "Maria", row.key)
    assert event.reason == f"looked at: {AWAY}"


def test_only_those_whose_marks_are_given_are_told(room: MailRoom) -> None:
    ana, ben = denied(room, absent(), absent(name="Ben Olsen", email="ben@example.org"))
    (row,) = tell_denied((ana, ben), [ben.mark], room)
    assert row.recipient == "ben@example.org"


@pytest.mark.parametrize(
    "change",
    [{"said": "You were away for 26 minutes."}, {"email": "ana@example.net"}, {"name": "Ana Ruíz"}],
    ids=["sentence", "address", "name"],
)
def test_a_mark_of_what_the_list_said_before_is_refused(
    room: MailRoom, change: dict[str, Any]
) -> None:
    (looked,) = denied(room, absent())
    now = denied(room, absent(**change))
    with pytest.raises(InputError, match="nobody was told anything") as refused:
        tell_denied(now, [looked.mark], room)
    assert "is the mark of nobody now" in str(refused.value.faults[0])
    assert room.outbox.rows() == []


@pytest.mark.parametrize(
    "changes",
    [
        {"review": "day-2: was Ana there under another name?"},
        {"findings": (SessionFinding("day-2", Unattended.NO_EVIDENCE, ("Nobody saw you.",)),)},
        {"attended": frozenset({"day-1", "day-2"}), "findings": (), "evaluation": None},
        {"attended": frozenset({"day-1", "day-2"}), "findings": ()},
    ],
    ids=["in review", "not found", "owes an evaluation", "earned it"],
)
def test_nobody_is_told_whom_something_may_still_help(
    room: MailRoom, changes: dict[str, Any]
) -> None:
    assert denied(room, absent(**changes)) == ()


def test_who_holds_a_certificate_is_told_nothing(office: MemoryOffice, room: MailRoom) -> None:
    awards = [each for each in decide(sample_record(), sample_course()) if isinstance(each, Award)]
    issue(awards, office.desk())
    assert denied(room, absent()) == ()


def test_nobody_is_told_the_same_twice(room: MailRoom) -> None:
    (row,) = tell(room, absent())
    asyncio.run(deliver(room))
    assert room.outbox.row(row.key).state is MailState.SENT  # type: ignore[union-attr]
    (found,) = denied(room, absent())
    assert found.why == "was told so on November 5, 2020"
    with pytest.raises(InputError, match="nobody was told anything") as refused:
        tell_denied([found], [found.mark], room)
    assert "was told so on November 5, 2020" in str(refused.value.faults[0])


def test_who_was_told_otherwise_can_be_told_what_is_so_now(room: MailRoom) -> None:
    tell(room, absent())
    (row,) = tell(room, absent("You were away for 40 minutes."))
    assert row.key.endswith(":2")


def test_two_commands_tell_somebody_once(room: MailRoom) -> None:
    found = denied(room, absent())
    assert len(tell_denied(found, [found[0].mark], room)) == 1
    assert tell_denied(found, [found[0].mark], room) == ()


def test_an_address_that_does_not_work_is_told_instead(room: MailRoom) -> None:
    (row,) = tell(room, absent())
    event = Event("bounced", room.clock.now(), None, "run", "5.1.1 no such user", row.key)
    assert room.outbox.move(row.key, frozenset(MailState), MailState.BOUNCED, event)
    (found,) = denied(room, absent())
    assert "did not arrive: 5.1.1 no such user; ask for another address" in found.why


def test_nobody_is_denied_anything_before_the_course_is_over(room: MailRoom) -> None:
    room.clock.forward(timedelta(days=-8))  # type: ignore[attr-defined]  # the fake's
    with pytest.raises(InputError, match="is not over: nobody is denied anything yet"):
        denied(room, absent())


def test_nobody_is_told_of_what_would_not_help_any_more(room: MailRoom) -> None:
    (found,) = denied(room, absent(evaluation=None, fee_paid=False))
    assert found.sentences == (AWAY,)


def test_a_certificate_issued_after_all_stops_the_letter(
    office: MemoryOffice, room: MailRoom
) -> None:
    (row,) = tell(room, absent())
    whole = replace(sample_record(), evaluation=date(2020, 11, 1))
    awards = [each for each in decide(whole, sample_course()) if isinstance(each, Award)]
    issue(awards, office.desk())
    asyncio.run(deliver(room))
    assert room.outbox.row(row.key).state is MailState.CANCELLED  # type: ignore[union-attr]
