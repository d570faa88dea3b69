"""Reminding: one mail a person and gap, never to whom it would not help, never twice at once."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fault_server import FaultServer, served
from mail_office import mail_room

from cecert.adapters.database import create_ledger, open_database
from cecert.adapters.local_mail_server import LocalMailServer, local_mail_server
from cecert.domain.course.course import Course
from cecert.domain.decision.completion_record import CompletionRecord
from cecert.domain.decision.decide import Award, decide
from cecert.domain.mail.letter import letter_of
from cecert.domain.mail.message import MailState, OutboxRow
from cecert.errors import InputError
from cecert.ports import Event
from cecert.testing import MemoryOffice, sample_course, sample_record
from cecert.workflows.deliver.decisions import resolve
from cecert.workflows.deliver.deliver import deliver
from cecert.workflows.deliver.mail_room import MailRoom
from cecert.workflows.issue.issue import issue
from cecert.workflows.remind import ReminderPlan, plan_reminders, queue_reminders

DAY = timedelta(days=1)
NAMES = ("Ana Ruiz", "Ben Olsen", "Chidi Okafor", "Dana Whitfield")


@pytest.fixture
def office() -> MemoryOffice:
    return MemoryOffice()


@pytest.fixture
def room(office: MemoryOffice) -> MailRoom:
    return mail_room(office, office.sender)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LocalMailServer]:
    with local_mail_server(tmp_path / "mailboxes") as running:
        yield running


def lacking(number: int = 0, **changes: Any) -> CompletionRecord:  # noqa: ANN401  # fields of the record
    """Return the record of somebody who has done everything but the evaluation."""
    name = NAMES[number]
    email = f"{name.split()[0].lower()}@example.org"
    what = {"evaluation": None, "place": f"row {number + 2}", **changes}
    return sample_record(**{"name": name, "email": email, **what})


def plan(
    room: MailRoom, records: Sequence[CompletionRecord], course: Course | None = None
) -> ReminderPlan:
    return plan_reminders(records, course or sample_course(), room, "example-ssw", 7)


def remind(room: MailRoom, *records: CompletionRecord) -> tuple[OutboxRow, ...]:
    return queue_reminders(plan(room, records), room)


def why(room: MailRoom, *records: CompletionRecord) -> list[str]:
    return [each.why for each in plan(room, records).people]


def send(room: MailRoom) -> dict[str, int]:
    return dict(asyncio.run(deliver(room)).tally)


def forward(room: MailRoom, days: float) -> None:
    room.clock.forward(days * DAY)  # type: ignore[attr-defined]  # the fake's


@pytest.mark.parametrize(
    ("changes", "gaps"),
    [
        ({}, ("evaluation",)),
        ({"attestation": None, "fee_paid": False}, ("evaluation", "attestation", "fee")),
        ({"evaluation": date(2020, 10, 30), "fee_paid": None}, ("fee",)),
    ],
)
def test_somebody_is_asked_for_all_that_only_they_can_do(
    room: MailRoom, changes: dict[str, Any], gaps: tuple[str, ...]
) -> None:
    (row,) = remind(room, lacking(**changes))
    assert letter_of(row).gaps == gaps
    assert len(letter_of(row).sentences) == len(gaps)
    assert row.state is MailState.QUEUED


def test_a_test_that_was_not_passed_is_asked_for_again(room: MailRoom) -> None:
    course = sample_course()
    asked = replace(course.requirements, post_test=Decimal(80))
    lines = tuple(replace(each, requirements=asked) for each in course.credit_lines)
    record = lacking(evaluation=date(2020, 10, 30), post_test=Decimal(60))
    (found,) = plan(room, [record], replace(course, credit_lines=lines)).people
    assert found.gaps.names == ("post-test",)
    assert "60 per cent" in found.gaps.sentences[0]


@pytest.mark.parametrize(
    "changes",
    [
        {"review": "day-1: was Ana there under another name?"},
        {"attended": frozenset({"day-1"})},
        {"attended": frozenset()},
        {"role": "instructor"},
        {"credentials": ("nbcc",)},
        {"evaluation": date(2020, 10, 30)},
    ],
    ids=["in review", "missed a day", "missed all", "taught it", "not offered", "has all"],
)
def test_nobody_is_asked_where_it_would_not_help(room: MailRoom, changes: dict[str, Any]) -> None:
    assert plan(room, [lacking(**changes)]).people == ()


def test_nothing_is_asked_before_the_course_is_over(room: MailRoom) -> None:
    forward(room, -8)
    with pytest.raises(InputError, match="is not over: nobody owes anything yet"):
        plan(room, [lacking()])


def test_nobody_is_reminded_of_the_same_twice_within_the_days(room: MailRoom) -> None:
    assert len(remind(room, lacking())) == 1
    assert why(room, lacking()) == ["a reminder is queued; deliver sends it"]
    assert send(room) == {"sent": 1}
    forward(room, 6.9)
    assert why(room, lacking()) == ["was reminded on November 5, 2020"]
    forward(room, 0.2)
    (again,) = remind(room, lacking())
    assert again.key.endswith(":2")
    assert send(room) == {"sent": 1}


def test_what_is_new_is_asked_for_at_once_and_all_of_it_is_told(room: MailRoom) -> None:
    remind(room, lacking())
    send(room)
    forward(room, 1)
    (row,) = remind(room, lacking(fee_paid=False))
    assert letter_of(row).gaps == ("evaluation", "fee")
    send(room)
    assert remind(room, lacking(evaluation=date(2020, 11, 6), fee_paid=False)) == ()


def test_a_reminder_whose_answer_has_come_is_taken_back(room: MailRoom) -> None:
    (row,) = remind(room, lacking(fee_paid=False))
    found = plan(room, [lacking(evaluation=date(2020, 11, 4), fee_paid=False)])
    assert found.crossed == (row,)
    (again,) = queue_reminders(found, room)
    assert letter_of(again).gaps == ("fee",)
    assert room.outbox.row(row.key).state is MailState.CANCELLED  # type: ignore[union-attr]
    assert send(room) == {"sent": 1}


def test_who_got_a_certificate_meanwhile_is_not_reminded(
    office: MemoryOffice, room: MailRoom
) -> None:
    (row,) = remind(room, lacking())
    award = decide(lacking(evaluation=date(2020, 11, 4)), sample_course())
    issue([each for each in award if isinstance(each, Award)], office.desk())
    assert send(room) == {"cancelled": 1, "sent": 1}
    assert room.outbox.row(row.key).reply == "a certificate was issued meanwhile"  # type: ignore[union-attr]


def test_after_the_stop_date_nobody_is_reminded(room: MailRoom) -> None:
    course = replace(sample_course(), remind_until=date(2020, 11, 4))
    (found,) = plan(room, [lacking()], course).people
    assert found.why == "reminders of this course ended on November 4, 2020"


def test_without_a_stop_date_reminders_end_when_certificates_are_due(room: MailRoom) -> None:
    forward(room, 24)
    assert why(room, lacking()) == ["reminders of this course ended on November 28, 2020"]


def test_what_waits_past_the_stop_date_is_not_sent(room: MailRoom) -> None:
    remind(room, lacking())
    forward(room, 24)
    assert send(room) == {"cancelled": 1}


def test_a_course_cannot_end_its_reminders_before_its_end() -> None:
    with pytest.raises(ValueError, match="is before the last session"):
        replace(sample_course(), remind_until=date(2020, 10, 28))


def test_a_clock_that_was_ahead_reminds_nobody_again_when_it_is_right(room: MailRoom) -> None:
    forward(room, 20)
    assert len(remind(room, lacking())) == 1
    send(room)
    forward(room, -20)
    assert why(room, lacking()) == ["was reminded on November 25, 2020"]


def test_a_clock_a_day_ahead_reminds_nobody_twice(room: MailRoom) -> None:
    remind(room, lacking())
    send(room)
    forward(room, 1)
    assert remind(room, lacking()) == ()


def test_one_person_under_two_addresses_is_a_question_and_no_mail(room: MailRoom) -> None:
    twice = lacking(0, email="ana@work.test", place="row 9")
    asked = why(room, lacking(0), twice)
    assert asked[0].startswith("may be Ana Ruiz in row 9; ")
    assert asked[1].startswith("may be Ana Ruiz in row 2; ")
    apart = replace(twice, different_from=("ana@example.org",))
    assert len(remind(room, lacking(0), apart)) == 2


def test_who_may_hold_a_certificate_under_another_address_is_not_reminded(
    office: MemoryOffice, room: MailRoom
) -> None:
    done = sample_record(name=NAMES[0], email="ana@work.test")
    awards = [each for each in decide(done, sample_course()) if isinstance(each, Award)]
    (entry,) = issue(awards, office.desk()).issued
    (asked,) = why(room, lacking(0))
    assert asked.startswith(f"may be Ana Ruiz, who holds {entry.certificate.id}; ")


def test_who_holds_the_certificate_is_not_reminded_whatever_the_list_says(
    office: MemoryOffice, room: MailRoom
) -> None:
    done = decide(lacking(evaluation=date(2020, 10, 30)), sample_course())
    issue([each for each in done if isinstance(each, Award)], office.desk())
    assert plan(room, [lacking()]).people == ()


def moved(room: MailRoom, row: OutboxRow, state: MailState, reply: str) -> None:
    event = Event(state.value, room.clock.now(), None, "run", reply, row.key)
    every = frozenset(MailState)
    assert room.outbox.move(row.key, every, state, event)


def test_an_address_that_bounced_is_not_written_to_again(room: MailRoom) -> None:
    (row,) = remind(room, lacking())
    moved(room, row, MailState.BOUNCED, "5.1.1 550 no such user")
    (told,) = why(room, lacking())
    assert told == (
        "the last mail to ana@example.org did not arrive: 5.1.1 550 no such user; "
        "ask for another address"
    )
    (other,) = remind(room, lacking(email="ana@example.net", participant_id=row.recipient))
    assert other.recipient == "ana@example.net"


def test_an_address_that_bounced_with_another_course_is_not_written_to(
    office: MemoryOffice, room: MailRoom
) -> None:
    ethics = replace(sample_course(), id="ethics-2020-05")
    awards = decide(lacking(evaluation=date(2020, 10, 30)), ethics)
    (entry,) = issue([each for each in awards if isinstance(each, Award)], office.desk()).issued
    event = Event("bounced", room.clock.now(), entry.certificate.id, "run", "5.1.1 no such user")
    room.outbox.move(entry.mail.key, frozenset(MailState), MailState.BOUNCED, event)
    assert "did not arrive: 5.1.1 no such user" in why(room, lacking())[0]


def test_a_full_mailbox_is_tried_again(room: MailRoom) -> None:
    (row,) = remind(room, lacking())
    moved(room, row, MailState.BOUNCED, "5.2.2 mailbox full")
    assert len(remind(room, lacking())) == 1


def test_a_refused_reminder_is_retried_by_its_key(room: MailRoom) -> None:
    (row,) = remind(room, lacking())
    moved(room, row, MailState.FAILED, "554 5.7.1 not now")
    assert why(room, lacking()) == [
        f"the last reminder was refused: 554 5.7.1 not now; cecert mail retry {row.key}"
    ]


def test_a_reminder_arrives_as_one_mail_without_a_document(
    office: MemoryOffice, server: LocalMailServer
) -> None:
    room = mail_room(office, server.port)
    remind(room, lacking(0, fee_paid=False), lacking(1))
    assert send(room) == {"sent": 2}
    arrived = {each.mailbox: each.message for each in server.mails()}
    assert set(arrived) == {"ana@example.org", "ben@example.org"}
    text = arrived["ana@example.org"].get_body(("plain",))
    assert text is not None
    words = " ".join(text.get_content().split())
    assert "Dear Ana Ruiz" in words
    assert "We have not received your course evaluation." in words
    assert "The CE fee is still open." in words
    assert "November 28, 2020" in words
    assert not list(arrived["ana@example.org"].iter_attachments())
    assert [each.kind for each in room.ledger.events(None)] == ["queued", "queued", "sent", "sent"]


def test_what_is_cut_off_while_it_queues_is_finished_by_the_next_run(
    room: MailRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, left = room.outbox.queue, [1]

    def killed(row: OutboxRow, event: Event) -> bool:
        if not left:
            raise KeyboardInterrupt
        left.pop()
        return real(row, event)

    monkeypatch.setattr(room.outbox, "queue", killed)
    everybody = [lacking(each) for each in range(4)]
    with pytest.raises(KeyboardInterrupt):
        remind(room, *everybody)
    monkeypatch.undo()
    assert len(remind(room, *everybody)) == 3
    assert send(room) == {"sent": 4}
    assert remind(room, *everybody) == ()


def test_of_two_commands_at_the_same_moment_one_queues_each_mail(
    office: MemoryOffice, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    create_ledger(url)
    everybody = [lacking(each) for each in range(4)]
    with open_database(url, "example-ssw") as one, open_database(url, "example-ssw") as two:
        rooms = [
            replace(mail_room(office, office.sender), ledger=each.ledger, outbox=each.outbox)
            for each in (one, two)
        ]
        plans = [plan(each, everybody) for each in rooms]
        assert [len(each.mails) for each in plans] == [4, 4]
        with ThreadPoolExecutor(2) as threads:
            queued = list(threads.map(queue_reminders, plans, rooms))
        assert sum(map(len, queued)) == 4
        assert len(one.outbox.rows()) == 4
        assert send(rooms[0]) == {"sent": 4}
        assert send(rooms[1]) == {}
    assert len(office.sender.mails) == 4


def test_a_reminder_cut_off_at_its_final_dot_waits_for_a_person(office: MemoryOffice) -> None:
    with served(FaultServer(faults={"dot": ["take+cut"]})) as server:
        room = mail_room(office, server.port)
        (row,) = remind(room, lacking())
        assert send(room) == {"uncertain": 1}
        assert len(server.taken) == 1
        assert why(room, lacking()) == ["was reminded on November 5, 2020"]
        resolve(room, row.key, delivered=False, reason="she has nothing")
        assert send(room) == {"sent": 1}
        assert server.taken[0].content == server.taken[1].content
