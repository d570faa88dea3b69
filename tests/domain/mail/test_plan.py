"""The plan: who would be late, before the first mail is sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mail_office import issued

from cecert.domain.mail.message import OutboxRow
from cecert.domain.mail.plan import Pace, plan_delivery
from cecert.testing import MemoryOffice

NOW = datetime(2020, 11, 5, 15, tzinfo=UTC)
(_ENTRY,) = issued(MemoryOffice(), 1)
ROW = replace(_ENTRY.mail, due=NOW, deadline=NOW + timedelta(days=23))


def rows(count: int, **changes: object) -> Sequence[OutboxRow]:
    return [
        replace(ROW, key=f"{number}", recipient=f"p{number}@example.org", **changes)  # type: ignore[arg-type]
        for number in range(count)
    ]


def test_a_hundred_thousand_mails_at_two_thousand_a_day_are_late() -> None:
    # docs/spec/delivery.md 1: a Gmail mailbox needs 50 days.
    in_thirty_days = replace(ROW, deadline=NOW + timedelta(days=30))
    plan = plan_delivery([in_thirty_days] * 100_000, Pace(per_day=2_000), NOW)
    assert (plan.total, plan.days) == (100_000, 50)
    assert plan.late == 100_000 - 31 * 2_000  # one day's mails go at once, thirty later
    assert plan.overdue == 0


@pytest.mark.parametrize(
    ("pace", "last"),
    [
        (Pace(), timedelta()),
        (Pace(per_minute=10), timedelta(minutes=9.9)),
        (Pace(per_day=100), timedelta()),
        (Pace(per_day=99), timedelta(days=1)),
        (Pace(per_day=100, sent_today=100), timedelta(days=1)),
        (Pace(per_day=30, sent_today=20), timedelta(days=3)),
        (Pace(per_minute=1, per_day=50), timedelta(days=1, minutes=49)),
    ],
)
def test_the_last_mail_goes_when_the_account_allows(pace: Pace, last: timedelta) -> None:
    plan = plan_delivery(rows(100), pace, NOW)
    assert plan.ends == NOW + last
    assert plan.days == last.days + 1


def test_a_deadline_that_has_passed_is_overdue_and_never_late() -> None:
    past = rows(3, deadline=NOW - timedelta(days=1), course_id="old")
    plan = plan_delivery([*past, *rows(2)], Pace(per_day=1), NOW)
    assert (plan.overdue, plan.late) == (3, 0)
    old, new = plan.courses
    assert (old.course_id, old.mails, old.overdue, new.overdue) == ("old", 3, 3, 0)


def test_equal_addresses_are_named_whatever_their_case() -> None:
    twice = [replace(ROW, recipient=each) for each in ("Ana@x.org", "ana@x.org", "bob@x.org")]
    assert plan_delivery(twice, Pace(), NOW).shared == (("ana@x.org", 2),)


def test_addresses_that_cannot_work_are_named_with_the_reason() -> None:
    bad = replace(ROW, recipient="añá@example.org")
    ((key, address, problem),) = plan_delivery([ROW, bad], Pace(), NOW).impossible
    assert (key, address) == (ROW.key, "añá@example.org")
    assert "SMTPUTF8" in problem


def test_nothing_to_send_is_a_plan_too() -> None:
    plan = plan_delivery([], Pace(per_day=1), NOW)
    assert (plan.total, plan.days, plan.ends, plan.late) == (0, 0, None, 0)


def test_an_account_that_may_send_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="may send no mail"):
        plan_delivery([ROW], Pace(per_day=0), NOW)


@given(st.integers(1, 60), st.integers(1, 20), st.integers(0, 30))
def test_no_day_carries_more_than_the_account_allows(count: int, limit: int, sent: int) -> None:
    pace = Pace(per_day=limit, sent_today=sent)
    days = [pace.waits(place) // timedelta(days=1) for place in range(count)]
    assert days == sorted(days)
    assert days.count(0) <= max(limit - sent, 0)
    assert all(days.count(day) <= limit for day in set(days))
